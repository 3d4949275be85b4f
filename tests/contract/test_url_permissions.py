"""Every address of pages and API, as every role and as a stranger: nothing without a declared action."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.http import HttpResponseNotFound
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.factories import person_with
from zhiqiao.platform.governance import middleware
from zhiqiao.platform.governance.access import ACTIONS, Scope, declared_action, is_api, is_public
from zhiqiao.platform.governance.models import Role
from zhiqiao.web import urls

#: What stands open to strangers, by the start of the address; everything else asks who one is.
OPEN = ("accounts/", "answers/", "healthz", "invitations/", "language", "theme", "help/", "survey/")
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


@dataclass(frozen=True)
class Answer:
    """What an address answered to a method."""

    address: Address
    method: str
    status: int
    location: str


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
SIGN_IN = "/accounts/login/"
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
def plain_404(monkeypatch):
    """Answer 404 without page, log and entry in the trail, which cost more than the request: the status is asked for.

    That a refusal is put on record is tested with the audit trail.
    """
    monkeypatch.setattr(urls, "handler404", lambda request, exception: HttpResponseNotFound())
    monkeypatch.setattr(middleware, "audit", lambda *args, **kwargs: None)
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)


@pytest.fixture
def client_of(places) -> Callable[[str], Client]:
    """Return a function that signs a person of a role in."""
    places_of = {
        "government": places.bureau,
        "enterprise": places.enterprise,
        "association": places.association,
        "operator": places.operator,
        "school": places.programme,
    }

    def _client_of(role: str) -> Client:
        client = Client(raise_request_exception=False)
        person = person_with(Role(role), places_of[HOMES.get(role, "school")], username=role)
        client.force_login(person)
        client.get("/healthz")  # writes into the session that it was used, once instead of in every request
        return client

    return _client_of


def statuses(client: Client, methods: Iterable[str], addresses: Iterable[Address]) -> Iterator[Answer]:
    """Ask each address by each method; nothing that an answer writes is left for the next one."""
    for address in addresses:
        url = f"/{address}".replace("//", "/")
        for method in methods:
            with transaction.atomic():
                answer = getattr(client, method.lower())(url)
                transaction.set_rollback(True)
            yield Answer(address, method, answer.status_code, answer.headers.get("Location", ""))


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_an_address_declares_an_action_or_is_one_of_the_open_ones(address):
    if is_public(address.view):
        assert address.route.startswith(OPEN), f"{address} is open to strangers and not on the list"
    else:
        assert action_of(address) in ACTIONS


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_stranger_is_sent_to_sign_in_or_told_401(method, client, db):
    faults = [
        f"a stranger's {method} of /{answer.address}: {answer.status} {answer.location}"
        for answer in statuses(client, [method], GUARDED)
        if not is_sent_away(answer)
    ]
    assert not faults, "\n".join(faults)


def is_sent_away(answer: Answer) -> bool:
    """Tell whether a stranger was asked to sign in."""
    view = answer.address.view
    if is_api(view):
        # a method the address does not have is 404; Ninja tells a writing stranger first of the token (403)
        reads = declared_action(view, "GET") and answer.method == "GET"
        return answer.status in ({401} if reads else {401, 403, 404})
    return answer.status == 302 and answer.location.startswith(SIGN_IN)


@pytest.mark.parametrize("role", Role.values)
def test_a_role_without_the_action_gets_404_and_one_with_it_does_not(role, client_of, plain_404):
    client = client_of(role)
    denied, granted = [], []
    for address in GUARDED:
        scope = ACTIONS[action_of(address)].scope_of(role, HOMES.get(role, "school"))
        (denied if scope is Scope.NONE else granted).append(address)
    assert denied, f"{role} may open everything"
    assert granted, f"{role} may open nothing"
    faults = [answer for answer in statuses(client, ["GET", "POST"], denied) if answer.status != 404]
    faults += [answer for answer in statuses(client, ["GET"], granted) if not is_reached(answer)]
    told = [f"{role}: {one.method} /{one.address} is {one.status} {one.location}" for one in faults]
    assert not told, "\n".join(told)


def is_reached(answer: Answer) -> bool:
    """Tell whether a person who may open an address got to it; a sample argument names nothing that exists."""
    if answer.location.startswith(SIGN_IN):
        return False  # signed out on the way: no answer after this one would say anything
    if answer.address.has_arguments or answer.address.route in NEEDS_CODES:
        return answer.status != 500
    return answer.status not in {404, 500}
