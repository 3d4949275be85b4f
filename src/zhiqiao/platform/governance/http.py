"""The request as views see it: with the acting person."""

from __future__ import annotations

from django.http import HttpRequest

from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import User


class ActorRequest(HttpRequest):
    """A request of a signed-in person; the middleware lets no view without `@public` run for anybody else."""

    actor: Actor
    user: User


def api_actor(request: HttpRequest) -> Actor:
    """Return who calls the JSON API; its auth has let nobody else in."""
    return request.actor  # type: ignore[attr-defined, no-any-return]  # set by the middleware, checked by the API's auth
