"""Lets `python -m zhiqiao.cli` run the command."""

from __future__ import annotations

import sys

from zhiqiao.cli import main

sys.exit(main())
