from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from raincheck.core.decide import decide
from raincheck.core.facts import Facts, Situation
from raincheck.core.model import (
    Address,
    Automatic,
    BusyPeriod,
    CalendarView,
    Evidence,
    Hold,
    Kind,
    Outcome,
    Period,
    SchedulingRequest,
    Segment,
    SegmentKind,
    Slot,
    Unsure,
)
from raincheck.core.proposed import judge_times
from raincheck.core.rules import judge
from raincheck.core.settings import All, AnyOf, Not, Replies, Rule, Settings, Test, Unknown
from tests.core.deciding import (
    ANY_READINGS,
    BERLIN,
    NOW,
    PERIODS,
    answered,
    at,
    busy,
    case_of,
    decided,
    message,
    reading,
    settings,
    slot,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

NO_PHP = Rule("no PHP", Test("role", "PHP"), Outcome.DECLINE, {"en": "I work in Go", "de": "ich arbeite mit Go"})
THESIS = Rule(
    "thesis",
    All((Test("interview_from", date(2026, 12, 1)), Test("interview_until", date(2026, 12, 31)))),
    Outcome.RESCHEDULE,
    {"en": "I am finishing my thesis"},
    not_before=date(2027, 1, 11),
)


def always(then: Outcome, **fields: Any) -> Rule:
    return Rule("always", All(()), then, **fields)


# --- the table ----------------------------------------------------------------------------------------------------


def test_a_busy_time_is_moved_to_free_ones() -> None:
    decision = decided(reading(Kind.INVITATION, slot(3, 14)), settings(), busy(3, 13, 15))
    assert decision.outcome is Outcome.RESCHEDULE
    assert decision.reason == "you are busy at every time they propose"
    assert decision.appointment == slot(3, 14)
    assert len(decision.alternatives) == 3
    assert (decision.told_reason, decision.from_rule, decision.rule) == (None, False, None)


def test_a_free_time_is_told_and_left() -> None:
    decision = decided(reading(Kind.INVITATION, slot(3, 13), slot(4, 14)), settings(), busy(3, 13, 15))
    assert (decision.outcome, decision.reason) == (Outcome.LEAVE, "Fri 2026-12-04 14:00 is free for you")
    assert decision.free == slot(4, 14)
    assert not decision.retry


def test_a_free_time_is_accepted_where_that_is_wanted() -> None:
    config = settings(replies=Replies(accept="draft"))
    decision = decided(reading(Kind.INVITATION, slot(4, 14)), config)
    assert (decision.outcome, decision.appointment) == (Outcome.ACCEPT, slot(4, 14))


def test_a_window_is_accepted_with_the_first_free_start_in_it() -> None:
    config = settings(replies=Replies(accept="draft"))
    found = reading(windows=(Slot(at(3, 9), at(3, 12)),), duration_minutes=60)
    decision = decided(found, config, busy(3, 8, 10))
    assert decision.outcome is Outcome.ACCEPT
    assert decision.appointment == Slot(at(3, 10), at(3, 11))


@pytest.mark.parametrize(("wish", "outcome"), [("leave", Outcome.LEAVE), ("reschedule", Outcome.RESCHEDULE)])
def test_outside_the_hours(wish: Any, outcome: Outcome) -> None:
    decision = decided(reading(Kind.INVITATION, slot(3, 19)), settings(replies=Replies(outside_hours=wish)))
    assert decision.outcome is outcome
    assert "outside your hours" in decision.reason


@pytest.mark.parametrize(("start", "collides"), [(19, False), (14, True)])
def test_a_commitment_is_told_only_where_there_is_one(start: int, collides: bool) -> None:
    wish = Replies(outside_hours="reschedule")
    decision = decided(reading(Kind.INVITATION, slot(3, start)), settings(replies=wish), busy(3, 13, 15))
    assert (decision.outcome, decision.collides) == (Outcome.RESCHEDULE, collides)


def test_one_evening_among_taken_times_is_no_collision() -> None:
    found = reading(Kind.INVITATION, slot(3, 14), slot(3, 19))
    decision = decided(found, settings(replies=Replies(outside_hours="reschedule")), busy(3, 13, 15))
    assert (decision.outcome, decision.collides) == (Outcome.RESCHEDULE, False)


def test_over_the_limit_of_interviews() -> None:
    talk = Period(at(3, 9), at(3, 10))
    decision = decided(reading(Kind.INVITATION, slot(3, 14)), settings(interviews_per_day=1), interviews=(talk,))
    assert decision.outcome is Outcome.LEAVE
    assert "you already have 1 interview that day" in decision.reason


@pytest.mark.parametrize("kind", [Kind.INVITATION, Kind.AVAILABILITY_REQUEST, Kind.RESCHEDULE])
def test_without_a_time_times_are_proposed(kind: Kind) -> None:
    decision = decided(reading(kind))
    assert (decision.outcome, decision.reason) == (Outcome.PROPOSE, "they ask when you can")
    assert decision.appointment is None


@pytest.mark.parametrize("kind", [Kind.INVITATION, Kind.AVAILABILITY_REQUEST, Kind.OUTREACH])
def test_an_order_to_accept_where_no_time_is_named_is_refused_with_what_to_do(kind: Kind) -> None:
    ordered = decided(reading(kind), settings(Rule("your own word", All(()), Outcome.ACCEPT)))
    assert ordered.outcome is Outcome.LEAVE
    assert "no time that could be accepted (raincheck draft CASE propose" in ordered.reason
    by_rule = decided(reading(kind), settings(Rule("yes", All(()), Outcome.ACCEPT, origin="config.toml:1")))
    assert by_rule.outcome is Outcome.PROPOSE


def test_who_asks_about_certain_hours_is_offered_times_in_them() -> None:
    found = reading(Kind.AVAILABILITY_REQUEST, windows=(Slot(at(3, 9), at(3, 12)), Slot(at(4, 14), at(4, 17))))
    decision = decided(found, settings(max_per_day=2))
    assert decision.alternatives
    assert all(
        (at(3, 9) <= p.start and p.end <= at(3, 12)) or (at(4, 14) <= p.start and p.end <= at(4, 17))
        for p in decision.alternatives
    )


def test_who_asks_about_certain_days_is_offered_times_on_them() -> None:
    """Also days beyond the usual horizon, which runs from the first of them."""
    january = Slot(at(1, 0, month=1).replace(year=2027), at(1, 0, month=2).replace(year=2027))
    for periods in ((january,), (Slot(at(9, 12), at(9, 18)), Slot(at(11, 12), at(11, 18)))):
        for kind in (Kind.AVAILABILITY_REQUEST, Kind.INVITATION):
            decision = decided(reading(kind, periods=periods))
            assert decision.outcome is Outcome.PROPOSE
            assert decision.alternatives
            assert all(
                any(p.period(timedelta(hours=1)).contains(time) for p in periods) for time in decision.alternatives
            )


def test_days_on_which_nothing_is_free_are_left_to_the_person() -> None:
    found = reading(Kind.AVAILABILITY_REQUEST, periods=(Slot(at(9, 0), at(10, 0)),))
    decision = decided(found, settings(), busy(9, 8, 20))
    assert decision.outcome is Outcome.LEAVE
    assert "in the time they ask about there is no time" in decision.reason


def test_a_taken_time_with_looser_days_beside_it_is_moved_into_them() -> None:
    found = replace(reading(Kind.INVITATION, slot(3, 11)), periods=(Slot(at(7, 12), at(7, 18)),))
    decision = decided(found, settings(max_per_day=2), busy(3, 10, 13))
    assert decision.outcome is Outcome.RESCHEDULE
    assert all(at(7, 12) <= time.start and time.end <= at(7, 18) for time in decision.alternatives)


def test_hours_in_which_nothing_is_free_are_answered_with_others() -> None:
    found = reading(Kind.AVAILABILITY_REQUEST, windows=(Slot(at(3, 9), at(3, 12)),))
    decision = decided(found, settings(), busy(3, 8, 13))
    assert (decision.outcome, decision.appointment) == (Outcome.RESCHEDULE, None)
    assert decided(found, known=False).retry


def test_who_asks_about_concrete_times_is_answered_about_them() -> None:
    found = reading(Kind.AVAILABILITY_REQUEST, slot(3, 10), slot(4, 10))
    assert decided(found, settings(), busy(3, 9, 12)).free == slot(4, 10)
    assert decided(found, settings(), busy(3, 9, 12), busy(4, 9, 12)).outcome is Outcome.RESCHEDULE


@pytest.mark.parametrize(
    "fields",
    [
        {"automatic": Automatic.LIST},
        {"automatic": Automatic.AUTO_REPLY},
        {"from_": Address("Robin", "Robin@example.net")},
        {"automatic": Automatic.BULK, "to": (Address("", "candidates@acme.example"),)},
        {"automatic": Automatic.BULK, "to": (Address("", "robin@example.net"), Address("", "ann@example.org"))},
        {"automatic": Automatic.BULK},
    ],
)
def test_machines_and_oneself_are_not_answered(fields: dict[str, Any]) -> None:
    found, mail = reading(Kind.INVITATION, slot(3, 14), role="PHP"), message(**fields)
    assert decided(found, settings(NO_PHP), busy(3, 13, 15), mail=mail).outcome is Outcome.LEAVE


def test_a_bulk_mark_on_a_mail_to_the_person_alone_holds_nothing_back() -> None:
    mail = message(automatic=Automatic.BULK, to=(Address("Robin", "Robin@example.net"),))
    found = reading(Kind.INVITATION, slot(3, 14), role="PHP")
    assert decided(found, settings(NO_PHP), mail=mail).outcome is Outcome.DECLINE


@pytest.mark.parametrize(("words", "outcome"), [("Look at this!", Outcome.LEAVE), ("Shall we talk?", Outcome.DECLINE)])
def test_an_invitation_that_somebody_passed_on_is_left(words: str, outcome: Outcome) -> None:
    parts = (Segment(SegmentKind.NEWEST, words), Segment(SegmentKind.FORWARDED, "we invite you to an interview"))
    quotes = tuple(Evidence("kind", quote, "body") for quote in ("invite you to an interview", "Shall we\ntalk"))
    found = reading(Kind.INVITATION, slot(3, 14), role="PHP", evidence=quotes)
    assert decided(found, settings(NO_PHP), mail=message(segments=parts)).outcome is outcome


@pytest.mark.parametrize(
    "kind",
    [
        Kind.CANCELLATION, Kind.REMINDER, Kind.CONFIRMATION, Kind.ASSESSMENT, Kind.REJECTION, Kind.OFFER,
        Kind.ACKNOWLEDGEMENT, Kind.OTHER, Kind.OUTREACH,
    ],
)  # fmt: skip
def test_kinds_that_are_left(kind: Kind) -> None:
    decision = decided(reading(kind, slot(3, 14)), settings(), busy(3, 13, 15))
    assert (decision.outcome, decision.retry) == (Outcome.LEAVE, False)
    assert decision.reason


@pytest.mark.parametrize(
    "kind",
    [
        k
        for k in Kind
        if k not in (Kind.INVITATION, Kind.OUTREACH, Kind.AVAILABILITY_REQUEST, Kind.SELF_SCHEDULE, Kind.RESCHEDULE)
    ],
)
def test_what_asks_for_no_talk_is_left_whatever_the_rules_say(kind: Kind) -> None:
    assert decided(reading(kind), settings(always(Outcome.DECLINE))).outcome is Outcome.LEAVE


def test_of_a_mail_that_was_not_understood_nothing_is_claimed() -> None:
    why = "it is written in French, which is not read yet"
    found = decided(reading(Kind.OTHER, unsure=(Unsure("kind", why),)))
    assert (found.outcome, found.reason) == (Outcome.LEAVE, why)


@pytest.mark.parametrize("kind", [Kind.OTHER, Kind.CONFIRMATION, Kind.CANCELLATION])
def test_of_a_mail_that_may_ask_it_is_said_that_nobody_knows(kind: Kind) -> None:
    doubt = Unsure("kind", "it may be another kind of mail", (kind.value, "invitation"))
    found = decided(reading(kind, slot(3, 14), actionable=False, unsure=(doubt,)), settings(always(Outcome.DECLINE)))
    assert found.outcome is Outcome.LEAVE
    assert found.reason == f"it is not clear what this mail asks for ({kind.value} or invitation)"


@pytest.mark.parametrize("found", [reading(Kind.SCAM), reading(Kind.INVITATION, slot(3, 14), public_body=True)])
def test_swindles_and_public_bodies_are_left_always(found: Any) -> None:
    config = settings(always(Outcome.DECLINE), replies=Replies(accept="draft"))
    assert decided(found, config, busy(3, 13, 15)).outcome is Outcome.LEAVE


def test_a_booking_page_is_handed_over_with_free_times() -> None:
    decision = decided(reading(Kind.SELF_SCHEDULE, scheduling_link="https://book.example/x"))
    assert decision.outcome is Outcome.LEAVE
    assert "https://book.example/x" in decision.reason
    assert "Wed 2026-12-02 09:00" in decision.reason
    assert len(decision.worth_knowing) == 3
    assert decision.alternatives == ()


def test_a_portal_without_an_address_is_handed_over() -> None:
    found = reading(Kind.INVITATION, slot(3, 14), reply_to=None, scheduling_link="https://book.example/x")
    decision = decided(found, settings(), busy(3, 13, 15))
    assert (decision.outcome, len(decision.worth_knowing)) == (Outcome.LEAVE, 3)


# --- what holds back ----------------------------------------------------------------------------------------------


def test_an_unknown_calendar_holds_everything_back_but_a_decline() -> None:
    found = reading(Kind.INVITATION, slot(3, 14))
    left = decided(found, known=False)
    assert (left.outcome, left.retry) == (Outcome.LEAVE, True)
    assert decided(reading(Kind.AVAILABILITY_REQUEST), known=False).retry
    assert decided(found, settings(THESIS), known=False).retry
    declined = decided(replace(found, role="PHP"), settings(NO_PHP), known=False)
    assert declined.outcome is Outcome.DECLINE


def test_doubtful_times_hold_back_all_but_a_decline() -> None:
    found = reading(Kind.INVITATION, slot(3, 14), unsure=(Unsure("slots", "3 may be 15:00", ("03:00", "15:00")),))
    decision = decided(found, settings(), busy(3, 13, 15))
    assert decision.outcome is Outcome.LEAVE
    assert decision.reason == "their time can be taken in two ways: 3 may be 15:00 (03:00 or 15:00)"
    assert decided(replace(found, role="PHP"), settings(NO_PHP)).outcome is Outcome.DECLINE


def test_a_time_that_nobody_means() -> None:
    found = reading(Kind.INVITATION, slot(3, 14), Slot(at(3, 14).replace(year=9999)))
    assert decided(found).reason == "a time in it lies years away, which cannot be meant"
    assert decided(replace(found, role="PHP"), settings(NO_PHP)).outcome is Outcome.DECLINE


def test_times_that_are_over() -> None:
    found = reading(Kind.INVITATION, Slot(NOW - timedelta(hours=2)))
    assert decided(found).reason == "the times in it are over"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reply_to": None}, "no address"),
        ({"unsure": (Unsure("reply_to", "two", ("a@x.example", "b@x.example")),)}, "a@x.example or b@x.example"),
        ({"lang": "fr"}, "language you do not answer in (fr)"),
        ({"lang": None}, "(unknown)"),
    ],
)
def test_no_letter_no_draft(fields: dict[str, Any], words: str) -> None:
    for found in (reading(Kind.INVITATION, slot(3, 14), **fields), reading(**fields)):
        decision = decided(found, settings(), busy(3, 13, 15))
        assert decision.outcome is Outcome.LEAVE
        assert words in decision.reason
    declined = decided(reading(**{"role": "PHP", **fields}), settings(NO_PHP))
    assert (declined.outcome, declined.rule) == (Outcome.LEAVE, "no PHP")


def test_a_third_move_is_the_persons() -> None:
    found = reading(Kind.INVITATION, slot(3, 14))
    config = settings()
    for moved, outcome in ((0, Outcome.RESCHEDULE), (1, Outcome.RESCHEDULE), (2, Outcome.LEAVE)):
        case = case_of(found, message(9), reschedules_by_me=moved)
        decision = decided(found, config, busy(3, 13, 15), case=case)
        assert decision.outcome is outcome
        assert ("2 times already" in decision.reason) == (moved == 2)
    once = replace(config, replies=Replies(max_reschedules=1))
    case = case_of(found, message(9), reschedules_by_me=1)
    assert "another time once already" in decided(found, once, busy(3, 13, 15), case=case).reason


def test_no_free_time_no_reschedule() -> None:
    decision = decided(reading(Kind.INVITATION, slot(3, 14)), settings(horizon_days=14), busy(1, 0, 23), *[
        BusyPeriod(Period(at(1, 0), at(30, 0))),
    ])  # fmt: skip
    assert decision.outcome is Outcome.LEAVE
    assert "no time of 45 minutes" in decision.reason


def test_a_proposed_time_is_no_alternative_to_itself() -> None:
    """Even when their own entry in the calendar does not count as busy."""
    found = reading(Kind.INVITATION, slot(1, 9), slot(2, 12))
    decision = decided(found, settings(always(Outcome.RESCHEDULE, reason={"en": "I travel"})))
    assert decision.outcome is Outcome.RESCHEDULE
    assert not {p.start for p in decision.alternatives} & {s.start.astimezone(UTC) for s in found.slots}


# --- the invitation itself in the calendar ------------------------------------------------------------------------


def test_an_invitation_does_not_collide_with_itself() -> None:
    same_uid = busy(3, 14, 15, "Interview", uid="u1")
    found = reading(
        Kind.INVITATION,
        slot(3, 14, 60),
        scheduling=SchedulingRequest("REQUEST", "u1", organizer=Address("", "dana@acme.example")),
    )
    assert decided(found, settings(), same_uid).free == slot(3, 14, 60)
    by_company = busy(3, 14, 15, "interview acme")
    assert decided(reading(Kind.INVITATION, slot(3, 14, 60)), settings(), by_company).free == slot(3, 14, 60)
    assert decided(found, settings(), same_uid, busy(3, 14, 15)).outcome is Outcome.RESCHEDULE


def test_an_equal_event_of_nobodys_is_asked_about() -> None:
    decision = decided(reading(Kind.INVITATION, slot(3, 14, 60)), settings(), busy(3, 14, 15, "appointment"))
    assert decision.outcome is Outcome.LEAVE
    assert "is it this one?" in decision.reason


def test_the_agreed_talk_does_not_stand_against_its_own_move() -> None:
    agreed = slot(3, 14)
    case = case_of(reading(), message(9), appointment=agreed)
    found = reading(Kind.RESCHEDULE, Slot(at(3, 14), at(3, 15)), previous_slots=(agreed,))
    decision = decided(found, case=case, interviews=(Period(agreed.start, at(3, 14, 45)),))
    assert decision.free is not None


def test_other_promises_count_and_ones_own_do_not() -> None:
    found = reading(Kind.INVITATION, slot(3, 14))
    case = case_of(found)
    period = Period(at(3, 14), at(3, 15))
    own = Hold(case.id, period, firm=True, expires=at(10, 9))
    assert decided(found, holds=(own,)).free is not None
    other = replace(own, case="other")
    assert decided(found, holds=(other,)).outcome is Outcome.RESCHEDULE


def test_the_time_that_they_chose_of_ours() -> None:
    case = case_of(reading(Kind.AVAILABILITY_REQUEST), message(9))
    hold = Hold(case.id, Period(at(3, 14).astimezone(UTC), at(3, 14, 45).astimezone(UTC)), firm=True, expires=at(9, 9))
    decision = decided(reading(Kind.INVITATION, Slot(at(3, 14))), case=case, holds=(hold,))
    assert decision.outcome is Outcome.LEAVE
    assert decision.reason == "they chose Thu 2026-12-03 14:00, which you had offered; it is still free"


# --- within 24 hours ----------------------------------------------------------------------------------------------


def test_what_starts_soon_is_called_about_first() -> None:
    soon = slot(1, 8)
    taken = decided(reading(Kind.INVITATION, soon), settings(), busy(1, 8, 9))
    assert (taken.outcome, taken.call_first) == (Outcome.RESCHEDULE, True)
    free = decided(
        reading(Kind.INVITATION, Slot(NOW + timedelta(hours=3))),
        settings(replies=Replies(accept="draft")),
    )
    assert (free.outcome, free.call_first) == (Outcome.LEAVE, True)
    later = decided(reading(Kind.INVITATION, slot(1, 9)), settings(), busy(1, 8, 10))
    assert not later.call_first


def test_with_a_later_time_to_choose_a_mail_is_soon_enough() -> None:
    found = reading(Kind.INVITATION, slot(1, 8), slot(4, 14))
    decision = decided(found, settings(replies=Replies(accept="draft")), busy(1, 8, 9))
    assert (decision.outcome, decision.appointment, decision.call_first) == (Outcome.ACCEPT, slot(4, 14), False)


def test_a_decline_within_a_day_is_drafted_and_called_about() -> None:
    decision = decided(reading(Kind.INVITATION, slot(1, 8), role="PHP"), settings(NO_PHP))
    assert (decision.outcome, decision.call_first) == (Outcome.DECLINE, True)


# --- rules --------------------------------------------------------------------------------------------------------


def test_rules_come_first() -> None:
    decision = decided(reading(Kind.INVITATION, slot(3, 14), role="PHP"), settings(NO_PHP, always(Outcome.LEAVE)))
    assert (decision.outcome, decision.rule, decision.from_rule) == (Outcome.DECLINE, "no PHP", True)
    assert decision.told_reason == "I work in Go"
    assert decision.appointment == slot(3, 14)
    left = decided(reading(), settings(always(Outcome.LEAVE)))
    assert left.reason == "your rule “always” leaves it to you"


def test_outreach_is_declined_by_rule() -> None:
    assert decided(reading(Kind.OUTREACH, role="PHP"), settings(NO_PHP)).outcome is Outcome.DECLINE


def test_a_decline_without_a_reason_in_the_language_goes_without() -> None:
    rule = always(Outcome.DECLINE, reason={"de": "ich ziehe um"})
    decision = decided(reading(), settings(rule))
    assert (decision.outcome, decision.told_reason) == (Outcome.DECLINE, None)
    assert any(step.step == "reason" for step in decision.trace)


def test_a_reschedule_by_rule_without_a_reason_in_the_language_is_left() -> None:
    found = reading(Kind.INVITATION, slot(3, 14), lang="de")
    assert decided(found, settings(THESIS)).outcome is Outcome.LEAVE
    # unless the calendar collides as well: then its own true phrase is told
    collides = decided(found, settings(THESIS), busy(3, 13, 15))
    assert (collides.outcome, collides.from_rule) == (Outcome.RESCHEDULE, False)


def test_a_reschedule_by_rule_starts_at_not_before() -> None:
    decision = decided(reading(Kind.INVITATION, slot(3, 14)), settings(THESIS))
    assert (decision.outcome, decision.told_reason) == (Outcome.RESCHEDULE, "I am finishing my thesis")
    assert all(
        p.start >= at(11, 0, month=12) and p.start.astimezone(BERLIN).date() >= date(2027, 1, 11)
        for p in decision.alternatives
    )


def test_one_of_theirs_after_not_before_fits() -> None:
    rule = replace(THESIS, when=Test("role", "Go"))
    january = Slot(at(3, 14).replace(year=2027, month=1, day=12))
    decision = decided(reading(Kind.INVITATION, slot(3, 14), january), settings(rule))
    assert (decision.outcome, decision.free) == (Outcome.LEAVE, january)


def test_a_rule_about_times_never_offers_what_it_would_move_again() -> None:
    rule = Rule("no Tuesdays", Test("weekday", ("tue", "wed")), Outcome.RESCHEDULE, {"en": "I teach then"})
    decision = decided(reading(Kind.INVITATION, slot(1, 14)), settings(rule))
    assert decision.outcome is Outcome.RESCHEDULE
    assert {p.start.astimezone(BERLIN).weekday() for p in decision.alternatives}.isdisjoint({1, 2})


def test_a_reschedule_by_rule_of_a_mail_without_times_proposes() -> None:
    rule = always(Outcome.RESCHEDULE, reason={"en": "I travel"}, not_before=date(2026, 12, 7))
    decision = decided(reading(), settings(rule))
    assert decision.outcome is Outcome.PROPOSE
    assert decision.alternatives[0].start.astimezone(BERLIN).date() >= date(2026, 12, 7)


def test_accept_by_rule_takes_the_first_free_one_or_moves() -> None:
    config = settings(always(Outcome.ACCEPT))
    found = reading(Kind.INVITATION, slot(3, 14), slot(4, 14))
    assert decided(found, config, busy(3, 13, 15)).appointment == slot(4, 14)
    assert decided(found, config).appointment == slot(3, 14)


def test_a_rule_on_the_calendar_waits_for_it() -> None:
    rule = Rule("busy", Test("busy", expected=True), Outcome.DECLINE)
    found = reading(Kind.INVITATION, slot(3, 14))
    assert decided(found, settings(rule), busy(3, 13, 15)).outcome is Outcome.DECLINE
    waiting = decided(found, settings(rule), busy(3, 13, 15), known=False)
    assert (waiting.outcome, waiting.retry) == (Outcome.LEAVE, True)


def test_template_referral_and_check_in_travel_with_the_decision() -> None:
    rule = always(
        Outcome.DECLINE, template="decline.warm", referral={"en": "a friend may fit"}, check_in=timedelta(days=90)
    )
    decision = decided(reading(), settings(rule))
    assert (decision.template, decision.referral, decision.check_in) == (
        "decline.warm",
        "a friend may fit",
        timedelta(90),
    )


# --- the person's own word (`raincheck draft CASE …`) --------------------------------------------------------------


def test_an_order_moves_a_free_talk_and_needs_no_reason() -> None:
    found = reading(Kind.INVITATION, slot(3, 14))
    case = case_of(found, message(9), reschedules_by_me=2)
    ordered = decided(found, settings(always(Outcome.RESCHEDULE)), case=case)
    assert (ordered.outcome, ordered.from_rule, ordered.told_reason) == (Outcome.RESCHEDULE, False, None)
    written = always(Outcome.RESCHEDULE, origin="config.toml:5")
    assert decided(found, settings(written)).outcome is Outcome.LEAVE


def test_an_order_accepts_within_a_day_and_in_spite_of_the_calendar() -> None:
    order = settings(always(Outcome.ACCEPT))
    soon = reading(Kind.INVITATION, slot(1, 8))
    assert decided(soon, order).appointment == slot(1, 8)
    assert decided(soon, settings(always(Outcome.ACCEPT, origin="config.toml:5"))).outcome is Outcome.LEAVE
    taken = decided(reading(Kind.INVITATION, slot(3, 14)), order, busy(3, 13, 15))
    assert (taken.outcome, taken.appointment, taken.free) == (Outcome.ACCEPT, slot(3, 14), None)
    two = decided(reading(Kind.INVITATION, slot(3, 14), slot(3, 14, 60)), order, busy(3, 13, 15))
    assert two.outcome is Outcome.LEAVE


# --- memory -------------------------------------------------------------------------------------------------------


def test_a_company_hears_the_same_reason_again() -> None:
    earlier = answered(Outcome.DECLINE, "ich ziehe um")
    moving = Rule("moving", Test("role", "Rust"), Outcome.DECLINE, {"en": "I am moving", "de": "ich ziehe um"})
    config = settings(NO_PHP, moving)
    found = reading(role="PHP")
    assert decided(found, config, history=(earlier,)).told_reason == "I am moving"
    assert decided(replace(found, lang="de"), config, history=(earlier,)).told_reason == "ich ziehe um"
    assert decided(replace(found, company="Other"), config, history=(earlier,)).told_reason == "I work in Go"


def test_a_case_is_moved_with_the_same_reason_and_another_one_with_its_own() -> None:
    moving = Rule("moving", Test("role", "Rust"), Outcome.RESCHEDULE, {"en": "I am moving house"})
    found = reading(Kind.INVITATION, slot(3, 14))
    case = case_of(found, message(9))
    config = settings(THESIS, moving)
    same = answered(Outcome.RESCHEDULE, "I am moving house", case=case.id)
    assert decided(found, config, case=case, history=(same,)).told_reason == "I am moving house"
    other = answered(Outcome.RESCHEDULE, "I am moving house")
    assert decided(found, config, case=case, history=(other,)).told_reason == "I am finishing my thesis"


def test_a_reason_of_which_no_rule_knows_the_language_is_not_told() -> None:
    earlier = answered(Outcome.DECLINE, "something else")
    assert decided(reading(role="PHP"), settings(NO_PHP), history=(earlier,)).told_reason is None


def test_the_person_of_an_agency_counts_where_no_company_is_named() -> None:
    earlier = answered(Outcome.DECLINE, "I am moving", company=None)
    moving = Rule("moving", Test("role", "Rust"), Outcome.DECLINE, {"en": "I am moving"})
    found = reading(role="PHP", company=None)
    assert decided(found, settings(NO_PHP, moving), history=(earlier,)).told_reason == "I am moving"
    assert (
        decided(replace(found, contact="Kim Park"), settings(NO_PHP, moving), history=(earlier,)).told_reason
        == "I work in Go"
    )


# --- deadlines ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (date(2026, 11, 30), "the first free time is after it"),
        (date(2026, 12, 4), "answer by Fri 2026-12-04 23:59"),
        (date(2026, 11, 27), "which is over"),
    ],
)
def test_the_deadline_is_told(until: date, words: str) -> None:
    decision = decided(reading(Kind.AVAILABILITY_REQUEST, reply_by=until))
    assert decision.outcome is Outcome.PROPOSE
    assert any(step.step == "deadline" and words in step.detail for step in decision.trace)


# --- anything at all ----------------------------------------------------------------------------------------------

_CONDITIONS = st.sampled_from(
    [
        Test("role", "PHP|Go"), Test("busy", expected=True), Test("free", expected=True), Test("agency", expected=True),
        Not(Test("remote", expected=True)), Unknown(("company",)), Test("weekday", ("mon", "wed")),
        AnyOf((Test("location", "Munich"), Test("language", ("fr",)))), All(()), Test("interviews_that_week", 1.0),
        Test("outside_hours", expected=True), Test("notice_below", timedelta(days=2)),
    ]
)  # fmt: skip
_RULES = st.builds(
    Rule,
    st.sampled_from(["one", "two"]),
    _CONDITIONS,
    st.sampled_from(list(Outcome)),
    st.sampled_from([{}, {"en": "I travel"}, {"en": "I travel", "de": "ich reise"}]),
    not_before=st.sampled_from([None, date(2026, 12, 7)]),
    origin=st.just("config.toml:1"),
)
_SETTINGS = st.builds(
    lambda rules, accept, outside, spread: settings(
        *rules, replies=Replies(accept=accept, outside_hours=outside), max_per_day=spread
    ),
    st.lists(_RULES, max_size=3),
    st.sampled_from(["leave", "draft"]),
    st.sampled_from(["leave", "reschedule"]),
    st.integers(1, 3),
)
_BUSY = st.lists(PERIODS.map(lambda p: BusyPeriod(p, words="something")), max_size=12).map(tuple)


@limits(deadline=None)
@given(
    found=ANY_READINGS,
    config=_SETTINGS,
    calendar=_BUSY,
    known=st.booleans(),
    talks=st.lists(PERIODS, max_size=3),
    held=st.lists(PERIODS, max_size=3),
    moved=st.integers(0, 3),
)
def test_there_is_a_sound_decision_for_everything(
    found: Any,
    config: Settings,
    calendar: tuple[BusyPeriod, ...],
    known: bool,
    talks: Sequence[Period],
    held: Sequence[Period],
    moved: int,
) -> None:
    case = replace(case_of(found), reschedules_by_me=moved)
    holds = tuple(Hold("other", period, firm=True, expires=at(20, 0, month=12)) for period in held)

    def go(busy_periods: tuple[BusyPeriod, ...]) -> Any:
        return decide(
            found,
            message(),
            case,
            config,
            account="main",
            calendar=CalendarView(busy_periods, known=known),
            holds=holds,
            interviews=tuple(talks),
            history=(),
            now=NOW,
        )

    decision = go(calendar)
    assert decision == go(calendar)
    assert decision.reason.strip()
    assert "None" not in decision.reason
    if decision.outcome in (Outcome.RESCHEDULE, Outcome.PROPOSE):
        assert known
        assert decision.alternatives
        _offers_are_free(decision.alternatives, [b.period for b in calendar], talks, held)
    else:
        assert decision.alternatives == ()
    if decision.outcome is not Outcome.LEAVE:
        assert found.reply_to
        assert found.lang in config.me.languages
        assert found.kind is not Kind.SCAM
        assert not found.public_body
    if decision.outcome is Outcome.RESCHEDULE:
        assert moved < config.replies.max_reschedules
    if decision.outcome is Outcome.ACCEPT:
        assert known
        assert decision.appointment is not None
    if decision.retry:
        assert not known
        assert decision.outcome is Outcome.LEAVE
    _the_rule_was_true(decision, config, found, case, calendar if known else None, holds, tuple(talks))


def _offers_are_free(offers: Sequence[Period], *taken: Sequence[Period]) -> None:
    for offer in offers:
        assert offer.start >= NOW + timedelta(hours=24)
        assert not any(period.overlaps(offer) for periods in taken for period in periods)
        assert 9 <= offer.start.astimezone(BERLIN).hour < 17
    assert all(one.end <= two.start for one, two in itertools.pairwise(offers))


def _the_rule_was_true(
    decision: Any, config: Settings, found: Any, case: Any, calendar: Any, holds: Any, talks: Any
) -> None:
    if decision.rule is None:
        return
    meant = [
        tuple(s for s in times if s.start.year in (2026, 2027) and (s.end is None or s.end.year < 2030))
        for times in (found.slots, found.windows)
    ]
    found = replace(found, slots=meant[0], windows=meant[1])
    proposed = (
        None
        if calendar is None
        else judge_times(found, case, config.availability, calendar, now=NOW, holds=holds, interviews=talks)
    )
    situation = Situation(
        found, message(), case, "main", None, "Europe/Berlin", NOW, proposed=proposed, holds=holds, interviews=talks
    )
    fired = [rule for rule in config.rules if judge(rule.when, Facts(situation)).truth is True]
    assert fired
    assert fired[0].name == decision.rule
