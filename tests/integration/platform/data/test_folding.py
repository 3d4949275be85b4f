"""What another organisation shares later counts once, too: the unshared rows become duplicates of the shared ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from tests.integration.platform.data.conftest import HEADER, ROWS, Upload
from tests.integration.platform.data.sources_cast import FACTS
from zhiqiao.infra import storage
from zhiqiao.infra.jobs.api import JobContext, JobRun, JobState, run_waiting
from zhiqiao.platform.data import correcting, folding, lake, registering
from zhiqiao.platform.data.models import (
    FacetCount,
    JobPosting,
    JobRole,
    PostingImport,
    RoleCount,
    SkillCount,
)
from zhiqiao.platform.data.selectors.coverage import source_shares
from zhiqiao.platform.data.selectors.demand import live, skill_totals
from zhiqiao.platform.data.selectors.postings import posting_detail, sentences
from zhiqiao.platform.governance.api import Actor, AuditEvent, User

ActorOf = Callable[[User], Actor]


def counts(row: PostingImport) -> tuple[int, int, int, int]:
    row.refresh_from_db()
    return row.rows_in, row.kept, row.duplicates, row.quarantined


def test_a_posting_shared_later_by_another_organisation_counts_once(
    alice: User, charlie: User, import_file: Upload, actor_of: ActorOf
) -> None:
    private = import_file(alice)
    import_file(charlie, HEADER + ROWS[0] + ROWS[1], shared=True)
    run_waiting()
    assert counts(private) == (5, 1, 3, 1)
    actor = actor_of(alice)
    per_skill, total = skill_totals(actor)
    assert total == sum(share.postings for share in source_shares(live(actor))) == 3
    assert max(per_skill.values()) == 1
    assert sorted(JobPosting.objects.live().values_list("company", flat=True)) == [
        "丙公司",
        "乙公司",
        "甲公司",
    ]


def test_counts_and_lake_agree_with_the_rows_left(alice: User, charlie: User, import_file: Upload) -> None:
    private = import_file(alice)
    import_file(charlie, HEADER + ROWS[0], shared=True)
    run_waiting()
    rows = JobPosting.objects.filter(posting_import=private)
    for model in (RoleCount, FacetCount):
        found = model.objects.filter(posting_import=private)
        if model is FacetCount:
            found = found.filter(facet="city")
        assert sum(found.values_list("postings", flat=True)) == rows.count() == 2
    for count in SkillCount.objects.filter(posting_import=private):
        assert rows.filter(skills__skill=count.skill, role=count.role).count() == count.postings
    assert lake.count_of(private.uuid) == (2, 1)


def test_what_is_left_keeps_its_identity_text_and_sentences(
    alice: User, charlie: User, import_file: Upload, actor_of: ActorOf
) -> None:
    import_file(alice)
    before = JobPosting.objects.get(company="丙公司").uuid
    import_file(charlie, HEADER + ROWS[0], shared=True)
    run_waiting()
    after = JobPosting.objects.get(company="丙公司")
    assert after.uuid == before
    shown = posting_detail(actor_of(alice), after.uuid)
    assert [text for text, span in shown.parts if span] == ["陶瓷芯片封装"]
    assert len(sentences(actor_of(alice), "python")) == 1


def test_a_source_that_becomes_shared_folds_what_others_hold(
    alice: User, charlie: User, import_file: Upload
) -> None:
    private, later = import_file(alice), import_file(charlie)
    facts = replace(FACTS, name="x", is_shared=True)
    registering.change_source(Actor.system(), later.source, facts)
    run_waiting()
    assert (counts(private)[1], counts(later)[1]) == (0, 3)


def test_an_unshared_import_of_another_organisation_folds_nothing(
    alice: User, charlie: User, import_file: Upload
) -> None:
    private = import_file(alice)
    import_file(charlie)
    run_waiting()
    assert counts(private) == (5, 3, 1, 1)


def test_other_postings_stay(alice: User, charlie: User, import_file: Upload) -> None:
    private = import_file(alice)
    other = ROWS[0].replace("甲公司", "戊公司").replace("Python和Docker", "Java").replace("成都", "上海")
    import_file(charlie, HEADER + other, shared=True)
    run_waiting()
    assert counts(private) == (5, 3, 1, 1)
    assert not AuditEvent.objects.filter(action="postings.folded").exists()


@pytest.mark.parametrize("broken_after", ["rewrite", "remove"])
def test_a_run_that_broke_off_is_done_again_with_the_same_end(
    alice: User,
    charlie: User,
    import_file: Upload,
    monkeypatch: pytest.MonkeyPatch,
    broken_after: str,
    last_run: Callable[[], JobRun],
) -> None:
    private = import_file(alice)
    monkeypatch.setattr(folding, "unshared_elsewhere", lambda _root: PostingImport.objects.none())
    shared = import_file(charlie, HEADER + ROWS[0], shared=True)
    name = "remove_rows" if broken_after == "rewrite" else "load_rows"

    def breaks(*_: object, **__: object) -> int:
        raise SystemError

    def run(uuid: UUID, other: UUID) -> int:
        JobRun.objects.filter(pk=last_run().pk).update(state=JobState.RUNNING)
        return folding.fold(JobContext(last_run()), uuid, other)

    with monkeypatch.context() as once:
        once.setattr(folding.loading, name, breaks)
        with pytest.raises(SystemError):
            run(private.uuid, shared.uuid)
    assert run(private.uuid, shared.uuid) == 1
    assert run(private.uuid, shared.uuid) == 0
    assert counts(private) == (5, 2, 2, 1)
    assert JobPosting.objects.filter(posting_import=private).count() == 2
    assert AuditEvent.objects.filter(action="postings.folded").count() == 1


def test_what_people_decided_outlives_folding(
    alice: User, charlie: User, import_file: Upload, actor_of: ActorOf
) -> None:
    """Folding writes the rows anew: corrections of a title and of one posting, and exclusions, hold on."""
    private, acting = import_file(alice), actor_of(alice)
    developer, packer = (JobRole.objects.get(key=key) for key in ("developer", "packer"))

    def rows() -> dict[str, JobPosting]:
        found = JobPosting.objects.filter(posting_import=private).select_related("role")
        return {row.company: row for row in found}

    correcting.correct_titles(acting, [rows()["丙公司"]], role=developer)
    correcting.correct_titles(acting, [rows()["乙公司"]], role=packer, only_these=True)
    correcting.exclude(acting, rows()["丙公司"], reason="假的")
    import_file(charlie, HEADER + ROWS[0], shared=True)
    run_waiting()
    assert counts(private)[1] == 2
    found = rows()
    assert {name: row.role.key for name, row in found.items() if row.role} == {
        "丙公司": "developer",
        "乙公司": "packer",
    }
    assert found["丙公司"].is_excluded
    places = FacetCount.objects.filter(posting_import=private, facet="city")
    assert [(row.role.key if row.role else None, row.postings) for row in places] == [("packer", 1)]


def test_a_worker_killed_between_the_two_renames_loses_nothing(
    alice: User,
    charlie: User,
    import_file: Upload,
    monkeypatch: pytest.MonkeyPatch,
    last_run: Callable[[], JobRun],
) -> None:
    private = import_file(alice)
    with monkeypatch.context() as once:
        once.setattr(folding, "unshared_elsewhere", lambda _root: PostingImport.objects.none())
        shared = import_file(charlie, HEADER + ROWS[0], shared=True)
    JobRun.objects.filter(pk=last_run().pk).update(state=JobState.RUNNING)
    folder = storage.import_folder(private.uuid)
    whole = folding._finish_swap

    def killed(place: Path, fresh: Path) -> None:
        if not place.exists():
            raise SystemError
        whole(place, fresh)

    with monkeypatch.context() as once:
        once.setattr(folding, "_finish_swap", killed)
        with pytest.raises(SystemError):
            folding.fold(JobContext(last_run()), private.uuid, shared.uuid)
    assert not folder.exists()
    assert folding.fold(JobContext(last_run()), private.uuid, shared.uuid) == 1
    assert counts(private) == (5, 2, 2, 1)
    assert lake.count_of(private.uuid) == (2, 1)
