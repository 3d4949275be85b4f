"""The file of wordings: complete, without contradictions, and the same words as the rules use."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from tests.rule_cases import book
from tests.unit.engines.planfiles.made import words
from zhiqiao.engines.planfiles import PlanFileError, read_words
from zhiqiao.engines.planfiles._specs import SPECS
from zhiqiao.engines.plans import Course
from zhiqiao.engines.tabular import fold_name


def test_no_heading_names_two_columns_of_a_table() -> None:
    for name, table in words().tables.items():
        headings = [fold_name(one) for listed in table.columns.values() for one in listed]
        assert len(headings) == len(set(headings)), name


def test_no_word_means_two_things() -> None:
    for name, vocabulary in words().vocabularies.items():
        folded = [fold_name(one) for listed in vocabulary.values() for one in listed]
        assert len(folded) == len(set(folded)), name


def test_every_field_of_a_row_has_a_column() -> None:
    in_cells_of_terms = {"terms"}
    for spec in SPECS:
        if spec.row is Course or spec.shape in {"named", "texts"}:
            continue
        columns = {path.partition(".")[0] for path in words().tables[spec.name].columns}
        assert {one.name for one in fields(spec.row)} == columns, spec.name
    both = {
        path.partition(".")[0]
        for name in ("courses", "requirements")
        for path in words().tables[name].columns
    }
    assert {one.name for one in fields(Course)} - in_cells_of_terms <= both


def test_sections_are_called_as_in_the_rules() -> None:
    for key, names in words().sections.items():
        assert book().words.text(f"section.{key}").zh == names[0]


@pytest.mark.parametrize("text", ["", "[section]\nx = 1\n", "no toml"])
def test_a_file_that_lacks_something_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "words.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanFileError, match=r"words\.toml"):
        read_words(path)
