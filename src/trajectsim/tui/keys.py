"""The keys of the path screen: what they do, in which order they are told, and which are left out first."""

from __future__ import annotations

from attrs import frozen

from trajectsim.words import N_, _


@frozen
class Key:
    """A key as it is told. ``rank``: the higher, the sooner it is left out where there is no room."""

    name: str
    brief: str
    full: str
    rank: int
    action: str = ""

    @property
    def sign(self) -> str:
        return _(self.name)

    @property
    def text(self) -> str:
        return _(self.brief)

    @property
    def help(self) -> str:
        return _(self.full)


KEYS = (
    Key("←→", N_("year"), N_("walk the school years; home and end go to the first and the last"), 1),
    Key("↑↓", N_("choose"), N_("choose a flexibility, or a line of the year when that has the focus"), 2),
    Key(
        N_("space"), N_("flip"), N_("turn the chosen flexibility on or off, and see the path change"), 0, "screen.flip"
    ),
    Key("enter", N_("unfold"), N_("unfold or fold a line of the year; on a flexibility: flip it"), 8),
    Key("tab", N_("panel"), N_("go to the next panel"), 7),
    Key("m", N_("measures"), N_("show or hide the flexibilities"), 3, "screen.drawer"),
    Key("u", N_("undo"), N_("undo a flip (also ctrl+z); ctrl+y does it again"), 5, "screen.undo"),
    Key("l", N_("nl/en"), N_("Dutch or English"), 4, "screen.language"),
    Key("d", N_("theme"), N_("dark or light"), 6, "screen.theme"),
    Key("?", N_("help"), N_("this help"), 0, "screen.help"),
    Key("q", N_("quit"), N_("stop"), 0, "app.quit"),
)
