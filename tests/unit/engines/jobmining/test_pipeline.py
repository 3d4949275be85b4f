"""The whole run: nothing is lost, nothing half written, and the same rows give the same bytes."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.unit.engines.jobmining.conftest import SHARED_JOBS, Mine, rejected, table
from tests.unit.engines.jobmining.test_duplicates import text_of
from zhiqiao.engines import tabular
from zhiqiao.engines.jobmining import (
    DUPLICATE_SCHEMA,
    MENTION_SCHEMA,
    POSTING_SCHEMA,
    RESULT_FILES,
    Cancelled,
    Input,
    InputError,
    Progress,
    Rules,
    Taxonomy,
    run,
)


def postings(count: int = 60) -> list[dict[str, object]]:
    """Rows with copies, empty ones and contact data among them."""
    rows: list[dict[str, object]] = []
    for number in range(count):
        text = f"岗位职责：{text_of(number)}；任职要求：熟悉Java、Python/Go，联系13812345678"
        rows.append(
            {
                "title": "开发工程师",
                "company": f"公司{number}",
                "text": text,
                "salary": "8千-1.5万",
                "city": "巴中·恩阳区",
                "experience": "3-4年",
                "diploma": "大专",
                "date": "2024-05-03",
            }
        )
    rows[7] = {"title": "空", "text": ""}
    rows[11] = dict(rows[3])
    rows[13] = {**rows[4], "text": f"{rows[4]['text']}；急聘"}
    return rows


def digests(folder: Path) -> dict[str, str]:
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in RESULT_FILES}


def test_every_row_is_kept_or_copied_or_quarantined(mine: Mine, tmp_path: Path) -> None:
    summary = mine(postings())
    out = tmp_path / "out"
    assert summary.rows_in == 60
    assert summary.kept + summary.duplicates + summary.quarantined == summary.rows_in
    assert (summary.duplicates_exact, summary.duplicates_near, summary.quarantined) == (1, 1, 1)
    assert summary.quarantine_reasons == {"no_text": 1}
    assert pq.read_schema(out / "postings.parquet").equals(POSTING_SCHEMA)
    assert pq.read_schema(out / "duplicates.parquet").equals(DUPLICATE_SCHEMA)
    assert pq.read_schema(out / "mentions.parquet").equals(MENTION_SCHEMA)
    assert len(table(out, "postings")) == summary.kept
    assert len(table(out, "mentions")) == summary.mentions
    kept = {row["posting_id"] for row in table(out, "postings")}
    assert {row["duplicate_of"] for row in table(out, "duplicates")} <= kept
    assert {row["posting_id"] for row in table(out, "mentions")} == kept
    assert {row["posting_id"] for row in table(out, "sketches")} == kept
    assert json.loads((out / "summary.json").read_text(encoding="utf-8"))["kept"] == summary.kept


def test_columns_are_recognised_parsed_and_coded(mine: Mine, tmp_path: Path) -> None:
    mine(postings(20))
    row = table(tmp_path / "out", "postings")[0]
    assert (row["salary_min"], row["salary_max"], row["city_code"], row["city"]) == (
        8000,
        15000,
        "511903",
        "巴中市",
    )
    assert (row["experience_min"], row["experience_max"], row["diploma"], row["month"]) == (
        3,
        4,
        "college",
        "2024-05",
    )
    assert str(row["text"]).endswith("联系<PHONE>")
    assert row["posting_id"] == hashlib.sha1(b"rows.jsonl1").hexdigest()[:12]


def test_spans_point_into_the_stored_text(mine: Mine, tmp_path: Path) -> None:
    mine([{"text": "<p>电话13812345678；熟悉Ｊａｖａ😀、C++\r\n精通Python</p>"}])
    texts = {row["posting_id"]: str(row["text"]) for row in table(tmp_path / "out", "postings")}
    mentions = table(tmp_path / "out", "mentions")
    assert [row["surface"] for row in mentions] == ["Ｊａｖａ", "C++", "Python"]
    for row in mentions:
        assert texts[row["posting_id"]][row["start"] : row["end"]] == row["surface"]  # type: ignore[misc]


def test_own_ids_are_kept_unless_they_repeat(mine: Mine, tmp_path: Path) -> None:
    summary = mine([{"id": "a", "text": "Java"}, {"id": "a", "text": "Python"}, {"id": "", "text": "Go"}])
    ids = [row["posting_id"] for row in table(tmp_path / "out", "postings")]
    assert ids[0] == "a"
    assert len(set(ids)) == 3
    assert summary.notes["id_repeated"] == 1


def test_rows_with_tags_only_are_mined_tag_by_tag(mine: Mine, tmp_path: Path) -> None:
    mine([{"title": "开发", "tags": "五险一金|java|数据库|团建"}, {"title": "会计", "tags": "带薪年假"}])
    rows = table(tmp_path / "out", "postings")
    assert [(row["text"], row["text_kind"]) for row in rows] == [
        ("五险一金|java|数据库|团建", "tags"),
        ("带薪年假", "tags"),
    ]
    assert [row["surface"] for row in table(tmp_path / "out", "mentions")] == ["java", "数据库"]


def test_a_rejected_row_keeps_its_cells_and_says_why(mine: Mine, tmp_path: Path, rules: Rules) -> None:
    long = "长" * (rules.thresholds.max_cell_characters + 1)
    summary = mine(
        [{"title": "甲", "text": "Java"}, {"title": "乙", "text": ""}, {"title": "丙", "text": long}]
    )
    rows = rejected(tmp_path / "out")
    assert summary.quarantine_reasons == {"no_text": 1, "oversized_cell": 1}
    assert [(row["title"], row["_row"], row["_field"]) for row in rows] == [
        ("乙", "2", "text"),
        ("丙", "3", "text"),
    ]
    assert "neither a description nor tags" in rows[0]["_reason"]


@pytest.mark.parametrize("batch_rows", [1, 7, 1000])
def test_batch_size_changes_nothing(mine: Mine, tmp_path: Path, batch_rows: int) -> None:
    mine(postings(), out="usual")
    mine(postings(), out="other", batch_rows=batch_rows)
    assert digests(tmp_path / "usual") == digests(tmp_path / "other")


def test_two_workers_write_the_same_bytes(mine: Mine, tmp_path: Path) -> None:
    mine(postings(), out="one", batch_rows=9)
    mine(postings(), out="two", batch_rows=9, workers=2)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_a_second_run_writes_the_same_bytes_in_the_same_folder(mine: Mine, tmp_path: Path) -> None:
    mine(postings())
    before = digests(tmp_path / "out")
    mine(postings())
    assert digests(tmp_path / "out") == before
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(RESULT_FILES)


def test_the_same_file_again_adds_nothing(mine: Mine, tmp_path: Path) -> None:
    first = mine(postings(), out="first")
    known = pq.read_table(tmp_path / "first" / "sketches.parquet")
    second = mine(postings(), out="second", known=known)
    assert (second.kept, second.mentions) == (0, 0)
    assert second.duplicates == first.kept + first.duplicates


@pytest.mark.parametrize("after", [0, 1, 3, 8])
def test_a_cancelled_run_leaves_what_was_there(mine: Mine, tmp_path: Path, after: int) -> None:
    mine(postings(20))
    before = digests(tmp_path / "out")
    asked: list[bool] = []

    def cancelled() -> bool:
        asked.append(True)
        return len(asked) > after

    with pytest.raises(Cancelled):
        mine(postings(), batch_rows=10, cancelled=cancelled)
    assert digests(tmp_path / "out") == before
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(RESULT_FILES)


def test_leftovers_of_a_killed_run_are_cleared(mine: Mine, tmp_path: Path) -> None:
    stale = tmp_path / "out" / ".partial-old"
    stale.mkdir(parents=True)
    (stale / "postings.parquet").write_bytes(b"half")
    mine(postings(20))
    assert not stale.exists()


def test_progress_passes_through_the_stages_and_reaches_all_rows(mine: Mine) -> None:
    seen: list[Progress] = []
    mine(postings(), batch_rows=10, progress=seen.append)
    assert list(dict.fromkeys(step.stage for step in seen)) == ["read", "compare", "mine"]
    assert all(0 <= step.done <= step.total for step in seen)
    assert max(step.done for step in seen if step.stage == "read") == 60


def test_several_files_share_one_result(
    tmp_path: Path, rules: Rules, taxonomy: Taxonomy, vocabulary: tabular.Vocabulary
) -> None:
    (tmp_path / "a.csv").write_text("职位名称,职位描述\n开发,熟悉Java\n空,\n", encoding="gb18030")
    with gzip.open(tmp_path / "b.tsv.gz", "wt", encoding="utf-8") as stream:
        stream.write("title\ttags\n会计\t会计|沟通能力\n")
    inputs = [Input(tmp_path / "a.csv"), Input(tmp_path / "b.tsv.gz")]
    summary = run(inputs, tmp_path / "out", taxonomy=taxonomy, rules=rules, vocabulary=vocabulary)
    assert (summary.rows_in, summary.kept, summary.quarantined) == (3, 2, 1)
    assert {row["source_file"] for row in table(tmp_path / "out", "postings")} == {"a.csv", "b.tsv.gz"}
    assert rejected(tmp_path / "out")[0]["职位名称"] == "空"


def test_a_given_mapping_wins_and_a_missing_column_is_named(
    tmp_path: Path, rules: Rules, taxonomy: Taxonomy, vocabulary: tabular.Vocabulary
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,y\n开发,熟悉Java\n", encoding="utf-8")
    given = Input(path, mapping={"title": "x", "text": "y"})
    assert run([given], tmp_path / "o", taxonomy=taxonomy, rules=rules, vocabulary=vocabulary).mentions == 1
    wrong = Input(path, mapping={"text": "z"})
    with pytest.raises(InputError, match="no column z"):
        run([wrong], tmp_path / "p", taxonomy=taxonomy, rules=rules, vocabulary=vocabulary)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "empty"),
        (b"\0" * 5000, "no text"),
        (b"a,b\n1,2\n", "no column holds the posting text"),
        (b"text\n", "header"),
    ],
)
def test_files_that_can_not_be_used_say_why_and_write_nothing(
    tmp_path: Path,
    content: bytes,
    fault: str,
    rules: Rules,
    taxonomy: Taxonomy,
    vocabulary: tabular.Vocabulary,
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=fault):
        run([Input(path)], tmp_path / "out", taxonomy=taxonomy, rules=rules, vocabulary=vocabulary)
    assert not list((tmp_path / "out").glob("*")) if (tmp_path / "out").exists() else True


@pytest.mark.parametrize(
    "text",
    ["😀" * 50, "軟體開發工程師，熟悉資料庫", "a\x00b", "<p>", "\ud7ff\uffff", "1、" * 200, " " * 9 + "x"],
)
def test_odd_texts_do_not_break_a_run(mine: Mine, text: str) -> None:
    summary = mine([{"text": text}, {"text": "熟悉Java"}])
    assert summary.rows_in == 2
    assert summary.kept + summary.quarantined == 2


def test_the_real_horticulture_file_goes_through(
    tmp_path: Path, rules: Rules, taxonomy: Taxonomy, vocabulary: tabular.Vocabulary
) -> None:
    path = SHARED_JOBS / "horticulture_2020.csv.gz"
    if not path.exists():
        pytest.skip("the shared development data is not here")
    summary = run([Input(path)], tmp_path / "out", taxonomy=taxonomy, rules=rules, vocabulary=vocabulary)
    rows = table(tmp_path / "out", "postings")
    assert summary.rows_in == 358
    assert summary.kept + summary.duplicates + summary.quarantined == 358
    for name in ("salary_min", "experience_min", "diploma", "city_code"):
        assert sum(row[name] is not None for row in rows) >= 0.97 * len(rows), name
    assert random.Random(0).choice(rows)["source_file"] == path.name
