"""One pupil who learns by a model on her walk: columns of one, by the same steps as a cohort's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import define, evolve

from trajectsim import draws
from trajectsim.exam.verdicts import SheetVerdict
from trajectsim.law.facts import Fact
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.moves import LEVEL, SUBJECT
from trajectsim.learning import ties
from trajectsim.learning.model import Model
from trajectsim.learning.parameters import shipped, weakest
from trajectsim.learning.pupils import Ending, Pupils, has_exam, select_keys
from trajectsim.learning.says import fork_of
from trajectsim.learning.sitting import Above, Closed, Sat
from trajectsim.learning.ties import Ties
from trajectsim.learning.worlds import Doing, Select, model_of
from trajectsim.path.options import Desk, Option
from trajectsim.path.plan import ALL, Chance, Learning, Plan, PlannedAct
from trajectsim.pupil import Done, State
from trajectsim.pupil.facts import level_of

ADVICE_YEARS = 1
"""From how many years before the end of primary school there is an advice."""


@define(eq=False)
class Learner:
    """The pupil of a plan."""

    plan: Plan
    pupils: Pupils

    @classmethod
    def of(cls, plan: Plan, learning: Learning, law: Lawbook) -> Learner:
        """A learner at the start of her walk."""
        model, luck = model_of(learning.world, learning.luck, law), learning.luck
        seed = luck.seed or 0
        words = draws.pupils(seed, luck.replication, [luck.pupil])
        if not plan.pupil.ability and model.mode.noise:
            pupils = Pupils.born(model, words)
        else:
            ability = {domain: float(level) for domain, level in plan.pupil.ability.items()}
            pupils = Pupils.able(model, words, ability, plan.pupil.profile)
        offers = tuple((name, bool(pupils.offered(name, share)[0])) for name, share in shares(plan).items())
        return cls(settled(plan, offers), pupils)

    @property
    def model(self) -> Model:
        """The model she learns by."""
        return self.pupils.says  # pyright: ignore[reportReturnType]

    @property
    def evidence(self) -> str:
        """The weakest grade of evidence among the parameters that the walk has hung on."""
        return weakest(shipped(), self.model.values.asked)

    def learn(self, desk: Desk) -> None:
        """A school year of growth, with the measures that are in effect."""
        learn_year(self.pupils, desk)

    def answers(self, state: State) -> Mapping[str, bool]:
        """What schools that decide by chance say this year."""
        luck = self.pupils.skills.luck
        return {
            name: bool(self.model.says_yes(luck, float(use.probability), "practice", name, state.age)[0])
            for name, use in self.plan.practices.items()
            if isinstance(use, Chance)
        }

    def facts(self, desk: Desk) -> tuple[dict[str, int], SheetVerdict | None]:
        """The facts of a year that nobody gave, and the exam behind them if there is one."""
        state, law, pupils = desk.state, desk.law, self.pupils
        told: dict[str, int] = {}
        exam: SheetVerdict | None = None
        for name in facts_to_tell(state, desk.sheet.assumed):
            if name == "advice":
                told |= told_by_advice(int(self.model.advice(pupils.skills).code[0]), law, desk.sheet.assumed)
            elif name == "exam_result" and has_exam(state.place):
                sat = sit_exam(pupils, desk)
                exam = SheetVerdict(sat.last, law, 0)
                told[name] = law.facts[name].encode("passed" if sat.passed[0] else "failed")
            else:
                low = self.model.insufficient(pupils.skills, state.place, pupils.gpa, state.years_in_place)
                if low is not None:
                    told[name] = ends(law.facts[name])[int(not low[0])]
        return told, exam

    def wish(self, desk: Desk) -> str:
        """The move that the model has her want, empty where it says nothing."""
        fork = fork_of(self.model.ties, desk.law, desk.state.place, desk.facts, desk.state.years_in_place)
        if fork is None:
            return ""
        which = int(self.model.wanted(self.model.ways_of(fork), self.pupils.skills.luck, self.pupils.gpa)[0])
        return fork.routes[which - 1].move if which else ""

    def selected(self, state: State) -> Mapping[str, bool]:
        """For each move that schools select for here, whether she is chosen."""
        return {s.move: self._is_chosen(s, state) for s in self.plan.selects if s.here(state.place)}

    def does(self, desk: Desk) -> Desk:
        """The desk with the acts that she does this year in its plan."""
        here = (each for each in self.plan.doings if each.whom.here(desk.state.place))
        return doing(desk, [each for each in here if self._is_chosen(each.whom, desk.state)])

    def _is_chosen(self, select: Select, state: State) -> bool:
        keys = select_keys(select, state.place, state.years_in_place)
        return bool(self.model.chosen(self.pupils.skills, select.above, select.knows, select.share, keys)[0])

    def move(self, taken: Option) -> None:
        """What the end of the year does to her, with the move that is taken."""
        end_year(self.pupils, taken.desk, taken.rule.id)


def learn_year(pupils: Pupils, desk: Desk) -> None:
    """A school year of growth for pupils at a desk, with the measures that are in effect."""
    says, state = pupils.says, desk.state
    above = pupils.skills.mean() - says.size("reference", state.place)
    here = state.place, measures_at_work(desk)
    timely = says.size("timely", *here) if says.does("on-time") else None
    pupils.learn(state.age, above, says.size("delta", *here), timely)


def end_year(pupils: Pupils, desk: Desk, move: str) -> None:
    """What the end of a school year does to pupils at a desk, who all take a move."""
    found = ending(desk, move, pupils.says.ties)
    if found is not None:
        pupils.ended(found)


def ending(desk: Desk, move: str, ties: Ties) -> Ending | None:
    """What does something at the end of a year: the move that is taken, and acts of the year, which are on record. None
    where nothing does."""
    state, law = desk.state, desk.law
    kind = ties.kind_of(move, state.place, desk.facts, law)
    done = {act.act for act in state.record.acts if act.year == state.year} & ties.acts["delta"]
    if not done and not ties.effects_of_move(kind):
        return None
    return kind, state.place, tuple(sorted(done)), measures_at_work(desk) if done else ()


def sit_exam(pupils: Pupils, desk: Desk) -> Sat:
    """The exam that pupils at a desk sit, resits included."""
    state = desk.state
    more = pupils.says.size("ce", state.place, acts_done(state))
    level = state.place.track.level if state.place.track else ""
    asked = (level, state.year.start, state.years_in_place, more, desk.plan.clock, desk.offered())
    return pupils.exam(*asked, closed_early(state, desk.law), at_higher_level(state, desk.law))


def doing(desk: Desk, chosen: Iterable[Doing]) -> Desk:
    """The desk with acts in its plan that a pupil is chosen for, those that are open to her."""
    acts = {act.id: act for act in desk.law.acts_in(desk.state.place)}
    planned = [PlannedAct(desk.state.year, each.act, each.arguments) for each in chosen if each.act in acts]
    done = tuple(each for each in planned if desk.act(acts[each.act], each).open)
    return evolve(desk, plan=evolve(desk.plan, acts=(*desk.plan.acts, *done))) if done else desk


def shares(plan: Plan) -> dict[str, float]:
    """The measures that only a share of schools offers, and that share."""
    return {name: float(switch.share) for name, switch in plan.measures.items() if switch.on and switch.share < ALL}


def settled(plan: Plan, offers: tuple[tuple[str, bool], ...]) -> Plan:
    """The plan once it is known which measures the schools of a pupil offer."""
    if not offers:
        return plan
    whole = {name: evolve(plan.measures[name], on=yes, share=ALL) for name, yes in offers}
    return evolve(plan, measures={**plan.measures, **whole})


def measures_at_work(desk: Desk) -> tuple[tuple[tuple[str, ...], float], ...]:
    """The measures that are in effect for a pupil and that say what they do to learning, by their effects, and how well
    each is delivered. Those that a pupil must choose do it by the move or the place that is chosen."""
    switches, rows = desk.plan.measures, desk.law.measures.values()
    felt = desk.law.kept("felt measures", lambda: tuple(m for m in rows if m.effects and m.takes == "default"))
    return tuple(
        (measure.effects, float(switches[measure.id].quality) if measure.id in switches else 1.0)
        for measure in felt
        if (measure.on_by_itself or measure.id in switches) and desk.standing(measure).in_effect
    )


def looked_back_on(law: Lawbook) -> frozenset[str]:
    """The acts of which a later exam asks what they were about."""
    return ties.shipped().acts["short"] | _at_levels(law)


def _at_levels(law: Lawbook) -> frozenset[str]:
    """The acts that say of a subject at which level it is taken."""
    acts = law.acts.values()
    return law.kept(
        "acts at levels", lambda: frozenset(a.id for a in acts if {SUBJECT, LEVEL} <= {*a.arguments.values()})
    )


def _of_this_level(state: State, acts: frozenset[str]) -> Iterator[tuple[Done, Mapping[str, str]]]:
    """Some acts that a pupil did before on the level she is in, as far as they stand, and what they were about."""
    level = level_of(state)
    for done in state.record.acts:
        if done.act in acts and done.stands and done.place.track is not None and done.place.track.level == level:
            yield done, dict(done.arguments)


def at_higher_level(state: State, law: Lawbook) -> Above:
    """The subjects that a pupil has taken at another level than that of the exam before her, each at the highest."""
    found: dict[str, str] = {}
    for done, said in _of_this_level(state, _at_levels(law)):
        kinds = {kind: name for name, kind in law.acts[done.act].arguments.items()}
        subject, level = law.subject_id(said[kinds[SUBJECT]]), said[kinds[LEVEL]]
        found[subject] = max(level, found.get(subject, level), key=law.facts[LEVEL].encode)
    return tuple(sorted(found.items()))


def closed_early(state: State, law: Lawbook) -> Closed:
    """The subjects of which a pupil has sat the central exam before the final year of the level she is in."""
    found: dict[str, tuple[str, str, int]] = {}
    for done, said in _of_this_level(state, ties.shipped().acts["short"]):
        name = law.subject_id(said.get("subject", ""))
        found[name] = (done.act, name, done.place.years_to_final)
    return tuple(found[name] for name in sorted(found))


def acts_done(state: State) -> tuple[str, ...]:
    """The acts that a pupil has done before this year, each once."""
    return tuple(sorted({done.act for done in state.record.acts}))


def ends(fact: Fact) -> tuple[int, int]:
    """The lowest and the highest value of a result: what the model tells it as."""
    return 0, len(fact.values) - 1


def told_by_advice(code: int, law: Lawbook, assumed: Any) -> dict[str, int]:
    """An advice as the fact has it, and the facts that come with it, of those that would be assumed."""
    advice = law.facts["advice"]
    more = ties.shipped().comes_with(advice.values[code].id, law)
    return {advice.id: code} | {name: value for name, value in more.items() if name in assumed}


def facts_to_tell(state: State, assumed: Any) -> tuple[str, ...]:
    """The facts that a model tells at the end of a year in a place, of those that would be assumed."""
    last = not state.place.years_to_final
    sector = state.place.track.sector if state.place.track else ""
    wanted = (
        ("advice", sector == "po" and state.place.years_to_final <= ADVICE_YEARS),
        ("year_result", not last),
        ("exam_result", last and sector != "po"),
    )
    return tuple(name for name, asked in wanted if asked and name in assumed)
