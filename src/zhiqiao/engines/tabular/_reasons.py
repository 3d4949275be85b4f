"""The wording, Chinese and English, of row errors and notes; the one place for these texts."""

from __future__ import annotations

from typing import NamedTuple

from zhiqiao.engines.tabular._errors import Locale
from zhiqiao.engines.tabular._values import Note, RowError


class _Text(NamedTuple):
    zh: str
    en: str


ROW_REASONS: dict[str, _Text] = {
    "too_few_fields": _Text("单元格少于列数", "fewer cells than columns"),
    "too_many_fields": _Text("单元格多于列数", "more cells than columns"),
    "stray_quote": _Text("引号没有配对", "a quotation mark has no partner"),
    "stray_line_break": _Text("单元格内有未加引号的换行", "a line break in a cell without quotation marks"),
    "undecodable": _Text("含有无法解码的字节", "bytes that are no text in this encoding"),
    "oversized_cell": _Text("单元格文字过长", "a cell is too long"),
    "oversized_row": _Text("整行过长", "the row is too long"),
    "bad_json": _Text("不是有效的 JSON", "not valid JSON"),
    "not_an_object": _Text("该行不是 JSON 对象", "the line is no JSON object"),
    "bad_value": _Text("单元格的值无法读出", "the value of a cell can not be read"),
    "no_text": _Text("没有职位描述也没有标签", "neither a description nor tags"),
}

NOTES: dict[str, _Text] = {
    "duplicate_column": _Text(
        "列名“{name}”重复，后面的一列改称“{renamed}”。",
        "The column name “{name}” occurs twice; the later column is called “{renamed}”.",
    ),
    "unnamed_column": _Text(
        "第 {position} 列没有列名，称为“{renamed}”。",
        "Column {position} has no name; it is called “{renamed}”.",
    ),
    "title_rows_skipped": _Text(
        "表头上方的 {rows} 行标题已略过。", "{rows} title rows above the header were left out."
    ),
    "sheet_chosen": _Text(
        "共有 {count} 个工作表，读取的是“{sheet}”。", "The workbook has {count} sheets; “{sheet}” is read."
    ),
    "quarantine_file": _Text(
        "这是更正后的隔离文件，标注列已略过。",
        "This is a corrected quarantine file; its marking columns are left out.",
    ),
    "extension_differs": _Text(
        "扩展名是 {extension}，内容实为 {format}，已按内容读取。",
        "The name ends in {extension} but the content is {format}; it is read as that.",
    ),
}


def text_of_reason(reason: str, locale: Locale) -> str:
    """Word the reason code of a row error."""
    return ROW_REASONS[reason].zh if locale == "zh" else ROW_REASONS[reason].en


def text_of_error(error: RowError) -> str:
    """Word a row error in both languages, with its detail, for a quarantine file."""
    text = ROW_REASONS[error.reason]
    detail = f" ({error.detail})" if error.detail else ""
    return f"{text.zh} / {text.en}{detail}"


def text_of_note(note: Note, locale: Locale) -> str:
    """Word a note in one of the two languages."""
    text = NOTES[note.code]
    return (text.zh if locale == "zh" else text.en).format(**note.params)
