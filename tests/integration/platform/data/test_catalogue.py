"""Loading the catalogue again keeps ids, changes names in place, and refuses what contradicts itself."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from zhiqiao import packs
from zhiqiao.platform.data import catalogue, occupations
from zhiqiao.platform.data.errors import CatalogueError
from zhiqiao.platform.data.models import JobRole, Occupation, RoleSkill, Skill, SkillCategory

OCCUPATIONS = (
    "level,code,name,definition,tasks\n"
    "1,2-00,专业技术人员,,\n"
    "4,2-02-10-03,软件工程技术人员,从事软件开发,编写程序\n"
)


def test_loading_again_keeps_ids_and_changes_names(skills: Path) -> None:
    before = dict(Skill.objects.values_list("key", "id"))
    path = skills / "skills" / "programming.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("团队合作", "团队协同"), encoding="utf-8")
    catalogue.load_skills(skills / "skills")
    assert dict(Skill.objects.values_list("key", "id")) == before
    assert Skill.objects.get(key="teamwork").name_zh == "团队协同"


def test_a_skill_no_longer_named_is_switched_off_not_deleted(skills: Path) -> None:
    path = skills / "skills" / "programming.csv"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("docker")]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    catalogue.load_skills(skills / "skills")
    assert not Skill.objects.get(key="docker").is_active


def test_posts_carry_patterns_occupation_and_stated_skills(skills: Path) -> None:
    role = JobRole.objects.get(key="developer")
    assert role.title_patterns == ["开发工程师", "程序员"]
    assert role.link.industry.is_lead
    assert dict(role.role_skills.values_list("skill__key", "weight")) == {"python": 0.8, "java": 0.5}


def test_a_stated_skill_taken_out_of_the_pack_goes(skills: Path) -> None:
    path = skills / "job_roles.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("|java:0.5", ""), encoding="utf-8")
    catalogue.load_industries(skills)
    assert not RoleSkill.objects.filter(skill__key="java").exists()


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("job_roles.csv", "python:0.8", "cobol:1", "cobol"),
        ("chain_links.csv", "software,it", "software,nothing", "nothing"),
        ("industries.csv", "id,zh", "key,zh", "column id"),
    ],
)
def test_a_wrong_pack_is_refused_whole(skills: Path, name: str, old: str, new: str, says: str) -> None:
    path = skills / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(CatalogueError, match=says):
        catalogue.load_industries(skills)
    assert JobRole.objects.count() == 2


def test_a_missing_file_is_named(skills: Path) -> None:
    (skills / "industries.csv").unlink()
    with pytest.raises(CatalogueError, match=r"industries\.csv"):
        catalogue.load_industries(skills)


@pytest.mark.django_db
def test_the_shipped_taxonomy_loads_whole() -> None:
    loaded = catalogue.load_skills(packs.common_file("skills"))
    assert loaded.counts["skills"] == Skill.objects.filter(is_active=True).count() >= 1500
    assert SkillCategory.objects.exclude(name_en="").count() == loaded.counts["categories"]


@pytest.mark.django_db
@pytest.mark.parametrize("packed", [False, True])
def test_occupations_are_loaded_by_code(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("o.csv.gz" if packed else "o.csv")
    data = OCCUPATIONS.encode()
    path.write_bytes(gzip.compress(data) if packed else data)
    assert occupations.load(path) == occupations.load(path) == 2
    assert Occupation.objects.get(code="2-02-10-03").tasks == "编写程序"
    assert "2 occupations" in occupations.load_command(path)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("code,name\n1,a\n", "column definition"),
        (OCCUPATIONS + "9,x,y,,\n", "line 4"),
        (OCCUPATIONS + "4,,y,,\n", "line 4"),
    ],
)
def test_a_wrong_classification_is_refused_whole(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "o.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=says):
        occupations.load(path)
    assert not Occupation.objects.exists()


@pytest.mark.django_db
def test_the_real_classification_goes_in() -> None:
    path = Path(__file__).parents[5] / "shared" / "data" / "jobs" / "csco_2022.csv.gz"
    if not path.exists():
        pytest.skip("the classification of 2022 is not beside the project")
    assert occupations.load(path) == 2047  # 2,051 entries, four codes stand twice
