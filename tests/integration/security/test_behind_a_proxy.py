"""Behind a reverse proxy that serves TLS: no endless redirect, secure cookies, the visitor's own address."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.test import RequestFactory

from zhiqiao.cli.up import _own_name
from zhiqiao.infra.config import config
from zhiqiao.platform.governance.sessions import address_of

ASK = """
import json, django; django.setup()
from django.conf import settings
from django.test import Client
def ask(address, **more):
    answer = Client().get(address, headers={"host": "localhost"}, REMOTE_ADDR="10.0.0.1", **more)
    return [answer.status_code, answer.get("Location", ""), answer.get("Strict-Transport-Security", "")]
print(json.dumps({
    "plain": ask("/nowhere"),
    "forwarded": ask("/nowhere", HTTP_X_FORWARDED_PROTO="https"),
    "health": ask("/healthz"),
    "secure": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.LANGUAGE_COOKIE_SECURE],
}))
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Ask a process that was started with ZHIQIAO_TLS; the settings of this one are read already."""
    place = {"ZHIQIAO_TLS": "true", "ZHIQIAO_DATA": str(tmp_path_factory.mktemp("tls"))}
    environment = {
        **os.environ,
        **place,
        "DJANGO_SETTINGS_MODULE": "zhiqiao.web.settings",
        "ZHIQIAO_DATABASE_URL": "",
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_plain_http_is_sent_to_tls(served):
    assert served["plain"][:2] == [301, "https://localhost/nowhere"]


def test_what_the_proxy_got_by_tls_is_answered(served):
    status, _location, hsts = served["forwarded"]
    assert status != 301
    assert hsts.startswith("max-age=31536000")


def test_health_is_asked_without_tls(served):
    assert served["health"][0] != 301


def test_cookies_travel_by_tls_only(served):
    assert served["secure"] == [True, True, True]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.9", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "1" * 500, "1" * 60),
    ],
)
def test_only_our_own_proxies_are_believed(monkeypatch, proxies, forwarded, address):
    monkeypatch.setattr(config(), "trusted_proxies", proxies)
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert address_of(request) == address


@pytest.mark.parametrize(
    ("hosts", "name"),
    [
        ("localhost,127.0.0.1", "localhost"),
        ("zhiqiao.school.cn", "zhiqiao.school.cn"),
        (" .school.cn , other", "school.cn"),
        ("*", "localhost"),
        ("", "localhost"),
    ],
)
def test_the_start_command_asks_by_a_name_the_server_answers_to(monkeypatch, hosts, name):
    monkeypatch.setattr(config(), "allowed_hosts", hosts)
    assert _own_name() == name
