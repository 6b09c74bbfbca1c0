//! The opponent that comes with both games: a recurrent network of 112 numbers that D. Ha evolved in 2015
//! (blog.otoro.net, "Neural Slime Volleyball").
use palaestra_env::expert::Memory;
use palaestra_env::{RestoreError, StateReader, StateWriter};
use palaestra_math::numpy::{matrix_vector, tanh_all};

use super::buttons::Buttons;

const SEEN: usize = 8;
const OUTPUTS: usize = 7;
const INPUTS: usize = SEEN + OUTPUTS;
/// A button is pressed beyond this.
const THRESHOLD: f64 = 0.75;

/// Its memory: what it put out last, three buttons and four numbers for itself. Nothing ever resets it, not even a seed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Policy {
    outputs: [f64; OUTPUTS],
}

impl Policy {
    /// The buttons it presses on seeing an observation, of which it takes what it knows of itself and the ball: the first 8.
    pub(super) fn press(&mut self, observation: &[f64; 12]) -> Buttons {
        let mut inputs = [0.0; INPUTS];
        let known = observation.iter().take(SEEN).chain(&self.outputs);
        inputs.iter_mut().zip(known).for_each(|(input, known)| *input = *known);
        let mut sums = [0.0; OUTPUTS];
        matrix_vector(&WEIGHTS, &inputs, &mut sums);
        sums.iter_mut().zip(BIASES).for_each(|(sum, bias)| *sum += bias);
        self.outputs = tanh_all(sums);
        let [forward, backward, jump, ..] = self.outputs.map(|output| output > THRESHOLD);
        Buttons { forward, backward, jump }
    }

    /// With these outputs, as an expert's memory has them; what can be none counts as the nearest that can, or as 0.
    pub(super) fn remembering(memory: &Memory) -> Self {
        let mut outputs = [0.0; OUTPUTS];
        let known = memory.iter().map(|output| if output.is_nan() { 0.0 } else { output.clamp(-1.0, 1.0) });
        outputs.iter_mut().zip(known).for_each(|(output, known)| *output = known);
        Self { outputs }
    }

    /// Leaves them there.
    pub(super) fn remember(&self, memory: &mut Memory) {
        memory.iter_mut().zip(self.outputs).for_each(|(known, output)| *known = output);
    }

    pub(super) fn save(&self, out: &mut StateWriter) {
        self.outputs.iter().for_each(|output| out.f64(*output));
    }

    pub(super) fn restore(state: &mut StateReader<'_>) -> Result<Self, RestoreError> {
        let mut outputs = [0.0; OUTPUTS];
        for output in &mut outputs {
            *output = state.f64()?;
            if !(-1.0..=1.0).contains(output) {
                return Err(RestoreError::Invalid { field: "policy" });
            }
        }
        Ok(Self { outputs })
    }
}

/// A row an output: of what it sees, then of its last outputs.
static WEIGHTS: [[f64; INPUTS]; OUTPUTS] = [
    [
        7.5719, 4.4285, 2.2716, -0.3598, -7.8189, -2.5422, -3.2034, 0.3935, 1.2202, -0.49, -0.0316, 0.5221, 0.7026,
        0.4179, -2.1689,
    ],
    [
        1.646, -13.3639, 1.5151, 1.1175, -5.3561, 5.0442, 0.8451, 0.3987, -2.9501, -3.7811, -5.8994, 6.4167, 2.5014,
        7.338, -2.9887,
    ],
    [
        2.4586, 13.4191, 2.7395, -3.9708, 1.6548, -2.7554, -1.5345, -6.4708, 9.2426, -0.7392, 0.4452, 1.8828, -2.6277,
        -10.851, -3.2353,
    ],
    [
        -4.4653, -3.1153, -1.3707, 7.318, 16.0902, 1.4686, 7.0391, 1.7765, -1.155, 2.6697, -8.8877, 1.1958, -3.2839,
        -5.4425, 1.6809,
    ],
    [
        7.6812, -2.4732, 1.738, 0.3781, 0.8718, 2.5886, 1.6911, 1.2953, -9.0052, -4.6038, -6.7447, -2.5528, 0.4391,
        -4.9278, -3.6695,
    ],
    [
        -4.8673, -1.6035, 1.5011, -5.6124, 4.9747, 1.8998, 3.0359, 6.2983, -4.8568, -2.1888, -4.1143, -3.9874, -0.0459,
        4.7134, 2.8952,
    ],
    [
        -9.3627, -4.685, 0.3601, -1.3699, 9.7294, 11.5596, 0.1918, 3.0783, 0.0329, -0.1362, -0.1188, -0.7579, 0.3278,
        -0.977, -0.9377,
    ],
];
const BIASES: [f64; OUTPUTS] = [2.2935, -2.0353, -1.7786, 5.4567, -3.6368, 3.4996, -0.0685];
