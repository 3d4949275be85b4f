"""Rewriting one text of a draft: who, when, from what to what; two people never overwrite each other unseen."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from zhiqiao.apps.management.errors import AlreadyDecided, BadEdit, EditConflict
from zhiqiao.apps.management.models import EditionState, EditionText, ReportEdition
from zhiqiao.apps.management.report.composing import Text, editable_texts
from zhiqiao.engines.documents import Language
from zhiqiao.engines.report import strange_figures
from zhiqiao.platform.governance.api import Actor, audit, get_visible

__all__ = ["MAX_TEXT", "edit_text"]

MAX_TEXT = 6_000


@transaction.atomic
def edit_text(
    edition_uuid: UUID,
    *,
    acting: Actor,
    language: Language,
    key: str,
    seen: int,
    text: str,
    now: dt.datetime,
) -> Text:
    """Put a text in place of what stands; the generated text itself puts it back to what is generated.

    `seen` is the number of changes the person saw. Writing the same text again says that it stands although the
    figures changed. Raises EditConflict when somebody wrote meanwhile, BadEdit for a text that can not be taken,
    AlreadyDecided when the edition is no draft any more.
    """
    rows = ReportEdition.objects.select_for_update(of=("self",))
    edition = get_visible(acting, "reports.edit", rows, uuid=edition_uuid)
    if edition.state != EditionState.DRAFT:
        raise AlreadyDecided(_("报告已提交签发或已发布，文字不能再改。"))
    known = editable_texts(edition, language).get(key)
    if known is None:
        raise BadEdit(_("这一段已不在报告中，页面已更新。"))
    wanted = _clean(text)
    if known.number != seen:
        raise EditConflict(_("您打开之后，别人改过这一段。两份文字都在下面，请合并后再保存。"), mine=wanted)
    _check(known, wanted)
    if wanted == known.text and not known.is_outdated:
        return known
    _write(edition, known, wanted, acting=acting, language=language, now=now)
    return editable_texts(edition, language)[key]


def _clean(text: str) -> str:
    lines = (line.strip() for line in text.replace("\x00", "").replace("\r\n", "\n").split("\n"))
    return "\n".join(line for line in lines if line)


def _check(known: Text, wanted: str) -> None:
    if not wanted:
        raise BadEdit(_("这一段不能留空；要恢复自动生成的文字，请用“恢复”。"))
    if len(wanted) > MAX_TEXT:
        raise BadEdit(_("这一段最多 %(most)s 字。") % {"most": MAX_TEXT})
    if strange := strange_figures(known.generated, wanted):
        raise BadEdit(
            _("%(figures)s 不是这一段的数据。括号里的数字来自数据，只能移动或删去，不能改写。")
            % {"figures": _("、").join(f"⟦{figure}⟧" for figure in strange)}
        )


def _write(
    edition: ReportEdition, known: Text, wanted: str, *, acting: Actor, language: str, now: dt.datetime
) -> None:
    if acting.user_id is None:
        raise BadEdit(_("报告的文字由人修改。"))
    row = EditionText.objects.create(
        org_root_id=edition.org_root_id,
        edition=edition,
        language=language,
        key=known.key,
        number=known.number + 1,
        before=known.text,
        after=None if wanted == known.generated else wanted,
        generated=known.generated,
        by_id=acting.user_id,
        at=now,
    )
    audit(
        acting,
        "report.text_edited",
        obj=("report_edition", str(edition.uuid)),
        detail={"language": language, "key": known.key, "change": row.number},
    )
