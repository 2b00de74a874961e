"""How much of labelled mails is read rightly: `python -m tests.accuracy [FOLDER]` prints a line a field and each miss.

FOLDER holds cases `<case>/{message.eml,expected.json}` (default: tests/corpus). A field that expected.json does not
name is not counted; a list names several right answers. Compared are letters and digits alone; what follows a role's
comma or bracket, a title before a name and a legal form behind a company do not count.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any

from raincheck import assets
from raincheck.core.message import parse_message
from raincheck.core.reading import read
from raincheck.core.reading.lexicon import Lexica
from raincheck.core.reading.report import reading_json
from raincheck.core.settings import Me

CORPUS = Path(__file__).parent / "corpus"
ME = Me(name="Alex Kaya", addresses=("alex.kaya@example.net",), timezone="Europe/Berlin", languages=("en", "de"))

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
    """Every case by name: the mail's bytes and what is expected of it."""
    return {
        place.parent.name: ((place.parent / "message.eml").read_bytes(), json.loads(place.read_text("utf-8")))
        for place in sorted(folder.glob("*/expected.json"))
    }


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


def main(folder: Path = CORPUS) -> None:
    """Prints the share of right answers by field, and every miss."""
    emit = sys.stdout.write
    lexica = Lexica.from_data(assets.reading_data())
    counted: dict[str, int] = defaultdict(int)
    wrong: dict[str, list[str]] = defaultdict(list)
    for name, (raw, expected) in cases(folder).items():
        found = reading_json(read(parse_message(raw, None, lexica.segments), lexica, ME))
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
