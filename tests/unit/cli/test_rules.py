"""The verb `rules`: exit codes, words in both languages, regions, waivers, and files that can not be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any  # Any: JSON

import pytest

from tests.rule_cases import FIXTURES, example, put
from zhiqiao.cli import main
from zhiqiao.engines import rules

GOOD = str(FIXTURES / "higher.json")
DAY = ("--on", "2026-11-01")


def changed(tmp_path: Path, **places: object) -> str:
    data = json.loads(json.dumps(example("higher")))
    for path, value in places.items():
        put(data, path, value)
    return written(tmp_path / "plan.json", data)


def written(path: Path, data: object) -> str:
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return str(path)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["rules", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def lectures_only(tmp_path: Path) -> str:
    return changed(tmp_path, **{"courses[c30].activities": {"lecture": 720}})


def test_a_plan_that_obeys_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", GOOD, *DAY)
    assert code == 0
    assert out.count("✓") == 36
    assert out.splitlines()[-1].endswith("阻止 0")


def test_a_blocking_finding_ends_with_1_and_says_everything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "check", lectures_only(tmp_path), "--set", "tp", *DAY, "--lang", "en")
    assert code == 1
    lines = out.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("✗ TP-13"))
    assert "Practice 740 of 2600 hours = 28.46 %, below 50 %." in lines[start]
    assert [line.split(":")[0].strip() for line in lines[start + 1 : start + 6]] == [
        "at",
        "source",
        "fix",
        "may be waived",
        "may be waived",
    ]
    assert lines[-1].endswith("blocking 2")  # TP-13, and TP-21 because practice and activities differ


def test_what_is_not_confirmed_does_not_end_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(
        capsys,
        "check",
        changed(tmp_path, **{"week_activities[military_training].credits": 9, "courses[c14].credits": 1}),
        *DAY,
    )
    assert code == 0
    assert "来源尚未核实" in out


def test_json_is_a_report_that_can_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", lectures_only(tmp_path), "--set", "tp", "--set", "ct", "--json", *DAY)
    report = rules.read_report(out)
    assert code == 1
    assert {one.set for one in report.findings} == {"tp", "ct"}
    assert report.outcome("TP-13") == "fail"


def test_a_waiver_from_a_file_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    waiver = {
        "rule": "TP-13",
        "kind": "authority",
        "person": "张",
        "office": "education_authority",
        "reason": "改革试点",
        "document": "巴教函〔2026〕1号（虚构）",
        "expires": "2027-08-31",
    }
    plan = lectures_only(tmp_path)
    good = written(tmp_path / "good.json", [waiver])
    late = written(tmp_path / "late.json", [{**waiver, "expires": "2026-10-31"}])
    _, out, _ = run(capsys, "check", plan, "--waivers", good, *DAY)
    assert "○ TP-13" in out
    code, out, _ = run(capsys, "check", plan, "--waivers", late, *DAY)
    assert code == 1
    assert "豁免已于 2026-10-31 到期" in out
    code, _, err = run(
        capsys, "check", plan, "--waivers", written(tmp_path / "bad.json", [{"rule": "TP-13"}])
    )
    assert code == 2
    assert "[0].kind: must be given" in err


def test_a_region_adds_its_rules(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = tmp_path / "mycity"
    (pack / "rules").mkdir(parents=True)
    (pack / "region.toml").write_text('city_code = "510100"\n', encoding="utf-8")
    (pack / "rules" / "tp.toml").write_text(
        'version = "1"\nset = "tp"\n[[rule]]\nid = "TP-13"\nbased_on = "TP-13"\nregion = "510000"\n'
        'state = "confirmed"\nparams = { least = 0.6 }\n'
        'source = { document = { zh = "省文件（虚构）", en = "provincial text (invented)" } }\n',
        encoding="utf-8",
    )
    monkeypatch.setattr("zhiqiao.cli.rules.region_folder", lambda name: tmp_path / name)
    code, out, _ = run(capsys, "check", GOOD, "--set", "tp", "--region", "mycity", *DAY)
    assert code == 1
    assert "56.15 %，低于 60 %" in out
    assert "省文件（虚构）" in out
    code, out, _ = run(capsys, "show", "tp-13", "--region", "mycity")
    assert (code, out.count("TP-13")) == (0, 2)
    assert "区域: 510000" in out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "line 1: not valid JSON"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"[]", "must be an object"),
        (b'{"key": "a", "courses": [{"key": "c1", "hours": "many"}]}', "courses[c1].hours: must be a number"),
        (b'{"key": "a", "level": "middle"}', "level: “middle” is none of: secondary, higher"),
        (b'{"key": "a", "corses": []}', "did you mean courses"),
    ],
)
def test_a_file_that_can_not_be_read_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    code, out, err = run(capsys, "check", str(path))
    assert (code, out) == (2, "")
    assert said in err
    assert "bad.json" in err


def test_options_that_can_not_be_used_end_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, said in [
        (("check", str(tmp_path / "absent.json")), "absent.json"),
        (("check", GOOD, "--set", "zz"), "there is no set zz; there are: ct, gx, js, tp"),
        (("check", GOOD, "--region", "nowhere"), "there is no region pack nowhere"),
        (("check", GOOD, "--directory", str(tmp_path / "absent.csv")), "absent.csv"),
        (("list", "--set", "zz"), "there is no set zz"),
        (("list", "--region", "nowhere"), "nowhere"),
        (("show", "TP-99"), "There is no rule TP-99"),
        (("show", "TP-01", "--region", "nowhere"), "nowhere"),
    ]:
        code, _, err = run(capsys, *words)
        assert code == 2, words
        assert said in err
    with pytest.raises(SystemExit) as caught:
        main(["rules", "check", GOOD, "--on", "yesterday"])
    assert caught.value.code == 2


def test_rules_are_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "list", "--set", "tp")
    assert (code, len(out.splitlines())) == (0, 24)
    _, out, _ = run(capsys, "list", "--json")
    listed: list[dict[str, Any]] = json.loads(out)
    assert len(listed) == 37
    _, out, _ = run(capsys, "show", "TP-10", "--lang", "en")
    assert "source not yet confirmed" in out
    assert '"higher": 2500' in out
    _, out, _ = run(capsys, "show", "TP-12", "--json")
    assert json.loads(out)[0]["params"]["about"] == {"secondary": "1/3"}


def test_before_a_rule_is_in_force_it_is_not_applied(capsys: pytest.CaptureFixture[str]) -> None:
    _, early, _ = run(capsys, "check", GOOD, "--set", "tp", "--on", "2019-06-17")
    _, late, _ = run(capsys, "check", GOOD, "--set", "tp", "--on", "2019-06-18")
    assert "TP-13" not in early
    assert "TP-13" in late
