"""Files that are written in one go."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from trajectsim.errors import Problem, Problems
from trajectsim.words import _


def write_file(path: Path, text: str) -> None:
    """Replace a file in one go, so that no half of it is ever seen. Raises Problems."""
    try:
        if path.exists() and not path.is_file():  # a device or a pipe takes what is written, and is not replaced
            path.write_text(text, "utf-8")
            return
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(text)
            os.chmod(name, 0o644)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Problems([Problem("S001", _("cannot be written: {reason}").format(reason=reason), str(path))]) from None
