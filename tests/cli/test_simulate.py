"""What `raincheck simulate --against` calls a change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from raincheck.cli.simulate import Decided, report, show
from raincheck.core.model import Case, CaseState, Outcome
from raincheck.core.settings import Settings

MOMENT = datetime(2026, 12, 1, 9, tzinfo=UTC)


def case(outcome: Outcome, rule: str | None = None) -> Case:
    return Case(
        "c1",
        "main",
        CaseState.LEFT,
        opened=MOMENT,
        updated=MOMENT,
        company="Acme",
        outcome=outcome,
        rule=rule,
        reason="so",
    )


def shown(now: Case, before: Case, capsys: pytest.CaptureFixture[str]) -> list[str]:
    show(report([Decided(MOMENT, "main", now, before)], Settings(), compared=True), 30)
    return capsys.readouterr().out.splitlines()[-2:]


def test_what_is_decided_alike_is_no_change(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(case(Outcome.LEAVE), case(Outcome.LEAVE), capsys)[-1] == "0 mails would be decided differently"


def test_another_outcome_is_told_beside_the_one_before(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(case(Outcome.DECLINE, "no PHP"), case(Outcome.LEAVE), capsys) == [
        "1 mail would be decided differently",
        "2026-12-01 Acme: decline by rule “no PHP” instead of leave",
    ]


@pytest.mark.parametrize(
    ("rule", "before", "words"),
    [
        ("far", None, "leave as before, by rule “far” instead of by none"),
        (None, "far", "leave as before, by no rule instead of by rule “far”"),
        ("far", "near", "leave as before, by rule “far” instead of by rule “near”"),
    ],
)
def test_of_the_same_outcome_by_another_rule_the_rule_is_the_difference(
    rule: str | None, before: str | None, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shown(case(Outcome.LEAVE, rule), case(Outcome.LEAVE, before), capsys) == [
        "0 mails would be decided differently, 1 alike by another rule",
        f"2026-12-01 Acme: {words}",
    ]
