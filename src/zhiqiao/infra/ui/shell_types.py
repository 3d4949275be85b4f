"""What packages tell the shell about themselves: pages, search hits, figures and tasks of a home page.

A package puts these into its `shell.py`: `NAVIGATION: list[NavItem]`, `search(actor, query, limit) -> list[Hit]`,
`home_cards(actor) -> list[Card]`, `todos(actor) -> list[Todo]`, `recent(actor, limit) -> list[Recent]`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class NavItem:
    """A page in the navigation of a door; an empty door means the administration below the doors.

    `also` names further pages that belong to the entry though their addresses do not stand below it; `group` is the
    heading of the door it stands under, `note` one short sentence for the door's page.
    """

    door: str
    label: Text
    url_name: str
    action: str
    icon: str = "file-text"
    order: int = 50
    also: tuple[str, ...] = ()
    group: str = ""
    note: Text = ""


@dataclass(frozen=True)
class Hit:
    """One result of the search; hits of one kind stand together."""

    title: str
    kind_label: Text
    url: str
    note: Text = ""


@dataclass(frozen=True)
class Card:
    """A figure that matters on a role's home page; `evidence` is the kind and uuid the drawer opens.

    A `value` of None is shown as unknown with `hint` as the reason.
    """

    title: Text
    value: str | None
    url: str
    evidence: tuple[str, str] | None = None
    hint: Text = ""


@dataclass(frozen=True)
class Todo:
    """Something that needs the person now; those with the nearest date come first."""

    title: Text
    url: str
    due: dt.date | None = None
    note: Text = ""


@dataclass(frozen=True)
class Recent:
    """A piece of the person's own recent work."""

    title: str
    kind_label: Text
    url: str
    at: dt.datetime
