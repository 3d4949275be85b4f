"""Requests nobody's browser sends: odd numbers, endless names, large bodies, and what answers carry."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from zhiqiao.infra.config import config
from zhiqiao.platform.governance.models import AuditEvent
from zhiqiao.web import uploads


@pytest.mark.parametrize("number", ["²", "٣x", "9" * 30, "9" * 5000, "-1", "", "1\x00"])
def test_a_membership_that_is_no_number_is_not_found(alice, sign_in, number):
    assert sign_in(alice).post(reverse("governance:act_as"), {"membership": number}).status_code == 404


@pytest.mark.parametrize("field", ["login", "password"])
def test_an_endless_name_or_password_is_an_error_of_the_form(client, alice, field):
    sent = {"login": "alice", "password": "wrong", field: "a" * 100_000}
    answer = client.post(reverse("account_login"), sent)
    assert answer.status_code == 200
    assert answer.context["form"].errors[field]


def test_an_endless_search_for_people_finds_nobody(school_admin, sign_in):
    answer = sign_in(school_admin).get(reverse("governance:people"), {"q": "a" * 60_000})
    assert answer.status_code == 200


def test_a_stranger_can_not_fill_the_disk_by_any_form(client, monkeypatch):
    monkeypatch.setattr(uploads, "MOST", 1000)
    large = SimpleUploadedFile("large.bin", b"0" * 2000)
    assert client.post(reverse("theme"), {"theme": "dark", "file": large}).status_code == 400


def test_the_import_wizard_sets_its_own_limit(alice, sign_in, monkeypatch):
    monkeypatch.setattr(uploads, "MOST", 1000)
    large = SimpleUploadedFile("large.csv", b"a,b\n" * 500)
    answer = sign_in(alice).post(reverse("data:import_new"), {"source": "new", "file": large})
    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["home", "governance:people", "data:postings", "governance:account"])
def test_no_page_of_a_person_stays_in_a_store(alice, sign_in, name):
    assert "no-store" in sign_in(alice).get(reverse(name))["Cache-Control"]


def test_a_missing_page_does_not_stay_in_a_store_either(alice, sign_in):
    assert "no-store" in sign_in(alice).get("/nowhere")["Cache-Control"]


def test_what_a_role_may_not_do_leaves_a_trace(student, sign_in):
    assert sign_in(student).get(reverse("governance:people")).status_code == 404
    entry = AuditEvent.objects.latest("sequence")
    assert (entry.action, entry.succeeded, entry.actor_id) == ("access.refused", False, student.id)
    assert entry.detail == {"action": "people.read", "path": reverse("governance:people")}


@pytest.mark.parametrize("name", ["data:sources", "data:imports", "management:programmes"])
def test_every_export_leaves_a_trace(alice, sign_in, name):
    before = AuditEvent.objects.filter(action__endswith=".exported").count()
    assert sign_in(alice).get(reverse(name), {"export": "csv"}).status_code == 200
    assert AuditEvent.objects.filter(action__endswith=".exported").count() == before + 1


@pytest.mark.parametrize(
    "address", ["/people/?q=a%00b", "/search?q=%00", "/accounts/login/?next=%00", "/a%00"]
)
def test_a_nul_character_in_an_address_is_refused(school_admin, sign_in, address):
    assert sign_in(school_admin).get(address).status_code == 400


def test_a_nul_character_in_a_demo_name_finds_nobody(client, db, monkeypatch):
    monkeypatch.setattr(config(), "demo", True)
    assert client.post(reverse("demo_sign_in"), {"username": "a\x00b"}).status_code == 404
