"""Zhiqiao 职桥: the platform that joins what industry asks for with what vocational schools teach."""

from __future__ import annotations

__version__ = "0.1.0"
