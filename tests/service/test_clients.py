"""What mail clients really do to a draft, command by command on a real server, with a pass between any two commands."""

from __future__ import annotations

import re
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from raincheck.core.model import CaseState, EntryState
from tests.servers.imap import on_every_layout
from tests.service.desk import invitation, mail
from tests.service.realdesk import RealDesk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers.mailbox import Mailbox
    from tests.servers.submission import SubmissionServer

pytestmark = [pytest.mark.dovecot, on_every_layout]

APPROVED = "Raincheck/Approved"
FOLDERS = ("Drafts", "Sent", "Trash", APPROVED)
_ids = count(1)


@pytest.fixture
def desk(mailbox: Mailbox, submission: SubmissionServer, tmp_path: Path) -> RealDesk:
    """The draft of a reschedule is written."""
    made = RealDesk(mailbox, submission, tmp_path)
    made.deliver(invitation(Message_ID="<inv@tidewater.example>"))
    assert made.passes(2, minutes=1) == 0
    assert made.the_draft().flags == {"\\draft", "\\seen"}
    return made


class Client:
    """The person's client: after each command the service makes a pass, a few seconds later."""

    def __init__(self, imap: Any, desk: RealDesk) -> None:
        self._imap = imap
        self._desk = desk

    def __call__(self, command: str, *arguments: Any, folder: str = "Drafts") -> None:
        """One command on the folder, then a pass."""
        named = self._desk.mailbox.named
        if command != "append":
            self._imap.select_folder(named(folder))
        getattr(self._imap, command)(*(named(said) if said in FOLDERS else said for said in arguments))
        assert self._desk.passes(minutes=0.1) == 0

    def expunge(self, uid: int, folder: str = "Drafts") -> None:
        """STORE +FLAGS \\Deleted and UID EXPUNGE."""
        self("add_flags", [uid], ["\\Deleted"], folder=folder)
        self("uid_expunge", [uid], folder=folder)


@contextmanager
def client(desk: RealDesk) -> Iterator[Client]:
    with desk.mailbox.client() as imap:
        yield Client(imap, desk)


def thunderbird(raw: bytes, was: bytes = b"", becomes: bytes = b"") -> bytes:
    """What Thunderbird saves: a new Message-ID, our headers gone, In-Reply-To rebuilt from References."""
    head, _, body = raw.partition(b"\r\n\r\n")
    unfolded = re.sub(rb"\r\n[ \t]+", b" ", head).split(b"\r\n")
    kept = [line for line in unfolded if not line.startswith((b"Message-ID:", b"X-Raincheck", b"In-Reply-To:"))]
    last = re.findall(rb"<[^>]+>", next(line for line in kept if line.startswith(b"References:")))[-1]
    new = [b"Message-ID: <thunderbird-%d@example.net>" % next(_ids), b"In-Reply-To: " + last]
    return b"\r\n".join([*new, *kept, b"User-Agent: Mozilla Thunderbird"]) + b"\r\n\r\n" + body.replace(was, becomes)


def edit_in_thunderbird(
    desk: RealDesk, tell: Client, was: bytes = b"Robin Meyer", becomes: bytes = b"Robin M."
) -> None:
    old = desk.the_draft()
    tell("append", "Drafts", thunderbird(old.raw, was, becomes), ["\\Draft"])
    tell.expunge(old.uid)


def nothing_sent(desk: RealDesk, *, drafts: int = 1) -> None:
    """After a good while nothing was sent, and nothing was written again."""
    assert desk.passes(4, minutes=5) == 0
    assert desk.server.received == []
    assert len(desk.at("Drafts")) == drafts


# --- Thunderbird --------------------------------------------------------------------------------------------------


def test_thunderbird_edit_is_sent_as_edited_after_its_own_star(desk: RealDesk) -> None:
    with client(desk) as tell:
        edit_in_thunderbird(desk, tell)
    assert desk.entry().state is EntryState.DRAFTED
    nothing_sent(desk)
    desk.stars()
    desk.passes(13, minutes=1)
    (sent,) = desk.server.received
    assert b"Robin M." in sent.raw
    assert b"raincheck" not in sent.raw.lower()
    assert b"User-Agent" not in sent.raw
    assert desk.at("Drafts") == []
    assert len(desk.at("Sent")) == 1


def test_thunderbird_saving_an_unchanged_text_loses_no_draft(desk: RealDesk) -> None:
    """The saved copy may be equal to ours to the byte of its body; it is not a twin of a late APPEND."""
    with client(desk) as tell:
        edit_in_thunderbird(desk, tell, b"", b"")
    nothing_sent(desk)


def test_thunderbird_autosave_drops_the_star_of_the_text_before(desk: RealDesk) -> None:
    with client(desk) as tell:
        desk.stars()
        desk.passes(minutes=1)
        assert desk.case().state is CaseState.APPROVED
        for minute in (b"Best regards", b"Kind regards", b"Warm regards"):
            edit_in_thunderbird(desk, tell, b"Best regards", minute)
            desk.passes(minutes=5)
    nothing_sent(desk)
    assert desk.case().state is CaseState.DRAFTED


def test_a_star_taken_off_in_time_stops_it_and_a_tag_is_no_star(desk: RealDesk) -> None:
    uid = desk.the_draft().uid
    with client(desk) as tell:
        tell("add_flags", [uid], ["$label1"])
        nothing_sent(desk)
        tell("add_flags", [uid], ["\\Flagged"])
        desk.passes(2, minutes=4)
        tell("remove_flags", [uid], ["\\Flagged"])
    nothing_sent(desk)
    assert "$label1" in desk.the_draft().flags


def test_a_star_taken_off_and_set_again_between_two_looks_starts_the_undo_time_anew(desk: RealDesk) -> None:
    """Dovecot counts changes of flags (CONDSTORE), so the second star is known to be another."""
    uid = desk.the_draft().uid
    desk.stars()
    desk.passes(9, minutes=1)
    with desk.mailbox.client() as imap:
        imap.select_folder(desk.mailbox.named("Drafts"))
        imap.remove_flags([uid], ["\\Flagged"])
        imap.add_flags([uid], ["\\Flagged"])
    desk.passes(9, minutes=1)
    assert desk.server.received == []
    desk.passes(3, minutes=1)
    assert len(desk.server.received) == 1


def test_thunderbird_move_to_the_approval_folder_and_back(desk: RealDesk) -> None:
    with client(desk) as tell:
        tell("move", [desk.the_draft().uid], APPROVED)
        assert desk.case().state is CaseState.APPROVED
        (moved,) = desk.at(APPROVED)
        tell("move", [moved.uid], "Drafts", folder=APPROVED)
        nothing_sent(desk)
        tell("move", [desk.the_draft().uid], APPROVED)
    desk.passes(13, minutes=1)
    assert len(desk.server.received) == 1
    assert (desk.at("Drafts"), desk.at(APPROVED)) == ([], [])


def test_thunderbird_delete_is_a_refusal(desk: RealDesk) -> None:
    with client(desk) as tell:
        tell("move", [desk.the_draft().uid], "Trash")
    desk.passes(minutes=0.1)
    assert desk.case().state is CaseState.REFUSED
    nothing_sent(desk, drafts=0)
    assert len(desk.at("Trash")) == 1


@pytest.mark.parametrize("edited", [False, True])
def test_thunderbird_sends_itself(desk: RealDesk, edited: bool) -> None:
    """The draft is expunged first; the copy in Sent comes after it, under a new Message-ID."""
    with client(desk) as tell:
        if edited:
            edit_in_thunderbird(desk, tell)
        old = desk.the_draft()
        tell.expunge(old.uid)
        assert desk.at("Drafts") == []
        tell("append", "Sent", thunderbird(old.raw), ["\\Seen"])
    assert desk.case().state is CaseState.SENT
    nothing_sent(desk, drafts=0)
    assert len(desk.at("Sent")) == 1
    assert [m.flags for m in desk.at("INBOX")] == [{"\\answered"}]


def test_a_draft_withdrawn_while_open_in_the_composer_may_come_back(desk: RealDesk) -> None:
    """Thunderbird re-creates what somebody else removed: it is the person's now, and stays."""
    old = desk.the_draft()
    said = "Hi Robin,\r\n\r\nunfortunately we have to cancel your interview.\r\n\r\nMaya\r\n"
    desk.deliver(mail(said, subject="Re: Interview", In_Reply_To="<inv@tidewater.example>"))
    desk.passes(2, minutes=1)
    assert desk.at("Drafts") == []
    with client(desk) as tell:
        tell("append", "Drafts", thunderbird(old.raw, b"Best regards", b"Kind regards"), ["\\Draft"])
    desk.stars()
    nothing_sent(desk)
    assert desk.case().state is CaseState.CLOSED


def test_a_long_attachment_is_sent_whole(desk: RealDesk) -> None:
    """More than the look at Drafts reads."""
    old = desk.the_draft()
    head, _, body = thunderbird(old.raw).partition(b"\r\n\r\n")
    head = re.sub(rb"\r\n(Content|MIME)[^\r]*", b"", head)
    attached = b"\r\n".join([b"QUJD" * 18] * 12000)
    raw = b"\r\n".join([
        head, b"MIME-Version: 1.0", b'Content-Type: multipart/mixed; boundary="b"', b"", b"--b",
        b"Content-Type: text/plain; charset=utf-8; format=flowed", b"Content-Transfer-Encoding: 8bit", b"", body,
        b"--b", b'Content-Type: application/pdf; name="cv.pdf"', b"Content-Transfer-Encoding: base64",
        b'Content-Disposition: attachment; filename="cv.pdf"', b"", attached, b"--b--", b"",
    ])  # fmt: skip
    with client(desk) as tell:
        tell("append", "Drafts", raw, ["\\Draft"])
        tell.expunge(old.uid)
    desk.stars()
    desk.passes(13, minutes=1)
    (sent,) = desk.server.received
    assert attached in sent.raw
    assert desk.at("Drafts") == []


def test_a_draft_left_marked_deleted_is_a_refusal(desk: RealDesk) -> None:
    with client(desk) as tell:
        tell("add_flags", [desk.the_draft().uid], ["\\Deleted"])
        assert desk.case().state is CaseState.DRAFTED
        desk.passes(3, minutes=1)
    assert desk.case().state is CaseState.REFUSED
    assert len(desk.at("Drafts")) == 1


# --- neomutt ------------------------------------------------------------------------------------------------------


def test_neomutt_recall_and_save_keeps_the_case(desk: RealDesk) -> None:
    old = desk.the_draft()
    with client(desk) as tell:
        with desk.mailbox.client() as imap:  # \Deleted and EXPUNGE in one breath
            imap.select_folder(desk.mailbox.named("Drafts"))
            imap.delete_messages([old.uid])
            imap.expunge()
        desk.passes(6, minutes=10)
        assert desk.at("Drafts") == []
        assert desk.case().state is CaseState.DRAFTED
        tell("append", "Drafts", old.raw.replace(b"Robin Meyer", b"Robin M."), ["\\Draft"])
        nothing_sent(desk)
        tell("add_flags", [desk.the_draft().uid], ["\\Flagged"])
    desk.passes(13, minutes=1)
    (sent,) = desk.server.received
    assert b"Robin M." in sent.raw
    assert b"X-Raincheck" not in sent.raw


def test_neomutt_recall_and_send_leaves_our_message_id_in_sent(desk: RealDesk) -> None:
    old = desk.the_draft()
    with client(desk) as tell:
        with desk.mailbox.client() as imap:
            imap.select_folder(desk.mailbox.named("Drafts"))
            imap.delete_messages([old.uid])
            imap.expunge()
        desk.passes(2, minutes=10)
        tell("append", "Sent", old.raw, ["\\Seen"])
    assert desk.case().state is CaseState.SENT
    nothing_sent(desk, drafts=0)
    assert len(desk.at("Sent")) == 1


def test_neomutt_delete_is_a_refusal(desk: RealDesk) -> None:
    uid = desk.the_draft().uid
    with client(desk) as tell:
        tell("copy", [uid], "Trash")
        tell.expunge(uid)
    assert desk.case().state is CaseState.REFUSED
    nothing_sent(desk, drafts=0)


def test_neomutt_star_and_move_by_copy(desk: RealDesk) -> None:
    uid = desk.the_draft().uid
    with client(desk) as tell:
        tell("copy", [uid], APPROVED)
        with desk.mailbox.client() as imap:
            imap.select_folder(desk.mailbox.named("Drafts"))
            imap.delete_messages([uid])
            imap.uid_expunge([uid])
    desk.passes(14, minutes=1)
    assert len(desk.server.received) == 1


# --- aerc ---------------------------------------------------------------------------------------------------------


def test_aerc_saving_again_leaves_copies_and_raincheck_asks(desk: RealDesk) -> None:
    old = desk.the_draft()
    with client(desk) as tell:
        tell("append", "Drafts", old.raw.replace(b"Robin Meyer", b"Robin M."), ["\\Seen"])
        tell("append", "Drafts", old.raw.replace(b"Robin Meyer", b"R. M."), ["\\Seen"])
        tell("add_flags", [desk.at("Drafts")[-1].uid], ["\\Flagged"])
        nothing_sent(desk, drafts=3)
        assert desk.case().state is CaseState.ASKING
        assert "several drafts" in desk.notes()
        first, second, third = desk.at("Drafts")
        tell.expunge(first.uid)
        tell.expunge(second.uid)
        desk.passes(13, minutes=1)
    (sent,) = desk.server.received
    assert b"R. M." in sent.raw
    assert third.flags >= {"\\flagged"}
    assert desk.at("Drafts") == []


def test_a_star_taken_off_in_the_very_moment_of_sending_stops_it(desk: RealDesk) -> None:
    """The look still saw the star; what is fetched right before MAIL FROM does not carry it any more."""
    uid = desk.the_draft().uid
    desk.stars()
    desk.passes(9, minutes=1)
    real = desk.session.mail.fetch

    def unstarred_first(mailbox: str, uids: Any, **more: Any) -> Any:
        with desk.mailbox.client() as imap:
            imap.select_folder(desk.mailbox.named("Drafts"))
            imap.remove_flags([uid], ["\\Flagged"])
        return real(mailbox, uids, **more)

    desk.session.mail.fetch = unstarred_first  # type: ignore[method-assign] # the moment between look and sending
    desk.passes(4, minutes=1)
    assert desk.server.received == []
    assert desk.case().state is CaseState.DRAFTED
