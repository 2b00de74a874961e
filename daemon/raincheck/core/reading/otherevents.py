"""Times of what happens beside the talk: an event, a later step, what somebody else does then.

Its words stand in the clause of the time, before it in its sentence, or in the label of its row. Where the same clause
names the talk, too, the time is taken to be the talk's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.core.reading.asides import OFFERING, offers_time
from raincheck.core.reading.context import MAX_GAP, Day
from raincheck.core.reading.roles import OFFERED, Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from raincheck.core.reading.context import Context, Stretch
    from raincheck.core.reading.offer import Offer

_ASIDE = 160  # characters on either side of a time in a bracket that quotes
_REACH = 90  # characters from the name of an event to its time
_QUOTES = tuple("\"“„»‚'”")
_QUOTED = " .:,\n" + "".join(_QUOTES)  # between such words and the time
_ENDS = (". ", ": ", ".\n", ":\n")  # of a sentence, also before a small letter, or of what introduces a time


def without_other_events(context: Context, found: Sequence[Offer], now: datetime | None = None) -> list[Offer]:
    """The offers, where those of other events are none; `now` is the mail's wall clock."""
    return [
        replace(offer, role=_role(context, offer, found, now)) if offer.role in OFFERED else offer for offer in found
    ]


def _role(context: Context, offer: Offer, found: Sequence[Offer], now: datetime | None) -> Role:
    """What a time that is taken for an offer is for."""
    at = offer.time.at
    if context.row_called("arrival_row", at):
        return Role.ARRIVAL
    _, right = context.sentence(at.start, at.end)
    asked = context.asked(at) and not context.has_clocks(at.end, right)
    back = context.reaches("returns", at) and not (at.has_end or offer.time.open_end or asked)
    if back and not (_is_for_talk(context, at, found) or context.within("talk", context.clause(at.start, at.end))):
        return Role.OTHER  # "I am back on Wednesday at 9:00"
    if context.row_called("other_row", at) or _of_event(context, at) or _of_later_step(context, at):
        return Role.OTHER
    if _when_told(context, offer, now) or _keeps_hour(context, at) or _in_reason(context, at):
        return Role.OTHER
    other = _is_example(context, at) or _in_quoted_aside(context, at) or _bounds(context, at) or _ends_days(context, at)
    other = other or _of_part(context, offer, found) or _beside_turn(context, offer, found)
    return Role.OTHER if other else offer.role


def _is_for_talk(context: Context, at: Stretch, found: Sequence[Offer]) -> bool:
    """Whether a time is the only one of the text, and its sentence or the one before speaks of a talk: "I'd like to
    interview you. I am back on Wednesday at 9:00, come by then"."""
    around = (context.sentence(at.start, at.end), context.preceding(at))
    return len(found) == 1 and any(context.within(sign, span) for sign in ("invites", "talk") for span in around)


def _in_reason(context: Context, at: Stretch) -> bool:
    """Whether a bare clock stands in a clause that gives the reason for another one: "as the boat only docks at two,
    let's say three o'clock on Tuesday"."""
    left, right = clause = context.clause(at.start, at.end)
    begin = max(left - 1, 0)  # a word that breaks a clause is its first
    reasons = (start for start, _ in context.hits.get("reason", ()) if begin <= start < at.start)
    led = any(not context.normal[begin:start].strip(" ,\n\x1e") for start in reasons)
    if at.has_date or not led or any(context.within(sign, clause) for sign in ("reader", *OFFERING)):
        return False
    _, end = context.sentence(at.start, at.end)
    return context.has_clocks(right, end)


def _keeps_hour(context: Context, at: Stretch) -> bool:
    """Whether "same time" tells the hour to which a talk is moved, whose day is not told with it: "could we push our
    talk by a day, same time?"."""
    left, right = context.sentence(at.start, at.end)
    told = at.named is not None and left <= at.named[0] < right
    moved = any(context.within(sign, (left, right)) for sign in ("shifted", "move", "we_move", "moves_talk"))
    return not told and moved and context.inside("same_hour", at)


def _is_example(context: Context, at: Stretch) -> bool:
    """Whether a time stands in quotation marks behind "for example": it shows how to write one."""
    return any(
        end <= at.start <= end + len(_QUOTED)
        and context.normal[end : at.start].strip()[-1:] in _QUOTES
        and not context.normal[end : at.start].strip(_QUOTED)
        for _, end in context.hits.get("example_before", ())
    )


def _in_quoted_aside(context: Context, at: Stretch) -> bool:
    """Whether a time stands in a bracket that quotes: a talk ("A tenant rang at 4.45 on Friday: what do you do?")."""
    left = context.text.rfind("(", max(0, at.start - _ASIDE), at.start)
    right = context.text.find(")", at.end, at.end + _ASIDE)
    if min(left, right) < 0 or ")" in context.text[left : at.start]:
        return False
    inner = context.text[left + 1 : right].strip()
    return inner[:1] in _QUOTES and inner[-1:] in _QUOTES


def _bounds(context: Context, at: Stretch) -> bool:
    """Whether a time is one end of some days: "three slots between Monday, 9:00, and Wednesday, 17:00"."""
    return any(
        context.before("between", first) and _days_apart(context, first, last) for first, last in context.neighbours(at)
    )


def _days_apart(context: Context, first: Stretch, last: Stretch) -> bool:
    """Whether two clocks, each with its day, stand side by side."""
    full = all(each.has_clock and each.has_date and not each.has_end for each in (first, last))
    return full and context.side_by_side(first, last)


def _ends_days(context: Context, at: Stretch) -> bool:
    """Whether a time is when several days end: "assessment centre from Tuesday 9:00 to Wednesday 16:00"."""
    earlier = context.earlier(at)
    if not earlier or not context.near("day_long", at) or context.near("move", at):
        return False
    first = earlier[-1]
    led = context.before("from_before", first) and context.touches_start("span_to", at)
    return led and first.has_clock and first.has_date and at.has_date and at.start - first.end <= MAX_GAP


def _of_part(context: Context, offer: Offer, found: Sequence[Offer]) -> bool:
    """Whether the word before a bare clock is a part of the day, and that before another one is the talk: "sign-in
    13:45, interview 14:00, tour 15:00"."""
    at = offer.time.at
    if at.has_date or not any(context.touches_start(sign, at) for sign in ("part", "arrival_row")):
        return False
    return any(
        other.role is Role.PROPOSED
        and other is not offer
        and other.time.day == offer.time.day
        and context.shares_sentence(at, other.time.at.start)
        and context.touches_start("talk", other.time.at)
        for other in found
    )


def _beside_turn(context: Context, offer: Offer, found: Sequence[Offer]) -> bool:
    """Whether a sentence tells the reader's turn, and a bare clock behind it is another one's: "you are on at 18:30,
    the rehearsal proper starts at 19:15"."""
    at = offer.time.at
    if at.has_date or context.asked(at) or context.leads("own_turn", at) or offers_time(context, at, OFFERING):
        return False
    return any(
        other.role is Role.PROPOSED
        and other.time.day == offer.time.day
        and other.time.at.end <= at.start
        and context.leads("own_turn", other.time.at)
        and context.shares_sentence(at, other.time.at.start)
        for other in found
    )


def _when_told(context: Context, offer: Offer, now: datetime | None) -> bool:
    """Whether something was said at a time: "as discussed on Friday at 3, we would like to see you on Tuesday at 10",
    but not on a date that is to come."""
    at = offer.time.at
    ahead = at.day is Day.FULL and now is not None and offer.time.day is not None and offer.time.day > now.date()
    return not ahead and context.before("as_told", at) and context.after("told_after", at) and bool(context.later(at))


def _of_event(context: Context, at: Stretch) -> bool:
    """Whether the words around a time name another event, and no talk."""
    if context.reaches("past", at) and context.reaches("past_talk", at) and not context.asked(at):
        return True
    events = context.hits.get("event", ())
    if not events or (at.has_end and context.plan_row(at)):
        return False  # what a row of the day's plan names is a part of the day: "8.30 - 8.50  Welcome and induction"
    clause = context.clause(at.start, at.end)
    if context.reaches("event", at):
        return not _names_talk(context, clause, events) and not _opens_talk(context, at, events)
    if not context.leads("event", at, reach=_REACH):
        return False
    begin = max(end for _, end in events if end <= at.start)
    ended = any(mark in context.normal[begin : at.start] for mark in _ENDS)
    ended = ended or (begin <= clause[0] and _names_talk(context, clause, events))
    return not ended and not context.within("talk", (begin, at.start)) and not _opens_talk(context, at, events)


def _opens_talk(context: Context, at: Stretch, events: Sequence[tuple[int, int]]) -> bool:
    """Whether the talk itself begins with the event, so that it has the time of it: "on Thursday at 14:00 we start with
    a tech check, then the interview"; no other time is told, and no other day."""
    sentence = context.sentence(at.start, at.end)
    following = context.following(at)
    told = (sentence, following) if context.begins("then", following) else (sentence,)
    alone = not (context.earlier(at) or context.later(at))
    opened = context.within("opens_with", sentence) and context.within("warm_up", sentence)
    if not (alone and opened) or context.has_times(*following):
        return False
    return any(_names_talk(context, span, events) and not context.within("other_days", span) for span in told)


def _names_talk(context: Context, clause: tuple[int, int], events: Sequence[tuple[int, int]]) -> bool:
    """Whether a clause names the talk, but for the words that name the event ("a call with your referee")."""
    return any(
        not any(first <= start and end <= last for first, last in events)
        for start, end in context.hits_within("talk", clause)
    )


def _of_later_step(context: Context, at: Stretch) -> bool:
    """Whether the sentence of a time tells what follows once the talk went well: "if all goes well, stage two would be
    on Friday at 10"."""
    left, right = context.sentence(at.start, at.end)
    before = context.hits_within("later_step", (left, at.start))
    if before:  # "if you pass the test, your interview is on Friday": the talk comes first in no other sentence
        return context.has_clocks(0, left) or not context.within("talk", (before[0][1], at.start))
    behind = context.hits_within("later_step", (at.end, right))
    return bool(behind) and not context.has_times(at.end, right)
