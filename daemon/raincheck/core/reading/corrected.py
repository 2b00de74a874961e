"""Times that their writer takes back: corrected by another one, denied beside it, outweighed by it, named by mistake.

Whatever a time is for otherwise, it is no offer then. What corrects a time stands in its place: on its day where it
names an hour alone, at its hour where it names a day alone.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from raincheck.core.reading.offer import Offer, Time
from raincheck.core.reading.roles import AHEAD, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.core.reading.context import Context, Stretch

_REACH = 300  # characters from a time to the words that correct it
_QUOTES = " \t\n(\"'“„»*_"  # between a word that denies and its time
# In one line: an arrow that begins one is the mark of a list.
_ARROW = re.compile(
    r"[ \t\xa0)*_]{0,4}(?:-{1,3}>|={1,2}>|[\u2192\u21d2\u279c\u2794\u27a1\u2b95\u27f6]\ufe0f?)[ \t\xa0(*_]{0,4}"
)
_SWAPPED = AHEAD | {Role.OTHER, Role.PREVIOUS}
_OPENING = re.compile(r"(?:^|[,;:.!?(\n\x1e]|\s[-–—]+|[–—])\s*$")  # what words stand behind that begin a clause
_TURN = re.compile(r"[\s,:.!()\-–—\x1e]*")  # between words that correct and the time that they give
_ONE_WORD = re.compile(r"[^\W\d_]+\.?")  # the name of a day
_SPAN = 24  # characters before such words in which their clause may begin
CORRECTED = "corrected"  # the doubt of a time beside which another one is corrected


def corrected(context: Context, found: Sequence[Offer], times: Sequence[Time]) -> list[Offer]:
    """The offers where those that are taken back are none, and what corrects them is one."""
    kept = [_as_said(context, offer, found) for offer in found]
    for start, end, firm in _corrections(context):
        kept = _with_correction(context, kept, times, (start, end), firm=firm)
    gone = {o.time.start for o, before in zip(kept, found, strict=False) if _dropped(o, before)}
    return [
        replace(offer, role=Role.OTHER) if offer.role is Role.PROPOSED and offer.start in gone else offer
        for offer in kept
    ]


def _dropped(after: Offer, before: Offer) -> bool:
    return after.role is Role.OTHER and before.role in AHEAD


def _as_said(context: Context, offer: Offer, found: Sequence[Offer]) -> Offer:
    """An offer as nothing of the kind where its own words take it back, as the old time where they call it so."""
    at = offer.time.at
    if offer.role in _SWAPPED and (turned := _swapped(context, at)) is not None:
        return replace(offer, role=turned, time=replace(offer.time, alone=None))
    if offer.role not in AHEAD:
        return offer
    if _old_row(context, at, found) or _behind_arrow(context, at):
        return replace(offer, role=Role.PREVIOUS)
    if _denied(context, at) or _neither(context, at) or _outweighed(context, at) or _mistaken(context, at):
        return replace(offer, role=Role.OTHER)
    if _had_been_offered(context, at):
        return replace(offer, role=Role.CANDIDATE)
    return offer


# --- one time alone -----------------------------------------------------------------------------------------------


def _touching(context: Context, sign: str, at: Stretch) -> int | None:
    """Where a cue begins that stands right before a time, but for a quotation mark or bracket; None without one, or
    where a comma stands in it ("Thursday will not do, on Friday at 9")."""
    return next(
        (
            start
            for start, end in context.hits.get(sign, ())
            if end <= at.start <= end + len(_QUOTES)
            and not context.normal[end : at.start].strip(_QUOTES)
            and "," not in context.normal[start:end]
            and not context.fills_cell(start, at.start)
        ),
        None,
    )


def _denied(context: Context, at: Stretch) -> bool:
    """Whether the words before a time say that it is not that one: "at 14:00, not at 15:00"; "why not Tuesday at 10?"
    does not."""
    if context.asked(at) and not context.earlier(at):
        return False  # "would you not, tomorrow at 14:00?" asks for it
    start = _touching(context, "denied_before", at)
    if start is None or _ends_row(context, start, at):
        return False
    return not any(s < start < e for s, e in context.hits.get("not_denied", ()))


def _ends_row(context: Context, start: int, at: Stretch) -> bool:
    """Whether words end a line that names a day of its own, of which they tell: "Thu 14 May is a holiday, so not"."""
    if "\n" not in context.normal[start : at.start] or context.shares_sentence(at, start):
        return False
    return context.has_times(context.normal.rfind("\n", 0, start) + 1, start)


def _neither(context: Context, at: Stretch) -> bool:
    """Whether a time is one of those of which none goes: "neither Monday at 10 nor Tuesday at 11 works"."""
    if _touching(context, "neither", at) is not None:
        return True
    left, _ = context.sentence(at.start, at.end)
    return _touching(context, "nor_before", at) is not None and context.within("neither", (left, at.start))


def _outweighed(context: Context, at: Stretch) -> bool:
    """Whether another time is liked better: "Monday at 9 suits us better than Tuesday at 9"."""
    if _touching(context, "worse_before", at) is not None:
        return True
    left, _ = context.sentence(at.start, at.end)
    return _touching(context, "over_before", at) is not None and context.within("prefers", (left, at.start))


def _mistaken(context: Context, at: Stretch) -> bool:
    """Whether a time was named by mistake, or in a message that no longer holds: "the invite says 11:00 by mistake"."""
    if context.begins("mistake_after", context.following(at)):
        return True
    if context.follows("mistaken", at):
        return True
    left, _ = context.sentence(at.start, at.end)
    mistakes = context.hits_within("mistaken", (left, at.start))
    if not mistakes or not context.leads("mistaken", at):
        return False
    return not context.within("correct_is", (mistakes[0][1], at.start))


def _had_been_offered(context: Context, at: Stretch) -> bool:
    """Whether the reader had offered a time, where the words for it stand on both sides of it."""
    left, right = context.sentence(at.start, at.end)
    return context.within("you_had", (left, at.start)) and context.within("offered_after", (at.end, right))


def _old_row(context: Context, at: Stretch, found: Sequence[Offer]) -> bool:
    """Whether the label of a row calls its time the old one, and that of another row its time the new one."""
    return context.row_called("old_row", at) and any(context.row_called("new_row", other.time.at) for other in found)


def _behind_arrow(context: Context, at: Stretch) -> bool:
    """Whether an arrow leads from a time to another day and its time: "Tuesday 10:00 -> Wednesday 14:00"."""
    following = next((other for other in context.stretches if other.start >= at.end), None)
    if following is None or not (following.has_clock and following.has_date and at.has_clock):
        return False
    return _ARROW.fullmatch(context.normal, at.end, following.start) is not None


def _swapped(context: Context, at: Stretch) -> Role | None:
    """What a time is that is swapped for another one with a day of its own, or the other way round: "swap Monday at 9
    for Tuesday at 10", "Montag um 9 gegen Dienstag um 10 tauschen"; None for any other."""
    if not at.has_date or not context.near("swaps", at):
        return None
    for first, last in context.neighbours(at):
        if first.has_date and last.has_date and context.parted_by("swapped_for", first, last):
            return Role.PREVIOUS if at is first else Role.PROPOSED
    return None


# --- one time by another ------------------------------------------------------------------------------------------


def _corrections(context: Context) -> Iterator[tuple[int, int, bool]]:
    """Where words correct what was said before; firm: whatever stands between them and the time that they give."""
    firm = context.hits.get("correction", ())
    loose = [
        hit
        for hit in context.hits.get("correction_before", ())
        if _OPENING.search(context.normal, max(0, hit[0] - _SPAN), hit[0])
        and not (context.answered_by_line and hit in context.labels("correction_before"))
    ]
    yield from sorted([(*hit, True) for hit in firm] + [(*hit, False) for hit in loose])


def _with_correction(
    context: Context, found: list[Offer], times: Sequence[Time], mark: tuple[int, int], *, firm: bool
) -> list[Offer]:
    """The offers after a correction: the time before it is none, that behind it takes its place."""
    old = _before(context, found, mark, firm=firm)
    if old is None:
        return found
    new = _behind(context, times, mark, firm=firm)
    if new is None:
        withdrawn = context.within("withdrawn", mark)
        return [replace(offer, role=Role.OTHER) if withdrawn and offer is old else offer for offer in found]
    behind = [offer for offer in found if offer.time.at == new.at]
    if any(offer.role not in _replacing(context, mark, firm=firm) for offer in behind):
        return found  # "correction: please answer by Friday"
    if not behind and (new.day is None or new.start is not None):
        return found
    kept = []
    for offer in found:
        if offer.time.at == old.time.at:
            kept.append(replace(offer, role=Role.OTHER))
        elif offer in behind:
            kept.append(_in_week(context, old, replace(offer, role=Role.PROPOSED)))
        elif offer.role is Role.PROPOSED and context.side_by_side(offer.time.at, old.time.at):
            kept.append(_doubtful(offer))
        else:
            kept.append(offer)
    return kept if behind else [*kept, _in_week(context, old, _on_day(context, old, new))]


def _replacing(context: Context, mark: tuple[int, int], *, firm: bool) -> frozenset[Role]:
    """What the time behind a correction may be for, as its own words say: "scratch" alone would call off what follows,
    "scratch that" does not."""
    if not firm:
        return AHEAD
    return AHEAD | {Role.OTHER, Role.PREVIOUS} if context.within("withdrawn", mark) else AHEAD | {Role.OTHER}


def _in_week(context: Context, old: Offer, offer: Offer) -> Offer:
    """An offer for good; a weekday alone is one of the week of the time that it corrects."""
    time = replace(offer.time, alone=None)
    day, named = time.day, time.at.named
    if day is None or old.time.day is None or named is None or not _ONE_WORD.fullmatch(context.normal[slice(*named)]):
        return replace(offer, time=time)
    if context.within("relative_day", named):
        return replace(offer, time=time)
    by = timedelta(days=(old.time.day - day).days + day.weekday() - old.time.day.weekday())
    end = time.end + by if time.end else None
    if time.doubt == "next":
        time = replace(time, sure=True, doubt="", alternatives=())  # the week is known
    return replace(offer, time=replace(time, day=day + by, start=offer.start + by, end=end))


def _before(context: Context, found: Sequence[Offer], mark: tuple[int, int], *, firm: bool) -> Offer | None:
    """The time that words correct: the last one before them."""
    offers = [o for o in found if o.role in AHEAD and mark[0] - _REACH <= o.time.at.end <= mark[0]]
    last = max(offers, key=lambda offer: offer.time.at.end, default=None)
    if last is None or firm:
        return last
    near = mark[0] <= context.following(last.time.at)[1] and not context.has_clocks(last.time.at.end, mark[0])
    return last if near else None


def _behind(context: Context, times: Sequence[Time], mark: tuple[int, int], *, firm: bool) -> Time | None:
    """The time that words give instead: the first one behind them, in their sentence or the next."""
    new = min((item for item in times if item.at.start >= mark[1]), key=lambda item: item.at.start, default=None)
    if new is None or new.at.start - mark[1] > _REACH:
        return None
    if not firm:
        turn = _TURN.match(context.normal, mark[1], new.at.start)
        assert turn is not None
        return new if turn.end() == new.at.start or context.is_empty(turn.end(), new.at.start) else None
    _, right = context.sentence(*mark)
    return new if new.at.start < context.sentence(right + 1, right + 1)[1] or new.at.start < right else None


def _doubtful(offer: Offer) -> Offer:
    """A time in a list of which another one is corrected."""
    time = offer.time
    return replace(offer, time=replace(time, sure=False, doubt=CORRECTED, alternatives=(offer.start.isoformat(),)))


def _on_day(context: Context, old: Offer, new: Time) -> Offer:
    """The time that is corrected on the day that is named instead: "sorry, I meant Thursday"."""
    assert new.day is not None
    start = datetime.combine(new.day, old.start.timetz())
    end = datetime.combine(new.day, old.time.end.timetz()) if old.time.end else None
    at = replace(new.at, has_clock=True, has_end=old.time.at.has_end, clock=new.at.start)
    time = replace(old.time, at=at, day=new.day, start=start, end=end, sure=new.sure, doubt=new.doubt, alone=None)
    return Offer(Role.PROPOSED, replace(time, alternatives=()), context.text[new.at.start : new.at.end])
