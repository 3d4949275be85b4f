"""Tables in e-mail: listed senders, tables only, provenance kept, messages once, from folder and IMAP."""

from __future__ import annotations

import imaplib
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.utils import timezone

from tests.integration.platform.data.conftest import CSV
from tests.integration.platform.data.sources_cast import NewSource
from zhiqiao.infra.jobs.api import run_waiting
from zhiqiao.platform.data import collecting, connecting
from zhiqiao.platform.data.connectors.email_table import connector as email_table
from zhiqiao.platform.data.connectors.email_table.messages import is_allowed, read_message
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import Connector, Delivery, DeliveryState, JobPosting, PostingImport
from zhiqiao.platform.governance.api import Actor, User

ActorOf = Callable[[User], Actor]


def message(
    sender: str = "数据科 <data@bureau.example>", *tables: tuple[str, bytes], message_id: str = "<1@bureau>"
) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "inbox@zhiqiao.example", "十一月岗位"
    if message_id:
        made["Message-ID"] = message_id
    made.set_content("见附件。")
    for name, content in tables:
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


TABLE = ("十一月 岗位.csv", CSV.encode("gb18030"))


@pytest.fixture
def mails(olga: User, new_source: NewSource, inbox: Path, actor_of: ActorOf) -> Path:
    """The folder of .eml files of a connector that takes mail of one address and one domain."""
    options = {"senders": ["data@bureau.example", "@jobs.example"], "folder": "mails"}
    connecting.set_up(actor_of(olga), new_source(), "email_table", options)
    path = inbox / "mails"
    path.mkdir()
    return path


def look(times: int = 1) -> None:
    for _ in range(times):
        collecting.collect_all(now=timezone.now())


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_an_attachment_comes_in_with_message_and_name_as_provenance(mails: Path) -> None:
    (mails / "a.eml").write_bytes(message("data@bureau.example", TABLE))
    look(2)
    run_waiting()
    look()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.name) == ("done", "十一月 岗位.csv")
    assert delivery.origin == {
        "message_id": "<1@bureau>",
        "subject": "十一月岗位",
        "sender": "data@bureau.example",
        "attachment": "十一月 岗位.csv",
    }
    assert JobPosting.objects.count() == 3
    assert names(mails / "done") == {"a.eml"}


def test_two_tables_of_one_message_come_in_and_the_message_waits_for_both(mails: Path) -> None:
    other = ("b.csv", CSV.replace("甲公司", "新公司").replace("Docker", "Java").encode())
    (mails / "a.eml.ready").write_bytes(message("x@jobs.example", TABLE, other, ("logo.png", b"png")))
    look()
    assert Delivery.objects.count() == 2
    assert names(mails / "done") == set()
    run_waiting()
    look()
    assert names(mails / "done") == {"a.eml"}


def test_the_same_message_again_adds_nothing(mails: Path) -> None:
    (mails / "a.eml.ready").write_bytes(message("x@jobs.example", TABLE))
    look()
    run_waiting()
    look()
    (mails / "copy.eml.ready").write_bytes(message("x@jobs.example", TABLE))
    look()
    assert PostingImport.objects.count() == 1
    assert names(mails / "done") == {"a.eml", "copy.eml"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (message("stranger@elsewhere.example", TABLE), "名单"),
        (message("data@bureau.example.evil", TABLE), "名单"),
        (message('"data@bureau.example" <evil@elsewhere.example>', TABLE), "名单"),
        (message("data@bureau.example, evil@elsewhere.example", TABLE), "名单"),
        (message("data@bureau.example"), "没有 CSV"),
        (message("data@bureau.example", ("macro.xlsm", b"PK")), "没有 CSV"),
        (b"\xff\xfe not a message", "名单"),
        (b"", "名单"),
    ],
    ids=[
        "stranger",
        "domain behind",
        "name as address",
        "two senders",
        "no table",
        "macros",
        "noise",
        "empty",
    ],
)
def test_what_is_not_taken_is_refused_with_the_reason(mails: Path, content: bytes, says: str) -> None:
    (mails / "a.eml.ready").write_bytes(content)
    look()
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.REFUSED
    assert says in delivery.reason["zh"]
    assert names(mails / "failed") == {"a.eml", "a.eml.reason.txt"}
    assert not PostingImport.objects.exists()


def test_a_broken_table_fails_beside_a_good_one(mails: Path) -> None:
    (mails / "a.eml.ready").write_bytes(message("x@jobs.example", TABLE, ("b.xlsx", b"PK\x03\x04 broken")))
    look()
    run_waiting()
    look()
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["done", "failed"]
    assert names(mails / "failed") == {"a.eml", "a.eml.reason.txt"}
    assert JobPosting.objects.count() == 3


def test_a_file_that_is_no_message_is_refused(mails: Path) -> None:
    (mails / "a.csv.ready").write_text(CSV, encoding="utf-8")
    look()
    assert ".eml" in Delivery.objects.get().reason["zh"]


def test_a_message_over_the_limit_is_not_read(mails: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import dataclasses

    from zhiqiao.platform.data.merging import merging_rules

    rules = merging_rules()
    small = dataclasses.replace(rules, connectors=dataclasses.replace(rules.connectors, message_megabytes=0))
    monkeypatch.setattr(email_table, "merging_rules", lambda: small)
    (mails / "a.eml.ready").write_bytes(message("x@jobs.example", TABLE))
    look()
    assert "上限" in Delivery.objects.get().reason["zh"]


def test_a_folder_in_an_attachments_name_is_left_out() -> None:
    found = read_message(message("x@jobs.example", ("../../etc/passwd.csv", b"a"), ("C:\\x\\y.csv", b"b")))
    assert [table.name for table in found.tables] == ["passwd.csv", "y.csv"]


def test_a_message_without_an_id_is_known_by_its_bytes() -> None:
    one, two = (read_message(message("a@b.example", message_id="")) for _ in range(2))
    assert one.message_id == two.message_id
    assert one.message_id.startswith("sha256:")


@pytest.mark.parametrize(
    ("sender", "allowed", "expected"),
    [
        ("Data@Bureau.Example", ["data@bureau.example"], True),
        ("a@jobs.example", ["@jobs.example"], True),
        ("a@sub.jobs.example", ["@jobs.example"], False),
        ("a@notjobs.example", ["@jobs.example"], False),
        ("a@jobs.example", [], False),
    ],
)
def test_the_list_of_senders(sender: str, allowed: list[str], expected: bool) -> None:
    assert is_allowed(read_message(message(sender)), allowed) is expected


@pytest.mark.parametrize(
    "options",
    [
        {"senders": ["a@b.example"]},
        {"senders": ["a@b.example"], "folder": "x", "mailbox": "INBOX"},
        {"senders": [], "folder": "x"},
        {"senders": ["a@b.example"], "folder": "../x"},
    ],
)
def test_options_that_can_not_work_are_refused(
    olga: User, new_source: NewSource, actor_of: ActorOf, options: dict[str, object]
) -> None:
    with pytest.raises(Refused):
        connecting.set_up(actor_of(olga), new_source(), "email_table", options)


class FakeServer:
    """An IMAP server as imaplib shows it: messages by uid, and which are read."""

    def __init__(self, letters: dict[bytes, bytes]) -> None:
        self.letters, self.seen = letters, set[bytes]()

    def select(self, name: str) -> tuple[str, list[bytes]]:
        return ("OK", [b"1"]) if name == '"INBOX"' else ("NO", [b"no such mailbox"])

    def uid(self, verb: str, *arguments: str) -> tuple[str, list[object]]:
        if verb == "SEARCH":
            return "OK", [b" ".join(uid for uid in self.letters if uid not in self.seen)]
        uid = arguments[0].encode()
        if verb == "STORE":
            self.seen.add(uid)
            return "OK", [b""]
        if "SIZE" in arguments[1]:
            return "OK", [b"1 (UID %s RFC822.SIZE %d)" % (uid, len(self.letters[uid]))]
        return "OK", [(b"1 (BODY[] {9}", self.letters[uid]), b")"]

    def logout(self) -> None:
        raise imaplib.IMAP4.abort  # a connection that breaks at the end harms nothing


def set_up_imap(olga: User, new_source: NewSource, actor_of: ActorOf, mailbox: str = "INBOX") -> Connector:
    options = {"senders": ["@jobs.example"], "mailbox": mailbox}
    return connecting.set_up(actor_of(olga), new_source(), "email_table", options)


def test_unread_mail_comes_in_and_is_marked_as_read(
    olga: User, new_source: NewSource, inbox: Path, actor_of: ActorOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = FakeServer({
        b"7": message("a@jobs.example", TABLE),
        b"9": message("stranger@elsewhere.example", TABLE, message_id="<2@x>"),
    })  # fmt: skip
    monkeypatch.setattr(email_table, "open_imap", lambda: server)
    set_up_imap(olga, new_source, actor_of)
    look()
    assert server.seen == {b"9"}
    run_waiting()
    look()
    assert server.seen == {b"7", b"9"}
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["done", "refused"]
    look()
    assert PostingImport.objects.count() == 1


@pytest.mark.parametrize(
    ("mailbox", "fault", "says"),
    [
        ("Elsewhere", None, "文件夹"),
        ("INBOX", imaplib.IMAP4.error("bad password"), "登录"),
        ("INBOX", OSError(), "应答"),
    ],
)
def test_trouble_with_the_server_stands_on_the_page_and_is_tried_again(
    olga: User,
    new_source: NewSource,
    inbox: Path,
    actor_of: ActorOf,
    monkeypatch: pytest.MonkeyPatch,
    mailbox: str,
    fault: Exception | None,
    says: str,
) -> None:
    def connect() -> FakeServer:
        if fault:
            raise fault
        return FakeServer({})

    monkeypatch.setattr(email_table, "open_imap", connect)
    row = set_up_imap(olga, new_source, actor_of, mailbox)
    look()
    row.refresh_from_db()
    assert says in row.trouble["zh"]
    monkeypatch.setattr(email_table, "open_imap", lambda: FakeServer({}))
    if mailbox == "INBOX":
        look()
        row.refresh_from_db()
        assert row.trouble == {}


def test_without_a_server_the_page_says_so(
    olga: User, new_source: NewSource, inbox: Path, actor_of: ActorOf
) -> None:
    row = set_up_imap(olga, new_source, actor_of)
    look()
    row.refresh_from_db()
    assert "ZHIQIAO_IMAP_HOST" in row.trouble["zh"]
