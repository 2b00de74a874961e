"""Mails that were passed on: whose signatures they hold, and the mail of its writer, where somebody passed it on who
has nothing to do with the talk.

A friend, a namesake, a careers office: the mail lies below their words, and who wrote it is who invites and signs.
Somebody of a firm or an agency who passes on what a colleague or a client wrote arranges the talk, and is no bystander;
so only plain words make one, or a private mailbox whose owner says next to nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from raincheck.core.model import SegmentKind
from raincheck.core.reading.fields.names import squashed
from raincheck.core.reading.fields.text import MAX_PASSAGES
from raincheck.core.recipients import is_no_reply

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    from raincheck.core.model import Address, Message, Segment
    from raincheck.core.reading.fields.sender import Sender
    from raincheck.core.reading.fields.words import FieldWords

_OWN_WORDS = (SegmentKind.NEWEST, SegmentKind.SIGNATURE)
_FEW = 40  # words of one who only passes something on
_SENTENCE = re.compile(r"[.!?;]")
_CLAUSE = re.compile(r"[.!?;:,()]|\s[-–—]\s")


class Passed(NamedTuple):
    """A mail that a bystander passed on.

    mail: as its writer sent it. writer: who wrote it; None where that is not plain, and then the mail is as it came.
    """

    mail: Message
    writer: Address | None


def passed_on(
    message: Message, sender: Sender, myself: Sequence[str], mine: Set[str], words: Sequence[FieldWords]
) -> Passed | None:
    """The mail that a bystander passed on; None where nobody passed one on, or whoever did is concerned.

    sender: of the message; myself, mine: the person's names, and addresses in small letters.
    """
    at = _begin(message.segments)
    if at is None or message.from_ is None:
        return None
    said = " . ".join(" ".join(one.text.split()) for one in message.segments[:at] if one.kind in _OWN_WORDS)
    points = _points_on(said, words)
    if not points and not (sender.sort == "free" and _only_passes(said, words)):
        return None
    levels = [one for one in message.segments if one.kind == SegmentKind.FORWARDED]
    writer = _writer(levels, {squashed(name) for name in myself}, mine | {message.from_.addr_spec.lower()})
    if writer is None:
        return Passed(message, None) if points else None
    return Passed(replace(message, from_=writer, reply_to=(), segments=message.segments[at:]), writer)


def signatures_below(message: Message) -> frozenset[str]:
    """The signatures below a mail that is passed on: those of its writer."""
    segments = message.segments[:MAX_PASSAGES]
    below = segments[at:] if (at := _begin(segments)) is not None else ()
    return frozenset(segment.text for segment in below if segment.kind == SegmentKind.SIGNATURE)


def _begin(segments: Sequence[Segment]) -> int | None:
    return next((at for at, segment in enumerate(segments) if segment.kind == SegmentKind.FORWARDED), None)


def _writer(levels: Sequence[Segment], myself: Set[str], others: Set[str]) -> Address | None:
    """Who wrote the mail below: one with an address that may be answered, and neither the reader nor who passes it on;
    of a mail that went through several hands nobody is sure."""
    writer = levels[0].from_ if len(levels) == 1 else None
    if writer is None or writer.addr_spec.lower() in others or is_no_reply(writer.addr_spec):
        return None
    return None if squashed(writer.display_name) in myself else writer


def _points_on(said: str, words: Sequence[FieldWords]) -> bool:
    """Whether a clause asks plainly to answer somebody else: "please answer her directly", but neither "you should not"
    nor "if you have questions, contact her directly"."""
    for w in words:
        for match in w.points_on.finditer(said):
            before = said[: match.start()]
            asks = w.points_lead.issuperset(_CLAUSE.split(before)[-1].lower().split())
            if asks and not w.questions.search(_SENTENCE.split(before)[-1]):
                return True
    return False


def _only_passes(said: str, words: Sequence[FieldWords]) -> bool:
    """Whether words tell no time and ask for no answer: "look what came in! She is lovely, wear warm socks"."""
    asks = any(phrases.search(said) for w in words for phrases in (w.answer, w.telling))
    return len(said.split()) <= _FEW and not asks and not any(map(str.isdigit, said))
