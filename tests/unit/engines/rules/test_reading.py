"""Files of rules: what is read, and what is refused with file, rule and field."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.unit.engines.rules.toy import ON, PREDICATES, WORDS, book, rule, write
from zhiqiao.engines import rules


def wrong(*folders: Path) -> list[str]:
    with pytest.raises(rules.RuleFileError) as caught:
        book(*folders)
    return [f"{one.file} {one.rule} {one.field}: {one.en}" for one in caught.value.problems]


def test_a_rule_is_read_with_all_it_says(tmp_path: Path) -> None:
    more = 'valid_from = 2026-01-01\nwaivers = ["reason"]\nfloors = { least = "higher" }'
    (one,) = book(write(tmp_path, rule(more=more))).rules
    assert (one.id, one.set, one.version, one.file) == ("X-01", "x", "1", "x.toml")
    assert (one.state, one.severity) == ("confirmed", "block")
    assert one.waivers[0].by == ("dean",)
    assert one.params == {"least": 10}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            'predicate = "at_least"',
            'predicate = "at_most"',
            "X-01 predicate: there is no predicate “at_most”",
        ),
        (', en = "add"', "", "X-01 fix.en: must be given"),
        ('en = "add"', 'en = " "', "X-01 fix.en: may not be blank"),
        ("least = 10", 'least = "ten"', "X-01 params.least: must be a number"),
        ("least = 10", "least = true", "X-01 params.least: must be a number"),
        ("least = 10", "lest = 10", "X-01 params.least: must be given"),
        ("least = 10", "least = 10, most = 3", "X-01 params.most: the predicate has no such parameter"),
        ("below {least}", "below {most}", "X-01 messages.fail: “{most}” is no value of the predicate"),
        ("fail = ", "fall = ", "X-01 messages.fail: this message is missing"),
        ('state = "confirmed"', 'state = "sure"', "X-01 state: “sure” is none of"),
        ('severity = "block"', 'severity = "stop"', "X-01 severity: “stop” is none of"),
        (
            'severity = "block"',
            'severity = "block"\nregion = "51"',
            "X-01 region: must be a code of six digits",
        ),
        (
            'severity = "block"',
            'severity = "block"\nwaivers = ["mercy"]',
            "X-01 waivers: there is no kind of waiver “mercy”",
        ),
        (
            'severity = "block"',
            'severity = "block"\nvalid_from = 2026-02-01\nvalid_to = 2026-01-01',
            "X-01 valid_to: is before valid_from",
        ),
        (
            'severity = "block"',
            'severity = "block"\nvalid_from = "soon"',
            "X-01 valid_from: “soon” is no date",
        ),
        (
            'severity = "block"',
            'severity = "block"\nfloors = { most = "higher" }',
            "X-01 floors.most: is no parameter of this predicate",
        ),
        ('severity = "block"', 'severity = "block"\nserverity = 1', "X-01 serverity: no such field"),
        ('id = "X-01"', 'id = ""', " id: may not be blank"),
    ],
)
def test_a_wrong_rule_is_named(tmp_path: Path, before: str, after: str, said: str) -> None:
    text = rule()
    assert before in text
    found = wrong(write(tmp_path, text.replace(before, after, 1)))
    assert any(line.startswith("x.toml ") and said in line for line in found), found


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, rule().replace('state = "confirmed"', 'state = "sure"'), rule("X-02", least='"ten"'))
    write(tmp_path, "this is no TOML", name="y.toml")
    found = wrong(tmp_path)
    assert len(found) == 3
    assert {line.split()[0] for line in found} == {"x.toml", "y.toml"}


def test_a_file_without_head_and_words_without_english_are_named(tmp_path: Path) -> None:
    write(tmp_path, rule(), head="# nothing\n", words=WORDS.replace(', en = "does not apply"', ""))
    found = "\n".join(wrong(tmp_path))
    for place in ("x.toml  version", "x.toml  set", "words.toml  standing.not_applicable en"):
        assert place in found


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ("", "", True),
        ("valid_to = 2026-06-30", "valid_from = 2026-07-01", False),
        ("valid_to = 2026-07-01", "valid_from = 2026-07-01", True),
        ("valid_from = 2026-01-01", "valid_to = 2025-12-31", False),
        ("", 'region = "510000"', False),
        ('applies_to = { level = ["a"] }', 'applies_to = { level = ["b"] }', False),
        ('applies_to = { level = ["a", "b"] }', 'applies_to = { level = ["b"] }', True),
        ('applies_to = { specialty = ["510203"] }', "", False),
    ],
)
def test_two_entries_in_force_on_the_same_day_are_refused(
    tmp_path: Path, first: str, second: str, overlap: bool
) -> None:
    folder = write(tmp_path, rule(more=first), rule(more=second))
    if overlap:
        assert "is in force on the same days" in wrong(folder)[0]
    else:
        assert len(book(folder).rules) == 2


def test_a_regional_rule_says_only_what_differs(tmp_path: Path) -> None:
    national = write(tmp_path / "nation", rule(more='waivers = ["reason"]'))
    regional = tmp_path / "region"
    regional.mkdir()
    (regional / "r.toml").write_text(
        'version = "2"\nset = "x"\n[[rule]]\nid = "X-01"\nbased_on = "X-01"\nregion = "510000"\nstate = "part"\n'
        'params = { least = 12 }\nsource = { document = { zh = "省", en = "province" } }\n',
        encoding="utf-8",
    )
    _, one = book(national, regional).rules
    assert (one.region, one.params["least"], one.version, one.state) == ("510000", 12, "2", "part")
    assert one.title.en == "at least"
    assert one.waivers[0].key == "reason"


def test_a_regional_rule_inherits_neither_source_nor_state(tmp_path: Path) -> None:
    national = write(tmp_path / "nation", rule())
    regional = tmp_path / "region"
    regional.mkdir()
    (regional / "r.toml").write_text(
        'version = "2"\nset = "x"\n[[rule]]\nid = "X-01"\nbased_on = "X-01"\nregion = "510000"\n',
        encoding="utf-8",
    )
    assert wrong(national, regional) == [
        "r.toml X-01 source: must be given",
        "r.toml X-01 state: must be given",
    ]


def test_parameters_of_all_kinds(tmp_path: Path) -> None:
    def with_params(predicate: str, params: str) -> Path:
        text = rule().replace('"at_least"', f'"{predicate}"').replace("params = { least = 10 }", params)
        fail = next(line for line in text.splitlines() if line.startswith("fail"))
        return write(tmp_path, text.replace(fail, "").replace("{number}", ""))

    (one,) = book(with_params("shares", 'params = { share = "1/3", by = { a = 0.25 }, words = ["x"] }')).rules
    assert one.params == {"share": Fraction(1, 3), "by": {"a": Fraction(1, 4)}, "words": ("x",)}
    assert rules.plain_params(one) == {"share": "1/3", "by": {"a": 0.25}, "words": ["x"]}
    (one,) = book(with_params("rows", 'params = { table = [{ key = "a", least = 1.5 }] }')).rules
    assert rules.plain_params(one) == {"table": [{"key": "a", "least": 1.5}]}
    for bad in (
        "share = 1.5, by = {}, words = []",
        'share = "1/0", by = {}, words = []',
        "share = 1, by = 1, words = 1",
    ):
        assert "params." in wrong(with_params("shares", f"params = {{ {bad} }}"))[0]
    for bad in (
        "[{ least = 1 }]",
        '[{ key = "a", least = "x" }]',
        '[{ key = "a", least = 1, other = 2 }]',
        "3",
    ):
        assert "must be a list of rows" in wrong(with_params("rows", f"params = {{ table = {bad} }}"))[0]


def test_the_digest_follows_the_files(tmp_path: Path) -> None:
    first = book(write(tmp_path, rule())).digest
    assert book(tmp_path).digest == first
    assert book(write(tmp_path, rule(least=11))).digest != first


def test_a_book_can_be_cut_to_sets(tmp_path: Path) -> None:
    whole = book(write(tmp_path, rule(), rule("Y-01").replace('id = "Y-01"', 'id = "Y-01"\nset = "y"')))
    assert whole.sets == ("x", "y")
    assert [one.id for one in whole.of_set("y").rules] == ["Y-01"]
    assert rules.check(11, whole.of_set("y"), on=ON).rules == ("Y-01",)


def test_every_shipped_predicate_is_named_as_it_is_found() -> None:
    assert all(name == one.name for name, one in PREDICATES.items())
