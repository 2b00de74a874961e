"""Half a minute of the real thing with every run of the tests; `make torture ARGS="--real"` runs a long one."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from raincheck.demo.dovecot import installed
from tests.campaign.campaign import Campaign

pytestmark = pytest.mark.dovecot


@pytest.mark.skipif(installed() is None, reason="Dovecot is not installed")
def test_no_promise_is_broken_by_the_real_service_on_real_servers() -> None:
    folder = Path(tempfile.mkdtemp(prefix="campaign-"))  # short: the paths of sockets are limited to 107 bytes
    folder.chmod(0o711)  # Dovecot's mail user passes through
    try:
        with Campaign(folder, seed=20) as campaign:
            campaign.run(15)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    assert campaign.counts["mails"] > 3
    assert campaign.counts["kills"] > 0
    assert campaign.counts["faults"] > 0
