"""All data of rules/reading, compiled once: what `read()` needs beside the mail itself.

A file of rules/reading with a table `[language]` is a language; the others (names, platforms, places, public-bodies,
unread, zones) hold for every language. A person's own additions are merged by `assets.reading_data` before they come
here: a file of the same name in their `reading` folder adds its tables and the entries of its lists to the shipped
ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from raincheck.core import recipients
from raincheck.core.reading.appointments import AppointmentLexicon
from raincheck.core.reading.fields import FieldLexicon
from raincheck.core.reading.fields.ranking import Weights
from raincheck.core.reading.fields.words import Names, field_words
from raincheck.core.reading.kind import KindCues
from raincheck.core.reading.language import LanguageWords
from raincheck.core.reading.learned import Learned, Linear
from raincheck.core.reading.senders import Senders
from raincheck.core.reading.timewords import TimeWords
from raincheck.core.segments import SegmentWords

if TYPE_CHECKING:
    from collections.abc import Mapping

    from raincheck.core.reading.zones import ZoneTable


@dataclass(frozen=True, slots=True)
class Lexica:
    """The compiled words of every language and what is known of senders, hosts, zones and places."""

    segments: SegmentWords
    languages: Mapping[str, LanguageWords]
    unread: Mapping[str, LanguageWords]  # languages that are only told apart
    kinds: KindCues
    fields: FieldLexicon
    appointments: AppointmentLexicon
    senders: recipients.Senders  # for the letter's addresses
    time_words: Mapping[str, TimeWords]
    learned: Mapping[str, Learned]  # by language; those without are read by their cues alone

    @classmethod
    def from_data(cls, data: Mapping[str, Mapping[str, Any]]) -> Lexica:
        """From the parsed files of rules/reading by stem, as `assets.reading_data` gives them.

        Raises phrasemachine.PhraseError or phrase.PhraseError (ValueErrors), which name the phrase that cannot be read.
        """
        spoken = {code: table for code, table in data.items() if "language" in table}
        platforms = data.get("platforms", {})
        senders = Senders.from_tables(platforms, data.get("public-bodies", {}))
        no_reply = platforms.get("noreply", {}).get("local_parts", ())
        names = Names.from_table(
            data.get("names", {}),
            no_reply,
            data.get("vocabulary", {}),
            data.get("given-names", {}).get("given", ""),
            (name for zone in data.get("places", {}).get("zones", {}).values() for name in zone),
        )
        segments = SegmentWords.from_tables(data)
        time_words = {
            code: TimeWords.from_tables((code, table["times"])) for code, table in spoken.items() if "times" in table
        }
        return cls(
            segments=segments,
            languages={code: LanguageWords.from_table(table["language"]) for code, table in spoken.items()},
            unread={
                code: LanguageWords.from_table(table)
                for code, table in data.get("unread", {}).items()
                if code not in spoken
            },
            kinds=KindCues.from_tables(data),
            fields=FieldLexicon(
                languages=field_words(
                    {c: table["fields"] for c, table in spoken.items() if "fields" in table},
                    names,
                    (*segments.closings, *segments.thanks),
                    {code: words.words("weekday") for code, words in time_words.items()},
                ),
                names=names,
                senders=senders,
                schedulers=_schedulers(platforms),
                weights={
                    name: Weights(data.get("weights", {}).get(name, {})) for name in ("agency", "role", "company")
                },
                formats=Linear.from_table(data.get("formats", {}).get("learned", {})),
            ),
            appointments=AppointmentLexicon.from_data(data),
            senders=recipients.Senders(senders.platforms, senders.freemail, senders.platform_labels),
            time_words=time_words,
            learned={
                code: Learned.from_table(table["learned"]) for code, table in spoken.items() if "learned" in table
            },
        )

    @property
    def zones(self) -> ZoneTable:
        """What zone letters and names mean."""
        return self.appointments.zones

    def times(self, lang: str | None) -> TimeWords:
        """The words for times of that language; where it is unknown, those of any language that has some."""
        known = self.time_words.get(lang or "")
        return known or next(iter(self.time_words.values()), TimeWords.from_tables())


def _schedulers(platforms: Mapping[str, Any]) -> frozenset[str]:
    """Hosts of booking pages: domains of the platforms of that kind."""
    return frozenset(
        host
        for entry in platforms.get("platform", ())
        if entry.get("kind") == "scheduler"
        for host in (*entry.get("domains", ()), *entry.get("labels", ()))
    )
