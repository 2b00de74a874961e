"""Which messages in Drafts can be sent as they stand."""

from __future__ import annotations

import pytest

from raincheck.core.draftmail import parse_draft
from raincheck.core.model import MessageRef

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
