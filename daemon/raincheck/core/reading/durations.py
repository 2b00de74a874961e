"""How long a talk is to take, as a mail says it: "30 minutes", "45-60 min", "eine Stunde", "2 x 45 min".

The words are data: `[appointments.duration]` of rules/reading/<lang>.toml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST = 12 * 60  # minutes; more is no talk
_LONGEST_SHORTHAND = 4  # hours that a lone "h" may count
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75}
_NUMBER = r"\d{1,3}(?:[.,]\d{1,2})?\s?[½¼¾]?|[½¼¾]"


@dataclass(frozen=True, slots=True)
class Duration:
    """One stated length in minutes (upper bound of a range) and where it stands in the text."""

    minutes: int
    start: int
    end: int


@dataclass(frozen=True)
class DurationWords:
    """The words of one language for lengths of time, in small letters."""

    minutes: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    numbers: tuple[tuple[str, int], ...] = ()
    phrases: tuple[tuple[str, int], ...] = ()  # "half an hour" -> minutes
    halves: tuple[str, ...] = ()  # "and a half" after an hour
    joiners: tuple[str, ...] = ()  # "to", "bis": of a range

    @classmethod
    def from_tables(cls, tables: Iterable[Mapping[str, Any]]) -> DurationWords:
        """The words of several languages together."""
        found = list(tables)

        def every(key: str) -> tuple[Any, ...]:
            return tuple(word for table in found for word in table.get(key, ()))

        def pairs(key: str) -> tuple[tuple[str, int], ...]:
            return tuple(pair for table in found for pair in table.get(key, {}).items())

        return cls(
            every("minutes"), every("hours"), pairs("numbers"), pairs("phrases"), every("halves"), every("joiners")
        )

    def find(self, text: str) -> tuple[Duration, ...]:
        """Every length of time in a text in small letters, in reading order; none overlaps another."""
        if self._pattern is None:
            return ()
        found = (self._read(match) for match in self._pattern.finditer(text))
        return tuple(duration for duration in found if duration is not None)

    def number(self, word: str) -> int | None:
        """The value of a number word or of digits."""
        if word.isdigit():
            return int(word)
        return dict(self.numbers).get(word)

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        if not (self.minutes and self.hours):
            return None
        number = f"(?:{_NUMBER}|{_any(word for word, _ in self.numbers)})"
        joiner = rf"\s?(?:[-–—/]|{_any(self.joiners)})\s?"
        hours, minutes = _any(self.hours), _any(self.minutes)
        phrases = _any(word for word, _ in self.phrases)
        half = rf"(?P<half>\s(?:{_any(self.halves)}))" if self.halves else "(?P<half>(?!))"
        return re.compile(
            rf"(?<![\w.,:/+-])(?:(?P<times>[2-8])\s?[x×]\s?)?(?:(?:{number}[\s-]?(?:{minutes}|{hours})\.?{joiner})?"
            rf"(?P<phrase>{phrases})(?!\w)"
            rf"|(?:{number}(?:[\s-]?(?:{minutes}|{hours})\b\.?)?{joiner})?(?P<value>{number})[\s-]?"
            rf"(?:(?P<hours>{hours})(?![^\W\d])\.?(?:{half}|\s?(?:and\s)?(?P<rest>\d{{1,2}})\s?(?:{minutes})?(?!\w))?"
            rf"|(?P<minutes>{minutes})(?!\w)))"
        )

    def _read(self, match: re.Match[str]) -> Duration | None:
        if match["phrase"]:
            minutes = float(dict(self.phrases)[match["phrase"]])
        else:
            value = self._value(match["value"])
            if value is None or (len(match["hours"] or "") == 1 and value > _LONGEST_SHORTHAND):
                return None  # "14h30" is a clock
            minutes = value * 60 if match["hours"] else value
            minutes += 30 if match["half"] else 0
            minutes += int(match["rest"]) if match["rest"] else 0
        whole = round(minutes) * int(match["times"] or 1)
        return Duration(whole, match.start(), match.end()) if 0 < whole <= LONGEST else None

    def _value(self, text: str) -> float | None:
        text = text.strip()
        extra = _FRACTIONS.get(text[-1:], 0.0)
        digits = text[:-1].strip() if extra else text
        if extra and not digits:
            return extra
        if digits[:1].isdigit():
            return float(digits.replace(",", ".")) + extra
        number = self.number(text)
        return float(number) if number is not None else None


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"[\s-]") for word in sorted(words, key=len, reverse=True)) or "(?!)"
