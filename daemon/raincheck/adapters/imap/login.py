"""Which of the server's ways to log in is taken, and how a text is quoted for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raincheck.errors import CredentialsRejected

if TYPE_CHECKING:
    from raincheck.wire import Login


def log_in(client: Any, who: Login, server: str) -> None:
    """By the best mechanism that the server offers. SASL PLAIN carries any character, LOGIN only ASCII."""
    offered = {name.decode("ascii", "replace").upper() for name in client.capabilities()}
    if who.token:
        use = (
            client.oauthbearer_login if offered & {"AUTH=OAUTHBEARER", "AUTH=XOAUTH2"} == {"AUTH=OAUTHBEARER"} else None
        )
        (use or client.oauth2_login)(who.username, who.secret)
    elif "AUTH=PLAIN" in offered:
        client.plain_login(who.username, who.secret)
    elif "LOGINDISABLED" in offered:
        raise CredentialsRejected(f"{server}: it offers no login with a password here; it may want oauth2 or TLS.")
    elif not (who.username + who.secret).isascii():
        raise CredentialsRejected(f"{server}: it offers only LOGIN, which cannot carry this username or password.")
    else:
        client.login(quoted(who.username), who.secret)  # imaplib quotes the password, and only that


def quoted(text: str) -> str:
    """An IMAP quoted string (RFC 9051, 4.3) of printable ASCII."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
