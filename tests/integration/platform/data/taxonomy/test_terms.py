"""Terms reach the list from the learned stage and by hand, with what the texts say, and stay decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.http import Http404

from tests.conftest import Places
from tests.factories import person_with
from tests.integration.platform.data.conftest import Upload
from tests.integration.platform.data.taxonomy.conftest import CSV, HEADER
from zhiqiao.engines import jobmining
from zhiqiao.infra import storage
from zhiqiao.infra.jobs.api import enqueue, run_waiting, runs
from zhiqiao.platform.data import lake
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import (
    ChangeKind,
    JobPosting,
    PostingImport,
    ProposalSource,
    ProposalState,
    SkillChange,
    SkillProposal,
)
from zhiqiao.platform.data.selectors import taxonomy as selectors
from zhiqiao.platform.data.selectors.demand import live
from zhiqiao.platform.data.taxonomy import actions, jobs, terms, words
from zhiqiao.platform.governance.api import Actor, AuditEvent, Role, User

ActorOf = Callable[[User], Actor]
CANDIDATE_SCHEMA = pa.schema([
    ("posting_id", pa.string()), ("surface", pa.string()), ("start", pa.int32()), ("end", pa.int32()),
    ("kind", pa.string()), ("score", pa.float32()), ("line_role", pa.string()),
])  # fmt: skip


def write_candidates(
    posting_import: PostingImport, found: Sequence[tuple[int, str, str | None, float]]
) -> None:
    """Write what the learned stage would: (number of the posting, writing, kind, score)."""
    keys = list(
        JobPosting.objects.filter(posting_import=posting_import).order_by("row").values_list("key", flat=True)
    )
    rows = [
        {"posting_id": keys[number], "surface": surface, "start": 0, "end": len(surface), "kind": kind,
         "score": score, "line_role": "requirement"}
        for number, surface, kind, score in found
    ]  # fmt: skip
    path = storage.import_folder(posting_import.uuid) / terms.CANDIDATES
    pq.write_table(pa.Table.from_pylist(rows, schema=CANDIDATE_SCHEMA), path)


def collect(posting_import: PostingImport) -> dict[str, object]:
    """Run the job that follows an import once more."""
    params = {"import_uuid": str(posting_import.uuid)}
    run = enqueue(jobs.COLLECT, owner_id=None, org_root_id=None, title="x", params=params)
    run_waiting()
    run.refresh_from_db()
    return run.result


def test_an_import_without_candidates_proposes_nothing(alice: User, import_file: Upload) -> None:
    done = import_file(alice, CSV)
    assert runs().filter(kind=jobs.COLLECT).count() == 1
    assert collect(done) == {"terms": 0}


def test_candidates_are_summed_by_folded_writing(alice: User, import_file: Upload, acting: Actor) -> None:
    done = import_file(alice, CSV, shared=True)
    write_candidates(done, [
        (0, "ParrotChain", "tool", 0.9), (0, "ParrotChain", "tool", 0.8),
        (1, "parrotchain", "tool", 0.7), (1, "ＰａｒｒｏｔChain", "tool", 0.8),
        (2, "陶瓷芯片封装", "ability", 0.9), (2, "烧结曲线", None, 0.5), (3, "", None, 0.9),
    ])  # fmt: skip
    assert collect(done) == {"terms": 2}
    rows = list(selectors.proposals(acting, live(acting)))
    assert [(row.term, row.postings, row.mentions) for row in rows] == [
        ("parrotchain", 2, 4),
        ("烧结曲线", 1, 1),
    ]
    first = SkillProposal.objects.get(term="parrotchain")
    assert (first.surface, first.kind, first.source) == ("ParrotChain", "tool", ProposalSource.LEARNED)
    assert first.score == pytest.approx(0.8)
    spread = selectors.spread(first, live(acting))
    assert spread.months == (("2026-01", 1), ("2026-02", 1))
    assert spread.sources == (("人社局", 2),)


def test_collecting_twice_changes_nothing_and_a_rejection_stays(
    alice: User, import_file: Upload, acting: Actor
) -> None:
    done = import_file(alice, CSV, shared=True)
    write_candidates(done, [(0, "吃苦", "soft", 0.4)])
    collect(done)
    row = SkillProposal.objects.get()
    actions.reject(acting, [row], reason="不是技能")
    collect(done)
    row.refresh_from_db()
    assert (row.state, row.reason, row.counts.count()) == (ProposalState.REJECTED, "不是技能", 1)
    assert SkillChange.objects.get().kind == ChangeKind.REJECT
    actions.reopen(acting, row)
    row.refresh_from_db()
    assert row.state == ProposalState.OPEN
    with pytest.raises(Refused, match="待审"):
        actions.reopen(acting, row)


def test_terms_of_a_private_import_are_seen_by_its_own_organisation_only(
    alice: User, charlie: User, import_file: Upload, actor_of: ActorOf
) -> None:
    done = import_file(alice, CSV)
    write_candidates(done, [(0, "鹦鹉链", "tool", 0.9)])
    collect(done)
    row = SkillProposal.objects.get()
    ours, theirs = actor_of(alice), actor_of(charlie)
    assert selectors.proposal(ours, row.uuid, live(ours)).postings == 1
    with pytest.raises(Http404):
        selectors.proposal(theirs, row.uuid, live(theirs))


def test_a_term_proposed_by_hand_is_counted_in_the_texts(
    alice: User, bob: User, import_file: Upload, actor_of: ActorOf
) -> None:
    import_file(alice, CSV)
    row = actions.propose(actor_of(bob), "  鹦鹉链 ", note="常见")
    run_waiting()
    found = selectors.proposal(actor_of(bob), row.uuid, live(actor_of(bob)))
    assert (found.postings, found.mentions, found.surface) == (3, 4, "鹦鹉链")
    assert actions.propose(actor_of(alice), "鹦鹉链").pk == row.pk
    assert AuditEvent.objects.filter(action="taxonomy.proposed").count() == 1


def test_sentences_carry_the_term_the_line_and_the_posting(
    alice: User, import_file: Upload, actor_of: ActorOf
) -> None:
    import_file(alice, CSV)
    among = live(actor_of(alice))
    look = terms.look([row.uuid for row in among.imports], "鹦鹉链")
    shown = selectors.contexts_of(look.contexts, among)
    assert [("鹦鹉链", True) in item.parts for item in shown] == [True, True, True]
    assert [(item.line_role, item.counts) for item in shown] == [
        ("requirement", True),
        ("requirement", True),
        ("company", False),
    ]
    assert all(item.url.startswith("/data/postings/") for item in shown)
    assert look.complete


def test_a_look_that_is_stopped_says_that_it_is_not_complete(alice: User, import_file: Upload) -> None:
    done = import_file(alice, CSV)
    look = terms.look([done.uuid], "鹦鹉链", stop=lambda _looked_at: True)
    assert (look.complete, look.postings) == (False, 0)


@pytest.mark.parametrize(
    ("text", "words_"),
    [
        ("", "请写出词语"),
        (" \u3000 ", "请写出词语"),
        ("长" * 10_000, "10000"),
        ("a|b", "不能用的字符"),
        ("甲\u0000乙", "不能用的字符"),
        ("🦜🦜", "没有文字"),
        ("++", "没有文字"),
        ("团队协作", "已经是技能“团队合作”"),
        ("ＤＯＣＫＥＲ", "已经是技能“Docker”"),
    ],
)
def test_what_can_not_be_a_term_is_refused_in_words(
    skills: object, acting: Actor, text: str, words_: str
) -> None:
    with pytest.raises(Refused, match=words_):
        actions.propose(acting, text)
    assert not SkillProposal.objects.exists()


@pytest.mark.parametrize("text", ["C++/C#", ".*", "鹦鹉🦜链", "機器學習", "a[b", "%s", "<b>链</b>", "链"])
def test_odd_terms_are_taken_as_they_are_written(
    alice: User, import_file: Upload, acting: Actor, text: str
) -> None:
    import_file(alice, CSV, shared=True)
    if text == ".*":
        with pytest.raises(Refused):
            actions.propose(acting, text)
        return
    row = actions.propose(acting, text)
    run_waiting()
    assert row.surface == text
    assert words.is_risky(text) == (text == "链")
    found = selectors.proposal(acting, row.uuid, live(acting))
    assert found.postings == (3 if text == "链" else 0)


def test_only_those_who_keep_the_catalogue_decide(
    skills: object,
    places: Places,
    alice: User,
    bob: User,
    officer: User,
    data_officer: User,
    actor_of: ActorOf,
) -> None:
    school_data = person_with(Role.DATA_OFFICER, places.school, username="school-data")
    row = actions.propose(actor_of(bob), "鹦鹉链")
    for person in (alice, bob, officer, school_data):
        assert not actions.may_decide(actor_of(person))
        with pytest.raises(Http404):
            actions.reject(actor_of(person), [row], reason="x")
        with pytest.raises(Http404):
            actions.draft(actor_of(person), ChangeKind.ADD_ALIAS, "java", surface="鹦鹉链")
    assert actions.reject(actor_of(data_officer), [row], reason="不是技能") == 1


def test_students_do_not_propose(skills: object, student: User, actor_of: ActorOf) -> None:
    with pytest.raises(Http404):
        actions.propose(actor_of(student), "鹦鹉链")


def test_folding_is_the_engines() -> None:
    assert jobmining.term_key(" ＬａｎｇGraph\t链 ") == "langgraph 链"


def test_an_unlisted_name_beside_known_ones_is_proposed_and_accepted(
    shipped_stage: None,
    alice: User,
    import_file: Upload,
    acting: Actor,
    in_force: Callable[[SkillChange], SkillChange],
) -> None:
    text = "任职要求：熟练掌握Python、Zorkdb、Docker等。"
    done = import_file(alice, f"{HEADER}Python开发工程师,甲公司,{text},成都,8-12K,2026-01-05\n", shared=True)

    def sources() -> dict[str, str]:
        done.refresh_from_db()
        path = lake.mentions_path(storage.import_folder(done.uuid), done.taxonomy_version)
        return {row["surface"]: row["source"] for row in pq.read_table(path).to_pylist()}

    assert sources() == {"Python": "dictionary", "Zorkdb": "learned", "Docker": "dictionary"}
    term = SkillProposal.objects.get(term="zorkdb")
    assert (term.state, term.kind, term.source) == (ProposalState.OPEN, "tool", ProposalSource.LEARNED)
    new = actions.NewSkill("Zorkdb", "Zorkdb", "tool", "programming")
    in_force(actions.draft_skill(acting, new, proposal=term))
    assert sources()["Zorkdb"] == "dictionary"
    term.refresh_from_db()
    assert term.state == ProposalState.ACCEPTED
