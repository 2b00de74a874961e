"""The suite runs where luck does not help: far from UTC, and cut off from the network (see conftest)."""

from __future__ import annotations

import socket
from datetime import datetime, timedelta

import pytest


def test_the_machine_seems_to_be_in_kathmandu() -> None:
    assert datetime.now().astimezone().utcoffset() == timedelta(hours=5, minutes=45)


def test_nothing_but_loopback_can_be_reached() -> None:
    with pytest.raises(ConnectionRefusedError, match="loopback"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(socket.gaierror, match="look up no names"):
        socket.getaddrinfo("example.org", 443)
    assert socket.getaddrinfo("localhost", 443)
