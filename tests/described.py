"""Calls of the JSON API whose answers are held against the published description."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import jsonschema_rs
from django.test import Client

from zhiqiao.web.api import api

__all__ = ["call"]


@cache
def _description() -> dict[str, Any]:
    return dict(api.get_openapi_schema(path_prefix="/api/"))


def _operation(method: str, path: str) -> dict[str, Any]:
    """Return the operation of an address; a fixed one goes before one with a parameter in its place."""
    for template in sorted(_description()["paths"], key=lambda one: one.count("{")):
        pattern = re.sub(r"\{\w+\}", "[^/]+", template)
        if re.fullmatch(pattern, path) and method in _description()["paths"][template]:
            return dict(_description()["paths"][template][method])
    raise LookupError(path)


def call(client: Client, url: str, method: str = "get", body: object = None, *, status: int = 200) -> Any:
    """Call, expect a status, hold the answer against its schema and return it."""
    sent = {} if body is None else {"data": body, "content_type": "application/json"}
    answer = getattr(client, method)(url, **sent)
    assert answer.status_code == status, answer.content.decode()[:500]
    responses = _operation(method, url.partition("?")[0])["responses"]
    content = responses[status].get("content")
    if content is None or not answer.content:
        return None
    schema = {**content["application/json"]["schema"], "components": _description()["components"]}
    found = answer.json()
    jsonschema_rs.validate(schema, found)
    return found
