"""Pages of supply and regional facts in a real browser: accessible, light and dark, fit for a phone, one language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.test_pages import NAMES, READ, WORDS, foreign
from tests.factories import person_with
from tests.perf.test_supply_queries import PAGES
from zhiqiao import packs
from zhiqiao.platform.data.catalogue import load_industries, load_skills
from zhiqiao.platform.data.region import load_programmes
from zhiqiao.platform.data.supply.loading import load_regional, load_supply
from zhiqiao.platform.governance.api import Organisation, Role, User, load_organisations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]


@pytest.fixture
def people(transactional_db: None) -> dict[tuple[Role, str], User]:
    """The shipped region's supply, and one person for each desk that the pages are opened from."""
    pack = packs.folder("bazhong")
    load_skills(packs.folder("common", "skills"))
    load_industries(pack)
    load_organisations(pack, is_demo=True)
    load_programmes(pack, is_demo=True)
    load_regional(pack)
    load_supply(pack, is_demo=True)
    desks = dict.fromkeys(desk for desk, _address in PAGES.values())
    return {(role, place): person_with(role, Organisation.objects.get(key=place)) for role, place in desks}


@pytest.mark.parametrize(("language", "theme", "width"), [("zh-hans", "dark", 360)])
def test_pages_are_accessible_fit_and_speak_one_language(
    signed_in_page: Open,
    axe: Callable[[Page], list[str]],
    overflow: Callable[[Page], int],
    people: dict[tuple[Role, str], User],
    language: str,
    theme: str,
    width: int,
) -> None:
    addresses = [(desk, address()) for desk, address in PAGES.values()]
    empty = [((Role.BUREAU_OFFICER, "bz-bureau"), reverse("data:project_new"))]
    faults: list[str] = []
    for desk, path in [*addresses, *empty]:
        page = signed_in_page(people[desk], language=language, theme=theme, width=width)
        page.goto(path, wait_until="load")
        faults += [f"{path} {fault}" for fault in axe(page)]
        if overflow(page):
            faults.append(f"{path} is {overflow(page)} px too wide")
        faults += [
            f"{path} {fault}"
            for fault in foreign(page.evaluate(READ, [WORDS, NAMES]), language=language, path=path)
        ]
        assert page.locator("main .btn-primary:visible").count() <= 1, path
        page.close()
    assert faults == []
