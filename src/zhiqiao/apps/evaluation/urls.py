"""Addresses of the pages of weight studies."""

from __future__ import annotations

from django.urls import path

from zhiqiao.apps.evaluation import framework_views, views

app_name = "evaluation"
urlpatterns = [
    path("", views.study_list, name="studies"),
    path("new/", views.study_new, name="study_new"),
    path("frameworks/<uuid:uuid>/", framework_views.framework_studies, name="framework_studies"),
    path("frameworks/<uuid:uuid>/start/", framework_views.study_start, name="study_start"),
    path("frameworks/<uuid:uuid>/take/", framework_views.weights_take, name="weights_take"),
    path("<uuid:uuid>/", views.study, name="study"),
    path("<uuid:uuid>/edit/", views.study_edit, name="study_edit"),
    path("<uuid:uuid>/experts/", views.experts, name="experts"),
    path("<uuid:uuid>/rounds/open/", views.round_open, name="round_open"),
    path("<uuid:uuid>/rounds/close/", views.round_close, name="round_close"),
    path("<uuid:uuid>/close/", views.study_close, name="study_close"),
    path("<uuid:uuid>/results/", views.results, name="results"),
    path("<uuid:uuid>/results/<int:number>/", views.results, name="results_of"),
    path("<uuid:uuid>/examples/", views.examples, name="examples"),
    path("experts/<uuid:uuid>/link/", views.expert_link, name="expert_link"),
    path("experts/<uuid:uuid>/end/", views.expert_end, name="expert_end"),
]
