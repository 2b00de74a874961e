"""The times of one text, put together and sorted by what they are for: slots, windows, deadlines, old times.

Owns the order of the steps, and the day that a bare clock takes from the date around it. What makes one slot of a day's
plan is in `agenda`, what makes a window in `windows`, which day and moment a deadline means in `lastmoment`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from raincheck.core.reading.agenda import row_words, with_agendas
from raincheck.core.reading.asides import without_asides
from raincheck.core.reading.context import Context, Day
from raincheck.core.reading.corrected import corrected
from raincheck.core.reading.lastmoment import at_the_latest, last_moment, on_day_meant
from raincheck.core.reading.offer import Offer, Time
from raincheck.core.reading.otherdenials import sifted_context
from raincheck.core.reading.otherevents import without_other_events
from raincheck.core.reading.ownrow import own_rows
from raincheck.core.reading.roles import Role, is_mere_wish
from raincheck.core.reading.rowends import ended_in_rows
from raincheck.core.reading.taken import without_taken
from raincheck.core.reading.times import Role as FirstSight
from raincheck.core.reading.twins import Elsewhere, at_one_moment, without_twins
from raincheck.core.reading.windows import is_of_either_day, is_picked_from, with_windows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import tzinfo

    from raincheck.core.reading.context import RoleCues, Stretch
    from raincheck.core.reading.purpose import Purpose

MAX_TIMES = 150  # of one text
_NEAR = 600  # characters between a date and the bare clock that belongs to it
_LONGEST = timedelta(hours=12)  # from the begin of a day to its end
_LEAD = timedelta(minutes=60)  # before a talk, in which one meets beforehand or dials in
_ITEM = 120  # characters of an item of a list
_DAY_LINES = 3  # that make a list of days
_ITEM_MARK = re.compile(r"[-*•·–]|\w{1,2}[.)]")
_CLOCKS = re.compile(r"[^\n]*\d(?: ?(?:[ap]\.?m\b\.?|uhr\b|h\b|o'clock))?")  # up to the last of them
_DAYS_OFF = ("negative", "not_days", "taken", "day_off")
_LENDING_NO_DAY = (Role.DEADLINE, Role.OTHER, Role.PREVIOUS, Role.CANDIDATE)
_FAR = timedelta(days=320)  # "after our call on 4 November" in a mail of the 12th: without a year, it is past
_TURNS = timedelta(hours=4)  # from the begin of an evening to the reader's turn
_HALF, _DAYBREAK = timedelta(hours=12), 6  # o'clock


def context_of(text: str, times: Sequence[Time], cues: RoleCues) -> Context:
    """The text with its cues and times."""
    return sifted_context(text, cues, [item.at for item in _first(times)])


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
    names: frozenset[str] = frozenset(),
) -> list[Offer]:
    """What each time of a text is for, in reading order; bare dates only as deadlines.

    `now` is the mail's wall clock: a deadline with an hour alone is today's. `zone` holds for clocks without a stated
    one, `length` is the talk's in minutes where the mail says it, `purposes` tells what each time is for, `elsewhere`
    are the other zones in which a time may be said again, `names` are those of the reader.
    """
    times = [near for item in times if (near := _near_day(context, item, now)) is not None]
    if not times:
        return []
    whole = ended_in_rows(context, _ended(context, _first(times)), length)
    judged = [
        (purpose.role, replace(item, alone=purpose.alone, loose=purpose.loose))
        for purpose, item in zip(purposes(context, whole), whole, strict=True)
    ]
    found = [
        Offer(
            what,
            last_moment(context, item) if what is Role.DEADLINE else item,
            context.text[item.at.start : item.at.end],
        )
        for what, item in _dated(context, _moved(context, judged), zone)
        if what is not None and (item.start is not None or what is Role.DEADLINE)
    ]
    found = [at_the_latest(context, each, whole) for each in found]
    found = [offer for each in found if (offer := on_day_meant(context, each, whole, now)) is not None]
    found = [
        replace(offer, role=Role.OTHER) if offer.role is Role.PROPOSED and offer.time.doubt == "midnight" else offer
        for offer in found
    ]
    found = without_other_events(context, corrected(context, without_taken(context, found), whole), now)
    found = _on_days_off(context, _without_preludes(context, _without_old(found)), whole)
    if elsewhere is not None:
        found = _by_readers_clock(context, found, elsewhere)
        found = without_twins(context, found, elsewhere)
    found = [offer for offer in found if not _not_meant(context, offer, found)]
    found = own_rows(context, found, names)
    found = with_agendas(context, sorted(found, key=lambda offer: (offer.time.day or date.min, offer.time.at.start)))
    found = _together(found, [_standing_alone(context, offer, found) for offer in found])
    found = without_asides(context, found)
    found = _as_long(context, with_windows(context, found, length))
    return [_deadline(context, offer) if offer.role is Role.DEADLINE else offer for offer in found]


def _deadline(context: Context, offer: Offer) -> Offer:
    at = offer.time.at
    return replace(offer, answer=context.near("answer", at), wish=is_mere_wish(context, at))


def _as_long(context: Context, found: list[Offer]) -> list[Offer]:
    """The offers; a begin beside which "same length" stands gets the end that follows from the others: "Thu from 10
    to 11:30, or Friday at 15:00 (same length)"."""
    if not context.says("same_length"):
        return found
    slots = [offer for offer in found if offer.role is Role.PROPOSED]
    lengths = {offer.time.end - offer.start for offer in slots if offer.time.end is not None}
    if len(lengths) != 1:
        return found
    (length,) = lengths
    return [
        replace(offer, time=replace(offer.time, end=offer.start + length))
        if offer.role is Role.PROPOSED and offer.time.end is None and _same_length(context, offer.time.at)
        else offer
        for offer in found
    ]


def _same_length(context: Context, at: Stretch) -> bool:
    """Whether "same length" is all that stands right behind a time, in a bracket of its sentence, or in the next one;
    not "just as long as you bring your papers", "not as long"."""
    normal, (_, right) = context.normal, context.sentence(at.start, at.end)
    for start, end in context.hits.get("same_length", ()):
        rest = normal[end : context.sentence(start, end)[1]].strip()
        if start < at.end or context.has_times(at.end, start) or (rest and rest[0] not in ")]"):
            continue
        gap = normal[at.end : start].rstrip()
        if start >= right:  # in a sentence of its own
            told = not normal[right:start].strip(" \n.!;")
        else:
            told = gap.endswith(("(", "[")) or context.is_empty(at.end, start)
        if told:
            return True
    return False


def _near_day(context: Context, item: Time, now: datetime | None) -> Time | None:
    """The time; where its day is nearly a year ahead and its year not written, that day was just over: then it is left
    out, and a clock that only took its day from it stands alone."""
    if now is None or item.day is None or item.day - now.date() <= _FAR:
        return item
    day = context.text[slice(*item.at.named)] if item.at.named is not None else ""
    if str(item.day.year) in day + context.text[item.at.start : item.at.end]:
        return item
    if item.at.has_date or item.start is None:
        return None
    end = item.end.time() if item.end else None
    return replace(item, day=None, clock=item.start.time(), end_clock=end, start=None, end=None)


def _together(found: Sequence[Offer], alone: Sequence[Offer]) -> list[Offer]:
    """The offers as they stand alone, but for a clock of several days: all of them are offered where one is ("Monday 7,
    Tuesday 8 and Friday 11 December at 10:00")."""
    offered = {after.time.at.row for after in alone if after.role is Role.PROPOSED}
    return [
        offer if offer.role is Role.PROPOSED and offer.time.at.row in offered else after
        for offer, after in zip(found, alone, strict=True)
    ]


def _standing_alone(context: Context, offer: Offer, found: Sequence[Offer]) -> Offer:
    """What is proposed as its words say, but looks like something else, unless it is a day's plan, a talk before which
    one meets, or a range from which the reader is asked to pick."""
    alone = offer.time.alone
    if offer.role is not Role.PROPOSED or alone is None or offer.whole:
        return offer
    if is_picked_from(context, offer.time.at) or _answers_question(context, offer.time):
        return offer
    if any(_beside_in_list(context, offer, other) for other in found) or _of_either_day(context, offer, found):
        return offer
    if _in_day_list(context, offer, found):
        return offer
    met = any(o.role is Role.ARRIVAL and timedelta(0) < offer.start - o.start <= _LEAD for o in found)
    return offer if met else replace(offer, role=alone)


def _of_either_day(context: Context, offer: Offer, found: Sequence[Offer]) -> bool:
    """Whether hours hold for several days, one of which is to be chosen: "Tuesday 8 or Wednesday 9, 10:00-13:00"."""
    at = offer.time.at
    again = any(o.time.at.row == at.row and o.time.day != offer.time.day for o in found)
    return again and at.has_end and is_of_either_day(context, at)


def _beside_in_list(context: Context, offer: Offer, other: Offer) -> bool:
    """Whether a time heads the line above or below one that is offered, each with its day: the next item of a list."""
    if other.role is not Role.PROPOSED or other.time.alone not in (None, Role.PROPOSED) or other is offer:
        return False
    first, second = sorted((offer.time.at, other.time.at), key=lambda at: at.row)
    if not 0 < second.start - first.end <= _ITEM or context.text.count("\n", first.end, second.start) != 1:
        return False
    return _line_head(context, first) and _line_head(context, second)


def _on_days_off(context: Context, found: Sequence[Offer], times: Sequence[Time]) -> list[Offer]:
    """The offers, in doubt where their weekday alone would mean a day on which nobody is there: "we are closed on
    Friday 3 April. Would Thursday or Friday at 10 suit you?"."""
    off = {
        item.day
        for item in times
        if item.at.day is Day.FULL and not item.at.has_clock and any(context.reaches(s, item.at) for s in _DAYS_OFF)
    }
    return [
        replace(
            offer,
            time=replace(
                offer.time,
                sure=False,
                doubt="next",
                alternatives=(offer.start.isoformat(), (offer.start + timedelta(weeks=1)).isoformat()),
            ),
        )
        if offer.time.start is not None and offer.time.day in off and Day.NONE < offer.time.at.day < Day.FULL
        else offer
        for offer in found
    ]


def _by_readers_clock(context: Context, found: Sequence[Offer], elsewhere: Elsewhere) -> list[Offer]:
    """The offers, those in the reader's zone whose words say so: "by Thursday, 15:00 (your time)", "Friday at 4 your
    time (3 here)"; and with one all before it in its list: "9-11 and 13-15 your time"."""
    if not elsewhere.known:
        return list(found)
    told: dict[int, Offer] = {}
    for items in _lists(context, found):
        if not _told_for_reader(context, items[-1]):
            continue
        first, last = items[0], items[-1]
        told |= {id(offer): _in_zone(offer, elsewhere.own) for offer in items}
        twins = len(items) == 2 and at_one_moment(first, last, elsewhere)
        listed = last.time.at.has_date or any(
            context.near(sign, last.time.at) for sign in ("options", "choice", "free")
        )
        if twins and not (listed or _or_between(context, first, last)):  # "at 3pm, 4pm your time"
            told[id(first)] = _in_zone(first, elsewhere.sender)
    return [told.get(id(offer), offer) for offer in found]


def _lists(context: Context, found: Sequence[Offer]) -> list[list[Offer]]:
    """The clocks without a stated zone, together where they make a list; only the last of one may be told for the
    reader."""
    lists: list[list[Offer]] = []
    for offer in sorted(found, key=lambda offer: offer.time.at.row):
        if offer.time.stated or offer.time.start is None:
            lists.append([])
        elif lists and lists[-1] and _is_next(context, lists[-1][-1], offer):
            lists[-1].append(offer)
        else:
            lists.append([offer])
    return [items for items in lists if items]


def _is_next(context: Context, first: Offer, second: Offer) -> bool:
    """Whether a clock follows another in a list of which neither names a zone before it."""
    left, right = _between(context, first, second)
    return (
        left <= right
        and first.role is second.role
        and context.shares_sentence(first.time.at, right)
        and context.is_empty(left, right)
        and not context.within("our_time", (first.time.at.row, right))
        and not _told_for_reader(context, first)
    )


def _or_between(context: Context, first: Offer, second: Offer) -> bool:
    return context.within("also_told", (_between(context, first, second)[0], second.time.at.row))


def _between(context: Context, first: Offer, second: Offer) -> tuple[int, int]:
    """What stands between two times; "4:15 or 5 your time on Tuesday": the first ends with the day of both, and what
    counts is its clock."""
    left, right = first.time.at.end, second.time.at.start
    shared = _CLOCKS.match(context.normal, first.time.at.row, right) if left > right else None
    return (left if shared is None else shared.end()), right


def _told_for_reader(context: Context, offer: Offer) -> bool:
    at = offer.time.at
    return context.after("reader_time", at) if offer.role is Role.DEADLINE else context.told_for_reader(at)


def _in_zone(offer: Offer, zone: tzinfo) -> Offer:
    """The offer with its clocks in that zone."""
    item = offer.time
    start, end, *others = (
        moment.replace(tzinfo=zone) if moment is not None else None
        for moment in (item.start, item.end, *map(datetime.fromisoformat, item.alternatives))
    )
    told = tuple(other.isoformat() for other in others if other is not None)
    return replace(offer, time=replace(item, start=start, end=end, alternatives=told, zone=zone))


def _in_day_list(context: Context, offer: Offer, found: Sequence[Offer]) -> bool:
    """Whether a time stands in a list whose lines each begin with a day, where two others are offered: "Tue: 9-12",
    "Wed: not at all", "Thu: only from 11"."""
    lines = context.day_lines(offer.time.at)
    others = [
        other
        for other in found
        if other.role is Role.PROPOSED and other.time.alone in (None, Role.PROPOSED) and other is not offer
    ]
    return len(lines) >= _DAY_LINES and len({at for o in others if (at := context.line_start(o.time.at)) in lines}) > 1


def _line_head(context: Context, at: Stretch) -> bool:
    """Whether a day and its time begin a line, behind the mark or number of a list, or a clock the row of a table."""
    row = context.text.rfind("\n", 0, at.row) + 1
    if not (at.has_date or context.text[row : at.row].strip()) and "\t" in context.text[at.end :].partition("\n")[0]:
        return True
    begin = at.named[0] if at.named is not None and at.named[0] < at.start else at.start
    left = context.text.rfind("\n", 0, begin) + 1
    return (at.has_date or begin < at.start) and not _ITEM_MARK.sub("", context.text[left:begin]).strip()


def _answers_question(context: Context, item: Time) -> bool:
    """Whether a range without a date stands right behind the question for an hour of its day: "When would you like to
    come on Friday? We are there 9:00-17:00"."""
    if not item.at.has_end or not context.near("i_am", item.at):
        return False
    left, right = before = context.preceding(item.at)
    named = item.at.named is not None and left <= item.at.named[0] < right
    return named and context.text[right : right + 1] == "?" and context.within("asks_hour", before)


def _without_old(found: list[Offer]) -> list[Offer]:
    """No talk is moved to where it was: "we have to push Thursday 10:00 back by a week, same time"."""
    old = {offer.start for offer in found if offer.role is Role.PREVIOUS and offer.time.start is not None}
    return [
        replace(offer, role=Role.OTHER) if offer.role is Role.PROPOSED and offer.start in old else offer
        for offer in found
    ]


def _without_preludes(context: Context, found: list[Offer]) -> list[Offer]:
    """ "Tuesday 11 May, 14:00. I meet you at 13:30 in the lobby": a bare clock told after a dated one, shortly before
    it, is when one meets beforehand, unless it is to be chosen."""
    dated = [
        o
        for o in found
        if o.role is Role.PROPOSED
        and (
            o.time.at.has_date
            or context.called_start(o.time.at)
            or any(context.before(sign, o.time.at) for sign in ("begin_before", "begins_talk"))
        )
    ]
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
    if not (main.has_date or context.called_start(main)):
        return False
    if at.has_date or at.has_end or not (at.start > main.end and timedelta(0) < talk.start - offer.start <= _LEAD):
        return False
    left, _ = context.sentence(at.start, at.end)
    if left <= main.start or context.asked(at):
        return False
    chosen = not context.before("begin_before", at) and any(
        context.near(sign, at) for sign in ("options", "choice", "asks", "conditional", "instead_after", "move")
    )
    return not chosen and row_words(context, offer) is None


def _not_meant(context: Context, offer: Offer, found: Sequence[Offer]) -> bool:
    """ "The panel sits from 9:00 to 12:00. You are on at 10:20": a range that says nothing of the reader, in which the
    next sentence gives the reader a turn; a begin before such a turn ("from 19:00 on, you are on at 19:45"); or a
    time that the next sentence takes back."""
    at, end = offer.time.at, offer.time.end
    if offer.role is Role.PROPOSED and context.asked(at) and context.begins("taken_back", context.following(at)):
        return True  # "on Boxing Day at 10? Just kidding"
    if offer.role is Role.PROPOSED and offer.time.open_end:
        return any(
            o.role is Role.PROPOSED
            and o.time.day == offer.time.day
            and offer.start < o.start <= offer.start + _TURNS
            and context.shares_sentence(at, o.time.at.start)
            and (context.leads("own_turn", o.time.at) or context.after("turn_after", o.time.at))
            for o in found
        )
    if offer.role is Role.PROPOSED and end is None and _opens(context, offer, found):
        return True
    if offer.role is not Role.PROPOSED or end is None:
        return False
    if _reachable(context, offer, found):
        return True
    if context.near("reader", at):
        return False
    following = context.following(at)
    return any(
        o.role is Role.PROPOSED
        and not o.time.at.has_date
        and following[0] <= o.time.at.start < following[1]
        and offer.start <= o.start < end
        and (context.leads("own_turn", o.time.at) or context.after("turn_after", o.time.at))
        for o in found
    )


def _opens(context: Context, offer: Offer, found: Sequence[Offer]) -> bool:
    """ "The board meets at 19:00, it is your turn at 19:45": when something begins in which the reader has a turn, told
    in the same sentence or the next. Words for the reader beside it would make it theirs."""
    if not context.says("in_turn"):
        return False
    at = offer.time.at
    left, right = context.clause(at.start, at.end)
    turn = min((start for start, _ in context.hits["in_turn"] if start >= at.end), default=left)
    if context.asked(at) or any(context.within(sign, (left, min(turn, right))) for sign in ("own_row", "reader")):
        return False
    _, near = context.following(at)
    return turn >= at.end and any(
        o.role is Role.PROPOSED
        and o.time.day == offer.time.day
        and at.end <= o.time.at.row < near
        and timedelta(0) < o.start - offer.start <= _TURNS
        and context.beside("in_turn", o.time.at)
        for o in found
    )


def _reachable(context: Context, offer: Offer, found: Sequence[Offer]) -> bool:
    """ "We expect you on Tuesday at 9. If not, ring me: between 7 and 8 you can reach me": hours in a sentence of their
    own, with a day that only another time names."""
    at = offer.time.at
    if at.has_date or context.asked(at) or not context.beside("reached", at) or context.beside("joins_days", at):
        return False
    dated = [o for o in found if o.role is Role.PROPOSED and o.time.day == offer.time.day and o is not offer]
    return bool(dated) and not any(context.shares_sentence(at, o.time.at.start) for o in dated)


def _leads_to(context: Context, offer: Offer, talk: Offer) -> bool:
    """ "Join at 9:55 for a 10:00 start", "be at the gate at 8:00, your talk begins at 8:15": the first of two times in
    a sentence, where the second is called the start; or in two where the first says to be there."""
    if not timedelta(0) < talk.start - offer.start <= _LEAD or offer.time.at.row >= talk.time.at.row:
        return False
    if context.leads("own_turn", offer.time.at):
        return False  # "you are on at 18:30, the rehearsal proper starts at 19:15"
    there = context.leads("be_there", offer.time.at, reach=60)
    following = context.following(offer.time.at)
    next_one = there and following[0] <= talk.time.at.row < following[1]
    if not (context.shares_sentence(offer.time.at, talk.time.at.row) or next_one):
        return False
    if context.called_start(talk.time.at) or (there and context.before("begins_talk", talk.time.at)):
        return True
    begins = context.before("begin_before", talk.time.at) and context.within(
        "talk", (offer.time.at.end, talk.time.at.row)
    )
    return begins and there


def _moved(context: Context, judged: Sequence[tuple[Role | None, Time]]) -> list[tuple[Role | None, Time]]:
    """ "Move our call from 2pm to 4pm" reads like a range: its begin is the old time, its end the new one."""
    split: list[tuple[Role | None, Time]] = []
    for what, item in judged:
        worded = "-" not in context.normal[item.at.start : item.at.end]  # "10:00-11:00" is all of the old one
        if what is Role.PREVIOUS and item.at.has_end and worded and context.leads("move", item.at):
            new = item.end
            if new is not None and item.start is not None and new.date() > item.start.date():
                new -= timedelta(days=1)  # "brought forward from 15:00 to 13:30"
                new += _HALF if new.hour < _DAYBREAK else timedelta(0)  # "from 14:30 to 12:45"
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
    """The times, where one that a column or a label calls the end goes to the begin before it, or before a bracket."""
    kept: list[Time] = []
    for item in times:
        aside = len(kept) > 1 and any(context.before_bracket(kept[-1].at))  # "8:30 (doors open at 8:00)"
        begin = len(kept) - 1 - aside
        last = kept[begin] if kept else None
        joined = _with_finish(last, item) if last is not None and context.begins_and_ends(last.at, item.at) else None
        if joined is None:
            kept.append(item)
        else:
            kept[begin] = joined
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
        own = what is judged[index][0] is Role.DEADLINE and context.shares_sentence(item.at, here.start)
        if item.day is None or (what in _LENDING_NO_DAY and not own):
            continue
        if context.within("other_days", (item.at.end, here.start)):
            break  # "Wednesday is not possible; on the other days from 9:00"
        if here.start - item.at.end > _NEAR or (
            days and (item.start is not None or not context.shares_sentence(item.at, last))
        ):
            break
        days.insert(0, item.day)
        last = item.at.start
        if item.start is not None:
            break
    return days or _days_behind(context, judged, index)


def _next_line(context: Context, last: int, item: Time) -> bool:
    """Whether a day heads the line below the one that another ended."""
    return context.text.count("\n", last, item.at.start) == 1 and _line_head(context, item.at)


def _days_behind(context: Context, judged: Sequence[tuple[Role | None, Time]], index: int) -> list[date]:
    days: list[date] = []
    last = 0
    own = judged[index][0]
    for what, item in judged[index + 1 :]:
        if item.day is None:
            if days:
                break
            continue
        if item.at.first is FirstSight.HABIT:
            break  # "any day but Monday"
        here = judged[index][1].at
        if item.start is not None and not days and context.shares_sentence(here, item.at.start):
            return [item.day]  # "10:00 with us and 11:00 with the team, on Monday"
        # "by the end of school (3 pm) on Thursday": the hour of a deadline stands before its day
        told = what is own is Role.DEADLINE and context.shares_sentence(here, item.at.start)
        if item.start is not None or not (what is None or told) or item.at.start - here.end > _NEAR:
            break
        if days and not context.shares_sentence(item.at, last) and not _next_line(context, last, item):
            break
        days.append(item.day)
        last = item.at.end
    return days
