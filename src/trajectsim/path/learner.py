"""One pupil who learns by a model on her walk: columns of one, by the same steps as a cohort's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import define, evolve

from trajectsim import draws
from trajectsim.exam.verdicts import SheetVerdict
from trajectsim.law.facts import Fact
from trajectsim.law.lawbook import Lawbook
from trajectsim.law.measures import Measure
from trajectsim.learning.parameters import shipped, weakest
from trajectsim.learning.pupils import Pupils
from trajectsim.learning.worlds import model_of
from trajectsim.path.options import Desk, Option
from trajectsim.path.plan import ALL, Chance, Learning, Plan
from trajectsim.pupil import State

ADVICE_YEARS = 1
"""From how many years before the end of primary school there is an advice."""

_ALL = np.zeros(1, np.intp)


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
        if not plan.pupil.ability and model.mode.noise:
            pupils = Pupils.born(model, seed, luck.replication, [luck.pupil])
        else:
            words = draws.pupils(seed, luck.replication, [luck.pupil])
            ability = {domain: float(level) for domain, level in plan.pupil.ability.items()}
            pupils = Pupils.able(model, words, ability, plan.pupil.profile)
        offers = tuple((name, bool(pupils.offered(name, share)[0])) for name, share in shares(plan).items())
        return cls(settled(plan, offers), pupils)

    @property
    def evidence(self) -> str:
        """The weakest grade of evidence among the parameters that the walk has hung on."""
        return weakest(shipped(), self.pupils.model.values.asked)

    def learn(self, desk: Desk) -> None:
        """A school year of growth, with the measures that are in effect."""
        state, measures = desk.state, measures_at_work(desk)
        above = self.pupils.model.above_class(self.pupils.skills, state.place)
        self.pupils.learn(state.age, above, self.pupils.year_delta(state.place, measures))

    def answers(self, state: State) -> Mapping[str, bool]:
        """What schools that decide by chance say this year."""
        model = self.pupils.model
        return {
            name: bool(model.says_yes(self.pupils.skills, float(use.probability), "practice", name, state.age)[0])
            for name, use in self.plan.practices.items()
            if isinstance(use, Chance)
        }

    def facts(self, desk: Desk) -> tuple[dict[str, int], SheetVerdict | None]:
        """The facts of a year that nobody gave, and the exam behind them if there is one."""
        state, law = desk.state, desk.law
        told: dict[str, int] = {}
        exam: SheetVerdict | None = None
        for name in facts_to_tell(state, desk.sheet.assumed):
            if name == "advice":
                told[name] = int(self.pupils.advice(_ALL).code[0])
            elif name == "exam_result" and self.pupils.has_exam(state.place):
                found = next(
                    self.pupils.exams(
                        _ALL, state.place, state.year.start, state.years_in_place, self.plan.clock, desk.offered()
                    )
                )
                exam = SheetVerdict(found.judged, law, 0)
                told[name] = law.facts[name].encode("passed" if found.passed[0] else "failed")
            else:
                low = self.pupils.insufficient(_ALL, state.place, state.years_in_place)
                if low is not None:
                    told[name] = ends(law.facts[name])[int(not low[0])]
        return told, exam

    def wish(self, desk: Desk) -> str:
        """The move that the model has her want, empty where it says nothing."""
        moves, which = self.pupils.wishes(_ALL, desk.state.place, desk.state.years_in_place, desk.facts)
        index = int(which[0])
        return moves[index] if index >= 0 else ""

    def selected(self, state: State) -> Mapping[str, bool]:
        """For each move that schools select for here, whether she is chosen."""
        place, times = state.place, state.years_in_place
        here = (select for select in self.plan.selects if select.here(place))
        return {select.move: bool(self.pupils.selected(_ALL, place, times, select)[0]) for select in here}

    def move(self, state: State, taken: Option) -> None:
        """What the move that is taken does to her."""
        self.pupils.moved(_ALL, taken.rule, state.place)  # pyright: ignore[reportArgumentType]


def shares(plan: Plan) -> dict[str, float]:
    """The measures that only a share of schools offers, and that share."""
    return {name: float(switch.share) for name, switch in plan.measures.items() if switch.on and switch.share < ALL}


def settled(plan: Plan, offers: tuple[tuple[str, bool], ...]) -> Plan:
    """The plan once it is known which measures the schools of a pupil offer."""
    if not offers:
        return plan
    whole = {name: evolve(plan.measures[name], on=yes, share=ALL) for name, yes in offers}
    return evolve(plan, measures={**plan.measures, **whole})


def measures_at_work(desk: Desk) -> tuple[tuple[Measure, float], ...]:
    """The measures that are in effect for a pupil and that say what they do to learning, and how well each is
    delivered. Those that a pupil must choose do it by the move or the place that is chosen."""
    measures = (measure for measure in desk.law.measures.values() if measure.effects and measure.takes == "default")
    switches = desk.plan.measures
    return tuple(
        (measure, float(switches[measure.id].quality) if measure.id in switches else 1.0)
        for measure in measures
        if desk.standing(measure).in_effect
    )


def ends(fact: Fact) -> tuple[int, int]:
    """The lowest and the highest value of a result: what the model tells it as."""
    return 0, len(fact.values) - 1


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
