"""The grammar of times against tables of texts, and against itself under changes that must not matter."""

from __future__ import annotations

import time as stopwatch
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raincheck.assets import reading_data
from raincheck.core.reading.times import Role, TimeContext, TimeSpan, find_times, read_times
from raincheck.core.reading.timewords import TimeWords
from raincheck.core.reading.zones import ZoneTable

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = reading_data()
ZONES = ZoneTable.from_data(DATA)
WORDS = {
    "en": TimeWords.from_tables(("en", DATA["en"]["times"])),
    "de": TimeWords.from_tables(("de", DATA["de"]["times"]), ("en", DATA["en"]["times"])),
}
MONDAY = datetime.fromisoformat("2026-11-23T09:00:00+01:00")  # a Monday morning


def context(
    lang: str = "en",
    reference: datetime = MONDAY,
    tz: str = "Europe/Berlin",
    order: Literal["DMY", "MDY"] | None = None,
    region: str | None = None,
) -> TimeContext:
    return TimeContext(reference, tz, WORDS[lang], ZONES, lang, order, region)


def shown(span: TimeSpan) -> str:
    """12-03 14:30-15:30 @zone ?doubt; the year where it is not 2026, the end's day where it is another."""
    start = _moment(span.start)
    end = ""
    if span.end is not None:
        same = isinstance(span.start, datetime) and isinstance(span.end, datetime)
        same = same and span.start.date() == span.end.date()  # type: ignore[union-attr]  # both are datetimes then
        end = "-" + (span.end.strftime("%H:%M") if same else _moment(span.end))
    zone = f" @{_offset(span.start)}" if isinstance(span.start, datetime) and span.start.tzinfo else ""
    return start + end + zone + (f" ?{span.doubt}" if not span.sure else "")


def _moment(moment: date | time) -> str:
    if isinstance(moment, time):
        return f"{moment:%H:%M}"
    form = "%m-%d" if moment.year == 2026 else "%Y-%m-%d"
    return moment.strftime(form + " %H:%M" if isinstance(moment, datetime) else form)


def _offset(moment: datetime) -> str:
    return moment.strftime("%z")[:3] + ":" + moment.strftime("%z")[3:]


def lines(table: str) -> Iterator[tuple[str, str]]:
    """Text and expectation of each line of a table in data/: "text => span; span", \\n and \\t written out."""
    for line in (Path(__file__).parent / "data" / table).read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            text, _, expected = line.partition(" =>")
            yield text.strip().replace("\\n", "\n").replace("\\t", "\t"), expected.strip()


@pytest.mark.parametrize(("text", "expected"), list(lines("times-en.txt")))
def test_english(text: str, expected: str) -> None:
    assert "; ".join(shown(span) for span in find_times(text, context())) == expected


@pytest.mark.parametrize(("text", "expected"), list(lines("times-de.txt")))
def test_german(text: str, expected: str) -> None:
    assert "; ".join(shown(span) for span in find_times(text, context("de"))) == expected


@pytest.mark.parametrize("text", [text for text, _ in lines("no-times-en.txt")])
def test_no_time_in_english(text: str) -> None:
    assert [shown(span) for span in find_times(text, context())] == []


@pytest.mark.parametrize("text", [text for text, _ in lines("no-times-de.txt")])
def test_no_time_in_german(text: str) -> None:
    assert [shown(span) for span in find_times(text, context("de"))] == []


# --- what a span carries ------------------------------------------------------------------------------------------


def only(text: str, reader: TimeContext | None = None) -> TimeSpan:
    (span,) = find_times(text, reader or context())
    return span


def test_offsets_lead_back_into_the_given_text() -> None:
    text = "Grüße! Könnten wir am Dienstag,\u00a024.\u202fNovember um 10\u00a0Uhr sprechen… ½ Stunde?"
    span = only(text, context("de"))
    assert text[span.from_ : span.to] == span.text == "Dienstag,\u00a024.\u202fNovember um 10\u00a0Uhr"


def test_a_clock_far_from_its_date_tells_where_both_stand() -> None:
    text = "We meet on 3 December 2026. It starts at 14:00."
    span = only(text)
    assert (text[span.date_from : span.date_to], text[span.clock_from : span.clock_to]) == ("3 December 2026", "14:00")


def test_both_readings_of_a_doubtful_hour() -> None:
    span = only("tomorrow at 3")
    assert span.alternatives == (
        (datetime(2026, 11, 24, 15), None),  # noqa: DTZ001 - wall clock of the context
        (datetime(2026, 11, 24, 3), None),  # noqa: DTZ001 - wall clock of the context
    )


def test_both_readings_of_a_date_with_the_wrong_weekday() -> None:
    span = only("Friday 3 December")
    assert [start for start, _ in span.alternatives] == [date(2026, 12, 3), date(2026, 12, 4)]


def test_both_readings_of_a_numeric_date() -> None:
    span = only("03/12/2027")
    assert {start for start, _ in span.alternatives} == {date(2027, 12, 3), date(2027, 3, 12)}


def test_two_zones_that_disagree_are_both_told() -> None:
    span = only("Tuesday 1 December, 15:00 CET / 10:00 AM EST")
    instants = [start.isoformat() for start, _ in span.alternatives]
    assert instants == ["2026-12-01T15:00:00+01:00", "2026-12-01T10:00:00-05:00"]


@pytest.mark.parametrize(
    ("order", "region", "expected"),
    [("DMY", None, "12-03"), ("MDY", None, "2027-03-12"), (None, "US", "2027-03-12"), (None, "GB", "12-03")],
)
def test_the_order_is_decided_by_setting_or_country(
    order: Literal["DMY", "MDY"] | None, region: str | None, expected: str
) -> None:
    assert shown(only("on 3/12 at 10:00", context(order=order, region=region))) == f"{expected} 10:00"


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("2026-07-20T09:00:00-04:00", "07-21 15:00 @-04:00"),  # the mail's own offset is that of New York in summer
        ("2026-07-20T09:00:00+02:00", "07-21 15:00 @-04:00 ?zone"),
    ],
)
def test_est_in_summer(reference: str, expected: str) -> None:
    reader = context(reference=datetime.fromisoformat(reference))
    assert shown(only("Tuesday 21 July, 3pm EST", reader)) == expected


def test_letters_mean_the_zone_of_the_senders_country() -> None:
    assert shown(only("Tuesday 1 December, 15:00 IST", context(region="IE"))) == "12-01 15:00 @+00:00"


def test_a_weekday_is_today_only_while_its_clock_is_ahead() -> None:
    evening = datetime.fromisoformat("2026-11-23T18:00:00+01:00")
    assert shown(only("Monday at 17:00", context(reference=evening))) == "11-30 17:00"
    assert shown(only("Monday at 19:00", context(reference=evening))) == "11-23 19:00"


def test_the_reference_day_is_that_of_the_readers_zone() -> None:
    late = datetime.fromisoformat("2026-11-23T23:30:00+00:00")  # already Tuesday in Tokyo
    assert shown(only("tomorrow at 10", context(reference=late, tz="Asia/Tokyo"))) == "11-25 10:00"


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Please reply by Friday, 17:00.", Role.DEADLINE),
        ("Office hours: Tuesday 9:00-17:00", Role.HABIT),
        ("We had arranged Tuesday at 10:00.", Role.FORMER),
        ("Please arrive at 13:45 on Tuesday.", Role.ARRIVAL),
        ("It was on 3 March 2026 at 10:00.", Role.PAST),
        ("Shall we say Tuesday at 10:00?", Role.PROPOSAL),
    ],
)
def test_roles(text: str, role: Role) -> None:
    assert [span.role for span in read_times(text, context())] == [role]


def test_an_open_end_and_a_window_are_told() -> None:
    assert only("Friday after 15:00").open_end
    assert only("Friday between 15:00 and 17:00").between
    assert not only("Friday 15:00-17:00").between


# --- what must not matter -----------------------------------------------------------------------------------------

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
GERMAN_MONTHS = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]
GERMAN_WEEKDAYS = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]

moments = st.datetimes(datetime(2026, 11, 24, 8), datetime(2027, 9, 1)).map(  # noqa: DTZ001 - wall clocks
    lambda moment: moment.replace(hour=8 + moment.hour % 12, minute=moment.minute // 5 * 5, second=0, microsecond=0)
)


def english_dates(moment: datetime) -> list[str]:
    month, weekday = MONTHS[moment.month - 1], WEEKDAYS[moment.weekday()]
    suffix = "th" if 11 <= moment.day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(moment.day % 10, "th")
    return [
        f"{weekday}, {moment.day} {month} {moment.year}",
        f"{weekday} {moment.day}{suffix} {month}",
        f"{weekday[:3]}, {month[:3]} {moment.day}",
        f"{month} {moment.day}{suffix}, {moment.year}",
        f"the {moment.day}{suffix} of {month}",
        f"{weekday} {moment:%d.%m.%Y}",
        f"{moment:%Y-%m-%d}",
        f"{moment.day} {month[:3]}. {moment.year}",
    ]


def english_clocks(moment: datetime) -> list[str]:
    hour, half = moment.hour % 12 or 12, "pm" if moment.hour >= 12 else "am"
    return [
        f"{moment:%H:%M}",
        f"{hour}:{moment:%M} {half.upper()}",
        f"{hour}:{moment:%M}{half}",
        f"{hour}.{moment:%M} {half[0]}.m.",
        f"{moment:%H%M} hrs",
    ]


def german_dates(moment: datetime) -> list[str]:
    month, weekday = GERMAN_MONTHS[moment.month - 1], GERMAN_WEEKDAYS[moment.weekday()]
    return [
        f"{weekday}, den {moment.day}. {month} {moment.year},",
        f"{weekday[:2]}., {moment.day}.{moment.month}.{moment.year},",
        f"{weekday}, {moment:%d.%m.},",
        f"{moment:%d.%m.%Y}",
        f"{moment.day}. {month}",
    ]


def german_clocks(moment: datetime) -> list[str]:
    return [f"um {moment:%H:%M} Uhr", f"{moment:%H.%M} Uhr", f"gegen {moment:%H:%M}"]


@settings(max_examples=150, deadline=None)
@given(moment=moments, pick=st.integers(0, 7), clock=st.integers(0, 4), glue=st.sampled_from([" at ", ", ", " ", "\n"]))
def test_a_written_time_is_read_back_in_english(moment: datetime, pick: int, clock: int, glue: str) -> None:
    text = f"Would {english_dates(moment)[pick]}{glue}{english_clocks(moment)[clock]} suit you?"
    spans = find_times(text, context())
    assert [(span.start, span.sure) for span in spans] == [(moment, True)], text


@settings(max_examples=150, deadline=None)
@given(moment=moments, pick=st.integers(0, 4), clock=st.integers(0, 2))
def test_a_written_time_is_read_back_in_german(moment: datetime, pick: int, clock: int) -> None:
    text = f"Passt es Ihnen am {german_dates(moment)[pick]} {german_clocks(moment)[clock]}?"
    spans = find_times(text, context("de"))
    assert [(span.start, span.sure) for span in spans] == [(moment, True)], text


def widen(text: str) -> str:
    return text.replace(" ", "\u00a0")


def long_dashes(text: str) -> str:
    return text.replace("-", "–")


def wrapped(text: str) -> str:
    words = text.replace("\n", " \n ").split(" ")
    return "\n".join(" ".join(words[at : at + 5]) for at in range(0, len(words), 5))


def carriage_returns(text: str) -> str:
    return text.replace("\n", "\r\n")


def among_others(text: str) -> str:
    return f"Dear Robin,\n\nthank you for your application 2026-118.\n\n{text}\n\nKind regards\nAda, +49 30 5550 0100"


@pytest.mark.parametrize("change", [widen, long_dashes, carriage_returns, among_others])
@pytest.mark.parametrize(("text", "expected"), list(lines("times-en.txt"))[::2])
def test_form_does_not_matter(change: object, text: str, expected: str) -> None:
    assert callable(change)
    assert "; ".join(shown(span) for span in find_times(change(text), context())) == expected


@pytest.mark.parametrize(("text", "expected"), [entry for entry in lines("times-en.txt") if "\\n" not in entry[0]])
def test_wrapping_does_not_matter(text: str, expected: str) -> None:
    if "\n" not in text and "\t" not in text:
        assert "; ".join(shown(span) for span in find_times(wrapped(text), context())) == expected


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789:./-, \n\tapmTZ()+<>–é½", max_size=300))
def test_any_text_is_read(text: str) -> None:
    for span in read_times(text, context()):
        assert text[span.from_ : span.to] == span.text
        assert span.sure != bool(span.alternatives)


PIECES = [
    "at",
    "on",
    "Tuesday",
    "Tue",
    "3",
    "10:00",
    "or",
    "-",
    "3rd",
    "May",
    "next",
    "week",
    "CET",
    ",",
    ".",
    "and",
    "between",
    "to",
    "noon",
    "half past",
    "(",
    ")",
    "\n",
    "\t",
    "the",
    "24/7",
    "tomorrow",
    "12/4",
    "2026",
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_order_of_words_is_read(words: list[str]) -> None:
    text = " ".join(words)
    for span in read_times(text, context()):
        assert text[span.from_ : span.to] == span.text
        if isinstance(span.start, datetime) and isinstance(span.end, datetime):
            assert span.end > span.start


@pytest.mark.parametrize(
    "piece",
    ["1 ", "1", "10:00 or ", "Mon 10:00, ", "Tuesday or ", "at 3 ", "3.", "3/", "> ", "(", "10:00\t", "é", "A/"],
)
def test_hostile_text_costs_little(piece: str) -> None:
    text = piece * (50_000 // len(piece))
    started = stopwatch.process_time()
    read_times(text, context())
    assert stopwatch.process_time() - started < 2.0


def test_an_end_is_never_before_its_start() -> None:
    for hour in range(1, 25):
        for other in range(1, 25):
            for span in read_times(f"Tuesday {hour}:00-{other}:00", context()):
                if isinstance(span.start, datetime) and isinstance(span.end, datetime):
                    assert timedelta(0) < span.end - span.start <= timedelta(hours=24)
