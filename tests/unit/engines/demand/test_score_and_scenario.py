"""Scores against worked numbers, and scenario bands that follow from their inputs."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tests.unit.engines.demand.tables import PARAMETERS, SCENARIO, run
from zhiqiao.engines import demand


def test_scores_by_hand() -> None:
    mean, actual = np.array([[2.0, 0.0, 4.0]]), np.array([[1.0, 0.0, 8.0]])
    found = demand.score(
        mean, actual, lo=np.array([[1.0, 0, 2]]), hi=np.array([[3.0, 1, 5]]), history=np.array([[1.0, 3, 5]])
    )
    assert found.cells == 3
    assert found.mae == pytest.approx(5 / 3)
    assert found.rmse == pytest.approx(math.sqrt(17 / 3))
    assert found.smape == pytest.approx(100 * (1 / 3 + 0 + 4 / 12) / 3)
    assert found.rrmse == pytest.approx(100 * math.sqrt(17 / 20))
    assert found.cover == pytest.approx(2 / 3)
    assert found.width == pytest.approx(2)
    assert found.mase == pytest.approx(5 / 6)


def test_months_that_have_not_come_are_left_out() -> None:
    found = demand.score(np.array([[1.0, 2.0]]), np.array([[3.0, np.nan]]))
    assert (found.cells, found.mae) == (1, 2)
    with pytest.raises(ValueError, match="no month"):
        demand.score(np.array([[1.0]]), np.array([[np.nan]]))


def test_baselines_by_hand() -> None:
    history = np.arange(1.0, 14)[None, :]
    found = demand.baselines(history, 3)
    assert found["last"].tolist() == [[13, 13, 13]]
    assert found["mean3"].tolist() == [[12, 12, 12]]
    assert found["median12"].tolist() == [[7.5, 7.5, 7.5]]
    assert found["seasonal"].tolist() == [[2, 3, 4]]
    assert found["ses0.5"][0, 0] == pytest.approx(12 + 0.5**12)


def yearly() -> demand.Forecast:
    return run(np.random.default_rng(1).poisson(50, (6, 24)))


def band(bands: list[demand.Band], key: str, year: int) -> demand.Band:
    return next(one for one in bands if one.keys == (key,) and one.year == year)


def test_bands_are_labelled_follow_the_forecast_and_widen() -> None:
    made = yearly()
    bands = demand.scenario(made, parameters=SCENARIO)
    assert len(bands) == 12
    second, third = band(bands, "s0", 2), band(bands, "s0", 3)
    assert second.label == "scenario"
    assert (second.first_month, second.last_month, third.first_month) == ("2024-01", "2024-12", "2025-01")
    assert second.base == third.base == pytest.approx(made.expected[0].sum())
    assert third.high - third.low > second.high - second.low
    assert "assumption" in second.inputs[0]


def test_inputs_move_their_series_and_no_other_and_are_named() -> None:
    made = yearly()
    plain = demand.scenario(made, parameters=SCENARIO)
    moved = demand.scenario(
        made,
        parameters=SCENARIO,
        plans=[demand.IndustryPlan("陶瓷规划", {"skill": "s1"}, 20.0, "市政府 2024")],
        projects=[demand.Project("新厂", 300, "2025-03", 0.5, {("s2",): 0.4}, "招商公告")],
        retirements=[demand.Retirement("退休", {"skill": "s3"}, 1000, 4.0, "统计年鉴 2023")],
    )
    assert band(moved, "s0", 3) == band(plain, "s0", 3)
    total = made.expected[1].sum()
    assert band(moved, "s1", 3).base == pytest.approx(total * 1.1**2)
    assert band(moved, "s2", 2) == band(plain, "s2", 2)
    assert band(moved, "s2", 3).base - band(plain, "s2", 3).base == pytest.approx(300 * 0.5 * 0.4)
    assert band(moved, "s3", 2).base - band(plain, "s3", 2).base == pytest.approx(1000 * 0.04 * 0.8)
    assert any("陶瓷规划" in name and "市政府 2024" in name for name in band(moved, "s1", 2).inputs)
    for one in moved:
        assert 0 <= one.low <= one.base <= one.high


def test_a_scenario_needs_a_whole_year_and_possible_inputs() -> None:
    with pytest.raises(demand.HorizonError):
        demand.scenario(run([[5.0, 6] * 6], horizon=3), parameters=SCENARIO)
    impossible = demand.Project("新厂", 10, "2025-03", 1.5, {}, "?")
    with pytest.raises(demand.ScenarioError, match="新厂"):
        demand.scenario(yearly(), parameters=SCENARIO, projects=[impossible])


@pytest.mark.parametrize(
    "reader", [demand.read_parameters, demand.read_calendar, demand.read_scenario_parameters]
)
def test_a_broken_parameter_file_is_named(tmp_path: Path, reader: object) -> None:
    path = tmp_path / "broken.toml"
    path.write_text('version = "1"\n', encoding="utf-8")
    with pytest.raises(demand.ParameterError, match=r"broken\.toml"):
        reader(path)  # type: ignore[operator]  # three readers of one shape


def test_the_shipped_prior_weighs_to_one() -> None:
    assert sum(PARAMETERS.pool.prior) == pytest.approx(1)
