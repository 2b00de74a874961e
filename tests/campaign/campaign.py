"""A random campaign against the service as it runs: its own process, a real Dovecot and a real submission server
behind relays that fail, a person with a mail client, and SIGKILL at any moment.

    with Campaign(folder, seed) as campaign:
        campaign.run(seconds)          # raises Violation
        print(campaign)                # what it consisted of

Everything is checked from the outside, on the mailbox and in the submission server's log: nothing is submitted without
a yes that stood on exactly this text for the whole undo time; nothing twice; `uncertain` only where the answer to DATA
may have been lost; no message of the person's is changed or removed; at rest one draft and one note a case, one copy
in Sent for each sending, and no mail unread. The choices follow from the seed; how they meet the service does not.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter, deque
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from raincheck.adapters.imap import ImapAccount
from raincheck.adapters.ledger import SqliteLedger
from raincheck.core.model import EntryState
from raincheck.core.settings import Account, SecretSource, Server
from raincheck.demo.certificate import make_certificate
from raincheck.demo.dovecot import Dovecot
from raincheck.errors import MailboxChanged
from tests.campaign.service import SPEED, clock
from tests.fakes.secrets import FixedSecrets
from tests.servers import submission as submission_server
from tests.servers.http import HttpServer
from tests.servers.proxy import DOWN, UP, Proxy, seen
from tests.servers.submission import CUT, HANG, LOSE, SubmissionServer

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from raincheck.core.model import Entry

ME = "robin@example.org"
USER, PASSWORD = "robin", "secret"
APPROVED = "Raincheck/Approved"
UNDO = timedelta(seconds=20)  # of the service's clock
BERLIN = ZoneInfo("Europe/Berlin")
PACE = (0.02, 0.35)  # seconds between two events
REST = 60.0  # seconds within which all must have come to its end

_CONFIG = """\
[me]
name = "Robin Meyer"
addresses = ["{me}"]
timezone = "Europe/Berlin"
languages = ["en"]
signature = "Robin Meyer"

[accounts.main]
address = "{me}"
username = "{user}"
imap = {{ host = "127.0.0.1", port = {imap}, tls = "none" }}
password = {{ file = "password" }}

[accounts.main.smtp]
host = "127.0.0.1"
port = {smtp}
tls = "none"
username = "{smtp_user}"
password = {{ file = "smtp-password" }}

[[calendar]]
name = "private"
url = "{feed}"
allow_private_networks = true

[approval]
undo = "{undo}s"

[replies]
drafts_per_hour = 1000

[notes]
brief = ""

[[rule]]
name = "no PHP"
when = {{ role = "PHP" }}
then = "decline"
reason = "I am concentrating on Python"
"""

_IMAP_PLACES = (
    b"* OK", b"Logged in", b"BODY[]", b'APPEND "Drafts"', b"X-Raincheck-Case", b"APPENDUID", b'APPEND "Sent"',
    b"+FLAGS.SILENT", b"-FLAGS.SILENT", b"UID EXPUNGE", b"Expunge completed", b"MODSEQ", b"IDLE", b"LIST",
)  # fmt: skip
_SMTP_PLACES = (b"220 ", b"AUTH", b"MAIL FROM", b"RCPT TO", b"DATA", b"354 ", b"In-Reply-To", b"\r\n.\r\n", b"accepted")
_SMTP_ANSWERS = ("421 4.3.2 try later", "451 4.7.1 greylisted", "550 5.7.1 no", CUT, HANG)


class Violation(AssertionError):
    """A promise was broken."""


@dataclass(frozen=True, slots=True, order=True)
class At:
    """Where a message lies."""

    folder: str
    validity: int
    uid: int


@dataclass(slots=True)
class Kept:
    """A message as the person (or the world) left it."""

    raw: bytes
    flags: frozenset[str]


@dataclass(slots=True)
class Yes:
    """A star, or a place in the approval folder, on a text: since when, and until when (None: it stands)."""

    body: bytes
    since: datetime
    until: float | None = None


@dataclass
class Campaign:
    """One person's day in some seconds; see the module."""

    folder: Path
    seed: int
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 - repeatable, not secret
        self.epoch = time.time()
        self.events: deque[str] = deque(maxlen=60)
        self.theirs: dict[At, Kept] = {}  # mails in the inbox, and what the person wrote or moved
        self.yes: list[tuple[At, Yes]] = []
        self.invited: set[bytes] = set()  # Message-IDs
        self.composers: list[bytes] = []  # drafts taken up in neomutt, being typed in
        self.numbers = 0
        self.may_be_lost = 0  # sendings whose answer the service may not have got
        self.slow_until = 0.0  # Unix time until which the submission server may seem slow
        self.process: subprocess.Popen[bytes] | None = None
        self._stack = ExitStack()

    def __str__(self) -> str:
        return ", ".join(f"{name} {count:,}" for name, count in sorted(self.counts.items()))

    # --- the world that is set up ---------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        enter = self._stack.enter_context
        for name in ("tls", "dovecot", "home", "state"):
            (self.folder / name).mkdir()
        certificate = make_certificate(self.folder / "tls")
        self.dovecot = enter(Dovecot(self.folder / "dovecot", certificate))
        self.dovecot.add_user(USER, PASSWORD)
        self.smtp = enter(SubmissionServer(certificate, tls="none"))
        self.http = enter(HttpServer())
        self.imap_line = enter(Proxy(self.dovecot.imap_port))
        self.smtp_line = enter(Proxy(self.smtp.port))
        for name, secret in {"password": PASSWORD, "smtp-password": submission_server.PASSWORD}.items():
            (self.folder / name).touch(mode=0o600)
            (self.folder / name).write_text(secret)
        text = _CONFIG.format(
            me=ME,
            user=USER,
            imap=self.imap_line.port,
            smtp=self.smtp_line.port,
            smtp_user=submission_server.USERNAME,
            feed=self.http.url("/calendar.ics"),
            undo=int(UNDO.total_seconds()),
        )
        (self.folder / "config.toml").write_text(text)
        self._publish()
        self.log = enter((self.folder / "service.log").open("wb"))
        self.client = IMAPClient("127.0.0.1", self.dovecot.imap_port, ssl=False, timeout=10)
        self.client.login(USER, PASSWORD)
        self._stack.callback(self.client.shutdown)
        here = Server("127.0.0.1", self.dovecot.imap_port, "none")
        account = Account("eye", ME, here, here, USER, password=SecretSource(env="EYE"))
        self.eye = ImapAccount(account, FixedSecrets(PASSWORD))
        self._stack.callback(self.eye.close)
        self._stack.callback(self._end)
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def now(self) -> datetime:
        """The service's clock."""
        return clock(self.epoch)

    def _start(self) -> None:
        environment = {
            "HOME": str(self.folder / "home"),
            "PATH": os.environ["PATH"],
            "STATE_DIRECTORY": str(self.folder / "state"),
            "TZ": "Asia/Kathmandu",
        }
        config = str(self.folder / "config.toml")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.campaign.service", repr(self.epoch), "run", "--config", config],
            env=environment,
            stdout=self.log,
            stderr=self.log,
        )

    def _end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)

    # --- the campaign ---------------------------------------------------------------------------------------------

    def run(self, seconds: float) -> None:
        """So many seconds of events, then rest; the promises are checked all along."""
        end = time.monotonic() + seconds
        moves, weights = zip(*_CHANCES.items(), strict=True)
        self.invite()
        while time.monotonic() < end:
            getattr(self, self.random.choices(moves, weights)[0])()
            self.counts["events"] += 1
            self._still_runs()
            self._check_sendings()
            self._check_theirs()
            self._forget_stars_taken_off()
            time.sleep(self.random.uniform(*PACE))
        self._rest()

    def _still_runs(self) -> None:
        if self.process is None or self.process.poll() is not None:
            code = self.process.returncode if self.process else None
            raise self.broken(f"the service ended by itself with {code}: {self._last_words()}")

    def _last_words(self) -> str:
        return (self.folder / "service.log").read_text("utf-8", "replace")[-1500:]

    def broken(self, what: str) -> Violation:
        """The violation, told with how it came to it."""
        return Violation(f"seed {self.seed}: {what}\n  " + "\n  ".join(self.events))

    def _note(self, event: str) -> None:
        self.events.append(f"{self.now:%H:%M:%S} {event}")

    # --- faults and kills -----------------------------------------------------------------------------------------

    def kill(self) -> None:
        """SIGKILL, now; then it is started again."""
        assert self.process is not None
        self.may_be_lost += 1
        self.process.kill()
        self.process.wait(10)
        self.counts["kills"] += 1
        self._note("killed")
        self._start()

    def kill_at(self) -> None:
        """SIGKILL in the moment when something goes over a line, and what goes is lost."""
        relay, place = self._place()
        direction = self.random.choice((UP, DOWN))
        self._note(f"to be killed at {place!r} {direction.name}")

        def strikes(carried: bytes) -> bool:
            if place in carried and self.process is not None:
                with suppress(ProcessLookupError):
                    os.kill(self.process.pid, signal.SIGKILL)
                return True
            return False

        relay.cut_before(strikes, direction)
        assert self.process is not None
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(1.5)
        relay.calm()
        if self.process.poll() is not None:
            self.may_be_lost += 1
            self.counts["kills"] += 1
            self._note("was killed there")
            self._start()

    def fault(self) -> None:
        """The line breaks at a certain place, or goes dead there."""
        relay, place = self._place()
        direction = self.random.choice((UP, DOWN))
        act = self.random.choice((relay.cut_after, relay.cut_before, relay.lose))
        act(seen(place), direction)
        self._endangered(relay)
        self._note(f"{act.__name__} {place!r} {direction.name}")

    def break_now(self) -> None:
        """Every line to one of the servers breaks."""
        relay = self._relay()
        relay.cut_now()
        relay.struck += 1
        self._endangered(relay)
        self._note("lines cut")

    def stall(self) -> None:
        """Nothing goes through for a while; what was under way arrives late, perhaps after the service gave it up."""
        relay = self._relay()
        relay.stall()
        relay.struck += 1
        self._endangered(relay)
        self._note("stalled")
        time.sleep(self.random.uniform(0.1, 2.2))
        relay.flow()

    def crumble(self) -> None:
        """Small pieces, slowly."""
        relay = self._relay()
        self._endangered(relay)
        relay.piece = self.random.choice((7, 200, 65536))
        relay.delay = self.random.choice((0.0, 0.0, 0.02))
        self._note(f"pieces of {relay.piece}, {relay.delay} s")

    def calm_down(self) -> None:
        for relay in (self.imap_line, self.smtp_line):
            relay.calm()

    def scripted(self) -> None:
        """The submission server says something else than yes, once."""
        verb = self.random.choice(("EHLO", "MAIL", "RCPT", "DATA", "END"))
        answer = self.random.choice((*_SMTP_ANSWERS, LOSE) if verb == "END" else _SMTP_ANSWERS)
        self.smtp.script(verb, answer, times=1)  # type: ignore[arg-type] # one of the verbs
        self.may_be_lost += verb in ("END", "DATA") and answer in (CUT, HANG, LOSE)
        self.counts["SMTP answers scripted"] += 1
        self._note(f"SMTP {verb}: {answer}")

    def _endangered(self, relay: Proxy) -> None:
        """What goes on there may lose an answer to DATA, or take longer."""
        if relay is self.smtp_line:
            self.may_be_lost += 1
            self.slow_until = time.time() + 8

    def _relay(self) -> Proxy:
        return self.imap_line if self.random.random() < 0.7 else self.smtp_line

    def _place(self) -> tuple[Proxy, bytes]:
        relay = self._relay()
        return relay, self.random.choice(_IMAP_PLACES if relay is self.imap_line else _SMTP_PLACES)

    # --- the employers and the calendar ---------------------------------------------------------------------------

    def invite(self) -> None:
        self.numbers += 1
        house = f"House{chr(65 + self.numbers // 26 % 26)}{chr(97 + self.numbers % 26)}{self.numbers}"
        php = self.random.random() < 0.4
        when = self.now.astimezone(BERLIN) + timedelta(days=self.random.randrange(7, 12))
        when = when.replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=2 * (when.weekday() >= 5))
        text = f"""\
Hi Robin,

We would like to invite you to an interview for the {"PHP Developer" if php else "Backend Engineer"} position at
{house} on {when:%A, %-d %B %Y} at {when:%H:%M} (Berlin time). It takes 45 minutes.

Does that suit you?

Best regards
Maya Lindqvist
{house}
"""
        self._arrives(text, house.lower(), subject=f"Interview at {house}")
        self.counts["invitations"] += 1

    def write_again(self) -> None:
        """A remark, or a cancellation, in a thread that there is."""
        mails = [kept.raw for at, kept in self.theirs.items() if at.folder == "INBOX"]
        if not mails:
            return
        raw = self.random.choice(mails)
        house = _header(raw, b"From").partition(b"@")[2].partition(b".example")[0].decode()
        text = self.random.choice(
            (
                "Hi Robin,\n\none more thing: please bring your portfolio.\n\nBest regards\nMaya Lindqvist\n",
                "Hi Robin,\n\nunfortunately we have to cancel your interview, the position has been filled.\n\nMaya\n",
            )
        )
        self._arrives(text, house, subject="Re: Interview", answers=_header(raw, b"Message-ID").decode())

    def _arrives(self, text: str, house: str, *, subject: str, answers: str | None = None) -> None:
        self.numbers += 1
        message = EmailMessage()
        message["From"] = f"Maya Lindqvist <maya@{house}.example>"
        message["To"] = f"Robin Meyer <{ME}>"
        message["Subject"] = subject
        message["Date"] = format_datetime(self.now)
        message["Message-ID"] = f"<m{self.numbers}@{house}.example>"
        if answers:
            message["In-Reply-To"] = answers
            message["References"] = answers
        message.set_content(text)
        self.invited.add(str(message["Message-ID"]).encode())
        self._file("INBOX", message.as_bytes().replace(b"\n", b"\r\n"))
        self.counts["mails"] += 1
        self._note(f"mail {message['Message-ID']}")

    def change_calendar(self) -> None:
        """Other appointments; now and then the feed is away."""
        if self.random.random() < 0.2:
            self.http.put("/calendar.ics", b"<html>log in</html>", content_type="text/html")
            self._note("the feed is broken")
        else:
            self._publish()

    def _publish(self) -> None:
        """Every day at ten is taken, and something else."""
        first = self.now.astimezone(BERLIN).replace(hour=10, minute=0, second=0) - timedelta(days=7)
        other = first.replace(hour=self.random.randrange(8, 18)) + timedelta(days=self.random.randrange(8, 20))
        events = [(first, "RRULE:FREQ=DAILY\r\n"), (other, "")]
        body = "".join(
            f"BEGIN:VEVENT\r\nUID:{number}@feed.example\r\nDTSTAMP:20260101T000000Z\r\n"
            f"DTSTART;TZID=Europe/Berlin:{start:%Y%m%dT%H%M%S}\r\nDURATION:PT1H\r\n{rule}SUMMARY:x\r\nEND:VEVENT\r\n"
            for number, (start, rule) in enumerate(events)
        )
        calendar = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//tests//EN\r\n{body}END:VCALENDAR\r\n"
        self.http.put("/calendar.ics", calendar.encode())

    # --- the person -----------------------------------------------------------------------------------------------

    def star(self) -> None:
        for at, raw, flags in self._some("Drafts"):
            if "\\flagged" not in flags:
                since = self.now
                self.client.add_flags([at.uid], ["\\Flagged"])
                if self._lies(at):
                    self.yes.append((at, Yes(_body(raw), since)))
                    self._remember(at, flags | {"\\flagged"})
                    self.counts["stars"] += 1
                    self._note(f"star on {at.uid}")

    def unstar(self) -> None:
        for at, _, flags in self._some("Drafts", "\\flagged"):
            self.client.remove_flags([at.uid], ["\\Flagged"])
            self._no_more(at)
            self._remember(at, flags - {"\\flagged"})
            self._note(f"star off {at.uid}")

    def star_again(self) -> None:
        """Off and on in one breath: the undo time begins anew."""
        for at, raw, _ in self._some("Drafts", "\\flagged"):
            self.client.remove_flags([at.uid], ["\\Flagged"])
            self._no_more(at)
            since = self.now
            self.client.add_flags([at.uid], ["\\Flagged"])
            self.yes.append((at, Yes(_body(raw), since)))
            self._note(f"star again on {at.uid}")

    def approve_by_moving(self) -> None:
        for at, raw, _ in self._some("Drafts"):
            since = self.now
            for moved in self._moves(at, raw, APPROVED):
                self.yes.append((moved, Yes(_body(raw), since)))
                self._note(f"{at.uid} moved to be approved")

    def move_back(self) -> None:
        for at, raw, _ in self._some(APPROVED):
            for moved in self._moves(at, raw, "Drafts"):
                if "\\flagged" in self.theirs[moved].flags:
                    self.yes.append((moved, Yes(_body(raw), self.now)))

    def throw_away(self) -> None:
        for at, raw, _ in self._some("Drafts"):
            self._moves(at, raw, "Trash")
            self.counts["refusals"] += 1
            self._note(f"{at.uid} thrown away")

    def edit_in_thunderbird(self) -> None:
        for at, raw, _ in self._some("Drafts"):
            self.numbers += 1
            edited = self._edited(_without(raw, b"Message-ID", b"X-Raincheck-Case"))
            self._file("Drafts", b"Message-ID: <tb%d@example.org>\r\n" % self.numbers + edited, "\\Draft")
            time.sleep(self.random.choice((0, 0, 0.3)))
            self._expunge(at)
            self.counts["edits"] += 1
            self._note(f"{at.uid} edited (Thunderbird)")

    def recall_in_neomutt(self) -> None:
        for at, raw, _ in self._some("Drafts"):
            self._expunge(at)
            self.composers.append(raw)
            self._note(f"{at.uid} taken up (neomutt)")

    def save_in_neomutt(self) -> None:
        if self.composers:
            raw = self.composers.pop(self.random.randrange(len(self.composers)))
            self._file("Drafts", self._edited(raw), "\\Draft")
            self.counts["edits"] += 1
            self._note("saved (neomutt)")

    def save_in_aerc(self) -> None:
        for _, raw, _ in self._some("Drafts"):
            self._file("Drafts", self._edited(raw), "\\Seen")
            self.counts["edits"] += 1
            self._note("saved again (aerc)")

    def send_in_the_client(self) -> None:
        for at, raw, _ in self._some("Drafts"):
            self._expunge(at)
            time.sleep(self.random.choice((0, 0.3)))
            self.numbers += 1
            own = b"Message-ID: <sent%d@example.org>\r\n" % self.numbers
            self._file("Sent", own + _without(raw, b"Message-ID", b"X-Raincheck-Case"), "\\Seen")
            self.counts["sent by the person"] += 1
            self._note(f"{at.uid} sent by the person")

    def write_oneself(self) -> None:
        """An answer of the person's own to one of the mails, begun or sent."""
        mails = [kept.raw for at, kept in self.theirs.items() if at.folder == "INBOX"]
        if mails:
            self.numbers += 1
            answered = _header(self.random.choice(mails), b"Message-ID")
            head = b"From: Robin Meyer <%s>\r\nSubject: Re: Interview\r\nMessage-ID: <own%d@example.org>\r\n"
            thread = b"In-Reply-To: %s\r\nReferences: %s\r\n\r\nThank you, I will call.\r\n" % (answered, answered)
            folder = self.random.choice(("Sent", "Drafts"))
            self._file(folder, head % (ME.encode(), self.numbers) + thread, "\\Seen")
            self._note(f"own answer to {answered.decode()} in {folder}")

    # --- the mailbox ----------------------------------------------------------------------------------------------

    def _open(self, folder: str) -> int | None:
        """UIDVALIDITY; None where there is no such folder."""
        try:
            return int(self.client.select_folder(folder)[b"UIDVALIDITY"])
        except IMAPClientError:
            return None

    def _lying(self, folder: str) -> dict[At, Kept]:
        """Read by the adapter: IMAPClient's own fetch takes a flag change that comes unasked for another message's."""
        try:
            found = self.eye.fetch(folder, self.eye.uids(folder))
        except MailboxChanged:  # there is none
            return {}
        return {At(folder, m.ref.uidvalidity, m.ref.uid): Kept(m.raw, m.flags) for m in found}

    def _some(self, folder: str, flag: str = "") -> list[tuple[At, bytes, frozenset[str]]]:
        """One message of the folder (with the flag), which stays open; none where there is none."""
        lying = [(at, kept) for at, kept in self._lying(folder).items() if "\\deleted" not in kept.flags]
        lying = [(at, kept) for at, kept in lying if not flag or flag in kept.flags]
        if not lying:
            return []
        at, kept = self.random.choice(lying)
        return [(at, kept.raw, kept.flags)] if self._open(folder) == at.validity else []

    def _lies(self, at: At) -> bool:
        return self._open(at.folder) == at.validity and bool(self.client.search(["UID", str(at.uid)]))

    def _file(self, folder: str, raw: bytes, *flags: str) -> None:
        said = self.client.append(folder, raw, flags, msg_time=self.now)
        validity, uid = said.partition(b"[APPENDUID ")[2].partition(b"]")[0].split()
        self.theirs[At(folder, int(validity), int(uid))] = Kept(raw, frozenset(flag.lower() for flag in flags))

    def _remember(self, at: At, flags: frozenset[str]) -> None:
        """The person changed flags of a message of theirs; of a draft of ours nothing is remembered."""
        if at in self.theirs:
            self.theirs[at].flags = flags

    def _no_more(self, at: At) -> None:
        for where, yes in self.yes:
            if where == at and yes.until is None:
                yes.until = time.time()

    def _expunge(self, at: At) -> None:
        self._no_more(at)
        self.theirs.pop(at, None)
        if self._open(at.folder) == at.validity:
            self.client.delete_messages([at.uid], silent=True)
            self.client.uid_expunge([at.uid])

    def _moves(self, at: At, raw: bytes, folder: str) -> list[At]:
        """Where the message lies now; nothing when it was gone."""
        self._no_more(at)
        self.theirs.pop(at, None)
        try:
            self.client.move([at.uid], folder)
        except IMAPClientError:  # no such folder (yet)
            return []
        for moved, kept in self._lying(folder).items():
            if kept.raw == raw and moved not in self.theirs:
                self.theirs[moved] = kept
                return [moved]
        return []

    def _edited(self, raw: bytes) -> bytes:
        head, _, body = raw.partition(b"\r\n\r\n")
        self.numbers += 1
        return head + b"\r\n\r\n" + body.replace(b"Robin Meyer", b"Robin M%d" % self.numbers)

    # --- the promises ---------------------------------------------------------------------------------------------

    def _check_sendings(self) -> None:
        received = list(self.smtp.received)
        for mail in received[self.counts["sendings"] :]:
            body, at = _body(mail.raw), self.now - (time.time() - mail.at) * timedelta(seconds=SPEED)
            grace = 4 if mail.at < self.slow_until else 1  # seconds from the service's last look to the server's yes
            stood = [
                yes
                for _, yes in self.yes
                if yes.body == body and at - yes.since >= UNDO and (yes.until is None or yes.until > mail.at - grace)
            ]
            if not stood:
                raise self.broken(f"submitted without a yes on this text for long enough: {_head(mail.raw)}")
            if b"raincheck" in mail.raw.lower().replace(b"raincheck/approved", b""):
                raise self.broken("what was submitted carries marks of ours")
        self.counts["sendings"] = len(received)
        twice = [k for k, n in Counter(_header(mail.raw, b"In-Reply-To") for mail in received).items() if n > 1]
        if twice:
            raise self.broken(f"sent twice: {twice}")

    def _check_theirs(self) -> None:
        """Everything of the person's is as they left it, but for what was sent, and stars of voided approvals."""
        lying = {folder: self._lying(folder) for folder in {at.folder for at in self.theirs}}
        for at, kept in list(self.theirs.items()):
            found = lying[at.folder].get(at)
            if found is None:
                if at.folder in ("Drafts", APPROVED) and self._was_sent(kept.raw):
                    del self.theirs[at]
                    self._no_more(at)
                    continue
                raise self.broken(f"a message of the person's is gone: {at} {_head(kept.raw)}")
            if found.raw != kept.raw:
                raise self.broken(f"a message of the person's was changed: {at}")
            on_its_way = at.folder != "INBOX" and self._was_sent(kept.raw)  # marked \\Deleted, expunged in a moment
            allowed = {"\\answered"} if at.folder == "INBOX" else {"\\flagged"}
            if (found.flags ^ kept.flags) - allowed and not on_its_way:
                raise self.broken(f"flags changed: {at}: {sorted(kept.flags)} → {sorted(found.flags)}")
            if "\\flagged" in kept.flags and "\\flagged" not in found.flags:
                kept.flags = found.flags
                self._no_more(at)

    def _forget_stars_taken_off(self) -> None:
        """By the service, when an approval was set aside: such a yes stands no longer."""
        lying = self._lying("Drafts")
        for at, yes in self.yes:
            gone = at.folder == "Drafts" and (at not in lying or "\\flagged" not in lying[at].flags)
            if gone and yes.until is None:
                yes.until = time.time()

    def _was_sent(self, raw: bytes) -> bool:
        return any(_body(mail.raw) == _body(raw) for mail in self.smtp.received)

    # --- rest -----------------------------------------------------------------------------------------------------

    def _rest(self) -> None:
        """Nothing fails any more and nobody does anything: what was begun comes to its end."""
        self.calm_down()
        self._publish()
        self.smtp._script.clear()
        self._note("rest")
        deadline = time.monotonic() + REST
        before: object = None
        while True:
            self._still_runs()
            state = self._state()
            if state is not None and state == before:
                break
            if time.monotonic() > deadline:
                raise self.broken(f"no rest within {REST:.0f} s: {self._unfinished()} {self._last_words()}")
            before = state
            time.sleep(1.5)
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(10) != 0:
            raise self.broken(f"SIGTERM ended it with {self.process.returncode}")
        self._check_sendings()
        self._check_theirs()
        self._check_rest()
        self.counts["faults"] = self.imap_line.struck + self.smtp_line.struck

    def _ledger(self) -> SqliteLedger:
        return SqliteLedger(self.folder / "state" / "ledger.sqlite3")

    def _unfinished(self) -> list[str]:
        ledger = self._ledger()
        entries = [f"{e.case}/{e.revision} {e.state} {e.reason}" for e in ledger.entries("main") if _half_done(e)]
        notes = [f"note {note.key}" for note in ledger.notes_due("main")]
        unread = [f"mail {i.decode()}" for i in self.invited if ledger.mail("main", i.decode()) is None]
        ledger.close()
        return entries + notes + unread

    def _state(self) -> object:
        """The whole mailbox when nothing is half done; None while something is."""
        if self._unfinished():
            return None
        folders = ("INBOX", "Drafts", "Sent", "Trash", APPROVED, "Raincheck")
        return [(at, kept.flags) for folder in folders for at, kept in self._lying(folder).items()]

    def _check_rest(self) -> None:
        ledger = self._ledger()
        cases = ledger.cases("main")
        entries = {case.id: entry for case in cases if (entry := ledger.entry(case.id)) is not None}
        ledger.close()
        ours = [
            _header(kept.raw, b"X-Raincheck-Case").partition(b"/")[0]
            for at, kept in self._lying("Drafts").items()
            if at not in self.theirs
        ]
        if doubled := [case for case, n in Counter(ours).items() if n > 1]:
            raise self.broken(f"several drafts of ours for {doubled}")
        notes = Counter(_case_of(kept.raw) for kept in self._lying("Raincheck").values())
        if doubled := [case for case, n in notes.items() if n > 1]:
            raise self.broken(f"several notes for {doubled}")
        filed = Counter(_header(kept.raw, b"Message-ID") for kept in self._lying("Sent").values())
        for mail in self.smtp.received:
            identity = _header(mail.raw, b"Message-ID")
            state = next((e.state for e in entries.values() if e.sent_message_id == identity.decode()), None)
            if state is EntryState.SENT and filed[identity] != 1:
                raise self.broken(f"{filed[identity]} copies in Sent of {identity.decode()}")
        uncertain = [entry for entry in entries.values() if entry.state is EntryState.UNCERTAIN]
        self.counts["uncertain"] = len(uncertain)
        if len(uncertain) > self.may_be_lost:
            raise self.broken(f"{len(uncertain)} uncertain, but {self.may_be_lost} answers that may have been lost")
        self.counts["drafts at rest"] = len(ours)


def _half_done(entry: Entry) -> bool:
    return (
        entry.state in (EntryState.INTENDED, EntryState.APPROVED, EntryState.SENDING)
        or (entry.state is EntryState.SENT and not entry.tidied)
        or entry.removing is not None
    )


def _head(raw: bytes) -> str:
    return " ".join(raw.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").split())[:300]


def _body(raw: bytes) -> bytes:
    return raw.partition(b"\r\n\r\n")[2].rstrip(b"\r\n")


def _header(raw: bytes, name: bytes) -> bytes:
    head = b"\r\n" + raw.partition(b"\r\n\r\n")[0] + b"\r\n"
    return head.partition(b"\r\n" + name + b": ")[2].partition(b"\r\n")[0]


def _without(raw: bytes, *names: bytes) -> bytes:
    head, _, body = raw.partition(b"\r\n\r\n")
    kept = [line for line in head.split(b"\r\n") if not line.startswith(tuple(name + b":" for name in names))]
    return b"\r\n".join(kept) + b"\r\n\r\n" + body


def _case_of(note: bytes) -> bytes:
    return note.partition(b"raincheck status ")[2][:10]


_CHANCES: dict[str, float] = {
    "invite": 9, "write_again": 3, "change_calendar": 2,
    "star": 16, "unstar": 2, "star_again": 2, "approve_by_moving": 3, "move_back": 1, "throw_away": 1.5,
    "edit_in_thunderbird": 3, "recall_in_neomutt": 1.5, "save_in_neomutt": 2, "save_in_aerc": 1,
    "send_in_the_client": 1.5, "write_oneself": 1,
    "kill": 3.5, "kill_at": 5, "fault": 12, "break_now": 2, "stall": 1.5, "crumble": 2, "calm_down": 3, "scripted": 3,
}  # fmt: skip
