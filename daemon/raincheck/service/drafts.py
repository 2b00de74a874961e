"""Looks at Drafts, the approval folder, Sent and Trash, and does what the life of each draft asks for next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from raincheck.core.draftmail import READ_LIMIT, DraftMail, as_seen, of_another, other_draft, parse_draft
from raincheck.core.lifecycle import (
    SIMILAR,
    Append,
    Link,
    Place,
    Policy,
    Remove,
    Save,
    SeenDraft,
    Send,
    Sight,
    Step,
    TakeStarOff,
    Tell,
    Tidy,
    next_steps,
)
from raincheck.core.model import Case, Entry, EntryState, Marks, MessageRef
from raincheck.errors import MailboxChanged, Refused, Uncertain, Unreachable
from raincheck.service import cases, fetching, notes, sending
from raincheck.service.session import Session, log

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.ports import Fetched, MailboxStatus
    from raincheck.service.watch import Scan

_SKEW = timedelta(minutes=5)  # between the server's clock and ours
_ROUNDS = 4  # append, find, approve: a draft can take several steps in one pass


def tend(session: Session, scan: Scan) -> None:
    """One complete look at every open draft of the account, and the steps that follow from it."""
    policy = Policy(
        session.settings.approval.flag, bool(session.settings.approval.folder), session.settings.approval.undo
    )
    for _ in range(_ROUNDS):
        entries = session.ledger.entries(session.name)
        if not entries:
            return
        look = _Look(session, entries)
        acted = False
        for entry in {e.case: e for e in reversed(entries)}.values():  # the oldest open revision of each case
            acted |= carry_out(session, entry, next_steps(entry, look.sight(entry, scan), policy))
        if not acted:
            return


class _Look:
    """What lies in Drafts and the approval folder right now, read once for all entries."""

    def __init__(self, session: Session, entries: Sequence[Entry]) -> None:
        self._session = session
        self._entries = entries
        self._status: MailboxStatus = session.mail.status(session.drafts)
        self._marks: dict[MessageRef, Marks] = {}
        self._mails: list[tuple[DraftMail, Place]] = []
        self._read(session.drafts, Place.DRAFTS)
        if session.approval_folder is not None:
            self._read(session.approval_folder, Place.APPROVAL)

    def _read(self, mailbox: str, place: Place) -> None:
        session = self._session
        status = self._status if place is Place.DRAFTS else session.mail.status(mailbox)
        marks = session.mail.marks(mailbox)
        refs = {uid: MessageRef(mailbox, status.uidvalidity, uid) for uid in marks}
        new = [uid for uid, ref in refs.items() if ref not in session.drafts_seen]
        for fetched in fetching.fetch(session, mailbox, new, READ_LIMIT) if new else ():
            session.drafts_seen[fetched.ref] = parse_draft(fetched.raw, fetched.ref)
        for ref in [r for r in session.drafts_seen if r.mailbox == mailbox and refs.get(r.uid) != r]:
            del session.drafts_seen[ref]
        for uid, ref in refs.items():
            if ref in session.drafts_seen:
                self._mails.append((session.drafts_seen[ref], place))
                self._marks[ref] = marks[uid]

    def sight(self, entry: Entry, scan: Scan) -> Sight:
        """Everything seen about one draft."""
        session = self._session
        own = session.settings.me.addresses
        mails = [(mail, place) for mail, place in self._mails if not of_another(entry, mail, self._entries)]
        seen = (
            as_seen(entry, mail, place=place, marks=self._marks[mail.ref], own_addresses=own) for mail, place in mails
        )
        drafts = tuple(draft for draft in seen if draft is not None)
        case = session.ledger.case(entry.case)
        unsettled = entry.state in (EntryState.SENDING, EntryState.UNCERTAIN)
        return Sight(
            now=session.clock(),
            begun=scan.begun,
            complete=scan.complete,
            last_pass=scan.last_pass,
            uidvalidity=self._status.uidvalidity,
            uidnext=self._status.uidnext,
            drafts=drafts,
            in_trash=not drafts and not unsettled and self._in_trash(entry),
            answered=case.own_answer if case else None,
            answered_with_ours=bool(case and case.own_answer_is_ours),
            sent_copy=unsettled and sending.in_sent(session, entry),
            other_draft=any(other_draft(entry, mail, case.message_ids if case else (), own) for mail, _ in mails),
            newer_mail=bool(case and case.newer_mail_at),
            obsolete=_obsolete(session, entry, case),
        )

    def _in_trash(self, entry: Entry) -> bool:
        """True when our draft, edited or not, lies in Trash: the one sign of a refusal."""
        session = self._session
        trash = session.boxes.trash
        if trash is None or (entry.state is EntryState.INTENDED and entry.uidnext_before == 0):
            return False
        uids = set(session.mail.uids(trash, header=("Message-ID", entry.message_id)))
        if entry.invitation_id is not None:
            uids |= set(session.mail.uids(trash, header=("References", entry.invitation_id)))
        return any(
            draft is not None and draft.from_me and draft.similarity >= SIMILAR
            for fetched in session.mail.fetch(trash, sorted(uids), limit=READ_LIMIT)
            for draft in [_seen_in_trash(session, entry, fetched)]
        )


def _obsolete(session: Session, entry: Entry, case: Case | None) -> str:
    """Why the draft has no purpose any more, as a clause; "" while it has one."""
    if case is None:
        return "the case was forgotten"
    newest = session.ledger.entry(entry.case)
    if newest is not None and newest.revision > entry.revision:
        return "a newer mail of theirs asks for another answer"
    return case.obsolete


def _seen_in_trash(session: Session, entry: Entry, fetched: Fetched) -> SeenDraft | None:
    """The message as this draft; None for others, and for an earlier draft of the case that lies in Trash as well."""
    mail = parse_draft(fetched.raw, fetched.ref)
    own = session.settings.me.addresses
    seen = as_seen(entry, mail, place=Place.DRAFTS, marks=Marks(), own_addresses=own)
    if seen is None or seen.link is not Link.REFERENCES:
        return seen
    older = fetched.internal_date is not None and fetched.internal_date < entry.created - _SKEW
    return None if older or mail.case is not None else seen


# --- acting -------------------------------------------------------------------------------------------------------


def carry_out(session: Session, of: Entry, steps: tuple[Step, ...]) -> bool:
    """Does the steps in order; true when the mailbox should be looked at again at once.

    What is journalled first (the state, and what the person is to be told) goes to disk together. A mailbox that
    refuses something costs only this draft's further steps.
    """
    with session.ledger.transaction():
        rest = list(steps)
        while rest and isinstance(rest[0], Save | Tell):
            act(session, of, rest.pop(0))
    try:
        return any([act(session, of, step) for step in rest])  # noqa: C419 - every one of them is done
    except Refused as problem:
        cases.unhealthy(session, f"the mail server refused a change of ours: {problem}")
        return False


def act(session: Session, of: Entry, step: Step) -> bool:
    """Does one step; true when the mailbox should be looked at again at once."""
    match step:
        case Save(entry, event):
            cases.save_entry(session, entry, event)
        case Append(entry):
            return _append(session, entry)
        case Remove(entry, ref):
            _remove(session, entry, ref)
            session.ledger.save_entry(replace(entry, removing=None))
            return True
        case TakeStarOff(ref):
            session.mail.remove_flags(ref, ["\\Flagged"])
            return True  # only a star that was seen to be gone counts again
        case Send(entry, ref):
            came_of_it = sending.send(session, entry, ref)
            carry_out(session, entry, came_of_it)
            return bool(came_of_it)
        case Tidy(entry):
            carry_out(session, entry, sending.tidy(session, entry))
        case Tell(reason):
            notes.urgent(session, of.case, reason)
        case _:
            assert_never(step)
    return False


def _append(session: Session, entry: Entry) -> bool:
    """Writes the draft: the state of Drafts goes into the journal first, so that any crash can be told apart later."""
    status = session.mail.status(session.drafts)
    intent = replace(
        entry,
        mailbox=session.drafts,
        uidvalidity=status.uidvalidity,
        uidnext_before=status.uidnext,
        missing_since=session.clock(),
        updated=session.clock(),
    )
    session.ledger.save_entry(intent)
    try:
        session.mail.append(session.drafts, entry.text, ["\\Draft", "\\Seen"], session.clock())
    except (Refused, Unreachable) as problem:  # certainly not there: what else lands in Drafts says nothing about it
        session.ledger.save_entry(replace(entry, missing_since=session.clock(), updated=session.clock()))
        if isinstance(problem, Unreachable):
            raise
        cases.unhealthy(session, f"the draft could not be written: {problem}")
        return False
    except Uncertain as problem:
        raise Unreachable(str(problem)) from problem
    log.info("draft written: case %s", entry.case)
    return True


def _remove(session: Session, entry: Entry, ref: MessageRef) -> None:
    """Removes our own draft, if it still is what we wrote; where Drafts was renamed or made anew, there is nothing."""
    try:
        found = session.mail.fetch(ref.mailbox, [ref.uid], limit=READ_LIMIT)
    except MailboxChanged:
        found = ()
    for fetched in found:
        touched = "\\flagged" in fetched.flags
        if fetched.ref == ref and not touched and parse_draft(fetched.raw, ref).digest == entry.digest:
            session.mail.expunge(ref)
            log.info("draft withdrawn: case %s", entry.case)
