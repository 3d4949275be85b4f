"""Reads the decision on a proposal from what the page sent."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from zhiqiao.apps.management.actions import Edit
from zhiqiao.apps.management.errors import BadEdit
from zhiqiao.apps.management.selectors import ProposalView
from zhiqiao.platform.data.api import ProgrammeView, SkillHours

MAX_REASON = 500


@dataclass(frozen=True)
class Decision:
    """What the person decided on the page."""

    version: int
    reason: str
    edit: Edit


def read_decision(data: QueryDict, item: ProposalView, view: ProgrammeView) -> Decision:
    """Return the decision; raises BadEdit with a sentence for what can not be read."""

    def text(name: str, most: int) -> str:
        return data.get(name, "").replace("\x00", "").strip()[:most]

    try:
        version = int(data.get("version", ""))
        skills = tuple(
            SkillHours(
                skill.key, float(data.get(f"hours-{skill.key}", "")), int(data.get(f"level-{skill.key}", ""))
            )
            for skill in item.skills
            if data.get(f"keep-{skill.key}")
        )
    except ValueError:
        raise BadEdit(_("学时和掌握程度须填写数字。")) from None
    target = data.get("module", "")
    chosen = next((module for _course, module in view.modules() if str(module.uuid) == target), None)
    if target and target != "new" and chosen is None:
        raise BadEdit(_("所选模块不属于该专业或已停开，请重新选择。"))
    return Decision(
        version=version,
        reason=text("reason", MAX_REASON),
        edit=Edit(
            skills=skills if item.skills else None,
            module_uuid=chosen.uuid if chosen else None,
            names=(text("name_zh", 150), text("name_en", 200)),
        ),
    )
