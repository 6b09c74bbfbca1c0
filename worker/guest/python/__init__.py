"""What an environment that runs in a browser can ask for. `Scene` and `Objects` are its public part."""

from .scene import CENTRE, END, START, Objects, Scene

__all__ = ["CENTRE", "END", "START", "Objects", "Scene"]
