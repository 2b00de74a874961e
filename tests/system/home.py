"""A configured person with real servers behind: what the system tests share."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from tests.servers.mailbox import Mailbox

RAINCHECK = str(Path(sys.executable).with_name("raincheck"))
BERLIN = ZoneInfo("Europe/Berlin")

CONFIG = """\
[me]
name = "Robin Meyer"
addresses = ["{address}"]
timezone = "Europe/Berlin"
languages = ["en", "de"]
signature = "Robin Meyer"

[accounts.main]
address = "{address}"
username = "{user}"
imap = {{ host = "localhost", port = {imaps}, tls = "implicit" }}
password = {{ file = "password" }}
ca_file = "{ca_file}"

[accounts.main.smtp]
host = "localhost"
port = {smtp}
tls = "starttls"
username = "{smtp_user}"
password = {{ file = "smtp-password" }}

[[calendar]]
name = "private"
url = {{ file = "calendar-url" }}
allow_private_networks = true

[approval]
undo = "{undo}"

[notes]
brief = ""

[[rule]]
name = "no PHP"
when = {{ role = "PHP" }}
then = "decline"
reason = {{ en = "I am concentrating on Python", de = "ich konzentriere mich auf Python" }}
"""


def workday(number: int) -> datetime:
    """The number-th working day from now, at 10:00 in Berlin."""
    day = datetime.now(BERLIN).replace(hour=10, minute=0, second=0, microsecond=0)
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < 5
    return day


def invitation(when: datetime, *, role: str = "Backend Engineer", company: str = "Tidewater Labs") -> EmailMessage:
    """An invitation in plain words."""
    message = EmailMessage()
    message["From"] = f"Maya Lindqvist <maya@{company.split()[0].lower()}.example>"
    message["To"] = "Robin Meyer <robin@example.org>"
    message["Subject"] = f"Interview for {role} at {company}"
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<{role.replace(' ', '.')}@{company.split()[0].lower()}.example>"
    message.set_content(f"""\
Hi Robin,

We would like to invite you to an interview for the {role} position at {company} on {when:%A, %-d %B %Y} at
{when:%H:%M} (Berlin time). It takes 45 minutes.

Does that suit you?

Best regards
Maya Lindqvist
{company}
""")
    return message


def feed(*events: str) -> bytes:
    """A calendar with these VEVENT properties."""
    body = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}@feed.example\r\nDTSTAMP:20260101T000000Z\r\n{event}\r\nEND:VEVENT\r\n"
        for number, event in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//tests//EN\r\n{body}END:VCALENDAR\r\n".encode()


def event(start: datetime, minutes: int = 45, *more: str) -> str:
    """One event's properties, in Berlin."""
    end = start + timedelta(minutes=minutes)
    zone = "TZID=Europe/Berlin"
    return "\r\n".join(
        [f"DTSTART;{zone}:{start:%Y%m%dT%H%M%S}", f"DTEND;{zone}:{end:%Y%m%dT%H%M%S}", "SUMMARY:x", *more]
    )


@dataclass
class Home:
    """A configured person: an empty HOME with one configuration in it, real servers behind it."""

    folder: Path
    mailbox: Mailbox

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a fresh login: an empty HOME, nothing else."""
        return {
            "HOME": str(self.folder / "home"),
            "PATH": os.environ["PATH"],
            "STATE_DIRECTORY": str(self.folder / "state"),
            "TZ": "Asia/Kathmandu",
            "NO_COLOR": "1",
            **more,
        }

    def raincheck(self, *arguments: str, code: int = 0) -> str:
        """Runs a command to its end; what it printed."""
        done = subprocess.run(
            [RAINCHECK, *arguments], env=self.environment(), capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        return done.stdout or done.stderr

    def passes(self, code: int = 0) -> str:
        """One pass of the service."""
        return self.raincheck("run", "--once", "--config", str(self.config), code=code)

    def status(self, code: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.raincheck("status", "--json", "--config", str(self.config), code=code))
        return found

    def status_ok(self) -> bool:
        """True when the last pass of every account went well."""
        done = subprocess.run(
            [RAINCHECK, "status", "--json", "--config", self.config],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        return all(account["ok"] for account in json.loads(done.stdout)["accounts"])

    def messages(self, folder: str) -> list[tuple[list[bytes], bytes]]:
        """Flags and bytes of everything in a folder."""
        with self.mailbox.client() as client:
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search(), ["FLAGS", "BODY.PEEK[]"]) if client.search() else {}
            return [(sorted({*item[b"FLAGS"]} - {b"\\Recent"}), item[b"BODY[]"]) for item in found.values()]

    def star_drafts(self) -> None:
        with self.mailbox.client() as client:
            client.select_folder("Drafts")
            client.add_flags(client.search(), ["\\Flagged"])
