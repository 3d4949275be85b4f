"""Takes pictures of the pages of a running demo (`make up`): roles, languages, themes, widths; `make shots` calls it.

    python tools/shots.py --url http://127.0.0.1:8000 --out shots [--user NAME …] [--quick]

Pages are found by walking: from home through the navigation and one link of each address pattern behind it.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = {"desktop": (1440, 900), "phone": (360, 740), "wall": (1920, 1080)}
LOOKS = [
    ("zh-hans", "light", "desktop"),
    ("zh-hans", "light", "phone"),
    ("zh-hans", "dark", "desktop"),
    ("en", "light", "desktop"),
    ("en", "dark", "phone"),
    ("zh-hans", "light", "wall"),
]
VARIABLE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)[0-9]+(?=/)")
NEVER = re.compile(r"/(accounts/logout|.*export|.*\.(xlsx|csv|zip)$|api/|static/)")


def pattern(path: str) -> str:
    """Return an address with its variable parts left out, so that one of each kind is taken."""
    return VARIABLE.sub("…", path)


def links(page: Page, base: str) -> Iterator[str]:
    """Yield the addresses of our own pages that a page leads to, without queries."""
    for address in page.eval_on_selector_all("a[href]:not([download])", "all => all.map(one => one.href)"):
        parts = urlsplit(address)
        if address.startswith(base) and not NEVER.match(parts.path):
            yield parts.path


def walk(page: Page, base: str, *, limit: int) -> list[str]:
    """Return one address of each pattern that can be reached from home."""
    found: dict[str, str] = {}
    waiting = ["/"]
    while waiting and len(found) < limit:
        path = waiting.pop(0)
        if pattern(path) in found:
            continue
        answer = page.goto(base + path, wait_until="load")
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        found[pattern(path)] = path
        waiting += [path for path in links(page, base) if pattern(path) not in found]
    return list(found.values())


def sign_in(context: BrowserContext, base: str, user: str) -> Page:
    """Sign in as a demo account by its button on the sign-in page."""
    page = context.new_page()
    page.goto(f"{base}/accounts/login/")
    page.locator(f'button[name="username"][value="{user}"]').click()
    page.wait_for_url(lambda url: "/accounts/" not in url)
    return page


def demo_users(browser: Browser, base: str) -> list[str]:
    """Return the demo accounts that the sign-in page offers, one per role."""
    page = browser.new_page()
    page.goto(f"{base}/accounts/login/")
    by_role: dict[str, str] = {}
    for button in page.locator('button[name="username"]').all():
        role = button.inner_text().strip().splitlines()[0]
        by_role.setdefault(role, button.get_attribute("value") or "")
    page.close()
    return list(by_role.values())


def name_of(path: str) -> str:
    """Return a file name for an address."""
    return re.sub(r"[^a-z0-9]+", "-", pattern(path).lower()).strip("-") or "home"


def take(context: BrowserContext, page: Page, *, base: str, paths: list[str], out: Path, quick: bool) -> int:
    """Take every page in every look; returns how many pictures were taken."""
    count = 0
    for language, theme, width in LOOKS[:2] if quick else LOOKS:
        cookies = [("zq_language", language), ("zq_theme", theme)]
        context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies])
        page.set_viewport_size({"width": WIDTHS[width][0], "height": WIDTHS[width][1]})
        for path in paths:
            page.goto(base + path, wait_until="networkidle")
            folder = out / f"{language}-{theme}-{width}"
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name_of(path)}.png", full_page=True)
            count += 1
    return count


def main() -> None:
    """Read the arguments and walk."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of a running demo")
    parser.add_argument("--out", type=Path, default=Path("shots"), help="folder for the pictures")
    parser.add_argument("--user", action="append", help="demo account; several allowed; else one per role")
    parser.add_argument("--limit", type=int, default=60, help="most pages per role")
    parser.add_argument(
        "--quick", action="store_true", help="two looks only: Chinese light, desktop and phone"
    )
    options = parser.parse_args()
    base = options.url.rstrip("/")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for user in options.user or demo_users(browser, base):
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            page = sign_in(context, base, user)
            paths = walk(page, base, limit=options.limit)
            count = take(context, page, base=base, paths=paths, out=options.out / user, quick=options.quick)
            print(f"{user}: {len(paths)} pages, {count} pictures")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
