"""One small model for each way in which an operator can be used."""

import numpy as np
from onnx import TensorProto, helper

FLOAT, INT64, INT32, UINT8, BOOL = (
    TensorProto.FLOAT, TensorProto.INT64, TensorProto.INT32, TensorProto.UINT8, TensorProto.BOOL,
)  # fmt: skip
TYPES = {"float32": FLOAT, "int64": INT64, "int32": INT32, "uint8": UINT8, "bool": BOOL}


def cases(Graph):
    rng = np.random.default_rng(99)

    def f(*shape, low=-3.0, high=3.0):
        return rng.uniform(low, high, shape).astype(np.float32)

    def i(*shape, low=0, high=10, dtype=np.int64):
        return rng.integers(low, high, shape).astype(dtype)

    def b(*shape):
        return rng.random(shape) < 0.5

    def ints(*values):
        return np.array(values, np.int64)

    def case(operator, inputs, output=FLOAT, constants=(), outputs=1, opset=17, name=None, **attributes):
        """Inputs are numbered; those in `constants` stand in the file. None is one that is left out."""
        g = Graph(0, opset)
        names, run = [], {}
        for number, array in enumerate(inputs):
            if array is None:
                names.append("")
            elif number in constants:
                names.append(g.weight(f"x{number}", array))
            else:
                names.append(g.input(f"x{number}", TYPES[array.dtype.name], *array.shape))
                run[f"x{number}"] = array
        made = [f"y{number}" for number in range(outputs)]
        g.node(operator, names, made, **attributes)
        for y in made:
            g.outputs.append(helper.make_tensor_value_info(y, output, None))
        return (name or operator.lower()) + f"_{opset}", g.model(check=False), run

    x = f(2, 3)
    for operator in ("Abs Ceil Elu Exp Floor HardSigmoid HardSwish LeakyRelu Neg Reciprocal Relu Round Selu Sigmoid Sign "
                     "Softplus Softsign Tanh ThresholdedRelu Celu").split():  # fmt: skip
        yield case(operator, [x])
    yield case("Mish", [x], opset=18)
    yield case("Log", [f(2, 3, low=0.001, high=9)])
    yield case("Sqrt", [f(2, 3, low=0, high=9)])
    yield case("Elu", [x], name="elu_alpha", alpha=0.3)
    yield case("LeakyRelu", [x], name="leaky_relu_alpha", alpha=0.3)
    yield case("Clip", [x], opset=6 + 1, name="clip_attributes", min=-1.0, max=0.5)
    yield case("Clip", [x, np.float32(-1), np.float32(2)], constants=(1, 2))
    yield case("Clip", [x, None, np.float32(0.5)], constants=(2,), name="clip_above")
    for operator in "Add Sub Mul Div Pow".split():
        low = 0.1 if operator == "Pow" else -3.0
        yield case(operator, [f(2, 3, low=low), f(2, 3)])
        yield case(operator, [f(2, 1, 3, low=low), f(4, 1)], name=f"{operator.lower()}_stretched")
        yield case(operator, [f(2, 3, low=low), np.float32(1.7)], constants=(1,), name=f"{operator.lower()}_scalar")
    for operator in "Add Sub Mul Div".split():
        yield case(operator, [i(2, 3, low=-9), i(3, low=1)], INT64, name=f"{operator.lower()}_integers")
    yield case("Div", [i(4, low=-20, high=20), ints(-3, 3, 7, -7)], INT64, name="div_negative")
    yield case("Mod", [i(6, low=-20, high=20), ints(-3, 3, 7, -7, 4, -4)], INT64)
    yield case("Pow", [x, ints(2)], constants=(1,), name="pow_integer")
    yield case("PRelu", [f(2, 3, 2), f(3, 1)])
    for operator in "Max Min Sum Mean".split():
        yield case(operator, [f(2, 3), f(3), f(2, 1)])
    small = lambda: i(2, 3, high=3)
    for operator in "Equal Less Greater LessOrEqual GreaterOrEqual".split():
        yield case(operator, [small(), small()], BOOL)
        yield case(operator, [f(2, 3), f(3)], BOOL, name=f"{operator.lower()}_floats")
    for operator in "And Or Xor".split():
        yield case(operator, [b(2, 3), b(3)], BOOL)
    yield case("Not", [b(5)], BOOL)
    yield case("Where", [b(2, 3), f(2, 3), f(3)])
    yield case("Where", [b(3), i(2, 3), i(1)], INT64, name="where_integers")
    for to, source in [(INT64, f(5)), (FLOAT, i(5)), (BOOL, f(5)), (INT32, i(5)), (FLOAT, b(5)), (UINT8, f(5, low=0, high=200))]:
        yield case("Cast", [source], to, name=f"cast_{source.dtype}_{to}", to=to)
    y = f(2, 3, 4)
    yield case("Transpose", [y])
    yield case("Transpose", [y], name="transpose_perm", perm=[1, 2, 0])
    yield case("Flatten", [y], axis=2)
    yield case("Flatten", [y], name="flatten_0", axis=0)
    yield case("Reshape", [y, ints(0, -1)], constants=(1,))
    yield case("Squeeze", [f(1, 3, 1, 2)])
    yield case("Squeeze", [f(1, 3, 1, 2), ints(-2)], constants=(1,), name="squeeze_axis")
    yield case("Unsqueeze", [x, ints(0, -1)], constants=(1,))
    yield case("Unsqueeze", [x], opset=11, axes=[1])
    yield case("Expand", [f(3, 1), ints(2, 3, 4)], constants=(1,))
    yield case("Expand", [f(1), ints(2, 2)], constants=(1,), name="expand_one")
    yield case("Tile", [x, ints(2, 3)], constants=(1,))
    yield case("Slice", [y, ints(1, -3), ints(9, -1), ints(1, 2)], constants=(1, 2, 3))
    yield case("Slice", [y, ints(-1), ints(-9), ints(2), ints(-2)], constants=(1, 2, 3, 4), name="slice_back")
    yield case("Slice", [y], opset=9, starts=[1], ends=[3], axes=[1])
    yield case("Split", [f(2, 5), ints(2, 3)], constants=(1,), outputs=2, axis=1)
    yield case("Split", [f(4, 2)], outputs=2, opset=11, axis=0)
    yield case("Split", [f(5, 2)], outputs=3, opset=18, axis=0, num_outputs=3)
    yield case("Concat", [f(2, 1, 3), f(2, 2, 3)], axis=1)
    yield case("Concat", [i(2), i(3)], INT64, name="concat_integers", axis=-1)
    yield case("Pad", [f(2, 3), ints(1, 0, 0, 2), np.float32(0.5)], constants=(1, 2))
    yield case("Gather", [f(4, 3), i(2, 2, high=4)])
    yield case("Gather", [f(2, 4, 3), ints(-1, 0)], name="gather_axis", axis=1)
    yield case("GatherElements", [f(2, 4), i(2, 2, high=4)], axis=1)
    yield case("OneHot", [i(3, high=4), ints(4), f(2)], constants=(1,))
    yield case("OneHot", [i(3, high=4), ints(4), f(2)], constants=(1,), name="one_hot_axis", axis=0)
    yield case("ConstantOfShape", [ints(2, 3)], constants=(0,))
    yield case("Range", [np.int64(3), np.int64(-4), np.int64(-2)], INT64, constants=(0, 1, 2))
    yield case("Shape", [y], INT64)
    yield case("Size", [y], INT64)
    yield case("Identity", [y])
    for operator in "ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd ReduceLogSumExp ReduceL1 ReduceL2 ReduceSumSquare".split():
        inputs, extra = ([y, ints(1)], {}) if operator == "ReduceSum" else ([y], {"axes": [1]})
        yield case(operator, inputs, constants=(1,), keepdims=0, **extra)
        yield case(operator, [y, ints(0, 2)], constants=(1,), opset=18)
        yield case(operator, [y], name=f"{operator.lower()}_all")
    yield case("ReduceProd", [i(2, 3)], INT64, name="reduceprod_integers", axes=[1])
    for operator in "ArgMax ArgMin".split():
        yield case(operator, [i(3, 4, high=3)], INT64, axis=1)
        yield case(operator, [f(3, 4)], INT64, name=f"{operator.lower()}_flat", axis=0, keepdims=0)
        yield case(operator, [i(3, 4, high=3)], INT64, name=f"{operator.lower()}_last", axis=-1, select_last_index=1)
    for operator in "Softmax LogSoftmax".split():
        yield case(operator, [y], axis=1)
        yield case(operator, [y], opset=11, axis=1)
        yield case(operator, [f(2, 5, low=-80, high=80)], name=f"{operator.lower()}_wide")
    for a, c in [(0, 0), (0, 1), (1, 0), (1, 1)]:
        left, right = (f(5, 2), f(2, 5))[a == 0], (f(5, 4), f(4, 5))[c]
        yield case("Gemm", [left, right, f(4)], name=f"gemm_{a}{c}", transA=a, transB=c, alpha=0.5, beta=2.0)
        yield case("Gemm", [left, right], constants=(1,), name=f"gemm_{a}{c}_known", transA=a, transB=c)
    yield case("Gemm", [f(2, 300), f(300, 3), f(2, 1)], constants=(1,), name="gemm_deep")
    yield case("MatMul", [f(2, 3), f(3, 4)])
    yield case("MatMul", [f(2, 1, 2, 3), f(5, 3, 4)], name="matmul_outer")
    yield case("MatMul", [f(3), f(3, 4)], name="matmul_row")
    yield case("MatMul", [f(2, 3), f(3)], name="matmul_column")
    yield case("MatMul", [f(3), f(3)], name="matmul_vectors")
    yield case("MatMul", [f(4, 2, 3), f(4, 3, 2)], constants=(1,), name="matmul_known")
    picture = f(2, 4, 7, 6)
    yield case("Conv", [picture, f(3, 4, 3, 3), f(3)])
    yield case("Conv", [picture, f(6, 2, 3, 2)], name="conv_groups", group=2, strides=[2, 1], pads=[1, 0, 2, 1])
    yield case("Conv", [picture, f(4, 1, 2, 2), f(4)], name="conv_depthwise", group=4, dilations=[2, 2])
    yield case("Conv", [picture, f(2, 4, 3, 2)], name="conv_same_upper", auto_pad="SAME_UPPER", strides=[2, 2])
    yield case("Conv", [picture, f(2, 4, 3, 2)], name="conv_same_lower", auto_pad="SAME_LOWER")
    yield case("Conv", [f(1, 3, 9), f(2, 3, 4), f(2)], name="conv_row", strides=[2], pads=[1, 1])
    for operator in ("MaxPool", "AveragePool"):
        yield case(operator, [picture], kernel_shape=[2, 3])
        yield case(operator, [picture], name=f"{operator.lower()}_edges", kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 2])
        yield case(operator, [picture], name=f"{operator.lower()}_up", kernel_shape=[2, 2], strides=[2, 4], ceil_mode=1)
        yield case(operator, [f(1, 2, 9)], name=f"{operator.lower()}_row", kernel_shape=[4], strides=[3])
    yield case("AveragePool", [picture], name="averagepool_count", kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1)
    yield case("GlobalAveragePool", [picture])
    yield case("GlobalMaxPool", [picture])
    yield case("BatchNormalization", [picture, f(4), f(4), f(4), f(4, low=0.1)], constants=(1, 2, 3, 4))
    yield case("LayerNormalization", [y, f(4), f(4)], axis=-1)
    yield case("LayerNormalization", [y, f(3, 4)], name="layernormalization_two", axis=1)
    yield case("LSTM", [f(3, 2, 4), f(1, 20, 4), f(1, 20, 5)], outputs=3, hidden_size=5)
    yield case("LSTM", [f(1, 1, 4), f(1, 20, 4), f(1, 20, 5), f(1, 40), None, f(1, 1, 5), f(1, 1, 5)], outputs=3, hidden_size=5, name="lstm_states")
    for linear in (0, 1):
        yield case("GRU", [f(3, 2, 4), f(1, 15, 4), f(1, 15, 5), f(1, 30), None, f(1, 2, 5)], outputs=2, hidden_size=5, name=f"gru_{linear}", linear_before_reset=linear)
        yield case("GRU", [f(2, 1, 4), f(1, 15, 4), f(1, 15, 5)], outputs=2, hidden_size=5, name=f"gru_plain_{linear}", linear_before_reset=linear)
    for operator in "Abs Neg Sign".split():
        yield case(operator, [i(2, 3, low=-9)], INT64, name=f"{operator.lower()}_integers")
    yield case("Relu", [i(2, 3, low=-9, dtype=np.int32)], INT32, name="relu_integers")
    yield case("Clip", [i(2, 3, low=-9), np.int64(-2), np.int64(4)], INT64, constants=(1, 2), name="clip_integers")
    for operator in "Max Min".split():
        yield case(operator, [i(2, 3, low=-9), i(3, low=-9), i(2, 1, low=-9)], INT64, name=f"{operator.lower()}_integers")
