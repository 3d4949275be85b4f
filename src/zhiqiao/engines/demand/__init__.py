"""Demand over time."""

from __future__ import annotations

from zhiqiao.engines.demand._signals import Signal, WatchParameters, read_watch_parameters, watch

__all__ = ["Signal", "WatchParameters", "read_watch_parameters", "watch"]
