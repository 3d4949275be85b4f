"""Sentences of the command line, Chinese first and then English, and the fault that ends a command."""

from __future__ import annotations

import argparse
from typing import TypeAlias

#: What `add_parser` of each verb receives.
Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def say(zh: str, en: str) -> None:
    """Print one sentence in both languages."""
    print(f"{zh}\n{en}", flush=True)


class Fault(Exception):  # noqa: N818 - it is told, not traced
    """Raised when a command can not go on: what is wrong and what mends it, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh, self.en = zh, en


def add_place(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the data folder."""
    parser.add_argument("--data", help="数据目录 data folder (ZHIQIAO_DATA, ./data)")
