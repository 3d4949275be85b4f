"""Folders under the data folder: uploads, lake and exports; knows paths, not contents."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

from zhiqiao.infra.config import config

__all__ = [
    "forecast_folder",
    "import_folder",
    "inbox",
    "lake",
    "lake_imports",
    "mining_folder",
    "occupation_model",
    "spare_path",
    "study_folder",
    "table_path",
    "tables",
    "upload_path",
]


def _folder(*parts: str) -> Path:
    path = config().data.joinpath(*parts)
    path.mkdir(parents=True, exist_ok=True)
    return path


def upload_path(upload: UUID) -> Path:
    """Return where an uploaded file is kept until its import is finished."""
    return _folder("uploads") / str(upload)


def tables() -> Path:
    """Return the folder of checked tables that wait to be written, and of the rows that could not be."""
    return _folder("tmp", "tables")


def table_path(upload: UUID) -> Path:
    """Return where a checked table is kept until its rows are written; with `.csv`, the rows to be corrected."""
    return tables() / str(upload)


def inbox(organisation: str) -> Path:
    """Return the folder below which an organisation's connectors watch; others never look into it."""
    path = (config().inbox or config().data / "inbox") / organisation
    path.mkdir(parents=True, exist_ok=True)
    return path


def spare_path() -> Path:
    """Return a new name in the temporary folder of uploads."""
    return _folder("tmp") / f"taken-{uuid4()}"


def lake() -> Path:
    """Return the root of the Parquet lake."""
    return _folder("lake")


def lake_imports() -> Path:
    """Return the folder that holds one folder per import."""
    return _folder("lake", "imports")


def import_folder(import_uuid: UUID) -> Path:
    """Return the lake folder of one import; it exists only once the import has finished mining."""
    return lake_imports() / str(import_uuid)


def forecast_folder(forecast: UUID) -> Path:
    """Return the lake folder of one demand forecast; it exists only once all its files are written."""
    return _folder("lake", "forecasts") / str(forecast)


def mining_folder(import_uuid: UUID) -> Path:
    """Return where an import is mined before its folder is moved into the lake in one step."""
    return _folder("lake", "mining") / str(import_uuid)


def occupation_model(coder: UUID) -> Path:
    """Return where one version of the coder of job titles is kept."""
    return _folder("models", "occupations") / f"{coder}.npz"


def study_folder(study: UUID) -> Path:
    """Return the lake folder of one run that discovered competencies; it exists once the run has written it."""
    return _folder("lake", "studies") / str(study)
