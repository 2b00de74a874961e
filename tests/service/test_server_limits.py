"""What a real server refuses: a full mailbox, a read-only Drafts, a folder that goes away. One draft, one sending, and
the person is told."""

from __future__ import annotations

import shutil
import tempfile
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest
from imapclient.exceptions import IMAPClientError

from raincheck.core.model import CaseState
from raincheck.demo.dovecot import installed
from tests.servers.dovecot import PASSWORD, OAuthDovecot, StrictDovecot
from tests.servers.mailbox import Mailbox
from tests.service.desk import invitation
from tests.service.realdesk import RealDesk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from raincheck.demo.certificate import Certificate
    from tests.servers.submission import SubmissionServer

pytestmark = pytest.mark.dovecot

_users = count(1)
_ALL_RIGHTS = "lrswipkxtea"


class NoDrafts(OAuthDovecot):
    """A server that makes no Drafts folder."""

    special: ClassVar[Mapping[str, str]] = {"Sent": "Sent", "Trash": "Trash"}


@pytest.fixture(scope="module")
def server(tls: Certificate) -> Iterator[Callable[[type[OAuthDovecot]], OAuthDovecot]]:
    """Starts a server of a class, one for the module."""
    if installed() is None:
        pytest.skip("Dovecot is not installed (apt-get install dovecot-imapd dovecot-lmtpd)")
    running: dict[type[OAuthDovecot], OAuthDovecot] = {}
    folders: list[str] = []

    def started(kind: type[OAuthDovecot]) -> OAuthDovecot:
        if kind not in running:
            folders.append(tempfile.mkdtemp(prefix="dovecot-"))
            running[kind] = kind(Path(folders[-1]), tls)
            running[kind].start()
        return running[kind]

    yield started
    for made in running.values():
        made.__exit__(None, None, None)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _person(server: OAuthDovecot, submission: SubmissionServer, state: Path) -> RealDesk:
    mailbox = Mailbox(f"strict{next(_users)}", PASSWORD, server.imap_port, server.deliver)
    desk = RealDesk(mailbox, submission, state)
    desk.deliver(invitation())
    return desk


@pytest.fixture
def desk(
    server: Callable[[type[OAuthDovecot]], OAuthDovecot], submission: SubmissionServer, tmp_path: Path
) -> Iterator[RealDesk]:
    """The invitation has come in; nothing was done yet."""
    made = _person(server(StrictDovecot), submission, tmp_path)
    yield made
    for account in made.mailbox.opened:
        account.close()


def fills_up(desk: RealDesk) -> None:
    """The person files so much that nothing more fits."""
    with desk.mailbox.client() as client:
        client.create_folder("Archive")
        for size in (16_000, 4_000, 1_000, 200, 50):
            while True:
                try:
                    client.append("Archive", b"Subject: filed\r\n\r\n" + b"x" * size + b"\r\n")
                except IMAPClientError:  # it does not fit
                    break


def makes_room(desk: RealDesk) -> None:
    with desk.mailbox.client() as client:
        client.delete_folder("Archive")


def rights(desk: RealDesk, folder: str, letters: str) -> None:
    with desk.mailbox.client() as client:
        client.setacl(folder, desk.mailbox.user, letters)


def unhealthy(desk: RealDesk) -> str:
    """What `status` says of the account; "" when it is well."""
    return next((h.detail for h in desk.session.ledger.health() if h.name == "account:main" and not h.ok), "")


def others_flags(desk: RealDesk) -> list[frozenset[str]]:
    return [m.flags for m in desk.at("INBOX") if b"Auto-Submitted" not in m.raw]


# --- quota --------------------------------------------------------------------------------------------------------


def test_a_full_mailbox_takes_the_draft_when_there_is_room_again(desk: RealDesk) -> None:
    fills_up(desk)
    assert desk.passes(3, minutes=1) == 0
    assert desk.at("Drafts") == []
    assert "quota" in unhealthy(desk).lower()
    makes_room(desk)
    with desk.mailbox.client() as client:  # UIDNEXT moves, and it is not by our draft
        client.append("Drafts", b"Subject: my own\r\n\r\nHello\r\n", ["\\Draft"])
    desk.passes(4, minutes=1)
    assert len([m for m in desk.at("Drafts") if b"X-Raincheck-Case" in m.raw]) == 1
    assert len(desk.at("Drafts")) == 2
    assert len(desk.at("Raincheck")) == 1
    assert unhealthy(desk) == ""
    assert others_flags(desk) == [frozenset()]


def test_a_mailbox_that_is_full_after_sending_keeps_the_draft_until_the_copy_is_filed(desk: RealDesk) -> None:
    desk.passes(2, minutes=1)
    desk.stars()
    desk.passes(2, minutes=1)
    fills_up(desk)
    assert desk.passes(12, minutes=1) == 0
    assert len(desk.server.received) == 1
    assert (len(desk.at("Drafts")), desk.at("Sent")) == (1, [])
    desk.restarts()
    makes_room(desk)
    desk.passes(3, minutes=1)
    assert len(desk.server.received) == 1
    assert (desk.at("Drafts"), len(desk.at("Sent"))) == ([], 1)
    assert others_flags(desk) == [{"\\answered"}]


# --- rights -------------------------------------------------------------------------------------------------------


def test_a_drafts_folder_that_takes_nothing_gets_the_draft_when_it_does(desk: RealDesk) -> None:
    rights(desk, "Drafts", "lra")
    assert desk.passes(3, minutes=1) == 0
    assert desk.at("Drafts") == []
    assert "could not be written" in unhealthy(desk)
    rights(desk, "Drafts", _ALL_RIGHTS)
    desk.passes(3, minutes=1)
    assert len(desk.at("Drafts")) == 1
    assert unhealthy(desk) == ""


def test_a_drafts_folder_that_became_read_only_sends_once_and_says_what_it_could_not_do(desk: RealDesk) -> None:
    desk.passes(2, minutes=1)
    desk.stars()
    desk.passes(2, minutes=1)
    rights(desk, "Drafts", "lra")
    assert desk.passes(14, minutes=1) == 0, "it costs this draft alone"
    assert len(desk.server.received) == 1
    assert (len(desk.at("Drafts")), len(desk.at("Sent"))) == (1, 1)
    assert "refused" in unhealthy(desk)
    rights(desk, "Drafts", _ALL_RIGHTS)
    desk.passes(2, minutes=1)
    assert (desk.at("Drafts"), len(desk.at("Sent"))) == ([], 1)
    assert len(desk.server.received) == 1
    assert desk.case().state is CaseState.SENT


def test_a_star_that_cannot_be_taken_off_sends_nothing_however_long_it_stands(desk: RealDesk) -> None:
    desk.passes(2, minutes=1)
    desk.stars()
    desk.server.script("RCPT", "550 5.1.1 no such user", times=1)
    rights(desk, "Drafts", "lra")
    assert desk.passes(40, minutes=1) == 0
    assert desk.server.received == []
    assert "\\flagged" in desk.the_draft().flags
    assert desk.server.verbs.count("RCPT") == 1
    assert "refused it" in desk.notes()


def test_an_original_that_cannot_be_marked_answered_costs_nothing_else(desk: RealDesk) -> None:
    desk.passes(2, minutes=1)
    desk.stars()
    rights(desk, "INBOX", "lria")
    assert desk.passes(14, minutes=1) == 0
    assert len(desk.server.received) == 1
    assert (desk.at("Drafts"), len(desk.at("Sent"))) == ([], 1)
    assert others_flags(desk) == [frozenset()]


# --- folders ------------------------------------------------------------------------------------------------------


def test_a_drafts_folder_that_is_deleted_takes_its_draft_along_for_good(desk: RealDesk) -> None:
    """Dovecot makes it anew, empty: nothing is written a second time, nothing is sent."""
    desk.passes(2, minutes=1)
    desk.stars()
    desk.passes(minutes=1)
    with desk.mailbox.client() as client:
        client.delete_folder("Drafts")
    desk.passes(30, minutes=30)
    assert desk.at("Drafts") == []
    assert desk.server.received == []
    assert desk.case().state is CaseState.WITHDRAWN


def test_without_a_drafts_folder_the_account_is_unhealthy_and_nothing_is_lost(
    server: Callable[[type[OAuthDovecot]], OAuthDovecot], submission: SubmissionServer, tmp_path: Path
) -> None:
    desk = _person(server(NoDrafts), submission, tmp_path)
    assert desk.passes(2, minutes=1) == 2
    with desk.mailbox.client() as client:
        client.create_folder("Entwürfe")
    assert desk.passes(2, minutes=1) == 0
    assert len(desk.at("Entwürfe")) == 1
    for account in desk.mailbox.opened:
        account.close()
