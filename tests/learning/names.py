"""Learns what speaks for a role and a company, from tests/corpus and the whole mails: rules/reading/weights.toml.

First the words that any sentence may hold, from the labelled sentences and short mails: rules/reading/vocabulary.toml.

For each mail the candidates and their signs are taken as the reader sees them, and the weights are those under which
the right ones are likeliest (a softmax over the candidates of a mail and "none of them", with a pull towards nought).
Words beside and in a name are pulled harder than its shape, so that they only say what many mails have said.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raincheck import assets
from raincheck.core.itip import parse_scheduling
from raincheck.core.message import parse_message
from raincheck.core.reading.fields import read_fields
from raincheck.core.reading.fields.ranking import NONE, Candidate, Weights
from raincheck.core.reading.language import detect
from raincheck.core.reading.lexicon import Lexica
from tests.accuracy import CORPUS, LANGUAGES, addressee, cases, plain
from tests.learning.material import FOLDER, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

RULES = Path(__file__).parents[2] / "rules" / "reading"
FIELDS = ("role", "company")

_WORDS = re.compile(r"(?:before|after|first|last|end):")
_PULL, _PULL_OF_WORDS = 0.8, 1.5
# Weights of what stands in too few of the mails; the pull is towards them.
_KNOWN = {"refused": -5.0, "meets": -1.0, "not.all": -3.0, "left.possessive": -1.0, "somebody": -1.0}
_MIN, _MIN_OF_WORDS = 3, 4  # mails in which a sign stands
_DOUBT = {"role": 0.5, "company": 0.5}  # added to "none of them": a wrong name in a letter is worse than none
_WORD = re.compile(r"[^\W\d_]{3,40}")
_ADDRESS = re.compile(r"\S*(?:@|://|\w\.\w\w|#)\S*")  # which hold names in small letters
_OFTEN = 2  # times that a word of the vocabulary stands in small letters
_OFTEN_WITH_CAPITAL = {"en": 12, "de": 4}  # or in any
_ROUNDS, _STEP = 300, 0.3
_SMALLEST = 0.02  # weights below are left out


@dataclass(frozen=True, slots=True)
class Example:
    """The signs of each candidate of one mail, "none of them" last, and which are right."""

    signs: tuple[frozenset[str], ...]
    right: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Teacher(Weights):
    """Weights of one field for one mail that take the right candidate, and note what there was to choose from."""

    field: str
    expected: dict[str, Any]
    seen: dict[str, Example]

    def best(self, candidates: Iterable[Candidate], none: Iterable[str]) -> Candidate | None:
        """The right candidate; None where there is none."""
        pool = list(candidates)
        right = [self._is_right(candidate) for candidate in pool]
        nothing = self._answers() == [None]
        if nothing or any(right):
            signs = (*(frozenset(candidate.signs) for candidate in pool), frozenset(none))
            self.seen[self.field] = Example(signs, (*right, nothing))
        return next((candidate for candidate, yes in zip(pool, right, strict=True) if yes), None)

    def _is_right(self, candidate: Candidate) -> bool:
        in_domain = "in.domain" in candidate.signs
        if self.field not in self.expected:  # a company that nothing but the domain names
            return in_domain and self.expected.get("agency") is False
        answers = [plain(self.field, answer) for answer in self._answers() if answer]
        text = plain(self.field, candidate.text)
        return text in answers or (in_domain and text.replace(" ", "") in [a.replace(" ", "") for a in answers])

    def _answers(self) -> list[str | None]:
        found = self.expected.get(self.field, "")
        return found if isinstance(found, list) else [found]


def main() -> None:
    """Learns, and writes the tables."""
    known = "".join(f'\n{lang} = """\n{_filled(vocabulary(lang))}\n"""\n' for lang in LANGUAGES)
    (RULES / "vocabulary.toml").write_text(_HEAD_OF_WORDS + known, "utf-8")
    learned = {field: learn(found) for field, found in examples((CORPUS, FOLDER / "mails")).items()}
    for field, doubt in _DOUBT.items():
        learned[field][NONE] = learned[field].get(NONE, 0.0) + doubt
    tables = (f"\n[{field}]\n" + "".join(_lines(weights)) for field, weights in learned.items())
    (RULES / "weights.toml").write_text(_HEAD + "".join(tables), "utf-8")


def vocabulary(lang: str) -> list[str]:
    """The words of the sentences and short mails that stand there often, or in small letters: names do not."""
    texts = [line for line, _ in sentences(lang)]
    texts += [file.read_text("utf-8") for file in sorted((FOLDER / "short").glob(f"{lang}-*.txt"))]
    written = Counter(word for text in texts for word in _WORD.findall(_ADDRESS.sub(" ", text)))
    often = Counter[str]()
    for word, count in written.items():
        often[word.lower()] += count
    return sorted(w for w in often if written[w] >= _OFTEN or often[w] >= _OFTEN_WITH_CAPITAL[lang])


def _filled(words: Sequence[str]) -> str:
    return textwrap.fill(" ".join(words), 200, break_long_words=False, break_on_hyphens=False)


def examples(folders: Iterable[Path]) -> dict[str, list[Example]]:
    """What there was to choose from in each mail of the folders, by field."""
    lexica = Lexica.from_data(assets.reading_data())
    found: dict[str, list[Example]] = {field: [] for field in FIELDS}
    for raw, expected in (case for folder in folders for case in cases(folder).values()):
        if not (expected["actionable"] or expected.get("role") or expected.get("company")):
            continue  # such mails are seldom labelled in full
        message = parse_message(raw, None, lexica.segments)
        me = addressee(message)
        seen: dict[str, Example] = {}
        teachers = {field: Teacher({}, field, expected, seen) for field in FIELDS}
        request = parse_scheduling(message.calendar_parts, me.addresses, tz=me.timezone)
        lang = detect(message, lexica.languages)
        read_fields(message, request, lang, replace(lexica.fields, weights=teachers), me)
        for field, example in seen.items():
            found[field].append(example)
    return found


def learn(found: Sequence[Example]) -> dict[str, float]:
    """The weights under which the right candidates are likeliest (gradient descent with steps of their own size)."""
    mails = Counter(sign for example in found for sign in frozenset[str]().union(*example.signs))
    enough = {sign for sign, count in mails.items() if count >= (_MIN_OF_WORDS if _WORDS.match(sign) else _MIN)}
    signs = sorted(enough | _KNOWN.keys() & mails.keys())
    number = {sign: index for index, sign in enumerate(signs)}
    pull = [_PULL_OF_WORDS if _WORDS.match(sign) else _PULL for sign in signs]
    rows = [([[number[s] for s in c if s in number] for c in example.signs], example.right) for example in found]
    start = [_KNOWN.get(sign, 0.0) for sign in signs]
    weights, squares = list(start), [1e-6] * len(signs)
    for _ in range(_ROUNDS):
        slope = [factor * (now - at) for factor, now, at in zip(pull, weights, start, strict=True)]
        for candidates, right in rows:
            for candidate, error in zip(candidates, _errors(candidates, right, weights), strict=True):
                for sign in candidate:
                    slope[sign] += error
        for sign, value in enumerate(slope):
            squares[sign] += value * value
            weights[sign] -= _STEP * value / math.sqrt(squares[sign])
    return dict(zip(signs, weights, strict=True))


def _errors(candidates: list[list[int]], right: Sequence[bool], weights: list[float]) -> Iterator[float]:
    """How much likelier each candidate is than it should be."""
    sums = [sum([weights[sign] for sign in candidate]) for candidate in candidates]
    most = max(sums)
    shares = [math.exp(value - most) for value in sums]
    every = sum(shares)
    good = sum(share for share, yes in zip(shares, right, strict=True) if yes) or 1e-300
    for share, yes in zip(shares, right, strict=True):
        yield share / every - (share / good if yes else 0.0)


def _lines(weights: dict[str, float]) -> Iterator[str]:
    for sign, weight in sorted(weights.items()):
        if abs(weight) >= _SMALLEST:
            yield f'"{sign}" = {weight:.2f}\n'


_HEAD_OF_WORDS = """\
# Words of any sentence, which alone make no name (core/reading/fields/words.py): from labelled ones, by `make learn`.
"""
_HEAD = """\
# What each sign of a candidate weighs (core/reading/fields/ranking.py), learned from labelled mails: `make learn`.
# Not meant for editing: a sign is explained where it is given, in role.py and company.py.
"""
