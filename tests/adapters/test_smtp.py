"""Submission: whatever goes wrong, it is known whether the message was sent, or known that it is not known."""

from __future__ import annotations

import time
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raincheck.adapters.smtp import SmtpSubmission
from raincheck.adapters.smtp.encoding import fitted, quoted_printable
from raincheck.core.settings import Account, SecretSource, Server
from raincheck.errors import (
    ConfigError,
    CredentialsRejected,
    RaincheckError,
    Refused,
    SecretError,
    Uncertain,
    Unreachable,
)
from raincheck.ports import Envelope
from tests.fakes.secrets import FixedSecrets
from tests.servers.proxy import DOWN, UP, Proxy, seen
from tests.servers.submission import CUT, HANG, LOSE, PASSWORD, USERNAME, SubmissionServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    from raincheck.demo.certificate import Certificate
    from raincheck.ports import Secrets
    from tests.servers.submission import Verb

ENVELOPE = Envelope("robin@example.net", ("dana@acme.example", "lee@acme.example"))
RAW = b"From: robin@example.net\r\nSubject: Re: Interview\r\n\r\nThank you.\r\n"


class Calls(list[str]):
    """A before_data that remembers that it was called."""

    def __call__(self) -> None:
        self.append("before data")


@pytest.fixture
def plain(tls: Certificate) -> Iterator[SubmissionServer]:
    """A server without TLS, for relays that read along."""
    with SubmissionServer(tls, tls="none") as server:
        yield server


def submission_to(
    server: SubmissionServer, *, secrets: Secrets | None = None, port: int | None = None, **changes: Any
) -> SmtpSubmission:
    """The adapter on this server; `token`, `host` and the adapter's time limits may be given."""
    host, token = changes.pop("host", "localhost"), changes.pop("token", False)
    account = Account(
        name="main",
        address="robin@example.net",
        imap=Server("localhost", 9),
        smtp=Server(host, port or server.port, changes.pop("tls", server.tls)),
        username=USERNAME,
        password=None if token else SecretSource(env="SMTP"),
        oauth2_token=SecretSource(env="TOKEN") if token else None,
        ca_file=changes.pop("ca_file", str(server.certificate.ca_file)),
    )
    return SmtpSubmission(account, secrets or FixedSecrets(PASSWORD), **{"timeout": 5.0, **changes})


# --- what each failure means --------------------------------------------------------------------------------------

NOT_SENT: list[tuple[Verb, str, type[RaincheckError]]] = [
    ("EHLO", "421 4.3.2 closing", Unreachable),
    ("EHLO", CUT, Unreachable),
    ("STARTTLS", "454 4.7.0 not now", Unreachable),
    ("STARTTLS", CUT, Unreachable),
    ("AUTH", "535 5.7.8 bad credentials", CredentialsRejected),
    ("AUTH", "534 5.7.9 application password needed", CredentialsRejected),
    ("AUTH", "454 4.7.0 temporary failure", Unreachable),
    ("AUTH", CUT, Unreachable),
    ("MAIL", "421 4.3.2 closing", Unreachable),
    ("MAIL", "451 4.3.0 try later", Unreachable),
    ("MAIL", "550 5.7.1 not your address", Refused),
    ("MAIL", CUT, Unreachable),
    ("RCPT", "450 4.2.1 greylisted", Unreachable),
    ("RCPT", "421 4.3.2 closing", Unreachable),
    ("RCPT", "550 5.1.1 no such user", Refused),
    ("RCPT", CUT, Unreachable),
    ("RCPT", "what is this", Unreachable),
]


@pytest.mark.parametrize(("verb", "answer", "error"), NOT_SENT)
def test_before_data_nothing_is_sent_and_nothing_committed(
    submission: SubmissionServer, verb: Verb, answer: str, error: type[RaincheckError]
) -> None:
    submission.script(verb, answer)
    calls = Calls()
    with pytest.raises(error) as raised:
        submission_to(submission).submit(ENVELOPE, RAW, calls)
    assert type(raised.value) is error
    assert calls == []
    assert submission.received == []
    assert "DATA" not in submission.verbs


AT_DATA: list[tuple[Verb, str, type[RaincheckError]]] = [
    ("DATA", "451 4.3.0 try later", Unreachable),
    ("DATA", "421 4.3.2 closing", Unreachable),
    ("DATA", "554 5.5.1 no valid recipients", Refused),
    ("DATA", CUT, Unreachable),  # not one byte of the message was on the line
    ("CONTENT", CUT, Uncertain),
    ("END", "451 4.3.0 try later", Unreachable),
    ("END", "421 4.3.2 closing", Unreachable),
    ("END", "554 5.7.1 looks like spam", Refused),
    ("END", "552 5.3.4 too big", Refused),
    ("END", CUT, Uncertain),
    ("END", "mumble", Uncertain),
    ("END", "334 go on", Uncertain),
]


@pytest.mark.parametrize(("verb", "answer", "error"), AT_DATA)
def test_from_data_on_the_answer_tells_or_nobody_knows(
    submission: SubmissionServer, verb: Verb, answer: str, error: type[RaincheckError]
) -> None:
    submission.script(verb, answer)
    calls = Calls()
    with pytest.raises(error) as raised:
        submission_to(submission).submit(ENVELOPE, RAW, calls)
    assert type(raised.value) is error
    assert calls == ["before data"]
    assert submission.received == []


def test_an_accepted_message_whose_answer_was_lost_is_uncertain(submission: SubmissionServer) -> None:
    submission.script("END", LOSE, times=1)
    with pytest.raises(Uncertain, match="it may have been sent"):
        submission_to(submission).submit(ENVELOPE, RAW, lambda: None)
    assert len(submission.received) == 1


@pytest.mark.parametrize(
    ("verb", "error"), [("MAIL", Unreachable), ("DATA", Unreachable), ("CONTENT", Uncertain), ("END", Uncertain)]
)
def test_a_silent_server_is_given_up(submission: SubmissionServer, verb: Verb, error: type[RaincheckError]) -> None:
    submission.script(verb, HANG)
    began = time.monotonic()
    with pytest.raises(error):
        submission_to(submission, timeout=0.3, verdict=0.3).submit(ENVELOPE, RAW, lambda: None)
    assert time.monotonic() - began < 3


def test_everything_before_data_has_one_time_limit(submission: SubmissionServer) -> None:
    submission.script("MAIL", HANG)
    began = time.monotonic()
    with pytest.raises(Unreachable, match="no answer in time"):
        submission_to(submission, timeout=30, total=0.4).submit(ENVELOPE, RAW, lambda: None)
    assert time.monotonic() - began < 4


def test_the_final_dot_is_waited_for_longer_than_other_answers(
    plain: SubmissionServer, proxy: Callable[[int], Proxy]
) -> None:
    relay = proxy(plain.port)

    def slow_from_now_on(carried: bytes) -> bool:
        relay.delay = 0.4 if b"354" in carried else 0.0
        return False

    relay.lose(slow_from_now_on, DOWN)
    submission_to(plain, port=relay.port, timeout=0.6, verdict=10).submit(ENVELOPE, RAW, lambda: None)
    assert len(plain.received) == 1


@pytest.mark.parametrize("text", ["Thank you.", "Subject:"])
def test_a_line_that_breaks_while_the_message_goes_out_is_uncertain(
    plain: SubmissionServer, proxy: Callable[[int], Proxy], text: str
) -> None:
    relay = proxy(plain.port)
    relay.cut_before(seen(text.encode()), UP)
    with pytest.raises(Uncertain):
        submission_to(plain, port=relay.port).submit(ENVELOPE, RAW, lambda: None)
    assert plain.received == []


def test_a_lost_354_is_no_uncertainty(plain: SubmissionServer, proxy: Callable[[int], Proxy]) -> None:
    relay = proxy(plain.port)
    relay.cut_before(seen(b"354"), DOWN)
    with pytest.raises(Unreachable) as raised:
        submission_to(plain, port=relay.port).submit(ENVELOPE, RAW, lambda: None)
    assert type(raised.value) is Unreachable
    assert plain.received == []


def test_a_farewell_that_fails_changes_nothing(plain: SubmissionServer, proxy: Callable[[int], Proxy]) -> None:
    relay = proxy(plain.port)
    relay.cut_before(seen(b"QUIT"), UP)
    assert submission_to(plain, port=relay.port).submit(ENVELOPE, RAW, lambda: None)
    assert len(plain.received) == 1


def test_all_refused_recipients_are_named_and_the_transaction_is_reset(submission: SubmissionServer) -> None:
    submission.script("RCPT", "550 5.1.1 who\x1b[2J?")
    with pytest.raises(Refused) as raised:
        submission_to(submission).submit(ENVELOPE, RAW, lambda: None)
    assert all(address in str(raised.value) for address in ENVELOPE.recipients)
    assert str(raised.value).isprintable()
    assert submission.verbs[-1] == "RSET"


def test_an_error_of_before_data_comes_out_as_it_is(submission: SubmissionServer) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left") as raised:
        submission_to(submission).submit(ENVELOPE, RAW, full)
    assert not isinstance(raised.value, RaincheckError)
    assert "DATA" not in submission.verbs


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b@c",
        "a@example.org>\r\nDATA",
        "a b@example.org",
        "<a@example.org>",
        "a@example.org,b@c",
        "a\0@b",
    ],
)
def test_what_is_no_address_never_reaches_a_command(submission: SubmissionServer, address: str) -> None:
    for envelope in (Envelope(address, ENVELOPE.recipients), Envelope(ENVELOPE.sender, ("dana@acme.example", address))):
        with pytest.raises(Refused, match="not an address"):
            submission_to(submission).submit(envelope, RAW, lambda: None)
    assert "MAIL" not in submission.verbs


def test_a_message_for_nobody(submission: SubmissionServer) -> None:
    with pytest.raises(Refused, match="no recipient"):
        submission_to(submission).submit(Envelope("robin@example.net", ()), RAW, lambda: None)


@settings(max_examples=40, deadline=None)
@given(
    verb=st.sampled_from(["EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "CONTENT", "END"]),
    answer=st.one_of(
        st.sampled_from([CUT, LOSE]),
        st.builds("{} {}".format, st.integers(0, 999), st.text(max_size=40)),
        st.text(max_size=40),
        st.integers(200, 599).map("{0}-first\r\n{0} last".format),
    ).filter(str.strip),
)
def test_whatever_a_server_answers_a_failure_that_is_sure_means_not_sent(
    tls: Certificate, verb: Verb, answer: str
) -> None:
    with SubmissionServer(tls) as server:
        server.script(verb, answer)
        calls = Calls()
        adapter = submission_to(server, timeout=0.3, verdict=0.3, secrets=FixedSecrets(PASSWORD))
        outcome = outcome_of(lambda: adapter.submit(ENVELOPE, RAW, calls))
        assert outcome != "surely not sent" or server.received == []
        assert outcome != "sent" or calls == ["before data"]


def outcome_of(submit: Callable[[], str]) -> str:
    """What the caller knows afterwards; errors that are not raincheck's own get through."""
    try:
        submit()
    except Uncertain:
        return "nobody knows"
    except RaincheckError:
        return "surely not sent"
    return "sent"


# --- login and TLS ------------------------------------------------------------------------------------------------


def test_a_wrong_password_is_tried_once_and_never_told(submission: SubmissionServer) -> None:
    secrets = FixedSecrets("swordfish")
    with pytest.raises(CredentialsRejected) as raised:
        submission_to(submission, secrets=secrets).check()
    assert (secrets.asked, submission.logins) == (1, 1)
    assert raised.value.__suppress_context__
    assert "swordfish" not in str(raised.value)


def test_a_server_that_echoes_the_secret(submission: SubmissionServer) -> None:
    submission.script("AUTH", "535 5.7.8 swordfish is wrong")
    with pytest.raises(CredentialsRejected, match="535") as raised:
        submission_to(submission, secrets=FixedSecrets("swordfish")).check()
    assert "swordfish" not in str(raised.value)


def test_a_token_logs_in_and_a_stale_one_is_fetched_once_more(submission: SubmissionServer) -> None:
    secrets = FixedSecrets("stale-token", "fresh-token")
    submission_to(submission, secrets=secrets, token=True).submit(ENVELOPE, RAW, lambda: None)
    assert secrets.asked == 2
    assert len(submission.received) == 1


def test_oauthbearer_where_xoauth2_is_not_offered(submission: SubmissionServer) -> None:
    submission.mechanisms_off = ("XOAUTH2",)
    submission_to(submission, secrets=FixedSecrets("fresh-token"), token=True).check()
    with pytest.raises(CredentialsRejected):
        submission_to(submission, secrets=FixedSecrets("stale-token"), token=True).check()


@pytest.mark.parametrize("off", [("PLAIN",), ("PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER")])
def test_other_mechanisms(submission: SubmissionServer, off: tuple[str, ...]) -> None:
    submission.mechanisms_off = off
    if "LOGIN" in off:
        with pytest.raises(CredentialsRejected, match="offers no login"):
            submission_to(submission).check()
    else:
        submission_to(submission).check()


@pytest.mark.parametrize("mode", ["implicit", "starttls"])
def test_a_certificate_nobody_vouches_for(tls: Certificate, mode: Any) -> None:
    with (
        SubmissionServer(tls, tls=mode) as server,
        pytest.raises(Unreachable, match=r"certificate is not trusted.*ca_file"),
    ):
        submission_to(server, ca_file=None).check()


def test_a_server_without_starttls_gets_no_secret(plain: SubmissionServer) -> None:
    with pytest.raises(Unreachable, match="STARTTLS"):
        submission_to(plain, tls="starttls").check()
    assert plain.logins == 0


def test_a_login_never_goes_over_the_network_in_the_clear(plain: SubmissionServer) -> None:
    with pytest.raises(ConfigError, match="a login without TLS"):
        submission_to(plain, host="smtp.example.net").check()


def test_nobody_listens(plain: SubmissionServer, proxy: Callable[[int], Proxy]) -> None:
    relay = proxy(plain.port)
    relay.close()
    with pytest.raises(Unreachable, match=f"localhost:{relay.port}"):
        submission_to(plain, port=relay.port).check()


def test_a_secret_that_cannot_be_had(plain: SubmissionServer) -> None:
    with pytest.raises(SecretError):
        submission_to(plain, secrets=FixedSecrets("two\nlines")).check()


def test_check_says_what_the_server_offers(submission: SubmissionServer) -> None:
    assert "8BITMIME" in submission_to(submission).check()


# --- what the server can carry ------------------------------------------------------------------------------------

FLOWED = (
    "From: Robin =?utf-8?q?M=C3=BCller?= <robin@example.net>\r\n"
    "Subject: Re: Interview\r\nX-Long: " + "x" * 100 + "\r\nMIME-Version: 1.0\r\n"
    'Content-Type: text/plain; charset="utf-8"; format=flowed\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
    "Grüße, this line goes on \r\nhere.\r\n\r\n From the start\r\n-- \r\nRobin\r\n"
).encode()


def test_eight_bits_go_as_they_are_where_they_can(submission: SubmissionServer) -> None:
    submission_to(submission).submit(ENVELOPE, FLOWED, lambda: None)
    (received,) = submission.received
    assert received.raw == FLOWED
    assert "BODY=8BITMIME" in received.options
    assert f"SIZE={len(FLOWED)}" in received.options


def test_quoted_printable_where_they_cannot(tls: Certificate) -> None:
    with SubmissionServer(tls, without=("8BITMIME", "SMTPUTF8")) as server:
        submission_to(server).submit(ENVELOPE, FLOWED, lambda: None)
        (received,) = server.received
    assert received.raw.isascii()
    assert not any(option.startswith("BODY") for option in received.options)
    message = message_from_bytes(received.raw, policy=default)
    assert lines(message) == "Grüße, this line goes on\nhere.\n\nFrom the start\n-- \nRobin\n"
    assert message["Content-Type"].params == {"charset": "utf-8"}
    before, _, _ = FLOWED.partition(b"Content-Type")
    assert received.raw.startswith(before)  # the other fields are as they were


def lines(message: EmailMessage) -> str:
    """The text of a mail, as written."""
    return str(message.get_content()).replace("\r\n", "\n")


def test_international_addresses_need_a_server_that_carries_them(
    tls: Certificate, submission: SubmissionServer
) -> None:
    envelope = Envelope("robin@example.net", ("jürgen@bücher.example",))
    submission_to(submission).submit(envelope, RAW, lambda: None)
    assert submission.received[0].recipients == envelope.recipients
    assert "SMTPUTF8" in submission.received[0].options
    with SubmissionServer(tls, without=("SMTPUTF8",)) as server, pytest.raises(Refused, match="SMTPUTF8"):
        submission_to(server).submit(envelope, RAW, lambda: None)


def test_raw_letters_in_the_header_count_as_international() -> None:
    raw = "Subject: Grüße\r\n\r\nx\r\n".encode()
    assert fitted(raw, ENVELOPE, {"smtputf8", "8bitmime"}) == (raw, ["SMTPUTF8", "BODY=8BITMIME"])
    with pytest.raises(Refused):
        fitted(raw, ENVELOPE, {"8bitmime"})


def test_lines_that_are_too_long_for_mail_are_folded_away() -> None:
    body = "word " * 400
    raw = f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}\n".encode()
    wire, _ = fitted(raw, ENVELOPE, {"8bitmime"})
    assert max(map(len, wire.splitlines())) <= 78
    assert lines(message_from_bytes(wire, policy=default)) == body + "\n"


def test_parts_of_a_multipart_are_encoded_each_by_itself() -> None:
    raw = (
        "Content-Type: multipart/mixed; boundary=b\n Content-Transfer-Encoding: 8bit\nMIME-Version: 1.0\n\n--b\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nGrüße\n--b\n"
        "Content-Type: text/calendar; charset=utf-8; method=REPLY\nContent-Transfer-Encoding: base64\n\nQUJD\n--b--\n"
    ).replace("\n Content", "\nContent")
    encoded = quoted_printable(raw.encode())
    assert encoded.isascii()
    first, second = message_from_bytes(encoded, policy=default).iter_parts()
    assert first.get_content() == "Grüße"
    assert second.get_content() == "ABC"
    assert second["Content-Type"].params["method"] == "REPLY"


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), max_size=300))
def test_a_text_survives_the_encoding(text: str) -> None:
    raw = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + text.encode()
    encoded = quoted_printable(raw)
    assert encoded.isascii()
    assert message_from_bytes(encoded).get_payload(decode=True) == text.encode()
