"""Learns what speaks for a format, from tests/corpus and the whole mails: rules/reading/learned/formats.json.

One table for all languages.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from raincheck import assets
from raincheck.core.itip import parse_scheduling
from raincheck.core.message import parse_message
from raincheck.core.reading.fields import read_fields
from raincheck.core.reading.fields.format import FORMATS, NONE
from raincheck.core.reading.language import detect
from raincheck.core.reading.learned import Linear
from raincheck.core.reading.lexicon import Lexica
from tests.accuracy import CORPUS, addressee, cases
from tests.learning import linear
from tests.learning.linear import Example, Teaching
from tests.learning.material import FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OUT = FOLDER.parents[1] / "rules" / "reading" / "learned" / "formats.json"
_FORMATS = Teaching(rare=3, least=0.02, bound=0.5, options=(("max_iter", 1000), ("class_weight", "balanced")))


@dataclass(frozen=True, slots=True)
class Watcher(Linear):
    """A model that decides nothing, and notes the signs of the mail that it is asked about."""

    seen: dict[str, float] = field(default_factory=dict)

    def probabilities(self, found: Mapping[str, float], *scores: Sequence[float]) -> dict[str, float]:
        """None of the formats."""
        self.seen.update(found)
        return {}


def examples() -> list[Example]:
    """Every labelled mail that asks for an answer, as the reader of formats sees it."""
    lexica = Lexica.from_data(assets.reading_data())
    found = []
    for name, (raw, expected) in (case for folder in (CORPUS, FOLDER / "mails") for case in cases(folder).items()):
        label = expected.get("format", "") or NONE
        if not expected.get("actionable") or "format" not in expected or label not in (*FORMATS, NONE):
            continue
        message = parse_message(raw, None, lexica.segments)
        me = addressee(message)
        watcher = Watcher(dict.fromkeys((*FORMATS, NONE), 0.0), {})
        request = parse_scheduling(message.calendar_parts, me.addresses, tz=me.timezone)
        lang = detect(message, lexica.languages)
        read_fields(message, request, lang, replace(lexica.fields, formats=watcher), me)
        found.append(Example(name, watcher.seen, label))
    return found


def main(*, write: bool = True) -> None:
    """Learns and writes the table; without `write` it only tells how well that goes."""
    taught = examples()
    if write:
        linear.write(OUT, linear.fit(taught, _FORMATS))
    else:
        sys.stdout.write(f"format {linear.share_right(taught, _FORMATS):.3f} of {len(taught)} mails\n")
