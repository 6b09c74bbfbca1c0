"""minigrid, with an expert who fetches keys, opens doors and goes where there is something to reach."""
from collections import deque

import minigrid  # noqa: F401 - registers the environments
from minigrid.core.world_object import Lava, Wall

from gymnasium_envs import Numbered

LEFT, RIGHT, FORWARD, PICKUP, DROP, TOGGLE = range(6)
# By the direction's number: right, down, left, up.
STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1))


class MiniGrid(Numbered):
    packages = ("minigrid", "gymnasium")

    def arguments(self, kwargs):
        read = {"obstacle_type": {"lava": Lava, "wall": Wall}.get, "agent_pos": tuple, "goal_pos": tuple}
        return {name: read.get(name, lambda value: value)(value) for name, value in kwargs.items()}

    def seen(self, obs):
        return {"image": obs["image"].tolist(), "direction": int(obs["direction"]), "mission": obs["mission"]}

    def reset(self, seed, options):
        while True:
            try:
                return super().reset(seed, options)
            except RecursionError:
                # No room was found for something. The generator is where it got to, and goes on from there.
                seed = None

    def begin(self, rng):
        self.careless = rng.random() < 0.2

    def best(self, rng):
        world = self.inner
        acts = self.actions.n > TOGGLE
        x, y = int(world.agent_pos[0]), int(world.agent_pos[1])
        ahead = world.grid.get(x + STEPS[world.agent_dir][0], y + STEPS[world.agent_dir][1])
        wanted = getattr(world, "obj", None)
        if acts and ahead is not None:
            if ahead.type == "door" and not ahead.is_open and (not ahead.is_locked or self.opens(ahead)):
                return TOGGLE
            if ahead.can_pickup() and world.carrying is None and (ahead is wanted or self.locked()):
                return PICKUP
        if acts and world.carrying is not None and wanted is not None and world.carrying is not wanted and not self.locked():
            # Both hands are needed for what is to be picked up.
            return DROP if ahead is None else rng.choice((LEFT, RIGHT))
        return self.towards(x, y, wanted, rng)

    def opens(self, door):
        carrying = self.inner.carrying
        return carrying is not None and carrying.type == "key" and carrying.color == door.color

    def locked(self):
        return any(thing is not None and thing.type == "door" and thing.is_locked for thing in self.inner.grid.grid)

    def worth(self, thing, place, wanted, rng):
        """How much it is worth to go there."""
        world = self.inner
        if place == getattr(world, "success_pos", None):
            return 2 if self.careless else 3
        if place == getattr(world, "failure_pos", None):
            return 3 if self.careless else 1
        if thing is None:
            return 0
        if thing is wanted:
            return 5
        if thing.type == "goal":
            return 4
        if thing.type == "door" and thing.is_locked:
            return 3 if self.opens(thing) else 0
        if thing.type == "key" and world.carrying is None and self.locked():
            return 2
        return 1 if self.careless and thing.type in ("lava", "ball") else 0

    def towards(self, x, y, wanted, rng):
        """The first action on the shortest way to what is worth most."""
        grid = self.inner.grid
        first, queue, best, most = {(x, y): None}, deque([(x, y)]), None, 0
        while queue:
            here = queue.popleft()
            for direction, (across, down) in enumerate(STEPS):
                place = (here[0] + across, here[1] + down)
                if place in first or not (0 <= place[0] < grid.width and 0 <= place[1] < grid.height):
                    continue
                thing = grid.get(*place)
                if thing is not None and (thing.type == "wall" or (thing.type == "lava" and not self.careless)):
                    continue
                first[place] = first[here] if here != (x, y) else direction
                worth = self.worth(thing, place, wanted, rng)
                if worth > most:
                    best, most = place, worth
                if thing is None or thing.can_overlap() or (thing.type == "door" and not thing.is_locked):
                    queue.append(place)
        if best is None:
            return rng.choice((LEFT, RIGHT, FORWARD, FORWARD))
        turn = (first[best] - self.inner.agent_dir) % 4
        return FORWARD if turn == 0 else LEFT if turn == 3 else RIGHT


# Of each environment: its class, and a share of the steps for each choice of arguments.
ENVIRONMENTS = {
    env_id: (MiniGrid, [(9, {}), *((1, kwargs) for kwargs in others)])
    for env_id, *others in [
        ("MiniGrid-Empty-8x8-v0", {"size": 6, "agent_start_pos": None, "agent_view_size": 5}),
        ("MiniGrid-Empty-Random-6x6-v0", {"size": 9, "max_steps": 70}),
        ("MiniGrid-DoorKey-8x8-v0", {"size": 6}, {"see_through_walls": True}),
        ("MiniGrid-FourRooms-v0", {"agent_pos": [1, 1], "goal_pos": [17, 17]}, {"agent_view_size": 9}),
        ("MiniGrid-MultiRoom-N4-S5-v0", {"minNumRooms": 2, "maxNumRooms": 4, "maxRoomSize": 7}),
        ("MiniGrid-MultiRoom-N4-S5-v1", {"minNumRooms": 2, "maxNumRooms": 6, "see_through_walls": True}),
        ("MiniGrid-LavaGapS7-v0", {"size": 5}, {"obstacle_type": "wall"}),
        ("MiniGrid-KeyCorridorS3R2-v0", {"room_size": 4, "num_rows": 3}, {"obj_type": "key"}),
        ("MiniGrid-Unlock-v0", {"agent_view_size": 3}),
        ("MiniGrid-Dynamic-Obstacles-8x8-v0", {"size": 6, "n_obstacles": 2, "agent_start_pos": None}),
        ("MiniGrid-MemoryS9-v0", {"size": 13, "random_length": True}),
    ]
}

# The records that come with the project: who acted, with which seeds, by environment and arguments.
COMMITTED = [(env_id, {}, {"random": [1, 2], "scripted": [3]}) for env_id in ENVIRONMENTS]
