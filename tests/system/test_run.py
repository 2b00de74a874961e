"""The main job through the installed command: Dovecot with TLS, a submission server that demands AUTH, an HTTP feed."""

from __future__ import annotations

import signal
import socket
import sqlite3
import subprocess
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.system.home import BERLIN, RAINCHECK, event, feed, invitation, workday

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    from tests.servers.http import HttpServer
    from tests.servers.submission import SubmissionServer
    from tests.system.home import Home

pytestmark = pytest.mark.dovecot

# --- the main job -------------------------------------------------------------------------------------------------


def _html_only(when: datetime) -> EmailMessage:
    message = invitation(when)
    rows = (
        f"<tr><td>Date</td><td>{when:%A, %-d %B %Y}</td></tr><tr><td>Time</td><td>{when:%H:%M} (Berlin time)</td></tr>"
    )
    message.set_content(
        "<p>Hi Robin,</p><p>we would like to invite you to an interview for the <b>Backend Engineer</b> position at "
        f"Tidewater Labs:</p><table>{rows}</table><p>Does that suit you?</p><p>Best regards<br>Maya Lindqvist</p>",
        subtype="html",
    )
    return message


def _alternative(when: datetime) -> EmailMessage:
    message = invitation(when)
    message.add_alternative("<p>" + message.get_content().replace("\n", "<br>") + "</p>", subtype="html")
    return message


def _calendar_request(when: datetime) -> EmailMessage:
    message = invitation(when)
    message.set_content(
        "Hi Robin, here is the invitation to the interview for the Backend Engineer position.\n\nMaya\n"
    )
    end = when + timedelta(minutes=45)
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", "METHOD:REQUEST",
        "BEGIN:VEVENT", "UID:inv@tidewater.example",
        "DTSTAMP:20260101T000000Z", f"DTSTART:{when.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTEND:{end.astimezone(UTC):%Y%m%dT%H%M%SZ}", "SUMMARY:Interview Backend Engineer",
        "ORGANIZER;CN=Maya Lindqvist:mailto:maya@tidewater.example",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:robin@example.org", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    data = "\r\n".join(lines).encode()
    message.add_alternative(data, maintype="text", subtype="calendar", params={"method": "REQUEST"}, cte="base64")
    return message


@pytest.mark.parametrize(
    "form", [invitation, _alternative, _html_only, _calendar_request], ids=["plain", "alternative", "html", "calendar"]
)
def test_an_invitation_becomes_a_reschedule_that_is_sent_once_approved(
    home: Home, http_server: HttpServer, submission: SubmissionServer, form: Callable[[datetime], EmailMessage]
) -> None:
    when = workday(5)
    standing = event(when - timedelta(days=28), 60, "RRULE:FREQ=DAILY")
    http_server.put("/calendar.ics", feed(standing, f"DTSTART;VALUE=DATE:{workday(4):%Y%m%d}\r\nSUMMARY:day off"))
    original = form(when)
    home.mailbox.deliver(original.as_bytes())
    home.passes()

    ((flags, draft),) = home.messages("Drafts")
    assert set(flags) >= {b"\\Draft", b"\\Seen"}
    assert f"In-Reply-To: {original['Message-ID']}".encode() in draft
    assert f"{when:%-d %B %Y}".encode() in draft.replace(b" \r\n", b" ")
    (case,) = home.status()["cases"]
    assert (case["state"], case["outcome"], case["role"]) == ("drafted", "reschedule", "Backend Engineer")
    offered = [datetime.fromisoformat(hold["start"]).astimezone(BERLIN) for hold in case["holds"]]
    assert len(offered) == 3
    for start in offered:
        assert start.date() != workday(4).date(), "the day off"
        assert not (9, 15) < (start.hour, start.minute) < (11, 15), "the standing hour, with buffers"
    assert [flag for flag, _ in home.messages("INBOX")] == [[]]
    assert len(home.messages("Raincheck")) == 1

    home.passes()
    assert len(home.messages("Drafts")) == 1
    home.star_drafts()
    home.passes()
    home.passes()
    (sent,) = submission.received
    assert sent.recipients == ("maya@tidewater.example",)
    assert sent.raw.partition(b"\r\n\r\n")[2].strip() == draft.partition(b"\r\n\r\n")[2].strip()
    assert home.messages("Drafts") == []
    assert len(home.messages("Sent")) == 1
    assert [flag for flag, _ in home.messages("INBOX")] == [[b"\\Answered"]]
    home.passes()
    assert len(submission.received) == 1
    (case,) = home.status()["cases"]
    assert case["state"] == "sent"
    assert all(hold["firm"] for hold in case["holds"])


def test_an_invitation_that_the_provider_put_into_the_calendar_does_not_collide_with_itself(
    home: Home, http_server: HttpServer
) -> None:
    when = workday(5)
    http_server.put("/calendar.ics", feed(event(when)).replace(b"UID:0@feed.example", b"UID:inv@tidewater.example"))
    home.mailbox.deliver(_calendar_request(when).as_bytes())
    home.passes()
    assert home.messages("Drafts") == []
    (case,) = home.status()["cases"]
    assert (case["state"], case["outcome"]) == ("left", "leave")


def test_a_rule_declines_while_the_calendar_is_down(home: Home, http_server: HttpServer) -> None:
    http_server.put("/calendar.ics", b"<html>please log in</html>", content_type="text/html")
    home.mailbox.deliver(invitation(workday(5), role="PHP Developer").as_bytes())
    home.mailbox.deliver(invitation(workday(6)).as_bytes())
    home.passes()
    ((_, draft),) = home.messages("Drafts")
    assert b"concentrating on" in draft
    status = home.status(code=1)
    assert {case["outcome"] for case in status["cases"]} == {"decline", "leave"}
    assert [calendar["ok"] for calendar in status["calendars"]] == [False]
    http_server.put("/calendar.ics", feed(event(workday(6), 60)))
    time.sleep(0)  # the feed is asked again at once: a pass wants it fresh
    home.passes()


def test_other_mail_is_left_alone(home: Home, http_server: HttpServer) -> None:
    http_server.put("/calendar.ics", feed())
    message = invitation(workday(3))
    message.replace_header("Subject", "Your parcel")
    message.set_content(f"Your parcel arrives on {workday(3):%A, %-d %B} at 10:00.\n")
    home.mailbox.deliver(message.as_bytes())
    home.passes()
    assert (home.messages("Drafts"), home.status()["cases"]) == ([], [])


# --- the service's life -------------------------------------------------------------------------------------------


@dataclass
class Running:
    """A running service; `said` collects what it told systemd."""

    process: subprocess.Popen[str]
    said: list[str]

    def waits_for(self, words: str, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while not any(words in line for line in self.said):
            assert time.monotonic() < deadline, (words, self.said)
            assert self.process.poll() is None, self.process.communicate()
            time.sleep(0.02)

    def ends(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(10)


@pytest.fixture
def run(home: Home) -> Iterator[Callable[[], Running]]:
    """Starts the service with a notify socket; it is ended with the test."""
    started: list[Running] = []
    address = str(home.folder / "notify")
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    channel.bind(address)
    said: list[str] = []

    def listen() -> None:
        while True:
            try:
                said.extend(channel.recv(4096).decode().splitlines())
            except OSError:
                return

    threading.Thread(target=listen, daemon=True).start()

    def start() -> Running:
        said.clear()
        process = subprocess.Popen(
            [RAINCHECK, "run", "--config", home.config],
            env=home.environment(NOTIFY_SOCKET=address, WATCHDOG_USEC="4000000"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(Running(process, said))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.process.kill()
        running.process.communicate()
    channel.close()


def _until(test: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not test():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_service_says_ready_drafts_on_arrival_and_ends_on_sigterm(
    home: Home, http_server: HttpServer, run: Callable[[], Running]
) -> None:
    http_server.put("/calendar.ics", feed(event(workday(5), 60)))
    service = run()
    service.waits_for("READY=1")
    service.waits_for("WATCHDOG=1")
    home.mailbox.deliver(invitation(workday(5)).as_bytes())
    _until(lambda: len(home.messages("Drafts")) == 1)
    assert service.ends() == 0
    assert "STOPPING=1" in service.said
    log = service.process.stderr.read() if service.process.stderr else ""
    for private in ("Maya", "maya@", "Tidewater", "Backend Engineer", home.mailbox.password, http_server.url("")):
        assert private not in log


def test_a_second_instance_is_refused(home: Home, http_server: HttpServer, run: Callable[[], Running]) -> None:
    http_server.put("/calendar.ics", feed())
    service = run()
    service.waits_for("READY=1")
    assert "another raincheck is running" in home.passes(code=1)
    assert service.ends() == 0


def test_killed_and_started_again_it_does_nothing_twice(
    home: Home, http_server: HttpServer, run: Callable[[], Running]
) -> None:
    http_server.put("/calendar.ics", feed(event(workday(5), 60)))
    home.mailbox.deliver(invitation(workday(5)).as_bytes())
    service = run()
    _until(lambda: len(home.messages("Drafts")) == 1)
    service.process.kill()
    service.process.wait(10)

    def told() -> bool:
        home.passes()
        return len(home.messages("Raincheck")) > 0

    # Killed in the APPEND of the note, it looks for it for two minutes before it writes again.
    _until(told, seconds=180)
    home.passes()
    assert len(home.messages("Drafts")) == 1
    assert len(home.messages("Raincheck")) == 1


def test_a_wrong_password_stops_without_a_storm(
    home: Home, http_server: HttpServer, run: Callable[[], Running]
) -> None:
    http_server.put("/calendar.ics", feed())
    (home.folder / "password").write_text("not-this-7")
    service = run()
    assert service.process.wait(30) == 78
    (account,) = home.status(code=1)["accounts"]
    assert not account["ok"]
    assert "not-this-7" not in account["detail"]


def test_a_server_that_is_away_is_waited_for(home: Home, http_server: HttpServer, run: Callable[[], Running]) -> None:
    http_server.put("/calendar.ics", feed())
    config = home.config.read_text()
    home.config.write_text(config.replace(f"port = {home.mailbox.tls_port}", "port = 9"))
    service = run()
    service.waits_for("READY=1")
    _until(lambda: any(not account["ok"] and account["detail"] for account in home.status(code=1)["accounts"]))
    assert service.process.poll() is None
    home.config.write_text(config)
    service.process.send_signal(signal.SIGHUP)
    _until(lambda: home.status_ok())
    assert service.ends() == 0


def test_a_reload_with_mistakes_keeps_the_old_configuration(
    home: Home, http_server: HttpServer, run: Callable[[], Running]
) -> None:
    http_server.put("/calendar.ics", feed(event(workday(5), 60)))
    service = run()
    service.waits_for("READY=1")
    config = home.config.read_text()
    home.config.write_text(config + "\nnonsense = 1\n")
    service.said.clear()
    service.process.send_signal(signal.SIGHUP)
    service.waits_for("READY=1")
    home.mailbox.deliver(invitation(workday(5)).as_bytes())
    _until(lambda: len(home.messages("Drafts")) == 1)
    assert service.ends() == 0


# --- bad input ----------------------------------------------------------------------------------------------------


def test_a_broken_configuration_names_file_line_key_and_remedy(home: Home) -> None:
    home.config.write_text(home.config.read_text().replace("undo =", "undoo ="))
    said = home.passes(code=78)
    assert str(home.config) in said
    assert "approval.undoo" in said
    assert "undo" in said


def test_a_broken_ledger_is_named(home: Home, http_server: HttpServer) -> None:
    http_server.put("/calendar.ics", feed())
    home.passes()
    ledger = home.folder / "state" / "ledger.sqlite3"
    sqlite3.connect(ledger).close()
    ledger.write_bytes(b"no database at all, certainly not" * 100)
    for more in ("-wal", "-shm"):
        ledger.with_name(ledger.name + more).unlink(missing_ok=True)
    assert "ledger.sqlite3" in home.passes(code=1)


def test_bad_mails_and_a_good_one(home: Home, http_server: HttpServer) -> None:
    http_server.put("/calendar.ics", feed(event(workday(5), 60)))
    home.mailbox.deliver(b"Subject: \xff\xfe interview\r\n\r\n\x00\x01\x02")
    home.mailbox.deliver(
        b"Subject: =?x?q?" + b"=ff" * 9000 + b"?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    )
    home.mailbox.deliver(invitation(workday(5)).as_bytes())
    home.passes()
    assert len(home.messages("Drafts")) == 1


def test_a_secret_that_cannot_be_had_is_for_the_person_to_mend(home: Home, http_server: HttpServer) -> None:
    http_server.put("/calendar.ics", feed())
    (home.folder / "password").chmod(0o644)
    assert "chmod 600" in home.passes(code=78)
    (account,) = home.status(code=1)["accounts"]
    assert "chmod 600" in account["detail"]


def test_a_configuration_without_an_account_is_refused(home: Home) -> None:
    home.config.write_text('[me]\nname = "Robin Meyer"\n')
    assert "accounts" in home.passes(code=78)
