"""A random campaign against the service in memory: mails, gestures, faults, kills, restarts, a clock that steps.

Everything follows from the seed. `Life(folder, seed).run(steps)` returns what happened and raises `Violation`, with the
seed and the last events in its text, as soon as one of the promises of the service is broken:

- what is submitted stands, to the byte, in a draft that carries the person's yes, and did so for the whole undo time;
- a revision of a case's reply is submitted at most once;
- `uncertain` stands only where the answer to DATA was really lost, or the process died after DATA began;
- the person's own messages are never changed (but for the star of a voided approval, and \\Answered) or removed
  (but for the draft that was sent);
- at rest a case has at most one untouched draft of ours, nothing is half done, and a further pass writes nothing;
- times promised to one case are never promised to another.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from raincheck import assets
from raincheck.adapters.ledger import SqliteLedger
from raincheck.core.model import EntryState, MessageRef, Period
from raincheck.core.rfc5322 import digest
from raincheck.errors import (
    CredentialsRejected,
    LedgerError,
    MailboxChanged,
    RaincheckError,
    Refused,
    Uncertain,
    Unreachable,
)
from raincheck.service import mailpass
from raincheck.service.session import Session
from tests.fakes.account import MemoryAccount
from tests.service.desk import ME, SETTINGS, START, FixedCalendar, invitation, lexica, mail, php_invitation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from raincheck.core.model import Entry
    from raincheck.ports import Envelope

UNDO = SETTINGS.approval.undo
APPROVED = SETTINGS.approval.folder
_NAMES = ("Tidewater", "Larkfield", "Glasswing", "Fernhill", "Quayside", "Millbrook", "Ashgrove", "Stonebridge")
_FIRST = ("Maya", "Colin", "Noor", "Elif", "Jonas", "Priya", "Tomas", "Ines")


class Killed(BaseException):
    """SIGKILL: nothing of the process runs any more."""


class Violation(AssertionError):
    """A promise was broken."""


@dataclass
class Tally:
    """What a campaign consisted of."""

    counts: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return ", ".join(f"{name} {count:,}" for name, count in sorted(self.counts.items()))


@cache
def _templates() -> dict[str, str]:
    return dict(assets.templates())


class _Port:
    """Hands everything on to a real port; before and after each call, `moment` may raise."""

    def __init__(self, real: Any, moment: Callable[[str, str], None]) -> None:
        self._real = real
        self._moment = moment

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if not callable(found):
            return found

        def called(*arguments: Any, **keywords: Any) -> Any:
            self._moment("before", name)
            result = found(*arguments, **keywords)
            self._moment("after", name)
            return result

        return called

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._moment("before", "transaction")
        with self._real.transaction():
            yield
            self._moment("before", "commit")
        self._moment("after", "commit")


class Life:
    """One person with one account, from the first mail on; see the module."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - reproducible, not secret
        self.seed = seed
        self.tally = Tally()
        self.events: deque[str] = deque(maxlen=40)
        self.now = START
        self.mail = MemoryAccount("main", clock=lambda: self.now)
        self.calendar = FixedCalendar()
        self.path = folder / f"life-{seed}.sqlite3"
        self.person: dict[MessageRef, tuple[bytes, frozenset[str]]] = {}  # messages of the person's and of the world
        self.only_starred: set[MessageRef] = set()  # drafts of ours that the person did nothing to but star them
        self.yes: dict[MessageRef, datetime] = {}  # gestures of approval that stand
        self.submitted: Counter[tuple[str, int]] = Counter()
        self.lost: set[tuple[str, int]] = set()  # where the truth about DATA cannot be known
        self.in_data: tuple[str, int] | None = None
        self.removable: set[MessageRef] = set()  # sent: its draft goes
        self.by_hand: set[str] = set()  # cases that the person answered themselves
        self.late: list[tuple[int, str, bytes, tuple[str, ...]]] = []  # APPENDs under way
        self.open_composers: list[bytes] = []  # recalled drafts, as neomutt does it
        self.numbers = 0
        self.calm = False  # nothing fails
        self.trouble: Callable[[str, str], None] = lambda when, name: None
        self.session = self._opened()

    # --- the service and its troubles -----------------------------------------------------------------------------

    def _opened(self) -> Session:
        ledger: Any = _Port(SqliteLedger(self.path), lambda when, name: self.trouble(when, f"ledger.{name}"))
        account: Any = _Port(self.mail, lambda when, name: self.trouble(when, f"mail.{name}"))
        account._real = _LateAppends(self.mail, self)
        return Session(
            settings=SETTINGS,
            account=SETTINGS.accounts[0],
            mail=account,
            submission=_Submission(self),
            ledger=ledger,
            calendars=self.calendar,
            lexica=lexica(),
            templates=_templates(),
            folder_names=assets.folder_names(),
            clock=lambda: self.now,
            token=self._token,
        )

    def _token(self) -> str:
        self.numbers += 1
        return f"token{self.seed}x{self.numbers:06d}"

    def restart(self) -> None:
        """The process is gone, with all that it had in memory; the file stays."""
        self.session.ledger._real.close()  # type: ignore[attr-defined] # past the port, as the kernel does it
        self.session = self._opened()

    def _pass(self) -> None:
        """One pass; what stops it is what the worker would see."""
        self._new_pass()
        try:
            mailpass.run(self.session)
        except (Unreachable, MailboxChanged, Refused, CredentialsRejected):
            self.tally.counts["passes cut short"] += 1
        except (Killed, LedgerError) as why:
            self.trouble = lambda when, name: None
            if self.in_data is not None:
                self.lost.add(self.in_data)
            self.tally.counts["kills" if isinstance(why, Killed) else "ledger failures"] += 1
            self.restart()

    def _new_pass(self) -> None:
        self.tally.counts["passes"] += 1
        self.in_data = None

    def _armed(self) -> Callable[[str, str], None]:
        """A trouble for the next pass: at its Nth port call, a kill or an error that this port may raise."""
        left = self.random.choice((self.random.randrange(12), self.random.randrange(160)))
        kill = self.random.random() < 0.5

        def trouble(when: str, name: str) -> None:
            nonlocal left
            left -= 1
            if left != -1:
                return
            self.events.append(f"{'kill' if kill else 'fault'} {when} {name}")
            if kill or name == "submission.accepted":
                raise Killed
            self.tally.counts["faults"] += 1
            raise self._error(when, name)

        return trouble

    def _error(self, when: str, name: str) -> RaincheckError:
        if name.startswith("ledger."):
            return LedgerError("disk full")
        if name == "submission.connect":
            return Unreachable("no route")
        if name == "mail.append":
            return Uncertain("cut") if when == "after" else self.random.choice([Refused("full"), Unreachable("cut")])
        writing = name in ("mail.add_flags", "mail.remove_flags", "mail.expunge", "mail.ensure_folder")
        if writing and when == "before" and self.random.random() < 0.3:
            return Refused("read-only")
        return self.random.choice([Unreachable("cut"), Unreachable("cut"), MailboxChanged("renamed")])

    # --- one step -------------------------------------------------------------------------------------------------

    def run(self, steps: int) -> Tally:
        """So many steps, the promises checked after each, and rest now and then."""
        for number in range(steps):
            self.tally.counts["steps"] += 1
            self._arrive_late(number)
            getattr(self, self.random.choices(_MOVES, _WEIGHTS)[0])()
            if self.random.random() < 0.7:
                self.trouble = self._armed() if self.random.random() < 0.4 else (lambda when, name: None)
                self._pass()
                self.trouble = lambda when, name: None
            self._check()
            if self.random.random() < 0.03 or number == steps - 1:
                self._rest()
        return self.tally

    def _arrive_late(self, number: int) -> None:
        due, self.late = [x for x in self.late if x[0] <= 0], [(n - 1, *rest) for n, *rest in self.late if n > 0]  # type: ignore[misc] # same tuple
        for _, mailbox, raw, flags in due:
            self.events.append(f"late APPEND in {mailbox}")
            self.mail.put(mailbox, raw, flags)

    def move_time(self) -> None:
        """Minutes mostly, now and then a night; and clocks are set."""
        step = self.random.choices((1, 5, 11, 60, 60 * 9, 60 * 30), (8, 4, 6, 2, 1, 0.5))[0]
        self.now += timedelta(minutes=step)
        self.events.append(f"{step} minutes later")

    def step_clock(self) -> None:
        back = timedelta(minutes=self.random.choice((-3, -60, -60 * 26, 60 * 5)))
        self.events.append(f"the clock is set by {back}")
        self.now += back
        self.yes = {ref: min(since, self.now) for ref, since in self.yes.items()}

    def restart_calmly(self) -> None:
        self.tally.counts["restarts"] += 1
        self.restart()

    # --- the world ------------------------------------------------------------------------------------------------

    def invite(self) -> None:
        n = self.random.randrange(len(_NAMES))
        self.numbers += 1
        base = php_invitation if self.random.random() < 0.4 else invitation
        name, first, company = f"{_FIRST[n]} Arden", _FIRST[n], f"{_NAMES[n]}{self.numbers}"
        raw = base(
            sender=f"{name} <{first.lower()}{self.numbers}@{company.lower()}.example>",
            Message_ID=f"<m{self.seed}.{self.numbers}@{company.lower()}.example>",
        )
        for old in (b"Maya Lindqvist", b"Colin Ashdown"):
            raw = raw.replace(old, name.encode())
        for old in (b"Tidewater Labs", b"Larkfield Media"):
            raw = raw.replace(old, company.encode())
        self._world("INBOX", raw)
        if self.random.random() < 0.7:
            self.calendar.busy.append(Period(START + timedelta(days=3, hours=1), START + timedelta(days=3, hours=2)))
        self.tally.counts["mails"] += 1

    def write_again(self) -> None:
        """The employer writes once more in a case: a remark, a cancellation, another time."""
        cases = self._cases()
        if not cases:
            return
        case = self.random.choice(cases)
        self.numbers += 1
        text = self.random.choice(
            (
                "Hi Robin,\n\none more thing: please bring your portfolio.\n\nBest regards\n",
                "Hi Robin,\n\nunfortunately we have to cancel your interview, the position has been filled.\n\nBest\n",
                "Hi Robin,\n\nsomething came up here. Could we move our interview to Friday, 5 December 2025 at 11:00 "
                "(Berlin time) instead?\n\nBest regards\n",
            )
        )
        subject = f"Re: {case.subject}"
        sender = f"Arden <{case.counterpart}>"
        said = f"<m{self.seed}.{self.numbers}@answer.example>"
        raw = mail(text, subject=subject, sender=sender, Message_ID=said, In_Reply_To=str(case.invitation_id))
        self._world("INBOX", raw)
        self.tally.counts["mails"] += 1

    def change_calendar(self) -> None:
        if self.random.random() < 0.3:
            self.calendar.known = not self.calendar.known
            return
        start = START + timedelta(days=self.random.randrange(14), hours=self.random.randrange(10))
        self.calendar.busy.append(Period(start, start + timedelta(hours=1)))
        if len(self.calendar.busy) > 12:
            del self.calendar.busy[: self.random.randrange(8)]

    def _world(self, mailbox: str, raw: bytes, flags: tuple[str, ...] = ()) -> MessageRef:
        ref = self.mail.put(mailbox, raw, flags)
        self._own(ref)
        return ref

    def _own(self, ref: MessageRef) -> None:
        stored = next(m for m in self.mail.messages(ref.mailbox) if m.uid == ref.uid)
        self.person[ref] = (stored.raw, stored.flags)

    # --- the person -----------------------------------------------------------------------------------------------

    def star(self) -> None:
        for ref, raw in self._some_draft("Drafts"):
            self.mail.flag(ref, "\\Flagged")
            if ref not in self.person:
                self.only_starred.add(ref)
            self._own(ref)
            self.yes.setdefault(ref, self.now)  # one that was off and comes back counts from now
            self.events.append(f"star on {ref.uid} {digest(raw)[:6]}")
            self.tally.counts["stars"] += 1

    def unstar(self) -> None:
        for ref, _ in self._some_draft("Drafts"):
            self.mail.flag(ref, "\\Flagged", off=True)
            self.yes.pop(ref, None)
            if ref in self.person:
                self._own(ref)
                self._untouched_again(ref)
            self.events.append(f"star off {ref.uid}")

    def _untouched_again(self, ref: MessageRef) -> None:
        """Without its star, a draft that nobody edited is as raincheck wrote it."""
        if ref in self.only_starred:
            self.only_starred.discard(ref)
            del self.person[ref]

    def approve_by_moving(self) -> None:
        for ref, _ in self._some_draft("Drafts"):
            with suppress(MailboxChanged):
                self._box(APPROVED)
                moved = self._moves(ref, APPROVED)
                self.yes[moved] = self.now
                self.events.append(f"moved {ref.uid} to the approval folder")

    def move_back(self) -> None:
        for ref, _ in self._some_draft(APPROVED):
            moved = self._moves(ref, "Drafts")
            if "\\flagged" in self.person[moved][1]:
                self.yes[moved] = self.now

    def throw_away(self) -> None:
        for ref, _ in self._some_draft("Drafts"):
            self._moves(ref, "Trash")
            self.events.append(f"{ref.uid} thrown away")
            self.tally.counts["refusals"] += 1

    def edit_in_thunderbird(self) -> None:
        """A new message with a new Message-ID and without our headers, then the old one is expunged."""
        for ref, raw in self._some_draft("Drafts"):
            edited = self._edited(_without(raw, b"Message-ID", b"X-Raincheck-Case"))
            self.numbers += 1
            self._world(
                "Drafts", b"Message-ID: <tb%d.%d@example.net>\r\n" % (self.seed, self.numbers) + edited, ("\\Draft",)
            )
            if self.random.random() < 0.3:
                self._pass()
            if self._box("Drafts").get(ref.uid):
                self._gone(ref)
            self.events.append(f"{ref.uid} edited (Thunderbird)")
            self.tally.counts["edits"] += 1

    def recall_in_neomutt(self) -> None:
        """The draft is expunged at once; what is typed comes back later."""
        for ref, raw in self._some_draft("Drafts"):
            self._gone(ref)
            self.open_composers.append(raw)
            self.events.append(f"{ref.uid} recalled (neomutt)")

    def save_in_neomutt(self) -> None:
        if self.open_composers:
            raw = self.open_composers.pop(self.random.randrange(len(self.open_composers)))
            self._world("Drafts", self._edited(raw), ("\\Draft",))
            self.tally.counts["edits"] += 1

    def save_in_aerc(self) -> None:
        """A further copy with the same Message-ID; the old one stays."""
        for _, raw in self._some_draft("Drafts"):
            self._world("Drafts", self._edited(raw), ("\\Seen",))
            self.events.append("saved again (aerc)")
            self.tally.counts["edits"] += 1

    def send_in_the_client(self) -> None:
        """The draft goes first, then the copy appears in Sent; perhaps with a pass between."""
        for ref, raw in self._some_draft("Drafts"):
            self._gone(ref)
            if self.random.random() < 0.5:
                self._pass()
            self.numbers += 1
            sent = _without(raw, b"Message-ID", b"X-Raincheck-Case")
            self._world(
                "Sent", b"Message-ID: <sent%d.%d@example.net>\r\n" % (self.seed, self.numbers) + sent, ("\\Seen",)
            )
            self.by_hand |= {case.id for case in self._cases() if str(case.invitation_id).encode() in raw}
            self.events.append(f"{ref.uid} sent from the client")
            self.tally.counts["sent by the person"] += 1

    def answer_oneself(self) -> None:
        cases = self._cases()
        if not cases:
            return
        case = self.random.choice(cases)
        self.numbers += 1
        raw = mail(
            "No thank you.\n",
            subject=f"Re: {case.subject}",
            sender=f"Robin <{ME}>",
            Message_ID=f"<own{self.seed}.{self.numbers}@example.net>",
            In_Reply_To=str(case.invitation_id),
            References=str(case.invitation_id),
        )
        self._world(self.random.choice(("Sent", "Drafts")), raw, ("\\Seen",))
        self.by_hand.add(case.id)
        self.events.append(f"own answer to {case.id[:6]}")

    def recreate_inbox(self) -> None:
        """Another UIDVALIDITY, the same mails."""
        kept = self.mail.messages("INBOX")
        for ref in [r for r in self.person if r.mailbox == "INBOX"]:
            del self.person[ref]
        self.mail.recreate("INBOX")
        for stored in kept:
            self._own(self.mail.put("INBOX", stored.raw, stored.flags, stored.internal_date))
        self.events.append("INBOX made anew")

    def recreate_drafts(self) -> None:
        kept = [(MessageRef("Drafts", 0, m.uid), m) for m in self.mail.messages("Drafts")]
        before = self.mail.status("Drafts").uidvalidity
        self.mail.recreate("Drafts")
        for old, stored in kept:
            ref = replace(old, uidvalidity=before)
            new = self.mail.put("Drafts", stored.raw, stored.flags, stored.internal_date)
            if self.person.pop(ref, None) is not None:
                self._own(new)
            if ref in self.yes:
                self.yes[new] = self.yes.pop(ref)
            for marked in (self.removable, self.only_starred):
                if ref in marked:
                    marked.add(new)
        self.events.append("Drafts made anew")

    def lose_folders(self) -> None:
        """The person deletes the folder of notes, or renames it."""
        with suppress(MailboxChanged, KeyError):
            for ref in [r for r in self.person if r.mailbox == "Raincheck"]:
                del self.person[ref]
            self.mail.delete("Raincheck")

    def rest_a_little(self) -> None:
        """Nothing happens."""

    # --- inside ---------------------------------------------------------------------------------------------------

    def _cases(self) -> list[Any]:
        return list(self.session.ledger._real.cases())  # type: ignore[attr-defined] # past the troubles

    def _box(self, mailbox: str) -> dict[int, Any]:
        return {stored.uid: stored for stored in self.mail.messages(mailbox)}

    def _some_draft(self, mailbox: str) -> list[tuple[MessageRef, bytes]]:
        try:
            lying = self.mail.messages(mailbox)
        except MailboxChanged:
            return []
        if not lying:
            return []
        stored = self.random.choice(lying)
        return [(MessageRef(mailbox, self.mail.status(mailbox).uidvalidity, stored.uid), stored.raw)]

    def _gone(self, ref: MessageRef) -> None:
        self.mail.remove(ref)
        self.person.pop(ref, None)
        self.yes.pop(ref, None)

    def _moves(self, ref: MessageRef, mailbox: str) -> MessageRef:
        moved = self.mail.move(ref, mailbox)
        self.person.pop(ref, None)
        self.yes.pop(ref, None)
        self._own(moved)
        return moved

    def _edited(self, raw: bytes) -> bytes:
        head, _, body = raw.partition(b"\r\n\r\n")
        return head + b"\r\n\r\n" + body.replace(b"Robin Meyer", b"Robin M%d" % self.random.randrange(1000))

    # --- the promises ---------------------------------------------------------------------------------------------

    def broken(self, what: str) -> Violation:
        """The violation, told with how it came to it."""
        return Violation(f"seed {self.seed}: {what}\n  " + "\n  ".join(self.events))

    def begins(self, message: bytes) -> None:
        """Called when all recipients were accepted: from here to the end of the pass, a death leaves the truth open."""
        message_id = message.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode()
        sql = "SELECT case_id, revision FROM entry WHERE sent_message_id = ?"
        rows = self.session.ledger._real._db.execute(sql, (message_id,)).fetchall()  # type: ignore[attr-defined]
        if len(rows) != 1:
            raise self.broken(f"what is submitted is journalled {len(rows)} times")
        self.in_data = (rows[0][0], rows[0][1])

    def begins_data(self, message: bytes) -> None:
        """Called when DATA begins: is there a yes on exactly this text, for long enough?"""
        ref = next((e.approved_ref for e in self._entries() if (e.case, e.revision) == self.in_data), None)
        since = self.yes.get(ref) if ref is not None else None
        if ref is not None and since is not None and self.now - since >= UNDO:
            stored = self._box(ref.mailbox).get(ref.uid)
            same_box = self.mail.status(ref.mailbox).uidvalidity == ref.uidvalidity
            if stored is not None and same_box and _same(stored.raw, message):
                self.removable.add(ref)
                return
        raise self.broken(f"submitted without a yes on this text: case {self.in_data}")

    def accepted(self) -> None:
        """The server took the message."""
        assert self.in_data is not None
        self.submitted[self.in_data] += 1
        self.tally.counts["sendings"] += 1
        if self.submitted[self.in_data] > 1:
            raise self.broken(f"sent twice: {self.in_data}")

    def _entries(self) -> list[Entry]:
        return list(self.session.ledger._real.entries("main"))  # type: ignore[attr-defined] # past the troubles

    def _check(self) -> None:
        for ref, (raw, flags) in list(self.person.items()):
            self._unharmed(ref, raw, flags)
        for entry in self._entries():
            where = (entry.case, entry.revision)
            if entry.state is EntryState.UNCERTAIN and where not in self.lost:
                raise self.broken(f"uncertain without reason: {where}")
        firm = [h for h in self.session.ledger._real.holds() if h.firm and h.expires > self.now]  # type: ignore[attr-defined]
        firm = [hold for hold in firm if hold.case not in self.by_hand]
        for number, hold in enumerate(firm):
            if any(h.case != hold.case and h.period.overlaps(hold.period) for h in firm[number + 1 :]):
                raise self.broken(f"promised twice: {hold.period}")

    def _unharmed(self, ref: MessageRef, raw: bytes, flags: frozenset[str]) -> None:
        try:
            stored = self._box(ref.mailbox).get(ref.uid)
        except MailboxChanged:
            stored = None
        if stored is None and ref in self.removable | self.only_starred:  # the latter: star off, then withdrawn
            del self.person[ref]
            self.yes.pop(ref, None)
            return
        if stored is None or stored.raw != raw:
            raise self.broken(f"a message of the person's was removed: {ref}")
        star_off = flags - {"\\flagged"} if ref.mailbox in ("Drafts", APPROVED) else flags
        if stored.flags not in (flags, star_off, flags | {"\\answered"}):
            raise self.broken(f"flags changed: {ref}: {sorted(flags)} → {sorted(stored.flags)}")
        if "\\flagged" not in stored.flags and ref.mailbox == "Drafts":
            self.yes.pop(ref, None)
        self.person[ref] = (raw, stored.flags)
        if "\\flagged" not in stored.flags:
            self._untouched_again(ref)

    def _rest(self) -> None:
        """Nothing fails any more, nobody does anything: what was begun comes to its end, and then nothing happens."""
        self.calendar.known = True
        self.calm = True
        for _ in range(6):
            self.now += timedelta(minutes=3)
            self._arrive_late(0)
            self._pass()
            self._check()
        self._pass()
        self.mail.writes.clear()
        self._pass()
        if self.mail.writes:
            raise self.broken(f"a pass after rest writes: {self.mail.writes}")
        for entry in self._entries():
            if entry.state in (EntryState.INTENDED, EntryState.SENDING, EntryState.SENT) or entry.removing is not None:
                raise self.broken(f"half done at rest: {entry.case}/{entry.revision} {entry.state} {entry.reason}")
        ours: Counter[str] = Counter()
        validity = self.mail.status("Drafts").uidvalidity
        for stored in self.mail.messages("Drafts"):
            mark = stored.raw.partition(b"X-Raincheck-Case: ")[2].partition(b"/")[0].decode()
            if mark and MessageRef("Drafts", validity, stored.uid) not in self.person:
                ours[mark] += 1
        if doubled := [case for case, number in ours.items() if number > 1]:
            raise self.broken(f"several untouched drafts of ours for {doubled}")
        for stored in self.mail.messages("INBOX"):
            if b"Auto-Submitted" not in stored.raw:
                self._known(stored.raw)
        self.tally.counts["rests"] += 1
        self.calm = False

    def _known(self, raw: bytes) -> None:
        identity = raw.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode()
        if self.session.ledger._real.mail("main", identity) is None:  # type: ignore[attr-defined] # past the troubles
            raise self.broken(f"a mail was never read: {identity}")


class _LateAppends:
    """The mail account, but some APPENDs are cut off and carried out later, or never."""

    def __init__(self, real: MemoryAccount, life: Life) -> None:
        self._real = real
        self._life = life

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def append(self, mailbox: str, message: bytes, flags: Any, date: datetime | None = None) -> MessageRef | None:
        chance = 1.0 if self._life.calm else self._life.random.random()
        if chance < 0.03:
            self._life.events.append(f"APPEND in {mailbox} cut off")
            self._life.tally.counts["late APPENDs"] += 1
            if chance < 0.02:
                raw = message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
                self._life.late.append((0, mailbox, raw, tuple(flags)))
            raise Uncertain("the line broke in the literal")
        return self._real.append(mailbox, message, flags, date)


class _Submission:
    """A submission server that fails at every verb now and then, and tells the life what it took."""

    def __init__(self, life: Life) -> None:
        self._life = life

    def submit(self, envelope: Envelope, message: bytes, before_data: Callable[[], None]) -> str:
        life = self._life
        life.trouble("before", "submission.connect")
        chance = 1.0 if life.calm else life.random.random()
        if chance < 0.15:
            raise life.random.choice(
                [Unreachable("421"), Unreachable("421"), Refused("550 no such user"), CredentialsRejected("535")]
            )
        life.begins(message)
        before_data()
        life.begins_data(message)
        where = life.in_data
        assert where is not None
        if chance < 0.25:
            raise life.random.choice([Unreachable("451 after the dot"), Refused("554 after the dot")])
        if chance < 0.33:
            life.lost.add(where)
            life.tally.counts["answers to DATA lost"] += 1
            if life.random.random() < 0.6:
                life.accepted()
            raise Uncertain("the answer was lost")
        life.accepted()
        life.trouble("after", "submission.accepted")
        return "250 2.0.0 accepted"

    def check(self) -> str:
        return "in memory"


def _same(draft: bytes, message: bytes) -> bool:
    """The same answer to the same mail, to the byte."""
    answers = [raw.partition(b"In-Reply-To: ")[2].partition(b"\r\n")[0] for raw in (draft, message)]
    return answers[0] == answers[1] and draft.partition(b"\r\n\r\n")[2] == message.partition(b"\r\n\r\n")[2]


def _without(raw: bytes, *names: bytes) -> bytes:
    head, _, body = raw.partition(b"\r\n\r\n")
    kept = [line for line in head.split(b"\r\n") if not line.startswith(tuple(name + b":" for name in names))]
    return b"\r\n".join(kept) + b"\r\n\r\n" + body


_CHANCES = {
    "move_time": 30, "step_clock": 1, "restart_calmly": 2, "invite": 9, "write_again": 4, "change_calendar": 3,
    "star": 22, "unstar": 4, "approve_by_moving": 3, "move_back": 1, "throw_away": 2, "edit_in_thunderbird": 4,
    "recall_in_neomutt": 2, "save_in_neomutt": 3, "save_in_aerc": 1, "send_in_the_client": 2, "answer_oneself": 2,
    "recreate_inbox": 0.5, "recreate_drafts": 0.5, "lose_folders": 0.5, "rest_a_little": 2,
}  # fmt: skip
_MOVES, _WEIGHTS = list(_CHANCES), list(_CHANCES.values())
