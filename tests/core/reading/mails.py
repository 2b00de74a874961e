"""Labelled mails for the tests of kind and language: data/*.toml -> Message and Signals."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from raincheck.core.model import Address, Automatic, Kind, Message, SchedulingRequest, Segment, SegmentKind
from raincheck.core.reading.kind import Signals

FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A mail and what a careful reader takes it for."""

    name: str
    language: str
    kind: Kind
    public: bool
    message: Message
    signals: Signals


def labelled() -> list[Labelled]:
    """Every labelled mail of data/kinds-<language>.toml."""
    return [
        _labelled(entry, path.stem.removeprefix("kinds-"), number)
        for path in sorted(FOLDER.glob("kinds-*.toml"))
        for number, entry in enumerate(tomllib.loads(path.read_text("utf-8"))["mail"], 1)
    ]


def mail(
    text: str, subject: str = "", sender: str = "Kim Doe <kim@hexagon.example>", quoted: str = "", **more: Any
) -> Message:
    """A message whose newest text is the given one."""
    return Message(
        message_id="<1@hexagon.example>",
        date=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        from_=Address(*parseaddr(sender)),
        subject=subject,
        segments=(Segment(SegmentKind.NEWEST, text), *([Segment(SegmentKind.QUOTED, quoted)] if quoted else [])),
        **more,
    )


def _labelled(entry: dict[str, Any], language: str, number: int) -> Labelled:
    automatic = Automatic.BULK if entry.get("bulk") else None
    reply_to = entry.get("reply_to")
    return Labelled(
        name=f"{language}-{number:03}-{entry['kind']}",
        language=language,
        kind=Kind(entry["kind"]),
        public=bool(entry.get("public")),
        message=mail(
            entry["text"],
            entry["subject"],
            entry["from"],
            entry.get("quoted", ""),
            automatic=Automatic(entry["auto"]) if "auto" in entry else automatic,
            reply_to=(Address("", reply_to),) if reply_to else (),
            in_reply_to=("<0@example.net>",) if entry.get("reply") else (),
        ),
        signals=Signals(
            has_slots=bool(entry.get("times")),
            has_windows=bool(entry.get("windows")),
            scheduling_link=bool(entry.get("link")),
            scheduling=_request(entry["calendar"], entry.get("summary", "")) if "calendar" in entry else None,
            reply_to_mismatch=reply_to is not None,
        ),
    )


def _request(method: str, summary: str) -> SchedulingRequest:
    return SchedulingRequest(
        method="REQUEST" if method == "UPDATE" else method,
        uid="1@hexagon.example",
        sequence=int(method == "UPDATE"),
        summary=summary,
        status="CANCELLED" if method == "CANCEL" else "CONFIRMED",
    )
