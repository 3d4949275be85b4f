"""A change comes into force, touches what it said it would, and goes again without a trace in the figures."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connections

from tests.integration.platform.data.conftest import Upload
from tests.integration.platform.data.taxonomy.conftest import CSV, HEADER, NEW, ROWS
from tests.integration.platform.data.test_import import rows_of
from zhiqiao.engines import jobmining
from zhiqiao.infra import storage
from zhiqiao.infra.jobs.api import JobState, run_waiting, runs
from zhiqiao.platform.data import actions as import_actions
from zhiqiao.platform.data import catalogue, importing, lake
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.mined_with import current_rules
from zhiqiao.platform.data.models import (
    ChangeKind,
    ChangeState,
    ImportState,
    JobPosting,
    PostingImport,
    ProposalState,
    Skill,
    SkillChange,
    SkillCount,
    TaxonomyVersion,
)
from zhiqiao.platform.data.taxonomy import actions, overlay, remining, rows
from zhiqiao.platform.governance.api import Actor, AuditEvent, Notice, User

InForce = Callable[..., SkillChange]


class Quiet:
    """A job's context that nobody watches."""

    def progress(self, done: int, total: int, stage: str = "") -> None:
        """Say nothing."""

    def check_cancelled(self) -> None:
        """Go on."""


def mentions_of(posting_import: PostingImport) -> list[dict[str, object]]:
    folder = storage.import_folder(posting_import.uuid)
    path = lake.mentions_path(folder, posting_import.taxonomy_version)
    return pq.read_table(path).to_pylist()  # type: ignore[no-any-return]  # pyarrow is untyped


def mined_whole(posting_import: PostingImport) -> list[dict[str, object]]:
    """Mine all texts of an import with the catalogue in force."""
    table = pq.read_table(storage.import_folder(posting_import.uuid) / lake.POSTINGS)
    batch = table.combine_chunks().to_batches()[0]
    taxonomy = actions.current().taxonomy
    found = jobmining.mine_batch(batch, taxonomy=taxonomy, rules=current_rules())
    return found.to_pylist()  # type: ignore[no-any-return]  # see above


def assert_places_fit(posting_import: PostingImport) -> None:
    """Every posting's row leads to its own mentions, all of them."""
    mentions = mentions_of(posting_import)
    for row in JobPosting.objects.filter(posting_import=posting_import):
        own = mentions[row.mention_start : row.mention_start + row.mention_count]
        assert own == [item for item in mentions if item["posting_id"] == row.key]
        shown = lake.posting(
            posting_import.uuid,
            row.row,
            mentions=(row.mention_start, row.mention_count),
            version=posting_import.taxonomy_version,
        )
        assert shown is not None
        skills = set(row.skills.values_list("skill__key", flat=True))
        assert {span.skill_key for span in shown.spans} == skills


def test_a_preview_counts_what_will_change_before_anything_does(
    alice: User, import_file: Upload, acting: Actor
) -> None:
    done = import_file(alice, CSV)
    change = actions.draft_skill(acting, NEW)
    run_waiting()
    change.refresh_from_db()
    impact = change.impact
    # the company's own praise does not count, so the fourth posting is not among them
    assert (impact["added"], impact["moved"], impact["lost"], impact["postings"]) == (3, 0, 0, 2)
    assert change.state == ChangeState.DRAFT
    assert not Skill.objects.filter(key=change.skill_key).exists()
    done.refresh_from_db()
    assert done.taxonomy_version == impact["old"] != impact["new"]


def test_a_new_skill_is_found_in_what_was_imported_before(
    alice: User, import_file: Upload, acting: Actor, in_force: InForce
) -> None:
    done = import_file(alice, CSV)
    change = in_force(actions.draft_skill(acting, NEW))
    done.refresh_from_db()
    assert change.skill_key == "own-parrotchain"
    assert mentions_of(done) == mined_whole(done)
    assert done.taxonomy_version == change.version_after == actions.current().taxonomy.version
    assert done.mentions == len(mentions_of(done))
    assert_places_fit(done)
    asked = SkillCount.objects.filter(posting_import=done, skill__key="own-parrotchain")
    assert sorted(asked.values_list("role__key", "month", "postings")) == [
        ("developer", "2026-01", 1),
        ("developer", "2026-02", 1),
    ]


def test_rows_after_mining_again_are_those_of_a_fresh_import(
    alice: User, charlie: User, import_file: Upload, acting: Actor, in_force: InForce
) -> None:
    done = import_file(alice, CSV)
    in_force(actions.draft_skill(acting, NEW))
    in_force(actions.draft(acting, ChangeKind.ADD_ALIAS, "teamwork", surface="合作精神"))
    in_force(actions.draft(acting, ChangeKind.RETIRE_SKILL, "docker", surface="Docker"))
    fresh = import_file(charlie, CSV)
    done.refresh_from_db()
    assert done.taxonomy_version == fresh.taxonomy_version
    assert rows_of(done) == rows_of(fresh)
    assert mentions_of(done) == mentions_of(fresh)
    assert_places_fit(done)


def test_withdrawing_gives_the_figures_back(
    alice: User, import_file: Upload, acting: Actor, in_force: InForce
) -> None:
    done = import_file(alice, CSV)
    before, version, found = rows_of(done), done.taxonomy_version, mentions_of(done)
    change = in_force(actions.draft_skill(acting, NEW))
    actions.start_preview(acting, change)
    run_waiting()
    change.refresh_from_db()
    assert change.undo_impact["lost"] == 3
    assert change.impact["added"] == 3
    actions.withdraw(acting, change, reason="写错了", seen=actions.current().taxonomy.version)
    run_waiting()
    done.refresh_from_db()
    assert (rows_of(done), done.taxonomy_version, mentions_of(done)) == (before, version, found)
    assert not Skill.objects.get(key=change.skill_key).is_active
    assert list(TaxonomyVersion.objects.order_by("number").values_list("number", "is_withdrawal")) == [
        (1, False),
        (2, False),
        (3, True),
    ]


def test_only_touched_postings_are_mined(
    alice: User, import_file: Upload, acting: Actor, in_force: InForce
) -> None:
    import_file(alice, CSV)
    in_force(actions.draft_skill(acting, NEW))
    result = runs().filter(kind=actions.REMINE).latest("id").result
    assert (result["mined"], result["postings"]) == (3, 4)


def test_an_import_mined_with_other_rules_or_an_unknown_catalogue_is_mined_whole(
    alice: User, import_file: Upload, acting: Actor, in_force: InForce
) -> None:
    done = import_file(alice, CSV)
    PostingImport.objects.filter(pk=done.pk).update(taxonomy_version="000000000000")
    in_force(actions.draft_skill(acting, NEW))
    result = runs().filter(kind=actions.REMINE).latest("id").result
    done.refresh_from_db()
    assert result["mined"] == result["postings"] == 4
    assert mentions_of(done) == mined_whole(done)


def test_a_run_killed_while_rows_are_written_leaves_the_old_state_and_can_go_on(
    alice: User, import_file: Upload, acting: Actor, in_force: InForce, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = import_file(alice, CSV)
    before, found = rows_of(done), mentions_of(done)
    in_force(actions.draft_skill(acting, NEW), mine=False)
    whole = rows.write_difference

    def half(posting_import: PostingImport, update: rows.Difference) -> int:
        whole(posting_import, update)
        raise KeyboardInterrupt

    monkeypatch.setattr(rows, "write_difference", half)
    with pytest.raises(KeyboardInterrupt):
        remining.run_remining(Quiet(), done.uuid, actor=acting)  # type: ignore[arg-type]
    done.refresh_from_db()
    assert (rows_of(done), mentions_of(done)) == (before, found)
    assert_places_fit(done)
    monkeypatch.setattr(rows, "write_difference", whole)
    remining.run_remining(Quiet(), done.uuid, actor=acting)  # type: ignore[arg-type]
    done.refresh_from_db()
    assert mentions_of(done) == mined_whole(done)
    assert_places_fit(done)


def test_a_run_killed_before_the_file_has_its_lasting_name_leaves_the_new_state(
    alice: User, import_file: Upload, acting: Actor, in_force: InForce, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = import_file(alice, CSV)
    in_force(actions.draft_skill(acting, NEW), mine=False)
    tidy, calls = remining.tidy, iter([True, False])

    def killed(folder: object, version: str) -> None:
        if not next(calls):
            raise KeyboardInterrupt
        tidy(folder, version)  # type: ignore[arg-type]

    monkeypatch.setattr(remining, "tidy", killed)
    with pytest.raises(KeyboardInterrupt):
        remining.run_remining(Quiet(), done.uuid, actor=acting)  # type: ignore[arg-type]
    done.refresh_from_db()
    assert mentions_of(done) == mined_whole(done)
    assert_places_fit(done)
    monkeypatch.setattr(remining, "tidy", tidy)
    remining.run_remining(Quiet(), done.uuid, actor=acting)  # type: ignore[arg-type]
    folder = storage.import_folder(done.uuid)
    assert [path.name for path in folder.glob("mentions*")] == [lake.MENTIONS]
    assert mentions_of(done) == mined_whole(done)


def test_a_cancelled_update_leaves_the_import_behind_until_it_is_caught_up(
    alice: User, import_file: Upload, acting: Actor, in_force: InForce
) -> None:
    done = import_file(alice, CSV)
    in_force(actions.draft_skill(acting, NEW), mine=False)
    assert actions.cancel_remining(acting) == 1
    run_waiting()
    assert [row.pk for row in actions.behind()] == [done.pk]
    assert runs().filter(kind=actions.REMINE).latest("id").state == JobState.CANCELLED
    assert actions.remine_behind(acting) == 1
    assert actions.remine_behind(acting) == 0  # it is on its way already
    run_waiting()
    assert actions.behind() == []


def test_an_import_withdrawn_meanwhile_is_left_alone(
    alice: User, import_file: Upload, acting: Actor, in_force: InForce
) -> None:
    done = import_file(alice, CSV)
    in_force(actions.draft_skill(acting, NEW), mine=False)
    PostingImport.objects.filter(pk=done.pk).update(state=ImportState.WITHDRAWING)
    run_waiting()
    done.refresh_from_db()
    assert done.taxonomy_version != actions.current().taxonomy.version


def test_an_import_read_while_the_catalogue_changed_is_caught_up(
    alice: User, upload: Upload, acting: Actor, in_force: InForce, monkeypatch: pytest.MonkeyPatch
) -> None:
    posting_import = upload(alice, CSV)
    mine = importing._mine

    def slow(*args: object) -> None:
        mine(*args)  # type: ignore[arg-type]
        SkillChange.objects.create(
            org_root_id=1,
            kind=ChangeKind.RETIRE_SKILL,
            skill_key="java",
            state=ChangeState.ACTIVE,
            turn=9,
        )

    monkeypatch.setattr(importing, "_mine", slow)
    import_actions.start_import(
        Actor(alice.pk, "alice", "programme_head", org_root_id=posting_import.org_root_id), posting_import
    )
    run_waiting()
    run_waiting()
    posting_import.refresh_from_db()
    assert posting_import.taxonomy_version == actions.current().taxonomy.version


def test_two_officers_at_once_the_second_is_told_and_looks_again(
    alice: User,
    second: User,
    import_file: Upload,
    acting: Actor,
    in_force: InForce,
    actor_of: Callable[[User], Actor],
) -> None:
    import_file(alice, CSV)
    mine = actions.draft_skill(acting, NEW)
    theirs = actions.draft(actor_of(second), ChangeKind.ADD_ALIAS, "java", surface="鹦鹉链")
    run_waiting()
    theirs.refresh_from_db()
    seen = str(theirs.impact["old"])
    in_force(mine)
    with pytest.raises(Refused, match="请按新目录再看一次影响"):
        actions.activate(actor_of(second), theirs, seen=seen)
    with pytest.raises(Refused, match="“鹦鹉链”已经是技能“鹦鹉链”"):
        actions.activate(actor_of(second), theirs, seen=actions.current().taxonomy.version)
    theirs.refresh_from_db()
    assert theirs.state == ChangeState.DRAFT


def test_a_term_decided_by_somebody_else_is_not_decided_twice(
    alice: User, second: User, import_file: Upload, acting: Actor, actor_of: Callable[[User], Actor]
) -> None:
    import_file(alice, CSV)
    term = actions.propose(acting, "鹦鹉链")
    draft = actions.draft(acting, ChangeKind.ADD_ALIAS, "java", surface="鹦鹉链", proposal=term)
    assert actions.reject(actor_of(second), [term], reason="不是技能") == 1
    with pytest.raises(Refused, match="已驳回"):
        actions.activate(acting, draft, seen=actions.current().taxonomy.version)
    assert actions.reject(acting, [term], reason="晚了") == 0


def test_a_change_that_others_rest_on_can_not_be_withdrawn_first(
    acting: Actor, in_force: InForce, skills: object
) -> None:
    first = in_force(actions.draft_skill(acting, NEW))
    in_force(actions.draft(acting, ChangeKind.ADD_ALIAS, first.skill_key, surface="绿鹦鹉"))
    with pytest.raises(Refused, match=r"绿鹦鹉.*请先撤销它"):
        actions.withdraw(acting, first, reason="x", seen=actions.current().taxonomy.version)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (actions.NewSkill("ＰＹＴＨＯＮ", "", "tool", "programming"), "“ＰＹＴＨＯＮ”已经是技能“Python”"),
        (
            actions.NewSkill("新技能", "", "tool", "programming", aliases=("团队 协作", "团队协作")),
            "“团队协作”已经是技能“团队合作”",
        ),
        (actions.NewSkill("新技能", "teamwork", "soft", "programming"), "已经是技能“团队合作”"),
    ],
)
def test_a_name_that_has_an_owner_is_refused_with_the_owner(
    skills: object, acting: Actor, new: actions.NewSkill, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        actions.draft_skill(acting, new)
    assert not SkillChange.objects.exists()


def test_keys_are_of_the_english_name_or_a_number_and_never_used_twice(
    skills: object, acting: Actor, in_force: InForce
) -> None:
    first = in_force(actions.draft_skill(acting, NEW))
    actions.withdraw(acting, first, reason="x", seen=actions.current().taxonomy.version)
    again = actions.draft_skill(acting, NEW)
    chinese = actions.draft_skill(acting, actions.NewSkill("海豚机", "", "tool", "programming"))
    assert first.skill_key == "own-parrotchain"
    assert again.skill_key.startswith("own-")
    assert len({first.skill_key, again.skill_key, chinese.skill_key}) == 3


def test_a_pack_that_later_has_the_term_wins_and_the_overlap_is_shown(
    skills: object, pack, acting: Actor, in_force: InForce
) -> None:
    change = in_force(actions.draft_skill(acting, NEW))
    path = pack / "skills" / "programming.csv"
    path.write_text(
        path.read_text(encoding="utf-8") + "parrot-chain,鹦鹉链,,tool,programming,,,\n", encoding="utf-8"
    )
    catalogue.load_skills(pack / "skills")
    found = actions.current()
    assert [(row.pk, fault.owner) for row, fault in found.unapplied] == [(change.pk, "parrot-chain")]
    assert not Skill.objects.get(key=change.skill_key).is_active
    assert Skill.objects.get(key="parrot-chain").is_active
    assert TaxonomyVersion.objects.order_by("-number").first().change is None  # type: ignore[union-attr]


def test_each_decision_is_on_the_trail_and_told_to_who_proposed_it(
    bob: User, acting: Actor, in_force: InForce, skills: object, actor_of: Callable[[User], Actor]
) -> None:
    term = actions.propose(actor_of(bob), "鹦鹉链", note="很多岗位要")
    in_force(actions.draft_skill(acting, NEW, proposal=term))
    term.refresh_from_db()
    assert (term.state, term.decided_by_id) == (ProposalState.ACCEPTED, acting.user_id)
    assert list(Notice.objects.filter(kind="taxonomy.decided").values_list("user_id", flat=True)) == [bob.pk]
    told = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"taxonomy.proposed", "taxonomy.activated"} <= told


def test_a_kept_catalogue_comes_back_by_its_version_and_not_when_it_was_tampered_with(
    skills: object, acting: Actor
) -> None:
    taxonomy = actions.current().taxonomy
    overlay.keep(taxonomy)
    assert overlay.kept(taxonomy.version) == taxonomy
    path = next((storage.lake() / "taxonomies" / taxonomy.version).glob("skills-*.csv"))
    path.write_text(path.read_text(encoding="utf-8").replace("Python", "Pyton"), encoding="utf-8")
    assert overlay.kept(taxonomy.version) is None
    assert overlay.kept("") is overlay.kept(uuid4().hex[:12]) is None


def test_what_the_learned_stage_found_counts_in_no_figure(
    alice: User, upload: Upload, actor_of: Callable[[User], Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    posting_import = upload(alice, HEADER + ROWS[0])
    mine = importing._mine

    def and_learned(context, row, mining) -> None:
        mine(context, row, mining)
        table = pq.read_table(mining / lake.MENTIONS)
        learned = table.slice(0, 1).to_pylist()
        learned[0] |= {"skill_id": None, "skill_zh": "鹦鹉链", "source": "learned"}
        pq.write_table(
            pa.concat_tables([pa.Table.from_pylist(learned, schema=table.schema), table]),
            mining / lake.MENTIONS,
        )

    monkeypatch.setattr(importing, "_mine", and_learned)
    import_actions.start_import(actor_of(alice), posting_import)
    run_waiting()
    row = JobPosting.objects.get(posting_import=posting_import)
    assert row.mention_count == 3
    assert set(row.skills.values_list("skill__key", flat=True)) == {"python", "docker"}
    assert SkillCount.objects.filter(posting_import=posting_import).count() == 2
    shown = lake.posting(posting_import.uuid, row.row, mentions=(row.mention_start, row.mention_count))
    assert shown is not None
    assert [span.skill_key for span in shown.spans] == ["python", "docker"]


@pytest.mark.django_db(transaction=True)
def test_two_officers_decide_one_term_in_the_same_moment_and_one_decision_holds(
    alice: User,
    second: User,
    import_file: Upload,
    acting: Actor,
    actor_of: Callable[[User], Actor],
) -> None:
    """One accepts, one merges, one rejects, all at once: one of them is done, the others are told."""
    import_file(alice, CSV)
    term = actions.propose(acting, "鹦鹉链")
    accepted = actions.draft_skill(acting, NEW, proposal=term)
    merged = actions.draft(actor_of(second), ChangeKind.ADD_ALIAS, "java", surface="鹦鹉链", proposal=term)
    seen = actions.current().taxonomy.version
    start, done, refused, faults = threading.Barrier(3), [], [], []

    def work(name: str, verb: Callable[[], object]) -> None:
        try:
            start.wait()
            (done if verb() != 0 else refused).append(name)
        except Refused:
            refused.append(name)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    verbs: dict[str, Callable[[], object]] = {
        "accepted": lambda: actions.activate(acting, accepted, seen=seen),
        "merged": lambda: actions.activate(actor_of(second), merged, seen=seen),
        "rejected": lambda: actions.reject(actor_of(second), [term], reason="不是技能"),
    }
    threads = [threading.Thread(target=work, args=item) for item in verbs.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert (len(done), len(refused)) == (1, 2)
    term.refresh_from_db()
    assert term.state == done[0]
    assert SkillChange.objects.filter(proposal=term, state=ChangeState.ACTIVE).count() == 1


def test_a_rejection_is_taken_back_by_opening_the_term_not_by_withdrawing_the_change(
    alice: User, import_file: Upload, acting: Actor
) -> None:
    import_file(alice, CSV)
    term = actions.propose(acting, "鹦鹉链")
    actions.reject(acting, [term], reason="不是技能")
    change, before = SkillChange.objects.get(), TaxonomyVersion.objects.count()
    with pytest.raises(Refused):
        actions.withdraw(acting, change, reason="x", seen=actions.current().taxonomy.version)
    assert TaxonomyVersion.objects.count() == before
    actions.reopen(acting, term)


def test_drafts_are_on_the_trail_too(alice: User, import_file: Upload, acting: Actor) -> None:
    import_file(alice, CSV)
    actions.discard(acting, actions.draft_skill(acting, NEW))
    assert list(
        AuditEvent.objects.filter(action__startswith="taxonomy.")
        .order_by("id")
        .values_list("action", flat=True)
    ) == ["taxonomy.drafted", "taxonomy.discarded"]
