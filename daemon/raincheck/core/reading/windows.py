"""Which ranges are windows: looser than the talk is long, called one, open, or with hours to choose from."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from raincheck.core.reading.context import Context, Day, Stretch
from raincheck.core.reading.offer import DESCRIPTION, LONG, Offer, Time
from raincheck.core.reading.roles import OFFERED, Role, is_earliest
from raincheck.core.reading.times import Role as FirstSight

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHORT = timedelta(minutes=60)  # a range from which on it may be a window
_SHARED = timedelta(minutes=120)  # hours that hold for several days
_HALF_DAY = timedelta(hours=4)
_SEVERAL = 3  # ranges of different lengths that are windows, though the talk has one of its own
_DAYS = 3  # with the same hours, one of which is to be chosen
_LISTED = 8  # characters between the clocks of a list
_SOON = 250  # characters behind an offer in which the question for an hour follows
_BEHIND = 20  # characters from a range to what is said of all of it
_CLOSED = re.compile(r"[ \t]*(?:[),.;\n\x1e]|$)")
_INSIDE = ("i_am", "in_place", "asks_hour")  # of hours in which somebody is there
_THERE = (*_INSIDE, "free", "choice", "options", "which_of")  # or of hours to choose from
_PLAN = 300  # characters behind a range in which the head of its plan follows
_MARK = r"(?:[-*•·–]|\d{1,2}[.)])[ \t]"
_PLAN_ROWS = re.compile(  # the rest of the line, and the rows of a list, two at least
    rf"[^\n\x1e:]{{0,60}}:[ \t]*[\n\x1e]{{1,3}}[ \t]*{_MARK}[^\n\x1e]{{1,200}}[\n\x1e]{{1,3}}[ \t]*{_MARK}"
)
_CHOICE = ("between", "free", "asks", "choice", "options")


def with_windows(context: Context, found: list[Offer], length: int | None) -> list[Offer]:
    """The offers, those called windows that are; length: of the talk in minutes, where the mail says it."""
    if context.says("whole_after"):
        found = [replace(offer, whole=True) if _called_whole(context, offer) else offer for offer in found]
        length = next((int(_span(o) / timedelta(minutes=1)) for o in found if _called_whole(context, o)), length)
    if context.says("all_days"):
        found = [replace(offer, whole=True) if _of_its_day(offer) else offer for offer in found]
    found = _even(context, [_as_window(context, offer, length) for offer in found], length)
    found = _uneven(context, found, length)
    found = _alike(context, _hours_asked(context, _every_day(context, found), length), length)
    return _without_busy(context, _settled(context, found), length)


def _of_its_day(offer: Offer) -> bool:
    """Whether a range tells the hours of one of several days: "Thursday, 14:00 to 17:30, and Friday, 9:00 to 12:00"."""
    item = offer.time
    return offer.role is Role.PROPOSED and item.end is not None and not item.between and item.at.has_date


def _called_whole(context: Context, offer: Offer) -> bool:
    """Whether the words behind a range say that it is all of the appointment: "9:00 - 10:30 (whole visit)". Any length
    told beside is that of a part, and other ranges as long are appointments, too."""
    at = offer.time.at
    if offer.role is not Role.PROPOSED or offer.time.end is None or offer.time.between:
        return False
    return any(
        start - at.end <= _BEHIND and _CLOSED.match(context.normal, end) and context.after("whole_after", at)
        for start, end in context.hits["whole_after"]
        if start >= at.end
    )


def is_picked_from(context: Context, at: Stretch) -> bool:
    """Whether a range is one to choose a part from: "9:00 to 12:00; pick any 30 minutes in it"."""
    if not at.has_end:
        return False
    if context.near("picks_part", at):
        return True
    following = context.following(at)
    return context.within("picks_part", following) and not context.has_clocks(*following)


def _as_window(context: Context, offer: Offer, length: int | None) -> Offer:
    """The offer, called a window where it is one; an open range that nobody is free in is a start."""
    item = offer.time
    if offer.role is not Role.PROPOSED or item.start is None or offer.whole:
        return offer
    if item.at.first is FirstSight.WEEKDAYS:
        offered = item.at.day is Day.WEEKDAY and any(context.near(sign, item.at) for sign in _CHOICE)
        return replace(offer, role=Role.WINDOW if offered and not context.near("hours", item.at) else Role.OTHER)
    if item.end is None:
        if is_earliest(context, item.at):
            return offer
        if context.touches("past_before", item.at):  # "after 2": nobody begins a talk so
            early, late = (context.touched_from(sign, item.at) for sign in ("early_before", "after_before"))
            before = early is not None and (late is None or early <= late)  # "not after", but "not before"
            return replace(offer, role=Role.OTHER if before else Role.WINDOW)
        if (length is not None and context.near("takes_time", item.at)) or _heads_list(context, item.at):
            return offer  # "takes an hour for you from 13:00", "starting at 9:00, 11:00 or 13:00"
        free = any(context.near(sign, item.at) for sign in ("free", "i_am")) or context.headed("free", item.at)
        free = free or bool(item.loose and item.open_end)
        offered = context.asked(item.at) or context.near("options", item.at)
        if offered and context.touches("after_before", item.at) and not context.near("move", item.at):
            return replace(offer, role=Role.WINDOW)  # "Monday at 10 or Tuesday from 2pm"
        if free and (_said(context, "after_before", item.at) or context.after("after_after", item.at)):
            return replace(offer, role=Role.WINDOW)
        early = free and _said(context, "early_before", item.at) and not context.before("visit_before", item.at)
        return replace(offer, role=Role.OTHER) if early else offer
    shorter = length is None or item.end - item.start > timedelta(minutes=length)
    if shorter and is_picked_from(context, item.at):
        return replace(offer, role=Role.WINDOW)
    if _has_plan(context, item):
        return replace(offer, whole=True)
    if _is_loose(context, item, length):
        return replace(offer, role=Role.WINDOW)
    return replace(offer, whole=True) if _is_whole_day(context, item, length) else offer


def _has_plan(context: Context, item: Time) -> bool:
    """Whether a list behind a range, headed as a plan, tells in rows without clocks what happens in it: "10:00 to 1:00.
    The morning goes like this:". Hours to choose from are none, nor hours in which somebody is there."""
    at = item.at
    if item.between or at.first is not FirstSight.PROPOSAL or context.asked(at):
        return False
    left, _ = context.sentence(at.start, at.end)
    for start, end in context.hits_within("plan_head", (at.end, at.end + _PLAN)):
        rows = _PLAN_ROWS.match(context.normal, end)
        if rows is not None and not context.has_clocks(at.end, rows.end()):
            return not any(context.within(sign, (left, start)) for sign in _THERE)
    return False


def _is_whole_day(context: Context, item: Time, length: int | None) -> bool:
    """Whether a long range is all of a day that has a plan, and fixed: "8.00 to about 15.00", of an assessment day. One
    in which somebody is there is none, nor one with a plan alone and a talk that is much shorter."""
    assert item.start is not None
    assert item.end is not None
    span = item.end - item.start
    if span <= _HALF_DAY or item.loose is not False or item.between:
        return False
    if any(context.near(sign, item.at) for sign in ("i_am", "in_place", "asks_hour")):
        return False
    if context.says("day_long"):
        return True
    return context.says("agenda") and not (length is not None and span >= 2 * timedelta(minutes=length))


def _even(context: Context, found: list[Offer], length: int | None) -> list[Offer]:
    """Ranges as long as one of their sentence that is surely a talk are talks, unless a talk is said to be shorter:
    "Monday, 11:30 to 13:00, or later, 15:00 to 16:30"."""
    fixed = [
        offer
        for offer in found
        if offer.role is Role.PROPOSED and offer.time.end is not None and offer.time.loose is False and not offer.whole
    ]
    return [
        replace(offer, role=Role.PROPOSED)
        if offer.role is Role.WINDOW
        and offer.time.end is not None
        and not offer.time.between
        and _span(offer) <= LONG
        and (length is None or _span(offer) <= timedelta(minutes=length))
        and (
            any(_span(o) == _span(offer) and context.shares_sentence(o.time.at, offer.time.at.start) for o in fixed)
            or _is_twin(context, offer, found)
        )
        else offer
        for offer in found
    ]


def _is_twin(context: Context, offer: Offer, found: list[Offer]) -> bool:
    """Whether two ranges at different hours, each with its date, are as long as one talk is, and it is not plain for
    both that they are windows: "Wednesday, 22 April, 10:30 to 12:00, or Thursday, 23 April, 15:30 to 17:00"."""
    pair = [o for o in found if o.role in OFFERED and context.shares_sentence(o.time.at, offer.time.at.start)]
    if len(pair) != 2 or any(o.time.end is None or o.time.between or o.time.at.day is not Day.FULL for o in pair):
        return False
    one, other = pair
    if _span(one) != _span(other) or one.start.time() == other.start.time() or is_picked_from(context, offer.time.at):
        return False
    free = any(context.near(sign, offer.time.at) for sign in ("free", *_INSIDE))
    return not free and any(o.time.loose is None for o in pair)


def _span(offer: Offer) -> timedelta:
    return offer.time.end - offer.start if offer.time.end is not None else timedelta(0)


def _heads_list(context: Context, at: Stretch) -> bool:
    """Whether bare clocks go on behind a time: "9:00, 11:00 or 13:00"."""
    following = context.next_time(at)
    if following is None or following.has_end or following.has_date or not following.has_clock:
        return False
    between = context.normal[at.end : following.start]
    return len(between) <= _LISTED and all(
        context.within("joins_days", (at.end + word.start(), at.end + word.end()))
        for word in DESCRIPTION.finditer(between)
    )


def _said(context: Context, sign: str, item: Stretch) -> bool:
    """Whether a cue belongs to a time: directly before it, or between its date and its clock."""
    return context.before(sign, item) or context.leads_clock(sign, item)


def _chosen(context: Context, offer: Offer) -> bool:
    """Whether a time is to be chosen in the sentence of an offer, or in the next."""
    at = offer.time.at
    return context.near("choice", at) or context.within("choice", context.following(at))


def _every_day(context: Context, found: list[Offer]) -> list[Offer]:
    """The same hours of several days are all for one thing: what most of them are for, and windows if one is."""
    rows: dict[int, list[Offer]] = {}
    for offer in found:
        if offer.time.at.first is FirstSight.DAILY:
            rows.setdefault(offer.time.at.row, []).append(offer)
    roles: dict[int, Role] = {}
    for row, offers_ in rows.items():
        offered = [offer.role for offer in offers_ if offer.role in OFFERED]
        if len(offers_) > 1 and offered:
            several = len(offers_) >= _DAYS and all(
                o.time.end and (o.time.end - o.start <= _HALF_DAY or _chosen(context, o)) for o in offers_
            )
            common = Role.WINDOW if several or Role.WINDOW in offered else Role.PROPOSED
            roles[row] = common if 2 * len(offered) >= len(offers_) else Role.OTHER
    return [
        replace(offer, role=roles[offer.time.at.row])
        if offer.time.at.first is FirstSight.DAILY and offer.time.at.row in roles
        else offer
        for offer in found
    ]


def _alike(context: Context, found: list[Offer], length: int | None) -> list[Offer]:
    """ "Between 9 and 11, or Thursday after 15:00": beside a window, an open or long range is one, too."""
    windows = [offer for offer in found if offer.role is Role.WINDOW]
    if not windows:
        return found
    closed = any(offer.time.end for offer in windows)
    return [
        replace(offer, role=Role.WINDOW)
        if offer.role is Role.PROPOSED
        and not offer.whole
        and not _is_exact(_span(offer), length)
        and (offer.time.loose is None or offer.time.end is None or _in_one(context, offer, windows))
        and (closed or offer.time.end)
        and _like_window(context, offer)
        else offer
        for offer in found
    ]


def _in_one(context: Context, offer: Offer, windows: list[Offer]) -> bool:
    """Whether one sentence tells a range and a window."""
    return any(context.shares_sentence(window.time.at, offer.time.at.start) for window in windows)


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


def _without_busy(context: Context, found: list[Offer], length: int | None) -> list[Offer]:
    """ "I'm around 9-4 but teaching 10-12": a window without the hours inside it that the writer calls taken."""
    busy = [
        offer
        for offer in found
        if offer.time.start is not None
        and (offer.taken or (offer.role is Role.OTHER and offer.time.end is not None and _taken(context, offer)))
    ]
    return [part for offer in found for part in _parts(context, offer, busy, length)] if busy else found


def _taken(context: Context, offer: Offer) -> bool:
    """Whether the words around hours say that the writer has something else to do in them."""
    at = offer.time.at
    told = context.before("others_before", at) or context.after("other_after", at)
    return told or any(context.beside(sign, at) for sign in ("busy", "negative", "foreign"))


def _parts(context: Context, window: Offer, busy: list[Offer], length: int | None) -> Iterator[Offer]:
    """What the hours told as taken leave of a window: those of its sentence or the next, or said to be gone at all."""
    start, end = window.time.start, window.time.end
    if window.role is not Role.WINDOW or start is None:
        yield window
        return
    _, near = context.following(window.time.at)
    told = [other for other in busy if other.taken or window.time.at.end <= other.time.at.start < near]
    hours = ((other, _on_day_of(window, other, length)) for other in told)
    for (begin, finish), other in sorted(
        ((hour, other) for other, hour in hours if hour is not None), key=lambda h: h[0]
    ):
        if finish <= start or (end is not None and begin >= end):
            continue
        if other.time.doubt == "hour" and not (start <= begin and (end is None or finish <= end)):
            continue  # "come between 2 and 5, we bake from 4 till 11": in the morning, it seems
        if start < begin:
            yield replace(window, time=replace(window.time, start=start, end=begin, open_end=False))
        start = finish
    if end is None or start < end:
        yield replace(window, time=replace(window.time, start=start))


def _on_day_of(window: Offer, busy: Offer, length: int | None) -> tuple[datetime, datetime] | None:
    """The taken hours on the day of a window: they hold for every day where the window does and they name none. A
    begin alone takes as long as a talk."""
    begin, finish = busy.start, busy.time.end
    if busy.time.at.first is FirstSight.DAILY:
        return None
    if finish is None:
        finish = begin + (timedelta(minutes=length) if length else _SHORT)
    if window.time.at.first is FirstSight.DAILY and not busy.time.at.has_date:
        days = window.start.date() - begin.date()
        return begin + days, finish + days
    return (begin, finish) if begin.date() == window.start.date() else None


def _like_window(context: Context, offer: Offer) -> bool:
    """Whether a range is open, or as long as windows are."""
    if offer.time.end is not None:
        return offer.time.end - offer.start >= LONG
    if offer.time.at.has_end:
        return False  # "moved from 14:30 to 12:45"
    return (
        offer.time.open_end
        or _said(context, "after_before", offer.time.at)
        or context.after("after_after", offer.time.at)
    )


def _uneven(context: Context, found: list[Offer], length: int | None) -> list[Offer]:
    """Ranges of different lengths in one mail are no talks, which would all take the same: they are windows. One just
    as long as the talk is said to be leaves nothing to choose."""
    if context.says("agenda"):
        return found
    ranges = {
        id(offer): offer.time.end - offer.start
        for offer in found
        if (offer.role is Role.PROPOSED or (length is not None and offer.role is Role.WINDOW))
        and offer.time.end is not None
        and not offer.whole
        and (length is not None or offer.time.loose is not False or offer.time.end - offer.start >= _SHARED)
    }
    if len(set(ranges.values())) < 2 or min(ranges.values()) < _SHORT:
        return found
    if length is not None and (min(ranges.values()) < timedelta(minutes=length) or len(ranges) < _SEVERAL):
        return found
    looser = {key for key, span in ranges.items() if not _is_exact(span, length)}
    return [replace(offer, role=Role.WINDOW) if id(offer) in looser else offer for offer in found]


def _is_exact(span: timedelta, length: int | None) -> bool:
    """Whether a range is just as long as the talk is said to be."""
    return length is not None and span == timedelta(minutes=length)


def _hours_asked(context: Context, found: list[Offer], length: int | None) -> list[Offer]:
    """Long ranges are windows where the mail asks for an hour inside them, or where one range holds for several days
    of which one is to be chosen ("Wednesday or Thursday, 16-18 h each"), or which are far longer than the talk."""
    if context.says("agenda"):
        return found
    rows = Counter(offer.time.at.row for offer in found if offer.role is Role.PROPOSED)
    if length is not None:
        twice = timedelta(minutes=2 * length)
        return [
            replace(offer, role=Role.WINDOW)
            if offer.role is Role.PROPOSED and not offer.whole and rows[offer.time.at.row] > 1 and _span(offer) >= twice
            else offer
            for offer in found
        ]
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
    return days > 1 and end - offer.start <= _HALF_DAY and is_of_either_day(context, at)


def is_of_either_day(context: Context, at: Stretch) -> bool:
    """Whether days are joined by an "or" in the sentence of their hours, or in the next."""
    return context.near("joins_days", at) or context.within("joins_days", context.following(at))


def _is_loose(context: Context, item: Time, length: int | None) -> bool:
    assert item.start is not None
    assert item.end is not None
    span = item.end - item.start
    if span <= _HALF_DAY and not item.between:
        if length is None and context.row_label("when_label", item.at):
            return False  # "When: Friday, 13:00-14:15"
        if span <= LONG and context.opens_below("held_before", item.at):
            return False  # "invite you to an interview", and in a paragraph of its own "Wednesday from 14:00 to 15:30"
        if context.before("fixed_for", item.at) and not context.asked(item.at):
            return False  # "your interview is set for Monday, 9 to 13"
    if item.loose is not None and (item.loose or span <= _HALF_DAY or _is_whole_day(context, item, length)):
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
    return free and span >= LONG
