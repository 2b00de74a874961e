"""Words that deny, cancel or occupy something else than a time: "parking is not possible", "Ms Lane can't make it, Mr
Fox will stand in", "will not be recorded", "an interview with Taken Ltd", "except for Tuesday at 10 we are fully
booked". Such a cue says nothing of the times beside it.

Owns which cues these are, and the context without them; what the others say of a time is known elsewhere (`roles`,
`taken`, `corrected`).
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from raincheck.core.reading.context import Context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from raincheck.core.reading.context import RoleCues, Span, Stretch

_DENIALS = (
    "all_gone", "busy", "called_off", "cancels", "denied_before", "excepting", "foreign", "last_no", "negative",
    "not_kept", "occupied", "previous", "previous_after", "taken", "taken_beside", "taken_head",
)  # fmt: skip
_GONE = ("all_gone", "busy", "negative", "occupied", "taken", "taken_beside", "taken_head")
_STATES = ("busy", "negative", "occupied", "taken", "taken_beside")
_FREE = ("free", "vacant")
_ASIDE = ("name_lead", "writer")  # words that stand everywhere, and that nobody else asks for
# Behind somebody's absence, these tell that it is the talk's end.
_MOVED = ("asks", "instead_after", "moves_talk", "other_time", "renewal", "we_move")
_ENDED = ("called_off", "cancels", "moves_talk", "previous", "we_move")  # beside a reason in its sentence
_LEAVES_OUT = ("shuns", "excepting", "negative", "taken", "busy", "not_kept")  # before a house that is shut
_SOON = 300  # characters behind it in which that is told
_ONE_WORD = re.compile(r"[^\W\d_]+")
_LAST_WORD = re.compile(r"[^\W\d_]+\.?(?=[ \t]{1,2}\Z)")


def sifted_context(text: str, cues: RoleCues, stretches: Sequence[Stretch]) -> Context:
    """The text with its cues and times, without the cues that tell of something else."""
    context = Context(text, cues, stretches)
    _sift(context)
    return context


def _sift(context: Context) -> None:
    """Takes those cues out of the hits of a text; what only tells them apart goes, too."""
    hits = context.hits
    away = hits.get("finish_before", ())  # "you'll be away by 15:00" denies nothing
    _drop(context, ("negative",), lambda hit: any(start <= hit[0] and hit[1] <= end for start, end in away))
    asked = hits.get("or_else", ())  # "Tuesday at 9 or, if not, Thursday at 10"
    _drop(context, ("excepting", "negative"), lambda hit: any(start < hit[0] < end for start, end in asked))
    _drop(context, ("negative",), lambda hit: any(start <= hit[0] < end for start, end in context.left_out))
    # "If you are free" tells of nothing that the reader had offered.
    _drop(context, ("candidate",), lambda hit: context.within("conditional", (context.clause(*hit)[0], hit[0])))
    aside = {sign: hits.pop(sign, []) for sign in _ASIDE}
    if not any(hits.get(sign) for sign in _DENIALS):
        return
    other = [*hits.get("not_of_time", ()), *_while_shut(context)]
    other += [*_absences(context, aside["writer"]), *_earlier(context)]
    _drop(context, _DENIALS, lambda hit: any(start <= hit[0] and hit[1] <= end for start, end in other))
    rooms = [context.sentence(*hit) for hit in hits.get("room_for", ())]
    _drop(context, _STATES, lambda hit: any(left <= hit[0] and hit[1] <= right for left, right in rooms))
    _drop(context, _STATES, lambda hit: _is_name(context, hit, aside["name_lead"]))
    if spared := list(_spared(context)):
        sentences = [context.sentence(*hit) for hit in spared]
        hits["spared"] = spared
        _drop(
            context,
            ("excepting", *_GONE),
            lambda hit: any(left <= hit[0] and hit[1] <= right for left, right in sentences),
        )


def _drop(context: Context, signs: tuple[str, ...], told: Callable[[Span], bool]) -> None:
    """Take those hits of these signs away of which it is told that they speak of something else."""
    for sign in signs:
        if found := context.hits.get(sign):
            found[:] = [hit for hit in found if not told(hit)]


def _absences(context: Context, writer: Sequence[Span]) -> Iterator[Span]:
    """Where somebody other than the writer is said to be away while the talk takes place all the same: in a clause that
    gives a reason ("... with Ann as Jo can't make it"), or in a sentence without a time behind which none is asked
    about, offered or moved."""
    for start, end in context.hits.get("absent", ()):
        left, right = context.sentence(start, end)
        if any(start <= first and last <= end for first, last in writer) or context.has_times(start, right):
            continue
        if not context.has_times(left, start):
            moved = any(start <= at < end + _SOON for sign in _MOVED for at, _ in context.hits.get(sign, ()))
            if not moved and not context.has_clocks(end, end + _SOON):
                yield left, right
        elif any(first == start for first, _ in context.hits.get("reason", ())):
            ends = any(
                left <= first and last <= right and (last <= start or end <= first)
                for sign in _ENDED
                for first, last in context.hits.get(sign, ())
            )
            if not ends:  # not "our talk on Tuesday at 10: as Mr Fox can't make it, we have to cancel"
                yield start, max(end, context.clause(start, end)[1])


def _while_shut(context: Context) -> Iterator[Span]:
    """Where it is said that a house is shut at the only hours that a sentence offers until then: "come any time between
    2 and 4 when the surgery is closed"; not where hours are left out of others, or told and no more."""
    for start, end in context.hits.get("aside", ()):
        left, _ = context.sentence(start, end)
        offered = context.within("offers_hours", (left, start))
        if not offered or any(context.within(sign, (left, start)) for sign in _LEAVES_OUT):
            continue
        if sum(item.has_clock and left <= item.start < start for item in context.stretches) == 1:
            yield start, end


def _earlier(context: Context) -> Iterator[Span]:
    """Where it is said that nothing is free before a time: "nothing before Tuesday at 10", "vor Dienstag um 10 geht
    nichts"."""
    for start, end in context.hits.get("nothing_before", ()):
        yield context.clause(start, end)[0], end
    for hit in context.hits.get("nothing_after", ()):
        before = next((item for item in reversed(context.stretches) if item.end <= hit[0]), None)
        if before is not None and context.is_empty(before.end, hit[0]) and context.before("exclusive_before", before):
            yield hit


def _is_name(context: Context, hit: Span, leads: Sequence[Span]) -> bool:
    """Whether a word is a name: it has a capital behind a title or a word that names are put behind, in one line."""
    word = context.text[slice(*hit)]
    if not _ONE_WORD.fullmatch(word) or not word[:1].isupper() or word.isupper():
        return False
    before = _LAST_WORD.search(context.normal, context.normal.rfind("\n", 0, hit[0]) + 1, hit[0])
    return before is not None and any(before.start() <= lead[0] and lead[1] <= before.end() for lead in leads)


def _spared(context: Context) -> Iterator[Span]:
    """The words that lead to the only time of a sentence that is not gone: "except for Tuesday at 10 we are fully
    booked"."""
    for start, end in context.hits.get("excepting", ()):
        left, right = context.sentence(start, end)
        times = [item for item in context.stretches if left <= item.start < right]
        if not times or times[0].start < end or not context.is_empty(end, times[0].start):
            continue
        if any(not context.side_by_side(first, then) for first, then in pairwise(times)):
            continue
        gone = [hit for sign in _GONE for hit in context.hits_within(sign, (left, right)) if _apart(hit, (start, end))]
        if gone and _only(context, (left, right), (start, times[-1].end), gone):
            yield start, end


def _apart(hit: Span, other: Span) -> bool:
    return hit[1] <= other[0] or other[1] <= hit[0]


def _only(context: Context, sentence: Span, excepted: Span, gone: list[Span]) -> bool:
    """Whether what is gone is told before an exception ("all gone except Tuesday at 10"), or behind one that begins
    the sentence, and nothing is called free: "any time except Tuesday at 10, when I am busy"."""
    frees = [hit for sign in _FREE for hit in context.hits_within(sign, sentence)]
    if any(_apart(free, excepted) and all(_apart(free, hit) for hit in gone) for free in frees):
        return False
    first = not _ONE_WORD.search(context.normal, sentence[0], excepted[0])
    return all(hit[0] >= excepted[1] if first else hit[1] <= excepted[0] for hit in gone)
