"""Every error that raincheck raises on purpose, sorted by what the caller can do about it.

::

    RaincheckError
    ├── ConfigError            ask the person: configuration, template or rule is wrong (exit 78)
    ├── SecretError            ask the person: a password or token cannot be had (exit 78)
    ├── CredentialsRejected    ask the person: the server refused the login; stop this account
    ├── Unreachable            wait: network or server trouble, try again with back-off
    ├── MailboxChanged         wait: UIDVALIDITY changed or the mailbox vanished, look again from the start
    ├── Refused                this message: the server said no and will say no again
    ├── Uncertain              this message: the server may have done it; never repeat, look and ask
    ├── Unreadable             this message: not readable as a mail, calendar or feed; set it aside
    ├── NotWritable            this mail: no letter can be written (address, template, tact); leave it, say why
    ├── FeedUnavailable        wait: a calendar could not be had or is no whole calendar; never "free"
    └── LedgerError            stop: the ledger cannot be opened or written
"""

from dataclasses import dataclass


class RaincheckError(Exception):
    """Base of all errors that raincheck raises on purpose; its text is one paragraph for the person."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file that the person wrote: where (file, 1-based line, dotted key), what, and what to do."""

    file: str
    line: int | None
    key: str
    what: str
    remedy: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.key}: {self.what}. {self.remedy}"


class ConfigError(RaincheckError):
    """The person's configuration, rules or templates are wrong; carries every problem found, not only the first."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class SecretError(RaincheckError):
    """A secret could not be had: command failed, file readable by others, keyring locked. Never holds the secret."""


class CredentialsRejected(RaincheckError):
    """The server refused the login. Trying again would only lock the account."""


class Unreachable(RaincheckError, ConnectionError):
    """The server could not be reached, hung up or talked nonsense. Whatever was under way did certainly not happen
    unless the raising method says otherwise; try again with back-off."""


class MailboxChanged(RaincheckError):
    """A mailbox vanished or its UIDVALIDITY changed while in use: its remembered UIDs are void (RFC 9051, 2.3.1.1)."""


class Refused(RaincheckError):
    """The server answered with a permanent no (IMAP NO, SMTP 5xx); repeating the same request is pointless."""


class Uncertain(RaincheckError):
    """The connection broke where the server may already have done its work (APPEND literal, SMTP DATA)."""


class Unreadable(RaincheckError, ValueError):
    """Bytes that are no mail, no iCalendar object or no feed: set aside with this explanation, not retried for ever."""


class NotWritable(RaincheckError):
    """No letter can be written for this mail: no usable address, no template in its language, or what came out lacks
    tact. Its text is the plain reason with which the case is left."""


class FeedUnavailable(RaincheckError):
    """A calendar feed could not be had, is cut off or is no calendar. An unreadable calendar is not a free calendar."""


class LedgerError(RaincheckError):
    """The ledger cannot be used: unreadable, locked by another instance, of a newer version, or the disk is full."""
