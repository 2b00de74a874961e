"""`ports.Submission` over SMTP, one connection a message.

What counts is to know afterwards whether the message was sent. Until the 354 that answers DATA it was not; after that
the answer to the final dot decides (4xx, 5xx: it was not), and where that answer is lost, nobody here can know.
"""

from __future__ import annotations

import asyncio
import base64
import re
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPResponse

from raincheck.adapters.smtp.encoding import fitted
from raincheck.adapters.smtp.failures import RAISED, refusal, translated
from raincheck.errors import CredentialsRejected, RaincheckError, Refused, Uncertain, Unreachable
from raincheck.wire import Login, login, tls_context, words

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from raincheck.core.settings import Account
    from raincheck.ports import Envelope, Secrets

_FAREWELL = 5.0  # seconds for RSET and QUIT, which nothing depends on
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\\\"@\x00-\x1f\x7f]+@[^\s<>()\[\],;:\\\"@\x00-\x1f\x7f]+")
_START_OF_DOT = re.compile(rb"^\.", re.MULTILINE)


class _Client(SMTP):
    """Closes for good: TLS would wait for the server's farewell, and the event loop does not live that long."""

    def close(self) -> None:
        transport = self.transport if self.protocol is None else self.protocol.transport
        super().close()
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()


class SmtpSubmission:
    """The submission server of one account. Must not be called from a running event loop."""

    def __init__(
        self, account: Account, secrets: Secrets, *, timeout: float = 30.0, total: float = 120.0, verdict: float = 300.0
    ) -> None:
        """Seconds: `timeout` for each answer, `total` for everything up to DATA, `verdict` for the answer to the final
        dot, while the server may be scanning the message (RFC 5321, 4.5.3.2.6 asks for patience)."""
        self._account = account
        self._secrets = secrets
        self._timeout = timeout
        self._total = total
        self._verdict = verdict
        self._server = f"{account.smtp.host}:{account.smtp.port}"

    def submit(self, envelope: Envelope, message: bytes, before_data: Callable[[], None]) -> str:
        """See `ports.Submission`."""
        return asyncio.run(self._submit(envelope, message, before_data))

    def check(self) -> str:
        """See `ports.Submission`."""
        return asyncio.run(self._check())

    async def _submit(self, envelope: Envelope, message: bytes, before_data: Callable[[], None]) -> str:
        async with self._connected() as client:
            async with self._translating():
                wire, parameters = fitted(message, envelope, client.esmtp_extensions)
                await self._address(client, envelope, parameters)
            before_data()
            async with self._translating():
                await self._begin(client)
            return await self._deliver(client, wire)

    async def _check(self) -> str:
        async with self._connected() as client:
            offered = " ".join(sorted(keyword.upper() for keyword in client.esmtp_extensions))
            return f"{self._server}: login works; offers {words(offered)}"

    # --- one transaction (RFC 5321, 3.3) --------------------------------------------------------------------------

    async def _address(self, client: SMTP, envelope: Envelope, parameters: list[str]) -> None:
        """MAIL and every RCPT. A refused recipient ends it: nobody gets the letter unless all do."""
        for address in (envelope.sender, *envelope.recipients):
            if not _ADDRESS.fullmatch(address):
                raise Refused(f"{self._server}: not an address that can be written to: {words(address)!r}")
        if not envelope.recipients:
            raise Refused(f"{self._server}: the message has no recipient")
        encoding = "utf-8" if "SMTPUTF8" in parameters else "ascii"
        await client.mail(envelope.sender, options=parameters, encoding=encoding)
        refused: list[tuple[int, str]] = []
        for address in envelope.recipients:
            reply = await client.execute_command(b"RCPT", b"TO:<" + address.encode(encoding) + b">")
            if reply.code not in (250, 251):
                refused.append((reply.code, f"{address}: {reply.code} {words(reply.message)}"))
        if refused:
            with suppress(*RAISED):
                await client.rset(timeout=_FAREWELL)
            told = "; ".join(said for _, said in refused)
            if any(code >= 500 for code, _ in refused):
                raise Refused(f"{self._server}: refused: {told}")
            raise Unreachable(f"{self._server}: not now: {told}")

    async def _begin(self, client: SMTP) -> None:
        """DATA, up to the server's 354: nothing of the message is on the line yet."""
        reply = await client.execute_command(b"DATA")
        if reply.code != 354:
            raise refusal(self._server, reply.code, reply.message)

    async def _deliver(self, client: SMTP, wire: bytes) -> str:
        """The message and the final dot; the server's last words."""
        try:
            reply = await self._verdict_on(client, _START_OF_DOT.sub(b"..", wire))
        except RAISED as problem:
            why = translated(problem, self._server)
            raise Uncertain(f"the answer to the message was lost; it may have been sent ({why})") from problem
        if 200 <= reply.code <= 299:
            return words(reply.message)
        if 400 <= reply.code <= 599:
            raise refusal(self._server, reply.code, reply.message)
        raise Uncertain(
            f"{self._server}: the answer to the message makes no sense: {reply.code} {words(reply.message)}"
        )

    async def _verdict_on(self, client: SMTP, dotted: bytes) -> SMTPResponse:
        # SMTP.data says DATA too and does not tell whether the line broke before or after the 354.
        if client.protocol is None:
            raise ConnectionResetError
        client.protocol.write(dotted + (b".\r\n" if dotted.endswith(b"\r\n") else b"\r\n.\r\n"))
        return await client.protocol.read_response(timeout=self._verdict)

    # --- the connection -------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[SMTP]:
        """A client that is logged in; leaves with QUIT, whatever happened. A stale token is fetched once more."""
        try:
            client = await self._attempt()
        except CredentialsRejected:
            if self._account.oauth2_token is None or self._account.smtp.password is not None:
                raise
            client = await self._attempt()
        try:
            yield client
        except (Unreachable, Uncertain):
            client.close()  # there is nobody to say farewell to
            raise
        finally:
            await _quit(client)

    async def _attempt(self) -> SMTP:
        server = self._account.smtp
        who = login(self._account, server, self._secrets)
        client = _Client(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls == "implicit",
            start_tls=server.tls == "starttls",
            tls_context=tls_context(server, self._account.ca_file),
            timeout=self._timeout,
            local_hostname="[127.0.0.1]",  # says nothing about the person's machine, and asks no name server
        )
        try:
            async with self._translating(who):
                await client.connect()
                await client.ehlo()
                await _log_in(client, who)
        except BaseException:
            client.close()
            await _quit(client)
            raise
        return client

    @asynccontextmanager
    async def _translating(self, who: Login | None = None) -> AsyncIterator[None]:
        """Bounds the time and translates what aiosmtplib raises, without the original where it may hold a secret."""
        try:
            async with asyncio.timeout(self._total):
                yield
        except RAISED as problem:
            if isinstance(problem, RaincheckError):  # Unreachable is a ConnectionError too
                raise
            if who is not None:
                raise translated(problem, self._server, who.secret, who.username) from None
            raise translated(problem, self._server) from problem


async def _log_in(client: SMTP, who: Login) -> None:
    """By the best mechanism that the server offers, and that one alone: each failed try counts against the account."""
    offered = client.server_auth_methods
    if who.token and "oauthbearer" in offered and "xoauth2" not in offered:
        await _oauthbearer(client, who)
    elif who.token:
        await client.auth_xoauth2(who.username, who.secret)
    elif "plain" in offered:
        await client.auth_plain(who.username, who.secret)
    elif "login" in offered:
        await client.auth_login(who.username, who.secret)
    elif "cram-md5" in offered:
        await client.auth_crammd5(who.username, who.secret)
    else:
        raise SMTPAuthenticationError(504, "the server offers no login that raincheck knows")


async def _oauthbearer(client: SMTP, who: Login) -> None:
    """RFC 7628, 3.1; on failure the server sends the reason as a challenge, to be answered with %x01."""
    identity = who.username.replace("=", "=3D").replace(",", "=2C")
    said = f"n,a={identity},\x01auth=Bearer {who.secret}\x01\x01".encode()
    reply = await client.execute_command(b"AUTH", b"OAUTHBEARER", base64.b64encode(said))
    if reply.code == 334:
        reply = await client.execute_command(base64.b64encode(b"\x01"))
    if reply.code != 235:
        raise SMTPAuthenticationError(reply.code, reply.message)


async def _quit(client: SMTP) -> None:
    """QUIT if the line still stands; then lets the loop close the transport, so that nothing is left open."""
    with suppress(*RAISED):
        if client.is_connected:
            await client.quit(timeout=_FAREWELL)
    client.close()
    for _ in range(2):  # the loop closes the socket in its next rounds
        await asyncio.sleep(0)
