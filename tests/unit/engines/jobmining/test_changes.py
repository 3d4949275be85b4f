"""Changes to a taxonomy: what they give, what they leave out, and the way out as a pack and in again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from zhiqiao.engines.jobmining import (
    AddAlias,
    AddSkill,
    Change,
    RetireAlias,
    RetireSkill,
    Skill,
    Taxonomy,
    apply_changes,
    build_taxonomy,
    changed_surfaces,
    look_alikes,
    occurrences,
    owners,
    pack_files,
    read_taxonomy,
    term_key,
    touched,
)
from zhiqiao.packs import common_file

BASE = build_taxonomy(
    [
        Skill("python", "Python", "Python", "tool", "it", aliases=("py 语言",)),
        Skill("container", "容器技术", "containers", "knowledge", "it"),
        Skill("docker", "Docker", "", "tool", "it", broader="container"),
        Skill("r", "R语言", "R", "tool", "it", exact=True),
    ],
    categories=[("it", "信息技术", "IT")],
)
LANGCHAIN = Skill("own-langchain", "LangChain", "", "tool", "it", aliases=("朗链", "Lang Chain 框架"))


def skill_of(taxonomy: Taxonomy, key: str) -> Skill:
    return next(skill for skill in taxonomy.skills if skill.id == key)


def applied(*changes: Change) -> Taxonomy:
    taxonomy, left = apply_changes(BASE, changes)
    assert left == ()
    return taxonomy


def test_no_change_gives_the_packs_own_version() -> None:
    assert applied().version == BASE.version


def test_an_added_skill_and_alias_stand_in_the_taxonomy() -> None:
    taxonomy = applied(AddSkill(LANGCHAIN), AddAlias("docker", "多克"))
    assert skill_of(taxonomy, "own-langchain") == replace(LANGCHAIN, sure=LANGCHAIN.surfaces)
    assert skill_of(taxonomy, "docker").aliases == ("多克",)


def test_only_the_writings_a_person_added_are_sure_and_a_retired_one_is_so_no_more() -> None:
    taxonomy = applied(
        AddAlias("docker", "多克"), AddAlias("docker", "Docker 容器"), RetireAlias("docker", "多克")
    )
    assert skill_of(taxonomy, "docker").sure == ("Docker 容器",)
    assert [skill.id for skill in taxonomy.skills if skill.sure] == ["docker"]


def test_a_writing_the_pack_has_and_a_person_decided_about_are_two_versions() -> None:
    pack = build_taxonomy([Skill("docker", "Docker", "", "tool", "it", aliases=("多克",))])
    decided, _left = apply_changes(
        build_taxonomy([Skill("docker", "Docker", "", "tool", "it")]), [AddAlias("docker", "多克")]
    )
    assert pack.version != decided.version
    assert changed_surfaces(pack, decided) == {"多克"}


def test_a_retired_alias_and_skill_are_gone_and_what_stood_below_moves_up() -> None:
    taxonomy = applied(RetireAlias("python", "PY 语言"), RetireSkill("container"))
    assert skill_of(taxonomy, "python").aliases == ()
    assert skill_of(taxonomy, "docker").broader is None


def test_adding_and_retiring_again_gives_the_first_version_back() -> None:
    assert applied(AddSkill(LANGCHAIN), RetireSkill("own-langchain")).version == BASE.version


@pytest.mark.parametrize(
    ("change", "reason", "owner"),
    [
        (AddSkill(Skill("own-1", "ＤＯＣＫＥＲ", "", "tool", "it")), "taken", "docker"),
        (AddSkill(Skill("docker", "别的", "", "tool", "it")), "done", "docker"),
        (AddAlias("docker", "python"), "taken", "python"),
        (AddAlias("docker", "DOCKER"), "done", "docker"),
        (AddAlias("absent", "x"), "unknown", "absent"),
        (RetireAlias("absent", "x"), "unknown", "absent"),
        (RetireAlias("docker", "x"), "done", "docker"),
        (RetireSkill("absent"), "done", "absent"),
    ],
)
def test_a_change_that_no_longer_fits_is_left_out_and_named(change: Change, reason: str, owner: str) -> None:
    taxonomy, left = apply_changes(BASE, [change])
    assert taxonomy.version == BASE.version
    assert [(item.index, item.reason, item.owner) for item in left] == [(0, reason, owner)]


def test_an_added_skill_gives_aliases_up_that_the_pack_now_has() -> None:
    upgraded, _left = apply_changes(BASE, [AddAlias("python", "朗链")])
    taxonomy, left = apply_changes(upgraded, [AddSkill(LANGCHAIN)])
    assert left == ()
    assert skill_of(taxonomy, "own-langchain").aliases == ("Lang Chain 框架",)


def test_only_writings_whose_mentions_would_differ_count_as_changed() -> None:
    assert changed_surfaces(BASE, BASE) == frozenset()
    assert changed_surfaces(BASE, applied(AddAlias("docker", "多克"))) == {"多克"}
    assert changed_surfaces(BASE, applied(RetireSkill("container"))) == {"容器技术", "containers"}
    # an exact skill's letter cases are those of all its writings
    assert changed_surfaces(BASE, applied(AddAlias("r", "R Studio"))) == {"r", "r语言", "r studio"}


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("熟悉ＬａｎｇＣｈａｉｎ", True),
        ("熟悉 lang-chain", True),
        ("熟悉 Lang Chain框架", True),
        ("熟悉 lang 和 chain", False),
        ("", False),
        (None, False),
    ],
)
def test_a_posting_is_touched_when_it_holds_a_writing_however_joined(text: str | None, hit: bool) -> None:
    batch = pa.record_batch({"posting_id": ["1"], "text": pa.array([text], type=pa.string())})
    assert touched(batch, {"langchain"}).to_pylist() == [hit]
    assert touched(batch, set()).to_pylist() == [False]


def test_a_pack_written_out_reads_back_with_the_same_version(tmp_path: Path) -> None:
    odd = Skill("own-2", '写"引号", 逗号', "C++/C#", "tool", "it", aliases=("a,b", "多 行"), exact=True)
    for taxonomy in (applied(AddSkill(LANGCHAIN), AddSkill(odd)), read_taxonomy(common_file("skills"))):
        folder = tmp_path / taxonomy.version
        folder.mkdir()
        for name, text in pack_files(taxonomy).items():
            (folder / name).write_text(text, encoding="utf-8")
        assert read_taxonomy(folder) == taxonomy


def test_no_skill_of_the_common_pack_has_a_key_of_an_added_one() -> None:
    assert [
        skill.id for skill in read_taxonomy(common_file("skills")).skills if skill.id.startswith("own-")
    ] == []


def test_owners_go_by_the_folded_writing() -> None:
    assert owners(BASE)[term_key("  PY　语言 ")] == "python"


@pytest.mark.parametrize(
    ("text", "term", "spans"),
    [
        ("会Go和Golang、GO", "go", [(1, 3), (11, 13)]),
        ("熟悉㎡测量", "m2", [(2, 3)]),
        ("大模型应用，大模型", "大模型", [(0, 3), (6, 9)]),
        ("a.*b", ".*", [(1, 3)]),
        ("会用🦜链", "🦜", [(2, 3)]),
        ("任何", "", []),
    ],
)
def test_a_term_is_found_where_it_stands_as_a_word(
    text: str, term: str, spans: list[tuple[int, int]]
) -> None:
    assert list(occurrences(text, term_key(term))) == spans


@pytest.mark.parametrize(
    ("term", "first"),
    [("docker容器", "docker"), ("容器", "container"), ("Python3", "python"), ("DOCKER", "docker")],
)
def test_look_alikes_name_the_skill_one_would_double(term: str, first: str) -> None:
    assert look_alikes(BASE, [term])[0].skill_id == first


def test_what_is_like_nothing_has_no_look_alikes() -> None:
    assert look_alikes(BASE, ["焊接", "🦜", ""]) == []
    assert all(found.skill_id != "r" for found in look_alikes(BASE, ["Rust"]))
