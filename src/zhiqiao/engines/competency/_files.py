"""The result files of discovery: whole or absent, byte for byte the same for the same result."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from zhiqiao.engines.competency._discovery import Discovery

__all__ = ["RESULT_FILES", "summary_of", "write_discovery"]

RESULT_FILES = ("clusters.parquet", "members.parquet", "examples.parquet", "summary.json")

_CLUSTERS = pa.schema(
    [
        ("cluster_id", pa.string()),
        ("suggested_zh", pa.string()),
        ("suggested_en", pa.string()),  # empty where only the skills' own names were at hand
        ("basis", pa.string()),
        ("size", pa.int32()),
        ("postings", pa.int64()),
        ("coherence", pa.float64()),  # null: too few skills or no posting held out
        ("terms", pa.list_(pa.struct([("word", pa.string()), ("weight", pa.float64())]))),
    ]
)
_MEMBERS = pa.schema(
    [
        ("cluster_id", pa.string()),  # null: unclustered, for `reason`
        ("rank", pa.int32()),
        ("skill_id", pa.string()),
        ("skill_zh", pa.string()),
        ("kind", pa.string()),
        ("weight", pa.float64()),
        ("postings", pa.int64()),
        ("reason", pa.string()),
    ]
)
_EXAMPLES = pa.schema(
    [
        ("cluster_id", pa.string()),
        ("posting_id", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("text", pa.string()),
        ("skills", pa.list_(pa.string())),
    ]
)


def write_discovery(found: Discovery, folder: Path) -> None:
    """Write the four files; `summary.json` goes last, so where it stands the others fit it."""
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".partial-", dir=folder))
    try:
        for name, schema, rows in (
            ("clusters.parquet", _CLUSTERS, _cluster_rows(found)),
            ("members.parquet", _MEMBERS, _member_rows(found)),
            ("examples.parquet", _EXAMPLES, _example_rows(found)),
        ):
            pq.write_table(pa.Table.from_pylist(rows, schema=schema), work / name, compression="zstd")
        text = json.dumps(summary_of(found), ensure_ascii=False, indent=2)
        (work / "summary.json").write_text(text + "\n", encoding="utf-8")
        (folder / "summary.json").unlink(missing_ok=True)
        for name in RESULT_FILES:
            (work / name).replace(folder / name)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def summary_of(found: Discovery, *, skills: int = 10) -> dict[str, object]:
    """Return all but members, sentences and unclustered skills as plain values; each cluster with its first skills."""
    rare = sum(skill.reason == "rare" for skill in found.unclustered)
    return {
        "method": found.method,
        "k": found.k,
        "seed": found.seed,
        "parameters_version": found.parameters_version,
        "corpus_digest": found.corpus_digest,
        "taxonomy_version": found.taxonomy_version,
        "postings": found.postings,
        "fold": found.fold,
        "held_out": found.held_out,
        "coherence_npmi": found.coherence,
        "silhouette": found.silhouette,
        "modularity": found.modularity,
        "unclustered": {"rare": rare, "small_cluster": len(found.unclustered) - rare},
        "clusters": [
            {
                "id": cluster.id,
                "suggested_name": asdict(cluster.name),
                "size": len(cluster.members),
                "postings": cluster.postings,
                "coherence_npmi": cluster.coherence,
                "top_skills": [
                    {"id": one.skill_id, "zh": one.zh, "weight": one.weight, "postings": one.postings}
                    for one in cluster.members[:skills]
                ],
                "terms": [term.word for term in cluster.terms],
            }
            for cluster in found.clusters
        ],
    }


def _cluster_rows(found: Discovery) -> list[dict[str, object]]:
    return [
        {
            "cluster_id": one.id,
            "suggested_zh": one.name.zh,
            "suggested_en": one.name.en,
            "basis": one.name.basis,
            "size": len(one.members),
            "postings": one.postings,
            "coherence": one.coherence,
            "terms": [{"word": term.word, "weight": term.weight} for term in one.terms],
        }
        for one in found.clusters
    ]


def _member_rows(found: Discovery) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [
        {
            "cluster_id": cluster.id,
            "rank": rank,
            "skill_id": one.skill_id,
            "skill_zh": one.zh,
            "kind": one.kind,
            "weight": one.weight,
            "postings": one.postings,
        }
        for cluster in found.clusters
        for rank, one in enumerate(cluster.members, start=1)
    ]
    left: Sequence[dict[str, object]] = [
        {
            "skill_id": one.skill_id,
            "skill_zh": one.zh,
            "kind": one.kind,
            "postings": one.postings,
            "reason": one.reason,
        }
        for one in found.unclustered
    ]
    return [*rows, *left]


def _example_rows(found: Discovery) -> list[dict[str, object]]:
    return [
        {"cluster_id": cluster.id, **asdict(one)} for cluster in found.clusters for one in cluster.examples
    ]
