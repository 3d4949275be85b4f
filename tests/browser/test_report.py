"""The report as people walk it: prepared, rewritten, signed by another, published, downloaded; fit for every screen."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.test_pages import NAMES, READ, WORDS, foreign
from tests.integration.apps.management.report.conftest import YEAR, Facts, chief, facts
from zhiqiao.apps.management.models import EditionPart, EditionState, ReportEdition
from zhiqiao.infra.jobs.api import run_waiting
from zhiqiao.platform.governance.api import User

__all__ = ["chief", "facts"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
WORD = "教育局补充说明。"


def finish(page: Page) -> None:
    """Let the worker do what waits, and follow the run to its result."""
    run_waiting()
    page.reload()
    page.get_by_text("查看结果").click()


def test_a_report_is_prepared_rewritten_signed_published_and_downloaded(
    signed_in_page: Open, facts: Facts, officer: User, chief: User, alice: User, tmp_path: Path
) -> None:
    page = signed_in_page(officer)
    page.goto(reverse("management:reports"))
    page.get_by_label("年度").fill(str(YEAR))
    page.get_by_role("button", name="编制报告").click()
    finish(page)
    expect(page.get_by_text("这是草稿")).to_be_visible()

    first = page.locator(".zq-report-text").first
    first.get_by_role("link", name="修改").click()
    field = first.locator("textarea")
    field.fill(f"{field.input_value()}\n{WORD}")
    first.get_by_role("button", name="保存这一段").click()
    expect(first.get_by_text(WORD)).to_be_visible()
    expect(first.get_by_text(f"{officer.display_name} 改于")).to_be_visible()

    first.locator(".zq-evidence").first.click()
    drawer = page.locator("#zq-drawer")
    expect(drawer.get_by_text("数据快照").first).to_be_visible()
    drawer.get_by_text("从原始记录重新计算").click()
    expect(drawer.get_by_text("一致：")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="提交签发").click()
    expect(page.get_by_text("要由教育局的另一个人签发").first).to_be_visible()

    row = ReportEdition.objects.get()
    second = signed_in_page(chief)
    second.goto(reverse("management:report", args=[row.uuid]))
    second.get_by_role("button", name="签发", exact=True).click()
    second.get_by_role("button", name="发布", exact=True).click()
    finish(second)
    expect(second.get_by_text("已发布").first).to_be_visible()
    row.refresh_from_db()
    assert row.state == EditionState.PUBLISHED
    run_waiting()

    reader = signed_in_page(alice)
    reader.goto(reverse("management:report", args=[row.uuid]))
    expect(reader.get_by_text(WORD)).to_be_visible()
    assert reader.get_by_role("link", name="修改").count() == 0
    for kind in ("PDF", "DOCX", "XLSX"):
        with reader.expect_download() as got:
            reader.get_by_role("link", name=kind, exact=True).click()
        got.value.save_as(tmp_path / kind)
        part = EditionPart.objects.get(kind=kind.lower(), language="zh")
        assert hashlib.sha256((tmp_path / kind).read_bytes()).hexdigest() == part.sha256


def _addresses(row: ReportEdition) -> list[str]:
    report = reverse("management:report", args=[row.uuid])
    return [
        reverse("management:reports"),
        report,
        f"{report}?chapter=heading-8",
        f"{report}?chapter=heading-12",
        f"{report}?edit=summary.total",
        reverse("management:report_history", args=[row.uuid]),
        reverse("management:report_quality", args=[row.uuid]),
    ]


@pytest.mark.parametrize(("language", "theme", "width"), [("zh-hans", "dark", 360), ("en", "light", 1280)])
def test_pages_are_accessible_fit_and_speak_one_language(
    signed_in_page: Open,
    axe: Callable[[Page], list[str]],
    overflow: Callable[[Page], int],
    facts: Facts,
    officer: User,
    chief: User,
    language: str,
    theme: str,
    width: int,
) -> None:
    page = signed_in_page(officer)
    page.goto(reverse("management:reports"))
    page.get_by_label("年度").fill(str(YEAR))
    page.get_by_role("button", name="编制报告").click()
    finish(page)
    row, faults = ReportEdition.objects.get(), list[str]()
    for path in _addresses(row):
        page = signed_in_page(officer, language=language, theme=theme, width=width)
        page.goto(path, wait_until="networkidle")
        faults += [f"{path} {fault}" for fault in axe(page)]
        if overflow(page):
            faults.append(f"{path} is {overflow(page)} px too wide")
        read = page.evaluate(READ, [WORDS, NAMES])
        faults += [f"{path} {fault}" for fault in foreign(read, language=language, path=path)]
        assert page.locator("main .btn-primary:visible").count() <= 1, path
        page.close()
    assert faults == []
