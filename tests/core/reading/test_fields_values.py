"""Each field, where its words stand and where they only seem to."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from raincheck.core.model import Salary
from raincheck.core.reading.fields.names import fits_domain
from tests.core.reading.letters import reading, understood

INVITE = "Hi Alex,\n\nwe would like to invite you to an interview on Thursday at 14:00. "


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("It is about the position of Night Nurse at Acme.", "Night Nurse"),
        ("It is about your application for the Data Engineer II (Ref 20417) role.", "Data Engineer II"),
        ('It is about the "Head of Care & Support" vacancy.', "Head of Care & Support"),
        ("It is about the full-time forklift driver job.", "full-time forklift driver"),
        (
            "Unfortunately we chose another candidate for the position of Team Lead. We do have a role as Tester.",
            "Tester",
        ),
        ("You would be a great match for C++ Developer.", "C++ Developer"),
        ("See you there.", None),
        ("I am the hiring manager and look forward to it.", None),
    ],
)
def test_role_in_english(text: str, role: str | None) -> None:
    assert reading(INVITE + text).role == role


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("vielen Dank für Ihre Bewerbung als Bauleiter/in (m/w/d).", "Bauleiter/in (m/w/d)"),
        (
            "Ihre Bewerbung auf die Stelle als Leiterin der Finanzbuchhaltung liegt uns vor.",
            "Leiterin der Finanzbuchhaltung",
        ),
        ("wir suchen einen Koch für unser Haus.", "Koch"),
        ("es geht um die Stelle als Altenpfleger Station 3b.", "Altenpfleger"),
        ("es geht um die Position „Referentin für Klimaschutz“.", "Referentin für Klimaschutz"),
    ],
)
def test_role_in_german(text: str, role: str) -> None:
    body = f"Sehr geehrte Frau Kaya,\n\n{text} Wir laden Sie zu einem Gespräch am Donnerstag um 14 Uhr ein.\n"
    assert reading(body, subject="Einladung").role == role


@pytest.mark.parametrize(
    ("sender", "text", "company"),
    [
        ("Dana Field <dana@acme.example>", "Join us at Acme Robotics.", "Acme Robotics"),
        (
            "Carol <c.white@rowanlodge-care.example>",
            "Your interview here at Rowan Lodge is on Friday at 2pm.\n\nKind regards"
            "\n\nCarol White\nRegistered Manager\nRowan Lodge Residential Care Home",
            "Rowan Lodge",
        ),
        ("Dana from Acme <dana@acme.example>", "See you.", "Acme"),
        ("Acme Recruiting Team <jobs@acme.example>", "See you.", "Acme"),
        ("Northern Lights <no-reply@northern.bamboohr.com>", "See you.", "Northern Lights"),
        ("Dana Field <dana@blue-harbour.example>", "See you.", "Blue Harbour"),
        ("Dana Field <dana.field@gmail.com>", "See you.", None),
        ("Dana Field <dana.field@gmail.com>", "It is about the Cook role at The Green Fork.", "Green Fork"),
    ],
)
def test_company(sender: str, text: str, company: str | None) -> None:
    assert reading(INVITE + text, sender).company == company


def test_an_agency_keeps_its_client_secret_or_names_it() -> None:
    secret = reading(INVITE + "My client is looking for a Cook.", "Jo Ray <jo@ray-recruitment.example>")
    assert (secret.agency, secret.company) == (True, None)
    named = reading(INVITE + "My client Acme Foods needs a Cook.", "Jo Ray <jo@ray-recruitment.example>")
    assert (named.agency, named.company) == (True, "Acme Foods")
    inhouse = reading(
        INVITE + "It is for the Cook role. Our guests love us, and our team would love to meet you.",
        "Jo Ray <jo@acme.example>",
    )
    assert inhouse.agency is False


@pytest.mark.parametrize(
    ("ending", "sender", "contact"),
    [
        ("Kind regards\nDr. Mia van Dijk, MSc\nHead of People", "Acme HR <hr@acme.example>", "Mia van Dijk"),
        ("Best,\nDana", "Dana Field <dana.field@acme.example>", "Dana Field"),
        ("Best,\nDana", "Field, Dana <dana.field@acme.example>", "Dana Field"),
        ("Kind regards\nThe Acme Hiring Team", "Acme Careers <jobs@acme.example>", None),
        (
            "Please confirm with our coordinator Ola Nordmann.\n\nRegards\nMia Holm",
            "Acme <hr@acme.example>",
            "Ola Nordmann",
        ),
        ("Regards\nAlex Kaya", "Acme Careers <jobs@acme.example>", None),
        ("Gwen here from Larchbake. Let me know!", "Larchbake <jobs@larchbake.example>", "Gwen"),
        ("Dev", "Dev Ranga <dev@tilth.example>", "Dev Ranga"),
        ("Gruß\nStern Bernd", "Bernd Stern <bernd.stern@orgelbau.example>", "Bernd Stern"),
        ("Regards\nCmdr. Alonzo Pike", "Cmdr. Alonzo Pike <apike@county.example>", "Alonzo Pike"),
        ("Regards\nDana Field, MSc", '"Dana Field, MSc" <dana.field@acme.example>', "Dana Field"),
        ("Thanks!\nJun", "Jun Park-Ode <jun.parkode@acme.example>", "Jun Park-Ode"),
        ("Yours\nAcme Prism", "Acme Prism <noreply@prism.acme.example>", None),
    ],
)
def test_contact(ending: str, sender: str, contact: str | None) -> None:
    assert reading(f"{INVITE}\n\n{ending}\n", sender).contact == contact


@pytest.mark.parametrize(
    ("text", "sender", "headers", "address"),
    [
        ("", "Dana <dana@acme.example>", {}, "dana@acme.example"),
        ("", "Dana <dana@acme.example>", {"Reply_To": "jobs@acme.example"}, "jobs@acme.example"),
        (
            "Please confirm to jo@acme.example.",
            "Dana <dana@acme.example>",
            {"Reply_To": "x@acme.example"},
            "jo@acme.example",
        ),
        (
            "For questions about parking write to desk@acme.example.",
            "Dana <dana@acme.example>",
            {},
            "dana@acme.example",
        ),
        ("Please confirm to jo@elsewhere.example.", "Dana <dana@acme.example>", {}, None),
        ("", "Acme <no-reply@acme.example>", {}, None),
        ("", "Acme <no-reply@acme.example>", {"Reply_To": "jo@acme.example"}, "jo@acme.example"),
        ("Replies to this message are not monitored.", "Acme <jobs@acme.example>", {}, None),
        ("Sagen Sie bitte bis Freitag zu oder ab, am besten an jo@acme.example.", "A <a@acme.example>", {},
         "jo@acme.example"),
        ("Inquiries: jo@acme.example. This mailbox is outbound only.", "Acme <a@acme.example>", {}, "jo@acme.example"),
        ("Bitte antworten Sie nicht auf diese E-Mail.", "Acme <jobs@acme.example>", {}, None),
        ("This inbox isn't read on Sundays.", "Acme <jobs@acme.example>", {}, "jobs@acme.example"),
        ("This inbox isn't read. Stuck? Ask Jo: jo@acme.example.", "Acme <a@acme.example>", {}, "jo@acme.example"),
        ("Questions? Write to jo@acme.example.", "Acme <no-reply@acme.example>", {}, "jo@acme.example"),
        ("If you need adjustments, write to jo@acme.example.", "Acme <no-reply@acme.example>", {}, None),
        ("Please confirm to me and cc Jo (jo@acme.example).", "Dana <dana@acme.example>", {}, "dana@acme.example"),
        ("Please reply with Jo (jo@acme.example) in copy.", "Dana <dana@acme.example>", {}, "dana@acme.example"),
        ("Antworten Sie bitte mir, mit jo@acme.example in Kopie.", "D <d@acme.example>", {}, "d@acme.example"),
        ("Please answer to jo@acme.example and cc me.", "D <d@acme.example>", {}, "jo@acme.example"),
        ("Please reply, with Ann in copy, to jo@acme.example.", "D <d@acme.example>", {}, "jo@acme.example"),
        ("Send a copy of your CV and your answer to jo@acme.example.", "D <d@acme.example>", {}, "jo@acme.example"),
        ("I copy in Jo (jo@acme.example), please reply to her.", "D <d@acme.example>", {}, "jo@acme.example"),
        ("Please agree the details with my assistant, jo@acme.example.", "D <d@acme.example>", {}, "jo@acme.example"),
        ("Bitte stimmen Sie sich mit Frau Lund ab: jo@acme.example.", "D <d@acme.example>", {}, "jo@acme.example"),
        ("Please answer to:\n\njo@acme.example", "Acme <a@acme.example>", {}, "jo@acme.example"),
        ("Jo would be glad of a yes or no (jo@acme.example).", "Acme <a@acme.example>", {}, "jo@acme.example"),
        ("Schicken Sie eine kurze Nachricht an jo@acme.example.", "Acme <a@acme.example>", {}, "jo@acme.example"),
        ("Tell Jo, who runs the day, if you come: jo@acme.example.", "Acme <a@acme.example>", {}, "jo@acme.example"),
        ("If we don't hear from you at jo@acme.example by May, we move on.", "A <a@acme.example>", {},
         "jo@acme.example"),
        ("Jo (jo@acme.example) will book your flight for you.", "D <d@acme.example>", {}, "d@acme.example"),
        ("Please send your slides to Jo, jo@acme.example.", "D <d@acme.example>", {}, "d@acme.example"),
        ("Schreib ihm, welcher Tag es wird: jo@acme.example.", "D <d@acme.example>", {}, "jo@acme.example"),
        ("Teilen Sie dies bis 5. Mai nur dem Büro mit (jo@acme.example).", "D <d@acme.example>", {},
         "jo@acme.example"),
        ("You'll be talking to our engineer Jo (jo@acme.example).", "D <d@acme.example>", {}, "d@acme.example"),
        ("I got your profile from my colleague jo@acme.example.", "D <d@acme.example>", {}, "d@acme.example"),
        ("Jo Lee (jo@acme.example) is the hiring manager for it.", "D <d@acme.example>", {}, "d@acme.example"),
        ("I'll send the invite from jo@acme.example in a minute.", "D <d@acme.example>", {}, "d@acme.example"),
        ("Das Gespräch führen Frau Lund (jo@acme.example) und ich.", "D <d@acme.example>", {}, "d@acme.example"),
        ("If you cannot find us, tell the porter or write to jo@acme.example.", "D <d@acme.example>", {},
         "d@acme.example"),
        ("You will get a line from jo@acme.example with the link.", "D <d@acme.example>", {}, "d@acme.example"),
        ("Please email your bank details to jo@acme.example.", "D <d@acme.example>", {}, "d@acme.example"),
        ("Let the front desk know your plate: jo@acme.example.", "D <d@acme.example>", {}, "d@acme.example"),
        ("Jo (jo@acme.example) will get in touch afterwards.", "D <d@acme.example>", {}, "d@acme.example"),
        ("Melden Sie Ihr Kennzeichen bitte unter jo@acme.example.", "D <d@acme.example>", {}, "d@acme.example"),
        ("Senden Sie Ihre Bankverbindung an jo@acme.example.", "D <d@acme.example>", {}, "d@acme.example"),
        ("Die Folien gehen bitte an jo@acme.example.", "D <d@acme.example>", {}, "d@acme.example"),
        ("Dana Field\nAcme Tools Ltd\njo@acme.example", "D <d@acme.example>", {}, "d@acme.example"),
        ("Who: jo@acme.example, robin@acme.example", "D <d@acme.example>", {}, "d@acme.example"),
        ("Diese Adresse dient nur dem Versand.", "Acme <a@acme.example>", {}, None),
        ("", "Acme <a@acme.example>", {"Reply_To": "no-reply@acme.example"}, None),
    ],
)  # fmt: skip
def test_reply_address(text: str, sender: str, headers: dict[str, str], address: str | None) -> None:
    assert reading(f"{INVITE}\n\n{text}\n", sender, **headers).reply_to == address


def test_a_foreign_address_is_reported_not_taken() -> None:
    found = reading(INVITE + "Please confirm to jo@elsewhere.example.")
    assert [(d.field, d.candidates) for d in found.unsure if d.field == "reply_to"] == [
        ("reply_to", ("jo@elsewhere.example",))
    ]


@pytest.mark.parametrize(
    ("text", "form", "url", "link"),
    [
        ("We will meet on Zoom: https://acme.zoom.us/j/123", "video", "https://acme.zoom.us/j/123", None),
        ("The room: meet.google.com/abc-defg-hij", "video", "meet.google.com/abc-defg-hij", None),
        ("Pick a time: calendly.com/acme/talk", None, None, "calendly.com/acme/talk"),
        ("I will call you on your mobile.", "phone", None, None),
        ("Please come to our office at 12 High Street, Leeds.", "onsite", None, None),
        ("You may come to our office or join by Teams.", None, None, None),
        ("Thanks for the phone interview. Please come to our office.", "onsite", None, None),
        ("Pick a time: https://calendly.com/acme/talk", None, None, "https://calendly.com/acme/talk"),
        ("Join here: https://rooms.acme.example/join/7 or move it: https://acme.example/reschedule/7", None,
         "https://rooms.acme.example/join/7", "https://acme.example/reschedule/7"),
        ("Grab a time: https://cal.acme.example/jo", None, None, "https://cal.acme.example/jo"),
        ("Yes: https://acme.example/i/confirm or no: https://acme.example/i/decline", None, None,
         "https://acme.example/i/confirm"),
        ("Reply for jo: Yes https://calendar.acme.example/r/event?action=RESPOND&eid=Yz1&rst=1", None, None, None),
        ("Same room as before: https://vc.acme.example/jo", "video", "https://vc.acme.example/jo", None),
        ("Have a look at what we pay: https://acme.example/pay", None, None, None),
        ("We can do it at our office or by phone, as you like.", None, None, None),
        ("Our shop is in Leeds; I will ring you on Friday.", "phone", None, None),
        ("It is a video call; the next stage is a visit.", "video", None, None),
        ("Pop in for a coffee with us.", "onsite", None, None),
        ("Can you come a little later, same place?", "onsite", None, None),
        ("Tell me which way suits you: come to our office, or if that is too far, by video.", None, None, None),
        ("It can be on Teams or at the studio, you decide.", None, None, None),
        ("Better I call you, so please write me your number.", "phone", None, None),
        ("The brief: https://acme.example/files/brief.pdf. Slots: https://acme.example/slots/7", None, None,
         "https://acme.example/slots/7"),
        ("Ten: https://acme.example/slots/7/1 or noon: https://acme.example/slots/7/2, all times:"
         " https://acme.example/slots/7", None, None, "https://acme.example/slots/7"),
        ("Plan it yourself: https://acme.example/p/7", None, None, "https://acme.example/p/7"),
        ("Our website: https://acme.example/about and privacy: https://acme.example/privacy", None, None, None),
        ("Manage your interview at https://acme.example/my/77", None, None, "https://acme.example/my/77"),
        ("Manage your preferences: https://acme.example/preferences/7", None, None, None),
        ("Follow this link to book a time. Nothing there? Tell me.\n\n-----> https://acme.example/dana\n", None, None,
         "https://acme.example/dana"),
        ("Ten: https://acme.example/i/7?slot=10 or any: https://acme.example/i/7 (choose a slot)", None, None,
         "https://acme.example/i/7"),
    ],
)  # fmt: skip
def test_format_and_links(text: str, form: str | None, url: str | None, link: str | None) -> None:
    found = reading(INVITE + text)
    if url is None:
        assert found.format == form
    assert (found.url, found.scheduling_link) == (url, link)


@pytest.mark.parametrize(
    ("text", "location"),
    [
        ("\nVenue: Room 3, Town Hall, Derby\n", "Room 3, Town Hall, Derby"),
        ("Our office is at 12 High Street, Leeds. See you!", "12 High Street, Leeds"),
        ("It takes place on Teams.", None),
        ("Please come to our office, 12 High Street, Leeds, on Tuesday, May 4, at ten.", "12 High Street, Leeds"),
        ("Come to our house. Address: Uferweg 4, 3. Stock, Raum 3.07", "Uferweg 4, 3. Stock, Raum 3.07"),
        ("Kommen Sie bitte vorbei: Heronpfad 9, 12345 Reiherstadt.", "Heronpfad 9, 12345 Reiherstadt"),
        ("Pop in for a coffee.\n\nRegards\nDana Field\nHeron Pottery, 4 Mill Lane, Leeds",
         "Heron Pottery, 4 Mill Lane, Leeds"),
        ("We can do it at 11 in place of noon, by phone.", None),
        ("Come and see us: Otter House, 9 Weir Lane, Leeds (ask for Dana at the desk).",
         "Otter House, 9 Weir Lane, Leeds"),
        ("You will meet us in person at the office, 9 Weir Lane, Leeds. The bus stops outside.", "9 Weir Lane, Leeds"),
        ("Wir treffen uns vor Ort in der Villa am Park, Uferweg 4, 12345 Reiherstadt.",
         "Villa am Park, Uferweg 4, 12345 Reiherstadt"),
        ("Bitte kommen Sie in die Reiher Halle (Uferweg 4, Raum 2).", "Reiher Halle (Uferweg 4, Raum 2)"),
        ("Das Gespräch wird bei uns in Reiherstadt stattfinden.", "Reiherstadt"),
        ("\nAddress: Heron Pottery Ltd, 4 Mill Lane, Leeds\n", "4 Mill Lane, Leeds"),
        ("Please come to Heron Pottery Ltd, 4 Mill Lane, Leeds, at noon.", "4 Mill Lane, Leeds"),
        ("Das Gespräch ist in der Reiher Maschinenbau GmbH & Co. KG, Uferweg 4, 12345 Reiherstadt (Empfang, 2. OG).",
         "Uferweg 4, 12345 Reiherstadt (Empfang, 2. OG)"),
        ("Kommen Sie bitte zur Reiherbank AG, Filiale Markt, Uferweg 4, 12345 Reiherstadt.",
         "Reiherbank AG, Filiale Markt, Uferweg 4, 12345 Reiherstadt"),
        ("Come to Otter House, 9 Weir Lane, Leeds. Ask for Dana.", "Otter House, 9 Weir Lane, Leeds"),
        ("You will find us at Unit 6 Otter Row, Leeds. Bring boots.", "Unit 6 Otter Row, Leeds"),
        ("Meet us in person: Heron Works, Otterby LS9 8QT, at noon.", "Heron Works, Otterby LS9 8QT"),
        ("We would like to see you in person in Otterby (Langer Steig 18).", "Langer Steig 18, Otterby"),
        ("Please come to our office at Anton-Reiher-Ufer 44, second floor.", "Anton-Reiher-Ufer 44, second floor"),
        ("Kommen Sie bitte zu uns ins Büro am Reiherdamm 9 in Reiherstadt, Stelle wie besprochen.",
         "Reiherdamm 9 in Reiherstadt"),
        ("Come and see us. Address Otter Hall, 9 Weir Lane, Leeds. Ring twice.", "Otter Hall, 9 Weir Lane, Leeds"),
        ("\n\U0001F4CD Otter Café, Reiherallee 61, 12345 Otterau\n", "Otter Café, Reiherallee 61, 12345 Otterau"),
        ("Come and see us at our Otterby office (9 Weir Lane, 2nd floor).", "9 Weir Lane, Otterby, 2nd floor"),
        ("Please come to our office in Otterby (9 Weir Lane).", "9 Weir Lane, Otterby"),
        ("We would like to see you in person at the Otterby depot on Tuesday.", "Otterby depot"),
        ("We would like to meet you in person at the Heron Training School at ten.", "Heron Training School"),
        ("You will meet the team in person at our Heron Lane branch.", "Heron Lane branch"),
        ("Come in for a chat at the Weir Museum, please.", "Weir Museum"),
        ("Please come to the Ludlow branch, 9 Weir Lane, at noon.", "Ludlow branch, 9 Weir Lane"),
        ("Please come to our head office, 9 Weir Lane, Leeds, at noon.", "9 Weir Lane, Leeds"),
        ("\nWhere: In person – 9 Weir Lane, Leeds\n", "9 Weir Lane, Leeds"),
        ("\nLocation: 9 Weir Lane, Leeds - please ring twice\n", "9 Weir Lane, Leeds"),
        ("\nAddress: 9 Weir Lane, Leeds. The gate is open from six.\n", "9 Weir Lane, Leeds"),
        ("\nVenue: Heron House, Conf. Rm. B, 9 Weir Lane\n", "Heron House, Conf. Rm. B, 9 Weir Lane"),
        ("\nPlace: Town Hall, Weir Lane, on 17 and 18 November\n", "Town Hall, Weir Lane"),
        ("We are at 9 Weir Lane, Leeds, opposite the baker. Come by!", "9 Weir Lane, Leeds"),
        ("Come to the office at 9 Weir Lane, 2nd floor, no lift.", "9 Weir Lane, 2nd floor"),
        ("You find us at Heron House,\n9 Weir Lane,\nLeeds LS9 8QT", "Heron House, 9 Weir Lane, Leeds LS9 8QT"),
        ("Come in and meet us in person.\n\nRegards\nDana Field\nHeron Pottery\nReiherkai 14 · 24937 Flensburg",
         "Reiherkai 14, 24937 Flensburg"),
        ("Come to our studio (Arch 14, Weir Row, SE15).", "Arch 14, Weir Row, SE15"),
        ("Come by on Friday at ten. Address Lise-Otter-Zeile 5.", "Lise-Otter-Zeile 5"),
        ("Please come to The Gilded Heron, 9 Weir Parade, Leeds.", "The Gilded Heron, 9 Weir Parade, Leeds"),
        ("You meet us in person in Otterby (Weir Hill, building A3, room 2.04).",
         "Weir Hill, building A3, room 2.04, Otterby"),
        ("We saw 12 Javelin 17, 300 people. Let us talk on the phone, I call you.", None),
        ("Our Leeds office is growing. I will call you by phone.", None),
        ("Come for a trial shift.\nReihergasse 4\n12345 Otterau", "Reihergasse 4, 12345 Otterau"),
        ("Meet me in person at Café Heron, Reihergasse 4.", "Café Heron, Reihergasse 4"),
        ("The talk is on Teams. Heron Ltd, 9 Weir Lane, Leeds.", None),
        ("We meet in person: via Otter 31, Milano.", "via Otter 31, Milano"),
        ("Everything happens on site at our Otterby office, 9 Weir Lane, fifth floor.",
         "9 Weir Lane, Otterby, fifth floor"),
        ("\n• Venue: Otter House, 9 Weir Lane\n• Duration: an hour\n", "Otter House, 9 Weir Lane"),
        ("Come to the shop, 3/88 Weir Lane, in person.", "3/88 Weir Lane"),
        ("In person, at our office:\n\n23 Weir Lane, Suite 4\nOtterville, Kentucky 40299\n\nRing twice.",
         "23 Weir Lane, Suite 4, Otterville, Kentucky 40299"),
        ("In person, at our office:\n\nLevel 4, 88 Weir Street\nOtterbane QLD 4999\n\nRing twice.",
         "Level 4, 88 Weir Street, Otterbane QLD 4999"),
        ("In person, at our office:\n\n23 Weir Lane, Block B\nOtterby, California\n\nRing twice.",
         "23 Weir Lane, Block B, Otterby, California"),
        ("\nLocation / Link to Join: 9 Weir Lane, Leeds\n", "9 Weir Lane, Leeds"),
    ],
)  # fmt: skip
def test_places_are_told_as_one_would_write_them(text: str, location: str | None) -> None:
    assert reading(INVITE + text).location == location


EINLADUNG = "Guten Tag,\n\nwir laden Sie am Donnerstag um 14:00 Uhr zum Vorstellungsgespräch ein. "


@pytest.mark.parametrize(
    ("text", "location"),
    [
        ("Bitte kommen Sie zu uns in die Filiale Reiherau.", "Filiale Reiherau"),
        ("Wir treffen uns vor Ort im Sekretariat (Haus A, Erdgeschoss).", "Sekretariat (Haus A, Erdgeschoss)"),
        ("Kommen Sie bitte in unsere Niederlassung Reiherau (Uferweg 4).", "Uferweg 4, Reiherau"),
        ("Kommen Sie vorbei: Uferweg 4, 3. Hof, Aufgang C. Bring Hunger mit.", "Uferweg 4, 3. Hof, Aufgang C"),
        ("Adresse ist Uferweg 4, 12345 Reiherstadt, 2. Stock rechts. Kommen Sie bitte vorbei.",
         "Uferweg 4, 12345 Reiherstadt, 2. Stock rechts"),
        ("\nOrt: Reiherhaus, Uferweg 4. Vom Bahnhof sind es acht Minuten.\n", "Reiherhaus, Uferweg 4"),
        ("\nOrt: Geschäftsstelle, Uferweg 4, 12345 Reiherstadt\n", "Geschäftsstelle, Uferweg 4, 12345 Reiherstadt"),
        ("\nOrt: Reiher Energie AG, Uferweg 4, 12345 Reiherstadt\n", "Uferweg 4, 12345 Reiherstadt"),
        ("Beides am Hauptsitz, Uferweg 4, 12345 Reiherstadt, vor Ort.", "Uferweg 4, 12345 Reiherstadt"),
        ("Treffpunkt ist der Empfang, Uferweg 4, 12345 Reiherstadt.", "Uferweg 4, 12345 Reiherstadt"),
        ("Das Gespräch findet vor Ort im Besprechungszimmer 1. OG statt.", "Besprechungszimmer 1. OG"),
        ("Kommen Sie bitte persönlich ins Landratsamt, Neubau, Zimmer N 3.02.", "Landratsamt, Neubau, Zimmer N 3.02"),
        ("Das Gespräch ist bei uns vor Ort. Keine Angst vor Trubel. Reihergasse 27, 2074 Otterbach, grünes Tor.",
         "Reihergasse 27, 2074 Otterbach"),
        ("Wir sehen uns im Rathaus, Trauzimmer, vor Ort.", "Rathaus, Trauzimmer"),
        ("Kommen Sie bitte zu uns ins Büro Reiherau, Stau 35/37.", "Büro Reiherau, Stau 35/37"),
        ("Kommen Sie vorbei, Otterheide 12a, zweiter Hinterhof.", "Otterheide 12a, zweiter Hinterhof"),
        ("Zum Glück hat es vor Ort geklappt. Kommen Sie zu uns.", None),
        ("Wir rufen Sie an. Die Stelle beginnt am Standort Reiherau.", None),
        ("Kommen Sie zum Gespräch in unsere Werkstatt, Uferweg 4 in Reiherau.", "Uferweg 4 in Reiherau"),
        ("Kommen Sie in unsere Praxisräume am Reiherdamm 9 (2. OG, Aufzug vorhanden).",
         "Reiherdamm 9 (2. OG, Aufzug vorhanden)"),
        ("Kommen Sie bitte persönlich ins Haus Otter in der Uferstraße 4.", "Haus Otter in der Uferstraße 4"),
        ("Wir treffen uns vor Ort im Restaurant am Reiherkreuz.", "Restaurant am Reiherkreuz"),
        ("Melden Sie sich vor Ort an der Wache, Uferplatz 4; dort holt man Sie ab.", "Uferplatz 4"),
        ("Die Einfahrt ist gegenüber der Feuerwehr, Uferweg 4, Reiherau. Kommen Sie vorbei.", "Uferweg 4, Reiherau"),
        ("Kommen Sie vorbei, Parkplätze sind hinter Halle 3.\n\nGruß\nAda Lund\nAn den Reihern 14 | 12345 Otterau",
         "An den Reihern 14, 12345 Otterau"),
        ("\nOrt: Hauptverwaltung, Uferweg 4, 12345 Reiherstadt\n", "Hauptverwaltung, Uferweg 4, 12345 Reiherstadt"),
        ("Kommen Sie zu uns in die Reiherstadt, Block P, 5. Boden.", "Reiherstadt, Block P, 5. Boden"),
        ("Ort (Gemeindehaus, Sitzungszimmer Parterre) und Zeit bleiben, wir sehen uns vor Ort.",
         "Gemeindehaus, Sitzungszimmer Parterre"),
        ("Fragen Sie nach Gerlinde, dann reden wir vor Ort.", None),
        ("\n\U0001F4CD Ort: Uferweg 4, 12345 Reiherstadt\n", "Uferweg 4, 12345 Reiherstadt"),
        ("Wir treffen uns vor Ort. In unserer Bäckereikette ist viel zu tun.", None),
        ("Kommen Sie in Raum 318.\n\nAmt für Reiherkunde | Postfach 20 17 | 12345 Otterau", "Raum 318"),
    ],
)  # fmt: skip
def test_german_places(text: str, location: str | None) -> None:
    assert reading(EINLADUNG + text).location == location


@pytest.mark.parametrize(
    ("text", "form", "stage"),
    [
        (INVITE + "It's a voice call.", "phone", None),
        (INVITE + "Cameras on, please.", "video", None),
        (INVITE + "I was just off the phone with the client. Come and see us at our place in Otterby.", "onsite", None),
        (INVITE + "At our studio or by telephone, it's all the same to us.", None, None),
        (INVITE + "Your recruiter screen went great. Next is a technical deep-dive on Teams.", "video", "technical"),
        (INVITE + "It is a pairing session by video.", "video", "technical"),
        (INVITE + "The panel consists of three people and meets on Zoom.", "video", "panel"),
        (EINLADUNG + "Wir sprechen am Telefon, ich rufe Sie an.", "phone", "phone_screen"),
        (EINLADUNG + "Das geht online statt in Reiherau, der Link folgt.", "video", None),
        (EINLADUNG + "Sie stellen sich vor der dreiköpfigen Kommission vor, bei uns vor Ort.", "onsite", "panel"),
        (INVITE + "Round: technical interview\nPanel: Ms. Lund", None, "technical"),
        (INVITE + "\n\nPanel: Ms. Lund, Mr. Marsh", None, "panel"),
        (INVITE + "It is one of our assessment days on Zoom.", "video", "assessment_day"),
        (EINLADUNG + "Das Gespräch gehört zu unseren Auswahltagen vor Ort.", "onsite", "assessment_day"),
        ("Hi Robin, can we hop on a quick Zoom on Thursday at 14:00? Dana", "video", None),
        ("Hi Robin, shall we grab a short Webex on Thursday at 14:00? Dana", "video", None),
        ("So sorry, Ada is ill. Can we push tomorrow's 2pm call to the same time on Friday?", None, None),
        (EINLADUNG, None, None),
        ("Guten Tag Robin Vale, wir möchten Sie kennenlernen. Passt Ihnen der 9. Juni um 9 Uhr?", None, None),
    ],
)
def test_format_and_stage(text: str, form: str | None, stage: str | None) -> None:
    found = reading(text)
    assert (found.format, found.stage) == (form, stage)


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Bitte kommen Sie zum Vorstellungsgespräch in unser Büro, Uferweg 4.", "onsite"),
        ("Bitte kommen Sie zum Vorstellungsgespräch vor die Auswahlkommission in unser Büro, Uferweg 4.", "panel"),
        ("Das Vorstellungsgespräch führen wir über Teams.", None),
        ("Wir laden Sie zum Vor-Ort-Gespräch in unser Büro ein, Uferweg 4.", "onsite"),
        ("Haben Sie Zeit für ein kurzes Telefonat?", "phone_screen"),
        ("Wir möchten ein Telefoninterview mit Ihnen führen.", "phone_screen"),
        ("Zum Abschluss des Verfahrens lernen Sie die Chefin kennen.", "final"),
    ],
)
def test_a_stage_is_one_that_the_mail_names_else_a_visit(text: str, stage: str | None) -> None:
    assert reading(f"Guten Tag,\n\nwir haben Ihre Bewerbung gelesen. {text}\n", subject="Ihre Bewerbung").stage == stage


def test_an_address_that_html_does_not_link_is_a_link() -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "dana@acme.example", "alex.kaya@example.net", "Interview"
    mail["Date"] = "Mon, 23 Nov 2026 09:00:00 +0100"
    mail.set_content(f"<p>{INVITE}</p><p>Meeting link: https://acme.zoom.us/j/77.</p>", subtype="html")
    found = understood(mail)
    assert found.url == "https://acme.zoom.us/j/77"


def test_a_time_that_is_a_link_is_taken_with_it() -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "dana@acme.example", "alex.kaya@example.net", "Interview by video"
    mail["Date"] = "Mon, 23 Nov 2026 09:00:00 +0100"
    times = "".join(f"<li><a href='https://acme.example/k/{n}'>Tue {n}:20</a></li>" for n in (1, 2))
    mail.set_content(f"<p>{INVITE} It is a video call. These are free:</p><ul>{times}</ul>", subtype="html")
    found = understood(mail)
    assert (found.url, found.scheduling_link) == (None, "https://acme.example/k/1")


@pytest.mark.parametrize(
    ("text", "salary"),
    [
        ("The salary is £65,000 to £70,000.", Salary(70000, "GBP", "year")),
        ("The salary band is 95–115k.", Salary(115000, None, "year")),
        ("The rate is $65/hr.", Salary(65, "USD", "hour")),
        ("Gehalt bis 85.000 EUR im Jahr.", Salary(85000, "EUR", "year")),
        ("Parking costs £5.", None),
        ("We have 12,000 staff.", None),
    ],
)
def test_salary(text: str, salary: Salary | None) -> None:
    assert reading(INVITE + text).salary == salary


def test_skills_phone_seniority_and_remote() -> None:
    found = reading(
        INVITE + "It is for the Senior Go Developer role: Python, C++ and AWS, fully remote. Call +49 30 23125 044."
    )
    assert set(found.skills) == {"Python", "C++", "AWS"}
    assert (found.phone, found.seniority, found.remote) == ("+49 30 23125 044", "senior", True)


@pytest.mark.parametrize(
    ("name", "label", "fits"),
    [
        ("Harbor Light Café", "harborlightcafe", True),
        ("Müller & Söhne", "mueller-und-soehne", True),
        ("Bayview Medical Center", "bayviewmed", True),
        ("Data Works", "greenfield", False),
        ("AB", "abacus", False),
    ],
)
def test_a_company_fits_its_domain(name: str, label: str, *, fits: bool) -> None:
    assert (fits_domain(name, label) >= 0.7) == fits


def test_a_calendar_request_alone_asks_for_an_interview() -> None:
    body = "Interview with Alex Kaya"
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = (
        "Lou Ray <lou.ray@acme.example>",
        "Alex Kaya <alex.kaya@example.net>",
        "Interview 17",
    )
    mail["Date"] = "Mon, 23 Nov 2026 09:00:00 +0100"
    mail.set_content(body)
    mail.add_attachment(REQUEST.encode(), "text", "calendar", params={"method": "REQUEST"})
    found = understood(mail)
    assert found.actionable
    assert [slot.start.isoformat() for slot in found.slots] == ["2026-12-01T14:00:00+00:00"]


REQUEST = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Acme//Desk//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:17@acme.example
DTSTAMP:20261123T080000Z
DTSTART:20261201T140000Z
DTEND:20261201T150000Z
SUMMARY:Interview 17
ORGANIZER:mailto:lou.ray@acme.example
ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:alex.kaya@example.net
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def test_an_occupation_with_a_given_name_is_no_role() -> None:
    assert reading(INVITE + "Please ask for Nurse Doris at the desk.").role is None


def test_a_house_that_writes_from_a_box_of_its_own_name_is_no_person() -> None:
    house = "Contest Lago <contest@lago-lab.example>"
    assert reading(INVITE + "\n\nBien cordialement,\n\nHélène Vasseur\nSecretariat", house).contact == "Hélène Vasseur"


def test_a_person_whose_house_bears_the_name_stays_one() -> None:
    person = "Thandiwe Heron <thandiwe@heron.example>"
    assert reading(INVITE + "\n\nKind regards\nThandiwe", person).contact == "Thandiwe Heron"


def test_given_names_alone_are_told_in_full() -> None:
    body = INVITE + "\n\nBest,\nBeth Anne\n\nBeth Anne Corrigan\nOperations"
    assert reading(body, "Beth Anne Corrigan <bcorrigan@acme.example>").contact == "Beth Anne Corrigan"


def test_a_name_that_only_ends_like_a_mailbox_is_a_company() -> None:
    assert (
        reading(
            "Hey Alex, Arjun here, I run Tiffinbox. Let's talk on Friday at 6:30 pm IST?",
            "Arjun Rao <arjun@tiffinbox.example>",
        ).company
        == "Tiffinbox"
    )


def test_a_client_that_is_called_so_is_the_company() -> None:
    asks = "would like to interview you on Thursday at 14:00 for the post of Export Clerk."
    body = f"Dear Alex,\n\nour client Harmsen & Ohl, a forwarder, {asks}\n\nRegards\nTess Ruppelt\nRuppelt Recruitment"
    assert reading(body, "Tess Ruppelt <t.ruppelt@ruppelt-recruitment.example>").company == "Harmsen & Ohl"


def test_the_format_of_a_moved_talk_is_told_by_the_thread() -> None:
    moved = "Dear Alex,\n\nI am ill. Could we move our interview to Thursday at 14:00?\n\nDana\n\n"
    history = (
        "On Friday, 20 November 2026 at 10:00, Dana Field wrote:\n"
        "> Dear Alex,\n> please come to our office for the interview on Monday at 10.\n"
    )
    found = reading(moved + history)
    assert found.format == "onsite"
    assert next(evidence.source for evidence in found.evidence if evidence.field == "format") == "quoted"
    assert reading(moved).format is None
    assert reading(moved + history.replace("Dear Alex", "Dear Dana")).format is None  # what the reader wished


@pytest.mark.parametrize(
    "text",
    [
        "Could we move our interview to Thursday at 14:00? The room stays the same.",
        "Could we move our interview to Thursday at 14:00? Ask for Dana at the gate.",
        "Könnten wir unser Gespräch auf Donnerstag um 14 Uhr verschieben? Ort wie gehabt.",
    ],
)
def test_a_place_that_stays_or_where_one_asks_for_somebody_is_one_to_come_to(text: str) -> None:
    assert reading(f"{text}\n\nDana").format == "onsite"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Come to 14 Reed Lane on Thursday at 14:00, or ring 01632 960418.", "14 Reed Lane"),
        ("See you in Otterby at our office on Thursday at 14:00.\n\nOtterby,\nThe Hiring Team", "Otterby"),
        ("Wir laden Sie zum Gespräch an unserem Standort am Donnerstag um 14 Uhr ein.", None),
    ],
)
def test_a_number_a_team_and_a_mere_branch_are_no_place(text: str, place: str | None) -> None:
    assert reading(text).location == place


@pytest.mark.parametrize("text", ["We build tools for data teams.", "Our marketing team in Berlin is growing."])
def test_a_team_is_neither_a_video_room_nor_a_place(text: str) -> None:
    found = reading("Hi Alex,\n\nopen to a quick call about an interview on Thursday at 14:00? " + text)
    assert (found.format, found.location) == (None, None)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("Ort: Uferweg 4, 12345 Otterau (Empfang, 2. OG)", "Uferweg 4, 12345 Otterau (Empfang, 2. OG)"),
        ("Ort: Uferweg 4, 12345 Otterau (Empfang, bitte nach mir fragen)", "Uferweg 4, 12345 Otterau"),
        (
            "Ort: Haus C, Raum C2.07, Uferweg 4, 12345 Otterau (unverändert)",
            "Haus C, Raum C2.07, Uferweg 4, 12345 Otterau",
        ),
        ("Adresse: Uferstr. 40, Otterau, gleich neben der Post", "Uferstr. 40, Otterau"),
        ("Kita Otternest uferweg 40, eingang über den garten", "Kita Otternest uferweg 40"),
        ("Adresse ist Uferweg 4 in Otterau, der Hof hinter der Mühle.", "Uferweg 4 in Otterau"),
        ("Wir sind in der Ufergasse 4, 12345 Otterau neben der Post.", "Ufergasse 4, 12345 Otterau"),
        ("Ort: Uferweg 4, 12345 Otterau, Einfahrt neben dem Getränkemarkt", "Uferweg 4, 12345 Otterau"),
        (
            "Ort: Uferweg 4, 12345 Otterau, Besprechungsraum neben der Kapelle",
            "Uferweg 4, 12345 Otterau, Besprechungsraum neben der Kapelle",
        ),
        ("Wir sehen uns in der Werkstatt (Uferweg 4, 12345 Otterau).", "Uferweg 4, 12345 Otterau"),
        ("Treffpunkt ist der Lesesaal im alten Schulhaus, Kirchgasse 4.", "Lesesaal im alten Schulhaus, Kirchgasse 4"),
        ("Bei uns im Salon, Lange Str. 17.", "Lange Str. 17"),
        ("Ort: Uferweg 4, 12345 Otterau unverändert", "Uferweg 4, 12345 Otterau"),
        ("Ort: Uferweg 4, 12345 Otterau (Klingel ist links, Tor klemmt)", "Uferweg 4, 12345 Otterau"),
        ("Wir treffen uns im Bürgerhaus, Am Otterbach 9, Raum K.12.", "Bürgerhaus, Am Otterbach 9, Raum K.12"),
        ("Die Adresse fürs Navi ist Uferweg 4, 12345 Otterau.", "Uferweg 4, 12345 Otterau"),
        ("Wir sind im Bürgerhaus, Am Otterbach 9, Raum K. Bitte klingeln.", "Bürgerhaus, Am Otterbach 9, Raum K"),
    ],
)
def test_german_remarks_beside_a_place(line: str, place: str) -> None:
    mail = f"Hallo Alex,\n\nwir laden dich am Donnerstag um 14 Uhr zum Vorstellungsgespräch ein.\n\n{line}\n\nDana Feld"
    assert reading(mail).location == place


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("Venue: 8 Mill Lane, Otterby (2nd floor)", "8 Mill Lane, Otterby (2nd floor)"),
        ("Venue: 8 Mill Lane, Otterby (main reception, just ask for me)", "8 Mill Lane, Otterby"),
        ("Address: 8 Mill Lane, Otterby, right next to the bank", "8 Mill Lane, Otterby"),
        ("Its 8 Mill Lane in Otterby beside the credit union.", "8 Mill Lane in Otterby"),
        (
            "We are at Otter Frames, 8 Mill Lane, Otterby. Mail me or ring 21 03 00 77.",
            "Otter Frames, 8 Mill Lane, Otterby",
        ),
        ("We are at 8 Mill Lane, Otterby opposite the bank.", "8 Mill Lane, Otterby"),
        ("We are at 8 Mill Lane, Otterby, the blue door next to the bakery.", "8 Mill Lane, Otterby"),
        ("Address: Otter Inn, 8 Mill Lane, 1020 Otterby. Back door.", "Otter Inn, 8 Mill Lane, 1020 Otterby"),
        ("Where: 8 Mill Lane, Otterby (the bell is broken, please knock)", "8 Mill Lane, Otterby"),
        (
            "Where: 8 Mill Lane, Otterby (the stairs are outside, 3rd floor)",
            "8 Mill Lane, Otterby (the stairs are outside, 3rd floor)",
        ),
        (
            "Where: 8 Mill Lane, Otterby (entrance is on the lower floor)",
            "8 Mill Lane, Otterby (entrance is on the lower floor)",
        ),
        (
            "Ort: Uferweg 4, 12345 Otterau (Eingang ist im Hof, Zimmer 9)",
            "Uferweg 4, 12345 Otterau (Eingang ist im Hof, Zimmer 9)",
        ),
        (
            "Ort: Uferweg 4, 12345 Otterau (Eingang liegt im Erdgeschoss)",
            "Uferweg 4, 12345 Otterau (Eingang liegt im Erdgeschoss)",
        ),
        ("Address for your taxi is Otter House, 9 Weir Lane, Otterby. Bring ID.", "Otter House, 9 Weir Lane, Otterby"),
        ("Address: 8 Mill Lane, Otterby, just come round to the yard.", "8 Mill Lane, Otterby"),
        ("Adresse: Uferweg 4, 12345 Otterau, einfach am Tor klingeln.", "Uferweg 4, 12345 Otterau"),
        ("Adresse: Uferweg 4, 12345 Otterau, zweiter Hof links", "Uferweg 4, 12345 Otterau, zweiter Hof links"),
        ("Where: 8 Mill Lane, back door, 1020 Otterby", "8 Mill Lane, back door, 1020 Otterby"),
        ("Place\t8 Mill Lane, Otterby\tunchanged\nRole\tCook\tunchanged", "8 Mill Lane, Otterby"),
        ("You will find us at 8 Mill Blvd., Otterby, Ohio. Ring twice.", "8 Mill Blvd., Otterby, Ohio"),
        (
            "It takes place at 10.30, at Otterstraede 7, 3rd floor, 4100 Weirborg.",
            "Otterstraede 7, 3rd floor, 4100 Weirborg",
        ),
        ("It takes place at 10.30, at Half 11, if that suits you better.", None),
        ("We meet at 8 Mill Lane, room C.04, Otterby.", "8 Mill Lane, room C.04, Otterby"),
        ("Beacon Road, Otterby\n\n0830   Registration\n1400   Interview\n1500   Close", "Beacon Road, Otterby"),
    ],
)
def test_remarks_and_rows_of_a_plan_beside_a_place(line: str, place: str | None) -> None:
    assert reading(f"{INVITE}\n\n{line}\n\nDana Field").location == place


def test_the_row_of_a_table_is_not_of_the_line_above() -> None:
    place = "Building C, 2200 Larch Parkway, Durham, NC"
    rows = f"Position\tClinical Supply Planner\nLocation\t{place}\nInterview Type\tIn Person"
    assert reading(f"{INVITE}\n\n{rows}").location == place


@pytest.mark.parametrize(
    "text",
    [
        "I hope you are fine since our telephone talk of Tuesday. The director wishes to receive you in her office.",
        "Fancy looking in some time and having a chat over a cuppa?",
        "ich hoffe, es geht Ihnen gut seit unserem Telefonat. Die Leiterin möchte Sie in ihrem Büro empfangen.",
        "Magst du mal reinschaun und wir reden in Ruhe bei am Kaffee?",
        "Schau doch mal rein, dann reden wir bei einem Kaffee.",
        "Wear old shoes, as I'll walk you round the dairy after we've talked, and tell the gate that you are coming.",
        "We talk here at Otterby Nursery, Mill Lane 5, Otterby. Write me if it suits, or phone 01632 960001.",
    ],
)
def test_a_visit_whatever_was_or_may_be_said_by_phone(text: str) -> None:
    mail = f"Hallo Alex,\n\nthank you for your application as assistant. {text} When are you available?\n\nDana Field"
    assert reading(mail).format == "onsite"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("My colleague will walk you round the service and the people.", None),
        ("I will lead you around our roadmap and our new features.", None),
        ("When a voice asks, tell reception you are with Dana.", None),
        ("I will walk you round the old brewhouse.", "onsite"),
        ("Kim will lead you around our offices.", "onsite"),
        ("Please tell security you are here, and they will open the door.", "onsite"),
        ("Just tell the porter your name.", "onsite"),
    ],
)
def test_who_is_led_through_a_house_visits_it(text: str, form: str | None) -> None:
    mail = f"Hi Alex,\n\nthank you for your application as cook. Can we speak at two? {text}\n\nDana Field"
    assert reading(mail).format == form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Bei uns auf dem Hof, dauert nicht lang. Kurz anrufen oder mail.", "onsite"),
        ("Das Gespräch führen wir wahlweise bei uns in der Uferstraße 8 in Otterau oder online.", None),
        ("Wir sprechen entweder in unserem Büro in der Uferstraße 8 oder per Teams.", None),
    ],
)
def test_german_formats_to_choose_from_and_how_to_answer(text: str, form: str | None) -> None:
    mail = "Hallo Alex,\n\ndanke für deine Bewerbung als Koch, wir möchten dich gern zum Vorstellungsgespräch sehen: "
    assert reading(f"{mail}Donnerstag um 14 Uhr. {text}\n\nDana Feld").format == form


def test_minutes_of_video_are_a_video_talk_wherever_one_would_work() -> None:
    mail = (
        "Hey Alex!\n\nWe look for our first engineer, remote or here. Can we talk? 30 min video on Thursday at 14:00?"
    )
    assert reading(f"{mail}\n\nDana Field").format == "video"


@pytest.mark.parametrize("button", ["Interview einplanen", "Gespräch terminieren"])
def test_a_button_that_plans_the_talk_is_the_way_to_book(button: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "no-reply@hub.example", "alex.kaya@example.net", "Interview"
    mail["Date"] = "Mon, 23 Nov 2026 09:00:00 +0100"
    link = "https://hub.example/career?company=acme&level=3"
    text = "Für Ihre Bewerbung als Koch wurde ein Interview angelegt. Bitte wählen Sie im Portal einen Termin."
    mail.set_content(f"<p>{text}</p><p><a href='{link}'>{button}</a></p>", subtype="html")
    assert understood(mail).scheduling_link == link


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Our saddler would like to meet you in the stables.", "onsite"),
        ("Lou wants to see you in our pottery.", "onsite"),
        ("Shall we talk in the greenhouse?", "onsite"),
        ("She hopes to watch you bake for an hour.", "onsite"),
        ("There are three of us in the kitchen. Can we talk?", None),
        ("It is hybrid, one day in the office. Can we talk?", None),
        ("Lou would like to talk to you about the vacancy in the pottery.", None),
        ("I'll ring you or you come over here, as you wish.", None),
        ("Do I phone you or do you drop by?", None),
    ],
)
def test_a_talk_where_one_works_and_one_that_may_be_a_call(text: str, form: str | None) -> None:
    mail = f"Dear Alex,\n\nthank you for your application. {text} Does Thursday at 14:00 suit you?\n\nDana"
    assert reading(mail).format == form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Die Meisterin möchte dich in der Töpferei sehen.", "onsite"),
        ("Lou würde dir gern bei der Arbeit zusehen.", "onsite"),
        ("Komm einfach her und wir reden.", "onsite"),
        ("Können wir reden? Wo kommst du eigentlich her?", None),
        ("Soll ich dich anrufen oder magst du herkommen?", None),
        ("Kommst du her oder rufen wir dich an, ganz wie du willst.", None),
        ("Wir telefonieren oder du kommst rüber, wie es dir lieber ist.", None),
    ],
)
def test_a_german_talk_where_one_works_and_one_that_may_be_a_call(text: str, form: str | None) -> None:
    mail = f"Hallo Alex,\n\ndanke für deine Bewerbung. {text} Passt Donnerstag um 14 Uhr?\n\nDana"
    assert reading(mail).format == form


@pytest.mark.parametrize(
    "said",
    [
        "You may choose 11:30 am or 3:00 pm on that day.",
        "It is for the post of Lecturer in Glaciology (Grade 7, reference 44120).",
        "It is for the post of Nurse in Cardiology (Band 6, part time).",
    ],
)
def test_another_time_and_a_grade_are_no_place(said: str) -> None:
    assert reading(f"{INVITE}{said} Please come to our office.\n\nDana Field").location is None


def test_a_place_follows_what_joins_it() -> None:
    assert reading(f"{INVITE}Come at 9:30 am or 14 Mill Lane at noon.\n\nDana Field").location == "14 Mill Lane"


def test_one_format_that_would_do_too_leaves_the_choice() -> None:
    text = (
        "We would like to see you for an interview on Thursday at 14:00. You are welcome at our office, Kaiweg 20B. "
        "If you prefer not to travel for this you can also attend by Zoom: https://acme.zoom.example/j/94471"
    )
    assert reading(f"Dear Alex,\n\n{text}\n\nDana Field").format is None


def test_the_room_may_stand_in_the_calendar_alone() -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Dana Field <dana@acme.example>", "alex.kaya@example.net", "Interview"
    mail["Date"] = "Mon, 23 Nov 2026 09:00:00 +0100"
    mail.set_content("Hi Alex,\n\nwe want to invite you for a first interview. See the meeting request.\n\nDana Field")
    calendar = (
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nPRODID:-//x//y//EN\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:u@acme.example\r\n"
        "DTSTAMP:20261123T080000Z\r\nDTSTART:20261203T130000Z\r\nDTEND:20261203T134500Z\r\nSUMMARY:Interview\r\n"
        "LOCATION:Microsoft Teams Meeting\r\nORGANIZER:mailto:dana@acme.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    mail.add_alternative(calendar, subtype="calendar", params={"method": "REQUEST"})
    assert understood(mail).format == "video"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Could we have a phone call next week? Or Zoom, whatever you like.", None),
        ("Wollen wir nächste Woche telefonieren? Oder per Video, wie du magst.", None),
        (
            "Congratulations, you have passed our phone interview! Please come to our office on 3 May at 10:00.",
            "onsite",
        ),
        (
            "Das Telefoninterview haben Sie bestanden. Sie stellen sich am 3. Mai um 10 Uhr bei uns vor Ort vor.",
            "onsite",
        ),
        ("Sie haben das Telefoninterview gemeistert! Am 3. Mai folgt um 10 Uhr die zweite Runde.", None),
        ("Können wir das Gespräch auf 10 Uhr am 3. Mai verlegen, hier im Seniorenheim?", "onsite"),
        ("Wir sprechen am 3. Mai um 10 Uhr in unserem Büro am Wehr 2 in Kiel oder remote, wie du magst.", None),
        ("The interview is on 3 May at 10:00 in our office. You are free to attend over Teams instead.", None),
    ],
)
def test_a_format_of_two_sentences_and_one_of_a_talk_that_has_been(text: str, form: str | None) -> None:
    mail = f"Hello Alex,\n\n{text}\n\nTheo Marsh"
    assert reading(mail, "Theo Marsh <theo@otter.example>").format == form


def test_remote_work_is_no_talk_by_video() -> None:
    mail = (
        "Hallo Alex,\n\nwir suchen einen Entwickler für unser Team in Kiel (oder remote). Magst du dich mit mir eine "
        "Viertelstunde austauschen?\n\nTheo Marsh"
    )
    assert reading(mail, "Theo Marsh <theo@otter.example>").format is None


@pytest.mark.parametrize(
    "asked",
    [
        "Please verify by February 18 that the hour suits you, so that I can have the travel desk hold a train.",
        "Attendees verify by February 18.",
    ],
)
def test_a_date_until_which_to_verify_is_the_last_one_to_answer(asked: str) -> None:
    mail = f"Dear Alex,\n\nwe invite you to an interview on 24 February 2027 at 10:00. {asked}\n\nLou"
    assert reading(mail).reply_by is not None


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("You can come through to the farm, or else we do it on WhatsApp video.", None),
        ("You may come out to the estate, or we use Zoom.", None),
        ("Please come up to the office.", "onsite"),
        ("The interviews are on our Harbour Campus, block C, room C1.07.", "onsite"),
        ("It takes place on the Elm campus.", "onsite"),
        ("We meet on our premises at the harbour.", "onsite"),
        ("Our students live on our campus; the interview is by phone.", "phone"),
    ],
)
def test_a_campus_and_ways_to_come_are_places(text: str, form: str | None) -> None:
    assert reading(INVITE + text).format == form


@pytest.mark.parametrize("text", ["Es findet auf unserem Campus Ried statt.", "Sie finden uns in Block C, Raum C1.07."])
def test_a_german_campus_and_block_are_places(text: str) -> None:
    mail = f"Guten Tag,\n\nwir laden Sie zum Vorstellungsgespräch am 28. August um 14 Uhr ein. {text}\n\nDana Feld"
    assert reading(mail).format == "onsite"
