"""Times that are told and gone: "11:00 - taken", "10:00 ✓, 11:00 ✗", "Busy: Monday 14:00-16:00", "except 12 to 1".

Owns where a word or mark must stand to say that of a time: alone beside it, alone as the label before it, or above the
list in which it stands. Which words say it is data (`taken` and its neighbours in `[appointments]`).
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from raincheck.core.reading.roles import AHEAD, Role
from raincheck.core.reading.timewords import FREE_SIGNS, TAKEN_SIGNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.core.reading.context import Context, Stretch
    from raincheck.core.reading.offer import Offer

_PIECES = re.compile(r"[,;|\t()\[\]\n\x1e]|\s[-–—/]{1,2}\s|[-=]>")
_CLOSED = re.compile(r"\s{0,3}(?:[.!;]|$|\n\n|\x1e)")
_STOP = re.compile(r"[.!?](?=\s|$)")
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_LABEL = re.compile(r":(?:[\s*•·>|\x1e-]|\w{1,2}[.)]){0,12}\Z")
_LABEL_BEGIN = re.compile(r"[.!?\n\x1e]")
_COMMA = re.compile(r"[,;]")
_ITEM = re.compile(r"\s*(?:[-*•·–]|\w{1,2}[.)])?")
_CELL = re.compile(r"\S+")
_DASHES = ("-", "–", "—", "x")
_STRUCK = "~~"
_NONE = "0"
_COMMA_LONG = 2  # characters of a comma between two clauses
_NEAR = 1200  # characters from the head of a table to its rows
_ROWS = 20  # of a table, above one of them
_LONG = 80  # characters beside a time beyond which no words stand for its state alone
_TELLING = 4  # words between two times that make them no list
_SIGNS = (
    "vacant",
    "taken",
    "taken_beside",
    "refused",
    "taken_head",
    "places_left",
    "excepting",
    "first_gone",
    "last_gone",
    "occupied",
    "last_no",
    "shuns",
    "shuns_after",
    "shuns_around",
    "aside",
)
_REFUSING = ("negative", "taken", "taken_head", "busy")
_STATUS = ("vacant", "taken", "places_left", "status_head")  # in the head of a column that tells the state of times


class _State(Enum):
    """What is said of a time."""

    FREE = auto()
    TAKEN = auto()
    BOOKED = auto()  # by the reader, perhaps: taken only beside another time that is free


_SAID = (
    ("vacant", _State.FREE),
    ("taken", _State.TAKEN),
    ("taken_beside", _State.BOOKED),
    ("refused", _State.BOOKED),
)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the words of a time stand, and whether a clock is among them."""

    start: int
    end: int
    clock: bool


def without_taken(context: Context, found: Sequence[Offer]) -> list[Offer]:
    """The offers, those that the text calls taken marked so and no offer any more."""
    if not _says_any(context):
        return list(found)
    states = _States(context)
    told = [_state(context, states, offer.time.at) for offer in found]
    gone = {offer.start for offer, state in zip(found, told, strict=True) if state is _State.TAKEN and offer.time.start}
    free = any(
        state in (None, _State.FREE) and offer.role in AHEAD and offer.time.start not in gone
        for offer, state in zip(found, told, strict=True)
    )
    return [
        _marked(offer)
        if state is _State.TAKEN or (state is _State.BOOKED and free) or (state is None and offer.time.start in gone)
        else offer
        for offer, state in zip(found, told, strict=True)
    ]


def _state(context: Context, states: _States, at: Stretch) -> _State | None:
    if _kept(context, at):
        return None
    return _State.TAKEN if _closes_with_no(context, at) else states.of(at)


def _closes_with_no(context: Context, at: Stretch) -> bool:
    """Whether a sentence that names another time before ends with a no, or goes on with its reason: "Tuesday at 10
    suits, Wednesday at 3 not"."""
    reasons = {start for start, _ in context.hits.get("reason", ())}
    return any(
        not context.normal[at.end : start].strip()
        and (_CLOSED.match(context.normal, end) or end + len(", ") in reasons)
        and context.earlier(at)
        for start, end in context.hits.get("last_no", ())
        if start >= at.end
    )


def _kept(context: Context, at: Stretch) -> bool:
    """Whether the sentence says that a time is held for the reader: "I have blocked Thursday at 9.30"."""
    left, right = context.sentence(at.start, at.end)
    return context.within("keeps", (left, at.start)) and context.within("kept", (at.end, right))


def _marked(offer: Offer) -> Offer:
    """The offer, called taken; one that was an old time anyway stays that."""
    if offer.role is Role.PREVIOUS:
        return replace(offer, taken=True)
    return replace(offer, role=Role.OTHER, taken=True) if offer.role in (*AHEAD, Role.OTHER) else offer


def _says_any(context: Context) -> bool:
    if any(map(context.says, _SIGNS)):
        return True
    return _STRUCK in context.text or not TAKEN_SIGNS.isdisjoint(context.text)


class _States:
    """What a text says of the state of each of its times."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.places = _places(context.stretches)
        self.starts = [place.start for place in self.places]
        self.beside: dict[int, _State] = {}
        self.headed: dict[int, _State] = {}
        self._read_lines()
        self._read_heads()

    def of(self, at: Stretch) -> _State | None:
        """What is said of a time: beside it, before the list in which it stands, or in its sentence."""
        numbers = (self._number(at.row), self._number(at.end - 1))
        for states in (self.beside, self.headed):
            state = next((states[number] for number in numbers if number in states), None)
            if state is not None:
                return state
        gone = self.context.leaves_out(at) or self._told_by_number(at) or _occupied(self.context, at)
        gone = gone or _shunned(self.context, at) or _gone_while_shut(self.context, at)
        return _State.TAKEN if gone else None

    def _number(self, at: int) -> int:
        return bisect.bisect_right(self.starts, at) - 1

    # --- beside a time ------------------------------------------------------------------------------------------

    def _read_lines(self) -> None:
        """What stands beside the times of each line: behind each of them, or before each where the line begins so."""
        for first, last in self._lines():
            ahead = self._ahead(first)
            alone = sum(place.clock for place in self.places[first : last + 1]) == 1
            behind = [self._behind(number, alone=alone) for number in range(first, last + 1)]
            if ahead is not None and behind[-1] is None:
                offered = self._offered_from(first, last)
                behind = [ahead, *(state or ahead for state in behind[: offered - 1]), *behind[offered:]]
            for number, state in zip(range(first, last + 1), behind, strict=True):
                if state is not None:
                    self.beside[number] = state

    def _offered_from(self, first: int, last: int) -> int:
        """How many times of a line stand before what offers another one: "can't do today - how about Thursday?"."""
        begin, end = self.places[first].end, self.places[last].start
        offers = (hit for sign in ("asks", "writer_proposes") for hit in self.context.hits_within(sign, (begin, end)))
        at = min((start for start, _ in offers), default=end + 1)
        return sum(place.start < at for place in self.places[first : last + 1])

    def _lines(self) -> Iterator[tuple[int, int]]:
        """The first and last of the times of each line."""
        first = 0
        for number in range(1, len(self.places) + 1):
            if number == len(self.places) or "\n" in self._text(self.places[number - 1].end, self.places[number].start):
                yield first, number - 1
                first = number

    def _text(self, left: int, right: int) -> str:
        return self.context.normal[left:right].replace("\x1e", "\n")

    def _ahead(self, number: int) -> _State | None:
        """What stands alone between the begin of a line and its first time."""
        start = self.places[number].start
        left = max(self.context.normal.rfind("\n", 0, start), self.context.normal.rfind("\x1e", 0, start)) + 1
        piece = self.context.normal[left:start]
        if piece.rstrip().endswith(_STRUCK) and self.context.normal[self.places[number].end :][:2] == _STRUCK:
            return _State.TAKEN
        if _WORD.search(piece) is None:
            return _signed(piece)
        state = self._said(left, start) if not piece.rstrip().endswith(":") else None
        return state if state is _State.TAKEN else None

    def _behind(self, number: int, *, alone: bool) -> _State | None:
        """What stands alone between a time and the next one, or the end of the line."""
        place = self.places[number]
        if not place.clock or self._in_matrix(number):
            return None
        limit = self.places[number + 1].start if number + 1 < len(self.places) else len(self.context.normal)
        limit = min(limit, place.end + _LONG)
        if (stop := _STOP.search(self.context.normal, place.end, limit)) is not None:
            limit = stop.start()
        ends = [at for sign in "\n\x1e" if (at := self.context.normal.find(sign, place.end, limit)) >= 0]
        limit = min(ends, default=limit)
        if self._in_unruled_row(place.end, limit):
            return _State.TAKEN
        first = True
        for left, right in _pieces(self.context.normal, place.end, limit):
            piece = self.context.normal[left:right]
            if not piece.strip(" :*_~-–—=>.\"'") or piece.rstrip().endswith(":"):
                continue
            if right == limit and self._denies_next(number, left):
                return None
            state = self._said(left, right)
            if state is _State.BOOKED and self._headed_otherwise(left):
                state = None
            if piece.strip() == _NONE and alone and self._counts_places(number):
                return _State.TAKEN
            if state is not None and (first or state is _State.TAKEN or self._tells_status(left)):
                return state
            if not alone:
                return None
            first = False
        return None

    def _denies_next(self, number: int, left: int) -> bool:
        """Whether the words behind a time refuse the next one: "on Monday at 2, not on Tuesday at 3"."""
        then = self.places[number + 1].start if number + 1 < len(self.places) else left
        return any(
            left <= start and not self._text(end, then).strip()
            for start, end in self.context.hits_within("denied_before", (left, then))
        )

    def _counts_places(self, number: int) -> bool:
        """Whether a line above the times of a table says that a column counts what is left."""
        start = self.places[number].start
        return any(0 < start - end < _NEAR for _, end in self.context.hits.get("places_left", ()))

    def _in_unruled_row(self, left: int, right: int) -> bool:
        """Whether words for free and taken times stand in a row behind a clock, for several days: "10:00 free - free".
        Nothing tells for certain which is whose."""
        cells = [match.span() for match in _CELL.finditer(self.context.normal, left, right)]
        words = [cell for cell in cells if self.context.normal[slice(*cell)] not in _DASHES]
        states = ("vacant", "taken", "taken_beside", "refused")
        if any(not any(cell in self.context.hits.get(sign, ()) for sign in states) for cell in words):
            return False
        return (
            len(cells) > 1
            and len(words) != 1
            and any(cell not in self.context.hits.get("vacant", ()) for cell in cells)
        )

    def _headed_otherwise(self, at: int) -> bool:
        """Whether the head of a cell's column says that it tells of something else: "Remote?"."""
        head = self._head(at)
        return head is not None and not any(self.context.within(sign, head) for sign in _STATUS)

    def _tells_status(self, at: int) -> bool:
        """Whether a cell stands in a column that tells the state of times: its head says so, or a cell of another row
        that says of a time that it is free and no more."""
        head = self._head(at)
        if head is not None:
            return any(self.context.within(sign, head) for sign in _STATUS)
        normal, column = self.context.normal, self.context.column(at)
        if not column:
            return False
        lines = (self.context.cell(line, column) for line in self._rows_around(normal.rfind("\n", 0, at) + 1))
        return any(cell is not None and self._said(*cell) is _State.FREE for cell in lines)

    def _head(self, at: int) -> tuple[int, int] | None:
        """The cell that heads the column of another one in words; None without one, or where times stand beside it."""
        column, left = self.context.column(at), self.context.normal.rfind("\n", 0, at) + 1
        first = min(self._rows_around(left, above=True), default=left)
        finish = self.context.normal.find("\n", first)
        if first == left or bisect.bisect_left(self.starts, first) != bisect.bisect_left(self.starts, finish):
            return None
        cell = self.context.cell(first, column)
        return cell if cell is not None and _LETTERS.search(self.context.normal, *cell) is not None else None

    def _rows_around(self, line: int, *, above: bool = False) -> Iterator[int]:
        """Where the rows of a table above one of them begin, the nearest first, and below it unless only those above
        are asked for."""
        normal, at = self.context.normal, line
        for _ in range(_ROWS):
            before = normal.rfind("\n", 0, max(at - 1, 0)) + 1
            if not at or "\t" not in normal[before:at]:
                break
            yield (at := before)
        for _ in range(0 if above else _ROWS):
            line = normal.find("\n", line) + 1
            if not line or "\t" not in normal[line:].partition("\n")[0]:
                break
            yield line

    def _in_matrix(self, number: int) -> bool:
        """Whether a time stands in a table whose head names times, each of which its cells speak of."""
        normal, at = self.context.normal, self.places[number].start
        left, right = normal.rfind("\n", 0, at) + 1, normal.find("\n", at)
        right = right if right >= 0 else len(normal)
        if "\t" not in normal[left:right]:
            return False
        own = self.places[bisect.bisect_left(self.starts, left) : bisect.bisect_left(self.starts, right)]
        if sum(place.clock for place in own) > 1:
            return False  # a row with clocks of its own, begin and end
        for _ in range(_ROWS):
            if not left or normal[left - 1] == "\x1e":
                return False
            above = max(normal.rfind(sign, 0, left - 1) for sign in "\n\x1e") + 1
            heads = self.places[bisect.bisect_left(self.starts, above) : bisect.bisect_left(self.starts, left)]
            if "\t" in normal[above:left] and len(heads) > 1 and len({place.clock for place in heads}) == 1:
                return True
            left = above
        return False

    def _said(self, left: int, right: int) -> _State | None:
        """The state for which words or a mark stand alone."""
        words = [match.span() for match in _WORD.finditer(self.context.normal, left, right)]
        if not words:
            return _signed(self.context.normal[left:right])
        for sign, state in _SAID:
            hits = self.context.hits_within(sign, (left, right))
            if hits and _covered(words, (*hits, *self.context.hits_within("status_more", (left, right)))):
                return state
        return None

    # --- before a list ------------------------------------------------------------------------------------------

    def _read_heads(self) -> None:
        """What the label before several times, or before each, says of them."""
        state: _State | None = None
        inline = False
        for number, place in enumerate(self.places):
            left = self.places[number - 1].end if number else 0
            gap = self.context.normal[left : place.start]
            label = _LABEL.search(gap[-2 * _LONG :])
            if label is not None:
                colon = place.start - len(label[0])
                told = _LETTERS.search(gap) is not None or self.context.answered_by_line
                said = self._label(left, colon) if told else state
                if said is not None or not self._of_day(number, left, colon):
                    state = said
                    inline = "\n" not in label[0] and "\x1e" not in label[0]
            elif state is not None and not self._goes_on(number, gap, inline=inline):
                state = None
            if state is not None:
                self.headed[number] = state

    def _of_day(self, number: int, left: int, colon: int) -> bool:
        """Whether a colon ends a line's day with a word on it: "Tuesday 10 March (Leeds): 10:00"."""
        return number > 0 and not self.places[number - 1].clock and "\n" not in self._text(left, colon)

    def _label(self, left: int, colon: int) -> _State | None:
        """What the words before a colon say of the times behind it."""
        begins = [
            match.end() for match in _LABEL_BEGIN.finditer(self.context.normal, max(left, colon - 3 * _LONG), colon)
        ]
        begin = max(begins, default=max(left, colon - 3 * _LONG))
        if any(self.context.within(sign, (begin, colon)) for sign in ("conditional", "others_gone")):
            return None
        heads = self.context.hits_within("taken_head", (begin, colon))
        if any(
            len(_WORD.findall(self.context.normal[end:colon])) <= _TELLING
            and not (_COMMA.search(self.context.normal, end, colon))
            for _, end in heads
        ):
            return _State.TAKEN
        comma = max(self.context.normal.rfind(mark, begin, colon) for mark in ",;-–(") + 1
        for start in dict.fromkeys((begin, max(begin, comma))):
            refused = self.context.within("refused", (start, colon)) and not self.context.answered_by_line
            if not refused and (state := self._said(start, colon)) is not None:
                return state
        return None

    def _goes_on(self, number: int, gap: str, *, inline: bool) -> bool:
        """Whether a time belongs to the list of the one before it."""
        if len(gap) > 2 * _LONG or _STOP.search(gap) is not None:
            return False
        plain = gap.replace("\x1e", "\n")
        if "\n" in plain:
            line = plain[plain.rfind("\n") + 1 :]
            if inline and not plain.split("\n")[0].rstrip().endswith(","):
                return False
            if "\n\n" in plain.replace(" ", "") and not _ITEM.sub("", line, count=1).strip() == "" != line.strip():
                return False
            if len(_LETTERS.findall(line)) > 1:
                return False
        return len(_LETTERS.findall(plain)) <= _TELLING

    # --- in its sentence ----------------------------------------------------------------------------------------

    def _told_by_number(self, at: Stretch) -> bool:
        """Whether the sentence says of its first or last time that it is gone: "10, 11 and 12, though the last one has
        just been booked"."""
        left, right = self.context.sentence(at.start, at.end)
        for sign, place in (("first_gone", 0), ("last_gone", -1)):
            for start, _ in self.context.hits_within(sign, (left, right)):
                times = [item for item in self.context.stretches if left <= item.start < start and item.has_clock]
                if len(times) > 1 and times[place] is at:
                    return True
        return False


def tells_states(context: Context, left: int, right: int) -> bool:
    """Whether the words of a stretch say of times that they are free or taken, and no more: "free | taken | free"."""
    words = [match.span() for match in _WORD.finditer(context.normal, left, right)]
    hits = [hit for sign, _ in _SAID for hit in context.hits_within(sign, (left, right))]
    return bool(words) and _covered(words, hits)


def _occupied(context: Context, at: Stretch) -> bool:
    """Whether the clause of a range says that the writer has something else to do then."""
    return at.has_end and not context.asked(at) and context.reaches("occupied", at)


def _shunned(context: Context, at: Stretch) -> bool:
    """Whether the words right before a time, or around it, ask to leave it out: "please avoid 12:00 to 13:00"."""
    return at.has_clock and any(
        (context.before("shuns", at), context.goes_on("shuns_after", at), context.spanned("shuns_around", at))
    )


def _gone_while_shut(context: Context, at: Stretch) -> bool:
    """Whether a time is refused behind the clause that a house is shut then: "from 12 to 2, when the practice is
    closed, is not possible"."""
    for start, end in context.hits.get("aside", ()):
        if at.has_clock and at.end <= start and context.is_empty(at.end, start):
            begins = (first for sign in _REFUSING for first, _ in context.hits.get(sign, ()))
            return any(0 <= first - end <= _COMMA_LONG and context.is_empty(end, first) for first in begins)
    return False


def _places(stretches: Sequence[Stretch]) -> list[_Place]:
    """Where times stand, in order; those that overlap are one."""
    spans = sorted(
        {(item.start, item.end, item.has_clock) for item in stretches}
        | {(*item.named, False) for item in stretches if item.named is not None}
    )
    places: list[_Place] = []
    for start, end, clock in spans:
        if places and start < places[-1].end:
            last = places[-1]
            places[-1] = _Place(last.start, max(end, last.end), last.clock or clock)
        else:
            places.append(_Place(start, end, clock))
    return places


def _pieces(text: str, left: int, right: int) -> Iterator[tuple[int, int]]:
    """The parts of a range between commas, brackets, cells and dashes."""
    for cut in _PIECES.finditer(text, left, right):
        yield left, cut.start()
        left = cut.end()
    yield left, right


def _signed(piece: str) -> _State | None:
    """The state for which the only mark of a text stands."""
    taken, free = not TAKEN_SIGNS.isdisjoint(piece), not FREE_SIGNS.isdisjoint(piece)
    return None if taken == free else _State.TAKEN if taken else _State.FREE


def _covered(words: Sequence[tuple[int, int]], hits: Sequence[tuple[int, int]]) -> bool:
    return all(any(start <= left and right <= end for start, end in hits) for left, right in words)
