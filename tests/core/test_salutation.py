"""Greetings: the tone of the mail, a title only where the mail shows it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck import assets
from raincheck.core.salutation import greet, is_informal
from raincheck.core.wording import parse_language

LANGUAGES = {lang: parse_language(assets.templates()[f"{lang}/language"]) for lang in ("en", "de")}


def line(
    lang: str,
    contact: str | None,
    *,
    formal: bool | None = None,
    opening: str = "",
    text: str = "",
    company: str | None = None,
    sender: str = "",
) -> str:
    return greet(
        LANGUAGES[lang], contact, company, formal=formal, opening=opening, me="Robin Meyer", text=text, sender=sender
    )


@pytest.mark.parametrize(
    ("contact", "sender", "expected"),
    [
        ("Jürgen Weiß", "Dr. Jürgen Weiß", "Guten Tag Dr. Jürgen Weiß,"),
        ("S. Maier", "Frau Maier", "Sehr geehrte Frau Maier,"),
        ("O. Behrendt", "Olaf Behrendt", "Guten Tag Olaf Behrendt,"),
        ("Jürgen Weiß", "Dr. Petra Lang", "Guten Tag Jürgen Weiß,"),
        ("Anna Weber", "Frau Weber", "Sehr geehrte Frau Weber,"),
    ],
)
def test_titles_and_first_names_that_the_sender_shows(contact: str, sender: str, expected: str) -> None:
    assert line("de", contact, formal=True, sender=sender) == expected


@pytest.mark.parametrize(
    ("contact", "opening", "text", "expected"),
    [
        ("Dana Whitfield", "Hi Robin,", "", "Hi Dana,"),
        ("Dana Whitfield", "hello robin!", "", "Hi Dana,"),
        ("Dana Whitfield", "Dear Robin,", "", "Dear Dana,"),
        ("Dana Whitfield", "Dear Robin Meyer,", "", "Dear Dana Whitfield,"),
        ("Dana Whitfield", "Dear Mr Meyer,", "", "Dear Dana Whitfield,"),
        ("Dana Whitfield", "", "Ms. Whitfield", "Dear Ms Whitfield,"),
        ("Dana Whitfield", "", "Ms Whitfield and Mr Whitfield", "Dear Dana Whitfield,"),
        ("Whitfield, Dana", "", "", "Dear Dana Whitfield,"),
        ("DANA WHITFIELD", "Hi Robin", "", "Hi Dana,"),
        ("Dana", "", "", "Dear Dana,"),
        ("Dr. Ines Vogt", "", "", "Dear Dr. Ines Vogt,"),
        ("Ms Vogt", "", "", "Dear Ms Vogt,"),
        (None, "Hi Robin", "", "Dear hiring team,"),
        ("+49 30 5550 0100", "", "", "Dear hiring team,"),
        ("the best team in the whole wide world", "", "", "Dear hiring team,"),
    ],
)
def test_english(contact: str | None, opening: str, text: str, expected: str) -> None:
    assert line("en", contact, opening=opening, text=text) == expected


@pytest.mark.parametrize(
    ("contact", "formal", "text", "expected"),
    [
        ("Anna Weber", True, "Ihre Ansprechpartnerin ist Frau Weber.", "Sehr geehrte Frau Weber,"),
        ("Anna Weber", None, "Frau Anna Weber", "Sehr geehrte Frau Weber,"),
        ("Dr. Anna Weber", True, "Frau Dr. Weber", "Sehr geehrte Frau Dr. Weber,"),
        ("Herr Weber", True, "", "Sehr geehrter Herr Weber,"),
        ("Frau Dr. Weber", True, "", "Sehr geehrte Frau Dr. Weber,"),
        ("Anna von der Heide", True, "Frau von der Heide", "Sehr geehrte Frau von der Heide,"),
        ("Anna Weber", True, "Sehr geehrter Herr Meyer", "Guten Tag Anna Weber,"),
        ("Kim Meyer", True, "Sehr geehrter Herr Meyer", "Guten Tag Kim Meyer,"),
        ("Anna Weber", True, "Herr Weberknecht", "Guten Tag Anna Weber,"),
        ("Anna Weber", False, "Frau Weber", "Hallo Anna,"),
        (None, True, "", "Sehr geehrte Damen und Herren,"),
        (None, False, "", "Hallo,"),
    ],
)
def test_german(contact: str | None, formal: bool | None, text: str, expected: str) -> None:
    assert line("de", contact, formal=formal, text=text) == expected


def test_an_abbreviated_first_name_is_written_out_where_the_sender_shows_it() -> None:
    def said(contact: str, sender: str, *, formal: bool) -> str:
        german = LANGUAGES["de"]
        return greet(german, contact, None, formal=formal, opening="", me="Robin Meyer", text="", sender=sender)

    assert said("O. Behrendt", "Olaf Behrendt", formal=True) == "Guten Tag Olaf Behrendt,"
    assert said("O. Behrendt", "Ines Behrendt", formal=True) == "Guten Tag O. Behrendt,"
    assert said("O. Behrendt", "Behrendt Bikes", formal=False) == "Hallo O. Behrendt,"
    assert said("Ola Behrendt", "Olaf Behrendt", formal=False) == "Hallo Ola,"


def test_a_team_is_greeted_by_its_company() -> None:
    assert line("en", None, company="Brightwave") == "Dear Brightwave team,"


def test_a_first_name_alone_does_not_make_german_informal() -> None:
    assert line("de", "Anna Weber", opening="Hallo Robin,") == "Guten Tag Anna Weber,"
    assert not is_informal(LANGUAGES["de"], None, "Hallo Robin,", "Robin Meyer")
    assert is_informal(LANGUAGES["en"], None, "Hi Robin,", "Robin Meyer")
    assert is_informal(LANGUAGES["de"], formal=False, opening="", me="Robin Meyer")


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=200), st.sampled_from([None, True, False]))
def test_any_words_give_one_line(contact: str, opening: str, text: str, formal: bool | None) -> None:
    for lang in LANGUAGES:
        said = line(lang, contact, formal=formal, opening=opening, text=text)
        assert said.endswith(",")
        assert len(said.splitlines()) == 1
        assert len(said) < 120
