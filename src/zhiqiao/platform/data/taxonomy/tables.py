"""Tables of the taxonomy editor."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.ui.table import Column, Empty, Filter, Table
from zhiqiao.platform.data.models import (
    ChangeKind,
    ChangeState,
    ProposalSource,
    ProposalState,
    SkillChange,
    SkillKind,
    SkillProposal,
    TaxonomyVersion,
)

__all__ = ["CHANGES", "PROPOSALS", "VERSIONS"]


def _kind(row: SkillProposal) -> str | None:
    return str(SkillKind(row.kind).label) if row.kind else None


PROPOSALS = Table(
    key="terms",
    caption=_("待审的词"),
    columns=(
        Column(
            "surface",
            _("词语"),
            url=lambda row: reverse("data:taxonomy_proposal", args=[row.uuid]),
            is_head=True,
        ),
        Column("kind", _("可能的类型"), value=_kind, unknown=_("还没有人判断")),
        Column("source", _("来自"), value=lambda row: row.get_source_display()),
        Column("postings", _("出现的招聘信息"), "number"),
        Column("mentions", _("出现次数"), "number", is_extra=True),
        Column("score", _("把握"), "share", unknown=_("人工提出的词没有分数")),
        Column("state", _("状态"), value=lambda row: row.get_state_display()),
        Column("weight", _("排序分"), "number", is_extra=True),
    ),
    filters=(
        Filter("state", _("状态"), choices=ProposalState.choices),
        Filter("source", _("来自"), choices=ProposalSource.choices),
        Filter("kind", _("可能的类型"), choices=SkillKind.choices),
    ),
    search=("surface", "term"),
    empty=Empty(
        _("还没有待审的词"),
        _("导入招聘信息后，系统发现的、目录里没有的词会列在这里；也可以自己提出一个。"),
    ),
    file_name="skill-terms",
)


def _who(row: SkillChange) -> str | None:
    return str(row.made_by) if row.made_by else None


CHANGES = Table(
    key="changes",
    caption=_("改动记录"),
    columns=(
        Column(
            "surface",
            _("词语或技能"),
            value=lambda row: row.surface or row.skill_key,
            url=lambda row: reverse("data:taxonomy_change", args=[row.uuid]),
            is_head=True,
        ),
        Column("kind", _("改动"), value=lambda row: row.get_kind_display()),
        Column("state", _("状态"), value=lambda row: row.get_state_display()),
        Column("made_by", _("由谁"), value=_who, sort=None),
        Column("activated_at", _("生效时间"), "moment", unknown=_("还没有生效")),
        Column("reason", _("说明"), "long", sort=None, unknown=_("没有填写")),
        Column("skill_key", _("技能编号"), is_extra=True),
    ),
    filters=(
        Filter("kind", _("改动"), choices=ChangeKind.choices),
        Filter("state", _("状态"), choices=ChangeState.choices),
    ),
    search=("surface", "skill_key", "reason"),
    empty=Empty(_("还没有改动"), _("收下、并入或驳回一个词，或停用一项技能后，都会记在这里。")),
    file_name="skill-changes",
)


def _what(row: TaxonomyVersion) -> str:
    if row.change is None:
        return gettext("技能包更新")
    done = row.change.get_kind_display()
    text = gettext("撤销：%(what)s “%(term)s”") if row.is_withdrawal else gettext("%(what)s “%(term)s”")
    return text % {"what": done, "term": row.change.surface or row.change.skill_key}


VERSIONS = Table(
    key="versions",
    caption=_("目录版本"),
    columns=(
        Column("number", _("版本"), is_head=True),
        Column("digest", _("校验码"), sort=None),
        Column("created_at", _("时间"), "moment"),
        Column("what", _("改了什么"), value=_what, sort=None),
        Column(
            "made_by",
            _("由谁"),
            value=lambda row: str(row.made_by) if row.made_by else gettext("系统"),
            sort=None,
        ),
        Column("skills", _("技能数"), "number"),
        Column("surfaces", _("写法数"), "number", is_extra=True),
    ),
    empty=Empty(_("还没有版本"), _("载入技能包后，目录的每个版本会列在这里。")),
    file_name="skill-versions",
)
