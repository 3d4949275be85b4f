"""The components in a real browser: accessible, usable by keyboard, fit for a phone, within their budget."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from zhiqiao.platform.governance.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
OWN_PAGES = ["/", "/doors/", "/doors/learning/", "/search?q=x", "/help/", "/styleguide/"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_serious_fault_on_the_shells_pages(
    signed_in_page: Open, axe: Callable[[Page], list[str]], alice: User, language: str, theme: str
) -> None:
    page = signed_in_page(alice, language=language, theme=theme)
    for path in OWN_PAGES:
        page.goto(path, wait_until="networkidle")
        assert axe(page) == [], path


def test_no_serious_fault_on_the_sign_in_page(page: Page, axe: Callable[[Page], list[str]]) -> None:
    page.goto("/accounts/login/")
    assert axe(page) == []


@pytest.mark.parametrize("width", [360, 768, 1920])
def test_no_page_of_the_shell_scrolls_sideways(
    signed_in_page: Open, overflow: Callable[[Page], int], alice: User, width: int
) -> None:
    page = signed_in_page(alice, width=width)
    for path in OWN_PAGES:
        page.goto(path, wait_until="networkidle")
        assert overflow(page) == 0, path


def test_the_drawer_keeps_the_focus_and_gives_it_back(signed_in_page: Open, alice: User) -> None:
    page = signed_in_page(alice)
    page.goto("/styleguide/")
    mark = page.locator(".zq-evidence").first
    mark.focus()
    page.keyboard.press("Enter")
    drawer = page.locator("#zq-drawer")
    expect(drawer).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        inside = "document.activeElement === document.body || !!document.activeElement.closest('#zq-drawer')"
        assert page.evaluate(inside)
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(mark).to_be_focused()


def test_the_drawer_walks_on_and_back(signed_in_page: Open, alice: User) -> None:
    page = signed_in_page(alice)
    page.goto("/styleguide/")
    page.locator(".zq-evidence").first.click()
    title = page.locator("#zq-drawer [data-zq-title]")
    expect(title).to_have_text("样例占比")
    expect(page.locator("#zq-drawer-back")).to_be_hidden()
    page.locator("#zq-drawer .zq-walk").first.click()
    expect(page.locator("#zq-drawer mark")).to_have_text("陶瓷封装工艺")
    page.locator("#zq-drawer-back").click()
    expect(title).to_have_text("样例占比")
    expect(page.locator("#zq-drawer-back")).to_be_hidden()


def test_a_table_sorts_by_keyboard_and_keeps_the_focus(signed_in_page: Open, alice: User) -> None:
    page = signed_in_page(alice)
    page.goto("/styleguide/")
    head = page.locator("#table-sample-skills-count")
    head.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#table-sample-skills th[aria-sort]")).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("#table-sample-skills-count")).to_be_focused()
    expect(page.locator("#table-sample-skills tbody th").first).to_have_text("统计过程控制")
    expect(page).to_have_url(re.compile("order=count"))


def test_choosing_rows_counts_them(signed_in_page: Open, alice: User) -> None:
    page = signed_in_page(alice)
    page.goto("/styleguide/")
    page.locator("[data-zq-all]").check()
    expect(page.locator("[data-zq-chosen]")).to_have_text("4")


def test_charts_answer_keys_and_turn_into_tables(signed_in_page: Open, alice: User) -> None:
    page = signed_in_page(alice)
    page.goto("/styleguide/", wait_until="networkidle")
    chart = page.locator("#chart-sample-bar zq-chart")
    expect(chart.locator("canvas")).to_be_visible()
    chart.locator("#canvas").focus()
    page.keyboard.press("ArrowRight")
    expect(chart.locator("[aria-live]")).to_contain_text("12.6%")
    chart.get_by_role("button", name="看表格").click()
    expect(chart.locator("table")).to_be_visible()
    page.locator("#chart-sample-bar").get_by_role("button", name="看图").click()
    expect(chart.locator("table")).to_be_hidden()


def test_a_destructive_button_asks_first(signed_in_page: Open, alice: User) -> None:
    page = signed_in_page(alice)
    page.goto("/styleguide/")
    page.get_by_role("button", name="撤回").click()
    expect(page.locator("#zq-confirm")).to_contain_text("31,428")
    page.keyboard.press("Escape")
    expect(page.locator("#zq-confirm")).to_be_hidden()
    expect(page).not_to_have_url(re.compile(r"\?"))


def test_slash_goes_to_the_search(signed_in_page: Open, alice: User) -> None:
    page = signed_in_page(alice)
    page.goto("/")
    page.keyboard.press("/")
    expect(page.locator("#zq-search")).to_be_focused()


def test_the_theme_changes_at_once_and_stays(signed_in_page: Open, alice: User) -> None:
    page = signed_in_page(alice)
    page.goto("/")
    page.locator(".zq-top details:has([data-zq-theme]) summary").first.click()
    page.locator(".zq-top button[value='dark']").first.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "zhiqiao-dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "zhiqiao-dark")


def test_the_shell_works_without_a_script(signed_in_page: Open, alice: User) -> None:
    page = signed_in_page(alice)
    page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto("/styleguide/")
    expect(page.locator("#chart-sample-bar table")).to_be_attached()
    page.locator(".zq-evidence").first.click()
    expect(page).to_have_url(re.compile("/evidence/sample/"))
