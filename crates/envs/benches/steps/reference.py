"""The references' side of the benchmark: answers requests on standard input, a line of JSON each.

`{"load": id, "family": family, "actions": [[one per agent], ...]}` makes an environment; `{"play": n, "work": bool}` plays the first n actions
from a seeded start, resets included, and answers the seconds it took (those at work, or all), the resets made and the first agent's rewards, added up.

Needs the packages of the families that are asked for: gymnasium 1.4.0, minigrid 3.2.0, overcooked_ai 1.1.0, cogrid 0.3.2,
slimevolleygym 0.1.0, slimevb 0.1.1, mpe2 1.1.1, lbforaging 2.0.0.
"""

import contextlib
import gc
import io
import json
import os
import sys
import time
import types
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


class Drawing(types.ModuleType):
    """OpenCV, which some packages import for drawing alone."""

    def __getattr__(self, name):
        return 0


class Cogrid:
    """Agents who earn each their own; an episode ends for all at once. One environment changes the next of the same process."""

    def __init__(self, name, _):
        import cogrid.envs  # registers its environments
        from cogrid.envs import registry

        self.env = registry.make(name)
        self.step = self.env.step
        self.agents = list(self.env.possible_agents)

    def start(self, seed):
        import numpy

        # What is wanted in its V2 kitchens comes from the global generator.
        numpy.random.seed(seed)
        self.env.reset(seed=seed)

    def restart(self):
        # Without its argument this would be the seed 42.
        self.env.reset(seed=None)

    def action(self, actions):
        return dict(zip(self.agents, actions))

    def read(self, returned):
        _, rewards, terminated, truncated, _ = returned
        over = all(terminated[agent] or truncated[agent] for agent in self.agents)
        return float(rewards[self.agents[0]]), over


class SlimeVolley:
    """The right player against the built-in opponent."""

    def __init__(self, *_):
        from slimevolleygym.slimevolley import SlimeVolleyEnv

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
        return float(reward), done


class SlimeVolleyPair:
    """Two players."""

    SIDES = ("agent_left", "agent_right")

    def __init__(self, *_):
        from slime_volleyball.slimevolley_env import SlimeVolleyEnv

        self.env = SlimeVolleyEnv(dict(SlimeVolleyEnv.default_config))
        self.step = self.env.step
        self.restart = self.env.reset

    def start(self, seed):
        self.env.reset(seed=seed)

    def action(self, actions):
        # A player is left to the built-in policy, or presses buttons.
        return dict(zip(self.SIDES, actions))

    def read(self, returned):
        _, rewards, terminated, truncated, _ = returned
        over = all(terminated[side] or truncated[side] for side in self.SIDES)
        return float(rewards[self.SIDES[0]]), over


class Particles:
    """Agents who earn each their own, through PettingZoo's parallel API."""

    def __init__(self, name, _):
        import importlib

        self.env = importlib.import_module(name.replace("/", ".")).parallel_env()
        self.step = self.env.step
        self.restart = self.env.reset
        self.agents = list(self.env.possible_agents)

    def start(self, seed):
        self.env.reset(seed=seed)

    def action(self, actions):
        return dict(zip(self.agents, actions))

    def read(self, returned):
        _, rewards, terminated, truncated, _ = returned
        first = self.agents[0]
        return float(rewards[first]), terminated[first] or truncated[first]


class Foraging:
    """Players who earn each their own. The wrappers are those of `make`, but for the checker of a first step."""

    def __init__(self, name, _):
        import gymnasium
        import lbforaging  # registers its environments

        self.env = gymnasium.make(name, disable_env_checker=True)
        self.step = self.env.step
        self.restart = self.env.reset

    def start(self, seed):
        self.env.reset(seed=seed)

    def action(self, actions):
        return actions

    @staticmethod
    def read(returned):
        _, rewards, terminated, truncated, _ = returned
        return float(rewards[0]), terminated or truncated


# By family: what drives its reference, and how many times as fast ours has to be, where that is promised.
GAMES = {
    # Most of its work is elementary functions, as slime_volley's.
    "classic_control": (Gymnasium, 30),
    "toy_text": (Gymnasium, 100),
    "box2d": (Gymnasium, None),
    "minigrid": (Gymnasium, 300),
    "overcooked_ai": (Overcooked, None),
    "cogrid": (Cogrid, 300),
    "slime_volley": (SlimeVolley, 30),
    "mpe2": (Particles, None),
    "lbforaging": (Foraging, None),
}
OTHERS = {"slimevb/SlimeVolleyEnv": SlimeVolleyPair}


def play(game, actions, clock):
    """Seconds by a clock, resets and rewards of playing all actions."""
    step, read, restart = game.step, game.read, game.restart
    resets, earned = 0, 0.0
    gc.collect()
    start = clock()
    game.start(SEED)
    for action in actions:
        reward, over = read(step(action))
        earned += reward
        if over:
            restart()
            resets += 1
    return clock() - start, resets, float(earned)


def main():
    # Packages greet on standard output, which is for answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    warnings.filterwarnings("ignore")
    sys.modules.setdefault("cv2", Drawing("cv2"))
    game, actions = None, []
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "load" in request:
                if request["family"] not in GAMES:
                    raise LookupError(f"no reference for the family {request['family']}")
                # Packages say on standard error that there are newer ones.
                usual, required = GAMES[request["family"]]
                with contextlib.redirect_stdout(sys.stderr), contextlib.redirect_stderr(io.StringIO()):
                    game = OTHERS.get(request["load"], usual)(request["load"], request["family"])
                actions = [game.action(step) for step in request["actions"]]
                answer = {"required": required}
            else:
                steps = actions[: request["play"]]
                clock = time.process_time if request["work"] else time.perf_counter
                seconds, resets, earned = play(game, steps, clock)
                answer = {"seconds": seconds, "steps": len(steps), "resets": resets, "earned": earned}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


main()
