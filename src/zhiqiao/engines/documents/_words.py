"""The fixed words a document prints by itself, Chinese and English; the one place for these texts."""

from __future__ import annotations

from dataclasses import dataclass

from zhiqiao.engines.documents._values import Language


@dataclass(frozen=True)
class Words:
    """The words of one language; names in braces are filled in."""

    contents: str
    table: str
    chart: str
    annex: str
    note: str
    source: str
    sources: str
    unknown: str
    page: tuple[str, str, str]  # before the page, between page and pages, after pages
    unit: str
    interval: str
    scenario: str
    low: str
    high: str
    item: str
    nothing: str
    seal: str
    edition: str
    version: str
    digest: str
    organisation: str
    date: str
    label: str
    sheet: str
    kind: str
    rows: str
    title: str
    data_of: str
    cut: str
    missing: str
    blank: str
    comma: str
    colon: str
    brackets: tuple[str, str]


_ZH = Words(
    contents="目录",
    table="表",
    chart="图",
    annex="附件",
    note="注",
    source="来源",
    sources="资料来源",
    unknown="未知",
    page=("第 ", " 页　共 ", " 页"),
    unit="单位",
    interval="区间",
    scenario="情景",
    low="下限",
    high="上限",
    item="项目",
    nothing="无数据",
    seal="（盖章）",
    edition="版次",
    version="版本",
    digest="内容校验码",
    organisation="编制单位",
    date="日期",
    label="标识",
    sheet="工作表",
    kind="类别",
    rows="行数",
    title="标题",
    data_of="图的数据",
    cut="（过长，已截断）",
    missing="字体未收的字以〓代替：{letters}。DOCX 与 XLSX 文件保留原字。",
    blank="空白单元格表示未知，不是零。",
    comma="，",
    colon="：",
    brackets=("（", "）"),
)
_EN = Words(
    contents="Contents",
    table="Table",
    chart="Figure",
    annex="Annex",
    note="Note",
    source="Source",
    sources="Sources",
    unknown="unknown",
    page=("Page ", " of ", ""),
    unit="Unit",
    interval="interval",
    scenario="scenario",
    low="low",
    high="high",
    item="Item",
    nothing="No data",
    seal="(seal)",
    edition="Edition",
    version="Version",
    digest="Content digest",
    organisation="Issued by",
    date="Date",
    label="Label",
    sheet="Sheet",
    kind="Kind",
    rows="Rows",
    title="Title",
    data_of="data of the figure",
    cut=" (too long, cut)",
    missing="〓 stands for characters that the font lacks: {letters}. The DOCX and XLSX files keep them.",
    blank="An empty cell is unknown, not zero.",
    comma=", ",
    colon=": ",
    brackets=(" (", ")"),
)


def words_of(language: Language) -> Words:
    """Return the words of a language."""
    return _ZH if language == "zh" else _EN
