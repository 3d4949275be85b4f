"""The marks a view carries: the action it needs, or that it is open to anybody; a view without one is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from zhiqiao.platform.governance.access.table import ACTIONS

View = TypeVar("View", bound=Callable[..., Any])  # Any: views, Ninja operations and class-based views alike


class UnknownActionError(LookupError):
    """Raised at import when a view names an action that the table does not hold."""


def action(key: str) -> Callable[[View], View]:
    """Declare the action a view needs; who lacks it gets 404 from the middleware."""
    if key not in ACTIONS:
        msg = f"packs/common/access/actions.csv has no action {key!r}"
        raise UnknownActionError(msg)

    def mark(view: View) -> View:
        # set on the view itself: a wrapper would hide the module in which Ninja looks annotations up
        view.zq_action = key  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Open a view to anybody, signed in or not (sign-in, health, language)."""
    view.zq_public = True  # type: ignore[attr-defined]
    view.login_required = False  # type: ignore[attr-defined]
    return view


def declared_action(view: object, method: str = "GET") -> str | None:
    """Return the action a view declares for an HTTP method; API views keep one per method."""
    by_method: dict[str, str] = getattr(view, "zq_actions", {})
    return by_method.get(method) or getattr(view, "zq_action", None)


def declare_api(view: Callable[..., Any], actions: dict[str, str]) -> None:  # Any: Ninja's own view
    """Mark a view of the JSON API with its action per method; strangers get 401 from the API, no redirect."""
    view.zq_actions = actions  # type: ignore[attr-defined]
    view.login_required = False  # type: ignore[attr-defined]


def is_api(view: object) -> bool:
    """Tell whether a view belongs to the JSON API."""
    return hasattr(view, "zq_actions")


def is_public(view: object) -> bool:
    """Tell whether a view is open to anybody."""
    return bool(getattr(view, "zq_public", False))
