"""The reading page of an edition: chapter, contents, texts to rewrite, and the steps this person may take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import render

from zhiqiao.apps.management.models import EditionState, ReportEdition
from zhiqiao.apps.management.report import selectors
from zhiqiao.apps.management.report.composing import LANGUAGES, Text, editable_texts, printed
from zhiqiao.apps.management.report.editing import MAX_TEXT
from zhiqiao.apps.management.report.figures import Ways
from zhiqiao.apps.management.report.reading import ShownBlock, Sort, chapters
from zhiqiao.apps.management.report.signing import authors
from zhiqiao.engines.documents import Language
from zhiqiao.infra.ui import formats
from zhiqiao.platform.governance.api import ActorRequest, can

__all__ = ["LANGUAGE_NAMES", "Failed", "anchor_of", "damaged", "own_language", "reading"]

LANGUAGE_NAMES: dict[str, str] = {"zh": "中文", "en": "English"}
WHOLE = "all"


@dataclass(frozen=True)
class Failed:
    """What could not be done: with a text (`key`, and what the person wrote), or with the edition as a whole."""

    key: str
    mine: str
    error: str
    is_conflict: bool


@dataclass(frozen=True)
class TextForm:
    """The form in place of a text; in a conflict it holds the person's own words, and `theirs` is shown beside."""

    value: str
    generated: str
    seen: int
    theirs: str = ""
    theirs_by: str = ""
    error: str = ""


@dataclass(frozen=True)
class TextState:
    """What the page shows at a text that may be rewritten; `carried` has the new figures where they are certain."""

    anchor: str
    edited_by: str
    edited_at: object
    is_outdated: bool
    generated: str
    carried: str
    seen: int
    form: TextForm | None


def own_language() -> Language:
    """Return the language of the pages as that of a text."""
    return "zh" if formats.is_chinese() else "en"


def anchor_of(key: str) -> str:
    """Return the id of a text on the page."""
    return "text-" + re.sub(r"[^A-Za-z0-9]+", "-", key)


def reading(
    request: ActorRequest,
    row: ReportEdition,
    *,
    language: Language,
    failed: Failed | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a chapter of an edition with everything this person may do with it."""
    wanted = request.GET.get("chapter") or request.POST.get("chapter", "")
    may_ask = can(request.actor, "evidence.read")
    ways = Ways(row.pk, selectors.block_uuids(row) if may_ask else {}, is_open=may_ask)
    found = chapters(
        printed(row, language),
        ways,
        only=None if wanted == WHOLE else wanted,
        sort=Sort.read(request.GET.get("sort", "")),
    )
    at = next((at for at, one in enumerate(found) if one.key == wanted), 0)
    if wanted not in {"", WHOLE} and found[at].key != wanted:
        found = chapters(printed(row, language), ways, only="")
    texts = _texts(request, row, language, failed)
    shown = found if wanted == WHOLE else [found[at]]
    context = {
        "report": selectors.edition(request.actor, row),
        "language": language,
        "languages": [(one, LANGUAGE_NAMES[one]) for one in LANGUAGES],
        "chapters": found,
        "shown": [(one, [(block, _state(block, texts)) for block in one.blocks]) for one in shown],
        "current": WHOLE if wanted == WHOLE else found[at].key,
        "before": found[at - 1] if at and wanted != WHOLE else None,
        "after": found[at + 1] if at + 1 < len(found) and wanted != WHOLE else None,
        "files": selectors.files(row) if row.is_published else [],
        "outdated": [text for text in texts.values() if text.is_outdated],
        "failed": failed,
        "max_text": MAX_TEXT,
        "tab": "read",
        **_may(request, row),
    }
    return render(request, "management/report/report.html", context, status=status)


def damaged(request: ActorRequest, row: ReportEdition, error: str) -> HttpResponse:
    """Say that what is stored is not what was signed; nothing of it is shown."""
    context = {"report": selectors.edition(request.actor, row), "error": error}
    return render(request, "management/report/damaged.html", context, status=500)


def _may(request: ActorRequest, row: ReportEdition) -> dict[str, bool]:
    actor = request.actor
    may_sign = row.state == EditionState.IN_REVIEW and can(actor, "reports.sign", row)
    return {
        "may_edit": row.state == EditionState.DRAFT and can(actor, "reports.edit", row),
        "may_sign": may_sign and actor.user_id != row.submitted_by_id and actor.user_id not in authors(row),
        "is_own": may_sign and (actor.user_id == row.submitted_by_id or actor.user_id in authors(row)),
        "may_return": row.state in {EditionState.IN_REVIEW, EditionState.SIGNED}
        and can(actor, "reports.sign", row),
        "may_publish": row.state == EditionState.SIGNED and can(actor, "reports.publish", row),
        "may_withdraw": row.state == EditionState.PUBLISHED and can(actor, "reports.publish", row),
    }


def _texts(
    request: ActorRequest, row: ReportEdition, language: Language, failed: Failed | None
) -> Mapping[str, TextState]:
    """Return the texts this person may rewrite, one of them open as a form."""
    if not _may(request, row)["may_edit"]:
        return {}
    opened = failed.key if failed else request.GET.get("edit", "")
    return {
        key: _text(text, _form(text, failed) if key == opened else None)
        for key, text in editable_texts(row, language).items()
    }


def _text(text: Text, form: TextForm | None) -> TextState:
    change = text.change if text.is_edited else None
    return TextState(
        anchor=anchor_of(text.key),
        edited_by=change.by.display_name if change else "",
        edited_at=change.at if change else None,
        is_outdated=text.is_outdated,
        generated=text.generated if change else "",
        carried=text.carried or "",
        seen=text.number,
        form=form,
    )


def _form(text: Text, failed: Failed | None) -> TextForm:
    form = TextForm(text.carried or text.text, text.generated, text.number)
    if failed is None:
        return form
    if not failed.is_conflict:
        return replace(form, value=failed.mine, error=failed.error)
    by = text.change.by.display_name if text.change else ""
    return replace(form, value=failed.mine, theirs=text.text, theirs_by=by, error=failed.error)


def _state(block: ShownBlock, texts: Mapping[str, TextState]) -> TextState | None:
    return texts.get(block.key) if block.kind in {"paragraph", "items", "callout"} else None
