"""What the results page shows of a round: rows and sentences from the engine's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from zhiqiao.apps.evaluation import words
from zhiqiao.apps.evaluation.computing import ItemWeight, Result
from zhiqiao.apps.evaluation.models import StudyItem, WeightStudy
from zhiqiao.apps.evaluation.parameters import Parameters, kept
from zhiqiao.engines import weights
from zhiqiao.infra.db.names import Name
from zhiqiao.infra.ui import formats


@dataclass(frozen=True)
class WeightRow:
    """A line of the table of weights; `uuid` names the judgements behind it in this round."""

    uuid: UUID
    name: str
    dimension: str
    local: float
    weight: float
    is_leaf: bool


@dataclass(frozen=True)
class ConsistencyRow:
    """One expert in one group, with the judgement to think over."""

    expert: str
    group: str
    cr: float
    verdict: str
    is_usable: bool
    worst: str
    change: str


@dataclass(frozen=True)
class SpreadRow:
    """How experts differ on a pair."""

    uuid: UUID
    pair: str
    answers: int
    mean: float
    gsd: float | None
    least: str
    greatest: str


@dataclass(frozen=True)
class RatingRow:
    """An item of a Delphi round."""

    uuid: UUID
    name: str
    answers: int
    mean: float | None
    sd: float | None
    variation: float | None
    median: float | None
    iqr: float | None
    full_share: float | None
    authority: float | None
    advice: str
    advice_code: str
    moved: float | None
    stable: str


@dataclass(frozen=True)
class RoomRow:
    """How far a weight may move before two examples change places."""

    name: str
    weight: float
    low: float
    high: float
    low_swap: str
    high_swap: str


@dataclass(frozen=True)
class ShiftRow:
    """Ranks after one weight was moved by ten per cent."""

    name: str
    change: str
    weight: float
    ranks: str
    is_changed: bool


@dataclass(frozen=True)
class Steadiness:
    """The ranking of the examples and how it depends on the weights."""

    ranking: Sequence[tuple[int, str, float]] = ()
    rooms: Sequence[RoomRow] = ()
    shifts: Sequence[ShiftRow] = ()
    problem: str = ""


@dataclass(frozen=True)
class Page:
    """Everything a results page shows; the figures of the method it was not made with are empty."""

    weights: Sequence[WeightRow]
    consistency: Sequence[ConsistencyRow] = ()
    left_out: Sequence[str] = ()
    spread: Sequence[SpreadRow] = ()
    cr: float | None = None
    is_usable: bool = True
    ratings: Sequence[RatingRow] = ()
    w: float | None = None
    p: float | None = None
    authority: float | None = None
    warnings: Sequence[str] = ()
    converged: bool | None = None
    convergence: Sequence[str] = ()
    stable_share: float | None = None
    left_out_of_w: Sequence[str] = ()
    agreement: Sequence[tuple[str, float | None, float | None]] = field(default=())


def page_of(
    study: WeightStudy, tree: Sequence[StudyItem], found: Result, *, experts: Mapping[str, str]
) -> Page:
    """Word the result; `experts` says how codes are called where names may be shown."""
    names = words.names_of(tree)
    rows = weight_rows(found.weights)
    if found.ahp is not None:
        return _ahp(found, rows, names=names, experts=experts)
    assert found.delphi is not None
    return _delphi(found.delphi, tree, rows, parameters=kept(study.parameters), experts=experts)


def weight_rows(found: Sequence[ItemWeight]) -> list[WeightRow]:
    """Return the rows of the table of weights, each dimension before its indicators."""
    names = {one.uuid: str(one.name) for one in found}
    return [
        WeightRow(
            one.uuid,
            str(one.name),
            names[one.parent] if one.parent else _("第一层"),
            one.local,
            one.weight,
            one.is_leaf,
        )
        for one in found
    ]


def _ahp(found: Result, rows: list[WeightRow], *, names: words.Names, experts: Mapping[str, str]) -> Page:
    ahp = found.ahp
    assert ahp is not None
    titles = {
        id(group): str(names[group.parent.name_zh]) if group.parent else _("第一层")
        for group, _one in ahp.levels
    }
    consistency = [
        ConsistencyRow(
            experts.get(one.expert, one.expert),
            titles[id(one.group)],
            one.found.cr,
            _("可计入") if one.found.usable else _("不可使用，未计入"),
            one.found.usable,
            words.worst_pair(one, names) or _("没有矛盾"),
            _("不需要改") if one.found.usable else words.helpful_change(one, names),
        )
        for one in ahp.consistency
    ]
    left_out = [
        _("%(expert)s（%(group)s）") % {"expert": experts.get(code, code), "group": titles[id(group)]}
        for group, level in ahp.levels
        for code in level.left_out
    ]
    uuids = {str(one.name.zh): one.uuid for one in found.weights}
    spread = [_spread(one, uuids[one.first], names) for _group, level in ahp.levels for one in level.spread]
    agreement = [
        (titles[id(group)], level.agreement.w, level.agreement.p)
        for group, level in ahp.levels
        if level.agreement
    ]
    return Page(
        rows,
        consistency=consistency,
        left_out=left_out,
        spread=spread,
        cr=ahp.whole.cr,
        is_usable=ahp.whole.usable,
        agreement=agreement,
    )


def _spread(one: weights.Spread, uuid: UUID, names: words.Names) -> SpreadRow:
    first, second = names[one.first], names[one.second]
    return SpreadRow(
        uuid,
        _("“%(first)s”比“%(second)s”") % {"first": first, "second": second},
        one.answers,
        one.mean,
        one.gsd,
        _scale(one.least),
        _scale(one.greatest),
    )


def _scale(value: float) -> str:
    """Write a judgement as people do: 3, or 1/3."""
    return f"{value:g}" if value >= 1 else f"1/{round(1 / value, 2):g}"


def _delphi(
    found: weights.DelphiResult,
    tree: Sequence[StudyItem],
    rows: list[WeightRow],
    *,
    parameters: Parameters,
    experts: Mapping[str, str],
) -> Page:
    last, names = found.rounds[-1], words.names_of(tree)
    uuids = {item.name_zh: item.uuid for item in tree}
    step = found.steps[-1] if found.steps else None
    changes = {one.item: one for one in step.items} if step else {}
    ratings = [
        _rating(one, uuids[one.item], str(names[one.item]), changes.get(one.item)) for one in last.items
    ]
    agreement = last.concordance
    return Page(
        rows,
        ratings=ratings,
        w=agreement.w if agreement else None,
        p=agreement.p if agreement else None,
        authority=last.authority.mean,
        warnings=[words.warning(code, parameters.rules) for code in last.warnings],
        converged=step.converged if step else None,
        convergence=[words.convergence(code) for code in step.reasons] if step else (),
        stable_share=step.stable_share if step else None,
        left_out_of_w=[experts.get(code, code) for code in last.left_out],
    )


def _rating(one: weights.ItemResult, uuid: UUID, name: str, change: weights.ItemChange | None) -> RatingRow:
    stable = {None: _("没有可比的上一轮"), True: _("稳定"), False: _("仍在变动")}[
        change.stable if change else None
    ]
    return RatingRow(
        uuid,
        name,
        one.answers,
        one.mean,
        one.sd,
        one.variation,
        one.median,
        one.iqr,
        one.full_share,
        one.authority,
        words.advice(one.advice),
        str(one.advice),
        change.median_change if change else None,
        stable,
    )


def steadiness(study: WeightStudy, found: Result) -> Steadiness | None:
    """Return how the ranking of the examples depends on the weights; None where no examples were given."""
    table = study.alternatives
    if not table:
        return None
    by_uuid = {str(one.uuid): one for one in found.weights if one.is_leaf}
    columns = [at for at, uuid in enumerate(table["items"]) if uuid in by_uuid]
    if len(columns) != len(by_uuid):
        return Steadiness(problem=_("示例的分数与现有条目不一致，请重新填写。"))
    kept_items = [by_uuid[table["items"][at]] for at in columns]
    parameters = kept(study.parameters)
    try:
        held = weights.sensitivity(
            {one.name.zh: one.weight for one in kept_items},
            table["names"],
            [[row[at] for at in columns] for row in table["values"]],
            step=parameters.step,
        )
    except weights.WeightsError as error:
        return Steadiness(problem=str(Name(error.zh, error.en)))
    names = {one.name.zh: str(one.name) for one in kept_items}
    ranking = sorted((rank, name, held.scores[name]) for name, rank in held.ranks.items())
    return Steadiness(
        ranking,
        [_room(one, names) for one in held.rooms],
        [_shift(one, names) for one in held.shifts],
    )


def _room(one: weights.Room, names: Mapping[str, str]) -> RoomRow:
    return RoomRow(
        names[one.indicator], one.weight, one.low, one.high, _swap(one.low_swap, 0), _swap(one.high_swap, 1)
    )


def _swap(one: weights.Swap | None, end: int) -> str:
    if one is None:
        return _("到 %(end)s 也不变") % {"end": end}
    return _("%(after)s超过%(before)s") % {"after": one.after, "before": one.before}


def _shift(one: weights.Shifted, names: Mapping[str, str]) -> ShiftRow:
    ordered = sorted(one.ranks.items(), key=lambda pair: pair[1])
    return ShiftRow(
        names[one.indicator],
        f"{one.change:+.0%}",
        one.weight,
        " > ".join(name for name, _rank in ordered),
        one.changed,
    )


def in_per_cent(value: float | None) -> float | None:
    """Return a share as a chart takes it."""
    return None if value is None else round(value * 100, 2)


def as_weight(value: float) -> str:
    """Write a weight with four digits, as papers print them."""
    return formats.number(value, places=4)
