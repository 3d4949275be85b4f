"""Pages of correcting posts: titles without a certain post, the correction, its record with undo, counting or not."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from zhiqiao.infra.ui import formats
from zhiqiao.infra.ui.table import BulkAction
from zhiqiao.platform.data import correcting, title_book
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.forms_titles import ALL_TITLES, ONLY_THIS, CountForm, TitleForm
from zhiqiao.platform.data.models import JobPosting, TitleCorrection
from zhiqiao.platform.data.selectors import titles as selectors
from zhiqiao.platform.data.selectors.demand import live
from zhiqiao.platform.data.selectors.postings import posting_detail
from zhiqiao.platform.data.tables_titles import CORRECTIONS, titles_table
from zhiqiao.platform.data.views.postings import exported
from zhiqiao.platform.governance.api import ActorRequest, action, can, get_visible

_MOST_TITLES = 100


@require_GET
@action("postings.correct")
def title_list(request: ActorRequest) -> HttpResponse:
    """List titles whose postings have no post, the most frequent first."""
    book = title_book.plain_book()
    table = titles_table(book, selectors.role_names()).bind(
        request,
        selectors.unsure_titles(request.actor),
        demo=live(request.actor).is_demo,
        bulk=[BulkAction(_("更正所选的"), reverse("data:titles_correct"))],
        can_export=can(request.actor, "postings.export"),
    )
    if table.export:
        return exported(request, table)
    context = {"table": table, "assign_at": book.words.thresholds.assign_at}
    return render(request, "data/titles.html", context)


@require_http_methods(["GET", "POST"])
@action("postings.correct")
def correct(request: ActorRequest) -> HttpResponse:
    """Show what a correction of titles would touch, take it, and lead back."""
    if not {"posting", "picked"} & {*request.GET, *request.POST}:
        messages.error(request, _("请先勾选要更正的职位名称。"))
        return redirect("data:titles")
    posting, postings = _asked_for(request)
    is_sent = "seen" in request.POST
    titles = [row.folded_title for row in postings]
    seen = correcting.latest(titles, posting)
    previews = selectors.preview(request.actor, postings)
    form = TitleForm(
        request.POST if is_sent else None, reaches=_reaches(posting), near=_near(previews), seen=seen
    )
    if is_sent and form.is_valid():
        only_these = form.cleaned_data["reach"] == ONLY_THIS and posting is not None
        try:
            done = correcting.correct_titles(
                request.actor,
                postings,
                role=form.found,
                also=() if only_these else form.cleaned_data["near"],
                only_these=only_these,
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"],
            )
        except Refused as error:
            # the page now shows the state the person has not seen, and the next try is about that
            form.data = request.POST.copy()
            form.data["seen"] = seen
            form.add_error(None, str(error))
        else:
            messages.success(request, _said(done))
            return redirect("data:posting", uuid=posting.uuid) if posting else redirect("data:titles")
    context = {
        "form": form,
        "posting": posting,
        "previews": previews,
        "options": selectors.role_options(),
    }
    return render(request, "data/title_correct.html", context, status=422 if form.errors else 200)


@require_GET
@action("postings.correct")
def correction_list(request: ActorRequest) -> HttpResponse:
    """List corrections with who made them."""
    table = CORRECTIONS.bind(
        request,
        selectors.corrections(request.actor),
        can_export=can(request.actor, "postings.export"),
    )
    if table.export:
        return exported(request, table)
    return render(request, "data/corrections.html", {"table": table})


@require_http_methods(["GET", "POST"])
@action("postings.correct")
def correction(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show one correction, and take it back."""
    row = get_visible(request.actor, "postings.correct", TitleCorrection.objects.all(), uuid=uuid)
    if request.method == "POST":
        try:
            done = correcting.undo(request.actor, row)
        except Refused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _said(done))
        return redirect("data:corrections")
    line = next(item for item in selectors.corrections(request.actor) if item.uuid == uuid)
    return render(request, "data/correction.html", {"line": line})


@require_http_methods(["GET", "POST"])
@action("postings.correct")
def posting_count(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Ask why a posting counts no more, or again, and do it."""
    row = get_visible(request.actor, "postings.correct", _rows(), uuid=uuid)
    form = CountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        # the page says which of the two it was about: what somebody else did meanwhile is refused, not turned round
        verb = correcting.include if request.POST.get("verb") == "include" else correcting.exclude
        try:
            verb(request.actor, row, reason=form.cleaned_data["reason"])
        except Refused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("已记下，统计数字已同时更新。"))
        return redirect("data:posting", uuid=uuid)
    context = {"form": form, "item": row, "codes": posting_detail(request.actor, uuid).codes}
    return render(request, "data/posting_count.html", context, status=422 if form.errors else 200)


def _asked_for(request: ActorRequest) -> tuple[JobPosting | None, Sequence[JobPosting]]:
    """Return the posting a correction starts from (None: from titles) and one posting for each title."""
    data = request.POST if request.method == "POST" else request.GET
    if data.get("posting"):
        posting = get_visible(request.actor, "postings.correct", _rows(), uuid=_uuid(data["posting"]))
        return posting, [posting]
    postings = correcting.own_postings(request.actor, data.getlist("picked")[:_MOST_TITLES])
    if not postings:
        raise Http404
    return None, postings


def _rows() -> QuerySet[JobPosting]:
    return JobPosting.objects.live().select_related("role", "posting_import__source")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _reaches(posting: JobPosting | None) -> list[tuple[str, str]]:
    everything = (ALL_TITLES, _("所有这个职位名称的招聘信息，以后导入的也照此判断"))
    return [everything] if posting is None else [(ONLY_THIS, _("只这一条")), everything]


def _near(previews: Sequence[selectors.TitlePreview]) -> list[tuple[str, str]]:
    """Return the near titles that can be corrected along, with their postings."""
    return [
        (title, _("%(title)s（%(count)s 条）") % {"title": title, "count": formats.number(count)})
        for item in previews
        for title, count in item.near_titles
    ]


def _said(done: correcting.Corrected) -> str:
    values = {"count": formats.number(done.postings)}
    if done.is_queued:
        return _("已记下；%(count)s 条招聘信息正在后台更正，统计数字随之更新。") % values
    return (
        ngettext(
            "已更正，涉及 %(count)s 条招聘信息，统计数字已同时更新。",
            "已更正，涉及 %(count)s 条招聘信息，统计数字已同时更新。",
            done.postings,
        )
        % values
    )
