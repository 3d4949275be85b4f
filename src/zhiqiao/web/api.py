"""The JSON API: routers of the packages under one address, with session sign-in and default deny."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI
from ninja.operation import PathView
from ninja.responses import Response
from ninja.security import SessionAuth

from zhiqiao import __version__
from zhiqiao.infra.rest import PersonRate
from zhiqiao.platform.governance.access import action, declare_api, declared_action
from zhiqiao.platform.governance.api import Actor

#: Calls of one person; a page of 200 rows at a time, this is 2,000 rows a second.
LIMIT = PersonRate("600/m")


class ActorAuth(SessionAuth):
    """Knows a caller by the session of the pages; CSRF is checked for every writing call."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:  # noqa: ARG002
        """Return who acts; None answers 401."""
        actor: Actor | None = getattr(request, "actor", None)
        return actor


api = NinjaAPI(
    title="Zhiqiao 职桥",
    version=__version__,
    description="What the pages show, for other systems. One signs in as on the pages.",
    auth=ActorAuth(),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
    throttle=LIMIT,
)


def _add_routers() -> None:
    for config in apps.get_app_configs():
        name = f"{config.name}.rest"
        if config.name.startswith("zhiqiao.") and find_spec(name):
            api.add_router("", import_module(name).router)


def _declare_actions() -> None:
    """Give each view of the API its actions by method, so that the middleware refuses what declares none."""
    for router in api._get_bound_routers():
        for path_view in router.path_operations.values():
            view = path_view.get_view()
            declare_api(view, _actions(path_view))
            path_view.get_view = partial(_same, view)  # type: ignore[method-assign]  # Ninja makes a new one each time


def _actions(path_view: PathView) -> dict[str, str]:
    found = {}
    for operation in path_view.operations:
        key = declared_action(operation.view_func)
        if key is not None:
            found.update(dict.fromkeys(operation.methods, key))
    return found


def _same(view: Callable[..., Any]) -> Callable[..., Any]:  # Any: Ninja's own view
    return view


@action("home.read")
def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Describe the API; signed-in people only."""
    return Response(api.get_openapi_schema(path_prefix="/api/"))


_add_routers()
_declare_actions()
urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", openapi, name="openapi"),
    # Ninja's own root page only answers 404
    *(pattern for pattern in api.urls[0] if getattr(pattern, "name", "") != "api-root"),
]
