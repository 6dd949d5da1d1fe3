"""Keep the catalogues current: extract the messages, merge them into the Dutch catalogue, compile it.

Run it after changing a message, then translate what it lists and run it again. With --check it writes nothing and
says what is stale.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "trajectsim"
PO = SOURCE / "locale" / "nl" / "LC_MESSAGES" / "trajectsim.po"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "NN_": (1, 2)}


def extracted() -> Catalog:
    """Every message in the code."""
    catalogue = Catalog(project="trajectsim", locale="nl")
    found = extract_from_dir(SOURCE, method_map=[("**.py", "python")], keywords=KEYWORDS)
    for _file, _line, message, _comments, _context in found:
        catalogue.add(message)
    return catalogue


def dutch() -> Catalog:
    """The Dutch catalogue as it is committed."""
    with PO.open("rb") as stream:
        return read_po(stream, locale="nl")


def compiled(catalogue: Catalog) -> bytes:
    """What the compiled catalogue holds."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """The messages without a translation."""
    return [str(m.id) for m in catalogue if m.id and not all(m.string if m.pluralizable else [m.string])]


def stale() -> list[str]:
    """What is not current: messages in the code or the catalogue alone, untranslated ones, the compiled file."""
    fresh, kept = extracted(), dutch()
    ids = ({_id(m) for m in catalogue if m.id} for catalogue in (fresh, kept))
    in_code, in_catalogue = ids
    return [
        *(f"not in the catalogue: {name}" for name in sorted(in_code - in_catalogue)),
        *(f"not in the code: {name}" for name in sorted(in_catalogue - in_code)),
        *(f"not translated: {name}" for name in untranslated(kept)),
        *(["the compiled catalogue"] if PO.with_suffix(".mo").read_bytes() != compiled(kept) else []),
    ]


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def main() -> int:
    if "--check" in sys.argv:
        found = stale()
        print(*(found or ["the catalogues are current"]), sep="\n")
        return 1 if found else 0
    old = dutch() if PO.exists() else Catalog(locale="nl")
    fresh = extracted()
    catalogue = Catalog(
        project="trajectsim",
        locale="nl",
        header_comment="# Dutch messages of trajectsim.",
        creation_date=old.creation_date,  # the time of a run is no change: what is current stays the same bytes
    )
    for message in sorted((m for m in fresh if m.id), key=_id):
        kept = old.get(_id(message))
        same = kept is not None and kept.pluralizable == message.pluralizable
        catalogue.add(message.id, kept.string if kept and same else None)
    with PO.open("wb") as stream:
        write_po(stream, catalogue, width=110, omit_header=False, no_location=True)
    PO.with_suffix(".mo").write_bytes(compiled(catalogue))
    missing = untranslated(catalogue)
    print(f"{len(catalogue)} messages, {len(missing)} without a translation", *missing, sep="\n  ")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
