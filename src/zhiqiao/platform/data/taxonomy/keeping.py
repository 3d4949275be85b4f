"""Who keeps the catalogue, which one is in force, which imports are behind it, and catching them up."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from zhiqiao.infra.jobs.api import JobState, enqueue, request_cancel, runs
from zhiqiao.platform.data import importing
from zhiqiao.platform.data.models import ImportState, PostingImport
from zhiqiao.platform.data.selectors.demand import Live
from zhiqiao.platform.data.taxonomy import overlay
from zhiqiao.platform.governance.api import Actor, audit, can, require

__all__ = [
    "REMINE",
    "behind",
    "behind_of",
    "cancel_remining",
    "current",
    "may_decide",
    "name_of",
    "remine_behind",
    "require_decider",
]

REMINE = "taxonomy.remine"
_OPEN_RUNS = (JobState.QUEUED, JobState.RUNNING)


def may_decide(actor: Actor) -> bool:
    """Tell whether the person decides for the region: an association officer, or a data officer of the bureau."""
    return can(actor, "taxonomy.decide")


def require_decider(actor: Actor) -> None:
    """Stop with 404 unless the person decides for the region."""
    require(actor, "taxonomy.decide")


def current() -> overlay.Effective:
    """Return the catalogue in force."""
    return overlay.effective(importing.skills_folder())


def name_of(key: str) -> str:
    """Return what a skill is called, its key when it is gone."""
    skill = next((skill for skill in current().taxonomy.skills if skill.id == key), None)
    return skill.zh or skill.en if skill else key


def behind() -> list[PostingImport]:
    """Return the live imports whose figures were computed with another version than the one in force."""
    rows = PostingImport.objects.filter(state=ImportState.LIVE).exclude(
        taxonomy_version=current().taxonomy.version
    )
    return list(rows.select_related("source").order_by("id"))


def behind_of(among: Live) -> int:
    """Return how many of these imports were computed with another version than the one in force."""
    version = current().taxonomy.version
    return sum(row.taxonomy_version != version for row in among.imports)


def remine_behind(actor: Actor) -> int:
    """Queue mining again for every import that is behind and not on its way; return how many."""
    if not actor.is_system:
        require_decider(actor)
    waiting = set(
        runs().filter(kind=REMINE, state__in=_OPEN_RUNS).values_list("params__import_uuid", flat=True)
    )
    rows = [row for row in behind() if str(row.uuid) not in waiting]
    for row in rows:
        enqueue(
            REMINE,
            owner_id=actor.user_id,
            org_root_id=row.org_root_id,
            title=gettext_noop("按新目录更新：%(file)s"),
            title_values={"file": row.file_name},
            params={"import_uuid": str(row.uuid)},
            exclusive=importing.exclusive_key(row),
        )
    if rows and not actor.is_system:
        audit(actor, "taxonomy.remining_started", detail={"runs": len(rows)})
    return len(rows)


def cancel_remining(actor: Actor) -> int:
    """Stop what is on its way; imports that were not reached keep their version and can be caught up later."""
    require_decider(actor)
    found = list(runs().filter(kind=REMINE, state__in=_OPEN_RUNS))
    for run in found:
        request_cancel(run)
    if found:
        audit(actor, "taxonomy.remining_cancelled", detail={"runs": len(found)})
    return len(found)
