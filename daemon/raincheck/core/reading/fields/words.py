"""The words of the fields: tables `[fields…]` of `rules/reading/<lang>.toml`, and `names.toml` for all languages.

Owns their compilation and the names of their keys. Absent tables and keys are empty: a young language finds less.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from raincheck.core.reading.fields.names import Grammar
from raincheck.core.reading.fields.persons import PersonWords
from raincheck.core.reading.fields.phrase import Blank, Index, Phrases, blanks
from raincheck.core.wordlist import any_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_STRENGTHS = (("strong", 3.0), ("good", 2.0), ("weak", 1.0))
STRENGTH = {weight: name for name, weight in _STRENGTHS}  # of a phrase, by its weight


@dataclass(frozen=True, slots=True)
class Names:
    """What is the same in every language (names.toml); words in lower case.

    legal_forms: of companies; dotted_forms: those with dots that belong to the name; known_forms: those
    that everybody knows; rooms: hosts of video rooms;
    crews: what those are called who sign together, crew_leads: with what such a line begins: "The Harbour Crew";
    links: small words inside the names of houses; link_articles: those that stand only behind one of them;
    room_names: what people call them; room_labels, booking_labels: with what the host of a room or a booking page
    begins; booking_words, refusing_words: in the address of a page on which one books, answers, refuses;
    calendar_senders: local parts from which calendars write for somebody; calendar_services:
    those whose display name is the service's own; relayed_by,
    sent_with: words between a house, or a mail, and the system that mails it;
    agency_words, domain_words: parts of domains;
    agency_names: trades; agency_offices: what those are called who recruit for their own house;
    agency_ends: with what the names of such firms end.
    mailboxes: with what the domains of mail providers end;
    common: words of any sentence (vocabulary.toml), of which a name has at least one that is none of them.
    given: given names of persons (given-names.toml). places: towns and countries, as they are written (places.toml).
    """

    legal_forms: frozenset[str]
    dotted_forms: frozenset[str]
    known_forms: frozenset[str]
    titles: frozenset[str]
    degrees: frozenset[str]
    crews: frozenset[str]
    crew_leads: frozenset[str]
    particles: frozenset[str]
    articles: frozenset[str]
    links: frozenset[str]
    link_articles: frozenset[str]
    rooms: tuple[str, ...]
    room_names: Phrases
    room_labels: frozenset[str]
    booking_labels: frozenset[str]
    booking_words: Phrases
    refusing_words: Phrases
    calendar_senders: frozenset[str]
    calendar_services: frozenset[str]
    relayed_by: frozenset[str]
    sent_with: frozenset[str]
    no_reply: frozenset[str]
    agency_words: tuple[str, ...]
    agency_hints: tuple[str, ...]
    agency_names: Phrases
    agency_offices: Phrases
    agency_ends: frozenset[str]
    domain_words: frozenset[str]
    mailboxes: tuple[str, ...]
    boards: tuple[str, ...]
    skills: re.Pattern[str]
    common: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()

    @classmethod
    def from_table(
        cls,
        table: Mapping[str, Any],
        no_reply: Iterable[str] = (),
        vocabulary: Mapping[str, str] | None = None,
        given: str = "",
        places: Iterable[str] = (),
    ) -> Names:
        """From the parsed names.toml and vocabulary.toml; no_reply are words of local parts whose mail nobody reads."""
        hosts, domain = table.get("hosts", {}), table.get("domain", {})
        return cls(
            legal_forms=_words(table, "legal_forms"),
            dotted_forms=_words(table, "dotted_forms"),
            known_forms=_words(table, "known_forms"),
            titles=_words(table, "titles"),
            degrees=_words(table, "degrees"),
            crews=_words(table, "crews"),
            crew_leads=_words(table, "crew_leads"),
            particles=_words(table, "particles"),
            articles=_words(table, "articles"),
            links=_words(table, "links"),
            link_articles=_words(table, "link_articles"),
            rooms=tuple(hosts.get("rooms", ())),
            room_names=Phrases.of(hosts.get("room_names", ()), {}),
            room_labels=_words(hosts, "room_labels"),
            booking_labels=_words(hosts, "booking_labels"),
            booking_words=Phrases.of(hosts.get("booking_words", ()), {}),
            refusing_words=Phrases.of(hosts.get("refusing_words", ()), {}),
            calendar_senders=_words(hosts, "calendar_senders"),
            calendar_services=_words(hosts, "calendar_services"),
            relayed_by=_words(hosts, "relayed_by"),
            sent_with=_words(hosts, "sent_with"),
            common=frozenset(word for words in (vocabulary or {}).values() for word in words.split()),
            given=frozenset(given.split()),
            places=frozenset(places),
            no_reply=frozenset(no_reply),
            agency_words=tuple(_words(domain, "agencies")),
            agency_hints=tuple(_words(domain, "agency_hints")),
            agency_names=Phrases.of(domain.get("trades", ()), {}),
            agency_offices=Phrases.of(domain.get("trade_offices", ()), {}),
            agency_ends=_words(domain, "trade_ends"),
            domain_words=_words(domain, "affixes"),
            mailboxes=tuple(sorted(_words(domain, "mailboxes"))),
            boards=tuple(_words(domain, "boards")),
            skills=_skills(table.get("skills", ())),
        )


class FieldWords(NamedTuple):
    """The words of one language; see the comments in en.toml for each key."""

    grammar: Grammar
    person: PersonWords
    role: tuple[Blank, ...]
    job: frozenset[str]
    numbered: frozenset[str]
    from_home: frozenset[str]
    languages: frozenset[str]
    speaking: frozenset[str]
    qualified: frozenset[str]
    wide: frozenset[str]
    beginners: frozenset[str]
    programmes: frozenset[str]
    areas: frozenset[str]
    role_label: Phrases
    meets: Phrases
    not_role: Phrases
    talk: Phrases
    refused: Phrases
    company: tuple[Blank, ...]
    company_label: Phrases
    client: tuple[Blank, ...]
    owner: tuple[Blank, ...]
    team: frozenset[str]
    team_ends: tuple[str, ...]
    offices: frozenset[str]
    organisation: Phrases
    company_nouns: frozenset[str]
    company_purposes: frozenset[str]
    company_for: frozenset[str]
    company_sites: frozenset[str]
    company_units: frozenset[str]
    company_estates: frozenset[str]
    company_bodies: frozenset[str]
    company_ends: tuple[str, ...]
    foreign_forms: bool
    legal_forms: frozenset[str]
    heralds: frozenset[str]
    professions: frozenset[str]
    outside: frozenset[str]
    inside: frozenset[str]
    from_company: Phrases
    at_company: Phrases
    for_company: Phrases
    not_company: Phrases
    indefinite: Phrases
    contact: tuple[Blank, ...]
    contact_label: Phrases
    refusal: Phrases
    owner_label: Phrases
    relayed: tuple[Blank, ...]
    introduced: tuple[Blank, ...]
    on_behalf: Phrases
    robot: Phrases
    sign_off: Phrases
    closing_line: Phrases
    yours: Phrases
    crews: frozenset[str]
    crew_leads: frozenset[str]
    signs_for: Phrases
    wishes: Phrases
    answer: Phrases
    questions: Phrases
    aside: Phrases
    aside_too: Phrases
    copied: Phrases
    copied_after: Phrases
    errands: Phrases
    telling: Phrases
    telling_them: Phrases
    sender_too: Phrases
    unread: Phrases
    partly: Phrases
    passed_on: Phrases
    asking: Phrases
    points_on: Phrases
    points_lead: frozenset[str]
    agency: tuple[tuple[str, Phrases], ...]
    agency_asked: Phrases
    agency_none: Phrases
    formats: tuple[tuple[str, Phrases, float], ...]
    format_label: Phrases
    format_choice: Phrases
    format_else: tuple[tuple[str, Phrases], ...]
    format_aside: Phrases
    format_later: Phrases
    past: Phrases
    stages: tuple[tuple[str, Phrases, str | None], ...]
    stage_by_format: tuple[tuple[str, str], ...]
    place_label: Phrases
    place: tuple[Blank, ...]
    street: Phrases
    not_place: Phrases
    not_room: Phrases
    place_words: frozenset[str]
    place_begins: frozenset[str]
    place_ends: frozenset[str]
    place_toward: frozenset[str]
    place_leads: frozenset[str]
    place_beside: frozenset[str]
    place_within: frozenset[str]
    place_tells: frozenset[str]
    place_then: frozenset[str]
    place_rooms: frozenset[str]
    place_at: frozenset[str]
    place_own: Phrases
    place_common: Phrases
    place_aside: Phrases
    houses: frozenset[str]
    house_ends: tuple[str, ...]
    landmarks: tuple[str, ...]
    town_first: bool
    join: Phrases
    book: Phrases
    reply_link: Phrases
    not_book: Phrases
    weekdays: frozenset[str]
    reading: Phrases
    call_number: Phrases
    phone_label: Phrases
    pay: Phrases
    periods: tuple[tuple[str, Phrases], ...]
    remote: tuple[tuple[bool, Phrases], ...]
    seniority: tuple[tuple[str, Phrases], ...]
    by_word: Index

    @classmethod
    def from_table(
        cls,
        table: Mapping[str, Any],
        names: Names,
        no_names: frozenset[str],
        surnames: frozenset[str] = frozenset(),
        ends: tuple[str, ...] = (),
        weekdays: frozenset[str] = frozenset(),
    ) -> FieldWords:
        """From the table `[fields]` of one language; no_names, surnames, ends: see PersonWords, of all languages.
        weekdays: their names in that language, in small letters.

        Raises PhraseError.
        """
        words: Mapping[str, str] = table.get("words", {})
        role, company, contact = _part(table, "role"), _part(table, "company"), _part(table, "contact")
        address, agency, form = _part(table, "reply_to"), _part(table, "agency"), _part(table, "format")
        stage, place, links = _part(table, "stage"), _part(table, "location"), _part(table, "links")
        phone, pay = _part(table, "phone"), _part(table, "pay")

        def any_of(part: Mapping[str, Any], key: str) -> Phrases:
            return Phrases.of(part.get(key, ()), words)

        grammar = Grammar(
            stop=_words(table, "stop"),
            connectors=_words(table, "connectors"),
            articles=_words(table, "articles"),
            heads=_words(role, "heads"),
            suffixes=_with_endings(_words(role, "suffixes"), role.get("endings", "").split()),
            no_heads=_words(role, "no_heads"),
            indefinite=_words(role, "indefinite"),
            possessive=_words(role, "possessive"),
            qualities=_with_endings(_words(role, "qualities"), role.get("quality_endings", "").split()),
            joins_article=_words(role, "joins_article"),
            scholars=_words(role, "scholars"),
            aides=_words(role, "aides"),
            aide_to=_words(role, "aide_to"),
            inside=_words(role, "inside"),
            joins=_words(role, "joins"),
            joins_always=_words(role, "joins_always"),
            joins_tight=_words(role, "joins_tight"),
            trades=_words(role, "trades"),
            trade_heads=_words(role, "trade_heads"),
            coordinators=_words(role, "coordinators"),
            links=_words(company, "links"),
            name_links=names.links,
            name_articles=names.link_articles,
            nouns_capital=bool(table.get("nouns_capital", False)),
        )
        found = cls(
            by_word=Index({}),
            grammar=grammar,
            person=PersonWords(
                titles=names.titles | _words(contact, "titles"),
                degrees=names.degrees,
                particles=names.particles,
                articles=names.articles,
                others=no_names | frozenset(form for form in names.legal_forms if len(form) > 2),
                surnames=surnames,
                ends=ends,
                forms=frozenset(form for form in names.legal_forms if len(form) == 2),
                given=names.given,
                common=names.common,
            ),
            role=_blanks(role, words),
            numbered=_words(role, "numbered"),
            from_home=frozenset(word.replace("|", " ") for word in _words(role, "from_home")),
            languages=_words(role, "languages"),
            speaking=_words(role, "speaking"),
            qualified=_words(role, "qualified"),
            wide=_words(role, "wide"),
            beginners=_words(role, "beginners"),
            programmes=_words(role, "programmes"),
            job=frozenset(words.get("job", "").split("|")) | frozenset(words.get("jobs", "").split("|")),
            areas=_words(role, "areas"),
            role_label=any_of(role, "labels"),
            meets=any_of(role, "meets"),
            not_role=any_of(role, "not"),
            talk=any_of(role, "talk"),
            refused=any_of(role, "refused"),
            company=_blanks(company, words),
            company_label=any_of(company, "labels"),
            client=blanks(company.get("client", ()), words, 3.0),
            owner=blanks(company.get("owner", ()), words, 3.0),
            team=_words(company, "team"),
            team_ends=tuple(company.get("team_ends", "").split()),
            offices=_words(company, "offices"),
            company_purposes=_words(company, "purposes"),
            company_for=_words(company, "purpose_for"),
            company_sites=_words(company, "sites"),
            company_units=_words(company, "units"),
            company_estates=_words(company, "estates"),
            company_bodies=_words(company, "bodies"),
            company_nouns=_words(company, "nouns"),
            company_ends=tuple(company.get("noun_ends", "").split()),
            foreign_forms=bool(company.get("foreign_forms", True)),
            legal_forms=names.legal_forms,
            heralds=_words(company, "heralds"),
            professions=_words(company, "professions"),
            outside=_words(company, "outside"),
            inside=_words(company, "inside"),
            organisation=any_of(company, "organisations"),
            from_company=any_of(company, "person_of"),
            at_company=any_of(company, "at"),
            for_company=any_of(company, "for_company"),
            not_company=any_of(company, "not"),
            indefinite=any_of(company, "indefinite"),
            contact=_blanks(contact, words),
            contact_label=any_of(contact, "labels"),
            refusal=any_of(contact, "refusal"),
            owner_label=any_of(contact, "owner"),
            relayed=blanks(contact.get("relayed", ()), words, 1.0),
            introduced=blanks(contact.get("introduced", ()), words, 1.0),
            on_behalf=any_of(contact, "on_behalf"),
            robot=any_of(contact, "robot"),
            sign_off=any_of(contact, "sign_off"),
            yours=any_of(contact, "yours"),
            crews=names.crews,
            crew_leads=names.crew_leads,
            signs_for=any_of(contact, "signs_for"),
            wishes=any_of(contact, "wishes"),
            closing_line=any_of(contact, "closing"),
            answer=any_of(address, "answer"),
            questions=any_of(address, "questions"),
            aside=any_of(address, "aside"),
            aside_too=any_of(address, "aside_too"),
            copied=any_of(address, "copied"),
            copied_after=any_of(address, "copied_after"),
            errands=any_of(address, "errands"),
            telling=any_of(address, "telling"),
            telling_them=any_of(address, "telling_them"),
            sender_too=any_of(address, "sender_too"),
            unread=any_of(address, "unread"),
            partly=any_of(address, "partly"),
            passed_on=any_of(address, "passed_on"),
            asking=any_of(address, "asking"),
            points_on=any_of(address, "points_on"),
            points_lead=_words(address, "points_lead"),
            agency=tuple((key, any_of(agency, key)) for key in _AGENCY),
            agency_asked=any_of(agency, "asked"),
            agency_none=any_of(agency, "none"),
            formats=tuple(
                (name, any_of(_part(form, name), key), weight) for name in _FORMATS for key, weight in _STRENGTHS
            ),
            format_label=any_of(form, "labels"),
            format_choice=any_of(form, "choice"),
            format_else=tuple((name, any_of(_part(form, name), "else")) for name in _FORMATS),
            format_aside=any_of(form, "aside"),
            format_later=any_of(form, "later"),
            past=any_of(form, "past"),
            stages=tuple(
                (name, any_of(entry, key), entry.get("format") if key == "only" else None)
                for keys in (("say", "only"), ("label",))
                for name, entry in stage.items()
                for key in keys
            ),
            stage_by_format=tuple((entry["told_by"], name) for name, entry in stage.items() if "told_by" in entry),
            place_label=any_of(place, "labels"),
            place=_blanks(place, words),
            street=any_of(place, "street"),
            not_place=any_of(place, "not"),
            not_room=any_of(place, "no_room"),
            place_words=_words(place, "inside"),
            place_begins=_words(place, "not_first"),
            place_ends=_words(place, "not_last"),
            place_toward=_words(place, "toward"),
            place_leads=_words(place, "leads"),
            place_beside=_words(place, "beside"),
            place_within=_words(place, "within"),
            place_tells=_words(place, "tells"),
            place_then=_words(place, "then"),
            place_rooms=_words(place, "rooms"),
            place_at=_words(place, "at"),
            place_own=any_of(place, "own"),
            place_common=any_of(place, "common"),
            place_aside=any_of(place, "aside"),
            houses=_words(place, "houses"),
            house_ends=tuple(place.get("house_ends", "").split()),
            landmarks=tuple(place.get("landmarks", "").split()),
            town_first=bool(place.get("town_first", False)),
            join=any_of(links, "join"),
            book=any_of(links, "book"),
            reply_link=any_of(links, "reply"),
            not_book=any_of(links, "other"),
            weekdays=weekdays,
            reading=any_of(links, "reading"),
            call_number=any_of(phone, "call"),
            phone_label=any_of(phone, "labels"),
            pay=any_of(pay, "words"),
            periods=tuple((name, any_of(_part(pay, "periods"), name)) for name in ("hour", "day", "month", "year")),
            remote=((False, any_of(pay, "not_remote")), (True, any_of(pay, "remote"))),
            seniority=tuple((name, Phrases.of(say, words)) for name, say in _part(table, "seniority").items()),
        )
        return found.indexed()

    def indexed(self) -> FieldWords:
        """The same with its phrases found by their words."""
        return self._replace(by_word=Index(self._asdict()))

    def is_institution(self, word: str) -> bool:
        """True for a noun such as "Bank" and "Werke", with which names of firms end or begin, also behind a hyphen."""
        word = word.lower()
        if word in self.company_nouns:
            return True  # also "co-op", of which the end alone is none
        word = word.rpartition("-")[2] or word
        return word in self.company_nouns or bool(self.company_ends and word.endswith(self.company_ends))

    def is_house(self, word: str) -> bool:
        """True for the noun of a house in which one meets: "office", "Filiale", "Gemeindehaus"."""
        word = word.lower()
        return word in self.houses or bool(self.house_ends and word.endswith(self.house_ends))

    def is_beside(self, word: str) -> bool:
        """True for a small word behind which stands what is near, and not where one meets: "opposite"."""
        return word.lower() in self.place_beside

    def is_landmark(self, word: str) -> bool:
        """True for a house of which a town has one: "Rathaus"."""
        return bool(self.landmarks) and word.lower().endswith(self.landmarks)

    def is_area(self, word: str) -> bool:
        """True for what somebody works in: "Vertrieb", also as the last part of a compound."""
        word = word.lower()
        return word in self.areas or (
            self.grammar.nouns_capital and any(word[at:] in self.areas for at in range(3, len(word)))
        )

    def narrowed(self, keys: frozenset[str]) -> FieldWords:
        """Only the phrases that may match in a mail with these words (phrase.keys_of)."""
        return FieldWords._make(map(self.by_word.narrowed(keys).get, self._fields, self))


def field_words(
    tables: Mapping[str, Mapping[str, Any]],
    names: Names,
    closings: Iterable[str] = (),
    weekdays: Mapping[str, frozenset[str]] = MappingProxyType({}),
) -> dict[str, FieldWords]:
    """The words of every language, from its table `[fields]`. Raises PhraseError.

    What is no person's name in one language is none in a mail of another: signatures mix them, and so do addresses
    with their small words. closings are formulas before a name, whose words are none either; weekdays, by language, are
    their names, which end no role.
    """
    no_names = frozenset(word.strip(".,") for closing in closings for word in closing.lower().split()).union(
        *(
            _words(_part(table, "contact"), "no_names")
            | _words(_part(table, "company"), "team")
            | _words(_part(table, "role"), "heads")
            for table in tables.values()
        )
    )
    surnames = frozenset[str]().union(*(_words(_part(table, "contact"), "surnames") for table in tables.values()))
    ends = tuple(sorted({end for table in tables.values() for end in _words(_part(table, "contact"), "no_name_ends")}))
    found = {
        code: FieldWords.from_table(table, names, no_names, surnames, ends, weekdays.get(code, frozenset()))
        for code, table in tables.items()
    }
    every = tuple(found.values())
    inside = frozenset[str]().union(*(words.place_words for words in every))
    begins = frozenset[str]().union(*(words.place_begins for words in every))
    last = frozenset[str]().union(*(words.place_ends for words in every))
    houses = frozenset[str]().union(*(words.houses for words in every))
    titles = frozenset[str]().union(*(words.person.titles for words in every))
    return {
        code: w._replace(
            place_words=inside,
            place_begins=begins,
            place_ends=last,
            houses=houses,
            person=replace(w.person, titles=titles),
            on_behalf=_joined(words.on_behalf for words in every),
            sign_off=_joined(words.sign_off for words in every),
            closing_line=_joined(words.closing_line for words in every),
            wishes=_joined(words.wishes for words in every),
        ).indexed()
        for code, w in found.items()
    }


_FORMATS = ("phone", "video", "onsite")
_AGENCY = ("strong", "good", "inhouse", "house", "itself", "secret")


def _part(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part: Mapping[str, Any] = table.get(name, {})
    return part


def _words(table: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(str(table.get(name, "")).lower().split())


def _joined(several: Iterable[Phrases]) -> Phrases:
    return Phrases(tuple(dict.fromkeys(phrase for phrases in several for phrase in phrases.phrases)))


def _with_endings(words: Iterable[str], endings: Iterable[str]) -> frozenset[str]:
    return frozenset(word + ending for word in words for ending in ("", *endings))


def _blanks(table: Mapping[str, Any], words: Mapping[str, str]) -> tuple[Blank, ...]:
    return tuple(blank for key, weight in _STRENGTHS for blank in blanks(table.get(key, ()), words, weight))


def _skills(listed: Iterable[str]) -> re.Pattern[str]:
    """Any of the listed skills as a whole word, written as listed: "Go" is none in "go"."""
    return re.compile(rf"(?<![\w.])(?:{any_word(sorted(listed, key=len, reverse=True))})(?![\w+#])")
