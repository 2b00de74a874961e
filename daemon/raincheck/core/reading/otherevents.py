"""Times of what happens beside the talk: an event, a later step, what somebody else does then.

Its words stand in the clause of the time, before it in its sentence, or in the label of its row. Where the same clause
names the talk, too, the time is taken to be the talk's.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.core.reading.context import MAX_GAP, Day
from raincheck.core.reading.roles import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from raincheck.core.reading.context import Context, Stretch
    from raincheck.core.reading.offer import Offer

_REACH = 90  # characters from the name of an event to its time
_QUOTES = tuple("\"“„»‚'”")
_QUOTED = " .:,\n" + "".join(_QUOTES)  # between such words and the time
_ENDS = (". ", ": ", ".\n", ":\n")  # of a sentence, also before a small letter, or of what introduces a time
_TAKEN = frozenset({Role.PROPOSED, Role.WINDOW})
_STATED = 3  # words besides a time that make a sentence
_OFFERING = (  # in the clause of a time that is offered
    "asks", "begins_talk", "choice", "free", "free_after", "instead_after", "invites", "meets", "move", "moved_to",
    "on_offer", "options", "own_turn", "proposes", "turn_after", "would_do",
)  # fmt: skip
_OF_TALKS = ("arrival", "be_there", "meeting", "move", "parted", "see_you", "stages", "talk")  # in its sentence
_ELSEWHERE = ("event", "foreign", "other_row")  # in the sentence of another event
_CHOICE = ("asks", "choice", "conditional", "joins_days", "move", "options")  # in that of a talk that is not fixed
_ELSE = ("conditional", "fallback", "joins_days")  # in its sentence
_ITEM = re.compile(r"\s*(?:[-*•·–]|\w{1,2}[.)]\s)|.*\t")  # the line of a list, or the row of a table
_THERE = ("between", "i_am", "in_place", "there_is")  # in the clause of hours that are offered
_STOP = re.compile(r"([^\W\d_]{2,})[.!?]+[ \n]")  # of a sentence that goes on in small letters


def without_other_events(context: Context, found: Sequence[Offer], now: datetime | None = None) -> list[Offer]:
    """The offers, where those of other events are none; `now` is the mail's wall clock."""
    return [
        replace(offer, role=_role(context, offer, found, now)) if offer.role in _TAKEN else offer for offer in found
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
    other = _is_example(context, at) or _bounds(context, at) or _ends_days(context, at)
    other = other or _of_part(context, offer, found) or _beside_turn(context, offer, found)
    return Role.OTHER if other else offer.role


def _is_for_talk(context: Context, at: Stretch, found: Sequence[Offer]) -> bool:
    """Whether a time is the only one of the text, and its sentence or the one before speaks of a talk: "I'd like to
    interview you. I am back on Wednesday at 9:00, come by then"."""
    around = (context.sentence(at.start, at.end), context.preceding(at))
    return len(found) == 1 and any(context.within(sign, span) for sign in ("invites", "talk") for span in around)


def without_asides(context: Context, found: Sequence[Offer]) -> list[Offer]:
    """The offers without the times that a later sentence, or a bracket, states of something else than a talk whose day
    and hour were told: "... on Tuesday at 10? Our delivery arrives at 11:30"."""
    told = [offer for offer in found if offer.role is Role.PROPOSED and (offer.time.at.has_date or offer.time.at.named)]
    return [replace(offer, role=Role.OTHER) if _is_aside(context, offer, told) else offer for offer in found]


def _is_aside(context: Context, offer: Offer, told: Sequence[Offer]) -> bool:
    """Whether a time is stated of something else than a talk that was told before."""
    at = offer.time.at
    talks = told if at.has_date else [talk for talk in told if talk.time.day == offer.time.day]
    if not at.has_date and any(_within(context, offer, talk) or _follows(context, offer, talk) for talk in talks):
        return True
    if not talks or not _is_stated(context, offer):
        return False
    left, _ = _statement(context, at)
    talks = [talk for talk in talks if talk.time.at.end <= left and talk.start != offer.start]
    if at.has_date:
        return _is_apart(context, at) and any(_is_fixed(context, talk) for talk in talks)
    # its sentence neither speaks to the reader nor offers, asks, moves or chooses a time
    signs = (*_OFFERING, *_THERE) if at.has_end else _OFFERING
    return bool(talks) and not _offers(context, at, ("reader", *signs))


def _within(context: Context, offer: Offer, talk: Offer) -> bool:
    """Whether a later sentence tells what happens inside the hours of a talk: "9:00 to 12:30. Coffee at 10:30."."""
    at, end = offer.time.at, talk.time.end
    if end is None or talk.role is not Role.PROPOSED or not talk.start < offer.start < end or at.has_end:
        return False
    left, _ = _statement(context, at)
    return talk.time.at.end <= left and not context.asked(at) and not _offers(context, at, ("reader", *_OFFERING))


def _follows(context: Context, offer: Offer, talk: Offer) -> bool:
    """Whether a sentence tells what comes behind the talk on its day: "afterwards (about 11:00) we show you round"."""
    sentence = context.sentence(offer.time.at.start, offer.time.at.end)
    later = talk.time.at.end <= sentence[0] and offer.start > talk.start
    return later and not context.asked(offer.time.at) and context.begins("afterwards", sentence)


def _is_apart(context: Context, at: Stretch) -> bool:
    """Whether the sentence of a time with a day of its own names another event, but no talk: "your interview is on
    Tuesday at 14:00. You will receive a reminder on Monday at 9:00". Without such a word it may be a second talk:
    "Your second follows on Wednesday at 11:00"."""
    sentence = _statement(context, at)
    if at.has_end or not any(context.within(sign, sentence) for sign in _ELSEWHERE):
        return False
    return not _offers(context, at, _OFFERING) and not any(context.within(sign, sentence) for sign in _OF_TALKS)


def _is_fixed(context: Context, talk: Offer) -> bool:
    """Whether the sentence of a talk names it, and leaves no choice."""
    at = talk.time.at
    return context.near("talk", at) and not (context.asked(at) or any(context.near(sign, at) for sign in _CHOICE))


def _is_stated(context: Context, offer: Offer) -> bool:
    """Whether a time stands in a statement of some words, in no list and no plan."""
    at = offer.time.at
    if offer.role not in _TAKEN or offer.whole or context.asked(at):
        return False
    if context.in_plan(at) or context.plan_row(at) or _ITEM.match(context.line(at)):
        return False
    if context.before("talk", at) or context.after("talk", at):
        return False
    left, right = _statement(context, at)
    return context.has_words(left, right, _STATED) and not context.begins("restates", (left, right))


def _offers(context: Context, at: Stretch, signs: Sequence[str]) -> bool:
    """Whether the clause of a time has one of these signs, or its sentence tells of another choice."""
    left, right = _statement(context, at)
    first, last = context.clause(at.start, at.end)
    clause = max(first, left), min(last, right)
    offered = any(context.within(sign, clause) for sign in signs) or context.called_start(at)
    return offered or any(context.within(sign, (left, right)) for sign in _ELSE)


def _statement(context: Context, at: Stretch) -> tuple[int, int]:
    """The sentence of a time, or what stands in the bracket around it; a stop ends one before a small letter, too."""
    left, right = context.sentence(at.start, at.end)
    stops = _STOP.finditer(context.text, left, at.start)
    left = max((stop.end() for stop in stops if stop[1].lower() not in context.abbreviations), default=left)
    opened = context.normal.rfind("(", left, at.start)
    if opened < 0 or ")" in context.normal[opened : at.start]:
        return left, right
    closed = context.normal.find(")", at.end, right)
    return opened + 1, closed if closed >= 0 else right


def _in_reason(context: Context, at: Stretch) -> bool:
    """Whether a bare clock stands in a clause that gives the reason for another one: "as the boat only docks at two,
    let's say three o'clock on Tuesday"."""
    left, right = clause = context.clause(at.start, at.end)
    begin = max(left - 1, 0)  # a word that breaks a clause is its first
    reasons = (start for start, _ in context.hits.get("reason", ()) if begin <= start < at.start)
    led = any(not context.normal[begin:start].strip(" ,\n\x1e") for start in reasons)
    if at.has_date or not led or any(context.within(sign, clause) for sign in ("reader", *_OFFERING)):
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
    if at.has_date or context.asked(at) or context.leads("own_turn", at) or _offers(context, at, _OFFERING):
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
    if not events:
        return False
    clause = context.clause(at.start, at.end)
    if context.reaches("event", at):
        return not _names_talk(context, clause, events)
    if not context.leads("event", at, reach=_REACH):
        return False
    begin = max(end for _, end in events if end <= at.start)
    ended = any(mark in context.normal[begin : at.start] for mark in _ENDS)
    return not ended and not context.within("talk", (begin, at.start))


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
