"""One-time links in the wrong hands: nobody grants to themselves, and who was dismissed leaves no way in behind."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import person_with
from zhiqiao.platform.governance.actions.grants import end_membership, grant_role
from zhiqiao.platform.governance.actions.invitations import (
    invite,
    join_as_existing,
    join_as_new,
    make_password_link,
    set_password_by_link,
)
from zhiqiao.platform.governance.errors import InvalidLinkError, Refused
from zhiqiao.platform.governance.models import Membership, Role, User

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
YESTERDAY = TODAY - dt.timedelta(days=1)
GOOD = "correct horse battery staple"


def _dismiss(user: User) -> None:
    Membership.objects.filter(user=user).update(starts=YESTERDAY, ends=YESTERDAY)


def test_nobody_uses_an_invitation_of_their_own(school_admin, actor_of, places):
    _made, token = invite(
        actor_of(school_admin), organisation=places.school, role="teacher", display_name="我", now=NOW
    )
    with pytest.raises(Refused):
        join_as_existing(token, school_admin, address="", now=NOW)
    assert not school_admin.memberships.filter(role="teacher").exists()


def test_the_page_of_ones_own_invitation_says_no(school_admin, actor_of, places, sign_in):
    _made, token = invite(
        actor_of(school_admin), organisation=places.school, role="teacher", display_name="我", now=NOW
    )
    answer = sign_in(school_admin).post(reverse("governance:invitation", args=[token]))
    assert "不能给自己授予角色" in answer.content.decode()


def test_an_invitation_ends_with_the_role_of_who_made_it(school_admin, actor_of, places):
    _made, token = invite(
        actor_of(school_admin), organisation=places.school, role="school_admin", display_name="后门", now=NOW
    )
    _dismiss(school_admin)
    with pytest.raises(InvalidLinkError):
        join_as_new(
            token,
            username="backdoor",
            password=GOOD,
            display_name="后门",
            language="zh-hans",
            address="",
            now=NOW,
        )


def test_a_password_link_ends_with_the_role_of_who_made_it(school_admin, bob, actor_of):
    token = make_password_link(actor_of(school_admin), bob, now=NOW)
    _dismiss(school_admin)
    with pytest.raises(InvalidLinkError):
        set_password_by_link(token, password=GOOD, address="", now=NOW)


def test_a_password_link_ends_when_the_person_rises_above_who_made_it(
    school_admin, bob, actor_of, secadmin, places
):
    token = make_password_link(actor_of(school_admin), bob, now=NOW)
    grant_role(actor_of(secadmin), bob, role=Role.BUREAU_OFFICER, organisation=places.bureau, starts=TODAY)
    with pytest.raises(InvalidLinkError):
        set_password_by_link(token, password=GOOD, address="", now=NOW)


def test_a_colleague_of_the_dismissed_can_still_invite(school_admin, actor_of, places):
    other = person_with(Role.SCHOOL_ADMIN, places.school, username="second-admin")
    _dismiss(school_admin)
    _made, token = invite(
        actor_of(other), organisation=places.school, role="teacher", display_name="新人", now=NOW
    )
    user = join_as_new(
        token,
        username="newcomer",
        password=GOOD,
        display_name="新人",
        language="zh-hans",
        address="",
        now=NOW,
    )
    assert user.memberships.get().role == "teacher"


def test_a_role_given_today_can_be_taken_today(school_admin, bob, actor_of, places, sign_in):
    actor = actor_of(school_admin)
    granted = grant_role(actor, bob, role=Role.PROGRAMME_HEAD, organisation=places.programme, starts=TODAY)
    end_membership(actor, granted, on=YESTERDAY)
    assert not bob.memberships.current(TODAY).filter(role=Role.PROGRAMME_HEAD).exists()
