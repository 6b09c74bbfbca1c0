//! From the model's outputs to an action's numbers.
use palaestra_env::{SeededRng, Space};
use palaestra_math as math;
use palaestra_onnx::{DType, Data, Model};

use crate::error::PolicyError;
use crate::manifest::{Kind, Manifest, Source, Spread};
use crate::numbers::{choices, width};

/// How the model's outputs become an action.
pub(crate) struct Decision {
    output: usize,
    kind: Kind,
    sample: bool,
    squash: bool,
    rescale: bool,
    spread: Option<Deviation>,
}

enum Deviation {
    Output(usize),
    Number(f32),
}

impl Decision {
    /// Checks that outputs can decide as a manifest says. `states` are the outputs that are states.
    ///
    /// # Errors
    /// [`PolicyError::Output`], or [`PolicyError::Actions`].
    pub(crate) fn new(
        model: &Model,
        manifest: &Manifest,
        space: &Space,
        states: &[usize],
    ) -> Result<Self, PolicyError> {
        let head = &manifest.output;
        let output = match &head.name {
            Some(name) => find(model, name)?,
            None => (0..model.outputs().len()).find(|output| !states.contains(output)).unwrap_or(0),
        };
        let Some(port) = model.outputs().get(output) else {
            return Err(wrong("?", "an output of the model".to_owned(), "none".to_owned()));
        };
        let continuous = matches!(space, Space::Box(_));
        let numbers_only = port.dtype != DType::Float || continuous;
        let kind = head.kind.unwrap_or(if numbers_only { Kind::Action } else { Kind::Logits });
        let (width, choices) = (width(space)?, choices(space));
        let found = || port.to_string();
        let expected = match kind {
            Kind::Action => (width, "an action's"),
            _ if continuous => {
                return Err(wrong(&port.name, "numbers of a Box, which has no logits".to_owned(), found()));
            }
            _ => (choices, "a number for each choice:"),
        };
        let size = port.elements();
        if size != expected.0 || (kind != Kind::Action && port.dtype != DType::Float) {
            // As RLlib has them, one after another.
            let both = continuous && size == 2 * width;
            let apart = if both { ", with mean and log_std as two outputs" } else { "" };
            return Err(wrong(&port.name, format!("{} {} elements{apart}", expected.1, expected.0), found()));
        }
        // Where an input is told the mask, the model applies it.
        let masked = manifest.mask.is_some() && !manifest.inputs.values().any(|source| *source == Source::Mask);
        if kind == Kind::Action && masked {
            let expected = "logits, so that the mask can be applied".to_owned();
            return Err(wrong(&port.name, expected, "the actions alone".to_owned()));
        }
        let spread = match &head.log_std {
            None => None,
            Some(Spread::Number(number)) => Some(Deviation::Number(*number)),
            Some(Spread::Output(name)) => {
                let output = find(model, name)?;
                let port = &model.outputs()[output];
                let size = port.elements();
                if port.dtype != DType::Float || size != width {
                    return Err(wrong(name, format!("a float for each of {width} numbers"), port.to_string()));
                }
                Some(Deviation::Output(output))
            }
        };
        if manifest.sample && kind == Kind::Action && !(continuous && spread.is_some()) {
            let expected = if continuous { "`log_std` beside it" } else { "logits" };
            return Err(wrong(
                &port.name,
                format!("{expected}, so that actions can be drawn"),
                "the actions alone".to_owned(),
            ));
        }
        let (squash, rescale) = (head.squash, head.rescale);
        Ok(Self { output, kind, sample: manifest.sample, squash, rescale, spread })
    }

    /// Reads the outputs of the last run. `mask` says which choices are allowed; where one has to be taken and none is, all are.
    pub(crate) fn decide(&self, model: &Model, space: &Space, mask: &[bool], rng: &mut SeededRng, numbers: &mut [f64]) {
        let Some(output) = model.output(self.output) else { return };
        match (self.kind, space) {
            (Kind::Action, _) => self.numbers(model, output, space, rng, numbers),
            (_, Space::MultiBinary { .. }) => {
                for (index, (number, likely)) in numbers.iter_mut().zip(output.floats()).enumerate() {
                    let allowed = mask.get(index).copied().unwrap_or(true);
                    *number = f64::from(u8::from(allowed && self.flag(*likely, rng)));
                }
            }
            (_, Space::Discrete { start, .. }) => {
                let chosen = self.choose(output.floats(), mask, rng);
                numbers.iter_mut().for_each(|number| *number = (start + chosen as i64) as f64);
            }
            (_, Space::MultiDiscrete { nvec }) => {
                let mut first = 0;
                for (number, n) in numbers.iter_mut().zip(nvec) {
                    let range = first..first + usize::try_from(*n).unwrap_or(0);
                    let likely = output.floats().get(range.clone()).unwrap_or_default();
                    *number = self.choose(likely, mask.get(range.clone()).unwrap_or_default(), rng) as f64;
                    first = range.end;
                }
            }
            _ => {}
        }
    }

    fn numbers(&self, model: &Model, output: &Data, space: &Space, rng: &mut SeededRng, numbers: &mut [f64]) {
        for (index, number) in numbers.iter_mut().enumerate() {
            let mut value = match output {
                Data::Float(elements) => elements.get(index).map_or(0.0, |x| f64::from(*x)),
                Data::Integer(elements) => elements.get(index).map_or(0.0, |x| *x as f64),
            };
            if let (true, Some(spread)) = (self.sample, &self.spread) {
                let log = match spread {
                    Deviation::Number(log) => *log,
                    Deviation::Output(output) => {
                        model.output(*output).and_then(|output| output.floats().get(index)).copied().unwrap_or(0.0)
                    }
                };
                value += math::exp(f64::from(log)) * normal(rng);
            }
            if self.squash {
                value = math::tanh(value);
            }
            if let (true, Space::Box(space)) = (self.rescale, space) {
                let (low, high) = space.bounds(index);
                value = low + 0.5 * (value + 1.0) * (high - low);
            }
            *number = value;
        }
    }

    /// Whether a flag is set, by the logarithm of its odds or by how likely it is.
    fn flag(&self, likely: f32, rng: &mut SeededRng) -> bool {
        let likely = match self.kind {
            Kind::Probabilities => f64::from(likely),
            _ => 1.0 / (1.0 + math::exp(-f64::from(likely))),
        };
        if self.sample { rng.random() < likely } else { likely > 0.5 }
    }

    /// One of several choices; a NaN is as unlikely as can be.
    fn choose(&self, likely: &[f32], mask: &[bool], rng: &mut SeededRng) -> usize {
        let none = !mask.contains(&true);
        let allowed = |index: usize| none || mask.get(index).copied().unwrap_or(true);
        let sound = |index: &usize| allowed(*index) && likely.get(*index).is_some_and(|x| !x.is_nan());
        let places = || (0..likely.len()).filter(sound);
        let best = places().reduce(|best, index| if likely[index] > likely[best] { index } else { best });
        // Where no number is sound: the first that is allowed.
        let Some(best) = best else { return (0..likely.len()).find(|index| allowed(*index)).unwrap_or(0) };
        if !self.sample {
            return best;
        }
        let weight = |index: usize| match self.kind {
            Kind::Probabilities => f64::from(likely[index]).max(0.0),
            // The same number once more: infinite less infinite would be none.
            _ if likely[index] == likely[best] => 1.0,
            _ => math::exp(f64::from(likely[index]) - f64::from(likely[best])),
        };
        let total = places().fold(0.0, |sum, index| sum + weight(index));
        let drawn = rng.random() * total;
        let mut sum = 0.0;
        for index in places() {
            sum += weight(index);
            if drawn < sum {
                return index;
            }
        }
        best
    }
}

/// A draw of the standard normal distribution, by the polar method (G. Marsaglia, 1964): as many draws of the generator as it
/// takes to hit the circle.
fn normal(rng: &mut SeededRng) -> f64 {
    loop {
        let (x, y) = (2.0 * rng.random() - 1.0, 2.0 * rng.random() - 1.0);
        let square = x * x + y * y;
        if square > 0.0 && square < 1.0 {
            return x * math::sqrt(-2.0 * math::ln(square) / square);
        }
    }
}

fn find(model: &Model, name: &str) -> Result<usize, PolicyError> {
    model.outputs().iter().position(|port| port.name == name).ok_or_else(|| {
        let names: Vec<_> = model.outputs().iter().map(|port| port.name.as_str()).collect();
        wrong(name, format!("an output of the model: {}", names.join(", ")), "none of this name".to_owned())
    })
}

fn wrong(output: &str, expected: String, found: String) -> PolicyError {
    PolicyError::Output { output: output.to_owned(), expected, found }
}
