"""How much of labelled mails is read rightly: `python -m tests.accuracy [FOLDER…]` prints a table and each miss.

FOLDER holds cases `<case>/{message.eml,expected.json}` (tests/corpus), or whole mails in TOML files
(tests/learning/mails, and tests/unseen, from which nothing is learned), or `labels.jsonl` with `eml/`: a line a mail,
with `file`, `lang`, `kind`, `actionable`, the fields of `raincheck explain --json` (counted for the mails that ask for
an answer), `unscored` (fields to leave out) and `ambiguous` (times are not counted). A field that expected.json does
not name is not counted; a list names several right answers. Compared are letters and digits alone; what follows a
role's comma or bracket, a title before a name and a legal form behind a company do not count.

Languages are counted apart. That of a case is the first two letters of its folder's name (de-startup-du), that of a
TOML file begins its name (en-a.toml; only en and de are looked for), that of a line is its `lang`. It is a heading
alone: the reader finds the language of a mail by itself.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raincheck import assets
from raincheck.core.counted import counted
from raincheck.core.message import parse_message
from raincheck.core.reading import read
from raincheck.core.reading.lexicon import Lexica
from raincheck.core.reading.report import reading_json
from raincheck.core.settings import Me
from tests.learning.material import whole_mails

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.core.model import Message

CORPUS = Path(__file__).parent / "corpus"
UNSEEN = Path(__file__).parent / "unseen"  # mails from which nothing was learned, kept apart until they were measured
LANGUAGES = ("en", "de")
ME = Me(name="Alex Kaya", addresses=("alex.kaya@example.net",), timezone="Europe/Berlin", languages=("en", "de"))

_TIMES = ("slots", "windows")
_FIELDS = (
    *_TIMES,
    *("role", "company", "contact", "reply_to", "agency", "format", "stage", "url", "scheduling_link", "location"),
    *("duration_minutes", "reply_by"),
)
_LEGAL = re.compile(
    r"(?: (?:gmbh|ag|se|kg|co|ltd|limited|llp|llc|inc|plc|pvt|pty|pte|bv|nv|sa|sas|srl|spa|ab|as|asa|oy|aps|ek|eg|ev"
    r"|mbh|ohg|gbr|ug|s|ggmbh|partg|mbb|e v|e k|a g|b v|n v|s a|s r l|s p a|a s|g m b h))+$"
)
_TITLE = re.compile(r"^(?:(?:mr|mrs|ms|mx|dr|prof|frau|herr) )+")


def plain(field: str, value: Any) -> Any:
    """The value as it is compared."""
    if field in _TIMES:
        return sorted(_instant(slot["start"]) for slot in value)
    if not isinstance(value, str):
        return value
    if field == "reply_by":
        return _instant(value) if "T" in value else value
    if field in ("url", "scheduling_link", "reply_to"):
        return value.rstrip("/").casefold()
    if field == "role":
        value = re.split(r"\s*[(,]", value, maxsplit=1)[0] or value
    text = "".join(
        c if c.isalnum() else " " for c in unicodedata.normalize("NFKD", value) if not unicodedata.combining(c)
    )
    text = " ".join(text.casefold().split())
    return (
        _LEGAL.sub("", text).removeprefix("the ")
        if field == "company"
        else _TITLE.sub("", text)
        if field == "contact"
        else text
    )


def _instant(text: str) -> str:
    """The same moment is the same text, whatever its offset; a time without offset stays as it is."""
    time = datetime.fromisoformat(text)
    return (time.astimezone(UTC) if time.tzinfo else time).isoformat()


def cases(folder: Path = CORPUS) -> dict[str, tuple[bytes, dict[str, Any]]]:
    """Every case by name (its language is the first two letters): the mail's bytes and what is expected of it.

    Raises UnusableLabels where there is none, or one that cannot be read or used.
    """
    if (folder / "labels.jsonl").exists():
        found = dict(_labelled(folder))
    elif any(folder.glob("*.toml")):
        found = {s.name: (s.raw, s.label) for lang in LANGUAGES for s in whole_mails(lang, folder)}
    else:
        found = {
            place.parent.name: (_bytes(place.parent / "message.eml"), _label(place.read_text("utf-8"), str(place)))
            for place in sorted(folder.glob("*/expected.json"))
        }
    if not found:
        forms = "labels.jsonl beside eml/, nor cases CASE/expected.json with CASE/message.eml, nor mails in *.toml"
        raise UnusableLabels(f"{folder}: there is no {forms}")
    return found


class UnusableLabels(Exception):
    """A folder of labelled mails that cannot be used; tells the file and what is wrong."""


def _label(text: str, where: str) -> dict[str, Any]:
    try:
        label = json.loads(text)
    except ValueError as problem:
        raise UnusableLabels(f"{where}: no JSON ({problem})") from None
    if not isinstance(label, dict):
        raise UnusableLabels(f"{where}: a label is an object with the names and values of fields")
    return label


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as problem:
        raise UnusableLabels(f"{file}: {problem.strerror}") from None


def _labelled(folder: Path) -> Iterator[tuple[str, tuple[bytes, dict[str, Any]]]]:
    for number, line in enumerate((folder / "labels.jsonl").read_text("utf-8").splitlines(), 1):
        where = f"{folder / 'labels.jsonl'}:{number}"
        label = _label(line, where)
        lacking = {"file", "lang", "kind", "actionable"} - label.keys()
        if lacking:
            raise UnusableLabels(f"{where}: it lacks {', '.join(sorted(lacking))}")
        names = ("kind", "actionable", *(_FIELDS if label["actionable"] else ()))
        left = (*label.get("unscored", ()), *(_TIMES if label.get("ambiguous") else ()))
        kept = {name: label[name] for name in names if name in label and name not in left}
        file = Path(label["file"]).name
        yield f"{label['lang']}-{file.removesuffix('.eml')}", (_bytes(folder / "eml" / file), kept)


def misses(found: dict[str, Any], expected: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Fields read otherwise than expected: (expected, found)."""
    return {
        field: (wanted, found[field])
        for field, wanted in expected.items()
        if plain(field, found[field])
        not in [
            plain(field, one)
            for one in (wanted if isinstance(wanted, list) and field not in (*_TIMES, "skills") else [wanted])
        ]
    }


def addressee(message: Message) -> Me:
    """The person whom the mail was sent to."""
    to = message.to[0] if message.to else None
    return replace(ME, name=to.display_name, addresses=(to.addr_spec.lower(),)) if to else ME


def main(*folders: Path) -> None:
    """Prints for each folder and language the share of right answers by field, and every miss."""
    lexica = Lexica.from_data(assets.reading_data())
    for folder in folders or (CORPUS, UNSEEN):
        groups: dict[str, list[tuple[str, dict[str, Any], dict[str, Any]]]] = defaultdict(list)
        for name, (raw, expected) in cases(folder).items():
            message = parse_message(raw, None, lexica.segments)
            found = reading_json(read(message, lexica, addressee(message)))
            if expected.keys() - found.keys():
                unknown = ", ".join(sorted(expected.keys() - found.keys()))
                raise UnusableLabels(f"{folder}: {name} has labels of no field: {unknown}")
            groups[name[:2]].append((name, expected, found))
        for lang, read_ in groups.items():
            sys.stdout.write(f"\n{folder.name}, {lang}: {counted(len(read_), 'mail')}\n")
            sys.stdout.write("".join(f"{line}\n" for line in _table(read_)))


def _table(mails: Sequence[tuple[str, dict[str, Any], dict[str, Any]]]) -> Iterator[str]:
    """Lines of the table: actionable with precision and recall, times with F1, every field with its share."""
    asked = [(e["actionable"], f["actionable"]) for _, e, f in mails if "actionable" in e]
    right = sum(wanted and got for wanted, got in asked)
    precision = right / max(1, sum(got for _, got in asked))
    recall = right / max(1, sum(wanted for wanted, _ in asked))
    yield f"{'actionable':18} precision {precision:.3f}  recall {recall:.3f}  of {len(asked)}"
    wrong = {name: misses(found, expected) for name, expected, found in mails}
    for field in dict.fromkeys(field for _, expected, _ in mails for field in expected if field != "actionable"):
        counted = [(name, e[field], f[field]) for name, e, f in mails if field in e]
        missed = [name for name, *_ in counted if field in wrong[name]]
        line = f"{field:18} {1 - len(missed) / len(counted):.3f}  of {len(counted)}"
        if field in _TIMES:
            pairs = [(set(plain(field, wanted)), set(plain(field, got))) for _, wanted, got in counted]
            both = 2 * sum(len(wanted & got) for wanted, got in pairs)
            line += f"  F1 {both / max(1, sum(len(wanted) + len(got) for wanted, got in pairs)):.3f}"
        yield line
        yield from (f"  {name}: expected {wrong[name][field][0]!r}, read {wrong[name][field][1]!r}" for name in missed)


if __name__ == "__main__":
    if {"-h", "--help"} & set(sys.argv):
        sys.stdout.write(__doc__)
        sys.exit()
    try:
        main(*(Path(argument) for argument in sys.argv[1:]))
    except UnusableLabels as unusable:
        sys.exit(str(unusable))
