"""The JSON API by which other systems deliver postings to a source with a token; described in openapi.json."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Header, Router, Schema
from ninja.responses import Response, Status
from ninja.security import HttpBearer
from pydantic import Field, JsonValue

from zhiqiao.platform.data.connecting import TokenScope
from zhiqiao.platform.data.delivering import both, settle_deliveries
from zhiqiao.platform.data.models import Delivery, Source, SourceToken
from zhiqiao.platform.data.pushing import PushRefused, RowFault, admit, push, token_of
from zhiqiao.platform.governance.api import action

router = Router(tags=["sources"])
_RETRY_SECONDS = "60"
_NOT_THERE = gettext_noop("没有这个来源或这次送达，或令牌不属于它。")
_NO_SCOPE = gettext_noop("令牌没有这项权限。")
_TOO_OFTEN = gettext_noop("请求太频繁，请一分钟后再试。")


class TokenAuth(HttpBearer):
    """Knows a caller by the token of a source; there is no session and so no CSRF."""

    def authenticate(self, request: HttpRequest, token: str) -> SourceToken | None:  # noqa: ARG002
        """Return the token; None answers 401."""
        return token_of(token, today=timezone.localdate())


class PostingsIn(Schema):
    """A batch: objects with id, title, text, tags, company, city, salary, published and the like, all as text."""

    postings: list[JsonValue] = Field(
        description="Each an object with fields of the import: id, title, text or tags, company, city, district, "
        "salary, salary_min, salary_max, experience, diploma, published, industry, company_type, company_size."
    )


class Sentence(Schema):
    """A sentence in both languages."""

    zh: str
    en: str


class RowFaultOut(Schema):
    """What is wrong with one posting, counted from 1; `taken` rows go in and show up in the quarantine."""

    row: int
    field: str
    code: str
    reason: Sentence
    taken: bool


class DeliveryOut(Schema):
    """A delivery: state taken, started, done, failed or refused; counts once its import is live."""

    uuid: UUID
    state: str
    reason: Sentence | None
    import_uuid: UUID | None
    rows_in: int | None
    kept: int | None
    duplicates: int | None
    quarantined: int | None


class PushedOut(Schema):
    """What became of a batch; `new` is false when the same batch had come before."""

    delivery: DeliveryOut
    new: bool
    taken: int
    faults: list[RowFaultOut]


class RefusedOut(Schema):
    """Why a batch was not taken; nothing of it is kept."""

    reason: Sentence
    faults: list[RowFaultOut] = Field(default_factory=list)


#: Answers that carry a sentence.
_REFUSED = {403: RefusedOut, 404: RefusedOut, 429: RefusedOut}


@router.post(
    "/sources/{uuid}/postings",
    auth=TokenAuth(),
    response={202: PushedOut, 409: RefusedOut, 413: RefusedOut, 422: RefusedOut, **_REFUSED},
    summary="Deliver a batch of postings to a source",
)
@action("sources.deliver")
def deliver_postings(
    request: HttpRequest,
    uuid: UUID,
    payload: PostingsIn,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", max_length=100)] = "",
) -> HttpResponse | Status[PushedOut]:
    """Take postings as an import of the source: masked, cleaned, de-duplicated, bad rows in quarantine.

    Sending the same batch again with the same Idempotency-Key (or, without one, the same content) adds nothing.
    """
    source = _admitted(request, uuid, "postings.write")
    if not isinstance(source, Source):
        return source
    try:
        pushed = push(source, payload.postings, key=idempotency_key)
    except PushRefused as refused:
        return _refused(refused.status, refused.reason, refused.faults)
    body = PushedOut(
        delivery=_delivery(pushed.delivery),
        new=pushed.is_new,
        taken=pushed.taken,
        faults=[_fault(fault) for fault in pushed.faults],
    )
    return Status(202, body)


@router.get(
    "/sources/{uuid}/deliveries/{delivery_uuid}",
    auth=TokenAuth(),
    response={200: DeliveryOut, **_REFUSED},
    summary="What became of a delivery",
)
@action("sources.deliver")
def delivery(request: HttpRequest, uuid: UUID, delivery_uuid: UUID) -> HttpResponse | Status[DeliveryOut]:
    """Return the state of one delivery of the token's source."""
    source = _admitted(request, uuid, "deliveries.read")
    if not isinstance(source, Source):
        return source
    rows = Delivery.objects.select_related("posting_import", "connector")
    found = rows.filter(connector__source=source, uuid=delivery_uuid).first()
    if found is None:
        return _refused(404, both(_NOT_THERE))
    settle_deliveries(found.connector)
    found.refresh_from_db()
    return Status(200, _delivery(found))


def _admitted(request: HttpRequest, uuid: UUID, scope: TokenScope) -> Source | HttpResponse:
    token: SourceToken = request.auth  # type: ignore[attr-defined]  # set by TokenAuth
    if token.source.uuid != uuid:
        return _refused(404, both(_NOT_THERE))
    if scope not in token.scopes:
        return _refused(403, both(_NO_SCOPE))
    if not admit(token, now=timezone.now()):
        answer = _refused(429, both(_TOO_OFTEN))
        answer["Retry-After"] = _RETRY_SECONDS
        return answer
    return token.source


def _refused(status: int, reason: dict[str, str], faults: tuple[RowFault, ...] = ()) -> HttpResponse:
    body = RefusedOut(reason=Sentence(**reason), faults=[_fault(fault) for fault in faults])
    return Response(body.model_dump(mode="json"), status=status)


def _fault(fault: RowFault) -> RowFaultOut:
    return RowFaultOut(
        row=fault.row,
        field=fault.field,
        code=fault.code,
        reason=Sentence(**fault.reason),
        taken=fault.is_taken,
    )


def _delivery(row: Delivery) -> DeliveryOut:
    brought = row.posting_import if row.posting_import and row.posting_import.finished_at else None
    counts = ("rows_in", "kept", "duplicates", "quarantined")
    return DeliveryOut(
        uuid=row.uuid,
        state=row.state,
        reason=Sentence(**row.reason) if row.reason else None,
        import_uuid=row.posting_import.uuid if row.posting_import else None,
        **{name: getattr(brought, name) if brought else None for name in counts},
    )
