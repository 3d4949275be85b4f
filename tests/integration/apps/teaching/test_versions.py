"""Versions: begun from a course table, a file, last year's plan; submitted, approved, in force; compared."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from tests.integration.apps.teaching.conftest import EXAMPLE, NOW
from zhiqiao.apps.teaching import selectors
from zhiqiao.apps.teaching.columns import parts
from zhiqiao.apps.teaching.comparing import difference
from zhiqiao.apps.teaching.demo import load_demo_plans
from zhiqiao.apps.teaching.document import HEAD, document_of, plan_of
from zhiqiao.apps.teaching.errors import BadStart, NotReady
from zhiqiao.apps.teaching.models import Origin, PlanRow, PlanVersion, VersionState
from zhiqiao.apps.teaching.operations import put
from zhiqiao.apps.teaching.starting import Wish, revise, start
from zhiqiao.apps.teaching.steps import close_point, take_step
from zhiqiao.apps.teaching.storing import load
from zhiqiao.engines import planfiles, plans
from zhiqiao.packs import common_file
from zhiqiao.platform.data.models import Course, Module, Programme
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import User

ActorOf = Callable[[User], Actor]


def test_last_years_plan_is_copied_with_open_points_and_the_way_to_force(
    draft: PlanVersion, programme: Programme, alice: User, school_admin: User, actor_of: ActorOf
) -> None:
    head, admin = actor_of(alice), actor_of(school_admin)
    old = plan_of(load(draft).document)
    copy = start(Wish(programme.uuid, 2027, Origin.LAST_YEAR), acting=head, now=NOW)
    found = plan_of(load(copy).document)
    assert found.entry_year == 2027
    assert found.courses == old.courses
    assert found.procedure is not None
    assert (found.procedure.decision, found.procedure.panel) == (None, old.procedure and old.procedure.panel)
    assert copy.based_on == draft
    points = list(copy.points.all())
    assert {"survey", "procedure", "directory"} <= {point.kind for point in points}
    with pytest.raises(NotReady):
        take_step(copy.uuid, "submit", acting=head, now=NOW)
    for point in points:
        close_point(point.uuid, acting=head, now=NOW)
    row = PlanRow.objects.get(version=copy, table=HEAD)
    row.content = put(row.content, ["orientation", "specialty_class"], None)
    row.save()
    take_step(copy.uuid, "submit", acting=head, now=NOW)
    with pytest.raises(NotReady, match="TP-05"):
        take_step(copy.uuid, "approve", acting=admin, now=NOW)
    with pytest.raises(NotReady):
        take_step(copy.uuid, "return", acting=admin, now=NOW)
    take_step(copy.uuid, "return", acting=admin, now=NOW, reason="补论证纪要")

    take_step(draft.uuid, "submit", acting=head, now=NOW)
    take_step(draft.uuid, "approve", acting=admin, now=NOW)
    take_step(draft.uuid, "put_in_force", acting=admin, now=NOW)
    second = revise(draft.uuid, acting=head, now=NOW)
    take_step(second.uuid, "submit", acting=head, now=NOW)
    PlanVersion.objects.filter(pk=second.pk).update(state=VersionState.APPROVED)
    take_step(second.uuid, "put_in_force", acting=admin, now=NOW)
    draft.refresh_from_db()
    assert draft.state == VersionState.SUPERSEDED


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{", "JSON"),
        (EXAMPLE.replace('"entry_year": 2026', '"entry_year": 2020'), "2020"),
        (EXAMPLE.replace('"510203"', '"430601"'), "430601"),
        (EXAMPLE.replace('"level": "higher"', '"level": "secondary"'), "层次"),
    ],
    ids=["no-json", "year", "code", "level"],
)
def test_a_file_of_another_plan_is_named_and_nothing_is_begun(
    text: str, word: str, programme: Programme, alice: User, actor_of: ActorOf
) -> None:
    with pytest.raises(BadStart, match=word):
        start(Wish(programme.uuid, 2026, Origin.FILE, text.encode()), acting=actor_of(alice), now=NOW)
    assert not PlanVersion.objects.exists()


def test_the_demo_begins_a_plan_from_each_course_table_once(programme: Programme) -> None:
    Programme.objects.update(is_demo=True)
    course = Course.objects.create(
        org_root_id=programme.org_root_id,
        programme=programme,
        key="software-c01",
        name_zh="公共艺术（限选）",
        name_en="Arts",
        category="elective",
        term=2,
    )
    for number in (1, 2):
        Module.objects.create(
            org_root_id=programme.org_root_id,
            course=course,
            key=f"m{number}",
            name_zh="",
            name_en="",
            theory_hours=10,
            practice_hours=6,
        )
    assert (load_demo_plans(now=NOW), load_demo_plans(now=NOW)) == (1, 0)
    (row,) = plan_of(load(PlanVersion.objects.get()).document).courses or ()
    assert row == plans.Course(
        "c01",
        name="公共艺术（限选）",
        category=plans.Category.PUBLIC_BASIC,
        choice=plans.Choice.LIMITED,
        hours=32,
        theory=20,
        practice=12,
        activities={plans.Activity.LECTURE: 20, plans.Activity.LAB: 12},
        terms=(plans.CourseTerm(2, hours=32),),
        tags=("美育", "公共艺术"),
    )


def test_a_difference_names_rows_fields_and_sums() -> None:
    old = plans.read_plan(EXAMPLE)
    courses = list(old.courses or ())
    courses[0] = replace(courses[0], credits=Decimal("9.5"))
    courses[1] = replace(courses[1], key="new-code")
    courses = [*courses[:-1], plans.Course("x1", name="新课", hours=10)]
    new = replace(old, courses=tuple(courses), years=4)
    found = difference(document_of(old), document_of(new), parts([1], "zh"), on=date(2026, 11, 1))
    assert [(one.label, one.before, one.after) for one in found.fields] == [("修业年限（年）", "3", "4")]
    (table,) = (one for one in found.tables if one.title == "课程表")
    assert (table.added, table.removed, table.changed) == (1, 1, 2)
    told = {row.key: {one.label: (one.before, one.after) for one in row.fields} for row in table.rows}
    assert told[courses[0].key] == {"学分": (str((old.courses or ())[0].credits), "9.5")}
    assert told["new-code"] == {"课程代码": ((old.courses or ())[1].key, "new-code")}
    assert [one.label for one in found.sums][:3] == ["课程", "总学时", "总学分"]


def test_pages_show_the_plan_and_how_to_begin_one(
    programme: Programme,
    alice: User,
    bob: User,
    sign_in: Callable[[User], Client],
) -> None:
    client, plans_url = sign_in(alice), reverse("teaching:plans")
    assert "还没有人才培养方案，可以开始一份" in client.get(plans_url).content.decode()
    assert "开始编写" not in sign_in(bob).get(plans_url).content.decode()
    wish = {"programme": str(programme.uuid), "year": "2026", "origin": "nothing"}
    assert client.post(reverse("teaching:start"), {**wish, "year": "1900"}).status_code == 422
    answer = client.post(reverse("teaching:start"), wish)
    row = PlanVersion.objects.get()
    assert answer["Location"] == reverse("teaching:editor", args=[row.uuid])
    editor = client.get(answer["Location"])
    assert editor.status_code == 200
    assert "TP-02" in editor.content.decode()
    assert client.post(reverse("teaching:start"), wish).status_code == 422
    assert (
        plans.read_plan(client.get(reverse("teaching:file", args=[row.uuid, "json"])).content.decode()).years
        == 3
    )


def test_a_plan_goes_out_as_workbook_and_document_equal_to_what_is_kept(
    programme: Programme, alice: User, charlie: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(alice)
    wish = {"programme": str(programme.uuid), "origin": "file"}
    own = replace(plans.read_plan(EXAMPLE), programme=None, level=None, entry_year=None)
    begun = client.post(
        reverse("teaching:start"),
        {**wish, "year": "2026", "file": SimpleUploadedFile("plan.json", plans.plan_json(own).encode())},
    )
    assert begun.status_code == 302
    row = PlanVersion.objects.get()
    kept = plans.read_plan(client.get(reverse("teaching:file", args=[row.uuid, "json"])).content.decode())
    words = planfiles.read_words(common_file("curriculum", "plan_format.toml"))
    for kind in ("xlsx", "docx"):
        address = reverse("teaching:file", args=[row.uuid, kind])
        data = client.get(address).content
        assert planfiles.import_plan(data, words, name="x").plan == kept
        assert sign_in(charlie).get(address).status_code == 404
        file = SimpleUploadedFile(f"plan.{kind}", data)
        other_year = client.post(reverse("teaching:start"), {**wish, "year": "2027", "file": file})
        assert "2026 级的方案" in other_year.content.decode()
    assert client.get(reverse("teaching:file", args=[row.uuid, "pdf"])).status_code == 404
    broken = SimpleUploadedFile("plan.xlsx", b"PK\x03\x04 broken")
    told = client.post(reverse("teaching:start"), {**wish, "year": "2027", "file": broken})
    assert (told.status_code, "文件读不出培养方案" in told.content.decode()) == (422, True)


def test_what_a_file_of_people_left_open_must_be_looked_at(
    programme: Programme, alice: User, sign_in: Callable[[User], Client]
) -> None:
    """A course whose hours are no number comes without them, and an open point says where that stood."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["课程代码", "课程名称", "课程性质", "学时", "理论", "实践", "学分", "1", "2"])
    sheet.append(["A1", "语文", "必修", "约60", 40, 20, 4, 2, 2])
    stream = io.BytesIO()
    book.save(stream)
    client = sign_in(alice)
    file = SimpleUploadedFile("方案.xlsx", stream.getvalue())
    wish = {"programme": str(programme.uuid), "year": "2026", "origin": "file", "file": file}
    assert client.post(reverse("teaching:start"), wish).status_code == 302
    row = PlanVersion.objects.get()
    texts = [point.text for point in selectors.points(row)]
    assert any(text.startswith("文件里没有采用：") and "约60" in text for text in texts)
    assert "待核对事项" in client.get(reverse("teaching:editor", args=[row.uuid])).content.decode()
