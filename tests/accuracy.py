"""How much of labelled mails is read rightly: `python tests/accuracy.py [FOLDER]` prints a line a field and each miss.

FOLDER holds cases `<case>/{message.eml,expected.json}` (default: tests/corpus), or whole mails in TOML files
(tests/learning/mails, and tests/unseen, from which nothing is learned), or `labels.jsonl` with `eml/`; their
fields are counted for the mails that ask for an answer. A field that expected.json does not
name is not counted; a list names several right answers. Compared are letters and digits alone; what follows a role's
comma or bracket, a title before a name and a legal form behind a company do not count.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raincheck import assets
from raincheck.core.message import parse_message
from raincheck.core.reading import read
from raincheck.core.reading.lexicon import Lexica
from raincheck.core.reading.report import reading_json
from raincheck.core.settings import Me
from tests.learning.material import whole_mails

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.core.model import Message

CORPUS = Path(__file__).parent / "corpus"
LANGUAGES = ("en", "de")
ME = Me(name="Alex Kaya", addresses=("alex.kaya@example.net",), timezone="Europe/Berlin", languages=("en", "de"))

_FIELDS = ("role", "company", "contact", "reply_to", "agency", "format", "stage", "url", "scheduling_link", "location")
_LEGAL = re.compile(
    r"(?: (?:gmbh|ag|se|kg|co|ltd|limited|llp|llc|inc|plc|pvt|pty|bv|sa|ab|as|ev|mbh|ohg|gbr|ug|s|ggmbh|partg|mbb))+$"
)
_TITLE = re.compile(r"^(?:(?:mr|mrs|ms|mx|dr|prof|frau|herr) )+")


def plain(field: str, value: Any) -> Any:
    """The value as it is compared."""
    if field in ("slots", "windows"):
        return sorted(slot["start"][:16] for slot in value)
    if not isinstance(value, str):
        return value
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


def cases(folder: Path = CORPUS) -> dict[str, tuple[bytes, dict[str, Any]]]:
    """Every case by name (its language first): the mail's bytes and what is expected of it."""
    if (folder / "labels.jsonl").exists():
        return dict(_labelled(folder))
    if any(folder.glob("*.toml")):
        return {s.name: (s.raw, s.label) for lang in LANGUAGES for s in whole_mails(lang, folder)}
    return {
        place.parent.name: ((place.parent / "message.eml").read_bytes(), json.loads(place.read_text("utf-8")))
        for place in sorted(folder.glob("*/expected.json"))
    }


def _labelled(folder: Path) -> Iterator[tuple[str, tuple[bytes, dict[str, Any]]]]:
    for line in (folder / "labels.jsonl").read_text("utf-8").splitlines():
        label = json.loads(line)
        names = ("kind", "actionable", *(_FIELDS if label["actionable"] else ()))
        kept = {name: label[name] for name in names if name in label and name not in label.get("unscored", ())}
        file = Path(label["file"]).name
        yield f"{label['lang']}-{file.removesuffix('.eml')}", ((folder / "eml" / file).read_bytes(), kept)


def misses(found: dict[str, Any], expected: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Fields read otherwise than expected: (expected, found)."""
    return {
        field: (wanted, found[field])
        for field, wanted in expected.items()
        if plain(field, found[field])
        not in [
            plain(field, one)
            for one in (
                wanted if isinstance(wanted, list) and field not in ("slots", "windows", "skills") else [wanted]
            )
        ]
    }


def addressee(message: Message) -> Me:
    """The person whom the mail was sent to."""
    to = message.to[0] if message.to else None
    return replace(ME, name=to.display_name, addresses=(to.addr_spec.lower(),)) if to else ME


def main(folder: Path = CORPUS) -> None:
    """Prints the share of right answers by field, and every miss."""
    emit = sys.stdout.write
    lexica = Lexica.from_data(assets.reading_data())
    counted: dict[str, int] = defaultdict(int)
    wrong: dict[str, list[str]] = defaultdict(list)
    for name, (raw, expected) in cases(folder).items():
        message = parse_message(raw, None, lexica.segments)
        found = reading_json(read(message, lexica, addressee(message)))
        group = name.split("-", 1)[0]
        for field in expected:
            counted[f"{group} {field}"] += 1
        for field, (wanted, got) in misses(found, expected).items():
            wrong[f"{group} {field}"].append(f"  {name}: expected {wanted!r}, read {got!r}")
    for field, total in sorted(counted.items()):
        emit(f"{field:22}{1 - len(wrong[field]) / total:7.3f}  of {total}\n")
        emit("".join(f"{line}\n" for line in wrong[field]))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
