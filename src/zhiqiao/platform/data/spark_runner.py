"""Steps on Spark: `mapInArrow` over partitions, Spark's own shuffle and joins between them, Parquet where stored."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar, cast
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.fs as pafs
import pyarrow.parquet as pq

import zhiqiao
from zhiqiao.platform.data.runner import JoinKind, RunnerError, Step, whole_groups

if TYPE_CHECKING:
    from pyspark import Broadcast
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

__all__ = ["SparkData", "SparkRunner", "open_session", "spark_runner"]

S = TypeVar("S")

_MISSING = (
    "the Spark runner needs the extra `spark` (pip install 'zhiqiao[spark]') and Java 17; {what} was not found. "
    "See docs/guide/en/spark.md"
)
_ROWS_OF_A_FILE = 20_480  # small enough that a few thousand rows already keep several machines busy


@dataclass(frozen=True)
class SparkData:
    """A data frame and the Arrow schema its rows have in our steps."""

    frame: DataFrame
    schema: pa.Schema


def open_session(
    master: str | None, *, partitions: int | None = None, batch_rows: int = 2048
) -> SparkSession:
    """Start Spark on this master, by default as spark-submit or spark-defaults.conf say, else on this machine.

    Raises RunnerError where pyspark, pandas (pyspark asks for it) or Java is missing.
    """
    for package in ("pyspark", "pandas"):
        if importlib.util.find_spec(package) is None:
            raise RunnerError(_MISSING.format(what=package))
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise RunnerError(_MISSING.format(what="Java"))
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("zhiqiao mine")
    settings: dict[str, bool | float | int | str | None] = {
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(batch_rows),
        # Descriptions are worked on much longer than they are read: small pieces keep every core busy.
        "spark.sql.files.maxPartitionBytes": str(8 * 1024**2),
    }
    if master is not None:
        builder = builder.master(master)
        if master.startswith("local"):
            settings |= dict.fromkeys(("spark.driver.host", "spark.driver.bindAddress"), "127.0.0.1")
            settings |= {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
            # Read from the environment only; otherwise workers take the system's Python, without our packages.
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
            # Workers are processes of their own: they import this package from where we have it.
            settings["spark.executorEnv.PYTHONPATH"] = _import_path()
    if partitions is not None:
        # What is asked for is what is used, however little data there is.
        settings["spark.sql.adaptive.coalescePartitions.enabled"] = "false"
        settings["spark.sql.shuffle.partitions"] = str(partitions)
    return builder.config(map=settings).getOrCreate()


def _import_path() -> str:
    """Return PYTHONPATH with the folder this package was imported from in front."""
    own = str(Path(zhiqiao.__file__).resolve().parent.parent)
    return os.pathsep.join([own, *filter(None, [os.environ.get("PYTHONPATH")])])


@contextmanager
def spark_runner(master: str | None, *, stage: str, partitions: int | None = None) -> Iterator[SparkRunner]:
    """Give a runner on a session that ends with the block.

    `stage` is a folder or URI that all machines reach; what is written below it is removed at the end.
    """
    session = open_session(master, partitions=partitions)
    runner = SparkRunner(session, stage=f"{stage.rstrip('/')}/stage-{uuid4().hex}")
    try:
        session.sparkContext.setLogLevel("ERROR")
        yield runner
    finally:
        runner.clear()
        session.stop()


class SparkRunner:
    """Carries steps on a Spark session; results that are read more than once are Parquet under `stage`."""

    def __init__(self, session: SparkSession, *, stage: str, file_rows: int = _ROWS_OF_A_FILE) -> None:
        self._session = session
        self._file_rows = file_rows
        self._stage = stage if "://" in stage else Path(stage).resolve().as_uri()
        self._files, self._root = pafs.FileSystem.from_uri(self._stage)
        self._broadcasts: dict[int, tuple[object, object]] = {}

    def clear(self) -> None:
        """Remove what was stored."""
        if self._files.get_file_info(self._root).type != pafs.FileType.NotFound:
            self._files.delete_dir(self._root)

    def take_in(self, name: str, batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> SparkData:
        """Write the rows into Parquet files of the stage and let Spark read these."""
        folder = f"{self._root}/{name}"
        self._files.create_dir(folder)
        for number, table in enumerate(_files_of(batches, schema, rows=self._file_rows)):
            with self._files.open_output_stream(f"{folder}/part-{number:06}.parquet") as sink:
                pq.write_table(table.cast(_wire(schema)), sink, compression="zstd", row_group_size=2048)
        return self._read(name, schema)

    def select(self, dataset: SparkData, columns: Sequence[str]) -> SparkData:
        """Keep some columns; Spark then reads no others."""
        schema = pa.schema([dataset.schema.field(name) for name in columns])
        return SparkData(dataset.frame.select(*columns), schema)

    def map_arrow(self, dataset: SparkData, fn: Step[S], schema: pa.Schema, *, shared: S) -> SparkData:
        """Run the step by mapInArrow."""
        carried = _Carried(fn, self._told(shared), dataset.schema, schema)
        return SparkData(dataset.frame.mapInArrow(carried, _spark_schema(schema)), schema)

    def map_groups(
        self, dataset: SparkData, fn: Step[S], schema: pa.Schema, *, key: str, order: str, shared: S
    ) -> SparkData:
        """Let Spark bring equal keys together and sort them, then run the step by mapInArrow."""
        together = dataset.frame.repartition(key).sortWithinPartitions(key, order)
        carried = _Carried(fn, self._told(shared), dataset.schema, schema, key=key)
        return SparkData(together.mapInArrow(carried, _spark_schema(schema)), schema)

    def join(self, left: SparkData, right: SparkData, *, on: str, how: JoinKind = "inner") -> SparkData:
        """Join by Spark."""
        if how == "anti":
            return SparkData(left.frame.join(right.frame, on=on, how="left_anti"), left.schema)
        added = [field for field in right.schema if field.name != on]
        schema = pa.schema([*left.schema, *added])
        return SparkData(left.frame.join(right.frame, on=on).select(*schema.names), schema)

    def store(self, dataset: SparkData, name: str, *, order: Sequence[str] = ()) -> SparkData:
        """Write Parquet files under the stage, in order over the sorted file names where asked."""
        frame = dataset.frame.orderBy(*order) if order else dataset.frame
        frame.write.mode("overwrite").parquet(f"{self._stage}/{name}")
        return self._read(name, dataset.schema)

    def stream(self, dataset: SparkData) -> Iterator[pa.RecordBatch]:
        """Read the files of a stored dataset one after the other."""
        names = sorted(path.rpartition("/")[2] for path in dataset.frame.inputFiles())
        folder = dataset.frame.inputFiles()[0].rpartition("/")[0].rpartition("/")[2] if names else ""
        for name in names:
            with self._files.open_input_file(f"{self._root}/{folder}/{name}") as source:
                for batch in pq.ParquetFile(source).iter_batches(2048, columns=dataset.schema.names):
                    yield _cast(batch, dataset.schema)

    def _read(self, name: str, schema: pa.Schema) -> SparkData:
        reader = self._session.read.schema(_spark_schema(schema))
        return SparkData(reader.parquet(f"{self._stage}/{name}"), schema)

    def _told(self, shared: S) -> Broadcast[S]:
        """Broadcast a value once; it is held here, so that no other can take its id."""
        if id(shared) not in self._broadcasts:
            self._broadcasts[id(shared)] = (shared, self._session.sparkContext.broadcast(shared))
        return cast("Broadcast[S]", self._broadcasts[id(shared)][1])


@dataclass(frozen=True)
class _Carried(Generic[S]):
    """A step as Spark calls it on a worker: our types in, Spark's out."""

    fn: Step[S]
    shared: Broadcast[S]
    taken: pa.Schema
    given: pa.Schema
    key: str | None = None

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        ours = (_cast(batch, self.taken) for batch in batches if batch.num_rows)
        rows = ours if self.key is None else whole_groups(ours, self.key)
        wire = _wire(self.given)
        for batch in self.fn(rows, self.shared.value):
            yield _cast(batch, wire)


def _files_of(batches: Iterator[pa.RecordBatch], schema: pa.Schema, *, rows: int) -> Iterator[pa.Table]:
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(part.num_rows for part in held) >= rows:
            yield pa.Table.from_batches(held, schema=schema)
            held = []
    yield pa.Table.from_batches(held, schema=schema)


def _wire(schema: pa.Schema) -> pa.Schema:
    """Return the schema in types that Spark has: no unsigned numbers, no bytes of fixed length."""
    return pa.schema([field.with_type(_wire_type(field.type)) for field in schema])


def _wire_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_fixed_size_binary(kind):
        return pa.binary()
    return pa.int64() if pa.types.is_uint64(kind) else kind


def _spark_schema(schema: pa.Schema) -> StructType:
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(_wire(schema))


def _cast(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = [_column(batch.column(field.name), field.type) for field in schema]
    return pa.record_batch(columns, schema=schema)


def _column(values: pa.Array, kind: pa.DataType) -> pa.Array:
    if values.type == kind:
        return values
    if pa.types.is_uint64(kind) or pa.types.is_uint64(values.type):
        return values.view(kind)  # the same 64 bits
    return pc.cast(values, kind)
