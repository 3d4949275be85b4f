"""Addresses of the industry data pages."""

from __future__ import annotations

from django.urls import path

from zhiqiao.platform.data.views import connectors, imports, pay, postings, skills, sources, vacancies

app_name = "data"
urlpatterns = [
    path("sources/", sources.source_register, name="sources"),
    path("sources/new/", sources.source_new, name="source_new"),
    path("sources/conflicts/", pay.conflicts, name="conflicts"),
    path("sources/<uuid:uuid>/", sources.source, name="source"),
    path("sources/<uuid:uuid>/edit/", sources.source_edit, name="source_edit"),
    path("sources/<uuid:uuid>/wages/new/", sources.wages_new, name="wages_new"),
    path("sources/<uuid:uuid>/tokens/new/", connectors.token_new, name="token_new"),
    path("sources/<uuid:uuid>/connectors/<slug:kind>/", connectors.connector_set_up, name="connector"),
    path(
        "sources/<uuid:uuid>/connectors/<slug:kind>/switch/",
        connectors.connector_switch,
        name="connector_switch",
    ),
    path("sources/<uuid:uuid>/<slug:tab>/", sources.source, name="source_tab"),
    path("tokens/<uuid:uuid>/revoke/", connectors.token_revoke, name="token_revoke"),
    path("wages/<uuid:uuid>/", sources.wages_detail, name="wages"),
    path("wages/<uuid:uuid>/remove/", sources.wages_remove, name="wages_remove"),
    path("vacancies/", vacancies.vacancy_list, name="vacancies"),
    path("vacancies/new/", vacancies.vacancy_new, name="vacancy_new"),
    path("vacancies/<uuid:uuid>/", vacancies.vacancy, name="vacancy"),
    path("vacancies/<uuid:uuid>/edit/", vacancies.vacancy_edit, name="vacancy_edit"),
    path("vacancies/<uuid:uuid>/publish/", vacancies.vacancy_publish, name="vacancy_publish"),
    path("vacancies/<uuid:uuid>/close/", vacancies.vacancy_close, name="vacancy_close"),
    path("imports/", imports.import_list, name="imports"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<uuid:uuid>/", imports.import_detail, name="import"),
    path("imports/<uuid:uuid>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<uuid:uuid>/confirm/", imports.import_confirm, name="import_confirm"),
    path("imports/<uuid:uuid>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<uuid:uuid>/cancel/", imports.import_cancel, name="import_cancel"),
    path("imports/<uuid:uuid>/withdraw/", imports.import_withdraw, name="import_withdraw"),
    path("imports/<uuid:uuid>/rejected/", imports.import_rejected, name="import_rejected"),
    path("postings/", postings.posting_list, name="postings"),
    path("postings/<uuid:uuid>/", postings.posting, name="posting"),
    path("roles/", postings.role_list, name="roles"),
    path("roles/<slug:key>/", postings.role, name="role"),
    path("roles/<slug:key>/pay/", pay.role_pay, name="role_pay"),
    path("heat/", postings.heat, name="heat"),
    path("skills/", skills.skill_list, name="skills"),
    path("skills/<slug:key>/", skills.skill, name="skill"),
]
