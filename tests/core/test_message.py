"""Bytes -> Message: real mailers' habits, lies about charsets, and everything an attacker can think of."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import time
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raincheck.assets import reading_data
from raincheck.core.address import MAX_ADDRESSES, parse_addresses
from raincheck.core.decode import clean, decode_header, decode_text
from raincheck.core.message import parse_message
from raincheck.core.model import Address, Automatic, CalendarPart, Link, Message, MessageRef, SegmentKind
from raincheck.core.plaintext import target, unwrap
from raincheck.core.segments import SegmentWords
from raincheck.errors import Unreadable

WORDS = SegmentWords.from_tables(reading_data())
HEAD = (
    "From: Anna Beck <anna@acme.example>\nTo: robin@example.net\nSubject: Talk\nDate: Mon, 2 Mar 2026 10:15:00 +0100\n"
)
ICS = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def read(raw: str | bytes) -> Message:
    return parse_message(raw if isinstance(raw, bytes) else raw.encode(), None, WORDS)


def mail(body: str = "Monday?", extra: str = "") -> bytes:
    return f"{HEAD}{extra}\n{body}\n".encode()


def multipart(subtype: str, *parts: tuple[str, str], extra: str = "") -> bytes:
    """A multipart mail; each part is (its header lines, its body)."""
    body = "".join(f"--=_b\n{header}\n\n{text}\n" for header, text in parts)
    return mail(
        f"preamble\n{body}--=_b--\nepilogue",
        f'{extra}MIME-Version: 1.0\nContent-Type: multipart/{subtype}; boundary="=_b"\n',
    )


PLAIN = "Content-Type: text/plain; charset=utf-8"
HTML = "Content-Type: text/html; charset=utf-8"

# --- headers ------------------------------------------------------------------------------------------------------


def test_the_headers_of_an_ordinary_mail() -> None:
    ref = MessageRef("INBOX", 7, 42)
    extra = (
        "Message-ID: <a@acme.example>\nIn-Reply-To: <b@x.example>\nReferences: <c@x.example>\n <b@x.example>\n"
        "Reply-To: HR <hr@acme.example>, jobs@acme.example\nCc: Bo <bo@acme.example>\nSender: bot@acme.example\n"
        "Content-Language: de-DE\nAuthentication-Results: mx.example.net;\n dkim=pass\n"
        "Authentication-Results: old; spf=fail\n"
    )
    message = parse_message(mail(extra=extra), ref, WORDS)
    assert message.message_id == "<a@acme.example>"
    assert message.date == datetime(2026, 3, 2, 10, 15, tzinfo=timezone(timedelta(hours=1)))
    assert message.date.utcoffset() == timedelta(hours=1)
    assert message.from_ == Address("Anna Beck", "anna@acme.example")
    assert message.reply_to == (Address("HR", "hr@acme.example"), Address("", "jobs@acme.example"))
    assert message.to == (Address("", "robin@example.net"),)
    assert message.cc == (Address("Bo", "bo@acme.example"),)
    assert message.sender == Address("", "bot@acme.example")
    assert message.in_reply_to == ("<b@x.example>",)
    assert message.references == ("<c@x.example>", "<b@x.example>")
    assert message.content_language == "de"
    assert message.authentication_results == ("mx.example.net; dkim=pass", "old; spf=fail")
    assert message.header("Reply-To") == "HR <hr@acme.example>, jobs@acme.example"
    assert message.ref is ref
    assert message.newest == "Monday?"
    assert message.defects == ()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("=?utf-8?q?Gespr=C3=A4ch?= am =?utf-8?b?TW9udGFn?=", "Gespräch am Montag"),
        ("=?utf-8?q?Gespr?= =?utf-8?q?=C3=A4ch?=", "Gespräch"),
        ("=?utf-8?b?R2VzcHLD?= =?utf-8?b?pGNo?=", "Gespräch"),  # a character split over two words
        ("=?iso-8859-1?q?Gespr=E4ch?=", "Gespräch"),
        ("=?utf-8?Q?Your interview: 3 May?=", "Your interview: 3 May"),  # spaces are not allowed, and common
        ("=?x-nonsense?q?Gespr=C3=A4ch?=", "Gespräch"),
        ("=?us-ascii?q?Gespr=E4ch?=", "Gespräch"),
        ("=?utf-8*de?q?Gespr=C3=A4ch?=", "Gespräch"),
        ("=?utf-8?b?VGFsaw?=", "Talk"),  # padding left out
        ("=?utf-8?b?!!!?=", ""),
        ("Re: [x] =?broken", "Re: [x] =?broken"),
        ("=?utf-8?q?a=0D=0ABcc:_x@y.example=00?=", "a Bcc: x@y.example"),
        ("=?utf-8?b?4oCu4oCLZ25wLmV4ZQ==?=", "gnp.exe"),  # bidi override and zero width
        ("=?utf-8?q?a=E2=80=A8b=C2=A0c?=", "a b c"),
    ],
)
def test_encoded_words(raw: str, words: str) -> None:
    assert read(f"From: a@b.example\nSubject: {raw}\n\nx").subject == words


def test_raw_bytes_in_headers() -> None:
    assert read("Subject: Gespräch\n\nx".encode()).subject == "Gespräch"
    assert read("Subject: Gespräch – 3 Uhr\n\nx".encode("cp1252")).subject == "Gespräch – 3 Uhr"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Anna <a@x.example>", [("Anna", "a@x.example")]),
        ("Beck, Anna <a@x.example>, b@x.example", [("Beck, Anna", "a@x.example"), ("", "b@x.example")]),
        ('"Dana, victim@evil.example" <a@x.example>', [("Dana, victim@evil.example", "a@x.example")]),
        ("=?utf-8?q?Dana=2C_victim=40evil=2Eexample?= <a@x.example>", [("Dana, victim@evil.example", "a@x.example")]),
        ("a@x.example (Anna (HR) Beck)", [("Anna HR Beck", "a@x.example")]),
        ("Team: a@x.example, B <b@x.example>;", [("", "a@x.example"), ("B", "b@x.example")]),
        ("undisclosed-recipients:;", []),
        ("a@x.example; b@x.example", [("", "a@x.example"), ("", "b@x.example")]),
        ("'Anna' <mailto:a@x.example>", [("Anna", "a@x.example")]),
        ("a@x.example <a@x.example>", [("", "a@x.example")]),
        ("<@relay.example:a@x.example>", [("", "a@x.example")]),
        ("Anna <a@x.example", []),
        ("Anna <a b@x.example>, <@>, <a@>, x", []),
        ('"An\\"na" <a@x.example>', [('An"na', "a@x.example")]),
        ("Zoë <zoë@exämple.example>", [("Zoë", "zoë@exämple.example")]),
    ],
)
def test_addresses(header: str, expected: list[tuple[str, str]]) -> None:
    assert [(a.display_name, a.addr_spec) for a in parse_addresses(header)] == expected


def test_thousands_of_recipients_are_capped() -> None:
    message = read("To: " + ", ".join(f"u{n}@example.net" for n in range(20_000)) + "\nSubject: Talk\n\nx")
    assert 50 <= len(message.to) <= MAX_ADDRESSES
    assert message.subject == "Talk"
    assert "the header was cut" in message.defects


@pytest.mark.parametrize(
    "value", ["", "yesterday", "Mon, 99 Foo 2026 99:99:99 +9999", "Mon, 2 Mar 1912 10:00:00 +0000"]
)
def test_without_a_usable_date_the_arrival_counts(value: str) -> None:
    received = "Received: from a by b; Tue, 3 Mar 2026 08:00:00 +0000\n"
    message = read(f"{received}From: a@b.example\nDate: {value}\n\nx")
    assert message.date == datetime(2026, 3, 3, 8, tzinfo=UTC)
    assert message.defects == ("no usable Date header; the time of arrival was taken",)
    assert read(f"From: a@b.example\nDate: {value}\n\nx").date is None


def test_identity_without_message_id() -> None:
    one, same, other = mail(), mail("another body", "X-Moved: yes\n"), mail().replace(b"Talk", b"Walk")
    assert read(one).message_id is None
    assert read(one).identity == read(same).identity != read(other).identity


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ("Return-Path: <>\n", Automatic.BOUNCE),
        ("Return-Path: <anna@acme.example>\n", None),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=x\n", Automatic.BOUNCE),
        ("Auto-Submitted: auto-replied (vacation)\n", Automatic.AUTO_REPLY),
        ("Precedence: auto_reply\n", Automatic.AUTO_REPLY),
        ("Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n", None),  # recruiting systems
        ("Auto-Submitted: no\n", None),
        ("List-Id: <jobs.example.org>\n", Automatic.LIST),
        ("List-Post: <mailto:jobs@example.org>\n", Automatic.LIST),
        ("List-Post: NO\n", None),
        ("List-Unsubscribe: <https://acme.example/u>\n", None),
        ("Precedence: bulk\n", Automatic.BULK),
        ("Precedence: junk\n", Automatic.BULK),
        ("X-Loop: raincheck\n", Automatic.OWN_NOTE),
        ("X-Raincheck-Approved: yes\n", None),
    ],
)
def test_who_needs_no_personal_answer(extra: str, expected: Automatic | None) -> None:
    assert read(mail(extra=extra)).automatic is expected


@pytest.mark.parametrize("sender", ["MAILER-DAEMON@mx.example", "Mail System <Postmaster@mx.example>"])
def test_mail_systems_are_bounces(sender: str) -> None:
    assert read(f"From: {sender}\n\nx").automatic is Automatic.BOUNCE


# --- text ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        ("us-ascii", "utf-8"), ("iso-8859-1", "utf-8"), ("utf-8", "cp1252"), ("us-ascii", "cp1252"),
        ("iso-8859-1", "cp1252"),
        ("x-unknown", "utf-8"), ("\"utf-8'", "utf-8"), ("", "cp1252"), ("utf-16", "utf-8"), ("zip", "utf-8"),
        ("unicode_escape", "utf-8"),
        ("iso-8859-15", "iso-8859-15"), ("windows-1250", "cp1252"), ("utf-8", "utf-8-sig"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_charsets_that_lie(declared: str, real: str, encoding: str) -> None:
    body = "Grüße, Gespräch um 10 Uhr"
    data = body.encode(real)
    if encoding == "base64":
        data = base64.encodebytes(data)
    elif encoding == "quoted-printable":
        data = b"".join(b"=%02X" % byte if byte > 126 else bytes([byte]) for byte in data)
    head = f"From: a@b.example\nContent-Type: text/plain; charset={declared}\nContent-Transfer-Encoding: {encoding}\n\n"
    assert read(head.encode() + data).newest == body


def test_deceiving_characters_are_cleaned() -> None:
    assert clean("a\u200bb\u202ec\u2066d\x00e\u00adf\ufeff\xa0g\u2028h\ud800\r\ni\rj") == "abcd ef g\nh\ufffd\ni\nj"
    assert clean("u\u0308ber") == "über"


ALTERNATIVE = "<p>Dear Robin,</p><p>we meet on <b>3 May at 10:00</b>. <a href='https://a.example/b'>Book</a></p>"


def test_of_alternatives_the_one_that_says_more_is_read() -> None:
    stub = multipart(
        "alternative", (PLAIN, "View this mail in your browser: https://a.example/v/2026/12"), (HTML, ALTERNATIVE)
    )
    assert read(stub).newest == "Dear Robin,\n\nwe meet on 3 May at 10:00. Book"
    assert read(stub).html
    same = multipart("alternative", (PLAIN, "Dear Robin,\nwe meet on 3 May at 10:00."), (HTML, ALTERNATIVE))
    assert read(same).newest == "Dear Robin,\nwe meet on 3 May at 10:00."
    assert read(same).links == (Link("Book", "https://a.example/b"),)
    empty = multipart("alternative", (PLAIN, " \n"), (HTML, ALTERNATIVE))
    assert "3 May" in read(empty).newest
    poorer = multipart("alternative", (PLAIN, "We meet on 3 May at 10:00."), (HTML, "<p>Please see the plain text</p>"))
    assert "3 May" in read(poorer).newest


def test_html_under_the_name_of_plain_text() -> None:
    assert read(mail("<html><body><p>Monday<br>10:00</p></body></html>")).newest == "Monday\n10:00"
    assert read(mail("Use <b> and <i> as you like, x<y")).newest == "Use <b> and <i> as you like, x<y"


def test_attachments_are_not_text() -> None:
    pdf = 'Content-Type: text/plain; name="cv.txt"\nContent-Disposition: attachment; filename="cv.txt"'
    assert read(multipart("mixed", (PLAIN, "Monday?"), (pdf, "Sunday!"))).text() == "Monday?"


def test_text_in_several_parts_is_joined() -> None:
    assert read(multipart("mixed", (PLAIN, "Monday?"), (HTML, "<p>Footer</p>"))).newest == "Monday?\n\nFooter"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends(newline: str) -> None:
    raw = multipart("alternative", (PLAIN, "Dear Robin,\n\nMonday?"), (HTML, "<p>Dear Robin,</p><p>Monday?</p>"))
    message = read(raw.replace(b"\n", newline.encode()))
    assert message.newest == "Dear Robin,\n\nMonday?"
    assert message.subject == "Talk"


def test_calendar_parts_in_every_disguise() -> None:
    data = base64.b64encode(ICS).decode()
    same = (
        'Content-Type: application/ics; name="i.ics"\nContent-Transfer-Encoding: base64\n'
        "Content-Disposition: attachment"
    )
    named = 'Content-Type: application/octet-stream\nContent-Disposition: attachment; filename="invite.ICS"'
    message = read(
        multipart(
            "mixed",
            (PLAIN, "x"),
            ("Content-Type: text/calendar; method=request; charset=utf-8\nContent-Transfer-Encoding: base64", data),
            (same, data),
            (named, "BEGIN:VCALENDAR\nEND:VCALENDAR"),
        )
    )
    assert message.calendar_parts == (
        CalendarPart(ICS, "REQUEST"),
        CalendarPart(b"BEGIN:VCALENDAR\nEND:VCALENDAR", None, "invite.ICS"),
    )


def test_a_mail_passed_on_whole_is_forwarded() -> None:
    inner = mail("We invite you on 3 May.\n\nKind regards\nAnna Beck", "Content-Type: text/plain\n").decode()
    message = read(multipart("mixed", (PLAIN, "fyi"), ("Content-Type: message/rfc822", inner)))
    forwarded = [s for s in message.segments if s.kind is SegmentKind.FORWARDED]
    assert [s.text for s in forwarded] == ["We invite you on 3 May."]
    assert forwarded[0].from_ == Address("Anna Beck", "anna@acme.example")
    assert forwarded[0].subject == "Talk"
    assert message.newest == "fyi"
    assert message.text(SegmentKind.SIGNATURE) == "Kind regards\nAnna Beck"


def test_wrapped_lines_are_joined_and_lists_are_not() -> None:
    wrapped = (
        "We would be glad to meet you in our office in the old town on Tuesday,\n12 May at 10:00. "
        "Possible is also one of\nthese days:\n\n"
        "Mon 18 May 09:00\nTue 19 May 14:00\n"
        "- and perhaps a third one that stands in a list with quite a long line\n- last\n"
    )
    lines = unwrap(wrapped).split("\n")
    assert lines[0].startswith("We would be glad")
    assert "Tuesday, 12 May" in lines[0]
    assert lines[-5:] == [
        "Mon 18 May 09:00",
        "Tue 19 May 14:00",
        "- and perhaps a third one that stands in a list with quite a long line",
        "- last",
        "",
    ]


def test_a_long_line_that_stands_alone_does_not_tell_where_lines_were_broken() -> None:
    broken = "Bitte antworten Sie bis zum dritten Tag des Monats unter Angabe\nder Nummer an uns.\n\n"
    alone = "Dieses Schreiben wurde von selbst erstellt und gilt auch ohne jede Unterschrift."
    assert "unter Angabe der Nummer an uns." in unwrap(broken + alone)
    assert "unter Angabe\nDer Nummer" in unwrap(broken.replace("der", "Der") + alone)


def test_half_of_a_compound_goes_on_in_the_next_line() -> None:
    long = "x" * 62
    wide = f"{long} {'y' * 16}"
    assert unwrap(f"{wide}\n{long} Bau-\nund Technik").endswith("Bau- und Technik")
    assert unwrap(f"{wide}\n{long} Bau-\nLeiter x").endswith("Bau-\nLeiter x")


def test_format_flowed() -> None:
    body = "We meet on Tuesday, \n12 May.\nBest\n-- \nAnna\n> quoted text \n> goes on\n"
    message = read(mail(body, "Content-Type: text/plain; format=flowed\n"))
    assert message.newest == "We meet on Tuesday, 12 May."
    assert message.text(SegmentKind.QUOTED) == "quoted text goes on"
    assert unwrap("Termin \nvereinbarung\n", flowed=True, delsp=True) == "Terminvereinbarung\n"


def test_links_in_plain_text() -> None:
    body = (
        "Please book here <https://a.example/x?id=1>. Or see https://b.example/y.\n"
        "write to anna@a.example<mailto:anna@a.example> [cid:logo.png]"
    )
    message = read(mail(body))
    assert message.newest == "Please book here. Or see https://b.example/y.\nwrite to anna@a.example"
    assert [link.href for link in message.links] == [
        "https://a.example/x?id=1",
        "mailto:anna@a.example",
        "https://b.example/y",
    ]
    assert message.links[0].text == "Please book here"


@pytest.mark.parametrize(
    ("wrapped", "plain"),
    [
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2Fb%3Fc%3D1&data=05%7C01",
            "https://a.example/b?c=1",
        ),
        ("https://urldefense.proofpoint.com/v2/url?u=https-3A__a.example_b&d=x", "https://a.example/b"),
        ("https://urldefense.com/v3/__https://a.example/b__;!!x!y$", "https://a.example/b"),
        ("https://click.mail.example/ls/click?u=https%3A%2F%2Fa.example%2Fb", "https://a.example/b"),
        (
            "https://sso.acme.example/login?redirect=https%3A%2F%2Fa.example",
            "https://sso.acme.example/login?redirect=https%3A%2F%2Fa.example",
        ),
        ("https://click.x.example/?u=javascript%3Ahttp", "https://click.x.example/?u=javascript%3Ahttp"),
        ("https://[broken", "https://[broken"),
    ],
)
def test_wrapped_links(wrapped: str, plain: str) -> None:
    assert target(wrapped) == plain


# --- hostile ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n \n", b"\x00\x01\x02", b"no header here", b"From me to you\n\ntext", b"{}", "– : x".encode()]
)
def test_what_is_no_mail(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        parse_message(raw)


def nested(depth: int) -> bytes:
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    return f"From: a@b.example\nSubject: Talk\n{head}Content-Type: text/plain\n\ndeep\n".encode()


def forwarded(depth: int) -> bytes:
    return b"From: a@b.example\nSubject: Talk\n" + b"Content-Type: message/rfc822\n\n" * depth + b"\ndeep\n"


BOMBS = {
    "nested multiparts": nested(10_000),
    "nested messages": forwarded(10_000),
    "many parts": b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 100_000,
    "encoded words": b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\nx",
    "folded words": b"Subject: " + b"=?utf-8?q?a?=\n " * 20_000 + b"\n\nx",
    "brackets": b"From: " + b"(" * 20_000 + b"a@b.example\n\nx",
    "angles": b"From: " + b"<" * 20_000 + b"a@b.example>\n\nx",
    "quotes": b"From: " + b'"\\' * 20_000 + b"a@b.example>\n\nx",
    "many headers": b"X: y\n" * 200_000 + b"\nx",
    "long line": b"From: a@b.example\n\n" + b"word " * 2_000_000,
    "digits": b"From: a@b.example\n\n" + b"1 " * 100_000,
    "big body": b"From: a@b.example\n\n" + b"x" * 50_000_000,
    "big html": b"From: a@b.example\nContent-Type: text/html\n\n" + b"<div>x" * 8_000_000,
    "html depth": b"From: a@b.example\nContent-Type: text/html\n\n" + b"<div>" * 200_000 + b"deep",
    "html tables": b"From: a@b.example\nContent-Type: text/html\n\n" + b"<table><tr><td>x" * 60_000,
    "open tags": b"From: a@b.example\nContent-Type: text/html\n\n" + b"<a <b" * 200_000,
    "styles": b"From: a@b.example\nContent-Type: text/html\n\n" + b"<style>/*{@" * 100_000,
    "quote levels": b"From: a@b.example\n\n" + b">" * 100_000 + b"\n" + b"> x\ny\n" * 20_000,
    "attributions": b"From: a@b.example\n\n" + b"On 1 May 2026 x wrote:\n" * 20_000,
    "header blocks": b"From: a@b.example\n\n"
    + b"From: a <a@b.example>\nSent: 1 May 2026 10:00\nTo: b\nSubject: c\n\nx\n" * 5_000,
    "forwards": b"From: a@b.example\n\n" + b"---------- Forwarded message ---------\n> > x\n" * 5_000,
    "empty quotes": b"From: a@b.example\n\n" + b">\n\n" * 60_000,
    "colons": b"From: a@b.example\n\n" + b"a: " * 20_000,
    "on wrote": b"From: a@b.example\n\n" + b"on " * 20_000 + b":",
    "links": b"From: a@b.example\n\n" + b"<https://a.example/" * 20_000,
    "wraps": b"From: a@b.example\n\nhttps://click.x.example/?u=" + b"https%3A%2F%2Fclick.x.example%2F%3Fu%3D" * 2_000,
    "boundary": b"From: a@b.example\nContent-Type: multipart/mixed; boundary="
    + b"b" * 100_000
    + b"\n\n--"
    + b"b" * 100_000,
    "parameters": b"From: a@b.example\nContent-Type: text/plain" + b"; a*0*=x" * 5_000 + b"\n\nx",
    "base64": b"From: a@b.example\nContent-Transfer-Encoding: base64\n\n" + b"!" * 1_000_000,
    "punycode": b"Subject: =?punycode?q?" + b"a" * 7_000 + b"-" + b"z" * 900 + b"?=\n\nx",
    "zero width": b"From: a@b.example\n\n" + "\u200b".encode() * 500_000,
    "spaces": b"From: a@b.example\n\n" + b" " * 64_000 + b"x",
    "empty lines": b"From: a@b.example\n\nx" + b"\n" * 64_000 + b"x",
    "short lines": b"From: a@b.example\n\n" + b"a\n" * 32_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_read_in_bounded_time(name: str) -> None:
    started = time.process_time()
    message = parse_message(BOMBS[name], None, WORDS)
    assert time.process_time() - started < 2
    assert len(message.text()) < 200_000
    dumped(message)


def test_what_is_cut_is_told() -> None:
    assert "parts deeper than 50 levels were left out" in parse_message(BOMBS["nested multiparts"]).defects
    assert "parts after the first 200 were left out" in parse_message(BOMBS["many parts"]).defects
    assert "only the first 16777216 bytes were read" in parse_message(BOMBS["big body"]).defects


def dumped(message: Message) -> Any:
    """The message as JSON and back: no surrogates, no control characters."""

    def plain(value: object) -> str:
        return value.decode("latin-1") if isinstance(value, bytes) else str(value)

    text = json.dumps(dataclasses.asdict(message), default=plain, ensure_ascii=False)
    text.encode("utf-8")
    for line in (message.subject, *(a.display_name for a in (*message.to, *message.reply_to))):
        assert line.isprintable()
    return json.loads(text)


def survives(raw: bytes) -> None:
    """The bytes are a message that can be dumped, or no mail at all."""
    with contextlib.suppress(Unreadable):
        dumped(parse_message(raw, None, WORDS))


@given(st.binary(max_size=2000))
def test_random_bytes(raw: bytes) -> None:
    survives(raw)


def seed() -> bytes:
    message = EmailMessage()
    message["From"] = "Anna Böck <anna@acme.example>"
    message["To"] = "Robin Meyer <robin@example.net>"
    message["Subject"] = "Einladung zum Gespräch – Montag"
    message["Date"] = "Mon, 2 Mar 2026 10:15:00 +0100"
    message["Message-ID"] = "<seed@acme.example>"
    message.set_content("Guten Tag,\n\nMontag 10 Uhr?\n\nViele Grüße\nAnna\n\nAm 1.3.2026 schrieb Robin:\n> ja")
    message.add_alternative(
        "<p>Guten Tag,</p><table><tr><td>Montag<td>10 Uhr</table><p>Viele Grüße<br>Anna</p>", subtype="html"
    )
    message.add_attachment(ICS, maintype="text", subtype="calendar", params={"method": "REQUEST"})
    outer = EmailMessage()
    outer["From"] = "robin@example.net"
    outer["Subject"] = "Fwd: Einladung"
    outer.set_content("fyi")
    outer.add_attachment(message)
    return outer.as_bytes()


SEED = seed()
_EDITS = st.lists(
    st.tuples(
        st.integers(0, len(SEED)),
        st.integers(0, 60),
        st.binary(max_size=12) | st.sampled_from([b"\r", b"\n\n", b"--", b"=?utf-8?b?", b'"']),
    ),
    max_size=8,
)


@settings(max_examples=150)
@given(_EDITS, st.sampled_from([b"\n", b"\r\n", b"\r"]), st.integers(0, len(SEED)))
def test_mutated_mails(edits: list[tuple[int, int, bytes]], newline: bytes, length: int) -> None:
    raw = SEED.replace(b"\n", newline)
    for at, cut, new in edits:
        raw = raw[:at] + new + raw[at + cut :]
    for data in (raw, raw[:length]):
        survives(data)


@given(
    st.permutations(
        mail(extra="Message-ID: <a@x.example>\nReply-To: b@x.example\nMIME-Version: 1.0\n")
        .partition(b"\n\n")[0]
        .split(b"\n")
    )
)
def test_the_order_of_headers_does_not_matter(lines: list[bytes]) -> None:
    message = parse_message(b"\n".join(lines) + b"\n\nMonday?\n", None, WORDS)
    reference = parse_message(
        mail(extra="Message-ID: <a@x.example>\nReply-To: b@x.example\nMIME-Version: 1.0\n"), None, WORDS
    )
    assert dataclasses.replace(message, headers=()) == dataclasses.replace(reference, headers=())


@given(st.text(max_size=200))
def test_header_words_are_one_printable_line(text: str) -> None:
    encoded = "=?utf-8?b?" + base64.b64encode(text.encode("utf-8", "replace")).decode() + "?="
    turning = {"LRO", "RLO", "LRE", "RLE", "LRI", "RLI"}  # what follows would be shown in another order
    for value in (decode_header(encoded), decode_header(text)):
        assert {unicodedata.category(char) for char in value}.isdisjoint(("Cc", "Cs", "Zl", "Zp"))
        assert {unicodedata.bidirectional(char) for char in value}.isdisjoint(turning)


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_bytes_are_some_text(data: bytes, charset: str) -> None:
    decode_text(data, charset).encode("utf-8", "surrogatepass")
