"""Notices: sent as each person chose, shown in the reader's language, read by their owner only."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from zhiqiao.platform.governance import notices
from zhiqiao.platform.governance.models import Notice, NoticeChoice
from zhiqiao.platform.governance.notices import notify, register_notice_kind, render_notice, unread_count

KIND = "people.role_granted"
VALUES = {"organisation": {"zh": "甲校", "en": "School A"}}


def test_the_text_follows_the_readers_language(bob):
    notify([bob.id], KIND, values=VALUES)
    notice = Notice.objects.get()
    assert render_notice(notice).text == "您在甲校有了新的角色。"
    with translation.override("en"):
        assert render_notice(notice).text == "You have a new role in School A."


def test_a_person_is_told_once_and_a_deactivated_one_not(alice, bob):
    bob.is_active = False
    bob.save()
    assert notify([alice.id, alice.id, bob.id, 10**9], KIND, values=VALUES) == 1


def test_an_unknown_kind_is_an_error_and_a_gone_one_shows_its_key(bob):
    with pytest.raises(KeyError):
        notify([bob.id], "no.such")
    assert render_notice(Notice.objects.create(user=bob, kind="gone.kind")).text == "gone.kind"


def test_mail_is_off_by_default_and_on_by_choice(
    alice, bob, settings, mailoutbox, django_capture_on_commit_callbacks
):
    settings.EMAIL_HOST = "mail.example.org"
    bob.language = "en"
    bob.save()
    NoticeChoice.objects.create(user=bob, kind=KIND, in_app=False, by_mail=True)
    with django_capture_on_commit_callbacks(execute=True):
        notify([alice.id, bob.id], KIND, values=VALUES)
    assert [mail.to for mail in mailoutbox] == [[bob.email]]
    assert mailoutbox[0].body == "You have a new role in School A."
    assert list(Notice.objects.values_list("user_id", flat=True)) == [alice.id]


def test_without_a_mail_server_no_mail_is_tried(bob, mailoutbox, django_capture_on_commit_callbacks):
    NoticeChoice.objects.create(user=bob, kind=KIND, by_mail=True)
    with django_capture_on_commit_callbacks(execute=True):
        notify([bob.id], KIND, values=VALUES)
    assert mailoutbox == []


def test_a_mail_server_that_is_down_undoes_nothing(
    bob, settings, monkeypatch, django_capture_on_commit_callbacks
):
    def fail(*_args: object) -> None:
        raise ConnectionRefusedError

    settings.EMAIL_HOST = "mail.example.org"
    monkeypatch.setattr(notices, "send_mail", fail)
    NoticeChoice.objects.create(user=bob, kind=KIND, by_mail=True)
    with django_capture_on_commit_callbacks(execute=True):
        notify([bob.id], KIND, values=VALUES)
    assert unread_count(bob.id) == 1


def test_opening_a_notice_marks_it_and_leads_inside_only(bob, sign_in):
    client = sign_in(bob)
    for url, target in (("/account/", "/account/"), ("//evil.example/", "/notices/"), ("", "/notices/")):
        notify([bob.id], KIND, values=VALUES, url=url)
        notice = Notice.objects.latest("id")
        assert client.post(f"/notices/{notice.uuid}/")["Location"] == target
    assert unread_count(bob.id) == 0


def test_a_stranger_and_a_colleague_do_not_reach_it(alice, bob, charlie, sign_in):
    notify([bob.id], KIND, values=VALUES)
    uuid = Notice.objects.get().uuid
    for other in (alice, charlie):
        assert sign_in(other).post(f"/notices/{uuid}/").status_code == 404
        sign_in(other).post("/notices/read/")
    assert unread_count(bob.id) == 1
    sign_in(bob).post("/notices/read/")
    assert unread_count(bob.id) == 0


def test_choices_are_kept_per_kind(bob, sign_in):
    sign_in(bob).post("/account/notices/", {"by_mail": [KIND], "in_app": ["people.joined"]})
    chosen = {row.kind: (row.in_app, row.by_mail) for row in NoticeChoice.objects.filter(user=bob)}
    assert chosen[KIND] == (False, True)
    assert chosen["people.joined"] == (True, False)


def test_a_package_adds_its_own_kind(bob, monkeypatch):
    monkeypatch.setattr(notices, "_KINDS", dict(notices._KINDS))
    register_notice_kind(
        "test.kind", gettext_lazy("登录"), gettext_lazy("%(name)s接受邀请，加入了%(organisation)s。")
    )
    assert notify([bob.id], "test.kind", values={"name": "X", "organisation": "Y"}) == 1


class AnyValue(dict):
    """Values for any placeholder, a name in both languages."""

    def __missing__(self, key: str) -> dict[str, str]:
        return {"zh": "某某", "en": "Somebody"}


@pytest.mark.parametrize("kind", notices.notice_kinds(), ids=lambda kind: kind.key)
def test_every_kind_reads_well_in_both_languages(kind):
    placeholders = set(re.findall(r"%\((\w+)\)s", str(kind.text)))
    for language, script in (("zh-hans", True), ("en", False)):
        with translation.override(language):
            assert set(re.findall(r"%\((\w+)\)s", str(kind.text))) == placeholders
            text = str(kind.text) % AnyValue()
            label = str(kind.label)
        assert bool(re.search(r"[\u4e00-\u9fff]", label)) == script
        assert text.endswith("。" if script else ".")


def test_values_in_two_languages_follow_the_reader_and_others_stay(bob):
    notice = Notice(user=bob, kind="people.joined", created_at=timezone.now())
    notice.values = {"name": "张三", "organisation": {"zh": "甲校", "en": "School A"}}
    assert render_notice(notice).text == "张三接受邀请，加入了甲校。"
    with translation.override("en"):
        assert "School A" in render_notice(notice).text
        assert "张三" in render_notice(notice).text


def test_the_inbox_pages_and_filters(bob, sign_in):
    for _ in range(55):
        notify([bob.id], KIND, values=VALUES)
    client = sign_in(bob)
    assert len(client.get("/notices/").context["notices"]) == 50
    assert len(client.get("/notices/?page=2").context["notices"]) == 5
    assert len(client.get("/notices/?page=99").context["notices"]) == 5
    Notice.objects.filter(id__in=Notice.objects.values_list("id", flat=True)[:54]).update(
        read_at=timezone.now()
    )
    assert len(client.get("/notices/?show=unread").context["notices"]) == 1


def test_markup_in_a_value_stays_text(bob, sign_in):
    notify([bob.id], "people.joined", values={"name": "<script>x</script>", "organisation": "甲"})
    assert "<script>x" not in sign_in(bob).get("/notices/").content.decode()
