"""Pages of codes and corrections: what a posting says of itself, filters, who may correct, what is stated."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import Places
from tests.factories import the_one
from tests.integration.platform.data.conftest import HEADER, bring_in, reading_with
from tests.worlds import lay
from zhiqiao.infra import storage
from zhiqiao.platform.data import correcting, lake, loading, signals
from zhiqiao.platform.data.evidence import resolve
from zhiqiao.platform.data.figures import ALL_POSTINGS, Scope, demand_uuid
from zhiqiao.platform.data.mined_with import current_rules
from zhiqiao.platform.data.models import JobPosting, JobRole, Skill, TitleCorrection
from zhiqiao.platform.data.reading import passages
from zhiqiao.platform.data.selectors.postings import posting_detail, sentences
from zhiqiao.platform.governance.api import Actor, Role, User

SignIn = Callable[[User], Client]
ActorOf = Callable[[User], Actor]
ROWS = (
    "Python开发工程师（实习）,甲公司,任职要求：掌握<b>Python</b>和Docker。入职需交押金５００元。,成都,8-12K,\n"
    "码农,乙人力资源有限公司,任职要求：精通Java。,重庆,10-15K,\n"
    "码农,丙公司,任职要求：精通Java和Docker。,重庆,10-15K,\n"
    "急聘码农,丁公司,任职要求：熟悉Java和Python。,重庆,10-15K,\n"
)


@pytest.fixture(scope="session")
def four_world(
    request: pytest.FixtureRequest,
    places_world: Places,
    skills_world: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Four postings of Alice's school."""

    def make() -> None:
        alice = the_one(Role.PROGRAMME_HEAD, places_world.programme, username="alice", display_name="Alice")
        with reading_with(skills_world):
            bring_in(alice, HEADER + "".join(ROWS), tmp_path_factory.mktemp("world"))

    yield from lay(request, make)


@pytest.fixture
def page(four_world: None, skills: Path, alice: User, sign_in: SignIn) -> Client:
    """Alice's browser, with four postings in."""
    return sign_in(alice)


def posting(company: str) -> JobPosting:
    return JobPosting.objects.select_related("posting_import__source", "role").get(company=company)


def show(client: Client, company: str, **headers: str) -> str:
    response = client.get(reverse("data:posting", args=[posting(company).uuid]), headers=headers)
    return str(response.content.decode())


def test_codes_of_mining_arrive_in_the_rows(page: Client) -> None:
    row = posting("甲公司")
    assert (row.work_form, row.signals, row.is_coded) == ("internship", ("fees_asked",), True)
    assert row.role_confidence is not None
    assert posting("乙人力资源有限公司").signals == ("agency",)
    assert posting("丙公司").legitimacy == ""


def test_a_signal_is_told_with_reason_grade_and_the_words_as_they_stand(page: Client) -> None:
    text = show(page, "甲公司")
    assert "请核实" in text
    assert "要求交费或自费" in text
    assert "入职或领取物品要交押金、保证金" in text
    assert "严重" in text
    assert "是否可信由人判断" in text
    assert '<mark class="zq-doubt">押金</mark>' in text  # the excerpt
    assert 'title="入职或领取物品要交押金、保证金">押金<' in text  # the text itself
    assert "请核实" not in show(page, "丙公司")


def test_a_signal_is_told_in_english(page: Client) -> None:
    page.cookies["zq_language"] = "en"
    text = show(page, "甲公司")
    assert "A deposit is asked" in text
    assert "Please check" in text


def test_words_to_check_are_found_behind_markup_by_their_place_in_the_stored_text(
    page: Client, alice: User, actor_of: ActorOf
) -> None:
    found = posting_detail(actor_of(alice), posting("甲公司").uuid)
    (doubt,) = found.codes.doubts
    stored = "".join(text for text, _span in found.parts)
    assert "<b>" in stored
    assert stored[doubt.start : doubt.end] == "押金"
    shown = passages(found.parts, {}, doubts=found.codes.doubts)
    marked = [piece.text for passage in shown for piece in passage.pieces if piece.doubt]
    assert marked == ["押金"]
    plain = passages(found.parts, {})
    assert [_joined(passage) for passage in shown] == [_joined(passage) for passage in plain]


def _joined(passage: object) -> str:
    return "".join(piece.text for piece in passage.pieces)  # type: ignore[attr-defined]


def test_what_is_not_known_says_why(page: Client) -> None:
    assert "招聘信息没有写明行业" in show(page, "丙公司")
    assert "职位名称不足以归入某个岗位" in show(page, "丙公司")


def test_files_of_older_imports_lack_the_codes_and_stay_readable(page: Client, alice: User) -> None:
    row = posting("甲公司").posting_import
    folder = storage.import_folder(row.uuid)
    table = pq.read_table(folder / lake.POSTINGS)
    pq.write_table(
        table.drop_columns(["role_confidence", "industry_code", "work_form", "legitimacy"]),
        folder / lake.POSTINGS,
    )
    loading.remove_rows(row)
    loading.load_rows(row, folder, progress=lambda done, total: None)
    old = posting("甲公司")
    assert (old.is_coded, old.work_form, old.legitimacy, old.role_confidence) == (False, "", "", None)
    text = show(page, "甲公司")
    assert "导入时还没有这项编码" in text
    assert "要求交费或自费" in text  # read from the text itself
    shutil.rmtree(folder)
    assert "没有保存原文" in show(page, "甲公司")


@pytest.mark.parametrize(
    ("query", "companies"),
    [
        ("signal=fees_asked", {"甲公司"}),
        ("signal=agency", {"乙人力资源有限公司"}),
        ("signal=severe", {"甲公司"}),
        ("form=internship", {"甲公司"}),
        ("industry=I", set()),
        ("decided=excluded", {"丙公司"}),
        ("decided=corrected", {"乙人力资源有限公司", "丙公司"}),
    ],
)
def test_the_list_is_narrowed_by_codes_and_by_what_people_decided(
    page: Client, alice: User, actor_of: ActorOf, query: str, companies: set[str]
) -> None:
    role = JobRole.objects.get(key="developer")
    correcting.correct_titles(actor_of(alice), [posting("丙公司")], role=role)
    correcting.exclude(actor_of(alice), posting("丙公司"), reason="假的")
    table = page.get(f"{reverse('data:postings')}?{query}").context["table"]
    assert {row.company for row in table.page} == companies


@pytest.mark.parametrize("name", ["postings", "roles", "skills"])
def test_lists_state_how_many_carry_severe_signals_and_how_many_do_not_count(
    page: Client, alice: User, actor_of: ActorOf, name: str
) -> None:
    assert "1 条带有严重的可疑信号" in page.get(reverse(f"data:{name}")).content.decode()
    correcting.exclude(actor_of(alice), posting("甲公司"), reason="要押金")
    text = page.get(reverse(f"data:{name}")).content.decode()
    assert "带有严重的可疑信号" not in text
    assert "另有 1 条经人判断不计入" in text


def test_a_posting_is_taken_out_and_counted_again_with_a_reason(page: Client) -> None:
    row = posting("甲公司")
    address = reverse("data:posting_count", args=[row.uuid])
    assert page.post(address, {"verb": "exclude", "reason": ""}).status_code == 422
    assert page.post(address, {"verb": "exclude", "reason": "要押金"}).status_code == 302
    text = show(page, "甲公司")
    assert "这条招聘信息不计入统计：要押金（Alice" in text
    asked_again = page.get(address).content.decode()
    assert "重新计入" in asked_again
    assert '<mark class="zq-doubt">押金</mark>' in asked_again
    # a colleague's page that still offers to take it out does not turn it round
    page.post(address, {"verb": "exclude", "reason": "再来一次"})
    assert posting("甲公司").is_excluded
    page.post(address, {"verb": "include", "reason": "已退"})
    assert not posting("甲公司").is_excluded


def test_the_api_gives_the_codes(page: Client, alice: User, actor_of: ActorOf) -> None:
    correcting.exclude(actor_of(alice), posting("丙公司"), reason="假的")
    rows = {row["company"]: row for row in page.get("/api/postings").json()["items"]}
    assert (rows["甲公司"]["signals"], rows["甲公司"]["work_form"]) == (["fees_asked"], "internship")
    assert (rows["甲公司"]["counts"], rows["丙公司"]["counts"]) == (True, False)
    assert rows["丙公司"]["signals"] == []


def test_figures_and_their_evidence_agree_after_exclusion_and_correction(
    page: Client, alice: User, actor_of: ActorOf
) -> None:
    actor, developer = actor_of(alice), JobRole.objects.get(key="developer")
    correcting.correct_titles(actor, [posting("丙公司")], role=developer)
    correcting.exclude(actor, posting("甲公司"), reason="要押金")
    java = Skill.objects.get(key="java")
    figure = demand_uuid(java.pk, (Scope.ROLE, developer.pk))
    for kind, uuid in (
        ("postings_total", ALL_POSTINGS),
        ("role_postings", developer.uuid),
        ("skill_demand", figure),
    ):
        found = resolve(actor, kind, uuid)
        assert found.recompute is not None
        assert found.value == found.recompute(), kind
    assert resolve(actor, "skill_demand", figure).value.startswith("2 / 2")
    titles = {item.note for item in sentences(actor, "java", [developer.pk])}
    assert titles == {"码农 · 乙人力资源有限公司", "码农 · 丙公司"}
    assert sentences(actor, "python", [developer.pk]) == []
    assert [item.note for item in sentences(actor, "python")] == ["急聘码农 · 丁公司"]


def test_the_page_of_a_correction_says_what_it_touches_and_moves_it(page: Client) -> None:
    row = posting("乙人力资源有限公司")
    address = reverse("data:titles_correct")
    before = page.get(address, {"posting": row.uuid})
    (preview,) = before.context["previews"]
    assert (preview.postings, preview.near, preview.near_titles) == (2, 1, (("急聘码农", 1),))
    assert before.context["form"]["near"].value() == ["急聘码农"]
    data = {"posting": str(row.uuid), "seen": before.context["form"]["seen"].value(), "reach": "all"}
    sent = page.post(address, {**data, "role": "软件开发", "reason": "行话"})
    assert sent["Location"] == reverse("data:posting", args=[row.uuid])
    assert posting("丙公司").role == JobRole.objects.get(key="developer")
    assert "由 Alice 于" in show(page, "乙人力资源有限公司")
    # a near title that was not ticked stays, and is still offered
    assert posting("丁公司").role is None


def test_near_titles_that_are_ticked_move_along_and_leave_the_list(page: Client) -> None:
    address = reverse("data:titles_correct")
    data = {"picked": ["码农"], "seen": "0-0", "reach": "all", "near": ["急聘码农"]}
    assert page.post(address, {**data, "role": "developer"}).status_code == 302
    assert posting("丁公司").role == JobRole.objects.get(key="developer")
    assert page.get(reverse("data:titles")).context["table"].total == 0
    assert set(TitleCorrection.objects.values_list("folded_title", flat=True)) == {"码农", "急聘码农"}
    # nobody is offered what somebody judged
    assert page.get(address, {"picked": "码农"}).context["previews"][0].near == 0


def test_only_this_posting_means_no_near_title(page: Client) -> None:
    data = {"posting": str(posting("丙公司").uuid), "seen": "0-0", "reach": "one", "near": ["急聘码农"]}
    page.post(reverse("data:titles_correct"), {**data, "role": "developer"})
    assert posting("丙公司").role is not None
    assert posting("丁公司").role is None


def test_a_title_that_is_not_near_cannot_be_slipped_in(page: Client) -> None:
    data = {"picked": ["码农"], "seen": "0-0", "reach": "all", "near": ["厨师"], "role": "developer"}
    assert page.post(reverse("data:titles_correct"), data).status_code == 422
    assert not TitleCorrection.objects.exists()


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({}, "请选一个岗位"),
        ({"role": "宇航员"}, "没有叫“宇航员”的岗位"),
        ({"role": "软件开发", "no_role": "on"}, "请只留一个"),
    ],
    ids=["nothing", "unknown", "both"],
)
def test_a_correction_without_a_clear_answer_is_asked_again(
    page: Client, answer: dict[str, str], says: str
) -> None:
    data = {"posting": str(posting("丙公司").uuid), "seen": "0-0", "reach": "one", **answer}
    response = page.post(reverse("data:titles_correct"), data)
    assert response.status_code == 422
    assert says in response.content.decode()
    assert not TitleCorrection.objects.exists()


def test_the_slower_of_two_people_sees_who_was_first_and_can_then_decide(
    page: Client, school_admin: User, sign_in: SignIn
) -> None:
    other, address = sign_in(school_admin), reverse("data:titles_correct")
    data = {"posting": str(posting("丙公司").uuid), "seen": "0-0", "reach": "all"}
    page.post(address, {**data, "role": "developer"})
    late = other.post(address, {**data, "no_role": "on"})
    assert late.status_code == 422
    assert "Alice" in late.content.decode()
    assert posting("丙公司").role is not None
    again = late.context["form"]["seen"].value()
    assert other.post(address, {**data, "no_role": "on", "seen": again}).status_code == 302
    assert posting("丙公司").role is None


def test_titles_without_a_post_are_listed_by_number_and_corrected_in_one_go(page: Client) -> None:
    table = page.get(reverse("data:titles")).context["table"]
    assert [(row["title"], row["n"]) for row in table.page] == [("码农", 2), ("急聘码农", 1)]
    address = reverse("data:titles_correct")
    shown = page.post(address, {"picked": ["码农", "急聘码农"]})
    assert shown.status_code == 200
    data = {"picked": ["码农", "急聘码农"], "seen": shown.context["form"]["seen"].value(), "reach": "all"}
    assert page.post(address, {**data, "role": "Developer"})["Location"] == reverse("data:titles")
    assert page.get(reverse("data:titles")).context["table"].total == 0
    assert JobPosting.objects.filter(role__key="developer").count() == 4


def test_who_picked_nothing_is_led_back_with_a_word(page: Client) -> None:
    response = page.post(reverse("data:titles_correct"), follow=True)
    assert response.redirect_chain == [(reverse("data:titles"), 302)]
    assert "请先勾选要更正的职位名称" in response.content.decode()


def test_a_title_judged_to_have_no_post_leaves_the_list(page: Client) -> None:
    page.post(
        reverse("data:titles_correct"), {"picked": "码农", "seen": "0-0", "reach": "all", "no_role": "on"}
    )
    table = page.get(reverse("data:titles")).context["table"]
    assert [row["title"] for row in table.page] == ["急聘码农"]


def test_corrections_are_listed_and_taken_back(page: Client) -> None:
    page.post(
        reverse("data:titles_correct"), {"picked": "码农", "seen": "0-0", "reach": "all", "role": "developer"}
    )
    row = TitleCorrection.objects.get()
    assert "软件开发" in page.get(reverse("data:corrections")).content.decode()
    address = reverse("data:correction", args=[row.uuid])
    assert "撤销这条更正" in page.get(address).content.decode()
    page.post(address)
    assert posting("丙公司").role is None
    assert "撤销这条更正" not in page.get(address).content.decode()
    assert "Alice" in page.post(address, follow=True).content.decode()


@pytest.mark.parametrize("who", ["bob", "charlie", "student", "auditor"])
def test_others_find_neither_the_pages_nor_the_buttons(
    request: pytest.FixtureRequest, page: Client, who: str, sign_in: SignIn
) -> None:
    page.post(
        reverse("data:titles_correct"), {"picked": "码农", "seen": "0-0", "reach": "all", "role": "developer"}
    )
    client, row = sign_in(request.getfixturevalue(who)), posting("丁公司")
    addresses = [
        f"{reverse('data:titles_correct')}?posting={row.uuid}",
        f"{reverse('data:titles_correct')}?picked=码农",
        reverse("data:posting_count", args=[row.uuid]),
        reverse("data:correction", args=[TitleCorrection.objects.get().uuid]),
    ]
    assert [client.get(address).status_code for address in addresses] == [404] * 4
    if who == "bob":
        text = client.get(reverse("data:posting", args=[row.uuid])).content.decode()
        assert "更正岗位" not in text
    if who == "charlie":  # a head of another school has the pages, without our titles
        assert client.get(reverse("data:titles")).context["table"].total == 0
        assert client.get(reverse("data:corrections")).context["table"].total == 0


def test_every_signal_of_the_engine_has_a_name(page: Client) -> None:
    rules = {rule.code for rule in current_rules().legitimacy.rules}
    codes = {code for code in rules if not code.startswith(("_", "form_", "title_"))}
    assert codes | {"no_employer", "stale"} == set(signals.kinds())
    assert set(signals.sections()) == set("ABCDEFGHIJKLMNOPQRST")
