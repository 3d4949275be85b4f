"""A whole demo as a new user starts it: `zhiqiao up` over a folder without rows, web and worker as real processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize

_READY_SECONDS = 120.0


class Site:
    """A running demo: its address, and signed-in browser profiles on it."""

    def __init__(self, browser: Browser, data: Path) -> None:
        self._browser = browser
        self._data = data
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._log = (data.parent / "up.log").open("wb")
        command = [
            sys.executable,
            "-m",
            "zhiqiao.cli",
            "up",
            "--demo",
            "--port",
            str(port),
            "--data",
            str(data),
        ]
        self._process = subprocess.Popen(
            command,
            env=_clean(os.environ),
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait(self) -> None:
        """Wait until web and worker answer and the demo's own postings and gaps are there."""
        until = time.monotonic() + _READY_SECONDS
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            if self._answers() and b"demo postings loaded" in Path(self._log.name).read_bytes():
                return
            time.sleep(0.3)
        raise AssertionError(Path(self._log.name).read_text(encoding="utf-8", errors="replace")[-3000:])

    def stop(self) -> None:
        """Stop everything that `up` started."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._log.close()

    def visit(self, *, language: str = "zh-hans", width: int = 1280) -> Visit:
        """Open a browser profile that nobody is signed in to."""
        return Visit(self._browser, self.url, language=language, width=width)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False


class Visit:
    """One person's browser; collects what the console complains about."""

    def __init__(self, browser: Browser, url: str, *, language: str, width: int) -> None:
        self.url = url
        self.faults: list[str] = []
        size: ViewportSize = {"width": width, "height": 800}
        self.context: BrowserContext = browser.new_context(
            base_url=url, viewport=size, reduced_motion="reduce"
        )
        self.context.on("console", self._listen)
        self.context.on("weberror", lambda error: self.faults.append(str(error.error)))
        self.speak(language)
        self.page: Page = self.context.new_page()

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def speak(self, language: str) -> None:
        """Choose the language: "zh-hans" or "en"."""
        self.context.add_cookies([{"name": "zq_language", "value": language, "url": self.url}])

    def sign_in(self, username: str) -> Page:
        """Sign in by the demo button of an account."""
        self.page.goto("/accounts/login/")
        self.page.locator(f'button[name="username"][value="{username}"]').first.click()
        self.page.wait_for_url(lambda url: "/accounts/" not in url)
        return self.page

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"{message.text} ({message.location.get('url', '')})")


def _clean(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what the tests set for themselves."""
    ours = ("ZHIQIAO_", "DJANGO_", "PYTEST_")
    return {name: value for name, value in environment.items() if not name.startswith(ours)}
