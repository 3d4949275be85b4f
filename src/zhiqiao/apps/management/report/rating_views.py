"""The page on the quality of an edition: marks, agreement, errors of its forecast, and the sheet of the reader."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiqiao.apps.management.errors import ManagementError
from zhiqiao.apps.management.report import rating, selectors
from zhiqiao.engines.report import Criterion
from zhiqiao.infra.ui import formats
from zhiqiao.platform.governance.api import ActorRequest, action

__all__ = ["quality", "rate"]


@dataclass(frozen=True)
class Choice:
    """A mark of a criterion as a reader sees it; the middle and both ends are said in words."""

    mark: int
    words: str
    is_chosen: bool


@dataclass(frozen=True)
class Question:
    """A criterion of the sheet."""

    key: str
    title: str
    choices: tuple[Choice, ...]


@require_GET
@action("reports.read")
def quality(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show what people without a part in the edition think of it, and how its forecast did."""
    return _page(request, uuid)


@require_POST
@action("reports.rate")
def rate(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Take the marks of a person; a sheet that can not be taken comes back as it was filled in."""
    try:
        rating.rate(
            uuid,
            acting=request.actor,
            marks=_marks(request),
            comment=request.POST.get("comment", ""),
            now=timezone.now(),
        )
    except ManagementError as error:
        return _page(request, uuid, error=str(error), status=422)
    messages.success(request, _("已收到您的评分。"))
    return redirect("management:report_quality", uuid=uuid)


def _marks(request: HttpRequest) -> dict[str, int]:
    given = {one.key: request.POST.get(f"mark-{one.key}", "") for one in rating.rubric().criteria}
    return {
        key: int(text) for key, text in given.items() if text.isascii() and text.isdecimal() and len(text) < 3
    }


def _page(request: ActorRequest, uuid: UUID, *, error: str = "", status: int = 200) -> HttpResponse:
    row = selectors.edition_row(request.actor, uuid)
    found = rating.rated(request.actor, row)
    mine = found.mine
    marks = _marks(request) if error else (mine.marks if mine else {})
    wanted = rating.rubric()
    context = {
        "report": selectors.edition(request.actor, row),
        "tab": "quality",
        "rated": found,
        "rubric": wanted,
        "questions": [_question(one, marks.get(one.key), wanted.top) for one in wanted.criteria],
        "comment": request.POST.get("comment", "") if error else (mine.comment if mine else ""),
        "mine": mine,
        "why_not": rating.why_not(request.actor, row),
        "error": error,
        "is_chinese": formats.is_chinese(),
    }
    return render(request, "management/report/quality.html", context, status=status)


def _question(one: Criterion, chosen: int | None, top: int) -> Question:
    words = one.marks_zh if formats.is_chinese() else one.marks_en
    at = {place * top // (len(words) - 1): text for place, text in enumerate(words)}
    choices = tuple(Choice(mark, at.get(mark, _("介于两者之间")), mark == chosen) for mark in range(top + 1))
    return Question(one.key, one.zh if formats.is_chinese() else one.en, choices)
