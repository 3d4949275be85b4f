"""The engine's input from the lake: postings of live imports in a scope, with the mentions people left in the figures.

The caller passes imports that the person may see; nothing else of the lake is opened.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db.models import QuerySet

from zhiqiao.infra import storage
from zhiqiao.platform.data import lake
from zhiqiao.platform.data.models import JobPosting, JobRole, PostingImport

__all__ = ["Scope", "count_naming", "in_scope", "place_of", "prefixes", "scope_of", "write_input"]

_POSTINGS = pa.schema([("posting_id", pa.string()), ("text", pa.string())])
_MENTIONS = pa.schema(
    [
        ("posting_id", pa.string()),
        ("skill_id", pa.string()),
        ("skill_zh", pa.string()),
        ("kind", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("line_role", pa.string()),
    ]
)


@dataclass(frozen=True)
class Scope:
    """Which posts count: ids, or None for all postings, also those that belong to no post."""

    role_ids: tuple[int, ...] | None


def scope_of(industries: Sequence[str], roles: Sequence[str]) -> Scope:
    """Return the posts of some industries together with some posts; all postings when both are empty."""
    if not industries and not roles:
        return Scope(None)
    rows = JobRole.objects.filter(link__industry__key__in=industries) | JobRole.objects.filter(key__in=roles)
    return Scope(tuple(sorted(set(rows.values_list("pk", flat=True)))))


def in_scope(imports: Sequence[PostingImport], scope: Scope) -> QuerySet[JobPosting]:
    """Return the postings of these imports that count and belong to the scope."""
    rows = JobPosting.objects.counted().filter(posting_import__in=[row.pk for row in imports])
    return rows if scope.role_ids is None else rows.filter(role__in=scope.role_ids)


def prefixes(imports: Sequence[PostingImport]) -> dict[str, str]:
    """Name each import by its file's contents, so that the same files give the same ids on any installation."""
    found: dict[str, str] = {}
    for row in imports:
        prefix = row.file_digest[:16] or row.uuid.hex[:16]
        found[str(row.uuid)] = row.uuid.hex[:16] if prefix in found.values() else prefix
    return found


def write_input(
    imports: Sequence[PostingImport],
    scope: Scope,
    folder: Path,
    *,
    progress: Callable[[int, int], None],
) -> int:
    """Write the three files that the engine reads, as `zhiqiao mine` would; return how many postings."""
    folder.mkdir(parents=True, exist_ok=True)
    names, written = prefixes(imports), 0
    with (
        pq.ParquetWriter(folder / lake.POSTINGS, _POSTINGS) as postings,
        pq.ParquetWriter(folder / lake.MENTIONS, _MENTIONS) as mentions,
    ):
        for number, row in enumerate(imports):
            progress(number, len(imports))
            keys = _keys(row, scope)
            prefix, source = names[str(row.uuid)], storage.import_folder(row.uuid)
            for batch in _kept(source / lake.POSTINGS, _POSTINGS, keys):
                written += batch.num_rows
                postings.write_table(_prefixed(batch, prefix))
            for batch in _kept(lake.mentions_path(source, row.taxonomy_version), _MENTIONS, keys):
                known = batch.filter(pc.is_valid(batch["skill_id"]))
                mentions.write_table(_prefixed(known, prefix))
    version = ", ".join(sorted({row.taxonomy_version for row in imports if row.taxonomy_version}))
    (folder / "summary.json").write_text(json.dumps({"taxonomy_version": version}), encoding="utf-8")
    return written


def count_naming(
    imports: Sequence[PostingImport], scope: Scope, skills: Collection[str], *, line_roles: Sequence[str]
) -> tuple[int, int]:
    """Count anew how many postings of the scope name one of the skills, and how many there are."""
    naming = total = 0
    for row in imports:
        keys = _keys(row, scope)
        total += len(keys)
        found: set[str] = set()
        path = lake.mentions_path(storage.import_folder(row.uuid), row.taxonomy_version)
        for batch in _kept(path, _MENTIONS, keys):
            wanted = pc.and_(
                pc.is_in(batch["skill_id"], pa.array(sorted(skills), pa.string())),
                pc.is_in(batch["line_role"], pa.array(line_roles, pa.string())),
            )
            found.update(batch.filter(wanted)["posting_id"].to_pylist())
        naming += len(found)
    return naming, total


def _keys(row: PostingImport, scope: Scope) -> pa.Array:
    return pa.array(in_scope([row], scope).order_by("id").values_list("key", flat=True), pa.string())


def _kept(path: Path, schema: pa.Schema, keys: pa.Array) -> Iterator[pa.Table]:
    """Read some columns of a file of the lake by portions, the rows of these postings only."""
    if not path.exists() or not len(keys):
        return
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(columns=schema.names, use_threads=False):
            table = pa.Table.from_batches([batch]).select(schema.names).cast(schema)
            yield table.filter(pc.is_in(table["posting_id"], keys))


def _prefixed(table: pa.Table, prefix: str) -> pa.Table:
    """Make ids of several imports differ."""
    named = pc.binary_join_element_wise(pa.scalar(f"{prefix}:"), table["posting_id"], "")
    return table.set_column(0, _POSTINGS.field(0), named)


def place_of(posting_id: str, imports: Mapping[str, str]) -> tuple[str, str]:
    """Return the uuid of the import and the key of a posting from the id it had in the engine's input."""
    prefix, _colon, key = posting_id.partition(":")
    return next((uuid for uuid, own in imports.items() if own == prefix), ""), key
