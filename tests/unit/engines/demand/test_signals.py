"""The watch: few false alarms, real changes found soon, in both directions, and nothing known ahead of time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiqiao.engines.demand import Signal, WatchParameters, read_watch_parameters, watch
from zhiqiao.packs import common_file

Floats = npt.NDArray[np.float64]
MONTHS, ONSET = 36, 28


@pytest.fixture(scope="module")
def parameters() -> WatchParameters:
    return read_watch_parameters(common_file("demand", "watch.toml"))


def _drawn(seed: int, share: Floats | float, *, series: int = 1, postings: int = 14) -> tuple[Floats, Floats]:
    chance = np.random.default_rng(seed)
    totals = chance.poisson(postings, (series, MONTHS)) + 1
    return chance.binomial(totals, share).astype(float), totals.astype(float)


def _step(before: float, after: float, ramp: int) -> Floats:
    return before + (after - before) * np.clip((np.arange(MONTHS) - ONSET + 1) / ramp, 0, 1)


def test_noise_raises_at_most_one_signal_in_a_thousand_series_months(parameters: WatchParameters) -> None:
    found = judged = 0
    for seed, share in enumerate((0.01, 0.05, 0.2, 0.5)):
        counts, totals = _drawn(seed, share, series=800, postings=40)
        found += len(watch(counts, totals, parameters))
        judged += counts.shape[0] * (MONTHS - parameters.least_reference_months)
    assert 1_000 * found / judged <= 1


def test_noise_that_swings_more_than_chance_raises_no_more(parameters: WatchParameters) -> None:
    chance = np.random.default_rng(7)
    totals = np.full((1_500, MONTHS), 200.0)
    counts = chance.binomial(200, chance.beta(2, 38, totals.shape)).astype(float)
    judged = counts.shape[0] * (MONTHS - parameters.least_reference_months)
    assert 1_000 * len(watch(counts, totals, parameters)) / judged <= 1


def test_planted_surge_is_raised_within_two_months(parameters: WatchParameters) -> None:
    counts, totals = _drawn(3, _step(0.05, 0.72, ramp=4), series=400)
    soon = {
        s.series for s in watch(counts, totals, parameters) if s.direction == "rise" and s.month <= ONSET + 2
    }
    assert len(soon) >= 0.85 * 400


def test_fall_is_found_and_named(parameters: WatchParameters) -> None:
    counts, totals = _drawn(4, _step(0.6, 0.05, ramp=1), series=50, postings=40)
    falls = [signal for signal in watch(counts, totals, parameters) if signal.month >= ONSET]
    assert {signal.series for signal in falls} == set(range(50))
    assert all(signal.direction == "fall" and signal.ratio < 1 for signal in falls)


def test_skill_never_named_before_is_a_rise_without_bounds(parameters: WatchParameters) -> None:
    counts, totals = np.zeros((1, MONTHS)), np.full((1, MONTHS), 100.0)
    counts[0, ONSET:] = 8
    (signal,) = watch(counts, totals, parameters)
    assert (signal.month, signal.direction, signal.before_count) == (ONSET, "rise", 0.0)
    assert signal.ratio == float("inf")


def test_one_change_is_one_signal(parameters: WatchParameters) -> None:
    counts, totals = _drawn(5, _step(0.05, 0.6, ramp=1), postings=100)
    assert len(watch(counts, totals, parameters)) == 1


def test_a_month_is_judged_by_what_was_known_then(parameters: WatchParameters) -> None:
    counts, totals = _drawn(6, _step(0.05, 0.72, ramp=4), series=80)
    whole = watch(counts, totals, parameters)
    for until in (ONSET + 1, ONSET + 3):
        assert watch(counts[:, :until], totals[:, :until], parameters) == [
            s for s in whole if s.month < until
        ]


def test_a_single_spike_in_a_series_that_swings_is_no_change(parameters: WatchParameters) -> None:
    chance = np.random.default_rng(8)
    counts = np.round(200 * chance.beta(2, 8, (1, MONTHS)))
    counts[0, 30] = 190
    assert not watch(counts, np.full((1, MONTHS), 200.0), parameters, start=30)


def test_too_short_a_history_says_nothing(parameters: WatchParameters) -> None:
    counts = np.array([[0.0] * 7 + [50.0]])
    assert not watch(counts, np.full((1, 8), 100.0), parameters)


def test_unknown_months_count_for_nothing(parameters: WatchParameters) -> None:
    counts, totals = np.zeros((1, MONTHS)), np.full((1, MONTHS), 100.0)
    counts[0, ONSET:] = 8
    counts[0, 10] = totals[0, 15] = np.nan
    (signal,) = watch(counts, totals, parameters)
    assert signal.before_months == parameters.reference_months - 2
    assert signal.before_total == 100.0 * signal.before_months


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.permutations(range(6)))
def test_order_of_series_changes_nothing(seed: int, order: list[int]) -> None:
    parameters = read_watch_parameters(common_file("demand", "watch.toml"))
    counts, totals = _drawn(seed, _step(0.1, 0.7, ramp=2), series=6)

    def plain(found: list[Signal], names: list[int]) -> set[tuple[int, int, str]]:
        return {(names[s.series], s.month, s.direction) for s in found}

    assert plain(watch(counts, totals, parameters), list(range(6))) == plain(
        watch(counts[order], totals[order], parameters), order
    )


@pytest.mark.parametrize(
    ("counts", "totals", "said"),
    [
        ([[1.0, 5.0]], [[4.0, 4.0]], "series 0, month 1: 5 of 4"),
        ([[1.0, -1.0]], [[4.0, 4.0]], "series 0, month 1: -1 of 4"),
        ([[1.0, 1.0]], [[4.0, 4.0, 4.0]], "do not fit"),
    ],
)
def test_impossible_numbers_are_named(
    counts: list[list[float]], totals: list[list[float]], said: str, parameters: WatchParameters
) -> None:
    with pytest.raises(ValueError, match=said):
        watch(np.array(counts), np.array(totals), parameters)


def test_parameters_must_make_sense(tmp_path: Path, parameters: WatchParameters) -> None:
    text = common_file("demand", "watch.toml").read_text(encoding="utf-8")
    file = tmp_path / "watch.toml"
    file.write_text(text.replace("least_ratio = 1.5", "least_ratio = 1.0"), encoding="utf-8")
    with pytest.raises(ValueError, match="least_ratio above 1"):
        read_watch_parameters(file)
    file.write_text(text.replace("least_count", "at_least"), encoding="utf-8")
    with pytest.raises(ValueError, match="lacks least_count"):
        read_watch_parameters(file)
    assert replace(parameters, p_limit=0.5) != parameters
