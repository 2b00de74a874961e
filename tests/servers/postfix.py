"""A real Postfix on loopback for submissions, run from where `tests/setup.sh postfix` unpacked it; it needs root.

It wants STARTTLS and the login of a user of Dovecot, and delivers what it takes into Dovecot's mailboxes::

    with Postfix(folder, certificate, dovecot) as postfix:
        postfix.refuse("lee@acme.example")
        ...
        postfix.delivered()                  # waits until nothing is left in the queue
"""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import time
from contextlib import suppress
from string import Template
from typing import TYPE_CHECKING, Self

import platformdirs

from raincheck.demo.ports import free_ports, greeting

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from raincheck.demo.certificate import Certificate
    from raincheck.demo.dovecot import Dovecot

DOMAINS = "acme.example, tidewater.example"  # where it delivers to

# The users are some that every Debian has: Postfix wants three that share nothing.
_CONFIG = Template("""\
compatibility_level = 3.6
queue_directory = $folder/queue
data_directory = $folder/data
command_directory = $programs/bin
daemon_directory = $programs/bin
shlib_directory = $programs/lib
meta_directory = $folder
import_environment = LD_LIBRARY_PATH=$programs/lib MAIL_CONFIG TZ
mail_owner = mail
setgid_group = games
default_privs = nobody
maillog_file = $folder/postfix.log
maillog_file_prefixes = $folder
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = submission.example
mydestination =
local_recipient_maps =
alias_maps =
local_header_rewrite_clients =
virtual_mailbox_domains = $domains
virtual_mailbox_maps = static:ok
virtual_transport = lmtp:inet:127.0.0.1:$lmtp_port
smtpd_peername_lookup = no
smtpd_tls_cert_file = $folder/cert.pem
smtpd_tls_key_file = $folder/key.pem
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = $auth
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access texthash:$folder/refused
""")

# One connection a process, so that each reads `refused` anew.
_SERVICES = Template("""\
127.0.0.1:$port inet n - n - - smtpd -o max_use=1
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
lmtp unix - - n - - lmtp
error unix - - n - - error
postlog unix-dgram n - n - 1 postlogd
""")

_QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop")
_PLACE = platformdirs.user_cache_path("raincheck-tests") / "postfix"  # as in setup.sh


def installed() -> bool:
    """True where it was unpacked, and may be run."""
    return (_PLACE / "bin" / "master").exists() and os.getuid() == 0


class Postfix:
    """One running server; see the module."""

    def __init__(self, folder: Path, certificate: Certificate, dovecot: Dovecot) -> None:
        self.folder = folder
        (self.port,) = free_ports(1)
        folder.chmod(0o755)
        for name in ("data", "queue", *(f"queue/{name}" for name in (*_QUEUES, "saved", "trace", "private", "public"))):
            (folder / name).mkdir()
            shutil.chown(folder / name, "mail" if name != "queue" else "root")
        (folder / "queue" / "pid").mkdir()
        shutil.copy(certificate.cert_file, folder / "cert.pem")
        shutil.copy(certificate.key_file, folder / "key.pem")
        self.refuse("")
        (folder / "master.cf").write_text(_SERVICES.substitute(port=self.port))
        settings = {"folder": folder, "programs": _PLACE, "domains": DOMAINS, "lmtp_port": dovecot.lmtp_port}
        (folder / "main.cf").write_text(_CONFIG.substitute(settings, auth=dovecot.folder / "run" / "auth-sasl"))
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        surroundings = {"PATH": os.defpath, "LD_LIBRARY_PATH": str(_PLACE / "lib"), "MAIL_CONFIG": str(self.folder)}
        command = [str(_PLACE / "bin" / "master"), "-d", "-c", str(self.folder)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=surroundings, start_new_session=True
        )
        words = greeting(self.port)
        assert words.startswith(b"220"), words
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)  # its own session
        self._process.wait(timeout=10)

    def refuse(self, recipient: str) -> None:
        """Says no to this recipient from now on; to nobody when it is empty."""
        table = self.folder / "refused"
        table.write_text(f"{recipient} 550 5.1.1 no such user\n" if recipient else "")
        os.utime(table, (0, 0))  # for seconds Postfix would wait until nobody writes to it any more

    def delivered(self) -> None:
        """Returns when nothing is left in the queue."""
        deadline = time.monotonic() + 10
        while any(_whole(path) for name in _QUEUES for path in (self.folder / "queue" / name).rglob("*")):
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.01)

    def log(self) -> str:
        """What the server logged."""
        return (self.folder / "postfix.log").read_text("utf-8", "replace")


def _whole(path: Path) -> bool:
    """True for a queued mail; one that is still coming in is not executable."""
    try:
        return path.is_file() and bool(path.stat().st_mode & stat.S_IXUSR)
    except FileNotFoundError:
        return False
