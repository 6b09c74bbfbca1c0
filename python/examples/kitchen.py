"""Clones the kitchen's expert with NumPy alone, and writes the policy as ONNX for a seat beside people.

    palaestra rollout overcooked_ai/cramped_room --policy expert:0.95 --kwargs '{"observation":"features"}' --episodes 40 -o data.jsonl.gz
    python python/examples/kitchen.py data.jsonl.gz [--out kitchen.onnx]

Behaviour cloning: a network of two layers learns what the expert did from what it saw, 96 features of either cook. The data set is the
record of a rollout, or of people who played. It needs the package ``onnx``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import palaestra

HIDDEN = 128


def samples(record: str | Path) -> tuple[np.ndarray, np.ndarray]:
    """What each agent saw, and what it did then, over all episodes of a record: float32 and integers."""
    session = palaestra.replay(record)
    if session.kwargs.get("observation") != "features":
        raise SystemExit(f"{record}: expected a record with kwargs observation='features', found {session.kwargs}")
    seen, done = [], []
    for episode in session.episodes:
        for agent in session.agents:
            # The last observation is followed by no action.
            seen.append(np.asarray(episode.observations[agent])[:-1])
            done.append(np.asarray(episode.actions[agent]))
    return np.concatenate(seen).astype(np.float32), np.concatenate(done).astype(np.int64)


class Network:
    """Two layers of rectified units, trained with Adam."""

    def __init__(self, inputs: int, actions: int, rng: np.random.Generator):
        sizes = [inputs, HIDDEN, HIDDEN, actions]
        self.weights = [rng.normal(0, np.sqrt(2 / n), (n, m)).astype(np.float32) for n, m in zip(sizes, sizes[1:])]
        self.biases = [np.zeros(m, np.float32) for m in sizes[1:]]
        self._moments = [[np.zeros_like(one), np.zeros_like(one)] for one in self.weights + self.biases]
        self._steps = 0

    def logits(self, seen: np.ndarray) -> np.ndarray:
        return self._layers(seen)[-1]

    def _layers(self, seen: np.ndarray) -> list[np.ndarray]:
        layers = [seen]
        for number, (weight, bias) in enumerate(zip(self.weights, self.biases)):
            out = layers[-1] @ weight + bias
            layers.append(out if number == len(self.weights) - 1 else np.maximum(out, 0))
        return layers

    def learn(self, seen: np.ndarray, done: np.ndarray, rate: float) -> float:
        """One step of Adam on the cross entropy of a batch; gives that."""
        layers = self._layers(seen)
        likely = np.exp(layers[-1] - layers[-1].max(1, keepdims=True))
        likely /= likely.sum(1, keepdims=True)
        rows = np.arange(len(done))
        loss = -np.log(likely[rows, done] + 1e-12).mean()
        slope = likely
        slope[rows, done] -= 1
        slope /= len(done)
        of_weights, of_biases = [], []
        for number in reversed(range(len(self.weights))):
            of_weights.insert(0, layers[number].T @ slope)
            of_biases.insert(0, slope.sum(0))
            slope = (slope @ self.weights[number].T) * (layers[number] > 0)
        self._steps += 1
        for value, gradient, (mean, square) in zip(self.weights + self.biases, of_weights + of_biases, self._moments):
            mean += 0.1 * (gradient - mean)
            square += 0.001 * (gradient**2 - square)
            corrected = mean / (1 - 0.9**self._steps), square / (1 - 0.999**self._steps)
            value -= (rate * corrected[0] / (np.sqrt(corrected[1]) + 1e-8)).astype(np.float32)
        return float(loss)


def clone(seen: np.ndarray, done: np.ndarray, epochs: int, seed: int = 1) -> tuple[Network, np.ndarray, np.ndarray]:
    """A network that does what was done, and the mean and deviation that its inputs are scaled by."""
    rng = np.random.default_rng(seed)
    mean, deviation = seen.mean(0), seen.std(0) + 1e-3
    scaled = ((seen - mean) / deviation).astype(np.float32)
    network, batch = Network(seen.shape[1], 6, rng), 256
    for epoch in range(epochs):
        order = rng.permutation(len(done))
        rate = 1e-3 * (1 - epoch / epochs) + 1e-5
        losses = [network.learn(scaled[rows], done[rows], rate) for rows in np.array_split(order, max(len(done) // batch, 1))]
        if epoch % 5 == 4 or epoch == epochs - 1:
            agrees = (network.logits(scaled).argmax(1) == done).mean()
            print(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}, agrees with the expert in {agrees:.1%}")
    return network, mean.astype(np.float32), deviation.astype(np.float32)


def to_onnx(network: Network, mean: np.ndarray, deviation: np.ndarray) -> onnx.ModelProto:
    """The network as ONNX, its scaling included: `observation` (batch × 96, float32) in, `logits` (batch × 6) out."""
    nodes = [
        helper.make_node("Sub", ["observation", "mean"], ["centred"]),
        helper.make_node("Div", ["centred", "deviation"], ["layer0"]),
    ]
    given = {"mean": mean, "deviation": deviation}
    last = len(network.weights) - 1
    for number, (weight, bias) in enumerate(zip(network.weights, network.biases)):
        given |= {f"w{number}": weight, f"b{number}": bias}
        out = "logits" if number == last else f"sum{number}"
        nodes.append(helper.make_node("Gemm", [f"layer{number}", f"w{number}", f"b{number}"], [out]))
        if number != last:
            nodes.append(helper.make_node("Relu", [out], [f"layer{number + 1}"]))
    graph = helper.make_graph(
        nodes,
        "kitchen",
        [helper.make_tensor_value_info("observation", TensorProto.FLOAT, ["batch", len(mean)])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 6])],
        [numpy_helper.from_array(array, name) for name, array in given.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("record", type=Path, help="of a rollout, or of people")
    options.add_argument("--out", type=Path, default=Path("kitchen.onnx"))
    options.add_argument("--epochs", type=int, default=30)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    seen, done = samples(chosen.record)
    print(f"{len(done)} decisions of {chosen.record}")
    chosen.out.write_bytes(to_onnx(*clone(seen, done, chosen.epochs, chosen.seed)).SerializeToString())
    # What the page has to know, and `palaestra rollout`: with which observation it was trained, and that its actions are drawn.
    manifest = {"observation": "features", "sample": True}
    chosen.out.with_suffix(".json").write_text(json.dumps(manifest) + "\n")
    print(f"{chosen.out}: {chosen.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
