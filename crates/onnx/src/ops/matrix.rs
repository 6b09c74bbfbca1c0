//! Products of matrices.
use crate::error::Fault;
use crate::kernel::{Inputs, Kernel};
use crate::model::{Planner, Source};
use crate::ops::map::{Map, broadcast_shape, stretch, walk};
use crate::ops::rows::{rows_times, transpose};
use crate::show::show;
use crate::tensor::{DType, Data, elements, strides};

/// α·A·B + β·C. Both matrices are read by rows of `depth`: an A or B that lies otherwise is turned in scratch first.
struct Product {
    /// The matrices of A and B that belong together, by their numbers.
    pairs: Vec<(u32, u32)>,
    rows: usize,
    depth: usize,
    columns: usize,
    turn_left: bool,
    turn_right: bool,
    alpha: f32,
    beta: f32,
    addend: Option<Map>,
}

impl Kernel for Product {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let [out, left, right] = outputs else { return };
        let (out, left, right) = (out.floats_mut(), left.floats_mut(), right.floats_mut());
        let size = self.rows * self.columns;
        for ((a, b), out) in self.pairs.iter().zip(out.chunks_exact_mut(size)) {
            let matrix = |index: usize, number: u32, len: usize| &inputs.floats(index)[number as usize * len..][..len];
            let (mut a, mut b) = (matrix(0, *a, self.rows * self.depth), matrix(1, *b, self.depth * self.columns));
            if self.turn_left {
                transpose(a, self.depth, left);
                a = left;
            }
            if self.turn_right {
                transpose(b, self.depth, right);
                b = right;
            }
            for (a, out) in a.chunks_exact(self.depth).zip(out.chunks_exact_mut(self.columns)) {
                rows_times(b, a, out);
            }
        }
        if self.alpha != 1.0 {
            out.iter_mut().for_each(|out| *out *= self.alpha);
        }
        let Some(addend) = &self.addend else { return };
        let c = inputs.floats(2);
        for (index, out) in out.iter_mut().enumerate() {
            *out += self.beta * c[addend.at(index)];
        }
    }
}

/// Plans a product whose pairs are known.
fn emit(
    planner: &mut Planner<'_, '_>,
    mut product: Product,
    operands: [&Source; 2],
    addend: Option<&Source>,
    shape: &[usize],
) -> Result<(), Box<Fault>> {
    let [left, right] = operands;
    let Product { rows, depth, columns, .. } = product;
    if [rows, depth, columns].contains(&0) || elements(shape) == 0 {
        return Err(Fault::shapes("matrices with elements", &[&left.shape, &right.shape]));
    }
    // A row is the same lying and standing.
    product.turn_left &= rows > 1 && depth > 1;
    product.turn_right &= columns > 1 && depth > 1;
    let mut right = right.clone();
    if product.turn_right && right.constant {
        let known = planner.builder.slots.get(right.slot).map(Data::floats).unwrap_or_default();
        let mut turned = vec![0.0; known.len()];
        for (from, out) in known.chunks_exact(depth * columns).zip(turned.chunks_exact_mut(depth * columns)) {
            transpose(from, depth, out);
        }
        right = planner.prepared(turned)?;
        product.turn_right = false;
    }
    let scratch =
        [if product.turn_left { rows * depth } else { 0 }, if product.turn_right { depth * columns } else { 0 }];
    let operations =
        (product.pairs.len() as u64).saturating_mul(rows as u64 * columns as u64).saturating_mul(depth as u64);
    planner.emit(product, &[Some(left), Some(&right), addend], &[(DType::Float, shape)], &scratch, operations)
}

pub(crate) fn plan_gemm(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let (a, b, c) = (planner.floats(0)?, planner.floats(1)?, planner.optional_floats(2)?);
    let flag = |name| planner.node.integer(name, 0) != 0;
    let (turn_a, turn_b) = (flag("transA"), flag("transB"));
    let mismatch =
        || Fault::shapes("two matrices, the second with as many rows as the first has columns", &[&a.shape, &b.shape]);
    let (&[a_rows, a_columns], &[b_rows, b_columns]) = (&a.shape[..], &b.shape[..]) else { return Err(mismatch()) };
    let (rows, depth) = if turn_a { (a_columns, a_rows) } else { (a_rows, a_columns) };
    let (b_depth, columns) = if turn_b { (b_columns, b_rows) } else { (b_rows, b_columns) };
    if depth != b_depth {
        return Err(mismatch());
    }
    let shape = [rows, columns];
    let addend = match &c {
        Some(c) if broadcast_shape(&[&c.shape, &shape])? != shape => {
            return Err(Fault::shape(&format!("an addend that stretches to {}", show(&shape)), &c.shape));
        }
        Some(c) => Some(stretch(planner, &c.shape, &shape)?),
        None => None,
    };
    let (alpha, beta) = (planner.node.float("alpha", 1.0)?, planner.node.float("beta", 1.0)?);
    // B by rows of `depth` is B turned, so what ONNX calls turned already lies right.
    let (turn_left, turn_right) = (turn_a, !turn_b);
    let product = Product { pairs: vec![(0, 0)], rows, depth, columns, turn_left, turn_right, alpha, beta, addend };
    emit(planner, product, [&a, &b], c.as_ref(), &shape)
}

pub(crate) fn plan_matmul(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let (a, b) = (planner.floats(0)?, planner.floats(1)?);
    let mismatch =
        || Fault::shapes("matrices, the second with as many rows as the first has columns", &[&a.shape, &b.shape]);
    // A vector on the left is a row, on the right a column; the output then lacks that dimension.
    let row = if a.shape.len() == 1 { [&[1], a.shape.as_slice()].concat() } else { a.shape.clone() };
    let column = if b.shape.len() == 1 { [b.shape.as_slice(), &[1]].concat() } else { b.shape.clone() };
    let (Some((outer_a, &[rows, depth])), Some((outer_b, &[b_depth, columns]))) =
        (row.split_last_chunk::<2>(), column.split_last_chunk::<2>())
    else {
        return Err(mismatch());
    };
    if depth != b_depth {
        return Err(mismatch());
    }
    let outer = broadcast_shape(&[outer_a, outer_b])?;
    let mut numbers = |own: &[usize]| {
        let mut steps = vec![0; outer.len()];
        for ((step, size), stride) in steps.iter_mut().rev().zip(own.iter().rev()).zip(strides(own).iter().rev()) {
            *step = if *size == 1 { 0 } else { *stride as isize };
        }
        walk(planner, &outer, &steps, 0)
    };
    let pairs = numbers(outer_a)?.into_iter().zip(numbers(outer_b)?).collect();
    let mut shape = outer;
    shape.extend((a.shape.len() > 1).then_some(rows));
    shape.extend((b.shape.len() > 1).then_some(columns));
    let (alpha, beta, addend) = (1.0, 0.0, None);
    let product = Product { pairs, rows, depth, columns, turn_left: false, turn_right: true, alpha, beta, addend };
    emit(planner, product, [&a, &b], None, &shape)
}
