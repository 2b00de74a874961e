"""A mail that a bystander passed on is its writer's; one passed on by whoever arranges the talk is theirs."""

from __future__ import annotations

import pytest

from tests.core.reading.letters import reading

BELOW = (
    "\n\n---------- Forwarded message ---------\nFrom: Ottilie Marsh <{writer}>\nDate: Sun, 22 Nov 2026 at 21:10\n"
    "Subject: Saddler\nTo: Dana Field <dana.field@acme.example>\n\nDear Dana,\n\nplease tell Alex that we are looking "
    "for a saddler. Could Alex come to an interview on Thursday 3 December at 2pm? We are at 4 Tannery Lane.\n\n"
    "Kind regards,\nOttilie Marsh\nMarsh & Daughters Saddlery Ltd\n"
)
BELOW_IN_GERMAN = (
    "\n\n-------- Weitergeleitete Nachricht --------\nBetreff: Sattler\nDatum: Sun, 22 Nov 2026 21:10:00 +0100\n"
    "Von: Ottilie Marsh <{writer}>\nAn: Dana Field <dana.field@acme.example>\n\nLiebe Frau Field,\n\nwir suchen einen "
    "Sattler. Kann Alex Kaya am Donnerstag, 3.12. um 14 Uhr zum Vorstellungsgespräch kommen?\n\nHerzliche Grüße\n"
    "Ottilie Marsh\nSattlerei Marsh GmbH\n"
)
STRANGER, COLLEAGUE = "o.marsh@marshsaddlery.example", "o.marsh@acme.example"


@pytest.mark.parametrize(
    "words",
    [
        "Hi Alex,\n\nplease answer her directly, I only pass it on.\n\nDana",
        "Dear Alex,\n\nsee below. She asks you to write to her.\n\nDana Field\nCareers Office",
        "This landed in my inbox, please get back to Ms Marsh directly and not to me!\n\nDana",
        "Hallo Alex,\n\nantworte ihr bitte direkt.\n\nDana",
        "Guten Tag Alex Kaya,\n\nbitte melden Sie sich direkt bei Frau Marsh.\n\nDana Field",
        "Schau mal! Gib ihr gleich Bescheid, nicht mir :)\n\nDana",
    ],
)
@pytest.mark.parametrize("below", [BELOW, BELOW_IN_GERMAN])
def test_whoever_points_to_the_writer_is_not_the_one_to_answer(words: str, below: str) -> None:
    found = reading(words + below.format(writer=STRANGER), subject="Fwd: Saddler")
    assert found.contact == "Ottilie Marsh"
    assert found.company is not None
    assert "Marsh" in found.company
    assert found.reply_to is None
    assert [(doubt.field, doubt.candidates) for doubt in found.unsure] == [("reply_to", (STRANGER,))]


@pytest.mark.parametrize("below", [BELOW, BELOW_IN_GERMAN])
def test_what_comes_from_a_private_mailbox_is_its_writers(below: str) -> None:
    found = reading("look what came in!! x", "Dana Field <dana@gmail.com>", "Fwd: Saddler")
    assert found.contact != "Ottilie Marsh"
    found = reading("look what came in!! x" + below.format(writer=STRANGER), "Dana Field <dana@gmail.com>", "Fwd: S.")
    assert found.contact == "Ottilie Marsh"
    assert found.reply_to is None
    assert [doubt.field for doubt in found.unsure] == ["reply_to"]


@pytest.mark.parametrize("below", [BELOW, BELOW_IN_GERMAN])
def test_a_writer_of_the_same_house_gets_the_answer(below: str) -> None:
    found = reading("Please answer her directly.\n\nDana" + below.format(writer=COLLEAGUE), subject="Fwd: Saddler")
    assert (found.contact, found.reply_to, found.unsure) == ("Ottilie Marsh", COLLEAGUE, ())
    assert [e.source for e in found.evidence if e.field == "reply_to"] == ["forwarded"]


def test_two_private_mailboxes_of_one_provider_are_of_two_people() -> None:
    below = BELOW.format(writer="ottilie@gmail.com")
    found = reading("Please answer her directly." + below, "Dana Field <dana@gmail.com>", "Fwd: Saddler")
    assert found.reply_to is None


@pytest.mark.parametrize(
    "words",
    [
        "Hi Alex,\n\nsee below from the client. Can you do it? Let me know by tonight please.\n\nDana Field",
        "Hallo Alex,\n\nanbei die Anfrage meiner Kollegin. Geben Sie mir bitte Bescheid.\n\nDana Field",
    ],
)
@pytest.mark.parametrize("writer", [STRANGER, COLLEAGUE])
def test_whoever_arranges_the_talk_is_answered(words: str, writer: str) -> None:
    found = reading(words + BELOW.format(writer=writer), subject="Fwd: Saddler")
    assert (found.contact, found.reply_to, found.unsure) == ("Dana Field", "dana.field@acme.example", ())
