"""The JSON API: who I am, the directory, its description; 401 for strangers, CSRF for writers, 404 for the rest."""

from __future__ import annotations

import jsonschema_rs
import pytest

from zhiqiao.web.api import api


def test_me_tells_person_roles_and_abilities(alice, sign_in):
    answer = sign_in(alice).get("/api/me").json()
    assert (answer["username"], answer["memberships"][0]["role"]) == ("alice", "programme_head")
    assert answer["memberships"][0]["is_acting"] is True
    assert answer["abilities"]["people.read"] is True
    assert answer["abilities"]["audit.read"] is False


def test_the_directory_can_be_narrowed_by_kind(alice, sign_in):
    rows = sign_in(alice).get("/api/organisations?kind=school").json()
    assert {row["key"] for row in rows} == {
        "school-a",
        "department-a",
        "programme-a",
        "school-b",
        "department-b",
        "programme-b",
    }
    assert rows[1]["parent_key"] == "school-a"


@pytest.mark.parametrize("url", ["/api/me", "/api/organisations"])
def test_a_stranger_gets_401(url, client, db):
    assert client.get(url).status_code == 401


@pytest.mark.parametrize("url", ["/api/organisations"])
def test_a_student_gets_404(url, student, sign_in):
    assert sign_in(student).get(url).status_code == 404


def test_the_description_needs_a_sign_in(alice, sign_in, client):
    assert client.get("/api/openapi.json").status_code == 302
    description = sign_in(alice).get("/api/openapi.json").json()
    assert {"/api/me", "/api/organisations"} <= set(description["paths"])


def test_an_unknown_address_does_not_exist(alice, sign_in):
    assert sign_in(alice).get("/api/nothing").status_code == 404


def test_a_method_that_is_not_declared_is_refused(alice, sign_in):
    assert sign_in(alice).delete("/api/me").status_code == 404


def operations() -> list[tuple[str, dict[str, object]]]:
    paths = api.get_openapi_schema(path_prefix="/api/")["paths"]
    return [
        (path, methods["get"])
        for path, methods in sorted(paths.items())
        if "get" in methods and "{" not in path
    ]


@pytest.mark.parametrize(
    ("path", "operation"), operations(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_answers_keep_to_the_published_schema(path, operation, alice, sign_in):
    description = api.get_openapi_schema(path_prefix="/api/")
    answer = sign_in(alice).get(path)
    assert answer.status_code in {200, 404}
    if answer.status_code == 200:
        schema = operation["responses"][200]["content"]["application/json"]["schema"]
        jsonschema_rs.validate({**schema, "components": description["components"]}, answer.json())
