"""Predicates on the post survey and its report (JS)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zhiqiao.engines.plans._lacks import blank, read, terms, unknown
from zhiqiao.engines.plans._records import AskedEnterprise, ReportFigure, Survey
from zhiqiao.engines.plans._statement import sections_filled
from zhiqiao.engines.plans._values import Plan
from zhiqiao.engines.rules import (
    Context,
    Input,
    Kind,
    Outcome,
    Param,
    Predicate,
    Term,
    Value,
    Verdict,
    failed,
    lacking,
    passed,
)


def _owner(plan: Plan, context: Context) -> Iterator[Verdict]:
    """See that the survey has an owner of a kind that may own one."""
    lacks = unknown(plan.survey, "survey", "owner", "owner_kind")
    if lacks or plan.survey is None:
        yield lacking(lacks)
        return
    inputs = read(plan.survey, "survey", "owner", "owner_kind")
    values: dict[str, Value] = {
        "owner": plan.survey.owner or "",
        "kind": Term(f"owner.{plan.survey.owner_kind}"),
    }
    may = str(plan.survey.owner_kind) in context.params.texts("may_own") and not blank(plan.survey.owner)
    yield passed(inputs, **values) if may else failed("fail", ["survey.owner_kind"], inputs, **values)


_BASIS = ("asked", "answered", "first_day", "last_day", "regions", "figures")


def _report(plan: Plan, context: Context) -> Iterator[Verdict]:
    """See that a report has all sections, says whom it asked and who answered, and that figures open to answers."""
    survey = plan.survey or Survey("-")
    found = [
        verdict
        for verdict in sections_filled(
            survey.sections, "survey.sections", context.params.texts("sections"), "report"
        )
        if verdict.outcome is not Outcome.PASS
    ]
    found += [*_basis(survey), *(verdict for one in _figures(survey) for verdict in _behind(one))]
    lacks = unknown(plan.survey, "survey", *_BASIS)
    if lacks:
        found.append(lacking(lacks))
    yield from found
    if not found:
        asked, answered = survey.asked or 0, survey.answered or 0
        yield passed(read(survey, "survey", *_BASIS[:4]), asked=asked, answered=answered)


def _basis(survey: Survey) -> Iterator[Verdict]:
    asked, answered = survey.asked, survey.answered
    if asked is not None and answered is not None and (answered > asked or asked == 0):
        inputs = read(survey, "survey", "asked", "answered")
        yield failed("response", ["survey.answered"], inputs, asked=asked, answered=answered)
    first, last = survey.first_day, survey.last_day
    if first is not None and last is not None and last < first:
        yield failed("days", ["survey.last_day"], read(survey, "survey", "first_day", "last_day"))
    if survey.regions == ():
        yield failed("regions", ["survey.regions"], {"survey.regions": ""})


def _figures(survey: Survey) -> list[ReportFigure]:
    return sorted(survey.figures or (), key=lambda one: one.key)


def _behind(figure: ReportFigure) -> Iterator[Verdict]:
    path = f"survey.figures[{figure.key}].parts"
    if figure.parts is None:
        yield lacking([path])
        return
    lacks = [f"{path}[{number}].count" for number, part in enumerate(figure.parts) if part.count is None]
    if lacks:
        yield lacking(lacks)
    elif not any(part.count for part in figure.parts):
        yield failed("figure", [path], {path: 0}, figure=figure.key)


def _interval(plan: Plan, context: Context) -> Iterable[Verdict]:
    """Look for enterprises asked again too soon, and for earlier answers used without consent."""
    if plan.survey is None or plan.survey.enterprises is None:
        return [lacking(["survey.enterprises"])]
    least = int(context.params.number("least_days"))
    asked = sorted(plan.survey.enterprises, key=lambda one: one.key)
    lacks: list[str] = []
    found: list[Verdict] = []
    inputs: dict[str, Input] = {}
    for one in asked:
        place = f"survey.enterprises[{one.key}]"
        if more := _unknown_of(one, place):
            lacks += more
            continue
        inputs |= read(one, place, "asked_on", "last_asked_on", "reused")
        found += _of_enterprise(one, place, least)
    if lacks:
        found.append(lacking(lacks))
    return found or ([passed(inputs, enterprises=len(asked), least=least)] if asked else [])


def _unknown_of(one: AskedEnterprise, place: str) -> list[str]:
    names = ["asked_on", "asked_before", "reused"]
    names += ["last_asked_on"] if one.asked_before is not False else []
    names += ["consent"] if one.reused is not False else []
    return unknown(one, place, *names)


def _of_enterprise(one: AskedEnterprise, place: str, least: int) -> Iterator[Verdict]:
    if one.asked_before and one.asked_on and one.last_asked_on:
        days = (one.asked_on - one.last_asked_on).days
        if days < least:
            inputs = read(one, place, "asked_on", "last_asked_on")
            yield failed("fail", [f"{place}.asked_on"], inputs, enterprise=one.key, days=days, least=least)
    if one.reused and not one.consent:
        inputs = read(one, place, "reused", "consent")
        yield failed("consent", [f"{place}.consent"], inputs, enterprise=one.key)


def _lists(plan: Plan, context: Context) -> Iterator[Verdict]:
    """See that a city's consortium keeps its three lists, each with owner and date."""
    survey = plan.survey
    if survey is None or survey.consortium is None:
        yield lacking(["survey.consortium"])
        return
    if not survey.consortium:
        return
    if survey.lists is None:
        yield lacking(["survey.lists"])
        return
    lists = sorted(survey.lists, key=lambda one: one.key)
    lacks = [
        path for one in lists for path in unknown(one, f"survey.lists[{one.key}]", "kind", "owner", "on")
    ]
    kinds = {str(one.kind) for one in lists}
    absent = [kind for kind in context.params.texts("kinds") if kind not in kinds]
    if lacks:
        yield lacking(lacks)
    elif absent:
        inputs: dict[str, Input] = {f"survey.lists[{one.key}].kind": one.kind for one in lists}
        yield failed("fail", ["survey.lists"], inputs, kinds=terms("list", absent))
    else:
        yield passed({f"survey.lists[{one.key}].on": one.on for one in lists}, lists=len(lists))


def _apart(plan: Plan, _context: Context) -> Iterable[Verdict]:
    """Look for figures that merge sources without saying what each contributes, and for sources without their bias."""
    if plan.survey is None or plan.survey.figures is None:
        return [lacking(["survey.figures"])]
    figures = _figures(plan.survey)
    found: list[Verdict] = []
    lacks: list[str] = []
    for figure in figures:
        path = f"survey.figures[{figure.key}]"
        if figure.parts is None:
            lacks.append(f"{path}.parts")
            continue
        sources = {part.source for part in figure.parts}
        values = [part.value for part in figure.parts]
        if not sources or (len(sources) > 1 and None in values) or len(sources) < len(values):
            names = terms("source", sorted(sources))
            found.append(failed("merged", [f"{path}.parts"], {}, figure=figure.key, sources=names))
        for number, part in enumerate(figure.parts):
            at = f"{path}.parts[{number}].bias"
            if part.bias is None:
                lacks.append(at)
            elif blank(part.bias):
                values_: dict[str, Value] = {"figure": figure.key, "source": Term(f"source.{part.source}")}
                found.append(failed("bias", [at], {at: part.bias}, **values_))
    if lacks:
        found.append(lacking(lacks))
    inputs: dict[str, Input] = {
        f"survey.figures[{one.key}].parts": "、".join(str(part.source) for part in one.parts or ())
        for one in figures
    }
    return found or ([passed(inputs, figures=len(figures))] if figures else [])


PREDICATES: tuple[Predicate[Plan], ...] = (
    Predicate(
        "survey_owned",
        _owner,
        dict.fromkeys(("pass", "fail"), ("owner", "kind")),
        {"may_own": Param(Kind.TEXTS)},
    ),
    Predicate(
        "report_complete",
        _report,
        {
            "pass": ("asked", "answered"),
            "fail": ("section",),
            "response": ("asked", "answered"),
            "days": (),
            "regions": (),
            "figure": ("figure",),
        },
        {"sections": Param(Kind.TEXTS)},
    ),
    Predicate(
        "interval_kept",
        _interval,
        {
            "pass": ("enterprises", "least"),
            "fail": ("enterprise", "days", "least"),
            "consent": ("enterprise",),
        },
        {"least_days": Param(Kind.NUMBER)},
    ),
    Predicate("lists_kept", _lists, {"pass": ("lists",), "fail": ("kinds",)}, {"kinds": Param(Kind.TEXTS)}),
    Predicate(
        "sources_apart",
        _apart,
        {"pass": ("figures",), "merged": ("figure", "sources"), "bias": ("figure", "source")},
    ),
)
