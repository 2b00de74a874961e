"""A backlog of ordinary mail on a real Dovecot: one whole pass as a ratio to fetching and parsing the same mails.

python bench/backlog.py [MAILS]
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime
from pathlib import Path

from raincheck import assets
from raincheck.adapters.imap import ImapAccount
from raincheck.adapters.ledger import SqliteLedger
from raincheck.adapters.secrets import SystemSecrets
from raincheck.core.reading.lexicon import Lexica
from raincheck.core.settings import Account, Me, SecretSource, Server, Settings
from raincheck.demo.certificate import make_certificate
from raincheck.demo.dovecot import Dovecot
from raincheck.demo.sink import Sink
from raincheck.service import mailpass
from raincheck.service.session import Session

ME = "robin.meyer@example.net"
WORDS = """
invoice order parcel meeting report team project newsletter summer photo family ticket train hotel password update
release build server garden recipe weather match library course group plan budget minutes question thanks attached
please regards tomorrow monday price offer account review document file link page week month number
""".split()  # noqa: SIM905 - a list of words reads best as words


def ordinary(number: int, dice: random.Random) -> bytes:
    """A mail about this and that, of about 20 kB, with an HTML twin in every second one."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = f"Sender {number % 97} <sender{number % 97}@shop{number % 31}.example>"
    message["To"] = ME
    message["Subject"] = " ".join(dice.choices(WORDS, k=5))
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<{number}.{dice.random()}@shop.example>"
    lines = [" ".join(dice.choices(WORDS, k=10)) + "." for _ in range(dice.randint(20, 120))]
    message.set_content("\n".join(lines))
    if number % 2:
        message.add_alternative("<p>" + "</p>\n<p style='margin:0'>".join(lines) + "</p>", subtype="html")
    if number % 5 == 0:
        message.add_attachment(dice.randbytes(40_000), maintype="application", subtype="pdf", filename="x.pdf")
    return message.as_bytes()


def main() -> None:
    """Prints seconds, the ratio (aim: at most 1.3) and the memory of the process."""
    mails = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    dice = random.Random(7)
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        secret = folder / "password"
        secret.touch(mode=0o600)
        secret.write_text("secret")
        with Sink("robin", "secret") as sink, Dovecot(folder, make_certificate(folder)) as server:
            server.add_user("robin", "secret")
            imap, smtp = Server("127.0.0.1", server.imap_port, "none"), Server("127.0.0.1", sink.port, "none")
            account = Account("main", ME, imap, smtp, "robin", SecretSource(file=str(secret)))
            mail = ImapAccount(account, SystemSecrets())
            for number in range(mails):
                mail.append("INBOX", ordinary(number, dice), [])
            settings = Settings(me=Me("Robin Meyer", (ME,), "Europe/Berlin"), accounts=(account,))
            settings = replace(settings, notes=replace(settings.notes, brief=None))
            lexica = Lexica.from_data(assets.reading_data())
            begun = time.perf_counter()
            uids = mail.uids("INBOX")
            for at in range(0, len(uids), 50):
                for fetched in mail.fetch("INBOX", uids[at : at + 50]):
                    BytesParser(policy=policy.compat32).parsebytes(fetched.raw)
            plain = time.perf_counter() - begun
            session = Session(
                settings=settings,
                account=account,
                mail=mail,
                submission=None,  # type: ignore[arg-type]  # nothing is sent here
                ledger=SqliteLedger(folder / "ledger.sqlite3"),
                calendars=None,  # type: ignore[arg-type]  # no mail here asks for it
                lexica=lexica,
                templates=assets.templates(),
                folder_names=assets.folder_names(),
                clock=lambda: datetime.now(UTC),
                token=lambda: "t",
            )
            session.calendars = _NoCalendars()
            begun = time.perf_counter()
            mailpass.run(session)
            whole = time.perf_counter() - begun
            mail.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{mails} mails: fetch and parse {plain:.2f} s, whole pass {whole:.2f} s")
    print(f"ratio {whole / plain:.1f}, memory {memory:.0f} MB")


class _NoCalendars:
    def health(self) -> list[object]:
        return []


if __name__ == "__main__":
    main()
