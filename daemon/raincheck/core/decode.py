"""Bytes of a mail -> clean text: charsets that lie, encoded words that are broken, characters that deceive.

Nothing here raises on any input, and every step is bounded by what it is given.
"""

from __future__ import annotations

import binascii
import codecs
import quopri
import re
import unicodedata
from base64 import b64decode

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\r\n]{0,8000})\?=")
_BETWEEN = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_MAX_ENCODED_WORDS = 200  # in one header
_UTF8_LIKE = frozenset(("", "utf-8", "ascii", "unknown-8bit", "8bit", "7bit", "binary", "default", "none"))
_LATIN_1 = frozenset(("iso8859-1", "cp1252"))
# Text codecs of Python that are no charsets of mail and take quadratic time, or name an attack.
_NO_CHARSETS = frozenset(("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs"))

_SPACES = (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
_INVISIBLE = (
    0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0x200B, 0x2010),
    *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x2800, 0x3164, *range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0,
    *range(0xFFF0, 0xFFFC), *range(0xE0000, 0xE0080), *range(0xE0100, 0xE01F0),
)  # fmt: skip
_CLEANER: dict[int, str | None] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " "),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_INVISIBLE),
    0x09: "\t",
    0x0A: "\n",
    0x0B: "\n",
    0x0C: "\n",
    0x85: "\n",
    0x2028: "\n",
    0x2029: "\n",
}


def clean(text: str) -> str:
    """The text without control, zero-width and bidi characters; every kind of space is a space, of line end a \\n."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text.translate(_CLEANER))
    return text


def one_line(text: str) -> str:
    """The text cleaned, on one line, with single spaces."""
    return " ".join(clean(text).split())


def decode_text(data: bytes, charset: str | None) -> str:
    """The text in these bytes: what they are counts more than what the charset parameter says.

    UTF-8 declared as US-ASCII or ISO-8859-1 is UTF-8, ISO-8859-1 is Windows-1252 (as browsers read it), an unknown
    or wrong charset falls back to UTF-8, then Windows-1252.
    """
    name = _codec(charset)
    wide = name.startswith(("utf-16", "utf-32"))
    if name not in _UTF8_LIKE and name not in _LATIN_1 and (not wide or b"\0" in data):
        try:
            return data.decode(name)
        except (LookupError, ValueError):
            pass
    try:
        return data.decode("utf-8").removeprefix("\ufeff")  # utf-8-sig is decoded in Python
    except ValueError:
        pass
    if name in ("", *_LATIN_1) or not _mostly_utf8(data):
        return data.decode("cp1252", "replace")
    return data.decode("utf-8", "replace")


def _mostly_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8 with a flaw (a cut character) rather than something else."""
    text = data[:100_000].decode("utf-8", "replace")
    return text.count("\ufffd") * 8 <= sum(1 for char in text if char > "\x7f")


def _codec(charset: str | None) -> str:
    """Python's name of a charset; "" for none and for what is no charset."""
    if charset is None:
        return ""
    name = charset.strip("'\" \t").lower()[:60]
    if name in _UTF8_LIKE or not name.isascii() or "\0" in name:
        return ""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return "" if found.replace("-", "_") in _NO_CHARSETS or found in _UTF8_LIKE else found


def decode_transfer(data: bytes, encoding: str) -> bytes:
    """The bytes behind a Content-Transfer-Encoding (RFC 2045, 6); what cannot be decoded stays as it is."""
    encoding = encoding.strip().lower()
    if encoding == "base64":
        return _base64(data)
    if encoding == "quoted-printable":
        return quopri.decodestring(data)
    return data


def _base64(data: bytes) -> bytes:
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    try:
        return b64decode(letters[: len(letters) // 4 * 4] + _last_group(letters))
    except (binascii.Error, ValueError):
        return data


def _last_group(letters: bytes) -> bytes:
    rest = letters[len(letters) // 4 * 4 :]
    return rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""


def decode_header(raw: bytes | str) -> str:
    """An unstructured header value in plain words, on one line (RFC 2047, also where its rules are broken).

    Raw bytes are UTF-8 or Windows-1252. A character split over two encoded words is put together again.
    """
    text = decode_text(raw, None) if isinstance(raw, bytes) else raw
    if "=?" not in text:
        return one_line(text)
    pieces: list[str] = []
    pending, charset = b"", ""
    end = 0
    text = _BETWEEN.sub(r"\1", text)
    for number, word in enumerate(_ENCODED_WORD.finditer(text)):
        if number >= _MAX_ENCODED_WORDS:
            break
        name = word[1].partition("*")[0].lower()
        if pending and (word.start() > end or name != charset):
            pieces.append(decode_text(pending, charset))
            pending = b""
        pieces.append(text[end : word.start()])
        pending, charset, end = pending + _word_bytes(word[2], word[3]), name, word.end()
    pieces += [decode_text(pending, charset) if pending else "", text[end:]]
    return one_line("".join(pieces))


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "bB":
        return _base64(data)
    return quopri.decodestring(data.replace(b"_", b" "), header=False)
