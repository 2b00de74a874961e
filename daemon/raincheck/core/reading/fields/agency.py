"""Whether a third-party recruiter writes, and for whom: the client that an agency keeps secret stays None.

Owns the signs of it: phrases ("my client", "join our team"), single words, the trade in the last lines and in the
sender's domain, and whether a company is named that is not the sender's own. What each weighs is learned (`ranking`).
"""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from raincheck.core.model import Evidence
from raincheck.core.reading.fields.names import fits_domain
from raincheck.core.reading.fields.persons import MAX_NAME, person
from raincheck.core.reading.fields.phrase import keys_of
from raincheck.core.reading.fields.ranking import bucket
from raincheck.core.reading.fields.text import Found, Passage, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from raincheck.core.reading.fields.ranking import Candidate, Weights
    from raincheck.core.reading.fields.sender import Sender
    from raincheck.core.reading.fields.words import FieldWords, Names

_LIKE = 0.6  # likeness of a name to the sender's domain from which it is the sender's own
_MAX_LINE = 120
_FIRST_LINES, _LAST_LINES = 8, 4  # of a signature, of a body: where the writer says who they are
_TITLED = 3  # words of a title and the name behind it
_MAX_MATCHES = 20  # of one group of phrases in one passage
_PARTS = re.compile(r"[,|·•(–—]|\s[-/]\s")
_FIRM = re.compile(r"(?:[^\W\d_a-z][\w'.&-]{0,30}|&)(?:[ ](?:[^\W\d_a-z][\w'.&-]{0,30}|&)){1,5}")  # words with capitals
_WORD = re.compile(r"[^\W\d_]{1,40}(?:'[a-z]{1,3})?")
_ITSELF = "itself"  # the phrases of one who hires for the own house
_LABEL_MARKS = " :=–-"
_LABEL_END = re.compile(r"[ ]{0,10}[:=–-][ ]{0,10}")
_STEM = 7  # letters by which a word of the last lines is known
_DOUBTFUL = frozenset({"talk", "occupation", "person.single", "named", "place"})  # of what is hardly a company
_OWN = frozenset({"client", "phrase.strong", "phrase.good", "organisation", "incorporated", "person.fits"})
_OTHER = frozenset({"client", "phrase.strong", "phrase.good", "label"})


class Side(NamedTuple):
    """What speaks for and against a third-party recruiter: signs, and words of the mail that tell it.

    quotes: with their group, those that tell most first.
    """

    signs: frozenset[str]
    quotes: tuple[tuple[str, Evidence], ...]


def find_agency(side: Side, candidates: Iterable[Candidate], weights: Weights) -> Found[bool]:
    """Whether a third-party recruiter writes; candidates are those for the company."""
    agency = weights.holds(side.signs.union(_named(candidates)))
    speaking = (quote for sign, quote in side.quotes if (weights.of.get(sign, 0.0) > 0) == agency)
    return Found(agency, next(speaking, Evidence("agency", "", "none")))


def side_of(passages: Sequence[Passage], sender: Sender, words: FieldWords, names: Names) -> Side:
    """What the words and the sender tell of it."""
    quotes = [*_phrased(passages, sender, words), *_trades(passages, sender, names), *_domains(sender, names)]
    quotes += _firms(passages, sender, words, names)
    groups = [group for group, _ in quotes]
    signs = {*groups, *(f"{group}.again" for group in groups if groups.count(group) > 1)}
    talking = " ".join(passage.flow for passage in passages if passage.source in ("subject", "body", "forwarded"))
    said = frozenset(_WORD.findall(talking.lower()))
    signs.add(f"outside.{bucket(len(said & words.outside), 4)}")
    signs.add(f"inside.{bucket(len(said & words.inside), 4)}")
    signs.update(f"says:{word}" for word in said & (words.outside | words.inside))
    for passage, line in _foot(passages):
        text = passage.flow[line.start : line.end]
        if text[-1] not in ".,!?:;":
            signs.update(f"foot:{word[:_STEM]}" for word in _WORD.findall(text.lower()) if len(word) > 1)
    writer = _writer(sender, words)
    signs.update((f"writer.{writer}", *(f"{group}.{writer}" for group in groups if not group.startswith("speaks."))))
    signs.update(_of_sender(sender, words, names))
    return Side(frozenset(signs), tuple(quotes))


def _phrased(passages: Sequence[Passage], sender: Sender, words: FieldWords) -> Iterator[tuple[str, Evidence]]:
    """The phrases of each group, each wording once, that are not about the sender's own house."""
    for group, pattern in words.agency:
        met: set[str] = set()
        for passage in passages:
            for match in islice(pattern.finditer(passage.flow), _MAX_MATCHES):
                if match[0].lower() in met or _own(passage, match, sender, words):
                    continue
                if not _asked_by_own(passage, match.start(), words):
                    met.add(match[0].lower())
                    kind = _ITSELF if _is_nobody(passage, match, words) else group
                    yield f"speaks.{kind}", passage.evidence("agency", Span(*match.span()))


def _foot(passages: Sequence[Passage]) -> Iterator[tuple[Passage, Span]]:
    """The short lines in which writers say who they are."""
    for passage in passages:
        lines = passage.lines()
        part = {"signature": lines[:_FIRST_LINES], "body": lines[-_LAST_LINES:]}.get(passage.source, ())
        yield from ((passage, line) for line in part if line.end - line.start <= _MAX_LINE)


def _trades(passages: Sequence[Passage], sender: Sender, names: Names) -> Iterator[tuple[str, Evidence]]:
    """Lines at the end in which the sender's firm tells its trade: "Heron Locums", "Lund & Ray | Legal Search"."""
    for passage, line in _foot(passages):
        text = passage.flow[line.start : line.end]
        if _tells_trade(text, names):
            parts = _PARTS.split(text)
            own = sender.label and any(fits_domain(part.strip(), sender.label) >= _LIKE for part in parts)
            yield "trade.own" if own else "trade.line", passage.evidence("agency", line)


def _tells_trade(text: str, names: Names) -> bool:
    """True for a line with a trade that is not part of somebody's title: "Lund Recrutement", not "Chargé de
    recrutement"."""
    offices = [match.span() for match in names.agency_offices.finditer(text)]
    trades = (match.span() for match in names.agency_names.finditer(text))
    return any(not any(start <= at and end <= stop for start, stop in offices) for at, end in trades)


def _firms(
    passages: Sequence[Passage], sender: Sender, words: FieldWords, names: Names
) -> Iterator[tuple[str, Evidence]]:
    """Names of firms that end with a trade: "Apex Build Recruitment"; with "Team" behind it is a department."""
    for passage in passages:
        if names.agency_ends.isdisjoint(keys_of((passage.flow,))):
            continue  # most
        for match in islice(_FIRM.finditer(passage.flow), _MAX_MATCHES):
            tokens = match[0].split()
            end = next((at for at in range(len(tokens) - 1, 0, -1) if tokens[at].lower() in names.agency_ends), None)
            if end is None or any(token.lower() in words.team - names.agency_ends for token in tokens):
                continue
            name = " ".join(tokens[: end + 1])
            own = (
                sender.label
                and max(fits_domain(name, sender.label), fits_domain(" ".join(tokens[:end]), sender.label)) >= _LIKE
            )
            yield "firm.own" if own else "firm.other", passage.evidence("agency", Span(*match.span()))


def _domains(sender: Sender, names: Names) -> Iterator[tuple[str, Evidence]]:
    """What the words in the sender's domain tell."""
    if sender.address is None or not sender.label:
        return
    quote = Evidence("agency", sender.address.domain, "header:from")
    label, domain = (name.replace("research", "") for name in (f"{sender.label}.", quote.quote))
    if any(word in label for word in names.agency_words):
        yield "domain.itself", quote
    elif any(word in domain for word in names.agency_words):
        yield "domain.part", quote  # a mere prefix or subdomain


def _of_sender(sender: Sender, words: FieldWords, names: Names) -> Iterator[str]:
    """The signs of the sender's address and display name."""
    yield f"sender.{sender.sort}"
    label = sender.label or ""
    hints = [hint for hint in names.agency_hints if hint in label]
    if hints:
        yield "hint"
    for part in re.split(r"[-_]", label):
        for hint in hints:
            place = "is" if part == hint else "ends" if part.endswith(hint) else "holds" if hint in part else None
            if place:
                yield f"domain.{place}:{hint}"
    if sender.address is None:
        return
    if any(word in words.team for word in _WORD.findall(sender.address.local_part.lower())):
        yield "mailbox.team"


def _writer(sender: Sender, words: FieldWords) -> str:
    """Who the display name says that writes: a person, a team, or something else."""
    display = sender.address.display_name if sender.address is not None else ""
    if any(word in words.team for word in _WORD.findall(display.lower())):
        return "team"
    return "person" if person(display, words.person, single=True) is not None else "other"


def _named(candidates: Iterable[Candidate]) -> Iterator[str]:
    """What companies are named: the sender's own, or another."""
    named = False
    for candidate in candidates:
        signs = candidate.signs
        sources = {sign for sign in signs if sign.startswith("in.")}
        if "kin.own" in signs and not sources <= {"in.domain", "in.header:from"}:
            named = True
            yield from (f"own.{sign}" for sign in (signs & _OWN) | sources)
        elif "kin.strange" in signs and signs.isdisjoint(_DOUBTFUL):
            institution = "organisation" in signs or "incorporated" in signs
            for sign in signs & _OTHER:
                yield f"other.{sign}"
                if institution:
                    yield f"other.institution.{sign}"
                if "in.subject" in signs:
                    yield f"other.subject.{sign}"
            if institution:
                yield from ("other.institution", *(f"other.institution.{source}" for source in sources))
    yield "own.named" if named else "own.unnamed"


def _own(passage: Passage, said: re.Match[str], sender: Sender, words: FieldWords) -> bool:
    """True when what stands there is of the sender's own house: "on behalf of Dr Lund", "of Acme", "for our bakery",
    "on behalf of the search committee", "Staffing Group at Acme"."""
    end = min(said.end() + 60, passage.sentence(said.end() - 1).end)
    following = passage.flow[said.end() : end].split()[:5]
    if following and words.from_company.fullmatch(following[0]) and words.is_institution(said[0].split()[-1].lower()):
        following = following[1:]
    if not following:
        return False
    if _is_headed(passage, said.start(), words) or _names_office(following, words):
        return True
    first = following[0].lower().rstrip(".")
    if first in words.person.titles or first in words.inside & words.grammar.possessive:
        return True
    name = " ".join(word.strip(".,;") for word in following[:4])
    return name[:1].isupper() and sender.label is not None and fits_domain(name, sender.label) > _LIKE


def _is_nobody(passage: Passage, said: re.Match[str], words: FieldWords) -> bool:
    """True for the label of a client behind which none stands: "Client: internal", "Kunde: keiner"; not for "Client:
    Internal Medicine Centre"."""
    flow = passage.flow
    label = _LABEL_END.match(flow, said.start() + len(said[0].rstrip(_LABEL_MARKS)))
    nobody = words.agency_none.match(flow, label.end()) if label is not None else None
    if nobody is None:
        return False
    following = flow[nobody.end() : nobody.end() + 2]
    return not (following[:1] == " " and following[1:].isupper())


def _is_headed(passage: Passage, at: int, words: FieldWords) -> bool:
    """True for a department, behind whoever leads it: "Head of HR Services"."""
    lead = passage.flow[max(0, at - MAX_NAME) : at].split()[-2:]
    return len(lead) > 1 and lead[1] in words.grammar.joins_always and words.grammar.is_head(lead[0].strip("(,"))


def _names_office(following: Sequence[str], words: FieldWords) -> bool:
    """True where those are named who choose for a house: "the search committee", not "the board of a client"."""
    pairs = pairwise(following)
    return any(word.lower() in words.offices and behind not in words.grammar.joins_always for word, behind in pairs)


def _asked_by_own(passage: Passage, at: int, words: FieldWords) -> bool:
    """True where somebody known by a title alone has asked: the writer's head, "Father Lund has asked me to write"."""
    if words.agency_asked.match(passage.flow, at) is None:
        return False
    before = passage.flow[max(passage.sentence(at).start, at - MAX_NAME) : at].split()[-_TITLED:]
    return any(word.lower().strip(".") in words.person.titles for word in before)
