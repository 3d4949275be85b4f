"""The shell's pages: home per role, doors, search, switches, errors, policy headers, built assets."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from zhiqiao.infra.ui.shell_types import Card, Todo
from zhiqiao.platform.governance.models import User
from zhiqiao.web import doors, packages
from zhiqiao.web.context import PageLink, Shell, grouped

SignIn = Callable[[User], Client]
STRANGE = ["https://example.org/", "//example.org", "javascript:alert(1)"]


def test_a_stranger_is_sent_to_sign_in(db: None) -> None:
    assert Client().get("/").headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("who", ["alice", "student", "officer", "mentor", "sysadmin", "auditor"])
@pytest.mark.parametrize(
    "path", ["/", "/doors/", "/help/", "/search?q=x", *(f"/doors/{d.key}/" for d in doors.DOORS)]
)
def test_every_role_has_a_home_and_all_doors(
    request: pytest.FixtureRequest, sign_in: SignIn, who: str, path: str
) -> None:
    response = sign_in(request.getfixturevalue(who)).get(path)
    assert response.status_code == 200
    assert response.content.count(b"<h1") == 1
    assert response.content.count(b"btn-primary") <= 1


def test_a_home_without_work_says_so_and_invents_nothing(sign_in: SignIn, student: User) -> None:
    html = sign_in(student).get("/").content.decode()
    assert "没有等您处理的事" in html
    assert "zq-figure-value" not in html


def test_a_home_shows_the_nearest_tasks_and_three_figures(
    sign_in: SignIn, student: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "todos", lambda actor, limit: [Todo("核对方案", "/x/")])
    monkeypatch.setattr(
        packages, "cards", lambda actor, limit: [Card("缺口", None, "/y/", hint="还没有计算")][:limit]
    )
    html = sign_in(student).get("/").content.decode()
    assert "核对方案" in html
    assert "未知" in html
    assert "还没有计算" in html


def test_an_unbuilt_door_is_one_honest_sentence(sign_in: SignIn, student: User) -> None:
    html = sign_in(student).get("/doors/virtual/").content.decode()
    assert "目前还没有页面" in html


def test_an_unknown_door_is_not_found(sign_in: SignIn, alice: User) -> None:
    response = sign_in(alice).get("/doors/cellar/")
    assert response.status_code == 404
    assert "没有找到这个页面" in response.content.decode()


def test_navigation_holds_only_what_the_role_may_open(sign_in: SignIn, student: User, auditor: User) -> None:
    audit = reverse("governance:audit")
    assert audit in sign_in(auditor).get("/").content.decode()
    assert audit not in sign_in(student).get("/").content.decode()


def test_many_pages_stand_under_headings_and_only_the_current_one_is_open(
    sign_in: SignIn, officer: User
) -> None:
    html = sign_in(officer).get(reverse("data:projects")).content.decode()
    side = html[html.index('class="zq-pages"') : html.index("</nav>", html.index('class="zq-pages"'))]
    assert side.count("<details") >= 4
    assert side.count("<details open") == 1
    assert side.index("<details open") < side.index('aria-current="page"')
    assert "<details" not in side[side.index("<details open") + 10 : side.index('aria-current="page"')]


def test_every_entry_of_the_industry_door_has_a_heading_and_a_sentence() -> None:
    industry = doors.door("industry")
    assert industry is not None
    items = [item for shell in packages.shells() for item in getattr(shell, "NAVIGATION", ())]
    inside = [item for item in items if item.door == "industry"]
    assert [str(i.label) for i in inside if i.group not in dict(industry.groups) or not i.note] == []


def test_the_door_shows_headings_in_the_order_of_the_work(sign_in: SignIn, officer: User) -> None:
    html = sign_in(officer).get("/doors/industry/").content.decode()
    main = html[html.index("<main") :]
    places = [main.index(f"<h2>{name}</h2>") for name in ("需求", "供给", "匹配与决策", "能力与标准", "数据")]
    assert places == sorted(places)
    assert "<h2>本企业</h2>" not in main


def test_few_pages_all_stand_open() -> None:
    pages = [PageLink("甲", "/a/", "x", group="data"), PageLink("乙", "/b/", "x", group="none such")]
    industry = doors.door("industry")
    assert industry is not None
    assert [(str(g.label), g.is_open) for g in grouped(industry, pages)] == [("", True), ("数据", True)]


def test_the_longest_address_is_the_current_page(
    rf: Any, alice: User, actor_of: Callable[[User], Any]
) -> None:
    request = rf.get(reverse("data:postings"))
    request.actor = actor_of(alice)
    current = [page.url for door in Shell(request).doors for page in door.pages if page.is_current]
    assert current == [reverse("data:postings")]


def test_a_page_beside_an_entry_keeps_its_door_open(
    rf: Any, alice: User, actor_of: Callable[[User], Any]
) -> None:
    request = rf.get(reverse("data:heat"))
    request.actor = actor_of(alice)
    current = [page.url for door in Shell(request).doors for page in door.pages if page.is_current]
    assert current == [reverse("data:roles")]


def test_who_looks_after_the_system_finds_the_background_work(
    sign_in: SignIn, sysadmin: User, alice: User
) -> None:
    link = f'href="{reverse("jobs:index")}"'
    assert link in sign_in(sysadmin).get("/").content.decode()
    assert link not in sign_in(alice).get("/").content.decode()


@pytest.mark.parametrize(("language", "says"), [("zh-hans", "请稍后再试"), ("en", "Please try again later")])
def test_too_many_tries_to_sign_in_end_on_our_own_page(
    alice: User, settings: Any, language: str, says: str
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    data = {"login": alice.username, "password": "wrong"}
    pages = [client.post(reverse("account_login"), data) for _ in range(2)]
    assert [page.status_code for page in pages] == [200, 429]
    assert says in pages[1].content.decode()
    assert "zq-outside" in pages[1].content.decode()


def test_the_bottom_bar_of_a_phone_has_at_most_five_entries(
    rf: Any, alice: User, actor_of: Callable[[User], Any]
) -> None:
    request = rf.get("/")
    request.actor = actor_of(alice)
    assert len(Shell(request).bottom) <= 5


def test_the_language_is_kept_for_browser_and_account(sign_in: SignIn, alice: User) -> None:
    client = sign_in(alice)
    response = client.post("/language", {"language": "en", "next": "/help/"})
    assert response.headers["Location"] == "/help/"
    page = client.get("/help/")
    assert page.headers["Content-Language"] == "en"
    assert 'lang="en"' in page.content.decode()
    alice.refresh_from_db()
    assert alice.language == "en"


def test_english_pages_hold_no_chinese_but_names(sign_in: SignIn, alice: User) -> None:
    client = sign_in(alice)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for path in ["/", "/doors/", "/doors/learning/", "/help/", "/search?q=x", "/styleguide/", "/nowhere/"]:
        html = client.get(path).content.decode().replace("中文", "")
        assert re.findall(r"[\u3400-\u9fff]+", html) == [], path


@pytest.mark.parametrize("field", ["language", "theme"])
@pytest.mark.parametrize("target", STRANGE)
def test_a_switch_never_leads_to_another_site(db: None, field: str, target: str) -> None:
    response = Client().post(f"/{field}", {field: "en", "next": target})
    assert response.headers["Location"] == "/"


def test_a_chosen_theme_stands_in_the_page(sign_in: SignIn, alice: User) -> None:
    client = sign_in(alice)
    client.post("/theme", {"theme": "dark"})
    assert 'data-theme="zhiqiao-dark"' in client.get("/").content.decode()
    client.post("/theme", {"theme": "<b>"})
    assert 'data-theme="zhiqiao-dark"' in client.get("/").content.decode()


def test_pages_forbid_foreign_and_inline_scripts(sign_in: SignIn, alice: User) -> None:
    response = sign_in(alice).get("/styleguide/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    html = response.content.decode()
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', html)
    assert not re.search(r"\s(?:style|onclick)=", html)


def test_a_form_from_an_old_page_gets_a_plain_answer(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/language", {"language": "en"})
    assert response.status_code == 403
    assert "表单已过期" in response.content.decode()


def test_the_style_guide_exports_demo_data_as_such(sign_in: SignIn, alice: User) -> None:
    response = sign_in(alice).get("/styleguide/?export=csv")
    rows = response.content.decode("utf-8-sig").splitlines()
    assert len(rows) == 7
    assert all(row.endswith("演示数据") for row in rows[1:])


def test_the_style_guide_shows_the_evidence_of_its_figure(
    sign_in: SignIn, alice: User, student: User
) -> None:
    html = sign_in(alice).get("/styleguide/").content.decode()
    found = re.search(r'href="(/evidence/sample/[^"]+)"', html)
    assert found
    assert "12.6%" in sign_in(alice).get(found.group(1)).content.decode()
    assert sign_in(student).get(found.group(1)).status_code == 404


def test_what_a_first_page_loads_is_within_sixty_kilobytes() -> None:
    folder = settings.DJANGO_VITE["default"]["manifest_path"].parent
    entry = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["src/app.ts"]
    names = [entry["file"], *entry["css"]]
    assert all(gzip.decompress((folder / f"{name}.gz").read_bytes()) for name in names)
    assert sum((folder / f"{name}.gz").stat().st_size for name in names) <= 60_000


def test_assets_are_sent_compressed_and_kept_for_ever(db: None) -> None:
    folder = settings.DJANGO_VITE["default"]["manifest_path"].parent
    entry = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["src/app.ts"]
    response = Client().get(f"/static/dist/{entry['file']}", headers={"accept-encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert "immutable" in response.headers["Cache-Control"]
    response.close()
