"""What beside its words makes an offer of work a swindle: the addresses.

The words of swindles are cues of the sign `scam` in the lexicons; kind.py adds both.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raincheck.core.model import Address, Message
    from raincheck.core.reading.senders import Senders

_OFFICE = re.compile(r"\b(?:hr|human resources?|recruit\w{0,8}|hiring|careers?|talent|personnel|personal\w{0,12})\b")


def structure(message: Message, senders: Senders, *, reply_to_mismatch: bool) -> float:
    """How much the addresses speak for a swindle, 0 to 3 in the scale of the cues' weights.

    A hiring office that writes from a freemail address, and answers that are led to a private box elsewhere.
    """
    sender = message.from_
    if sender is None:
        return 0.0
    score = 0.0
    if senders.is_freemail(sender) and _is_office(sender):
        score += 1
    if any(senders.is_freemail(a) and a.addr_spec.lower() != sender.addr_spec.lower() for a in message.reply_to):
        score += 2 if reply_to_mismatch or not senders.is_freemail(sender) else 1
    return score


def _is_office(address: Address) -> bool:
    words = re.sub(r"[._+-]", " ", f"{address.display_name[:200]} {address.local_part[:64]}").lower()
    return _OFFICE.search(words) is not None
