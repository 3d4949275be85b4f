"""Sentences of the balance, from the numbers that its lines hold; the same in pages, drawer and exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.apps.management.balance.selectors import KindLine, PostLine, TotalLine
from zhiqiao.apps.management.models import DecisionChoice
from zhiqiao.engines.balance import Advice, GapKind, Interval
from zhiqiao.infra.ui import formats

KIND_LABELS = {
    GapKind.PROGRAMME_MISSING: gettext_lazy("专业缺位"),
    GapKind.CONTENT_BEHIND: gettext_lazy("内容滞后"),
    GapKind.CONDITIONS_SHORT: gettext_lazy("实训条件不足"),
    GapKind.TOO_THEORETICAL: gettext_lazy("偏重理论"),
    GapKind.OVER_SUPPLY: gettext_lazy("供给过多"),
}
ADVICE_LABELS = {
    Advice.EXPAND: gettext_lazy("可以扩招"),
    Advice.KEEP: gettext_lazy("保持"),
    Advice.ADJUST: gettext_lazy("调整内容"),
    Advice.REDUCE: gettext_lazy("减少招生"),
    Advice.STOP: gettext_lazy("考虑停止招生"),
    Advice.UNKNOWN: gettext_lazy("数据不足"),
}
ADVICE_TONES = {
    Advice.EXPAND: "success",
    Advice.KEEP: "success",
    Advice.ADJUST: "warning",
    Advice.REDUCE: "warning",
    Advice.STOP: "error",
    Advice.UNKNOWN: "",
}
#: what the form offers first when the figures suggest something
CHOICE_OF = {
    Advice.EXPAND: DecisionChoice.OPEN,
    Advice.KEEP: DecisionChoice.KEEP,
    Advice.ADJUST: DecisionChoice.ADJUST,
    Advice.REDUCE: DecisionChoice.REDUCE,
    Advice.STOP: DecisionChoice.STOP,
}
_LIMITS = {
    "placement_low": gettext_lazy("就业率下限"),
    "matching_low": gettext_lazy("对口率下限"),
    "overlap_high": gettext_lazy("重合度上限"),
    "cost_high": gettext_lazy("成本倍数上限"),
    "adjust_uncovered": gettext_lazy("未覆盖需求的界限"),
    "stop_demand": gettext_lazy("考虑停招的数量指数"),
    "expand_demand": gettext_lazy("考虑增减招生的数量指数"),
}


#: figures of a line that are parts of a whole; the others are indices
SHARES = {"uncovered", "share", "covered"}
FIGURE_LABELS = {
    "uncovered": gettext_lazy("未覆盖的需求"),
    "quantity": gettext_lazy("数量指数"),
    "share": gettext_lazy("要求该技能的占比"),
    "covered": gettext_lazy("讲授覆盖"),
    "pressure": gettext_lazy("压力"),
}


@dataclass(frozen=True)
class GapGroup:
    """What is wrong at a post in one way (at one programme): each sentence with the line it opens, if any."""

    label: str
    programme: str
    sentences: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        text = " ".join(sentence for _uuid, sentence in self.sentences)
        text = (
            _("%(programme)s：%(text)s") % {"programme": self.programme, "text": text}
            if self.programme
            else text
        )
        return f"{self.label}：{text}" if self.label else text


def figure(name: str, value: Interval | None) -> str:
    """Return a figure of a line with its interval as people read it: a share in per cent, an index between -1 and 1."""
    if name in SHARES:
        return share(value)
    return index(value, signed=name == "quantity")


def share(value: Interval | None) -> str:
    """Return a share with its interval in per cent; unknown stays unknown."""
    if value is None:
        return _("未知")
    return _spread([formats.percent(number) for number in (value.value, value.low, value.high)])


def index(value: Interval | None, *, signed: bool = False) -> str:
    """Return an index with its interval; unknown stays unknown."""
    if value is None:
        return _("未知")
    sign = "+" if signed else ""
    return _spread([f"{number:{sign}.2f}" for number in (value.value, value.low, value.high)])


def _spread(parts: list[str]) -> str:
    return _("%(value)s（%(low)s 至 %(high)s）") % dict(zip(("value", "low", "high"), parts, strict=True))


def kind_sentence(kind: str, basis: Mapping[str, float | str], programme: str) -> str:
    """Say a kind of gap with the numbers it rests on, and at which programme."""
    text = kind_text(kind, basis)
    return _("%(programme)s：%(text)s") % {"programme": programme, "text": text} if programme else text


def kind_text(kind: str, basis: Mapping[str, float | str]) -> str:
    """Say a kind of gap with the numbers it rests on."""
    values = {name: _written(name, value) for name, value in basis.items()}
    match kind:
        case GapKind.PROGRAMME_MISSING:
            text = _("有 %(postings)s 条招聘信息，区域内没有专业面向这个岗位。")
        case GapKind.CONTENT_BEHIND:
            text = _("岗位要求的 %(uncovered)s 没有被面向它的专业讲到。")
        case GapKind.CONDITIONS_SHORT:
            text = _("%(name)s应有 %(required)s，现有 %(present)s。")
        case GapKind.TOO_THEORETICAL if "practice_share" in basis:
            text = _("实践学时占 %(practice_share)s，低于一半。")
        case GapKind.TOO_THEORETICAL:
            text = _("没有模块使用企业真实项目。")
        case _over:
            text = _("毕业生份额明显高于招聘信息份额（数量指数 %(quantity)s）。")
    return text % values


def _written(name: str, value: float | str) -> str:
    if isinstance(value, str):
        return value
    if name in {"uncovered", "practice_share"}:
        return formats.percent(value)
    return f"{value:+.2f}" if name == "quantity" else formats.number(value)


def post_gaps(line: PostLine) -> list[GapGroup]:
    """Return what is wrong at a post, by kind and programme, or why nothing is said."""
    found = _grouped(line.kinds)
    if line.hidden:
        found.append(_remark(_("另有 %(count)s 条涉及您不能查看的专业，未列出。") % {"count": line.hidden}))
    if found:
        return found
    if line.uncovered is None:
        return [_remark(_("招聘信息只有 %(count)s 条，太少，不下结论。") % {"count": line.postings})]
    return [_remark(_("没有发现超过界限的缺口；未覆盖 %(share)s。") % {"share": share(line.uncovered)})]


def _grouped(kinds: Sequence[KindLine]) -> list[GapGroup]:
    """Say the gaps of one kind at one programme together: a workshop that lacks three things is named once."""
    groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for item in kinds:
        programme = f"{item.programme.school} · {item.programme.name}" if item.programme else ""
        key = (str(KIND_LABELS[GapKind(item.kind)]), programme)
        groups.setdefault(key, []).append((str(item.uuid), kind_text(item.kind, item.basis)))
    return [GapGroup(label, programme, tuple(found)) for (label, programme), found in groups.items()]


def _remark(text: str) -> GapGroup:
    return GapGroup("", "", (("", text),))


def total_sentence(line: TotalLine) -> str:
    """Say how many postings of which posts of an industry ask for a skill."""
    posts = _("、").join(f"{post.name} {count}" for post, count in line.posts)
    return _("产业的 %(total)s 条招聘信息中有 %(count)s 条要求：%(posts)s。") % {
        "total": formats.number(line.total),
        "count": formats.number(line.count),
        "posts": posts,
    }


def reason_sentence(name: str, figures: Mapping[str, object], limits: Mapping[str, float]) -> str:
    """Say one reason of an advice with its number and limit."""
    texts = {
        "quantity_unknown": _("招聘信息太少、没有目标岗位，或没有填报毕业人数，数量指数未知，不作建议。"),
        "demand_far_below_graduates": _("招聘信息份额远低于毕业生份额：数量指数 %(quantity)s。"),
        "demand_below_graduates": _("招聘信息份额低于毕业生份额：数量指数 %(quantity)s。"),
        "demand_above_graduates": _("招聘信息份额高于毕业生份额：数量指数 %(quantity)s。"),
        "content_behind": _("目标岗位的要求有 %(uncovered)s 没有讲到，界限是 %(behind)s。"),
        "placement_low": _("就业率 %(placement)s，低于 %(limit)s。"),
        "matching_low": _("就业者中对口的占 %(matching)s，低于 %(limit)s。"),
        "overlap_high": _("与外校专业的目标岗位重合 %(overlap)s，达到 %(limit)s。"),
        "cost_high": _("生均成本 %(cost)s 元，是区域中位数 %(median_cost)s 元的 %(times)s 倍以上。"),
        "balanced": _("需求与毕业生大体相当，没有指标越过界限。"),
    }
    overlap = figures.get("overlap")
    limit = limits.get(name, 0.0)
    return texts[name] % {
        "quantity": index(interval(figures.get("quantity")), signed=True),
        "uncovered": share(interval(figures.get("uncovered"))),
        "behind": formats.percent(limits["adjust_uncovered"], places=0),
        "limit": formats.percent(limit, places=0),
        "times": formats.number(limit),
        "overlap": formats.percent(max(overlap.values()))
        if isinstance(overlap, dict) and overlap
        else _("未知"),
        **{rate: _share(figures.get(rate)) for rate in ("placement", "matching")},
        **{cost: _amount(figures.get(cost)) for cost in ("cost", "median_cost")},
    }


def flip_sentence(name: str) -> str:
    """Say which change would give another advice."""
    ends = {
        "quantity_low": _("数量指数取区间下限"),
        "quantity_high": _("数量指数取区间上限"),
        "uncovered_low": _("未覆盖需求取区间下限"),
        "uncovered_high": _("未覆盖需求取区间上限"),
    }
    if name in ends:
        return ends[name]
    limit, change = name[:-4], name[-4:]
    return _("%(limit)s变动 %(change)s") % {"limit": _LIMITS.get(limit, limit), "change": change}


def interval(value: object) -> Interval | None:
    """Return an interval that was kept as a list."""
    return Interval(*value) if isinstance(value, list) else None


def _share(value: object) -> str:
    return formats.percent(value) if isinstance(value, (int, float)) else _("未知")


def _amount(value: object) -> str:
    return formats.number(value) if isinstance(value, (int, float)) else _("未知")
