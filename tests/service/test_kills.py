"""SIGKILL before every effect of drafting and of sending, on real servers: one draft, at most one sending."""

from __future__ import annotations

import multiprocessing
import signal
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from raincheck.adapters.ledger import SqliteLedger
from raincheck.core.model import CaseState
from raincheck.core.settings import Server
from tests.servers.submission import PASSWORD, USERNAME
from tests.service.desk import APPOINTMENT, START, invitation
from tests.service.victim import Task, live

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.servers.mailbox import Mailbox
    from tests.servers.submission import SubmissionServer

pytestmark = pytest.mark.dovecot

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.service.victim"])
_MORE_THAN_THERE_ARE = 60  # effects of one stage


class Person:
    """A person with a real mailbox whose service dies and lives again."""

    def __init__(self, mailbox: Mailbox, submission: SubmissionServer, state: Path) -> None:
        self.mailbox = mailbox
        self.submission = submission
        self.state = state
        self.now = START
        state.mkdir()

    def lives(self, passes: int, *, kill_at: int | None = None) -> bool:
        """Runs the service for so many passes, a minute apart; false when it was killed."""
        account = self.mailbox.account(
            smtp=Server("localhost", self.submission.port, "starttls", username=USERNAME),
            ca_file=str(self.submission.certificate.ca_file),
        )
        task = Task(
            account=account,
            imap_password=self.mailbox.password,
            smtp_password=PASSWORD,
            busy=(APPOINTMENT,),
            state=self.state,
            now=self.now,
            passes=passes,
            kill_at=kill_at,
            me=self.mailbox.address,
        )
        process = _processes.Process(target=live, args=(task,))
        process.start()
        process.join(60)
        self.now += timedelta(minutes=passes)
        assert process.exitcode in (0, -signal.SIGKILL), f"exit code {process.exitcode}"
        return process.exitcode == 0

    def count(self, folder: str) -> int:
        """How many messages lie in the folder."""
        with self.mailbox.client() as client:
            return int(client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"])

    def stars_the_draft(self) -> None:
        with self.mailbox.client() as client:
            client.select_folder("Drafts")
            client.add_flags(client.search(), ["\\Flagged"])

    def case_state(self) -> CaseState:
        ledger = SqliteLedger(self.state / "ledger.sqlite3")
        (case,) = ledger.cases()
        ledger.close()
        return case.state


@pytest.fixture
def people(mailbox: Mailbox, submission: SubmissionServer, tmp_path: Path) -> Callable[[], Person]:
    """Persons that share a mailbox one after the other: it is emptied for each."""
    made: list[Person] = []

    def person() -> Person:
        with mailbox.client() as client:
            for _, _, name in client.list_folders():
                client.select_folder(name)
                found = client.search()
                if found:
                    client.delete_messages(found)
                    client.expunge()
            client.append("INBOX", invitation(Message_ID=f"<kill-{len(made)}@tidewater.example>"), msg_time=START)
        submission.received.clear()
        made.append(Person(mailbox, submission, tmp_path / f"state-{len(made)}"))
        return made[-1]

    return person


def test_killed_anywhere_while_drafting_there_is_one_draft(people: Callable[[], Person]) -> None:
    for kill_at in range(_MORE_THAN_THERE_ARE):
        person = people()
        survived = person.lives(1, kill_at=kill_at)
        person.now += timedelta(hours=1)
        assert person.lives(4)
        assert person.count("Drafts") == 1, f"killed before effect {kill_at}"
        assert person.case_state() is CaseState.DRAFTED
        assert person.count("Raincheck") == 1, f"notes, killed before effect {kill_at}"
        if survived:
            assert kill_at > 8
            return
    pytest.fail("the stage never ended")


def test_killed_anywhere_while_sending_it_is_sent_at_most_once(people: Callable[[], Person]) -> None:
    uncertain = 0
    for kill_at in range(_MORE_THAN_THERE_ARE):
        person = people()
        assert person.lives(2)
        person.stars_the_draft()
        assert person.lives(1)  # sees the star
        person.now += timedelta(minutes=12)
        survived = person.lives(1, kill_at=kill_at)
        person.now += timedelta(minutes=5)
        assert person.lives(3)
        sent, state = len(person.submission.received), person.case_state()
        if state is CaseState.UNCERTAIN:
            uncertain += 1
            assert sent <= 1
        else:
            assert (sent, state) == (1, CaseState.SENT), f"killed before effect {kill_at}"
            assert (person.count("Drafts"), person.count("Sent")) == (0, 1), f"killed before effect {kill_at}"
        if survived:
            assert kill_at > 8
            assert 1 <= uncertain <= 3
            return
    pytest.fail("the stage never ended")
