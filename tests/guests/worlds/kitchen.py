"""A kitchen of cogrid, as it is. It imports OpenCV for drawing alone."""

import sys
import types


class Drawing(types.ModuleType):
    def __getattr__(self, name):
        return 0


sys.modules.setdefault("cv2", Drawing("cv2"))

import cogrid.envs  # noqa: E402, F401 - registers the environments
from cogrid.envs import registry  # noqa: E402


def make(name="Overcooked-CrampedRoom-V0"):
    return registry.make(name)
