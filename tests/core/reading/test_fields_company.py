"""For which house, and whether somebody recruits for it: by the structure of signatures, headers and addresses."""

from __future__ import annotations

import pytest

from raincheck.core.reading.fields.names import fits_domain
from tests.core.reading.letters import ASK, ASK_IN_GERMAN, WANTED, WANTED_IN_GERMAN, reading


def test_the_house_behind_a_system_is_named_in_reply_to() -> None:
    text = f"{ASK}Voltpath would like to meet you."
    assert reading(text, "Desk <scheduling@panelbox.example>", Reply_To="dana@voltpath.example").company == "Voltpath"
    partner = f"{ASK}Our partner Otterworks will see you."
    assert reading(partner, "Dana Field <dana@acme.example>", Reply_To="tom@otterworks.example").company == "Acme"


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
        ("\n\nOla\nOtter Marine S.à r.l.", "Ola Marsh <ola@otter-marine.example>", "Otter Marine"),
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


@pytest.mark.parametrize(
    ("text", "sender", "agency"),
    [
        ("I am writing on behalf of Dr. Ada Lund, our Head of Design.", "Dana Field <dana@acme.example>", False),
        ("Blue Heron liked your CV.", "Dana Field <dana@peakstaffing.example>", True),
        ("Join our team!", "Dana Field <dana@staffing.acme.example>", False),
        ("We've placed nurses with hospitals since 2012. One needs a theatre nurse.", "Dana <dana@acme.example>", True),
        ("I have been asked by the board of a small bank to find a controller.", "Dana <dana@acme.example>", True),
    ],
)
def test_agency_by_structure(text: str, sender: str, *, agency: bool) -> None:
    assert reading("Hi Alex,\n\nwe invite you to an interview on Thursday at 14:00. " + text, sender).agency is agency


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
        (
            "\n\nMit freundlichem Gruß\nDana Feld\nStadt Otterau, Personalservice",
            "Dana <dana@stadt-otterau.example>",
            False,
        ),
        ("\n\nMit freundlichem Gruß\nDana Feld\nReiher Personalservice GmbH", "Dana <dana@reiher.example>", True),
    ],
)
def test_who_recruits_for_others(text: str, sender: str, agency: bool) -> None:
    assert reading(WANTED + text, sender).agency is agency


def test_a_system_that_only_passes_a_mail_on_does_not_hire() -> None:
    text = (
        "Hello Alex,\n\nOtter Foods would like to meet you for the role of Cook. Please answer which suits you."
        "\n\nA Mon 7 Dec 2026 09:00\nB Thu 10 Dec 2026 11:30\n\nDana Field\nHead of Kitchens, Otter Foods\n\n"
        "Sent with Scoutly on behalf of Otter Foods."
    )
    answers = "Otter Foods via Scoutly <r7@mail.scoutly.example>"
    found = reading(text, "Scoutly Notifications <notify@mail.scoutly.example>", reply_to=answers)
    assert (found.agency, found.company) == (False, "Otter Foods")


@pytest.mark.parametrize(
    ("sender", "answers"),
    [
        ("Dana Feld <dana.feld@reiherwerk.com>", "Dana Feld via Reiherwerk <dana.feld@reiherwerk.com>"),
        ("Dana Feld <dana.feld@reiherwerk.com>", "Dana Feld via Reiherwerk <answers+7@reiherwerk.com>"),
        ("Dana <dana@reiherwerk.com>", "Dana through Reiherwerk <answers+7@reiherwerk.com>"),
        ("Dana Feld <dana.feld@reiherwerk.com>", "Talent Team via Reiherwerk <talent@reiherwerk.com>"),
        ("Dana Feld <dana.feld@reiherwerk.com>", "Otterby Talent Team via Reiherwerk <talent@reiherwerk.com>"),
        ("Dana Feld <dana.feld@reiherwerk.com>", "Reiherwerk Careers über Reiherwerk <jobs@reiherwerk.com>"),
    ],
)
def test_who_writes_through_the_own_house_is_of_it(sender: str, answers: str) -> None:
    text = "Hello Alex,\n\nI would like to meet you for an interview on 3 December at 10:00.\n\nDana Feld\nTalent Team"
    assert reading(text, sender, reply_to=answers).company == "Reiherwerk"


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("Wir vermitteln seit 2012 Pflegepersonal an Heime. Ein Heim in Otterau sucht per 1. Juli eine Köchin.", True),
        ("Ich vermittle Ärzte an Kliniken. Eine Klinik in Otterau sucht einen Oberarzt.", True),
        ("Wir bringen Handwerker mit Betrieben zusammen. Eine Tischlerei in Otterau sucht einen Gesellen.", True),
        ("Wir vermitteln Patienten an Spezialisten und suchen für unser Team eine Disponentin.", False),
    ],
)
def test_who_brings_people_to_houses_is_an_agency(text: str, agency: bool) -> None:
    mail = f"Guten Tag\n\n{text} Hätten Sie am Donnerstag um 14 Uhr Zeit?\n\nDana Feld\nMedikraft AG, Otterau"
    found = reading(mail, "Dana Feld <dana.feld@medikraft.example>", subject="Stelle")
    assert (found.agency, found.company == "Medikraft AG") == (agency, not agency)


@pytest.mark.parametrize(
    ("text", "domain", "company"),
    [
        ("Kommen Sie in die Zentrale der van der Otter Handels SE.", "vanderotter-handel", "van der Otter Handels SE"),
        ("Kommen Sie zur von der Otter Bau GmbH.", "vonderotter-bau", "von der Otter Bau GmbH"),
        ("Es lädt Sie ein das Team von der Otter Bau GmbH.", "otterbau", "Otter Bau GmbH"),
    ],
)
def test_particles_of_a_family_are_of_the_company(text: str, domain: str, company: str) -> None:
    assert reading(WANTED_IN_GERMAN.format(text), f"Jobs <jobs@{domain}.example>").company == company


def test_who_signs_is_a_person_by_the_mailbox_whatever_the_name_means() -> None:
    text = "\n\nRegards,\nFerry Marsh\nHC Recruitment - PT Otter Airports Services"
    assert reading(WANTED + text, "Ferry Marsh <ferry.m@otterairports.example>").company == "PT Otter Airports Services"


def test_a_house_with_a_private_mailbox_is_no_person() -> None:
    found = reading(f"{WANTED}\n\nViele Grüße\nSalon Haarfein", "Salon Haarfein <salon.haarfein@gmx.de>")
    assert found.company == "Salon Haarfein"


def test_a_name_is_the_houses_whose_long_word_ends_a_part_of_its_domain() -> None:
    text = "\n\nSorcha Marsh\nLough Garrow Energy Co-op"
    found = reading(WANTED + text, "Sorcha Marsh <sorcha@lochgarrow-coop.example>")
    assert found.company == "Lough Garrow Energy Co-op"


def test_what_stands_before_an_occupation_is_no_client() -> None:
    text = "My client is looking for a Front Office Manager. I am writing for Otterhire Recruitment."
    assert reading(ASK + text, "Jo Ray <jo@otterhire-recruitment.example>").company is None


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


def test_professions_are_no_name() -> None:
    found = reading(f"{ASK_IN_GERMAN}\n\nMia Berg\n\nSteuerberater und Notare", "Kanzlei Otter <k@or-notare.example>")
    assert found.company == "Kanzlei Otter"


def test_who_reads_is_no_part_of_the_company() -> None:
    found = reading(ASK, "Ada Lund <ada@otter-robotics.example>", subject="Tech talk Alex & Otter Robotics")
    assert found.company == "Otter Robotics"


@pytest.mark.parametrize(
    "words",
    [
        "Wir suchen für unsere Gießerei einen Mechaniker und möchten Sie kennenlernen.",
        "Wir suchen für unser Werk in Siegen einen Mechaniker und möchten Sie kennenlernen.",
    ],
)
def test_who_seeks_for_the_own_house_is_no_agency_and_the_board_does_not_hire(words: str) -> None:
    found = reading(
        f"Fachkräfteportal\n\nSie haben eine Nachricht:\n\nUwe Kern\nPersonalleiter bei Vulkan-Guss GmbH\n\n{words} "
        "Wäre Montag, 30.11., um 16 Uhr am Telefon möglich? Grüße, U. Kern\n\n"
        "Bitte antworten Sie nicht auf diese E-Mail.",
        "Fachkräfteportal <nachrichten@mail.fachkraefteportal.example>",
    )
    assert (found.agency, found.company) == (False, "Vulkan-Guss GmbH")


def test_a_client_of_mine_is_whom_an_agency_keeps_secret() -> None:
    found = reading(
        "Hallo Alex,\n\nein Kunde von mir, ein Elektrobetrieb im Oberwallis, sucht einen Elektroinstallateur. Kann ich "
        "dich am Montag um 17.30 Uhr anrufen?\n\nReto Ray\nPool Personal AG, Visp",
        "Reto Ray <r.ray@pool-personal.example>",
    )
    assert (found.agency, found.company) == (True, None)


def test_houses_with_names_in_other_languages() -> None:
    found = reading(
        "Dear Alex,\n\nthe committee of the Institut Lumière et Matière de la Saône invites you to an interview on 3 "
        "December at 14:15.\n\nIsabelle Ray",
        "Isabelle Ray <isabelle@ilm-saone.example>",
    )
    assert found.company == "Institut Lumière et Matière de la Saône"


def test_a_domain_that_sounds_like_a_board_keeps_its_name() -> None:
    text = f"{WANTED}I saw that you worked for Heron Rail Ltd.\n\nDana Field\nYorkshire Bakery"
    assert reading(text, "Dana Field <dana.field@yorkshirebakery.example>").company == "Yorkshire Bakery"
    assert reading(text, "Yorkshire Bakery <jobs@yorkshirebakery.example>").company == "Yorkshire Bakery"


def test_a_customer_is_not_always_a_client() -> None:
    text = f"{ASK_IN_GERMAN}Als Kunde von uns kennen Sie uns ja schon.\n\nDana Feld\nBäckerei Sommer GmbH"
    found = reading(text, "Dana Feld <dana.feld@baeckerei-sommer.example>")
    assert (found.agency, found.company) == (False, "Bäckerei Sommer GmbH")
    text = (
        f"{WANTED}You would work with Heron Rail, a long-standing client, every day.\n\nDana Field\nAcme Consulting Ltd"
    )
    assert reading(text, "Dana Field <dana.field@acme-consulting.example>").company == "Acme Consulting Ltd"


def test_who_holds_the_talk_is_no_company() -> None:
    text = (
        f"{WANTED}\n\nInterview with Mr Gareth Rhys (Headteacher) and a governor\n\nEleri Ray\nSchool Business Manager"
    )
    found = reading(text, "Mrs E Ray <office@ysgolmaesyfedwen.example>").company
    assert found != "Mr Gareth Rhys"


def test_an_agency_tells_with_whom_it_spoke() -> None:
    found = reading(
        "Lieber Herr Kaya,\n\nich habe eben mit der Personalleitung der Taunus Rück gesprochen: Ihr Profil kam gut an. "
        "Man möchte Sie für die Position als Aktuar gern persönlich sehen. Nennen Sie mir bitte drei Zeiten.\n\n"
        "Isa von Rehm\nPartnerin\nMainbogen Consulting, Frankfurt am Main",
        "Isa von Rehm <i.vonrehm@mainbogen-consulting.example>",
    )
    assert (found.agency, found.company) == (True, "Taunus Rück")


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("We have an opening for a Java Developer with our client M/s Brindavan Fintech.", "Brindavan Fintech"),
        ("Had Quantfield on the phone: still the Quant role, and a client interview on Tuesday.", "Quantfield"),
        ("Just heard back from Otterworks. They can see you for the Cook role.", "Otterworks"),
    ],
)
def test_the_client_of_an_agency_is_named_by_the_way(text: str, company: str) -> None:
    mail = f"Hi Alex,\n\n{text} Is 8 December at 17:15 good?\n\nSam Marsh | Marsh Recruitment"
    found = reading(mail, "Sam Marsh <sam@marshrecruitment.example>", f"{company} - second round")
    assert (found.agency, found.company) == (True, company)


def test_who_finds_people_for_others_is_an_agency() -> None:
    mail = (
        "Guten Tag,\n\nwir vermitteln Pflegekräfte in ganz Hessen. Aktuell sucht die Klinik am Wehr GmbH eine "
        "Stationsleitung. Passt Ihnen ein Telefonat am Donnerstag um 14 Uhr?\n\nMia Reiher\nPflegeweg Reiher"
    )
    found = reading(mail, "Mia Reiher <mia@pflegeweg.example>", "Stationsleitung")
    assert (found.agency, found.company) == (True, "Klinik am Wehr GmbH")


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("Grundschule Am Moorbach", "gs-ammoorbach"),
        ("Grundschule Am Moorbach", "gsammoorbach"),
        ("Realschule Am See", "rs-amsee"),
        ("Gemeinschaftsschule Zum Otter", "gms-zumotter"),
        ("Seniorenzentrum Am Moorbach", "sz-ammoorbach"),
        ("Kindertagesstätte Otternest", "kita-otternest"),
    ],
)
@pytest.mark.parametrize("signed", ["Leiterin, {}", "{}", "Leiterin | {}"])
def test_a_domain_may_shorten_the_sort_of_a_house_and_join_the_rest(name: str, domain: str, signed: str) -> None:
    text = f"{ASK_IN_GERMAN}\n\nViele Grüße\nMia Reiher\n{signed.format(name)}\nOtterweg 1, 12345 Otterau"
    assert reading(text, f"Mia Reiher <reiher@{domain}.example>").company == name


def test_letters_of_a_domain_shorten_only_what_a_name_begins_with() -> None:
    text = f"{ASK}The Board of Friends of St Otterwin's would like to see you."
    assert reading(text, "Office <office@stotterwins.example>").company == "St Otterwin's"


@pytest.mark.parametrize(
    ("asks", "agency"),
    [
        ("Pfarrer Lund hat mich gebeten, Ihnen wegen der Stelle zu schreiben.", False),
        ("Unsere Rektorin Frau Dr. Lund hat mich gebeten, Ihnen zu schreiben.", False),
        ("Die Lund Maschinenbau GmbH hat mich gebeten, Ihnen zu schreiben.", True),
        ("Eine Mandantin hat mich gebeten, Ihnen zu schreiben.", True),
    ],
)
def test_who_writes_for_the_head_of_the_house_is_no_agency(asks: str, agency: bool) -> None:
    assert reading(WANTED_IN_GERMAN.format(asks), "Lou Marsh <sekretariat@otterau.example>").agency is agency


@pytest.mark.parametrize(
    ("ending", "sender", "company"),
    [
        ("Heron Weather Data, Leeds", "Dana Field <dana@heron.example>", "Heron Weather Data"),
        ("Senior Data", "Dana Field <dana@heron.example>", "Heron"),
        ("Weingut Ada Winzer\nUferweg 4", "Weingut Ada Winzer <office@weingut-winzer.example>", "Weingut Ada Winzer"),
        ("Hof Familie Lindbauer", "Hof Familie Lindbauer <hof@lindbauer.example>", "Hof Familie Lindbauer"),
        (
            "Otterbach-Grundschule, Uferweg 4",
            "Otterbach-Grundschule Sekretariat <sekretariat@otterbach-gs-nord.example>",
            "Otterbach-Grundschule",
        ),
    ],
)
def test_a_house_may_end_like_an_occupation(ending: str, sender: str, company: str) -> None:
    ask = ASK if "Leeds" in ending or "Data" in ending else ASK_IN_GERMAN
    assert reading(f"{ask}\n\nDana Field\n{ending}", sender).company == company


@pytest.mark.parametrize(
    ("place", "company"),
    [
        ("with the Marsh Foundation for Clean Rivers, Lagos", "Marsh Foundation for Clean Rivers"),
        ("at the Marsh Institute for Deaf Children", "Marsh Institute for Deaf Children"),
        ("at the Marsh Trust for a year", "Marsh Trust"),
    ],
)
def test_an_institution_is_told_with_what_it_is_for(place: str, company: str) -> None:
    text = WANTED.replace("position of Cook", f"position of Cook {place}")
    assert reading(text, "Dana Field <dana@marsh.example>").company == company


@pytest.mark.parametrize(
    "role", ["a Director of Payment Systems", "an interim Head of Learning Technologies", "a Head of Treasury Systems"]
)
def test_what_a_head_is_of_belongs_to_the_role(role: str) -> None:
    text = f"Hi Alex, I'm retained by an insurer who need {role}. Are you free on Thursday at 14:00?\n\nDana Field"
    found = reading(text, "Dana Field <dana@field-search.example>", "a quick one")
    assert found.company is None
    assert found.role == role.partition(" ")[2]


def test_a_client_is_who_was_positive() -> None:
    text = "Hi Alex,\n\nHeronwater were very positive! They want a second interview on Thursday at 14:00.\n\nDana Field"
    assert reading(text, "Dana Field <dana@field-recruitment.example>", "Heronwater - Cook").company == "Heronwater"


def test_a_label_names_the_company_whatever_its_name_sounds_like() -> None:
    text = (
        "Dear Alex,\n\nPosition: Cook\nCompany: Marsh Aviation\n\nPlease enter your times for the interview here: "
        "https://marsh.wd-mail.example/a/1\n\nMarsh Aviation Talent Acquisition\nReplies to this mailbox are not read."
    )
    found = reading(text, "Marsh Aviation <marsh@wd-mail.example>", "Action required")
    assert (found.company, found.contact) == ("Marsh Aviation", None)


@pytest.mark.parametrize(
    ("line", "company"),
    [
        ("Facility: Northgate Surgical Center, Boise, ID", "Northgate Surgical Center"),
        ("- Facility: Northgate Surgical Center, Boise, ID", "Northgate Surgical Center"),
        ("* Hospital: Lakeside Community Hospital, Boise", "Lakeside Community Hospital"),
        ("Client: Marsh Foods, Inc.", "Marsh Foods, Inc"),
        ("Facility: Level 1 center", None),
    ],
)
def test_a_label_names_the_client_without_its_town(line: str, company: str | None) -> None:
    text = f"Hi Alex,\n\nI have a place for you:\n\nJob title: Night Nurse\n{line}\nShift: 3x12\n\n"
    ending = "Can I call you on Thursday at 14:00?\n\nLou Marsh\nSenior Recruiter\nFieldline Staffing"
    found = reading(text + ending, "Lou Marsh <lmarsh@fieldlinestaffing.example>", "Night Nurse")
    assert (found.agency, found.company) == (True, company)


@pytest.mark.parametrize(
    "signed", ["Conor Tighe\nPlant Manager, Heron Castings, Cork", "Conor Tighe | Buyer | Heron Castings"]
)
def test_who_signs_what_an_agency_passes_on_is_no_house(signed: str) -> None:
    below = f"Lou,\n\nwe are keen on Alex. Teams interview? We could do\n\nTues 1st Dec 12:00\n\n{signed}"
    head = "From: Conor Tighe\nSent: Thursday 19 November 2026 11:20\nTo: Lou Marsh\nSubject: RE: Alex Kaya - Toolmaker"
    text = "Alex, see below from Conor. Can you pick one today?\n\nLou Marsh\nField Talent Ltd"
    mail = f"{text}\n\n-----Original Message-----\n{head}\n\n{below}"
    assert reading(mail, "Lou Marsh <lou@fieldtalent.example>", "FW: Alex Kaya - Toolmaker").company == "Heron Castings"


@pytest.mark.parametrize(
    ("line", "company"),
    [
        ("Heron Network aisbl", "Heron Network aisbl"),
        ("Heron Network vzw", "Heron Network vzw"),
        ("Vor Ort war Heron Network limited by das Wetter.", "Heron Network"),
    ],
)
def test_a_form_that_is_no_word_is_told_in_small_letters(line: str, company: str) -> None:
    house = "Jobs <jobs@heron-network.example>"
    assert reading(f"{ASK_IN_GERMAN}\n\nUnser Büro:\n\n{line}\nRue Haute 4, 1000 Brüssel", house).company == company


@pytest.mark.parametrize(
    "house",
    ["Fondation des Marais", "Teatro della Laguna", "Huis van der Lund", "Museum van de Noordpool", "Museo del Faro"],
)
@pytest.mark.parametrize(
    "said", ["our client, the {} in Lyon, would like to meet you", "I recruit for the {}: call me"]
)
def test_a_name_goes_on_behind_the_small_words_of_its_language(house: str, said: str) -> None:
    text = f"{ASK}{said.format(house)}.\n\nLou Marsh\nField Search, recruitment consultants"
    found = reading(text, "Lou Marsh <lou@fieldsearch.example>", "Interview: Archivist")
    assert (found.agency, found.company) == (True, house)


@pytest.mark.parametrize("office", ["HMDA Selection Secretariat", "HMDA Selection Committee", "HMDA Recruitment Board"])
def test_who_chooses_for_a_house_is_none(office: str) -> None:
    sender = f"{office} <jobs@hmda-agency.example>"
    said = "the panel of the Heron Marine Data Agency (HMDA) would like to meet you."
    assert reading(f"{ASK}\n\n{said}\n\n{office}", sender).company == "Heron Marine Data Agency"
    assert reading(f"{ASK}\n\n{office}", sender).company == "HMDA"


def test_an_office_of_no_known_house_stays_in_the_name() -> None:
    signed = "Marshland Selection Board"
    assert reading(f"{ASK}\n\n{signed}", f"{signed} <jobs@publicposts.example>").company == signed


@pytest.mark.parametrize("title", ["Recruiter @", "Talent Acquisition @", "HR Manager at"])
def test_the_house_is_named_as_somebody_signs_for_it(title: str) -> None:
    text = "Hi Alex,\n\nare you free for a call with Heronwind on Thursday at 14:00? At Heronwind we like short calls."
    signed = f"{text}\n\nAda Lund\n{title} Heronwind Energy"
    found = reading(signed, "Ada Lund <a.lund@heronwind.example>", "Alex Kaya <> Heronwind - intro call Cook")
    assert found.company == "Heronwind Energy"


def test_the_rest_of_a_line_is_no_part_of_the_house() -> None:
    text = "Hi Alex,\n\nyour interview for Data Engineer at Heronwind has been rescheduled\n\nNew time: Thursday 14:00"
    found = reading(f"{text}\n\nAda Lund", "Ada Lund <a.lund@heronwind.example>", "Heronwind: your interview")
    assert found.company == "Heronwind"


@pytest.mark.parametrize("form", ["A/S", "ApS", "Oyj", "K.K.", "Pte Ltd", "Sdn Bhd", "B.V.", "Sp. z o.o."])
def test_a_legal_form_from_abroad_is_not_said_in_english(form: str) -> None:
    signed = f"\n\nAda Lund\nHR Business Partner, Nordheron Energi {form}"
    sender = "Ada Lund <al@nordheronenergi.example>"
    assert reading(ASK + signed, sender).company == "Nordheron Energi"
    assert reading(ASK_IN_GERMAN + signed, sender).company == f"Nordheron Energi {form}"


@pytest.mark.parametrize("house", ["Heron Foods Ltd", "Heron Foods GmbH", "Heron Corporation", "Heron & Co. Ltd"])
def test_a_legal_form_that_everybody_knows_is_told(house: str) -> None:
    assert reading(f"{ASK}\n\nAda Lund\n{house}", "Ada Lund <al@heron.example>").company == house


def test_a_country_is_no_company() -> None:
    text = (
        "My client, a market leading group in the south of Germany, is looking for a Cook. Could we talk on Thursday?"
    )
    signed = "\n\nLou Marsh\nMarsh Talent Ltd is acting as an Employment Agency in relation to this vacancy."
    assert reading(f"Hi Alex,\n\n{text}{signed}", "Lou Marsh <lou@marshtalent.example>").company is None


def test_a_part_of_a_name_is_written_out_by_its_abbreviation() -> None:
    signed = "For the Selection Committee,\n\nThe Secretariat\nEuropean Agency for Marine Maps (EAMM)"
    house = "EAMM SELECTION <selection@eamm-agency.example>"
    assert reading(f"{ASK}\n\n{signed}", house).company == "European Agency for Marine Maps"


def test_who_really_liked_the_cv_is_the_client() -> None:
    text = (
        "Great news - Halden Marine really liked your CV and would like to interview you for the Cook role. Could you "
        "let me know whether Thursday at 14:00 suits you?\n\nSophie Lang\nHarbour Staffing is an employment agency."
    )
    found = reading(f"Hi Alex,\n\n{text}", "Sophie Lang <sophie.lang@harbourstaffing.example>", "Interview request")
    assert (found.company, found.agency) == ("Halden Marine", True)


@pytest.mark.parametrize(
    "written",
    [
        "I'm writing on behalf of the search committee for the Cook position at Heron University.",
        "I am a Sourcer supporting the Platforms Staffing Group at Heron.",
    ],
)
def test_whoever_writes_for_the_own_house_is_no_agency(written: str) -> None:
    text = f"Dear Alex,\n\n{written} I came across your profile and would like to tell you more about what we do here. "
    text += "Could we talk on Thursday at 14:00?\n\nThank you, and I look forward to it.\n\nLou Marsh\nHeron"
    assert reading(text, "Lou Marsh <lmarsh@heron.example>").agency is False


@pytest.mark.parametrize(
    ("said", "sender", "company"),
    [
        (
            "The Department of Rivers and Soil would like to meet you.\n\nAda Lund\nDepartment of Rivers and Soil",
            "Ada Lund <ada.lund@riversandsoil.example>",
            "Department of Rivers and Soil",
        ),
        (
            "You will meet our Head of Department for Heron Energy.\n\nAda Lund\nHeron Energy",
            "Ada Lund <al@heronenergy.example>",
            "Heron Energy",
        ),
        (
            "The International Foundation for Otter Health invites you.\n\nAda Lund\n"
            "International Foundation for Otter Health",
            "Recruitment <recruitment@otterhealth.example>",
            "International Foundation for Otter Health",
        ),
        (
            "We would meet you at the Museum an der Otterzeile.",
            "Ada Lund <a.lund@museum-otterzeile.example>",
            "Museum an der Otterzeile",
        ),
        ("Your first month at Heron is in London.\n\nHeron", "Ada Lund <al@heron-london.example>", "Heron"),
        (
            "It is about the Cook position at our Mt Otter operation.\n\nAda Lund\nRed Heron Resources Ltd",
            "Ada Lund <ada.lund@redheronresources.example>",
            "Red Heron Resources Ltd",
        ),
        ("\n\nAda Lund\nOtterkiri OÜ", "Ada Lund <ada@otterkiri.example>", "Otterkiri"),
    ],
)
def test_a_house_is_called_as_the_mail_calls_it(said: str, sender: str, company: str) -> None:
    assert reading(f"{ASK}{said}", sender).company == company


def test_a_mailbox_in_small_letters_tells_the_house_of_two_but_no_couple() -> None:
    assert reading(f"{ASK}\n\njaz", "otter and sons <otterandsons@gmail.com>").company == "otter and sons"
    assert reading(f"{ASK}\n\nAnna and Ben", "anna and ben <annaandben@gmail.com>").company is None


def test_whoever_chairs_a_club_does_not_belong_to_its_name() -> None:
    text = (
        "Guten Tag,\n\nich schreibe Ihnen als 1. Vorsitzende des TSV Otterheim e. V. wegen Ihrer Bewerbung als Koch. "
        "Wir möchten Sie gern kennenlernen, am Donnerstag um 19 Uhr im Vereinsheim. Bitte antworten Sie an "
        "buero@tsv-otterheim.example, in dieses Postfach sehe ich selten.\n\nGisela Lund"
    )
    found = reading(text, "Gisela Lund <gisela.lund@reiherfach.example>")
    assert (found.kind, found.company) == ("invitation", "TSV Otterheim e. V.")


@pytest.mark.parametrize(
    ("client", "agency"),
    [
        ("Client: Internal", False),
        ("Client : In-house position", False),
        ("End client: N/A", False),
        ("Client: none (own staff)", False),
        ("Client: Internal Medicine Centre", True),
        ("Client: Otter Foods", True),
    ],
)
def test_a_label_of_a_client_behind_which_none_stands_is_no_sign_of_an_agency(client: str, agency: bool) -> None:
    text = (
        f"Dear Alex,\n\nyour profile has been shortlisted for a first round interview.\n\nPosition: Data Consultant\n"
        f"{client}\nDate: 14 May 2027\nTime: 10:00\n\nRegards\nMia Lund\nTalent Acquisition\nHeron Soft Ltd"
    )
    found = reading(text, "Mia Lund <mia.lund@heronsoft.example>")
    assert (found.agency, found.company == "Heron Soft Ltd") == (agency, not agency)


def test_a_german_label_of_a_client_that_there_is_not() -> None:
    text = (
        "Guten Tag Herr Kaya,\n\nwir laden Sie zum Vorstellungsgespräch ein.\n\nPosition: Koch\n"
        "Auftraggeber: kein Kunde, Stelle im eigenen Haus\nDatum: 14. Mai 2027, 10:00 Uhr\n\nMia Lund\nReiher GmbH"
    )
    assert reading(text, "Mia Lund <mia.lund@reiher.example>").agency is False


@pytest.mark.parametrize(
    ("title", "agency"),
    [
        ("Chargée de recrutement - Otterlund Sud SAS", False),
        ("Responsable recrutement, Otterlund Sud", False),
        ("Técnica de selección - Otterlund Sud", False),
        ("Responsabile Selezione | Otterlund Sud", False),
        ("Adviseur Werving & Selectie - Otterlund Sud", False),
        ("Cabinet de recrutement | Otterlund Sud", True),
        ("Consultante en recrutement, Otterlund Sud", True),
    ],
)
def test_whoever_recruits_for_the_own_house_in_any_language(title: str, agency: bool) -> None:
    text = (
        "Hello Alex,\n\nas your profile interests us for the post of Thermal Systems Engineer, I invite you to a first "
        f"exchange on 18 June 2027 at 14:30.\n\nCordialement,\nAnne Reiher\n{title}"
    )
    found = reading(text, "Anne Reiher <anne.reiher@otterlund-sud.example>", "Interview / Thermal Systems Engineer")
    assert found.agency is agency
    if not agency:
        assert found.role == "Thermal Systems Engineer"
        assert (found.company or "").startswith("Otterlund Sud")


@pytest.mark.parametrize(
    ("house", "domain", "company"),
    [
        ("the Office of River Survey", "riversurvey", "Office of River Survey"),
        ("the Division of Water Rights", "waterrights", "Division of Water Rights"),
        ("the HR Office of Otter Foods", "otterfoods", "Otter Foods"),
        ("our Office of Otter Foods", "otterfoods", "Otter Foods"),
    ],
)
def test_an_office_that_is_a_body_belongs_to_its_name(house: str, domain: str, company: str) -> None:
    said = f"you applied for the Data Analyst position with {house}. Can you talk on Tuesday at 10:00?"
    text = f"Hello,\n\n{said}\n\nRena Suarez"
    assert reading(text, f"Rena Suarez <rena.suarez@{domain}.example>", "Data Analyst").company == company


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("Wir besetzen Tech-Rollen nur bei Bio-Tech-Firmen, gerade bei Otterpfad eine Stelle als Koch.", True),
        ("Wir besetzen kaufmännische Positionen in mittelständischen Unternehmen.", True),
        ("Wir besetzen in unserem Unternehmen gerade die Stelle einer Köchin.", False),
        ("We only recruit for young startups, and your profile fits one of them.", True),
        ("We fill two roles at our company this spring.", False),
    ],
)
def test_who_fills_posts_of_many_houses_is_an_agency(text: str, agency: bool) -> None:
    mail = WANTED_IN_GERMAN.format(text) if text.startswith("Wir") else f"{WANTED}{text}\n\nLou Marsh"
    assert reading(mail, "Lou Marsh <lou@quellcode.example>").agency is agency


def test_who_places_people_in_the_own_name_is_an_agency() -> None:
    mail = (
        "Alex, see below, they bite! Which one? Just tell me and I will confirm it.\n\nMia\nReiher vermittelt. "
        "Creative talents for Otterby and Port Heron\n\n---------- Forwarded message ---------\n"
        "From: Lou Marsh <lou@studiootter.example>\n"
        "Date: Wed, 14 Jan 2026 at 17:12\nSubject: Alex Kaya / Animator\n"
        "To: Mia Reiher <mia@reiher-vermittelt.example>\n\n"
        "Hi Mia,\n\nthe reel is great. We'd like to see Alex at Studio Otter for the Animator position, "
        "Reed Lane 7, on Thursday 22 January at 16:00. The other two "
        "candidates are not what we are looking for.\n\nLou\n"
    )
    found = reading(mail, "Mia Reiher <mia@reiher-vermittelt.example>", subject="Fwd: Alex Kaya / Animator")
    assert (found.agency, found.company) == (True, "Studio Otter")


def test_a_talk_in_confidence_keeps_no_client_secret_that_is_named() -> None:
    mail = (
        "Guten Tag Herr Kaya,\n\nim Auftrag der Otter Aromen AG suchen wir eine Leitung Einkauf. Gern stelle ich Ihnen "
        "das Mandat in einem diskreten Telefonat vor, etwa am 19. März um 17 Uhr. Ich sichere Ihnen absolute "
        "Vertraulichkeit zu.\n\nTheo Marsh\nMarsh Executive Search\n"
    )
    found = reading(mail, "Theo Marsh <marsh@marsh-executive.example>", subject="Vertrauliche Anfrage")
    assert (found.agency, found.company) == (True, "Otter Aromen AG")


@pytest.mark.parametrize(
    ("house", "domain"),
    [
        ("Otterly Housing Co-operative", "otterlyhousing"),
        ("Otter Valley Food Co-op", "ottervalleyfood"),
        ("Lakeside Dairy Co-operatives", "lakesidedairy"),
    ],
)
def test_a_noun_with_a_hyphen_ends_the_name_of_a_house(house: str, domain: str) -> None:
    text = f"{ASK}The hiring committee at {house} was unanimous about you."
    assert reading(text, f"Dana Field <dana@{domain}.example>").company == house


SMALL = "hey alex\n\nwe need a cook for {} :) can you come round on saturday at 3pm for an interview?\n\njo"
SMALL_IN_GERMAN = "hallo alex,\n\nwir laden dich zum vorstellungsgespräch bei {} ein, am samstag um 15 uhr.\n\njo"


@pytest.mark.parametrize(
    ("said", "house", "box"),
    [
        (SMALL, "crumb & sons", "jo.crumbandsons"),
        (SMALL, "lund and daughters", "lundanddaughters22"),
        (SMALL, "sunny side nursery", "sunnysidenursery"),
        (SMALL_IN_GERMAN, "otter & söhne", "jo.ottersoehne"),
    ],
)
def test_a_house_in_small_letters_is_told_by_the_mailbox(said: str, house: str, box: str) -> None:
    assert reading(said.format(house), f"jo <{box}@gmail.com>").company == house


@pytest.mark.parametrize(("said", "box"), [("anna & ben", "anna.und.ben"), ("the garden", "jo.garden")])
def test_two_persons_and_a_word_in_a_mailbox_are_no_house(said: str, box: str) -> None:
    assert reading(SMALL.format(said), f"jo <{box}@gmail.com>").company is None


@pytest.mark.parametrize(
    "place",
    ["Unit 9, Otterby Park", "Suite 400, Reed Building", "Units 4-6, Marsh Mills", "Unit C, Elm Trading Estate"],
)
def test_the_park_in_which_a_unit_is_does_not_hire(place: str) -> None:
    text = f"{ASK}We would like to see you at {place}, Lindau.\n\nTheo Marsh\nHR Manager, Lund Valves"
    assert reading(text, "Theo Marsh <theo.marsh@gmail.com>").company == "Lund Valves"


def test_a_german_estate_does_not_hire_and_a_house_in_a_unit_does() -> None:
    text = f"{ASK_IN_GERMAN}Sie finden uns in Halle 4, Gewerbepark Otterau.\n\nTheo Marsch\nLund Ventile"
    assert reading(text, "Theo Marsch <theo.marsch@gmx.de>").company != "Gewerbepark Otterau"
    own = f"{ASK}We are in Unit 9, Otter Park, by the station.\n\nTheo Marsh"
    assert reading(own, "Theo Marsh <theo@otterpark.example>").company == "Otter Park"


@pytest.mark.parametrize(
    ("line", "domain", "house"),
    [
        ("Ada Lund | Recruiter | Heron Optics Leeds", "heron-optics", "Heron Optics"),
        ("Ada Lund | Personal | Reiher Optik Dresden", "reiher-optik", "Reiher Optik"),
        ("Ada Lund | Recruiter | Heron Optics Leeds", "heronoptics-leeds", "Heron Optics Leeds"),
        ("Ada Lund | Recruiter | Hotel Heron Leeds", "hotel-heron", "Hotel Heron Leeds"),
    ],
)
def test_the_town_where_a_signer_works_is_no_part_of_the_house(line: str, domain: str, house: str) -> None:
    text = f"{ASK}\n\nThanks!\nAda\n\n{line}"
    assert reading(text, f"Ada Lund <ada.lund@{domain}.example>").company == house


def test_what_a_sort_of_house_is_called_gives_way_to_the_domain() -> None:
    assert reading(ASK, "Worker-run Co-op <jobs@reedleycoop.example>").company == "Reedley Coop"
