"""`zhiqiao report demand` as a person or a script calls it."""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
from pathlib import Path

import openpyxl
import pytest

from zhiqiao.cli import report as verb
from zhiqiao.cli._say import Fault
from zhiqiao.engines import report
from zhiqiao.engines.documents import Document
from zhiqiao.infra.config import config
from zhiqiao.packs import common_file, read_rows

PACKS = Path(__file__).resolve().parents[2] / "packs"
DAY = dt.date(2026, 11, 21)


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    verb.add_parser(parser.add_subparsers())
    return verb.main(parser.parse_args(["report", "demand", *words]))


def limits() -> report.ReportParameters:
    return report.read_report_parameters(common_file("report", "report.toml"))


def facts_of(pack: Path, year: int = 2027) -> report.ReportFacts:
    return verb.facts_of_pack(pack, year, today=DAY, limits=limits())


@pytest.fixture(autouse=True)
def _packs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIQIAO_REGION_PATH", str(PACKS))
    config.cache_clear()


@pytest.fixture(scope="module")
def facts() -> report.ReportFacts:
    return facts_of(PACKS / "testcity")


def test_three_files_come_out_and_the_workbook_holds_the_counts(
    tmp_path: Path, facts: report.ReportFacts, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "folder"
    words = ("--region", "testcity", "--year", "2027", "--lang", "zh", "--date", DAY.isoformat())
    assert call(*words, "--out", str(out)) == 0
    names = [f"demand-testcity-2027-zh.{kind}" for kind in ("docx", "pdf", "xlsx")]
    assert sorted(path.name for path in out.iterdir()) == names
    assert [Path(line).name for line in capsys.readouterr().out.split()] == names
    assert (out / names[1]).read_bytes().startswith(b"%PDF")
    book = openpyxl.load_workbook(out / names[2])
    rows = [
        [cell.value for cell in row] for sheet in book.worksheets for row in sheet.iter_rows() if row[0].value
    ]
    for industry in facts.industries:
        own = [row for row in rows if str(row[0]).rstrip("★") == industry.name.zh]
        assert any(industry.change.now in row for row in own), industry.name.key


def test_counts_are_those_of_the_postings_and_no_source_is_added(facts: report.ReportFacts) -> None:
    coverage = facts.coverage
    out = coverage.duplicates + coverage.rejected + coverage.elsewhere + coverage.no_post
    assert coverage.read == coverage.counted + out
    assert len(facts.months) == 12
    assert facts.months[-1] == "2026-10"
    assert sum(industry.change.now for industry in facts.industries) == facts.total.now == coverage.counted
    for industry in facts.industries:
        assert sum(post.change.now for post in industry.posts) == industry.change.now
        assert sum(count or 0 for count in industry.outlook.counts) == industry.change.now
    assert {source.kind: source.count for source in facts.sources}["plan"] is None


def test_one_year_of_data_allows_no_comparison_and_no_figures_of_supply(facts: report.ReportFacts) -> None:
    assert facts.earlier == ()
    assert facts.total.direction is report.Direction.UNKNOWN
    assert all(item.quantity is None and item.advice == "unknown" for item in facts.programmes)
    assert facts.missing["graduates"] == "no_graduates"
    assert facts.backtest is not None
    assert not facts.backtest.last_year
    assert facts.backtest.origin == "2026-07"


def test_the_report_of_a_small_city_can_be_composed_in_both_languages(facts: report.ReportFacts) -> None:
    for language in ("zh", "en"):
        words = report.read_words(common_file("report", "demand_report.toml"), language)
        assert isinstance(report.compose(facts, words, limits()), Document)


def test_practice_share_and_hours_come_from_the_modules(facts: report.ReportFacts) -> None:
    rows = read_rows(PACKS / "testcity" / "modules.csv")
    practice = sum(float(row["practice"]) for row in rows)
    whole = practice + sum(float(row["theory"]) for row in rows)
    assert facts.programmes[0].practice_share == pytest.approx(practice / whole)


def test_years_plans_equipment_and_projects_are_used_where_a_pack_has_them(tmp_path: Path) -> None:
    pack = tmp_path / "testcity"
    shutil.copytree(PACKS / "testcity", pack)
    head = "programme,year,enrolled,students,graduates,placed,placed_locally,placed_matching,cost_per_student"
    years = f"{head}\ntc-tea,2025,50,150,40,36,20,18,9000\ntc-tea,2026,60,160,50,45,30,,\ntc-tea,2027,99,,99,,,,\n"
    (pack / "programme_years.csv").write_text(years, encoding="utf-8")
    (pack / "plans.csv").write_text(
        "organisation,role,year,headcount\ntc-enterprise,tc-rider,2027,7\ntc-enterprise,tc-rider,2026,5\n",
        encoding="utf-8",
    )
    (pack / "conditions.csv").write_text(
        "programme,name,required,present\ntc-tea,炒锅,10,4\ntc-tea,茶室,2,\ntc-tea,屋,,3\n", encoding="utf-8"
    )
    (pack / "projects.csv").write_text(
        "id,name,industry,start,probability,state,staff\n"
        "p,茶园,tc-tea,2028-03,0.5,announced,tc-tea-maker:2028:40\n"
        "q,不办了,tc-tea,2028-03,0.5,cancelled,tc-tea-maker:2028:40\n",
        encoding="utf-8",
    )
    found = facts_of(pack)
    programme = found.programmes[0]
    assert (programme.year, programme.enrolled, programme.graduates) == (2026, 60, 50)
    assert programme.placement == pytest.approx(0.9)
    assert programme.matching is None
    assert programme.quantity is not None
    assert [(name.zh, need, have) for name, need, have in programme.conditions] == [
        ("炒锅", 10, 4),
        ("茶室", 2, None),
    ]
    tea, riding = found.industries
    assert [post.planned for post in riding.posts] == [7]
    assert [band.projects for band in tea.outlook.scenarios] == [pytest.approx(20.0), 0.0]
    assert [band.projects for band in riding.outlook.scenarios] == [0.0, 0.0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--region", "nowhere", "--year", "2027"), "There is no region pack nowhere"),
        (("--region", "testcity", "--year", "2020"), "no report for 2020"),
        (("--region", "testcity", "--year", "2031"), "needs data of 2030"),
        (("--region", "testcity", "--year", "2026"), "at least 6"),
    ],
)
def test_what_can_not_be_made_is_said_and_nothing_is_written(
    words: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(*words, "--out", str(tmp_path)) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_pack_without_postings_is_named(tmp_path: Path) -> None:
    pack = tmp_path / "bare"
    shutil.copytree(PACKS / "testcity", pack, ignore=shutil.ignore_patterns("postings.toml"))
    with pytest.raises(Fault, match=r"bare has no postings"):
        facts_of(pack)


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "file"
    target.write_text("x", encoding="utf-8")
    assert call("--region", "testcity", "--year", "2027", "--out", str(target)) == 2
    assert "file" in capsys.readouterr().err
    assert target.read_text(encoding="utf-8") == "x"
