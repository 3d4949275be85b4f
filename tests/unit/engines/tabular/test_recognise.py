"""Recognition of columns by name, part of a name and content, with the vocabulary that ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhiqiao import packs
from zhiqiao.engines.tabular import fold_name, inspect, read, read_vocabulary, recognise

ROOT = Path(packs.__file__).parent
VOCABULARY = read_vocabulary(ROOT / "common" / "intake" / "posting_columns.csv")
JOBS = Path(__file__).parents[5] / "shared" / "data" / "jobs"

TARGETS = [
    *("id", "title", "text", "tags", "company", "city", "district", "salary", "salary_min", "salary_max"),
    *("experience", "diploma", "exp_edu", "published", "industry", "company_type", "company_size", "welfare"),
    *("query", "url"),
]


def matched(columns: list[str], samples: list[dict[str, str]] | None = None) -> dict[str, str]:
    """Return target → column."""
    return {target: match.source for target, match in recognise(columns, samples or [], VOCABULARY).items()}


def test_vocabulary_has_every_target_and_no_name_twice() -> None:
    assert list(VOCABULARY) == TARGETS
    folded = [
        (fold_name(name), target)
        for target, names in VOCABULARY.items()
        for name in set(map(fold_name, names))
    ]
    assert len({name for name, _ in folded}) == len(folded)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            "position,company,city,district,diploma_requirement,wage_min,wage_max,experience,industry,welfare,size,"
            "company_type,query_language,description",
            "title,company,city,district,diploma,salary_min,salary_max,experience,industry,welfare,company_size,"
            "company_type,query,text",
        ),
        (
            "title,salary,tags,company,industry,company_type,company_size,location,query",
            "title,salary,tags,company,industry,company_type,company_size,city,query",
        ),
        (
            "source,title,company,industry,salary,location,exp_edu,description",
            "-,title,company,industry,salary,city,exp_edu,text",
        ),
        (
            "职位名称,公司名称,工作地点,薪资,发布日期,学历要求,经验要求,公司性质,公司规模,所属行业,职位描述,公司福利",
            "title,company,city,salary,published,diploma,experience,company_type,company_size,industry,text,welfare",
        ),
        (
            "岗位名称,岗位描述,企业名称,城市,区县,最低薪资,最高薪资,更新时间,最低学历,工作年限,职位链接,关键字",
            "title,text,company,city,district,salary_min,salary_max,published,diploma,experience,url,tags",
        ),
        (
            "positionName,companyFullName,city,salary,workYear,education,positionAdvantage,industryField,financeStage,"
            "companySize,createTime,skillLabels,positionId",
            "title,company,city,salary,experience,diploma,welfare,industry,company_type,company_size,published,tags,id",
        ),
        ("序号,招聘岗位,任职要求,招聘单位,薪资待遇,工作城市", "id,title,text,company,salary,city"),
        ("Job Title,Job Description,Company Name,Location", "title,text,company,city"),
        (" 职位_名称 ,薪资（元/月）,【公司】,ＵＲＬ", "title,salary,company,url"),
        ("id,title,text", "id,title,text"),
    ],
)
def test_columns_of_usual_exports_are_recognised(columns: str, expected: str) -> None:
    names = columns.split(",")
    pairs = zip(expected.split(","), names, strict=True)
    assert matched(names) == {target: name for target, name in pairs if target != "-"}


def test_a_name_inside_a_longer_one_counts_less_than_the_name_itself() -> None:
    found = recognise(["最新招聘岗位名称", "岗位职责描述"], [], VOCABULARY)
    assert {target: match.source for target, match in found.items()} == {
        "title": "最新招聘岗位名称",
        "text": "岗位职责描述",
    }
    assert all(0.5 < match.confidence < 0.95 and match.why == "part_of_name" for match in found.values())


def test_a_company_address_is_not_the_company() -> None:
    assert "company" not in matched(["公司地址"])


def test_nameless_columns_are_recognised_by_their_content() -> None:
    samples = [
        {
            "a": "负责公司财务核算、报表编制与税务申报，熟练使用财务软件。" * 3,
            "b": "6.9-8.9千·13薪",
            "c": "https://example.com/job/1",
            "d": "2024-05-06",
            "e": "本科及以上",
            "f": "3-5年经验",
            "g": "x",
        }
    ] * 5
    found = recognise(list("abcdefg"), samples, VOCABULARY)
    assert {target: match.source for target, match in found.items()} == {
        "text": "a",
        "salary": "b",
        "url": "c",
        "published": "d",
        "diploma": "e",
        "experience": "f",
    }
    assert {match.why for match in found.values()} == {"content"}


def test_content_does_not_overrule_a_name() -> None:
    samples = [{"text": "short", "remark": "long " * 40}]
    assert matched(["text", "remark"], samples) == {"text": "text"}


@pytest.mark.parametrize(
    ("name", "rows", "text"),
    [
        ("it4cities_2019.csv.gz", 31_428, "description"),
        ("tags10jobs_2024.csv.gz", 59_418, None),
        ("horticulture_2020.csv.gz", 358, "description"),
    ],
)
def test_real_files_are_recognised_and_read_whole(name: str, rows: int, text: str | None) -> None:
    path = JOBS / name
    if not path.exists():
        pytest.skip("the shared job data is not beside the project")
    info = inspect(path)
    found = matched(list(info.columns), list(info.preview))
    assert found["title"] in {"title", "position"}
    assert found.get("text") == text
    assert 0.4 * rows < info.estimated_rows < 2.5 * rows
    chunks = list(read(path))
    assert sum(chunk.rows.num_rows for chunk in chunks) == rows
    assert not any(chunk.errors for chunk in chunks)
