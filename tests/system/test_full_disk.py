"""A disk that is full for real, under the installed command: it says so and ends; nothing is lost or doubled."""

from __future__ import annotations

import resource
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.system.home import RAINCHECK, event, feed, invitation, workday

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.servers.http import HttpServer
    from tests.servers.submission import SubmissionServer
    from tests.system.home import Home

pytestmark = pytest.mark.dovecot

_SIZE = 640  # kilobytes of the small disk


@pytest.fixture
def passes(home: Home) -> Iterator[Callable[[int | None], int]]:
    """`passes(room)`: one pass of the service with so many kilobytes left to write (None: enough); its exit code.

    The state folder is a small disk of its own; where that may not be mounted, a limit on the size of files serves.
    """
    state = home.folder / "state"
    state.mkdir(mode=0o700)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}k,mode=0700", "tmpfs", str(state)]
    disk = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    filler = state / "filler"

    def run(room: int | None) -> int:
        limit = None
        filler.unlink(missing_ok=True)
        if room is not None and disk:
            free = int(
                subprocess.run(["df", "--output=avail", state], capture_output=True, check=True).stdout.split()[1]
            )
            filler.write_bytes(b"\0" * 1024 * max(0, free - room))
        elif room is not None:
            written = max((file.stat().st_size for file in state.glob("ledger.sqlite3*")), default=0)
            limit = written + room * 1024

        def limited() -> None:
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        done = subprocess.run(
            [RAINCHECK, "run", "--once", "--config", home.config],
            env=home.environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            preexec_fn=limited,
        )
        assert "Traceback" not in done.stderr, done.stderr
        if done.returncode:
            assert "ledger.sqlite3" in done.stderr, done.stderr
            assert "free disk space" in done.stderr, done.stderr
        filler.unlink(missing_ok=True)
        return done.returncode

    yield run
    if disk:
        subprocess.run(["umount", state], check=True)


def test_a_full_disk_costs_only_time(
    home: Home, passes: Callable[[int | None], int], http_server: HttpServer, submission: SubmissionServer
) -> None:
    http_server.put("/calendar.ics", feed(event(workday(5), 60)))
    home.mailbox.deliver(invitation(workday(5)).as_bytes())
    assert [passes(room) for room in (0, 60)].count(1) > 0, "the disk was never full"
    assert passes(None) == 0
    assert passes(None) == 0
    assert len(home.messages("Drafts")) == 1
    assert len(home.messages("Raincheck")) == 1
    home.star_drafts()
    assert [passes(room) for room in (12, 200)].count(1) > 0
    assert passes(None) == 0
    assert passes(None) == 0
    (case,) = home.status()["cases"]
    assert (case["state"], len(submission.received)) == ("sent", 1), "a full disk makes no sending uncertain"
    assert (home.messages("Drafts"), len(home.messages("Sent"))) == ([], 1)
