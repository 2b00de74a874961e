"""What can be a company's name, and its form.

Owns the test of a stretch of text by its words (nouns of houses, teams, persons, legal forms), the name without what
only leads to it or writes for it, the key under which all its spellings are one, and the name as it is written at last.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from raincheck.core.reading.fields.names import fits_domain, spellings, squashed
from raincheck.core.reading.fields.persons import person
from raincheck.core.reading.fields.role import DIGIT, JOB_ID, is_occupation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.core.reading.fields.ranking import Candidate
    from raincheck.core.reading.fields.text import Passage
    from raincheck.core.reading.fields.words import FieldWords, Names

EDGE = " \t,;:.!?-–—|/&+\"'*·•()"  # what stands around a name, and is no part of it
_OUTSIDE, _BEFORE = EDGE[:-2], EDGE[:-1]  # the same without brackets, and without the one that closes
_OWN = 0.7  # likeness to the domain of a name that is the sender's own
_OWNER = ("'s", "’s")
_PLAIN_FORM = 3  # letters of a legal form that is no word where it has small letters
_MAX_SMALL = 4  # words of a name in small letters
_BRACKETS = re.compile(r"\([^()]{0,60}\)?")
_NO_NAME = re.compile(r"\d[:.]\d{2}(?!\d)|^\d{1,2} ?[ap]\.?m\b|\d{5}|\w\.\w+/|\+\d")  # a clock, a number, an address
_DOTTED = re.compile(
    r"[ ,]{1,3}(?:[Ss]p\.?(?:[ ]?z\.?(?:[ ]?o\.?[ ]?o\.?)?)?|S\.?[ ]?à[ ]?r\.?[ ]?l\.?"
    r"|(?:[A-Za-z]\.[ ]?){1,9}[A-Za-z]?\.?)$"
)  # "e. V.", "Sp. z o.o.", "S.à r.l."
_SPACED = re.compile(r"[ ,]{1,3}(?:[Ss]p\.? ?z\.? ?o\.? ?o\.?|S\.? ?à ?r\.? ?l\.?)")
_FULL_STOP = re.compile(r"(?<=\w\w)\.$")  # of the sentence, not of "e.V."
_FORM = re.compile(
    r"[ ,]{1,2}(?:(?:&|und|and)[ ])?((?:[A-Za-z]\.[ ]?){2,4}|[A-Z]/[A-Z]|[A-Za-zÜü]{2,9}\.?)(?![\w/-])"
)  # "GmbH", "S.p.A.", "A/S"
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|\.)?(?: |$)")
_COUNTED = re.compile(r"(?<=\w) (?:(?:1[4-9]|20)\d\d|#\d{1,4})(?!\w)")  # "TSV Ostbach 1904", "Lodge #12"
_AND = re.compile(r" (?:and|und|\+) ")


def is_job(text: str, words: FieldWords, label: str | None = None) -> bool:
    """True for what ends in an occupation; but not for a firm that its owner's trade or its branch ends, as the domain
    says: "Weingut Ada Winzer" of winzer.example, "Heron Ocean Data" of heron.example."""
    if not is_occupation(text, words.grammar):
        return False
    first, *_, last = (*text.split()[:1], *text.split())
    if not label or first == last:
        return True
    owned = is_noun(first, (words,)) and any(way in squashed(label) for way in spellings(last))
    plain = not any(map(str.islower, text.split()))  # and not "Panelist for Heron Data"
    branch = plain and is_noun(last, (words,)) and fits_domain(text, label) >= _OWN
    return not (owned or branch)


def is_name(text: str, words: FieldWords, label: str | None = None) -> bool:
    """True for what can be a company's name by itself: no clock, job, title, or word that means nothing alone.

    label: the sender's domain (see is_job).
    """
    tokens = text.split()
    written = text[0].isdigit() or any(map(str.isupper, tokens[0])) or is_small_firm(tokens, words)
    if not written or len(tokens) > 8:
        return False
    if not any(map(str.isalpha, text)) or "@" in text:
        return False
    numbered = DIGIT.search(text) is not None
    if (numbered or "/" in text) and _NO_NAME.search(text):
        return False
    titles = words.person.titles
    if tokens[0].lower().strip(".") in titles:
        if all(token.lower().strip(".") in titles for token in tokens):
            return False
        if words.person.is_given(" ".join(tokens[1:])):
            return not is_person(text, words)  # "Mr Gethin Rhys"
    if numbered and (JOB_ID.search(_COUNTED.sub("", text)) or _ORDINAL.match(text)):
        return False
    lower = text.lower()
    if words.not_company.match(f"{lower} ") and not (len(tokens) > 1 and _is_whole(tokens, words)):
        return False
    if words.agency_none.fullmatch(text):
        return False  # "Client: internal"
    if is_job(text, words, label) or all(
        token in words.professions or token in words.grammar.links for token in lower.split()
    ):
        return False
    return not all(means_nothing(token.strip(".,"), words) for token in tokens)


def means_nothing(word: str, words: FieldWords) -> bool:
    """True for a word that tells no name from another: "team", "the", "panel"."""
    word = word.lower()
    return word in words.team or word in words.offices or word in words.grammar.stop


def is_small_firm(tokens: Sequence[str], words: FieldWords) -> bool:
    """True for a name in small letters that its legal form tells: "stellwerk gmbh"."""
    return 1 < len(tokens) <= _MAX_SMALL and len(tokens[-1]) > 2 and tokens[-1] in words.legal_forms


def _is_whole(tokens: Sequence[str], words: FieldWords) -> bool:
    """True for a name that its noun makes one, whatever it begins with: "London Theatre", "Haus Morgentau"."""
    opens = is_noun(tokens[0], (words,)) and not is_team(tokens[0], words) and len(tokens[1]) > 2
    return opens or _closes(tokens[-1], words)


def _closes(token: str, words: FieldWords) -> bool:
    """True for a word that ends the name of a company, whatever it begins with: "London Theatre", "Berlin AG"."""
    return is_noun(token, (words,)) or token.lower().strip(".") in words.legal_forms


def cleaned(text: str, words: FieldWords) -> str:
    """A company's name on one line, without brackets, addresses and the team that writes for it."""
    text = " ".join((_BRACKETS.sub(" ", text) if "(" in text else text).split())
    tokens = text.strip(_OUTSIDE).split()
    while tokens and is_team(tokens[-1], words) and not _is_own_noun(tokens, words) and not _is_joined(tokens, words):
        tokens.pop()
    number = next((at for at, token in enumerate(tokens[1:-1], 1) if token.isdigit()), 0)
    if number and not _DOTTED.fullmatch(" " + " ".join(tokens[number + 1 :])):
        tokens = tokens[:number]  # but "TSV Ostbach 1904 e.V."
    led = False
    while tokens and _leads(tokens[0], words, led=led):
        lead = tokens.pop(0)
        led = is_team(lead, words) or lead.lower() in words.heralds or led
    if (
        words.grammar.nouns_capital
        and len(tokens) > 2
        and words.grammar.is_head(tokens[0])
        and tokens[0].lower() not in words.person.surnames
        and is_noun(tokens[1], (words,))
    ):
        tokens.pop(0)  # "Schulleiter Grundschule Ahornweg": what its writer is there
    name = " ".join(tokens).strip(_BEFORE)
    if f"{name}." in text and _DOTTED.search(f"{name}."):
        name += "."  # "e.V.", "Sp. z o.o."
    if len(tokens) == 1 and name.endswith(_OWNER):
        return name[:-2].replace("’", "'")
    return name


def _is_own_noun(tokens: Sequence[str], words: FieldWords) -> bool:
    """True for a team's word that ends a company's name, too: "Sandia Water Resources", not "Human Resources"."""
    before = [token for token in tokens[:-1] if token not in ("&", "+")]
    if len(tokens) < 3 or not is_noun(tokens[-1], (words,)) or is_team(before[-1], words):
        return False
    return not is_noun(tokens[0], (words,))  # "Zoo Heronsee Verwaltung" has its noun


def _is_joined(tokens: Sequence[str], words: FieldWords) -> bool:
    """True for a team that belongs to the name: "Praxis Dr. Lund & Kollegen", not "HR & Recruiting"."""
    return len(tokens) > 2 and tokens[-2] in ("&", "und", "and", "+") and not is_team(tokens[-3], words)


def is_team(token: str, words: FieldWords) -> bool:
    """True for a word that names those who write for a company, not the company: "HR", "Bewerber-Team"."""
    token = token.lower().strip(EDGE)
    if token in words.team or token.endswith(words.team_ends):
        return True
    if "-" not in token:
        return False
    part = token.rpartition("-")[2]
    return part in words.team and part not in words.company_nouns  # "Bewerber-Team", not "Feuerwehr-Service"


def _leads(token: str, words: FieldWords, *, led: bool) -> bool:
    """True for a word before the name itself: the team, an article, and what joins the team to the name."""
    token = token.lower().strip(EDGE)
    return (
        is_team(token, words)
        or token in words.grammar.articles
        or token in words.heralds
        or words.talk.fullmatch(token)
        or (led and token in words.grammar.connectors)
    )


def is_noun(word: str, words: Sequence[FieldWords]) -> bool:
    """True for a word such as "Bank" and "Werke": the name of a company ends with it, or an institution's begins."""
    word = word.lower().strip(EDGE)
    for language in words:  # noqa: SIM110 - asked of every word
        if language.is_institution(word):
            return True
    return False


def is_person(text: str, words: FieldWords) -> bool:
    """True for a person's name that is not also built like an institution's: "Landratsamt Hohenried"."""
    if person(text, words.person) is None or words.organisation.search(text) is not None:
        return False
    return not any(is_noun(token, (words,)) for token in text.split())


def bare_name(text: str, names: Names) -> str:
    """The name without the legal form behind it, also where that has dots: "e. V.", "B.V."."""
    return _without_form(text, names.legal_forms)


@lru_cache(maxsize=1024)  # each candidate is asked for it again and again
def _without_form(text: str, legal_forms: frozenset[str]) -> str:
    text = _DOTTED.sub("", text) or text
    words = text.split()
    while len(words) > 1 and words[-1].lower().strip(".,").replace("/", "") in legal_forms:
        words.pop()
    return " ".join(words)


def is_incorporated(text: str, names: Names) -> bool:
    """True for a name with a legal form behind it."""
    return bare_name(text, names) != text


def key_of(text: str, names: Names) -> str:
    """What all spellings of a name have in common, with or without its legal form: one candidate of the pool."""
    return _key(text, names.legal_forms)


@lru_cache(maxsize=4096)  # a name is compared with its own parts, and with those of others
def _key(text: str, legal_forms: frozenset[str]) -> str:
    bare = _without_form(text, legal_forms).removeprefix("The ").removeprefix("the ")
    ways = spellings(_AND.sub(" & ", bare))
    return max(ways, key=lambda way: (len(way), way), default="")  # umlauts written out, one word for "and" and "&"


def as_written(best: Candidate, names: Names, *, foreign: bool) -> str:
    """The name with its legal form; one with dots or of two words ("Pte Ltd") only where it is never left out, or
    belongs to it ("e.V."). foreign: whether the text keeps those that not everybody knows at all."""
    bare = bare_name(best.text, names)
    places = {(key, span.start): passage for (key, span), passage in best.places.items() if passage.source != "domain"}
    forms = [
        _form_behind(passage, start + len(bare), names)
        for (_, start), passage in places.items()
        if passage.text.startswith(bare, start)
    ]
    form = next((form for form in forms if form), "")
    said = form.strip(" ,.").lower()
    belongs = "." in said and re.sub(r"\W", "", said) in names.dotted_forms
    if said and not (foreign or said in names.known_forms or belongs) and not bare.endswith(("&", " and")):
        return bare
    if not belongs and ("." in said or " " in said) and not all(forms):
        return bare
    if not form:
        return bare if _DOTTED.search(best.text) else best.text
    return bare + form


def _is_plain_form(form: re.Match[str], flow: str, names: Names) -> bool:
    """True for a form that is told even in small letters, "aisbl", "vzw"; not for "as", nor where the sentence goes on
    behind it: "what Heron limited was the space"."""
    goes_on = flow[form.end() : form.end() + 1] == " " and flow[form.end() + 1 : form.end() + 2].islower()
    return len(form[1]) >= _PLAIN_FORM and not goes_on and form[1].strip(".") not in names.common


def _form_behind(passage: Passage, at: int, names: Names) -> str:
    """The legal form that stands behind a name, with all its parts: " GmbH & Co. KG", " e.V."."""
    if (spaced := _SPACED.match(passage.flow, at)) is not None:
        return passage.text[at : spaced.end()]
    end = at
    while (part := _FORM.match(passage.flow, end)) is not None:
        small = part[1].islower() and "." not in part[1].rstrip(".") and not _is_plain_form(part, passage.flow, names)
        if small or re.sub(r"\W", "", part[1]).lower() not in names.legal_forms:
            break
        end = part.end()
    return _FULL_STOP.sub("", passage.text[at:end].rstrip())
