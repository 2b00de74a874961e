"""Zones as mails name them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import available_timezones

import pytest

from raincheck.assets import reading_data
from raincheck.core.reading.zones import ZoneTable, load_zone, readings

TABLE = ZoneTable.from_data(reading_data())
WINTER = datetime(2026, 12, 1, 12)  # noqa: DTZ001 - a wall clock
SUMMER = datetime(2026, 7, 1, 12)  # noqa: DTZ001 - a wall clock


def offsets(letters: str, wall: datetime, hint: float | None = None, region: str | None = None) -> list[float]:
    zone = TABLE.letters[letters].for_region(region)
    found = readings(zone, wall, None if hint is None else timedelta(hours=hint))
    return [(wall.replace(tzinfo=tz).utcoffset() or timedelta()).total_seconds() / 3600 for tz in found]


def test_every_zone_of_the_table_exists() -> None:
    known = available_timezones()
    for zone in (*TABLE.letters.values(), *TABLE.names.values()):
        assert {*zone.names, *zone.regions.values()} <= known


@pytest.mark.parametrize(
    ("letters", "winter", "summer"),
    [("ET", [-5], [-4]), ("CT", [-6], [-5]), ("PT", [-8], [-7]), ("CET", [1], [2]), ("MESZ", [1], [2]),
     ("EST", [-5], [-4, -5]), ("PST", [-8], [-7, -8]), ("UTC", [0], [0]), ("SGT", [8], [8])],
)  # fmt: skip
def test_letters_by_season(letters: str, winter: list[float], summer: list[float]) -> None:
    assert (offsets(letters, WINTER), offsets(letters, SUMMER)) == (winter, summer)


def test_the_mails_own_offset_decides() -> None:
    assert offsets("EST", SUMMER, hint=-4) == [-4]
    assert offsets("IST", SUMMER, hint=3) == [3]
    assert offsets("IST", SUMMER) == [5.5, 3, 1]


def test_the_senders_country_decides() -> None:
    assert offsets("IST", SUMMER, region="IE") == [1]
    assert offsets("CST", WINTER, region="CN") == [8]


def test_the_persons_own_letters_stand_over_the_table() -> None:
    table = ZoneTable.from_data(reading_data(), {"IST": "Asia/Jerusalem"})
    assert table.letters["IST"].names == ("Asia/Jerusalem",)


@pytest.mark.parametrize(
    ("name", "hours"), [("UTC", 0), ("GMT+2", 2), ("UTC+05:30", 5.5), ("-08:00", -8), ("Europe/Berlin", 1)]
)
def test_names_and_offsets(name: str, hours: float) -> None:
    assert WINTER.replace(tzinfo=load_zone(name)).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    "name", ["", "America", "../etc/passwd", "Europe/Nowhere", "+25:00", "a" * 500, "Europe/Ber\0lin"]
)
def test_no_zone(name: str) -> None:
    assert load_zone(name) is None


@pytest.mark.parametrize(
    ("words", "name"), [("Berlin", "Europe/Berlin"), ("New York", "America/New_York"), ("irish", "Europe/Dublin")]
)
def test_places(words: str, name: str) -> None:
    zone = TABLE.place(words)
    assert zone is not None
    assert zone.name == name


def test_windows_names() -> None:
    zone = TABLE.windows("W. Europe Standard Time")
    assert zone is not None
    assert zone.name == "Europe/Berlin"
    assert TABLE.windows("Nowhere Standard Time") is None
