"""The demand forecast on the Job-SDF protocol moved back (test months 2023-01..06), beside the simple baselines."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from zhiqiao.engines import demand
from zhiqiao.packs import common_file

_DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "job_sdf"
_LEVELS = ("r0", "region", "r1", "r2")
_CHOSEN, _REPORTED = range(18, 24), range(24, 28)
_STEPS = 3
_BUSY = 5.0  # mean of the last 12 months from which on a series' cover is asked to be 75-85 %


def measure() -> dict[str, object]:
    """Return the figures per level and origin; the tables are in ZHIQIAO_JOB_SDF or beside the source."""
    folder = Path(os.environ.get("ZHIQIAO_JOB_SDF", _DATA))
    missing = [level for level in _LEVELS if not (folder / f"demand_{level}.parquet").is_file()]
    if missing:
        return {
            "skipped": f"the Job-SDF tables are not here: {', '.join(missing)}; set ZHIQIAO_JOB_SDF to their folder"
        }
    found: dict[str, object] = {
        "protocol": "origins 24-27 (test months 25-30), horizon 3, errors pooled; chosen on origins 18-23",
    }
    table: list[str] = []
    for level in _LEVELS:
        series = _load(folder / f"demand_{level}.parquet")
        began = time.process_time()
        reported = _level(series, _REPORTED)
        seconds = time.process_time() - began
        chosen = _level(series, _CHOSEN)
        whole = _once(series)
        found[level] = {"reported": reported, "chosen_on": chosen, "whole": whole}
        table += _lines(level, reported, chosen)
        table.append(
            f"{'':8} {seconds / len(_REPORTED):.1f} CPU-s per origin with baselines; {whole['cpu_seconds']} alone"
        )
    shares = {level: folder / f"proportion_{level}.parquet" for level in ("r0", "region", "r1")}
    found["shares"] = {
        level: _level(_load(path), _REPORTED) for level, path in shares.items() if path.is_file()
    }
    found["table"] = table
    found["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return found


def _load(path: Path) -> demand.SeriesTable:
    rows = pq.read_table(path)
    names = rows.column_names
    months = tuple(name for name in names if demand.month_number(name) is not None)
    keys = tuple(name for name in names if name not in months)
    columns = [[str(value) for value in rows.column(name).to_pylist()] for name in keys]
    values = np.stack([rows.column(name).to_numpy() for name in months], axis=1).astype(float)
    return demand.SeriesTable(keys, tuple(zip(*columns, strict=True)), months, values)


def _forecast(series: demand.SeriesTable, origin: int) -> demand.Forecast:
    known = demand.SeriesTable(
        series.key_names, series.keys, series.months[:origin], series.values[:, :origin]
    )
    return demand.forecast(
        known,
        _STEPS,
        parameters=demand.read_parameters(common_file("demand", "forecast.toml")),
        calendar=demand.read_calendar(common_file("demand", "calendar_cn.toml")),
    )


def _level(series: demand.SeriesTable, origins: range) -> dict[str, object]:
    """Score one level: pooled over its origins, and each origin beside the best baseline of that origin."""
    ours: list[dict[str, float]] = []
    simple: list[dict[str, tuple[float, float]]] = []
    for origin in origins:
        history, truth = series.values[:, :origin], series.values[:, origin : origin + _STEPS]
        made = _forecast(series, origin)
        ours.append(_scored(made, truth, history))
        simple.append(
            {name: _errors(guess, truth) for name, guess in demand.baselines(history, _STEPS).items()}
        )
    mae = {name: float(np.mean([one[name][0] for one in simple])) for name in simple[0]}
    rmse = {name: float(np.mean([one[name][1] for one in simple])) ** 0.5 for name in simple[0]}
    best, steadiest = min(mae, key=mae.__getitem__), min(rmse, key=rmse.__getitem__)
    pooled = {name: float(np.mean([one[name] for one in ours])) for name in ours[0]}
    return {
        "mae": pooled["mae"],
        "best_baseline": best,
        "best_baseline_mae": mae[best],
        "mae_gain": 1 - pooled["mae"] / mae[best],
        "rmse": pooled.pop("squared") ** 0.5,
        "best_rmse_baseline": steadiest,
        "best_baseline_rmse": rmse[steadiest],
        "smape": pooled["smape"],
        "rrmse": pooled["rrmse"],
        **{name: pooled[name] for name in ("cover_busy", "width_busy", "cover_other", "width_other")},
        "origins": {
            str(origin): {
                "mae": one["mae"],
                "best_baseline": (name := min(other, key=lambda key: other[key][0])),
                "best_baseline_mae": other[name][0],
                "cover_busy": one["cover_busy"],
                "cover_other": one["cover_other"],
            }
            for origin, one, other in zip(origins, ours, simple, strict=True)
        },
    }


def _scored(made: demand.Forecast, truth: np.ndarray, history: np.ndarray) -> dict[str, float]:
    busy = history[:, -12:].mean(axis=1) >= _BUSY * made.facts["unit"]
    whole = demand.score(made.mean, truth, lo=made.lo, hi=made.hi, history=history)
    scores = {"mae": whole.mae, "squared": whole.rmse**2, "smape": whole.smape, "rrmse": whole.rrmse}
    for name, rows in (("busy", busy), ("other", ~busy)):
        part = demand.score(made.mean[rows], truth[rows], lo=made.lo[rows], hi=made.hi[rows])
        scores |= {f"cover_{name}": part.cover, f"width_{name}": part.width}
    return scores


def _errors(guess: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    return float(np.abs(guess - truth).mean()), float(((guess - truth) ** 2).mean())


def _once(series: demand.SeriesTable) -> dict[str, float]:
    """Forecast the whole level once from its last month."""
    began = time.process_time()
    made = _forecast(series, len(series.months))
    return {"series": len(made.method), "cpu_seconds": round(time.process_time() - began, 1)}


def _lines(level: str, reported: dict[str, object], chosen: dict[str, object]) -> list[str]:
    lines = []
    for name, part in (("24-27", reported), ("18-23", chosen)):
        lines.append(
            f"{level:8} {name}  MAE {part['mae']:9.3f}"
            f"  best {part['best_baseline']:>8} {part['best_baseline_mae']:9.3f}"
            f"  gain {part['mae_gain']:6.1%}  RMSE {part['rmse']:8.1f} / {part['best_baseline_rmse']:8.1f}"
            f"  cover {part['cover_busy']:.3f} other {part['cover_other']:.3f}"
            f"  width {part['width_busy']:.1f} / {part['width_other']:.2f}"
        )
    return lines
