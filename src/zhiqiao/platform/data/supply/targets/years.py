"""Years of programmes from a table."""

from __future__ import annotations

from collections.abc import Mapping

from zhiqiao.infra.db.names import local_name
from zhiqiao.platform.data.models import ProgrammeYear
from zhiqiao.platform.data.supply.cells import BadCell, text, whole, year
from zhiqiao.platform.data.supply.importing import Draft
from zhiqiao.platform.data.supply.labels import YEAR_LABELS
from zhiqiao.platform.data.supply.targets.naming import OwnProgrammes, differs
from zhiqiao.platform.data.supply.years import FIGURES, YearFacts, save_year, year_faults
from zhiqiao.platform.governance.api import Actor

__all__ = ["YearsOfProgrammes"]


class YearsOfProgrammes:
    """Years of the programmes that a person keeps."""

    verb = "supply.year"
    vocabulary = "programme_year_columns.csv"
    required = ("programme", "year", "source")

    def __init__(self, actor: Actor) -> None:
        self._programmes = OwnProgrammes(actor)
        rows = ProgrammeYear.objects.filter(programme__in=self._programmes.ids)
        rows = rows.select_related("programme__organisation")
        self._known = {(row.programme_id, row.year): row for row in rows}

    def labels(self) -> Mapping[str, str]:
        """Return what the columns are called."""
        return {name: str(label) for name, label in YEAR_LABELS.items()}

    def read(self, number: int, cells: dict[str, str]) -> Draft:
        """Return what a row says of a programme's year."""
        programme = self._programmes.named(cells["programme"])
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
            is_changed=differs(known, facts.__dict__),
        )

    def write(self, actor: Actor, draft: Draft) -> None:
        """Write one year."""
        programme_id, at = draft.key
        assert isinstance(programme_id, int)
        assert isinstance(at, int)
        target = self._known.get((programme_id, at)) or self._programmes.get(programme_id)
        facts = YearFacts(**draft.values)  # type: ignore[arg-type]  # made from YearFacts in `read`
        save_year(actor, target, facts, year=at, seen=draft.version)
