"""What a time is for, as labelled mails have taught."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.assets import reading_data
from raincheck.core.reading import times as reader
from raincheck.core.reading.appointments import AppointmentLexicon, read_appointments
from raincheck.core.reading.context import Context, Stretch
from raincheck.core.reading.learned import Linear
from raincheck.core.reading.offer import Time
from raincheck.core.reading.offers import context_of
from raincheck.core.reading.purpose import DEADLINE, OTHER, SLOT, WINDOW, Purpose, Purposes, seen
from raincheck.core.reading.roles import Role, role
from raincheck.core.segments import SegmentWords
from tests.core.reading.wordings import ZONE, wording

DATA = reading_data()
LEXICON = AppointmentLexicon.from_data(DATA)
SEGMENTS = SegmentWords.from_tables(DATA)
CUES = LEXICON.languages["en"].cues
TODAY = date(2026, 3, 2)


def context(text: str) -> tuple[Context, list[Time]]:
    """A text with its clocks, as if each were tomorrow's."""
    start = text.index("10:00")
    at = Stretch(start, start + 5, has_clock=True)
    item = Time(at, day=date(2026, 3, 3), start=datetime.fromisoformat("2026-03-03T10:00+01:00"))
    return context_of(text, [item], CUES), [item]


def slots(text: str, lang: str = "en") -> list[str]:
    found = read_appointments(wording({"text": text, "lang": lang}, SEGMENTS), LEXICON, lang=lang, own_zone=ZONE)
    return [slot.start.isoformat()[5:16] for slot in found.slots]


def test_what_ships_fits_the_code() -> None:
    assert set(LEXICON.purposes.model.bias) == {SLOT, WINDOW, DEADLINE, OTHER}


def test_without_weights_the_cues_decide() -> None:
    text, times = context("Our office opens at 10:00, so come then.")
    judged = Purposes(Linear({}, {})).of(text, times, TODAY, None)
    assert judged == [Purpose(role(text, times[0].at), role(text, times[0].at))]


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({"first:PROPOSAL": "other 9"}, Purpose(Role.PROPOSED, Role.OTHER)),
        ({"first:PROPOSAL": "deadline 9"}, Purpose(Role.PROPOSED, Role.DEADLINE)),
        ({"first:PROPOSAL": "window 9"}, Purpose(Role.PROPOSED, Role.PROPOSED, loose=True)),
        ({"first:PROPOSAL": "slot 9"}, Purpose(Role.PROPOSED, Role.PROPOSED, loose=False)),
        ({"first:PROPOSAL": "slot 9 window 9"}, Purpose(Role.PROPOSED, Role.PROPOSED, loose=None)),
    ],
)
def test_plain_weights_overrule_the_cues(weights: dict[str, str], expected: Purpose) -> None:
    text, times = context("Could we talk tomorrow at 10:00?")
    model = Linear.from_table({"bias": dict.fromkeys((SLOT, WINDOW, DEADLINE, OTHER), 0.0), "weights": weights})
    assert Purposes(model).of(text, times, TODAY, 30) == [expected]


def plainly(sign: str, what: str) -> Purposes:
    """Judges by one sign alone."""
    return Purposes(
        Linear.from_table({"bias": dict.fromkeys((SLOT, WINDOW, DEADLINE, OTHER), 0.0), "weights": {sign: what}})
    )


def judged(text: str, first: reader.Role, purposes: Purposes) -> Purpose:
    found, (item,) = context(text)
    at = replace(item.at, first=first)
    item = replace(item, at=at)
    return purposes.of(context_of(found.text, [item], CUES), [item], TODAY, None)[0]


def test_what_is_surely_offered_counts_where_nothing_refuses_it() -> None:
    sure = plainly("first:PAST", "slot 9")
    assert judged("So it is 10:00 for you.", reader.Role.PAST, sure).role is Role.PROPOSED
    assert judged("The train leaves at 10:00.", reader.Role.PAST, sure).role is Role.OTHER
    assert judged("So it is 10:00 for you.", reader.Role.PAST, plainly("first:PAST", "slot 2")).role is Role.OTHER


def test_a_deadline_is_one_only_where_it_is_plain() -> None:
    text = "Please reply until 10:00."
    until = reader.Role.DEADLINE
    assert judged(text, until, plainly("first:DEADLINE", "deadline 1")).role is Role.DEADLINE
    assert judged(text, until, plainly("first:DEADLINE", "other 9")).role is Role.DEADLINE  # it says so outright
    assert judged("Please, 10:00 at the latest.", until, plainly("first:DEADLINE", "other 9")).role is Role.OTHER
    assert (
        judged("So it is 10:00 for you.", reader.Role.PAST, plainly("first:PAST", "deadline 9")).role is Role.DEADLINE
    )
    assert judged("Is 10:00 fine?", reader.Role.PROPOSAL, plainly("first:PROPOSAL", "deadline 1")).alone is Role.OTHER
    promise = "We will let you know by 10:00."
    assert judged(promise, reader.Role.PAST, plainly("first:PAST", "deadline 9")).role is Role.OTHER


def test_times_of_one_list_are_offered_together_or_not_at_all() -> None:
    text = "Could we talk at 10:00 or 11:00?"
    spots = [Stretch(17, 22, has_clock=True), Stretch(26, 31, has_clock=True)]
    starts = [datetime.fromisoformat(f"2026-03-03T{hour}:00+01:00") for hour in (10, 11)]
    times = [Time(at, day=start.date(), start=start) for at, start in zip(spots, starts, strict=True)]
    for weights, expected in (
        ({"hour:11": "other 1.5", "hour:10": "slot 3"}, Role.PROPOSED),
        ({"hour:11": "other 5"}, Role.OTHER),
    ):
        model = Linear.from_table({"bias": dict.fromkeys((SLOT, WINDOW, DEADLINE, OTHER), 0.0), "weights": weights})
        found = Purposes(model).of(context_of(text, times, CUES), times, TODAY, None)
        assert [purpose.alone for purpose in found] == [expected, expected]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "Our counter is open Mon-Thu 9-12. Could you come on Wednesday 11 March at 1 pm?", ["03-11T13:00"]),
        ("en", "My train from Leeds gets in at 9.52. Shall we say 10.30 on Friday 6 March?", ["03-06T10:30"]),
        ("de", "Unser Büro ist von 9 bis 16 Uhr besetzt. Passt Ihnen Freitag, 6. März, um 11 Uhr?", ["03-06T11:00"]),
    ],
)
def test_what_is_said_of_other_things_is_no_offer(lang: str, text: str, expected: list[str]) -> None:
    assert slots(text, lang) == expected


@given(st.lists(st.sampled_from(["10:00", "Tuesday", "until", "we open", "\n", "Could you come", "?", "3 March", "-"])))
def test_every_time_is_judged(words: list[str]) -> None:
    text = " ".join([*words, "10:00"])
    spans = reader.read_times(
        text,
        reader.TimeContext(
            reference=datetime.fromisoformat("2026-03-02T10:00+01:00"),
            tz=ZONE,
            words=LEXICON.languages["en"].times,
            zones=LEXICON.zones,
        ),
    )
    times = [Time(Stretch(span.from_, span.to, has_clock=True)) for span in spans]
    found = context_of(text, times, CUES)
    assert [first for first, _ in seen(found, times, TODAY, None)] == [role(found, item.at) for item in times]
    assert len(LEXICON.purposes.of(found, times, TODAY, None)) == len(times)
