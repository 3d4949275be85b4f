"""The JSON API of weight studies: results of closed rounds; experts are counted, never named or told apart."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from zhiqiao.apps.evaluation import selectors
from zhiqiao.apps.evaluation.computing import ItemWeight, Result
from zhiqiao.apps.evaluation.errors import NoResult
from zhiqiao.apps.evaluation.models import StudyRound, WeightStudy
from zhiqiao.engines import weights
from zhiqiao.infra.rest import READS, NameOut, Number, PageOut, Size, level_of, named, part
from zhiqiao.platform.governance.api import action, api_actor

router = Router(tags=["weights"])
#: Fewer answers than these could be told from their mean by one who knows the other.
FEWEST = 3


class RoundOut(Schema):
    """A round: how many were asked and how many submitted."""

    number: int
    is_open: bool
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    invited: int
    submitted: int


class WeightStudyOut(Schema):
    """A question to experts; kind is ahp (comparisons) or delphi (ratings in rounds)."""

    uuid: UUID
    title: str
    purpose: str
    kind: str
    state: str
    owner: str
    experts: int
    created_at: dt.datetime
    rounds: list[RoundOut]
    is_demo: bool


class WeightStudiesOut(PageOut):
    """A page of studies."""

    items: list[WeightStudyOut]


class ItemWeightOut(Schema):
    """The weight of an item among its neighbours and in the whole; those of the leaves sum to 1."""

    uuid: UUID
    name: NameOut
    parent: UUID | None
    local: float
    weight: float
    is_leaf: bool


class RatingOut(Schema):
    """What a round says of an item; figures are null where too few answered or too little was said."""

    item: str
    answers: int
    mean: float | None
    sd: float | None
    median: float | None
    iqr: float | None


class ResultOut(Schema):
    """A closed round: weights, consistency (AHP) or agreement (Delphi); empty with the reason where there are none."""

    study: UUID
    round: int
    submitted: int
    reason: str
    weights: list[ItemWeightOut]
    consistency_ratio: float | None
    is_usable: bool | None
    kendall_w: float | None
    kendall_p: float | None
    ratings: list[RatingOut]


@router.get(
    "/weights/studies",
    response={200: WeightStudiesOut, **READS},
    summary="Weight studies one may see, the newest first",
    openapi_extra=level_of(WeightStudy),
)
@action("studies.read")
def study_list(request: HttpRequest, page: Number = 1, size: Size = 50) -> WeightStudiesOut:
    """Return studies: those of one's association, and closed ones of the region."""
    rows = selectors.studies(api_actor(request))
    items = [_study(row) for row in part(rows, page=page, size=size)]
    return WeightStudiesOut(total=len(rows), page=page, size=size, items=items)


@router.get(
    "/weights/studies/{uuid}",
    response={200: WeightStudyOut, **READS},
    summary="One weight study with its rounds",
    openapi_extra=level_of(WeightStudy),
)
@action("studies.read")
def study_one(request: HttpRequest, uuid: UUID) -> WeightStudyOut:
    """Return one study."""
    return _study(selectors.study(api_actor(request), uuid))


@router.get(
    "/weights/studies/{uuid}/results",
    response={200: ResultOut, **READS},
    summary="What a closed round of a study says",
    openapi_extra=level_of(WeightStudy),
)
@action("studies.read")
def result_one(
    request: HttpRequest,
    uuid: UUID,
    number: Annotated[int | None, Query(ge=1, le=10_000, alias="round")] = None,
) -> ResultOut:
    """Return the last closed round or the one asked for; no single judgement, and nothing below three answers."""
    actor = api_actor(request)
    view = selectors.study(actor, uuid)
    row = selectors.closed_round(actor, uuid, number)
    submitted = next(one for one in view.rounds if one.number == row.number).progress.submitted
    if submitted < FEWEST:
        return _nothing(row, submitted, f"fewer than {FEWEST} submitted")
    try:
        found = selectors.result(row)
    except NoResult as error:
        return _nothing(row, submitted, str(error))
    return _result(row, submitted, found)


def _study(view: selectors.StudyView) -> WeightStudyOut:
    names = ("uuid", "title", "purpose", "kind", "state", "owner", "experts", "created_at", "is_demo")
    rounds = [
        RoundOut(
            number=one.number,
            is_open=one.is_open,
            opened_at=one.opened_at,
            closed_at=one.closed_at,
            invited=one.progress.invited,
            submitted=one.progress.submitted,
        )
        for one in view.rounds
    ]
    return WeightStudyOut(**{name: getattr(view, name) for name in names}, rounds=rounds)


def _nothing(row: StudyRound, submitted: int, reason: str) -> ResultOut:
    return ResultOut(
        study=row.study.uuid,
        round=row.number,
        submitted=submitted,
        reason=reason,
        weights=[],
        consistency_ratio=None,
        is_usable=None,
        kendall_w=None,
        kendall_p=None,
        ratings=[],
    )


def _result(row: StudyRound, submitted: int, found: Result) -> ResultOut:
    whole = found.ahp.whole if found.ahp else None
    last = found.delphi.rounds[-1] if found.delphi else None
    agreement = last.concordance if last else None
    return _nothing(row, submitted, "").model_copy(
        update={
            "weights": [_weight(one) for one in found.weights],
            "consistency_ratio": whole.cr if whole else None,
            "is_usable": whole.usable if whole else None,
            "kendall_w": agreement.w if agreement else None,
            "kendall_p": agreement.p if agreement else None,
            "ratings": [_rating(one) for one in last.items] if last else [],
        }
    )


def _weight(one: ItemWeight) -> ItemWeightOut:
    return ItemWeightOut(
        uuid=one.uuid,
        name=named(one.name),
        parent=one.parent,
        local=one.local,
        weight=one.weight,
        is_leaf=one.is_leaf,
    )


def _rating(one: weights.ItemResult) -> RatingOut:
    told = one.answers >= FEWEST
    return RatingOut(
        item=one.item,
        answers=one.answers,
        **{name: getattr(one, name) if told else None for name in ("mean", "sd", "median", "iqr")},
    )
