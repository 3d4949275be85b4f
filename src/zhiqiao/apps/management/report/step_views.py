"""The steps of an edition as addresses: submit, return, sign, publish, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhiqiao.apps.management.errors import ManagementError
from zhiqiao.apps.management.report import signing
from zhiqiao.apps.management.report.jobs import enqueue_publication
from zhiqiao.apps.management.report.publishing import ready_to_publish
from zhiqiao.apps.management.report.views import refused, said
from zhiqiao.platform.governance.api import ActorRequest, action


def _version(request: ActorRequest) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdecimal() else -1


def _take(request: ActorRequest, uuid: UUID, step: Callable[[], object], done: str) -> HttpResponse:
    """Take a step and say that it was done; show the edition with the reason when it can not be taken."""
    try:
        step()
    except ManagementError as error:
        return refused(request, uuid, error)
    return said(request, uuid, done)


@require_POST
@action("reports.edit")
def submit(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Hand a draft to another person for signing."""

    def step() -> None:
        signing.submit(uuid, acting=request.actor, version=_version(request), now=timezone.now())

    return _take(request, uuid, step, _("已提交，等教育局的另一个人签发。"))


@require_POST
@action("reports.sign")
def return_edition(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Make a submitted or signed edition a draft again."""

    def step() -> None:
        signing.return_edition(
            uuid,
            acting=request.actor,
            version=_version(request),
            reason=request.POST.get("reason", ""),
            now=timezone.now(),
        )

    return _take(request, uuid, step, _("已退回修改，理由已记录。"))


@require_POST
@action("reports.sign")
def sign(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Sign what another person submitted."""

    def step() -> None:
        signing.sign(uuid, acting=request.actor, version=_version(request), now=timezone.now())

    return _take(request, uuid, step, _("已签发，文字不再改动，可以发布。"))


@require_POST
@action("reports.publish")
def publish(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Queue the publication of a signed edition and show its run page."""
    version = _version(request)
    try:
        ready_to_publish(uuid, acting=request.actor, version=version)
    except ManagementError as error:
        return refused(request, uuid, error)
    return redirect("jobs:run", uuid=enqueue_publication(uuid, acting=request.actor, version=version).uuid)


@require_POST
@action("reports.publish")
def withdraw(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Withdraw a published edition with a reason."""

    def step() -> None:
        signing.withdraw(
            uuid,
            acting=request.actor,
            version=_version(request),
            reason=request.POST.get("reason", ""),
            now=timezone.now(),
        )

    return _take(request, uuid, step, _("已撤回，报告仍可查阅，并注明撤回的理由。"))
