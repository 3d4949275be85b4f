"""Delivery by JSON API: tokens, scopes, limits, per-row errors, idempotency, and the import it becomes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.integration.platform.data.sources_cast import FACTS, NewSource
from zhiqiao.infra.jobs.api import run_waiting
from zhiqiao.platform.data import connecting, pushing, registering
from zhiqiao.platform.data.merging import merging_rules
from zhiqiao.platform.data.models import Delivery, JobPosting, PostingImport, Source, SourceToken
from zhiqiao.platform.governance.api import Actor, AuditEvent, User

ActorOf = Callable[[User], Actor]
SignIn = Callable[[User], Client]
ROWS: list[object] = [
    {
        "id": "1",
        "title": "Python开发工程师",
        "text": "任职要求：熟练掌握Python。",
        "city": "成都",
        "salary": "8-12K",
    },
    {
        "id": "2",
        "title": "Java开发工程师",
        "text": "任职要求：精通Java。电话13800138000。",
        "salary_min": 9000,
    },
]


class Sender:
    """Another system with the secret of a token."""

    def __init__(self, source: Source, secret: str) -> None:
        self.source, self.secret, self.client = source, secret, Client()

    def post(self, postings: object, *, key: str = "", source: Source | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self.secret}"} | ({"Idempotency-Key": key} if key else {})
        return self.client.post(
            f"/api/sources/{(source or self.source).uuid}/postings",
            json.dumps({"postings": postings}),
            content_type="application/json",
            headers=headers,
        )

    def state(self, delivery: str) -> Any:
        address = f"/api/sources/{self.source.uuid}/deliveries/{delivery}"
        return self.client.get(address, headers={"Authorization": f"Bearer {self.secret}"})


@pytest.fixture
def give(olga: User, new_source: NewSource, actor_of: ActorOf) -> Callable[..., Sender]:
    """Return a function that gives a token to another system."""

    def _give(*scopes: str, expires_on: dt.date | None = None, **facts: object) -> Sender:
        source = new_source(**facts)
        wanted = scopes or connecting.SCOPES
        _token, secret = connecting.give_token(
            actor_of(olga), source, name="人才网", scopes=wanted, expires_on=expires_on
        )
        return Sender(source, secret)

    return _give


def test_a_batch_becomes_an_import_and_the_state_can_be_asked_for(give: Callable[..., Sender]) -> None:
    sender = give()
    answer = sender.post(ROWS, key="2026-11-21")
    assert answer.status_code == 202
    body = answer.json()
    assert (body["new"], body["taken"], body["faults"]) == (True, 2, [])
    run_waiting()
    state = sender.state(body["delivery"]["uuid"]).json()
    assert (state["state"], state["rows_in"], state["kept"], state["quarantined"]) == ("done", 2, 2, 0)
    assert JobPosting.objects.get(title="Python开发工程师").city == "成都市"
    assert PostingImport.objects.get().source == sender.source


def test_contact_data_sent_is_masked_like_that_of_any_file(give: Callable[..., Sender]) -> None:
    import pyarrow.parquet as pq

    from zhiqiao.infra import storage

    give().post(ROWS)
    run_waiting()
    folder = storage.import_folder(PostingImport.objects.get().uuid)
    texts = pq.read_table(folder / "postings.parquet").column("text").to_pylist()
    assert not any("13800138000" in text for text in texts)


def test_each_bad_row_is_named_and_the_good_ones_go_in(give: Callable[..., Sender]) -> None:
    bad: list[object] = [
        "text",
        {"id": "3", "text": "x", "phone": "1"},
        {"id": "4", "text": ["list"]},
        {"id": "5", "title": "没有描述"},
        {"id": "6", "text": "长" * 100_001},
        {"id": "7", "text": True},
    ]
    sender = give()
    body = sender.post([*ROWS, *bad]).json()
    faults = [(fault["row"], fault["field"], fault["code"], fault["taken"]) for fault in body["faults"]]
    assert faults == [
        (3, "", "not_object", False),
        (4, "phone", "unknown_field", False),
        (5, "text", "not_text", False),
        (6, "text", "missing", True),
        (7, "text", "too_long", False),
        (8, "text", "not_text", False),
    ]
    assert body["taken"] == 3
    run_waiting()
    row = PostingImport.objects.get()
    assert (row.rows_in, row.kept, row.quarantined) == (3, 2, 1)


def test_the_same_key_adds_nothing_and_another_content_under_it_is_refused(
    give: Callable[..., Sender],
) -> None:
    sender = give()
    first = sender.post(ROWS, key="a").json()
    again = sender.post(ROWS, key="a").json()
    assert (again["new"], again["delivery"]["uuid"]) == (False, first["delivery"]["uuid"])
    assert sender.post(ROWS[:1], key="a").status_code == 409
    assert sender.post(ROWS[:1], key="b").status_code == 202
    assert Delivery.objects.count() == PostingImport.objects.count() == 2


def test_without_a_key_the_content_is_the_key(give: Callable[..., Sender]) -> None:
    sender = give()
    sender.post(ROWS)
    assert sender.post(ROWS).json()["new"] is False
    assert PostingImport.objects.count() == 1


@pytest.mark.parametrize(
    ("postings", "status"),
    [([], 422), ([1, None], 422), ([{"text": "x"}] * 1001, 413), ("x", 422), (None, 422), ({"a": 1}, 422)],
    ids=["empty", "nothing usable", "too many", "text", "null", "object"],
)
def test_a_batch_that_can_not_be_taken_leaves_nothing(
    give: Callable[..., Sender], postings: object, status: int
) -> None:
    assert give().post(postings).status_code == status
    assert not PostingImport.objects.exists()


def test_a_body_over_the_limit_is_refused_not_an_error(give: Callable[..., Sender]) -> None:
    answer = give().post([{"text": "字" * 90_000}] * 12)
    assert answer.status_code in {400, 413}
    assert not PostingImport.objects.exists()


def test_odd_characters_come_in(give: Callable[..., Sender]) -> None:
    text = "任职要求：掌握Python 😀 \x00 ＡＢＣ \ud800 <b>体</b>"
    sender = give()
    assert sender.post([{"id": "1", "title": "開發工程師", "text": text}]).status_code == 202
    run_waiting()
    assert PostingImport.objects.get().rows_in == 1


def test_no_token_or_a_wrong_one_is_401(give: Callable[..., Sender]) -> None:
    sender = give()
    for secret in ("", "zqs_wrong", sender.secret + "x", SourceToken.objects.get().digest):
        assert Sender(sender.source, secret).post(ROWS).status_code == 401


def test_a_signed_in_person_needs_a_token_all_the_same(
    olga: User, give: Callable[..., Sender], sign_in: SignIn
) -> None:
    address = f"/api/sources/{give().source.uuid}/postings"
    answer = sign_in(olga).post(address, json.dumps({"postings": ROWS}), content_type="application/json")
    assert answer.status_code == 401


def test_a_token_is_for_its_source_only(give: Callable[..., Sender], new_source: NewSource) -> None:
    sender = give()
    assert sender.post(ROWS, source=new_source(name="另一个")).status_code == 404
    assert not PostingImport.objects.exists()


def test_a_scope_not_given_is_403(give: Callable[..., Sender]) -> None:
    assert give("deliveries.read").post(ROWS).status_code == 403


def test_reading_needs_its_scope_too(give: Callable[..., Sender]) -> None:
    sender = give("postings.write")
    uuid = sender.post(ROWS).json()["delivery"]["uuid"]
    assert sender.state(uuid).status_code == 403


def test_a_revoked_or_expired_token_is_401(
    olga: User, dora: User, give: Callable[..., Sender], sign_in: SignIn
) -> None:
    sender = give()
    address = reverse("data:token_revoke", args=[SourceToken.objects.get().uuid])
    assert sign_in(dora).post(address).status_code == 404
    assert sender.post(ROWS).status_code == 202
    assert sign_in(olga).post(address).status_code == 302
    assert sender.post(ROWS).status_code == 401
    assert AuditEvent.objects.filter(action="tokens.revoked").exists()
    late = give(expires_on=timezone.localdate(), name="另一个")
    assert late.post(ROWS).status_code == 202
    SourceToken.objects.update(expires_on=timezone.localdate() - dt.timedelta(days=1))
    assert late.post(ROWS).status_code == 401


def test_too_many_requests_a_minute_are_429_and_the_next_minute_goes_on(
    give: Callable[..., Sender], monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = merging_rules()
    few = replace(rules, api=replace(rules.api, requests_a_minute=2))
    monkeypatch.setattr(pushing, "merging_rules", lambda: few)
    sender = give()
    assert [sender.post(ROWS).status_code for _ in range(3)] == [202, 202, 429]
    assert sender.post(ROWS)["Retry-After"] == "60"
    SourceToken.objects.update(window_start=timezone.now() - dt.timedelta(minutes=2))
    assert sender.post(ROWS).status_code == 202


def test_terms_that_forbid_collection_close_the_door(
    olga: User, give: Callable[..., Sender], actor_of: ActorOf
) -> None:
    sender = give()
    registering.change_source(actor_of(olga), sender.source, replace(FACTS, collection_terms="forbidden"))
    answer = sender.post(ROWS)
    assert answer.status_code == 403
    assert "禁止" in answer.json()["reason"]["zh"]
    assert "forbid" in answer.json()["reason"]["en"]


def test_a_source_of_wages_takes_no_postings(give: Callable[..., Sender]) -> None:
    assert give(kind="wage_guideline").post(ROWS).status_code == 422


def test_the_secret_is_shown_once_and_only_its_digest_is_kept(
    olga: User, new_source: NewSource, sign_in: SignIn
) -> None:
    source = new_source()
    client = sign_in(olga)
    data = {"name": "人才网", "scopes": ["postings.write"]}
    page = client.post(reverse("data:token_new", args=[source.uuid]), data)
    secret = page.context["secret"]
    assert page.content.decode().count(secret) == 1
    token = SourceToken.objects.get()
    assert secret not in json.dumps([token.digest, token.prefix, token.name])
    assert pushing.token_of(secret, today=timezone.localdate()) == token
    later = client.get(reverse("data:source_tab", args=[source.uuid, "connectors"])).content.decode()
    assert secret not in later
    assert token.prefix in later
    assert not any(secret in json.dumps(event.detail) for event in AuditEvent.objects.all())


def test_the_interface_is_described(olga: User, sign_in: SignIn) -> None:
    found = sign_in(olga).get("/api/openapi.json").json()
    verb = found["paths"]["/api/sources/{uuid}/postings"]["post"]
    assert {"202", "409", "413", "422", "429"} <= set(verb["responses"])
    assert any(item["name"] == "Idempotency-Key" for item in verb["parameters"])
    assert verb["security"]


def test_an_answer_is_not_many_times_what_was_sent(give: Callable[..., Sender]) -> None:
    wrong = {f"field{number}": 1 for number in range(5_000)}
    answer = give().post([{"text": "熟悉Java", **wrong}, *ROWS])
    assert answer.status_code == 202
    assert len(answer.json()["faults"]) <= 20
    assert answer.json()["taken"] == 2


def test_a_body_beyond_the_limit_is_refused_and_nothing_of_it_kept(give: Callable[..., Sender]) -> None:
    answer = give().post([{"text": "长" * 90_000}] * 30)
    assert answer.status_code in {400, 413}
    assert not PostingImport.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"postings": 1}',
        b"\xff\xfe",
        b'{"postings": [' + b"[" * 5_000,
        b'{"postings": [NaN]}',
    ],
)
def test_a_body_that_is_no_batch_is_told_so(give: Callable[..., Sender], body: bytes) -> None:
    sender = give()
    answer = sender.client.post(
        f"/api/sources/{sender.source.uuid}/postings",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {sender.secret}"},
    )
    assert 400 <= answer.status_code < 500
    assert not PostingImport.objects.exists()


@pytest.mark.parametrize(
    "odd",
    [
        {"id": "1\x00", "text": "熟悉Java\x00和Python"},
        {"id": "\ud800", "text": "熟悉Java\udfff和Python"},
        {"id": 10**400, "text": "熟悉Java"},
        {"id": 1e308, "text": "熟悉Java", "salary_min": float("inf")},
        {
            "id": "../../x",
            "title": "=cmd|' /C calc'!A0",
            "text": "熟悉Ｊａｖａ、軟體開發😀<script>alert(1)</script>",
        },
    ],
    ids=["nul", "surrogate", "huge number", "infinity", "formula"],
)
def test_odd_cells_break_nothing(give: Callable[..., Sender], odd: dict[str, object]) -> None:
    sender = give()
    answer = sender.post([odd])
    assert answer.status_code in {202, 400, 422}
    run_waiting()
    for row in PostingImport.objects.all():
        assert row.state == "live", row.error
        assert row.kept == 1


def test_the_same_key_sent_at_once_with_other_content_is_refused(
    give: Callable[..., Sender], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both requests look before either has written: the slower one is told, not given the other's delivery."""
    sender, whole = give(), pushing.write_rows
    inside = []

    def slow(rows: Any) -> Any:
        if not inside:
            inside.append(True)
            assert sender.post(ROWS[:1], key="k").status_code == 202
        return whole(rows)

    found = Delivery.objects.filter

    class Late:
        def first(self) -> None:
            return None

    def not_yet(*given: Any, **wanted: Any) -> Any:
        return Late() if "key" in wanted and len(inside) == 1 else found(*given, **wanted)

    monkeypatch.setattr(pushing, "write_rows", slow)
    monkeypatch.setattr(pushing.Delivery.objects, "filter", not_yet)
    answer = sender.post(ROWS[1:], key="k")
    assert answer.status_code == 409
    assert Delivery.objects.count() == 1
