"""The shell's own pages: home, doors, search, help, and the switches of language and theme."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from zhiqiao.platform.governance.api import ActorRequest, User, action, can, public
from zhiqiao.web import doors, packages

YEAR = 31_536_000
_HITS = 8


@require_safe
@action("home.read")
def home(request: ActorRequest) -> HttpResponse:
    """Show what needs the person now, three figures that matter to the role, and recent work."""
    values = {
        "todos": packages.todos(request.actor, limit=5),
        "cards": packages.cards(request.actor, limit=3),
        "recent": packages.recent(request.actor, limit=6),
    }
    return render(request, "web/home.html", values)


@require_safe
@action("doors.read")
def all_doors(request: ActorRequest) -> HttpResponse:
    """Show the five doors."""
    return render(request, "web/doors.html", {"purposes": {door.key: door.purpose for door in doors.DOORS}})


@require_safe
@action("doors.read")
def door(request: ActorRequest, key: str) -> HttpResponse:
    """Show the pages behind a door, or the one sentence that says what will be there."""
    found = doors.door(key)
    if found is None:
        raise Http404
    return render(request, "web/door.html", {"door": found})


@require_safe
@action("search.use")
def search(request: ActorRequest) -> HttpResponse:
    """Search everything the person may see."""
    query = request.GET.get("q", "").strip()[:100]
    groups = packages.search(request.actor, query, limit=_HITS) if query else {}
    missing = ""
    if query and can(request.actor, "taxonomy.propose"):
        missing = f"{reverse('data:taxonomy_find')}?{urlencode({'term': query})}"
    return render(
        request, "web/search.html", {"search_query": query, "groups": groups, "missing_url": missing}
    )


@require_safe
@action("home.read")
def help_page(request: ActorRequest) -> HttpResponse:
    """Explain the frame, and the page one came from when it has a help text of its own."""
    return render(request, "web/help.html")


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language for this browser and, for a signed-in person, for the account."""
    chosen = request.POST.get("language", "")
    response = _back(request)
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax")
        if isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(language=chosen)
    return response


@public
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Switch between light, dark and the system's choice for this browser."""
    chosen = request.POST.get("theme", "")
    response = _back(request)
    if chosen in {"light", "dark", "system"}:
        response.set_cookie("zq_theme", chosen, max_age=YEAR, samesite="Lax")
    return response


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """Return to the page one came from, never to another site."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    return HttpResponseRedirect(target)
