"""What an environment draws: `from palaestra_guest import Scene`. The commands are those of docs/your-environment.md, as bytes."""

import struct

CLEAR = 0
START, CENTRE, END = range(3)
BACKGROUND, RECTANGLE, CIRCLE, ELLIPSE, ARC, LINE, POLYGON, TEXT = range(8)
# Pixels of a picture whose own width and height nobody says: of 400 × 400, for widths of lines and sizes of letters.
PIXEL = 1 / 400


def colour(value):
    """`0xRRGGBBAA` of `'#rgb'`, `'#rrggbb'`, `'#rrggbbaa'` or a tuple of three or four bytes; None is nothing at all."""
    if value is None:
        return CLEAR
    if isinstance(value, str):
        digits = value.removeprefix("#")
        if len(digits) == 3:
            digits = "".join(digit * 2 for digit in digits)
        if not value.startswith("#") or len(digits) not in (6, 8):
            raise ValueError(f"expected a colour as '#rrggbb' or (red, green, blue), found {value!r}")
        return int(digits.ljust(8, "f"), 16)
    red, green, blue, *alpha = (int(part) for part in value)
    return red << 24 | green << 16 | blue << 8 | (alpha[0] if alpha else 255)


class Scene:
    """Drawing commands. Places are fractions of the picture, downwards from its upper left corner: x and widths of its width, y and heights
    of its height. Radii, line widths and text sizes are fractions of its height, angles are radians, clockwise. What has an `id`, a whole
    number from 1 on, is the same thing from step to step, and moves smoothly; a greater `depth` is in front."""

    def __init__(self):
        self._parts = []

    def bytes(self):
        return b"".join(self._parts)

    def background(self, fill):
        self._add(BACKGROUND, (), fill, depth=-32768)

    def rectangle(self, x, y, width, height, fill=None, *, corner=0, angle=0, **style):
        self._add(RECTANGLE, (x, y, width, height, corner, angle), fill, **style)

    def circle(self, x, y, radius, fill=None, **style):
        self._add(CIRCLE, (x, y, radius), fill, **style)

    def ellipse(self, x, y, rx, ry, fill=None, *, angle=0, **style):
        self._add(ELLIPSE, (x, y, rx, ry, angle), fill, **style)

    def arc(self, x, y, radius, begin, end, fill=None, **style):
        self._add(ARC, (x, y, radius, begin, end), fill, **style)

    def line(self, x1, y1, x2, y2, stroke, line=0.01, **style):
        self._add(LINE, (x1, y1, x2, y2), None, stroke=stroke, line=line, **style)

    def polygon(self, points, fill=None, **style):
        self._add(POLYGON, [part for point in points for part in point], fill, **style)

    def text(self, x, y, size, text, fill="#000000", *, align=CENTRE, **style):
        self._add(TEXT, (x, y, size), fill, detail=align, text=text, **style)

    def _add(self, kind, numbers, fill, *, stroke=None, line=0, id=0, depth=0, detail=0, text=""):
        letters = text.encode()
        numbers = [float(number) for number in numbers]
        depth = max(-32768, min(32767, round(depth)))
        head = struct.pack(
            "<BHIhIIfHH", kind, detail, id, depth, colour(fill), colour(stroke), line, len(numbers), len(letters)
        )
        self._parts.append(head + struct.pack(f"<{len(numbers)}f", *numbers) + letters)


class Objects:
    """What Multi-User Gymnasium's `Surface.commit()` tells a renderer, kept and painted: a packet says of lasting objects only what has
    changed. `width`, `height`: the surface's, in pixels."""

    def __init__(self, width=None, height=None):
        self.lasting = {}
        self.pixel = 1 / height if height else PIXEL
        # A radius there is a fraction of the longer side, here of the height.
        self.radius = max(width, height) / height if width and height else 1
        self.ids = {}

    def scene(self, packet):
        """The whole picture, once this packet has been taken in."""
        packet = packet.to_dict() if hasattr(packet, "to_dict") else packet
        for gone in packet.get("removed", ()):
            self.lasting.pop(gone, None)
        scene = Scene()
        scene.background("#ffffff")
        passing = []
        for it in packet["game_state_objects"]:
            if it.get("permanent"):
                self.lasting[it["uuid"]] = it
            else:
                passing.append(it)
        for it in [*self.lasting.values(), *passing]:
            self._paint(scene, it)
        return scene

    def _paint(self, scene, it):
        style = {"depth": it.get("depth") or 0}
        if it.get("tween"):
            style["id"] = self.ids.setdefault(it["uuid"], len(self.ids) + 1)
        fill, kind = it.get("color"), it["object_type"]
        if kind in ("line", "arc"):
            style |= {"stroke": fill, "line": (it.get("width") or 1) * self.pixel}
        elif it.get("stroke_color"):
            style |= {"stroke": it["stroke_color"], "line": (it.get("stroke_width") or 1) * self.pixel}
        if kind == "rect":
            corner = (it.get("border_radius") or 0) * self.pixel
            scene.rectangle(it["x"], it["y"], it["w"], it["h"], fill, corner=corner, **style)
        elif kind == "circle":
            scene.circle(it["x"], it["y"], it["radius"] * self.radius, fill, **style)
        elif kind == "ellipse":
            scene.ellipse(it["x"], it["y"], it["rx"], it["ry"], fill, **style)
        elif kind == "arc":
            scene.arc(it["x"], it["y"], it["radius"] * self.radius, it["start_angle"], it["end_angle"], **style)
        elif kind == "polygon":
            scene.polygon(it["points"], fill, **style)
        elif kind == "line":
            scene.polygon(it["points"], **style)
        elif kind == "text":
            size = (it.get("size") or 16) * self.pixel
            scene.text(it["x"], it["y"] + size / 2, size, str(it["text"]), fill, align=START, **style)
        elif kind == "sprite":
            # Sprites are files of the study's: their place is shown.
            name = f"{it.get('image_name', '')} {it.get('frame', '')}".strip()
            scene.rectangle(it["x"], it["y"], it["width"], it["height"], "#d9d5cb", corner=0.02, **style)
            middle = (it["x"] + it["width"] / 2, it["y"] + it["height"] / 2)
            scene.text(*middle, 0.03, name, "#2b2a33", depth=style["depth"])
        else:
            raise ValueError(f"expected an object of MUG's Surface, found {kind!r}")
