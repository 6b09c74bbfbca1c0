"""Records overcooked-ai 1.1.0's `lossless_state_encoding`, for lossless.rs beside it.

    npm run golden -- make_overcooked_lossless        (python crates/families/overcooked/tests/make_overcooked_lossless.py [FOLDER], with overcooked-ai==1.1.0)

Writes crates/families/overcooked/tests/golden/lossless.changes.gz: a game in each of the six kitchens. A header line says how to make
the environment; each further line holds the joint action (none at the start) and what it changed in the two agents'
encodings, as [agent, flat row-major index, new value]. Everything starts as zeros.
"""
import gzip
import json
import pathlib
import random
import sys

import numpy as np
from overcooked_ai_py.mdp.actions import Action, Direction
from overcooked_ai_py.mdp.overcooked_mdp import OvercookedGridworld

LAYOUTS = [
    "cramped_room",
    "asymmetric_advantages",
    "coordination_ring",
    "forced_coordination",
    "counter_circuit",
    "counter_circuit_o_1order",
]
STEPS = 300
# With it the games reach every one of the 26 maps, tomatoes in pots included.
FIRST_SEED = 50


class Errand:
    """A player who keeps walking to something worth touching, touches it, and sometimes does anything else."""

    def __init__(self, mdp, rng):
        self.mdp, self.rng, self.target = mdp, rng, None

    def action(self, player, state):
        if self.rng.random() < 0.15:
            return self.rng.choice(Action.ALL_ACTIONS)
        if self.target is None or self.rng.random() < 0.02:
            self.target = self.choose(player, state)
        facing = Action.move_in_direction(player.position, player.orientation)
        if facing == self.target:
            self.target = None
            return Action.INTERACT
        return self.towards(player.position)

    def choose(self, player, state):
        held = player.held_object.name if player.has_object() else None
        useful = {None: "OTDPPX", "onion": "PPPX", "tomato": "PPPX", "dish": "PPPX", "soup": "SSSX"}[held]
        places = [place for letter in useful for place in self.mdp.terrain_pos_dict[letter]]
        if held is None:
            places += list(state.objects) * 2
        reachable = self.distances(player.position)
        near = [p for p in places if any(Action.move_in_direction(p, d) in reachable for d in Direction.ALL_DIRECTIONS)]
        return self.rng.choice(near)

    def distances(self, start):
        found, queue = {start: 0}, [start]
        for place in queue:
            for direction in Direction.ALL_DIRECTIONS:
                following = Action.move_in_direction(place, direction)
                if following in self.mdp.terrain_pos_dict[" "] and following not in found:
                    found[following] = found[place] + 1
                    queue.append(following)
        return found

    def towards(self, position):
        for direction in Direction.ALL_DIRECTIONS:
            if Action.move_in_direction(position, direction) == self.target:
                return direction
        found = self.distances(position)
        beside = [Action.move_in_direction(self.target, d) for d in Direction.ALL_DIRECTIONS]
        place = min((p for p in beside if p in found), key=found.get)
        back = self.distances(place)
        steps = [(d, Action.move_in_direction(position, d)) for d in Direction.ALL_DIRECTIONS]
        return min((s for s in steps if s[1] in back), key=lambda s: back[s[1]])[0]


def game(mdp, seed, horizon, steps):
    """Yields (joint action or None, state, infos or None)."""
    rng = random.Random(seed)
    players = [Errand(mdp, rng), Errand(mdp, rng)]
    state = mdp.get_standard_start_state()
    yield None, state, None
    for _ in range(min(steps, horizon)):
        actions = [errand.action(player, state) for errand, player in zip(players, state.players)]
        state, infos = mdp.get_state_transition(state, actions)
        yield [Action.ACTION_TO_INDEX[action] for action in actions], state, infos


def main():
    path = (pathlib.Path(sys.argv[1]) / "overcooked" if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "golden") / "lossless.changes.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    # No time stamp: the same figures give the same file.
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        write = lambda line: out.write((json.dumps(line, separators=(",", ":")) + "\n").encode())
        for seed, layout in enumerate(LAYOUTS, FIRST_SEED):
            mdp = OvercookedGridworld.from_layout_name(layout)
            kwargs = {"observation": "lossless", "horizon": STEPS}
            write({"type": "header", "env_id": f"overcooked_ai/{layout}", "kwargs": kwargs})
            before = np.zeros((2, *mdp.get_lossless_state_encoding_shape()), dtype=int)
            for action, state, _ in game(mdp, seed, STEPS, STEPS):
                now = np.array(mdp.lossless_state_encoding(state, STEPS))
                changes = []
                for agent in range(2):
                    flat, old = now[agent].ravel(), before[agent].ravel()
                    changes += [[agent, int(i), int(flat[i])] for i in np.flatnonzero(flat != old)]
                write({"type": "step", "action": action, "changes": changes})
                before = now


if __name__ == "__main__":
    main()
