"""What is seen of each name that may be the company's.

Owns the signs of the name itself and of its likeness to the sender, of where it stands, and of the other names beside
it; and which name of the domain gives way to one that is written. What a sign weighs is learned (`ranking`).
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from raincheck.core.reading.fields.companynames import (
    EDGE,
    bare_name,
    is_noun,
    is_person,
    is_team,
    key_of,
)
from raincheck.core.reading.fields.domain import (
    LETTERS,
    OWN_HOUSE,
    PART_OF_DOMAIN,
    PART_OF_NAME,
    SAME,
    WHOLE,
    initials,
    likeness,
    spans,
)
from raincheck.core.reading.fields.names import commonness, squashed
from raincheck.core.reading.fields.persons import person
from raincheck.core.reading.fields.ranking import Candidate, Pool, bucket
from raincheck.core.reading.fields.role import is_occupation
from raincheck.core.reading.fields.sender import Sender, bears_name
from raincheck.core.recipients import registrable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.core.reading.fields.text import Passage, Span
    from raincheck.core.reading.fields.words import FieldWords, Names

_BELOW = frozenset({"in.disclaimer", "in.signature", "in.beneath"})
_TOLD = frozenset({
    "phrase.strong", "phrase.good", "phrase.weak", "client", "label", "legal", "spelled", "domain", "in.header:from",
    "listed", "chunk.two",
})  # fmt: skip
TOLD_ANYHOW = _TOLD | {f"other.{sign}" for sign in _TOLD}  # also in words of the other language
_SIGNED = ("line.whole.signature", "line.whole.body", "line.first.signature")
_PASSED_ON = ("line.whole.forwarded", "line.first.forwarded")
_DISPLAYED = {"display.whole.name", "display.whole.team", "display.part.name", "display.part.team"}
_WORDS = re.compile(r"[^\W_]+")
_HOST = re.compile(r"(?:@|://)([\w-]{1,40}(?:\.[\w-]{1,40}){1,4})")
_AFTER_PERSON = re.compile(  # is only looked for where a word begins
    r"(?<![^\W\d_])([^\W\d_][\w'.-]+(?:[ ][^\W\d_][\w'.-]+)?)[ ]?(?:,|\(|[-–—|])?[ ]?(?:\w{2,4}[ ])?$"
)
_NAMED_WORDS = 5  # between blanks, in which such a person stands
_FOLLOWING = re.compile(r"[ ]?(?:[&/,][ ])?([^\W\d_]{2,30})")
_MAX_HOSTS = 6  # domains that a mail writes


def shape(candidate: Candidate, sender: Sender, words: Sequence[FieldWords], names: Names) -> Iterator[str]:
    """The signs of the name itself, and of its likeness to the sender."""
    text, own = candidate.text, words[0]
    bare = bare_name(text, names)
    tokens = bare.split()
    lowers = [token.lower() for token in tokens]
    nouns = [index for index, token in enumerate(tokens) if is_noun(token, words)]
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
    if any(token.islower() and own.from_company.fullmatch(token) for token in tokens[1:-1]):
        yield "at.inside"
    if not own.heralds.isdisjoint(lowers[:-1]):
        yield "herald.inside"
    if own.not_company.match(text.lower() + " "):
        yield "doubtful"
    yield f"words.{bucket(len(tokens), 6)}"
    yield f"last:{lowers[-1]}"
    yield f"first:{lowers[0]}"
    yield f"end:{lowers[-1][-4:]}"
    yield f"common.{commonness(tokens, names.common)}"
    if len(tokens) - 1 in nouns:
        yield f"common.before.{commonness(tokens[:-1], names.common)}"
    if bare != text:
        yield "incorporated"
    if nouns or any(language.organisation.search(text) for language in words):
        yield "organisation"
    if len(tokens) - 1 in nouns:
        yield f"organisation.last.{'alone' if len(tokens) == 1 else 'more'}"
    if 0 in nouns:
        yield f"organisation.first.{'alone' if len(tokens) == 1 else 'more'}"
    own_house = fit >= OWN_HOUSE and not own.person.is_given(text)  # "Open Larder Network feeds ..." of openlarder
    if bare == text and is_person(text, own):
        yield f"person.{'fits' if fit else 'strange'}"
        places = (*_SIGNED, *_PASSED_ON) if own.person.is_given(text) else _SIGNED
        if not own_house and not candidate.signs.isdisjoint(places):
            yield "person.signed"
    if sender.address is not None and not fit and "display.robot" not in candidate.signs:
        writer_name = {part.lower() for part in sender.address.display_name.split() if len(part) > 2}
        if not writer_name.isdisjoint(lowers) and person(sender.address.display_name, own.person):
            yield "named"
    itself = sender.address is not None and bare in sender.address.display_name
    if itself and "display.robot" not in candidate.signs and is_person(bare, own):
        yield f"self.{'fits' if fit else 'strange'}"
    if len(tokens) == 1 and person(text, own.person, single=True) is not None:
        yield "person.single"
    talks = own.talk.search(text) is not None
    if talks:
        yield "talk"
    if any(is_occupation(part, language.grammar) for part in tokens for language in words):
        yield "occupation"
    if any(is_team(token, own) for token in tokens):
        yield "team"
    if lowers[0].strip(".") in own.person.titles and len(tokens) > 1 and 0 not in nouns:
        yield "titled"
    if bare.isupper():
        yield "shout"
    if any(map(str.isdigit, bare)):
        yield "digit.own" if fit > SAME else "digit"
    joining = own.grammar.links.intersection(tokens[1:-1])  # "Buchhandlung am Markt"
    apart = [token for token in tokens if token not in joining]
    if any(token[0].islower() for token in apart):
        yield "small"
    if not (own_house or talks) and any(token.lower() in own.grammar.stop for token in apart):
        yield "stop"
    if joining:
        yield "joining"
    if candidate.signs.isdisjoint(TOLD_ANYHOW):
        yield "untold"
        yield f"untold.{bucket(len(tokens), 3)}"
    yield f"places.{bucket(candidate.counted, 5)}"
    yield f"sources.{bucket(candidate.sources, 4)}"


def standing(passage: Passage, span: Span, words: FieldWords) -> Iterator[str]:
    """The signs of where a place stands."""
    flow = passage.flow
    start = flow.rfind("\n", 0, span.start) + 1
    end = flow.find("\n", span.end)
    end = len(flow) if end < 0 else end
    lead = flow[start : span.start]
    if not lead.strip():
        yield f"line.{'first' if flow[span.end : end].strip() else 'whole'}.{passage.source}"
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
    before = " ".join(lead[-50:].rsplit(" ", _NAMED_WORDS)[-_NAMED_WORDS:])
    title = _AFTER_PERSON.search(before) if before.strip() and not before.islower() else None  # a name has capitals
    if title and person(title[1], words.person, single=True):
        yield "person.before"
    if flow[span.end : span.end + 2].strip()[:1].isupper():
        yield "capital.after"
    previous = lead.rstrip(" ").rpartition(" ")[2]
    if not previous:
        return
    if previous[:1].isupper() and previous[-1].isalnum() and previous.lower() not in words.grammar.articles:
        yield "capital.before"
    if words.grammar.is_head(previous.strip(EDGE)):
        yield "head.before"
    inside = lead[: -len(previous) - 1].rstrip()[-1:]
    if previous[:1].isupper() and previous.lower() in words.grammar.articles and (inside.isalnum() or inside == ","):
        yield "article.capital"  # "a table at The Elm"


def written_hosts(passages: Sequence[Passage], sender: Sender) -> Sequence[str]:
    """The labels of domains in the addresses that the mail writes, without those of the sender's own domain."""
    own = registrable(sender.address.domain) if sender.address is not None else ""
    hosts = dict.fromkeys(host.lower() for passage in passages for host in _HOST.findall(passage.text))
    others = [host for host in islice(hosts, _MAX_HOSTS) if registrable(host) != own]
    labels = (label for host in others for label in (registrable(host).partition(".")[0], host.partition(".")[0]))
    return tuple(dict.fromkeys(label for label in labels if len(label) >= PART_OF_NAME))


def beside_nouns(pool: Pool, words: Sequence[FieldWords], names: Names) -> None:
    """Adds the signs of names that stand in another only without its noun: "Lahnstadt" of "Universität Lahnstadt"."""
    for candidate in pool.candidates.values():
        tokens = bare_name(candidate.text, names).split()
        for side, noun, rest in (("behind", tokens[:1], tokens[1:]), ("before", tokens[-1:], tokens[:-1])):
            shorter = pool.candidates.get(key_of(" ".join(rest), names)) if rest and is_noun(noun[0], words) else None
            if shorter is not None and shorter is not candidate:
                shorter.signs.add(f"noun.{side}.{'domain' if 'in.domain' in shorter.signs else 'text'}")
        stem, _, end = tokens[0].rpartition("-")  # "Lahn-Stiftung für Kunst", and "Lahn" alone
        joined = pool.candidates.get(key_of(stem, names)) if stem and is_noun(end, words) else None
        if joined is not None and joined is not candidate:
            said = "body" if "in.body" in joined.signs else "short"
            joined.signs.add(f"noun.joined.{said}")
            candidate.signs.add(f"noun.joins.{said}")


def beside_incorporated(pool: Pool, names: Names) -> None:
    """Adds the signs of names that begin another one with a legal form: said by itself, or by domain and display."""
    for candidate in pool.candidates.values():
        tokens = bare_name(candidate.text, names).split()
        if "incorporated" not in candidate.signs:
            continue
        for size in range(1, len(tokens)):
            shorter = pool.candidates.get(key_of(" ".join(tokens[:size]), names))
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


def beside_domain(pool: Pool) -> None:
    """Adds to a name that only the domain bears what other names there are."""
    told = [candidate for candidate in pool.candidates.values() if "in.domain" not in candidate.signs]
    institution = any("organisation" in other.signs and not other.signs.isdisjoint(_TOLD) for other in told)
    signed = any("organisation" in other.signs and "chunk.signature" in other.signs for other in told)
    for candidate in pool.candidates.values():
        if "in.domain" in candidate.signs and candidate.counted == 1:
            candidate.signs.add(f"alone.{'institution' if institution else 'signed' if signed else 'quite'}")


def without_rivals(pool: Pool, sender: Sender, words: Sequence[FieldWords], names: Names) -> None:
    """Takes out a name that only the domain bears where one like it is written, or where the sender bears another."""
    display = sender.address.display_name if sender.address is not None else ""
    box = squashed(sender.address.local_part) if sender.address is not None else ""
    writer = squashed(display) if is_person(display, words[0]) else ""
    signed = [key for key, candidate in pool.candidates.items() if "person.signed" in candidate.signs]
    labels = [part for part in re.split("[-_]", sender.label or "") if len(part) >= LETTERS]

    def is_rival(key: str, name: str, other: Candidate) -> bool:
        if {"display.organisation", "kin.strange"} <= other.signs and " " in other.text:
            return not _tells_sort(other.text, key, names)
        if {"incorporated", "fits.written", "in.body"} <= other.signs:
            return True  # the club for which somebody writes from a box that is not the club's
        if {"organisation", "occupation"} & other.signs == {"organisation"} and _is_alike(other):
            return True  # "Wirtshaus Zur Alten Mühle" of alte-muehle-spreewald
        displayed = not other.signs.isdisjoint(_DISPLAYED) or {"display.part.person", "box.other"} <= other.signs
        placed = not other.signs.isdisjoint(("in.header:from", "chunk.signature"))
        if placed and (spans(bare_name(other.text, names), sender.label or "") or initials(other.text) in labels):
            return True  # "Sonnenwende Tirol" of sonnen-tirol, "Lund Ray Ahorn" of lra-architects
        if displayed and "kin.strange" not in other.signs and name not in box:
            return True  # the sender's own spelling
        if len(name) >= PART_OF_DOMAIN and key == f"the{name}":
            return True  # the article is no part of the key
        alike = len(name) >= WHOLE and (key.startswith(name) or name.startswith(key))
        of_person = (writer and name in writer) or any(name in person for person in signed if person != name)
        return alike and not of_person and not is_noun(other.text, words)

    for key, candidate in list(pool.candidates.items()):
        if "in.domain" in candidate.signs and candidate.counted == 1:
            rivals = [other for name, other in pool.candidates.items() if name != key and is_rival(key, name, other)]
            for rival in rivals:
                rival.signs.add("like.domain")
            if rivals:
                del pool.candidates[key]


def _tells_sort(text: str, own: str, names: Names) -> bool:
    """True for words of any sentence and the noun with which the domain's name ends: "Village Co-op" of heroncoop."""
    noun = squashed(text.rpartition(" ")[2])
    return commonness(text.split(), names.common) == "all" and bool(noun) and own.endswith(noun)


def _is_alike(other: Candidate) -> bool:
    return "kin.strange" not in other.signs and len(_WORDS.findall(other.text)) > 1
