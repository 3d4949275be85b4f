"""Training conditions from a table."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from zhiqiao.infra.db.names import local_name
from zhiqiao.platform.data.models import TrainingCondition
from zhiqiao.platform.data.supply.cells import BadCell, amount, text
from zhiqiao.platform.data.supply.conditions import ConditionFacts, save_condition
from zhiqiao.platform.data.supply.importing import Draft
from zhiqiao.platform.data.supply.labels import CONDITION_LABELS
from zhiqiao.platform.data.supply.targets.naming import OwnProgrammes, differs
from zhiqiao.platform.governance.api import Actor

__all__ = ["ConditionsOfProgrammes"]

_MOST = 10**10


class ConditionsOfProgrammes:
    """Training conditions of the programmes that a person keeps."""

    verb = "supply.condition"
    vocabulary = "condition_columns.csv"
    required = ("programme", "name", "unit")

    def __init__(self, actor: Actor) -> None:
        self._programmes = OwnProgrammes(actor)
        rows = TrainingCondition.objects.filter(programme__in=self._programmes.ids)
        rows = rows.select_related("programme__organisation")
        self._known = {(row.programme_id, row.name): row for row in rows}

    def labels(self) -> Mapping[str, str]:
        """Return what the columns are called."""
        return {name: str(label) for name, label in CONDITION_LABELS.items()}

    def read(self, number: int, cells: dict[str, str]) -> Draft:
        """Return what a row says of a condition."""
        programme = self._programmes.named(cells["programme"])
        name = text(cells, "name", most=150)
        if not name:
            raise BadCell("name", _("请写设备、场地或授权的名称。"))
        known = self._known.get((programme.pk, name))
        facts = ConditionFacts(
            name=name,
            name_en=text(cells, "name_en", most=150) if "name_en" in cells else getattr(known, "name_en", ""),
            unit=text(cells, "unit", most=20),
            required=self._amount(cells, "required", known),
            present=self._amount(cells, "present", known),
            norm=_kept(cells, "norm", known),
            norm_source=_kept(cells, "norm_source", known),
        )
        if not facts.unit:
            raise BadCell("unit", _("请写单位，例如“台”“平方米”。"))
        if facts.required is not None and not facts.norm_source:
            raise BadCell("norm_source", _("写了应有数量，就要写明依据的标准出自哪里。"))
        return Draft(
            row=number,
            key=(programme.pk, name),
            title=f"{local_name(programme.name_zh, programme.name_en)} {name}",
            version=known.version if known else 0,
            values=facts.__dict__,
            is_changed=differs(known, facts.__dict__),
        )

    def write(self, actor: Actor, draft: Draft) -> None:
        """Write one condition."""
        programme_id, name = draft.key
        assert isinstance(programme_id, int)
        target = self._known.get((programme_id, str(name))) or self._programmes.get(programme_id)
        facts = ConditionFacts(**draft.values)  # type: ignore[arg-type]  # made from ConditionFacts in `read`
        save_condition(actor, target, facts, seen=draft.version)

    @staticmethod
    def _amount(cells: dict[str, str], field: str, known: TrainingCondition | None) -> Decimal | None:
        # a column that the file does not have leaves the figure as it is; an empty cell says it is unknown
        if field not in cells:
            return getattr(known, field, None)
        found = amount(cells, field, decimals=2, most=_MOST)
        if found is not None and found < 0:
            raise BadCell(field, _("数量不能小于零。"))
        return found


def _kept(cells: dict[str, str], field: str, known: TrainingCondition | None) -> str:
    return text(cells, field, most=300) if field in cells else str(getattr(known, field, ""))
