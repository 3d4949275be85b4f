"""Addresses of the training plans."""

from __future__ import annotations

from django.urls import path

from zhiqiao.apps.teaching import edit_views, views

app_name = "teaching"
urlpatterns = [
    path("", views.plan_list, name="plans"),
    path("start/", views.plan_start, name="start"),
    path("<uuid:uuid>/", views.version, name="version"),
    path("<uuid:uuid>/plan.<str:kind>", views.plan_file, name="file"),
    path("<uuid:uuid>/edit/", edit_views.editor, name="editor"),
    path("<uuid:uuid>/operations/", edit_views.operations, name="operations"),
    path("<uuid:uuid>/turn/", edit_views.turn, name="turn"),
    path("<uuid:uuid>/changes/", edit_views.changes, name="changes"),
    path("<uuid:uuid>/history/", views.history, name="history"),
    path("<uuid:uuid>/compare/", views.compare, name="compare"),
    path("<uuid:uuid>/revise/", views.version_revise, name="revise"),
    path("<uuid:uuid>/step/", views.version_step, name="step"),
    path("<uuid:uuid>/remarks/", views.remark_add, name="remark"),
    path("remarks/<uuid:uuid>/close/", views.remark_close, name="remark_close"),
    path("points/<uuid:uuid>/close/", views.point_close, name="point_close"),
]
