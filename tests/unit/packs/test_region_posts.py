"""Checks industries, chain links and posts of the Bazhong pack against each other and the taxonomy."""

from __future__ import annotations

import csv
import gzip
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
PACKS = REPOSITORY / "src" / "zhiqiao" / "packs"
REGION = PACKS / "bazhong"
SKILLS = PACKS / "common" / "skills"
OCCUPATIONS = REPOSITORY.parent / "shared" / "data" / "jobs" / "csco_2022.csv.gz"

HEADERS = {
    "industries": ["id", "zh", "en", "lead", "sort"],
    "chain_links": ["id", "industry", "zh", "en"],
    "job_roles": [
        "id",
        "chain_link",
        "zh",
        "en",
        "title_patterns",
        "occupation_code",
        "occupation_name",
        "skills",
    ],
}
IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]*")
OCCUPATION_CODE = re.compile(r"\d-\d{2}-\d{2}-\d{2}")
SKILLS_PER_POST = (12, 25)
WEIGHTS = (0.05, 0.9)
MINIMUM_POSTS = 45

Rows = list[dict[str, str]]


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def weights(post: dict[str, str]) -> list[tuple[str, float]]:
    pairs = [entry.split(":") for entry in post["skills"].split("|")]
    return [(skill, float(weight)) for skill, weight in pairs]


def post_of(title: str, posts: Rows) -> str | None:
    """Return the post with the longest pattern inside the title, as the folding rule of the file says."""
    found = [
        (len(fold(pattern)), post["id"])
        for post in posts
        for pattern in post["title_patterns"].split("|")
        if fold(pattern) in fold(title)
    ]
    return max(found)[1] if found else None


@pytest.fixture(scope="module")
def industries() -> Rows:
    return read(REGION / "industries.csv")


@pytest.fixture(scope="module")
def chain_links() -> Rows:
    return read(REGION / "chain_links.csv")


@pytest.fixture(scope="module")
def posts() -> Rows:
    return read(REGION / "job_roles.csv")


@pytest.fixture(scope="module")
def skill_ids() -> set[str]:
    paths = [path for path in SKILLS.glob("*.csv") if path.stem != "categories"]
    return {row["id"] for path in paths for row in read(path)}


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_file_has_the_agreed_header_and_full_rows(name: str) -> None:
    content = (REGION / f"{name}.csv").read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    records = list(csv.reader(content.decode("utf-8").splitlines()))
    assert records[0] == HEADERS[name]
    assert [record for record in records if len(record) != len(HEADERS[name]) or not all(record)] == []


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_ids_and_names_are_unique_within_a_file(name: str) -> None:
    rows = read(REGION / f"{name}.csv")
    assert [row["id"] for row in rows if not IDENTIFIER.fullmatch(row["id"])] == []
    for column in ("id", "zh", "en"):
        repeated = [value for value, count in Counter(fold(row[column]) for row in rows).items() if count > 1]
        assert repeated == [], column


def test_one_plus_three_industries_lead_and_come_first(industries: Rows) -> None:
    ordered = sorted(industries, key=lambda row: int(row["sort"]))
    leading = [row["zh"] for row in ordered if row["lead"] == "1"]
    assert leading == ["文旅康养", "生物医药", "食品饮料", "新材料"]
    assert [row["lead"] for row in ordered] == ["1"] * 4 + ["0"] * (len(ordered) - 4)
    assert [row["sort"] for row in ordered] == [str(place) for place in range(1, len(ordered) + 1)]


def test_every_chain_link_belongs_to_an_industry_and_none_is_without(
    industries: Rows, chain_links: Rows
) -> None:
    assert {link["industry"] for link in chain_links} == {industry["id"] for industry in industries}


def test_every_post_belongs_to_a_chain_link_and_no_link_is_without(chain_links: Rows, posts: Rows) -> None:
    assert {post["chain_link"] for post in posts} == {link["id"] for link in chain_links}


def test_there_are_enough_posts(posts: Rows) -> None:
    assert len(posts) >= MINIMUM_POSTS


def test_skills_of_posts_stand_in_the_taxonomy(posts: Rows, skill_ids: set[str]) -> None:
    asked = [(post["id"], skill) for post in posts for skill, _ in weights(post)]
    assert [pair for pair in asked if pair[1] not in skill_ids] == []


def test_each_post_asks_a_sensible_number_of_skills_once_each(posts: Rows) -> None:
    low, high = SKILLS_PER_POST
    faults = []
    for post in posts:
        skills = [skill for skill, _ in weights(post)]
        if not low <= len(skills) <= high or len(set(skills)) != len(skills):
            faults.append((post["id"], len(skills)))
    assert faults == []


def test_weights_are_shares_within_bounds_and_sorted(posts: Rows) -> None:
    low, high = WEIGHTS
    for post in posts:
        shares = [weight for _, weight in weights(post)]
        assert all(low <= share <= high for share in shares), post["id"]
        assert shares == sorted(shares, reverse=True), post["id"]


def test_title_patterns_name_one_post_each_and_take_in_its_own_name(posts: Rows) -> None:
    owners: dict[str, list[str]] = {}
    for post in posts:
        patterns = post["title_patterns"].split("|")
        assert all(pattern and pattern == pattern.strip() for pattern in patterns), post["id"]
        for pattern in patterns:
            owners.setdefault(fold(pattern), []).append(post["id"])
    assert {pattern: ids for pattern, ids in owners.items() if len(ids) > 1} == {}
    assert [post["id"] for post in posts if post_of(post["zh"], posts) != post["id"]] == []


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("陶瓷封装工艺员（可接受应届生）", "ceramic-packaging-technician"),
        ("高级JAVA开发工程师", "java-developer"),
        ("Ｗｅｂ前端开发工程师", "frontend-developer"),
        ("自动化测试工程师", "test-engineer"),
        ("自动化工程师", "automation-engineer"),
        ("嵌入式软件开发工程师", "embedded-developer"),
        ("中药配方颗粒提取工", "formula-granule-operator"),
        ("淘宝客服6000以上急聘", "ecommerce-service"),
        ("园艺师/农艺师", "gardener"),
        ("花艺师学徒", "floral-designer"),
        ("园林景观设计师", "landscape-designer"),
        ("保育员（托育园）", "nursery-carer"),
        ("数据标注员", "ai-trainer-annotator"),
        ("电商运营助理", "ecommerce-operator"),
    ],
)
def test_posting_titles_fold_to_the_expected_post(title: str, expected: str, posts: Rows) -> None:
    assert post_of(title, posts) == expected


@pytest.mark.parametrize("title", ["总账会计", "英语老师", "注册会计师"])
def test_titles_of_other_fields_fold_to_no_post(title: str, posts: Rows) -> None:
    assert post_of(title, posts) is None


def test_one_occupation_code_carries_one_name(posts: Rows) -> None:
    names: dict[str, set[str]] = {}
    for post in posts:
        assert OCCUPATION_CODE.fullmatch(post["occupation_code"]), post["id"]
        names.setdefault(post["occupation_code"], set()).add(post["occupation_name"])
    assert {code: sorted(found) for code, found in names.items() if len(found) > 1} == {}


def test_occupation_codes_and_names_follow_the_2022_classification(posts: Rows) -> None:
    if not OCCUPATIONS.exists():
        pytest.skip("the 2022 occupation classification is not beside this repository")
    with gzip.open(OCCUPATIONS, "rt", encoding="utf-8", newline="") as stream:
        # Names end in the marks S (digital) and L (green) of the classification, which are no part of them.
        official = {row["code"]: re.sub(r"[SL/]+$", "", row["name"]) for row in csv.DictReader(stream)}
    assert [
        (post["id"], post["occupation_code"])
        for post in posts
        if official.get(post["occupation_code"]) != post["occupation_name"]
    ] == []
