"""Learns what speaks for a role, a company and an agency from tests/corpus and the mails: rules/reading/weights.toml.

First the words that any sentence may hold, from the labelled sentences and short mails: rules/reading/vocabulary.toml.

For each mail the candidates and their signs are taken as the reader sees them, and the weights are those under which
the right ones are likeliest (a softmax over the candidates of a mail and "none of them", with a pull towards nought).
Words beside and in a name are pulled harder than its shape, so that they only say what many mails have said. Whether an
agency writes is a choice between its signs and none; while companies are learned it is told by what the mails of other
sets have taught, so that they are learned under the mistakes that will be made.
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
    from collections.abc import Iterable, Iterator, Mapping, Sequence

RULES = Path(__file__).parents[2] / "rules" / "reading"
FIELDS = ("agency", "role", "company")

_WORDS = re.compile(r"(?:before|after|first|last|end|says|foot):|domain\.\w+:")
_PULL, _PULL_OF_WORDS = 0.8, 1.5
# Weights of what stands in too few of the mails, or is known anyhow; the pull is towards them.
_KNOWN = {
    "refused": -5.0,
    "meets": -1.0,
    "speaks.strong": 3.0,
    "trade.own": 3.0,
    "not.all": -3.0,
    "left.possessive": -1.0,
    "somebody": -1.0,
    "owner": -3.0,
}
_MIN, _MIN_OF_WORDS = 3, 4  # mails in which a sign stands
# added to "none of them": a wrong name in a letter is worse than none, and an unknown agency's name a wrong one
_DOUBT = {"role": 0.5, "company": 0.2, "agency": -0.6}
# added to a name that the mail calls the client: where most recruiters hide theirs, those who say so are believed
_TRUST = {"company": {"for.client": 1.5}}
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

    def holds(self, signs: Iterable[str]) -> bool:
        """Whether it is so: as the weights tell that other sets have taught, where there are any."""
        wanted = self.expected.get(self.field)
        signs = frozenset(signs)
        if wanted is not None:
            self.seen[self.field] = Example((signs, frozenset((NONE,))), (wanted, not wanted))
        return self.sum(signs) > self.sum((NONE,)) if self.of else bool(wanted)

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
    learned = taught(examples((CORPUS, FOLDER / "mails")))
    tables = (f"\n[{field}]\n" + "".join(_lines(weights)) for field, weights in learned.items())
    (RULES / "weights.toml").write_text(_HEAD + "".join(tables), "utf-8")


def taught(sets: Mapping[str, Sequence[Mapping[str, Example]]]) -> dict[str, dict[str, float]]:
    """The weights of every field, from the examples of each set."""
    every = [example for examples in sets.values() for example in examples]
    return {field: doubting(learn([e[field] for e in every if field in e]), field) for field in FIELDS}


def doubting(weights: dict[str, float], field: str) -> dict[str, float]:
    """The weights with the doubt of the field, and with the trust in its signs."""
    trusted = {sign: weights.get(sign, 0.0) + more for sign, more in _TRUST.get(field, {}).items()}
    return weights | trusted | {NONE: weights.get(NONE, 0.0) + _DOUBT[field]}


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


def examples(folders: Iterable[Path]) -> dict[str, list[dict[str, Example]]]:
    """What there was to choose from in each mail of the folders by field, by set."""
    lexica = Lexica.from_data(assets.reading_data())
    mails = {name: case for folder in folders for name, case in cases(folder).items()}
    sets = {name: name.rpartition("-")[0] if name[-1].isdigit() else "corpus" for name in mails}
    first = {name: _seen(*mails[name], lexica, {}) for name in mails}
    found: dict[str, list[dict[str, Example]]] = {one: [] for one in sets.values()}
    for one in found:
        others = [seen["agency"] for name, seen in first.items() if sets[name] != one and "agency" in seen]
        agency = doubting(learn(others), "agency")
        found[one] = [_seen(*mails[name], lexica, agency) for name in mails if sets[name] == one]
    return found


def _seen(raw: bytes, expected: dict[str, Any], lexica: Lexica, agency: Mapping[str, float]) -> dict[str, Example]:
    """What there was to choose from in a mail, with the weights that tell agencies."""
    message = parse_message(raw, None, lexica.segments)
    me = addressee(message)
    seen: dict[str, Example] = {}
    teachers = {field: Teacher(agency if field == "agency" else {}, field, expected, seen) for field in FIELDS}
    request = parse_scheduling(message.calendar_parts, me.addresses, tz=me.timezone)
    lang = detect(message, lexica.languages)
    read_fields(message, request, lang, replace(lexica.fields, weights=teachers), me)
    # Of other mails role and company are seldom labelled in full.
    whole = expected["actionable"] or expected.get("role") or expected.get("company")
    return {field: example for field, example in seen.items() if whole or field == "agency"}


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
# Not meant for editing: a sign is explained where it is given, in role.py and company*.py.
"""
