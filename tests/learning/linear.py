"""Teaches the linear models of rules/reading/learned. Needs scikit-learn, which nothing else does.

The same material gives the same weights.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np  # type: ignore[import-not-found,import-untyped,unused-ignore]
from sklearn.feature_extraction import DictVectorizer  # type: ignore[import-not-found,import-untyped,unused-ignore]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-not-found,import-untyped,unused-ignore]

from raincheck.core.reading.learned import Linear

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_FOLDS = 10


@dataclass(frozen=True, slots=True)
class Example:
    """What a model is taught: features with their values, the right label, and how much it counts."""

    group: str
    features: Mapping[str, float]
    label: str
    counts: float = 1.0


@dataclass(frozen=True, slots=True)
class Teaching:
    """How a model is taught.

    rare: texts that a feature must stand in; least: weights below it are left out; bound: inverse of the regularisation
    (C); keeps_all: a feature without weight stays known; options: what else LogisticRegression is told.
    apart: labels that are to be told from the others above all. A feature may then weigh the more, the more unevenly it
    stands on both sides (as in NB-SVM, Wang and Manning 2012), but for those that begin like one of `measured`.
    """

    rare: int
    least: float
    bound: float
    keeps_all: bool = False
    options: tuple[tuple[str, Any], ...] = ()
    apart: frozenset[str] = frozenset()
    measured: tuple[str, ...] = ()


def fit(examples: Sequence[Example], teaching: Teaching) -> dict[str, Any]:
    """The table of one model, as `core.reading.learned.Linear` reads it."""
    met = Counter(feature for example in examples for feature in example.features)
    kept = [{f: v for f, v in e.features.items() if met[f] >= teaching.rare} for e in examples]
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(kept)
    scale = _unevenness(matrix, vectorizer.feature_names_, examples, teaching)
    matrix = matrix.multiply(scale).tocsr()
    taught = LogisticRegression(C=teaching.bound, **dict(teaching.options)).fit(
        matrix, [e.label for e in examples], sample_weight=[e.counts for e in examples]
    )
    labels = [str(label) for label in taught.classes_]
    weights = {
        str(feature): " ".join(
            f"{label} {weight:.2f}"
            for label, weight in zip(labels, column, strict=True)
            if abs(weight) >= teaching.least
        )
        for feature, column in zip(vectorizer.feature_names_, (taught.coef_ * scale).T, strict=True)
    }
    return {
        "bias": {label: round(float(bias), 3) for label, bias in zip(labels, taught.intercept_, strict=True)},
        "weights": {feature: pairs for feature, pairs in sorted(weights.items()) if pairs or teaching.keeps_all},
    }


def _unevenness(matrix: Any, names: Sequence[str], examples: Sequence[Example], teaching: Teaching) -> Any:
    """For each feature how unevenly it stands among the labels that are to be told apart; 1 in the middle."""
    if not teaching.apart:
        return np.ones(len(names))
    counts = np.array([example.counts for example in examples])
    side = np.array([example.label in teaching.apart for example in examples])
    met = (matrix > 0).astype(float)
    shares = [(met.T @ (counts * one) + 1) / (counts * one).sum() for one in (side, ~side)]
    free = np.array([not str(name).startswith(teaching.measured) for name in names])
    uneven = np.abs(np.log(shares[0] / shares[1]))
    return np.where(free, np.sqrt(uneven / np.median(uneven[free])), 1.0)


def write(place: Path, table: Mapping[str, Any]) -> None:
    """Writes what was learned, a line for each feature."""
    place.write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", "utf-8")


def share_right(taught: Sequence[Example], teaching: Teaching) -> float:
    """The share of examples that are told rightly by what those of other groups teach, a tenth of the groups each."""
    groups = sorted({example.group for example in taught})
    right = 0
    for fold in range(_FOLDS):
        asked = set(groups[fold::_FOLDS])
        model = Linear.from_table(fit([e for e in taught if e.group not in asked], teaching))
        for example in (e for e in taught if e.group in asked):
            probable = model.probabilities(example.features)
            right += max(probable, key=lambda label: probable[label]) == example.label
    return right / len(taught)
