"""Rates of the job-mining stages on one core, as JSON: `python bench/jobmining.py FILE [ROWS]`."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pyarrow as pa

from zhiqiao.engines import jobmining, tabular
from zhiqiao.engines.jobmining._fold import fold
from zhiqiao.engines.jobmining._intake import SourceBatch, batches, open_source
from zhiqiao.engines.jobmining._lines import LineReader
from zhiqiao.engines.jobmining._matching import Matcher
from zhiqiao.packs import common_file, folder


def timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main(path: Path, rows: int) -> dict[str, object]:
    rules = jobmining.read_rules(folder("common", "jobmining"))
    roles = jobmining.read_roles(folder("bazhong", "job_roles.csv"))
    taxonomy = jobmining.read_taxonomy(folder("common", "skills"))
    vocabulary = tabular.read_vocabulary(common_file("intake", "posting_columns.csv"))
    source = open_source(jobmining.Input(path), vocabulary=vocabulary)
    read: list[SourceBatch] = []
    seconds = {
        "read": timed(lambda: read.extend(islice(batches(source, batch_rows=2000), max(1, rows // 2000))))
    }
    cleaner = jobmining.RowCleaner(rules, roles=roles, reference_date=None)
    cleaned: list[jobmining.CleanBatch] = []
    seconds["clean, mask, parse, sketch"] = timed(lambda: cleaned.extend(cleaner.clean(b.raw) for b in read))
    postings = pa.Table.from_batches([batch.postings for batch in cleaned])
    texts = postings["text"].to_pylist()
    prepared = [jobmining.normalised(text) for text in texts]
    parts = {
        "sketch only": timed(lambda: [jobmining.sketch(t, thresholds=rules.thresholds) for t in prepared])
    }
    matcher, reader = Matcher(taxonomy, rules=rules), LineReader(rules)
    folded = [fold(text) for text in texts]
    parts["line roles only"] = timed(lambda: [reader.read(text.text) for text in folded])
    parts["matching only"] = timed(
        lambda: [matcher.find_folded(t, f) for t, f in zip(texts, folded, strict=True)]
    )
    jobmining.mine_batch(
        cleaned[0].postings.slice(0, 1), taxonomy=taxonomy, rules=rules
    )  # builds the automata
    seconds["mine"] = timed(
        lambda: [jobmining.mine_batch(b.postings, taxonomy=taxonomy, rules=rules) for b in cleaned]
    )
    with tempfile.TemporaryDirectory() as out:
        whole = jobmining.run(
            [jobmining.Input(path)],
            Path(out),
            taxonomy=taxonomy,
            rules=rules,
            vocabulary=vocabulary,
            roles=roles,
        )
    count = len(texts)
    return {
        "file": path.name,
        "rows": count,
        "rows_per_cpu_second": {name: round(count / used) for name, used in seconds.items()},
        "parts_rows_per_cpu_second": {name: round(count / used) for name, used in parts.items()},
        "whole_run": {
            "rows": whole.rows_in,
            "seconds": whole.seconds,
            "rows_per_second": round(whole.rows_in / whole.seconds),
            "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        },
        "taxonomy": {"version": taxonomy.version, "skills": len(taxonomy.skills)},
    }


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python bench/jobmining.py FILE [ROWS]")
    limit = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    print(json.dumps(main(Path(sys.argv[1]), limit), ensure_ascii=False, indent=2))
