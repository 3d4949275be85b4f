"""The plan editor in two browsers at once: keys, paste, merging, a conflict with both values; fit for a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.integration.apps.teaching.conftest import colleague, draft, programme
from zhiqiao.apps.teaching.document import plan_of
from zhiqiao.apps.teaching.models import PlanVersion
from zhiqiao.apps.teaching.storing import load
from zhiqiao.platform.governance.models import User

__all__ = ["colleague", "draft", "programme"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
PASTE = """text => {
  const held = new DataTransfer();
  held.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: held, bubbles: true }));
}"""


@pytest.fixture
def pages(browser: Browser, live_server: Any) -> Iterator[Callable[[User], Page]]:
    """Return a function that gives each person a browser of their own; conflicts show in the console as they should."""
    made: list[BrowserContext] = []

    def open_for(user: User) -> Page:
        client = Client()
        client.force_login(user)
        context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
        cookie = {"name": settings.SESSION_COOKIE_NAME, "url": live_server.url}
        context.add_cookies([{**cookie, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}])
        made.append(context)
        return context.new_page()

    yield open_for
    for context in made:
        context.close()


def cell(page: Page, key: str, label: str) -> Locator:
    return page.locator(f'[data-grid="courses"] tr[data-key="{key}"] [data-label="{label}"]')


def write(page: Page, key: str, label: str, text: str, *, end: str = "Enter") -> None:
    cell(page, key, label).click()
    page.keyboard.type(text)
    page.keyboard.press(end)


def is_saved(page: Page) -> None:
    expect(page.locator("[data-plan-state]")).to_have_text("已保存")


def opened(page: Page, draft: PlanVersion) -> Page:
    page.goto(reverse("teaching:editor", args=[draft.uuid]))
    expect(page.locator("[data-plan-editor][data-ready]")).to_be_visible()
    return page


def is_chosen(place: Locator) -> None:
    expect(place.locator(":focus")).to_have_count(1)


def keys_do_what_spreadsheets_do(page: Page) -> None:
    """Typing replaces, Enter goes down, Tab goes on, Escape leaves all as it was; findings lead to their cells."""
    write(page, "c14", "学分", "7")
    is_chosen(cell(page, "c15", "学分"))
    write(page, "c14", "总学时", "999", end="Escape")
    expect(cell(page, "c14", "总学时")).not_to_have_text("999")
    write(page, "c14", "总学时", "112", end="Tab")
    is_chosen(cell(page, "c14", "理论"))
    is_saved(page)
    rule = page.locator('[data-rule="TP-21"][data-outcome="fail"]')
    expect(rule).to_be_visible()
    rule.get_by_role("button").first.click()
    is_chosen(page.locator('[data-grid="courses"] tr[data-key="c14"]'))


def other_fields_merge(first: Page, other: Page) -> None:
    """What others did comes by itself, and no word is asked of anybody."""
    write(other, "c14", "课程名称", "程序设计")
    is_saved(other)
    expect(cell(other, "c14", "课程名称")).to_have_text("程序设计")
    expect(cell(other, "c14", "学分")).to_have_text("7")
    expect(cell(first, "c14", "课程名称")).to_have_text("程序设计", timeout=15_000)
    expect(first.locator("[data-plan-news]")).to_contain_text("Dora")


def the_same_field_loses_nobodys_value(first: Page, other: Page) -> None:
    """Who comes second sees both values and chooses; undo and redo take back one's own."""
    first.route("**/changes/**", lambda route: route.abort())
    write(other, "c16", "学分", "3")
    is_saved(other)
    write(first, "c16", "学分", "5")
    clash = first.locator("[data-plan-clashes] li")
    expect(clash).to_contain_text("Dora")
    assert [clash.locator("dd").nth(number).inner_text() for number in (0, 1)] == ["5", "3"]
    credit = cell(first, "c16", "学分")
    expect(credit).to_have_text("3")
    clash.get_by_role("button", name="改成我写的").click()
    is_saved(first)
    for key, text in (("", "5"), ("Control+z", "3"), ("Control+y", "5")):
        if key:
            first.keyboard.press(key)
        expect(credit).to_have_text(text)


def a_block_is_pasted_and_taken_back_at_once(page: Page) -> None:
    rows = page.locator('[data-grid="courses"] tbody tr')
    count = rows.count()
    rows.last.locator('[data-label="总学时"]').click()
    page.keyboard.press("Home")
    lines = [f"专业拓展课程\tx{number}\t拓展{number}\t任选\t2\t32" for number in range(3)]
    page.evaluate(PASTE, "\n".join(lines))
    expect(rows).to_have_count(count + 2)
    is_saved(page)
    page.keyboard.press("Control+z")
    expect(rows).to_have_count(count)
    is_saved(page)


def a_network_that_fails_loses_nothing(page: Page) -> None:
    page.get_by_role("link", name="各部分文字").click()
    page.route("**/operations/**", lambda route: route.abort())
    page.locator("#section-appendix").fill("教学进程表。")
    page.locator("#section-appendix").blur()
    expect(page.locator("[data-plan-state]")).to_contain_text("网络不通")
    page.unroute("**/operations/**")
    is_saved(page)


def test_two_people_edit_one_plan_at_once(
    pages: Callable[[User], Page], draft: PlanVersion, alice: User, colleague: User
) -> None:
    first, other = opened(pages(alice), draft), opened(pages(colleague), draft)
    keys_do_what_spreadsheets_do(first)
    other_fields_merge(first, other)
    the_same_field_loses_nobodys_value(first, other)
    a_block_is_pasted_and_taken_back_at_once(first)
    a_network_that_fails_loses_nothing(first)
    found = plan_of(load(draft).document)
    assert (found.sections or {})["appendix"] == "教学进程表。"
    kept = {one.key: one for one in found.courses or ()}
    assert (kept["c14"].name, kept["c14"].credits, kept["c16"].credits) == ("程序设计", 7, 5)


@pytest.mark.parametrize(
    ("language", "theme", "width", "names"),
    [
        ("zh-hans", "dark", 360, ("version", "editor", "history")),
        ("en", "light", 1280, ("plans", "editor", "compare")),
    ],
)
def test_pages_are_accessible_and_fit(
    signed_in_page: Open,
    axe: Callable[[Page], list[str]],
    overflow: Callable[[Page], int],
    draft: PlanVersion,
    alice: User,
    language: str,
    theme: str,
    width: int,
    names: tuple[str, ...],
) -> None:
    faults = list[str]()
    for name in names:
        path = reverse(f"teaching:{name}", args=[] if name == "plans" else [draft.uuid])
        page = signed_in_page(alice, language=language, theme=theme, width=width)
        page.goto(path, wait_until="networkidle")
        faults += [f"{path} {fault}" for fault in axe(page)]
        if overflow(page):
            faults.append(f"{path} is {overflow(page)} px too wide")
        assert page.locator("main .btn-primary:visible").count() <= 1, path
        page.close()
    assert faults == []
