"""Learns what a sentence does and what kind a mail is, from all material: rules/reading/learned/<lang>.json."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raincheck.assets import reading_data
from raincheck.core.itip import parse_scheduling
from raincheck.core.message import parse_message
from raincheck.core.model import ACTIONABLE, Kind
from raincheck.core.reading import findings, signals
from raincheck.core.reading.kind import features, look
from raincheck.core.reading.learned import Learned, Linear
from raincheck.core.reading.learned import features as words_of
from raincheck.core.reading.lexicon import Lexica
from raincheck.core.settings import Me
from tests.accuracy import cases
from tests.core.reading.mails import labelled
from tests.learning.linear import Example, Teaching, fit
from tests.learning.linear import write as write_table
from tests.learning.material import Sample, sentences, short_mails, whole_mails

if TYPE_CHECKING:
    from collections.abc import Sequence

LANGUAGES = ("en", "de")
ME = Me(name="Robin Meyer", addresses=("robin.meyer@example.net",), timezone="Europe/Berlin", languages=LANGUAGES)
OUT = Path(__file__).parents[2] / "rules" / "reading" / "learned"
_OPTIONS = (("max_iter", 400), ("tol", 1e-3))
# A sentence is measured by how many of its features are known: there, one without weight still counts as known.
_ACTS = Teaching(rare=2, least=0.3, bound=10.0, keeps_all=True, options=_OPTIONS)
_KINDS = Teaching(
    rare=5, least=0.03, bound=0.15, options=_OPTIONS, apart=frozenset(map(str, ACTIONABLE)),
    measured=("act:", "acts:", "subject:", "sign:", "holds:", "mark:"),
)  # fmt: skip
_WHOLE = 3.0  # short mails that one with all its fields labelled counts for: such are as mails are
_FOLDS = 5


def acts(lang: str) -> dict[str, Any]:
    """The model of what a sentence does."""
    taught = []
    for text, act in sentences(lang):
        found = words_of(text)
        taught.append(Example(lang, dict.fromkeys(found, 1 / max(1, len(found)) ** 0.5), act))
    return fit(taught, _ACTS)


def examples(lang: str, model: Learned, lexica: Lexica) -> list[Example]:
    """Every labelled mail of the language as the model of kinds sees it."""
    kinds = lexica.kinds
    found = []
    corpus = (
        Sample(f"corpus-{lang}", name, raw, label)
        for name, (raw, label) in cases().items()
        if name.startswith(f"{lang}-")
    )
    for sample in (*whole_mails(lang), *short_mails(lang), *corpus):
        kind = sample.label.get("kind")
        if not isinstance(kind, str):
            continue  # open to debate
        message = parse_message(sample.raw, None, lexica.segments)
        request = parse_scheduling(message.calendar_parts, ME.addresses, tz=ME.timezone)
        looked = look(message, kinds, request, model)
        seen = signals(message, request, *findings(message, request, lang, lexica, ME))
        counts = _WHOLE if len(sample.label) > 1 else 1.0
        found.append(Example(sample.group, features(looked, message, kinds, seen), kind, counts))
    for case in labelled():
        if case.language == lang:
            looked = look(case.message, kinds, case.signals.scheduling, model)
            found.append(Example(f"kinds-{lang}", features(looked, case.message, kinds, case.signals), str(case.kind)))
    return found


def check(lang: str, taught: Sequence[Example]) -> None:
    """Tells how well each fifth is read by what the others teach, by group."""
    told: dict[str, Counter[str]] = {}
    for fold in range(_FOLDS):
        table = fit([e for n, e in enumerate(taught) if n % _FOLDS != fold], _KINDS)
        model = Linear.from_table(table)
        for example in taught[fold::_FOLDS]:
            probable = model.probabilities(example.features)
            asking = sum(probable[kind] for kind in ACTIONABLE)
            kind = max((k for k in probable if (k in ACTIONABLE) == (asking >= 0.5)), key=lambda k: probable[k])
            count = told.setdefault(example.group, Counter())
            count["mails"] += 1
            count["kind"] += kind == example.label
            count["true"] += asking >= 0.5 and example.label in ACTIONABLE
            count["told"] += asking >= 0.5
            count["are"] += example.label in ACTIONABLE
    told["all"] = sum(told.values(), Counter())
    for group, c in told.items():
        sys.stdout.write(
            f"{lang} {group:12} mails {c['mails']:5}  kind {c['kind'] / c['mails']:.3f}"
            f"  actionable P {c['true'] / max(1, c['told']):.3f} R {c['true'] / max(1, c['are']):.3f}\n"
        )


def main(*, write: bool = True) -> None:
    """Learns every language anew; without `write` it tells how well each fifth is read by what the others teach."""
    for lang in LANGUAGES:
        table = {"acts": acts(lang)}
        empty = {"bias": dict.fromkeys(map(str, Kind), 0.0), "weights": {}}
        data = reading_data()
        data[lang].pop("learned", None)
        lexica = Lexica.from_data(data)
        taught = examples(lang, Learned.from_table({**table, "kinds": empty}), lexica)
        if not write:
            check(lang, taught)
            continue
        table["kinds"] = fit(taught, _KINDS)
        OUT.mkdir(exist_ok=True)
        write_table(OUT / f"{lang}.json", table)
