"""Reading skills and posts from folders: what is refused, and what the version depends on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.unit.engines.jobmining.conftest import skill
from zhiqiao.engines.jobmining import (
    JobRolePattern,
    RoleBook,
    RulesError,
    Taxonomy,
    TaxonomyError,
    build_taxonomy,
    read_roles,
    read_rules,
    read_taxonomy,
)
from zhiqiao.packs import folder

HEADER = "id,zh,en,kind,category,broader,aliases,match"


def write(path: Path, *lines: str, header: str = HEADER) -> Path:
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return path.parent


def test_skills_are_read_with_all_their_writings(tmp_path: Path) -> None:
    write(tmp_path / "categories.csv", "it,信息技术,Information technology", header="id,zh,en")
    write(
        tmp_path / "it.csv",
        "go,Go,Go,tool,it,,Golang,exact",
        "spring,Spring,Spring,tool,it,go,春天|spring框架,sure:春天| spring框架",
    )
    taxonomy = read_taxonomy(tmp_path)
    go, spring = taxonomy.skills
    assert (go.exact, go.surfaces, go.broader) == (True, ("Go", "Golang"), None)
    assert (spring.exact, spring.surfaces, spring.broader) == (False, ("Spring", "春天", "spring框架"), "go")
    assert (go.sure, spring.sure) == ((), ("春天", "spring框架"))
    assert taxonomy.categories == (("it", "信息技术", "Information technology"),)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["Go,Go,Go,tool,it,,,"], "line 2: the id"),
        (["go,Go,Go,gadget,it,,,"], "unknown kind"),
        (["go,Go,Go,tool,it,,,sometimes"], "match is empty or exact"),
        (["go,Go,Go,tool,it,,,exact sure:围棋"], "'围棋' is sure but no writing"),
        (["go,Go,Go,tool,it,,,", "go,Go2,,tool,it,,,"], "stands twice"),
        (["go,Go,,tool,it,,,", "gogo,围棋,,tool,it,,ＧＯ,"], "names both"),
        (["go,Go,,tool,it,chess,,"], "does not exist"),
        (["a,甲,,tool,it,b,,", "b,乙,,tool,it,a,,"], "circle"),
        (["go,Go,Go,tool,it"], "fields expected"),
        ([], "no skills"),
    ],
)
def test_a_contradiction_is_named(tmp_path: Path, lines: list[str], fault: str) -> None:
    write(tmp_path / "it.csv", *lines)
    with pytest.raises(TaxonomyError, match=fault):
        read_taxonomy(tmp_path)


def test_a_wrong_header_or_folder_is_named(tmp_path: Path) -> None:
    write(tmp_path / "it.csv", header="id,name")
    with pytest.raises(TaxonomyError, match=r"it\.csv: the header must be"):
        read_taxonomy(tmp_path)
    with pytest.raises(TaxonomyError, match="no taxonomy folder"):
        read_taxonomy(tmp_path / "absent")


def test_the_version_follows_the_content_and_not_the_order(taxonomy: Taxonomy) -> None:
    assert build_taxonomy(reversed(taxonomy.skills)).version == taxonomy.version
    assert build_taxonomy(taxonomy.skills[1:]).version != taxonomy.version
    assert build_taxonomy([skill("x", "X", "tool", "y")]).version != build_taxonomy([skill("x", "X")]).version


def test_the_common_rules_can_be_read_and_have_a_version(tmp_path: Path) -> None:
    source = folder("common", "jobmining")
    rules = read_rules(source)
    copy = tmp_path / "rules"
    shutil.copytree(source, copy)
    assert read_rules(copy).version == rules.version
    (copy / "level_cues.csv").write_text("text,level\n懂,了解\n", encoding="utf-8")
    assert read_rules(copy).version != rules.version


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("contact_patterns.csv", "name,mask,pattern,note\nbad,<ID>,(,x\n", "bad"),
        ("thresholds.json", "{}", "thresholds.json"),
        ("level_cues.csv", "text\nx\n", "header"),
    ],
)
def test_a_broken_rule_file_is_named(tmp_path: Path, name: str, content: str, fault: str) -> None:
    copy = tmp_path / "rules"
    shutil.copytree(folder("common", "jobmining"), copy)
    (copy / name).write_text(content, encoding="utf-8")
    with pytest.raises(RulesError, match=fault):
        read_rules(copy)


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("高级Java开发工程师", "java-developer"),
        ("园艺师（微景观）", "gardener"),
        ("web前端开发工程师", "frontend-developer"),
        ("芯片封装工程师", "ceramic-packaging-technician"),
        ("未知职位甲", None),
        ("", None),
    ],
)
def test_titles_fold_to_posts_by_the_longest_pattern(title: str, role: str | None) -> None:
    assert read_roles(folder("bazhong", "job_roles.csv")).assign(title) == role


def test_a_book_without_posts_assigns_nothing() -> None:
    assert RoleBook().assign("会计") is None
    assert RoleBook((JobRolePattern("a", "会计", "", ("会计",)),)).assign("主办会计") == "a"


def test_a_post_without_id_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "job_roles.csv"
    header = "id,chain_link,zh,en,title_patterns,occupation_code,occupation_name,skills"
    path.write_text(f"{header}\n,finance,会计,Accountant,会计,,,\n", encoding="utf-8")
    with pytest.raises(RulesError, match="line 2"):
        read_roles(path)
