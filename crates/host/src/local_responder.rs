//! The Responder asked by a module of the same thread, without messages: a replay waits for every answer.
use palaestra_protocol::Request;
use wasm_bindgen::prelude::*;

use crate::responder::Responder;
use crate::worker::{Make, make_responder, spec_js};

/// Answers at once. Its replies carry no times.
pub struct LocalResponder {
    responder: Responder,
}

impl LocalResponder {
    /// Makes an environment as `{envId, kwargs}` says, and gives its spec's bytes.
    ///
    /// # Errors
    /// The reason, in words.
    pub fn make(request: &JsValue, make: Make) -> Result<(Self, JsValue), String> {
        let responder = make_responder(request, make).map_err(|failure| failure.message)?;
        let spec = spec_js(&responder);
        Ok((Self { responder }, spec))
    }

    /// Answers a request of `palaestra_protocol`; nothing for bytes that are none.
    pub fn ask(&mut self, request: &[u8]) -> &[u8] {
        match Request::read(request) {
            Ok(request) => self.responder.answer(request, 0.0, &|| 0.0, &mut |_| ()).reply,
            Err(_) => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use palaestra_env::{
        ArgumentError, Env, Environment, JointAction, Kwargs, Outcome, RestoreError, Scene, Space, Spec, StateReader,
        StateWriter, StepError, ValueWriter,
    };
    use palaestra_protocol::{Body, Flags, Operation, Reply, RequestWriter, Stamps};

    use super::*;

    struct Nothing(Spec);

    impl Environment for Nothing {
        fn spec(&self) -> &Spec {
            &self.0
        }

        fn reset(&mut self, _: Option<u64>, _: &Kwargs) -> Result<(), ArgumentError> {
            Ok(())
        }

        fn step(&mut self, _: JointAction<'_>, _: &mut Outcome) -> Result<(), StepError> {
            Ok(())
        }

        fn observe(&self, _: usize, _: &mut ValueWriter) {}

        fn draw(&self, _: &mut Scene) {}

        fn save(&self, _: &mut StateWriter) {}

        fn restore(&mut self, _: &mut StateReader<'_>) -> Result<(), RestoreError> {
            Ok(())
        }
    }

    #[test]
    fn it_answers_requests_without_times_and_other_bytes_not_at_all() {
        let env = || Env::new(Box::new(Nothing(Spec::single("Nothing-v0", Space::discrete(2), Space::tuple([])))));
        let mut local = LocalResponder { responder: Responder::new(env()) };
        let mut writer = RequestWriter::new();
        let reply = local.ask(writer.write(Operation::Hash, Flags::default(), 5, &[])).to_vec();
        let reply = Reply::read(&reply, Flags::default()).unwrap();
        assert_eq!((reply.id, reply.body), (5, Body::Hash(env().hash())));
        assert_eq!(reply.stamps, Stamps { received: 0.0, began: 0.0, ended: 0.0 });
        for bytes in [&[][..], &[0; 8], &[255; 64]] {
            assert_eq!(local.ask(bytes), &[] as &[u8]);
        }
    }
}
