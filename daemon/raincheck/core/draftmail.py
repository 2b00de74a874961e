"""A message in Drafts, Sent or Trash as far as the life of a draft needs it, and how it is matched to a case."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses
from typing import TYPE_CHECKING

from raincheck.core.lifecycle import Link, Place, SeenDraft
from raincheck.core.model import Entry, Marks, MessageRef
from raincheck.core.rfc5322 import CASE_HEADER, digest, message_ids, similarity, visible_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

READ_LIMIT = 512 * 1024  # bytes read of one; a longer draft is not ours but the person's, with attachments
ORIGINAL_ID = "X-Microsoft-Original-Message-ID"  # Exchange Online replaces Message-ID on submission and keeps it here
_ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_ARMOUR = "-----BEGIN PGP MESSAGE-----"  # an encrypted text without MIME (RFC 9580, 6.2)
# What clients note in a draft that is to be encrypted only when they send it themselves.
_TO_BE_ENCRYPTED = {"Autocrypt-Draft-State": "encrypt=yes", "X-Enigmail-Draft-Status": "N1"}


@dataclass(frozen=True, slots=True)
class DraftMail:
    """What identifies a message of the person's own folders: ids, sender, recipients, subject, text, digest."""

    ref: MessageRef
    message_id: str | None
    original_id: str | None  # before the provider gave it another
    case: str | None  # X-Raincheck-Case
    references: tuple[str, ...]  # In-Reply-To and References together
    sender: str  # addr-spec in lower case, "" when unreadable
    recipients: tuple[str, ...]
    subject: str
    text: str
    digest: str
    whole: str  # SHA-256 (hex) of every byte that was read
    readable: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Every Message-ID that the mail has, or had when it was submitted."""
        return tuple(name for name in (self.message_id, self.original_id) if name is not None)


def parse_draft(raw: bytes, ref: MessageRef) -> DraftMail:
    """Reads a message of Drafts, Sent or Trash; never raises, what cannot be read is empty."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(raw[:65536])

    def field(name: str) -> str:
        return str(headers.get(name, ""))

    def addresses(*names: str) -> tuple[str, ...]:
        values = [str(value) for name in names for value in headers.get_all(name, [])]
        return tuple(address.lower() for _, address in getaddresses(values) if "@" in address)

    text = visible_text(raw)
    ids = message_ids(field("Message-ID"))
    return DraftMail(
        ref=ref,
        message_id=ids[0] if ids else None,
        original_id=next(iter(message_ids(field(ORIGINAL_ID))), None),
        case=field(CASE_HEADER).strip() or None,
        references=(*message_ids(field("References")), *message_ids(field("In-Reply-To"))),
        sender=_only_sender(headers.get_all("From", [])),
        recipients=addresses("To", "Cc", "Bcc"),
        subject=" ".join(field("Subject").split()),
        text=text,
        digest=digest(raw),
        whole=hashlib.sha256(raw).hexdigest(),
        readable=bool(text.strip())
        and headers.get_content_type() not in _ENCRYPTED
        and _ARMOUR not in text
        and not any(wish in field(name) for name, wish in _TO_BE_ENCRYPTED.items()),
    )


def _only_sender(fields: Sequence[object]) -> str:
    """The addr-spec of From in lower case, when there is one From with one mailbox that nobody can take for another."""
    found = getaddresses([str(field) for field in fields])
    if len(fields) != 1 or len(found) != 1:
        return ""
    name, address = found[0]
    return address.lower() if "@" in address and "@" not in name and str(fields[0]).count("@") == 1 else ""


def as_seen(
    entry: Entry, mail: DraftMail, *, place: Place, marks: Marks, own_addresses: tuple[str, ...]
) -> SeenDraft | None:
    """The message as a draft of this entry's case; None when it belongs to something else."""
    link = _link(entry, mail)
    if link is None:
        return None
    return SeenDraft(
        ref=mail.ref,
        place=place,
        link=link,
        digest=mail.digest,
        exact=mail.whole == hashlib.sha256(entry.text).hexdigest(),
        flagged="\\flagged" in marks.flags,
        deleted="\\deleted" in marks.flags,
        modseq=marks.modseq,
        readable=mail.readable,
        from_me=mail.sender in own_addresses,
        similarity=1.0 if mail.digest == entry.digest else similarity(visible_text(entry.text), mail.text),
    )


def mark(case: str, revision: int) -> str:
    """What X-Raincheck-Case holds: the case and the revision of its draft."""
    return f"{case}/{revision}"


def other_draft(entry: Entry, mail: DraftMail, message_ids: tuple[str, ...], own_addresses: tuple[str, ...]) -> bool:
    """True when this is a draft for the same conversation, but not this revision of ours."""
    if _link(entry, mail) in (Link.REF, Link.MESSAGE_ID, Link.CASE_HEADER) or mail.sender not in own_addresses:
        return False
    earlier = mail.case is not None and mail.case.partition("/")[0] == entry.case
    return earlier or bool(set(mail.references) & set(message_ids))


def of_another(entry: Entry, mail: DraftMail, entries: Iterable[Entry]) -> bool:
    """True when the message is a draft of another case in the same thread: by our header, or by what it answers.

    A thread that went on to another company is two cases, and all its mails stand in References of both drafts.
    """
    if mail.case is not None:
        return mail.case.partition("/")[0] != entry.case
    answered = mail.references[-1:]
    return any(other.case != entry.case and (other.invitation_id,) == answered for other in entries)


def _link(entry: Entry, mail: DraftMail) -> Link | None:
    if entry.uid is not None and mail.ref == MessageRef(entry.mailbox, entry.uidvalidity, entry.uid):
        return Link.REF
    if mail.message_id == entry.message_id:
        return Link.MESSAGE_ID
    if mail.case == mark(entry.case, entry.revision):
        return Link.CASE_HEADER
    if entry.invitation_id is not None and entry.invitation_id in mail.references:
        return Link.REFERENCES
    return None
