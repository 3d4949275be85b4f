"""Addresses of the industry data pages."""

from __future__ import annotations

from django.urls import path

from zhiqiao.platform.data.views import imports, postings, skills, titles

app_name = "data"
urlpatterns = [
    path("sources/", imports.source_register, name="sources"),
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
    path("postings/<uuid:uuid>/count/", titles.posting_count, name="posting_count"),
    path("titles/", titles.title_list, name="titles"),
    path("titles/correct/", titles.correct, name="titles_correct"),
    path("titles/corrections/", titles.correction_list, name="corrections"),
    path("titles/corrections/<uuid:uuid>/", titles.correction, name="correction"),
    path("roles/", postings.role_list, name="roles"),
    path("roles/<slug:key>/", postings.role, name="role"),
    path("heat/", postings.heat, name="heat"),
    path("skills/", skills.skill_list, name="skills"),
    path("skills/<slug:key>/", skills.skill, name="skill"),
]
