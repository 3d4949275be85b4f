"""The table of actions, the marks on views, the grants, and redaction."""

from __future__ import annotations

import pytest

from zhiqiao.infra.db import DataLevel, levels
from zhiqiao.platform.governance.access import (
    ACTIONS,
    Actor,
    Scope,
    action,
    declared_action,
    is_public,
    public,
    redact,
)
from zhiqiao.platform.governance.access.grants import ROLE_RULES, roles_granted_by
from zhiqiao.platform.governance.access.marks import UnknownActionError
from zhiqiao.platform.governance.models import OrganisationKind, Role, User
from zhiqiao.platform.governance.models.organisations import ADMINISTRATORS


def test_the_table_knows_every_role_and_no_other():
    for entry in ACTIONS.values():
        assert set(entry.scopes) == set(Role.values)


def test_every_action_has_a_sentence_in_both_languages():
    for entry in ACTIONS.values():
        assert entry.zh
        assert entry.en


def test_an_unknown_role_may_nothing():
    assert all(entry.scope_of("no_such_role") is Scope.NONE for entry in ACTIONS.values())


def test_the_three_administrators_read_no_business_data():
    business = ("imports.", "postings.", "programmes.", "gaps.", "proposals.", "sources.", "skills.")
    for entry in ACTIONS.values():
        if entry.key.startswith(business):
            assert all(entry.scope_of(role) is Scope.NONE for role in ADMINISTRATORS), entry.key


def test_only_the_audit_administrator_reads_the_audit_and_changes_nothing():
    assert {role for role in Role.values if ACTIONS["audit.read"].scope_of(role) is not Scope.NONE} == {
        "audit_admin"
    }
    changing = (".manage", ".create", ".edit", ".decide", ".withdraw", ".compute", ".cancel")
    for entry in ACTIONS.values():
        if entry.key.endswith(changing) and entry.key != "account.manage":
            assert entry.scope_of("audit_admin") is Scope.NONE, entry.key


def test_a_role_reaches_further_where_the_table_names_the_kind_of_organisation():
    correct, decide = ACTIONS["postings.correct"], ACTIONS["taxonomy.decide"]
    assert correct.scope_of("data_officer", "government") is Scope.REGION
    assert {correct.scope_of("data_officer", kind) for kind in ("school", "enterprise", "operator", "")} == {
        Scope.ORG
    }
    assert decide.scope_of("data_officer", "government") is Scope.ALL
    assert decide.scope_of("data_officer", "school") is Scope.NONE
    for entry in ACTIONS.values():
        for role, kind in entry.by_kind:
            assert kind in ROLE_RULES[role].kinds, entry.key


@pytest.mark.parametrize("role", ["student", "guardian"])
def test_learners_reach_their_own_pages_and_what_is_published(role):
    published = {"reports.read"}  # the yearly report of the region is for everybody
    for entry in ACTIONS.values():
        if entry.key in published:
            continue
        assert entry.scope_of(role) in {Scope.NONE, Scope.SELF}, entry.key


def test_every_role_exists_somewhere_and_somebody_grants_it():
    kinds = set(OrganisationKind.values)
    for role, rule in ROLE_RULES.items():
        assert rule.kinds <= kinds, role
        assert rule.granted_by <= set(Role.values), role
        assert "security_admin" in rule.granted_by, role


def test_a_school_administrator_grants_school_roles_only():
    assert "teacher" in roles_granted_by("school_admin", "school")
    assert not set(roles_granted_by("school_admin", "school")) & {"bureau_officer", "security_admin"}
    assert roles_granted_by("teacher", "school") == ()


def test_a_view_carries_its_action():
    assert declared_action(action("home.read")(lambda request: None)) == "home.read"


def test_a_marked_view_is_the_view_itself_and_open_only_when_marked_so():
    def view(request: object) -> None:
        return None

    assert declared_action(view) is None
    assert not is_public(view)
    assert public(view) is view
    assert is_public(view)


def test_an_action_the_table_does_not_hold_is_an_error_at_import():
    with pytest.raises(UnknownActionError, match="has no action"):
        action("no.such")


LEVELS = levels(
    "internal", public=("name",), personal=("email",), sensitive=("health",), core_secret=("key",)
)
ROW = {"name": "n", "hours": 3, "email": "e", "health": "h", "key": "k"}


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("teacher", {"name", "hours"}),
        ("school_admin", {"name", "hours", "email"}),
        ("system", {"name", "hours", "email", "health"}),
        ("unheard_of", {"name", "hours"}),
    ],
)
def test_fields_above_the_readers_grade_are_hidden(role, seen):
    found = redact(Actor(1, "x", role), ROW, LEVELS)
    assert {name for name, value in found.items() if value != "***"} == seen
    assert set(found) == set(ROW)


def test_one_sees_ones_own_personal_data_but_never_the_password_hash():
    user = User(id=5, username="me", display_name="我", email="me@example.org", password="hash")
    own = redact(Actor(5, "x", "student"), user)
    assert own["email"] == "me@example.org"
    assert own["password"] == "***"
    assert redact(Actor(6, "x", "student"), user)["email"] == "***"


def test_a_mapping_without_levels_is_refused():
    with pytest.raises(TypeError):
        redact(Actor.system(), ROW)


def test_grades_follow_the_levels():
    assert [DataLevel(name).grade for name in ("public", "internal", "personal", "sensitive")] == [1, 2, 3, 4]
