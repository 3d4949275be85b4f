"""What every page's frame needs: doors and pages of the acting role, whom one acts for, unread notices, looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.ui import formats
from zhiqiao.infra.ui.shell_types import NavItem, Text
from zhiqiao.platform.governance.api import Actor, Membership, Role, current_memberships, unread_count
from zhiqiao.web import doors, packages
from zhiqiao.web.doors import Door

HOME_LABEL, ALL_LABEL = _("首页"), _("全部")
OTHER_PAGES = {
    "act_as": "governance:act_as",
    "notices": "governance:notices",
    "account": "governance:account",
}
FEW_PAGES = 8
THEMES = {"light": "zhiqiao", "dark": "zhiqiao-dark"}


@dataclass(frozen=True)
class PageLink:
    """A page in the navigation; `is_current` when the request is on it or below it."""

    label: Text
    url: str
    icon: str
    is_current: bool = False
    note: Text = ""
    group: str = ""


@dataclass(frozen=True)
class GroupLinks:
    """The pages of a door under one heading; an empty heading for pages that stand under none."""

    label: Text
    pages: Sequence[PageLink]
    is_open: bool


@dataclass(frozen=True)
class DoorLink:
    """A door in the navigation with its pages."""

    key: str
    label: Text
    short: Text
    icon: str
    url: str
    pages: Sequence[PageLink]
    is_current: bool
    groups: Sequence[GroupLinks] = ()


@dataclass(frozen=True)
class ActingFor:
    """One of the memberships a person can act under."""

    id: int
    organisation: str
    role: Text
    is_current: bool


class Shell:
    """The values of the frame, each made when a template first asks."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.actor: Actor | None = getattr(request, "actor", None)
        self.theme = request.COOKIES.get("zq_theme", "system")
        self.theme_name = THEMES.get(self.theme, "")
        self.side = "narrow" if request.COOKIES.get("zq_side") == "narrow" else "wide"

    @cached_property
    def _memberships(self) -> list[Membership]:
        user_id = self.actor.user_id if self.actor else None
        return current_memberships(user_id) if user_id else []

    @cached_property
    def acting(self) -> list[ActingFor]:
        """Return the memberships to switch between."""
        chosen = self.actor.membership_id if self.actor else None
        return [
            ActingFor(
                row.id, formats.named(row.organisation), Role(row.role).label, is_current=row.id == chosen
            )
            for row in self._memberships
        ]

    @cached_property
    def acting_now(self) -> ActingFor | None:
        """Return the membership one acts under."""
        return next((row for row in self.acting if row.is_current), None)

    @cached_property
    def is_demo(self) -> bool:
        """Tell whether the acting organisation was made up for demonstration."""
        chosen = self.actor.membership_id if self.actor else None
        return any(row.organisation.is_demo for row in self._memberships if row.id == chosen)

    @cached_property
    def unread(self) -> int:
        """Return the number of unread notices."""
        return unread_count(self.actor.user_id) if self.actor and self.actor.user_id else 0

    @cached_property
    def _items(self) -> list[NavItem]:
        return packages.navigation(self.actor) if self.actor else []

    @cached_property
    def _links(self) -> list[tuple[str, PageLink]]:
        """Return door and link of every page; the longest address that leads to this page is the current one."""
        links = [
            (
                item.door,
                PageLink(item.label, reverse(item.url_name), item.icon, note=item.note, group=item.group),
            )
            for item in self._items
        ]
        path = self._request.path
        here = [link.url for _door, link in links if path.startswith(link.url)]
        for item, (_door, link) in zip(self._items, links, strict=True):
            here += [link.url for name in item.also if path.startswith(reverse(name))]
        current = max(here, key=len, default="")
        return [(door, replace(link, is_current=link.url == current)) for door, link in links]

    @cached_property
    def doors(self) -> list[DoorLink]:
        """Return the five doors with the pages the actor may open."""
        found = []
        for door in doors.DOORS:
            url = reverse("door", args=[door.key])
            pages = [link for key, link in self._links if key == door.key]
            is_current = self._request.path == url or any(link.is_current for link in pages)
            found.append(
                DoorLink(
                    door.key, door.label, door.short, door.icon, url, pages, is_current, grouped(door, pages)
                )
            )
        return found

    @cached_property
    def administration(self) -> list[PageLink]:
        """Return the pages that stand below the doors."""
        return [link for key, link in self._links if not key]

    @cached_property
    def bottom(self) -> list[PageLink]:
        """Return at most five entries for the bottom bar of a phone: home, the doors with pages, all doors."""
        here = self._request.path
        home = PageLink(HOME_LABEL, reverse("home"), "house", is_current=here == reverse("home"))
        full = [PageLink(d.short, d.url, d.icon, d.is_current) for d in self.doors if d.pages][:3]
        all_doors = PageLink(ALL_LABEL, reverse("doors"), "menu", is_current=here == reverse("doors"))
        return [home, *full, all_doors]

    @cached_property
    def addresses(self) -> dict[str, str]:
        """Return addresses of other packages' pages; one that is not there is left out of the frame."""
        found = {}
        for key, name in OTHER_PAGES.items():
            try:
                found[key] = reverse(name)
            except NoReverseMatch:
                continue
        return found


def grouped(door: Door, pages: Sequence[PageLink]) -> list[GroupLinks]:
    """Return a door's pages under its headings in their order, first those that stand under none.

    Where there are many, only the heading of the page one is on stands open: the side bar stays within the window.
    """
    known = dict(door.groups)
    found = []
    for key, label in [("", ""), *door.groups]:
        inside = [page for page in pages if (page.group if page.group in known else "") == key]
        is_open = len(pages) <= FEW_PAGES or any(page.is_current for page in inside)
        if inside:
            found.append(GroupLinks(label, inside, is_open))
    return found


def shell(request: HttpRequest) -> dict[str, object]:
    """Return the frame's values for templates."""
    return {"shell": Shell(request)}
