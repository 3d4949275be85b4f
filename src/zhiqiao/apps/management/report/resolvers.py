"""Evidence of the report: an edition with what it was made of, and each of its texts, tables and charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.apps.management.models import EditionBlock, ReportEdition
from zhiqiao.apps.management.report.composing import Printed, facts_of, generated, lines_of, printed
from zhiqiao.apps.management.report.grounds import grounds
from zhiqiao.apps.management.report.page import own_language
from zhiqiao.apps.management.report.parts import digest_of
from zhiqiao.apps.management.report.reading import chapter_of
from zhiqiao.apps.management.report.selectors import edition_row, readable
from zhiqiao.engines.documents import Block, BlockPlan, ChartPlan, Figure, TablePlan, plan
from zhiqiao.engines.kernel import to_text
from zhiqiao.platform.data.api import Hop, Link, resolver, titles
from zhiqiao.platform.governance.api import Actor

METHOD = "demand-report"


def edition_title(row: ReportEdition) -> str:
    """Return what an edition is called in the reader's language."""
    return _("%(region)s %(year)s 年度人才需求报告，第 %(number)s 版") % {
        "region": row.region_zh if own_language() == "zh" else row.region_en,
        "year": row.year,
        "number": row.number,
    }


def edition_titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Return the titles of editions one may read."""
    return {row.uuid: edition_title(row) for row in readable(actor).filter(uuid__in=uuids)}


@resolver("report_edition", label=gettext_lazy("人才需求报告"), titles=edition_titles)
def edition_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return an edition with the frozen facts it stands on; recomputing composes its text once more."""
    row = edition_row(actor, uuid)
    return Hop(
        kind="report_edition",
        uuid=uuid,
        title=edition_title(row),
        facts=[
            (_("状态"), row.get_state_display()),
            (_("数据月份"), f"{row.first_month} – {row.last_month}"),
            (_("数据快照 SHA-256"), row.facts_digest),
            *((_("版本：%(name)s") % {"name": name}, value) for name, value in sorted(row.versions.items())),
        ],
        how=_(
            "编制时把全部数据固定为一份快照，报告的每个数字都由这份快照得出；快照不再改变，发布的文件按摘要核对。"
        ),
        method=METHOD,
        method_version=row.versions.get("report_limits", ""),
        at=row.facts_at,
        url=reverse("management:report", args=[uuid]),
        is_demo=row.is_demo,
    )


@resolver("report_block", label=gettext_lazy("报告中的文字与图表"))
def block_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a text, table or chart of an edition: its figures, what they rest on, and the way to the snapshot.

    Figures of editions that were signed before figures had names lead here.
    """
    block = EditionBlock.objects.filter(uuid=uuid).select_related("edition").first()
    if block is None:
        raise Http404
    row = edition_row(actor, block.edition.uuid)
    language = own_language()
    shown = printed(row, language)
    found = _find(shown, block.key)
    if found is None:
        raise Http404
    value, planned = found
    chapter, chapter_title = chapter_of(shown, block.key)
    query = urlencode({"lang": language, "chapter": chapter})
    return Hop(
        kind="report_block",
        uuid=uuid,
        title=_name(planned, chapter_title=chapter_title),
        facts=_facts(planned),
        how="".join(_evidence(shown, block.key)) or _("由编制时固定的数据快照算出。"),
        method=METHOD,
        method_version=row.versions.get("report_limits", ""),
        at=row.facts_at,
        basis=[
            Link("report_edition", row.uuid, edition_title(row), _("数据快照")),
            *named_links(actor, grounds(facts_of(row), block.key)),
        ],
        url=f"{reverse('management:report', args=[row.uuid])}?{query}",
        value=_value(value, planned),
        recompute=lambda: _again(row, block.key, planned),
        is_demo=row.is_demo,
    )


def named_links(actor: Actor, links: list[Link]) -> list[Link]:
    """Give the things their names, and leave out those that are gone or may not be seen."""
    names: dict[UUID, str] = {}
    for kind in {link.kind for link in links}:
        names |= titles(actor, kind, [link.uuid for link in links if link.kind == kind])
    return [replace(link, title=names[link.uuid]) for link in links if link.uuid in names]


def _find(shown: Printed, key: str) -> tuple[Block, BlockPlan] | None:
    pairs = zip(shown.document.blocks, shown.plan.blocks, strict=True)
    return next((pair for pair in pairs if getattr(pair[0], "key", "") == key), None)


def _name(planned: BlockPlan, *, chapter_title: str) -> str:
    if isinstance(planned, (TablePlan, ChartPlan)):
        return f"{planned.label}　{planned.title}"
    return chapter_title


def _figures(value: Block) -> list[Figure]:
    texts = [getattr(value, "text", ()), *getattr(value, "items", ())]
    parts: list[object] = []
    for text in texts:
        for part in text if not isinstance(text, str) else ():
            parts += part if isinstance(part, (list, tuple)) else [part]
    return [part for part in parts if isinstance(part, Figure)]


def _evidence(shown: Printed, key: str) -> list[str]:
    """Return what the figures of a text rest on; of a table or chart, what those of its chapter rest on."""
    mine = chapter_of(shown, key)
    blocks = [one for one in shown.document.blocks if getattr(one, "key", "") == key]
    if not any(_figures(one) for one in blocks):
        blocks = [
            one
            for one in shown.document.blocks
            if getattr(one, "key", "") and chapter_of(shown, getattr(one, "key", "")) == mine
        ]
    found = (figure.evidence for one in blocks for figure in _figures(one) if figure.evidence)
    return list(dict.fromkeys(found))


def _facts(planned: BlockPlan) -> list[tuple[str, object]]:
    if isinstance(planned, TablePlan):
        source = "".join(piece.text for piece in planned.source if piece.kind != "cite")
        return [(_("行数"), len(planned.rows)), (_("来源"), source or None)]
    if isinstance(planned, ChartPlan):
        source = "".join(piece.text for piece in planned.source if piece.kind != "cite")
        return [(_("点数"), len(planned.chart.categories)), (_("来源"), source or None)]
    return []


def _value(value: Block, planned: BlockPlan) -> str:
    """Return the figures of a text, or what stands for those of a table or chart: the same figures, the same sign."""
    if isinstance(planned, TablePlan):
        return _("%(count)s 行，校验值 %(sign)s") % {"count": len(planned.rows), "sign": _sign(value)}
    if isinstance(planned, ChartPlan):
        return _("校验值 %(sign)s") % {"sign": _sign(value)}
    return _("、").join(_shown(planned))


def _shown(planned: BlockPlan) -> list[str]:
    return [piece.text for line in lines_of(planned) for piece in line if piece.is_figure]


def _sign(value: Block) -> str:
    return digest_of(to_text(getattr(value, "rows", None) or value).encode())[:12]


def _again(row: ReportEdition, key: str, planned: BlockPlan) -> str:
    """Return the same from the snapshot, composed once more; of a rewritten text the figures it still has."""
    document = generated(row, own_language())
    fresh = _find(Printed(document, plan(document)), key)
    if fresh is None:
        return _("不再列入")
    value, again = fresh
    if isinstance(again, (TablePlan, ChartPlan)):
        return _value(value, again)
    known = set(_shown(again))
    return _("、").join(figure for figure in _shown(planned) if figure in known)
