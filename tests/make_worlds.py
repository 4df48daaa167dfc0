"""Worlds of shares whose truth is known: who is followed, which stories do well, who posts when, what hours change."""

from dataclasses import dataclass

import numpy

from portevoix.analytics.timing import Outcome, Window

MORNING = Window(is_weekend=False, start=7, end=10)
NETWORKS = ("linkedin", "x", "facebook")


@dataclass(frozen=True)
class World:
    """How a world is. `shares` is the mean of a person's shares on a network; `effect` what a working morning is worth
    on LinkedIn (1: nothing); `unevenness` the squared variation of what shares bring that nothing explains.
    """

    people: int = 40
    shares: int = 20
    stories: int = 40
    effect: float = 1
    unevenness: float = 1
    visits: float = 6


def outcomes(world: World, seed: int) -> list[Outcome]:
    """Everything that misleads is in it: habits of hours, followings and stories that differ by as much as tenfold,
    and two shares in five made in the very hour that the story came out.
    """
    chance = numpy.random.default_rng(seed)
    followed = chance.lognormal(0, 1, world.people)
    rows = []
    for network in NETWORKS:
        liked = chance.lognormal(0, 0.6, world.stories)
        out_on, out_at = chance.integers(0, 7, world.stories), chance.integers(7, 20, world.stories)
        for person in range(world.people):
            usual = chance.integers(7, 20)
            for _ in range(chance.poisson(world.shares)):
                story = int(chance.integers(0, world.stories))
                weekday, hour = int(chance.integers(0, 7)), int(chance.normal(usual, 3)) % 24
                if chance.random() < 0.4:
                    weekday, hour = int(out_on[story]), int(out_at[story])
                expected = world.visits * followed[person] * liked[story]
                if network == "linkedin" and weekday < 5 and 7 <= hour < 10:
                    expected *= world.effect
                luck = chance.gamma(1 / world.unevenness, world.unevenness)
                rows.append(
                    Outcome(network, person, story, weekday, hour, int(chance.poisson(expected * luck)))
                )
    return rows
