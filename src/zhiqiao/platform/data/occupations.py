"""Loads a classification of occupations (职业分类大典) from a CSV file that the person brings; none is shipped."""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from zhiqiao.platform.data.errors import CatalogueError
from zhiqiao.platform.data.models import Occupation

__all__ = ["load", "load_command"]

_COLUMNS = ("level", "code", "name", "definition", "tasks")
_BATCH = 500


def load(path: Path) -> int:
    """Write the file's entries by code (gzip is unpacked) and return how many; CatalogueError names the line."""
    entries = list(_entries(path))
    with transaction.atomic():
        Occupation.objects.bulk_create(
            entries,
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["level", "name", "definition", "tasks", "updated_at"],
        )
    return len(entries)


def load_command(path: Path) -> str:
    """Load a file for the command line and return the sentence it prints."""
    return f"{load(path)} occupations loaded from {path.name}"


def _entries(path: Path) -> Iterator[Occupation]:
    csv.field_size_limit(min(sys.maxsize, 1 << 24))
    opener = gzip.open if path.suffix == ".gz" else open
    seen: set[str] = set()
    with opener(path, "rt", encoding="utf-8-sig", newline="") as source:
        reader = csv.DictReader(source)
        missing = set(_COLUMNS) - set(reader.fieldnames or ())
        if missing:
            msg = f"{path.name}: column {', '.join(sorted(missing))} is missing"
            raise CatalogueError(msg)
        for line, row in enumerate(reader, start=2):
            code, level = (row["code"] or "").strip(), (row["level"] or "").strip()
            if not code or level not in {"1", "2", "3", "4"}:
                msg = f"{path.name}, line {line}: a code and a level from 1 to 4 are needed"
                raise CatalogueError(msg)
            if code in seen:
                continue
            seen.add(code)
            yield Occupation(
                code=code,
                level=int(level),
                name=row["name"] or "",
                definition=row["definition"] or "",
                tasks=row["tasks"] or "",
            )
