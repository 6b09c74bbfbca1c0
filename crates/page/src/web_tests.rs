//! Tests that need a browser: `wasm-pack test --headless --chrome crates/page`.
use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use palaestra_env::scene::{Scene, Style};
use palaestra_env::{Atlas, BoxSpace, Colour, DType, SeededRng, Sharing, Space, Spec};
use palaestra_protocol::ErrorCode;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::channel::{Answer, Link, Purpose, teardown_from};
use crate::draw::Painter;
use crate::error::PageError;
use crate::game::{AfterPaint, AnimationLoop};
use crate::js;
use crate::plain::{json_text, plain_from};
use crate::spec::spec_from;

wasm_bindgen_test_configure!(run_in_browser);

fn eval(source: &str) -> JsValue {
    js_sys::eval(source).unwrap()
}

#[wasm_bindgen_test]
fn an_error_is_a_palaestra_error_with_its_code() {
    let error: JsValue = PageError::new(ErrorCode::BadAction, "expected this, found that").into();
    assert!(error.is_instance_of::<js_sys::Error>());
    assert_eq!(js::get(&error, "name").as_string().as_deref(), Some("PalaestraError"));
    assert_eq!(js::get(&error, "code").as_string().as_deref(), Some("bad_action"));
}

const REGISTRY: &str = r#"[{"id": "CartPole-v1", "family": "classic_control"}]"#;

#[wasm_bindgen_test]
async fn a_missing_worker_rejects_its_request_and_closes_with_a_report() {
    crate::registry::keep(js_sys::JSON::parse(REGISTRY).unwrap().unchecked_into());
    let heard: Rc<Cell<u32>> = Rc::default();
    let count = Rc::clone(&heard);
    let (settled, error) = futures_pair();
    let link = Link::open(
        "CartPole-v1",
        &[],
        Purpose::Program { share: true },
        10_000.0,
        Box::new(move |answer: Result<Answer<'_>, PageError>| settled(answer.err())),
    );
    link.on_failure(move |_| count.set(count.get() + 1));
    assert_eq!(error.await.unwrap().code, ErrorCode::LoadFailed);
    let report = JsFuture::from(link.close(50)).await.unwrap();
    assert_eq!(teardown_from(&report).rejected, 0);
    let again = JsFuture::from(link.close(50)).await.unwrap();
    assert!(js_sys::Object::is(&report, &again));
    assert_eq!(heard.get(), 1);
}

#[wasm_bindgen_test]
async fn closing_while_loading_rejects_the_request_as_closed() {
    crate::registry::keep(js_sys::JSON::parse(REGISTRY).unwrap().unchecked_into());
    let (settled, error) = futures_pair();
    let done = Box::new(move |answer: Result<Answer<'_>, PageError>| settled(answer.err()));
    let link = Link::open("CartPole-v1", &[], Purpose::Program { share: true }, 10_000.0, done);
    let report = JsFuture::from(link.close(50)).await.unwrap();
    assert_eq!(error.await.unwrap().code, ErrorCode::SessionClosed);
    assert_eq!(teardown_from(&report).rejected, 1);
}

#[wasm_bindgen_test]
async fn a_dropped_animation_loop_and_a_dropped_paint_watch_call_nobody() {
    let (frames, paints): (Rc<Cell<u32>>, Rc<Cell<u32>>) = Default::default();
    let (frame, paint) = (Rc::clone(&frames), Rc::clone(&paints));
    let after = AfterPaint::new(move || paint.set(paint.get() + 1)).unwrap();
    let animation = AnimationLoop::start(move |_| frame.set(frame.get() + 1));
    after.request();
    TimeoutFuture::new(200).await;
    assert!(frames.get() > 1 && paints.get() == 1, "{} frames, {} paints", frames.get(), paints.get());
    after.request();
    drop((animation, after));
    let before = (frames.get(), paints.get());
    TimeoutFuture::new(100).await;
    assert_eq!((frames.get(), paints.get()), before);
}

#[wasm_bindgen_test]
fn a_scene_is_painted_where_it_says_in_the_scenes_proportions() {
    let document = web_sys::window().unwrap().document().unwrap();
    let canvas: HtmlCanvasElement = document.create_element("canvas").unwrap().unchecked_into();
    canvas.set_width(200);
    let mut painter = Painter::new(canvas.clone(), 2.0).unwrap();
    let mut scene = Scene::new();
    scene.background(Colour::WHITE);
    scene.rectangle(&Style::fill(Colour::rgb(0xff0000)), [0.5, 0.0, 0.5, 1.0]);
    scene.circle(&Style::fill(Colour::rgb(0x0000ff)).depth(1), [0.75, 0.5], 0.25);
    painter.show(scene.bytes(), 0.0, 0.0, true).unwrap();
    assert!(painter.paint(0.0));
    assert!(!painter.paint(1.0), "nothing has changed");
    assert_eq!((canvas.width(), canvas.height()), (200, 100));
    let context: CanvasRenderingContext2d = canvas.get_context("2d").unwrap().unwrap().unchecked_into();
    let pixel = |x: f64, y: f64| context.get_image_data(x, y, 1.0, 1.0).unwrap().data().0[..3].to_vec();
    assert_eq!(pixel(50.0, 50.0), [255, 255, 255]);
    assert_eq!(pixel(110.0, 10.0), [255, 0, 0]);
    assert_eq!(pixel(150.0, 50.0), [0, 0, 255]);
}

/// A callback, and a future of what it is called with.
fn futures_pair<T: 'static>() -> (impl FnOnce(T) + 'static, impl Future<Output = T>) {
    let slot: Rc<Cell<Option<T>>> = Rc::default();
    let filled = Rc::clone(&slot);
    let wait = async move {
        loop {
            if let Some(value) = slot.take() {
                return value;
            }
            TimeoutFuture::new(5).await;
        }
    };
    (move |value| filled.set(Some(value)), wait)
}

#[wasm_bindgen_test]
fn the_browser_prints_numbers_as_serde_json_does() {
    let mut rng = SeededRng::new(5);
    let random = (0..20_000).map(|_| f64::from_bits(rng.next_u64()));
    let plain = (0..2_000).map(|whole| f64::from(whole) / 64.0 - 9.0);
    let edges = [0.0, -0.0, 0.1, 1e15, 9.1e15, 1e16, 1e17, 1.5e21, 1e-4, 1e-5, 9e-6, 1e-7, 5e-324, f64::MAX];
    for value in edges.into_iter().chain(plain).chain(random).filter(|value| value.is_finite()) {
        let mut text = Vec::new();
        js::write_number(value, &mut text);
        assert_eq!(String::from_utf8(text).unwrap(), serde_json::to_string(&value).unwrap());
    }
}

#[wasm_bindgen_test]
fn keyword_arguments_become_json_with_their_names_in_order_or_are_refused() {
    let kwargs =
        "({b: [1, 0.5, null, undefined, true], a: {z: 1e21, y: 'q\"'}, n: NaN, m: new Map([['k', -1]]), u: 2n ** 63n})";
    let expected =
        r#"{"a":{"y":"q\"","z":1e+21},"b":[1,0.5,null,null,true],"m":{"k":-1},"n":null,"u":9223372036854775808}"#;
    assert_eq!(json_text(&plain_from(&eval(kwargs)).unwrap()), expected);
    for source in [
        "({f() {}})",
        "({a: Symbol('a')})",
        "({a: new Set()})",
        "({a: 2n ** 64n})",
        "(() => { const a = {}; a.a = a; return a; })()",
    ] {
        assert!(plain_from(&eval(source)).is_err(), "{source}");
    }
}

#[wasm_bindgen_test]
fn a_spec_is_read_from_the_bytes_that_the_worker_sends_for_both_languages() {
    let space = Space::dict([
        ("image", Space::Box(BoxSpace::uniform(f64::NEG_INFINITY, 255.0, &[2, 2], DType::Uint8))),
        ("held", Space::optional(Space::text(9))),
        ("many", Space::sequence(Space::tuple([Space::Discrete { n: 3, start: -1 }, Space::MultiBinary { n: 2 }]))),
        ("rest", Space::tuple([Space::MultiDiscrete { nvec: vec![2, 7] }, Space::Bool])),
    ]);
    let mut spec = Spec::single("X-v0", Space::discrete(2), space);
    spec.agents.push("agent_1".into());
    (spec.reward, spec.max_episode_steps) = (Sharing::PerAgent, Some(500));
    spec.atlas = Some(Atlas { image: "a.svg".into(), columns: 4, rows: 3 });
    let bytes = js_sys::Uint8Array::new_from_slice(&spec.to_bytes());
    let (read, found) = spec_from(bytes.clone().into()).unwrap();
    assert_eq!(read, spec);
    let observed = eval(
        "({image: {type: 'Box', low: [-Infinity], high: [255], shape: [2, 2], dtype: 'uint8'},
        held: {type: 'OneOf', spaces: [{type: 'None'}, {type: 'Text', min_length: 0, max_length: 9}]},
        many: {type: 'Sequence', space: {type: 'Tuple', spaces: [{type: 'Discrete', n: 3, start: -1}, {type: 'MultiBinary', n: 2}]}},
        rest: {type: 'Tuple', spaces: [{type: 'MultiDiscrete', nvec: [2, 7]}, {type: 'Bool'}]}})",
    );
    let [space] = [js::get(&found.object, "observationSpaces")].map(|spaces| js_sys::Array::from(&spaces).get(0));
    assert_eq!(js::json(&js::get(&space, "spaces")), js::json(&observed));
    assert_eq!(js::get(&found.object, "reward"), "per_agent");
    assert_eq!(js::get(&found.object, "maxEpisodeSteps"), 500);
    assert_eq!(js::json(&js::get(&found.object, "atlas")), r#"{"image":"a.svg","columns":4,"rows":3}"#);
    assert!(spec_from(bytes.subarray(0, bytes.length() - 1).into()).is_none());
    assert!(spec_from(found.object).is_none());
}
