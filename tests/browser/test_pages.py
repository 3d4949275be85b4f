"""Every page that a role can walk to from home: quiet console, one language, accessible, fit for a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from tools.shots import links
from tools.shots import pattern as without_identifiers

from tests.browser.site import Site, Visit

pytestmark = pytest.mark.browser
ROLES = ["student.software1", "officer.bureau", "teacher.software", "admin.security"]
MOST_PAGES = 32
#: Addresses that hold a key instead of an identifier; one of each kind is enough.
KEYED = re.compile(r"^(/data/(?:skills|roles)/)[^/]+/$")

#: The words of the product itself; cells, chips and texts may hold names of data, these elements may not.
WORDS = ", ".join(
    [
        *("title", "h1", "h2", "h3", "label", "legend", "caption", "summary", "button", ".btn", "dt"),
        *("nav a", "thead th", "option[value='']", ".zq-crumbs li", ".zq-figure-title", ".zq-lead"),
    ]
)
#: Where a name of data stands in such an element: marked as another language, or heading a page or row of data.
NAMES = ", ".join(
    [
        *(
            "[lang]:not(html)",
            "zq-chart *",
            ".zq-heat *",
            "label[for^='keep-']",  # a skill that a proposal brings
            "pre *",
            ".zq-prose *",
            "blockquote *",
            "dialog *",
            "main li button.text-left",  # a notice names the file it is about
            ".zq-hop h2",
            ".zq-top summary",
        ),
        *(".zq-who *", "[data-zq-name]", "[data-zq-name] *", ".zq-table tbody *"),
    ]
)
READ = """([words, names]) => {
  const seen = [];
  for (const one of document.querySelectorAll(words)) {
    if (one.matches(names) || one.closest('[hidden]')) continue;
    const copy = one.cloneNode(true);
    for (const inner of copy.querySelectorAll('[lang], [data-zq-name], svg, select, script')) inner.remove();
    seen.push([one.tagName, copy.textContent.replace(/\\s+/g, ' ').trim()]);
  }
  for (const one of document.querySelectorAll('[aria-label], [placeholder]')) {
    if (one.matches(names)) continue;
    seen.push(['aria', one.getAttribute('aria-label') || one.getAttribute('placeholder') || '']);
  }
  return seen;
}"""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: A Chinese page may say these in Latin letters, besides names in capitals or with digits.
LATIN = {"English", "Zhiqiao"}
CHINESE_NAME = "中文"
#: Pages headed by a name of data: a posting's title, a file's name, a source, a skill, a person.
HEADED_BY_DATA = re.compile(
    r"^/($|data/(postings|imports|skills|roles|sources|wages|vacancies|taxonomy/(terms|changes|skills))/.+|people/.+|"
    r"data/(projects|plans|regional/(indicators|values)|supply/(years|conditions))/.+|"
    r"programmes/.+|jobs/.+|search|evidence/)"
)


def pattern(path: str) -> str:
    """Return what kind of page an address is."""
    return KEYED.sub(r"\1…/", without_identifiers(path))


def foreign(found: list[list[str]], *, language: str, path: str) -> list[str]:
    """Return the words on a page that are in the other language."""
    faults = []
    for tag, text in found:
        if tag in {"H1", "TITLE", "LI", "P", "A"} and HEADED_BY_DATA.match(path):
            continue
        if language == "en" and CHINESE.search(text) and text != CHINESE_NAME:
            faults.append(f"{tag}: {text[:80]}")
        if (
            language == "zh-hans"
            and not CHINESE.search(text)
            and re.search(r"[a-z]{3,}", text)
            and text not in LATIN
        ):
            faults.append(f"{tag}: {text[:80]}")
    return faults


def fits(page: Page) -> bool:
    """Tell whether the page settles to the width of its window; charts need a moment for it."""
    for _ in range(20):  # asked from outside: the content policy refuses a poll inside the page
        if page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            return True
        page.wait_for_timeout(100)
    return False


def walk(visit: Visit, examined: set[str], look: Callable[[str], None]) -> set[str]:
    """Look at each kind of page that can be reached from home and return the kinds that were met.

    A kind that another role saw already is not opened again, but for home itself, which leads everywhere.
    """
    met: set[str] = set()
    waiting = ["/"]
    opened = 0
    while waiting and opened < MOST_PAGES:
        path = waiting.pop(0)
        seen = pattern(path) in met or (pattern(path) in examined and path != "/")
        met.add(pattern(path))
        if seen:
            continue
        visit.page.set_viewport_size({"width": 1280, "height": 800})
        answer = visit.page.goto(path, wait_until="load")
        assert answer is not None
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        assert answer.status == 200, (path, answer.status)
        opened += 1
        waiting += [
            link for link in links(visit.page, visit.url) if not link.endswith("/rejected/")
        ]  # a file
        examined.add(pattern(path))
        look(path)
    return met


@pytest.fixture(scope="module")
def examined() -> set[str]:
    """Kinds of pages that were looked at closely already, in whichever role."""
    return set()


@pytest.mark.parametrize("username", ROLES)
def test_pages_are_quiet_fit_a_phone_and_speak_one_language(
    site: Site,
    axe: Callable[[Page], list[str]],
    examined: set[str],
    username: str,
) -> None:
    faults: list[str] = []
    fresh: list[str] = []
    with site.visit() as visit:
        page = visit.sign_in(username)

        def look(path: str, language: str) -> None:
            words = foreign(page.evaluate(READ, [WORDS, NAMES]), language=language, path=path)
            faults.extend(f"{language} {path} {fault}" for fault in words)
            if language == "zh-hans":
                faults.extend(f"{path} {fault}" for fault in axe(page))
            page.set_viewport_size({"width": 360, "height": 740})
            if not fits(page):
                faults.append(f"{language} {path} is wider than a phone")

        def look_first(path: str) -> None:
            fresh.append(path)
            look(path, "zh-hans")

        visit.speak("zh-hans")
        assert len(walk(visit, examined, look_first)) >= 4
        visit.speak("en")
        for path in fresh:
            page.set_viewport_size({"width": 1280, "height": 800})
            page.goto(path, wait_until="load")
            look(path, "en")
        faults += visit.faults
    assert not faults, "\n".join(faults)
