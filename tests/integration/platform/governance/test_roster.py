"""A roster of people: dry run with a reason per row, then all or nothing."""

from __future__ import annotations

import io
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone, translation

from tests.factories import OrganisationFactory, person_with
from zhiqiao.engines.tabular import write_xlsx
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.actions.invitations import set_password_by_link
from zhiqiao.platform.governance.actions.roster import import_roster
from zhiqiao.platform.governance.errors import Refused
from zhiqiao.platform.governance.models import Membership, Role, User
from zhiqiao.platform.governance.roster import check_roster

HEAD = "姓名,用户名,邮箱,角色,单位编号,起始日期,结束日期\n"
NOW = timezone.now()


@pytest.fixture
def admin(school_admin, actor_of):
    return actor_of(school_admin)


@pytest.fixture
def roster(tmp_path, admin):
    def _roster(text: str, *, head: str = HEAD, encoding: str = "utf-8"):
        path = tmp_path / "people.csv"
        path.write_bytes((head + text).encode(encoding))
        return path

    return _roster


def check(admin, path):
    return check_roster(admin, path, name="people.csv", today=timezone.localdate(NOW))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_good_roster_is_read(roster, admin, encoding):
    path = roster("张三,zhangsan,z@example.org,教师,programme-a,2026-09-01,\n", encoding=encoding)
    found = check(admin, path)
    assert found.errors == []
    assert (found.rows[0].username, found.rows[0].role) == ("zhangsan", "teacher")
    assert not User.objects.filter(username="zhangsan").exists()


def test_english_columns_and_role_keys_are_read(roster, admin):
    head = "Full name,Username,E-mail,Role,Unit key,Start date,End date\n"
    found = check(admin, roster("Zhang San,zhangsan,,teacher,school-a,,2027-01-01\n", head=head))
    assert found.errors == []


@pytest.mark.parametrize(
    ("line", "column", "part"),
    [
        (",a1,,教师,school-a,,", "姓名", "不能为空"),
        ("甲,,,教师,school-a,,", "用户名", "不能为空"),
        ("甲,a b,,教师,school-a,,", "用户名", "字母"),
        ("甲,alice,,教师,school-b,,", "单位编号", "school-b"),
        ("甲,a1,,教师,nowhere,,", "单位编号", "nowhere"),
        ("甲,a1,,校长,school-a,,", "角色", "校长"),
        ("甲,a1,,教育局人员,school-a,,", "角色", "不能"),
        ("甲,a1,,安全管理员,school-a,,", "角色", "不能"),
        ("甲,a1,not-a-mail,教师,school-a,,", "邮箱", "有效"),
        ("甲,a1,,教师,school-a,下周,", "起始日期", "2026-09-01"),
        ("甲,a1,,教师,school-a,2026-09-01,2026-08-01", "结束日期", "早于"),
        ("甲,charlie,,教师,school-a,,", "用户名", "已被使用"),
        ("甲,a1,charlie@example.org,教师,school-a,,", "邮箱", "已被使用"),
        ("甲,bob,,教师,programme-a,,", "角色", "已有"),
    ],
)
def test_a_wrong_row_names_row_field_and_reason(roster, admin, bob, charlie, line, column, part):
    found = check(admin, roster(f"好人,good,,教师,school-a,,\n{line}\n"))
    assert [row.username for row in found.rows] == ["good"]
    assert len(found.errors) == 1
    assert found.errors[0].field == column
    assert part in found.errors[0].reason
    assert found.errors[0].row == found.rows[0].row + 1


def test_the_same_name_twice_names_the_other_row(roster, admin):
    found = check(admin, roster("甲,same,,教师,school-a,,\n乙,same,,教师,school-a,,\n"))
    assert len(found.errors) == 1
    assert str(found.rows[0].row) in found.errors[0].reason


def test_a_missing_column_is_named(roster, admin):
    found = check(admin, roster("张三,zhangsan\n", head="姓名,用户名\n"))
    assert {error.field for error in found.errors} == {"角色", "单位编号"}


def test_nothing_is_written_when_one_row_is_wrong(roster, admin):
    path = roster("好人,good,,教师,school-a,,\n坏人,bad,,校长,school-a,,\n")
    with pytest.raises(Refused):
        import_roster(admin, path, name="people.csv", now=NOW)
    assert not User.objects.filter(username="good").exists()


def test_new_people_get_a_link_and_known_ones_a_role(roster, admin, bob):
    path = roster("新人,newcomer,,教师,school-a,,\n鲍勃,bob,,辅导员,school-a,,\n")
    accounts = {row.username: row.token for row in import_roster(admin, path, name="people.csv", now=NOW)}
    assert accounts["bob"] == ""
    user = set_password_by_link(accounts["newcomer"], password="correct horse battery", address="", now=NOW)
    assert user.username == "newcomer"
    assert set(bob.memberships.values_list("role", flat=True)) == {"teacher", "adviser"}


def test_the_whole_way_in_the_browser(school_admin, sign_in):
    buffer = io.BytesIO()
    columns = HEAD.strip().split(",")
    write_xlsx(buffer, columns, [["张三", "zhangsan", "", "教师", "school-a", "2026-09-01", ""]], title="x")
    client = sign_in(school_admin)
    page = client.post("/people/import/", {"file": SimpleUploadedFile("people.xlsx", buffer.getvalue())})
    assert "张三" in page.content.decode()
    assert not User.objects.filter(username="zhangsan").exists()
    page = client.post("/people/import/commit/")
    assert "/invitations/" in page.content.decode()
    assert User.objects.get(username="zhangsan").memberships.get().role == "teacher"
    assert client.post("/people/import/commit/").status_code == 302


def test_the_template_reads_back_without_a_missing_column(school_admin, sign_in, admin, tmp_path):
    path = tmp_path / "people.xlsx"
    path.write_bytes(sign_in(school_admin).get("/people/import/template.xlsx").content)
    found = check_roster(admin, path, name="people.xlsx", today=timezone.localdate(NOW))
    assert found.errors == []
    assert len(found.rows) == 1


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 50, b"PK\x03\x04 broken"])
def test_a_file_that_is_no_table_gets_a_sentence(content, school_admin, sign_in):
    page = sign_in(school_admin).post("/people/import/", {"file": SimpleUploadedFile("people.xlsx", content)})
    assert page.status_code == 200
    assert page.context["form"].errors["file"]


def test_everything_wrong_with_a_row_is_said_at_once(roster, admin):
    found = check(admin, roster("甲,a b,not-a-mail,校长,nowhere,下周,明年\n"))
    assert {error.field for error in found.errors} == {
        "用户名",
        "邮箱",
        "角色",
        "单位编号",
        "起始日期",
        "结束日期",
    }
    assert {error.row for error in found.errors} == {2}
    assert found.rows == []


def test_an_empty_cell_is_named_once(roster, admin):
    found = check(admin, roster(",,,,,,\n甲,,,,,,\n"))
    counted = [(error.row, error.field) for error in found.errors]
    assert len(counted) == len(set(counted))
    assert (3, "用户名") in counted


def test_errors_come_in_the_order_of_the_rows_in_either_language(roster, admin):
    path = roster("甲,a b,,教师,school-a,,\n乙,good,,教师,nowhere,,\n")
    with translation.override("en"):
        found = check(admin, path)
    assert [(error.row, error.field) for error in found.errors] == [(2, "User name"), (3, "Unit key")]
    assert not any("\u4e00" <= sign <= "\u9fff" for error in found.errors for sign in error.reason)


def test_a_closed_unit_and_a_unit_of_others_are_equally_unknown(roster, admin, places):
    places.department.is_active = False
    places.department.save()
    lines = "甲,a1,,教师,department-a,,\n乙,a2,,教师,department-b,,\n丙,a3,,教师,no-such-unit,,\n"
    reasons = [error.reason for error in check(admin, roster(lines)).errors]
    keys = ("department-a", "department-b", "no-such-unit")
    assert len({reason.replace(key, "") for reason, key in zip(reasons, keys, strict=True)}) == 1


def test_two_imports_of_one_roster_at_once_write_it_once(transactional_db, tmp_path):
    school = OrganisationFactory(key="school-x")
    path = tmp_path / "people.csv"
    path.write_text(HEAD + "".join(f"人{n},person-x{n},,教师,school-x,,\n" for n in range(5)), "utf-8")
    gate = threading.Barrier(2)
    refused: list[str] = []

    def run() -> None:
        try:
            gate.wait()
            import_roster(Actor.system(), path, name="people.csv", now=NOW)
        except Refused as fault:
            refused.append(str(fault))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Membership.objects.filter(organisation=school).count() == 5


def test_a_file_as_large_as_no_roster_is_refused_unread(school_admin, sign_in):
    big = SimpleUploadedFile("people.csv", b"x" * (20 * 1024**2 + 1))
    page = sign_in(school_admin).post("/people/import/", {"file": big})
    assert "20 MB" in str(page.context["form"].errors["file"])


def test_what_changed_between_check_and_writing_stops_it(school_admin, sign_in, places):
    client = sign_in(school_admin)
    content = (HEAD + "张三,zhangsan,,教师,department-a,,\n").encode()
    client.post("/people/import/", {"file": SimpleUploadedFile("people.csv", content)})
    places.department.is_active = False
    places.department.save()
    page = client.post("/people/import/commit/")
    assert page.status_code == 409
    assert "没有写入任何数据" in page.content.decode()
    assert not User.objects.filter(username="zhangsan").exists()


def test_nobody_commits_what_somebody_else_checked(school_admin, places, sign_in):
    content = (HEAD + "张三,zhangsan,,教师,school-a,,\n").encode()
    sign_in(school_admin).post("/people/import/", {"file": SimpleUploadedFile("people.csv", content)})
    other = sign_in(person_with(Role.SCHOOL_ADMIN, places.other_school))
    assert other.post("/people/import/commit/")["Location"] == "/people/import/"
    assert not User.objects.filter(username="zhangsan").exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("word", ["教师", "Teacher", "teacher", "TEACHER", "专业负责人", "programme head"])
def test_a_role_is_known_in_either_language_whatever_the_reader_speaks(word, language, roster, admin):
    with translation.override(language):
        found = check(admin, roster(f"甲,a1,,{word},school-a,,\n"))
    assert [row.role for row in found.rows] in (["teacher"], ["programme_head"])
