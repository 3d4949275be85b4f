"""Changes of a plan: no plan loses anything as rows, what is done can be taken back, two authors never overwrite."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rule_cases import example_plan, read_cases
from zhiqiao.apps.teaching.document import HEAD, TABLES, Document, document_of, plan_of
from zhiqiao.apps.teaching.operations import (
    Conflict,
    Kind,
    Operation,
    Refused,
    apply,
    followed,
    inverse,
    put,
    take,
    value_at,
)
from zhiqiao.engines import plans

EXAMPLE = document_of(example_plan())


def fresh() -> Document:
    return copy.deepcopy(EXAMPLE)


def set_(table: str, key: str, path: str, before: Any, after: Any) -> Operation:
    return Operation(Kind.SET, table, key, tuple(path.split(".")), before, after)


def in_order(document: Document) -> list[Any]:
    return [(name, list(rows.items())) for name, rows in sorted(document.tables.items())]


def test_no_plan_of_the_rules_loses_anything_as_rows() -> None:
    for case in read_cases():
        plan = case.subject()
        assert plan_of(document_of(plan)) == plan, case.name


def test_unknown_empty_and_exact_come_back_as_they_were() -> None:
    course = plans.Course(
        "c1", credits=Decimal("2.5"), tags=(), terms=(plans.CourseTerm(3), plans.CourseTerm(1))
    )
    plan = plans.Plan("p", courses=(course,), groups=(), orientation=plans.Orientation(posts=()), sections={})
    assert plan_of(document_of(plan)) == plan
    assert plan_of(document_of(plans.Plan("p"))) == plans.Plan("p")


def test_a_value_is_set_and_the_plan_holds_it() -> None:
    document = fresh()
    (done,) = apply(
        document, set_("courses", "c14", "hours", value_at(EXAMPLE.rows("courses")["c14"], ["hours"]), 77)
    )
    assert done.after == 77
    assert next(one for one in plan_of(document).courses or () if one.key == "c14").hours == 77


def test_the_terms_of_a_course_are_set_term_by_term() -> None:
    content = put({}, ["terms", "3"], [{"weeks": 16, "weekly_hours": 4}])
    content = put(content, ["terms", "1"], [{"hours": 20}, {"hours": 5}])
    assert [entry["term"] for entry in content["terms"]] == [1, 1, 3]  # type: ignore[attr-defined]
    assert value_at(content, ["terms", "1"]) == [{"hours": 20}, {"hours": 5}]
    assert put(put(content, ["terms", "1"], None), ["terms", "3"], None) == {}
    with pytest.raises(Refused):
        put({}, ["terms", "x"], [{}])


def test_other_fields_of_a_row_merge_and_the_same_field_conflicts_with_both_values() -> None:
    document = fresh()
    seen = EXAMPLE.rows("courses")["c14"]
    apply(document, set_("courses", "c14", "hours", seen["hours"], 80))
    apply(document, set_("courses", "c14", "credits", seen["credits"], 5))
    with pytest.raises(Conflict) as found:
        apply(document, set_("courses", "c14", "hours", seen["hours"], 64))
    assert found.value.current == 80
    assert document.rows("courses")["c14"]["hours"] == 80
    assert apply(document, set_("courses", "c14", "hours", seen["hours"], 80)) == []


def test_a_row_that_somebody_changed_is_not_removed_and_one_that_is_gone_is_told() -> None:
    document = fresh()
    seen = EXAMPLE.rows("courses")["c14"]
    apply(document, set_("courses", "c14", "name", seen["name"], "新名称"))
    with pytest.raises(Conflict):
        apply(document, Operation(Kind.REMOVE, "courses", "c14", before=seen))
    apply(document, Operation(Kind.REMOVE, "courses", "c15", before=EXAMPLE.rows("courses")["c15"]))
    with pytest.raises(Conflict) as found:
        apply(document, set_("courses", "c15", "hours", None, 3))
    assert found.value.is_gone


def test_a_new_key_is_taken_over_by_all_that_name_the_row_and_by_changes_on_their_way() -> None:
    document = fresh()
    done = apply(document, Operation(Kind.RENAME, "courses", "c14", after="510203-14"))
    named = document.rows("specification")["w1"]["courses"]
    assert named == ["510203-14"]
    late = followed(set_("courses", "c14", "hours", EXAMPLE.rows("courses")["c14"]["hours"], 80), done)
    assert apply(document, late)[0].key == "510203-14"
    with pytest.raises(Refused):
        apply(document, Operation(Kind.RENAME, "courses", "c15", after="510203-14"))


@pytest.mark.parametrize(
    "wrong",
    [
        set_("courses", "c14", "hours", 96, -1),
        set_("courses", "c14", "hours", 96, "viel"),
        set_("courses", "c14", "nothing", None, 1),
        set_("sections", "appendix", "hours", None, 1),
        set_("nothing", "c14", "hours", None, 1),
        set_(HEAD, HEAD, "key", "example-higher", None),
        set_(HEAD, HEAD, "known.nothing", None, True),
        set_("courses", "c14", "name", "x", "长" * 2001),
        Operation(Kind.ADD, "courses", " ", after={}),
        Operation(Kind.REMOVE, HEAD, HEAD),
    ],
    ids=lambda one: f"{one.table}-{'.'.join(one.path)}-{one.kind}",
)
def test_what_no_plan_could_hold_is_refused_in_both_languages(wrong: Operation) -> None:
    document = fresh()
    if wrong.kind is Kind.SET and wrong.table in TABLES:
        row = document.rows(wrong.table)[wrong.key]
        wrong = set_(wrong.table, wrong.key, ".".join(wrong.path), value_at(row, wrong.path), wrong.after)
    with pytest.raises(Refused) as found:
        apply(document, wrong)
    assert found.value.zh
    assert found.value.en
    assert in_order(document) == in_order(EXAMPLE)


KEYS = list(EXAMPLE.rows("courses"))
ANY_KEY = st.sampled_from([*KEYS[:6], "n1", "n2"])
ANY = st.one_of(
    st.builds(
        set_,
        st.just("courses"),
        ANY_KEY,
        st.sampled_from(["hours", "credits", "activities.lab", "tag_hours.劳动教育"]),
        st.none(),
        st.one_of(st.none(), st.integers(0, 3), st.decimals(0, 9, places=1)),
    ),
    st.builds(set_, st.just("courses"), ANY_KEY, st.just("terms.2"), st.none(), st.just([{"hours": 4}])),
    st.builds(
        set_,
        st.just(HEAD),
        st.just(HEAD),
        st.just("orientation.specialty_class"),
        st.none(),
        st.text(max_size=2),
    ),
    st.builds(
        lambda key, place: Operation(Kind.ADD, "courses", key, after={"hours": 2}, place=place),
        ANY_KEY,
        st.one_of(st.none(), ANY_KEY),
    ),
    st.builds(lambda key: Operation(Kind.REMOVE, "courses", key), ANY_KEY),
    st.builds(
        lambda key, place: Operation(Kind.MOVE, "courses", key, place=place),
        ANY_KEY,
        st.one_of(st.none(), ANY_KEY),
    ),
    st.builds(lambda key, new: Operation(Kind.RENAME, "courses", key, after=new), ANY_KEY, ANY_KEY),
)


def seen_now(document: Document, wanted: Operation) -> Operation:
    """Return a set as its author would make it who sees the document as it is."""
    if wanted.kind is not Kind.SET or wanted.key not in document.rows(wanted.table):
        return wanted
    return set_(
        wanted.table,
        wanted.key,
        ".".join(wanted.path),
        value_at(document.rows(wanted.table)[wanted.key], wanted.path),
        wanted.after,
    )


@settings(max_examples=30, deadline=None)
@given(wanted=st.lists(ANY, max_size=12))
def test_what_was_done_can_be_taken_back_and_done_again(wanted: list[Operation]) -> None:
    document = fresh()
    done: list[Operation] = []
    for one in wanted:
        for outcome in take(document, [seen_now(document, one)]):
            done += outcome.done
    after = in_order(document)
    plan_of(document)
    back = [one for outcome in take(document, inverse(done)) for one in outcome.done]
    assert in_order(document) == in_order(EXAMPLE)
    take(document, inverse(back))
    assert in_order(document) == after


CELLS = st.tuples(
    st.sampled_from(KEYS[:3]), st.sampled_from(["hours", "credits", "practice"]), st.integers(0, 2)
)


@settings(max_examples=30, deadline=None)
@given(
    mine=st.lists(CELLS, max_size=5),
    theirs=st.lists(CELLS, max_size=5),
    order=st.randoms(use_true_random=False),
)
def test_two_authors_merge_or_are_told_and_never_overwrite(mine: Any, theirs: Any, order: Any) -> None:
    """Each author makes his changes upon what he saw, his own included; they arrive in any order."""
    document = fresh()
    authors = [(seen, list(cells)) for seen, cells in ((fresh(), mine), (fresh(), theirs))]
    told: dict[tuple[str, str], set[object]] = {}
    while any(cells for _, cells in authors):
        seen, cells = order.choice([author for author in authors if author[1]])
        key, field, value = cells.pop(0)
        row = seen.rows("courses")[key]
        (outcome,) = take(document, [set_("courses", key, field, row[field], value)])
        assert outcome.refused is None
        current = document.rows("courses")[key][field]
        if outcome.conflict is not None:
            assert outcome.conflict.current == current != value
            told.setdefault((key, field), set()).add(current)
        else:
            assert current == value
        row[field] = current
    for key in KEYS:
        for field, held in document.rows("courses")[key].items():
            if (key, field) not in {(one[0], one[1]) for one in [*mine, *theirs]}:
                assert held == EXAMPLE.rows("courses")[key][field]
