"""The wordings of times in data/appointments.toml as mails."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from raincheck.core.message import parse_message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from raincheck.core.model import Message
    from raincheck.core.segments import SegmentWords

WORDINGS = Path(__file__).parent / "data" / "appointments.toml"
ZONE = "Europe/Berlin"  # of the reader


def wording(case: Mapping[str, Any], segments: SegmentWords) -> Message:
    """A mail of a Monday with the text of a case; its other keys may say more."""
    greeting = "Guten Tag Robin,\n\n" if case.get("lang") == "de" else "Dear Robin,\n\n"
    signature = case.get("signature", "Kind regards\nAnna")
    headers = (
        f"From: {case.get('from', 'Anna Beck <anna@acme.example>')}\nSubject: {case.get('subject', 'Interview')}\n"
        f"To: {case.get('to', 'robin@example.net')}\n"
        f"Date: {case.get('date', 'Mon, 2 Mar 2026 10:00:00 +0100')}\n"
        f"Content-Type: {case.get('type', 'text/plain')}; charset=utf-8\n"
    )
    return parse_message(f"{headers}\n{greeting}{case['text']}\n\n{signature}\n".encode(), None, segments)
