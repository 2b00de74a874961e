"""`raincheck check` against real servers: all is well, or the server's word with what to do; nothing is changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.system.home import event, feed, invitation, workday

if TYPE_CHECKING:
    from tests.servers.http import HttpServer
    from tests.system.home import Home

pytestmark = pytest.mark.dovecot


@pytest.fixture
def served(home: Home, http_server: HttpServer) -> Home:
    http_server.put("/calendar.ics", feed(event(workday(4), 60)))
    home.mailbox.deliver(invitation(workday(4)).as_bytes())
    return home


def check(home: Home, *, code: int = 0) -> dict[str, dict[str, Any]]:
    lines = json.loads(home.raincheck("check", "--json", "--config", str(home.config), code=code))
    return {line["name"]: line for line in lines}


def rewrite(home: Home, old: str, new: str) -> None:
    text = home.config.read_text()
    assert text.count(old) == 1
    home.config.write_text(text.replace(old, new))


def test_all_is_well_and_nothing_is_changed(served: Home) -> None:
    before = (served.messages("INBOX"), sorted(served.folder.rglob("*")))
    found = check(served)
    assert [name for name, line in found.items() if not line["ok"]] == []
    assert found["calendar private"]["detail"] == "fresh, 1 event, 0 s old"
    assert (served.messages("INBOX"), sorted(served.folder.rglob("*"))) == before


def test_it_reads_the_ledger_that_is_there(served: Home) -> None:
    served.passes()
    files = {path: path.read_bytes() for path in served.folder.rglob("*") if path.is_file()}
    assert check(served)["ledger"]["detail"] == "1 case"
    assert {path: path.read_bytes() for path in served.folder.rglob("*") if path.is_file()} == files


def test_a_rejected_login_is_told_with_the_place_of_the_password(served: Home) -> None:
    (served.folder / "password").write_text("wrong")
    (served.folder / "smtp-password").write_text("wrong")
    found = check(served, code=1)
    for side in ("IMAP", "SMTP"):
        line = found[f"account main: {side}"]
        assert not line["ok"]
        assert line["remedy"].startswith(f"Check username and password at {served.config}:")
        assert "accounts.main" in line["remedy"]


@pytest.mark.parametrize(
    ("key", "line"), [("watch = ['Interviews']", "watch"), ("sent = 'Gone'", "folders"), ("trash = 'Bin'", "folders")]
)
def test_a_folder_that_is_not_there_is_told_with_those_that_are(key: str, line: str, served: Home) -> None:
    rewrite(served, "[accounts.main.smtp]", f"{key}\n[accounts.main.smtp]")
    told = check(served, code=1)[f"account main: {line}"]
    assert not told["ok"]
    assert f"{served.config}:" in told["remedy"]
    assert "There are: " in told["remedy"]
    assert "“INBOX”" in told["remedy"]


def test_a_calendar_that_is_gone_is_told_with_what_to_try(served: Home, http_server: HttpServer) -> None:
    http_server.put("/calendar.ics", b"", status=404)
    line = check(served, code=1)["calendar private"]
    assert "the address in the file " in line["detail"]
    assert "is not there any more (HTTP 404)" in line["detail"]
    assert line["remedy"].startswith(f"Try the address at {served.config}:")
