"""Reads many messages of which the server may be unable to give one: that one costs only itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from raincheck.errors import Refused
from raincheck.service import cases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.ports import Fetched
    from raincheck.service.session import Session

PATIENCE = timedelta(hours=1)  # how long a refused message holds the pass up: the trouble may be the server's for now


def fetch(session: Session, mailbox: str, uids: Sequence[int], limit: int) -> Sequence[Fetched]:
    """The messages; without those that the server has refused for an hour (Exchange: "cannot be converted").

    Raises Refused before that hour is over.
    """
    try:
        return session.mail.fetch(mailbox, uids, limit=limit)
    except Refused as problem:
        if len(uids) == 1:
            since = session.refused.setdefault((mailbox, uids[0]), session.clock())
            if session.clock() - since < PATIENCE:
                raise
            cases.unhealthy(session, f"a message in {mailbox} cannot be read and is left out: {problem}")
            return ()
    found: list[Fetched] = []
    refused: list[Refused] = []
    for uid in uids:
        try:
            found += fetch(session, mailbox, [uid], limit)
        except Refused as problem:  # the hours of all of them run at once
            refused.append(problem)
    if refused:
        raise refused[0]
    return found
