"""What the work is like where the mail says so: salary, remote, seniority, skills. Rules need them.

An amount counts only beside a currency or a word for pay; of a range the upper bound.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.core.model import Evidence, Salary
from raincheck.core.reading.fields.text import Found, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.core.reading.fields.text import Passage
    from raincheck.core.reading.fields.words import FieldWords, Names

_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP", "$": "USD", "usd": "USD",
    "us$": "USD", "chf": "CHF", "sfr": "CHF", "fr.": "CHF", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN",
    "zł": "PLN", "cad": "CAD", "aud": "AUD", "a$": "AUD", "c$": "CAD", "nzd": "NZD", "sgd": "SGD", "inr": "INR",
    "₹": "INR",    "czk": "CZK", "kč": "CZK", "huf": "HUF", "¥": "JPY", "jpy": "JPY", "zar": "ZAR", "aed": "AED",
}  # fmt: skip
_CURRENCY = "|".join(re.escape(name) for name in sorted(_CURRENCIES, key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[.,'\u2009\u202f ]\d{3}){1,2}(?:[.,]\d{1,2})?|\d{1,7}(?:[.,]\d{1,2})?"
_AMOUNT = re.compile(
    rf"(?<![\w.,/])(?:(?P<before>{_CURRENCY})\s?)?(?P<low>{_NUMBER})(?:\s?(?P<k1>k|K|T|Tsd\.?)(?!\w))?"
    rf"(?:\s?(?:[-–—]|to|bis|and|und)\s?(?:{_CURRENCY})?\s?(?P<high>{_NUMBER})(?:\s?(?P<k2>k|K|T|Tsd\.?)(?!\w))?)?"
    rf"(?:\s?(?P<after>{_CURRENCY})(?!\w))?(?:,-)?",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"\d\s?(?:k|T|Tsd)", re.IGNORECASE)
_NEAR = 60
_MIN_YEAR = 10_000
_MAX_HOUR = 300


def find_salary(passages: Sequence[Passage], words: Sequence[FieldWords]) -> Found[Salary] | None:
    """The pay that the mail states."""
    for passage in passages:
        if passage.source in ("quoted", "signature", "header:from"):
            continue
        if not _names_money(passage.flow):
            continue  # most
        for count, match in enumerate(_AMOUNT.finditer(passage.flow)):
            if count > 200:
                break
            found = _salary(passage, match, words)
            if found is not None:
                return found
    return None


def _names_money(flow: str) -> bool:
    """True for a text with a currency, or the letters of one, or with thousands of something."""
    lower = flow.lower()
    return any(map(lower.__contains__, _CURRENCIES)) or _THOUSANDS.search(flow) is not None


def _salary(passage: Passage, match: re.Match[str], words: Sequence[FieldWords]) -> Found[Salary] | None:
    sign = match["before"] or match["after"]
    thousands = bool(match["k1"] or match["k2"])
    if not sign and not thousands:
        return None  # most numbers of a mail
    near = passage.flow[max(0, match.start() - _NEAR) : match.end() + _NEAR]
    spoken = any(w.pay.search(near) for w in words)
    if not (sign or (spoken and thousands)) or not (spoken or thousands or _periodic(passage, match, words)):
        return None
    amount = _value(match["high"] or match["low"])
    if thousands and amount < 1_000:
        amount *= 1_000
    currency = _CURRENCIES.get(sign.lower()) if sign else None
    period = _period(passage.flow[match.start() : match.end() + 30], near, amount, words)
    if amount < 5 or (period == "year" and amount < _MIN_YEAR / 10):
        return None
    return Found(Salary(amount, currency, period), passage.evidence("salary", Span(*match.span())))


def _periodic(passage: Passage, match: re.Match[str], words: Sequence[FieldWords]) -> bool:
    after = passage.flow[match.end() : match.end() + 16]
    return any(pattern.match(after.lstrip(" /")) for w in words for _, pattern in w.periods)


def _period(following: str, near: str, amount: float, words: Sequence[FieldWords]) -> str | None:
    for text in (following, near):
        for w in words:
            for name, pattern in w.periods:
                if pattern.search(text):
                    return name
    if amount >= _MIN_YEAR:
        return "year"
    return "hour" if amount <= _MAX_HOUR else None


def _value(text: str) -> float:
    """A number as people write it: 95.000 and 95,000 are thousands, 18,50 has cents."""
    text = re.sub(r"[\s'\u2009\u202f]", "", text)
    if cents := re.search(r"[.,](\d{1,2})$", text):
        whole = re.sub(r"[.,]", "", text[: cents.start()])
        return float(f"{whole}.{cents[1]}")
    return float(re.sub(r"[.,]", "", text))


def find_remote(passages: Sequence[Passage], words: Sequence[FieldWords]) -> Found[bool] | None:
    """Whether the work can be done from elsewhere."""
    for w in words:
        for value, pattern in w.remote:
            for passage in passages:
                if passage.source == "quoted":
                    continue
                match = pattern.search(passage.flow)
                if match is not None:
                    return Found(value, passage.evidence("remote", Span(*match.span())))
    return None


def find_seniority(role: Found[str] | None, words: Sequence[FieldWords]) -> Found[str] | None:
    """The level in the role's own words."""
    if role is None:
        return None
    for w in words:
        for name, pattern in w.seniority:
            if (match := pattern.search(role.value)) is not None:
                return Found(name, Evidence("seniority", match[0].strip(), role.evidence.source))
    return None


def find_skills(passages: Sequence[Passage], names: Names) -> tuple[Found[str], ...]:
    """Known skills that the mail names, in reading order, each once."""
    found: dict[str, Found[str]] = {}
    for passage in passages:
        if passage.source not in ("subject", "body", "forwarded"):
            continue
        for match in names.skills.finditer(passage.flow):
            found.setdefault(match[0].lower(), Found(match[0], passage.evidence("skills", Span(*match.span()))))
    return tuple(found.values())[:30]
