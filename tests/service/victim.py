"""A service over real servers that kills itself (SIGKILL) right before its Nth effect; run in a process of its own."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from raincheck import assets
from raincheck.adapters.imap import ImapAccount
from raincheck.adapters.ledger import SqliteLedger
from raincheck.adapters.smtp import SmtpSubmission
from raincheck.service import mailpass
from raincheck.service.session import Session
from tests.fakes.secrets import FixedSecrets
from tests.service.desk import SETTINGS, FixedCalendar, lexica

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from raincheck.core.model import Period
    from raincheck.core.settings import Account

LEXICA = lexica()  # compiled once, before the processes are forked
TEMPLATES = assets.templates()
_WRITING = {
    "append", "add_flags", "remove_flags", "expunge", "ensure_folder",
    "submit",
    "set_watermark", "record_mail", "save_case", "save_entry", "set_holds", "record_answer", "save_note", "set_health",
    "set_value",
}  # fmt: skip


@dataclass(frozen=True)
class Task:
    """What a victim is to do."""

    account: Account
    imap_password: str
    smtp_password: str
    busy: tuple[Period, ...]
    state: Path
    now: datetime
    passes: int
    kill_at: int | None  # None: live
    me: str


class _Countdown:
    def __init__(self, kill_at: int | None) -> None:
        self._left = kill_at
        self.depth = 0

    def effect(self) -> None:
        if self._left is None or self.depth:
            return
        self._left -= 1
        if self._left < 0:
            os.kill(os.getpid(), signal.SIGKILL)


class _Counted:
    """Hands everything on; every writing call counts as an effect, a transaction as one."""

    def __init__(self, real: Any, countdown: _Countdown) -> None:
        self._real = real
        self._countdown = countdown

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if name not in _WRITING:
            return found

        def counted(*arguments: Any, **keywords: Any) -> Any:
            self._countdown.effect()
            return found(*arguments, **keywords)

        return counted

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._real.transaction():
            self._countdown.depth += 1
            try:
                yield
            finally:
                self._countdown.depth -= 1
            self._countdown.effect()
        self._countdown.effect()


def live(task: Task) -> None:
    """So many passes, a minute apart; ends by SIGKILL where the task says so."""
    countdown = _Countdown(task.kill_at)
    clock = {"now": task.now}
    settings = replace(SETTINGS, accounts=(task.account,), me=replace(SETTINGS.me, addresses=(task.me,)))
    mail: Any = _Counted(ImapAccount(task.account, FixedSecrets(task.imap_password)), countdown)
    submission: Any = _Counted(SmtpSubmission(task.account, FixedSecrets(task.smtp_password)), countdown)
    ledger: Any = _Counted(SqliteLedger(task.state / "ledger.sqlite3"), countdown)
    tokens = count(os.getpid() * 1000)
    session = Session(
        settings=settings,
        account=task.account,
        mail=mail,
        submission=submission,
        ledger=ledger,
        calendars=FixedCalendar(list(task.busy)),
        lexica=LEXICA,
        templates=TEMPLATES,
        folder_names=assets.folder_names(),
        clock=lambda: clock["now"],
        token=lambda: f"victim{next(tokens)}",
    )
    for _ in range(task.passes):
        mailpass.run(session)
        clock["now"] += timedelta(minutes=1)
    session.mail.close()
    session.ledger.close()
