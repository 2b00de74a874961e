"""Joins configuration, adapters and service: the one place that knows them all."""

from __future__ import annotations

import gc
import logging
import os
import re
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from raincheck import assets
from raincheck.adapters.feed import Feeds
from raincheck.adapters.imap import ImapAccount
from raincheck.adapters.ledger import SqliteLedger
from raincheck.adapters.publish import publish
from raincheck.adapters.secrets import SystemSecrets
from raincheck.adapters.smtp import SmtpSubmission
from raincheck.cli import remedies
from raincheck.core.reading.lexicon import Lexica
from raincheck.errors import LedgerError
from raincheck.service.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from raincheck.core.settings import Account, Settings
    from raincheck.ports import Ledger


_NEW_OBJECTS = 10_000  # made and kept until the garbage collector looks through them; Python's own 700 are a few mails


def now() -> datetime:
    """The time of day, in UTC."""
    return datetime.now(UTC)


def state_path(environ: Mapping[str, str]) -> Path:
    """Where the ledger lies: $STATE_DIRECTORY (systemd), else the XDG state home."""
    from platformdirs import user_state_path

    given = environ.get("STATE_DIRECTORY", "").partition(":")[0]
    return Path(given) if given else user_state_path("raincheck")


def state_folder(environ: Mapping[str, str]) -> Path:
    """The state folder, made when missing, mode 0700."""
    folder = state_path(environ)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def settle() -> None:
    """Spares the garbage collector what a process that goes on keeps anyway: the words to read with, through which it
    would look for as long as ten mails take, and what readings leave, which holds no cycles."""
    gc.unfreeze()  # what a new configuration replaced may go
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)


@dataclass(frozen=True, slots=True)
class Workshop:
    """Everything that the accounts share; makes one Session an account."""

    settings: Settings
    state: Path | None  # None: a dry run, which keeps nothing
    feeds: Feeds
    lexica: Lexica
    templates: Mapping[str, str]
    folder_names: Mapping[str, tuple[str, ...]]
    clock: Callable[[], datetime]

    @classmethod
    def open(cls, settings: Settings, state: Path | None, clock: Callable[[], datetime] = now) -> Workshop:
        """Loads data and templates, and prepares the feeds; nothing is fetched yet."""
        own_templates = Path(settings.template_folder) if settings.template_folder else None
        own_reading = Path(settings.reading_folder) if settings.reading_folder else None
        return cls(
            settings=settings,
            state=state,
            feeds=feeds(settings, state / "calendars" if state else None, clock),
            lexica=Lexica.from_data(assets.reading_data(own_reading)),
            templates=assets.templates(own_templates),
            folder_names=assets.folder_names(),
            clock=clock,
        )

    def ledger(self) -> SqliteLedger:
        """The ledger, opened for the calling thread; of a dry run an empty one in memory."""
        return SqliteLedger(self.state / "ledger.sqlite3" if self.state else None)

    def session(
        self, account: Account, beat: Callable[[], None] = lambda: None, *, ledger: Ledger | None = None
    ) -> Session:
        """One account ready for passes; to be made in the thread that will use it."""
        secret_source = SystemSecrets()
        return Session(
            settings=self.settings.of(account),
            account=account,
            mail=ImapAccount(account, secret_source),
            submission=SmtpSubmission(account, secret_source),
            ledger=ledger or self.ledger(),
            calendars=self.feeds,
            lexica=self.lexica,
            templates=self.templates,
            folder_names=self.folder_names,
            clock=self.clock,
            token=lambda: secrets.token_hex(16),
            beat=beat,
            told=partial(remedies.told_of, self.settings.accounts),
            publish=partial(publish, self.state / "holds.ics") if self.state else lambda _: None,
        )


def feeds(settings: Settings, cache: Path | None, clock: Callable[[], datetime] = now) -> Feeds:
    """The person's calendars."""
    return Feeds(
        settings.calendars,
        SystemSecrets(),
        cache=cache,
        tz=settings.me.timezone,
        me=settings.me.addresses,
        clock=clock,
        tentative=settings.availability.tentative,
    )


def ledger_for_reading(environ: Mapping[str, str]) -> SqliteLedger | None:
    """The ledger, if there is one already; a command that only looks makes none."""
    path = state_path(environ) / "ledger.sqlite3"
    return SqliteLedger(path) if path.is_file() else None


@contextmanager
def only_instance(state: Path) -> Iterator[None]:
    """One instance a state folder: IMAP has no mutual exclusion, so two would write and send twice."""
    lock = FileLock(state / "lock", mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise LedgerError(
            f"{state}: another raincheck is running with this state folder. "
            "Stop it first (systemctl --user stop raincheck), or give this one its own folder in $XDG_STATE_HOME."
        ) from None
    try:
        yield
    finally:
        lock.release()


class _Discreet(logging.Formatter):
    """Leaves out what a log must not keep: addresses and URLs, which servers like to repeat in their answers."""

    _PERSONAL = re.compile(
        r"\b[a-z][a-z0-9+.-]{1,20}://[^\s<>\"']+|[^\s<>@\"'(,;]{1,256}@[^\s<>@\"'),;:]{1,256}", re.IGNORECASE
    )

    def format(self, record: logging.LogRecord) -> str:
        return self._PERSONAL.sub("…", super().format(record))


def log_to_stderr(*, debug: bool) -> None:
    """One line an event; times are left to the journal when systemd listens."""
    form = "%(levelname)s %(message)s" if "JOURNAL_STREAM" in os.environ else "%(asctime)s %(levelname)s %(message)s"
    stderr = logging.StreamHandler()
    stderr.setFormatter(_Discreet(form))
    logging.basicConfig(handlers=[stderr], level=logging.DEBUG if debug else logging.INFO)
    for chatty in ("imapclient", "httpx", "httpcore", "apscheduler", "aiosmtplib", "asyncio", "mail.log"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
