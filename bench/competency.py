"""Methods of competency discovery beside each other on the development postings: `zhiqiao bench competency`."""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import date
from pathlib import Path

from zhiqiao.engines import competency, jobmining, tabular
from zhiqiao.packs import common_file, folder

#: Seeds of each method: five for the default and for what it is compared with, three for the others.
_SEEDS: dict[competency.Method, int] = {"graph": 5, "lda": 5, "w2v-kmeans": 3, "nmf": 3, "lda-skills": 3}
_FILES = {"it4cities": ("it4cities_2019.csv.gz", 15), "horticulture": ("horticulture_2020.csv.gz", 6)}


def measure(*, file: Path | None = None, rows: int | None = None, fold: int = 0) -> dict[str, object]:
    """Mine each file, group its skills by every method over seeds; `file` is taken in place of the files.

    `rows` keeps the first postings of each corpus only; `fold` is the part of the postings that is held out. Files that
    are not here are named and skipped. Each method is told on stderr as it is done.
    """
    wanted = (
        {file.name: (file, 6)} if file else {name: (_folder() / at, k) for name, (at, k) in _FILES.items()}
    )
    found: dict[str, object] = {}
    for name, (path, k) in wanted.items():
        if not path.exists():
            found[name] = {"skipped": "the development file is not here; set ZHIQIAO_SHARED to its folder"}
        else:
            found[name] = _one(path, k, rows, fold)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"fold": fold, "peak_mib": round(peak), **found}


def _one(path: Path, k: int, rows: int | None, fold: int) -> dict[str, object]:
    parameters = competency.read_parameters(folder("common", "competency"))
    began = time.process_time()
    with tempfile.TemporaryDirectory() as out:
        reader = _mine(path, Path(out))
        mined = time.process_time()
        corpus = competency.read_corpus(
            Path(out),
            parameters=parameters,
            parts=lambda texts: jobmining.read_roles_of_texts(texts, reader),
            fold=fold,
        )
    if rows is not None:
        corpus = competency.first_postings(corpus, rows)
    space = competency.build_space(corpus, parameters)
    read = time.process_time()
    table = []
    for method, seeds in _SEEDS.items():
        start = time.process_time()
        scores = competency.evaluate(space, method=method, k=k, seeds=range(seeds), parameters=parameters)
        seconds = (time.process_time() - start) / seeds
        table.append({**asdict(scores), "cpu_seconds_a_run": round(seconds, 1)})
        print(path.name, json.dumps(table[-1]), file=sys.stderr, flush=True)
    return {
        "postings": len(corpus.posting_ids),
        "held_out": int(corpus.held_out.sum()),
        "skills": len(space.skills),
        "digest": corpus.digest,
        "mine_cpu_seconds": round(mined - began, 1),
        "read_cpu_seconds": round(read - mined, 1),
        "methods": table,
    }


def _mine(path: Path, out: Path) -> jobmining.LineReader:
    rules = jobmining.read_rules(folder("common", "jobmining"))
    jobmining.run(
        [jobmining.Input(path)],
        out,
        taxonomy=jobmining.read_taxonomy(folder("common", "skills")),
        rules=rules,
        vocabulary=tabular.read_vocabulary(common_file("intake", "posting_columns.csv")),
        roles=jobmining.read_roles(folder("bazhong", "job_roles.csv"), words=rules.title_words),
        learned=jobmining.read_learned(folder("common", "jobmining", "learned")),
        reference_date=date(2026, 11, 1),
    )
    return jobmining.LineReader(rules)


def _folder() -> Path:
    told = os.environ.get("ZHIQIAO_SHARED", "")
    return Path(told) if told else Path(__file__).resolve().parents[2] / "shared" / "data" / "jobs"


if __name__ == "__main__":
    print(json.dumps(measure(), ensure_ascii=False, indent=2))
