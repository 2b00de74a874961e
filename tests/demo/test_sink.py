"""The demo's submission server answers like a real one: a mail client that is set up wrongly is told so."""

from __future__ import annotations

import smtplib

import pytest

from raincheck.demo.sink import Sink


def test_a_login_is_taken_or_turned_away() -> None:
    with Sink("robin", "right") as sink, smtplib.SMTP("127.0.0.1", sink.port, timeout=5) as client:
        with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
            client.login("robin", "wrong")
        assert refused.value.smtp_code == 535
        assert client.login("robin", "right")[0] == 235
