"""Tables of titles without a certain post and of corrections."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiqiao.engines import jobmining
from zhiqiao.infra.db.names import Name
from zhiqiao.infra.ui.table import Column, Empty, Filter, Table
from zhiqiao.platform.data.selectors.titles import CorrectionLine, Judged, judge

__all__ = ["CORRECTIONS", "titles_table"]


def titles_table(book: jobmining.RoleBook, names: Mapping[str, Name]) -> Table:
    """Return the titles without a certain post; the likeliest post is judged for the rows that are shown."""
    seen: dict[str, Judged | None] = {}

    def judged(row: Mapping[str, object]) -> Judged | None:
        title = str(row["folded_title"])
        if title not in seen:
            seen[title] = judge(book, names, title)
        return seen[title]

    def name(row: Mapping[str, object]) -> str | None:
        found = judged(row)
        return str(found.name) if found else None

    def confidence(row: Mapping[str, object]) -> float | None:
        found = judged(row)
        return found.confidence if found else None

    # no column sorts: an order by anything else would split the groups
    return Table(
        key="titles",
        caption=_("没有归入岗位的职位名称"),
        columns=(
            Column("title", _("职位名称"), url=_correct_url, sort=None, is_head=True),
            Column("n", _("招聘信息"), "number", sort=None),
            Column("judged", _("最像的岗位"), value=name, sort=None, unknown=_("没有任何岗位的词")),
            Column(
                "confidence", _("把握"), "share", value=confidence, sort=None, unknown=_("没有任何岗位的词")
            ),
        ),
        search=("folded_title",),
        row_key="folded_title",
        empty=Empty(_("没有要看的职位名称"), _("招聘信息都归入了岗位，或者已经有人判断过。")),
        file_name="titles",
    )


def _correct_url(row: Mapping[str, object]) -> str:
    return f"{reverse('data:titles_correct')}?{urlencode({'picked': str(row['folded_title'])})}"


def _reach(row: CorrectionLine) -> str:
    if row.is_single:
        return gettext("只这一条")
    return gettext("本机构和全区域共享的") if row.is_regional else gettext("本机构的")


def _role(row: CorrectionLine) -> str:
    return str(row.role) if row.role else gettext("没有对应岗位")


def _state(row: CorrectionLine) -> str:
    if row.is_standing:
        return gettext("有效")
    return gettext("已由 %(person)s 撤销") % {"person": row.undone_by}


CORRECTIONS = Table(
    key="corrections",
    caption=_("岗位更正记录"),
    columns=(
        Column(
            "title",
            _("职位名称"),
            url=lambda row: reverse("data:correction", args=[row.uuid]),
            is_head=True,
        ),
        Column("role", _("更正为"), value=_role),
        Column("reach", _("范围"), value=_reach),
        Column("postings", _("招聘信息"), "number"),
        Column("person", _("更正人")),
        Column("at", _("时间"), "moment"),
        Column("state", _("状态"), value=_state),
        Column("reason", _("理由"), "long", sort=None, unknown=_("没有写"), is_extra=True),
    ),
    filters=(
        Filter(
            "standing", _("状态"), choices=(("True", _("有效")), ("False", _("已撤销"))), lookup="is_standing"
        ),
    ),
    search=("title", "person", "reason"),
    empty=Empty(_("还没有更正"), _("在招聘信息的页面上，或在没有归入岗位的职位名称里，可以更正岗位。")),
    file_name="corrections",
)
