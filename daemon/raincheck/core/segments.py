"""The text of a mail -> segments: what the sender wrote now, history, a mail passed on, signature, footer.

The words for it (closings, headers of quotes, legal phrases) are data: table `[segments]` of rules/reading/<lang>.toml.
A mail is cut before its language is known, so the words of all languages are used together. Without any words the
structure alone speaks: "> " (RFC 3676, 4.5), "-- " (RFC 3676, 4.3), a line with date or address that ends in ":".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from raincheck.core.address import parse_addresses
from raincheck.core.model import Address, Segment, SegmentKind
from raincheck.core.wordlist import any_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MAX_SEGMENTS = 60
_MAX_QUOTES = 3  # levels of quotation that are told apart
_MAX_LINE = 2_000  # of a line that is searched for phrases
_SHORT = 8  # letters of a footer's phrase below which it may not be the beginning of another word
_LETTERHEAD = 8  # words above the sender's name below which it heads the text
_NOTICE, _MESSAGE = 30, 30  # words of the notice of a network at most, and of the message that it passes on at least
_OWN_WORDS = 4  # words of a sentence before a footer's phrase on the same line that are the sender's own text
_OPENED = 20  # words below the first line of a text, with which that line is no closing formula
_SHOWN = 8  # words of a quotation that a platform shows
_SAYING = 20  # lines of a text in which it may say that it passes a mail on
_AHEAD = 200  # lines that are looked at to tell whether a signature begins
_NAME_TAIL = 8  # lines that may follow the sender's bare name where no closing formula stands before it
_SHORT_NAME = 3  # letters of a first name that is cut short

_SIGN_OFF = " .,!-–—~*_"  # around a name that signs
_SENTENCE_END = re.compile(r"[.!?]\s+")
_QUOTE = re.compile(r"^\s{0,3}>")
_RULED = re.compile(r"^[\s\-_=*#>]*(?P<words>.*?)[\s\-_=*:]*$")
_STRUCTURAL_ATTRIBUTION = re.compile(r"^(?=.*(?:@|\d{2})).{8,300}:$", re.DOTALL)
_LABEL = re.compile(r"^[\s*]*(?P<label>[^\W\d_][\w .'-]{0,24}?)[\s*]*:[\s*]*(?P<value>.*)$")
_CLOCK_TIME = re.compile(r"(?<![\d.])\d{1,2}[:.][0-5]\d(?![\d.])|\b\d{1,2} ?(?:[ap]\.?m\b|h\b)", re.IGNORECASE)
_CLOCK = re.compile(r"\b(\d{1,2})[:.](\d{2})(?:[:.]\d{2})?\s*([ap])?\.?(?:m\b)?", re.IGNORECASE)
_ISO_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_DAY_FIRST = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b")


@dataclass(frozen=True)
class SegmentWords:
    """The words that betray where a mail's own text ends, of all languages together; case does not matter.

    In `attributions` an ellipsis stands for anything: "On … wrote:".
    """

    closings: tuple[str, ...] = ()  # "kind regards", "* wishes" (any word): alone on a line, perhaps with a name
    thanks: tuple[str, ...] = ()  # "thanks": a closing only when a name or nothing follows
    attributions: tuple[str, ...] = ()
    originals: tuple[str, ...] = ()  # "Original Message": a line that begins the history
    forwards: tuple[str, ...] = ()  # "Forwarded message": a line that begins a mail passed on
    forward_prefixes: tuple[str, ...] = ()  # "Fwd": of a subject
    passing_on: tuple[str, ...] = ()  # "forwarding what": in the text above a mail that is passed on
    from_labels: tuple[str, ...] = ()
    sent_labels: tuple[str, ...] = ()
    to_labels: tuple[str, ...] = ()
    subject_labels: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()  # "P.S.", "Interview details": begin text again after a signature
    disclaimers: tuple[str, ...] = ()
    months: tuple[tuple[str, ...], ...] = ()  # of each language, January first

    @classmethod
    def from_tables(cls, tables: Mapping[str, Mapping[str, Any]]) -> SegmentWords:
        """The words of every rules/reading table that has a `[segments]`; keyed as `assets.reading_data()`."""
        found: dict[str, list[Any]] = {}
        for table in tables.values():
            segments = table.get("segments")
            for key, words in segments.items() if segments is not None else ():
                found.setdefault(key, []).extend([tuple(words)] if key == "months" else words)
        known = {item.name for item in fields(cls)}
        return cls(**{key: tuple(dict.fromkeys(words)) for key, words in found.items() if key in known})

    @cached_property
    def closing(self) -> re.Pattern[str] | None:
        """A line that is a closing formula, alone or with up to five more words (a name, a place)."""
        return _phrases(self.closings, r"^\W*(?P<closing>{})(?P<rest>[\s,.!;/–-]+(?:[^\s\d?:]+[ ]?){{0,5}})?$")

    @cached_property
    def closing_inside(self) -> re.Pattern[str] | None:
        """A closing formula that follows the last sentence on the same line."""
        return _phrases(self.closings, r"(?<=[.!?])\s+(?P<closing>(?:{})\b,?(?:\s*[^\W\d_][\w.'’-]*){{0,4}}\s*)$")

    @cached_property
    def thank(self) -> re.Pattern[str] | None:
        """A line of thanks that may be a closing."""
        return _phrases(self.thanks, r"^\W*(?P<closing>{})(?P<rest>[\s,.!;/–-]+(?:[^\s\d?:]+[ ]?){{0,3}})?$")

    @cached_property
    def attribution(self) -> re.Pattern[str] | None:
        """The line before a quotation."""
        if not self.attributions:
            return None
        forms = "|".join(re.escape(_fold(form)).replace("…", ".{1,300}?") for form in self.attributions)
        return re.compile(rf"^\W*(?:{forms})\s*$", re.DOTALL)

    @cached_property
    def resume(self) -> re.Pattern[str] | None:
        """The start of a line after a signature that belongs to the text again."""
        return _phrases(self.resumes, r"^\W*(?:{})(?!\w)")

    @cached_property
    def disclaimer(self) -> re.Pattern[str] | None:
        """A phrase of legal footers and unsubscribe notes; a short one counts as a whole word ("HRB 1", not "HRBP")."""
        phrases = sorted(map(_fold, self.disclaimers), key=len, reverse=True)

        def rest(text: str) -> str:
            return re.escape(text) + (r"(?!\w)" if len(text) + 1 < _SHORT else "")

        return re.compile(rf"(?<!\w)(?:{any_word(phrases, rest)})") if phrases else None

    @cached_property
    def passes_on(self) -> re.Pattern[str] | None:
        """What somebody says who passes a mail on."""
        return _phrases(self.passing_on, r"(?<!\w)(?:{})(?!\w)")

    @cached_property
    def original(self) -> frozenset[str]:
        """Folded `originals`."""
        return frozenset(map(_fold, self.originals))

    @cached_property
    def forward(self) -> frozenset[str]:
        """Folded `forwards`."""
        return frozenset(map(_fold, self.forwards))

    @cached_property
    def labels(self) -> dict[str, str]:
        """Folded label of a header line -> which header it is."""
        named = (("from", self.from_labels), ("sent", self.sent_labels), ("to", self.to_labels))
        return {_fold(label): name for name, labels in (*named, ("subject", self.subject_labels)) for label in labels}

    def is_forward(self, subject: str) -> bool:
        """Whether a subject says that the mail was passed on ("Fwd: ...")."""
        head, colon, _rest = subject.partition(":")
        return bool(colon) and _fold(head) in {_fold(prefix) for prefix in self.forward_prefixes}


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _phrases(phrases: Iterable[str], form: str) -> re.Pattern[str] | None:
    escaped = (re.escape(_fold(phrase)) for phrase in sorted(phrases, key=len, reverse=True))
    words = "|".join(phrase.replace(r"\*", r"[^\W\d_]{2,20}") for phrase in escaped)
    return re.compile(form.format(words)) if words else None


@dataclass(slots=True)
class _Part:
    """A stretch of lines of one origin, before signature and footer are told apart."""

    kind: SegmentKind
    lines: list[str]
    from_: Address | None = None
    date: datetime | None = None
    subject: str | None = None
    writer: str = ""  # as its header names the writer


def cut(
    text: str,
    words: SegmentWords,
    *,
    sender: Address | None = None,
    readers: Iterable[Address] = (),
    forwarded: bool = False,
    answers: bool = True,
    zone: tzinfo = UTC,
) -> tuple[Segment, ...]:
    """The segments of a text in reading order.

    `sender` is who wrote it (the bare name on a last line is a signature); `readers` are those to whom it is sent, and
    their own words are history, whatever it passes on; `forwarded` says that the subject speaks of a forwarded mail
    (Outlook marks replies and forwards alike); `answers` is False for a mail that answers none: what it quotes without
    telling whom, a platform shows for its sender. `zone` holds for the dates of quoted headers.
    """
    parts = _Cutter(text.split("\n"), words, zone, readers=readers, forwarded=forwarded, answers=answers).run()
    segments: list[Segment] = []
    for part in parts[:MAX_SEGMENTS]:
        author = part.from_ if part.kind is SegmentKind.FORWARDED else sender
        pieces = [(part.kind, part.lines)]
        if part.kind is not SegmentKind.QUOTED:
            pieces = _without_footers(part.lines, part.kind, words, _names(author))
        for kind, lines in pieces:
            body = "\n".join(lines).strip("\n")
            if body.strip() or kind is SegmentKind.FORWARDED:
                segments.append(Segment(kind, body, part.from_, part.date, part.subject))
    return tuple(segments[:MAX_SEGMENTS])


# --- whose text ---------------------------------------------------------------------------------------------------


class _Cutter:
    """One pass over the lines: own text, quotations, and from a header block on the history."""

    def __init__(
        self,
        lines: list[str],
        words: SegmentWords,
        zone: tzinfo,
        *,
        readers: Iterable[Address] = (),
        forwarded: bool,
        answers: bool = True,
        depth: int = 0,
    ) -> None:
        self.lines = lines
        self.words = words
        self.zone = zone
        self.readers = frozenset(
            _fold(name) for each in readers for name in (each.addr_spec, each.display_name) if name
        )
        self.forwarded = forwarded
        self.answers = answers
        self.depth = depth
        self.parts = [_Part(SegmentKind.NEWEST, [])]

    def run(self) -> list[_Part]:
        at = 0
        while at < len(self.lines):
            at = self._step(at)
        return self.parts

    @property
    def _own(self) -> _Part:
        return self.parts[-1]

    def _step(self, at: int) -> int:
        """Reads on from line `at`; gives the line to go on with."""
        line = self.lines[at]
        if _QUOTE.match(line):
            return self._quotation(at)
        marker = self._marker(line)
        if marker is not None:
            return self._history(at + 1, marker)
        if self._header_block(at):
            return self._history(at, self._kind_of_history())
        if self._unknown_header_block(at):
            writer, sent, _to, subject = (line.partition(":")[2].strip() for line in self.lines[at : at + 4])
            part = _Part(self._kind_of_history(), [], _address(writer), _when(sent, self.words, self.zone))
            part.writer, part.subject = writer, subject[:500]
            self._begin(part)
            return at + 4
        length = self._attribution(at)
        if length:
            return self._attributed(at, length)
        self._own.lines.append(line)
        return at + 1

    def _kind_of_history(self) -> SegmentKind:
        first = all(part.kind is SegmentKind.NEWEST for part in self.parts)
        return SegmentKind.FORWARDED if first and (self.forwarded or self._says_so()) else SegmentKind.QUOTED

    def _says_so(self) -> bool:
        """Whether the text of a mail that answers none says that it passes one on."""
        pattern = self.words.passes_on
        if self.answers or self.depth or pattern is None:
            return False
        return any(pattern.search(_fold(line[:_MAX_LINE])) for line in self._own.lines[:_SAYING])

    def _marker(self, line: str) -> SegmentKind | None:
        """The kind of what follows a line such as "----- Forwarded message -----"."""
        if not line or len(line) > 120:
            return None
        ruled = _RULED.match(line)
        words = _fold(ruled["words"]) if ruled else ""
        if words in self.words.forward:
            return SegmentKind.FORWARDED
        return self._kind_of_history() if words in self.words.original else None

    def _label(self, line: str) -> tuple[str, str] | None:
        found = _LABEL.match(line[:_MAX_LINE])
        name = self.words.labels.get(_fold(found["label"])) if found else None
        return (name, found["value"].strip()) if found and name else None

    def _header_block(self, at: int) -> bool:
        """Whether a block of "From: ... Sent: ... To: ... Subject: ..." begins here (Outlook)."""
        first = self._label(self.lines[at])
        if first is None or first[0] not in ("from", "sent"):
            return False
        near = dict(label for line in reversed(self.lines[at : at + 7]) if (label := self._label(line)))
        writer = near.get("from", "")
        person = "@" in writer or (writer != "" and not any(map(str.isdigit, writer)))  # no "From: 10:00  To: 11:00"
        return len(near) >= 3 and person and any(map(str.isdigit, near.get("sent", "0")))

    def _unknown_header_block(self, at: int) -> bool:
        """The same in a language without words here: four labels, a mailbox first, then a date with a clock; the last
        of them is the subject's, as Outlook orders them."""
        if "<" not in self.lines[at] or (at and self.lines[at - 1].strip()):
            return False
        block = [_LABEL.match(line[:_MAX_LINE]) for line in self.lines[at : at + 4]]
        if len(block) < 4 or block[0] is None or block[1] is None or not all(block):
            return False
        dated = _CLOCK.search(block[1]["value"]) and re.search(r"\b20\d\d\b", block[1]["value"])
        return bool(dated) and _address(block[0]["value"]) is not None

    def _attribution(self, at: int) -> int:
        """How many lines from here are an "On ... wrote:"; 0 when none."""
        pattern = self.words.attribution
        if pattern is None or not self.lines[at].strip():
            return 0
        joined = ""
        for length in (1, 2, 3):
            if at + length > len(self.lines) or not self.lines[at + length - 1].strip():
                return 0
            joined = f"{joined} {self.lines[at + length - 1].strip()}".strip()
            if len(joined) > 400:
                return 0
            if joined[-1] in ":：-" and pattern.match(_fold(joined)):
                return length if self._attributes(joined, at + length) else 0
        return 0

    def _attributes(self, head: str, after: int) -> bool:
        """Whether an attribution is one: it has a date or an address, or quoted lines follow ("As Anna wrote:")."""
        if "@" in head or any(map(str.isdigit, head)):
            return True
        following = self._next(after)
        return following < len(self.lines) and _QUOTE.match(self.lines[following]) is not None

    def _attributed(self, at: int, length: int) -> int:
        """An attribution: what follows is quoted, marked with ">" or not."""
        head = " ".join(line.strip() for line in self.lines[at : at + length])
        after = self._next(at + length)
        if after < len(self.lines) and _QUOTE.match(self.lines[after]):
            return self._quotation(after, head)
        self._begin(_Part(SegmentKind.QUOTED, [], _address(head), _when(head, self.words, self.zone)))
        return max(after, at + length)

    def _quotation(self, at: int, head: str = "") -> int:
        """Lines that begin with ">": up to the next own text."""
        head = head or self._structural_attribution()
        quoted: list[str] = []
        end = at
        while end < len(self.lines):
            if _QUOTE.match(self.lines[end]):
                quoted.append(_QUOTE.sub("", self.lines[end]).removeprefix(" "))
            elif self.lines[end].strip() or not any(map(_QUOTE.match, self.lines[end + 1 : end + 3])):
                break
            else:
                quoted.append("")
            end += 1
        if self._own.kind is SegmentKind.FORWARDED and not any(line.strip() for line in self._own.lines):
            return self._unquoted(quoted, end)
        first = next((line for line in quoted if line.strip()), "")
        if self._passed_on(quoted, head):
            self.lines = [*quoted, *self.lines[end:]]  # one such, since no second is passed on
            return 0
        shown = not head and self._shows(quoted)
        if shown or self._marker(first) is SegmentKind.FORWARDED:
            self.answers = True  # one such quotation, so that the time stays bounded
            self.lines = ["", *quoted, "", *self.lines[end:]] if shown else [*quoted, *self.lines[end:]]
            return 0
        kind = self._own.kind if self._own.kind is not SegmentKind.QUOTED else SegmentKind.NEWEST
        own, *older = self._older(quoted)
        self._begin(_Part(SegmentKind.QUOTED, own.lines, _address(head), _when(head, self.words, self.zone)))
        for part in older:
            self._begin(replace(part, kind=SegmentKind.QUOTED))
        self._begin(_Part(kind, []))
        return end

    def _passed_on(self, quoted: list[str], head: str) -> bool:
        """Whether a quotation is a mail that is passed on: it begins with headers, and subject or text say so."""
        if head or self._kind_of_history() is not SegmentKind.FORWARDED:
            return False
        inner = _Cutter(quoted, self.words, self.zone, forwarded=True)
        begin = inner._next(0)
        if begin >= len(quoted) or not inner._header_block(begin):
            return False
        inner._history(begin, SegmentKind.FORWARDED)
        return not self._by_reader(inner._own)

    def _shows(self, quoted: Sequence[str]) -> bool:
        """Whether a quotation is what a platform shows of its sender's words, not a mail that is answered."""
        if self.answers or self.depth or self._own.kind is not SegmentKind.NEWEST:
            return False
        return "--" not in self._own.lines and _holds(quoted, _SHOWN)

    def _older(self, quoted: list[str]) -> list[_Part]:
        """A quoted mail, and the mails that it quotes itself."""
        if self.depth >= _MAX_QUOTES or not any(map(_QUOTE.match, quoted)):
            return [_Part(SegmentKind.QUOTED, quoted)]
        return _Cutter(quoted, self.words, self.zone, forwarded=False, depth=self.depth + 1).run()

    def _unquoted(self, quoted: list[str], end: int) -> int:
        """A forwarded mail that is itself marked with ">": read as if it were not."""
        self.lines = [*quoted, *self.lines[end:]]
        self.parts.pop()
        return self._history(0, SegmentKind.FORWARDED)

    def _structural_attribution(self) -> str:
        """The line before a quotation in an unknown language, taken back from the own text."""
        own = self._own.lines
        while own and not own[-1].strip():
            own.pop()
        if own and _STRUCTURAL_ATTRIBUTION.match(own[-1]) and len(own[-1]) <= 300:
            return own.pop()
        return ""

    def _history(self, at: int, kind: SegmentKind) -> int:
        """A header block, if there is one, opens a part of its own."""
        part = _Part(kind, [])
        seen: set[str] = set()
        at = self._next(at)
        while at < len(self.lines):
            line = self.lines[at]
            named = self._label(line)
            if named is not None and named[0] not in seen - {"to"}:
                seen.add(named[0])
                self._take(part, *named)
            elif not line.strip():
                following = self._next(at)
                label = self._label(self.lines[following]) if following < len(self.lines) else None
                if label is None or label[0] in seen - {"to"}:
                    break
            elif not seen or not (_LABEL.match(line[:_MAX_LINE]) or "@" in line):
                break  # among the lines may be "Importance: high" and wrapped lists of recipients
            at += 1
        self._begin(part)
        return at

    def _by_reader(self, part: _Part) -> bool:
        """Whether its headers say that somebody to whom the mail is sent wrote a part."""
        address = part.from_.addr_spec if part.from_ is not None else part.writer.strip(" \"'")
        return _fold(address) in self.readers

    def _next(self, at: int) -> int:
        """The next line that is not empty."""
        while at < len(self.lines) and not self.lines[at].strip():
            at += 1
        return at

    def _take(self, part: _Part, name: str, value: str) -> None:
        if name == "from" and part.from_ is None:
            part.from_, part.writer = _address(value), value
        elif name == "sent" and part.date is None:
            part.date = _when(value, self.words, self.zone)
        elif name == "subject" and part.subject is None:
            part.subject = value[:500]

    def _begin(self, part: _Part) -> None:
        if self._by_reader(part):
            part.kind = SegmentKind.QUOTED
        if len(self.parts) < MAX_SEGMENTS:
            self.parts.append(part)
        else:
            self._own.lines.extend(part.lines)


def _address(text: str) -> Address | None:
    """The mailbox that a quoted header names; a display name alone makes none."""
    if "@" not in text:
        return None
    found = re.search(
        r"(?P<name>[^<>:,;\"]{0,80}?)[\"']?\s*[<\[(]?(?:mailto:)?(?P<addr>[\w.+%'-]{1,64}@[\w.-]{1,200})", text
    )
    if found is None:
        return None
    parsed = parse_addresses(f"<{found['addr'].rstrip('.')}>")
    name = re.sub(r"^.*\d[\d:.]*\s*(?:[ap]\.?m\.?)?\s*(?:\([^)]*\)|[A-Z]{2,4}\b)?[\s,]*", "", found["name"]).strip(
        " ,*'"
    )
    return Address(name, parsed[0].addr_spec) if parsed else None


def _when(text: str, words: SegmentWords, zone: tzinfo) -> datetime | None:
    """The date of a quoted header: RFC 5322, ISO or with a month's name, as mail clients write it."""
    text = text[:300]
    try:
        exact = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        exact = None
    if exact is not None and exact.year >= 1990 and re.search(r"[+-]\d{4}|GMT|UTC", text):
        return exact if exact.tzinfo else exact.replace(tzinfo=zone)
    day = _day(text, words)
    clock = _CLOCK.search(_ISO_DAY.sub(" ", _DAY_FIRST.sub(" ", text)))
    if day is None or clock is None:
        return None
    hour, minute = int(clock[1]), int(clock[2])
    if clock[3] and hour <= 12:
        hour = hour % 12 + 12 * (clock[3].lower() == "p")
    try:
        return datetime(*day, hour, minute, tzinfo=zone)
    except (ValueError, OverflowError):
        return None


def _day(text: str, words: SegmentWords) -> tuple[int, int, int] | None:
    if (iso := _ISO_DAY.search(text)) is not None:
        return int(iso[1]), int(iso[2]), int(iso[3])
    if (numeric := _DAY_FIRST.search(text)) is not None:
        return int(numeric[3]), int(numeric[2]), int(numeric[1])
    year = re.search(r"\b(?:19|20)\d{2}\b", text)
    day = re.search(r"(?<![\d:.])(\d{1,2})(?![\d:]|\.\d)", text)
    month = _month(text, words)
    return (int(year[0]), month, int(day[1])) if year and day and month else None


def _month(text: str, words: SegmentWords) -> int | None:
    for token in re.findall(r"[^\W\d_]{3,12}", text.casefold()):
        for names in words.months:
            for number, name in enumerate(names, 1):
                if token == name.casefold() or (len(token) <= 4 and name.casefold().startswith(token)):
                    return number
    return None


# --- signature and footer -----------------------------------------------------------------------------------------


def _names(author: Address | None) -> frozenset[str]:
    """How the author may sign: full name, first name, either order; a first name may be cut short ("Max")."""
    if author is None or not author.display_name:
        return frozenset()
    name = author.display_name
    last, comma, first = name.partition(",")
    if comma:
        name = f"{first.strip()} {last.strip()}"
    words = re.sub(r"\(.*?\)|\b(?:via|from|at)\b.*", "", name).split()
    first, last = (words[0], words[-1]) if words else ("", "")
    short = (first[:size] for size in range(_SHORT_NAME, len(first))) if first.isalpha() else ()
    forms = (name, " ".join(words), first, *(form for cut in short for form in (cut, f"{cut} {last}")))
    return frozenset(_fold(form) for form in forms if len(form) > 1)


def _without_footers(
    lines: Sequence[str], kind: SegmentKind, words: SegmentWords, names: frozenset[str]
) -> list[tuple[SegmentKind, list[str]]]:
    """The lines in runs of one kind: text, signature, legal footer, perhaps a postscript."""
    pieces: list[tuple[SegmentKind, list[str]]] = [(kind, [])]
    signed = begun = False
    for number, line in enumerate(lines):
        state = pieces[-1][0]
        after = lines[number + 1 : number + 1 + _AHEAD]
        if state is kind and (cut := _footer_inside(line, words)):
            pieces[-1][1].append(line[:cut].rstrip())
            pieces.append((SegmentKind.DISCLAIMER, [line[cut:]]))
            continue
        opens, begun = not begun and bool(line.strip()), begun or bool(line.strip())
        if opens and _holds(after, _OPENED):
            pieces[-1][1].append(line)  # "Best wishes first of all!" opens a mail
            continue
        if state is kind and _fold(line).strip(_SIGN_OFF) in names and _is_letterhead(pieces[-1][1], after):
            pieces[-1][1].append(line)
            continue
        new = _state(state, line, after, words, names, kind, signed=signed)
        inside = words.closing_inside.search(_fold_keep(line)) if new is kind and words.closing_inside else None
        if inside is not None and _ends(after):
            pieces[-1][1].append(line[: inside.start("closing")].rstrip())
            pieces.append((SegmentKind.SIGNATURE, [line[inside.start("closing") :]]))
            signed = True
            continue
        if new is not state:
            pieces.append((new, []))
        signed = signed or new is SegmentKind.SIGNATURE
        pieces[-1][1].append(line)
    return pieces


def _is_letterhead(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether the sender's name stands above the text, as networks and hiring systems put it; or above a message that
    the line before announces: "You have a new message:"."""
    if not _holds(before, _LETTERHEAD):
        return _holds(after, 3 * _LETTERHEAD + 1)
    last = next((line.rstrip() for line in reversed(before) if line.strip()), "")
    return last.endswith(":") and not _holds(before, _NOTICE) and _holds(after, _MESSAGE)


def _holds(lines: Sequence[str], words: int) -> bool:
    """Whether the lines hold that many words; it looks no further."""
    count = 0
    for line in lines:
        count += len(line[:_MAX_LINE].split())
        if count >= words:
            return True
    return False


def _footer_inside(line: str, words: SegmentWords) -> int:
    """Where a footer's sentence begins on a line that holds whole sentences of the sender before it; 0 for nowhere."""
    line = line[:_MAX_LINE]
    lower = line.lower()
    found = words.disclaimer.search(lower) if words.disclaimer is not None and len(lower) == len(line) else None
    if found is None:
        return 0
    begins = max((end.end() for end in _SENTENCE_END.finditer(line, 0, found.start())), default=0)
    return begins if len(line[:begins].split()) >= _OWN_WORDS else 0


def _state(
    state: SegmentKind,
    line: str,
    after: Sequence[str],
    words: SegmentWords,
    names: frozenset[str],
    kind: SegmentKind,
    *,
    signed: bool,
) -> SegmentKind:
    """The kind of a line, given that of the line before."""
    folded = _fold(line[:_MAX_LINE])
    if not folded:
        ended = state is SegmentKind.DISCLAIMER and not signed
        return kind if ended else state
    if words.disclaimer is not None and words.disclaimer.search(folded):
        return SegmentKind.DISCLAIMER
    if state is kind:
        return SegmentKind.SIGNATURE if _signs(line, folded, after, words, names) else kind
    if words.resume is not None and words.resume.match(folded):
        return kind
    return state


def _signs(line: str, folded: str, after: Sequence[str], words: SegmentWords, names: frozenset[str]) -> bool:
    """Whether a signature begins with this line."""
    if line.rstrip() == "--":
        return True
    if len(folded) > 120:
        return False
    if words.closing is not None and (closing := words.closing.match(folded)) is not None:
        return _closes(closing, line)
    if words.thank is not None and words.thank.match(folded):
        return _ends(after, names)
    signed = folded.strip(_SIGN_OFF)
    if signed not in names or len([other for other in after if other.strip()]) > _NAME_TAIL:
        return False
    if _is_cut_short(signed, names) and any(other.rstrip().endswith((".", "?", "!")) for other in after):
        return False  # somebody else of that name in the midst of the text
    return not any(_CLOCK_TIME.search(other) for other in after)  # a list of interviewers, with the time below it


def _is_cut_short(signed: str, names: frozenset[str]) -> bool:
    """Whether a line is a beginning of the author's first name, and not that name."""
    first = signed.partition(" ")[0]
    return any(len(name) > len(first) and " " not in name and name.startswith(first) for name in names)


def _closes(closing: re.Match[str], line: str) -> bool:
    """Whether what follows a formula of one word is a name: "Best, Anna", not "Best would be Monday"."""
    rest = closing["rest"] or ""
    if not rest.strip(" ,.!;/–-") or rest[0] != " " or " " in closing["closing"]:
        return True
    return line.strip()[len(closing["closing"]) :].lstrip(" ,-–")[:1].isupper()


def _ends(after: Sequence[str], names: frozenset[str] = frozenset()) -> bool:
    """Whether nothing follows, or no more than a name does before the next paragraph."""
    following = next((line.strip() for line in after if line.strip()), "")
    if not following or _fold(following).strip(" .,!") in names:
        return True
    return len(following.split()) <= 4 and following[-1] not in ".?!:;" and not re.search(r"\d", following)


def _fold_keep(line: str) -> str:
    """Lower case of the same length: positions in it are positions in the line."""
    lower = line[-200:].lower()
    return " " * (len(line) - len(lower)) + lower if len(lower) == len(line[-200:]) else ""
