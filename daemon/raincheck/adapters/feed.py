"""The person's calendar feeds: fetched politely, checked whole, kept for a restart, never "free" by mistake.

An address of a feed is a secret (whoever has it reads the calendar): no error, log or table holds one, feeds go by
their name. Where a feed may lie is checked on every hop, at the moment of connecting, so that neither a redirect nor
a name server leads into the person's own network.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import socket
import ssl
import tempfile
import time
import zlib
from base64 import b64encode
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Literal
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import httpcore

from raincheck.core.calendar import Busy, busy
from raincheck.core.model import BusyPeriod, CalendarView, Period
from raincheck.core.settings import Calendar, SecretSource
from raincheck.errors import FeedUnavailable, RaincheckError
from raincheck.ports import FeedHealth

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from raincheck.ports import Secrets

PERMISSION = "allow_private_networks = true"  # as it is written into a [[calendar]]
_REDIRECTS = 5
_RETRY_AFTER = timedelta(seconds=30)  # a feed that failed is left alone for so long, unless someone asks for it fresh
_AHEAD = timedelta(days=28)  # what is parsed beyond the asked window, so that the next windows cost nothing
_WEBCAL = ("webcal", "webcals")  # what calendar programs call https
_AGENT = "raincheck (calendar reader)"


@dataclass(frozen=True, slots=True)
class _Copy:
    """What is known of a feed's last good answer."""

    source: str  # hash of the address it came from
    digest: str  # hash of the body
    checked: datetime  # when the server last said so (UTC)
    etag: str = ""
    last_modified: str = ""


class Feeds:
    """All feeds of the person; a `ports.CalendarSource` that threads may share.

    `cache` is a folder for copies (files of mode 0600) that outlive a restart; None keeps them in memory. `clock`
    tells the time of day, zone-aware.
    """

    def __init__(
        self,
        calendars: tuple[Calendar, ...],
        secrets: Secrets,
        *,
        cache: Path | None,
        tz: str,
        me: Collection[str],
        clock: Callable[[], datetime],
        tentative: Literal["busy", "free"] = "busy",
    ) -> None:
        self._clock = clock
        reading = _Reading(tz, tuple(me), tentative)
        self._feeds = [_Feed(calendar, secrets, cache, reading) for calendar in calendars]

    def view(self, window: Period, *, max_age: float | None = None) -> CalendarView:
        """Busy periods that touch the window, of all feeds; `known` is false when any of them cannot be trusted."""
        limit = None if max_age is None else timedelta(seconds=max_age)
        periods: list[BusyPeriod] = []
        problems: list[str] = []
        ages: list[datetime] = []
        for feed in self._feeds:
            periods += feed.busy(window, self._clock(), limit)
            if trouble := feed.trouble(self._clock(), limit):
                problems.append(trouble)
            if feed.copy:
                ages.append(feed.copy.checked)
        return CalendarView(tuple(periods), not problems, "; ".join(problems), min(ages, default=None))

    def refresh(self) -> None:
        """Fetches what is due."""
        for feed in self._feeds:
            feed.refresh(self._clock())

    def health(self) -> Sequence[FeedHealth]:
        """How each feed is, as of the last attempt."""
        return [feed.health(self._clock()) for feed in self._feeds]


@dataclass(frozen=True, slots=True)
class _Reading:
    """How the bytes of every feed are read."""

    tz: str
    me: tuple[str, ...]
    tentative: Literal["busy", "free"]


class _Feed:
    """One feed: its copy, what went wrong last, and the busy time read from it."""

    def __init__(self, calendar: Calendar, secrets: Secrets, cache: Path | None, reading: _Reading) -> None:
        self.calendar, self._secrets, self._reading = calendar, secrets, reading
        self._store = _Store(cache, calendar.name)
        self.problem = ""
        self._broken = False
        self._lock = Lock()
        self._tried: datetime | None = None
        self._busy: Busy | None = None
        self.copy = self._store.load()

    # --- state ---

    def trouble(self, now: datetime, limit: timedelta | None) -> str | None:
        """Why the feed cannot be trusted now, in words; None when it can."""
        name = f'calendar "{self.calendar.name}"'
        if self.copy is None or (self._busy is None and self.problem):
            return f"{name} {self.problem or 'was not fetched yet'}"
        allowed = self.calendar.max_age + self.calendar.allow_stale if limit is None else limit
        age = now - self.copy.checked
        if timedelta(0) <= age <= allowed:
            return None
        return f"{name} is {_words(age)} old: {self.problem or 'not fetched since'}"

    def health(self, now: datetime) -> FeedHealth:
        """State, age and number of events."""
        events = self._busy.events if self._busy else 0
        age = int((now - self.copy.checked).total_seconds()) if self.copy else None
        if self.copy is None:
            state = "broken" if self._broken else "unavailable"
        elif now - self.copy.checked > self.calendar.max_age and self.problem:
            state = "broken" if self._broken else "stale"
        elif now - self.copy.checked > self.calendar.max_age:
            state = "stale"
        else:
            state = "fresh" if events or self._busy is None else "empty"
        notes = self._busy.warnings if self._busy else ()
        return FeedHealth(self.calendar.name, state, age, events, self.problem or "; ".join(notes[:3]))

    # --- work ---

    def refresh(self, now: datetime) -> None:
        """Fetches when it is due; several threads may ask, one at a time does."""
        with self._lock:
            self._bring_up_to_date(now, None)

    def busy(self, window: Period, now: datetime, limit: timedelta | None) -> Sequence[BusyPeriod]:
        """Busy periods that touch the window, of a copy as fresh as can be had."""
        with self._lock:
            self._bring_up_to_date(now, limit)
            try:
                return self._periods(window)
            except FeedUnavailable as problem:
                self.problem = str(problem)
                return ()

    def _bring_up_to_date(self, now: datetime, limit: timedelta | None) -> None:
        """Fetches again when the copy is older than allowed; a failure is remembered, never raised."""
        allowed = self.calendar.max_age if limit is None else limit
        if self.copy and timedelta(0) <= now - self.copy.checked <= allowed:
            return
        if limit is None and self._tried and timedelta(0) <= now - self._tried < _RETRY_AFTER and self.problem:
            return
        self._tried = now
        try:
            self._fetch(now)
            self.problem, self._broken = "", False
        except _NotACalendar as problem:
            self.problem, self._broken = str(problem), True
        except RaincheckError as problem:
            self.problem, self._broken = str(problem), False

    def _periods(self, window: Period) -> Sequence[BusyPeriod]:
        """Busy periods of the copy that touch the window; read from the copy only when it has changed."""
        if self.copy is None:
            return ()
        if self._busy is None or not self._busy.window.contains(window):
            body = self._store.body(self.copy)
            if body is None:
                self.copy = None
                raise FeedUnavailable("lost its copy on disk")
            self._busy = self._read(body, window)
        return [item for item in self._busy.periods if item.period.overlaps(window)]

    def _read(self, body: bytes | bytearray, window: Period) -> Busy:
        start = window.start.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        wide = Period(start - timedelta(days=1), window.end.astimezone(UTC) + _AHEAD)
        how = self._reading
        return busy(body, wide, tz=how.tz, me=how.me, name=self.calendar.name, tentative=how.tentative)

    def _fetch(self, now: datetime) -> None:
        address = self._address()
        source = hashlib.sha256(address.encode()).hexdigest()
        if self.copy and self.copy.source != source:  # of another calendar
            self.copy = self._busy = None
        known = self.copy
        answer = _fetch(address, self.calendar, self._login(), known)
        if answer is None and known:
            self.copy = replace(known, checked=now)
            self._store.save(self.copy, None)
            return
        body, etag, modified = answer or (b"", "", "")
        digest = hashlib.sha256(body).hexdigest()
        changed = known is None or known.digest != digest
        fresh = _Copy(source, digest, now, etag, modified)
        if changed:
            window = self._busy.window if self._busy else Period(now, now + _AHEAD)
            try:
                self._busy = self._read(body, window)
            except FeedUnavailable as problem:
                raise _NotACalendar(str(problem)) from None
        self._store.save(fresh, body if changed else None)
        self.copy = fresh

    def _address(self) -> str:
        url = self.calendar.url
        address = self._secrets.get(url).strip() if isinstance(url, SecretSource) else url.strip()
        scheme, colon, rest = address.partition("://")
        return f"https://{rest}" if colon and scheme.lower() in _WEBCAL else address

    def _login(self) -> str | None:
        if self.calendar.password is None or self.calendar.username is None:
            return None
        password = self._secrets.get(self.calendar.password, username=self.calendar.username)
        return f"{self.calendar.username}:{password}"


class _NotACalendar(FeedUnavailable):
    """The server answered, but with something that is no whole calendar."""


def _words(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} days"


# --- copies on disk -----------------------------------------------------------------------------------------------


class _Store:
    """Where a feed's last good body is kept: a file of mode 0600 beside a small description, or memory."""

    def __init__(self, folder: Path | None, name: str) -> None:
        self._stem = hashlib.sha256(name.encode()).hexdigest()[:24]
        self._folder = folder
        self._memory: bytes | bytearray | None = None

    def load(self) -> _Copy | None:
        """The description of the copy that an earlier run left; None when there is none."""
        if self._folder is None:
            return None
        try:
            found = json.loads((self._folder / f"{self._stem}.json").read_text("utf-8"))
            copy = _Copy(**(found | {"checked": datetime.fromisoformat(found["checked"])}))
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return copy if copy.checked.utcoffset() is not None and self.body(copy) is not None else None

    def body(self, copy: _Copy) -> bytes | bytearray | None:
        """The body that belongs to a description; None when it is gone or not the same any more."""
        if self._folder is None:
            return self._memory
        try:
            body = (self._folder / f"{self._stem}.ics").read_bytes()
        except OSError:
            return None
        return body if hashlib.sha256(body).hexdigest() == copy.digest else None

    def save(self, copy: _Copy, body: bytes | bytearray | None) -> None:
        """Keeps a copy; `body` is None when it has not changed."""
        if self._folder is None:
            self._memory = self._memory if body is None else body
            return
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if body is not None:
                self._write(".ics", body)
            self._write(".json", json.dumps(asdict(copy) | {"checked": copy.checked.isoformat()}).encode())
        except OSError as problem:
            raise FeedUnavailable(f"cannot keep its copy in the state folder: {problem.strerror}") from None

    def _write(self, ending: str, data: bytes | bytearray) -> None:
        assert self._folder is not None
        handle, temporary = tempfile.mkstemp(dir=self._folder)  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).replace(self._folder / f"{self._stem}{ending}")
        except OSError:
            with suppress(OSError):
                Path(temporary).unlink()
            raise


# --- the wire -----------------------------------------------------------------------------------------------------


def _fetch(
    address: str, calendar: Calendar, login: str | None, known: _Copy | None
) -> tuple[bytes | bytearray, str, str] | None:
    """Body, ETag and Last-Modified; None when the server says that the known copy is still right.

    Raises FeedUnavailable with words that hold nothing of the address.
    """
    if "://" not in address:
        return _read_file(Path(address).expanduser(), calendar.max_bytes), "", ""
    deadline = time.monotonic() + calendar.timeout.total_seconds()
    try:
        with httpcore.ConnectionPool(
            ssl_context=_tls(),
            network_backend=_Guarded(deadline, calendar.allow_private_networks),
        ) as pool:
            return _follow(pool, address, login, known, calendar.max_bytes)
    except (httpcore.TimeoutException, TimeoutError):
        limit = int(calendar.timeout.total_seconds())
        raise FeedUnavailable(f"did not answer completely within {limit} s") from None
    except ssl.SSLCertVerificationError:
        raise FeedUnavailable("shows a certificate that is not valid for it") from None
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol):
        raise FeedUnavailable("was cut off, or its server does not speak HTTP") from None
    except (httpcore.NetworkError, OSError) as problem:
        if "CERTIFICATE_VERIFY_FAILED" in str(problem):
            raise FeedUnavailable("shows a certificate that is not valid for it") from None
        raise FeedUnavailable("could not be reached") from None
    except (ValueError, zlib.error):
        raise FeedUnavailable("has an address or an answer that cannot be read") from None


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _read_file(path: Path, limit: int) -> bytes:
    try:
        if path.is_dir():
            raise FeedUnavailable("names a folder, not a file")
        if not path.is_file():
            raise FeedUnavailable("names a file that is not there")
        with path.open("rb") as file:
            body = file.read(limit + 1)
    except OSError as problem:
        raise FeedUnavailable(f"cannot be read: {problem.strerror}") from None
    if len(body) > limit:
        raise FeedUnavailable(f"is larger than max_bytes ({limit} bytes)")
    return body


def _follow(
    pool: httpcore.ConnectionPool, address: str, login: str | None, known: _Copy | None, limit: int
) -> tuple[bytes | bytearray, str, str] | None:
    url = urlsplit(address)
    if login is None and url.username is not None:
        login = f"{unquote(url.username)}:{unquote(url.password or '')}"
    origin = _origin(url)
    for _ in range(_REDIRECTS + 1):
        if url.scheme.lower() not in ("http", "https") or not url.hostname:
            raise FeedUnavailable("leads to an address that is not http or https")
        headers = _headers(url, login if _origin(url) == origin else None, known)
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        wire = httpcore.URL(
            scheme=url.scheme.lower(), host=url.hostname.encode("idna"), port=url.port, target=_quote(target)
        )
        with pool.stream("GET", wire, headers=headers) as answer:
            found = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in answer.headers}
            if answer.status in (301, 302, 303, 307, 308) and found.get("location"):
                url = urlsplit(urljoin(url.geturl(), found["location"]))
                if url.scheme.lower() in _WEBCAL:
                    url = url._replace(scheme="https")
                continue
            if answer.status == 304 and known:
                return None
            if answer.status in (401, 403):
                raise FeedUnavailable(f"wants a login, or a different one (HTTP {answer.status})")
            if answer.status in (404, 410):
                raise FeedUnavailable(f"is not there any more (HTTP {answer.status})")
            if answer.status != 200:
                raise FeedUnavailable(f"is not to be had now (HTTP {answer.status})")
            body = _body(answer.iter_stream(), found.get("content-encoding", ""), limit)
            return body, found.get("etag", ""), found.get("last-modified", "")
    raise FeedUnavailable(f"redirects more than {_REDIRECTS} times")


def _origin(url: SplitResult) -> tuple[str, str | None, int]:
    return url.scheme.lower(), url.hostname, url.port or (443 if url.scheme.lower() == "https" else 80)


def _quote(target: str) -> bytes:
    return "".join(c if 0x20 < ord(c) < 0x7F else "".join(f"%{b:02X}" for b in c.encode()) for c in target).encode()


def _headers(url: SplitResult, login: str | None, known: _Copy | None) -> list[tuple[str, str]]:
    host = url.hostname or ""
    host = f"[{host}]" if ":" in host else host.encode("idna").decode()
    headers = [
        ("Host", f"{host}:{url.port}" if url.port else host),
        ("User-Agent", _AGENT),
        ("Accept", "text/calendar, */*;q=0.1"),
        ("Accept-Encoding", "gzip"),
    ]
    if login is not None:
        headers.append(("Authorization", f"Basic {b64encode(login.encode()).decode()}"))
    if known and known.etag:
        headers.append(("If-None-Match", known.etag))
    if known and known.last_modified:
        headers.append(("If-Modified-Since", known.last_modified))
    return headers


def _body(chunks: Iterable[bytes], encoding: str, limit: int) -> bytearray:
    """The body, unpacked; never more than `limit` bytes of it in memory."""
    body = bytearray()
    for chunk in _unpacked(chunks, encoding.strip().lower(), limit):
        body += chunk
        if len(body) > limit:
            raise FeedUnavailable(f"is larger than max_bytes ({limit} bytes)")
    return body


def _unpacked(chunks: Iterable[bytes], encoding: str, limit: int) -> Iterator[bytes]:
    if encoding in ("", "identity"):
        yield from chunks
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise FeedUnavailable("comes in an encoding that was not asked for")
    unpack = zlib.decompressobj(wbits=47 if encoding != "deflate" else 15)
    for chunk in chunks:
        yield unpack.decompress(chunk, limit + 1)
        if unpack.unconsumed_tail:
            raise FeedUnavailable(f"is larger than max_bytes ({limit} bytes)")
    yield unpack.flush()
    if not unpack.eof:
        raise FeedUnavailable("was cut off")


class _Guarded(httpcore.NetworkBackend):
    """Connects only where a feed may lie, and ends everything at one deadline (monotonic seconds)."""

    def __init__(self, deadline: float, private: bool) -> None:
        self._deadline, self._private = deadline, private
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # the deadline counts
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolves the name once, checks every address, and connects to one that was checked."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise FeedUnavailable("has a server whose name is unknown") from None
        addresses = list(dict.fromkeys(str(item[4][0]) for item in found))
        if not self._private and not all(_is_public(address) for address in addresses):
            raise FeedUnavailable(f"lies in a private network; {PERMISSION} permits that")
        for place, address in enumerate(addresses):
            try:
                stream = self._plain.connect_tcp(address, port, _left(self._deadline), local_address, socket_options)
            except httpcore.ConnectError:
                if place == len(addresses) - 1:
                    raise
            else:
                return _Timed(stream, self._deadline)
        raise FeedUnavailable("has a server without an address")


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return ip.is_global and not ip.is_multicast


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left


class _Timed(httpcore.NetworkStream):
    """A stream on which every read and write ends at the deadline, however slowly the other side drips."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # the deadline counts
        """Up to `max_bytes`."""
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of it."""
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        """Closes the socket."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """TLS from here on."""
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline)), self._deadline)

    def get_extra_info(self, info: str) -> object:
        """What the socket knows."""
        return self._stream.get_extra_info(info)
