"""Text as the grammar of times reads it: compatibility forms folded (NFKC), one dash, one space; offsets lead back."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_TEXT = 30_000  # characters that are read; what comes later in a mail proposes nothing

_DASHES = "‐‑‒–—―−﹘﹣－"
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_QUOTES = "’‘ʼ´`"
_CIRCLED = "".join(  # numbers and letters that mark the items of a list
    map(chr, (*range(0x2460, 0x2474), *range(0x24B6, 0x24EA), *range(0x24EB, 0x24FF), *range(0x2776, 0x2794)))
)
_SAME_LENGTH = str.maketrans(
    {
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_QUOTES, "'"),
        **dict.fromkeys(_CIRCLED, "•"),
        "\r": " ",
    }
)
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# ":-(" opens no bracket; before a capital letter it ends a sentence, but for one of a day ("Monday 14 June")
_SMILEY = re.compile(r"[:;](?<![^\s.!?].)['o]?-?[()DPp|](?=\s|$)")
_BEGINS = re.compile(r"\s+[^\W\d_a-zß-öø-ÿ]\S*(?:\s+[^\W\d]|\s*$)")
_CLUSTER = re.compile("[\x00-\x7f]+(?![\u0300-\u036f])|.[\u0300-\u036f]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Normal:
    """The folded text; `origin[i]` is the offset of its i-th character in the given text (None: the same)."""

    text: str
    origin: Sequence[int] | None = None

    def offset(self, index: int) -> int:
        """Where the character of that index stands in the given text."""
        return index if self.origin is None else self.origin[index]


def without_smileys(text: str) -> str:
    """The text with blanks, or a full stop, in the place of smileys; every other character stays in its place."""
    return _SMILEY.sub(_plain, text)


def _plain(smiley: re.Match[str]) -> str:
    """As many characters that mean nothing, or a full stop."""
    begins = _BEGINS.match(smiley.string, smiley.end()) is not None
    return ("." if begins else " ").ljust(len(smiley[0]))


def normalise(text: str) -> Normal:
    """The first MAX_TEXT characters, folded."""
    text = without_smileys(text[:MAX_TEXT].translate(_SAME_LENGTH))
    if text.isascii() or (unicodedata.is_normalized("NFKC", text) and not _INVISIBLE.search(text)):
        return Normal(text)
    parts: list[str] = []
    origin: list[int] = []
    for match in _CLUSTER.finditer(text):
        piece = match[0]
        if piece.isascii():
            parts.append(piece)
            origin.extend(range(match.start(), match.end()))
            continue
        folded = "" if _INVISIBLE.match(piece) else unicodedata.normalize("NFKC", piece)
        parts.append(folded)
        origin.extend([match.start()] * len(folded))
    origin.append(len(text))
    return Normal("".join(parts), origin)
