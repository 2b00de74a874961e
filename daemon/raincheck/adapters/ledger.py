"""The ledger in one SQLite file: identities, states, digests, and the text of open drafts; no received mail.

WAL with synchronous=FULL: a commit is on disk when it returns, because the next step may be an effect on a server.
One `SqliteLedger` belongs to one thread; several may be open on one file at the same time.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from tenacity import retry, retry_if_exception, stop_after_delay, wait_fixed

from raincheck.core.model import (
    Answered,
    Case,
    Entry,
    EntryState,
    Hold,
    MessageRef,
    Note,
    NoteEntry,
    Outcome,
    Period,
)
from raincheck.errors import LedgerError
from raincheck.ports import Health, MailRecord, Watermark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

# One script for each version of the file; `PRAGMA user_version` counts those that ran. Append, never edit.
_MIGRATIONS = (
    """
    CREATE TABLE watermark (account TEXT, mailbox TEXT, uidvalidity INTEGER NOT NULL, uid INTEGER NOT NULL,
        PRIMARY KEY (account, mailbox)) WITHOUT ROWID;
    CREATE TABLE mail (account TEXT, identity TEXT, kind TEXT NOT NULL, case_id TEXT, seen_at TEXT NOT NULL,
        mailbox TEXT, uidvalidity INTEGER, uid INTEGER, PRIMARY KEY (account, identity)) WITHOUT ROWID;
    CREATE TABLE cases (id TEXT PRIMARY KEY, account TEXT NOT NULL, updated TEXT NOT NULL, data TEXT NOT NULL)
        WITHOUT ROWID;
    CREATE INDEX cases_by_account ON cases (account, updated);
    CREATE TABLE event (case_id TEXT NOT NULL, at TEXT NOT NULL, what TEXT NOT NULL);
    CREATE INDEX event_by_case ON event (case_id);
    CREATE TABLE entry (case_id TEXT, revision INTEGER, account TEXT NOT NULL, live INTEGER NOT NULL,
        message_id TEXT NOT NULL, sent_message_id TEXT, data TEXT NOT NULL, text BLOB,
        PRIMARY KEY (case_id, revision)) WITHOUT ROWID;
    CREATE INDEX entry_live ON entry (account) WHERE live;
    CREATE TABLE hold (case_id TEXT NOT NULL, start TEXT NOT NULL, "end" TEXT NOT NULL, firm INTEGER NOT NULL,
        expires TEXT NOT NULL, made TEXT NOT NULL);
    CREATE INDEX hold_by_case ON hold (case_id);
    CREATE TABLE answered (case_id TEXT, company TEXT, domain TEXT, contact TEXT, outcome TEXT NOT NULL, reason TEXT,
        at TEXT NOT NULL);
    CREATE TABLE note (message_id TEXT PRIMARY KEY, key TEXT NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL,
        created TEXT NOT NULL, text BLOB, mailbox TEXT NOT NULL, uidvalidity INTEGER NOT NULL, uid INTEGER,
        digest TEXT NOT NULL)
        WITHOUT ROWID;
    CREATE INDEX note_by_key ON note (key, created);
    CREATE TABLE health (name TEXT PRIMARY KEY, ok INTEGER NOT NULL, detail TEXT NOT NULL, at TEXT NOT NULL)
        WITHOUT ROWID;
    CREATE TABLE value (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    """,
    "ALTER TABLE health ADD COLUMN cause TEXT NOT NULL DEFAULT ''",
)

_ROOM = 128 * 1024  # bytes: several times what is written about one sending
_WAIT = "Another raincheck works with it; end that one, or wait."
_LOOK = (
    "Check free disk space and the file's permissions; a damaged file can be moved away (drafts already written "
    "stay in the mailbox)."
)
_OVER = frozenset({EntryState.REFUSED, EntryState.WITHDRAWN})


def _live(entry: Entry) -> bool:
    over = entry.state in _OVER or (entry.state is EntryState.SENT and entry.tidied)
    return not over or entry.removing is not None


def _locked(problem: BaseException) -> bool:
    return isinstance(problem, sqlite3.OperationalError) and "locked" in str(problem)


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


class SqliteLedger:
    """`ports.Ledger` over one SQLite file. Every sqlite3 error becomes a LedgerError that names the file."""

    def __init__(self, path: Path | None) -> None:
        """`path` None: in memory, for a dry run."""
        self._path = path
        with self._errors():
            self._db = sqlite3.connect(path or ":memory:", timeout=10, isolation_level=None)
            if path is not None:
                path.chmod(0o600)
            self._write_ahead()
            self._db.execute("PRAGMA synchronous = FULL")
            with self.transaction():  # exclusive: several threads may open a new file at the same moment
                self._migrate()

    @retry(
        retry=retry_if_exception(_locked),
        stop=stop_after_delay(10),
        wait=wait_fixed(0.02),
        reraise=True,
    )
    def _write_ahead(self) -> None:
        """WAL; changing to it does not wait for others by itself (sqlite.org/wal.html)."""
        self._db.execute("PRAGMA journal_mode = WAL")

    def _migrate(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > len(_MIGRATIONS):
            raise LedgerError(
                f"{self._path}: written by a newer raincheck (version {version} of the ledger, this one knows "
                f"{len(_MIGRATIONS)}). Install the newer raincheck again, or point the state folder elsewhere."
            )
        for number, script in enumerate(_MIGRATIONS[version:], version + 1):
            for statement in script.split(";"):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {number}")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as problem:
            remedy = _WAIT if _locked(problem) else _LOOK
            raise LedgerError(f"{self._path}: {problem}. {remedy}") from problem

    def _write(self, sql: str, *values: object) -> None:
        with self._errors():
            self._db.execute(sql, values)

    def _rows(self, sql: str, *values: object) -> list[Any]:
        with self._errors():
            return self._db.execute(sql, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, exclusive (BEGIN IMMEDIATE); a transaction inside one belongs to the outer."""
        if self._db.in_transaction:
            yield
            return
        self._write("BEGIN IMMEDIATE")
        try:
            yield
            self._write("COMMIT")
        except BaseException:
            with self._errors():  # a COMMIT that failed leaves the transaction open, and the file locked
                self._db.rollback()
            raise

    def reserve(self) -> None:
        """What is written and taken out again leaves its room in both files: the log begins anew after a checkpoint,
        and overwrites itself (sqlite.org/wal.html, section 6)."""
        self._write("INSERT OR REPLACE INTO value VALUES ('room', ?)", "0" * _ROOM)
        self._write("DELETE FROM value WHERE name = 'room'")
        self._rows("PRAGMA wal_checkpoint")

    # --- mails ----------------------------------------------------------------------------------------------------

    def watermark(self, account: str, mailbox: str) -> Watermark | None:
        """How far the mailbox was read; None when it never was."""
        sql = "SELECT uidvalidity, uid FROM watermark WHERE account = ? AND mailbox = ?"
        rows = self._rows(sql, account, mailbox)
        return Watermark(*rows[0]) if rows else None

    def set_watermark(self, account: str, mailbox: str, mark: Watermark) -> None:
        """Remembers how far the mailbox was read."""
        self._write(
            "INSERT OR REPLACE INTO watermark VALUES (?, ?, ?, ?)", account, mailbox, mark.uidvalidity, mark.uid
        )

    def mail(self, account: str, identity: str) -> MailRecord | None:
        """The record of a mail seen before."""
        rows = self._rows(
            "SELECT kind, case_id, seen_at, mailbox, uidvalidity, uid FROM mail WHERE account = ? AND identity = ?",
            account,
            identity,
        )
        if not rows:
            return None
        kind, case_id, seen_at, mailbox, uidvalidity, uid = rows[0]
        ref = None if mailbox is None else MessageRef(mailbox, uidvalidity, uid)
        return MailRecord(account, identity, kind, case_id, datetime.fromisoformat(seen_at), ref)

    def record_mail(self, record: MailRecord) -> None:
        """Remembers a mail; the newest record of an identity counts."""
        ref = record.ref
        place = (ref.mailbox, ref.uidvalidity, ref.uid) if ref else (None, None, None)
        self._write(
            "INSERT OR REPLACE INTO mail VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            record.account,
            record.identity,
            record.kind,
            record.case,
            _iso(record.seen_at),
            *place,
        )

    # --- cases ----------------------------------------------------------------------------------------------------

    def case(self, case_id: str) -> Case | None:
        """The case of that id."""
        rows = self._rows("SELECT data FROM cases WHERE id = ?", case_id)
        return _adapter(Case).validate_json(rows[0][0]) if rows else None

    def cases(self, account: str | None = None) -> Sequence[Case]:
        """All cases, newest first."""
        rows = self._rows("SELECT data FROM cases WHERE ?1 IS NULL OR account = ?1 ORDER BY updated DESC, id", account)
        return tuple(_adapter(Case).validate_json(row[0]) for row in rows)

    def save_case(self, case: Case, event: str = "") -> None:
        """Writes the case; a non-empty event goes into its history."""
        data = _adapter(Case).dump_json(case).decode()
        with self.transaction():
            self._write(
                "INSERT OR REPLACE INTO cases VALUES (?, ?, ?, ?)", case.id, case.account, _iso(case.updated), data
            )
            if event:
                self._write("INSERT INTO event VALUES (?, ?, ?)", case.id, _iso(case.updated), event)

    def history(self, case_id: str) -> Sequence[tuple[datetime, str]]:
        """What happened in the case, oldest first."""
        rows = self._rows("SELECT at, what FROM event WHERE case_id = ? ORDER BY rowid", case_id)
        return tuple((datetime.fromisoformat(at), what) for at, what in rows)

    # --- drafts ---------------------------------------------------------------------------------------------------

    def entry(self, case_id: str) -> Entry | None:
        """The newest revision of the case's draft."""
        rows = self._rows("SELECT data, text FROM entry WHERE case_id = ? ORDER BY revision DESC LIMIT 1", case_id)
        return _entry(*rows[0]) if rows else None

    def entries(self, account: str) -> Sequence[Entry]:
        """Every revision of the account whose journey is not over."""
        rows = self._rows("SELECT data, text FROM entry WHERE account = ? AND live ORDER BY case_id, revision", account)
        return tuple(_entry(*row) for row in rows)

    def save_entry(self, entry: Entry) -> None:
        """Writes one revision; the text is kept only while the draft is open."""
        live = _live(entry)
        self._write(
            "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            entry.case,
            entry.revision,
            entry.account,
            live,
            entry.message_id,
            entry.sent_message_id,
            _adapter(Entry).dump_json(replace(entry, text=b"")).decode(),
            entry.text if live else None,
        )

    def own_message_ids(self, account: str) -> frozenset[str]:
        """Message-IDs of all drafts, sent mails and notes that raincheck made."""
        rows = self._rows(
            "SELECT message_id FROM entry WHERE account = ?1 UNION SELECT sent_message_id FROM entry WHERE "
            "account = ?1 AND sent_message_id IS NOT NULL UNION SELECT message_id FROM note WHERE account = ?1",
            account,
        )
        return frozenset(row[0] for row in rows)

    # --- holds and memory -----------------------------------------------------------------------------------------

    def holds(self) -> Sequence[Hold]:
        """All holds that have not been released, expired ones included; oldest first."""
        rows = self._rows('SELECT case_id, start, "end", firm, expires, made FROM hold ORDER BY made, start')
        parse = datetime.fromisoformat
        return tuple(
            Hold(case_id, Period(parse(start), parse(end)), bool(firm), parse(expires), parse(made))
            for case_id, start, end, firm, expires, made in rows
        )

    def set_holds(self, case_id: str, holds: Iterable[Hold]) -> None:
        """Replaces the case's holds."""
        with self.transaction():
            self._write("DELETE FROM hold WHERE case_id = ?", case_id)
            for hold in holds:
                self._write(
                    "INSERT INTO hold VALUES (?, ?, ?, ?, ?, ?)",
                    case_id,
                    _iso(hold.period.start),
                    _iso(hold.period.end),
                    hold.firm,
                    _iso(hold.expires),
                    _iso(hold.made),
                )

    def answered(self) -> Sequence[Answered]:
        """What was answered to whom, oldest first."""
        rows = self._rows(
            "SELECT case_id, company, domain, contact, outcome, reason, at FROM answered ORDER BY at, rowid"
        )
        return tuple(
            Answered(case_id, company, domain, contact, Outcome(outcome), reason, datetime.fromisoformat(at))
            for case_id, company, domain, contact, outcome, reason, at in rows
        )

    def record_answer(self, answer: Answered) -> None:
        """Remembers what a company was told."""
        self._write(
            "INSERT INTO answered VALUES (?, ?, ?, ?, ?, ?, ?)",
            answer.case,
            answer.company,
            answer.domain,
            answer.contact,
            answer.outcome,
            answer.reason,
            _iso(answer.at),
        )

    # --- notes, health, values ------------------------------------------------------------------------------------

    def written_notes(self, key: str) -> Sequence[NoteEntry]:
        """Notes of that key that lie in the mailbox, oldest first."""
        rows = self._rows(f"{_NOTES} WHERE key = ? AND uid IS NOT NULL ORDER BY created", key)
        return tuple(_note(row) for row in rows)

    def notes_due(self, account: str) -> Sequence[NoteEntry]:
        """Notes that are not in the mailbox yet, oldest first."""
        rows = self._rows(f"{_NOTES} WHERE account = ? AND text IS NOT NULL ORDER BY created", account)
        return tuple(_note(row) for row in rows)

    def save_note(self, note: NoteEntry) -> None:
        """Writes a note's state."""
        self._write(
            "INSERT OR REPLACE INTO note VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            note.message_id,
            note.key,
            note.account,
            note.kind,
            _iso(note.created),
            note.text,
            note.mailbox,
            note.uidvalidity,
            note.uid,
            note.digest,
        )

    def health(self) -> Sequence[Health]:
        """How everything is, by name."""
        rows = self._rows("SELECT name, ok, detail, at, cause FROM health ORDER BY name")
        return tuple(
            Health(name, bool(ok), detail, datetime.fromisoformat(at), cause) for name, ok, detail, at, cause in rows
        )

    def set_health(self, health: Health) -> None:
        """Remembers how one part is."""
        self._write(
            "INSERT OR REPLACE INTO health VALUES (?, ?, ?, ?, ?)",
            health.name,
            health.ok,
            health.detail,
            _iso(health.at),
            health.cause,
        )

    def value(self, name: str) -> str | None:
        """A small remembered value, None when not set."""
        rows = self._rows("SELECT value FROM value WHERE name = ?", name)
        return str(rows[0][0]) if rows else None

    def set_value(self, name: str, value: str | None) -> None:
        """Remembers or (None) forgets a small value."""
        if value is None:
            self._write("DELETE FROM value WHERE name = ?", name)
        else:
            self._write("INSERT OR REPLACE INTO value VALUES (?, ?)", name, value)

    # --- retention ------------------------------------------------------------------------------------------------

    def forget(self, case_id: str) -> None:
        """Removes every trace of the case, but not the identities that keep its mails from being read again."""
        with self.transaction():
            for table in ("event", "entry", "hold", "answered"):
                self._write(f"DELETE FROM {table} WHERE case_id = ?", case_id)  # noqa: S608 - the four names above
            self._write("DELETE FROM note WHERE key = ?", case_id)
            self._write("DELETE FROM cases WHERE id = ?", case_id)
            self._write("UPDATE mail SET case_id = NULL WHERE case_id = ?", case_id)

    def prune(self, before: datetime) -> int:
        """Removes what was last touched before that time; returns the number of cases removed."""
        with self.transaction():
            old = [row[0] for row in self._rows("SELECT id FROM cases WHERE updated < ?", _iso(before))]
            for case_id in old:
                self.forget(case_id)
            self._write("DELETE FROM mail WHERE seen_at < ? AND case_id IS NULL", _iso(before))
            self._write("DELETE FROM note WHERE created < ? AND text IS NULL", _iso(before))
            self._write("DELETE FROM answered WHERE at < ?", _iso(before))
        return len(old)

    def close(self) -> None:
        """Closes the file."""
        self._db.close()


_NOTES = "SELECT key, account, kind, message_id, created, text, mailbox, uidvalidity, uid, digest FROM note"


def _entry(data: str, text: bytes | None) -> Entry:
    entry: Entry = _adapter(Entry).validate_json(data)
    return replace(entry, text=text or b"")


def _note(row: tuple[Any, ...]) -> NoteEntry:
    key, account, kind, message_id, created, text, mailbox, uidvalidity, uid, digest = row
    return NoteEntry(
        key, account, Note(kind), message_id, datetime.fromisoformat(created), text, mailbox, uidvalidity, uid, digest
    )
