"""The rules of drafting, approving and sending over the whole service in memory: what a hostile reader would ask."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest

from raincheck.core.model import BusyPeriod, CalendarView, CaseState, EntryState, MessageRef, Outcome, Period
from raincheck.errors import Refused, Uncertain, Unreachable, Unreadable
from raincheck.service import hand, intake
from tests.fakes.account import MemoryAccount
from tests.service.desk import APPOINTMENT, ME, SETTINGS, START, Desk, invitation, mail, php_invitation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from raincheck.ports import Envelope


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The draft of a reschedule is written."""
    return _drafted(Desk(tmp_path))


def _drafted(made: Desk) -> Desk:
    made.calendar.busy.append(APPOINTMENT)
    made.arrives(invitation(Message_ID="<inv@tidewater.example>"))
    made.passes(2, minutes=1)
    assert len(made.drafts) == 1
    return made


def told(desk: Desk) -> str:
    return " ".join(" ".join(desk.notes()).split())


def edits(desk: Desk, old: bytes, new: bytes, *, star: bool = True) -> None:
    """The person edits the draft: another UID, the same words but these."""
    stored = desk.mail.remove(desk.draft_ref())
    assert old in stored.raw
    desk.mail.put("Drafts", stored.raw.replace(old, new), ["\\Draft"])
    if star:
        desk.stars()


# --- writing the draft --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("no", [Refused("[OVERQUOTA] full"), Unreachable("[UNAVAILABLE] not now")])
def test_a_draft_that_was_refused_is_not_given_up_because_others_are_written(tmp_path: Path, no: Exception) -> None:
    """The server's no is certain: that UIDNEXT moved since is the person's own doing."""
    desk = Desk(tmp_path)
    desk.calendar.busy.append(APPOINTMENT)
    desk.mail.fail("append", no)
    desk.arrives(invitation())
    with suppress(Unreachable):
        desk.passes()
    assert desk.drafts == []
    desk.mail.put("Drafts", mail("my own\n", subject="Holiday"), ["\\Draft"])
    desk.passes(4, minutes=1)
    assert len(desk.drafts) == 2
    assert desk.case().state is CaseState.DRAFTED


def test_the_intent_is_journalled_with_the_state_of_drafts_before_anything_is_written(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.calendar.busy.append(APPOINTMENT)
    journalled = []

    def hook(moment: str) -> None:
        if moment == "before append" and not desk.drafts:
            journalled.append(desk.entry())

    desk.mail.hook = hook
    desk.arrives(invitation())
    desk.passes()
    (intent, *_) = journalled
    status = desk.mail.status("Drafts")
    assert (intent.state, intent.uidvalidity, intent.uidnext_before) == (EntryState.INTENDED, status.uidvalidity, 1)
    assert intent.text == desk.drafts[0].raw
    assert f"Message-ID: {intent.message_id}\r\nIn-Reply-To".encode() in desk.drafts[0].raw
    assert f"X-Raincheck-Case: {intent.case}/1\r\n".encode() in desk.drafts[0].raw


def test_a_mailbox_that_takes_no_drafts_is_unhealthy_until_it_does(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.calendar.busy.append(APPOINTMENT)
    desk.mail.fail("append", Refused("[OVERQUOTA] full"))
    desk.arrives(invitation())
    desk.passes()
    health = next(health for health in desk.session.ledger.health() if health.name == "account:main")
    health = next(health for health in desk.session.ledger.health() if health.name == "account:main")
    assert not health.ok
    assert "OVERQUOTA" in health.detail
    desk.passes(2, minutes=1)
    assert all(health.ok for health in desk.session.ledger.health())


def test_a_kill_while_a_twin_is_removed_leaves_one_draft(desk: Desk) -> None:
    desk.mail.put("Drafts", desk.entry().text, ["\\Draft", "\\Seen"])
    desk.mail.fail("expunge", Unreachable("cut"))
    twin = MessageRef("Drafts", desk.mail.status("Drafts").uidvalidity, desk.drafts[-1].uid)
    with pytest.raises(Unreachable):
        desk.passes(minutes=1)
    desk.mail.flag(twin, "\\Deleted")  # so far it came
    desk.restarts()
    desk.passes(2, minutes=1)
    assert len(desk.drafts) == 1
    assert desk.drafts[0].flags == {"\\draft", "\\seen"}


def test_a_copy_with_another_header_of_the_persons_is_not_taken_for_a_twin(desk: Desk) -> None:
    saved_again = desk.entry().text.replace(b"MIME-Version", b"Reply-To: other@example.net\r\nMIME-Version")
    desk.mail.put("Drafts", saved_again, ["\\Draft", "\\Seen"])
    desk.passes(3, minutes=1)
    assert len(desk.drafts) == 2
    assert desk.case().state is CaseState.ASKING


# --- the person's own answer --------------------------------------------------------------------------------------


def _calendar_reply(uid: str) -> bytes:
    """What a mail client sends for “Decline” in an invitation: no In-Reply-To, a subject of its own."""
    return (
        f"From: Robin Meyer <{ME}>\r\nTo: colin@larkfield.example\r\nSubject: Declined: Interview\r\n"
        "Message-ID: <reply@example.net>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: text/calendar; method=REPLY; charset="utf-8"\r\n\r\n'
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n"
        "DTSTAMP:20251201T090000Z\r\nDTSTART:20251205T140000Z\r\nORGANIZER:mailto:colin@larkfield.example\r\n"
        f"ATTENDEE;PARTSTAT=DECLINED:mailto:{ME}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


def _php_request(uid: str) -> bytes:
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", "METHOD:REQUEST", "BEGIN:VEVENT", f"UID:{uid}",
        "DTSTAMP:20251201T000000Z", "DTSTART:20251205T140000Z", "DTEND:20251205T144500Z", "SUMMARY:Interview",
        "ORGANIZER:mailto:colin@larkfield.example", f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{ME}", "END:VEVENT",
        "END:VCALENDAR", "",
    ]  # fmt: skip
    head, _, body = php_invitation().replace(b"\r\n", b"\n").partition(b"\n\n")
    kept = [line for line in head.split(b"\n") if not line.startswith((b"Content-", b"MIME-"))]
    return b"\n".join([
        *kept, b"MIME-Version: 1.0", b'Content-Type: multipart/alternative; boundary="b"', b"", b"--b",
        b"Content-Type: text/plain; charset=utf-8", b"", body, b"--b",
        b"Content-Type: text/calendar; method=REQUEST; charset=utf-8", b"", "\n".join(lines).encode(), b"--b--", b"",
    ])  # fmt: skip


@pytest.mark.parametrize(("uid", "answered"), [("php-7@larkfield.example", True), ("other@larkfield.example", False)])
def test_a_calendar_reply_in_sent_is_the_persons_answer(tmp_path: Path, uid: str, answered: bool) -> None:
    desk = Desk(tmp_path)
    desk.arrives(_php_request("php-7@larkfield.example"))
    desk.passes(2, minutes=1)
    assert len(desk.drafts) == 1
    desk.mail.put("Sent", _calendar_reply(uid), ["\\Seen"])
    desk.passes(2, minutes=1)
    assert (desk.drafts == []) is answered
    assert desk.submission.sent == []


@pytest.mark.parametrize(("hours", "answered"), [(-30, False), (1, True)])
def test_a_mail_without_thread_is_an_answer_only_when_it_was_sent_after_the_question(
    tmp_path: Path, hours: int, answered: bool
) -> None:
    """The application of some days ago has the subject of the invitation, and the same recipient."""
    desk = Desk(tmp_path)
    desk.calendar.busy.append(APPOINTMENT)
    own = mail("Here I am.\n", subject="Interview for Senior Backend Engineer", sender=f"Robin Meyer <{ME}>")
    own = own.replace(f"To: Robin Meyer <{ME}>".encode(), b"To: maya@tidewater.example")
    desk.mail.put("Sent", own, ["\\Seen"], START + timedelta(hours=hours))
    desk.arrives(invitation(subject="Re: Interview for Senior Backend Engineer"))
    desk.passes(3, minutes=1)
    assert len(desk.drafts) == (0 if answered else 1)


def _two_in_a_thread(desk: Desk) -> None:
    """Another company goes on in the thread: a case and a draft of its own."""
    thread = {"In_Reply_To": "<inv@tidewater.example>", "References": "<inv@tidewater.example>"}
    desk.arrives(php_invitation(Message_ID="<php@larkfield.example>", **thread))
    desk.passes(3, minutes=1)
    assert [case.state for case in desk.session.ledger.cases()] == [CaseState.DRAFTED] * 2
    assert len(desk.drafts) == 2


@pytest.mark.parametrize("edited", [False, True])
def test_the_draft_of_another_case_in_the_thread_is_not_taken_for_the_persons_own(desk: Desk, edited: bool) -> None:
    _two_in_a_thread(desk)
    if edited:
        second = MessageRef("Drafts", desk.mail.status("Drafts").uidvalidity, desk.drafts[1].uid)
        raw = (
            desk.mail.remove(second)
            .raw.replace(b"X-Raincheck-Case", b"X-Gone")
            .replace(b"Message-ID: <", b"Message-ID: <n")
        )
        desk.mail.put("Drafts", raw, ["\\Draft"])
    desk.passes(3, minutes=1)
    assert [case.state for case in desk.session.ledger.cases()] == [CaseState.DRAFTED] * 2
    assert len(desk.drafts) == 2


@pytest.mark.parametrize("which", [0, 1])
def test_of_two_cases_in_a_thread_that_is_answered_which_the_mail_answers(desk: Desk, which: int) -> None:
    _two_in_a_thread(desk)
    answered = desk.drafts[which]
    desk.mail.remove(MessageRef("Drafts", desk.mail.status("Drafts").uidvalidity, answered.uid))
    desk.mail.put("Sent", answered.raw.replace(b"X-Raincheck-Case", b"X-Gone"), ["\\Seen"])
    desk.passes(3, minutes=1)
    assert sorted(case.state for case in desk.session.ledger.cases()) == [CaseState.DRAFTED, CaseState.SENT]
    assert len(desk.drafts) == 1


def test_our_draft_sent_from_the_client_with_a_copy_to_oneself_counts_as_sent(desk: Desk) -> None:
    """The copy in the inbox is read before Sent is."""
    stored = desk.mail.remove(desk.draft_ref())
    raw = stored.raw.replace(desk.entry().message_id.encode(), b"<thunderbird@example.net>")
    raw = raw.replace(b"X-Raincheck-Case", b"X-Gone")
    desk.mail.put("INBOX", raw)
    desk.mail.put("Sent", raw, ["\\Seen"])
    desk.passes(2, minutes=1)
    assert desk.case().state is CaseState.SENT
    assert all(hold.firm for hold in desk.session.ledger.holds())
    assert desk.session.ledger.holds() != ()


def test_a_client_that_throws_the_draft_away_when_it_sends_it_refuses_nothing(desk: Desk) -> None:
    """And its copy lands in Sent right after that was read."""
    stored = desk.drafts[0]
    desk.mail.move(desk.draft_ref(), "Trash")
    desk.passes(minutes=0.1)
    desk.mail.put("Sent", stored.raw.replace(b"X-Raincheck-Case", b"X-Gone"), ["\\Seen"])
    desk.passes(2, minutes=0.1)
    assert desk.case().state is CaseState.SENT
    assert all(hold.firm for hold in desk.session.ledger.holds())


def test_after_the_person_sent_our_draft_themselves_silence_brings_the_follow_up(desk: Desk) -> None:
    stored = desk.mail.remove(desk.draft_ref())
    desk.mail.put("Sent", stored.raw.replace(b"X-Raincheck-Case", b"X-Gone"), ["\\Seen"])
    desk.passes(2, minutes=1)
    assert desk.case().state is CaseState.SENT
    desk.passes(10, minutes=60 * 24)
    assert len(desk.drafts) == 1
    assert desk.entry().revision == 2


# --- approving ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("condstore", [True, False], ids=["MODSEQ", "no CONDSTORE"])
def test_a_star_set_again_between_two_looks(tmp_path: Path, condstore: bool) -> None:
    """Where the server counts changes the undo time starts anew; where not, the first star stands (see the docs)."""
    desk = Desk(tmp_path)
    desk.mail = MemoryAccount("main", condstore=condstore, clock=lambda: desk.now)
    desk.restarts()
    _drafted(desk)
    desk.stars()
    desk.passes(9, minutes=1)
    desk.mail.flag(desk.draft_ref(), "\\Flagged", off=True)
    desk.stars()
    desk.passes(3, minutes=1)
    assert len(desk.submission.sent) == (0 if condstore else 1)
    desk.passes(9, minutes=1)
    assert len(desk.submission.sent) == 1


@pytest.mark.parametrize("folder", ["Trash", "trash", "Drafts", "Sent", "INBOX"])
def test_a_folder_where_mails_lie_anyhow_approves_nothing(tmp_path: Path, folder: str) -> None:
    """With Trash for an approval folder each draft that is thrown away would be sent."""
    desk = Desk(tmp_path, replace(SETTINGS, approval=replace(SETTINGS.approval, folder=folder)))
    desk.arrives(php_invitation())
    with pytest.raises(Refused, match="folder of its own"):
        desk.passes()
    assert desk.drafts == []


def test_a_star_that_the_client_carries_over_to_an_edited_text_approves_nothing(desk: Desk) -> None:
    """What was saved may be half a sentence."""
    desk.stars()
    desk.passes(5, minutes=1)
    edits(desk, b"Best wishes", b"By the w")
    desk.passes(13, minutes=1)
    assert desk.submission.sent == []
    assert "changed after you approved it" in told(desk)
    desk.stars()
    desk.passes(13, minutes=1)
    (sent,) = desk.submission.sent
    assert b"By the w" in sent.raw


def test_a_text_that_the_server_changed_in_place_is_asked_about(desk: Desk) -> None:
    """RFC 9051 forbids it; a server that does it must not leave a star without effect for good."""
    seen = desk.draft_ref()
    desk.session.drafts_seen[seen] = replace(desk.session.drafts_seen[seen], digest="of what was there before")
    desk.stars()
    desk.passes(13, minutes=1)
    assert desk.submission.sent == []
    assert "changed after you approved it" in told(desk)
    desk.stars()
    desk.passes(13, minutes=1)
    assert len(desk.submission.sent) == 1


def test_a_star_seen_only_after_a_long_downtime_is_asked_about(desk: Desk) -> None:
    desk.stars()
    desk.now += timedelta(hours=13)
    desk.restarts()
    desk.passes(20, minutes=1)
    assert desk.submission.sent == []
    assert "more than 12 hours" in told(desk)
    desk.stars()
    desk.passes(13, minutes=1)
    assert len(desk.submission.sent) == 1


def test_a_star_taken_off_while_the_submission_server_is_talked_to_stops_it(desk: Desk) -> None:
    """Login and greylisting take their time: the approval is looked at once more after the last RCPT."""
    ref = desk.draft_ref()
    real = desk.submission.submit

    def slowly(envelope: Envelope, message: bytes, before_data: Callable[[], None]) -> str:
        desk.mail.flag(ref, "\\Flagged", off=True)
        return real(envelope, message, before_data)

    desk.submission.submit = slowly  # type: ignore[method-assign] # the person is quick
    desk.stars()
    desk.passes(15, minutes=1)
    assert desk.submission.sent == []
    assert desk.case().state is CaseState.DRAFTED


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"Content-Type: text/plain", b"Autocrypt-Draft-State: encrypt=yes\r\nContent-Type: text/plain", "encrypted"),
        (b"From: Robin Meyer <" + ME.encode(), b"From: Robin Meyer <other@example.net", "none of your addresses"),
    ],
    ids=["encrypted", "foreign From"],
)
def test_what_cannot_be_sent_for_the_person_is_told_and_not_sent(desk: Desk, old: bytes, new: bytes, why: str) -> None:
    edits(desk, old, new)
    desk.passes(15, minutes=1)
    assert desk.submission.sent == []
    assert why in told(desk)
    assert all("\\flagged" not in draft.flags for draft in desk.drafts)


def test_the_persons_own_half_written_answer_withdraws_ours_and_is_never_sent(desk: Desk) -> None:
    own = mail("Dear Maya,\n\nI will call you.\n", subject="Re: Interview", sender=f"Robin Meyer <{ME}>",
               In_Reply_To="<inv@tidewater.example>", References="<inv@tidewater.example>")  # fmt: skip
    ref = desk.mail.put("Drafts", own, ["\\Draft", "\\Flagged"])
    desk.passes(20, minutes=1)
    assert [draft.uid for draft in desk.drafts] == [ref.uid]
    assert desk.submission.sent == []


def _one_more_thing(desk: Desk) -> bytes:
    text = "Hi Robin,\n\none more thing: do you have a driving licence?\n\nMaya\n"
    return mail(text, subject="Re: Interview", In_Reply_To=str(desk.case().invitation_id))


def test_a_mail_of_theirs_in_the_very_pass_that_would_send_voids_it(desk: Desk) -> None:
    desk.stars()
    desk.passes(10, minutes=1)
    assert desk.case().state is CaseState.APPROVED
    desk.arrives(_one_more_thing(desk))
    desk.passes(minutes=1)
    assert desk.submission.sent == []
    assert "newer mail" in told(desk)
    assert all("\\flagged" not in draft.flags for draft in desk.drafts)
    desk.stars()
    desk.passes(13, minutes=1)
    assert len(desk.submission.sent) == 1, "once told of it, the person's next yes stands"


@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        ("Colin Ashdown <colin@larkfield.example>", {}),
        ("Maya Lindqvist <maya@tidewater.example>", {"List_Id": "<jobs.tidewater.example>"}),
    ],
    ids=["another company", "through a list"],
)
def test_a_mail_in_the_thread_voids_the_approval_even_if_it_joins_no_case(
    desk: Desk, sender: str, headers: dict[str, str]
) -> None:
    desk.stars()
    desk.passes(10, minutes=1)
    text = "Hi Robin,\n\nunfortunately the position has been filled, so we will not go on.\n\nLarkfield Media\n"
    headers |= {"In_Reply_To": "<inv@tidewater.example>", "References": "<inv@tidewater.example>"}
    desk.arrives(mail(text, subject="Re: Interview for Senior Backend Engineer", sender=sender, **headers))
    desk.passes(3, minutes=1)
    assert desk.submission.sent == []
    assert "newer mail" in told(desk)


@pytest.mark.parametrize("problem", [Unreadable("too deep"), RuntimeError("a mistake of ours")])
def test_a_mail_in_the_thread_that_cannot_be_read_voids_the_approval(
    desk: Desk, problem: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise problem

    desk.stars()
    desk.passes(10, minutes=1)
    with monkeypatch.context() as broken:
        broken.setattr(intake, "parse_message", fails)
        desk.arrives(_one_more_thing(desk))
        desk.passes(minutes=1)
    desk.passes(3, minutes=1)
    assert desk.submission.sent == []
    assert "newer mail" in told(desk)


@pytest.mark.parametrize("mailbox", ["INBOX", "Sent"])
def test_nothing_is_sent_while_the_inbox_or_sent_cannot_be_read(desk: Desk, mailbox: str) -> None:
    desk.stars()
    desk.passes(9, minutes=1)
    real = desk.mail.status

    def unreadable(name: str) -> Any:
        if name == mailbox:
            raise Unreachable("not now")
        return real(name)

    desk.mail.status = unreadable  # type: ignore[method-assign,assignment] # one folder alone
    for _ in range(5):
        with pytest.raises(Unreachable):
            desk.passes(minutes=1)
    assert desk.submission.sent == []
    desk.mail.status = real  # type: ignore[method-assign]
    desk.passes(minutes=1)
    assert len(desk.submission.sent) == 1


def test_an_answer_of_the_persons_in_the_very_pass_that_would_send_stops_it(desk: Desk) -> None:
    desk.stars()
    desk.passes(10, minutes=1)
    own = mail("I called you.\n", sender=f"Robin Meyer <{ME}>", In_Reply_To="<inv@tidewater.example>")
    desk.mail.put("Sent", own, ["\\Seen"])
    desk.passes(3, minutes=1)
    assert desk.submission.sent == []
    assert len(desk.drafts) == 1
    assert "left in place, not sent" in told(desk)


def test_after_a_refusal_no_more_is_drafted_for_the_case_until_it_is_reopened(desk: Desk) -> None:
    desk.mail.move(desk.draft_ref(), "Trash")
    desk.passes(2, minutes=1)
    again = invitation(In_Reply_To="<inv@tidewater.example>", subject="Re: Interview for Senior Backend Engineer")
    desk.arrives(again.replace(b"Does that suit you?", b"Does that suit you? Please let us know."))
    desk.passes(2, minutes=1)
    assert desk.drafts == []
    assert "raincheck reopen" in told(desk)
    hand.reopen(desk.session.ledger, desk.case(), desk.now)
    desk.passes(2, minutes=1)
    assert len(desk.drafts) == 1


def test_our_own_removal_that_a_provider_turns_into_trash_is_no_refusal(desk: Desk) -> None:
    """Gmail moves to Trash what is expunged, where the person set it so."""
    old = desk.drafts[0]
    desk.calendar.busy.append(desk.entry().offered[0])
    desk.stars()
    desk.passes(11, minutes=1)
    desk.mail.put("Trash", old.raw, ["\\Draft", "\\Seen"])
    desk.passes(5, minutes=1)
    assert (desk.entry().revision, desk.case().state) == (2, CaseState.DRAFTED)
    assert len(desk.drafts) == 1


# --- the times in it ----------------------------------------------------------------------------------------------


def _own_time(desk: Desk, hour: int, day: str = "Tuesday, 9 December 2025") -> None:
    edits(desk, b"Best wishes", f"{day} at {hour}:00 would do as well.\r\n\r\nBest wishes".encode())


def test_times_that_the_person_wrote_are_held_when_it_is_sent(desk: Desk) -> None:
    _own_time(desk, 16)
    desk.passes(13, minutes=1)
    assert len(desk.submission.sent) == 1
    own = START.replace(day=9, hour=15)
    assert own in [hold.period.start for hold in desk.session.ledger.holds() if hold.firm]


def test_a_time_of_the_persons_that_collides_needs_a_second_approval(desk: Desk) -> None:
    own = START.replace(day=9, hour=15)
    desk.calendar.busy.append(Period(own, own + timedelta(hours=1)))
    _own_time(desk, 16)
    desk.passes(15, minutes=1)
    assert desk.submission.sent == []
    assert "approve the draft once more" in told(desk)
    desk.stars()
    desk.passes(13, minutes=1)
    assert len(desk.submission.sent) == 1


def test_a_time_of_the_persons_half_a_year_ahead_is_held_against_the_calendar_as_well(desk: Desk) -> None:
    own = START.replace(year=2026, month=6, day=9, hour=14)
    desk.calendar.busy.append(Period(own, own + timedelta(hours=1)))
    _own_time(desk, 16, "Tuesday, 9 June 2026")
    desk.passes(15, minutes=1)
    assert desk.submission.sent == []
    assert "no longer free" in told(desk)


def test_a_yes_after_another_trouble_is_not_the_second_one_that_a_collision_needs(desk: Desk) -> None:
    """Nobody was told of the collision while the calendar could not be had."""
    own = START.replace(day=9, hour=15)
    desk.calendar.busy.append(Period(own, own + timedelta(hours=1)))
    _own_time(desk, 16)
    desk.calendar.known = False
    desk.passes(75, minutes=1)
    assert "could not be checked" in told(desk)
    desk.calendar.known = True
    desk.stars()
    desk.passes(15, minutes=1)
    assert desk.submission.sent == []
    assert "approve the draft once more" in told(desk)


@pytest.mark.parametrize(
    ("below", "of_theirs"),
    [(b"\r\nRobin Meyer\r\n", b""), (b"> Tidewater Labs\r\n", b"\r\n")],
    ids=["below the name", "below the quoted mail"],
)
def test_a_time_that_stands_below_the_letter_is_checked_as_well(desk: Desk, below: bytes, of_theirs: bytes) -> None:
    own = START.replace(day=9, hour=15)
    desk.calendar.busy.append(Period(own, own + timedelta(hours=1)))
    edits(desk, below, below + of_theirs + b"\r\nPS: Tuesday, 9 December 2025 at 16:00 would do as well.\r\n")
    desk.passes(15, minutes=1)
    assert desk.submission.sent == []


def test_a_time_of_ours_that_collides_is_not_sent_whatever_is_approved(desk: Desk) -> None:
    edits(desk, b"Best wishes", b"Kind regards")
    offered = desk.entry().offered[0]
    desk.calendar.busy.append(offered)
    for _ in range(2):
        desk.passes(15, minutes=1)
        desk.stars()
    desk.passes(15, minutes=1)
    assert desk.submission.sent == []


def test_a_time_of_ours_that_the_person_took_out_is_not_checked(desk: Desk) -> None:
    first, *_ = desk.entry().offered
    lines = desk.drafts[0].raw.split(b"\r\n")
    spoken = f"{first.start + timedelta(hours=1):%-d %B}".encode()
    (line,) = [one for one in lines if spoken in one and b":" in one and not one.startswith((b">", b"Date"))]
    edits(desk, line + b"\r\n", b"")
    desk.calendar.busy.append(first)
    desk.passes(15, minutes=1)
    assert len(desk.submission.sent) == 1


@pytest.mark.parametrize(("hours", "sent"), [(25, 1), (23, 0)], ids=["with notice", "too near"])
def test_our_times_must_still_lie_ahead_with_notice(desk: Desk, hours: int, sent: int) -> None:
    first = min(period.start for period in desk.entry().offered)
    desk.now = first - timedelta(hours=hours)
    desk.passes()
    desk.stars()
    desk.passes(12, minutes=1)
    assert len(desk.submission.sent) == sent


def test_a_reschedule_whose_own_appointment_has_begun_is_never_sent(desk: Desk) -> None:
    edits(desk, b"Best wishes", b"Kind regards", star=False)
    desk.passes(minutes=1)
    desk.now = APPOINTMENT.start
    desk.passes()
    for _ in range(3):
        desk.stars()
        desk.passes(13, minutes=1)
    assert desk.submission.sent == []
    assert "has begun" in told(desk)


ACCEPTING = replace(SETTINGS, replies=replace(SETTINGS.replies, accept="draft"))


def _accepting(tmp_path: Path) -> Desk:
    """The draft accepts the time that they proposed."""
    desk = Desk(tmp_path, ACCEPTING)
    desk.arrives(invitation())
    desk.passes(2, minutes=1)
    assert desk.entry().outcome is Outcome.ACCEPT
    return desk


def test_an_accepted_time_that_is_taken_meanwhile_is_not_sent(tmp_path: Path) -> None:
    desk = _accepting(tmp_path)
    desk.calendar.busy.append(APPOINTMENT)
    desk.stars()
    desk.passes(13, minutes=1)
    assert desk.submission.sent == []
    assert "no longer free" in told(desk)


def test_an_accepted_time_that_has_begun_is_not_sent(tmp_path: Path) -> None:
    desk = _accepting(tmp_path)
    desk.now = APPOINTMENT.start
    desk.passes()
    desk.stars()
    desk.passes(13, minutes=1)
    assert desk.submission.sent == []


def test_the_talk_itself_in_the_calendar_is_no_collision_with_its_acceptance(tmp_path: Path) -> None:
    """Mail providers put an invitation into the calendar; and they may propose a time nearer than we would."""
    desk = _accepting(tmp_path)
    own = BusyPeriod(APPOINTMENT, words="interview tidewater labs")
    desk.calendar.view = lambda window, *, max_age=None: CalendarView((own,))  # type: ignore[method-assign]
    desk.now = APPOINTMENT.start - timedelta(hours=2)
    desk.passes()
    desk.stars()
    desk.passes(13, minutes=1)
    assert len(desk.submission.sent) == 1


def test_an_acceptance_that_the_person_ordered_asks_no_calendar(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.calendar.busy.append(APPOINTMENT)
    desk.arrives(invitation())
    desk.passes(2, minutes=1)
    hand.order(desk.session.ledger, desk.case(), Outcome.ACCEPT, desk.now)
    desk.passes(2, minutes=1)
    assert desk.entry().outcome is Outcome.ACCEPT
    desk.stars()
    desk.passes(13, minutes=1)
    assert len(desk.submission.sent) == 1


def test_a_time_promised_to_another_is_not_sent(desk: Desk) -> None:
    from raincheck.core.model import Hold

    (first, *_) = desk.entry().offered
    desk.session.ledger.set_holds("other", [Hold("other", first, firm=True, expires=first.end, made=desk.now)])
    desk.stars()
    desk.passes(13, minutes=1)
    assert desk.submission.sent == []
    assert "promised elsewhere" in told(desk)


def test_an_untouched_draft_whose_times_are_gone_is_refreshed_and_needs_its_own_star(desk: Desk) -> None:
    before = desk.entry()
    desk.stars()
    desk.passes(2, minutes=1)
    desk.calendar.busy.append(before.offered[0])
    desk.passes(14, minutes=1)
    after = desk.entry()
    assert (after.revision, after.state) == (2, EntryState.DRAFTED)
    assert after.message_id != before.message_id
    assert f"X-Raincheck-Case: {after.case}/2".encode() in desk.drafts[0].raw
    assert not any(period.overlaps(before.offered[0]) for period in after.offered)
    assert len(desk.drafts) == 1
    assert desk.submission.sent == []


def test_the_calendar_is_asked_anew_right_before_times_are_promised(desk: Desk) -> None:
    asked: list[float | None] = []
    real = desk.calendar.view

    def view(window: Period, *, max_age: float | None = None) -> CalendarView:
        asked.append(max_age)
        return real(window, max_age=max_age)

    desk.calendar.view = view  # type: ignore[method-assign] # overhears
    desk.stars()
    desk.passes(13, minutes=1)
    assert len(desk.submission.sent) == 1
    assert 60 in asked


def test_a_decline_without_times_needs_no_calendar(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.calendar.known = False
    desk.arrives(php_invitation())
    desk.passes(minutes=1)
    desk.stars()
    desk.passes(13, minutes=1)
    assert len(desk.submission.sent) == 1


def test_the_hour_in_which_the_calendar_is_waited_for_begins_with_the_end_of_undo(tmp_path: Path) -> None:
    desk = Desk(tmp_path, replace(SETTINGS, approval=replace(SETTINGS.approval, undo=timedelta(minutes=90))))
    _drafted(desk)
    desk.stars()
    desk.passes(minutes=1)
    desk.calendar.known = False
    desk.passes(8, minutes=15)
    assert desk.case().state is CaseState.APPROVED
    desk.calendar.known = True
    desk.passes(minutes=1)
    assert len(desk.submission.sent) == 1


# --- what leaves, and what is left --------------------------------------------------------------------------------


def test_bcc_is_in_the_envelope_and_in_the_copy_but_not_in_what_is_sent(desk: Desk) -> None:
    edits(desk, b"\r\nSubject:", b"\r\nBcc: friend@example.net\r\nSubject:")
    desk.passes(13, minutes=1)
    (sent,) = desk.submission.sent
    assert set(sent.envelope.recipients) == {"maya@tidewater.example", "friend@example.net"}
    assert b"friend@example.net" not in sent.raw
    (copy,) = desk.mail.messages("Sent")
    assert b"Bcc: friend@example.net" in copy.raw


def test_what_is_sent_has_a_new_message_id_of_the_senders_domain_and_the_date_of_sending(desk: Desk) -> None:
    drafted = desk.entry().message_id.encode()
    desk.stars()
    desk.passes(13, minutes=1)
    (sent,) = desk.submission.sent
    head = sent.raw.partition(b"\r\n\r\n")[0]
    assert drafted not in head
    (identity,) = [line for line in head.split(b"\r\n") if line.startswith(b"Message-ID: ")]
    assert identity.endswith(b"@example.net>")
    assert f"Date: {format_datetime(desk.entry().sent_at or desk.now)}".encode() in head
    (copy,) = desk.mail.messages("Sent")
    assert identity in copy.raw


def test_the_calendar_answer_beside_a_decline_carries_no_mark_of_ours(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.arrives(_php_request("php-7@larkfield.example"))
    desk.passes(2, minutes=1)
    desk.stars()
    desk.passes(13, minutes=1)
    (sent,) = desk.submission.sent
    assert b"METHOD:REPLY" in sent.raw
    assert b"raincheck" not in sent.raw.lower()


def test_the_message_id_is_of_the_domain_that_it_is_sent_from(tmp_path: Path) -> None:
    """Another address of the person's says nothing of the account's own."""
    me = replace(SETTINGS.me, addresses=(ME, "robin@home.example"))
    desk = _drafted(Desk(tmp_path, replace(SETTINGS, me=me)))
    edits(desk, b"From: Robin Meyer <" + ME.encode(), b"From: Robin Meyer <robin@home.example")
    desk.passes(13, minutes=1)
    (sent,) = desk.submission.sent
    assert b"@home.example>\r\n" in sent.raw.partition(b"Message-ID: ")[2][:80]
    assert b"example.net" not in sent.raw.partition(b"\r\n\r\n")[0]


def test_without_a_folder_for_sent_mail_the_draft_stays_as_the_only_copy(tmp_path: Path) -> None:
    """The folder may have been renamed by somebody else, and come back within the hour."""
    desk = Desk(tmp_path)
    desk.mail = MemoryAccount("main", {"INBOX": (), "Drafts": ("drafts",)}, clock=lambda: desk.now)
    desk.restarts()
    _drafted(desk)
    desk.stars()
    desk.passes(14, minutes=1)
    assert len(desk.submission.sent) == 1
    desk.passes(8, minutes=10)
    assert len(desk.drafts) == 1
    assert "no copy could be filed in Sent" in told(desk)
    assert len(desk.submission.sent) == 1


def test_a_copy_that_the_provider_filed_under_a_strange_name_is_no_answer_of_the_persons(desk: Desk) -> None:
    """Another Message-ID, the text coded anew, and it comes after all was tidied."""
    desk.stars()
    desk.passes(13, minutes=1)
    assert desk.entry().tidied
    (copy,) = desk.mail.messages("Sent")
    own = desk.entry().sent_message_id or ""
    strange = copy.raw.replace(own.encode(), b"<AM0@provider.example>").partition(b"\r\n\r\n")[0] + b"\r\n\r\n<html/>"
    desk.mail.put("Sent", strange, ["\\Seen"])
    desk.passes(2, minutes=1)
    assert desk.case().state is CaseState.SENT
    assert desk.case().follow_up_at is not None


def test_an_uncertain_sending_is_settled_by_a_copy_that_comes_late_under_a_strange_name(desk: Desk) -> None:
    """And where the server's search finds no header but the usual ones."""
    desk.submission.fail_after(Uncertain("lost"), lost=True)
    desk.stars()
    desk.passes(13, minutes=1)
    assert desk.case().state is CaseState.UNCERTAIN
    assert f"raincheck resolve {desk.case().id} sent" in told(desk)
    raw = desk.submission.sent[0].raw.replace(b"Message-ID: ", b"X-Microsoft-Original-Message-ID: ", 1)
    real = desk.mail.uids

    def deaf(mailbox: str, **keys: Any) -> Any:
        return () if keys.get("header") else real(mailbox, **keys)

    desk.mail.uids = deaf  # type: ignore[method-assign] # finds no headers
    desk.mail.put("Sent", b"Message-ID: <AM0@provider.example>\r\n" + raw, ["\\Seen"])
    desk.passes(3, minutes=1)
    assert desk.case().state is CaseState.SENT
    assert desk.submission.calls == 1


def test_a_mail_of_ours_that_comes_back_under_another_name_is_not_the_persons_answer(desk: Desk) -> None:
    """The person is in Bcc of what raincheck sent, at a provider that renames it."""
    desk.stars()
    desk.passes(13, minutes=1)
    raw = desk.submission.sent[0].raw.replace(b"Message-ID: ", b"X-Microsoft-Original-Message-ID: ", 1)
    desk.mail.put("INBOX", b"Message-ID: <AM0@provider.example>\r\n" + raw)
    desk.passes(2, minutes=1)
    assert desk.case().state is CaseState.SENT


def _uncertain(desk: Desk) -> Desk:
    desk.submission.fail_after(Uncertain("lost"), lost=True)
    desk.stars()
    desk.passes(13, minutes=1)
    assert desk.case().state is CaseState.UNCERTAIN
    return desk


def test_a_copy_that_comes_after_the_person_gave_it_up_keeps_it_from_being_sent_again(desk: Desk) -> None:
    _uncertain(desk)
    hand.resolve(desk.session.ledger, desk.case(), "unsent", desk.now)
    ref = desk.draft_ref()
    desk.mail.flag(ref, "\\Flagged", off=True)
    desk.passes(minutes=1)
    desk.mail.flag(ref, "\\Flagged")
    desk.passes(5, minutes=1)
    assert desk.case().state is CaseState.APPROVED
    desk.mail.put("Sent", desk.submission.sent[0].raw, ["\\Seen"])
    desk.passes(13, minutes=1)
    assert desk.submission.calls == 1
    assert desk.case().state is CaseState.SENT


def test_what_the_person_sent_when_it_was_uncertain_is_the_only_one_in_sent(desk: Desk) -> None:
    """A copy of ours beside it would say that two were sent."""
    _uncertain(desk)
    raw = desk.mail.remove(desk.draft_ref()).raw.replace(desk.entry().message_id.encode(), b"<client@example.net>")
    desk.mail.put("Sent", raw.replace(b"X-Raincheck-Case", b"X-Gone"), ["\\Seen"])
    desk.passes(3, minutes=1)
    assert desk.case().state is CaseState.SENT
    assert len(desk.mail.messages("Sent")) == 1


def test_the_folder_for_urgent_notes_is_made_when_it_is_missing(tmp_path: Path) -> None:
    """Without it no pass would come to its end once there is something urgent to say."""
    desk = _drafted(Desk(tmp_path, replace(SETTINGS, notes=replace(SETTINGS.notes, urgent="Alerts"))))
    desk.calendar.busy.append(desk.entry().offered[0])
    desk.stars()
    desk.passes(13, minutes=1)
    assert any(b"no longer free" in b" ".join(m.raw.split()) for m in desk.mail.messages("Alerts"))


def test_only_the_mail_that_was_answered_is_marked_answered(desk: Desk) -> None:
    """While it is uncertain they ask again; then the person says that the first answer was sent."""
    _uncertain(desk)
    again = invitation(In_Reply_To="<inv@tidewater.example>", Message_ID="<again@tidewater.example>")
    desk.arrives(again.replace(b"Does that suit you?", b"Does that suit you? Please let us know."))
    desk.passes(2, minutes=1)
    hand.resolve(desk.session.ledger, desk.case(), "sent", desk.now)
    desk.passes(2, minutes=1)
    theirs = {m.raw.partition(b"Message-ID: <")[2][:3]: m.flags for m in desk.mail.messages("INBOX")}
    assert (sorted(theirs[b"inv"]), sorted(theirs[b"aga"])) == (["\\answered"], [])


@pytest.mark.parametrize("mailbox", ["INBOX", "Drafts", "Sent"])
def test_a_message_that_the_server_cannot_give_holds_nothing_up_for_good(tmp_path: Path, mailbox: str) -> None:
    desk = Desk(tmp_path)
    desk.calendar.busy.append(APPOINTMENT)
    odd = {desk.mail.put(mailbox, mail("odd\n")).uid, desk.mail.put(mailbox, mail("odd\n")).uid}
    desk.arrives(invitation())
    real = desk.mail.fetch

    def fetch(name: str, uids: Iterable[int], *, limit: int | None = None) -> Any:
        if name == mailbox and odd & set(wanted := list(uids)):
            raise Refused("the message cannot be converted")
        return real(name, wanted if name == mailbox else uids, limit=limit)

    desk.mail.fetch = fetch  # type: ignore[method-assign,assignment] # Exchange
    for _ in range(3):
        with suppress(Refused):
            desk.passes(minutes=40)
    assert sum(b"X-Raincheck-Case" in draft.raw for draft in desk.drafts) == 1
    assert any("cannot be read" in trouble for trouble in desk.session.troubles) or mailbox != "Drafts"


def test_a_server_that_lets_no_folder_be_made_gets_its_drafts_and_sends_what_is_starred(tmp_path: Path) -> None:
    desk = Desk(tmp_path)

    def refused(_: str) -> None:
        raise Refused("CREATE is not allowed")

    desk.mail.ensure_folder = refused  # type: ignore[method-assign,assignment] # a server of rules
    _drafted(desk)
    assert any("could not be made" in health.detail for health in desk.session.ledger.health() if not health.ok)
    desk.stars()
    desk.passes(13, minutes=1)
    assert len(desk.submission.sent) == 1
