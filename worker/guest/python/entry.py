"""Which environment is meant: what makes one, found by what a page says."""

import contextlib
import functools
import importlib
import inspect


def found(options):
    """A function that makes an environment."""
    entry, module, kwargs = options.get("entry"), options.get("module_name"), options.get("kwargs") or {}
    if module is None:
        if entry is None:
            raise ValueError("expected a module, a source or an entry that says which environment it is, found none")
        if ":" not in entry:
            import gymnasium

            registered = gymnasium.spec(entry)
            limit = options.get("max_episode_steps")
            # A limit of Gymnasium's own would come first. Where it has none, Palaestra's is enough.
            if limit and (registered.max_episode_steps or "max_episode_steps" in kwargs):
                kwargs = {**kwargs, "max_episode_steps": limit}
            return lambda: made(registered.entry_point, functools.partial(gymnasium.make, entry), kwargs)
        module, entry = entry.split(":", 1)
    namespace = importlib.import_module(module)
    maker = named(namespace, entry) if entry else only(namespace)
    return lambda: made(maker, maker, kwargs)


def named(namespace, entry):
    value = namespace
    for part in entry.split("."):
        value = getattr(value, part, None)
        if value is None:
            raise AttributeError(f"entry: expected a name in {namespace.__name__}, found {entry!r}")
    if not callable(value):
        raise TypeError(f"entry: expected a class or a function that makes an environment, found {value!r:.200}")
    return value


def only(namespace):
    """`make`, or the one environment that is there."""
    if callable(getattr(namespace, "make", None)):
        return namespace.make
    own = [
        value
        for value in vars(namespace).values()
        if inspect.isclass(value) and value.__module__ == namespace.__name__ and is_environment(value)
    ]
    if len(own) == 1:
        return own[0]
    names = ", ".join(value.__name__ for value in own) or "none"
    raise ValueError(f"expected make() or one environment in {namespace.__name__}, found {names}: say which with entry")


def is_environment(value):
    return callable(getattr(value, "reset", None)) and callable(getattr(value, "step", None))


def made(maker, make, kwargs):
    """What `make` makes, with pictures where `maker`, which it calls, takes the argument that says so and the environment gives them."""
    maker, render_mode = render_mode_of(maker)
    if render_mode is None or "render_mode" in kwargs:
        return make(**kwargs)
    pictured = {**kwargs, "render_mode": "rgb_array"}
    if inspect.isclass(maker) or hasattr(maker, "metadata"):
        return make(**(pictured if "rgb_array" in modes_of(maker) else kwargs))
    if render_mode.default not in (inspect.Parameter.empty, None, "human"):
        return make(**kwargs)
    # A function says nothing of its modes. What it makes does, or refuses one that it does not have; many say nothing either, and take it.
    env = None
    with contextlib.suppress(Exception):
        env = make(**pictured)
    if env is not None:
        modes = {*modes_of(env), *modes_of(getattr(env, "unwrapped", None))}
        if not modes or "rgb_array" in modes:
            return env
    with contextlib.suppress(Exception):
        env.close()
    if render_mode.default is inspect.Parameter.empty:
        kwargs = {**kwargs, "render_mode": None}
    return make(**kwargs)


def render_mode_of(maker):
    """A maker, also one that a text names, and its argument `render_mode`, or nothing."""
    try:
        if isinstance(maker, str):
            module, name = maker.split(":")
            maker = getattr(importlib.import_module(module), name)
        return maker, inspect.signature(maker).parameters.get("render_mode")
    except (TypeError, ValueError, ImportError, AttributeError):
        return maker, None


def modes_of(value):
    """The modes of rendering that it says it has."""
    return (getattr(value, "metadata", None) or {}).get("render_modes") or ()
