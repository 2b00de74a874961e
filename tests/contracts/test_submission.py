"""What every Submission must do: in memory, over SMTP with STARTTLS and with implicit TLS, and with a real Postfix."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import pytest
from imapclient import IMAPClient

from raincheck.adapters.smtp import SmtpSubmission
from raincheck.core.settings import Account, SecretSource, Server
from raincheck.errors import CredentialsRejected, Refused
from raincheck.ports import Envelope, Submission
from tests.fakes.secrets import FixedSecrets
from tests.fakes.submission import RecordingSubmission
from tests.servers import dovecot, postfix
from tests.servers.submission import PASSWORD, USERNAME, SubmissionServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.demo.certificate import Certificate
    from tests.servers.postfix import Postfix

ENVELOPE = Envelope("robin@example.net", ("dana@acme.example", "lee@acme.example"))
RAW = "From: robin@example.net\r\nSubject: Re: Interview\r\n\r\nGrüße\r\n.\r\n..dots\r\n\r\nRobin\r\n".encode()


class Server_(Protocol):  # noqa: N801 - Server is the settings' word
    """A submission, and what its server received."""

    @property
    def submission(self) -> Submission: ...
    def received(self) -> list[tuple[str, tuple[str, ...], bytes]]: ...
    def refuse(self, recipient: str) -> None: ...


@dataclass
class InMemory:
    submission: RecordingSubmission = field(default_factory=RecordingSubmission)

    def received(self) -> list[tuple[str, tuple[str, ...], bytes]]:
        return [(sent.envelope.sender, sent.envelope.recipients, sent.raw) for sent in self.submission.sent]

    def refuse(self, recipient: str) -> None:
        self.submission.refuse.add(recipient)


@dataclass
class OverSmtp:
    submission: SmtpSubmission
    server: SubmissionServer

    def received(self) -> list[tuple[str, tuple[str, ...], bytes]]:
        return [(message.sender, message.recipients, message.raw) for message in self.server.received]

    def refuse(self, recipient: str) -> None:
        self.server.script("RCPT", "550 5.1.1 no such user", when=lambda argument: recipient in argument)


@dataclass
class OverPostfix:
    """What it took is read where Dovecot filed it, one copy for each recipient."""

    submission: SmtpSubmission
    server: Postfix
    imap_port: int

    def __post_init__(self) -> None:
        self._before = {recipient: len(self._inbox(recipient)) for recipient in ENVELOPE.recipients}

    def received(self) -> list[tuple[str, tuple[str, ...], bytes]]:
        self.server.delivered()
        found: dict[bytes, tuple[str, tuple[str, ...], bytes]] = {}
        for recipient in ENVELOPE.recipients:
            for raw in self._inbox(recipient)[self._before[recipient] :]:
                added, start, rest = raw.partition(RAW.partition(b" ")[0])
                sender, queued = re.findall(rb"^Return-Path: <(.*)>|\sESMTPSA id (\w+)", added)
                _, earlier, _ = found.get(queued[1], ("", (), b""))
                found[queued[1]] = (sender[0].decode(), (*earlier, recipient), start + rest)
        return list(found.values())

    def _inbox(self, address: str) -> list[bytes]:
        with IMAPClient("127.0.0.1", self.imap_port, ssl=False, timeout=10) as client:
            client.plain_login(address.partition("@")[0], dovecot.PASSWORD)
            client.select_folder("INBOX", readonly=True)
            return [row[b"BODY[]"] for _, row in sorted(client.fetch(client.search(), ["BODY.PEEK[]"]).items())]

    def refuse(self, recipient: str) -> None:
        self.server.refuse(recipient)


def over_smtp(port: int, tls: Certificate, mode: str = "starttls", password: str = PASSWORD) -> SmtpSubmission:
    """The adapter."""
    account = Account(
        "main",
        "robin@example.net",
        Server("localhost", 9),
        Server("localhost", port, mode),  # type: ignore[arg-type] # one of the three
        USERNAME,
        SecretSource(env="SMTP"),
        ca_file=str(tls.ca_file),
    )
    return SmtpSubmission(account, FixedSecrets(password))


@pytest.fixture(params=["memory", "starttls", "implicit", *(["postfix"] if postfix.installed() else [])])
def server(request: pytest.FixtureRequest, tls: Certificate) -> Iterator[Server_]:
    if request.param == "memory":
        yield InMemory()
    elif request.param == "postfix":
        mails, running = request.getfixturevalue("dovecot"), request.getfixturevalue("postfix")
        running.refuse("")
        yield OverPostfix(over_smtp(running.port, tls, password=dovecot.PASSWORD), running, mails.imap_port)
    else:
        with SubmissionServer(tls, tls=request.param) as running:
            yield OverSmtp(over_smtp(running.port, tls, request.param), running)


def test_a_message_arrives_byte_for_byte_with_its_envelope(server: Server_) -> None:
    words = server.submission.submit(ENVELOPE, RAW, lambda: None)
    assert words.startswith(("2.0.0 accepted", "2.0.0 Ok: queued as"))
    assert server.received() == [(ENVELOPE.sender, ENVELOPE.recipients, RAW)]


def test_messages_go_one_after_the_other(server: Server_) -> None:
    for _ in range(3):
        server.submission.submit(ENVELOPE, RAW, lambda: None)
    assert len(server.received()) == 3


def test_before_data_comes_when_all_recipients_were_taken_and_nothing_was_sent(server: Server_) -> None:
    moments: list[int] = []
    server.submission.submit(ENVELOPE, RAW, lambda: moments.append(len(server.received())))
    assert moments == [0]


def test_one_refused_recipient_and_nobody_gets_it(server: Server_) -> None:
    server.refuse("lee@acme.example")
    called: list[str] = []
    with pytest.raises(Refused, match=r"lee@acme\.example.*550"):
        server.submission.submit(ENVELOPE, RAW, lambda: called.append("before data"))
    assert called == []
    assert server.received() == []


class Stop(Exception):
    """The ledger could not commit."""


def test_when_before_data_raises_nothing_is_sent(server: Server_) -> None:
    def stop() -> None:
        raise Stop

    with pytest.raises(Stop):
        server.submission.submit(ENVELOPE, RAW, stop)
    assert server.received() == []
    server.submission.submit(ENVELOPE, RAW, lambda: None)  # and the next one goes through
    assert len(server.received()) == 1


@pytest.mark.skipif(not postfix.installed(), reason="Postfix is not here")
def test_postfix_takes_no_wrong_password(postfix: Postfix, tls: Certificate) -> None:
    with pytest.raises(CredentialsRejected, match="535"):
        over_smtp(postfix.port, tls, password="wrong").submit(ENVELOPE, RAW, lambda: None)


def test_check_sends_nothing(server: Server_) -> None:
    assert server.submission.check()
    assert server.received() == []
