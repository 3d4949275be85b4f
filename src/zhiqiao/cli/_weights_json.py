"""What `zhiqiao weights` prints: one JSON object (shape in docs/guide, page weights.md) and the same in a few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from zhiqiao.engines import weights

_Shape = dict[str, object]


@dataclass(frozen=True)
class Found:
    """The values for JSON and the sentences for people."""

    values: _Shape
    zh: str
    en: str


def of_single(
    matrix: weights.PairwiseMatrix, *, random_index: weights.RandomIndex, incomplete: weights.Incomplete
) -> Found:
    """Shape the result of one comparison matrix."""
    found = weights.priorities(matrix, random_index=random_index, incomplete=incomplete)
    held = weights.judgements(matrix, random_index=random_index, incomplete=incomplete)
    zh, en = _consistency_in_words(found)
    if not found.usable:
        zh, en = _with_advice(zh, en, held)
    return Found({"method": "ahp", **_priorities(found), **_judgements(found, held)}, zh, en)


def of_group(
    group: weights.GroupPriorities,
    matrices: Mapping[str, weights.PairwiseMatrix],
    *,
    random_index: weights.RandomIndex,
    incomplete: weights.Incomplete,
) -> Found:
    """Shape the result of several experts; what stands on top is that of the averaged judgements (AIJ)."""
    held = weights.judgements(group.matrix, random_index=random_index, incomplete=incomplete)
    experts = {
        expert: _priorities(found)
        | _judgements(
            found, weights.judgements(matrices[expert], random_index=random_index, incomplete=incomplete)
        )
        for expert, found in group.experts.items()
    }
    zh, en = _consistency_in_words(group.aij)
    if group.left_out:
        zh += f"未通过一致性检验、未计入的专家：{'、'.join(group.left_out)}。"
        en += f" Left out, not consistent enough: {', '.join(group.left_out)}."
    values: _Shape = {
        "method": "ahp",
        **_priorities(group.aij),
        **_judgements(group.aij, held),
        "aip_weights": dict(zip(group.matrix.names, group.aip, strict=True)),
        "experts": experts,
        "left_out": list(group.left_out),
        "dispersion": [asdict(one) for one in group.spread],
        "agreement": asdict(group.agreement) if group.agreement else None,
    }
    return Found(values, zh, en)


def of_delphi(
    result: weights.DelphiResult, answers: Sequence[weights.Answer], *, with_feedback: bool
) -> Found:
    """Shape all rounds; with feedback, the sheets of the last one by expert."""
    rounds = [_round(one, result.rules) for one in result.rounds]
    last = result.rounds[-1]
    values: _Shape = {
        "method": "delphi",
        "rules_version": result.rules.version,
        "scale": list(result.scale),
        "rounds": rounds,
        "convergence": [asdict(step) for step in result.steps],
        "converged": result.steps[-1].converged if result.steps else None,
    }
    if with_feedback:
        asked = list(dict.fromkeys(answer.expert for answer in answers if answer.round == last.round))
        sheets = {
            expert: weights.feedback(last, answers, expert=expert, rules=result.rules) for expert in asked
        }
        values["feedback"] = {
            expert: asdict(sheet)
            | {
                "text_zh": weights.feedback_text(sheet, locale="zh"),
                "text_en": weights.feedback_text(sheet, locale="en"),
            }
            for expert, sheet in sheets.items()
        }
    w = last.concordance.w if last.concordance else None
    shown = "—" if w is None else f"{w:.3f}"
    return Found(
        values,
        f"{len(rounds)} 轮；最后一轮 {last.answered}/{last.invited} 人作答，缺失 {len(last.missing)} 项，W = {shown}。",
        f"{len(rounds)} rounds; in the last {last.answered} of {last.invited} answered, "
        f"{len(last.missing)} ratings missing, W = {shown}.",
    )


def of_objective(found: weights.ObjectiveWeights, matrix: weights.DecisionMatrix) -> Found:
    """Shape weights that the data gave."""
    values: _Shape = {
        "method": found.method,
        "scaling": found.scaling,
        "alternatives": len(matrix.alternatives),
        "directions": dict(zip(matrix.indicators, matrix.directions, strict=True)),
        "weights": dict(found.weights),
        "details": {name: dict(figures) for name, figures in found.details.items()},
        "constant": list(found.constant),
        "notes": list(found.notes),
    }
    listed = _listed(found.weights)
    zh, en = f"权重：{listed}。", f"Weights: {listed}."
    if found.constant:
        zh += f"各方案相同、权重为 0 的指标：{'、'.join(found.constant)}。"
        en += f" The same for all, so 0: {', '.join(found.constant)}."
    return Found(values, zh, en)


def _priorities(found: weights.Priorities) -> _Shape:
    return {
        "n": len(found.names),
        "names": list(found.names),
        "weights": found.by_name(),
        "lambda_max": found.lambda_max,
        "ci": found.ci,
        "ri": found.ri,
        "cr": found.cr,
        "limit": found.limit,
        "usable": found.usable,
        "unknown": [list(pair) for pair in found.unknown],
    }


def _judgements(found: weights.Priorities, held: Sequence[weights.Judgement]) -> _Shape:
    """Name the most inconsistent pair and the best single change, unless there is nothing to mend."""
    best = weights.best_change(held)
    if found.cr == 0 or best is None:
        return {"worst": None, "best_change": None}
    return {"worst": _judgement(held[0]), "best_change": _judgement(best)}


def _judgement(one: weights.Judgement) -> _Shape:
    return asdict(one) | {"deviation": one.deviation}


def _round(one: weights.RoundResult, rules: weights.DelphiRules) -> _Shape:
    try:
        importance = weights.importance_weights(one)
    except weights.Undetermined:
        importance = None
    return {
        "round": one.round,
        "invited": one.invited,
        "answered": one.answered,
        "response_rate": one.response_rate,
        "missing": [{"expert": expert, "item": item} for expert, item in one.missing],
        "items": [
            asdict(item) | {"iqr": item.iqr, "variation_ok": _below(item.variation, rules)}
            for item in one.items
        ],
        "concordance": asdict(one.concordance) if one.concordance else None,
        "concordance_over": one.concordance_over,
        "left_out": list(one.left_out),
        "authority": asdict(one.authority),
        "warnings": list(one.warnings),
        "weights": importance,
    }


def _below(variation: float | None, rules: weights.DelphiRules) -> bool | None:
    return None if variation is None else variation < rules.limits["greatest_variation"]


def _listed(values: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.4f}" for name, value in values.items())


def _consistency_in_words(found: weights.Priorities) -> tuple[str, str]:
    listed = _listed(found.by_name())
    sign = "<" if found.usable else "≥"
    zh_end, en_end = ("可用", "usable") if found.usable else ("不可使用", "not to be used")
    return (
        f"权重：{listed}。CR = {found.cr:.4f} {sign} {found.limit:g}，{zh_end}。",
        f"Weights: {listed}. CR = {found.cr:.4f} {sign} {found.limit:g}: {en_end}.",
    )


def _with_advice(zh: str, en: str, held: Sequence[weights.Judgement]) -> tuple[str, str]:
    worst, best = held[0], weights.best_change(held)
    assert best is not None
    return (
        f"{zh}最不一致的是“{worst.first}”对“{worst.second}”（{worst.given:.4g}）；"
        f"把“{best.first}”对“{best.second}”改为 {best.suggested:.4g}，CR 降到 {best.cr_after:.4f}。",
        f"{en} Most inconsistent: “{worst.first}” to “{worst.second}” ({worst.given:.4g}); with "
        f"“{best.first}” to “{best.second}” at {best.suggested:.4g} CR falls to {best.cr_after:.4f}.",
    )
