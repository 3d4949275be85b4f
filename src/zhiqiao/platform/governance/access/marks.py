"""The marks a view carries: the action it needs, or that it is open to anybody; a view without one is refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from zhiqiao.platform.governance.access.table import ACTIONS

View = TypeVar("View", bound=Callable[..., Any])  # Any: views, Ninja operations and class-based views alike


class UnknownAction(LookupError):
    """Raised at import when a view names an action that the table does not hold."""


def action(key: str) -> Callable[[View], View]:
    """Declare the action a view needs; who lacks it gets 404 from the middleware."""
    if key not in ACTIONS:
        msg = f"packs/common/access/actions.csv has no action {key!r}"
        raise UnknownAction(msg)

    def mark(view: View) -> View:
        marked = _copy(view)
        marked.zq_action = key  # type: ignore[attr-defined]
        return marked

    return mark


def public(view: View) -> View:
    """Open a view to anybody, signed in or not (sign-in, health, language)."""
    marked = _copy(view)
    marked.zq_public = True  # type: ignore[attr-defined]
    marked.login_required = False  # type: ignore[attr-defined]
    return marked


def declared_action(view: object, method: str = "GET") -> str | None:
    """Return the action a view declares for an HTTP method; API views keep one per method."""
    by_method: dict[str, str] = getattr(view, "zq_actions", {})
    return by_method.get(method) or getattr(view, "zq_action", None)


def is_public(view: object) -> bool:
    """Tell whether a view is open to anybody."""
    return bool(getattr(view, "zq_public", False))


def _copy(view: View) -> View:
    # a third party's view must not carry our mark everywhere it is used
    @wraps(view)
    def marked(*args: Any, **kwargs: Any) -> Any:  # Any: passed through unchanged
        return view(*args, **kwargs)

    return cast(View, marked)
