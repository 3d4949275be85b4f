"""Editions of the specialty directory from a table."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from zhiqiao.platform.data.models import Specialty, SpecialtyLevel, SpecialtyState
from zhiqiao.platform.data.specialties import SPECIALTY_LABELS, SpecialtyFacts, save_specialty
from zhiqiao.platform.data.supply.cells import BadCell, text, year
from zhiqiao.platform.data.supply.importing import Draft
from zhiqiao.platform.data.supply.targets.naming import differs, folded
from zhiqiao.platform.governance.api import Actor

__all__ = ["SpecialtyEditions"]

_LEVEL_WORDS = {
    "中职": SpecialtyLevel.SECONDARY,
    "中等职业教育": SpecialtyLevel.SECONDARY,
    "高职": SpecialtyLevel.HIGHER,
    "高职专科": SpecialtyLevel.HIGHER,
    "高等职业教育专科": SpecialtyLevel.HIGHER,
    **{level.value: level for level in SpecialtyLevel},
}


class SpecialtyEditions:
    """Entries of any edition; an entry that is there is corrected, none is taken out."""

    verb = "specialty"
    vocabulary = "specialty_columns.csv"
    required = ("code", "name", "level", "edition")

    def __init__(self, actor: Actor) -> None:  # noqa: ARG002  one way to make every target
        self._known = {(row.edition, row.code): row for row in Specialty.objects.all()}
        self._states = {
            folded(word): state.value for state in SpecialtyState for word in (state.value, str(state.label))
        }

    def labels(self) -> Mapping[str, str]:
        """Return what the columns are called."""
        return {name: str(label) for name, label in SPECIALTY_LABELS.items()}

    def read(self, number: int, cells: dict[str, str]) -> Draft:
        """Return what a row says of a code."""
        edition, code = text(cells, "edition", most=20), text(cells, "code", most=20)
        if not re.fullmatch(r"\d{6}", code, re.ASCII):
            raise BadCell("code", _("专业代码应为六位数字，例如 510203；表格软件可能丢了开头的零。"))
        if not edition:
            raise BadCell("edition", _("请写目录的版本，例如 2021。"))
        known = self._known.get((edition, code))
        facts = SpecialtyFacts(
            edition=edition,
            code=code,
            name=text(cells, "name", most=100),
            level=self._level(cells),
            class_name=_kept(cells, "class_name", known, most=100),
            retired_from=self._retired(cells, known),
            state=self._state(cells, known),
            source=_kept(cells, "source", known, most=300),
        )
        if not facts.name:
            raise BadCell("name", _("请写专业名称。"))
        if facts.state == SpecialtyState.CONFIRMED and not facts.source:
            raise BadCell("source", _("写“已核对原文”，就要写明核对的是哪份文件。"))
        return Draft(
            row=number,
            key=(edition, code),
            title=f"{code} {facts.name}",
            version=known.version if known else 0,
            values=facts.__dict__,
            is_changed=differs(known, facts.__dict__),
        )

    def write(self, actor: Actor, draft: Draft) -> None:
        """Write one entry."""
        edition, code = draft.key
        known = self._known.get((str(edition), str(code)))
        facts = SpecialtyFacts(**draft.values)  # type: ignore[arg-type]  # made from SpecialtyFacts in `read`
        save_specialty(actor, known, facts, seen=draft.version)

    @staticmethod
    def _level(cells: dict[str, str]) -> str:
        found = _LEVEL_WORDS.get(folded(cells.get("level", "")))
        if found is None:
            raise BadCell("level", _("请写“中职”或“高职”。"))
        return found.value

    @staticmethod
    def _retired(cells: dict[str, str], known: Specialty | None) -> int | None:
        if "retired_from" not in cells:
            return getattr(known, "retired_from", None)
        return year(cells, "retired_from") if cells["retired_from"] else None

    def _state(self, cells: dict[str, str], known: Specialty | None) -> str:
        word = folded(cells.get("state", ""))
        if not word:
            return str(getattr(known, "state", SpecialtyState.VERIFY))
        if word not in self._states:
            raise BadCell("state", _("请写“已核对原文”“部分核对”或“尚未核对”。"))
        return self._states[word]


def _kept(cells: dict[str, str], field: str, known: Specialty | None, *, most: int) -> str:
    return text(cells, field, most=most) if field in cells else str(getattr(known, field, ""))
