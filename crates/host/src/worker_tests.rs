//! Tests in a real dedicated Worker: `wasm-pack test --headless --chrome crates/host`.
use palaestra_env::{
    ArgumentError, Arguments, Colour, Environment, JointAction, Outcome, RestoreError, Scene, Space, Spec, StateReader,
    StateWriter, StepError, ValueWriter,
};
use palaestra_protocol::PlainWriter;
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

/// `{envId, kwargs}` with the arguments as they cross.
fn request(id: &str, kwargs: &[u8]) -> JsValue {
    let request = eval("({})");
    Reflect::set(&request, &"envId".into(), &id.into()).unwrap();
    Reflect::set(&request, &"kwargs".into(), &Uint8Array::from(kwargs).into()).unwrap();
    request
}

fn scale(write: impl FnOnce(&mut PlainWriter)) -> Vec<u8> {
    let mut writer = PlainWriter::new();
    writer.object(1);
    writer.name("scale");
    write(&mut writer);
    writer.into_bytes()
}

#[wasm_bindgen_test]
fn make_reads_its_arguments_from_their_bytes() {
    assert!(make_responder(&eval("({envId: 'Mirror-v0'})"), make_mirror).is_ok());
    let arguments = scale(|writer| writer.number(0.5));
    assert!(make_responder(&request("Mirror-v0", &arguments), make_mirror).is_ok());
}

#[wasm_bindgen_test]
fn make_names_what_is_wrong() {
    let cases = [
        (eval("undefined"), ErrorCode::BadMessage),
        (eval("({envId: 7})"), ErrorCode::BadMessage),
        (eval("({envId: 'Mirror-v1'})"), ErrorCode::UnknownEnvironment),
        (request("Mirror-v0", &scale(|writer| writer.text("x"))), ErrorCode::BadArgument),
        (request("Mirror-v0", &[99]), ErrorCode::BadArgument),
        (eval("({envId: 'Mirror-v0', kwargs: {scale: 1}})"), ErrorCode::BadArgument),
    ];
    for (request, expected) in cases {
        let failure = make_responder(&request, make_mirror).err().unwrap();
        assert_eq!(failure.code, expected, "{}", failure.message);
    }
}

#[wasm_bindgen_test]
fn the_spec_crosses_as_bytes() {
    let responder = make_responder(&eval("({envId: 'Mirror-v0'})"), make_mirror).ok().unwrap();
    let bytes = spec_js(&responder).dyn_into::<Uint8Array>().unwrap().to_vec();
    assert_eq!(Spec::from_bytes(&bytes).as_ref(), Ok(responder.spec()));
}
