"""`zhiqiao mine` as a person or a script calls it."""

from __future__ import annotations

import argparse
import hashlib
import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from zhiqiao.cli.mine import add_parser, main
from zhiqiao.engines.jobmining import RESULT_FILES

SKILLS = "id,zh,en,kind,category,broader,aliases,match\njava,Java,Java,tool,it,,,\n"


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    return main(parser.parse_args(["mine", *words]))


@pytest.fixture
def skills(tmp_path: Path) -> str:
    folder = tmp_path / "skills"
    folder.mkdir()
    (folder / "it.csv").write_text(SKILLS, encoding="utf-8")
    return str(folder)


def test_json_prints_one_summary_object(
    tmp_path: Path, skills: str, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "jobs.csv"
    source.write_text("id,title,text\n1,开发,熟悉Java\n2,空,\n", encoding="utf-8")
    assert call(str(source), "--out", str(tmp_path / "out"), "--taxonomy", skills, "--json") == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["rows_in"], summary["kept"], summary["quarantined"], summary["mentions"]) == (2, 1, 1, 1)
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(RESULT_FILES)


def test_files_and_columns_are_those_of_the_contract(tmp_path: Path, skills: str) -> None:
    source = tmp_path / "jobs.csv"
    source.write_text("id,title,text\nx-1, 开发 ,精通 Java \n,会计,<b>会计</b>\n", encoding="utf-8")
    assert call(str(source), "--out", str(tmp_path / "out"), "--taxonomy", skills) == 0
    postings = pq.read_table(tmp_path / "out" / "postings.parquet")
    assert postings.column_names[:3] == ["posting_id", "title", "text"]
    first, second = postings.to_pylist()
    assert (first["posting_id"], first["title"], first["text"]) == ("x-1", " 开发 ", "精通 Java ")
    # Rows are numbered as a spreadsheet shows them: the header is row 1.
    assert second["posting_id"] == hashlib.sha1(b"jobs.csv3").hexdigest()[:12]
    mentions = pq.read_table(tmp_path / "out" / "mentions.parquet")
    assert ",".join(mentions.column_names) == (
        "posting_id,skill_id,skill_zh,surface,start,end,kind,aspect,level,line_role,source"
    )
    mention = mentions.to_pylist()[0]
    assert (mention["posting_id"], mention["surface"], mention["level"]) == ("x-1", "Java", "精通")
    assert first["text"][mention["start"] : mention["end"]] == "Java"
    assert mention["source"] == "dictionary"
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names >= {
        "postings.parquet",
        "duplicates.parquet",
        "mentions.parquet",
        "rejected.csv",
        "summary.json",
    }


def test_without_json_it_says_it_in_words(
    tmp_path: Path, skills: str, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "jobs.csv"
    source.write_text("text\n熟悉Java\n", encoding="utf-8")
    assert call(str(source), "--out", str(tmp_path / "out"), "--taxonomy", skills) == 0
    zh, en = capsys.readouterr().out.splitlines()
    assert zh.startswith("读入 1 行：入库 1，重复 0，隔离 0；技能提及 1 处")
    assert en.startswith("1 rows in: 1 kept, 0 duplicates, 0 quarantined; 1 mentions")


def test_errors_are_words_and_exit_code_two(
    tmp_path: Path, skills: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    assert call(str(tmp_path / "absent.csv"), "--out", out) == 2
    assert "no such file" in capsys.readouterr().err
    assert call(str(tmp_path), "--out", out) == 2
    assert "a folder, not a file" in capsys.readouterr().err
    source = tmp_path / "jobs.csv"
    source.write_text("a,b\n1,2\n", encoding="utf-8")
    assert call(str(source), "--out", out, "--taxonomy", skills) == 2
    assert "no column holds the posting text" in capsys.readouterr().err
    assert call(str(source), "--out", out, "--workers", "0") == 2
    assert call(str(source), "--out", out, "--taxonomy", str(tmp_path / "absent")) == 2
    assert "no taxonomy folder" in capsys.readouterr().err


def test_relative_days_count_from_the_given_day(tmp_path: Path, skills: str) -> None:
    source = tmp_path / "jobs.csv"
    source.write_text("text,发布日期\n熟悉Java,昨天\n", encoding="utf-8")
    out = tmp_path / "out"
    day = ("--reference-date", "2024-06-15")
    assert call(str(source), "--out", str(out), "--taxonomy", skills, *day) == 0
    assert pq.read_table(out / "postings.parquet")["published"].to_pylist() == [date(2024, 6, 14)]
