"""Every fault between raincheck and its servers, through a real relay: one draft, at most one sending, nothing unasked.

`uncertain` is right only where the answer to DATA was really lost.
"""

from __future__ import annotations

import re
import sqlite3
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from imapclient.exceptions import IMAPClientError

from raincheck.adapters.imap import ImapAccount
from raincheck.core.model import CaseState
from raincheck.core.settings import Server
from raincheck.errors import LedgerError, Refused, Uncertain, Unreachable
from tests.fakes.secrets import FixedSecrets
from tests.servers.imap import CYRUS, SERVERS, on_every_server
from tests.servers.proxy import DOWN, UP, Proxy, seen
from tests.servers.submission import CUT, HANG, LOSE, Verb
from tests.servers.transcript import Transcript
from tests.service.desk import APPOINTMENT, Desk, invitation, mail, php_invitation
from tests.service.realdesk import RealDesk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from raincheck.demo.certificate import Certificate
    from tests.servers.dovecot import OAuthDovecot
    from tests.servers.mailbox import Mailbox
    from tests.servers.submission import SubmissionServer

pytestmark = pytest.mark.dovecot

PATIENCE = 0.6  # seconds without an answer after which a server counts as gone


@dataclass
class Line:
    """A desk whose IMAP goes through a relay."""

    desk: RealDesk
    relay: Proxy


@pytest.fixture
def line(mailbox: Mailbox, submission: SubmissionServer, tmp_path: Path, proxy: Callable[[int], Proxy]) -> Line:
    """The invitation has come in; nothing was done yet."""
    relay = proxy(mailbox.port)
    desk = RealDesk(mailbox, submission, tmp_path, imap_port=relay.port, patience=PATIENCE)
    desk.deliver(invitation())
    return Line(desk, relay)


@pytest.fixture
def drafted(line: Line) -> Line:
    """The draft lies there."""
    assert line.desk.passes(2, minutes=1) == 0
    assert len(line.desk.at("Drafts")) == 1
    return line


def settled(desk: RealDesk) -> None:
    """One draft, one note, and the mail of the person untouched; further passes change nothing."""
    assert desk.passes(3, minutes=1) == 0
    assert len(desk.at("Drafts")) == 1
    assert len(desk.at("Raincheck")) == 1
    assert [m.flags for m in desk.at("INBOX") if b"Auto-Submitted" not in m.raw] == [frozenset()]
    assert desk.case().state is CaseState.DRAFTED
    assert desk.server.received == []


def sent_once(desk: RealDesk) -> None:
    """Sent, filed, tidied: each once, whatever came between."""
    desk.passes(3, minutes=1)
    assert len(desk.server.received) == 1
    assert desk.case().state is CaseState.SENT
    assert (len(desk.at("Drafts")), len(desk.at("Sent"))) == (0, 1)
    assert [m.flags for m in desk.at("INBOX") if b"Auto-Submitted" not in m.raw] == [{"\\answered"}]


# --- IMAP while drafting ------------------------------------------------------------------------------------------

_APPEND = b'APPEND "Drafts"'


def _in_small_pieces(relay: Proxy) -> Proxy:
    relay.piece = 200
    return relay


_DRAFTING: dict[str, Callable[[Proxy], None]] = {
    "no greeting": lambda relay: relay.cut_before(seen(b"* OK"), DOWN),
    "login reset": lambda relay: relay.cut_before(seen(b"AUTHENTICATE"), UP),
    "answer to login lost": lambda relay: relay.lose(lambda c: b"Logged in" in c or b"Success" in c, DOWN),
    "FETCH cut midway": lambda relay: _in_small_pieces(relay).cut_after(seen(b"BODY[]"), DOWN),
    "before APPEND": lambda relay: relay.cut_before(seen(_APPEND), UP),
    "in the literal": lambda relay: relay.cut_after(seen(_APPEND), UP),
    "after the literal": lambda relay: relay.cut_after(seen(b"X-Raincheck-Case"), UP),
    "answer to APPEND cut": lambda relay: relay.cut_before(seen(b"APPENDUID"), DOWN),
    "answer to APPEND lost": lambda relay: relay.lose(seen(b"APPENDUID"), DOWN),
    "half-open from APPEND on": lambda relay: relay.lose(seen(_APPEND), UP),
    "note: answer to APPEND lost": lambda relay: relay.cut_before(lambda c: c.count(b"APPENDUID") == 2, DOWN),
}


@on_every_server
@pytest.mark.parametrize("fault", _DRAFTING)
def test_a_cut_while_drafting_leaves_one_draft(line: Line, fault: str) -> None:
    _DRAFTING[fault](line.relay)
    assert line.desk.passes() == 1, "the fault never struck"
    line.desk.passes(4, minutes=1)
    settled(line.desk)


@on_every_server
@pytest.mark.parametrize("fault", ["in the literal", "answer to APPEND cut", "half-open from APPEND on"])
def test_a_cut_and_a_restart_leave_one_draft(line: Line, fault: str) -> None:
    _DRAFTING[fault](line.relay)
    assert line.desk.passes() == 1
    line.desk.restarts()
    line.desk.passes(4, minutes=1)
    settled(line.desk)


@on_every_server
def test_an_append_that_arrives_late_is_the_only_one(line: Line) -> None:
    """The client gave up; the message comes through half a minute later."""
    line.relay.lose(seen(_APPEND), UP)
    assert line.desk.passes() == 1
    intent = line.desk.entry()
    assert line.desk.at("Drafts") == []
    line.desk.passes(minutes=0.3)
    with line.desk.mailbox.client() as client:
        client.append("Drafts", intent.text, ["\\Draft", "\\Seen"])
    line.desk.passes(2, minutes=0.3)
    settled(line.desk)


@on_every_server
def test_a_twin_that_arrives_after_the_second_append_is_removed(line: Line) -> None:
    line.relay.lose(seen(_APPEND), UP)
    assert line.desk.passes() == 1
    line.desk.passes(3, minutes=1)
    assert len(line.desk.at("Drafts")) == 1
    with line.desk.mailbox.client() as client:
        client.append("Drafts", line.desk.entry().text, ["\\Draft", "\\Seen"])
    settled(line.desk)


@on_every_server
def test_a_draft_thrown_away_before_anybody_knew_of_it_is_not_written_again(line: Line) -> None:
    line.relay.cut_before(seen(b"APPENDUID"), DOWN)
    assert line.desk.passes() == 1
    with line.desk.mailbox.client() as client:
        client.select_folder("Drafts")
        client.move(client.search(), "Trash")
    line.desk.passes(6, minutes=1)
    assert line.desk.at("Drafts") == []
    assert line.desk.case().state is CaseState.REFUSED


def _cut_and(line: Line, folder: str, *flags: str) -> None:
    """The answer to APPEND is lost; then the person moves the draft there, in a client that copies and expunges."""
    line.relay.cut_before(seen(b"APPENDUID"), DOWN)
    assert line.desk.passes() == 1
    (lost,) = line.desk.at("Drafts")
    with line.desk.mailbox.client() as client:
        if folder:
            client.append(folder, lost.raw, flags)
        client.select_folder("Drafts")
        client.delete_messages([lost.uid])
        client.uid_expunge([lost.uid])


def test_a_draft_sent_before_anybody_knew_of_it_is_not_written_again(line: Line) -> None:
    _cut_and(line, "Sent", "\\Seen")
    line.desk.passes(6, minutes=1)
    assert line.desk.at("Drafts") == []
    assert line.desk.case().state is CaseState.SENT
    assert line.desk.server.received == []


def test_a_draft_that_was_written_and_is_nowhere_is_told_and_not_written_again(line: Line) -> None:
    _cut_and(line, "")
    line.desk.passes(6, minutes=1)
    assert line.desk.at("Drafts") == []
    assert line.desk.case().state is CaseState.WITHDRAWN
    assert "not written a second time" in line.desk.notes()


def test_a_server_that_refuses_connections_for_an_hour_costs_only_time(drafted: Line) -> None:
    desk = drafted.desk
    desk.stars()
    desk.passes(2, minutes=1)
    drafted.relay.refuse()
    assert desk.passes(12, minutes=5) == 12
    assert desk.server.received == []
    drafted.relay.listen()
    sent_once(desk)


def test_a_stall_in_the_tls_handshake_is_given_up(
    mailbox: Mailbox, submission: SubmissionServer, tmp_path: Path, proxy: Callable[[int], Proxy], tls: Certificate
) -> None:
    assert mailbox.tls_port is not None
    relay = proxy(mailbox.tls_port)
    server = Server("localhost", relay.port, "implicit")
    desk = RealDesk(mailbox, submission, tmp_path, patience=PATIENCE, imap=server)
    desk.deliver(invitation())
    relay.stall()
    assert desk.passes() == 1
    relay.flow()
    relay.cut_now()
    desk.passes(2, minutes=1)
    settled(desk)


def test_a_bye_during_idle_costs_only_a_new_line(mailbox: Mailbox) -> None:
    """As at a restart of the server."""
    with Transcript({"DONE": "* BYE shutting down\r\n\0hang up"}) as server:
        imap = ImapAccount(mailbox.account(port=server.port), FixedSecrets("x"), timeout=PATIENCE)
        with pytest.raises(Unreachable):
            imap.wait(["INBOX"], 0.2)
        assert imap.uids("INBOX", above=9) == []
        imap.close()


def test_a_server_that_is_away_for_a_while_costs_only_time(line: Line) -> None:
    line.relay.stall()
    assert line.desk.passes(2, minutes=1) == 2
    line.relay.flow()
    line.relay.cut_now()
    line.desk.passes(2, minutes=1)
    settled(line.desk)


@on_every_server
@pytest.mark.parametrize("how", ["half-open", "reset"])
def test_a_line_that_dies_in_idle_is_made_again(drafted: Line, how: str) -> None:
    desk = drafted.desk
    assert desk.session.mail.wait(["INBOX", "Drafts"], 0.05) in (True, False)
    if how == "half-open":
        drafted.relay.stall()
    else:
        drafted.relay.cut_now()
    assert desk.passes() == 1
    drafted.relay.flow()
    drafted.relay.cut_now()
    desk.passes(minutes=1)
    settled(desk)


# --- IMAP while sending -------------------------------------------------------------------------------------------

_SENDING: dict[str, Callable[[Proxy], None]] = {
    "copy: before APPEND": lambda relay: relay.cut_before(seen(b'APPEND "Sent"'), UP),
    "copy: answer lost": lambda relay: relay.cut_before(seen(b"APPENDUID"), DOWN),
    "STORE \\Deleted: command lost": lambda relay: relay.lose(seen(b"+FLAGS.SILENT (\\Deleted)"), UP),
    "STORE \\Deleted: line cut after it": lambda relay: relay.cut_after(seen(b"+FLAGS.SILENT (\\Deleted)"), UP),
    "EXPUNGE: before": lambda relay: relay.cut_before(seen(b"UID EXPUNGE"), UP),
    "EXPUNGE: after": lambda relay: relay.cut_after(seen(b"UID EXPUNGE"), UP),
    "EXPUNGE: answer lost": lambda relay: relay.cut_before(seen(b" EXPUNGE\r\n"), DOWN),
    "STORE \\Answered: after": lambda relay: relay.cut_after(seen(b"(\\Answered)"), UP),
}


@on_every_server
@pytest.mark.parametrize("fault", _SENDING)
def test_a_cut_while_tidying_up_doubles_nothing(drafted: Line, fault: str) -> None:
    desk = drafted.desk
    desk.stars()
    assert desk.passes(9, minutes=1) == 0
    drafted.relay.cut_now()  # both lines are made anew, so that the rule sees only what comes now
    assert desk.passes(3) == 2
    _SENDING[fault](drafted.relay)
    assert desk.passes(3, minutes=1) == 1, "the fault never struck"
    sent_once(desk)


# --- SMTP ---------------------------------------------------------------------------------------------------------

_LATER = "421 4.3.2 try later"
_GREY = "451 4.7.1 greylisted, try again in five minutes"
_NEVER = "550 5.7.1 no"
_VERBS: tuple[Verb, ...] = ("EHLO", "MAIL", "RCPT", "DATA", "END")


@pytest.mark.parametrize("verb", _VERBS)
@pytest.mark.parametrize("answer", [_LATER, _GREY, CUT, HANG])
def test_trouble_at_any_verb_is_waited_out(drafted: Line, verb: Verb, answer: str) -> None:
    desk = drafted.desk
    desk.server.script(verb, answer, times=1)
    desk.stars()
    desk.passes(14, minutes=1)
    if verb == "END" and answer in (CUT, HANG):
        assert desk.case().state is CaseState.UNCERTAIN
        assert desk.server.received == []
        return
    sent_once(desk)


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "END"])
def test_a_refusal_at_any_verb_sends_nothing_and_tells(drafted: Line, verb: Verb) -> None:
    desk = drafted.desk
    desk.server.script(verb, _NEVER, times=1)
    desk.stars()
    desk.passes(20, minutes=1)
    assert desk.server.received == []
    assert desk.the_draft().flags == {"\\draft", "\\seen"}
    assert "refused it" in desk.notes()
    desk.stars()
    desk.passes(13, minutes=1)
    sent_once(desk)


def test_a_lost_answer_to_the_final_dot_is_uncertain_for_good(drafted: Line) -> None:
    desk = drafted.desk
    desk.server.script("END", LOSE, times=1)
    desk.stars()
    desk.passes(14, minutes=1)
    assert desk.case().state is CaseState.UNCERTAIN
    desk.restarts()
    desk.passes(10, minutes=30)
    assert len(desk.server.received) == 1
    assert desk.server.verbs.count("DATA") == 1
    assert len(desk.at("Drafts")) == 1
    assert "may or may not" in desk.notes()


def test_a_rejected_login_for_sending_is_tried_once_and_told(drafted: Line) -> None:
    """A wrong password that is tried again every minute locks the account."""
    desk = drafted.desk
    desk.server.script("AUTH", "535 5.7.8 wrong")
    desk.stars()
    desk.passes(30, minutes=1)
    assert desk.server.verbs.count("AUTH") == 1
    assert "login for sending failed" in desk.notes()


# --- folders, UIDVALIDITY, quota ----------------------------------------------------------------------------------


@on_every_server
@pytest.mark.parametrize("folder", ["Raincheck", "Raincheck/Approved"])
@pytest.mark.parametrize("what", ["deleted", "renamed"])
def test_folders_of_ours_that_go_away_are_made_anew(drafted: Line, folder: str, what: str) -> None:
    desk = drafted.desk
    with desk.mailbox.client() as client:
        if what == "deleted":
            _deleted(client, folder)
        else:
            client.rename_folder(folder, "Elsewhere")
    desk.passes(3, minutes=1)
    desk.stars()
    desk.passes(14, minutes=1)
    sent_once(desk)


def _deleted(client: Any, folder: str) -> None:
    """The folder is gone; where a server wants that (Cyrus), those below it went first."""
    try:
        client.delete_folder(folder)
    except IMAPClientError:
        client.delete_folder(f"{folder}/Approved")
        client.delete_folder(folder)


def _made_anew(client: Any, folder: str) -> None:
    """Another UIDVALIDITY, the same messages."""
    client.select_folder(folder, readonly=True)
    kept = client.fetch(client.search(), ["FLAGS", "BODY.PEEK[]", "INTERNALDATE"])
    client.close_folder()
    client.rename_folder(folder, f"{folder}-old")
    client.create_folder(folder)
    for _, row in sorted(kept.items()):
        flags = [flag for flag in row[b"FLAGS"] if flag != b"\\Recent"]
        client.append(folder, row[b"BODY[]"], flags, row[b"INTERNALDATE"])
    client.delete_folder(f"{folder}-old")


@on_every_server
def test_drafts_made_anew_bring_no_second_draft(drafted: Line) -> None:
    with drafted.desk.mailbox.client() as client:
        _made_anew(client, "Drafts")
    drafted.desk.passes(3, minutes=1)
    settled(drafted.desk)
    drafted.desk.stars()
    drafted.desk.passes(14, minutes=1)
    sent_once(drafted.desk)


@pytest.mark.parametrize(
    ("mailbox", "follows"),
    [(server, server is CYRUS) for server in SERVERS],
    indirect=["mailbox"],
    ids=map(str, SERVERS),
)
def test_a_renamed_drafts_folder_takes_the_draft_with_it(drafted: Line, follows: bool) -> None:
    """On Cyrus its special use goes with it: what is starred there is still an approved draft."""
    desk = drafted.desk
    desk.stars()
    desk.passes(2, minutes=1)
    with desk.mailbox.client() as client:
        client.rename_folder("Drafts", "Old drafts")
    desk.passes(20, minutes=1)
    if follows:
        assert desk.at("Old drafts") == []
        sent_once(desk)
    else:
        assert len(desk.at("Old drafts")) == 1
        assert desk.server.received == []
    assert desk.at("Drafts") == []


@on_every_server
def test_sent_and_then_drafts_renamed_stops_nothing(drafted: Line) -> None:
    """What is left to tidy lies in a folder that is no longer there."""
    desk = drafted.desk
    desk.stars()
    drafted.relay.cut_before(seen(b'APPEND "Sent"'), UP)
    assert desk.passes(12, minutes=1) == 1
    with desk.mailbox.client() as client:
        client.rename_folder("Drafts", "Old drafts")
    assert desk.passes(3, minutes=1) == 0
    assert desk.case().state is CaseState.SENT
    assert (len(desk.server.received), len(desk.at("Sent"))) == (1, 1)


def test_an_inbox_made_anew_is_not_answered_again(drafted: Line, dovecot: OAuthDovecot) -> None:
    """As after a restored backup: the server lost its index, and counts from another UIDVALIDITY."""
    desk = drafted.desk
    drafted.relay.cut_now()
    maildir = dovecot.folder / "mail" / desk.mailbox.user / "Maildir"
    before = desk.session.ledger.watermark("main", "INBOX")
    head, _, rest = (maildir / "dovecot-uidlist").read_text().partition("\n")
    (maildir / "dovecot-uidlist").write_text(re.sub(r"V(\d+)", lambda v: f"V{int(v[1]) + 7}", head) + "\n" + rest)
    for index in maildir.glob("dovecot.index*"):
        index.unlink()
    desk.passes(4, minutes=1)
    after = desk.session.ledger.watermark("main", "INBOX")
    assert before is not None
    assert after is not None
    assert before.uidvalidity != after.uidvalidity
    settled(desk)


@on_every_server
def test_a_mailbox_that_was_lost_and_restored_is_not_answered_again(drafted: Line) -> None:
    """Every folder counts from another UIDVALIDITY, and the messages got new UIDs."""
    desk = drafted.desk
    drafted.relay.cut_now()
    kept = {folder: desk.at(folder) for folder in ("INBOX", "Drafts", "Raincheck")}
    time.sleep(1.1)  # servers make a UIDVALIDITY of the clock's seconds
    desk.mailbox.wipe()
    with desk.mailbox.client() as client:
        client.create_folder("Raincheck")
        for folder, messages in kept.items():
            for message in messages:
                client.append(folder, message.raw, message.flags)
    desk.passes(4, minutes=1)
    settled(desk)
    desk.stars()
    desk.passes(14, minutes=1)
    sent_once(desk)


# --- clock and ledger ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", [-50, -1, 1, 5])
def test_a_clock_that_is_set_sends_once_and_not_without_the_undo_time(drafted: Line, hours: int) -> None:
    desk = drafted.desk
    desk.stars()
    desk.passes(2, minutes=1)
    desk.now += timedelta(hours=hours)
    if hours < 0:
        desk.passes(5, minutes=1)
        assert desk.server.received == []
    desk.passes(12, minutes=1)
    sent_once(desk)


@pytest.mark.parametrize("hours", [-50, 5])
def test_a_clock_that_is_set_while_an_append_is_unclear_leaves_one_draft(line: Line, hours: int) -> None:
    line.relay.lose(seen(_APPEND), UP)
    assert line.desk.passes() == 1
    line.desk.now += timedelta(hours=hours)
    line.desk.passes(4, minutes=1)
    settled(line.desk)


def test_a_full_disk_at_any_write_leaves_one_draft(
    mailbox: Mailbox, submission: SubmissionServer, tmp_path: Path
) -> None:
    """SQLite itself refuses, at one page more each time."""
    desk = RealDesk(mailbox, submission, tmp_path)
    desk.deliver(invitation())
    failed = 0
    for pages in range(8):
        database: sqlite3.Connection = desk.session.ledger._db  # type: ignore[attr-defined] # the file itself
        used = database.execute("PRAGMA page_count").fetchone()[0]
        database.execute(f"PRAGMA max_page_count = {used + pages}")
        try:
            desk.passes(minutes=0.5)
        except LedgerError:
            failed += 1
        desk.restarts()
    assert failed > 0
    settled(desk)


def test_a_locked_ledger_sends_nothing(drafted: Line) -> None:
    desk = drafted.desk
    desk.stars()
    desk.passes(9, minutes=1)
    desk.session.ledger._db.execute("PRAGMA busy_timeout = 50")  # type: ignore[attr-defined] # not ten seconds
    with sqlite3.connect(desk.state / "ledger.sqlite3", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="locked"):
            desk.passes(minutes=3)
        other.execute("ROLLBACK")
    other.close()
    assert desk.server.received == []
    desk.passes(minutes=1)
    sent_once(desk)


# --- a server that says no (in memory: no real one does on demand) ------------------------------------------------


@pytest.fixture
def memory(tmp_path: Path) -> Desk:
    """A draft in a mailbox in memory."""
    made = Desk(tmp_path)
    made.calendar.busy.append(APPOINTMENT)
    made.arrives(invitation())
    made.passes(2, minutes=1)
    return made


def test_a_star_that_cannot_be_taken_off_is_told_all_the_same_and_sends_nothing(memory: Desk) -> None:
    memory.stars()
    memory.passes(2, minutes=1)
    memory.submission.refuse.add("maya@tidewater.example")
    memory.mail.fail("remove_flags", Refused("read-only"))
    memory.passes(30, minutes=1)
    assert memory.submission.sent == []
    assert memory.submission.calls == 1
    assert any("refused it" in " ".join(note.split()) for note in memory.notes())


def test_a_full_mailbox_keeps_the_draft_until_the_copy_is_filed(memory: Desk) -> None:
    memory.stars()
    memory.passes(9, minutes=1)
    for _ in range(3):
        memory.mail.fail("append", Refused("[OVERQUOTA] full"))
    memory.passes(3, minutes=1)
    assert len(memory.submission.sent) == 1
    assert len(memory.drafts) == 1
    memory.passes(6, minutes=1)
    assert (len(memory.mail.messages("Sent")), memory.drafts) == (1, [])
    assert len(memory.submission.sent) == 1


@pytest.mark.parametrize(("copies", "marked"), [(1, 1), (2, 0)])
def test_an_original_that_was_numbered_anew_is_marked_answered_if_it_is_the_only_one(
    memory: Desk, copies: int, marked: int
) -> None:
    (original,) = (m.raw for m in memory.mail.messages("INBOX") if b"Auto-Submitted" not in m.raw)
    memory.mail.recreate("INBOX")
    memory.mail.put("INBOX", mail("Hello Robin, see you.", Message_ID="<other@tidewater.example>"))
    for _ in range(copies):
        memory.mail.put("INBOX", original)
    memory.passes(2, minutes=1)
    memory.stars()
    memory.passes(14, minutes=1)
    assert len(memory.submission.sent) == 1
    answered = [m.raw for m in memory.mail.messages("INBOX") if "\\answered" in m.flags]
    assert answered == [original] * marked


def test_a_copy_that_arrives_late_is_the_only_one(memory: Desk) -> None:
    memory.stars()
    memory.passes(9, minutes=1)
    memory.mail.fail("append", Uncertain("the line broke in the literal"))
    with pytest.raises(Unreachable):
        memory.passes(5, minutes=1)
    memory.passes(minutes=0.3)
    assert memory.mail.messages("Sent") == []
    memory.mail.put("Sent", memory.submission.sent[0].raw, ["\\Seen"])
    memory.passes(3, minutes=1)
    assert (len(memory.mail.messages("Sent")), memory.drafts) == (1, [])


def test_a_mailbox_that_refuses_to_expunge_stops_no_other_case(memory: Desk) -> None:
    memory.stars()
    memory.passes(9, minutes=1)
    memory.mail.fail("expunge", Refused("no permission"))
    memory.arrives(php_invitation())
    memory.passes(6, minutes=1)
    assert len(memory.submission.sent) == 1
    assert len(memory.drafts) == 1


def test_a_kill_between_withdrawal_and_removal_leaves_no_dead_draft(memory: Desk) -> None:
    cancelled = mail("Hi Robin,\n\nwe have to cancel your interview.\n\nMaya\n", subject="Re: Interview",
                     In_Reply_To=str(memory.case().invitation_id))  # fmt: skip
    memory.arrives(cancelled)
    memory.mail.fail("expunge", Unreachable("cut"))
    with pytest.raises(Unreachable):
        memory.passes(minutes=1)
    assert len(memory.drafts) == 1
    memory.restarts()
    memory.passes(2, minutes=1)
    assert memory.drafts == []
    assert memory.case().state is CaseState.CLOSED
