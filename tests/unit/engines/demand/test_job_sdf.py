"""The forecast on the benchmark's national table: better than the baselines, by the protocol moved back."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.requirements import require_or_skip
from tests.unit.engines.demand.tables import CALENDAR, PARAMETERS
from zhiqiao.engines import demand


@pytest.fixture(scope="module")
def national() -> demand.SeriesTable:
    beside = Path(__file__).resolve().parents[5] / "shared" / "data" / "job_sdf"
    path = Path(os.environ.get("ZHIQIAO_JOB_SDF", beside)) / "demand_r0.parquet"
    if not path.is_file():
        require_or_skip("job_sdf", "set ZHIQIAO_JOB_SDF to the folder of the Job-SDF tables")
    rows = pq.read_table(path)
    months = tuple(name for name in rows.column_names if demand.month_number(name) is not None)
    values = np.stack([rows.column(name).to_numpy() for name in months], axis=1).astype(float)
    keys = tuple((str(skill),) for skill in rows.column("skill_id").to_pylist())
    return demand.SeriesTable(("skill_id",), keys, months, values)


def test_national_demand_is_forecast_better_than_by_any_one_baseline(national: demand.SeriesTable) -> None:
    ours, simple, covered = [], [], []
    for origin in range(24, 28):
        known, truth = national.values[:, :origin], national.values[:, origin : origin + 3]
        table = demand.SeriesTable(("skill_id",), national.keys, national.months[:origin], known)
        made = demand.forecast(table, 3, parameters=PARAMETERS, calendar=CALENDAR)
        ours.append(np.abs(made.mean - truth).mean())
        found = demand.baselines(known, 3)
        simple.append([np.abs(guess - truth).mean() for guess in found.values()])
        busy = known[:, -12:].mean(axis=1) >= 5
        covered.append(((made.lo <= truth) & (truth <= made.hi))[busy].mean())
    assert np.mean(ours) <= 0.95 * np.mean(simple, axis=0).min()
    assert 0.75 <= np.mean(covered) <= 0.85
