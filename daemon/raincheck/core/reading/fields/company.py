"""Which company hires.

Owns the candidates (phrases around a blank, labelled lines, the sender's display name and domain, signature lines,
parts of the subject, legal forms, every run of capitals) and what is seen of each: above all its likeness to the
sender's domain. Which of them it is, learned weights say (`ranking`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from raincheck.core.model import Evidence
from raincheck.core.reading.fields.domain import LETTERS, PART_OF_NAME, SAME, WHOLE, initials, likeness, name_of, spans
from raincheck.core.reading.fields.names import WORD, commonness, fits_domain, spellings, squashed
from raincheck.core.reading.fields.persons import person
from raincheck.core.reading.fields.ranking import NONE, Candidate, Pool, Weights, around, bucket, compare
from raincheck.core.reading.fields.role import DIGIT, JOB_ID, filled, is_occupation
from raincheck.core.reading.fields.sender import Sender, bears_name
from raincheck.core.reading.fields.text import Found, Passage, Span
from raincheck.core.reading.fields.words import STRENGTH
from raincheck.core.recipients import is_no_reply, registrable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set

    from raincheck.core.reading.fields.agency import Side
    from raincheck.core.reading.fields.words import FieldWords, Names

MAX_COMPANY = 80  # characters
_OWN_NAME = 0.9  # likeness to the domain of a name that is that of its owner
_MAX_MATCHES = 200  # of one kind in one mail
_BELOW = frozenset({"in.disclaimer", "in.signature", "in.beneath"})
_PART_OF_DOMAIN = 5  # letters of a name with which the domain begins
_MAX_SMALL = 4  # words of a name in small letters
_MAX_UPPER = 40  # characters of the first of two lines of a name
_MAX_RUN = 8  # words in a row
_TOLD = frozenset({
    "phrase.strong", "phrase.good", "phrase.weak", "client", "label", "legal", "spelled", "domain", "in.header:from",
    "listed", "chunk.two",
})  # fmt: skip
_CLIENTS = ("phrase.", "client", "label", "chunk.", "in.", "organisation.", "incorporated", "common.", "kin.")
_THIRD = ("outside.", "inside.", "hint", "speaks.", "trade.", "domain.itself")  # signs of the side that tell of a name
_KINS = ("own", "near", "strange")
_OWN_HOUSE = 0.7  # likeness to the domain from which what may be a person is a house
_SIGNED = ("line.whole.signature", "line.whole.body", "line.first.signature")
_DISPLAYED = {"display.whole.name", "display.whole.team", "display.part.name", "display.part.team"}
_SPLIT = re.compile(r"\s+[-–—|·•/@×]+\s+|\s+x\s+|\s*[|·•,]\s*|\s{3,}|\s+<>\s+|:\s+|[\[\]]")
_EDGE = " \t,;:.!?-–—|/&+\"'*·•()"
_MORE = re.compile(r"[ ](?:(?:&|and|und)[ ])?([^\W\d_][\w'-]{1,40})(?!\w)")
_ASIDE = re.compile(r"\([^()\n]{0,120}\)")  # "Heron (they build boats) asked us"
_BRACKETS = re.compile(r"\([^()]{0,60}\)?")
_NO_NAME = re.compile(r"\d[:.]\d{2}(?!\d)|^\d{1,2} ?[ap]\.?m\b|\d{5}|\w\.\w+/|\+\d")  # a clock, a number, an address
_TAG = re.compile(r"\s*\([^()]*\)\s*$")
_LEGAL = re.compile(
    r"(?<!\w)(?:[A-ZÄÖÜÉ0-9][\w&'.+-]{0,40}[ ](?:[&+][ ])?){1,6}([A-Za-z]{2,6}\.?)(?![\w-])"
)  # "Nordwerk Maschinenbau GmbH"
_DOTTED = re.compile(
    r"[ ,]{1,3}(?:[Ss]p\.?(?:[ ]?z\.?(?:[ ]?o\.?[ ]?o\.?)?)?|S\.?[ ]?à[ ]?r\.?[ ]?l\.?"
    r"|(?:[A-Za-z]\.[ ]?){1,9}[A-Za-z]?\.?)$"
)  # "e. V.", "Sp. z o.o.", "S.à r.l."
_SPACED = re.compile(r"[ ,]{1,3}(?:[Ss]p\.? ?z\.? ?o\.? ?o\.?|S\.? ?à ?r\.? ?l\.?)")
_WORDS = re.compile(r"[^\W_]+")
_FULL_STOP = re.compile(r"(?<=\w\w)\.$")  # of the sentence, not of "e.V."
_FORM = re.compile(r"[ ,]{1,2}(?:(?:&|und|and)[ ])?((?:[A-Za-z]\.[ ]?){2,4}|[A-Za-z]{2,9}\.?)(?![\w-])")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|\.)?(?: |$)")
_COUNTED = re.compile(r"(?<=\w) (?:(?:1[4-9]|20)\d\d|#\d{1,4})(?!\w)")  # "TSV Ostbach 1904", "Lodge #12"
_BEGINS = re.compile(r"(?:^|[.!?\n])[ ]*$")
_MAILBOX = re.compile(r"(?<![\w.])([^\W\d_]{2,30})[._]([^\W\d_]{2,30})@")
_HOST = re.compile(r"(?:@|://)([\w-]{1,40}(?:\.[\w-]{1,40}){1,4})")
_SLASH = re.compile(r"\s[/|]\s")
_MORE_NAME = re.compile(r"[ ](?:&|[A-Z])")
_AFTER_PERSON = re.compile(  # is only looked for where a word begins
    r"(?<![^\W\d_])([^\W\d_][\w'.-]+(?:[ ][^\W\d_][\w'.-]+)?)[ ]?(?:,|\(|[-–—|])?[ ]?(?:\w{2,4}[ ])?$"
)
_LISTED = re.compile(  # "Lund, Ray & Ahorn LLP"
    r"(?<![\w,] )(?<!\w)(?:[A-ZÄÖÜ][\w'-]{1,30}, ){1,3}[A-ZÄÖÜ][\w'-]{1,30},? (?:&|and|und) "
    r"[A-ZÄÖÜ][\w'-]{1,30}(?: [A-ZÄÖÜ][\w.]{1,20}){0,2}"
)
_FOLLOWING = re.compile(r"[ ]?(?:[&/,][ ])?([^\W\d_]{2,30})")
_JOINT = re.compile(r"[ ]{1,2}|[ ]?[&+][ ]?|-")
_MAX_HOSTS = 6  # domains that a mail writes
_SHORT_REACH = 30  # characters before a name in which the word before it stands
_SIGNS = frozenset({"&", "x", "/", "+", "<>"})  # between two who meet
_AND = re.compile(r" (?:and|und|\+) ")
_SHORT = 3  # letters of what may be an abbreviation: "St. Marien"


class Named(NamedTuple):
    """The company's name in a stretch of a passage."""

    text: str
    passage: Passage
    span: Span

    @property
    def evidence(self) -> Evidence:
        """The words it rests on."""
        return self.passage.evidence("company", self.span)


def find_company(
    pool: Pool, sender: Sender, side: Side, names: Names, weights: Weights, *, agency: bool
) -> Found[str] | None:
    """The hiring company as written; from the sender's own domain when no words name it.

    pool: of company_pool. An agency's own name is not the company's, and its client may be kept secret: then None.
    """
    third = ("agency" if agency else "employer", *sorted(sign for sign in side.signs if sign.startswith(_THIRD)))
    for candidate in pool.candidates.values():
        candidate.signs.update(_in_view_of(candidate.signs, sender, third))
    none = (NONE, f"{NONE}.{sender.sort}", *(f"{NONE}.{sign}" for sign in third))
    best = weights.best(pool.candidates.values(), none)
    if best is None:
        return None
    if best.passage.source == "domain":
        assert sender.address is not None
        return Found(best.text, Evidence("company", sender.address.domain, "domain"))
    best = _as_said(best, pool, names)
    return Found(_as_written(best, names), best.passage.evidence("company", best.span))


def _as_said(best: Candidate, pool: Pool, names: Names) -> Candidate:
    """The name as the mail itself says it, where only the lines below it say more: "at Rowan Lodge", and then "Rowan
    Lodge Residential Care Home"."""
    if not best.signs.isdisjoint(("in.subject", "in.body", "in.header:from")):
        return best
    tokens = _bare(best.text, names).split()
    for size in range(len(tokens) - 1, 1, -1):
        shorter = pool.candidates.get(_key(" ".join(tokens[:size]), names))
        if (
            shorter is not None
            and "in.body" in shorter.signs
            and any(sign.startswith("phrase.") for sign in shorter.signs)
        ):
            return shorter
    return best


def _as_written(best: Candidate, names: Names) -> str:
    """The name with its legal form; one with dots only where it is never left out, or belongs to it ("e.V.")."""
    bare = _bare(best.text, names)
    places = {(key, span.start): passage for (key, span), passage in best.places.items() if passage.source != "domain"}
    forms = [
        _form_behind(passage, start + len(bare), names)
        for (_, start), passage in places.items()
        if passage.text.startswith(bare, start)
    ]
    form = next((form for form in forms if form), "")
    dotted = "." in form.rstrip(".") and re.sub(r"\W", "", form).lower() not in names.dotted_forms
    if dotted and not all(forms):
        return bare
    if not form:
        return bare if _DOTTED.search(best.text) else best.text
    return bare + form


def _form_behind(passage: Passage, at: int, names: Names) -> str:
    """The legal form that stands behind a name, with all its parts: " GmbH & Co. KG", " e.V."."""
    if (spaced := _SPACED.match(passage.flow, at)) is not None:
        return passage.text[at : spaced.end()]
    end = at
    while (part := _FORM.match(passage.flow, end)) is not None:
        small = part[1].islower() and "." not in part[1].rstrip(".")  # "as", but "a.s."
        if small or re.sub(r"\W", "", part[1]).lower() not in names.legal_forms:
            break
        end = part.end()
    return _FULL_STOP.sub("", passage.text[at:end].rstrip())


def company_pool(
    passages: Sequence[Passage],
    sender: Sender,
    words: Sequence[FieldWords],
    names: Names,
    not_companies: Sequence[str] = (),
    beneath: Set[str] = frozenset(),
) -> Pool:
    """Every candidate with what is seen of it, whoever writes.

    words: of the mail's language first, then of the others; beneath: signatures of a mail that is passed on.
    """
    pool = Pool()
    own = words[0]
    sender = _unmasked(sender, own)
    for passage in passages:
        for span, signs in _spotted(passage, sender, words, names).items():
            for name in names_at(passage, span, own):
                _add(pool, name, signs, names)
    for name, sign in _from_sender(sender, own):
        _add(pool, name, (sign,), names)
    for name in islice(_by_domain(passages, sender, own), _MAX_MATCHES):
        _add(pool, name, ("spelled",), names)
    if (domain := name_of(sender, words, names, passages)) is not None:
        _add(pool, Named(domain, Passage.of("domain", domain), Span(0, len(domain))), ("domain",), names)
    mine = (part for name in not_companies for part in (name, *name.split()))
    joiners = _SIGNS.union(*(language.grammar.coordinators for language in words))
    for key, candidate in list(pool.candidates.items()):
        house = _incorporated(candidate.text, names) or fits_domain(candidate.text, sender.label or "") > _OWN_NAME
        if _joins_me(candidate.text, not_companies, joiners) and not house:
            del pool.candidates[key]
    for excluded in (*mine, *_own_names(sender, own), *_mailboxes(passages), *_relayed(passages, sender, own)):
        pool.candidates.pop(_key(excluded, names), None)
    hosts = _written_hosts(passages, sender)
    mask = registrable(sender.address.domain).partition(".")[0] if sender.address and sender.platform else ""
    for candidate in pool.candidates.values():
        if any(passage.text in beneath for passage in candidate.places.values()):
            candidate.signs.add("in.beneath")
        if all(passage.source == "quoted" for passage in candidate.places.values()):
            candidate.signs.add("only.quoted")
        if mask and fits_domain(_bare(candidate.text, names), mask) > SAME:
            candidate.signs.add("kin.platform")
        if any(fits_domain(_bare(candidate.text, names), host) > SAME for host in hosts):
            candidate.signs.add("fits.written")
        for (_, span), passage in candidate.places.items():
            if passage.source not in ("header:from", "domain"):
                candidate.signs.update(around(passage, span), _standing(passage, span, own))
        candidate.signs.update(_shape(candidate, sender, words, names))
    compare(pool, lambda part: _key(part, names))
    _beside_incorporated(pool, names)
    _beside_nouns(pool, words, names)
    _without_rivals(pool, sender, words, names)
    _beside_domain(pool)
    return pool


def _joins_me(text: str, names: Sequence[str], joiners: Set[str]) -> bool:
    """True for what names the reader beside somebody else: "Talk Robin & Acme"."""
    mine = {squashed(part) for name in names for part in name.split()}
    tokens = text.split()
    beside = (
        pair
        for at, token in enumerate(tokens)
        if token in joiners
        for pair in tokens[at - 1 : at] + tokens[at + 1 :][:1]
    )
    return any(squashed(word) in mine for word in beside)


def _in_view_of(signs: Set[str], sender: Sender, third: Sequence[str]) -> Iterator[str]:
    """What the signs of a candidate mean for one who recruits for others, or for the own house."""
    whose = next(kin for kin in _KINS if f"kin.{kin}" in signs)
    displayed = next((sign for sign in ("display.yes", "display.no") if sign in signs), None)
    writer = third[0] if third[0] == "agency" else sender.sort
    yield f"kin.{whose}.{writer}"
    if displayed:
        yield f"{displayed}.{writer}"
    for sign in third:
        yield f"{whose}.{sign}"
    if third[0] == "agency":
        yield from [f"for.{sign}" for sign in signs if _tells_client(sign)]


def _unmasked(sender: Sender, words: FieldWords) -> Sender:
    """The sender without the domain where its owner only passes the mail on: "Acme via Panelist" of panelist.com."""
    if sender.address is None or not sender.label:
        return sender
    display = sender.address.display_name
    behalf = words.for_company.search(display)  # "Panelist for Acme"
    if behalf is not None and fits_domain(display[: behalf.start()].strip(), sender.label) > SAME:
        return replace(sender, label=None, platform=True)
    via = words.at_company.search(display)
    if via is None or not via.start() or fits_domain(display[via.end() :].strip(), sender.label) <= SAME:
        return sender
    return replace(sender, label=None, platform=True)


def _beside_nouns(pool: Pool, words: Sequence[FieldWords], names: Names) -> None:
    """Adds the signs of names that stand in another only without its noun: "Lahnstadt" of "Universität Lahnstadt"."""
    for candidate in pool.candidates.values():
        tokens = _bare(candidate.text, names).split()
        for side, noun, rest in (("behind", tokens[:1], tokens[1:]), ("before", tokens[-1:], tokens[:-1])):
            shorter = pool.candidates.get(_key(" ".join(rest), names)) if rest and _is_noun(noun[0], words) else None
            if shorter is not None and shorter is not candidate:
                shorter.signs.add(f"noun.{side}.{'domain' if 'in.domain' in shorter.signs else 'text'}")
        stem, _, end = tokens[0].rpartition("-")  # "Lahn-Stiftung für Kunst", and "Lahn" alone
        joined = pool.candidates.get(_key(stem, names)) if stem and _is_noun(end, words) else None
        if joined is not None and joined is not candidate:
            said = "body" if "in.body" in joined.signs else "short"
            joined.signs.add(f"noun.joined.{said}")
            candidate.signs.add(f"noun.joins.{said}")


def _beside_incorporated(pool: Pool, names: Names) -> None:
    """Adds the signs of names that begin another one with a legal form: said by itself, or by domain and display."""
    for candidate in pool.candidates.values():
        tokens = _bare(candidate.text, names).split()
        if "incorporated" not in candidate.signs:
            continue
        for size in range(1, len(tokens)):
            shorter = pool.candidates.get(_key(" ".join(tokens[:size]), names))
            if shorter is not None and shorter is not candidate:
                said = _how_said(shorter)
                sources = {sign for sign in candidate.signs if sign.startswith("in.")}
                place = "small" if sources == {"in.disclaimer"} else "below" if sources <= _BELOW else "told"
                shorter.signs.update((f"longer.incorporated.{said}", f"longer.incorporated.{said}.{place}"))
                candidate.signs.update((f"shorter.is.{said}", f"shorter.is.{said}.{place}"))


def _how_said(candidate: Candidate) -> str:
    """Whether the mail itself says a name, or only the display name does, or neither."""
    if not candidate.signs.isdisjoint(("in.subject", "in.body")):
        return "said"
    return "displayed" if "in.header:from" in candidate.signs else "unsaid"


def _written_hosts(passages: Sequence[Passage], sender: Sender) -> Sequence[str]:
    """The labels of domains in the addresses that the mail writes, without those of the sender's own domain."""
    own = registrable(sender.address.domain) if sender.address is not None else ""
    hosts = dict.fromkeys(host.lower() for passage in passages for host in _HOST.findall(passage.text))
    others = [host for host in islice(hosts, _MAX_HOSTS) if registrable(host) != own]
    labels = (label for host in others for label in (registrable(host).partition(".")[0], host.partition(".")[0]))
    return tuple(dict.fromkeys(label for label in labels if len(label) >= PART_OF_NAME))


def _beside_domain(pool: Pool) -> None:
    """Adds to a name that only the domain bears what other names there are."""
    told = [candidate for candidate in pool.candidates.values() if "in.domain" not in candidate.signs]
    institution = any("organisation" in other.signs and not other.signs.isdisjoint(_TOLD) for other in told)
    signed = any("organisation" in other.signs and "chunk.signature" in other.signs for other in told)
    for candidate in pool.candidates.values():
        if "in.domain" in candidate.signs and candidate.counted == 1:
            candidate.signs.add(f"alone.{'institution' if institution else 'signed' if signed else 'quite'}")


def _is_alike(other: Candidate) -> bool:
    return "kin.strange" not in other.signs and len(_WORDS.findall(other.text)) > 1


def _tells_client(sign: str) -> bool:
    """True for what says more, or less, of a name where somebody recruits for others."""
    return sign.startswith(_CLIENTS) and "before:" not in sign


def _mailboxes(passages: Sequence[Passage]) -> Iterator[str]:
    """Names of persons by the addresses that the mail names: mareike.stahl@..."""
    for passage in passages:
        for match in islice(_MAILBOX.finditer(passage.flow), _MAX_MATCHES):
            yield f"{match[1]} {match[2]}"


def _relayed(passages: Sequence[Passage], sender: Sender, words: FieldWords) -> Iterator[str]:
    """Names of persons whose message a service passes on: "Lou Marsh just messaged you"."""
    if sender.address is not None and _is_person(sender.address.display_name, words):
        return  # who tells what somebody else would like
    for passage in passages:
        for blank in words.relayed:
            for span in filled(passage.flow, blank, words):
                herald = passage.flow[max(0, span.start - _SHORT_REACH) : span.start].rstrip(_EDGE).rpartition(" ")[2]
                if herald.lower() in words.heralds:
                    continue  # "Our client, Marsh Robotics, has asked"
                name = passage.flow[span.start : span.end]
                own = sender.label is not None and fits_domain(name, sender.label) >= _OWN_HOUSE
                if _is_person(name, words) and not own:
                    yield name


def _without_rivals(pool: Pool, sender: Sender, words: Sequence[FieldWords], names: Names) -> None:
    """Takes out a name that only the domain bears where one like it is written, or where the sender bears another."""
    display = sender.address.display_name if sender.address is not None else ""
    box = squashed(sender.address.local_part) if sender.address is not None else ""
    writer = squashed(display) if _is_person(display, words[0]) else ""
    signed = [key for key, candidate in pool.candidates.items() if "person.signed" in candidate.signs]
    labels = [part for part in re.split("[-_]", sender.label or "") if len(part) >= LETTERS]

    def is_rival(key: str, name: str, other: Candidate) -> bool:
        if {"display.organisation", "kin.strange"} <= other.signs and " " in other.text:
            return True
        if {"organisation", "occupation"} & other.signs == {"organisation"} and _is_alike(other):
            return True  # "Wirtshaus Zur Alten Mühle" of alte-muehle-spreewald
        displayed = not other.signs.isdisjoint(_DISPLAYED) or {"display.part.person", "box.other"} <= other.signs
        placed = not other.signs.isdisjoint(("in.header:from", "chunk.signature"))
        if placed and (spans(_bare(other.text, names), sender.label or "") or initials(other.text) in labels):
            return True  # "Sonnenwende Tirol" of sonnen-tirol, "Lund Ray Ahorn" of lra-architects
        if displayed and "kin.strange" not in other.signs and name not in box:
            return True  # the sender's own spelling
        if len(name) >= _PART_OF_DOMAIN and key == f"the{name}":
            return True  # the article is no part of the key
        alike = len(name) >= WHOLE and (key.startswith(name) or name.startswith(key))
        of_person = (writer and name in writer) or any(name in person for person in signed if person != name)
        return alike and not of_person and not _is_noun(other.text, words)

    for key, candidate in list(pool.candidates.items()):
        if "in.domain" in candidate.signs and candidate.counted == 1:
            rivals = [other for name, other in pool.candidates.items() if name != key and is_rival(key, name, other)]
            for rival in rivals:
                rival.signs.add("like.domain")
            if rivals:
                del pool.candidates[key]


def _spotted(
    passage: Passage, sender: Sender, words: Sequence[FieldWords], names: Names
) -> Mapping[Span, Sequence[str]]:
    """Places of a passage where a company may be named, each with the signs of how it was found."""
    spotted: dict[Span, list[str]] = {}
    for number, language in enumerate(words):
        foreign = "other." if number else ""
        for span, sign in _announced(passage, language):
            spotted.setdefault(span, []).append(foreign + sign)
    for span, sign in islice(_anywhere(passage, sender, words[0], names), _MAX_MATCHES):
        spotted.setdefault(span, []).append(sign)
    return spotted


def _announced(passage: Passage, words: FieldWords) -> Iterator[tuple[Span, str]]:
    """Places where the words of one language announce a company."""
    for blank in words.company:
        for span in filled(passage.flow, blank, words):
            yield span, f"phrase.{STRENGTH[blank.weight]}"
    told = _without_asides(passage.flow, words) if words.client else ""
    for blank in words.client:
        for span in filled(told, blank, words):
            yield span, "client"
    for blank in words.owner:
        for span in filled(passage.flow, blank, words):
            yield span, "owner"
    for line in passage.lines():
        if (label := words.company_label.match(passage.flow, line.start, line.end)) is not None:
            yield Span(label.end(), line.end), "label"


def _without_asides(flow: str, words: FieldWords) -> str:
    """The text without what it says in brackets, but for a name right behind the word for it: "our client (Heron)"."""

    def blanked(match: re.Match[str]) -> str:
        herald = flow[max(0, match.start() - _SHORT_REACH) : match.start()].rstrip().rpartition(" ")[2]
        return match[0] if herald.lower() in words.heralds else " " * len(match[0])

    return _ASIDE.sub(blanked, flow)


def _anywhere(passage: Passage, sender: Sender, words: FieldWords, names: Names) -> Iterator[tuple[Span, str]]:
    """Places that look like a company by themselves."""
    for match in _LEGAL.finditer(passage.flow):
        if match[1].lower().rstrip(".") in names.legal_forms and not _MORE_NAME.match(passage.flow, match.end()):
            yield Span(*match.span()), "legal"
    if passage.source == "subject":
        for chunk in _chunks(passage, Span(0, len(passage.flow)), words):
            yield chunk, "chunk.subject"
    if passage.source in ("signature", "disclaimer"):
        for number, line in enumerate(passage.lines()[:12]):
            if line.end - line.start <= 90 and "@" not in passage.flow[line.start : line.end]:
                for chunk in _chunks(passage, line, words):
                    yield chunk, f"chunk.{passage.source}"
                    yield chunk, f"chunk.line.{bucket(number, 4)}"
        for both in _over_two_lines(passage, words):
            yield both, "chunk.two"
    else:
        for line in passage.lines():
            if line.end - line.start <= 60 and passage.flow[line.end - 1] not in ".!?:;,":
                for chunk in _chunks(passage, line, words):
                    yield chunk, "chunk.line"
    for match in _LISTED.finditer(passage.flow):
        yield Span(*match.span()), "listed"
    for span in _runs(passage, words):
        text = passage.flow[span.start : span.end]
        if " " not in text and _BEGINS.search(passage.flow, max(0, span.start - 3), span.start):
            continue  # the first word of a sentence has a capital anyway
        noun = words.grammar.nouns_capital and " " not in text and not _is_noun(text, (words,))
        if noun and not (sender.label and fits_domain(text, sender.label)):
            continue
        yield span, "run"


def _over_two_lines(passage: Passage, words: FieldWords) -> Iterator[Span]:
    """Two lines of which the second is a noun with a legal form alone: "HBZ Lund Ahorn / Beratungsgesellschaft mbH"."""
    for first, second in pairwise(passage.lines()[:12]):
        upper, lower = (passage.flow[line.start : line.end].strip() for line in (first, second))
        form = lower.rpartition(" ")[2].lower().strip(".")
        if form not in words.legal_forms or not _is_noun(lower.split()[0], (words,)) or len(upper) > _MAX_UPPER:
            continue
        plain = all(word[0].isupper() or word in words.grammar.links or word == "&" for word in upper.split())
        titled = upper.isupper() or not _is_person(upper, words)
        if plain and "," not in upper and titled and not is_occupation(upper, words.grammar):
            yield Span(first.start, second.end)


def _runs(passage: Passage, words: FieldWords) -> Iterator[Span]:
    """Every row of capitalised words, and its parts on both sides of a connecting word."""
    flow, grammar = passage.flow, words.grammar
    row: list[re.Match[str]] = []
    for token in WORD.finditer(flow):
        lower = token[0].lower()
        capital = token[0][0].isupper()
        number = token[0][0].isdigit() and bool(row)
        if row and (len(row) >= _MAX_RUN or not _joined(flow, row[-1], token, words)):
            yield from _parts(row, words)
            row = []
        initial = bool(row) and len(lower) == 1 and flow[token.end() : token.end() + 1] == "."
        if (capital and (row or lower not in grammar.stop)) or initial or (row and (lower in grammar.links or number)):
            row.append(token)
        elif row:
            yield from _parts(row, words)
            row = []
    if row:
        yield from _parts(row, words)


def _joined(flow: str, before: re.Match[str], token: re.Match[str], words: FieldWords) -> bool:
    """True when nothing but a blank, "&" or a hyphen stands between two words, or the dot of an abbreviation; that of a
    legal form also ends a sentence ("Lund Ltd. How ...")."""
    between = flow[before.end() : token.start()]
    if between == ". " and before[0].lower() in words.legal_forms and token[0].lower() not in words.legal_forms:
        return False
    if between in (". ", ".") and len(before[0]) <= _SHORT:
        return before[0][0].isupper() or (len(before[0]) == 1 and len(token[0]) == 1)
    return _JOINT.fullmatch(between) is not None


def _parts(row: list[re.Match[str]], words: FieldWords) -> Iterator[Span]:
    """The whole row, the row without its first word, and its parts beside words that join or part names."""
    grammar = words.grammar
    begins, ends = {0}, {len(row)}
    for index, token in enumerate(row):
        lower = token[0].lower()
        small = lower in grammar.links or lower in grammar.stop
        if small or grammar.is_head(lower) or lower in words.heralds or _is_team(lower, words):
            begins.add(index + 1)
            ends.add(index)
        if lower.endswith("'s") or lower in words.company_nouns:
            ends.add(index + 1)
        if lower in words.company_nouns and index + 2 < len(row) and row[index + 1][0].lower() in grammar.links:
            begins.add(index)  # "Faculty of Arts University of Eastmarch"
    begins.add(1)
    for begin in sorted(begins):
        for end in sorted(ends):
            last = row[end - 1][0]
            if begin < end and row[begin][0][0].isupper() and not (last[0].islower() and len(last) > 1):
                yield Span(row[begin].start(), row[end - 1].end())


def _chunks(passage: Passage, area: Span, words: FieldWords) -> Iterator[Span]:
    """The parts of a line, and what stands behind an "at" in them."""
    at = area.start
    for edge in [*_SPLIT.finditer(passage.flow, area.start, area.end), None]:
        end = area.end if edge is None else edge.start()
        text = passage.flow[at:end].strip()
        if text[:1].isupper() or text.rpartition(" ")[2] in words.legal_forms:
            yield Span(at, end)
        of = words.from_company.search(passage.flow, at + 1, end)  # "Cook at Heron"
        if of is not None:
            yield Span(of.end(), end)
        at = area.end if edge is None else edge.end()


def names_at(passage: Passage, span: Span, words: FieldWords) -> Iterator[Named]:
    """The company's name that a stretch of text holds, if it can be one."""
    behalf = words.for_company.match(passage.flow, span.start, span.end)
    if behalf is not None and passage.flow[behalf.end() : behalf.end() + 1].isupper():
        span = Span(behalf.end(), span.end)  # "For Acme Laboratories Limited", below a letter
    raw = passage.text[span.start : span.end]
    if is_occupation(raw, words.grammar) or words.indefinite.search(passage.flow, max(0, span.start - 8), span.start):
        return
    small = _is_small_firm(raw.split(), words)
    text = raw.strip() if small and raw.islower() else cleaned(_SLASH.split(raw)[-1], words)
    if 1 < len(text) <= MAX_COMPANY and _is_name(text, words):
        at = raw.find(text)
        if at >= 0:
            span = Span(span.start + at, span.start + at + len(text))
        yield Named(text, passage, span)
        if text.replace("’", "'").endswith("'s") and " " in text:  # "Birch Bank's office"
            yield Named(text[:-2], passage, Span(span.start, span.end - 2))


def _add(pool: Pool, name: Named, signs: Sequence[str], names: Names) -> None:
    pool.add(_key(name.text, names), name.text, name.passage, name.span, (*signs, f"in.{name.passage.source}"))


def _standing(passage: Passage, span: Span, words: FieldWords) -> Iterator[str]:
    """The signs of where a place stands."""
    flow = passage.flow
    start = flow.rfind("\n", 0, span.start) + 1
    end = flow.find("\n", span.end)
    end = len(flow) if end < 0 else end
    if not flow[start : span.start].strip() and not flow[span.end : end].strip():
        yield f"line.whole.{passage.source}"
    elif not flow[start : span.start].strip():
        yield f"line.first.{passage.source}"
    above = flow[:start].rstrip().rpartition("\n")[2]
    if len(above) < 50 and person(above, words.person) is not None:
        yield "person.above"
    if words.place_label.match(flow, start, end) is not None:
        yield "place"
    if any(map(str.isdigit, flow[max(start, span.start - 30) : min(end, span.end + 30)])):
        yield "number.beside"
    following = _FOLLOWING.match(flow, span.end)
    if following is not None and words.grammar.is_head(following[1]):
        yield "head.after"
    if words.street.search(flow, span.start, min(end, span.end + 40)):
        yield "street"
    before = flow[max(start, span.start - 50) : span.start]
    title = None if before.islower() else _AFTER_PERSON.search(before)  # a name has capitals
    if title and person(title[1], words.person, single=True):
        yield "person.before"
    if flow[span.end : span.end + 2].strip()[:1].isupper():
        yield "capital.after"
    previous = flow[start : span.start].rstrip(" ").rpartition(" ")[2]
    if previous[:1].isupper() and previous[-1].isalnum() and previous.lower() not in words.grammar.articles:
        yield "capital.before"
    if words.grammar.is_head(previous.strip(_EDGE)):
        yield "head.before"
    inside = flow[start : span.start - len(previous) - 1].rstrip()[-1:]
    if previous[:1].isupper() and previous.lower() in words.grammar.articles and (inside.isalnum() or inside == ","):
        yield "article.capital"  # "a table at The Elm"


def _shape(candidate: Candidate, sender: Sender, words: Sequence[FieldWords], names: Names) -> Iterator[str]:
    """The signs of the name itself, and of its likeness to the sender."""
    text, own = candidate.text, words[0]
    bare = _bare(text, names)
    tokens = bare.split()
    nouns = [index for index, token in enumerate(tokens) if _is_noun(token, words)]
    fit = likeness(bare, sender)
    yield f"fit.{fit:.2f}"
    yield "kin.own" if fit > SAME else "kin.near" if fit else "kin.strange"
    if sender.address is not None and sender.address.display_name:
        display = squashed(sender.address.display_name)
        if "in.header:from" in candidate.signs:
            yield f"box.{'bears' if bears_name(sender.address) else 'other'}"
        yield "display.yes" if squashed(bare) in display else "display.no"
        if nouns and "in.header:from" in candidate.signs:
            yield "display.organisation"
    if any(token.islower() and words[0].from_company.fullmatch(token) for token in tokens[1:-1]):
        yield "at.inside"
    if any(token.lower() in own.heralds for token in tokens[:-1]):
        yield "herald.inside"
    if own.not_company.match(text.lower() + " "):
        yield "doubtful"
    yield f"words.{bucket(len(tokens), 6)}"
    yield f"last:{tokens[-1].lower()}"
    yield f"first:{tokens[0].lower()}"
    yield f"end:{tokens[-1].lower()[-4:]}"
    yield f"common.{commonness(tokens, names.common)}"
    if len(tokens) - 1 in nouns:
        yield f"common.before.{commonness(tokens[:-1], names.common)}"
    if _incorporated(text, names):
        yield "incorporated"
    if nouns or any(language.organisation.search(text) for language in words):
        yield "organisation"
    if len(tokens) - 1 in nouns:
        yield f"organisation.last.{'alone' if len(tokens) == 1 else 'more'}"
    if 0 in nouns:
        yield f"organisation.first.{'alone' if len(tokens) == 1 else 'more'}"
    own_house = fit >= _OWN_HOUSE and not own.person.is_given(text)  # "Open Larder Network feeds ..." of openlarder
    if bare == text and _is_person(text, own):
        yield f"person.{'fits' if fit else 'strange'}"
        if not own_house and not candidate.signs.isdisjoint(_SIGNED):
            yield "person.signed"
    if sender.address is not None and not fit and "display.robot" not in candidate.signs:
        writer_name = {part.lower() for part in sender.address.display_name.split() if len(part) > 2}
        if writer_name & {token.lower() for token in tokens} and person(sender.address.display_name, own.person):
            yield "named"
    itself = sender.address is not None and bare in sender.address.display_name
    if itself and "display.robot" not in candidate.signs and _is_person(bare, own):
        yield f"self.{'fits' if fit else 'strange'}"
    if person(text, own.person, single=True) is not None and len(tokens) == 1:
        yield "person.single"
    talks = own.talk.search(text) is not None
    if talks:
        yield "talk"
    if any(is_occupation(part, language.grammar) for part in tokens for language in words):
        yield "occupation"
    if any(_is_team(token, own) for token in tokens):
        yield "team"
    if tokens[0].lower().strip(".") in own.person.titles and len(tokens) > 1 and 0 not in nouns:
        yield "titled"
    if bare.isupper():
        yield "shout"
    if any(map(str.isdigit, bare)):
        yield "digit.own" if fit > SAME else "digit"
    joining = {token for token in tokens[1:-1] if token in own.grammar.links}  # "Buchhandlung am Markt"
    if any(token[0].islower() for token in tokens if token not in joining):
        yield "small"
    if not (own_house or talks) and any(t.lower() in own.grammar.stop for t in tokens if t not in joining):
        yield "stop"
    if joining:
        yield "joining"
    if not any(sign.removeprefix("other.") in _TOLD for sign in candidate.signs):
        yield "untold"
        yield f"untold.{bucket(len(tokens), 3)}"
    yield f"places.{bucket(candidate.counted, 5)}"
    yield f"sources.{bucket(sum(sign.startswith('in.') for sign in candidate.signs), 4)}"


def _own_names(sender: Sender, words: FieldWords) -> tuple[str, ...]:
    """The name and first name of the person whose mailbox it is, unless the domain bears it: "Ada" is no company."""
    if sender.address is None:
        return ()
    display = sender.address.display_name
    via = words.at_company.search(display)
    name = person(display[: via.start()].strip() if via else display, words.person)
    if name is None or not _is_person(name, words) or (sender.label and fits_domain(name, sender.label)):
        return ()
    box = squashed(sender.address.local_part)
    whole = all(squashed(part) in box for part in name.split())  # thandi.mkhize@...
    if sender.platform and not whole and not words.person.is_given(name.split()[0]):
        return ()  # "Heron Foods <heron@smarthire.example>": a house is as likely as a person
    return (name, name.split()[0]) if via or bears_name(sender.address) else ()


def _is_name(text: str, words: FieldWords) -> bool:
    tokens = text.split()
    written = text[0].isdigit() or any(char.isupper() for char in tokens[0]) or _is_small_firm(tokens, words)
    if not written or len(tokens) > 8:
        return False
    if not any(map(str.isalpha, text)) or "@" in text or _NO_NAME.search(text):
        return False
    if all(token.lower().strip(".") in words.person.titles for token in tokens):
        return False
    if DIGIT.search(text) and (JOB_ID.search(_COUNTED.sub("", text)) or _ORDINAL.match(text)):
        return False
    if words.not_company.match(text.lower() + " ") and not (len(tokens) > 1 and _is_whole(tokens, words)):
        return False
    trade = words.professions | words.grammar.links
    if is_occupation(text, words.grammar) or all(token.lower() in trade for token in tokens):
        return False
    return not all(_means_nothing(token.strip(".,"), words) for token in tokens)


def _means_nothing(word: str, words: FieldWords) -> bool:
    """True for a word that tells no name from another: "team", "the"."""
    word = word.lower()
    return word in words.team or word in words.grammar.stop


def _is_small_firm(tokens: Sequence[str], words: FieldWords) -> bool:
    """True for a name in small letters that its legal form tells: "stellwerk gmbh"."""
    return 1 < len(tokens) <= _MAX_SMALL and len(tokens[-1]) > 2 and tokens[-1] in words.legal_forms


def _is_whole(tokens: Sequence[str], words: FieldWords) -> bool:
    """True for a name that its noun makes one, whatever it begins with: "London Theatre", "Haus Morgentau"."""
    opens = _is_noun(tokens[0], (words,)) and not _is_team(tokens[0], words) and len(tokens[1]) > 2
    return opens or _closes(tokens[-1], words)


def _closes(token: str, words: FieldWords) -> bool:
    """True for a word that ends the name of a company, whatever it begins with: "London Theatre", "Berlin AG"."""
    return _is_noun(token, (words,)) or token.lower().strip(".") in words.legal_forms


def cleaned(text: str, words: FieldWords) -> str:
    """A company's name on one line, without brackets, addresses and the team that writes for it."""
    text = _BRACKETS.sub(" ", text)
    tokens = " ".join(text.split()).strip(_EDGE.replace(")", "").replace("(", "")).split()
    while tokens and _is_team(tokens[-1], words) and not _is_own_noun(tokens, words) and not _is_joined(tokens, words):
        tokens.pop()
    number = next((i for i, token in enumerate(tokens) if i and token.isdigit() and i + 1 < len(tokens)), len(tokens))
    if not _DOTTED.fullmatch(" " + " ".join(tokens[number + 1 :])):  # "TSV Ostbach 1904 e.V."
        tokens = tokens[:number]
    led = False
    while tokens and _leads(tokens[0], words, led=led):
        lead = tokens.pop(0)
        led = _is_team(lead, words) or lead.lower() in words.heralds or led
    if (
        words.grammar.nouns_capital
        and len(tokens) > 2
        and words.grammar.is_head(tokens[0])
        and tokens[0].lower() not in words.person.surnames
        and _is_noun(tokens[1], (words,))
    ):
        tokens.pop(0)  # "Schulleiter Grundschule Ahornweg": what its writer is there
    name = " ".join(tokens).strip(_EDGE.replace(")", ""))
    if _DOTTED.search(f"{name}.") and f"{name}." in " ".join(text.split()):
        name += "."  # "e.V.", "Sp. z o.o."
    return (
        re.sub(r"'s$", "", name.replace("’", "'"))
        if name.replace("’", "'").endswith("'s") and len(tokens) == 1
        else name
    )


def _is_own_noun(tokens: Sequence[str], words: FieldWords) -> bool:
    """True for a team's word that ends a company's name, too: "Sandia Water Resources", not "Human Resources"."""
    before = [token for token in tokens[:-1] if token not in ("&", "+")]
    if len(tokens) < 3 or not _is_noun(tokens[-1], (words,)) or _is_team(before[-1], words):
        return False
    return not _is_noun(tokens[0], (words,))  # "Zoo Heronsee Verwaltung" has its noun


def _is_joined(tokens: Sequence[str], words: FieldWords) -> bool:
    """True for a team that belongs to the name: "Praxis Dr. Lund & Kollegen", not "HR & Recruiting"."""
    return len(tokens) > 2 and tokens[-2] in ("&", "und", "and", "+") and not _is_team(tokens[-3], words)


def _is_team(token: str, words: FieldWords) -> bool:
    token = token.lower().strip(_EDGE)
    part = token.rpartition("-")[2]
    return (
        token in words.team
        or (part in words.team and part not in words.company_nouns)  # "Bewerber-Team", not "Feuerwehr-Service"
        or bool(words.team_ends and token.endswith(words.team_ends))
    )


def _leads(token: str, words: FieldWords, *, led: bool) -> bool:
    """True for a word before the name itself: the team, an article, and what joins the team to the name."""
    token = token.lower().strip(_EDGE)
    return (
        _is_team(token, words)
        or token in words.grammar.articles
        or token in words.heralds
        or words.talk.fullmatch(token)
        or (led and token in words.grammar.connectors)
    )


def _from_sender(sender: Sender, words: FieldWords) -> Iterator[tuple[Named, str]]:
    """The company in the display name: "Dana from Acme", "Acme Recruiting", "Acme via Platform"."""
    if sender.address is None or not sender.address.display_name:
        return
    display, label = sender.address.display_name, registrable(sender.address.domain).partition(".")[0]
    if sender.platform and fits_domain(display, label) > _OWN_NAME:
        return  # the platform's own name
    robot = is_no_reply(sender.address.addr_spec)  # whose name is no person's
    shown = [*_displayed(display, label, words, robot=robot)]
    inner = [(part, "display.inner") for span, _ in shown for part in _inner(display, span, label, words)]
    header = Passage.of("header:from", display)
    for span, sign in (*shown, *inner):
        text = display[span.start : span.end].strip()
        itself = fits_domain(text, label) >= SAME  # "dev from pallet & peg": small letters are its own
        for name in tuple(names_at(header, span, words)) or ((Named(text, header, span),) if itself else ()):
            yield name, sign
            yield name, f"{sign}.{sender.sort}"
            if robot:
                yield name, "display.robot"


def _displayed(display: str, label: str, words: FieldWords, *, robot: bool) -> Iterator[tuple[Span, str]]:
    """The parts of a display name, and how each stands in it."""
    flow = Passage.of("header:from", display).flow
    of = words.from_company.search(flow)
    if of is not None and of.start() > 0 and _writes_for(flow[: of.start()], words):
        yield Span(of.end(), len(flow)), "display.of"
        return
    behalf = words.for_company.search(flow)
    if behalf is not None and _passes_on(flow[: behalf.start()], label, words):
        yield Span(behalf.end(), len(flow)), "display.of"
        return
    if (via := words.at_company.search(flow)) is not None and via.start() > 0:
        flow = flow[: via.start()]
    if (bracket := re.search(r"\(([^()]{2,60})\)", flow)) is not None:
        yield Span(*bracket.span(1)), "display.bracket"
    area = Span(0, len(_TAG.sub("", flow)))
    at = 0
    edges = [*_SPLIT.finditer(flow, 0, area.end), None]
    team = "team" if _says_team(flow, words) else "name"
    for edge in edges:
        end = area.end if edge is None else edge.start()
        who = "person" if not robot and _is_person(flow[at:end], words) else team
        yield Span(at, end), f"display.{'part' if len(edges) > 1 else 'whole'}.{who}"
        at = area.end if edge is None else edge.end()


def _inner(display: str, span: Span, label: str, words: FieldWords) -> Iterator[Span]:
    """The end of a part of a display name that the domain bears, or that begins with a noun: Rektorat | Schule Ried."""
    tokens = [*WORD.finditer(display, span.start, span.end)]
    for at in range(1, len(tokens)):
        rest = Span(tokens[at].start(), tokens[-1].end())
        noun = at + 1 < len(tokens) and _is_noun(tokens[at][0], (words,))
        if _is_noun(tokens[at - 1][0], (words,)) or display[rest.start - 2] == ".":
            return  # "Hotel Seerose", "Ref. Kirchgemeinde"
        if noun or fits_domain(display[rest.start : rest.end], label) == 1:
            yield rest


def _passes_on(before: str, label: str, words: FieldWords) -> bool:
    """True for a service by the name of its domain, or a team, before "for": "Panelist for Acme"."""
    tokens = before.split()
    if not tokens or _is_noun(tokens[-1], (words,)):
        return False  # "Institute for Soil"
    return all(_is_team(token, words) for token in tokens) or fits_domain(before.strip(), label) > SAME


def _writes_for(before: str, words: FieldWords) -> bool:
    """True for somebody or a team before "at" and "of": no part of the name as in "University of Westmere"."""
    tokens = before.split()
    if tokens and _is_noun(tokens[-1], (words,)):
        return False  # "Elm Hall of Residence"
    return person(before, words.person, single=True) is not None or all(_is_team(token, words) for token in tokens)


def _is_person(text: str, words: FieldWords) -> bool:
    """True for a person's name that is not also built like an institution's: "Landratsamt Hohenried"."""
    if person(text, words.person) is None or words.organisation.search(text) is not None:
        return False
    return not any(_is_noun(token, (words,)) for token in text.split())


def _says_team(display: str, words: FieldWords) -> bool:
    return any(_is_team(token, words) for token in display.split())


def _by_domain(passages: Sequence[Passage], sender: Sender, words: FieldWords) -> Iterator[Named]:
    """Names of the text whose letters are those of the sender's domain, whatever stands around them."""
    if not sender.label:
        return
    target = squashed(sender.label)
    for passage in passages:
        for match in re.finditer(r"[^\W_][\w'.+-]{0,40}", passage.flow):
            initial = match[0][0].lower()
            if initial != target[0] and (initial.isascii() or not _begins_like(match[0], target)):
                continue
            if passage.flow[match.start() - 1 : match.start()] in ("@", ".", "/", "-"):
                continue
            yield from _spelled(passage, match.start(), target, words)


def _begins_like(word: str, target: str) -> bool:
    """True for a word that begins like the domain once its accents are gone."""
    begin = squashed(word)[:2]
    return bool(begin) and target.startswith(begin)


def _spelled(passage: Passage, start: int, target: str, words: FieldWords) -> Iterator[Named]:
    """The run of words from `start` whose letters make up the target."""
    end = start
    for count, word in enumerate(
        re.finditer(r"[ ]{0,2}(?:&[ ]?)?[^\W_][\w'.+-]{0,40}", passage.flow[start : start + 90])
    ):
        if count > 6 or word.start() != end - start:
            return
        end = start + word.end()
        text = passage.text[start:end].rstrip(".,'")
        ways = spellings(text)
        if target in ways:
            end = _extended(passage.flow, start + len(text), words)
            small = not any(char.isupper() or char.isdigit() for char in text)
            if passage.flow[end : end + 1] != "@":
                whole = " ".join(passage.text[start:end].split())
                whole = whole.title() if small and " " in text else whole
                yield Named(whole, passage, Span(start, end))
            return
        if not any(target.startswith(way) for way in ways):
            return
        if len(squashed(text)) >= _PART_OF_DOMAIN:
            yield Named(text, passage, Span(start, start + len(text)))


def _extended(flow: str, end: int, words: FieldWords) -> int:
    """The end of a name that goes on in capitals: Tall Ships Heritage -> Tall Ships Heritage Trust."""
    for _ in range(4):
        more = _MORE.match(flow, end)
        if more is None or not more[1][0].isupper():
            return end
        if _means_nothing(more[1], words) or words.talk.match(more[1]) or words.grammar.is_head(more[1]):
            return end
        end = more.end()
    return end


def _key(text: str, names: Names) -> str:
    bare = _bare(text, names).removeprefix("The ").removeprefix("the ")
    ways = spellings(_AND.sub(" & ", bare))
    return max(ways, key=lambda way: (len(way), way), default="")  # umlauts written out, one word for "and" and "&"


def _is_noun(word: str, words: Sequence[FieldWords]) -> bool:
    """True for a word such as "Bank" and "Werke": the name of a company ends with it, or an institution's begins."""
    word = word.lower().strip(_EDGE)
    for language in words:  # noqa: SIM110 - asked of every word
        if language.is_institution(word):
            return True
    return False


def _bare(text: str, names: Names) -> str:
    """The name without the legal form behind it, also where that has dots: "e. V.", "B.V."."""
    return _without_form(text, names.legal_forms)


@lru_cache(maxsize=1024)  # each candidate is asked for it again and again
def _without_form(text: str, legal_forms: frozenset[str]) -> str:
    text = _DOTTED.sub("", text) or text
    words = text.split()
    while len(words) > 1 and words[-1].lower().strip(".,") in legal_forms:
        words.pop()
    return " ".join(words)


def _incorporated(text: str, names: Names) -> bool:
    """True for a name with a legal form behind it."""
    return _bare(text, names) != text
