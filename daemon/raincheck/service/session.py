"""What one account's pass works with: settings, ports, data and the clock, wired once by the shell."""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from raincheck.service.folders import Mailboxes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from raincheck.core.draftmail import DraftMail
    from raincheck.core.model import MessageRef
    from raincheck.core.reading.lexicon import Lexica
    from raincheck.core.settings import Account, Settings
    from raincheck.ports import CalendarSource, Health, Ledger, MailAccount, MailRecord, Submission

log = logging.getLogger("raincheck")


def where(problem: BaseException) -> str:
    """An unforeseen exception's type and place, without its text: that may hold words of a mail, or worse."""
    frames = traceback.extract_tb(problem.__traceback__)
    place = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "?"
    return f"{type(problem).__name__} at {place}"


@dataclass(slots=True)
class Session:
    """One account at work. Belongs to one thread; only `mail.wake` may be called from others."""

    settings: Settings
    account: Account
    mail: MailAccount
    submission: Submission
    ledger: Ledger
    calendars: CalendarSource
    lexica: Lexica
    templates: Mapping[str, str]
    folder_names: Mapping[str, tuple[str, ...]]
    clock: Callable[[], datetime]  # aware, UTC
    token: Callable[[], str]  # random letters for Message-IDs
    beat: Callable[[], None] = lambda: None  # a sign of life, called along the work; may raise to end it
    told: Callable[[Health], str] = lambda health: health.detail  # with what to do about it, as things are now
    publish: Callable[[bytes], None] = lambda _: None  # takes the calendar of held times, for others to subscribe to
    boxes: Mailboxes = field(default_factory=lambda: Mailboxes("", None, sent_by_server=False, trash=None))  # by pass
    ensured: set[str] = field(default_factory=set)  # folders of ours that are known to exist
    troubles: list[str] = field(default_factory=list)  # of this pass: what the mailbox did not let be done
    set_aside: list[MailRecord] = field(default_factory=list)  # mails of this batch that decide nothing
    refused: dict[tuple[str, int], datetime] = field(default_factory=dict)  # messages that were not given, since when
    drafts_seen: dict[MessageRef, DraftMail] = field(default_factory=dict)  # a UID's content never changes

    @property
    def name(self) -> str:
        """The account's name in the configuration."""
        return self.account.name

    @property
    def drafts(self) -> str:
        """The Drafts folder."""
        return self.boxes.drafts

    @property
    def approval_folder(self) -> str | None:
        """The approval folder; None when it is switched off, or could not be made."""
        folder = self.settings.approval.folder
        return folder if folder in self.ensured else None
