"""Whether a third-party recruiter writes, and for whom: the client that an agency keeps secret stays None.

Owns the weighing of the words ("my client", "join our team") and of the sender's domain.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.core.model import Evidence
from raincheck.core.reading.fields.names import fits_domain
from raincheck.core.reading.fields.text import Found, Passage, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.core.reading.fields.company import Sender
    from raincheck.core.reading.fields.words import FieldWords, Names


_LIKE = 0.6  # likeness of a name to the sender's domain from which it is the sender's own
_TRADE = 2.5
_MAX_LINE = 120
_LAST_LINES = 3
_PARTS = re.compile(r"[,|·•(–—]|\s[-/]\s")


def find_agency(passages: Sequence[Passage], sender: Sender, words: FieldWords, names: Names) -> Found[bool]:
    """Whether a third-party recruiter writes: what the words and the sender's name speak for."""
    score, quotes = 0.0, []
    for passage in passages:
        for pattern, weight in words.agency:
            match = next((m for m in pattern.finditer(passage.flow) if not _own(passage, m.end(), sender, words)), None)
            if match is not None:
                score += weight
                quotes.append((weight, passage.evidence("agency", Span(*match.span()))))
    traded = next(_trades(passages, sender, names), None)
    if traded is not None:
        score += _TRADE
        quotes.append((_TRADE, traded))
    domain = sender.address.domain.replace("research", "") if sender.address is not None and sender.label else ""
    if sender.address is not None and any(word in domain for word in names.agency_words):
        itself = any(word in f"{sender.label}.".replace("research", "") for word in names.agency_words)
        score += 3.0 if itself else 1.5  # no mere prefix or subdomain
        quotes.append((1.5, Evidence("agency", sender.address.domain, "header:from")))
    agency = score >= 2.5
    speaking = [(abs(weight), quote) for weight, quote in quotes if (weight > 0) == agency]
    best = max(speaking, key=lambda entry: entry[0], default=(0, Evidence("agency", "", "none")))
    return Found(agency, best[1])


def _trades(passages: Sequence[Passage], sender: Sender, names: Names) -> Iterator[Evidence]:
    """Lines at the end in which the sender's firm tells its trade: "Heron Locums", "Lund & Ray | Legal Search"."""
    if not sender.label:
        return
    for passage in passages:
        if passage.source not in ("signature", "body"):
            continue
        lines = passage.lines()
        for line in lines if passage.source == "signature" else lines[-_LAST_LINES:]:
            text = passage.flow[line.start : line.end]
            if len(text) > _MAX_LINE or names.agency_names.search(text) is None:
                continue
            if any(fits_domain(part.strip(), sender.label) >= _LIKE for part in _PARTS.split(text)):
                yield passage.evidence("agency", line)


def _own(passage: Passage, at: int, sender: Sender, words: FieldWords) -> bool:
    """True when what stands there is somebody of the sender's own house: "on behalf of Dr Lund", "of Acme"."""
    following = passage.flow[at : at + 60].split()[:4]
    if not following:
        return False
    if following[0].lower().rstrip(".") in words.person.titles:
        return True
    name = " ".join(word.strip(".,;") for word in following)
    return name[:1].isupper() and sender.label is not None and fits_domain(name, sender.label) > _LIKE
