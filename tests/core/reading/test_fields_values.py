"""Each field, where its words stand and where they only seem to."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from functools import lru_cache

import pytest

from raincheck import assets
from raincheck.core.message import parse_message
from raincheck.core.model import Reading, Salary
from raincheck.core.reading import read
from raincheck.core.reading.fields.names import fits_domain
from raincheck.core.reading.lexicon import Lexica
from raincheck.core.settings import Me

ME = Me(name="Alex Kaya", addresses=("alex.kaya@example.net",), timezone="Europe/Berlin", languages=("en", "de"))
INVITE = "Hi Alex,\n\nwe would like to invite you to an interview on Thursday at 14:00. "


@lru_cache(maxsize=1)
def lexica() -> Lexica:
    return Lexica.from_data(assets.reading_data())


def reading(
    body: str, sender: str = "Dana Field <dana.field@acme.example>", subject: str = "Interview", **headers: str
) -> Reading:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "Alex Kaya <alex.kaya@example.net>", subject
    mail["Date"] = "Mon, 23 Nov 2026 09:00:00 +0100"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body)
    return read(parse_message(mail.as_bytes(policy=SMTP), None, lexica().segments), lexica(), ME)


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
        ("Please answer to:\n\njo@acme.example", "Acme <a@acme.example>", {}, "jo@acme.example"),
        ("Jo would be glad of a yes or no (jo@acme.example).", "Acme <a@acme.example>", {}, "jo@acme.example"),
        ("Schicken Sie eine kurze Nachricht an jo@acme.example.", "Acme <a@acme.example>", {}, "jo@acme.example"),
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
        ("\nAddress: Heron Pottery Ltd, 4 Mill Lane, Leeds\n", "Heron Pottery Ltd, 4 Mill Lane, Leeds"),
        ("Please come to Heron Pottery Ltd, 4 Mill Lane, Leeds, at noon.", "4 Mill Lane, Leeds"),
        ("Das Gespräch ist in der Reiher Maschinenbau GmbH & Co. KG, Uferweg 4, 12345 Reiherstadt (Empfang, 2. OG).",
         "Uferweg 4, 12345 Reiherstadt (Empfang, 2. OG)"),
        ("Kommen Sie bitte zur Reiherbank AG, Filiale Markt, Uferweg 4, 12345 Reiherstadt.",
         "Reiherbank AG, Filiale Markt, Uferweg 4, 12345 Reiherstadt"),
        ("Come to Otter House, 9 Weir Lane, Leeds. Ask for Dana.", "Otter House, 9 Weir Lane, Leeds"),
        ("You will find us at Unit 6 Otter Row, Leeds. Bring boots.", "Unit 6 Otter Row, Leeds"),
        ("Meet us in person: Heron Works, Otterby LS9 8QT, at noon.", "Heron Works, Otterby LS9 8QT"),
        ("We would like to see you in person in Otterby (Langer Steig 18).", "Langer Steig 18"),
        ("Please come to our office at Anton-Reiher-Ufer 44, second floor.", "Anton-Reiher-Ufer 44, second floor"),
        ("Kommen Sie bitte zu uns ins Büro am Reiherdamm 9 in Reiherstadt, Stelle wie besprochen.",
         "Reiherdamm 9 in Reiherstadt"),
        ("Come and see us. Address Otter Hall, 9 Weir Lane, Leeds. Ring twice.", "Otter Hall, 9 Weir Lane, Leeds"),
        ("\n\U0001F4CD Otter Café, Reiherallee 61, 12345 Otterau\n", "Otter Café, Reiherallee 61, 12345 Otterau"),
    ],
)  # fmt: skip
def test_location(text: str, location: str | None) -> None:
    assert reading(INVITE + text).location == location


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Bitte kommen Sie zum Vorstellungsgespräch in unser Büro, Uferweg 4.", None),
        ("Wir laden Sie zum Vor-Ort-Gespräch in unser Büro ein, Uferweg 4.", "onsite"),
        ("Haben Sie Zeit für ein kurzes Telefonat?", None),
        ("Wir möchten ein Telefoninterview mit Ihnen führen.", "phone_screen"),
        ("Zum Abschluss des Verfahrens lernen Sie die Chefin kennen.", "final"),
    ],
)
def test_a_stage_is_one_that_the_mail_names(text: str, stage: str | None) -> None:
    assert reading(f"Guten Tag,\n\nwir haben Ihre Bewerbung gelesen. {text}\n", subject="Ihre Bewerbung").stage == stage


def test_an_address_that_html_does_not_link_is_a_link() -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "dana@acme.example", "alex.kaya@example.net", "Interview"
    mail["Date"] = "Mon, 23 Nov 2026 09:00:00 +0100"
    mail.set_content(f"<p>{INVITE}</p><p>Meeting link: https://acme.zoom.us/j/77.</p>", subtype="html")
    found = read(parse_message(mail.as_bytes(policy=SMTP), None, lexica().segments), lexica(), ME)
    assert found.url == "https://acme.zoom.us/j/77"


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
