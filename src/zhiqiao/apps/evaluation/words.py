"""Sentences about judgements and results in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from zhiqiao.apps.evaluation.computing import Consistency
from zhiqiao.apps.evaluation.models import StudyItem
from zhiqiao.apps.evaluation.parameters import Parameters, questionnaire
from zhiqiao.engines.weights import Advice, DelphiRules
from zhiqiao.infra.db.names import Name
from zhiqiao.infra.ui import formats

Names = Mapping[str, Name]


def names_of(items: Sequence[StudyItem]) -> dict[str, Name]:
    """Return the names by the one the engine uses."""
    return {item.name_zh: Name(item.name_zh, item.name_en) for item in items}


def comparison(first: object, second: object, value: float) -> str:
    """Say a judgement in words; a value below 1 is said the other way round."""
    if value < 1:
        return comparison(second, first, 1 / value)
    if abs(value - 1) < 1e-9:
        return _("“%(first)s”与“%(second)s”同等重要（1）") % {"first": first, "second": second}
    step = next((one for one in questionnaire().scale if abs(one.value - value) < 1e-9), None)
    if step is None:
        return _("“%(first)s”约为“%(second)s”的 %(times)s 倍") % {
            "first": first,
            "second": second,
            "times": formats.number(value, places=1),
        }
    return _("“%(first)s”与“%(second)s”相比：%(how)s（%(value)s）") % {
        "first": first,
        "second": second,
        "how": step.name,
        "value": f"{value:g}",
    }


def step(first: object, second: object, value: float) -> str:
    """Say a judgement short, the step before the name: a phone cuts the end off."""
    if value < 1:
        return step(second, first, 1 / value)
    how = next(one.name for one in questionnaire().scale if abs(one.value - value) < 1e-9)
    if value == 1:
        return f"1 {how}"
    return _("%(value)s %(how)s：%(name)s") % {"value": f"{value:g}", "how": how, "name": first}


def worst_pair(one: Consistency, names: Names) -> str:
    """Name the most inconsistent judgement, and what the others imply in its place."""
    if one.worst is None:
        return ""
    first, second = names[one.worst.first], names[one.worst.second]
    text = comparison(first, second, one.worst.given)
    if one.worst.implied is None:
        return text
    return _("%(said)s；其余判断意味着%(implied)s") % {
        "said": text,
        "implied": comparison(first, second, one.worst.implied),
    }


def helpful_change(one: Consistency, names: Names) -> str:
    """Say the one change that lowers the ratio most; nothing where there is no contradiction."""
    if one.change is None:
        return ""
    return _("改为%(suggested)s，CR 降到 %(after)s") % {
        "suggested": comparison(names[one.change.first], names[one.change.second], one.change.suggested),
        "after": f"{one.change.cr_after:.3f}",
    }


def advice(word: Advice) -> str:
    """Say what the limits advise about an item."""
    return {
        Advice.KEEP: _("保留"),
        Advice.REVISE: _("修改"),
        Advice.DROP: _("删去"),
        Advice.UNJUDGED: _("人数不足，无法判断"),
    }[word]


def warning(code: str, rules: DelphiRules) -> str:
    """Say which wish of EV-02 a round does not meet."""
    low, high = rules.limits["usual_experts_low"], rules.limits["usual_experts_high"]
    values = {
        "low": f"{low:g}",
        "high": f"{high:g}",
        "authority": f"{rules.limits['least_authority']:g}",
        "variation": f"{rules.limits['greatest_variation']:g}",
        "p": f"{rules.limits['greatest_p']:g}",
    }
    return {
        "few_experts": _("作答专家少于通常的 %(low)s–%(high)s 位。"),
        "many_experts": _("作答专家多于通常的 %(low)s–%(high)s 位。"),
        "authority_low": _("专家权威程度 Cr 低于 %(authority)s。"),
        "authority_untold": _("有专家没有说明判断依据或熟悉程度，未计入 Cr。"),
        "variation_high": _("有条目的变异系数不小于 %(variation)s。"),
        "no_agreement": _("专家意见的协调程度不显著（p 不小于 %(p)s，或无法计算）。"),
    }[code] % values


def convergence(code: str) -> str:
    """Say which condition of convergence does not hold."""
    return {
        "items_move": _("多个条目的中位数或四分位距还在变动"),
        "no_agreement": _("协调系数不显著"),
        "agreement_falls": _("协调系数比上一轮下降"),
    }[code]


def position(code: str) -> str:
    """Say where an own answer stands among all."""
    return {
        "below": _("低于中间一半"),
        "within": _("在中间一半之内"),
        "above": _("高于中间一半"),
        "unanswered": _("上一轮您没有作答"),
    }[code]


def method(kind: str, parameters: Parameters) -> str:
    """Name the method with the versions of its parameters."""
    name = (
        _("AHP：判断的几何平均（AIJ），特征向量法")
        if kind == "ahp"
        else _("德尔菲：各项平均分除以平均分之和")
    )
    return f"{name}; {parameters.versions}"
