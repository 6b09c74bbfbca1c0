"""The way to things in a kitchen, for experts who run errands."""


class Floor:
    """Cells to stand on, and the four steps from one to the next by the actions that take them."""

    def __init__(self, cells, steps):
        self.cells, self.steps, self.known = frozenset(cells), steps, {}

    def beside(self, place):
        return [(place[0] + across, place[1] + down) for across, down in self.steps.values()]

    def distances(self, target):
        """How many steps it is to a cell beside the target, from wherever it can be reached."""
        if target not in self.known:
            queue = [cell for cell in self.beside(target) if cell in self.cells]
            far = dict.fromkeys(queue, 0)
            for here in queue:
                for place in self.beside(here):
                    if place in self.cells and place not in far:
                        far[place] = far[here] + 1
                        queue.append(place)
            self.known[target] = far
        return self.known[target]

    def nearest(self, start, targets, rng):
        """One of the nearest targets that can be reached, or None."""
        reached = [(self.distances(target)[start], rng.random(), target) for target in targets if start in self.distances(target)]
        return min(reached)[2] if reached else None

    def action(self, start, facing, target, rng):
        """The action that leads to the target, or None where it lies right ahead."""
        if facing == target:
            return None
        for action, (across, down) in self.steps.items():
            if (start[0] + across, start[1] + down) == target:
                return action
        far = self.distances(target)
        closer = [
            action
            for action, (across, down) in self.steps.items()
            if far.get((start[0] + across, start[1] + down), far[start]) < far[start]
        ]
        return rng.choice(closer or list(self.steps))
