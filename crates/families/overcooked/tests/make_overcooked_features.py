"""Records overcooked-ai 1.1.0's `featurize_state`, for features.rs beside it.

    npm run golden -- make_overcooked_features        (python crates/families/overcooked/tests/make_overcooked_features.py [FOLDER], with overcooked-ai==1.1.0 and scipy)

Writes crates/families/overcooked/tests/golden/features.changes.gz: a game in each of the six kitchens, with the planner that the package's
environment makes (no counters). A header line says how to make the environment; each further line holds the joint action
(none at the start) and what it changed in the two agents' features, as [agent, index, new value]. Everything starts as zeros.
"""
import gzip
import json
import pathlib
import sys
import types

import numpy as np
from make_overcooked_lossless import LAYOUTS, STEPS, game
from overcooked_ai_py.mdp.overcooked_mdp import OvercookedGridworld
from overcooked_ai_py.planning.planners import NO_COUNTERS_PARAMS, MotionPlanner

# The planner is older than NumPy 2, which has only this name.
np.Inf = np.inf

# With it the games reach every feature that is not always 0.
FIRST_SEED = 50


def main():
    path = (pathlib.Path(sys.argv[1]) / "overcooked" if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "golden") / "features.changes.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    # No time stamp: the same figures give the same file.
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        write = lambda line: out.write((json.dumps(line, separators=(",", ":")) + "\n").encode())
        for seed, layout in enumerate(LAYOUTS, FIRST_SEED):
            mdp = OvercookedGridworld.from_layout_name(layout)
            # Of the manager that featurize_state asks for, it uses the planner only, which takes a second; all takes minutes.
            manager = types.SimpleNamespace(motion_planner=MotionPlanner(mdp, NO_COUNTERS_PARAMS["counter_goals"]))
            kwargs = {"observation": "features", "horizon": STEPS}
            write({"type": "header", "env_id": f"overcooked_ai/{layout}", "kwargs": kwargs})
            before = np.zeros((2, *mdp.get_featurize_state_shape()))
            for action, state, _ in game(mdp, seed, STEPS, STEPS):
                now = np.array(mdp.featurize_state(state, manager))
                assert now.shape == before.shape and now.dtype == np.float64
                changes = [[int(agent), int(i), float(now[agent, i])] for agent, i in np.argwhere(now != before)]
                write({"type": "step", "action": action, "changes": changes})
                before = now


if __name__ == "__main__":
    main()
