"""`can` and `visible` come from one predicate: for every action, role and row they agree, on every scoped model."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import Model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from zhiqiao.platform.governance.access import ACTIONS, Actor, ScopeFields, can, visible
from zhiqiao.platform.governance.access.predicates import AnyOf, Equals, Everything, Nothing, Under
from zhiqiao.platform.governance.models import (
    AuditEvent,
    Invitation,
    Membership,
    Notice,
    NoticeChoice,
    Organisation,
    Role,
    User,
)

ROLES = [*Role.values, "system", "nobody"]


@pytest.fixture
def rows(db):
    """Rows of every model of governance, in two trees."""
    people = [UserFactory() for _ in range(3)]
    units = []
    for _ in range(2):
        root = OrganisationFactory()
        middle = OrganisationFactory(parent=root)
        units += [root, middle, OrganisationFactory(parent=middle)]
    for number, unit in enumerate(units):
        person = people[number % 3]
        MembershipFactory(user=person, organisation=unit)
        Invitation.objects.create(
            token_hash=str(number),
            organisation=unit,
            org_root_id=unit.org_root_id,
            role="teacher",
            invited_by=person,
            expires_at="2026-12-01T00:00:00Z",
        )
        Notice.objects.create(user=person, kind="x")
        NoticeChoice.objects.create(user=person, kind=str(number))
    return people, units


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_can_and_visible_agree(rows, data):
    people, units = rows
    unit = data.draw(st.sampled_from([None, *units]))
    person = data.draw(st.sampled_from([None, *people]))
    actor = Actor(
        user_id=person.id if person else None,
        name="",
        role=data.draw(st.sampled_from(ROLES)),
        org_path=unit.path if unit else "",
        org_root_id=unit.org_root_id if unit else None,
    )
    key = data.draw(st.sampled_from(sorted(ACTIONS)))
    model = data.draw(
        st.sampled_from([User, Membership, Organisation, Invitation, Notice, NoticeChoice, AuditEvent])
    )
    seen = set(visible(actor, key, model.objects.all()).values_list("pk", flat=True))
    for row in model.objects.all():
        assert can(actor, key, row) == (row.pk in seen), (actor, key, row)
    if seen:
        assert can(actor, key)


@given(data=st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_predicates_agree_with_their_filters(rows, data):
    _people, units = rows
    leaf = st.one_of(
        st.just(Everything()),
        st.just(Nothing()),
        st.builds(
            Equals, st.just("org_root_id"), st.sampled_from([None, *(unit.org_root_id for unit in units)])
        ),
        st.builds(
            Under, st.sampled_from(["path", "parent__path"]), st.sampled_from(["", *(u.path for u in units)])
        ),
    )
    tree = data.draw(
        st.recursive(leaf, lambda inner: st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)))
    )
    kept = set(Organisation.objects.filter(tree.as_q()).values_list("pk", flat=True))
    assert kept == {row.pk for row in Organisation.objects.all() if tree.holds(row)}


def scoped_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if hasattr(model, "scope_fields")]


@pytest.mark.parametrize("model", scoped_models(), ids=lambda model: model._meta.label)
def test_scope_fields_lead_to_columns(model, db):
    fields: ScopeFields = model.scope_fields
    for lookup in filter(None, (fields.owner, fields.root, fields.path, fields.shared)):
        model.objects.filter(**{f"{lookup}__isnull": True}).exists()


@pytest.mark.parametrize("key", sorted(ACTIONS))
def test_an_actor_without_person_and_place_sees_what_is_for_all_at_most(key, rows):
    actor = Actor(None, "", "teacher")
    for model in (Membership, Organisation, Notice):
        if ACTIONS[key].scope_of("teacher") != "all":
            assert not visible(actor, key, model.objects.all()).exists()
