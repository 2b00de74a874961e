"""Whom a letter greets and how: the tone mirrors the mail, a title only where the mail itself shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from raincheck.core.wording import first_known

if TYPE_CHECKING:
    from raincheck.core.wording import Greeting, Language

# fmt: off
_PARTICLES = frozenset(("von", "van", "vom", "zu", "zum", "zur", "de", "del", "della", "di", "da", "do", "dos", "das",
                        "du", "der", "den", "ten", "ter", "la", "le", "al", "el", "bin", "ibn", "af", "av"))
# fmt: on
_MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name as far as a greeting needs it."""

    full: str
    given: str
    surname: str | None
    title: str | None = None  # as the mail writes it before the name: Frau, Mr
    academic: str = ""  # Dr., Prof. Dr.


def greet(
    language: Language,
    contact: str | None,
    company: str | None,
    *,
    formal: bool | None,
    opening: str,
    me: str,
    text: str,
    sender: str = "",
) -> str:
    """The greeting line.

    `opening` is how the mail begins, `text` all of it (for a title), `me` the person's name, `sender` the name in From
    (for a first name that the signature only abbreviates).
    """
    lines = language.greeting
    name = _fuller(parse_name(contact, lines), parse_name(sender, lines)) if contact else None
    if name is None:
        informal = lines.informal_unknown if formal is False else None
        return informal or first_known([lines.team] if lines.team else [], company=company) or lines.unknown
    given = name.full if _is_initial(name.given) else name.given
    fields = {"name": _with_academic(name, name.full), "given": given}
    if formal is False and lines.informal:
        return lines.informal.format_map(fields)
    mirrored = _mirrored(lines, opening, me) if formal is None else None
    if mirrored:
        return mirrored.format_map(fields)
    title = name.title or (_shown_title(lines, name, text, me) if name.surname else None)
    if title and name.surname:
        return lines.titled[title].format_map({"surname": _with_academic(name, name.surname), **fields})
    if name.surname is None and lines.first:
        return lines.first.format_map(fields)
    return lines.named.format_map(fields)


def _fuller(name: Name | None, sender: Name | None) -> Name | None:
    """The name with what From adds: titles, and the first name written out (O. Behrendt, in From: Olaf Behrendt)."""
    if name is None or sender is None or (name.surname or name.given) != sender.surname:
        return name
    if name.given == sender.given or sender.given == sender.surname:
        return replace(name, title=name.title or sender.title, academic=name.academic or sender.academic)
    if not _is_initial(name.given):
        return name
    same = sender.given[:1] == name.given[:1] and not _is_initial(sender.given)
    return replace(sender, title=name.title, academic=name.academic or sender.academic) if same else name


def _is_initial(given: str) -> bool:
    return len(given.rstrip(".")) == 1


def is_informal(language: Language, formal: bool | None, opening: str, me: str) -> bool:
    """True when the mail's tone is one of first names."""
    if formal is not None:
        return not formal
    return _mirrored(language.greeting, opening, me) is not None


def parse_name(contact: str, lines: Greeting) -> Name | None:
    """Given name, surname and titles of a contact; None when it does not look like a person's name."""
    words = " ".join(contact.split())[:_MAX_NAME]
    if "," in words:  # "Weber, Anna"
        last, _, first = words.partition(",")
        words = f"{first.strip()} {last.strip()}"
    tokens = words.split(" ")
    title = next((title for title in lines.titled if title == tokens[0].rstrip(".")), None)
    if title:
        tokens = tokens[1:]
    academic = []
    while tokens and tokens[0].rstrip(".") in lines.academic:
        academic.append(tokens.pop(0))
    if not tokens or len(tokens) > 5 or not all(re.fullmatch(r"[^\W\d_][\w.'’\-]*", token) for token in tokens):
        return None
    tokens = [_cased(token) for token in tokens]
    if len(tokens) == 1:
        surname = tokens[0] if title or academic else None
        return Name(tokens[0], tokens[0], surname, title, " ".join(academic))
    start = len(tokens) - 1
    while start > 1 and tokens[start - 1].lower() in _PARTICLES:
        start -= 1
    return Name(" ".join(tokens), tokens[0], " ".join(tokens[start:]), title, " ".join(academic))


def _cased(token: str) -> str:
    """DANA becomes Dana; initials and mixed case stay."""
    return token.title() if token.isupper() and len(token) > 2 and "." not in token else token


def _with_academic(name: Name, words: str) -> str:
    return f"{name.academic} {words}".strip()


def _mirrored(lines: Greeting, opening: str, me: str) -> str | None:
    given = me.split(" ")[0]
    start = " ".join(opening.split())[:200]
    for mirror in lines.mirror:
        words = "|".join(re.escape(word) for word in mirror.opens)
        if given and re.match(rf"\W*(?:{words})\s+{re.escape(given)}\b(?!\s+[^\W\d_])", start, re.IGNORECASE):
            return mirror.greeting
    return None


def _shown_title(lines: Greeting, name: Name, text: str, me: str) -> str | None:
    """The title that the mail puts before this surname (Frau Weber, Ms Dana Whitfield); never that of a namesake."""
    assert name.surname is not None
    if name.surname.casefold() == me.split(" ")[-1].casefold():
        return None
    titles = "|".join(re.escape(title) for title in lines.titled)
    academic = "|".join(re.escape(word) for word in lines.academic) or "Dr"
    between = rf"(?:(?:{academic})\.?\s+){{0,2}}(?:{re.escape(name.given)}\s+)?"
    found = (
        set(re.findall(rf"\b({titles})\.?\s+{between}{re.escape(name.surname)}\b", text[:20000])) if titles else set()
    )
    return found.pop() if len(found) == 1 else None
