"""Computing a gap: figures, evidence, identity of proposals, who may."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import Http404

from tests.integration.apps.management.conftest import NOW, World, make_postings
from zhiqiao.apps.management.errors import NothingToCompare
from zhiqiao.apps.management.gap import compute_gap
from zhiqiao.apps.management.models import GapLine, GapReport, Proposal, ReportState
from zhiqiao.platform.data.api import edges_of, resolve
from zhiqiao.platform.data.models import ImportState, ProgrammeRole
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import User

ActorOf = Callable[[User], Actor]


def test_what_postings_ask_and_nobody_teaches_is_missing_with_its_counts(report: GapReport) -> None:
    line = report.lines.get(skill_key="ceramic-chip-packaging")
    assert (line.status, line.count, line.total, line.taught_hours) == ("missing", 30, 60, 0)
    assert line.rank == 1


def test_taught_and_asked_is_covered_and_taught_but_unasked_says_so(report: GapReport) -> None:
    assert report.lines.get(skill_key="tape-casting").status == GapLine.Status.COVERED
    assert report.lines.get(skill_key="typing").status == GapLine.Status.UNASKED


def test_the_missing_skill_is_proposed_for_the_module_it_belongs_to(report: GapReport, world: World) -> None:
    update = report.proposals.get(change="update")
    assert update.module_uuid == world.ceramics.uuid
    assert [skill["key"] for skill in update.skills] == ["ceramic-chip-packaging"]
    assert report.proposals.get(change="retire").module_uuid == world.typing.uuid


def test_evidence_walks_from_the_proposal_to_the_import_and_back(
    report: GapReport, world: World, alice: User, actor_of: ActorOf
) -> None:
    actor = actor_of(alice)
    proposal = report.proposals.get(change="update")
    line = report.lines.get(skill_key="ceramic-chip-packaging")
    down = {(link.kind, link.uuid) for link in resolve(actor, "proposal", proposal.uuid).basis}
    assert {("gap_line", line.uuid), ("module", world.ceramics.uuid)} <= down
    figures = [link for link in resolve(actor, "gap_line", line.uuid).basis if link.kind == "skill_demand"]
    assert len(figures) == 1
    imports = [
        link.uuid
        for link in resolve(actor, "skill_demand", figures[0].uuid).basis
        if link.kind == "posting_import"
    ]
    assert imports == [world.posting_import.uuid]
    assert line.uuid in {link.uuid for link in resolve(actor, "skill_demand", figures[0].uuid).derived}
    assert proposal.uuid in {link.uuid for link in resolve(actor, "gap_line", line.uuid).derived}
    assert proposal.uuid in {link.uuid for link in resolve(actor, "module", world.ceramics.uuid).derived}


def test_recomputing_from_the_drawer_gives_the_stored_value(
    report: GapReport, alice: User, actor_of: ActorOf
) -> None:
    hop = resolve(actor_of(alice), "gap_line", report.lines.get(rank=1).uuid)
    assert hop.recompute is not None
    assert hop.recompute() == hop.value
    assert hop.value == "30 / 60 条，讲授 0 学时"


def test_recomputing_differs_once_the_postings_are_gone(
    report: GapReport, world: World, alice: User, actor_of: ActorOf
) -> None:
    world.posting_import.state = ImportState.WITHDRAWN
    world.posting_import.save()
    hop = resolve(actor_of(alice), "gap_line", report.lines.get(rank=1).uuid)
    assert hop.recompute is not None
    assert hop.recompute() != hop.value


def test_a_new_report_supersedes_the_old_and_keeps_open_proposals_as_they_are(
    report: GapReport, world: World, alice: User, actor_of: ActorOf
) -> None:
    before = set(report.proposals.values_list("uuid", flat=True))
    again = compute_gap(world.programme.uuid, acting=actor_of(alice), now=NOW)
    report.refresh_from_db()
    assert report.state == ReportState.SUPERSEDED
    assert set(again.proposals.values_list("uuid", flat=True)) == before
    edges = edges_of("proposal", again.proposals.get(change="update").uuid)
    assert {edge.basis[1] for edge in edges.basis if edge.basis[0] == "gap_line"} == {
        again.lines.get(skill_key="ceramic-chip-packaging").uuid
    }


def test_a_rejected_proposal_is_not_made_again(
    report: GapReport, world: World, alice: User, actor_of: ActorOf
) -> None:
    report.proposals.filter(change="update").update(state="rejected")
    again = compute_gap(world.programme.uuid, acting=actor_of(alice), now=NOW)
    assert not again.proposals.filter(change="update").exists()
    assert Proposal.objects.filter(state="rejected").count() == 1


def test_rejected_skills_do_not_come_back_in_another_place(
    report: GapReport, world: World, alice: User, actor_of: ActorOf
) -> None:
    report.proposals.filter(change="update").update(state="rejected", change="add", module_uuid=None)
    again = compute_gap(world.programme.uuid, acting=actor_of(alice), now=NOW)
    assert set(again.proposals.values_list("change", flat=True)) == {"retire"}


def test_an_accepted_proposal_does_not_hide_that_the_same_one_is_open(
    report: GapReport, world: World, alice: User, actor_of: ActorOf
) -> None:
    done = report.proposals.get(change="update")
    done.state = "accepted"
    done.save()
    compute_gap(world.programme.uuid, acting=actor_of(alice), now=NOW)
    compute_gap(world.programme.uuid, acting=actor_of(alice), now=NOW)
    assert Proposal.objects.filter(change="update", state="open").count() == 1


def test_postings_of_an_import_that_is_not_live_do_not_count(
    world: World, alice: User, actor_of: ActorOf
) -> None:
    world.posting_import.state = ImportState.RUNNING
    world.posting_import.save()
    report = compute_gap(world.programme.uuid, acting=actor_of(alice), now=NOW)
    assert report.postings == 0
    assert not report.lines.filter(status="missing").exists()


def test_postings_of_another_school_count_only_when_shared(
    world: World, charlie: User, alice: User, actor_of: ActorOf
) -> None:
    source = world.posting_import.source
    source.pk, source.uuid, source.org_root_id = None, None, actor_of(charlie).org_root_id
    source.uuid = type(source)().uuid
    source.save()
    other = world.posting_import
    other.pk, other.uuid, other.source, other.org_root_id = (
        None,
        type(other)().uuid,
        source,
        source.org_root_id,
    )
    other.save()
    make_postings(other, world.role, [(world.skills["typing"],)] * 40)
    assert compute_gap(world.programme.uuid, acting=actor_of(alice), now=NOW).postings == 60
    source.is_shared, source.licence_note = True, "仅限区域内统计"
    source.save()
    assert compute_gap(world.programme.uuid, acting=actor_of(alice), now=NOW).postings == 100


@pytest.mark.parametrize("name", ["bob", "charlie", "student", "officer"])
def test_only_the_head_and_the_school_admin_recompute(
    world: World, actor_of: ActorOf, request: pytest.FixtureRequest, name: str
) -> None:
    with pytest.raises(Http404):
        compute_gap(world.programme.uuid, acting=actor_of(request.getfixturevalue(name)), now=NOW)


def test_without_target_posts_there_is_nothing_to_compare(
    world: World, alice: User, actor_of: ActorOf
) -> None:
    ProgrammeRole.objects.all().delete()
    with pytest.raises(NothingToCompare, match="目标岗位"):
        compute_gap(world.programme.uuid, acting=actor_of(alice), now=NOW)
