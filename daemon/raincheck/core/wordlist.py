"""Many words as one pattern: those with one initial share a branch, so that at each place of a text few are tried."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def any_word(words: Iterable[str], rest: Callable[[str], str] = re.escape) -> str:
    """A pattern of any of the words; of those that fit in one place it finds the first. None of them may be empty.

    rest: the pattern of what a word holds behind its initial.
    """
    by_initial: dict[str, list[str]] = {}
    for word in words:
        by_initial.setdefault(word[0], []).append(rest(word[1:]))
    branches = (f"{re.escape(initial)}(?:{'|'.join(rests)})" for initial, rests in by_initial.items())
    return "|".join(branches) or "(?!)"
