"""What aiosmtplib, ssl and sockets raise, as errors of raincheck.

All of these mean that nothing was sent; what a broken line means after the message went out, `submission` says.
"""

from __future__ import annotations

import ssl

from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPConnectResponseError,
    SMTPException,
    SMTPHeloError,
    SMTPResponseException,
)

from raincheck.errors import CredentialsRejected, RaincheckError, Refused, Unreachable
from raincheck.wire import words

# Everything that can come out of a call of aiosmtplib; ValueError for what cannot be put into a command.
RAISED = (SMTPException, OSError, ValueError, RuntimeError)


def translated(problem: BaseException, server: str, *secrets: str) -> RaincheckError:
    """The error to raise: 5xx is Refused (or the login was), all else Unreachable."""
    match problem:
        case SMTPAuthenticationError(code=code, message=said) if code >= 500:
            return CredentialsRejected(f"{server}: the login was rejected: {code} {words(said, *secrets)}")
        case SMTPConnectResponseError(code=code, message=said) | SMTPHeloError(code=code, message=said):
            return Unreachable(f"{server}: not now: {code} {words(said, *secrets)}")
        case SMTPResponseException(code=code, message=said):
            return refusal(server, code, said, *secrets)
        case ValueError() if not isinstance(problem, OSError):  # a bad certificate is a ValueError too
            return Refused(f"{server}: this cannot be said in SMTP ({type(problem).__name__})")
        case _:
            return _lost(problem, server, *secrets)


def refusal(server: str, code: int, said: str, *secrets: str) -> Refused | Unreachable:
    """The error for a reply that is no consent: 5xx will stay so, 4xx (and nonsense) may change."""
    text = f"{code} {words(said, *secrets)}"
    if 500 <= code <= 599:
        return Refused(f"{server}: refused: {text}")
    return Unreachable(f"{server}: not now: {text}")


def _lost(problem: BaseException, server: str, *secrets: str) -> Unreachable:
    for cause in (problem, problem.__cause__):
        if isinstance(cause, ssl.SSLCertVerificationError):
            remedy = "If it is signed by a private authority, name that in ca_file."
            return Unreachable(f"{server}: its certificate is not trusted: {words(cause.verify_message)}. {remedy}")
    if isinstance(problem, TimeoutError):
        return Unreachable(f"{server}: no answer in time")
    return Unreachable(f"{server}: {words(str(problem) or type(problem).__name__, *secrets)}")
