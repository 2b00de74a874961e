"""The reader's own row in a list of everybody's times: "09:55 - 10:35  Candidate 3 (you)", "7.20pm  Robin M."."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from raincheck.core.reading.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.core.reading.context import Context
    from raincheck.core.reading.offer import Offer

_NUMBER = re.compile(r"\d{1,12}")
_ROWS = 3  # lines with times that make a list of everybody's
_WORDS = 3  # of a row, at most: a name
_WORD = re.compile(r"[^\W\d_]+")
_ENDING = re.compile(r"(?<=[^\W\d_])[/:*_]-?(?:[^\W\d_]{1,3})(?![^\W_])")  # "Kandidat/in", "Bewerber*in"
_WHO = ("own_row", "one_of_many")  # what stands in place of a name
_MARKS = re.compile(r"[*←◀◄⬅✱★☆](?=\s*$)|<[-=]")
_NOTE = re.compile(r"^[ \t]*[(]?[*✱★☆].*$", re.MULTILINE)  # what a mark means, in a line of its own
_BRACKETS = re.compile(r"\([^()\n]*\)")
_LETTERS = 3  # of a name
_HALF_DAY = timedelta(hours=4)  # hours from which a range may be those in which everybody is seen
_CHOSEN = 300  # characters around a list, in which it may say that one row is to be chosen


def own_rows(context: Context, found: list[Offer], names: frozenset[str]) -> list[Offer]:
    """The offers without those of other people: where a list of times tells who comes when and marks one row as the
    reader's, or where hours in which everybody is seen stand beside the reader's own."""
    found = _without_numbered(context, _without_days_of_all(context, found))
    lists = [
        rows
        for rows in _lists(context, found)
        if len(rows) >= _ROWS and all(_names(context, line, rows[line]) for line in rows)
    ]
    own = [_own(context, rows, names) for rows in lists]
    if not any(len(mine) == 1 for mine in own):
        return found
    others = {
        id(offer)
        for rows, mine in zip(lists, own, strict=True)
        if len(mine) == 1 or not (mine or _meets(context, rows))  # also the lists of the days on which others come
        for line in rows
        if line not in mine
        for offer in rows[line]
    }
    return [replace(offer, role=Role.OTHER) if id(offer) in others else offer for offer in found]


def _without_days_of_all(context: Context, found: list[Offer]) -> list[Offer]:
    """ "We see candidates on 29 and 30 June, 9am-5pm. Your slot: 30 June, 11.20am": the days of all are no offer."""
    own = [o for o in found if o.role is Role.PROPOSED and context.leads("own_slot", o.time.at)]
    if not own:
        return found
    frames = [
        o
        for o in found
        if o.role is Role.PROPOSED and o not in own and o.time.end is not None and o.time.end - o.start >= _HALF_DAY
    ]
    around = [f for f in frames if any(f.start <= mine.start < (f.time.end or f.start) for mine in own)]
    hours = {(frame.time.clock, frame.time.end_clock) for frame in around}
    gone = [frame for frame in frames if (frame.time.clock, frame.time.end_clock) in hours]
    return [replace(offer, role=Role.OTHER) if offer in gone else offer for offer in found]


def _without_numbered(context: Context, found: list[Offer]) -> list[Offer]:
    """ "Candidate 0142", "Candidate 0157" and more, of which a sentence tells that "your candidate number is 0157"."""
    told = (_NUMBER.findall(context.normal[slice(*hit)]) for hit in context.hits.get("own_number", ()))
    own = {int(numbers[-1]) for numbers in told if numbers}
    if not own:
        return found
    numbers: dict[tuple[int, int], set[int]] = {}
    for offer in found:
        line = _line(context.text, offer.time.at.row)
        if offer.role is Role.PROPOSED and context.within("one_of_many", line):
            numbers[line] = set(map(int, _NUMBER.findall(_rest(context, line, [offer]))))
    others = {line for line, named in numbers.items() if named and own.isdisjoint(named)}
    if len(numbers) - len(others) != 1:
        return found
    return [
        replace(offer, role=Role.OTHER)
        if offer.role is Role.PROPOSED and _line(context.text, offer.time.at.row) in others
        else offer
        for offer in found
    ]


def _own(context: Context, rows: dict[tuple[int, int], list[Offer]], names: frozenset[str]) -> list[tuple[int, int]]:
    """The rows of a list that are the reader's: marked, or told so."""
    marked = [line for line in rows if _MARKS.search(_rest(context, line, rows[line]))]
    mine = marked if _own_mark(context, rows) else []
    return mine or [line for line in rows if _told(context, line, rows, names)]


def _lists(context: Context, found: Sequence[Offer]) -> Iterator[dict[tuple[int, int], list[Offer]]]:
    """Runs of lines that follow each other and hold an offered time each: by where the line stands, its offers."""
    rows: dict[tuple[int, int], list[Offer]] = {}
    last = -1
    for offer in sorted(found, key=lambda offer: offer.time.at.row):
        if offer.role is not Role.PROPOSED:
            continue
        line = _line(context.text, offer.time.at.row)
        if line not in rows and rows and context.text[last : line[0]].strip():
            yield rows
            rows = {}
        rows.setdefault(line, []).append(offer)
        last = line[1]
    if rows:
        yield rows


def _line(text: str, at: int) -> tuple[int, int]:
    right = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, right if right >= 0 else len(text)


def _rest(context: Context, line: tuple[int, int], offers: Sequence[Offer]) -> str:
    """What a line says beside its times, which are blanked: every word keeps its place."""
    rest = context.text[slice(*line)]
    for offer in offers:
        for begin, end in ((offer.time.at.start, offer.time.at.end), offer.time.at.named or (0, 0)):
            if line[0] <= begin <= end <= line[1]:
                rest = rest[: begin - line[0]] + " " * (end - begin) + rest[end - line[0] :]
    return rest


def _names(context: Context, line: tuple[int, int], offers: Sequence[Offer]) -> bool:
    """Whether the line says nothing beside its times but "you", "candidate no. 2", and a few words with capitals, as
    names are written.
    "Lunch" passes, too: it is the one row marked as the reader's that tells such a list from a day's plan."""
    rest = _ENDING.sub(lambda ending: " " * len(ending[0]), _rest(context, line, offers))
    words = list(_WORD.finditer(rest))
    return len(words) <= _WORDS and all(
        word[0][:1].isupper()
        or any(context.within(sign, (line[0] + word.start(), line[0] + word.end())) for sign in _WHO)
        for word in words
    )


def _own_mark(context: Context, rows: dict[tuple[int, int], list[Offer]]) -> bool:
    """Whether a mark can stand for the reader: all times are of one day, none is to be chosen, and no note says that
    the mark means another thing."""
    if len({offer.time.day for offers in rows.values() for offer in offers}) > 1:
        return False
    begin, end = min(rows)[0], max(rows)[1]
    around = ((max(0, begin - _CHOSEN), begin), (end, end + _CHOSEN))
    if any(context.within(sign, span) for sign in ("choice", "which_of") for span in around):
        return False
    notes = [note.span() for note in _NOTE.finditer(context.text) if not begin <= note.start() <= end]
    return all(_all_own(context, note) for note in notes)


def _all_own(context: Context, note: tuple[int, int]) -> bool:
    """Whether a note says "your slot" and nothing else."""
    words = [(note[0] + word.start(), note[0] + word.end()) for word in _WORD.finditer(context.text[slice(*note)])]
    hits = context.hits.get("own_row", ())
    return all(any(start <= word[0] and word[1] <= end for start, end in hits) for word in words)


def _told(
    context: Context, line: tuple[int, int], rows: dict[tuple[int, int], list[Offer]], names: frozenset[str]
) -> bool:
    """Whether a line says "you", or names the reader and nobody else: "Robin M.", but not another Robin, nor one of
    those whom the reader meets. "Ms M." may be one of these, unless the other rows are of candidates."""
    if context.within("own_row", line):
        return True
    words = _WORD.findall(_BRACKETS.sub("", _rest(context, line, rows[line])).lower())
    if any(context.within("one_of_many", other) for other in rows):
        titles = {context.normal[slice(*hit)] for hit in context.hits_within("title", line)}
        words = [word for word in words if word not in titles]
    own = [word for word in words if len(word) >= _LETTERS and word in names]
    if not own or _meets(context, rows):
        return False
    initials = {name[:1] for name in names}
    return all(word in names or word in initials for word in words)


def _meets(context: Context, rows: dict[tuple[int, int], list[Offer]]) -> bool:
    """Whether the words above a list say that the reader meets those whom it names."""
    begin = min(rows)[0]
    return context.within("meets", (context.sentence(begin - 2, begin - 2)[0], begin))
