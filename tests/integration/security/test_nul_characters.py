"""NUL characters in forms and files: PostgreSQL refuses to store them, so they must not reach it (and give no 500)."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.integration.platform.data.conftest import CSV, import_file, pack, skills, skills_world, upload  # noqa: F401

NUL = "a\x00b"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("governance:account", {"display_name": NUL, "email": "", "language": "en"}),
        ("governance:account", {"display_name": "甲", "email": f"{NUL}@example.com", "language": NUL}),
        ("governance:act_as", {"membership": NUL}),
        ("governance:notice_choices", {"in_app": NUL}),
        ("governance:invite", {"display_name": NUL, "organisation": NUL, "role": NUL}),
        ("theme", {"theme": NUL, "next": NUL}),
        ("language", {"language": NUL, "next": NUL}),
        ("account_change_password", {"oldpassword": NUL, "password1": NUL, "password2": NUL}),
        ("data:import_new", {"source": NUL, "name": NUL, "licence_note": NUL}),
    ],
)
def test_a_form_with_a_nul_character_is_answered(school_admin, sign_in, name, sent):
    assert sign_in(school_admin).post(reverse(name), sent).status_code < 500


@pytest.mark.parametrize("sent", [{"login": NUL, "password": "x"}, {"login": "x", "password": NUL}])
def test_signing_in_with_a_nul_character_is_answered(client, db, sent):
    assert client.post(reverse("account_login"), sent).status_code == 200


def test_a_roster_with_nul_characters_is_answered(school_admin, sign_in, places):
    text = f"姓名,用户名,角色,单位编号\n甲{NUL},{NUL},教师{NUL},{places.school.key}\n"
    file = SimpleUploadedFile("people.csv", text.encode())
    assert sign_in(school_admin).post(reverse("governance:roster"), {"file": file}).status_code == 200


def test_a_file_with_a_nul_character_in_its_head_is_answered(alice, sign_in, skills):  # noqa: F811
    file = SimpleUploadedFile("p.csv", CSV.replace("公司", f"公司{NUL}", 1).encode())
    sent = {"source": "new", "name": "人社局", "licence_note": "仅限教学", "file": file}
    answer = sign_in(alice).post(reverse("data:import_new"), sent)
    assert answer.status_code in {302, 422}


@pytest.mark.django_db(transaction=True)
def test_a_file_with_nul_characters_in_its_cells_is_imported(alice, import_file):  # noqa: F811
    done = import_file(alice, CSV.replace("成都", "成\x00都").replace("甲公司", "甲\x00公司"))
    assert done.state in {"live", "failed"}
