use std::cell::Cell;
use std::rc::Rc;

use palaestra_host::Responder;
use palaestra_protocol::Request;
use palaestra_record::{Failure, Header, Limits, Recorder, Report, verify, write_jsonl};

use super::*;

/// What the other module does, in this one.
struct Local {
    responder: Responder,
    /// So many requests are answered before it breaks.
    left: Rc<Cell<u32>>,
}

impl Local {
    fn answered(&self) -> Result<(), String> {
        self.left.set(self.left.get().checked_sub(1).ok_or("unreachable")?);
        Ok(())
    }
}

impl Answers for Local {
    fn ask(&mut self, request: &[u8]) -> Result<Vec<u8>, String> {
        self.answered()?;
        let request = Request::read(request).map_err(|error| error.to_string())?;
        Ok(self.responder.answer(request, 0.0, &|| 0.0, &mut |_| ()).reply.to_vec())
    }
}

fn remote(id: &str, answers: u32) -> Remote<Local> {
    let env = palaestra_envs::make(id, &Kwargs::new()).unwrap();
    let spec = env.spec().clone();
    Remote::new(Local { responder: Responder::new(env), left: Rc::new(Cell::new(answers)) }, spec)
}

/// A record of some steps with the first action of every agent, hashed.
fn record(id: &str, steps: usize) -> String {
    let mut env = palaestra_envs::make(id, &Kwargs::new()).unwrap();
    let mut recorder = Recorder::new(env.spec().agents.len());
    let mut returns = ValueWriter::new();
    env.reset(Some(7), &Kwargs::new()).unwrap();
    env.write_returns(&mut returns);
    recorder.reset(Some(7), "{}", returns.bytes());
    let actions: Vec<Value> = env.spec().action_spaces.iter().map(Value::blank).collect();
    let mut played = ValueWriter::new();
    actions.iter().for_each(|action| played.value(action));
    for _ in 0..steps {
        env.step(&actions).unwrap();
        returns.clear();
        env.write_returns(&mut returns);
        recorder.step(played.bytes(), returns.bytes(), &[], Some(env.hash())).unwrap();
    }
    let mut text = Vec::new();
    write_jsonl(&Header::new(id, Kwargs::new(), Some(7)), env.spec(), &recorder.record(), &[], &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn replayed(text: &str, id: &str, answers: u32) -> Result<Report, Failure> {
    verify(text.as_bytes(), |_, _| Ok(remote(id, answers)), Limits::default())
}

#[test]
fn a_record_replays_in_another_module_as_it_does_in_this_one() {
    for id in ["CartPole-v1", "Taxi-v4", "MiniGrid-DoorKey-8x8-v0", "overcooked_ai/cramped_room"] {
        let text = record(id, 6);
        let here = verify(text.as_bytes(), palaestra_envs::make, Limits::default());
        assert_eq!(here, Ok(Report { steps: 6, episodes: 1, ..Report::default() }), "{id}");
        assert_eq!(replayed(&text, id, u32::MAX), here, "{id}");
    }
}

#[test]
fn a_difference_is_the_same_wherever_it_is_found() {
    let text = record("CartPole-v1", 6);
    for (from, to) in [("\"hash\":\"", "\"hash\":\"0"), ("\"seed\":7", "\"seed\":8"), ("\"reward\":1", "\"reward\":2")]
    {
        let changed = text.replacen(from, to, 3);
        assert_ne!(changed, text, "{from}");
        let here = verify(changed.as_bytes(), palaestra_envs::make, Limits::default());
        assert!(here.is_err(), "{from}");
        assert_eq!(replayed(&changed, "CartPole-v1", u32::MAX), here, "{from}");
    }
}

#[test]
fn what_the_other_module_refuses_is_a_failure_with_its_words_and_its_place() {
    let text = record("CartPole-v1", 2);
    let text = text.replacen("\"type\":\"reset\"", "\"type\":\"reset\",\"options\":{\"low\":\"x\"}", 1);
    let failure = replayed(&text, "CartPole-v1", u32::MAX).unwrap_err().to_string();
    assert!(failure.starts_with("line 2, t=0: refused: ") && failure.contains("low"), "{failure}");
}

#[test]
fn a_module_that_breaks_is_a_failure_where_it_broke() {
    let failure = replayed(&record("CartPole-v1", 4), "CartPole-v1", 4).unwrap_err().to_string();
    assert_eq!(failure, "line 4, t=2: refused: unreachable");
}

#[test]
fn a_module_that_answers_with_something_else_is_a_failure() {
    struct Noise(&'static [u8]);
    impl Answers for Noise {
        fn ask(&mut self, _: &[u8]) -> Result<Vec<u8>, String> {
            Ok(self.0.to_vec())
        }
    }
    let env = palaestra_envs::make("CartPole-v1", &Kwargs::new()).unwrap();
    for bytes in [&[][..], &[0; 8], &[0; 32], &[7; 40]] {
        let mut player = Remote::new(Noise(bytes), env.spec().clone());
        assert!(matches!(player.reset(Some(1), &Kwargs::new()), Err(Refusal::Told(_))), "{bytes:?}");
        assert!(matches!(player.hash(), Err(Refusal::Told(_))), "{bytes:?}");
    }
}
