"""The list of people: whom one sees, narrowing, and files that are on record and run no formula."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.utils import timezone

from tests.factories import MembershipFactory, UserFactory, person_with
from zhiqiao.engines.tabular import read
from zhiqiao.platform.governance.models import AuditEvent, Role

TODAY = timezone.localdate()


def names(client, address: str = "/people/") -> set[str]:
    page = client.get(address).context["table"]
    return {str(row.cells[0].text) for row in page.rows}


def exported(client, address: str = "/people/?export=csv") -> list[dict[str, str]]:
    body = client.get(address).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


@pytest.fixture
def staff(alice, bob, charlie, student, officer):
    return alice, bob, charlie, student, officer


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("alice", {"Alice", "Bob"}),
        ("charlie", {"Charlie"}),
    ],
)
def test_a_head_sees_the_own_programme(who, seen, alice, bob, charlie, request, sign_in):
    assert names(sign_in(request.getfixturevalue(who))) == seen


def test_the_security_administrator_sees_everybody(secadmin, staff, sign_in):
    found = names(sign_in(secadmin))
    assert {"Alice", "Bob", "Charlie"} <= found
    assert len(found) == len(staff) + 1


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("role=teacher", {"Bob"}),
        ("q=ali", {"Alice"}),
        ("q=nobody", set()),
        ("role=no_such_role&q=bob", {"Bob"}),
        ("unit=not-a-uuid&q=bob", {"Bob"}),
    ],
)
def test_it_is_narrowed_by_role_and_words(query, seen, school_admin, staff, sign_in):
    assert names(sign_in(school_admin), f"/people/?{query}") == seen


def test_it_is_narrowed_to_a_unit_and_what_is_below_it(school_admin, staff, places, sign_in):
    client = sign_in(school_admin)
    for place in (places.department, places.programme):
        found = names(client, f"/people/?unit={place.uuid}")
        assert {"Alice", "Bob"} <= found
        assert school_admin.display_name not in found


def test_a_unit_of_another_school_is_no_choice(school_admin, staff, places, sign_in):
    found = names(sign_in(school_admin), f"/people/?unit={places.other_programme.uuid}")
    assert "Charlie" not in found
    assert "Alice" in found


def test_ended_roles_and_closed_accounts_show_when_asked_for(school_admin, alice, bob, places, sign_in):
    bob.memberships.update(ends=TODAY - dt.timedelta(days=1))
    alice.is_active = False
    alice.save()
    client = sign_in(school_admin)
    assert not {"Alice", "Bob"} & names(client)
    rows = {row["姓名"]: row["状态"] for row in exported(client, "/people/?past=1&export=csv")}
    assert rows["Bob"] == "已结束"
    assert rows["Alice"] == "已停用"


def test_a_role_that_ends_today_is_current(school_admin, bob, sign_in):
    bob.memberships.update(ends=TODAY)
    assert {row["姓名"]: row["状态"] for row in exported(sign_in(school_admin))}["Bob"] == "现任"


def test_a_person_with_two_roles_has_two_rows(school_admin, bob, places, sign_in):
    MembershipFactory(user=bob, organisation=places.department, role="adviser")
    roles = [row["角色"] for row in exported(sign_in(school_admin)) if row["姓名"] == "Bob"]
    assert sorted(roles) == sorted(["教师", "辅导员"])


def test_reading_and_exporting_are_on_record(school_admin, staff, sign_in):
    client = sign_in(school_admin)
    client.get("/people/?q=bob")
    assert AuditEvent.objects.get(action="people.read").detail == {"rows": 1, "page": 1}
    client.get("/people/?export=xlsx")
    entry = AuditEvent.objects.get(action="people.exported")
    assert (entry.detail["format"], entry.actor_id) == ("xlsx", school_admin.id)
    assert entry.detail["rows"] == 4


def test_a_head_reads_and_takes_no_file(alice, bob, sign_in):
    page = sign_in(alice).get("/people/?export=csv")
    assert page["Content-Type"].startswith("text/html")
    assert not AuditEvent.objects.filter(action="people.exported").exists()


def test_a_spreadsheet_holds_the_same_people(school_admin, staff, sign_in, tmp_path):
    path = tmp_path / "people.xlsx"
    client = sign_in(school_admin)
    path.write_bytes(client.get("/people/?export=xlsx").content)
    cells = [row for chunk in read(path, name="people.xlsx") for row in chunk.rows.to_pylist()]
    assert {row["用户名"] for row in cells} == {row["用户名"] for row in exported(client)}


def test_a_name_never_runs_as_a_formula(school_admin, places, sign_in):
    person_with(Role.TEACHER, places.school, display_name="=HYPERLINK(1)", username="sly")
    found = [row for row in exported(sign_in(school_admin)) if row["用户名"] == "sly"]
    assert found[0]["姓名"] == "'=HYPERLINK(1)"


def test_demo_people_are_labelled_in_files(school_admin, places, sign_in):
    client = sign_in(school_admin)
    assert "说明" not in exported(client)[0]
    guest = UserFactory(is_demo=True)
    MembershipFactory(user=guest, organisation=places.school, role="teacher")
    assert {row["说明"] for row in exported(client)} == {"演示数据"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_files_heads_follow_the_language(language, school_admin, sign_in):
    client = sign_in(school_admin)
    client.cookies["zq_language"] = language
    assert ("姓名" in exported(client)[0]) == (language == "zh-hans")


@pytest.mark.parametrize("order", ["name", "-name", "role", "unit", "-starts", "ends", "state", "nonsense"])
def test_every_order_keeps_everybody(order, school_admin, staff, sign_in):
    assert len(exported(sign_in(school_admin), f"/people/?order={order}&export=csv")) == 4


def test_nobody_yet_says_what_to_do(secadmin, sign_in):
    secadmin.memberships.update(role=Role.SECURITY_ADMIN)
    page = sign_in(secadmin).get("/people/?q=nobody-of-this-name")
    assert "没有符合条件的行" in page.content.decode()
