"""Addresses of the rule book, checks and waivers."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhiqiao.platform.rules.views import book, checks, waivers

app_name = "rules"
urlpatterns: list[URLPattern] = [
    path("", book.rule_list, name="book"),
    path("book/<slug:rule_id>/", book.rule_page, name="rule"),
    path("checks/", checks.check_list, name="checks"),
    path("checks/new/", checks.check_new, name="check_new"),
    path("checks/<uuid:uuid>/", checks.check, name="check"),
    path("checks/<uuid:uuid>/share/", checks.check_share, name="check_share"),
    path("checks/<uuid:uuid>/document/", checks.check_document, name="check_document"),
    path("checks/<uuid:uuid>/waive/<slug:rule_id>/", waivers.waiver_new, name="waiver_new"),
    path("waivers/", waivers.waiver_list, name="waivers"),
    path("waivers/<uuid:uuid>/", waivers.waiver, name="waiver"),
    path("waivers/<uuid:uuid>/withdraw/", waivers.waiver_withdraw, name="waiver_withdraw"),
    path("waivers/<uuid:uuid>/file/", waivers.waiver_file, name="waiver_file"),
]
