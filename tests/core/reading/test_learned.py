from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.assets import reading_data
from raincheck.core.message import parse_message
from raincheck.core.model import Kind, Reading
from raincheck.core.reading import read
from raincheck.core.reading.fields.ranking import Weights
from raincheck.core.reading.kind import KindCues, look
from raincheck.core.reading.learned import MAX_SENTENCES, Learned, Linear, features, sentences
from raincheck.core.reading.lexicon import Lexica
from raincheck.core.settings import Me
from tests.core.reading.mails import mail

if TYPE_CHECKING:
    from random import Random

DATA = reading_data()
LEARNED = {lang: Learned.from_table(table["learned"]) for lang, table in DATA.items() if "language" in table}
LEXICA = Lexica.from_data(DATA)
ME = Me(name="Alex Kaya", addresses=("alex.kaya@example.net",), timezone="Europe/Berlin", languages=("en", "de"))


def told(text: str, subject: str = "Question", sender: str = "Kim Doe <kim@hexagon.example>") -> tuple[Kind, float]:
    reading = whole(text, subject, sender)
    return reading.kind, reading.confidence


def whole(text: str, subject: str = "Question", sender: str = "Kim Doe <kim@hexagon.example>") -> Reading:
    raw = (
        f"From: {sender}\nTo: alex.kaya@example.net\nSubject: {subject}\nDate: Mon, 2 Mar 2026 09:00:00 +0100\n\n{text}"
    )
    return read(parse_message(raw.encode(), None, LEXICA.segments), LEXICA, ME)


def test_wrapped_lines_are_one_sentence_and_items_of_a_list_are_their_own() -> None:
    text = (
        "We would be glad to see you at our new office by the old\nharbour next week. Which day suits you?\n\n"
        "- Monday at ten\n- Tuesday at noon\n\nRegards\nKim"
    )
    assert sentences(text) == (
        "We would be glad to see you at our new office by the old harbour next week.",
        "Which day suits you?",
        "- Monday at ten",
        "- Tuesday at noon",
        "Regards",
        "Kim",
    )


def test_features_are_words_neighbours_and_parts_of_long_words() -> None:
    found = features("Vorstellungsgespräch am 3. Mai, 10:30?")
    assert {
        "vorstellungsgespräch",
        "vorst*",
        "*spräch",
        "<number>",
        "<clock>",
        "^ vorstellungsgespräch",
        "? $",
    } <= found
    assert "am _ mai" in found


def test_addresses_are_one_word_whatever_they_say() -> None:
    assert features("Book here: https://a.example/interview-offer") == features("Book here: https://b.example/x?y=z")
    assert "interview" not in features("Write to interview@acme.example")


def test_probabilities_follow_the_weights() -> None:
    model = Linear.from_table({"bias": {"ask": 0.0, "none": 0.0}, "weights": {"come": "ask 2.0 none -1.0"}})
    probable = model.probabilities({"come": 1.0, "never met": 5.0})
    assert probable["ask"] == pytest.approx(1 / (1 + math.exp(-3)))
    assert sum(probable.values()) == pytest.approx(1)


@pytest.mark.parametrize("lang", LEARNED)
def test_what_ships_fits_the_code(lang: str) -> None:
    assert set(LEARNED[lang].kinds.bias) == {str(kind) for kind in Kind}
    assert {"ask", "availability", "booking", "approach", "move", "cancel", "remind", "agreed"} <= set(
        LEARNED[lang].acts.bias
    )
    assert all(
        abs(weight) < 20
        for model in (LEARNED[lang].acts, LEARNED[lang].kinds)
        for feature in model.weights
        for weight in model.of(feature)
    )


WORDINGS = {
    "Could you drop by our kitchen on Thursday at three, so that we can talk about the job of sous-chef?": "invitation",
    "Which afternoons next week could you speak to our head of lab about the post?": "availability_request",
    "Ms Ray is ill, so our talk on the post cannot take place as planned. Would Friday at 2 do instead?": "reschedule",
    "Your application for the post has come in. We will be back to you within a fortnight.": "acknowledgement",
    "The flat is still free. Could you come for a viewing on Thursday at three?": "other",
    "Thank you for seeing me yesterday. I enjoyed our interview and hope to join your team.": "other",
    "Würden Sie am Donnerstag um 15 Uhr in unsere Praxis kommen, damit wir über die Stelle sprechen?": "invitation",
    "Die Wohnung ist noch frei. Passt Ihnen eine Besichtigung am Donnerstag um 15 Uhr?": "other",
    "Leider muss ich unser Gespräch am Dienstag zur Stelle verschieben. Ginge Freitag, 14 Uhr?": "reschedule",
}


@pytest.mark.parametrize(("text", "kind"), WORDINGS.items())
def test_what_no_phrase_of_the_lexicon_need_say(text: str, kind: str) -> None:
    assert told(text)[0] == kind


PLAIN = (
    (
        "invitation",
        "Hallo Robin, danke für deine Bewerbung als Koch. Wir würden dich gern zum Probearbeiten einladen. Wir haben "
        "freigehalten: Di 10.03. zwischen 9:00 und 13:00 / Do 12.03. zwischen 13:00 und 17:00. Es dauert zwei "
        "Stunden. Schreib mir einfach, wann du da starten willst.",
    ),
    (
        "invitation",
        "Hi Robin, thanks for your application as a cook, we would like to interview you. I have reserved Tuesday 10 "
        "March from 9 to 12 and Thursday 12 March from 14 to 17 for interviews. Let me know when you are available.",
    ),
    (
        "self_schedule",
        "Guten Tag, gern laden wir Sie zum Vorstellungsgespräch für die Stelle als Sachbearbeiterin ein. Zur Wahl "
        "stehen Mo 9. März 17.00, Di 10. März 16.00 und Mi 11. März 15.30. Über diese Umfrage können Sie uns Ihren "
        "Wunsch mitteilen: https://nuudel.digitalcourage.de/abcdef12. Das Gespräch führt Frau Widmer.",
    ),
    (
        "self_schedule",
        "Guten Tag, danke für Ihre Bewerbung als Sachbearbeiterin, wir freuen uns, Sie kennenzulernen. Zur Auswahl: "
        "9.3. 10 Uhr, 10.3. 11 Uhr, 11.3. 14 Uhr. Kreuzen Sie im Terminfinder bitte an, was Ihnen passt: "
        "https://terminplaner4.dfn.de/abcdef. Ort: Rathaus, Zimmer 12.",
    ),
    (
        "self_schedule",
        "Dear Robin, we would like to interview you for the post of clerk. Mon 9 March 17:00, Tue 10 March 16:00 and "
        "Wed 11 March 15:30 are open. Please mark in the poll which one suits you: "
        "https://doodle.com/meeting/participate/id/abc123. Ms Ward and I will talk to you.",
    ),
    (
        "reschedule",
        "Guten Tag, wir müssen den Termin am Freitag leider absagen. Bitte nennen Sie uns drei Zeitfenster in der "
        "übernächsten Woche, in denen wir das Interview nachholen können.",
    ),
    (
        "reschedule",
        "Hallo Robin, leider kann ich am Mittwoch nicht. Senden Sie mir doch bitte neue Vorschläge, ich bin ab Montag"
        " wieder flexibel.",
    ),
    (
        "reschedule",
        "Hallo Robin, ich muss unser Gespräch am Donnerstag leider canceln. Schickst du mir bitte zwei, drei Termine "
        "ab dem 20., an denen du könntest?",
    ),
    (
        "reschedule",
        "Hi Robin, I have to scrap our Thursday interview, my train is cancelled. Could you send me two or three "
        "times after the 20th that work for you?",
    ),
    (
        "reschedule",
        "Dear Robin, we must cancel your interview on Friday. Please give us three time slots in the week after next "
        "at which we can make up for it.",
    ),
    (
        "reschedule",
        "Hi Robin, sorry, I need to call off tomorrow's chat. When are you free from the 20th on?",
    ),
    (
        "other",
        "Hi Robin, thanks for your message, you sound like a good match for our flat. We're doing the interviews this"
        " week. Can you come by on Thursday at 19:30? We show you the room.",
    ),
    (
        "other",
        "Hi Robin, we read all 80 messages and would like to meet you. Does Wednesday at 18:00 work for a short "
        "interview in our kitchen? You would be living with two of us and a cat. Move-in is on 1 May.",
    ),
    (
        "other",
        "Hi Robin, you are on our shortlist! Are you free for a video call on Thursday at 20:00, so we can see "
        "whether we'd get along? The room would be yours from May.",
    ),
    (
        "other",
        "Hallo Robin, danke für deine Bewerbung um das Zimmer! Wir würden dich gern kennenlernen. Passt dir "
        "Donnerstag um 19 Uhr? Du würdest mit uns zu dritt wohnen.",
    ),
    (
        "other",
        "Hallo Robin, von 60 Anfragen bist du in der engeren Auswahl. Kommst du am Mittwoch um 20 Uhr zum "
        "Kennenlernen zu uns in die Wohngemeinschaft? Dann zeigen wir dir dein mögliches Zimmer.",
    ),
    (
        "invitation",
        "Hallo Robin, danke für deine Bewerbung als Pflegefachkraft. Wir laden dich zum Gespräch am Donnerstag um "
        "14:30 Uhr in unsere Intensivpflege-WG ein. Wir zeigen dir die Zimmer.",
    ),
    (
        "availability_request",
        "Hi Robin, we would like to interview you for the post of clerk. The manager holds Tuesday from 8 to 11 and "
        "Thursday from 13 to 16 for interviews. Please send at least two start times when you are available.",
    ),
    (
        "invitation",
        "Guten Tag Alex Kaya,\n\nIhre Bewerbung als Redakteurin gefällt mir. Ich würde gern mit Ihnen "
        "telefonieren. Zu erreichen bin ich am Montag, 17. Mai, zwischen 10 und 12 Uhr und am Mittwoch, 19. "
        "Mai, zwischen 15 und 17 Uhr. Wann darf ich Sie anrufen?\n\nGrüße\nEva Lind",
    ),
    (
        "invitation",
        "Sehr geehrter Alex Kaya,\n\nzu Ihrer Bewerbung als Laborant habe ich ein paar Fragen. Telefonisch "
        "erreichen Sie mich am Freitag, 21. Mai, zwischen 8 und 11 Uhr oder am Montag, 24. Mai, zwischen 13 "
        "und 16 Uhr. Teilen Sie mir bitte mit, wann Sie anrufen.\n\nMit freundlichen Grüßen\nDr. Otto Kern",
    ),
    (
        "reschedule",
        "Hello Alex,\n\nI am sorry, on Thursday I must be in Lyon and I can not be present at 11 like we have "
        "fixed. Can you come on Monday 21 June at 10h instead? For the post of receptionist the address rests "
        "the same.\n\nCordially\nLuc Petit",
    ),
    (
        "reschedule",
        "Dear Alex,\n\nWell noted that you are not available on 12 Oct. Please find the new schedule "
        "below:\n\nPosition: Trainer\nDate: Wednesday, 14 October 2026\nTime: 15.00\nMedia: Zoom\n\nThe "
        "previous invitation is void. Kindly reconfirm your attendance.\n\nRegards\nFitri\nHC Recruitment",
    ),
    (
        "reschedule",
        "Dear Alex,\n\nNoted. We have arranged a new schedule for your interview as Accountant as follows: "
        "Thursday, 15 October 2026, 10.00. The old schedule (13 Oct) is no longer valid. Please "
        "reconfirm.\n\nRegards\nBudi",
    ),
    (
        "reschedule",
        "Guten Tag Alex Kaya,\n\nzur Kenntnis genommen, dass Sie am 12. noch im Flugzeug sitzen. Wir haben "
        "umgeplant: Mittwoch, 14. Oktober 2026, 15 Uhr, per Zoom. Die alte Einladung ist damit ungültig. Bitte "
        "um Bestätigung.\n\nGruß\nFerry Gunawan, Personalabteilung",
    ),
    (
        "offer",
        "Hi Alex,\n\nafter the trial day last Friday everybody agreed: we would love to have you on the team "
        "as project manager. 3,600 gross, 28 days of holiday, start 1 August.\n\nI have attached the contract. "
        "Come by on Tuesday around 3 pm to sign it, and we will have a toast. If you want to change something, "
        "call me.\n\nBurt",
    ),
    (
        "rejection",
        "Sehr geehrter Alex Kaya,\n\nder Vorstand hat die Stelle gestern an einen Bewerber aus dem Ort "
        "vergeben. Das für Freitag geplante Gespräch entfällt daher. Wir danken für Ihr Interesse und wünschen "
        "alles Gute.\n\nDer Vorstand",
    ),
    (
        "rejection",
        "Guten Tag Alex Kaya,\n\nwir haben uns inzwischen für einen anderen Bewerber entschieden, das Gespräch "
        "am Montag ist damit hinfällig. Danke für Ihr Verständnis.\n\nA. Kuhn",
    ),
    (
        "cancellation",
        "Guten Tag Alex Kaya,\n\ndas Gespräch am Montag muss leider entfallen, da Frau Kuhn erkrankt ist. Wir "
        "melden uns.\n\nA. Kuhn",
    ),
    (
        "rejection",
        "Dear Alex,\n\nwe have decided on another candidate in the meantime, so the interview on Monday will "
        "not take place. Thank you for your interest.\n\nA. Cole",
    ),
    (
        "acknowledgement",
        "Dear Alex,\n\nMany thanks for sending your availability for an interview (10 May, 12 May until noon). "
        "I have passed the dates on to the hiring manager and will send you an invitation once a room is "
        "booked.\n\nBest\nJo Bell",
    ),
    (
        "acknowledgement",
        "Sehr geehrter Alex Kaya,\n\nvielen Dank, dass Sie uns mitgeteilt haben, wann Sie für ein "
        "Vorstellungsgespräch Zeit haben (27. Februar ab 10 Uhr, 3. März). Ihre E-Mail ist eingegangen und "
        "wurde an die Fachabteilung weitergeleitet. Sobald der Personalrat zugestimmt hat, erhalten Sie eine "
        "schriftliche Einladung. Bis dahin brauchen Sie nichts zu tun.\n\nMit freundlichen Grüßen\nPersonalamt",
    ),
    (
        "acknowledgement",
        "Guten Tag Alex Kaya,\n\nIhre Terminvorschläge für das Vorstellungsgespräch haben wir erhalten und an "
        "den Fachbereich weitergegeben. Sie bekommen von uns eine Einladung, sobald ein Raum gebucht "
        "ist.\n\nMit freundlichen Grüßen\nJo Bell",
    ),
    (
        "outreach",
        "Guten Tag Alex Kaya\n\nAls Stellenvermittler suchen wir für Betriebe im Raum Zürich Elektriker EFZ. "
        "Lohn ab CHF 6'200. Haben Sie Interesse? Gern erkläre ich Ihnen am Donnerstag, 9. April 2026, um 18 "
        "Uhr per Teams alles Weitere.\n\nFreundliche Grüsse\nBeat Moser\nJobbrücke AG",
    ),
    (
        "outreach",
        "Hello Alex Kaya\n\nWe have been placing nurses from Germany in Swiss hospitals since 2009. A regional "
        "hospital in Thurgau needs a registered nurse for A&E from 1 July. Salary about CHF 6,900, a flat can "
        "be provided.\n\nInterested? Then I would like to speak to you on Wednesday, 8 April 2026, at 17:30 by "
        "video and explain everything. It takes less than half an hour.\n\nReto Ammann\nCarepool AG",
    ),
    (
        "invitation",
        "Guten Tag Alex Kaya\n\nVielen Dank für Ihre Bewerbung als Pflegefachperson Notfall. Gern würde ich am "
        "Mittwoch, 8. April 2026, um 17.30 Uhr per Teams mit Ihnen sprechen. Eine Wohnung kann gestellt "
        "werden.\n\nBeste Grüsse\nReto Ammann\nSpital Thurgau",
    ),
    (
        "invitation",
        "Hi Alex,\n\nLook what she wrote!! Go for it.\n\nM\n\n---------- Forwarded message ---------\nFrom: "
        "Ines Roth <ines@rothbakery.example>\nDate: Mon, 3 May 2027 at 09:22\nSubject: Re: your friend\nTo: "
        "Mia Lund <mia.lund@example.org>\n\nHi Mia,\n\nwe are still looking for someone for the counter, so "
        "have Alex come in on Wednesday 5 May at 15:00 for a chat. Alex should mail me if that works.\n\nInes",
    ),
    (
        "invitation",
        "Hallo Alex,\n\nAlex!! Schau, er will dich sehen. Schreib ihm direkt.\n\nSvea\n\n---------- "
        "Weitergeleitete Nachricht ---------\nVon: Anders Bäck <anders@backsrad.example>\nDatum: Mo., 3. Mai "
        "2027 um 19:22\nBetreff: Re: Freund für den Verleih\nAn: Svea <svea@example.org>\n\nHallo "
        "Svea,\n\nklar, wir brauchen ab Juni jemanden am Verleih. Sag Alex, er soll am Mittwoch, 5. Mai, um 17 "
        "Uhr oder am Samstag, 8. Mai, um 10 Uhr vorbeikommen, Strandgasse 91. Alex kann mir mailen, was besser "
        "passt.\n\nAnders",
    ),
)


BESIDE = (  # what stands beside a talk for work and looks like one; and the talks for work that look like it
    (
        "other",
        "Hallo Team, die Schichtbesprechung am Donnerstag wird auf Freitag, 13.03., 14 Uhr verlegt. Ich sitze am "
        "Donnerstag in Vorstellungsgesprächen für die Staplerfahrer. Wer nicht kann, sagt mir bitte Bescheid.",
    ),
    (
        "other",
        "Liebe Kolleginnen und Kollegen, die Dienstbesprechung findet nicht am Mittwoch, sondern am Donnerstag, den "
        "12. März um 13:45 Uhr statt. Am Mittwoch sind die Vorstellungsgespräche für das Sekretariat.",
    ),
    (
        "reschedule",
        "Guten Tag, wegen einer kurzfristigen Teamrunde müssen wir Ihr Vorstellungsgespräch von Mittwoch auf "
        "Donnerstag, 12.03., 10 Uhr verschieben. Passt Ihnen das?",
    ),
    (
        "other",
        "Dear all, our ward meeting has to move from Wednesday to Thursday 12 March, 14:15. Sister Jansen is on the "
        "interview panel for the student nurses. Could you all do that instead?",
    ),
    (
        "reschedule",
        "Dear Robin, because of a team meeting called at short notice we have to move your interview from Wednesday "
        "to Thursday 12 March, 10am. Does that suit you?",
    ),
    (
        "other",
        "Liebe Robin, ich bin am Donnerstag nicht da. Würdest du für mich in der Auswahlkommission sitzen? 9:30 Uhr "
        "Bewerberin 1, 10:30 Uhr Bewerber 2. Gib mir bitte bis morgen Bescheid.",
    ),
    (
        "invitation",
        "Sehr geehrte Frau Meyer, auf Ihre Bewerbung um die Stelle der Bauamtsleitung laden wir Sie zum "
        "Auswahlgespräch am 12. März um 11 Uhr ein. Der Auswahlkommission gehört auch der Personalrat an.",
    ),
    (
        "other",
        "Hi Robin, could you take my place on the selection board next Thursday? It is for the post in debt advice: "
        "9:00 applicant 1, 10:00 applicant 2. Tell me by Friday whether you can.",
    ),
    (
        "invitation",
        "Dear Ms Meyer, further to your application for the post of Head of Planning we invite you to an interview on "
        "12 March at 11am. The selection panel consists of the chief executive and two councillors. Please confirm.",
    ),
    (
        "other",
        "Sehr geehrter Herr Meyer, die Jury hat Ihre Bewerbung um das Arbeitsstipendium in die Endauswahl genommen. "
        "Wir laden Sie am Freitag, 13. März, um 14:20 Uhr zu einem Gespräch ein. Bitte bestätigen Sie den Termin.",
    ),
    (
        "invitation",
        "Sehr geehrte Frau Meyer, danke für Ihre Bewerbung als Referentin für unser Stipendienprogramm. Wir laden Sie "
        "zum Vorstellungsgespräch am 12. März um 10 Uhr ein. Bitte bestätigen Sie den Termin.",
    ),
    (
        "other",
        "Dear Robin, the jury has read your application for the writer's bursary with pleasure. We would like to "
        "invite you to a conversation on 11 March at 1pm. Does that suit you?",
    ),
    (
        "other",
        "Dear Robin, thank you for applying to become a volunteer listener. We would like to invite you to an "
        "informal interview on Tuesday 10 March at 5pm. Can you come?",
    ),
    (
        "invitation",
        "Dear Robin, thank you for your application for the position of Scholarships Officer. We invite you to an "
        "interview on 12 March at 10am. Please confirm by 6 March.",
    ),
    (
        "other",
        "Guten Tag, Ihr Termin zum Räderwechsel ist gebucht: Mittwoch, 11.03.2026, 7:30 Uhr. Übrigens: "
        "Serviceberater (m/w/d) gesucht, Vorstellungsgespräch auch kurzfristig möglich.",
    ),
    (
        "cancellation",
        "Hello Robin, I must say off our interview on Thursday 10 o'clock. The building site is stopped, there is no "
        "place for a helper anymore. I am very sorry.",
    ),
    (
        "cancellation",
        "Hallo Robin, das Vorstellungsgespräch am Donnerstag um 10 Uhr muss ich leider zurücknehmen. Der Laden macht "
        "zu, ich brauche keinen Helfer mehr.",
    ),
    (
        "reschedule",
        "Hi Robin, Tuesday's no good for us after all, we have been called out to a job in Perth. How about Wednesday "
        "11th at 4 instead for the interview?",
    ),
    (
        "invitation",
        "Hi Robin, thanks for your application as a nurse. Thursday mornings are no good for us, but could you manage "
        "Tuesday 10 March at 1pm for an interview?",
    ),
    (
        "reschedule",
        "Sehr geehrter Herr Meyer, danke für Ihre Nachricht, schade, dass es am Freitag bei Ihnen nicht geht. Dann "
        "nehmen wir Mittwoch, 11. März, 12:30 Uhr bei uns im Betrieb. Lässt sich das einrichten?",
    ),
    (
        "invitation",
        "Hi Robin, great news. I sent your CV over to Harlow Bank on Monday and they have come back already. They "
        "would like a first chat about the Risk Analyst role: Wed 11th 11am or Thu 12th 2pm. Which works?",
    ),
    (
        "invitation",
        "Sehr geehrte Frau Meyer, danke für Ihre Bewerbung als Notarfachangestellte. Ich würde gern mit Ihnen "
        "telefonieren. Am Montag, den 9. März, bin ich zwischen 14 und 17 Uhr gut zu erreichen. Teilen Sie mir bitte "
        "mit, wann ich Sie anrufen darf.",
    ),
    (
        "other",
        "Guten Tag Alex Kaya,\n\nvielen Dank für Ihre Bewerbung auf unsere 3-Zimmer-Wohnung in der "
        "Ludwigstraße. Ihre Unterlagen haben uns überzeugt. Gern zeigen wir Ihnen die Wohnung am Mittwoch, "
        "12.05.2027, um 17 Uhr oder am Donnerstag, 13.05.2027, um 8:30 Uhr.\n\nBitte geben Sie kurz Bescheid, "
        "welcher Termin passt.\n\nMit freundlichen Grüßen\nSilke Brandt\nHausverwaltung Brandt",
    ),
    (
        "other",
        "Hallo Alex,\n\ndanke für deine Bewerbung und die Schufa-Auskunft. Wir würden dich gern kennenlernen "
        "und dir die Räume zeigen. Passt dir Samstag, 15. Mai, 11 Uhr? Die Miete beträgt 640 Euro "
        "warm.\n\nViele Grüße\nFamilie Horn",
    ),
    (
        "other",
        "Hallo Alex,\n\ndanke für deine Bewerbung um unseren Hund Balu! Wir würden dich gern zu einem "
        "Kennenlernen einladen: Samstag, 15. Mai, 14 Uhr oder Sonntag, 16. Mai, 11 Uhr, im Tierheim "
        "Falkenhain. Was passt dir besser?\n\nLiebe Grüße\nMeike vom Tierheim",
    ),
    (
        "other",
        "Guten Tag Alex Kaya,\n\nIhre Bewerbung um eine Mitgliedschaft in unserem Ruderclub hat der Vorstand "
        "beraten. Wir laden Sie zu einem Gespräch am Dienstag, 18. Mai 2027, 19 Uhr im Bootshaus ein. Bitte "
        "bestätigen Sie kurz.\n\nMit sportlichen Grüßen\nJens Olt, Vorstand",
    ),
    (
        "other",
        "Hallo Alex,\n\ndanke für Ihre Bewerbung um die Parzelle 14. Wir möchten Sie gern kennenlernen und "
        "Ihnen den Garten zeigen: Samstag, 15. Mai, 10 Uhr. Passt das?\n\nGruß\nHeinz Adler, Kleingartenverein "
        "Morgentau",
    ),
    (
        "invitation",
        "Guten Tag Alex Kaya,\n\nvielen Dank für Ihre Bewerbung als Immobilienverwalterin. Gern möchten wir "
        "Sie kennenlernen und Ihnen unser Büro zeigen. Vorschlag: Montag, 30.08.2027, 17:20 Uhr oder Dienstag, "
        "31.08.2027, 8:10 Uhr.\n\nBitte antworten Sie bis Freitag, welcher Termin Ihnen zusagt.\n\nMit "
        "freundlichen Grüßen\nDoreen Klein\nWohnungsgenossenschaft Elbufer",
    ),
    (
        "invitation",
        "Guten Tag Alex Kaya,\n\nvielen Dank für Ihre Bewerbung als Erzieher in unserer Kita Sonnenkäfer. Wir "
        "laden Sie zu einem Gespräch am 18. Mai 2027 um 15:30 Uhr ein. Eine kleine Wohnung über der Kita "
        "können wir Ihnen auch zeigen. Bitte bestätigen Sie den Termin.\n\nHerzliche Grüße\nUlla Benz, Leitung",
    ),
    (
        "invitation",
        "Hallo Alex,\n\ndanke für deine Bewerbung als Tierpfleger in unserem Tierheim. Wir würden dich gern "
        "zum Kennenlernen einladen: Samstag, 15. Mai, 14 Uhr oder Sonntag, 16. Mai, 11 Uhr. Was passt dir "
        "besser?\n\nLiebe Grüße\nMeike vom Tierheim Falkenhain",
    ),
    (
        "other",
        "Dear Alex,\n\nThank you for your application and the documents (credit report, payslips). We would "
        "like to meet you in person and show you the two-bedroom apartment on Mill Street.\n\nProposal: "
        "Monday, 10 May 2027, 5:20 pm or Tuesday, 11 May 2027, 8:10 am, in front of the house.\n\nPlease reply "
        "by Friday which one suits you.\n\nKind regards\nDora Klein\nKlein Lettings",
    ),
    (
        "other",
        "Dear Alex,\n\nThank you for your application for a place at Little Otters Nursery. We would like to "
        "invite you to an interview on 18 May 2027 at 3:30 pm to meet you and your daughter. Please "
        "confirm.\n\nBest wishes\nUna Benson, Manager",
    ),
    (
        "other",
        "Hi Alex,\n\nthanks for your application to rehome Balu! We would like to invite you for a meet on "
        "Saturday 15 May at 2pm or Sunday 16 May at 11am at the kennels. Which suits you better?\n\nBest\nMeg, "
        "Falcon Dog Rescue",
    ),
    (
        "other",
        "Dear Alex,\n\nYour application to join the rowing club was discussed by the committee. We would like "
        "to invite you to an interview on Tuesday 18 May 2027 at 7 pm at the boathouse. Please "
        "confirm.\n\nYours\nJim Oates, Hon. Secretary",
    ),
    (
        "other",
        "Hi Alex,\n\nthank you for your application for plot 14. We would like to meet you and show you the "
        "garden on Saturday 15 May at 10. Does that suit?\n\nHarry, allotment society",
    ),
    (
        "invitation",
        "Dear Alex,\n\nThank you for your application for the post of Lettings Manager. We would like to meet "
        "you and show you around our office: Monday, 10 May 2027, 5:20 pm or Tuesday, 11 May 2027, 8:10 "
        "am.\n\nPlease reply by Friday which one suits you.\n\nKind regards\nDora Klein\nKlein Lettings",
    ),
    (
        "invitation",
        "Hi Alex,\n\nthanks for your application as kennel assistant. We would like to invite you for an "
        "interview on Saturday 15 May at 2pm or Sunday 16 May at 11am at the dog rescue. Which suits you "
        "better?\n\nBest\nMeg, Falcon Dog Rescue",
    ),
    (
        "invitation",
        "Dear Alex,\n\nThank you for applying for the caretaker post. We would like to meet you and show you "
        "the building and the flat that goes with the job on Monday 10 May 2027 at 5 pm. Please "
        "confirm.\n\nKind regards\nDora Klein",
    ),
    (
        "other",
        "Hi Alex,\n\nAlex!! look, she wants to see us :)\n\nKram, Svea\n\n---------- Forwarded message "
        "---------\nFrom: Ines Roth <ines@example.org>\nDate: Mon, 3 May 2027 at 09:22\nSubject: Re: "
        "party\nTo: Svea <svea@example.org>\n\nHej,\n\nsure, tell Alex to come by on Saturday 8 May at 19.00, "
        "we start with the barbecue then. Alex can mail me what he brings.\n\nInes",
    ),
)


@pytest.mark.parametrize(("kind", "text"), PLAIN + BESIDE)
def test_plain_words_decide_between_kinds_that_are_near_and_what_stands_beside(kind: str, text: str) -> None:
    assert told(text, "Your message" if text.startswith(("Hi", "Dear", "Hello")) else "Ihre Nachricht")[0] == kind


ASKED_ALL_THE_SAME = (  # words for what is none of the person's talks, in a mail that plainly asks for one; and such
    # words where they hold
    (
        "invitation",
        "Hi Robin, could you manage Tuesday 10 March at 11:00 for an interview for the Backend Developer role? Our "
        "head of engineering will cover the technical questions.",
    ),
    (
        "invitation",
        "Sehr geehrte Frau Meyer, wir möchten Sie zum Vorstellungsgespräch einladen. Passt Ihnen Dienstag, 10. März um "
        "11:00 Uhr? Frau Vogt wird die technischen Fragen stellen.",
    ),
    (
        "invitation",
        "Hallo Robin, hast du am Dienstag, 10. März um 11 Uhr Zeit für ein Gespräch zur Stelle als Konditorin? Mit in "
        "der Runde sitzen meine Kollegin und der Küchenchef.",
    ),
    (
        "invitation",
        "Hi Robin, could you meet Priya, who is sitting on the board, for an interview for the Web Designer role on "
        "Tuesday 10 March at 11:00?",
    ),
    (
        "invitation",
        "Hi Robin, we are seeing candidates for the Press Officer post on Tuesday 10 March; could you come at 11:00? "
        "We have invited four to interview. Our director would love to hear your views on the two new campaigns.",
    ),
    (
        "invitation",
        "Hallo Robin, wir führen mit vier Bewerbern Gespräche für die Stelle als Redakteurin und möchten auch dich "
        "sehen. Kannst du am 10. März um 11 Uhr kommen? Deine Meinung zu unserem Heft wäre uns wichtig.",
    ),
    (
        "other",
        "Hi Robin, we're interviewing three candidates on Tuesday 10 March at 11:00 and need you on the panel. I've "
        "read your profile of the post, thank you. Can you come?",
    ),
    (
        "other",
        "Hi Robin, we're seeing two applicants on Tuesday 10 March at 11:00. Could you sit in? You'd ask the technical "
        "questions.",
    ),
    (
        "other",
        "Hallo Robin, am Dienstag, 10. März kommen zwei Bewerber zum Vorstellungsgespräch. Kannst du um 11 Uhr dabei "
        "sein? Du würdest die fachlichen Fragen stellen.",
    ),
    (
        "invitation",
        "Hi Robin, we would like to invite you to an interview on Tuesday 10 March at 11:00 in our bakery. Please "
        "don't come by car, there is no place for parking. Does that suit you?",
    ),
    (
        "invitation",
        "Hallo Robin, kannst du am Dienstag, 10. März um 8 Uhr zum Probearbeiten kommen? Bitte nicht kommen, wenn du "
        "Fieber hast. Der Laden schließt um 18 Uhr.",
    ),
    (
        "confirmation",
        "Hi Robin, confirmed: your interview on Tuesday 10 March at 11:00. If you have a cold please don't come. There "
        "is no role play.",
    ),
    (
        "cancellation",
        "Hi Robin, please don't come on Tuesday 10 March, there is no job for you anymore. I am sorry.",
    ),
    (
        "invitation",
        "Hi Robin, would Tuesday 10 March at 11:00 suit you for an interview for the Kitchen Porter job? Our stand "
        "up on that day has been cancelled. Hi both of you from the kitchen!",
    ),
    (
        "other",
        "Hi all, our team meeting on Monday has been moved to Tuesday 10 March at 11:00. Please tell me if you can't "
        "make it.",
    ),
    (
        "confirmation",
        "Hallo Robin, hiermit bestätigen wir dein Probearbeiten als Mechaniker am Dienstag, 10. März um 8 Uhr. Du "
        "hilfst bei Räderwechsel und Ölwechsel.",
    ),
    (
        "invitation",
        "Hi Robin, would Tuesday 10 March at 11:00 suit you for an interview for the Web Designer role? We won't do it "
        "now online, but in our office.",
    ),
    (
        "invitation",
        "Sehr geehrte Frau Meyer, danke für Ihre Bewerbung. Da Ihnen der weite Weg nicht möglich ist, laden wir Sie "
        "zum Videogespräch am Dienstag, 10. März um 11 Uhr ein. Passt das?",
    ),
    (
        "invitation",
        "Guten Tag Frau Meyer, danke für Ihre Bewerbung. Schade, dass Sie zum Infotag nicht kommen konnten. Passt "
        "Ihnen Dienstag, 10. März um 11 Uhr für ein Vorstellungsgespräch?",
    ),
    (
        "reschedule",
        "Hallo Robin, schade, dass du am Montag nicht kannst. Passt dir Dienstag, 10. März um 11 Uhr für das Gespräch?",
    ),
    (
        "invitation",
        "Hi Robin, we'd like to see you for a place on our degree apprenticeship. Could you come to an interview on "
        "Tuesday 10 March at 11:00?",
    ),
)


LEFT_TO_THE_PERSON = (
    (
        "invitation",
        "Guten Tag, wir möchten Sie in unserer Kanzlei kennenlernen, und zwar am 10. oder 11.3. jeweils zwischen 9 "
        "und 12 Uhr. Bitte sagen Sie uns bis Freitag, wann Sie kommen möchten.",
    ),
    (
        "invitation",
        "Hallo Robin, das Teammeeting fällt am Montag aus, da hätten alle Zeit: Magst du am 9.3. um 10 Uhr zum "
        "Kennenlernen vorbeikommen? Es geht um die Stelle im Lektorat.",
    ),
    (
        "invitation",
        "Hi Robin, thanks for applying as a cook. We have kept Tuesday 10 March, 9am to 1pm, and Thursday 12 March, "
        "1pm to 5pm, for you. Just write when you'd like to start and when you are free.",
    ),
    (
        "self_schedule",
        "Dear Robin, we would like to invite you to an interview for the post of clerk on 9 March at 10:00, 10 March "
        "at 11:00 or 11 March at 14:00. Tick what suits you in our Doodle, please: "
        "https://doodle.com/meeting/participate/id/abc123. It takes place in the town hall.",
    ),
    (
        "invitation",
        "Hi Robin, thanks for your application as live-in carer. We would like to interview you on Thursday at 14:30."
        " You would be living with us and have your own room.",
    ),
    (
        "invitation",
        "Dear Robin, thank you for applying as a Volunteer Coordinator. We would like to invite you to an interview on "
        "Tuesday 10 March at 5pm. Can you come?",
    ),
    (
        "invitation",
        "Guten Tag Robin, danke für Ihre Bewerbung für das duale Studium mit Stipendium unserer Firma. Passt Ihnen "
        "Dienstag, 10. März um 11 Uhr für ein Vorstellungsgespräch?",
    ),
)


@pytest.mark.parametrize(("kind", "text"), LEFT_TO_THE_PERSON)
def test_what_may_ask_and_may_be_something_else_is_left_to_the_person(kind: str, text: str) -> None:
    """A careful person would look at it before they answered."""
    found = whole(text, "Your message" if text.startswith(("Hi", "Dear")) else "Ihre Nachricht")
    assert (found.kind, found.actionable, found.may_ask) == ("other", False, True)
    assert [doubt.candidates for doubt in found.unsure if doubt.field == "kind"] == [("other", kind)]
    assert found.not_understood is None


@pytest.mark.parametrize(("kind", "text"), ASKED_ALL_THE_SAME)
def test_who_is_plainly_asked_is_told_whatever_stands_beside(kind: str, text: str) -> None:
    assert told(text, "Your message" if text.startswith(("Hi", "Dear")) else "Ihre Nachricht")[0] == kind


@pytest.mark.parametrize(
    ("what", "below", "kind"),
    [
        ("On-site interview - Heron Optics", "This event starts in 24 hours.", Kind.REMINDER),
        ("Job interview, Heron Optics", "Your meeting begins in one hour.", Kind.REMINDER),
        ("Vorstellungsgespräch Heron Optik", "Der Termin beginnt in 24 Stunden.", Kind.REMINDER),
        ("Spring sale", "Our big event starts in 24 hours: up to 50 % off all lenses. Unsubscribe here.", Kind.OTHER),
    ],
)
def test_the_notice_of_a_calendar_reminds(what: str, below: str, kind: Kind) -> None:
    text = f"{what}\n\nWhen: Mon 18 Jan 2027 09:30 - 11:00\n\n{below}"
    assert told(text, f"Notification: {what} @ Mon 18 Jan 2027 09:30", "Calendar <notice@calendar.example>")[0] is kind


def test_a_meeting_by_a_name_that_colleagues_use_may_be_about_a_job() -> None:
    text = "Hi both, Robin, meet Ayo from the client. Could you both do a project call on Tuesday 10 March at 11:00?"
    assert told(text, "Project call Web Designer")[0] == "invitation"
    text = "Hi all, Robin is on the shortlist for Web Designer. Robin, would Tuesday 10 March at 11:00 suit you?"
    assert told(text, "Team meeting")[0] == "invitation"
    text = "Hi Robin, our 1:1 for the Web Designer role has to be moved. Could you do Tuesday 10 March at 11:00?"
    assert told(text, "1:1 with our CTO")[0] in ("invitation", "reschedule")


def test_a_request_against_plain_words_for_something_else_is_left_to_the_person() -> None:
    text = (
        "Hi Robin, we need you to interview candidates with us, as our new Recruiter. Could you come for a job "
        "interview on Tuesday 10 March at 11:00?"
    )
    raw = f"From: Kim <kim@hexagon.example>\nSubject: Recruiter\nDate: Mon, 2 Mar 2026 09:00:00 +0100\n\n{text}"
    reading = read(parse_message(raw.encode(), None, LEXICA.segments), LEXICA, ME)
    assert reading.kind == "invitation"
    assert any(doubt.field == "kind" for doubt in reading.unsure)


def test_the_sentence_that_asks_is_evidence() -> None:
    text = "Hello Alex,\n\nCould you drop by our kitchen on Thursday at three to talk about the job?\n\nKim"
    raw = f"From: Kim <kim@hexagon.example>\nSubject: Sous-chef\nDate: Mon, 2 Mar 2026 09:00:00 +0100\n\n{text}"
    reading = read(parse_message(raw.encode(), None, LEXICA.segments), LEXICA, ME)
    assert any("drop by our kitchen" in item.quote for item in reading.evidence if item.field == "kind")


def test_a_sentence_of_the_subject_is_quoted_as_the_subjects() -> None:
    subject = "Wednesday has to be put off until Friday"
    raw = f"From: Kim <kim@hexagon.example>\nSubject: {subject}\n\nAs sous-chef you would run the kitchen.\n\nKim"
    reading = read(parse_message(raw.encode(), None, LEXICA.segments), LEXICA, ME)
    assert {item.source for item in reading.evidence if item.quote == subject} == {"subject"}


def test_a_language_without_learned_weights_is_read_by_its_cues() -> None:
    cues = KindCues.from_tables(DATA)
    message = mail("We would like to invite you to an interview for the post of Analyst.")
    assert look(message, cues, None).heard is None
    assert look(message, cues, None, LEARNED["en"]).heard is not None


@given(st.text(max_size=2_000), st.text(max_size=200))
def test_every_text_is_heard(text: str, subject: str) -> None:
    heard = LEARNED["en"].hear(subject, text)
    assert all(0 <= act.probability <= 1 and (act.sentence in text or act.sentence in subject or "\n" in text)
               for act in heard.acts.values())  # fmt: skip
    assert sum(LEARNED["en"].kinds.probabilities(heard.features).values()) == pytest.approx(1)


@pytest.mark.parametrize("unit", ["a. A", "we would like to ", "x@", "https://", "\n- ", "1:1 ", "'a"])
def test_hostile_length_costs_little(unit: str) -> None:
    text = unit * (65_536 // len(unit))
    began = time.process_time()
    assert len(sentences(text)) <= MAX_SENTENCES
    LEARNED["de"].hear(text[:1_000], text)
    assert time.process_time() - began < 2


def test_words_of_a_calendar_object_are_told_as_such() -> None:
    heard = LEARNED["en"].hear("Thursday", "Hello there.", "We would like to invite you to an interview.")
    assert max(heard.acts.values(), key=lambda act: "invite" in act.sentence).source == "calendar"


@given(st.lists(st.floats(-9, 9), min_size=2, max_size=12), st.randoms())
def test_the_order_of_features_decides_nothing(weights: list[float], random: Random) -> None:
    table = {f"word{number}": f"ask {weight} none {-weight / 3}" for number, weight in enumerate(weights)}
    model = Linear.from_table({"bias": {"ask": 0.1, "none": 0.2}, "weights": table})
    mixed = random.sample(list(table), len(table))
    assert model.scores(mixed) == model.scores(table)
    assert model.probabilities(dict.fromkeys(mixed, 0.3)) == model.probabilities(dict.fromkeys(table, 0.3))
    signs = Weights(dict(zip(table, weights, strict=True)))
    assert signs.sum(mixed) == signs.sum(table)
