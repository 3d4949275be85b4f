"""Values of regional indicators from a table."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from zhiqiao.infra.db.names import local_name
from zhiqiao.platform.data.models import RegionalDefinition, RegionalIndicator, RegionalValue, ValueState
from zhiqiao.platform.data.supply.cells import BadCell, amount, has_multiplier, text, year
from zhiqiao.platform.data.supply.importing import Draft
from zhiqiao.platform.data.supply.labels import VALUE_LABELS
from zhiqiao.platform.data.supply.regional import ValueFacts, save_value
from zhiqiao.platform.data.supply.targets.naming import differs, folded
from zhiqiao.platform.governance.api import Actor

__all__ = ["RegionalValues"]


class RegionalValues:
    """Values of indicators that are there; each is taken under the definition in force."""

    verb = "regional.value"
    vocabulary = "regional_value_columns.csv"
    required = ("indicator", "year", "value", "state", "source")

    def __init__(self, _actor: Actor) -> None:
        self._definitions: dict[str, RegionalDefinition] = {}
        self._indicators: dict[str, RegionalIndicator] = {}
        rows = RegionalIndicator.objects.order_by("key").prefetch_related("definitions")
        for row in rows:
            newest = max(row.definitions.all(), key=lambda item: item.number, default=None)
            for word in (row.key, row.name_zh, row.name_en):
                if newest is not None:
                    self._definitions[folded(word)] = newest
                    self._indicators[folded(word)] = row
        self._known = {
            (row.definition_id, row.year, row.state): row
            for row in RegionalValue.objects.select_related("definition")
        }
        self._states = {
            folded(word): state
            for state in ValueState
            for word in (state.value, str(state.label), str(state.label).split("，", maxsplit=1)[0])
        }

    def labels(self) -> Mapping[str, str]:
        """Return what the columns are called."""
        return {name: str(label) for name, label in VALUE_LABELS.items()}

    def read(self, number: int, cells: dict[str, str]) -> Draft:
        """Return what a row says of an indicator in a year."""
        word = folded(cells["indicator"])
        if word not in self._definitions:
            told = {"name": cells["indicator"][:60]}
            raise BadCell("indicator", _("还没有“%(name)s”这个指标；请先在页面上新建，写明口径。") % told)
        definition, indicator = self._definitions[word], self._indicators[word]
        unit = folded(cells.get("unit", ""))
        if unit and unit not in {folded(indicator.unit_zh), folded(indicator.unit_en)}:
            told = {"unit": cells["unit"][:30], "expected": local_name(indicator.unit_zh, indicator.unit_en)}
            raise BadCell("unit", _("单位“%(unit)s”与指标的“%(expected)s”不同，请先换算。") % told)
        value = amount(cells, "value")
        if has_multiplier(cells, "value") and {"万", "亿"} & set(indicator.unit_zh):
            reason = _("单位已是“%(unit)s”，数值里不要再写“万”或“亿”。") % {"unit": indicator.unit_zh}
            raise BadCell("value", reason)
        if value is None:
            raise BadCell("value", _("没有数值；没有公布就不要写这一行。"))
        state = self._states.get(folded(cells["state"]))
        if state is None:
            raise BadCell("state", _("请写“官方公布”“转引”或“估计”。"))
        facts = ValueFacts(
            year(cells, "year"),
            value,
            state.value,
            text(cells, "source", most=300),
            text(cells, "page", most=200),
        )
        if not facts.source:
            raise BadCell("source", _("请写明出处：哪份公报、年鉴或报告。"))
        known = self._known.get((definition.pk, facts.year, facts.state))
        return Draft(
            row=number,
            key=(definition.pk, facts.year, facts.state),
            title=f"{local_name(indicator.name_zh, indicator.name_en)} {facts.year}",
            version=known.version if known else 0,
            values=facts.__dict__,
            is_changed=differs(known, facts.__dict__),
        )

    def write(self, actor: Actor, draft: Draft) -> None:
        """Write one value."""
        definition_id, at, state = draft.key
        assert isinstance(definition_id, int)
        assert isinstance(at, int)
        known = self._known.get((definition_id, at, str(state)))
        target = known or next(item for item in self._definitions.values() if item.pk == definition_id)
        facts = ValueFacts(**draft.values)  # type: ignore[arg-type]  # made from ValueFacts in `read`
        save_value(actor, target, facts, seen=draft.version)
