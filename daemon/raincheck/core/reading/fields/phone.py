"""The number on which one calls; a number for questions counts less, a fax or a date not at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.core.reading.fields.text import Found, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.core.model import Format
    from raincheck.core.reading.fields.text import Passage
    from raincheck.core.reading.fields.words import FieldWords

PHONE = re.compile(
    r"(?=[+(\d])(?<![\w/@.#-])(?:"  # most characters begin none
    r"(?:\+\s?\d{1,3}[ .()/-]{0,3}|\(\d{2,5}\)[ .-]{0,2}|0\d)(?:\d{1,6}[ ./()\u2011–-]{0,3}){1,6}\d{2,}(?![\w@])"
    r"|\d{3}[ .-]\d{3}[ .-]\d{4}(?!\w))"
)


def find_phone(
    passages: Sequence[Passage], form: Format | None, words: Sequence[FieldWords], mine: str | None
) -> Found[str] | None:
    """The number on which the talk takes place, else the one that the mail names; never a fax."""
    own = _digits(mine or "")
    found: list[tuple[float, int, Found[str]]] = []
    for index, passage in enumerate(passages):
        if passage.source not in ("body", "signature", "calendar", "forwarded"):
            continue
        for match in PHONE.finditer(passage.flow[:8_192]):
            digits = _digits(match[0])
            if not 6 <= len(digits) <= 16 or _is_date(match[0]):
                continue
            sentence = passage.sentence(match.start())
            near = passage.flow[max(sentence.start, match.start() - 90) : min(sentence.end, match.end() + 30)]
            weight = 1.0 + 2.0 * any(bool(w.call_number.search(near)) for w in words)
            weight += 0.5 * any(bool(w.phone_label.search(near)) for w in words) - 0.4 * (passage.source == "signature")
            if "fax" in near.lower():
                continue
            if digits == own and form != "phone":
                continue
            text = passage.text[match.start() : match.end()].strip()
            found.append((weight, -index, Found(text, passage.evidence("phone", Span(*match.span())))))
    return max(found, key=lambda entry: entry[:2])[2] if found else None


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _is_date(text: str) -> bool:
    return re.fullmatch(r"\s*\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\s*", text) is not None
