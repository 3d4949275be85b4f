"""Granting by the table of roles: every granter, role and kind of organisation, and what two grants do at once."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import threading

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, person_with
from zhiqiao.packs import common_file
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.actions.grants import (
    end_membership,
    grant_role,
    grantable_roles,
    may_manage_person,
    standing,
)
from zhiqiao.platform.governance.errors import Refused
from zhiqiao.platform.governance.models import AuditEvent, Membership, OrganisationKind, Role
from zhiqiao.platform.governance.models.organisations import ADMINISTRATORS

TODAY = timezone.localdate()
KINDS = [str(kind) for kind in OrganisationKind]


def table() -> dict[str, dict[str, str]]:
    with common_file("access", "roles.csv").open(encoding="utf-8", newline="") as source:
        return {row["role"]: row for row in csv.DictReader(source)}


@pytest.fixture
def tree(db):
    return {kind: OrganisationFactory(key=f"t-{kind}", kind=kind) for kind in KINDS}


@pytest.mark.parametrize("granter", [*Role.values, "nobody"])
def test_who_may_grant_what_where_is_what_the_table_says(granter, tree):
    rules = table()
    manages_all = granter == "security_admin"
    manages_own = {"school_admin", "enterprise_hr", "association_officer", "bureau_officer"}
    for own, place in itertools.product(KINDS, KINDS):
        home = tree[own]
        actor = Actor(1, "x", granter, org_path=home.path, org_root_id=home.id, org_kind=own)
        reaches = manages_all or (granter in manages_own and own == place)
        expected = {
            role
            for role, rule in rules.items()
            if reaches and place in rule["kinds"].split("|") and granter in rule["granted_by"].split("|")
        }
        assert set(grantable_roles(actor, tree[place])) == expected, (granter, own, place)


def test_a_data_officer_works_in_schools_and_enterprises_too(tree, places, actor_of):
    for kind, granter in (("school", Role.SCHOOL_ADMIN), ("enterprise", Role.ENTERPRISE_HR)):
        actor = actor_of(person_with(granter, tree[kind]))
        made = grant_role(actor, UserFactory(), role="data_officer", organisation=tree[kind], starts=TODAY)
        assert made.role == Role.DATA_OFFICER
        with pytest.raises(Refused):
            grant_role(actor, UserFactory(), role="data_officer", organisation=places.bureau, starts=TODAY)


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_only_the_security_administrator_makes_administrators(role, tree, places, actor_of, secadmin):
    for granter, place in (
        (Role.SCHOOL_ADMIN, "school"),
        (Role.BUREAU_OFFICER, "government"),
        (Role.SYSTEM_ADMIN, "operator"),
        (Role.AUDIT_ADMIN, "operator"),
    ):
        actor = actor_of(person_with(granter, tree[place]))
        with pytest.raises(Refused):
            grant_role(actor, UserFactory(), role=role, organisation=places.operator, starts=TODAY)
    made = grant_role(
        actor_of(secadmin), UserFactory(), role=role, organisation=places.operator, starts=TODAY
    )
    assert made.role == role


def test_two_administrator_roles_at_once_end_as_one(transactional_db):
    operator = OrganisationFactory(kind="operator")
    person = UserFactory()
    gate = threading.Barrier(2)
    refused: list[str] = []

    def grant(role: str) -> None:
        try:
            gate.wait()
            grant_role(Actor.system(), person, role=role, organisation=operator, starts=TODAY)
        except Refused:
            refused.append(role)
        finally:
            connection.close()

    threads = [threading.Thread(target=grant, args=(role,)) for role in ("system_admin", "audit_admin")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Membership.objects.filter(user=person).count() == 1


def test_an_administrator_becomes_a_teacher_only_after_the_role_has_ended(
    sysadmin, places, actor_of, secadmin
):
    actor = actor_of(secadmin)
    with pytest.raises(Refused):
        grant_role(actor, sysadmin, role="teacher", organisation=places.school, starts=TODAY)
    sysadmin.memberships.update(ends=TODAY - dt.timedelta(days=1))
    assert grant_role(actor, sysadmin, role="teacher", organisation=places.school, starts=TODAY)


@given(
    starts=st.integers(-400, 400),
    length=st.one_of(st.none(), st.integers(-30, 400)),
    on=st.integers(-400, 400),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_role_holds_from_its_first_day_through_its_last(starts, length, on, tree):
    person = UserFactory()
    first = TODAY + dt.timedelta(days=starts)
    last = None if length is None else first + dt.timedelta(days=length)
    give = {"role": "teacher", "organisation": tree["school"], "starts": first, "ends": last}
    if length is not None and length < 0:
        with pytest.raises(Refused):
            grant_role(Actor.system(), person, **give)
        return
    grant_role(Actor.system(), person, **give)
    day = TODAY + dt.timedelta(days=on)
    holds = first <= day and (last is None or day <= last)
    assert Membership.objects.current(day).filter(user=person).exists() == holds
    assert bool(standing(person, on=day)) == (last is None or last >= day)


def test_a_role_ended_before_it_began_never_holds(places, actor_of, school_admin):
    later = TODAY + dt.timedelta(days=30)
    membership = MembershipFactory(organisation=places.school, starts=later)
    end_membership(actor_of(school_admin), membership, on=TODAY)
    for day in (TODAY, later, later + dt.timedelta(days=1)):
        assert not Membership.objects.current(day).filter(id=membership.id).exists()
    assert AuditEvent.objects.get(action="people.role_ended").detail["ends"] == TODAY.isoformat()


def test_nobody_ends_their_own_role(school_admin, actor_of):
    with pytest.raises(Refused):
        end_membership(actor_of(school_admin), school_admin.memberships.get(), on=TODAY)


@pytest.mark.parametrize(
    ("elsewhere", "manages"),
    [(None, True), ("department", True), ("other_school", False), ("bureau", False)],
)
def test_an_account_is_managed_by_who_manages_every_role_of_it(
    elsewhere, manages, school_admin, bob, places, actor_of
):
    roles = {"department": "adviser", "other_school": "teacher", "bureau": "bureau_officer"}
    if elsewhere:
        MembershipFactory(user=bob, organisation=getattr(places, elsewhere), role=roles[elsewhere])
    assert may_manage_person(actor_of(school_admin), bob, on=TODAY) == manages


def test_an_account_without_a_role_is_the_security_administrators(school_admin, secadmin, bob, actor_of):
    bob.memberships.all().delete()
    assert not may_manage_person(actor_of(school_admin), bob, on=TODAY)
    assert may_manage_person(actor_of(secadmin), bob, on=TODAY)
    assert not may_manage_person(actor_of(secadmin), secadmin, on=TODAY)


def test_a_grant_tells_the_person_and_the_trail(school_admin, bob, places, actor_of):
    grant_role(actor_of(school_admin), bob, role="adviser", organisation=places.department, starts=TODAY)
    entry = AuditEvent.objects.get(action="people.role_granted")
    assert entry.detail == {
        "user": bob.id,
        "role": "adviser",
        "organisation": "department-a",
        "ends": None,
    }
    assert bob.notices.get().kind == "people.role_granted"
