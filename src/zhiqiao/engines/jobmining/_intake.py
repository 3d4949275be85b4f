"""Input files to raw batches: which column holds what, and which rows the reader could not deliver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from zhiqiao.engines import tabular
from zhiqiao.engines.jobmining._errors import InputError
from zhiqiao.engines.jobmining._rows import FIELDS, RawBatch, Rejection
from zhiqiao.engines.jobmining._rules import ContactPattern
from zhiqiao.engines.jobmining._text import mask_contacts

__all__ = [
    "Input",
    "Source",
    "SourceBatch",
    "batches",
    "masked",
    "merged_columns",
    "open_source",
    "with_columns",
]


@dataclass(frozen=True)
class Input:
    """A table of postings; without a mapping (field to column name) the columns are recognised."""

    path: Path
    name: str | None = None
    mapping: Mapping[str, str] | None = None
    sheet: str | None = None

    @property
    def label(self) -> str:
        """The file name that rows carry and ids are made from."""
        return self.name or self.path.name


@dataclass(frozen=True)
class Source:
    """An input whose columns are known."""

    input: Input
    columns: tuple[str, ...]
    mapping: Mapping[str, str]
    estimated_rows: int


@dataclass(frozen=True)
class SourceBatch:
    """A raw batch together with what is needed to put a rejected row into quarantine unchanged."""

    source: Source
    raw: RawBatch
    chunk: tabular.Chunk

    def rejected(self, rejections: Sequence[Rejection]) -> list[tabular.RowError]:
        """Return the reader's errors and these rejections in the order of rows, with the original cells."""
        errors = [*self.chunk.errors, *(self._error(rejection) for rejection in rejections)]
        return sorted(errors, key=lambda error: error.row)

    def _error(self, rejection: Rejection) -> tabular.RowError:
        row = self.chunk.rows.slice(rejection.index, 1).to_pylist()[0]
        return tabular.RowError(
            row=self.raw.numbers[rejection.index].as_py(),
            field=self.source.mapping.get(rejection.field, rejection.field),
            reason=rejection.reason,
            detail=rejection.detail,
            raw=tuple(row.get(column) or "" for column in self.source.columns),
        )


def open_source(source: Input, *, vocabulary: tabular.Vocabulary) -> Source:
    """Settle which column of a table holds which field; InputError says what is missing."""
    try:
        info = tabular.inspect(source.path, name=source.name, sheet=source.sheet)
    except tabular.TableError as error:
        raise InputError(f"{source.label}: {error.text('en')}") from error
    except OSError as error:
        raise InputError(f"{source.label}: {error.strerror or error}") from error
    mapping = source.mapping
    if mapping is None:
        found = tabular.recognise(info.columns, info.preview, vocabulary)
        mapping = {field: match.source for field, match in found.items()}
    missing = [column for field, column in mapping.items() if field in FIELDS and column not in info.columns]
    if missing:
        raise InputError(
            f"{source.label}: no column {', '.join(missing)}; there are {', '.join(info.columns)}"
        )
    mapping = {field: column for field, column in mapping.items() if field in FIELDS}
    if "text" not in mapping and "tags" not in mapping:
        raise InputError(
            f"{source.label}: no column holds the posting text (text, description, 岗位描述 …) or tags; "
            f"there are {', '.join(info.columns)}"
        )
    return Source(source, info.columns, mapping, info.estimated_rows)


def batches(source: Source, *, batch_rows: int) -> Iterator[SourceBatch]:
    """Yield the rows of a source; a file that breaks off raises InputError."""
    label = source.input.label
    try:
        for chunk in tabular.read(
            source.input.path, name=source.input.name, sheet=source.input.sheet, batch_rows=batch_rows
        ):
            names = chunk.rows.schema.names
            cells = {
                field: chunk.rows.column(column)
                for field, column in source.mapping.items()
                if column in names
            }
            raw = RawBatch(label, chunk.row_numbers, cells)
            yield SourceBatch(source, raw, chunk)
    except tabular.TableError as error:
        raise InputError(f"{label}: {error.text('en')}") from error


def merged_columns(sources: Sequence[Source]) -> tuple[str, ...]:
    """Return the columns of all sources, each once, in order of appearance."""
    return tuple(dict.fromkeys(column for source in sources for column in source.columns))


def with_columns(error: tabular.RowError, *, own: Sequence[str], merged: Sequence[str]) -> tabular.RowError:
    """Move the cells of a row error from the columns of its own file to the merged ones."""
    if tuple(own) == tuple(merged):
        return error
    cells = dict(zip(own, error.raw, strict=False))
    beyond = " | ".join(filter(None, (*error.raw[len(own) :], error.rest)))
    return replace(error, raw=tuple(cells.get(column, "") for column in merged), rest=beyond)


def masked(error: tabular.RowError, *, patterns: Sequence[ContactPattern]) -> tabular.RowError:
    """Mask contact data in what a row error keeps of its row: quarantine is storage too."""

    def mask(text: str) -> str:
        return mask_contacts(text, patterns=patterns)[0]

    return replace(error, detail=mask(error.detail), raw=tuple(map(mask, error.raw)), rest=mask(error.rest))
