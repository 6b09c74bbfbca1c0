"""Makes the models of the tests and what onnxruntime computes with them: `models/*.onnx`, `models/*.json`, `operators.json`.

    venv/bin/python make_models.py        (requirements.txt says with what)

PyTorch itself is gigabytes, so the graphs are built by hand after what its exporter (`torch.onnx.export`) writes for these
modules, with its names, layouts and operator sets:

- Stable-Baselines3 2.9: `common/policies.py` (ActorCriticPolicy.forward), `common/torch_layers.py` (NatureCNN, create_mlp),
  `common/preprocessing.py`, `common/distributions.py` (Categorical: logits less their log-sum-exp), `sac/policies.py`, and the
  wrapper of its documentation, `docs/guide/export.rst`; sb3-contrib 2.9: `common/recurrent/policies.py`,
  `common/maskable/distributions.py`.
- CleanRL: `ppo.py`, `c51.py`, `ppo_atari_lstm.py` (Agent.get_states).
- RLlib 2.x: `core/models/torch/encoder.py` (TorchLSTMEncoder, TorchGRUEncoder, batch first),
  `examples/rl_modules/classes/action_masking_rlm.py`.

Each JSON file has runs: what every input is, and every output that onnxruntime then gives, both flat in row-major order.
"""

import base64
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).parent
FLOAT, INT64, UINT8, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.UINT8, TensorProto.BOOL


class Graph:
    """Builds a graph node by node. Weights are those of a layer's usual initialisation."""

    def __init__(self, seed, opset=17):
        self.rng = np.random.default_rng(seed)
        self.opset = opset
        self.nodes, self.initializers, self.inputs, self.outputs = [], [], [], []

    def input(self, name, kind, *shape):
        self.inputs.append(helper.make_tensor_value_info(name, kind, list(shape)))
        return name

    def output(self, name, kind, *shape):
        self.outputs.append(helper.make_tensor_value_info(name, kind, list(shape)))

    def weight(self, name, array):
        self.initializers.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def uniform(self, name, bound, *shape):
        return self.weight(name, self.rng.uniform(-bound, bound, shape).astype(np.float32))

    def node(self, operator, inputs, outputs=None, **attributes):
        outputs = outputs or [f"/{operator}_{len(self.nodes)}_output_0"]
        outputs = [outputs] if isinstance(outputs, str) else outputs
        name = f"/{operator}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, outputs, name=name, **attributes))
        return outputs[0] if len(outputs) == 1 else outputs

    def constant(self, array):
        return self.node("Constant", [], value=numpy_helper.from_array(np.asarray(array)))

    def linear(self, x, name, inputs, outputs, scale=1.0, out=None):
        bound = scale * np.sqrt(3.0 / inputs)
        weight = self.uniform(f"{name}.weight", bound, outputs, inputs)
        bias = self.uniform(f"{name}.bias", 0.1, outputs)
        return self.node("Gemm", [x, weight, bias], out, alpha=1.0, beta=1.0, transB=1)

    def matmul(self, x, name, inputs, outputs, out=None):
        """A Linear of an input with more than two dimensions."""
        weight = self.uniform(f"onnx::MatMul_{name}", np.sqrt(3.0 / inputs), inputs, outputs)
        bias = self.uniform(f"{name}.bias", 0.1, outputs)
        return self.node("Add", [bias, self.node("MatMul", [x, weight])], out)

    def conv(self, x, name, channels, filters, size, **attributes):
        weight = self.uniform(f"{name}.weight", np.sqrt(3.0 / (channels * size * size)), filters, channels, size, size)
        bias = self.uniform(f"{name}.bias", 0.1, filters)
        settings = dict(dilations=[1, 1], group=1, kernel_shape=[size, size], pads=[0, 0, 0, 0], strides=[1, 1])
        return self.node("Conv", [x, weight, bias], **{**settings, **attributes})

    def recurrent(self, operator, x, states, name, features, hidden, out=None, **attributes):
        gates = {"LSTM": 4, "GRU": 3}[operator]
        bound = 1.0 / np.sqrt(hidden)
        weights = [
            self.uniform(f"onnx::{operator}_{name}_w", bound, 1, gates * hidden, features),
            self.uniform(f"onnx::{operator}_{name}_r", bound, 1, gates * hidden, hidden),
            self.uniform(f"onnx::{operator}_{name}_b", bound, 1, 2 * gates * hidden),
        ]
        outputs = out or [f"/{name}/{operator}_output_{index}" for index in range(1 + len(states))]
        return self.node(operator, [x, *weights, "", *states], outputs, hidden_size=hidden, **attributes)

    def log_probabilities(self, logits):
        """torch.distributions.Categorical, traced."""
        return self.node("Sub", [logits, self.node("ReduceLogSumExp", [logits], axes=[-1], keepdims=1)])

    def model(self, check=True):
        graph = helper.make_graph(self.nodes, "main_graph", self.inputs, self.outputs, self.initializers)
        opset = [helper.make_opsetid("", self.opset)]
        model = helper.make_model(graph, opset_imports=opset, producer_name="pytorch", producer_version="2.9.0")
        model.ir_version = 8
        if check:
            onnx.checker.check_model(model, full_check=True)
        return model


def sb3_ppo_mlp():
    """ActorCriticPolicy for 4 numbers and 2 actions, as the documentation's OnnxableSB3Policy returns it."""
    g = Graph(1)
    x = g.node("Flatten", [g.input("input", FLOAT, "batch_size", 4)], axis=1)
    latent = {}
    for net in ("policy_net", "value_net"):
        h = g.node("Tanh", [g.linear(x, f"policy.mlp_extractor.{net}.0", 4, 64)])
        latent[net] = g.node("Tanh", [g.linear(h, f"policy.mlp_extractor.{net}.2", 64, 64)])
    g.linear(latent["value_net"], "policy.value_net", 64, 1, out="values")
    logits = g.log_probabilities(g.linear(latent["policy_net"], "policy.action_net", 64, 2))
    probabilities = g.node("Softmax", [logits], axis=-1)
    actions = g.node("ArgMax", [probabilities], "actions", axis=1, keepdims=0, select_last_index=0)
    column = g.node("Unsqueeze", [actions, g.constant(np.array([-1], np.int64))])
    chosen = g.node("GatherElements", [logits, column], axis=-1)
    g.node("Squeeze", [chosen, g.constant(np.array([-1], np.int64))], "log_prob")
    for name, kind, *shape in [("actions", INT64, "b"), ("values", FLOAT, "b", 1), ("log_prob", FLOAT, "b")]:
        g.output(name, kind, *shape)
    return g, [{"input": g.rng.normal(0, 1, (1, 4)).astype(np.float32)} for _ in range(8)]


def sb3_dqn_cnn():
    """QNetwork with NatureCNN (narrower) over bytes, channels first: cast, divided by 255, convolved."""
    g = Graph(2, opset=18)
    x = g.node("Cast", [g.input("obs", UINT8, "batch_size", 3, 36, 36)], to=FLOAT)
    x = g.node("Div", [x, g.constant(np.float32(255))])
    x = g.node("Relu", [g.conv(x, "q_net.features_extractor.cnn.0", 3, 8, 8, strides=[4, 4])])
    x = g.node("Relu", [g.conv(x, "q_net.features_extractor.cnn.2", 8, 12, 4, strides=[2, 2])])
    x = g.node("Relu", [g.conv(x, "q_net.features_extractor.cnn.4", 12, 12, 2)])
    x = g.node("Flatten", [x], axis=1)
    x = g.node("Relu", [g.linear(x, "q_net.features_extractor.linear.0", 48, 32)])
    g.linear(x, "q_net.q_net.0", 32, 6, out="q_values")
    g.output("q_values", FLOAT, "batch_size", 6)
    return g, [{"obs": g.rng.integers(0, 256, (1, 3, 36, 36)).astype(np.uint8)} for _ in range(3)]


def sb3_sac_mlp():
    """SAC's Actor, its mean squashed and its deviation bounded."""
    g = Graph(3, opset=11)
    x = g.node("Flatten", [g.input("input", FLOAT, "batch_size", 8)], axis=1)
    x = g.node("Relu", [g.linear(x, "actor.latent_pi.0", 8, 64)])
    x = g.node("Relu", [g.linear(x, "actor.latent_pi.2", 64, 64)])
    mean = g.linear(x, "actor.mu", 64, 2)
    spread = g.linear(x, "actor.log_std", 64, 2)
    bounds = [g.constant(np.float32(-20)), g.constant(np.float32(2))]
    g.node("Clip", [spread, *bounds], "log_std")
    g.node("Tanh", [mean], "action")
    g.output("action", FLOAT, "batch_size", 2)
    g.output("log_std", FLOAT, "batch_size", 2)
    return g, [{"input": g.rng.normal(0, 1, (1, 8)).astype(np.float32)} for _ in range(6)]


def sb3_discrete_observation():
    """A Discrete and a MultiDiscrete observation as one-hot vectors (preprocess_obs), then an MLP for MultiDiscrete actions."""
    g = Graph(4, opset=13)
    state = g.input("obs", INT64, "batch_size")
    pair = g.input("pair", INT64, "batch_size", 2)
    values = g.constant(np.array([0, 1], np.int64))

    def one_hot(x, n):
        return g.node("Cast", [g.node("OneHot", [x, g.constant(np.array([n], np.int64)), values], axis=-1)], to=FLOAT)

    halves = g.node("Split", [pair, g.constant(np.array([1, 1], np.int64))], ["/half_0", "/half_1"], axis=1)
    parts = [g.node("Reshape", [one_hot(half, n), g.constant(np.array([-1, n], np.int64))]) for half, n in zip(halves, (3, 4))]
    x = g.node("Concat", [one_hot(state, 5), *parts], axis=-1)
    x = g.node("Elu", [g.linear(x, "mlp.0", 12, 16)], alpha=1.0)
    x = g.node("LeakyRelu", [g.linear(x, "mlp.2", 16, 16)], alpha=0.01)
    logits = g.linear(x, "action_net", 16, 5, out="logits")
    split = g.node("Split", [logits, g.constant(np.array([2, 3], np.int64))], ["/logits_0", "/logits_1"], axis=1)
    chosen = [g.node("ArgMax", [part], axis=1, keepdims=1) for part in split]
    g.node("Concat", chosen, "actions", axis=1)
    g.output("actions", INT64, "batch_size", 2)
    g.output("logits", FLOAT, "batch_size", 5)
    return g, [{"obs": np.array([i], np.int64), "pair": np.array([[i % 3, i % 4]], np.int64)} for i in range(5)]


def sb3_maskable_ppo():
    """MaskablePPO: masked logits become −1e8 before they are normalised."""
    g = Graph(5)
    x = g.input("obs", FLOAT, "batch_size", 10)
    mask = g.input("action_masks", BOOL, "batch_size", 5)
    x = g.node("Tanh", [g.linear(x, "policy_net.0", 10, 32)])
    logits = g.linear(x, "action_net", 32, 5)
    masked = g.node("Where", [mask, g.log_probabilities(logits), g.constant(np.float32(-1e8))])
    logits = g.node("Identity", [g.log_probabilities(masked)], "logits")
    g.node("Softmax", [logits], "probs", axis=-1)
    g.output("logits", FLOAT, "batch_size", 5)
    g.output("probs", FLOAT, "batch_size", 5)
    runs = []
    for i in range(6):
        mask = g.rng.random((1, 5)) < 0.5
        mask[0, i % 5] = True
        runs.append({"obs": g.rng.normal(0, 1, (1, 10)).astype(np.float32), "action_masks": mask})
    return g, runs


def sb3_recurrent_ppo():
    """RecurrentPPO's policy, traced for one step: the states are wiped where an episode starts."""
    g = Graph(6)
    x = g.input("obs", FLOAT, 1, 4)
    states = [g.input(name, FLOAT, 1, 1, 16) for name in ("h_in", "c_in")]
    start = g.input("episode_starts", FLOAT, 1)
    x = g.node("Reshape", [x, g.constant(np.array([1, -1, 4], np.int64))])
    x = g.node("Transpose", [x], perm=[1, 0, 2])
    kept = g.node("Reshape", [g.node("Sub", [g.constant(np.float32(1)), start]), g.constant(np.array([1, 1, 1], np.int64))])
    states = [g.node("Mul", [kept, state]) for state in states]
    x, _, _ = g.recurrent("LSTM", x, states, "lstm_actor", 4, 16, out=["/lstm_output_0", "h_out", "c_out"])
    x = g.node("Squeeze", [x, g.constant(np.array([1], np.int64))])
    x = g.node("Transpose", [x], perm=[1, 0, 2])
    x = g.node("Reshape", [x, g.constant(np.array([-1, 16], np.int64))])
    x = g.node("Tanh", [g.linear(x, "mlp_extractor.policy_net.0", 16, 16)])
    g.linear(x, "action_net", 16, 2, out="logits")
    g.output("logits", FLOAT, 1, 2)
    for name in ("h_out", "c_out"):
        g.output(name, FLOAT, 1, 1, 16)
    runs = [{"obs": g.rng.normal(0, 1, (1, 4)).astype(np.float32), "episode_starts": np.float32([i in (0, 5)])} for i in range(9)]
    return g, runs, {"h_in": "h_out", "c_in": "c_out"}


def cleanrl_ppo():
    """Agent.actor of ppo.py: logits of six actions."""
    g = Graph(7, opset=14)
    x = g.input("onnx::Gemm_0", FLOAT, "batch", 8)
    x = g.node("Tanh", [g.linear(x, "actor.0", 8, 64)])
    x = g.node("Tanh", [g.linear(x, "actor.2", 64, 64)])
    g.linear(x, "actor.4", 64, 6, scale=0.5, out="logits")
    g.output("logits", FLOAT, "batch", 6)
    return g, [{"onnx::Gemm_0": g.rng.normal(0, 1, (1, 8)).astype(np.float32)} for _ in range(8)]


def cleanrl_c51():
    """QNetwork.get_action of c51.py: a distribution over 21 returns for each of 3 actions."""
    g = Graph(8, opset=12)
    x = g.input("x", FLOAT, "batch", 4)
    x = g.node("Relu", [g.linear(x, "network.0", 4, 40)])
    x = g.node("Relu", [g.linear(x, "network.2", 40, 28)])
    x = g.linear(x, "network.4", 28, 63)
    shape = g.node("Gather", [g.node("Shape", ["x"]), g.constant(np.int64(0))], axis=0)
    shape = g.node("Unsqueeze", [shape], axes=[0])
    rest = [g.constant(np.array([3], np.int64)), g.constant(np.array([21], np.int64))]
    x = g.node("Reshape", [x, g.node("Concat", [shape, *rest], axis=0)])
    # Before operator set 13 a softmax along any axis but the last needs the others' help.
    x = g.node("Softmax", [x], axis=2)
    atoms = g.weight("atoms", np.linspace(-10, 10, 21, dtype=np.float32))
    q = g.node("ReduceSum", [g.node("Mul", [x, atoms])], "q_values", axes=[2], keepdims=0)
    g.node("ArgMax", [q], "action", axis=1, keepdims=0)
    g.output("action", INT64, "batch")
    g.output("q_values", FLOAT, "batch", 3)
    return g, [{"x": g.rng.normal(0, 1, (1, 4)).astype(np.float32)} for _ in range(6)]


def cleanrl_ppo_atari_lstm():
    """Agent.get_states of ppo_atari_lstm.py (narrower), with a 20 × 20 picture: convolved, then an LSTM."""
    g = Graph(9)
    x = g.node("Div", [g.input("x", FLOAT, 1, 1, 20, 20), g.constant(np.float32(255))])
    states = [g.input(name, FLOAT, 1, 1, 24) for name in ("lstm_h", "lstm_c")]
    done = g.input("done", FLOAT, 1)
    x = g.node("Relu", [g.conv(x, "network.0", 1, 6, 4, strides=[2, 2])])
    x = g.node("Relu", [g.conv(x, "network.2", 6, 8, 3, strides=[2, 2])])
    x = g.node("Flatten", [x], axis=1)
    x = g.node("Relu", [g.linear(x, "network.5", 128, 32)])
    x = g.node("Reshape", [x, g.constant(np.array([-1, 1, 32], np.int64))])
    kept = g.node("Sub", [g.constant(np.float32(1)), g.node("Reshape", [done, g.constant(np.array([1, -1, 1], np.int64))])])
    states = [g.node("Mul", [kept, state]) for state in states]
    x, *_ = g.recurrent("LSTM", x, states, "lstm", 32, 24, out=["/lstm_out", "lstm_h_out", "lstm_c_out"])
    x = g.node("Squeeze", [x, g.constant(np.array([1], np.int64))])
    x = g.node("Reshape", [x, g.constant(np.array([-1, 24], np.int64))])
    g.linear(x, "actor", 24, 4, out="logits")
    g.output("logits", FLOAT, 1, 4)
    for name in ("lstm_h_out", "lstm_c_out"):
        g.output(name, FLOAT, 1, 1, 24)
    picture = lambda: g.rng.integers(0, 256, (1, 1, 20, 20)).astype(np.float32)
    runs = [{"x": picture(), "done": np.float32([i == 2])} for i in range(4)]
    return g, runs, {"lstm_h": "lstm_h_out", "lstm_c": "lstm_c_out"}


def rllib_lstm():
    """TorchLSTMEncoder with two layers, batch first, states of [batch, layer, unit], and a heads MLP on every time step."""
    g = Graph(10, opset=18)
    x = g.input("obs", FLOAT, "B", "T", 5)
    states = [g.input(f"state_in_{name}", FLOAT, "B", 2, 12) for name in "hc"]
    x = g.node("Tanh", [g.matmul(x, "tokenizer.net.mlp.0", 5, 16)])
    x = g.node("Transpose", [x], perm=[1, 0, 2])
    states = [g.node("Transpose", [state], perm=[1, 0, 2]) for state in states]
    ends = {"h": [], "c": []}
    for layer, features in enumerate((16, 12)):
        bounds = [g.constant(np.array([bound], np.int64)) for bound in (layer, layer + 1, 0)]
        own = [g.node("Slice", [state, *bounds]) for state in states]
        x, h, c = g.recurrent("LSTM", x, own, f"lstm.{layer}", features, 12)
        x = g.node("Squeeze", [x, g.constant(np.array([1], np.int64))])
        ends["h"].append(h)
        ends["c"].append(c)
    x = g.node("Transpose", [x], perm=[1, 0, 2])
    for name, parts in ends.items():
        g.node("Transpose", [g.node("Concat", parts, axis=0)], f"state_out_{name}", perm=[1, 0, 2])
    g.matmul(x, "pi.net.mlp.0", 12, 4, out="action_dist_inputs")
    g.output("action_dist_inputs", FLOAT, "B", "T", 4)
    for name in "hc":
        g.output(f"state_out_{name}", FLOAT, "B", 2, 12)
    runs = [{"obs": g.rng.normal(0, 1, (1, 1, 5)).astype(np.float32)} for _ in range(6)]
    return g, runs, {f"state_in_{name}": f"state_out_{name}" for name in "hc"}


def rllib_gru():
    """TorchGRUEncoder, batch first."""
    g = Graph(11)
    x = g.input("obs", FLOAT, "B", "T", 5)
    state = g.input("state_in_h", FLOAT, "B", 1, 20)
    x = g.node("Transpose", [x], perm=[1, 0, 2])
    state = g.node("Transpose", [state], perm=[1, 0, 2])
    x, h = g.recurrent("GRU", x, [state], "gru", 5, 20, linear_before_reset=1)
    x = g.node("Squeeze", [x, g.constant(np.array([1], np.int64))])
    x = g.node("Transpose", [x], perm=[1, 0, 2])
    g.node("Transpose", [h], "state_out_h", perm=[1, 0, 2])
    g.matmul(x, "pi.net.mlp.0", 20, 3, out="action_dist_inputs")
    g.output("action_dist_inputs", FLOAT, "B", "T", 3)
    g.output("state_out_h", FLOAT, "B", 1, 20)
    return g, [{"obs": g.rng.normal(0, 1, (1, 1, 5)).astype(np.float32)} for _ in range(6)], {"state_in_h": "state_out_h"}


def rllib_action_mask():
    """ActionMaskingTorchRLModule: the logarithm of the mask, clipped to the smallest float, is added to the logits."""
    g = Graph(12)
    mask = g.input("action_mask", FLOAT, "B", 6)
    x = g.input("observations", FLOAT, "B", 9)
    x = g.node("Relu", [g.linear(x, "encoder.net.mlp.0", 9, 32)])
    logits = g.linear(x, "pi.net.mlp.0", 32, 6)
    least = g.node("Clip", [g.node("Log", [mask]), g.constant(np.float32(np.finfo(np.float32).min)), ""])
    g.node("Add", [logits, least], "action_dist_inputs")
    g.output("action_dist_inputs", FLOAT, "B", 6)
    masks = [np.float32([[1, 0, 1, 1, 0, 0]]), np.float32([[1, 1, 1, 1, 1, 1]]), np.float32([[0, 0, 0, 0, 0, 1]])]
    return g, [{"action_mask": mask, "observations": g.rng.normal(0, 1, (1, 9)).astype(np.float32)} for mask in masks]


def kitchen_cnn():
    """Three layers over a kitchen's 26 masks of 5 × 4, channels last, as overcooked-ai's own PPO: padded alike, then valid."""
    g = Graph(13)
    x = g.node("Transpose", [g.input("obs", FLOAT, "batch", 5, 4, 26)], perm=[0, 3, 1, 2])
    x = g.node("LeakyRelu", [g.conv(x, "conv_initial", 26, 16, 5, pads=[2, 2, 2, 2])], alpha=0.3)
    x = g.node("LeakyRelu", [g.conv(x, "conv_0", 16, 16, 3, pads=[1, 1, 1, 1])], alpha=0.3)
    x = g.node("LeakyRelu", [g.conv(x, "conv_1", 16, 16, 3)], alpha=0.3)
    x = g.node("Flatten", [x], axis=1)
    x = g.node("LeakyRelu", [g.linear(x, "fc_0", 96, 32)], alpha=0.3)
    x = g.linear(x, "action", 32, 6, out="logits")
    g.node("LogSoftmax", [x], "log_probs", axis=-1)
    g.output("logits", FLOAT, "batch", 6)
    g.output("log_probs", FLOAT, "batch", 6)
    return g, [{"obs": (g.rng.random((1, 5, 4, 26)) < 0.15).astype(np.float32)} for _ in range(3)]


def minigrid_cnn():
    """A features extractor for MiniGrid: channels last bytes, an embedding of the direction, pooling, normalisation."""
    g = Graph(14)
    x = g.node("Cast", [g.input("image", UINT8, "batch", 7, 7, 3)], to=FLOAT)
    x = g.node("Transpose", [x], perm=[0, 3, 1, 2])
    x = g.node("Relu", [g.conv(x, "image_conv.0", 3, 16, 2)])
    x = g.node("MaxPool", [x], kernel_shape=[2, 2], strides=[2, 2], ceil_mode=0, dilations=[1, 1], pads=[0, 0, 0, 0])
    x = g.conv(x, "image_conv.3", 16, 16, 2, group=1)
    for part, values in dict(scale=1, shift=0, mean=0.3, variance=1.5).items():
        g.weight(f"bn.{part}", np.float32(values + g.rng.random(16) * 0.2))
    x = g.node("BatchNormalization", [x, "bn.scale", "bn.shift", "bn.mean", "bn.variance"], epsilon=1e-5)
    x = g.node("Flatten", [g.node("Relu", [x])], axis=1)
    table = g.uniform("embedding.weight", 1.0, 4, 8)
    x = g.node("Concat", [x, g.node("Gather", [table, g.input("direction", INT64, "batch")])], axis=1)
    for part in ("weight", "bias"):
        g.uniform(f"norm.{part}", 1.0, 72)
    x = g.node("LayerNormalization", [x, "norm.weight", "norm.bias"], axis=-1, epsilon=1e-5)
    x = g.linear(x, "policy.0", 72, 32)
    x = g.node("Mul", [x, g.node("Sigmoid", [x])])
    g.linear(x, "policy.2", 32, 7, out="logits")
    g.output("logits", FLOAT, "batch", 7)
    draw = lambda i: {"image": g.rng.integers(0, 11, (1, 7, 7, 3)).astype(np.uint8), "direction": np.array([i % 4], np.int64)}
    return g, [draw(i) for i in range(4)]


MODELS = [
    sb3_ppo_mlp, sb3_dqn_cnn, sb3_sac_mlp, sb3_discrete_observation, sb3_maskable_ppo, sb3_recurrent_ppo,
    cleanrl_ppo, cleanrl_c51, cleanrl_ppo_atari_lstm, rllib_lstm, rllib_gru, rllib_action_mask, kitchen_cnn, minigrid_cnn,
]  # fmt: skip


def flat(array):
    """As JSON: floats as the shortest text of the float32; infinities, which JSON has not, as text."""
    array = np.asarray(array)
    if array.dtype == np.float32:
        return [str(x) if not np.isfinite(x) else float(str(x)) for x in array.ravel()]
    return [bool(x) if array.dtype == bool else int(x) for x in array.ravel()]


def play(model, runs, carried=None):
    """What onnxruntime gives for each run; what is carried goes from one run's outputs to the next one's inputs."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    names = [output.name for output in session.get_outputs()]
    shapes = {value.name: [size if isinstance(size, int) else 1 for size in value.shape] for value in session.get_inputs()}
    state = {name: np.zeros(shapes[name], np.float32) for name in carried or {}}
    played = []
    for run in runs:
        outputs = dict(zip(names, session.run(None, {**run, **state})))
        played.append({
            "inputs": {name: flat(array) for name, array in run.items()},
            "outputs": {name: flat(array) for name, array in outputs.items()},
        })
        state = {name: outputs[source] for name, source in (carried or {}).items()}
    return {"carried": carried or {}, "runs": played}


def write(path, value):
    path.write_text(json.dumps(value, separators=(",", ":")) + "\n")


def main():
    from operators import cases

    for make in MODELS:
        graph, runs, *carried = make()
        model = graph.model()
        (HERE / "models" / f"{make.__name__}.onnx").write_bytes(model.SerializeToString())
        write(HERE / "models" / f"{make.__name__}.json", play(model, runs, *carried))
    written = []
    for name, model, inputs in cases(Graph):
        content = base64.b64encode(model.SerializeToString()).decode()
        written.append({"name": name, "model": content, **play(model, [inputs])})
    (HERE / "operators.json").write_text("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in written) + "\n]\n")


if __name__ == "__main__":
    main()
