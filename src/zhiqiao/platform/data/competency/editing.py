"""Experts' edits of a study's groups by the engine's pure functions; kept with person and time, the last can be undone.

Two people who edit at once: the second is told, because each edit names the edition it was looked at under.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhiqiao.engines import competency
from zhiqiao.engines.competency import Edit, Grouping
from zhiqiao.platform.data.competency.groups import read_grouping, written
from zhiqiao.platform.data.errors import Conflict, Refused
from zhiqiao.platform.data.models import CompetencyStudy, StudyEdit, StudyState
from zhiqiao.platform.governance.api import Actor, audit, require

__all__ = [
    "add_skill",
    "merge_groups",
    "move_skill",
    "remove_skill",
    "rename_group",
    "said",
    "split_group",
    "undo_last",
]

_Change = Callable[[Grouping], tuple[Grouping, Edit]]
_LONGEST_NAME = 100


def rename_group(actor: Actor, study: CompetencyStudy, group: str, name: str, *, seen: int) -> StudyEdit:
    """Give a group a name."""
    named = _name(name)
    return _edit(actor, study, lambda now: competency.rename_group(now, group, named), seen=seen)


def merge_groups(actor: Actor, study: CompetencyStudy, groups: Sequence[str], *, seen: int) -> StudyEdit:
    """Join groups into the first."""
    return _edit(actor, study, lambda now: competency.merge_groups(now, groups), seen=seen)


def split_group(
    actor: Actor, study: CompetencyStudy, group: str, skills: Sequence[str], *, name: str, seen: int
) -> StudyEdit:
    """Take some skills of a group into a new one."""
    named = _name(name)
    return _edit(actor, study, lambda now: competency.split_group(now, group, skills, name=named), seen=seen)


def move_skill(actor: Actor, study: CompetencyStudy, skill: str, to: str, *, seen: int) -> StudyEdit:
    """Move a skill to another group."""
    return _edit(actor, study, lambda now: competency.move_skill(now, skill, to), seen=seen)


def remove_skill(actor: Actor, study: CompetencyStudy, skill: str, *, seen: int) -> StudyEdit:
    """Take a skill out of its group."""
    return _edit(actor, study, lambda now: competency.remove_skill(now, skill), seen=seen)


def add_skill(actor: Actor, study: CompetencyStudy, skill: str, to: str, *, seen: int) -> StudyEdit:
    """Put a skill that stands in no group into one."""

    def change(now: Grouping) -> tuple[Grouping, Edit]:
        if skill not in now.unclustered:
            now.group_of(skill)  # one that the study does not know is refused here
        return competency.add_skill(now, skill, to)

    return _edit(actor, study, change, seen=seen)


@transaction.atomic
def undo_last(actor: Actor, study: CompetencyStudy, *, seen: int) -> StudyEdit:
    """Put back what was before the last edit that still counts."""
    row = _locked(actor, study, seen)
    last = StudyEdit.objects.filter(study=row, undone_at=None).order_by("-edition").first()
    if last is None:
        raise Refused(_("没有可以撤销的修改。"))
    last.undone_by_id, last.undone_at = actor.user_id, timezone.now()
    last.save(update_fields=["undone_by", "undone_at"])
    row.grouping, row.edition = last.before, row.edition + 1
    row.save(update_fields=["grouping", "edition", "updated_at"])
    audit(actor, "competency.edit_undone", row, detail={"kind": last.kind, "edition": row.edition})
    return last


@transaction.atomic
def _edit(actor: Actor, study: CompetencyStudy, change: _Change, *, seen: int) -> StudyEdit:
    row = _locked(actor, study, seen)
    before = row.grouping
    try:
        after, edit = change(read_grouping(before))
    except competency.GroupingError as error:
        raise Refused(said(error)) from error
    row.grouping, row.edition = written(after), row.edition + 1
    row.save(update_fields=["grouping", "edition", "updated_at"])
    made = StudyEdit.objects.create(
        study=row,
        edition=row.edition,
        kind=edit.kind,
        detail=asdict(edit),
        before=before,
        made_by_id=actor.user_id,
    )
    audit(actor, "competency.edited", row, detail={"kind": edit.kind, "edition": row.edition})
    return made


def _locked(actor: Actor, study: CompetencyStudy, seen: int) -> CompetencyStudy:
    row = CompetencyStudy.objects.select_for_update().get(pk=study.pk)
    require(actor, "competency.manage", row)
    if row.state != StudyState.DONE:
        raise Refused(_("只有已完成的能力发现才能编辑。"))
    if row.edition != seen:
        raise Conflict(_("刚才有人改过这些分组，您的修改没有保存。请看清现在的分组再改。"), row.edition)
    return row


def _name(text: str) -> str:
    if len(text.strip()) > _LONGEST_NAME:
        raise Refused(_("名称最多 %(most)s 个字。") % {"most": _LONGEST_NAME})
    return text


def said(error: competency.CompetencyError) -> str:
    """Return what the engine says in the reader's language."""
    return error.en if (get_language() or "").startswith("en") else error.zh
