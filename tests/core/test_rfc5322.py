"""Letters as bytes and back: nothing gets into a header, nothing gets lost in the body."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32, default
from email.utils import parseaddr
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.core.flowed import flow, unflow
from raincheck.core.model import Address, Reply
from raincheck.core.rfc5322 import (
    CASE_HEADER,
    digest,
    for_sending,
    message_ids,
    new_message_id,
    similarity,
    to_bytes,
    visible_text,
    with_itip,
)

if TYPE_CHECKING:
    from email.message import EmailMessage

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ME = Address("Robin Meyer", "robin.meyer@example.net")
DANA = Address("Dana Weber", "dana@brightwave.example")


def letter(
    body: str = "Dear Dana,\n\nthank you.",
    *,
    quote: str = "",
    subject: str = "Re: Interview",
    to: Address = DANA,
    cc: tuple[Address, ...] = (),
    references: tuple[str, ...] = ("<a@x.example>",),
) -> Reply:
    return Reply(ME, (to,), cc, subject, body, quote, references[-1] if references else None, references, "en/decline")


def raw_of(reply: Reply) -> bytes:
    return to_bytes(reply, message_id="<draft@example.net>", date=NOW, headers={CASE_HEADER: "k7/1"})


def parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=default)


def body_of(raw: bytes) -> str:
    return raw.partition(b"\r\n\r\n")[2].decode()


# --- the message --------------------------------------------------------------------------------------------------


def test_a_draft_is_one_flowed_text_part_tied_to_its_thread() -> None:
    message = parsed(raw_of(letter("Grüße", references=("<root@x.example>", "<last@x.example>"))))
    assert message.get_content_type() == "text/plain"
    assert message["Content-Type"].params == {"charset": "utf-8", "format": "flowed"}
    assert message["Content-Transfer-Encoding"] == "8bit"
    assert message["In-Reply-To"] == "<last@x.example>"
    assert message["References"].split() == ["<root@x.example>", "<last@x.example>"]
    assert message["Message-ID"] == "<draft@example.net>"
    assert message[CASE_HEADER] == "k7/1"
    assert message["Date"].datetime == NOW
    assert message.defects == []


def test_a_letter_without_thread_has_no_empty_headers() -> None:
    message = parsed(raw_of(letter(references=())))
    assert "In-Reply-To" not in message
    assert "References" not in message
    assert "Cc" not in message


@pytest.mark.parametrize(
    "name",
    [
        "Dana, victim@evil.example",
        'Dana "Dee" Weber',
        "=?utf-8?q?Dana=0D=0ABcc:_victim=40evil.example?=",
        "山田 太郎",
        "Ольга Петрова, отдел персонала и развития талантов",
        "Dana <boss@brightwave.example>",
        "Jörg (HR); Müller",
        "",
    ],
)
def test_a_name_never_becomes_an_address(name: str) -> None:
    raw = raw_of(letter(to=Address(name, DANA.addr_spec), cc=(Address(name, "b@brightwave.example"),)))
    message = parsed(raw)
    assert [a.addr_spec for a in message["To"].addresses] == [DANA.addr_spec]
    assert [a.addr_spec for a in message["Cc"].addresses] == ["b@brightwave.example"]
    assert message["Bcc"] is None
    phrase, _ = parseaddr(str(message_from_bytes(raw, policy=compat32)["To"]).replace("\r\n", ""))
    assert str(make_header(decode_header(phrase))) == name


def test_many_references_keep_the_root_and_the_latest() -> None:
    ids = tuple(f"<{number}@x.example>" for number in range(100))
    kept = parsed(raw_of(letter(references=ids)))["References"].split()
    assert len(kept) == 30
    assert kept[0] == ids[0]
    assert kept[1:] == list(ids[-29:])


def test_what_is_no_identifier_is_not_referred_to() -> None:
    assert message_ids("<a@b> junk <c d@e> <f\x00@g> <" + "x" * 2000 + "> <a@b> <h@i>") == ("<a@b>", "<h@i>")


def test_message_id_tells_nothing_but_the_domain() -> None:
    assert new_message_id("example.net", "k3v9w2") == "<k3v9w2@example.net>"
    assert new_message_id("exa mple.net\r\nBcc: x", "a>b c") == "<abc@example.netBccx>"


def test_a_message_id_or_a_header_of_ours_must_be_well_formed() -> None:
    with pytest.raises(ValueError, match="Message-ID"):
        to_bytes(letter(), message_id="<a@b>\r\nBcc: x@y", date=NOW)
    with pytest.raises(ValueError, match="header value"):
        to_bytes(letter(), message_id="<a@b>", date=NOW, headers={CASE_HEADER: "1\r\nBcc: x@y"})
    with pytest.raises(ValueError, match="header name"):
        to_bytes(letter(), message_id="<a@b>", date=NOW, headers={"X-A: b\r\nBcc": "x@y"})


@given(
    subject=st.text(max_size=300),
    name=st.text(max_size=80),
    body=st.text(max_size=400),
    reference=st.text(max_size=60),
)
def test_no_line_break_of_the_input_reaches_a_header(subject: str, name: str, body: str, reference: str) -> None:
    raw = raw_of(
        letter(body, subject=subject, to=Address(name, DANA.addr_spec), references=(reference, "<a@x.example>"))
    )
    head = raw.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if line[:1] not in (b" ", b"\t")]
    assert b"\n" not in head.replace(b"\r\n", b"")
    assert set(names) <= {
        b"From", b"To", b"Subject", b"Date", b"Message-ID", b"In-Reply-To", b"References", CASE_HEADER.encode(),
        b"MIME-Version", b"Content-Type", b"Content-Transfer-Encoding",
    }  # fmt: skip
    assert len(names) == len(set(names))
    assert head.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert [a.addr_spec for a in parsed(raw)["To"].addresses] == [DANA.addr_spec]


@given(st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "), max_size=200))
def test_a_subject_comes_back_as_it_was(text: str) -> None:
    subject = " ".join(text.split())
    assert str(parsed(raw_of(letter(subject=f"Re: {subject}")))["Subject"]) == f"Re: {subject}".strip()


# --- format=flowed ------------------------------------------------------------------------------------------------

LINE = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), max_size=200)


@given(st.lists(LINE, max_size=12), st.lists(st.tuples(st.integers(1, 3), LINE), max_size=8))
def test_every_letter_reads_back_as_itself(lines: list[str], quoted: list[tuple[int, str]]) -> None:
    body = "\n".join(line if line == "-- " else line.rstrip(" ") for line in lines)
    quote = "\n".join(f"{'>' * depth} {text.lstrip('>')}".rstrip(" ") for depth, text in quoted)
    assert unflow(flow(body, quote)) == (f"{body}\n\n{quote}" if quote else body)


@given(st.lists(st.text("abcdefgh ", max_size=300), max_size=5))
def test_lines_are_at_most_72_columns_where_words_allow_it(lines: list[str]) -> None:
    for line in flow("\n".join(lines)).split("\n"):
        assert len(line) <= 73 or " " not in line.strip()


def test_a_signature_and_lines_that_look_like_mail_are_kept() -> None:
    body = "From here on:\n>not a quote\n indented\n-- \nRobin"
    assert flow(body) == " From here on:\n >not a quote\n  indented\n-- \nRobin\n"
    assert unflow(flow(body)) == body


def test_quotes_keep_their_depth_when_they_are_folded() -> None:
    quote = "On Monday, Dana wrote:\n> " + "word " * 30 + "end\n>> older"
    lines = flow("Hi", quote).split("\n")
    assert lines[:3] == ["Hi", "", "On Monday, Dana wrote:"]
    assert all(line.startswith("> ") for line in lines[3:-2])
    assert lines[-2] == ">> older"
    assert unflow(flow("Hi", quote)).split("\n")[3] == "> " + "word " * 30 + "end"


def test_a_word_without_end_still_makes_legal_lines() -> None:
    assert max(len(line.encode()) for line in flow("ä" * 5000).split("\n")) <= 998


# --- what is in a draft -------------------------------------------------------------------------------------------


def test_visible_text_is_what_the_writer_wrote() -> None:
    raw = raw_of(letter("A long line " * 20 + "end.", quote="On Monday, Dana wrote:\n> please come at 10:00"))
    assert visible_text(raw).startswith("A long line " * 20 + "end.")
    assert "10:00" not in visible_text(raw)


def test_the_line_above_a_quote_belongs_to_it() -> None:
    quote = "On Wednesday, 9 December 2026 at 11:00, Dana wrote:\n\n> please come at 10:00\n>> earlier"
    assert visible_text(raw_of(letter("Dear Dana,\n\nI can come.\n-- \nRobin", quote=quote))) == (
        "Dear Dana,\n\nI can come.\n-- \nRobin"
    )
    between = b"\r\nHello.\r\n\r\n> When?\r\nOn Monday.\r\n> Where?\r\nThere:\r\nat home.\r\n"
    assert visible_text(between) == "Hello.\nOn Monday.\nThere:\nat home."


def test_visible_text_of_a_draft_saved_as_html() -> None:
    raw = (
        b"Subject: x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><head><style>p{}</style></head>"
        b"<body><p>Dear <b>Dana</b>,</p><p>thank you.</p>"
        b'<blockquote type="cite"><p>old words</p></blockquote></body></html>'
    )
    assert visible_text(raw).startswith("Dear Dana,\n")
    assert "thank you." in visible_text(raw)
    assert "old words" not in visible_text(raw)
    assert "p{}" not in visible_text(raw)


@given(st.binary(max_size=400))
def test_any_bytes_have_a_digest_and_perhaps_a_text(raw: bytes) -> None:
    assert len(digest(raw)) == 64
    assert isinstance(visible_text(raw), str)


def test_digest_sees_every_edit_and_ignores_the_rest() -> None:
    raw = raw_of(letter())
    assert digest(raw) == digest(raw.replace(b"<draft@example.net>", b"<other@example.net>"))
    assert digest(raw) == digest(b"X-Extra: 1\r\n" + raw)
    assert digest(raw) == digest(raw.replace(b"Subject: Re: Interview", b"Subject: Re:\r\n Interview"))
    for old, new in (
        (b"thank you", b"thanks"),
        (b"dana@", b"dina@"),
        (b"Re: Interview", b"Re: Talk"),
        (b"8bit", b"base64"),
    ):
        if old in raw:
            assert digest(raw) != digest(raw.replace(old, new))
    assert digest(raw) != digest(b"Bcc: x@y.example\r\n" + raw)


def test_similarity_is_the_share_of_our_sentences() -> None:
    ours = "Dear Dana,\n\nThank you very much. I cannot come. I am sorry.\n\nKind regards,\nRobin"
    assert similarity(ours, ours.replace(". ", ".\n")) == 1.0
    assert similarity(ours, "") == 0.0
    assert similarity("", ours) == 0.0
    assert 0.3 < similarity(ours, "Dear Dana,\n\nThank you very much. Monday is fine.\n\nKind regards,\nRobin") < 0.8
    assert similarity(ours, "Hello Ann,\n\nsee you on Monday.") < 0.3


# --- sending ------------------------------------------------------------------------------------------------------

EDITED = b"\r\n".join(
    (
        b"X-Mozilla-Status: 0001",
        b"X-Mozilla-Draft-Info: internal/draft;",
        b" vcard=0",
        b"X-Identity-Key: id1",
        b"FCC: imap://x/Sent",
        b"X-Raincheck-Case: k7/1",
        b"Autocrypt-Draft-State: encrypt=no",
        b"X-Unsent: 1",
        b"X-Draft-Info: type=reply; uid=7; folder=Job search",  # Roundcube
        b"X-K9mail-Identity: !l=12&o=0",
        b"X-Reply-UID: (1 )(2 7)Job search",  # Alpine
        b"Gcc: nnimap:Sent",  # Gnus
        b"Resent-Bcc: hidden@example.net",
        b"User-Agent: Client",
        b"Message-ID: <draft@example.net>",
        b"Date: Sun, 22 Nov 2026 08:00:00 +0000",
        b"From: Robin Meyer <robin.meyer@example.net>",
        b'To: "Weber, Dana" <dana@brightwave.example>',
        b"Cc: ann@brightwave.example",
        b"Bcc: me@example.net",
        b"Subject: =?utf-8?q?Re=3A_Gespr=C3=A4ch?=",
        b"References: <root@x.example>",
        b" <last@x.example>",
        b"MIME-Version: 1.0",
        b"Content-Type: text/html; charset=utf-8",
        b"Content-Transfer-Encoding: 8bit",
        b"",
        b"<p>Dear Dana, Bcc: not a header</p>  ",
        b"",
        b"last line without end",
    )
)


def test_what_is_sent_is_the_draft_without_its_private_headers() -> None:
    outgoing = for_sending(EDITED, message_id="<sent@example.net>", date=NOW)
    message = message_from_bytes(outgoing.raw, policy=compat32)
    assert set(message.keys()) == {
        "Date", "Message-ID", "From", "To", "Cc", "Subject", "References", "MIME-Version", "Content-Type",
        "Content-Transfer-Encoding",
    }  # fmt: skip
    assert message["Message-ID"] == "<sent@example.net>"
    assert message["Date"] == "Mon, 23 Nov 2026 09:30:00 +0000"
    assert message["References"].split() == ["<root@x.example>", "<last@x.example>"]
    assert outgoing.raw.partition(b"\r\n\r\n")[2] == EDITED.partition(b"\r\n\r\n")[2]
    assert outgoing.recipients == ("dana@brightwave.example", "ann@brightwave.example", "me@example.net")


def test_bcc_stays_in_the_envelope_and_in_the_filed_copy() -> None:
    outgoing = for_sending(EDITED, message_id="<sent@example.net>", date=NOW)
    assert b"\r\nBcc:" not in outgoing.raw
    assert b"\r\nBcc: me@example.net\r\n" in outgoing.filed
    assert b"X-Raincheck" not in outgoing.filed


@given(st.binary(max_size=300))
def test_a_body_is_sent_byte_for_byte(body: bytes) -> None:
    raw = raw_of(letter()).partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + body
    assert for_sending(raw, message_id="<s@example.net>", date=NOW).raw.partition(b"\r\n\r\n")[2] == body


def test_a_calendar_reply_is_joined_beside_the_unchanged_text() -> None:
    outgoing = for_sending(raw_of(letter("Grüße")), message_id="<s@example.net>", date=NOW)
    calendar = b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n"
    message = parsed(with_itip(outgoing.raw, calendar, boundary="b0undary123"))
    text, answer = message.iter_parts()
    assert message.get_content_type() == "multipart/alternative"
    assert text.get_content_type() == "text/plain"
    assert text["Content-Type"].params["format"] == "flowed"
    assert unflow(text.get_content()).rstrip("\n") == "Grüße"
    assert answer.get_content_type() == "text/calendar"
    assert answer["Content-Type"].params == {"method": "REPLY", "charset": "UTF-8"}
    assert answer.get_content().replace("\r\n", "\n").strip() == calendar.decode().replace("\r\n", "\n").strip()
    assert message["To"].addresses[0].addr_spec == DANA.addr_spec
    assert message.defects == []
    with pytest.raises(ValueError, match="boundary"):
        with_itip(outgoing.raw, calendar, boundary='x"\r\nBcc: y')
