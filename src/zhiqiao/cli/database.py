"""`zhiqiao migrate` and `zhiqiao seed`: the database's state and its first content."""

from __future__ import annotations

import argparse
import json

from zhiqiao import __version__
from zhiqiao.cli import _checks, _django
from zhiqiao.cli._say import Verbs, add_place, say
from zhiqiao.infra.config import config


def add_parser(verbs: Verbs) -> None:
    """Add the verbs."""
    migrate = verbs.add_parser("migrate", help="更新数据库结构 bring the database up to date")
    add_place(migrate)
    migrate.set_defaults(main=run_migrate)
    seed = verbs.add_parser("seed", help="载入区域包 load a region pack")
    add_place(seed)
    seed.add_argument("--region", help="区域包 region pack (bazhong)")
    seed.add_argument(
        "--demo", action=argparse.BooleanOptionalAction, default=None, help="演示人员 demo people"
    )
    seed.set_defaults(main=run_seed)


def run_migrate(_arguments: argparse.Namespace) -> int:
    """Bring the database up to date."""
    _checks.data_folder()
    _django.start()
    _django.migrate(verbosity=1)
    return 0


def run_seed(_arguments: argparse.Namespace) -> int:
    """Load the region pack, whether or not it was loaded before."""
    _checks.data_folder()
    _django.start()
    _django.migrate()
    _seed()
    _turn()
    return 0


def seed_once() -> None:
    """Load the region pack unless a finished load is on record; what was interrupted is taken up again."""
    if _wanted() not in _finished():
        _seed()
    _turn()


def _seed() -> None:
    from django.utils import timezone

    from zhiqiao.web.region import load

    say(f"正在载入区域包 {config().region} ……", f"Loading the region pack {config().region} …")
    load(config().region, demo=config().demo, today=timezone.localdate())
    finished = [*(entry for entry in _finished() if entry != _wanted()), _wanted()]
    path = config().data / "seeded.json"
    part = path.with_suffix(".part")
    part.write_text(json.dumps(finished, indent=2), encoding="utf-8")
    part.replace(path)


def _turn() -> None:
    """Have the worker turn the loop once in demo mode, or complete what an earlier start left out."""
    from zhiqiao.web.demo_turn import start

    start()


def _wanted() -> dict[str, object]:
    return {"region": config().region, "demo": config().demo, "version": __version__}


def _finished() -> list[dict[str, object]]:
    """Return which loads ran to their end in this data folder."""
    path = config().data / "seeded.json"
    try:
        return list(json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return []


def demo_accounts() -> list[tuple[str, str, str]]:
    """Return user name, name and role of the demo people, to be told on the terminal."""
    from django.utils import timezone

    from zhiqiao.platform.governance.api import Membership

    held = Membership.objects.filter(user__is_demo=True, user__is_active=True).select_related(
        "user", "organisation"
    )
    people: dict[str, tuple[str, str, str]] = {}
    for membership in held.current(timezone.localdate()).order_by("pk"):
        role = f"{membership.get_role_display()} · {membership.organisation.name_zh}"
        people.setdefault(membership.role, (membership.user.username, membership.user.display_name, role))
    return list(people.values())
