"""Who writes, and whom to answer: by signatures, sentences and addresses."""

from __future__ import annotations

import pytest

from tests.core.reading.letters import ASK, ASK_IN_GERMAN, WANTED, reading


@pytest.mark.parametrize(
    ("text", "sender", "contact"),
    [
        ("Reply to Lou at lou@acme.example, please.\n\nDana Field", "Dana Field <dana@acme.example>", "Lou"),
        (
            "Ist Ihnen der Tag nicht möglich, wenden Sie sich an Frau Marsh (marsh@acme.example).\n\nIhr Team",
            "Team Acme <team@acme.example>",
            "Marsh",
        ),
        (
            "Please confirm to l.marsh@acme.example. Lou Marsh keeps the diary.\n\nDana Field",
            "Dana Field <dana@acme.example>",
            "Lou Marsh",
        ),
        ("\n\nWarmly,\nAcme People Team", "Acme <people@acme.example>", None),
        ("\n\nYours,\nFor the Selection Committee\nAcme Office", "Acme Office <selection@acme.example>", None),
        (" You will meet Theo Marsh here at our office.", "Acme <people@acme.example>", None),
        ("\n\nHi Robin, Theo Marsh here from Acme.", "Acme <people@acme.example>", "Theo Marsh"),
        ("\n\nRegards\nT. Marsh\n\nTheo Marsh\nDirector", "Acme <people@acme.example>", "Theo Marsh"),
        ("\n\nnext week works too\n\ndana", "Dana Field <dana@acme.example>", "Dana Field"),
        ("\n\nRegards\nMrs J Marsh\nBursar", "Office <office@acme.example>", "J Marsh"),
        ("\n\nSee you\nAda von Acme", "Acme <people@acme.example>", "Ada"),
        ("\n\nRegards\nLe Thi Mai (Ms.)", "HR <hr@acme.example>", "Le Thi Mai"),
        ("\n\nRegards\nMia Koch CEng MIMechE\nAcme Ltd, Port Heron", "Acme <a@acme.example>", "Mia Koch"),
        ("\n\nRgds\nJo\nAcme Ltd, Port Heron", "Joan Ray <jray@acme.example>", "Joan Ray"),
        ("\n\nGrüße\nLund Zimmerei", "Per Lund <per@lund.example>", "Per Lund"),
        ("\n\nSunny greetings\nLou Marsh for the team", "Acme <a@acme.example>", "Lou Marsh"),
        ("\n\nLou from the People Team", "Acme <people@acme.example>", "Lou"),
        ("\n\nIm Auftrag\nReiher", "Stadt Otterby <amt@otterby.example>", "Reiher"),
        ("\n\nTierische Grüße\nMia Reiher\nRevierleitung", "Zoo Otterby <a@otterby.example>", "Mia Reiher"),
        ("\n\nIhre Mia Freitag", "Mia Freitag <m.freitag@acme.example>", "Mia Freitag"),
        ("\n\nJMR\nAcme Ltd", "Jean-Marc Ray <jmr@acme.example>", "Jean-Marc Ray"),
        ("Tell me. Mia Reiher", "Backstube Reiher <backstube@reiher.example>", "Mia Reiher"),
        ("\n\nMia Reiher", "Kita-Leitung Otternest <otternest@acme.example>", "Mia Reiher"),
        ("\n\nRegards\nA. Marsh", "Acme <a@acme.example>", "A. Marsh"),
        ("\n\nlg dana\nacme e. V.", "dana <dana@acme.example>", "Dana"),
        ("\n\nAcme Studio\nc/o Ola", "Studio <studio@acme.example>", "Ola"),
        (
            "Questions go to Lou Marsh (lou@acme.example). We can't receive replies.",
            "Acme <a@acme.example>",
            "Lou Marsh",
        ),
        ("Nobody reads this inbox. Questions: keys@acme.example (Mrs Marsh)", "Acme <a@acme.example>", "Marsh"),
        ("\n\nRecruiting manager\nLou Marsh, tel. 01632 960001", "Acme <no-reply@acme.example>", "Lou Marsh"),
        ("\n\nLou Marsh just messaged you", "LinkedIn <messages-noreply@linkedin.com>", "Lou Marsh"),
        ("This is Lou Marsh from Acme, by the way.", "Acme <a@acme.example>", "Lou Marsh"),
        ("\n\nSturdily yours,\nOla Marsh, Bosun", "Reed Boats <yard@reedboats.example>", "Ola Marsh"),
        ("\n\nGod wind and calm sea\nMia Reiher\nHarbour office", "Port <a@port.example>", "Mia Reiher"),
        ("\n\nMia Reiher, Bursar\n\nDoors 9-5. Closed on feast days.", "Hall <a@hall.example>", "Mia Reiher"),
        ("\n\nHedda from the mill", "Mill <post@mill.example>", "Hedda"),
        ("\n\nHedda\nfor Otter Frames\n\nReed Lane 4, Mon-Fri", "Otter Frames <hi@otter.example>", "Hedda"),
        ("\n\nHedda xx", "Otter Frames <hi@otter.example>", "Hedda"),
        ("\n\nWirt Sepp Reiher", "Gasthof Otter <a@otter.example>", "Sepp Reiher"),
        ("\n\nHerzlich\nDr. Reiher", "Praxis am Wehr <a@wehr.example>", "Reiher"),
        ("\n\nEin schönes Fest wünscht Mia Reiher\n(Büro Mi 13-15)", "Chor <a@chor.example>", "Mia Reiher"),
        ("\n\nGruß aus der Backstube, Hedda", "Ofen <a@ofen.example>", "Hedda"),
        ("\n\ni.A. Mia Reiher, MFA\nPraxis am Wehr", "Praxis am Wehr <a@wehr.example>", "Mia Reiher"),
        ("\n\nGlück auf\nMia Berg und Jo Ray", "Zeche <a@zeche.example>", "Mia Berg"),
        ("\n\nRegards\nT. Marsh\nDirector", "Theo Marsh <theo@acme.example>", "T. Marsh"),
        ("Bis bald. T. Marsh", "Dachdeckermeister Marsh <t.marsh@acme.example>", "T. Marsh"),
        ("\n\nOla", "Bar La Luna <laluna@laluna-otterby.example>", "Ola"),
        ("\n\nSee ya,\nOla\nStore Manager", "Otter Homewares Hiring <hiring.nw@otterhome.example>", "Ola"),
        ("\n\nTschüss\nPersonalbüro, i. V. Mia Reiher", "Personalbüro <personal@otter.example>", "Mia Reiher"),
        ("\n\nRegards\nGrace Lim\nHR", "Grace Lim Mei Xin <grace.lim@acme.example>", "Grace Lim"),
        ("\n\nPfr. i. R. Sepp Reiher, Vorsitz", "Gemeinde <buero@otter.example>", "Sepp Reiher"),
        (
            "\n\nIn solidarity,\nBlessing Marsh\nHR & Admin Manager, Otter Relief",
            "Blessing Marsh <blessing.marsh@otter.example>",
            "Blessing Marsh",
        ),
        ("\n\nDanke\nMirjana Reiher", "Blitz <buero@blitz.example>", "Mirjana Reiher"),
        ("\n\nRegards\nShu Fen\nHR", "Tan Shu Fen <shufen.tan@acme.example>", "Tan Shu Fen"),
        ("\n\nTschüss\nLena", "Magdalena Reiher <lena@gasthof.example>", "Magdalena Reiher"),
        (
            "\n\nBest\nOla\n\n> On Friday, Otter Frames wrote:\n>\n> Hello Alex, when could you come?\n> Ola Marsh\n",
            "Otter Frames <hi@otter.example>",
            "Ola Marsh",
        ),
        ("\n\nMia Reiher\nBerufungsbüro", "Berufungsbüro Ost <berufungsbuero@acme.example>", "Mia Reiher"),
        ("\n\nUn saludo,\nAinhoa Goñi\nOtterluz", "Equipo Talento Otterluz <talento@otterluz.example>", "Ainhoa Goñi"),
        ("\n\nYstävällisin\nOskari Ketola", "Toimisto Otterla <toimisto@otterla.example>", "Oskari Ketola"),
        ("\n\nAdiós\nNabor\nOtterluz", "Nabor Otterluz <nabor@otterluz.example>", "Nabor Otterluz"),
        ("\n\nRegards\nHaruka Marsh (Ms.)", "Marsh Haruka <h.marsh@acme.example>", "Haruka Marsh"),
        ("\nInterviewer: Mr. Marsh\n\nRegards\nRyo Marsh", "Marsh Ryo <ryo@acme.example>", "Ryo Marsh"),
        ('\n\n"Ciao Alex, looking forward to it."', "Acme <people@acme.example>", None),
        ("\n\nLiebe Grüße Alex, wir freuen uns!", "Acme <people@acme.example>", None),
        ("\n\nBest,\nAlex\nHead of People", "Acme <people@acme.example>", "Alex"),
        ("\n\nGrüße\nDI (FH) Vroni Reiher, MSc", "Acme <people@acme.example>", "Vroni Reiher"),
        ("\n\nDI Vroni Reiher\nLeitung", "DI Vroni Reiher <reiher@acme.example>", "Vroni Reiher"),
        ("\n\nIng. Mag. Veit Reiher", "Ing. Mag. Veit Reiher <reiher@acme.example>", "Veit Reiher"),
        ("\n\nBest\nLuca Di Marco", "Luca Di Marco <l.dimarco@acme.example>", "Luca Di Marco"),
    ],
)
def test_the_person_to_answer(text: str, sender: str, contact: str | None) -> None:
    assert reading(ASK + text, sender).contact == contact


@pytest.mark.parametrize(
    "aside",
    [
        "My assistant Tom books your train, tell him at tom@acme.example.",
        "Our coordinator Lee left us; lee@acme.example bounces.",
        "For complaints, write to them directly: complaints@acme.example.",
    ],
)
def test_who_does_something_else_is_not_answered(aside: str) -> None:
    read_ = reading(f"{ASK}{aside}\n\nDana Field", "Dana Field <dana@acme.example>")
    assert (read_.contact, read_.reply_to) == ("Dana Field", "dana@acme.example")


@pytest.mark.parametrize(
    ("text", "copied", "answered"),
    [
        (
            "Please reply to my colleague Lou Marsh, who keeps the diary.",
            "Lou Marsh <l.marsh@acme.example>",
            ("Lou Marsh", "l.marsh@acme.example"),
        ),
        (
            "Please reply to my colleague Lou Marsh, who keeps the diary.",
            "Lou Marsh <l.marsh@elsewhere.example>",
            ("Lou Marsh", "dana@acme.example"),
        ),
        (
            "Please reply to my colleague Lou Lee, who keeps the diary.",
            "Ash Fleet <a.fleet@acme.example>, Lou Lee <lou.lee@acme.example>",
            ("Lou Lee", "lou.lee@acme.example"),
        ),
        (
            "Please reply to my colleague Lou Staff.",
            "All <all-staff@acme.example>",
            ("Lou Staff", "dana@acme.example"),
        ),
        (
            "Please reply to my colleague Lou Marsh.",
            "Lou Marsh <no-reply@acme.example>",
            ("Lou Marsh", "dana@acme.example"),
        ),
        ("My colleague Lou Marsh is in copy.", "Lou Marsh <l.marsh@acme.example>", ("Dana Field", "dana@acme.example")),
    ],
)
def test_somebody_in_copy_is_answered_where_the_text_asks_for_it(
    text: str, copied: str, answered: tuple[str, str]
) -> None:
    found = reading(f"{ASK}{text}\n\nDana Field", "Dana Field <dana@acme.example>", Cc=copied)
    assert (found.contact, found.reply_to) == answered


def test_somebody_in_copy_who_shall_not_be_asked_is_not_answered() -> None:
    text = f"{ASK}Please confirm to me. Please don't contact my colleague Lou Marsh, who is on leave.\n\nDana Field"
    copied = "Lou Marsh <l.marsh@acme.example>"
    assert reading(text, "Dana Field <dana@acme.example>", Cc=copied).reply_to == "dana@acme.example"


def test_a_surname_that_a_german_sentence_names_for_the_answer() -> None:
    sender, below = "Mia Berg <berg@acme.example>", "\n\nMit freundlichen Grüßen\nMia Berg"
    known = f"{ASK_IN_GERMAN}Bitte antworten Sie Frau Reiher direkt (reiher@acme.example), nicht mir.{below}"
    assert reading(known, sender).contact == "Reiher"
    copied = f"{ASK_IN_GERMAN}Bitte antworten Sie daher meiner Kollegin Frau Reiher (in Kopie).{below}"
    found = reading(copied, sender, Cc="Hedda Reiher <h.reiher@acme.example>")
    assert (found.contact, found.reply_to) == ("Hedda Reiher", "h.reiher@acme.example")
    assert reading(f"{ASK_IN_GERMAN}Melden bei: Herrn Reiher.{below}", sender).contact == "Mia Berg"


def test_the_next_sentence_may_ask_to_tell_whose_address_it_is() -> None:
    keeps = "My assistant, Lou Marsh (marsh@acme.example), keeps my diary."
    sender = "Dana Field <dana@acme.example>"
    assert reading(f"{ASK}{keeps} Would you let her know which day?", sender).reply_to == "marsh@acme.example"
    for other in ("She also waters the plants.", "We will write to her about the room.", "Give her a smile."):
        assert reading(f"{ASK}{keeps} {other}", sender).reply_to == "dana@acme.example"


@pytest.mark.parametrize("office", ["Human Resources", "Talent Acquisition", "People Operations"])
def test_an_office_is_no_person(office: str) -> None:
    box = office.lower().replace(" ", ".")
    assert reading(f"{ASK}\n\nRegards\n{office}", f"{office} <{box}@acme.example>").contact is None


def test_the_person_behind_a_platform_is_named_in_reply_to() -> None:
    found = reading(ASK, "Greenhouse <no-reply@greenhouse.io>", Reply_To="Lou Marsh <lou.marsh@blue-heron.example>")
    assert (found.contact, found.company) == ("Lou Marsh", "Blue Heron")


@pytest.mark.parametrize(
    ("sender", "signed", "whole"),
    [
        ("LIM Shu Fen <shufen.lim@acme.example>", "Shu Fen\n\nLIM Shu Fen (Ms)\nHuman Capital", "LIM Shu Fen"),
        ("Deputy Chief Ron Halvorsen <rhalvorsen@acme.example>", "Dep. Chief Halvorsen", "Ron Halvorsen"),
        ("Lieutenant Maria Ortega <mortega@acme.example>", "Lieutenant Ortega", "Maria Ortega"),
        ("Head Chef Tom Ray <tom@acme.example>", "Head Chef Ray", "Tom Ray"),
        ("Vice Principal Anna Dorsey <adorsey@acme.example>", "Vice Principal Dorsey", "Anna Dorsey"),
        ("Personalamt <amt@acme.example>", "Für den Bürgermeister:\nOAR Gerlinde Hofer", "Gerlinde Hofer"),
        ("Wache Otterau <wache@otterau.example>", "Im Auftrag\nPOKin Mia Reiher", "Mia Reiher"),
        ("Wache Otterau <wache@otterau.example>", "Oberbrandmeister T. Reiher", "T. Reiher"),
        ("Otterby Police <jobs@otterby.example>", "Regards\nDet. Sgt. Theo Marsh", "Theo Marsh"),
    ],
)
def test_ranks_and_offices_before_a_name_are_none_of_it(sender: str, signed: str, whole: str) -> None:
    assert reading(f"{WANTED}\n\n{signed}\n", sender).contact == whole


def test_the_trade_of_a_house_is_no_surname() -> None:
    mail = f"{ASK_IN_GERMAN}\nGruß Kern\n\nKern Bedachungen | Inh. Uwe Kern"
    assert reading(mail, "Dach Kern <info@dach-kern.example>").contact == "Uwe Kern"


def test_a_house_that_nobody_answers_for_is_no_person() -> None:
    mail = (
        "{}Select your slot: https://workplace.example/x\n\nSincerely,\nTalent Acquisition, Corrib Payments DAC\n\n{}"
    )
    never = "This email was generated automatically; please do not reply to it."
    assert reading(mail.format(WANTED, never), "Corrib Payments <corribpayments@workplace.example>").contact is None
    assert reading(mail.format(WANTED, never), "Corrib Payments <no-reply@workplace.example>").contact is None


@pytest.mark.parametrize("refused", ["Please don't contact", "Please do not call", "You should not write to"])
def test_whom_not_to_ask_is_not_the_contact(refused: str) -> None:
    assert reading(f"{WANTED}{refused} Lou Marsh at reception.\n\nDana Field").contact == "Dana Field"


@pytest.mark.parametrize(
    ("asked", "box", "name"),
    [
        ("Could you please confirm to Lisbeth (in cc, lk@acme.example), who runs the diary?", "lk", "Lisbeth Krogh"),
        ("Please reply to Lisbeth (cc'd, lk@acme.example).", "lk", "Lisbeth Krogh"),
        ("Please confirm to Lisbeth (lk@acme.example).", "lk", "Lisbeth Krogh"),
        ("Bitte antworten Sie an Frau Krogh (in Kopie, lk@acme.example).", "lk", "Lisbeth Krogh"),
        ("Please confirm to me and cc Lisbeth (lk@acme.example).", "dana.field", "Dana Field"),
        ("Please answer to me (cc lk@acme.example).", "dana.field", "Dana Field"),
        (
            "Please confirm to me by Monday; my boss Lisbeth (in cc, lk@acme.example) will join.",
            "dana.field",
            "Dana Field",
        ),
        ("Please reply to me, not to Lisbeth (in cc, lk@acme.example).", "dana.field", "Dana Field"),
        ("Please reply all so Lisbeth (in cc, lk@acme.example) sees it.", "dana.field", "Dana Field"),
        ("There is no need to reply to my colleague Lisbeth Krogh (in copy).", "dana.field", "Dana Field"),
        ("Bitte antworten Sie mir (in Kopie an lk@acme.example).", "dana.field", "Dana Field"),
    ],
)
def test_who_is_in_copy_of_this_mail_may_be_asked_for_the_answer(asked: str, box: str, name: str) -> None:
    found = reading(f"{WANTED}{asked}\n\nDana Field", Cc="Lisbeth Krogh <lk@acme.example>")
    assert (found.reply_to, found.contact) == (f"{box}@acme.example", name)


@pytest.mark.parametrize(
    "text",
    [
        "Fahrtkosten überweisen wir auf Ihr Konto (Inhaber: Max Muster).\n\nBäckerei Sommer",
        "Wir sind seit 1920 Inhaber: Max Muster weiß das.\n\nBäckerei Sommer",
    ],
)
def test_an_owner_in_a_sentence_is_no_contact(text: str) -> None:
    assert reading(ASK_IN_GERMAN + text, "Bäckerei Sommer <info@baeckerei-sommer.example>").contact is None


def test_a_team_is_no_person() -> None:
    mail = f"{WANTED}\n\nSee you on board,\nThe Cabin Crew Recruitment Team"
    assert reading(mail, "Norrwind Air Cabin Crew <donotreply@careers.norrwind.example>").contact is None


def test_a_first_name_is_completed_by_the_mailbox_of_who_has_no_name_there() -> None:
    mail = f"{ASK_IN_GERMAN}\n\nLg Franz\n\nBiohof Zehetner"
    assert reading(mail, "franz.zehetner@biohof-zehetner.example").contact == "Franz Zehetner"
    assert reading(mail, "hofladen.zehetner@biohof-zehetner.example").contact == "Franz"


@pytest.mark.parametrize(
    ("text", "sender", "contact"),
    [
        (f"{ASK}\n\nBest,\nBets\n\nElspeth Marsh\nPartner", "Elspeth Marsh <e.marsh@acme.example>", "Elspeth Marsh"),
        (
            f"{ASK_IN_GERMAN}\n\nGrüße\nTilli\n\nOttilie Reiher\nTeamleitung",
            "Ottilie Reiher <tilli@acme.example>",
            "Ottilie Reiher",
        ),
        (f"{ASK}Please answer to Hugo directly (hugo.marsh@acme.example).\n\nDana", "d@acme.example", "Hugo Marsh"),
        (f"{ASK_IN_GERMAN}Bitte antworten Sie Uwe (uwe.reiher@acme.example).\n\nDana", "d@acme.example", "Uwe Reiher"),
    ],
)
def test_a_first_name_is_completed_by_the_signature_below_and_the_address_for_answers(
    text: str, sender: str, contact: str
) -> None:
    assert reading(text, sender).contact == contact


@pytest.mark.parametrize(
    ("text", "sender", "contact"),
    [
        (
            "Bets Marsh from Otter Optics would like to schedule an interview with you.",
            "note@hub.example",
            "Bets Marsh",
        ),
        ("Mia Reiher von der Otter Optik GmbH möchte Sie zum Gespräch einladen.", "note@hub.example", "Mia Reiher"),
        (
            "Do confirm. – Jess Marsh\n\nWhen\tThursday, 14:00\nOrganiser\tkeepers@otter.example",
            "k@otter.example",
            "Jess Marsh",
        ),
        (
            "I'm Wren.\n\nTalk soon,\nWren Marsh\nOtter Mutual, Denver",
            "Otter Mutual <otter@hire.hub.example>",
            "Wren Marsh",
        ),
    ],
)
def test_who_is_behind_a_platform_or_a_calendar(text: str, sender: str, contact: str) -> None:
    assert reading(f"{WANTED}{text}", sender).contact == contact


@pytest.mark.parametrize(
    ("house", "sender"),
    [
        ("Stadtwerke Ohmtal GmbH\nPersonalabteilung", "Jobportal Stadtwerke Ohmtal <no-reply@hub.example>"),
        ("Klinikum Otterau gGmbH", "Karriere Klinikum Otterau <karriere@klinikum.example>"),
    ],
)
def test_the_town_in_the_name_of_a_house_is_nobody(house: str, sender: str) -> None:
    assert reading(f"{ASK_IN_GERMAN}\n\nMit freundlichen Grüßen\n{house}", sender).contact is None


def test_nouns_with_an_article_between_them_are_nobody() -> None:
    text = f"{ASK_IN_GERMAN} Antworten Sie unter Angabe der Kennziffer an {{}}.\n\nFür die Leitung:\nOAR Jo Marsh"
    read = reading(text.format("personal@otter.example"), "Rathaus Otter <post@otter.example>")
    assert (read.contact, read.reply_to) == ("Jo Marsh", "personal@otter.example")
    assert (
        reading(f"{ASK_IN_GERMAN}\n\nGrüße\nWillem van der Marsh", "post@otter.example").contact
        == "Willem van der Marsh"
    )


@pytest.mark.parametrize(
    "asked",
    [
        "Ihre Zusage schicken Sie bitte an Mag.a Mia Reiher{}, auch bei technischen Problemen.",
        "Ihre Terminbestätigung senden Sie bitte bis Montag an Dr.in Mia Reiher{}.",
        "Für Ihre Rückmeldung ist Frau Mia Reiher{} zuständig.",
        "Zusagen nimmt Mia Reiher{} entgegen.",
        "Please send your acceptance to Ms Mia Reiher{}, who is also there for technical problems.",
        "Your confirmation should go to Mia Reiher{}.",
        "Responses are to be addressed to Mia Reiher{}.",
        "To confirm, please turn to Mia Reiher{}.",
    ],
)
def test_whoever_gets_the_answer_is_told_by_name_with_or_without_an_address(asked: str) -> None:
    text = (ASK_IN_GERMAN if "Sie" in asked or "Zusagen" in asked or "Ihre" in asked else ASK) + asked
    found = reading(text.format(" (m.reiher@acme.example)") + "\n\nAcme", "Acme <jobs@acme.example>")
    assert (found.contact, found.reply_to) == ("Mia Reiher", "m.reiher@acme.example")
    assert reading(text.format("") + "\n\nAcme", "Acme <jobs@acme.example>").contact == "Mia Reiher"


@pytest.mark.parametrize(
    "aside",
    [
        "Reisekosten rechnen Sie bitte mit Mia Reiher (m.reiher@acme.example) ab.",
        "Please direct invoices to Mia Reiher (m.reiher@acme.example).",
        "If you need adjustments to confirm, write to m.reiher@acme.example, also at weekends.",
        "Your reply is welcome; m.reiher@acme.example is there for technical problems.",
    ],
)
def test_an_address_for_other_matters_gets_no_answer(aside: str) -> None:
    assert reading(f"{ASK}{aside}\n\nAcme", "Acme <jobs@acme.example>").reply_to == "jobs@acme.example"


@pytest.mark.parametrize(
    ("ending", "sender", "contact"),
    [
        ("Best\nWei Jie", "Ong Wei Jie <weijie.ong@acme.example>", "Ong Wei Jie"),
        ("Best\nMaria Marsh", "Anna Maria Marsh <a.marsh@acme.example>", "Maria Marsh"),
        ("Regards\nT. Marsh\nAcme Ltd", "Theo Marsh <marsh@acme.example>", "T. Marsh"),
        ("Regards\nT. Marsh", "Lou Marsh <l.marsh@acme.example>", "T. Marsh"),
        ("Cheers\nBets (Elspeth Marsh, bursar)", "Otter Hall <office@otter.example>", "Elspeth Marsh"),
        ("Cheers\nBets (Otter Marsh Ltd)", "Otter Hall <office@otter.example>", "Bets"),
    ],
)
def test_who_signs_in_short_is_told_in_full(ending: str, sender: str, contact: str) -> None:
    assert reading(f"{ASK}\n\n{ending}", sender).contact == contact


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        (f"{ASK}Please reply directly to Ms Marsh (lou.marsh@acme.example).", "Lou Marsh"),
        (f"{ASK_IN_GERMAN}Antworten Sie bitte direkt an Frau Reiher (mia.reiher@acme.example).", "Mia Reiher"),
    ],
)
def test_a_surname_is_completed_by_the_address_for_answers(text: str, contact: str) -> None:
    assert reading(f"{text}\n\nDana Field", "Office <office@acme.example>").contact == contact


@pytest.mark.parametrize(
    ("asks", "answered"),
    [
        ("Please email Lou Marsh (l.marsh@acme.example) with your first and second choice by noon.", True),
        ("Please email l.marsh@acme.example with your preferences in order.", True),
        ("Please email l.marsh@acme.example with your bank details for the train ticket.", False),
        ("Bitte schicken Sie Erst- und Zweitwunsch an Lou Marsh (l.marsh@acme.example).", True),
    ],
)
def test_whoever_gets_the_choice_gets_the_answer(asks: str, answered: bool) -> None:
    found = reading(f"{ASK}{asks}\n\nDana Field", "Jobs <jobs@acme.example>").reply_to
    assert found is not None
    assert found == ("l.marsh@acme.example" if answered else "jobs@acme.example")


@pytest.mark.parametrize("team", ["Talent Team", "HR", "Hiring Team"])
def test_the_team_of_a_house_with_two_names_is_nobody(team: str) -> None:
    house = f"Thorn & Lacey {team}"
    assert reading(f"{ASK}\n\nWe hope to see you!\n{house}", f"{house} <notifications@hirebox.example>").contact is None


@pytest.mark.parametrize("letters", ["CPX", "SHRM-CP", "CEng", "RN, XSN"])
def test_the_letters_of_a_certificate_are_no_part_of_a_name(letters: str) -> None:
    name = f"Lou Marsh, {letters}"
    assert reading(f"{ASK}\n\nThanks\n{name}\nRecruiter", f'"{name}" <lmarsh@acme.example>').contact == "Lou Marsh"


@pytest.mark.parametrize("name", ["H. Pargeter", "J. T. Thatcher", "K Sexton"])
def test_behind_a_title_and_initials_a_trade_is_a_surname(name: str) -> None:
    office = "Recruitment Team <recruitment@otterby-council.example>"
    assert reading(f"{ASK}\n\nYours sincerely\n\nMrs {name}\nRecruitment Officer", office).contact == name


@pytest.mark.parametrize(
    ("signed", "contact"), [("(J. K. Thatcher)\nSr. Manager (HR)", "J. K. Thatcher"), ("(System)", None)]
)
def test_a_signature_may_stand_in_brackets(signed: str, contact: str | None) -> None:
    office = "Recruitment Cell <rectt@otterby-grid.example>"
    assert reading(f"{ASK}\n\nThanking you,\n\n{signed}", office).contact == contact


@pytest.mark.parametrize(
    "asks",
    [
        "Please confirm by noon on Friday to Lou Marsh (l.marsh@acme.example) that you will attend, and let her know "
        "of any adjustments that would help you.",
        "Please verify with our office administrator, Lou Marsh (l.marsh@acme.example), by Friday that it suits you.",
        "Kindly send your first and second choice to our search coordinator, Lou Marsh (l.marsh@acme.example), today.",
    ],
)
def test_whoever_is_to_hear_by_a_day_is_answered(asks: str) -> None:
    found = reading(f"{ASK}{asks}\n\nYours sincerely\n\nHuman Resources", "HR <recruitment@acme.example>")
    assert (found.contact, found.reply_to) == ("Lou Marsh", "l.marsh@acme.example")


def test_an_answer_goes_where_it_is_asked_for_whatever_else_is() -> None:
    asks = (
        "Lou Marsh, our administrator, will arrange your hotel. Please write to her at lmarsh@acme.example by Friday "
        "to say whether these dates are workable and to let her know about any dietary or accessibility needs."
    )
    found = reading(f"{ASK}{asks}\n\nAda Lund", "Ada Lund <alund@acme.example>")
    assert found.reply_to == "lmarsh@acme.example"
    needs = "Please write to lmarsh@acme.example to tell her of any accessibility needs."
    assert reading(f"{ASK}{needs}\n\nAda Lund", "Ada Lund <alund@acme.example>").reply_to == "alund@acme.example"


@pytest.mark.parametrize("title", ["Deputy General Manager (HRM)", "General Manager"])
def test_a_title_alone_names_nobody(title: str) -> None:
    assert reading(f"{ASK}\n\nYours faithfully,\n\n{title}", "Recruitment Cell <rc@acme.example>").contact is None


@pytest.mark.parametrize(
    ("closing", "line"),
    [
        ("Thanks,", "The Otter Ridge Crew"),
        ("See you on the water,", "The Great Marsh Recruiting Squad"),
        ("Cheers,", "The Lund & Ray Outfitters Talent Team"),
        ("Regards,", "Your Marsh Field People Team"),
        ("Regards,", "The Marsh Field Talent Acquisition"),
        ("Regards,", "The Marsh Field Team, Otterby"),
        ("Viele Grüße", "Ihr Lund Reiher Team"),
        ("Bis bald auf dem Hof,", "Die Crew vom Reiherhof"),
        ("Viele Grüße", "Dein Lund Reiher Recruiting-Team"),
    ],
)
def test_where_all_sign_nobody_does(closing: str, line: str) -> None:
    ask = ASK_IN_GERMAN if "Grüße" in closing or "Bis" in closing else ASK
    assert reading(f"{ask}\n\n{closing}\n{line}", "Careers <no-reply@hirepost.example>").contact is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Your Jo & Team", "Jo"),
        ("Your Jo and the crew", "Jo"),
        ("Your Jo from the Talent Team", "Jo"),
        ("Ihre Mia Reiher & Team", "Mia Reiher"),
        ("Deine Mia vom Recruiting-Team", "Mia"),
        ("Your Team Lead Jo Marsh", "Jo Marsh"),
    ],
)
def test_who_signs_beside_a_team_is_somebody(line: str, name: str) -> None:
    ask = ASK_IN_GERMAN if line[0] in "ID" else ASK
    assert reading(f"{ask}\n\nThanks,\n{line}", "Careers <no-reply@hirepost.example>").contact == name


@pytest.mark.parametrize(
    "where",
    [
        "at the mill, Ring Lower Weir Street, Otterby",
        "in our old hall, Call Reed Wharf, Otterby",
        "at Ring Reed Wharf, Otterby",
    ],
)
def test_a_street_that_begins_like_a_phrase_is_nobody_to_answer(where: str) -> None:
    found = reading(f"{ASK}We meet {where}.\n\nRegards\nTheo Marsh", "Theo Marsh <theo.marsh@acme.example>")
    assert found.contact == "Theo Marsh"


def test_whoever_wrote_the_mail_below_is_the_contact_where_the_answer_goes_to_them() -> None:
    text = (
        "Hello Alex,\n\nI only keep the door, please confirm to her by Friday: lou@otterworks.example\n\nJonas\n\n"
        "---------- Forwarded message ---------\nFrom: Lou Lindqvist <lou@otterworks.example>\n"
        "Date: Tue, 6 Jan 2026 at 15:50\nSubject: Draughtsman\nTo: <desk@otterworks.example>\n\n"
        "We want to meet Alex for an interview on Monday 12 January at 16:00.\n\n/Lou\n"
    )
    found = reading(text, "Jonas (Otterworks) <desk@otterworks.example>")
    assert (found.reply_to, found.contact) == ("lou@otterworks.example", "Lou Lindqvist")


@pytest.mark.parametrize(
    "asked",
    [
        "Please verify your attendance by 8 May, mentioning post 17, to {}.",
        "Your attendance is to be confirmed until Friday, citing vacancy no. 17/26, to {}.",
        "Kindly indicate by noon on 8 May (reference in the subject line) whether you will attend, at {}.",
        "Please signify your acceptance, quoting ref. HR/17, by e-mail addressed to {}.",
        "Bitte antworten Sie bis zum 4. Sept. 2026 unter Bezugnahme auf das Az. Z 4 an {}.",
        "Ihr Erscheinen zeigen Sie bitte bis 4. September mit dem Betreff 17/26 an: {}",
    ],
)
def test_what_stands_between_the_answer_and_its_address(asked: str) -> None:
    begun = ASK_IN_GERMAN if "bitte" in asked.lower() else ASK
    mail = f"{begun}\n\n{asked.format('panel@otter.example')}\n\nTheo Marsh"
    assert reading(mail, "Theo Marsh <post@otter.example>").reply_to == "panel@otter.example"
