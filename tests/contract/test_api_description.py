"""The published description of the JSON API: whole, without two schemas of one name, and held by any answer."""

from __future__ import annotations

import json
from collections import Counter
from copy import deepcopy
from typing import Any
from urllib.parse import urlencode

import jsonschema_rs
import pytest
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ninja import Schema
from schemathesis.core import NotSet

from tests.conftest import Places
from tests.factories import person_with
from zhiqiao.infra.db.levels import DataLevel
from zhiqiao.platform.governance.models import Role
from zhiqiao.web.api import LIMIT, api

DESCRIPTION = api.get_openapi_schema(path_prefix="/api/")
LEVELLED = {"supply", "forecasts", "competency", "weights", "balance", "rules"}
OPERATIONS = [
    (path, method, operation)
    for path, methods in sorted(DESCRIPTION["paths"].items())
    for method, operation in methods.items()
]
NEW = [one for one in OPERATIONS if LEVELLED & set(one[2]["tags"])]


def _schemas(base: type[Schema] = Schema) -> list[type[Schema]]:
    found = []
    for one in base.__subclasses__():
        found += [one, *_schemas(one)]
    return found


def test_no_two_schemas_share_a_name() -> None:
    # Ninja keeps the first of a name and describes both by it
    ours = {one for one in _schemas() if one.__module__.startswith("zhiqiao.")}
    names = Counter(one.__name__ for one in ours)
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize(("path", "method", "operation"), NEW, ids=lambda value: str(value)[:60])
def test_every_call_says_what_it_does_its_level_and_how_it_refuses(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    assert operation["summary"]
    assert operation["description"]
    assert operation["x-data-level"] in set(DataLevel)
    assert {401, 404, 429} <= set(operation["responses"])
    assert method == "get" or {409, 422} <= set(operation["responses"])
    if method == "get" and "items" in str(operation["responses"]) and "{" not in path:
        assert {"page", "size"} <= {one["name"] for one in operation["parameters"]}


def test_nobody_asks_without_end(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LIMIT, "num_requests", 3)
    LIMIT.cache.clear()
    client = Client()
    client.force_login(person_with(Role.BUREAU_OFFICER, places.bureau, username="busy"))
    answers = [client.get("/api/forecasts").status_code for _turn in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    other = Client()
    other.force_login(person_with(Role.BUREAU_OFFICER, places.bureau, username="calm"))
    assert other.get("/api/forecasts").status_code == 200
    LIMIT.cache.clear()


FUZZED = schemathesis.openapi.from_dict(deepcopy(DESCRIPTION))
CASES = [
    operation.ok()
    for operation in FUZZED.get_all_operations()
    if LEVELLED & set(operation.ok().definition.raw["tags"])
]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "role", [Role.BUREAU_OFFICER, Role.ENTERPRISE_HR, Role.SCHOOL_ADMIN, Role.ASSOCIATION_OFFICER]
)
def test_whatever_is_sent_the_answer_is_as_described(places: Places, role: Role) -> None:
    place = {
        Role.BUREAU_OFFICER: places.bureau,
        Role.ENTERPRISE_HR: places.enterprise,
        Role.SCHOOL_ADMIN: places.school,
        Role.ASSOCIATION_OFFICER: places.association,
    }[role]
    client = Client(raise_request_exception=True)
    client.force_login(person_with(role, place, username="fuzzer"))

    @settings(
        max_examples=60, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None
    )
    @given(st.sampled_from(CASES).flatmap(lambda one: one.as_strategy()))
    def send(case: Any) -> None:
        with transaction.atomic():
            _hold(client, case)
            transaction.set_rollback(True)

    LIMIT.cache.clear()
    send()


def _hold(client: Client, case: Any) -> None:
    body = {} if isinstance(case.body, NotSet) else {"data": case.body}
    url = f"{case.formatted_path}?{urlencode(case.query or {}, doseq=True)}"
    if not url.isascii() or "%00" in url:
        return
    answer = client.generic(
        case.method, url, data=_json(body["data"]) if body else b"", content_type="application/json"
    )
    assert answer.status_code < 500, (case.method, url)
    described = {int(code): told for code, told in case.operation.definition.raw["responses"].items()}
    if answer.status_code not in described:
        assert answer.status_code in {400, 422}, (case.method, url, answer.status_code)
        return
    content = described[answer.status_code].get("content")
    if content and answer.content:
        schema = {**content["application/json"]["schema"], "components": DESCRIPTION["components"]}
        jsonschema_rs.validate(schema, answer.json())


def _json(value: object) -> bytes:

    return json.dumps(value).encode()
