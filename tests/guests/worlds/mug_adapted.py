"""The sledge of mug_slope.py, with a word more in its picture: the adapter of docs/guests.md."""

from mug_slope import Slope as Sledge
from palaestra_guest import Objects


class Slope(Sledge):
    def __init__(self):
        super().__init__()
        self.objects = Objects(self.surface.width, self.surface.height)

    def render(self):
        scene = self.objects.scene(super().render())
        scene.rectangle(0.4, 0.05, 0.2, 0.1, "#00a000")
        return scene
