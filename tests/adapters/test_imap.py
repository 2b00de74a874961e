"""What the contract suite cannot say of IMAP: logins, TLS, lost lines, hostile answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.servers.mailbox import Mailbox


def test_folders_carry_special_use_attributes_in_lower_case(mailbox: Mailbox) -> None:
    attributes = {folder.name: folder.attributes for folder in mailbox.open().folders()}
    assert "drafts" in attributes["Drafts"]
    assert "trash" in attributes["Trash"]
