"""What time and the person's own word bring about: follow-ups, reopened, ordered, resolved, forgotten, paused."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING

import icalendar
import pytest

from raincheck.core.model import CaseState, EntryState, Kind, Outcome
from raincheck.core.rfc5322 import unflow
from raincheck.errors import RaincheckError, Uncertain
from raincheck.service import hand
from tests.service.desk import APPOINTMENT, ME, SETTINGS, Desk, invitation, mail, php_invitation

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def letter(desk: Desk) -> str:
    (draft,) = desk.drafts
    return unflow(draft.raw.decode().partition("\r\n\r\n")[2])


def sent(desk: Desk) -> None:
    """The only draft is approved and sent."""
    before = len(desk.submission.sent)
    desk.stars()
    desk.passes(13, minutes=1)
    assert len(desk.submission.sent) == before + 1


def test_a_refused_case_is_drafted_again_after_reopen(desk: Desk) -> None:
    desk.calendar.busy.append(APPOINTMENT)
    desk.arrives(invitation())
    desk.passes()
    desk.mail.move(desk.draft_ref(), "Trash")
    desk.passes(2, minutes=1)
    hand.reopen(desk.session.ledger, desk.case(), desk.now)
    desk.passes(2, minutes=1)
    assert len(desk.drafts) == 1
    assert desk.entry().revision == 2


def test_the_persons_word_stands_over_the_table(desk: Desk) -> None:
    desk.arrives(invitation())
    desk.passes()
    assert desk.drafts == []
    assert [hold.period for hold in desk.session.ledger.holds()] == [APPOINTMENT]
    hand.order(desk.session.ledger, desk.case(), Outcome.DECLINE, desk.now)
    desk.passes(2, minutes=1)
    assert "Senior Backend Engineer" in letter(desk)
    assert desk.entry().outcome is Outcome.DECLINE
    assert desk.session.ledger.holds() == (), "a talk that is declined keeps no time"


@pytest.mark.parametrize("truth", ["sent", "unsent"])
def test_an_uncertain_sending_is_settled_by_the_person(desk: Desk, truth: str) -> None:
    desk.arrives(php_invitation())
    desk.passes()
    desk.submission.fail_after(Uncertain("lost"))
    ref = desk.draft_ref()
    desk.stars()
    desk.passes(13, minutes=1)
    assert desk.case().state is CaseState.UNCERTAIN
    if truth == "sent":
        hand.resolve(desk.session.ledger, desk.case(), "sent", desk.now)
        desk.passes(3, minutes=1)
        assert (desk.case().state, desk.drafts, len(desk.submission.sent)) == (CaseState.SENT, [], 0)
        return
    hand.resolve(desk.session.ledger, desk.case(), "unsent", desk.now)
    desk.passes(15, minutes=1)
    assert desk.submission.sent == [], "the old star does not count"
    desk.mail.flag(ref, "\\Flagged", off=True)
    desk.passes(minutes=1)
    sent(desk)


def test_only_what_is_uncertain_is_resolved(desk: Desk) -> None:
    desk.arrives(php_invitation())
    desk.passes()
    with pytest.raises(RaincheckError, match="nothing uncertain"):
        hand.resolve(desk.session.ledger, desk.case(), "sent", desk.now)


def test_a_forgotten_case_leaves_its_draft_and_is_not_read_again(desk: Desk) -> None:
    desk.arrives(php_invitation())
    desk.passes()
    desk.session.ledger.forget(hand.find(desk.session.ledger, desk.case().id[:4]).id)
    desk.passes(2, minutes=1)
    assert desk.session.ledger.cases() == ()
    assert len(desk.drafts) == 1


def test_a_pause_holds_everything_back_until_resume(desk: Desk) -> None:
    hand.pause(desk.session.ledger, desk.now)
    desk.arrives(php_invitation())
    desk.passes(2, minutes=1)
    assert desk.drafts == []
    hand.resume(desk.session.ledger)
    desk.passes()
    assert len(desk.drafts) == 1


def test_silence_after_an_offer_brings_one_follow_up(desk: Desk) -> None:
    desk.calendar.busy.append(APPOINTMENT)
    desk.arrives(invitation())
    desk.passes()
    sent(desk)
    desk.passes(2, minutes=60 * 24)
    assert desk.drafts == []
    desk.passes(8, minutes=60 * 24)
    assert len(desk.drafts) == 1
    assert desk.entry().revision == 2
    sent(desk)
    desk.passes(10, minutes=60 * 24)
    assert desk.drafts == []


def test_no_follow_up_after_a_decline_or_an_answer(desk: Desk) -> None:
    desk.arrives(php_invitation())
    desk.passes()
    sent(desk)
    desk.passes(20, minutes=60 * 24)
    assert desk.drafts == []


def _they_choose(desk: Desk) -> datetime:
    """A reschedule is sent, and they take the second time of it."""
    desk.calendar.busy.append(APPOINTMENT)
    desk.arrives(invitation())
    desk.passes()
    sent(desk)
    chosen = desk.entry().offered[1].start
    said = f"{chosen:%A, %-d %B %Y} at {chosen + timedelta(hours=1):%H:%M} (Berlin time)"
    text = f"Hi Robin,\n\n{said} works for us. See you then!\n\nMaya\n"
    subject = "Re: Interview for Senior Backend Engineer"
    desk.arrives(
        mail(text, subject=subject, In_Reply_To=str(desk.entry().sent_message_id), Message_ID="<yes@tidewater.example>")
    )
    desk.passes(minutes=5)
    return chosen


def test_a_chosen_time_is_confirmed_by_a_letter_where_that_is_wanted(tmp_path: Path) -> None:
    desk = Desk(tmp_path, replace(SETTINGS, replies=replace(SETTINGS.replies, accept="draft")))
    chosen = _they_choose(desk)
    assert f"{chosen + timedelta(hours=1):%H:%M}" in letter(desk)
    assert b"In-Reply-To: <yes@tidewater.example>" in desk.drafts[0].raw
    assert any("They took a time that you had offered" in note for note in desk.notes())
    assert desk.case().state is CaseState.CONFIRMED
    sent(desk)
    desk.passes(3, minutes=60)
    assert (desk.case().state, desk.drafts, desk.session.ledger.holds()) == (CaseState.CONFIRMED, [], ())
    appointment = desk.case().appointment
    assert appointment is not None
    assert appointment.start == chosen


def test_a_chosen_time_that_is_taken_meanwhile_is_not_confirmed(tmp_path: Path) -> None:
    desk = Desk(tmp_path, replace(SETTINGS, replies=replace(SETTINGS.replies, accept="draft")))
    desk.arrives(invitation())
    desk.calendar.busy.append(APPOINTMENT)
    desk.passes()
    sent(desk)
    chosen = desk.entry().offered[0]
    desk.calendar.busy.append(chosen)
    said = f"{chosen.start:%A, %-d %B %Y} at {chosen.start + timedelta(hours=1):%H:%M} (Berlin time)"
    text = f"Hi Robin,\n\n{said} works for us. See you then!\n\nMaya\n"
    desk.arrives(mail(text, subject="Re: Interview", In_Reply_To=str(desk.entry().sent_message_id)))
    desk.passes(2, minutes=1)
    assert desk.drafts == []


def test_looking_forward_to_a_talk_that_nobody_agreed_to_leaves_the_draft(desk: Desk) -> None:
    desk.arrives(php_invitation())
    desk.passes()
    (draft,) = desk.drafts
    desk.arrives(
        mail(
            "Hi Robin,\n\nGreat, that's confirmed then. We look forward to meeting you!\n\nColin\n",
            subject="Re: Interview",
            sender="Colin Ashdown <colin@larkfield.example>",
            In_Reply_To=desk.case().message_ids[0],
        )
    )
    desk.passes(2, minutes=1)
    assert desk.case().kind is Kind.CONFIRMATION
    assert [kept.raw for kept in desk.drafts] == [draft.raw]
    assert desk.case().state is CaseState.DRAFTED
    assert desk.case().newer_mail_at is not None, "it is not sent without another word"


def test_their_choice_of_an_offered_time_confirms_the_case(desk: Desk) -> None:
    chosen = _they_choose(desk)
    assert desk.drafts == []
    case = desk.case()
    assert case.state is CaseState.CONFIRMED
    assert case.appointment is not None
    assert case.appointment.start == chosen
    assert desk.session.ledger.holds() == ()


def _with_request(uid: str, organizer: str = "colin@larkfield.example") -> bytes:
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", "METHOD:REQUEST", "BEGIN:VEVENT", f"UID:{uid}",
        "DTSTAMP:20251201T000000Z", "DTSTART:20251205T140000Z", "DTEND:20251205T144500Z", "SUMMARY:Interview",
        f"ORGANIZER:mailto:{organizer}", f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{ME}", "END:VEVENT",
        "END:VCALENDAR", "",
    ]  # fmt: skip
    from email import message_from_bytes, policy
    from email.message import EmailMessage

    message = message_from_bytes(php_invitation(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    data = "\r\n".join(lines).encode()
    message.add_alternative(data, maintype="text", subtype="calendar", params={"method": "REQUEST"}, cte="base64")
    return message.as_bytes()


@pytest.mark.parametrize("edited", [False, True], ids=["as we wrote it", "edited"])
def test_a_decline_tells_their_calendar_only_when_it_is_still_ours(desk: Desk, edited: bool) -> None:
    desk.arrives(_with_request("php-1@larkfield.example"))
    desk.passes()
    assert b"text/calendar" not in desk.drafts[0].raw, "never in the draft"
    assert any("Their calendar is told too" in " ".join(note.split()) for note in desk.notes())
    if edited:
        stored = desk.mail.remove(desk.draft_ref())
        desk.mail.put("Drafts", stored.raw.replace(b"Robin Meyer\r\n", b"Robin\r\n"), ["\\Draft"])
    sent(desk)
    raw = desk.submission.sent[0].raw
    if edited:
        assert b"text/calendar" not in raw
        return
    from email import message_from_bytes

    (part,) = [p for p in message_from_bytes(raw).walk() if p.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REPLY"
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    calendar = icalendar.Calendar.from_ical(payload)
    (event,) = calendar.walk("VEVENT")
    assert (str(calendar["METHOD"]), str(event["UID"])) == ("REPLY", "php-1@larkfield.example")
    assert event["ATTENDEE"].params["PARTSTAT"] == "DECLINED"
    (copy,) = desk.mail.messages("Sent")
    assert b"text/calendar" in copy.raw


@pytest.mark.parametrize("place", ["Cc", "nowhere"])
def test_their_calendar_is_told_only_when_the_letter_goes_to_the_organizer(desk: Desk, place: str) -> None:
    desk_of = b"\nReply-To: colin@larkfield.example\nSubject:"
    raw = _with_request("php-3@larkfield.example", "boss@larkfield.example")
    raw = raw.replace(b"\nSubject:", desk_of, 1)
    if place == "Cc":
        raw = raw.replace(b"\nSubject:", b"\nCc: boss@larkfield.example\nSubject:", 1)
    desk.arrives(raw)
    desk.passes()
    assert (b"boss@" in desk.drafts[0].raw.partition(b"\r\n\r\n")[0]) is (place == "Cc")
    assert not any("calendar is told" in " ".join(note.split()) for note in desk.notes())
    sent(desk)
    assert b"text/calendar" not in desk.submission.sent[0].raw


def test_the_calendar_is_told_nothing_where_that_is_switched_off(tmp_path: Path) -> None:
    desk = Desk(tmp_path, replace(SETTINGS, replies=replace(SETTINGS.replies, itip="off")))
    desk.arrives(_with_request("php-2@larkfield.example"))
    desk.passes()
    assert not any("calendar is told" in " ".join(note.split()) for note in desk.notes())
    sent(desk)
    assert b"text/calendar" not in desk.submission.sent[0].raw
    assert desk.entry().state is EntryState.SENT


def test_the_brief_comes_once_a_day_at_its_hour_and_lists_what_waits(tmp_path: Path) -> None:
    desk = Desk(tmp_path, replace(SETTINGS, notes=replace(SETTINGS.notes, brief=time(7, 30))))
    desk.arrives(invitation())
    desk.passes(3, minutes=60)
    assert not any("Senior Backend Engineer" in raw for raw in desk.briefs())
    desk.passes(24, minutes=60)
    (first,) = desk.briefs()
    assert "Senior Backend Engineer" in " ".join(unflow(first.partition("\r\n\r\n")[2]).split())
    desk.passes(24, minutes=60)
    assert len(desk.briefs()) == 2


def test_an_accepted_time_is_promised_to_nobody_else(tmp_path: Path) -> None:
    desk = Desk(tmp_path, replace(SETTINGS, replies=replace(SETTINGS.replies, accept="draft")))
    desk.arrives(invitation())
    desk.passes()
    assert desk.entry().outcome is Outcome.ACCEPT
    assert [(hold.period, hold.firm) for hold in desk.session.ledger.holds()] == [(APPOINTMENT, False)]
    sent(desk)
    (hold,) = desk.session.ledger.holds()
    assert (hold.period, hold.firm) == (APPOINTMENT, True)
    assert hold.expires == APPOINTMENT.end, "also where it lies further ahead than an offer is held"


def test_thanks_of_the_persons_own_undo_no_agreement(desk: Desk) -> None:
    desk.arrives(invitation())
    desk.passes()
    text = "Hi Robin,\n\ngreat, your interview on Thursday, 4 December 2025 at 10:00 is confirmed.\n\nMaya\n"
    desk.arrives(mail(text, subject="Re: Interview", In_Reply_To=str(desk.case().invitation_id)))
    desk.passes(2, minutes=1)
    assert desk.case().state is CaseState.CONFIRMED
    thanks = mail("Thank you, see you then.\n", sender=f"Robin Meyer <{ME}>",
                  In_Reply_To=str(desk.case().invitation_id))  # fmt: skip
    desk.mail.put("Sent", thanks, ["\\Seen"])
    desk.passes(2, minutes=1)
    assert desk.case().state is CaseState.CONFIRMED


def test_after_a_decline_a_further_mail_of_theirs_is_left_alone(desk: Desk) -> None:
    desk.arrives(php_invitation(Message_ID="<php@larkfield.example>"))
    desk.passes()
    sent(desk)
    again = php_invitation(In_Reply_To="<php@larkfield.example>", References="<php@larkfield.example>")
    desk.arrives(again.replace(b"Hi Robin,", b"Hi Robin, may I ask once more?"))
    desk.passes(3, minutes=60)
    assert desk.drafts == []
    assert "declined this already" in desk.case().reason
