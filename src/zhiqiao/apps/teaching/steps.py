"""The way of a version: submitted, returned or approved, in force instead of the one before; remarks, points."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiqiao.apps.teaching.document import TABLES, plan_of
from zhiqiao.apps.teaching.errors import NotReady
from zhiqiao.apps.teaching.events import TrainingPlanInForce
from zhiqiao.apps.teaching.judging import report_of
from zhiqiao.apps.teaching.models import (
    PlanPoint,
    PlanRemark,
    PlanRow,
    PlanStep,
    PlanVersion,
    VersionState,
)
from zhiqiao.apps.teaching.standing import as_it_stands
from zhiqiao.apps.teaching.storing import load
from zhiqiao.infra.jobs.api import publish
from zhiqiao.infra.text import is_plain
from zhiqiao.platform.governance.api import Actor, audit, get_visible

__all__ = ["STEPS", "add_remark", "close_point", "close_remark", "take_step"]

MAX_REASON, MAX_REMARK = 500, 1000


@dataclass(frozen=True)
class Step:
    """A step: who may take it, from which state to which, and what must hold before."""

    action: str
    start: VersionState
    goal: VersionState
    verb: PlanStep.Verb
    check: Callable[[PlanVersion, str], None]


def _no_open_points(version: PlanVersion, _reason: str) -> None:
    count = version.points.filter(done_at__isnull=True).count()
    if count:
        raise NotReady(_("还有 %(count)s 个待核对事项，请逐项核对后再提交。") % {"count": count})


def _reason_given(_version: PlanVersion, reason: str) -> None:
    if not reason:
        raise NotReady(_("退回要写明理由。"))


def _nothing_blocks(version: PlanVersion, _reason: str) -> None:
    plan = as_it_stands(plan_of(load(version).document), version)
    report = report_of(plan, on=timezone.localdate())
    if report.blocking:
        rules = _("、").join(dict.fromkeys(one.rule for one in report.blocking))
        raise NotReady(_("规则检查有阻止项，不能审定：%(rules)s。") % {"rules": rules})


STEPS: Mapping[str, Step] = {
    "submit": Step(
        "training_plans.edit",
        VersionState.DRAFT,
        VersionState.SUBMITTED,
        PlanStep.Verb.SUBMITTED,
        _no_open_points,
    ),
    "return": Step(
        "training_plans.approve",
        VersionState.SUBMITTED,
        VersionState.DRAFT,
        PlanStep.Verb.RETURNED,
        _reason_given,
    ),
    "approve": Step(
        "training_plans.approve",
        VersionState.SUBMITTED,
        VersionState.APPROVED,
        PlanStep.Verb.APPROVED,
        _nothing_blocks,
    ),
    "put_in_force": Step(
        "training_plans.approve",
        VersionState.APPROVED,
        VersionState.IN_FORCE,
        PlanStep.Verb.IN_FORCE,
        lambda _version, _reason: None,
    ),
}


@transaction.atomic
def take_step(
    version_uuid: UUID, name: str, *, acting: Actor, now: dt.datetime, reason: str = ""
) -> PlanVersion:
    """Take a step with a version. 404, NotReady where the state or a check forbids it."""
    step = STEPS[name]
    rows = PlanVersion.objects.select_for_update(of=("self",)).select_related("plan")
    version = get_visible(acting, step.action, rows, uuid=version_uuid)
    reason = _clean(reason, MAX_REASON)
    if version.state != step.start:
        raise NotReady(_("这个版本现在是“%(state)s”，不能这样做。") % {"state": version.get_state_display()})
    step.check(version, reason)
    if step.goal == VersionState.IN_FORCE:
        _supersede(version, acting=acting, now=now)
    version.state = step.goal
    version.save(update_fields=["state", "updated_at"])
    _keep(version, step.verb, acting=acting, now=now, reason=reason)
    if step.goal == VersionState.IN_FORCE:
        publish(
            TrainingPlanInForce(
                plan_uuid=str(version.plan.uuid),
                version_uuid=str(version.uuid),
                programme_uuid=str(version.plan.programme_uuid),
                entry_year=version.plan.entry_year,
                org_root_id=version.org_root_id,
            )
        )
    return version


def _supersede(version: PlanVersion, *, acting: Actor, now: dt.datetime) -> None:
    """End the version that was in force: one at a time, which the database holds too."""
    old = PlanVersion.objects.select_for_update().filter(plan=version.plan, state=VersionState.IN_FORCE)
    for one in old:
        one.state = VersionState.SUPERSEDED
        one.save(update_fields=["state", "updated_at"])
        _keep(one, PlanStep.Verb.SUPERSEDED, acting=acting, now=now)


def _keep(
    version: PlanVersion, verb: PlanStep.Verb, *, acting: Actor, now: dt.datetime, reason: str = ""
) -> None:
    PlanStep.objects.create(
        org_root_id=version.org_root_id,
        version=version,
        verb=verb,
        by_id=acting.user_id,
        at=now,
        reason=reason,
    )
    audit(
        acting,
        f"training_plan.{verb}",
        obj=("plan_version", str(version.uuid)),
        detail={"version": version.number, **({"reason": reason} if reason else {})},
    )


@transaction.atomic
def add_remark(
    version_uuid: UUID, *, acting: Actor, text: str, now: dt.datetime, table: str = "", key: str = ""
) -> PlanRemark:
    """Keep what a reader says about a version, or about a row of it. 404, NotReady."""
    rows = PlanVersion.objects.select_related("plan")
    version = get_visible(acting, "training_plans.remark", rows, uuid=version_uuid)
    text = _clean(text, MAX_REMARK)
    if not text:
        raise NotReady(_("请写下意见。"))
    if table and (
        table not in TABLES or not PlanRow.objects.filter(version=version, table=table, key=key).exists()
    ):
        raise NotReady(_("这一行已不在方案中。"))
    remark = PlanRemark.objects.create(
        org_root_id=version.org_root_id,
        version=version,
        table=table,
        key=key if table else "",
        text=text,
        by_id=acting.user_id or 0,
        at=now,
    )
    audit(acting, "training_plan.remarked", obj=("plan_version", str(version.uuid)))
    return remark


@transaction.atomic
def close_remark(remark_uuid: UUID, *, acting: Actor, now: dt.datetime) -> PlanRemark:
    """Say that a remark is dealt with; who may edit the plan may do so. 404."""
    rows = PlanRemark.objects.select_for_update(of=("self",)).select_related("version__plan")
    remark = get_visible(acting, "training_plans.edit", rows, uuid=remark_uuid)
    if remark.done_at is None:
        remark.done_by_id, remark.done_at = acting.user_id, now
        remark.save(update_fields=["done_by", "done_at", "updated_at"])
        audit(acting, "training_plan.remark_closed", obj=("plan_version", str(remark.version.uuid)))
    return remark


@transaction.atomic
def close_point(point_uuid: UUID, *, acting: Actor, now: dt.datetime) -> PlanPoint:
    """Say that an open point was looked at. 404."""
    rows = PlanPoint.objects.select_for_update(of=("self",)).select_related("version__plan")
    point = get_visible(acting, "training_plans.edit", rows, uuid=point_uuid)
    if point.done_at is None:
        point.done_by_id, point.done_at = acting.user_id, now
        point.save(update_fields=["done_by", "done_at", "updated_at"])
        audit(
            acting,
            "training_plan.point_closed",
            obj=("plan_version", str(point.version.uuid)),
            detail={"point": point.kind},
        )
    return point


def _clean(text: str, most: int) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not is_plain(text):
        raise NotReady(_("文字中有看不见的控制字符。"))
    if len(text) > most:
        raise NotReady(_("最多 %(most)s 字。") % {"most": most})
    return text
