"""The subject of an answer: "Re:" once, whatever pile of prefixes the mail came with (RFC 5322, 3.6.5)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.core.wording import first_known

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.core.model import Message

_MAX = 200
# What mail clients of all languages put before a subject when they answer or pass on.
_PREFIX = (
    "re|aw|antw|antwort|sv|vs|vl|svar|ref|res|rif|rv|odp|ynt|bls|atb|yt|yml|回复|答复|回覆|返信|답장|"
    "fw|fwd|wg|tr|enc|i|r|doorst|vb|ilt|pd|fs|továbbítás|转发|轉寄|転送"
)
_ONE = re.compile(rf"\s*(?P<word>{_PREFIX})\s*(?:[\[(^]\s*\d{{1,3}}\s*[\])]?)?\s*[:：]\s*", re.IGNORECASE)


def reply_subject(message: Message, fallback: Iterable[str], *, role: str | None = None) -> str:
    """The subject of the reply; `fallback` patterns (field {role}) serve a mail without one."""
    bare = strip_prefixes(message.subject, answered=bool(message.in_reply_to or message.references))
    if not bare:
        bare = first_known(fallback, role=role) or ""
    return f"Re: {bare[:_MAX].rstrip()}"


def strip_prefixes(subject: str, *, answered: bool = False) -> str:
    """The subject without reply and forward prefixes. One letter (R:, I:) is a prefix only in an answer or after
    another prefix: "R: data scientist" may well be about a language."""
    rest = " ".join(subject.split())
    while match := _ONE.match(rest):
        if len(match["word"]) == 1 and not answered:
            break
        rest, answered = rest[match.end() :], True
    return rest
