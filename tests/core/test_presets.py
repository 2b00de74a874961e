"""Every preset: it loads, says when to use it, speaks English and German, and decides an example as it promises."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from raincheck.assets import presets
from raincheck.config import load
from raincheck.config.presets import TYPES
from raincheck.core.model import Kind, Outcome, Period, Salary, Slot
from raincheck.core.rules import FACTS
from tests.core.deciding import BERLIN, NOW, at, case_of, decided, message, reading, settings, slot

if TYPE_CHECKING:
    from raincheck.core.settings import Rule

# The parameters that each is tried with.
_GIVEN = {
    "agency-without-client": 'then = "decline"',
    "busy-weeks": "first = 2026-12-01, last = 2026-12-04, not_before = 2026-12-07",
    "commute": 'places = "Munich|München"',
    "full-week": "interviews = 2",
    "offer-accepted": "since = 2026-11-30",
    "on-site-days": 'never_on = ["tue", "wed"]',
    "red-flags": "",
    "remote-only": "",
    "salary-floor": 'amount = 70000, currency = "EUR"',
    "wrong-field": 'titles = "PHP|WordPress"',
}


def rules(folder: Path, name: str, given: str | None = None) -> tuple[Rule, ...]:
    parameters = _GIVEN[name] if given is None else given
    path = folder / "config.toml"
    path.write_text(f'include = [{{ preset = "{name}"{"," if parameters else ""} {parameters} }}]\n', encoding="utf-8")
    return load(path, today=NOW.date()).rules


def test_every_preset_is_tried_here() -> None:
    assert set(presets()) == set(_GIVEN)


def test_the_page_on_rules_tells_every_fact_and_preset() -> None:
    page = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
    facts, _, rest = page.partition("## Presets")
    told = re.findall(r"`([a-z_]+)`", "\n".join(line.split("|")[1] for line in facts.splitlines() if line[:3] == "| `"))
    rule_keys = ["name", "when", "then", "reason", "not_before", "active", "template", "referral", "check_in"]
    assert sorted(told) == sorted([*FACTS, *rule_keys])
    for name, text in presets().items():
        row = next(line for line in rest.splitlines() if line.startswith(f"| `{name}` |"))
        named = re.findall(r"`(\w+)`", row.rsplit("|", 2)[1])
        assert named == list(tomllib.loads(text).get("parameters", {}))


@pytest.mark.parametrize("name", sorted(_GIVEN))
def test_it_is_told_when_to_use_it_and_how(name: str) -> None:
    text = presets()[name]
    document = tomllib.loads(text)
    comment = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
    assert comment.startswith("# For ")
    assert f'preset = "{name}"' in comment
    assert document.keys() <= {"parameters", "rule"}
    for parameter in document.get("parameters", {}).values():
        assert parameter.keys() <= {"type", "about", "default"}
        assert parameter["type"] in TYPES
        assert parameter["about"]
        if "default" in parameter:
            TYPES[parameter["type"]](parameter["default"])


@pytest.mark.parametrize("name", sorted(_GIVEN))
def test_the_example_in_its_comment_loads(tmp_path: Path, name: str) -> None:
    line = next(line for line in presets()[name].splitlines() if "include = " in line)
    path = tmp_path / "config.toml"
    path.write_text(line.lstrip("# "), encoding="utf-8")
    assert load(path, today=NOW.date()).rules


@pytest.mark.parametrize("name", sorted(_GIVEN))
def test_its_reasons_are_in_english_and_german(tmp_path: Path, name: str) -> None:
    for rule in rules(tmp_path, name):
        assert set(rule.reason) == {"en", "de"}
        assert all(len(phrase) < 100 for phrase in rule.reason.values())


@pytest.mark.parametrize(
    ("name", "fields", "outcome"),
    [
        ("wrong-field", {"role": "WordPress Developer"}, Outcome.DECLINE),
        ("wrong-field", {"role": "Go Engineer"}, None),
        ("agency-without-client", {"agency": True, "company": None}, Outcome.DECLINE),
        ("agency-without-client", {"agency": True}, None),
        ("agency-without-client", {"company": None}, None),
        ("salary-floor", {"salary": Salary(60000, "EUR", "year")}, Outcome.DECLINE),
        ("salary-floor", {"salary": Salary(60000, "GBP", "year")}, None),
        ("salary-floor", {}, None),
        ("remote-only", {"remote": False}, Outcome.DECLINE),
        ("remote-only", {"remote": True}, None),
        ("remote-only", {}, None),
        ("commute", {"location": "Marienplatz 1, 80331 München"}, Outcome.DECLINE),
        ("commute", {"location": "München", "remote": True}, None),
        ("commute", {"location": "Potsdam", "remote": False}, None),
        ("offer-accepted", {}, Outcome.DECLINE),
        ("on-site-days", {"format": "onsite", "slots": (slot(1, 14),)}, Outcome.RESCHEDULE),
        ("on-site-days", {"format": "video", "slots": (slot(1, 14),)}, None),
        ("on-site-days", {"format": "onsite", "slots": (slot(1, 14), slot(3, 14))}, None),
        ("busy-weeks", {"slots": (slot(3, 14),)}, Outcome.RESCHEDULE),
        ("busy-weeks", {"slots": (slot(8, 14),)}, None),
        ("red-flags", {"company": None, "agency": False}, Outcome.LEAVE),
        ("red-flags", {"company": None}, None),
    ],
)
def test_an_example(tmp_path: Path, name: str, fields: dict[str, Any], outcome: Outcome | None) -> None:
    """None: the preset does not touch it."""
    found = decided(reading(**fields), settings(*rules(tmp_path, name)))
    assert (found.outcome if found.rule else None) is outcome
    if outcome is Outcome.DECLINE:
        assert found.told_reason


def test_busy_weeks_offer_what_comes_after(tmp_path: Path) -> None:
    found = decided(reading(Kind.INVITATION, slot(3, 14)), settings(*rules(tmp_path, "busy-weeks")))
    assert min(p.start.astimezone(BERLIN).date() for p in found.alternatives) >= date(2026, 12, 7)
    assert found.told_reason == "I am in my exam weeks"


def test_busy_weeks_say_what_one_wants(tmp_path: Path) -> None:
    given = f'{_GIVEN["busy-weeks"]}, reason = {{ en = "I am moving house" }}'
    found = decided(reading(Kind.INVITATION, slot(3, 14)), settings(*rules(tmp_path, "busy-weeks", given)))
    assert found.told_reason == "I am moving house"


def test_a_full_week_moves_to_another(tmp_path: Path) -> None:
    talks = (Period(at(1, 9), at(1, 10)), Period(at(2, 9), at(2, 10)))
    config = settings(*rules(tmp_path, "full-week"))
    found = decided(reading(Kind.INVITATION, slot(3, 14)), config, interviews=talks)
    assert found.outcome is Outcome.RESCHEDULE
    assert {p.start.isocalendar().week for p in found.alternatives}.isdisjoint({at(1, 9).isocalendar().week})
    assert decided(reading(Kind.INVITATION, slot(8, 14)), config, interviews=talks).rule is None


def test_an_offer_accepted_counts_from_its_day(tmp_path: Path) -> None:
    later = rules(tmp_path, "offer-accepted", "since = 2026-12-01")
    assert decided(reading(), settings(*later)).rule is None


def test_red_flags_of_a_thread(tmp_path: Path) -> None:
    flags = settings(*rules(tmp_path, "red-flags"))
    first = case_of(reading(Kind.INVITATION, slot(3, 14)), message(5), reschedules_by_them=1)
    moved = reading(Kind.RESCHEDULE, Slot(at(4, 14)))
    assert decided(moved, flags, case=first).rule == "they moved it twice"
    other = case_of(reading(role="Sales Manager"), message(5))
    assert decided(reading(), flags, case=other).rule == "the role has changed"
    declining = settings(*rules(tmp_path, "red-flags", 'then = "decline"'))
    assert decided(reading(), declining, case=other).outcome is Outcome.DECLINE
