"""The demo's stage: an IMAP server, a submission server, a calendar, a configuration, all in one temporary folder."""

from __future__ import annotations

import secrets
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from raincheck.adapters.imap import ImapAccount
from raincheck.adapters.secrets import SystemSecrets
from raincheck.core.settings import Account, SecretSource, Server
from raincheck.demo import sample
from raincheck.demo.dovecot import Dovecot, installed
from raincheck.demo.sink import Sink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from raincheck.demo.sample import Sample

_CONFIG = """\
[me]
name = "{name}"
addresses = ["{address}"]
timezone = "Europe/Berlin"
languages = ["en", "de"]
signature = "{name}"

[accounts.demo]
address = "{address}"
username = "{username}"
imap = {{ host = "127.0.0.1", port = {imap_port}, tls = "none" }}
smtp = {{ host = "127.0.0.1", port = {smtp_port}, tls = "none" }}
password = {{ file = "password" }}

[[calendar]]
name = "private"
url = "calendar.ics"

[availability]
duration = 45

[availability.hours]
mon = ["09:00-12:00", "13:00-17:00"]
tue = ["09:00-12:00", "13:00-17:00"]
wed = ["09:00-12:00", "13:00-17:00"]
thu = ["09:00-12:00", "13:00-17:00"]
fri = ["09:00-15:00"]

[approval]
undo = "{undo}"

[notes]
brief = ""

{rules}"""

USERNAME = "robin"


@dataclass(frozen=True, slots=True)
class Stage:
    """What the demo plays on; everything is gone when it ends."""

    folder: Path
    server: str  # "Dovecot" or "pymap"
    imap_port: int
    password: str
    sink: Sink
    samples: tuple[Sample, ...]

    @property
    def config(self) -> Path:
        """The configuration that the service reads."""
        return self.folder / "config.toml"


@contextmanager
def stage(now: datetime, *, undo: str) -> Iterator[Stage]:
    """Starts the servers and delivers the sample mails."""
    password = secrets.token_urlsafe(9)
    with ExitStack() as stack:
        # Short: the paths of Dovecot's sockets are limited to 107 bytes.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="raincheck-", ignore_cleanup_errors=True)))
        sink = stack.enter_context(Sink(USERNAME, password))
        server, imap_port = _imap_server(stack, folder, password)
        _write_configuration(folder, password, imap_port, sink.port, undo, now)
        samples = sample.mails(now)
        _deliver(imap_port, folder, samples)
        yield Stage(folder, server, imap_port, password, sink, samples)


def _imap_server(stack: ExitStack, folder: Path, password: str) -> tuple[str, int]:
    """Dovecot where it is installed, else pymap; name and port."""
    if installed() is not None:
        from raincheck.demo.certificate import make_certificate

        home = folder / "imap"
        home.mkdir()
        folder.chmod(0o711)
        dovecot = stack.enter_context(Dovecot(home, make_certificate(home)))
        dovecot.add_user(USERNAME, password)
        return "Dovecot", dovecot.imap_port
    from raincheck.demo.pymap_server import PymapServer

    pymap = stack.enter_context(PymapServer())
    pymap.add_user(USERNAME, password)
    return "pymap", pymap.port


def _write_configuration(folder: Path, password: str, imap_port: int, smtp_port: int, undo: str, now: datetime) -> None:
    secret = folder / "password"
    secret.touch(mode=0o600)
    secret.write_text(password + "\n", "utf-8")
    (folder / "calendar.ics").write_bytes(sample.calendar(now))
    (folder / "config.toml").write_text(
        _CONFIG.format(
            name=sample.ME,
            address=sample.ADDRESS,
            username=USERNAME,
            imap_port=imap_port,
            smtp_port=smtp_port,
            undo=undo,
            rules=sample.RULES,
        ),
        "utf-8",
    )


def _deliver(port: int, folder: Path, samples: tuple[Sample, ...]) -> None:
    """Puts the sample mails into INBOX, as the world would."""
    account = client(port, folder)
    try:
        for name in ("Drafts", "Sent", "Trash"):
            account.ensure_folder(name)
        for mail in samples:
            account.append("INBOX", mail.raw, [])
    finally:
        account.close()


def client(port: int, folder: Path) -> ImapAccount:
    """A connection of the person's own, beside the service: what their mail client would be."""
    server = Server("127.0.0.1", port, "none")
    secret = SecretSource(file=str(folder / "password"))
    return ImapAccount(Account("client", sample.ADDRESS, server, server, USERNAME, secret), SystemSecrets())
