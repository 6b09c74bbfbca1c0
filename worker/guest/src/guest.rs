//! A guest: an environment that is Python's.
use palaestra_env::{
    ArgumentError, Environment, JointAction, Kwargs, Outcome, Phase, RestoreError, Scene, Space, Spec, StateReader,
    StateWriter, StepError, ValueReader, ValueWriter,
};

use crate::python::{Question, ask, fail};
use crate::returned::Returned;

/// What Rust keeps of it.
pub(crate) struct Guest {
    spec: Spec,
    can_save: bool,
    /// Whether it has been reset.
    begun: bool,
    returned: Returned,
    actions: ValueWriter,
}

impl Guest {
    /// The one that was loaded, under the id that it is asked for by.
    ///
    /// # Errors
    /// What came instead, in words.
    pub(crate) fn made(id: &str) -> Result<Self, String> {
        let about = ask(Question::About, &[]);
        let (can_save, spec) = about.split_first().ok_or("none")?;
        let spec = Spec::from_bytes(spec).map_err(|error| format!("one with a spec that cannot be read: {error}"))?;
        if spec.agents.is_empty() {
            return Err("one without agents".to_owned());
        }
        // Its records would be of other actions than those that were played.
        if let Some([one, other]) = spec.action_spaces.iter().find_map(Space::look_alikes) {
            return Err(format!("one with actions that a record does not tell apart, those of {one} and of {other}"));
        }
        let spec = Spec { id: id.to_owned(), ..spec };
        let returned = Returned::default();
        Ok(Self { spec, can_save: *can_save != 0, begun: false, returned, actions: ValueWriter::new() })
    }

    /// Takes back the present situation and no other.
    fn is_at(&self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        let mut present = StateWriter::new();
        self.save(&mut present);
        for byte in present.bytes() {
            if state.u8()? != *byte {
                return Err(RestoreError::Invalid { field: "get_state()" });
            }
        }
        Ok(())
    }

    fn take(&mut self, answer: &[u8], outcome: &mut Outcome) {
        if let Err(error) = self.returned.read(answer, &self.spec, outcome) {
            fail(&format!("expected what a step returned, found other bytes: {error}"));
        }
    }
}

impl Environment for Guest {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        // One that was never seeded begins as with 0, as all environments do, and not with what the system gives.
        let seed = seed.or(if self.begun { None } else { Some(0) });
        let mut question = vec![u8::from(seed.is_some())];
        question.extend(seed.unwrap_or_default().to_le_bytes());
        question.extend(serde_json::to_vec(options).unwrap_or_default());
        let answer = ask(Question::Reset, &question);
        self.take(&answer, &mut Outcome::new(self.spec.agents.len()));
        self.begun = true;
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        self.actions.clear();
        for agent in 0..self.spec.agents.len() {
            self.actions.value(action.get(agent));
        }
        let answer = ask(Question::Step, self.actions.bytes());
        self.take(&answer, outcome);
        Ok(())
    }

    fn observe(&self, agent: usize, out: &mut ValueWriter) {
        out.u8s(self.returned.observations.get(agent).map(Vec::as_slice).unwrap_or_default());
    }

    fn info(&self, _: Phase, out: &mut ValueWriter) {
        out.u8s(&self.returned.info);
    }

    fn draw(&self, scene: &mut Scene) {
        let answer = ask(Question::Draw, &[]);
        match answer.split_first() {
            Some((0, commands)) => {
                if let Err(error) = scene.extend(commands) {
                    fail(&format!("expected a scene, found other bytes: {error}"));
                }
            }
            Some((_, [c0, c1, r0, r1, rgba @ ..])) => {
                let [columns, rows] = [[*c0, *c1], [*r0, *r1]].map(u16::from_le_bytes);
                scene.pixels(place([columns, rows], self.spec.aspect), [columns, rows], rgba);
            }
            _ => fail("expected a picture, found none"),
        }
    }

    fn can_save(&self) -> bool {
        self.can_save
    }

    fn save(&self, out: &mut StateWriter) {
        out.bool(self.begun);
        if !self.begun {
            return;
        }
        put(&self.returned.info, out);
        self.returned.observations.iter().for_each(|observation| put(observation, out));
        if self.can_save {
            put(&ask(Question::Save, &[]), out);
        }
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        if !self.can_save {
            return self.is_at(state);
        }
        // Python is asked for no state before the first reset, and so is given none of then.
        if state.bool("begun")? {
            let info = taken(state, &self.spec.step_info, "info")?;
            let observed = self.spec.observation_spaces.iter().map(|space| taken(state, space, "observation"));
            let returned = Returned { info, observations: observed.collect::<Result<_, _>>()? };
            // Agents that have left go on seeing what they saw last, which is no part of Python's state.
            let mut question = Vec::new();
            for observation in &returned.observations {
                question.extend((observation.len() as u32).to_le_bytes());
                question.extend(observation);
            }
            question.extend(part(state)?);
            if ask(Question::Restore, &question) != [1] {
                return Err(RestoreError::Invalid { field: "get_state()" });
            }
            (self.begun, self.returned) = (true, returned);
        } else {
            self.begun = false;
        }
        Ok(())
    }
}

fn put(bytes: &[u8], out: &mut StateWriter) {
    out.u32(bytes.len() as u32);
    bytes.iter().for_each(|byte| out.u8(*byte));
}

fn part(state: &mut StateReader<'_>) -> Result<Vec<u8>, RestoreError> {
    let length = state.u32()? as usize;
    // A length is not trusted to reserve memory.
    let mut bytes = Vec::with_capacity(length.min(state.left()));
    for _ in 0..length {
        bytes.push(state.u8()?);
    }
    Ok(bytes)
}

/// A part that is a member of `space`, by its kind and shape.
fn taken(state: &mut StateReader<'_>, space: &Space, field: &'static str) -> Result<Vec<u8>, RestoreError> {
    let bytes = part(state)?;
    let mut reader = ValueReader::new(&bytes);
    let read = reader.skip(space).and_then(|()| reader.finish());
    read.map_err(|_| RestoreError::Invalid { field })?;
    Ok(bytes)
}

/// Where a picture of so many pixels lies in a scene of these proportions: whole, in the middle.
fn place([columns, rows]: [u16; 2], aspect: f32) -> [f32; 4] {
    let own = f32::from(columns) / f32::from(rows).max(1.0);
    let (width, height) = if own > aspect { (1.0, aspect / own) } else { (own / aspect, 1.0) };
    [(1.0 - width) / 2.0, (1.0 - height) / 2.0, width, height]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_shown_whole_and_in_the_middle() {
        assert_eq!(place([600, 400], 1.5), [0.0, 0.0, 1.0, 1.0]);
        assert_eq!(place([400, 400], 2.0), [0.25, 0.0, 0.5, 1.0]);
        assert_eq!(place([400, 100], 2.0), [0.0, 0.25, 1.0, 0.5]);
    }
}
