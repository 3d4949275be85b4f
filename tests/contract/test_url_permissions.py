"""Every address of pages and API, as every role and as a stranger: nothing without a declared action."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.factories import person_with
from zhiqiao.platform.governance.access import ACTIONS, Scope, declared_action, is_api, is_public
from zhiqiao.platform.governance.models import Role

#: What stands open to strangers, by the start of the address; everything else asks who one is.
OPEN = ("accounts/", "answers/", "healthz", "invitations/", "language", "theme", "help/")
#: A value for each kind of argument; it names nothing that exists.
SAMPLES = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "int": "999999999",
    "slug": "nothing",
    "str": "nothing",
    "path": "nothing",
}


@dataclass(frozen=True)
class Address:
    """One address of the product with its view."""

    route: str
    view: object
    has_arguments: bool

    def __str__(self) -> str:
        return self.route or "/"


def walk(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[Address]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, route)
        else:
            yield Address(sample(route), pattern.callback, "<" in route or "(?P" in route)


def sample(route: str) -> str:
    text = route.replace("^", "").replace("$", "")
    while "(?P<" in text:
        start = text.index("(?P<")
        text = text[:start] + "nothing" + text[text.index(")", start) + 1 :]
    while "<" in text:
        start, end = text.index("<"), text.index(">")
        kind = text[start + 1 : end].split(":")[0] if ":" in text[start:end] else "str"
        text = text[:start] + SAMPLES[kind] + text[end + 1 :]
    return text


ADDRESSES = sorted(walk(get_resolver().url_patterns), key=str)
GUARDED = [address for address in ADDRESSES if not is_public(address.view)]
#: Pages that exist for a person who has set one-time codes up.
NEEDS_CODES = (
    "accounts/2fa/recovery-codes/",
    "accounts/2fa/recovery-codes/download/",
    "accounts/2fa/totp/deactivate/",
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def action_of(address: Address) -> str:
    found = [key for method in METHODS if (key := declared_action(address.view, method))]
    assert found, f"{address} declares no action"
    return found[0]


#: The kind of organisation each role is tried in; a school where none is named.
HOMES = {
    "bureau_officer": "government",
    "data_officer": "government",
    "enterprise_hr": "enterprise",
    "enterprise_mentor": "enterprise",
    "association_officer": "association",
    "system_admin": "operator",
    "security_admin": "operator",
    "audit_admin": "operator",
}


@pytest.fixture
def clients(places) -> dict[str, Client]:
    """A signed-in browser per role."""
    places_of = {
        "government": places.bureau,
        "enterprise": places.enterprise,
        "association": places.association,
        "operator": places.operator,
    }
    homes = {role: places_of[kind] for role, kind in HOMES.items()}
    clients = {}
    for role in Role.values:
        clients[role] = Client()
        clients[role].force_login(person_with(Role(role), homes.get(role, places.programme), username=role))
    return clients


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_an_address_declares_an_action_or_is_one_of_the_open_ones(address):
    if is_public(address.view):
        assert address.route.startswith(OPEN), f"{address} is open to strangers and not on the list"
    else:
        assert action_of(address) in ACTIONS


@pytest.mark.parametrize("address", GUARDED, ids=str)
def test_a_stranger_is_sent_to_sign_in_or_told_401(address, client, db):
    for method in ("get", "post"):
        answer = getattr(client, method)(f"/{address}".replace("//", "/"))
        if is_api(address.view):
            # a method the address does not have is 404; Ninja tells a writing stranger first of the token (403)
            assert answer.status_code in (
                {401} if declared_action(address.view, "GET") and method == "get" else {401, 403, 404}
            )
        else:
            assert answer.status_code == 302
            assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("address", GUARDED, ids=str)
def test_a_role_without_the_action_gets_404_and_one_with_it_does_not(address, clients):
    key = action_of(address)
    url = f"/{address}".replace("//", "/")
    for role, client in clients.items():
        client.raise_request_exception = False
        granted = ACTIONS[key].scope_of(role, HOMES.get(role, "school")) is not Scope.NONE
        read = client.get(url).status_code
        if not granted:
            assert read == 404, f"{role} reads {url}"
            assert client.post(url).status_code == 404, f"{role} writes {url}"
        elif not address.has_arguments and address.route not in NEEDS_CODES:
            assert read not in {404, 500}, f"{role} should reach {url}: {read}"
        else:
            assert read != 500, f"{role} breaks {url}"
