"""pymap on loopback: an IMAP server in memory without SPECIAL-USE; a second opinion beside Dovecot.

`with PymapServer() as server: server.add_user("ann", "secret")`. Drafts, Sent and Trash do not exist
until a client creates them.
"""

from __future__ import annotations

import asyncio
import threading
from argparse import ArgumentParser
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Self

from pymap.backend.dict import DictBackend, Identity
from pymap.imap import IMAPService
from pymap.user import Passwords, UserMetadata
from pysasl.hashing import Cleartext

from raincheck.demo.ports import free_ports

if TYPE_CHECKING:
    from types import TracebackType


class PymapServer:
    """One running server on `port`, without TLS."""

    def __init__(self) -> None:
        (self.port,) = free_ports(1)
        self._loop = asyncio.new_event_loop()
        self._sessions: set[asyncio.Task[Any]] = set()
        self._loop.set_task_factory(self._kept)
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._stack = AsyncExitStack()
        self._backend: Any = None

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._start())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def add_user(self, user: str, password: str) -> None:
        """Makes the user known, with an empty INBOX."""
        self._run(self._add_user(user, password))

    def _kept(self, loop: asyncio.AbstractEventLoop, work: Any, **options: Any) -> asyncio.Task[Any]:
        """Holds on to every task: nobody else does, and a waiting session would be collected as garbage."""
        task = asyncio.Task(work, loop=loop, **options)
        self._sessions.add(task)
        task.add_done_callback(self._sessions.discard)
        return task

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _start(self) -> None:
        parser = ArgumentParser()
        parser.add_argument("--debug", action="store_true")
        IMAPService.add_arguments(parser)
        DictBackend.add_subparser("dict", parser.add_subparsers(dest="backend"))
        arguments = parser.parse_args(["--host", "127.0.0.1", "--port", str(self.port), "--no-tls", "dict"])
        arguments.passlib_cfg = None
        self._backend, config = await DictBackend.init(
            arguments,
            secure_auth=False,
            hash_context=Cleartext(),  # the users are made up: no 0.2 s a login
        )
        config.apply_context()
        await self._backend.start(self._stack)
        await IMAPService(self._backend, config).start(self._stack)

    async def _add_user(self, user: str, password: str) -> None:
        login = self._backend.login
        hashed = await Passwords(login.config).hash_password(password)
        identity = Identity(user, login, None, frozenset({"admin"}))
        await identity.set(UserMetadata(login.config, user, password=hashed))

    async def _stop(self) -> None:
        current = asyncio.current_task()
        sessions = [task for task in asyncio.all_tasks() if task is not current]
        for task in sessions:
            task.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)
        await self._stack.aclose()
