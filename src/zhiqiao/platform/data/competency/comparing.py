"""What changed between two versions of a framework, in the words of the page; found by the engine."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhiqiao.engines.competency import compare_frameworks
from zhiqiao.platform.data.competency.frameworks import FrameworkVersionView, engine_value

__all__ = ["differences"]

Part = tuple[str, list[str]]


def differences(old: FrameworkVersionView, new: FrameworkVersionView) -> list[Part]:
    """Return kinds of change with their lines; empty when nothing changed."""
    found = compare_frameworks(engine_value(old), engine_value(new))
    skills, parts = _skills(old) | _skills(new), _parts(old) | _parts(new)

    def place(pair: tuple[str, str]) -> str:
        return parts.get("/".join(pair), "/".join(pair))

    lines: list[Part] = [
        (_("新增的维度和指标"), [parts[key] for key in found.parts_added]),
        (_("删去的维度和指标"), [parts[key] for key in found.parts_removed]),
        (
            _("改名"),
            [_("“%(old)s”改为“%(new)s”") % {"old": was, "new": now} for _key, was, now in found.renamed],
        ),
        (_("新增的技能"), [f"{skills[key]} → {place(to)}" for key, to in found.added]),
        (_("删去的技能"), [f"{skills[key]} ← {place(was)}" for key, was in found.removed]),
        (
            _("移动的技能"),
            [f"{skills[key]}：{place(was)} → {place(to)}" for key, was, to in found.moved],
        ),
        (
            _("权重"),
            [f"{parts[key]}：{_value(was)} → {_value(now)}" for key, was, now in found.weights],
        ),
    ]
    return [(label, rows) for label, rows in lines if rows]


def _value(value: float | None) -> str:
    return _("未知") if value is None else f"{value:.4f}"


def _skills(view: FrameworkVersionView) -> dict[str, str]:
    return {
        line.key: str(line.name)
        for dimension in view.dimensions
        for indicator in dimension.indicators
        for line in indicator.skills
    }


def _parts(view: FrameworkVersionView) -> dict[str, str]:
    named = {one.key: str(one.name) for one in view.dimensions}
    for one in view.dimensions:
        named.update({f"{one.key}/{item.key}": f"{one.name} / {item.name}" for item in one.indicators})
    return named
