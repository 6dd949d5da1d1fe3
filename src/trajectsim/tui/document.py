"""The scenario that is worked on, as a text with its history. Every screen shows what follows from it, and every
change of it goes through here, so that undo and redo are one row over all screens. No Textual here.
"""

from __future__ import annotations

from pathlib import Path

from attrs import evolve, field, frozen

from trajectsim.reading import read_text
from trajectsim.writing import write_file

KEPT = 500
"""How many versions undo goes back."""


@frozen
class Version:
    """The text at some time; ``said`` is what was done to come to it. Versions that are ``typed`` follow each other
    closely and are taken back together until somebody pauses."""

    text: str
    said: str = ""
    typed: bool = False


@frozen
class Document:
    """``file`` is where it is saved, empty for what is new; ``saved`` the text that stands there; ``base`` what a
    switch that is turned back goes back to; ``variant`` which scenario of the file is shown, the first if empty."""

    file: str
    now: Version
    saved: str
    base: str
    variant: str = ""
    past: tuple[Version, ...] = field(default=(), repr=False)
    future: tuple[Version, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, text: str, file: str = "", saved: str | None = None) -> Document:
        """A text; of a file it is taken to be what stands there, unless that is given."""
        return cls(file, Version(text), (text if file else "") if saved is None else saved, text)

    @classmethod
    def opened(cls, path: Path) -> Document:
        """The text of a file. Raises Problems."""
        return cls.of(read_text(path), str(path))

    @property
    def text(self) -> str:
        return self.now.text

    @property
    def name(self) -> str:
        """The name of its file, without folders."""
        return Path(self.file).name

    @property
    def unsaved(self) -> bool:
        """Whether something would be lost on leaving."""
        return self.text != self.saved

    def changed(self, text: str, said: str, *, typed: bool = False, switched: bool = False) -> Document:
        """With another text. Turning switches (``switched``) leaves what they go back to as it is."""
        if text == self.text:
            return self
        now = Version(text, said, typed)
        base = self.base if switched else text
        if typed and self.now.typed and self.past and not self.future:
            return evolve(self, now=now, base=base)
        return evolve(self, now=now, base=base, past=(*self.past, self.now)[-KEPT:], future=())

    def paused(self) -> Document:
        """What is typed from here on is taken back by itself."""
        return evolve(self, now=evolve(self.now, typed=False)) if self.now.typed else self

    def undo(self) -> Document:
        """The version before this one; the same when there is none."""
        if not self.past:
            return self
        back = evolve(self.past[-1], typed=False)
        return evolve(self, now=back, past=self.past[:-1], future=(self.now, *self.future))

    def redo(self) -> Document:
        """Do again what was taken back."""
        if not self.future:
            return self
        return evolve(self, now=self.future[0], past=(*self.past, self.now), future=self.future[1:])

    def written(self, path: Path) -> Document:
        """Write it to a file, which is its file from then on. Raises Problems."""
        write_file(path, self.text)
        return evolve(self, file=str(path), saved=self.text).paused()
