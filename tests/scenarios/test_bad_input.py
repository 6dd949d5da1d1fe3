"""Bad scenarios: each problem located, all of them at once, exit 2, never a traceback, nothing written."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trajectsim import cli
from trajectsim.errors import Problem, Problems
from trajectsim.law.lawbook import Lawbook
from trajectsim.scenario.read import read_from
from trajectsim.scenario.run import play_source

PUPIL = 'title = "x"\n[pupil]\nborn = 2005-05-05\n'
SARA = (Path(__file__).parents[2] / "scenarios" / "paths" / "sara.toml").read_text("utf-8")

MARKS = (
    "netl", "entl", "wisa", "econ", "gs", "beco", "dutl",
)  # fmt: skip
EXAM = "\n".join(
    [
        'title = "x"',
        "result = [",
        *(f'  {{ exam = 2023, level = "havo", subject = "{code}", se = 6.5, ce = 6.1 }},' for code in MARKS),
        *(f'  {{ exam = 2023, level = "havo", subject = "{code}", se = 7 }},' for code in ("maat", "ckv", "pws")),
        "]",
        "[pupil]",
        "born = 2006-02-14",
        'profile = "em"',
        "[start]",
        'in = "2022/2023"',
        'at = "vo/havo/5"',
        "",
    ]
)
"""A whole havo exam; its third line is Dutch."""
OUTCOME = '  { exam = 2023, level = "havo", outcome = "failed" },\n'


def act(name: str, subject: str) -> str:
    return f'[[act]]\nin = "2020/2021"\nact = "{name}"\nsubject = "{subject}"\n'


CASES: dict[str, tuple[str, list[str]]] = {
    "broken TOML": ("title = ", ["1:9 S004"]),
    "unknown key": (PUPIL + 'nme = "x"\n', ["4:1 S101"]),
    "unknown section": (PUPIL + "[measure]\n", ["4:2 S101"]),
    "born in the future": ('title = "x"\n[pupil]\nborn = 9999-01-01\n', ["3:8 S103"]),
    "a date in quotes": ('title = "x"\n[pupil]\nborn = "2005-05-05"\n', ["3:8 S103"]),
    "a time": ('title = "x"\n[pupil]\nborn = 2005-05-05T00:00:00\n', ["3:8 S103"]),
    "no pupil": ('title = "x"\n', ["1:1 S102"]),
    "unknown move": (PUPIL + '[[choice]]\nin = "2012/2013"\nmove = "skp"\n', ["6:8 S104"]),
    "unknown measure": (PUPIL + "[measures]\nskip-yaer = true\n", ["5:1 S104"]),
    "unknown subject of an act": (PUPIL + act("central-exam-early", "engels"), ["7:11 S104"]),
    "a subject of primary school in a later act": (PUPIL + act("early-profile-subject", "nature"), ["7:11 S104"]),
    "unknown subject of a measure": (PUPIL + '[measures]\nearly-exam = { subjects = ["en", "entk"] }\n', ["5:34 S104"]),
    "unknown subject of an expected option": (
        PUPIL + '[[expect.option]]\nin = "2020/2021"\nact = "central-exam-early"\nsubject = "wisx"\noutcome = "open"\n',
        ["7:11 S104"],
    ),
    "unknown practice": (PUPIL + '[practice]\npromotions = "always"\n', ["5:1 S104"]),
    "a practice that is none": (PUPIL + '[practice]\npromotion = "sometimes"\n', ["5:13 S103"]),
    "a probability of 2": (PUPIL + "[practice]\npromotion = { probability = 2 }\n", ["5:29 S103"]),
    "unknown fact in a practice": (PUPIL + "[practice]\nskip = { when = { mean = 7 } }\n", ["5:19 S104"]),
    "a value that a fact does not have": (
        PUPIL + '[practice]\npromotion = { when = { year_result = "good" } }\n',
        ["5:38 S103"],
    ),
    "a practice that asks for nothing": (PUPIL + "[practice]\npromotion = { when = {} }\n", ["5:22 S103"]),
    "a result of a subject without marks": (
        PUPIL + '[[result]]\nexam = 2023\nlevel = "vwo"\nsubject = "entl"\n',
        ["4:3 S102"],
    ),
    "marks of no subject": (PUPIL + '[[result]]\nexam = 2023\nlevel = "vwo"\nse = 7\n', ["4:3 S102"]),
    "a rating, a role and a level that are none": (
        PUPIL + '[[result]]\nexam = 2023\nlevel = "vwo"\nsubject = "lo"\nrating = "X"\nrole = "extra"\nat = "wo"\n',
        ["8:10 S104", "9:8 S104", "10:6 S104"],
    ),
    "an outcome that the marks contradict": (EXAM.replace("]\n[pupil]", OUTCOME + "]\n[pupil]"), ["13:44 S203"]),
    "a central exam where there is none": (
        EXAM.replace('"maat", se = 7', '"maat", se = 7, ce = 7'),
        ["10:65 S204"],
    ),
    "a package that does not fit": (EXAM.replace('"em"', '"nt"'), ["16:11 S204"] * 4),
    "a role that the year does not know": (
        EXAM.replace('"pws", se = 7', '"pws", role = "keuzevak", se = 7'),
        ["12:58 S204"],
    ),
    "two resits": (EXAM.replace("ce = 6.1 }", "ce = 6.1, resit = 6.2 }", 2), ["4:80 S204"]),
    "a central exam that is early without being planned": (
        PUPIL + '[[result]]\nexam = 2021\nlevel = "vwo"\nsubject = "entl"\nse = 7\nce = 7\n',
        ["5:8 S202"],
    ),
    "a result after the walk": (PUPIL + '[[result]]\nexam = 2062\nlevel = "vwo"\noutcome = "failed"\n', ["5:8 S201"]),
    "a result of another level": (
        PUPIL + '[[result]]\nexam = 2023\nlevel = "havo"\noutcome = "failed"\n',
        ["6:9 S202"],
    ),
    "a result before the exam year": (
        PUPIL + '[[result]]\nexam = 2021\nlevel = "vwo"\noutcome = "failed"\n',
        ["5:8 S202"],
    ),
    "a measure takes no subjects": (PUPIL + '[measures]\nskip-year = { subjects = ["en"] }\n', ["5:15 S101"]),
    "a measure that is all or nothing": (PUPIL + "[measures]\ncum-laude = { share = 0.5 }\n", ["5:15 S101"]),
    "a share of 2": (PUPIL + "[measures]\nskip-year = { share = 2 }\n", ["5:23 S103"]),
    "a quality below 0": (PUPIL + "[measures]\ncompacting = { quality = -0.1 }\n", ["5:26 S103"]),
    "year 0 of a track": (PUPIL + "[measures]\nskip-year = { years = [0, 4] }\n", ["5:23 S103"]),
    "a number for a switch": (PUPIL + "[measures]\nskip-year = 1\n", ["5:13 S103"]),
    "a switch that ends first": (
        PUPIL + '[measures]\nskip-year = { from = "2016/2017", until = "2015/2016" }\n',
        ["5:13 S103"],
    ),
    "a year that is none": (PUPIL + '[[choice]]\nin = "2012/2014"\nmove = "skip"\n', ["5:6 S103"]),
    "a choice before school": (PUPIL + '[[choice]]\nin = "2001/2002"\nmove = "skip"\n', ["5:6 S108"]),
    "two moves in a year": (
        PUPIL + '[[choice]]\nin = "2012/2013"\nmove = "skip"\n[[choice]]\nin = "2012/2013"\nmove = "repeat"\n',
        ["8:6 S105"],
    ),
    "an act without its subject": (PUPIL + '[[act]]\nin = "2020/2021"\nact = "central-exam-early"\n', ["4:3 S102"]),
    "an act with too much": (
        PUPIL + '[[act]]\nin = "2020/2021"\nact = "central-exam-early"\nsubject = "entl"\nlevel = "vwo"\n',
        ["8:1 S101"],
    ),
    "an act at no level": (
        PUPIL + '[[act]]\nin = "2020/2021"\nact = "subject-at-higher-level"\nsubject = "entl"\nlevel = "vwoo"\n',
        ["8:9 S104"],
    ),
    "the same act twice": (
        PUPIL + 2 * '[[act]]\nin = "2020/2021"\nact = "central-exam-early"\nsubject = "entl"\n',
        ["8:3 S105"],
    ),
    "an unknown place": (PUPIL + '[start]\nin = "2020/2021"\nat = "vo/vwo/9"\n', ["6:6 S104"]),
    "a year far away": (PUPIL + '[start]\nin = "9998/9999"\nat = "po/1"\n', ["5:6 S103"]),
    "a start before groep 1": (PUPIL + '[start]\nin = "2005/2006"\nat = "po/1"\n', ["5:6 S106"]),
    "no years in a place": (PUPIL + '[start]\nin = "2020/2021"\nat = "vo/vwo/3"\nyears-in-place = 0\n', ["7:18 S103"]),
    "an unknown diploma": (PUPIL + '[start]\nin = "2020/2021"\nat = "vo/vwo/5"\ndiplomas = ["hvo"]\n', ["7:13 S104"]),
    "an advice that is none": (PUPIL + '[given]\nadvice = "gymnasium"\n', ["5:10 S103"]),
    "a number for yes": (PUPIL + "[given]\nparents_agree = 1\n", ["5:17 S103"]),
    "a fact that is not given": (PUPIL + "[given]\nage_end = 12\n", ["5:1 S104"]),
    "a mark of 11": (PUPIL + '[[result]]\nexam = 2022\nlevel = "vwo"\nsubject = "entl"\nse = 11\n', ["8:6 S103"]),
    "a mark of 5.55": (PUPIL + '[[result]]\nexam = 2022\nlevel = "vwo"\nsubject = "entl"\nse = 5.55\n', ["8:6 S103"]),
    "marks without a subject": (PUPIL + '[[result]]\nexam = 2022\nlevel = "vwo"\nse = 7.5\n', ["4:3 S102"]),
    "a result of nothing": (PUPIL + '[[result]]\noutcome = "passed"\n', ["4:3 S102"]),
    "an outcome that is none": (PUPIL + '[[result]]\nexam = 2022\nlevel = "vwo"\noutcome = "ok"\n', ["7:11 S104"]),
    "an expectation of nothing": (PUPIL + '[[expect.at]]\nin = "2020/2021"\n', ["4:10 S107"]),
    "blocked, but what": (PUPIL + '[[expect.blocked]]\nin = "2020/2021"\nbecause = "x"\n', ["4:10 S107"]),
    "blocked twice": (
        PUPIL + '[[expect.blocked]]\nin = "2020/2021"\nmove = "skip"\nact = "central-exam-early"\n',
        ["4:10 S103"],
    ),
    "follows no year": (PUPIL + '[law]\nfollow = "2015"\ndates = "soon"\n', ["5:10 S103", "6:9 S103"]),
    "nested a thousand deep": ("a = " + "[" * 1000 + "]" * 1000 + "\n", ["1:37 S005"]),
    "tables a thousand deep": ("[" + ".".join("a" * 1000) + "]\n", ["1:67 S005"]),
    "an endless integer": ("a = " + "9" * 5000 + "\n", ["1:5 S004"]),
    "nan": ("a = nan\n", ["1:5 S004"]),
    "all that are no numbers": ("nan = [nan, 1]\nb = { inf = -inf, c = 2.0 }\n", ["1:8 S004", "2:13 S004"]),
    "a reform of an unknown rule": (
        PUPIL + '[[reform]]\nrule = "cum-laude-vow"\nfrom = "2027/2028"\nset = "mean"\nvalue = 7.5\n',
        ["5:8 S104"],
    ),
    "a reform of nothing": (PUPIL + '[[reform]]\nrule = "skip"\nfrom = "2027/2028"\n', ["4:3 S102"]),
    "a reform that does two things": (
        PUPIL + '[[reform]]\nrule = "skip"\nfrom = "2027/2028"\nset = "force"\nvalue = "right"\nremove = "x"\n',
        ["9:10 S103"],
    ),
    "a reform without its value": (
        PUPIL + '[[reform]]\nrule = "skip"\nfrom = "2027/2028"\nset = "force"\n',
        ["4:3 S102"],
    ),
    "a reform that ends first": (
        PUPIL + '[[reform]]\nrule = "skip"\nfrom = "2027/2028"\nuntil = "2026/2027"\nset = "force"\nvalue = "right"\n',
        ["7:9 S103"],
    ),
    "a reform with a value that it does not set": (
        PUPIL + '[[reform]]\nrule = "skip"\nfrom = "2027/2028"\nremove = "x"\nvalue = 1\n',
        ["8:1 S101"],
    ),
    "a reform that adds by no force": (
        PUPIL + '[[reform]]\nrule = "skip"\nfrom = "2027/2028"\nadd = { force = "rihgt" }\n',
        ["7:17 S104"],
    ),
    "a reform that sets what the rule does not have": (
        PUPIL + '[[reform]]\nrule = "cum-laude-vwo"\nfrom = "2027/2028"\nset = "leest_mark"\nvalue = 7\n',
        ["7:7 S104"],
    ),
    "a reform with a value of the wrong kind": (
        PUPIL + '[[reform]]\nrule = "cum-laude-vwo"\nfrom = "2027/2028"\nset = "mean"\nvalue = "7,5"\n',
        ["8:9 S103"],
    ),
    "a reform that adds a way with an unknown fact": (
        PUPIL + '[[reform]]\nrule = "skip"\nfrom = "2027/2028"\nadd = { force = "right", needs = { agee = 1 } }\n',
        ["7:36 S104"],
    ),
    "two reforms that disagree": (
        PUPIL
        + "".join(
            f'[[reform]]\nrule = "cum-laude-vwo"\nfrom = "2027/2028"\nset = "mean"\nvalue = {value}\n'
            for value in (7, 9)
        ),
        ["12:7 S109"],
    ),
    "after the walk": (PUPIL + '[[choice]]\nin = "2060/2061"\nmove = "repeat"\n', ["5:6 S201"]),
    "an act after the walk": (
        PUPIL + '[[act]]\nin = "2060/2061"\nact = "central-exam-early"\nsubject = "entl"\n',
        ["5:6 S201"],
    ),
    "everything at once": (
        (
            "title = 5\nzz = 1\n[pupil]\nborn = 2005-05-05\n[measures]\nfive = true\n"
            '[[choice]]\nin = 3\nmove = "skip"\n[[choice]]\nin = "2012/2013"\nmove = "skp"\n'
        ),
        ["1:9 S103", "2:1 S101", "6:1 S104", "8:6 S103", "12:8 S104"],
    ),
}


PIECES = ("[", "]", '"', "= 5", "\n[x]\n", "true", "é", "{", ".", "9999", "\r\n")


def problems_of(text: str) -> tuple[Problem, ...]:
    """Every problem; none when it can be played."""
    try:
        play_source(read_from(text, "x.toml"), Lawbook.load())
    except Problems as found:
        return found.problems
    return ()


def found_in(text: str) -> list[str]:
    """The places and codes of every problem."""
    return [f"{p.place.line}:{p.place.column} {p.code}" for p in problems_of(text) if p.place]


@pytest.mark.parametrize("name", CASES)
def test_a_bad_scenario_is_refused_where_it_is_bad(name: str) -> None:
    text, expected = CASES[name]
    assert found_in(text) == expected


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_exits_2_and_writes_nothing(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(CASES[name][0], "utf-8")
    assert cli.execute(["run", str(file)]) == 2
    err = capsys.readouterr().err
    assert f"{file}:{CASES[name][1][0].replace(' ', ' error ')}" in err
    assert "Traceback" not in err
    assert [p.name for p in tmp_path.iterdir()] == ["bad.toml"]


def test_a_missing_file_a_folder_without_scenarios_bytes_and_size(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "bytes.toml").write_bytes(b'title = "x"\nname = "\xff"\n')
    (tmp_path / "large.toml").write_bytes(b"#" * (1024 * 1024 + 1))
    for name, expected in (
        ("nowhere.toml", "nowhere.toml error S001: there is no such file"),
        ("empty", "empty error S001: the folder has no scenarios"),
        ("bytes.toml", "bytes.toml:2:9 error S003: the file is not UTF-8 text"),
        ("large.toml", "large.toml:1:1 error S002: the file is larger than 1 MiB"),
    ):
        for command in ("check", "run"):
            assert cli.execute([command, str(tmp_path / name), "--lang", "en"]) == 2
            told = capsys.readouterr()
            assert expected in (told.out if command == "check" else told.err)  # for check, problems are the data


def test_born_tomorrow_is_the_future_and_today_is_not() -> None:
    text = 'title = "x"\n[pupil]\nborn = {}\n'
    assert found_in(text.format(date.today() + timedelta(days=1))) == ["3:8 S103"]
    assert read_from(text.format(date.today()), "x.toml").scenario.pupil.born == date.today()


def test_the_nearest_name_is_offered() -> None:
    with pytest.raises(Problems, match='unknown move "skp" - did you mean "skip"'):
        read_from(CASES["unknown move"][0], "x.toml")


def test_a_subject_goes_by_any_of_its_codes_and_the_meant_one_is_offered() -> None:
    for word, meant in (("entk", "entl"), ("Engels", "entl"), ("natuurkunde", "nat"), ("maths B", "wisb")):
        (problem,) = problems_of(PUPIL + act("central-exam-early", word))
        assert problem.message.endswith(f'did you mean "{meant}"?')
        assert problem.fix == (meant if word != "entk" else "")
    whatever = '[measures]\nenrichment = { subjects = ["zeilen"] }\n' + act("ho-course", "sterrenkunde")
    for good in (whatever, act("central-exam-early", "en"), act("central-exam-early", "eng")):
        assert not problems_of(PUPIL + good)


def test_an_act_a_result_and_a_measure_mean_one_subject_by_different_codes(law: Lawbook) -> None:
    """English, as three schools write it; a measure for another subject does not open it."""
    text = PUPIL + '[start]\nin = "2020/2021"\nat = "vo/vwo/4"\n[measures]\nearly-exam = {{ subjects = ["{}"] }}\n'
    text += act("central-exam-early", "eng")
    text += '[[result]]\nexam = 2021\nlevel = "vwo"\nsubject = "en"\nse = 7\nce = 7\n'
    for measured, done in (("entl", ["central-exam-early"]), ("fatl", [])):
        walk = play_source(read_from(text.format(measured), "x.toml"), law).walk
        assert [each.act for each in walk.steps[0].done] == done
        assert [each.result.subject for each in walk.steps[0].closed] == ["en"] * len(done)


@given(st.data())
def test_no_edit_of_a_scenario_gives_anything_but_problems(data: st.DataObject) -> None:
    """Cut, doubled and overwritten pieces of a good scenario: read, or refused with places; nothing else."""
    text = SARA
    for _round in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 40)))
        piece = data.draw(
            st.sampled_from(["", text[start:end] * 2, "[", "]", '"', "= 5", "\n[x]\n", "true", "é", "{", "."])
        )
        text = text[:start] + piece + text[end:]
    for problem in problems_of(text):
        assert problem.place is not None
        assert problem.file == "x.toml"
