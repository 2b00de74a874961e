"""Which company hires.

Owns the pool of candidates (from `companymentions` and the sender's domain, without the names of persons and of the
reader) and the choice among them, in view of whether somebody recruits for others. What is seen of each is told by
`companysigns`; which of them it is, learned weights say (`ranking`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from raincheck.core.model import Evidence
from raincheck.core.reading.fields.companymentions import (
    MAX_MATCHES,
    SHORT_REACH,
    Named,
    by_domain,
    by_mailbox,
    from_sender,
    names_at,
    spotted,
)
from raincheck.core.reading.fields.companynames import (
    EDGE,
    as_written,
    bare_name,
    is_incorporated,
    is_noun,
    is_person,
    is_team,
    key_of,
)
from raincheck.core.reading.fields.companysigns import (
    TOLD_ANYHOW,
    beside_domain,
    beside_incorporated,
    beside_nouns,
    shape,
    standing,
    without_rivals,
    written_hosts,
)
from raincheck.core.reading.fields.domain import OWN_HOUSE, OWN_NAME, SAME, initials, name_of, spans
from raincheck.core.reading.fields.names import fits_domain, spellings, squashed
from raincheck.core.reading.fields.persons import person
from raincheck.core.reading.fields.phrase import beginning_in
from raincheck.core.reading.fields.ranking import BENEATH, NONE, Candidate, Pool, Weights, around, compare
from raincheck.core.reading.fields.role import filled
from raincheck.core.reading.fields.sender import Sender, bears_name
from raincheck.core.reading.fields.text import Found, Passage, Span
from raincheck.core.recipients import registrable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

    from raincheck.core.reading.fields.agency import Side
    from raincheck.core.reading.fields.words import FieldWords, Names

_CLIENTS = ("phrase.", "client", "label", "chunk.", "in.", "organisation.", "incorporated", "common.", "kin.")
_HIRES = ("phrase.", "client", "label", "in.signature")
_HOUSES = ("phrase.", "client", "label", "organisation", "incorporated")
_THIRD = ("outside.", "inside.", "hint", "speaks.", "trade.", "domain.itself")  # signs of the side that tell of a name
_NAMED_CLIENT = frozenset({"client", "incorporated", "kin.strange"})
_PARTICLES = 16  # characters before a name in which they stand
_INSTITUTION = 60  # characters before a name in which its noun stands, and what stands before that
_MAX_LEAD = 3  # words before that noun
_KINS = ("own", "near", "strange")
_MAILBOX = re.compile(r"(?<![\w.])([^\W\d_]{2,30})[._]([^\W\d_]{2,30})@")
_UNIT = re.compile(  # "Unit 9, ", "Units 4-6\n", "Suite C, "
    r"(?<!\w)(?P<unit>[^\W\d_]{3,20})[ ](?:\d{1,4}[A-Za-z]?|[A-Z]\d{0,3})(?:[ ]?[-–/&+][ ]?(?:\d{1,4}[A-Za-z]?|[A-Z]))?"
    r"(?:,[ ]?\n?|\n)[ ]{0,3}$"
)
_UNIT_REACH = 40  # characters before a name in which such a part stands
_SIGNS = frozenset({"&", "x", "/", "+", "<>"})  # between two who meet


def find_company(
    pool: Pool, sender: Sender, side: Side, words: FieldWords, names: Names, weights: Weights, *, agency: bool
) -> Found[str] | None:
    """The hiring company as written; from the sender's own domain when no words name it.

    pool: of company_pool. An agency's own name is not the company's, and its client may be kept secret: then None.
    """
    third = ("agency" if agency else "employer", *sorted(sign for sign in side.signs if sign.startswith(_THIRD)))
    for candidate in pool.candidates.values():
        candidate.signs.update(_in_view_of(candidate.signs, sender, third))
    none = (NONE, f"{NONE}.{sender.sort}", *(f"{NONE}.{sign}" for sign in third))
    best = weights.best(pool.candidates.values(), none)
    if best is None and agency:  # a talk in confidence keeps no client secret that is named in full
        best = weights.best([one for one in pool.candidates.values() if one.signs >= _NAMED_CLIENT], ())
    if best is not None and sender.board and _is_board(best, sender, names):
        others = (one for one in pool.candidates.values() if not _is_board(one, sender, names))
        best = weights.best([one for one in others if any(map(_tells_house, one.signs))], none) or best
    if best is None:
        return None
    if best.passage.source == "domain":
        assert sender.address is not None
        return Found(best.text, Evidence("company", sender.address.domain, "domain"))
    best = _to_its_end(_as_said(_in_full(best, pool), pool, names), pool, words, names)
    best = _as_signed(_written_out(best, pool, sender), pool, sender, words)
    best = _without_branch(best, sender, words, names)
    name = as_written(best, names, foreign=words.foreign_forms)
    lead = _particles(best, sender, words) or _institution(best, sender, words)
    return Found(lead + name, best.passage.evidence("company", best.span))


def _particles(best: Candidate, sender: Sender, words: FieldWords) -> str:
    """The small words with which a family's name begins that the company bears, where its domain has them, too:
    "van der " before "Lund Trading SE" of vanderlund.example."""
    label, name = squashed(sender.label or ""), squashed(best.text.split()[0])
    for (_, span), passage in best.places.items():
        before = passage.flow[max(0, span.start - _PARTICLES) : span.start]
        if not before.endswith(" ") or passage.source in ("domain", "header:from"):
            continue
        chain = list(takewhile(words.person.particles.__contains__, reversed(before.rpartition("\n")[2].split())))[::-1]
        for at in range(len(chain)):
            if label.startswith(squashed("".join(chain[at:])) + name):
                return " ".join(chain[at:]) + " "
    return ""


def _institution(best: Candidate, sender: Sender, words: FieldWords) -> str:
    """What a body is called whose domain is what it is for, where the mail never says that alone: "Department of "
    before "Water and Soil" of waterandsoil.example; not before the house that has it, "HR Department of Acme"."""
    told = [place for place in best.places.items() if place[1].source not in ("header:from", "domain")]
    if fits_domain(best.text, sender.label or "") < OWN_HOUSE or not told:
        return ""
    leads = [_called_before(passage.flow, span.start, words) for (_, span), passage in told]
    return leads[0] if all(leads) else ""


def _called_before(flow: str, at: int, words: FieldWords) -> str:
    """The capitalised words that end with an institution's noun, and the "of" or "for" behind them, before a name."""
    before = flow[max(0, at - _INSTITUTION) : at].rpartition("\n")[2]
    *rest, noun, of = ["", "", *before.split()]
    joins = of in words.company_for or of in words.grammar.joins_always
    body = noun.lower() in words.company_bodies or (is_noun(noun, (words,)) and not is_team(noun, words))
    if not (joins and noun[:1].isupper() and body) or rest[-1] in words.grammar.joins_always:
        return ""  # and not "Head of Department for Acme"
    articles = words.grammar.articles
    if rest[-1].lower() in words.grammar.possessive:
        return ""  # "our Office of Acme"
    owned = rest[-1][:1].isupper() and rest[-1][-1] not in ",." and rest[-1].lower() not in articles
    if owned and noun.lower() in words.company_bodies:
        return ""  # "HR Department of Acme"
    lead = [*takewhile(lambda word: word[:1].isupper() and word[-1] not in ",.:", reversed(rest))][:_MAX_LEAD]
    lead = [word for word in lead if word.lower() not in articles]
    return " ".join([*reversed(lead), noun, of]) + " "


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


def _is_board(candidate: Candidate, sender: Sender, names: Names) -> bool:
    """True for the name of the service that sends for many employers, where no person writes and no words tell that it
    hires itself."""
    if sender.address is None or sender.label is None or bears_name(sender.address):
        return False
    told = any(sign.startswith(_HIRES) for sign in candidate.signs)
    return not told and squashed(sender.label) in spellings(bare_name(candidate.text, names))


def _tells_house(sign: str) -> bool:
    return sign.startswith(_HOUSES)


def _tells_client(sign: str) -> bool:
    """True for what says more, or less, of a name where somebody recruits for others."""
    return sign.startswith(_CLIENTS) and "before:" not in sign


def _as_said(best: Candidate, pool: Pool, names: Names) -> Candidate:
    """The name as the mail itself says it, where only the lines below it say more: "at Rowan Lodge", and then "Rowan
    Lodge Residential Care Home"."""
    if not best.signs.isdisjoint(("in.subject", "in.body", "in.header:from")):
        return best
    tokens = bare_name(best.text, names).split()
    for size in range(len(tokens) - 1, 1, -1):
        shorter = pool.candidates.get(key_of(" ".join(tokens[:size]), names))
        if (
            shorter is not None
            and "in.body" in shorter.signs
            and any(sign.startswith("phrase.") for sign in shorter.signs)
        ):
            return shorter
    return best


def _in_full(best: Candidate, pool: Pool) -> Candidate:
    """The name as the house signs, with its legal form, where neither subject nor body say a shorter one."""
    if "incorporated" in best.signs or not best.signs.isdisjoint(("in.subject", "in.body")):
        return best
    longer = [
        other
        for other in pool.candidates.values()
        if other.text.startswith(f"{best.text} ")
        and {"incorporated", "line.whole.signature"} <= other.signs
        and other.text[-1].isalnum()
    ]
    return max(longer, key=lambda other: len(other.text), default=best)


def _to_its_end(best: Candidate, pool: Pool, words: FieldWords, names: Names) -> Candidate:
    """An institution with what it is for, where the mail says that once: "Heron Institute for Water Studies"."""
    last = best.text.rpartition(" ")[2].lower()
    if last not in words.company_purposes or is_incorporated(best.text, names):
        return best
    longer = [
        other
        for other in pool.candidates.values()
        if other.text.startswith(f"{best.text} ") and other.text[len(best.text) :].split()[0] in words.company_for
    ]
    return max(longer, key=lambda other: len(other.text), default=best)


def _written_out(best: Candidate, pool: Pool, sender: Sender) -> Candidate:
    """The name that the mail gives to its own abbreviation: "HMDA" where it says "Heron Marine Data Agency (HMDA)"; and
    a part of it where the sender's domain is that: "Marine Data Agency"."""
    short = best.text.isupper() and best.text.isalpha()
    for other in pool.candidates.values():
        if not (letters := initials(other.text)):
            continue
        ends = other.text.endswith(f" {best.text}") and squashed(sender.label or "").startswith(letters)
        told = f" ({letters.upper()})"
        if (letters == best.text.lower() if short else ends) and any(
            passage.flow.startswith(told, span.end) for (_, span), passage in other.places.items()
        ):
            return other
    return best


def _as_signed(best: Candidate, pool: Pool, sender: Sender, words: FieldWords) -> Candidate:
    """The sender's own house as somebody signs for it: "Heron Energy" of heron.example, "Recruiter @ Heron Energy"."""
    if fits_domain(best.text, sender.label or "") < 1:
        return best
    longer = [
        other
        for other in pool.candidates.values()
        if other.text.startswith(f"{best.text} ")
        and not any(word[0].islower() for word in other.text.split())
        and any(_is_at(passage, span, words) for (_, span), passage in other.places.items())
    ]
    return max(longer, key=lambda other: len(other.text), default=best)


def _without_branch(best: Candidate, sender: Sender, words: FieldWords, names: Names) -> Candidate:
    """The sender's own house without the town where who signs works, where it only ends such a line of a signature:
    "Ada Lund | Recruiter | Heron Optics Leeds" of heron-optics.example."""
    house, _, town = best.text.rpartition(" ")
    told = {sign for sign in best.signs if sign.startswith("in.")}
    if town not in names.places or " " not in house or not told <= {"in.signature", "in.beneath"}:
        return best
    label = sender.label or ""
    whole = fits_domain(house, label) == 1 or spans(house, label)
    if not whole or squashed(town) in squashed(label) or is_noun(house.split()[0], (words,)):
        return best
    if any(not _ends_strokes(passage, span) for (_, span), passage in best.places.items()):
        return best
    return replace(best, text=house, span=Span(best.span.start, best.span.start + len(house)))


def _ends_strokes(passage: Passage, span: Span) -> bool:
    """True for the last of several parts of a line between strokes."""
    start = passage.flow.rfind("\n", 0, span.start) + 1
    before, behind = passage.flow[start : span.start], passage.flow[span.end : span.end + 1]
    return before.rstrip()[-1:] in ("|", "·", "•") and behind in ("", "\n")


def _is_at(passage: Passage, span: Span, words: FieldWords) -> bool:
    """True for a name that fills a line behind somebody's occupation or team: "Recruiter @ Heron Energy"."""
    start = passage.flow.rfind("\n", 0, span.start) + 1
    lead, _, joint = passage.flow[start : span.start].rstrip().rpartition(" ")
    if passage.flow[span.end : span.end + 1] not in ("", "\n") or not words.from_company.fullmatch(joint):
        return False
    title = lead.rstrip().rpartition(" ")[2]
    return words.grammar.is_head(title) or is_team(title, words)


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
        for span, signs in spotted(passage, sender, words, names).items():
            for name in names_at(passage, span, own, sender.label):
                _add(pool, name, signs, names)
    for name, sign in from_sender(sender, own):
        _add(pool, name, (sign,), names)
    for name in islice(by_domain(passages, sender, own), MAX_MATCHES):
        _add(pool, name, ("spelled",), names)
    for name in islice(by_mailbox(passages, sender, own), MAX_MATCHES):
        _add(pool, name, ("spelled",), names)
    if (domain := name_of(sender, words, names, passages)) is not None:
        written = _with_small_words(domain, passages, words)
        alone = Named(domain, Passage.of("domain", domain), Span(0, len(domain)))
        _add(pool, written or alone, ("spelled" if written else "domain",), names)
    mine = (part for name in not_companies for part in (name, *name.split()))
    joiners = _SIGNS.union(*(language.grammar.coordinators for language in words))
    for key, candidate in list(pool.candidates.items()):
        if not _joins_me(candidate.text, not_companies, joiners):
            continue
        if not is_incorporated(candidate.text, names) and fits_domain(candidate.text, sender.label or "") <= OWN_NAME:
            del pool.candidates[key]
    for excluded in (*mine, *_own_names(sender, own), *_mailboxes(passages), *_relayed(passages, sender, own)):
        key = key_of(excluded, names)
        if key in pool.candidates and "label" not in pool.candidates[key].signs:
            del pool.candidates[key]  # but "Company: Heron Foods" is none, whatever it sounds like
    hosts = written_hosts(passages, sender)
    mask = registrable(sender.address.domain).partition(".")[0] if sender.address and sender.platform else ""
    for candidate in pool.candidates.values():
        if beneath and any(passage.text in beneath for passage in candidate.places.values()):
            candidate.signs.add(BENEATH)
        if {passage.source for passage in candidate.places.values()} == {"quoted"}:
            candidate.signs.add("only.quoted")
        bare = bare_name(candidate.text, names)
        if mask and fits_domain(bare, mask) > SAME:
            candidate.signs.add("kin.platform")
        if any(fits_domain(bare, host) > SAME or spans(bare, host) for host in hosts):
            candidate.signs.add("fits.written")
        for (_, span), passage in candidate.places.items():
            if passage.source not in ("header:from", "domain"):
                candidate.signs.update(around(passage, span), standing(passage, span, own))
        candidate.signs.update(shape(candidate, sender, words, names))
    _without_regions(pool, own, names)
    _without_sites(pool, own, names)
    _without_estates(pool, words)
    compare(pool, lambda part: key_of(part, names))
    beside_incorporated(pool, names)
    beside_nouns(pool, words, names)
    without_rivals(pool, sender, words, names)
    beside_domain(pool)
    return pool


def _without_regions(pool: Pool, words: FieldWords, names: Names) -> None:
    """Drops places that tell where a house is: "a group in the south of Germany", not "our client Phoenix"."""
    leads = {f"before:{word}" for word in words.grammar.joins_always | words.grammar.inside}
    for key, candidate in list(pool.candidates.items()):
        if candidate.text in names.places and "label" not in candidate.signs and not leads.isdisjoint(candidate.signs):
            del pool.candidates[key]


def _with_small_words(name: str, passages: Sequence[Passage], words: Sequence[FieldWords]) -> Named | None:
    """What a domain leaves out of a name that a text writes: "Museum an der Heron" of museum-heron.example."""
    parts = name.split()
    if len(parts) < 2:
        return None
    linking = [language.grammar.links | language.grammar.articles for language in words]
    whole = re.compile(r"(?<!\w)" + r"(?:[ ][^\W\d_A-ZÄÖÜ]{1,4}){1,3}[ ]".join(map(re.escape, parts)) + r"(?!\w)")
    for passage in passages:
        for found in whole.finditer(passage.flow):
            before = passage.flow[: found.start()].rpartition("\n")[2].rstrip(" ").rpartition(" ")[2]
            small = [word for word in found[0].split() if word not in parts]
            links = all(any(word in each for each in linking) for word in small)
            if links and not before[:1].isupper():  # else the name begins before: "Istituto Heron di Biofisica"
                return Named(found[0], passage, Span(*found.span()))
    return None


def _without_sites(pool: Pool, words: FieldWords, names: Names) -> None:
    """Drops what "our Mt Heron operation" tells to be a site of the house, where the sender's own has a name."""
    own = [candidate.text for candidate in pool.candidates.values() if "kin.own" in candidate.signs]
    if not own or any(names.agency_names.search(text) for text in own):
        return  # whoever recruits for others has no sites but those of a client
    leads = {f"before:{word}" for word in words.grammar.possessive}
    sites = {f"after:{word}" for word in words.company_sites}
    for key, candidate in list(pool.candidates.items()):
        if "kin.strange" in candidate.signs and not (
            leads.isdisjoint(candidate.signs) or sites.isdisjoint(candidate.signs)
        ):
            del pool.candidates[key]


def _without_estates(pool: Pool, words: Sequence[FieldWords]) -> None:
    """Drops what an address is in, a park or a building: "Unit 9, Heron Park"; not the sender's own house, nor what
    words of any kind call the company."""
    units = frozenset[str]().union(*(language.company_units for language in words))
    estates = frozenset[str]().union(*(language.company_estates for language in words))
    for key, candidate in list(pool.candidates.items()):
        if "kin.strange" not in candidate.signs or candidate.signs & TOLD_ANYHOW:
            continue
        if estates.isdisjoint(candidate.text.lower().split()):
            continue  # "Unit 9, Heron Bakery" is a house
        if all(_is_in_unit(passage, span, units) for (_, span), passage in candidate.places.items()):
            del pool.candidates[key]


def _is_in_unit(passage: Passage, span: Span, units: Set[str]) -> bool:
    """True for a place right behind a numbered part of a building."""
    unit = _UNIT.search(passage.flow, max(0, span.start - _UNIT_REACH), span.start)
    return unit is not None and unit["unit"].lower() in units


def _add(pool: Pool, name: Named, signs: Sequence[str], names: Names) -> None:
    pool.add(key_of(name.text, names), name.text, name.passage, name.span, (*signs, f"in.{name.passage.source}"))


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


def _joins_me(text: str, names: Sequence[str], joiners: Set[str]) -> bool:
    """True for what names the reader beside somebody else: "Talk Robin & Acme"."""
    tokens = text.split()
    if joiners.isdisjoint(tokens):
        return False  # most
    mine = {squashed(part) for name in names for part in name.split()}
    beside = (
        pair
        for at, token in enumerate(tokens)
        if token in joiners
        for pair in tokens[at - 1 : at] + tokens[at + 1 :][:1]
    )
    return any(squashed(word) in mine for word in beside)


def _own_names(sender: Sender, words: FieldWords) -> tuple[str, ...]:
    """The name and first name of the person whose mailbox it is, unless the domain bears it: "Ada" is no company."""
    if sender.address is None:
        return ()
    display = sender.address.display_name
    first, dot, last = sender.address.local_part.lower().partition(".")
    one, two, *more = (*(squashed(part) for part in display.split()), "", "")
    if dot and two and not any(more) and (first, last) in ((one, two[:1]), (one[:1], two)):
        house = sender.label and fits_domain(display, sender.label)
        return () if house else (display, display.split()[0])  # Ferry Lund <ferry.l@...>
    via = words.at_company.search(display)
    name = person(display[: via.start()].strip() if via else display, words.person)
    if name is None or not is_person(name, words) or (sender.label and fits_domain(name, sender.label)):
        return ()
    box = squashed(sender.address.local_part)
    whole = all(squashed(part) in box for part in name.split())  # thandi.mkhize@...
    if sender.platform and not whole and not words.person.is_given(name.split()[0]):
        return ()  # "Heron Foods <heron@smarthire.example>": a house is as likely as a person
    return (name, name.split()[0]) if via or bears_name(sender.address) else ()


def _mailboxes(passages: Sequence[Passage]) -> Iterator[str]:
    """Names of persons by the addresses that the mail names: mareike.stahl@..."""
    for passage in passages:
        if "@" not in passage.flow:
            continue  # most
        for match in islice(_MAILBOX.finditer(passage.flow), MAX_MATCHES):
            yield f"{match[1]} {match[2]}"


def _relayed(passages: Sequence[Passage], sender: Sender, words: FieldWords) -> Iterator[str]:
    """Names of persons whose message a service passes on: "Lou Marsh just messaged you"."""
    if sender.address is not None and is_person(sender.address.display_name, words):
        return  # who tells what somebody else would like
    for passage in passages:
        for blank in beginning_in(passage.flow, words.relayed):
            for span in filled(passage.flow, blank, words):
                herald = passage.flow[max(0, span.start - SHORT_REACH) : span.start].rstrip(EDGE).rpartition(" ")[2]
                if herald.lower() in words.heralds:
                    continue  # "Our client, Marsh Robotics, has asked"
                name = passage.flow[span.start : span.end]
                own = sender.label is not None and fits_domain(name, sender.label) >= OWN_HOUSE
                if is_person(name, words) and not own:
                    yield name
