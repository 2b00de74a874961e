"""Who writes, for whom, and whom to answer: by the structure of signatures, headers and addresses."""

from __future__ import annotations

import pytest

from raincheck.core.reading.fields.names import fits_domain
from tests.core.reading.test_fields_values import reading

ASK = "Hi Alex,\n\ncould you come to our office for an interview on Thursday at 14:00? "


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
        ("\n\nOla", "Bar La Luna <laluna@laluna-otterby.example>", "Ola"),
        ("\n\nSee ya,\nOla\nStore Manager", "Otter Homewares Hiring <hiring.nw@otterhome.example>", "Ola"),
        ("\n\nTschüss\nPersonalbüro, i. V. Mia Reiher", "Personalbüro <personal@otter.example>", "Mia Reiher"),
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


ASK_IN_GERMAN = "Hallo Herr Kaya,\n\nkönnen Sie am Donnerstag um 14 Uhr zum Vorstellungsgespräch kommen? "


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


def test_the_house_behind_a_system_is_named_in_reply_to() -> None:
    text = f"{ASK}Voltpath would like to meet you."
    assert reading(text, "Desk <scheduling@panelbox.example>", Reply_To="dana@voltpath.example").company == "Voltpath"
    partner = f"{ASK}Our partner Otterworks will see you."
    assert reading(partner, "Dana Field <dana@acme.example>", Reply_To="tom@otterworks.example").company == "Acme"


def test_the_person_behind_a_platform_is_named_in_reply_to() -> None:
    found = reading(ASK, "Greenhouse <no-reply@greenhouse.io>", Reply_To="Lou Marsh <lou.marsh@blue-heron.example>")
    assert (found.contact, found.company) == ("Lou Marsh", "Blue Heron")


@pytest.mark.parametrize(
    ("text", "sender", "company"),
    [
        # by the structure of the mail
        (
            "It is about work at Heron Pottery.\n\nRegards\nAda Lund\nHeron Pottery",
            "Heron Team <hi@heron.example>",
            "Heron Pottery",
        ),
        ("", "University of Heronsea HR <hr@heronsea.example>", "University of Heronsea"),
        ("Come at 3pm.\n\nBest,\nAda", "Ada Lund <ada.lund@gmail.com>", None),
        ("This is Ada from Otterlea Ltd. How about an interview at 3pm?", "Ada <ada@gmail.com>", "Otterlea Ltd"),
        ("thanks for writing to blue heron!", "Dana Field <dana@blueheron.example>", "Blue Heron"),
        ("", "Ada Lund | Heron <ada@heron.example>", "Heron"),
        ("", "Greenhouse <no-reply@greenhouse.io>", None),
        (
            "My client Heron Polymers would like to meet you.\n\nAda Lund\nOtter People, recruitment",
            "Ada Lund <ada@otterpeople.example>",
            "Heron Polymers",
        ),
        ("", "Recruiting for Heron Foods <heron@panelist.example>", "Heron Foods"),
        ("Best,\nAda\nRuderclub Heron e.V.", "Ada <ada@ruderclub-heron.example>", "Ruderclub Heron e.V."),
        (
            "I write on behalf of Dr. Ada Lund.\n\nHeron Institute",
            "Office <lund@heroninstitute.example>",
            "Heron Institute",
        ),
        # by its likeness to the domain
        ("Come to Heron Pottery's kiln house.", "Ada Lund <ada@heronpottery.example>", "Heron Pottery"),
        ("\n\nRegards\nAda Lund\nHeron Valley Railway", "Ada Lund <ada@hvr.example>", "Heron Valley Railway"),
        ("", "Lakeside Museum <desk@museum-lks.example>", "Lakeside Museum"),
        ("", "Ada Lund <ada@heronoptics.example>", "Heron Optics"),
        (
            "Ada Lund (ada.lund@heron.example) joins us.",
            "Heron Pottery <no-reply@heron.bamboohr.com>",
            "Heron Pottery",
        ),
        # by who passes a mail on, and by a domain of words
        ("", "Harbour Museum via Slotfinder <notify@slotfinder.example>", "Harbour Museum"),
        ("", "Interviews <no-reply@otterlea.bamboohr.com>", "Otterlea"),
        ("", "Otterpoint Lindau | Front Desk <hi@lindau-points.example>", "Otterpoint Lindau"),
        ("\n\nDana", "Dana <dana@threewindows.example>", "Three Windows"),
        ("\n\nDana", "Dana <dana@otterleabooks.example>", "Otterlea Books"),
        ("\n\nGruß\nJan Ray\nGasthof Zum Otter", "Gasthof Zum Otter <haus@otter-seeufer.example>", "Gasthof Zum Otter"),
        ("\n\nAda Lund\nOttermere IT, part of the Heronwater Group", "Ada <ada@ottermere-it.example>", "Ottermere IT"),
        ("", "Ada Lund <ada@otter-and-heron.example>", "Otter and Heron"),
        ("\n\nRegards\nAda Lund\nOttermere B.V.", "Ottermere <ada@ottermere.example>", "Ottermere"),
        # by the display name of a house
        ("", "Rektorat Realschule Ried <rektorat@realschule-ried.example>", "Realschule Ried"),
        ("", "Elm Hall of Residence <office@elm-hall.example>", "Elm Hall of Residence"),
        ("", "Otterbacher SV 1904 – Verwaltung <info@osv-otterbach.example>", "Otterbacher SV 1904"),
        ("", "Gebäudeservice Otter <post@otter-service.example>", "Gebäudeservice Otter"),
        # what is written comes before what the domain spells
        (
            "\n\nDana Field",
            "Praxis Dr. Reiher & Kollegen <team@zahnarzt-reiher.example>",
            "Praxis Dr. Reiher & Kollegen",
        ),
        ("\n\nDana", "Dana <dana@oneriver-timber.example>", "Oneriver Timber"),
        ("\n\nDana", "Dana <dana@reiherandsons.example>", "Reiher and Sons"),
        ("\n\nDana Reed", "Sonnenblick Tirol <post@sonnen-tirol.example>", "Sonnenblick Tirol"),
        ("I found you by the Otterly blog.\n\nDana", "Dana <dana@getotterly.example>", "Otterly"),
        ("\n\nDana (The Sixth Plate)", "Dana <dana@thesixthplate.example>", "Sixth Plate"),
        ("\n\nRegards\nDana Reed\notterwerk gmbh", "Dana Reed <dana@otter-werk.example>", "otterwerk gmbh"),
        (
            "\n\nDana Reed\nOffice manager, Lund Okoro Reiher",
            "Dana Reed <dana@lor-studio.example>",
            "Lund Okoro Reiher",
        ),
        # without offices and systems, with its legal form
        ("", "Ola <ola@mail.example.org>", None),
        ("\n\nOla Marsh\nSchulleiterin Grundschule Reiherweg", "Ola Marsh <om@gsrw.example>", "Grundschule Reiherweg"),
        ("Ich bin Ola, Gründerin von Otterdata.", "Ola Marsh <ola@otterdata-labs.example>", "Otterdata"),
        ("\n\nOttertal Bahn AG\nBewerberservice", "OTB Karriere <system@bewerber-portal.example>", "Ottertal Bahn AG"),
        ("\n\nOla\nOtter Marine S.à r.l.", "Ola Marsh <ola@otter-marine.example>", "Otter Marine S.à r.l."),
        ("\n\nAda", "Reiher Heizung-Sanitär <firma@reiher-hs.example>", "Reiher Heizung-Sanitär"),
        (
            "Otter Rail have had to move your interview. They are still keen.\n\nAda Lund\nLund Recruitment",
            "Ada Lund <ada@lundrecruitment.example>",
            "Otter Rail",
        ),
    ],
)
def test_the_company_that_hires(text: str, sender: str, company: str | None) -> None:
    assert reading(ASK + text, sender).company == company


WANTED = (
    "Dear Alex,\n\nthank you for your application for the position of Cook. We would like to invite you to a job "
    "interview on Thursday, 14 May 2026 at 14:00. Please confirm that the time suits you. "
)


@pytest.mark.parametrize(
    ("text", "sender", "agency"),
    [
        ("I am writing on behalf of Dr. Ada Lund, our Head of Design.", "Dana Field <dana@acme.example>", False),
        ("Blue Heron liked your CV.", "Dana Field <dana@peakstaffing.example>", True),
        ("Join our team!", "Dana Field <dana@staffing.acme.example>", False),
        ("I have been asked by the board of a small bank to find a controller.", "Dana <dana@acme.example>", True),
    ],
)
def test_agency_by_structure(text: str, sender: str, *, agency: bool) -> None:
    assert reading("Hi Alex,\n\nwe invite you to an interview on Thursday at 14:00. " + text, sender).agency is agency


def test_a_role_ends_before_its_company_and_is_no_job_number() -> None:
    assert reading(ASK, subject="Data Engineer at Acme").role == "Data Engineer"
    german = "Guten Tag,\n\nwir laden Sie zum Vorstellungsgespräch am 3. Dezember um 10 Uhr ein."
    assert reading(german, subject="Ihre Bewerbung als Milch- und Käsemeister").role == "Milch- und Käsemeister"
    assert reading(german, subject="W2-Professur für Optik").role == "W2-Professur für Optik"


GERMAN = "Guten Tag,\n\n{} Wir laden Sie zum Vorstellungsgespräch am 3. Dezember um 10 Uhr ein.\n\nLou Marsh"


@pytest.mark.parametrize(
    ("subject", "text", "role"),
    [
        (
            "Ihre Bewerbung",
            "vielen Dank für Ihre Bewerbung als stellvertretende Hortleitung.",
            "stellvertretende Hortleitung",
        ),
        ("Ihre Bewerbung", "es geht um die Stelle als Leiterin der Buchhaltung.", "Leiterin der Buchhaltung"),
        ("Ihre Bewerbung", "Sie haben sich um die Stelle eines Gerätewarts beworben.", "Gerätewarts"),
        ("Schnuppertag Backstubenhilfskraft", "", "Backstubenhilfskraft"),
        ("Vorstellungstermin Biolog:in", "", "Biolog:in"),
        ("Bewerbung Elektroniker f. Gebäudetechnik", "", "Elektroniker f. Gebäudetechnik"),
        ("Raumpfleger ab Mai", "danke für Ihr Interesse an der Stelle als Raumpfleger.", "Raumpfleger"),
        ("Wasserwerk Nord / Rohrnetzmeister (m/w/d)", "", "Rohrnetzmeister (m/w/d)"),
        ("Termin", "die Chefin möchte Sie gern sehen.", None),
        ("Termin", "unser Gärtner zeigt Ihnen danach das Haus.", None),
    ],
)
def test_german_roles(subject: str, text: str, role: str | None) -> None:
    assert reading(GERMAN.format(text), subject=subject).role == role


@pytest.mark.parametrize("text", ["We build tools for data teams.", "Our marketing team in Berlin is growing."])
def test_a_team_is_neither_a_video_room_nor_a_place(text: str) -> None:
    found = reading("Hi Alex,\n\nopen to a quick call about an interview on Thursday at 14:00? " + text)
    assert (found.format, found.location) == (None, None)


WANTED = (
    "Dear Alex,\n\nthank you for your application for the position of Cook. We would like to invite you to a job "
    "interview on Thursday, 14 May 2026 at 14:00. Please confirm that the time suits you. "
)


@pytest.mark.parametrize(
    ("text", "sender", "agency"),
    [
        ("\n\nRegards\nDana Field\nHeron | Legal Search", "Dana Field <dana@heron.example>", True),
        ("\n\nRegards\nDana Field\nHeron Locums", "Dana Field <dana@heronlocums.example>", True),
        ("\n\nRegards\nDana Field\nHeron | Search Engineer", "Dana Field <dana@heron.example>", False),
        ("A client in Leeds is looking for a cook. Our team is glad to help.", "Dana <dana@heron.example>", True),
        ("Our office is near the station.", "Dana <dana@heron-research.example>", False),
        (
            "Redfield Foods came back and want you in.\n\nDana Field\nHeron Recruitment",
            "Dana <dana@heron.example>",
            True,
        ),
        ("We are hiring for our own team.\n\nHeron Recruitment Team", "Heron Recruitment <jobs@heron.example>", False),
    ],
)
def test_who_recruits_for_others(text: str, sender: str, agency: bool) -> None:
    assert reading(WANTED + text, sender).agency is agency


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("It is about the Head of Ceramics role. Ada Lund, Finance Director, will join us.", "Head of Ceramics"),
        ("Your application as Kiln Operator (part time) reached us.", "Kiln Operator (part time)"),
        ("We need a junior glaze technician for the spring.", "junior glaze technician"),
        ("You will meet our Managing Director and talk about the work of a Night Porter.", "Night Porter"),
    ],
)
def test_a_role_is_told_from_the_titles_of_persons(text: str, role: str) -> None:
    assert reading(ASK + text).role == role


def test_what_stands_before_an_occupation_is_no_client() -> None:
    text = "My client is looking for a Front Office Manager. I am writing for Otterhire Recruitment."
    assert reading(ASK + text, "Jo Ray <jo@otterhire-recruitment.example>").company is None


@pytest.mark.parametrize(
    ("subject", "role"),
    [
        ("IT Systems Analyst", "IT Systems Analyst"),
        ("Interview: 2nd Engineer", "2nd Engineer"),
        ("2nd interview - Engineer", "Engineer"),
    ],
)
def test_a_role_may_begin_with_a_short_form_or_a_number(subject: str, role: str) -> None:
    assert reading(ASK, "Dana Field <dana@acme.example>", subject=subject).role == role


@pytest.mark.parametrize(
    ("name", "label", "fits"),
    [
        ("German-Irish Choir", "gichoir", True),
        ("Nora Field University", "nfield", True),
        ("Osteria La Lontra", "lalontra-ried", True),
        ("Harbour Lights", "otterpoint", False),
    ],
)
def test_a_domain_of_beginnings(name: str, label: str, *, fits: bool) -> None:
    assert (fits_domain(name, label) >= 0.7) is fits


@pytest.mark.parametrize(
    ("subject", "role"),
    [
        ("Bewerbung Elektroniker Energie- und Anlagentechnik", "Elektroniker Energie- und Anlagentechnik"),
        ("Vorstellungsgespräch Tischlergesellin/-geselle", "Tischlergesellin/-geselle"),
        ("Bewerbung A. Kaya Assistenz Notariat", "Assistenz Notariat"),
        ("Letzte Runde Referent Naturschutz, Freitag", "Referent Naturschutz"),
        ("Head of Purchasing - Gespräch", "Head of Purchasing"),
        ("Einladung: (Senior) Data Engineer", "(Senior) Data Engineer"),
        ("Köchin / Koch Gemeinschaftsverpflegung | Gespräch", "Köchin / Koch Gemeinschaftsverpflegung"),
        ("Gespräch: pädagogische Fachkraft für unsere Krippe", "pädagogische Fachkraft"),
        ("Ausbildungsberuf Verwaltungsfachangestellte/r", "Verwaltungsfachangestellte/r"),
        # without what stands beside it
        ("Bewerbung Chef de Rang", "Chef de Rang"),
        ("Vorstellungsgespräch Pflegehelferin 80 %", "Pflegehelferin"),
        ("Gespräch Gärtner, 60–80%", "Gärtner"),
        ("Besprechung Logopädin Alex Kaya", "Logopädin"),
        ("Auswahltag Bauzeichnerin", "Bauzeichnerin"),
        ("Bewerbung Zugehfrau", "Zugehfrau"),
        ("Probearbeiten als Stallhilfe", "Stallhilfe"),
    ],
)
def test_how_far_a_german_role_in_a_subject_reaches(subject: str, role: str) -> None:
    body = "Guten Tag,\n\nwir laden Sie zum Gespräch am Donnerstag um 14 Uhr ein.\n\nDana Field"
    assert reading(body, subject=subject).role == role


@pytest.mark.parametrize(
    ("subject", "role"),
    [
        ("Interview: Commis de Cuisine", "Commis de Cuisine"),
        ("Round two - basket maker", "basket maker"),
        ("3D Artist - interview", "3D Artist"),
        ("Application Engineer - interview", "Application Engineer"),
        ("Interview: Call Centre Agent", "Call Centre Agent"),
        ("re joiner job", "joiner"),
        ("Checking in :) Junior Copywriter", "Junior Copywriter"),
        ("Executive Assistant to the CEO", "Executive Assistant to the CEO"),
    ],
)
def test_how_far_an_english_role_in_a_subject_reaches(subject: str, role: str) -> None:
    assert reading(WANTED.replace("the position of Cook", "the job"), subject=subject).role == role


def test_professions_are_no_name() -> None:
    found = reading(f"{ASK_IN_GERMAN}\n\nMia Berg\n\nSteuerberater und Notare", "Kanzlei Otter <k@or-notare.example>")
    assert found.company == "Kanzlei Otter"


def test_who_reads_is_no_part_of_the_company() -> None:
    found = reading(ASK, "Ada Lund <ada@otter-robotics.example>", subject="Tech talk Alex & Otter Robotics")
    assert found.company == "Otter Robotics"


@pytest.mark.parametrize(
    ("subject", "text", "role"),
    [
        (
            "Your visit - Research Engineer in Soft Matter Acoustics (ref 31)",
            "You applied as Research Engineer in Soft Matter Acoustics and we would like to meet you.",
            "Research Engineer in Soft Matter Acoustics",
        ),
        (
            "Interview - Night Nurse II - Acute Wards",
            "Thank you for applying for Night Nurse II - Acute Wards (R77).",
            "Night Nurse II - Acute Wards",
        ),
        ("Interview", "Position: Night Porter - Front of House\nDate: 3 December", "Night Porter - Front of House"),
        ("Night Porter - Alex Kaya", "You applied as Night Porter - Alex Kaya is the only one.", "Night Porter"),
        ("Night Porter - interview", "You applied as Night Porter - interview follows.", "Night Porter"),
        (
            "Interview: Health, Safety and Environment Officer",
            "You applied for the role of Health, Safety and Environment Officer.",
            "Health, Safety and Environment Officer",
        ),
        (
            "Interview: Safety and Environment Officer",
            "Hi Alex, Safety and Environment Officer it is.",
            "Safety and Environment Officer",
        ),
        ("Interview", "You applied as Data Clerk (m/f/d) Grants at Acme.", "Data Clerk (m/f/d) Grants"),
        ("Interview", "You applied as Data Clerk (m/f/d) in Otterby.", "Data Clerk (m/f/d)"),
        (
            "Interview",
            "You applied as Data Clerk (m/f/d) for Loans and Grants.",
            "Data Clerk (m/f/d) for Loans and Grants",
        ),
        ("Interview", "You applied as Data Clerk (m/f/d), Band 6.", "Data Clerk (m/f/d)"),
    ],
)
def test_the_name_of_a_role_reaches_as_far_as_it_is_said_alike(subject: str, text: str, role: str) -> None:
    found = reading(f"Dear Alex,\n\n{text} The interview is on 3 December at 10:00.\n\nDana", subject=subject)
    assert found.role == role


def test_german_roles_reach_over_their_mark() -> None:
    marked = "Sie haben sich als Pflegefachkraft in der ambulanten Tagespflege (m/w/d) beworben."
    assert reading(GERMAN.format(marked)).role == "Pflegefachkraft in der ambulanten Tagespflege"
    assert reading(GERMAN.format("Die Stelle: Kaufmann (m/w/d) Versand.")).role == "Kaufmann (m/w/d) Versand"
    assert reading(GERMAN.format("Die Stelle: Kaufmann (m/w/d) in Vollzeit.")).role == "Kaufmann (m/w/d)"
