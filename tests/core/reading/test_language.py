from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.assets import reading_data
from raincheck.core.model import Segment, SegmentKind
from raincheck.core.reading.language import LanguageWords, detect, formality, not_read
from tests.core.reading.mails import Labelled, labelled, mail

WORDS = {
    name: LanguageWords.from_table(table["language"]) for name, table in reading_data().items() if "language" in table
}
UNREAD = {code: LanguageWords.from_table(table) for code, table in reading_data()["unread"].items()}
FOREIGN = {
    "fr": "Bonjour Robin, nous vous invitons à un entretien dans nos bureaux. Ce jour vous convient-il ?",
    "es": "Hola Robin: gracias por su interés. Nos gustaría invitarle a una entrevista en nuestra oficina.",
    "it": "Gentile Robin, siamo lieti di invitarLa a un colloquio con il nostro team nella sede di Milano.",
    "pt": "Olá Robin, gostaríamos de o convidar para uma entrevista no nosso escritório. Está disponível?",
    "nl": "Beste Robin, graag nodigen wij je uit voor een gesprek bij ons op kantoor in de week van 7 december.",
    "sv": "Hej Robin! Tack för din ansökan. Vi skulle gärna vilja träffa dig på kontoret, passar det på torsdag?",
    "da": "Hej Robin! Tak for din ansøgning. Vi vil gerne invitere dig til en samtale. Passer det dig?",
    "nb": "Hei Robin! Takk for søknaden din. Vi vil gjerne invitere deg til intervju. Passer det for deg?",
    "fi": "Hei Robin, kiitos hakemuksesta. Haluaisimme kutsua sinut haastatteluun. Sopiiko sinulle tai ei?",
    "pl": "Dzień dobry, dziękujemy za aplikację. Chcielibyśmy zaprosić Pana na rozmowę. Proszę o odpowiedź.",
    "cs": "Dobrý den, děkujeme za Vaši přihlášku. Rádi bychom Vás pozvali na pohovor do naší kanceláře.",
    "ro": "Bună ziua, vă mulțumim pentru aplicație. Dorim să vă invităm la un interviu în biroul nostru.",
    "hu": "Kedves Robin! Köszönjük a jelentkezését. Szeretnénk meghívni önt egy interjúra. Megfelel ez önnek?",
    "tr": "Merhaba Robin, başvurunuz için teşekkür ederiz. Sizi bir mülakat için ofisimize davet ediyoruz.",
}


@pytest.mark.parametrize("case", labelled(), ids=lambda case: case.name)
def test_language_of_a_mail(case: Labelled) -> None:
    assert detect(case.message, WORDS) == case.language


def test_the_words_outrank_a_header_that_mail_programs_set_by_themselves() -> None:
    message = mail("We would like to meet you and talk about the role.", content_language="de")
    assert detect(message, WORDS) == "en"


def test_content_language_speaks_where_the_words_do_not() -> None:
    assert detect(mail("OK!", content_language="de"), WORDS) == "de"
    assert detect(mail("OK!"), WORDS) is None


def test_a_language_without_a_lexicon_is_not_taken_for_another() -> None:
    assert detect(mail(FOREIGN["sv"]), WORDS) is None
    assert detect(mail(FOREIGN["sv"], content_language="sv"), WORDS) == "sv"


@pytest.mark.parametrize("case", labelled(), ids=lambda case: case.name)
def test_a_mail_in_a_language_that_is_read_is_in_no_other(case: Labelled) -> None:
    assert detect(case.message, WORDS, UNREAD) == case.language
    assert not_read(case.message, case.language, WORDS, UNREAD) is None


@pytest.mark.parametrize("language", FOREIGN)
def test_a_language_that_is_not_read_is_named(language: str) -> None:
    message = mail(FOREIGN[language])
    assert detect(message, WORDS, UNREAD) == language
    told = not_read(message, language, WORDS, UNREAD)
    assert told == f"it is written in {UNREAD[language].name}, which is not read yet"


def test_every_language_that_is_only_told_apart_is_tried() -> None:
    assert FOREIGN.keys() == UNREAD.keys()


@pytest.mark.parametrize(
    "text",
    [
        "Добрый день, приглашаем вас на собеседование.",
        "您好，我们想邀请您参加面试，请确认。",
    ],
)
def test_a_script_that_is_not_read_is_told_to_be_strange(text: str) -> None:
    message = mail(text)
    told = not_read(message, detect(message, WORDS, UNREAD), WORDS, UNREAD)
    assert told == "it is written in a language that is not read yet"


def test_a_mail_of_two_languages_is_in_the_one_that_is_read() -> None:
    english = "Dear Robin, we would like to invite you to an interview in our office. Would this day suit you?"
    both = mail(f"{FOREIGN['fr']}\n\n{english}")
    assert detect(both, WORDS, UNREAD) == "en"
    assert not_read(both, "en", WORDS, UNREAD) is None


FACTS = """Interview: Thursday 12 March, 11:00
Vacancy: Platform Engineer Kubernetes Terraform Ansible
Division: Cloud Infrastructure Zürich
Length: 50 minutes
Medium: Google Meet
Panel: Ilse Brandt, Head Platform; Tomás Ruiz, Staff Engineer; Ewa Lis, Talent Partner
Programme: Introductions, Whiteboard, Culture, Questions, Closing
Please confirm."""
ROWS = "\n".join(f"{n}\tWednesday 18 March 2026\t{9 + n}:30\tPaolo Greco\tTeams Room {n}" for n in range(1, 9))
PORTUGUESE_NAMES = """Interview: Tuesday 17 March 10:30.
Rui da Costa, Chefe de Engenharia
Ana do Carmo dos Reis, Gestora da Unidade de Pessoas e Cultura
Nuno de Sá, Diretor da Área de Dados do Grupo
Please confirm."""
FRENCH_PLACE = """Guten Tag, Gespräch Dienstag 17.3. um 15 Uhr, bitte kurz bestätigen.
Brasserie Le Chat de la Gare
8 rue des Lilas et de la Paix
à droite de la sortie du métro, en face du parc et de la mairie"""
DUTCH_TAIL = """Hi Robin, is Tuesday 17 March 10:30 on Zoom fine? We kijken ernaar uit!
Joost van der Meer
Hoofd van de afdeling Werving voor het hele land en de regio, met het team van de collega's op kantoor"""
FRENCH_FOOTER = """Interview Tuesday 17 March 10:30?

Ce message et ses pièces jointes sont destinés à la personne qui les reçoit par ce courriel et pas à une autre. Si vous
n'êtes pas le destinataire, nous vous prions de le supprimer et de ne pas en faire usage dans votre entreprise."""
FRENCH_LETTER = "Nous vous invitons à un entretien dans nos bureaux, avec la directrice, pour le poste."
ENGLISH_FIRST = f"""Could you come to our office for an interview on the 17th? It would start at ten.

{" ".join([FRENCH_LETTER] * 4)}"""
CHINESE_BELOW = (
    "Could you come to our office for an interview? Please let us know.\n\n" + "您好，请您确认是否方便。" * 4
)


@pytest.mark.parametrize(
    "text",
    [FACTS, ROWS, PORTUGUESE_NAMES, FRENCH_PLACE, DUTCH_TAIL, FRENCH_FOOTER, ENGLISH_FIRST, CHINESE_BELOW],
    ids=["facts", "rows", "names", "place", "tail", "footer", "two languages", "two scripts"],
)
def test_nothing_that_one_can_read_is_called_unread(text: str) -> None:
    message = mail(text)
    found = detect(message, WORDS, UNREAD)
    assert found not in UNREAD
    assert not_read(message, found, WORDS, UNREAD) is None


@pytest.mark.parametrize("text", [ENGLISH_FIRST, FRENCH_FOOTER, f"{FRENCH_LETTER}\n{FRENCH_LETTER * 3}\n{FACTS}"])
def test_what_one_can_read_tells_the_language(text: str) -> None:
    assert detect(mail(text, content_language="fr"), WORDS, UNREAD) == "en"


def test_names_and_streets_are_in_no_language() -> None:
    message = mail("Maria do Carmo da Silva dos Reis\nCafé Les Deux Moulins de la Butte\nVia della Pace del Sole\nOK?")
    assert detect(message, WORDS, UNREAD) is None


def test_a_name_in_english_does_not_make_a_foreign_letter_readable() -> None:
    letter = f"Bonjour Robin,\n\n{FRENCH_LETTER} Merci de nous dire si la date vous convient.\n\nHead of the Sales Team"
    assert detect(mail(letter, subject="Interview for the Sales Team"), WORDS, UNREAD) == "fr"


def test_signature_and_footer_tell_no_language() -> None:
    message = mail("OK!")
    below = (Segment(SegmentKind.SIGNATURE, FOREIGN["fr"]), Segment(SegmentKind.DISCLAIMER, FOREIGN["fr"]))
    assert detect(replace(message, segments=(*message.segments, *below)), WORDS, UNREAD) is None


def test_no_unread_language_has_the_marks_of_one_that_is_read() -> None:
    unread = frozenset[str]().union(*(language.function_words for language in UNREAD.values()))
    for language in WORDS.values():
        assert language.marks
        assert language.marks.isdisjoint(unread)


@pytest.mark.parametrize("text", ["OK!", "", "Tuesday 2pm?", "14:00 Zoom"])
def test_a_text_too_short_to_tell_is_not_called_strange(text: str) -> None:
    message = mail(text, content_language="fr")
    assert not_read(message, detect(message, WORDS, UNREAD), WORDS, UNREAD) is None


def test_the_hours_of_a_calendar_are_no_words() -> None:
    assert (
        detect(mail("Call with Jo\nWhen: Fri Sep 18, 2026 10am - 10:20am\nCalendar: Robin", subject="@ 10am"), WORDS)
        != "de"
    )


def test_quoted_history_does_not_decide() -> None:
    quoted = "We would like to invite you to our office. " * 9
    assert detect(mail("Sehr gerne, das passt mir gut und ich freue mich.", quoted=quoted), WORDS) == "de"


def test_a_forwarded_mail_decides_where_nothing_was_written() -> None:
    forwarded = Segment(SegmentKind.FORWARDED, "Wir möchten Sie gern zu einem Gespräch in unserem Haus einladen.")
    assert detect(replace(mail("FYI"), segments=(forwarded,)), WORDS) == "de"


@pytest.mark.parametrize(
    ("text", "formal"),
    [
        ("wir laden Sie zu einem Gespräch ein und bitten um Ihre Antwort", True),
        ("Wir haben Ihnen den Link geschickt", True),
        ("passt dir der Termin, oder hast du einen anderen Vorschlag?", False),
        ("Sie kommt morgen. Sie bringt ihre Unterlagen mit.", None),
        ("Das Gespräch dauert eine Stunde.", None),
        ("gerne laden wir\nSie ein", True),
    ],
)
def test_formality(text: str, formal: bool | None) -> None:
    assert formality(text, WORDS["de"]) is formal


def test_english_shows_no_formality() -> None:
    assert formality("Dear Ms Meyer, would you be available? Thank you.", WORDS["en"]) is None


@given(st.text(max_size=2_000))
def test_any_text_has_a_language_or_none(text: str) -> None:
    message = mail(text)
    assert detect(message, WORDS) in {None, *WORDS}
    found = detect(message, WORDS, UNREAD)
    assert found in {None, *WORDS, *UNREAD}
    not_read(message, found, WORDS, UNREAD)
    assert formality(text, WORDS["de"]) in {None, True, False}
