"""From submitted judgements to weights: the engine's figures of one round, by its own parameters; nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from zhiqiao.apps.evaluation.errors import NoResult
from zhiqiao.apps.evaluation.models import StudyItem, StudyKind, WeightStudy
from zhiqiao.apps.evaluation.parameters import Parameters, kept
from zhiqiao.apps.evaluation.tree import Group, asked_in, groups, leaves
from zhiqiao.engines import weights
from zhiqiao.engines.weights import DelphiResult
from zhiqiao.infra.db.names import Name

NOBODY = Name(
    "这一轮还没有人提交，不能计算权重。", "Nobody has submitted in this round, so there are no weights."
)


@dataclass(frozen=True)
class Given:
    """One submitted judgement, its expert known by code only."""

    round: int
    expert: str
    item: StudyItem
    other: StudyItem | None
    value: float
    basis: float | None = None
    familiarity: float | None = None


@dataclass(frozen=True)
class Asked:
    """What a round is worked out from: who submitted in each round up to it, and what they said."""

    study: WeightStudy
    items: Sequence[StudyItem]
    number: int
    invited: Mapping[int, int]
    submitted: Mapping[int, Sequence[str]]
    given: Sequence[Given]


@dataclass(frozen=True)
class ItemWeight:
    """The weight of an item among its siblings (`local`) and in the whole; those of all leaves sum to 1."""

    uuid: UUID
    name: Name
    parent: UUID | None
    local: float
    weight: float
    is_leaf: bool


@dataclass(frozen=True)
class Consistency:
    """One expert's comparisons in one group: the ratio, and what to think over where there is anything."""

    expert: str
    group: Group
    found: weights.Priorities
    worst: weights.Judgement | None
    change: weights.Judgement | None


@dataclass(frozen=True)
class AhpResult:
    """Comparisons of one round: group results by parent, consistency by expert, the whole."""

    levels: tuple[tuple[Group, weights.GroupPriorities], ...]
    consistency: tuple[Consistency, ...]
    whole: weights.HierarchyWeights


@dataclass(frozen=True)
class Result:
    """The weights of a round with what the method says of them."""

    weights: tuple[ItemWeight, ...]
    ahp: AhpResult | None = None
    delphi: DelphiResult | None = None

    def of(self, uuid: UUID) -> float | None:
        """Return the weight of one item; None for one that has none."""
        return next((one.weight for one in self.weights if one.uuid == uuid), None)


def compute(asked: Asked) -> Result:
    """Work a round out; raises NoResult with the engine's reason in both languages.

    A Delphi round is anonymous: with so few sheets that one expert could work out another's, it has no result at all.
    """
    parameters = kept(asked.study.parameters)
    sheets = len(asked.submitted.get(asked.number, ()))
    if not sheets:
        raise NoResult(str(NOBODY))
    try:
        if asked.study.kind == StudyKind.AHP:
            return _ahp(asked, parameters)
        if sheets < parameters.rules.least_answers:
            raise weights.TooFewAnswers(sheets, parameters.rules.least_answers)
        return _delphi(asked, parameters)
    except weights.WeightsError as error:
        raise NoResult(str(Name(error.zh, error.en))) from error


def matrix_of(group: Group, values: Mapping[tuple[int, int], float]) -> weights.PairwiseMatrix:
    """Return one expert's comparisons of a group; pairs without a value are unknown."""
    return weights.from_judgements(
        group.names,
        {(a.name_zh, b.name_zh): values[a.id, b.id] for a, b in group.pairs() if (a.id, b.id) in values},
    )


def consistency(
    expert: str, group: Group, matrix: weights.PairwiseMatrix, *, random_index: weights.RandomIndex
) -> Consistency | None:
    """Hold an expert's comparisons of a group against each other; None while they are incomplete."""
    if matrix.unknown:
        return None
    found = weights.priorities(matrix, random_index=random_index)
    held = weights.judgements(matrix, random_index=random_index) if found.cr > 0 else ()
    return Consistency(expert, group, found, held[0] if held else None, weights.best_change(held))


def _ahp(asked: Asked, parameters: Parameters) -> Result:
    index = parameters.random_index
    by_expert: dict[str, dict[tuple[int, int], float]] = {code: {} for code in asked.submitted[asked.number]}
    for one in asked.given:
        if one.round == asked.number and one.other is not None:
            by_expert[one.expert][one.item.id, one.other.id] = one.value
    items = asked_in(asked.items, asked.number)
    levels: list[tuple[Group, weights.GroupPriorities]] = []
    held: list[Consistency] = []
    for group in groups(items):
        matrices = {code: matrix_of(group, values) for code, values in by_expert.items()}
        levels.append((group, weights.group_priorities(matrices, random_index=index)))
        for code, matrix in matrices.items():
            told = consistency(code, group, matrix, random_index=index)
            if told and len(group.children) > 1:
                held.append(told)
    below = {group.parent.name_zh: found.matrix for group, found in levels if group.parent is not None}
    whole = weights.hierarchy(levels[0][1].matrix, below, random_index=index)
    by_name = {one.name: one for one in whole.elements}
    found = tuple(
        _weight(item, by_name[item.name_zh].local, by_name[item.name_zh].weight, items) for item in items
    )
    return Result(found, ahp=AhpResult(tuple(levels), tuple(held), whole))


def _weight(item: StudyItem, local: float, weight: float, items: Iterable[StudyItem]) -> ItemWeight:
    parent = next((one.uuid for one in items if one.id == item.parent_id), None)
    is_leaf = not any(one.parent_id == item.id for one in items)
    return ItemWeight(item.uuid, Name(item.name_zh, item.name_en), parent, local, weight, is_leaf)


def answers_of(asked: Asked) -> list[weights.Answer]:
    """Return the ratings as the engine takes them, None where a submitted sheet rates an item not."""
    told = {(one.round, one.expert, one.item.id): one for one in asked.given}
    found = []
    for number, codes in asked.submitted.items():
        for code in codes:
            for item in leaves(asked_in(asked.items, number)):
                one = told.get((number, code, item.id))
                values = (one.value, one.basis, one.familiarity) if one else (None, None, None)
                found.append(weights.Answer(number, code, item.name_zh, *values))
    return found


def _delphi(asked: Asked, parameters: Parameters) -> Result:
    found = weights.delphi(
        answers_of(asked),
        rules=parameters.rules,
        scale=(1.0, float(asked.study.highest)),
        invited={number: count for number, count in asked.invited.items() if asked.submitted.get(number)},
    )
    by_name = weights.importance_weights(found.rounds[-1])
    items = asked_in(asked.items, asked.number)
    shares = {item.id: by_name[item.name_zh] for item in leaves(items)}
    for item in items:  # a dimension counts as much as what stands below it
        if item.id not in shares:
            shares[item.id] = sum(shares[one.id] for one in items if one.parent_id == item.id)
    rows = tuple(
        _weight(
            item,
            shares[item.id] / (shares[item.parent_id] if item.parent_id else 1.0),
            shares[item.id],
            items,
        )
        for item in items
    )
    return Result(rows, delphi=found)
