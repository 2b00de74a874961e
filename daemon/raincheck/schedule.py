"""The service's life: one thread an account, APScheduler's jobs around them, signals, and word to systemd."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
import time
from contextlib import suppress
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential_jitter

from raincheck.adapters.systemd import notify, watchdog_seconds
from raincheck.core.counted import counted
from raincheck.errors import (
    CredentialsRejected,
    LedgerError,
    MailboxChanged,
    RaincheckError,
    Refused,
    SecretError,
    Unreachable,
)
from raincheck.service import cases, mailpass
from raincheck.service.session import where

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raincheck.core.settings import Settings
    from raincheck.service.session import Session

log = logging.getLogger("raincheck")

BREATH = 60.0  # seconds between looks at Drafts, Sent and Trash when nothing wakes the account
PASS_LIMIT = 600.0  # seconds without a sign of life after which a pass counts as hung
STOP_LIMIT = 8.0  # seconds that a worker has to end after SIGTERM
FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0  # seconds of back-off


class Ending(Enum):
    """Why the service ended."""

    STOPPED = "stopped"  # SIGTERM, SIGINT
    RELOAD = "reload"  # SIGHUP
    REJECTED = "rejected"  # every account's login was refused
    FAILED = "failed"


class _Stopping(Exception):
    """The worker was asked to end while it waited."""


class Worker(threading.Thread):
    """One account's thread: pass, wait for a change, pass again. Network trouble backs off, a refused login ends it."""

    def __init__(self, name: str, open_session: Callable[[Callable[[], None]], Session]) -> None:
        super().__init__(name=f"account-{name}", daemon=True)
        self.account = name
        self.rejected = False
        self.failure: BaseException | None = None
        self._open = open_session
        self._session: Session | None = None
        self._end = threading.Event()
        self._alive_until = time.monotonic() + PASS_LIMIT

    def run(self) -> None:
        """The thread's life."""
        try:
            self._session = self._open(self.beat)
            self._work(self._session)
        except _Stopping:
            pass
        except (CredentialsRejected, SecretError) as problem:
            self.rejected = True
            self._unhealthy(problem)
        except RaincheckError as problem:
            self.failure = problem
            self._unhealthy(problem)
        except Exception as problem:  # noqa: BLE001 - the thread's last word; the service ends with it
            log.error("account %s stopped: %s", self.account, where(problem))  # noqa: TRY400 - see where()
            self.failure = problem
        finally:
            if self._session is not None:
                self._session.mail.close()
                self._session.ledger.close()

    def _work(self, session: Session) -> None:
        retrying = Retrying(
            retry=retry_if_exception_type((Unreachable, MailboxChanged, Refused)),
            wait=wait_exponential_jitter(initial=FIRST_WAIT, max=LONGEST_WAIT),
            sleep=self._pause,
            before_sleep=self._trouble,
        )
        while not self._end.is_set():
            retrying(self._round, session)

    def _round(self, session: Session) -> None:
        self.beat()
        mailpass.run(session)
        self._alive_until = time.monotonic() + BREATH + PASS_LIMIT
        session.mail.wait([*session.account.watch[:1], session.drafts], mailpass.seconds_to_rest(session, BREATH))

    def _pause(self, seconds: float) -> None:
        self._alive_until = time.monotonic() + seconds + PASS_LIMIT
        if self._end.wait(seconds):
            raise _Stopping

    def _trouble(self, state: RetryCallState) -> None:
        problem = state.outcome.exception() if state.outcome else None
        if isinstance(problem, RaincheckError):
            self._unhealthy(problem)

    def _unhealthy(self, problem: RaincheckError) -> None:
        if self._session is None:
            log.warning("account %s: %s", self.account, problem)
            return
        with suppress(LedgerError):  # it may be what is wrong; the log has it
            cases.unhealthy(self._session, str(problem), cases.cause(problem, "imap"))

    def beat(self) -> None:
        """A sign of life from the work itself."""
        self._alive_until = time.monotonic() + PASS_LIMIT
        if self._end.is_set():
            raise _Stopping

    @property
    def responsive(self) -> bool:
        """False when the account's pass hangs."""
        return not self.is_alive() or time.monotonic() < self._alive_until

    def wake(self) -> None:
        """Ends the wait for a change, so that the next pass begins at once."""
        if self._session is not None:
            self._session.mail.wake()

    def stop(self) -> None:
        """Asks the thread to end; it does at its next step."""
        self._end.set()
        self.wake()


async def serve(
    workers: Sequence[Worker], settings: Settings, refresh_feeds: Callable[[], None], clean_up: Callable[[], None]
) -> Ending:
    """Runs until a signal, or until no account is left. READY is said once the threads run; a network that is down
    must not end in a restart loop."""
    ended: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()

    def end(how: Ending) -> None:
        if not ended.done():
            ended.set_result(how)

    loop = asyncio.get_running_loop()
    for number, how in (
        (signal.SIGTERM, Ending.STOPPED),
        (signal.SIGINT, Ending.STOPPED),
        (signal.SIGHUP, Ending.RELOAD),
    ):
        loop.add_signal_handler(number, end, how)

    def watch_over() -> None:
        if all(worker.responsive for worker in workers):
            notify("WATCHDOG=1", f"STATUS={_status(workers)}")
        if not any(worker.is_alive() for worker in workers):
            end(Ending.REJECTED if all(worker.rejected for worker in workers) else Ending.FAILED)
        elif any(worker.failure for worker in workers):
            end(Ending.FAILED)

    scheduler = _jobs(settings, refresh_feeds, clean_up, watch_over, workers)
    for worker in workers:
        worker.start()
    scheduler.start()
    notify("READY=1", f"STATUS={_status(workers)}")
    log.info("running: %d accounts, %d calendars", len(workers), len(settings.calendars))
    try:
        return await ended
    finally:
        notify("STOPPING=1")
        scheduler.shutdown(wait=False)
        await asyncio.to_thread(_stop, workers)


def _jobs(
    settings: Settings,
    refresh_feeds: Callable[[], None],
    clean_up: Callable[[], None],
    watch_over: Callable[[], None],
    workers: Sequence[Worker],
) -> AsyncIOScheduler:
    """The jobs, built anew at each start; everything with a due time lives in the ledger."""
    zone = ZoneInfo(settings.me.timezone)
    scheduler = AsyncIOScheduler(timezone=zone, job_defaults={"coalesce": True, "max_instances": 1})

    async def in_thread(work: Callable[[], None]) -> None:
        try:
            await asyncio.to_thread(work)
        except RaincheckError as problem:
            log.warning("%s", problem)

    def wake_all() -> None:
        for worker in workers:
            worker.wake()

    if settings.calendars:
        oldest = min(calendar.max_age for calendar in settings.calendars).total_seconds()
        scheduler.add_job(
            in_thread,
            "interval",
            args=[refresh_feeds],
            seconds=max(30.0, oldest),
            id="feeds",
            next_run_time=datetime.now(zone),
        )
    scheduler.add_job(in_thread, "interval", args=[clean_up], hours=24, id="clean-up")
    brief = settings.notes.brief
    if brief is not None:
        scheduler.add_job(wake_all, "cron", hour=brief.hour, minute=brief.minute, id="brief")
    scheduler.add_job(watch_over, "interval", seconds=min(watchdog_seconds() or 5.0, 5.0), id="watchdog")
    return scheduler


def _status(workers: Sequence[Worker]) -> str:
    rejected = [worker.account for worker in workers if worker.rejected]
    running = sum(worker.is_alive() for worker in workers)
    said = f"{running} of {counted(len(workers), 'account')} watched"
    return f"{said}; login refused: {', '.join(rejected)}" if rejected else said


def _stop(workers: Sequence[Worker]) -> None:
    for worker in workers:
        worker.stop()
    end = time.monotonic() + STOP_LIMIT
    for worker in workers:
        if worker.is_alive():
            worker.join(max(0.0, end - time.monotonic()))
