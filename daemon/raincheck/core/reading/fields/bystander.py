"""The mail of its writer, where somebody passed it on who has nothing to do with the talk.

A friend, a namesake, a careers office: the mail lies below their words, and who wrote it is who invites, signs and
waits for the answer. Somebody of a firm or an agency who passes on what a colleague or a client wrote arranges the
talk, and is not such a one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.core.model import SegmentKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence, Set

    from raincheck.core.model import Message
    from raincheck.core.reading.fields.sender import Sender
    from raincheck.core.reading.fields.words import FieldWords

_OWN_WORDS = (SegmentKind.NEWEST, SegmentKind.SIGNATURE)


def of_its_writer(message: Message, sender: Sender, mine: Set[str], words: Iterable[FieldWords]) -> Message:
    """The mail as its writer sent it; the message itself where nobody passed it on, or whoever did is concerned.

    sender: of the message; mine: the person's own addresses, in small letters. A bystander writes from an address that
    anybody can have, or says that somebody else shall be answered.
    """
    at = next((at for at, one in enumerate(message.segments) if one.kind == SegmentKind.FORWARDED), None)
    below = message.segments[at] if at is not None else None
    if below is None or below.from_ is None or below.from_.addr_spec.lower() in mine:
        return message
    if message.from_ is None or below.from_.addr_spec.lower() == message.from_.addr_spec.lower():
        return message
    said = [one.text for one in message.segments[:at] if one.kind in _OWN_WORDS]
    if not (sender.sort == "free" or _points_on(said, words)):
        return message
    return replace(message, from_=below.from_, reply_to=(), segments=message.segments[at:])


def _points_on(said: Sequence[str], words: Iterable[FieldWords]) -> bool:
    return any(w.points_on.search(" ".join(text.split())) for w in words for text in said)
