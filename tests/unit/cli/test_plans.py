"""The verb `plans`: conversion both ways, what it says of people's files, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.rule_cases import FIXTURES
from tests.unit.engines.planfiles.made import USUAL, USUAL_JOINED, workbook
from zhiqiao.cli import main
from zhiqiao.engines.plans import read_plan

GOOD = FIXTURES / "higher.json"


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_plan_goes_round_through_every_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book, letter, back = (tmp_path / name for name in ("a.xlsx", "b.docx", "c.json"))
    for source, target in ((GOOD, book), (book, letter), (letter, back)):
        assert run(capsys, "plans", "convert", source, target, "--organisation", "示例学院") == (0, "", "")
    assert read_plan(back.read_text(encoding="utf-8")) == read_plan(GOOD.read_text(encoding="utf-8"))
    code, out, _ = run(capsys, "rules", "check", letter, "--on", "2026-11-01")
    assert code == 0
    assert out.count("✓") == 36


def test_what_a_persons_file_leaves_open_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "方案.xlsx", tmp_path / "方案.json"
    source.write_bytes(workbook({"进程": USUAL}, {"进程": USUAL_JOINED}))
    code, out, err = run(capsys, "plans", "convert", source, target, "--lang", "en")
    assert (code, out) == (1, "")
    lines = err.splitlines()
    assert lines[0].startswith("✗ “进程” A11: “专业（技能）课” may mean")
    assert any(line.startswith("· ") for line in lines)
    assert len(json.loads(target.read_text(encoding="utf-8"))["courses"]) == 5
    code, out, err = run(capsys, "rules", "check", source, "--set", "tp", "--json")
    assert code == 1
    assert json.loads(out)
    assert "全角数字" in err


def test_what_can_not_be_done_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = tmp_path / "there.json"
    there.write_text("{}", encoding="utf-8")
    for words, said in (
        ((GOOD, tmp_path / "a.pdf"), "must end in json, xlsx or docx"),
        ((GOOD, there), "--force writes over it"),
        ((tmp_path / "absent.xlsx", tmp_path / "a.json"), "absent.xlsx"),
        ((there, tmp_path / "a.xlsx"), "key: must be given"),
    ):
        code, _, err = run(capsys, "plans", "convert", *words)
        assert code == 2, words
        assert said in err
    assert run(capsys, "plans", "convert", GOOD, there, "--force")[0] == 0


def test_a_plan_is_compared_with_a_standard(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "plans", "compare", GOOD, "--lang", "en")
    assert code == 1
    assert out.startswith("ai-application 2023\n")
    assert "! post dropped 数据标注员  [post:data-labelling]" in out
    assert "could not be compared, missing: standard.tasks、standard.courses" in out
    answers = tmp_path / "answers.json"
    reason = {"item": "post:data-labelling", "text": "本地没有标注企业（合成）", "evidence": ["survey-2026"]}
    links = {"post:p1": "post:ai-development"}
    answers.write_text(json.dumps({"links": links, "reasons": [reason]}), encoding="utf-8")
    _, out, _ = run(capsys, "plans", "compare", GOOD, "--answers", answers)
    assert "✓ 岗位 未设 数据标注员" in out
    assert "✓ 岗位 保留 AI 应用开发工程师" in out
    _, out, _ = run(capsys, "plans", "compare", GOOD, "--json")
    assert json.loads(out)["edition"] == "2023"
    answers.write_text(json.dumps({"links": {"post:p9": "post:delivery"}}), encoding="utf-8")
    code, _, err = run(capsys, "plans", "compare", GOOD, "--answers", answers)
    assert (code, "post:p9" in err) == (2, True)
