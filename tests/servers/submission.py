"""A submission server (aiosmtpd) on loopback that wants TLS and AUTH, keeps what it accepts, and fails on request.

::

    with SubmissionServer(certificate, tls="starttls") as server:
        server.script("RCPT", "550 5.1.1 no such user", when=lambda argument: "bob@" in argument)
        server.script("END", "451 4.3.0 try later", times=1)
        ...
        server.received[0].raw

`script(verb, answer)`: the answer to EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, CONTENT (after the 354, when the text
comes) or END (the final dot; the message is *not* kept unless the answer is `LOSE`). Besides a reply line an answer
may be `CUT` (hang up instead of answering), `LOSE` (END only: accept the message, then hang up) or `HANG` (never
answer). Login is `USERNAME` with `PASSWORD`, or XOAUTH2/OAUTHBEARER with a token of `tokens`.
"""

from __future__ import annotations

import asyncio
import base64
import re
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Self

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from aiosmtpd.smtp import Envelope, Session

    from raincheck.demo.certificate import Certificate

USERNAME = "robin@example.net"
PASSWORD = 'sübmission "password"'

CUT = "hang up"
LOSE = "accept, then hang up"
HANG = "say nothing"

Verb = Literal["EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "CONTENT", "END"]


@dataclass(frozen=True, slots=True)
class Received:
    """One accepted message with its envelope."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    options: tuple[str, ...]  # of MAIL FROM
    at: float = field(default_factory=time.time)  # Unix time


@dataclass
class _Line:
    verb: Verb
    answer: str
    when: Callable[[str], bool]
    left: int


class SubmissionServer:
    """One running server; see the module. `verbs` lists every command line word it was given."""

    def __init__(
        self,
        certificate: Certificate,
        *,
        tls: Literal["implicit", "starttls", "none"] = "starttls",
        without: tuple[str, ...] = (),
    ) -> None:
        self.received: list[Received] = []
        self.verbs: list[str] = []
        self.logins = 0
        self.tokens: set[str] = {"fresh-token"}
        self.tls = tls
        self.without = without  # EHLO keywords not to offer, e.g. "8BITMIME"
        self.accepted: Callable[[bytes], None] = lambda raw: None  # called with each message before it is answered
        self.mechanisms_off: tuple[str, ...] = ()  # SASL mechanisms not to offer
        self.certificate = certificate
        self._script: list[_Line] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def script(
        self, verb: Verb, answer: str, *, when: Callable[[str], bool] = lambda argument: True, times: int = 1_000_000
    ) -> None:
        """Answers so from now on (`times` times) where `when` holds for the command's argument."""
        self._script.append(_Line(verb, answer, when, times))

    def scripted(self, verb: Verb, argument: str = "") -> str | None:
        """The answer that the script has for this command; counts as used."""
        for line in self._script:
            if line.verb == verb and line.left and line.when(argument):
                line.left -= 1
                return line.answer
        return None

    async def _listen(self) -> int:
        implicit = self.certificate.server_context() if self.tls == "implicit" else None
        self._server = await self._loop.create_server(lambda: _Session(self), "127.0.0.1", 0, ssl=implicit)
        return int(self._server.sockets[0].getsockname()[1])

    async def _hang_up(self) -> None:
        self._server.close()
        current = asyncio.current_task()
        sessions = [task for task in asyncio.all_tasks() if task is not current]
        for task in sessions:
            task.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)
        await asyncio.sleep(0)


class _Handler:
    """What aiosmtpd calls for logins and finished messages."""

    def __init__(self, server: SubmissionServer) -> None:
        self._server = server

    async def handle_EHLO(
        self, session: SMTP, state: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        state.host_name = hostname
        return [self._less(line) for line in responses if not line[4:].startswith(self._server.without or "\0")]

    def _less(self, line: str) -> str:
        words = [word for word in line.split(" ") if word not in self._server.mechanisms_off]
        return " ".join(words)

    async def handle_DATA(self, session: SMTP, state: Session, envelope: Envelope) -> str:
        answer = self._server.scripted("END")
        if answer in (None, LOSE):
            self._server.received.append(
                Received(
                    envelope.mail_from or "",
                    tuple(envelope.rcpt_tos),
                    envelope.original_content or b"",
                    tuple(envelope.mail_options),
                )
            )
            await self._server._loop.run_in_executor(None, self._server.accepted, envelope.original_content or b"")
        if answer is None:
            return "250 2.0.0 accepted as 1AB"
        if answer in (CUT, LOSE):
            await _hang_up(session)
        if answer == HANG:
            await asyncio.Event().wait()
        return answer

    async def auth_XOAUTH2(self, session: SMTP, arguments: list[str]) -> AuthResult:
        return await self._token(session, arguments, rb"user=([^\x01]*)\x01auth=Bearer ([^\x01]*)\x01\x01")

    async def auth_OAUTHBEARER(self, session: SMTP, arguments: list[str]) -> AuthResult:
        return await self._token(
            session, arguments, rb"n,a=([^,]*),\x01(?:[^\x01]*\x01)*?auth=Bearer ([^\x01]*)\x01\x01"
        )

    async def _token(self, session: SMTP, arguments: list[str], form: bytes) -> AuthResult:
        said = re.fullmatch(form, base64.b64decode(arguments[1]))
        good = said is not None and said[1].decode() == USERNAME and said[2].decode() in self._server.tokens
        if not good:
            await session.challenge_auth(b'{"status":"400"}')
        return AuthResult(success=good, handled=False)

    def login(self, session: SMTP, state: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self._server.logins += 1
        good = (data.login.decode(), data.password.decode()) == (USERNAME, PASSWORD)
        return AuthResult(success=good, handled=False)


class _Session(SMTP):
    """One connection: the script goes before aiosmtpd's own answers."""

    def __init__(self, server: SubmissionServer) -> None:
        self._server = server
        handler = _Handler(server)
        super().__init__(
            handler,
            hostname="submission.example",
            loop=server._loop,
            tls_context=server.certificate.server_context() if server.tls == "starttls" else None,
            require_starttls=server.tls == "starttls",
            auth_require_tls=server.tls == "starttls",
            authenticator=handler.login,
            enable_SMTPUTF8="SMTPUTF8" not in server.without,
        )

    async def _answered(self, verb: Verb, argument: str | None) -> bool:
        """True when the script answered this command."""
        self._server.verbs.append(verb)
        answer = self._server.scripted(verb, argument or "")
        if answer == CUT:
            await _hang_up(self)
        elif answer == HANG:
            await asyncio.Event().wait()
        elif answer is not None:
            await self.push(answer)
        return answer is not None

    async def smtp_EHLO(self, arg: str) -> None:
        if not await self._answered("EHLO", arg):
            await super().smtp_EHLO(arg)

    async def smtp_STARTTLS(self, arg: str) -> None:
        if not await self._answered("STARTTLS", arg):
            await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str) -> None:
        if not await self._answered("AUTH", arg):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:
        if await self._answered("MAIL", arg):
            return
        if self.session is None or not self.session.authenticated:
            await self.push("530 5.7.0 Authentication required")
            return
        await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        if not await self._answered("RCPT", arg):
            await super().smtp_RCPT(arg)

    async def smtp_RSET(self, arg: str) -> None:
        self._server.verbs.append("RSET")
        await super().smtp_RSET(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if await self._answered("DATA", arg):
            return
        answer = self._server.scripted("CONTENT")
        if answer is None:
            await super().smtp_DATA(arg)
            return
        await self.push("354 go on")
        await self._reader.read(1)
        if answer == HANG:
            await asyncio.Event().wait()
        if answer != CUT:
            await self.push(answer)
        await _hang_up(self)


async def _hang_up(session: SMTP) -> None:
    assert isinstance(session.transport, asyncio.WriteTransport)
    session.transport.close()
    await asyncio.Event().wait()  # until aiosmtpd cancels the session of the closed line
