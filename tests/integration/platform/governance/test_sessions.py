"""Who acts, under which membership and until when."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import MembershipFactory
from zhiqiao.infra.config import config
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import Membership
from zhiqiao.platform.governance.sessions import (
    SEEN,
    SEEN_EVERY,
    actor_of_membership,
    address_of,
    choose,
    current_memberships,
    keep_alive,
    person_of_request,
)

TODAY = timezone.localdate()


@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [(0, None, True), (1, None, False), (-9, 0, True), (-9, -1, False), (0, 0, True)],
)
def test_a_membership_counts_on_its_days_only(starts, ends, holds, bob):
    Membership.objects.filter(user=bob).update(
        starts=TODAY + dt.timedelta(days=starts),
        ends=None if ends is None else TODAY + dt.timedelta(days=ends),
    )
    assert bool(current_memberships(bob.id)) == holds


def test_the_oldest_membership_comes_first(bob, places):
    older = MembershipFactory(
        user=bob, organisation=places.department, role="adviser", starts=dt.date(2020, 1, 1)
    )
    assert current_memberships(bob.id)[0] == older


@given(
    ids=st.lists(st.integers(1, 50), unique=True, max_size=5),
    chosen=st.one_of(st.none(), st.integers(0, 60), st.text(max_size=3), st.booleans()),
    last=st.one_of(st.none(), st.integers(0, 60)),
)
def test_whatever_a_session_holds_one_acts_under_ones_own_membership(ids, chosen, last):
    rows = [Membership(id=number) for number in ids]
    found = choose(rows, chosen=chosen, last=last)
    if not rows:
        assert found is None
    else:
        assert found in rows
        if not isinstance(chosen, bool) and chosen in ids:
            assert found.id == chosen


def test_the_actor_of_a_membership_is_the_same_after_the_request(alice, actor_of):
    assert actor_of_membership(alice.memberships.get().id) == actor_of(alice)
    with pytest.raises(Membership.DoesNotExist):
        actor_of_membership(10**9)


def test_a_stranger_is_named_by_the_address_only(rf):
    request = rf.get("/", REMOTE_ADDR="192.0.2.7")
    assert person_of_request(request) == Actor(None, "", "", address="192.0.2.7")
    assert address_of(rf.get("/", REMOTE_ADDR="")) == ""


@given(steps=st.lists(st.integers(0, 200), min_size=1, max_size=30))
def test_a_session_in_use_is_never_noted_later_than_a_minute(steps):
    request = HttpRequest()
    request.session = {}
    moment = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)
    for step in steps:
        moment += dt.timedelta(seconds=step)
        keep_alive(request, now=moment)
        assert 0 <= moment.timestamp() - request.session[SEEN] < SEEN_EVERY.total_seconds()


@pytest.mark.parametrize("noted", ["yesterday", None, 1.5, -1])
def test_a_damaged_note_is_written_anew(noted, rf):
    request = rf.get("/")
    request.session = {SEEN: noted}
    now = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)
    keep_alive(request, now=now)
    assert request.session[SEEN] == int(now.timestamp())


def test_a_session_ends_after_the_idle_time_that_is_configured(alice, sign_in, settings):
    assert config().session_idle_minutes * 60 == settings.SESSION_COOKIE_AGE
    client = sign_in(alice)
    client.get("/account/")
    left = Session.objects.get(pk=client.session.session_key).expire_date - timezone.now()
    assert left <= dt.timedelta(minutes=config().session_idle_minutes)
    assert left > dt.timedelta(minutes=config().session_idle_minutes - 2)


def test_switching_the_role_changes_what_one_may_see(bob, places, sign_in):
    office = MembershipFactory(user=bob, organisation=places.school, role="school_admin")
    client = sign_in(bob)
    assert client.get("/people/invite/").status_code == 404
    assert client.post("/account/act-as/", {"membership": office.id})["Location"] == "/"
    assert client.get("/people/invite/").status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_switching_leads_nowhere_outside(target, bob, sign_in):
    form = {"membership": bob.memberships.get().id, "next": target}
    assert sign_in(bob).post("/account/act-as/", form)["Location"] == "/"
