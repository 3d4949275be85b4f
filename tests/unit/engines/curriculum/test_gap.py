"""The gap list: status, hours wanted, order, trend."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiqiao.engines.curriculum import (
    GapLine,
    GapParameters,
    GapStatus,
    ModuleFacts,
    SkillDemand,
    SkillFacts,
    TaughtSkill,
    find_gaps,
    find_trend,
    read_parameters,
)
from zhiqiao.packs import common_file

PARAMETERS = read_parameters(common_file("curriculum", "gap.toml"))
CERAMIC = SkillFacts("ceramic-chip-packaging", "ability", "new-materials", "packaging")
MES = SkillFacts("mes", "tool", "manufacturing-common")
TYPING = SkillFacts("typing", "ability", "office-business")


def module(key: str, *skills: TaughtSkill, hours: float = 32, protected: bool = False) -> ModuleFacts:
    return ModuleFacts(key, "course-1", hours, skills, protected)


def gaps(demand: list[SkillDemand], modules: list[ModuleFacts], *known: SkillFacts) -> dict[str, GapLine]:
    lines = find_gaps(demand, modules, skills=known, parameters=PARAMETERS)
    return {line.skill.key: line for line in lines}


def test_a_skill_that_postings_ask_for_and_nobody_teaches_is_missing() -> None:
    line = gaps([SkillDemand(CERAMIC, 60, 200)], [module("m1")])["ceramic-chip-packaging"]
    assert line.status is GapStatus.MISSING
    assert (line.count, line.total, line.taught_hours) == (60, 200, 0)
    assert line.target_hours == PARAMETERS.target_hours["ability"]
    assert line.share_low < 0.3 < line.share_high


def test_hours_below_the_target_are_thin_and_name_the_module() -> None:
    line = gaps([SkillDemand(MES, 60, 200)], [module("m1", TaughtSkill("mes", 4, 2))])["mes"]
    assert line.status is GapStatus.THIN
    assert line.modules == ("m1",)
    assert 0 < line.score < gaps([SkillDemand(MES, 60, 200)], [])["mes"].score


def test_enough_hours_over_several_modules_cover_a_skill_with_score_zero() -> None:
    taught = [module("m1", TaughtSkill("mes", 8, 2)), module("m2", TaughtSkill("mes", 8, 3))]
    line = gaps([SkillDemand(MES, 60, 200)], taught)["mes"]
    assert (line.status, line.taught_hours, line.score) == (GapStatus.COVERED, 16, 0)


def test_a_taught_skill_that_no_posting_asks_for_is_unasked() -> None:
    line = gaps([SkillDemand(MES, 60, 200)], [module("m1", TaughtSkill("typing", 20, 2))], TYPING)["typing"]
    assert (line.status, line.count, line.total) == (GapStatus.UNASKED, 0, 200)


@pytest.mark.parametrize(("count", "total"), [(4, 40), (9, 200)])
def test_rare_skills_are_no_demand(count: int, total: int) -> None:
    assert gaps([SkillDemand(MES, count, total)], []) == {}


def test_weaker_demand_wants_fewer_hours() -> None:
    strong = gaps([SkillDemand(MES, 60, 200)], [])["mes"]
    weak = gaps([SkillDemand(MES, 14, 200)], [])["mes"]
    assert weak.target_hours < strong.target_hours


def test_no_postings_at_all_make_no_missing_line() -> None:
    lines = gaps([], [module("m1", TaughtSkill("typing", 20, 2))], TYPING)
    assert {line.status for line in lines.values()} == {GapStatus.UNASKED}


def months(before: int, recent: int) -> dict[str, tuple[int, int]]:
    early = {f"2025-{month:02}": (before, 50) for month in range(1, 13)}
    return early | {f"2026-{month:02}": (recent, 50) for month in range(1, 7)}


def test_a_surge_is_seen_and_ranks_higher() -> None:
    surge = SkillDemand(CERAMIC, 12 * 2 + 6 * 20, 900, months(2, 20))
    flat = SkillDemand(MES, 12 * 8 + 6 * 8, 900, months(8, 8))
    lines = gaps([surge, flat], [])
    assert lines["ceramic-chip-packaging"].trend is not None
    assert lines["ceramic-chip-packaging"].trend.rising
    assert lines["mes"].trend is not None
    assert not lines["mes"].trend.rising
    assert lines["ceramic-chip-packaging"].score > lines["mes"].score


def test_without_dates_the_trend_is_unknown_not_flat() -> None:
    assert find_trend(SkillDemand(MES, 10, 100), parameters=PARAMETERS) is None


def test_a_skill_first_seen_in_the_newest_months_only_has_no_before() -> None:
    trend = find_trend(SkillDemand(MES, 30, 100, {"2026-05": (30, 100)}), parameters=PARAMETERS)
    assert trend is not None
    assert not trend.rising


@given(
    st.lists(
        st.tuples(st.integers(0, 300), st.sampled_from(sorted(PARAMETERS.weight)), st.floats(0, 60)),
        min_size=1,
        max_size=30,
    )
)
def test_the_order_is_total_and_scores_are_sane(rows: list[tuple[int, str, float]]) -> None:
    demand = [
        SkillDemand(SkillFacts(f"s{i:02}", kind), count, 300) for i, (count, kind, _) in enumerate(rows)
    ]
    modules = [
        module(f"m{i}", TaughtSkill(f"s{i:02}", hours, 2)) for i, (_, _, hours) in enumerate(rows) if hours
    ]
    lines = find_gaps(demand, modules, skills=[], parameters=PARAMETERS)
    assert lines == find_gaps(demand[::-1], modules[::-1], skills=[], parameters=PARAMETERS)
    assert all(0 <= line.score <= 1.5 for line in lines)
    assert all(line.share_low <= line.share + 1e-9 and line.share <= line.share_high + 1e-9 for line in lines)
    assert [line.score for line in lines] == sorted((line.score for line in lines), reverse=True)


def test_parameters_without_a_section_are_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    broken = tmp_path / "gap.toml"
    broken.write_text('version = "1"\n[demand]\nmin_share = 0.1\n')
    with pytest.raises(KeyError, match="trend"):
        read_parameters(broken)


def test_parameters_name_their_source_and_state() -> None:
    text = common_file("curriculum", "gap.toml").read_text(encoding="utf-8")
    assert isinstance(PARAMETERS, GapParameters)
    assert 'source = "' in text
    assert 'state = "' in text
