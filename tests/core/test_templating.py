"""Values for templates: clean, on one line, and never code."""

from __future__ import annotations

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.core.templating import BREAK, Vary, one_line, own_words, render, role_name
from raincheck.errors import NotWritable


def test_lines_of_a_paragraph_are_joined_and_empty_paragraphs_left_out() -> None:
    text = (
        "Dear {{ name }},\n\nfirst line\n  second line.\n\n{% if no %}\nnever\n{% endif %}\n\n- a\n- b\n\n{{ end }}\n"
    )
    values = {"name": "Dana", "no": False, "end": f"Regards,{BREAK}Robin{BREAK}-- {BREAK}x"}
    assert render("t", text, values) == "Dear Dana,\n\nfirst line second line.\n\n- a\n- b\n\nRegards,\nRobin\n-- \nx"


@pytest.mark.parametrize("value", ["{{ 7 * 7 }}", "{% if x %}", "{# hidden #}", "${x}", "%(x)s", "{x}"])
def test_a_value_is_never_read_as_a_template(value: str) -> None:
    assert render("t", "a {{ value }} b", {"value": value}) == f"a {value} b"


@pytest.mark.parametrize(
    "text",
    [
        "{{ missing }}",
        "{{ x.__class__.__mro__[1].__subclasses__() }}",
        "{{ x.append(1) }}",
        "{% for %}",
        "{{ 1 // 0 }}",
    ],
)
def test_a_template_that_does_not_work_is_named(text: str) -> None:
    with pytest.raises(NotWritable, match="the template t does not work"):
        render("t", text, {"x": []})


@given(st.text(max_size=200))
def test_one_line_is_clean_or_nothing(text: str) -> None:
    line = one_line(text, 80)
    if line is not None:
        assert 0 < len(line) <= 80
        assert len(line.splitlines()) == 1
        assert not {"Cc", "Cs", "Zl", "Zp"} & {category(character) for character in line}
        assert not set("<>{}[]|@") & set(line)


def test_the_persons_own_words_may_hold_an_address() -> None:
    assert own_words(" Write to\nalex@example.org <Alex> ") == "Write to alex@example.org <Alex>"
    assert own_words(" \n ") is None
    assert own_words(None) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Data Engineer (m/w/d)", "Data Engineer"),
        ("Data Engineer (f/m/x) position", "Data Engineer"),
        ("Ingénieur données [H/F]", "Ingénieur données"),
        ("Entwickler (m, w, d)", "Entwickler"),
        ("RN (Telemetry, nights)", "RN (Telemetry, nights)"),
        ("Engineer (C/C++)", "Engineer (C/C++)"),
        ("Position", "Position"),
        ("Programmer (C/R)", "Programmer (C/R)"),
        ("", None),
        (None, None),
    ],
)
def test_a_role_as_a_sentence_wants_it(text: str | None, expected: str | None) -> None:
    assert role_name(text, ["position"]) == expected


def test_the_choice_of_a_phrase_depends_on_the_case_alone() -> None:
    first, again, other = Vary("a"), Vary("a"), [Vary(str(n))("x", "y") for n in range(50)]
    assert [first("x", "y") for _ in range(8)] == [again("x", "y") for _ in range(8)]
    assert set(other) == {"x", "y"}


@pytest.mark.parametrize(
    "text", ["N/A", "n. a.", "k.A.", "TBD", "null", "XX", "JOB_TITLE%", "%ROLE%", "$role", "3451", "-"]
)
def test_a_field_that_nobody_filled_in_is_no_role(text: str) -> None:
    assert role_name(text, ()) is None


@pytest.mark.parametrize(
    "text", ["Pflegefachkraft 80-100%", "Ingenieur 100 %", "Entwickler_in", "C++", "QA", "NATO Analyst"]
)
def test_roles_with_signs_in_them_stay(text: str) -> None:
    assert role_name(text, ()) == text
