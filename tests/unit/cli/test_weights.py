"""The verb `weights`: the JSON of each method, and clear words when something is wrong."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any  # Any: JSON

import pytest

from tests.unit.engines.weights.conftest import write
from zhiqiao.cli import main

ROOT = Path(__file__).parents[3]
GOOD = ",a,b,c\na,1,2,4\nb,1/2,1,2\nc,1/4,1/2,1\n"
BAD = ",a,b,c,d\na,1,2,4,1/8\nb,,1,2,4\nc,,,1,2\nd,,,,1\n"
EXPERTS = "expert,row,column,value\ne1,a,b,2\ne2,a,b,8\n"
DELPHI = "round,expert,item,rating,ca,cs\n" + "".join(
    f"{number},e{expert},{item},{rating},0.9,0.8\n"
    for number in (1, 2)
    for item, ratings in (("x", "5545"), ("y", "4333"), ("z", "2121"))
    for expert, rating in enumerate(ratings)
)
TABLE = "name,price,quality,same\nA,1,10,5\nB,2,20,5\nC,3,20,5\n"


def result(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main(["weights", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_ahp(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = result(capsys, "ahp", str(write(tmp_path / "a.csv", GOOD)))
    assert found["weights"] == pytest.approx({"a": 4 / 7, "b": 2 / 7, "c": 1 / 7})
    assert (found["cr"], found["ri"], found["usable"], found["worst"]) == (0, 0.58, True, None)


def test_ahp_that_can_not_be_used_names_the_judgement(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(write(tmp_path / "a.csv", BAD))
    found = result(capsys, "ahp", path)
    assert not found["usable"]
    assert found["cr"] >= found["limit"] == 0.1
    assert (found["worst"]["first"], found["worst"]["second"]) == ("a", "d")
    assert (found["best_change"]["suggested"], found["best_change"]["cr_after"]) == (8, 0)
    assert main(["weights", "ahp", path]) == 0
    said = capsys.readouterr().out
    assert "不可使用" in said
    assert "not to be used" in said
    assert "“a” to “d”" in said


def test_ahp_of_several_experts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = result(capsys, "ahp", str(write(tmp_path / "a.csv", EXPERTS)))
    assert found["weights"] == pytest.approx({"a": 0.8, "b": 0.2})
    assert found["aip_weights"] == pytest.approx({"a": 0.8, "b": 0.2})
    assert set(found["experts"]) == {"e1", "e2"}
    assert found["dispersion"][0]["mean"] == pytest.approx(4)
    assert found["left_out"] == []


def test_unknown_judgements_need_a_decision(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(write(tmp_path / "a.csv", ",a,b,c\na,1,2,\nb,,1,2\nc,,,1\n"))
    assert main(["weights", "ahp", path]) == 1
    assert "a–c" in capsys.readouterr().err
    found = result(capsys, "ahp", path, "--incomplete", "harker")
    assert found["weights"] == pytest.approx({"a": 4 / 7, "b": 2 / 7, "c": 1 / 7})
    assert found["unknown"] == [["a", "c"]]


def test_delphi(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(write(tmp_path / "a.csv", DELPHI))
    found = result(capsys, "delphi", path, "--invited", "5,4", "--feedback")
    first, second = found["rounds"]
    assert (first["response_rate"], second["response_rate"]) == (0.8, 1)
    assert first["authority"]["mean"] == pytest.approx(0.85)
    assert first["concordance"]["w"] == pytest.approx(1)
    x = first["items"][0]
    assert (x["mean"], x["median"], x["full_share"], x["advice"]) == (4.75, 5, 0.75, "keep")
    # 4.75, 3.25 and 1.5 of 9.5.
    assert first["weights"] == pytest.approx({"x": 0.5, "y": 3.25 / 9.5, "z": 1.5 / 9.5})
    assert found["converged"] is True
    assert set(found["feedback"]) == {"e0", "e1", "e2", "e3"}
    assert "e1" not in json.dumps(found["feedback"]["e0"], ensure_ascii=False)


def test_delphi_with_two_answers_gives_no_feedback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(write(tmp_path / "a.csv", "round,expert,item,rating\n1,e1,x,5\n1,e2,x,4\n"))
    assert main(["weights", "delphi", path, "--feedback"]) == 1
    assert "Only 2 experts answered" in capsys.readouterr().err
    assert result(capsys, "delphi", path)["rounds"][0]["answered"] == 2


def test_entropy_and_critic(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(write(tmp_path / "a.csv", TABLE))
    found = result(capsys, "entropy", path, "--cost", "price")
    assert found["directions"] == {"price": "cost", "quality": "benefit", "same": "benefit"}
    assert found["constant"] == ["same"]
    assert found["weights"] == pytest.approx({"price": 0.53264, "quality": 0.46736, "same": 0}, abs=1e-5)
    shares = result(capsys, "entropy", path, "--scaling", "share")
    assert shares["scaling"] == "share"
    found = result(capsys, "critic", path)
    assert math.fsum(found["weights"].values()) == pytest.approx(1, abs=1e-12)
    assert main(["weights", "critic", path]) == 0
    assert "same" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ahp", "nowhere.csv"], "There is no such file"),
        (["entropy", "{file}", "--cost", "z"], "no such indicator"),
        (["delphi", "{file}"], "round, expert, item, rating is missing"),
        (["ahp", "{file}"], "is not in the header"),
    ],
)
def test_faults_end_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    path = str(write(tmp_path / "a.csv", TABLE))
    assert main(["weights", *(word.replace("{file}", path) for word in words)]) == 1
    told = capsys.readouterr()
    assert said in told.err
    assert not told.out


@pytest.mark.parametrize(
    "options", [["--scale", "five"], ["--invited", "3"], ["--invited", "a,b"], ["--scale", "5-1"]]
)
def test_options_that_can_not_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    path = str(write(tmp_path / "a.csv", DELPHI))
    assert main(["weights", "delphi", path, *options]) == 1
    assert capsys.readouterr().err


@pytest.mark.parametrize("page", ["docs/guide/zh-CN/weights.md", "docs/guide/en/weights.md"])
def test_every_field_is_in_the_guide(tmp_path: Path, capsys: pytest.CaptureFixture[str], page: str) -> None:
    """The JSON is a contract: a field that is printed and not described fails here."""
    text = (ROOT / page).read_text(encoding="utf-8")
    names: set[str] = set()
    for words, content in (
        (["ahp"], BAD),
        (["ahp"], EXPERTS),
        (["delphi", "--feedback"], DELPHI),
        (["entropy"], TABLE),
        (["critic"], TABLE),
    ):
        found = result(capsys, words[0], str(write(tmp_path / "a.csv", content)), *words[1:])
        names |= _names(found)
    assert sorted(name for name in names if f"`{name}`" not in text) == []


def _names(value: object) -> set[str]:
    """Return all field names but those that come from the data (experts, items, indicators)."""
    if isinstance(value, list):
        return set().union(*map(_names, value)) if value else set()
    if not isinstance(value, dict):
        return set()
    own = {name for name in value if len(name) > 2 and name not in {"price", "quality", "same"}} | (
        {"n", "ci", "ri", "cr", "w", "p", "df"} & set(value)
    )
    return own.union(*map(_names, value.values()))
