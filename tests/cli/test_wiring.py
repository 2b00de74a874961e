"""What the commands share: how they log."""

from __future__ import annotations

import logging

import pytest

from raincheck.cli.wiring import log_to_stderr


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        (
            "case k7: refused: dana.fox@acme.example: 550 <robin@example.net> unknown",
            "case k7: refused: …: 550 <…> unknown",
        ),
        ("feed: https://calendar.example/private-0af3/basic.ics cannot be had", "feed: … cannot be had"),
        ("login webcal://robin:secret@calendar.example/x failed", "login … failed"),
        ("account main: 2 drafts, 10:30, a/b", "account main: 2 drafts, 10:30, a/b"),
    ],
)
def test_the_log_keeps_no_addresses_and_no_urls(
    said: str, logged: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    monkeypatch.setenv("JOURNAL_STREAM", "8:1")
    log_to_stderr(debug=False)
    logging.getLogger("raincheck").warning("%s", said)
    assert capsys.readouterr().err == f"WARNING {logged}\n"
