"""The verbs of those who run a study: make, change, open and close rounds, close the study."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from zhiqiao.apps.evaluation import parameters
from zhiqiao.apps.evaluation.computing import compute
from zhiqiao.apps.evaluation.errors import BadStudy, NoResult, NotNow
from zhiqiao.apps.evaluation.events import WeightStudyClosed
from zhiqiao.apps.evaluation.loading import asked_up_to
from zhiqiao.apps.evaluation.models import (
    AnswerSheet,
    RoundState,
    StudyItem,
    StudyKind,
    StudyRound,
    StudyState,
    WeightStudy,
)
from zhiqiao.apps.evaluation.tree import asked_in, leaves, read_lines
from zhiqiao.engines import weights
from zhiqiao.infra.db.names import Name
from zhiqiao.infra.jobs.api import publish
from zhiqiao.infra.text import is_plain
from zhiqiao.platform.governance.api import Actor, audit, get_visible, require

LEAST_EXPERTS = 2


@dataclass(frozen=True)
class StudyText:
    """What a person writes about a study; `items` one a line, as `tree.read_lines` takes them."""

    title: str
    purpose: str
    kind: str
    items: str
    highest: int = 5
    framework_key: str = ""


@transaction.atomic
def create_study(text: StudyText, *, acting: Actor, is_demo: bool = False) -> WeightStudy:
    """Make a draft with its items; raises BadStudy."""
    if acting.org_root_id is None:
        raise BadStudy([_("您目前不代表任何机构，不能建立研究。")])
    study = WeightStudy(
        org_root_id=acting.org_root_id,
        created_by_id=acting.user_id,
        parameters=parameters.to_keep(),
        is_demo=is_demo,
    )
    require(acting, "studies.manage", study)
    _write(study, text)
    audit(acting, "study.created", study, detail={"kind": study.kind, "items": study.items.count()})
    return study


@transaction.atomic
def change_draft(study_uuid: UUID, text: StudyText, *, acting: Actor) -> WeightStudy:
    """Write a draft anew; once a round was opened its items stay."""
    study = managed(study_uuid, acting=acting)
    if study.state != StudyState.DRAFT:
        raise NotNow(_("已经开始征询，条目不能再改。需要修改请另建一项研究。"))
    parts = {item.name_zh: item.part_key for item in study.items.all() if item.part_key}
    study.items.all().delete()
    if study.framework_uuid is None:
        _write(study, text)
    else:
        _write(study, replace(text, framework_key=study.framework_key))
        _bind(study, parts)
    audit(acting, "study.changed", study, detail={"kind": study.kind, "items": study.items.count()})
    return study


def _bind(study: WeightStudy, parts: Mapping[str, str]) -> None:
    """Give items of a framework's study their keys again; its items are the framework's, no more and no less."""
    items = list(study.items.all())
    if {item.name_zh for item in items} != set(parts) or any(item.parent_id for item in items):
        told = _("条目来自能力标准，不能增删或改名。请在能力标准里修改，再另建研究。")
        raise BadStudy([told], field="items")
    for item in items:
        item.part_key = parts[item.name_zh]
        item.save(update_fields=["part_key", "updated_at"])


def _write(study: WeightStudy, text: StudyText) -> None:
    if not text.title.strip():
        raise BadStudy([_("请填写研究名称。")], field="title")
    for name in ("title", "purpose", "items"):
        if not is_plain(getattr(text, name)):
            raise BadStudy([_("含有看不见的控制字符，请重新输入。")], field=name)
    limits = parameters.questionnaire().limits
    largest = max(parameters.kept(study.parameters).random_index.values)
    lines = read_lines(text.items, kind=text.kind, most=limits["most_items"], largest=largest)
    study.title, study.purpose = text.title.strip(), text.purpose.strip()
    study.kind, study.highest = StudyKind(text.kind), text.highest
    study.framework_key = text.framework_key
    study.save()
    parents: dict[str, StudyItem] = {}
    for position, line in enumerate(lines):
        parents[line.name.zh] = StudyItem.objects.create(
            org_root_id=study.org_root_id,
            study=study,
            parent=parents.get(line.parent),
            position=position,
            name_zh=line.name.zh,
            name_en=line.name.en,
        )


def managed(study_uuid: UUID, *, acting: Actor) -> WeightStudy:
    """Return a study one may run, locked for the transaction; 404 otherwise."""
    return get_visible(acting, "studies.manage", WeightStudy.objects.select_for_update(), uuid=study_uuid)


@transaction.atomic
def open_round(
    study_uuid: UUID, *, acting: Actor, now: dt.datetime, drop: Collection[UUID] = ()
) -> StudyRound:
    """Open the next round for all experts whose link is open; `drop` names items that are asked no more."""
    study = managed(study_uuid, acting=acting)
    if study.state == StudyState.CLOSED or study.rounds.filter(state=RoundState.OPEN).exists():
        raise NotNow(_("研究已结束，或还有一轮正在进行。请先结束这一轮。"))
    experts = list(study.experts.filter(expires_at__gt=now))
    if len(experts) < LEAST_EXPERTS:
        raise NotNow(
            _("至少要有 %(least)s 位链接有效的专家才能开始一轮。请先邀请专家。") % {"least": LEAST_EXPERTS}
        )
    last = study.rounds.last()
    number = last.number + 1 if last else 1
    _drop(study, drop, after=number - 1)
    opened = StudyRound.objects.create(
        org_root_id=study.org_root_id, study=study, number=number, opened_at=now
    )
    AnswerSheet.objects.bulk_create(
        AnswerSheet(org_root_id=study.org_root_id, round=opened, expert=expert) for expert in experts
    )
    WeightStudy.objects.filter(pk=study.pk).update(state=StudyState.OPEN)
    detail = {"round": number, "invited": len(experts), "dropped": [str(one) for one in drop]}
    audit(acting, "study.round_opened", study, detail=detail)
    return opened


def _drop(study: WeightStudy, drop: Collection[UUID], *, after: int) -> None:
    if not drop:
        return
    if study.kind != StudyKind.DELPHI or after < 1:
        raise NotNow(_("只有德尔菲研究在第一轮之后才能删去条目。"))
    items = list(study.items.all())
    kept = asked_in(items, after)
    wanted = [item for item in leaves(kept) if item.uuid in drop]
    if len(leaves(kept)) - len(wanted) < 2:
        raise NotNow(_("删去以后至少要留两项。"))
    study.items.filter(pk__in=[item.pk for item in wanted]).update(asked_until=after)


@transaction.atomic
def close_round(study_uuid: UUID, *, acting: Actor, now: dt.datetime) -> StudyRound:
    """Close the open round: its judgements change no more, and its weights are kept as worked out now."""
    study = managed(study_uuid, acting=acting)
    row = StudyRound.objects.select_for_update().filter(study=study, state=RoundState.OPEN).first()
    if row is None:
        raise NotNow(_("没有正在进行的一轮。"))
    row.state, row.closed_at = RoundState.CLOSED, now
    row.result = result_to_keep(study, row.number)
    row.save()
    detail = {"round": row.number, "has_weights": bool(row.result["weights"])}
    audit(acting, "study.round_closed", study, detail=detail)
    return row


def result_to_keep(study: WeightStudy, number: int) -> dict[str, object]:
    """Work a round out for keeping: weights by item, or none."""
    try:
        found = compute(asked_up_to(study, number))
    except NoResult:
        return {"weights": {}}
    return {"weights": {str(one.uuid): one.weight for one in found.weights}}


@transaction.atomic
def close_study(study_uuid: UUID, *, acting: Actor, now: dt.datetime) -> WeightStudy:
    """End a study: links end, results open to the region, others are told."""
    study = managed(study_uuid, acting=acting)
    last = study.rounds.last()
    if study.state == StudyState.CLOSED or last is None or last.state == RoundState.OPEN:
        raise NotNow(_("请先完成并结束至少一轮，再结束研究。"))
    study.state, study.closed_at, study.is_shared = StudyState.CLOSED, now, True
    study.save()
    study.experts.update(token_hash=None, expires_at=None)
    audit(acting, "study.closed", study, detail={"rounds": last.number})
    publish(WeightStudyClosed(str(study.uuid), study.kind, study.framework_key, study.org_root_id))
    return study


@transaction.atomic
def set_alternatives(study_uuid: UUID, table: str, *, acting: Actor) -> WeightStudy:
    """Keep examples (first column) with a score per lowest item (header) as pasted; an empty text takes them away."""
    study = managed(study_uuid, acting=acting)
    study.alternatives = _alternatives(study, table) if table.strip() else {}
    study.save(update_fields=["alternatives", "updated_at"])
    audit(
        acting,
        "study.alternatives_set",
        study,
        detail={"alternatives": len(study.alternatives.get("names", ()))},
    )
    return study


def _alternatives(study: WeightStudy, table: str) -> dict[str, object]:
    by_name = {item.name_zh: item for item in leaves(list(study.items.all()))}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("table.tsv" if "\t" in table else "table.csv")
        path.write_text(table, encoding="utf-8")
        try:
            found = weights.read_decision_matrix(path)
        except weights.WeightsError as error:
            raise BadStudy([str(Name(error.zh, error.en))], field="table") from error
    strange = [name for name in found.indicators if name not in by_name]
    missing = [name for name in by_name if name not in found.indicators]
    most = parameters.questionnaire().limits["most_alternatives"]
    problems = []
    if strange:
        problems.append(
            _("表头中没有这些指标：%(names)s。请与条目名称一致。") % {"names": _("、").join(strange)}
        )
    if missing:
        problems.append(_("缺少这些指标的列：%(names)s。请补上。") % {"names": _("、").join(missing)})
    if len(found.alternatives) > most:
        problems.append(_("最多 %(most)s 个示例。请减少行数。") % {"most": most})
    if "cost" in found.directions:
        problems.append(_("分数须越大越好。请先换算越小越好的指标。"))
    if problems:
        raise BadStudy(problems, field="table")
    return {
        "names": list(found.alternatives),
        "items": [str(by_name[name].uuid) for name in found.indicators],
        "values": found.values.tolist(),
    }
