"""`raincheck simulate` over a real mailbox: what it says, and that it touches nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.system.home import event, feed, invitation, workday

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.http import HttpServer
    from tests.system.home import Home

pytestmark = pytest.mark.dovecot


@pytest.fixture
def past(home: Home, http_server: HttpServer) -> Home:
    """Three invitations: one collides, one is for an unwanted role, one is free; and a mail about something else."""
    http_server.put("/calendar.ics", feed(event(workday(4), 60)))
    home.mailbox.deliver(invitation(workday(4)).as_bytes())
    home.mailbox.deliver(invitation(workday(5), role="PHP Developer", company="Larkfield Media").as_bytes())
    home.mailbox.deliver(invitation(workday(6), role="Data Engineer", company="Glasswing").as_bytes())
    parcel = invitation(workday(6), role="Parcel", company="Shop")
    parcel.replace_header("Subject", "Your parcel")
    parcel.set_content("Your parcel comes tomorrow.\n")
    home.mailbox.deliver(parcel.as_bytes())
    return home


def everything(home: Home) -> dict[str, Any]:
    """All that a run could change: each folder's messages and flags, and the files below the home and state folders."""
    with home.mailbox.client() as client:
        names = sorted(name for _, _, name in client.list_folders())
    folders = {name: home.messages(name) for name in names}
    return {"folders": folders, "files": sorted(str(path) for path in home.folder.rglob("*"))}


def simulated(home: Home, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(home.raincheck("simulate", "--json", "--config", str(home.config), *arguments))
    return found


def other_config(home: Home, *, role: str) -> Path:
    other = home.folder / "other.toml"
    other.write_text(home.config.read_text().replace('role = "PHP"', f'role = "{role}"'))
    return other


def test_it_tells_what_would_become_of_each_mail_and_touches_nothing(past: Home) -> None:
    before = everything(past)
    found = simulated(past)
    assert everything(past) == before
    assert found["outcomes"] == {"decline": 1, "reschedule": 1, "propose": 0, "accept": 0, "leave": 1}
    assert found["rules"] == {"no PHP": 1}
    assert found["changed"] is None
    told = {(item["company"], item["role"], item["outcome"], item["rule"]) for item in found["decisions"]}
    assert told == {
        ("Tidewater Labs", "Backend Engineer", "reschedule", None),
        ("Larkfield Media", "PHP Developer", "decline", "no PHP"),
        ("Glasswing", "Data Engineer", "leave", None),
    }
    assert all(item["reason"] and item["date"] for item in found["decisions"])


def test_it_agrees_with_what_the_service_then_does(past: Home) -> None:
    found = simulated(past)
    past.passes()
    done = {(case["company"], case["outcome"]) for case in past.status()["cases"]}
    assert done == {(item["company"], item["outcome"]) for item in found["decisions"]}
    assert simulated(past) == found, "what was handled already is decided again"


def test_against_another_configuration_only_what_differs_is_listed(past: Home) -> None:
    found = simulated(past, "--against", str(other_config(past, role="Data")))
    changed = {(item["company"], item["outcome"], item["instead_of"]["outcome"]) for item in found["changed"]}
    assert changed == {("Larkfield Media", "decline", "leave"), ("Glasswing", "leave", "decline")}
    assert simulated(past, "--against", str(past.config))["changed"] == []


def test_people_get_a_table_counts_and_rules(past: Home) -> None:
    shown = past.raincheck("simulate", "--days", "2", "--config", str(past.config))
    for words in ("Tidewater", "3 mails of 2 days: 1 decline, 1 reschedule, 1 leave", "rule “no PHP”: once"):
        assert words in shown


def test_an_empty_mailbox_is_said_to_be_one(home: Home, http_server: HttpServer) -> None:
    http_server.put("/calendar.ics", feed())
    assert "No mail of the last 30 days" in home.raincheck("simulate", "--config", str(home.config))


def test_held_times_can_be_subscribed_to(past: Home) -> None:
    past.passes()
    file = past.folder / "state" / "holds.ics"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text().count("SUMMARY:Held: drafted") >= 3
