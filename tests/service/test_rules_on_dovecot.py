"""The rules of approving and sending once more, on a real Dovecot and a real submission server."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from raincheck.core.model import CaseState, Outcome, Period
from tests.servers.proxy import UP, Proxy, seen
from tests.service.desk import APPOINTMENT, START, invitation, mail, php_invitation
from tests.service.realdesk import RealDesk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.servers.mailbox import Mailbox
    from tests.servers.submission import SubmissionServer

pytestmark = pytest.mark.dovecot


@pytest.fixture
def relay(mailbox: Mailbox, proxy: Callable[[int], Proxy]) -> Proxy:
    return proxy(mailbox.port)


@pytest.fixture
def desk(mailbox: Mailbox, submission: SubmissionServer, tmp_path: Path, relay: Proxy) -> RealDesk:
    """The draft of a reschedule is written."""
    made = RealDesk(mailbox, submission, tmp_path, imap_port=relay.port)
    made.deliver(invitation(Message_ID="<inv@tidewater.example>"))
    assert made.passes(2, minutes=1) == 0
    assert len(made.at("Drafts")) == 1
    return made


def edits(desk: RealDesk, old: bytes, new: bytes) -> None:
    """The person saves another text in place of the draft, and stars it."""
    draft = desk.the_draft()
    assert old in draft.raw
    with desk.mailbox.client() as client:
        client.append("Drafts", draft.raw.replace(old, new), ["\\Draft"])
        client.select_folder("Drafts")
        client.delete_messages([draft.uid])
        client.uid_expunge([draft.uid])
    desk.stars()


def not_sent(desk: RealDesk, why: str, minutes: int = 15) -> None:
    """Nothing is sent, the star goes, and the note says why."""
    assert desk.passes(minutes, minutes=1) == 0
    assert desk.server.received == []
    assert all("\\flagged" not in draft.flags for draft in desk.at("Drafts"))
    assert why in desk.notes()


def test_the_approval_folder_is_made_and_subscribed(desk: RealDesk) -> None:
    with desk.mailbox.client() as client:
        assert {"Raincheck", "Raincheck/Approved"} <= {name for _, _, name in client.list_sub_folders()}


def test_a_newer_mail_of_theirs_voids_the_approval(desk: RealDesk) -> None:
    desk.stars()
    desk.passes(10, minutes=1)
    text = "Hi Robin,\n\none more thing: do you have a driving licence?\n\nMaya\n"
    desk.deliver(mail(text, subject="Re: Interview", In_Reply_To="<inv@tidewater.example>"))
    not_sent(desk, "newer mail")


def test_sending_waits_for_a_complete_pass_over_sent(desk: RealDesk, relay: Proxy) -> None:
    desk.stars()
    desk.passes(9, minutes=1)
    relay.cut_before(seen(b'EXAMINE "Sent"'), UP, times=3)
    relay.cut_now()
    assert desk.passes(4, minutes=1) == 4
    assert desk.server.received == []
    desk.passes(3, minutes=1)
    assert len(desk.server.received) == 1


def test_a_time_that_the_person_wrote_and_that_collides_is_asked_about(desk: RealDesk) -> None:
    own = START.replace(day=9, hour=15)
    desk.calendar.busy.append(Period(own, own + timedelta(hours=1)))
    edits(desk, b"Best ", b"Tuesday, 9 December 2025 at 16:00 would do as well.\r\n\r\nBest ")
    not_sent(desk, "approve the draft once more")
    desk.stars()
    desk.passes(13, minutes=1)
    assert len(desk.server.received) == 1


def test_a_time_of_ours_that_is_taken_meanwhile_is_not_sent_and_the_draft_refreshed(desk: RealDesk) -> None:
    first = desk.entry().offered[0]
    desk.stars()
    desk.passes(2, minutes=1)
    desk.calendar.busy.append(first)
    not_sent(desk, "no longer free")
    assert desk.entry().revision == 2
    assert len(desk.at("Drafts")) == 1


def test_an_encrypted_draft_is_left_to_the_persons_client(desk: RealDesk) -> None:
    edits(desk, b"Content-Type: text/plain", b"Autocrypt-Draft-State: encrypt=yes\r\nContent-Type: text/plain")
    not_sent(desk, "encrypted")


def test_a_draft_from_another_address_is_not_sent(desk: RealDesk) -> None:
    edits(desk, f"<{desk.mailbox.address}>".encode(), b"<other@example.org>")
    not_sent(desk, "none of your addresses")


def test_a_half_written_answer_of_the_persons_own_is_left_and_ours_withdrawn(desk: RealDesk) -> None:
    own = mail("Dear Maya,\n\nI will call you.\n", subject="Re: Interview", sender=desk.mailbox.address,
               In_Reply_To="<inv@tidewater.example>", References="<inv@tidewater.example>")  # fmt: skip
    with desk.mailbox.client() as client:
        client.append("Drafts", own, ["\\Draft", "\\Flagged"])
    desk.passes(15, minutes=1)
    assert desk.server.received == []
    assert b"I will call you" in desk.the_draft().raw
    assert "\\flagged" in desk.the_draft().flags


def test_a_star_first_seen_after_a_long_downtime_is_asked_about(desk: RealDesk) -> None:
    desk.stars()
    desk.now += timedelta(hours=13)
    desk.restarts()
    not_sent(desk, "more than 12 hours")


def test_a_calendar_that_is_down_is_waited_for_an_hour(desk: RealDesk) -> None:
    desk.stars()
    desk.passes(2, minutes=1)
    desk.calendar.known = False
    desk.passes(4, minutes=15)
    assert desk.case().state is CaseState.APPROVED
    not_sent(desk, "the calendar could not be checked", 30)


def test_a_reschedule_whose_appointment_has_begun_is_never_sent(desk: RealDesk) -> None:
    edits(desk, b"Best ", b"Very best ")
    desk.passes(2, minutes=1)
    desk.now = APPOINTMENT.start
    desk.passes()
    assert desk.server.received == []
    for _ in range(2):
        desk.stars()
        desk.passes(13, minutes=1)
    assert desk.server.received == []
    assert "has begun" in desk.notes()


def test_bcc_is_kept_in_the_envelope_and_in_the_copy_alone(desk: RealDesk) -> None:
    edits(desk, b"\r\nSubject:", b"\r\nBcc: friend@example.net\r\nSubject:")
    desk.passes(13, minutes=1)
    (sent,) = desk.server.received
    assert set(sent.recipients) == {"maya@tidewater.example", "friend@example.net"}
    assert b"friend@" not in sent.raw
    (copy,) = desk.at("Sent")
    assert b"Bcc: friend@example.net" in copy.raw


def test_an_accepted_time_that_is_taken_meanwhile_is_not_sent(
    mailbox: Mailbox, submission: SubmissionServer, tmp_path: Path
) -> None:
    desk = RealDesk(mailbox, submission, tmp_path)
    desk.session.settings = replace(
        desk.session.settings, replies=replace(desk.session.settings.replies, accept="draft")
    )
    desk.calendar.busy.clear()
    desk.deliver(invitation())
    desk.passes(2, minutes=1)
    assert desk.entry().outcome is Outcome.ACCEPT
    desk.calendar.busy.append(APPOINTMENT)
    desk.stars()
    not_sent(desk, "no longer free")


def test_a_star_that_the_client_carries_over_to_an_edited_text_approves_nothing(desk: RealDesk) -> None:
    desk.stars()
    desk.passes(5, minutes=1)
    edits(desk, b"Best wishes", b"By the w")
    not_sent(desk, "changed after you approved it")


def test_two_cases_in_one_thread_keep_a_draft_each(desk: RealDesk) -> None:
    thread = {"In_Reply_To": "<inv@tidewater.example>", "References": "<inv@tidewater.example>"}
    desk.deliver(php_invitation(**thread))
    assert desk.passes(4, minutes=1) == 0
    assert len(desk.at("Drafts")) == 2
    assert {case.state for case in desk.session.ledger.cases()} == {CaseState.DRAFTED}
