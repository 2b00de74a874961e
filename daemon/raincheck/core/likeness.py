"""When two names mean the same company, role or person. Careful: "Meta" is not "Metaverse", and doubt is "no"."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:[+#]+)?")
_BRACKETS = re.compile(r"[(\[][^()\[\]]{0,40}[)\]]")
# Legal forms, joined without dots; and words by which a company names its hiring side.
_LEGAL = frozenset(
    """
    ab ag aps as asa bv co company corp corporation doo eg eu ev gbr gmbh ggmbh inc incorporated kft kg kgaa lda limited
    llc llp ltd ltda mbh nv ohg oy oyj plc pte pty sa sarl sas sasu se sl slu sp spa spzoo srl sro ug und and zoo
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
_HIRING = frozenset(
    {"career", "careers", "hiring", "hr", "jobs", "karriere", "people", "recruiting", "recruitment", "talent", "team"}
)
_TITLES = frozenset({"dipl", "dr", "frau", "herr", "ing", "mme", "mr", "mrs", "ms", "prof", "sr", "sra"})
# m/w/d, f/m/x, m/f, all genders: marks, not part of the role
_GENDERS = re.compile(
    r"\b[mwfdxhivn](?:\s?[/|*]\s?[mwfdxhivn]){1,3}\b|\ball genders\b|[*:_]in(?:nen)?\b", re.IGNORECASE
)
_MAX = 200


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text[:_MAX]).casefold())


def company_key(name: str) -> tuple[str, ...]:
    """The words that make the company's name: without legal form and hiring words at its end, without dots."""
    words = _words(re.sub(r"(?<=\b\w)\.", "", name.replace("’", "'")))
    while len(words) > 1 and words[-1] in _LEGAL | _HIRING:
        words.pop()
    return tuple(words)


def same_company(one: str | None, other: str | None) -> bool:
    """True when both are known and name the same company."""
    return bool(one and other) and company_key(one or "") == company_key(other or "") != ()


def role_key(title: str) -> frozenset[str]:
    """The words of a job title without marks for gender and brackets."""
    return frozenset(_words(_GENDERS.sub(" ", _BRACKETS.sub(" ", title[:_MAX]))))


def same_role(one: str | None, other: str | None) -> bool:
    """True when both are known and are the same title, whatever order and gender marks."""
    return bool(one and other) and role_key(one or "") == role_key(other or "") != frozenset()


def role_within(one: str, other: str) -> bool:
    """True when one title is the other, or only says it more closely ("Engineer", "Backend Engineer")."""
    first, second = role_key(one), role_key(other)
    return first <= second or second <= first


def same_person(one: str | None, other: str | None) -> bool:
    """True when both are known and are one name: the same words, or the same last name where one is told alone."""
    first = [w for w in _words(one or "") if w not in _TITLES]
    second = [w for w in _words(other or "") if w not in _TITLES]
    if not first or not second:
        return False
    if min(len(first), len(second)) == 1:
        return first[-1] == second[-1] or first[0] == second[0]
    return set(first) == set(second)
