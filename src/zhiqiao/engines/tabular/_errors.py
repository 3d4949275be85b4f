"""The tree of errors that end the reading of a table, with their wording in Chinese and English.

TableError
├── EmptyTable            nothing in it
│   └── HeaderOnly        a header and no row
├── UnknownFormat         not a table we read
│   ├── BinaryContent     zeros or other bytes that are no text
│   ├── OldWorkbook       .xls of before 2007
│   ├── OtherDocument     PDF, Word, picture, archive …
│   ├── WebPageTable      HTML or XML, whatever the file is called
│   └── JsonDocument      one JSON value instead of a line per record
├── BadEncoding           text in no encoding we know
├── MissingHeader         the first row names no columns
├── UnknownSheet          the sheet asked for is not there
├── ProtectedWorkbook     encrypted or password-protected
├── DamagedFile           broken off or corrupt
├── TooLarge              over a limit
│   ├── TooManyRows
│   ├── TooManyColumns
│   └── ArchiveBomb       unpacks to far more than it pretends

Errors of single rows are not here: they are values (`RowError`), worded in `_reasons`.
"""

# ruff: noqa: N818 -- the names say what is wrong with the file; the base class says that they are errors
from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Literal

Locale = Literal["zh", "en"]


class TableError(Exception):
    """Raised when a table can not be read, or not to its end."""

    code: ClassVar[str] = "table_error"
    message_zh: ClassVar[str] = "无法读取该表格。"
    message_en: ClassVar[str] = "The table can not be read."

    def __init__(self, **params: str | int) -> None:
        super().__init__(self.code)
        self.params = params
        self.rows_read = 0

    def __reduce__(
        self,
    ) -> tuple[Callable[..., TableError], tuple[type[TableError], dict[str, str | int], int]]:
        return _rebuilt, (type(self), self.params, self.rows_read)

    def text(self, locale: Locale) -> str:
        """Say what happened, what was kept and what to do, in one of the two languages."""
        template = self.message_zh if locale == "zh" else self.message_en
        return template.format(**self.params) + self._kept(locale)

    def _kept(self, locale: Locale) -> str:
        if locale == "zh":
            if self.rows_read:
                return f"此前已读出 {self.rows_read} 行。"
            return "没有读入任何数据，原文件未改动。"
        if self.rows_read:
            return f" The {self.rows_read} rows before it were read."
        return " Nothing was read; your file is unchanged."

    def __str__(self) -> str:
        return f"{self.code}: {self.text('en')}"


def _rebuilt(kind: type[TableError], params: dict[str, str | int], rows_read: int) -> TableError:
    error = kind(**params)
    error.rows_read = rows_read
    return error


class EmptyTable(TableError):
    """Raised when the file holds nothing."""

    code = "empty_table"
    message_zh = "文件是空的。请确认导出成功后重新选择文件。"
    message_en = "The file is empty. Check that the export succeeded, then choose the file again."


class HeaderOnly(EmptyTable):
    """Raised when there is a header row and no data row."""

    code = "header_only"
    message_zh = "文件只有表头（{columns} 列），没有数据行。请确认导出时选择了数据。"
    message_en = "There is a header ({columns} columns) and no data row. Check what was chosen for export."


class UnknownFormat(TableError):
    """Raised when the content is none of the formats we read."""

    code = "unknown_format"
    message_zh = "无法识别的文件格式。请另存为 CSV（UTF-8）、XLSX、JSONL 或 Parquet 后再导入。"
    message_en = "The file format is unknown. Save it as CSV (UTF-8), XLSX, JSONL or Parquet and import that."


class BinaryContent(UnknownFormat):
    """Raised when the content is zeros or other bytes that are no text."""

    code = "binary_content"
    message_zh = "文件内容不是表格文字（{what}），可能下载中断或文件已损坏。请重新导出或下载。"
    message_en = "The content is no text ({what}); the file may be broken. Export or download it again."


class OldWorkbook(UnknownFormat):
    """Raised for the binary .xls format of before 2007."""

    code = "old_workbook"
    message_zh = "这是旧版 Excel 97-2003（.xls）文件。请在 Excel 或 WPS 中另存为 .xlsx 后再导入。"
    message_en = "This is an old Excel 97-2003 (.xls) file. Save it as .xlsx in Excel or WPS and import that."


class OtherDocument(UnknownFormat):
    """Raised for a file of another known kind."""

    code = "other_document"
    message_zh = "这是 {kind} 文件，不是表格。请把数据另存为 CSV（UTF-8）或 XLSX 后再导入。"
    message_en = "This is a {kind} file, not a table. Save the data as CSV (UTF-8) or XLSX and import that."


class WebPageTable(UnknownFormat):
    """Raised for HTML or XML, often saved by a web site under the name .xls."""

    code = "web_page_table"
    message_zh = "这是网页（{kind}），只是扩展名像表格。请用 Excel 或 WPS 打开并另存为 .xlsx 后再导入。"
    message_en = (
        "This is a web page ({kind}), whatever its name says. Open it in Excel or WPS, save as .xlsx."
    )


class JsonDocument(UnknownFormat):
    """Raised for one JSON value that spans the file."""

    code = "json_document"
    message_zh = "这是整体的 JSON 文档。请改存为 JSONL（每行一个对象）后再导入。"
    message_en = "This is one JSON document. Save it as JSONL (one object per line) and import that."


class BadEncoding(TableError):
    """Raised when most lines are text in no encoding we know."""

    code = "bad_encoding"
    message_zh = "文字编码无法识别（不是 UTF-8、GB18030 或 UTF-16）。请另存为 CSV UTF-8 后再导入。"
    message_en = "The text encoding is not UTF-8, GB18030 or UTF-16. Save as CSV UTF-8 and import again."


class MissingHeader(TableError):
    """Raised when the first row can not be column names."""

    code = "missing_header"
    message_zh = "第 {row} 行不像表头（{found}）。请在数据上方加一行列名后再导入。"
    message_en = "Row {row} does not look like column names ({found}). Add a row of column names on top."


class UnknownSheet(TableError):
    """Raised when the sheet asked for is not in the workbook."""

    code = "unknown_sheet"
    message_zh = "工作簿中没有名为“{sheet}”的工作表，现有：{sheets}。请重新选择。"
    message_en = "The workbook has no sheet “{sheet}”; it has: {sheets}. Choose again."


class ProtectedWorkbook(TableError):
    """Raised when the workbook asks for a password."""

    code = "protected_workbook"
    message_zh = "工作簿设有打开密码。请在 Excel 或 WPS 中取消密码并保存后再导入。"
    message_en = "The workbook is protected by a password. Remove it in Excel or WPS, save, and import again."


class DamagedFile(TableError):
    """Raised when the file breaks off or contradicts itself."""

    code = "damaged_file"
    message_zh = "文件不完整或已损坏（{detail}）。请重新下载或导出后再导入。"
    message_en = "The file is cut off or damaged ({detail}). Download or export it again."


class TooLarge(TableError):
    """Raised when the content passes a limit of size."""

    code = "too_large"
    message_zh = "内容过大（超过 {limit} MB）。请拆分为几个文件后分别导入。"
    message_en = "The content is too large (over {limit} MB). Split it and import the parts."


class TooManyRows(TooLarge):
    """Raised when the table has more rows than allowed."""

    code = "too_many_rows"
    message_zh = "行数超过上限 {limit}。请拆分为几个文件后分别导入。"
    message_en = "There are more than {limit} rows. Split the file and import the parts."


class TooManyColumns(TooLarge):
    """Raised when the table has more columns, or spans more cells, than allowed."""

    code = "too_many_columns"
    message_zh = "列数或单元格范围过大（{found}，上限 {limit}）。请删去多余的列后再导入。"
    message_en = "Too many columns or cells ({found}, limit {limit}). Delete the surplus and import again."


class ArchiveBomb(TooLarge):
    """Raised when a compressed file unpacks to far more than it may."""

    code = "archive_bomb"
    message_zh = "压缩内容异常：解压后至少为原来的 {ratio} 倍，已停止读取。请提供正常导出的文件。"
    message_en = "Unpacking was stopped: the content grows to {ratio} times its size. Export the file anew."
