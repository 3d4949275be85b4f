"""Every page of governance opens for those who may, in both languages, with words and not with errors."""

from __future__ import annotations

import pytest

OWN = ["/account/", "/notices/", "/notices/?show=unread"]
MANAGED = ["/organisations/", "/people/", "/people/?q=a&past=1", "/people/invite/", "/people/import/"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("url", [*OWN, *MANAGED, "/people/import/template.xlsx"])
def test_a_school_administrator_opens(url, language, school_admin, sign_in):
    client = sign_in(school_admin)
    client.cookies["zq_language"] = language
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    "url", ["/audit/", "/audit/?action=account&failed=on&since=2026-01-01", "/audit/export/"]
)
def test_the_audit_administrator_opens(url, auditor, sign_in):
    assert sign_in(auditor).get(url).status_code == 200


@pytest.mark.parametrize("url", MANAGED)
def test_a_student_finds_nothing(url, student, sign_in):
    assert sign_in(student).get(url).status_code == 404


@pytest.mark.parametrize("url", OWN)
def test_a_student_opens_their_own_pages(url, student, sign_in):
    assert sign_in(student).get(url).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["password/change/", "2fa/", "reauthenticate/", "logout/", "inactive/", "login/", "password/reset/"],
)
def test_sign_in_pages_open(name, alice, sign_in):
    assert sign_in(alice).get(f"/accounts/{name}").status_code in {200, 302}


@pytest.mark.parametrize("name", ["login/", "password/reset/", "inactive/", "password/reset/key/done/"])
def test_sign_in_pages_open_for_strangers(name, client, db):
    assert client.get(f"/accounts/{name}").status_code == 200


@pytest.mark.parametrize("name", ["signup/", "email/", "password/set/", "confirm-email/", "social/"])
def test_pages_of_allauth_that_are_not_offered_do_not_exist(name, client, db):
    assert client.get(f"/accounts/{name}").status_code in {302, 404}
    assert client.get(f"/accounts/{name}", follow=True).status_code in {200, 404}
