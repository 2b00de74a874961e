"""A morning's mail of somebody who looks for work, their calendar and their rules; every time counts from now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from zoneinfo import ZoneInfo

ME = "Robin Meyer"
ADDRESS = "robin.meyer@example.net"
ZONE = ZoneInfo("Europe/Berlin")

RULES = """\
[[rule]]
name = "no PHP"
when = { role = "PHP|WordPress" }
then = "decline"
reason = { en = "I am concentrating on Python and Go", de = "ich konzentriere mich auf Python und Go" }

[[rule]]
name = "sales is not for me"
when = { role = "Vertrieb|Sales|Account Executive" }
then = "decline"
reason = { en = "I am looking for an engineering role", de = "ich suche eine Stelle in der Softwareentwicklung" }
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """One mail of the morning, and whether it is an invitation that wants an answer."""

    name: str
    raw: bytes


def mails(now: datetime) -> tuple[Sample, ...]:
    """The mails, oldest first; `now` is aware."""
    days = _workdays(now.astimezone(ZONE).date())
    return tuple(
        Sample(name, make(now - timedelta(minutes=10 * minutes), days))
        for minutes, (name, make) in zip(range(len(_MAILS), 0, -1), _MAILS, strict=True)
    )


def calendar(now: datetime) -> bytes:
    """The person's calendar feed: a standing meeting, a workshop, a day off."""
    days = _workdays(now.astimezone(ZONE).date())
    events = [
        _event("workshop", _at(days[2], 9), _at(days[2], 12, 30), "Workshop"),
        _event("dentist", _at(days[4], 14), _at(days[4], 15), "Dentist"),
        _event(
            "standup",
            _at(days[0] - timedelta(days=7), 9, 30),
            _at(days[0] - timedelta(days=7), 10),
            "Stand-up",
            "RRULE:FREQ=DAILY",
        ),
        f"BEGIN:VEVENT\r\nUID:dayoff@demo.example\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:{days[5]:%Y%m%d}\r\n"
        "SUMMARY:Day off\r\nEND:VEVENT\r\n",
    ]
    body = "".join(events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//raincheck//demo//EN\r\n{body}END:VCALENDAR\r\n".encode()


def _workdays(today: date) -> list[date]:
    """The next ten working days after today."""
    days = (today + timedelta(days=n) for n in range(1, 20))
    return [day for day in days if day.weekday() < 5][:10]


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


def _event(uid: str, start: datetime, end: datetime, summary: str, *more: str) -> str:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uid}@demo.example",
        "DTSTAMP:20260101T000000Z",
        f"DTSTART;TZID=Europe/Berlin:{start:%Y%m%dT%H%M%S}",
        f"DTEND;TZID=Europe/Berlin:{end:%Y%m%dT%H%M%S}",
        f"SUMMARY:{summary}",
        *more,
        "END:VEVENT",
        "",
    ]
    return "\r\n".join(lines)


def _mail(sender: str, subject: str, text: str, when: datetime, **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = f"{ME} <{ADDRESS}>"
    message["Subject"] = subject
    message["Date"] = format_datetime(when.astimezone(ZONE))
    stem = "".join(letter for letter in subject.lower() if letter.isascii() and letter.isalnum())[:24]
    message["Message-ID"] = f"<{stem}.{int(when.timestamp())}@{sender.rpartition('@')[2].rstrip('>')}>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text, cte="8bit")
    return message


def _collides(when: datetime, days: list[date]) -> bytes:
    """An invitation into the workshop of the calendar: to be rescheduled."""
    return _mail(
        "Maya Lindqvist <maya.lindqvist@tidewater-labs.example>",
        "Interview for Senior Backend Engineer at Tidewater Labs",
        f"""\
Hi Robin,

Thank you for applying for the Senior Backend Engineer position at Tidewater Labs. We enjoyed reading about your
work and would like to invite you to a first video interview with two people from the platform team.

Would {days[2]:%A, %-d %B} at 10:00 (Berlin time) suit you? It takes about 45 minutes, on Zoom:
https://zoom.us/j/91234567890

Please let me know by {days[1]:%A}.

Best regards
Maya Lindqvist
Talent Partner, Tidewater Labs
""",
        when,
    ).as_bytes()


def _wrong_field(when: datetime, days: list[date]) -> bytes:
    """An agency with a role that the rules exclude: to be declined."""
    return _mail(
        "Colin Ashdown <c.ashdown@brightpath-recruitment.example>",
        "Interview: Lead PHP Developer",
        f"""\
Hi Robin,

I am recruiting for one of my clients, Larkfield Media, who are looking for a Lead PHP Developer. They have seen your
CV and would love to interview you by phone on {days[3]:%A %-d %B} at 3pm.

Does that work for you?

Kind regards,
Colin Ashdown
Senior Consultant
Brightpath Recruitment
""",
        when,
    ).as_bytes()


def _asks_availability(when: datetime, days: list[date]) -> bytes:
    """No time yet: three free ones are proposed."""
    del days
    return _mail(
        "Priya Raman <priya.raman@fernworks.example>",
        "Next steps - Platform Engineer at Fernworks",
        """\
Dear Robin,

Thanks again for your application for the role of Platform Engineer at Fernworks. We would like to set up a 30 minute
video interview with you and our engineering manager.

Could you let me know when you are available over the next two weeks?

Best wishes,
Priya Raman
People Operations, Fernworks
""",
        when,
    ).as_bytes()


def _german(when: datetime, days: list[date]) -> bytes:
    """A German invitation for a role that the rules exclude: declined in German, formally."""
    weekday = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag")[days[4].weekday()]
    message = _mail(
        "Sabine Albrecht <s.albrecht@hansen-soehne.example>",
        "Einladung zum Vorstellungsgespräch",
        f"""\
Sehr geehrter Herr Meyer,

vielen Dank für Ihre Bewerbung als Vertriebsmitarbeiter (m/w/d) bei der Hansen & Söhne GmbH. Gern möchten wir Sie
persönlich kennenlernen und laden Sie zu einem Vorstellungsgespräch ein:

Wann: {weekday}, {days[4]:%d.%m.%Y}, 10:30 Uhr
Wo: Speicherstraße 12, 20457 Hamburg

Bitte bestätigen Sie uns den Termin kurz.

Mit freundlichen Grüßen
Sabine Albrecht
Personalabteilung
Hansen & Söhne GmbH
""",
        when,
    )
    return message.as_bytes()


def _free_time(when: datetime, days: list[date]) -> bytes:
    """An HTML invitation to a time that is free: left to the person, with the good news."""
    message = _mail("Jonah Petrie <jonah@quillmark.example>", "Your interview with Quillmark", "", when)
    message.set_content(
        f"""<html><body><p>Hello Robin,</p><p>We would like to meet you for an interview for the
<b>Site Reliability Engineer</b> role at Quillmark:</p>
<table><tr><td>Date</td><td>{days[6]:%A, %-d %B %Y}</td></tr><tr><td>Time</td><td>14:00 to 14:45 (Berlin time)</td></tr>
<tr><td>Where</td><td><a href="https://meet.google.com/abc-defg-hij">Google Meet</a></td></tr></table>
<p>Does this work for you?</p><p>Thanks,<br>Jonah Petrie<br>Quillmark</p></body></html>""",
        subtype="html",
    )
    return message.as_bytes()


def _calendar_object(when: datetime, days: list[date]) -> bytes:
    """A calendar invitation (iTIP REQUEST) into the daily stand-up: to be rescheduled."""
    sender = "Elif Aydin <elif.aydin@northgate-robotics.example>"
    start = _at(days[7], 9, 30)
    message = _mail(
        sender,
        "Invitation: Technical interview, Robotics Software Engineer (Northgate Robotics)",
        "Hi Robin,\n\nhere is the calendar invitation for your technical interview for the Robotics Software Engineer "
        "role at Northgate Robotics. Please let me know if it does not suit you.\n\nBest,\nElif Aydin\n"
        "Northgate Robotics\n",
        when,
    )
    stamp = "%Y%m%dT%H%M%SZ"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Northgate//Calendar//EN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "UID:interview-4711@northgate-robotics.example",
        f"DTSTAMP:{when.astimezone(UTC):{stamp}}",
        f"DTSTART:{start.astimezone(UTC):{stamp}}",
        f"DTEND:{(start + timedelta(minutes=60)).astimezone(UTC):{stamp}}",
        "SUMMARY:Technical interview: Robin Meyer",
        "ORGANIZER;CN=Elif Aydin:mailto:elif.aydin@northgate-robotics.example",
        f"ATTENDEE;CN={ME};PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{ADDRESS}",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    message.add_alternative(
        "\r\n".join(lines).encode(), maintype="text", subtype="calendar", params={"method": "REQUEST"}, cte="base64"
    )
    return message.as_bytes()


def _newsletter(when: datetime, days: list[date]) -> bytes:
    """Full of the right words, and no invitation."""
    del days
    return _mail(
        "Career Compass <news@careercompass.example>",
        "10 interview questions you should be ready for",
        """\
Hello,

the interview season is here! In this week's issue: ten questions that every hiring manager asks, how to schedule
your interview prep, and a webinar on Thursday at 6pm.

Read on: https://careercompass.example/issue/212

You receive this because you subscribed. Unsubscribe: https://careercompass.example/u/1
""",
        when,
        List_Id="<weekly.careercompass.example>",
        List_Unsubscribe="<https://careercompass.example/u/1>",
        Precedence="bulk",
    ).as_bytes()


def _swindle(when: datetime, days: list[date]) -> bytes:
    """A text-chat "interview" on Telegram: never answered."""
    del days
    return _mail(
        "HR Department <hr.dept.hiring2211@freemail.example>",
        "Congratulations! Remote Data Entry - interview today",
        """\
Dear applicant,

Your resume was selected for Remote Data Entry Clerk, $45 per hour, no experience needed. The interview is held by
text chat: add our hiring manager on Telegram @hiring_dept_desk now. You will receive a check to buy your home office
equipment from our vendor.

HR Department
""",
        when,
        Reply_To="fast.hiring.desk@othermail.example",
    ).as_bytes()


_MAILS = (
    ("a newsletter", _newsletter),
    ("a time that collides with the calendar", _collides),
    ("a role that the rules exclude, from an agency", _wrong_field),
    ("a question for free times", _asks_availability),
    ("a German invitation for an excluded role", _german),
    ("a time that is free", _free_time),
    ("a calendar invitation into the daily stand-up", _calendar_object),
    ("a swindle", _swindle),
)
