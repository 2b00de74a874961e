"""The parts of one day put together: the rows of an agenda, and times that a sentence joins, make one slot."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise, takewhile, zip_longest
from typing import TYPE_CHECKING

from raincheck.core.reading.offer import DESCRIPTION, LONG, Offer
from raincheck.core.reading.roles import Role
from raincheck.core.reading.taken import tells_states

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.core.reading.context import Context

_BREAK = timedelta(minutes=20)  # between parts that follow each other
_STEP = timedelta(hours=3)  # between the begins of rows that name their day again
_PAUSE = timedelta(minutes=75)  # between two parts of one day
_HALF, _NOON = timedelta(hours=12), 12
_PARTS = 3  # times that make a plan
_TOLD = 60  # characters that tell what happens at one of them
_OTHERWISE = ("conditional", "else_day")  # between two times of which one will do
_END_OF = re.compile(r"[!?\n]|\.\s")
_ROW_HEAD = re.compile(r"^[\s\W]*(?:[\w.]{0,3}[).:]\s*)?(?:[^\W\d_]+\s*\d{0,2}\s*[:)–-]\s*)?[\s\W]*$")


def with_agendas(context: Context, found: list[Offer]) -> list[Offer]:
    """The offers with the parts of one day's agenda made one, and the end of a day given to its begin."""
    kept: list[Offer] = []
    index = 0
    found = _ascending(context, found)
    while index < len(found):
        group = _agenda(context, found, index)
        if len(group) > 1:
            kept.append(_spanning(context, group))
        else:
            kept.append(found[index])
        index += len(group)
    return _finished(context, kept)


def _ascending(context: Context, found: Sequence[Offer]) -> list[Offer]:
    """The rows of a plan one after the other: "3:30 Talk", and below it "6:00-8:00 Dinner" in the evening. Their order
    leaves no doubt of the half of the day."""
    rows: list[Offer] = []
    last: Offer | None = None  # the first time of the row above
    for offer in found:
        left = context.text.rfind("\n", 0, offer.time.at.row) + 1
        heads = offer.time.start is not None and not context.has_times(left, offer.time.at.row)
        if heads and last is not None and offer.time.doubt == "hour" and last.time.day == offer.time.day:
            later = [half for half in (offer, _other_half(offer)) if last.start < half.start]
            if len(later) == 1 and row_words(context, last) and row_words(context, offer):
                offer = replace(later[0], time=replace(later[0].time, sure=True, doubt="", alternatives=()))
        rows.append(offer)
        last = offer if heads else last
    return rows


def _other_half(offer: Offer) -> Offer:
    """The same hour of the other half of the day."""
    shift = _HALF if offer.start.hour < _NOON else -_HALF
    end = offer.time.end
    return replace(offer, time=replace(offer.time, start=offer.start + shift, end=end + shift if end else None))


def _agenda(context: Context, found: list[Offer], index: int) -> list[Offer]:
    """The run of offers from `index` on that are parts of one appointment; at least that one."""
    run = [found[index]]
    for offer in found[index + 1 :]:
        if not _may_follow(context, run[-1], offer):
            break
        run.append(offer)
    rows = list(takewhile(lambda offer: row_words(context, offer) is not None, run))
    for part in (run, rows):
        if len(part) > 1 and (_rows(context, part) or _chained(context, part) or _told_in_one(context, part)):
            return part
        if len(part) > 1 and _conversations(context, part):
            return part
    return run[:1]


def _may_follow(context: Context, last: Offer, offer: Offer) -> bool:
    """Whether a time can be the next part of the day that the last one belongs to."""
    if not (offer.role is last.role is Role.PROPOSED and offer.time.day == last.time.day):
        return False
    together = offer.start == last.start and last.time.end is None  # "9:00 Arrival", and below it "9:00-10:30 Talks"
    if not (offer.start > last.start or (together and row_words(context, last) and row_words(context, offer))):
        return False
    if context.before("early_before", last.time.at) and last.time.end is None:
        return False  # "I teach until 15:15, then any time"
    named_again = offer.time.at.has_date and offer.time.at.start != last.time.at.start
    if named_again and not (_chained(context, [last, offer]) or _planned(context, last, offer)):
        return False
    if named_again and last.time.end is None and offer.start - last.start > _STEP:
        return False
    return last.time.end is None or timedelta(0) <= offer.start - last.time.end <= _PAUSE


def _row_of_states(context: Context, offer: Offer) -> bool:
    end = context.text.find("\n", offer.time.at.end)
    return tells_states(context, offer.time.at.end, end if end >= 0 else len(context.text))


def _planned(context: Context, *rows: Offer) -> bool:
    """Whether times are rows of something that the mail calls a plan: then each row may repeat the day. Described rows
    of which each begins where the last one ends are one, too."""
    first, last = rows[0], rows[-1]
    if first.time.end == last.start and not context.within("options", (0, first.time.at.start)):
        return all(row_words(context, row) for row in rows)
    return context.within("agenda", (0, rows[0].time.at.start)) and all(row_words(context, row) for row in rows)


def _rows(context: Context, run: Sequence[Offer]) -> bool:
    """Whether the times are rows, each with words of its own: a plan of the day rather than a choice."""
    if _contiguous(context, run):
        return True
    if any(_row_of_states(context, offer) for offer in run):
        return False  # "9:30 | free | taken"
    words = [row_words(context, offer) for offer in run]
    described = [" ".join(found) for found in words if found]
    if None in words or len(described) < len(run) - 1 or len(set(described)) < 2:
        return False
    left = run[0].time.at.start
    lead = (max(0, left - 160), left)
    if context.within("options", lead) and not context.says("agenda"):
        return False
    joined = any(a.time.end is not None for a in run)
    return joined or len(run) >= 3 or context.says("agenda")


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
    return " ".join(DESCRIPTION.findall(f"{label} {context.text[at.end : right]}".lower())[:12])


def row_words(context: Context, offer: Offer) -> tuple[str, ...] | None:
    """The words behind a time that begins its line; None when it does not."""
    at = offer.time.at
    left = context.text.rfind("\n", 0, at.row) + 1
    right = context.text.find("\n", at.end)
    cell = context.text.rfind("\t", left, at.row)
    if cell >= 0:  # a row of a table: what its other cells say
        line = context.text[left : at.row] + context.text[at.end : right if right >= 0 else None]
        return tuple(DESCRIPTION.findall(line.lower())[:12])
    if not _ROW_HEAD.match(context.text[left : at.start if at.start >= left else at.row]):
        return None
    return tuple(DESCRIPTION.findall(context.text[at.end : right if right >= 0 else None].lower())[:12])


def _chained(context: Context, run: Sequence[Offer]) -> bool:
    """Whether the sentence joins the times to one appointment: "10:00-10:45 with A, then 11:00-11:30 with B"."""
    return all(_joined(context, a, b) for a, b in pairwise(run))


def _joined(context: Context, last: Offer, offer: Offer) -> bool:
    """Whether a word says so, or each time is named for itself and one begins where the other ends."""
    gap = (last.time.at.end, offer.time.at.start)
    words = context.normal[slice(*gap)]
    if "?" in words or any(context.within(sign, gap) for sign in _OTHERWISE):
        return False  # "at 9:00? If that is too early, then 18:00 the same day", "at 9, otherwise right after, at 11"
    named = DESCRIPTION.search(words) is not None and "\n" not in words and not context.within("options", gap)
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
    if len(run) < _PARTS or any(offer.time.at.has_date for offer in run[1:]) or _to_choose(context, run):
        return False
    for last, offer in pairwise(run):
        words = context.normal[last.time.at.end : offer.time.at.row]
        told = DESCRIPTION.search(words) is not None and words.rstrip(" (").endswith((",", ";"))
        if (
            not told
            or len(words) > _TOLD
            or _END_OF.search(words)
            or context.within("joins_days", (last.time.at.end, offer.time.at.row))
        ):
            return False
    return True


def _conversations(context: Context, run: Sequence[Offer]) -> bool:
    """Whether ranges of a sentence that tells of talks are told with "and", each with its people, and none is to be
    chosen: "you'll have three talks: 9.30-10.15 with Zoe, 10.30-11.30 with the team and 12.00-12.45 with Phil"."""
    begin = run[0].time.at.start
    left, right = context.sentence(begin, run[0].time.at.end)
    if any(offer.time.end is None or not left <= offer.time.at.start < right for offer in run):
        return False
    if any(context.within(sign, (left, right)) for sign in ("options", "joins_days", "free")):
        return False
    if not context.within("talks_told", (left, begin)) or _to_choose(context, run):
        return False
    if not all(context.after("told_with", offer.time.at) for offer in run):
        return False
    words = [" ".join(DESCRIPTION.findall(context.normal[a.time.at.end : b.time.at.row])) for a, b in pairwise(run)]
    words.append(" ".join(DESCRIPTION.findall(context.normal[run[-1].time.at.end : right])[:3]))
    return not context.asked(run[0].time.at) and all(words) and len(set(words)) == len(words)


def _to_choose(context: Context, run: Sequence[Offer]) -> bool:
    """Whether the sentence of a run offers its times, or one beside it asks for one of them. "Does that suit you?"
    asks for all."""
    at = run[0].time.at
    left, right = context.sentence(at.start, at.end)
    around = (context.preceding(at), (left, right), context.following(at))
    if context.asked(at) or any(context.within("choice", span) for span in around):
        return True
    if context.within("which_of", around[2]):
        return True
    beside = ((left, at.start), (run[-1].time.at.end, right))
    signs = ("on_offer", "there_is") if all(offer.time.end for offer in run) else ("on_offer",)
    return any(context.within(sign, span) for sign in signs for span in beside)


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
        rows = [
            o
            for o in same_day
            if o is not first and (_before_finish(context, o, first, finish) or _told_with(context, first, o))
        ]
        kept = [o for o in kept if o not in rows]
        kept[kept.index(first)] = replace(first, time=replace(first.time, end=finish.start), whole=True)
    return [offer for offer in kept if offer.role is not Role.FINISH]


def _told_with(context: Context, first: Offer, offer: Offer) -> bool:
    """Whether a sentence tells bare clocks one after the other, and gives none to choose from: "you teach at 9.15, have
    a tour, and are interviewed at 11"."""
    at = offer.time.at
    if at.has_date or context.asked(at) or not context.shares_sentence(first.time.at, at.start):
        return False
    between = (first.time.at.end, at.start)
    words = DESCRIPTION.findall(context.normal[slice(*between)])
    return len(words) > 2 and not context.within("joins_days", between)


def _before_finish(context: Context, offer: Offer, first: Offer, finish: Offer) -> bool:
    """Whether a time is a part of the day that ends: a row, the begin again, or told in the sentence of the end."""
    at = offer.time.at
    told = not at.has_date and not context.asked(at) and context.shares_sentence(finish.time.at, at.start)
    return told or bool(row_words(context, offer)) or offer.start == first.start


def _aside_of(context: Context, offer: Offer, frame: Offer) -> bool:
    """Whether a time is told in the sentence of a fixed range: "9:00 to 16:30, lunch at 12:30"."""
    fixed = frame.time.loose is False and not frame.time.between and not context.asked(offer.time.at)
    return fixed and context.shares_sentence(frame.time.at, offer.time.at.start)


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
    if frame.time.end - frame.start < LONG or offer.time.at.start < frame.time.at.end or offer.time.at.has_date:
        return False
    return frame.start <= offer.start <= (offer.time.end or offer.start) <= frame.time.end
