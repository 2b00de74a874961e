"""What every MailAccount must do: over memory, and over IMAP on Dovecot, on Cyrus, on pymap."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import pytest

from raincheck.core.model import MessageRef
from raincheck.errors import MailboxChanged, Refused, Unreachable
from tests.fakes.account import MemoryAccount
from tests.servers.imap import SERVERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raincheck.ports import MailAccount
    from tests.servers.imap import Layout
    from tests.servers.mailbox import Mailbox


class World(Protocol):
    """An account, and the other clients that use the same mailbox."""

    @property
    def account(self) -> MailAccount: ...
    def put(self, mailbox: str, raw: bytes, *flags: str) -> None: ...
    def flag(self, mailbox: str, uid: int, flag: str) -> None: ...
    def remove(self, mailbox: str, uid: int) -> None: ...
    def recreate(self, mailbox: str) -> None: ...


@dataclass
class InMemory:
    account: MemoryAccount

    def put(self, mailbox: str, raw: bytes, *flags: str) -> None:
        self.account.put(mailbox, raw, flags)

    def flag(self, mailbox: str, uid: int, flag: str) -> None:
        self.account.flag(self._ref(mailbox, uid), flag)

    def remove(self, mailbox: str, uid: int) -> None:
        self.account.remove(self._ref(mailbox, uid))

    def recreate(self, mailbox: str) -> None:
        self.account.recreate(mailbox)

    def _ref(self, mailbox: str, uid: int) -> MessageRef:
        return MessageRef(mailbox, self.account.status(mailbox).uidvalidity, uid)


@dataclass
class OnServer:
    account: MailAccount
    mailbox: Mailbox

    def put(self, mailbox: str, raw: bytes, *flags: str) -> None:
        with self.mailbox.client() as client:
            client.append(mailbox, raw, flags)

    def flag(self, mailbox: str, uid: int, flag: str) -> None:
        with self.mailbox.client() as client:
            client.select_folder(mailbox)
            client.add_flags([uid], [flag])

    def remove(self, mailbox: str, uid: int) -> None:
        with self.mailbox.client() as client:
            client.select_folder(mailbox)
            client.delete_messages([uid])
            client.uid_expunge([uid])

    def recreate(self, mailbox: str) -> None:
        with self.mailbox.client() as client:
            client.delete_folder(mailbox)
            client.create_folder(mailbox)
        with suppress(Unreachable):  # Cyrus hangs up on whoever has a mailbox selected that somebody deletes
            self.account.status(mailbox)


_REAL = {str(server): server for server in SERVERS}


@pytest.fixture(params=["memory", *_REAL, "pymap"])
def world(request: pytest.FixtureRequest, new_mailbox: Callable[[Layout], Mailbox]) -> World:
    if request.param == "memory":
        return InMemory(MemoryAccount())
    layout = _REAL.get(request.param)
    mailbox: Mailbox = new_mailbox(layout) if layout else request.getfixturevalue("pymap_mailbox")
    return OnServer(mailbox.open(), mailbox)


@pytest.fixture
def account(world: World) -> MailAccount:
    return world.account


def mail(
    subject: str = "hello", *, message_id: str = "<1@acme.example>", body: str = "Hello,\r\n\r\nDana\r\n"
) -> bytes:
    return (
        f"From: Dana <dana@acme.example>\r\nSubject: {subject}\r\nMessage-ID: {message_id}\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}"
    ).encode()


def _flags(account: MailAccount, mailbox: str) -> dict[int, frozenset[str]]:
    return {uid: marks.flags for uid, marks in account.marks(mailbox).items()}


@contextmanager
def soon(act: object, *arguments: object) -> Iterator[None]:
    """Does something in another thread, a moment after the test began to wait."""
    timer = threading.Timer(0.2, act, arguments)  # type: ignore[arg-type] # any of the world's methods
    timer.start()
    yield
    timer.join()


# --- folders ------------------------------------------------------------------------------------------------------


def test_inbox_is_always_there(account: MailAccount) -> None:
    assert {"INBOX", "Drafts"} <= {folder.name for folder in account.folders()}


def test_a_missing_folder_is_created_once_under_its_unicode_name(account: MailAccount) -> None:
    name = "Räin & Check/Zusagen 面接"
    account.ensure_folder(name)
    account.ensure_folder(name)
    assert [folder.name for folder in account.folders()].count(name) == 1
    ref = account.append(name, mail(), [])
    assert account.uids(name) == [ref.uid if ref else 1]


def test_a_folder_that_is_there_keeps_its_messages(world: World, account: MailAccount) -> None:
    world.put("Drafts", mail())
    before = account.status("Drafts")
    account.ensure_folder("Drafts")
    assert account.status("Drafts") == before


# --- status and uids ----------------------------------------------------------------------------------------------


def test_status_follows_what_arrives(world: World, account: MailAccount) -> None:
    before = account.status("INBOX")
    world.put("INBOX", mail())
    after = account.status("INBOX")
    assert (after.uidvalidity, after.messages) == (before.uidvalidity, before.messages + 1)
    assert before.uidvalidity > 0
    assert account.uids("INBOX") == [before.uidnext]
    assert after.uidnext == before.uidnext + 1


def test_uids_above_a_watermark(world: World, account: MailAccount) -> None:
    for number in range(4):
        world.put("INBOX", mail(message_id=f"<{number}@acme.example>"))
    uids = account.uids("INBOX")
    assert uids == sorted(uids)
    assert len(uids) == 4
    assert account.uids("INBOX", above=uids[1]) == uids[2:]
    assert account.uids("INBOX", above=uids[-1]) == []
    assert account.uids("INBOX", above=uids[-1] + 1000) == []


def test_uids_above_a_watermark_when_the_last_ones_are_gone(world: World, account: MailAccount) -> None:
    for number in range(3):
        world.put("INBOX", mail(message_id=f"<{number}@acme.example>"))
    uids = account.uids("INBOX")
    world.remove("INBOX", uids[2])
    assert account.uids("INBOX", above=uids[1]) == []  # "n:*" names the last message, whatever n is


def test_uids_since_a_day(account: MailAccount) -> None:
    for day in (1, 15, 28):
        account.append("INBOX", mail(), [], datetime(2026, 11, day, 12, tzinfo=UTC))
    first, middle, last = account.uids("INBOX")
    assert account.uids("INBOX", since=date(2026, 11, 15)) == [middle, last]
    assert account.uids("INBOX", since=date(2026, 11, 15), above=middle) == [last]
    assert account.uids("INBOX", since=date(2026, 11, 1)) == [first, middle, last]
    assert account.uids("INBOX", since=date(2026, 11, 29)) == []


def test_uids_by_message_id(world: World, account: MailAccount) -> None:
    for number in range(3):
        world.put("INBOX", mail(message_id=f"<{number}@acme.example>"))
    wanted = account.uids("INBOX")[1]
    assert account.uids("INBOX", header=("Message-ID", "<1@acme.example>")) == [wanted]
    assert account.uids("INBOX", header=("Message-ID", "<1@acme.example>"), above=wanted) == []


@pytest.mark.parametrize("world", ["memory", *_REAL], indirect=True)  # pymap finds no such ids, however asked
@pytest.mark.parametrize(
    "message_id",
    [
        '<"quo\\"ted"@acme.example>',
        "<back\\slash@acme.example>",
        "<{5}(paren)%*]@acme.example>",
        "<with space@acme.example>",
        "<ünïcode@acme.example>",
        "<" + "long" * 60 + "@acme.example>",
    ],
)
def test_uids_by_message_id_whatever_is_in_it(world: World, account: MailAccount, message_id: str) -> None:
    world.put("INBOX", mail(message_id="<other@acme.example>"))
    world.put("INBOX", mail(message_id=message_id))
    wanted = account.uids("INBOX")[1]
    assert wanted in account.uids("INBOX", header=("Message-ID", message_id))
    if message_id.isascii():
        assert account.uids("INBOX", header=("Message-ID", message_id)) == [wanted]


@pytest.mark.parametrize(
    "text", ['nothing" ALL OR ALL "', "nothing\r\nA1 LOGOUT", "{9}", "nothing\0", "*", "nothing) ALL"]
)
def test_a_searched_text_is_never_a_command(world: World, account: MailAccount, text: str) -> None:
    world.put("INBOX", mail())
    assert account.uids("INBOX", header=("Message-ID", text)) == []
    assert len(account.uids("INBOX")) == 1


# --- fetch --------------------------------------------------------------------------------------------------------


def test_fetch_gives_every_byte_in_the_order_of_uids(world: World, account: MailAccount) -> None:
    raws = [mail(f"mail {number}", body="Grüße\r\n.\r\n\r\nFrom here\r\n) OK {3}\r\n") for number in range(3)]
    for raw in raws:
        world.put("INBOX", raw)
    uids = account.uids("INBOX")
    fetched = account.fetch("INBOX", [uids[2], uids[0], uids[1], uids[0]])
    assert [message.raw for message in fetched] == raws
    assert [message.ref.uid for message in fetched] == list(uids)
    assert {message.ref.uidvalidity for message in fetched} == {account.status("INBOX").uidvalidity}
    assert [message.size for message in fetched] == [len(raw) for raw in raws]


def test_fetch_cuts_at_the_limit_and_tells_the_whole_size(world: World, account: MailAccount) -> None:
    raw = mail(body="x" * 5000)
    world.put("INBOX", raw)
    (uid,) = account.uids("INBOX")
    (cut,) = account.fetch("INBOX", [uid], limit=100)
    (whole,) = account.fetch("INBOX", [uid], limit=100_000)
    assert (cut.raw, cut.size) == (raw[:100], len(raw))
    assert whole.raw == raw


def test_fetch_leaves_out_what_is_gone(world: World, account: MailAccount) -> None:
    for _ in range(3):
        world.put("INBOX", mail())
    uids = account.uids("INBOX")
    world.remove("INBOX", uids[1])
    assert [message.ref.uid for message in account.fetch("INBOX", [*uids, 4711])] == [uids[0], uids[2]]
    assert account.fetch("INBOX", [uids[1]]) == []
    assert account.fetch("INBOX", []) == []


def test_reading_never_marks_as_seen(world: World, account: MailAccount) -> None:
    world.put("INBOX", mail())
    (uid,) = account.uids("INBOX")
    account.fetch("INBOX", [uid])
    account.fetch("INBOX", [uid], limit=10)
    assert _flags(account, "INBOX") == {uid: frozenset()}


def test_flags_are_in_lower_case_and_of_now(world: World, account: MailAccount) -> None:
    world.put("Drafts", mail(), "\\Draft", "\\Seen")
    (uid,) = account.uids("Drafts")
    assert _flags(account, "Drafts") == {uid: frozenset({"\\draft", "\\seen"})}
    world.flag("Drafts", uid, "\\Flagged")
    assert _flags(account, "Drafts")[uid] == frozenset({"\\draft", "\\seen", "\\flagged"})
    (fetched,) = account.fetch("Drafts", [uid])
    assert "\\flagged" in fetched.flags


def test_where_the_server_counts_changes_a_star_set_again_is_another(world: World, account: MailAccount) -> None:
    """RFC 7162: Dovecot and Cyrus count, pymap does not."""
    ref = put(world, "Drafts")
    account.add_flags(ref, ["\\Flagged"])
    first = account.marks("Drafts")[ref.uid]
    assert account.marks("Drafts")[ref.uid] == first
    account.remove_flags(ref, ["\\Flagged"])
    account.add_flags(ref, ["\\Flagged"])
    second = account.marks("Drafts")[ref.uid]
    (fetched,) = account.fetch("Drafts", [ref.uid])
    assert second.flags == first.flags
    assert fetched.modseq == second.modseq
    if first.modseq is not None:
        assert second.modseq is not None
        assert second.modseq > first.modseq


def test_flags_of_an_empty_mailbox(account: MailAccount) -> None:
    assert _flags(account, "Sent") == {}
    assert account.uids("Sent") == []


# --- writing ------------------------------------------------------------------------------------------------------


def test_append_files_the_message_with_flags_and_date(account: MailAccount) -> None:
    moment = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    before = account.status("Drafts")
    ref = account.append("Drafts", mail(body="Grüße\n"), ["\\Draft", "\\Seen"], moment)
    (message,) = account.fetch("Drafts", account.uids("Drafts"))
    assert message.ref == MessageRef("Drafts", before.uidvalidity, before.uidnext)
    assert ref in (None, message.ref)
    assert message.raw == mail(body="Grüße\r\n")
    assert message.flags == frozenset({"\\draft", "\\seen"})
    assert message.internal_date == moment


def test_append_to_a_mailbox_that_is_not_there_is_refused(account: MailAccount) -> None:
    with pytest.raises(Refused):
        account.append("No such folder", mail(), [])
    assert account.append("Drafts", mail(), []) is not None  # and the connection is as good as before


def test_flags_can_be_set_and_taken_away(world: World, account: MailAccount) -> None:
    ref = put(world, "INBOX")
    assert account.add_flags(ref, ["\\Answered", "\\Flagged"])
    assert _flags(account, "INBOX")[ref.uid] == {"\\answered", "\\flagged"}
    assert account.remove_flags(ref, ["\\Flagged"])
    assert _flags(account, "INBOX")[ref.uid] == {"\\answered"}


def test_flags_of_a_message_that_is_gone(world: World, account: MailAccount) -> None:
    put(world, "INBOX")
    ref = put(world, "INBOX")
    world.remove("INBOX", ref.uid)
    assert not account.add_flags(ref, ["\\Flagged"])
    assert not account.remove_flags(ref, ["\\Flagged"])
    assert all("\\flagged" not in flags for flags in _flags(account, "INBOX").values())


def test_expunge_removes_this_message_alone(world: World, account: MailAccount) -> None:
    world.put("Drafts", mail(), "\\Deleted")  # marked by the person, for the person to expunge
    ref = put(world, "Drafts")
    kept = [uid for uid in account.uids("Drafts") if uid != ref.uid]
    assert account.expunge(ref)
    assert account.uids("Drafts") == kept
    assert account.expunge(ref)  # it is gone


def test_writing_to_a_mailbox_that_was_made_anew(world: World, account: MailAccount) -> None:
    account.ensure_folder("Notes")
    ref = put(world, "Notes")
    world.recreate("Notes")
    put(world, "Notes")
    with pytest.raises(MailboxChanged):
        account.add_flags(ref, ["\\Flagged"])
    with pytest.raises(MailboxChanged):
        account.remove_flags(ref, ["\\Flagged"])
    with pytest.raises(MailboxChanged):
        account.expunge(ref)
    assert list(_flags(account, "Notes").values()) == [frozenset()]
    assert account.status("Notes").uidvalidity != ref.uidvalidity


def test_a_mailbox_that_is_not_there(account: MailAccount) -> None:
    for read in (account.status, account.uids, account.marks, lambda name: account.fetch(name, [1])):
        with pytest.raises(MailboxChanged):
            read("No such folder")
    gone = MessageRef("No such folder", 1, 1)
    for write in (account.expunge, lambda ref: account.add_flags(ref, ["\\Flagged"])):
        with pytest.raises(MailboxChanged):
            write(gone)
    assert account.uids("INBOX") == []


def put(world: World, mailbox: str) -> MessageRef:
    """One more message in the mailbox."""
    world.put(mailbox, mail())
    return MessageRef(mailbox, world.account.status(mailbox).uidvalidity, world.account.uids(mailbox)[-1])


# --- waiting ------------------------------------------------------------------------------------------------------


def test_waiting_ends_with_the_time(account: MailAccount) -> None:
    began = time.monotonic()
    assert not account.wait(["INBOX", "Drafts"], 0.3)
    assert 0.25 <= time.monotonic() - began < 2


def test_waiting_ends_when_a_mail_arrives(world: World, account: MailAccount) -> None:
    assert account.uids("INBOX") == []
    began = time.monotonic()
    with soon(world.put, "INBOX", mail()):
        assert account.wait(["INBOX", "Drafts"], 20)
    assert time.monotonic() - began < 5
    assert len(account.uids("INBOX")) == 1


@pytest.mark.parametrize("world", ["memory", *_REAL], indirect=True)  # pymap tells of flags only now and then
def test_waiting_ends_when_a_draft_is_starred(world: World, account: MailAccount) -> None:
    world.put("Drafts", mail(), "\\Draft")
    ((uid, _),) = _flags(account, "Drafts").items()
    account.wait(["INBOX", "Drafts"], 0.01)  # the connections stand
    began = time.monotonic()
    with soon(world.flag, "Drafts", uid, "\\Flagged"):
        assert account.wait(["INBOX", "Drafts"], 20)
    assert time.monotonic() - began < 5
    assert "\\flagged" in _flags(account, "Drafts")[uid]


def test_what_came_between_looking_and_waiting_is_told_at_once_and_once(world: World, account: MailAccount) -> None:
    assert account.uids("INBOX") == []
    world.put("INBOX", mail())
    began = time.monotonic()
    assert account.wait(["INBOX", "Drafts"], 20)
    assert time.monotonic() - began < 2
    assert not account.wait(["INBOX", "Drafts"], 0.2)


def test_wake_ends_waiting_promptly(account: MailAccount) -> None:
    account.wait(["INBOX", "Drafts"], 0.01)  # the connections stand
    began = time.monotonic()
    with soon(account.wake):
        assert not account.wait(["INBOX", "Drafts"], 20)
    assert time.monotonic() - began < 0.2 + 0.5


def test_wake_before_waiting_ends_the_next_wait_and_only_that(account: MailAccount) -> None:
    account.wake()
    account.wake()
    began = time.monotonic()
    assert not account.wait(["INBOX"], 20)
    assert time.monotonic() - began < 1
    assert not account.wait(["INBOX"], 0.2)
    assert time.monotonic() - began >= 0.2


def test_commands_work_after_waiting(world: World, account: MailAccount) -> None:
    account.wait(["INBOX", "Drafts"], 0.1)
    world.put("INBOX", mail())
    assert len(account.uids("INBOX")) == 1
    assert account.append("Drafts", mail(), ["\\Draft"]) is not None


def test_closing_is_quiet_and_may_come_twice(account: MailAccount) -> None:
    account.uids("INBOX")
    account.close()
    account.close()
    account.wake()


def test_a_mail_of_the_day_is_found_by_its_day(world: World, account: MailAccount) -> None:
    world.put("INBOX", mail())
    today = datetime.now(UTC).date()
    assert len(account.uids("INBOX", since=today - timedelta(days=1))) == 1
    assert account.uids("INBOX", since=today + timedelta(days=2)) == []
