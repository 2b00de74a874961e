"""Dovecot with OAuth beside passwords: `with OAuthDovecot(folder, certificate) as dovecot: ...`.

Every user name is known, the password is `PASSWORD`; the token of a user is `oauth_token(user)`, until `revoke_tokens`.
"""

from __future__ import annotations

import base64
import http.server
import json
import shutil
import threading
import urllib.parse
from typing import TYPE_CHECKING

from raincheck.demo.dovecot import Dovecot

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from raincheck.demo.certificate import Certificate

PASSWORD = 'correct "horse" \\ bätterie'

_OAUTH2 = """\
introspection_mode = post
introspection_url = http://127.0.0.1:{port}/introspect/
username_attribute = username
active_attribute = active
active_value = true
"""

# A user file would be looked at again only when its time stamp changes, in whole seconds: too late for a new user.
_FURTHER = """\
passdb {{
  driver = static
  args = password={{PLAIN.B64}}{password}
  mechanisms = plain login
}}
passdb {{
  driver = oauth2
  mechanisms = oauthbearer xoauth2
  args = {settings}
}}
"""


class OAuthDovecot(Dovecot):
    """The demo's server, and logins by token."""

    mechanisms = " oauthbearer xoauth2"

    def __init__(self, folder: Path, certificate: Certificate) -> None:
        self._tokens = _TokenServer()
        settings = folder / "oauth2.conf"
        settings.write_text(_OAUTH2.format(port=self._tokens.port))
        self.further = _FURTHER.format(settings=settings, password=base64.b64encode(PASSWORD.encode()).decode())
        super().__init__(folder, certificate)

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, problem, trace)
        self._tokens.close()

    def oauth_token(self, user: str) -> str:
        """A token that is good for this user."""
        return self._tokens.issue(user)

    def wipe(self, user: str) -> None:
        """Removes all mailboxes of the user, who is not connected; the next login makes them anew."""
        shutil.rmtree(self.folder / "mail" / user)

    def revoke_tokens(self) -> None:
        """Makes all tokens stale that were issued so far."""
        self._tokens.revoke()


class _TokenServer:
    """Answers Dovecot's question whether a token is good (RFC 7662)."""

    def __init__(self) -> None:
        self._users: dict[str, str] = {}
        self._issued = 0
        users = self._users

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                token = urllib.parse.parse_qs(body.decode())["token"][0]
                user = users.get(token)
                answer = json.dumps({"active": user is not None, "username": user}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def issue(self, user: str) -> str:
        self._issued += 1
        token = f"token-{self._issued}-for-{user}"
        self._users[token] = user
        return token

    def revoke(self) -> None:
        self._users.clear()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class StrictDovecot(OAuthDovecot):
    """A server whose mailboxes are small and can be made read-only: `quota` kilobytes a person; SETACL (RFC 4314)."""

    quota = 48

    def __init__(self, folder: Path, certificate: Certificate) -> None:
        super().__init__(folder, certificate)
        with (folder / "dovecot.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(_STRICT.format(quota=self.quota))


_STRICT = """
mail_plugins = quota acl
protocol imap {{
  mail_plugins = $mail_plugins imap_quota imap_acl
}}
plugin {{
  quota = count:all
  quota_vsizes = yes
  quota_rule = *:storage={quota}K
  quota_grace = 0
  acl = vfile::cache_secs=0
}}
"""
