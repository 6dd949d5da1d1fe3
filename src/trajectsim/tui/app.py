"""The workbench: the screens of ``tui.table`` over one state, and what is the same on all of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.events import Key as KeyPress
from textual.screen import Screen

from trajectsim.calendar import SchoolYear
from trajectsim.errors import Problems
from trajectsim.tui.bench import Bench
from trajectsim.tui.help import told
from trajectsim.tui.screens.base import BenchScreen
from trajectsim.tui.screens.prompts import Ask, Name
from trajectsim.tui.state import State
from trajectsim.tui.table import BY_ID, BY_NUMBER, SCREENS, Entry
from trajectsim.tui.widgets.paint import DARK, THEMES
from trajectsim.words import _

NUMBERS = range(1, 10)


class Workbench(Bench):
    """Each screen is a mode, made when it is first shown, so that what lies over it stays with it."""

    CSS_PATH = sorted((Path(__file__).parent / "styles").glob("*.tcss"))
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(f"{n},f{n}", f"show_number({n})", show=False) for n in NUMBERS),
        Binding("ctrl+s", "save", show=False),
        Binding("ctrl+o", "open", show=False),
    ]

    def __init__(self, state: State, first: str = "") -> None:
        super().__init__(state)
        self.title = "trajectsim"
        self._first = first or ("path" if state.played is not None else "exam")
        self._acted = 0
        self._made: dict[str, BenchScreen] = {}
        for entry in SCREENS:
            self.add_mode(entry.id, partial(self._screen, entry))  # pyright: ignore[reportUnknownMemberType]
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name

    async def on_mount(self) -> None:
        await self.switch_mode(self._first)

    def _screen(self, entry: Entry) -> BenchScreen:
        if entry.id not in self._made:
            self._made[entry.id] = entry.made(entry.screen)()
        return self._made[entry.id]

    def told(self) -> None:
        for screen in self._made.values():
            screen.refreshed()

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
        if isinstance(self.screen, BenchScreen) and self.current_mode != name:
            self.came_from = self.current_mode
            await self.switch_mode(name)

    async def go_back(self) -> None:
        if self.came_from:
            await self.run_action(BY_ID[self.came_from].action)

    async def read_rule(self, rule: str, year: SchoolYear) -> None:
        from trajectsim.tui.screens.law import LawScreen

        await self.run_action(BY_ID[LawScreen.ID].action)
        if isinstance(self.screen, LawScreen):
            self.screen.read(rule, year)

    # --- what can be done

    async def run_action(self, action: Any, default_namespace: DOMNode | None = None, namespaces: Any = None) -> bool:
        """Do it, or say why it can do nothing now."""
        if isinstance(action, str) and (reason := self._idle(action, default_namespace)):
            self._acted += 1
            self.notify(reason, timeout=4)
            return True
        done = await super().run_action(action, default_namespace, namespaces)
        self._acted += done
        return done

    def _idle(self, action: str, namespace: DOMNode | None) -> str:
        screen = self.screen
        if not isinstance(screen, BenchScreen):
            return ""
        named = action.partition("(")[0]
        if "." not in named:
            place = "screen" if namespace is screen else "app" if namespace in (self, None) else ""
            action = f"{place}.{action}"
        return screen.idle().get(action, "")

    def on_key(self, event: KeyPress) -> None:
        """A key that means nothing here is told so, once it has turned out that nothing is done."""
        if isinstance(self.screen, BenchScreen):
            name = event.character if event.character and event.character.isprintable() else event.key
            self.call_later(self._unheard, name, self._acted)

    def _unheard(self, name: str, before: int) -> None:
        if self._acted == before and isinstance(self.screen, BenchScreen) and name not in _SILENT:
            self.notify(_("{key} does nothing here; ? shows what can be done").format(key=name), timeout=3)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
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

    def _doing(self, action: str) -> Any:
        return partial(self.call_later, self.run_action, action)

    def action_undo(self) -> None:
        self.undo()

    def action_redo(self) -> None:
        self.redo()

    # --- files

    def action_save(self) -> None:
        """Save the scenario in its file; a new one is asked for a name."""
        document = self.document
        if document is None:
            return
        if not document.file:
            self.action_save_as()
            return
        wrong = self._written(Path(document.file))
        if wrong:
            self.notify(wrong, severity="error")
        else:
            self.notify(_("saved: {file}").format(file=document.name))

    def action_save_as(self) -> None:
        document, asked = self.document, list[Path]()

        def take(text: str) -> str:
            path = Path(text).expanduser()
            if path.exists() and document is not None and str(path) != document.file and path not in asked:
                asked.append(path)
                return _("There is a file of that name: enter once more replaces it.")
            return self._written(path)

        if document is not None:
            hint = _("enter saves · → completes · escape leaves it")
            self.push_screen(Name(_("Save the scenario as"), hint, take, document.file))

    def _written(self, path: Path) -> str:
        """Write the scenario; what is wrong, or nothing."""
        if self.document is None:
            return ""
        try:
            self.edit(self.document.written(path))
        except Problems as error:
            return str(error)
        return ""

    def action_open(self) -> None:
        def take(text: str) -> str:
            return self.open_file(Path(text).expanduser())

        hint = _("enter opens · → completes · escape leaves it")
        self._unless_unsaved(lambda: self.push_screen(Name(_("Open a scenario (TOML)"), hint, take)))

    def open_file(self, path: Path) -> str:
        """Put another scenario on the workbench; what is wrong with that, or nothing."""
        try:
            self.take(State.opened(path, self.state.base))
        except Problems as error:
            return str(error)
        return ""

    def take(self, state: State) -> None:
        """Work on something else."""
        self.state = state
        self._looked()
        self.told()

    # --- leaving

    async def action_quit(self) -> None:
        """Stop, at once if nothing is lost by it."""
        self._unless_unsaved(self.exit)

    def _unless_unsaved(self, then: Any) -> None:
        lost = [text for screen in self._made.values() if (text := screen.unsaved())]
        if self.document is not None and self.document.unsaved:
            name = self.document.name or _("new scenario")
            lost.append(_("{file} has changes that are not saved; s saves them.").format(file=name))

        def take(answer: str | None) -> None:
            if answer:
                then()

        if lost:
            self.push_screen(Ask(_("Leave without saving?"), "\n".join(lost)), take)
        else:
            then()


_SILENT = ("escape", "tab", "shift+tab", "enter", "up", "down", "left", "right", "home", "end", "pageup", "pagedown")
"""Keys of moving about: where they do nothing, that is seen."""


def run_workbench(state: State, first: str = "") -> None:
    """Open the workbench, until the person leaves it."""
    Workbench(state, first).run()
