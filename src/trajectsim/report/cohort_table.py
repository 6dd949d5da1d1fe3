"""A cohort run as a Parquet file: the rows of the CSV, and beside them every replication (the extra ``table``)."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from trajectsim.cohort.running import Finished
from trajectsim.errors import Problem, Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.report.cohort import COLUMNS, DIFFERENCE, EVIDENCE, cohort_rows
from trajectsim.words import _


def arrow() -> Any:
    """The library that writes it. Raises Problems where it is not there."""
    try:
        return import_module("pyarrow")
    except ImportError:
        message = _("a Parquet file takes pyarrow, which is not there")
        raise Problems([Problem("S302", message, hint="pip install 'trajectsim[table]'")]) from None


REPLICATIONS = ("values", "differences")
"""Columns with a list for each row: the figure, and how it differs, in each replication that has it."""


def cohort_parquet(title: str, done: Finished, law: Lawbook) -> bytes:
    """The whole file. Its metadata has the title, the size and the seed. Raises Problems where pyarrow is not there."""
    pyarrow = arrow()
    parquet: Any = import_module("pyarrow.parquet")
    text, number = pyarrow.string(), pyarrow.float64()
    kinds = dict.fromkeys((*COLUMNS[:4], *EVIDENCE), text) | dict.fromkeys((*COLUMNS[4:], *DIFFERENCE), number)
    kinds |= {name: pyarrow.list_(number) for name in REPLICATIONS}
    names = (*COLUMNS, *DIFFERENCE, *EVIDENCE, *REPLICATIONS)
    cohort = done.cohort
    about = {"title": title, "size": cohort.size, "seed": cohort.seed, "births": ", ".join(map(str, cohort.births))}
    schema = pyarrow.schema([(name, kinds[name]) for name in names], {key: str(value) for key, value in about.items()})
    rows = [{**row, "evidence_of_difference": row["evidence_of_difference"] or None} for row in cohort_rows(done, law)]
    sink = pyarrow.BufferOutputStream()
    parquet.write_table(pyarrow.Table.from_pylist(rows, schema), sink)
    return sink.getvalue().to_pybytes()
