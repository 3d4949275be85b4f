"""Which entry of a rule holds: by region, by day, by subject; floors that a special rule may not undercut."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.engines.rules.toy import ON, book, rule, write
from zhiqiao.engines import rules

FLOOR = 'waivers = ["floor", "reason"]\nfloors = { least = "higher" }'


def outcome(subject: int | None, shelf: rules.RuleBook, **kwargs: object) -> str:
    return rules.check(subject, shelf, **{"on": ON, **kwargs}).outcome("X-01")  # type: ignore[arg-type]


def test_the_entry_in_force_on_the_day_is_returned_with_the_result(tmp_path: Path) -> None:
    shelf = book(
        write(
            tmp_path,
            rule(least=10, more="valid_from = 2020-02-29\nvalid_to = 2025-12-31"),
            rule(least=20, more="valid_from = 2026-01-01"),
        )
    )
    (old,) = rules.check(15, shelf, on=date(2025, 12, 31)).findings
    (new,) = rules.check(15, shelf, on=date(2026, 1, 1)).findings
    assert (old.outcome, old.valid_to) == ("pass", date(2025, 12, 31))
    assert (new.outcome, new.valid_from) == ("fail", date(2026, 1, 1))
    assert rules.check(15, shelf, on=date(2020, 2, 28)).findings == ()
    assert rules.check(15, shelf, on=date(2020, 2, 29)).rules == ("X-01",)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.dates(date(2000, 1, 1), date(2050, 1, 1)), days=st.integers(0, 800), at=st.integers(-3, 803))
def test_both_ends_of_validity_count(start: date, days: int, at: int) -> None:
    end, day = start + timedelta(days), start + timedelta(at)
    text = rules.Text("a", "a")
    one = rules.Rule(
        "X-01",
        "x",
        "1",
        text,
        text,
        rules.Source(text),
        rules.State.CONFIRMED,
        rules.Severity.BLOCK,
        "at_least",
        {},
        text,
        valid_from=start,
        valid_to=end,
    )
    assert one.in_force(day) == (0 <= at <= days)


@pytest.mark.parametrize(
    ("region", "covered"),
    [("510000", True), ("511900", True), ("511902", True), ("520000", False), ("", False), ("500000", False)],
)
def test_a_province_covers_its_cities(tmp_path: Path, region: str, covered: bool) -> None:
    shelf = book(write(tmp_path, rule(least=10), rule(least=20, more='region = "510000"')))
    assert outcome(15, shelf, region=region) == ("fail" if covered else "pass")


def test_a_city_goes_before_its_province_and_a_province_before_a_specialty(tmp_path: Path) -> None:
    shelf = book(
        write(
            tmp_path,
            rule(least=10),
            rule(least=20, more='applies_to = { specialty = ["510203"] }'),
            rule(least=30, more='region = "510000"'),
            rule(least=40, more='region = "511900"'),
        )
    )

    def least(region: str, specialty: str) -> object:
        (found,) = rules.check(0, shelf, on=ON, region=region, scope={"specialty": specialty}).findings
        return found.values["least"]

    assert [least("", "1"), least("", "510203"), least("510000", "510203"), least("511902", "1")] == [
        10,
        20,
        30,
        40,
    ]


def test_what_is_unknown_of_the_subject_is_missing_not_a_pass(tmp_path: Path) -> None:
    shelf = book(write(tmp_path, rule(more='applies_to = { level = ["higher"] }')))
    assert outcome(99, shelf, scope={"level": None}) == "missing"
    assert outcome(99, shelf, scope={}) == "missing"
    assert outcome(99, shelf, scope={"level": "secondary"}) == "not_applicable"
    assert outcome(99, shelf, scope={"level": "higher"}) == "pass"


@given(national=st.integers(0, 100), regional=st.integers(0, 100), subject=st.integers(0, 100))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_a_stricter_regional_rule_wins_and_a_looser_one_does_not(
    tmp_path: Path, national: int, regional: int, subject: int
) -> None:
    shelf = book(
        write(tmp_path, rule(least=national, more=FLOOR), rule(least=regional, more='region = "510000"'))
    )
    found = rules.check(subject, shelf, on=ON, region="510000")
    assert found.outcome("X-01") == ("pass" if subject >= max(national, regional) else "fail")
    (finding,) = found.findings
    assert bool(finding.notes) == (regional < national)


def test_without_a_floor_the_regional_number_wins_either_way(tmp_path: Path) -> None:
    shelf = book(write(tmp_path, rule(least=20), rule(least=10, more='region = "510000"')))
    assert outcome(15, shelf, region="510000") == "pass"
    assert outcome(15, shelf) == "fail"


def waiver(**changes: object) -> rules.Waiver:
    values = {
        "rule": "X-01",
        "kind": "floor",
        "person": "王",
        "office": "province",
        "reason": "试点",
        "document": "文",
        "expires": date(2026, 12, 31),
    }
    return rules.Waiver(**{**values, **changes})  # type: ignore[arg-type]


def test_a_recorded_waiver_lets_a_region_below_the_floor(tmp_path: Path) -> None:
    shelf = book(write(tmp_path, rule(least=20, more=FLOOR), rule(least=10, more='region = "510000"')))
    assert outcome(15, shelf, region="510000") == "fail"
    assert outcome(15, shelf, region="510000", waivers=[waiver()]) == "pass"
    assert outcome(15, shelf, region="510000", waivers=[waiver(expires=date(2026, 10, 31))]) == "fail"
    assert outcome(5, shelf, region="510000", waivers=[waiver()]) == "fail"


@pytest.mark.parametrize("more", [FLOOR, 'waivers = ["reason"]'])
def test_a_region_does_not_make_a_rule_lighter(tmp_path: Path, more: str) -> None:
    lighter = rule(least=30, more='region = "510000"', severity="info")
    shelf = book(write(tmp_path, rule(least=20, more=more), lighter))
    (found,) = rules.check(25, shelf, on=ON, region="510000").findings
    assert (found.outcome, found.severity) == ("fail", "block")


def test_an_unconfirmed_regional_rule_does_not_put_a_confirmed_one_out_of_force(tmp_path: Path) -> None:
    shelf = book(write(tmp_path, rule(least=20), rule(least=10, more='region = "510000"', state="verify")))
    found = rules.check(15, shelf, on=ON, region="510000")
    assert [(one.region, one.outcome, one.severity) for one in found.findings] == [("", "fail", "block")]
    found = rules.check(5, shelf, on=ON, region="510000")
    assert [(one.region, one.severity) for one in found.findings] == [("510000", "warn"), ("", "block")]
    assert rules.check(25, shelf, on=ON, region="510000").outcome("X-01") == "pass"


def test_rows_of_a_table_keep_their_floor_one_by_one(tmp_path: Path) -> None:
    def table(rows: str, more: str) -> str:
        text = rule(more=more).replace('"at_least"', '"rows"')
        lines = [line for line in text.splitlines() if not line.startswith("fail")]
        return "\n".join(lines).replace("least = 10", f"table = {rows}").replace("{number}", "") + "\n"

    shelf = book(
        write(
            tmp_path,
            table(
                '[{ key = "a", least = 16 }, { key = "b", least = 32 }]',
                'floors = { table = "higher" }\nwaivers = ["floor"]',
            ),
            table(
                '[{ key = "a", least = 12 }, { key = "b", least = 40 }, { key = "c", least = 2 }]',
                'region = "510000"',
            ),
        )
    )
    (held,) = rules.resolve(shelf.rules, on=ON, region="510000", scope={})
    rows = {row["key"]: row["least"] for row in held.rule.params["table"]}  # type: ignore[attr-defined]
    assert rows == {"a": 16, "b": 40, "c": 2}
    assert [note.en for note in held.notes] == [
        "The rule of 510000 sets table.a.least = 12, looser than the floor 16; "
        "without a waiver on record the floor holds."
    ]
