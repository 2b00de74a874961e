from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.core.case import (
    Answer,
    AnswerKind,
    add_working_days,
    case_id,
    follow_up_due,
    join,
    opened,
    own_answer,
    read_answer,
    updated,
)
from raincheck.core.likeness import role_within, same_company, same_person, same_role
from raincheck.core.model import (
    OPEN_DRAFT_STATES,
    Address,
    Automatic,
    CaseState,
    Hold,
    Kind,
    MessageRef,
    Outcome,
    Period,
    SchedulingRequest,
    Slot,
    Unsure,
)
from tests.core.deciding import (
    ANY_READINGS,
    COMPANIES,
    NOW,
    PEOPLE,
    ROLES,
    at,
    case_of,
    message,
    reading,
    slot,
)

# --- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Meta", "Metaverse", False),
        ("Meta", "META", True),
        ("Acme GmbH", "Acme", True),
        ("Acme GmbH & Co. KG", "ACME", True),
        ("Acme S.p.A.", "Acme", True),
        ("Acme Inc.", "Acme Ltd", True),
        ("Acme Recruiting Team", "Acme", True),
        ("Acme", "Acme Robotics", False),
        ("Ärzte AG", "ärzte", True),
        ("People", "People GmbH", True),
        ("People GmbH", "Talent GmbH", False),
        ("", "", False),
        ("!!!", "???", False),
        (None, None, False),
        ("Acme", None, False),
    ],
)
def test_same_company(one: str | None, other: str | None, same: bool) -> None:
    assert same_company(one, other) is same
    assert same_company(other, one) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Go Engineer", "Go Engineer (m/w/d)", True),
        ("Go Engineer (all genders)", "go engineer", True),
        ("Entwickler*in Backend", "Backend Entwickler:in", True),
        ("Engineer f/m/x", "Engineer", True),
        ("Senior Go Engineer", "Go Engineer", False),
        ("C++ Developer", "C Developer", False),
        ("C# Developer", "C Developer", False),
        (None, "Engineer", False),
    ],
)
def test_same_role(one: str | None, other: str | None, same: bool) -> None:
    assert same_role(one, other) is same


def test_a_title_within_another() -> None:
    assert role_within("Engineer", "Backend Engineer")
    assert not role_within("Sales Engineer", "Backend Engineer")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Dana Reed", "Reed", True),
        ("Dana Reed", "Reed, Dana", True),
        ("Dr. Dana Reed", "Dana Reed", True),
        ("Frau Reed", "Dana Reed", True),
        ("Dana Reed", "Dana Park", False),
        ("Dana", "Kim", False),
        (None, "Kim", False),
    ],
)
def test_same_person(one: str | None, other: str | None, same: bool) -> None:
    assert same_person(one, other) is same


# --- joining ------------------------------------------------------------------------------------------------------

CASE = case_of(reading(Kind.INVITATION, slot(3, 14)), message(1))


def test_by_thread() -> None:
    other = replace(CASE, id="other", message_ids=("<x@x.example>",))
    unlike = reading(role=None, contact=None, company=None)
    assert join(unlike, message(2, in_reply_to=("<m1@acme.example>",)), [other, CASE]) == CASE
    assert join(unlike, message(2, references=("<a@a.example>", "<m1@acme.example>")), [other, CASE]) == CASE
    assert join(unlike, message(1), [other, CASE]) == CASE
    assert join(unlike, message(2), [other, CASE]) is None


def test_the_answered_mail_counts_more_than_older_references() -> None:
    second = replace(CASE, id="second", message_ids=("<m5@acme.example>",))
    mail = message(6, in_reply_to=("<m5@acme.example>",), references=("<m1@acme.example>", "<m5@acme.example>"))
    assert join(reading(), mail, [CASE, second]) == second


def test_a_thread_of_another_company_from_elsewhere_is_not_the_case() -> None:
    mail = message(2, from_=Address("", "x@evil.example"), in_reply_to=("<m1@acme.example>",))
    stranger = reading(company="Other", reply_to="x@evil.example", role="Go Engineer")
    assert join(stranger, mail, [CASE]) is None
    assert join(replace(stranger, company=None), mail, [CASE]) == CASE
    assert join(reading(company="Client of the agency"), message(2, in_reply_to=("<m1@acme.example>",)), [CASE]) == CASE


def test_by_calendar_object() -> None:
    case = replace(CASE, ical_uid="u1")
    found = reading(role=None, company=None, contact=None, scheduling=SchedulingRequest("REQUEST", "u1"))
    assert join(found, message(2), [case]) == case
    assert join(replace(found, scheduling=SchedulingRequest("REQUEST", "u2")), message(2), [case]) is None
    assert join(replace(found, scheduling=SchedulingRequest("REQUEST", None)), message(2), [CASE]) is None


@pytest.mark.parametrize(
    ("fields", "joins"),
    [
        ({}, True),
        ({"role": "Go Engineer (m/f/d)", "contact": "Reed"}, True),
        ({"contact": None, "reply_to": None}, True),  # a reminder from no-reply
        ({"role": None}, True),
        ({"role": "PHP Developer"}, False),  # two roles at one company are two cases
        ({"contact": "Kim Park", "reply_to": "kim@acme.example"}, False),
        ({"company": "Acme Robotics"}, False),
        ({"company": None}, False),
        ({"role": None, "contact": None, "reply_to": "jobs@acme.example"}, False),  # nothing but the company
    ],
)
def test_by_names(fields: dict[str, Any], joins: bool) -> None:
    mail = message(2, from_=Address("", "no-reply@ats.example"))
    assert (join(reading(**fields), mail, [CASE]) == CASE) is joins


def test_a_tie_joins_nothing() -> None:
    twin = replace(CASE, id="twin", message_ids=("<other@acme.example>",))
    assert join(reading(), message(2), [CASE, twin]) is None
    second_role = replace(twin, role="PHP Developer")
    assert join(reading(role=None), message(2), [CASE, second_role]) is None


def test_names_alone_do_not_wake_an_old_case() -> None:
    old = replace(CASE, updated=NOW - timedelta(days=200))
    assert join(reading(), message(2), [old]) is None
    assert join(reading(), message(2, in_reply_to=("<m1@acme.example>",)), [old]) == old


_CASES = st.lists(
    st.builds(
        lambda n, company, role, person, address, uid: replace(
            case_of(reading(company=company, role=role, contact=person, reply_to=address), message(n)),
            ical_uid=uid,
        ),
        st.integers(1, 6),
        COMPANIES,
        ROLES,
        PEOPLE,
        st.sampled_from([None, "dana@acme.example", "hr@meta.example"]),
        st.sampled_from([None, "u1", "u2"]),
    ),
    max_size=5,
    unique_by=lambda case: case.id,
)
_MAILS = st.builds(
    lambda n, parents, address: message(n, in_reply_to=tuple(parents), from_=Address("", address)),
    st.integers(1, 12),
    st.lists(st.integers(1, 8).map(lambda n: f"<m{n}@acme.example>"), max_size=2),
    st.sampled_from(["dana@acme.example", "hr@meta.example"]),
)
_WITH_UID = st.builds(
    lambda found, uid: replace(found, scheduling=SchedulingRequest("REQUEST", uid) if uid else None),
    ANY_READINGS,
    st.sampled_from([None, None, "u1", "u2"]),
)


@given(_WITH_UID, _MAILS, _CASES, st.randoms(use_true_random=False))
def test_joining_does_not_depend_on_order_and_never_merges_companies(found, mail, cases, random) -> None:  # type: ignore[no-untyped-def]  # strategies say the types
    joined = join(found, mail, cases)
    shuffled = list(cases)
    random.shuffle(shuffled)
    assert join(found, mail, shuffled) == joined
    if joined is None:
        return
    assert joined in cases
    if found.company and joined.company and not same_company(found.company, joined.company):
        # only a true thread or object, from the same domain
        address = found.reply_to or mail.from_.addr_spec
        assert joined.domain == address.rpartition("@")[2]
        tied = set(mail.in_reply_to) | {mail.identity}
        assert tied & set(joined.message_ids) or found.scheduling.uid == joined.ical_uid


# --- opening and updating -----------------------------------------------------------------------------------------


def test_the_id_is_that_of_the_mail() -> None:
    assert case_id("main", "<a@x.example>") == case_id("main", "<a@x.example>")
    assert case_id("main", "<a@x.example>") != case_id("work", "<a@x.example>")
    assert case_id("main", "\ud800").isalnum()


def test_opening() -> None:
    found = reading(Kind.INVITATION, slot(3, 14), reply_by=date(2026, 12, 2), agency=False, duration_minutes=30)
    case = opened(found, message(), account="main", now=NOW)
    assert (case.state, case.kind, case.company, case.role) == (CaseState.LEFT, Kind.INVITATION, "Acme", "Go Engineer")
    assert (case.counterpart, case.domain) == ("dana@acme.example", "acme.example")
    assert (case.invitation, case.invitation_id) == (MessageRef("INBOX", 1, 1), "<m1@acme.example>")
    assert (case.slots, case.duration_minutes, case.subject) == ((slot(3, 14),), 30, "Interview")
    assert case.deadline == at(2, 23, 59)
    assert case.roles_seen == ("Go Engineer",)


@given(ANY_READINGS, _MAILS)
def test_a_known_mail_changes_nothing(found, mail) -> None:  # type: ignore[no-untyped-def]  # strategies say the types
    case = opened(found, mail, account="main", now=NOW)
    assert updated(case, found, mail, now=NOW + timedelta(days=1)) == case
    again = updated(CASE, found, mail, now=NOW)
    assert again.id == CASE.id
    assert set(CASE.message_ids) < set(again.message_ids) or mail.identity in CASE.message_ids


def test_they_move_it() -> None:
    case = replace(CASE, appointment=slot(3, 14), state=CaseState.CONFIRMED)
    moved = updated(case, reading(Kind.RESCHEDULE, slot(4, 10)), message(2), now=NOW)
    assert (moved.reschedules_by_them, moved.slots, moved.kind) == (1, (slot(4, 10),), Kind.RESCHEDULE)
    assert (moved.appointment, moved.invitation_id) == (slot(3, 14), "<m2@acme.example>")


def test_a_cancellation_closes() -> None:
    case = replace(CASE, follow_up_at=NOW, deadline=NOW)
    closed = updated(case, reading(Kind.CANCELLATION), message(2), now=NOW)
    assert (closed.state, closed.slots, closed.follow_up_at, closed.deadline) == (CaseState.CLOSED, (), None, None)
    assert closed.invitation_id == "<m1@acme.example>"


def test_a_confirmation_confirms_its_only_time() -> None:
    confirmed = updated(CASE, reading(Kind.CONFIRMATION, slot(3, 14)), message(2), now=NOW)
    assert (confirmed.state, confirmed.appointment) == (CaseState.CONFIRMED, slot(3, 14))
    two = updated(CASE, reading(Kind.CONFIRMATION, slot(3, 14), slot(4, 9)), message(2), now=NOW)
    assert (two.state, two.appointment) == (CaseState.CONFIRMED, None)
    doubtful = reading(Kind.CONFIRMATION, slot(3, 14), unsure=(Unsure("slots", "?"),))
    assert updated(CASE, doubtful, message(2), now=NOW).appointment is None


@pytest.mark.parametrize("state", sorted(OPEN_DRAFT_STATES))
def test_looking_forward_to_an_unanswered_talk_agrees_nothing(state: CaseState) -> None:
    waiting = replace(CASE, state=state, deadline=NOW)
    after = updated(waiting, reading(Kind.CONFIRMATION), message(2), now=NOW)
    assert (after.state, after.deadline) == (state, NOW)
    answered = replace(waiting, own_answer="<mine@example.net>")
    assert updated(answered, reading(Kind.CONFIRMATION), message(2), now=NOW).state is CaseState.CONFIRMED
    assert updated(waiting, reading(Kind.CONFIRMATION, slot(3, 14)), message(2), now=NOW).state is CaseState.CONFIRMED
    sent = replace(waiting, state=CaseState.SENT)
    assert updated(sent, reading(Kind.CONFIRMATION), message(2), now=NOW).state is CaseState.CONFIRMED


def test_a_reminder_keeps_what_the_case_is_about() -> None:
    reminded = updated(CASE, reading(Kind.REMINDER, slot(3, 14), role="Reminder"), message(2), now=NOW)
    assert (reminded.kind, reminded.appointment, reminded.state) == (Kind.INVITATION, slot(3, 14), CaseState.LEFT)
    assert reminded.invitation_id == "<m1@acme.example>"
    assert reminded.roles_seen == ("Go Engineer",)


def test_roles_of_the_thread_are_remembered() -> None:
    changed = updated(CASE, reading(role="Sales Manager"), message(2), now=NOW)
    assert changed.roles_seen == ("Go Engineer", "Sales Manager")
    assert changed.role == "Sales Manager"


def test_an_outdated_calendar_object_changes_nothing_but_the_list_of_mails() -> None:
    newest = reading(Kind.RESCHEDULE, slot(4, 9), scheduling=SchedulingRequest("REQUEST", "u1", sequence=2))
    case = updated(CASE, newest, message(2), now=NOW)
    assert (case.ical_uid, case.sequence) == ("u1", 2)
    late = reading(Kind.INVITATION, slot(3, 9), scheduling=SchedulingRequest("REQUEST", "u1", sequence=1))
    after = updated(case, late, message(3), now=NOW)
    assert after == replace(case, message_ids=(*case.message_ids, "<m3@acme.example>"))


@pytest.mark.parametrize(
    ("said", "zone", "expected"),
    [
        (date(2026, 12, 4), None, at(4, 23, 59)),
        (date(2026, 12, 4), "America/New_York", datetime(2026, 12, 5, 4, 59, tzinfo=UTC)),
        (at(4, 17), None, at(4, 17)),
        (datetime(2026, 12, 4, 17), None, None),  # noqa: DTZ001 - what a broken reading might say
        (None, None, None),
    ],
)
def test_the_deadline_is_the_end_of_the_senders_day(
    said: date | None, zone: str | None, expected: datetime | None
) -> None:
    assert case_of(reading(reply_by=said, zone=zone)).deadline == expected


def test_the_persons_own_answer() -> None:
    case = own_answer(replace(CASE, follow_up_at=NOW, retry=True), "<m7@acme.example>", ours=False, now=NOW)
    assert (case.own_answer, case.own_answer_is_ours) == ("<m7@acme.example>", False)
    assert (case.follow_up_at, case.retry) == (None, False)
    assert own_answer(case, "<m7@acme.example>", ours=True, now=NOW) == case


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (CaseState.DRAFTED, CaseState.DRAFTED),  # the look at Drafts decides
        (CaseState.CONFIRMED, CaseState.CONFIRMED),  # “see you then” undoes no agreement
        (CaseState.LEFT, CaseState.CLOSED),
        (CaseState.SENT, CaseState.CLOSED),
    ],
)
def test_what_the_persons_own_answer_makes_of_a_case(before: CaseState, after: CaseState) -> None:
    assert own_answer(replace(CASE, state=before), "<m7@acme.example>", ours=False, now=NOW).state is after


# --- their answer -------------------------------------------------------------------------------------------------

OFFER = tuple(
    Hold(CASE.id, Period(at(day, 14).astimezone(UTC), at(day, 15).astimezone(UTC)), firm=True, expires=at(20, 9))
    for day in (8, 9)
)
CHOSEN = Answer(AnswerKind.CHOSEN, Slot(OFFER[0].period.start, OFFER[0].period.end))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (reading(Kind.CONFIRMATION, slot(8, 14)), CHOSEN),
        (reading(Kind.INVITATION, Slot(at(8, 14))), CHOSEN),
        (reading(Kind.CONFIRMATION), Answer(AnswerKind.NONE)),  # two are on offer: which one?
        (reading(Kind.INVITATION, slot(8, 14), slot(9, 14)), Answer(AnswerKind.PROPOSED)),
        (reading(Kind.INVITATION, slot(10, 14)), Answer(AnswerKind.PROPOSED)),
        (reading(Kind.RESCHEDULE, windows=(Slot(at(10, 9), at(10, 12)),)), Answer(AnswerKind.PROPOSED)),
        (reading(Kind.AVAILABILITY_REQUEST), Answer(AnswerKind.DECLINED)),
        (reading(Kind.REJECTION), Answer(AnswerKind.FILLED)),
        (reading(Kind.CANCELLATION), Answer(AnswerKind.FILLED)),
        (reading(Kind.ACKNOWLEDGEMENT, slot(8, 14)), Answer(AnswerKind.NONE)),
        (reading(Kind.CONFIRMATION, slot(8, 14), unsure=(Unsure("slots", "?"),)), Answer(AnswerKind.NONE)),
    ],
)
def test_their_answer_to_an_offer(found, expected: Answer) -> None:  # type: ignore[no-untyped-def]  # a Reading
    assert read_answer(found, message(5), CASE, OFFER) == expected


def test_no_answer_without_an_offer_or_from_a_machine() -> None:
    found = reading(Kind.CONFIRMATION, slot(8, 14))
    assert read_answer(found, message(5), CASE, ()).kind is AnswerKind.NONE
    assert read_answer(found, message(5), replace(CASE, id="other"), OFFER).kind is AnswerKind.NONE
    automatic = message(5, automatic=Automatic.AUTO_REPLY)
    assert read_answer(found, automatic, CASE, OFFER).kind is AnswerKind.NONE
    assert read_answer(reading(Kind.CONFIRMATION), message(5), CASE, OFFER[:1]) == CHOSEN


# --- due dates ----------------------------------------------------------------------------------------------------


def test_working_days() -> None:
    friday = at(4, 16)
    assert add_working_days(friday, 1, "Europe/Berlin") == at(7, 16)
    assert add_working_days(friday, 5, "Europe/Berlin") == at(11, 16)
    assert add_working_days(friday, 0, "Europe/Berlin") == friday
    assert add_working_days(friday, 1, "Europe/Berlin", lambda day: day == date(2026, 12, 7)) == at(8, 16)
    assert add_working_days(at(5, 16), 1, "Europe/Berlin") == at(7, 16)  # from a Saturday


def test_working_days_keep_the_time_of_day_over_a_change_of_the_clock() -> None:
    friday = datetime(2026, 10, 23, 8, tzinfo=UTC)  # 10:00 in Berlin
    assert add_working_days(friday, 1, "Europe/Berlin") == datetime(2026, 10, 26, 9, tzinfo=UTC)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)), st.integers(1, 30))  # noqa: DTZ001 - bounds
def test_working_days_end_on_one(start: datetime, days: int) -> None:
    end = add_working_days(start, days, "Europe/Berlin")
    assert end > start
    assert end.astimezone(at(1, 0).tzinfo).weekday() < 5
    assert add_working_days(start, days, "Europe/Berlin", lambda _: True) > end  # closed for ever still ends


def test_when_a_follow_up_is_due() -> None:
    sent = replace(CASE, state=CaseState.SENT, outcome=Outcome.RESCHEDULE, follow_up_at=NOW)
    assert follow_up_due(sent, NOW)
    assert not follow_up_due(sent, NOW - timedelta(seconds=1))
    for change in (
        {"state": CaseState.DRAFTED},
        {"outcome": Outcome.DECLINE},
        {"follow_up_at": None},
        {"obsolete": "they cancelled"},
    ):
        assert not follow_up_due(replace(sent, **change), NOW)
    assert not follow_up_due(updated(sent, reading(Kind.ACKNOWLEDGEMENT), message(2), now=NOW), NOW)
