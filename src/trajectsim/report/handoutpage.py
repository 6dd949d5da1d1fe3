"""A hand-out as a page: HTML that stands alone and prints on A4, and Markdown. Nothing in it is fetched from elsewhere.

``html(handout)`` and ``markdown(handout)`` -> str
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape

from trajectsim import words
from trajectsim.report.drawing import drawing
from trajectsim.report.handoutparts import Bullets, Group, Handout, Item, Section, Table
from trajectsim.words import _

STYLE = """
:root { color-scheme: light; }
body { margin: 1.5rem auto; max-width: 62rem; padding: 0 1rem; color: #1a1a1a; background: #fff;
  font: 0.95rem/1.4 'DejaVu Sans', 'Segoe UI', Verdana, Arial, sans-serif; }
h1 { font-size: 1.45rem; margin: 0 0 0.3rem; }
h2 { font-size: 1.05rem; margin: 1.1rem 0 0.3rem; border-bottom: 2px solid #0b4f8a; color: #0b4f8a; }
h3 { font-size: 0.95rem; margin: 0.6rem 0 0.2rem; }
p, ul { margin: 0.2rem 0; }
ul { padding-left: 1.3rem; }
.pen { color: #59636e; }
.pen span { display: inline-block; min-width: 14rem; border-bottom: 1px solid #59636e; }
figure { margin: 0.6rem 0; overflow-x: auto; }
figure svg { display: block; width: 100%; min-width: 34rem; height: auto; border: 1px solid #c9d1d9; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.15rem 0.5rem 0.15rem 0; font-weight: normal; }
thead th { font-weight: bold; border-bottom: 1px solid #59636e; }
tbody + tbody { border-top: 1px solid #c9d1d9; }
.beside { columns: 26rem; column-gap: 1.5rem; }
footer { margin-top: 1.2rem; border-top: 1px solid #59636e; padding-top: 0.3rem; color: #414a53; font-size: 0.85rem; }
@page { size: A4; margin: 6mm 11mm; }
@media print {
  body { margin: 0; padding: 0; max-width: none; font-size: var(--print); line-height: 1.13; hyphens: auto; }
  h1 { font-size: max(1.5em, 12pt); margin: 0; }
  h2 { font-size: max(1.15em, 9pt); margin: 1.1mm 0 0.3mm; border-width: 1px; }
  h3 { font-size: 1.07em; margin: 0.8mm 0 0; }
  p, ul { margin: 0; } ul { padding-left: 4mm; }
  th, td { padding: 0.1mm 2mm 0.1mm 0; }
  .of-6 tbody th, .of-6 td:nth-last-child(2) { white-space: nowrap; }
  figure { margin: 1mm 0; overflow: visible; break-inside: avoid; }
  figure svg { min-width: 0; max-height: 45mm; border: 0; }
  .scroll { overflow: visible; }
  .beside { columns: 2; column-gap: 5mm; }
  tbody, li { break-inside: avoid; } h2, h3 { break-after: avoid; }
  footer { margin-top: 0.6mm; padding-top: 0.2mm; font-size: 0.88em; line-height: 1.08; } footer p { display: inline; }
}
"""

SIZES = ((5000, 9), (6400, 8))
"""In print, up to so much on a page, letters of so many points: measured so that it stays on one side of A4."""
SMALLEST = 6.8
A_LINE = 80
"""A line takes the room of so many letters more."""


def print_size(handout: Handout) -> float:
    """The points of the letters in print: as large as leaves all of it on one side."""
    lines = [text for section in handout.sections for part in section.parts for text in _texts(part)]
    weight = sum(map(len, lines)) + A_LINE * (len(lines) + len(handout.sections))
    return next((size for most, size in SIZES if weight < most), SMALLEST)


def _texts(part: Bullets | Table) -> Iterator[str]:
    """What stands on each line of a list or a table."""
    if isinstance(part, Bullets):
        yield from filter(None, [part.head])
        for item in part.items:
            yield item.text
            yield from _texts(Bullets(item.under))
    else:
        for group in part.groups:
            for number, row in enumerate(group.rows):
                yield "".join((*(() if number else group.shared), *row))


def html(handout: Handout) -> str:
    """A whole page; its policy forbids it to fetch anything."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    tables = [any(isinstance(part, Table) for part in section.parts) for section in handout.sections]
    wide = len(tables) - tables[::-1].index(True)  # what comes after the last table stands in columns
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{words.language()}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="robots" content="noindex">',
        f"<title>{escape(handout.title)}</title>",
        f"<style>:root {{ --print: {print_size(handout)}pt; }}{STYLE}</style>",
        "</head>",
        "<body>",
        "<header>",
        f"<h1>{escape(handout.title)}</h1>",
        *_pen(),
        "</header>",
        "<main>",
        f"<figure>\n{drawing(handout.map, _map_title())}</figure>",
        *_sections(handout.sections[:wide], 0),
        '<div class="beside">',
        *_sections(handout.sections[wide:], wide),
        "</div>",
        "</main>",
        "<footer>",
        *(f"<p>{escape(text)}</p>" for text in handout.small),
        "</footer>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def markdown(handout: Handout) -> str:
    """The same as Markdown, the map as text."""
    blocks = [f"# {_plain(handout.title)}", _plain(_map_title()) + ":", f"```\n{_map_text(handout)}\n```"]
    for section in handout.sections:
        blocks.append(f"## {_plain(section.title)}")
        for part in section.parts:
            blocks += _MARKDOWN[type(part)](part)
    blocks += ["---", *map(_plain, handout.small)]
    return "\n\n".join(blocks) + "\n"


def svg(handout: Handout) -> str:
    """The map alone."""
    return drawing(handout.map, handout.title)


def _map_title() -> str:
    return _("The path as a map of lines")


def _map_text(handout: Handout) -> str:
    legend = [f" {sign} {meaning}" for sign, meaning in handout.map.legend()]
    year = handout.map.years[0]
    legend.append(" " + _("year {short}: school year {year}").format(short=f"{year.start % 100:02}", year=year))
    return "\n".join([str(handout.map), "", *legend])


# --- html ---------------------------------------------------------------------------------------------------


def _pen() -> Iterator[str]:
    """Room for what is not in the file, to be filled in by hand."""
    fields = " ".join(f"{escape(name)}: <span></span>" for name in (_("Name"), _("Date")))
    yield f'<p class="pen">{fields}</p>'


def _sections(sections: Iterable[Section], first: int) -> Iterator[str]:
    for number, section in enumerate(sections, start=first):
        yield f'<section aria-labelledby="part-{number}">'
        yield f'<h2 id="part-{number}">{escape(section.title)}</h2>'
        for part in section.parts:
            if isinstance(part, Table):
                yield from _html_table(part, f"part-{number}")
            else:
                yield from ([f"<h3>{escape(part.head)}</h3>"] if part.head else [])
                yield from _html_list(part.items)
        yield "</section>"


def _html_list(items: Iterable[Item]) -> Iterator[str]:
    yield "<ul>"
    for item in items:
        under = "\n" + "\n".join(_html_list(item.under)) if item.under else ""
        yield f"<li>{escape(item.text)}{under}</li>"
    yield "</ul>"


def _html_table(table: Table, labelled: str) -> Iterator[str]:
    yield f'<div class="scroll"><table class="of-{len(table.heads)}" aria-labelledby="{labelled}">'
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in table.heads)
    yield f"<thead><tr>{heads}</tr></thead>"
    yield from map(_html_group, table.groups)
    yield "</table></div>"


def _html_group(group: Group) -> str:
    """The cells that rows share span them; the first cell names the row."""
    span = f' rowspan="{len(group.rows)}"' if len(group.rows) > 1 else ""
    rows: list[str] = []
    for number, row in enumerate(group.rows):
        cells: list[str] = []
        if number == 0 and group.shared:
            first, *rest = group.shared
            cells = [f'<th scope="{"rowgroup" if span else "row"}"{span}>{escape(first)}</th>']
            cells += [f"<td{span}>{escape(text)}</td>" for text in rest]
        elif not group.shared:
            cells, row = [f'<th scope="row">{escape(row[0])}</th>'], row[1:]
        cells += [f"<td>{escape(text)}</td>" for text in row]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<tbody>{''.join(rows)}</tbody>"


# --- markdown -----------------------------------------------------------------------------------------------


def _markdown_list(part: Bullets) -> list[str]:
    lines = "\n".join(_lines(part.items, 0))
    return [f"**{_plain(part.head)}**", lines] if part.head else [lines]


def _lines(items: Iterable[Item], depth: int) -> Iterator[str]:
    for item in items:
        yield f"{'  ' * depth}* {_plain(item.text)}"
        yield from _lines(item.under, depth + 1)


def _markdown_table(table: Table) -> list[str]:
    rows = [table.heads, ("---",) * len(table.heads)]
    for group in table.groups:
        blank = ("",) * len(group.shared)
        rows += [((blank if n else group.shared) + row) for n, row in enumerate(group.rows)]
    head, rule, *rest = rows
    told = [f"| {' | '.join(map(_plain, row))} |" for row in (head, *rest)]
    return ["\n".join([told[0], f"|{'|'.join(rule)}|", *told[1:]])]


def _plain(text: str) -> str:
    """A text of which Markdown makes nothing."""
    return re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", text)


_MARKDOWN: dict[type[Bullets | Table], Callable[..., list[str]]] = {Bullets: _markdown_list, Table: _markdown_table}

WRITERS: dict[str, Callable[[Handout], str]] = {"html": html, "md": markdown, "svg": svg}
"""By format, which is also how the name of its file ends."""
