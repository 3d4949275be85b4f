"""Proposals: the right module, the right kind of change, nothing beyond its limits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhiqiao.engines.curriculum import (
    Change,
    ModuleFacts,
    Proposal,
    SkillDemand,
    SkillFacts,
    TaughtSkill,
    find_gaps,
    propose,
    read_parameters,
)
from zhiqiao.packs import common_file

PARAMETERS = read_parameters(common_file("curriculum", "gap.toml"))
PACKAGING = SkillFacts("ceramic-chip-packaging", "ability", "new-materials", "electronic-ceramics")
TAPE = SkillFacts("tape-casting", "ability", "new-materials", "electronic-ceramics")
WELDING = SkillFacts("welding", "ability", "manufacturing-common")
DANCE = SkillFacts("dance", "ability", "childcare")
SKILLS = [PACKAGING, TAPE, WELDING, DANCE]
CERAMICS = ModuleFacts("ceramics", "electronic-materials", 32, (TaughtSkill("tape-casting", 24, 3),))
METALS = ModuleFacts("metals", "metalwork", 32, (TaughtSkill("welding", 24, 3),))


def run(
    demand: list[SkillDemand], modules: list[ModuleFacts], together: dict[tuple[str, str], int] | None = None
) -> list[Proposal]:
    lines = find_gaps(demand, modules, skills=SKILLS, parameters=PARAMETERS)
    return propose(lines, modules, skills=SKILLS, together=together or {}, parameters=PARAMETERS)


def test_a_missing_skill_goes_to_the_module_that_postings_ask_for_together_with_it() -> None:
    demand = [SkillDemand(PACKAGING, 80, 200), SkillDemand(TAPE, 90, 200), SkillDemand(WELDING, 60, 200)]
    found = run(demand, [METALS, CERAMICS], {("ceramic-chip-packaging", "tape-casting"): 70})
    assert [(item.change, item.module) for item in found] == [(Change.UPDATE, "ceramics")]
    assert found[0].lines == ("ceramic-chip-packaging",)
    assert found[0].skills[0].hours == 20
    assert found[0].skills[0].level == 3


def test_a_skill_near_no_module_asks_for_a_new_one() -> None:
    found = run([SkillDemand(DANCE, 80, 200), SkillDemand(WELDING, 90, 200)], [METALS])
    assert [(item.change, item.course, item.module) for item in found] == [(Change.ADD, "metalwork", None)]


def test_thin_teaching_asks_for_more_hours_in_its_own_module() -> None:
    small = ModuleFacts("metals", "metalwork", 32, (TaughtSkill("welding", 4, 2),))
    (item,) = run([SkillDemand(WELDING, 90, 200)], [small])
    assert (item.change, item.module, item.hours) == (Change.EXTEND, "metals", 16)


def test_a_module_that_nothing_asks_for_is_proposed_for_retirement_behind_the_rest() -> None:
    dance = ModuleFacts("dance", "culture", 16, (TaughtSkill("dance", 16, 2),))
    found = run([SkillDemand(WELDING, 90, 200), SkillDemand(PACKAGING, 80, 200)], [METALS, dance])
    assert found[-1].change is Change.RETIRE
    assert (found[-1].module, found[-1].hours) == ("dance", -16)


def test_public_basic_modules_are_left_alone() -> None:
    dance = ModuleFacts("dance", "culture", 16, (TaughtSkill("dance", 4, 2),), protected=True)
    assert run([SkillDemand(WELDING, 90, 200)], [METALS, dance]) == []
    assert run([SkillDemand(DANCE, 90, 200)], [dance]) == []


def test_foundations_are_not_retired_but_take_new_skills() -> None:
    basics = ModuleFacts("basics", "materials", 32, (TaughtSkill("tape-casting", 24, 3),), foundation=True)
    found = run([SkillDemand(PACKAGING, 80, 200), SkillDemand(WELDING, 90, 200)], [METALS, basics])
    assert [(item.change, item.module) for item in found] == [(Change.UPDATE, "basics")]


def test_skills_asked_for_together_are_proposed_together() -> None:
    demand = [SkillDemand(PACKAGING, 80, 200), SkillDemand(TAPE, 90, 200), SkillDemand(WELDING, 60, 200)]
    (item,) = run(demand, [METALS], {("ceramic-chip-packaging", "tape-casting"): 70})
    assert item.change is Change.ADD
    assert set(item.lines) == {"ceramic-chip-packaging", "tape-casting"}


def test_general_abilities_are_listed_but_get_no_hours_of_their_own() -> None:
    teamwork = SkillFacts("teamwork", "soft", "general")
    assert run([SkillDemand(teamwork, 150, 200), SkillDemand(WELDING, 90, 200)], [METALS]) == []


def test_too_few_postings_retire_nothing() -> None:
    dance = ModuleFacts("dance", "culture", 16, (TaughtSkill("dance", 16, 2),))
    found = run([SkillDemand(WELDING, 20, 25)], [METALS, dance])
    assert Change.RETIRE not in {item.change for item in found}


def test_a_full_module_does_not_grow_beyond_its_limit() -> None:
    full = ModuleFacts("ceramics", "electronic-materials", 70, (TaughtSkill("tape-casting", 60, 3),))
    found = run([SkillDemand(PACKAGING, 80, 200), SkillDemand(TAPE, 90, 200)], [full])
    assert {item.change for item in found} == {Change.ADD}


@given(st.lists(st.integers(0, 200), min_size=4, max_size=4), st.integers(0, 60))
def test_proposals_keep_their_limits_and_name_their_gap_lines(counts: list[int], both: int) -> None:
    demand = [SkillDemand(skill, count, 200) for skill, count in zip(SKILLS, counts, strict=True)]
    modules = [METALS, CERAMICS]
    found = run(demand, modules, {("ceramic-chip-packaging", "tape-casting"): min(both, *counts[:2])})
    limits = PARAMETERS.proposal
    grown: dict[str, float] = {}
    for item in found:
        assert item.lines
        assert len(item.skills) <= limits["max_skills"]
        if item.change is Change.UPDATE and item.module:
            grown[item.module] = grown.get(item.module, 0) + item.hours
    assert all(32 + hours <= limits["max_module_hours"] for hours in grown.values())
    scores = [item.score for item in found if item.change is not Change.RETIRE]
    assert scores == sorted(scores, reverse=True)
