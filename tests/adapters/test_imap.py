"""What the contract suite cannot say of IMAP: logins, TLS, lost lines, and answers that no good server gives."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raincheck.adapters.imap import ImapAccount
from raincheck.core.model import Marks, MessageRef
from raincheck.core.settings import Account, SecretSource, Server
from raincheck.errors import (
    ConfigError,
    CredentialsRejected,
    MailboxChanged,
    RaincheckError,
    Refused,
    SecretError,
    Uncertain,
    Unreachable,
)
from tests.fakes.secrets import FixedSecrets
from tests.servers.imap import on_every_server
from tests.servers.proxy import DOWN, UP, Proxy, seen
from tests.servers.transcript import HANG_UP, Transcript

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from raincheck.demo.certificate import Certificate
    from raincheck.ports import Secrets
    from tests.servers.dovecot import OAuthDovecot
    from tests.servers.mailbox import Mailbox

_WORDS = (
    *("* ", "1 ", "FETCH ", "UID ", "{5}\r\n", "{99999}\r\n", "BODY[] ", "NIL ", "LIST ", "SEARCH ", "* OK [", "] "),
    *("\r\n", "+ ", "{tag} ", "OK ", "NO ", "BAD ", "FLAGS "),
)
RAW = b"From: dana@acme.example\r\nSubject: swordfish subject\r\nMessage-ID: <1@acme.example>\r\n\r\nswordfish body\r\n"


def account_at(port: int, *, secrets: Secrets | None = None, timeout: float = 5.0) -> ImapAccount:
    """The adapter on a transcript."""
    settings = Account(
        name="main",
        address="robin@example.net",
        imap=Server("127.0.0.1", port, "none"),
        smtp=Server("127.0.0.1", 9, "none"),
        username='rob"in',
        password=SecretSource(env="IMAP"),
    )
    return ImapAccount(settings, secrets or FixedSecrets("swordfish"), timeout=timeout)


class Open(Protocol):
    """Starts a transcript, and opens the adapter on it."""

    def __call__(self, answers: Mapping[str, str | list[str]]) -> tuple[Transcript, ImapAccount]: ...


@pytest.fixture
def transcript() -> Iterator[Open]:
    """`transcript(answers)`: a server that answers so, and the adapter on it."""
    closing: list[Callable[[], object]] = []

    def open_(answers: Mapping[str, str | list[str]]) -> tuple[Transcript, ImapAccount]:
        server = Transcript(answers).__enter__()
        account = account_at(server.port)
        closing.extend([lambda: server.__exit__(None, None, None), account.close])
        return server, account

    yield open_
    for close in reversed(closing):
        close()


# --- folders ------------------------------------------------------------------------------------------------------


@on_every_server
def test_folders_carry_special_use_attributes_in_lower_case(mailbox: Mailbox) -> None:
    folders = {folder.name: folder for folder in mailbox.open().folders()}
    assert "drafts" in folders["Drafts"].attributes
    assert "trash" in folders["Trash"].attributes
    assert folders["INBOX"].delimiter == "/"


@on_every_server
def test_a_new_folder_is_subscribed(mailbox: Mailbox) -> None:
    mailbox.open().ensure_folder("Raincheck/Approved")
    with mailbox.client() as client:
        assert "Raincheck/Approved" in [name for _, _, name in client.list_sub_folders()]


def test_cyrus_and_exchange_spell_attributes_their_own_way(transcript: Open) -> None:
    _, account = transcript(
        {
            "LIST": '* LIST (\\DRAFTS \\HasNoChildren) NIL "2024"\r\n* LIST () "." {7}\r\nE"1 &-x\r\n'
            '* LIST () "/" "not &utf-7"\r\n{tag} OK done\r\n'
        }
    )
    first, second = account.folders()  # the third name cannot be decoded, and spoils nothing
    assert (first.name, first.attributes, first.delimiter) == ("2024", frozenset({"drafts", "hasnochildren"}), None)
    assert (second.name, second.delimiter) == ('E"1 &x', ".")


def names(namespace: str, listed: str) -> dict[str, str | list[str]]:
    """A server with these NAMESPACE and LIST answers."""
    return {
        "CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=PLAIN NAMESPACE\r\n{tag} OK done\r\n",
        "NAMESPACE": f"* NAMESPACE {namespace} NIL NIL\r\n{{tag}} OK done\r\n",
        "LIST": f"{listed}{{tag}} OK done\r\n",
    }


@pytest.mark.parametrize(
    ("namespace", "listed", "named"),
    [
        ('(("" "/"))', "", "Raincheck/Approved"),
        ('(("" "."))', "", "Raincheck.Approved"),
        ('(("INBOX." "."))', "", "INBOX.Raincheck.Approved"),
        ("NIL", '* LIST () "." INBOX\r\n', "Raincheck.Approved"),
        ('(("INBOX." "."))', '* LIST () "." "Raincheck/Approved"\r\n', "Raincheck/Approved"),
    ],
)
def test_a_folder_is_named_as_the_server_wants_it(transcript: Open, namespace: str, listed: str, named: str) -> None:
    server, account = transcript(names(namespace, listed))
    ref = MessageRef("Raincheck/Approved", 7, 5)
    assert account.status(ref.mailbox).uidvalidity == 7
    account.ensure_folder(ref.mailbox)
    account.append(ref.mailbox, RAW, [])
    account.uids("INBOX")
    account.uids("INBOX.Drafts")  # as LIST told it
    commands = [line.partition(" ")[2] for line in server.said]
    assert f'EXAMINE "{named}"' in commands
    assert any(command.startswith(f'APPEND "{named}"') for command in commands)
    assert (f'CREATE "{named}"' in commands) == (not listed.endswith('Approved"\r\n'))
    assert 'EXAMINE "INBOX"' in commands


# --- login and TLS ------------------------------------------------------------------------------------------------


@on_every_server
@pytest.mark.parametrize("mode", ["implicit", "starttls"])
def test_tls_is_verified_against_the_ca_file(mailbox: Mailbox, mode: str) -> None:
    port = mailbox.tls_port if mode == "implicit" else mailbox.port
    assert port is not None
    for host in ("localhost", "127.0.0.1"):
        account = mailbox.open(imap=Server(host, port, mode))  # type: ignore[arg-type] # one of the three
        assert account.uids("INBOX") == []
        account.wait(["INBOX", "Drafts"], 0.05)
        timer = threading.Timer(0.1, mailbox.deliver, [RAW])
        timer.start()
        assert account.wait(["INBOX", "Drafts"], 10)  # IDLE over TLS
        timer.join()
        with mailbox.client() as client:
            client.select_folder("INBOX")
            client.delete_messages(client.search())
            client.expunge()


@pytest.mark.parametrize("mode", ["implicit", "starttls"])
def test_a_certificate_nobody_vouches_for_is_refused_before_the_secret_is_asked_for(
    mailbox: Mailbox, mode: str
) -> None:
    port = mailbox.tls_port if mode == "implicit" else mailbox.port
    assert port is not None
    secrets = FixedSecrets("swordfish")
    server = Server("localhost", port, mode)  # type: ignore[arg-type] # one of the three
    with pytest.raises(Unreachable, match=r"certificate is not trusted.*ca_file"):
        mailbox.open(imap=server, ca_file=None, secrets=secrets).folders()
    assert secrets.asked == 0


def test_a_login_never_goes_over_the_network_in_the_clear(mailbox: Mailbox) -> None:
    secrets = FixedSecrets("swordfish")
    with pytest.raises(ConfigError, match="a login without TLS"):
        mailbox.open(imap=Server("imap.example.net", 143, "none"), secrets=secrets).folders()
    assert secrets.asked == 0


def test_a_ca_file_that_is_none(mailbox: Mailbox, tls: Certificate) -> None:
    assert mailbox.tls_port is not None
    server = Server("localhost", mailbox.tls_port, "implicit")
    for wrong in ("/does/not/exist", str(tls.key_file)):
        with pytest.raises(ConfigError, match=r"ca_file.*Name a file of PEM certificates"):
            mailbox.open(imap=server, ca_file=wrong).folders()


def test_a_server_without_starttls_gets_no_secret(transcript: Open) -> None:
    server, _ = transcript({})
    secrets = FixedSecrets("swordfish")
    account = ImapAccount(
        Account(
            "main",
            "robin@example.net",
            Server("localhost", server.port, "starttls"),
            Server("localhost", 9),
            "robin",
            SecretSource(env="IMAP"),
        ),
        secrets,
    )
    with pytest.raises(Unreachable, match="STARTTLS"):
        account.folders()
    assert secrets.asked == 0
    account.close()


@on_every_server
def test_a_wrong_password_is_tried_once_and_never_told(mailbox: Mailbox) -> None:
    secrets = FixedSecrets("swordfish")
    with pytest.raises(CredentialsRejected, match=r"the login was rejected: .*(?i:fail)") as raised:
        mailbox.open(secrets=secrets).folders()
    assert secrets.asked == 1
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def token_account(mailbox: Mailbox, *tokens: str) -> tuple[ImapAccount, FixedSecrets]:
    """The adapter with these tokens, one after the other."""
    secrets = FixedSecrets(*tokens)
    return mailbox.open(secrets=secrets, password=None, oauth2_token=SecretSource(command="token")), secrets


def test_a_token_logs_in_and_a_stale_one_is_fetched_once_more(dovecot: OAuthDovecot, mailbox: Mailbox) -> None:
    account, secrets = token_account(mailbox, "stale", dovecot.oauth_token(mailbox.user))
    assert account.uids("INBOX") == []
    assert secrets.asked == 2


def test_two_bad_tokens_are_enough(mailbox: Mailbox) -> None:
    account, secrets = token_account(mailbox, "swordfish-token")
    with pytest.raises(CredentialsRejected) as raised:
        account.folders()
    assert secrets.asked == 2
    assert "swordfish" not in str(raised.value)


def test_oauthbearer_where_xoauth2_is_not_offered(transcript: Open) -> None:
    server, _ = transcript({"CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=OAUTHBEARER\r\n{tag} OK done\r\n"})
    settings = Account(
        "main",
        "robin@example.net",
        Server("127.0.0.1", server.port, "none"),
        Server("127.0.0.1", 9, "none"),
        "robin",
        oauth2_token=SecretSource(env="TOKEN"),
    )
    account = ImapAccount(settings, FixedSecrets("token"))
    account.folders()
    account.close()
    assert any("AUTHENTICATE OAUTHBEARER" in line for line in server.said)


def test_plain_login_where_sasl_is_not_offered_is_quoted(transcript: Open) -> None:
    server, account = transcript({"CAPABILITY": "* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n"})
    account.folders()
    assert any(line.endswith(' LOGIN "rob\\"in" "swordfish"') for line in server.said)


@pytest.mark.parametrize(
    ("capabilities", "why"),
    [("IMAP4rev1 LOGINDISABLED", "offers no login with a password"), ("IMAP4rev1", "cannot carry this")],
)
def test_logins_that_cannot_be(transcript: Open, capabilities: str, why: str) -> None:
    server, _ = transcript({"CAPABILITY": f"* CAPABILITY {capabilities}\r\n{{tag}} OK done\r\n"})
    account = account_at(server.port, secrets=FixedSecrets("sw\u00f6rdfish"))
    with pytest.raises(CredentialsRejected, match=why) as raised:
        account.folders()
    assert "rdfish" not in str(raised.value)
    assert not any("LOGIN" in line.partition(" ")[2][:5] for line in server.said)
    account.close()


@pytest.mark.parametrize("secret", ["", "two\r\nA1 LOGOUT", "nul\0"])
def test_a_secret_that_would_break_out_is_not_sent(transcript: Open, secret: str) -> None:
    server, _ = transcript({})
    account = account_at(server.port, secrets=FixedSecrets(secret))
    with pytest.raises(SecretError):
        account.folders()
    account.close()
    assert not any("AUTHENTICATE" in line for line in server.said)


@pytest.mark.parametrize(
    "answer",
    [
        "{tag} NO [UNAVAILABLE] try later\r\n",
        "{tag} NO [LIMIT] too many sessions\r\n",
        "{tag} NO [INUSE] locked\r\n",
        "{tag} NO [ALERT] Too many simultaneous connections. (Failure)\r\n",
        "{tag} NO Temporary authentication failure\r\n",
        "* BYE overloaded\r\n" + HANG_UP,
        HANG_UP,
    ],
)
def test_a_busy_server_is_no_wrong_password(transcript: Open, answer: str) -> None:
    _, account = transcript({"CONTINUED": answer})
    with pytest.raises(Unreachable):
        account.folders()


@pytest.mark.parametrize(
    "answer",
    [
        "{tag} NO [AUTHENTICATIONFAILED] bad\r\n",
        "{tag} NO [ALERT] Application-specific password required\r\n",
        "{tag} NO LOGIN failed.\r\n",
        "{tag} NO [EXPIRED] password\r\n",
        "{tag} BAD no\r\n",
        '{tag} NO swordfish is wrong for rob"in, use \x1b[2J \u202e\r\n'.encode().decode("latin-1"),
    ],
)
def test_a_rejected_login_stops_the_account_without_echoing_the_secret(transcript: Open, answer: str) -> None:
    _, account = transcript({"CONTINUED": answer})
    with pytest.raises(CredentialsRejected) as raised:
        account.folders()
    assert "swordfish" not in str(raised.value)
    assert "\x1b" not in str(raised.value)
    assert str(raised.value).isprintable()


def test_capabilities_are_asked_for_again_after_the_login(transcript: Open) -> None:
    _, account = transcript(
        {
            "CAPABILITY": [
                "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{tag} OK done\r\n",
                "* CAPABILITY IMAP4rev1 UIDPLUS\r\n{tag} OK done\r\n",
            ],
            "CONTINUED": "{tag} OK in\r\n",
            "FETCH": ["* 1 FETCH (UID 5 FLAGS ())\r\n{tag} OK done\r\n", "{tag} OK done\r\n"],
        }
    )
    assert account.expunge(MessageRef("Drafts", 7, 5))  # needs UIDPLUS, told only after the login


# --- two lines, made when needed ----------------------------------------------------------------------------------


def test_nothing_is_connected_until_needed_and_never_more_than_two_lines(
    mailbox: Mailbox, proxy: Callable[[int], Proxy]
) -> None:
    relay = proxy(mailbox.port)
    account = mailbox.open(port=relay.port)
    assert relay.connections == 0
    account.uids("inbox")
    account.uids("INBOX")
    assert relay.connections == 1
    for folder in ("Drafts", "Sent", "Trash"):
        account.uids(folder)
        account.append(folder, RAW, [])
    account.wait(["INBOX", "Drafts"], 0.05)
    assert relay.connections == 2


@on_every_server
def test_a_lost_line_is_told_once_and_made_again(mailbox: Mailbox, proxy: Callable[[int], Proxy]) -> None:
    relay = proxy(mailbox.port)
    account = mailbox.open(port=relay.port)
    account.uids("INBOX")
    relay.cut_now()
    with pytest.raises(Unreachable):
        account.uids("INBOX")
    assert account.uids("INBOX") == []


def test_nobody_listens(mailbox: Mailbox, proxy: Callable[[int], Proxy]) -> None:
    relay = proxy(mailbox.port)
    relay.close()
    with pytest.raises(Unreachable, match=rf"127\.0\.0\.1:{relay.port}"):
        mailbox.open(port=relay.port).folders()


@on_every_server
def test_a_half_open_line_ends_with_the_timeout(mailbox: Mailbox, proxy: Callable[[int], Proxy]) -> None:
    relay = proxy(mailbox.port)
    account = mailbox.open(port=relay.port, timeout=0.3)
    account.uids("INBOX")
    relay.stall()
    began = time.monotonic()
    with pytest.raises(Unreachable, match="no answer in time"):
        account.uids("INBOX")
    assert time.monotonic() - began < 2
    relay.flow()
    assert account.uids("INBOX") == []


@on_every_server
@pytest.mark.parametrize("mode", ["none", "starttls"])
def test_no_command_waits_for_the_other_sides_acknowledgement(mailbox: Mailbox, mode: str) -> None:
    """An APPEND goes out in several pieces; held back by Nagle's algorithm, each costs 40 ms on Cyrus."""
    account = mailbox.open(imap=Server("localhost", mailbox.port, mode))  # type: ignore[arg-type] # one of the three

    def takes() -> float:
        began = time.perf_counter()
        account.append("Drafts", RAW, [])
        return time.perf_counter() - began

    assert min(takes() for _ in range(8)) < 0.03


# --- APPEND: done, not done, unknown ------------------------------------------------------------------------------


def drafts(mailbox: Mailbox) -> int:
    with mailbox.client() as client:
        return int(client.folder_status("Drafts", ["MESSAGES"])[b"MESSAGES"])


@on_every_server
@pytest.mark.parametrize("loss", ["cut", "lose"])
def test_a_lost_answer_to_append_is_uncertain_and_the_draft_is_there(
    mailbox: Mailbox, proxy: Callable[[int], Proxy], loss: str
) -> None:
    relay = proxy(mailbox.port)
    account = mailbox.open(port=relay.port, timeout=0.5)
    (relay.cut_before if loss == "cut" else relay.lose)(seen(b"APPENDUID"), DOWN)
    with pytest.raises(Uncertain):
        account.append("Drafts", RAW, ["\\Draft"])
    assert drafts(mailbox) == 1
    assert account.uids("Drafts", header=("Message-ID", "<1@acme.example>")) == [1]  # on a new line


@on_every_server
def test_a_line_that_breaks_within_the_literal_is_uncertain(mailbox: Mailbox, proxy: Callable[[int], Proxy]) -> None:
    relay = proxy(mailbox.port)
    account = mailbox.open(port=relay.port)
    relay.cut_before(seen(b"swordfish"), UP)
    with pytest.raises(Uncertain):
        account.append("Drafts", RAW, [])
    assert drafts(mailbox) == 0


@on_every_server
def test_a_line_that_had_died_before_append_is_no_uncertainty(mailbox: Mailbox, proxy: Callable[[int], Proxy]) -> None:
    relay = proxy(mailbox.port)
    account = mailbox.open(port=relay.port)
    account.uids("Drafts")
    relay.cut_now()
    with pytest.raises(Unreachable):
        account.append("Drafts", RAW, [])
    assert drafts(mailbox) == 0


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("{tag} NO [OVERQUOTA] full\r\n", Refused),
        ("{tag} BAD what\r\n", Refused),
        ("{tag} NO [UNAVAILABLE] later\r\n", Unreachable),
        ("* BYE\r\n" + HANG_UP, Uncertain),
        ("nonsense\r\n", Uncertain),
    ],
)
def test_what_an_answer_to_append_means(transcript: Open, answer: str, error: type[RaincheckError]) -> None:
    _, account = transcript({"APPEND": answer})
    with pytest.raises(error) as raised:
        account.append("Drafts", RAW, [])
    assert type(raised.value) is error


def test_an_appenduid_that_makes_no_sense_is_no_reference(transcript: Open) -> None:
    for hint in ("[APPENDUID 7 0]", "[APPENDUID x y]", "[APPENDUID 7]", ""):
        _, account = transcript({"APPEND": f"{{tag}} OK {hint} done\r\n"})
        assert account.append("Drafts", RAW, []) is None


def test_appended_lines_end_in_crlf(transcript: Open) -> None:
    server, account = transcript({"APPEND": "{tag} OK [APPENDUID 7 10] done\r\n"})
    assert account.append("Drafts", b"Subject: x\n\none\rtwo\r\n", ["\\Draft"]) == MessageRef("Drafts", 7, 10)
    assert server.literals == [b"Subject: x\r\n\r\none\r\ntwo\r\n"]


# --- answers that no good server gives ----------------------------------------------------------------------------


def test_a_flag_change_without_uid_is_not_taken_for_the_message_of_that_number(transcript: Open) -> None:
    _, account = transcript(
        {"FETCH": "* 9 FETCH (UID 3 FLAGS (\\Draft))\r\n* 3 FETCH (FLAGS (\\Flagged))\r\n{tag} OK done\r\n"}
    )
    assert account.marks("Drafts") == {3: Marks(frozenset({"\\draft"}))}


_CONDSTORE = "* CAPABILITY IMAP4rev1 AUTH=PLAIN UIDPLUS ENABLE CONDSTORE\r\n{tag} OK done\r\n"
_COUNTED = (
    "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 10] ok\r\n* OK [HIGHESTMODSEQ 90] ok\r\n{tag} OK done\r\n"
)


@pytest.mark.parametrize("enable", ["* ENABLED CONDSTORE\r\n{tag} OK done\r\n", "{tag} BAD no\r\n", "{tag} NO no\r\n"])
def test_changes_are_counted_where_the_server_can_and_a_refusal_is_no_rejected_login(
    transcript: Open, enable: str
) -> None:
    fetch = "* 1 FETCH (UID 3 FLAGS (\\Flagged) MODSEQ (17))\r\n{tag} OK done\r\n"
    server, account = transcript({"CAPABILITY": _CONDSTORE, "ENABLE": enable, "EXAMINE": _COUNTED, "FETCH": fetch})
    assert account.marks("Drafts") == {3: Marks(frozenset({"\\flagged"}), 17)}
    assert any("ENABLE CONDSTORE" in line for line in server.said)


def test_a_mailbox_that_counts_no_changes_is_not_asked_for_them(transcript: Open) -> None:
    """RFC 7162, 3.1.2.2: it says NOMODSEQ, and FETCH MODSEQ is an error."""
    fetch = "* 1 FETCH (UID 3 FLAGS (\\Flagged))\r\n{tag} OK done\r\n"
    server, account = transcript({"CAPABILITY": _CONDSTORE, "FETCH": fetch})
    assert account.marks("Drafts") == {3: Marks(frozenset({"\\flagged"}), None)}
    assert not any("MODSEQ" in line for line in server.said)


def test_flags_that_look_like_numbers(transcript: Open) -> None:
    _, account = transcript({"FETCH": "* 1 FETCH (UID 3 FLAGS (2024 $Label1 \\Recent))\r\n{tag} OK done\r\n"})
    assert account.marks("Drafts") == {3: Marks(frozenset({"2024", "$label1"}))}


def test_search_results_in_several_lines(transcript: Open) -> None:
    _, account = transcript({"SEARCH": "* SEARCH 5 3\r\n* SEARCH 9\r\n* SEARCH\r\n{tag} OK done\r\n"})
    assert account.uids("INBOX", above=3) == [5, 9]


def test_search_results_that_nobody_asked_for_do_not_come_back(transcript: Open) -> None:
    _, account = transcript({"SEARCH": "* SEARCH 2\r\n{tag} OK done\r\n"})
    assert account.uids("INBOX", above=8) == []  # "9:*" found the last message, whose UID is 2


def test_messages_without_a_body_or_not_asked_for_are_left_out(transcript: Open) -> None:
    _, account = transcript(
        {
            "FETCH": "* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 5 BODY[] NIL)\r\n"
            '* 2 FETCH (UID 2 FLAGS () RFC822.SIZE 5 INTERNALDATE "x" BODY[]<0> {5}\r\nhello)\r\n'
            "* 3 FETCH (UID 77 FLAGS () RFC822.SIZE 5 BODY[]<0> {5}\r\nhello)\r\n{tag} OK done\r\n"
        }
    )
    (message,) = account.fetch("INBOX", [1, 2], limit=100)
    assert (message.ref, message.raw, message.internal_date) == (MessageRef("INBOX", 7, 2), b"hello", None)


def test_without_uidplus_a_message_is_only_marked(transcript: Open) -> None:
    server, account = transcript(
        {
            "CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{tag} OK done\r\n",
            "CONTINUED": "{tag} OK in\r\n",
            "FETCH": "* 1 FETCH (UID 5 FLAGS ())\r\n{tag} OK done\r\n",
        }
    )
    assert not account.expunge(MessageRef("Drafts", 7, 5))
    assert any("STORE 5 +FLAGS.SILENT" in line for line in server.said)
    assert not any("EXPUNGE" in line for line in server.said)


def test_inboxes_are_opened_read_only_and_bodies_peeked_at(transcript: Open) -> None:
    server, account = transcript({"FETCH": "{tag} OK done\r\n"})
    account.uids("INBOX")
    account.fetch("INBOX", [1, 2])
    account.marks("INBOX")
    assert not any(" SELECT " in line for line in server.said)
    assert [line.partition(" ")[2] for line in server.said if "BODY" in line] == [
        "UID FETCH 1,2 (UID FLAGS RFC822.SIZE INTERNALDATE BODY.PEEK[])"
    ]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("{tag} NO [NONEXISTENT] no such mailbox\r\n", MailboxChanged),
        ("{tag} NO Unable to open this mailbox.\r\n", MailboxChanged),
        ("{tag} NO [INUSE] locked\r\n", Unreachable),
        ("{tag} NO [SERVERBUG] internal error\r\n", Unreachable),
        ("{tag} OK but nothing said\r\n", Unreachable),
        ("* BYE shutting down\r\n" + HANG_UP, Unreachable),
        ("(((\r\n", Unreachable),
    ],
)
def test_what_an_answer_to_examine_means(transcript: Open, answer: str, error: type[RaincheckError]) -> None:
    _, account = transcript({"EXAMINE": answer})
    with pytest.raises(error) as raised:
        account.uids("INBOX")
    assert type(raised.value) is error


def test_a_mailbox_that_may_only_be_read_refuses_flags(transcript: Open) -> None:
    _, account = transcript(
        {"SELECT": "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 9] x\r\n{tag} OK [READ-ONLY] x\r\n"}
    )
    with pytest.raises(Refused):
        account.add_flags(MessageRef("Shared", 7, 1), ["\\Flagged"])


@pytest.mark.parametrize("greeting", ["* BYE full\r\n", "220 smtp.example.net ESMTP\r\n", "", "\0\xff\r\n", "* OK"])
def test_greetings_that_are_none(transcript: Open, greeting: str) -> None:
    _, account = transcript({"GREETING": greeting + HANG_UP})
    with pytest.raises(Unreachable):
        account.folders()


_IMAP = st.lists(st.sampled_from([*'()"\\\0ü[]+*', *_WORDS]), max_size=25).map("".join)


@settings(max_examples=60, deadline=None)
@given(
    answer=st.one_of(st.binary(max_size=80).map(lambda noise: noise.decode("latin-1")), _IMAP),
    command=st.sampled_from(["EXAMINE", "SEARCH", "FETCH", "LIST", "APPEND", "CAPABILITY", "CONTINUED", "IDLE"]),
)
def test_whatever_a_server_says_only_our_own_errors_come_out(answer: str, command: str) -> None:
    with Transcript({command: answer.encode().decode("latin-1") + HANG_UP}) as server:
        account = account_at(server.port)
        calls: list[Callable[[], object]] = [
            account.folders,
            lambda: account.uids("INBOX"),
            lambda: account.marks("INBOX"),
            lambda: account.fetch("INBOX", [1, 2]),
            lambda: account.append("Drafts", RAW, []),
            lambda: account.wait(["INBOX"], 0.01),
        ]
        told = [problem for problem in map(problem_of, calls) if problem]
        account.close()
    assert all(problem.isprintable() and "swordfish" not in problem for problem in told)


def problem_of(call: Callable[[], object]) -> str:
    """The text of raincheck's own error, "" when there was none; any other error gets through."""
    try:
        call()
    except RaincheckError as problem:
        return str(problem)
    return ""


# --- waiting ------------------------------------------------------------------------------------------------------


@on_every_server
def test_a_dead_line_ends_the_wait_at_once(mailbox: Mailbox, proxy: Callable[[int], Proxy]) -> None:
    relay = proxy(mailbox.port)
    account = mailbox.open(port=relay.port)
    account.wait(["INBOX", "Drafts"], 0.05)
    timer = threading.Timer(0.1, relay.cut_now)
    timer.start()
    began = time.monotonic()
    with pytest.raises(Unreachable):
        account.wait(["INBOX", "Drafts"], 20)
    assert time.monotonic() - began < 1
    timer.join()
    assert account.uids("INBOX") == []


@on_every_server
def test_a_half_open_line_shows_at_the_end_of_idle(mailbox: Mailbox, proxy: Callable[[int], Proxy]) -> None:
    relay = proxy(mailbox.port)
    account = mailbox.open(port=relay.port, timeout=0.3)
    account.wait(["INBOX"], 0.05)
    timer = threading.Timer(0.1, relay.stall)
    timer.start()
    with pytest.raises(Unreachable):
        account.wait(["INBOX"], 0.5)
    timer.join()


@on_every_server
def test_wake_is_heard_on_a_half_open_line(mailbox: Mailbox, proxy: Callable[[int], Proxy]) -> None:
    relay = proxy(mailbox.port)
    account = mailbox.open(port=relay.port, timeout=0.3)
    account.wait(["INBOX", "Drafts"], 0.05)
    timers = [threading.Timer(0.1, relay.stall), threading.Timer(0.15, account.wake)]
    for timer in timers:
        timer.start()
    began = time.monotonic()
    with pytest.raises(Unreachable):
        account.wait(["INBOX", "Drafts"], 20)
    assert time.monotonic() - began < 2
    for timer in timers:
        timer.join()


@on_every_server
def test_news_that_comes_byte_by_byte_ends_the_wait(mailbox: Mailbox, proxy: Callable[[int], Proxy]) -> None:
    relay = proxy(mailbox.port)
    account = mailbox.open(port=relay.port)
    account.uids("INBOX")
    account.wait(["INBOX", "Drafts"], 0.05)
    relay.piece = 1
    timer = threading.Timer(0.1, mailbox.deliver, [RAW])
    timer.start()
    assert account.wait(["INBOX", "Drafts"], 20)
    timer.join()
    relay.piece = 65536
    assert account.uids("INBOX") == [1]


def test_without_idle_waiting_sleeps_and_can_be_woken(transcript: Open) -> None:
    server, account = transcript({"CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{tag} OK done\r\n"})
    began = time.monotonic()
    assert not account.wait(["INBOX"], 0.2)
    assert time.monotonic() - began >= 0.2
    timer = threading.Timer(0.1, account.wake)
    timer.start()
    assert not account.wait(["INBOX"], 20)
    timer.join()
    assert not any("IDLE" in line for line in server.said)


def test_idle_that_is_offered_and_refused_is_tried_once(transcript: Open) -> None:
    server, account = transcript({"IDLE": "{tag} NO not for you\r\n"})
    for _ in range(3):
        assert not account.wait(["INBOX"], 0.05)
    assert len([line for line in server.said if line.endswith(" IDLE")]) == 1


def test_chatter_is_no_change_and_does_not_keep_the_line_busy(transcript: Open) -> None:
    server, account = transcript(
        {"IDLE": "+ idling\r\n* OK still here\r\n* 3 EXISTS\r\n* 0 RECENT\r\n", "DONE": "{tag} OK done\r\n"}
    )
    assert not account.wait(["INBOX"], 1.2)
    assert len([line for line in server.said if line == "DONE"]) <= 3


@pytest.mark.parametrize("news", ["* 4 EXISTS", "* 2 EXPUNGE", "* 2 FETCH (FLAGS (\\Flagged))", "* VANISHED 5"])
def test_news_of_every_kind_is_a_change(transcript: Open, news: str) -> None:
    _, account = transcript({"DONE": news + "\r\n{tag} OK done\r\n", "IDLE": "+ idling\r\n* OK news\r\n"})
    assert account.wait(["INBOX"], 5)


# --- silence ------------------------------------------------------------------------------------------------------


def test_nothing_of_a_mail_or_a_login_is_logged(mailbox: Mailbox, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        account = mailbox.open()
        account.append("Drafts", RAW, [])
        account.fetch("Drafts", account.uids("Drafts"))
        account.ensure_folder("swordfish")
        account.folders()
        account.close()
    assert "swordfish" not in caplog.text
    assert mailbox.password not in caplog.text


@pytest.mark.parametrize("piece", ["swordfish\r\n", "* 1 FETCH (UID 1 BODY[] {5}\r\nswordfish", "* swordfish"])
def test_a_piece_of_a_mail_that_comes_out_of_turn_is_not_told(transcript: Open, piece: str) -> None:
    _, account = transcript({"FETCH": piece + HANG_UP})
    with pytest.raises(Unreachable) as raised:
        account.fetch("INBOX", [1])
    assert "swordfish" not in str(raised.value)
