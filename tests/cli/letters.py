"""A mail that invites, and a configuration with the rule that declines it."""

from __future__ import annotations

MAIL = b"""From: Dana Field <dana@acme.example>\r
To: Robin Meyer <robin.meyer@example.net>\r
Subject: Interview\r
Date: Mon, 23 Nov 2026 09:00:00 +0100\r
\r
Hi Robin,\r
\r
we would like to invite you to an interview for the Night Nurse position on Thursday at 14:00.\r
\r
Best regards\r
Dana Field\r
Acme\r
"""
CONFIG = """
[me]
name = "Robin Meyer"
addresses = ["robin.meyer@example.net"]
timezone = "Europe/Berlin"
[[rule]]
name = "no nights"
when = { role = "night" }
then = "decline"
"""
