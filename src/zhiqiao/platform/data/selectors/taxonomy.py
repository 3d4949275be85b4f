"""Reads of the taxonomy editor: proposals with their counts, changes, versions, what is behind, skills to choose."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, FloatField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from zhiqiao.engines import jobmining
from zhiqiao.infra.db.names import Name
from zhiqiao.infra.jobs.api import JobRun, JobState, runs
from zhiqiao.platform.data.models import (
    ChangeKind,
    ChangeState,
    JobPosting,
    ProposalSource,
    Skill,
    SkillChange,
    SkillKind,
    SkillProposal,
    TaxonomyVersion,
)
from zhiqiao.platform.data.selectors.demand import Live, live
from zhiqiao.platform.data.taxonomy import actions, terms
from zhiqiao.platform.data.taxonomy.impact import ImpactView, read_impact
from zhiqiao.platform.governance.api import Actor, get_visible, visible

__all__ = [
    "Alike",
    "ChangeView",
    "Fresh",
    "ShownContext",
    "Status",
    "alikes",
    "change",
    "changes",
    "contexts_of",
    "find_skills",
    "open_proposals",
    "owner_of",
    "proposal",
    "proposals",
    "sentences_with",
    "spread",
    "status",
    "versions",
]

#: A term a person missed counts like one the learned stage is half sure of.
_SCORE_BY_HAND = 0.5
_CONTEXTS = 6


@dataclass(frozen=True)
class Alike:
    """A skill of the catalogue that a term may already mean."""

    key: str
    name: Name
    surface: str
    is_same: bool
    url: str


@dataclass(frozen=True)
class ShownContext:
    """A sentence for the page, with the posting it stands in."""

    parts: tuple[tuple[str, bool], ...]
    line_role: str
    counts: bool
    note: str
    url: str
    effect: str = ""


@dataclass(frozen=True)
class Spread:
    """Where a term stands, by source and by month, as far as one may see."""

    sources: tuple[tuple[str, int], ...]
    months: tuple[tuple[str, int], ...]
    undated: int


@dataclass(frozen=True)
class Fresh:
    """An import and the version its figures were computed with; the name only for those who may see it."""

    name: str
    url: str
    version: str
    state: str
    percent: int | None


@dataclass(frozen=True)
class Status:
    """The catalogue in force and how far the imports are."""

    number: int
    digest: str
    at: dt.datetime | None
    skills: int
    surfaces: int
    imports: int
    behind: tuple[Fresh, ...]
    hidden_behind: int
    running: int
    overlaps: tuple[tuple[SkillChange, str], ...]

    @property
    def behind_count(self) -> int:
        """Return how many imports are behind, seen and unseen."""
        return len(self.behind) + self.hidden_behind


@dataclass(frozen=True)
class ChangeView:
    """A change as its page shows it."""

    row: SkillChange
    title: str
    impact: ImpactView | None
    is_undoing: bool
    run: JobRun | None
    examples: tuple[ShownContext, ...]
    skill_name: str
    skill_url: str
    below: int

    @property
    def is_waiting(self) -> bool:
        """Tell whether the preview is still being worked out."""
        return self.impact is None and self.run is not None and not self.run.is_finished


def proposals(actor: Actor, among: Live) -> QuerySet[SkillProposal]:
    """Return the terms with their counts in the imports one may see, the weightiest first."""
    seen = Q(counts__posting_import__in=among.ids)
    rows = visible(actor, "taxonomy.read", SkillProposal.objects.all()).annotate(
        postings=Coalesce(Sum("counts__postings", filter=seen), 0),
        mentions=Coalesce(Sum("counts__mentions", filter=seen), 0),
    )
    rows = rows.annotate(
        weight=Coalesce("score", Value(_SCORE_BY_HAND), output_field=FloatField()) * F("postings")
    )
    rows = rows.filter(Q(source=ProposalSource.HAND) | Q(postings__gt=0))
    return rows.select_related("proposed_by", "decided_by").order_by("-weight", "term")


def proposal(actor: Actor, uuid: UUID, among: Live) -> SkillProposal:
    """Return one term with its counts; 404 when it only stands where one may not look."""
    return get_visible(actor, "taxonomy.read", proposals(actor, among), uuid=uuid)


def open_proposals(actor: Actor) -> int:
    """Return how many terms wait for a decision."""
    return proposals(actor, live(actor)).filter(state="open").count()


def spread(row: SkillProposal, among: Live) -> Spread:
    """Return where a term stands by source and month."""
    sources: Counter[str] = Counter()
    months: Counter[str] = Counter()
    counts = row.counts.filter(posting_import__in=among.ids).select_related("posting_import__source")
    for count in counts:
        sources[count.posting_import.source.name] += count.postings
        months.update(count.months)
    undated = months.pop("", 0)
    return Spread(tuple(sources.most_common()), tuple(sorted(months.items())), undated)


def contexts_of(
    found: Sequence[terms.Context], among: Live, effects: Sequence[str] = ()
) -> tuple[ShownContext, ...]:
    """Return sentences with the addresses of their postings, in one question per import."""
    ids = {row.uuid: row.pk for row in among.imports}
    urls: dict[tuple[UUID, int], str] = {}
    for uuid in {item.import_uuid for item in found if item.import_uuid in ids}:
        rows = JobPosting.objects.filter(
            posting_import=ids[uuid], row__in=[item.row for item in found if item.import_uuid == uuid]
        )
        urls |= {
            (uuid, row): reverse("data:posting", args=[pk]) for row, pk in rows.values_list("row", "uuid")
        }
    return tuple(
        ShownContext(
            item.parts,
            item.line_role,
            item.counts,
            " · ".join(part for part in (item.title, item.company) if part),
            urls.get((item.import_uuid, item.row), ""),
            effect,
        )
        for item, effect in zip(found, effects or [""] * len(found), strict=True)
    )


def sentences_with(row: SkillProposal, among: Live, *, stop: Callable[[], bool]) -> tuple[ShownContext, ...]:
    """Return a few sentences with a term; the look ends when there are enough, or when it is told to stop."""
    counted = set(row.counts.values_list("posting_import_id", flat=True))
    imports = [item.uuid for item in among.imports if not counted or item.pk in counted]
    found = terms.look(
        imports, row.term, contexts=_CONTEXTS, contexts_only=True, stop=lambda _looked_at: stop()
    )
    return contexts_of(found.contexts, among)


def alikes(words: Sequence[str], *, limit: int = 6) -> list[Alike]:
    """Return skills of the catalogue that are called like one of these words, the most alike first."""
    taxonomy = actions.current().taxonomy
    skills = {skill.id: skill for skill in taxonomy.skills}
    return [
        Alike(
            found.skill_id,
            Name(skills[found.skill_id].zh, skills[found.skill_id].en),
            found.surface,
            found.likeness >= 1,
            reverse("data:skill", args=[found.skill_id]),
        )
        for found in jobmining.look_alikes(taxonomy, words, limit=limit)
    ]


def owner_of(term: str) -> Alike | None:
    """Return the skill that a writing (`term_key`) already names."""
    taxonomy = actions.current().taxonomy
    key = jobmining.owners(taxonomy).get(term)
    skill = next((skill for skill in taxonomy.skills if skill.id == key), None)
    if skill is None:
        return None
    url = reverse("data:skill", args=[skill.id])
    return Alike(skill.id, Name(skill.zh, skill.en), term, is_same=True, url=url)


def find_skills(query: str, *, limit: int = 8) -> list[tuple[str, str, str]]:
    """Return key, name and kind of skills whose names or writings hold a text, those that begin with it first."""
    wanted = jobmining.term_key(query)[:100]
    if not wanted:
        return []
    found = []
    for skill in actions.current().taxonomy.skills:
        keys = [jobmining.term_key(surface) for surface in skill.surfaces]
        if any(wanted in key for key in keys):
            starts = any(key.startswith(wanted) for key in keys)
            found.append((not starts, min(len(key) for key in keys if wanted in key), skill))
    found.sort(key=lambda item: (item[0], item[1], item[2].id))
    return [
        (skill.id, str(Name(skill.zh, skill.en)), str(SkillKind(skill.kind).label))
        for _later, _length, skill in found[:limit]
    ]


def changes(actor: Actor) -> QuerySet[SkillChange]:
    """Return the changes, the newest first; a draft is its author's alone."""
    rows = visible(actor, "taxonomy.read", SkillChange.objects.all())
    rows = rows.filter(~Q(state="draft") | Q(made_by_id=actor.user_id))
    return rows.select_related("made_by", "withdrawn_by", "proposal").order_by("-id")


def change(actor: Actor, uuid: UUID) -> ChangeView:
    """Return one change with its impact and a few sentences; 404 when it may not be seen."""
    row = get_visible(actor, "taxonomy.read", changes(actor), uuid=uuid)
    is_undoing = row.state == ChangeState.ACTIVE and row.job_uuid is not None
    impact = read_impact(row.undo_impact if is_undoing else row.impact)
    among = live(actor)
    name = Skill.objects.filter(key=row.skill_key).first()
    return ChangeView(
        row=row,
        title=row.surface or row.skill_key,
        impact=impact,
        is_undoing=is_undoing,
        run=runs().filter(uuid=row.job_uuid).first() if row.job_uuid else None,
        examples=_examples(impact, among) if impact else (),
        skill_name=str(Name(name.name_zh, name.name_en)) if name else row.skill_key,
        skill_url=reverse("data:skill", args=[row.skill_key]) if name and name.is_active else "",
        below=Skill.objects.filter(broader__key=row.skill_key, is_active=True).count()
        if row.kind == ChangeKind.RETIRE_SKILL
        else 0,
    )


def _examples(impact: ImpactView, among: Live) -> tuple[ShownContext, ...]:
    seen = {row.uuid for row in among.imports}
    found, effects = [], []
    for uuid, posting_id, start, end, effect in impact.examples:
        context = terms.context_at(UUID(uuid), posting_id, (start, end)) if UUID(uuid) in seen else None
        if context is not None:
            found.append(context)
            effects.append(effect)
    return contexts_of(found, among, effects)


def versions(actor: Actor) -> QuerySet[TaxonomyVersion]:
    """Return the versions of the catalogue, the newest first."""
    rows = visible(actor, "taxonomy.read", TaxonomyVersion.objects.all())
    return rows.select_related("made_by", "change").order_by("-number")


def status(actor: Actor) -> Status:
    """Return the catalogue in force, and which imports were computed with another."""
    found = actions.current()
    last = TaxonomyVersion.objects.order_by("-number").first()
    known = last if last and last.digest == found.taxonomy.version else None
    among = live(actor)
    seen = {row.pk for row in among.imports}
    rows = actions.behind()
    on_way = {
        str(run.params.get("import_uuid")): run
        for run in runs().filter(kind=actions.REMINE, state__in=[JobState.QUEUED, JobState.RUNNING])
    }
    return Status(
        number=known.number if known else 0,
        digest=found.taxonomy.version,
        at=known.created_at if known else None,
        skills=len(found.taxonomy.skills),
        surfaces=sum(len(skill.surfaces) for skill in found.taxonomy.skills),
        imports=len(among.imports),
        behind=tuple(_fresh(row.file_name, row.uuid, row.taxonomy_version, on_way) for row in rows if row.pk in seen),
        hidden_behind=sum(row.pk not in seen for row in rows),
        running=len(on_way),
        overlaps=tuple((row, fault.owner) for row, fault in found.unapplied),
    )  # fmt: skip


def _fresh(name: str, uuid: UUID, version: str, on_way: dict[str, JobRun]) -> Fresh:
    run = on_way.get(str(uuid))
    return Fresh(
        name,
        reverse("data:import", args=[uuid]),
        version,
        str(run.get_state_display()) if run else "",
        run.percent if run and run.state == JobState.RUNNING else None,
    )
