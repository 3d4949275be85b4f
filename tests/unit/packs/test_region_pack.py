"""Checks the files of region packs against each other: organisations, people, programmes, postings.

Two packs go through the same checks, the shipped one and a made-up city; no database is touched here.
"""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from zhiqiao.packs.postings import write_postings

REPOSITORY = Path(__file__).resolve().parents[3]
PACKS = REPOSITORY / "src" / "zhiqiao" / "packs"
COMMON = PACKS / "common"
FOLDERS = {"bazhong": PACKS / "bazhong", "testcity": REPOSITORY / "tests" / "packs" / "testcity"}

HEADERS = {
    "organisations": ["key", "kind", "unit_kind", "parent", "zh", "en"],
    "people": ["username", "zh", "role", "organisation", "also_role", "also_organisation"],
    "programmes": ["id", "organisation", "code", "zh", "en", "level", "years", "roles"],
    "courses": ["id", "programme", "zh", "en", "category", "term"],
    "modules": ["id", "course", "zh", "en", "theory", "practice", "skills"],
}
OPTIONAL = {"parent", "also_role", "also_organisation", "code", "skills"}
KEY = re.compile(r"[a-z0-9-]+")
USERNAME = re.compile(r"[a-z0-9.-]+")
CODE = re.compile(r"\d{6}|")
LATIN_NAME = re.compile(r"[^\u4e00-\u9fff]+")
UNIT_KINDS = {"organisation", "department", "programme", "plant"}
CATEGORIES = {"placement", "public_basic", "specialty_basic", "specialty_core", "practice", "elective"}
ADMINISTRATORS = {"system_admin", "security_admin", "audit_admin"}
LEVELS = range(1, 5)
TERMS = range(1, 7)

# Rules TP-09, TP-10, TP-12, TP-13 and TP-14 for training plans; for secondary schools TP-12 says "generally one third".
LEAST_HOURS = {"secondary": 3000, "higher": 2500}
PUBLIC_BASIC_SHARE = {"secondary": (0.32, 0.36), "higher": (0.25, 1.0)}
PRACTICE_SHARE = 0.5
ELECTIVE_SHARE = 0.1
CORE_COURSES = range(6, 9)
# The house's own bounds for a full course table.
COURSES = range(24, 35)
MODULES_PER_COURSE = range(2, 6)
SKILLS_PER_SPECIALTY_MODULE = range(2, 7)
PLACEMENT_HOURS = range(600, 800)

Rows = list[dict[str, str]]


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def skill_ids() -> set[str]:
    paths = [path for path in (COMMON / "skills").glob("*.csv") if path.stem != "categories"]
    return {row["id"] for path in paths for row in read(path)}


@dataclass(frozen=True)
class Pack:
    """The files of one region pack."""

    folder: Path

    @cached_property
    def region(self) -> dict[str, str]:
        return tomllib.loads((self.folder / "region.toml").read_text(encoding="utf-8"))

    @cached_property
    def organisations(self) -> dict[str, dict[str, str]]:
        return {row["key"]: row for row in read(self.folder / "organisations.csv")}

    @cached_property
    def people(self) -> Rows:
        return read(self.folder / "people.csv")

    @cached_property
    def programmes(self) -> Rows:
        return read(self.folder / "programmes.csv")

    @cached_property
    def courses(self) -> Rows:
        return read(self.folder / "courses.csv")

    @cached_property
    def modules(self) -> Rows:
        return read(self.folder / "modules.csv")

    @cached_property
    def posts(self) -> dict[str, dict[str, str]]:
        return {row["id"]: row for row in read(self.folder / "job_roles.csv")}

    def memberships(self) -> Iterator[tuple[str, str, str]]:
        """Yield username, role and organisation of every membership."""
        for row in self.people:
            yield row["username"], row["role"], row["organisation"]
            if row["also_role"]:
                yield row["username"], row["also_role"], row["also_organisation"]

    def courses_of(self, programme: str) -> Rows:
        return [row for row in self.courses if row["programme"] == programme]

    def modules_of(self, course: str) -> Rows:
        return [row for row in self.modules if row["course"] == course]

    def taught_in(self, programme: str) -> set[str]:
        courses = {row["id"] for row in self.courses_of(programme)}
        return {key for row in self.modules if row["course"] in courses for key, _, _ in taught(row)}


def taught(module: dict[str, str]) -> list[tuple[str, float, int]]:
    """Return skill, hours and level of everything a module teaches; general education may name none."""
    parts = (part.split(":") for part in module["skills"].split("|") if part)
    return [(skill, float(hours), int(level)) for skill, hours, level in parts]


def hours(module: dict[str, str]) -> int:
    return int(module["theory"]) + int(module["practice"])


@dataclass(frozen=True)
class Plan:
    """Hours of one programme, summed."""

    total: int
    practice: int
    by_category: Counter[str]

    def share(self, category: str) -> float:
        return self.by_category[category] / self.total


def plan_of(pack: Pack, programme: str) -> Plan:
    by_category: Counter[str] = Counter()
    practice = 0
    for course in pack.courses_of(programme):
        for module in pack.modules_of(course["id"]):
            by_category[course["category"]] += hours(module)
            practice += int(module["practice"])
    return Plan(by_category.total(), practice, by_category)


BAZHONG = Pack(FOLDERS["bazhong"])
PROGRAMMES = [pytest.param(row, id=row["id"]) for row in BAZHONG.programmes]


@pytest.fixture(params=sorted(FOLDERS), scope="module")
def pack(request: pytest.FixtureRequest) -> Pack:
    return Pack(FOLDERS[request.param])


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_file_has_the_agreed_header_and_full_rows(pack: Pack, name: str) -> None:
    content = (pack.folder / f"{name}.csv").read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    records = list(csv.reader(content.decode("utf-8").splitlines()))
    assert records[0] == HEADERS[name]
    needed = [place for place, column in enumerate(HEADERS[name]) if column not in OPTIONAL]
    assert [
        row for row in records if len(row) != len(HEADERS[name]) or not all(row[at] for at in needed)
    ] == []


@pytest.mark.parametrize("name", sorted(HEADERS))
def test_keys_are_unique_and_well_formed(pack: Pack, name: str) -> None:
    column = HEADERS[name][0]
    keys = [row[column] for row in read(pack.folder / f"{name}.csv")]
    shape = USERNAME if name == "people" else KEY
    assert [key for key, count in Counter(keys).items() if count > 1 or not shape.fullmatch(key)] == []


@pytest.mark.parametrize("name", ["organisations", "programmes", "courses", "modules"])
def test_english_names_are_there_and_hold_no_chinese(pack: Pack, name: str) -> None:
    rows = read(pack.folder / f"{name}.csv")
    assert [row["en"] for row in rows if not LATIN_NAME.fullmatch(row["en"])] == []


def test_region_file_names_the_city_in_both_languages_and_the_label(pack: Pack) -> None:
    assert pack.region["key"] == pack.folder.name
    assert all(pack.region[name] for name in ("name_zh", "name_en", "notes"))
    assert re.fullmatch(r"\d{6}", pack.region["city_code"])
    assert (pack.region["label_zh"], pack.region["label_en"]) == ("演示数据", "Demo data")


def test_every_organisation_says_that_it_is_invented(pack: Pack) -> None:
    rows = pack.organisations.values()
    assert [row["key"] for row in rows if "演示" not in row["zh"] or "(demo)" not in row["en"]] == []


def test_units_stand_below_a_parent_of_their_kind_that_comes_first(pack: Pack) -> None:
    seen: dict[str, str] = {}
    for key, row in pack.organisations.items():
        assert row["unit_kind"] in UNIT_KINDS, key
        assert (row["unit_kind"] == "organisation") == (row["parent"] == ""), key
        assert not row["parent"] or seen[row["parent"]] == row["kind"], key
        seen[key] = row["kind"]


def test_roles_are_known_and_may_exist_in_that_kind_of_organisation(pack: Pack) -> None:
    kinds = {row["role"]: row["kinds"].split("|") for row in read(COMMON / "access" / "roles.csv")}
    faults = [
        (username, role, place)
        for username, role, place in pack.memberships()
        if pack.organisations[place]["kind"] not in kinds[role]
    ]
    assert faults == []


def test_there_are_people_in_every_role(pack: Pack) -> None:
    roles = {row["role"] for row in read(COMMON / "access" / "roles.csv")}
    assert {role for _, role, _ in pack.memberships()} == roles


def test_three_administrators_work_for_the_operator_and_do_nothing_else(pack: Pack) -> None:
    held = defaultdict(list)
    for username, role, place in pack.memberships():
        held[username].append((role, pack.organisations[place]["kind"]))
    operators = {name: roles for name, roles in held.items() if any(kind == "operator" for _, kind in roles)}
    assert sorted(role for roles in operators.values() for role, _ in roles) == sorted(ADMINISTRATORS)
    assert all(len(roles) == 1 for roles in operators.values())
    administrators = {name for name, roles in held.items() if ADMINISTRATORS & {role for role, _ in roles}}
    assert administrators == set(operators)


def test_two_memberships_of_a_person_differ(pack: Pack) -> None:
    doubled = [row for row in pack.people if row["also_role"] or row["also_organisation"]]
    assert len(doubled) >= 2
    for row in doubled:
        assert (row["role"], row["organisation"]) != (row["also_role"], row["also_organisation"])
        assert row["also_role"]
        assert row["also_organisation"]


def test_every_programme_unit_carries_one_programme_with_a_head(pack: Pack) -> None:
    units = [key for key, row in pack.organisations.items() if row["unit_kind"] == "programme"]
    assert sorted(row["organisation"] for row in pack.programmes) == sorted(units)
    heads = Counter(place for _, role, place in pack.memberships() if role == "programme_head")
    assert heads == Counter(units)


def test_programmes_aim_at_posts_of_the_pack(pack: Pack) -> None:
    for row in pack.programmes:
        posts = row["roles"].split("|")
        assert len(posts) == len(set(posts)) >= 2, row["id"]
        assert set(posts) <= set(pack.posts), row["id"]
        assert row["level"] in LEAST_HOURS, row["id"]
        assert row["years"] == "3", row["id"]
        assert CODE.fullmatch(row["code"]), row["id"]


def test_courses_belong_to_programmes_in_a_legal_category_and_term(pack: Pack) -> None:
    programmes = {row["id"] for row in pack.programmes}
    for row in pack.courses:
        assert row["programme"] in programmes, row["id"]
        assert row["category"] in CATEGORIES, row["id"]
        assert int(row["term"]) in TERMS, row["id"]


def test_course_names_are_unique_within_a_programme(pack: Pack) -> None:
    for column in ("zh", "en"):
        names = Counter((row["programme"], row[column]) for row in pack.courses)
        assert [name for name, count in names.items() if count > 1] == []


def test_every_course_has_a_few_modules_and_no_module_is_without_a_course(pack: Pack) -> None:
    counts = Counter(row["course"] for row in pack.modules)
    assert set(counts) == {row["id"] for row in pack.courses}
    assert {course: count for course, count in counts.items() if count not in MODULES_PER_COURSE} == {}


def test_modules_teach_skills_of_the_taxonomy_within_their_hours(pack: Pack) -> None:
    known = skill_ids()
    for row in pack.modules:
        skills = taught(row)
        keys = [key for key, _, _ in skills]
        assert set(keys) <= known, row["id"]
        assert len(set(keys)) == len(keys), row["id"]
        assert all(taught_hours > 0 and level in LEVELS for _, taught_hours, level in skills), row["id"]
        assert sum(taught_hours for _, taught_hours, _ in skills) <= hours(row), row["id"]
        assert hours(row) > 0, row["id"]


def test_bazhong_has_the_agreed_parties() -> None:
    roots = [row for row in BAZHONG.organisations.values() if row["unit_kind"] == "organisation"]
    assert Counter(row["kind"] for row in roots) == {
        "government": 1,
        "operator": 1,
        "school": 3,
        "enterprise": 12,
        "association": 2,
    }
    assert any(row["unit_kind"] == "plant" for row in BAZHONG.organisations.values())


def test_bazhong_has_eight_programmes_four_of_them_higher() -> None:
    assert Counter(row["level"] for row in BAZHONG.programmes) == {"higher": 4, "secondary": 4}


def test_every_bazhong_school_has_its_staff_and_students() -> None:
    def root(key: str) -> str:
        parent = BAZHONG.organisations[key]["parent"]
        return root(parent) if parent else key

    roles = defaultdict(set)
    for _, role, place in BAZHONG.memberships():
        roles[root(place)].add(role)
    schools = [
        key for key, row in BAZHONG.organisations.items() if row["kind"] == "school" and not row["parent"]
    ]
    needed = {"school_admin", "programme_head", "teacher", "student", "adviser", "registry_officer"}
    assert [key for key in schools if not needed <= roles[key]] == []


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_bazhong_course_table_obeys_the_hour_rules(programme: dict[str, str]) -> None:
    plan = plan_of(BAZHONG, programme["id"])
    low, high = PUBLIC_BASIC_SHARE[programme["level"]]
    assert plan.total >= LEAST_HOURS[programme["level"]]
    assert low <= plan.share("public_basic") <= high
    assert plan.practice / plan.total >= PRACTICE_SHARE
    assert plan.share("elective") >= ELECTIVE_SHARE


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_bazhong_course_table_is_full(programme: dict[str, str]) -> None:
    courses = BAZHONG.courses_of(programme["id"])
    assert len(courses) in COURSES
    assert {row["category"] for row in courses} == CATEGORIES
    assert sum(row["category"] == "specialty_core" for row in courses) in CORE_COURSES
    assert {int(row["term"]) for row in courses} == set(TERMS)
    placement = [row["id"] for row in courses if row["zh"] == "岗位实习"]
    assert sum(hours(row) for key in placement for row in BAZHONG.modules_of(key)) in PLACEMENT_HOURS


def test_bazhong_specialty_modules_teach_two_to_six_skills() -> None:
    specialty = {row["id"] for row in BAZHONG.courses if row["category"].startswith("specialty_")}
    modules = [row for row in BAZHONG.modules if row["course"] in specialty]
    assert [row["id"] for row in modules if len(taught(row)) not in SKILLS_PER_SPECIALTY_MODULE] == []


@pytest.mark.parametrize(
    ("programme", "taught_there", "missing"),
    [
        (
            "bz-ceramics",
            {"ceramic-sintering"},
            {"ceramic-chip-packaging", "wire-bonding", "hermeticity-testing", "mes"},
        ),
        ("bz-mechatronics", {"plc"}, {"mes", "scada"}),
        ("bz-pharma", {"gmp"}, {"dcs", "automation-equipment-maintenance"}),
        ("bz-software", {"jsp", "struts"}, {"vue", "spring-cloud", "llm-application-development"}),
        ("bz-tourism", {"tour-guiding"}, {"ota-operation", "new-media-operation"}),
        ("bz-eldercare", {"elderly-care"}, {"elderly-care-information-system"}),
        ("bz-ecommerce", {"taobao-operation"}, {"livestream-operation", "store-data-analysis"}),
        ("bz-agrofood", {"food-safety"}, {"haccp-application", "automatic-packaging-line"}),
    ],
)
def test_programmes_are_behind_where_it_was_planned(
    programme: str, taught_there: set[str], missing: set[str]
) -> None:
    taught_skills = BAZHONG.taught_in(programme)
    assert taught_there <= taught_skills
    assert not missing & taught_skills


def test_generator_writes_the_same_bytes_twice(pack: Pack, tmp_path: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    assert write_postings(pack.folder, first) == write_postings(pack.folder, second)
    assert first.read_bytes() == second.read_bytes()


def test_postings_name_companies_that_say_they_are_invented(pack: Pack, tmp_path: Path) -> None:
    target = tmp_path / "postings.jsonl"
    count = write_postings(pack.folder, target)
    postings = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert len(postings) == count == len({row["id"] for row in postings})
    assert {row["company"] for row in postings if "演示" not in row["company"]} == set()


def test_testcity_has_about_120_postings(tmp_path: Path) -> None:
    assert 100 <= write_postings(FOLDERS["testcity"], tmp_path / "postings.jsonl") <= 140


@pytest.fixture(scope="module")
def bazhong_postings(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    target = tmp_path_factory.mktemp("postings") / "postings.jsonl"
    write_postings(FOLDERS["bazhong"], target)
    return [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]


def test_bazhong_has_at_least_3000_postings_over_36_months(bazhong_postings: Rows) -> None:
    assert len(bazhong_postings) >= 3000
    assert len({row["published"][:7] for row in bazhong_postings}) == 36


def test_ceramic_chip_packaging_surges_in_the_newest_months(bazhong_postings: Rows) -> None:
    materials = [row for row in bazhong_postings if row["industry"] == "新材料"]
    months = sorted({row["published"][:7] for row in materials})

    def share(chosen: list[str]) -> float:
        rows = [row for row in materials if row["published"][:7] in chosen]
        return sum("陶瓷芯片封装" in row["description"] for row in rows) / len(rows)

    assert share(months[-6:]) > 5 * share(months[:24]) > 0
