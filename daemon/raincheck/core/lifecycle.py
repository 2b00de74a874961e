"""The life of a draft as one pure function: from what the journal says and what was seen, to what to do next.

    INTENDED → DRAFTED → APPROVED → SENDING → SENT
                  ↓          ↓          ↓
              WITHDRAWN   REFUSED   UNCERTAIN → SENT

Nothing here guesses. A draft that cannot be found is waited for, never written again: mail clients remove a draft
before they write its successor or its sent copy, so absence alone proves nothing. Only positive evidence decides:
a copy in Trash is a refusal, a reply in Sent is an answer, a star on exactly this text is a yes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from raincheck.core.model import Entry, EntryState, MessageRef

MISSING_PATIENCE = timedelta(hours=6)  # how long a vanished draft may come back: an open composer, an autosave
STALE_STAR = timedelta(hours=12)  # a star first seen after a longer downtime may belong to another day's mind
SIMILAR = 0.5  # share of our sentences that must remain in a draft known only by its References
SAVING_PATIENCE = timedelta(seconds=30)  # clients append the new draft first and remove the old one a moment later
DELETED_PATIENCE = timedelta(minutes=2)  # how long a draft stays marked \\Deleted before that is a refusal
KNOWN_SENT = "you said that it was sent"  # the person settled what was uncertain
SEVERAL = "there are several drafts for one case; delete all but one, then approve that one"
# Some clients save an edited draft with the star of the old one: perhaps in the middle of a sentence, by themselves.
CARRIED = "it was changed after you approved it; approve the new text once more"
LEFT_IN_PLACE = "the draft was changed or starred by you, so it is left in place, not sent"
NEWER_MAIL = "a newer mail came in; read it first"
APPEND_PATIENCE = timedelta(seconds=50)  # a late APPEND may still arrive; then one more complete look


class Place(StrEnum):
    """Which of the person's folders a draft was seen in."""

    DRAFTS = "drafts"
    APPROVAL = "approval"


class Link(StrEnum):
    """How a message seen in Drafts is known to belong to the case, strongest first."""

    REF = "ref"  # the very message: same UIDVALIDITY and UID
    MESSAGE_ID = "message_id"
    CASE_HEADER = "case_header"
    REFERENCES = "references"  # answers the same mail: ours edited, or the person's own


@dataclass(frozen=True, slots=True)
class SeenDraft:
    """A message in Drafts or the approval folder that belongs to the case."""

    ref: MessageRef
    place: Place
    link: Link
    digest: str
    exact: bool = False  # to the byte what we journalled
    flagged: bool = False
    deleted: bool = False  # marked \\Deleted: on its way out, and not by us
    readable: bool = True  # false for encrypted drafts and those without a text
    from_me: bool = True  # From is one of me.addresses
    similarity: float = 1.0  # share of our sentences that it still holds
    modseq: int | None = None  # grows with each change of its flags, where the server counts them


@dataclass(frozen=True, slots=True)
class Sight:
    """All that one complete look at the mailbox showed about one draft."""

    now: datetime
    begun: datetime  # when the pass over the watched folders and Sent began that this look belongs to
    complete: bool  # that pass read everything there was
    last_pass: datetime | None  # end of the last successful pass before this one; None: never
    uidvalidity: int  # of Drafts
    uidnext: int
    drafts: tuple[SeenDraft, ...] = ()
    in_trash: bool = False
    answered: str | None = None  # Message-ID of a reply of the person's in Sent (or of their calendar reply)
    answered_with_ours: bool = False  # and that reply is our draft, edited or not
    sent_copy: bool = False  # our own sent mail lies in Sent
    newer_mail: bool = False  # the employer wrote again after this draft was written, and no approval was voided for it
    other_draft: bool = False  # another draft of the case lies there: an older one that was edited, or the person's own
    obsolete: str = ""  # why the draft has no purpose any more: cancelled, answered, expired


@dataclass(frozen=True, slots=True)
class Policy:
    """What counts as a yes, and how long it can be taken back."""

    flag: bool
    folder: bool
    undo: timedelta


# --- what to do next ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Save:
    """Only the journal changes."""

    entry: Entry
    event: str = ""


@dataclass(frozen=True, slots=True)
class Append:
    """Write the journalled draft; it is certain that it is not there yet."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Send:
    """Approved, undo time over, nothing newer: check the times once more, then submit exactly this message."""

    entry: Entry
    ref: MessageRef


@dataclass(frozen=True, slots=True)
class TakeStarOff:
    """The approval was set aside: make that visible on the draft."""

    ref: MessageRef


@dataclass(frozen=True, slots=True)
class Remove:
    """Our own untouched draft has no purpose any more, or is the twin of another: remove it."""

    entry: Entry
    ref: MessageRef


@dataclass(frozen=True, slots=True)
class Tidy:
    """Sent: file the copy, mark the original, remove the draft; each repeatable."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Tell:
    """Write the person a note about it, at once and where they look."""

    reason: str


Step = Save | Append | Send | TakeStarOff | Remove | Tidy | Tell


def next_steps(entry: Entry, sight: Sight, policy: Policy) -> tuple[Step, ...]:
    """What to do about one draft, in order. An empty answer means: nothing, look again later.

    Every returned Save is to be committed before the step that follows it has an effect.
    """
    match entry.state:
        case EntryState.REFUSED:
            return ()
        case EntryState.WITHDRAWN:
            return () if entry.removing is None else (Remove(entry, entry.removing),)
        case EntryState.SENT:
            return () if entry.tidied else (Tidy(entry),)
        case EntryState.SENDING | EntryState.UNCERTAIN:
            return _unknown(entry, sight)
        case EntryState.INTENDED:
            return _intended(entry, sight)
        case EntryState.DRAFTED | EntryState.APPROVED:
            return _open(entry, sight, policy)


def _to(entry: Entry, state: EntryState, now: datetime, reason: str) -> Entry:
    return replace(entry, state=state, updated=now, reason=reason)


def _unapproved(entry: Entry, now: datetime, reason: str) -> Entry:
    return replace(
        _to(entry, EntryState.DRAFTED, now, reason),
        approved_at=None,
        approved_ref=None,
        approved_digest=None,
        approved_modseq=None,
    )


def _unknown(entry: Entry, sight: Sight) -> tuple[Step, ...]:
    """DATA may or may not have been taken: a copy in Sent settles it, else the person is asked, once."""
    if sight.sent_copy or (sight.answered and sight.answered_with_ours) or entry.reason == KNOWN_SENT:
        sent = _to(entry, EntryState.SENT, sight.now, "settled")
        return (Save(sent, "sent: what was uncertain is settled"), Tidy(sent))
    if entry.state is EntryState.UNCERTAIN:
        return ()
    lost = "the connection broke while it was being sent, so it may or may not have arrived"
    return (Save(_to(entry, EntryState.UNCERTAIN, sight.now, lost), "uncertain"), Tell(f"Uncertain: {lost}."))


def _intended(entry: Entry, sight: Sight) -> tuple[Step, ...]:
    """After the intent was journalled: is the draft there, certainly not there, or lost from sight?"""
    ours = tuple(draft for draft in sight.drafts if draft.link is not Link.REFERENCES)
    edited = tuple(draft for draft in _ours(sight.drafts) if 0 < entry.uidnext_before <= draft.ref.uid)
    if ours or edited:
        first = min(ours or edited, key=lambda draft: (draft.place is not Place.DRAFTS, draft.ref))
        found = replace(
            _to(entry, EntryState.DRAFTED, sight.now, ""),
            mailbox=first.ref.mailbox,
            uid=first.ref.uid,
            uidvalidity=first.ref.uidvalidity,
            appended=first.ref if ours and first.place is Place.DRAFTS else None,  # else the person moved it already
            missing_since=None,
        )
        return (Save(found, "draft written"),)
    if sight.answered:
        return _answered(entry, sight, ())
    if sight.in_trash:
        return _refused(entry, sight)
    if sight.obsolete:
        return (Save(_to(entry, EntryState.WITHDRAWN, sight.now, sight.obsolete), f"never drafted: {sight.obsolete}"),)
    if sight.other_draft:
        own = "there is a draft of yours for this mail already"
        return (Save(_to(entry, EntryState.WITHDRAWN, sight.now, own), f"never drafted: {own}"),)
    untouched = sight.uidvalidity == entry.uidvalidity and sight.uidnext == entry.uidnext_before
    if entry.uidnext_before == 0 or untouched:
        if entry.missing_since is not None and within(entry.missing_since, APPEND_PATIENCE, sight.now):
            return ()
        return (Append(entry),)
    if entry.missing_since is None or entry.missing_since > sight.now:
        return (Save(replace(entry, missing_since=sight.now, updated=sight.now)),)
    if sight.now - entry.missing_since < APPEND_PATIENCE:
        return ()
    lost = "the draft may have been written and removed again; it is not written a second time"
    return (Save(_to(entry, EntryState.WITHDRAWN, sight.now, lost), "draft lost from sight"), Tell(lost))


def within(since: datetime, patience: timedelta, now: datetime) -> bool:
    """True while the patience lasts; a moment in the future was told by a clock that has been set back since."""
    return since <= now < since + patience


def _refused(entry: Entry, sight: Sight) -> tuple[Step, ...]:
    return (Save(_to(entry, EntryState.REFUSED, sight.now, "you threw the draft away"), "refused"),)


def _open(entry: Entry, sight: Sight, policy: Policy) -> tuple[Step, ...]:
    if entry.removing is not None:
        return (Remove(entry, entry.removing),)
    mine = _ours(sight.drafts)
    if sight.answered:
        return _answered(entry, sight, mine)
    if sight.in_trash and (entry.missing_since is None or entry.missing_since >= sight.begun):
        return _missing(entry, sight)  # some clients throw a draft away when they send it: the next look at Sent tells
    if sight.in_trash or _left_deleted(entry, sight, mine):
        return _refused(entry, sight)
    mine = tuple(draft for draft in mine if not draft.deleted)
    if _own_words(sight.drafts):
        return _answered(entry, sight, mine)
    if not mine and sight.obsolete:
        gone = _to(entry, EntryState.WITHDRAWN, sight.now, sight.obsolete)
        return (Save(gone, f"withdrawn: {sight.obsolete}"),)
    if not mine:
        return _missing(entry, sight)
    if len(mine) > 1:
        return _several(entry, sight, mine)
    draft = mine[0]
    if sight.obsolete and entry.state is EntryState.APPROVED:
        return void(entry, draft.ref, sight.now, sight.obsolete)
    if sight.obsolete:
        return _obsolete(entry, sight, draft)
    found = _located(entry, sight, draft)
    moved = () if found == entry else (Save(found, "edited" if draft.digest != entry.digest else ""),)
    return moved + _gesture(found, draft, sight, policy)


def _left_deleted(entry: Entry, sight: Sight, mine: tuple[SeenDraft, ...]) -> bool:
    """True when all that is there stays marked \\Deleted. For a moment it means nothing: clients mark a draft so
    before they expunge it, when they save its successor and when they send it."""
    waited = entry.missing_since is not None and sight.now - entry.missing_since >= DELETED_PATIENCE
    return waited and bool(mine) and all(draft.deleted for draft in mine)


def _ours(drafts: tuple[SeenDraft, ...]) -> tuple[SeenDraft, ...]:
    """Which of the seen drafts are ours, edited or not. One that only answers the same mail is ours when enough of
    our sentences remain in it; else it is the person's own."""
    return tuple(d for d in drafts if d.link is not Link.REFERENCES or d.similarity >= SIMILAR)


def _own_words(drafts: tuple[SeenDraft, ...]) -> bool:
    """True when the person writes an answer of their own to the same mail: ours is then in the way."""
    ours = _ours(drafts)
    return any(draft not in ours and draft.from_me and not draft.deleted for draft in drafts)


def _answered(entry: Entry, sight: Sight, mine: tuple[SeenDraft, ...]) -> tuple[Step, ...]:
    surplus = next((draft.ref for draft in mine if _untouched(entry, draft)), None)
    if sight.answered_with_ours:
        sent = replace(
            _unapproved(entry, sight.now, "sent from your mail client"),
            state=EntryState.SENT,
            sent_message_id=sight.answered,
            sent_at=sight.now,
            removing=surplus,
        )
        return (Save(sent, "sent by the person"), Tidy(sent))
    done = _to(entry, EntryState.WITHDRAWN, sight.now, "you answered yourself")
    theirs = surplus is None and any(not draft.deleted for draft in mine)
    told = (Tell(f"You answered yourself; {LEFT_IN_PLACE}."),) if theirs else ()
    return (*_withdrawn(replace(done, removing=surplus), "answered by the person"), *told)


def _withdrawn(entry: Entry, event: str) -> tuple[Step, ...]:
    """The removal is journalled with the withdrawal: it is done again until it is done, and never taken for theirs."""
    removal = () if entry.removing is None else (Remove(entry, entry.removing),)
    return (Save(entry, event), *removal)


def _untouched(entry: Entry, draft: SeenDraft) -> bool:
    """Ours by what our own APPEND returned, and nobody changed or starred it."""
    return (
        draft.place is Place.DRAFTS
        and draft.ref == entry.appended
        and draft.digest == entry.digest
        and not draft.flagged
    )


def _missing(entry: Entry, sight: Sight) -> tuple[Step, ...]:
    if entry.missing_since is None or entry.missing_since > sight.now:
        gone = replace(entry, missing_since=sight.now, updated=sight.now)
        if entry.state is EntryState.APPROVED:
            gone = replace(_unapproved(gone, sight.now, "the draft vanished"), missing_since=sight.now)
        return (Save(gone, "draft not found"),)
    if sight.now - entry.missing_since < MISSING_PATIENCE or not sight.complete:
        return ()
    gone = _to(entry, EntryState.WITHDRAWN, sight.now, "the draft vanished from Drafts without a trace")
    return (Save(gone, "withdrawn: the draft vanished"),)


def _several(entry: Entry, sight: Sight, mine: tuple[SeenDraft, ...]) -> tuple[Step, ...]:
    """Twins of one late APPEND are thinned out; a client in the middle of saving is waited for; the rest is asked."""
    ordered = sorted(mine, key=lambda draft: draft.ref)
    if len(mine) == 2 and all(d.exact and not d.flagged and d.place is Place.DRAFTS for d in ordered):
        kept, surplus = (draft.ref for draft in ordered)
        stays = replace(entry, uid=kept.uid, uidvalidity=kept.uidvalidity, appended=kept, updated=sight.now)
        alone = replace(stays, removing=surplus)
        return (Save(alone), Remove(alone, surplus))
    if sight.obsolete:
        gone = _to(entry, EntryState.WITHDRAWN, sight.now, sight.obsolete)
        left = f"{sight.obsolete}; there are several drafts for it, which are left in place, not sent"
        return (Save(gone, f"withdrawn: {sight.obsolete}"), Tell(left))
    if entry.unclear_since is None or entry.unclear_since > sight.now:
        return (Save(replace(_unapproved(entry, sight.now, entry.reason), unclear_since=sight.now)),)
    if sight.now - entry.unclear_since < SAVING_PATIENCE or entry.reason == SEVERAL:
        return ()
    return (Save(_unapproved(entry, sight.now, SEVERAL), "asking: several drafts"), Tell(SEVERAL))


def _obsolete(entry: Entry, sight: Sight, draft: SeenDraft) -> tuple[Step, ...]:
    gone = _to(entry, EntryState.WITHDRAWN, sight.now, sight.obsolete)
    event = f"withdrawn: {sight.obsolete}"
    if _untouched(entry, draft):
        return _withdrawn(replace(gone, removing=draft.ref), event)
    return (
        Save(gone, event),
        Tell(f"{sight.obsolete}; {LEFT_IN_PLACE}"),
    )


def _located(entry: Entry, sight: Sight, draft: SeenDraft) -> Entry:
    """The entry with where the draft lies now; after an edit our own text is no longer what lies there."""
    here = entry.uid == draft.ref.uid and entry.uidvalidity == draft.ref.uidvalidity
    calm = entry.missing_since is None and entry.unclear_since is None and entry.reason != SEVERAL
    if calm and (here or draft.place is Place.APPROVAL):
        return entry
    if draft.place is Place.APPROVAL:
        return replace(entry, missing_since=None, unclear_since=None, reason="", updated=sight.now)
    return replace(
        entry,
        mailbox=draft.ref.mailbox,
        uid=draft.ref.uid,
        uidvalidity=draft.ref.uidvalidity,
        missing_since=None,
        unclear_since=None,
        reason="" if entry.reason == SEVERAL else entry.reason,
        updated=sight.now,
    )


def _gesture(entry: Entry, draft: SeenDraft, sight: Sight, policy: Policy) -> tuple[Step, ...]:
    yes = (policy.flag and draft.flagged) or (policy.folder and draft.place is Place.APPROVAL)
    if not yes:
        return _no_gesture(entry, sight)
    if entry.voided:
        return ()
    if entry.approved_ref == draft.ref and entry.approved_digest == draft.digest:
        return _approved(entry, draft, sight, policy)
    obstacle = _obstacle(entry, draft, sight)
    if obstacle:
        return void(entry, draft.ref, sight.now, obstacle)
    approved = replace(
        _to(entry, EntryState.APPROVED, sight.now, ""),
        approved_at=sight.now,
        approved_ref=draft.ref,
        approved_digest=draft.digest,
        approved_modseq=draft.modseq,
    )
    return (Save(approved, "approved"),)


def _no_gesture(entry: Entry, sight: Sight) -> tuple[Step, ...]:
    if entry.state is EntryState.APPROVED:
        return (Save(replace(_unapproved(entry, sight.now, ""), voided=""), "approval taken back"),)
    if entry.voided:
        return (Save(replace(entry, voided="", updated=sight.now)),)
    return ()


def _obstacle(entry: Entry, draft: SeenDraft, sight: Sight) -> str:
    """Why a fresh yes cannot be taken as one."""
    if entry.state is EntryState.APPROVED and entry.approved_digest != draft.digest:
        return CARRIED
    if not draft.readable:
        return "the draft is encrypted or has no text that can be checked; send it from your mail client"
    if not draft.from_me:
        return "its From is none of your addresses in the configuration"
    if sight.last_pass is not None and sight.now - sight.last_pass > STALE_STAR:
        return "it was approved while raincheck was not running for more than 12 hours; approve it once more"
    return ""


def void(entry: Entry, ref: MessageRef, now: datetime, reason: str, told: str = "") -> tuple[Step, ...]:
    """The steps that set an approval aside: nothing is sent, the star goes, the person is told why.

    told: the reason in words for the person alone, where they say more than may be kept.
    """
    voided = replace(_unapproved(entry, now, reason), voided=reason)
    return (Save(voided, f"not sent: {reason}"), Tell(f"Not sent: {told or reason}."), TakeStarOff(ref))


def _approved(entry: Entry, draft: SeenDraft, sight: Sight, policy: Policy) -> tuple[Step, ...]:
    if sight.newer_mail:
        return void(entry, draft.ref, sight.now, NEWER_MAIL)
    assert entry.approved_at is not None
    # The star may have been off meanwhile, or the clock was set back: the time to take it back begins anew.
    if entry.approved_modseq != draft.modseq or entry.approved_at > sight.now:
        return (Save(replace(entry, approved_at=sight.now, approved_modseq=draft.modseq, updated=sight.now)),)
    ready = entry.approved_at + policy.undo
    if sight.now < ready or sight.begun < ready or not sight.complete:
        return ()
    return (Send(entry, draft.ref),)
