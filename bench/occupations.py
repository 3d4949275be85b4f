"""Rates and figures of occupation coding on the development files, as JSON: `zhiqiao bench occupations`."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from zhiqiao.engines import occupations

_TITLES = 4000


def measure(*, evaluate: bool = False) -> dict[str, object]:
    """Fit, save, load and code; with `evaluate` also cross-validate (minutes). Says so when the files are absent."""
    folder = _folder()
    needed = [
        folder / name for name in ("csco_2022.csv.gz", "csco_titles_dev.csv.gz", "tags10jobs_2024.csv.gz")
    ]
    if not all(path.exists() for path in needed):
        return {"skipped": "the development files are not here; set ZHIQIAO_SHARED to their folder"}
    classification = occupations.read_classification(needed[0])
    titles = occupations.read_titles(needed[1], classification)
    began = time.process_time()
    model = occupations.fit(classification.entries, titles.rows)
    found: dict[str, object] = {"fit_cpu_seconds": round(time.process_time() - began, 1)}
    with tempfile.TemporaryDirectory() as out:
        model.save(Path(out) / "model")
        found["model_mib"] = round((Path(out) / "model").stat().st_size / 1024**2, 1)
        began = time.process_time()
        model = occupations.load(Path(out) / "model")
        found["load_cpu_seconds"] = round(time.process_time() - began, 1)
    found |= _rates(model, needed[2]) | {"version": model.version, "titles": len(model.titles)}
    if evaluate:
        for name, grouped in (("plain", False), ("grouped", True)):
            found[name] = asdict(
                occupations.cross_validate(
                    classification.entries, titles.rows, seeds=(0, 1, 2), grouped=grouped
                )
            )
    return found


def _rates(model: occupations.OccupationModel, path: Path) -> dict[str, object]:
    with gzip.open(path, "rb") as file:
        every = [row["title"] for row in csv.DictReader(io.TextIOWrapper(file, encoding="utf-8"))]
    distinct = list(dict.fromkeys(every))[:_TITLES]
    wall, used = time.perf_counter(), time.process_time()
    model.code(distinct)
    found = {
        "distinct_titles_per_cpu_second": round(len(distinct) / (time.process_time() - used)),
        "distinct_titles_per_second": round(len(distinct) / (time.perf_counter() - wall)),
    }
    used = time.process_time()
    model.code(distinct)
    return found | {"repeated_titles_per_cpu_second": round(len(distinct) / (time.process_time() - used))}


def _folder() -> Path:
    told = os.environ.get("ZHIQIAO_SHARED", "")
    return Path(told) if told else Path(__file__).resolve().parents[2] / "shared" / "data" / "jobs"


if __name__ == "__main__":
    print(json.dumps(measure(evaluate="--evaluate" in sys.argv), ensure_ascii=False, indent=2))
