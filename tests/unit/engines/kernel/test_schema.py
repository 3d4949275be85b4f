"""The JSON Schema of a dataclass says what `from_json` takes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any  # Any: JSON

import jsonschema_rs
import pytest

from tests.rule_cases import example, read_cases
from tests.unit.engines.kernel.test_shapes import Thing
from zhiqiao.engines import plans
from zhiqiao.engines.kernel import ShapeError, from_json, json_schema, read_json, to_json

SCHEMA = json_schema(Thing)
PLAN = json_schema(plans.Plan)


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ({"name": "a"}, True),
        ({"name": "a", "count": None, "exact": 1.5, "parts": {"x": 0}}, True),
        ({"name": "a", "rows": [{"key": "k", "on": "2026-09-01"}], "way": "up"}, True),
        ({}, False),
        ({"name": "a", "count": 1.5}, False),
        ({"name": "a", "count": -1}, False),
        ({"name": "a", "wrods": []}, False),
        ({"name": "a", "rows": [{"key": " "}]}, False),
        ({"name": "a", "colour": "blue"}, False),
        ({"name": "a", "yes": 1}, False),
    ],
)
def test_schema_and_reader_agree(value: Any, fits: bool) -> None:
    found = jsonschema_rs.Draft202012Validator(SCHEMA).is_valid(value)
    try:
        from_json(Thing, read_json(json.dumps(value)))
        read = True
    except ShapeError:
        read = False
    assert (found, read) == (fits, fits)


@pytest.mark.parametrize("name", ["higher", "secondary"])
def test_the_example_plans_fit(name: str) -> None:
    jsonschema_rs.Draft202012Validator(PLAN).validate(example(name))


def test_plans_of_the_cases_fit() -> None:
    validator = jsonschema_rs.Draft202012Validator(PLAN)
    for case in read_cases()[::9]:
        validator.validate(to_json(case.subject()))


def test_a_kind_without_schema_is_refused() -> None:
    @dataclass(frozen=True)
    class Odd:
        value: set[str]

    with pytest.raises(TypeError):
        json_schema(Odd)
