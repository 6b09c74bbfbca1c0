"""What Gymnasium imports and a browser has not: processes. Vectors of environments in processes of their own raise when they are made."""

import sys
import types


class SemLock:
    """Of `_multiprocessing`, which Pyodide leaves out."""

    SEM_VALUE_MAX = 2**31 - 1

    def __init__(self, *_, **__):
        raise OSError("there are no processes in a browser")


def fill():
    try:
        import _multiprocessing  # noqa: F401
    except ImportError:
        module = types.ModuleType("_multiprocessing")
        module.SemLock, module.sem_unlink = SemLock, lambda name: None
        sys.modules["_multiprocessing"] = module
