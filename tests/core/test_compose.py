"""Finished letters: what stands in them and what never does. The letters themselves are golden/*.txt."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raincheck import assets
from raincheck.core.compose import Letter, compose, offered_lines, stationery
from raincheck.core.model import (
    Address,
    Decision,
    Kind,
    Message,
    Outcome,
    Period,
    Reading,
    Segment,
    SegmentKind,
    Slot,
)
from raincheck.core.rfc5322 import to_bytes
from raincheck.core.settings import Me, Replies, Settings
from raincheck.core.specimens import NOW, Specimen, shown, varied, written
from raincheck.errors import NotWritable

if TYPE_CHECKING:
    from collections.abc import Callable

    from raincheck.core.model import Reply

TEMPLATES = assets.templates()
LANGUAGES = sorted({name.partition("/")[0] for name in TEMPLATES})
GOLDEN = Path(__file__).parent / "golden"
BERLIN, LONDON = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/London")
ME = Me("Robin Meyer", ("robin.meyer@example.net",), "Europe/Berlin", languages=("en", "de"), signature="Robin Meyer")
SETTINGS = Settings(me=ME)
OFFERS = tuple(
    Period(start, start + timedelta(minutes=45))
    for start in (datetime(2026, 12, 3, 10, tzinfo=BERLIN), datetime(2026, 12, 4, 14, 30, tzinfo=BERLIN))
)
APPOINTMENT = Slot(datetime(2026, 12, 1, 14, 30, tzinfo=LONDON))
DECLINE = Decision(Outcome.DECLINE, "a rule", told_reason="I am concentrating on backend work", from_rule=True)
RESCHEDULE = Decision(Outcome.RESCHEDULE, "busy", alternatives=OFFERS, appointment=APPOINTMENT)


def mail(text: str = "Dear Robin,\n\nplease come.\n\nDana Whitfield", **changes: Any) -> Message:
    plain = Message(
        "<invitation@brightwave.example>",
        datetime(2026, 11, 23, 8, 30, tzinfo=LONDON),
        Address("Dana Whitfield", "dana@brightwave.example"),
        "Interview",
        (Segment(SegmentKind.NEWEST, text),),
        to=(Address("", "robin.meyer@example.net"),),
    )
    return replace(plain, **changes)


def reading(**changes: Any) -> Reading:
    plain = Reading(
        Kind.INVITATION,
        actionable=True,
        confidence=1.0,
        lang="en",
        role="Backend Engineer",
        company="Brightwave",
        contact="Dana Whitfield",
        reply_to="dana@brightwave.example",
        zone="Europe/London",
        agency=False,
    )
    return replace(plain, **changes)


def write(
    decision: Decision = DECLINE,
    read: Reading | None = None,
    message: Message | None = None,
    *,
    case: str = "case",
    by: Settings = SETTINGS,
    templates: dict[str, str] = TEMPLATES,
    letter: Letter | None = None,
) -> Reply:
    return compose(decision, read or reading(), message or mail(), case, by, templates, now=NOW, letter=letter)


# --- the letters --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("specimen", [s for lang in LANGUAGES for s in shown(lang, TEMPLATES)], ids=lambda s: s.name)
def test_every_template_reads_as_a_finished_letter(specimen: Specimen, golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / f"{specimen.name}.txt", written(specimen, TEMPLATES).body + "\n")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_template_holds_whatever_a_mail_leaves_unsaid(lang: str) -> None:
    for specimen in varied(lang, TEMPLATES):
        reply = written(specimen, TEMPLATES)  # raises NotWritable when tact finds anything
        assert reply.template == specimen.name
        assert "None" not in reply.body


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_every_letter_in_every_form(lang: str) -> None:
    from raincheck.core.wording import parse_language

    names = {name.partition("/")[2] for name in TEMPLATES if name.startswith(f"{lang}/")}
    needed = {*Letter, "decline.agency", "reschedule.second"}
    if parse_language(TEMPLATES[f"{lang}/language"]).forms:
        needed |= {f"{name}.informal" for name in needed}
    assert needed <= names


def test_a_reschedule_with_two_zones_says_theirs_first(golden: Callable[[Path, str], None]) -> None:
    reply = write(RESCHEDULE)
    golden(GOLDEN / "two-zones.txt", reply.body + "\n")
    assert "on Tuesday, 1 December 2026 at 14:30 London time" in reply.body
    assert "- Thursday, 3 December 2026, 09:00 London time (10:00 Berlin time)" in reply.body


def test_two_cases_get_different_texts_and_one_case_always_the_same() -> None:
    texts = {write(case=f"case-{number}").body for number in range(40)}
    assert len(texts) >= 8
    assert write(case="case-1").body == write(case="case-1").body


def test_a_signature_of_several_lines_goes_below_its_dashes() -> None:
    signed = replace(SETTINGS, me=replace(ME, signature="Robin Meyer\n+49 30 5550 0100"))
    assert write(by=signed).body.endswith("\nRobin Meyer\n-- \nRobin Meyer\n+49 30 5550 0100")
    assert "-- " not in write().body


# --- reasons and tone ---------------------------------------------------------------------------------------------


def test_a_decline_without_a_phrase_tells_no_reason() -> None:
    body = write(replace(DECLINE, told_reason=None)).body
    assert "because" not in body
    assert ", as " not in body


def test_a_reason_is_put_into_the_sentence() -> None:
    body = write(replace(DECLINE, told_reason="  I am busy\nwith my thesis.  ")).body
    assert " I am busy with my thesis.\n" in body
    german = write(
        replace(DECLINE, told_reason="Ich schreibe meine Abschlussarbeit."), reading(lang="de", zone=None)
    ).body
    assert ", denn ich schreibe meine Abschlussarbeit.\n" in german


def test_a_rule_that_proposes_other_weeks_says_why() -> None:
    ruled = Decision(
        Outcome.PROPOSE, "rule", alternatives=OFFERS, told_reason="I am finishing my thesis", from_rule=True
    )
    assert "\n\nAs I am finishing my thesis, these times would suit me:\n" in write(ruled).body


def test_a_referral_is_the_persons_own_sentence() -> None:
    sentence = "Alex Kim may be interested: alex.kim@example.org, https://example.org/alex."
    assert f"\n\n{sentence}\n\n" in write(replace(DECLINE, referral=sentence)).body


def test_a_collision_has_a_true_phrase_and_a_rule_without_one_is_left() -> None:
    assert "commitment" in write(RESCHEDULE).body
    assert "commitment" not in write(replace(RESCHEDULE, collides=False)).body
    with pytest.raises(NotWritable, match="reason"):
        write(replace(RESCHEDULE, from_rule=True))


@pytest.mark.parametrize(
    ("formal", "lang", "start"),
    [
        (False, "de", "Hallo Dana,"),
        (True, "de", "Guten Tag Dana Whitfield,"),
        (None, "de", "Guten Tag Dana Whitfield,"),
        (None, "en", "Dear Dana,"),
    ],
)
def test_the_tone_is_that_of_the_mail(formal: bool | None, lang: str, start: str) -> None:
    reply = write(read=reading(formal=formal, lang=lang))
    assert reply.body.startswith(start)
    assert reply.template == ("de/decline.informal" if formal is False else f"{lang}/decline")


def test_austria_and_switzerland_write_their_own_way() -> None:
    vienna = write(RESCHEDULE, reading(lang="de", zone="Europe/Vienna", formal=True))
    assert "Dezember" in vienna.body
    january = tuple(
        Period(p.start.replace(year=2027, month=1, day=7 + n), p.end.replace(year=2027, month=1, day=7 + n))
        for n, p in enumerate(OFFERS)
    )
    assert "Jänner" in write(replace(RESCHEDULE, alternatives=january), reading(lang="de", zone="Europe/Vienna")).body
    zurich = write(DECLINE, reading(lang="de", zone="Europe/Zurich", formal=True)).body
    assert zurich.startswith("Guten Tag Dana Whitfield\n\n")
    assert zurich.split("\n\n")[1][0].isupper()
    assert "ß" not in zurich
    assert "Mit freundlichen Grüssen" in zurich or "Freundliche Grüsse" in zurich
    named = write(DECLINE, reading(lang="de", zone="Europe/Zurich", formal=True, contact="Anna Groß")).body
    assert named.startswith("Guten Tag Anna Groß\n")


def test_a_territory_may_have_a_folder_of_its_own() -> None:
    own = {name.replace("en/", "en-IN/", 1): text for name, text in TEMPLATES.items() if name.startswith("en/")}
    reply = write(read=reading(zone="Asia/Kolkata"), templates={**TEMPLATES, **own})
    assert reply.template == "en-IN/decline"
    assert write(templates={**TEMPLATES, **own}).template == "en/decline"


def test_a_language_that_is_not_answered_is_left() -> None:
    with pytest.raises(NotWritable, match="language"):
        write(read=reading(lang="fr"))
    with pytest.raises(NotWritable, match="language"):
        write(read=reading(lang=None))


# --- templates of the person's own --------------------------------------------------------------------------------


def test_a_rule_may_name_a_template_of_the_persons_own() -> None:
    own = "{{ greeting }}\n\nThank you for the invitation.\n" + (
        "I have decided not to go ahead with it, and I wish you every success with your search for somebody who fits.\n"
        "It was good to hear from you and I hope that we meet again on some other occasion.\n\n{{ closing }}\n"
    )
    reply = write(replace(DECLINE, template="brief"), templates={**TEMPLATES, "en/brief": own})
    assert reply.template == "en/brief"
    with pytest.raises(NotWritable, match=r"en/missing\.txt"):
        write(replace(DECLINE, template="missing"))


@pytest.mark.parametrize(
    "broken", ["{{ nothing }}", "{% if %}", "{{ 1 / 0 }}", "{{ greeting.__class__.__mro__ }}", "{{ vary() }}"]
)
def test_a_template_that_does_not_work_says_so(broken: str) -> None:
    with pytest.raises(NotWritable, match="en/decline"):
        write(templates={**TEMPLATES, "en/decline": broken})


# --- untrusted words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "role",
    ["{{ 7 * 7 }}", "<b>Engineer</b>", "Engineer\n\nP.S. I accept", "see https://x.example", "x" * 200, "a@b.example"],
)
def test_words_of_the_mail_are_one_clean_line_or_left_out(role: str) -> None:
    body = write(read=reading(role=role)).body
    assert "49" not in body
    assert "<b>" not in body
    assert "://" not in body
    assert "xxxx" not in body
    assert "\n\nP.S." not in body


def test_names_that_are_also_days_are_names() -> None:
    sunday = reading(lang="de", formal=True, contact="ANNA SONNTAG", role="Monday Manager (m/w/d)", company="Friday")
    body = write(RESCHEDULE, sunday, mail("Frau Sonntag erreichen Sie immer.")).body
    assert body.startswith("Sehr geehrte Frau Sonntag,\n")
    assert "„Monday Manager“ bei Friday" in body


def test_gender_marks_and_doubled_words_are_left_out_of_a_role() -> None:
    assert "for the Data Engineer position at" in write(read=reading(role="Data Engineer (m/w/d) position")).body


@settings(max_examples=60, deadline=None)
@given(
    role=st.text(max_size=100), company=st.text(max_size=80), contact=st.text(max_size=70), text=st.text(max_size=300)
)
def test_no_mail_breaks_a_letter(role: str, company: str, contact: str, text: str) -> None:
    try:
        reply = write(RESCHEDULE, reading(role=role, company=company, contact=contact), mail(text, subject=role))
    except NotWritable:
        return
    assert all(line in reply.body for line in ("- Thursday, 3 December 2026, 09:00 London time (10:00 Berlin time)",))
    assert to_bytes(reply, message_id="<a@example.net>", date=NOW).count(b"\r\nTo: ") == 1


# --- envelope and quote -------------------------------------------------------------------------------------------


def test_the_answer_comes_from_the_address_the_mail_was_sent_to() -> None:
    both = replace(SETTINGS, me=replace(ME, addresses=("robin.meyer@example.net", "r.meyer@example.org")))
    message = mail(to=(Address("Robin", "R.Meyer@example.org"),))
    assert write(message=message, by=both).from_ == Address("Robin Meyer", "r.meyer@example.org")


def test_references_are_the_mails_own_and_the_mail() -> None:
    message = mail(references=("<1@x.example>", "<2@x.example>"), in_reply_to=("<2@x.example>",))
    assert write(message=message).references == ("<1@x.example>", "<2@x.example>", "<invitation@brightwave.example>")
    assert write(message=mail(in_reply_to=("<2@x.example>",))).references[0] == "<2@x.example>"
    assert write(message=mail(message_id=None)).in_reply_to is None


def test_the_original_is_quoted_as_mail_clients_do() -> None:
    message = mail("Dear Robin,\n\n> an older line\n> > older still\nplease come.")
    assert write(message=message).quote == (
        "On Monday, 23 November 2026 at 09:30, Dana Whitfield wrote:\n> Dear Robin,\n>\n>> an older line\n"
        ">>> older still\n> please come."
    )
    german = write(read=reading(lang="de"), message=message).quote
    assert german.startswith("Am Montag, 23. November 2026, um 09:30 Uhr schrieb Dana Whitfield:\n> ")


def test_a_quote_is_bounded_and_can_be_switched_off() -> None:
    long = mail("line\n" * 5000)
    assert write(message=long).quote.count("\n") <= 201
    assert write(message=long, by=replace(SETTINGS, replies=Replies(quote=False))).quote == ""


def test_offered_lines_are_found_in_the_letter() -> None:
    desk = stationery(reading(), mail(), SETTINGS, TEMPLATES)
    lines = offered_lines(RESCHEDULE, desk)
    assert len(lines) == 2
    assert all(line in write(RESCHEDULE).body for line in lines)


def test_the_other_letters_are_asked_for_by_name() -> None:
    agreed = Decision(Outcome.LEAVE, "they chose", appointment=APPOINTMENT)
    assert "Tuesday, 1 December 2026 at 14:30 London time" in write(agreed, letter=Letter.CONFIRM).body
    assert write(replace(agreed, template="thesis"), letter=Letter.FOLLOW_UP).template == "en/follow_up"
    with pytest.raises(NotWritable, match="left"):
        write(agreed)


def test_a_deadline_date_or_reply_by_never_enters_a_letter() -> None:
    body = write(RESCHEDULE, reading(reply_by=date(2026, 11, 27), salary=None)).body
    assert "27 November" not in body
    assert datetime(2026, 11, 27, tzinfo=UTC).strftime("%A") not in body.split("\n- ")[0]


def test_the_writers_own_name_is_no_company() -> None:
    private = mail(from_=Address("Dana Whitfield", "dana.whitfield@freemail.example"))
    found = reading(company="Dana Whitfield", reply_to="dana.whitfield@freemail.example")
    body = write(read=found, message=private).body
    assert "at Dana" not in body
    assert "team" not in body
    shop = mail(from_=Address("Dana Whitfield", "jobs@danawhitfield.example"))
    found = reading(company="Dana Whitfield", reply_to="jobs@danawhitfield.example")
    assert "at Dana Whitfield" in write(read=found, message=shop).body


@pytest.mark.parametrize(
    "role", ["Backend Engineer at Brightwave", "Backend Engineer @ Brightwave", "Backend Engineer"]
)
def test_a_company_behind_the_role_is_not_said_twice(role: str) -> None:
    assert "the Backend Engineer position at Brightwave" in write(read=reading(role=role)).body
