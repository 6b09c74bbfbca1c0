"""The references' side of the benchmark: answers requests on standard input, a line of JSON each.

`{"load": id, "family": family, "actions": [[one an agent], ...]}` makes an environment; `{"play": n}` plays the first n actions
from a seeded start, resets included, and answers the seconds it took, the resets made and the first agent's rewards, added up.

Needs the packages of the families that are asked for: gymnasium 1.4.0, minigrid 3.2.0, overcooked_ai 1.1.0, cogrid 0.3.2,
slimevolleygym 0.1.0, slimevb 0.1.1.
"""

import contextlib
import gc
import json
import os
import sys
import time
import warnings

SEED = 1


class Gymnasium:
    """One agent. The wrappers are those of `make`, but for the checker of a first step, which costs nothing later on."""

    def __init__(self, name, family):
        import gymnasium

        if family == "minigrid":
            import minigrid  # registers its environments
        self.env = gymnasium.make(name, disable_env_checker=True)
        self.step = self.env.step

    def start(self, seed):
        self.env.reset(seed=seed)

    def restart(self):
        self.env.reset()

    def action(self, actions):
        import numpy

        (action,) = actions
        # What a policy gives for a Box.
        return numpy.array(action, dtype=numpy.float32) if isinstance(action, list) else action

    @staticmethod
    def read(returned):
        _, reward, terminated, truncated, _ = returned
        return reward, terminated or truncated


class Overcooked:
    """Two agents who earn alike. The rules alone, without the package's `OvercookedEnv` and its planners."""

    HORIZON = 400

    def __init__(self, name, _):
        from overcooked_ai_py.mdp.actions import Action
        from overcooked_ai_py.mdp.overcooked_mdp import OvercookedGridworld

        self.named = Action.INDEX_TO_ACTION
        self.mdp = OvercookedGridworld.from_layout_name(name.split("/")[1])

    def start(self, _):
        self.restart()

    def restart(self):
        self.state = self.mdp.get_standard_start_state()

    def step(self, actions):
        self.state, infos = self.mdp.get_state_transition(self.state, actions)
        return infos

    def action(self, actions):
        return tuple(self.named[action] for action in actions)

    def read(self, infos):
        return sum(infos["sparse_reward_by_agent"]), self.state.timestep >= self.HORIZON


class Cogrid:
    """Agents who earn each their own; an episode ends for all at once."""

    def __init__(self, name, _):
        import cogrid.envs  # registers its environments
        from cogrid.envs import registry

        self.env = registry.make(name.split("/")[-1])
        self.step = self.env.step
        self.env.reset(seed=SEED)
        self.agents = list(self.env.agents)

    def start(self, seed):
        self.env.reset(seed=seed)

    def restart(self):
        self.env.reset(seed=None)

    def action(self, actions):
        return dict(zip(self.agents, actions))

    def read(self, returned):
        _, rewards, terminated, truncated, _ = returned
        over = all(terminated[agent] or truncated[agent] for agent in terminated)
        return rewards[self.agents[0]], over


class SlimeVolley:
    """The right-hand side against the built-in opponent."""

    def __init__(self, _, __):
        import numpy
        from slimevolleygym.slimevolley import SlimeVolleyEnv

        # The package is older than NumPy's naming of today.
        for name, kind in (("bool", bool), ("float", float), ("int", int)):
            if name not in numpy.__dict__:
                setattr(numpy, name, kind)
        self.env = SlimeVolleyEnv()
        self.step = self.env.step
        self.restart = self.env.reset

    def start(self, seed):
        self.env.seed(seed)
        self.env.reset()

    def action(self, actions):
        (action,) = actions
        return action

    @staticmethod
    def read(returned):
        _, reward, done, _ = returned
        return reward, done


GAMES = {
    "classic_control": Gymnasium,
    "toy_text": Gymnasium,
    "box2d": Gymnasium,
    "minigrid": Gymnasium,
    "overcooked_ai": Overcooked,
    "cogrid": Cogrid,
    "slime_volley": SlimeVolley,
}


def play(game, actions):
    """Seconds, resets and rewards of playing all actions."""
    step, read, restart = game.step, game.read, game.restart
    resets, earned = 0, 0.0
    gc.collect()
    start = time.perf_counter()
    game.start(SEED)
    for action in actions:
        reward, over = read(step(action))
        earned += reward
        if over:
            restart()
            resets += 1
    return time.perf_counter() - start, resets, float(earned)


def main():
    # Packages greet on standard output, which is for answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    warnings.filterwarnings("ignore")
    game, actions = None, []
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "load" in request:
                if request["family"] not in GAMES:
                    raise LookupError(f"no reference for the family {request['family']}")
                with contextlib.redirect_stdout(sys.stderr):
                    game = GAMES[request["family"]](request["load"], request["family"])
                actions = [game.action(step) for step in request["actions"]]
                answer = {}
            else:
                steps = actions[: request["play"]]
                seconds, resets, earned = play(game, steps)
                answer = {"seconds": seconds, "steps": len(steps), "resets": resets, "earned": earned}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


main()
