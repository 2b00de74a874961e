"""One VEVENT: what of it decides whether and when the person is busy (RFC 5545, 3.6.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from raincheck.core import ical

if TYPE_CHECKING:
    from raincheck.core.ical import Line, Stamp

_TIMES = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
_DECIDING = frozenset((*_TIMES, "UID", "SEQUENCE", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "ATTENDEE"))
_TELLING = frozenset(("ORGANIZER", "ATTENDEE", "SUMMARY", "LOCATION", "DESCRIPTION"))


class Length(NamedTuple):
    """How long each occurrence is: days on the local clock, then an exact length (RFC 5545, 3.8.5.3)."""

    days: int
    exact: timedelta

    @property
    def most(self) -> timedelta:
        """No occurrence is longer."""
        return timedelta(days=self.days, hours=2) + self.exact


@dataclass(slots=True)
class Event:
    """The properties of a VEVENT that decide about time; its words are read only when they are asked for."""

    block: bytes
    calendar: int
    free: bool
    uid: str | None = None
    sequence: int = 0
    start: Stamp | None = None
    end: Line | None = None
    duration: str | None = None
    rules: list[str] = field(default_factory=list)
    more: list[Line] = field(default_factory=list)  # RDATE
    without: list[Line] = field(default_factory=list)  # EXDATE
    recurrence: Stamp | None = None  # RECURRENCE-ID
    and_future: bool = False
    _words: tuple[str | None, str] | None = None

    @classmethod
    def parse(cls, block: bytes, calendar: int, me: frozenset[str], tentative_is_free: bool) -> Event:
        """Reads the lines of a VEVENT; ValueError when its start cannot be read."""
        event = cls(block, calendar, free=False)
        found: dict[str, str] = {}
        answers: set[str] = set()
        for line in ical.lines(ical.decode(block), _DECIDING):
            match line.name:
                case "DTSTART":
                    event.start = event.start or ical.line_stamp(line)
                case "DTEND":
                    event.end = event.end or line
                case "DURATION":
                    event.duration = line.value
                case "RRULE":
                    event.rules.append(line.value)
                case "RDATE":
                    event.more.append(line)
                case "EXDATE":
                    event.without.append(line)
                case "RECURRENCE-ID":
                    event.recurrence = ical.line_stamp(line)
                    event.and_future = line.params.get("RANGE", "").upper() == "THISANDFUTURE"
                case "UID":
                    event.uid = line.value.strip() or None
                case "SEQUENCE":
                    event.sequence = number(line.value)
                case "STATUS" | "TRANSP" | "X-MICROSOFT-CDO-BUSYSTATUS":
                    found[line.name] = line.keyword
                case "ATTENDEE" if "PARTSTAT" in line.params and not me.isdisjoint(line.addresses):
                    answers.add(line.params["PARTSTAT"].upper())
        event.free = _is_free(found, answers, tentative_is_free)
        return event

    def words(self) -> tuple[str | None, str]:
        """The organizer, and what else can tell whose appointment this is: summary, place, text, people."""
        if self._words is None:
            self._words = self._read_words()
        return self._words

    def _read_words(self) -> tuple[str | None, str]:
        organizer: str | None = None
        said: list[str] = []
        for line in ical.lines(ical.decode(self.block), _TELLING):
            if line.name == "ORGANIZER":
                organizer = (*line.addresses, None)[0]
            if line.name in ("SUMMARY", "LOCATION", "DESCRIPTION"):
                said.append(line.text[:1000])
            elif line.name in ("ATTENDEE", "ORGANIZER") and len(said) < 100:
                said += [line.params.get("CN", ""), *line.addresses]
        return organizer, "\n".join(filter(None, said)).casefold()


def _is_free(found: dict[str, str], answers: set[str], tentative_is_free: bool) -> bool:
    """Whether an event leaves the person free: the first of these properties that speaks decides."""
    status = found.get("STATUS")
    outlook = found.get("X-MICROSOFT-CDO-BUSYSTATUS")
    if status == "CANCELLED" or answers == {"DECLINED"}:
        return True
    if tentative_is_free and (status == "TENTATIVE" or outlook == "TENTATIVE" or answers == {"TENTATIVE"}):
        return True
    if outlook in ("FREE", "WORKINGELSEWHERE"):
        return True
    if outlook in ("BUSY", "TENTATIVE", "OOF"):
        return False
    return found.get("TRANSP") == "TRANSPARENT"


def number(text: str) -> int:
    """A SEQUENCE (RFC 5545, 3.8.7.4); 0 for what is none."""
    digits = text.strip()
    return int(digits) if digits.isdecimal() and len(digits) < 10 else 0
