"""The ledger on a real file: what was committed survives, what was not does not, and errors name the file."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from raincheck.adapters.ledger import _MIGRATIONS, SqliteLedger
from raincheck.core.model import (
    Answered,
    Case,
    CaseState,
    Entry,
    EntryState,
    Hold,
    Kind,
    MessageRef,
    Note,
    NoteEntry,
    Outcome,
    Period,
    Slot,
    Trace,
)
from raincheck.errors import LedgerError
from raincheck.ports import Health, MailRecord, Watermark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BERLIN = timezone(HOUR)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite3"


@pytest.fixture
def ledger(path: Path) -> Iterator[SqliteLedger]:
    opened = SqliteLedger(path)
    yield opened
    opened.close()


def a_case(case_id: str = "c1", **changes: object) -> Case:
    case = Case(
        id=case_id,
        account="main",
        state=CaseState.DRAFTED,
        opened=NOW,
        updated=NOW,
        kind=Kind.INVITATION,
        outcome=Outcome.RESCHEDULE,
        company="Acme",
        message_ids=("<a@x.example>",),
        invitation=MessageRef("INBOX", 1, 2),
        slots=(Slot(NOW.astimezone(BERLIN), None), Slot(NOW, NOW + HOUR)),
        trace=(Trace("rule: x", "because", hit=True),),
    )
    return replace(case, **changes)  # type: ignore[arg-type]  # a test's shorthand for any field


def an_entry(**changes: object) -> Entry:
    entry = Entry(
        case="c1",
        revision=1,
        account="main",
        state=EntryState.INTENDED,
        message_id="<ours@x.example>",
        digest="d",
        text=b"From: \xff\r\n\r\nbody\x00",
        mailbox="Drafts",
        uidvalidity=0,
        uidnext_before=0,
        uid=None,
        created=NOW,
        updated=NOW,
        outcome=Outcome.RESCHEDULE,
        offered=(Period(NOW, NOW + HOUR),),
        approved_ref=MessageRef("Drafts", 1, 9),
    )
    return replace(entry, **changes)  # type: ignore[arg-type]  # a test's shorthand for any field


def test_cases_come_back_as_they_were_written(ledger: SqliteLedger) -> None:
    ledger.save_case(a_case(), "opened")
    assert ledger.case("c1") == a_case()
    assert ledger.history("c1") == ((NOW, "opened"),)
    assert ledger.case("c2") is None


def test_cases_are_listed_newest_first_by_account(ledger: SqliteLedger) -> None:
    ledger.save_case(a_case("old", updated=NOW - HOUR))
    ledger.save_case(a_case("new"))
    ledger.save_case(a_case("other", account="work"))
    assert [case.id for case in ledger.cases("main")] == ["new", "old"]
    assert len(ledger.cases()) == 3


def test_a_draft_comes_back_byte_for_byte_while_it_is_open(ledger: SqliteLedger) -> None:
    ledger.save_entry(an_entry())
    assert ledger.entry("c1") == an_entry()
    assert ledger.entries("main") == (an_entry(),)


@pytest.mark.parametrize("over", [{"state": EntryState.REFUSED}, {"state": EntryState.SENT, "tidied": True}])
def test_the_text_of_a_draft_is_forgotten_when_its_journey_is_over(
    ledger: SqliteLedger, path: Path, over: dict[str, object]
) -> None:
    ledger.save_entry(an_entry())
    ledger.save_entry(an_entry(**over))
    assert ledger.entries("main") == ()
    kept = ledger.entry("c1")
    assert kept is not None
    assert kept.text == b""
    rows = sqlite3.connect(path).execute("SELECT text FROM entry").fetchall()
    assert rows == [(None,)]


def test_own_message_ids_are_those_of_drafts_sent_mails_and_notes(ledger: SqliteLedger) -> None:
    ledger.save_entry(an_entry(sent_message_id="<sent@x.example>"))
    ledger.save_note(NoteEntry("c1", "main", Note.CASE, "<note@x.example>", NOW, b"note"))
    assert ledger.own_message_ids("main") == {"<ours@x.example>", "<sent@x.example>", "<note@x.example>"}
    assert ledger.own_message_ids("work") == frozenset()


def test_a_failed_transaction_leaves_nothing_behind(ledger: SqliteLedger) -> None:
    def half() -> None:
        with ledger.transaction():
            ledger.save_case(a_case(), "opened")
            ledger.set_holds("c1", [Hold("c1", Period(NOW, NOW + HOUR), firm=True, expires=NOW + HOUR, made=NOW)])
            raise KeyError

    with pytest.raises(KeyError):
        half()
    assert (ledger.cases(), ledger.holds()) == ((), ())


def test_holds_are_replaced_by_case(ledger: SqliteLedger) -> None:
    def hold(case: str, hours: int) -> Hold:
        start = NOW + hours * HOUR
        return Hold(case, Period(start, start + HOUR), firm=False, expires=NOW, made=NOW)

    ledger.set_holds("c1", [hold("c1", 1), hold("c1", 2)])
    ledger.set_holds("c2", [hold("c2", 3)])
    ledger.set_holds("c1", [hold("c1", 4)])
    assert set(ledger.holds()) == {hold("c2", 3), hold("c1", 4)}


def test_small_things_are_remembered(ledger: SqliteLedger) -> None:
    ledger.set_watermark("main", "INBOX", Watermark(7, 40))
    ledger.set_value("paused", "yes")
    ledger.set_value("brief", "2026-12-01")
    ledger.set_value("paused", None)
    ledger.set_health(Health("account:main", ok=False, detail="down", at=NOW))
    record = MailRecord("main", "<a@x.example>", "invitation", "c1", NOW, MessageRef("INBOX", 7, 40))
    ledger.record_mail(record)
    answer = Answered("c1", "Acme", "acme.example", None, Outcome.DECLINE, "no PHP", NOW)
    ledger.record_answer(answer)
    assert ledger.watermark("main", "INBOX") == Watermark(7, 40)
    assert ledger.watermark("main", "Other") is None
    assert (ledger.value("paused"), ledger.value("brief")) == (None, "2026-12-01")
    assert ledger.health() == (Health("account:main", ok=False, detail="down", at=NOW),)
    assert ledger.mail("main", "<a@x.example>") == record
    assert ledger.answered() == (answer,)


def test_notes_are_due_until_they_are_written(ledger: SqliteLedger) -> None:
    note = NoteEntry("c1", "main", Note.CASE, "<n@x.example>", NOW, b"text")
    ledger.save_note(note)
    assert ledger.notes_due("main") == (note,)
    written = replace(note, text=None, mailbox="Raincheck", uidvalidity=1, uid=3, digest="d")
    ledger.save_note(written)
    assert (ledger.notes_due("main"), ledger.written_notes("c1")) == ((), (written,))


def test_forgetting_a_case_keeps_its_mails_from_being_read_again(ledger: SqliteLedger) -> None:
    ledger.save_case(a_case(), "opened")
    ledger.save_entry(an_entry())
    ledger.record_mail(MailRecord("main", "<a@x.example>", "invitation", "c1", NOW))
    ledger.forget("c1")
    assert (ledger.cases(), ledger.entry("c1"), ledger.history("c1")) == ((), None, ())
    known = ledger.mail("main", "<a@x.example>")
    assert known is not None
    assert known.case is None


def test_retention_removes_old_cases_alone(ledger: SqliteLedger) -> None:
    ledger.save_case(a_case("old", updated=NOW - 100 * HOUR))
    ledger.save_case(a_case("new"))
    assert ledger.prune(NOW - HOUR) == 1
    assert [case.id for case in ledger.cases()] == ["new"]


def test_the_file_is_for_the_person_alone_and_synchronous(ledger: SqliteLedger, path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600
    assert ledger._rows("PRAGMA synchronous") == [(2,)]
    assert ledger._rows("PRAGMA journal_mode") == [("wal",)]


def test_a_damaged_file_is_told_with_its_name_and_a_remedy(path: Path) -> None:
    path.write_bytes(b"this is no database, whatever its name says" * 50)
    with pytest.raises(LedgerError, match=r"ledger\.sqlite3.*moved away"):
        SqliteLedger(path)


def test_a_newer_file_is_refused(path: Path) -> None:
    SqliteLedger(path).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(LedgerError, match="newer raincheck"):
        SqliteLedger(path)


def _write_then_die(path: Path, committed: bool) -> None:
    ledger = SqliteLedger(path)
    if committed:
        ledger.save_case(a_case(), "opened")
        os.kill(os.getpid(), signal.SIGKILL)
    with ledger.transaction():
        ledger.save_case(a_case(), "opened")
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("committed", [True, False])
def test_a_kill_keeps_what_was_committed_and_nothing_else(path: Path, committed: bool) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_write_then_die, args=(path, committed))
    process.start()
    process.join(30)
    assert process.exitcode == -signal.SIGKILL
    ledger = SqliteLedger(path)
    assert bool(ledger.cases()) is committed
    ledger.close()


def test_several_threads_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    for attempt in range(10):
        path = tmp_path / f"ledger-{attempt}.sqlite3"
        with ThreadPoolExecutor(4) as pool:
            for future in [pool.submit(lambda: SqliteLedger(path).cases()) for _ in range(4)]:  # noqa: B023 - same round
                assert future.result() == ()


def test_a_commit_that_fails_leaves_nothing_open(path: Path) -> None:
    """A full disk shows at COMMIT; a transaction left open would swallow all later ones, and lock the file."""
    ledger = SqliteLedger(path)
    database: sqlite3.Connection = ledger._db
    database.execute("CREATE TABLE later (id INTEGER PRIMARY KEY, of REFERENCES later DEFERRABLE INITIALLY DEFERRED)")
    database.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(LedgerError), ledger.transaction():  # noqa: PT012 - what fails is its end
        ledger.set_value("a", "1")
        database.execute("INSERT INTO later VALUES (1, 7)")  # found wrong only at COMMIT
    assert not database.in_transaction
    assert ledger.value("a") is None
    ledger.set_value("a", "2")
    ledger.close()
    again = SqliteLedger(path)
    assert again.value("a") == "2"
    again.close()


def test_an_older_file_keeps_what_it_knows(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.executescript(_MIGRATIONS[0])
        db.execute("INSERT INTO health VALUES ('account:main', 0, 'down', ?)", (NOW.isoformat(),))
        db.execute("PRAGMA user_version = 1")
        db.commit()
    with closing(SqliteLedger(path)) as ledger:
        assert ledger.health() == (Health("account:main", ok=False, detail="down", at=NOW),)
        ill = Health("account:main", ok=False, detail="down", at=NOW, cause="imap Unreachable")
        ledger.set_health(ill)
        assert ledger.health() == (ill,)
