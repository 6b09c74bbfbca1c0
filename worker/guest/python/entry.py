"""Which environment is meant: what makes one, found by what a page says."""

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
            return lambda: gymnasium.make(entry, **with_pictures(registered.entry_point, kwargs))
        module, entry = entry.split(":", 1)
    namespace = importlib.import_module(module)
    maker = named(namespace, entry) if entry else only(namespace)
    return lambda: maker(**with_pictures(maker, kwargs))


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


def with_pictures(maker, kwargs):
    """Arguments with which an environment gives pictures, where it knows the one that says so."""
    try:
        if isinstance(maker, str):
            module, name = maker.split(":")
            maker = getattr(importlib.import_module(module), name)
        known = inspect.signature(maker).parameters
    except (TypeError, ValueError, ImportError, AttributeError):
        return kwargs
    if "render_mode" not in known or "render_mode" in kwargs or not takes_pictures(maker, known["render_mode"]):
        return kwargs
    return {**kwargs, "render_mode": "rgb_array"}


def takes_pictures(maker, render_mode):
    """A class says which modes it has. A function says nothing: unless it has a mode of its own by default, it passes on what it is given."""
    if inspect.isclass(maker) or hasattr(maker, "metadata"):
        return "rgb_array" in ((getattr(maker, "metadata", None) or {}).get("render_modes") or ())
    return render_mode.default in (inspect.Parameter.empty, None, "human")
