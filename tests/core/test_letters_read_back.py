"""The times that a letter offers are those that its reader, and the check before sending, find in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from raincheck import assets
from raincheck.core.compose import Letter
from raincheck.core.reading.lexicon import Lexica
from raincheck.core.reading.times import TimeContext, find_times
from raincheck.core.rfc5322 import to_bytes, visible_text
from raincheck.core.specimens import NOW, Specimen, written

TEMPLATES = assets.templates()
LEXICA = Lexica.from_data(assets.reading_data())
HOME = ZoneInfo("Europe/Berlin")
OFFERED = {
    datetime(2026, 12, 3, 9, 0, tzinfo=UTC),
    datetime(2026, 12, 4, 13, 30, tzinfo=UTC),
    datetime(2026, 12, 7, 8, 30, tzinfo=UTC),
}


def named(text: str, lang: str) -> set[datetime]:
    context = TimeContext(
        reference=NOW, tz="Europe/Berlin", words=LEXICA.times(lang), zones=LEXICA.zones, lang=lang, region="DE"
    )
    starts = (span.start for span in find_times(text, context) if isinstance(span.start, datetime))
    return {(s if s.utcoffset() is not None else s.replace(tzinfo=HOME)).astimezone(UTC) for s in starts}


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/London", "Asia/Tokyo", "Asia/Kolkata", None])
@pytest.mark.parametrize("variants", [(), ("second",)])
@pytest.mark.parametrize("lang", ["en", "de"])
def test_a_reschedule_names_its_offers_and_the_appointment(
    lang: str, variants: tuple[str, ...], zone: str | None
) -> None:
    specimen = Specimen(lang, Letter.RESCHEDULE, variants, zone=zone)
    reply = replace(
        written(specimen, TEMPLATES),
        quote="On Wednesday, 9 December 2026 at 11:00, Dana wrote:\n> Could you come on 9 December at 11:00?",
    )
    text = visible_text(to_bytes(reply, message_id="<d@example.net>", date=NOW))
    appointment = datetime(2026, 12, 1, 14, 30, tzinfo=ZoneInfo(zone or "Europe/Berlin")).astimezone(UTC)
    assert named(text, lang) == OFFERED | {appointment}
