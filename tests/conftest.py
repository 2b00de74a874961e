"""Fixtures for all tests; the servers behind them are described in tests/servers.

The whole suite runs far from UTC (Asia/Kathmandu, +05:45, no DST), so that nothing works by luck of the machine's
zone, and with connections to anything but loopback refused.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from ipaddress import ip_address
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from raincheck.demo.certificate import Certificate, make_certificate
from raincheck.demo.dovecot import installed
from tests.servers.cyrus import Cyrus
from tests.servers.dovecot import PASSWORD, OAuthDovecot
from tests.servers.http import HttpServer
from tests.servers.imap import CYRUS, DOVECOT, SERVERS
from tests.servers.mailbox import Mailbox
from tests.servers.postfix import Postfix
from tests.servers.postfix import installed as postfix_installed
from tests.servers.proxy import Proxy
from tests.servers.submission import SubmissionServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raincheck.demo.pymap_server import PymapServer
    from tests.servers.imap import Layout

os.environ["TZ"] = "Asia/Kathmandu"
time.tzset()
os.environ.pop("RAINCHECK_CONFIG", None)  # commands that can do without a configuration would find the developer's
os.environ["XDG_CONFIG_HOME"] = "/nowhere"

_users = count(1)
PYMAP_PASSWORD = "pymap password"


def _loopback(host: object) -> bool:
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    try:
        return ip_address(host.decode() if isinstance(host, bytes) else str(host)).is_loopback
    except ValueError:
        return False


def _numeric(host: object) -> bool:
    try:
        ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return True


def _refuse_the_network(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook (PEP 578): no test may depend on, or talk to, anything outside this machine."""
    if event == "socket.getaddrinfo" and not (_loopback(arguments[0]) or _numeric(arguments[0])):
        raise socket.gaierror(socket.EAI_NONAME, f"tests look up no names: {arguments[0]!r}")
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        if isinstance(address, tuple) and not _loopback(address[0]):
            raise ConnectionRefusedError(f"tests connect to loopback alone, not to {address[0]!r}")


sys.addaudithook(_refuse_the_network)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write what golden files should hold, instead of comparing")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """`golden(path, actual)`: the file holds exactly this text. `--accept` writes it; review the diff like code."""

    def compare(path: Path, actual: str) -> None:
        if request.config.getoption("--accept"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(actual, "utf-8")
        elif not path.exists():
            pytest.fail(f"{path} is missing; run pytest with --accept and review what it writes:\n{actual}")
        else:
            assert actual == path.read_text("utf-8"), f"differs from {path} (--accept takes the new text)"

    return compare


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate for localhost and the authority that vouches for it."""
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="session")
def dovecot(tls: Certificate) -> Iterator[OAuthDovecot]:
    """A real Dovecot, one for the session; tests want `mailbox` instead."""
    if installed() is None:
        _not_here("Dovecot is not installed (apt-get install dovecot-imapd dovecot-lmtpd)")
    with _short_folder("dovecot-") as folder, OAuthDovecot(folder, tls) as server:
        yield server


@pytest.fixture(scope="session")
def cyrus(tls: Certificate) -> Iterator[Cyrus]:
    """A real Cyrus, one for the session; tests want `mailbox` on every server instead."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a folder of its own is made there
    with _short_folder("cyrus-") as folder, _short_folder("cyrus-", memory) as store:
        server = Cyrus(folder, tls, store)
        try:
            server.start()
            yield server
        except TimeoutError:
            _not_here(f"Cyrus does not start: {server.log()}")
        finally:
            server.stop()


@pytest.fixture(scope="session")
def postfix(tls: Certificate, dovecot: OAuthDovecot) -> Iterator[Postfix]:
    """A real Postfix that delivers to `dovecot`, one for the session."""
    with _short_folder("postfix-") as folder, Postfix(folder, tls, dovecot) as server:
        yield server


def _not_here(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def _short_folder(prefix: str, parent: str | None = None) -> Iterator[Path]:
    """A folder whose name is short: the paths of sockets in it are limited to 107 bytes."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def new_mailbox(request: pytest.FixtureRequest, tls: Certificate) -> Iterator[Callable[[Layout], Mailbox]]:
    """`new_mailbox(layout)`: a fresh user on that server, with INBOX, Drafts, Sent and Trash."""
    made: list[Mailbox] = []

    def make(layout: Layout) -> Mailbox:
        server = request.getfixturevalue(layout.server)
        user, port = f"user{next(_users)}", getattr(server, layout.port)
        made.append(Mailbox(user, PASSWORD, port, server.deliver, str(tls.ca_file), server.imaps_port))
        made[-1].wipe_of, made[-1].below_inbox = server.wipe, layout.below_inbox
        return made[-1]

    yield make
    for mailbox in made:
        for account in mailbox.opened:
            account.close()


@pytest.fixture
def mailbox(request: pytest.FixtureRequest, new_mailbox: Callable[[Layout], Mailbox]) -> Mailbox:
    """A fresh user: on Dovecot, unless the test is parametrised (`tests.servers.imap`)."""
    return new_mailbox(getattr(request, "param", DOVECOT))


def pytest_report_header() -> list[str]:
    """Says which tests are left out."""
    here = {"Cyrus": CYRUS in SERVERS, "Postfix": postfix_installed()}
    return [
        f"{name} is not here (make servers): the tests on it are left out"
        for name, is_here in here.items()
        if not is_here
    ]


@pytest.fixture(scope="session")
def pymap_server() -> Iterator[PymapServer]:
    """pymap in memory, one for the session; tests want `pymap_mailbox` instead."""
    from raincheck.demo import pymap_server as pymap

    with pymap.PymapServer() as server:
        yield server


@pytest.fixture
def pymap_mailbox(pymap_server: PymapServer) -> Iterator[Mailbox]:
    """A fresh user on pymap, with Drafts, Sent and Trash created (no special-use attributes)."""
    user = f"user{next(_users)}"
    pymap_server.add_user(user, PYMAP_PASSWORD)
    made = Mailbox(user, PYMAP_PASSWORD, pymap_server.port, lambda raw, _: _append(made, raw))
    with made.client() as client:
        for folder in ("Drafts", "Sent", "Trash"):
            client.create_folder(folder)
    yield made
    for account in made.opened:
        account.close()


def _append(mailbox: Mailbox, raw: bytes) -> None:
    with mailbox.client() as client:
        client.append("INBOX", raw)


@pytest.fixture
def submission(tls: Certificate) -> Iterator[SubmissionServer]:
    """A submission server that wants STARTTLS and AUTH; fails as scripted."""
    with SubmissionServer(tls) as server:
        yield server


@pytest.fixture
def http_server() -> Iterator[HttpServer]:
    """A server for feeds over plain HTTP."""
    with HttpServer() as server:
        yield server


@pytest.fixture
def https_server(tls: Certificate) -> Iterator[HttpServer]:
    """A server for feeds over TLS, with the certificate of `tls`."""
    with HttpServer(tls) as server:
        yield server


@pytest.fixture
def proxy() -> Iterator[Callable[[int], Proxy]]:
    """`proxy(port)` puts a programmable relay in front of a loopback port."""
    with ExitStack() as stack:
        yield lambda port: stack.enter_context(Proxy(port))
