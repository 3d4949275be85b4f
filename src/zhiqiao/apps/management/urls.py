"""Addresses of the programme pages."""

from __future__ import annotations

from django.urls import path

from zhiqiao.apps.management import views
from zhiqiao.apps.management.balance.urls import urlpatterns as balance_urls
from zhiqiao.apps.management.report.urls import urlpatterns as report_urls

app_name = "management"
urlpatterns = [
    path("", views.programme_list, name="programmes"),
    *balance_urls,
    *report_urls,
    path("<uuid:uuid>/", views.gap, name="gap"),
    path("<uuid:uuid>/recompute/", views.recompute, name="recompute"),
    path("<uuid:uuid>/alerts/", views.demand_alerts, name="alerts"),
    path("<uuid:uuid>/proposals/", views.proposals, name="proposals"),
    path("<uuid:uuid>/courses/", views.courses, name="courses"),
    path("<uuid:uuid>/matrix/", views.matrix, name="matrix"),
    path("proposals/<uuid:uuid>/", views.proposal, name="proposal"),
    path("proposals/<uuid:uuid>/decide/", views.decide, name="decide"),
    path("modules/<uuid:uuid>/", views.module, name="module"),
]
