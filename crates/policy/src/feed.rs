//! One input of the model, and what it is told at each decision.
use palaestra_env::{RestoreError, Space, StateReader, StateWriter};
use palaestra_onnx::model::InputMut;
use palaestra_onnx::{DType, Model, Port};

use crate::error::PolicyError;
use crate::manifest::{Observed, Source};
use crate::numbers::kind;
use crate::observed::Place;
use crate::picture;

/// An input, by its number in the model, and where its numbers come from.
pub(crate) struct Feed {
    input: usize,
    /// Whether it is told flags.
    flags: bool,
    from: From,
}

enum From {
    Observation(Box<Seen>),
    Mask,
    EpisodeStart,
    State { output: usize },
}

/// What is told of observations.
struct Seen {
    place: Place,
    observed: Observed,
    /// The place in the observation of each number that is told; none where it is in its order.
    order: Vec<usize>,
    /// Numbers of one observation.
    len: usize,
    /// The latest observations, the oldest first.
    stack: Vec<f32>,
}

/// What is known when the model is about to decide.
pub(crate) struct Moment<'a> {
    pub(crate) observation: &'a [u8],
    pub(crate) mask: &'a [bool],
    pub(crate) first: bool,
}

impl Feed {
    /// Checks that an input can be told what a source says.
    ///
    /// # Errors
    /// [`PolicyError::Input`], or [`PolicyError::Output`] for a state that is none.
    pub(crate) fn new(
        model: &Model,
        input: usize,
        source: &Source,
        space: &Space,
        choices: usize,
    ) -> Result<Self, PolicyError> {
        let Some(port) = model.inputs().get(input) else {
            return Err(wrong("?", "an input of the model".to_owned(), "none".to_owned()));
        };
        let size = port.elements();
        let fits = |needed: usize, what: &str| {
            let expected = || format!("a shape of {needed} elements, as {what}");
            if size == needed { Ok(()) } else { Err(wrong(&port.name, expected(), port.to_string())) }
        };
        let from = match source {
            Source::Observation(observed) => {
                let seen = Seen::new(&port.name, observed, space)?;
                let what = match observed.stack {
                    1 => "the observation has".to_owned(),
                    stack => format!("{stack} observations have"),
                };
                fits(seen.stack.len(), &what)?;
                if let Some(expected) = seen.misfit(port) {
                    return Err(wrong(&port.name, expected.to_owned(), port.to_string()));
                }
                From::Observation(Box::new(seen))
            }
            Source::Mask => {
                fits(choices, "there are choices")?;
                From::Mask
            }
            Source::EpisodeStart => {
                fits(1, "the start of an episode is")?;
                From::EpisodeStart
            }
            Source::State { output } => From::State { output: state_output(model, port, output)? },
        };
        Ok(Self { input, flags: port.dtype == DType::Bool, from })
    }

    /// The output that this input is told, if it is a state.
    pub(crate) fn state(&self) -> Option<usize> {
        match self.from {
            From::State { output } => Some(output),
            _ => None,
        }
    }

    /// Tells the model.
    pub(crate) fn tell(&mut self, model: &mut Model, moment: &Moment<'_>) {
        let Some(input) = model.input_mut(self.input) else { return };
        let flags = self.flags;
        match &mut self.from {
            From::Observation(seen) => {
                seen.see(moment);
                fill(input, |index| {
                    let number = seen.stack.get(index).copied().unwrap_or(0.0);
                    if flags { f32::from(u8::from(number != 0.0)) } else { number }
                });
            }
            From::Mask => fill(input, |index| f32::from(u8::from(moment.mask.get(index).copied().unwrap_or(true)))),
            From::EpisodeStart => fill(input, |_| f32::from(u8::from(moment.first))),
            // As the last run, or the beginning of the episode, left it.
            From::State { .. } => {}
        }
    }

    /// Forgets what is remembered.
    pub(crate) fn forget(&mut self, model: &mut Model) {
        match &mut self.from {
            From::Observation(seen) => seen.stack.fill(0.0),
            From::State { .. } => {
                if let Some(input) = model.input_mut(self.input) {
                    fill(input, |_| 0.0);
                }
            }
            From::Mask | From::EpisodeStart => {}
        }
    }

    /// A state goes from its output to the input, for the next decision.
    pub(crate) fn carry(&self, model: &mut Model) {
        if let From::State { output } = self.from {
            model.carry(output, self.input);
        }
    }

    /// Writes what is remembered.
    pub(crate) fn save(&self, model: &Model, out: &mut StateWriter) {
        match &self.from {
            From::Observation(seen) if seen.observed.stack > 1 => seen.stack.iter().for_each(|x| out.f32(*x)),
            From::State { .. } => {
                let state = model.input(self.input).map(|data| data.floats()).unwrap_or_default();
                state.iter().for_each(|x| out.f32(*x));
            }
            _ => {}
        }
    }

    /// Reads what [`save`](Self::save) wrote.
    pub(crate) fn restore(&mut self, model: &mut Model, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        match &mut self.from {
            From::Observation(seen) if seen.observed.stack > 1 => read(&mut seen.stack, state),
            From::State { .. } => match model.input_mut(self.input) {
                Some(InputMut::Float(elements)) => read(elements, state),
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }
}

fn read(elements: &mut [f32], state: &mut StateReader<'_>) -> Result<(), RestoreError> {
    for element in elements {
        *element = state.f32()?;
    }
    Ok(())
}

fn fill(input: InputMut<'_>, number: impl Fn(usize) -> f32) {
    match input {
        InputMut::Float(elements) => elements.iter_mut().enumerate().for_each(|(index, x)| *x = number(index)),
        InputMut::Integer(elements) => elements.iter_mut().enumerate().for_each(|(index, x)| *x = number(index) as i64),
    }
}

/// The output of a state's name, which must be as large as the input.
fn state_output(model: &Model, port: &Port, output: &str) -> Result<usize, PolicyError> {
    let Some(number) = model.outputs().iter().position(|port| port.name == *output) else {
        let names: Vec<_> = model.outputs().iter().map(|port| port.name.as_str()).collect();
        let expected = format!("the name of an output of the model: {}", names.join(", "));
        return Err(wrong(&port.name, expected, format!("`{}`", palaestra_text::Shown(output))));
    };
    let found = &model.outputs()[number];
    if port.dtype != DType::Float {
        let expected = "a float state (cast it to float in the model)".to_owned();
        return Err(wrong(&port.name, expected, port.to_string()));
    }
    if found.dtype != DType::Float || found.elements() != port.elements() {
        return Err(PolicyError::Output {
            output: output.to_owned(),
            expected: format!("{port}, as input `{}` is", palaestra_text::Shown(&port.name)),
            found: found.to_string(),
        });
    }
    Ok(number)
}

fn wrong(input: &str, expected: String, found: String) -> PolicyError {
    PolicyError::Input { input: input.to_owned(), expected, found }
}

impl Seen {
    fn new(input: &str, observed: &Observed, space: &Space) -> Result<Self, PolicyError> {
        let place = Place::find(space, &observed.part)
            .map_err(|expected| wrong(input, expected, format!("`{}`", observed.part.join("."))))?;
        let mut len = place.leaf.count;
        if observed.one_hot {
            let choices = place.leaf.choices.as_ref();
            let choices = choices.ok_or_else(|| {
                wrong(input, "a Discrete or MultiDiscrete part to make one-hot".to_owned(), kind(space).to_owned())
            })?;
            len = choices.iter().fold(0_usize, |sum, (_, n)| sum.saturating_add(*n));
        }
        /// More than any observation has.
        const MOST: usize = 1 << 24;
        if len.saturating_mul(observed.stack) > MOST {
            return Err(wrong(input, format!("at most {MOST} numbers"), format!("{} of {len}", observed.stack)));
        }
        for (name, list) in [("mean", &observed.mean), ("std", &observed.std)] {
            if list.len() != 1 && list.len() != len {
                return Err(wrong(input, format!("1 or {len} numbers as `{name}`"), list.len().to_string()));
            }
        }
        let order = match (observed.channels_first, &place.leaf.shape[..]) {
            (false, _) => Vec::new(),
            (true, &[height, width, channels]) if !observed.one_hot => {
                let pixels = height * width;
                (0..len).map(|index| index % pixels * channels + index / pixels).collect()
            }
            (true, shape) => {
                let expected = "a picture of [height, width, channels] for `channels_first`".to_owned();
                return Err(wrong(input, expected, format!("one of {} dimensions", shape.len())));
            }
        };
        let stack = vec![0.0; len * observed.stack];
        Ok(Self { place, observed: observed.clone(), order, len, stack })
    }

    /// What an input needs instead, if it has pictures in another order than it is told them.
    fn misfit(&self, port: &Port) -> Option<&'static str> {
        let Observed { stack, channels_first, one_hot, .. } = self.observed;
        let shape = Some(&self.place.leaf.shape).filter(|_| !one_hot)?;
        picture::misfit(shape, stack, channels_first, &port.shape)
    }

    /// Takes the latest observation in.
    fn see(&mut self, moment: &Moment<'_>) {
        let bytes = self.place.of(moment.observation);
        let last = self.stack.len() - self.len;
        self.stack.copy_within(self.len.., 0);
        let latest = &mut self.stack[last..];
        let Observed { mean, std, clip, one_hot, .. } = &self.observed;
        if *one_hot {
            latest.fill(0.0);
            let mut start = 0;
            for (index, (least, n)) in self.place.leaf.choices.iter().flatten().enumerate() {
                let choice = self.place.leaf.get(bytes, index) as i64 - least;
                let chosen = usize::try_from(choice).ok().filter(|choice| choice < n);
                chosen.and_then(|choice| latest.get_mut(start + choice)).into_iter().for_each(|x| *x = 1.0);
                start += n;
            }
        }
        let pick = |list: &[f64], index: usize| list.get(index).or(list.first()).copied().unwrap_or(0.0);
        for (index, x) in latest.iter_mut().enumerate() {
            let number = match one_hot {
                true => f64::from(*x),
                false => self.place.leaf.get(bytes, self.order.get(index).copied().unwrap_or(index)),
            };
            // In double precision, as NumPy scales, and rounded once.
            let scaled = (number - pick(mean, index)) / pick(std, index);
            let scaled = if scaled > *clip { *clip } else { scaled };
            let scaled = if scaled < -*clip { -*clip } else { scaled };
            *x = scaled as f32;
        }
        if moment.first {
            let (before, latest) = self.stack.split_at_mut(last);
            for earlier in before.chunks_exact_mut(self.len.max(1)) {
                if self.observed.zero_padding { earlier.fill(0.0) } else { earlier.copy_from_slice(latest) }
            }
        }
    }
}
