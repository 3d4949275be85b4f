"""`zhiqiao worker`: the background worker alone."""

from __future__ import annotations

import argparse
import os

from zhiqiao.cli import _django
from zhiqiao.cli._say import Verbs, add_place
from zhiqiao.cli._supervisor import die_with_parent

#: politeness of background work towards the web server on the same machine
WORKER_NICENESS = 10


def add_parser(verbs: Verbs) -> None:
    """Add the verb."""
    parser = verbs.add_parser("worker", help="只启动后台进程 start a background worker only")
    add_place(parser)
    parser.set_defaults(main=run)


def run(_arguments: argparse.Namespace) -> int:
    """Work until stopped."""
    die_with_parent()
    # pages come first: mining takes what they leave of the processors
    os.nice(WORKER_NICENESS)
    _django.start()
    from zhiqiao.infra.jobs.worker import Worker

    worker = Worker()
    worker.configure_signals()
    worker.run()
    return 0
