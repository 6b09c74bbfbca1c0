"""Trains a policy for CartPole with NumPy alone, in seconds, and writes it as ONNX for the page.

    python python/examples/cartpole.py [--out cartpole.onnx]

The cross-entropy method: a population of small networks plays side by side in one vector of environments; the best of them are what the
next population is drawn around. It needs the package ``onnx``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import gymnasium
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import palaestra  # noqa: F401 - registers the environments

ID = "palaestra/CartPole-v1"
INPUTS, HIDDEN, ACTIONS = 4, 16, 2
SHAPES = {"w1": (INPUTS, HIDDEN), "b1": (HIDDEN,), "w2": (HIDDEN, ACTIONS), "b2": (ACTIONS,)}
SIZE = sum(int(np.prod(shape)) for shape in SHAPES.values())


def weights(flat: np.ndarray) -> dict[str, np.ndarray]:
    """The layers of one network, or of many, whose numbers stand in the last dimension."""
    layers, begin = {}, 0
    for name, shape in SHAPES.items():
        end = begin + int(np.prod(shape))
        layers[name] = flat[..., begin:end].reshape(*flat.shape[:-1], *shape)
        begin = end
    return layers


def logits(layers: dict[str, np.ndarray], observations: np.ndarray) -> np.ndarray:
    """What the networks say of observations: networks × episodes × 4 in, networks × episodes × 2 out; or a batch of one network."""
    hidden = np.tanh(observations @ layers["w1"] + layers["b1"][..., None, :])
    return hidden @ layers["w2"] + layers["b2"][..., None, :]


def returns(population: np.ndarray, episodes: int, seed: int) -> np.ndarray:
    """The mean return of every network over so many episodes, the same episodes for all."""
    count = len(population)
    envs = gymnasium.make_vec(ID, num_envs=count * episodes)
    observations, _ = envs.reset(seed=[seed + episode for _ in range(count) for episode in range(episodes)])
    layers = weights(population.astype(np.float32))
    playing = np.ones(count * episodes, bool)
    total = np.zeros(count * episodes)
    while playing.any():
        said = logits(layers, observations.reshape(count, episodes, INPUTS))
        observations, rewards, terminated, truncated, _ = envs.step(said.argmax(-1).reshape(-1))
        total += rewards * playing
        playing &= ~(terminated | truncated)
    envs.close()
    return total.reshape(count, episodes).mean(1)


def train(generations: int, population: int = 64, episodes: int = 4, seed: int = 1) -> np.ndarray:
    """The numbers of a network that keeps the pole up."""
    rng = np.random.default_rng(seed)
    middle, spread = np.zeros(SIZE), np.ones(SIZE)
    for generation in range(generations):
        drawn = middle + spread * rng.standard_normal((population, SIZE))
        found = returns(drawn, episodes, seed=1000 * generation)
        best = drawn[np.argsort(found)[-population // 5 :]]
        middle, spread = best.mean(0), best.std(0) + 0.05
        print(f"generation {generation + 1}: mean return {found.mean():.0f}, best {found.max():.0f}")
        if np.median(found) >= 500:
            break
    return middle.astype(np.float32)


def to_onnx(flat: np.ndarray) -> onnx.ModelProto:
    """The network as ONNX: `observation` (batch × 4, float32) in, `logits` (batch × 2) out."""
    layers = weights(flat)
    nodes = [
        helper.make_node("Gemm", ["observation", "w1", "b1"], ["sum"]),
        helper.make_node("Tanh", ["sum"], ["hidden"]),
        helper.make_node("Gemm", ["hidden", "w2", "b2"], ["logits"]),
    ]
    graph = helper.make_graph(
        nodes,
        "cartpole",
        [helper.make_tensor_value_info("observation", TensorProto.FLOAT, ["batch", INPUTS])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", ACTIONS])],
        [numpy_helper.from_array(layer, name) for name, layer in layers.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--out", type=Path, default=Path("cartpole.onnx"))
    options.add_argument("--generations", type=int, default=30, help="at most")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    network = train(chosen.generations, seed=chosen.seed)
    # On episodes that it was not trained on.
    print(f"mean return of 50 new episodes: {returns(network[None], 50, seed=10**6)[0]:.1f}")
    chosen.out.write_bytes(to_onnx(network).SerializeToString())
    print(f"{chosen.out}: {chosen.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
