"""What governance offers to the shell: search finds only what one may see, and says so in the audit."""

from __future__ import annotations

from zhiqiao.platform.governance.models import AuditEvent
from zhiqiao.platform.governance.shell import NAVIGATION, search


def titles(actor, query):
    return {str(hit.title) for hit in search(actor, query, 10)}


def test_a_head_finds_the_people_of_the_programme_and_every_organisation(alice, bob, charlie, actor_of):
    assert titles(actor_of(alice), "bob") == {"Bob"}
    assert titles(actor_of(alice), "charlie") == set()
    assert "b校" in titles(actor_of(alice), "b校")


def test_a_search_that_shows_people_is_on_record(alice, bob, actor_of):
    search(actor_of(alice), "nobody of this name", 10)
    assert not AuditEvent.objects.filter(action="people.searched").exists()
    search(actor_of(alice), "bob", 10)
    assert AuditEvent.objects.get(action="people.searched").detail == {"rows": 1}


def test_a_student_finds_nothing(student, bob, actor_of):
    assert search(actor_of(student), "b", 10) == []


def test_every_page_of_the_navigation_opens_for_who_may(school_admin, sign_in):
    from django.urls import reverse

    client = sign_in(school_admin)
    for item in NAVIGATION:
        assert client.get(reverse(item.url_name)).status_code == (404 if item.action == "audit.read" else 200)
