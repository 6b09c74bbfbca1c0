//! The operators. A planner per operator checks a node's inputs and attributes, gives its outputs their shapes, and leaves a
//! [`Kernel`](crate::kernel::Kernel) that computes them. After planning all sizes fit, so that a kernel has nothing to refuse.
mod arithmetic;
mod compare;
mod constant;
mod convolution;
mod elementwise;
mod fold;
mod index;
mod map;
mod matrix;
mod movement;
mod normalise;
mod pooling;
mod recurrent;
mod reduce;
mod rows;
mod shape;
mod softmax;
mod window;

use crate::error::Fault;
use crate::model::Planner;

/// Plans a node by its operator's name.
pub(crate) fn plan(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    match planner.node.operator {
        "Abs" | "Ceil" | "Celu" | "Elu" | "Exp" | "Floor" | "HardSigmoid" | "HardSwish" | "LeakyRelu" | "Log"
        | "Mish" | "Neg" | "Reciprocal" | "Relu" | "Round" | "Selu" | "Sigmoid" | "Sign" | "Softplus" | "Softsign"
        | "Sqrt" | "Swish" | "Tanh" | "ThresholdedRelu" => elementwise::plan(planner),
        "Clip" => elementwise::plan_clip(planner),
        "Cast" => elementwise::plan_cast(planner),
        "Add" | "Sub" | "Mul" | "Div" | "Pow" | "Mod" | "PRelu" => arithmetic::plan(planner),
        "Max" | "Min" | "Sum" | "Mean" => arithmetic::plan_variadic(planner),
        "Equal" | "Less" | "LessOrEqual" | "Greater" | "GreaterOrEqual" => compare::plan(planner),
        "And" | "Or" | "Xor" => compare::plan_logic(planner),
        "Not" => compare::plan_not(planner),
        "Where" => compare::plan_where(planner),
        "Constant" => constant::plan(planner),
        "ConstantOfShape" => constant::plan_of_shape(planner),
        "Range" => constant::plan_range(planner),
        "Shape" => shape::plan_shape(planner),
        "Size" => shape::plan_size(planner),
        "Identity" | "Dropout" => shape::plan_identity(planner),
        "Reshape" => shape::plan_reshape(planner),
        "Flatten" => shape::plan_flatten(planner),
        "Squeeze" => shape::plan_squeeze(planner),
        "Unsqueeze" => shape::plan_unsqueeze(planner),
        "Transpose" => movement::plan_transpose(planner),
        "Expand" => movement::plan_expand(planner),
        "Tile" => movement::plan_tile(planner),
        "Slice" => movement::plan_slice(planner),
        "Split" => movement::plan_split(planner),
        "Concat" => movement::plan_concat(planner),
        "Pad" => movement::plan_pad(planner),
        "Gather" => index::plan_gather(planner),
        "GatherElements" => index::plan_gather_elements(planner),
        "OneHot" => index::plan_one_hot(planner),
        "ArgMax" | "ArgMin" => fold::plan_arg(planner),
        "ReduceSum" | "ReduceMean" | "ReduceMax" | "ReduceMin" | "ReduceProd" | "ReduceLogSumExp" | "ReduceL1"
        | "ReduceL2" | "ReduceSumSquare" => reduce::plan(planner),
        "Softmax" | "LogSoftmax" => softmax::plan(planner),
        "Gemm" => matrix::plan_gemm(planner),
        "MatMul" => matrix::plan_matmul(planner),
        "Conv" => convolution::plan(planner),
        "MaxPool" | "AveragePool" => pooling::plan(planner),
        "GlobalMaxPool" | "GlobalAveragePool" => pooling::plan_global(planner),
        "BatchNormalization" => normalise::plan_batch(planner),
        "LayerNormalization" => normalise::plan_layer(planner),
        "LSTM" => recurrent::plan_lstm(planner),
        "GRU" => recurrent::plan_gru(planner),
        _ => return Err(Fault::UnsupportedOperator.into()),
    }?;
    let unnamed = |name: &&&str| !name.is_empty() && !planner.builder.names.contains(name);
    match planner.node.outputs.iter().find(unnamed) {
        Some(name) => Err(Fault::UnsupportedOutput { output: (*name).to_owned() }.into()),
        None => Ok(()),
    }
}
