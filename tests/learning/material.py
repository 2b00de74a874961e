"""The labelled material as mails and sentences."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raincheck.core.model import ACTIONABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent
FIELDS = (
    *("role", "company", "contact", "reply_to", "agency", "stage", "format", "location", "url", "scheduling_link"),
    *("duration_minutes", "reply_by"),
)
_SHORT_DATE = "2026-10-20T10:12:00+02:00"
_ENCODINGS = ("quoted-printable", "base64", "8bit")
_LINE = 900  # octets of a line beyond which 8bit is not allowed
_METHOD = re.compile(r"^METHOD:(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sample:
    """A labelled mail: its file and name, its bytes, and what is expected of it by field (`kind` at least)."""

    group: str
    name: str
    raw: bytes
    label: dict[str, Any]


def sentences(lang: str) -> list[tuple[str, str]]:
    """Every labelled sentence with what it does."""
    return [
        (line, file.stem)
        for file in sorted((FOLDER / "sentences" / lang).glob("*.txt"))
        for line in file.read_text("utf-8").splitlines()
        if len(line.split()) > 1
    ]


def short_mails(lang: str) -> Iterator[Sample]:
    """The mails of which only the kind is labelled."""
    for file in sorted((FOLDER / "short").glob(f"{lang}-*.txt")):
        for number, block in enumerate(re.split(r"^=== ", file.read_text("utf-8"), flags=re.MULTILINE)[1:], 1):
            head, _, text = block.partition("\n")
            kind, sender, subject = (part.strip() for part in head.split("|", 2))
            mail = {"from": sender, "subject": subject, "date": _SHORT_DATE, "text": text}
            name = f"{file.stem}-{number:03}"
            yield Sample(file.stem, name, message(mail, name).as_bytes(), {"kind": kind})


def whole_mails(lang: str, folder: Path = FOLDER / "mails") -> Iterator[Sample]:
    """The mails with every field labelled, in files `<lang>-<set>.toml` or `<lang>.toml`.

    A field that a mail does not say is None in its label; one that is open to debate is not in it.
    """
    for file in sorted(folder.glob(f"{lang}*.toml")):
        for number, mail in enumerate(tomllib.loads(file.read_text("utf-8"))["mail"], 1):
            name = f"{file.stem}-{number:03}"
            yield Sample(file.stem, name, message(mail, name).as_bytes(), _label(mail["label"]))


def _label(written: dict[str, Any]) -> dict[str, Any]:
    actionable = written["kind"] in ACTIONABLE
    label: dict[str, Any] = {"kind": written["kind"], "actionable": actionable}
    if actionable and not written.get("ambiguous"):
        label |= {key: _times(written.get(key, ())) for key in ("slots", "windows")}
    if actionable or written.get("role") or written.get("company"):
        label |= {field: written.get(field) for field in FIELDS}
    return {field: value for field, value in label.items() if field not in written.get("unscored", ())}


def _times(written: Any) -> list[dict[str, str | None]]:
    return [{"start": time["start"], "end": time.get("end")} for time in written]


def message(mail: dict[str, Any], name: str) -> EmailMessage:
    """The mail as it would come in; its encodings are drawn by its name."""
    drawn = hashlib.sha256(name.encode()).digest()
    result = EmailMessage()
    result["Date"] = format_datetime(datetime.fromisoformat(mail["date"]))
    result["From"] = sender = _address(mail["from"])
    result["To"] = _address(mail.get("to", "Robin Meyer <robin.meyer@example.net>"))
    for header in ("cc", "reply_to"):
        if header in mail:
            value = mail[header]
            result[header.replace("_", "-")] = [_address(a) for a in ([value] if isinstance(value, str) else value)]
    result["Subject"] = mail["subject"]
    result["Message-ID"] = f"<{drawn.hex()[:18]}@{sender.domain}>"
    if mail.get("in_reply_to"):
        result["In-Reply-To"] = result["References"] = "<abc.123@example.net>"
    for header in mail.get("extra", ()):
        key, _, value = header.partition(":")
        result[key.strip()] = value.strip()
    for number, (key, subtype) in enumerate((("text", "plain"), ("html", "html"), ("ics", "calendar"))):
        if key in mail:
            _part(result, mail[key].strip("\n") + "\n", subtype, drawn[number])
    return result


def _part(result: EmailMessage, text: str, subtype: str, draw: int) -> None:
    options: dict[str, Any] = {"subtype": subtype, "charset": "utf-8", "cte": _ENCODINGS[draw % 3]}
    if any(len(line.encode()) > _LINE for line in text.splitlines()):
        options["cte"] = "quoted-printable"
    if subtype == "calendar":
        method = _METHOD.search(text)
        options |= {"params": {"method": method[1]} if method else {}, "cte": "base64"}
    (
        result.add_alternative
        if result.get_content_type() != "text/plain" or result.get_payload()
        else result.set_content
    )(text, **options)


def _address(text: str) -> Address:
    name, _, spec = text.strip().rstrip(">").rpartition("<")
    local, _, domain = spec.rpartition("@")
    return Address(name.strip(' "'), local, domain)
