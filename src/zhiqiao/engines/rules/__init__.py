"""Rules as data: which hold for a subject on a day in a region, what they find, by which source, and who may waive.

The engine knows no law and no subject. Predicates come from the package of the subject (`engines.plans` for training
plans), rules and their words from files (`packs/common/rules`).
"""

from __future__ import annotations

from zhiqiao.engines.rules._check import InForce, check, in_force
from zhiqiao.engines.rules._errors import RuleFileError, RuleProblem, RulesError
from zhiqiao.engines.rules._json import (
    plain_params,
    read_report,
    read_rule,
    report_json,
    report_shape,
    rule_shape,
    with_exact_params,
)
from zhiqiao.engines.rules._predicates import (
    Context,
    Kind,
    Param,
    Params,
    Predicate,
    failed,
    lacking,
    passed,
)
from zhiqiao.engines.rules._reading import RuleBook, read_rules
from zhiqiao.engines.rules._resolve import Resolved, Scope, resolve
from zhiqiao.engines.rules._values import (
    Finding,
    Input,
    Language,
    Outcome,
    RefusedWaiver,
    Report,
    Rule,
    Severity,
    Source,
    State,
    Term,
    Text,
    Value,
    Verdict,
    Waiver,
    WaiverKind,
    region_prefix,
)
from zhiqiao.engines.rules._waivers import with_waivers
from zhiqiao.engines.rules._wording import Words, number_text, places

__all__ = [
    "Context",
    "Finding",
    "InForce",
    "Input",
    "Kind",
    "Language",
    "Outcome",
    "Param",
    "Params",
    "Predicate",
    "RefusedWaiver",
    "Report",
    "Resolved",
    "Rule",
    "RuleBook",
    "RuleFileError",
    "RuleProblem",
    "RulesError",
    "Scope",
    "Severity",
    "Source",
    "State",
    "Term",
    "Text",
    "Value",
    "Verdict",
    "Waiver",
    "WaiverKind",
    "Words",
    "check",
    "failed",
    "in_force",
    "lacking",
    "number_text",
    "passed",
    "places",
    "plain_params",
    "read_report",
    "read_rule",
    "read_rules",
    "region_prefix",
    "report_json",
    "report_shape",
    "resolve",
    "rule_shape",
    "with_exact_params",
    "with_waivers",
]
