"""Learns what a sentence does and what kind a mail is, from all material: rules/reading/learned/<lang>.json.

Needs scikit-learn, which nothing else does. The same material gives the same weights.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sklearn.feature_extraction import DictVectorizer  # type: ignore[import-not-found,import-untyped,unused-ignore]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-not-found,import-untyped,unused-ignore]

from raincheck.assets import reading_data
from raincheck.core.itip import parse_scheduling
from raincheck.core.message import parse_message
from raincheck.core.model import Kind
from raincheck.core.reading import findings, signals
from raincheck.core.reading.kind import ACTIONABLE, features, look
from raincheck.core.reading.learned import Learned, Linear
from raincheck.core.reading.learned import features as words_of
from raincheck.core.reading.lexicon import Lexica
from raincheck.core.settings import Me
from tests.accuracy import cases
from tests.core.reading.mails import labelled
from tests.learning.material import Sample, sentences, short_mails, whole_mails

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LANGUAGES = ("en", "de")
ME = Me(name="Robin Meyer", addresses=("robin.meyer@example.net",), timezone="Europe/Berlin", languages=LANGUAGES)
OUT = Path(__file__).parents[2] / "rules" / "reading" / "learned"
_RARE = {"acts": 2, "kinds": 5}  # texts that a feature must stand in
_LEAST = {"acts": 0.3, "kinds": 0.04}  # weights below it are left out
_BOUND = {"acts": 10.0, "kinds": 0.5}  # inverse of the regularisation (C)
_WHOLE = 3.0  # short mails that one with all its fields labelled counts for: such are as mails are
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Example:
    """What a model is taught: features with their values, the right label, and how much it counts."""

    group: str
    features: Mapping[str, float]
    label: str
    counts: float = 1.0


def fit(examples: Sequence[Example], model: str) -> dict[str, Any]:
    """The table of one linear model."""
    met = Counter(feature for example in examples for feature in example.features)
    kept = [{f: v for f, v in e.features.items() if met[f] >= _RARE[model]} for e in examples]
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(kept)
    taught = LogisticRegression(C=_BOUND[model], max_iter=400, tol=1e-3).fit(
        matrix, [e.label for e in examples], sample_weight=[e.counts for e in examples]
    )
    labels = [str(label) for label in taught.classes_]
    weights = {
        str(feature): " ".join(
            f"{label} {weight:.2f}"
            for label, weight in zip(labels, column, strict=True)
            if abs(weight) >= _LEAST[model]
        )
        for feature, column in zip(vectorizer.feature_names_, taught.coef_.T, strict=True)
    }
    # A sentence is measured by how many of its features are known: there, one without weight still counts as known.
    return {
        "bias": {label: round(float(bias), 3) for label, bias in zip(labels, taught.intercept_, strict=True)},
        "weights": {feature: pairs for feature, pairs in sorted(weights.items()) if pairs or model == "acts"},
    }


def acts(lang: str) -> dict[str, Any]:
    """The model of what a sentence does."""
    taught = []
    for text, act in sentences(lang):
        found = words_of(text)
        taught.append(Example(lang, dict.fromkeys(found, 1 / max(1, len(found)) ** 0.5), act))
    return fit(taught, "acts")


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
        table = fit([e for n, e in enumerate(taught) if n % _FOLDS != fold], "kinds")
        model = Linear.from_table(table)
        for example in taught[fold::_FOLDS]:
            probable = model.probabilities(example.features.items())
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
        table["kinds"] = fit(taught, "kinds")
        OUT.mkdir(exist_ok=True)
        (OUT / f"{lang}.json").write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", "utf-8")
