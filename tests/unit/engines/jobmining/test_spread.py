"""The steps of a spread search give what the search over one table gives, wherever the groups are worked on."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from tests.unit.engines.jobmining.test_duplicates import edits, prints, text_of
from zhiqiao.engines.jobmining import Rules, find_duplicates, steps

Step = Callable[[pa.Table], pa.Table]


def mixed_rows(count: int = 120) -> list[tuple[str, str, str, str | None]]:
    """Originals, exact copies, edits and chains of them, in several places, in a seeded order."""
    chance = random.Random(4)
    places = ["510100", "511900", None]
    rows: list[tuple[str, str, str, str | None]] = []
    for seed in range(count):
        text, place = text_of(seed), chance.choice(places)
        rows.append(("会计", f"公司{seed % 30}", text, place))
        rows += [
            ("会计", f"公司{seed % 30}", text, chance.choice(places)) for _ in range(chance.randrange(3))
        ]
        for kind, edited in edits(text, seed).items():
            if chance.random() < 0.4:
                rows.append(("会计" if len(kind) % 2 else "急聘会计", f"公司{seed % 30}", edited, place))
    chance.shuffle(rows)
    return rows


def numbered(table: pa.Table) -> pa.Table:
    return table.add_column(0, "order", pa.array(np.arange(table.num_rows)))


def spread(table: pa.Table, key: str, parts: int, step: Step) -> pa.Table:
    """Run a step as a shuffle would: whole groups in some part, the rows of a part in no order."""
    _, codes = np.unique(np.asarray(table[key].to_pylist()), return_inverse=True)
    chance = np.random.default_rng(parts)
    where = chance.integers(0, parts, codes.max() + 1)[codes]
    pieces = [np.flatnonzero(where == part) for part in range(parts)]
    return pa.concat_tables([step(table.take(pa.array(chance.permutation(rows)))) for rows in pieces])


def searched(table: pa.Table, rules: Rules, parts: int) -> pa.Table:
    """Find duplicates by the steps alone."""
    limits = rules.thresholds
    exact = spread(table, "content_hash", parts, steps.exact_pairs_of)
    copies = set(exact["order"].to_pylist())
    fresh = table.filter(pa.array([order not in copies for order in table["order"].to_pylist()]))
    buckets = spread(fresh, "order", parts, lambda part: steps.bucket_rows(part, thresholds=limits))
    shared = spread(buckets, "bucket", parts, steps.shared_buckets)
    members = shared.join(fresh, "order", join_type="inner")
    near = spread(members, "bucket", parts, lambda part: steps.near_pairs_of(part, thresholds=limits))
    return steps.resolve(pa.concat_tables([exact, near]))


@pytest.mark.parametrize("parts", [1, 2, 7])
def test_the_result_does_not_depend_on_the_parts(parts: int, rules: Rules) -> None:
    table = prints(mixed_rows(), rules)
    whole = find_duplicates(table, thresholds=rules.thresholds)
    found = searched(numbered(table), rules, parts)
    assert len(whole) > 150
    assert [(f"p{row['target']}", row["order"], row["exact"]) for row in found.to_pylist()] == [
        (item.duplicate_of, item.row, item.kind == "exact") for item in whole
    ]


def test_nobody_is_a_copy_of_a_copy_or_of_a_later_row(rules: Rules) -> None:
    found = steps.resolve(
        pa.table(
            {
                "order": [3, 4, 5, 9, 12],
                "other": [1, 3, 4, 5, 9],
                "similarity": np.full(5, 0.9, dtype=np.float32),
                "exact": [False, False, False, False, True],
                "city": np.zeros(5, dtype=np.int32),
                "other_city": np.zeros(5, dtype=np.int32),
            },
            schema=steps.PAIR_SCHEMA,
        )
    )
    # 3 copies 1; 4 is like 3 only, which is gone: it stays; 5 copies 4; 9 is like 5 only: it stays.
    assert [(row["order"], row["target"]) for row in found.to_pylist()] == [(3, 1), (5, 4), (12, 9)]


def test_an_exact_copy_does_not_follow_to_another_place(rules: Rules) -> None:
    columns = {
        "order": [2, 3],
        "other": [1, 2],
        "similarity": np.ones(2, dtype=np.float32),
        "exact": [False, True],
        "city": np.array([0, 511900], dtype=np.int32),
        "other_city": np.array([510100, 0], dtype=np.int32),
    }
    found = steps.resolve(pa.table(columns, schema=steps.PAIR_SCHEMA))
    assert found["order"].to_pylist() == [2]


def test_a_crowded_bucket_costs_no_more_than_its_rounds(rules: Rules) -> None:
    texts = [f"{text_of(1)}；{number % 10}" for number in range(3000)]
    found = find_duplicates(
        prints([("会计", "甲", text, None) for text in texts], rules), thresholds=rules.thresholds
    )
    assert len(found) == 2999
    assert {item.duplicate_of for item in found} == {"p0"}


def test_a_title_of_the_same_job_asks_for_less_than_that_of_another(rules: Rules) -> None:
    text = text_of(5, sentences=9)
    changed = "；".join([*text.split("；")[:7], *text_of(6).split("；")[:2]])
    for title, copies in (("会计", 1), ("园艺师", 0)):
        rows = [("会计", "甲", text, None), (title, "甲", changed, None)]
        assert len(find_duplicates(prints(rows, rules), thresholds=rules.thresholds)) == copies


def test_a_part_of_the_text_is_a_copy_under_the_same_title_only(rules: Rules) -> None:
    text = text_of(5, sentences=10)
    shorter = "；".join(text.split("；")[:6])
    for title, copies in (("会计", 1), ("园艺师", 0)):
        rows = [("会计", "甲", text, None), (title, "甲", shorter, None)]
        assert len(find_duplicates(prints(rows, rules), thresholds=rules.thresholds)) == copies


def test_prints_of_an_older_import_lack_titles_and_still_count(rules: Rules) -> None:
    older = prints([("会计", "甲", text_of(1), None)], rules, prefix="old").drop_columns(["title_bits"])
    again = prints([("会计", "甲", edits(text_of(1), 2)["reordered"], None)], rules, prefix="new")
    (found,) = find_duplicates(again, thresholds=rules.thresholds, known=older)
    assert found.duplicate_of == "old0"
