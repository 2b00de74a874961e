"""A range whose zone is told at one end, at both, or in two zones at once, is read alike however it is written."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from raincheck.core.reading.times import read_times
from tests.core.reading import test_times_lists as lists
from tests.core.reading.test_times import context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BEGIN = datetime(2026, 12, 3, 10, tzinfo=ZoneInfo("America/New_York"))
END = BEGIN + timedelta(minutes=75)
HERE = ZoneInfo("Europe/Berlin")

CLOCKS: dict[str, tuple[Callable[[datetime], str], ...]] = {
    "en": (lambda t: f"{t:%H:%M}", lambda t: f"{t.hour % 12 or 12}:{t:%M} {'AM' if t.hour < 12 else 'PM'}"),
    "de": (lambda t: f"{t:%H:%M}", lambda t: f"{t:%H.%M} Uhr"),
}
DAYS = {
    "en": ("Thu 3 Dec", "Thursday, December 3", "3 December 2026"),
    "de": ("Do 03.12.", "Donnerstag, 3. Dezember", "03.12.2026"),
}
ZONES = {
    "en": ("ET", "(EST)", "Eastern Time", "New York time", "GMT-5"),
    "de": ("EST", "(EST)", "New Yorker Zeit", "GMT-5"),
}
READERS = {"en": ("CET", "Berlin time"), "de": ("MEZ", "deutscher Zeit")}
JOINERS = {"en": (" - ", " – ", " to ", " until "), "de": (" - ", " – ", " bis ")}
BETWEEN = {
    "en": ((", ", " at ", ": ", " | ", " from "), (" on ", ", ", " | ")),
    "de": ((", ", " um ", ": ", " | ", " von "), (" am ", ", ")),
}


def namings(lang: str, clock: Callable[[datetime], str], zone: str, to: str) -> Iterator[tuple[str, str]]:
    """The range in every form, with the name of the form."""
    begin, end = clock(BEGIN), clock(END)
    yield "both ends", f"{begin} {zone}{to}{end} {zone}"
    yield "the end", f"{begin}{to}{end} {zone}"
    yield "the begin", f"{begin} {zone}{to}{end}"
    first, last = clock(BEGIN.astimezone(HERE)), clock(END.astimezone(HERE))
    for reader in READERS[lang]:
        yield "each again in brackets", f"{begin} {zone} ({first} {reader}){to}{end} {zone} ({last} {reader})"
        yield "each again behind a slash", f"{begin} {zone} / {first} {reader}{to}{end} {zone} / {last} {reader}"
        yield "all again in brackets", f"{begin}{to}{end} {zone} ({first}{to}{last} {reader})"
        yield "all again behind a slash", f"{begin}{to}{end} {zone} / {first}{to}{last} {reader}"


FORMS = tuple(dict.fromkeys(name for name, _ in namings("en", str, "ET", " - ")))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("lang", ["en", "de"])
def test_a_range_is_one_time_however_it_names_its_zone(lang: str, form: str) -> None:
    wrong, count = [], 0
    for clock, zone, to, day in itertools.product(CLOCKS[lang], ZONES[lang], JOINERS[lang], DAYS[lang]):
        for name, span in namings(lang, clock, zone, to):
            before, behind = BETWEEN[lang]
            texts = [f"{day}{mark}{span}" for mark in before] + [f"{span}{mark}{day}" for mark in behind]
            for text in texts if name == form else ():
                count += 1
                if [(one.start, one.end) for one in read_times(text, context(lang))] != [(BEGIN, END)]:
                    wrong.append(text)
    assert count > 300
    assert not wrong, f"{len(wrong)} of {count}: {wrong[:5]}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("3 December at 10am ET - 4pm CET", [("10:00-05:00", None)]),
        ("3 December, 10:00 GMT - 11:00 your time", [("10:00+00:00", None), ("11:00", None)]),
        ("3 December, 10:00 GMT - 11:00", [("10:00+00:00", "11:00+00:00")]),
        ("3 December, 10:00 (GMT - 05:00)", [("10:00-05:00", None)]),
        ("3 December: 10:00 (4:00 pm) to 11:45 (5:45 pm)", [("10:00", "11:45")]),
        ("3 December: 10:00 (4:00 pm CET) to 11:45 (5:45 pm CET)", [("16:00+01:00", "17:45+01:00")]),
        ("3 December: 10:00 GMT/11:00 CET to 10:45 GMT/11:45 CET", [("10:00+00:00", "10:45+00:00")]),
        ("4 PM CET (10 AM ET) on Thursday, December 3", [("16:00+01:00", None)]),
        ("10:00 ET (16:00 in Berlin) on Thu 3 Dec", [("10:00-05:00", None), ("16:00-05:00", None)]),
        ("2026-12-03T10:00:00-05:00", [("10:00-05:00", None)]),
        ("2026-12-03T10:00-05:00 to 2026-12-03T11:00-05:00", [("10:00-05:00", "11:00-05:00")]),
        ("2026-12-03 10:00:00-0500", [("10:00-05:00", None)]),
        ("2026-12-03 10:00:00 -05:00", [("10:00-05:00", None)]),
        ("2026-12-03 10:00:00-11:00:00", [("10:00", "11:00")]),
        ("3 December, 10:00 a.m.-11:15 a.m. ET", [("10:00-05:00", "11:15-05:00")]),
        ("2026-12-03T10:00-11:00", [("10:00", "11:00")]),
        ("2026-12-03 10:00-11:00", [("10:00", "11:00")]),
        ("Thu 3 Dec | 14:00 CET | 15:00 CET", [("14:00+01:00", None), ("15:00+01:00", None)]),
    ],
)
def test_what_two_zones_tell(text: str, told: list[tuple[str, str | None]]) -> None:
    found = [(one.start, one.end) for one in read_times(text, context("en"))]
    assert found == [
        tuple(datetime.fromisoformat(f"2026-12-03T{clock}") if clock else None for clock in pair) for pair in told
    ]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Thu 3 Dec, 9:00 AM (3:00 PM CET)", "2026-12-03T15:00+01:00", None),
        ("Thu 3 Dec, 2:00-5:30pm (8:00-11:30pm CET)", "2026-12-03T20:00+01:00", "2026-12-03T23:30+01:00"),
        ("Thu 3 Dec, 2 PM our time (8 PM CET)", "2026-12-03T20:00+01:00", None),
        ("Thu 3 Dec, 2 PM here in Boston (8 PM CET)", "2026-12-03T20:00+01:00", None),
        ("9:00 PM (3:00 AM CET) on Thu 3 Dec", "2026-12-04T03:00+01:00", None),
        ("Thu 3 Dec, 8:00 AM (11:00 PM Sydney time)", "2026-12-03T12:00+00:00", None),
        ("Thu 3 Dec, 9:00 PM (10:00 AM Singapore time)", "2026-12-04T02:00+00:00", None),
    ],
)
def test_a_clock_without_zone_is_told_by_its_naming_with_one(text: str, start: str, end: str | None) -> None:
    (found,) = read_times(text, context("en"))
    assert found.sure
    assert found.start == datetime.fromisoformat(start)
    assert found.end == (datetime.fromisoformat(end) if end else None)


def test_a_bare_clock_beside_takes_no_zone_from_a_second_naming() -> None:
    _, bare = read_times("Tue 8 Dec, 9:00 (15:00 CET) or Thu 10 Dec, 11:00", context("en"))
    assert bare.start == datetime(2026, 12, 10, 11)  # noqa: DTZ001 - a wall clock of the sender


def test_a_second_naming_of_another_instant_leaves_doubt() -> None:
    (found,) = read_times("10:00 ET (15:00 CET) on Thu 3 Dec", context("en"))
    assert not found.sure


AGAIN: dict[str, Callable[[str, str, str], str]] = {
    "brackets": lambda clock, zone, there: f"{clock} {zone} ({there})",
    "brackets, one zone": lambda clock, _, there: f"{clock} ({there})",
    "slash": lambda clock, zone, there: f"{clock} {zone} / {there}",
    "bar": lambda clock, zone, there: f"{clock} {zone} | {there}",
}


@pytest.mark.parametrize("again", AGAIN)
@pytest.mark.parametrize("lang", ["en", "de"])
def test_a_list_of_times_in_two_zones_keeps_every_time_with_its_day(lang: str, again: str) -> None:
    options = [BEGIN, BEGIN + timedelta(days=5, hours=1), BEGIN + timedelta(days=8, minutes=-45)]
    wrong, count = [], 0
    ways = itertools.product(CLOCKS[lang], ZONES[lang][:3], READERS[lang][:1], lists.DAYS[lang], lists.LAYOUTS.values())
    for clock, zone, reader, day, layout in ways:
        for before, marks in zip((True, False), lists.BETWEEN[lang], strict=True):
            for mark in marks[:4]:
                rows = []
                for one in options:
                    told = AGAIN[again](clock(one), zone, f"{clock(one.astimezone(HERE))} {reader}")
                    rows.append(mark.join((day(one), told) if before else (told, day(one))))
                text = layout(rows, "oder" if lang == "de" else "or")
                count += 1
                if [span.start for span in read_times(text, context(lang))] != options:
                    wrong.append(text)
    assert count > 1_000
    assert not wrong, f"{len(wrong)} of {count}: {wrong[:5]}"
