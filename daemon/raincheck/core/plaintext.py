"""The text of a text/plain part as it was meant: wrapped lines joined again, links told from their words."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import parse_qsl, unquote, urlsplit

from raincheck.core.model import Link

MAX_LINKS = 200
_WRAP_LEAST, _WRAP_MOST = 56, 80  # columns at which mailers break lines
_URL = r"(?:https?://|mailto:|tel:)[^\s<>\"'\]]{1,2000}"
_WORDS_LINK = re.compile(rf"(?P<words>[^\s<>][^\n<>]{{0,200}}?)?[ \t]*<(?P<href>{_URL})>")
_BARE_LINK = re.compile(_URL)
_IMAGE = re.compile(r"\[(?:cid:|image:|https?://)[^\]\n]{0,400}\]")
_STARTS_LINE = re.compile(r"^(?:\s|>|[-*•–·]\s|\(?\d{1,2}[.)]\s|[A-Za-zÀ-ž][\w /-]{1,24}:(?:\s|$)|--|__|==)")
# A line that begins with a day or a clock: Tuesday 10 March, Mar 10, 10.03., 09:00, 10-Mar. The one above does not end
# with a small word, behind which a sentence goes on.
_ROW = re.compile(
    r"[^\W\d_]{2,10}[.,]{0,2} \d{1,2}(?:st|nd|rd|th|\.)?(?:,|[ ]?\d|[ ][^\W\d_a-zß-öø-ÿ])"
    r"|\d{1,4}[.:/-]\d|\d{1,2}[ -][^\W\d_a-zß-öø-ÿ][^\W\d_]{2}"
)
_GOES_ON = re.compile(r"(?<!\w)[a-zß-öø-ÿ]{1,4},?$")
_OPEN = re.compile(r"[^\W\d_]-$")  # half of "Energie- und Gebäudetechnik"
_COORDINATED = re.compile(r"[^\W\d_A-ZÀ-Þ]{1,5} [^\W\d_]")
_TRACKER = re.compile(r"click|track|redirect|safelink|urldefense|/url$|/ls/|/r/|/c/")
_TARGETS = ("url", "u", "q", "target", "dest", "destination", "redirect", "redirect_url", "link", "goto")


def unwrap(text: str, *, flowed: bool = False, delsp: bool = False) -> str:
    """The text with the lines of a paragraph joined: format=flowed (RFC 3676), else by where a line had to break.

    A line was broken by a mailer when the next word would not have fitted; short lines were meant as lines, so were
    lines that begin with a date or clock like the one above, and where a sentence ends nothing is won by joining. A
    line that stands alone may be longer than where the mailer broke: a sentence that goes on in small letters tells so.
    """
    if flowed:
        return _unflow(text, delsp=delsp)
    lines = [line.rstrip() for line in text.split("\n")]
    width = max((len(line) for line in lines if not line.startswith(">")), default=0)
    if not _WRAP_LEAST <= width <= _WRAP_MOST:
        return "\n".join(lines)
    inner = max((len(line) for line, below in pairwise(lines) if below and not line.startswith(">")), default=0)
    joined: list[str] = []
    last = 0  # length of the line as it stood
    for line in lines:
        word = len(line.split(" ", 1)[0])
        full = last >= _WRAP_LEAST - 16
        halved = full and _OPEN.search(joined[-1]) is not None and _COORDINATED.match(line) is not None
        goes_on = last >= _WRAP_LEAST and joined[-1][-1].isalnum() and line[:1].islower() and "@" not in line[:word]
        broken = bool(line) and full and (last + 1 + word > (inner if goes_on else width) or halved)
        begins = _STARTS_LINE.match(line) or (broken and _is_row(joined[-1], line))
        if broken and not begins and not joined[-1].startswith(">") and joined[-1][-1] not in ".:!?":
            joined[-1] += f" {line}"
        else:
            joined.append(line)
        last = len(line)
    return "\n".join(joined)


def _is_row(above: str, line: str) -> bool:
    """True for a line of a list of dates or clocks, below another one."""
    return bool(_ROW.match(line) and _ROW.match(above)) and not _GOES_ON.search(above)


def _unflow(text: str, *, delsp: bool) -> str:
    """RFC 3676, 4.2: a line that ends in a space goes on in the next one of the same quote depth."""
    joined: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        body = line.lstrip(">")
        depth = len(line) - len(body)
        body = body.removeprefix(" ")
        if depth == open_depth and body != "-- ":
            joined[-1] += body
        else:
            joined.append(f"{'>' * depth} {body}" if depth else body)
        soft = body.endswith(" ") and body != "-- "
        if soft and delsp:
            joined[-1] = joined[-1][:-1]
        open_depth = depth if soft else -1
    return "\n".join(line if line == "-- " else line.rstrip() for line in joined)


def split_links(text: str) -> tuple[str, tuple[Link, ...]]:
    """The text as it reads, and its links: `words <https://...>` keeps the words, a bare link stays where it is."""
    if "://" not in text and "mailto:" not in text and "tel:" not in text and "[" not in text:
        return text, ()
    links: list[Link] = []

    def words_of(found: re.Match[str]) -> str:
        words = (found["words"] or "").strip()
        _add(links, Link(_last_words(words), target(found["href"])))
        return found["words"] or target(found["href"])

    def bare(found: re.Match[str]) -> str:
        url = found[0].rstrip(".,;:!?)*_")
        href = target(url)
        _add(links, Link("", href))
        return href + found[0][len(url) :]

    text = _IMAGE.sub("", text)
    text = _WORDS_LINK.sub(words_of, text) if "<" in text else text
    text = _BARE_LINK.sub(bare, text)
    return text, tuple(links)


def _last_words(words: str) -> str:
    """The words that a link stands behind: its sentence up to it."""
    return re.split(r"(?<=[.!?:;])\s+|\t", words)[-1][:200]


def _add(links: list[Link], link: Link) -> None:
    if len(links) < MAX_LINKS and all(link.href != other.href for other in links):
        links.append(link)


def target(url: str, depth: int = 3) -> str:
    """Where a link leads that was wrapped for safety or tracking, if the target stands plainly in it."""
    if depth == 0 or len(url) > 4000:
        return url
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return url
    inner = _proofpoint(url, host, parts.path, parts.query) or _query_target(host, parts.path, parts.query)
    return target(inner, depth - 1) if inner else url


def _proofpoint(url: str, host: str, path: str, query: str) -> str:
    """urldefense: version 2 writes %3A as -3A and / as _, version 3 puts the target between two underscores."""
    if "urldefense" not in host:
        return ""
    if path.startswith("/v3/__") and (found := re.search(r"/v3/__(https?:/.+?)__;", url)) is not None:
        return re.sub(r"^(https?:/)(?!/)", r"\1/", found[1])
    wrapped = dict(parse_qsl(query, max_num_fields=50)).get("u", "") if path.startswith("/v2/") else ""
    return _http(unquote(wrapped.replace("-", "%").replace("_", "/")))


def _query_target(host: str, path: str, query: str) -> str:
    if not query or "http" not in query or not _TRACKER.search(f"{host}{path}"):
        return ""
    try:
        values = dict(parse_qsl(query, max_num_fields=50))
    except ValueError:
        return ""
    return next((found for key in _TARGETS if (found := _http(values.get(key, "")))), "")


def _http(url: str) -> str:
    return url if re.match(r"https?://[^\s/]+\.", url) and not re.search(r"[\s<>\"]", url) else ""
