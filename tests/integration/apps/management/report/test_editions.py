"""From a draft to a published edition: who may what, who signs, what two people at once see, what is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from tests.integration.apps.management.report.conftest import NOW, YEAR, ActorOf, Facts, draft
from zhiqiao.apps.management.errors import AlreadyDecided, BadEdit, EditConflict
from zhiqiao.apps.management.models import (
    EditionPart,
    EditionState,
    EditionStep,
    EditionText,
    ReportEdition,
)
from zhiqiao.apps.management.report import selectors
from zhiqiao.apps.management.report.composing import Text, editable_texts, printed
from zhiqiao.apps.management.report.editing import edit_text
from zhiqiao.apps.management.report.parts import open_text
from zhiqiao.apps.management.report.signing import return_edition, sign, submit, withdraw
from zhiqiao.engines.report import facts_from_text
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import AuditEvent, Notice, User

KEY = "summary.total"
OTHERS = ("alice", "bob", "charlie", "student", "mentor", "data_officer")


def write(row: ReportEdition, acting: Actor, text: str, *, seen: int = 0, **more: Any) -> Text:
    given = {"language": "zh", "key": KEY, "now": NOW} | more
    return edit_text(row.uuid, acting=acting, seen=seen, text=text, **given)


def lines(row: ReportEdition, language: Any = "zh") -> str:
    plan = printed(row, language).plan
    texts = [line for block in plan.blocks for line in (getattr(block, "line", None),) if line]
    return "\n".join("".join(piece.text for piece in line if piece.kind == "text") for line in texts)


def test_a_draft_stands_on_a_frozen_snapshot(edition: ReportEdition, facts: Facts, officer: User) -> None:
    text = open_text(edition, EditionPart.Kind.FACTS, edition.facts_digest)
    kept = facts_from_text(text)
    assert (kept.total, kept.industries) == (facts.value.total, facts.value.industries)
    assert (edition.number, edition.state, edition.made_by) == (1, EditionState.DRAFT, officer)
    assert edition.versions["words"]
    assert AuditEvent.objects.filter(action="report.made").count() == 1


def test_a_text_is_rewritten_with_its_figures(
    edition: ReportEdition, officer: User, actor_of: ActorOf
) -> None:
    known = editable_texts(edition, "zh")[KEY]
    done = write(edition, actor_of(officer), f"教育局说明：{known.generated}")
    assert (done.number, done.is_edited, done.is_outdated) == (1, True, False)
    assert "教育局说明：" in lines(edition)
    row = EditionText.objects.get()
    assert (row.before, row.by, row.generated) == (known.generated, officer, known.generated)
    plan = printed(edition, "zh").plan
    (block,) = [one for one in plan.blocks if "教育局说明" in str(getattr(one, "line", ""))]
    assert any(piece.is_figure for piece in block.line)  # type: ignore[union-attr]
    assert any(piece.kind in {"note", "again"} for piece in block.line)  # type: ignore[union-attr]
    assert lines(edition, "en")
    assert "教育局" not in lines(edition, "en")


def test_a_figure_can_not_be_changed(edition: ReportEdition, officer: User, actor_of: ActorOf) -> None:
    with pytest.raises(BadEdit, match="⟦999,999⟧"):
        write(edition, actor_of(officer), "共有 ⟦999,999⟧ 条招聘信息。")
    assert not EditionText.objects.exists()


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("  \n ", KEY, "不能留空"),
        ("长" * 7_000, KEY, "最多"),
        ("别的话", "no.such", "不在报告"),
    ],
)
def test_a_text_that_can_not_be_taken_is_refused_in_words(
    edition: ReportEdition, officer: User, actor_of: ActorOf, text: str, key: str, words: str
) -> None:
    with pytest.raises(BadEdit, match=words):
        write(edition, actor_of(officer), text, key=key)


def test_two_editors_never_overwrite_each_other_unseen(
    edition: ReportEdition, officer: User, chief: User, actor_of: ActorOf
) -> None:
    write(edition, actor_of(officer), "先写的话")
    with pytest.raises(EditConflict) as conflict:
        write(edition, actor_of(chief), "后写的话")
    assert conflict.value.mine == "后写的话"
    assert editable_texts(edition, "zh")[KEY].text == "先写的话"
    done = write(edition, actor_of(chief), "合并的话", seen=1)
    assert (done.text, done.number) == ("合并的话", 2)


def test_the_database_too_holds_one_change_of_a_number(
    edition: ReportEdition, officer: User, actor_of: ActorOf
) -> None:
    write(edition, actor_of(officer), "一")
    row = EditionText.objects.get()
    row.pk = None
    with pytest.raises(Exception, match=r"never changed|unique"), transaction.atomic():
        EditionText.objects.bulk_create([row])


def test_a_text_goes_back_to_what_is_generated(
    edition: ReportEdition, officer: User, actor_of: ActorOf
) -> None:
    generated = editable_texts(edition, "zh")[KEY].generated
    write(edition, actor_of(officer), "别的话")
    done = write(edition, actor_of(officer), generated, seen=1)
    assert (done.is_edited, done.number) == (False, 2)
    assert [row.after for row in EditionText.objects.order_by("number")] == ["别的话", None]


def test_new_figures_keep_what_people_wrote_and_say_where_it_is_outdated(
    edition: ReportEdition, facts: Facts, officer: User, actor_of: ActorOf
) -> None:
    acting = actor_of(officer)
    write(edition, acting, "我们的话")
    write(edition, acting, "目的如此。", key="purpose.law")
    facts.more(7)
    again = draft(acting)
    assert (again.pk, again.number, again.version) == (edition.pk, 1, edition.version + 1)
    assert again.facts_digest != edition.facts_digest
    texts = editable_texts(again, "zh")
    assert (texts[KEY].text, texts[KEY].is_outdated) == ("我们的话", True)
    assert (texts["purpose.law"].is_edited, texts["purpose.law"].is_outdated) == (True, False)
    with pytest.raises(BadEdit, match="1 段"):
        submit(again.uuid, acting=acting, version=again.version, now=NOW)
    write(again, acting, "我们的话", seen=1)
    assert not editable_texts(again, "zh")[KEY].is_outdated
    assert submit(again.uuid, acting=acting, version=again.version, now=NOW).state == EditionState.IN_REVIEW


def test_both_snapshots_of_a_draft_are_kept(
    edition: ReportEdition, facts: Facts, officer: User, actor_of: ActorOf
) -> None:
    facts.more(7)
    draft(actor_of(officer))
    assert EditionPart.objects.filter(kind="facts").count() == 2


def test_whoever_submits_never_signs(edition: ReportEdition, officer: User, actor_of: ActorOf) -> None:
    row = submit(edition.uuid, acting=actor_of(officer), version=edition.version, now=NOW)
    with pytest.raises(BadEdit, match="另一个人"):
        sign(row.uuid, acting=actor_of(officer), version=row.version, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportEdition.objects.filter(pk=row.pk).update(signed_by=officer)


def test_whoever_wrote_a_text_that_stands_never_signs(
    edition: ReportEdition, officer: User, chief: User, actor_of: ActorOf
) -> None:
    generated = editable_texts(edition, "zh")[KEY].generated
    write(edition, actor_of(chief), "改过的话")
    row = submit(edition.uuid, acting=actor_of(officer), version=edition.version, now=NOW)
    with pytest.raises(BadEdit, match="修改的文字"):
        sign(row.uuid, acting=actor_of(chief), version=row.version, now=NOW)
    row = return_edition(row.uuid, acting=actor_of(officer), version=row.version, reason="换人改", now=NOW)
    write(edition, actor_of(officer), generated, seen=1)
    row = submit(row.uuid, acting=actor_of(officer), version=row.version, now=NOW)
    assert sign(row.uuid, acting=actor_of(chief), version=row.version, now=NOW).signed_by == chief


def test_signing_freezes_the_text_in_both_languages(signed: ReportEdition, chief: User) -> None:
    assert signed.state == EditionState.SIGNED
    assert set(signed.documents) == {"zh", "en"}
    document = printed(signed, "zh").document
    assert document.edition == f"{YEAR} 年度第 1 版"
    assert document.digest == signed.facts_digest
    assert chief.display_name in dict(document.cover.lines)["状态"]  # type: ignore[union-attr]


def test_the_second_to_act_on_an_edition_is_told_so(
    edition: ReportEdition, officer: User, chief: User, actor_of: ActorOf
) -> None:
    row = submit(edition.uuid, acting=actor_of(officer), version=edition.version, now=NOW)
    return_edition(row.uuid, acting=actor_of(chief), version=row.version, reason="补充数据", now=NOW)
    with pytest.raises(AlreadyDecided):
        sign(row.uuid, acting=actor_of(chief), version=row.version, now=NOW)


def test_returning_needs_a_reason(signed: ReportEdition, chief: User, actor_of: ActorOf) -> None:
    with pytest.raises(BadEdit, match="理由"):
        return_edition(signed.uuid, acting=actor_of(chief), version=signed.version, reason="", now=NOW)
    row = return_edition(
        signed.uuid, acting=actor_of(chief), version=signed.version, reason="有错字", now=NOW
    )
    assert (row.state, row.documents, row.signed_by) == (EditionState.DRAFT, {}, None)


def test_while_it_waits_for_signing_no_draft_is_made(
    edition: ReportEdition, officer: User, actor_of: ActorOf
) -> None:
    submit(edition.uuid, acting=actor_of(officer), version=edition.version, now=NOW)
    with pytest.raises(AlreadyDecided, match="退回"):
        draft(actor_of(officer))


def test_a_correction_is_a_new_edition_that_names_what_it_replaces(
    published: ReportEdition, officer: User, actor_of: ActorOf
) -> None:
    with pytest.raises(BadEdit, match="更正"):
        draft(actor_of(officer))
    row = draft(actor_of(officer), correction="一家企业的数据重复")
    assert (row.number, row.replaces, row.correction) == (2, published, "一家企业的数据重复")
    cover = dict(printed(row, "zh").document.cover.lines)  # type: ignore[union-attr]
    assert cover["替代"] == "第 1 版。更正原因：一家企业的数据重复"
    assert row.pk != published.pk


def test_publication_is_on_record_with_all_digests(published: ReportEdition) -> None:
    event = AuditEvent.objects.filter(action="report.published").get()
    assert event.detail["facts"] == published.facts_digest
    assert set(event.detail["files"]) == {
        f"{one}.{kind}" for one in ("zh", "en") for kind in ("docx", "pdf", "xlsx")
    }
    verbs = list(EditionStep.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["made", "submitted", "signed", "published"]


@pytest.mark.parametrize("name", [*OTHERS, "school_admin"])
def test_a_draft_is_seen_by_nobody_but_those_who_may_edit_it(
    edition: ReportEdition, actor_of: ActorOf, request: pytest.FixtureRequest, name: str
) -> None:
    acting = actor_of(request.getfixturevalue(name))
    assert selectors.editions(acting) == []
    with pytest.raises(Http404):
        selectors.edition_row(acting, edition.uuid)
    with pytest.raises(Http404):
        write(edition, acting, "别的话")


def test_a_draft_of_another_bureau_is_not_seen(
    edition: ReportEdition, strange_officer: User, actor_of: ActorOf
) -> None:
    acting = actor_of(strange_officer)
    assert selectors.editions(acting) == []
    for act in (
        lambda: write(edition, acting, "别的话"),
        lambda: submit(edition.uuid, acting=acting, version=edition.version, now=NOW),
        lambda: sign(edition.uuid, acting=acting, version=edition.version, now=NOW),
        lambda: withdraw(edition.uuid, acting=acting, version=edition.version, reason="x", now=NOW),
    ):
        with pytest.raises(Http404):
            act()


@pytest.mark.parametrize("name", ["officer", "chief", "strange_officer", *OTHERS])
def test_a_published_edition_is_read_by_everybody_of_the_region(
    published: ReportEdition, actor_of: ActorOf, request: pytest.FixtureRequest, name: str
) -> None:
    acting = actor_of(request.getfixturevalue(name))
    assert [one.uuid for one in selectors.editions(acting)] == [published.uuid]


@pytest.mark.parametrize("name", ["sysadmin", "secadmin", "auditor"])
def test_administrators_read_no_report(
    published: ReportEdition, actor_of: ActorOf, request: pytest.FixtureRequest, name: str
) -> None:
    assert selectors.editions(actor_of(request.getfixturevalue(name))) == []


def test_colleagues_hear_that_an_edition_waits(
    edition: ReportEdition, officer: User, chief: User, actor_of: ActorOf
) -> None:
    submit(edition.uuid, acting=actor_of(officer), version=edition.version, now=NOW)
    assert [notice.user for notice in Notice.objects.filter(kind="management.report_to_sign")] == [chief]
    assert [one.uuid for one in selectors.waiting(actor_of(chief))] == [edition.uuid]
    assert selectors.waiting(actor_of(officer)) == []
