"""Pages of a source's connectors and tokens; what they mean is decided in `connecting`."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhiqiao.platform.data import connecting, connectors, registering
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import Connector, Source, SourceToken
from zhiqiao.platform.data.selectors.sources import get_source
from zhiqiao.platform.data.source_forms import OptionsForm, TokenForm
from zhiqiao.platform.data.views.sources import source_context
from zhiqiao.platform.governance.api import ActorRequest, action, get_visible


def _tab(source: Source) -> str:
    return reverse("data:source_tab", args=[source.uuid, "connectors"])


@require_http_methods(["GET", "POST"])
@action("sources.manage")
def connector_set_up(request: ActorRequest, uuid: UUID, kind: str) -> HttpResponse:
    """Set a connector up, or change its options."""
    source = get_source(request.actor, "sources.manage", uuid)
    found = connectors.kinds().get(kind)
    if found is None or not found.options:
        raise Http404
    current = source.connectors.filter(kind=kind).first()
    known = {} if current is None else current.options
    initial = {key: "\n".join(value) if isinstance(value, list) else value for key, value in known.items()}
    form = OptionsForm(request.POST or None, kind=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            connecting.set_up(request.actor, source, kind, form.options())
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("连接器已启用，约每分钟查看一次。"))
            return redirect(_tab(source))
    context = {
        **source_context(request, source, tab="connectors"),
        "form": form,
        "kind": found,
        "inbox": registering.inbox_of(source),
        "is_blocked": found.is_automatic and source.collection_terms == "forbidden",
    }
    return render(request, "data/sources_connector.html", context, status=422 if form.errors else 200)


@require_POST
@action("sources.manage")
def connector_switch(request: ActorRequest, uuid: UUID, kind: str) -> HttpResponse:
    """Switch a connector on or off."""
    source = get_source(request.actor, "sources.manage", uuid)
    connector = Connector.objects.select_related("source").filter(source=source, kind=kind).first()
    if connector is None:
        raise Http404
    try:
        connecting.switch(request.actor, connector, on=not connector.is_active)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("连接器已停用。") if connector.is_active else _("连接器已启用。"))
    return redirect(_tab(source))


@require_http_methods(["GET", "POST"])
@action("sources.manage")
def token_new(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Give out a token; its secret stands on the answer to this one request and nowhere else."""
    source = get_source(request.actor, "sources.manage", uuid)
    form = TokenForm(request.POST or None)
    context: dict[str, object] = {**source_context(request, source, tab="connectors"), "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data
            token, secret = connecting.give_token(
                request.actor,
                source,
                name=data["name"],
                scopes=data["scopes"],
                expires_on=data["expires_on"],
            )
        except Refused as error:
            form.add_error(None, str(error))
        else:
            address = request.build_absolute_uri(f"/api/sources/{source.uuid}/postings")
            context |= {"token": token, "secret": secret, "address": address}
            return render(request, "data/sources_token.html", context)
    return render(request, "data/sources_token.html", context, status=422 if form.errors else 200)


@require_POST
@action("sources.manage")
def token_revoke(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Make a token void."""
    rows = SourceToken.objects.select_related("source")
    token = get_visible(request.actor, "sources.manage", rows, uuid=uuid)
    connecting.revoke_token(request.actor, token)
    messages.success(request, _("令牌已作废，用它的系统不能再送数。"))
    return redirect(_tab(token.source))
