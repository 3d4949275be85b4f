"""Addresses of the report, below those of the programmes."""

from __future__ import annotations

from django.urls import path

from zhiqiao.apps.management.report import rating_views, step_views, views

urlpatterns = [
    path("reports/", views.report_list, name="reports"),
    path("reports/make/", views.report_make, name="report_make"),
    path("reports/<uuid:uuid>/", views.report, name="report"),
    path("reports/<uuid:uuid>/text/", views.report_text, name="report_text"),
    path("reports/<uuid:uuid>/history/", views.report_history, name="report_history"),
    path("reports/<uuid:uuid>/quality/", rating_views.quality, name="report_quality"),
    path("reports/<uuid:uuid>/quality/rate/", rating_views.rate, name="report_rate"),
    path("reports/<uuid:uuid>/files/<slug:language>/<slug:kind>/", views.report_file, name="report_file"),
    path("reports/<uuid:uuid>/submit/", step_views.submit, name="report_submit"),
    path("reports/<uuid:uuid>/return/", step_views.return_edition, name="report_return"),
    path("reports/<uuid:uuid>/sign/", step_views.sign, name="report_sign"),
    path("reports/<uuid:uuid>/publish/", step_views.publish, name="report_publish"),
    path("reports/<uuid:uuid>/withdraw/", step_views.withdraw, name="report_withdraw"),
]
