"""Pages that join weight studies and competency frameworks: what of a version is weighed, and by which study."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiqiao.apps.evaluation import frameworks, selectors
from zhiqiao.apps.evaluation import results as pages
from zhiqiao.apps.evaluation.errors import EvaluationError, NoResult
from zhiqiao.apps.evaluation.models import (
    RoundState,
    StudyItem,
    StudyKind,
    StudyRound,
    WeightStudy,
)
from zhiqiao.platform.data.api import FrameworkVersionView, framework_panel, framework_version
from zhiqiao.platform.governance.api import Actor, ActorRequest, action, can

__all__ = ["framework_studies", "panel", "study_start", "weights_take"]


@dataclass(frozen=True)
class StudyLine:
    """A study of a group; `changes` say why its weights no longer fit, `used` that the version holds them."""

    row: WeightStudy
    kind_label: str
    state_label: str
    is_closed: bool
    is_used: bool
    problem: str


@dataclass(frozen=True)
class GroupLine:
    """What is weighed against each other, with its studies, the latest first."""

    group: frameworks.Siblings
    studies: tuple[StudyLine, ...]


@require_GET
@action("studies.read")
def framework_studies(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show what of a framework's version can be weighed, its studies, and what may be taken into a draft."""
    view = framework_version(request.actor, uuid)
    found = frameworks.studies_of(request.actor, view.framework_uuid)
    scope = WeightStudy(org_root_id=request.actor.org_root_id or 0)
    context = {
        "view": view,
        "groups": _groups(view, found),
        "kinds": StudyKind.choices,
        "may_start": can(request.actor, "studies.manage", scope),
        # who may edit the draft is asked again where the weights are written
        "may_take": view.is_draft and request.actor.org_root_id == view.org_root_id
        and can(request.actor, "frameworks.manage"),
        "steady": _steadiness(request.actor, view, found),
    }  # fmt: skip
    return render(request, "evaluation/framework.html", context)


def _groups(view: FrameworkVersionView, found: Sequence[WeightStudy]) -> list[GroupLine]:
    used, items, weighed = _used(view), _items_of(found), _weighed(found)
    return [
        GroupLine(
            group,
            tuple(
                _line(row, group, items.get(row.pk, []), weighed.get(row.pk, set()), is_used=row.uuid in used)
                for row in found
                if row.framework_part == group.part
            ),
        )
        for group in frameworks.siblings_of(view)
        if group.can_be_weighed
    ]


def _items_of(found: Sequence[WeightStudy]) -> dict[int, list[StudyItem]]:
    items: dict[int, list[StudyItem]] = {}
    for item in StudyItem.objects.filter(study__in=found).order_by("position"):
        items.setdefault(item.study_id, []).append(item)
    return items


def _weighed(found: Sequence[WeightStudy]) -> dict[int, set[str]]:
    """Return the items that have a weight in the last closed round of each study, as kept when it closed."""
    rounds = StudyRound.objects.filter(study__in=found, state=RoundState.CLOSED).order_by("number")
    return {row.study_id: set(row.result.get("weights", ())) for row in rounds}


def _line(
    row: WeightStudy,
    group: frameworks.Siblings,
    items: Sequence[StudyItem],
    weighed: set[str],
    *,
    is_used: bool,
) -> StudyLine:
    problem = ""
    if row.is_shared and not weighed:
        problem = _("这项研究没有可用的权重")
    elif row.is_shared:
        keys = {item.part_key for item in items if str(item.uuid) in weighed}
        problem = _("；").join(frameworks.changes_since(group, items, keys))
    return StudyLine(
        row,
        str(row.get_kind_display()),
        str(row.get_state_display()),
        is_closed=row.is_shared,
        is_used=is_used,
        problem=problem,
    )


def _used(view: FrameworkVersionView) -> set[UUID]:
    """Return the studies whose weights stand in a version."""
    weights = [one.weight for one in view.dimensions]
    weights += [item.weight for one in view.dimensions for item in one.indicators]
    return {one.evidence[1] for one in weights if one.evidence and one.evidence[0] == "weight_study"}


def _steadiness(
    actor: Actor, view: FrameworkVersionView, found: Sequence[WeightStudy]
) -> list[tuple[WeightStudy, pages.Steadiness]]:
    """Return how far the weights in force may move before a ranking of examples changes, for studies with examples."""
    used = _used(view)
    shown = []
    for row in found:
        if row.uuid in used and row.alternatives:
            try:
                result = selectors.result(selectors.closed_round(actor, row.uuid))
            except NoResult:
                continue
            held = pages.steadiness(row, result)
            if held is not None:
                shown.append((row, held))
    return shown


@require_POST
@action("studies.manage")
def study_start(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Begin a study of a part of a framework's version."""
    data = request.POST
    try:
        row = frameworks.start_study(
            request.actor, uuid, part=data.get("part", ""), kind=data.get("kind", "")
        )
    except EvaluationError as error:
        messages.error(request, str(error))
        return redirect("evaluation:framework_studies", uuid=uuid)
    messages.success(request, _("已建立草稿。接下来邀请专家。"))
    return redirect("evaluation:experts", uuid=row.uuid)


@require_POST
@action("frameworks.manage")
def weights_take(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Take the weights of a closed study into a draft."""
    data = request.POST
    seen = data.get("seen", "")
    try:
        study = UUID(data.get("study", ""))
        frameworks.take_weights(
            request.actor,
            study,
            uuid,
            seen=int(seen) if seen.isdigit() else -1,
            replace_quoted=data.get("replace") == "on",
        )
    except (EvaluationError, ValueError) as error:
        told = str(error) if isinstance(error, EvaluationError) else _("请先选择一项研究。")
        messages.error(request, told)
        return redirect("evaluation:framework_studies", uuid=uuid)
    messages.success(request, _("权重已写入草稿，没有发布；请看过再由协会发布。"))
    return redirect("data:framework_version", uuid=uuid)


@framework_panel
def panel(actor: Actor, view: FrameworkVersionView) -> str:
    """Return what a framework's page shows of its weight studies."""
    if not can(actor, "studies.read"):
        return ""
    found = frameworks.studies_of(actor, view.framework_uuid)
    context = {
        "studies": [(row, str(row.get_kind_display()), str(row.get_state_display())) for row in found[:5]],
        "steady": _steadiness(actor, view, found),
        "url": reverse("evaluation:framework_studies", args=[view.uuid]),
    }
    return render_to_string("evaluation/_framework_panel.html", context)
