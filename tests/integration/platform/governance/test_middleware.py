"""Who acts in a request, and that nothing runs without a declared action."""

from __future__ import annotations

from tests.factories import MembershipFactory, UserFactory


def test_the_cast_is_ready(alice, bob, charlie, student, officer, mentor, sysadmin, secadmin, auditor, actor_of):
    assert actor_of(alice).org_root_id == actor_of(bob).org_root_id != actor_of(charlie).org_root_id
    assert actor_of(alice).org_path.startswith("/")
