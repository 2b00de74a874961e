"""The main job in memory: from a mail in INBOX to a draft, an approval, a sending, and nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from raincheck.core.model import CaseState, EntryState, MessageRef, Period, Slot
from raincheck.core.rfc5322 import unflow
from raincheck.errors import Refused, Uncertain, Unreachable
from tests.service.desk import APPOINTMENT, Desk, invitation, mail, php_invitation

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def busy_desk(desk: Desk) -> Desk:
    """The proposed time collides; the draft is written."""
    desk.calendar.busy.append(APPOINTMENT)
    desk.arrives(invitation())
    desk.passes()
    assert len(desk.drafts) == 1
    return desk


def test_a_colliding_time_becomes_a_threaded_reschedule_with_free_times(desk: Desk) -> None:
    desk.calendar.busy.append(APPOINTMENT)
    desk.arrives(invitation(Message_ID="<inv@tidewater.example>"))
    desk.passes()
    (draft,) = desk.drafts
    assert draft.flags == {"\\draft", "\\seen"}
    head, _, body = draft.raw.decode().partition("\r\n\r\n")
    assert "\r\nIn-Reply-To: <inv@tidewater.example>\r\n" in head
    assert "\r\nReferences: <inv@tidewater.example>\r\n" in head
    assert "maya@tidewater.example" in head
    assert "Senior Backend Engineer" in unflow(body)
    entry = desk.entry()
    assert entry.state is EntryState.DRAFTED
    assert len(entry.offered) == 3
    assert all(not offer.overlaps(APPOINTMENT) for offer in entry.offered)
    assert desk.case().state is CaseState.DRAFTED
    assert len(desk.notes()) == 1


MAY_ASK = "Hi Robin, thanks for your application as live-in carer. We would like to interview you on Thursday at 14:30."
MAY_ASK += " You would be living with us and have your own room."


def test_what_may_ask_for_an_answer_waits_for_the_person(desk: Desk) -> None:
    desk.calendar.busy.append(APPOINTMENT)
    desk.arrives(mail(MAY_ASK, subject="Your message", sender="Kim Doe <kim@hexagon.example>"))
    desk.passes()
    assert not desk.drafts
    assert desk.case().state is CaseState.LEFT
    assert desk.case().reason == "it is not clear what this mail asks for (other or invitation)"
    assert len(desk.case().slots) == 1
    assert desk.case().invitation is not None
    assert len(desk.notes()) == 1


def test_what_may_ask_takes_back_the_draft_that_it_may_have_overtaken(busy_desk: Desk) -> None:
    thread = str(busy_desk.case().invitation_id)
    busy_desk.arrives(mail(MAY_ASK, subject="Re: Interview", In_Reply_To=thread))
    busy_desk.passes(2, minutes=1)
    assert busy_desk.drafts == []
    assert busy_desk.submission.sent == []


def test_a_rule_declines_without_any_calendar(desk: Desk) -> None:
    desk.calendar.known = False
    desk.arrives(php_invitation())
    desk.passes()
    (draft,) = desk.drafts
    assert "concentrating on Python" in unflow(draft.raw.decode().partition("\r\n\r\n")[2])


def test_a_free_time_is_left_to_the_person_and_softly_held(desk: Desk) -> None:
    desk.arrives(invitation())
    desk.passes()
    assert desk.drafts == []
    assert desk.case().state is CaseState.LEFT
    assert [hold.period for hold in desk.session.ledger.holds()] == [APPOINTMENT]


def test_a_mail_that_is_no_invitation_is_left_alone(desk: Desk) -> None:
    desk.arrives(mail("Dear Robin,\n\nyour parcel arrives on Tuesday at 10:00.\n\nThe shop\n", subject="Your parcel"))
    desk.passes()
    assert (desk.drafts, desk.session.ledger.cases(), desk.notes()) == ([], (), [])


def test_a_second_pass_and_a_restart_do_nothing(busy_desk: Desk) -> None:
    busy_desk.mail.writes.clear()
    busy_desk.passes(3, minutes=1)
    busy_desk.restarts()
    busy_desk.passes(2, minutes=1)
    assert busy_desk.mail.writes == []


def test_the_inbox_is_never_changed(busy_desk: Desk) -> None:
    assert [message.flags for message in busy_desk.mail.messages("INBOX")] == [frozenset()]


def test_a_star_sends_after_the_undo_time_exactly_what_stands_there(busy_desk: Desk) -> None:
    body = busy_desk.drafts[0].raw.partition(b"\r\n\r\n")[2]
    busy_desk.stars()
    busy_desk.passes(9, minutes=1)
    assert busy_desk.submission.sent == []
    assert busy_desk.case().state is CaseState.APPROVED
    busy_desk.passes(3, minutes=1)
    (sent,) = busy_desk.submission.sent
    assert sent.envelope.recipients == ("maya@tidewater.example",)
    assert sent.raw.partition(b"\r\n\r\n")[2] == body
    assert b"raincheck" not in sent.raw.lower()
    assert busy_desk.drafts == []
    (copy,) = busy_desk.mail.messages("Sent")
    assert copy.raw.partition(b"\r\n\r\n")[2] == body
    assert [m.flags for m in busy_desk.mail.messages("INBOX")] == [{"\\answered"}]
    assert busy_desk.case().state is CaseState.SENT
    assert all(hold.firm for hold in busy_desk.session.ledger.holds())
    busy_desk.passes(3, minutes=10)
    assert len(busy_desk.submission.sent) == 1


def test_moving_the_draft_to_the_approval_folder_sends_it(busy_desk: Desk) -> None:
    busy_desk.mail.move(busy_desk.draft_ref(), "Raincheck/Approved")
    busy_desk.passes(13, minutes=1)
    assert len(busy_desk.submission.sent) == 1
    assert busy_desk.mail.messages("Raincheck/Approved") == []


def test_taking_the_star_away_in_time_stops_it(busy_desk: Desk) -> None:
    ref = busy_desk.draft_ref()
    busy_desk.stars()
    busy_desk.passes(5, minutes=1)
    busy_desk.mail.flag(ref, "\\Flagged", off=True)
    busy_desk.passes(20, minutes=1)
    assert busy_desk.submission.sent == []
    assert busy_desk.case().state is CaseState.DRAFTED


def test_throwing_the_draft_away_refuses_the_case(busy_desk: Desk) -> None:
    busy_desk.mail.move(busy_desk.draft_ref(), "Trash")
    busy_desk.passes(3, minutes=1)
    assert busy_desk.case().state is CaseState.REFUSED
    assert busy_desk.drafts == []
    assert busy_desk.session.ledger.holds() == ()


def test_sending_the_draft_from_the_client_is_recognised(busy_desk: Desk) -> None:
    """As Thunderbird does: the draft goes first, then a copy under a new Message-ID appears in Sent."""
    stored = busy_desk.mail.remove(busy_desk.draft_ref())
    busy_desk.passes(minutes=1)
    own = busy_desk.entry().message_id.encode()
    raw = stored.raw.replace(own, b"<thunderbird@example.net>").replace(b"X-Raincheck-Case", b"X-Gone")
    busy_desk.mail.put("Sent", raw, ["\\Seen"])
    busy_desk.passes(2, minutes=1)
    assert busy_desk.case().state is CaseState.SENT
    assert busy_desk.submission.sent == []
    assert len(busy_desk.mail.messages("Sent")) == 1
    assert [m.flags for m in busy_desk.mail.messages("INBOX")] == [{"\\answered"}]


def test_an_edited_draft_is_sent_as_edited_after_a_new_star(busy_desk: Desk) -> None:
    """As Thunderbird does: a new message without our headers, then the old one is expunged."""
    stored = busy_desk.mail.remove(busy_desk.draft_ref())
    own = busy_desk.entry().message_id.encode()
    raw = stored.raw.replace(own, b"<edited@example.net>").replace(b"X-Raincheck-Case", b"X-Gone")
    raw = raw.replace(b"Robin Meyer\r\n", b"Robin M.\r\n")
    busy_desk.mail.put("Drafts", raw, ["\\Draft"])
    busy_desk.passes(15, minutes=1)
    assert busy_desk.submission.sent == []
    busy_desk.stars()
    busy_desk.passes(13, minutes=1)
    (sent,) = busy_desk.submission.sent
    assert b"Robin M.\r\n" in sent.raw


def test_the_persons_own_reply_withdraws_the_draft(busy_desk: Desk) -> None:
    invitation_id = busy_desk.case().invitation_id
    reply = mail(
        "No thank you.\n", subject="Re: Interview", sender="robin.meyer@example.net", In_Reply_To=str(invitation_id)
    )
    busy_desk.mail.put("Sent", reply, ["\\Seen"])
    busy_desk.passes(2, minutes=1)
    assert busy_desk.drafts == []
    assert busy_desk.submission.sent == []
    assert busy_desk.case().state in (CaseState.WITHDRAWN, CaseState.CLOSED)


def test_a_cancellation_withdraws_the_draft(busy_desk: Desk) -> None:
    text = "Hi Robin,\n\nunfortunately we have to cancel your interview, the position has been filled.\n\nMaya\n"
    busy_desk.arrives(mail(text, subject="Re: Interview", In_Reply_To=str(busy_desk.case().invitation_id)))
    busy_desk.passes(2, minutes=1)
    assert busy_desk.drafts == []
    assert busy_desk.case().state is CaseState.CLOSED


def test_a_newer_mail_of_theirs_voids_the_approval(busy_desk: Desk) -> None:
    busy_desk.stars()
    busy_desk.passes(2, minutes=1)
    text = "Hi Robin,\n\none more thing: do you have a driving licence?\n\nMaya\n"
    busy_desk.arrives(mail(text, subject="Re: Interview", In_Reply_To=str(busy_desk.case().invitation_id)))
    busy_desk.passes(20, minutes=1)
    assert busy_desk.submission.sent == []
    assert any("newer mail" in note for note in busy_desk.notes())


def test_times_that_are_taken_meanwhile_are_not_sent(busy_desk: Desk) -> None:
    offered = busy_desk.entry().offered[0]
    busy_desk.stars()
    busy_desk.passes(2, minutes=1)
    busy_desk.calendar.busy.append(Period(offered.start, offered.end))
    busy_desk.passes(15, minutes=1)
    assert busy_desk.submission.sent == []
    assert all("\\flagged" not in draft.flags for draft in busy_desk.drafts)
    assert any("no longer free" in " ".join(note.split()) for note in busy_desk.notes())


def test_a_time_at_which_another_interview_was_agreed_meanwhile_is_not_sent(busy_desk: Desk) -> None:
    agreed = Slot(busy_desk.entry().offered[0].start)
    other = replace(busy_desk.case(), id="other", state=CaseState.CONFIRMED, appointment=agreed, message_ids=())
    busy_desk.session.ledger.save_case(other)
    busy_desk.stars()
    busy_desk.passes(15, minutes=1)
    assert busy_desk.submission.sent == []
    assert any("promised elsewhere" in " ".join(note.split()) for note in busy_desk.notes())


def test_a_draft_whose_times_went_by_is_written_anew_with_later_ones(busy_desk: Desk) -> None:
    first = busy_desk.entry()
    busy_desk.now = first.offered[0].start
    busy_desk.calendar.busy.append(Period(busy_desk.now, busy_desk.now + timedelta(hours=5)))
    busy_desk.passes(3, minutes=1)
    second = busy_desk.entry()
    assert second.revision == 2
    assert second.state is EntryState.DRAFTED
    assert len(busy_desk.drafts) == 1
    assert all(period.start > busy_desk.now for period in second.offered)


def test_an_edited_draft_whose_times_went_by_is_left_as_it_is(busy_desk: Desk) -> None:
    stored = busy_desk.mail.remove(busy_desk.draft_ref())
    busy_desk.mail.put("Drafts", stored.raw.replace(b"Best regards", b"Kind regards"), ["\\Draft"])
    busy_desk.passes(minutes=1)
    busy_desk.now = busy_desk.entry().offered[0].start
    busy_desk.passes(3, minutes=1)
    assert busy_desk.entry().revision == 1
    assert len(busy_desk.drafts) == 1


def test_an_approved_draft_waits_for_the_calendar_then_asks(busy_desk: Desk) -> None:
    busy_desk.stars()
    busy_desk.passes(minutes=1)
    busy_desk.calendar.known = False
    busy_desk.passes(3, minutes=15)
    assert busy_desk.case().state is CaseState.APPROVED
    busy_desk.passes(3, minutes=15)
    assert busy_desk.submission.sent == []
    assert busy_desk.case().state is not CaseState.APPROVED


def test_a_refused_recipient_sends_nothing_and_is_told(busy_desk: Desk) -> None:
    busy_desk.submission.refuse.add("maya@tidewater.example")
    busy_desk.stars()
    busy_desk.passes(15, minutes=1)
    assert busy_desk.submission.sent == []
    assert any("refused" in note for note in busy_desk.notes())
    assert len(busy_desk.drafts) == 1


def test_a_server_that_is_away_for_a_while_gets_it_later_and_once(busy_desk: Desk) -> None:
    for _ in range(3):
        busy_desk.submission.fail_before(Unreachable("421 try later"))
    busy_desk.stars()
    busy_desk.passes(20, minutes=1)
    assert len(busy_desk.submission.sent) == 1


@pytest.mark.parametrize("accepted", [True, False])
def test_a_lost_answer_to_data_is_uncertain_and_never_repeated(busy_desk: Desk, accepted: bool) -> None:
    busy_desk.submission.fail_after(Uncertain("lost"), lost=accepted)
    busy_desk.stars()
    busy_desk.passes(20, minutes=1)
    assert busy_desk.case().state is CaseState.UNCERTAIN
    assert len(busy_desk.submission.sent) == accepted
    assert any("ncertain" in note or "may or may not" in note for note in busy_desk.notes())
    busy_desk.restarts()
    busy_desk.passes(20, minutes=30)
    assert len(busy_desk.submission.sent) == accepted
    assert busy_desk.submission.calls == 1


def test_a_copy_in_sent_settles_what_was_uncertain(busy_desk: Desk) -> None:
    busy_desk.submission.lose_answer()
    busy_desk.stars()
    busy_desk.passes(15, minutes=1)
    busy_desk.mail.put("Sent", busy_desk.submission.sent[0].raw, ["\\Seen"])
    busy_desk.passes(2, minutes=1)
    assert busy_desk.case().state is CaseState.SENT
    assert len(busy_desk.mail.messages("Sent")) == 1


def test_a_full_mailbox_is_told_and_the_draft_comes_later(desk: Desk) -> None:
    desk.calendar.busy.append(APPOINTMENT)
    desk.mail.fail("append", Refused("[OVERQUOTA] full"))
    desk.arrives(invitation())
    desk.passes()
    assert desk.drafts == []
    desk.passes(2, minutes=1)
    assert len(desk.drafts) == 1


def test_one_bad_mail_costs_only_itself(desk: Desk) -> None:
    desk.calendar.busy.append(APPOINTMENT)
    desk.arrives(b"\xff\xfe\x00garbage")
    desk.arrives(b"From: " + b"(" * 20000 + b"\r\nSubject: interview\r\n\r\ntext")
    desk.arrives(invitation())
    desk.passes()
    assert len(desk.drafts) == 1


def test_two_invitations_in_one_pass_are_offered_different_times(desk: Desk) -> None:
    desk.calendar.busy.append(APPOINTMENT)
    desk.arrives(invitation())
    other = invitation(sender="Noor Haddad <noor@glasswing.example>").replace(b"Tidewater Labs", b"Glasswing")
    desk.arrives(other.replace(b"Maya Lindqvist", b"Noor Haddad"))
    desk.passes()
    first, second = (desk.session.ledger.entry(case.id) for case in desk.session.ledger.cases())
    assert first is not None
    assert second is not None
    assert not any(a.overlaps(b) for a in first.offered for b in second.offered)


def test_the_same_mail_in_two_folders_is_one_case(desk: Desk) -> None:
    desk.calendar.busy.append(APPOINTMENT)
    raw = invitation()
    desk.arrives(raw)
    desk.arrives(raw)
    desk.passes(2, minutes=1)
    assert len(desk.drafts) == 1


def test_a_new_uidvalidity_brings_no_second_draft(busy_desk: Desk) -> None:
    (stored,) = busy_desk.mail.messages("INBOX")
    busy_desk.mail.recreate("INBOX")
    busy_desk.mail.put("INBOX", stored.raw)
    busy_desk.passes(2, minutes=1)
    assert len(busy_desk.drafts) == 1


def test_old_mail_at_the_first_start_only_enters_the_brief(desk: Desk) -> None:
    desk.calendar.busy.append(APPOINTMENT)
    desk.mail.put("INBOX", invitation(), date=desk.now - timedelta(hours=30))
    desk.passes()
    assert desk.drafts == []
    assert len(desk.session.ledger.cases()) == 1


def test_a_case_left_for_the_calendar_is_decided_again_when_it_returns(desk: Desk) -> None:
    desk.calendar.known = False
    desk.calendar.busy.append(APPOINTMENT)
    desk.arrives(invitation())
    desk.passes()
    assert desk.drafts == []
    desk.calendar.known = True
    desk.passes(minutes=30)
    assert len(desk.drafts) == 1


def test_nothing_of_the_persons_is_expunged_with_ours(busy_desk: Desk) -> None:
    other = busy_desk.mail.put("Drafts", mail("my own draft\n", subject="Holiday"), ["\\Draft", "\\Deleted"])
    ours = next(d for d in busy_desk.drafts if d.uid != other.uid)
    busy_desk.mail.flag(MessageRef("Drafts", other.uidvalidity, ours.uid), "\\Flagged")
    busy_desk.passes(13, minutes=1)
    assert len(busy_desk.submission.sent) == 1
    assert [draft.uid for draft in busy_desk.drafts] == [other.uid]


def _rewritten(desk: Desk, old: bytes, new: bytes) -> None:
    """The person edits the draft: another UID, the same words but these; then stars it."""
    stored = desk.mail.remove(desk.draft_ref())
    assert old in stored.raw
    desk.mail.put("Drafts", stored.raw.replace(old, new), ["\\Draft"])
    desk.stars()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"To: Maya Lindqvist <maya@tidewater.example>", b"To: Lindqvist, Maya <maya@tidewater.example>"),
        (b"From: Robin Meyer <robin.meyer@example.net>", b"From: robin.meyer@example.net <evil@x.example>"),
        (b"From: Robin Meyer", b"From: Eve <eve@x.example>\r\nFrom: Robin Meyer"),
    ],
    ids=["no mail address", "another From behind a name", "two From"],
)
def test_what_cannot_be_read_for_sure_is_not_sent(busy_desk: Desk, old: bytes, new: bytes) -> None:
    _rewritten(busy_desk, old, new)
    busy_desk.passes(15, minutes=1)
    assert busy_desk.submission.sent == []
    assert len(busy_desk.drafts) == 1
