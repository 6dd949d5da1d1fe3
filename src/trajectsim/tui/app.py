"""The workbench: the screens of ``tui.table`` over one state, and what is the same on all of them."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar

from textual.app import ScreenStackError, SystemCommand
from textual.binding import Binding, BindingType
from textual.color import Color
from textual.dom import DOMNode
from textual.events import Event, InputEvent
from textual.events import Key as KeyPress
from textual.filter import LineFilter
from textual.screen import Screen

from trajectsim import settings
from trajectsim.calendar import SchoolYear
from trajectsim.settings import Settings
from trajectsim.tui.filing import Filing
from trajectsim.tui.help import told
from trajectsim.tui.memory import Memory
from trajectsim.tui.ready import make_ready
from trajectsim.tui.screens.base import BenchScreen
from trajectsim.tui.screens.prompts import Search
from trajectsim.tui.state import State
from trajectsim.tui.table import BY_ID, BY_NUMBER, SCREENS, Entry
from trajectsim.tui.widgets.colourless import Colourless
from trajectsim.tui.widgets.paint import DARK, NAMED, PREFIX, THEMES
from trajectsim.words import _, ngettext

NUMBERS = range(1, 10)


class Workbench(Filing):
    """Each screen is a mode, made when it is first shown, so that what lies over it stays with it."""

    # By name, and the one of the bench before all others: they change what it says.
    CSS_PATH = sorted((Path(__file__).parent / "styles").glob("*.tcss"))
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(f"{n},f{n}", f"show_number({n})", show=False) for n in NUMBERS),
    ]

    def __init__(
        self,
        state: State,
        first: str = "",
        memory: Memory | None = None,
        values: Settings | None = None,
        *,
        eager: bool = False,
    ) -> None:
        """``eager``: whether screens are made before they are asked for."""
        self._made: dict[str, BenchScreen] = {}
        self._eager = eager
        self.heard = 0.0
        self._colourless: dict[str, LineFilter] = {}
        super().__init__(state, memory, autosave=values is None or values.autosave)
        self.title = "trajectsim"
        self.values = values
        self.to_tell: list[str] = []
        self._first = first or state.first
        self._acted = 0
        for entry in SCREENS:
            self.add_mode(entry.id, partial(self._screen, entry))  # pyright: ignore[reportUnknownMemberType]
        for theme in THEMES:
            self.register_theme(theme)
        chosen = (memory.recalled().get("theme") if memory is not None else None) or (values and values.theme)
        self.theme = NAMED.get(str(chosen), DARK).name

    async def on_mount(self) -> None:
        await self.switch_mode(self._first)
        for text in self.to_tell:
            self.notify(text, severity="warning", timeout=15)
        self.begin()
        self.listen()
        if self._eager:
            self.call_after_refresh(self._make_ready)

    @property
    def busy(self) -> bool:
        """Whether something is worked out or drawn that somebody waits for."""
        return self.unseen or any(worker.group in _AWAITED and worker.is_running for worker in self.workers)

    def _make_ready(self) -> None:
        self.heard = monotonic()
        self.run_worker(make_ready(self, SCREENS, self.state.lacks), group="ready")

    async def put_behind(self, entry: Entry) -> None:
        """Make a screen, and have it ready behind the one that is shown."""
        if entry.id not in self._made:
            await self._init_mode(entry.id)

    def there(self) -> Iterable[BenchScreen]:
        return self._made.values()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Where no colour is wanted there is none; greys, which Textual leaves, are colours too."""
        if not self.no_color:
            return super().get_line_filters()
        paper = self.current_theme.background or ""
        if paper not in self._colourless:
            self._colourless[paper] = Colourless(Color.parse(paper))
        return [self._colourless[paper]]

    def other_theme(self) -> None:
        super().other_theme()
        if self.memory is not None:
            self.memory.remember(theme=self.theme.removeprefix(PREFIX))

    def action_help_quit(self) -> None:
        """ctrl+c, by which many programs are stopped."""
        self.notify(_("q stops; ctrl+c copies what is selected"))

    def _screen(self, entry: Entry) -> BenchScreen:
        if entry.id not in self._made:
            self._made[entry.id] = entry.made(entry.screen)()
        return self._made[entry.id]

    def told(self) -> None:
        """Only what is in sight is printed; the others are when they come in sight."""
        self.changes += 1
        if (screen := self._made.get(self.current_mode)) is not None:
            screen.refreshed()

    def written(self) -> None:
        """Only where the text can be seen it is printed by itself; elsewhere that would be one picture more to draw."""
        screen = self._made.get(self.current_mode)
        if screen is not None and screen.TEXT:
            self.told()

    # --- going to a screen

    async def action_show_number(self, number: int) -> None:
        entry = BY_NUMBER.get(number)
        if entry is None:
            have = ", ".join(f"{each.number} {each.label}" for each in SCREENS)
            self.notify(_("There is no screen {n}; there are: {screens}").format(n=number, screens=have))
        else:
            await self.run_action(entry.action)

    async def action_show_screen(self, name: str) -> None:
        """Go to a screen, by its id; not while something lies over this one."""
        if self._here() is not None and self.current_mode != name:
            self.came_from = self.current_mode
            await self.switch_mode(name)

    async def action_show_first(self) -> None:
        """Go to the screen that shows best what is open."""
        await self.action_show_screen(self.state.first)

    async def go_back(self) -> None:
        if self.came_from:
            await self.run_action(BY_ID[self.came_from].action)

    async def read_rule(self, rule: str, year: SchoolYear) -> None:
        from trajectsim.tui.screens.law import LawScreen

        await self.run_action(BY_ID[LawScreen.ID].action)
        if isinstance(self.screen, LawScreen):
            self.screen.read(rule, year)

    # --- what can be done

    def _here(self) -> BenchScreen | None:
        """The screen that is shown; None while something lies over it, and while all is taken down."""
        try:
            screen = self.screen
        except ScreenStackError:
            return None
        return screen if isinstance(screen, BenchScreen) else None

    async def run_action(self, action: Any, default_namespace: DOMNode | None = None, namespaces: Any = None) -> bool:
        """Do it, or say why it can do nothing now; on a screen that is not whole yet there is nothing to be done."""
        if (screen := self._here()) is not None and not screen.is_mounted:
            return True
        if isinstance(action, str) and (reason := self._idle(action, default_namespace)):
            self._acted += 1
            self.notify(reason, timeout=4)
            return True
        done = await super().run_action(action, default_namespace, namespaces)
        self._acted += done
        return done

    def _idle(self, action: str, namespace: DOMNode | None) -> str:
        screen = self._here()
        if screen is None:
            return ""
        named = action.partition("(")[0]
        if "." not in named:
            place = "screen" if namespace is screen else "app" if namespace in (self, None) else ""
            action = f"{place}.{action}"
        return screen.idle().get(action, "")

    async def on_event(self, event: Event) -> None:
        """Keys that come after the one that left are for nobody."""
        if isinstance(event, InputEvent):
            self.heard = monotonic()
        try:
            if not (self._exit and isinstance(event, InputEvent)):
                await super().on_event(event)
        except ScreenStackError:
            if not isinstance(event, InputEvent):
                raise

    def on_key(self, event: KeyPress) -> None:
        """A key that means nothing here is told so, once it has turned out that nothing is done."""
        if self._here() is not None:
            typed = (event.character or "").strip()
            name = typed if typed.isprintable() and typed else _(event.key)
            self.call_later(self._unheard, name, self._acted)

    def _unheard(self, name: str, before: int) -> None:
        if self._acted == before and self._here() is not None and name not in _SILENT:
            self.notify(_("{key} does nothing here; ? shows what can be done").format(key=name), timeout=3)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Everything that has a key, by name."""
        if not isinstance(screen, BenchScreen):
            return
        idle = screen.idle()
        for entry in SCREENS:
            title = _("Screen {n}: {name}").format(n=entry.number, name=entry.label)
            yield SystemCommand(title, told(entry.help, idle.get(entry.action, "")), self._doing(entry.action))
        for key in screen.told_keys():
            if key.action and key.action != "app.command_palette":
                said = told(key.help, idle.get(key.action, ""))
                yield SystemCommand(key.title, said, self._doing(key.action))

    def action_command_palette(self) -> None:
        """Everything that can be done here, found by its words; our own, so that it speaks the language."""
        screen = self._here()
        if screen is None:
            return
        found = {f"{n}": command for n, command in enumerate(self.get_system_commands(screen))}

        def find(asked: str) -> tuple[tuple[str, str], ...]:
            words = asked.casefold().split()
            texts = ((name, _named(each)) for name, each in found.items())
            return tuple(text for text in texts if all(word in text[1].casefold() for word in words))

        def take(name: str | None) -> None:
            if name is not None:
                found[name].callback()

        self.push_screen(
            Search(_("What do you want to do?"), find, _("type a few letters: save, theme, run ...")), take
        )

    def _doing(self, action: str) -> Any:
        return partial(self.call_later, self.run_action, action)

    def action_undo(self) -> None:
        self.undo()

    def action_redo(self) -> None:
        self.redo()


def _named(command: SystemCommand) -> str:
    """What a command is called with what it does, where its name does not say that already."""
    said = command.help[:1].upper() + command.help[1:]
    return said if said.startswith(command.title) else f"{command.title} · {command.help}"


_AWAITED = ("play", "ahead", "needed", "glance", "shelf")
"""Work that ends in a picture, by its group."""

_SILENT = ("escape", "tab", "shift+tab", "enter", "up", "down", "left", "right", "home", "end", "pageup", "pagedown")
"""Keys of moving about: where they do nothing, that is seen."""


def run_workbench(state: State, first: str = "", said: Sequence[str] = (), memory: Path | None = None) -> bool:
    """Open the workbench, with the settings and what is remembered on this machine, until the person leaves it. Whether
    it ended as it should; ``said`` is told once it is there, ``memory`` is another folder for what is remembered."""
    values, problems = settings.read()
    bench = Workbench(state, first, Memory(memory or settings.state_folder()), values, eager=True)
    bench.terminal = sys.__stdin__.fileno() if sys.__stdin__ is not None else None
    bench.to_tell = list(said)
    if problems:
        n = len(problems)
        told = ngettext("A setting cannot be used.", "{n} settings cannot be used.", n).format(n=n)
        bench.to_tell.append(" ".join([told, _("trajectsim config says which, and why.")]))
    gc.freeze()  # the law and what was imported stay; to look through them for garbage takes as long as a switch may
    bench.run()
    return not bench.return_code
