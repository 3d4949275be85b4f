"""`/healthz` for the start command and for monitors."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client

from zhiqiao import __version__
from zhiqiao.infra.jobs import liveness

pytestmark = pytest.mark.django_db


def test_a_stranger_may_ask(client: Client) -> None:
    told = client.get("/healthz").json()
    assert told["version"] == __version__
    assert told["database"]["state"] == "ok"
    assert set(told) == {"status", "version", "database", "worker", "assets"}


def test_without_a_worker_it_is_degraded(client: Client) -> None:
    told = client.get("/healthz")
    assert told.status_code == 200
    assert told.json()["worker"] == {"state": "silent", "alive": 0}
    assert told.json()["status"] == "degraded"


def test_a_beating_worker_is_counted(client: Client) -> None:
    liveness.beat("w")
    assert client.get("/healthz").json()["worker"] == {"state": "ok", "alive": 1}


def test_without_a_database_it_is_down(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_now: object) -> int:
        raise OperationalError

    monkeypatch.setattr("zhiqiao.web.health.workers_alive", broken)
    told = client.get("/healthz")
    assert (told.status_code, told.json()["status"]) == (503, "down")


def test_it_only_answers_questions(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
