"""`ports.MailAccount` in memory, held to the same suite as the real one (tests/contracts/test_mail_account.py).

The other side of the mailbox — the world that writes to it, the person's own mail client — are `put`, `flag`, `move`,
`remove` and `recreate`. Trouble is made with `fail` (one call raises, before or after its effect) or, for crash points,
with `hook`, which is called as `hook("before append")` and `hook("after append")` around every call and may raise.
What was changed through the port is listed in `writes`: a second pass that does nothing leaves it empty.
"""

from __future__ import annotations

import re
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes
from typing import TYPE_CHECKING

from raincheck.core.model import Marks, MessageRef
from raincheck.errors import MailboxChanged, Refused
from raincheck.ports import Fetched, Folder, MailboxStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

SPECIAL_USE: Mapping[str, tuple[str, ...]] = {
    "INBOX": (),
    "Drafts": ("drafts",),
    "Sent": ("sent",),
    "Trash": ("trash",),
}


@dataclass(frozen=True, slots=True)
class Stored:
    """A message in a mailbox."""

    uid: int
    raw: bytes
    flags: frozenset[str]
    internal_date: datetime
    modseq: int = 0


@dataclass
class _Mailbox:
    attributes: frozenset[str]
    uidvalidity: int
    uidnext: int = 1
    messages: dict[int, Stored] = field(default_factory=dict)
    changes: int = 0


class MemoryAccount:
    """One account; see the module. Safe to use from several threads, as a server is."""

    def __init__(
        self,
        name: str = "main",
        folders: Mapping[str, tuple[str, ...]] = SPECIAL_USE,
        *,
        uidplus: bool = True,
        condstore: bool = True,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.name = name
        self.uidplus = uidplus
        self.condstore = condstore
        self.writes: list[tuple[str, str]] = []  # (method, mailbox)
        self.subscribed: set[str] = set()
        self.hook: Callable[[str], None] = lambda moment: None
        self._clock = clock
        self._validity = 1000
        self._mailboxes: dict[str, _Mailbox] = {}
        self._failures: list[tuple[str, BaseException]] = []
        self._looked: dict[str, tuple[int, int]] = {}
        self._changed = threading.Condition()
        self._woken = False
        for folder, attributes in folders.items():
            self._make(folder, attributes)

    # --- the other side -------------------------------------------------------------------------------------------

    def put(self, mailbox: str, raw: bytes, flags: Iterable[str] = (), date: datetime | None = None) -> MessageRef:
        """A message arrives, or another client files one."""
        with self._changed:
            box = self._box(mailbox)
            self._touch(box)
            stored = Stored(box.uidnext, _crlf(raw), _lower(flags), date or self._clock(), box.changes)
            box.messages[stored.uid] = stored
            box.uidnext += 1
            return MessageRef(mailbox, box.uidvalidity, stored.uid)

    def flag(self, ref: MessageRef, *flags: str, off: bool = False) -> None:
        """Another client sets (or with `off` takes away) flags."""
        with self._changed:
            box = self._box(ref.mailbox)
            stored = box.messages[ref.uid]
            changed = stored.flags - _lower(flags) if off else stored.flags | _lower(flags)
            self._touch(box)
            box.messages[ref.uid] = replace(stored, flags=changed, modseq=box.changes)

    def remove(self, ref: MessageRef) -> Stored:
        """Another client expunges the message."""
        with self._changed:
            box = self._box(ref.mailbox)
            self._touch(box)
            return box.messages.pop(ref.uid)

    def move(self, ref: MessageRef, mailbox: str) -> MessageRef:
        """Another client moves the message; flags go with it."""
        stored = self.remove(ref)
        return self.put(mailbox, stored.raw, stored.flags, stored.internal_date)

    def recreate(self, mailbox: str) -> None:
        """The mailbox is deleted and made anew: empty, with another UIDVALIDITY."""
        with self._changed:
            self._make(mailbox, self._box(mailbox).attributes)

    def delete(self, mailbox: str) -> None:
        """The mailbox vanishes."""
        with self._changed:
            del self._mailboxes[mailbox]

    def messages(self, mailbox: str) -> list[Stored]:
        """Everything that lies in the mailbox, by UID."""
        with self._changed:
            return [stored for _, stored in sorted(self._box(mailbox).messages.items())]

    def fail(self, method: str, error: BaseException, *, done: bool = False) -> None:
        """The next call of the method raises; with `done` after its effect, as when the answer is lost."""
        self._failures.append((f"{'after' if done else 'before'} {method}", error))

    # --- the port -------------------------------------------------------------------------------------------------

    def folders(self) -> Sequence[Folder]:
        with self._call("folders"):
            return [Folder(name, box.attributes, "/") for name, box in self._mailboxes.items()]

    def ensure_folder(self, name: str) -> None:
        with self._call("ensure_folder"):
            if name not in self._mailboxes:
                self._wrote("ensure_folder", name)
                self._make(name, ())
                self.subscribed.add(name)

    def status(self, mailbox: str) -> MailboxStatus:
        with self._call("status"):
            box = self._box(mailbox)
            return MailboxStatus(box.uidvalidity, box.uidnext, len(box.messages))

    def uids(
        self, mailbox: str, *, above: int = 0, since: date | None = None, header: tuple[str, str] | None = None
    ) -> Sequence[int]:
        with self._call("uids"):
            box = self._box(mailbox)
            if header is None:
                self._looked[mailbox] = (box.uidvalidity, box.changes)
            return [
                uid
                for uid, stored in sorted(box.messages.items())
                if uid > above
                and (since is None or stored.internal_date.astimezone(UTC).date() >= since)
                and (header is None or _has(stored.raw, *header))
            ]

    def marks(self, mailbox: str) -> dict[int, Marks]:
        with self._call("marks"):
            box = self._box(mailbox)
            self._looked[mailbox] = (box.uidvalidity, box.changes)
            return {uid: Marks(stored.flags, self._modseq(stored)) for uid, stored in sorted(box.messages.items())}

    def fetch(self, mailbox: str, uids: Iterable[int], *, limit: int | None = None) -> Sequence[Fetched]:
        with self._call("fetch"):
            box = self._box(mailbox)
            return [
                Fetched(
                    MessageRef(mailbox, box.uidvalidity, uid),
                    stored.flags,
                    len(stored.raw),
                    stored.raw[:limit],
                    stored.internal_date,
                    self._modseq(stored),
                )
                for uid in sorted(set(uids))
                if (stored := box.messages.get(uid))
            ]

    def append(
        self, mailbox: str, message: bytes, flags: Iterable[str], date: datetime | None = None
    ) -> MessageRef | None:
        with self._call("append"):
            if mailbox not in self._mailboxes:
                raise Refused(f"no mailbox {mailbox!r}")
            self._wrote("append", mailbox)
            ref = self.put(mailbox, message, flags, date)
            return ref if self.uidplus else None

    def add_flags(self, ref: MessageRef, flags: Iterable[str]) -> bool:
        return self._store("add_flags", ref, flags, off=False)

    def remove_flags(self, ref: MessageRef, flags: Iterable[str]) -> bool:
        return self._store("remove_flags", ref, flags, off=True)

    def expunge(self, ref: MessageRef) -> bool:
        with self._call("expunge"):
            if ref.uid not in self._same(ref).messages:
                return True
            self._wrote("expunge", ref.mailbox)
            if not self.uidplus:
                self.flag(ref, "\\Deleted")
                return False
            self.remove(ref)
            return True

    def wait(self, mailboxes: Sequence[str], timeout: float) -> bool:
        deadline = time.monotonic() + timeout
        with self._call("wait"):
            while not self._woken:
                if any([self._moved(mailbox) for mailbox in mailboxes]):  # noqa: C419 - all of them, each told once
                    return True
                if not self._changed.wait(max(0.0, deadline - time.monotonic())):
                    return False
            self._woken = False
            return False

    def wake(self) -> None:
        with self._changed:
            self._woken = True
            self._changed.notify_all()

    def close(self) -> None:
        """Nothing to close."""

    # --- inside ---------------------------------------------------------------------------------------------------

    def _store(self, method: str, ref: MessageRef, flags: Iterable[str], *, off: bool) -> bool:
        with self._call(method):
            if ref.uid not in self._same(ref).messages:
                return False
            self._wrote(method, ref.mailbox)
            self.flag(ref, *flags, off=off)
            return True

    @contextmanager
    def _call(self, method: str) -> Iterator[None]:
        with self._changed:
            self._moment(f"before {method}")
            yield
            self._moment(f"after {method}")

    def _moment(self, moment: str) -> None:
        self.hook(moment)
        for failure in self._failures:
            if failure[0] == moment:
                self._failures.remove(failure)
                raise failure[1]

    def _wrote(self, method: str, mailbox: str) -> None:
        self.writes.append((method, mailbox))

    def _make(self, mailbox: str, attributes: Iterable[str]) -> None:
        self._validity += 1
        self._mailboxes[mailbox] = _Mailbox(frozenset(attributes), self._validity)

    def _box(self, mailbox: str) -> _Mailbox:
        found = self._mailboxes.get("INBOX" if mailbox.upper() == "INBOX" else mailbox)
        if found is None:
            raise MailboxChanged(f"no mailbox {mailbox!r}")
        return found

    def _same(self, ref: MessageRef) -> _Mailbox:
        box = self._box(ref.mailbox)
        if box.uidvalidity != ref.uidvalidity:
            raise MailboxChanged(f"mailbox {ref.mailbox!r} was made anew (UIDVALIDITY {box.uidvalidity})")
        return box

    def _modseq(self, stored: Stored) -> int | None:
        return stored.modseq if self.condstore else None

    def _touch(self, box: _Mailbox) -> None:
        box.changes += 1
        self._changed.notify_all()

    def _moved(self, mailbox: str) -> bool:
        box = self._box(mailbox)
        now = (box.uidvalidity, box.changes)
        before = self._looked.setdefault(mailbox, now)
        self._looked[mailbox] = now
        return now != before


def _crlf(raw: bytes) -> bytes:
    return re.sub(rb"\r\n|\r|\n", b"\r\n", raw)


def _lower(flags: Iterable[str]) -> frozenset[str]:
    return frozenset(flag.lower() for flag in flags)


def _has(raw: bytes, name: str, text: str) -> bool:
    wanted = text.encode().decode("ascii", "surrogateescape").lower()
    fields = message_from_bytes(raw).raw_items()
    return any(key.lower() == name.lower() and wanted in str(value).lower() for key, value in fields)
