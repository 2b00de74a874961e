"""Whom a reply goes to: the order of addresses, and every stranger who must not get one."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.core.model import Address, Automatic, Kind, Message, Reading, SchedulingRequest
from raincheck.core.recipients import Senders, choose, is_no_reply, registrable
from raincheck.errors import NotWritable

OWN = ("robin.meyer@example.net",)
SENDERS = Senders(frozenset({"hireplatform.example"}), frozenset({"freemail.example"}), frozenset({"greenfield"}))


def at(spec: str, name: str = "") -> Address:
    return Address(name, spec)


def mail(from_: str = "dana@brightwave.example", *, name: str = "Dana", **changes: Any) -> Message:
    return Message("<a@b>", None, at(from_, name), "Interview", **changes)


def to(spec: str | None, message: Message, **fields: Any) -> str:
    return choose(Reading(Kind.INVITATION, reply_to=spec, **fields), message, OWN, SENDERS).to.addr_spec


def test_from_and_reply_to_are_taken_as_they_are() -> None:
    assert to("dana@brightwave.example", mail()) == "dana@brightwave.example"
    assert to("jobs@elsewhere.example", mail(reply_to=(at("jobs@elsewhere.example"),))) == "jobs@elsewhere.example"


def test_the_name_known_to_the_mail_comes_along() -> None:
    chosen = choose(Reading(Kind.INVITATION, reply_to="DANA@brightwave.example"), mail(), OWN)
    assert chosen.to.display_name == "Dana"


@pytest.mark.parametrize(
    ("named", "message", "fields"),
    [
        ("ann@jobs.brightwave.example", mail(), {}),
        ("ann@brightwave.example", mail("no-reply@mailer.example", reply_to=(at("x@brightwave.example"),)), {}),
        ("ann@brightwave.example", mail("no-reply@hireplatform.example"), {"company": "Brightwave"}),
        (
            "ann@brightwave-labs.example",
            mail("no-reply@mail.hireplatform.example"),
            {"company": "Brightwave Labs GmbH"},
        ),
        ("ann@brightwave.example", mail("brightwave+x@greenfield-mail.example"), {"company": "Brightwave"}),
        (
            "ann@brightwave.example",
            mail("calendar@mailer.example"),
            {"scheduling": SchedulingRequest("REQUEST", "u", organizer=at("dana@brightwave.example"))},
        ),
    ],
)
def test_an_address_from_the_text_needs_the_senders_domain(
    named: str, message: Message, fields: dict[str, Any]
) -> None:
    assert to(named, message, **fields) == named


@pytest.mark.parametrize(
    ("named", "message", "fields"),
    [
        ("ann@evil.example", mail(), {}),
        ("ann@brightwave.example.evil.example", mail(), {}),
        ("ann@evilbrightwave.example", mail(), {}),
        ("ann@evil.example", mail("no-reply@hireplatform.example"), {"company": "Brightwave"}),
        ("ann@hr.example", mail("no-reply@hireplatform.example"), {"company": "HR One"}),
        ("ann@brightwave.example", mail("no-reply@hireplatform.example"), {}),
        ("ann@brightwave.example", mail("x@unknown.example"), {"company": "Brightwave"}),
        (
            "boss@evil.example",
            mail(),
            {"scheduling": SchedulingRequest("REQUEST", "u", organizer=at("boss@evil.example"))},
        ),
    ],
)
def test_a_stranger_in_the_text_is_reported(named: str, message: Message, fields: dict[str, Any]) -> None:
    with pytest.raises(NotWritable, match=r"nothing to do with its sender"):
        to(named, message, **fields)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (None, "no address"),
        ("robin.meyer@example.net", "yourself"),
        ("Robin.Meyer@Example.NET", "yourself"),
        ("no-reply@brightwave.example", "nobody reads"),
        ("nobody@@brightwave.example", "cannot be written"),
        ("a b@brightwave.example", "cannot be written"),
        ("dana@brightwave", "cannot be written"),
        ("dänä@brightwave.example", "cannot be written"),
    ],
)
def test_no_usable_address_is_no_letter(spec: str | None, words: str) -> None:
    with pytest.raises(NotWritable, match=words):
        to(spec, mail(reply_to=(at(spec or "x@y.example"),)))


@pytest.mark.parametrize("kind", [Automatic.BOUNCE, Automatic.AUTO_REPLY, Automatic.LIST, Automatic.OWN_NOTE])
def test_machines_and_lists_get_no_letter(kind: Automatic) -> None:
    with pytest.raises(NotWritable, match="automatically"):
        to("dana@brightwave.example", mail(automatic=kind))


@pytest.mark.parametrize(
    "spec",
    ["noreply@x.example", "No-Reply@x.example", "donotreply@x.example", "jobs-no-reply@x.example",
     "ne-pas-repondre@x.example", "MAILER-DAEMON@x.example", "bounce+123@x.example", "nicht-antworten@x.example",
     "keineantwort@x.example", "no-responder@x.example", "nao.responda@x.example", "non_rispondere@x.example",
     "niet-beantwoorden@x.example", "bitte-nicht-antworten@x.example", "careers+donotreply@x.example"],
)  # fmt: skip
def test_addresses_where_nobody_reads(spec: str) -> None:
    assert is_no_reply(spec)


@pytest.mark.parametrize(
    "spec",
    [
        "noreen@x.example",
        "nora.plyer@x.example",
        "bouncer@x.example",
        "nicht.lustig@x.example",
        "jobs+autoreply@x.example",
        "jobs@noreply.example",
    ],
)
def test_addresses_that_only_look_alike(spec: str) -> None:
    assert not is_no_reply(spec)


def test_copies_go_to_the_senders_colleagues_alone() -> None:
    message = mail(
        to=(at("robin.meyer@example.net"), at("lee@mail.brightwave.example", "Lee")),
        cc=(
            at("ann@brightwave.example"),
            at("ANN@brightwave.example"),
            at("dana@brightwave.example"),
            at("friend@example.org"),
            at("noreply@brightwave.example"),
            *(at(f"p{n}@brightwave.example") for n in range(9)),
        ),
    )
    cc = choose(Reading(Kind.INVITATION, reply_to="dana@brightwave.example"), message, OWN, SENDERS).cc
    assert [a.addr_spec for a in cc] == [
        "lee@mail.brightwave.example",
        "ann@brightwave.example",
        "p0@brightwave.example",
        "p1@brightwave.example",
        "p2@brightwave.example",
    ]


@pytest.mark.parametrize("domain", ["freemail.example", "hireplatform.example"])
def test_neighbours_at_a_public_provider_are_no_colleagues(domain: str) -> None:
    message = mail(f"dana@{domain}", to=(at(OWN[0]),), cc=(at(f"other.candidate@{domain}"),))
    assert choose(Reading(Kind.INVITATION, reply_to=f"dana@{domain}"), message, OWN, SENDERS).cc == ()


def test_nobody_gets_a_copy_when_the_person_was_not_named() -> None:
    message = mail(to=(at("candidates@brightwave.example"),), cc=(at("all@brightwave.example"),))
    assert choose(Reading(Kind.INVITATION, reply_to="dana@brightwave.example"), message, OWN, SENDERS).cc == ()


def test_oddities_are_told_to_the_person() -> None:
    message = mail(reply_to=(at("x@elsewhere.example"), at("y@elsewhere.example")))
    remarks = choose(Reading(Kind.INVITATION, reply_to="x@elsewhere.example"), message, OWN).remarks
    assert len(remarks) == 2
    assert "elsewhere.example" in remarks[0]


def test_registrable_domains_follow_the_public_suffix_list() -> None:
    assert registrable("Mail.Acme.co.uk") == "acme.co.uk"
    assert registrable("bücher.example") == "xn--bcher-kva.example"
    assert registrable("acme.github.io") == "acme.github.io"
    assert registrable("co.uk") == ""
    assert registrable("") == ""


@given(st.text(max_size=100), st.text(max_size=60))
def test_any_address_is_chosen_or_refused_in_words(spec: str, company: str) -> None:
    message = mail("no-reply@hireplatform.example", reply_to=(at(spec),))
    with suppress(NotWritable):
        chosen = to(spec, message, company=company)
        assert chosen.count("@") == 1
        assert chosen.isascii()
