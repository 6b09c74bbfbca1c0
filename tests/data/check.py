"""Reads what `palaestra export` wrote with pandas, pyarrow and Minari, and holds it to the records themselves, to the last bit.

    check.py tables RECORDS CSV JSONL PARQUET
    check.py minari RECORDS DATASETS
    check.py arrow ARROW PARQUET [OLD NEW]      OLD is what the second calls a record that the first calls NEW
    check.py same DATASETS OTHERS AGENT...
    check.py edges FOLDER                       what the example `edges` of palaestra-export wrote there
    check.py memory MEGABYTES COMMAND...

A record's own lines are what is expected: observation, action, reward and flags of every step, as Python's `json` reads them.
"""

import gzip
import json
import resource
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np


def lines_of(path):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def bits(value):
    return struct.pack("<d", float(value))


def number(value):
    """What a record has for a number: NaN and the infinities are named."""
    return float({"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}.get(value, value)) if isinstance(value, str) else value


def own(value, agent, agents):
    """The agent's part of a value that is a list where the agents do not share it."""
    return value[agent] if isinstance(value, list) and len(value) == agents and agents > 1 else value


class Step:
    """A step of one agent, as its record has it."""

    def __init__(self, record, header, episode, step, seed, agent, before, line):
        agents = header["agents"]
        count = len(agents)
        # A team that sees the same has one observation; which environments' agents see their own, their ids tell.
        shared = header["env_id"].startswith("overcooked_ai/")
        part = lambda value: value if shared else own(value, agent, count)
        self.file, self.env_id, self.episode, self.step, self.t = record, header["env_id"], episode, step, line["t"]
        self.agent, self.seed = agents[agent], seed
        self.observation, self.next = part(before), part(line["obs"])
        self.action = own(line["action"], agent, count)
        self.reward = number(own(line["reward"], agent, count))
        self.terminated = own(line["terminated"], agent, count)
        self.truncated = own(line["truncated"], agent, count)
        self.metrics = line.get("metrics", {})
        self.times = {name: line[name] for name in ("time", "key_time") if name in line}


def steps_of(folder):
    """The steps of all records in the order of the table's rows."""
    found = []
    for path in sorted(Path(folder).glob("*.jsonl.gz")):
        header, *lines = lines_of(path)
        episode, step, seed, before = -1, 0, None, None
        for line in lines:
            if line["type"] == "reset":
                episode, step, seed, before = episode + 1, 0, line["seed"], line["obs"]
            if line["type"] == "step":
                for agent in range(len(header["agents"])):
                    found.append(Step(f"{folder}/{path.name}", header, episode, step, seed, agent, before, line))
                before, step = line["obs"], step + 1
    return found


def beginnings(columns):
    """The columns' names, and what they begin with up to a `.` or a `_`, with it and without."""
    ends = [(name, end) for name in columns for end, letter in enumerate(name) if letter in "._"]
    return set(columns) | {name[:end] for name, end in ends} | {name[: end + 1] for name, end in ends}


def flat(name, value, known, out):
    """Spreads JSON over columns as docs/data.md says it. It is JSON in one cell where there are no columns for its parts."""
    if isinstance(value, dict) and f"{name}." in known:
        for key, part in value.items():
            flat(f"{name}.{key}", part, known, out)
    elif isinstance(value, list) and f"{name}_0" in known:
        # An array's elements are in one row, whatever its shape; a tuple's parts have columns of their own.
        array = isinstance(value[0], list) and f"{name}_0_0" not in known
        for index, part in enumerate(np.ravel(value).tolist() if array else value):
            flat(f"{name}_{index}", part, known, out)
    else:
        out[name] = value


def same(cell, value, where):
    """Whether a cell of a table says what the record has."""
    if isinstance(value, bool) or isinstance(value, np.bool_):
        assert bool(cell) == bool(value) and cell == cell, (where, cell, value)
    elif isinstance(value, (int, float, np.number)):
        assert bits(cell) == bits(value), (where, cell, value)
    elif value is None:
        assert cell is None or cell != cell, (where, cell, "expected nothing")
    elif isinstance(value, (dict, list)):
        assert json.loads(cell) == value, (where, cell, value)
    else:
        assert cell == value, (where, cell, value)


def check_table(table, steps, name):
    columns = list(table.columns)
    first = ["file", "env_id", "episode", "step", "t", "time", "key_time", "agent", "seed"]
    assert columns[: len(first)] == first, columns[: len(first)]
    assert len(table) == len(steps), (name, len(table), len(steps))
    missing = {column: table[column].isna().tolist() for column in columns}
    cells = {column: table[column].tolist() for column in columns}
    known = beginnings(columns)
    for index, step in enumerate(steps):
        row = {"file": step.file, "env_id": step.env_id, "episode": step.episode, "step": step.step, "t": step.t}
        row |= {"agent": step.agent, "reward": step.reward, "terminated": step.terminated, "truncated": step.truncated}
        flat("obs", step.observation, known, row)
        flat("action", step.action, known, row)
        row |= step.times
        row |= {f"metrics.{key}": value for key, value in step.metrics.items() if value is not None}
        if step.seed is not None:
            row["seed"] = step.seed
        for column, value in row.items():
            same(cells[column][index], value, (name, index, column))
        for column in columns:
            if column.startswith(("obs", "action", "time", "key_time")) and column not in row:
                assert missing[column][index], (name, index, column, "expected nothing")
    return sum(len(column) - sum(column) for column in missing.values())


def tables(records, csv, jsonl, parquet):
    import pandas as pd
    import pyarrow.parquet as pq

    steps = steps_of(records)
    # Without a recipe: no option at all.
    cells = check_table(pd.read_csv(csv), steps, "csv")
    check_table(pd.read_parquet(parquet), steps, "parquet")
    types = {field.name: str(field.type) for field in pq.read_schema(parquet)}
    expected = {"episode": "int64", "seed": "uint64", "reward": "double", "terminated": "bool", "agent": "string"}
    assert {name: types[name] for name in expected} == expected, types
    lines = pd.read_json(jsonl, lines=True)
    assert len(lines) == len(steps)
    for index, text in enumerate(Path(jsonl).read_text(encoding="utf-8").splitlines()):
        line, step = json.loads(text), steps[index]
        assert (line["observation"], line["action"], line["next_observation"]) == (
            step.observation,
            step.action,
            step.next,
        ), index
        assert (line["terminated"], line["truncated"]) == (step.terminated, step.truncated), index
        assert bits(line["reward"]) == bits(step.reward), index
    print(f"{len(steps)} rows, {cells} cells")


def listed(value, index):
    """The `index`th of what Minari gives as a whole episode's observations or actions, as a record has it."""
    if isinstance(value, dict):
        return {key: listed(part, index) for key, part in value.items()}
    if isinstance(value, tuple):
        return [listed(part, index) for part in value]
    return value[index].tolist() if isinstance(value[index], (np.ndarray, np.generic)) else value[index]


def alike(found, value):
    """What Minari gives is what the record has; what Minari has no space for is JSON."""
    if isinstance(found, dict) and isinstance(value, dict):
        return found.keys() == value.keys() and all(alike(found[key], value[key]) for key in value)
    if isinstance(found, list) and isinstance(value, list):
        return len(found) == len(value) and all(alike(a, b) for a, b in zip(found, value))
    if isinstance(found, str) and not isinstance(value, str):
        return json.loads(found) == value
    if value is None:
        return found == 0
    if isinstance(found, (int, float)) and isinstance(value, (int, float)):
        return bits(found) == bits(value)
    return found == value


def member(value, index):
    if isinstance(value, dict):
        return {key: member(part, index) for key, part in value.items()}
    if isinstance(value, tuple):
        return tuple(member(part, index) for part in value)
    # Of an array without dimensions it gives a number, which a Box warns of.
    return np.asarray(value[index]) if isinstance(value[index], np.generic) else value[index]


def datasets(records, folder):
    import os

    os.environ["MINARI_DATASETS_PATH"] = folder
    import minari

    expected = {}
    for step in steps_of(records):
        episodes = expected.setdefault(f"palaestra/{step.env_id}/{step.agent}-v0", {})
        episodes.setdefault((step.file, step.episode), []).append(step)
    assert set(minari.list_local_datasets()) == set(expected), set(minari.list_local_datasets()) ^ set(expected)
    for name, episodes in expected.items():
        data = minari.load_dataset(name)
        assert data.total_episodes == len(episodes), name
        assert data.total_steps == sum(map(len, episodes.values())), name
        found = {(about["file"], about["episode"]): about["id"] for about in data.storage.get_episode_metadata(range(len(episodes)))}
        assert found.keys() == episodes.keys(), name
        for place, steps in episodes.items():
            episode = data[found[place]]
            assert len(episode) == len(steps), (name, place)
            for index, step in enumerate(steps):
                where = (name, place, index)
                assert alike(listed(episode.observations, index), step.observation), where
                assert alike(listed(episode.observations, index + 1), step.next), where
                assert alike(listed(episode.actions, index), step.action), where
                assert data.observation_space.contains(member(episode.observations, index)), where
                assert data.action_space.contains(member(episode.actions, index)), where
                assert bits(episode.rewards[index]) == bits(step.reward), where
                # What was broken off is truncated there.
                cut = index + 1 == len(steps) and not (step.terminated or step.truncated)
                flags = (episode.terminations[index], episode.truncations[index])
                assert flags == (step.terminated, step.truncated or cut), where
        data.set_seed(3)
        some = data.sample_episodes(min(4, len(episodes)))
        assert len({episode.id for episode in some}) == len(some)
        assert all(len(episode.rewards) > 0 for episode in some)
    print(f"{len(expected)} data sets")


def same_table(arrow, parquet, old=None, new=None):
    """An Arrow file is the table of a Parquet file: the same columns, types and cells, to the last bit."""
    import pyarrow.compute as pc
    import pyarrow as pa
    import pyarrow.feather as feather
    import pyarrow.parquet as pq

    with pa.OSFile(arrow) as file:
        found = pa.ipc.open_file(file).read_all()
    found.validate(full=True)
    expected = pq.read_table(parquet)
    assert found.schema.equals(expected.schema), (found.schema, expected.schema)
    assert found.num_rows == expected.num_rows > 0, (found.num_rows, expected.num_rows)
    for name in found.column_names:
        # NaN is not itself: as bytes it is.
        one, other = found[name].combine_chunks(), expected[name].combine_chunks()
        if name == "file" and old:
            other = pc.replace_substring(other, old, new)
        if pa.types.is_floating(one.type):
            numbers = "int32" if one.type == pa.float32() else "int64"
            assert one.is_null().equals(other.is_null()), name
            one, other = (column.fill_null(0).view(numbers) for column in (one, other))
        assert one.equals(other), name
    assert feather.read_table(arrow).num_rows == found.num_rows
    print(f"{found.num_rows} rows, {found.num_columns} columns")


def same_datasets(folder, other, *agents):
    """`minari.load_dataset` reads the same from both folders: a data set for each agent."""
    import os

    import minari

    def loaded(path):
        os.environ["MINARI_DATASETS_PATH"] = path
        return {name: minari.load_dataset(name) for name in minari.list_local_datasets()}

    def plain(value):
        if isinstance(value, dict):
            return {key: plain(part) for key, part in value.items()}
        if isinstance(value, (tuple, list)):
            return [plain(part) for part in value]
        return (str(value.dtype), value.shape, value.tobytes()) if isinstance(value, np.ndarray) else value

    one, two = loaded(folder), loaded(other)
    assert one.keys() == two.keys() and len(one) == len(agents), (one.keys(), two.keys())
    for agent in agents:
        [name] = [name for name in one if name.endswith(f"/{agent}-v0")]
        found, expected = one[name], two[name]
        assert (found.total_steps, found.total_episodes) == (expected.total_steps, expected.total_episodes), name
        assert found.total_steps >= 30, found.total_steps
        assert found.observation_space == expected.observation_space and found.action_space == expected.action_space
        for mine, its in zip(found.iterate_episodes(), expected.iterate_episodes(), strict=True):
            for part in ("observations", "actions", "rewards", "terminations", "truncations"):
                assert plain(getattr(mine, part)) == plain(getattr(its, part)), (name, part)
    print(f"{len(one)} data sets")


def edges(folder):
    """Spaces at the edge of what there is are loaded, and every value is the record's."""
    import os

    os.environ["MINARI_DATASETS_PATH"] = f"{folder}/datasets"
    import minari
    from gymnasium import spaces

    lines = [json.loads(line) for line in Path(folder, "edges.jsonl").read_text(encoding="utf-8").splitlines()]
    episodes = []
    for line in lines:
        if line["type"] == "reset":
            episodes.append(([line["obs"]], [], []))
        if line["type"] == "step":
            for values, name in zip(episodes[-1], ("obs", "action", "reward")):
                values.append(line[name])
    [name] = minari.list_local_datasets()
    data = minari.load_dataset(name)
    seen = data.observation_space
    # An array without elements is text; others are what they are.
    assert all(isinstance(seen[part], spaces.Text) for part in ("nothing", "no rows", "no columns", "maybe", "list")), seen
    assert {part: seen[part].shape for part in ("number", "integer", "one")} == {"number": (), "integer": (), "one": (1, 1, 1)}
    assert (seen["empty tuple"], seen["empty dict"]) == (spaces.Tuple([]), spaces.Dict({}))
    assert seen["choices"].nvec.tolist() == [2, 3, 4, 5]
    assert (seen["word"].min_length, seen["word"].max_length, seen["word"].character_set) == (1, 9, frozenset('ab"\\ü'))
    assert data.total_episodes == len(episodes) == 2 and data.total_steps == sum(len(rewards) for _, _, rewards in episodes)
    checked = 0
    for episode, (observations, actions, rewards) in zip(data.iterate_episodes(), episodes, strict=True):
        assert len(episode) == len(rewards)
        assert [bits(reward) for reward in episode.rewards] == [bits(reward) for reward in rewards]
        for space, found, expected in (
            (data.observation_space, episode.observations, observations),
            (data.action_space, episode.actions, actions),
        ):
            for index, value in enumerate(expected):
                assert alike(listed(found, index), value), (index, listed(found, index), value)
                assert space.contains(member(found, index)), (index, member(found, index))
                checked += 1
    data.set_seed(1)
    assert len(data.sample_episodes(2)) == 2
    print(f"{checked} members")


def memory(megabytes, *command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    assert most <= float(megabytes), f"expected at most {megabytes} MB, found {most:.0f}"
    print(f"{most:.0f} MB")


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    {"tables": tables, "minari": datasets, "arrow": same_table, "same": same_datasets, "edges": edges, "memory": memory}[what](*arguments)
