"""Which messages in Drafts can be sent as they stand."""

from __future__ import annotations

import pytest

from raincheck.core.draftmail import as_seen, parse_draft
from raincheck.core.lifecycle import Link, Place
from raincheck.core.model import Entry, Marks, MessageRef
from tests.core.test_lifecycle import HOME, entry

HEAD = b"From: Robin <robin.meyer@example.net>\r\nTo: dana@acme.example\r\nSubject: Re: Interview\r\n"
TEXT = b"\r\nDear Dana,\r\n\r\nThursday suits me.\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n",
        HEAD + b"Content-Type: multipart/encrypted; boundary=x\r\n" + TEXT,
        HEAD + b"Autocrypt-Draft-State: encrypt=yes; by-choice=yes\r\n" + TEXT,
        HEAD + b"X-Enigmail-Draft-Status: N1100\r\n" + TEXT,
        HEAD + b"\r\n",
    ],
)
def test_drafts_that_are_encrypted_or_meant_to_be_are_not_ours_to_send(raw: bytes) -> None:
    assert not parse_draft(raw, MessageRef("Drafts", 1, 1)).readable


@pytest.mark.parametrize("note", [b"", b"Autocrypt-Draft-State: encrypt=no\r\n", b"X-Enigmail-Draft-Status: N0000\r\n"])
def test_plain_drafts_are_readable(note: bytes) -> None:
    assert parse_draft(HEAD + note + TEXT, MessageRef("Drafts", 1, 1)).readable


_OURS: Entry = entry(invitation_id="<inv@acme.example>")
_ELSEWHERE = MessageRef("Drafts", 7, 99)


@pytest.mark.parametrize(
    ("ref", "head", "link"),
    [
        (HOME, b"", Link.REF),
        (MessageRef("Drafts", 8, 40), b"", None),  # another UIDVALIDITY: another message
        (_ELSEWHERE, b"Message-ID: <ours@example.net>\r\nX-Raincheck-Case: other/1\r\n", Link.MESSAGE_ID),
        (_ELSEWHERE, b"X-Raincheck-Case: c1/1\r\nReferences: <inv@acme.example>\r\n", Link.CASE_HEADER),
        (_ELSEWHERE, b"X-Raincheck-Case: c1/2\r\n", None),  # another revision
        (_ELSEWHERE, b"References: <a@acme.example> <inv@acme.example>\r\n", Link.REFERENCES),
        (_ELSEWHERE, b"In-Reply-To: <inv@acme.example>\r\n", Link.REFERENCES),
        (_ELSEWHERE, b"References: <another@acme.example>\r\n", None),
    ],
)
def test_a_draft_of_ours_is_found_by_its_place_then_its_names_then_its_thread(
    ref: MessageRef, head: bytes, link: Link | None
) -> None:
    mail = parse_draft(HEAD + head + TEXT, ref)
    seen = as_seen(_OURS, mail, place=Place.DRAFTS, marks=Marks(), own_addresses=("robin.meyer@example.net",))
    assert (seen.link if seen else None) is link
