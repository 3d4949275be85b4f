"""The table of editions."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiqiao.apps.management.models import EditionState
from zhiqiao.apps.management.report.selectors import EditionView
from zhiqiao.infra.ui import formats
from zhiqiao.infra.ui.table import Column, Empty, Filter, Table
from zhiqiao.infra.ui.templatetags.zq import chip

TONES = {
    "draft": "",
    "in_review": "accent",
    "signed": "info",
    "published": "success",
    "withdrawn": "error",
}


def _state(row: EditionView) -> object:
    shown = chip(row.state_label, TONES[row.state])
    return shown + chip(gettext("已被新版替代"), "warning") if row.newer else shown


def _quiet(text: str) -> SafeString:
    """Return what has not happened yet; it is not unknown."""
    return format_html('<span class="zq-muted">{}</span>', text)


def _published(row: EditionView) -> object:
    return formats.moment(row.published_at) if row.published_at else _quiet(gettext("尚未发布"))


EDITIONS = Table(
    key="editions",
    columns=(
        Column(
            "year",
            _("年度"),
            value=lambda row: str(row.year),
            url=lambda row: reverse("management:report", args=[row.uuid]),
            is_head=True,
        ),
        Column("number", _("版次"), value=lambda row: str(row.number)),
        Column("state", _("状态"), value=lambda row: row.state_label, cell=_state),
        Column("region", _("区域"), value=lambda row: str(row.region)),
        Column("months", _("数据月份"), value=lambda row: f"{row.months[0]} – {row.months[1]}"),
        Column("signed_by", _("签发人"), cell=lambda row: row.signed_by or _quiet(gettext("尚未签发"))),
        Column("published_at", _("发布时间"), "moment", cell=_published),
    ),
    filters=(Filter("state", _("状态"), choices=EditionState.choices, lookup="state"),),
    empty=Empty(
        _("还没有人才需求报告"),
        _("教育局编制、签发并发布之后，各年度的报告会列在这里，可以在线阅读，也可以下载。"),
    ),
    file_name="editions",
)
