"""Scenarios to begin with."""

from __future__ import annotations

from datetime import date

from trajectsim.calendar import SchoolYear, year_of_groep_1
from trajectsim.words import N_, _

TEMPLATES: dict[str, str] = {
    "path": """title = "{title}"

[measures]
# skip-year = true               # a measure that her schools offer: trajectsim law lists them

[pupil]
born = {born}

# [[choice]]                     # a move at the end of a school year; without one she moves up
# in = "{year}"
# move = "repeat"

[[expect.at]]                    # what has to be so, and the rule or article behind it
in = "{year}"
place = "po/1"
""",
    "start": """title = "{title}"

[pupil]
born = {born}

[start]                          # who is at school already
in = "{year}"
at = "{at}"

[[expect.at]]                    # what has to be so, and the rule or article behind it
in = "{year}"
place = "{at}"
""",
    "reform": """title = "{title}"

[[reform]]                       # trajectsim law RULE says what can be set
rule = "cum-laude-vwo"
set = "mean"
from = "2027/2028"
value = 7.5

[pupil]
born = {born}

[[expect.at]]
in = "{year}"
place = "po/1"
""",
    "cohort": """title = "{title}"

[cohort]                         # trajectsim cohort FILE plays it
size = 200                       # children
births = [2010]
replications = 2

[[policy]]                       # what the others are compared with
id = "now"

[[policy]]
id = "reform"

[[policy.reform]]                # trajectsim verify FILE looks for what is wrong with it
rule = "cum-laude-vwo"
set = "mean"
from = "2026/2027"
value = 7.5

[[expect.cohort]]
figure = "laude.vwo"             # a figure as trajectsim cohort FILE --format csv calls it
policy = "reform"
against = "now"
min = 0
""",
}
"""What a new scenario can begin as; each passes check and run as it is."""

REMARKS = (
    N_("a measure that her schools offer: trajectsim law lists them"),
    N_("a move at the end of a school year; without one she moves up"),
    N_("what has to be so, and the rule or article behind it"),
    N_("who is at school already"),
    N_("trajectsim law RULE says what can be set"),
    N_("trajectsim cohort FILE plays it"),
    N_("children"),
    N_("what the others are compared with"),
    N_("trajectsim verify FILE looks for what is wrong with it"),
    N_("a figure as trajectsim cohort FILE --format csv calls it"),
)
"""What is remarked in them; it is written in the language that is spoken."""

ABOUT = {
    "path": N_("a pupil from groep 1 on"),
    "start": N_("a pupil who is at school already"),
    "reform": N_("a draft of a rule, tried on a pupil"),
    "cohort": N_("a draft of a rule, tried on a birth cohort"),
}
"""What each of them is, in words."""

FIRST = "po/1"
USUAL_AGE = 12
"""The age of a pupil nobody said anything of."""


def asked(template: str) -> tuple[str, ...]:
    """What a template leaves open for who begins with it: its title, a date of birth, a place."""
    return tuple(name for name in ("title", "born", "at") if f"{{{name}}}" in TEMPLATES.get(template, ""))


def usual_birth(today: date) -> str:
    """The date of birth of a pupil nobody said anything of."""
    return date(today.year - USUAL_AGE, 3, 12).isoformat()


def begun(template: str, title: str, born: str, *, at: str = FIRST, year: SchoolYear | None = None) -> str:
    """The text of a scenario from a template: of who was born then, and for "start" is at a place in a school year; in
    groep 1 when none is given. Raises ValueError for what is no date."""
    year = year or year_of_groep_1(date.fromisoformat(born))
    escaped = title.replace("\\", "\\\\").replace('"', '\\"')
    text = TEMPLATES[template]
    for remark in REMARKS:
        text = text.replace(f"# {remark}\n", f"# {_(remark)}\n")
    return text.format(title=escaped, born=born, year=year, at=at)
