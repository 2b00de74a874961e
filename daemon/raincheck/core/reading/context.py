"""What stands around the times of a text: sentences and clauses, cue phrases, lists, columns, labels.

Owns where a cue stands seen from a time: in its sentence, in its clause, directly before or behind it. What that means
for the time is not known here (`roles`).
"""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from raincheck.core.reading.cues import Cue, CueBook, normalise
from raincheck.core.reading.phrasemachine import END_OF_PARAGRAPH
from raincheck.core.reading.times import Role as FirstSight
from raincheck.core.reading.timewords import spellings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Span = tuple[int, int]  # a half-open range of characters

_END = re.compile(r"[!?;\x1e\n]|\.(?!\w)")  # no dot inside an address ends a sentence
_CLAUSE = re.compile(r"[,:()\t]|\s[-–—]\s|\x1e|\n|[.!?;]")
_LAST_WORD = re.compile(r"(?:\b\w+|\S)$")
_CLOCK_BEFORE = re.compile(  # "9 am on Tuesday, ", "16:00 (": no stop and no other bracket between
    r"(?:\d[:.]\d\d|\d ?(?:[ap]\.?m\b\.?|h\b|uhr\b|o'clock)|\b(?:at|um|@) \d{1,2}\b)[^.!?\n()]*\(?$"
)
_CLOCK_ALONE = re.compile(r"\d{1,2}(?:[:.]\d\d)? ?(?:[ap]\.?m\.?|uhr|h|o'clock)?(?:-?ish)? \(?")  # and no word
_BESIDE = (" ", " (", ", ", " - ")  # between a clock and "your time"
_ASIDE = re.compile(r" ?\([^()\n]{1,40}\)")
_BEHIND = re.compile(r"\s?(?:\([^()\n]{1,120}|,[^().,;\n]{1,80})")
_OWN_CLOCK = re.compile(r"\W{0,3}\d{1,2}\b")  # of "your time 1:30"
_MARKS = " *_•·-"  # that make a line bold or an item of a list
_LABEL_MARKS = " \t:|*_•·-"  # around the label of a row
_LABEL = 40  # characters of one
_CLOCK_REACH = 60  # characters before "your time" in which that clock stands
_PHONE = re.compile(
    r"(?<![\w/])(?:\+|\(?0)?\d{2,5}[)\s/.-]{1,2}\d{3}[\s-]?\d{3,5}(?!\w)"
    r"|(?<![\w/])(?:\+|\(?0)(?=(?:[^\d\n]{0,2}\d){7})\d{1,4}(?:[)\s/-]{1,2}\d{2,8}){1,4}(?![\w.])"
)
_GAP = re.compile(r"[\w']+")
_WORD = re.compile(r"[^\W\d_]\S*")
_WORD_BEGIN = re.compile(r"\w")
MAX_GAP = 30  # characters between a time and the cue that stands directly beside it
_AND = frozenset(",/;&+")
_LONG_LINE = 40  # characters of a line that may have been wrapped
_MIN_WIDTH, _MAX_WIDTH = 60, 100  # of a text whose lines are wrapped
_WORDS = re.compile(r"[^\W\d_]{3,}")
_WORDS_OF_TWO = re.compile(r"[^\W\d_]{2,}")
_TOLD = re.compile(  # words, numbers and signs, all bounded: they become features
    r"[^\W\d_]{1,40}|[0-9]{1,12}|[?!:;,()]"
)
_TIME, _NUMBER = "TIME", "#"  # stand for any of them
_MAX_WORDS = 150  # characters on either side of a time
_TELLING = 3  # words of a row that tell what happens
_MAX_ROWS = 12  # of a list of days
_MAX_HITS = 100  # of one sign in one text
_MAX_PLACED = 200  # cues around one time


def _behind_clock(normal: str, at: int) -> bool:
    return _CLOCK_BEFORE.search(normal, max(0, at - _CLOCK_REACH), at) is not None


def _of_readers_clock(hits: Mapping[str, Sequence[Span]]) -> Iterator[Span]:
    """Where a text says "your time" and may mean a clock by it: not "an hour of your time", "your time slot"."""
    spent = {end for _, end in hits.get("time_spent", ())}
    other = {start for start, _ in hits.get("your_time_for", ())}
    return ((start, end) for start, end in hits.get("your_time", ()) if end not in spent and start not in other)


@dataclass(frozen=True, eq=False)
class RoleCues:
    """The cue phrases of one or two languages, by what they say."""

    book: CueBook
    filler: frozenset[str]
    joins: frozenset[str]  # at the end of a line: its sentence goes on
    abbreviations: frozenset[str]  # their dot ends no sentence
    lists: Mapping[str, tuple[str, ...]]

    @lru_cache(maxsize=4)  # noqa: B019 - a lexicon lives as long as the process
    def hits(self, normal: str) -> Mapping[str, Sequence[Span]]:
        """Where each cue of a text stands; the last ones are remembered, since a body is asked for lengths, perhaps
        without some of its dots, for whose clocks it names, and for times."""
        found: defaultdict[str, list[Span]] = defaultdict(list)
        for sign, start, end in self.book.signs(normal):
            found[sign].append((start, end))
        return dict(found)

    def speaks_your_time(self, text: str) -> bool:
        """Whether the text names clocks in the reader's zone: "10:00 your time", but not "your time of arrival", "half
        an hour of your time", "10:00 in Seoul (your time 3:00)"."""
        normal = normalise(text)
        hits = self.hits(normal)
        return "your_zone" in hits or any(
            _OWN_CLOCK.match(normal, end) is None and _behind_clock(normal, start)
            for start, end in _of_readers_clock(hits)
        )

    def speaks_our_time(self, text: str, *, plainly: bool = False) -> bool:
        """Whether the text names clocks in its writer's zone, too.

        plainly: as "3pm our time", where "at our end", "3pm here" may as well tell a place, "we take our time" nothing.
        """
        normal = normalise(text)
        hits = self.hits(normal)
        if plainly:
            return any(_behind_clock(normal, start) for start, _ in hits.get("our_zone", ()))
        return "our_time" in hits or "our_zone" in hits

    @classmethod
    def from_tables(cls, tables: Mapping[str, Mapping[str, Any]]) -> RoleCues:
        """From `[appointments]` of the languages, keyed by language code.

        Raises phrasemachine.PhraseError for a phrase that cannot be read.
        """
        cues: list[tuple[Cue, Mapping[str, str]]] = []
        words: dict[str, set[str]] = {"filler": set(), "joins": set(), "abbreviations": set()}
        lists: dict[str, tuple[str, ...]] = {}
        for code, table in tables.items():
            groups = table.get("words", {})
            for sign, phrases in (*table.items(), *table.get("length", {}).items()):
                if sign in words:
                    words[sign].update(phrases)
                elif isinstance(phrases, list):
                    say = tuple(spelling for phrase in phrases for spelling in spellings(phrase))
                    cues.append((Cue(sign, 1.0, frozenset(), code, say), groups))
                    lists[sign] = (*lists.get(sign, ()), *phrases)
        filler, joins, abbreviations = map(frozenset, words.values())
        return cls(CueBook(cues), filler, joins, abbreviations, lists)


class Day(IntEnum):
    """How fully a time names its day."""

    NONE = 0
    SHORT = 1  # "Tue", "Mo"
    WEEKDAY = 2
    FULL = 3  # with figures, or "tomorrow"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where one time stands in the text: a half-open range of characters, and what its words show."""

    start: int
    end: int
    has_clock: bool
    has_date: bool = True
    has_end: bool = False
    first: FirstSight = FirstSight.PROPOSAL  # what the times reader took it for
    clock: int | None = None  # where the clock stands, which may lie behind its date
    day: Day = Day.NONE
    named: tuple[int, int] | None = None  # where its date stands

    @property
    def row(self) -> int:
        """Where the row of a list begins that this time heads."""
        return self.start if self.clock is None else self.clock


class Context:
    """One text with its cues and times: answers what stands where."""

    def __init__(self, text: str, cues: RoleCues, stretches: Sequence[Stretch]) -> None:
        self.text = text
        self.normal = normalise(text)
        self.filler = cues.filler
        self.joins = cues.joins
        self.abbreviations = cues.abbreviations
        self.stretches = sorted(stretches, key=lambda item: item.start)
        self._starts = [item.start for item in self.stretches]
        self.hits = {sign: list(found[:_MAX_HITS]) for sign, found in cues.hits(self.normal).items()}
        held = [*map(self._closing, self.hits.get("takes_place", ()))]
        held += [hit for hit in self.hits.get("no_old_time", ()) if not self.has_times(*hit)]
        held += [hit for hit in self.hits.get("name_begin", ()) if self._in_name(*hit)]
        for sign in ("previous", "previous_label"):  # "findet statt", "at the original time" tell of no other day
            hits = self.hits.get(sign, [])
            hits[:] = [hit for hit in hits if not any(s <= hit[0] and hit[1] <= e for s, e in held)]
        # "Vor Ihrem Arbeitsbeginn" is no other time, and "we're closed Mondays" denies no Tuesday.
        self._drop(("hours", "foreign", "others_before", "other_after", "arrival"), "aside")
        self._drop(("hours", "foreign", "negative", "day_off"), "weekly")

    def _drop(self, signs: Sequence[str], inside: str) -> None:
        """Forgets those cues that begin inside another, which tells that they mean no time of the mail."""
        around = self.hits.get(inside, ())
        for sign in signs if around else ():
            hits = self.hits.get(sign, [])
            hits[:] = [hit for hit in hits if not any(start <= hit[0] < end for start, end in around)]

    @cached_property
    def _sentences(self) -> list[int]:
        """Where they end. Many a text is only asked whether it says something."""
        return self._breaks(_END, soft_newlines=True)

    @cached_property
    def _clauses(self) -> list[int]:
        """Where they end."""
        return self._breaks(_CLAUSE, soft_newlines=False)

    def _in_name(self, start: int, end: int) -> bool:
        """Whether a word begins a name: it and the next have capitals, and the next tells of no talk and no time. As
        AtomsInRoles._in_name does where the times are read."""
        then = end + 1
        capitals = (
            self.text[end:then] in (" ", "-") and self.text[start].isupper() and self.text[then : then + 1].isupper()
        )
        if not capitals or then in self._starts or ":" in self.text[then : then + _LABEL].partition("\n")[0]:
            return False
        return not any(at == then for sign in ("talk", "meeting", "when_label") for at, _ in self.hits.get(sign, ()))

    @cached_property
    def left_out(self) -> list[tuple[int, int]]:
        """The words that leave out the time right behind them of the one before: they deny nothing else."""
        return [(start, end) for start, end in self.hits.get("excepting", ()) if self._excepts(start, end)]

    def _excepts(self, start: int, end: int) -> bool:
        behind = bisect.bisect_left(self._starts, end)
        if behind == len(self._starts) or not self.is_empty(end, self._starts[behind]):
            return False
        if self.fills_cell(start, self._starts[behind]):
            return False
        left, _ = self.sentence(start, end)
        gone = any(self.within(sign, (left, start)) for sign in ("taken", "negative", "all_gone"))
        return self.has_times(left, start) and not gone  # not "all booked except Tuesday at 10"

    def fills_cell(self, start: int, then: int) -> bool:
        """Whether words are the last cell of a table's row, and what follows them begins the next."""
        return self.normal[start - 1 : start] == "\t" and "\n" in self.normal[start:then]

    def leaves_out(self, item: Stretch) -> bool:
        """Whether a time is left out of the one before it: "between 9 and 5, except 12-1"."""
        return any(
            end <= item.start and not self.has_times(end, item.start) and self.is_empty(end, item.start)
            for _, end in self.left_out
        )

    def _closing(self, phrase: tuple[int, int]) -> tuple[int, int]:
        """Where the last word of a phrase stands the last time in its sentence: "findet um 10 statt um 9 Uhr statt"."""
        word = self.normal[slice(*phrase)].split()[-1]
        last = self.normal.rindex(word, phrase[0], max(self.sentence(*phrase)[1], phrase[1]))
        return last, last + len(word)

    @cached_property
    def _all_hits(self) -> list[tuple[int, int, str]]:
        return sorted((start, end, sign) for sign, hits in self.hits.items() for start, end in hits)

    def placed(self, item: Stretch) -> Iterator[tuple[str, str]]:
        """Every cue around a time with where it stands: near, beside (see those methods), before, after; previous and
        next are the sentences on both sides; outside is the clause before its bracket."""
        sentence = self.sentence(item.start, item.end)
        previous, following = self.preceding(item), self.following(item)
        places = (
            ("near", *sentence),
            ("beside", *self.clause(item.start, item.end)),
            ("previous", *previous),
            ("next", *following),
            ("outside", *self.before_bracket(item)),
        )
        first = bisect.bisect_left(self._all_hits, (min(previous[0], sentence[0]),))
        last = max(following[1], sentence[1])
        for start, end, sign in self._all_hits[first : first + _MAX_PLACED]:
            if start >= last:
                return
            for where, left, right in places:
                if left <= start and end <= right:
                    yield where, sign
            if (item.start - MAX_GAP < end <= item.start and self.is_empty(end, item.start)) or (
                start == item.start and end < item.end
            ):
                yield "before", sign
            elif item.end <= start < item.end + MAX_GAP and self.is_empty(item.end, start):
                yield "after", sign

    def _breaks(self, pattern: re.Pattern[str], *, soft_newlines: bool) -> list[int]:
        """Positions at which a stretch of meaning ends; none inside a time."""
        inside = sorted(
            {(item.start, item.end) for item in self.stretches} | {item.named for item in self.stretches if item.named}
        )
        starts = [start for start, _ in inside]
        found: list[int] = []
        for match in pattern.finditer(self.normal):
            at = match.start()
            index = bisect.bisect_right(starts, at) - 1
            if index >= 0 and at < inside[index][1] - (self.normal[at] in ".!?;"):
                continue
            if soft_newlines and match[0] == "\n" and self._goes_on(at):
                continue
            if match[0] == "." and self._abbreviated(at):
                continue
            found.append(at)
        if not soft_newlines:
            words = (start for start, _ in self.hits.get("clause_break", ()))
            found += [at for at in words if not any(start <= at < end for start, end in inside)]
        return sorted(found)

    def _abbreviated(self, dot: int) -> bool:
        """Whether a dot belongs to "Mrs." or "Dr."."""
        last = _LAST_WORD.search(self.normal[max(0, dot - 12) : dot])
        return last is not None and last[0] in self.abbreviations

    def _goes_on(self, newline: int) -> bool:
        """Whether a sentence runs over this line break."""
        line = self.normal[self.normal.rfind("\n", 0, newline) + 1 : newline].rstrip()
        following = self.text[newline + 1 : newline + 2]
        last = _LAST_WORD.search(line)
        joined = last is not None and last[0] in self.joins
        return joined or (len(line) > _LONG_LINE and (following.islower() or self._full(line, newline)))

    def _full(self, line: str, newline: int) -> bool:
        """Whether a line that ends no sentence was broken because its next word did not fit."""
        following = _WORD.match(self.normal, newline + 1)
        if following is None or line[-1:] in ".!?:;|" or not _MIN_WIDTH <= self._width <= _MAX_WIDTH:
            return False
        return len(line) + 1 + len(following[0]) > self._width

    @cached_property
    def _width(self) -> int:
        """How long the longest line is."""
        return max(map(len, self.normal.split("\n")), default=0)

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """The sentence around a range."""
        return _around(self._sentences, start, end, len(self.normal))

    def words_around(self, item: Stretch) -> tuple[list[str], list[str]]:
        """The words and signs of the sentence before and behind a time; any other time is one word, and so is any
        number."""
        left, right = self.sentence(item.start, item.end)
        return (
            self._words(max(left, item.start - _MAX_WORDS), item.start),
            self._words(item.end, min(right, item.end + _MAX_WORDS)),
        )

    def has_words(self, left: int, right: int, least: int) -> bool:
        """Whether a range holds so many words outside its times."""
        found = 0
        for word in _WORDS_OF_TWO.finditer(self.normal, left, right):
            before = bisect.bisect_right(self._starts, word.start()) - 1
            found += before < 0 or self.stretches[before].end <= word.start()
            if found >= least:
                return True
        return False

    def _words(self, left: int, right: int) -> list[str]:
        times = [(other.start, other.end) for other in self.stretches if other.start < right and left < other.end]
        found: list[str] = []
        for match in _TOLD.finditer(self.normal, left, right):
            at = match.start()
            if times and any(start <= at < end for start, end in times):
                if found[-1:] != [_TIME]:
                    found.append(_TIME)
            else:
                found.append(_NUMBER if match[0][0].isdigit() else match[0])
        return found

    def shares_sentence(self, item: Stretch, place: int) -> bool:
        """Whether a place stands in the sentence of a time: "Thursday or Friday, 10:00"."""
        left, right = self.sentence(item.start, item.end)
        return left <= place <= right

    def later(self, item: Stretch) -> list[Stretch]:
        """The times behind a time in its sentence."""
        _, right = self.sentence(item.start, item.end)
        return [other for other in self.stretches if item.end <= other.start < right]

    def next_time(self, item: Stretch, reach: int | None = None) -> Stretch | None:
        """The first time behind a time: in its sentence, or within so many characters."""
        if reach is None:
            return next(iter(self.later(item)), None)
        behind = (other for other in self.stretches if other.start >= item.end and other.has_clock)
        following = next(behind, None)
        return following if following is not None and following.start - item.end <= reach else None

    def earlier(self, item: Stretch) -> list[Stretch]:
        """The times before a time in its sentence."""
        left, _ = self.sentence(item.start, item.end)
        return [other for other in self.stretches if left <= other.start and other.end <= item.start]

    def following(self, item: Stretch) -> tuple[int, int]:
        """The sentence behind that of a time; empty at the end."""
        _, right = self.sentence(item.start, item.end)
        if right >= len(self.normal):
            return right, right
        return self.sentence(right + 1, right + 1)

    def first_word(self, at: int) -> int:
        """Where the next word begins, behind marks and empty lines; the end of the text where none follows."""
        found = _WORD_BEGIN.search(self.normal, at)
        return found.start() if found is not None else len(self.normal)

    def preceding(self, item: Stretch) -> tuple[int, int]:
        """The sentence before that of a time; empty at the begin."""
        left, _ = self.sentence(item.start, item.end)
        return self.sentence(left - 2, left - 2) if left > 1 else (0, 0)

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The clause around a range: up to the next comma, colon, bracket or dash."""
        return _around(self._clauses, start, end, len(self.normal))

    def hits_within(self, sign: str, span: tuple[int, int]) -> list[tuple[int, int]]:
        """Where a cue stands inside a range."""
        return [hit for hit in self.hits.get(sign, ()) if span[0] <= hit[0] and hit[1] <= span[1]]

    def within(self, sign: str, span: tuple[int, int]) -> bool:
        """Whether a cue stands inside a range."""
        return self.says(sign) and any(span[0] <= start and end <= span[1] for start, end in self.hits[sign])

    def says(self, sign: str) -> bool:
        """Whether a cue stands anywhere in the text."""
        return bool(self.hits.get(sign))

    def near(self, sign: str, item: Stretch) -> bool:
        """Whether a cue stands in the sentence of a time."""
        return self.says(sign) and self.within(sign, self.sentence(item.start, item.end))

    def beside(self, sign: str, item: Stretch) -> bool:
        """Whether a cue stands in the clause of a time."""
        return self.says(sign) and self.within(sign, self.clause(item.start, item.end))

    def reaches(self, sign: str, item: Stretch) -> bool:
        """Whether a cue stands in the clause of a time and no other time comes between, but those of one list."""
        if not self.says(sign):
            return False
        left, right = self.clause(item.start, item.end)
        return any(
            left <= start
            and end <= right
            and self._listed(min(end, item.start), max(start, item.end), item)
            and not self._nearer(start, end, item, left)
            for start, end in self.hits.get(sign, ())
        )

    def _nearer(self, start: int, end: int, item: Stretch, left: int) -> bool:
        """Whether a cue before a time stands closer behind another one: "from 8 in the office, and free at 8:45"."""
        index = bisect.bisect_right(self._starts, start) - 1
        if index < 0 or self.stretches[index].start < left:
            return False
        return end <= item.start and 0 <= start - self.stretches[index].end < item.start - end

    def _listed(self, left: int, right: int, item: Stretch) -> bool:
        """Whether all times of a range are joined to this one ("at 5:30 and 7:00")."""
        run = [other for other in self.stretches if (left <= other.start and other.end <= right) or other is item]
        return all(self.is_empty(one.end, other.start) for one, other in pairwise(run) if one.end <= other.start)

    def past(self, item: Stretch) -> bool:
        """Whether a cue of the past stands in the clause of a time, with no other time between them."""
        if not self.says("past"):
            return False
        left, right = self.clause(item.start, item.end)
        return any(
            left <= start
            and end <= right
            and not (end <= item.start and self.has_times(end, item.start))
            and not any(other.start <= start < other.end <= item.start for other in self.stretches)
            for start, end in self.hits.get("past", ())
        )

    def headed(self, sign: str, item: Stretch) -> bool:
        """Whether a cue stands in the line that heads the list of a time ("My availability:")."""
        heading = self.heading(item) if self.says(sign) else None
        return heading is not None and self.within(sign, heading)

    def heading(self, item: Stretch) -> tuple[int, int] | None:
        """The line that heads the list of a time, where one does."""
        left = self.normal.rfind("\n", 0, item.start)
        head = self.normal.rfind(":\n", max(0, left - 400), left + 1)
        return (self.normal.rfind("\n", 0, head) + 1, head) if head >= 0 else None

    def listed_under(self, sign: str, item: Stretch) -> bool:
        """Whether a cue stands in the line above the rows of a list, one of which is a time."""
        if not self.says(sign):
            return False
        at = self.normal.rfind("\n", 0, item.start) + 1
        if _WORDS.search(self.normal[at : item.start]):
            return False
        for _ in range(_MAX_ROWS):
            left, right = self._line_above(at)
            if left == right:
                return False
            if not any(left <= start < right for start in self._starts):
                return self.normal[left:right].rstrip()[-1:] in (":", "?", ".") and self.within(sign, (left, right))
            at = left
        return False

    def under_label(self, sign: str, item: Stretch) -> bool:
        """Whether the line above that of a time is a label, and that a cue: "Previous time:"."""
        if not self.says(sign):
            return False
        at = self.normal.rfind("\n", 0, item.start) + 1
        left, right = self._line_above(at)
        line = self.normal[left:right].rstrip(_MARKS)
        first = left + len(line) - len(line.lstrip(_MARKS))
        return line.endswith(":") and (first, left + len(line) - 1) in self.hits_within(sign, (left, right))

    def _line_above(self, at: int) -> tuple[int, int]:
        """The nearest line with words above a line; empty at the begin."""
        right = len(self.normal[: max(at - 1, 0)].rstrip())
        return self.normal.rfind("\n", 0, right) + 1, right

    def labelled(self, sign: str, item: Stretch) -> bool:
        """Whether a cue stands in the label before a time ("Deadline for booking: ...")."""
        if not self.says(sign):
            return False
        left = max(self.normal.rfind("\n", 0, item.start) + 1, item.start - 60, self.sentence(item.start, item.end)[0])
        return self.normal[left : item.start].rstrip().endswith(":") and self.within(sign, (left, item.start))

    def told_for_reader(self, item: Stretch) -> bool:
        """Whether "your time" stands right behind a clock, or between it and its day ("6pm your time tomorrow"), and no
        other clock behind: "10:00, your time 3:00"; not "9 to 11 your time slot", "an hour of your time"."""

        def touches(start: int) -> bool:
            inside = item.row < start <= item.end and _CLOCK_ALONE.fullmatch(self.normal, item.row, start) is not None
            return inside or self.normal[item.end : start] in _BESIDE

        return any(
            touches(start) and not self.normal[end:].lstrip(" :")[:1].isdigit()
            for start, end in _of_readers_clock(self.hits)
        )

    def asked(self, item: Stretch) -> bool:
        """Whether the sentence of a time is a question."""
        _, right = self.sentence(item.start, item.end)
        return self.normal[right : right + 1] == "?"

    def before(self, sign: str, item: Stretch) -> bool:
        """Whether a cue stands directly before a time, but for words that carry no meaning, or begins it."""
        return self.says(sign) and any(
            (end <= item.start and self.is_empty(end, item.start) and not self.fills_cell(start, item.start))
            or (start == item.start and end < item.end)
            for start, end in self.hits[sign]
            if end > item.start - MAX_GAP
        )

    def opens_below(self, sign: str, item: Stretch) -> bool:
        """Whether a cue ends the text above the paragraph that a time opens, but for words that carry no meaning."""
        begin = min(item.start, item.named[0]) if item.named is not None else item.start
        return any(
            0 < begin - end <= MAX_GAP
            and END_OF_PARAGRAPH in self.normal[end:begin]
            and self.is_empty(self._behind_breaks(end), begin)
            for _, end in self.hits.get(sign, ())
        )

    def ends_clause(self, at: int) -> bool:
        """Whether nothing but a mark, or the end of the line, stands there."""
        return self.normal[at : at + 2].strip(" ")[:1] in ("", *".,;!?)\n", END_OF_PARAGRAPH)

    def _behind_breaks(self, at: int) -> int:
        """Where the next text begins behind the end of a paragraph."""
        rest = self.normal[at:]
        return at + len(rest) - len(rest.lstrip(f" :\n{END_OF_PARAGRAPH}"))

    def touches(self, sign: str, item: Stretch) -> bool:
        """Whether a cue stands right before the clock of a time, without a word between."""
        return any(
            end <= item.row and not self.normal[end : item.row].strip(" ~\n")
            for _, end in self.hits.get(sign, ())
            if end > item.row - MAX_GAP
        )

    def touches_start(self, sign: str, item: Stretch) -> bool:
        """Whether a cue stands right before the first word of a time, but for a colon."""
        return any(
            end <= item.start and not self.normal[end : item.start].strip(" :")
            for _, end in self.hits.get(sign, ())
            if end > item.start - MAX_GAP
        )

    def leads_clock(self, sign: str, item: Stretch) -> bool:
        """Whether a cue stands between the day and the clock of a time: "Monday after 2", not "Monday after closing
        time at 6"."""
        asides = {start for start, _ in self.hits.get("aside", ())}
        return any(
            item.start <= start and end <= item.row and start not in asides for start, end in self.hits.get(sign, ())
        )

    def touched_from(self, sign: str, item: Stretch) -> int | None:
        """Where the longest cue begins that stands right before the clock of a time; None where none does."""
        found = [
            start
            for start, end in self.hits.get(sign, ())
            if item.row - MAX_GAP < end <= item.row and not self.normal[end : item.row].strip(" ~\n")
        ]
        return min(found, default=None)

    def spanned(self, sign: str, item: Stretch) -> bool:
        """Whether a cue of several words begins before a time and ends behind it."""
        return any(start < item.start and item.end < end for start, end in self.hits.get(sign, ()))

    def before_bracket(self, item: Stretch) -> tuple[int, int]:
        """The clause before the bracket in which a time stands; empty without one."""
        left, _ = self.sentence(item.start, item.end)
        at = self.normal.rfind("(", max(left, item.start - 2 * MAX_GAP), item.start)
        inside = at > 0 and ")" not in self.normal[at : item.start]
        return self.clause(at - 1, at) if inside else (0, 0)

    def bracket_followed(self, sign: str, item: Stretch) -> bool:
        """Whether a cue directly follows the bracket of a time: "the others (Monday at 1 and at 3) are taken"."""
        if not self.says(sign):
            return False
        left, right = self.sentence(item.start, item.end)
        at = self.normal.find(")", item.end, right)
        opened = self.normal.rfind("(", left, item.row)
        if at < 0 or opened < 0 or not self.normal[left:opened].strip() or "(" in self.normal[item.end : at]:
            return False
        if ")" in self.normal[opened : item.start] or self.within("conditional", (left, opened)):
            return False
        return any(0 < start - at <= len("), ") for start, _ in self.hits.get(sign, ()))

    def before_day(self, item: Stretch) -> bool:
        """Whether the day of a clock in brackets follows: "(4 pm) on Monday"."""
        following = self.next_time(item)
        return (
            following is not None
            and self.normal[item.end : item.end + 1] == ")"
            and not following.has_clock
            and self.is_empty(item.end + 1, following.start)
        )

    def bracket_behind(self, sign: str, item: Stretch) -> bool:
        """Whether the bracket in which a time stands alone explains a cue: "before the end of school (4 pm)"."""
        if not self.says(sign):
            return False
        at = self.normal[: item.start].rstrip(" ~").rfind("(")
        if at < 0 or self.normal[at + 1 : item.start].strip(" ~") or self.normal[item.end : item.end + 1] != ")":
            return False
        left, _ = self.clause(at - 1, at)
        return any(
            left <= start and at - MAX_GAP < end <= at and not self.has_times(end, at)
            for start, end in self.hits.get(sign, ())
        )

    def clause_with_clock(self, item: Stretch) -> bool:
        """Whether a bracket or clause right behind a time has a clock of its own: "at 2 (rehearsal is at 3:30)"."""
        opened = _BEHIND.match(self.normal, item.end)
        return opened is not None and self.has_clocks(*opened.span())

    def split_verb(self, sign: str, item: Stretch) -> bool:
        """Whether the cue before a time ends a clause: "wir schlagen vor: Mittwoch, 15 Uhr", "... vor oder Freitag"."""
        joins = {start for start, _ in self.hits_within("joins_days", self.sentence(item.start, item.end))}
        joins = joins if self.near("writer_proposes", item) else set()
        return any(
            end <= item.row
            and (self.normal[end : end + 1] in (":", ",") or end + 1 in joins)
            and self.is_empty(end, max(end, item.start))
            for start, end in self.hits.get(sign, ())
            if end <= item.start or start > item.start
        )

    def inside(self, sign: str, item: Stretch) -> bool:
        """Whether a cue is part of the words of a time."""
        return self.within(sign, (item.start, item.end))

    def spans(self, sign: str, item: Stretch) -> bool:
        """Whether the words of a time are a cue and nothing else."""
        return (item.start, item.end) in self.hits.get(sign, ())

    def after(self, sign: str, item: Stretch) -> bool:
        """Whether a cue stands directly behind a time."""
        return self.says(sign) and any(
            item.end <= start and self.is_empty(item.end, start)
            for start, end in self.hits[sign]
            if start < item.end + MAX_GAP
        )

    def goes_on(self, sign: str, item: Stretch) -> bool:
        """Whether a cue stands behind a time with nothing but a space between."""
        return any(
            item.end < start and not self.normal[item.end : start].strip(" \n") for start, _ in self.hits.get(sign, ())
        )

    def leads(self, sign: str, item: Stretch, *, reach: int = 200, own: bool = False) -> bool:
        """Whether a cue stands before a time in its sentence with no other time in between; own: and not right behind
        the time before, of which it tells ("9:15 arrival, 9:30 interview")."""
        if not self.says(sign):
            return False
        left = max(self.sentence(item.start, item.end)[0], item.start - reach)
        for start, end in self.hits.get(sign, ()):
            if left <= start and end <= item.start and not self.has_times(end, item.start):
                return not (own and any(self._right_behind(other, start) for other in self.stretches))
        return False

    def _right_behind(self, other: Stretch, start: int) -> bool:
        """Whether words begin right behind a time, and in no bracket: "1:50 p.m. (sign in 1:30 p.m.)"."""
        return 0 <= start - other.end <= 2 and "(" not in self.normal[other.end : start]

    def follows(self, sign: str, item: Stretch, *, reach: int = 60) -> bool:
        """Whether a cue stands behind a time in its sentence with no other time and no "if" in between."""
        if not self.says(sign):
            return False
        right = min(self.sentence(item.start, item.end)[1], item.end + reach)
        left = item.end
        if (said_again := _ASIDE.match(self.normal, left, right)) is not None:
            left = said_again.end()  # "the 3pm (your 9am) chat won't fly"
        for start, end in self.hits.get(sign, ()):
            if left <= start and end <= right and not self._interrupted(left, start):
                between = (left, start)
                aside = self.normal[slice(*between)]
                if "(" in aside and ")" not in aside:
                    continue  # "8:00 at the yard (the bell does not work)"
                return not (self.within("conditional", between) or self.within("other_time", between))
        return False

    def turns(self, item: Stretch) -> bool:
        """Whether a time becomes the next one: "your 9:00 becomes 2:30 p.m."."""
        following = self.next_time(item) if self.says("becomes") else None
        return following is not None and any(
            item.end <= start and end <= following.start and self.is_empty(end, following.start)
            for start, end in self.hits["becomes"]
        )

    def topped(self, sign: str, item: Stretch) -> bool:
        """Whether a cue heads the column of a table in which a time stands ("Old | New")."""
        if not self.says(sign):
            return False
        text = self.normal
        begin = text.rfind("\n", 0, item.row) + 1
        column = text.count("\t", begin, item.row)
        top = begin
        while top and "\t" in text[text.rfind("\n", 0, top - 1) + 1 : top - 1]:
            top = text.rfind("\n", 0, top - 1) + 1
        if top == begin:
            return False
        cell = self.cell(top, column)
        return cell is not None and self.within(sign, cell)

    def begins(self, sign: str, sentence: tuple[int, int]) -> bool:
        """Whether a cue begins a sentence."""
        left, right = sentence
        return any(
            left <= start < right and not self.normal[left:start].strip(" \n\x1e")
            for start, _ in self.hits.get(sign, ())
        )

    def in_plan(self, item: Stretch) -> bool:
        """Whether a time begins its line, and the lines before and behind begin with times, too; or a colon stands
        before."""
        left = self.normal.rfind("\n", 0, item.start) + 1
        right = self.normal.find("\n", item.end)
        above = self._line_above(left)
        if self.normal[left : item.start].strip(" \t-*•") or not left:
            return False
        if not (self._starts_with_time(above[0]) or self.normal[slice(*above)].rstrip().endswith(":")):
            return False
        return item.has_end if right < 0 else item.has_end or self._starts_with_time(right + 1)

    def plan_row(self, item: Stretch) -> bool:
        """Whether a clock heads a row of a plan that tells what happens then: "14:30 closed session with the board"."""
        right = self.normal.find("\n", item.end)
        words = _WORDS.findall(self.normal[item.end : right if right >= 0 else len(self.normal)])
        return not item.has_date and len(words) >= _TELLING and self.in_plan(item)

    def _starts_with_time(self, line: int) -> bool:
        index = bisect.bisect_left(self._starts, line)
        return index < len(self._starts) and not self.normal[line : self._starts[index]].strip(" \t-*•")

    def begins_and_ends(self, first: Stretch, last: Stretch) -> bool:
        """Whether columns or labels call one time the begin and the next one the end: "From | To"."""
        line = "\n" not in self.normal[first.row : last.row]
        if line:
            return self.topped("begin_label", first) and self.topped("end_label", last)
        return self.row_label("begin_label", first) and self.row_label("end_label", last)

    def row_label(self, sign: str, item: Stretch) -> bool:
        """Whether the line of a clock begins with a cue and nothing else, but for words that carry no meaning."""
        if not self.says(sign):
            return False
        left = self.line_start(item)
        begin = item.start if item.start >= left else item.row  # with its day, where that is in this line
        return any(
            left <= start and end <= begin and self.is_empty(end, begin)
            for start, end in self.hits.get(sign, ())
            if not self.normal[left:start].strip(" \t:|")
        )

    def row_called(self, sign: str, item: Stretch) -> bool:
        """Whether the line of a time begins with a cue and nothing else, but for marks: "* Was: Tuesday, 10:00"; or its
        sentence, where a colon stands behind the cue."""
        left = self.normal.rfind("\n", 0, item.start) + 1
        sentence, _ = self.sentence(item.start, item.end)
        if left < sentence and self.normal[sentence : item.start].rstrip().endswith(":"):
            left = sentence
        if item.start - left > _LABEL:
            return False
        label = self.normal[left : item.start]
        first = left + len(label) - len(label.lstrip(_LABEL_MARKS))
        return bool(label.strip()) and (first, left + len(label.rstrip(_LABEL_MARKS))) in self.hits.get(sign, ())

    def line_start(self, item: Stretch) -> int:
        """Where the line of a time begins."""
        return self.normal.rfind("\n", 0, item.row) + 1

    def line(self, item: Stretch) -> str:
        """The line in which a time begins."""
        return self.normal[self.line_start(item) :].partition("\n")[0]

    def day_lines(self, item: Stretch) -> frozenset[int]:
        """Where the lines around that of a time begin that each begin with a day, as its own does."""
        heads = self._lines_with_days
        here = self.line_start(item)
        if here not in heads:
            return frozenset()
        found = {here}
        for step in (-1, 1):
            at = heads.index(here)
            while 0 <= at + step < len(heads) and self._next_line(*sorted((heads[at], heads[at + step]))):
                at += step
                found.add(heads[at])
        return frozenset(found)

    def _next_line(self, first: int, second: int) -> bool:
        return self.normal.find("\n", first) + 1 == second

    @cached_property
    def _lines_with_days(self) -> list[int]:
        """The lines that begin with a day, but for marks."""
        days = (item.start for item in self.stretches if item.has_date)
        named = (item.named[0] for item in self.stretches if item.named is not None)
        starts = {at: self.normal.rfind("\n", 0, at) + 1 for at in (*days, *named)}
        return sorted({left for at, left in starts.items() if not self.normal[left:at].strip(_LABEL_MARKS)})

    def labels(self, sign: str) -> list[tuple[int, int]]:
        """The cues that are all that stands before the colon of a line, but for marks: "- yes: Tuesday at 10"."""
        return [
            (start, end)
            for start, end in self.hits.get(sign, ())
            if self.normal[end : end + 1] == ":"
            and not self.normal[self.normal.rfind("\n", 0, start) + 1 : start].strip(_LABEL_MARKS)
        ]

    @cached_property
    def answered_by_line(self) -> bool:
        """Whether the lines of a list say yes and no to its times: "- yes: Tuesday at 10", "- no: Wednesday at 11"."""
        return bool(self.labels("vacant") and self.labels("refused"))

    def is_row(self, end: int) -> bool:
        """Whether the line that ends there is the row of a table."""
        return end > 0 and "\t" in self.normal[self.normal.rfind("\n", 0, end) + 1 : end]

    def column(self, at: int) -> int:
        """The number of the column of a table in which a place lies; 0 for the first, and in no table."""
        return self.normal.count("\t", self.normal.rfind("\n", 0, at) + 1, at)

    def cell(self, line: int, column: int) -> tuple[int, int] | None:
        """Where a cell of the line that begins there stands; None where it has no such column."""
        finish = self.normal.find("\n", line)
        cells = self.normal[line : finish if finish >= 0 else len(self.normal)].split("\t")
        if column >= len(cells):
            return None
        start = line + sum(len(cell) + 1 for cell in cells[:column])
        return start, start + len(cells[column])

    def called_start(self, item: Stretch) -> bool:
        """Whether a clock is called the start: "for a 10:00 start on Friday"."""
        right = item.row + len("10:00 a.m. ")
        following = bisect.bisect_right(self._starts, item.row)
        if following < len(self._starts):
            right = min(right, self._starts[following])
        begins = (start for start, _ in self.hits.get("begin_after", ()) if item.row < start <= right)
        _, end = self.sentence(item.start, item.end)
        # "from 9:45, start at 10" calls another, and so does "arrival 9:45. Start 10:00."
        return any("," not in self.normal[item.row : start] and start < end for start in begins)

    def beside_phone(self, item: Stretch) -> bool:
        """Whether a telephone number stands right before a time: then it is when somebody answers."""
        left = max(self.normal.rfind("\n", 0, item.start) + 1, item.start - 2 * MAX_GAP)
        index = bisect.bisect_left(self._starts, item.start) - 1
        before = self.stretches[index] if index >= 0 else item
        if left < before.start and not before.has_date and self.normal[before.end : item.start].strip() in _AND:
            return self.beside_phone(before)  # "8.30-12.30 / 14.00-18.00"
        number = _PHONE.search(self.normal[left : item.start])
        if number is None or self.has_times(left + number.end(), item.start):
            return False
        return not _END.search(self.normal[left + number.end() : item.start])

    def has_times(self, start: int, end: int) -> bool:
        """Whether a time begins in a range."""
        return bisect.bisect_left(self._starts, start) < bisect.bisect_left(self._starts, end)

    def has_clocks(self, start: int, end: int) -> bool:
        """Whether a time with a clock begins in a range."""
        first, last = bisect.bisect_left(self._starts, start), bisect.bisect_left(self._starts, end)
        return any(other.has_clock for other in self.stretches[first:last])

    def _interrupted(self, start: int, end: int) -> bool:
        """Whether a time with a clock begins in a range, or a date in another clause than its begin."""
        first, last = bisect.bisect_left(self._starts, start), bisect.bisect_left(self._starts, end)
        _, right = self.clause(start, start)
        return self.has_clocks(start, end) or any(other.start >= right for other in self.stretches[first:last])

    def habitual(self, item: Stretch) -> bool:
        """Whether a time belongs to "Monday to Friday": then it is nobody's appointment."""
        return any(
            other.first is FirstSight.HABIT
            and (other.start, other.end) != (item.start, item.end)
            and other.start <= item.start
            and (other.end > item.start or self.is_empty(other.end, item.start))
            for other in self.stretches
        )

    def side_by_side(self, first: Stretch, second: Stretch) -> bool:
        """Whether nothing but words without meaning stands between two times of a list."""
        return first.end <= second.start and self.is_empty(first.end, second.start)

    def parted_by(self, sign: str, first: Stretch, second: Stretch) -> bool:
        """Whether nothing but a cue stands between two times: "Tuesday at 10 instead of Thursday at 9"."""
        return any(
            first.end <= start
            and end <= second.start
            and self.is_empty(first.end, start)
            and self.is_empty(end, second.start)
            for start, end in self.hits.get(sign, ())
        )

    def neighbours(self, item: Stretch) -> Iterator[tuple[Stretch, Stretch]]:
        """A time with the one before it, and with the one behind it; none for a time that is not of this text."""
        if item in self.stretches:
            index = self.stretches.index(item)
            yield from pairwise(self.stretches[max(0, index - 1) : index + 2])

    def is_empty(self, start: int, end: int) -> bool:
        """Whether a short range holds nothing but words without meaning."""
        gap = self.normal[start:end]
        if len(gap) > MAX_GAP or _END.search(gap.replace("\n", " ")):
            return False
        return all(word in self.filler for word in _GAP.findall(gap))


def _around(breaks: Sequence[int], start: int, end: int, length: int) -> tuple[int, int]:
    index = bisect.bisect_left(breaks, start)
    left = breaks[index - 1] + 1 if index else 0
    following = bisect.bisect_left(breaks, end - 1, index) if end - 1 > start else index
    right = breaks[following] if following < len(breaks) else length
    return left, max(right, end)
