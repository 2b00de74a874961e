"""How long a talk is to take, as a mail says it: "30 minutes", "45-60 min", "eine Stunde", "2 x 45 min".

The words are data: `[appointments.duration]` of rules/reading/<lang>.toml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from raincheck.core.wordlist import any_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST = 12 * 60  # minutes; more is no talk
_LONGEST_SHORTHAND = 4  # hours that a lone "h" may count
_MOST_FURTHER = 4  # times the lower bound
_LEAST_REST = 5  # minutes told behind hours: "eine Stunde zehn", but "planen Sie eine Stunde ein"
_PLAIN = str.maketrans({"\xa0": " ", "\u202f": " ", "\u2010": "-", "\u2011": "-"})
_WORDS = re.compile(r"[^\W\d_]+")
_HEAD_WORDS = 3  # of a table's column
_QUARTERS = re.compile(r"\d[.,](?:15|30|45)")
_CLOCK = re.compile(r"\d{1,2}[.,][0-5]\d")
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "1/2": 0.5, "1/4": 0.25, "3/4": 0.75}
_FRACTION = r"[½¼¾]|(?:1/2|1/4|3/4)(?!\d)"
_NUMBER = rf"(?:\d{{1,3}}(?:[.,]\d{{1,2}})?\s?)?(?:{_FRACTION})|\d{{1,3}}(?:[.,]\d{{1,2}})?"


@dataclass(frozen=True, slots=True)
class Duration:
    """One stated length in minutes (upper bound of a range) and where it stands in the text."""

    minutes: int
    start: int
    end: int


@dataclass(frozen=True)
class DurationWords:
    """The words of one language for lengths of time, in small letters; a star ends a stem."""

    minutes: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    numbers: tuple[tuple[str, float], ...] = ()
    phrases: tuple[tuple[str, int], ...] = ()  # "half an hour" -> minutes
    tails: tuple[tuple[str, int], ...] = ()  # "and a half" before or after an hour -> minutes
    joiners: tuple[str, ...] = ()  # "to", "bis": of a range
    fuzzy: tuple[str, ...] = ()  # "a good hour"
    plus: tuple[str, ...] = ()  # "an hour and ten minutes"
    further: tuple[str, ...] = ()  # "20 min, maybe 30", "an hour or two"
    bare: tuple[tuple[str, int], ...] = ()  # "hour at most" -> minutes, where a part of a sentence begins so
    labels: tuple[str, ...] = ()  # before a length in figures alone: "Duration: 0:45"

    @classmethod
    def from_tables(cls, tables: Iterable[Mapping[str, Any]]) -> DurationWords:
        """The words of several languages together."""
        found = list(tables)

        def every(key: str) -> tuple[Any, ...]:
            return tuple(word for table in found for word in table.get(key, ()))

        def pairs(key: str) -> tuple[tuple[str, Any], ...]:
            return tuple((_spaced(word), value) for table in found for word, value in table.get(key, {}).items())

        return cls(
            every("minutes"), every("hours"), pairs("numbers"), pairs("phrases"), pairs("tails"), every("joiners"),
            every("fuzzy"), every("plus"), every("further"), pairs("bare"), every("labels"),
        )  # fmt: skip

    def find(self, text: str) -> tuple[Duration, ...]:
        """Every length of time in a text in small letters, in reading order; none overlaps another."""
        if self._pattern is None:
            return ()
        found = (self._read(match) for match in self._pattern.finditer(text.translate(_PLAIN)))
        return tuple(duration for duration in found if duration is not None)

    def number(self, word: str) -> int | None:
        """The value of a whole number in words or digits."""
        if word.isdecimal():
            return int(word)
        found = self._numbers.get(_spaced(word))
        return int(found) if found is not None and found == int(found) else None

    def is_minutes(self, head: str) -> bool:
        """Whether the head of a column says that its figures are minutes: "Minutes", "Dauer (Min.)"."""
        words = _WORDS.findall(head.lower())
        return 0 < len(words) <= _HEAD_WORDS and words[-1] in self.minutes

    @cached_property
    def _numbers(self) -> Mapping[str, float]:
        return dict(self.numbers)

    @cached_property
    def _phrases(self) -> Mapping[str, int]:
        return dict(self.phrases)

    @cached_property
    def _bare(self) -> Mapping[str, int]:
        return dict(self.bare)

    @cached_property
    def _tails(self) -> Mapping[str, int]:
        return dict(self.tails)

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        if not (self.minutes and self.hours):
            return None
        number = f"(?:{_NUMBER}|{_any(self._numbers)})"
        joiner = rf"\s?(?:[-–—/]|{_any(self.joiners)})\s?"
        hours, minutes = _any(self.hours), _any(self.minutes)
        tails, fuzzy = _any(self._tails), _any(self.fuzzy)
        again = r"(?:\s?\(\d{1,3}\))?"  # "forty (40) minutes"
        more = (
            rf",?\s(?:{_any(self.further)})\s(?P<more>\d{{1,3}}|{_any(self._numbers)})"
            rf"(?![\w:]|[.,]\d|[\s-](?:{minutes}|{hours}))"
        )
        initials = {word[0] for words in (self._numbers, self._phrases, self._bare, self.labels) for word in words}
        begins = re.escape("".join(sorted(initials)))  # few words of a text begin so
        units = rf"[\s-]?(?:{minutes}|{hours})(?!\w)\.?"
        lower = rf"(?:{number}{units}{joiner})?(?:{number}{joiner})??"  # lazy: "forty-five" is no range
        return re.compile(
            rf"(?<![\w.,:/+-])(?=[\d½¼¾{begins}])(?:(?P<times>[2-8])\s?[x×]\s?)?{lower}"
            rf"(?:(?P<phrase>{_any(self._phrases)})(?!\w)"
            rf"|(?:^|(?<=[.,;:!?(–-] )|(?<=\n))(?P<bare>{_any(self._bare)})(?!\w)"
            rf"|(?:{_any(self.labels)})\s?[:\t]\s?(?P<h>0?\d):(?P<m>[0-5]\d)(?:\s?(?:{hours})\.?)?(?=\s*(?:$|[\n.;)]))"
            rf"|(?:(?P<clock>\d):(?P<past>[0-5]\d)|(?P<value>{number}){again})(?:\s(?P<half>{tails}))?[\s-]?"
            rf"(?:(?:{fuzzy})[\s-])?"
            rf"(?:(?P<hours>{hours})(?![^\W\d])\.?"
            rf"(?:\s(?P<tail>{tails})|\s?(?:{_any(self.plus)})?\s?(?P<rest>\d{{1,2}}(?!\d)|{_any(self._numbers)})"
            rf"(?:(?<=\d)|(?=\s?(?:{minutes}|[.,;!?)]|$)))\s?(?:{minutes}|m)?(?!\w))?"
            rf"|(?P<minutes>{minutes})(?!\w))(?:{more})?)"
        )

    def _read(self, match: re.Match[str]) -> Duration | None:
        if match["phrase"]:
            minutes = float(self._phrases[_spaced(match["phrase"])])
        elif match["bare"]:
            minutes = float(self._bare[_spaced(match["bare"])])
        elif match["h"]:
            minutes = int(match["h"]) * 60 + int(match["m"])
        else:
            value = self._value(match["value"]) if match["value"] else int(match["clock"]) + int(match["past"]) / 60
            if value is None or (len(match["hours"] or "") == 1 and value > _LONGEST_SHORTHAND):
                return None  # "14h30" is a clock
            if len(match["hours"] or "") == 1 and (match["value"] or "")[:1].isalpha():
                return None  # "Ah"
            if match["hours"] and _CLOCK.fullmatch(match["value"] or "") and value > _LONGEST_SHORTHAND:
                return None  # "10.45 hrs"
            if match["clock"] and not match["hours"]:
                return None
            further = (self.number(match["more"]) or 0) if match["more"] else 0
            value = further if value < further <= value * _MOST_FURTHER else value
            minutes = value * 60 if match["hours"] else value
            minutes += sum(self._tails[_spaced(match[tail])] for tail in ("half", "tail") if match[tail])
            rest = (self.number(match["rest"]) or 0) if match["rest"] else 0
            minutes += rest if rest >= _LEAST_REST else 0
        whole = round(minutes) * int(match["times"] or 1)
        return Duration(whole, match.start(), match.end()) if 0 < whole <= LONGEST else None

    def _value(self, text: str) -> float | None:
        text = text.strip()
        sign = next((sign for sign in _FRACTIONS if text.endswith(sign)), "")
        digits = text.removesuffix(sign).strip()
        extra = _FRACTIONS.get(sign, 0.0)
        if _QUARTERS.fullmatch(digits):  # "1.30 hrs", "2.15 hrs"
            hours, _, minutes = digits.replace(",", ".").partition(".")
            return int(hours) + int(minutes) / 60
        if digits[:1].isdecimal():
            return float(digits.replace(",", ".")) + extra
        return extra if sign else self._numbers.get(_spaced(digits))


def _spaced(phrase: str) -> str:
    """A phrase as it is looked up: "half-hour" and one broken over two lines are "half hour"."""
    return " ".join(phrase.replace("-", " ").split())


def _any(words: Iterable[str]) -> str:
    return any_word(sorted(words, key=len, reverse=True), _rest)


def _rest(word: str) -> str:
    return re.escape(word).replace(r"\*", r"\w{0,12}").replace(r"\ ", r"[\s-]")
