"""Times in words: right weekday, right zone, nothing that can be taken in two ways."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck import assets
from raincheck.core.model import Evidence, Kind, Reading, SchedulingRequest
from raincheck.core.wording import Wording, first_known, parse_language, parse_zone, wording
from raincheck.errors import ConfigError

TEMPLATES = assets.templates()
EN = parse_language(TEMPLATES["en/language"])
DE = parse_language(TEMPLATES["de/language"])
BERLIN, LONDON, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/London"), ZoneInfo("America/New_York")


def said(zone: str | None, *, language: Any = EN, domain: str = "", quotes: tuple[str, ...] = ()) -> Wording:
    evidence = tuple(Evidence("slots", quote, "body") for quote in quotes)
    return wording(
        language, Reading(Kind.INVITATION, zone=zone, evidence=evidence), "Europe/Berlin", sender_domain=domain
    )


AFTERNOON = datetime(2026, 12, 3, 14, 30, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("zone", "quotes", "expected"),
    [
        ("Europe/Berlin", (), "Thursday, 3 December 2026, 14:30"),
        (None, (), "Thursday, 3 December 2026, 14:30"),
        ("Europe/Vienna", (), "Thursday, 3 December 2026, 14:30"),
        ("+01:00", (), "Thursday, 3 December 2026, 14:30"),
        ("Europe/London", (), "Thursday, 3 December 2026, 13:30 London time (14:30 Berlin time)"),
        (
            "Europe/London",
            ("Tuesday at 2:30pm",),
            "Thursday, 3 December 2026, 1:30 pm London time (2:30 pm Berlin time)",
        ),
        ("America/New_York", (), "Thursday, December 3, 2026, 8:30 AM Eastern Time (2:30 PM Berlin time)"),
        ("America/New_York", ("Tue 14:30",), "Thursday, December 3, 2026, 08:30 Eastern Time (14:30 Berlin time)"),
        ("-08:00", (), "Thursday, 3 December 2026, 05:30 UTC-8 (14:30 Berlin time)"),
        ("Asia/Kolkata", (), "Thursday, 3 December 2026, 19:00 Kolkata time (14:30 Berlin time)"),
        ("UTC", (), "Thursday, 3 December 2026, 13:30 UTC (14:30 Berlin time)"),
    ],
)
def test_an_offer_shows_both_clocks_where_they_differ(zone: str | None, quotes: tuple[str, ...], expected: str) -> None:
    assert said(zone, quotes=quotes).option(AFTERNOON) == expected


def test_another_day_on_the_other_side_is_said() -> None:
    evening = datetime(2026, 12, 3, 17, 0, tzinfo=BERLIN)
    assert said("Asia/Tokyo").option(evening) == (
        "Friday, 4 December 2026, 01:00 Tokyo time (Thursday, 3 December 2026, 17:00 Berlin time)"
    )


def test_german_says_uhr_and_swiss_time() -> None:
    assert said(None, language=DE).option(AFTERNOON) == "Donnerstag, 3. Dezember 2026, 14:30 Uhr"
    assert said("Asia/Tokyo", language=DE).option(AFTERNOON) == (
        "Donnerstag, 3. Dezember 2026, 22:30 Uhr Ortszeit Tokio, UTC+9 (14:30 Uhr Berliner Zeit)"
    )
    assert said("Europe/London", language=DE).option(AFTERNOON) == (
        "Donnerstag, 3. Dezember 2026, 13:30 Uhr Londoner Zeit (14:30 Uhr Berliner Zeit)"
    )
    assert (
        said("Europe/Vienna", language=DE)
        .option(AFTERNOON.replace(month=1, day=7, year=2027))
        .startswith("Donnerstag, 7. Jänner 2027")
    )


def test_noon_is_said_in_words_on_the_twelve_hour_clock() -> None:
    noon = datetime(2026, 12, 3, 12, 0, tzinfo=NEW_YORK)
    clock = said("America/New_York")
    assert clock.option(noon).startswith("Thursday, December 3, 2026, 12:00 noon Eastern Time")
    assert clock.time(noon - timedelta(hours=12)) == "12:00 midnight"
    assert clock.time(noon + timedelta(minutes=30)) == "12:30 PM"


def test_a_zone_that_is_only_guessed_is_named() -> None:
    assert said("Europe/Berlin").moment(AFTERNOON) == "Thursday, 3 December 2026 at 14:30"
    assert said(None).moment(AFTERNOON) == "Thursday, 3 December 2026 at 14:30 Berlin time"


def test_a_calendar_object_in_utc_does_not_tell_how_they_speak() -> None:
    written = Reading(Kind.INVITATION, zone="UTC", scheduling=SchedulingRequest("REQUEST", "u", tz="UTC"))
    assert wording(EN, written, "Europe/Berlin").option(AFTERNOON) == "Thursday, 3 December 2026, 14:30"
    assert said("UTC").option(AFTERNOON).endswith("13:30 UTC (14:30 Berlin time)")


def test_a_country_domain_tells_the_region_where_the_zone_does_not() -> None:
    assert said(None, domain="acme.us").option(AFTERNOON) == "Thursday, December 3, 2026, 2:30 PM"
    assert said(None, domain="acme.com").option(AFTERNOON) == "Thursday, 3 December 2026, 14:30"


@pytest.mark.parametrize(
    ("day", "theirs", "mine"),
    [
        (datetime(2026, 10, 30, 14, 0, tzinfo=UTC), "10:00", "15:00"),  # Europe has changed, America has not
        (datetime(2026, 10, 23, 14, 0, tzinfo=UTC), "10:00", "16:00"),
        (datetime(2026, 11, 2, 14, 0, tzinfo=UTC), "09:00", "15:00"),
        (datetime(2027, 3, 15, 14, 0, tzinfo=UTC), "10:00", "15:00"),
    ],
)
def test_weeks_between_two_changes_of_the_clock(day: datetime, theirs: str, mine: str) -> None:
    line = said("America/New_York", quotes=("14:00",)).option(day)
    assert f", {theirs} Eastern Time ({mine} Berlin time)" in line


@given(
    st.integers(0, 3 * 365 * 24 * 4),
    st.sampled_from(["Europe/London", "America/New_York", "Asia/Tokyo", "Australia/Sydney", "Asia/Kathmandu"]),
)
def test_weekday_and_date_always_agree(quarters: int, zone: str) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarters)
    local = moment.astimezone(ZoneInfo(zone))
    line = said(zone, quotes=("14:00",)).option(moment)
    assert line.startswith(f"{local:%A}, ")
    american = f"{local:%B} {local.day}, {local.year}"
    assert (american if zone == "America/New_York" else f"{local.day} {local:%B} {local.year}") in line
    assert f"{local:%H:%M} " in line


def test_every_zone_has_words() -> None:
    at = datetime(2026, 12, 3, 12, tzinfo=UTC)
    for name in sorted(available_timezones())[::7]:
        words = said(None).zone(ZoneInfo(name), at)
        assert words
        assert "Unknown" not in words or name == "Factory", name


def test_zones_are_read_from_names_and_offsets() -> None:
    assert parse_zone("+05:30") == timezone(timedelta(hours=5, minutes=30))
    assert parse_zone("UTC-3") == timezone(timedelta(hours=-3))
    assert parse_zone("Europe/Berlin") == BERLIN
    for junk in (None, "", "Nowhere/Land", "../etc/passwd", "+99:00", "x" * 500, "\x00"):
        assert parse_zone(junk) is None


def test_the_first_phrase_whose_fields_are_known_is_taken() -> None:
    patterns = ["{role} at {company}", "{role}", "nothing"]
    assert first_known(patterns, role="A", company="B") == "A at B"
    assert first_known(patterns, role="A", company=None) == "A"
    assert first_known(patterns) == "nothing"
    assert first_known(["{role}"]) is None
    assert first_known(patterns, role="{company}", company="B") == "{company} at B"


def test_a_wrong_language_file_names_every_problem() -> None:
    text = TEMPLATES["en/language"].replace('locale = "en_GB"', "locale = 5\nunknown = 1", 1)
    with pytest.raises(ConfigError) as caught:
        parse_language(text, "en/language.toml")
    assert {problem.key for problem in caught.value.problems} == {"locale", "unknown"}
    with pytest.raises(ConfigError, match="locale"):
        parse_language(TEMPLATES["en/language"].replace("en_GB", "xx_YY"), "en/language.toml")
    with pytest.raises(ConfigError, match=r"en/language\.toml"):
        parse_language("= broken", "en/language.toml")
