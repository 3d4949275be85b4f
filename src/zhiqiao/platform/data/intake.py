"""Looks at an uploaded file for the wizard: what kind it is, which columns it has and what they seem to hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils import translation

from zhiqiao import packs
from zhiqiao.engines import jobmining, tabular
from zhiqiao.infra import storage
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import ColumnMapping, PostingImport

__all__ = ["Preview", "preview"]


@dataclass(frozen=True)
class Preview:
    """The head of a file and which column holds which field; `remembered` tells that the source said so before."""

    info: tabular.TableInfo
    columns: Mapping[str, str]
    remembered: bool
    notes: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def preview(posting_import: PostingImport) -> Preview:
    """Inspect an uploaded file; Refused carries the clear reason when it can not be read."""
    locale: Literal["zh", "en"] = "en" if (translation.get_language() or "").startswith("en") else "zh"
    try:
        info = tabular.inspect(storage.upload_path(posting_import.uuid), name=posting_import.file_name)
    except tabular.TableError as error:
        raise Refused(error.text(locale)) from error
    except FileNotFoundError as error:
        raise Refused(translation.gettext("上传的文件已不在，请重新选择文件导入。")) from error
    saved = ColumnMapping.objects.filter(source=posting_import.source).first()
    kept = {
        field: column for field, column in (saved.columns if saved else {}).items() if column in info.columns
    }
    columns = dict(posting_import.columns) or kept or _recognised(info)
    return Preview(
        info=info,
        columns=columns,
        remembered=bool(kept) and columns == kept,
        notes=tuple(tabular.text_of_note(note, locale) for note in info.notes),
        rows=tuple(
            tuple(_shortened(row.get(column, "")) for column in info.columns) for row in info.preview[:5]
        ),
    )


def _recognised(info: tabular.TableInfo) -> dict[str, str]:
    vocabulary = tabular.read_vocabulary(packs.common_file("intake", "posting_columns.csv"))
    found = tabular.recognise(info.columns, info.preview, vocabulary)
    return {field: match.source for field, match in found.items() if field in jobmining.FIELDS}


def _shortened(text: str, most: int = 80) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
