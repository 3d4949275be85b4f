"""Reads of discovery runs: the list, and one run with its groups, their skills, sentences and scores."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any  # Any: values of Parquet rows
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from zhiqiao.engines.competency import Group
from zhiqiao.infra import storage
from zhiqiao.infra.db.names import Name
from zhiqiao.infra.jobs.api import JobRun, JobState, runs
from zhiqiao.platform.data import lake, parquet
from zhiqiao.platform.data.competency.gathering import place_of
from zhiqiao.platform.data.competency.groups import cluster_uuid, read_grouping, study_skill_uuid
from zhiqiao.platform.data.competency.settings import study_rules
from zhiqiao.platform.data.competency.studying import OPEN
from zhiqiao.platform.data.models import (
    CompetencyStudy,
    Industry,
    JobPosting,
    JobRole,
    Skill,
    StudyEdit,
    StudyState,
)
from zhiqiao.platform.data.selectors.postings import visible_postings
from zhiqiao.platform.governance.api import Actor, get_visible, visible

__all__ = [
    "EditLine",
    "ExampleLine",
    "GroupView",
    "SkillShare",
    "StudyFiles",
    "edit_lines",
    "examples_of",
    "get_study",
    "groups_of",
    "read_files",
    "run_of",
    "scope_names",
    "state_of",
    "studies",
]

_LAST_EDITS = 20


@dataclass(frozen=True)
class SkillShare:
    """A skill of a group: how many postings of the study name it; `weight` is None where the group was edited."""

    key: str
    name: Name
    figure_uuid: UUID | None
    postings: int | None
    share: float | None
    weight: float | None


@dataclass(frozen=True)
class ExampleLine:
    """A sentence of a posting, names of the group's skills marked."""

    parts: tuple[tuple[str, bool], ...]
    url: str
    note: str


@dataclass(frozen=True)
class GroupView:
    """A group as experts have it now; its coherence holds only while nobody changed its skills."""

    id: str
    uuid: UUID
    name: str
    is_named: bool
    is_edited: bool
    coherence: float | None
    verdict: str
    terms: tuple[str, ...]
    skills: tuple[SkillShare, ...]
    examples: tuple[ExampleLine, ...]

    @property
    def shown(self) -> tuple[SkillShare, ...]:
        """Return the first skills."""
        return self.skills[: study_rules().shown_skills]

    @property
    def rest(self) -> tuple[SkillShare, ...]:
        """Return the others."""
        return self.skills[study_rules().shown_skills :]


@dataclass(frozen=True)
class StudyFiles:
    """What the engine wrote: facts of skills, first members of each cluster with its score, sentences."""

    members: Mapping[str, Mapping[str, Any]]
    clusters: Mapping[frozenset[str], Mapping[str, Any]]
    examples: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class EditLine:
    """An edit in words."""

    text: str
    who: str
    at: object
    undone_by: str
    undone_at: object


def studies(actor: Actor) -> QuerySet[CompetencyStudy]:
    """Return the runs of one's organisation, the newest first."""
    rows = visible(actor, "competency.read", CompetencyStudy.objects.all())
    return rows.select_related("made_by").order_by("-id")


def get_study(actor: Actor, action: str, uuid: UUID) -> CompetencyStudy:
    """Return the run on which the actor may do `action`; 404 otherwise."""
    rows = CompetencyStudy.objects.select_related("made_by", "previous")
    return get_visible(actor, action, rows, uuid=uuid)


def run_of(study: CompetencyStudy) -> JobRun | None:
    """Return the background run of a study that is not done."""
    if study.state == StudyState.DONE or not study.job_uuid:
        return None
    return runs().filter(uuid=study.job_uuid).first()


def state_of(study: CompetencyStudy, run: JobRun | None) -> StudyState:
    """Return what is true now, also when the job ended without its study."""
    if study.state in OPEN and run is not None and run.state in {JobState.FAILED, JobState.CANCELLED}:
        return StudyState.CANCELLED if run.state == JobState.CANCELLED else StudyState.FAILED
    return StudyState(study.state)


def scope_names(study: CompetencyStudy) -> list[Name]:
    """Return what the run looked at: industries and posts; empty means all postings."""
    return [
        Name(zh, en)
        for model, keys in ((Industry, study.industries), (JobRole, study.roles))
        for zh, en in model.objects.filter(key__in=keys).order_by("id").values_list("name_zh", "name_en")
        if keys
    ]


def read_files(study: CompetencyStudy) -> StudyFiles | None:
    """Read the result files; None where the lake does not hold them (any more)."""
    folder = storage.study_folder(study.uuid)
    if not (folder / "summary.json").exists():
        return None
    rows = parquet.rows(folder / "members.parquet")
    by_cluster: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["cluster_id"]:
            by_cluster[row["cluster_id"]].add(row["skill_id"])
    clusters = {
        frozenset(by_cluster[row["cluster_id"]]): row for row in parquet.rows(folder / "clusters.parquet")
    }
    examples = parquet.rows(folder / "examples.parquet")
    return StudyFiles({row["skill_id"]: row for row in rows}, clusters, examples)


def groups_of(actor: Actor, study: CompetencyStudy) -> list[GroupView]:
    """Return the groups of a finished study as they are now."""
    files = read_files(study) or StudyFiles({}, {}, [])
    groups = read_grouping(study.grouping).groups
    skills = Skill.objects.in_bulk([key for group in groups for key in group.skills], field_name="key")
    examples = examples_of(actor, study, files, groups, skills)
    return [_group(study, group, files, skills, examples[group.id]) for group in groups]


def _group(
    study: CompetencyStudy,
    group: Group,
    files: StudyFiles,
    skills: Mapping[str, Skill],
    examples: tuple[ExampleLine, ...],
) -> GroupView:
    found = files.clusters.get(frozenset(group.skills))
    coherence = found["coherence"] if found else None
    return GroupView(
        id=group.id,
        uuid=cluster_uuid(study.pk, group.id),
        name=group.name,
        is_named=group.named,
        is_edited=found is None,
        coherence=coherence,
        verdict=_verdict(coherence, is_edited=found is None),
        terms=tuple(term["word"] for term in found["terms"][:10]) if found else (),
        skills=tuple(
            _skill(study, key, skills.get(key), files, is_edited=found is None) for key in group.skills
        ),
        examples=examples,
    )


def _skill(
    study: CompetencyStudy, key: str, row: Skill | None, files: StudyFiles, *, is_edited: bool
) -> SkillShare:
    facts = files.members.get(key)
    name = Name(row.name_zh, row.name_en) if row else Name(facts["skill_zh"] if facts else key, "")
    count = facts["postings"] if facts else None
    return SkillShare(
        key=key,
        name=name,
        figure_uuid=study_skill_uuid(study.pk, row.pk) if row and facts else None,
        postings=count,
        share=count / study.postings if count is not None and study.postings else None,
        weight=None if is_edited or facts is None else facts["weight"],
    )


def _verdict(coherence: float | None, *, is_edited: bool) -> str:
    if is_edited:
        return _("分组改过，原来的一致性分数不再适用。")
    if coherence is None:
        return _("留出的招聘信息太少，算不出一致性。")
    if coherence >= study_rules().coherent_from:
        return _("这些技能常在同一条招聘里一起出现。")
    if coherence >= 0:
        return _("这些技能有时一起出现，联系不紧，请看清再用。")
    return _("这些技能很少一起出现，建议拆分或把技能移走。")


def examples_of(
    actor: Actor,
    study: CompetencyStudy,
    files: StudyFiles,
    groups: Sequence[Group],
    skills: Mapping[str, Skill],
) -> dict[str, tuple[ExampleLine, ...]]:
    """Return for each group sentences that name most of its skills, of postings the actor may see and that count."""
    most = study_rules().shown_sentences
    chosen: dict[str, list[Mapping[str, Any]]] = {}
    for group in groups:
        own = set(group.skills)
        fitting = [one for one in files.examples if own & set(one["skills"])]
        fitting.sort(key=lambda one: (-len(own & set(one["skills"])), one["posting_id"]))
        chosen[group.id] = fitting[:most]
    postings = _postings(actor, study, {one["posting_id"] for rows in chosen.values() for one in rows})
    return {
        group.id: tuple(
            _example(one, postings[one["posting_id"]], [skills[key] for key in group.skills if key in skills])
            for one in chosen[group.id]
            if one["posting_id"] in postings
        )
        for group in groups
    }


def _postings(actor: Actor, study: CompetencyStudy, ids: Iterable[str]) -> dict[str, JobPosting]:
    wanted: dict[str, list[str]] = defaultdict(list)
    for posting_id in ids:
        uuid, key = place_of(posting_id, study.imports)
        if uuid:
            wanted[uuid].append(key)
    if not wanted:
        return {}
    where = Q()
    for uuid, keys in wanted.items():
        where |= Q(posting_import__uuid=uuid, key__in=keys)
    rows = visible_postings(actor).filter(where, is_excluded=False).select_related("posting_import")
    return {f"{study.imports[str(row.posting_import.uuid)]}:{row.key}": row for row in rows}


def _example(one: Mapping[str, Any], posting: JobPosting, skills: Sequence[Skill]) -> ExampleLine:
    note = " · ".join(part for part in (posting.title, posting.company) if part)
    named = [name for row in skills for name in (row.name_zh, row.name_en) if name]
    return ExampleLine(
        tuple(_marked(lake.shown(one["text"]), named)), reverse("data:posting", args=[posting.uuid]), note
    )


def _marked(text: str, names: Sequence[str]) -> list[tuple[str, bool]]:
    """Cut a sentence at the names of skills, longer names first; another writing of a skill stays unmarked."""
    folded = text.casefold()
    if len(folded) != len(text):
        return [(text, False)]
    marks = [False] * len(text)
    for name in sorted(set(names), key=len, reverse=True):
        at = folded.find(name.casefold())
        while at >= 0:
            marks[at : at + len(name)] = [True] * len(name)
            at = folded.find(name.casefold(), at + len(name))
    parts: list[tuple[str, bool]] = []
    for sign, mark in zip(text, marks, strict=True):
        if parts and parts[-1][1] == mark:
            parts[-1] = (parts[-1][0] + sign, mark)
        else:
            parts.append((sign, mark))
    return parts


def edit_lines(study: CompetencyStudy) -> list[EditLine]:
    """Return the last edits in words, the newest first."""
    rows = list(
        StudyEdit.objects.filter(study=study)
        .select_related("made_by", "undone_by")
        .order_by("-edition")[:_LAST_EDITS]
    )
    keys = {key for row in rows for key in row.detail["skills"]}
    named = {row.key: str(Name(row.name_zh, row.name_en)) for row in Skill.objects.filter(key__in=keys)}
    return [
        EditLine(
            _told(row, named),
            str(row.made_by or ""),
            row.created_at,
            str(row.undone_by or ""),
            row.undone_at,
        )
        for row in rows
    ]


def _told(row: StudyEdit, named: Mapping[str, str]) -> str:
    detail, names = row.detail, {one["id"]: one["name"] for one in row.before.get("groups", ())}
    skills = [named.get(key, key) for key in detail["skills"]]
    some = "、".join(skills[:5]) + (" …" if len(skills) > 5 else "")
    values = {
        "group": names.get(detail["groups"][0], "") if detail["groups"] else "",
        "groups": "、".join(names.get(one, one) for one in detail["groups"]),
        "result": names.get(detail["results"][-1], "") if detail["results"] else "",
        "skills": some,
        "name": detail["name_after"] or "",
    }
    match row.kind:
        case "rename":
            return _("把“%(group)s”改名为“%(name)s”") % values
        case "merge":
            return _("合并“%(groups)s”") % values
        case "split":
            return _("从“%(group)s”分出“%(name)s”：%(skills)s") % values
        case "move":
            return _("把%(skills)s从“%(group)s”移到“%(result)s”") % values
        case "remove":
            return _("把%(skills)s移出“%(group)s”") % values
    return _("把%(skills)s加进“%(result)s”") % values
