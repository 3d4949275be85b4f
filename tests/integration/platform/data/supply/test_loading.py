"""Files of a region pack: every one is optional, twice changes nothing, a wrong row is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhiqiao.platform.data.errors import CatalogueError
from zhiqiao.platform.data.models import (
    EnterprisePlan,
    InvestmentProject,
    Programme,
    ProgrammeYear,
    ProjectStaff,
    RegionalValue,
    TrainingCondition,
)
from zhiqiao.platform.data.supply.loading import load_regional, load_supply
from zhiqiao.platform.data.supply.years import FIGURES

YEARS = f"programme,year,{','.join(FIGURES)},source,definition\n"
TABLES = (ProgrammeYear, TrainingCondition, EnterprisePlan, InvestmentProject, ProjectStaff, RegionalValue)


def counts() -> dict[str, int]:
    return {table.__name__: table._default_manager.count() for table in TABLES}


def test_the_shipped_region_loads_whole_and_twice_changes_nothing(bazhong: Path) -> None:
    load_regional(bazhong)
    load_supply(bazhong, is_demo=True)
    first = counts()
    assert first["ProgrammeYear"] == 4 * Programme.objects.count() == 32
    assert min(first.values()) > 0
    assert (load_regional(bazhong), load_supply(bazhong, is_demo=True)) == (0, 0)
    assert counts() == first


def test_invented_rows_are_marked_and_say_so_and_quoted_ones_are_claims(bazhong: Path) -> None:
    load_regional(bazhong)
    load_supply(bazhong, is_demo=True)
    for table in (ProgrammeYear, InvestmentProject):
        assert set(table._default_manager.values_list("is_demo", "source")) == {(True, "合成演示数据")}
    assert set(EnterprisePlan.objects.values_list("is_demo", "note")) == {(True, "合成演示数据")}
    assert not TrainingCondition.objects.filter(is_demo=False).exists()
    assert set(RegionalValue.objects.values_list("state", "is_demo", "year")) == {("quoted", False, 2024)}
    quoted = {
        row.indicator.key: float(row.value) for row in RegionalValue.objects.select_related("indicator")
    }
    assert (quoted["gdp"], quoted["migrant-workers"], quoted["labour-income"]) == (870.51, 101.58, 291.83)


def test_what_people_changed_is_not_loaded_over(bazhong: Path) -> None:
    load_supply(bazhong, is_demo=True)
    ProgrammeYear.objects.filter(year=2025).update(enrolled=7)
    load_supply(bazhong, is_demo=True)
    assert set(ProgrammeYear.objects.filter(year=2025).values_list("enrolled", flat=True)) == {7}


def test_a_pack_without_these_files_loads_nothing(db: None, tmp_path: Path) -> None:
    assert (load_regional(tmp_path), load_supply(tmp_path, is_demo=True)) == (0, 0)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("nobody,2025,1,,,,,,,x,", "row 2: programme: there is no 'nobody'"),
        ("ceramics,soon,1,,,,,,,x,", "row 2: year: can not read 'soon'"),
        ("ceramics,2025,many,,,,,,,x,", "row 2: enrolled: can not read 'many'"),
        ("ceramics,2025,,,10,11,,,,x,", "row 2: placed contradicts"),
    ],
)
def test_a_wrong_row_is_named(programme: Programme, tmp_path: Path, line: str, fault: str) -> None:
    (tmp_path / "programme_years.csv").write_text(YEARS + line + "\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=fault):
        load_supply(tmp_path, is_demo=True)
    assert not ProgrammeYear.objects.exists()
