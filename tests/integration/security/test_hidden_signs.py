"""Signs nobody sees and names that are formulas or markup: refused or shown as text, never an error of ours."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.integration.apps.evaluation.conftest import olive
from tests.integration.platform.data.competency.conftest import (
    acting,
    dictionary_alone,
    expert,
    keeper,
    skills,
    skills_world,
    trades,
)
from tests.integration.platform.data.competency.test_frameworks import draft, publish
from tests.integration.platform.data.conftest import pack
from tests.integration.platform.data.supply.conftest import ActorOf, facts, programme
from zhiqiao.apps.evaluation.models import WeightStudy
from zhiqiao.engines import tabular
from zhiqiao.infra.text import is_plain
from zhiqiao.platform.data.competency import drafting
from zhiqiao.platform.data.models import (
    Dimension,
    FrameworkVersion,
    Programme,
    ProgrammeYear,
    TrainingCondition,
)
from zhiqiao.platform.data.supply import importing
from zhiqiao.platform.data.supply.conditions import ConditionFacts, save_condition
from zhiqiao.platform.data.supply.targets import TARGETS
from zhiqiao.platform.data.supply.years import save_year
from zhiqiao.platform.governance.api import Actor, User

__all__ = [
    "acting",
    "dictionary_alone",
    "draft",
    "expert",
    "keeper",
    "olive",
    "pack",
    "programme",
    "skills",
    "skills_world",
    "trades",
]
SignIn = Callable[[User], Client]
HIDDEN = ["a\x00b", "a\x1bb", "\u202egnp.exe", "a\u2066b"]
FORMULAS = ['=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "＝1+1"]


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Cf"])))
def test_what_people_can_see_is_plain(text: str) -> None:
    assert is_plain(text + "\n\r\t")


@pytest.mark.parametrize("text", HIDDEN)
def test_what_nobody_sees_is_not_plain(text: str) -> None:
    assert not is_plain(text)


@pytest.mark.parametrize("text", HIDDEN)
def test_a_condition_with_hidden_signs_is_refused(
    alice: User, programme: Programme, sign_in: SignIn, text: str
) -> None:
    form = {"programme": programme.pk, "name": text, "unit": "条", "version": "0"}
    assert sign_in(alice).post(reverse("data:condition_new"), form).status_code == 422
    assert not TrainingCondition.objects.exists()


@pytest.mark.parametrize("text", HIDDEN)
@pytest.mark.parametrize("field", ["name_zh", "part", "to", "skill", "target", "seen", "at"])
def test_an_edit_of_a_framework_with_hidden_signs_changes_nothing(
    draft: FrameworkVersion, keeper: User, sign_in: SignIn, field: str, text: str
) -> None:
    dimension = Dimension.objects.get()
    url = reverse("data:framework_edit", args=[draft.uuid])
    client = sign_in(keeper)
    for verb in ("rename", "add_skill", "remove_skill", "move_skill"):
        form = {
            "verb": verb,
            "part": str(dimension.uuid),
            "name_zh": "甲",
            "seen": str(draft.edition),
            "skill": "x",
        }
        assert client.post(url, {**form, field: text}).status_code < 500
    dimension.refresh_from_db()
    assert dimension.name_zh == "园艺"


@pytest.mark.parametrize("seen", ["²", "٣", "1" * 400, "-1", ""])
def test_an_edition_that_is_no_number_changes_nothing(
    draft: FrameworkVersion, keeper: User, sign_in: SignIn, seen: str
) -> None:
    client = sign_in(keeper)
    for name in ("framework_edit", "framework_publish", "framework_discard"):
        form = {"verb": "add_dimension", "name_zh": "甲", "seen": seen}
        assert client.post(reverse(f"data:{name}", args=[draft.uuid]), form).status_code < 500
    assert Dimension.objects.count() == 1


@pytest.mark.parametrize("text", HIDDEN)
@pytest.mark.parametrize("field", ["title", "purpose", "items"])
def test_a_weight_study_with_hidden_signs_is_refused(
    olive: User, sign_in: SignIn, field: str, text: str
) -> None:
    form = {
        "title": "研究",
        "purpose": "",
        "kind": "ahp",
        "items": "甲\n乙",
        "highest": "5",
        field: f"{text}\n丙",
    }
    assert sign_in(olive).post(reverse("evaluation:study_new"), form).status_code in {200, 422}
    assert not WeightStudy.objects.exists()


@pytest.mark.parametrize("formula", FORMULAS)
def test_exports_hold_formulas_as_text(
    alice: User, programme: Programme, actor_of: ActorOf, sign_in: SignIn, formula: str
) -> None:
    save_year(actor_of(alice), programme, facts(source=formula.strip()), year=2025)
    save_condition(actor_of(alice), programme, ConditionFacts(formula.strip(), "条", None, None, "", ""))
    for page in ("data:supply_years", "data:supply_conditions"):
        _no_formula(sign_in(alice), reverse(page))


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_framework_s_export_holds_formulas_as_text(
    draft: FrameworkVersion, acting: Actor, keeper: User, sign_in: SignIn, formula: str
) -> None:
    drafting.rename_part(acting, draft.uuid, Dimension.objects.get().uuid, formula, seen=None)
    publish(acting, draft)
    _no_formula(sign_in(keeper), reverse("data:framework_export", args=[draft.uuid]))


def _no_formula(client: Client, url: str) -> None:
    book = load_workbook(io.BytesIO(client.get(f"{url}?export=xlsx").content))
    assert [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    ] == []
    text = client.get(f"{url}?export=csv").content.decode("utf-8-sig")
    cells = [cell.strip('"') for line in text.splitlines() for cell in line.split(",")]
    assert not any(cell[:1] in {"=", "+", "@", "＝", "\t"} for cell in cells)


def test_rows_that_came_back_hold_formulas_as_text(
    alice: User, programme: Programme, sign_in: SignIn
) -> None:
    client, url = sign_in(alice), reverse("data:condition_import")
    text = "专业,名称,单位\nceramics,=1+1,\n"
    client.post(url, {"file": SimpleUploadedFile("=x.csv", text.encode())})
    left = client.get(url + "?rejected=1").content.decode("utf-8-sig")
    assert "'=1+1" in left
    assert ",=1+1" not in left


def test_markup_in_a_name_is_shown_as_text(
    alice: User, programme: Programme, actor_of: ActorOf, sign_in: SignIn
) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    save_condition(actor_of(alice), programme, ConditionFacts(evil, "条", None, None, "", ""))
    page = sign_in(alice).get(reverse("data:supply_conditions")).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("kind", ["rows", "columns", "cell", "packed"])
def test_a_table_that_blows_up_is_refused(
    alice: User, programme: Programme, sign_in: SignIn, tmp_path: Path, kind: str
) -> None:
    head = "专业,年份,招生人数,来源\n"
    data = {
        "rows": (head + "ceramics,2024,1,x\n" * 6_000).encode(),
        "columns": (",".join(f"c{number}" for number in range(300)) + "\n" + "1," * 299 + "1\n").encode(),
        "cell": (head + "ceramics,2024,1," + "x" * 3_000 + "\n").encode(),
        "packed": gzip.compress(head.encode() + b"ceramics,2024,1,x\n" * 2_000_000),
    }[kind]
    answer = sign_in(alice).post(reverse("data:supply_import"), {"file": SimpleUploadedFile("t.csv", data)})
    assert answer.status_code in {200, 422}
    assert not ProgrammeYear.objects.exists()
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    target = TARGETS["supply.year"](Actor.system())
    if kind == "cell":
        assert importing.check(target, path, name="t.csv").faults
    else:
        with pytest.raises(tabular.TableError):
            importing.check(target, path, name="t.csv")
