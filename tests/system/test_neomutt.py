"""neomutt in a real terminal: the person sees the draft, stars it, or takes it up, edits and puts it back."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pexpect
import pytest

from tests.system.home import event, feed, invitation, workday

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.http import HttpServer
    from tests.servers.submission import SubmissionServer
    from tests.system.home import Home

NEOMUTT = shutil.which("neomutt")
pytestmark = [
    pytest.mark.dovecot,
    pytest.mark.skipif(NEOMUTT is None, reason="neomutt is not installed (apt-get install neomutt)"),
]

SETTINGS = """\
set folder = "imap://{user}@127.0.0.1:{port}/"
set imap_user = "{user}"
set imap_pass = "{password}"
set ssl_starttls = no
set ssl_force_tls = no
set imap_authenticators = "plain"
set postponed = "+Drafts"
set record = "+Sent"
set realname = "Robin Meyer"
set from = "{address}"
set editor = "{editor}"
set header_cache = ""
set confirmappend = no
set delete = yes
set quit = yes
set wait_key = no
set mail_check = 1
set crypt_use_gpgme = no
"""


class Neomutt:
    """One person's neomutt; `keys` are pressed one after the other, then it is left."""

    def __init__(self, home: Home, folder: Path) -> None:
        self._folder = folder
        editor = folder / "editor.sh"
        editor.write_text(
            "#!/bin/sh\nsed -i 's/^Best .*/With best regards from neomutt,/;s/^Many thanks/Thank you/' \"$1\"\n"
        )
        editor.chmod(0o755)
        password = home.mailbox.password.replace("\\", "\\\\").replace('"', '\\"')
        (folder / "neomuttrc").write_text(
            SETTINGS.format(
                user=home.mailbox.user,
                port=home.mailbox.port,
                password=password,
                address=home.mailbox.address,
                editor=editor,
            )
        )
        self._home = home

    def runs(self, *arguments: str, sees: str, keys: str) -> None:
        """Starts it, waits until the screen shows `sees`, presses the keys, waits until it has ended."""
        terminal = pexpect.spawn(
            str(NEOMUTT),
            ["-n", "-F", str(self._folder / "neomuttrc"), *arguments],
            env={"TERM": "xterm", "HOME": str(self._folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            dimensions=(40, 120),
            timeout=30,
            encoding="utf-8",
            codec_errors="replace",
        )
        terminal.expect(sees)
        terminal.send(keys)
        terminal.expect(pexpect.EOF)
        terminal.close()
        assert terminal.exitstatus in (0, 1)  # 1: a message was postponed, not sent


@pytest.fixture
def drafted(home: Home, http_server: HttpServer) -> Home:
    """A draft lies in Drafts."""
    http_server.put("/calendar.ics", feed(event(workday(5), 60)))
    home.mailbox.deliver(invitation(workday(5)).as_bytes())
    home.passes()
    assert len(home.messages("Drafts")) == 1
    return home


def test_a_star_in_neomutt_sends_the_draft(drafted: Home, submission: SubmissionServer, tmp_path: Path) -> None:
    neomutt = Neomutt(drafted, tmp_path)
    neomutt.runs("-f", "+Drafts", sees="Interview for", keys="F$q")
    ((flags, _),) = drafted.messages("Drafts")
    assert b"\\Flagged" in flags
    drafted.passes()
    drafted.passes()
    assert len(submission.received) == 1
    assert drafted.messages("Drafts") == []


def test_a_draft_taken_up_edited_and_put_back_needs_a_star_and_goes_as_edited(
    drafted: Home, submission: SubmissionServer, tmp_path: Path
) -> None:
    neomutt = Neomutt(drafted, tmp_path)
    neomutt.runs("-p", sees="Interview for", keys="P")
    ((_, draft),) = drafted.messages("Drafts")
    assert b"from neomutt," in draft
    drafted.passes()
    drafted.passes()
    assert submission.received == []
    neomutt.runs("-f", "+Drafts", sees="Interview for", keys="F$q")
    drafted.passes()
    drafted.passes()
    (sent,) = submission.received
    assert b"from neomutt," in sent.raw
    assert b"X-Raincheck" not in sent.raw
    assert (drafted.messages("Drafts"), len(drafted.messages("Sent"))) == ([], 1)
