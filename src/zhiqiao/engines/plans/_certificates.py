"""Predicates on certificates: kinds, units in courses, credits for them, licences for posts (CT, TP-19)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from zhiqiao.engines.plans._lacks import blank, of_courses, read, unknown
from zhiqiao.engines.plans._records import Conversion
from zhiqiao.engines.plans._values import Placement, Plan
from zhiqiao.engines.rules import (
    Context,
    Input,
    Kind,
    Param,
    Predicate,
    Term,
    Value,
    Verdict,
    failed,
    lacking,
    passed,
)


def _mapped(plan: Plan, context: Context) -> Iterable[Verdict]:
    """See that each skill-level certificate named has a course for its units and a line in the conversion table."""
    lacks = unknown(plan, "", "certificates", "conversions")
    named = sorted(plan.certificates or (), key=lambda one: one.key)
    lacks += [f"certificates[{one.key}].kind" for one in named if one.kind is None]
    lacks += [
        f"conversions[{one.key}].certificate" for one in plan.conversions or () if one.certificate is None
    ]
    meant = [one for one in named if str(one.kind) in context.params.texts("kinds")]
    units = {unit.certificate for one in plan.courses or () for unit in one.certificate_units or ()}
    unsure = of_courses(plan, "certificate_units")
    converted = {one.certificate for one in plan.conversions or ()}
    unsure_lines = plan.conversions is None or None in converted
    found: list[Verdict] = []
    for one in meant:
        name, at = one.name or one.key, f"certificates[{one.key}]"
        if one.key not in units and not unsure:
            found.append(failed("units", [at], {f"{at}.name": one.name}, certificate=name))
        elif one.key not in units:
            lacks += unsure
        if one.key not in converted and not unsure_lines:
            found.append(failed("conversion", ["conversions"], {f"{at}.name": one.name}, certificate=name))
    if lacks:
        found.append(lacking(lacks))
    inputs: dict[str, Input] = {f"certificates[{one.key}].name": one.name for one in meant}
    return found or ([passed(inputs, certificates=len(meant))] if meant else [])


def _kinds(plan: Plan, _context: Context) -> Iterable[Verdict]:
    """See that each certificate has its kind and a verified issuer and is not shown as another kind."""
    if plan.certificates is None:
        return [lacking(["certificates"])]
    found: list[Verdict] = []
    lacks: list[str] = []
    inputs: dict[str, Input] = {}
    for one in sorted(plan.certificates, key=lambda one: one.key):
        path = f"certificates[{one.key}]"
        lacks += unknown(one, path, "kind", "shown_as", "issuer", "issuer_verified")
        own = read(one, path, "kind", "shown_as", "issuer", "issuer_verified")
        inputs |= own
        name = one.name or one.key
        if one.kind and one.shown_as and one.kind is not one.shown_as:
            values = {"kind": Term(f"certificate.{one.kind}"), "shown": Term(f"certificate.{one.shown_as}")}
            found.append(failed("renamed", [f"{path}.shown_as"], own, certificate=name, **values))
        if one.issuer_verified is False or blank(one.issuer):
            found.append(failed("issuer", [f"{path}.issuer"], own, certificate=name, issuer=one.issuer or ""))
    if lacks:
        found.append(lacking(lacks))
    return found or ([passed(inputs, certificates=len(plan.certificates))] if inputs else [])


def _credits(plan: Plan, context: Context) -> Iterable[Verdict]:
    """See that credits are given for certificates that may become credits, by approval, and for each result once."""
    lacks = unknown(plan, "", "conversions", "certificates")
    kinds = {one.key: one.kind for one in plan.certificates or ()}
    lines = sorted(plan.conversions or (), key=lambda one: one.key)
    uses = Counter(result for one in lines for result in one.results or ())
    found: list[Verdict] = []
    inputs: dict[str, Input] = {}
    names = ("certificate", "credits", "approved_by", "approved_on", "results")
    for one in lines:
        path = f"conversions[{one.key}]"
        lacks += unknown(one, path, *names)
        inputs |= read(one, path, "certificate", "credits", "approved_by", "approved_on")
        if one.certificate in kinds and kinds[one.certificate] is None:
            lacks.append(f"certificates[{one.certificate}].kind")
        elif one.certificate is not None and plan.certificates is not None:
            found += _of_kind(one, str(kinds.get(one.certificate, "")), context)
        if blank(one.approved_by) or (one.approved_on is not None and one.approved_on > context.on):
            own = read(one, path, "approved_by", "approved_on")
            found.append(failed("approval", [f"{path}.approved_on"], own, line=one.key))
    found += [
        failed("twice", ["conversions"], {}, result=result, times=times)
        for result, times in sorted(uses.items())
        if times > 1
    ]
    if lacks:
        found.append(lacking(lacks))
    return found or ([passed(inputs, lines=len(lines))] if lines else [])


def _of_kind(line: Conversion, kind: str, context: Context) -> Iterator[Verdict]:
    if kind not in context.params.texts("kinds"):
        path = f"conversions[{line.key}].certificate"
        shown = Term(f"certificate.{kind}") if kind else Term("certificate.unlisted")
        values: dict[str, Value] = {"line": line.key, "certificate": line.certificate or "", "kind": shown}
        yield failed("kind", [path], {path: line.certificate}, **values)


def _licences(plan: Plan, context: Context) -> Iterable[Verdict]:
    """See that placement in a post that needs a licence has one, of a kind that is a licence."""
    if plan.placements is None or plan.orientation is None or plan.orientation.posts is None:
        return [lacking(unknown(plan, "", "placements") + unknown(plan.orientation, "orientation", "posts"))]
    posts = {post.key: post for post in plan.orientation.posts}
    found: list[Verdict] = []
    lacks: list[str] = []
    inputs: dict[str, Input] = {}
    for block in sorted(plan.placements, key=lambda one: one.key):
        path = f"placements[{block.key}]"
        post = posts.get(block.post or "")
        if block.post is None:
            lacks.append(f"{path}.post")
        elif post is None:
            found.append(failed("post", [f"{path}.post"], {f"{path}.post": block.post}, post=block.post))
        elif post.licence_required is None:
            lacks.append(f"orientation.posts[{post.key}].licence_required")
        else:
            inputs |= read(block, path, "post", "licence")
            inputs[f"orientation.posts[{post.key}].licence_required"] = post.licence_required
            if post.licence_required:
                more, verdicts = _licence(plan, block, post.name or post.key, context)
                lacks += more
                found += verdicts
    if lacks:
        found.append(lacking(lacks))
    return found or ([passed(inputs, placements=len(plan.placements))] if inputs else [])


def _licence(plan: Plan, block: Placement, post: str, context: Context) -> tuple[list[str], list[Verdict]]:
    at = f"placements[{block.key}].licence"
    if block.licence is None:
        return [at], []
    if plan.certificates is None:
        return ["certificates"], []
    held = next((one for one in plan.certificates if one.key == block.licence), None)
    if held is not None and held.kind is None:
        return [f"certificates[{held.key}].kind"], []
    if held is not None and str(held.kind) in context.params.texts("kinds"):
        return [], []
    return [], [failed("fail", [at], {at: block.licence}, post=post, licence=block.licence)]


PREDICATES: tuple[Predicate[Plan], ...] = (
    Predicate(
        "certificates_mapped",
        _mapped,
        {"pass": ("certificates",), "units": ("certificate",), "conversion": ("certificate",)},
        {"kinds": Param(Kind.TEXTS)},
    ),
    Predicate(
        "certificates_told_apart",
        _kinds,
        {
            "pass": ("certificates",),
            "renamed": ("certificate", "kind", "shown"),
            "issuer": ("certificate", "issuer"),
        },
    ),
    Predicate(
        "credits_for_certificates",
        _credits,
        {
            "pass": ("lines",),
            "kind": ("line", "certificate", "kind"),
            "approval": ("line",),
            "twice": ("result", "times"),
        },
        {"kinds": Param(Kind.TEXTS)},
    ),
    Predicate(
        "licences_held",
        _licences,
        {"pass": ("placements",), "fail": ("post", "licence"), "post": ("post",)},
        {"kinds": Param(Kind.TEXTS)},
    ),
)
