"""Editing a draft: operations of several people in one order, undo and redo from the log; all in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhiqiao.apps.teaching.document import Document
from zhiqiao.apps.teaching.errors import NotADraft, NotReady
from zhiqiao.apps.teaching.models import PlanChange, PlanVersion, VersionState
from zhiqiao.apps.teaching.operations import Operation, Outcome, followed, inverse, take
from zhiqiao.apps.teaching.storing import Stored, load
from zhiqiao.engines.kernel import from_json, to_json
from zhiqiao.platform.governance.api import Actor, audit, get_visible

__all__ = [
    "Edited",
    "Editing",
    "changes_since",
    "edit",
    "editable",
    "operations_of",
    "redo",
    "stacks",
    "undo",
]

MAX_OPERATIONS = 5_000
#: A person's edits are audited once for a sitting; the log of changes holds each of them.
SITTING = dt.timedelta(minutes=30)
#: How far back a person can undo.
MAX_UNDO = 500


@dataclass(frozen=True)
class Edited:
    """What came of a request: the version now, each operation's outcome, all changes since what the page knew."""

    version: PlanVersion
    document: Document
    outcomes: tuple[Outcome, ...]
    changes: tuple[PlanChange, ...]

    @property
    def is_clean(self) -> bool:
        """Say whether everything that was asked for was done."""
        return all(one.conflict is None and one.refused is None for one in self.outcomes)


@dataclass(frozen=True)
class Editing:
    """Who edits which version upon what: the last change the page knew, and a token that it made for this request."""

    version_uuid: UUID
    acting: Actor
    base: int
    token: UUID
    now: dt.datetime


@transaction.atomic
def edit(on: Editing, wanted: Sequence[Operation]) -> Edited:
    """Make the operations that can be made; a repeated request changes nothing. 404, NotADraft."""
    version = editable(on.acting, on.version_uuid)
    stored, since = load(version), changes_since(version, on.base)
    if any(change.token == on.token for change in since):
        return Edited(version, stored.document, (), tuple(since))
    renamed = [one for change in since for one in operations_of(change)]
    outcomes = take(stored.document, [followed(one, renamed) for one in wanted[:MAX_OPERATIONS]])
    made = _keep(on, version, stored, outcomes, kind=PlanChange.Kind.EDIT)
    return Edited(version, stored.document, tuple(outcomes), (*since, *made))


@transaction.atomic
def undo(on: Editing) -> Edited:
    """Take back the person's last change that stands. Raises NotReady when there is none."""
    return _turn(on, PlanChange.Kind.UNDO)


@transaction.atomic
def redo(on: Editing) -> Edited:
    """Make again what the person took back last. Raises NotReady when there is nothing."""
    return _turn(on, PlanChange.Kind.REDO)


def _turn(on: Editing, kind: PlanChange.Kind) -> Edited:
    version = editable(on.acting, on.version_uuid)
    since = changes_since(version, on.base)
    stored = load(version)
    if any(change.token == on.token for change in since):
        return Edited(version, stored.document, (), tuple(since))
    undoable, redoable = stacks(version, on.acting)
    stack = undoable if kind == PlanChange.Kind.UNDO else redoable
    if not stack:
        raise NotReady(
            _("没有可以撤销的修改。") if kind == PlanChange.Kind.UNDO else _("没有可以重做的修改。")
        )
    target = PlanChange.objects.get(version=version, sequence=stack[-1])
    done = operations_of(target)
    later = [one for change in changes_since(version, target.sequence) for one in operations_of(change)]
    wanted = [followed(one, later) for one in (inverse(done) if kind == PlanChange.Kind.UNDO else done)]
    outcomes = take(stored.document, wanted)
    made = _keep(on, version, stored, outcomes, kind=kind, target=target.sequence)
    return Edited(version, stored.document, tuple(outcomes), (*since, *made))


def _keep(
    on: Editing,
    version: PlanVersion,
    stored: Stored,
    outcomes: Iterable[Outcome],
    *,
    kind: PlanChange.Kind,
    target: int | None = None,
) -> list[PlanChange]:
    """Store what was done, in rows and log; an undo that could do nothing is kept too, so that the next goes on."""
    done = [one for outcome in outcomes for one in outcome.done]
    if not done and target is None:
        return []
    _audit_sitting(on, version)
    stored.save()
    version.sequence += 1
    version.save(update_fields=["sequence", "updated_at"])
    change = PlanChange.objects.create(
        org_root_id=version.org_root_id,
        version=version,
        sequence=version.sequence,
        token=on.token,
        kind=kind,
        target=target,
        operations=to_json(done),
        by_id=on.acting.user_id,
        at=on.now,
    )
    return [change]


def _audit_sitting(on: Editing, version: PlanVersion) -> None:
    own = PlanChange.objects.filter(version=version, by_id=on.acting.user_id)
    last = own.order_by("-sequence").values_list("at", flat=True).first()
    if last is None or on.now - last > SITTING:
        audit(
            on.acting,
            "training_plan.edited",
            obj=("plan_version", str(version.uuid)),
            detail={"after_change": version.sequence},
        )


def editable(acting: Actor, version_uuid: UUID) -> PlanVersion:
    """Return a draft the person may edit, locked until the transaction ends. 404, NotADraft."""
    rows = PlanVersion.objects.select_for_update(of=("self",)).select_related("plan")
    version = get_visible(acting, "training_plans.edit", rows, uuid=version_uuid)
    if version.state != VersionState.DRAFT:
        raise NotADraft(_("这个版本已提交或已执行，不能再改；需要修改时请退回，或建立新版本。"))
    return version


def changes_since(version: PlanVersion, base: int) -> list[PlanChange]:
    """Return the changes made after one, in order; none needs no question."""
    if base >= version.sequence:
        return []
    rows: QuerySet[PlanChange] = PlanChange.objects.filter(version=version, sequence__gt=base)
    return list(rows.select_related("by").order_by("sequence"))


def operations_of(change: PlanChange) -> list[Operation]:
    """Return what a change did."""
    return [from_json(Operation, one) for one in cast("list[object]", change.operations)]


def stacks(version: PlanVersion, acting: Actor) -> tuple[list[int], list[int]]:
    """Return the person's changes that can be undone and those that can be redone, the next one last."""
    rows = PlanChange.objects.filter(version=version, by_id=acting.user_id).order_by("-sequence")
    undoable: list[int] = []
    redoable: list[int] = []
    for sequence, kind, target in reversed(rows.values_list("sequence", "kind", "target")[:MAX_UNDO]):
        if kind == PlanChange.Kind.EDIT:
            undoable.append(sequence)
            redoable.clear()
        elif kind == PlanChange.Kind.UNDO:
            _shift(undoable, redoable, target)
        else:
            _shift(redoable, undoable, target)
    return undoable, redoable


def _shift(source: list[int], goal: list[int], target: int | None) -> None:
    if target is None:
        return
    if target in source:
        source.remove(target)
    goal.append(target)
