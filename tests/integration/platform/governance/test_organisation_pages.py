"""The pages of organisations: who sees them, what they say, what they refuse."""

from __future__ import annotations

import pytest

from tests.factories import OrganisationFactory, person_with
from zhiqiao.platform.governance.models import (
    Organisation,
    Role,
)


class TestPages:
    def test_the_security_administrator_founds_a_school_and_invites_its_administrator(
        self, secadmin, sign_in, db
    ):
        client = sign_in(secadmin)
        page = client.post(
            "/organisations/new/", {"kind": "school", "name_zh": "新校", "name_en": "New", "key": ""}
        )
        made = Organisation.objects.get(key="new")
        assert page["Location"] == f"/organisations/{made.uuid}/"
        assert "邀请第一位学校管理员" in client.get(page["Location"]).content.decode()
        form = client.get(f"/people/invite/?organisation={made.uuid}").context["form"]
        assert (form.initial["organisation"], form.initial["role"]) == (made.id, "school_admin")
        assert set(form.units) == {made.id}
        link = client.post(
            f"/people/invite/?organisation={made.uuid}",
            {"display_name": "周", "organisation": made.id, "role": "school_admin"},
        ).context["link"]
        assert "/invitations/" in link
        assert "已邀请周担任学校管理员" in client.get(f"/organisations/{made.uuid}/").content.decode()

    def test_a_wrong_form_keeps_what_was_typed_and_says_where(self, secadmin, sign_in, places):
        client = sign_in(secadmin)
        wrong = {"kind": "school", "name_zh": "留住我", "key": "school-a"}
        page = client.post("/organisations/new/", wrong)
        assert page.status_code == 200
        assert "school-a" in str(page.context["form"].errors["key"])
        assert "留住我" in page.content.decode()
        assert client.post("/organisations/new/", {"kind": "operator", "name_zh": "x"}).context["form"].errors

    def test_the_school_administrator_builds_the_tree(self, school_admin, sign_in, places):
        client = sign_in(school_admin)
        page = f"/organisations/{places.school.uuid}/"
        client.post(f"{page}units/new/", {"unit_kind": "department", "name_zh": "新系", "name_en": "Next"})
        made = Organisation.objects.get(key="school-a-next")
        assert "新系" in client.get(page).content.decode()
        move = f"/organisations/{places.programme.uuid}/change/"
        assert made.id in dict(client.get(move).context["form"].fields["parent"].choices)
        assert client.post(move, {"name_zh": "专业", "parent": made.id}).status_code == 302
        places.programme.refresh_from_db()
        assert places.programme.path == f"{made.path}{places.programme.id}/"
        assert client.post(move, {"name_zh": "专业", "parent": places.other_school.id}).status_code == 200

    def test_closing_on_the_page_says_what_hinders(self, school_admin, bob, sign_in, places):
        client = sign_in(school_admin)
        page = f"/organisations/{places.programme.uuid}/"
        assert "还有 1 人在这里任职" in client.get(page).content.decode()
        after = client.post(f"{page}state/", {"state": "inactive"}, follow=True)
        assert "不能停用" in after.content.decode()
        bob.memberships.all().delete()
        after = client.post(f"{page}state/", {"state": "inactive"}, follow=True).content.decode()
        assert "有关的记录都保留" in after
        client.post(f"{page}state/", {"state": "active"})
        places.programme.refresh_from_db()
        assert places.programme.is_active

    def test_a_closed_unit_is_seen_by_who_manages_it_only(
        self, school_admin, alice, charlie, sign_in, places
    ):
        unit = OrganisationFactory(parent=places.school, name_zh="旧系", is_active=False)
        assert "旧系" in sign_in(school_admin).get("/organisations/").content.decode()
        for other in (alice, charlie):
            client = sign_in(other)
            assert "旧系" not in client.get("/organisations/").content.decode()
            assert client.get(f"/organisations/{unit.uuid}/").status_code == 404

    @pytest.mark.parametrize("who", ["alice", "bob", "officer"])
    def test_a_colleague_reads_and_changes_nothing(self, who, request, sign_in, places):
        client = sign_in(request.getfixturevalue(who))
        page = f"/organisations/{places.school.uuid}/"
        html = client.get(page).content.decode()
        assert "增设单位" not in html
        assert "停用这个单位" not in html
        for what in ("units/new/", "change/"):
            assert client.get(page + what).status_code == 404
        assert client.post(f"{page}state/", {"state": "inactive"}).status_code == 404
        assert client.get("/organisations/new/").status_code == 404

    def test_an_administrator_of_another_school_is_a_stranger(self, sign_in, places):
        client = sign_in(person_with(Role.SCHOOL_ADMIN, places.other_school))
        page = f"/organisations/{places.school.uuid}/"
        for what in ("units/new/", "change/"):
            assert client.get(page + what).status_code == 404
            assert client.post(page + what, {"name_zh": "x"}).status_code == 404
        assert client.post(f"{page}state/", {"state": "inactive"}).status_code == 404
        assert client.get(f"/people/invite/?organisation={places.school.uuid}").status_code == 404

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_an_empty_installation_says_what_to_do(self, language, sign_in, db):
        operator = OrganisationFactory(
            key="operator", kind="operator", name_zh="平台运营", name_en="Operation"
        )
        client = sign_in(person_with(Role.SECURITY_ADMIN, operator))
        client.cookies["zq_language"] = language
        words = {"zh-hans": ("还没有机构", "建立第一个机构"), "en": ("No organisations", "Create the first")}
        assert words[language][0] in client.get("/organisations/").content.decode()
        assert words[language][1] in client.get("/").content.decode()

    def test_first_steps_end_when_they_are_done(self, sign_in, db, actor_of):
        from zhiqiao.platform.governance.shell import todos

        school = OrganisationFactory()
        admin = person_with(Role.SCHOOL_ADMIN, school)
        assert [todo.url for todo in todos(actor_of(admin))] == [f"/organisations/{school.uuid}/"]
        OrganisationFactory(parent=school)
        assert todos(actor_of(admin)) == []
