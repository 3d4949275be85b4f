"""Every address of the product, by package."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from zhiqiao.web import styleguide, views
from zhiqiao.web.health import healthz

Routes = list[URLPattern | URLResolver]


def _package(prefix: str, module: str) -> Routes:
    """Return the addresses of a package that has any."""
    return [path(prefix, include(module))] if find_spec(module) else []


urlpatterns: Routes = [
    path("", views.home, name="home"),
    path("doors/", views.all_doors, name="doors"),
    path("doors/<slug:key>/", views.door, name="door"),
    path("search", views.search, name="search"),
    path("help/", views.help_page, name="help"),
    path("language", views.language, name="language"),
    path("theme", views.theme, name="theme"),
    path("styleguide/", styleguide.page, name="styleguide"),
    path("healthz", healthz, name="healthz"),
    path("jobs/", include("zhiqiao.web.jobs.urls")),
    path("accounts/", include("zhiqiao.platform.governance.signin_urls")),
    path("", include("zhiqiao.platform.governance.urls")),
    path("api/", include("zhiqiao.web.api")),
    *_package("data/", "zhiqiao.platform.data.urls"),
    *_package("evidence/", "zhiqiao.platform.data.evidence_urls"),
    *_package("rules/", "zhiqiao.platform.rules.urls"),
    *_package("programmes/", "zhiqiao.apps.management.urls"),
    *_package("studies/", "zhiqiao.apps.evaluation.urls"),
    *_package("plans/", "zhiqiao.apps.teaching.urls"),
    *_package("answers/", "zhiqiao.apps.evaluation.answer_urls"),
    *_package("survey/", "zhiqiao.platform.data.survey.answer_urls"),
]

handler400 = "zhiqiao.web.errors.bad_request"
handler403 = "zhiqiao.web.errors.forbidden"
handler404 = "zhiqiao.web.errors.not_found"
handler429 = "zhiqiao.web.errors.too_many"  # asked for by allauth, not by Django
handler500 = "zhiqiao.web.errors.broken"
