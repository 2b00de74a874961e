"""A real Dovecot on loopback, as root or as an ordinary user: `with Dovecot(folder, certificate) as dovecot: ...`.

Every user name has a mailbox, made at the first login or delivery, with Drafts, Sent and Trash (special-use).
Users log in with the password they were added with. Mail comes in by `deliver(raw, user)`. The log is `dovecot.log`
in the folder.
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import smtplib
import subprocess
from contextlib import suppress
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, ClassVar, Self

from raincheck.demo.ports import free_ports, greeting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from raincheck.demo.certificate import Certificate

_CONFIG = Template("""\
base_dir = $folder/run
state_dir = $folder/state
log_path = $folder/dovecot.log
info_log_path = $folder/dovecot.log
$identity
protocols = imap lmtp
listen = 127.0.0.1
disable_plaintext_auth = no
auth_mechanisms = plain login$mechanisms
auth_failure_delay = 0
ssl = yes
ssl_cert = <$cert_file
ssl_key = <$key_file
mail_location = maildir:~/Maildir
first_valid_uid = 0
first_valid_gid = 0
mail_fsync = never
imap_idle_notify_interval = 2 mins
mail_max_userip_connections = 20
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u $folder/users
  mechanisms = plain login
}
$further
userdb {
  driver = static
  args = uid=$uid gid=$gid home=$folder/mail/%u allow_all_users=yes
}
namespace inbox {
  inbox = yes
  separator = $separator
  prefix = $prefix
$mailboxes
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = $imap_port
  }
  inet_listener imaps {
    address = 127.0.0.1
    port = $imaps_port
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = $lmtp_port
  }
}
service auth {
  unix_listener auth-sasl {
    mode = 0666
  }
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
  unix_listener stats-writer {
    mode = 0666
  }
}
protocol lmtp {
  auth_username_format = %Ln
}
""")


def installed() -> str | None:
    """The path of the dovecot program; None where it is not on this machine."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


class Dovecot:
    """One running server; see the module. `start` and `stop` may be called again (same ports, same mail)."""

    mechanisms = ""  # further SASL mechanisms, each after a space
    further = ""  # further configuration of dovecot.conf
    separator = "/"
    prefix = ""  # before the name of every mailbox but INBOX
    # Mailboxes that are there from the first login, and their special use; "" for none.
    special: ClassVar[Mapping[str, str]] = {"Drafts": "Drafts", "Sent": "Sent", "Trash": "Trash"}

    def __init__(self, folder: Path, certificate: Certificate) -> None:
        self.folder = folder
        self.imap_port, self.imaps_port, self.lmtp_port = free_ports(3)
        self._process: subprocess.Popen[bytes] | None = None
        self._write_configuration(certificate)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Starts the server and waits for its greeting."""
        program = installed()
        assert program is not None, "Dovecot is not installed"
        self._process = subprocess.Popen(  # noqa: S603 - Dovecot, found on the PATH, with a configuration of ours
            [program, "-F", "-c", self.folder / "dovecot.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        words = greeting(self.imap_port)
        assert words.startswith(b"* OK"), words

    def stop(self) -> None:
        """Ends the server and the children that outlive it (an idling session does)."""
        if self._process is None:
            return
        children = _children(self._process.pid)
        self._process.terminate()
        self._process.wait(timeout=10)
        self._process = None
        for child in children:
            _kill(child)

    def deliver(self, raw: bytes, user: str, *, sender: str = "dana@acme.example") -> None:
        """Delivers a mail to the user's INBOX over LMTP; it is there when this returns."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port, local_hostname="localhost") as lmtp:
            lmtp.sendmail(sender, [f"{user}@example.org"], raw, mail_options=["BODY=8BITMIME"])

    def log(self) -> str:
        """What the server logged."""
        return (self.folder / "dovecot.log").read_text("utf-8", "replace")

    def _write_configuration(self, certificate: Certificate) -> None:
        for name in ("run", "state", "mail"):
            (self.folder / name).mkdir()
        mail_user = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        if os.getuid() == 0:
            os.chown(self.folder / "mail", mail_user.pw_uid, mail_user.pw_gid)
            self.folder.chmod(0o711)  # `nobody` passes through
        (self.folder / "users").touch()
        (self.folder / "dovecot.conf").write_text(
            _CONFIG.substitute(
                folder=self.folder,
                mechanisms=self.mechanisms,
                separator=self.separator,
                prefix=self.prefix,
                mailboxes="\n".join(_mailbox(name, use) for name, use in self.special.items()),
                further=self.further,
                identity=_identity(),
                cert_file=certificate.cert_file,
                key_file=certificate.key_file,
                uid=mail_user.pw_uid,
                gid=mail_user.pw_gid,
                imap_port=self.imap_port,
                imaps_port=self.imaps_port,
                lmtp_port=self.lmtp_port,
            )
        )

    def add_user(self, user: str, password: str) -> None:
        """Makes the user known."""
        with (self.folder / "users").open("a", encoding="utf-8") as users:
            users.write(f"{user}:{{PLAIN}}{password}\n")


def _mailbox(name: str, use: str) -> str:
    return f'  mailbox "{name}" {{\n    auto = subscribe\n' + (f"    special_use = \\{use}\n" if use else "") + "  }"


def _identity() -> str:
    """The lines that an ordinary user needs: all processes run under its own name and group."""
    if os.getuid() == 0:
        return ""
    user, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    return f"default_internal_user = {user}\ndefault_internal_group = {group}\ndefault_login_user = {user}"


def _children(pid: int) -> list[int]:
    """Process ids of all descendants, read from /proc."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = parents.get(pid, [])
    return found + [grandchild for child in found for grandchild in _descend(child, parents)]


def _descend(pid: int, parents: dict[int, list[int]]) -> list[int]:
    return [found for child in parents.get(pid, []) for found in (child, *_descend(child, parents))]


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
