"""Finds the rows that a cell names: by key, code or name in either language; what means two things is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from zhiqiao.platform.data.models import Programme
from zhiqiao.platform.data.supply.cells import BadCell
from zhiqiao.platform.data.supply.years import editable_programmes
from zhiqiao.platform.governance.api import Actor

__all__ = ["Named", "OwnProgrammes", "differs", "folded"]

Row = TypeVar("Row", bound=Model)
_SHOWN = 60


class Named(Generic[Row]):
    """Rows by what people call them."""

    def __init__(self, field: str, rows: Iterable[Row], words: Callable[[Row], Iterable[str]]) -> None:
        self._field = field
        self._rows: dict[int, Row] = {row.pk: row for row in rows}
        self._by_word: dict[str, set[int]] = {}
        for row in self._rows.values():
            for word in filter(None, words(row)):
                self._by_word.setdefault(folded(word), set()).add(row.pk)

    @property
    def ids(self) -> list[int]:
        """Return the ids of all rows."""
        return list(self._rows)

    def get(self, pk: int) -> Row:
        """Return a row by its id."""
        return self._rows[pk]

    def named(self, word: str) -> Row:
        """Return the row that a word names; raises BadCell when there is none or more than one."""
        found = self._by_word.get(folded(word), set())
        if not found:
            raise BadCell(self._field, self.unknown(word[:_SHOWN]))
        if len(found) > 1:
            raise BadCell(self._field, _("“%(name)s”不止一个，请改写编号。") % {"name": word[:_SHOWN]})
        return self._rows[next(iter(found))]

    def unknown(self, word: str) -> str:
        """Return what is said of a word that names nothing."""
        return _("没有“%(name)s”；请写平台上的名称或编号。") % {"name": word}


class OwnProgrammes(Named[Programme]):
    """The programmes whose figures a person keeps; one of another school is as unknown as one that is none."""

    def __init__(self, actor: Actor) -> None:
        super().__init__(
            "programme",
            editable_programmes(actor),
            lambda row: (row.key, row.code, row.name_zh, row.name_en),
        )

    def unknown(self, word: str) -> str:
        """Return what is said of a programme one does not keep."""
        return _("您填报的专业里没有“%(name)s”；请写专业名称、代码或编号。") % {"name": word}


def folded(word: str) -> str:
    """Fold a name: spaces and case do not count."""
    return "".join(word.split()).casefold()


def differs(known: Model | None, values: Mapping[str, object]) -> bool:
    """Tell whether a row says something else than is known."""
    return known is None or any(getattr(known, name) != value for name, value in values.items())
