"""Subjects of answers: one Re:, in the words of the mail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.core.model import Message
from raincheck.core.subject import reply_subject


def subject(text: str, *, answered: bool = False, role: str | None = None) -> str:
    message = Message("<a@b>", None, None, text, in_reply_to=("<x@y>",) if answered else ())
    return reply_subject(message, ["Interview for the {role} position", "Our interview"], role=role)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Interview", "Re: Interview"),
        ("Re: Interview", "Re: Interview"),
        ("AW: Re: WG: RE: Interview", "Re: Interview"),
        ("Re[2]: SV: Antw: Interview", "Re: Interview"),
        ("RE : TR : Entretien", "Re: Entretien"),
        ("回复：面试", "Re: 面试"),
        ("Fwd: Interview: Data Engineer", "Re: Interview: Data Engineer"),
        ("R: data scientist", "Re: R: data scientist"),
        ("Re: R: Colloquio", "Re: Colloquio"),
        ("Reply needed: interview", "Re: Reply needed: interview"),
        ("", "Re: Our interview"),
        ("Re:", "Re: Our interview"),
    ],
)
def test_prefixes_do_not_pile_up(text: str, expected: str) -> None:
    assert subject(text) == expected


def test_one_letter_is_a_prefix_in_an_answer_and_the_role_helps_out() -> None:
    assert subject("R: Colloquio", answered=True) == "Re: Colloquio"
    assert subject("", role="Data Engineer") == "Re: Interview for the Data Engineer position"


@given(st.text(max_size=500))
def test_a_subject_is_one_bounded_line_with_one_prefix(text: str) -> None:
    said = subject(text)
    assert said.startswith("Re: ")
    assert len(said) <= 204
    assert len(said.splitlines()) == 1
    assert subject(said) == said
