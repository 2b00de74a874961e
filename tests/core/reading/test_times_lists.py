"""Three options, written in every way: each day before or behind its clock, in each layout, is read alike."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from raincheck.core.reading.times import read_times
from tests.core.reading.test_times import context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

OPTIONS = tuple(map(datetime.fromisoformat, ("2026-12-03T10:00", "2026-12-08T14:30", "2026-12-11T09:15")))
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


def _half(moment: datetime, *, minutes: bool) -> str:
    told = f".{moment.minute:02}" if minutes or moment.minute else ""
    return f"{moment.hour % 12 or 12}{told}{'am' if moment.hour < 12 else 'pm'}"


def _until(moment: datetime) -> str:
    end = moment + timedelta(minutes=45)
    return f"{moment:%H:%M}-{end:%H:%M}"


DAYS: dict[str, Sequence[Callable[[datetime], str]]] = {
    "en": (
        lambda d: f"{d:%a} {d.day} {d:%b}",
        lambda d: f"{d:%A}, {d:%B} {d.day}",
        lambda d: f"{d:%A} {d.day}{'rd' if d.day == 3 else 'th'}",
        lambda d: f"{d.day} {d:%B} ({d:%a})",
        lambda d: f"{d:%Y-%m-%d}",
    ),
    "de": (
        lambda d: f"{WEEKDAYS[d.weekday()]}, {d.day}. Dezember",
        lambda d: f"{WEEKDAYS[d.weekday()][:2]}., {d.day}.{d.month}.",
        lambda d: f"{d:%d.%m.%Y}",
        lambda d: f"{WEEKDAYS[d.weekday()]} ({d.day}.{d.month}.)",
    ),
}
CLOCKS: dict[str, Sequence[Callable[[datetime], str]]] = {
    "en": (lambda d: f"{d.hour}:{d.minute:02}", lambda d: _half(d, minutes=False), _until, lambda d: f"{d:%H%M}hrs"),
    "de": (lambda d: f"{d.hour}:{d.minute:02} Uhr", lambda d: f"{d.hour}.{d.minute:02} Uhr", _until),
}
BETWEEN = {
    "en": ((" at ", ", ", " ", " - ", " @ ", ": ", " | ", "\t"), (" on ", ", ", " ", " - ", " | ", "\t")),
    "de": ((" um ", ", ", " ", " - ", ": ", " | ", "\t"), (" am ", ", ", " - ", " | ", "\t")),
}
LAYOUTS: dict[str, Callable[[Sequence[str], str], str]] = {
    "lines": lambda found, _: "\n".join(found),
    "bullets": lambda found, _: "\n".join(f"- {one}" for one in found),
    "numbers": lambda found, _: "\n".join(f"{n}) {one}" for n, one in enumerate(found, 1)),
    "options": lambda found, _: "\n".join(f"Option {n}: {one}" for n, one in enumerate(found, 1)),
    "paragraphs": lambda found, _: "\n\n".join(found),
    "or": lambda found, word: f" {word} ".join(found) + ".",
    "commas": lambda found, word: f"{', '.join(found[:-1])} {word} {found[-1]}.",
    "semicolons": lambda found, _: "; ".join(found) + ".",
}


def ways(lang: str) -> Iterator[tuple[str, str]]:
    """Every text with the name of its layout."""
    for day, clock, (name, layout) in itertools.product(DAYS[lang], CLOCKS[lang], LAYOUTS.items()):
        for before, marks in zip((True, False), BETWEEN[lang], strict=True):
            for mark in marks:
                if mark == "\t" and name in ("or", "commas", "semicolons"):
                    continue  # a cell of a table stands in no sentence
                pairs = [(day(one), clock(one)) if before else (clock(one), day(one)) for one in OPTIONS]
                yield name, layout([mark.join(pair) for pair in pairs], "oder" if lang == "de" else "or")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("lang", ["en", "de"])
def test_options_are_read_alike_however_they_are_listed(lang: str, layout: str) -> None:
    texts = [text for name, text in ways(lang) if name == layout]
    assert len(texts) > 100
    wrong = {}
    for text in texts:
        found = {span.start for span in read_times(text, context(lang)) if isinstance(span.start, datetime)}
        if {moment.replace(tzinfo=None) for moment in found} != set(OPTIONS):
            wrong[text] = sorted(map(str, found))
    assert not wrong
