"""Addresses of surveys, below those of the industry data."""

from __future__ import annotations

from django.urls import path

from zhiqiao.platform.data.views import (
    survey_design,
    survey_field,
    survey_register,
    survey_report,
    survey_results,
    survey_visits,
    surveys,
)

urlpatterns = [
    path("surveys/", surveys.survey_list, name="surveys"),
    path("surveys/new/", surveys.survey_new, name="survey_new"),
    path("surveys/enterprises/", survey_register.enterprise_list, name="survey_enterprises"),
    path("surveys/enterprises/new/", survey_register.enterprise_new, name="survey_enterprise_new"),
    path("surveys/enterprises/import/", survey_register.enterprise_import, name="survey_enterprise_import"),
    path(
        "surveys/enterprises/template/",
        survey_register.enterprise_template,
        name="survey_enterprise_template",
    ),
    path(
        "surveys/enterprises/<uuid:uuid>/edit/",
        survey_register.enterprise_edit,
        name="survey_enterprise_edit",
    ),
    path("surveys/units/<uuid:uuid>/act/", survey_field.unit_act, name="survey_unit_act"),
    path("surveys/units/<uuid:uuid>/visits/new/", survey_visits.visit_new, name="survey_visit_new"),
    path("surveys/visits/<uuid:uuid>/edit/", survey_visits.visit_edit, name="survey_visit_edit"),
    path("surveys/<uuid:uuid>/", surveys.survey, name="survey"),
    path("surveys/<uuid:uuid>/edit/", surveys.survey_edit, name="survey_edit"),
    path("surveys/<uuid:uuid>/close/", surveys.survey_close, name="survey_close"),
    path("surveys/<uuid:uuid>/rules.json", surveys.survey_rules_file, name="survey_rules_file"),
    path("surveys/<uuid:uuid>/questions/", survey_design.questions, name="survey_questions"),
    path("surveys/<uuid:uuid>/questions/new/", survey_design.question, name="survey_question_new"),
    path(
        "surveys/<uuid:uuid>/questions/change/",
        survey_design.questions_change,
        name="survey_questions_change",
    ),
    path("surveys/<uuid:uuid>/questions/<slug:key>/edit/", survey_design.question, name="survey_question"),
    path("surveys/<uuid:uuid>/preview/", survey_design.preview, name="survey_preview"),
    path("surveys/<uuid:uuid>/frame/", survey_field.frame, name="survey_frame"),
    path("surveys/<uuid:uuid>/units/", survey_field.units, name="survey_units"),
    path("surveys/<uuid:uuid>/send/", survey_field.send, name="survey_send"),
    path("surveys/<uuid:uuid>/remind/", survey_field.remind, name="survey_remind"),
    path("surveys/<uuid:uuid>/results/", survey_results.results, name="survey_results"),
    path(
        "surveys/<uuid:uuid>/results/<slug:key>/",
        survey_results.question_results,
        name="survey_question_results",
    ),
    path("surveys/<uuid:uuid>/visits/", survey_visits.visits, name="survey_visits"),
    path("surveys/<uuid:uuid>/report/", survey_report.report, name="survey_report"),
    path("surveys/<uuid:uuid>/report/begin/", survey_report.begin, name="survey_report_begin"),
    path("surveys/<uuid:uuid>/report/write/", survey_report.write, name="survey_report_write"),
    path("surveys/<uuid:uuid>/report/publish/", survey_report.publish, name="survey_report_publish"),
    path("surveys/<uuid:uuid>/report/file/<slug:kind>/", survey_report.file, name="survey_report_file"),
]
