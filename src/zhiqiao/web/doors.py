"""The five front doors and, for those without pages yet, the one sentence that says what will be there."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.ui.shell_types import Text


@dataclass(frozen=True)
class Door:
    """A front door: its name, its short name for phones, what it is for, what it will hold, its headings in order."""

    key: str
    label: Text
    short: Text
    icon: str
    purpose: Text
    promise: Text
    groups: tuple[tuple[str, Text], ...] = ()


DOORS = (
    Door(
        "learning",
        _("个性化学习中心"),
        _("学习"),
        "graduation-cap",
        _("每个学生接下来学什么、为什么。"),
        _("这里将按学生的能力画像给出学习路径、课程和练习，目前还没有页面。"),
    ),
    Door(
        "virtual",
        _("虚拟仿真实训中心"),
        _("实训"),
        "boxes",
        _("在虚拟车间里练真实岗位的操作。"),
        _("这里将提供虚拟实训场景，每一步操作都留下学习记录，目前还没有页面。"),
    ),
    Door(
        "industry",
        _("就业与产业大数据中心"),
        _("产业"),
        "chart-column",
        _("产业需要什么技能，教学覆盖了多少。"),
        _("这里将展示招聘信息、技能需求与专业差距，您的角色目前没有可看的页面。"),
        (
            ("own", _("本企业")),
            ("demand", _("需求")),
            ("supply", _("供给")),
            ("match", _("匹配与决策")),
            ("standards", _("能力与标准")),
            ("data", _("数据")),
        ),
    ),
    Door(
        "teachers",
        _("教师发展中心"),
        _("教师"),
        "presentation",
        _("双师型教师的企业实践与成长。"),
        _("这里将记录教师的企业实践、认定和培训，目前还没有页面。"),
    ),
    Door(
        "cockpit",
        _("教育治理驾驶舱"),
        _("治理"),
        "gauge",
        _("政校企行四方的职责、指标与决策。"),
        _("这里将汇总四方指标与年度需求预测报告，目前还没有页面。"),
    ),
)


def door(key: str) -> Door | None:
    """Return a door by its key."""
    return next((door for door in DOORS if door.key == key), None)
