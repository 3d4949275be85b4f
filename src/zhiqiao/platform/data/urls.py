"""Addresses of the industry data pages."""

from __future__ import annotations

from django.urls import path

from zhiqiao.platform.data.views import imports, postings, skills, taxonomy, taxonomy_decisions

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
    path("roles/", postings.role_list, name="roles"),
    path("roles/<slug:key>/", postings.role, name="role"),
    path("heat/", postings.heat, name="heat"),
    path("skills/", skills.skill_list, name="skills"),
    path("skills/<slug:key>/", skills.skill, name="skill"),
    path("taxonomy/", taxonomy.proposal_list, name="taxonomy_proposals"),
    path("taxonomy/find/", taxonomy.find, name="taxonomy_find"),
    path("taxonomy/propose/", taxonomy.propose, name="taxonomy_propose"),
    path("taxonomy/reject/", taxonomy.reject_many, name="taxonomy_reject"),
    path("taxonomy/terms/<uuid:uuid>/", taxonomy_decisions.proposal, name="taxonomy_proposal"),
    path("taxonomy/changes/", taxonomy.change_list, name="taxonomy_changes"),
    path("taxonomy/changes/<uuid:uuid>/", taxonomy_decisions.change, name="taxonomy_change"),
    path("taxonomy/changes/<uuid:uuid>/preview/", taxonomy_decisions.change_preview, name="taxonomy_preview"),
    path("taxonomy/changes/<uuid:uuid>/act/", taxonomy_decisions.change_act, name="taxonomy_act"),
    path("taxonomy/versions/", taxonomy.version_list, name="taxonomy_versions"),
    path("taxonomy/progress/", taxonomy.progress, name="taxonomy_progress"),
    path("taxonomy/remine/", taxonomy.remine, name="taxonomy_remine"),
    path("taxonomy/skills/", taxonomy.skill_options, name="taxonomy_options"),
    path("taxonomy/skills/<slug:key>/", taxonomy_decisions.skill_edit, name="taxonomy_skill"),
    path("taxonomy/pack.zip", taxonomy_decisions.export_pack, name="taxonomy_pack"),
]
