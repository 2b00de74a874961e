"""What the big providers do differently: folder attributes and names, filed copies, Message-IDs, search by words."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from typing import TYPE_CHECKING

import pytest

from raincheck import assets
from raincheck.adapters.imap import ImapAccount
from raincheck.core.model import CaseState, MessageRef
from raincheck.core.settings import SecretSource, Server
from raincheck.errors import Refused, Uncertain
from raincheck.service.folders import Mailboxes, special_folders
from tests.fakes.account import MemoryAccount
from tests.fakes.secrets import FixedSecrets
from tests.fakes.submission import RecordingSubmission
from tests.servers.transcript import Transcript
from tests.service.desk import APPOINTMENT, ME, SETTINGS, Desk, invitation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from raincheck.ports import Envelope

# --- LIST ---------------------------------------------------------------------------------------------------------

_LISTS = {
    "Gmail in German": (
        r"""
        (\HasNoChildren) "/" "INBOX"
        (\HasChildren \Noselect) "/" "[Gmail]"
        (\All \HasNoChildren) "/" "[Gmail]/Alle Nachrichten"
        (\Drafts \HasNoChildren) "/" "[Gmail]/Entw&APw-rfe"
        (\HasNoChildren \Sent) "/" "[Gmail]/Gesendet"
        (\Flagged \HasNoChildren) "/" "[Gmail]/Markiert"
        (\HasNoChildren \Junk) "/" "[Gmail]/Spam"
        (\HasNoChildren \Trash) "/" "[Gmail]/Papierkorb"
        """,
        Mailboxes("[Gmail]/Entwürfe", "[Gmail]/Gesendet", sent_by_server=False, trash="[Gmail]/Papierkorb"),
    ),
    "Gmail in Japanese": (
        r"""
        (\HasNoChildren) "/" "INBOX"
        (\HasNoChildren \Trash) "/" "[Gmail]/&MLQw33ux-"
        (\HasNoChildren \Sent) "/" "[Gmail]/&kAFP4W4IMH8w4TD8MOs-"
        (\HasNoChildren \Drafts) "/" "[Gmail]/&Tgtm+DBN-"
        """,
        Mailboxes("[Gmail]/下書き", "[Gmail]/送信済みメール", sent_by_server=False, trash="[Gmail]/ゴミ箱"),
    ),
    "Microsoft 365": (
        r"""
        (\HasNoChildren) "/" "Archive"
        (\HasNoChildren \Trash) "/" "Deleted Items"
        (\HasNoChildren \Drafts) "/" "Drafts"
        (\Marked \HasNoChildren) "/" "INBOX"
        (\HasNoChildren \Junk) "/" "Junk Email"
        (\HasNoChildren \Sent) "/" "Sent Items"
        """,
        Mailboxes("Drafts", "Sent Items", sent_by_server=False, trash="Deleted Items"),
    ),
    "iCloud, no attributes": (
        r"""
        () "/" "INBOX"
        () "/" "Archive"
        () "/" "Deleted Messages"
        () "/" "Drafts"
        () "/" "Junk"
        () "/" "Sent Messages"
        """,
        Mailboxes("Drafts", "Sent Messages", sent_by_server=False, trash="Deleted Messages"),
    ),
    "Cyrus, attributes in lower case": (
        r"""
        (\HasChildren) "." "INBOX"
        (\HasNoChildren \drafts) "." "INBOX.Concepts"
        (\HasNoChildren \sent) "." "INBOX.Outgoing"
        (\HasNoChildren \trash) "." "INBOX.Bin"
        """,
        Mailboxes("INBOX.Concepts", "INBOX.Outgoing", sent_by_server=False, trash="INBOX.Bin"),
    ),
    "Courier, French names below INBOX": (
        r"""
        (\HasChildren) "." "INBOX"
        (\HasNoChildren) "." "INBOX.Brouillons"
        (\HasNoChildren) "." "INBOX.Envoy&AOk-s"
        (\HasNoChildren) "." "INBOX.Corbeille"
        """,
        Mailboxes("INBOX.Brouillons", "INBOX.Envoyés", sent_by_server=False, trash="INBOX.Corbeille"),
    ),
}


@pytest.mark.parametrize("provider", _LISTS)
def test_special_folders_are_found_in_what_the_provider_lists(provider: str) -> None:
    listed, expected = _LISTS[provider]
    lines = "".join(f"* LIST {line.strip()}\r\n" for line in listed.strip().splitlines())
    with Transcript({"LIST": f"{lines}{{tag}} OK done\r\n"}) as server:
        account = replace(
            SETTINGS.accounts[0],
            imap=Server("127.0.0.1", server.port, "none"),
            password=SecretSource(env="IMAP_PASSWORD"),
        )
        with closing(ImapAccount(account, FixedSecrets("secret"), timeout=5)) as imap:
            found = special_folders(imap.folders(), account, assets.folder_names())
    assert found == expected


def test_a_folder_that_is_configured_goes_before_all_attributes() -> None:
    mail = MemoryAccount(folders={"INBOX": (), "Drafts": ("drafts",), "Mine": (), "Out": ()})
    account = replace(SETTINGS.accounts[0], drafts="mine", sent="server")
    found = special_folders(mail.folders(), account, assets.folder_names())
    assert (found.drafts, found.sent, found.sent_by_server) == ("Mine", None, True)


def test_no_drafts_folder_is_an_error_with_a_remedy() -> None:
    mail = MemoryAccount(folders={"INBOX": (), "Parent/Drafts": ("noselect",)})
    with pytest.raises(Refused, match=r"\[accounts\.main\] drafts"):
        special_folders(mail.folders(), SETTINGS.accounts[0], assets.folder_names())


# --- providers that file what they accept -------------------------------------------------------------------------


class _WholeWords(MemoryAccount):
    """Gmail: a header search finds whole words alone, and a Message-ID only as a whole."""

    def uids(
        self, mailbox: str, *, above: int = 0, since: date | None = None, header: tuple[str, str] | None = None
    ) -> Sequence[int]:
        found = super().uids(mailbox, above=above, since=since, header=header)
        if header is None:
            return found
        name, text = header
        words = {
            stored.uid: str(message_from_bytes(stored.raw).get(name, "")).split() for stored in self.messages(mailbox)
        }
        return [uid for uid in found if text in words[uid]]


class _Filing(RecordingSubmission):
    """A provider that puts what it accepted into Sent by itself, before or after it answers."""

    def __init__(self, file: Callable[[bytes], None]) -> None:
        super().__init__()
        self._file = file

    def submit(self, envelope: Envelope, message: bytes, before_data: Callable[[], None]) -> str:
        before = len(self.sent)
        try:
            return super().submit(envelope, message, before_data)
        finally:
            if len(self.sent) > before:
                self._file(message)


def _as_exchange(message: bytes) -> bytes:
    """Another Message-ID; the one that was submitted stands in a header of its own."""
    head, _, body = message.partition(b"\r\n\r\n")
    renamed = head.replace(b"Message-ID:", b"X-Microsoft-Original-Message-ID:")
    return b"Message-ID: <AM0PR01MB0001@AM0PR01.prod.outlook.example>\r\n" + renamed + b"\r\n\r\n" + body


def _as_it_is(message: bytes) -> bytes:
    return message


_FOLDERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Gmail": {
        "INBOX": (),
        "[Gmail]": ("noselect",),
        "[Gmail]/Brouillons": ("drafts",),
        "[Gmail]/Messages envoyés": ("sent",),
        "[Gmail]/Corbeille": ("trash",),
    },
    "Microsoft 365": {"INBOX": (), "Drafts": ("drafts",), "Sent Items": ("sent",), "Deleted Items": ("trash",)},
}
_REWRITES = {"Gmail": _as_it_is, "Microsoft 365": _as_exchange}


class _ProviderDesk(Desk):
    """A desk at a provider; `sent` and `draft` are the names of its folders."""

    def __init__(self, folder: Path, provider: str, *, told: bool) -> None:
        account = replace(SETTINGS.accounts[0], sent="server" if told else "auto")
        super().__init__(folder, replace(SETTINGS, accounts=(account,)))
        names = _FOLDERS[provider]
        self.drafts_name, self.sent_name, _ = (name for name, uses in names.items() if uses and uses != ("noselect",))
        self.mail = _WholeWords("main", names, clock=lambda: self.now)
        rewritten = _REWRITES[provider]
        self.submission = _Filing(lambda raw: self._filed(rewritten(raw)))
        self.session.ledger.close()
        self.session = self.opened()
        self.calendar.busy.append(APPOINTMENT)
        self.arrives(invitation())
        self.passes(2, minutes=1)

    def _filed(self, raw: bytes) -> None:
        self.mail.put(self.sent_name, raw, ["\\Seen"])

    def approves(self) -> None:
        (draft,) = self.mail.messages(self.drafts_name)
        validity = self.mail.status(self.drafts_name).uidvalidity
        self.mail.flag(MessageRef(self.drafts_name, validity, draft.uid), "\\Flagged")
        self.passes(14, minutes=1)


@pytest.mark.parametrize("told", [True, False], ids=["sent = server", "sent = auto"])
@pytest.mark.parametrize("provider", _FOLDERS)
def test_a_copy_that_the_provider_filed_is_ours_and_the_only_one(tmp_path: Path, provider: str, told: bool) -> None:
    desk = _ProviderDesk(tmp_path, provider, told=told)
    desk.approves()
    assert len(desk.submission.sent) == 1
    assert len(desk.mail.messages(desk.sent_name)) == 1
    assert desk.mail.messages(desk.drafts_name) == []
    case = desk.case()
    assert case.state is CaseState.SENT, "the provider's copy is no answer of the person's own"
    assert case.own_answer is None
    assert case.follow_up_at is not None


@pytest.mark.parametrize("provider", _FOLDERS)
def test_the_providers_copy_settles_a_lost_answer(tmp_path: Path, provider: str) -> None:
    desk = _ProviderDesk(tmp_path, provider, told=True)
    desk.submission.fail_after(Uncertain("lost"), lost=True)
    desk.approves()
    assert desk.case().state is CaseState.SENT
    assert desk.submission.calls == 1
    assert len(desk.mail.messages(desk.sent_name)) == 1
    assert not any("may or may not" in note for note in desk.notes())


def test_a_draft_edited_at_gmails_web_client_needs_its_own_star(tmp_path: Path) -> None:
    """Saved there it has a new UID and Message-ID, and no \\Draft flag."""
    desk = _ProviderDesk(tmp_path, "Gmail", told=True)
    (draft,) = desk.mail.messages(desk.drafts_name)
    validity = desk.mail.status(desk.drafts_name).uidvalidity
    desk.mail.remove(MessageRef(desk.drafts_name, validity, draft.uid))
    kept = [line for line in draft.raw.split(b"\r\n") if not line.startswith((b"Message-ID:", b"X-Raincheck"))]
    edited = b"\r\n".join([b"Message-ID: <CAweb@mail.gmail.example>", *kept]).replace(b"Best regards", b"Kind regards")
    desk.mail.put(desk.drafts_name, edited)
    desk.passes(14, minutes=1)
    assert desk.submission.sent == []
    desk.approves()
    (sent,) = desk.submission.sent
    assert b"Kind regards" in sent.raw


def test_the_person_sends_from_outlook(tmp_path: Path) -> None:
    """The copy in Sent bears a Message-ID of the provider's and none of our headers."""
    desk = _ProviderDesk(tmp_path, "Microsoft 365", told=True)
    (draft,) = desk.mail.messages(desk.drafts_name)
    validity = desk.mail.status(desk.drafts_name).uidvalidity
    desk.mail.remove(MessageRef(desk.drafts_name, validity, draft.uid))
    desk.passes(minutes=1)
    desk.mail.put(desk.sent_name, _as_exchange(draft.raw), ["\\Seen"])
    desk.now += timedelta(minutes=1)
    desk.passes(2, minutes=1)
    assert desk.case().state is CaseState.SENT
    assert ME.encode() in desk.mail.messages(desk.sent_name)[0].raw
    assert desk.submission.sent == []
