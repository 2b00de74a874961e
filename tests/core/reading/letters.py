"""A letter and what is read in it: what the tests of the fields share."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from functools import lru_cache
from typing import TYPE_CHECKING

from raincheck import assets
from raincheck.core.message import parse_message
from raincheck.core.reading import read
from raincheck.core.reading.lexicon import Lexica
from raincheck.core.settings import Me

if TYPE_CHECKING:
    from raincheck.core.model import Reading

ME = Me(name="Alex Kaya", addresses=("alex.kaya@example.net",), timezone="Europe/Berlin", languages=("en", "de"))
ASK = "Hi Alex,\n\ncould you come to our office for an interview on Thursday at 14:00? "
ASK_IN_GERMAN = "Hallo Herr Kaya,\n\nkönnen Sie am Donnerstag um 14 Uhr zum Vorstellungsgespräch kommen? "
WANTED = (
    "Dear Alex,\n\nthank you for your application for the position of Cook. We would like to invite you to a job "
    "interview on Thursday, 14 May 2026 at 14:00. Please confirm that the time suits you. "
)
WANTED_IN_GERMAN = "Guten Tag,\n\n{} Wir laden Sie zum Vorstellungsgespräch am 3. Dezember um 10 Uhr ein.\n\nLou Marsh"


@lru_cache(maxsize=1)
def lexica() -> Lexica:
    """The words of the repository, loaded once."""
    return Lexica.from_data(assets.reading_data())


def reading(
    body: str, sender: str = "Dana Field <dana.field@acme.example>", subject: str = "Interview", **headers: str
) -> Reading:
    """What is read in a letter to Alex Kaya; headers by their names, with _ for -."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "Alex Kaya <alex.kaya@example.net>", subject
    mail["Date"] = "Mon, 23 Nov 2026 09:00:00 +0100"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body)
    return understood(mail)


def understood(mail: EmailMessage) -> Reading:
    """What is read in a mail."""
    return read(parse_message(mail.as_bytes(policy=SMTP), None, lexica().segments), lexica(), ME)
