"""`zhiqiao up`: checks, prepares the data, runs web and worker, says where to go."""

from __future__ import annotations

import argparse
import json
import time
import urllib.error
import urllib.request

from zhiqiao.cli import _checks, _django, database
from zhiqiao.cli._say import Fault, Verbs, add_place, say
from zhiqiao.cli._supervisor import Supervisor
from zhiqiao.infra.config import config

_READY_SECONDS = 90.0


def add_parser(verbs: Verbs) -> None:
    """Add the verb."""
    parser = verbs.add_parser("up", help="启动网站与后台进程 start web and worker")
    add_place(parser)
    parser.add_argument("--port", type=int, help="端口 port (8000)")
    parser.add_argument("--host", help="监听地址 address to listen on (127.0.0.1)")
    parser.add_argument("--region", help="区域包 region pack (bazhong)")
    parser.add_argument(
        "--demo", action=argparse.BooleanOptionalAction, default=None, help="演示模式 demo mode"
    )
    parser.set_defaults(main=run)


def run(_arguments: argparse.Namespace) -> int:
    """Start everything and stay until Ctrl-C."""
    for check in (_checks.python_version, _checks.data_folder, _checks.port_free, _checks.assets):
        check()
    _prepare()
    supervisor = Supervisor("serve", "worker")
    supervisor.listen()
    try:
        return _watch(supervisor)
    finally:
        supervisor.stop()
        say("职桥已停止。", "Zhiqiao has stopped.")


def _prepare() -> None:
    """Bring the data up to date; the next start takes up what Ctrl-C interrupts here."""
    _django.check_readable()  # told at once: loading the program takes seconds
    try:
        _django.start()
        _django.migrate()
        database.seed_once()
    except KeyboardInterrupt as interrupt:
        raise Fault(
            "首次准备被中断，数据没有损坏。再次运行 make up 会接着完成。",
            "The first preparation was interrupted, no data is harmed. Run make up again to complete it.",
        ) from interrupt


def _watch(supervisor: Supervisor) -> int:
    """Tend the children; greet once they answer; fail when they never do."""
    begun, greeted = time.monotonic(), False
    while not supervisor.stopping:
        supervisor.tend()
        if not greeted and _answers():
            greeted = True
            _greet()
        if not greeted and time.monotonic() - begun > _READY_SECONDS:
            say(
                "网站在 90 秒内没有就绪，原因见上面的日志。请运行：zhiqiao doctor",
                "The site was not ready within 90 s; the log above says why. Run: zhiqiao doctor",
            )
            return 1
        time.sleep(0.5 if greeted else 0.1)
    return 0


def _address() -> str:
    host = config().host
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{config().port}"


def _own_name() -> str:
    """Return a host name the server answers to: an installation of its own name refuses "localhost"."""
    first = config().allowed_hosts.split(",")[0].strip().lstrip(".")
    return "localhost" if first in {"", "*"} else first


def _answers() -> bool:
    """Tell whether web, database, worker and assets are all well."""
    request = urllib.request.Request(f"{_address()}/healthz", headers={"Host": _own_name()})  # noqa: S310 - own address
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310 - see above
            return bool(json.load(answer)["status"] == "ok")
    except (OSError, ValueError, urllib.error.URLError):
        return False


def _greet() -> None:
    say(f"\n职桥已启动：{_address()}/", f"Zhiqiao is ready: {_address()}/")
    if config().demo:
        say("演示账号（登录页一键登录）：", "Demo accounts (one click on the sign-in page):")
        for username, name, role in database.demo_accounts():
            print(f"  {username:<18} {name}  {role}")
    say("按 Ctrl-C 停止。", "Press Ctrl-C to stop.")
