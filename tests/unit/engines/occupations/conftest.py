"""A made-up classification of six occupations and titles for them; nothing of a real file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from zhiqiao.engines.occupations import LabelledTitle, Occupation, OccupationModel, fit

ENTRIES = (
    Occupation("1-01-00-00", 2, "养护人员"),
    Occupation("1-01-01-00", 3, "道路养护人员"),
    Occupation("1-01-01-01", 4, "桥梁巡查员S", "检查桥梁的人员。", "1.巡查桥面 2.记录裂缝", ("巡桥工",)),
    Occupation("1-01-01-02", 4, "隧道清洗工", "清洗隧道的人员。", "1.清洗灯具"),
    Occupation("2-03-01-01", 4, "甜品师", "制作甜品的人员。", "1.打发奶油 2.烘烤", ("蛋糕师", "裱花师")),
    Occupation("2-03-01-02", 4, "咖啡烘焙师L", "烘焙咖啡豆的人员。", "1.选豆 2.烘焙", ("烘豆师",)),
)
_STEMS = {
    "1-01-01-01": ("桥梁巡查员", "巡桥工", "桥梁检查"),
    "1-01-01-02": ("隧道清洗工", "隧道保洁", "洗隧道"),
    "2-03-01-01": ("甜品师", "蛋糕师傅", "裱花师学徒"),
    "2-03-01-02": ("咖啡烘焙师", "烘豆师", "咖啡豆烘焙"),
}


def labelled() -> list[LabelledTitle]:
    places = ("", "（包住）", "某某公司招聘", "高薪", "2026")
    return [
        LabelledTitle(f"{place}{stem}" if "招聘" in place else f"{stem}{place}", code)
        for code, stems in _STEMS.items()
        for stem in stems
        for place in places
    ]


def write(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> Path:
    path.write_text("".join(",".join(row) + "\r\n" for row in rows), encoding=encoding, newline="")
    return path


def write_classification(path: Path) -> Path:
    head = ("level", "code", "name", "definition", "tasks", "alias")
    rows = [
        (str(e.level), e.code, e.name, e.definition, e.tasks, f'"{",".join(e.aliases)}"') for e in ENTRIES
    ]
    return write(path, [head, *rows])


def write_titles(path: Path) -> Path:
    return write(path, [("job_name", "expected_code"), *((row.title, row.code) for row in labelled())])


@pytest.fixture(scope="session")
def model() -> OccupationModel:
    return fit(ENTRIES, labelled())
