"""A real browser for tests: one Chromium for the run, a signed-in page for any person, and axe."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from tools.shots import CHROMIUM, FLAGS

from tests import migrated
from tests.browser.site import Site
from tests.requirements import require_or_skip
from zhiqiao.platform.governance.models import User

ROOT = Path(__file__).parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    if not Path(CHROMIUM).exists():
        require_or_skip("browser", f"{CHROMIUM} is not installed")
    if not AXE.exists() or not (ROOT / "src/zhiqiao/web/static/dist/manifest.json").exists():
        require_or_skip("browser", "the front end is not built")
    # Playwright keeps an event loop in this thread; Django would refuse the database beside it
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A whole demo over a data folder of its own, started once for all journeys; migrations have tests of their own."""
    data = tmp_path_factory.mktemp("site") / "data"
    data.mkdir()
    migrated.copy(data / "zhiqiao.sqlite3")
    running = Site(browser, data)
    try:
        running.wait()
        yield running
    finally:
        running.stop()


@pytest.fixture
def context(browser: Browser, live_server: Any) -> Iterator[BrowserContext]:
    """A fresh browser profile on the live server; a fault in the page's console fails the test."""
    faults: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(f"{message.text} ({message.location.get('url', '')})")

    made = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    made.on("console", listen)
    made.on("weberror", lambda error: faults.append(str(error.error)))
    yield made
    made.close()
    assert faults == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of a stranger."""
    return context.new_page()


@pytest.fixture
def signed_in_page(context: BrowserContext, live_server: Any) -> Callable[..., Page]:
    """Return a function that gives a page of a signed-in person: language "zh-hans" or "en", theme, width."""

    def make(user: User, *, language: str = "zh-hans", theme: str = "light", width: int = 1280) -> Page:
        client = Client()
        client.force_login(user)
        cookies = {
            settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
            settings.LANGUAGE_COOKIE_NAME: language,
            "zq_theme": theme,
        }
        context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
        )
        made = context.new_page()
        made.set_viewport_size({"width": width, "height": 800})
        return made

    return make


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Return a function that lists the serious and critical accessibility faults of a page."""

    def run(page: Page) -> list[str]:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        result = page.evaluate("axe.run({ resultTypes: ['violations'] })")
        return [
            f"{fault['id']}: {node['html'][:160]}"
            for fault in result["violations"]
            if fault["impact"] in SERIOUS
            for node in fault["nodes"]
        ]

    return run


@pytest.fixture
def overflow() -> Callable[[Page], int]:
    """Return a function that says by how many pixels a page is wider than its window."""

    def measure(page: Page) -> int:
        return int(page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)"))

    return measure
