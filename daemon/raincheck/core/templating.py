"""Templates and values: a template is code that the person (or raincheck) wrote, what a mail says is data.

Values are cleaned to one short line before a template sees them, and nothing that came from a mail is ever compiled.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from raincheck.errors import NotWritable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BREAK = "\u2028"  # a line that must not be joined with the next one; taken out of everything that comes from a mail
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")

_GENDER_MARK = re.compile(
    r"\s*[(\[]\s*(?:[dfghikmnvwx*]\s*[/|,.:]\s*){1,4}[dfghikmnvwx*]\s*[)\]]", re.IGNORECASE
)  # (m/w/d), (f/m/x)
# What stands in a field that nobody filled in (N/A, k. A., TBD), or a machine's mark (%JOB_TITLE%); not "80-100 %".
_UNFILLED = re.compile(
    r"n\s?[/.]\s?a\.?|k\s?[/.]\s?a\.?|tb[acd]|todo|x{2,}|null|nil|none|undefined|unknown|unbekannt|[\W\d_]*"
    r"|.*(?:(?<![\d ])%|[$\\^~=]|(?-i:[A-Z\d]_[A-Z\d])).*",
    re.IGNORECASE,
)


def render(name: str, text: str, values: Mapping[str, Any]) -> str:
    """The filled template: lines of a paragraph joined, items of a list and the closing on lines of their own."""
    try:
        rendered = _compiled(text).render(values)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as problem:
        raise NotWritable(f"the template {name} does not work: {problem}") from problem
    blocks = re.split(r"\n[ \t]*\n", rendered)
    return "\n\n".join(paragraph for block in blocks if (paragraph := _joined(block)))


def one_line(text: str | None, limit: int) -> str | None:
    """One clean line, or None: too long, empty or with markup in it is as good as not said."""
    if not text:
        return None
    line = " ".join(CONTROL.sub(" ", text).split())
    return line if line and len(line) <= limit and not re.search(r"[<>{}\[\]|@]|://|\bwww\.", line) else None


def role_name(text: str | None, tail: Iterable[str]) -> str | None:
    """A role as a sentence wants it: without (m/f/x), and without a last word that the sentence says itself."""
    line = one_line(_GENDER_MARK.sub("", text), 80) if text else None
    for word in tail if line else ():
        line = re.sub(rf"\s+{re.escape(word)}$", "", line or "", flags=re.IGNORECASE)
    name = (line or "").strip(" -–,:;")
    return None if _UNFILLED.fullmatch(name) else name


def own_words(text: str | None) -> str | None:
    """The person's own phrase on one line; nothing else is taken from it."""
    return " ".join(CONTROL.sub(" ", text or "").split()) or None


class Vary:
    """Chooses among equivalent phrases: the same for the same case, another for the next one."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._count = 0

    def __call__(self, *phrases: str) -> str:
        """One of the phrases."""
        self._count += 1
        number = hashlib.sha256(f"{self._seed} {self._count}".encode()).digest()[0]
        return phrases[number % len(phrases)]


@lru_cache(maxsize=256)
def _compiled(text: str) -> Template:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.from_string(text)


def _joined(block: str) -> str:
    lines: list[str] = []
    for line in filter(None, (line.strip(" \t") for line in block.split("\n"))):
        if lines and not line.startswith("- "):
            lines[-1] += " " + line
        else:
            lines.append(line)
    return "\n".join(lines).replace(BREAK, "\n")
