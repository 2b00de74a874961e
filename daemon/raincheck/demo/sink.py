"""A submission server on loopback that demands a login and keeps what it is given: nothing leaves this machine."""

from __future__ import annotations

import asyncio
import logging
import threading
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

if TYPE_CHECKING:
    from types import TracebackType

    from aiosmtpd.smtp import Envelope, Session


@dataclass(frozen=True, slots=True)
class Sent:
    """One message as it left: envelope and bytes."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes


class Sink:
    """One running server on `port`; what it accepted is in `messages`."""

    def __init__(self, username: str, password: str) -> None:
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd's own words about having no TLS
        self.messages: list[Sent] = []
        self.port = 0
        self._login = (username.encode(), password.encode())
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> int:
        def session() -> SMTP:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # no TLS: a mail client on this machine connects at once
                return SMTP(
                    self,
                    hostname="localhost",
                    loop=self._loop,
                    auth_required=True,
                    auth_require_tls=False,
                    authenticator=self._authenticate,
                    enable_SMTPUTF8=True,
                )

        self._server = await self._loop.create_server(session, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def _close(self) -> None:
        self._server.close()
        current = asyncio.current_task()
        sessions = [task for task in asyncio.all_tasks() if task is not current]
        for task in sessions:
            task.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)

    def _authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == self._login
        return AuthResult(success=good, handled=False)  # aiosmtpd answers: 535 where it is not good

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Called by aiosmtpd with each finished message."""
        raw = envelope.original_content or b""
        self.messages.append(Sent(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw))
        return "250 2.0.0 kept"
