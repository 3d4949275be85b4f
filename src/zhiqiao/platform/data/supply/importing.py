"""Takes a table of many rows in: first checked and shown, then written all or none.

What is shown and what is written come from the same reading; when the platform's rows changed in between, nothing is
written and the table is shown again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhiqiao import packs
from zhiqiao.engines import tabular
from zhiqiao.platform.data.errors import Conflict, Refused
from zhiqiao.platform.data.supply.cells import BadCell
from zhiqiao.platform.governance.api import Actor, audit

__all__ = ["LIMITS", "Checked", "Draft", "Fault", "Target", "check", "commit"]

LIMITS = tabular.Limits(max_bytes=10 * 1024**2, max_rows=2_000, max_columns=100, max_cell_chars=2_000)


@dataclass(frozen=True)
class Draft:
    """A row that can be written: what it is called, the version it replaces (0 = new), and what it will say."""

    row: int
    key: tuple[object, ...]
    title: str
    version: int
    values: Mapping[str, object]
    is_changed: bool = True


@dataclass(frozen=True)
class Fault:
    """Why a row can not be taken and what to do; row 0 is the header."""

    row: int
    field: str
    reason: str


@dataclass(frozen=True)
class Checked:
    """What a table holds; only one without faults can be written."""

    drafts: tuple[Draft, ...]
    faults: tuple[Fault, ...]

    @property
    def fingerprint(self) -> str:
        """Return a digest of what would be written over which versions."""
        told = repr([(draft.key, draft.version, sorted(draft.values.items())) for draft in self.drafts])
        return hashlib.sha256(told.encode()).hexdigest()


class Target(Protocol):
    """What a kind of table must tell to be taken in."""

    @property
    def verb(self) -> str:
        """Return the verb in the trail."""
        ...

    @property
    def vocabulary(self) -> str:
        """Return the file of what columns may be called."""
        ...

    @property
    def required(self) -> Sequence[str]:
        """Return the columns without which nothing can be read."""
        ...

    def labels(self) -> Mapping[str, str]:
        """Return what the columns are called."""
        ...

    def read(self, number: int, cells: dict[str, str]) -> Draft:
        """Return what a row says; raises BadCell."""
        ...

    def write(self, actor: Actor, draft: Draft) -> None:
        """Write a row by the noun's own verb; raises Refused."""
        ...


def check(target: Target, path: Path, *, name: str) -> Checked:
    """Read a table without writing anything; raises TableError when it is none."""
    info = tabular.inspect(path, name=name, limits=LIMITS)
    vocabulary = tabular.read_vocabulary(packs.common_file("intake", target.vocabulary))
    found = {field: match.source for field, match in tabular.recognise(info.columns, [], vocabulary).items()}
    labels = target.labels()
    missing = tuple(
        Fault(0, labels[field], _("缺少“%(column)s”这一列，请对照模板。") % {"column": labels[field]})
        for field in target.required
        if field not in found
    )
    if missing:
        return Checked((), missing)
    drafts: list[Draft] = []
    faults: list[Fault] = []
    seen: dict[tuple[object, ...], int] = {}
    for number, cells in _rows(path, name, found, faults):
        try:
            draft = target.read(number, cells)
        except BadCell as fault:
            faults.append(Fault(number, labels.get(fault.field, ""), str(fault)))
            continue
        if draft.key in seen:
            reason = _("与第 %(row)s 行重复，请只留一行。") % {"row": seen[draft.key]}
            faults.append(Fault(number, "", reason))
            continue
        seen[draft.key] = number
        drafts.append(draft)
    if not drafts and not faults:
        faults.append(Fault(0, "", _("表里没有数据行。")))
    return Checked(tuple(drafts), tuple(sorted(faults, key=lambda fault: fault.row)))


@transaction.atomic
def commit(actor: Actor, target: Target, path: Path, *, name: str, fingerprint: str) -> int:
    """Write the rows of a checked table, all or none; return how many were new or changed.

    Raises Refused when a row can not be written, Conflict when what was shown is not what would be written now.
    """
    checked = check(target, path, name=name)
    if checked.faults:
        raise Refused(_("表里还有错误，没有写入任何数据。"))
    if checked.fingerprint != fingerprint:
        raise Conflict(_("检查之后，平台上的数据有变化，没有写入。请核对下面的新结果。"), 0)
    written = [draft for draft in checked.drafts if draft.is_changed]
    for draft in written:
        try:
            target.write(actor, draft)
        except Refused as error:
            told = {"row": draft.row, "reason": str(error)}
            raise Refused(_("第 %(row)s 行：%(reason)s没有写入任何数据。") % told) from error
    audit(actor, f"{target.verb}.imported", detail={"file": name, "rows": len(written)})
    return len(written)


def _rows(
    path: Path, name: str, columns: Mapping[str, str], faults: list[Fault]
) -> Iterator[tuple[int, dict[str, str]]]:
    zh = not (get_language() or "").startswith("en")
    for chunk in tabular.read(path, name=name, limits=LIMITS):
        faults += [
            Fault(error.row, error.field, tabular.text_of_reason(error.reason, "zh" if zh else "en"))
            for error in chunk.errors
        ]
        for number, row in zip(chunk.row_numbers.to_pylist(), chunk.rows.to_pylist(), strict=True):
            yield number, {field: str(row.get(source) or "").strip() for field, source in columns.items()}
