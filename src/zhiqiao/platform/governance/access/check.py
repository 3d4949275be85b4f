"""The questions every page, job and API asks: may I, which may I see, give me the one I may see."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from zhiqiao.platform.governance.access.actor import Actor
from zhiqiao.platform.governance.access.scopes import predicate
from zhiqiao.platform.governance.access.table import ACTIONS, Scope

Row = TypeVar("Row", bound=Model)


def can(actor: Actor, action: str, obj: Model | None = None) -> bool:
    """Tell whether `actor` may do `action`: at all (no object), or on this object."""
    scope = ACTIONS[action].scope_of(actor.role, actor.org_kind)
    if obj is None:
        return scope is not Scope.NONE
    return predicate(scope, actor, type(obj)).holds(obj)


def visible(actor: Actor, action: str, queryset: QuerySet[Row]) -> QuerySet[Row]:
    """Keep the rows on which `actor` may do `action`."""
    scope = ACTIONS[action].scope_of(actor.role, actor.org_kind)
    return queryset.filter(predicate(scope, actor, queryset.model).as_q())


def get_visible(actor: Actor, action: str, queryset: QuerySet[Row], **lookup: object) -> Row:
    """Return the one row that may be seen; what may not be seen does not exist (404)."""
    row = visible(actor, action, queryset).filter(**lookup).first()
    if row is None:
        raise Http404
    return row


def require(actor: Actor, action: str, obj: Model | None = None) -> None:
    """Stop with 404 unless `actor` may do `action`."""
    if not can(actor, action, obj):
        raise Http404
