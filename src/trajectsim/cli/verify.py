"""``trajectsim verify``: put a draft reform to the proof."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import frozen

from trajectsim.cli.codes import FAILED, OK, UNUSABLE
from trajectsim.cli.options import Whole, format_option, json_text, language_option, show, spare, write
from trajectsim.errors import Problem, Problems
from trajectsim.words import _, ngettext

if TYPE_CHECKING:
    from trajectsim.verify.drafts import Draft
    from trajectsim.verify.findings import Finding

EXAMPLES = 300


def command() -> click.Command:
    """The command; made when it is chosen, in the language that is spoken."""
    made = click.Command(
        "verify",
        callback=_verify,
        help=_(
            "Look for a counter-example to a draft reform: a scenario with [[reform]], or a cohort with policies that "
            "have [[policy.reform]]. Tables are looked at whole and "
            "proved, marks and walks are searched; each property says which. Exit 1 when one is found."
        ),
        short_help=_("Look for a counter-example to a draft reform."),
        params=[
            click.Argument(["file"], metavar="REFORM", type=click.Path(path_type=Path)),
            click.Option(
                ["--examples"],
                type=Whole(1, 1_000_000),
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
    from trajectsim.verify.drafts import drafts
    from trajectsim.verify.proof import findings

    try:
        spare([file], formats)
        looked = [_looked(draft, findings(draft.law, examples)) for draft in drafts(file, Lawbook.load())]
        writers = {
            "text": lambda: "\n".join("".join(f"{line}\n" for line in _lines(each)) for each in looked),
            "json": lambda: json_text([row for each in looked for row in _data(each)]),
        }
        write(formats, writers)
        if folder is not None:
            _write(folder, file, looked)
    except Problems as error:
        show(error.problems)
        return UNUSABLE
    broken = sum(not finding.holds for each in looked for finding in each.found)
    told = ngettext("{n} counter-example found", "{n} counter-examples found", broken).format(n=broken)
    click.echo(told if broken else _("no counter-example found"), err=True)
    return FAILED if broken else OK


@frozen(eq=False)
class _Looked:
    """A draft, what became of each property, and by property the counter-example as the text of a scenario."""

    draft: Draft
    found: list[Finding]
    shown: dict[str, str]


def _looked(draft: Draft, findings: Iterable[Finding]) -> _Looked:
    found = list(findings)
    return _Looked(draft, found, dict(_scenarios(found, draft.reforms)))


def _scenarios(found: Iterable[Finding], reforms: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    import tomli_w

    from trajectsim.verify.proof import counter_scenario

    for finding in found:
        document = counter_scenario(finding, _("Counter-example: {what}").format(what=finding.text), reforms)
        if document:
            yield finding.name, tomli_w.dumps(document)


def _lines(looked: _Looked) -> Iterator[str]:
    yield looked.draft.title
    for finding in looked.found:
        sign = "✓" if finding.holds else "✗"
        yield f"{sign} {finding.text} · {_how(finding)}"
        if finding.counter is not None:
            yield f"    {finding.counter.text}"
            yield from (f"    | {line}".rstrip() for line in looked.shown.get(finding.name, "").splitlines())


def _how(finding: Finding) -> str:
    if not finding.cases:
        return _("the reform does not touch it")
    if finding.how == "proved":
        return ngettext("proved: {n} case", "proved: all {n} cases", finding.cases).format(n=finding.cases)
    return ngettext("searched: {n} case", "searched: {n} cases", finding.cases).format(n=finding.cases)


def _data(looked: _Looked) -> Iterator[dict[str, Any]]:
    for finding in looked.found:
        counter = finding.counter
        yield {
            "draft": looked.draft.title,
            "property": finding.name,
            "text": finding.text,
            "holds": finding.holds,
            "how": finding.how,
            "cases": finding.cases,
            "counter": counter.text if counter is not None else None,
            "scenario": looked.shown.get(finding.name),
        }


def _write(folder: Path, file: Path, looked: Iterable[_Looked]) -> None:
    from trajectsim.writing import write_file

    if not folder.is_dir():
        raise Problems([Problem("S001", _("there is no such folder"), str(folder))])
    for each in looked:
        part = re.sub(r"[^\w-]+", "-", each.draft.part).strip("-")
        for name, text in each.shown.items():
            write_file(folder / f"{'-'.join(filter(None, (file.stem, part, name)))}.toml", text)
