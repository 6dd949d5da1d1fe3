"""trajectsim: a pupil's path through Dutch schools, under the law of each year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trajectsim.api import judge, load, options, play, routes, run

__version__ = "0.1.0"
__all__ = ["__version__", "judge", "load", "options", "play", "routes", "run"]


def __getattr__(name: str) -> Any:
    """The functions of ``trajectsim.api``, loaded when they are first asked for: to import trajectsim costs nothing.
    Of ``cohort`` a package has the name; it is ``trajectsim.api.cohort``."""
    if name in __all__:
        from trajectsim import api

        return getattr(api, name)
    raise AttributeError(name)
