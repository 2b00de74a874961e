"""Times that a later sentence states of something else: "... on Tuesday at 10? Our delivery arrives at 11:30".

Owns when a sentence behind a talk whose day and hour were told offers nothing more: it speaks to nobody, and asks,
moves and chooses nothing. What other events are called, `otherevents` knows.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.core.reading.roles import OFFERED, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.core.reading.context import Context, Stretch
    from raincheck.core.reading.offer import Offer

_STATED = 3  # words besides a time that make a sentence
OFFERING = (  # in the clause of a time that is offered
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


def without_asides(context: Context, found: Sequence[Offer]) -> list[Offer]:
    """The offers without the times that a later sentence, or a bracket, states of something else than a talk whose day
    and hour were told: "... on Tuesday at 10? Our delivery arrives at 11:30"."""
    told = [offer for offer in found if offer.role is Role.PROPOSED and (offer.time.at.has_date or offer.time.at.named)]
    return [
        replace(offer, role=Role.OTHER) if offer.time.start is not None and _is_aside(context, offer, told) else offer
        for offer in found
    ]


def _is_aside(context: Context, offer: Offer, told: Sequence[Offer]) -> bool:
    """Whether a time is stated of something else than a talk that was told before."""
    at = offer.time.at
    talks = told if at.has_date else [talk for talk in told if talk.time.day == offer.time.day]
    if not at.has_date and any(_during(context, offer, talk) or _follows(context, offer, talk) for talk in talks):
        return True
    if not talks or not _is_stated(context, offer):
        return False
    left, _ = _statement(context, at)
    talks = [talk for talk in talks if talk.time.at.end <= left and talk.start != offer.start]
    if at.has_date:
        return _is_apart(context, at) and any(_is_fixed(context, talk) for talk in talks)
    # its sentence neither speaks to the reader nor offers, asks, moves or chooses a time
    signs = (*OFFERING, *_THERE) if at.has_end else OFFERING
    return bool(talks) and not offers_time(context, at, ("reader", *signs))


def _during(context: Context, offer: Offer, talk: Offer) -> bool:
    """Whether a later sentence tells what happens inside the hours of a talk: "9:00 to 12:30. Coffee at 10:30."."""
    at, end = offer.time.at, talk.time.end
    if end is None or talk.role is not Role.PROPOSED or not talk.start < offer.start < end or at.has_end:
        return False
    left, _ = _statement(context, at)
    return talk.time.at.end <= left and not context.asked(at) and not offers_time(context, at, ("reader", *OFFERING))


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
    return not offers_time(context, at, OFFERING) and not any(context.within(sign, sentence) for sign in _OF_TALKS)


def _is_fixed(context: Context, talk: Offer) -> bool:
    """Whether the sentence of a talk names it, and leaves no choice."""
    at = talk.time.at
    return context.near("talk", at) and not (context.asked(at) or any(context.near(sign, at) for sign in _CHOICE))


def _is_stated(context: Context, offer: Offer) -> bool:
    """Whether a time stands in a statement of some words, in no list and no plan."""
    at = offer.time.at
    if offer.role not in OFFERED or offer.whole or context.asked(at):
        return False
    if context.in_plan(at) or context.plan_row(at) or _ITEM.match(context.line(at)):
        return False
    if context.before("talk", at) or context.after("talk", at):
        return False
    left, right = _statement(context, at)
    return context.has_words(left, right, _STATED) and not context.begins("restates", (left, right))


def offers_time(context: Context, at: Stretch, signs: Sequence[str]) -> bool:
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
