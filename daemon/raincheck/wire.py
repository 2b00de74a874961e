"""What every connection to a mail server has in common: TLS, the loopback rule, the login, and quoting its words."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING

from raincheck.errors import ConfigError, Problem, SecretError

if TYPE_CHECKING:
    from raincheck.core.settings import Account, Server
    from raincheck.ports import Secrets

_WORDS = 200  # characters of a server's answer that are worth telling
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")


def words(answer: str | bytes, *secrets: str) -> str:
    """A server's words for a person: one line, printable, short, without these secrets (a server may echo them)."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    for secret in filter(None, secrets):
        text = text.replace(secret, "…")
    text = _UNPRINTABLE.sub(" ", text).strip()
    return text if len(text) <= _WORDS else text[: _WORDS - 1] + "…"


def tls_context(server: Server, ca_file: str | None) -> ssl.SSLContext | None:
    """How to speak TLS with the server, certificates always verified; None for tls "none".

    Raises ConfigError where tls "none" would send a login over a network, or the ca_file is no certificate.
    """
    if server.tls == "none":
        if not is_loopback(server.host):
            remedy = 'Use tls = "implicit" or "starttls".'
            raise ConfigError(Problem("config", None, f"{server.host}:{server.port}", "a login without TLS", remedy))
        return None
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ValueError) as problem:
        what = f"{ca_file} cannot be used: {words(str(problem))}"
        raise ConfigError(Problem("config", None, "ca_file", what, "Name a file of PEM certificates.")) from problem


def is_loopback(host: str) -> bool:
    """True for localhost and loopback addresses: what is said there never leaves the machine."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


@dataclass(frozen=True, slots=True)
class Login:
    """A username with its password or (`token`) OAuth 2.0 access token, which its repr does not show."""

    username: str
    secret: str = field(repr=False)
    token: bool = False


def login(account: Account, server: Server, secrets: Secrets) -> Login:
    """The login for one of the account's servers, the secret fetched anew. Raises SecretError."""
    username = server.username or account.username
    if server.password is not None:
        return Login(username, _clean(secrets.get(server.password, username=username), account))
    if account.oauth2_token is not None:
        return Login(username, _clean(secrets.get(account.oauth2_token, username=username), account), token=True)
    if account.password is not None:
        return Login(username, _clean(secrets.get(account.password, username=username), account))
    raise SecretError(f"account {account.name}: there is neither a password nor an oauth2 token in the configuration.")


def _clean(secret: str, account: Account) -> str:
    """A secret with a line break or NUL in it would break out of the command that carries it."""
    if not secret or any(character in secret for character in "\r\n\0"):
        raise SecretError(f"account {account.name}: the password or token is empty or holds a line break.")
    return secret
