"""Reads of studies as plain values, always through `visible`; names of experts only for those who run the study."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import Http404

from zhiqiao.apps.evaluation.computing import ItemWeight, Result, compute
from zhiqiao.apps.evaluation.errors import NoResult
from zhiqiao.apps.evaluation.loading import Progress, asked_up_to, progress
from zhiqiao.apps.evaluation.models import (
    AnswerSheet,
    RoundState,
    StudyExpert,
    StudyItem,
    StudyKind,
    StudyRound,
    StudyState,
    WeightStudy,
)
from zhiqiao.infra.db.names import Name
from zhiqiao.platform.governance.api import Actor, Organisation, can, get_visible, visible


@dataclass(frozen=True)
class RoundView:
    """A round and how far it is."""

    number: int
    is_open: bool
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    progress: Progress


@dataclass(frozen=True)
class StudyView:
    """A study with its rounds; `rounds` the latest last."""

    row: WeightStudy
    uuid: UUID
    title: str
    purpose: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    owner: str
    experts: int
    is_demo: bool
    may_manage: bool
    created_at: dt.datetime
    rounds: tuple[RoundView, ...]

    @property
    def open_round(self) -> RoundView | None:
        """Return the round that takes answers."""
        return next((one for one in self.rounds if one.is_open), None)

    @property
    def closed_rounds(self) -> tuple[RoundView, ...]:
        """Return the rounds that have results."""
        return tuple(one for one in self.rounds if not one.is_open)

    @property
    def is_draft(self) -> bool:
        """Tell whether it can still be written anew."""
        return self.state == StudyState.DRAFT

    @property
    def is_closed(self) -> bool:
        """Tell whether it is over."""
        return self.state == StudyState.CLOSED


def studies(acting: Actor) -> list[StudyView]:
    """Return the studies one may see, the latest first, in four queries."""
    rows = list(visible(acting, "studies.read", WeightStudy.objects.all()).order_by("-created_at", "-id"))
    return _views(acting, rows)


def study(acting: Actor, uuid: UUID) -> StudyView:
    """Return one study; 404 when it may not be seen."""
    return _views(acting, [get_visible(acting, "studies.read", WeightStudy.objects.all(), uuid=uuid)])[0]


def _views(acting: Actor, rows: Sequence[WeightStudy]) -> list[StudyView]:
    rounds: dict[int, list[StudyRound]] = {}
    found = list(StudyRound.objects.filter(study__in=rows).order_by("number"))
    far = progress(found)
    for one in found:
        rounds.setdefault(one.study_id, []).append(one)
    experts: dict[int, int] = {}
    for study_id in StudyExpert.objects.filter(study__in=rows).values_list("study_id", flat=True):
        experts[study_id] = experts.get(study_id, 0) + 1
    roots = {row.org_root_id for row in rows}
    owners = {row.pk: row for row in Organisation.objects.filter(pk__in=roots)}
    return [
        _view(
            acting,
            row,
            rounds.get(row.id, []),
            far=far,
            experts=experts.get(row.id, 0),
            owner=owners.get(row.org_root_id),
        )
        for row in rows
    ]


def _view(
    acting: Actor,
    row: WeightStudy,
    rounds: Sequence[StudyRound],
    *,
    far: Mapping[int, Progress],
    experts: int,
    owner: Organisation | None,
) -> StudyView:
    return StudyView(
        row=row,
        uuid=row.uuid,
        title=row.title,
        purpose=row.purpose,
        kind=row.kind,
        kind_label=str(row.get_kind_display()),
        state=row.state,
        state_label=str(row.get_state_display()),
        owner=str(Name(owner.name_zh, owner.name_en)) if owner else "",
        experts=experts,
        is_demo=row.is_demo,
        may_manage=can(acting, "studies.manage", row),
        created_at=row.created_at,
        rounds=tuple(
            RoundView(one.number, one.state == RoundState.OPEN, one.opened_at, one.closed_at, far[one.id])
            for one in rounds
        ),
    )


def items(view: StudyView) -> list[StudyItem]:
    """Return the items of a study that was read before."""
    return list(view.row.items.all())


@dataclass(frozen=True)
class ExpertRow:
    """An expert as those who run the study see them; `state` of the latest round, never what was answered."""

    uuid: UUID
    code: str
    name: str
    affiliation: str
    email: str
    has_account: bool
    link_until: dt.datetime | None
    reminders: int
    reminded_at: dt.datetime | None
    began: bool
    submitted: bool


def experts(acting: Actor, view: StudyView) -> list[ExpertRow]:
    """Return the experts of a study one runs; 404 for anybody else."""
    rows = visible(acting, "studies.manage", StudyExpert.objects.filter(study=view.row))
    if not view.may_manage:
        raise Http404
    last = view.rounds[-1].number if view.rounds else 0
    found = []
    for row in rows.prefetch_related("sheets__round"):
        sheet = next((one for one in row.sheets.all() if one.round.number == last), None)
        found.append(
            ExpertRow(
                row.uuid,
                row.code,
                row.name,
                row.affiliation,
                row.email,
                row.user_id is not None,
                row.expires_at,
                row.reminders,
                row.reminded_at,
                bool(sheet and sheet.saved_at),
                bool(sheet and sheet.submitted_at),
            )
        )
    return found


def names_by_code(acting: Actor, view: StudyView) -> dict[str, str]:
    """Return how experts are called on result pages: with names for those who run the study, else none."""
    if not view.may_manage:
        return {}
    rows = visible(acting, "studies.manage", StudyExpert.objects.filter(study=view.row))
    return {code: f"{code} {name}" for code, name in rows.values_list("code", "name")}


def closed_round(acting: Actor, study_uuid: UUID, number: int | None = None) -> StudyRound:
    """Return a closed round, the last one where no number is given; 404 when there is none to be seen."""
    rows = StudyRound.objects.filter(study__uuid=study_uuid, state=RoundState.CLOSED).select_related("study")
    found = visible(acting, "studies.read", rows).order_by("-number")
    row = (found if number is None else found.filter(number=number)).first()
    if row is None:
        raise Http404
    return row


def result(row: StudyRound, tree: Sequence[StudyItem] | None = None) -> Result:
    """Work a closed round out from its judgements; raises NoResult."""
    return compute(asked_up_to(row.study, row.number, items=tree))


@dataclass(frozen=True)
class FinalWeights:
    """The weights of a closed study, dimensions and indicators; those of the leaves sum to 1."""

    study_uuid: UUID
    title: str
    kind: str
    framework_key: str
    round: int
    experts: int
    parameters: Mapping[str, object]
    weights: tuple[ItemWeight, ...]
    is_demo: bool
    cr: float | None = None
    w: float | None = None
    p: float | None = None


def final_weights(acting: Actor, study_uuid: UUID) -> FinalWeights:
    """Return the weights of the last round of a closed study, to be handed down to a framework.

    Raises NoResult while the study runs, when its judgements give no weights, or when the ratio of the whole reaches
    the limit (EV-01: they can not be used). 404 when the study may not be seen.
    """
    view = study(acting, study_uuid)
    if not view.is_closed:
        raise NoResult(str(_RUNNING))
    row = closed_round(acting, study_uuid)
    asked = asked_up_to(view.row, row.number)
    found = compute(asked)
    if found.ahp is not None and not found.ahp.whole.usable:
        raise NoResult(str(_INCONSISTENT))
    agreement = found.delphi.rounds[-1].concordance if found.delphi is not None else None
    return FinalWeights(
        view.uuid,
        view.title,
        view.kind,
        view.row.framework_key,
        row.number,
        len(asked.submitted[row.number]),
        view.row.parameters,
        found.weights,
        view.is_demo,
        cr=found.ahp.whole.cr if found.ahp is not None else None,
        w=agreement.w if agreement is not None else None,
        p=agreement.p if agreement is not None else None,
    )


_RUNNING = Name("研究还没有结束，权重未定。", "The study is not closed yet, so its weights are not final.")
_INCONSISTENT = Name(
    "总体一致性比率达到限值，这组权重不能使用。",
    "The consistency ratio of the whole reaches the limit; these weights can not be used.",
)


def waiting(acting: Actor) -> list[tuple[UUID, str]]:
    """Return uuid and title of the studies one runs whose open round everybody asked has submitted."""
    if not can(acting, "studies.manage"):
        return []
    sheets = AnswerSheet.objects.filter(round__study=OuterRef("pk"), round__state=RoundState.OPEN)
    done = WeightStudy.objects.filter(Exists(sheets), ~Exists(sheets.filter(submitted_at=None)))
    return list(visible(acting, "studies.manage", done).order_by("id").values_list("uuid", "title"))


__all__ = [
    "ExpertRow",
    "FinalWeights",
    "RoundView",
    "StudyKind",
    "StudyView",
    "closed_round",
    "experts",
    "final_weights",
    "items",
    "names_by_code",
    "result",
    "studies",
    "study",
    "waiting",
]
