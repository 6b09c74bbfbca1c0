//! What is a member of a space.
use super::{BoxSpace, DType, Space};
use crate::value::{Tensor, Value};

impl Space {
    /// Whether `value` is a member.
    pub fn contains(&self, value: &Value) -> bool {
        match (self, value) {
            (Space::Discrete { n, start }, Value::Discrete(value)) => discrete_contains(*n, *start, *value),
            (Space::Box(space), Value::Tensor(tensor)) => box_contains(space, tensor),
            (Space::MultiDiscrete { nvec }, Value::MultiDiscrete(values)) => {
                nvec.len() == values.len() && nvec.iter().zip(values).all(|(n, v)| (0..*n).contains(v))
            }
            (Space::MultiBinary { n }, Value::MultiBinary(values)) => {
                values.len() == *n && values.iter().all(|v| *v <= 1)
            }
            (Space::Tuple { spaces }, Value::Tuple(values)) => all_contain(spaces.iter(), values),
            (Space::Dict { spaces }, Value::Dict(values)) => all_contain(spaces.iter().map(|(_, space)| space), values),
            (Space::Text { min_length, max_length, charset }, Value::Text(text)) => {
                (*min_length..=*max_length).contains(&text.chars().count())
                    && charset.as_ref().is_none_or(|set| text.chars().all(|c| set.chars().any(|own| own == c)))
            }
            (Space::Sequence { space }, Value::Sequence(values)) => values.iter().all(|value| space.contains(value)),
            (Space::OneOf { spaces }, Value::OneOf(index, value)) => {
                spaces.get(*index).is_some_and(|space| space.contains(value))
            }
            (Space::None, Value::None) | (Space::Bool, Value::Bool(_)) => true,
            _ => false,
        }
    }

    /// Whether `value` is a member but for the bounds of a Box, with finite numbers.
    pub fn contains_unbounded(&self, value: &Value) -> bool {
        match (self, value) {
            (Space::Box(space), Value::Tensor(tensor)) => {
                space.dtype == tensor.dtype() && space.len() == tensor.len() && tensor.iter().all(f64::is_finite)
            }
            _ => self.contains(value),
        }
    }
}

/// Whether a Discrete space of `n` members from `start` on has this one. For those who cannot wait for a call of `contains`.
#[inline]
pub(crate) fn discrete_contains(n: i64, start: i64, value: i64) -> bool {
    value.checked_sub(start).is_some_and(|above| (0..n).contains(&above))
}

fn all_contain<'a>(spaces: impl ExactSizeIterator<Item = &'a Space>, values: &[Value]) -> bool {
    spaces.len() == values.len() && spaces.zip(values).all(|(space, value)| space.contains(value))
}

fn box_contains(space: &BoxSpace, tensor: &Tensor) -> bool {
    let within = |(index, value): (usize, f64)| {
        let (low, high) = space.bounds(index);
        low <= value && value <= high
    };
    let narrowed = |(index, value): (usize, f64)| {
        // Gymnasium stores bounds in the box's own dtype: a float32 element meets a float32 bound.
        let (low, high) = space.bounds(index);
        f64::from(low as f32) <= value && value <= f64::from(high as f32)
    };
    space.dtype == tensor.dtype()
        && space.len() == tensor.len()
        && if space.dtype == DType::Float32 {
            tensor.iter().enumerate().all(narrowed)
        } else {
            tensor.iter().enumerate().all(within)
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_discrete_space_holds_its_range_and_nothing_else() {
        let space = Space::Discrete { n: 3, start: -1 };
        for (value, member) in [(-2, false), (-1, true), (1, true), (2, false), (i64::MIN, false)] {
            assert_eq!(space.contains(&Value::Discrete(value)), member, "{value}");
        }
        assert!(!space.contains(&Value::MultiDiscrete(vec![0])));
    }

    #[test]
    fn a_box_checks_dtype_length_and_bounds_and_refuses_nan() {
        let space = Space::Box(BoxSpace::vector(&[-1.0, 0.0], &[1.0, f64::INFINITY], DType::Float32));
        let f32s = |values: &[f32]| Value::Tensor(Tensor::F32(values.to_vec()));
        assert!(space.contains(&f32s(&[1.0, 1e30])));
        assert!(!space.contains(&f32s(&[1.5, 0.0])));
        assert!(!space.contains(&f32s(&[f32::NAN, 0.0])));
        assert!(!space.contains(&f32s(&[0.0])));
        assert!(!space.contains(&Value::Tensor(Tensor::F64(vec![0.0, 0.0]))));
    }

    #[test]
    fn a_float32_box_compares_with_its_bound_in_float32() {
        let space = Space::Box(BoxSpace::uniform(-0.07, 0.07, &[1], DType::Float32));
        // 0.07f32 widened is greater than 0.07f64: still the bound itself.
        assert!(space.contains(&Value::Tensor(Tensor::F32(vec![0.07]))));
    }

    #[test]
    fn an_optional_holds_its_space_or_none() {
        let space = Space::optional(Space::text(3));
        assert!(space.contains(&Value::OneOf(0, Box::new(Value::None))));
        assert!(space.contains(&Value::OneOf(1, Box::new(Value::Text("abc".into())))));
        assert!(!space.contains(&Value::OneOf(1, Box::new(Value::Text("abcd".into())))));
        assert!(!space.contains(&Value::OneOf(2, Box::new(Value::None))));
    }
}
