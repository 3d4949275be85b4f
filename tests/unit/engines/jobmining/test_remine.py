"""Mining again in part gives, row for row, what mining all anew with the new taxonomy gives."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhiqiao.engines import tabular
from zhiqiao.engines.jobmining import (
    AddAlias,
    AddSkill,
    Cancelled,
    Change,
    DisorderedError,
    Input,
    RetireAlias,
    RetireSkill,
    Rules,
    Skill,
    Taxonomy,
    apply_changes,
    build_taxonomy,
    changed_surfaces,
    impact_of,
    mine_batch,
    read_learned,
    read_rules,
    read_taxonomy,
    remine,
    run,
)
from zhiqiao.packs import common_file, folder, postings

_WORDS = (
    "任职要求",
    "团队",
    "熟练",
    "陶瓷",
    "Lang Chain",
    "数据分析报告",
    "经验",
    "责任心",
    "技术",
    "Go",
    "R",
)


@pytest.fixture(scope="module")
def rules() -> Rules:
    """The real rules with small batches, so that a hundred postings come in several."""
    found = read_rules(common_file("jobmining"))
    return replace(found, thresholds=replace(found.thresholds, batch_rows=37))


@pytest.fixture(scope="module")
def pack() -> Taxonomy:
    return read_taxonomy(common_file("skills"))


@pytest.fixture(scope="module")
def mined(tmp_path_factory: pytest.TempPathFactory, rules: Rules, pack: Taxonomy) -> Path:
    """Some hundred generated postings, mined with the pack."""
    place = tmp_path_factory.mktemp("mined")
    postings.write_postings(folder("bazhong"), place / "all.jsonl")
    lines = (place / "all.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (place / "some.jsonl").write_text("".join(lines[::12]), encoding="utf-8")
    run(
        [Input(place / "some.jsonl")],
        place / "out",
        taxonomy=pack,
        rules=rules,
        vocabulary=tabular.read_vocabulary(common_file("intake", "posting_columns.csv")),
    )
    return place / "out"


def random_changes(pack: Taxonomy, mined: Path, draw: random.Random) -> list[Change]:
    """Return changes that bite: most of them about skills and pieces of text that occur."""
    found = pq.read_table(mined / "mentions.parquet").column("skill_id").to_pylist()
    texts = pq.read_table(mined / "postings.parquet").column("text").to_pylist()
    skills = {skill.id: skill for skill in pack.skills}
    changes: list[Change] = []
    for number in range(draw.randint(1, 6)):
        known = skills[draw.choice(found)]
        text = draw.choice(texts)
        at = draw.randrange(max(1, len(text) - 8))
        piece = (
            draw.choice((text[at : at + draw.randint(1, 6)], draw.choice(_WORDS)))
            .replace("|", "")
            .strip(" \n")
        )
        kind = draw.randrange(4)
        if kind == 0 and piece:
            new = Skill(
                f"own-{number}", piece, "", "tool", known.category, exact=draw.random() < 0.3
            )  # fmt: skip
            changes.append(AddSkill(new))
        elif kind == 1 and piece:
            changes.append(AddAlias(known.id, piece))
        elif kind == 2 and known.aliases:
            changes.append(RetireAlias(known.id, draw.choice(known.aliases)))
        else:
            changes.append(RetireSkill(known.id))
    return changes


@pytest.mark.parametrize("seed", range(12))
def test_mining_the_touched_postings_again_equals_mining_all_anew(
    mined: Path, pack: Taxonomy, rules: Rules, tmp_path: Path, seed: int
) -> None:
    changes = random_changes(pack, mined, random.Random(seed))
    new, _left = apply_changes(pack, changes)
    done = remine(
        mined, tmp_path / "part.parquet", taxonomy=new, rules=rules, surfaces=changed_surfaces(pack, new)
    )
    remine(mined, tmp_path / "all.parquet", taxonomy=new, rules=rules, surfaces=None)
    part, whole = (pq.read_table(tmp_path / f"{name}.parquet") for name in ("part", "all"))
    assert part.equals(whole), changes
    assert done.mentions == whole.num_rows
    assert done.mined < done.postings or len(changes) > 2  # a new skill may stand in every posting


def test_mining_all_anew_equals_the_first_run_and_nothing_changed_mines_nothing(
    mined: Path, pack: Taxonomy, rules: Rules, tmp_path: Path
) -> None:
    remine(mined, tmp_path / "all.parquet", taxonomy=pack, rules=rules, surfaces=None)
    none = remine(mined, tmp_path / "none.parquet", taxonomy=pack, rules=rules, surfaces=frozenset())
    first = pq.read_table(mined / "mentions.parquet")
    assert none.mined == 0
    for name in ("all", "none"):
        assert pq.read_table(tmp_path / f"{name}.parquet").equals(first)


def test_postings_mined_again_go_through_the_learned_stage(
    pack: Taxonomy, rules: Rules, tmp_path: Path
) -> None:
    stage = read_learned(folder("common", "jobmining", "learned"))
    texts = ["任职要求：熟悉Java、zorkdb、MySQL、海豚引擎。", "任职要求：精通Java、zorkdb、MySQL。"]
    table = pa.table({"posting_id": ["a", "b"], "text": texts})
    pq.write_table(table, tmp_path / "postings.parquet")
    before = mine_batch(table.to_batches()[0], taxonomy=pack, rules=rules, learned=stage)
    pq.write_table(pa.Table.from_batches([before]), tmp_path / "mentions.parquet")
    new, _left = apply_changes(pack, [AddSkill(Skill("own-1", "海豚引擎", "", "tool", "it"))])
    surfaces = changed_surfaces(pack, new)
    done = remine(
        tmp_path, tmp_path / "new.parquet", taxonomy=new, rules=rules, surfaces=surfaces, learned=stage
    )
    found = pq.read_table(tmp_path / "new.parquet").to_pylist()
    assert done.mined == 1
    assert [row["surface"] for row in found if row["source"] == "learned"] == ["zorkdb", "zorkdb"]
    assert [row["posting_id"] for row in found if row["skill_id"] == "own-1"] == ["a"]


def test_a_word_that_a_person_decided_about_is_not_taken_out_by_the_learned_stage(
    pack: Taxonomy, rules: Rules
) -> None:
    stage = read_learned(folder("common", "jobmining", "learned"))
    text = "岗位职责：\n1、操作凹版印刷机完成第5道内电极印刷；"
    batch = pa.record_batch({"posting_id": ["a"], "text": [text]})
    skill = Skill("own-1", "凹版印刷机", "", "tool", "new-materials")
    in_the_pack = build_taxonomy([*pack.skills, skill], categories=pack.categories)
    decided, _left = apply_changes(pack, [AddSkill(skill)])

    def found(taxonomy: Taxonomy) -> list[str]:
        mentions = mine_batch(batch, taxonomy=taxonomy, rules=rules, learned=stage)
        return [row["surface"] for row in mentions.to_pylist() if row["skill_id"] == "own-1"]

    # the model takes the same word for something else where only the pack has it: the decision makes the difference
    assert found(in_the_pack) == []
    assert found(decided) == ["凹版印刷机"]
    surfaces = changed_surfaces(pack, decided)
    impact = impact_of(batch, old=pack, new=decided, rules=rules, surfaces=surfaces, learned=stage)
    assert (impact.added, impact.postings) == (1, 1)


def test_mentions_out_of_order_are_refused(mined: Path, pack: Taxonomy, rules: Rules, tmp_path: Path) -> None:
    mentions = pq.read_table(mined / "mentions.parquet")
    pq.write_table(mentions.take(list(range(mentions.num_rows - 1, -1, -1))), tmp_path / "mentions.parquet")
    (tmp_path / "postings.parquet").symlink_to(mined / "postings.parquet")
    with pytest.raises(DisorderedError):
        remine(tmp_path, tmp_path / "x.parquet", taxonomy=pack, rules=rules, surfaces={"java"})


def test_it_can_be_stopped(mined: Path, pack: Taxonomy, rules: Rules, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        remine(
            mined, tmp_path / "x.parquet", taxonomy=pack, rules=rules, surfaces=None, cancelled=lambda: True
        )


def test_impact_tells_new_moved_and_lost_mentions(pack: Taxonomy, rules: Rules) -> None:
    texts = ["任职要求：熟悉海豚引擎和Java。", "任职要求：精通Java。", "任职要求：会用Docker。"]
    batch = pa.record_batch({"posting_id": ["a", "b", "c"], "text": texts})
    java = next(skill for skill in pack.skills if skill.zh == "Java")
    changes: list[Change] = [
        AddSkill(Skill("own-1", "海豚引擎", "", "tool", "it")),
        RetireSkill(java.id),
        AddSkill(Skill("own-2", "Java", "", "tool", "it")),
        RetireSkill("docker"),
    ]
    new, left = apply_changes(pack, changes)
    assert left == ()
    found = impact_of(batch, old=pack, new=new, rules=rules, surfaces=changed_surfaces(pack, new), examples=2)
    assert (found.added, found.moved, found.lost, found.postings) == (1, 2, 1, 3)
    assert found.examples == (("a", 7, 11, "added"), ("b", 7, 11, "moved"))
