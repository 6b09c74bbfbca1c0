//! A replay's player that runs in another module: the very module that the participant played.
use palaestra_env::environment::Phase;
use palaestra_env::{Kwargs, Spec, Value, ValueWriter};
use palaestra_protocol::{Body, Flags, Operation, Reply, RequestWriter, Reset, write_kwargs};
use palaestra_record::{Player, Refusal};

/// Takes requests and gives the replies to them, at once. An error is the reason why there is no reply, in words.
pub(crate) trait Answers {
    /// Answers a request.
    fn ask(&mut self, request: &[u8]) -> Result<Vec<u8>, String>;
}

/// Plays by asking.
pub(crate) struct Remote<A> {
    answers: A,
    spec: Spec,
    phase: Phase,
    actions: ValueWriter,
    request: RequestWriter,
    returned: Vec<u8>,
}

impl<A: Answers> Remote<A> {
    pub(crate) fn new(answers: A, spec: Spec) -> Self {
        let (actions, request) = (ValueWriter::new(), RequestWriter::new());
        Self { answers, spec, phase: Phase::Reset, actions, request, returned: Vec::new() }
    }

    fn take(&mut self, phase: Phase, reply: Result<Vec<u8>, String>) -> Result<(), Refusal> {
        let reply = reply.map_err(Refusal::Told)?;
        match body(&reply)? {
            Body::Returns { returns, .. } => {
                self.returned.clear();
                self.returned.extend_from_slice(returns);
                self.phase = phase;
                Ok(())
            }
            _ => Err(unexpected()),
        }
    }
}

impl<A: Answers> Player for Remote<A> {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), Refusal> {
        let options = write_kwargs(options);
        let mut payload = Vec::new();
        Reset { seed, options: &options }.write(&mut payload);
        let request = self.request.write(Operation::Reset, Flags::default(), 1, &payload);
        let reply = self.answers.ask(request);
        self.take(Phase::Reset, reply)
    }

    fn step(&mut self, actions: &[Value]) -> Result<(), Refusal> {
        self.actions.clear();
        actions.iter().for_each(|action| self.actions.value(action));
        let request = self.request.write(Operation::Step, Flags::default(), 1, self.actions.bytes());
        let reply = self.answers.ask(request);
        self.take(Phase::Step, reply)
    }

    fn phase(&self) -> Phase {
        self.phase
    }

    fn returns(&self, out: &mut ValueWriter) {
        out.u8s(&self.returned);
    }

    fn hash(&mut self) -> Result<u64, Refusal> {
        let request = self.request.write(Operation::Hash, Flags::default(), 1, &[]);
        let reply = self.answers.ask(request).map_err(Refusal::Told)?;
        match body(&reply)? {
            Body::Hash(hash) => Ok(hash),
            _ => Err(unexpected()),
        }
    }
}

fn body(reply: &[u8]) -> Result<Body<'_>, Refusal> {
    match Reply::read(reply, Flags::default()).map(|reply| reply.body) {
        Ok(Body::Error { message, .. }) => Err(Refusal::Told(message.to_owned())),
        Ok(body) => Ok(body),
        Err(error) => Err(Refusal::Told(format!("reply of the environment: {error}"))),
    }
}

fn unexpected() -> Refusal {
    Refusal::Told("reply of the environment: expected one to the request, found another".to_owned())
}

#[cfg(test)]
#[path = "remote_tests.rs"]
mod tests;
