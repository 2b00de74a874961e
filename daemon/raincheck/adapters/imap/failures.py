"""What imapclient, imaplib, ssl and socket raise, and parsers that meet nonsense, as errors of raincheck.

imapclient has one class, IMAPClientError (= imaplib.IMAP4.error), for a server's NO, its BAD, a broken line (abort is
a subclass) and bytes that are no IMAP: only the text tells them apart, and the text's form is fixed in two places,
`IMAPClient._check_resp` ("fetch failed: …") and `imaplib.IMAP4._command_complete` ("FETCH command error: BAD […]").
"""

from __future__ import annotations

import re
import ssl

from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, IMAPClientReadOnlyError

from raincheck.errors import CredentialsRejected, RaincheckError, Refused, Unreachable
from raincheck.wire import words

# Everything that can come out of a call of imapclient. The second line is what its parsers raise on nonsense.
RAISED = (
    *(IMAPClientError, OSError),
    *(ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError, MemoryError),
)

_NO = re.compile(r"^[\w ]+ failed: (?P<words>.*)$", re.DOTALL)
_BAD = re.compile(r"command error: BAD (?P<words>.*)$", re.DOTALL)
_QUOTED = re.compile(r""":? \[?b['"]""")
_CODE = re.compile(r"\[(?P<code>[A-Z-]+)")
# RFC 5530: the server's own trouble, or somebody else is at it just now.
_WAIT = frozenset({"UNAVAILABLE", "INUSE", "SERVERBUG", "EXPUNGEISSUED", "THROTTLED"})
# At a login these too; and many servers send no code, or ALERT, when there are too many connections.
_WAIT_AT_LOGIN = _WAIT | {"LIMIT", "OVERQUOTA"}
_BUSY = re.compile(
    r"too many|try again|try later|tempor|unavailable|throttl|rate limit|not connected|internal", re.IGNORECASE
)


def answered(problem: BaseException) -> bool:
    """True when the server itself said no (NO, BAD): the command certainly was not carried out."""
    if isinstance(problem, CapabilityError | IMAPClientReadOnlyError):  # the latter is an abort to imaplib
        return True
    if isinstance(problem, IMAPClientAbortError):
        return False
    return isinstance(problem, IMAPClientError) and bool(_NO.search(str(problem)) or _BAD.search(str(problem)))


def translated(problem: BaseException, server: str) -> RaincheckError:
    """The error to raise for what a command raised: Refused for a server's no, else Unreachable."""
    if not answered(problem):
        return lost(problem, server)
    said = _said(problem)
    if _code(said) in _WAIT:
        return Unreachable(f"{server}: not now: {words(said)}")
    return Refused(f"{server}: refused: {words(said)}")


def translated_login(problem: BaseException, server: str, *secrets: str) -> RaincheckError:
    """The error for what a login raised: CredentialsRejected, unless the server is only busy or the line broke."""
    # IMAPClient makes a LoginError of a broken line too; what it was is in the context.
    if not isinstance(problem, IMAPClientError) or isinstance(problem.__context__, IMAPClientAbortError):
        return lost(problem, server, *secrets)
    said = _said(problem)
    code = _code(said)
    if code in _WAIT_AT_LOGIN or (code in (None, "ALERT") and _BUSY.search(said)):
        return Unreachable(f"{server}: no login now: {words(said, *secrets)}")
    return CredentialsRejected(f"{server}: the login was rejected: {words(said, *secrets)}")


def lost(problem: BaseException, server: str, *secrets: str) -> Unreachable:
    """The error for a line that broke, could not be made, or carried nonsense."""
    if isinstance(problem, ssl.SSLCertVerificationError):
        remedy = "If it is signed by a private authority, name that in ca_file."
        return Unreachable(f"{server}: its certificate is not trusted: {words(problem.verify_message)}. {remedy}")
    if isinstance(problem, TimeoutError):
        return Unreachable(f"{server}: no answer in time")
    if isinstance(problem, OSError):
        return Unreachable(f"{server}: {words(problem.strerror or str(problem) or type(problem).__name__)}")
    if isinstance(problem, IMAPClientError):
        # imaplib quotes what it could not read ("unexpected response: b'…'"), which may be a piece of a mail
        return Unreachable(f"{server}: the connection was lost: {words(_QUOTED.split(str(problem))[0], *secrets)}")
    return Unreachable(f"{server}: it sent what is no IMAP ({type(problem).__name__})")


def _said(problem: BaseException) -> str:
    text = str(problem)
    match = _NO.search(text) or _BAD.search(text)
    said = match["words"] if match else text
    return said.removeprefix("[b'").removesuffix("']").removeprefix("b'").removesuffix("'")


def _code(said: str) -> str | None:
    """The response code (RFC 9051, 7.1), if the answer begins with one."""
    match = _CODE.match(said)
    return match["code"] if match else None
