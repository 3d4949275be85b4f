"""Takes a table of many rows in: first checked and shown, then the good rows written and the bad ones handed back.

What is shown and what is written come from the same reading; when the platform's rows changed in between, nothing is
written and the table is shown again. Rows that can not be taken go into a quarantine file with the reason beside
each; corrected in place it is taken in like any other table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhiqiao import packs
from zhiqiao.engines import tabular
from zhiqiao.platform.data.errors import Conflict, Refused
from zhiqiao.platform.data.supply.cells import BadCell
from zhiqiao.platform.governance.api import Actor, audit

__all__ = ["LIMITS", "Checked", "Draft", "Fault", "Outcome", "Target", "check", "commit", "write_quarantine"]

LIMITS = tabular.Limits(
    max_bytes=10 * 1024**2,
    max_workbook_bytes=64 * 1024**2,
    max_workbook_cells=1_000_000,
    max_rows=5_000,
    max_columns=100,
    max_cell_chars=2_000,
)


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
    """What a table holds: rows that can be written, and why the others can not; with the columns of the file."""

    drafts: tuple[Draft, ...]
    faults: tuple[Fault, ...]
    columns: tuple[str, ...] = ()
    #: the cells of every row, by its number, for the quarantine
    cells: Mapping[int, Sequence[str]] | None = None

    @property
    def fingerprint(self) -> str:
        """Return a digest of what would be written over which versions."""
        told = repr(
            [
                (draft.key, draft.version, sorted((name, str(value)) for name, value in draft.values.items()))
                for draft in self.drafts
            ]
        )
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def is_ready(self) -> bool:
        """Tell whether there is anything to write."""
        return any(draft.is_changed for draft in self.drafts)


@dataclass(frozen=True)
class Outcome:
    """What became of a table: how many rows were new or changed, and why others were not taken."""

    written: int
    faults: tuple[Fault, ...]


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


class _Row(NamedTuple):
    number: int
    cells: dict[str, str]
    original: list[str]


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
    drafts: dict[tuple[object, ...], Draft] = {}
    faults: list[Fault] = []
    originals: dict[int, Sequence[str]] = {}
    for row in _rows(path, name, found, faults, originals):
        originals[row.number] = row.original
        try:
            draft = target.read(row.number, row.cells)
        except BadCell as fault:
            faults.append(Fault(row.number, labels.get(fault.field, ""), str(fault)))
            continue
        if draft.key in drafts:
            reason = _("与第 %(row)s 行重复，请只留一行。") % {"row": drafts[draft.key].row}
            faults.append(Fault(row.number, "", reason))
            continue
        drafts[draft.key] = draft
    if not drafts and not faults:
        faults.append(Fault(0, "", _("表里没有数据行。")))
    ordered = tuple(sorted(faults, key=lambda fault: fault.row))
    return Checked(tuple(drafts.values()), ordered, info.columns, originals)


def commit(
    actor: Actor, target: Target, path: Path, *, name: str, fingerprint: str, quarantine: Path | None = None
) -> Outcome:
    """Write the good rows of a checked table and put the others into the quarantine file.

    Each row is a transaction of its own: one for all would hold the end of the audit trail, and with it every other
    writer, until the last row, and two such would wait for each other. A run broken off in the middle has written
    whole rows, and the table taken in again writes the others. Raises Conflict when what was shown is not what would
    be written now; nothing is written then.
    """
    checked = check(target, path, name=name)
    # with nothing left to write, a run that was broken off after its writing is simply done
    if checked.fingerprint != fingerprint and checked.is_ready:
        raise Conflict(_("检查之后，平台上的数据有变化，没有写入。请核对下面的新结果。"), 0)
    faults, written = list(checked.faults), 0
    for draft in checked.drafts:
        if not draft.is_changed:
            continue
        try:
            with transaction.atomic():
                target.write(actor, draft)
            written += 1
        except Refused as error:
            faults.append(Fault(draft.row, "", str(error)))
    if quarantine is not None:
        write_quarantine(quarantine, checked, faults)
    detail = {"file": name, "rows": written, "rejected": len({fault.row for fault in faults})}
    audit(actor, f"{target.verb}.imported", detail=detail)
    return Outcome(written, tuple(sorted(faults, key=lambda fault: fault.row)))


def write_quarantine(path: Path, checked: Checked, faults: Sequence[Fault]) -> int:
    """Write the rows that can not be taken, each with its reason; return how many. Without any there is no file."""
    path.unlink(missing_ok=True)
    reasons: dict[int, list[Fault]] = {}
    for fault in faults:
        if fault.row:
            reasons.setdefault(fault.row, []).append(fault)
    if not reasons or checked.cells is None:
        return 0
    own = [at for at, column in enumerate(checked.columns) if column not in tabular.MARK_COLUMNS]
    with tabular.CsvWriter(path, [*(checked.columns[at] for at in own), *tabular.MARK_COLUMNS]) as file:
        for number, told in sorted(reasons.items()):
            cells = [*checked.cells.get(number, ()), *[""] * len(checked.columns)]
            fields = " | ".join(filter(None, (fault.field for fault in told)))
            rest = " | ".join(filter(None, cells[len(checked.columns) :]))
            file.write([
                *(cells[at] for at in own), number, fields, " | ".join(fault.reason for fault in told), rest
            ])  # fmt: skip
    return len(reasons)


def _rows(
    path: Path,
    name: str,
    columns: Mapping[str, str],
    faults: list[Fault],
    originals: dict[int, Sequence[str]],
) -> Iterator[_Row]:
    zh = not (get_language() or "").startswith("en")
    for chunk in tabular.read(path, name=name, limits=LIMITS):
        for error in chunk.errors:
            reason = tabular.text_of_reason(error.reason, "zh" if zh else "en")
            faults.append(Fault(error.row, error.field, reason))
            originals[error.row] = [*error.raw, error.rest] if error.rest else error.raw
        for number, row in zip(chunk.row_numbers.to_pylist(), chunk.rows.to_pylist(), strict=True):
            cells = {field: str(row.get(source) or "").strip() for field, source in columns.items()}
            yield _Row(number, cells, [str(cell or "") for cell in row.values()])
