"""One pass over an account: read what is new, look after every draft, write the notes that are due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.core.itip import holds_calendar
from raincheck.core.model import EntryState
from raincheck.errors import MailboxChanged, Refused
from raincheck.ports import Health
from raincheck.service import cases, drafts, intake, notes, upkeep, watch
from raincheck.service.folders import is_called, special_folders

if TYPE_CHECKING:
    from raincheck.service.folders import Mailboxes
    from raincheck.service.session import Session


def run(session: Session) -> watch.Scan:
    """A whole pass; a second one right after it does nothing. Raises what stops it: Unreachable, CredentialsRejected.

    The order matters: what is new is known before anything is sent, and the last thing done is to remember success.
    """
    session.troubles.clear()
    try:
        return _run(session)
    except (MailboxChanged, Refused):
        session.ensured.clear()  # a folder of ours may have been deleted: it is made anew in the next pass
        raise


def _run(session: Session) -> watch.Scan:
    _find_folders(session)
    if session.ledger.value("paused") is not None:
        return watch.Scan(begun=session.clock(), last_pass=None)
    scan = watch.scan(session)
    intake.decide_again(session)
    upkeep.due(session)
    drafts.tend(session, scan)
    notes.write_due(session)
    _publish(session)
    watch.finished(session, scan)
    if not session.troubles:
        session.ledger.set_health(Health(cases.part_of(session.name), ok=True, detail="", at=session.clock()))
    return scan


def _find_folders(session: Session) -> None:
    """Special folders are looked up anew in every pass: they get renamed, and one LIST costs little."""
    boxes = special_folders(session.mail.folders(), session.account, session.folder_names)
    _check_approval_folder(session, boxes)
    session.boxes = boxes
    notes_to = session.settings.notes
    for folder in (notes_to.folder, notes_to.urgent if notes_to.folder else "", session.settings.approval.folder):
        if folder and folder not in session.ensured:
            try:
                session.mail.ensure_folder(folder)
                session.ensured.add(folder)
            except Refused as problem:  # no reason to draft nothing: stars and the person's own sending still work
                cases.unhealthy(session, f"the folder {folder} could not be made: {problem}")


def _check_approval_folder(session: Session, boxes: Mailboxes) -> None:
    """Raises Refused where the approval folder is one in which drafts or other mails lie anyhow."""
    approving = session.settings.approval.folder
    others = filter(None, (boxes.drafts, boxes.sent, boxes.trash, *session.account.watch))
    if approving and any(is_called(other, approving) for other in others):
        raise Refused(
            f"[approval] folder = {approving!r} is a folder where drafts or other mails lie anyhow; "
            "lying there must mean a yes. Name a folder of its own."
        )


def seconds_to_rest(session: Session, longest: float) -> float:
    """How long nothing becomes due: until the undo time of the next approved draft is over, at most `longest`."""
    undo = session.settings.approval.undo
    entries = session.ledger.entries(session.name)
    due = [e.approved_at + undo for e in entries if e.state is EntryState.APPROVED and e.approved_at is not None]
    ahead = [left for moment in due if (left := (moment - session.clock()).total_seconds()) > 0]
    return min([longest, *(left + 0.1 for left in ahead)])


def _publish(session: Session) -> None:
    """The held times and confirmed interviews, for the person's own calendar programs."""
    talks = intake.interviews(session.ledger, session.settings)
    session.publish(holds_calendar(session.ledger.holds(), talks, session.clock()))
