"""Ways by which rows come in. Each is a folder here, found by its name; to add one, copy the most similar.

A folder holds `connector.py` with `CONNECTOR`, a value that meets `contract.ConnectorKind`; one that is looked at by
schedule also meets `contract.Collector`. What all share (taking a thing once, importing it, its trace) is in
`platform.data.delivering` and `collecting`, so a connector only says where things lie and what is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from zhiqiao.platform.data.connectors.contract import Collector, ConnectorKind

__all__ = ["Collector", "ConnectorKind", "UnknownConnectorError", "collector", "find", "kinds"]


class UnknownConnectorError(LookupError):
    """Raised when no folder here has the name."""


@cache
def kinds() -> Mapping[str, ConnectorKind]:
    """Return every connector by name, in the order of their `sort`."""
    found: dict[str, ConnectorKind] = {}
    for module in iter_modules(__path__):
        if module.ispkg:
            found[module.name] = import_module(f"{__name__}.{module.name}.connector").CONNECTOR
    return dict(sorted(found.items(), key=lambda item: item[1].sort))


def find(name: str) -> ConnectorKind:
    """Return a connector by name; raises UnknownConnectorError."""
    try:
        return kinds()[name]
    except KeyError as error:
        raise UnknownConnectorError(name) from error


def collector(name: str) -> Collector | None:
    """Return a connector that is looked at by schedule, None for one that is pushed to."""
    kind = find(name)
    return kind if isinstance(kind, Collector) else None
