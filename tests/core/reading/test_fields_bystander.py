"""A mail that a bystander passed on is its writer's; one passed on by whoever arranges the talk is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.core.reading.letters import reading

if TYPE_CHECKING:
    from raincheck.core.model import Reading, Unsure

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


def doubts(found: Reading) -> list[Unsure]:
    """What is doubtful in a mail, but for what these short ones are all in all."""
    return [doubt for doubt in found.unsure if doubt.field != "kind"]


STRANGER, COLLEAGUE = "o.marsh@marshsaddlery.example", "o.marsh@acme.example"


@pytest.mark.parametrize(
    "words",
    [
        "Hi Alex,\n\nplease answer her directly, I only pass it on.\n\nDana",
        "Dear Alex,\n\nsee below. She asks you to write to her directly.\n\nDana Field\nCareers Office",
        "This landed in my inbox, please get back to Ms Marsh directly and not to me!\n\nDana",
        "Hallo Alex,\n\nantworte ihr bitte direkt.\n\nDana",
        "Guten Tag Alex Kaya,\n\nbitte melden Sie sich direkt bei Frau Marsh.\n\nDana Field",
        "Schau mal! Gib ihr gleich Bescheid, nicht mir :)\n\nDana",
        "Hallo Alex, die haben sich vertippt. Schreib denen bitte selber! Tante Dana",
        "Das ging an mich. Melde dich bitte selbst bei denen.\n\nDana",
        "Die Mail kam bei mir an, sag der Dame bitte selbst Bescheid!\n\nDana",
        "Hi Alex, this came to me. Write back to them yourself, please.\n\nDana",
    ],
)
@pytest.mark.parametrize("below", [BELOW, BELOW_IN_GERMAN])
def test_whoever_points_to_the_writer_is_not_the_one_to_answer(words: str, below: str) -> None:
    found = reading(words + below.format(writer=STRANGER), subject="Fwd: Saddler")
    assert found.contact == "Ottilie Marsh"
    assert found.company is not None
    assert "Marsh" in found.company
    assert found.reply_to is None
    assert [(doubt.field, doubt.candidates) for doubt in doubts(found)] == [("reply_to", (STRANGER,))]


@pytest.mark.parametrize("below", [BELOW, BELOW_IN_GERMAN])
def test_what_comes_from_a_private_mailbox_is_its_writers(below: str) -> None:
    found = reading("look what came in!! x" + below.format(writer=STRANGER), "Dana Field <dana@gmail.com>", "Fwd: S.")
    assert found.contact == "Ottilie Marsh"
    assert found.reply_to is None
    assert [doubt.field for doubt in doubts(found)] == ["reply_to"]


@pytest.mark.parametrize("below", [BELOW, BELOW_IN_GERMAN])
def test_a_writer_of_the_same_house_gets_the_answer(below: str) -> None:
    found = reading("Please answer her directly.\n\nDana" + below.format(writer=COLLEAGUE), subject="Fwd: Saddler")
    assert (found.contact, found.reply_to, doubts(found)) == ("Ottilie Marsh", COLLEAGUE, [])
    assert [e.source for e in found.evidence if e.field == "reply_to"] == ["forwarded"]


def test_two_private_mailboxes_of_one_provider_are_of_two_people() -> None:
    below = BELOW.format(writer="ottilie@gmail.com")
    found = reading("Please answer her directly." + below, "Dana Field <dana@gmail.com>", "Fwd: Saddler")
    assert found.reply_to is None


@pytest.mark.parametrize(
    "words",
    [
        "Hi Alex,\n\nsee below from the client. Can you do it? Let me know by tonight please.\n\nDana Field",
        "Hi Alex,\n\nshe has left and I take over, so please don't write to her directly any more.\n\nDana Field",
        "Hi Alex,\n\nthere is no need to reply to her directly, just confirm to me.\n\nDana Field",
        "Hi Alex,\n\nif you have questions, contact her directly. Please confirm the time to me.\n\nDana Field",
        "Hallo Alex,\n\nbei Fragen melden Sie sich direkt bei ihr. Den Termin bestätigen Sie mir.\n\nDana Field",
        "Hi Alex,\n\nplease never write to them directly, all goes through us.\n\nDana Field",
        "Hi Alex,\n\nI will reply directly to them once you have told me.\n\nDana Field",
        "Hi Alex,\n\nsorry that she wrote to Jo and not to me. Is Thursday fine?\n\nDana Field",
        "Hi Alex,\n\nI'm out of this office from Friday, so confirm to me before.\n\nDana Field",
        "Hi Alex,\n\nthe client wants you to write to her a short note; send it to me.\n\nDana Field",
        "Hallo Alex,\n\nbitte melden Sie sich nicht direkt bei Frau Marsh, sondern bei mir.\n\nDana Field",
        "Hallo Alex,\n\ndas Gespräch ist nicht bei uns, sondern in Hamburg. Bitte bestätigen Sie mir.\n\nDana Field",
        "Hallo Alex,\n\nsie hat gestern nicht mir, sondern Herrn Lund geschrieben.\n\nDana Field",
        "Hallo Alex,\n\nanbei die Anfrage meiner Kollegin. Geben Sie mir bitte Bescheid.\n\nDana Field",
        "Hallo Alex,\n\nantworten Sie denen bitte nicht selbst, das mache ich.\n\nDana Field",
        "Hallo Alex,\n\nich schreibe denen gleich selbst. Sagen Sie mir, ob es geht?\n\nDana Field",
    ],
)
@pytest.mark.parametrize("writer", [STRANGER, COLLEAGUE])
def test_whoever_arranges_the_talk_is_answered(words: str, writer: str) -> None:
    found = reading(words + BELOW.format(writer=writer), subject="Fwd: Saddler")
    assert (found.contact, found.reply_to, doubts(found)) == ("Dana Field", "dana.field@acme.example", [])


INVITES = (
    "thank you for your application. I would like to invite you to an interview on Thursday 3 December at 2pm.\n\n"
)


@pytest.mark.parametrize("words", [INVITES, "please confirm to me by tonight, I'll tell them.\n\n"])
def test_who_hires_from_a_private_mailbox_is_no_bystander(words: str) -> None:
    below = BELOW.format(writer=STRANGER)
    found = reading(f"Dear Alex,\n\n{words}Dana Field\nField Leather Ltd{below}", "Dana Field <fieldleather@gmail.com>")
    assert (found.contact, found.reply_to) == ("Dana Field", "fieldleather@gmail.com")


ACME = "Dana Field <dana.field@acme.example>"


@pytest.mark.parametrize(
    ("sender", "writer", "headers"),
    [
        (ACME, "noreply@acme.example", {}),
        (ACME, COLLEAGUE, {"Reply_To": "o.marsh@marsh.example"}),
        ("Dana via LinkedIn <messages-noreply@linkedin.com>", "hr@marsh-daughters-saddlery.example", {}),
        ("Dana <dana@gmail.com>", "ottilie@x.gmail.com", {}),
    ],
)
def test_a_line_in_a_text_vouches_for_no_address(sender: str, writer: str, headers: dict[str, str]) -> None:
    found = reading("Please answer her directly." + BELOW.format(writer=writer), sender, **headers)
    assert found.reply_to is None
    assert "reply_to" in [doubt.field for doubt in doubts(found)]
    assert found.contact != "Alex Kaya"


def test_your_own_words_below_are_no_mail_that_is_passed_on() -> None:
    found = reading("Please answer her directly." + BELOW.format(writer="alex.kaya@example.net"), ACME)
    assert (found.reply_to, found.slots) == ("dana.field@acme.example", ())


def test_nobody_is_sure_of_a_mail_that_went_through_several_hands() -> None:
    twice = BELOW.format(writer=COLLEAGUE).replace(
        "please tell Alex", "please pass on.\n" + BELOW + "\nplease tell Alex"
    )
    found = reading("Please answer her directly.\n\nDana" + twice.format(writer=STRANGER), subject="Fwd: Fwd: Saddler")
    assert found.reply_to is None
    assert "reply_to" in [doubt.field for doubt in doubts(found)]


def test_the_house_of_both_may_be_named_by_whoever_passes_on() -> None:
    found = reading(
        "Guten Tag, ich leite Ihnen die Mail weiter. Antworten Sie bitte direkt ihr.\n\nU. Maier, Sekretariat"
        + BELOW_IN_GERMAN.replace("Sattlerei Marsh GmbH\n", "").format(writer="marsh@fs-talheim.example"),
        "Sekretariat Freie Schule Talheim <sekretariat@fs-talheim.example>",
    )
    assert (found.contact, found.reply_to) == ("Ottilie Marsh", "marsh@fs-talheim.example")
    assert found.company == "Freie Schule Talheim"
