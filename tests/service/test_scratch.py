from __future__ import annotations
from dataclasses import replace
from datetime import timedelta, datetime, UTC
import pytest
from raincheck.core.model import *
from raincheck.errors import Refused, Uncertain, Unreachable
from raincheck.service import hand
from tests.service.desk import APPOINTMENT, ME, SETTINGS, START, Desk, invitation, mail, php_invitation
from tests.service.test_sending_rules import _drafted, told, edits, desk, _own_time, _php_request, _one_more_thing


def test_t1_accept_busy(tmp_path):
    d = Desk(tmp_path, replace(SETTINGS, replies=replace(SETTINGS.replies, accept="draft")))
    d.arrives(invitation())
    d.passes(2, minutes=1)
    assert d.entry().outcome is Outcome.ACCEPT
    d.calendar.busy.append(APPOINTMENT)
    d.stars()
    d.passes(13, minutes=1)
    assert d.submission.sent == []


def test_t1b_accept_past(tmp_path):
    d = Desk(tmp_path, replace(SETTINGS, replies=replace(SETTINGS.replies, accept="draft")))
    d.arrives(invitation())
    d.passes(2, minutes=1)
    d.now = APPOINTMENT.end + timedelta(hours=1)
    d.passes()
    d.stars()
    d.passes(13, minutes=1)
    assert d.submission.sent == []


def test_t2(tmp_path):
    d = Desk(tmp_path)
    d.arrives(_php_request("php-7@larkfield.example"))
    d.passes(2, minutes=1)
    d.stars()
    d.passes(13, minutes=1)
    (sent,) = d.submission.sent
    assert b"METHOD:REPLY" in sent.raw
    assert b"raincheck" not in sent.raw.lower()


def test_t3(desk):
    desk.submission.fail_after(Uncertain("lost"), lost=True)
    desk.stars()
    desk.passes(13, minutes=1)
    assert desk.case().state is CaseState.UNCERTAIN
    hand.resolve(desk.session.ledger, desk.case(), "unsent", desk.now)
    desk.passes(2, minutes=1)
    desk.mail.put("Sent", desk.submission.sent[0].raw, ["\\Seen"])
    desk.passes(2, minutes=1)
    for draft in desk.drafts:
        ref = MessageRef("Drafts", desk.mail.status("Drafts").uidvalidity, draft.uid)
        desk.mail.flag(ref, "\\Flagged", off=True)
        desk.passes(minutes=1)
        if desk.drafts:
            desk.mail.flag(ref, "\\Flagged")
    desk.passes(14, minutes=1)
    assert desk.submission.calls == 1


def test_t4(desk):
    own = START.replace(day=9, hour=15)
    desk.calendar.busy.append(Period(own, own + timedelta(hours=1)))
    _own_time(desk, 16)
    desk.calendar.known = False
    desk.passes(75, minutes=1)
    assert "could not be checked" in told(desk)
    desk.calendar.known = True
    desk.stars()
    desk.passes(15, minutes=1)
    assert desk.submission.sent == []
    desk.stars()
    desk.passes(15, minutes=1)
    assert len(desk.submission.sent) == 1


def test_t5(desk):
    desk.arrives(php_invitation(In_Reply_To="<inv@tidewater.example>", References="<inv@tidewater.example>"))
    desk.passes(3, minutes=1)
    assert len(desk.session.ledger.cases()) == 2
    print([(c.company, c.state) for c in desk.session.ledger.cases()])
    assert len(desk.drafts) == 2
    assert {c.state for c in desk.session.ledger.cases()} == {CaseState.DRAFTED}


def test_t6(desk):
    desk.stars()
    desk.passes(10, minutes=1)
    assert desk.case().state is CaseState.APPROVED
    desk.arrives(
        mail(
            "Hi Robin,\n\nunfortunately the position has been filled, so we will not go on.\n\nColin Ashdown\nLarkfield Media\n",
            subject="Re: Interview for Senior Backend Engineer",
            sender="Colin Ashdown, Larkfield Media <colin@larkfield.example>",
            In_Reply_To="<inv@tidewater.example>",
            References="<inv@tidewater.example>",
        )
    )
    desk.passes(3, minutes=1)
    assert desk.submission.sent == []


def test_t6list(desk):
    desk.stars()
    desk.passes(10, minutes=1)
    desk.arrives(
        mail(
            "Hi Robin,\n\nunfortunately the position has been filled, so we will not go on.\n\nMaya\n",
            subject="Re: Interview for Senior Backend Engineer",
            In_Reply_To="<inv@tidewater.example>",
            References="<inv@tidewater.example>",
            List_Id="<jobs.tidewater.example>",
        )
    )
    desk.passes(3, minutes=1)
    assert desk.submission.sent == []


def test_t7(tmp_path):
    d = Desk(tmp_path)
    d.calendar.busy.append(APPOINTMENT)
    d.mail.fail("append", Unreachable("[UNAVAILABLE] not now"))
    d.arrives(invitation())
    with pytest.raises(Unreachable):
        d.passes()
    d.mail.put("Drafts", mail("my own\n", subject="Holiday"), ["\\Draft"])
    d.passes(4, minutes=1)
    assert len(d.drafts) == 2


def test_t8(tmp_path):
    d = Desk(tmp_path, replace(SETTINGS, notes=replace(SETTINGS.notes, urgent="Alerts")))
    _drafted(d)
    d.submission.fail_after(Refused("550 no"), lost=True) if False else None
    d.calendar.busy.append(d.entry().offered[0])
    d.stars()
    d.passes(14, minutes=1)
    assert d.submission.sent == []


@pytest.mark.parametrize("folder", ["Trash", "Drafts", "Sent", "INBOX", "drafts"])
def test_t9(tmp_path, folder):
    d = Desk(tmp_path, replace(SETTINGS, approval=replace(SETTINGS.approval, folder=folder)))
    d.calendar.busy.append(APPOINTMENT)
    d.arrives(invitation())
    try:
        d.passes(3, minutes=1)
        if folder == "Trash":
            d.mail.move(d.draft_ref(), "Trash")
        d.passes(15, minutes=1)
    except Exception as e:
        print("raised", repr(e))
    assert d.submission.sent == []
    print(d.case().state, told(d)[-300:])


def test_t11(desk):
    desk.submission.fail_after(Uncertain("lost"), lost=True)
    desk.stars()
    desk.passes(13, minutes=1)
    again = invitation(
        In_Reply_To="<inv@tidewater.example>",
        Message_ID="<again@tidewater.example>",
        subject="Re: Interview for Senior Backend Engineer",
    )
    desk.arrives(again.replace(b"Does that suit you?", b"Does that suit you? Please let us know."))
    desk.passes(2, minutes=1)
    hand.resolve(desk.session.ledger, desk.case(), "sent", desk.now)
    desk.passes(2, minutes=1)
    print(desk.case().state)
    flags = {m.raw[m.raw.index(b"Message-ID:") :][:40]: m.flags for m in desk.mail.messages("INBOX")}
    print(flags)
    assert "\\answered" in desk.mail.messages("INBOX")[0].flags
    assert [m for m in desk.mail.messages("INBOX") if b"<again@" in m.raw][0].flags == frozenset()


def test_t12(desk):
    desk.submission.fail_after(Uncertain("lost"), lost=True)
    desk.stars()
    desk.passes(13, minutes=1)
    stored = desk.mail.remove(desk.draft_ref())
    desk.mail.put(
        "Sent",
        stored.raw.replace(desk.entry().message_id.encode(), b"<tb@example.net>").replace(
            b"X-Raincheck-Case", b"X-Gone"
        ),
        ["\\Seen"],
    )
    desk.passes(3, minutes=1)
    assert desk.case().state is CaseState.SENT
    assert len(desk.mail.messages("Sent")) == 1


def test_t13(desk):
    desk.stars()
    desk.passes(5, minutes=1)
    stored = desk.mail.remove(desk.draft_ref())
    desk.mail.put("Drafts", stored.raw.replace(b"Best wishes", b"And by the w"), ["\\Draft", "\\Flagged"])
    desk.passes(15, minutes=1)
    assert desk.submission.sent == []


def test_t14(desk):
    desk.stars()
    desk.passes(5, minutes=1)
    own = mail("I called you.\n", sender=f"Robin Meyer <{ME}>", In_Reply_To="<inv@tidewater.example>")
    desk.mail.put("Sent", own, ["\\Seen"])
    desk.passes(3, minutes=1)
    assert "left in place" in told(desk)


def test_t10(tmp_path):
    d = Desk(tmp_path)
    d.calendar.busy.append(APPOINTMENT)
    bad = d.arrives(mail("x"))
    d.arrives(invitation())
    real = d.mail.fetch

    def fetch(mailbox, uids, **k):
        uids = list(uids)
        if mailbox == "INBOX" and bad.uid in uids:
            raise Refused("NO the message cannot be converted")
        return real(mailbox, uids, **k)

    d.mail.fetch = fetch
    for _ in range(5):
        try:
            d.passes(minutes=1)
        except Refused as e:
            print(e)
    assert len(d.drafts) == 1

def test_u1_inplace_change(desk):
    """server changes content under the UID"""
    from dataclasses import replace as rp
    desk.passes(minutes=1)
    box = desk.mail._box("Drafts")
    uid = desk.drafts[0].uid
    box.messages[uid] = rp(box.messages[uid], raw=box.messages[uid].raw.replace(b"Best wishes", b"Kind regards"))
    desk.mail.flag(desk.draft_ref(), "\\Flagged")
    desk.passes(30, minutes=1)
    print(desk.case().state, len(desk.submission.sent), told(desk)[-300:])
    assert len(desk.submission.sent) == 1

def test_u2_clock_forward(desk):
    desk.stars()
    desk.passes(minutes=1)
    desk.now += timedelta(hours=1)
    desk.passes(minutes=0)
    print(len(desk.submission.sent))

def test_u3_smtp_4xx_days(desk):
    desk.stars()
    for _ in range(20):
        desk.submission.fail_before(Unreachable("451 later")) if hasattr(desk.submission, "fail_before") else None
        desk.passes(minutes=360)
    print(desk.case().state, len(desk.submission.sent), told(desk)[-300:])

def test_u4_expunge_refused_star(desk):
    # twin whose expunge is refused for ever: the star on the kept one must still count?
    desk.mail.put("Drafts", desk.entry().text, ["\\Draft", "\\Seen"])
    def no(ref): raise Refused("no")
    desk.mail.expunge = no
    desk.passes(2, minutes=1)
    ref = MessageRef("Drafts", desk.mail.status("Drafts").uidvalidity, desk.drafts[0].uid)
    desk.mail.flag(ref, "\\Flagged")
    desk.passes(15, minutes=1)
    print(desk.case().state, len(desk.submission.sent), desk.session.troubles)

def test_u5_person_flags_second_twin_then_remove(desk):
    # person stars the twin between the look and the removal
    desk.mail.put("Drafts", desk.entry().text, ["\\Draft", "\\Seen"])
    desk.mail.fail("expunge", Unreachable("cut"))
    with pytest.raises(Unreachable):
        desk.passes(minutes=1)
    twin = MessageRef("Drafts", desk.mail.status("Drafts").uidvalidity, desk.drafts[-1].uid)
    desk.mail.flag(twin, "\\Flagged")
    desk.passes(20, minutes=1)
    print(desk.case().state, len(desk.submission.sent), len(desk.drafts), told(desk)[-200:])

def test_u6_forget_while_starred(desk):
    desk.stars()
    desk.passes(2, minutes=1)
    desk.session.ledger.forget(desk.case().id)
    desk.passes(20, minutes=1)
    print(len(desk.submission.sent), len(desk.drafts))

def test_u7_sent_missing_then_there(desk):
    desk.stars()
    desk.passes(5, minutes=1)
    box = desk.mail._mailboxes.pop("Sent")
    desk.passes(15, minutes=1)
    print(len(desk.submission.sent), len(desk.drafts), desk.case().state, desk.session.troubles)

def test_w1_reply_to_group(desk):
    edits(desk, b"To: Maya Lindqvist <maya@tidewater.example>", b"To: Maya Lindqvist <maya@tidewater.example>\r\nnot a header line\r\nBcc: hidden@x.example")
    desk.passes(15, minutes=1)
    for s in desk.submission.sent:
        print(s.envelope, s.raw[:400])

def test_w2_two_from(desk):
    edits(desk, b"From: Robin", b"From: x@evil.example\r\nFrom: Robin")
    desk.passes(15, minutes=1)
    assert not desk.submission.sent

def test_w3_create_refused(tmp_path):
    d = Desk(tmp_path)
    d.calendar.busy.append(APPOINTMENT)
    def no(name): raise Refused("CREATE no")
    d.mail.ensure_folder = no
    d.arrives(invitation())
    for _ in range(3):
        try: d.passes(minutes=1)
        except Exception as e: print(repr(e))
    print(len(d.drafts))

def test_w4_undated_unreadable_newer(desk):
    desk.stars()
    desk.passes(10, minutes=1)
    from raincheck.service import intake
    import raincheck.service.watch as w
    real = intake.read
    def bad(*a, **k): raise RuntimeError("bug")
    intake.read = bad
    try:
        desk.arrives(_one_more_thing(desk))
        desk.passes(3, minutes=1)
    finally:
        intake.read = real
    print("sent", len(desk.submission.sent))
    assert desk.submission.sent == []
