"""A language that the code has never heard of works as data alone: here French, with all that gives a template away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from raincheck.core.compose import compose
from raincheck.core.model import (
    Address,
    Decision,
    Kind,
    Message,
    Outcome,
    Period,
    Reading,
    Segment,
    SegmentKind,
    Slot,
)
from raincheck.core.settings import Me, Settings
from raincheck.errors import NotWritable

LANGUAGE = """
locale = "fr_FR"
forms = true
[when]
date = "EEEE d MMMM y"
date_first = "EEEE '1er' MMMM y"
time_24 = "H 'h' mm"
moment = "{date} à {time}"
option = "{date} à {time}"
[zones]
city = "heure de {city}"
[greeting]
titled = { Mme = "Madame,", M = "Monsieur," }
named = "Madame, Monsieur,"
informal = "Bonjour {given},"
unknown = "Madame, Monsieur,"
[closing]
formal = ["Je vous prie d'agréer mes salutations distinguées."]
informal = ["Bien cordialement,"]
[phrases]
for_position = [" pour le poste de {role} chez {company}", " pour le poste de {role}", " chez {company}", ""]
all_times = [" ({zone})", ""]
[talk]
default = "un entretien"
[our_talk]
default = "notre entretien"
[reasons]
collision = ["j'ai déjà un engagement à ce moment-là"]
unsuited = ["cet horaire ne me convient pas"]
lower = ["Je"]
[subject]
fallback = ["Notre entretien"]
[quote]
attribution = "Le {date} à {time}, {name} a écrit :"
[tact]
thanks = ["merci"]
apology = ["excuser"]
interest = ["m'intéresse"]
wish = ["souhaite"]
decline = ["décliner"]
cannot = ["ne pourrai malheureusement pas"]
forbidden = ["salaire"]
"""
RESCHEDULE = """{{ greeting }}

Je vous remercie de votre invitation à {{ talk }}{{ for_position }}, {{ appointment }}.
Je ne pourrai malheureusement pas venir ce jour-là, car {{ reason }}, et je vous prie de m'excuser pour ce contretemps.

L'un de ces horaires vous conviendrait-il{{ all_times }} ?

{{ options }}

Ce poste m'intéresse toujours vivement et je me réjouis d'échanger avec vous.

{{ closing }}
"""
TEMPLATES = {"fr/language": LANGUAGE, "fr/reschedule": RESCHEDULE}
PARIS = ZoneInfo("Europe/Paris")
STARTS = (datetime(2026, 12, 1, 10, tzinfo=PARIS), datetime(2026, 12, 4, 14, 30, tzinfo=PARIS))
DECISION = Decision(
    Outcome.RESCHEDULE,
    "busy",
    alternatives=tuple(Period(start, start + timedelta(minutes=45)) for start in STARTS),
    appointment=Slot(datetime(2026, 11, 30, 9, tzinfo=PARIS)),
)
READING = Reading(
    Kind.INVITATION,
    lang="fr",
    formal=True,
    role="Data Engineer (h/f)",
    company="Brightwave",
    contact="Claire Petit",
    reply_to="c@brightwave.example",
    zone="Europe/Paris",
)
MESSAGE = Message(
    "<a@brightwave.example>",
    datetime(2026, 11, 23, 9, tzinfo=PARIS),
    Address("Claire Petit", "c@brightwave.example"),
    "RE : TR : Entretien",
    (Segment(SegmentKind.NEWEST, "Bonjour Robin,\n\nÀ lundi ?\n\nMme Petit"),),
)
SETTINGS = Settings(me=Me("Robin Meyer", ("robin.meyer@example.net",), "Europe/Paris", languages=("fr",)))
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def letter(reading: Reading = READING) -> str:
    return compose(DECISION, reading, MESSAGE, "c", SETTINGS, TEMPLATES, now=NOW).body


def test_a_letter_in_a_language_of_data() -> None:
    reply = compose(DECISION, READING, MESSAGE, "c", SETTINGS, TEMPLATES, now=NOW)
    assert reply.subject == "Re: Entretien"
    assert reply.quote.startswith("Le lundi 23 novembre 2026 à 9 h 00, Claire Petit a écrit :\n> Bonjour Robin,")
    assert reply.body.startswith(
        "Madame,\n\nJe vous remercie de votre invitation à un entretien pour le poste de Data "
    )
    assert " chez Brightwave, lundi 30 novembre 2026 à 9 h 00." in reply.body
    assert "conviendrait-il (heure de Paris) ?" in reply.body
    assert "- mardi 1er décembre 2026 à 10 h 00\n- vendredi 4 décembre 2026 à 14 h 30\n" in reply.body
    assert reply.body.endswith("Je vous prie d'agréer mes salutations distinguées.\nRobin Meyer")


def test_the_tone_follows_the_mail() -> None:
    assert letter(replace(READING, formal=False)).startswith("Bonjour Claire,\n")
    assert letter(replace(READING, contact=None)).startswith("Madame, Monsieur,\n")


def test_what_has_no_template_is_left() -> None:
    with pytest.raises(NotWritable, match=r"fr/decline\.txt"):
        compose(Decision(Outcome.DECLINE, "x"), READING, MESSAGE, "c", SETTINGS, TEMPLATES, now=NOW)
