"""A cohort that is quick to run: a few children, with and without a year skipped."""

from __future__ import annotations


def small_cohort(size: int = 40, replications: int = 2, above: float = 0.5) -> str:
    """The text of its file; schools choose who lies so many SD above the mean."""
    return f"""title = "x"

[cohort]
size = {size}
births = [2006]
replications = {replications}

[[policy]]
id = "none"

[[policy]]
id = "skip"
measures = {{ skip-year = true }}

[[policy.select]]
move = "skip"
at = ["po/4"]
above = {above}
"""
