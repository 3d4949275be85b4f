"""Pay by source: quartiles per source, contradictions flagged by rule, guidelines beside postings, evidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.integration.platform.data.conftest import HEADER, Upload
from tests.integration.platform.data.sources_cast import NewSource
from zhiqiao.platform.data import wages
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.figures import pay_uuid, read_demand_uuid, read_pay_uuid
from zhiqiao.platform.data.models import GuidelineWage, JobPosting, JobRole, Source, WageTable
from zhiqiao.platform.data.selectors.pay import pay_by_role, pay_of_role
from zhiqiao.platform.data.uploads import Upload as Sent
from zhiqiao.platform.governance.api import Actor, AuditEvent, User

ActorOf = Callable[[User], Actor]
SignIn = Callable[[User], Client]
WAGES = (
    "职业名称,职业代码,地区,年份,低位数,中位数,高位数,单位\n"
    "软件开发,,巴中市,2025,3000,4000,5000,元/月\n"
    "封装工,,巴中市,2025年,36000,48000,60000,元/年\n"
    "泥瓦匠,,巴中市,2025,,4100,,元/月\n"
)


def rows(count: int, *, pay: str, mark: str) -> str:
    """Return postings of one post that differ in text, so that none is a duplicate."""
    return "".join(
        f"Python开发工程师{mark}{number},公司{mark}{number},任职要求：掌握Python。项目{mark}-{number * 7919}号，"
        f"{'甲乙丙丁戊己庚辛壬癸'[number % 10] * (number + 3)}。,成都,{pay},2026-01-05\n"
        for number in range(count)
    )


@pytest.fixture
def two_sources(alice: User, import_file: Upload) -> None:
    """Two sources whose pay for developers is far apart, 25 postings each."""
    import_file(alice, HEADER + rows(25, pay="4-6K", mark="a"))
    import_file(alice, HEADER + rows(25, pay="14-16K", mark="b"), name="b.csv", shared=True)


def sent(tmp_path: Path, text: str, name: str = "wages.csv") -> Sent:
    path = tmp_path / f"sent-{len(list(tmp_path.iterdir()))}"
    path.write_text(text, encoding="utf-8")
    return Sent(path, name, path.stat().st_size, f"{hash(text):064x}"[-64:])


@pytest.fixture
def guideline(new_source: NewSource) -> Source:
    """A source of guideline wages that the region sees."""
    return new_source(
        name="工资指导价位", kind="wage_guideline", is_shared=True, trust="A", trust_reason="人社局发布"
    )


def test_both_figures_stand_side_by_side_and_are_flagged(
    alice: User, two_sources: None, actor_of: ActorOf
) -> None:
    found = pay_of_role(actor_of(alice), "developer")
    assert sorted((figure.low, figure.median, figure.high, figure.postings) for figure in found.figures) == [
        (5000, 5000, 5000, 25),
        (15000, 15000, 15000, 25),
    ]
    assert [pair.difference for pair in found.conflicts] == [2.0]
    assert pay_by_role(actor_of(alice))[0].widest == 2.0


def test_few_postings_prove_no_contradiction(alice: User, import_file: Upload, actor_of: ActorOf) -> None:
    import_file(alice, HEADER + rows(25, pay="4-6K", mark="a"))
    import_file(alice, HEADER + rows(3, pay="14-16K", mark="b"), name="b.csv", shared=True)
    found = pay_of_role(actor_of(alice), "developer")
    assert (found.sources, found.conflicts) == (2, ())


def test_a_guideline_stands_beside_the_postings_and_contradicts(
    alice: User,
    olga: User,
    two_sources: None,
    guideline: Source,
    actor_of: ActorOf,
    tmp_path: Path,
    sign_in: SignIn,
) -> None:
    wages.import_table(actor_of(olga), guideline, sent(tmp_path, WAGES))
    found = pay_of_role(actor_of(alice), "developer")
    published = [figure for figure in found.figures if figure.is_guideline]
    assert [(figure.low, figure.median, figure.high, figure.trust) for figure in published] == [
        (3000, 4000, 5000, "A")
    ]
    # 5000 of the first source lies within 3000-5000; 15000 of the second does not
    assert {frozenset((pair.one.median, pair.other.median)) for pair in found.conflicts} == {
        frozenset((5000, 15000)),
        frozenset((4000, 15000)),
    }
    page = sign_in(alice).get(reverse("data:role_pay", args=["developer"])).content.decode()
    assert "工资指导价位" in page
    assert page.count("矛盾") >= 3


def test_a_yearly_wage_is_compared_by_the_month_and_shown_as_published(
    olga: User, guideline: Source, actor_of: ActorOf, tmp_path: Path
) -> None:
    wages.import_table(actor_of(olga), guideline, sent(tmp_path, WAGES))
    figure = pay_of_role(actor_of(olga), "packer").figures[0]
    assert (figure.low, figure.median, figure.high, figure.as_published) == (
        3000,
        4000,
        5000,
        "封装工 · 元/年",
    )


def test_the_newest_year_of_a_guideline_is_shown(
    olga: User, guideline: Source, actor_of: ActorOf, tmp_path: Path
) -> None:
    old = WAGES.replace("2025", "2024").replace("4000", "3500")
    wages.import_table(actor_of(olga), guideline, sent(tmp_path, WAGES))
    wages.import_table(actor_of(olga), guideline, sent(tmp_path, old, "old.csv"))
    assert [figure.median for figure in pay_of_role(actor_of(olga), "developer").figures] == [4000]


def test_a_private_guideline_is_not_seen_by_the_region(
    alice: User, olga: User, new_source: NewSource, actor_of: ActorOf, tmp_path: Path, sign_in: SignIn
) -> None:
    source = new_source(kind="wage_guideline")
    table = wages.import_table(actor_of(olga), source, sent(tmp_path, WAGES))
    assert pay_by_role(actor_of(alice)) == []
    assert sign_in(alice).get(reverse("data:wages", args=[table.uuid])).status_code == 404
    wage = GuidelineWage.objects.first()
    assert wage is not None
    assert sign_in(alice).get(reverse("evidence", args=["guideline_wage", wage.uuid])).status_code == 404


def test_the_evidence_of_a_figure_leads_to_the_postings_and_can_be_computed_again(
    alice: User, charlie: User, two_sources: None, sign_in: SignIn
) -> None:
    private = Source.objects.get(is_shared=False)
    uuid = pay_uuid(JobRole.objects.get(key="developer").pk, private.pk)
    address = reverse("evidence", args=["source_pay", uuid])
    page = sign_in(alice).get(address).content.decode()
    assert "5,000 元/月" in page
    assert str(JobPosting.objects.filter(posting_import__source=private).earliest("id").uuid) in page
    assert sign_in(charlie).get(address).status_code == 404


def test_identifiers_of_pay_are_read_back_and_are_no_demand() -> None:
    uuid = pay_uuid(7, 2**40)
    assert (read_pay_uuid(uuid), read_demand_uuid(uuid)) == ((7, 2**40), None)


@pytest.mark.parametrize(
    ("row", "field", "says"),
    [
        (",,巴中市,2025,1,2,3,元/月", "title", "名称"),
        ("钳工,,巴中市,二五,1,2,3,元/月", "year", "年份"),
        ("钳工,,巴中市,2025,1,,3,元/月", "median", "中位数"),
        ("钳工,,巴中市,2025,1,五千,3,元/月", "median", "金额"),
        ("钳工,,巴中市,2025,9,2,3,元/月", "median", "大小"),
        ("钳工,,巴中市,2025,1,2,3,元/日", "unit", "单位"),
        ("软件开发,,巴中市,2025,1,2,3,元/月", "title", "同一职业"),
    ],
)
def test_a_bad_row_is_named_and_the_good_ones_go_in(
    olga: User,
    guideline: Source,
    actor_of: ActorOf,
    tmp_path: Path,
    sign_in: SignIn,
    row: str,
    field: str,
    says: str,
) -> None:
    table = wages.import_table(actor_of(olga), guideline, sent(tmp_path, WAGES + row + "\n"))
    assert (table.rows_in, table.kept, len(table.rejected)) == (4, 3, 1)
    assert (table.rejected[0]["row"], table.rejected[0]["field"]) == (5, field)
    page = sign_in(olga).get(reverse("data:wages", args=[table.uuid])).content.decode()
    assert says in page
    assert reverse("data:wages_rejected", args=[table.uuid]) in page


def test_rejected_rows_can_be_taken_away_corrected_and_read_in(
    olga: User, alice: User, guideline: Source, actor_of: ActorOf, tmp_path: Path, sign_in: SignIn
) -> None:
    bad = "钳工,6-18,巴中市,2025,1,五千,9000,元/月\n"
    table = wages.import_table(actor_of(olga), guideline, sent(tmp_path, WAGES + bad))
    address = reverse("data:wages_rejected", args=[table.uuid])
    assert sign_in(alice).get(address).status_code == 404
    answer = sign_in(olga).get(address)
    text = answer.content.decode("utf-8-sig")
    assert "不是金额" in text
    assert AuditEvent.objects.get(action="wages.rejected_downloaded").detail["rows"] == 1
    again = wages.import_table(
        actor_of(olga), guideline, sent(tmp_path, text.replace("五千", "5000"), "b.csv")
    )
    assert (again.kept, again.rejected) == (1, [])
    wage = again.wages.get()
    assert (wage.title, wage.code, wage.place, wage.year) == ("钳工", "6-18", "巴中市", 2025)
    assert (wage.low, wage.median, wage.high) == (1, 5000, 9000)
    assert sign_in(olga).get(reverse("data:wages_rejected", args=[again.uuid])).status_code == 404


def test_one_source_alone_is_not_said_to_agree(alice: User, import_file: Upload, sign_in: SignIn) -> None:
    import_file(alice, HEADER + rows(25, pay="4-6K", mark="a"))
    client = sign_in(alice)
    page = client.get(reverse("data:conflicts")).content.decode()
    assert "够条数的来源不到两个" in page
    assert client.get(reverse("data:conflicts"), {"finding": "none"}).context["table"].total == 0
    assert client.get(reverse("data:conflicts"), {"finding": "single"}).context["table"].total == 1


@pytest.mark.parametrize(
    "text",
    ["职业,年份\n钳工,2025\n", "职业,年份,中位数,单位\n钳工,x,y,z\n"],
    ids=["no column", "no good row"],
)
def test_a_table_without_a_usable_row_leaves_nothing(
    olga: User, guideline: Source, actor_of: ActorOf, tmp_path: Path, text: str
) -> None:
    with pytest.raises(Refused):
        wages.import_table(actor_of(olga), guideline, sent(tmp_path, text))
    assert not WageTable.objects.exists()


def test_the_same_table_again_adds_nothing_and_removal_leaves_a_trace(
    olga: User, dora: User, guideline: Source, actor_of: ActorOf, tmp_path: Path, sign_in: SignIn
) -> None:
    first = wages.import_table(actor_of(olga), guideline, sent(tmp_path, WAGES))
    assert wages.import_table(actor_of(olga), guideline, sent(tmp_path, WAGES)) == first
    assert GuidelineWage.objects.count() == 3
    address = reverse("data:wages_remove", args=[first.uuid])
    assert sign_in(dora).post(address).status_code == 404
    assert sign_in(olga).post(address).status_code == 302
    assert not GuidelineWage.objects.exists()
    assert AuditEvent.objects.filter(action="wages.removed").exists()


def test_a_table_is_sent_on_the_page(
    olga: User, guideline: Source, sign_in: SignIn, new_source: NewSource
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = sign_in(olga)
    address = reverse("data:wages_new", args=[guideline.uuid])
    file = SimpleUploadedFile("工资.csv", WAGES.encode("gb18030"))
    done = client.post(address, {"file": file})
    assert done["Location"] == reverse("data:wages", args=[WageTable.objects.get().uuid])
    broken = client.post(address, {"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04 broken")})
    assert broken.status_code == 422
    assert client.get(reverse("data:wages_new", args=[new_source().uuid])).status_code == 404


def test_the_list_of_pay_opens_filters_and_exports(alice: User, two_sources: None, sign_in: SignIn) -> None:
    client = sign_in(alice)
    assert "矛盾" in client.get(reverse("data:conflicts")).content.decode()
    assert "Developer" not in client.get(reverse("data:conflicts") + "?finding=none").content.decode()
    export = client.get(reverse("data:conflicts") + "?export=csv").content.decode("utf-8-sig")
    assert "矛盾" in export
