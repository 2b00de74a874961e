"""The rules of approval and sending, each as a named case of the pure function."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.core import lifecycle
from raincheck.core.lifecycle import (
    Append,
    Link,
    Place,
    Policy,
    Remove,
    Save,
    SeenDraft,
    Send,
    Sight,
    Step,
    TakeStarOff,
    Tell,
    Tidy,
    next_steps,
)
from raincheck.core.model import Entry, EntryState, MessageRef, Outcome

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
HOME = MessageRef("Drafts", 7, 40)
POLICY = Policy(flag=True, folder=True, undo=timedelta(minutes=10))


def entry(state: EntryState = EntryState.DRAFTED, **changes: object) -> Entry:
    base = Entry(
        case="c1",
        revision=1,
        account="main",
        state=state,
        message_id="<ours@example.net>",
        digest="d0",
        text=b"text",
        mailbox="Drafts",
        uidvalidity=7,
        uidnext_before=40,
        uid=None if state is EntryState.INTENDED else 40,
        created=NOW - timedelta(hours=1),
        updated=NOW - timedelta(hours=1),
        outcome=Outcome.RESCHEDULE,
        appended=None if state is EntryState.INTENDED else HOME,
    )
    if state is EntryState.APPROVED:
        approved_at = NOW - timedelta(minutes=11)
        base = replace(base, approved_at=approved_at, approved_ref=HOME, approved_digest="d0")
    return replace(base, **changes)  # type: ignore[arg-type]  # a test's shorthand for any field


def draft(**changes: object) -> SeenDraft:
    made = replace(SeenDraft(HOME, Place.DRAFTS, Link.REF, "d0"), **changes)  # type: ignore[arg-type]  # any field
    ours = made.digest == "d0" and made.link is not Link.REFERENCES
    return replace(made, exact=ours) if "exact" not in changes else made


def sight(*drafts: SeenDraft, **changes: object) -> Sight:
    base = Sight(
        now=NOW,
        begun=NOW,
        complete=True,
        last_pass=NOW - timedelta(minutes=1),
        uidvalidity=7,
        uidnext=41,
        drafts=drafts,
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # any field


def steps(of: Entry, seen: Sight, policy: Policy = POLICY) -> tuple[Step, ...]:
    return next_steps(of, seen, policy)


def saved(result: tuple[Step, ...]) -> Entry:
    saves = [step for step in result if isinstance(step, Save)]
    assert len(saves) == 1, result
    return saves[0].entry


# --- writing the draft --------------------------------------------------------------------------------------------


def test_an_intent_that_never_reached_the_server_is_appended() -> None:
    of = entry(EntryState.INTENDED)
    assert steps(of, sight(uidnext=40)) == (Append(of),)


def test_a_draft_found_by_its_message_id_is_adopted_not_written_again() -> None:
    of = entry(EntryState.INTENDED)
    found = saved(steps(of, sight(draft(link=Link.MESSAGE_ID))))
    assert (found.state, found.uid, found.appended) == (EntryState.DRAFTED, 40, HOME)


def test_a_lost_draft_is_never_written_a_second_time() -> None:
    of = entry(EntryState.INTENDED)
    waiting = saved(steps(of, sight(uidnext=41)))
    assert waiting.state is EntryState.INTENDED
    assert steps(waiting, sight(uidnext=41, now=NOW + timedelta(seconds=10))) == ()
    result = steps(waiting, sight(uidnext=41, now=NOW + timedelta(minutes=2)))
    assert saved(result).state is EntryState.WITHDRAWN
    assert any(isinstance(step, Tell) for step in result)


def test_after_a_broken_append_a_late_arrival_is_waited_for() -> None:
    of = entry(EntryState.INTENDED, missing_since=NOW - timedelta(seconds=5))
    assert steps(of, sight(uidnext=40)) == ()
    later = sight(uidnext=40, now=NOW + timedelta(minutes=1))
    assert steps(of, later) == (Append(of),)


def test_the_persons_half_written_reply_keeps_ours_from_being_written() -> None:
    of = entry(EntryState.INTENDED)
    assert saved(steps(of, sight(uidnext=40, other_draft=True))).state is EntryState.WITHDRAWN


def test_an_intent_whose_case_was_cancelled_is_never_written() -> None:
    of = entry(EntryState.INTENDED)
    assert saved(steps(of, sight(uidnext=40, obsolete="cancelled"))).state is EntryState.WITHDRAWN


def test_twins_of_a_late_append_are_thinned_to_one() -> None:
    twin = draft(ref=MessageRef("Drafts", 7, 41), link=Link.MESSAGE_ID)
    result = steps(entry(), sight(draft(), twin))
    assert saved(result).uid == 40
    assert Remove(saved(result), twin.ref) in result


def test_a_starred_twin_is_not_removed() -> None:
    twin = draft(ref=MessageRef("Drafts", 7, 41), link=Link.MESSAGE_ID, flagged=True)
    assert not any(isinstance(step, Remove) for step in steps(entry(), sight(draft(), twin)))


def test_the_removal_of_a_twin_is_journalled_and_repeated_until_it_is_done() -> None:
    """A kill after it was marked \\Deleted would leave it there for ever."""
    twin = draft(ref=MessageRef("Drafts", 7, 41), link=Link.MESSAGE_ID)
    journalled = saved(steps(entry(), sight(draft(), twin)))
    assert journalled.removing == twin.ref
    half_done = replace(twin, deleted=True)
    assert steps(journalled, sight(draft(), half_done)) == (Remove(journalled, twin.ref),)


def test_a_copy_that_is_not_ours_to_the_byte_is_no_twin() -> None:
    """Saved again in aerc: the same Message-ID and text, but another header of the person's."""
    copy = draft(ref=MessageRef("Drafts", 7, 41), link=Link.MESSAGE_ID, exact=False)
    assert not any(isinstance(step, Remove) for step in steps(entry(), sight(draft(), copy)))


def test_a_star_set_again_between_two_looks_starts_the_undo_time_anew() -> None:
    """With CONDSTORE the star that stands now is known to be another."""
    of = entry(EntryState.APPROVED, approved_modseq=5)
    again = saved(steps(of, sight(draft(flagged=True, modseq=7))))
    assert (again.state, again.approved_at, again.approved_modseq) == (EntryState.APPROVED, NOW, 7)
    assert steps(of, sight(draft(flagged=True, modseq=5))) == (Send(of, HOME),)


def test_without_condstore_a_star_that_stands_is_the_star_that_stood() -> None:
    of = entry(EntryState.APPROVED)
    assert steps(of, sight(draft(flagged=True, modseq=None))) == (Send(of, HOME),)


# --- approving ----------------------------------------------------------------------------------------------------


def test_a_star_approves_exactly_this_text() -> None:
    approved = saved(steps(entry(), sight(draft(flagged=True))))
    assert approved.state is EntryState.APPROVED
    assert (approved.approved_ref, approved.approved_digest, approved.approved_at) == (HOME, "d0", NOW)


def test_moving_it_to_the_approval_folder_approves() -> None:
    moved = draft(ref=MessageRef("Raincheck/Approved", 3, 1), place=Place.APPROVAL, link=Link.MESSAGE_ID)
    assert saved(steps(entry(), sight(moved))).state is EntryState.APPROVED


@pytest.mark.parametrize("policy", [replace(POLICY, flag=False), replace(POLICY, flag=False, folder=False)])
def test_a_star_means_nothing_where_it_is_switched_off(policy: Policy) -> None:
    assert steps(entry(), sight(draft(flagged=True)), policy) == ()


def test_nothing_is_sent_before_the_undo_time_is_over() -> None:
    of = entry(EntryState.APPROVED, approved_at=NOW - timedelta(minutes=9))
    assert steps(of, sight(draft(flagged=True))) == ()


def test_sending_waits_for_a_complete_pass_begun_after_the_undo_time() -> None:
    of = entry(EntryState.APPROVED)
    starred = draft(flagged=True)
    assert steps(of, sight(starred, begun=NOW - timedelta(minutes=2))) == ()
    assert steps(of, sight(starred, complete=False)) == ()
    assert steps(of, sight(starred)) == (Send(of, HOME),)


def test_taking_the_star_away_takes_the_approval_back() -> None:
    back = saved(steps(entry(EntryState.APPROVED), sight(draft())))
    assert (back.state, back.approved_at, back.approved_ref) == (EntryState.DRAFTED, None, None)


def test_an_edit_needs_a_new_star() -> None:
    of = entry(EntryState.APPROVED)
    edited = draft(ref=MessageRef("Drafts", 7, 44), link=Link.REFERENCES, digest="d1", similarity=0.8)
    result = steps(of, sight(edited))
    assert not any(isinstance(step, Send) for step in result)
    last = [step.entry for step in result if isinstance(step, Save)][-1]
    assert (last.state, last.approved_ref, last.uid) == (EntryState.DRAFTED, None, 44)


def test_a_star_on_the_edited_draft_approves_the_edited_text() -> None:
    edited = draft(ref=MessageRef("Drafts", 7, 44), link=Link.REFERENCES, digest="d1", similarity=0.8, flagged=True)
    result = steps(entry(), sight(edited))
    last = [step.entry for step in result if isinstance(step, Save)][-1]
    assert (last.state, last.approved_digest) == (EntryState.APPROVED, "d1")
    later = sight(edited, now=NOW + timedelta(minutes=11), begun=NOW + timedelta(minutes=11))
    assert steps(last, later) == (Send(last, edited.ref),)


def test_a_newer_mail_voids_the_approval() -> None:
    result = steps(entry(EntryState.APPROVED), sight(draft(flagged=True), newer_mail=True))
    assert TakeStarOff(HOME) in result
    assert saved(result).state is EntryState.DRAFTED
    # and the star that is still there does not approve again until it was seen to be gone
    assert steps(saved(result), sight(draft(flagged=True))) == ()
    fresh = saved(steps(saved(result), sight(draft())))
    assert saved(steps(fresh, sight(draft(flagged=True)))).state is EntryState.APPROVED


@pytest.mark.parametrize(
    "seen",
    [
        sight(draft(flagged=True, readable=False)),
        sight(draft(flagged=True, from_me=False)),
        sight(draft(flagged=True), last_pass=NOW - timedelta(hours=13)),
    ],
    ids=["encrypted", "foreign From", "star after a long downtime"],
)
def test_a_doubtful_star_is_asked_about(seen: Sight) -> None:
    result = steps(entry(), seen)
    assert saved(result).state is EntryState.DRAFTED
    assert saved(result).voided
    assert any(isinstance(step, Tell) for step in result)


def test_two_drafts_for_one_case_are_asked_about_after_a_moment() -> None:
    other = draft(ref=MessageRef("Drafts", 7, 44), link=Link.MESSAGE_ID, digest="d1", flagged=True)
    first = saved(steps(entry(), sight(draft(), other)))
    assert first.state is EntryState.DRAFTED
    result = steps(first, sight(draft(), other, now=NOW + timedelta(minutes=1)))
    assert any(isinstance(step, Tell) for step in result)
    asked = saved(result)
    assert steps(asked, sight(draft(), other, now=NOW + timedelta(hours=1))) == ()
    alone = steps(asked, sight(other, now=NOW + timedelta(hours=2)))
    assert [s.entry for s in alone if isinstance(s, Save)][-1].state is EntryState.APPROVED


def test_a_client_in_the_middle_of_saving_costs_nothing() -> None:
    copy = draft(ref=MessageRef("Drafts", 7, 44), link=Link.REFERENCES, digest="d1", similarity=0.9)
    first = saved(steps(entry(), sight(draft(), copy)))
    after = steps(first, sight(copy, now=NOW + timedelta(seconds=5)))
    assert saved(after).uid == 44
    assert not any(isinstance(step, Tell | Remove) for step in after)


def test_another_uidvalidity_needs_an_approval_of_its_own() -> None:
    """The same text under another UIDVALIDITY or UID is approved anew, undo time and all."""
    anew = draft(ref=MessageRef("Drafts", 8, 40), link=Link.MESSAGE_ID, flagged=True)
    result = steps(entry(EntryState.APPROVED), sight(anew, uidvalidity=8))
    last = [step.entry for step in result if isinstance(step, Save)][-1]
    assert (last.approved_ref, last.approved_at) == (anew.ref, NOW)
    assert not any(isinstance(step, Send) for step in result)


@pytest.mark.parametrize(("similarity", "ours"), [(0.5, True), (0.49, False)])
def test_what_is_known_by_its_references_alone_is_ours_with_half_of_our_sentences(
    similarity: float, ours: bool
) -> None:
    edited = draft(ref=MessageRef("Drafts", 7, 44), link=Link.REFERENCES, digest="d1", similarity=similarity)
    last = [step.entry for step in steps(entry(), sight(edited)) if isinstance(step, Save)][-1]
    assert last.state is (EntryState.DRAFTED if ours else EntryState.WITHDRAWN)


# --- gone ---------------------------------------------------------------------------------------------------------


def test_a_draft_in_trash_is_refused_when_the_next_look_at_sent_does_not_know_better() -> None:
    """Some clients throw the draft away when they send it: the copy in Sent may have come after Sent was read."""
    waiting = saved(steps(entry(), sight(in_trash=True)))
    assert waiting.state is EntryState.DRAFTED
    later = {"now": NOW + timedelta(seconds=5), "begun": NOW + timedelta(seconds=4)}
    assert saved(steps(waiting, sight(in_trash=True, **later))).state is EntryState.REFUSED
    by_them = sight(in_trash=True, answered="<new@example.net>", answered_with_ours=True, **later)
    assert saved(steps(waiting, by_them)).state is EntryState.SENT


def test_a_draft_left_marked_deleted_is_refused() -> None:
    waiting = saved(steps(entry(), sight(draft(deleted=True))))
    assert waiting.state is EntryState.DRAFTED, "clients mark a draft so for a moment when they save or send it"
    later = sight(draft(deleted=True), now=NOW + timedelta(minutes=2))
    assert saved(steps(waiting, later)).state is EntryState.REFUSED


def test_a_vanished_draft_is_waited_for_then_withdrawn_and_never_written_again() -> None:
    gone = saved(steps(entry(), sight()))
    assert gone.state is EntryState.DRAFTED
    assert steps(gone, sight(now=NOW + timedelta(hours=5))) == ()
    result = steps(gone, sight(now=NOW + timedelta(hours=7)))
    assert saved(result).state is EntryState.WITHDRAWN
    assert not any(isinstance(step, Append) for step in result)


def test_a_draft_that_comes_back_is_known_again() -> None:
    gone = saved(steps(entry(), sight()))
    back = saved(steps(gone, sight(draft(ref=MessageRef("Drafts", 7, 50), link=Link.MESSAGE_ID))))
    assert (back.missing_since, back.uid) == (None, 50)


def test_vanishing_takes_an_approval_back() -> None:
    assert saved(steps(entry(EntryState.APPROVED), sight())).state is EntryState.DRAFTED


# --- answered by the person ---------------------------------------------------------------------------------------


def test_our_draft_sent_from_the_client_counts_as_sent() -> None:
    result = steps(entry(), sight(answered="<new@example.net>", answered_with_ours=True))
    assert saved(result).state is EntryState.SENT
    assert saved(result).sent_message_id == "<new@example.net>"
    assert isinstance(result[-1], Tidy)


def test_an_answer_of_the_persons_own_withdraws_our_untouched_draft() -> None:
    result = steps(entry(), sight(draft(), answered="<own@example.net>"))
    assert saved(result).state is EntryState.WITHDRAWN
    assert Remove(saved(result), HOME) in result


def test_a_starred_draft_is_left_where_it_is_when_the_person_answered() -> None:
    result = steps(entry(), sight(draft(flagged=True), answered="<own@example.net>"))
    assert not any(isinstance(step, Remove | Send) for step in result)


def test_the_persons_own_draft_withdraws_ours_and_sends_nothing() -> None:
    own = draft(ref=MessageRef("Drafts", 7, 44), link=Link.REFERENCES, digest="x", similarity=0.1, flagged=True)
    result = steps(entry(), sight(draft(), own))
    assert saved(result).state is EntryState.WITHDRAWN
    assert not any(isinstance(step, Send) for step in result)


def test_a_cancelled_case_withdraws_the_untouched_draft() -> None:
    result = steps(entry(), sight(draft(), obsolete="they cancelled"))
    assert saved(result).state is EntryState.WITHDRAWN
    assert any(isinstance(step, Remove) for step in result)


def test_a_cancelled_case_leaves_an_edited_draft_and_says_so() -> None:
    edited = draft(ref=MessageRef("Drafts", 7, 44), link=Link.MESSAGE_ID, digest="d1")
    result = steps(entry(), sight(edited, obsolete="they cancelled"))
    assert not any(isinstance(step, Remove) for step in result)
    assert any(isinstance(step, Tell) for step in result)


# --- sending ------------------------------------------------------------------------------------------------------


def test_a_lost_answer_to_data_is_uncertain_until_sent_shows_the_copy() -> None:
    result = steps(entry(EntryState.SENDING), sight(draft(flagged=True)))
    assert saved(result).state is EntryState.UNCERTAIN
    assert any(isinstance(step, Tell) for step in result)
    assert steps(saved(result), sight(draft(flagged=True))) == ()
    settled = steps(saved(result), sight(draft(flagged=True), sent_copy=True))
    assert saved(settled).state is EntryState.SENT


def test_what_is_sent_is_tidied_once() -> None:
    of = entry(EntryState.SENT)
    assert steps(of, sight()) == (Tidy(of),)
    assert steps(replace(of, tidied=True), sight()) == ()


@pytest.mark.parametrize("state", [EntryState.REFUSED, EntryState.WITHDRAWN])
def test_what_is_over_stays_over(state: EntryState) -> None:
    assert steps(entry(state), sight(draft(flagged=True))) == ()


# --- properties ---------------------------------------------------------------------------------------------------

seen_drafts = st.builds(
    SeenDraft,
    ref=st.builds(MessageRef, st.just("Drafts"), st.sampled_from([7, 8]), st.integers(38, 46)),
    place=st.sampled_from(Place),
    link=st.sampled_from(Link),
    digest=st.sampled_from(["d0", "d1"]),
    exact=st.just(False),
    flagged=st.booleans(),
    deleted=st.booleans(),
    readable=st.booleans(),
    from_me=st.booleans(),
    similarity=st.sampled_from([0.0, 0.4, 0.5, 1.0]),
)
sights = st.builds(
    Sight,
    now=st.just(NOW),
    begun=st.sampled_from([NOW, NOW - timedelta(minutes=5), NOW - timedelta(hours=1)]),
    complete=st.booleans(),
    last_pass=st.sampled_from([None, NOW - timedelta(minutes=1), NOW - timedelta(days=1)]),
    uidvalidity=st.sampled_from([7, 8]),
    uidnext=st.integers(38, 47),
    drafts=st.lists(seen_drafts, max_size=3, unique_by=lambda d: d.ref).map(tuple),
    in_trash=st.booleans(),
    answered=st.sampled_from([None, "<own@example.net>"]),
    answered_with_ours=st.booleans(),
    sent_copy=st.booleans(),
    newer_mail=st.booleans(),
    other_draft=st.booleans(),
    obsolete=st.sampled_from(["", "they cancelled"]),
)
entries = st.builds(
    entry,
    st.sampled_from(EntryState),
    missing_since=st.sampled_from([None, NOW - timedelta(seconds=5), NOW - timedelta(days=1)]),
    unclear_since=st.sampled_from([None, NOW - timedelta(minutes=5)]),
    voided=st.sampled_from(["", "because"]),
    reason=st.sampled_from(["", lifecycle.SEVERAL]),
)


@given(entries, sights)
def test_nothing_is_sent_without_a_yes_on_exactly_this_text(of: Entry, seen: Sight) -> None:
    for step in steps(of, seen):
        if isinstance(step, Send):
            meant = next(d for d in seen.drafts if d.ref == step.ref)
            assert of.state is EntryState.APPROVED
            assert meant.flagged or meant.place is Place.APPROVAL
            assert (meant.ref, meant.digest) == (of.approved_ref, of.approved_digest)
            assert meant.readable
            assert meant.from_me
            assert not any([seen.newer_mail, seen.answered, seen.obsolete, seen.in_trash, of.voided])
            assert seen.complete
            assert of.approved_at is not None
            assert seen.begun >= of.approved_at + POLICY.undo


@given(entries, sights)
def test_only_our_own_untouched_draft_is_ever_removed(of: Entry, seen: Sight) -> None:
    for step in steps(of, seen):
        if isinstance(step, Remove):
            meant = next(d for d in seen.drafts if d.ref == step.ref)
            assert meant.digest == of.digest
            assert not meant.flagged
            assert meant.exact or meant.ref == of.appended


@given(entries, sights)
def test_a_draft_is_written_only_from_an_intent_and_never_beside_another(of: Entry, seen: Sight) -> None:
    for step in steps(of, seen):
        if isinstance(step, Append):
            assert of.state is EntryState.INTENDED
            assert (seen.uidvalidity, seen.uidnext) == (of.uidvalidity, of.uidnext_before)
            assert not seen.other_draft
            assert not any(d.link is not Link.REFERENCES for d in seen.drafts)


@given(entries, sights)
def test_looking_again_comes_to_rest(of: Entry, seen: Sight) -> None:
    """The same sight, looked at again and again, does not keep changing the journal."""
    for _ in range(6):
        saves = [step.entry for step in steps(of, seen) if isinstance(step, Save)]
        if not saves:
            break
        of = saves[-1]
    assert not [step for step in steps(of, seen) if isinstance(step, Save)]


def test_a_late_draft_that_the_person_moved_before_it_was_known_is_theirs() -> None:
    """Its place is the person's choice: never removed unasked."""
    moved = draft(ref=MessageRef("Raincheck/Approved", 9, 2), place=Place.APPROVAL, link=Link.MESSAGE_ID)
    found = saved(steps(entry(EntryState.INTENDED), sight(moved)))
    assert (found.state, found.appended) == (EntryState.DRAFTED, None)
    result = steps(found, sight(moved, obsolete="they cancelled"))
    assert not any(isinstance(step, Remove) for step in result)


def test_a_twin_known_only_by_its_references_is_a_client_saving() -> None:
    """Thunderbird saves an unchanged text under a new Message-ID, then expunges ours; one removed would be both."""
    saved_again = draft(ref=replace(HOME, uid=50), link=Link.REFERENCES, exact=False)
    assert not any(isinstance(step, Remove) for step in steps(entry(), sight(draft(), saved_again)))


def test_what_the_person_sent_leaves_their_other_copies_alone() -> None:
    copy = draft(ref=MessageRef("Raincheck/Approved", 9, 2), place=Place.APPROVAL, link=Link.MESSAGE_ID)
    of = entry(EntryState.APPROVED, approved_ref=copy.ref)
    done = saved(steps(of, sight(copy, answered="<sent@example.net>", answered_with_ours=True)))
    assert (done.state, done.approved_ref, done.removing) == (EntryState.SENT, None, None)


def test_an_approval_from_a_clock_since_set_back_begins_anew() -> None:
    of = entry(EntryState.APPROVED, approved_at=NOW + timedelta(days=1))
    assert saved(steps(of, sight(draft(flagged=True)))).approved_at == NOW


def test_a_removal_is_repeated_until_it_is_done() -> None:
    of = entry(EntryState.WITHDRAWN, removing=HOME)
    assert steps(of, sight()) == (Remove(of, HOME),)
    assert steps(replace(of, removing=None), sight()) == ()
