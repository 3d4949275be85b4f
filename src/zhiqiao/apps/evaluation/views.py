"""Pages of those who run studies and of those who read their results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhiqiao.apps.evaluation import actions, charts, inviting, selectors, tables, words
from zhiqiao.apps.evaluation import results as pages
from zhiqiao.apps.evaluation.errors import BadStudy, EvaluationError, NoResult
from zhiqiao.apps.evaluation.forms import GuestsForm, StudyForm, TableForm
from zhiqiao.apps.evaluation.models import StudyItem
from zhiqiao.apps.evaluation.parameters import kept
from zhiqiao.apps.evaluation.tree import groups, leaves, write_lines
from zhiqiao.infra.ui.bound import BoundTable
from zhiqiao.platform.governance.api import ActorRequest, action, audit, can, require

read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
@action("studies.read")
def study_list(request: ActorRequest) -> HttpResponse:
    """List the studies one may see."""
    found = selectors.studies(request.actor)
    may_manage = can(request.actor, "studies.manage")
    demo = any(view.is_demo for view in found)
    table = tables.studies_table(may_manage=may_manage).bind(request, found, demo=demo)
    if table.export:
        audit(request.actor, "studies.exported")
        return table.response()
    return render(request, "evaluation/studies.html", {"table": table, "may_manage": may_manage})


@read_or_post
@action("studies.manage")
def study_new(request: ActorRequest) -> HttpResponse:
    """Make a study."""
    form = StudyForm(request.POST or None)
    if form.is_valid():
        try:
            made = actions.create_study(form.text(), acting=request.actor)
        except BadStudy as error:
            _blame(form, error)
        else:
            messages.success(request, _("已建立草稿。接下来邀请专家。"))
            return redirect("evaluation:experts", uuid=made.uuid)
    return _form_page(request, form, None)


@read_or_post
@action("studies.manage")
def study_edit(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Write a draft anew."""
    view = selectors.study(request.actor, uuid)
    require(request.actor, "studies.manage", view.row)
    row = view.row
    initial = {
        "title": row.title,
        "purpose": row.purpose,
        "kind": row.kind,
        "highest": str(row.highest),
        "items": write_lines(selectors.items(view)),
    }
    form = StudyForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.change_draft(uuid, form.text(), acting=request.actor)
        except BadStudy as error:
            _blame(form, error)
        except EvaluationError as error:
            messages.error(request, str(error))
            return redirect("evaluation:study", uuid=uuid)
        else:
            messages.success(request, _("已保存。"))
            return redirect("evaluation:study", uuid=uuid)
    return _form_page(request, form, view)


def _blame(form: Form, error: BadStudy) -> None:
    for problem in error.problems:
        form.add_error(error.field or None, problem)


def _form_page(request: ActorRequest, form: StudyForm, view: selectors.StudyView | None) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "evaluation/study_form.html", {"form": form, "study": view}, status=status)


def _page(
    request: ActorRequest,
    view: selectors.StudyView,
    tab: str,
    context: dict[str, object],
    *,
    status: int = 200,
) -> HttpResponse:
    """Render a page of one study with what all its tabs share."""
    shared = {"study": view, "tab": tab}
    return render(request, f"evaluation/{tab}.html", {**shared, **context}, status=status)


@require_GET
@action("studies.read")
def study(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show a study: state, items, response, and what can be done now."""
    view = selectors.study(request.actor, uuid)
    tree = selectors.items(view)
    shown = [
        (item, [one for one in tree if one.parent_id == item.id]) for item in tree if item.parent_id is None
    ]
    questions = sum(len(group.pairs()) for group in groups(tree)) if view.kind == "ahp" else len(leaves(tree))
    return _page(request, view, "overview", {"tree": shown, "questions": questions})


@never_cache
@read_or_post
@action("studies.manage")
def experts(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """List the experts with response and links; invite more, whose links are shown this once."""
    view = selectors.study(request.actor, uuid)
    require(request.actor, "studies.manage", view.row)
    form = GuestsForm(request.POST or None)
    links: list[inviting.Link] = []
    if form.is_valid():
        try:
            links = inviting.invite(
                uuid, form.cleaned_data["guests"], acting=request.actor, now=timezone.now()
            )
        except BadStudy as error:
            _blame(form, error)
        except EvaluationError as error:
            form.add_error(None, str(error))
    if links:
        return _show_links(request, view, links)
    context = {
        "form": form,
        "experts": selectors.experts(request.actor, view),
        "now": timezone.now(),
    }
    return _page(request, view, "experts", context, status=422 if form.errors else 200)


def _show_links(
    request: ActorRequest, view: selectors.StudyView, links: Sequence[inviting.Link]
) -> HttpResponse:
    shown = [
        (link.expert, request.build_absolute_uri(reverse("answers:answer", args=[link.token])))
        for link in links
    ]
    return _page(request, view, "links", {"links": shown})


@never_cache
@require_POST
@action("studies.manage")
def expert_link(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Make a new link to remind an expert with, shown this once."""
    try:
        link = inviting.renew_link(uuid, acting=request.actor, now=timezone.now())
    except EvaluationError as error:
        messages.error(request, str(error))
        return redirect("evaluation:studies")
    return _show_links(request, selectors.study(request.actor, link.expert.study.uuid), [link])


@require_POST
@action("studies.manage")
def expert_end(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """End an expert's link."""
    try:
        row = inviting.end_link(uuid, acting=request.actor)
    except EvaluationError as error:
        messages.error(request, str(error))
        return redirect("evaluation:studies")
    messages.success(request, _("链接已停用；已提交的答案保留。"))
    return redirect("evaluation:experts", uuid=row.study.uuid)


@require_POST
@action("studies.manage")
def round_open(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Open the next round."""
    drop = {one.uuid for one in _items(request, uuid) if f"drop-{one.uuid}" in request.POST}
    return _do(
        request,
        uuid,
        lambda: actions.open_round(uuid, acting=request.actor, now=timezone.now(), drop=drop),
        _("新的一轮已经开始。请通知专家打开各自的链接。"),
    )


def _items(request: ActorRequest, uuid: UUID) -> Sequence[StudyItem]:
    return selectors.items(selectors.study(request.actor, uuid))


@require_POST
@action("studies.manage")
def round_close(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Close the open round."""
    return _do(
        request,
        uuid,
        lambda: actions.close_round(uuid, acting=request.actor, now=timezone.now()),
        _("这一轮已结束，结果可以查看。"),
    )


@require_POST
@action("studies.manage")
def study_close(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """End the study."""
    return _do(
        request,
        uuid,
        lambda: actions.close_study(uuid, acting=request.actor, now=timezone.now()),
        _("研究已结束，结果向全区域公开（专家不具名）。"),
    )


def _do(request: ActorRequest, uuid: UUID, verb: Callable[[], object], done: str) -> HttpResponse:
    """Do a verb and go back to the study, with what happened or why not."""
    try:
        verb()
    except EvaluationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("evaluation:study", uuid=uuid)


@require_GET
@action("studies.read")
def results(request: ActorRequest, uuid: UUID, number: int | None = None) -> HttpResponse:
    """Show what a closed round says; before the first round closes, that there is nothing yet."""
    return _results(request, uuid, number, TableForm())


def _results(
    request: ActorRequest, uuid: UUID, number: int | None, form: TableForm, *, status: int = 200
) -> HttpResponse:
    view = selectors.study(request.actor, uuid)
    if not view.closed_rounds and number is None:
        return _page(request, view, "results", {"round": None, "form": form}, status=status)
    row = selectors.closed_round(request.actor, uuid, number)
    tree = selectors.items(view)
    parameters = kept(view.row.parameters)
    shown = next(one for one in view.closed_rounds if one.number == row.number)
    context: dict[str, object] = {
        "round": shown,
        "is_last": shown == view.closed_rounds[-1],
        "form": form,
        "method": words.method(view.kind, parameters),
        "limits": {
            "ratio": f"{parameters.random_index.limit:g}",
            "authority": f"{parameters.rules.limits['least_authority']:g}",
        },
    }
    try:
        found = selectors.result(row, tree)
    except NoResult as error:
        return _page(request, view, "results", {**context, "problem": str(error)}, status=status)
    experts_named = selectors.names_by_code(request.actor, view)
    page = pages.page_of(view.row, tree, found, experts=experts_named)
    steady = pages.steadiness(view.row, found)
    bound = _tables(request, view, page, steady)
    for name, table in bound.items():
        if table.export:
            audit(request.actor, "study.exported", view.row, detail={"table": name, "round": row.number})
            table.notes = [
                f"{view.title} · {context['method']}",
                _("第 %(round)s 轮") % {"round": row.number},
            ]
            return table.response()
    context |= {
        "page": page,
        "steady": steady,
        "tables": bound,
        "bar": charts.weight_bar(page.weights, demo=view.is_demo),
        "ratings_bar": charts.rating_bar(page.ratings, demo=view.is_demo) if page.ratings else None,
        "droppable": [one for one in page.ratings if one.advice_code == "drop"],
    }
    return _page(request, view, "results", context, status=status)


def _tables(
    request: ActorRequest, view: selectors.StudyView, page: pages.Page, steady: pages.Steadiness | None
) -> dict[str, BoundTable]:
    """Return the tables of the page that have rows; each has its own place in the address."""
    rows = {
        "weights": (tables.WEIGHTS, page.weights),
        "consistency": (tables.CONSISTENCY, page.consistency),
        "spread": (tables.SPREAD, page.spread),
        "ratings": (tables.RATINGS, page.ratings),
        "rooms": (tables.ROOMS, steady.rooms if steady else ()),
        "shifts": (tables.SHIFTS, steady.shifts if steady else ()),
    }
    return {
        name: table.bind(request, list(lines), demo=view.is_demo, prefix=name)
        for name, (table, lines) in rows.items()
        if lines
    }


@require_POST
@action("studies.manage")
def examples(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Keep the examples whose ranking shows how steady the weights are."""
    form = TableForm(request.POST)
    if form.is_valid():
        try:
            actions.set_alternatives(uuid, form.cleaned_data["table"], acting=request.actor)
        except BadStudy as error:
            _blame(form, error)
        else:
            messages.success(request, _("示例已保存。"))
            return redirect("evaluation:results", uuid=uuid)
    view = selectors.study(request.actor, uuid)
    require(request.actor, "studies.manage", view.row)
    return _results(request, uuid, None, form, status=422)
