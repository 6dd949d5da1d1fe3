"""Everything the law screen shows: the rules as they answer in a school year, searched, and what changed between two
years. No Textual here.

``LawDesk``      what is looked at: a year, the year it is held against, what is searched for, a rule
``show(desk)``   -> LawView, what the screen prints
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, field, frozen

from trajectsim.calendar import SchoolYear
from trajectsim.law.exams import Demand
from trajectsim.law.lawbook import CALENDAR, AnyRule, Lawbook, OfExams
from trajectsim.law.measures import FORCE_OF_KIND, Measure
from trajectsim.law.tables import Cite, Force, Version, at
from trajectsim.report.evidence import evidence_lines
from trajectsim.report.linemap import Canvas, LineMap
from trajectsim.report.measures import measure_lines, writing_lines
from trajectsim.report.rules import about_lines, sort_text, version_nodes
from trajectsim.report.text import span_text
from trajectsim.tui.viewmodel import kind_text
from trajectsim.tui.yearview import Line
from trajectsim.verdict import Node
from trajectsim.words import _, language, listed, ngettext


@frozen
class LawDesk:
    """The law as somebody looks at it. ``base`` is the year that ``year`` is held against, ``shows`` which rules are
    listed ("all", "changed" between the two, "measures"), ``asked`` what is searched for, ``rule`` the rule that is
    read, "" for the first that is listed."""

    law: Lawbook = field(repr=False, eq=False)
    year: SchoolYear
    base: SchoolYear
    shows: str = "all"
    asked: str = ""
    rule: str = ""

    @classmethod
    def of(cls, law: Lawbook, year: SchoolYear | None = None) -> LawDesk:
        """Every rule in a school year, held against the one before; without one, the last that is known."""
        seen = min(max(year, years(law)[0]), years(law)[-1]) if year else years(law)[-1]
        return cls(law, seen, seen + -1)

    def to(self, year: SchoolYear) -> LawDesk:
        """Another year, held against the one before if that was so, else against the same one."""
        seen = min(max(year, years(self.law)[0]), years(self.law)[-1])
        return evolve(self, year=seen, base=seen + -1 if self.base == self.year + -1 else self.base)

    def against(self, year: SchoolYear) -> LawDesk:
        """Held against another year: what changed between the two is listed."""
        return evolve(self, base=min(max(year, years(self.law)[0]), years(self.law)[-1]), shows="changed")

    def showing(self, shows: str) -> LawDesk:
        """With other rules listed; every rule again when these are already."""
        return evolve(self, shows="all" if self.shows == shows else shows)

    def searched(self, text: str) -> LawDesk:
        """With only the rules in which every word of a text occurs."""
        return evolve(self, asked=text)

    def reading(self, rule: str) -> LawDesk:
        """With a rule to read; listed too, whatever was searched for."""
        desk = evolve(self, rule=rule)
        return desk if rule in desk.listed else evolve(desk, shows="all", asked="")

    def under(self, law: Lawbook) -> LawDesk:
        """The same in another law, such as one with reforms."""
        return evolve(self, law=law, rule=self.rule if law.rule(self.rule) else "")

    @property
    def listed(self) -> tuple[str, ...]:
        """The ids of the rules that are listed, in order."""
        words = self.asked.lower().split()
        changed = set(_changed(self.law, self.base, self.year)) if self.shows == "changed" else None
        return tuple(
            rule.id
            for rule in self.law.rules()
            if (changed is None or rule.id in changed)
            and (self.shows != "measures" or isinstance(rule, Measure))
            and (not words or all(word in _text(rule, self.law) for word in words))
        )


@frozen
class Entry:
    """A rule in the list: a sign for how it stands in the year, its name, and its sort above the first of a sort."""

    id: str
    label: str
    sign: str
    role: str
    head: str = ""


@frozen
class LawView:
    """What the law screen prints. ``axis`` is a map of the years with the versions of the rule that is read, ``lines``
    what it says; ``rule`` is its id, "" where nothing is listed."""

    desk: LawDesk
    axis: LineMap
    entries: tuple[Entry, ...]
    rule: str
    title: str
    lines: tuple[Line, ...]
    counted: str
    status: tuple[tuple[str, str], ...]

    @property
    def cursor(self) -> int:
        """Where the rule stands in the list."""
        return next((n for n, entry in enumerate(self.entries) if entry.id == self.rule), 0)

    def beside(self, by: int) -> str:
        """The rule some lines further in the list, "" where there is none."""
        index = min(max(self.cursor + by, 0), len(self.entries) - 1)
        return self.entries[index].id if self.entries else ""


def years(law: Lawbook) -> tuple[SchoolYear, ...]:
    """The school years of which the law is known, that of exams included."""
    first = min(law.known.first or 0, law.known_exams.first or 0)
    last = max(law.known.last or 0, law.known_exams.last or 0)
    return tuple(SchoolYear(year) for year in range(first, last + 1))


def show(desk: LawDesk) -> LawView:
    """The screen for a desk."""
    law, found = desk.law, desk.listed
    rule = law.rule(desk.rule if desk.rule in found else found[0] if found else "")
    lines = tuple(_lines(rule, desk)) if rule is not None else (Line("none", _nothing(desk), "head"),)
    return LawView(
        desk=desk,
        axis=_axis(desk, rule),
        entries=tuple(_entries(found, desk)),
        rule=rule.id if rule is not None else "",
        title=f"{rule.label} · {sort_text(rule)}" if rule is not None else _("No rule"),
        lines=lines,
        counted=_counted(desk, len(found)),
        status=tuple(_status(rule, desk)),
    )


# --- the list -----------------------------------------------------------------------------------------------


def _entries(found: Iterable[str], desk: LawDesk) -> Iterator[Entry]:
    law, sort = desk.law, ""
    changed = set(_changed(law, desk.base, desk.year))
    alike = law.kept(("named alike", language()), lambda: _named_alike(law))
    for name in found:
        rule = law.rule(name)
        if rule is None:
            continue
        own = sort_text(rule)
        new, known = name in changed, _known(rule, desk.year, law)
        sign, role = ("±", "act") if new else ("·", "") if known else ("–", "greyed")
        label = f"{rule.label} · {alike[name]}" if name in alike else str(rule.label)
        yield Entry(name, label, sign, role if new or known else "greyed", own if own != sort else "")
        sort = own


def _named_alike(law: Lawbook) -> Mapping[str, str]:
    """The rules of a sort that have the same name, by id, with what tells them apart: the levels whose exam makes the
    demand or, where that does not, the id."""
    named: dict[tuple[str, str], dict[str, str]] = {}
    for rule in law.rules():
        levels = ", ".join(map(law.level_text, rule.levels)) if isinstance(rule, Demand) else ""
        named.setdefault((sort_text(rule), str(rule.label)), {})[rule.id] = levels
    told: dict[str, str] = {}
    for levels in named.values():
        if len(levels) > 1:
            apart = all(levels.values()) and len({*levels.values()}) == len(levels)
            told.update(levels if apart else {name: name for name in levels})
    return told


def _counted(desk: LawDesk, n: int) -> str:
    """What is listed, and how many rules that are."""
    if desk.shows == "changed":
        if desk.base == desk.year + -1:
            return _("{n} changed in {year}").format(n=n, year=desk.year)
        return _("{n} changed, {base} – {year}").format(n=n, base=desk.base, year=desk.year)
    if desk.shows == "measures":
        return ngettext("{n} measure", "{n} measures", n).format(n=n)
    return ngettext("{n} rule", "{n} rules", n).format(n=n)


def _nothing(desk: LawDesk) -> str:
    if desk.asked.strip():
        return _("No rule has these words: {words}").format(words=desk.asked.strip())
    return _("Nothing changed.")


def _changed(law: Lawbook, base: SchoolYear, year: SchoolYear) -> tuple[str, ...]:
    return law.kept(("changed", base, year), lambda: tuple(law.changes(base, year)))


def _text(rule: AnyRule, law: Lawbook) -> str:
    """Everything of a rule that is searched through, in lower case."""

    def make() -> str:
        parts = [rule.id, rule.label.nl, rule.label.en, sort_text(rule), *(cite.noted for cite in rule.cite)]
        parts += [str(rule.doubt)] if rule.doubt else []
        if isinstance(rule, Measure):
            parts += [*measure_lines(rule, law), *writing_lines(rule)]
        else:
            for version in rule.version:
                parts += [text for node in version_nodes(version, rule, law) for text in _flat(node)]
        return "\n".join(parts).lower()

    return law.kept(("searched through", rule.id, language()), make)


def _flat(node: Node) -> Iterator[str]:
    yield node.text
    if node.cite:
        yield node.cite.sure
    for child in node.children:
        yield from _flat(child)


# --- the axis of years --------------------------------------------------------------------------------------


def _axis(desk: LawDesk, rule: AnyRule | None) -> LineMap:
    """The years, how many rules changed in each, and since when the rule that is read says what it says."""
    law, all_years = desk.law, years(desk.law)
    labels = (_("changed"), _("this rule"), _("year"))
    canvas = Canvas.of(all_years, labels)
    counts = [len(_changed(law, year + -1, year)) if year != all_years[0] else 0 for year in all_years]
    rows = [
        canvas.axis("years", labels[2], (f"{year.start % 100:02}" for year in all_years)),
        canvas.axis("changed", labels[0], (str(n) if n else "·" for n in counts)),
    ]
    if rule is not None:
        rows.append(canvas.cells("rule", labels[1], _line_of(rule, all_years, law)))
    drawn = LineMap(all_years, canvas.left, canvas.width, tuple(rows), ())
    return drawn.with_cursor(desk.year)


_NEW, _ON, _OFF = "──●", "───", "╌╌╌"


def _line_of(rule: AnyRule, all_years: Iterable[SchoolYear], law: Lawbook) -> Iterator[tuple[str, str]]:
    """A station where a rule says something new, a line while it does, a dotted one while the law does not know it."""
    before: SchoolYear | None = None
    for year in all_years:
        known = _known(rule, year, law)
        new = before is None or rule.id in _changed(law, before, year)
        before = year
        yield (_NEW if new else _ON, "walk") if known else ("──○" if new else _OFF, "hollow")


def _known(rule: AnyRule, year: SchoolYear, law: Lawbook) -> bool:
    """Whether the law of a year has the rule: it opens, asks or forbids something."""
    own = law.answering(rule, _clamped(rule, year, law))
    if isinstance(rule, Measure):
        return any(own in span for span in law.measure_spans(rule, CALENDAR))
    found = [version for version in rule.version if own in version.span]
    return any(not isinstance(version, Version) or version.ways for version in found)


def _clamped(rule: AnyRule, year: SchoolYear, law: Lawbook) -> int:
    return (law.known_exams if isinstance(rule, OfExams) else law.known).clamp(year.start)


# --- the rule that is read ----------------------------------------------------------------------------------

_FORCE_ROLES = {Force.RIGHT: "yes", Force.DUTY: "yes", Force.DISCRETION: "maybe", Force.FORBIDDEN: "no"}


def _lines(rule: AnyRule, desk: LawDesk) -> Iterator[Line]:
    law, year = desk.law, desk.year
    if year.start not in (law.known_exams if isinstance(rule, OfExams) else law.known):
        beyond = _("The law of {year} is not known here; the nearest known year answers.").format(year=year)
        yield Line("beyond", beyond, "beyond")
    yield from _changes(rule, desk)
    yield Line("now", _("In {year}").format(year=year), "head", tuple(_answer(rule, year, law, "now")), shown=True)
    if isinstance(rule, Measure):
        yield from _about_measure(rule, law)
    else:
        yield _versions(rule, desk)
    if rule.doubt:
        yield Line("doubt", _("Doubt: {doubt}").format(doubt=rule.doubt), "maybe")
    cites = tuple(_article(f"article/{n}", cite) for n, cite in enumerate(rule.cite))
    yield Line("articles", _("Articles, by year"), "head", cites, shown=len(cites) > 1)
    about = (_("id: {id}").format(id=rule.id), *about_lines(rule)) if not isinstance(rule, Measure) else ()
    if about:
        yield Line("about", _("About"), "head", tuple(Line(f"about/{n}", text) for n, text in enumerate(about)))


def _changes(rule: AnyRule, desk: LawDesk) -> Iterator[Line]:
    """What is gone and what is new in the year, held against the other one."""
    if rule.id not in _changed(desk.law, desk.base, desk.year):
        return
    told = [tuple(_answer(rule, year, desk.law, str(year))) for year in (desk.base, desk.year)]
    texts = [{line.text for line in each} for each in told]
    gone = (evolve(line, role="gone") for line in told[0] if line.text not in texts[1])
    new = (evolve(line, role="new") for line in told[1] if line.text not in texts[0])
    title = _("Changed from {base} to {year}").format(base=desk.base, year=desk.year)
    yield Line("changed", title, "head", (*gone, *new), shown=True)


def _answer(rule: AnyRule, year: SchoolYear, law: Lawbook, key: str) -> Iterator[Line]:
    """What a rule says in a year, and by which article."""
    own = law.answering(rule, _clamped(rule, year, law))
    if isinstance(rule, Measure):
        known = _known(rule, year, law)
        role = _FORCE_ROLES[FORCE_OF_KIND[rule.kind]] if known else "no"
        yield Line(f"{key}/lawful", kind_text(rule) if known else _("not lawful"), role)
    else:
        for version in rule.version:
            if own in version.span:
                yield from _said(version, rule, law, f"{key}/said")
    yield Line(f"{key}/cite", at(rule.cite, own).noted, "article")


def _said(version: object, rule: AnyRule, law: Lawbook, key: str) -> Iterator[Line]:
    nodes = tuple(version_nodes(version, rule, law))  # pyright: ignore[reportArgumentType]
    ways = version.ways if isinstance(version, Version) else ()
    for n, node in enumerate(nodes):
        role = _FORCE_ROLES[ways[n].force] if n < len(ways) else "plain"
        yield _line(f"{key}/{n}", node, role)


def _line(key: str, node: Node, role: str = "plain") -> Line:
    if node.cite is not None:
        return Line(key, f"{node.text}: {node.cite.sure}", "article")
    return Line(key, node.text, role, tuple(_line(f"{key}/{n}", child) for n, child in enumerate(node.children)))


def _versions(rule: AnyRule, desk: LawDesk) -> Line:
    """Every version, that of the year unfolded in what the year says and so not here."""
    assert not isinstance(rule, Measure)
    own = desk.law.answering(rule, _clamped(rule, desk.year, desk.law))
    found: list[Line] = []
    for n, version in enumerate(rule.version):
        here = own in version.span
        text = f"{span_text(version.span)}" + (f" ◂ {desk.year}" if here else "")
        said = tuple(_said(version, rule, desk.law, f"version/{n}"))
        found.append(Line(f"version/{n}", text, "taken" if here else "plain", said, shown=not here))
    n = len(found)
    title = ngettext("{n} version", "{n} versions", n).format(n=n)
    return Line("versions", title, "head", tuple(found), shown=n > 1)


def _about_measure(measure: Measure, law: Lawbook) -> Iterator[Line]:
    """The words of the report and what became of them; what only who writes a scenario needs lies folded."""
    said = (*about_lines(measure), *measure_lines(measure, law), *evidence_lines(measure))
    needed = (_("id: {id}").format(id=measure.id), *writing_lines(measure))
    for key, title, texts in (
        ("report", _("The measure"), said),
        ("writing", _("To write it in a scenario"), needed),
    ):
        lines = tuple(Line(f"{key}/{n}", text.strip()) for n, text in enumerate(texts) if text.strip())
        yield Line(key, title, "head", lines, shown=key == "report")


def _article(key: str, cite: Cite) -> Line:
    return Line(key, f"{span_text(cite.span)}: {cite.noted}", "article")


def _status(rule: AnyRule | None, desk: LawDesk) -> Iterator[tuple[str, str]]:
    """How the rule stands in the year, and since when."""
    if rule is None:
        yield f" {_nothing(desk)}", "maybe"
        return
    law = desk.law
    since = [year for year in years(law)[1:] if rule.id in _changed(law, year + -1, year)]
    yield f" {rule.label}", "head"
    known = _known(rule, desk.year, law)
    yield ": " + (_("in the law of {year}") if known else _("not in the law of {year}")).format(year=desk.year), ""
    told = _("changes in {years}").format(years=listed(map(str, since))) if since else _("the same in every known year")
    yield f" · {told}", ""
