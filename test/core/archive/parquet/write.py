"""Writes the files of Parquet that the tests read: as RDS exports snapshots, compressed with gzip. Run with pyarrow 21 or later."""

import datetime
import decimal
import pathlib

import pyarrow
import pyarrow.parquet

HERE = pathlib.Path(__file__).parent
ROWS = range(1, 301)

pyarrow.parquet.write_table(
    pyarrow.table(
        {
            "id": pyarrow.array(ROWS, pyarrow.int64()),
            "code": [f"P{n:09}" for n in ROWS],
            "birth_date": [datetime.date(1930, 1, 1) + datetime.timedelta(days=n) for n in ROWS],
            "phone": [None if n % 7 == 0 else f"+55 11 0{n:08}" for n in ROWS],
            "registered_at": [datetime.datetime(2026, 1, 1) + datetime.timedelta(minutes=n) for n in ROWS],
        }
    ),
    HERE / "patients.gz.parquet",
    compression="gzip",
    row_group_size=100,
)
pyarrow.parquet.write_table(
    pyarrow.table(
        {
            "id": pyarrow.array(ROWS, pyarrow.int64()),
            "dose_milligrams": [decimal.Decimal(n) / 4 for n in ROWS],
            "drug": [f"substance {n % 50}" for n in ROWS],
        }
    ),
    HERE / "prescriptions.gz.parquet",
    compression="gzip",
)
