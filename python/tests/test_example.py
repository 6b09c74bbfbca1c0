"""The worked example, at a small size: it learns, and what it writes says what the network says."""

import sys
from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))
cartpole = pytest.importorskip("cartpole")


def test_a_policy_is_trained_in_seconds_and_is_the_same_as_onnx():
    network = cartpole.train(generations=12, population=40, episodes=3)
    before = cartpole.returns(np.zeros((1, cartpole.SIZE)), 20, seed=10**6)[0]
    after = cartpole.returns(network[None], 20, seed=10**6)[0]
    assert before < 30 and after > 150, (before, after)
    observations = np.random.default_rng(2).normal(size=(64, 4)).astype(np.float32)
    from onnx.reference import ReferenceEvaluator

    model = onnx.load_from_string(cartpole.to_onnx(network).SerializeToString())
    (said,) = ReferenceEvaluator(model).run(None, {"observation": observations})
    assert said.dtype == np.float32
    np.testing.assert_allclose(said, cartpole.logits(cartpole.weights(network), observations), atol=1e-5)
