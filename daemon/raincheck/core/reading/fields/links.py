"""Which link is the video room (`url`) and which books or moves the appointment (`scheduling_link`).

A known host speaks first, then the link's own words, then the sentence around it.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from raincheck.core.model import Evidence
from raincheck.core.reading.fields.text import BLOT, Found, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from raincheck.core.model import Message, SchedulingRequest
    from raincheck.core.reading.fields.text import Passage
    from raincheck.core.reading.fields.words import FieldWords, Names

MAX_LINKS = 100
_NEAR = 160  # characters before a link that may say what it is for
_HOUR = re.compile(r"(?<![\d$€£.,])\d{1,2}[:.]\d{2}(?!\d|\.\d)")
_GOES_ON = frozenset("/?#&=-_abcdefghijklmnopqrstuvwxyz0123456789")  # of an address
_NO = 0.5
_MAX_TEXT = 8_192  # characters of a calendar object's text
_URL = re.compile(r"https?://[^\s<>\"']{4,2000}")
_BARE = re.compile(
    r"(?<![\w@./:%=-])(?:[\w-]{1,60}\.){1,4}(?:[a-z]{2}|com|org|net|info|link|app|jobs|example)/[^\s<>\"']{2,500}"
)  # "zoom.us/j/123"
_SPLIT = re.compile(r"[^\w]+|_")
_EDGE = ".,;:!?)]*'"
_TEXTS = ("body", "forwarded", "signature")
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|png|jpe?g|gif|svg|zip|ics)$")


@dataclass(frozen=True, slots=True)
class Links:
    """The two links that matter."""

    url: Found[str] | None
    scheduling_link: Found[str] | None


@dataclass(frozen=True, slots=True)
class _Scored:
    href: str
    room: float
    booking: float
    evidence: tuple[str, str]  # quote, source
    refuses: bool = False


def find_links(
    message: Message,
    passages: Sequence[Passage],
    request: SchedulingRequest | None,
    words: Sequence[FieldWords],
    names: Names,
    schedulers: Iterable[str],
) -> Links:
    """The links of the mail's text and of its calendar object."""
    schedulers = tuple(schedulers)
    links = [(href, text) for href, text in _web_links(message, passages, request) if urlsplit_safe(href) is not None]
    hours = {hour[0] for href, text in links if text != href and (hour := _HOUR.search(text)) is not None}
    scored = [
        _score(href, text, passages, words, names, schedulers, timed=len(hours) > 1 and _HOUR.search(text) is not None)
        for href, text in links
    ]
    room = max((s for s in scored if s.room >= 2 and s.room >= s.booking), key=lambda s: s.room, default=None)
    bookings = [s for s in scored if s.booking >= 2 and s.booking > s.room]
    booking = max(bookings, key=lambda s: s.booking - _NO * s.refuses, default=None)  # of "yes" and "no" the first
    if booking is not None:
        booking = min((s for s in bookings if _is_above(s.href, booking.href)), key=lambda s: len(s.href))
    url = None if room is None else Found(room.href, Evidence("url", *room.evidence))
    if request is not None and request.conference_url:
        url = Found(request.conference_url, Evidence("url", request.conference_url, "calendar"))
    link = None if booking is None else Found(booking.href, Evidence("scheduling_link", *booking.evidence))
    return Links(url, link)


def _is_above(href: str, other: str) -> bool:
    """True for the page of all times above that of one: .../i/77 and .../i/77/1, .../i/77?slot=1; each page is above
    itself, and the page of a host above none."""
    above = href.rstrip("/")
    return href == other or ("/" in above.partition("://")[2] and other.startswith((above + "/", above + "?")))


def urlsplit_safe(href: str) -> tuple[str, str] | None:
    """Host and rest (path, query) of a web address in lower case; None for anything else."""
    try:
        parts = urlsplit("https://" + href if _BARE.match(href) else href)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return None
    return parts.hostname.lower(), unquote(f"{parts.path}?{parts.query}#{parts.fragment}").lower()


def _web_links(
    message: Message, passages: Sequence[Passage], request: SchedulingRequest | None
) -> Iterable[tuple[str, str]]:
    """Address and text of each link, also of addresses that are mere text, perhaps without "https://", once each."""
    seen: dict[str, str] = {}
    told = [passage.text[:_MAX_TEXT] for passage in passages if passage.source in _TEXTS]
    bare = (at.rstrip(_EDGE) for text in told if "/" in text for at in _BARE.findall(text))
    plain = (url.rstrip(_EDGE) for text in told for url in _URL.findall(text))
    written = _URL.findall(f"{request.location or ''} {request.description or ''}"[:_MAX_TEXT]) if request else []
    for href, text in itertools.chain(  # one after the other: the last looks at what was seen
        ((link.href, link.text) for link in message.links[:MAX_LINKS]),
        ((url, url) for url in written),
        ((url, url) for url in itertools.islice(plain, MAX_LINKS)),
        ((url, url) for url in itertools.islice(bare, MAX_LINKS) if "https://" + url not in seen),
    ):
        known = seen.get(href)
        if known is None or len(known) < len(text):
            seen[href] = text
    return seen.items()


def _score(
    href: str,
    text: str,
    passages: Sequence[Passage],
    words: Sequence[FieldWords],
    names: Names,
    schedulers: tuple[str, ...],
    *,
    timed: bool,
) -> _Scored:
    """How much speaks for a room and for booking; timed: it is one of several links that are times to choose from."""
    split = urlsplit_safe(href)
    assert split is not None
    host, path = split
    labels = host.replace("-", ".").split(".")
    address_words = " ".join(_SPLIT.split(f"{host} {path}"))
    before, near, evidence = _near(href, text, passages)
    own = "" if text.strip().startswith("http") or text == href else text.replace("\u2019", "'")
    room = booking = 0.0
    is_room = any(_is_host(host, labels, known) for known in names.rooms)
    is_scheduler = not is_room and any(_is_host(host, labels, known) for known in schedulers)
    bare = path.strip("/?#") in ("", *labels)
    if _FILE.search(path.strip("?#")) or (bare and not is_room and evidence[1] == "signature"):
        return _Scored(href, -3.0, -3.0, evidence)
    to_read = any(w.reading.search(near) for w in words) and not any(w.book.search(near) for w in words)
    if any(w.not_book.search(own) for w in words) or (to_read and not is_room and not is_scheduler):
        return _Scored(href, (4.0 if is_room else 0.0) - 3, (4.0 if is_scheduler else 0.0) - 3, evidence)
    says_book = names.booking_words.search(address_words) is not None and not bare
    booking += 4.0 * is_scheduler + 2.0 * (labels[0] in names.booking_labels and not bare)
    booking += 2.5 * any(bool(w.book.search(own)) for w in words)
    booking += 2.0 * (says_book or any(bool(w.book.search(address_words)) for w in words))
    booking += 2.0 * any(bool(w.book.search(near)) for w in words)
    booking += 0.5 * any(bool(w.book.search(before)) for w in words)
    booking += 3.0 * any(bool(w.reply_link.search(own)) for w in words)
    room += 4.0 * is_room + 2.5 * (not names.room_labels.isdisjoint(labels[:-1]))
    room += 2.5 * any(bool(w.join.search(own)) for w in words)
    room += 1.5 * any(bool(w.join.search(address_words)) for w in words)
    room += 2.0 * (any(bool(w.join.search(near)) for w in words) or names.room_names.search(near) is not None)
    if any(w.not_book.search(" ".join(_SPLIT.split(path))) for w in words):
        room, booking = room - 2, booking - 2
    timed = timed and own != "" and not is_room
    booking += 2.5 * timed
    if (
        is_scheduler
        or timed
        or (bare and not is_room)
        or (says_book and not is_room and labels[0] not in names.room_labels)
    ):
        room = 0.0
    refuses = names.refusing_words.search(address_words) is not None
    return _Scored(href, room, booking, evidence, refuses=refuses)


def _is_host(host: str, labels: list[str], known: str) -> bool:
    """A known host: a domain ("meet.google.com") or labels that stand side by side in any domain ("meet.google")."""
    if host == known or host.endswith("." + known):
        return True
    return f".{known}." in f".{'.'.join(labels)}." and "." in host


def _place_of(form: str, text: str) -> int:
    """Where a link stands in a text, and not a longer address that begins with it; -1 where it does not."""
    at = text.find(form) if form else -1
    while at >= 0 and "//" in form and text[at + len(form) : at + len(form) + 1] in _GOES_ON:
        at = text.find(form, at + len(form))
    return at


def _near(href: str, text: str, passages: Sequence[Passage]) -> tuple[str, str, tuple[str, str]]:
    """The words right before the link (its line and the one above), with those behind, and the evidence."""
    for passage in passages:
        for form in (href, text.strip()):
            at = _place_of(form, passage.text)
            if at < 0:
                continue
            start = max(0, at - _NEAR)
            lines = passage.flow[start:at].rstrip().split("\n")
            tail = " ".join([line for line in lines if line.strip()][-2:])
            alone = not any(map(str.isalnum, passage.flow[start:at].rpartition("\n")[2]))
            edge = rf"{BLOT}+" if alone else rf"(?<=[.!?])\s+(?=[A-ZÄÖÜ])|{BLOT}+"
            before = re.split(edge, tail)[-1]  # of a link on a line of its own all that stands above it
            rest = passage.flow[at + len(form) : at + len(form) + 80].split("\n")[0]
            after = re.split(rf"[.!?](?:\s|$)|{BLOT}", rest)[0]
            own = "" if form.startswith("http") else form
            quote = passage.evidence("url", Span(at, at + min(len(form), 190)))
            return before, f"{before} {own} {after}", (quote.quote, passage.source)
    return "", "", (text.strip()[:190] or href[:190], "link")
