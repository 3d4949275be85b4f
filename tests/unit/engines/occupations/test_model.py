"""The fitted coder: answers, corrections, evidence, its file, and that the same input gives the same answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.unit.engines.occupations.conftest import ENTRIES, labelled
from zhiqiao.engines.occupations import (
    InputError,
    LabelledTitle,
    ModelError,
    OccupationModel,
    cross_validate,
    fit,
    groups_of_alike,
    load,
    measure,
)


def test_titles_like_known_ones_get_their_code(model: OccupationModel) -> None:
    answers = model.code(["资深甜品师（双休）", "桥梁巡查 夜班", "烘豆师助理"])
    assert [answer.codes[0] for answer in answers] == ["2-03-01-01", "1-01-01-01", "2-03-01-02"]


def test_scores_are_probabilities_in_falling_order(model: OccupationModel) -> None:
    for answer in model.code(["甜品师", "完全不同的东西", "a"]):
        assert list(answer.scores) == sorted(answer.scores, reverse=True)
        assert min(answer.scores) >= 0
        assert sum(answer.scores) <= 1.0005
        assert len(set(answer.codes)) == len(answer.codes) == len(answer.names) == 5


def test_an_occupation_no_title_was_known_for_can_be_answered(model: OccupationModel) -> None:
    assert "1-01-01-00" in model.code(["道路养护人员"])[0].codes[:3]


def test_an_empty_title_gets_no_code(model: OccupationModel) -> None:
    assert model.code(["", "  "])[0].codes == ()
    assert model.code_titles(["", "甜品师"])[0] == [None, "2-03-01-01"]


def test_the_answer_does_not_depend_on_the_company_it_is_asked_in(model: OccupationModel) -> None:
    titles = [f"{row.title}{number}" for number, row in enumerate(labelled())]
    alone = [model.corrected([]).code([title])[0] for title in titles[:5]]
    assert model.code(titles)[:5] == alone


@pytest.mark.parametrize("title", ["招聘", "（）", "\x00", "🙂🙂", "甜" * 5000, "ＣＡＫＥ", "\ud800"])
def test_odd_titles_do_not_break_it(model: OccupationModel, title: str) -> None:
    assert len(model.code([title])) == 1


def test_width_and_case_do_not_matter(model: OccupationModel) -> None:
    assert model.code(["ＡＢ甜品师"]) == model.code(["ab甜品师"])


def test_a_description_can_turn_an_unclear_title(model: OccupationModel) -> None:
    plain, bridge = model.code(["技术人员", "技术人员"], ["", "巡查桥面，记录裂缝，检查桥梁"])
    assert bridge.scores[bridge.codes.index("1-01-01-01")] > plain.scores[plain.codes.index("1-01-01-01")]


def test_a_correction_is_the_answer_for_its_folded_title_only(model: OccupationModel) -> None:
    corrected = model.corrected([LabelledTitle("甜品师 A", "1-01-01-02"), LabelledTitle("x", "no-such-code")])
    answer = corrected.code(["甜品师 ａ"])[0]
    assert (answer.codes[0], answer.scores[0], answer.corrected) == ("1-01-01-02", 1.0, True)
    assert corrected.code(["甜品师"]) == model.code(["甜品师"])


def test_corrections_enter_the_next_fit() -> None:
    wrong = [LabelledTitle(f"奶油抹面{end}", "2-03-01-01") for end in ("工", "师", "员")]
    learnt = fit(ENTRIES, labelled(), corrections=wrong)
    assert learnt.code(["奶油抹面学徒"])[0].codes[0] == "2-03-01-01"
    assert learnt.code(["奶油抹面工"])[0].corrected


def test_nearest_known_titles_are_the_evidence(model: OccupationModel) -> None:
    near = model.nearest("甜品师", count=2)
    assert near[0].title == "甜品师"
    assert near[0].similarity == pytest.approx(1.0, abs=1e-3)
    assert near[0].similarity >= near[1].similarity


def test_the_same_seed_gives_the_same_file(model: OccupationModel, tmp_path: Path) -> None:
    model.save(tmp_path / "a")
    fit(ENTRIES, labelled()).save(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_saved_model_answers_the_same(model: OccupationModel, tmp_path: Path) -> None:
    model.save(tmp_path / "m")
    read = load(tmp_path / "m")
    assert read.version == model.version
    assert read.code(["蛋糕学徒", "洗隧道灯"]) == model.code(["蛋糕学徒", "洗隧道灯"])


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m"
    path.write_bytes(b"code,name\n")
    with pytest.raises(ModelError):
        load(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("document.npy", b"no array")
    with pytest.raises(ModelError):
        load(path)


def test_a_pickle_in_a_model_is_never_opened(model: OccupationModel, tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    np.savez(path, document=np.array([{"format": 1}], dtype=object))
    with pytest.raises(ModelError):
        load(path)


@pytest.mark.parametrize("change", [{"format": 99}, {"entries": []}, {"titles": [["甜品师", "nowhere"]]}])
def test_a_model_that_contradicts_itself_is_refused(
    model: OccupationModel, tmp_path: Path, change: dict[str, object]
) -> None:
    model.save(tmp_path / "m.npz")
    with np.load(tmp_path / "m.npz") as file:
        arrays = {name: file[name] for name in file.files}
    document = json.loads(arrays.pop("document").tobytes()) | change
    text = json.dumps(document).encode()
    np.savez(tmp_path / "bad.npz", document=np.frombuffer(text, np.uint8), **arrays)
    with pytest.raises(ModelError):
        load(tmp_path / "bad.npz")


def test_too_few_titles_are_refused_with_their_number() -> None:
    with pytest.raises(InputError, match="19"):
        fit(ENTRIES, labelled()[:19])


def test_cross_validation_sees_every_title_once_and_finds_the_pattern() -> None:
    found = cross_validate(ENTRIES, labelled(), folds=3)
    assert found.titles == len(labelled())
    assert found.top1 > 0.9
    assert found.top1 <= found.three_parts
    assert found.by_level[4][0] == len(labelled())


def test_titles_nearly_alike_are_one_group() -> None:
    groups = groups_of_alike(["桥梁巡查员", "桥梁巡查员（包住）", "甜品师", "某公司招聘甜品师"])
    assert groups[0] == groups[1] != groups[2] == groups[3]


def test_measures_count_what_they_say(model: OccupationModel) -> None:
    answers = model.code(["甜品师", "隧道清洗工"])
    found = measure(ENTRIES, ["2-03-01-01", "1-01-01-01"], answers)
    assert (found.top1, found.three_parts, found.top5) == (0.5, 1.0, 1.0)
    assert found.confusions == (("1-01-01-01", "1-01-01-02", 1),)


def test_another_process_with_other_hashes_gives_the_same_model(model: OccupationModel) -> None:
    code = (
        "from tests.unit.engines.occupations.conftest import ENTRIES, labelled\n"
        "from zhiqiao.engines.occupations import fit\n"
        "print(fit(ENTRIES, labelled()).version)"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
        assert told.stdout.decode().strip() == model.version
