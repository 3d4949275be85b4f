"""Findings and waivers: severity by the state of the source, reasons for refusal, order, JSON."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engines.rules.test_resolve import waiver
from tests.unit.engines.rules.toy import ON, book, rule, write
from zhiqiao.engines import rules
from zhiqiao.engines.kernel import ShapeError
from zhiqiao.engines.rules import Outcome, Term, Text, Words, number_text

REASON = 'waivers = ["reason"]'


@pytest.fixture
def shelf(tmp_path: Path) -> rules.RuleBook:
    return book(write(tmp_path, rule(more=REASON)))


def reason(**changes: object) -> rules.Waiver:
    return waiver(**{"kind": "reason", "office": "dean", **changes})


@pytest.mark.parametrize(
    ("subject", "outcome", "blocks"), [(9, "fail", True), (10, "pass", False), (None, "missing", True)]
)
def test_a_finding_says_what_was_computed_from_what(
    shelf: rules.RuleBook, subject: int | None, outcome: str, blocks: bool
) -> None:
    report = rules.check(subject, shelf, on=ON)
    (found,) = report.findings
    assert (found.outcome, found.blocks, bool(report.blocking)) == (outcome, blocks, blocks)
    assert found.inputs == {"number": subject}
    assert found.source.document.en == "law"
    assert found.fix.en == ("give it" if subject is None else "add")
    assert [kind.by for kind in found.may_waive] == ([] if subject is None else [("dean",)])
    expected = {"fail": "9 below 10", "pass": "10 will do", "missing": "missing: number"}
    assert found.message.en == expected[outcome]


@pytest.mark.parametrize("state", ["part", "verify"])
@pytest.mark.parametrize(("severity", "effective"), [("block", "warn"), ("warn", "warn"), ("info", "info")])
def test_what_is_not_confirmed_warns_at_most_and_says_so(
    tmp_path: Path, state: str, severity: str, effective: str
) -> None:
    shelf = book(write(tmp_path, rule(state=state, severity=severity)))
    for subject in (9, None):
        (found,) = rules.check(subject, shelf, on=ON).findings
        assert (found.target, found.severity, found.blocks) == (severity, effective, False)
        assert found.notes[0].en == "source not yet confirmed"


def test_a_waiver_lifts_what_fails(shelf: rules.RuleBook) -> None:
    report = rules.check(9, shelf, on=ON, waivers=[reason()])
    (found,) = report.findings
    assert (found.outcome, found.blocks, report.refused) == ("waived", False, ())
    assert found.waiver == reason()


@given(days=st.integers(-400, 400))
def test_a_waiver_holds_through_its_last_day(days: int) -> None:
    one = reason(expires=ON + timedelta(days), granted=None)
    found = rules.check(9, SHELF, on=ON, waivers=[one])
    assert (found.outcome("X-01") == "waived") == (days >= 0)
    assert bool(found.refused) == (days < 0)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"expires": date(2026, 10, 31)}, "ended on 2026-10-31"),
        ({"granted": date(2026, 11, 2)}, "not yet on 2026-11-01"),
        ({"kind": "mercy"}, "does not allow a waiver of kind “mercy”; it allows: reason"),
        ({"office": "porter"}, "“porter” may not waive it; these may: dean"),
        ({"person": " "}, "lacks: person"),
        ({"reason": "", "document": ""}, "lacks: reason, document"),
        ({"rule": "X-99"}, "There is no rule X-99"),
    ],
)
def test_a_waiver_that_does_not_count_says_why(
    shelf: rules.RuleBook, changes: dict[str, object], why: str
) -> None:
    report = rules.check(9, shelf, on=ON, waivers=[reason(**changes)])
    assert report.outcome("X-01") == "fail"
    assert why in report.refused[0].why.en


def test_a_waiver_replaces_no_data_and_needs_something_to_waive(shelf: rules.RuleBook) -> None:
    missing = rules.check(None, shelf, on=ON, waivers=[reason()])
    assert missing.outcome("X-01") == "missing"
    assert "Data are missing" in missing.refused[0].why.en
    held = rules.check(11, shelf, on=ON, waivers=[reason()])
    assert "nothing to waive" in held.refused[0].why.en


def test_findings_stand_in_the_order_of_numbers(tmp_path: Path) -> None:
    shelf = book(write(tmp_path, rule("X-10"), rule("X-2"), rule("X-1"), rule("Y-1")))
    assert rules.check(9, shelf, on=ON).rules == ("X-1", "X-2", "X-10", "Y-1")


def test_a_report_comes_back_from_json(shelf: rules.RuleBook) -> None:
    late = reason(expires=date(2020, 1, 1))
    for subject in (9, 10, None):
        report = rules.check(subject, shelf, on=ON, region="511900", waivers=[reason(), late])
        assert rules.read_report(rules.report_json(report)) == report


def test_a_damaged_report_is_refused(shelf: rules.RuleBook) -> None:
    text = rules.report_json(rules.check(9, shelf, on=ON))
    with pytest.raises(ShapeError, match="outcome"):
        rules.read_report(text.replace('"fail"', '"fine"'))
    with pytest.raises(ShapeError, match=r"findings\[0\]"):
        rules.read_report('{"on": "2026-11-01", "region": "", "findings": [1]}')


def test_the_outcome_of_a_rule_is_its_worst() -> None:
    report = rules.check(9, SHELF, on=ON)
    with pytest.raises(KeyError):
        report.outcome("X-99")
    assert report.outcome("X-01") is Outcome.FAIL


def test_words_are_filled_in_both_languages() -> None:
    words = Words({"a.b": Text("甲", "A"), "field.rows[].x": Text("项", "item")})
    text = Text("{what}：{share:%}，{n}", "{what}: {share:%}, {n}")
    values = {"what": words.written((Term("a.b"), "c")), "share": Decimal("0.499999"), "n": Decimal("2.50")}
    assert words.message(text, values) == Text("甲、c：49.99 %，2.5", "A, c: 49.99 %, 2.5")
    assert words.written(Term("a.b")) == Text("甲", "A")
    assert words.text("a.unknown").en == "unknown"
    assert [one.en for one in words.fields(["rows[a].x", "rows[b].x", "y"])] == ["item (2 times)", "y"]
    assert [number_text(value) for value in (Decimal("1E+3"), 100, Decimal("0.10"))] == ["1000", "100", "0.1"]


SHELF: rules.RuleBook


@pytest.fixture(autouse=True, scope="module")
def _shelf(tmp_path_factory: pytest.TempPathFactory) -> None:
    global SHELF  # noqa: PLW0603 - hypothesis takes no fixture of a function
    SHELF = book(write(tmp_path_factory.mktemp("rules"), rule(more=REASON)))
