"""Rates of job mining, stage by stage and whole, beside the plain pipeline a user would write, on the same rows.

CPU seconds count this process and its children; a rate is rows of input divided by seconds.
"""

from __future__ import annotations

import csv
import json
import logging
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from zhiqiao.engines import jobmining, tabular
from zhiqiao.engines.jobmining._intake import SourceBatch, batches, open_source
from zhiqiao.engines.jobmining._pipeline import prints_of
from zhiqiao.packs import common_file, folder
from zhiqiao.packs.postings import write_postings

ROWS = 15_000  # so many that starting up, about two seconds of the processor, does not rule the rates


@dataclass(frozen=True)
class Spent:
    """Seconds of processor and of clock."""

    cpu: float
    wall: float

    def rates(self, rows: int) -> dict[str, float]:
        """Return rows per second of both."""
        return {
            "rows_per_cpu_second": round(rows / self.cpu),
            "rows_per_second": round(rows / self.wall),
            "cpu_seconds": round(self.cpu, 3),
            "seconds": round(self.wall, 3),
        }


def timed(work: Callable[[], object]) -> Spent:
    """Run something and tell what it took, its child processes counted."""
    cpu, wall = _cpu(), time.perf_counter()
    work()
    return Spent(_cpu() - cpu, time.perf_counter() - wall)


def _cpu() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def measure(*, file: Path | None = None, rows: int | None = None) -> dict[str, object]:
    """Measure on the first rows of a file, or on as many generated postings."""
    with tempfile.TemporaryDirectory() as out:
        path = Path(out) / "rows.csv"
        if file is None:
            file = _generated(Path(out), rows or ROWS)
        taken = _head(file, path, rows or ROWS)
        ours = _Ours(path, Path(out) / "result")
        whole = {f"workers_{workers}": ours.whole(workers).rates(taken) for workers in (1, 2)}
        stages = {name: spent.rates(taken) for name, spent in ours.stages().items()}
        plain = _plain(path, ours.taxonomy)
    return {
        "rows": taken,
        "file": file.name,
        "mean_characters": plain.characters // taken,
        "ours": {"stages": stages, **whole, "taxonomy": ours.taxonomy.version},
        "plain": {name: spent.rates(taken) for name, spent in plain.spent.items()},
        "times_the_plain_pipeline": round(
            plain.spent["total"].cpu / (taken / whole["workers_1"]["rows_per_cpu_second"]), 2
        ),
    }


def _generated(out: Path, rows: int) -> Path:
    """Write generated postings of one seed after the other until there are enough."""
    target = out / "generated.jsonl"
    written = seed = 0
    with target.open("w", encoding="utf-8") as stream:
        while written < rows:
            written += write_postings(folder("bazhong"), out / "round.jsonl", seed=seed)
            for line in (out / "round.jsonl").read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                stream.write(json.dumps({**row, "id": f"{seed}-{row['id']}"}, ensure_ascii=False) + "\n")
            seed += 1
    return target


def _head(file: Path, target: Path, rows: int) -> int:
    """Write the first rows of any table as CSV, so that every pipeline reads the same."""
    written = 0
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        for chunk in tabular.read(file):
            part = chunk.rows.slice(0, rows - written)
            if not written:
                writer.writerow(part.schema.names)
            writer.writerows(zip(*(column.to_pylist() for column in part.columns), strict=True))
            written += part.num_rows
            if written >= rows:
                break
    return written


class _Ours:
    """The engine on one file: each stage alone, and whole runs that write their files."""

    def __init__(self, path: Path, out: Path) -> None:
        self._path = path
        self._out = out
        self._rules = jobmining.read_rules(folder("common", "jobmining"))
        self._roles = jobmining.read_roles(folder("bazhong", "job_roles.csv"), words=self._rules.title_words)
        self._vocabulary = tabular.read_vocabulary(common_file("intake", "posting_columns.csv"))
        self._learned = jobmining.read_learned(folder("common", "jobmining", "learned"))
        self.taxonomy = jobmining.read_taxonomy(folder("common", "skills"))

    def whole(self, workers: int) -> Spent:
        """Run everything from file to files, start of workers and building of automata counted."""

        def run() -> None:
            jobmining.run(
                [jobmining.Input(self._path)],
                self._out,
                taxonomy=self.taxonomy,
                rules=self._rules,
                vocabulary=self._vocabulary,
                roles=self._roles,
                learned=self._learned,
                options=jobmining.Options(workers=workers),
            )

        return timed(run)

    def stages(self) -> dict[str, Spent]:
        """Time the stages one after the other in this process, with everything built before."""
        source = open_source(jobmining.Input(self._path), vocabulary=self._vocabulary)
        size = self._rules.thresholds.batch_rows
        read: list[SourceBatch] = []
        cleaner = jobmining.RowCleaner(self._rules, roles=self._roles, reference_date=None)
        cleaned: list[jobmining.CleanBatch] = []
        spent = {
            "read": timed(lambda: read.extend(batches(source, batch_rows=size))),
            "clean": timed(lambda: cleaned.extend(cleaner.clean(batch.raw) for batch in read)),
        }
        prints = pa.Table.from_batches([self._prints(batch) for batch in cleaned])
        thresholds = self._rules.thresholds
        spent["deduplicate"] = timed(lambda: jobmining.deduplicate(prints, thresholds=thresholds))
        postings = [batch.postings for batch in cleaned]
        spent["mine"] = timed(
            lambda: [
                jobmining.mine_postings(
                    batch, taxonomy=self.taxonomy, rules=self._rules, learned=self._learned
                )
                for batch in postings
            ]
        )
        return spent

    def _prints(self, batch: jobmining.CleanBatch) -> pa.RecordBatch:
        prints = prints_of(batch.postings, batch, self._rules)
        return prints.set_column(0, "posting_id", batch.postings.column("row").cast(pa.string()))


@dataclass(frozen=True)
class _Plain:
    """What the plain pipeline took, and the characters it was given."""

    spent: dict[str, Spent]
    characters: int


def _plain(path: Path, taxonomy: jobmining.Taxonomy) -> _Plain:
    """Time what one would write without the engine: jieba and a dictionary of names, nothing cleaned or checked."""
    import jieba

    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    names: dict[str, str] = {}
    for skill in taxonomy.skills:
        for surface in skill.surfaces:
            names[surface.lower()] = skill.id
            jieba.add_word(surface)
    texts: list[str] = []
    words: list[list[str]] = []
    found: list[set[str]] = []

    def read() -> None:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = csv.DictReader(stream)
            column = next(
                name for name in ("text", "description", "岗位描述") if name in (rows.fieldnames or ())
            )
            texts.extend(row[column] for row in rows)

    spent = {
        "read": timed(read),
        "cut": timed(lambda: words.extend(jieba.lcut(text) for text in texts)),
        "look_up": timed(
            lambda: found.extend(
                {names[word.lower()] for word in cut if word.lower() in names} for cut in words
            )
        ),
    }
    total = Spent(sum(s.cpu for s in spent.values()), sum(s.wall for s in spent.values()))
    return _Plain({**spent, "total": total}, sum(map(len, texts)))
