"""Experts' edits: each gives a new grouping and a record, loses no skill, and refuses what does not fit."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engines.competency.conftest import PLANTED, quick, skill_id
from zhiqiao.engines import competency
from zhiqiao.engines.competency import Corpus, Group, Grouping, GroupingError

BEGUN = Grouping(
    (
        Group("c01", "园艺", ("a", "b", "c")),
        Group("c02", "烹饪", ("d", "e")),
        Group("c03", "零售", ("f",)),
    ),
    ("x",),
    3,
)


def skills(grouping: Grouping) -> list[str]:
    return sorted([*(skill for group in grouping.groups for skill in group.skills), *grouping.unclustered])


def test_a_group_gets_a_persons_name() -> None:
    grouping, edit = competency.rename_group(BEGUN, "c01", " 植物养护 ")
    assert (grouping.group("c01").name, grouping.group("c01").named) == ("植物养护", True)
    assert (edit.kind, edit.name_before, edit.name_after) == ("rename", "园艺", "植物养护")
    assert BEGUN.group("c01").name == "园艺"


def test_merged_groups_keep_the_first_name() -> None:
    grouping, edit = competency.merge_groups(BEGUN, ["c02", "c03"])
    assert [(group.id, group.skills) for group in grouping.groups][1] == ("c02", ("d", "e", "f"))
    assert (edit.groups, edit.results, edit.skills) == (("c02", "c03"), ("c02",), ("f",))
    assert skills(grouping) == skills(BEGUN)


def test_a_split_makes_a_new_group_behind_the_old_with_an_id_never_used() -> None:
    merged, _ = competency.merge_groups(BEGUN, ["c02", "c03"])
    grouping, edit = competency.split_group(merged, "c01", ["c", "a"], name="修剪")
    assert [group.id for group in grouping.groups] == ["c01", "c04", "c02"]
    assert grouping.group("c04").skills == ("a", "c")
    assert edit.results == ("c01", "c04")


def test_a_skill_moves_is_removed_and_added_again() -> None:
    moved, edit = competency.move_skill(BEGUN, "a", "c03")
    assert moved.group("c03").skills == ("f", "a")
    assert (edit.groups, edit.results) == (("c01",), ("c03",))
    removed, _ = competency.remove_skill(moved, "a")
    assert removed.unclustered == ("a", "x")
    added, _ = competency.add_skill(removed, "x", "c02")
    assert added.group("c02").skills == ("d", "e", "x")
    assert skills(added) == skills(BEGUN)
    assert competency.add_skill(added, "new", "c02")[0].group_of("new") == Group(
        "c02", "烹饪", ("d", "e", "x", "new")
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: competency.rename_group(BEGUN, "c09", "n"), "There is no group c09"),
        (lambda: competency.rename_group(BEGUN, "c01", "  "), "must not be empty"),
        (lambda: competency.rename_group(BEGUN, "c01", "烹饪"), "called 烹饪 already"),
        (lambda: competency.merge_groups(BEGUN, ["c01"]), "two different groups"),
        (lambda: competency.merge_groups(BEGUN, ["c01", "c01"]), "two different groups"),
        (lambda: competency.split_group(BEGUN, "c01", ["d"], name="n"), "does not hold d"),
        (lambda: competency.split_group(BEGUN, "c01", [], name="n"), "Both sides"),
        (lambda: competency.split_group(BEGUN, "c01", ["a", "b", "c"], name="n"), "Both sides"),
        (lambda: competency.move_skill(BEGUN, "x", "c01"), "add it"),
        (lambda: competency.move_skill(BEGUN, "a", "c01"), "in this group already"),
        (lambda: competency.move_skill(BEGUN, "f", "c01"), "merge the group"),
        (lambda: competency.move_skill(BEGUN, "zz", "c01"), "has no skill zz"),
        (lambda: competency.remove_skill(BEGUN, "x"), "in no group"),
        (lambda: competency.add_skill(BEGUN, "a", "c02"), "move it"),
    ],
)
def test_an_edit_that_does_not_fit_is_refused_with_its_reason(call: object, message: str) -> None:
    with pytest.raises(GroupingError, match=message):
        call()  # type: ignore[operator]


def grouping_of(parts: Sequence[int]) -> Grouping:
    names = [f"k{number}" for number in range(len(parts))]
    groups = tuple(
        Group(
            f"c{part:02d}",
            f"组{part}",
            tuple(n for n, own in zip(names, parts, strict=True) if own == part),
            True,
        )
        for part in sorted(set(parts))
    )
    return Grouping(groups, (), max(parts))


@given(st.lists(st.integers(1, 4), min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_the_same_groups_under_other_numbers_keep_names_and_ids(parts: list[int], chance: object) -> None:
    before = grouping_of(parts)
    shuffled = list(before.groups)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    fresh = Grouping(
        tuple(Group(f"n{at}", f"建议{at}", group.skills) for at, group in enumerate(shuffled)), (), 9
    )
    carried = competency.carry_over(before, fresh)
    assert set(carried.grouping.groups) == set(before.groups)
    assert (carried.new, carried.lost, carried.moved) == ((), (), ())


def test_new_lost_and_moved_are_told() -> None:
    before, _ = competency.rename_group(BEGUN, "c01", "植物养护")
    fresh = Grouping(
        (Group("c01", "甲", ("p", "q")), Group("c02", "乙", ("a", "b", "d")), Group("c03", "丙", ("e",)))
    )
    carried = competency.carry_over(before, fresh)
    assert [(group.id, group.name) for group in carried.grouping.groups] == [
        ("c04", "甲"),
        ("c01", "植物养护"),
        ("c02", "丙"),
    ]
    assert (carried.new, carried.lost, carried.moved) == (("c04",), ("c03",), (("d", "c02", "c01"),))
    assert [match.overlap for match in carried.matches] == [0.5, 0.5]


def test_nothing_before_or_nothing_fresh_is_no_fault() -> None:
    assert competency.carry_over(Grouping(()), BEGUN).new == ("c01", "c02", "c03")
    assert competency.carry_over(BEGUN, Grouping(())).lost == ("c01", "c02", "c03")


def test_a_group_of_two_trades_is_suggested_to_be_split_by_trade(corpus: Corpus) -> None:
    names = [*PLANTED["garden"], *PLANTED["kitchen"]]
    group = Group("c01", "混合", tuple(map(skill_id, names)))
    first, second = competency.suggest_split(corpus, group, parts=2, seed=0, parameters=quick())
    found = {frozenset(first), frozenset(second)}
    assert found == {frozenset(map(skill_id, PLANTED[trade])) for trade in ("garden", "kitchen")}


def test_a_group_too_small_to_split_is_refused(corpus: Corpus) -> None:
    with pytest.raises(GroupingError, match="holds one skill only"):
        competency.suggest_split(corpus, BEGUN.groups[2], parts=2, seed=0, parameters=quick())
