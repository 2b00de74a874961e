"""The person of the system tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.servers import submission as submission_server
from tests.system.home import CONFIG, Home

if TYPE_CHECKING:
    from pathlib import Path

    from raincheck.demo.certificate import Certificate
    from tests.servers.http import HttpServer
    from tests.servers.mailbox import Mailbox
    from tests.servers.submission import SubmissionServer


@pytest.fixture
def home(
    mailbox: Mailbox, submission: SubmissionServer, http_server: HttpServer, tls: Certificate, tmp_path: Path
) -> Home:
    (tmp_path / "home").mkdir()
    made = Home(tmp_path, mailbox)
    for name, text in {"password": mailbox.password, "smtp-password": submission_server.PASSWORD}.items():
        (tmp_path / name).touch(mode=0o600)
        (tmp_path / name).write_text(text)
    (tmp_path / "calendar-url").touch(mode=0o600)
    (tmp_path / "calendar-url").write_text(http_server.url("/calendar.ics"))
    made.config.write_text(
        CONFIG.format(
            address=mailbox.address,
            user=mailbox.user,
            imaps=mailbox.tls_port,
            smtp=submission.port,
            smtp_user=submission_server.USERNAME,
            ca_file=tls.ca_file,
            undo="0s",
        )
    )
    return made
