"""Region packs and common data: a region, its people, its skills and its rules are files, not code."""

from __future__ import annotations

import csv
from pathlib import Path

_HERE = Path(__file__).parent


def folder(*parts: str) -> Path:
    """Return a folder of the shipped packs, e.g. `folder("bazhong")`."""
    return _HERE.joinpath(*parts)


def common_file(*parts: str) -> Path:
    """Return a file of the pack that all regions share."""
    return _HERE.joinpath("common", *parts)


def region_folder(region: str, further: Path | None = None) -> Path:
    """Return the folder of a region pack, of the folder `further` or shipped; raises FileNotFoundError."""
    for place in ([further / region] if further else []) + [folder(region)]:
        if (place / "region.toml").exists():
            return place
    msg = f"no region pack {region}"
    raise FileNotFoundError(msg)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of one of a pack's CSV files, each by column name."""
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))
