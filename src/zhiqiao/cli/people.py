"""`zhiqiao createadmin` and `zhiqiao audit verify`: the three administrators and the audit trail."""

from __future__ import annotations

import argparse

from zhiqiao.cli import _checks, _django
from zhiqiao.cli._say import Fault, Verbs, add_place, say


def add_parser(verbs: Verbs) -> None:
    """Add the verbs."""
    admin = verbs.add_parser("createadmin", help="建立三员账号 make the three administrators")
    add_place(admin)
    for role, word in (("system", "系统"), ("security", "安全"), ("audit", "审计")):
        admin.add_argument(f"--{role}", default=f"{role}-admin", help=f"{word}管理员用户名 user name")
    admin.set_defaults(main=create)
    audit = verbs.add_parser("audit", help="审计记录 the audit trail")
    add_place(audit)
    audit.add_argument("what", choices=["verify"], help="校验哈希链 check the hash chain")
    audit.set_defaults(main=verify)


def create(arguments: argparse.Namespace) -> int:
    """Make the three administrators and print their one-time links."""
    _checks.data_folder()
    _django.start()
    _django.migrate()
    from zhiqiao.platform.governance.api import Refused, create_administrators

    try:
        links = create_administrators(
            system=arguments.system, security=arguments.security, audit=arguments.audit
        )
    except Refused as error:
        raise Fault(
            str(error), "The administrators exist already; other people are invited by the security one."
        ) from error
    say(
        "三员账号已建立。请各自打开一次性链接设置密码：",
        "The three administrators exist. Each opens the one-time link and chooses a password:",
    )
    for link in links:
        print(f"  {link.role:<16} {link.username:<16} {link.link}")
    return 0


def verify(_arguments: argparse.Namespace) -> int:
    """Check the whole chain; 1 when an entry was edited or removed."""
    _django.start()
    _django.check_readable()
    from zhiqiao.platform.governance.api import verify_audit

    verdict = verify_audit()
    if verdict.holds:
        say(
            f"审计链完整：{verdict.entries} 条。链头 {verdict.head_digest}",
            f"The audit trail is whole: {verdict.entries} entries. Head {verdict.head_digest}",
        )
        return 0
    say(
        f"审计链有 {len(verdict.faults)} 处异常：",
        f"The audit trail has {len(verdict.faults)} faults:",
    )
    for fault in verdict.faults:
        print(f"  {fault.sequence}: {fault.text}")
    return 1
