"""Which company hires.

Owns the candidates (phrases around a blank, the sender's display name, signature lines, the subject, the sender's
domain) and their agreement with each other and with the domain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from raincheck.core.model import Evidence
from raincheck.core.reading.fields.names import fits_domain, spellings, squashed
from raincheck.core.reading.fields.persons import person
from raincheck.core.reading.fields.role import JOB_ID, filled, is_occupation
from raincheck.core.reading.fields.text import Found, Passage, Span
from raincheck.core.recipients import registrable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.core.model import Address
    from raincheck.core.reading.fields.words import FieldWords, Names

MAX_COMPANY = 80  # characters
_DOMAIN_FIT = 3.5
_OWN_NAME = 0.9  # likeness to the domain of a name that is that of its owner
_SPLIT = re.compile(r"\s+[-–—|·•/@]+\s+|\s*[|·•,]\s*|\s{3,}|\s+<>\s+|:\s+|[\[\]]")
_EDGE = " \t,;:.!?-–—|/&+\"'*·•()"
_MORE = re.compile(r"[ ](?:(?:&|and|und)[ ])?([^\W\d_][\w'-]{1,40})(?!\w)")
_BRACKETS = re.compile(r"\([^()]{0,60}\)?")
_NO_NAME = re.compile(r"\d[:.]\d{2}(?!\d)|^\d{1,2} ?[ap]\.?m\b|\d{5}|\w\.\w+/|\+\d")  # a clock, a number, an address
_TAG = re.compile(r"\s*\([^()]*\)\s*$")


_MAX_CANDIDATES = 200  # each is held against each other


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent the mail, as far as it tells of the company.

    label: the brand in the registrable domain ("acme" of mail.acme.co.uk); None for hiring platforms and freemail.
    board: the domain looks like that of a service for many employers.
    """

    address: Address | None
    label: str | None
    platform: bool = False
    board: bool = False

    @classmethod
    def of(
        cls, address: Address | None, *, platform: bool, freemail: bool, names: Names, behind: Address | None = None
    ) -> Sender:
        """The sender of that address; its domain may belong to a hiring platform or to a mail provider.

        behind: the address for answers of those for whom a platform writes.
        """
        if address is None:
            return cls(None, None)
        hidden = behind if platform else None
        label = registrable((hidden or address).domain).partition(".")[0]
        parts = [part for part in re.split(r"[-_]", label) if part]
        kept = [part for part in parts if part not in names.domain_words] or parts
        brand = "-".join(kept)
        board = any(word in brand for word in names.boards)
        return cls(address, None if (platform and not hidden) or freemail or not label else brand, platform, board)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that may be the company's, and how much speaks for it."""

    text: str
    evidence: Evidence
    weight: float


def find_company(
    passages: Sequence[Passage],
    quoted: Sequence[Passage],
    sender: Sender,
    words: FieldWords,
    names: Names,
    not_companies: Sequence[str] = (),
) -> Found[str] | None:
    """The hiring company as written; from the sender's own domain when no words name it.

    In quoted text only what fits the sender's domain counts.
    """
    excluded = {squashed(name) for name in (*not_companies, *_own_names(sender, words)) if name}
    found = [
        candidate
        for candidate in (
            *islice(_from_text(passages, words, names), _MAX_CANDIDATES),
            *_from_sender(sender, words, names),
            *islice(_by_domain((*passages, *quoted), sender, words), _MAX_CANDIDATES),
        )
        if squashed(candidate.text) not in excluded
    ]
    if not found:
        return _from_domain(sender)
    best = max(found, key=lambda c: (_score(c, found, sender, words, names), -len(c.text)))
    stated = best.evidence.source == "header:from" and words.organisation.search(best.text) is not None
    incorporated = best.text.lower().split()[-1].strip(".,") in names.legal_forms
    if (
        sender.label
        and not stated
        and not incorporated
        and _score(best, found, sender, words, names) < 1.8
        and not fits_domain(best.text, sender.label)
    ):
        return _from_domain(sender)
    best = _whole(best, found, sender, words, names)
    return Found(best.text, best.evidence)


def _own_names(sender: Sender, words: FieldWords) -> tuple[str, ...]:
    """The name and first name of the person whose mailbox it is, unless the domain bears it: "Ada" is no company."""
    if sender.address is None:
        return ()
    name = person(sender.address.display_name, words.person)
    if name is None or (sender.label and fits_domain(name, sender.label)):
        return ()
    bears = any(squashed(part) in squashed(sender.address.local_part) for part in name.split() if len(part) > 2)
    return (name, name.split()[0]) if bears else ()


def _whole(best: Candidate, found: Sequence[Candidate], sender: Sender, words: FieldWords, names: Names) -> Candidate:
    """The longer name that begins with the best: in two parts of the mail, with a legal form, or the domain's."""
    key = _key(best.text, names)
    longer = [c for c in found if _key(c.text, names).startswith(key) and _key(c.text, names) != key]
    for candidate in sorted(longer, key=lambda c: -len(c.text)):
        if is_occupation(candidate.text, words):
            continue
        sources = {c.evidence.source for c in longer if _key(c.text, names) == _key(candidate.text, names)}
        legal = candidate.text.split()[-1].lower().strip(".,") in names.legal_forms
        exact = sender.label is not None and fits_domain(candidate.text, sender.label) > max(
            0.99, fits_domain(best.text, sender.label)
        )
        if len(sources) > 1 or legal or exact:
            return candidate
    return best


def _from_text(passages: Sequence[Passage], words: FieldWords, names: Names) -> Iterator[Candidate]:
    for passage in passages:
        for blank in words.company:
            for span in filled(passage.flow, blank, words):
                yield from names_at(passage, span, blank.weight, words)
        for line in passage.lines():
            if (label := words.company_label.match(passage.flow, line.start, line.end)) is not None:
                yield from names_at(passage, Span(label.end(), line.end), 3.0, words)
        if passage.source == "subject":
            yield from _chunks(passage, Span(0, len(passage.text)), 0.5, words)
        if passage.source == "signature":
            for number, line in enumerate(passage.lines()[:12]):
                if len(passage.flow[line.start : line.end]) <= 90 and "@" not in passage.flow[line.start : line.end]:
                    yield from _chunks(passage, line, 1.2 if number else 0.6, words)
        yield from _legal(passage, words, names)
        yield from _organisations(passage, words)


def _legal(passage: Passage, words: FieldWords, names: Names) -> Iterator[Candidate]:
    """Names that end in a legal form: "Nordwerk Maschinenbau GmbH"."""
    for match in re.finditer(
        r"(?<!\w)(?:[A-ZÄÖÜÉ0-9][\w&'.+-]{0,40}[ ](?:[&+][ ])?){1,6}([A-Za-z]{2,6}\.?)(?!\w)", passage.flow
    ):
        if match[1].lower().rstrip(".") in names.legal_forms and not re.match(
            r"[ ](?:&|[A-Z])", passage.flow[match.end() :]
        ):
            yield from names_at(passage, Span(*match.span()), 1.5 if passage.source == "signature" else 1.8, words)


def _organisations(passage: Passage, words: FieldWords) -> Iterator[Candidate]:
    """Lines that are the name of an institution and nothing else: "Fenland NHS Foundation Trust"."""
    for line in passage.lines():
        labelled = words.place_label.match(passage.flow, line.start, line.end) is not None
        if labelled or line.end - line.start > 2 * MAX_COMPANY or passage.flow[line.end - 1] in ".!?:;":
            continue
        for chunk in re.finditer(r"[^,|·•]+", passage.flow[line.start : line.end]):
            text = chunk[0].strip()
            capitals = [word for word in re.findall(r"\w+", text) if word.lower() not in words.grammar.connectors]
            if (
                len(capitals) > 1
                and not words.talk.search(text)
                and words.organisation.search(text)
                and all(not word[0].islower() for word in capitals)
            ):
                for name in names_at(passage, Span(line.start + chunk.start(), line.start + chunk.end()), 2.5, words):
                    if " " in name.text:  # not the "Services" of "HR Services"
                        yield name
                break


def _chunks(passage: Passage, area: Span, weight: float, words: FieldWords) -> Iterator[Candidate]:
    at = area.start
    for edge in [*_SPLIT.finditer(passage.flow, area.start, area.end), None]:
        end = area.end if edge is None else edge.start()
        text = passage.flow[at:end]
        if (
            text.strip()
            and text.strip()[0].isupper()
            and not words.talk.search(text)
            and not is_occupation(text, words)
        ):
            yield from names_at(passage, Span(at, end), weight, words)
        at = area.end if edge is None else edge.end()


def names_at(passage: Passage, span: Span, weight: float, words: FieldWords) -> Iterator[Candidate]:
    """The company's name that a stretch of text holds, if it can be one."""
    raw = passage.text[span.start : span.end]
    if is_occupation(raw, words) or words.indefinite.search(passage.flow, max(0, span.start - 8), span.start):
        return
    text = cleaned(raw, words)
    if 1 < len(text) <= MAX_COMPANY and _is_name(text, words):
        yield Candidate(text, passage.evidence("company", span), weight)


def _is_name(text: str, words: FieldWords) -> bool:
    tokens = text.split()
    if not (text[0].isdigit() or any(char.isupper() for char in tokens[0])) or len(tokens) > 8:
        return False
    if not any(char.isalpha() for char in text) or "@" in text or _NO_NAME.search(text):
        return False
    if all(token.lower().strip(".") in words.person.titles for token in tokens):
        return False
    if JOB_ID.search(text) or re.match(r"\d+(?:st|nd|rd|th|\.)?(?: |$)", text):
        return False
    if words.not_company.match(text.lower() + " ") or is_occupation(text, words):
        return False
    return not all(token.lower().strip(".,") in words.team | words.grammar.stop for token in tokens)


def cleaned(text: str, words: FieldWords) -> str:
    """A company's name on one line, without brackets, addresses and the team that writes for it."""
    text = _BRACKETS.sub(" ", text)
    tokens = " ".join(text.split()).strip(_EDGE.replace(")", "").replace("(", "")).split()
    number = next((i for i, token in enumerate(tokens) if i and token.isdigit() and i + 1 < len(tokens)), len(tokens))
    tokens = tokens[:number]
    while tokens and _is_team(tokens[-1], words):
        tokens.pop()
    led = False
    while tokens and _leads(tokens[0], words, led=led):
        led = _is_team(tokens.pop(0), words) or led
    name = " ".join(tokens).strip(_EDGE.replace(")", ""))
    return (
        re.sub(r"'s$", "", name.replace("’", "'"))
        if name.replace("’", "'").endswith("'s") and len(tokens) == 1
        else name
    )


def _is_team(token: str, words: FieldWords) -> bool:
    token = token.lower().strip(_EDGE)
    return token in words.team or bool(words.team_ends and token.endswith(words.team_ends))


def _leads(token: str, words: FieldWords, *, led: bool) -> bool:
    """True for a word before the name itself: the team, an article, and what joins the team to the name."""
    token = token.lower().strip(_EDGE)
    return _is_team(token, words) or token in words.grammar.articles or (led and token in words.grammar.connectors)


def _from_sender(sender: Sender, words: FieldWords, names: Names) -> Iterator[Candidate]:
    """The company in the display name: "Dana from Acme", "Acme Recruiting", "Acme via Platform"."""
    if sender.address is None or not sender.address.display_name:
        return
    display = sender.address.display_name
    if sender.platform and fits_domain(display, registrable(sender.address.domain).partition(".")[0]) > _OWN_NAME:
        return  # the platform's own name
    passage = Passage.of("header:from", display)
    flow = passage.flow
    of = words.from_company.search(flow)
    if of is not None and of.start() > 0 and _writes_for(flow[: of.start()], words):
        yield from names_at(passage, Span(of.end(), len(flow)), 3.0, words)
        return
    if (via := words.at_company.search(flow)) is not None and via.start() > 0:
        flow = flow[: via.start()]
    bracket = re.search(r"\(([^()]{2,60})\)", flow)
    if bracket:
        yield from names_at(passage, Span(*bracket.span(1)), 2.0, words)
    area = Span(0, len(_TAG.sub("", flow)))
    parted = _SPLIT.search(flow, 0, area.end) is not None  # "Ada Lund | Acme"
    if not parted and _is_person(flow[: area.end], words) and not _says_team(flow, words):
        fits = sender.label is not None and fits_domain(display, sender.label) >= 0.7
        if not fits and not sender.platform:
            return
        yield from names_at(passage, area, 0.5, words)
        return
    at = 0
    for edge in [*_SPLIT.finditer(flow, 0, area.end), None]:
        end = area.end if edge is None else edge.start()
        if not _is_person(flow[at:end], words) or not sender.label or fits_domain(flow[at:end], sender.label):
            yield from names_at(
                passage, Span(at, end), 2.0 if sender.platform or _says_team(flow, words) else 1.5, words
            )
        at = area.end if edge is None else edge.end()


def _writes_for(before: str, words: FieldWords) -> bool:
    """True for somebody or a team before "at" and "of": no part of the name as in "University of Westmere"."""
    tokens = before.split()
    return person(before, words.person, single=True) is not None or all(_is_team(token, words) for token in tokens)


def _is_person(text: str, words: FieldWords) -> bool:
    """True for a person's name that is not also built like an institution's: "Landratsamt Hohenried"."""
    return person(text, words.person) is not None and words.organisation.search(text) is None


def _says_team(display: str, words: FieldWords) -> bool:
    return any(_is_team(token, words) for token in display.split())


def _by_domain(passages: Sequence[Passage], sender: Sender, words: FieldWords) -> Iterator[Candidate]:
    """Names of the text whose letters are those of the sender's domain, whatever stands around them."""
    if not sender.label:
        return
    target = squashed(sender.label)
    for passage in passages:
        for match in re.finditer(r"[^\W_][\w'.+-]{0,40}", passage.flow):
            first = squashed(match[0])
            if not first or not (target.startswith(first[:2]) or match[0][0].lower() == target[0]):
                continue
            if passage.flow[match.start() - 1 : match.start()] in ("@", ".", "/", "-"):
                continue
            yield from _spelled(passage, match.start(), target, words)


def _spelled(passage: Passage, start: int, target: str, words: FieldWords) -> Iterator[Candidate]:
    """The run of words from `start` whose letters make up the target."""
    end = start
    for count, word in enumerate(
        re.finditer(r"[ ]{0,2}(?:&[ ])?[^\W_][\w'.+-]{0,40}", passage.flow[start : start + 90])
    ):
        if count > 6 or word.start() != end - start:
            return
        end = start + word.end()
        text = passage.text[start:end].rstrip(".,'")
        ways = spellings(text)
        if target in ways:
            end = _extended(passage.flow, start + len(text), words)
            small = not any(char.isupper() or char.isdigit() for char in text)
            if passage.flow[end : end + 1] != "@" and not (small and " " not in text and squashed(text) != target):
                whole = " ".join(passage.text[start:end].split())
                whole = whole.title() if small and " " in text else whole
                yield Candidate(whole, passage.evidence("company", Span(start, end)), 1.0)
            return
        if not any(target.startswith(way) for way in ways):
            return


def _extended(flow: str, end: int, words: FieldWords) -> int:
    """The end of a name that goes on in capitals: Tall Ships Heritage -> Tall Ships Heritage Trust."""
    for _ in range(4):
        more = _MORE.match(flow, end)
        if more is None or not more[1][0].isupper():
            return end
        if (
            more[1].lower() in words.team | words.grammar.stop
            or words.talk.match(more[1])
            or words.grammar.is_head(more[1])
        ):
            return end
        end = more.end()
    return end


def _score(candidate: Candidate, all_: Sequence[Candidate], sender: Sender, words: FieldWords, names: Names) -> float:
    """How much speaks for a candidate: its words, its likeness to the domain, other places that name it."""
    score = candidate.weight
    if sender.label:
        score += (_DOMAIN_FIT if not sender.board else 0.5) * fits_domain(candidate.text, sender.label) ** 3
        if _is_person(candidate.text, words) and not fits_domain(candidate.text, sender.label):
            score -= 1.5
    elif candidate.evidence.source in ("body", "subject") and person(candidate.text, words.person) is not None:
        score -= 1.5
    score -= 0.3 * (candidate.evidence.source == "signature")
    key = _key(candidate.text, names)
    places = {(c.evidence.source, c.evidence.quote) for c in all_ if c is not candidate and _key(c.text, names) == key}
    score += min(2, len(places)) * 0.6
    longer = {
        c.evidence.source
        for c in all_
        if c is not candidate and _key(c.text, names) != key and _key(c.text, names).startswith(key)
    }
    return score + 0.3 * bool(longer)


def _key(text: str, names: Names) -> str:
    words = text.split()
    while len(words) > 1 and words[-1].lower().strip(".,") in names.legal_forms:
        words.pop()
    if len(words) > 1 and words[0].lower() == "the":
        words.pop(0)
    return squashed(" ".join(words))


def _from_domain(sender: Sender) -> Found[str] | None:
    """The company that the sender's own domain names: klima-institut.example -> Klima Institut."""
    if not sender.label or sender.address is None:
        return None
    words = [word for word in re.split(r"[-_]", sender.label) if word]
    name = " ".join(
        word if any(char.isdigit() for char in word) and len(word) < 4 else word.capitalize() for word in words
    )
    return Found(name, Evidence("company", sender.address.domain, "domain"))
