"""A real Cyrus on loopback, run from where `tests/setup.sh cyrus` unpacked it, as root (then as `nobody`) or anybody.

It stands beside Dovecot with the same interface: `with Cyrus(folder, certificate) as cyrus: ...`. Every user name has a
mailbox, made at the first login or delivery, with Drafts, Sent and Trash (special-use); the password is `PASSWORD`.
`inbox_port` speaks of the same mailboxes as Debian's configuration does: everything below INBOX, levels separated by a
full stop ("INBOX.Drafts").
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Self

import platformdirs
from imapclient import IMAPClient

from raincheck.demo.ports import free_ports, greeting
from tests.servers.dovecot import PASSWORD

if TYPE_CHECKING:
    from types import TracebackType

    from raincheck.demo.certificate import Certificate

_ADMIN = "admin"
_PROGRAMS = ("master", "imapd", "lmtpd", "idled")

_CONFIG = Template("""\
configdirectory: $store/data
partition-default: $store/mail
defaultpartition: default
proc_path: $store/run/proc
mboxname_lockpath: $store/run/lock
idlesocket: $store/run/idle
lmtpsocket: $store/run/lmtp
notifysocket: $store/run/notify
altnamespace: $levels
unixhierarchysep: $levels
virtdomains: off
specialusealways: yes
allowplaintext: yes
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: $store/run/passwords
sasl_mech_list: PLAIN LOGIN
sasl_auto_transition: no
failedloginpause: 0
admins: $admin
autocreate_quota: 0
autocreate_post: yes
autocreate_inbox_folders: Drafts|Sent|Trash
autocreate_subscribe_folders: Drafts|Sent|Trash
xlist-drafts: Drafts
xlist-sent: Sent
xlist-trash: Trash
# kept for later, a mailbox deleted twice in one second is refused the second time
delete_mode: immediate
# a person can delete any folder, Drafts too
specialuse_protect: \\Junk
duplicatesuppression: no
skiplist_unsafe: yes
tls_server_cert: $folder/cert.pem
tls_server_key: $folder/key.pem
""")

_SERVICES = Template("""\
START {
  idled cmd="$folder/bin/idled -C $folder/imapd.conf"
}
SERVICES {
  imap cmd="$folder/bin/imapd -C $folder/imapd.conf" listen="127.0.0.1:$imap_port" prefork=1
  imaps cmd="$folder/bin/imapd -s -C $folder/imapd.conf" listen="127.0.0.1:$imaps_port"
  inbox cmd="$folder/bin/imapd -C $folder/inbox.conf" listen="127.0.0.1:$inbox_port"
  lmtp cmd="$folder/bin/lmtpd -a -C $folder/imapd.conf" listen="127.0.0.1:$lmtp_port"
}
EVENTS {
}
""")


_PLACE = platformdirs.user_cache_path("raincheck-tests") / "cyrus"  # as in setup.sh


def installed() -> Path | None:
    """Where Cyrus was unpacked; None where it was not."""
    return _PLACE if (_PLACE / "bin" / "master").exists() else None


class Cyrus:
    """One running server; see the module."""

    def __init__(self, folder: Path, certificate: Certificate, store: Path | None = None) -> None:
        """`store`: the folder for the mail, in memory at best, since Cyrus waits for the disk after each step."""
        self.folder = folder
        self._store = store or folder
        self.imap_port, self.imaps_port, self.inbox_port, self.lmtp_port = free_ports(4)
        self._user = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        self._process: subprocess.Popen[bytes] | None = None
        self._passwords: _Passwords | None = None
        self._copy_programs()
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
        self._passwords = _Passwords(self._store / "run" / "passwords")
        surroundings = {
            "PATH": os.defpath,
            "LD_LIBRARY_PATH": str(self.folder / "lib"),
            "SASL_PATH": f"{self.folder / 'sasl2'}:{_system_plugins()}",
            "CYRUS_USER": self._user.pw_name,
            "CYRUS_GROUP": grp.getgrgid(self._user.pw_gid).gr_name,
        }
        command = [str(self.folder / "bin/master"), "-p", str(self._store / "run/master.pid")]
        command += ["-C", str(self.folder / "imapd.conf"), "-M", str(self.folder / "cyrus.conf")]
        with (self.folder / "cyrus.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env=surroundings, start_new_session=True)
        words = greeting(self.imap_port)
        assert words.startswith(b"* OK"), words

    def stop(self) -> None:
        """Ends the server and its children."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)  # its own session: master, imapd, lmtpd, idled
            self._process.wait(timeout=10)
            self._process = None
        if self._passwords is not None:
            self._passwords.close()
            self._passwords = None

    def deliver(self, raw: bytes, user: str, *, sender: str = "dana@acme.example") -> None:
        """Delivers a mail to the user's INBOX over LMTP; it is there when this returns."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port, local_hostname="localhost") as lmtp:
            lmtp.sendmail(sender, [user], raw, mail_options=["BODY=8BITMIME"])

    def wipe(self, user: str) -> None:
        """Removes all mailboxes of the user; the next login makes them anew."""
        with IMAPClient("127.0.0.1", self.imap_port, ssl=False, timeout=10) as client:
            client.plain_login(_ADMIN, PASSWORD)
            client.setacl(f"user/{user}", _ADMIN, "x")
            client.delete_folder(f"user/{user}")

    def log(self) -> str:
        """What the server said; more of it is in the system's log."""
        return (self.folder / "cyrus.log").read_text("utf-8", "replace")

    def _copy_programs(self) -> None:
        """The cache folder may be closed to the user that Cyrus runs as; the server's own folder is not."""
        source = installed()
        assert source is not None, "Cyrus is not here"
        self.folder.chmod(0o711)
        self._store.chmod(0o711)
        for name in ("bin", "lib", "sasl2"):
            (self.folder / name).mkdir()
            (self.folder / name).chmod(0o755)
        for name in _PROGRAMS:
            shutil.copy(source / "bin" / name, self.folder / "bin")
        for name in ("lib", "sasl2"):
            if (source / name).exists():
                shutil.copytree(source / name, self.folder / name, symlinks=True, dirs_exist_ok=True)

    def _write_configuration(self, certificate: Certificate) -> None:
        shutil.copy(certificate.cert_file, self.folder / "cert.pem")
        shutil.copy(certificate.key_file, self.folder / "key.pem")
        own = [self._store / name for name in ("data", "data/socket", "mail", "run")]
        for made in own:
            made.mkdir()
        for made in (*own, self.folder / "key.pem"):
            os.chown(made, self._user.pw_uid, self._user.pw_gid)
        for name, levels in (("imapd", "yes"), ("inbox", "no")):
            text = _CONFIG.substitute(folder=self.folder, store=self._store, levels=levels, admin=_ADMIN)
            (self.folder / f"{name}.conf").write_text(text)
        ports = {name: getattr(self, name) for name in ("imap_port", "imaps_port", "inbox_port", "lmtp_port")}
        (self.folder / "cyrus.conf").write_text(_SERVICES.substitute(ports, folder=self.folder))
        for written in self.folder.glob("*.conf"):
            written.chmod(0o644)


class _Passwords:
    """Answers Cyrus's question whether a password is right, as saslauthd would: user, password, service and realm."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        path.chmod(0o666)
        self._listener.listen(20)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as asked:
                _, password, _, _ = (asked.read(int.from_bytes(asked.read(2), "big")) for _ in range(4))
                answer = b"OK" if password == PASSWORD.encode() else b"NO"
                with suppress(OSError):
                    connection.sendall(len(answer).to_bytes(2, "big") + answer)


def _system_plugins() -> str:
    """Where the machine's own SASL mechanisms are."""
    return ":".join(str(found) for found in sorted(Path("/usr/lib").glob("*/sasl2")))
