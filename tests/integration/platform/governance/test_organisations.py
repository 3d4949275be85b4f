"""Organisations and units: making, renaming, moving, closing, opening; owner, colleague and stranger for each."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone, translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.factories import MembershipFactory, OrganisationFactory, person_with
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.access.grants import administrator_role
from zhiqiao.platform.governance.actions.grants import grant_role
from zhiqiao.platform.governance.actions.invitations import invite, join_as_new
from zhiqiao.platform.governance.actions.organisations import (
    change_organisation,
    close_organisation,
    create_organisation,
    hindrances,
    reopen_organisation,
)
from zhiqiao.platform.governance.errors import InvalidLinkError, Refused
from zhiqiao.platform.governance.models import (
    AuditEvent,
    Membership,
    Organisation,
    OrganisationKind,
    Role,
    UnitKind,
)
from zhiqiao.platform.governance.units import UNIT_RULES, unit_kinds_below

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
OTHERS = ["alice", "bob", "charlie", "student", "mentor", "sysadmin", "auditor", "data_officer"]


@pytest.fixture
def admin(school_admin, actor_of):
    return actor_of(school_admin)


@pytest.fixture
def security(secadmin, actor_of):
    return actor_of(secadmin)


def paths() -> dict[str, str]:
    return dict(Organisation.objects.values_list("key", "path"))


def refused(call, *args, **kwargs) -> Refused:
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value


class TestCreating:
    @pytest.mark.parametrize("kind", ["school", "enterprise", "association", "government"])
    def test_the_security_administrator_makes_each_of_the_four_kinds(self, security, kind):
        made = create_organisation(security, kind=kind, name_zh=" 新  机构 ", name_en="New One")
        assert (made.key, made.name_zh, made.path, made.org_root_id) == (
            "new-one",
            "新 机构",
            f"/{made.id}/",
            made.id,
        )
        assert AuditEvent.objects.get(action="organisations.created").actor_id == security.user_id

    @pytest.mark.parametrize("kind", ["operator", "church", ""])
    def test_no_other_kind(self, security, kind):
        assert refused(create_organisation, security, kind=kind, name_zh="x").field == "kind"

    @pytest.mark.parametrize("who", [*OTHERS, "school_admin", "officer"])
    def test_nobody_else_makes_an_organisation(self, who, request, actor_of):
        actor = actor_of(request.getfixturevalue(who))
        before = Organisation.objects.count()
        refused(create_organisation, actor, kind="school", name_zh="x", name_en="y")
        assert Organisation.objects.count() == before

    def test_the_owner_adds_units_of_the_kinds_the_rules_name(self, admin, places):
        department = create_organisation(
            admin, parent=places.school, unit_kind="department", name_zh="系", name_en="Arts"
        )
        programme = create_organisation(
            admin, parent=department, unit_kind="programme", name_zh="专业", name_en="Film"
        )
        assert programme.path == f"{places.school.path}{department.id}/{programme.id}/"
        assert (programme.key, programme.kind) == ("school-a-film", "school")

    @pytest.mark.parametrize(
        ("place", "unit_kind"),
        [
            ("department", "department"),
            ("programme", "programme"),
            ("school", "plant"),
            ("school", "organisation"),
            ("school", ""),
        ],
    )
    def test_no_unit_stands_where_the_rules_do_not_put_it(self, admin, places, place, unit_kind):
        fault = refused(
            create_organisation, admin, parent=getattr(places, place), unit_kind=unit_kind, name_zh="x"
        )
        assert fault.field == "parent"

    @pytest.mark.parametrize("who", OTHERS)
    def test_colleagues_and_strangers_add_none(self, who, request, actor_of, places):
        actor = actor_of(request.getfixturevalue(who))
        refused(
            create_organisation, actor, parent=places.school, unit_kind="department", name_zh="x", name_en="y"
        )

    def test_an_enterprise_has_plants_and_its_hr_adds_them(self, places, actor_of):
        hr = actor_of(person_with(Role.ENTERPRISE_HR, places.enterprise))
        made = create_organisation(hr, parent=places.enterprise, unit_kind="plant", name_zh="一厂")
        assert made.key == "enterprise-plant-1"
        assert made.name_en == "一厂"
        refused(create_organisation, hr, parent=places.school, unit_kind="department", name_zh="x")

    def test_a_closed_unit_takes_none(self, admin, places):
        places.department.is_active = False
        places.department.save()
        refused(create_organisation, admin, parent=places.department, unit_kind="programme", name_zh="x")


class TestKeys:
    def test_a_typed_key_is_kept_in_lower_case(self, security):
        assert create_organisation(security, kind="school", name_zh="x", key=" My-School ").key == "my-school"

    @pytest.mark.parametrize("key", ["a b", "编号", "-a", "a-", "a--b", "a_b", "a/b", "x" * 65, "<b>"])
    def test_a_key_that_can_not_be(self, security, key):
        assert refused(create_organisation, security, kind="school", name_zh="x", key=key).field == "key"

    def test_a_taken_key_is_named(self, security, places):
        fault = refused(create_organisation, security, kind="school", name_zh="x", key="school-a")
        assert fault.field == "key"
        assert "school-a" in str(fault)

    def test_made_keys_count_on(self, security):
        names = [create_organisation(security, kind="school", name_zh="同名", name_en="Same") for _ in "123"]
        assert [made.key for made in names] == ["same", "same-2", "same-3"]

    def test_without_latin_letters_the_kind_stands_for_the_name(self, security):
        keys = [create_organisation(security, kind="school", name_zh="甲", name_en="") for _ in "12"]
        assert [made.key for made in keys] == ["school-1", "school-2"]

    @given(name=st.text(min_size=1, max_size=300))
    @example(name="\0")
    @example(name="甲\0乙")
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_any_name_gives_a_valid_key_or_is_refused(self, security, name):
        if not 0 < len(" ".join(name.replace("\0", "").split())) <= 200:
            fault = refused(create_organisation, security, kind="enterprise", name_zh=name, name_en=name)
            assert fault.field == "name_zh"
            return
        made = create_organisation(security, kind="enterprise", name_zh=name, name_en=name)
        assert 0 < len(made.key) <= 64
        assert made.key.isascii()
        assert made.name_zh.strip() == made.name_zh != ""


def run_at_once(*calls) -> list[str]:
    """Run calls in threads that start together; return the kinds of their ends, sorted."""
    ends: list[str] = []
    gate = threading.Barrier(len(calls))

    def run(call) -> None:
        try:
            gate.wait()
            call()
            ends.append("done")
        except (Refused, InvalidLinkError):
            ends.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


class TestAtOnce:
    def test_of_two_who_type_one_key_one_gets_it(self, transactional_db):
        def make() -> None:
            create_organisation(Actor.system(), kind="school", name_zh="x", key="wanted")

        assert run_at_once(make, make) == ["done", "refused"]
        assert Organisation.objects.filter(key="wanted").count() == 1

    def test_two_who_take_a_key_from_one_name_both_get_one(self, transactional_db):
        def make() -> None:
            create_organisation(Actor.system(), kind="school", name_zh="x", name_en="Wanted")

        assert run_at_once(make, make) == ["done", "done"]
        assert set(Organisation.objects.values_list("key", flat=True)) == {"wanted", "wanted-2"}

    def test_nobody_joins_a_unit_that_closes_meanwhile(self, transactional_db):
        school = OrganisationFactory()
        unit = OrganisationFactory(parent=school)
        _made, token = invite(Actor.system(), organisation=unit, role="teacher", display_name="x", now=NOW)

        def join() -> None:
            join_as_new(
                token, username="newcomer", password="correct horse battery", display_name="x",
                language="zh-hans", address="", now=NOW,
            )  # fmt: skip

        run_at_once(join, lambda: close_organisation(Actor.system(), unit, now=NOW))
        unit.refresh_from_db()
        assert unit.is_active == Membership.objects.filter(organisation=unit).exists()


class TestRenaming:
    def test_the_owner_renames_and_the_trail_keeps_both_names(self, admin, places):
        change_organisation(admin, places.department, name_zh="新系", name_en="New")
        places.department.refresh_from_db()
        assert (places.department.name_zh, places.department.key) == ("新系", "department-a")
        detail = AuditEvent.objects.get(action="organisations.renamed").detail
        assert detail["to"] == {"name_zh": "新系", "name_en": "New"}
        assert detail["from"]["name_zh"].startswith("测试机构")

    def test_nothing_changed_is_no_entry(self, admin, places):
        unit = places.department
        change_organisation(admin, unit, name_zh=unit.name_zh, name_en=unit.name_en, parent=places.school)
        assert not AuditEvent.objects.filter(action__startswith="organisations.").exists()

    @pytest.mark.parametrize(("name", "field"), [("", "name_zh"), ("  ", "name_zh"), ("名" * 201, "name_zh")])
    def test_a_name_that_can_not_be(self, admin, places, name, field):
        assert refused(change_organisation, admin, places.department, name_zh=name).field == field

    @pytest.mark.parametrize("who", OTHERS)
    def test_others_rename_nothing(self, who, request, actor_of, places):
        actor = actor_of(request.getfixturevalue(who))
        refused(change_organisation, actor, places.department, name_zh="x")


class TestMoving:
    def test_the_whole_subtree_moves_and_nothing_else(self, admin, bob, places):
        target = OrganisationFactory(key="target", parent=places.school)
        before = paths()
        people = list(Membership.objects.values_list("id", "organisation_id", "org_root_id"))
        change_organisation(admin, places.programme, name_zh="专业", parent=target)
        after = paths()
        moved = {key for key in before if before[key] != after[key]}
        assert moved == {"programme-a"}
        assert after["programme-a"] == f"{target.path}{places.programme.id}/"
        assert list(Membership.objects.values_list("id", "organisation_id", "org_root_id")) == people
        assert AuditEvent.objects.get(action="organisations.moved").detail == {
            "from": places.department.id,
            "to": target.id,
        }

    @given(data=st.data())
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_paths_always_follow_parents(self, places, admin, data):
        departments = [OrganisationFactory(parent=places.school) for _ in range(2)]
        programmes = [
            OrganisationFactory(parent=data.draw(st.sampled_from(departments)), unit_kind="programme")
            for _ in range(3)
        ]
        for _ in range(4):
            unit = data.draw(st.sampled_from([*departments, *programmes]))
            target = data.draw(
                st.sampled_from([places.school, places.other_school, *departments, *programmes])
            )
            try:
                change_organisation(admin, unit, name_zh=unit.name_zh, name_en=unit.name_en, parent=target)
            except Refused:
                continue
        for row in Organisation.objects.select_related("parent"):
            assert row.path == f"{row.parent.path if row.parent else '/'}{row.id}/"
            assert row.path.startswith(f"/{row.org_root_id}/")
            if row.parent:
                assert row.unit_kind in unit_kinds_below(row.kind, row.parent.unit_kind)

    @pytest.mark.parametrize("target", ["other_school", "programme", "enterprise", "department"])
    def test_a_department_goes_nowhere_else(self, admin, places, target):
        before = paths()
        refused(change_organisation, admin, places.department, name_zh="x", parent=getattr(places, target))
        assert paths() == before

    def test_a_unit_can_not_leave_its_organisation_even_by_who_manages_all(self, security, places):
        fault = refused(
            change_organisation, security, places.programme, name_zh="x", parent=places.other_school
        )
        assert fault.field == "parent"
        assert not AuditEvent.objects.filter(action="organisations.renamed").exists()

    def test_an_organisation_is_no_unit_of_its_own(self, security, places):
        refused(change_organisation, security, places.school, name_zh="x", parent=places.department)


class TestClosing:
    def test_an_empty_unit_closes_and_opens_again(self, admin, places):
        close_organisation(admin, places.programme, now=NOW)
        places.programme.refresh_from_db()
        assert not places.programme.is_active
        reopen_organisation(admin, places.programme, now=NOW)
        places.programme.refresh_from_db()
        assert places.programme.is_active
        assert list(
            AuditEvent.objects.filter(action__startswith="organisations.").values_list("action", flat=True)
        ) == ["organisations.closed", "organisations.reopened"]

    def test_closing_twice_is_one_entry(self, admin, places):
        close_organisation(admin, places.programme, now=NOW)
        close_organisation(admin, places.programme, now=NOW)
        assert AuditEvent.objects.filter(action="organisations.closed").count() == 1

    def test_people_units_and_programmes_keep_it_open_and_are_named(self, admin, bob, alice, places):
        from zhiqiao.platform.data.models import Programme

        Programme.objects.create(
            org_root_id=places.school.id,
            organisation=places.programme,
            code="510203",
            name_zh="软件技术",
            name_en="Software",
        )
        fault = str(refused(close_organisation, admin, places.department, now=NOW))
        assert "1 个启用的单位" in fault
        assert "2 人" in fault
        assert "1 个专业" in fault
        with translation.override("en"):
            reasons = hindrances(places.programme, on=TODAY)
        assert reasons == ["2 people still hold a role here", "1 programme stands here"]
        places.department.refresh_from_db()
        assert places.department.is_active

    @pytest.mark.parametrize(("ends", "holds"), [(-1, False), (0, True), (30, True)])
    def test_an_ended_role_holds_nothing(self, admin, bob, places, ends, holds):
        bob.memberships.update(ends=TODAY + dt.timedelta(days=ends))
        assert bool(hindrances(places.programme, on=TODAY)) == holds

    def test_a_role_that_begins_later_holds(self, admin, places):
        MembershipFactory(organisation=places.programme, starts=TODAY + dt.timedelta(days=9))
        refused(close_organisation, admin, places.programme, now=NOW)

    def test_a_unit_below_a_closed_one_stays_closed(self, admin, places):
        close_organisation(admin, places.programme, now=NOW)
        close_organisation(admin, places.department, now=NOW)
        refused(reopen_organisation, admin, places.programme, now=NOW)
        reopen_organisation(admin, places.department, now=NOW)
        reopen_organisation(admin, places.programme, now=NOW)

    def test_open_invitations_end_and_nobody_new_comes_in(self, admin, bob, places):
        _made, token = invite(
            admin, organisation=places.department, role="teacher", display_name="x", now=NOW
        )
        bob.memberships.update(organisation=places.school)
        close_organisation(admin, places.programme, now=NOW)
        close_organisation(admin, places.department, now=NOW)
        with pytest.raises(InvalidLinkError):
            join_as_new(
                token, username="late", password="correct horse battery", display_name="x",
                language="zh-hans", address="", now=NOW,
            )  # fmt: skip
        places.department.refresh_from_db()
        for act in (
            lambda: invite(admin, organisation=places.department, role="teacher", display_name="x", now=NOW),
            lambda: grant_role(admin, bob, role="adviser", organisation=places.department, starts=TODAY),
        ):
            with pytest.raises(Refused):
                act()

    @pytest.mark.parametrize("who", OTHERS)
    def test_others_close_and_open_nothing(self, who, request, actor_of, places):
        actor = actor_of(request.getfixturevalue(who))
        for act in (close_organisation, reopen_organisation):
            refused(act, actor, places.department, now=NOW)

    def test_ones_own_organisation_can_not_be_closed_over_ones_head(self, admin, places):
        refused(close_organisation, admin, places.school, now=NOW)


class TestRules:
    def test_every_rule_names_known_kinds(self):
        kinds = {str(kind) for kind in UnitKind}
        for rule in UNIT_RULES:
            assert rule.kind in OrganisationKind.values
            assert {rule.unit_kind, *rule.parents} <= kinds
            assert rule.unit_kind not in rule.parents

    @pytest.mark.parametrize(
        ("kind", "role"),
        [
            ("school", "school_admin"),
            ("enterprise", "enterprise_hr"),
            ("association", "association_officer"),
            ("government", "bureau_officer"),
        ],
    )
    def test_each_kind_has_one_role_that_runs_it(self, kind, role):
        assert administrator_role(kind) == role
