"""The verbs on programme decisions: propose, approve, return; a person decides, and never on their own proposal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhiqiao.apps.management.errors import AlreadyDecided, BadEdit
from zhiqiao.apps.management.models import (
    DecisionChoice,
    DecisionState,
    ProgrammeDecision,
    ProgrammeHealth,
    ReportState,
)
from zhiqiao.platform.data.api import programme_brief
from zhiqiao.platform.governance.api import Actor, audit, get_visible, require, visible

__all__ = ["MAX_PLACES", "Wish", "decide", "propose"]

MAX_PLACES = 5_000
_WITHOUT_PLACES = DecisionChoice.STOP


@dataclass(frozen=True)
class Wish:
    """What a person proposes: `places` is the enrolment of the next year, None when not stated."""

    choice: str
    places: int | None
    reason: str


@transaction.atomic
def propose(
    programme_uuid: UUID, *, acting: Actor, wish: Wish, seen_report: UUID | None, now: dt.datetime
) -> ProgrammeDecision:
    """Put forward what is to happen with a programme; it may differ from the advice.

    `seen_report` is the balance whose figures the person saw; they are kept with the proposal. Raises BadEdit for a
    wish that can not be taken, AlreadyDecided when another proposal waits or the figures were computed anew.
    """
    view = programme_brief(acting, programme_uuid)
    row = ProgrammeDecision(org_root_id=view.org_root_id, programme_uuid=view.uuid, programme_path=view.path)
    require(acting, "decisions.propose", row)
    _check(wish)
    health = _health(acting, view.uuid)
    if (health.report.uuid if health else None) != seen_report:
        raise AlreadyDecided(_("健康档案已重新计算，页面上的数字已更新，请看过新数字再提出。"))
    waiting = ProgrammeDecision.objects.select_for_update().filter(
        programme_uuid=view.uuid, state=DecisionState.PROPOSED
    )
    if waiting.exists():
        raise AlreadyDecided(_("这个专业已有一条建议在等审批，请先等它有结果。"))
    row.choice, row.places, row.reason = wish.choice, wish.places, wish.reason.strip()
    row.seen_report = seen_report
    row.seen = _seen(health)
    row.proposed_by_id, row.proposed_at = _person(acting), now
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # another one came in the same moment
        raise AlreadyDecided(_("这个专业已有一条建议在等审批，请先等它有结果。")) from error
    _audit(acting, "decision.proposed", row, wish.reason.strip())
    return row


@transaction.atomic
def decide(
    decision_uuid: UUID, *, acting: Actor, version: int, approve: bool, reason: str, now: dt.datetime
) -> ProgrammeDecision:
    """Approve a proposal or return it with a reason; whoever proposed it can do neither.

    `version` is the one the person saw. Raises AlreadyDecided when it is another by now, BadEdit without a reason to
    return or on one's own proposal.
    """
    rows = ProgrammeDecision.objects.select_for_update()
    row = get_visible(acting, "decisions.approve", rows, uuid=decision_uuid)
    if row.state != DecisionState.PROPOSED or row.version != version:
        raise AlreadyDecided(_("这条建议已由他人处理，页面已更新，请查看处理结果。"))
    if row.proposed_by_id == _person(acting):
        raise BadEdit(_("自己提出的建议要由教育局的另一个人审批。"))
    if not approve and not reason.strip():
        raise BadEdit(_("请写明退回的理由。"))
    row.state = DecisionState.APPROVED if approve else DecisionState.RETURNED
    row.version += 1
    row.decided_by_id, row.decided_at, row.decision_reason = acting.user_id, now, reason.strip()
    row.save()
    _audit(acting, f"decision.{row.state}", row, reason.strip())
    return row


def _check(wish: Wish) -> None:
    if wish.choice not in DecisionChoice.values:
        raise BadEdit(_("请选择建议：增设或扩招、保持、调整内容、减少招生或停止招生。"))
    if not wish.reason.strip():
        raise BadEdit(_("请写明理由。"))
    if wish.places is not None and not 0 <= wish.places <= MAX_PLACES:
        raise BadEdit(_("招生数要在 0 到 %(most)s 之间。") % {"most": MAX_PLACES})
    if wish.choice == _WITHOUT_PLACES and wish.places:
        raise BadEdit(_("停止招生时，招生数只能是 0 或留空。"))
    if wish.choice != _WITHOUT_PLACES and wish.places == 0:
        raise BadEdit(_("招生数是 0 就是停止招生，请选“停止招生”。"))


def _health(acting: Actor, programme_uuid: UUID) -> ProgrammeHealth | None:
    rows = visible(acting, "health.read", ProgrammeHealth.objects.select_related("report"))
    rows = rows.filter(programme_uuid=programme_uuid).exclude(report__state=ReportState.SUPERSEDED)
    return rows.order_by("-report__computed_at").first()


def _seen(health: ProgrammeHealth | None) -> dict[str, object]:
    if health is None:
        return {}
    return {
        "advice": health.advice,
        "places": health.places,
        "reasons": health.reasons,
        "firmness": health.firmness,
        "figures": health.figures,
    }


def _person(acting: Actor) -> int:
    """Return who acts; a decision without a person does not exist."""
    if acting.user_id is None:
        raise BadEdit(_("专业设置由人决定，系统不能提出或审批。"))
    return acting.user_id


def _audit(acting: Actor, verb: str, row: ProgrammeDecision, reason: str) -> None:
    audit(
        acting,
        verb,
        obj=("programme_decision", str(row.uuid)),
        detail={
            "programme": str(row.programme_uuid),
            "choice": row.choice,
            "places": row.places,
            "advice": row.seen.get("advice"),
            "reason": reason,
        },
    )
