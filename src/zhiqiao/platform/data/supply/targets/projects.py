"""Announced investment projects from a table; the staff of a project stands in one cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from django.utils.translation import gettext as _

from zhiqiao.platform.data.models import ChainLink, Industry, InvestmentProject, ProjectState
from zhiqiao.platform.data.supply.cells import BadCell, day, month, share, text, whole, year
from zhiqiao.platform.data.supply.importing import Draft
from zhiqiao.platform.data.supply.labels import PROJECT_LABELS
from zhiqiao.platform.data.supply.projects import ProjectFacts, Staff, own_projects, save_project
from zhiqiao.platform.data.supply.targets.naming import Named, differs, folded
from zhiqiao.platform.data.supply.targets.plans import MOST_PEOPLE, roles
from zhiqiao.platform.governance.api import Actor

__all__ = ["OwnProjects"]

_MOST_LINES = 60


class OwnProjects:
    """Projects that one's organisation keeps."""

    verb = "supply.project"
    vocabulary = "project_columns.csv"
    required = ("name", "industry", "start", "probability", "state", "source")

    def __init__(self, actor: Actor) -> None:
        rows = Industry.objects.order_by("sort", "key")
        self._industries = Named("industry", rows, lambda row: (row.key, row.name_zh, row.name_en))
        links = ChainLink.objects.order_by("key")
        self._links = Named("link", links, lambda row: (row.key, row.name_zh, row.name_en))
        self._roles = roles("staff")
        self._known = {row.name: row for row in own_projects(actor)}
        self._states = {
            folded(word): state.value for state in ProjectState for word in (state.value, str(state.label))
        }

    def labels(self) -> Mapping[str, str]:
        """Return what the columns are called."""
        return {name: str(label) for name, label in PROJECT_LABELS.items()}

    def read(self, number: int, cells: dict[str, str]) -> Draft:
        """Return what a row says of a project."""
        name = text(cells, "name", most=150)
        if not name:
            raise BadCell("name", _("请写项目名称。"))
        known = self._known.get(name)
        industry = self._industries.named(cells["industry"])
        link = getattr(known, "link", None)
        if "link" in cells:
            link = self._links.named(cells["link"]) if cells["link"] else None
        if link is not None and link.industry_id != industry.pk:
            raise BadCell("link", _("这个产业链环节不属于所选的产业。"))
        values: dict[str, object] = {
            "name": name,
            "name_en": text(cells, "name_en", most=150)
            if "name_en" in cells
            else getattr(known, "name_en", ""),
            "industry": industry,
            "link": link,
            "region": text(cells, "region", most=100) if "region" in cells else getattr(known, "region", ""),
            "start": month(cells, "start"),
            "probability": self._probability(cells),
            "state": self._state(cells),
            "source": self._source(cells),
            "announced": day(cells, "announced")
            if "announced" in cells
            else getattr(known, "announced", None),
        }
        staff = self._staff(cells["staff"]) if "staff" in cells else _staff_of(known)
        return Draft(
            row=number,
            key=(name,),
            title=name,
            version=known.version if known else 0,
            values=values | {"staff": staff},
            is_changed=differs(known, values) or _lines(staff) != _lines(_staff_of(known)),
        )

    def write(self, actor: Actor, draft: Draft) -> None:
        """Write one project."""
        facts = ProjectFacts(**draft.values)  # type: ignore[arg-type]  # made for ProjectFacts in `read`
        save_project(actor, self._known.get(facts.name), facts, seen=draft.version)

    @staticmethod
    def _probability(cells: dict[str, str]) -> float:
        found = share(cells, "probability")
        if found is None:
            raise BadCell("probability", _("请写可能性，例如 60%；已投产写 100%。"))
        return found

    def _state(self, cells: dict[str, str]) -> str:
        state = self._states.get(folded(cells["state"]))
        if state is None:
            raise BadCell("state", _("请写“已公布”“在建”“已投产”或“已取消”。"))
        return state

    @staticmethod
    def _source(cells: dict[str, str]) -> str:
        source = text(cells, "source", most=300)
        if not source:
            raise BadCell("source", _("请写明出处：哪份公告、公示或签约报道。"))
        return source

    def _staff(self, cell: str) -> tuple[Staff, ...]:
        found: dict[tuple[int, int], Staff] = {}
        parts = [part for part in re.split(r"[;|\n]", unicodedata.normalize("NFKC", cell)) if part.strip()]
        if len(parts) > _MOST_LINES:
            raise BadCell("staff", _("用人计划最多 %(most)s 条。") % {"most": _MOST_LINES})
        for part in parts:
            line = self._line(part.strip())
            if (line.role.pk, line.year) in found:
                raise BadCell("staff", _("同一岗位、同一年份的用人写了两次，请合并成一行。"))
            found[line.role.pk, line.year] = line
        return tuple(found.values())

    def _line(self, part: str) -> Staff:
        """Read `post:year:head count`; a post's name may hold colons itself."""
        cells = part.rsplit(":", 2)
        if len(cells) < 3:
            reason = _("“%(part)s”读不出；请写成“岗位:年份:人数”，几条之间用分号隔开。") % {"part": part[:60]}
            raise BadCell("staff", reason)
        count = whole({"staff": cells[2]}, "staff")
        if count is None or count > MOST_PEOPLE:
            raise BadCell("staff", _("“%(part)s”缺少人数，或人数太大。") % {"part": part[:60]})
        return Staff(self._roles.named(cells[0]), year({"staff": cells[1]}, "staff"), count)


def _staff_of(known: InvestmentProject | None) -> tuple[Staff, ...]:
    if known is None:
        return ()
    return tuple(Staff(item.role, item.year, item.headcount) for item in known.staff.all())


def _lines(staff: tuple[Staff, ...]) -> list[tuple[str, int, int]]:
    return sorted((item.role.key, item.year, item.headcount) for item in staff)
