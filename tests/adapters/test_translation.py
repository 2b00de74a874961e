"""Every exception that imapclient and aiosmtplib can raise becomes one of raincheck's own, and the right one."""

from __future__ import annotations

import imaplib
import inspect
import socket
import ssl
from typing import Any

import aiosmtplib
import aiosmtplib.errors
import imapclient.exceptions
import pytest

from raincheck.adapters.imap import failures as imap
from raincheck.adapters.smtp import failures as smtp
from raincheck.errors import CredentialsRejected, RaincheckError, Refused, Unreachable

SERVER = "mail.example.net:993"


def classes(*modules: object) -> set[type[BaseException]]:
    """Every exception class that these modules define or hand out."""
    return {
        member
        for module in modules
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, BaseException)
    }


IMAP = classes(imapclient.exceptions) | {imaplib.IMAP4.error, imaplib.IMAP4.abort, imaplib.IMAP4.readonly}
NETWORK: set[type[BaseException]] = {
    ConnectionResetError,
    BrokenPipeError,
    TimeoutError,
    socket.gaierror,
    socket.herror,
    ssl.SSLError,
    ssl.SSLEOFError,
    ssl.SSLZeroReturnError,
    ssl.SSLCertVerificationError,
    ssl.CertificateError,
}


@pytest.mark.parametrize("kind", sorted(IMAP | NETWORK, key=repr))
def test_every_class_of_imap_is_caught_and_translated(kind: type[BaseException]) -> None:
    assert issubclass(kind, imap.RAISED)
    problem = made(kind)
    for error in (imap.translated(problem, SERVER), imap.translated_login(problem, SERVER, "secret")):
        assert isinstance(error, RaincheckError)
        assert SERVER in str(error)


def made(kind: type[BaseException]) -> BaseException:
    """An instance, whatever arguments its class wants."""
    if issubclass(kind, ssl.SSLCertVerificationError):
        return untrusted()
    if not issubclass(kind, aiosmtplib.SMTPException):
        return kind("words")
    by_count: list[tuple[Any, ...]] = [("words",), (550, "words"), (550, "words", "ann@example.org"), ([],)]
    for arguments in by_count:
        try:
            inspect.signature(kind).bind(*arguments)
        except TypeError:
            continue
        return kind(*arguments)
    raise AssertionError(f"no idea how to make {kind}")


def untrusted() -> ssl.SSLCertVerificationError:
    """What ssl raises for a certificate that nobody vouches for."""
    problem = ssl.SSLCertVerificationError(1, "certificate verify failed")
    problem.verify_message = "self-signed certificate"
    return problem


@pytest.mark.parametrize("kind", sorted(classes(aiosmtplib.errors) | NETWORK, key=repr))
def test_every_class_of_smtp_is_caught_and_translated(kind: type[BaseException]) -> None:
    assert issubclass(kind, smtp.RAISED)
    assert isinstance(smtp.translated(made(kind), SERVER, "secret"), RaincheckError)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("fetch failed: [SERVERBUG] oops", Unreachable),
        ("fetch failed: [EXPUNGEISSUED] some are gone", Unreachable),
        ("select failed: [ALERT] over quota", Refused),
        ("append failed: [OVERQUOTA] full", Refused),
        ("FETCH command error: BAD [b'what?']", Refused),
        ("command: FETCH => got more than 1000000 bytes", Unreachable),
        ("anything else", Unreachable),
    ],
)
def test_the_texts_of_imapclient_that_tell_a_no_from_a_lost_line(text: str, error: type[RaincheckError]) -> None:
    assert type(imap.translated(imaplib.IMAP4.error(text), SERVER)) is error
    assert type(imap.translated(imaplib.IMAP4.abort(text), SERVER)) is Unreachable


@pytest.mark.parametrize(
    ("problem", "error"),
    [
        (aiosmtplib.SMTPAuthenticationError(535, "no"), CredentialsRejected),
        (aiosmtplib.SMTPAuthenticationError(454, "later"), Unreachable),
        (aiosmtplib.SMTPConnectResponseError(554, "no service"), Unreachable),
        (aiosmtplib.SMTPHeloError(550, "go away"), Unreachable),
        (aiosmtplib.SMTPSenderRefused(550, "no", "ann@example.org"), Refused),
        (aiosmtplib.SMTPSenderRefused(451, "later", "ann@example.org"), Unreachable),
        (aiosmtplib.SMTPResponseException(-1, "malformed"), Unreachable),
        (aiosmtplib.SMTPServerDisconnected("gone"), Unreachable),
        (TimeoutError(), Unreachable),
        (UnicodeEncodeError("ascii", "ü", 0, 1, "no"), Refused),
    ],
)
def test_what_smtp_errors_mean(problem: Exception, error: type[RaincheckError]) -> None:
    assert type(smtp.translated(problem, SERVER)) is error


def test_an_untrusted_certificate_is_told_with_its_remedy() -> None:
    problem = untrusted()
    wrapped = aiosmtplib.SMTPConnectError("cannot connect")
    wrapped.__cause__ = problem
    for told in (imap.translated(problem, SERVER), smtp.translated(problem, SERVER), smtp.translated(wrapped, SERVER)):
        assert "self-signed certificate" in str(told)
        assert "ca_file" in str(told)
