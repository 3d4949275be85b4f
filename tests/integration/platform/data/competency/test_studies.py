"""Discovery as a job: what it keeps and refuses, cancelling, the same again, edits of experts, undo, two at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.http import Http404

from tests.integration.platform.data.competency.conftest import KEYS, PLANTED, postings
from tests.integration.platform.data.conftest import Upload
from zhiqiao.infra import storage
from zhiqiao.infra.jobs.api import JobRun, JobState, run_waiting
from zhiqiao.platform.data import actions, evidence
from zhiqiao.platform.data.competency import editing, studies, studying
from zhiqiao.platform.data.competency.groups import cluster_uuid, read_cluster_uuid, study_skill_uuid
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import CompetencyStudy, PostingImport, Skill, StudyEdit, StudyState
from zhiqiao.platform.governance.api import Actor, AuditEvent, User

Acts = Callable[[User], Actor]


def groups(study: CompetencyStudy) -> list[set[str]]:
    study.refresh_from_db()
    return [set(one["skills"]) for one in study.grouping["groups"]]


def test_a_run_finds_the_planted_groups_and_keeps_by_what(study: CompetencyStudy) -> None:
    assert study.state == StudyState.DONE
    assert sorted(map(sorted, groups(study))) == sorted(
        sorted(KEYS[name] for name in names) for names in PLANTED.values()
    )
    assert study.postings == 90
    assert study.k == 3
    assert not study.k_suggested
    assert study.corpus_digest
    assert study.taxonomy_version
    assert study.parameters_version
    assert study.coherence is not None
    assert study.coherence > 0
    assert study.agreement == pytest.approx(1.0)
    assert study.seeds == 5
    folder = storage.study_folder(study.uuid)
    assert (folder / "summary.json").exists()
    assert not (folder / "input").exists()


def test_the_same_again_gives_the_same(study: CompetencyStudy, acting: Actor) -> None:
    again = studying.start_study(acting, studying.Wanted("又一次", k=3))
    run_waiting()
    again.refresh_from_db()
    assert again.corpus_digest == study.corpus_digest
    assert again.grouping == study.grouping
    assert again.coherence == study.coherence


def test_too_few_postings_are_refused_with_the_numbers(
    trades: Path, acting: Actor, data_officer: User, import_file: Upload
) -> None:
    import_file(data_officer, postings(20), shared=True)
    with pytest.raises(Refused, match=r"只有 20 条.*至少需要 50 条"):
        studying.start_study(acting, studying.Wanted("太少", k=3))
    assert not CompetencyStudy.objects.exists()


def test_a_scope_of_one_post_counts_its_postings_only(study: CompetencyStudy, acting: Actor) -> None:
    with pytest.raises(Refused, match="只有 30 条"):
        studying.start_study(acting, studying.Wanted("园艺", roles=("gardener",), k=2))


def test_postings_one_may_not_see_are_no_part_of_it(
    trades: Path, acting: Actor, alice: User, import_file: Upload
) -> None:
    import_file(alice, postings(60))  # a school's own
    with pytest.raises(Refused, match="只有 0 条"):
        studying.start_study(acting, studying.Wanted("看不见", k=3))


@pytest.mark.parametrize("k", [1, 61, 0])
def test_a_number_of_groups_out_of_range_is_refused(study: CompetencyStudy, acting: Actor, k: int) -> None:
    with pytest.raises(Refused, match="组数"):
        studying.start_study(acting, studying.Wanted("x", k=k))


def test_more_groups_than_the_skills_make_fail_with_the_engines_reason(
    study: CompetencyStudy, acting: Actor
) -> None:
    found = studying.start_study(acting, studying.Wanted("太多组", k=50))
    run_waiting()
    found.refresh_from_db()
    assert found.state == StudyState.FAILED
    assert found.error["zh"]
    assert found.error["en"]
    assert not storage.study_folder(found.uuid).exists()
    assert JobRun.objects.latest("id").state == JobState.FAILED


def test_a_cancelled_run_leaves_nothing(study: CompetencyStudy, acting: Actor) -> None:
    found = studying.start_study(acting, studying.Wanted("取消", k=3))
    studying.cancel_study(acting, found)
    run_waiting()
    found.refresh_from_db()
    assert found.state == StudyState.CANCELLED
    assert found.grouping == {}
    assert not storage.study_folder(found.uuid).exists()
    with pytest.raises(Refused):
        studying.cancel_study(acting, found)


def test_a_run_whose_worker_was_lost_is_closed(study: CompetencyStudy, acting: Actor) -> None:
    lost = studying.start_study(acting, studying.Wanted("中断", k=3))
    JobRun.objects.filter(uuid=lost.job_uuid).update(state=JobState.FAILED)
    assert studies.state_of(lost, studies.run_of(lost)) == StudyState.FAILED
    assert studying.close_ended() == 1
    lost.refresh_from_db()
    assert lost.state == StudyState.FAILED
    assert studying.close_ended() == 0


def test_owner_and_expert_edit_a_stranger_does_not_see(
    study: CompetencyStudy, acting: Actor, expert: User, charlie: User, officer: User, actor_of: Acts
) -> None:
    assert studies.get_study(actor_of(expert), "competency.manage", study.uuid) == study
    editing.rename_group(actor_of(expert), study, "c01", "园林养护", seen=1)
    for stranger in (actor_of(charlie), actor_of(officer)):
        assert study not in studies.studies(stranger)
        with pytest.raises(Http404):
            studies.get_study(stranger, "competency.read", study.uuid)
        with pytest.raises(Http404):
            editing.rename_group(stranger, study, "c01", "x", seen=2)


def test_each_edit_is_kept_with_person_and_the_last_can_be_undone(
    study: CompetencyStudy, acting: Actor
) -> None:
    before = study.grouping
    first, second, third = (one["id"] for one in before["groups"])
    editing.rename_group(acting, study, first, "甲组", seen=1)
    skill = before["groups"][1]["skills"][0]
    editing.move_skill(acting, study, skill, first, seen=2)
    editing.merge_groups(acting, study, [first, third], seen=3)
    study.refresh_from_db()
    assert [one["id"] for one in study.grouping["groups"]] == [first, second]
    made = list(StudyEdit.objects.order_by("edition"))
    assert [one.kind for one in made] == ["rename", "move", "merge"]
    assert {one.made_by_id for one in made} == {acting.user_id}
    assert AuditEvent.objects.filter(action="competency.edited").count() == 3
    for seen in (4, 5, 6):
        editing.undo_last(acting, study, seen=seen)
    study.refresh_from_db()
    assert study.grouping == before
    with pytest.raises(Refused, match="没有可以撤销"):
        editing.undo_last(acting, study, seen=7)


def test_split_remove_and_add(study: CompetencyStudy, acting: Actor) -> None:
    skills = study.grouping["groups"][0]["skills"]
    editing.split_group(acting, study, "c01", skills[:2], name="小组", seen=1)
    editing.remove_skill(acting, study, skills[0], seen=2)
    study.refresh_from_db()
    assert skills[0] in study.grouping["unclustered"]
    editing.add_skill(acting, study, skills[0], "c02", seen=3)
    study.refresh_from_db()
    assert [one["name"] for one in study.grouping["groups"]][1] == "小组"
    with pytest.raises(Refused):
        editing.add_skill(acting, study, "python", "c02", seen=4)


@pytest.mark.parametrize("name", ["", "  ", "长" * 101])
def test_a_name_that_can_not_be_is_refused(study: CompetencyStudy, acting: Actor, name: str) -> None:
    with pytest.raises(Refused):
        editing.rename_group(acting, study, "c01", name, seen=1)
    assert not StudyEdit.objects.exists()


def test_who_looked_at_an_older_edition_is_told(study: CompetencyStudy, acting: Actor) -> None:
    editing.rename_group(acting, study, "c01", "先到", seen=1)
    with pytest.raises(Refused, match="刚才有人改过"):
        editing.rename_group(acting, study, "c01", "后到", seen=1)
    study.refresh_from_db()
    assert study.grouping["groups"][0]["name"] == "先到"


def test_names_and_ids_are_carried_over_to_a_new_run(
    study: CompetencyStudy, acting: Actor, data_officer: User, import_file: Upload
) -> None:
    garden = next(one["id"] for one in study.grouping["groups"] if "garden-1" in one["skills"])
    editing.rename_group(acting, study, garden, "园林养护", seen=1)
    import_file(data_officer, postings(60, seed=11, company="乙"), name="b.csv", shared=True)
    study.refresh_from_db()
    again = studying.rerun_study(acting, study)
    run_waiting()
    again.refresh_from_db()
    assert again.postings == 150
    assert again.corpus_digest != study.corpus_digest
    named = next(one for one in again.grouping["groups"] if one["id"] == garden)
    assert named["name"] == "园林养护"
    assert named["named"]
    assert "garden-1" in named["skills"]
    assert again.carried["matches"]
    assert again.previous == study


def test_the_page_tells_shares_sentences_and_scores(study: CompetencyStudy, acting: Actor) -> None:
    shown = studies.groups_of(acting, study)
    assert all(one.coherence is not None and one.verdict for one in shown)
    first = shown[0]
    assert first.skills[0].share == pytest.approx(first.skills[0].postings / 90)
    assert first.examples
    assert first.examples[0].url.startswith("/")
    assert any(mark for _text, mark in first.examples[0].parts)
    editing.move_skill(acting, study, shown[1].skills[0].key, first.id, seen=1)
    study.refresh_from_db()
    edited = studies.groups_of(acting, study)[0]
    assert edited.is_edited
    assert edited.coherence is None
    assert "不再适用" in edited.verdict


def test_figures_open_their_evidence_and_compute_the_same_again(
    study: CompetencyStudy, acting: Actor
) -> None:
    skill = Skill.objects.get(key="garden-1")
    for kind, uuid in (
        ("competency_cluster", cluster_uuid(study.pk, "c01")),
        ("study_skill", study_skill_uuid(study.pk, skill.pk)),
    ):
        hop = evidence.resolve(acting, kind, uuid)
        assert hop.recompute is not None
        assert hop.value
        assert hop.recompute() == hop.value
        assert any(link.kind == "posting_import" for link in hop.basis)


def test_evidence_is_closed_to_strangers(study: CompetencyStudy, charlie: User, actor_of: Acts) -> None:
    uuid = cluster_uuid(study.pk, "c01")
    with pytest.raises(Http404):
        evidence.resolve(actor_of(charlie), "competency_cluster", uuid)
    assert evidence.titles(actor_of(charlie), "competency_cluster", [uuid]) == {}
    with pytest.raises(Http404):
        evidence.resolve(actor_of(charlie), "study_skill", uuid)


def test_a_withdrawn_import_takes_its_sentences_along(
    study: CompetencyStudy, acting: Actor, data_officer: User, actor_of: Acts
) -> None:
    row = PostingImport.objects.get()
    actions.withdraw_import(actor_of(data_officer), row, reason="错了")
    run_waiting()
    assert all(not one.examples for one in studies.groups_of(acting, study))


def test_uuids_of_figures_say_what_they_are_about() -> None:
    found = read_cluster_uuid(cluster_uuid(12, "c07"))
    assert found
    assert (found.study_id, found.number, found.is_skill) == (12, 7, False)
    other = read_cluster_uuid(study_skill_uuid(12, 345))
    assert other
    assert (other.study_id, other.number, other.is_skill) == (12, 345, True)


@pytest.mark.django_db(transaction=True)
def test_of_two_edits_at_once_one_is_kept(study: CompetencyStudy, acting: Actor) -> None:
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def edit(name: str) -> None:
        barrier.wait()
        try:
            editing.rename_group(acting, study, "c01", name, seen=1)
            outcomes.append("kept")
        except Exception as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=edit, args=(name,)) for name in ("甲", "乙")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("kept") == 1
    assert StudyEdit.objects.count() == 1
