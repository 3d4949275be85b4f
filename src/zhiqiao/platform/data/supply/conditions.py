"""Training conditions (实训条件) of a programme against a norm; whether something is there may be unknown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhiqiao.infra.db.names import Name, local_name
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import Programme, TrainingCondition
from zhiqiao.platform.data.supply import keeping
from zhiqiao.platform.governance.api import Actor, get_visible, require, visible

__all__ = [
    "ConditionFacts",
    "TrainingConditionView",
    "all_conditions",
    "condition_names",
    "condition_view",
    "get_condition",
    "remove_condition",
    "save_condition",
    "training_conditions",
]


@dataclass(frozen=True)
class ConditionFacts:
    """What is stated of one condition; amounts in `unit`, None is unknown, of `name_en` that it was not given."""

    name: str
    unit: str
    required: Decimal | None
    present: Decimal | None
    norm: str
    norm_source: str
    name_en: str | None = None


@dataclass(frozen=True)
class TrainingConditionView:
    """One condition; amounts in `unit`, None is unknown; `norm` asks for it and stands in `norm_source`."""

    uuid: UUID
    programme_uuid: UUID
    programme_key: str
    programme: Name
    name: str
    unit: str
    required: Decimal | None
    present: Decimal | None
    norm: str
    norm_source: str
    is_demo: bool
    version: int
    name_en: str = ""

    @property
    def title(self) -> str:
        """Return the name in the active language; where nobody gave an English one, the Chinese."""
        return local_name(self.name, self.name_en)

    @property
    def is_met(self) -> bool | None:
        """Tell whether as much is there as is asked for; None when one of both is unknown."""
        if self.required is None or self.present is None:
            return None
        return self.present >= self.required


def training_conditions(acting: Actor, programme_uuid: UUID) -> list[TrainingConditionView]:
    """Return the conditions of one programme as far as they may be seen, by name."""
    rows = visible(acting, "supply.read", _rows()).filter(programme__uuid=programme_uuid)
    return [condition_view(row) for row in rows.order_by("name")]


def all_conditions(acting: Actor) -> list[TrainingConditionView]:
    """Return the conditions of every programme one may see."""
    rows = visible(acting, "supply.read", _rows())
    return [
        condition_view(row)
        for row in rows.order_by("programme__organisation__path", "programme__key", "name")
    ]


def condition_names(programmes: Iterable[UUID]) -> dict[tuple[UUID, str], str]:
    """Return by programme and Chinese name what conditions are called in English; nothing while Chinese is spoken.

    For sentences that were kept with the Chinese name, to readers who may see them.
    """
    if formats.is_chinese():
        return {}
    rows = TrainingCondition.objects.filter(programme__uuid__in=set(programmes)).exclude(name_en="")
    found = rows.order_by("id").values_list("programme__uuid", "name", "name_en")
    return {(uuid, name): english for uuid, name, english in found}


def get_condition(acting: Actor, uuid: UUID, action: str = "supply.read") -> TrainingCondition:
    """Return one row; 404 when it may not be seen."""
    return get_visible(acting, action, _rows(), uuid=uuid)


def save_condition(
    actor: Actor, target: TrainingCondition | Programme, facts: ConditionFacts, *, seen: int = 0
) -> TrainingCondition:
    """Keep a condition: a new one for a Programme, a changed one for a row in version `seen`.

    Raises Refused for a name that is there or a norm without source, Conflict when the row was changed.
    """
    require(actor, "supply.edit", target)
    if facts.required is not None and not facts.norm_source.strip():
        raise Refused(_("写了应有数量，就要写明依据的标准出自哪里。"))
    if isinstance(target, Programme):
        row = TrainingCondition(org_root_id=target.org_root_id, programme=target)
        programme = target
    else:
        row, programme = target, target.programme
    others = TrainingCondition.objects.filter(programme=programme, name=facts.name).exclude(pk=row.pk)
    if others.exists():
        raise Refused(_("这个专业已经有“%(name)s”，请直接修改那一行。") % {"name": facts.name})
    values = asdict(facts) | keeping.named(row, facts.name, facts.name_en)
    return keeping.keep(actor, row, values, seen=seen, verb="supply.condition")


def remove_condition(actor: Actor, row: TrainingCondition, *, seen: int) -> None:
    """Take a condition out; the trail keeps what it said."""
    require(actor, "supply.edit", row)
    keeping.remove(actor, row, seen=seen, verb="supply.condition")


def _rows() -> QuerySet[TrainingCondition]:
    return TrainingCondition.objects.select_related("programme__organisation")


def condition_view(row: TrainingCondition) -> TrainingConditionView:
    """Return a row that the person was given as a value."""
    return TrainingConditionView(
        uuid=row.uuid,
        programme_uuid=row.programme.uuid,
        programme_key=row.programme.key,
        programme=Name(row.programme.name_zh, row.programme.name_en),
        name=row.name,
        unit=row.unit,
        required=row.required,
        present=row.present,
        norm=row.norm,
        norm_source=row.norm_source,
        is_demo=row.is_demo,
        name_en=row.name_en,
        version=row.version,
    )
