"""Signing in: by name or e-mail, throttled, on record; demo accounts only in demo mode; one-time codes."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.factories import PASSWORD, MembershipFactory, UserFactory
from zhiqiao.infra.config import config
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.actions.people import create_person
from zhiqiao.platform.governance.errors import Refused
from zhiqiao.platform.governance.models import AuditEvent
from zhiqiao.platform.governance.sessions import SEEN, keep_alive


@pytest.fixture
def demo(monkeypatch):
    """Switch demo mode on and off."""

    def _demo(*, on: bool) -> None:
        monkeypatch.setattr(config(), "demo", on)

    return _demo


def enter(client: Client, name: str, password: str = PASSWORD) -> int:
    return client.post("/accounts/login/", {"login": name, "password": password}).status_code


def events(action: str, **fields: object) -> int:
    return AuditEvent.objects.filter(action=action, **fields).count()


@pytest.mark.parametrize("name", ["alice", "ALICE", "alice@example.org"])
def test_one_signs_in_by_name_or_mail(name, alice, client):
    assert enter(client, name) == 302
    assert client.get("/account/").status_code == 200
    assert events("account.signed_in", actor_id=alice.id, succeeded=True) == 1


def test_a_wrong_password_is_on_record_without_what_was_typed(alice, client):
    assert enter(client, "alice", "my secret typed wrong") == 200
    event = AuditEvent.objects.get(action="account.signed_in")
    assert (event.succeeded, event.object_id) == (False, str(alice.uuid))
    assert "secret" not in str(event.__dict__)


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(alice, bob, client):
    for _ in range(5):
        assert enter(client, "alice", "wrong") == 200
    assert enter(client, "alice") == 200
    assert enter(Client(), "alice") == 200
    assert events("account.sign_in_locked", object_id=str(alice.uuid)) == 2
    assert enter(Client(), "bob") == 302


def test_name_and_mail_share_one_count(alice, client):
    for name in ("alice", "alice@example.org", "alice", "alice@example.org", "alice"):
        enter(client, name, "wrong")
    assert enter(client, "alice@example.org") == 200


def test_signing_out_is_on_record(alice, client):
    enter(client, "alice")
    client.post("/accounts/logout/")
    assert events("account.signed_out", actor_id=alice.id) == 1
    assert client.get("/account/").status_code == 302


def test_a_deactivated_person_can_not_sign_in(alice, client):
    alice.is_active = False
    alice.save()
    enter(client, "alice")
    assert client.get("/account/").status_code == 302


def test_deactivation_ends_a_running_session(alice, sign_in):
    client = sign_in(alice)
    assert client.get("/account/").status_code == 200
    alice.is_active = False
    alice.save()
    assert client.get("/account/").status_code == 302
    alice.is_active = True
    alice.save()
    assert client.get("/account/").status_code == 302


def test_without_a_current_membership_a_page_says_so(db, sign_in):
    page = sign_in(UserFactory()).get("/account/")
    assert page.status_code == 403
    assert "您现在没有可用的身份" in page.content.decode()


def test_an_ended_membership_does_not_count(alice, sign_in):
    alice.memberships.update(ends=timezone.localdate() - dt.timedelta(days=1))
    assert sign_in(alice).get("/account/").status_code == 403


def test_a_session_is_written_once_a_minute(alice, sign_in):
    client = sign_in(alice)
    client.get("/account/")
    key = client.session.session_key
    ends = Session.objects.get(pk=key).expire_date
    client.get("/account/")
    assert Session.objects.get(pk=key).expire_date == ends
    session = client.session
    session[SEEN] -= 61
    session.save()
    client.get("/account/")
    assert client.session[SEEN] >= int(timezone.now().timestamp()) - 5


def test_keeping_alive_notes_the_moment(rf):
    request = rf.get("/")
    request.session = {}
    now = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)
    keep_alive(request, now=now)
    keep_alive(request, now=now + dt.timedelta(seconds=59))
    assert request.session[SEEN] == int(now.timestamp())
    keep_alive(request, now=now + dt.timedelta(seconds=60))
    assert request.session[SEEN] == int(now.timestamp()) + 60


def test_an_idle_session_has_ended(alice, sign_in):
    client = sign_in(alice)
    client.get("/account/")
    Session.objects.update(expire_date=timezone.now() - dt.timedelta(seconds=1))
    assert client.get("/account/").status_code == 302


class TestDemo:
    """Demo accounts exist and work in demo mode only."""

    @pytest.fixture
    def guest(self, places):
        user = UserFactory(username="demo-head", is_demo=True)
        MembershipFactory(user=user, organisation=places.programme, role="programme_head")
        return user

    def test_one_click_signs_in(self, demo, guest, client):
        demo(on=True)
        assert "demo-head" in client.get("/accounts/login/").content.decode()
        assert client.post("/accounts/demo/", {"username": "demo-head"}).status_code == 302
        assert client.get("/account/").status_code == 200

    def test_it_does_not_exist_without_demo_mode(self, guest, client):
        assert "demo-head" not in client.get("/accounts/login/").content.decode()
        assert client.post("/accounts/demo/", {"username": "demo-head"}).status_code == 404

    def test_a_real_account_is_never_a_demo_account(self, demo, alice, client):
        demo(on=True)
        assert client.post("/accounts/demo/", {"username": "alice"}).status_code == 404
        assert "alice" not in client.get("/accounts/login/").content.decode()

    def test_a_demo_password_does_not_work_without_demo_mode(self, guest, client):
        enter(client, "demo-head")
        assert client.get("/account/").status_code == 302
        assert "_auth_user_id" not in client.session

    def test_switching_demo_mode_off_ends_sessions(self, demo, guest, client):
        demo(on=True)
        client.post("/accounts/demo/", {"username": "demo-head"})
        demo(on=False)
        assert client.get("/account/").status_code == 302

    def test_demo_accounts_can_not_be_made_otherwise(self, demo, db):
        person = {"username": "someone", "display_name": "某人", "is_demo": True}
        with pytest.raises(Refused):
            create_person(Actor.system(), **person)
        demo(on=True)
        assert create_person(Actor.system(), **person).is_demo

    def test_it_takes_a_post(self, demo, guest, client):
        demo(on=True)
        assert client.get("/accounts/demo/").status_code == 405


class TestOneTimeCodes:
    """TOTP: optional for people, compulsory for the platform's administrators when set so."""

    def test_an_administrator_is_led_to_set_it_up(self, sysadmin, alice, sign_in, monkeypatch):
        monkeypatch.setattr(config(), "require_admin_totp", True)
        page = sign_in(sysadmin).get("/organisations/", follow=True)
        assert page.status_code == 404  # a system administrator sees no directory
        page = sign_in(sysadmin).get("/notices/")
        assert (page.status_code, page["Location"]) == (302, "/accounts/2fa/")
        assert sign_in(alice).get("/notices/").status_code == 200

    def test_demo_mode_asks_nobody(self, sysadmin, sign_in, monkeypatch, demo):
        monkeypatch.setattr(config(), "require_admin_totp", True)
        demo(on=True)
        assert sign_in(sysadmin).get("/notices/").status_code == 200

    def test_a_person_with_codes_is_asked_for_one(self, alice, client):
        TOTP.activate(alice, "JBSWY3DPEHPK3PXP")
        enter(client, "alice")
        assert client.get("/account/").status_code == 302
        page = client.get("/accounts/2fa/authenticate/")
        assert "输入验证码" in page.content.decode()
        assert (
            "验证码不正确" in client.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
        )

    def test_setting_it_up_is_on_record(self, alice, client, django_capture_on_commit_callbacks):
        enter(client, "alice")
        assert client.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")
        assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
        page = client.get("/accounts/2fa/totp/activate/")
        assert page.status_code == 200
        secret = page.context["form"].secret
        from allauth.mfa.totp.internal import auth

        code = auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time())))
        with django_capture_on_commit_callbacks(execute=True):
            client.post("/accounts/2fa/totp/activate/", {"code": code})
        assert events("account.totp_activated", actor_id=alice.id) == 1
        assert client.get("/accounts/2fa/recovery-codes/").status_code == 200
        assert client.get("/accounts/2fa/totp/deactivate/").status_code == 200
        assert client.get("/accounts/2fa/recovery-codes/generate/").status_code == 200


def test_a_changed_password_is_on_record(alice, client):
    enter(client, "alice")
    new = "another long pass-phrase"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", form).status_code == 302
    assert events("account.password_changed", actor_id=alice.id) == 1
    assert enter(Client(), "alice", new) == 302


@pytest.mark.parametrize(
    ("weak", "reason"),
    [
        ("short", "密码太短，至少要 10 个字符。"),
        ("83746592018", "密码只包含数字"),
        ("password123", "常见"),
        ("alice.example", "太相似"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(weak, reason, alice, client):
    enter(client, "alice")
    form = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    assert reason in client.post("/accounts/password/change/", form).content.decode()


def test_a_password_is_reset_by_mail_where_mail_is_configured(alice, client, settings, mailoutbox):
    settings.EMAIL_HOST = "mail.example.org"
    client.post("/accounts/password/reset/", {"email": alice.email})
    assert len(mailoutbox) == 1
    link = next(word for word in mailoutbox[0].body.split() if "/password/reset/key/" in word)
    page = client.get(link, follow=True)
    new = "another long pass-phrase"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert enter(Client(), "alice", new) == 302


def test_without_mail_the_page_names_the_way(client, db):
    assert "一次性链接" in client.get("/accounts/password/reset/").content.decode()
