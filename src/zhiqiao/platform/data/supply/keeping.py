"""How a row of this package is written: version compared, changes audited, history read back; knows no noun."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar, cast

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhiqiao.infra.text import is_plain
from zhiqiao.platform.data.errors import Conflict, Refused
from zhiqiao.platform.data.models import (
    EnterprisePlan,
    EnterpriseVisit,
    InvestmentProject,
    ProgrammeYear,
    RegionalIndicator,
    RegionalValue,
    Specialty,
    SurveyedEnterprise,
    TrainingCondition,
)
from zhiqiao.platform.governance.api import Actor, AuditEvent, audit

__all__ = ["Change", "Kept", "history", "keep", "named", "own_root", "remove"]

Kept = (
    ProgrammeYear
    | TrainingCondition
    | EnterprisePlan
    | RegionalIndicator
    | RegionalValue
    | InvestmentProject
    | Specialty
    | SurveyedEnterprise
    | EnterpriseVisit
)
Row = TypeVar("Row", bound=Kept)
_HISTORY = 100


@dataclass(frozen=True)
class Change:
    """One entry of a row's history: who did what when, and each value before and after."""

    at: dt.datetime
    actor: str
    action: str
    values: tuple[tuple[str, str, str], ...]


def named(row: TrainingCondition | InvestmentProject, name: str, name_en: str | None) -> dict[str, object]:
    """Return both names; the English one, where it was not given, goes with another name: it would no longer fit."""
    kept = row.name_en if row.name == name else ""
    return {"name": name, "name_en": kept if name_en is None else name_en}


@transaction.atomic
def keep(
    actor: Actor,
    row: Row,
    values: Mapping[str, object],
    *,
    seen: int,
    verb: str,
    secret: Collection[str] = (),
    also: Mapping[str, list[str]] = MappingProxyType({}),
) -> Row:
    """Write values into a row (new when it has no id) and audit old and new; the caller has asked permission.

    `seen` is the version the person was shown; raises Conflict when the row is in another one by now. Without a
    change nothing is written. Of `secret` fields the trail says that they changed, not what they hold; `also`
    holds old and new text of what belongs to the row but lies in another table.
    """
    if not all(is_plain(value) for value in values.values() if isinstance(value, str)):
        raise Refused(_("含有看不见的控制字符，没有保存；请重新输入。"))
    is_new = row.pk is None
    current = row if is_new else _locked(row, seen)
    before = {name: None if is_new else getattr(current, name) for name in values}
    changed = {
        name: _pair(before[name], new, is_secret=name in secret)
        for name, new in values.items()
        if is_new or before[name] != new
    } | dict(also)
    if not changed and not is_new:
        return current
    for name, value in values.items():
        setattr(current, name, value)
    if not is_new:
        current.version += 1
    try:
        with transaction.atomic():
            current.save()
    except IntegrityError as error:
        raise Refused(_("同样的一行刚刚由别人填好，没有保存；请刷新页面，修改那一行。")) from error
    audit(actor, f"{verb}.{'added' if is_new else 'changed'}", current, detail={"values": changed})
    return current


@transaction.atomic
def remove(actor: Actor, row: Kept, *, seen: int, verb: str, secret: Collection[str] = ()) -> None:
    """Take a row out; what it said stays in the trail."""
    current = _locked(row, seen)
    columns = [field.attname for field in current._meta.concrete_fields]
    audit(
        actor,
        f"{verb}.removed",
        current,
        detail={
            "values": {
                name: _pair(getattr(current, name), None, is_secret=name in secret) for name in columns
            }
        },
    )
    current.delete()


def history(row: Kept) -> list[Change]:
    """Return what was done with a row, the newest first; it names people, so it is for those who keep the row."""
    events = AuditEvent.objects.filter(object_kind=row._meta.label_lower, object_id=str(row.uuid))
    return [
        Change(
            event.at,
            event.actor_name,
            event.action.rpartition(".")[2],
            tuple((name, *pair) for name, pair in event.detail.get("values", {}).items()),
        )
        for event in events.order_by("-sequence")[:_HISTORY]
    ]


def own_root(actor: Actor) -> int:
    """Return the organisation one acts for; raises Refused when there is none."""
    if actor.org_root_id is None:
        raise Refused(_("请先选择要代表的机构。"))
    return actor.org_root_id


def _locked(row: Row, seen: int) -> Row:
    found = type(row).objects.select_for_update().filter(pk=row.pk).first()
    # the manager of a union of models gives the union; the row is of the type asked for
    current = cast("Row | None", found)
    if current is None:
        raise Conflict(_("这一行已被删除，没有保存。"), 0)
    if current.version != seen:
        raise Conflict(
            _("您打开之后，别人改过这一行。下面是您填的内容；请先看修改记录，再次保存会覆盖别人的修改。"),
            current.version,
        )
    return current


def _pair(old: object, new: object, *, is_secret: bool) -> list[str]:
    return ["…", "…"] if is_secret else [_plain(old), _plain(new)]


def _plain(value: object) -> str:
    return "" if value is None else str(value)
