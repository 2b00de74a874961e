"""Zones in a text: letters, offsets, IANA and Windows names, "Berlin time", "(all times Pacific)"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.core.reading.atom import Atom
from raincheck.core.reading.tokenview import TokenView
from raincheck.core.reading.zones import Zone, load_zone
from raincheck.core.tzid import standard_offset

if TYPE_CHECKING:
    from datetime import timedelta

_IANA = re.compile(r"[A-Z][A-Za-z]{2,12}(?:/[A-Z][A-Za-z_+-]{1,20}){1,2}")
_WINDOWS = " Standard Time"
_OPENING = frozenset("([")
_REFERENCE = 3  # figures behind a stroke that are no hour


def _alike(letters: Zone, place: Zone) -> bool:
    """True for a place whose standard time is one of those that the letters mean."""
    return not _standard(letters).isdisjoint(_standard(place))


def _standard(zone: Zone) -> set[timedelta | None]:
    return {standard_offset(loaded) for name in zone.names if (loaded := load_zone(name))}


class ZoneAtoms(TokenView):
    """Finds zones."""

    def zone_after(self, at: int) -> tuple[Zone, int] | None:
        """A zone right behind a clock: "CET", "(Europe/Berlin)", "Berlin time", "Pacific"."""
        if self.glued(at) == "z":
            return Zone(("UTC",)), at + 1
        ranged = self.tokens[at - 1].kind == "number" and len(self.tokens[at - 1].text) == 4  # 0830-0930
        if (
            self.glued(at) in ("+", "-")
            and not ranged
            and self.number(at + 1, 4) is not None
            and self.gap(at + 1) == ""
        ):
            return self._offset(at) if self.glued(at + 2) == ":" or len(self.tokens[at + 1].text) == 4 else None
        if (
            self.gap(at) in (" ", "\n")
            and self.low(at) in ("+", "-")
            and len(self.glued(at + 1)) == 4
            and self.number(at + 1, 4)
        ):
            return self._offset(at)  # RFC 5322: 10:00:00 +0100
        bracketed = self._bracketed(at)
        if bracketed is not None:
            return bracketed
        skip = at
        for _ in range(2):
            if self.low(skip) in ("(", "[", ",", "-") and self.gap(skip) in ("", " "):
                skip += 1
        if self.gap(skip) not in ("", " ", "\n", "\t"):
            return None
        if "on" in self.entry(skip) and not (self.tokens[skip : skip + 1] and self.tokens[skip].text[:1].isupper()):
            skip += self.length(skip)
        named = self.zone_at(skip, bare=True)
        if named is None:
            return None
        zone, end = named
        if self.gap(skip) == "\n" and self.low(end) == ":":
            return None  # the label of the next line: "10:00\nLondon: 14:00"
        opened = any(self.low(index) in _OPENING for index in range(at, skip))
        if opened and self.low(end) in (")", "]"):
            end += 1
            zone = self._displayed(zone, end)
        elif opened and self._surname_at(end) and self.tokens[skip].text not in self.zones.letters:
            return None  # "15:00 (Austin Lane)"
        return self._placed(zone, end)

    def _surname_at(self, at: int) -> bool:
        """Whether a word with a capital follows, as a surname does."""
        named = at < self.count and self.tokens[at].kind == "word" and self.tokens[at].text[:1].isupper()
        return named and self.gap(at) == " "

    def _bracketed(self, at: int) -> tuple[Zone, int] | None:
        """What tells a zone only in brackets of its own: "15:00 (+0200)", "13:00 (Z)", "15:00 (Helsinki)"."""
        if self.low(at) not in _OPENING or self.gap(at) not in ("", " ", "\n"):
            return None
        found: tuple[Zone, int] | None = None
        if self.low(at + 1) in ("+", "-") and self.number(at + 2, 4) is not None:
            found = self._offset(at + 1)
        elif self.low(at + 1) == "z":
            found = Zone(("UTC",)), at + 2
        elif (named := self._place(at + 1)) is not None and self.low(at + 1) not in self.zones.persons:
            found = named
        return (found[0], found[1] + 1) if found is not None and self.low(found[1]) in (")", "]") else None

    def _placed(self, zone: Zone, at: int) -> tuple[Zone, int]:
        """ "AEST (Brisbane)": the place in brackets decides among the places of the letters."""
        if self.low(at) == "(" and self.gap(at) == " ":
            named = self._place(at + 1)
            if named is not None and self.low(named[1]) in (")", ",") and _alike(zone, named[0]):
                return named[0], named[1] + (self.low(named[1]) == ")")  # "(Brisbane, no daylight saving)"
        return zone, at

    def _displayed(self, zone: Zone, at: int) -> Zone:
        """Calendars write "(UTC+01:00) Amsterdam, Berlin" all year: the place is meant, not its standard offset."""
        if zone.name[0] not in "+-" or self.gap(at) not in ("", " ") or at >= self.count:
            return zone
        token = self.tokens[at]
        if token.kind != "word" or not token.text[:1].isupper():
            return zone
        named = self._named_zone(at, bare=False)
        place = named[0] if named else self.zones.place(token.text)
        offset, there = load_zone(zone.name), load_zone(place.name) if place else None
        if place is None or offset is None or there is None:
            return zone
        return place if offset.utcoffset(None) == standard_offset(there) else zone

    def zone_at(self, index: int, *, bare: bool = False) -> tuple[Zone, int] | None:
        """The zone named at that token, and where it ends; bare allows a known name without a word for "time"."""
        if not 0 <= index < self.count or self.tokens[index].kind != "word":
            return None
        token = self.tokens[index]
        shifted = self.low(index + 1) in ("+", "-") and self.number(index + 2, 4) is not None
        if token.text in ("GMT", "UTC") and shifted and not self._dashed_clock(index + 1):
            return self._offset(index + 1)
        if token.text in self.zones.letters:
            if self._is_reference(index):
                return None
            return self.zones.letters[token.text], index + 1
        if not token.text[:1].isupper():
            named = self._small_name(index) if bare else None
            if bare and "local_time" in self.entry(index):
                named = self._bracketed(index + self.length(index))
            if named is not None:
                return named
            adjective = token.low in self.zones.names and "zone" in self.entry(index + 1) and self.gap(index + 1) == " "
            return (self.zones.names[token.low], index + 1 + self.length(index + 1)) if adjective else None
        if self.glued(index + 1) == "/" and (named := self._matched(_IANA.match(self.text, token.start))) is not None:
            return named
        return self._named_zone(index, bare=bare)

    def _is_reference(self, index: int) -> bool:
        """True for the letters of a reference: "MT/3308", "MT/26/031"; not for "ET/11:00", "1500 ET/1200 PT"."""
        timed = self.number(index - 1, 6) is not None or "half" in self.entry(index - 1)
        if timed or self.glued(index + 1) != "/" or self.number(index + 2, 6) is None:
            return False
        return len(self.tokens[index + 2].text) >= _REFERENCE or self.glued(index + 3) == "/"

    def _dashed_clock(self, at: int) -> bool:
        """True for the dash of "10:00 GMT - 11:00": a clock follows; offsets stand close or have two figures."""
        apart = self.low(at) == "-" and self.gap(at) == self.gap(at + 1) == " "
        return apart and self.glued(at + 2) == ":" and not self.tokens[at + 1].text.startswith("0")

    def _small_name(self, index: int) -> tuple[Zone, int] | None:
        """ "the east coast": a name of several words that is written small."""
        for size in (3, 2):
            words = " ".join(token.low for token in self.tokens[index : index + size])
            if words in self.zones.names:
                return self.zones.names[words], index + size
        return None

    def _named_zone(self, index: int, *, bare: bool) -> tuple[Zone, int] | None:
        for size in (1, 2, 3, 4):
            at = index + size
            if at > self.count or self.tokens[at - 1].kind == "number":
                break
            if "zone" not in self.entry(at) or self.gap(at) not in (" ", "\n"):
                continue
            place = " ".join(token.text for token in self.tokens[index:at])
            zone = None if place.lower() in self.zones.names else self._windows_zone(index, at + self.length(at))
            zone = zone or self.zones.place(place) or self._told_place(index, at, place)
            if zone is not None:
                return zone, at + self.length(at)
        if bare and "zone" in self.entry(index):  # "Ortszeit Berlin", "local time (Helsinki)"
            behind = index + self.length(index)
            named = self._place(behind) or self._bracketed(behind)
            if named is not None:
                return named
        if bare:
            for size in range(min(3, self.count - index), 0, -1):
                words = " ".join(token.low for token in self.tokens[index : index + size])
                if words in self.zones.names and not self._describes(words, index + size):
                    return self.zones.names[words], index + size
        return None

    def _describes(self, words: str, behind: int) -> bool:
        """True for "Georgian" of "10:00, Georgian House", "Frankfurt" of "the Frankfurt flight": they tell no zone."""
        if behind >= self.count or self.tokens[behind].kind != "word":
            return False
        return words in self.zones.adjectives or self.tokens[behind].low in self.zones.vehicles

    def _told_place(self, index: int, at: int, place: str) -> Zone | None:
        """The zone of "10:00 Korea time"; not of "10:00. Derby time clashes", "10:00, Kent time permitting"."""
        zone = self.zones.places.get(place)
        if zone is None or self.low(index - 1) in (".", "!", "?", ";") or self.gap(index) in ("\n", "¶"):
            return None
        end = at + self.length(at)
        closed = end >= self.count or self.tokens[end].kind != "word" or self.gap(end) in ("\n", "¶")
        return zone if closed or self.entry(end) else None

    def _place(self, index: int) -> tuple[Zone, int] | None:
        for size in (3, 2, 1):
            words = self.tokens[index : index + size]
            if len(words) == size and all(token.kind == "word" and token.text[:1].isupper() for token in words):
                name = " ".join(token.text for token in words)
                zone = self.zones.place(name) if name.lower() not in self.zones.adjectives else None
                if zone is not None:
                    return zone, index + size
        return None

    def _windows_zone(self, first: int, last: int) -> Zone | None:
        """The zone of "W. Europe Standard Time"; the table is loaded only for words that end so."""
        words = " ".join(self.text[self.tokens[first].start : self.tokens[min(last, self.count) - 1].end].split())
        return self.zones.windows(words) if words.endswith(_WINDOWS) else None

    def _matched(self, match: re.Match[str] | None) -> tuple[Zone, int] | None:
        if match is None or load_zone(match[0]) is None:
            return None
        return Zone((match[0],)), self._index_at(match.end())

    def _index_at(self, offset: int) -> int:
        low, high = 0, self.count
        while low < high:
            middle = (low + high) // 2
            if self.tokens[middle].start < offset:
                low = middle + 1
            else:
                high = middle
        return low

    def _offset(self, index: int) -> tuple[Zone, int] | None:
        digits = self.tokens[index + 1].text
        end = index + 2
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "00")
        if self.glued(end) == ":" and self.number(end + 1) is not None:
            minutes = self.tokens[end + 1].text
            end += 2
        name = f"{self.low(index)}{int(hours):02d}:{minutes}"
        return (Zone((name,)), end) if load_zone(name) else None

    def _all_times(self, index: int) -> bool:
        """True behind "all times (in)", "Time zone:"."""
        return not self.all_times.isdisjoint(range(index - 4, index))

    def _zone_may_stand(self, index: int) -> bool:
        if self.all_times and self._all_times(index):
            return True
        token = self.tokens[index]
        if not token.text[0].isupper() and token.low not in self.zones.names:
            return False
        before = self.low(index - 1)
        return before in (",", "(", ".", ":") or self.gap(index) in ("\n", "¶", "\t") or self.led_by(index, "zone_lead")

    def _heading_zone(self, index: int) -> tuple[Zone, int] | None:
        """The place in the brackets of "Time (UK)", at the head of a column or a list."""
        head = index - 2
        if self.low(index - 1) not in _OPENING:
            return None
        if not self.entry(head).keys() & {"zone", "time_head"}:  # "Interview options (US Central):"
            named = self.zone_at(index, bare=True)
            return named if named is not None and self.low(named[1]) == ")" and self.low(named[1] + 1) == ":" else None
        opens = head == 0 or self.gap(head) in ("\n", "¶", "\t")
        named = self.zone_at(index, bare=True) or self._place(index) if opens else None
        return named if named is not None and self.low(named[1]) in (")", "]") else None

    def _standing_zone(self, index: int) -> Atom | None:
        named = self.zone_at(index, bare=self._all_times(index)) or self._heading_zone(index)
        if named is None:
            return None
        zone, end = named
        if self.low(index - 1) in _OPENING and self.low(end) in (")", "]"):
            zone, end = self._displayed(zone, end + 1), end + 1
        zone, end = self._placed(zone, end)
        letters = self.tokens[index].text in self.zones.letters and not self._all_times(index)
        letters = letters and not self.led_by(index, "all_in")
        return Atom("zone", index, end, zone=zone, weak=letters)
