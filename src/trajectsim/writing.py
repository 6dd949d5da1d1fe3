"""Files that are written in one go."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from trajectsim.errors import Problem, Problems
from trajectsim.words import _


def write_file(path: Path, content: str | bytes) -> None:
    """Replace a file in one go, so that no half of it is ever seen. Raises Problems."""
    data = content.encode() if isinstance(content, str) else content
    try:
        if path.exists() and not path.is_file():  # a device or a pipe takes what is written, and is not replaced
            path.write_bytes(data)
            return
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            os.chmod(name, 0o644)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Problems([Problem("S001", _("cannot be written: {reason}").format(reason=reason), str(path))]) from None


def try_folder(folder: Path, *, make: bool = False) -> None:
    """That files can be written in a folder; ``make``: it is made where it is not there. Raises Problems."""
    try:
        if make:
            folder.mkdir(parents=True, exist_ok=True)
        if str(folder) != "/dev":  # devices take what is written to them
            handle, name = tempfile.mkstemp(dir=folder, prefix=".probe.")
            os.close(handle)
            os.unlink(name)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        message = _("nothing can be written there: {reason}").format(reason=reason)
        raise Problems([Problem("S001", message, str(folder))]) from None
