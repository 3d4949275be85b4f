"""The items of a study as a tree: read from lines, grouped for comparison, listed for rating."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from zhiqiao.apps.evaluation.errors import BadStudy
from zhiqiao.apps.evaluation.models import StudyItem, StudyKind
from zhiqiao.infra.db.names import Name

_CHILD = re.compile(r"^(?:[ \t\u3000]+|\s*[-–—·•*]\s*)")
_LONGEST_ZH, _LONGEST_EN = 100, 150


@dataclass(frozen=True)
class Line:
    """An item as written: its name, and that of the dimension it stands below ("" for none)."""

    name: Name
    parent: str


@dataclass(frozen=True)
class Group:
    """Items that are compared with each other: the children of one parent, or the top (None)."""

    parent: StudyItem | None
    children: tuple[StudyItem, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names the engine knows the items by."""
        return tuple(item.name_zh for item in self.children)

    def pairs(self) -> list[tuple[StudyItem, StudyItem]]:
        """Return every pair once."""
        return [(a, b) for at, a in enumerate(self.children) for b in self.children[at + 1 :]]


def read_lines(text: str, *, kind: str, most: int, largest: int) -> list[Line]:
    """Read one item a line; a line that begins with a blank or “-” stands below the dimension before it.

    “中文 | English” gives both names. Raises BadStudy naming each line that can not be taken.
    """
    lines: list[Line] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    parent = ""
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip():
            continue
        is_child = bool(_CHILD.match(raw))
        zh, _bar, en = (part.strip() for part in _CHILD.sub("", raw).replace("｜", "|").partition("|"))
        if problem := _problem(zh, en, number=number, seen=seen, orphan=is_child and not parent):
            problems.append(problem)
            continue
        seen[zh] = number
        parent = parent if is_child else zh
        lines.append(Line(Name(zh, en), parent if is_child else ""))
    problems += _size_problems(lines, kind=kind, most=most, largest=largest)
    if problems:
        raise BadStudy(problems, field="items")
    return lines


def write_lines(items: Iterable[StudyItem]) -> str:
    """Return the items as the form shows them."""
    return "\n".join(
        ("- " if item.parent_id else "") + item.name_zh + (f" | {item.name_en}" if item.name_en else "")
        for item in items
    )


def _problem(zh: str, en: str, *, number: int, seen: dict[str, int], orphan: bool) -> str:
    if not zh:
        return _("第 %(row)s 行没有名称。请补上名称或删去这一行。") % {"row": number}
    if len(zh) > _LONGEST_ZH or len(en) > _LONGEST_EN:
        return _("第 %(row)s 行的名称太长，中文最多 %(zh)s 字，英文最多 %(en)s 个字符。") % {
            "row": number,
            "zh": _LONGEST_ZH,
            "en": _LONGEST_EN,
        }
    if orphan:
        return _("第 %(row)s 行“%(name)s”上面没有维度。请先写维度，再写它的指标。") % {
            "row": number,
            "name": zh,
        }
    if zh in seen:
        return _("第 %(row)s 行“%(name)s”与第 %(first)s 行重名。请改成不同的名称。") % {
            "row": number,
            "name": zh,
            "first": seen[zh],
        }
    return ""


def _size_problems(lines: Sequence[Line], *, kind: str, most: int, largest: int) -> list[str]:
    problems = []
    sizes: dict[str, int] = {}
    for line in lines:
        sizes[line.parent] = sizes.get(line.parent, 0) + 1
    if sum(1 for line in lines if line.name.zh not in sizes) < 2:
        problems.append(_("至少要有两项才能比较轻重。请每行写一项。"))
    if len(lines) > most:
        problems.append(
            _("共 %(count)s 项，最多 %(most)s 项。请合并或分成两项研究。")
            % {"count": len(lines), "most": most}
        )
    for parent, size in sizes.items():
        if kind == StudyKind.AHP and size > largest:
            problems.append(
                _("“%(name)s”下有 %(count)s 项，两两比较最多 %(most)s 项。请分成几层。")
                % {"name": parent or _("第一层"), "count": size, "most": largest}
            )
    return problems


def groups(items: Sequence[StudyItem]) -> list[Group]:
    """Return the groups top down; the first is the top."""
    found = [Group(None, tuple(item for item in items if item.parent_id is None))]
    for item in found[0].children:
        below = tuple(one for one in items if one.parent_id == item.id)
        if below:
            found.append(Group(item, below))
    return found


def leaves(items: Sequence[StudyItem]) -> list[StudyItem]:
    """Return the items with none below them, in order of the tree; these are rated."""
    parents = {item.parent_id for item in items}
    return [item for item in items if item.id not in parents]


def asked_in(items: Sequence[StudyItem], number: int) -> list[StudyItem]:
    """Return the items that are asked in a round: dropped ones are not, nor dimensions that lost all indicators."""
    kept = [item for item in items if item.asked_until is None or item.asked_until >= number]
    had = {item.parent_id for item in items}
    has = {item.parent_id for item in kept}
    return [item for item in kept if item.id not in had or item.id in has]
