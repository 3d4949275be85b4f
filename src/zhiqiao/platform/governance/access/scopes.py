"""How a scope word of the table becomes a predicate over the columns of a resource."""

from __future__ import annotations

from django.db.models import Model

from zhiqiao.infra.db.scopes import ScopeFields
from zhiqiao.platform.governance.access.actor import Actor
from zhiqiao.platform.governance.access.predicates import AnyOf, Equals, Everything, Nothing, Predicate, Under
from zhiqiao.platform.governance.access.table import Scope

__all__ = ["ScopeFields", "predicate"]


def predicate(scope: Scope, actor: Actor, model: type[Model]) -> Predicate:
    """Return the condition under which `actor` reaches rows of `model` with `scope`."""
    fields: ScopeFields = getattr(model, "scope_fields", ScopeFields())
    root = Equals(fields.root, actor.org_root_id) if fields.root else Nothing()
    match scope:
        case Scope.ALL:
            return Everything()
        case Scope.REGION:
            return AnyOf((root, Equals(fields.shared, True))) if fields.shared else root
        case Scope.ORG:
            return root
        case Scope.UNIT:
            return Under(fields.path, actor.org_path) if fields.path else root
        case Scope.SELF:
            return Equals(fields.owner, actor.user_id) if fields.owner else Nothing()
        case Scope.NONE:
            return Nothing()
