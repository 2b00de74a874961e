"""Which folder is which: special-use attributes, then localised names, then what the person configured."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raincheck.core.settings import Account
    from raincheck.ports import Folder


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """The account's special folders by name; None where there is no such folder."""

    drafts: str
    sent: str | None
    sent_by_server: bool
    trash: str | None


def special_folders(folders: Sequence[Folder], account: Account, names: Mapping[str, tuple[str, ...]]) -> Mailboxes:
    """The special folders of an account. Raises Refused, with the remedy, when there is no Drafts folder."""
    drafts = _find("drafts", account.drafts, folders, names)
    if drafts is None:
        raise Refused(
            f"account {account.name}: no Drafts folder was found. "
            f'Create one in your mail client, or name it: [accounts.{account.name}] drafts = "…".'
        )
    by_server = account.sent == "server"
    sent = _find("sent", "auto" if by_server else account.sent, folders, names)
    return Mailboxes(drafts, sent, by_server, _find("trash", account.trash, folders, names))


def is_called(name: str, told: str) -> bool:
    """Whether the server's name of a folder is what the person calls it, who may leave out where it hangs."""
    return bool(re.fullmatch(rf"(.*[./\\])?{re.escape(told)}", name, re.IGNORECASE))


def _find(use: str, wanted: str, folders: Sequence[Folder], names: Mapping[str, tuple[str, ...]]) -> str | None:
    selectable = [f for f in folders if not f.attributes & {"noselect", "nonexistent"}]
    if wanted != "auto":
        return next((f.name for f in selectable if f.name.casefold() == wanted.casefold()), None)
    marked = [f.name for f in selectable if use in f.attributes]
    if marked:
        return marked[0]
    known = {name.casefold(): rank for rank, name in enumerate(names[use])}
    named = [(known[leaf], f.name) for f in selectable if (leaf := _leaf(f).casefold()) in known]
    return min(named)[1] if named else None


def _leaf(folder: Folder) -> str:
    return folder.name.rpartition(folder.delimiter)[2] if folder.delimiter else folder.name
