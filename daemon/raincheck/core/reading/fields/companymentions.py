"""Where a mail may name a company.

Owns the search: phrases around a blank, labelled lines, legal forms, parts of the subject and of the lines of a
signature, every run of capitals, the sender's display name, and words that spell the sender's domain. Whether such a
stretch can be a name, `companynames` says.
"""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from raincheck.core.reading.fields.companynames import (
    cleaned,
    is_job,
    is_name,
    is_noun,
    is_person,
    is_small_firm,
    is_team,
    means_nothing,
)
from raincheck.core.reading.fields.domain import OWN_HOUSE, OWN_NAME, PART_OF_DOMAIN, SAME
from raincheck.core.reading.fields.names import WORD, fits_domain, spellings, squashed, words_in
from raincheck.core.reading.fields.persons import person
from raincheck.core.reading.fields.phrase import beginning_in
from raincheck.core.reading.fields.ranking import bucket
from raincheck.core.reading.fields.role import filled, is_occupation
from raincheck.core.reading.fields.text import Passage, Span
from raincheck.core.reading.fields.words import STRENGTH
from raincheck.core.recipients import is_no_reply, registrable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from raincheck.core.reading.fields.sender import Sender
    from raincheck.core.reading.fields.words import FieldWords, Names

MAX_MATCHES = 200  # of one kind in one mail
SHORT_REACH = 30  # characters before a name in which the word before it stands
_MAX_COMPANY = 80  # characters
_MAX_UPPER = 40  # characters of the first of two lines of a name
_MAX_RUN = 8  # words in a row
_OFFICE = 3  # words of "HMDA Selection Board"
_SPLIT = re.compile(r"\s+[-–—|·•/@×]+\s+|\s+x\s+|\s*[|·•,]\s*|\s{3,}|\s+<>\s+|:\s+|[\[\]]")
_MORE = re.compile(r"[ ](?:(?:&|and|und)[ ])?([^\W\d_][\w'-]{1,40})(?!\w)")
_ASIDE = re.compile(r"\([^()\n]{0,120}\)")  # "Heron (they build boats) asked us"
_BULLET = re.compile(r"[•*·»→>–-]{1,2}[ ]{1,3}")  # before a line of a list
_TOWN_BEHIND = re.compile(
    r"(?<=\w), (?P<name>[A-ZÄÖÜ][\w'.-]{1,30}(?:[ -][A-ZÄÖÜ][\w'.-]{1,30}){0,2})"
    r"(?P<state>, [A-Z]{2}(?: \d{5})?)?(?=[ ]*(?:\n|$))"
)
_TAG = re.compile(r"\s*\([^()]*\)\s*$")
_LEGAL = re.compile(
    r"(?<!\w)(?:[A-ZÄÖÜÉ0-9][\w&'.+-]{0,40}[ ](?:[&+][ ])?){1,6}([A-Za-zÜü]{2,6}\.?|[A-Z]/[A-Z])(?![\w/-])"
)  # "Nordwerk Maschinenbau GmbH"
_BEGINS = re.compile(r"(?:^|[.!?\n])[ ]*$")
_SLASH = re.compile(r"\s[/|]\s")
_MORE_NAME = re.compile(r"[ ](?:&|[A-Z])")
_LISTED = re.compile(  # "Lund, Ray & Ahorn LLP"
    r"(?<![\w,] )(?<!\w)(?:[A-ZÄÖÜ][\w'-]{1,30}, ){1,3}[A-ZÄÖÜ][\w'-]{1,30},? (?:&|and|und) "
    r"[A-ZÄÖÜ][\w'-]{1,30}(?: [A-ZÄÖÜ][\w.]{1,20}){0,2}"
)
_WRITTEN = re.compile(r"[^\W_][\w'.+-]{0,40}")  # as a domain may spell it
_WRITTEN_ON = re.compile(rf"[ ]{{0,2}}(?:&[ ]?)?{_WRITTEN.pattern}")
_BOX_PARTS = re.compile(r"[._+-]|\d+$")  # between the parts of a mailbox's name
_BOX = 6  # letters of such a part that may be a house
_SMALL_ON = re.compile(r" [&+] [a-z]{2,20}(?![\w@.])")
_JOINT = re.compile(r"[ ]{1,2}|[ ]?[&+][ ]?|-")
_ROLE_OF = re.compile(r"(?<!\w)(?P<article>\w{1,10}) (?:[\w-]{2,20} ){0,2}(?P<head>[A-Z]\w{1,20}) [a-z]{2,3} $")
_OF = 6  # characters that end in the last word of it
_SHORT = 3  # letters of what may be an abbreviation: "St. Marien"


class Named(NamedTuple):
    """The company's name in a stretch of a passage."""

    text: str
    passage: Passage
    span: Span


def names_at(passage: Passage, span: Span, words: FieldWords, label: str | None = None) -> Iterator[Named]:
    """The company's name that a stretch of text holds, if it can be one; label: the sender's domain (see is_job)."""
    behalf = words.for_company.match(passage.flow, span.start, span.end)
    if behalf is not None and passage.flow[behalf.end() : behalf.end() + 1].isupper():
        span = Span(behalf.end(), span.end)  # "For Acme Laboratories Limited", below a letter
    span = _without_office(passage, span, words, label)
    raw = passage.text[span.start : span.end]
    if (is_job(raw, words, label) and not _is_own_office(raw, words, label)) or _is_of_role(passage, span, words):
        return
    if words.indefinite.search(passage.flow, max(0, span.start - 8), span.start):
        return
    small = is_small_firm(raw.split(), words)
    text = raw.strip() if small and raw.islower() else cleaned(_behind_stroke(raw), words)
    if 1 < len(text) <= _MAX_COMPANY and is_name(text, words, label):
        at = raw.find(text)
        if at >= 0:
            span = Span(span.start + at, span.start + at + len(text))
        yield Named(text, passage, span)
        if " " in text and text.endswith(("'s", "’s")):  # "Birch Bank's office"
            yield Named(text[:-2], passage, Span(span.start, span.end - 2))


def _behind_stroke(text: str) -> str:
    """The last of several names: "Talk Robin / Acme"."""
    return _SLASH.split(text)[-1] if "/" in text or "|" in text else text


def _without_office(passage: Passage, span: Span, words: FieldWords, label: str | None) -> Span:
    """The house by its short form, as in the domain, before who chooses for it: "HMDA Selection Board"."""
    if label is None or len(passage.flow[span.start : span.end].split()) < _OFFICE:
        return span  # most
    tokens = [*WORD.finditer(passage.flow, span.start, span.end)]
    if len(tokens) != _OFFICE or not tokens[0][0].isupper():
        return span
    house, team, office = tokens
    chooses = is_team(team[0], words) and office[0].lower() in words.offices
    return Span(*house.span()) if chooses and fits_domain(house[0], label) >= OWN_HOUSE else span


def _is_own_office(text: str, words: FieldWords, label: str | None) -> bool:
    """True for the sender's own house with an office of it behind: "Grundschule Ried Sekretariat"."""
    house, _, last = text.strip().rpartition(" ")
    return label is not None and is_team(last, words) and fits_domain(house, label) >= OWN_HOUSE


def _is_of_role(passage: Passage, span: Span, words: FieldWords) -> bool:
    """True for what an indefinite role goes on with: "a Head of Heron Systems", not "Ada, Head of Heron Systems"."""
    of = passage.flow[max(0, span.start - _OF) : span.start].rstrip().rpartition(" ")[2]
    if of not in words.grammar.joins_always:
        return False  # most
    role = _ROLE_OF.search(passage.flow, max(0, span.start - _MAX_COMPANY), span.start)
    if role is None:
        return False
    return role["article"].lower() in words.grammar.indefinite and words.grammar.is_head(role["head"])


def spotted(
    passage: Passage, sender: Sender, words: Sequence[FieldWords], names: Names
) -> Mapping[Span, Sequence[str]]:
    """Places of a passage where a company may be named, each with the signs of how it was found."""
    places: dict[Span, list[str]] = {}
    for number, language in enumerate(words):
        foreign = "other." if number else ""
        for span, sign in _announced(passage, language):
            places.setdefault(span, []).append(foreign + sign)
    for span, sign in islice(_anywhere(passage, sender, words[0], names), MAX_MATCHES):
        places.setdefault(span, []).append(sign)
    return places


def _announced(passage: Passage, words: FieldWords) -> Iterator[tuple[Span, str]]:
    """Places where the words of one language announce a company."""
    for blank in beginning_in(passage.flow, words.company):
        for span in filled(passage.flow, blank, words):
            yield span, f"phrase.{STRENGTH[blank.weight]}"
    clients = beginning_in(passage.flow, words.client)
    told = _without_asides(passage.flow, words) if clients else ""
    for blank in clients:
        for span in filled(told, blank, words):
            yield span, "client"
    for blank in beginning_in(passage.flow, words.owner):
        for span in filled(passage.flow, blank, words):
            yield span, "owner"
    for line in passage.lines() if words.company_label.phrases else ():
        bullet = _BULLET.match(passage.flow, line.start, line.end)
        start = bullet.end() if bullet is not None else line.start
        if (label := words.company_label.match(passage.flow, start, line.end)) is not None:
            yield Span(label.end(), _before_town(passage.flow, label.end(), line.end, words)), "label"


def _before_town(flow: str, at: int, end: int, words: FieldWords) -> int:
    """Where a labelled name ends behind which its town stands: "Lakeside Hospital, Otterby, OH"."""
    town = _TOWN_BEHIND.search(flow, at, end)
    if town is None or not (town["state"] or is_noun(flow[at : town.start()].rpartition(" ")[2], (words,))):
        return end
    return town.start() if town["name"].lower().strip(".") not in words.legal_forms else end


def _without_asides(flow: str, words: FieldWords) -> str:
    """The text without what it says in brackets, but for a name right behind the word for it: "our client (Heron)"."""

    def blanked(match: re.Match[str]) -> str:
        herald = flow[max(0, match.start() - SHORT_REACH) : match.start()].rstrip().rpartition(" ")[2]
        return match[0] if herald.lower() in words.heralds else " " * len(match[0])

    return _ASIDE.sub(blanked, flow)


def _anywhere(passage: Passage, sender: Sender, words: FieldWords, names: Names) -> Iterator[tuple[Span, str]]:
    """Places that look like a company by themselves."""
    for match in _LEGAL.finditer(passage.flow):
        if match[1].lower().rstrip(".").replace("/", "") in names.legal_forms and not _MORE_NAME.match(
            passage.flow, match.end()
        ):
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
        noun = words.grammar.nouns_capital and " " not in text and not is_noun(text, (words,))
        if noun and not (sender.label and fits_domain(text, sender.label)):
            continue
        yield span, "run"


def _over_two_lines(passage: Passage, words: FieldWords) -> Iterator[Span]:
    """Two lines of which the second is a noun with a legal form alone: "HBZ Lund Ahorn / Beratungsgesellschaft mbH"."""
    for first, second in pairwise(passage.lines()[:12]):
        upper, lower = (passage.flow[line.start : line.end].strip() for line in (first, second))
        form = lower.rpartition(" ")[2].lower().strip(".")
        if form not in words.legal_forms or not is_noun(lower.split()[0], (words,)) or len(upper) > _MAX_UPPER:
            continue
        plain = all(word[0].isupper() or word in words.grammar.links or word == "&" for word in upper.split())
        titled = upper.isupper() or not is_person(upper, words)
        if plain and "," not in upper and titled and not is_occupation(upper, words.grammar):
            yield Span(first.start, second.end)


def _runs(passage: Passage, words: FieldWords) -> Iterator[Span]:
    """Every row of capitalised words, and its parts on both sides of a connecting word."""
    flow, grammar = passage.flow, words.grammar
    row: list[re.Match[str]] = []
    for token in words_in(flow):
        word = token[0]
        if row and (len(row) >= _MAX_RUN or not _joined(flow, row[-1], token, words)):
            yield from _parts(row, words)
            row = []
        if not row:
            if word[0].isupper() and word.lower() not in grammar.stop:
                row.append(token)
            continue
        initial = len(word) == 1 and flow[token.end() : token.end() + 1] == "."
        if word[0].isupper() or initial or word[0].isdigit() or word.lower() in grammar.links:
            row.append(token)
        else:
            yield from _parts(row, words)
            row = []
    if row:
        yield from _parts(row, words)


def _joined(flow: str, before: re.Match[str], token: re.Match[str], words: FieldWords) -> bool:
    """True when nothing but a blank, "&" or a hyphen stands between two words, or the dot of an abbreviation; that of a
    legal form also ends a sentence ("Lund Ltd. How ...")."""
    between = flow[before.end() : token.start()]
    if between == " ":
        return True
    if between == ". " and before[0].lower() in words.legal_forms and token[0].lower() not in words.legal_forms:
        return False
    if between in (". ", ".") and len(before[0]) <= _SHORT:
        return before[0][0].isupper() or (len(before[0]) == 1 and len(token[0]) == 1)
    return _JOINT.fullmatch(between) is not None


def _parts(row: list[re.Match[str]], words: FieldWords) -> Iterator[Span]:
    """The whole row, the row without its first word, and its parts beside words that join or part names."""
    if len(row) == 1:
        yield Span(*row[0].span())
        return
    grammar = words.grammar
    begins, ends = {0}, {len(row)}
    for index, token in enumerate(row):
        lower = token[0].lower()
        small = lower in grammar.links or lower in grammar.stop
        if small or grammar.is_head(lower) or lower in words.heralds or is_team(lower, words):
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


def from_sender(sender: Sender, words: FieldWords) -> Iterator[tuple[Named, str]]:
    """The company in the display name: "Dana from Acme", "Acme Recruiting", "Acme via Platform"."""
    if sender.address is None or not sender.address.display_name:
        return
    display, label = sender.address.display_name, registrable(sender.address.domain).partition(".")[0]
    if sender.platform and fits_domain(display, label) > OWN_NAME:
        return  # the platform's own name
    robot = is_no_reply(sender.address.addr_spec)  # whose name is no person's
    header = Passage.of("header:from", display)
    shown = [*_displayed(header.flow, label, words, robot=robot)]
    inner = [(part, "display.inner") for span, _ in shown for part in _inner(display, span, label, words)]
    for span, sign in (*shown, *inner):
        text = display[span.start : span.end].strip()
        itself = fits_domain(text, label) >= SAME or _is_own_box(text, sender, words)
        for name in tuple(names_at(header, span, words, label)) or ((Named(text, header, span),) if itself else ()):
            yield name, sign
            yield name, f"{sign}.{sender.sort}"
            if robot:
                yield name, "display.robot"


def _is_own_box(text: str, sender: Sender, words: FieldWords) -> bool:
    """True for what a mailbox at a provider is called by two who keep a house together, or by its noun: "crumb and
    sons" of crumbandsons@, "sunny side nursery"; small letters are its own, as those of a domain's owner are."""
    if sender.address is None or sender.label is not None or sender.platform:
        return False
    return _names_house(text, words) and fits_domain(text, sender.address.local_part) >= OWN_NAME


def _names_house(text: str, words: FieldWords) -> bool:
    """True for what two keep together, or what ends in the noun of a house, in whatever letters; not for two persons:
    "anna and ben"."""
    tokens = text.split()
    if words.person.is_given(tokens[0].title()) and words.person.is_given(tokens[-1].title()):
        return False
    joined = not words.grammar.coordinators.union("&+").isdisjoint(text.lower().split()[1:-1])
    return len(tokens) > 1 and (joined or is_noun(tokens[-1], (words,)))


def _displayed(flow: str, label: str, words: FieldWords, *, robot: bool) -> Iterator[tuple[Span, str]]:
    """The parts of a display name, and how each stands in it."""
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
        who = "person" if not robot and is_person(flow[at:end], words) else team
        yield Span(at, end), f"display.{'part' if len(edges) > 1 else 'whole'}.{who}"
        at = area.end if edge is None else edge.end()


def _inner(display: str, span: Span, label: str, words: FieldWords) -> Iterator[Span]:
    """The end of a part of a display name that the domain bears, or that begins with a noun: Rektorat | Schule Ried."""
    tokens = [*WORD.finditer(display, span.start, span.end)]
    for at in range(1, len(tokens)):
        rest = Span(tokens[at].start(), tokens[-1].end())
        noun = at + 1 < len(tokens) and is_noun(tokens[at][0], (words,))
        if is_noun(tokens[at - 1][0], (words,)) or display[rest.start - 2] == ".":
            return  # "Hotel Seerose", "Ref. Kirchgemeinde"
        if noun or fits_domain(display[rest.start : rest.end], label) == 1:
            yield rest


def _passes_on(before: str, label: str, words: FieldWords) -> bool:
    """True for a service by the name of its domain, or a team, before "for": "Panelist for Acme"."""
    tokens = before.split()
    if not tokens or is_noun(tokens[-1], (words,)):
        return False  # "Institute for Soil"
    return all(is_team(token, words) for token in tokens) or fits_domain(before.strip(), label) > SAME


def _writes_for(before: str, words: FieldWords) -> bool:
    """True for somebody or a team before "at" and "of": no part of the name as in "University of Westmere"."""
    tokens = before.split()
    if tokens and is_noun(tokens[-1], (words,)):
        return False  # "Elm Hall of Residence"
    return person(before, words.person, single=True) is not None or all(is_team(token, words) for token in tokens)


def _says_team(display: str, words: FieldWords) -> bool:
    return any(is_team(token, words) for token in display.split())


def by_domain(passages: Sequence[Passage], sender: Sender, words: FieldWords) -> Iterator[Named]:
    """Names of the text whose letters are those of the sender's domain, whatever stands around them."""
    if not sender.label:
        return
    target = squashed(sender.label)
    initials = (target[0], target[0].upper())
    for passage in passages:
        for match in _WRITTEN.finditer(passage.flow):
            start = match.start()
            initial = passage.flow[start]
            if initial not in initials and (initial.isascii() or not _begins_like(match[0], target)):
                continue
            if passage.flow[start - 1 : start] in ("@", ".", "/", "-"):
                continue
            yield from _spelled(passage, start, target, words)


def by_mailbox(passages: Sequence[Passage], sender: Sender, words: FieldWords) -> Iterator[Named]:
    """Houses of the text, in whatever letters, that a mailbox at a provider is called by, alone or behind who writes:
    "crumb & sons" of jo.crumbandsons@."""
    if sender.address is None or sender.label is not None or sender.platform:
        return
    box = sender.address.local_part
    targets = {squashed(part) for part in (box, *_BOX_PARTS.split(box)) if len(part) >= _BOX}
    for passage in passages if targets else ():
        for match in _WRITTEN.finditer(passage.flow):
            begun = squashed(match[0])
            if any(target.startswith(begun[:2]) for target in targets):
                yield from _boxed(passage, match.start(), targets, words)


def _boxed(passage: Passage, start: int, targets: AbstractSet[str], words: FieldWords) -> Iterator[Named]:
    """The house whose words begin there and make up one of the targets; its "and" may be left out in them."""
    end = start
    for word in islice(_WRITTEN_ON.finditer(passage.flow, start, start + _MAX_COMPANY), _MAX_RUN):
        if word.start() != end:
            return
        end = word.end()
        text = passage.text[start:end].rstrip(".,'-")
        joined = " ".join("&" if part in words.grammar.coordinators else part for part in text.split())
        ways = spellings(joined)
        if not targets.isdisjoint(ways):
            if passage.flow[end : end + 1] != "@" and _names_house(text, words):
                yield Named(text, passage, Span(start, start + len(text)))
            return
        if not any(target.startswith(way) for target in targets for way in ways):
            return


def _begins_like(word: str, target: str) -> bool:
    """True for a word that begins like the domain once its accents are gone."""
    begin = squashed(word)[:2]
    return bool(begin) and target.startswith(begin)


def _spelled(passage: Passage, start: int, target: str, words: FieldWords) -> Iterator[Named]:
    """The run of words from `start` whose letters make up the target."""
    end = start
    for count, word in enumerate(_WRITTEN_ON.finditer(passage.flow[start : start + 90])):
        if count > 6 or word.start() != end - start:
            return
        end = start + word.end()
        text = passage.text[start:end].rstrip(".,'")
        ways = spellings(text)
        if target in ways:
            end = _extended(passage.flow, start + len(text), words)
            small = not any(char.isupper() or char.isdigit() for char in text)
            if small and (joined := _SMALL_ON.match(passage.flow, end)) is not None:
                end = joined.end()  # "at teller heating & air", where nothing has a capital
            if passage.flow[end : end + 1] != "@":
                whole = " ".join(passage.text[start:end].split())
                whole = whole.title() if small and " " in text else whole
                yield Named(whole, passage, Span(start, end))
            return
        if not any(target.startswith(way) for way in ways):
            return
        if len(squashed(text)) >= PART_OF_DOMAIN:
            yield Named(text, passage, Span(start, start + len(text)))


def _extended(flow: str, end: int, words: FieldWords) -> int:
    """The end of a name that goes on in capitals: Tall Ships Heritage -> Tall Ships Heritage Trust."""
    for _ in range(4):
        more = _MORE.match(flow, end)
        if more is None or not more[1][0].isupper():
            return end
        if means_nothing(more[1], words) or words.talk.match(more[1]) or words.grammar.is_head(more[1]):
            return end
        end = more.end()
    return end
