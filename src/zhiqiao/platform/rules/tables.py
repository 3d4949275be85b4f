"""Tables of the rule book, of checks and of waivers."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.ui.shell_types import Text
from zhiqiao.infra.ui.table import Column, Empty, Filter, Table
from zhiqiao.infra.ui.templatetags.zq import chip
from zhiqiao.platform.rules import books
from zhiqiao.platform.rules.models import RuleCheck
from zhiqiao.platform.rules.selectors import WaiverRow
from zhiqiao.platform.rules.showing import SEVERITIES, STATES, RuleView, set_name

__all__ = ["CHECKS", "WAIVERS", "WAIVER_STATES", "book_table"]

_STATE_TONES = {"confirmed": "success", "part": "warning", "verify": "warning"}
WAIVER_STATES: dict[str, tuple[Text, str]] = {
    "counting": (_("有效"), "success"),
    "later": (_("尚未生效"), "info"),
    "ended": (_("已到期"), ""),
    "withdrawn": (_("已撤回"), "error"),
}


def _severity(row: RuleView) -> object:
    text = gettext("提醒（待核实后阻止）") if row.lighter else row.severity_label
    return chip(text, "error" if row.severity == "block" and not row.lighter else "")


def book_table(rows: Sequence[RuleView]) -> Table:
    """Return the table of the rule book; filters offer what there is."""
    regions = sorted({row.region for row in rows})
    return Table(
        key="rules",
        caption=_("规则"),
        columns=(
            Column("id", _("编号"), url=lambda row: reverse("rules:rule", args=[row.id]), sort=None),
            Column("title", _("规则"), is_head=True),
            Column("set", _("规则集"), value=lambda row: row.set_label),
            Column(
                "severity",
                _("不符合时"),
                value=lambda row: str(row.severity_label),
                cell=_severity,
            ),
            Column(
                "state",
                _("来源"),
                value=lambda row: str(row.state_label),
                cell=lambda row: chip(row.state_label, _STATE_TONES[row.state]),
            ),
            Column("region", _("区域"), value=lambda row: row.region or gettext("全国")),
            Column("valid", _("有效期"), value=lambda row: row.valid or gettext("一直有效")),
            Column("document", _("出处"), "long", value=lambda row: row.source.document, is_extra=True),
        ),
        filters=(
            Filter("set", _("规则集"), choices=lambda: [(key, set_name(key)) for key in books.book().sets]),
            Filter("severity", _("不符合时"), choices=[(key, text) for key, text in SEVERITIES.items()]),
            Filter("state", _("来源"), choices=[(key, text) for key, text in STATES.items()]),
            Filter(
                "region", _("区域"), choices=[(code or "-", code or _("全国")) for code in regions],
                apply=lambda found, code: [row for row in found if (row.region or "-") == code],
            ),
        ),
        search=("id", "title", "text"),
        page_size=50,
        file_name="rules",
    )  # fmt: skip


def _result(row: RuleCheck) -> object:
    if row.blocking:
        return chip(gettext("阻止 %(count)s 处") % {"count": row.blocking}, "error")
    return chip(gettext("不阻止"), "success")


CHECKS = Table(
    key="rule-checks",
    caption=_("检查"),
    columns=(
        Column(
            "title", _("文件"), url=lambda row: reverse("rules:check", args=[row.uuid]), is_head=True
        ),
        Column("document_version", _("版本"), value=lambda row: row.document_version or "—"),
        Column("on", _("行为日期"), "day"),
        Column(
            "sets",
            _("规则集"),
            value=lambda row: ", ".join(name.upper() for name in row.sets),
            sort=None,
        ),
        Column(
            "blocking",
            _("阻止的问题（未计豁免）"),
            "number",
            cell=_result,
            evidence=None,
        ),
        Column("failing", _("不符合"), "number", evidence=lambda row: ("rule_check", row.uuid)),
        Column("missing", _("缺数据"), "number", evidence=lambda row: ("rule_check", row.uuid)),
        Column("at", _("检查时间"), "moment"),
        Column("by", _("检查人"), value=lambda row: row.by.display_name if row.by else "—", sort=None),
    ),
    search=("title", "document_key", "specialty"),
    empty=Empty(
        _("还没有保存的检查"),
        _("上传方案文件检查时选择保存，或在方案编辑中提交审定，检查结果会列在这里。"),
    ),
    demo_key="is_demo",
    file_name="rule-checks",
)  # fmt: skip


def _waiver_state(row: WaiverRow) -> object:
    return chip(*WAIVER_STATES[row.state])


WAIVERS = Table(
    key="waivers",
    caption=_("豁免"),
    columns=(
        Column("rule", _("规则"), url=lambda row: reverse("rules:waiver", args=[row.uuid]), is_head=True),
        Column("title", _("内容")),
        Column("document", _("文件")),
        Column("kind", _("种类")),
        Column("office", _("机关")),
        Column("person", _("作出决定的人")),
        Column("granted", _("生效日"), "day"),
        Column("expires", _("到期日"), "day"),
        Column("state", _("状态"), value=lambda row: str(WAIVER_STATES[row.state][0]), cell=_waiver_state),
    ),
    filters=(Filter("state", _("状态"), choices=[(key, text) for key, (text, _tone) in WAIVER_STATES.items()]),),
    search=("rule", "title", "document"),
    empty=Empty(
        _("还没有豁免"),
        _("规则允许时，由规则写明的机关在检查结果里给予豁免；问题不会消失，只注明已豁免和到期日。"),
    ),
    demo_key="is_demo",
    file_name="waivers",
)  # fmt: skip
