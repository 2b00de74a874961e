"""Authentication-Results (RFC 8601): whether the person's own server vouches for the domain in From.

Only results that carry the configured authserv-id count: anybody can write such a header into a mail, and the
person's server removes forged ones of its own name (RFC 8601, 5).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_QUOTED = re.compile(r'"[^"]*"')
_COMMENT = re.compile(r"\([^()]*\)")
_PAIR = re.compile(r"([A-Za-z0-9._/-]+)\s*=\s*(\"[^\"]*\"|[^\s;\"]+)")
_MAX_HEADER = 4000
# The property that names the authenticated domain, by method (RFC 8601, 2.7; RFC 7489).
_IDENTITIES = {
    "dmarc": ("header.from",),
    "dkim": ("header.d", "header.i"),
    "spf": ("smtp.mailfrom", "smtp.mail", "smtp.helo"),
}


@dataclass(frozen=True, slots=True)
class _Result:
    method: str
    passed: bool
    domains: tuple[str, ...]


def authenticated(headers: Iterable[str], authserv_id: str, domain: str) -> bool | None:
    """True when DMARC, DKIM or SPF passed for the domain (relaxed alignment, RFC 7489, 3.1); None without results.

    `headers` are the values of Authentication-Results, newest first; of several for one method the newest counts.
    """
    newest: dict[str, list[_Result]] = {}
    for header in headers:
        here: dict[str, list[_Result]] = {}
        for result in _results(header, authserv_id):
            here.setdefault(result.method, []).append(result)
        newest = here | newest
    if not newest or not domain:
        return None
    if any(not result.passed for result in newest.get("dmarc", ())):
        return False
    return any(
        result.passed and any(_aligned(named, domain.lower()) for named in result.domains)
        for results in newest.values()
        for result in results
    )


def _results(header: str, authserv_id: str) -> Iterator[_Result]:
    text = _QUOTED.sub(lambda found: re.sub(r"[;()]", " ", found.group()), header[:_MAX_HEADER])
    while text != (bare := _COMMENT.sub(" ", text)):
        text = bare
    head, _, rest = text.partition(";")
    words = head.split()
    if not words or words[0].strip('"').lower() != authserv_id.lower():
        return
    for part in rest.split(";"):
        pairs = [(name.lower(), value.strip('"').lower()) for name, value in _PAIR.findall(part)]
        if pairs and (method := pairs[0][0].partition("/")[0]) in _IDENTITIES:
            domains = tuple(value.rpartition("@")[2] for name, value in pairs[1:] if name in _IDENTITIES[method])
            # "none" says that the domain publishes nothing: neither for nor against it
            if method != "dmarc" or pairs[0][1] in ("pass", "fail"):
                yield _Result(method, pairs[0][1] == "pass", domains)


def _aligned(one: str, other: str) -> bool:
    """Equal, or one below the other; a bare suffix such as "com" cannot sign or send."""
    return bool(one) and "." in one and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))
