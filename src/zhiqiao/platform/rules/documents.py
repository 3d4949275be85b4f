"""Kinds of documents that can be checked: how each is read, written and judged. So far the training plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.engines import plans, rules
from zhiqiao.engines.kernel import ShapeError, from_json, to_json
from zhiqiao.platform.data.api import specialty_directory
from zhiqiao.platform.rules.books import language
from zhiqiao.platform.rules.errors import BadDocument, RulesRefused

__all__ = ["KINDS", "PLAN", "DocumentKind", "Facts", "kind_of"]

Document = Any  # a value of the kind's own class, such as plans.Plan


@dataclass(frozen=True)
class Facts:
    """What a check must know of a document besides its content."""

    key: str
    version: str
    title: str
    specialty: str
    region: str | None


@dataclass(frozen=True)
class DocumentKind:
    """How a kind of document is read, written, and judged; `tables` is what is looked up beside the document."""

    key: str
    label: str | Promise
    read: Callable[[str], Document]
    write: Callable[[Document], str]
    facts: Callable[[Document], Facts]
    scope: Callable[[Document], rules.Scope]
    tables: Callable[[Document], Mapping[str, object]]
    judge: Callable[..., rules.Report]


def _read_plan(text: str) -> plans.Plan:
    try:
        return plans.read_plan(text)
    except ShapeError as error:
        english = language() == "en"
        problems = [(one.path, one.en if english else one.zh) for one in error.problems]
        raise BadDocument(_("文件不能用作人才培养方案，没有检查。"), problems) from error


def _plan_facts(plan: plans.Plan) -> Facts:
    programme = plan.programme or plans.Programme()
    title = " ".join(part for part in (programme.name, str(plan.entry_year or "")) if part) or plan.key
    return Facts(plan.key, plan.version or "", title[:200], programme.code or "", plan.region)


def _plan_tables(plan: plans.Plan) -> Mapping[str, object]:
    """Return the entries of the specialty directory with this plan's code, of every edition that is loaded."""
    code = plan.programme.code if plan.programme else None
    found = specialty_directory([code] if code else [])
    return {"specialties": [to_json(one) for one in found.specialties.values()]}


def _judge_plan(
    plan: plans.Plan,
    book: rules.RuleBook,
    *,
    on: date,
    region: str,
    waivers: Sequence[rules.Waiver],
    tables: Mapping[str, object],
) -> rules.Report:
    listed = [from_json(plans.Specialty, one) for one in cast("list[object]", tables["specialties"])]
    directory = plans.Directory({(one.edition, one.code): one for one in listed})
    return plans.check_plan(plan, book, on=on, region=region, waivers=waivers, directory=directory)


PLAN = DocumentKind(
    "plan",
    gettext_lazy("人才培养方案"),
    _read_plan,
    plans.plan_json,
    _plan_facts,
    plans.scope_of,
    _plan_tables,
    _judge_plan,
)
KINDS: Mapping[str, DocumentKind] = {PLAN.key: PLAN}


def kind_of(key: str) -> DocumentKind:
    """Return a kind of document; raises RulesRefused for one that can not be checked."""
    if key not in KINDS:
        raise RulesRefused(_("不能检查“%(kind)s”这种文件。") % {"kind": key[:40]}, field="kind")
    return KINDS[key]
