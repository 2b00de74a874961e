"""Numbers with their noun, as people are told them: 1 mail, 2 mails."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """The number with the noun (a regular one, in the singular)."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
