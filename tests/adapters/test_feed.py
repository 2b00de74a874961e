"""Feeds over the wire, against a real server: what is fetched, refused, kept, and never told."""

from __future__ import annotations

import gzip
import logging
import socket
import ssl
import stat
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from raincheck.adapters import feed as feed_module
from raincheck.adapters.feed import Feeds
from raincheck.core.model import CalendarView, Period
from raincheck.core.settings import Calendar, SecretSource
from raincheck.errors import SecretError
from tests.core.feeds import ME, component, event, feed
from tests.servers.http import HttpServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from raincheck.demo.certificate import Certificate
    from raincheck.ports import CalendarSource

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
WINDOW = Period(NOW, NOW + timedelta(days=14))
BODY = feed(event("UID:1"))
OTHER = feed(event("UID:2", "DTSTART:20261204T090000Z", "DURATION:PT1H"))
SECRET = "private-4f2a9c"  # part of the feed's path: who has it reads the calendar


class Clock:
    """A time of day that tests set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


class Words:
    """Secrets by name of the environment variable."""

    def __init__(self, **words: str) -> None:
        self.words = words

    def get(self, source: SecretSource, *, username: str = "") -> str:
        if source.env not in self.words:
            raise SecretError("the environment variable is not set")
        return self.words[source.env]


@pytest.fixture
def server() -> Iterator[HttpServer]:
    with HttpServer() as running:
        running.put(f"/{SECRET}/cal.ics", BODY)
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "feeds"


def calendar(url: str | SecretSource, name: str = "private") -> Calendar:
    return Calendar(name, url, allow_private_networks=True, timeout=timedelta(seconds=5))


def feeds(*calendars: Calendar, clock: Clock, cache: Path | None = None, **secrets: str) -> Feeds:
    return Feeds(calendars, Words(**secrets), cache=cache, tz="Europe/Berlin", me=(ME,), clock=clock)


def starts(view: CalendarView) -> list[str]:
    return [f"{item.period.start:%d %H:%M}" for item in view.busy]


# --- fetching -----------------------------------------------------------------------------------------------------


def test_a_feed_is_fetched_and_read(server: HttpServer, clock: Clock) -> None:
    source: CalendarSource = feeds(calendar(server.url(f"/{SECRET}/cal.ics")), clock=clock)
    view = source.view(WINDOW)
    assert (starts(view), view.known, view.fetched_at) == (["03 14:00"], True, NOW)
    assert view.busy[0].calendar == "private"
    (health,) = source.health()
    assert (health.state, health.age_seconds, health.events, health.ok) == ("fresh", 0, 1, True)


def test_within_max_age_nothing_is_fetched_and_nothing_parsed(
    server: HttpServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = feeds(calendar(server.url(f"/{SECRET}/cal.ics")), clock=clock)
    source.view(WINDOW)
    monkeypatch.setattr(feed_module, "busy", None)  # a call would fail
    clock.later(minutes=29)
    later = Period(WINDOW.start + timedelta(hours=5), WINDOW.end + timedelta(hours=5))
    assert starts(source.view(later)) == ["03 14:00"]
    assert len(server.requests) == 1


def test_an_older_copy_is_asked_for_again_and_an_unchanged_body_costs_no_parsing(
    server: HttpServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put("/etag.ics", BODY, etag='"v1"')
    server.put("/date.ics", BODY, last_modified="Tue, 01 Dec 2026 07:00:00 GMT")
    server.put("/plain.ics", BODY)
    source = feeds(*(calendar(server.url(f"/{name}.ics"), name) for name in ("etag", "date", "plain")), clock=clock)
    source.view(WINDOW)
    monkeypatch.setattr(feed_module, "busy", None)
    clock.later(minutes=31)
    view = source.view(WINDOW)
    assert (len(view.busy), view.known, view.fetched_at) == (3, True, clock.now)
    again = {request.path: request.headers for request in server.requests[3:]}
    assert again["/etag.ics"]["if-none-match"] == '"v1"'
    assert again["/date.ics"]["if-modified-since"] == "Tue, 01 Dec 2026 07:00:00 GMT"


def test_a_changed_body_is_read_anew(server: HttpServer, clock: Clock) -> None:
    source = feeds(calendar(server.url("/cal.ics")), clock=clock)
    server.put("/cal.ics", BODY, etag='"1"')
    source.view(WINDOW)
    server.put("/cal.ics", OTHER, etag='"2"')
    clock.later(minutes=31)
    assert starts(source.view(WINDOW)) == ["04 09:00"]


def test_a_caller_may_ask_for_a_fresher_copy(server: HttpServer, clock: Clock) -> None:
    source = feeds(calendar(server.url("/cal.ics")), clock=clock)
    server.put("/cal.ics", BODY)
    source.view(WINDOW)
    server.put("/cal.ics", OTHER)
    clock.later(seconds=61)
    assert starts(source.view(WINDOW, max_age=60)) == ["04 09:00"]


def test_gzip_basic_auth_and_a_secret_address(server: HttpServer, clock: Clock) -> None:
    server.put("/cal.ics", BODY, gzip=True, login=("robin", "p:w ä"))
    locked = replace(calendar(SecretSource(env="URL")), username="robin", password=SecretSource(env="PASSWORD"))
    source = feeds(locked, clock=clock, URL=server.url("/cal.ics"), PASSWORD="p:w ä")
    assert starts(source.view(WINDOW)) == ["03 14:00"]
    in_address = server.url("/cal.ics").replace("://", "://robin:p%3Aw%20%C3%A4@")
    assert feeds(calendar(in_address), clock=clock).view(WINDOW).known


def test_a_file_is_a_feed_too(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "cal.ics"
    path.write_bytes(BODY)
    source = feeds(calendar(str(path)), clock=clock)
    assert starts(source.view(WINDOW)) == ["03 14:00"]
    path.write_bytes(OTHER)
    clock.later(minutes=31)
    assert starts(source.view(WINDOW)) == ["04 09:00"]
    path.unlink()
    clock.later(minutes=31)
    assert not source.view(WINDOW).known


def test_redirects_are_followed_five_times_and_the_login_stays_at_home(server: HttpServer, clock: Clock) -> None:
    for hop in range(7):
        server.redirect(f"/{hop}", f"/{hop + 1}")
    server.put("/5", BODY)
    assert feeds(calendar(server.url("/0")), clock=clock).view(WINDOW).known
    server.redirect("/5", "/6")
    server.put("/6", BODY)
    view = feeds(calendar(server.url("/0")), clock=clock).view(WINDOW)
    assert not view.known
    assert "redirects more than 5 times" in view.detail
    with HttpServer() as elsewhere:
        elsewhere.put("/cal.ics", BODY)
        server.redirect("/away", elsewhere.url("/cal.ics"))
        away = feeds(calendar(server.url("/away").replace("://", "://robin:secret@")), clock=clock)
        assert away.view(WINDOW).known
        assert "authorization" in server.requests[-1].headers
        assert "authorization" not in elsewhere.requests[-1].headers


# --- never "free" by mistake --------------------------------------------------------------------------------------

_LOGIN = b"<!doctype html><html><title>Please log in</title></html>"


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        ({"body": _LOGIN, "content_type": "text/html"}, "broken", "web page"),
        ({"body": BODY[:-20]}, "broken", "cut off"),
        ({"body": b""}, "broken", "nothing at all"),
        ({"body": BODY, "length": len(BODY) + 50}, "unavailable", "cut off"),
        ({"body": b"", "status": 500}, "unavailable", "500"),
        ({"body": b"", "status": 404}, "unavailable", "404"),
        ({"body": BODY, "status": 401}, "unavailable", "login"),
        ({"body": BODY, "status": 206}, "unavailable", "206"),
        ({"body": BODY, "headers": {"Content-Encoding": "br"}}, "unavailable", "encoding"),
        ({"body": gzip.compress(BODY)[:-9], "headers": {"Content-Encoding": "gzip"}}, "unavailable", "cut off"),
        ({"body": b"no gzip", "headers": {"Content-Encoding": "gzip"}}, "unavailable", "cannot be read"),
    ],
)
def test_an_answer_that_is_no_whole_calendar_is_never_free(
    server: HttpServer, clock: Clock, answer: dict[str, object], state: str, words: str
) -> None:
    server.put("/cal.ics", **answer)  # type: ignore[arg-type] # keywords of Answer
    source = feeds(calendar(server.url("/cal.ics")), clock=clock)
    view = source.view(WINDOW)
    assert (view.known, view.fetched_at) == (False, None)
    assert words in view.detail
    (health,) = source.health()
    assert (health.state, health.ok) == (state, False)


def test_an_empty_calendar_is_known_and_called_empty(server: HttpServer, clock: Clock) -> None:
    server.put("/cal.ics", feed())
    source = feeds(calendar(server.url("/cal.ics")), clock=clock)
    assert source.view(WINDOW).known
    assert [(item.state, item.ok) for item in source.health()] == [("empty", True)]


def test_a_copy_that_is_too_old_is_stale_and_its_age_is_told(server: HttpServer, clock: Clock) -> None:
    source = feeds(calendar(server.url("/cal.ics")), clock=clock)
    server.put("/cal.ics", BODY)
    source.view(WINDOW)
    server.put("/cal.ics", b"", status=503)
    clock.later(minutes=40)
    view = source.view(WINDOW)
    assert (view.known, starts(view), view.fetched_at) == (False, ["03 14:00"], NOW)
    assert "40 min old" in view.detail
    (health,) = source.health()
    assert (health.state, health.age_seconds, health.ok) == ("stale", 2400, False)


def test_a_login_page_over_a_good_copy_is_broken(server: HttpServer, clock: Clock) -> None:
    source = feeds(calendar(server.url("/cal.ics")), clock=clock)
    server.put("/cal.ics", BODY)
    source.view(WINDOW)
    server.put("/cal.ics", _LOGIN)
    clock.later(minutes=40)
    assert not source.view(WINDOW).known
    assert source.health()[0].state == "broken"


def test_who_allows_stale_copies_gets_them_for_so_long_but_not_for_sending(server: HttpServer, clock: Clock) -> None:
    patient = replace(calendar(server.url("/cal.ics")), allow_stale=timedelta(hours=2))
    source = feeds(patient, clock=clock)
    server.put("/cal.ics", BODY)
    source.view(WINDOW)
    server.put("/cal.ics", b"", status=503)
    clock.later(hours=2)
    assert source.view(WINDOW).known
    assert not source.view(WINDOW, max_age=60).known
    clock.later(hours=1)
    assert not source.view(WINDOW).known


def test_a_feed_that_failed_is_left_alone_for_a_moment(server: HttpServer, clock: Clock) -> None:
    source = feeds(calendar(server.url("/none.ics")), clock=clock)
    source.view(WINDOW)
    source.view(WINDOW)
    source.refresh()
    assert len(server.requests) == 1
    clock.later(seconds=31)
    source.refresh()
    assert len(server.requests) == 2


def test_one_bad_feed_never_stops_the_rest(server: HttpServer, clock: Clock) -> None:
    bad, good = calendar(server.url("/none.ics"), "bad"), calendar(server.url(f"/{SECRET}/cal.ics"), "good")
    locked = calendar(SecretSource(env="MISSING"), "locked")
    source = feeds(bad, locked, good, clock=clock)
    view = source.view(WINDOW)
    assert (view.known, starts(view)) == (False, ["03 14:00"])
    assert 'calendar "bad"' in view.detail
    assert 'calendar "locked"' in view.detail
    assert [item.state for item in source.health()] == ["unavailable", "unavailable", "fresh"]


def test_without_any_feed_nothing_is_busy(clock: Clock) -> None:
    assert feeds(clock=clock).view(WINDOW) == CalendarView()


# --- TLS ----------------------------------------------------------------------------------------------------------


def test_https_and_webcal_want_a_certificate_that_is_trusted(
    tls: Certificate, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HttpServer(tls) as server:
        server.put("/cal.ics", BODY)
        url = server.url("/cal.ics")
        untrusted = feeds(calendar(url), clock=clock).view(WINDOW)
        assert not untrusted.known
        assert "certificate" in untrusted.detail
        trusting = ssl.create_default_context(cafile=tls.ca_file)
        monkeypatch.setattr(feed_module, "_tls", lambda: trusting)
        assert starts(feeds(calendar(url), clock=clock).view(WINDOW)) == ["03 14:00"]
        assert feeds(calendar(url.replace("https://", "webcal://")), clock=clock).view(WINDOW).known


# --- limits -------------------------------------------------------------------------------------------------------


def test_a_large_answer_is_refused_packed_or_not(server: HttpServer, clock: Clock) -> None:
    large = feed(event("UID:1", "DESCRIPTION:" + "x" * 3_000_000))
    for packed in (False, True):
        server.put("/large.ics", large, gzip=packed)
        small = replace(calendar(server.url("/large.ics")), max_bytes=1_000_000)
        view = feeds(small, clock=clock).view(WINDOW)
        assert not view.known
        assert "max_bytes" in view.detail


@contextmanager
def dripping(piece: bytes) -> Iterator[str]:
    """A server that sends one piece again and again, always in time for a timeout per read."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            try:
                while not done.wait(0.05):
                    connection.sendall(piece)
            except OSError:
                return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/cal.ics"
    finally:
        done.set()
        thread.join()
        listener.close()


@pytest.mark.parametrize("piece", [b"H", b"HTTP/1.1 200 OK\r\nX: y\r\n"[:15]])
def test_the_timeout_is_for_the_whole_answer(clock: Clock, piece: bytes) -> None:
    with dripping(piece) as url:
        slow = replace(calendar(url), timeout=timedelta(seconds=0.3))
        begun = datetime.now(UTC)
        view = feeds(slow, clock=clock).view(WINDOW)
        assert (datetime.now(UTC) - begun).total_seconds() < 2
    assert not view.known


def test_a_body_that_drips_is_given_up(server: HttpServer, clock: Clock) -> None:
    server.put("/slow.ics", BODY, pause=0.05, piece=1)
    slow = replace(calendar(server.url("/slow.ics")), timeout=timedelta(seconds=0.3))
    assert "within" in feeds(slow, clock=clock).view(WINDOW).detail


# --- where a feed may lie -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
        "10.0.0.1",
        "192.168.1.1",
        "0.0.0.0",  # noqa: S104 - asked for, not bound to
        "127.1",
        "2130706433",
    ],
)
def test_a_private_network_is_entered_only_with_permission(server: HttpServer, clock: Clock, host: str) -> None:
    url = f"http://{host}:{server.port}/{SECRET}/cal.ics"
    view = feeds(replace(calendar(url), allow_private_networks=False), clock=clock).view(WINDOW)
    assert not view.known
    assert "private network" in view.detail or "name is unknown" in view.detail
    assert server.requests == []


def test_a_redirect_leads_into_no_private_network(
    server: HttpServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first hop counts as public here; the second is checked for itself."""
    server.redirect("/out", f"http://127.0.0.1:{server.port}/{SECRET}/cal.ics")
    checked: list[str] = []

    def only_the_first(address: str) -> bool:
        checked.append(address)
        return len(checked) == 1

    monkeypatch.setattr(feed_module, "_is_public", only_the_first)
    url = f"http://127.0.0.1:{server.port}/out"
    assert not feeds(replace(calendar(url), allow_private_networks=False), clock=clock).view(WINDOW).known
    assert [request.path for request in server.requests] == ["/out"]


@pytest.mark.parametrize(
    "target", ["file:///etc/hostname", "ftp://example.org/cal.ics", "gopher://x", "data:text/calendar,x", "http://"]
)
def test_only_http_is_spoken_on_every_hop(server: HttpServer, clock: Clock, target: str) -> None:
    server.redirect("/out", target)
    for url in (server.url("/out"), target):
        if "://" in url:
            assert not feeds(calendar(url), clock=clock).view(WINDOW).known


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("100.64.0.1", False),
        ("169.254.1.1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::", False),
        ("224.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("2002:7f00:1::", False),
        ("255.255.255.255", False),
    ],
)
def test_what_counts_as_public(address: str, public: bool) -> None:
    assert feed_module._is_public(address) is public


# --- the copy on disk ---------------------------------------------------------------------------------------------


def test_a_restart_has_an_aged_copy(server: HttpServer, clock: Clock, cache: Path) -> None:
    here = calendar(server.url(f"/{SECRET}/cal.ics"))
    feeds(here, clock=clock, cache=cache).refresh()
    server.put(f"/{SECRET}/cal.ics", b"", status=500)
    clock.later(minutes=10)
    restarted = feeds(here, clock=clock, cache=cache)
    assert (starts(view := restarted.view(WINDOW)), view.known, view.fetched_at) == (["03 14:00"], True, NOW)
    clock.later(minutes=30)
    assert not feeds(here, clock=clock, cache=cache).view(WINDOW).known
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in cache.iterdir())
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert all(SECRET.encode() not in path.read_bytes() for path in cache.iterdir())


@pytest.mark.parametrize("content", [b"{", b"", None])
def test_a_spoilt_copy_is_no_copy(server: HttpServer, clock: Clock, cache: Path, content: bytes | None) -> None:
    here = calendar(server.url(f"/{SECRET}/cal.ics"))
    for ending in (".ics", ".json"):
        feeds(here, clock=clock, cache=cache).refresh()
        (path,) = cache.glob(f"*{ending}")
        path.unlink() if content is None else path.write_bytes(content)
        assert feeds(here, clock=clock, cache=cache).view(WINDOW).known
    assert len(server.requests) == 3


def test_a_copy_of_another_address_is_not_used(server: HttpServer, clock: Clock, cache: Path) -> None:
    feeds(calendar(server.url(f"/{SECRET}/cal.ics")), clock=clock, cache=cache).refresh()
    clock.later(minutes=31)
    view = feeds(calendar(server.url("/none.ics")), clock=clock, cache=cache).view(WINDOW)
    assert (view.busy, view.known, view.fetched_at) == ((), False, None)


def test_a_copy_from_the_future_is_not_trusted(server: HttpServer, clock: Clock, cache: Path) -> None:
    here = calendar(server.url(f"/{SECRET}/cal.ics"))
    feeds(here, clock=clock, cache=cache).refresh()
    clock.later(days=-3)
    server.put(f"/{SECRET}/cal.ics", b"", status=500)
    assert not feeds(here, clock=clock, cache=cache).view(WINDOW).known


def test_threads_may_share_the_feeds_and_one_fetch_serves_all(server: HttpServer, clock: Clock) -> None:
    server.put("/slow.ics", BODY, delay=0.1)
    source = feeds(calendar(server.url("/slow.ics")), clock=clock)
    views: list[CalendarView] = []
    threads = [threading.Thread(target=lambda: views.append(source.view(WINDOW))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [starts(view) for view in views] == [["03 14:00"]] * 4
    assert len(server.requests) == 1


# --- secrets ------------------------------------------------------------------------------------------------------


def test_nothing_of_an_address_is_ever_told(server: HttpServer, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    server.redirect(f"/{SECRET}/loop", f"/{SECRET}/loop")
    server.put(f"/{SECRET}/html", _LOGIN)
    private = replace(calendar(server.url(f"/{SECRET}/x")), allow_private_networks=False)
    addresses = [
        *(server.url(f"/{SECRET}/{name}?token={SECRET}") for name in ("none", "loop")),
        server.url(f"/{SECRET}/html"),
        f"http://robin:{SECRET}@127.0.0.1:1/{SECRET}",
        f"http://[{SECRET}/x",
        f"http://127.0.0.1:notaport/{SECRET}",
        f"ftp://{SECRET}/x",
        f"/nowhere/{SECRET}.ics",
    ]
    for here in [*map(calendar, addresses), private]:
        source = feeds(here, clock=clock)
        view = source.view(WINDOW)
        assert not view.known
        assert 'calendar "private"' in view.detail
        assert SECRET not in view.detail + repr(source.health()) + caplog.text


def test_warnings_of_a_feed_are_told_without_titles(server: HttpServer, clock: Clock) -> None:
    zoned = event("UID:1", "SUMMARY:Doctor", "DTSTART;TZID=Middle Earth:20261203T150000", "DURATION:PT1H")
    server.put("/cal.ics", feed(zoned, component("VFREEBUSY", "UID:2")))
    source = feeds(calendar(server.url("/cal.ics")), clock=clock)
    source.view(WINDOW)
    (health,) = source.health()
    assert "Middle Earth" in health.detail
    assert "Doctor" not in health.detail
