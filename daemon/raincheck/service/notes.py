"""Tells the person: notes are queued in the journal, then written into the mailbox, the newest in place of the old."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from raincheck.core.model import Address, CaseState, Note, NoteEntry
from raincheck.core.notes import alert, case_note, note_bytes
from raincheck.core.rfc5322 import digest, message_ids, new_message_id
from raincheck.errors import MailboxChanged, NotWritable, Refused, Uncertain, Unreachable
from raincheck.service.session import Session, log

if TYPE_CHECKING:
    from datetime import datetime

    from raincheck.core.model import Case, Decision, Period, Reading, Reply
    from raincheck.core.notes import NoteText

_LATE = timedelta(minutes=2)  # a note whose APPEND broke off may still arrive: look again before writing it once more


def about_case(
    session: Session,
    reading: Reading,
    case: Case,
    decision: Decision,
    reply: Reply | None,
    *,
    free: tuple[Period, ...],
    remarks: tuple[str, ...],
    now: datetime,
) -> None:
    """The one note of a case: what was read, why this outcome, what can be done. Starting soon: to the inbox."""
    try:
        text = case_note(
            case,
            reading,
            decision,
            session.settings,
            session.templates,
            now=now,
            reply=reply,
            held_until=now + session.settings.replies.hold_draft if reply and decision.alternatives else None,
            free=free,
            remarks=remarks,
        )
    except NotWritable as problem:
        log.warning("case %s: the note could not be written: %s", case.id, problem)
        return
    queue(session, case.id, Note.URGENT if decision.call_first else Note.CASE, text, now)


def urgent(session: Session, case_id: str, reason: str) -> None:
    """Something that the person must know at once."""
    case = session.ledger.case(case_id)
    now = session.clock()
    if case is not None and case.state is CaseState.CLOSED and not reason:
        return
    text = alert(case, reason, session.settings, session.templates, now=now, draft=session.drafts)
    queue(session, f"alert:{case_id}", Note.URGENT, text, now)


def queue(session: Session, key: str, kind: Note, text: NoteText, now: datetime) -> None:
    """Journals a note; `write_due` brings it into the mailbox."""
    if not _folder(session, kind):
        return
    me = Address(session.settings.me.name, session.account.address)
    message_id = new_message_id(session.account.address.rpartition("@")[2], session.token())
    raw = note_bytes(text, account=me, message_id=message_id, date=now)
    session.ledger.save_note(NoteEntry(key, session.name, kind, message_id, now, raw))


def _folder(session: Session, kind: Note) -> str:
    notes = session.settings.notes
    return notes.folder if kind is Note.CASE else notes.urgent if notes.folder else ""


def write_due(session: Session) -> None:
    """Writes every note that is due; one that fails is tried again in the next pass and costs nothing else."""
    for note in session.ledger.notes_due(session.name):
        try:
            _write(session, note)
        except (Refused, MailboxChanged) as problem:
            log.warning("a note could not be written: %s", problem)
            session.ensured.clear()  # its folder may be gone: it is made anew in the next pass
            if session.clock() - note.created > timedelta(hours=1):
                session.ledger.save_note(replace(note, text=None))


def _write(session: Session, note: NoteEntry) -> None:
    """Looks for the note first when an earlier try broke off, appends it, then removes our own untouched older one."""
    folder = _folder(session, note.kind)
    if not folder or note.text is None:
        session.ledger.save_note(replace(note, text=None))
        return
    uid = _find(session, folder, note.message_id) if note.mailbox else None
    if uid is None and note.mailbox and timedelta(0) <= session.clock() - note.created < _LATE:
        return
    if uid is None:
        status = session.mail.status(folder)
        session.ledger.save_note(replace(note, mailbox=folder, uidvalidity=status.uidvalidity))
        try:
            session.mail.append(folder, note.text, [], note.created)
        except Uncertain as problem:
            raise Unreachable(str(problem)) from problem
        uid = _find(session, folder, note.message_id)
    for old in session.ledger.written_notes(note.key):
        _replace(session, old)
        session.ledger.save_note(replace(old, uid=None))
    validity, written = session.mail.status(folder).uidvalidity, digest(note.text)
    session.ledger.save_note(replace(note, text=None, mailbox=folder, uidvalidity=validity, uid=uid, digest=written))


def _find(session: Session, folder: str, message_id: str) -> int | None:
    for fetched in session.mail.fetch(
        folder, session.mail.uids(folder, header=("Message-ID", message_id)), limit=65536
    ):
        head = fetched.raw.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
        if message_id in message_ids(head):
            return fetched.ref.uid
    return None


def _replace(session: Session, old: NoteEntry) -> None:
    """Removes an older note of the same key, if it is still what we wrote and carries no flag of the person's."""
    if old.uid is None:
        return
    try:
        found = session.mail.fetch(old.mailbox, [old.uid])
    except MailboxChanged:
        return
    for fetched in found:
        touched = fetched.flags & {"\\flagged", "\\answered", "$forwarded"}
        if fetched.ref.uidvalidity == old.uidvalidity and not touched and digest(fetched.raw) == old.digest:
            session.mail.expunge(fetched.ref)
