"""Looking at the tokens of one text: neighbours, phrases that begin or end there, what is part of something longer."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence, Set

    from raincheck.core.reading.timewords import Entry, TimeWords, Token, Wording
    from raincheck.core.reading.zones import ZoneTable


_ROW = re.compile(
    r"^[ \t]*(?:[-*•][ \t]+)?((?:0?[1-9]|1\d|2[0-2])\.?(?:[0-5][05]))"
    r"(?:(?:[ \t]*-[ \t]*| to | bis )\d{1,2}\.?\d\d)?[ \t]*[-:–]?[ \t]+[^\W\d_]",
    re.MULTILINE,
)
_DAY_ROW = re.compile(
    r"^[ \t]*(?:[-*•·–][ \t]*)?(?P<weekday>[^\W\d_]{2,9})\.?[ ](?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
    r"(?::(?!\d)|[ ][-–—|][ ]|,[ ])[ ]?(?P<rest>[^\n]{0,60})",
    re.MULTILINE,
)
_TELLS_DAY = re.compile(r"[^\W\d_]|\d{1,2}(?:, \d{1,2})* (?P<join>[^\W\d_]{1,12}) \d")  # no end of a range
_MAX_ROWS = 40
_WORDING = 4  # tokens of the longest wording that is looked for word by word
_HEAD = 4  # tokens of a line, among which its day stands
_EVENING = 700  # a plan of a day goes on until then, on the dial of twelve hours


def rows(text: str) -> frozenset[int]:
    """Where rows of a plan begin with a clock that has no colon ("11.00 Lunch", "0900 Arrival"): at least two such
    lines of one form on end, each later than the one before ("1.15" is later than "12.30"); a plan of all the text may
    have other lines between."""
    found = [match for match, _ in zip(_ROW.finditer(text), range(_MAX_ROWS), strict=False)]
    if _in_order(found):
        return frozenset(match.start(1) for match in found)
    runs: list[list[re.Match[str]]] = []
    for match in found:
        last = text.find("\n", runs[-1][-1].end()) if runs else -1
        if last >= 0 and not text[last : match.start()].strip():
            runs[-1].append(match)
        else:
            runs.append([match])
    return frozenset(match.start(1) for run in runs if _in_order(run) for match in run)


def _in_order(found: Sequence[re.Match[str]]) -> bool:
    clocks = [int(match[1].replace(".", "")) for match in found]
    noon = next((at for at, (one, two) in enumerate(pairwise(clocks), 1) if two < one and two <= _EVENING), len(clocks))
    clocks[noon:] = [clock + 1200 for clock in clocks[noon:]]
    dotted = {"." in match[1] for match in found}
    if len(found) < 2 or len(dotted) > 1 or any(later <= earlier for earlier, later in pairwise(clocks)):
        return False
    return dotted.pop() or all(len(match[1]) == 4 for match in found)


def dated_lines(text: str, words: TimeWords) -> frozenset[int]:
    """Where the number behind a weekday is a day of the month, as the lines of a list show together: "Mon 8 - 2, 3 or
    4" above "Tues 9 - nothing": from line to line the numbers grow as the weekdays do, and what follows one of them can
    be no end of a range."""
    found = [match for match, _ in zip(_DAY_ROW.finditer(text), range(_MAX_ROWS), strict=False)]
    named = [(match, day) for match in found if (day := words.means(match["weekday"].lower(), "weekday")) is not None]
    alike = {(int(match["day"]) - day) % 7 for match, day in named}
    numbers = [int(match["day"]) for match, _ in named]
    rests = [rest for match, _ in named if (rest := _TELLS_DAY.match(match["rest"]))]
    told = any(rest["join"] is None or words.means(rest["join"].lower(), "or") for rest in rests)
    if len(named) < 2 or len(alike) > 1 or numbers != sorted(set(numbers)) or not told:
        return frozenset()
    return frozenset(match.start("day") for match, _ in named)


_Said = TypeVar("_Said")


class _AtTokens(dict[int, _Said]):
    """What is said of each token; past either end always the same."""

    def __init__(self, said: Iterable[_Said], otherwise: _Said) -> None:
        super().__init__(enumerate(said))
        self._otherwise = otherwise

    def __missing__(self, index: int) -> _Said:
        return self._otherwise


class TokenView:
    """One text as tokens; an index past either end is answered, never an error.

    entry: what the phrase at a token means; {} past the end. length: the number of tokens of that phrase, at least 1.
    low: the token in lower case, "" past the ends. gap: the white space before the token; an empty line past the ends.
    These are asked some thousand times in a mail, so they are the look-up itself. places: where phrases begin, by what
    they can mean; what a text never says need not be looked for around each of its times.
    """

    entry: Callable[[int], Entry]
    length: Callable[[int], int]
    low: Callable[[int], str]
    gap: Callable[[int], str]

    def __init__(self, text: str, found: Sequence[Token], words: TimeWords, zones: ZoneTable) -> None:
        self.text = text
        self.tokens = found
        self.words = words
        self.zones = zones
        self.count = len(found)
        self.clock_end = -9  # where the last clock ended
        self.between_ends: set[int] = set()  # where "between" ranges of clocks ended
        self.month_end = -9  # where the last month without a day ended
        self.rows = rows(text)
        self.entries: list[tuple[Entry, int]] = words.every(found)
        self.dated_lines = dated_lines(text, words)
        self.entry = _AtTokens([entry for entry, _ in self.entries], {}).__getitem__
        self.length = _AtTokens([length or 1 for _, length in self.entries], 1).__getitem__
        self.low = _AtTokens([token.low for token in found], "").__getitem__
        self.gap = _AtTokens([token.gap for token in found], "¶").__getitem__
        self.places: defaultdict[str, list[int]] = defaultdict(list)
        self._ends: defaultdict[int, list[Entry]] = defaultdict(list)
        for index, (entry, length) in enumerate(self.entries):
            if length:
                self._ends[index + length].append(entry)
                for meaning in entry:
                    self.places[meaning].append(index)
        self.all_times = frozenset(self.places.get("all_times", ()))

    def said(self, index: int, wordings: Set[Wording]) -> int:
        """The number of tokens of the longest of these wordings that stands there; 0 for none."""
        words = tuple(self.low(at) for at in range(index, index + _WORDING))
        return next((size for size in range(_WORDING, 0, -1) if words[:size] in wordings), 0)

    def names_row(self, index: int) -> bool:
        """True for a phrase that is the first cell of a row of a table."""
        return self.gap(index) == "\n" and self.gap(index + self.length(index)) == "\t"

    def number(self, index: int, digits: int = 2) -> int | None:
        """The value of a number token with at most so many digits."""
        if not 0 <= index < self.count:
            return None
        token = self.tokens[index]
        return int(token.text) if token.kind == "number" and len(token.text) <= digits else None

    def glued(self, index: int) -> str:
        """The token if it stands without space behind the one before it, else ""."""
        return self.low(index) if self.gap(index) == "" else ""

    def led_by(self, index: int, category: str) -> bool:
        """True when a phrase of that category ends right before the token."""
        for entry in self._ends.get(index, ()):
            if "noise" in entry:
                return False
            if category in entry:
                return True
        return False

    def ending(self, index: int) -> Iterator[Entry]:
        """The meanings of the phrases that end right before the token, the longest first; one that is noise hides the
        shorter ones."""
        for entry in self._ends.get(index, ()):
            if "noise" in entry:
                return
            yield entry

    def cell(self, index: int) -> tuple[int, int]:
        """The token that begins the line of a token, and the number of its column there: empty cells count."""
        at = self.tokens[index].start
        while index > 0 and self.gap(index) not in ("\n", "¶"):
            index -= 1
        return index, self.text.count("\t", self.text.rfind("\n", 0, at) + 1, at)

    def in_day_row(self, index: int) -> bool:
        """True in a line that begins with a weekday and its day of the month (see dated_lines)."""
        if not self.dated_lines:
            return False
        line, _ = self.cell(index)
        return any(token.start in self.dated_lines for token in self.tokens[line : min(line + _HEAD, index)])

    def stands_free(self, index: int) -> bool:
        """False for a number that is part of something longer: "v3", "#3", "2026-118", "1.3"."""
        if index > 0 and self.gap(index) == "":
            before = self.tokens[index - 1]
            if before.low == "t" and self.number(index - 2) is not None:
                return True  # 2026-12-03T14:30
            if before.kind == "word" or before.text in "#$€£+=_%&'\\":
                return False
            if before.text in ":./-" and index > 1 and self.gap(index - 1) == "":
                return self.tokens[index - 2].kind == "word" and before.text in ":-"
        return True

    def closes_phrase(self, at: int) -> bool:
        """True where a mark, or the end of a line or of the text, ends what stands before the token."""
        return at >= self.count or self.tokens[at].kind == "mark" or self.gap(at) in ("\n", "¶")

    def ends_free(self, end: int) -> bool:
        """False when what follows directly makes the number another thing: "5%", "5€", "5-fold"."""
        after = self.glued(end)
        if not after:
            return True
        token = self.tokens[end]
        if token.kind != "mark":
            return False
        if after in "%€$£°_#'\\" or (after == "+" and self.number(end + 1, 4) is None):
            return False
        return not (after in "./:-" and self.gap(end + 1) == "" and self.low(end + 1)[:1].isalnum())
