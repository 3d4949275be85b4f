"""A report as JSON and back, without loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from zhiqiao.engines.kernel import ShapeError, ShapeProblem, from_json, read_json, to_json, write_json
from zhiqiao.engines.rules._params import typed_params
from zhiqiao.engines.rules._predicates import Predicate
from zhiqiao.engines.rules._values import Finding, Input, RefusedWaiver, Report, Rule, Text, Written


@dataclass(frozen=True)
class _Shape:
    """A report whose findings are read one by one."""

    on: date
    region: str
    findings: tuple[object, ...]
    refused: tuple[RefusedWaiver, ...] = ()


def report_json(report: Report) -> str:
    """Return a report as JSON text."""
    return write_json(report_shape(report))


def report_shape(report: Report) -> dict[str, object]:
    """Return a report as what JSON can hold; days among the inputs are marked so that they come back as days."""
    shape = cast("dict[str, object]", to_json(replace(report, findings=())))
    return shape | {"findings": [_shape(one) for one in report.findings]}


def read_report(text: str) -> Report:
    """Read a report back; raises ShapeError."""
    shape = from_json(_Shape, read_json(text))
    findings = tuple(_finding(one, number) for number, one in enumerate(shape.findings))
    return Report(shape.on, shape.region, findings, shape.refused)


def _shape(finding: Finding) -> dict[str, object]:
    shape = cast("dict[str, object]", to_json(finding))
    days = {
        name: {"day": value.isoformat()} for name, value in finding.inputs.items() if isinstance(value, date)
    }
    return shape | {"inputs": {**cast("dict[str, object]", shape["inputs"]), **days}}


def _finding(shape: object, number: int) -> Finding:
    if not isinstance(shape, dict):
        raise ShapeError(ShapeProblem(f"findings[{number}]", "应为对象", "must be an object"))
    plain = {name: part for name, part in shape.items() if name not in {"values", "inputs"}}
    finding = from_json(Finding, plain, f"findings[{number}]")
    values = {name: _value(part) for name, part in shape.get("values", {}).items()}
    inputs = {name: _input(part) for name, part in shape.get("inputs", {}).items()}
    return replace(finding, values=values, inputs=inputs)


def _value(value: object) -> Written:
    if isinstance(value, Mapping):
        return from_json(Text, dict(value))
    if isinstance(value, list):
        return tuple(cast("str | Text", _value(part)) for part in value)
    return cast("Written", value)


def _input(value: object) -> Input:
    if isinstance(value, Mapping):
        return date.fromisoformat(str(value["day"]))
    return cast("Input", value)


def rule_shape(rule: Rule) -> dict[str, object]:
    """Return a rule as what JSON can hold."""
    shape = cast("dict[str, object]", to_json(replace(rule, params={})))
    return shape | {"params": plain_params(rule)}


def read_rule(shape: object) -> Rule:
    """Read back what `rule_shape` gave, with parameters as they are written there; raises ShapeError."""
    return from_json(Rule, shape)


def with_exact_params(rule: Rule, predicates: Mapping[str, Predicate[Any]]) -> Rule:
    """Return a rule that was read back as predicates need it; raises KeyError when its predicate is gone."""
    return replace(rule, params=typed_params(rule.params, predicates[rule.predicate])[0])


def plain_params(rule: Rule) -> dict[str, object]:
    """Return the parameters of a rule as what JSON can hold; shares that are no decimal as a fraction in words."""
    return {name: _plain(value) for name, value in rule.params.items()}


def _plain(value: object) -> object:
    if isinstance(value, Fraction):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return float(exact) if Fraction(exact) == value else str(value)
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, tuple) else to_json(value)
