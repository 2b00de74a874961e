"""One time said twice, in two zones: "4pm Manila / 10am Berlin", "8:30pm here = 8:30am where you are", a table with a
column a city. The second naming is no time of its own.

Nothing is believed for the words alone: both namings must be the same instant.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from raincheck.core.reading.roles import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from raincheck.core.reading.context import Context
    from raincheck.core.reading.offer import Offer

_GAP = 90  # characters between the two namings
_SAID_TWICE = (Role.PROPOSED, Role.FINISH, Role.ARRIVAL)
_SUMMER = timedelta(hours=1)  # what summer time adds
_LABELLED = 6  # characters between the name of a place and its clock
_BEHIND = 16  # characters between a clock and the place whose clock it is


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a text says of other zones: the reader's (the writer's where that is not known), the writer's, and the
    places that it names as (start, end, zone)."""

    own: tzinfo
    sender: tzinfo
    known: bool  # whether the reader's is
    places: Sequence[tuple[int, int, tzinfo]] = ()


def at_one_moment(first: Offer, second: Offer, elsewhere: Elsewhere) -> bool:
    """Whether the writer's clock shows the first time when the reader's shows the second."""
    return first.start.replace(tzinfo=elsewhere.sender) == second.start.replace(tzinfo=elsewhere.own)


def without_twins(context: Context, found: Sequence[Offer], elsewhere: Elsewhere) -> list[Offer]:
    """The offers, each instant named once; the naming in the sender's zone is kept."""
    timed = sorted(
        (offer for offer in found if offer.role in _SAID_TWICE and offer.time.start is not None),
        key=lambda offer: offer.time.at.row,
    )
    kept: dict[int, Offer | None] = {}  # what becomes of an offer; None: it is dropped
    last: Offer | None = None
    for offer in timed:
        placed = _placed(context, last, offer, elsewhere) if last is not None else None
        if last is not None and placed is not None:
            kept |= {id(offer): None, id(last): placed}
            continue
        if last is not None and _close(context, last, offer) and _may_repeat(context, last, offer):
            again = _bracketed(context, last, offer, elsewhere.own) or _headed(context, last, offer, elsewhere.own)
            if again or _same(last, offer, _zone(context, offer, elsewhere)):
                kept |= {id(offer): None, id(last): _sure(last, offer)}
                continue
            if _same(offer, last, _zone(context, last, elsewhere)):
                kept |= {id(last): None, id(offer): _sure(offer, last)}
            renamed = _renamed(context, last, offer, elsewhere)
            if renamed is not None:
                kept |= {id(offer): None, id(last): renamed}
                continue
        told = _listed_again(context, timed, offer, elsewhere.own)
        if told is not None:
            kept |= {id(offer): None, id(told): _sure(told, offer)}
            continue
        last = offer
    return [after for offer in found if (after := kept.get(id(offer), offer)) is not None]


def _sure(offer: Offer, twin: Offer) -> Offer:
    """An hour of which the other naming leaves no doubt: "7:00 PST | 16:00 CET"."""
    told = offer.time.doubt == "hour" and twin.time.doubt != "hour"
    return replace(offer, time=replace(offer.time, sure=True, doubt="", alternatives=())) if told else offer


def _listed_again(context: Context, timed: Sequence[Offer], offer: Offer, own: tzinfo) -> Offer | None:
    """The time before that one of the reader's clock says again: "10:30 or 13:00 Atlantic, that would be 15:30 and
    18:00 where you are"."""
    left, right = context.sentence(offer.time.at.start, offer.time.at.end)
    if offer.time.at.has_date or not context.within("reader_time", (left, right)):
        return None
    first = min(left, context.preceding(offer.time.at)[0])  # "... at 1:30pm ET? I think that's 7:30pm for you"
    before = [o for o in timed if first <= o.time.at.start < offer.time.at.start]
    return next((o for o in before if _same(o, offer, own)), None)


def _placed(context: Context, first: Offer, second: Offer, elsewhere: Elsewhere) -> Offer | None:
    """The time that two clocks tell beside the names of their places: "London 2pm, Berlin 3pm", "5pm Singapore / 11am
    Berlin"; None for two times."""
    left, right = (_labelled(context, offer, elsewhere) for offer in (first, second))
    if left is None and right is None and not first.time.stated:
        left, right = (_place_behind(context, offer, elsewhere) for offer in (first, second))
    if left is None or right is None or second.time.at.has_date or second.time.at.row - first.time.at.end > _GAP:
        return None
    start = first.start.replace(tzinfo=left)
    if left.utcoffset(start) == right.utcoffset(start) or start != second.start.replace(tzinfo=right):
        return None
    end = first.time.end.replace(tzinfo=left) if first.time.end else None
    return replace(first, time=replace(first.time, start=start, end=end))


def _labelled(context: Context, offer: Offer, elsewhere: Elsewhere) -> tzinfo | None:
    """The zone of the place right before a clock: "London 2pm", "London: 14:00"."""
    at = offer.time.at.start if offer.time.at.clock is None else offer.time.at.clock
    near = (place for place in elsewhere.places if place[1] <= at <= place[1] + _LABELLED)
    return next((zone for _, end, zone in near if not context.text[end:at].strip(" :\t-–")), None)


def _bracketed(context: Context, first: Offer, second: Offer, own: tzinfo) -> bool:
    """Whether a bracket says a time again for the reader without naming the zone: "5.15pm AEST (8.15am)"."""
    between = context.text[first.time.at.end : second.time.at.row].strip()
    bare = not second.time.at.has_date and second.time.at.start - first.time.at.end <= _BEHIND
    closed = context.text[second.time.at.end :].lstrip()[:1] in (")", ",")
    return bare and closed and between.endswith("(") and _same(first, second, own)


def _headed(context: Context, first: Offer, second: Offer, own: tzinfo) -> bool:
    """Whether a slash parts a time from what the reader's clock shows then, under a head in which a slash parts the
    names of the zones: "(Japan time / German time)", and below it "16:00 / 9:00"."""
    if context.text[first.time.at.end : second.time.at.row].strip() != "/" or second.time.at.has_date:
        return False
    above = context.text[: context.line_start(first.time.at)].splitlines()
    head = next((line for line in reversed(above) if line.strip() and not any(map(str.isdigit, line))), "")
    return "/" in head and _same(first, second, own)


def _renamed(context: Context, first: Offer, second: Offer, elsewhere: Elsewhere) -> Offer | None:
    """The time that two clocks tell whose words say that they are one: "9:00 AM, which is 3:00 PM your time", "3pm your
    time (9am ours)", "3pm, so 4pm your time", "17.00 Uhr (bei mir 16.00 Uhr)"; None where they may be two.

    The reader's clock counts, since it is the one that the reader's calendar has.
    """
    left, right = first.time.at, second.time.at
    between = context.text[left.end : right.row].strip()
    said = _says_renamed(context, max(left.end, right.row - _BEHIND), right.row)
    if second.time.at.has_date and not said:
        return None
    next_sentence = said and context.following(left)[0] <= right.start < context.following(left)[1]
    if first.start == second.start or not (context.shares_sentence(left, right.start) or next_sentence):
        return None
    if context.within("also_told", (left.end, right.row)):
        return None
    behind, beside = (left.start, min(left.end + _BEHIND, right.row)), (right.row - _BEHIND, right.end + _BEHIND)
    reader, writer = (context.within(sign, beside) for sign in ("reader_time", "our_time"))
    said = said or ((reader or writer) and _told_so(context, first, second, elsewhere))
    named = elsewhere.known and _zone(context, second, elsewhere) == elsewhere.own
    reader = reader or (named and between.endswith("("))
    opened = (
        between.startswith("(")
        and (between == "(" or reader or writer)
        and context.text.find(")", right.end, right.end + 2 * _BEHIND) >= 0
    )
    yours = writer and context.within("reader_time", behind)
    here = reader and context.within("our_time", behind)
    if not (opened or yours or here or said or "=" in between):
        return None
    if yours or (writer and not here):
        return _at(first, first, elsewhere.own) if yours and elsewhere.known else first
    if (reader or here) and elsewhere.known and not first.time.stated:
        return _at(first, second, elsewhere.own, elsewhere.sender)
    if opened and first.time.stated:
        return first
    return replace(first, time=replace(first.time, sure=False, doubt="zone", alternatives=_both(first, second)))


def _told_so(context: Context, first: Offer, second: Offer, elsewhere: Elsewhere) -> bool:
    """Whether a clock follows from another one: "3pm, so 4pm your time", which is the same moment where either is."""
    behind = (first.time.at.end, second.time.at.row)
    near = any(context.is_empty(end, behind[1]) for _, end in context.hits_within("so_told", behind))
    return near and at_one_moment(first, second, elsewhere)


def _says_renamed(context: Context, begin: int, at: int) -> bool:
    """Whether words say right before a clock that it tells a time again; not "after that is best. 9.30?"."""
    return any(context.is_empty(end, at) for _, end in context.hits_within("renames", (begin, at)))


def _both(first: Offer, second: Offer) -> tuple[str, ...]:
    return first.start.isoformat(), second.start.isoformat()


def _at(offer: Offer, told: Offer, zone: tzinfo, written: tzinfo | None = None) -> Offer:
    """The offer at the clock of the one told, in that zone.

    written: the zone whose clock the offer has, and with it the day. An hour apart, and one of the two has forgotten
    that clocks are put forward on different days; more, and that zone is none of the writer's.
    """
    start = told.start.replace(tzinfo=zone)
    wall = start if written is None else offer.start.replace(tzinfo=written)
    start += timedelta(days=round((wall - start) / timedelta(days=1)))
    length = _length(told) or _length(offer)
    end = start + length if length is not None else None
    time = replace(offer.time, start=start, end=end, sure=True, doubt="", alternatives=())
    if timedelta() < abs(wall - start) <= _SUMMER:
        time = replace(time, sure=False, doubt="zone", alternatives=(start.isoformat(), wall.isoformat()))
    return replace(offer, time=time)


def _may_repeat(context: Context, first: Offer, second: Offer) -> bool:
    """Whether two times may be one: what begins and what ends are none, but for a bracket ("ends 11:45 (5:45 pm)")."""
    if first.role is second.role:
        return True
    bracket = context.text[first.time.at.end : second.time.at.row].strip() == "("
    return bracket and first.role is not Role.PROPOSED


def _close(context: Context, first: Offer, second: Offer) -> bool:
    left, right = first.time.at, second.time.at
    return left.end <= right.row <= left.end + _GAP and "\n" not in context.text[left.end : right.row].strip("\n")


def _same(kept: Offer, other: Offer, zone: tzinfo | None) -> bool:
    """Whether the other is what the clocks of that zone show at the instant of the first, or that instant itself with
    another zone stated."""
    halves = (0, -12, 12) if other.time.doubt == "hour" else (0,)
    if kept.start.utcoffset() != other.start.utcoffset() and kept.start in [
        other.start + timedelta(hours=half) for half in halves
    ]:
        return _length(kept) == _length(other)
    if zone is None:
        return False
    there = kept.start.astimezone(zone)
    if other.time.at.has_date and there.date() != other.start.date():
        return False  # "Tuesday at 3pm our time, or Wednesday at 4pm your time"
    if there.utcoffset() == kept.start.utcoffset() or (there.hour, there.minute) != (
        other.start.hour,
        other.start.minute,
    ):
        return False
    return None in (kept.time.end, other.time.end) or _length(kept) == _length(other)


def _length(offer: Offer) -> timedelta | None:
    return offer.time.end - offer.start if offer.time.end else None


def _zone(context: Context, offer: Offer, elsewhere: Elsewhere) -> tzinfo | None:
    """The zone that the words around a clock or the head of its column give it; None where they give none."""
    at = offer.time.at
    if (zone := _place_behind(context, offer, elsewhere)) is not None:
        return zone
    if context.within("reader_time", (at.row - _BEHIND, at.end + 2 * _BEHIND)):
        return elsewhere.own
    return _column(context, at.row, elsewhere)


def _place_behind(context: Context, offer: Offer, elsewhere: Elsewhere) -> tzinfo | None:
    """The zone of the place whose name follows a clock: "11am Berlin"."""
    at = offer.time.at
    for start, _, zone in elsewhere.places:
        if at.end <= start <= at.end + _BEHIND and not context.has_times(at.end, start):
            return zone
    return None


def _column(context: Context, at: int, elsewhere: Elsewhere) -> tzinfo | None:
    """The zone of the place that heads the column of a cell: of the nearest line above whose cells name two places."""
    text = context.text
    begin = text.rfind("\n", 0, at) + 1
    column = text.count("\t", begin, at)
    finish = text.find("\n", at)
    if "\t" not in text[begin : finish if finish >= 0 else len(text)]:
        return None
    heads: dict[int, dict[int, tzinfo]] = {}
    for start, _, zone in elsewhere.places:
        line = text.rfind("\n", 0, start) + 1
        if line < begin and "\t" in text[line : text.find("\n", line)]:
            heads.setdefault(line, {}).setdefault(text.count("\t", line, start), zone)
    rows = [line for line, cells in heads.items() if len(cells) > 1]
    return heads[max(rows)].get(column) if rows else None
