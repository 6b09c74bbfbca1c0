//! Tests in a real dedicated Worker: `wasm-pack test --headless --chrome crates/host`.
use palaestra_env::{
    ArgumentError, Arguments, Colour, Environment, JointAction, Outcome, RestoreError, Scene, Space, Spec, StateReader,
    StateWriter, StepError, ValueWriter,
};
use palaestra_protocol::{Body, Reply};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use super::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Observes the seed and the option `low` of its last reset.
struct Mirror {
    spec: Spec,
    seed: i64,
    low: i64,
}

impl Environment for Mirror {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        let mut arguments = Arguments::new(options);
        self.low = arguments.integer("low", -5..=5, 0)?;
        arguments.finish()?;
        self.seed = seed.map_or(-1, |seed| seed as i64);
        Ok(())
    }

    fn step(&mut self, _: JointAction<'_>, _: &mut Outcome) -> Result<(), StepError> {
        Ok(())
    }

    fn observe(&self, _: usize, out: &mut ValueWriter) {
        out.i64s(&[self.seed, self.low]);
    }

    fn draw(&self, scene: &mut Scene) {
        scene.background(Colour::WHITE);
    }

    fn save(&self, _: &mut StateWriter) {}

    fn restore(&mut self, _: &mut StateReader<'_>) -> Result<(), RestoreError> {
        Ok(())
    }
}

fn make_mirror(id: &str, kwargs: &Kwargs) -> Result<Env, MakeError> {
    if id != "Mirror-v0" {
        return Err(MakeError::UnknownId { id: id.to_owned(), nearest: Some("Mirror-v0") });
    }
    let mut arguments = Arguments::new(kwargs);
    arguments.number("scale", 1.0)?;
    arguments.finish()?;
    let numbers = Space::Box(palaestra_env::BoxSpace::uniform(
        f64::NEG_INFINITY,
        f64::INFINITY,
        &[2],
        palaestra_env::DType::Int64,
    ));
    let spec = Spec::single(id, Space::discrete(2), numbers);
    Ok(Env::new(Box::new(Mirror { spec, seed: 0, low: 0 })))
}

fn eval(source: &str) -> JsValue {
    js_sys::eval(source).unwrap()
}

fn observed(reply: &[u8]) -> Result<(i64, i64), (ErrorCode, String)> {
    match Reply::read(reply, Flags::default()).unwrap().body {
        Body::Returns { returns, .. } => {
            let number = |at: usize| i64::from_le_bytes(returns[at..at + 8].try_into().unwrap());
            Ok((number(9), number(17)))
        }
        Body::Error { code, message } => Err((code, message.to_owned())),
        other => panic!("{other:?}"),
    }
}

#[wasm_bindgen_test]
fn make_reads_its_arguments_from_a_plain_object() {
    for source in [
        "({envId: 'Mirror-v0'})",
        "({envId: 'Mirror-v0', kwargs: {scale: 0.5}})",
        "({envId: 'Mirror-v0', kwargs: null})",
    ] {
        assert!(begin(&eval(source), make_mirror).is_ok(), "{source}");
    }
}

#[wasm_bindgen_test]
fn make_names_what_is_wrong() {
    let cases = [
        ("undefined", ErrorCode::BadMessage),
        ("({envId: 7})", ErrorCode::BadMessage),
        ("({envId: 'Mirror-v1'})", ErrorCode::UnknownEnvironment),
        ("({envId: 'Mirror-v0', kwargs: {scale: 'x'}})", ErrorCode::BadArgument),
        ("({envId: 'Mirror-v0', kwargs: {size: 1}})", ErrorCode::BadArgument),
        ("({envId: 'Mirror-v0', kwargs: 7})", ErrorCode::BadArgument),
        ("({envId: 'Mirror-v0', kwargs: {scale: () => 1}})", ErrorCode::BadArgument),
    ];
    for (source, expected) in cases {
        let (code, message) = begin(&eval(source), make_mirror).err().unwrap();
        assert_eq!(code, expected, "{source}: {message}");
    }
}

#[wasm_bindgen_test]
fn a_reset_has_its_seed_as_a_bigint_and_its_options_as_an_object() {
    let mut responder = begin(&eval("({envId: 'Mirror-v0'})"), make_mirror).ok().unwrap();
    let cases = [
        ("({id: 3, reset: {seed: 42n, options: {low: -2}}})", Ok((42, -2))),
        ("({id: 3, reset: {seed: 2n ** 64n - 1n}})", Ok((-1, 0))),
        ("({id: 3, reset: {seed: null, options: null}})", Ok((-1, 0))),
    ];
    for (source, expected) in cases {
        assert_eq!(observed(reset(&mut responder, &eval(source), 0.0, &|| 0.0)), expected, "{source}");
    }
    let found = observed(reset(&mut responder, &eval("({id: 3, reset: {options: {low: 9}}})"), 0.0, &|| 0.0));
    assert_eq!(found.unwrap_err().0, ErrorCode::BadArgument);
}

#[wasm_bindgen_test]
fn an_object_that_is_no_request_is_refused() {
    let mut responder = begin(&eval("({envId: 'Mirror-v0'})"), make_mirror).ok().unwrap();
    for source in
        ["undefined", "7", "'step'", "({})", "({id: 1})", "({id: 'x', reset: {}})", "({id: 1, reset: 7})", "[1]"]
    {
        let reply = reset(&mut responder, &eval(source), 0.0, &|| 0.0);
        assert_eq!(Reply::id(reply), Ok(0), "{source}");
        assert_eq!(observed(reply).unwrap_err().0, ErrorCode::BadMessage, "{source}");
    }
}
