"""What a time is for, as labelled mails have taught: offered, a deadline for the answer, or neither.

The cues of `roles` decide first. Here all that stands around a time is weighed together: the cues and where they stand,
the words on both sides, the shape of the time, its place in the mail. What the cues take for an offer is none where
more speaks against it. The weights are data (rules/reading/learned/times.json, written by tests/learning/times.py);
cues bear the same names in every language and the words of each stand beside each other, so one table holds for all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from raincheck.core.reading.context import Day, Stretch
from raincheck.core.reading.roles import Role, is_opening_hour, role
from raincheck.core.reading.times import Role as FirstSight

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set
    from datetime import date

    from raincheck.core.reading.context import Context
    from raincheck.core.reading.learned import Linear
    from raincheck.core.reading.offer import Time

SLOT, WINDOW, DEADLINE, OTHER = "slot", "window", "deadline", "other"
BARE_DAY = "day.bare"  # the sign of a date without a clock
OPENING = "opens"  # that of an hour at which a house opens or shuts
_LIKELY = 0.5  # probability below which a time is not offered, whatever the cues say
_PLAINLY = 0.8  # probability from which a time is a deadline, whatever the cues say
_PLAINLY_UNTIL = 0.6  # the same behind "until"
_CORRECTED = {Role.OTHER: 0.85, Role.CANDIDATE: 0.97}  # probability from which a time is offered, whatever the cues say
_OVERRULED = {Role.OTHER: 0.8, Role.PREVIOUS: 0.85}  # the same where the sentence names another choice
_REFUSING = frozenset({
    "beside:negative", "beside:busy", "beside:travel", "beside:hours", "before:exclusive_before", "near:handing_in",
    "before:others_before", "beside:comes_later", "near:rival", "outside:foreign", "outside:travel", "ahead:-1",
    OPENING,
})  # fmt: skip
_UNTIL = f"first:{FirstSight.DEADLINE.name}"  # the sign of "until"
_NO_LAST_DAY = frozenset(
    {
        "beside:sender_answers",  # "we'll write by Friday"
        "before:span_label",  # "three options within the next ten days"
        "open",  # "from 19:00 on"
        "before:after_before",
    }
)
_PLAIN = (  # deadlines, whatever else is said
    frozenset({"before:last_moment"}),  # "closing time of the list: 1 July, 20:00"
    frozenset({"beside:answer", "before:until_before"}),  # "write back before Monday noon"
    frozenset({"before:answer", "before:until_before"}),  # "please do so before Thursday noon"
    frozenset({"near:answer", "near:day_end", "before:until_before", "bracket"}),  # "before the close of school (3 pm)"
    frozenset({"beside:bookable", "near:perishes"}),  # "the link is switched off on 3 May"
)
_ALONE = "alone"  # the sign of a time that is all of its sentence
# No signs: they hold plain "you" and "your", which stand beside any time and tell of none; who asks for them (`ownrow`,
# `length`) looks at one row or one sentence.
_COMMON = frozenset({"own_row", "reader"})
_DOUBTFUL = 0.05  # probability below which a day is no deadline
_UNLIKELY = 0.15  # probability below which a time with an hour is none
_LABELLED = frozenset({"labelled", "before:when_label"})  # "Time: 12 noon"
_TRUSTED = (  # offered, whatever else is said
    frozenset({_ALONE, f"clock:1 date:1 end:0 day:{Day.FULL:d}", "next:lasts"}),  # "5 May, 10:00. It takes an hour."
    frozenset({"days.full"}),  # "12, 14 and 19 March, each from 9:30 to 14:30"
    frozenset({"before:summons"}),  # "you are called for interview on Friday, 9 October, at 11"
    frozenset({"near:still_open"}),  # "the second one, Friday at 9, is still open"
    frozenset({"before:spared"}),  # "except for Tuesday at 10 we are fully booked"
    frozenset({"before:nothing_before"}),  # "nothing before Tuesday at 10: would that suit you?"
    frozenset({"before:exclusive_before", "after:nothing_after"}),
    frozenset({"open", "beside:free", "beside:i_am", "previous:talk"}),  # "May I call you? I am in from six"
    frozenset({"before:talk_is", "first:PROPOSAL"}),  # "the interview takes place on 5 May at 10, recorded"
    frozenset({"before:ahead_of_talk", f"clock:1 date:1 end:0 day:{Day.FULL:d}"}),  # "ahead of the call on 5 May at 10"
    frozenset({"before:talk", "near:not_of_time"}),  # "fares for the interview on Tuesday at 10 are not paid"
    frozenset({"before:begins_talk"}),  # "would Thursday suit you? We would start at 10"
    frozenset({"before:moved_to"}),  # "rescheduled to Friday at 10"
    frozenset({"moved", "before:onto_before"}),  # "moved from Thursday at 9 to Friday at 10"
    frozenset({"near:move", "day.onto"}),  # "moved to Friday, again at 11"
    frozenset({"after:turn_after"}),  # "you are on at 19:45"
    frozenset({"beside:own_turn"}),
    *(
        frozenset({"between", f"clock:1 date:1 end:1 day:{day:d}", "first:PROPOSAL", sign})
        for day in (Day.WEEKDAY, Day.FULL)
        for sign in ("beside:meets", "beside:free", "beside:free_after", "asked")
    ),  # "I can meet you on Thursday between 10 and 4", "Could you ring me on Thursday between 10 and 1?"
    frozenset({"between", "beside:options"}),
)
_FALLBACK = "fallback"  # the sign of a sentence that names another choice: "If not I could stay on Monday, 6 pm"
_DAYS = 3  # named one by one that share their hours, from which these are offered
_NIGHT = "night"  # the sign of an hour on no day at which nobody is asked to come: "I read it at 2am"
_DAWN = 5  # o'clock
_LOOSE, _FIXED = 0.7, 0.3  # shares of windows among such offers from which it is one, up to which it is none
_OFFERED = frozenset({Role.PROPOSED, Role.FINISH})
_AHEAD = (0, 1, 2, 4, 8, 15, 31)  # days from the mail to a time, in steps
_LENGTHS = (0, 1, 61, 121, 241)  # minutes of a range, in steps
_RATIOS = (0.0, 0.9, 1.1, 1.5, 2.0)  # of a range to the length of the talk, in steps
_MONEY = re.compile(r"[£$€] ?\d|\d ?(?:€|eur|chf|usd|gbp)(?!\w)")
_NEAR = 10  # words on either side of a time
_PARTS = 5  # of a text, in one of which a time stands
_MANY = 4  # paragraphs
_DAY = 24 * 60  # minutes


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
    """Judges times; without weights the cues alone decide.

    An offer easily turns out to be none; the other way only what is very likely and what nothing refuses, since a time
    that is not offered is the lesser evil.
    """

    model: Linear

    def of(self, context: Context, times: Sequence[Time], today: date, length: int | None) -> list[Purpose]:
        """What each time is for. today: the mail's day; length: of the talk in minutes, where the mail says it."""
        judged = list(seen(context, times, today, length))
        if not self.model.bias:
            return [Purpose(first, first) for first, _ in judged]
        by = [self.model.judged(signs) for _, signs in judged]
        listed = _lists(context, times, [first for first, _ in judged])
        offered = [_share(by, _outside_brackets(context, times, run)) for run in listed]
        return [_corrected(first, by[at], offered[at], signs) for at, (first, signs) in enumerate(judged)]


def _share(by: Sequence[Mapping[str, float]], run: Sequence[int]) -> float:
    """How likely the times of a run are offered."""
    return sum(by[at][SLOT] + by[at][WINDOW] for at in run) / len(run)


def _outside_brackets(context: Context, times: Sequence[Time], run: range) -> Sequence[int]:
    """The times of a run but those that a bracket says again for another place: "5pm SGT (11am in Berlin)"."""
    kept = [at for at in run if at == run[0] or not context.normal[: times[at].at.start].rstrip(" ~").endswith("(")]
    return kept or run


def _lists(context: Context, times: Sequence[Time], firsts: Sequence[Role | None]) -> list[range]:
    """For each time the run of proposed times in which it stands: they are offered together, or not at all."""
    runs: list[range] = []
    begin = 0
    for at in range(1, len(times) + 1):
        together = (
            at < len(times)
            and firsts[at - 1] is firsts[at] is Role.PROPOSED
            and context.side_by_side(times[at - 1].at, times[at].at)
            and not context.before("denied_before", times[at].at)  # "at 11:30, not at 11:00"
        )
        if not together:
            runs += [range(begin, at)] * (at - begin)
            begin = at
    return runs


def _corrected(first: Role | None, by: Mapping[str, float], offered: float, signs: Set[str]) -> Purpose:
    """The cues' verdict with what the weights say plainly; offered: how likely the time, or its list, is offered."""
    plainly = _PLAINLY_UNTIL if _UNTIL in signs else _PLAINLY
    if first is not Role.DEADLINE and first not in _OFFERED and by[DEADLINE] >= plainly and not signs & _NO_LAST_DAY:
        return Purpose(Role.DEADLINE, Role.DEADLINE)
    bound = first is Role.DEADLINE  # "before 11": whatever it is for, no talk begins then
    if bound and by[DEADLINE] < (_DOUBTFUL if BARE_DAY in signs else _UNLIKELY):
        first = first if any(each <= signs for each in _PLAIN) else Role.OTHER
    if BARE_DAY in signs:
        return Purpose(first, first)
    alone = first
    if first is Role.PROPOSED and _NIGHT in signs and "asked" not in signs:
        return Purpose(Role.OTHER, Role.OTHER)
    least = _UNLIKELY if signs >= _LABELLED else _LIKELY
    if first is Role.PROPOSED and offered < least and not any(each <= signs for each in _TRUSTED):
        alone = Role.DEADLINE if by[DEADLINE] >= _PLAINLY else Role.OTHER
    elif first is not None and not bound and _offered_after_all(first, offered, signs):
        first = alone = Role.PROPOSED
    either = by[SLOT] + by[WINDOW]
    share = by[WINDOW] / either if either else 0.0
    return Purpose(first, alone, True if share >= _LOOSE else False if share <= _FIXED else None)


def _offered_after_all(first: Role, offered: float, signs: Set[str]) -> bool:
    """Whether a time is plainly offered though the cues say otherwise; a sentence that names another choice need not be
    free of what refuses: "If not, I could stay on Monday, 6 pm, once we have closed"."""
    if first in _OVERRULED and offered >= _OVERRULED[first] and _FALLBACK in signs:
        return True
    return first in _CORRECTED and offered >= _CORRECTED[first] and _REFUSING.isdisjoint(signs)


def seen(
    context: Context, times: Sequence[Time], today: date, length: int | None
) -> Iterator[tuple[Role | None, frozenset[str]]]:
    """What the cues say of each time, and all that is seen of it and around it."""
    firsts = [role(context, item.at) for item in times]
    old = [item.at for item, first in zip(times, firsts, strict=True) if first is Role.PREVIOUS]
    for item, first in zip(times, firsts, strict=True):
        beside = {*_beside(context, item.at, old, [other.at for other in times])}
        yield first, _signs(context, item, times, today, length) | beside


def _signs(context: Context, item: Time, times: Sequence[Time], today: date, length: int | None) -> frozenset[str]:
    at = item.at
    return frozenset(
        {*_cues(context, at), *_shape(context, at), *_words(context, at), *_value(item, times, today, length)}
    )


def _beside(context: Context, at: Stretch, old: Sequence[Stretch], times: Sequence[Stretch]) -> Iterator[str]:
    """What other times stand near: that from which a talk is moved, one behind it, one that is asked for instead."""
    if at.named is not None and context.before("onto_before", Stretch(*at.named, has_clock=False)):
        yield "day.onto"
    left, right = context.sentence(at.start, at.end)
    if any(left <= other.start < right for other in old if other is not at):
        yield "moved"
    if any(at.end <= other.start < right and other.has_clock for other in times):
        yield "other.behind"
    following = context.following(at)
    later = [other for other in times if following[0] <= other.start < following[1] and other.has_clock]
    if later and not context.asked(at):
        yield f"next.asks:{context.asked(later[0]):d} date:{later[0].has_date:d}"


def _cues(context: Context, at: Stretch) -> Iterator[str]:
    """Every cue around the time, and where it stands."""
    yield from (f"{where}:{cue}" for where, cue in context.placed(at) if cue not in _COMMON)
    if (heading := context.heading(at)) is not None:
        yield from (f"head:{cue}" for cue in context.hits if cue not in _COMMON and context.within(cue, heading))


def _words(context: Context, at: Stretch) -> Iterator[str]:
    """The words of its sentence on both sides, alone and in pairs: what no cue of a lexicon knows."""
    before, behind = context.words_around(at)
    for side, words in (("left", before[-_NEAR:]), ("right", behind[:_NEAR])):
        yield from (f"{side}:{word}" for word in words)
        yield from (f"{side}:{first} {second}" for first, second in pairwise(words))


def _shape(context: Context, at: Stretch) -> Iterator[str]:
    """How the time is written, and where in the text."""
    yield f"clock:{at.has_clock:d} date:{at.has_date:d} end:{at.has_end:d} day:{at.day:d}"
    if not at.has_clock:
        yield BARE_DAY
    yield f"first:{at.first.name}"
    if not any(context.words_around(at)):
        yield _ALONE
    if context.asked(at):
        yield "asked"
    if is_opening_hour(context, at):
        yield OPENING
    if at.day and any(context.begins(sign, context.sentence(at.start, at.end)) for sign in ("joins_days", "fallback")):
        yield _FALLBACK
    if _MONEY.search(context.normal, *context.sentence(at.start, at.end)):
        yield "money"
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
    yield f"part:{_PARTS * at.start // max(1, len(text))}"
    yield f"paragraph:{min(text.count(chr(0x1E), 0, at.start), _MANY)}"
    yield f"paragraphs.left:{min(text.count(chr(0x1E), at.start), _MANY)}"


def _value(item: Time, times: Sequence[Time], today: date, talk: int | None) -> Iterator[str]:
    """Which time it is, and how long."""
    if item.day is not None:
        yield f"ahead:{_step((item.day - today).days, _AHEAD)}"
        if any(other.day == item.day for other in times if other is not item):
            yield "day.again"
        named = {other.at.named for other in times if other.at.row == item.at.row and other.at.day is Day.FULL}
        if len(named) >= _DAYS:
            yield "days.full"
    begin = item.start.time() if item.start else item.clock
    end = item.end.time() if item.end else item.end_clock
    if begin is None:
        return
    yield f"hour:{begin.hour}"
    if begin.hour < _DAWN and not item.at.has_date:
        yield _NIGHT
    yield f"minute:{next((part for part in (30, 15, 5) if begin.minute % part == 0), 1)}"
    if item.between:
        yield "between"
    if item.open_end:
        yield "open"
    if end is not None:
        length = (60 * (end.hour - begin.hour) + end.minute - begin.minute) % _DAY
        yield f"length:{_step(length, _LENGTHS)}"
        yield f"ratio:{_step(length / talk, _RATIOS) if talk else 'unknown'}"


def _step(value: float, steps: Sequence[float]) -> float:
    """The last of the steps that a value reaches, -1 below the first."""
    return max((step for step in steps if value >= step), default=-1)
