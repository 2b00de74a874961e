"""The big providers' ways, on a real Dovecot with their folders behind a relay that speaks their dialect: the real
adapters go through a whole life of a draft."""

from __future__ import annotations

import re
import shutil
import socket
import tempfile
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from raincheck import assets
from raincheck.core.model import CaseState
from raincheck.core.settings import SecretSource
from raincheck.demo.dovecot import installed
from tests.servers import submission as submission_server
from tests.servers.dovecot import PASSWORD, OAuthDovecot
from tests.servers.mailbox import Mailbox
from tests.servers.rewriting import Rewriting, Say
from tests.servers.submission import LOSE
from tests.service.desk import invitation
from tests.service.realdesk import Lying, RealDesk
from tests.service.test_clients import thunderbird

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from raincheck.demo.certificate import Certificate
    from tests.servers.submission import SubmissionServer

pytestmark = pytest.mark.dovecot

APPROVED = "Raincheck/Approved"
_users = count(1)
_SEARCHED = re.compile(rb'HEADER (\S+) "([^"]*)"')


def _as_it_is(line: bytes) -> bytes:
    return line


@dataclass(frozen=True)
class Provider:
    """One provider: its IMAP host's name, its folders, and how its server speaks."""

    host: str
    special: Mapping[str, str]
    answers: Callable[[bytes], bytes] = _as_it_is
    commands: Callable[[bytes], bytes | Say] = _as_it_is
    separator: str = "/"
    prefix: str = ""
    settings: str = ""  # further lines of dovecot.conf
    files: Callable[[bytes], bytes] = _as_it_is  # what it makes of an accepted message when it files that in Sent
    oauth: bool = False
    ways: Mapping[str, bool] = field(default_factory=dict)

    def folder(self, use: str) -> str:
        """The folder of that use."""
        return next(name for name, known in self.special.items() if known == use or name in _ICLOUD.get(use, ()))

    @property
    def does(self) -> Mapping[str, bool]:
        """What is known of it by its host."""
        return assets.providers().get(self.host, {})


_ICLOUD = {"Drafts": ("Drafts",), "Sent": ("Sent Messages",), "Trash": ("Deleted Messages",)}


def _offers(capabilities: bytes) -> Callable[[bytes], bytes]:
    """Only these capabilities, wherever the server tells its own."""

    def answers(line: bytes) -> bytes:
        line = re.sub(rb"CAPABILITY [^\]\r]*", b"CAPABILITY " + capabilities, line)
        return b"" if b"HIGHESTMODSEQ" in line and b"CONDSTORE" not in capabilities else line

    return answers


def _whole_words(line: bytes) -> bytes:
    """Gmail finds whole words: a piece of a Message-ID finds nothing."""
    searched = _SEARCHED.search(line)
    whole = searched is None or re.fullmatch(rb"<[^<>]+>", searched[2])
    return line if whole else _SEARCHED.sub(b'HEADER X-Nothing "nothing"', line)


def _exchange(line: bytes) -> bytes | Say:
    """No keywords, no CONDSTORE, no ENABLE, no search in headers that it does not index."""
    if b" ENABLE" in line or b"MODSEQ" in line:
        return Say(b"{tag} BAD Command Argument Error. 11\r\n")
    if b" STORE " in line and re.search(rb"\((?!\\)", line.partition(b"FLAGS")[2]):
        return Say(b"{tag} NO STORE failed\r\n")
    if (searched := _SEARCHED.search(line)) and searched[1].lower().startswith(b"x-"):
        return _SEARCHED.sub(b'HEADER X-Nothing "nothing"', line)
    return line


def _renamed(message: bytes) -> bytes:
    """Exchange Online files it under another Message-ID; the submitted one stands in a header of its own."""
    head, _, body = message.partition(b"\r\n\r\n")
    kept = head.replace(b"Message-ID:", b"X-Microsoft-Original-Message-ID:", 1)
    return b"Message-ID: <AM0PR01@prod.outlook.example>\r\n" + kept + b"\r\n\r\n" + body


def _anonymous(message: bytes) -> bytes:
    """And without a word of the submitted one."""
    renamed = _renamed(message)
    return re.sub(rb"X-Microsoft-Original-Message-ID: [^\r]*\r\n", b"", renamed)


def _lower_case(line: bytes) -> bytes:
    return re.sub(rb"\\(Drafts|Sent|Trash)", lambda found: found[0].lower(), line)


_EXCHANGE_FOLDERS = {"Drafts": "Drafts", "Sent Items": "Sent", "Deleted Items": "Trash"}
_EXCHANGE_OFFERS = _offers(
    b"IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+"
)


def _exchange_answers(line: bytes) -> bytes:
    keywords = b"PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $MDNSent)"
    return re.sub(rb"PERMANENTFLAGS \([^)]*\)", lambda _: keywords, _EXCHANGE_OFFERS(line))


PROVIDERS = {
    "Gmail in German": Provider(
        "imap.gmail.com",
        {"[Gmail]/Entwürfe": "Drafts", "[Gmail]/Gesendet": "Sent", "[Gmail]/Papierkorb": "Trash"},
        _offers(
            b"IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS AUTH=PLAIN ENABLE MOVE "
            b"CONDSTORE ESEARCH LIST-EXTENDED LIST-STATUS LITERAL-"
        ),
        _whole_words,
    ),
    "Microsoft 365": Provider(
        "outlook.office365.com", _EXCHANGE_FOLDERS, _exchange_answers, _exchange, files=_renamed, oauth=True
    ),
    "Microsoft 365, nothing left of the Message-ID": Provider(
        "outlook.office365.com", _EXCHANGE_FOLDERS, _exchange_answers, _exchange, files=_anonymous
    ),
    "iCloud": Provider(
        "imap.mail.me.com",
        {"Drafts": "", "Sent Messages": "", "Deleted Messages": ""},
        settings="mail_max_userip_connections = 3\n",  # raincheck's two, and the person's client
    ),
    "Fastmail": Provider("imap.fastmail.com", {"Drafts": "Drafts", "Sent": "Sent", "Trash": "Trash"}, _lower_case),
    "Cyrus below INBOX": Provider(
        "mail.example.net",
        {"Concepts": "Drafts", "Outgoing": "Sent", "Bin": "Trash"},
        _lower_case,
        separator=".",
        prefix="INBOX.",
    ),
}
_FILING = [name for name, provider in PROVIDERS.items() if provider.does.get("files_sent")]


class Account:
    """A person at a provider: everything raincheck says goes through the relay."""

    def __init__(
        self, provider: Provider, server: OAuthDovecot, relay: Rewriting, submission: SubmissionServer, state: Path
    ) -> None:
        self.provider = provider
        self.relay = relay
        user = f"customer{next(_users)}"
        self.mailbox = Mailbox(user, PASSWORD, server.imap_port, server.deliver)
        more: dict[str, Any] = {}
        secret = PASSWORD
        if provider.oauth:
            secret = server.oauth_token(user)
            submission.tokens.add(submission_server.PASSWORD)
            more = {"oauth2_token": SecretSource(env="TOKEN"), "password": None}
        self.desk = RealDesk(
            self.mailbox,
            submission,
            state,
            imap_port=relay.port,
            imap_secret=secret,
            sent="server" if provider.does.get("files_sent") else "auto",
            stars=provider.does.get("stars", True),
            **more,
        )
        with self.mailbox.client() as client:  # the folders are made at the first login
            client.list_folders()
        self.desk.deliver(invitation())

    def at(self, use: str) -> list[Lying]:
        return self.desk.at(self.provider.prefix + self.provider.folder(use).replace("/", self.provider.separator))

    def approves(self) -> None:
        """By a star, or by moving it where stars mark whole conversations."""
        folder = self.provider.prefix + self.provider.folder("Drafts")
        (draft,) = self.desk.at(folder)
        with self.mailbox.client() as client:
            client.select_folder(folder)
            if self.provider.does.get("stars", True):
                client.add_flags([draft.uid], ["\\Flagged"])
            else:
                client.move([draft.uid], APPROVED)

    def files(self, raw: bytes) -> None:
        """The provider puts what it accepted into Sent."""
        with self.mailbox.client() as client:
            client.append(self.provider.folder("Sent"), self.provider.files(raw), ["\\Seen"], msg_time=self.desk.now)


@pytest.fixture(scope="module")
def servers(tls: Certificate) -> Iterator[Callable[[str], OAuthDovecot]]:
    """A Dovecot with the folders of a provider."""
    if installed() is None:
        pytest.skip("Dovecot is not installed (apt-get install dovecot-imapd dovecot-lmtpd)")
    running: dict[str, OAuthDovecot] = {}

    def started(name: str) -> OAuthDovecot:
        if name not in running:
            provider = PROVIDERS[name]
            shape = {"special": provider.special, "separator": provider.separator, "prefix": provider.prefix}
            kind: type[OAuthDovecot] = type("ProviderDovecot", (OAuthDovecot,), shape)
            server = kind(Path(tempfile.mkdtemp(prefix="dovecot-")), tls)
            with (server.folder / "dovecot.conf").open("a", encoding="utf-8") as configuration:
                configuration.write(provider.settings)
            server.start()
            running[name] = server
        return running[name]

    yield started
    for server in running.values():
        server.__exit__(None, None, None)
        shutil.rmtree(server.folder, ignore_errors=True)


@pytest.fixture
def customer(
    servers: Callable[[str], OAuthDovecot], submission: SubmissionServer, tmp_path: Path
) -> Iterator[Callable[[str], Account]]:
    """`customer(provider)`: an invitation has come in there, and its draft is written."""
    made: list[Account] = []

    def at(name: str) -> Account:
        provider, server = PROVIDERS[name], servers(name)
        relay = Rewriting(server.imap_port, answers=provider.answers, commands=provider.commands)
        account = Account(provider, server, relay.__enter__(), submission, tmp_path)
        made.append(account)
        assert account.desk.passes(2, minutes=1) == 0
        assert len(account.at("Drafts")) == 1
        return account

    yield at
    for account in made:
        for opened in account.mailbox.opened:
            opened.close()
        account.relay.__exit__(None, None, None)


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_draft_lives_as_everywhere_else(customer: Callable[[str], Account], name: str) -> None:
    account = customer(name)
    desk = account.desk
    assert account.at("Drafts")[0].flags == {"\\draft", "\\seen"}
    (appended,) = [line for line in account.relay.said if b" APPEND " in line and b"\\Draft" in line]
    assert b"(\\Draft \\Seen)" in appended, "flags added later do not make it a draft at Microsoft"
    account.approves()
    desk.passes(9, minutes=1)
    assert desk.server.received == []
    if account.provider.does.get("files_sent"):
        desk.server.accepted = account.files
    desk.passes(5, minutes=1)
    (sent,) = desk.server.received
    assert b"raincheck" not in sent.raw.lower()
    assert (account.at("Drafts"), desk.at(APPROVED)) == ([], [])
    assert len(account.at("Sent")) == 1
    assert [m.flags for m in desk.at("INBOX") if b"Auto-Submitted" not in m.raw] == [{"\\answered"}]
    desk.passes(3, minutes=10)
    case = desk.case()
    assert (case.state, case.own_answer) == (CaseState.SENT, None), "the provider's copy is no answer of the person's"
    assert case.follow_up_at is not None
    assert account.relay.most <= 2, "connections"


@pytest.mark.parametrize("name", _FILING)
def test_a_copy_that_comes_only_after_a_while_is_the_only_one(customer: Callable[[str], Account], name: str) -> None:
    account = customer(name)
    account.approves()
    account.desk.passes(13, minutes=1)
    (sent,) = account.desk.server.received
    assert account.at("Sent") == []
    account.files(sent.raw)
    account.desk.passes(2, minutes=1)
    assert len(account.at("Sent")) == 1
    assert (account.desk.case().state, account.desk.case().own_answer) == (CaseState.SENT, None)


@pytest.mark.parametrize("late", [False, True], ids=["filed at once", "filed late"])
@pytest.mark.parametrize("name", _FILING)
def test_the_providers_copy_settles_what_was_uncertain(
    customer: Callable[[str], Account], name: str, late: bool
) -> None:
    account = customer(name)
    desk = account.desk
    if not late:
        desk.server.accepted = account.files
    desk.server.script("END", LOSE, times=1)
    account.approves()
    desk.passes(13, minutes=1)
    if late:
        assert desk.case().state is CaseState.UNCERTAIN
        account.files(desk.server.received[0].raw)
    desk.passes(3, minutes=1)
    assert desk.case().state is CaseState.SENT
    assert len(desk.server.received) == 1
    assert desk.server.verbs.count("DATA") == 1
    assert len(account.at("Sent")) == 1


def test_a_draft_rewritten_in_gmails_web_client_is_sent_as_it_stands_after_its_own_yes(
    customer: Callable[[str], Account],
) -> None:
    """Saved there it has another UID and Message-ID, no header of ours, and no \\Draft flag."""
    account = customer("Gmail in German")
    account.approves()
    account.desk.passes(2, minutes=1)
    (old,) = account.desk.at(APPROVED)
    with account.mailbox.client() as client:
        client.select_folder(APPROVED)
        client.delete_messages([old.uid])
        client.uid_expunge([old.uid])
        client.append(account.provider.folder("Drafts"), thunderbird(old.raw, b"Best", b"Kind"), [])
    account.desk.passes(13, minutes=1)
    assert account.desk.server.received == []
    account.approves()
    account.desk.passes(13, minutes=1)
    assert len(account.desk.server.received) == 1
    assert account.at("Drafts") == []


def test_a_star_approves_nothing_where_it_marks_whole_conversations(customer: Callable[[str], Account]) -> None:
    account = customer("Gmail in German")
    (draft,) = account.at("Drafts")
    with account.mailbox.client() as client:
        client.select_folder(account.provider.folder("Drafts"))
        client.add_flags([draft.uid], ["\\Flagged"])
    account.desk.passes(20, minutes=1)
    assert account.desk.server.received == []
    assert "put a star on it" not in account.desk.notes()
    assert APPROVED in account.desk.notes()


def test_small_commands_are_sent_at_once(customer: Callable[[str], Account]) -> None:
    """Nagle's algorithm costs 44 ms a command on Cyrus."""
    account = customer("Cyrus below INBOX")
    for connection in (account.mailbox.opened[0]._watching, account.mailbox.opened[0]._other):
        line = connection._client.socket()
        assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
