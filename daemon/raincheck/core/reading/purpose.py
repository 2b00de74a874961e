"""What a time is for, as labelled mails have taught: offered, a deadline for the answer, or neither.

The cues of `roles` decide first. Here all that stands around a time is weighed together: every cue and where it stands,
the shape of the time, its place in the mail. Where that says plainly something else than the first sight, it counts.
The weights are data (rules/reading/learned/times.json, written by tests/learning/times.py); cues bear the same names in
every language, so one table holds for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from raincheck.core.reading.roles import Role, role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from raincheck.core.reading.learned import Linear
    from raincheck.core.reading.offers import Time
    from raincheck.core.reading.roles import Context, Stretch

SLOT, WINDOW, DEADLINE, OTHER = "slot", "window", "deadline", "other"
BARE_DAY = "day.bare"  # the sign of a date without a clock
_DENIED = "beside:negative"  # the sign of a clause that says no
_LIKELY = 0.5  # probability below which a time is not offered, whatever the cues say
_PLAINLY = 0.8  # probability from which it is, or a deadline
_DOUBTFUL = 0.05  # probability below which a day is no deadline
_LOOSE, _FIXED = 0.7, 0.3  # shares of windows among such offers from which it is one, up to which it is none
_OFFERED = frozenset({Role.PROPOSED, Role.FINISH})
_NOT_OFFERED = frozenset({Role.OTHER, Role.DEADLINE, Role.CANDIDATE})
_AHEAD = (0, 1, 2, 4, 8, 15, 31, 61)  # days from the mail to a time, in steps
_LENGTHS = (0, 1, 61, 121, 241)  # minutes of a range, in steps
_RATIOS = (0.0, 0.9, 1.1, 1.5, 2.0)  # of a range to the length of the talk, in steps
_TENTHS = 5  # parts of a text, of which a time stands in one
_MANY = 4  # paragraphs


class Purpose(NamedTuple):
    """What a time is for.

    role: None for a bare date that is no deadline; alone: its role where it is no part of a plan of the day; loose: a
    window rather than a slot, or not, where that is plain.
    """

    role: Role | None
    alone: Role | None
    loose: bool | None = None


@dataclass(frozen=True, slots=True)
class Purposes:
    """Judges times; without weights the cues alone decide."""

    model: Linear

    def of(self, context: Context, times: Sequence[Time], today: date, length: int | None) -> list[Purpose]:
        """What each time is for. today: the mail's day; length: of the talk in minutes, where the mail says it."""
        return [self._corrected(first, found) for first, found in seen(context, times, today, length)]

    def _corrected(self, first: Role | None, seen: frozenset[str]) -> Purpose:
        if not self.model.bias:
            return Purpose(first, first)
        by = self.model.probabilities(dict.fromkeys(seen, 1.0))
        offered = by[SLOT] + by[WINDOW]
        if first is not Role.DEADLINE and first not in _OFFERED and by[DEADLINE] >= _PLAINLY:
            return Purpose(Role.DEADLINE, Role.DEADLINE)
        if BARE_DAY in seen:
            first = Role.OTHER if first is Role.DEADLINE and by[DEADLINE] < _DOUBTFUL else first
            return Purpose(first, first)
        alone = first
        if first is Role.PROPOSED and offered < _LIKELY:
            alone = Role.DEADLINE if by[DEADLINE] > by[OTHER] else Role.OTHER
        elif first in _NOT_OFFERED and offered >= _PLAINLY and _DENIED not in seen:
            first = alone = Role.PROPOSED
        share = by[WINDOW] / offered
        return Purpose(first, alone, True if share >= _LOOSE else False if share <= _FIXED else None)


def seen(
    context: Context, times: Sequence[Time], today: date, length: int | None
) -> Iterator[tuple[Role | None, frozenset[str]]]:
    """What the cues say of each time, and all that is seen of it and around it."""
    firsts = [role(context, item.at) for item in times]
    old = [item.at for item, first in zip(times, firsts, strict=True) if first is Role.PREVIOUS]
    for item, first in zip(times, firsts, strict=True):
        left, right = context.sentence(item.at.start, item.at.end)
        moved = any(left <= other.start < right for other in old if other is not item.at)
        yield first, _signs(context, item, times, today, length) | ({"moved"} if moved else set())


def _signs(context: Context, item: Time, times: Sequence[Time], today: date, length: int | None) -> frozenset[str]:
    return frozenset({*_cues(context, item.at), *_shape(context, item.at), *_value(item, times, today, length)})


def _cues(context: Context, at: Stretch) -> Iterator[str]:
    """Every cue around the time, and where it stands."""
    yield from (f"{where}:{cue}" for where, cue in context.placed(at))
    yield from (f"head:{cue}" for cue in context.hits if context.headed(cue, at))


def _shape(context: Context, at: Stretch) -> Iterator[str]:
    """How the time is written, and where in the text."""
    yield f"clock:{at.has_clock:d} date:{at.has_date:d} end:{at.has_end:d} day:{at.day:d}"
    if not at.has_clock:
        yield BARE_DAY
    yield f"first:{at.first.name}"
    if context.asked(at):
        yield "asked"
    text = context.normal
    line = text[text.rfind("\n", 0, at.start) + 1 : at.start].strip()
    if line.endswith("("):
        yield "bracket"
    if line[:1] in ("-", "*", "•", "·"):
        yield "bullet"
    if line.endswith(":"):
        yield "labelled"
    above = text[: at.start].rpartition("\n")[0].rstrip("\n\x1e ")
    if above.endswith(":"):
        yield "headed"
    yield f"part:{_TENTHS * at.start // max(1, len(text))}"
    yield f"paragraph:{min(text.count(chr(0x1E), 0, at.start), _MANY)}"
    yield f"paragraphs.left:{min(text.count(chr(0x1E), at.start), _MANY)}"


def _value(item: Time, times: Sequence[Time], today: date, talk: int | None) -> Iterator[str]:
    """Which time it is, and how long."""
    if item.day is not None:
        yield f"ahead:{_step((item.day - today).days, _AHEAD)}"
        if any(other.day == item.day for other in times if other is not item):
            yield "day.again"
    begin = item.start.time() if item.start else item.clock
    end = item.end.time() if item.end else item.end_clock
    if begin is None:
        return
    yield f"hour:{begin.hour}"
    yield f"minute:{next((part for part in (30, 15, 5) if begin.minute % part == 0), 1)}"
    if item.between:
        yield "between"
    if item.open_end:
        yield "open"
    if end is not None:
        length = 60 * (end.hour - begin.hour) + end.minute - begin.minute
        yield f"length:{_step(length, _LENGTHS)}"
        yield f"ratio:{_step(length / talk, _RATIOS) if talk else 'unknown'}"


def _step(value: float, steps: Sequence[float]) -> float:
    """The last of the steps that a value reaches, -1 below the first."""
    return max((step for step in steps if value >= step), default=-1)
