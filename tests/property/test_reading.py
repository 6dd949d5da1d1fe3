"""Reading: what is located stands there, and whatever is wrong is a problem with a place, never another exception."""

from __future__ import annotations

import codecs
import time
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st
from toml_texts import written

from trajectsim import reading
from trajectsim.errors import Key, Place, Problem, Problems
from trajectsim.positions import Positions
from trajectsim.reading import located, parse, read_text, strict_converter, structure, value_at

At = tuple[Key, ...]


def loads(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def leaves(value: Any, at: At = ()) -> Iterator[At]:
    """The paths of what is neither a table nor an array."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inner is None:
        yield at
        return
    for key, each in inner:
        yield from leaves(each, (*at, key))


def stretch(text: str, place: Place) -> str:
    line = text.split("\n")[place.line - 1]
    return line[place.column - 1 : place.column - 1 + place.width]


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(Problems) as caught:
        parse(text, "x.toml")
    assert caught.value.problems
    return caught.value.problems


# --- what is located stands there ---------------------------------------------------------------------------


@given(written())
def test_a_text_is_read_as_what_it_says(case: tuple[dict[str, Any], str]) -> None:
    document, text = case
    assert loads(text) == document
    assert parse(text, "x.toml") == document


@given(written())
def test_a_located_value_reads_back_as_that_value(case: tuple[dict[str, Any], str]) -> None:
    document, text = case
    positions = Positions(text)
    found = set(positions)
    assert set(leaves(document)) <= found
    for at in found:
        span = positions.value_text(at)
        assert span is not None
        assert loads(f"x = {span}")["x"] == value_at(document, at)
        assert stretch(text, positions.of(at)) == span.split("\n")[0].rstrip("\r")


@given(written())
def test_a_located_key_reads_back_as_that_key(case: tuple[dict[str, Any], str]) -> None:
    document, text = case
    positions = Positions(text)
    for at in leaves(document):
        for length in range(1, len(at) + 1):
            path = at[:length]
            names = [key for key in path if isinstance(key, str)]
            if isinstance(path[-1], str):
                assert list(loads(stretch(text, positions.of(path, on_key=True)) + " = 1")) == [names[-1]]


@given(written(), st.lists(st.one_of(st.text(max_size=3), st.integers(-3, 3)), max_size=5), st.booleans())
def test_what_is_not_there_is_located_at_what_is_around_it(
    case: tuple[dict[str, Any], str], at: list[Key], on_key: bool
) -> None:
    _document, text = case
    place = Positions(text).of(tuple(at), on_key=on_key)
    assert 1 <= place.line <= len(text.split("\n"))
    assert place.column >= 1
    assert place.width >= 1


def test_values_in_every_syntax_are_located() -> None:
    text = (
        '"sleutel 🎒" = "🏫 vwo" # é\n'
        "a . 'b c'.d=[1, [2, 3], {x = 4, y.z = '🎒'}, # no\n  5]\r\n"
        "[[choice]]\n"
        'in = "2014/2015"\n'
        "[choice.more]\n"
        "x = 1\n"
        "[[choice]]\n"
        "  [choice.more]\n"
        "  x.y = 2\n"
    )
    positions = Positions(text)
    expected = {
        ("sleutel 🎒",): Place(1, 15, 7),
        ("a", "b c", "d", 0): Place(2, 14, 1),
        ("a", "b c", "d", 1, 1): Place(2, 21, 1),
        ("a", "b c", "d", 2, "y", "z"): Place(2, 39, 3),
        ("a", "b c", "d", 3): Place(3, 3, 1),
        ("choice", 0, "in"): Place(5, 6, 11),
        ("choice", 0, "more", "x"): Place(7, 5, 1),
        ("choice", 1, "more", "x", "y"): Place(10, 9, 1),
    }
    assert {at: positions.of(at) for at in expected} == expected
    assert positions.of(("choice", 1), on_key=True) == Place(8, 3, 6)
    assert positions.of(("choice", 1, "none")) == Place(8, 3, 6)
    assert positions.of(("nowhere",)) == Place(1, 1)


# --- files --------------------------------------------------------------------------------------------------


def file_problem(path: Path) -> Problem:
    with pytest.raises(Problems) as caught:
        read_text(path)
    (problem,) = caught.value.problems
    assert problem.file == str(path)
    return problem


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes("é = '🎒'\r\n".encode())
    assert read_text(path) == "é = '🎒'\r\n"
    path.write_bytes(codecs.BOM_UTF8 + b"a = 1")
    assert read_text(path) == "a = 1"
    path.write_bytes(b"")
    assert read_text(path) == ""


def test_a_file_that_is_missing_or_a_folder_is_a_problem(tmp_path: Path) -> None:
    assert file_problem(tmp_path / "none.toml").code == "S001"
    assert file_problem(tmp_path).code == "S001"
    assert file_problem(tmp_path / ("n" * 5000)).code == "S001"


def test_a_path_that_no_system_can_open_is_a_problem() -> None:
    assert file_problem(Path("a\0b.toml")).code == "S001"


def test_a_file_may_have_one_mebibyte(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"#" * 1024 * 1024)
    assert len(read_text(path)) == 1024 * 1024
    path.write_bytes(b"#" * (1024 * 1024 + 1))
    problem = file_problem(path)
    assert (problem.code, problem.place) == ("S002", Place(1, 1))


@pytest.mark.parametrize("before", [b"", codecs.BOM_UTF8], ids=["plain", "after-a-byte-order-mark"])
@pytest.mark.parametrize(
    ("raw", "line", "column"),
    [
        (b"\xff", 1, 1),
        (b"a = 1\nb = '\xff'", 2, 6),
        ("é🎒 = '".encode() + b"\xe9'", 1, 7),
        (b"a\r\n\r\nbc\x80", 3, 3),
        (b"a\n\xf0\x9f", 2, 1),
        ("a = 1".encode("utf-16"), 1, 1),
    ],
)
def test_what_is_not_utf_8_is_a_problem_at_its_line_and_column(
    tmp_path: Path, before: bytes, raw: bytes, line: int, column: int
) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(before + raw)
    problem = file_problem(path)
    assert problem.code == "S003"
    assert problem.place == Place(line, column)


@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_a_problem_at_the_first_bad_one(tmp_path_factory: Any, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(raw)
    try:
        expected = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        assert file_problem(path).code == "S003"
    else:
        assert read_text(path) == expected


# --- what is no document ------------------------------------------------------------------------------------

N = 1000
DEEP = {
    "arrays": "a = " + "[" * N + "]" * N,
    "arrays left open": "a = " + "[" * N,
    "inline tables": "a = " + "{a = " * N + "1" + "}" * N,
    "dotted keys": ".".join("a" * N) + " = 1",
    "quoted dotted keys": ".".join(['"a"'] * N) + " = 1",
    "a table header": "[" + ".".join("a" * N) + "]",
    "an array header": "[[" + ".".join("a" * N) + "]]",
    "headers in turn": "\n".join("[" + ".".join("a" * n) + "]" for n in range(1, 60)),
    "dotted keys in inline tables": "a = {" + ".".join("a" * N) + " = 1}",
    "arrays of inline tables": "a = " + "[{a = " * N + "1" + "}]" * N,
    "keys under a header": "[a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s]\n" + ".".join("a" * 20) + " = 1",
}
UNUSABLE = {
    "5000 digits": "a = " + "9" * 5000,
    "5000 digits in an array": "x = 1\na = [1, -" + "9" * 5000 + "]",
    "inf": "a = inf",
    "-inf": "a = -inf",
    "nan": "a = nan",
    "+nan": "a = 1\nb = [1.5, +nan]",
    "a huge exponent": "a = 1e99999999999999999999",
    "a date that is none": "a = 2015-02-30",
    "a time that is none": "a = 25:00:00",
    "an offset that is none": "a = 2015-02-28T10:00:00+25:00",
}
BROKEN = [
    "a", "a =", "= 1", "a = 1 2", "a = [", "a = [1", "a = [1 2]", "a = {", "a = {b = 1", "a = {b = 1,}",
    "a = '", 'a = "', 'a = """', "a = '''", 'a = "\\x"', 'a = "\\ud800"', "a = 'b'c", "[a", "[a]]", "[[a]",
    "[]", "[[]]", "[a]\n[a]", "a = 1\na = 2", "a = 1\na.b = 2", "a.b = 1\n[a]", "[a]\n[[a]]", "a = [1]\n[[a]]",
    "a = {}\na.b = 1", "a = 01", "a = 1__0", "a = 0x", "a = tru", "a = .5", "a = 5.", "a = 1e", "a b = 1",
    "a..b = 1", ".a = 1", "a. = 1", "'a = 1", 'é = 1"', "é = 1", "a = 1\r", "a = '\x01'", "\x00", "\ufeffa = 1",
    "a = 1\nb = [\n\n\n", "# \x7f", "a = 'x\ny'", "{a = 1}", "🎒", "a = 🎒", "a = {b = 1\n}", "a = 2015-1-1",
    "a = 1:2", "a = \n1",
]  # fmt: skip


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_what_lies_too_deep_is_a_problem_where_it_gets_too_deep(text: str) -> None:
    (problem,) = problems_of(text)
    assert problem.code == "S005"
    assert_sound(problem, text)


def test_32_deep_is_read_and_33_is_not() -> None:
    def text(n: int) -> str:
        return "a = " + "[" * (n - 1) + "]" * (n - 1)

    assert parse(text(reading.DEEPEST), "x.toml")
    (problem,) = problems_of(text(reading.DEEPEST + 1))
    assert problem.code == "S005"


def test_brackets_in_texts_and_comments_are_not_deep() -> None:
    text = f'a = \'{"[" * 99}\' # {"[" * 99}\nb = """{"{" * 99}"""\n'
    text += "".join(f"x{n} = 1.5\n" for n in range(99))
    assert len(parse(text, "x.toml")) == 101
    (problem,) = problems_of(text + "c = " + "[" * 40 + "]" * 40)
    assert problem.place is not None
    assert problem.place.line == 102


@pytest.mark.parametrize("text", UNUSABLE.values(), ids=UNUSABLE)
def test_a_value_that_cannot_be_used_is_a_problem_where_it_stands(text: str) -> None:
    (problem,) = problems_of(text)
    assert problem.code == "S004"
    assert_sound(problem, text)
    assert problem.place is not None
    assert problem.place.line == text.count("\n") + 1
    assert problem.place.column >= 5


@pytest.mark.parametrize("name", ["a huge exponent", "5000 digits"])
def test_a_number_that_cannot_be_used_is_said_in_words_for_people(name: str) -> None:
    (problem,) = problems_of(UNUSABLE[name])
    assert "<class" not in problem.message
    assert "sys." not in problem.message


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_toml_is_a_problem_with_a_place(text: str) -> None:
    (problem,) = problems_of(text)
    assert problem.code == "S004"
    assert_sound(problem, text)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a = 1\nb = = 2\n", 2, 5),
        ("a = [\n", 1, 6),
        ("a = 1\n🎒🎒", 2, 1),
        ("a = '🎒' x", 1, 9),
        ("a = 1\r\nb = \r\n", 2, 5),
    ],
)
def test_broken_toml_is_located(text: str, line: int, column: int) -> None:
    (problem,) = problems_of(text)
    assert problem.place == Place(line, column)


@pytest.mark.parametrize("strange", ["\u2028", "\u2029", "\x85"])
def test_a_line_ends_where_toml_ends_it(strange: str) -> None:
    text = f"# a{strange}b\nx = 1\ny = = 2\n"
    (problem,) = problems_of(text)
    assert (problem.place, problem.excerpt) == (Place(3, 5), "y = = 2")
    (problem,) = problems_of(f"# a{strange}b\nx = [")
    assert (problem.place, problem.excerpt) == (Place(2, 6), "x = [")
    (problem,) = located([Problem("S1", "m", at=("x",))], f"# a{strange}b\nx = 1\n", "x.toml")
    assert (problem.place, problem.excerpt) == (Place(2, 5), "x = 1")


def test_a_stray_carriage_return_ends_no_line() -> None:
    text = "'\r0"
    (problem,) = problems_of(text)
    assert_sound(problem, text)


def test_a_caret_stands_within_what_is_shown_of_a_long_line() -> None:
    (problem,) = problems_of("a = [" + "1, " * 5000 + "= ]")
    assert problem.place is not None
    assert problem.place.column > 15_000
    for line in str(problem).splitlines():
        assert len(line) < 200


@pytest.mark.parametrize("text", [".".join("a" * 10_000) + " = 1", "[" + ".".join("a" * 40_000) + "]"])
def test_what_lies_far_too_deep_is_refused_at_once(text: str) -> None:
    start = time.perf_counter()
    assert problems_of(text)[0].code == "S005"
    assert time.perf_counter() - start < 1


@given(st.text(max_size=60))
def test_any_text_is_a_document_or_a_problem(text: str) -> None:
    assert_read_or_refused(text)


@given(st.text(alphabet="ab0159.=[]{}\"'#\\\n\r\t ,-+:_TZeinfaxu", max_size=60))
def test_any_text_that_looks_like_toml_is_a_document_or_a_problem(text: str) -> None:
    assert_read_or_refused(text)


@given(written(), st.data())
def test_a_document_with_something_changed_is_a_document_or_a_problem(
    case: tuple[dict[str, Any], str], data: st.DataObject
) -> None:
    _document, text = case
    for _ in range(data.draw(st.integers(1, 3))):
        first = data.draw(st.integers(0, len(text)))
        last = data.draw(st.integers(first, min(first + 5, len(text))))
        snippets = [
            "",
            "=",
            "[",
            "]",
            "{",
            "}",
            '"',
            "'",
            ".",
            "\n",
            "\r",
            "#",
            "0",
            "inf",
            "nan",
            "🎒",
            "\x00",
            "1e9",
            '"""',
        ]
        text = text[:first] + data.draw(st.sampled_from(snippets)) + text[last:]
    assert_read_or_refused(text)


def assert_read_or_refused(text: str) -> None:
    try:
        expected = loads(text)
    except (ValueError, ArithmeticError):
        (problem,) = problems_of(text)
        assert_sound(problem, text)
        return
    if any(not value.is_finite() for value in decimals(expected)):
        assert problems_of(text)[0].code == "S004"
        return
    assert parse(text, "x.toml") == expected
    Positions(text)


def decimals(document: dict[str, Any]) -> list[Decimal]:
    found = [value_at(document, at) for at in leaves(document)]
    return [value for value in found if isinstance(value, Decimal)]


def assert_sound(problem: Problem, text: str) -> None:
    """It has a place that the text has, and a message."""
    lines = text.split("\n")
    assert problem.place is not None
    assert problem.file == "x.toml"
    assert problem.message
    assert problem.place.width >= 1
    assert 1 <= problem.place.line <= len(lines)
    assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1
    assert str(problem).startswith(f"x.toml:{problem.place.line}:{problem.place.column} error {problem.code}: ")


# --- documents as objects -----------------------------------------------------------------------------------


@frozen(kw_only=True)
class Inner:
    count: int
    word: str = ""


@frozen(kw_only=True)
class Outer:
    in_: str
    years_in_place: int = 1
    on: bool = False
    share: Decimal = Decimal(0)
    maybe: int | None = None
    one: Inner | None = None
    many: tuple[Inner, ...] = ()
    numbers: tuple[int, ...] = ()
    words: dict[str, str] = field(factory=dict)
    _made: int = field(init=False, default=0)


def fit(text: str) -> tuple[Outer | None, tuple[Problem, ...]]:
    outer, problems = structure(parse(text, "x.toml"), Outer, strict_converter())
    return outer, located(problems, text, "x.toml")


def test_a_document_becomes_an_object() -> None:
    text = (
        'in = "x"\nyears-in-place = 2\non = true\nshare = 0.5\nmaybe = 3\none = {count = 1}\nnumbers = [1, 2]\n'
        'words = {a = "b"}\n[[many]]\ncount = 4\nword = "w"\n'
    )
    outer, problems = fit(text)
    assert not problems
    assert outer == Outer(
        in_="x",
        years_in_place=2,
        on=True,
        share=Decimal("0.5"),
        maybe=3,
        one=Inner(count=1),
        many=(Inner(count=4, word="w"),),
        numbers=(1, 2),
        words={"a": "b"},
    )


def test_a_number_may_be_whole() -> None:
    outer, _problems = fit('in = "x"\nshare = 2')
    assert outer is not None
    assert outer.share == 2
    assert type(outer.share) is Decimal


WRONG = {
    "years-in-place = true": ("years-in-place",),
    "years-in-place = '1'": ("years-in-place",),
    "years-in-place = 1.0": ("years-in-place",),
    "years-in-place = []": ("years-in-place",),
    "years-in-place = {}": ("years-in-place",),
    "years-in-place = 2015-01-01": ("years-in-place",),
    "on = 1": ("on",),
    "on = 'true'": ("on",),
    "share = true": ("share",),
    "share = '0.5'": ("share",),
    "maybe = true": ("maybe",),
    "maybe = 'x'": ("maybe",),
    "one = 1": ("one",),
    "one = [{count = 1}]": ("one",),
    "one = {count = true}": ("one", "count"),
    "one = {count = 1, word = 1}": ("one", "word"),
    "many = {count = 1}": ("many",),
    "many = 'ab'": ("many",),
    "many = [{count = 1}, {count = 'x'}]": ("many", 1, "count"),
    "many = [{count = 1}, 2]": ("many", 1),
    "numbers = [1, 2, true]": ("numbers", 2),
    "numbers = 'ab'": ("numbers",),
    "numbers = 1": ("numbers",),
    "words = {a = 1}": ("words", "a"),
    "words = 1": ("words",),
    "words = []": ("words",),
    "words = 'ab'": ("words",),
}


@pytest.mark.parametrize(("line", "at"), WRONG.items(), ids=WRONG)
def test_a_value_of_another_kind_is_a_problem_at_its_place(line: str, at: At) -> None:
    text = f'in = "x"\n{line}\n'
    outer, problems = fit(text)
    assert outer is None
    (problem,) = problems
    assert problem.code == "S103"
    assert problem.at == at
    assert problem.place == Positions(text).of(at)
    assert problem.place.line == 2
    assert problem.message.startswith("expected ")


def test_a_text_is_no_number_and_says_what_it_is() -> None:
    _outer, (problem,) = fit("in = 5\n")
    assert problem.message == "expected a text in quotes, found the number 5"


def test_a_number_of_thousands_of_digits_has_words() -> None:
    _outer, (problem,) = fit("in = 0x" + "f" * 5000)
    assert problem.message.startswith("expected a text in quotes")


@pytest.mark.parametrize(
    ("line", "key", "near"),
    [
        ("years_in_place = 1", ("years_in_place",), "years-in-place"),
        ("numbrs = []", ("numbrs",), "numbers"),
        ("one = {count = 1, wrod = 'x'}", ("one", "wrod"), "word"),
        ("many = [{count = 1}, {count = 2, cuont = 3}]", ("many", 1, "cuont"), "count"),
        ("in_ = 1", ("in_",), "in"),
        ("xyzzy = 1", ("xyzzy",), None),
    ],
)
def test_an_unknown_key_is_a_problem_with_the_nearest_name(line: str, key: At, near: str | None) -> None:
    text = f'in = "x"\n{line}\n'
    _outer, (problem,) = fit(text)
    assert (problem.code, problem.at, problem.on_key) == ("S101", key, True)
    assert problem.message == f'unknown key "{key[-1]}"' + (f' - did you mean "{near}"?' if near else "")
    assert problem.place is not None
    assert stretch(text, problem.place) == key[-1]


def test_a_missing_key_is_a_problem_at_the_table_that_misses_it() -> None:
    _outer, (problem,) = fit("on = true")
    assert (problem.code, problem.at, problem.message) == ("S102", (), 'the key "in" is missing')
    text = 'in = "x"\n[[many]]\ncount = 1\n[[many]]\nword = "w"\n'
    _outer, (problem,) = fit(text)
    assert (problem.code, problem.at, problem.message) == ("S102", ("many", 1), 'the key "count" is missing')
    assert problem.place == Place(4, 3, 4)


def test_only_keys_that_may_be_written_are_offered() -> None:
    _outer, (problem,) = fit('in = "x"\nmade = 1\n')
    assert problem.code == "S101"
    assert "made" not in problem.hint
    _outer, (problem,) = fit('in = "x"\n-made = 1\n')
    assert problem.code == "S101"


def test_every_problem_is_found_at_once_and_in_the_order_of_the_file() -> None:
    text = (
        'on = 1\nshare = "x"\nfoo = 1\none = {count = true, bar = 2}\nnumbers = [true, 1, "x"]\n'
        '[[many]]\n[[many]]\ncount = "x"\n'
    )
    _outer, problems = fit(text)
    missing, *rest = sorted(problems, key=lambda p: p.code != "S102" or bool(p.at))
    assert (missing.code, missing.at) == ("S102", ())
    assert [(p.code, p.at) for p in rest] == [
        ("S103", ("on",)),
        ("S103", ("share",)),
        ("S101", ("foo",)),
        ("S103", ("one", "count")),
        ("S101", ("one", "bar")),
        ("S103", ("numbers", 0)),
        ("S103", ("numbers", 2)),
        ("S102", ("many", 0)),
        ("S103", ("many", 1, "count")),
    ]
    assert all(p.place is not None and p.excerpt for p in problems)
    assert list(problems) == sorted(problems, key=lambda p: p.position)


@given(written())
def test_any_document_fits_or_has_located_problems(case: tuple[dict[str, Any], str]) -> None:
    document, text = case
    outer, problems = structure(document, Outer, strict_converter())
    assert (outer is None) == bool(problems)
    for problem in located(problems, text, "x.toml"):
        assert problem.place is not None
        assert 1 <= problem.place.line <= len(text.split("\n"))
        assert problem.code in ("S101", "S102", "S103")
        assert problem.file == "x.toml"


@given(
    st.dictionaries(
        st.sampled_from(["in", "years-in-place", "on", "share", "maybe", "one", "many", "numbers", "words", "inn"]),
        st.recursive(
            st.one_of(st.integers(), st.booleans(), st.text(max_size=3), st.decimals(allow_nan=False), st.dates()),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3),
                st.dictionaries(st.sampled_from(["count", "word", "cuont"]), inner, max_size=3),
            ),
            max_leaves=8,
        ),
    )
)
def test_nothing_is_coerced(document: dict[str, Any]) -> None:
    outer, problems = structure(document, Outer, strict_converter())
    assert (outer is None) == bool(problems)
    for problem in problems:
        found = value_at(document, problem.at)
        assert problem.code != "S103" or found is not None
    if outer is not None:
        assert type(outer.years_in_place) is int
        assert type(outer.on) is bool
        assert all(type(n) is int for n in outer.numbers)
        assert document["in"] == outer.in_
        assert document.get("maybe") == outer.maybe
