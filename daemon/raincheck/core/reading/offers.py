"""The times of one text, put together and sorted by what they are for: slots, windows, deadlines, old times.

A bare clock takes its day from the date around it; the rows of one day's agenda make one slot; a range is a window when
it is looser than the talk is long, or called one.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise, takewhile, zip_longest
from typing import TYPE_CHECKING

from raincheck.core.reading.context import Context, Day, Stretch
from raincheck.core.reading.roles import Role
from raincheck.core.reading.times import Role as FirstSight
from raincheck.core.reading.twins import Elsewhere, without_twins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import time, tzinfo

    from raincheck.core.reading.context import RoleCues
    from raincheck.core.reading.purpose import Purpose

MAX_TIMES = 150  # of one text
_NEAR = 600  # characters between a date and the bare clock that belongs to it
_BREAK = timedelta(minutes=20)  # between parts that follow each other
_STEP = timedelta(hours=3)  # between the begins of rows that name their day again
_PAUSE = timedelta(minutes=75)  # between two parts of one day
_SHORT = timedelta(minutes=60)  # a range from which on it may be a window
_LONG = timedelta(minutes=90)  # a range from which on "I am free" means somewhere inside it
_LONGEST = timedelta(hours=12)  # from the begin of a day to its end
_LEAD = timedelta(minutes=60)  # before a talk, in which one meets beforehand or dials in
_SHARED = timedelta(minutes=120)  # hours that hold for several days
_HALF_DAY = timedelta(hours=4)
_DAYS = 3  # with the same hours, one of which is to be chosen
_PARTS = 3  # times that make a plan
_TOLD = 60  # characters that tell what happens at one of them
_END_OF = re.compile(r"[!?\n]|\.\s")
_LISTED = 8  # characters between the clocks of a list
_SOON = 250  # characters behind an offer in which the question for an hour follows
_CHOICE = ("between", "free", "asks", "choice", "options")
_DAY_OUT = re.compile(r"(?<!\d)24(?:[:.]00|\s?(?:h|uhr))", re.IGNORECASE)
_DESCRIPTION = re.compile(r"[^\W\d_]{2,}")
_ROW_HEAD = re.compile(r"^[\s\W]*(?:[\w.]{0,3}[).:]\s*)?(?:[^\W\d_]+\s*\d{0,2}\s*[:)–-]\s*)?[\s\W]*$")


@dataclass(frozen=True, slots=True)
class Time:
    """A time as written: a day, a clock, or both (then `start` is set, with its zone)."""

    at: Stretch
    day: date | None = None
    clock: time | None = None
    end_clock: time | None = None
    start: datetime | None = None
    end: datetime | None = None
    zone: tzinfo | None = None  # stated with it
    sure: bool = True
    alternatives: tuple[str, ...] = ()
    open_end: bool = False
    between: bool = False
    doubt: str = ""
    stated: bool = False  # a zone stands with it, or holds for the whole list
    alone: Role | None = None  # what it is for where it is no part of a day's plan (see Purpose)
    loose: bool | None = None  # a window rather than a slot, or not, where labelled mails say so plainly

    def on(self, day: date, zone: tzinfo) -> Time:
        """A bare clock on that day."""
        assert self.clock is not None
        tz = self.zone or zone
        start = datetime.combine(day, self.clock, tz)
        end = datetime.combine(day, self.end_clock, tz) if self.end_clock else None
        if end is not None and end <= start:
            end = None
        return replace(self, day=day, start=start, end=end, zone=tz)


@dataclass(frozen=True, slots=True)
class Offer:
    """A time and what it is for."""

    role: Role
    time: Time
    quote: str
    whole: bool = False  # put together from the parts of a day
    answer: bool = False  # a deadline for an answer in so many words

    @property
    def start(self) -> datetime:
        """The instant; only offers with one are kept."""
        assert self.time.start is not None
        return self.time.start


def context_of(text: str, times: Sequence[Time], cues: RoleCues) -> Context:
    """The text with its cues and times."""
    return Context(text, cues, [item.at for item in _first(times)])


def _first(times: Sequence[Time]) -> list[Time]:
    return sorted(times, key=lambda item: item.at.start)[:MAX_TIMES]


def offers(
    context: Context,
    times: Sequence[Time],
    zone: tzinfo,
    length: int | None,
    purposes: Callable[[Context, Sequence[Time]], Sequence[Purpose]],
    elsewhere: Elsewhere | None = None,
    now: datetime | None = None,
) -> list[Offer]:
    """What each time of a text is for, in reading order; bare dates only as deadlines.

    `now` is the mail's wall clock: a deadline with an hour alone is today's. `zone` holds for clocks without a stated
    one, `length` is the talk's in minutes where the mail says it, `purposes` tells what each time is for, `elsewhere`
    are the other zones in which a time may be said again.
    """
    if not times:
        return []
    whole = _ended(context, _first(times))
    judged = [
        (purpose.role, replace(item, alone=purpose.alone, loose=purpose.loose))
        for purpose, item in zip(purposes(context, whole), whole, strict=True)
    ]
    found = [
        Offer(
            what, _last_day(context, item) if what is Role.DEADLINE else item, context.text[item.at.start : item.at.end]
        )
        for what, item in _dated(context, _moved(context, judged), zone)
        if what is not None and (item.start is not None or what is Role.DEADLINE)
    ]
    found = [offer for each in found if (offer := _today(each, now)) is not None]
    found = [
        replace(offer, role=Role.OTHER) if offer.role is Role.PROPOSED and offer.time.doubt == "midnight" else offer
        for offer in found
    ]
    found = _without_preludes(context, found)
    if elsewhere is not None:
        found = without_twins(context, found, elsewhere)
    found = _merged(context, sorted(found, key=lambda offer: (offer.time.day or date.min, offer.time.at.start)))
    found = [_standing_alone(offer, found) for offer in found]
    found = _uneven(context, [_as_window(context, offer, length) for offer in found], length)
    found = _settled(context, _alike(context, _hours_asked(context, _every_day(found), length)))
    return [
        replace(offer, answer=context.near("answer", offer.time.at)) if offer.role is Role.DEADLINE else offer
        for offer in found
    ]


def _standing_alone(offer: Offer, found: Sequence[Offer]) -> Offer:
    """What is proposed as its words say, but looks like something else, unless it is a day's plan, or a talk before
    which one meets."""
    alone = offer.time.alone
    if offer.role is not Role.PROPOSED or alone is None or offer.whole:
        return offer
    met = any(o.role is Role.ARRIVAL and timedelta(0) < offer.start - o.start <= _LEAD for o in found)
    return offer if met else replace(offer, role=alone)


def _without_preludes(context: Context, found: list[Offer]) -> list[Offer]:
    """ "Tuesday 11 May, 14:00. I meet you at 13:30 in the lobby": a bare clock told after a dated one, shortly before
    it, is when one meets beforehand, unless it is to be chosen."""
    dated = [o for o in found if o.role is Role.PROPOSED and (o.time.at.has_date or context.called_start(o.time.at))]
    return [
        replace(offer, role=Role.ARRIVAL)
        if offer.role is Role.PROPOSED and any(_prelude(context, offer, talk) for talk in dated)
        else offer
        for offer in found
    ]


def _prelude(context: Context, offer: Offer, talk: Offer) -> bool:
    at, main = offer.time.at, talk.time.at
    if _leads_to(context, offer, talk):
        return True
    if at.has_date or at.has_end or not (at.start > main.end and timedelta(0) < talk.start - offer.start <= _LEAD):
        return False
    left, _ = context.sentence(at.start, at.end)
    if left <= main.start or context.asked(at):
        return False
    chosen = not context.before("begin_before", at) and any(
        context.near(sign, at) for sign in ("options", "choice", "asks", "conditional", "instead_after", "move")
    )
    return not chosen and _row(context, offer) is None


def _today(offer: Offer, now: datetime | None) -> Offer | None:
    """A deadline with an hour alone as today's, whatever day was named before; None where that is over."""
    item = offer.time
    if now is None or offer.role is not Role.DEADLINE or item.start is None or item.at.has_date:
        return offer
    start = datetime.combine(now.date(), item.start.timetz())
    return replace(offer, time=replace(item, day=now.date(), start=start)) if start.replace(tzinfo=None) > now else None


def _leads_to(context: Context, offer: Offer, talk: Offer) -> bool:
    """ "Join at 9:55 for a 10:00 start": the first of two times in a sentence, where the second is called the start."""
    if not timedelta(0) < talk.start - offer.start <= _LEAD or offer.time.at.row >= talk.time.at.row:
        return False
    together = _same_run(context, offer.time.at, talk.time.at.row)
    return together and context.called_start(talk.time.at)


def _last_day(context: Context, item: Time) -> Time:
    """A deadline as the last moment: "before 13 March" ends with the 12th, midnight is the end of the day named."""
    ends = _DAY_OUT.search(context.text, item.at.start, item.at.end)  # 24:00 is the next day's midnight
    if item.start is not None and (item.doubt == "midnight" or ends):
        day = item.start.date() - timedelta(days=1 if ends else 0)
        return replace(item, day=day, start=None, clock=None, end=None)
    exclusive = item.start is None and item.day is not None and context.before("exclusive_before", item.at)
    exclusive = exclusive and not (context.inside("inclusive", item.at) or context.before("inclusive_before", item.at))
    return replace(item, day=item.day - timedelta(days=1)) if exclusive and item.day else item


def _moved(context: Context, judged: Sequence[tuple[Role | None, Time]]) -> list[tuple[Role | None, Time]]:
    """ "Move our call from 2pm to 4pm" reads like a range: its begin is the old time, its end the new one."""
    split: list[tuple[Role | None, Time]] = []
    for what, item in judged:
        if what is Role.PREVIOUS and item.at.has_end and context.leads("move", item.at):
            new = item.end
            if new is not None and item.start is not None and new.date() > item.start.date():
                new -= timedelta(days=1)  # "brought forward from 15:00 to 13:30"
            split += [
                (what, replace(item, end=None, end_clock=None)),
                (
                    Role.PROPOSED,
                    replace(item, start=new, clock=item.end_clock, end=None, end_clock=None, alone=None),
                ),
            ]
        else:
            split.append((what, item))
    return split


def _ended(context: Context, times: Sequence[Time]) -> list[Time]:
    """The times, where one that a column or a label calls the end goes to the begin before it."""
    kept: list[Time] = []
    for item in times:
        last = kept[-1] if kept else None
        joined = _with_finish(last, item) if last is not None and context.begins_and_ends(last.at, item.at) else None
        if joined is None:
            kept.append(item)
        else:
            kept[-1] = joined
    return kept


def _with_finish(first: Time, finish: Time) -> Time | None:
    """The range from one time to the other; None where they make none."""
    at = replace(first.at, end=finish.at.end, has_end=True)
    if first.start is not None and finish.start is not None:
        fits = first.end is None and timedelta(0) < finish.start - first.start <= _LONGEST
        return replace(first, at=at, end=finish.start) if fits else None
    if first.day is None and finish.day is None and first.clock and finish.clock and first.clock < finish.clock:
        return replace(first, at=at, end_clock=finish.clock)
    return None


# --- days for bare clocks -----------------------------------------------------------------------------------------


def _dated(
    context: Context, judged: Sequence[tuple[Role | None, Time]], zone: tzinfo
) -> Iterator[tuple[Role | None, Time]]:
    """Every time with its day; a bare clock with several days becomes several times."""
    for index, (what, item) in enumerate(judged):
        if item.day is not None or item.clock is None:
            yield what, item
            continue
        for day in _days(context, judged, index):
            yield what, item.on(day, zone)


def _days(context: Context, judged: Sequence[tuple[Role | None, Time]], index: int) -> list[date]:
    """The days that a bare clock belongs to: the dates before it, else those that follow its list."""
    here = judged[index][1].at
    days: list[date] = []
    last = here.start
    for what, item in reversed(judged[:index]):
        if item.day is None or what in (Role.DEADLINE, Role.OTHER, Role.PREVIOUS, Role.CANDIDATE):
            continue
        if here.start - item.at.end > _NEAR or (
            days and (item.start is not None or not _same_run(context, item.at, last))
        ):
            break
        days.insert(0, item.day)
        last = item.at.start
        if item.start is not None:
            break
    return days or _days_behind(context, judged, index)


def _days_behind(context: Context, judged: Sequence[tuple[Role | None, Time]], index: int) -> list[date]:
    days: list[date] = []
    last = 0
    for what, item in judged[index + 1 :]:
        if item.day is None:
            if days:
                break
            continue
        if item.at.first is FirstSight.HABIT:
            break  # "any day but Monday"
        here = judged[index][1].at
        if item.start is not None and not days and _same_run(context, here, item.at.start):
            return [item.day]  # "10:00 with us and 11:00 with the team, on Monday"
        if item.start is not None or what is not None or item.at.start - here.end > _NEAR:
            break
        if days and not _same_run(context, item.at, last):
            break
        days.append(item.day)
        last = item.at.end
    return days


def _same_run(context: Context, item: Stretch, other: int) -> bool:
    """Whether two dates stand in one sentence: "Thursday or Friday, 10:00"."""
    left, right = context.sentence(item.start, item.end)
    return left <= other <= right


# --- agendas ------------------------------------------------------------------------------------------------------


def _merged(context: Context, found: list[Offer]) -> list[Offer]:
    """The offers with the parts of one day's agenda made one, and the end of a day given to its begin."""
    kept: list[Offer] = []
    index = 0
    while index < len(found):
        group = _agenda(context, found, index)
        if len(group) > 1:
            kept.append(_spanning(context, group))
        else:
            kept.append(found[index])
        index += len(group)
    return _finished(context, kept)


def _agenda(context: Context, found: list[Offer], index: int) -> list[Offer]:
    """The run of offers from `index` on that are parts of one appointment; at least that one."""
    run = [found[index]]
    for offer in found[index + 1 :]:
        if not _may_follow(context, run[-1], offer):
            break
        run.append(offer)
    rows = list(takewhile(lambda offer: _row(context, offer) is not None, run))
    for part in (run, rows):
        if len(part) > 1 and (_rows(context, part) or _chained(context, part) or _told_in_one(context, part)):
            return part
    return run[:1]


def _may_follow(context: Context, last: Offer, offer: Offer) -> bool:
    """Whether a time can be the next part of the day that the last one belongs to."""
    if not (offer.role is last.role is Role.PROPOSED and offer.time.day == last.time.day and offer.start > last.start):
        return False
    if context.before("early_before", last.time.at) and last.time.end is None:
        return False  # "I teach until 15:15, then any time"
    named_again = offer.time.at.has_date and offer.time.at.start != last.time.at.start
    if named_again and not (_chained(context, [last, offer]) or _planned(context, last, offer)):
        return False
    if named_again and last.time.end is None and offer.start - last.start > _STEP:
        return False
    return last.time.end is None or timedelta(0) <= offer.start - last.time.end <= _PAUSE


def _planned(context: Context, *rows: Offer) -> bool:
    """Whether times are rows of something that the mail calls a plan: then each row may repeat the day. Described rows
    of which each begins where the last one ends are one, too."""
    first, last = rows[0], rows[-1]
    if first.time.end == last.start and not context.within("options", (0, first.time.at.start)):
        return all(_row(context, row) for row in rows)
    return context.within("agenda", (0, rows[0].time.at.start)) and all(_row(context, row) for row in rows)


def _rows(context: Context, run: Sequence[Offer]) -> bool:
    """Whether the times are rows, each with words of its own: a plan of the day rather than a choice."""
    if _contiguous(context, run):
        return True
    words = [_row(context, offer) for offer in run]
    described = [" ".join(found) for found in words if found]
    if None in words or len(described) < len(run) - 1 or len(set(described)) < 2:
        return False
    left = run[0].time.at.start
    lead = (max(0, left - 160), left)
    if context.within("options", lead) and not context.within("agenda", (0, len(context.text))):
        return False
    joined = any(a.time.end is not None for a in run)
    return joined or len(run) >= 3 or context.within("agenda", (0, len(context.text)))


def _contiguous(context: Context, run: Sequence[Offer]) -> bool:
    """Whether ranges in lines of their own follow each other without a gap, each with words of its own, and none of
    them is to be chosen: the parts of one talk."""
    if any(a.time.end is None or not timedelta(0) <= b.start - a.time.end <= _BREAK for a, b in pairwise(run)):
        return False
    begin = run[0].time.at.start
    if any("\n" not in context.text[a.time.at.end : b.time.at.row] for a, b in pairwise(run)):
        return False
    if context.within("choice", (max(0, begin - 300), begin)):
        return False
    words = [_words_of(context, offer, following) for offer, following in zip_longest(run, run[1:])]
    return len(set(filter(None, words))) > 1 and sum(map(bool, words)) >= len(run) - 1


def _words_of(context: Context, offer: Offer, following: Offer | None) -> str:
    """What a row says beside its time: the label before it, and all up to the next row or the end of its line."""
    at = offer.time.at
    left = context.text.rfind("\n", 0, at.row) + 1
    right = context.text.find("\n", at.end)
    if following is not None:
        right = following.time.at.row
    elif right >= 0 and not context.text[at.end : right].strip():
        right = context.text.find("\n", right + 1)  # a line of its own below the time
    right = right if right >= 0 else len(context.text)
    label = context.text[left : at.start] if left <= at.start else ""
    return " ".join(_DESCRIPTION.findall(f"{label} {context.text[at.end : right]}".lower())[:12])


def _row(context: Context, offer: Offer) -> tuple[str, ...] | None:
    """The words behind a time that begins its line; None when it does not."""
    at = offer.time.at
    left = context.text.rfind("\n", 0, at.row) + 1
    right = context.text.find("\n", at.end)
    cell = context.text.rfind("\t", left, at.row)
    if cell >= 0:  # a row of a table: what its other cells say
        line = context.text[left : at.row] + context.text[at.end : right if right >= 0 else None]
        return tuple(_DESCRIPTION.findall(line.lower())[:12])
    if not _ROW_HEAD.match(context.text[left : at.start if at.start >= left else at.row]):
        return None
    return tuple(_DESCRIPTION.findall(context.text[at.end : right if right >= 0 else None].lower())[:12])


def _chained(context: Context, run: Sequence[Offer]) -> bool:
    """Whether the sentence joins the times to one appointment: "10:00-10:45 with A, then 11:00-11:30 with B"."""
    return all(_joined(context, a, b) for a, b in pairwise(run))


def _joined(context: Context, last: Offer, offer: Offer) -> bool:
    """Whether a word says so, or each time is named for itself and one begins where the other ends."""
    gap = (last.time.at.end, offer.time.at.start)
    words = context.normal[slice(*gap)]
    if "?" in words or context.within("conditional", gap):
        return False  # "at 9:00? If that is too early, then 18:00 the same day"
    named = _DESCRIPTION.search(words) is not None and "\n" not in words and not context.within("options", gap)
    if named and last.time.end == offer.start:
        return True
    asked = not offer.time.at.has_end and (context.asked(offer.time.at) or context.beside("free", offer.time.at))
    if asked or last.time.alone is Role.OTHER:
        return False  # "I am in a meeting from 9 to 12. After that, from 13:00 on, we could talk"
    if context.within("then", gap):
        return True
    # "at 7.30 you join the round, and at 9.00 we sit down"
    return context.within("then_at", gap) and context.after("subject_after", offer.time.at)


def _told_in_one(context: Context, run: Sequence[Offer]) -> bool:
    """Whether three times or more of a sentence are each told with what happens then: "10.00 welcome, 10.15 interview,
    11.00 tour"."""
    if len(run) < _PARTS or any(offer.time.at.has_date for offer in run[1:]):
        return False
    for last, offer in pairwise(run):
        words = context.normal[last.time.at.end : offer.time.at.row]
        told = _DESCRIPTION.search(words) is not None and words.rstrip(" (").endswith((",", ";"))
        if (
            not told
            or len(words) > _TOLD
            or _END_OF.search(words)
            or context.within("joins_days", (last.time.at.end, offer.time.at.row))
        ):
            return False
    return True


def _spanning(context: Context, group: Sequence[Offer]) -> Offer:
    first, last = group[0], group[-1]
    end = last.time.end
    if end is None and _ends_day(context, last):
        end = last.start
    quote = first.quote if end is None else f"{first.quote} … {last.quote}"
    return replace(
        first, time=replace(first.time, end=end, sure=all(o.time.sure for o in group)), quote=quote, whole=True
    )


def _ends_day(context: Context, offer: Offer) -> bool:
    """Whether a row is the end of the plan rather than a part of it ("12:00 End")."""
    right = context.text.find("\n", offer.time.at.end)
    return context.within("day_end", (offer.time.at.end, right if right >= 0 else len(context.text)))


def _finished(context: Context, found: list[Offer]) -> list[Offer]:
    """A day's stated end goes to its first time; rows in between belong to it."""
    kept = list(found)
    kept = _framed(context, kept)
    for finish in (offer for offer in found if offer.role is Role.FINISH):
        same_day = [
            o for o in kept if o.role is Role.PROPOSED and o.time.day == finish.time.day and o.start < finish.start
        ]
        if not same_day:
            continue
        likely = [o for o in same_day if o.time.alone in (None, Role.PROPOSED)] or same_day
        first = min(likely, key=lambda offer: offer.start)
        rows = [o for o in same_day if o is not first and (_row(context, o) or o.start == first.start)]
        kept = [o for o in kept if o not in rows]
        kept[kept.index(first)] = replace(first, time=replace(first.time, end=finish.start), whole=True)
    return [offer for offer in kept if offer.role is not Role.FINISH]


def _aside_of(context: Context, offer: Offer, frame: Offer) -> bool:
    """Whether a time is told in the sentence of a fixed range: "9:00 to 16:30, lunch at 12:30"."""
    fixed = frame.time.loose is False and not frame.time.between and not context.asked(offer.time.at)
    return fixed and _same_run(context, frame.time.at, offer.time.at.start)


def _framed(context: Context, found: list[Offer]) -> list[Offer]:
    """A range with rows inside it is the whole day, and the rows are its parts."""
    for frame in found:
        inside = [o for o in found if o is not frame and _inside(o, frame)]
        if len(inside) > 1 or any(o.whole or _aside_of(context, o, frame) for o in inside):
            whole = replace(frame, role=Role.PROPOSED, whole=True)
            return [whole if o is frame else o for o in found if o not in inside]
    return found


def _inside(offer: Offer, frame: Offer) -> bool:
    """Whether a time lies in a long range that was named before it."""
    if offer.role is not Role.PROPOSED or frame.role is not Role.PROPOSED or frame.time.end is None:
        return False
    if frame.time.end - frame.start < _LONG or offer.time.at.start < frame.time.at.end or offer.time.at.has_date:
        return False
    return frame.start <= offer.start <= (offer.time.end or offer.start) <= frame.time.end


# --- windows ------------------------------------------------------------------------------------------------------


def _as_window(context: Context, offer: Offer, length: int | None) -> Offer:
    """The offer, called a window where it is one; an open range that nobody is free in is a start."""
    item = offer.time
    if offer.role is not Role.PROPOSED or item.start is None or offer.whole:
        return offer
    if item.at.first is FirstSight.WEEKDAYS:
        offered = item.at.day is Day.WEEKDAY and any(context.near(sign, item.at) for sign in _CHOICE)
        return replace(offer, role=Role.WINDOW if offered and not context.near("hours", item.at) else Role.OTHER)
    if item.end is None:
        if context.touches("past_before", item.at):  # "after 2": nobody begins a talk so
            early, late = (context.touched_from(sign, item.at) for sign in ("early_before", "after_before"))
            before = early is not None and (late is None or early <= late)  # "not after", but "not before"
            return replace(offer, role=Role.OTHER if before else Role.WINDOW)
        if (length is not None and context.near("takes_time", item.at)) or _heads_list(context, item.at):
            return offer  # "takes an hour for you from 13:00", "starting at 9:00, 11:00 or 13:00"
        free = any(context.near(sign, item.at) for sign in ("free", "i_am")) or context.headed("free", item.at)
        if free and (_said(context, "after_before", item.at) or context.after("after_after", item.at)):
            return replace(offer, role=Role.WINDOW)
        early = free and _said(context, "early_before", item.at) and not context.before("visit_before", item.at)
        return replace(offer, role=Role.OTHER) if early else offer
    return replace(offer, role=Role.WINDOW) if _is_loose(context, item, length) else offer


def _heads_list(context: Context, at: Stretch) -> bool:
    """Whether bare clocks go on behind a time: "9:00, 11:00 or 13:00"."""
    following = next((other for other in context.later(at)), None)
    if following is None or following.has_end or following.has_date or not following.has_clock:
        return False
    between = context.normal[at.end : following.start]
    return len(between) <= _LISTED and not _DESCRIPTION.search(between.replace(" or ", "").replace(" oder ", ""))


def _said(context: Context, sign: str, item: Stretch) -> bool:
    """Whether a cue belongs to a time: directly before it, or between its date and its clock."""
    return context.before(sign, item) or context.within(sign, (item.start, item.row))


def _every_day(found: list[Offer]) -> list[Offer]:
    """The same hours of several days are all for one thing: what most of them are for, and windows if one is."""
    rows: dict[int, list[Offer]] = {}
    for offer in found:
        if offer.time.at.first is FirstSight.DAILY:
            rows.setdefault(offer.time.at.row, []).append(offer)
    roles: dict[int, Role] = {}
    for row, offers_ in rows.items():
        offered = [offer.role for offer in offers_ if offer.role in (Role.PROPOSED, Role.WINDOW)]
        if len(offers_) > 1 and offered:
            several = len(offers_) >= _DAYS and all(o.time.end and o.time.end - o.start <= _HALF_DAY for o in offers_)
            common = Role.WINDOW if several or Role.WINDOW in offered else Role.PROPOSED
            roles[row] = common if 2 * len(offered) >= len(offers_) else Role.OTHER
    return [
        replace(offer, role=roles[offer.time.at.row])
        if offer.time.at.first is FirstSight.DAILY and offer.time.at.row in roles
        else offer
        for offer in found
    ]


def _alike(context: Context, found: list[Offer]) -> list[Offer]:
    """ "Between 9 and 11, or Thursday after 15:00": beside a window, an open or long range is one, too."""
    windows = [offer for offer in found if offer.role is Role.WINDOW]
    if not windows:
        return found
    closed = any(offer.time.end for offer in windows)
    return [
        replace(offer, role=Role.WINDOW)
        if offer.role is Role.PROPOSED
        and not offer.whole
        and offer.time.loose is None
        and (closed or offer.time.end)
        and _like_window(context, offer)
        else offer
        for offer in found
    ]


def _settled(context: Context, found: list[Offer]) -> list[Offer]:
    """ "I am in Berlin from 15:00 on. Shall we meet at 16:00?": no window in which a later sentence names a time."""
    return [
        offer
        for offer in found
        if not (
            offer.role is Role.WINDOW
            and offer.time.end is None
            and any(
                other.role is Role.PROPOSED
                and not other.time.at.has_date
                and other.time.day == offer.time.day
                and other.start > offer.start
                and context.sentence(offer.time.at.start, offer.time.at.end)[1] <= other.time.at.start
                for other in found
            )
        )
    ]


def _like_window(context: Context, offer: Offer) -> bool:
    """Whether a range is open, or as long as windows are."""
    if offer.time.end is not None:
        return offer.time.end - offer.start >= _LONG
    return _said(context, "after_before", offer.time.at) or context.after("after_after", offer.time.at)


def _uneven(context: Context, found: list[Offer], length: int | None) -> list[Offer]:
    """Ranges of different lengths in one mail are no talks, which would all take the same: they are windows."""
    if length is not None or context.within("agenda", (0, len(context.text))):
        return found
    ranges = {
        id(offer): offer.time.end - offer.start
        for offer in found
        if offer.role is Role.PROPOSED
        and offer.time.end is not None
        and not offer.whole
        and offer.time.loose is not False
    }
    if len(set(ranges.values())) < 2 or min(ranges.values()) < _SHORT:
        return found
    return [replace(offer, role=Role.WINDOW) if id(offer) in ranges else offer for offer in found]


def _hours_asked(context: Context, found: list[Offer], length: int | None) -> list[Offer]:
    """Long ranges are windows where the mail asks for an hour inside them, or where one range holds for several days
    of which one is to be chosen ("Wednesday or Thursday, 16-18 h each")."""
    if length is not None or context.within("agenda", (0, len(context.text))):
        return found
    rows = Counter(offer.time.at.row for offer in found if offer.role is Role.PROPOSED)
    return [
        replace(offer, role=Role.WINDOW)
        if offer.role is Role.PROPOSED and not offer.whole and _asked_hour(context, offer, rows[offer.time.at.row])
        else offer
        for offer in found
    ]


def _asked_hour(context: Context, offer: Offer, days: int) -> bool:
    at, end = offer.time.at, offer.time.end
    if end is None or end - offer.start < _SHARED:
        return False
    if context.near("asks_hour", at) or context.within("asks_hour", (at.end, at.end + _SOON)):
        return True
    return days > 1 and end - offer.start <= _HALF_DAY and context.near("joins_days", at)


def _is_loose(context: Context, item: Time, length: int | None) -> bool:
    assert item.start is not None
    assert item.end is not None
    span = item.end - item.start
    if item.loose is not None and (item.loose or span <= _HALF_DAY):
        return item.loose
    if item.at.first is FirstSight.DAILY and any(context.near(sign, item.at) for sign in _CHOICE):
        return True
    if length is not None and span <= timedelta(minutes=length) * 4 / 3:
        return False
    if item.between or _said(context, "between", item.at):
        return True
    if length is not None and span >= 2 * timedelta(minutes=length):
        return True
    if context.before("fixed_span", item.at):
        return False
    free = any(find("free", item.at) for find in (context.near, context.headed)) or context.after("free_after", item.at)
    free = free or context.before("has_before", item.at)
    free = free or (context.near("in_place", item.at) and item.at.day >= Day.WEEKDAY)
    return free and span >= _LONG
