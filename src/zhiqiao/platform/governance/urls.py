"""Addresses of people, organisations, audit, notices and one's own account."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhiqiao.platform.governance.views import account, audit, notices, organisations, people, roster, signin

app_name = "governance"

urlpatterns: list[URLPattern] = [
    path("account/", account.account, name="account"),
    path("account/act-as/", account.act_as, name="act_as"),
    path("account/notices/", account.notice_choices, name="notice_choices"),
    path("notices/", notices.inbox, name="notices"),
    path("notices/read/", notices.read_all, name="notices_read"),
    path("notices/<uuid:uuid>/", notices.open_notice, name="notice"),
    path("organisations/", organisations.directory, name="organisations"),
    path("organisations/new/", organisations.create, name="organisation_new"),
    path("organisations/<uuid:uuid>/", organisations.organisation, name="organisation"),
    path("organisations/<uuid:uuid>/units/new/", organisations.add_unit, name="unit_new"),
    path("organisations/<uuid:uuid>/change/", organisations.change, name="organisation_change"),
    path("organisations/<uuid:uuid>/state/", organisations.change_state, name="organisation_state"),
    path("people/", people.index, name="people"),
    path("people/invite/", people.invite_person, name="invite"),
    path("people/invitations/<uuid:uuid>/revoke/", people.revoke, name="invitation_revoke"),
    path("people/import/", roster.upload, name="roster"),
    path("people/import/template.xlsx", roster.template, name="roster_template"),
    path("people/import/commit/", roster.commit, name="roster_commit"),
    path("people/roles/<uuid:uuid>/end/", people.end_role, name="role_end"),
    path("people/<uuid:uuid>/", people.person, name="person"),
    path("people/<uuid:uuid>/roles/", people.add_role, name="role_add"),
    path("people/<uuid:uuid>/state/", people.change_state, name="person_state"),
    path("people/<uuid:uuid>/password-link/", people.password_link, name="person_password_link"),
    path("audit/", audit.index, name="audit"),
    path("audit/export/", audit.export, name="audit_export"),
    path("audit/verify/", audit.verify, name="audit_verify"),
    path("invitations/<str:token>/", signin.invitation, name="invitation"),
]
