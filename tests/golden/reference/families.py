"""Which environments there are drivers for, and where. A family is imported when one of its environments is looked for:
cogrid's change one another within a process, and everything together takes seconds."""
import contextlib
import importlib
import io
import os

# Nothing but records may be printed, and what the packages have to say when they are imported is of no use here.
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
# On a processor with AVX-512 NumPy takes its float64 exponential from a library of Intel's, which rounds otherwise than the C
# library that it takes it from everywhere else. Rewards of mpe2 have it in them.
os.environ.setdefault("NPY_DISABLE_CPU_FEATURES", "X86_V4")

# The module that drives a family, the folder of its committed records, and how many of the steps asked for are played:
# some packages take a thousandth of a second and more for each. Committed records of many agents' numbers are shorter.
FAMILIES = [
    {"module": "classic_control", "folder": "classic_control", "share": 3},
    {"module": "toy_text", "folder": "toy_text", "share": 1},
    {"module": "minigrids", "folder": "minigrid", "share": 1},
    {"module": "overcooked_kitchens", "folder": "overcooked", "share": 1},
    {"module": "cogrid_kitchens", "folder": "cogrid", "share": 0.1},
    {"module": "slime_volley", "folder": "slime_volley", "share": 1},
    {"module": "lunar_lander", "folder": "box2d", "share": 1},
    {"module": "particles", "folder": "mpe2", "share": 1, "golden": 150},
    {"module": "foraging", "folder": "lbforaging", "share": 0.5, "golden": 150},
]

GOLDEN_STEPS = 400


def module(family):
    with contextlib.redirect_stderr(io.StringIO()):
        return importlib.import_module(family["module"])


def family_of(env_id):
    for family in FAMILIES:
        if env_id in module(family).ENVIRONMENTS:
            return family
    raise SystemExit(f"expected the id of an environment with a reference, found {env_id}")


def environment(env_id):
    """What makes an environment's driver, and its shares of arguments."""
    return module(family_of(env_id)).ENVIRONMENTS[env_id]


def listed():
    """Every id, with its family's folder and share."""
    return [
        {"env_id": env_id, "folder": family["folder"], "share": family["share"]}
        for family in FAMILIES
        for env_id in module(family).ENVIRONMENTS
    ]


def committed(env_id):
    """The records of an environment that come with the project: path, arguments, policy, seed and steps of each."""
    family = family_of(env_id)
    steps = family.get("golden", GOLDEN_STEPS)
    for named, kwargs, policies in module(family).COMMITTED:
        for policy, seeds in policies.items() if named == env_id else ():
            for seed in seeds:
                chosen = "".join(f"_{name}-{kwargs[name]}".replace(".", "p") for name in sorted(kwargs))
                name = f"{env_id.replace('/', '_')}{chosen}.{policy}-{steps}steps.{seed}.jsonl.gz"
                yield f"{family['folder']}/{name}", kwargs, policy, seed, steps
