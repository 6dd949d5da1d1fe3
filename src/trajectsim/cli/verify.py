"""``trajectsim verify``: put a draft reform to the proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trajectsim.cli import FAILED, OK, UNUSABLE
from trajectsim.cli.options import format_option, json_text, language_option, show, write
from trajectsim.errors import Problem, Problems
from trajectsim.words import _, ngettext

if TYPE_CHECKING:
    from trajectsim.verify.findings import Finding

EXAMPLES = 300


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = click.Command(
        "verify",
        callback=_verify,
        help=_(
            "Look for a counter-example to a draft reform: a scenario with [[reform]]. Tables are looked at whole and "
            "proved, marks and walks are searched; each property says which. Exit 1 when one is found."
        ),
        short_help=_("Look for a counter-example to a draft reform."),
        params=[
            click.Argument(["file"], metavar="REFORM", type=click.Path(path_type=Path)),
            click.Option(
                ["--examples"],
                type=click.IntRange(1, 1_000_000),
                default=EXAMPLES,
                show_default=True,
                metavar="N",
                help=_("How many sheets of marks and how many walks are tried."),
            ),
            click.Option(
                ["--write", "folder"],
                metavar="FOLDER",
                type=click.Path(path_type=Path),
                help=_("Write each counter-example there, as a scenario."),
            ),
            format_option(("text", "json")),
        ],
    )
    return language_option(made)


def _verify(file: Path, examples: int, folder: Path | None, formats: list[tuple[str, str]]) -> int:
    if find_spec("hypothesis") is None:
        raise click.ClickException(_("verify needs hypothesis: pip install 'trajectsim[verify]'"))
    from trajectsim.law.lawbook import Lawbook
    from trajectsim.scenario.plans import law_of
    from trajectsim.scenario.read import read
    from trajectsim.verify.proof import findings

    try:
        source = read(file)
        if not source.scenario.reform:
            message = _("there is no [[reform]] in this file to verify")
            raise Problems([Problem("S102", message, str(file))])
        try:
            law = law_of(source.scenario, Lawbook.load())
        except Problems as error:
            raise Problems(source.variant.located(error.problems)) from None
        found = list(findings(law, examples))
        shown = dict(_scenarios(found, source.variant.document["reform"]))
        writers = {
            "text": lambda: "".join(f"{line}\n" for line in _lines(source.scenario.title, found, shown)),
            "json": lambda: json_text([_data(finding, shown) for finding in found]),
        }
        write(formats, writers)
        if folder is not None:
            _write(folder, file, shown)
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    broken = sum(not finding.holds for finding in found)
    told = ngettext("{n} counter-example found", "{n} counter-examples found", broken).format(n=broken)
    click.echo(told if broken else _("no counter-example found"), err=True)
    return FAILED if broken else OK


def _scenarios(found: Iterable[Finding], reforms: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """By property, the counter-example as the text of a scenario."""
    import tomli_w

    from trajectsim.verify.proof import counter_scenario

    for finding in found:
        document = counter_scenario(finding, _("Counter-example: {what}").format(what=finding.text), reforms)
        if document:
            yield finding.name, tomli_w.dumps(document)


def _lines(title: str, found: Iterable[Finding], shown: dict[str, str]) -> Iterator[str]:
    yield title
    for finding in found:
        sign = "✓" if finding.holds else "✗"
        yield f"{sign} {finding.text} · {_how(finding)}"
        if finding.counter is not None:
            yield f"    {finding.counter.text}"
            yield from (f"    | {line}".rstrip() for line in shown.get(finding.name, "").splitlines())


def _how(finding: Finding) -> str:
    if not finding.cases:
        return _("the reform does not touch it")
    if finding.how == "proved":
        return ngettext("proved: {n} case", "proved: all {n} cases", finding.cases).format(n=finding.cases)
    return ngettext("searched: {n} case", "searched: {n} cases", finding.cases).format(n=finding.cases)


def _data(finding: Finding, shown: dict[str, str]) -> dict[str, Any]:
    counter = finding.counter
    return {
        "property": finding.name,
        "text": finding.text,
        "holds": finding.holds,
        "how": finding.how,
        "cases": finding.cases,
        "counter": counter.text if counter is not None else None,
        "scenario": shown.get(finding.name),
    }


def _write(folder: Path, file: Path, shown: dict[str, str]) -> None:
    from trajectsim.writing import write_file

    if not folder.is_dir():
        raise Problems([Problem("S001", _("there is no such folder"), str(folder))])
    for name, text in shown.items():
        write_file(folder / f"{file.stem}-{name}.toml", text)
