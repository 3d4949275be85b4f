"""Who acts in a request, and that nothing runs without a declared action."""

from __future__ import annotations

import logging

import pytest
from django.http import Http404, HttpRequest, HttpResponse

from tests.factories import MembershipFactory
from zhiqiao.platform.governance.access import action, declare_api, public
from zhiqiao.platform.governance.middleware import ActorMiddleware
from zhiqiao.platform.governance.sessions import choose, current_memberships


def make_page():
    def page(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok")

    return page


@pytest.fixture
def ask(rf, actor_of):
    """Ask the middleware whether a view may run for a person."""

    def _ask(view, user=None, method="GET"):
        request = rf.generic(method, "/x")
        request.user = user
        request.session = {}
        request.actor = actor_of(user) if user else None
        return ActorMiddleware(make_page()).process_view(request, view, (), {})

    return _ask


def test_a_view_without_an_action_is_refused_and_logged(ask, alice, caplog):
    with caplog.at_level(logging.ERROR), pytest.raises(Http404):
        ask(make_page(), alice)
    assert "declares no action" in caplog.text


def test_a_view_with_a_granted_action_runs(ask, alice):
    assert ask(action("people.read")(make_page()), alice) is None


def test_a_view_with_an_action_the_role_lacks_does_not_exist(ask, student):
    with pytest.raises(Http404):
        ask(action("people.read")(make_page()), student)


def test_a_public_view_runs_for_anybody(ask, db):
    assert ask(public(make_page())) is None


def test_a_method_of_the_api_without_an_action_is_refused(ask, alice):
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    declare_api(view, {"GET": "home.read"})
    assert ask(view, alice) is None
    with pytest.raises(Http404):
        ask(view, alice, "DELETE")


def test_the_cast_stands_where_the_stories_put_it(alice, bob, charlie, actor_of):
    assert actor_of(alice).org_root_id == actor_of(bob).org_root_id != actor_of(charlie).org_root_id
    assert actor_of(bob).org_path.startswith(actor_of(alice).org_path)


def test_the_choice_of_a_membership_goes_from_session_to_last_to_first(bob, places):
    second = MembershipFactory(user=bob, organisation=places.department, role="adviser")
    rows = current_memberships(bob.id)
    first = rows[0]
    assert choose(rows, chosen=second.id, last=first.id) == second
    assert choose(rows, chosen=None, last=second.id) == second
    assert choose(rows, chosen=None, last=None) == first
    assert choose(rows, chosen="x", last=10**9) == first
    assert choose([], chosen=first.id, last=None) is None


def test_somebody_elses_membership_in_the_session_counts_for_nothing(bob, charlie, sign_in):
    client = sign_in(bob)
    session = client.session
    session["zq_membership"] = charlie.memberships.get().id
    session.save()
    roles = client.get("/api/me").json()["memberships"]
    assert [row["organisation_key"] for row in roles] == ["programme-a"]


def test_a_closed_organisation_gives_no_role(bob, places, sign_in):
    places.programme.is_active = False
    places.programme.save()
    assert sign_in(bob).get("/account/").status_code == 403
