"""The weights of roles and companies: learned so that the right candidates win, and shipped as plain numbers."""

from __future__ import annotations

from raincheck import assets
from tests.learning.names import FIELDS, Example, learn, vocabulary


def example(*candidates: str, right: int) -> Example:
    signs = tuple(frozenset(candidate.split()) for candidate in candidates)
    return Example(signs, tuple(index == right for index in range(len(signs))))


def test_what_stands_in_the_right_candidates_gains_and_what_stands_in_the_others_loses() -> None:
    weights = learn([example("label caps", "noun caps", "none", right=0)] * 5 + [example("noun", "none", right=1)] * 5)
    assert weights["label"] > 1 > -0.5 > weights["noun"]
    assert weights["none"] > weights["noun"]


def test_a_sign_of_few_mails_has_no_weight() -> None:
    assert "label" not in learn([example("label", "none", right=0)])


def test_the_shipped_weights_are_numbers() -> None:
    tables = assets.reading_data()["weights"]
    assert set(tables) == set(FIELDS)
    assert all(isinstance(weight, float) for table in tables.values() for weight in table.values())


def test_the_vocabulary_holds_the_words_of_sentences_and_no_rare_names() -> None:
    found = vocabulary("en")
    assert {"interview", "water", "please"} <= set(found)
    assert not any(name in found for name in ("ottermere", "abernathy", "myworkday"))
    assert found == sorted(found)
