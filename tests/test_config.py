from __future__ import annotations

import contextlib
import re
import tomllib
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raincheck.config import find, languages_without_letters, load, load_availability, load_settings, shapes, values
from raincheck.config.toml_lines import key_lines
from raincheck.core.model import Outcome, Period, Salary
from raincheck.core.settings import (
    Account,
    All,
    AnyOf,
    Approval,
    Availability,
    Calendar,
    ClockRange,
    Me,
    Not,
    Notes,
    OtherSide,
    Replies,
    SecretSource,
    Server,
    Test,
    Unknown,
)
from raincheck.errors import ConfigError

EXAMPLE = Path(__file__).parents[1] / "config.example.toml"
TODAY = date(2026, 11, 23)
HELD = "[[availability.held]]\n"
RULE = "\n[[rule]]\nthen = 'leave'\n"
ACCOUNT = """
[accounts.main]
address = "robin@example.net"
imap = { host = "imap.example.net", port = 993 }
smtp = { host = "smtp.example.net", port = 465 }
password = { command = "pass show mail" }
"""


def written(folder: Path, text: str, name: str = "config.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> list[tuple[int | None, str, str, str]]:
    """Line, key, what and remedy of all that is wrong with a configuration."""
    with pytest.raises(ConfigError) as caught:
        load(written(folder, text), today=TODAY)
    return [(p.line, p.key, p.what, p.remedy) for p in caught.value.problems]


# --- the example --------------------------------------------------------------------------------------------------


def test_the_example_loads_clean() -> None:
    found = load(EXAMPLE, today=TODAY)
    assert found.warnings == ()
    assert found.me.addresses == ("robin.meyer@example.net",)
    assert [rule.name for rule in found.rules] == [
        "no PHP",
        "agencies only with a named client",
        "thesis weeks",
        "salary floor",
    ]
    assert found.availability.blackout == ((date(2026, 12, 24), date(2026, 12, 31)),)
    assert found.availability.hours["fri"] == (ClockRange(9 * 60, 15 * 60),)
    assert "sat" not in found.availability.hours
    assert found.calendars[0].url == SecretSource(file=str(EXAMPLE.parent / "calendar-url"))


def _with_all_comments_in() -> str:
    """The example with every key that is commented out; a comment that is a setting begins with `# key = `."""
    text = EXAMPLE.read_text(encoding="utf-8")
    return re.sub(r"(?m)^# (?=(?:[a-z_0-9]+ = |\[\[availability))", "", text)


def test_the_example_with_all_its_comments_is_right_too(tmp_path: Path) -> None:
    text = _with_all_comments_in().replace("oauth2 = { token", "# oauth2 = { token")
    found = load(written(tmp_path, text), today=TODAY)
    thesis = found.rules[2]
    assert (thesis.template, thesis.check_in) == ("thesis", timedelta(days=90))
    assert found.availability.held[0].start == datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_every_key_stands_in_the_example() -> None:
    document = tomllib.loads(_with_all_comments_in())
    account, calendar, availability = document["accounts"]["main"], document["calendar"][0], document["availability"]
    for table, at in (
        (document, ()),
        (document["me"], ("me",)),
        (account, ("accounts", "main")),
        (calendar, ("calendar", 0)),
        (availability, ("availability",)),
        (availability["other_side"], ("availability", "other_side")),
        (availability["held"][0], ("availability", "held", 0)),
        (document["approval"], ("approval",)),
        (document["replies"], ("replies",)),
        (document["notes"], ("notes",)),
    ):
        assert set(table) == set(shapes.known_keys(at)), at
    rule_keys = {key for rule in document["rule"] for key in rule}
    assert rule_keys == {"name", "when", "then", "active", "reason", "template", "referral", "check_in", "not_before"}


@pytest.mark.parametrize(
    ("shape", "values_of", "renamed"),
    [
        (shapes.MeTable, Me, {}),
        (shapes.AccountTable, Account, {"name": None, "stars": None, "origin": None, "oauth2_token": "oauth2"}),
        (shapes.ServerTable, Server, {}),
        (shapes.SecretTable, SecretSource, {}),
        (shapes.CalendarTable, Calendar, {"origin": None}),
        (shapes.AvailabilityTable, Availability, {"country": None}),
        (shapes.OtherSideTable, OtherSide, {}),
        (shapes.ApprovalTable, Approval, {}),
        (shapes.RepliesTable, Replies, {"follow_up_days": "follow_up", "hold_sent_days": "hold_sent"}),
        (shapes.NotesTable, Notes, {}),
    ],
)
def test_every_setting_can_be_written(shape: Any, values_of: Any, renamed: dict[str, str | None]) -> None:
    keys = {renamed.get(f.name, f.name) for f in fields(values_of)} - {None}
    assert set(shape.__annotations__) == keys


def test_the_defaults_that_the_example_tells_are_the_true_ones(tmp_path: Path) -> None:
    """A key that is commented out shows its default, unless its comment calls it optional or it is only an example."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    examples = {"oauth2", "ca_file", "authserv_id", "password", "username", "date_order", "active", "template"}
    examples |= {"referral", "check_in", "start", "end", "sat", "sun"}
    section, checked = "", 0
    plain = load(written(tmp_path, ACCOUNT + '[[calendar]]\nname = "x"\nurl = "x.ics"\n[availability.other_side]\n'))
    for line in lines:
        if found := re.match(r"\[+([a-z_.]+)\]+", line):
            section = found[1]
        key = re.match(r"# ([a-z_]+) = ", line)
        if not key or key[1] in examples:
            continue
        table = f"[{section}]" if section != "calendar" else "[[calendar]]"
        own = {"accounts.main": ACCOUNT.strip(), "calendar": '[[calendar]]\nname = "x"\nurl = "x.ics"'}.get(
            section, table
        )
        rest = '[[calendar]]\nname = "x"\nurl = "x.ics"\n' if section != "calendar" else ""
        other = "[availability.other_side]\n" if section != "availability.other_side" else ""
        account = ACCOUNT if section != "accounts.main" else ""
        text = f"{account}{rest}{other}{own}\n{line[2:]}\n"
        assert load(written(tmp_path, text)) == plain, line
        checked += 1
    assert checked > 40


def test_no_default_is_mutable_or_missing() -> None:
    for kind in (Me, Availability, Approval, Replies, Notes):
        assert is_dataclass(kind)
        assert all(f.default is not MISSING or f.default_factory is not MISSING for f in fields(kind))


# --- where it is --------------------------------------------------------------------------------------------------


def test_the_order_of_places(tmp_path: Path) -> None:
    home = tmp_path / "xdg"
    (home / "raincheck").mkdir(parents=True)
    mine = written(home / "raincheck", "")
    named, given_path = tmp_path / "named.toml", tmp_path / "given.toml"
    environ = {"RAINCHECK_CONFIG": str(named), "XDG_CONFIG_HOME": str(home)}
    assert find(given_path, environ) == given_path
    assert find(None, environ) == named
    assert find(None, {"XDG_CONFIG_HOME": str(home)}) == mine


def test_nowhere(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"config\.example\.toml.*--config"):
        load_settings(environ={"XDG_CONFIG_HOME": str(tmp_path)})


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        load(tmp_path / "none.toml")


def test_folders_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    found = load(written(tmp_path, ""))
    assert (found.template_folder, found.reading_folder) == (str(tmp_path / "templates"), None)


def test_only_the_availability(tmp_path: Path) -> None:
    path = written(tmp_path, '[availability]\ntimezone = "Europe/Paris"\nduration = 30\n[accounts.x]\n[nonsense]\n')
    availability, me = load_availability(path)
    assert (availability.timezone, availability.duration, me) == ("Europe/Paris", 30, Me())
    with pytest.raises(ConfigError, match=r"availability\.duration"):
        load_availability(written(tmp_path, "[availability]\nduration = 0\n"))


# --- from table to value ------------------------------------------------------------------------------------------


def test_zone_and_country_come_from_me(tmp_path: Path) -> None:
    found = load(written(tmp_path, '[me]\ntimezone = "Europe/Vienna"\ncountry = "AT"\n[availability.other_side]\n'))
    assert (found.availability.timezone, found.availability.country) == ("Europe/Vienna", "AT")
    assert found.availability.other_side == OtherSide("Europe/Vienna")


def test_an_account(tmp_path: Path) -> None:
    text = ACCOUNT + 'ca_file = "ca.pem"\nwatch = ["INBOX", "Jobs"]\n[me]\naddresses = ["Other@Example.net"]\n'
    account = load(written(tmp_path, text)).accounts[0]
    assert (account.name, account.username, account.address) == ("main", "robin@example.net", "robin@example.net")
    assert account.imap == Server("imap.example.net", 993)
    assert account.password == SecretSource(command="pass show mail")
    assert account.ca_file == str(tmp_path / "ca.pem")
    assert account.watch == ("INBOX", "Jobs")


def test_an_accounts_own_address_is_mine(tmp_path: Path) -> None:
    found = load(written(tmp_path, ACCOUNT + '[me]\naddresses = ["Other@Example.net"]\n'))
    assert found.me.addresses == ("other@example.net", "robin@example.net")


def test_a_token_instead_of_a_password(tmp_path: Path) -> None:
    text = ACCOUNT.replace("password = {", "oauth2 = { token = {").replace('mail" }', 'mail" } }')
    account = load(written(tmp_path, text)).accounts[0]
    assert (account.password, account.oauth2_token) == (None, SecretSource(command="pass show mail"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ('"https://calendar.example/x.ics"', "https://calendar.example/x.ics"),
        ('"webcal://calendar.example/x.ics"', "webcal://calendar.example/x.ics"),
        ('"/srv/x.ics"', "/srv/x.ics"),
        ('{ env = "FEED" }', SecretSource(env="FEED")),
    ],
)
def test_feeds(tmp_path: Path, url: str, expected: object) -> None:
    found = load(written(tmp_path, f'[[calendar]]\nname = "x"\nurl = {url}\nmax_bytes = "1MiB"\n'))
    assert (found.calendars[0].url, found.calendars[0].max_bytes) == (expected, 1024 * 1024)


def test_off_switches(tmp_path: Path) -> None:
    text = '[notes]\nbrief = ""\nfolder = ""\n[approval]\nfolder = ""\n[replies]\nfollow_up = "0d"\n'
    found = load(written(tmp_path, text))
    assert (found.notes.brief, found.notes.folder, found.approval.folder) == (None, "", "")
    assert found.replies.follow_up_days == 0


@pytest.mark.parametrize(
    ("written_as", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("24h", timedelta(1)),
        ("10d", timedelta(10)),
        (15, timedelta(minutes=15)),
        ("0d", timedelta(0)),
    ],
)
def test_durations(written_as: Any, length: timedelta) -> None:
    assert values.duration(written_as) == length


@pytest.mark.parametrize(
    "wrong", ["", "5", "1w", "-5m", "1.5h", -1, 1.5, True, None, [], "9" * 40 + "d", "٣m3", 10**12]
)
def test_no_durations(wrong: Any) -> None:
    with pytest.raises(values.Wrong):
        values.duration(wrong)


def test_sizes() -> None:
    assert [values.size(s) for s in ("64MiB", "500 kB", "1GB", 12, "7")] == [64 << 20, 500_000, 10**9, 12, 7]


def test_a_range_to_midnight() -> None:
    assert values.clock_ranges(["22:00-24:00", "9:00 - 12:30"]) == (ClockRange(540, 750), ClockRange(1320, 1440))


@pytest.mark.parametrize("country", ["DE", "DE-BY", "US-CA", "GB-SCT", "AT-9", "XK"])
def test_countries_and_their_parts(country: str) -> None:
    assert values.country(country) == country


def test_a_part_of_a_country_that_is_none_is_told_with_those_that_are() -> None:
    with pytest.raises(values.Wrong) as told:
        values.country("GB-XX")
    assert told.value.remedy == 'Write "GB", or behind it and a "-" one of ENG, NIR, SCT, WLS.'
    with pytest.raises(values.Wrong) as told:
        values.country("SE-AB")
    assert told.value.remedy == 'Write "SE".'


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.lists(st.text())))
def test_checks_of_values_raise_wrong_and_nothing_else(value: object) -> None:
    for check in (
        values.duration, values.minutes, values.whole_days, values.size, values.clock, values.clock_range,
        values.clock_ranges, values.day, values.date_range, values.moment, values.weekday, values.zone,
        values.address, values.country, values.language, values.host_name, values.phrase,
    ):  # fmt: skip
        with contextlib.suppress(values.Wrong):
            check(value)


# --- everything that can be wrong ---------------------------------------------------------------------------------


def test_all_problems_at_once_with_their_places(tmp_path: Path) -> None:
    text = """[me]
nam = "Robin"
timezone = "Europe/Berln"
languages = []

[availability.hours]
mon = ["09:00-12:00",
       "11:00-13:00"]

[[rule]]
when = { role = "(" }
then = "declin"
"""
    found = {(line, key): (what, remedy) for line, key, what, remedy in problems(tmp_path, text)}
    assert set(found) == {
        (2, "me.nam"),
        (3, "me.timezone"),
        (4, "me.languages"),
        (7, "availability.hours.mon"),
        (11, "rule[0].when.role"),
        (12, "rule[0].then"),
    }
    assert found[2, "me.nam"] == ("unknown key", "Did you mean 'name'?")
    assert "Did you mean 'Europe/Berlin'?" in found[3, "me.timezone"][1]
    assert "Did you mean 'decline'?" in found[12, "rule[0].then"][1]


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ('me = "x"', "me", "a table"),
        ("[me]\naddresses = [1]", "me.addresses[0]", "no e-mail address"),
        ('[me]\naddresses = ["robin"]', "me.addresses[0]", "@-sign"),
        ('[me]\ncountry = "Germany"', "me.country", "no country"),
        ('[me]\ncountry = "ZZ"', "me.country", "no country"),
        ('[me]\ncountry = "DE-XX"', "me.country", "no part of DE"),
        ('[me]\nlanguages = ["english"]', "me.languages[0]", "no language"),
        ('[me]\ndate_order = "YMD"', "me.date_order", "not possible"),
        ("[me]\nname = 5", "me.name", "a text"),
        ("[availability]\ncount = 0", "availability.count", "out of range"),
        ('[availability]\ncount = "3"', "availability.count", "a whole number"),
        ("[availability]\ncount = true", "availability.count", "a whole number"),
        ("[availability]\nboth_halves = 1", "availability.both_halves", "true or false"),
        ('[availability]\nduration = "90s"', "availability.duration", "whole number of minutes"),
        ('[availability]\nblackout = ["2026-12-31/2026-12-24"]', "availability.blackout[0]", "ends before it starts"),
        ('[availability]\nblackout = ["2026-02-30"]', "availability.blackout[0]", "no date"),
        ("[availability.hours]\nmon = ['17:00-09:00']", "availability.hours.mon", "ends before it starts"),
        ("[availability.hours]\nmon = '09:00-17:00'", "availability.hours.mon", "no list"),
        ("[availability.hours]\nmonday = []", "availability.hours.monday", "unknown key"),
        (f"{HELD}start = 2026-12-01T08:00:00\nend = 2026-12-01T09:00:00Z", "availability.held[0].start", "offset"),
        (f"{HELD}start = 2026-12-01T10:00:00Z\nend = 2026-12-01T09:00:00Z", "availability.held[0]", "before"),
        ('[availability.other_side]\ndays = ["someday"]', "availability.other_side.days[0]", "no weekday"),
        ('[replies]\nfollow_up = "36h"', "replies.follow_up", "whole number of days"),
        ('[replies]\naccept = "always"', "replies.accept", "not possible"),
        ('[notes]\nbrief = "7.30"', "notes.brief", "no time of day"),
        ('[[calendar]]\nname = "x"', "calendar[0].url", "missing"),
        ('[[calendar]]\nname = "x"\nurl = "ftp://x/y"', "calendar[0].url", "not read over ftp"),
        ('[[calendar]]\nname = "x"\nurl = "a"\n[[calendar]]\nname = "x"\nurl = "b"', "calendar", "two calendars"),
        ('[[calendar]]\nname = "x"\nurl = "a"\nmax_bytes = "big"', "calendar[0].max_bytes", "no size"),
        (re.sub("imap = .*", "", ACCOUNT), "accounts.main.imap", "missing"),
        (ACCOUNT.replace("993 }", '143, tls = "none" }'), "accounts.main.imap", "in the clear"),
        (ACCOUNT.replace("993", "99999"), "accounts.main.imap.port", "out of range"),
        (ACCOUNT.replace("imap.example.net", "https://imap.example.net/"), "accounts.main.imap.host", "no host name"),
        (ACCOUNT.replace('command = "pass show mail"', ""), "accounts.main.password", "exactly one source"),
        (ACCOUNT.replace('mail" }', 'mail", env = "X" }'), "accounts.main.password", "exactly one source"),
        (ACCOUNT + "\n" + ACCOUNT.replace("main", "twin"), "accounts", "same mailbox"),
        (ACCOUNT + 'oauth2 = { token = { env = "T" } }', "accounts.main", "either a password or oauth2"),
        ("include = ['none.toml']", "include[0]", "no file"),
        ("include = [5]", "include[0]", "neither a file nor a preset"),
        ("include = 'x'", "include", "a list"),
        ("include = [{ preset = 'salary-flor' }]", "include[0].preset", "no preset"),
        ("include = [{ preset = 'salary-floor' }]", "include[0]", "needs amount"),
        ("include = [{ preset = 'salary-floor', amount = '1' }]", "include[0].amount", "no number"),
        ("include = [{ preset = 'salary-floor', amount = 1, foo = 1 }]", "include[0].foo", "no such parameter"),
        ("include = [{ preset = 'salary-floor', amount = 1, currency = 'Euro' }]", "include[0]", "no currency"),
        ("rule = 5", "rule", "tables of their own"),
    ],
)  # fmt: skip
def test_one_problem(tmp_path: Path, text: str, key: str, words: str) -> None:
    found = problems(tmp_path, text)
    assert [(k, words in w) for _, k, w, _ in found if words in w] == [(key, True)], found
    assert all(line is not None and remedy for line, _, _, remedy in found)


@pytest.mark.parametrize(
    ("rule", "key", "words"),
    [
        ("then = 'leave'", "rule[0]", "when is missing"),
        ("when = {}", "rule[0]", "then is missing"),
        ("when = {}\nthen = 'leave'\nname = ''", "rule[0].name", "one short line"),
        ("when = {}\nthen = 'leave'\nwhat = 1", "rule[0].what", "unknown key"),
        ("when = { roles = 'x' }\nthen = 'leave'", "rule[0].when.roles", "unknown fact"),
        ("when = { role = '' }\nthen = 'leave'", "rule[0].when.role", "empty"),
        ("when = { role = [] }\nthen = 'leave'", "rule[0].when.role", "does not fit here"),
        ("when = { role = [1] }\nthen = 'leave'", "rule[0].when.role", "does not fit here"),
        ("when = { role = 5 }\nthen = 'leave'", "rule[0].when.role", "does not fit here"),
        ("when = { kind = 'invite' }\nthen = 'leave'", "rule[0].when.kind", "nothing that kind can be"),
        ("when = { format = ['fax'] }\nthen = 'leave'", "rule[0].when.format", "nothing that format can be"),
        ("when = { agency = 'yes' }\nthen = 'leave'", "rule[0].when.agency", "does not fit here"),
        ("when = { salary_below = true }\nthen = 'leave'", "rule[0].when.salary_below", "does not fit here"),
        ("then = 'leave'\n[rule.when]\nsalary_below.per = 1", "rule[0].when.salary_below", "unknown key per"),
        ("when.salary_below = { amount = 1, period = 'wk' }\nthen = 'leave'", "rule[0].when.salary_below", "period"),
        ("when = { time_before = '9' }\nthen = 'leave'", "rule[0].when.time_before", "no time of day"),
        ("when = { weekday = 'someday' }\nthen = 'leave'", "rule[0].when.weekday", "no weekday"),
        ("when = { interview_from = 'x' }\nthen = 'leave'", "rule[0].when.interview_from", "no date"),
        ("when = { reschedules_by_me = 1.5 }\nthen = 'leave'", "rule[0].when.reschedules_by_me", "does not fit here"),
        ("when = { any = { role = 'x' } }\nthen = 'leave'", "rule[0].when.any", "list of conditions"),
        ("when = { any = [{ rol = 'x' }] }\nthen = 'leave'", "rule[0].when.any[0].rol", "unknown fact"),
        ("when = { not = 5 }\nthen = 'leave'", "rule[0].when.not", "a condition is a table"),
        ("when = { unknown = ['compny'] }\nthen = 'leave'", "rule[0].when.unknown[0]", "is no fact"),
        ("when = { unknown = [[]] }\nthen = 'leave'", "rule[0].when.unknown[0]", "is no fact"),
        ("when = { unknown = [] }\nthen = 'leave'", "rule[0].when.unknown", "list of facts"),
        ("when = {}\nthen = 'decline'\nreason = 'Because.'", "rule[0].reason", "does not fit into a sentence"),
        ("when = {}\nthen = 'decline'\nreason = { en = 5 }", "rule[0].reason.en", "phrase is missing"),
        ("when = {}\nthen = 'decline'\nreason = { english = 'x' }", "rule[0].reason.english", "no language"),
        ("when = {}\nthen = 'decline'\nreason = 'see {{ x }} now'", "rule[0].reason", "does not fit into a sentence"),
        ("when = {}\nthen = 'decline'\ntemplate = '../x'", "rule[0].template", "no template's name"),
        ("when = {}\nthen = 'decline'\ncheck_in = 'soon'", "rule[0].check_in", "no length of time"),
        ("when = {}\nthen = 'decline'\nactive = { to = 2026-12-01 }", "rule[0].active.to", "unknown key"),
        ("when = {}\nthen = 'leave'\nactive = { from = 2026-12-02, until = 2026-12-01 }", "rule[0].active", "lies"),
    ],
)  # fmt: skip
def test_one_problem_of_a_rule(tmp_path: Path, rule: str, key: str, words: str) -> None:
    found = problems(tmp_path, f"[[rule]]\n{rule}\n")
    assert [k for _, k, what, _ in found if words in what] == [key], found
    assert len(found) == 1


@pytest.mark.parametrize(
    "place", ["password = 'hunter2'", "imap = { host = 'x.example', port = 1, password = 'hunter2' }"]
)
def test_a_secret_in_the_file_is_refused_and_never_repeated(tmp_path: Path, place: str) -> None:
    text = re.sub(rf"(?m)^{place.split(' ', maxsplit=1)[0]} = .*$", place, ACCOUNT)
    with pytest.raises(ConfigError) as caught:
        load(written(tmp_path, text))
    assert "must not stand in this file" in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_no_encryption_on_this_machine_alone(tmp_path: Path, host: str) -> None:
    text = ACCOUNT.replace('"imap.example.net", port = 993', f'"{host}", port = 1143, tls = "none"')
    assert load(written(tmp_path, text)).accounts[0].imap.tls == "none"


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"[me]\nname = x\n", 2, "not TOML"),
        (b"[me]\nname = '\xff'\n", 2, "UTF-8"),
        (b"a = [" * 5000, None, "not TOML"),
        (b"#" * (5 << 20), None, "larger than"),
    ],
)
def test_no_toml_at_all(tmp_path: Path, data: bytes, line: int | None, words: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(data)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert words in caught.value.problems[0].what
    assert line is None or caught.value.problems[0].line == line


@settings(max_examples=60)
@given(
    st.recursive(
        st.one_of(st.text(max_size=8), st.integers(), st.booleans(), st.floats(allow_nan=False)),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["role", "any", "not", "salary_below", "weekday", "x", "unknown"]), inner, max_size=3
            )
        ),
        max_leaves=5,
    )
)
def test_whatever_a_rule_holds_there_are_problems_or_rules(value: object) -> None:
    from raincheck.config.rule_tables import Report, read_rules

    report = Report("x.toml", {})
    rules = read_rules([{"when": value, "then": value}, value], report, "en")
    assert report.problems
    assert all(problem.what and problem.remedy for problem in report.problems)
    assert len(rules) <= 2


# --- conditions ---------------------------------------------------------------------------------------------------


def test_conditions(tmp_path: Path) -> None:
    text = """
[[rule]]
then = "decline"
reason = "I travel"
when.role = "PHP"
when.company = ["Acme", "Meta"]
when.salary_below = { amount = 70000, currency = "eur" }
when.any = [{ agency = true }, { weekday = "Friday", time_before = "10:00" }]
when.not = { unknown = ["salary"] }
when.notice_below = "2d"
when.duration_above = 60
when.interview_until = "2026-12-24"
"""
    rule = load(written(tmp_path, text), today=TODAY).rules[0]
    assert rule.when == All(
        (
            Test("role", "PHP"),
            Test("company", ("Acme", "Meta")),
            Test("salary_below", Salary(70000, "EUR", "year")),
            AnyOf((Test("agency", expected=True), All((Test("weekday", ("fri",)), Test("time_before", time(10)))))),
            Not(Unknown(("salary",))),
            Test("notice_below", timedelta(days=2)),
            Test("duration_above", 60.0),
            Test("interview_until", date(2026, 12, 24)),
        )
    )
    assert (rule.name, rule.then, rule.reason) == ("rule 1", Outcome.DECLINE, {"en": "I travel"})


def test_a_plain_reason_is_in_the_first_language(tmp_path: Path) -> None:
    text = '[me]\nlanguages = ["de", "en"]\n[[rule]]\nwhen = {}\nthen = "decline"\nreason = "ich ziehe um"\n'
    assert load(written(tmp_path, text)).rules[0].reason == {"de": "ich ziehe um"}


# --- included files -----------------------------------------------------------------------------------------------


def test_included_rules_come_after_ones_own(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    written(tmp_path / "sub", "[[rule]]\nname = 'third'\nwhen = {}\nthen = 'leave'\n", "more.toml")
    written(
        tmp_path,
        "include = ['sub/more.toml']\n[[rule]]\nname = 'second'\nwhen = {role = 'x'}\nthen = 'leave'\n",
        "mine.toml",
    )
    text = f"include = ['mine.toml', {{ preset = 'remote-only' }}]{RULE}name = 'first'\nwhen = {{role = 'y'}}\n"
    found = load(written(tmp_path, text), today=TODAY)
    assert [rule.name for rule in found.rules] == ["first", "second", "third", "remote only"]
    assert found.rules[2].origin == f"{tmp_path}/sub/more.toml:1"
    assert found.rules[3].origin.endswith("config.toml:1 (preset remote-only)")


def test_a_circle_of_files(tmp_path: Path) -> None:
    written(tmp_path, "include = ['config.toml']\n", "mine.toml")
    assert [(k, w) for _, k, w, _ in problems(tmp_path, "include = ['mine.toml']\n")] == [
        ("include[0]", "config.toml includes itself")
    ]


def test_files_that_include_each_other_many_times_end(tmp_path: Path) -> None:
    for n in range(12):
        written(tmp_path, f"include = ['f{n + 1}.toml', 'f{n + 1}.toml']\n", f"f{n}.toml")
    written(tmp_path, "", "f12.toml")
    assert any("more than 50 files" in what for _, _, what, _ in problems(tmp_path, "include = ['f0.toml']\n"))


def test_an_included_file_holds_rules_alone(tmp_path: Path) -> None:
    written(tmp_path, "[me]\nname = 'x'\n[[rule]]\nwhen = 5\nthen = 'leave'\n", "mine.toml")
    with pytest.raises(ConfigError) as caught:
        load(written(tmp_path, "include = ['mine.toml']\nbogus = 1\n"))
    assert [(Path(p.file).name, p.line, p.key) for p in caught.value.problems] == [
        ("config.toml", 2, "bogus"),
        ("mine.toml", 1, "me"),
        ("mine.toml", 4, "rule[0].when"),
    ]


# --- rules that never match ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (["when = { interview_until = 2026-11-22 }"], ["ended on 2026-11-22"]),
        (["when = { all = [{ role = 'x', interview_until = 2026-11-01 }] }"], ["ended on 2026-11-01"]),
        (["when = { interview_until = 2026-11-23 }"], []),
        (["when = { any = [{ interview_until = 2026-11-01 }, { role = 'x' }] }"], []),
        (["when = {}\nactive = { until = 2026-11-01 }"], ["ended on 2026-11-01"]),
        (["when = {}", "when = { role = 'x' }"], ["never gets a turn"]),
        (["when = { role = 'x' }", "when = { role = 'x', agency = true }"], ["never gets a turn"]),
        (["when = { role = 'x', agency = true }", "when = { role = 'x' }"], []),
        (["when = {}\nactive = { from = 2027-01-01 }", "when = { role = 'x' }"], []),
    ],
)
def test_warnings(tmp_path: Path, rules: list[str], words: list[str]) -> None:
    found = load(written(tmp_path, "".join(RULE + rule for rule in rules)), today=TODAY).warnings
    assert len(found) == len(words)
    assert all(word in warning and "config.toml:" in warning for word, warning in zip(words, found, strict=True))


def test_a_language_without_templates_is_told(tmp_path: Path) -> None:
    text = '[me]\nlanguages = ["en", "fi", "sv"]\n'
    (tmp_path / "templates" / "sv").mkdir(parents=True)
    path = written(tmp_path, text)
    assert languages_without_letters(load(path).me, path) == ("fi",)


MOVE = "\n[me]\nlanguages = ['en', 'de']\n[[rule]]\nname = 'weeks'\nthen = 'reschedule'\n"


@pytest.mark.parametrize(
    ("rule", "warned", "hinted"),
    [
        ("when = { role = 'x' }", 'reason = { en = "…", de = "…" }', ""),
        ("when = { role = 'x' }\nreason = { fr = 'je suis en examens' }", 'reason = { en = "…", de = "…" }', ""),
        ("when = { role = 'x' }\nreason = 'I am in my exam weeks'", "", "none in “de”, so mails in “de”"),
        ("when = { role = 'x' }\nreason = { en = 'I am in my exam weeks', de = 'ich bin in Prüfungen' }", "", ""),
        ("when = { language = ['en'] }", 'reason = { en = "…" }', ""),
        ("when = { language = ['en'] }\nreason = 'I am in my exam weeks'", "", ""),
        ("when = { busy = true, role = 'x' }", "", ""),  # a collision has its own words
        ("when = { asks_availability = true }", "", ""),  # a proposal needs no reason
    ],
)
def test_a_rule_that_moves_talks_without_a_reason_is_told(rule: str, warned: str, hinted: str, tmp_path: Path) -> None:
    path = written(tmp_path, MOVE + rule)
    found = load(path)
    for told, words in ((found.warnings, warned), (found.hints, hinted)):
        assert len(told) == bool(words)
        assert all(text.startswith(f"{path}:4: reason: the rule “weeks” has none") and words in text for text in told)


def test_only_a_move_needs_a_reason(tmp_path: Path) -> None:
    found = load(written(tmp_path, MOVE.replace("reschedule", "decline") + "when = {}\n"))
    assert found.warnings == found.hints == ()


def test_the_remedy_for_a_parameter_that_a_preset_lacks_is_a_sentence(tmp_path: Path) -> None:
    ((_, _, what, remedy),) = problems(tmp_path, "include = [{ preset = 'salary-floor' }]")
    assert (what, remedy) == (
        "the preset salary-floor needs amount",
        "The lowest pay for a year: write amount = ….",
    )


# --- lines --------------------------------------------------------------------------------------------------------


def test_lines_of_keys() -> None:
    text = '''# a comment = 1
[a."b.c"]  # [no]
x = """
[not.a.table]
y = 1
"""
d.e = { f = 1, "g h" = [1, 2] }
list = [
  1.5,  # one
  { z = 2026-12-01 09:00:00 },
  'a # b',
]
[[t]]
[[t]]
n = 1
[t.sub]
m = -1
[[t.inner]]
k = true
'''
    lines = key_lines(text)
    expected = {
        ("a", "b.c"): 2,
        ("a", "b.c", "x"): 3,
        ("a", "b.c", "d"): 7,
        ("a", "b.c", "d", "e"): 7,
        ("a", "b.c", "d", "e", "f"): 7,
        ("a", "b.c", "d", "e", "g h", 1): 7,
        ("a", "b.c", "list"): 8,
        ("a", "b.c", "list", 0): 9,
        ("a", "b.c", "list", 1, "z"): 10,
        ("a", "b.c", "list", 2): 11,
        ("t", 0): 13,
        ("t", 1): 14,
        ("t", 1, "n"): 15,
        ("t", 1, "sub"): 16,
        ("t", 1, "sub", "m"): 17,
        ("t", 1, "inner", 0, "k"): 19,
    }
    assert {path: lines.get(path) for path in expected} == expected
    assert _paths(tomllib.loads(text)) <= set(lines) | {("a",), ("t",), ("t", 1, "inner")}


def _paths(value: Any, at: tuple[Any, ...] = ()) -> set[tuple[Any, ...]]:
    found = {at} if at else set()
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found |= _paths(item, (*at, key))
    return found


def test_a_held_time_is_a_period(tmp_path: Path) -> None:
    text = '[[availability.held]]\nstart = "2026-12-01T09:00:00+01:00"\nend = 2026-12-01T08:45:00Z\n'
    assert load(written(tmp_path, text)).availability.held == (
        Period(datetime(2026, 12, 1, 8, tzinfo=UTC), datetime(2026, 12, 1, 8, 45, tzinfo=UTC)),
    )


# --- providers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "sent", "stars"),
    [
        ("imap.gmail.com", "server", False),
        ("IMAP.Gmail.com", "server", False),
        ("outlook.office365.com", "server", True),
        ("imap.mail.me.com", "auto", True),
        ("imap.fastmail.com", "auto", True),
        ("imap.example.net", "auto", True),
    ],
)
def test_what_a_provider_does_by_itself_is_known_by_its_host(tmp_path: Path, host: str, sent: str, stars: bool) -> None:
    (account,) = load(written(tmp_path, ACCOUNT.replace("imap.example.net", host)), today=TODAY).accounts
    assert (account.sent, account.stars) == (sent, stars)


def test_the_persons_word_goes_before_what_is_known_of_the_provider(tmp_path: Path) -> None:
    text = (
        ACCOUNT.replace("imap.example.net", "imap.gmail.com") + 'sent = "[Gmail]/Gesendet"\n[approval]\nflag = true\n'
    )
    (account,) = load(written(tmp_path, text), today=TODAY).accounts
    assert (account.sent, account.stars) == ("[Gmail]/Gesendet", True)


def test_only_the_account_whose_stars_mark_conversations_takes_none_for_a_yes(tmp_path: Path) -> None:
    other = ACCOUNT.replace("accounts.main", "accounts.other")
    found = load(written(tmp_path, ACCOUNT.replace("imap.example.net", "imap.gmail.com") + other), today=TODAY)
    gmail, plain = found.accounts
    assert (found.of(gmail).approval.flag, found.of(plain).approval.flag) == (False, True)
    assert found.of(gmail).approval.folder == found.approval.folder
