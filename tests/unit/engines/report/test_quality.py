"""Quality of a report by a rubric: means, raters far apart, agreement against worked figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiqiao.engines.report import Quality, Rubric, quality, read_rubric
from zhiqiao.packs import common_file


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    return read_rubric(common_file("report", "quality.toml"))


def sheet(rubric: Rubric, *marks: int) -> dict[str, int]:
    return dict(zip([one.key for one in rubric.criteria], marks, strict=True))


def test_the_shipped_rubric_says_in_both_languages_what_its_marks_mean(rubric: Rubric) -> None:
    assert len({one.key for one in rubric.criteria}) == len(rubric.criteria) == 6
    for one in rubric.criteria:
        assert one.zh
        assert one.en
        assert len(one.marks_zh) == len(one.marks_en) == 3
    assert rubric.least_raters == 2


def test_one_person_is_no_quality(rubric: Rubric) -> None:
    assert quality([], rubric) is None
    assert quality([sheet(rubric, 4, 4, 4, 4, 4, 4)], rubric) is None


def test_two_people_worked_by_hand(rubric: Rubric) -> None:
    found = quality([sheet(rubric, 4, 3, 4, 2, 1, 3), sheet(rubric, 4, 3, 2, 2, 2, 3)], rubric)
    assert found is not None
    assert found.share == pytest.approx((4 + 3 + 3 + 2 + 1.5 + 3) / 6 / 4)
    # seen: (0+0+4+0+1+0)/6 = 5/6; chance: both rows multiplied out, sum of squares 60 over 36
    first, second = [4, 3, 4, 2, 1, 3], [4, 3, 2, 2, 2, 3]
    chance = sum((a - b) ** 2 for a in first for b in second) / 36
    assert found.kappa == pytest.approx(1 - (5 / 6) / chance)
    assert [one.criterion.key for one in found.to_settle] == [rubric.criteria[2].key]


def test_agreement_is_that_of_the_literature() -> None:
    """Weighted kappa of scikit-learn, an implementation that is not ours, gives the same."""
    from sklearn.metrics import cohen_kappa_score

    rubric = read_rubric(common_file("report", "quality.toml"))
    first, second = [4, 3, 4, 2, 1, 0], [3, 3, 2, 2, 2, 1]
    found = quality([sheet(rubric, *first), sheet(rubric, *second)], rubric)
    assert found is not None
    assert found.kappa == pytest.approx(
        cohen_kappa_score(first, second, weights="quadratic", labels=[0, 1, 2, 3, 4])
    )


def test_without_any_difference_agreement_is_undefined(rubric: Rubric) -> None:
    found = quality([sheet(rubric, 3, 3, 3, 3, 3, 3)] * 2, rubric)
    assert found is not None
    assert found.kappa is None
    assert found.share == 0.75


def test_a_missing_mark_is_named(rubric: Rubric) -> None:
    with pytest.raises(KeyError, match="reading"):
        quality([{one.key: 2 for one in rubric.criteria[:-1]}] * 2, rubric)


@given(st.lists(st.lists(st.integers(0, 4), min_size=6, max_size=6), min_size=2, max_size=5), st.randoms())
def test_order_of_raters_does_not_matter_and_the_share_stays_in_its_bounds(
    rows: list[list[int]], chance: object
) -> None:
    rubric = read_rubric(common_file("report", "quality.toml"))
    sheets = [sheet(rubric, *row) for row in rows]
    found = quality(sheets, rubric)
    chance.shuffle(sheets)  # type: ignore[attr-defined]
    again = quality(sheets, rubric)
    assert isinstance(found, Quality)
    assert isinstance(again, Quality)
    assert 0 <= found.share <= 1
    assert again.share == pytest.approx(found.share)
    assert found.kappa is None or found.kappa == pytest.approx(again.kappa)
