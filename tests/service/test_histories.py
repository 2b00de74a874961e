"""Whatever happens in whatever order: mails, calendars, approvals, restarts. What must hold after every step holds."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck
from hypothesis import settings as limits
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from raincheck.core.draftmail import parse_draft
from raincheck.core.model import Case, CaseState, Entry, EntryState, Hold, MessageRef, Outcome, Period
from raincheck.core.settings import ClockRange
from tests.service.desk import ME, SETTINGS, START, Desk, mail

BERLIN = ZoneInfo("Europe/Berlin")
HOUSES = (
    ("Tidewater Labs", "Maya Lindqvist", "maya@tidewater.example", "Senior Backend Engineer"),
    ("Glasswing", "Noor Haddad", "noor@glasswing.example", "Data Engineer"),
    ("Larkfield Media", "Colin Ashdown", "colin@larkfield.example", "PHP Developer"),
    ("Brightwater", "Ines Okafor", "ines@brightwater.example", "Site Reliability Engineer"),
)
SHM = "/dev/shm"  # noqa: S108 - a fresh folder in it
house = st.sampled_from(HOUSES)
workday = st.integers(1, 8)
hour = st.sampled_from([9, 10, 11, 14, 15])
which = st.integers(0, 5)


def at(now: datetime, days: int, clock: int) -> datetime:
    """The hour of a working day ahead, in Berlin."""
    day = now.astimezone(BERLIN).replace(hour=clock, minute=0, second=0, microsecond=0)
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def said(when: datetime) -> str:
    local = when.astimezone(BERLIN)
    return f"{local:%A, %-d %B %Y} at {local:%H:%M} (Berlin time)"


def invites(company: str, contact: str, address: str, role: str, when: datetime | None) -> bytes:
    """An invitation; without a time it asks when one can."""
    asks = (
        f"an interview on {said(when)}. It takes 45 minutes.\n\nDoes that suit you?"
        if when
        else ("an interview. It takes 45 minutes.\n\nWhen would you be available?")
    )
    text = f"Hi Robin,\n\nThank you for applying for the {role} position at {company}. We would like to invite you to\n"
    return mail(
        f"{text}{asks}\n\nBest regards\n{contact}\n{company}\n",
        subject=f"Interview for {role}",
        sender=f"{contact} <{address}>",
    )


class Histories(RuleBasedStateMachine):
    """One person's weeks."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=SHM if Path(SHM).is_dir() else None))  # without a disk to wait for
        self.desk = Desk(self.folder, replace(SETTINGS, replies=replace(SETTINGS.replies, accept="draft")))
        self.arrived = 0
        self.starred: set[bytes] = set()  # texts that carried a star
        self.known: set[tuple[str, int]] = set()
        self.own = 0

    def teardown(self) -> None:
        self.desk.session.ledger.close()
        shutil.rmtree(self.folder)

    @initialize(accept=st.sampled_from(["leave", "draft"]), outside=st.sampled_from(["leave", "reschedule"]))
    def begins(self, accept: Literal["leave", "draft"], outside: Literal["leave", "reschedule"]) -> None:
        replies = replace(SETTINGS.replies, accept=accept, outside_hours=outside)
        self.desk.session.settings = self.desk.settings = replace(SETTINGS, replies=replies)
        self.settles()

    # --- what happens ---------------------------------------------------------------------------------------------

    @rule(of=house, days=workday, clock=hour)
    def an_invitation(self, of: tuple[str, str, str, str], days: int, clock: int) -> None:
        self.receives(invites(*of, at(self.desk.now, days, clock)))

    @rule(of=house, days=workday, clock=hour)
    def an_invitation_that_collides(self, of: tuple[str, str, str, str], days: int, clock: int) -> None:
        when = at(self.desk.now, days, clock).astimezone(UTC)
        self.desk.calendar.busy.append(Period(when - timedelta(minutes=30), when + timedelta(minutes=30)))
        self.receives(invites(*of, when))

    @rule(of=house)
    def a_question_when(self, of: tuple[str, str, str, str]) -> None:
        self.receives(invites(*of, None))

    @precondition(lambda self: self.cases)
    @rule(
        n=which,
        text=st.sampled_from(
            [
                "this is a friendly reminder of your interview.",
                "unfortunately we have to cancel your interview.",
                "thank you for your time. The position has been filled and we will not proceed with your application.",
                "one more thing: please bring your portfolio to the interview.",
                "great, this is confirmed. We look forward to meeting you.",
                "we have received your application and will come back to you.",
            ]
        ),
    )
    def a_word_more(self, n: int, text: str) -> None:
        self.writes_again(self.one(n), text)

    @precondition(lambda self: self.cases)
    @rule(n=which, days=workday, clock=hour)
    def another_time_of_theirs(self, n: int, days: int, clock: int) -> None:
        when = said(at(self.desk.now, days, clock))
        self.writes_again(self.one(n), f"we have to move our interview. Could we do it on {when} instead?")

    @precondition(lambda self: any(hold.firm for hold in self.holds))
    @rule(n=which)
    def their_choice(self, n: int) -> None:
        firm = sorted((hold.period, hold.case) for hold in self.holds if hold.firm)
        period, case_id = firm[n % len(firm)]
        case = self.desk.session.ledger.case(case_id)
        assert case is not None
        self.writes_again(case, f"{said(period.start)} works for us. See you then!")

    @rule(days=workday, clock=hour, hours=st.integers(1, 8))
    def an_appointment(self, days: int, clock: int, hours: int) -> None:
        start = at(self.desk.now, days, clock).astimezone(UTC)
        self.desk.calendar.busy.append(Period(start, start + timedelta(hours=hours)))
        self.settles()

    @rule()
    def the_calendar_goes_or_comes_back(self) -> None:
        self.desk.calendar.known = not self.desk.calendar.known
        self.settles()

    @precondition(lambda self: self.desk.drafts)
    @rule(n=which, minutes=st.sampled_from([1, 15]))
    def a_star(self, n: int, minutes: int) -> None:
        ref, raw = self.draft(n)
        self.starred.add(raw.partition(b"\r\n\r\n")[2])
        self.desk.mail.flag(ref, "\\Flagged")
        self.settles()
        self.settles(minutes)

    @precondition(lambda self: self.desk.drafts)
    @rule(n=which)
    def a_star_taken_away(self, n: int) -> None:
        self.desk.mail.flag(self.draft(n)[0], "\\Flagged", off=True)
        self.settles()

    @precondition(lambda self: self.desk.drafts)
    @rule(n=which)
    def a_draft_thrown_away(self, n: int) -> None:
        self.desk.mail.move(self.draft(n)[0], "Trash")
        self.settles()

    @precondition(lambda self: self.cases)
    @rule(n=which)
    def an_answer_of_their_own(self, n: int) -> None:
        case = self.one(n)
        self.own += 1
        answer = mail(
            "Thank you, I will call you.\n",
            subject=f"Re: {case.subject}",
            sender=f"Robin Meyer <{ME}>",
            In_Reply_To=str(case.invitation_id),
            Message_ID=f"<own-{self.own}@example.net>",
        )
        self.desk.mail.put("Sent", answer, ["\\Seen"])
        self.settles()

    @rule(minutes=st.sampled_from([5, 12, 60 * 5, 60 * 24, 60 * 72]))
    def time_goes_on(self, minutes: int) -> None:
        self.settles(minutes=minutes)

    @rule()
    def a_restart(self) -> None:
        self.desk.restarts()
        self.settles()

    # --- what holds -----------------------------------------------------------------------------------------------

    @invariant()
    def a_further_pass_does_nothing(self) -> None:
        self.desk.mail.writes.clear()
        self.desk.passes()
        assert self.desk.mail.writes == []

    @invariant()
    def a_case_has_one_draft(self) -> None:
        drafts = [parse_draft(stored.raw, MessageRef("Drafts", 1, stored.uid)).case for stored in self.desk.drafts]
        names = [name.partition("/")[0].partition("-")[0] for name in drafts if name]
        assert all(count == 1 for count in Counter(names).values()), names

    @invariant()
    def nothing_was_sent_without_a_star(self) -> None:
        for sent in self.desk.submission.sent:
            assert sent.raw.partition(b"\r\n\r\n")[2] in self.starred

    @invariant()
    def the_inbox_is_as_it_came(self) -> None:
        theirs = [m for m in self.desk.mail.messages("INBOX") if b"Auto-Submitted: auto-generated" not in m.raw]
        assert len(theirs) == self.arrived
        assert all(message.flags <= {"\\answered"} for message in theirs)

    @invariant()
    def a_draft_exists_only_for_open_cases(self) -> None:
        for case in self.cases:
            entry = self.desk.session.ledger.entry(case.id)
            if entry is not None and case.state in (CaseState.CONFIRMED, CaseState.CLOSED, CaseState.REFUSED):
                assert entry.state not in (EntryState.INTENDED, EntryState.APPROVED), (case.state, entry.state)

    # --- helpers --------------------------------------------------------------------------------------------------

    @property
    def cases(self) -> list[Case]:
        return list(self.desk.session.ledger.cases())

    @property
    def holds(self) -> list[Hold]:
        return [hold for hold in self.desk.session.ledger.holds() if hold.expires > self.desk.now]

    def one(self, n: int) -> Case:
        cases = sorted(self.cases, key=lambda case: (case.opened, case.subject))
        return cases[n % len(cases)]

    def draft(self, n: int) -> tuple[MessageRef, bytes]:
        stored = self.desk.drafts[n % len(self.desk.drafts)]
        return MessageRef("Drafts", self.desk.mail.status("Drafts").uidvalidity, stored.uid), stored.raw

    def receives(self, raw: bytes) -> None:
        self.arrived += 1
        self.desk.arrives(re.sub(rb"<mail-\d+@", b"<theirs-%d@" % self.arrived, raw))  # the same in every replay
        self.settles()

    def writes_again(self, case: Case, text: str) -> None:
        contact, address = next((h[1], h[2]) for h in HOUSES if h[2] == case.counterpart)
        self.receives(
            mail(
                f"Hi Robin,\n\n{text}\n\nBest regards\n{contact}\n",
                subject=f"Re: {case.subject}",
                sender=f"{contact} <{address}>",
                In_Reply_To=str(case.invitation_id),
            )
        )

    def settles(self, minutes: float = 0) -> None:
        """Passes until all is done that can be; what was newly offered is held against what was known before."""
        self.desk.now += timedelta(minutes=minutes)
        promised = [(hold.case, hold.period) for hold in self.holds if hold.firm]
        promised += [
            (case.id, case.appointment.period(timedelta(minutes=45)))
            for case in self.cases
            if case.state is CaseState.CONFIRMED and case.appointment is not None
        ]
        self.desk.passes(3)
        for case in self.cases:
            entry = self.desk.session.ledger.entry(case.id)
            if entry is not None and (entry.case, entry.revision) not in self.known:
                self.known.add((entry.case, entry.revision))
                self.offers_what_is_free(entry, promised)

    def offers_what_is_free(self, entry: Entry, promised: list[tuple[str, Period]]) -> None:
        assert bool(entry.offered) is (entry.outcome in (Outcome.RESCHEDULE, Outcome.PROPOSE))
        for period in entry.offered:
            assert period.start > self.desk.now
            assert not any(period.overlaps(busy) for busy in self.desk.calendar.busy)
            assert not any(period.overlaps(other) for case, other in promised if case != entry.case)
        assert all(one.end <= two.start for one, two in pairwise(sorted(entry.offered)))


Histories.TestCase.settings = limits(
    max_examples=20, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
TestHistories = Histories.TestCase


def morning(folder: Path, cases: int, **hours: ClockRange) -> dict[str, tuple[Period, ...]]:
    """What is offered to so many invitations that come within one morning, all of them at a time that is taken."""
    week = {day: tuple(hours.values()) for day in SETTINGS.availability.hours}
    desk = Desk(
        folder,
        replace(
            SETTINGS,
            availability=replace(SETTINGS.availability, hours=week, both_halves=False),
            replies=replace(SETTINGS.replies, drafts_per_hour=100),
        ),
    )
    desk.calendar.busy.append(TAKEN)
    offered: dict[str, tuple[Period, ...]] = {}
    for number in range(cases):
        name = f"House{chr(65 + number // 26)}{chr(97 + number % 26)}"
        desk.arrives(invites(name, "Maya Lindqvist", f"maya@{name.lower()}.example", "Backend Engineer", TAKEN.start))
        desk.passes(minutes=1)
        for case in desk.session.ledger.cases():
            entry = desk.session.ledger.entry(case.id)
            assert entry is not None, case
            assert offered.setdefault(case.id, entry.offered) == entry.offered, "what was offered stays offered"
    assert len(offered) == cases
    return offered


TAKEN = Period(START + timedelta(days=1, hours=1), START + timedelta(days=1, hours=3))


def test_thirty_invitations_in_a_morning_do_not_starve_each_other(tmp_path: Path) -> None:
    offered = list(morning(tmp_path, 30, all_day=ClockRange(9 * 60, 17 * 60)).values())
    assert all(len(times) == 3 for times in offered)
    early = sorted(period for times in offered[:16] for period in times)  # six days with room for eight talks each
    assert all(one.end <= two.start for one, two in pairwise(early)), "while three days have free times, none twice"


def test_beyond_what_is_free_the_oldest_offers_are_reused_first(tmp_path: Path) -> None:
    offered = list(morning(tmp_path, 30, morning=ClockRange(9 * 60, 12 * 60)).values())
    assert all(offered), "nobody is left without a time"
    uses = Counter(period for times in offered for period in times)
    assert max(uses.values()) - min(uses.values()) <= 2, "and none is offered much more often than another"
