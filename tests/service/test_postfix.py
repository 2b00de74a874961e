"""A draft that is starred goes through a real mail server into the mailbox of the other side."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

import pytest

from raincheck.core.model import CaseState
from tests.servers import dovecot, postfix
from tests.servers.mailbox import Mailbox
from tests.service.desk import invitation
from tests.service.realdesk import RealDesk, lying

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.submission import SubmissionServer

pytestmark = [pytest.mark.dovecot, pytest.mark.skipif(not postfix.installed(), reason="Postfix is not here")]


def test_a_starred_draft_reaches_the_other_side_once_and_a_refused_one_nobody(
    mailbox: Mailbox, submission: SubmissionServer, postfix: postfix.Postfix, tmp_path: Path
) -> None:
    desk = RealDesk(mailbox, submission, tmp_path, smtp_port=postfix.port, smtp_password=dovecot.PASSWORD)
    desk.deliver(invitation())
    desk.passes(2, minutes=1)
    postfix.refuse("maya@tidewater.example")
    desk.stars()
    desk.passes(14, minutes=1)
    assert desk.case().state is CaseState.DRAFTED
    assert "refused it" in desk.notes()
    postfix.refuse("")
    desk.stars()
    desk.passes(14, minutes=1)
    assert desk.case().state is CaseState.SENT
    postfix.delivered()
    (filed,) = desk.at("Sent")
    with Mailbox("maya", dovecot.PASSWORD, mailbox.port, mailbox.deliver_to).client() as client:
        (arrived,) = lying(client, "INBOX")
    sent, got = (message_from_bytes(raw, policy=default) for raw in (filed.raw, arrived.raw))
    assert [sent[name] for name in ("Message-ID", "From", "To")] == [got[name] for name in ("Message-ID", "From", "To")]
    assert got["To"].addresses[0].addr_spec == "maya@tidewater.example"
    assert arrived.raw.endswith(filed.raw.partition(b"\r\n\r\n")[2])
    assert b"raincheck" not in arrived.raw.lower()
