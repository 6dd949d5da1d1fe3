"""The keys of the screens: what they do, in which order they are told, and which are left out first."""

from __future__ import annotations

from attrs import frozen

from trajectsim.words import N_, _


@frozen
class Key:
    """A key as it is told. ``rank``: the higher, the sooner it is left out where there is no room; without a ``brief``
    it is told in the help alone."""

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
        return _(self.brief) if self.brief else ""

    @property
    def help(self) -> str:
        return _(self.full)

    @property
    def title(self) -> str:
        """What it is called where it stands alone: the first words of the help, as far as they say what it does."""
        return self.help.split(";")[0].split("(")[0].strip().capitalize()


LAW_KEY = Key(
    "w", N_("its rule"), N_("the rule behind the chosen line, on the law screen; escape comes back"), 5, "screen.law"
)

KEYS = (
    Key("←→", N_("year"), N_("walk the school years; home and end go to the first and the last"), 1),
    Key("↑↓", N_("choose"), N_("choose a measure, or a line of the year when that has the focus"), 2),
    Key(N_("space"), N_("flip"), N_("turn the chosen measure on or off, and see the path change"), 0, "screen.flip"),
    Key("enter", N_("unfold"), N_("unfold or fold a line of the year; on a measure: flip it"), 8),
    Key("tab", N_("panel"), N_("go to the next panel"), 7),
    Key("m", N_("measures"), N_("show or hide the measures"), 3, "screen.drawer"),
    LAW_KEY,
)

SCENARIO_KEYS = (
    Key("↑↓", N_("choose"), N_("choose a file, a problem, a result"), 2),
    Key("enter", N_("open"), N_("open the file on the screen that shows it; in results: go to the place"), 0),
    Key("/", N_("search"), N_("search by title, tag or file; esc takes it back"), 3, "screen.search"),
    Key("e", N_("text"), N_("read and change the text, with what is wrong at its line"), 1, "screen.write"),
    Key("n", N_("new"), N_("a new scenario, by a few questions"), 1, "screen.new"),
    Key("r", N_("run"), N_("run the scenario, and see what it expects judged"), 2, "screen.run(False)"),
    Key("R", N_("run all"), N_("run all that is listed; esc stops"), 4, "screen.run(True)"),
    Key("F8", N_("problem"), N_("to the next problem in the text"), 6, "screen.next_fault"),
    Key(N_("esc"), "", N_("from the text or the results back to the list"), 9, "screen.back"),
)

TYPING = (
    Key(N_("esc"), N_("leave"), N_("leave the text"), 0, "screen.back"),
    Key("F1-F7", N_("screens"), N_("go to another screen"), 1),
    Key("F8", N_("problem"), N_("to the next problem in the text"), 3, "screen.next_fault"),
    Key("ctrl+s", N_("save"), N_("save the scenario"), 2, "app.save"),
    Key("ctrl+z", N_("undo"), N_("take back the last change"), 4, "app.undo"),
    Key("ctrl+y", N_("redo"), N_("do again what was taken back"), 6, "app.redo"),
    Key("ctrl+p", N_("find"), N_("find anything that can be done"), 5, "app.command_palette"),
)
"""The keys that are told while text is typed: letters are text then."""

COMMON = (
    Key("1-7", "", N_("go to another screen; F1 to F7 do it while text is typed"), 9),
    Key("u", N_("undo"), N_("take back the last change, on whichever screen it was made (also ctrl+z)"), 5, "app.undo"),
    Key("ctrl+y", "", N_("do again what was taken back"), 9, "app.redo"),
    Key("s", N_("save"), N_("save the scenario; comments and layout stay (also ctrl+s)"), 4, "app.save"),
    Key("S", "", N_("save the scenario as another file"), 9, "app.save_as"),
    Key("o", N_("open"), N_("open a file: a scenario, or marks (also ctrl+o)"), 6, "app.open"),
    Key(
        "h", N_("hand-out"), N_("a hand-out of the path to take home, without the name of the pupil"), 6, "app.hand_out"
    ),
    Key("l", N_("nl/en"), N_("Dutch or English"), 6, "screen.language"),
    Key(
        "d", N_("theme"), N_("the next theme: dark, light, high contrast, safe for the colour-blind"), 7, "screen.theme"
    ),
    Key("ctrl+p", "", N_("find anything that can be done by typing a few letters of it"), 9, "app.command_palette"),
    Key("?", N_("help"), N_("what can be done here, and why something cannot"), 0, "screen.help"),
    Key("q", N_("quit"), N_("stop; asks first when something is not saved"), 0, "app.quit"),
)
"""The keys of every screen."""

EXAM_KEYS = (
    Key(
        "0-9",
        N_("mark"),
        N_(
            "type a mark in the cell: 6,5 or 6.5; O, V or G for a subject with a rating; backspace or delete empties it"
        ),
        9,
    ),
    Key("enter", N_("down"), N_("down to the next open cell of the column, then to the top of the next one"), 8),
    Key(
        "←↑→↓",
        "",
        N_("go to another cell; tab and shift+tab go on as one reads, home and end to the first and last"),
        9,
    ),
    Key(
        N_("esc"),
        N_("verdict"),
        N_("go between the marks and the verdict; takes back what is being typed"),
        2,
        "screen.panel",
    ),
    Key(
        "e",
        N_("exam"),
        N_("choose level, exam year, profile and route; marks of subjects that stay are kept"),
        0,
        "screen.form",
    ),
    Key("a", N_("add"), N_("add a subject"), 3, "screen.add"),
    Key("x", N_("remove"), N_("take the subject off the list"), 6, "screen.press('x')"),
    Key(
        "r",
        N_("role"),
        N_("what the subject counts as (common, profile, free, ...), at which level, closed in which exam"),
        6,
        "screen.subject",
    ),
    Key(
        "o",
        N_("open"),
        N_("open a table of marks (CSV) or one sheet (TOML); pasting a table does the same"),
        4,
        "screen.open",
    ),
    Key(
        "s",
        N_("save"),
        N_("save the marks as a table (CSV); those of the path are saved with its scenario"),
        5,
        "screen.save",
    ),
    Key("[", "", N_("the candidate before this one (also page up)"), 4, "screen.press('left_square_bracket')"),
    Key(
        "]",
        N_("next candidate"),
        N_("the candidate after this one (also page down)"),
        3,
        "screen.press('right_square_bracket')",
    ),
    Key("u", N_("undo"), N_("take back the last change (also ctrl+z); ctrl+y does it again"), 3, "screen.press('u')"),
    LAW_KEY,
)
