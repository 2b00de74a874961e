from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.core.authentication import authenticated
from raincheck.core.facts import Facts, Situation
from raincheck.core.model import (
    Hold,
    Kind,
    Message,
    Outcome,
    Period,
    Reading,
    Salary,
    SchedulingRequest,
    Segment,
    SegmentKind,
    Slot,
    Unsure,
)
from raincheck.core.proposed import judge_times
from raincheck.core.rules import FACTS, SOURCES, UNKNOWN, asks_for, first_match, judge
from raincheck.core.settings import All, AnyOf, Condition, Not, Rule, Test, Unknown
from tests.core.deciding import (
    NOW,
    READINGS,
    answered,
    at,
    busy,
    case_of,
    message,
    reading,
    settings,
    slot,
)

if TYPE_CHECKING:
    from raincheck.core.model import BusyPeriod, Case


def facts(
    found: Reading, mail: Message | None = None, case: Case | None = None, *calendar: BusyPeriod, **fields: Any
) -> Facts:
    proposed = judge_times(found, case, settings().availability, calendar, now=NOW)
    standard: dict[str, Any] = {"authserv_id": None, "timezone": "Europe/Berlin", "now": NOW, "proposed": proposed}
    return Facts(Situation(found, mail or message(), case, "main", **{**standard, **fields}))


def truth(condition: Condition, found: Reading, **fields: Any) -> bool | None:
    return judge(condition, facts(found, **fields)).truth


# --- three values -------------------------------------------------------------------------------------------------

TRUE, FALSE, NOBODY = Test("scam", expected=False), Test("scam", expected=True), Test("role", "x")
_VALUES = {True: TRUE, False: FALSE, None: NOBODY}
NO_ROLE = reading(role=None)


@pytest.mark.parametrize("one", [True, False, None])
@pytest.mark.parametrize("other", [True, False, None])
def test_kleene(one: bool | None, other: bool | None) -> None:
    both, either = All((_VALUES[one], _VALUES[other])), AnyOf((_VALUES[one], _VALUES[other]))
    expected_both = False if False in (one, other) else None if None in (one, other) else True
    expected_either = True if True in (one, other) else None if None in (one, other) else False
    assert truth(both, NO_ROLE) is expected_both
    assert truth(either, NO_ROLE) is expected_either
    assert truth(Not(_VALUES[one]), NO_ROLE) is (None if one is None else not one)


def test_no_condition_at_all_is_true() -> None:
    assert truth(All(()), NO_ROLE) is True


def test_unknown_asks_for_what_the_mail_does_not_say() -> None:
    assert truth(Unknown(("role",)), NO_ROLE) is True
    assert truth(Unknown(("role", "company")), NO_ROLE) is False  # the company is known
    assert truth(Not(Unknown(("role",))), NO_ROLE) is False
    assert truth(Unknown(("salary_below",)), NO_ROLE) is True


CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    st.sampled_from(
        [
            Test("role", "PHP"),
            Test("company", ("Acme",)),
            Test("agency", expected=True),
            Test("busy", expected=True),
            Test("weekday", ("mon", "tue")),
            Test("time_before", time(10)),
            Test("salary_below", Salary(60000, "EUR", "year")),
            Test("duration_above", 45.0),
            Test("interview_until", date(2026, 12, 24)),
            Test("authenticated", expected=False),
        ]
    ),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


@given(CONDITIONS, READINGS)
def test_judging_is_total_and_excludes_the_middle_only_where_all_is_known(when: Condition, found: Reading) -> None:
    known = facts(found)
    one, opposite = judge(when, known), judge(Not(when), known)
    assert one.words
    assert (one.truth is None) == (opposite.truth is None)
    if one.truth is not None:
        assert opposite.truth is not one.truth


@given(CONDITIONS, READINGS)
def test_what_is_learned_later_never_overturns_a_judgement(when: Condition, found: Reading) -> None:
    """Kleene's logic is monotonic: an answer given with facts missing stays when they become known."""
    known = facts(found)
    everything = {name: known[name] for name in SOURCES}
    less = {name: UNKNOWN if name in ("role", "times", "agency") else value for name, value in everything.items()}
    before = judge(when, less).truth
    if before is not None:
        assert judge(when, everything).truth is before


# --- texts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "fits"),
    [
        ("php|wordpress", False),
        ("go", True),
        ("^Engineer", False),
        (("Go Engineer",), True),
        (("go engineer", "x"), True),
        (("Go",), False),
    ],
)
def test_a_string_is_searched_for_and_a_list_is_equal(expected: str | tuple[str, ...], fits: bool) -> None:
    assert truth(Test("role", expected), reading()) is fits


def test_casefolded_equality() -> None:
    assert truth(Test("company", ("STRASSE AG",)), reading(company="Straße AG")) is True


def test_a_pattern_that_takes_too_long_is_unknown() -> None:
    mail = message(segments=(Segment(SegmentKind.NEWEST, "a" * 5000 + "!"),))
    found = judge(Test("text", r"(a|a|aa)+$"), facts(reading(), mail))
    assert found.truth is None


@pytest.mark.parametrize(
    ("expected", "fits"),
    [("acme.example", True), ("example", True), ("me.example", False), (("b.example", "@acme.example"), True)],
)
def test_domains_fit_by_their_end(expected: str | tuple[str, ...], fits: bool) -> None:
    assert truth(Test("domain", expected), reading()) is fits


def test_other_texts() -> None:
    found = reading(skills=("Go", "Postgres"), stage="technical", format="video", location="Berlin", seniority="senior")
    for test in (
        Test("sender", "dana reed"),
        Test("sender", ("dana@acme.example",)),
        Test("subject", "interview"),
        Test("text", "could we"),
        Test("skills", "postgres"),
        Test("skills", ("go",)),
        Test("stage", ("technical",)),
        Test("format", "video"),
        Test("location", "berlin"),
        Test("seniority", "senior"),
        Test("language", ("en",)),
        Test("kind", ("invitation",)),
        Test("account", ("main",)),
        Test("contact", "reed"),
    ):
        assert truth(test, found) is True, test.fact


def test_a_field_that_can_be_taken_in_two_ways_is_unknown() -> None:
    unsure = reading(unsure=(Unsure("company", "two names"),))
    assert truth(Test("company", "Acme"), unsure) is None
    assert truth(Unknown(("company",)), unsure) is True
    assert (
        truth(Test("weekday", ("thu",)), reading(Kind.INVITATION, slot(3, 9), unsure=(Unsure("slots", "?"),))) is None
    )


def test_the_outcome_before_is_that_of_the_same_company() -> None:
    history = (answered(Outcome.DECLINE, None), answered(Outcome.RESCHEDULE, None, "Metaverse"))
    test = Test("previous_outcome", ("decline",))
    assert truth(test, reading(), history=history) is True
    assert truth(test, reading(company="Meta"), history=history) is False
    assert truth(test, reading(company=None), history=history) is None


# --- flags and numbers --------------------------------------------------------------------------------------------


def test_flags() -> None:
    found = reading(agency=True, remote=False, scheduling=SchedulingRequest("REQUEST", "u"))
    assert truth(Test("agency", expected=True), found) is True
    assert truth(Test("agency", expected=True), reading()) is None
    assert truth(Test("remote", expected=True), found) is False
    assert truth(Test("has_itip", expected=True), found) is True
    assert truth(Test("asks_availability", expected=True), reading()) is True
    assert truth(Test("asks_availability", expected=True), reading(Kind.INVITATION, slot(3, 9))) is False
    assert truth(Test("scam", expected=True), reading(Kind.SCAM)) is True


def test_same_day_is_today_where_the_person_is() -> None:
    late = Slot(NOW.replace(hour=23, minute=30))
    assert truth(Test("same_day", expected=True), reading(Kind.INVITATION, late)) is True
    assert truth(Test("same_day", expected=True), reading(Kind.INVITATION, late, slot(1, 9))) is False
    assert truth(Test("same_day", expected=True), reading()) is None


def test_calendar_facts() -> None:
    found = reading(Kind.INVITATION, slot(3, 10), slot(4, 20))
    with_calendar = facts(found, None, None, busy(3, 9, 12))
    values = {name: with_calendar[name] for name in ("busy", "free", "outside_hours")}
    assert values == {"busy": False, "free": False, "outside_hours": True}
    assert truth(Test("busy", expected=False), found, proposed=None) is None


@pytest.mark.parametrize(
    ("pay", "below"),
    [
        (Salary(60000, "EUR", "year"), True),
        (Salary(80000, "EUR", "year"), False),
        (Salary(5000, "EUR", "month"), True),
        (Salary(6000, "EUR", "month"), False),
        (Salary(50, "EUR", "hour"), False),
        (Salary(60000, "USD", "year"), None),
        (Salary(60000, None, "year"), None),
        (Salary(60000, "EUR", None), None),
        (None, None),
    ],
)
def test_pay_is_compared_by_the_year_and_in_one_currency(pay: Salary | None, below: bool | None) -> None:
    assert truth(Test("salary_below", Salary(70000, "EUR", "year")), reading(salary=pay)) is below


def test_pay_above_and_without_a_currency_in_the_rule() -> None:
    found = reading(salary=Salary(90000, "CHF", "year"))
    assert truth(Test("salary_above", Salary(80000, None, "year")), found) is True
    assert truth(Test("salary_above", Salary(90000, "CHF", "year")), found) is False


def test_lengths_and_notice() -> None:
    found = reading(Kind.INVITATION, slot(1, 9), duration_minutes=90)
    assert truth(Test("duration_above", 60.0), found) is True
    assert truth(Test("duration_below", 90.0), found) is False
    assert truth(Test("notice_below", timedelta(hours=25)), found) is True
    assert truth(Test("notice_below", timedelta(hours=24)), found) is False


def test_counts_are_at_least_and_zero_is_none() -> None:
    found = reading(Kind.INVITATION, slot(3, 9))
    case = case_of(found, reschedules_by_them=2)
    assert judge(Test("reschedules_by_them", 2.0), facts(found, None, case)).truth is True
    assert judge(Test("reschedules_by_them", 3.0), facts(found, None, case)).truth is False
    assert judge(Test("reschedules_by_me", 0.0), facts(found, None, case)).truth is True
    assert judge(Test("reschedules_by_them", 0.0), facts(found, None, case)).truth is False


def test_offers_and_interviews_of_the_week() -> None:
    found = reading(Kind.INVITATION, slot(3, 9))
    case = case_of(found)
    later = NOW + timedelta(days=3)
    talk = Period(at(1, 9), at(1, 10))
    holds = (
        Hold("other", Period(at(2, 9), at(2, 10)), firm=True, expires=later),
        Hold("other", Period(at(4, 9), at(4, 10)), firm=True, expires=later),
        Hold("past", talk, firm=True, expires=NOW - timedelta(hours=1)),
        Hold(case.id, talk, firm=True, expires=later),
    )
    talks = (talk, Period(at(4, 9), at(4, 10)), Period(at(8, 9), at(8, 10)))
    known = facts(found, None, case, holds=holds, interviews=talks)
    assert known["offers_open"] == 1
    assert known["interviews_that_week"] == 2
    assert facts(reading(), None, case, interviews=talks)["interviews_that_week"] is UNKNOWN


def test_a_role_that_only_is_said_more_closely_has_not_changed() -> None:
    same = case_of(reading(), roles_seen=("Engineer",))
    other = case_of(reading(), roles_seen=("Sales Manager",))
    assert facts(reading(), None, same)["role_changed"] is False
    assert facts(reading(), None, other)["role_changed"] is True
    assert facts(reading(role=None))["role_changed"] is UNKNOWN


# --- times --------------------------------------------------------------------------------------------------------


def test_times_must_be_true_of_all() -> None:
    two = reading(Kind.INVITATION, slot(3, 9), slot(4, 16))  # Thursday and Friday
    assert truth(Test("weekday", ("thu", "fri")), two) is True
    assert truth(Test("weekday", "fri"), two) is False
    assert truth(Test("time_before", time(17)), two) is True
    assert truth(Test("time_before", time(16)), two) is False
    assert truth(Test("time_after", time(9)), two) is True
    assert truth(Test("time_after", time(9, 1)), two) is False
    assert truth(Test("interview_from", date(2026, 12, 3)), two) is True
    assert truth(Test("interview_from", date(2026, 12, 4)), two) is False
    assert truth(Test("interview_until", date(2026, 12, 4)), two) is True
    assert truth(Test("interview_until", date(2026, 12, 3)), two) is False
    assert truth(Test("weekday", "fri"), reading()) is None


def test_times_count_on_the_persons_clock() -> None:
    tokyo_friday = Slot(at(3, 20).astimezone(NOW.tzinfo))
    found = replace(reading(Kind.INVITATION, tokyo_friday))
    assert truth(Test("weekday", "thu"), found) is True
    assert truth(Test("weekday", "fri"), found, timezone="Asia/Tokyo") is True


def test_a_window_counts_with_both_its_ends() -> None:
    found = reading(windows=(Slot(at(3, 9), at(3, 12)),))
    assert truth(Test("time_before", time(12)), found) is True
    assert truth(Test("time_before", time(10)), found) is False


# --- rules in their order -----------------------------------------------------------------------------------------


def test_the_first_true_rule_decides_and_every_tried_one_is_told() -> None:
    rules = (
        Rule("asleep", All(()), Outcome.DECLINE, active_from=date(2027, 1, 1)),
        Rule("over", All(()), Outcome.DECLINE, active_until=date(2026, 11, 29)),
        Rule("unknown", Test("agency", expected=True), Outcome.DECLINE),
        Rule("other", Test("role", "PHP"), Outcome.DECLINE),
        Rule("this", Test("role", "Go"), Outcome.LEAVE, active_from=NOW.date(), active_until=NOW.date()),
        Rule("late", All(()), Outcome.DECLINE),
    )
    found, trace = first_match(rules, facts(reading()), NOW.date())
    assert found is rules[4]
    assert [(step.step, step.hit) for step in trace] == [
        ("rule: asleep", False),
        ("rule: over", False),
        ("rule: unknown", False),
        ("rule: other", False),
        ("rule: this", True),
    ]
    assert [step.detail for step in trace] == [
        "not active today",
        "not active today",
        "agency is not known",
        "role (“Go Engineer”) does not fit “PHP”",
        "role (“Go Engineer”) fits “Go”",
    ]


def test_a_condition_tells_on_what_it_rests() -> None:
    when = All((Test("salary_below", Salary(1)), AnyOf((Not(Test("weekday", "mon")), Unknown(("company",))))))
    assert asks_for(when) == {"salary", "times", "company"}


def test_every_fact_can_be_worked_out() -> None:
    known = facts(reading())
    assert set(known) >= {fact.source for fact in FACTS.values()}
    assert len(known) == len(list(known))


# --- authentication -----------------------------------------------------------------------------------------------

ID = "mx.example.net"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([f"{ID}; dmarc=pass (p=reject) header.from=acme.example"], True),
        ([f"{ID}; dkim=pass header.d=acme.example; spf=fail smtp.mailfrom=bounce.example"], True),
        ([f"{ID} 1; spf=pass smtp.mailfrom=x@mail.acme.example"], True),
        ([f"{ID}; dkim=pass header.d=evil.example"], False),
        ([f"{ID}; dmarc=fail header.from=acme.example; dkim=pass header.d=acme.example"], False),
        ([f"{ID}; dkim=none"], False),
        (["other.example; dmarc=pass header.from=acme.example"], None),
        ([f"{ID}; none"], None),
        ([], None),
        # a comment may not forge a result, and the newest result of a method counts
        ([f"{ID} (x; dmarc=pass header.from=acme.example); dkim=fail header.d=acme.example"], False),
        ([f"{ID}; dkim=fail header.d=acme.example", f"{ID}; dkim=pass header.d=acme.example"], False),
        ([f"{ID}; dkim=pass header.d=example"], False),
        ([f'"{ID}"; dkim=pass reason="good; signature" header.i=@acme.example'], True),
    ],
)
def test_authentication_results_of_ones_own_server(headers: list[str], expected: bool | None) -> None:
    assert authenticated(headers, ID, "acme.example") is expected


@given(st.text(max_size=300))
def test_authentication_results_are_never_true_by_chance(text: str) -> None:
    assert authenticated([f"{ID}; {text}"], ID, "acme.example") is not True


def test_authenticated_needs_the_name_of_the_server() -> None:
    mail = message(authentication_results=(f"{ID}; dmarc=pass header.from=acme.example",))
    test = Test("authenticated", expected=True)
    assert judge(test, facts(reading(), mail, authserv_id=ID)).truth is True
    assert judge(test, facts(reading(), mail)).truth is None
