"""For which role: by subject, sentence, label and mark."""

from __future__ import annotations

import pytest

from tests.core.reading.letters import ASK, WANTED, WANTED_IN_GERMAN, reading


def test_a_role_ends_before_its_company_and_is_no_job_number() -> None:
    assert reading(ASK, subject="Data Engineer at Acme").role == "Data Engineer"
    german = "Guten Tag,\n\nwir laden Sie zum Vorstellungsgespräch am 3. Dezember um 10 Uhr ein."
    assert reading(german, subject="Ihre Bewerbung als Milch- und Käsemeister").role == "Milch- und Käsemeister"
    assert reading(german, subject="W2-Professur für Optik").role == "W2-Professur für Optik"


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
        ("Gespräch Bergretterin", "", "Bergretterin"),
        ("Gespräch", "danke für Ihre Bewerbung als Garderobiere.", "Garderobiere"),
        ("Gespräch", "Sie haben sich um die Stelle als Küferin beworben.", "Küferin"),
        ("Gespräch", "es geht um die Stelle als Oberfeldwebel.", "Oberfeldwebel"),
        ("Termin", "die Chefin möchte Sie gern sehen.", None),
        ("Termin", "unser Gärtner zeigt Ihnen danach das Haus.", None),
    ],
)
def test_german_roles(subject: str, text: str, role: str | None) -> None:
    assert reading(WANTED_IN_GERMAN.format(text), subject=subject).role == role


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
    assert reading(WANTED_IN_GERMAN.format(marked)).role == "Pflegefachkraft in der ambulanten Tagespflege"
    assert reading(WANTED_IN_GERMAN.format("Die Stelle: Kaufmann (m/w/d) Versand.")).role == "Kaufmann (m/w/d) Versand"
    assert reading(WANTED_IN_GERMAN.format("Die Stelle: Kaufmann (m/w/d) in Vollzeit.")).role == "Kaufmann (m/w/d)"


@pytest.mark.parametrize(
    ("subject", "role"),
    [
        ("Baker - HR interview - Alex Kaya", "Baker"),
        ("Train Driver Selection Day", "Train Driver"),
        ("Cabin Crew Assessment Day - Alex Kaya", "Cabin Crew"),
    ],
)
def test_the_name_of_the_talk_behind_a_role_is_none_of_it(subject: str, role: str) -> None:
    text = (
        f"Dear Alex,\n\nwe invite you to our {subject.partition(' - ')[0]} on Thursday, 3 December at 14:00. {subject}"
    )
    assert reading(text, subject=subject).role == role


def test_grades_and_loads_behind_a_role_are_none_of_it() -> None:
    text = (
        "Lieber Herr Kaya,\n\nIhre Unterlagen für die Stelle als Wissenschaftlicher Mitarbeiter (E13, 65 %) haben uns "
    )
    text += "gefallen. Können Sie am Donnerstag, 3. Dezember um 14 Uhr zum Gespräch kommen?"
    assert reading(text).role == "Wissenschaftlicher Mitarbeiter"


@pytest.mark.parametrize(
    ("subject", "role"),
    [
        ("Vorstellungsgespräch Koch Do 3.12.", "Koch"),
        ("Vorstellungsgespräch Koch Do 3.12. 8:30", "Koch"),
        ("Termin Staplerfahrer, Dienstag", "Staplerfahrer"),
    ],
)
def test_the_day_behind_a_role_in_the_subject_is_none_of_it(subject: str, role: str) -> None:
    text = "Guten Tag,\n\nhiermit laden wir Sie zum Vorstellungsgespräch am 3. Dezember um 8:30 Uhr ein.\n\nSilke Ray"
    assert reading(text, subject=subject).role == role


@pytest.mark.parametrize("subject", ["Re: Application {}", "Interview for the post of {}", "{} interview - Thursday"])
@pytest.mark.parametrize("role", ["Head of Catering", "Trainee Baker", "Director of Music", "HGV Driver"])
def test_the_role_of_the_subject_is_not_that_of_whom_one_meets(subject: str, role: str) -> None:
    text = (
        "Dear Alex,\n\nfurther to your recent application, we are pleased to invite you for an interview for the above "
        "post on Thursday 3 December at 14:00 with our Operations Director and the Team Lead.\n\nDana Field"
    )
    assert reading(text, subject=subject.format(role)).role == role


@pytest.mark.parametrize(
    ("text", "sender", "subject", "role"),
    [
        (
            "Guten Tag,\n\nwir laden Sie zum Vorstellungsgespräch am 3. Dezember um 14 Uhr ein.\n\n"
            "Dana Feld\nReiher GmbH",
            "Dana Feld <d.feld@reiher.example>",
            "Bewerbung Assistenz der Leitung (m/w/d) bei Reiher",
            "Assistenz der Leitung (m/w/d)",
        ),
        (
            f"{ASK}We saw your application for Cabin Crew at Norrwind Air.\n\nNorrwind Air AB",
            "Norrwind Air <hello@norrwindair.example>",
            "Norrwind Air Cabin Crew",
            "Cabin Crew",
        ),
    ],
    ids=["behind", "before"],
)
def test_the_house_behind_or_before_a_role_is_none_of_it(text: str, sender: str, subject: str, role: str) -> None:
    assert reading(text, sender, subject).role == role


@pytest.mark.parametrize(
    ("subject", "role"),
    [("Vorstellungsgespräch Einkäufer Alex Kaya / Reiher", "Einkäufer"), ("Termin Koch für 30 Std", "Koch")],
)
def test_names_and_numbers_behind_a_role_are_none_of_it(subject: str, role: str) -> None:
    text = (
        "Guten Tag,\n\nhier die Einladung zum Vorstellungsgespräch am 3. Dezember um 8:30 Uhr.\n\nDana Feld\nReiher AG"
    )
    assert reading(text, "Dana Feld <dana.feld@reiher.example>", subject).role == role


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("the Technical Lead - Java position", "Technical Lead - Java"),
        ("the Test Engineer - Embedded Systems role", "Test Engineer - Embedded Systems"),
        ("the Director, Network Planning position", "Director, Network Planning"),
        ("the Manager, Claims Operations role", "Manager, Claims Operations"),
        ("the VP, Market Risk Technology interview", "VP, Market Risk Technology"),
    ],
)
def test_the_field_of_work_behind_a_dash_or_a_comma_is_of_the_role(text: str, role: str) -> None:
    mail = f"Hi Alex,\n\nwe are free for {text} on 3 December at 10:00: a panel day at our head office.\n\nDana Field"
    assert reading(mail, subject="Panel day - agenda").role == role


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("Position: Buchhalter SAP (Req-ID 30918)", "Buchhalter SAP"),
        ("Position: Buchhalter (Stellen-Nr. 4411)", "Buchhalter"),
        ("Position: Buchhalter (Ref.-Nr.: AB-4411)", "Buchhalter"),
        ("Position: Buchhalter (Requisition Number 3312)", "Buchhalter"),
    ],
)
def test_numbers_of_vacancies_go_with_what_tells_of_them(line: str, role: str) -> None:
    mail = f"Guten Tag,\n\nwir laden Sie zum Vorstellungsgespräch ein.\n\n{line}\nDatum: 3.12.2026, 10 Uhr\n\nDana Feld"
    assert reading(mail).role == role


@pytest.mark.parametrize("call", ["Intro Call", "Intro-Call", "Screening Call", "Video Call"])
def test_the_sort_of_a_call_is_none_of_the_role(call: str) -> None:
    mail = "Hallo Alex,\n\nanbei die Einladung zum Gespräch am 3. Dezember um 10 Uhr.\n\nDana"
    assert reading(mail, subject=f"Alex <> Acme: {call} Data Engineer").role == "Data Engineer"


@pytest.mark.parametrize("role", ["Mitarbeiter/in im Gemeindebauhof", "Mitarbeiterin im Bürgerbüro"])
def test_what_says_little_alone_goes_on(role: str) -> None:
    mail = f"Guten Tag,\n\nauf Ihre Bewerbung als {role} kommen wir gern zurück und laden Sie für morgen, 10 Uhr, ein."
    assert reading(mail, subject="Ihre Bewerbung").role == role


def test_what_somebody_has_done_is_no_role() -> None:
    mail = (
        "Hi Alex,\n\nwow, Akrobatik und Buchhaltung in einem Lebenslauf! Wir möchten dich am 3. Dezember um 10 Uhr zum "
        "Gespräch einladen.\n\nDana Feld"
    )
    assert reading(mail, subject="Deine Bewerbung").role is None


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("the position of Help Desk Agent with Dutch.", "Help Desk Agent with Dutch"),
        ("the position of Payroll Clerk with French and English.", "Payroll Clerk with French and English"),
        ("the position of Payroll Clerk with German skills.", "Payroll Clerk"),
        ("the position. We seek a Payroll Clerk with German.", "Payroll Clerk"),
        ("die Stelle als Buchhalterin mit Polnisch.", "Buchhalterin mit Polnisch"),
        ("die Stelle als Lektorin im Home-Office.", "Lektorin"),
        ("die Stelle Kundenberater Outbound im Homeoffice.", "Kundenberater Outbound"),
        ("die Stelle als exam. Altenpfleger.", "exam. Altenpfleger"),
        ("Wir suchen eine staatl. gepr. Betriebswirtin.", "staatl. gepr. Betriebswirtin"),
        ("Ich suche für einen Versicherer in Otterau einen Mainframe-Entwickler.", "Mainframe-Entwickler"),
    ],
)
def test_languages_and_qualifications_are_of_a_role_and_the_home_is_not(text: str, role: str) -> None:
    german = text.startswith(("die", "Wir", "Ich"))
    lead = "Guten Tag,\n\nSie haben Interesse: " if german else "Hello Alex,\n\nthank you for applying for "
    ask = "Haben Sie am Donnerstag um 14 Uhr Zeit für ein Gespräch?" if german else "Can you come on Thursday at 14:00?"
    assert reading(f"{lead}{text} {ask}\n\nDana Field").role == role


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Stelle: Hilfskraft für Post, Ablage und Telefon\n\n", "Hilfskraft für Post, Ablage und Telefon"),
        ("Es geht um die Stelle Hilfskraft für Post, Ablage und Telefon (m/w/d), zuerst für 20 Stunden.",
         "Hilfskraft für Post, Ablage und Telefon"),
        ("Sie wollen Hilfskraft für Post, Ablage und Telefon werden. Als Hilfskraft für Post, Ablage und Telefon.",
         "Hilfskraft für Post, Ablage und Telefon"),
        ("Sie haben sich als Hilfskraft für Post, Ausweis und Unterlagen liegen uns vor.", "Hilfskraft für Post"),
        ("Sie haben sich als Leiterin für Handel, Dauer und Ablauf stehen unten, beworben.", "Leiterin für Handel"),
        ("Sie haben sich als Köchin für Otterau, Herr Reiher und ich freuen uns.", "Köchin für Otterau"),
        ("Sie haben sich als Gehaltsverrechner/in beworben.", "Gehaltsverrechner/in"),
    ],
)  # fmt: skip
def test_a_role_holds_all_of_its_list(text: str, role: str) -> None:
    assert reading(WANTED_IN_GERMAN.format(text)).role == role


@pytest.mark.parametrize(
    "behind",
    ["Skype and Phone are both fine", "Otterby and Weirborg are both possible", "Diplomas and Letters reached us"],
)
def test_a_role_does_not_go_on_with_the_next_clause(behind: str) -> None:
    assert reading(ASK + f"You applied for the post of Teacher of Latin, {behind}.").role == "Teacher of Latin"


def test_who_takes_calls_has_a_role() -> None:
    assert reading(ASK + "It is for the post of Rescue Call Taker.").role == "Rescue Call Taker"


@pytest.mark.parametrize("role", ["Night Telecommunicator", "Toll Collector", "Community First Responder", "Copilot"])
def test_who_answers_alarms_or_takes_tolls_has_a_role(role: str) -> None:
    assert reading(f"{ASK}\n\nDana", subject=f"Oral board - {role}").role == role


@pytest.mark.parametrize(
    ("said", "role"),
    [
        ("got your cv for the night porter.", "night porter"),
        ("thank you for your resume for Junior Pastry Chef.", "Junior Pastry Chef"),
        ("we would like you for lunch on Thursday.", None),
        ("I have read your profile for the board and liked it.", None),
    ],
)
def test_what_somebody_is_wanted_for(said: str, role: str | None) -> None:
    assert reading(f"Hi Alex,\n\n{said} Could we talk on Thursday at 14:00?\n\nDana", subject="hello").role == role


def test_a_role_with_a_client_of_theirs() -> None:
    text = "wir hätten etwas für Sie:\n\nLagerist bei unserem Kunden Otter Frische GmbH in Otterau\n+ 16 Euro\n\n"
    found = reading(f"Guten Tag,\n\n{text}Kann ich Sie morgen um 10 Uhr anrufen?\n\nMia Reiher", subject="Job")
    assert (found.role, found.company) == ("Lagerist", "Otter Frische GmbH")


def test_who_declares_goods_has_a_role() -> None:
    text = "Guten Tag,\n\nkönnen Sie morgen um 10 Uhr zum Gespräch kommen?\n\nMia Reiher"
    assert reading(text, subject="Re: Bewerbung Zolldeklarantin - Termin").role == "Zolldeklarantin"


@pytest.mark.parametrize(
    ("written", "role"),
    [
        ("Lecturer in Glaciology (Grade 7, reference 44120)", "Lecturer in Glaciology (Grade 7)"),
        ("Night Nurse (Band 5, ref. 991-AB)", "Night Nurse (Band 5)"),
        ("Night Porter (ref. P-1182)", "Night Porter"),
        ("Class Teacher (KS2)", "Class Teacher (KS2)"),
        ("Competition 26-017 Harbour Pilot", "Harbour Pilot"),
        ("Competition No. 2026-AB-17, Harbour Pilot", "Harbour Pilot"),
        ("Posting 8841: Harbour Pilot", "Harbour Pilot"),
        ("Vacancy 1234: Harbour Pilot", "Harbour Pilot"),
    ],
)
def test_a_number_leaves_the_brackets_of_a_role_whole(written: str, role: str) -> None:
    assert reading(ASK + f"It is for the post of {written}.").role == role
    assert reading(ASK, subject=f"{written} - interview").role == role


def test_what_somebody_does_in_a_season_is_no_subject() -> None:
    said = "we look for a Site Planning Engineer in Q3 and read your application for it."
    assert reading(f"{ASK}{said}", subject="Site Planning Engineer").role == "Site Planning Engineer"


@pytest.mark.parametrize(
    "role", ["Postdoctoral Researcher in Coastal Archaeology", "Senior Researcher in Plant Genetics"]
)
def test_what_somebody_studies_is_of_the_role_in_any_sentence(role: str) -> None:
    text = f"Dear Alex,\n\nthank you for your application for the position as {role} at the Department of Physics."
    sender = "Ada Lund <ada@heronsea.example>"
    assert reading(f"{text}\n\nCould you come on Thursday at 14:00?\n\nAda Lund", sender).role == role


@pytest.mark.parametrize(
    ("written", "role"),
    [
        ("procedure AB/2026/77 (Policy Officer - Coastal Fisheries)", "Policy Officer - Coastal Fisheries"),
        ("our vacancy “Research Assistant – Soil Data”", "Research Assistant – Soil Data"),
        ("reference QX-44 (Legal Adviser - Marsh Data Agency)", "Legal Adviser"),
        ("reference QX-44 (Legal Adviser - Otterau)", "Legal Adviser"),
        ("your application (Legal Adviser - Berlin)", "Legal Adviser"),
        ("your application (Legal Adviser - New Otterau)", "Legal Adviser"),
        ("reference QX-44 (Legal Adviser - Interview)", "Legal Adviser"),
    ],
)
def test_a_field_of_work_in_the_brackets_of_a_role_belongs_to_it(written: str, role: str) -> None:
    assert reading(f"{ASK}We write about {written}.", "Marsh Data Agency <jobs@marshdata.example>").role == role


@pytest.mark.parametrize("said", ["Tester von Messgeräten", "Tester von Zuhause"])
def test_a_small_word_of_the_own_language_joins_no_role(said: str) -> None:
    text = f"vielen Dank für Ihre Bewerbung als {said}. Wir laden Sie zum Vorstellungsgespräch ein."
    assert reading(
        f"Guten Tag,\n\n{text} Passt Ihnen Donnerstag um 14 Uhr?\n\nMia Reiher", subject="Ihre Bewerbung"
    ).role == ("Tester")


@pytest.mark.parametrize(
    ("written", "role"),
    [
        ("We are looking for a Data Engineer in Leeds.", "Data Engineer"),
        ("We are looking for a Data Engineer in New York.", "Data Engineer"),
        ("Our opening for a Senior Verification Engineer in Dresden may interest you.", "Senior Verification Engineer"),
        ("We are looking for a Postdoc in Optics.", "Postdoc in Optics"),
    ],
)
def test_a_town_is_no_part_of_a_role(written: str, role: str) -> None:
    assert reading(f"{ASK}{written}", subject="A conversation?").role == role


@pytest.mark.parametrize(
    ("written", "role"),
    [
        ("WM/2291 Admissions Officer (International)", "Admissions Officer (International)"),
        ("QXMR/2026/TA/014 Legal Officer", "Legal Officer"),
        ("PL/SQL Developer", "PL/SQL Developer"),
        ("Senior C/C++17 Developer", "Senior C/C++17 Developer"),
    ],
)
def test_a_reference_with_strokes_is_no_part_of_a_role(written: str, role: str) -> None:
    assert reading(f"{ASK}\n\nPosition: {written}\n").role == role


def test_what_somebody_teaches_does_not_stand_alone() -> None:
    text = (
        "Dear Dr. Kaya,\n\nwe would be glad to interview you for the position of Assistant Professor of Marine Data "
        "Science in the Department of Geography at Reiher Bay University on Thursday at 14:00."
    )
    sender = "Lou Marsh <lmarsh@reiherbay-edu.example>"
    subject = "Campus interview, Assistant Professor of Marine Data Science"
    assert reading(text, sender, subject).role == "Assistant Professor of Marine Data Science"


def test_the_day_of_assessment_tells_the_role() -> None:
    text = f"{ASK}We would love to see you at our Graduate Analyst Assessment Centre."
    assert reading(text, subject="You're through!").role == "Graduate Analyst"


@pytest.mark.parametrize("role", ["OS/390 Administrator", "Consultant S/400"])
def test_a_product_with_a_stroke_is_no_reference(role: str) -> None:
    assert reading(f"{ASK}\n\nPosition: {role}\n").role == role


def test_an_earlier_subject_tells_the_role_where_it_speaks_of_a_talk() -> None:
    text = (
        "Hi Alex,\n\nso sorry, tomorrow at 10:00 we can't do. Could we take Monday at 11:00 instead?\n\nLou Marsh\n\n"
    )
    block = "Fra: Alex Kaya <alex.kaya@example.net>\nSendt: torsdag 19. november 2026 12:02\nTil: Lou Marsh\nEmne: "
    answer = "\n\nDear Lou, Tuesday is perfect. Alex"
    asked = f"{text}{block}Re: Interview Fish Health Analyst{answer}"
    assert reading(asked, subject="SV: Tomorrow - need to move!").role == "Fish Health Analyst"
    other = f"{text}{block}Re: Introduction to Sue Ray, Finance Director{answer}"
    assert reading(other, subject="SV: Tomorrow - need to move!").role is None


def test_what_stands_below_a_first_name_is_what_its_writer_is() -> None:
    text = f"{ASK}Could we talk on Thursday at 14:00?\n\n~Emery\nTalent Acquisition Coordinator, Acme"
    assert reading(text, "Emery Lock <emery@acme.example>", "Next step").role is None


def test_a_dash_is_a_dash_and_a_column_of_labels_is_one() -> None:
    text = f"{ASK}It is about the position of Nurse Manager – Renal at Acme Health."
    subject = "Req 60817 Nurse Manager - Renal: invitation to interview"
    assert reading(text, subject=subject).role in ("Nurse Manager – Renal", "Nurse Manager - Renal")
    labelled = f"{ASK}\n\nRegistration No.     : 2271004518\nPost                 : Specialist Officer - Fraud Data\n"
    assert reading(labelled).role == "Specialist Officer - Fraud Data"


@pytest.mark.parametrize(
    ("said", "role"),
    [
        ("You have a seat at the assessment centre for our Graduate Signalling Scheme.", "Graduate Signalling Scheme"),
        ("Thanks for applying to our Trainee Brewer Programme.", "Trainee Brewer Programme"),
        ("This is the selection day for our Apprenticeship in Joinery.", "Apprenticeship in Joinery"),
        ("It is about a place on our Graduate Trading Scheme.", "Graduate Trading Scheme"),
    ],
)
def test_what_is_offered_to_beginners_is_the_role_and_not_what_the_signer_is(said: str, role: str) -> None:
    text = f"{ASK}{said}\n\nMia Lund\nEarly Careers Partner, Otter Rail"
    assert reading(text, "Otter Rail Early Careers <careers@otter-rail.example>", "Well done!").role == role


@pytest.mark.parametrize("role", ["Growth marketeer", "Growth Hacker", "Content Creator"])
def test_new_names_of_work_are_roles(role: str) -> None:
    text = "Hey Alex,\n\nthe whole team read your case. Shall we meet on Thursday at 14:00?\n\nBas"
    assert reading(text, "Bas Lund <bas@otterloods.example>", f"{role} @ Otterloods").role == role


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("Re: Campaign ABH26-118 Clinical Engineer", "Clinical Engineer"),
        ("Campaign No. 26/118: Ward Clerk", "Ward Clerk"),
        ("Bewerbungsverfahren 2026/118: Ward Clerk", "Ward Clerk"),
        ("Position: Campaign Manager", "Campaign Manager"),
    ],
)
def test_the_number_of_a_campaign_goes_with_its_word(line: str, role: str) -> None:
    text = (
        f"Dear Candidate,\n\n{line}\n\nYou are called for interview on Thursday at 14:00 at our office.\n\nDana Field"
    )
    assert reading(text).role == role
