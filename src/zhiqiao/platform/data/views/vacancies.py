"""Pages on which an enterprise writes, publishes and closes its own postings."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhiqiao.platform.data import source_tables, vacancies
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import DeliveryState, Vacancy
from zhiqiao.platform.data.selectors import vacancies as selectors
from zhiqiao.platform.data.source_forms import VacancyForm
from zhiqiao.platform.governance.api import ActorRequest, action, audit


@require_GET
@action("vacancies.manage")
def vacancy_list(request: ActorRequest) -> HttpResponse:
    """List the enterprise's own postings."""
    table = source_tables.VACANCIES.bind(request, selectors.vacancies(request.actor))
    if table.export:
        audit(request.actor, "vacancies.exported")
        return table.response()
    return render(request, "data/vacancies.html", {"table": table})


@require_http_methods(["GET", "POST"])
@action("vacancies.manage")
def vacancy_new(request: ActorRequest) -> HttpResponse:
    """Write a posting."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@action("vacancies.manage")
def vacancy_edit(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Change a posting; what is published stays until it is published again."""
    return _edit(request, selectors.get_vacancy(request.actor, uuid))


@require_GET
@action("vacancies.manage")
def vacancy(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show a posting with the skills of its published version."""
    page = selectors.vacancy_page(request.actor, uuid)
    return render(request, "data/vacancy.html", {"page": page, "row": page.row})


@require_POST
@action("vacancies.manage")
def vacancy_publish(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Publish the draft as a new version."""
    _publish(request, selectors.get_vacancy(request.actor, uuid))
    return redirect("data:vacancy", uuid=uuid)


@require_POST
@action("vacancies.manage")
def vacancy_close(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Close a posting."""
    try:
        vacancies.close_vacancy(request.actor, selectors.get_vacancy(request.actor, uuid))
        messages.success(request, _("已关闭，不再计入任何统计。"))
    except Refused as error:
        messages.error(request, str(error))
    return redirect("data:vacancy", uuid=uuid)


def _edit(request: ActorRequest, row: Vacancy | None) -> HttpResponse:
    initial = VacancyForm.initial_of(row) if row else None
    form = VacancyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = vacancies.save_vacancy(request.actor, row, form.facts())
        except Refused as error:
            form.add_error(None, str(error))
        else:
            if "publish" in request.POST:
                _publish(request, saved)
            else:
                messages.success(request, _("草稿已保存。"))
            return redirect("data:vacancy", uuid=saved.uuid)
    return render(
        request, "data/vacancy_form.html", {"form": form, "row": row}, status=422 if form.errors else 200
    )


def _publish(request: ActorRequest, row: Vacancy) -> None:
    try:
        delivery = vacancies.publish_vacancy(request.actor, row)
    except Refused as error:
        messages.error(request, str(error))
        return
    if delivery.state == DeliveryState.FAILED:
        messages.error(request, delivery.reason.get("en" if request.LANGUAGE_CODE == "en" else "zh", ""))
    else:
        messages.success(request, _("已发布，正在识别其中的技能。"))
