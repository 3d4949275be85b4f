"""The two tables that can be taken in as files: years of programmes, and values of regional indicators."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from zhiqiao.infra.db.names import local_name
from zhiqiao.platform.data.models import (
    Programme,
    ProgrammeYear,
    RegionalDefinition,
    RegionalIndicator,
    RegionalValue,
    ValueState,
)
from zhiqiao.platform.data.supply.cells import BadCell, amount, text, whole, year
from zhiqiao.platform.data.supply.importing import Draft
from zhiqiao.platform.data.supply.labels import VALUE_LABELS, YEAR_LABELS
from zhiqiao.platform.data.supply.regional import ValueFacts, save_value
from zhiqiao.platform.data.supply.years import FIGURES, YearFacts, editable_programmes, save_year, year_faults
from zhiqiao.platform.governance.api import Actor

__all__ = ["RegionalValues", "YearsOfProgrammes"]


class YearsOfProgrammes:
    """Years of the programmes that a person keeps."""

    verb = "supply.year"
    vocabulary = "programme_year_columns.csv"
    required = ("programme", "year", "source")

    def __init__(self, actor: Actor) -> None:
        found = editable_programmes(actor)
        self._by_name: dict[str, set[int]] = {}
        for programme in found:
            for word in (programme.key, programme.code, programme.name_zh, programme.name_en):
                if word:
                    self._by_name.setdefault(_folded(word), set()).add(programme.pk)
        self._programmes: dict[int, Programme] = {programme.pk: programme for programme in found}
        rows = ProgrammeYear.objects.filter(programme__in=self._programmes)
        self._known = {(row.programme_id, row.year): row for row in rows}

    def labels(self) -> Mapping[str, str]:
        """Return what the columns are called."""
        return {name: str(label) for name, label in YEAR_LABELS.items()}

    def read(self, number: int, cells: dict[str, str]) -> Draft:
        """Return what a row says of a programme's year."""
        programme = self._programme(cells["programme"])
        at = year(cells, "year")
        known = self._known.get((programme.pk, at))
        # a column that the file does not have leaves the figure as it is; an empty cell says it is unknown
        figures = {
            name: whole(cells, name) if name in cells else getattr(known, name, None) for name in FIGURES
        }
        facts = YearFacts(
            **figures,
            source=text(cells, "source", most=300),
            definition=text(cells, "definition", most=500)
            if "definition" in cells
            else getattr(known, "definition", ""),
        )
        for field, reason in year_faults(facts):
            raise BadCell(field, reason)
        return Draft(
            row=number,
            key=(programme.pk, at),
            title=f"{local_name(programme.name_zh, programme.name_en)} {at}",
            version=known.version if known else 0,
            values=facts.__dict__,
            is_changed=known is None
            or any(getattr(known, name) != value for name, value in facts.__dict__.items()),
        )

    def write(self, actor: Actor, draft: Draft) -> None:
        """Write one year."""
        programme_id, at = draft.key
        assert isinstance(programme_id, int)
        assert isinstance(at, int)
        target = self._known.get((programme_id, at)) or self._programmes[programme_id]
        facts = YearFacts(**draft.values)  # type: ignore[arg-type]  # made from YearFacts in `read`
        save_year(actor, target, facts, year=at, seen=draft.version)

    def _programme(self, word: str) -> Programme:
        found = self._by_name.get(_folded(word), set())
        if not found:
            raise BadCell(
                "programme",
                _("您填报的专业里没有“%(name)s”；请写专业名称、代码或编号。") % {"name": word[:60]},
            )
        if len(found) > 1:
            raise BadCell("programme", _("“%(name)s”对应多个专业，请改写专业编号。") % {"name": word[:60]})
        return self._programmes[next(iter(found))]


class RegionalValues:
    """Values of indicators that are there; each is taken under the definition in force."""

    verb = "regional.value"
    vocabulary = "regional_value_columns.csv"
    required = ("indicator", "year", "value", "state", "source")

    def __init__(self) -> None:
        self._definitions: dict[str, RegionalDefinition] = {}
        self._indicators: dict[str, RegionalIndicator] = {}
        rows = RegionalIndicator.objects.order_by("key").prefetch_related("definitions")
        for row in rows:
            newest = max(row.definitions.all(), key=lambda item: item.number, default=None)
            for word in (row.key, row.name_zh, row.name_en):
                if newest is not None:
                    self._definitions[_folded(word)] = newest
                    self._indicators[_folded(word)] = row
        self._known = {
            (row.definition_id, row.year, row.state): row
            for row in RegionalValue.objects.select_related("definition")
        }
        self._states = {
            _folded(word): state
            for state in ValueState
            for word in (state.value, str(state.label), str(state.label).split("，", maxsplit=1)[0])
        }

    def labels(self) -> Mapping[str, str]:
        """Return what the columns are called."""
        return {name: str(label) for name, label in VALUE_LABELS.items()}

    def read(self, number: int, cells: dict[str, str]) -> Draft:
        """Return what a row says of an indicator in a year."""
        word = _folded(cells["indicator"])
        if word not in self._definitions:
            told = {"name": cells["indicator"][:60]}
            raise BadCell("indicator", _("还没有“%(name)s”这个指标；请先在页面上新建，写明口径。") % told)
        definition, indicator = self._definitions[word], self._indicators[word]
        unit = _folded(cells.get("unit", ""))
        if unit and unit not in {_folded(indicator.unit_zh), _folded(indicator.unit_en)}:
            told = {"unit": cells["unit"][:30], "expected": local_name(indicator.unit_zh, indicator.unit_en)}
            raise BadCell("unit", _("单位“%(unit)s”与指标的“%(expected)s”不同，请先换算。") % told)
        value = amount(cells, "value")
        if value is None:
            raise BadCell("value", _("没有数值；没有公布就不要写这一行。"))
        state = self._states.get(_folded(cells["state"]))
        if state is None:
            raise BadCell("state", _("请写“官方公布”“转引”或“估计”。"))
        facts = ValueFacts(
            year(cells, "year"), value, state.value, text(cells, "source", most=300), _page(cells)
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
            is_changed=known is None
            or any(getattr(known, name) != value for name, value in facts.__dict__.items()),
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


def _page(cells: dict[str, str]) -> str:
    return text(cells, "page", most=200)


def _folded(word: str) -> str:
    return "".join(word.split()).casefold()
