"""Pages of the report: read, sorted, rewritten with and without a script, walked back to evidence, downloaded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.integration.apps.management.report.conftest import NOW, YEAR, ActorOf, Facts, draft
from zhiqiao.apps.management.models import EditionBlock, EditionState, EditionText, ReportEdition
from zhiqiao.apps.management.report.editing import edit_text
from zhiqiao.apps.management.report.figures import figure_uuid
from zhiqiao.apps.management.report.signing import submit, withdraw
from zhiqiao.infra.jobs.api import JobRun
from zhiqiao.platform.governance.models import User

SignIn = Callable[[User], Client]
KEY = "summary.total"


def page(row: ReportEdition, **query: str) -> str:
    return reverse("management:report", args=[row.uuid], query=query)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def write(client: Client, row: ReportEdition, words: str, *, seen: int = 0, htmx: bool = False):
    data = {"lang": "zh", "key": KEY, "seen": seen, "text": words, "chapter": ""}
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(reverse("management:report_text", args=[row.uuid]), data, headers=headers)


def test_an_empty_list_has_the_one_button_that_changes_that(
    officer: User, alice: User, sign_in: SignIn
) -> None:
    address = reverse("management:reports")
    assert "编制报告" in text(sign_in(officer), address)
    told = text(sign_in(alice), address)
    assert "还没有人才需求报告" in told
    assert "编制报告</button>" not in told


def test_making_a_report_leads_to_its_run(facts: Facts, officer: User, sign_in: SignIn) -> None:
    answer = sign_in(officer).post(reverse("management:report_make"), {"year": str(YEAR)})
    run = JobRun.objects.get()
    assert answer["Location"] == reverse("jobs:run", args=[run.uuid])
    assert run.params["year"] == YEAR


@pytest.mark.parametrize("year", ["", "abc", "99", "²⁰²⁵", "2500"])
def test_a_year_that_is_none_is_refused_in_words(officer: User, sign_in: SignIn, year: str) -> None:
    answer = sign_in(officer).post(reverse("management:report_make"), {"year": year})
    assert answer.status_code == 422
    assert "四位数" in answer.content.decode()


def test_the_summary_shows_figures_that_open_their_evidence(
    edition: ReportEdition, officer: User, sign_in: SignIn
) -> None:
    client = sign_in(officer)
    told = text(client, page(edition))
    address = reverse("evidence", args=["report_figure", figure_uuid(edition.pk, "total")])
    assert f'class="zq-evidence" href="{address}"' in told
    assert "数据快照" in text(client, address)
    edition_hop = text(client, reverse("evidence", args=["report_edition", edition.uuid]))
    assert edition.facts_digest in edition_hop


@pytest.mark.parametrize("key", ["industries", "chart-tea", "gap", "industry.intro@tea"])
def test_tables_and_charts_lead_to_evidence_that_agrees(
    edition: ReportEdition, officer: User, sign_in: SignIn, key: str
) -> None:
    block = EditionBlock.objects.get(key=key)
    told = text(sign_in(officer), reverse("evidence", args=["report_block", block.uuid]) + "?recompute=1")
    assert "一致：" in told


def test_every_chapter_can_be_read_in_both_languages(
    edition: ReportEdition, officer: User, sign_in: SignIn
) -> None:
    client = sign_in(officer)
    whole = text(client, page(edition, chapter="all"))
    assert whole.count("<article") > 10
    assert "Summary" in text(client, page(edition, lang="en"))
    assert text(client, page(edition, chapter="annex-1"))
    assert "摘要" in text(client, page(edition, chapter="no-such-chapter"))


def test_a_table_sorts_by_any_column(edition: ReportEdition, officer: User, sign_in: SignIn) -> None:
    client = sign_in(officer)
    chapter = "heading-8"
    plain = text(client, page(edition, chapter=chapter))
    assert "table-2.1.down" in plain
    down = text(client, page(edition, chapter=chapter, sort="table-2.1.down"))
    up = text(client, page(edition, chapter=chapter, sort="table-2.1.up"))
    assert 'aria-sort="descending"' in down
    assert down.index("茶产业") != up.index("茶产业")
    for odd in ("table-2", "table-2.99.down", "table-2.x.down", "…"):
        assert text(client, page(edition, chapter=chapter, sort=odd))


def test_a_text_is_rewritten_without_a_script(edition: ReportEdition, officer: User, sign_in: SignIn) -> None:
    client = sign_in(officer)
    assert "<textarea" in text(client, page(edition, edit=KEY))
    answer = write(client, edition, "<b>教育局</b>的话")
    assert answer.status_code == 302
    assert answer["Location"].endswith("#text-summary-total")
    told = text(client, page(edition))
    assert "&lt;b&gt;教育局&lt;/b&gt;的话" in told
    assert officer.display_name in told


@pytest.mark.parametrize(("htmx", "status"), [(False, 409), (True, 200)])
def test_the_second_editor_sees_both_texts(
    edition: ReportEdition,
    officer: User,
    chief: User,
    sign_in: SignIn,
    htmx: bool,
    status: int,
) -> None:
    write(sign_in(officer), edition, "先写的话")
    answer = write(sign_in(chief), edition, "后写的话", htmx=htmx)
    told = answer.content.decode()
    assert answer.status_code == status
    assert told.count("先写的话") == 1
    assert "后写的话</textarea>" in told
    assert 'name="seen" value="1"' in told
    assert EditionText.objects.count() == 1


def test_a_figure_that_is_not_in_the_data_comes_back_with_what_was_written(
    edition: ReportEdition, officer: User, sign_in: SignIn
) -> None:
    answer = write(sign_in(officer), edition, "共有 ⟦9,999⟧ 条")
    assert answer.status_code == 422
    assert "共有 ⟦9,999⟧ 条</textarea>" in answer.content.decode()


def test_new_figures_are_offered_under_an_old_text(
    edition: ReportEdition, facts: Facts, officer: User, sign_in: SignIn, actor_of: ActorOf
) -> None:
    client = sign_in(officer)
    now = facts.value.total.now
    write(client, edition, f"本年 ⟦{now}⟧ 条。")
    facts.more(7)
    draft(actor_of(officer))
    told = text(client, page(edition))
    assert "数据已变，请确认" in told
    assert f'value="本年 ⟦{now + 7}⟧ 条。"' in told
    refused = client.post(reverse("management:report_submit", args=[edition.uuid]), {"version": 2})
    assert refused.status_code == 409
    assert write(client, edition, f"本年 ⟦{now + 7}⟧ 条。", seen=1).status_code == 302
    assert "数据已变，请确认" not in text(client, page(edition))


def test_home_offers_a_draft_to_the_bureau_that_may_submit_it_and_to_nobody_else(
    edition: ReportEdition, officer: User, strange_officer: User, alice: User, sign_in: SignIn
) -> None:
    told = f"{YEAR} 年度人才需求报告的草稿等您修改、提交"
    assert told in text(sign_in(officer), reverse("home"))
    assert told not in text(sign_in(strange_officer), reverse("home"))
    assert told not in text(sign_in(alice), reverse("home"))


def test_the_steps_are_walked_on_the_page(
    edition: ReportEdition, officer: User, chief: User, sign_in: SignIn
) -> None:
    def step(client: Client, name: str, version: int, **more: str):
        return client.post(
            reverse(f"management:report_{name}", args=[edition.uuid]), {"version": version, **more}
        )

    first, second = sign_in(officer), sign_in(chief)
    assert step(first, "submit", 1).status_code == 302
    assert step(first, "sign", 2).status_code == 409
    assert "等您签发" in text(second, reverse("home"))
    assert step(second, "return", 2, reason="").status_code == 409
    assert step(second, "return", 2, reason="有错字").status_code == 302
    assert step(first, "submit", 3).status_code == 302
    assert step(second, "sign", 4).status_code == 302
    assert step(second, "publish", 4).status_code == 409
    answer = step(second, "publish", 5)
    assert answer["Location"] == reverse("jobs:run", args=[JobRun.objects.get().uuid])
    told = text(first, reverse("management:report_history", args=[edition.uuid]))
    assert "有错字" in told
    assert chief.display_name in told


def test_a_reader_gets_the_files_as_they_were_published(
    published: ReportEdition, alice: User, sign_in: SignIn
) -> None:
    client = sign_in(alice)
    told = text(client, page(published))
    assert "修改</a>" not in told
    address = reverse("management:report_file", args=[published.uuid, "zh", "pdf"])
    assert address in told
    answer = client.get(address)
    digest = hashlib.sha256(answer.content).hexdigest()
    assert digest in text(client, reverse("management:report_history", args=[published.uuid]))
    assert answer["Content-Disposition"].endswith(f'testcity-{YEAR}-1-zh.pdf"')
    for odd in (("fr", "pdf"), ("zh", "exe"), ("zh", "facts")):
        assert client.get(reverse("management:report_file", args=[published.uuid, *odd])).status_code == 404


def test_a_withdrawn_edition_stays_readable_under_a_banner(
    published: ReportEdition, chief: User, alice: User, sign_in: SignIn, actor_of: ActorOf
) -> None:
    withdraw(published.uuid, acting=actor_of(chief), version=published.version, reason="来源有误", now=NOW)
    client = sign_in(alice)
    told = text(client, page(published))
    assert "来源有误" in told
    assert (
        client.get(reverse("management:report_file", args=[published.uuid, "zh", "docx"])).status_code == 200
    )


def test_what_is_stored_and_not_what_was_signed_is_not_shown(
    published: ReportEdition, alice: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zhiqiao.apps.management.report import composing, parts

    monkeypatch.setattr(composing._PRINTED, "_values", {})
    monkeypatch.setattr(parts, "digest_of", lambda _content: "0" * 64)
    client = sign_in(alice)
    client.raise_request_exception = False
    answer = client.get(page(published))
    assert answer.status_code == 500
    assert "与其摘要不符" in answer.content.decode()


def test_strangers_and_readers_of_drafts_get_404(
    edition: ReportEdition, strange_officer: User, alice: User, data_officer: User, sign_in: SignIn
) -> None:
    for person in (strange_officer, alice, data_officer):
        client = sign_in(person)
        assert client.get(page(edition)).status_code == 404
        assert client.get(f"/api/reports/{edition.uuid}").status_code == 404
        assert client.get("/api/reports").json()["total"] == 0
        assert write(client, edition, "x").status_code == 404
        block = edition.blocks.first()
        assert block is not None
        assert client.get(reverse("evidence", args=["report_block", block.uuid])).status_code == 404


def test_the_api_tells_of_editions_and_their_files(
    published: ReportEdition, charlie: User, sign_in: SignIn
) -> None:
    client = sign_in(charlie)
    found = client.get(f"/api/reports?year={YEAR}").json()
    assert (found["total"], found["items"][0]["state"]) == (1, "published")
    assert client.get("/api/reports?state=withdrawn").json()["total"] == 0
    one = client.get(f"/api/reports/{published.uuid}").json()
    assert one["facts_sha256"] == published.facts_digest
    files = client.get(f"/api/reports/{published.uuid}/files").json()["items"]
    assert len(files) == 6
    content = client.get(files[0]["url"]).content
    assert hashlib.sha256(content).hexdigest() == files[0]["sha256"]


def test_a_draft_in_review_can_not_be_edited_on_the_page(
    edition: ReportEdition, officer: User, sign_in: SignIn, actor_of: ActorOf
) -> None:
    submit(edition.uuid, acting=actor_of(officer), version=edition.version, now=NOW)
    client = sign_in(officer)
    assert "修改</a>" not in text(client, page(edition))
    assert write(client, edition, "x").status_code == 422
    edition.refresh_from_db()
    assert edition.state == EditionState.IN_REVIEW


def test_history_shows_changes_to_editors_only(
    edition: ReportEdition, officer: User, actor_of: ActorOf, sign_in: SignIn
) -> None:
    edit_text(
        edition.uuid, acting=actor_of(officer), language="zh", key=KEY, seen=0, text="改过的话", now=NOW
    )
    told = text(sign_in(officer), reverse("management:report_history", args=[edition.uuid]))
    assert "改过的话" in told
