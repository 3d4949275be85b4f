"""`zhiqiao serve`: the web server alone."""

from __future__ import annotations

import argparse
import os

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from zhiqiao.cli._say import Verbs, add_place
from zhiqiao.cli._supervisor import die_with_parent
from zhiqiao.infra.config import config

#: Requests answered at once per worker; they mostly wait for the database.
_MOST_THREADS = 8


def add_parser(verbs: Verbs) -> None:
    """Add the verb."""
    parser = verbs.add_parser("serve", help="只启动网站 start the web server only")
    add_place(parser)
    parser.add_argument("--port", type=int, help="端口 port (8000)")
    parser.add_argument("--host", help="监听地址 address to listen on (127.0.0.1)")
    parser.set_defaults(main=run)


def run(_arguments: argparse.Namespace) -> int:
    """Serve until stopped."""
    die_with_parent()
    Granian(
        "zhiqiao.web.wsgi:application",
        address=config().host,
        port=config().port,
        interface=Interfaces.WSGI,
        workers=config().web_workers,
        blocking_threads=min(_MOST_THREADS, 2 * (os.cpu_count() or 1) + 1),
        log_level=_granian_level(),
        respawn_failed_workers=True,
    ).serve()
    return 0


def _granian_level() -> LogLevels:
    """Return Granian's word for the log level; its own start-up lines are noise at INFO."""
    return LogLevels.warning if config().log_level == "INFO" else LogLevels(config().log_level.lower())
