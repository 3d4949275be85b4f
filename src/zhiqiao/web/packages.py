"""What the packages offer to the shell: reads their `shell.py`, holds nothing of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from django.apps import apps

from zhiqiao.infra.ui.shell_types import Card, Hit, NavItem, Recent, Todo
from zhiqiao.platform.governance.api import Actor, can

FAR = dt.date.max


@cache
def shells() -> tuple[ModuleType, ...]:
    """Return the `shell` modules of the installed packages, in the order of the settings."""
    names = [
        f"{config.name}.shell" for config in apps.get_app_configs() if config.name.startswith("zhiqiao.")
    ]
    return tuple(import_module(name) for name in names if find_spec(name))


def _offers(name: str) -> Iterator[Callable[..., Any]]:  # Any: each offer has its own signature
    for shell in shells():
        function = getattr(shell, name, None)
        if function is not None:
            yield function


def navigation(actor: Actor) -> list[NavItem]:
    """Return the pages the actor may open, by door and order."""
    items = [item for shell in shells() for item in getattr(shell, "NAVIGATION", ())]
    return sorted((item for item in items if can(actor, item.action)), key=lambda item: item.order)


def cards(actor: Actor, *, limit: int) -> list[Card]:
    """Return the figures that matter to the actor's role."""
    return [card for offer in _offers("home_cards") for card in offer(actor)][:limit]


def todos(actor: Actor, *, limit: int) -> list[Todo]:
    """Return what needs the actor now, the nearest date first."""
    found: list[Todo] = [todo for offer in _offers("todos") for todo in offer(actor)]
    return sorted(found, key=lambda todo: todo.due or FAR)[:limit]


def recent(actor: Actor, *, limit: int) -> list[Recent]:
    """Return the actor's recent work, the latest first."""
    found: list[Recent] = [entry for offer in _offers("recent") for entry in offer(actor, limit)]
    return sorted(found, key=lambda entry: entry.at, reverse=True)[:limit]


def search(actor: Actor, query: str, *, limit: int) -> dict[str, list[Hit]]:
    """Return what the actor may see and the query finds, by kind; each package gives up to `limit` hits."""
    groups: dict[str, list[Hit]] = {}
    for offer in _offers("search"):
        for hit in offer(actor, query, limit):
            groups.setdefault(str(hit.kind_label), []).append(hit)
    return groups
