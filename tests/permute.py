"""The same world with its people and households in another order of rows."""

import numpy as np


def permute(world, seed: int = 7) -> None:
    """Shuffle the rows of residents and households in place; every link is renumbered."""
    rng = np.random.default_rng(seed)
    people, homes = world.residents, world.households
    new_people, new_homes = rng.permutation(people.n), rng.permutation(homes.n)
    row_of_person, row_of_home = np.argsort(new_people), np.argsort(new_homes)
    people.keep(new_people)
    homes.keep(new_homes)
    people.household[: people.n] = row_of_home[people.household[: people.n]]
    nxt = people.next[: people.n]
    nxt[nxt >= 0] = row_of_person[nxt[nxt >= 0]]
    head = homes.head[: homes.n]
    head[head >= 0] = row_of_person[head[head >= 0]]
