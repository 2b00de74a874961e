"""What labelled mails have taught: what a sentence does, and what a whole mail is.

Owns the sentences and features of a text, and the use of `rules/reading/learned/<lang>.json`, which `make learn` writes
from the labelled sentences and mails under tests/. Two linear models (multinomial logistic regression):

1. `acts`: words and pairs of words of one sentence -> what it does: asks, moves, refuses, sells, nothing of it …
2. `kinds`: the strongest acts, the words of mail and subject, the signs of kind.py and what the mail is built like
   -> the kind of the mail, each with a probability.

A weight stands beside its words, so that what carried a decision can be told in the mail's own words.
"""

from __future__ import annotations

import itertools
import math
import re
import struct
from dataclasses import dataclass, field
from functools import lru_cache
from operator import mul
from typing import TYPE_CHECKING, Any, NamedTuple

from raincheck.core.reading.cues import MONTH_BEHIND_STOP

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence, Set

MAX_TEXT = 16_384  # characters of a text that are looked at
MAX_SENTENCES = 120
_MAX_SENTENCE = 400  # characters
_MAX_WORDS = 60  # of a sentence
_WRAPPED = 50  # characters from which a line may go on in the next one

_WORD = re.compile(r"[^\W\d_]{1,40}(?:'[^\W\d_]{1,8})?|\d{1,8}(?:[.:,]\d{1,4}){0,3}|[?!]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S{1,2000}|\S{1,80}@\S{1,200}")
_ITEM = re.compile(r"[-*•·–>|]|\d{1,2}[.)] ")
# A sentence ends before a capital, but not behind "Dr." and not between a day and its German month: "Montag, 5. Mai".
_END = re.compile(
    r"(?<=[.!?;])(?<!\b[DMF]r\.)(?<!\b[MH]rs\.)(?<!\bMs\.)(?<!\bHr\.)(?<!\bProf\.)(?<!\bNr\.)(?<!\bca\.)(?<!\bStr\.)"
    rf"(?!(?<=\d\.)\s+{MONTH_BEHIND_STOP})[\"')”»]{{0,3}}\s+(?=[\"'(“„«¿¡]?[A-ZÀ-Þ0-9])"
)
_LONG, _STEM = 7, 5  # letters of a word that is also known by its beginning, and of that beginning
_COMPOUND, _TAIL = 10, 6  # letters of a word that is also known by its end, and of that end
_MANY = 100  # features of a mail beyond which each says less
_BITS = 32  # of a packed weight
_MIDDLE = 1 << _BITS - 1


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, wrapped lines joined, items of lists and short lines apart; at most MAX_SENTENCES."""
    paragraphs, before = [""], ""
    for line in text[:MAX_TEXT].split("\n"):
        line = line.strip()
        joins = len(before) >= _WRAPPED and not before.endswith(":") and line and not _ITEM.match(line)
        if joins:
            paragraphs[-1] += " " + line
        else:
            paragraphs.append(line)
        before = line
    found = (piece for paragraph in paragraphs for piece in _END.split(paragraph) if len(piece) > 2)
    return tuple(piece[:_MAX_SENTENCE] for piece, _ in zip(found, range(MAX_SENTENCES), strict=False))


@lru_cache(maxsize=512)  # a mail is heard for its kind, and again for its format
def features(sentence: str) -> frozenset[str]:
    """What of a sentence counts: its words, neighbours, words one apart, beginnings and ends of long words."""
    if "@" in sentence or "http" in sentence or "www." in sentence:
        sentence = _ADDRESS.sub(" <address> ", sentence)
    words = [_word(word) for word in _WORD.findall(sentence.replace("’", "'"))[:_MAX_WORDS]]
    framed = ["^", *words, "$"]
    return frozenset(
        (
            *words,
            *(f"{one} {two}" for one, two in itertools.pairwise(framed)),
            *(f"{one} _ {two}" for one, two in zip(words, words[2:], strict=False)),
            *(f"{word[:_STEM]}*" for word in words if len(word) >= _LONG),
            *(f"*{word[-_TAIL:]}" for word in words if len(word) >= _COMPOUND),
        )
    )


def _word(text: str) -> str:
    if text[0].isdigit():
        return "<clock>" if ":" in text else "<number>"
    return text.lower()


@dataclass(frozen=True, slots=True)
class Linear:
    """A multinomial logistic regression: what speaks for each label from the start (bias), and weights by feature.

    _met: the features met so far, each with a weight for every label; _packed: all of them, those met in one number.
    """

    bias: Mapping[str, float]
    weights: Mapping[str, str]  # "label weight label weight …": most features are met by few mails, and read then
    _met: _Rows = field(init=False, repr=False, compare=False)
    _packed: _Packed = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_met", _Rows(self.bias, self.weights))
        object.__setattr__(self, "_packed", _Packed(self.bias, self.weights))

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Linear:
        """From one of the models of a learned file."""
        return cls(table.get("bias", {}), table.get("weights", {}))

    def scores(self, found: Collection[str], share: float = 1.0) -> list[float]:
        """How much features speak for each label together, in the order of the labels; each with that value. Their
        order decides nothing: weights are summed exactly."""
        return self._packed.shared(self._packed.sum(found)[0], share)

    def evened(self, found: Collection[str]) -> list[float]:
        """The same, the less for each the more of them say anything: long texts speak no louder than short ones."""
        total, known = self._packed.sum(found)
        return self._packed.shared(total, 1 / math.sqrt(known or 1))

    def judged(self, found: Collection[str]) -> dict[str, float]:
        """The probability of each label, from features that are there, or not."""
        return self.probabilities({}, self.scores(found))

    def weighed(self, found: Mapping[str, float]) -> list[float]:
        """How much features with values speak for each label together; one of no value says nothing."""
        plain: list[str] = []
        valued: list[str] = []
        for feature, value in found.items():
            if value == 1:
                plain.append(feature)
            elif value and feature in self.weights:
                valued.append(feature)
        there = self.scores(plain)
        if not valued:
            return there
        values = [found[feature] for feature in valued]
        columns = zip(*map(self._met.__getitem__, valued), strict=True)
        return [math.fsum((whole, *map(mul, values, column))) for whole, column in zip(there, columns, strict=True)]

    def probabilities(self, found: Mapping[str, float], *scores: Sequence[float]) -> dict[str, float]:
        """The probability of each label, from features with their values and what others speak for it (scores)."""
        parts = (self.weighed(found), *scores) if found else scores
        return dict(zip(self.bias, self.shares(*parts), strict=True))

    def shares(self, *scores: Sequence[float]) -> list[float]:
        """The probability of each label, from what speaks for it, in the order of the labels."""
        score = list(map(math.fsum, zip(self.bias.values(), *scores, strict=True)))
        most = max(score)
        raised = [math.exp(value - most) for value in score]
        total = sum(raised)
        return [value / total for value in raised]

    def of(self, feature: str) -> tuple[float, ...]:
        """How much a feature speaks for or against each label, in the order of the labels; 0 each for one without
        weights."""
        return self._met[feature]


class _Rows(dict[str, tuple[float, ...]]):
    """The weights of features for every label, read when they are first asked for; what has no weights is not
    remembered, since mails hold new words without end."""

    def __init__(self, labels: Iterable[str], weights: Mapping[str, str]) -> None:
        super().__init__()
        self._columns = {label: column for column, label in enumerate(labels)}
        self._weights = weights

    def __missing__(self, feature: str) -> tuple[float, ...]:
        row = [0.0] * len(self._columns)
        parts = iter(self._weights.get(feature, "").split())
        for label, weight in zip(parts, parts, strict=True):
            if (column := self._columns.get(label)) is not None:
                row[column] = float(weight)
        found = tuple(row)
        if feature in self._weights:
            self[feature] = found
        return found


class _Packed:
    """The weights of features in one number each, which holds those for all labels, side by side: so a mail's features
    are summed in one go, and exactly. They are rounded to hundredths, as learned files give them.

    A number is made when its feature is first met, and takes the place of what is written: one look-up finds whether a
    feature is known and what it weighs.
    """

    def __init__(self, labels: Iterable[str], weights: Mapping[str, str]) -> None:
        self._places = {label: _BITS * column for column, label in enumerate(labels)}
        self._of: dict[str, int | str] = dict(weights)
        self._middles = sum(_MIDDLE << place for place in self._places.values())  # so that no sum is below zero
        self._columns = struct.Struct(f"<{len(self._places)}I")

    def sum(self, features: Collection[str]) -> tuple[int, int]:
        """What the features weigh together; and how many of them say anything, of a mail's words the lesser part."""
        known: list[Any] = [weight for weight in map(self._of.get, features) if weight is not None]
        try:
            return sum(known, self._middles), len(known)
        except TypeError:  # some are still as they are written
            self._meet(features)
            return self.sum(features)

    def shared(self, total: int, share: float) -> list[float]:
        """A sum label by label, times the share."""
        columns = self._columns.unpack(total.to_bytes(self._columns.size, "little"))
        unit = share / 100
        return [(column - _MIDDLE) * unit for column in columns]

    def _meet(self, features: Iterable[str]) -> None:
        """Makes numbers of what is written for these features."""
        for feature in features:
            if isinstance(written := self._of.get(feature), str):
                parts = iter(written.split())
                pairs = [(self._places.get(label), weight) for label, weight in zip(parts, parts, strict=True)]
                self._of[feature] = sum(round(float(w) * 100) << place for place, w in pairs if place is not None)


class Act(NamedTuple):
    """What a mail does at its plainest: the sentence, where it stands, and how sure it is, 0-1."""

    sentence: str
    source: str
    probability: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What the words of a mail say to the learned models.

    acts: the plainest act of each sort. For the kind: values are those of the acts; with words, each with the value
    `share`, they speak for each kind with `scores`.
    """

    values: Mapping[str, float]
    words: Set[str]
    share: float
    scores: Sequence[float]
    acts: Mapping[str, Act]

    @property
    def features(self) -> dict[str, float]:
        """All features for the kind, with their values."""
        return {**self.values, **dict.fromkeys(self.words, self.share)}


@dataclass(frozen=True, slots=True)
class Learned:
    """Both models of one language."""

    acts: Linear
    kinds: Linear

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Learned:
        """From the parsed rules/reading/learned/<lang>.json."""
        return cls(Linear.from_table(table["acts"]), Linear.from_table(table["kinds"]))

    def hear(self, subject: str, body: str, calendar: str = "") -> Heard:
        """What mail and calendar object say, in time that grows with the (bounded) number of their words alone."""
        texts = (("body", body), ("calendar", calendar))
        spoken = [(source, text, features(text)) for source, whole in texts for text in sentences(whole)]
        heads = [("subject", text, features(text)) for text in sentences(subject)]
        said = [*spoken, *(heads or [("subject", "", frozenset[str]())])]
        probable = [act_probabilities(self.acts, found) for *_, found in said]
        headline = probable[len(spoken)] if heads else ()  # what the first sentence of the subject does
        plainest: dict[str, Act] = {}
        values: dict[str, float] = {}
        for act, told in zip(self.acts.bias, zip(*probable, strict=True), strict=True):
            source, text, _ = said[told.index(most := max(told))]
            plainest[act] = Act(text, source, most)
            values[f"act:{act}"] = 2 * most
            values[f"acts:{act}"] = min(2.0, math.fsum(map(mul, told, told)))
        values |= {
            f"subject:{act}": 2 * probability for act, probability in zip(self.acts.bias, headline, strict=False)
        }
        words = set[str]().union(*(found for *_, found in spoken))
        words |= {f"s:{feature}" for *_, found in heads for feature in found}
        share = min(1.0, math.sqrt(_MANY / max(1, len(words))))  # all the words of a long mail say no more than of one
        scores = self.kinds.weighed(values), self.kinds.scores(words, share)
        return Heard(values, words, share, list(map(sum, zip(*scores, strict=True))), plainest)


def act_probabilities(acts: Linear, found: frozenset[str]) -> list[float]:
    """What a sentence with these features does, act by act; long ones weigh no more than short ones."""
    return acts.shares(acts.evened(found))


def kind_features(signs: Mapping[str, float], marks: Iterable[str]) -> dict[str, float]:
    """Signs (strengths in the scale of the cues) and marks of structure, as the model takes them beside the words."""
    plain = {f"sign:{sign}": min(strength, 12) / 4 for sign, strength in signs.items()}
    holding = dict.fromkeys((f"holds:{sign}" for sign, strength in signs.items() if strength >= 3), 1.0)
    return {**plain, **holding, **dict.fromkeys((f"mark:{mark}" for mark in marks), 1.0)}


def quoted(acts: Mapping[str, Act], wanted: Sequence[str], least: float) -> tuple[Act, ...]:
    """The acts that are wanted, where a sentence does them plainly enough, in that order."""
    return tuple(acts[act] for act in wanted if act in acts and acts[act].probability >= least)
