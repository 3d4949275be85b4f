"""What is read of a folder of mined postings, and what is said when it can not be used."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.engines.competency.conftest import PARAMETERS, RARE, parts, skill_id, write_mined
from zhiqiao.engines.competency import (
    Corpus,
    CorpusError,
    ParameterError,
    build_space,
    first_postings,
    read_corpus,
)


def read(folder: Path) -> Corpus:
    return read_corpus(folder, parameters=PARAMETERS, parts=parts)


def test_words_leave_out_stop_words_benefits_and_numbers(corpus: Corpus) -> None:
    words = {word for own in corpus.words for word in own}
    assert "修剪" in words
    assert not words & {"熟悉", "工作", "福利", "吃住"}


def test_a_skill_is_one_token_where_it_stands(corpus: Corpus) -> None:
    numbers = [token for token in corpus.mixed[0] if isinstance(token, int)]
    assert numbers == [mention.skill for mention in corpus.mentions[0]]
    for mention in corpus.mentions[0]:
        assert corpus.texts[0][mention.start : mention.end] == corpus.skills[mention.skill].zh


def test_postings_are_counted_once_for_a_skill(corpus: Corpus) -> None:
    assert {skill.id: skill.postings for skill in corpus.skills}[skill_id(RARE)] == 2


def test_about_a_fifth_is_held_out_and_the_choice_hangs_on_the_id_alone(corpus: Corpus) -> None:
    assert 0.1 < corpus.held_out.mean() < 0.3
    few = first_postings(corpus, 100)
    assert (few.held_out == corpus.held_out[:100]).all()
    assert few.digest != corpus.digest
    assert max(skill.postings for skill in few.skills) <= 100


def test_every_posting_is_held_out_in_exactly_one_part(tmp_path: Path) -> None:
    folder = write_mined(tmp_path)
    parts_of = PARAMETERS.corpus.held_out_one_in
    found = [read_corpus(folder, parameters=PARAMETERS, parts=parts, fold=fold) for fold in range(parts_of)]
    assert (sum(one.held_out.astype(int) for one in found) == 1).all()
    assert (found[0].held_out == read(folder).held_out).all()
    assert [one.fold for one in found] == list(range(parts_of))
    assert len({one.digest for one in found}) == 1
    assert first_postings(found[2], 50).fold == 2


@pytest.mark.parametrize("fold", [-1, PARAMETERS.corpus.held_out_one_in])
def test_a_part_that_there_is_not_is_named(tmp_path: Path, fold: int) -> None:
    with pytest.raises(ParameterError, match=f"no part {fold}"):
        read_corpus(write_mined(tmp_path), parameters=PARAMETERS, parts=parts, fold=fold)


def test_a_rewritten_folder_gives_the_same_digest_and_other_postings_another(tmp_path: Path) -> None:
    first, again = read(write_mined(tmp_path / "a")), read(write_mined(tmp_path / "b"))
    assert first.digest == again.digest
    assert read(write_mined(tmp_path / "c", seed=1)).digest != first.digest
    assert first.taxonomy_version == "t1"


def test_mentions_without_a_skill_or_in_a_line_that_does_not_count_are_left_out(tmp_path: Path) -> None:
    folder = write_mined(tmp_path)
    table = pq.read_table(folder / "mentions.parquet")
    rows = table.to_pylist()
    rows[0]["skill_id"], rows[1]["line_role"] = None, "company"
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), folder / "mentions.parquet")
    assert sum(map(len, read(folder).mentions)) == len(rows) - 2


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="There is no folder"):
        read(tmp_path / "absent")


@pytest.mark.parametrize("name", ["postings.parquet", "mentions.parquet"])
def test_a_missing_file_is_named_with_what_makes_it(tmp_path: Path, name: str) -> None:
    (write_mined(tmp_path) / name).unlink()
    with pytest.raises(CorpusError, match=f"has no {name}; run zhiqiao mine"):
        read(tmp_path)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    table = pq.read_table(write_mined(tmp_path) / "mentions.parquet")
    pq.write_table(table.drop_columns(["line_role"]), tmp_path / "mentions.parquet")
    with pytest.raises(CorpusError, match="lacks the columns line_role"):
        read(tmp_path)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (write_mined(tmp_path) / "postings.parquet").write_bytes(b"no parquet")
    with pytest.raises(CorpusError, match=r"Can not read postings\.parquet"):
        read(tmp_path)


def test_too_few_postings_are_counted_beside_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="There are 49 postings; at least 50 are needed"):
        read(write_mined(tmp_path, postings=49))


def test_a_corpus_without_frequent_skills_makes_no_space(tmp_path: Path) -> None:
    folder = write_mined(tmp_path)
    table = pq.read_table(folder / "mentions.parquet")
    pq.write_table(table.slice(0, 3), folder / "mentions.parquet")
    with pytest.raises(CorpusError, match="too few to group"):
        build_space(read(folder), PARAMETERS)
