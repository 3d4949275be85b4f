"""Background work of the report: make a draft, publish an edition; and who hears of it."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from zhiqiao.apps.management.errors import ManagementError
from zhiqiao.apps.management.events import ReportPublished, ReportWithdrawn
from zhiqiao.apps.management.models import ReportEdition
from zhiqiao.apps.management.report.gathering import STEPS as STEPS_OF_FACTS
from zhiqiao.apps.management.report.making import SAVING, make_draft
from zhiqiao.apps.management.report.publishing import STEPS, publish_edition, tell_region
from zhiqiao.infra.jobs.api import JobContext, JobFailed, JobRun, enqueue, job, subscribe
from zhiqiao.platform.governance.api import Actor, actor_of_membership

__all__ = ["MAKE", "PUBLISH", "enqueue_draft", "enqueue_publication", "run_draft", "run_publication"]

MAKE, PUBLISH = "management.report", "management.report_publication"
#: The steps of gathering, and saving.
DRAFT_STEPS = STEPS_OF_FACTS + 1


def enqueue_draft(year: int, *, acting: Actor, correction: str) -> JobRun:
    """Queue the making of a draft for the person who asks."""
    return enqueue(
        MAKE,
        owner_id=acting.user_id,
        org_root_id=acting.org_root_id,
        title=gettext_noop("编制 %(year)s 年度人才需求报告"),
        title_values={"year": str(year)},
        params={"membership_id": acting.membership_id, "year": year, "correction": correction},
        exclusive=f"report:{acting.org_root_id}",
    )


@job(MAKE, attempts=2)
def run_draft(
    context: JobContext, *, membership_id: int, year: int, correction: str = ""
) -> dict[str, object]:
    """Make the draft as the person who asked; a cancel before the end leaves everything as it was."""

    def step(done: int, stage: str) -> None:
        context.check_cancelled()
        context.progress(done, DRAFT_STEPS, stage)

    try:
        row = make_draft(
            year,
            acting=actor_of_membership(membership_id),
            correction=correction,
            today=timezone.localdate(),
            now=timezone.now(),
            step=step,
        )
    except ManagementError as error:
        raise JobFailed(str(error)) from error
    context.progress(DRAFT_STEPS, DRAFT_STEPS, SAVING)
    return _result(row)


def enqueue_publication(edition_uuid: UUID, *, acting: Actor, version: int) -> JobRun:
    """Queue the publication of a signed edition for the person who asks."""
    return enqueue(
        PUBLISH,
        owner_id=acting.user_id,
        org_root_id=acting.org_root_id,
        title=gettext_noop("发布人才需求报告"),
        params={
            "membership_id": acting.membership_id,
            "edition_uuid": str(edition_uuid),
            "version": version,
        },
        exclusive=f"report:{acting.org_root_id}",
    )


@job(PUBLISH, attempts=2)
def run_publication(
    context: JobContext, *, membership_id: int, edition_uuid: str, version: int
) -> dict[str, object]:
    """Write the files and publish as the person who asked; a cancel before the end leaves the edition signed."""

    def step(done: int, stage: str) -> None:
        context.check_cancelled()
        context.progress(done, STEPS, stage)

    try:
        row = publish_edition(
            UUID(edition_uuid),
            acting=actor_of_membership(membership_id),
            version=version,
            clock=timezone.now,
            step=step,
        )
    except ManagementError as error:
        raise JobFailed(str(error)) from error
    return _result(row)


def _result(row: ReportEdition) -> dict[str, object]:
    address = reverse("management:report", args=[row.uuid])
    return {"url": address, "edition_uuid": str(row.uuid), "year": row.year, "number": row.number}


@subscribe(ReportPublished)
def tell_of_publication(event: ReportPublished) -> None:
    """A published edition is news to schools and associations."""
    tell_region(event, today=timezone.localdate())


@subscribe(ReportWithdrawn)
def tell_of_withdrawal(event: ReportWithdrawn) -> None:
    """Who was told of an edition is told of its withdrawal."""
    tell_region(event, today=timezone.localdate())
