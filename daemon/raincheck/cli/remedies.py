"""What to do about a secret, a server or a calendar that fails, wherever it is told: in `raincheck check` on a line of
its own, elsewhere in the next sentence.

The words that a server or a feed gave are told beside it; here stands which key of the configuration is meant.
"""

from __future__ import annotations

import shlex
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from raincheck.adapters.feed import PERMISSION
from raincheck.adapters.secrets import SystemSecrets
from raincheck.core.settings import SecretSource
from raincheck.errors import CredentialsRejected, SecretError, Unreachable
from raincheck.service.cases import OF_SERVERS, cause, part_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.core.settings import Account, Calendar
    from raincheck.errors import RaincheckError
    from raincheck.ports import Health, Side


_OF_SERVERS = {kind.__name__: kind for kind in OF_SERVERS}


def for_secret(source: SecretSource, what: str, place: str, *, username: str = "") -> str:
    """How to give a secret (`what`: "the password") to the source that is named at this place."""
    other = f"or name another source at {place}"
    if source.command is not None:
        return f"Run the command by hand: it must print {what} on its first line and end; {other}."
    if source.file is not None:
        path = shlex.quote(source.file)
        return f"Write {what} alone into {path}, and do: chmod 600 {path}; {other}."
    if source.env is not None:
        start = f"export {source.env}=… in a shell, EnvironmentFile= in the unit"
        return f"Set it where raincheck is started: {start}; {other}."
    if source.credential is not None:
        return (
            f"Only the unit can read it: give it LoadCredential={source.credential}:/path/of/the/file "
            f"(`raincheck install --system` writes such a unit), and look at its journal; {other}."
        )
    entry = f"{shlex.quote(source.keyring or '')} {shlex.quote(username)}"
    return f"Unlock the keyring, and do: keyring set {entry}; {other}."


def for_server(problem: RaincheckError | OSError, account: Account, side: Side) -> str:
    """What to do when a server cannot be reached, or turns the login away."""
    place = account.origin
    server = account.imap if side == "imap" else account.smtp
    source = server.password or account.oauth2_token or account.password
    if isinstance(problem, SecretError) and source is not None:
        return for_secret(source, "the password or token", place, username=server.username or account.username)
    if isinstance(problem, CredentialsRejected):
        return (
            f"Check username and password at {place}; where a login takes two steps, most providers want an app "
            "password, or oauth2."
        )
    if isinstance(problem, Unreachable):
        return f"Check host, port and tls of {side} at {place}, and whether this machine is online."
    return f"Check {side} and the login at {place}; the words are the server's."


def told(account: Account, problem: RaincheckError, side: Side) -> str:
    """What went wrong, with what to do about it where the server could not be reached or turned the login away."""
    return _with(str(problem), account, cause(problem, side))


def told_of(accounts: Sequence[Account], health: Health) -> str:
    """What is wrong with one part, with what to do about it as these accounts stand in the configuration now."""
    account = next((account for account in accounts if part_of(account.name) == health.name), None)
    return health.detail if account is None else _with(health.detail, account, health.cause)


def _with(detail: str, account: Account, what: str) -> str:
    """The words, and what to do about their cause."""
    side, _, kind = what.partition(" ")
    if kind not in _OF_SERVERS:
        return detail
    remedy = for_server(_OF_SERVERS[kind](detail), account, "smtp" if side == "smtp" else "imap")
    return f"{detail.rstrip('.')}. {remedy}"


@contextmanager
def telling(account: Account, side: Side) -> Iterator[None]:
    """Errors of the server come out of it with what to do about them."""
    try:
        yield
    except OF_SERVERS as problem:
        raise type(problem)(told(account, problem, side)) from problem


def for_calendar(calendar: Calendar, problem: str) -> str:
    """What to do about a calendar that could not be had, for that reason."""
    place = calendar.origin
    if PERMISSION in problem:
        return f"If it is meant to lie there, write {PERMISSION} into the same table as {place}."
    secrets, url = SystemSecrets(), calendar.url
    if isinstance(url, SecretSource):
        try:
            address = secrets.get(url)
        except SecretError:
            return for_secret(url, "the calendar's address (https://….ics)", place)
    else:
        address = url
    if calendar.password is not None and calendar.username is not None:
        try:
            secrets.get(calendar.password, username=calendar.username)
        except SecretError:
            return for_secret(calendar.password, "the calendar's password", place, username=calendar.username)
    if "://" not in address and not _is_path(address):
        return f"Write the whole address at {place}, with https:// before it, or the path of an iCalendar file (.ics)."
    if "://" not in address and Path(address).expanduser().is_dir():
        return f"Name the iCalendar file (.ics) in it at {place}."
    if "://" not in address:
        return f"Put an iCalendar file (.ics) there, or write the path or the address of one at {place}."
    return (
        f"Try the address at {place} in a private browser window: it must give a file that begins with "
        "BEGIN:VCALENDAR. Where it wants a login, write username and password into the same table."
    )


def located(calendar: Calendar, problem: str) -> str:
    """What went wrong with a calendar, and where it is looked for, where the words do not say that themselves."""
    url = calendar.url
    source = (url.file or url.env) if isinstance(url, SecretSource) else None
    return problem if source and source in problem else f"{_whereabouts(calendar)}: {problem}"


def _whereabouts(calendar: Calendar) -> str:
    """Where a calendar is looked for, without what is secret in an address."""
    url = calendar.url
    if isinstance(url, SecretSource):
        if url.file is not None:
            return f"the address in the file {url.file}"
        if url.env is not None:
            return f"the address in the variable {url.env}"
        return "an address that is kept as a secret"
    if "://" not in url:
        return f"the path {url}" if _is_path(url) else "its url (is https:// missing?)"
    try:
        return f"the address at {urlsplit(url).hostname or 'no server'}"
    except ValueError:
        return "an address that is none"


def _is_path(url: str) -> bool:
    """True for a path whose folder is there; else it may be an address without https://, which is a secret."""
    return Path(url).parent.is_dir()
