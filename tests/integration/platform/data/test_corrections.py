"""Corrections of posts: figures move with the postings, imports learn, undo restores, two people do not collide."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connections
from django.db.models import Sum
from django.http import Http404

from tests.conftest import Places
from tests.factories import person_with
from tests.integration.platform.data.conftest import HEADER, Upload
from zhiqiao.infra.jobs.api import run_waiting
from zhiqiao.platform.data import actions, correcting, counting, settling
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import (
    CorrectedPosting,
    Facet,
    FacetCount,
    JobPosting,
    JobRole,
    PostingImport,
    PostingSkill,
    RoleCount,
    SkillCount,
    TitleCorrection,
)
from zhiqiao.platform.governance.api import Actor, AuditEvent, Role, User

ActorOf = Callable[[User], Actor]


def line(title: str, company: str, text: str, month: str = "2026-01-05") -> str:
    """Return one row of a file."""
    return f"{title},{company},任职要求：{text}。,成都,8-12K,{month}\n"


FILE = HEADER + "".join(
    [
        line("码农", "甲公司", "熟练掌握Python和Docker"),
        line("码 农", "乙公司", "精通Java，熟悉Docker"),
        line("码农", "丙公司", "精通Java", "2026-02-05"),
        line("高级码农", "丁公司", "掌握Python"),
        line("Python开发工程师", "戊公司", "掌握Python"),
    ]
)


def figures(model: type[RoleCount] | type[SkillCount]) -> Counter[tuple[object, ...]]:
    """Return the stored figures."""
    extra = ("skill__key",) if model is SkillCount else ()
    rows = model.objects.values_list("posting_import_id", "role__key", "month", *extra, "postings")
    return Counter({tuple(key): count for *key, count in rows})


def counted(model: type[RoleCount] | type[SkillCount]) -> Counter[tuple[object, ...]]:
    """Return the same figures counted from single postings."""
    found: Counter[tuple[object, ...]] = Counter()
    for row in JobPosting.objects.filter(is_excluded=False).select_related("role"):
        key = (row.posting_import_id, row.role.key if row.role else None, row.month)
        if model is RoleCount:
            found[key] += 1
            continue
        for skill in PostingSkill.objects.filter(posting=row).values_list("skill__key", flat=True):
            found[*key, skill] += 1
    return found


def assert_figures_are_right() -> None:
    for model in (RoleCount, SkillCount):
        assert figures(model) == counted(model)


def posting(company: str) -> JobPosting:
    return JobPosting.objects.select_related("posting_import__source", "role").get(company=company)


def role_of(company: str) -> str | None:
    found = posting(company).role
    return found.key if found else None


@pytest.fixture
def developer(skills: object) -> JobRole:
    return JobRole.objects.get(key="developer")


def test_all_postings_with_the_folded_title_move_at_once_and_the_figures_with_them(
    alice: User, actor_of: ActorOf, import_file: Upload, developer: JobRole
) -> None:
    import_file(alice, FILE)
    assert role_of("甲公司") is None
    done = correcting.correct_titles(actor_of(alice), [posting("甲公司")], role=developer, reason="行话")
    assert (done.postings, done.is_queued) == (2, False)
    assert [role_of(name) for name in ("甲公司", "丙公司")] == ["developer"] * 2
    assert role_of("丁公司") is None  # a near title is only learnt
    assert posting("甲公司").role_confidence == 1
    assert_figures_are_right()
    event = AuditEvent.objects.get(action="postings.corrected")
    assert event.detail["title"] == "码农"
    assert event.detail["reason"] == "行话"


def test_pay_and_places_by_post_follow_a_correction_and_an_exclusion(
    alice: User, actor_of: ActorOf, import_file: Upload, developer: JobRole
) -> None:
    """The lake keeps what the machine said; the facets say what people decided, as soon as the job has run."""

    def pay() -> dict[str | None, int]:
        run_waiting()
        rows = FacetCount.objects.filter(facet=Facet.PAY).values_list("role__key").annotate(n=Sum("postings"))
        return dict(rows.order_by("role__key"))

    import_file(alice, FILE)
    assert pay() == {None: 4, "developer": 1}
    correcting.correct_titles(actor_of(alice), [posting("甲公司")], role=developer)
    assert pay() == {None: 2, "developer": 3}
    correcting.exclude(actor_of(alice), posting("甲公司"), reason="假的")
    assert pay() == {None: 2, "developer": 2}
    correcting.undo(actor_of(alice), TitleCorrection.objects.get())
    correcting.include(actor_of(alice), posting("甲公司"), reason="真的")
    assert pay() == {None: 4, "developer": 1}


def test_a_data_officer_of_the_bureau_settles_titles_for_the_region_and_one_of_a_school_does_not(
    alice: User,
    data_officer: User,
    places: Places,
    actor_of: ActorOf,
    import_file: Upload,
    developer: JobRole,
) -> None:
    import_file(alice, FILE, shared=True)
    import_file(alice, HEADER + line("码农", "己公司", "精通Java和Docker"), name="b.csv")
    school_data = person_with(Role.DATA_OFFICER, places.other_school, username="school-data")
    with pytest.raises(Http404):
        correcting.correct_titles(actor_of(school_data), [posting("甲公司")], role=developer)
    with pytest.raises(Http404):  # what a school does not share stays its own
        correcting.correct_titles(actor_of(data_officer), [posting("己公司")], role=developer)
    correcting.correct_titles(actor_of(data_officer), [posting("甲公司")], role=developer)
    assert [role_of(name) for name in ("甲公司", "丙公司", "己公司")] == ["developer", "developer", None]
    assert TitleCorrection.objects.get().is_regional
    assert_figures_are_right()


def test_one_posting_alone_can_be_corrected(
    alice: User, actor_of: ActorOf, import_file: Upload, developer: JobRole
) -> None:
    import_file(alice, FILE)
    correcting.correct_titles(actor_of(alice), [posting("甲公司")], role=developer, only_these=True)
    assert (role_of("甲公司"), role_of("丙公司")) == ("developer", None)
    assert_figures_are_right()
    import_file(alice, HEADER + line("码农", "己公司", "掌握Java"), name="b.csv")
    assert role_of("己公司") is None


def test_a_post_can_be_taken_away(
    alice: User, actor_of: ActorOf, import_file: Upload, skills: object
) -> None:
    import_file(alice, FILE)
    correcting.correct_titles(actor_of(alice), [posting("戊公司")], role=None)
    assert role_of("戊公司") is None
    assert posting("戊公司").role_confidence is None
    assert_figures_are_right()


def test_later_imports_learn_the_title_and_near_ones(
    alice: User, actor_of: ActorOf, import_file: Upload, developer: JobRole
) -> None:
    import_file(alice, FILE)
    correcting.correct_titles(actor_of(alice), [posting("甲公司")], role=developer)
    rows = [
        line("码农", "己公司", "精通Java和Docker"),
        line("【急聘】高级码农", "庚公司", "掌握Python"),
        line("厨师", "辛公司", "团队合作精神"),
    ]
    import_file(alice, HEADER + "".join(rows), name="b.csv")
    assert [role_of(name) for name in ("己公司", "庚公司", "辛公司")] == ["developer", "developer", None]
    assert posting("庚公司").role_confidence == pytest.approx(0.85)
    assert_figures_are_right()
    correcting.undo(actor_of(alice), TitleCorrection.objects.get())
    assert [role_of(name) for name in ("甲公司", "己公司", "庚公司")] == [None] * 3
    assert not CorrectedPosting.objects.exists()
    assert_figures_are_right()


def test_undo_restores_the_post_with_its_confidence(
    alice: User, actor_of: ActorOf, import_file: Upload, developer: JobRole
) -> None:
    import_file(alice, FILE)
    before = posting("戊公司")
    figures_before = figures(RoleCount), figures(SkillCount)
    correcting.correct_titles(actor_of(alice), [before], role=JobRole.objects.get(key="packer"))
    assert role_of("戊公司") == "packer"
    correcting.undo(actor_of(alice), TitleCorrection.objects.get())
    after = posting("戊公司")
    assert (after.role_id, after.role_confidence) == (developer.pk, before.role_confidence)
    assert (figures(RoleCount), figures(SkillCount)) == figures_before
    assert AuditEvent.objects.filter(action="postings.correction_undone").count() == 1


def test_undo_uncovers_the_correction_before(
    alice: User, actor_of: ActorOf, import_file: Upload, developer: JobRole
) -> None:
    import_file(alice, FILE)
    actor = actor_of(alice)
    correcting.correct_titles(actor, [posting("甲公司")], role=developer)
    correcting.correct_titles(actor, [posting("甲公司")], role=JobRole.objects.get(key="packer"))
    assert role_of("丙公司") == "packer"
    correcting.undo(actor, TitleCorrection.objects.latest("id"))
    assert role_of("丙公司") == "developer"
    correcting.undo(actor, TitleCorrection.objects.earliest("id"))
    assert role_of("丙公司") is None
    assert_figures_are_right()


def test_who_has_not_seen_the_last_correction_is_told_who_was_first(
    alice: User, school_admin: User, actor_of: ActorOf, import_file: Upload, developer: JobRole
) -> None:
    import_file(alice, FILE)
    seen = correcting.latest(["码农"])
    correcting.correct_titles(actor_of(alice), [posting("甲公司")], role=developer, seen=seen)
    with pytest.raises(Refused, match=r"Alice.*码农.*软件开发"):
        correcting.correct_titles(actor_of(school_admin), [posting("甲公司")], role=None, seen=seen)
    assert role_of("甲公司") == "developer"
    row = TitleCorrection.objects.get()
    correcting.undo(actor_of(alice), row)
    with pytest.raises(Refused, match="Alice"):
        correcting.undo(actor_of(school_admin), row)


def test_a_colleague_without_the_right_and_a_stranger_find_nothing_to_correct(
    alice: User, bob: User, charlie: User, actor_of: ActorOf, import_file: Upload, developer: JobRole
) -> None:
    import_file(alice, FILE, shared=True)
    for person in (bob, charlie):
        with pytest.raises(Http404):
            correcting.correct_titles(actor_of(person), [posting("甲公司")], role=developer)
        with pytest.raises(Http404):
            correcting.exclude(actor_of(person), posting("甲公司"), reason="假的")
    assert not TitleCorrection.objects.exists()


def test_an_association_officer_corrects_what_is_shared_and_no_more(
    alice: User, charlie: User, places: object, actor_of: ActorOf, import_file: Upload, developer: JobRole
) -> None:
    import_file(alice, FILE, shared=True)
    import_file(charlie, HEADER + line("码农", "己公司", "掌握Java和Docker"), name="own.csv")
    officer = actor_of(person_with(Role.ASSOCIATION_OFFICER, places.association))  # type: ignore[attr-defined]
    correcting.correct_titles(officer, [posting("甲公司")], role=developer)
    assert (role_of("甲公司"), role_of("己公司")) == ("developer", None)
    with pytest.raises(Http404):
        correcting.correct_titles(officer, [posting("己公司")], role=developer)
    # what is shared later learns it too, what is not shared does not
    import_file(charlie, HEADER + line("码农", "庚公司", "掌握Python和Java"), name="c.csv", shared=True)
    assert role_of("庚公司") == "developer"
    assert_figures_are_right()


def test_many_postings_are_moved_by_a_job_that_may_be_broken_off(
    alice: User,
    actor_of: ActorOf,
    import_file: Upload,
    developer: JobRole,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import_file(alice, FILE)
    monkeypatch.setattr(correcting, "AT_ONCE", 1)
    monkeypatch.setattr(settling, "CHUNK", 1)
    done = correcting.correct_titles(actor_of(alice), [posting("甲公司")], role=developer)
    assert done.is_queued
    assert role_of("甲公司") is None
    ids = settling.affected(TitleCorrection.objects.get())
    settling.settle(ids[:1])  # a run that was killed after its first portion
    assert_figures_are_right()
    run_waiting()
    assert [role_of(name) for name in ("甲公司", "丙公司")] == ["developer"] * 2
    assert_figures_are_right()


def test_a_correction_made_while_an_import_runs_reaches_it(
    alice: User, actor_of: ActorOf, import_file: Upload, developer: JobRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_file(alice, FILE)
    learn = settling.learn

    def learn_then_correct(row: PostingImport, **options: object) -> None:
        learn(row)
        correcting.correct_titles(actor_of(alice), [posting("甲公司")], role=developer)

    monkeypatch.setattr(settling, "learn", learn_then_correct)
    import_file(alice, HEADER + line("码农", "己公司", "掌握Java和Docker"), name="b.csv")
    assert role_of("己公司") == "developer"
    assert_figures_are_right()


def test_loading_an_import_again_after_a_crash_keeps_what_was_learnt(
    alice: User, actor_of: ActorOf, upload: Upload, import_file: Upload, developer: JobRole
) -> None:
    import_file(alice, FILE)
    correcting.correct_titles(actor_of(alice), [posting("甲公司")], role=None)
    correcting.correct_titles(actor_of(alice), [posting("戊公司")], role=None)
    done = import_file(alice, HEADER + line("Python开发工程师", "己公司", "掌握Java和Docker"), name="b.csv")
    assert role_of("己公司") is None
    settling.learn(done)
    assert_figures_are_right()
    correcting.undo(actor_of(alice), TitleCorrection.objects.latest("id"))
    assert role_of("己公司") == "developer"
    assert_figures_are_right()


def test_an_excluded_posting_counts_in_no_figure_until_it_is_included_again(
    alice: User, actor_of: ActorOf, import_file: Upload, skills: object
) -> None:
    import_file(alice, FILE)
    before = figures(RoleCount), figures(SkillCount)
    correcting.exclude(actor_of(alice), posting("戊公司"), reason="收费")
    assert not RoleCount.objects.filter(role__key="developer").exists()
    assert_figures_are_right()
    with pytest.raises(Refused, match="已经不计入"):
        correcting.exclude(actor_of(alice), posting("戊公司"), reason="收费")
    # a correction of an excluded posting changes no figure
    correcting.correct_titles(actor_of(alice), [posting("戊公司")], role=None)
    assert_figures_are_right()
    correcting.undo(actor_of(alice), TitleCorrection.objects.get())
    with pytest.raises(Refused, match="原因"):
        correcting.include(actor_of(alice), posting("戊公司"), reason=" ")
    correcting.include(actor_of(alice), posting("戊公司"), reason="已核实")
    assert (figures(RoleCount), figures(SkillCount)) == before
    assert AuditEvent.objects.filter(action__in=["postings.excluded", "postings.included"]).count() == 2


def test_a_withdrawn_import_takes_its_corrected_rows_along(
    alice: User, actor_of: ActorOf, import_file: Upload, developer: JobRole
) -> None:
    done = import_file(alice, FILE)
    correcting.correct_titles(actor_of(alice), [posting("甲公司")], role=developer)
    actions.withdraw_import(actor_of(alice), done, reason="来源要求")
    run_waiting()
    assert not JobPosting.objects.exists()
    assert not CorrectedPosting.objects.exists()
    assert TitleCorrection.objects.standing().count() == 1


def test_recounting_gives_what_moving_gave(
    alice: User, actor_of: ActorOf, import_file: Upload, developer: JobRole
) -> None:
    done = import_file(alice, FILE)
    correcting.correct_titles(actor_of(alice), [posting("甲公司")], role=developer)
    moved = figures(RoleCount), figures(SkillCount)
    counting.recount(done)
    assert (figures(RoleCount), figures(SkillCount)) == moved


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_the_same_moment_one_is_first_and_the_other_is_told(
    alice: User, school_admin: User, actor_of: ActorOf, import_file: Upload, developer: JobRole
) -> None:
    import_file(alice, FILE)
    seen, told = correcting.latest(["码农"]), []
    row, packer = posting("甲公司"), JobRole.objects.get(key="packer")

    def send(user: User, role: JobRole) -> None:
        try:
            correcting.correct_titles(actor_of(user), [row], role=role, seen=seen)
        except Refused as error:
            told.append(str(error))
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=send, args=pair) for pair in ((alice, developer), (school_admin, packer))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    standing = TitleCorrection.objects.get()
    assert {role_of("甲公司"), role_of("丙公司")} == {standing.role.key if standing.role else None}
    assert_figures_are_right()


@pytest.mark.django_db(transaction=True)
def test_a_posting_taken_out_twice_at_the_same_moment_is_taken_out_once(
    alice: User, school_admin: User, actor_of: ActorOf, import_file: Upload, skills: object
) -> None:
    import_file(alice, FILE)
    row, told = posting("戊公司"), []

    def send(user: User) -> None:
        try:
            correcting.exclude(actor_of(user), row, reason="收费")
        except Refused as error:
            told.append(str(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(user,)) for user in (alice, school_admin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    assert_figures_are_right()
