"""Addresses of supply and regional facts, below those of the industry data."""

from __future__ import annotations

from django.urls import path

from zhiqiao.platform.data.views import plans, projects, regional, specialties, supply

urlpatterns = [
    path("supply/", supply.year_list, name="supply_years"),
    path("supply/years/new/", supply.year_new, name="supply_year_new"),
    path("supply/years/import/", supply.year_import, name="supply_import"),
    path("supply/years/template/", supply.year_template, name="supply_template"),
    path("supply/years/<uuid:uuid>/", supply.year, name="supply_year"),
    path("supply/years/<uuid:uuid>/edit/", supply.year_edit, name="supply_year_edit"),
    path("supply/conditions/", supply.condition_list, name="supply_conditions"),
    path("supply/conditions/import/", supply.condition_import, name="condition_import"),
    path("supply/conditions/template/", supply.condition_template, name="condition_template"),
    path("supply/conditions/new/", supply.condition_new, name="condition_new"),
    path("supply/conditions/<uuid:uuid>/edit/", supply.condition_edit, name="condition_edit"),
    path("plans/", plans.plan_list, name="plans"),
    path("plans/new/", plans.plan_new, name="plan_new"),
    path("plans/import/", plans.plan_import, name="plan_import"),
    path("plans/template/", plans.plan_template, name="plan_template"),
    path("plans/sums/", plans.plan_sums, name="plan_sums"),
    path("plans/<uuid:uuid>/edit/", plans.plan_edit, name="plan_edit"),
    path("regional/", regional.indicator_list, name="regional"),
    path("regional/new/", regional.indicator_new, name="regional_new"),
    path("regional/import/", regional.value_import, name="regional_import"),
    path("regional/template/", regional.value_template, name="regional_template"),
    path("regional/values/<uuid:uuid>/edit/", regional.value_edit, name="regional_value_edit"),
    path("regional/indicators/<slug:key>/", regional.indicator, name="regional_indicator"),
    path("regional/indicators/<slug:key>/edit/", regional.indicator_edit, name="regional_indicator_edit"),
    path("regional/indicators/<slug:key>/redefine/", regional.redefine, name="regional_redefine"),
    path("regional/indicators/<slug:key>/values/new/", regional.value_new, name="regional_value_new"),
    path("specialties/", specialties.specialty_list, name="specialties"),
    path("specialties/import/", specialties.specialty_import, name="specialty_import"),
    path("specialties/template/", specialties.specialty_template, name="specialty_template"),
    path("projects/", projects.project_list, name="projects"),
    path("projects/import/", projects.project_import, name="project_import"),
    path("projects/template/", projects.project_template, name="project_template"),
    path("projects/new/", projects.project_new, name="project_new"),
    path("projects/<uuid:uuid>/", projects.project, name="project"),
    path("projects/<uuid:uuid>/edit/", projects.project_edit, name="project_edit"),
]
