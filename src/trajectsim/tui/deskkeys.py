"""The keys of the options, compare, cohort and law screens, as they are told; and what their signs mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trajectsim.tui.help import Chapter
from trajectsim.tui.keys import LAW_KEY, Key
from trajectsim.words import N_, _

OPTIONS_KEYS = (
    Key("←→", N_("year"), N_("another school year of the life; home and end go to the first and the last"), 1),
    Key("↑↓", N_("step"), N_("another step that may or may not be taken, or a line of what is behind it"), 2),
    Key(
        N_("space"),
        N_("choose"),
        N_("choose the step, or choose it no more; on a measure that would open a step: turn it on"),
        0,
        "screen.take",
    ),
    Key("enter", N_("unfold"), N_("unfold or fold the reasons and articles behind a step"), 5),
    Key(
        "b",
        N_("branch"),
        N_("keep this path beside and go on with the scenario: the compare screen shows both"),
        3,
        "screen.branch",
    ),
    LAW_KEY,
    Key("tab", N_("panel"), N_("go between the steps and the years"), 7),
)

COMPARE_KEYS = (
    Key("←→", N_("year"), N_("another school year; home and end go to the first and the last"), 2),
    Key("↑↓", N_("path"), N_("another path to hold against the first, A"), 1),
    Key(
        "a",
        N_("add"),
        N_("add a path: without measures, with one more or less, a branch, another scenario"),
        0,
        "screen.add",
    ),
    Key("x", N_("remove"), N_("take the chosen path away; nothing is lost by it"), 3, "screen.remove"),
    Key("v", N_("what differs"), N_("from the figures to what differs year by year, and back"), 1, "screen.parts"),
    Key(
        "t",
        N_("go on"),
        N_("go on with the chosen branch as the scenario; undo brings back this one"),
        4,
        "screen.take",
    ),
    Key("tab", N_("panel"), N_("go to the next panel"), 7),
)

COHORT_KEYS = (
    Key(
        N_("space"),
        N_("choose"),
        N_("choose a policy to run, or leave it out; the first, A, is always run"),
        1,
        "screen.choose",
    ),
    Key(
        "r",
        N_("run"),
        N_("run the chosen policies on a birth cohort; the screens stay awake meanwhile"),
        0,
        "screen.run",
    ),
    Key("x", N_("stop"), N_("stop a run (also escape)"), 0, "screen.cancel"),
    Key("+", N_("children"), N_("more children: figures are surer, and it takes longer"), 3, "screen.size(1)"),
    Key("-", "", N_("fewer children"), 9, "screen.size(-1)"),
    Key("↑↓", N_("figure"), N_("in the figures: another one, which is drawn beneath them"), 2),
    Key(
        "e",
        N_("examples"),
        N_("children for whom the policy changes something; one is opened on the path screen"),
        2,
        "screen.examples",
    ),
    Key(
        "w",
        N_("what moves it"),
        N_("which parameters move the figure most, looked for in some hundreds of worlds; again: the figure itself"),
        5,
        "screen.moves",
    ),
    Key("v", N_("world"), N_("the figures in another of the worlds of the file"), 4, "screen.world"),
    Key("tab", N_("panel"), N_("go between the policies and the figures"), 6),
)

LAW_KEYS = (
    Key("←→", N_("year"), N_("another school year; home and end go to the first and the last that is known"), 1),
    Key("↑↓", N_("rule"), N_("another rule, or a line of it when that has the focus"), 2),
    Key(
        "/",
        N_("search"),
        N_("search by words of the rule, its article or the report of 2015; escape ends it"),
        1,
        "screen.search",
    ),
    Key(
        "c",
        N_("changed"),
        N_("only the rules that changed between two years (marked ±); again: every rule"),
        0,
        "screen.shows('changed')",
    ),
    Key("[", "", N_("an earlier year that the chosen one is held against"), 9, "screen.since(-1)"),
    Key("]", "", N_("a later year that the chosen one is held against"), 9, "screen.since(1)"),
    Key(
        "m",
        N_("measures"),
        N_("only the measures, with what the report of 2015 says of them; again: every rule"),
        3,
        "screen.shows('measures')",
    ),
    Key("enter", N_("read"), N_("go from the list to the rule; there: unfold or fold a line"), 5),
    Key("tab", N_("panel"), N_("go to the next panel"), 7),
    Key(N_("esc"), N_("back"), N_("out of the search, then back to where you came from"), 3, "screen.back"),
)

_ARTICLE = ("§", N_("the article; A: read in the law, B: an official page, C: from memory"))

_OPTIONS_SIGNS = (
    (
        N_("In the life"),
        (
            ("●", N_("the step is chosen in the scenario; →: it follows by itself")),
            ("✗", N_("something was asked for in this year and is refused")),
            ("★", N_("something extra is done")),
            ("◆", N_("a diploma")),
            ("*", N_("the law of that year is not known; the nearest known year answers")),
        ),
    ),
    (
        N_("In the year"),
        (
            ("✓", N_("may be done: by right, or when the school agrees")),
            ("→", N_("is what happens")),
            ("✗", N_("cannot be done, and why; it can be chosen all the same, and is then marked as refused")),
            ("?", N_("cannot be told from what is given")),
            ("▹", N_("what would open it: a measure, or the law of another year")),
            _ARTICLE,
        ),
    ),
)

_COMPARE_SIGNS = (
    (
        N_("On the map and in the figures"),
        (
            ("A", N_("the scenario; B, C and D are held against it")),
            ("≠", N_("is otherwise than in A: in this year, or in this figure")),
            ("●", N_("a school year on the path")),
            ("◆", N_("a diploma")),
            ("◈", N_("a diploma cum laude")),
            ("✗", N_("something that was asked for is refused")),
        ),
    ),
)

_COHORT_SIGNS = (
    (
        N_("The policies"),
        (
            ("[A]", N_("the policy that the others are compared with")),
            ("[B]", N_("is run; the letter is its name in the figures")),
            ("[ ]", N_("is not run")),
        ),
    ),
    (
        N_("The figures"),
        (
            ("✓", N_("differs: 80% of the replications lie to one side of nothing")),
            ("?", N_("may as well not differ")),
            ("├●┤", N_("the median, and what 80% of the replications lie between; ○: the difference is not sure")),
            ("┊", N_("no difference")),
            ("~", N_("how sure the figures are; nothing of it is advice on a child")),
        ),
    ),
)

_LAW_SIGNS = (
    (
        N_("In the list"),
        (
            ("±", N_("changed between the two years")),
            ("·", N_("in the law of the year")),
            ("–", N_("not in the law of the year")),
        ),
    ),
    (
        N_("On the line of the rule"),
        (
            ("●", N_("from this year on the rule says something else")),
            ("○", N_("from this year on the law does not know it any more")),
            ("─", N_("it says what it said the year before")),
            ("╌", N_("the law does not know it")),
        ),
    ),
    (
        N_("In the rule"),
        (
            ("✓", N_("a right, a duty, or what is asked")),
            ("?", N_("the school decides")),
            ("✗", N_("forbidden, or not lawful")),
            ("−", N_("was so, and is gone")),
            ("+", N_("is new")),
            _ARTICLE,
        ),
    ),
)

Signs = Iterable[tuple[str, Iterable[tuple[str, str]]]]


def options_help() -> Iterator[Chapter]:
    """What the signs of the options screen mean."""
    return _chapters(_OPTIONS_SIGNS)


def compare_help() -> Iterator[Chapter]:
    """What the signs of the compare screen mean."""
    return _chapters(_COMPARE_SIGNS)


def cohort_help() -> Iterator[Chapter]:
    """What the signs of the cohort screen mean."""
    return _chapters(_COHORT_SIGNS)


def law_help() -> Iterator[Chapter]:
    """What the signs of the law screen mean."""
    return _chapters(_LAW_SIGNS)


def _chapters(signs: Signs) -> Iterator[Chapter]:
    for title, entries in signs:
        yield _(title), tuple((sign, _(text)) for sign, text in entries)
