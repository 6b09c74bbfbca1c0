//! Tests that need a browser: `wasm-pack test --headless --chrome crates/page`.
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use palaestra_env::scene::{Scene, Style};
use palaestra_env::{Atlas, BoxSpace, Colour, DType, SeededRng, Sharing, Space, Spec, Tensor, Value, ValueWriter};
use palaestra_protocol::ErrorCode;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::channel::{Answer, Link, Teardown};
use crate::codec::Codec;
use crate::draw::Painter;
use crate::error::PageError;
use crate::game::{AfterPaint, Alarm, AnimationLoop};
use crate::plain_json::text_of;
use crate::spec::spec_from;
use crate::{js, values};

wasm_bindgen_test_configure!(run_in_browser);

fn eval(source: &str) -> JsValue {
    js_sys::eval(source).unwrap()
}

fn codec_of(spec: &Spec) -> Codec {
    Codec::new(&js::parsed(&serde_json::to_string(spec).unwrap()))
}

/// What a step of one agent returned, without `info`.
fn returns_of(reward: f64, flags: u8, observation: &Value) -> Vec<u8> {
    let mut returns = ValueWriter::new();
    returns.f64s(&[reward]);
    returns.u8s(&[flags]);
    returns.value(observation);
    returns.bytes().to_vec()
}

#[wasm_bindgen_test]
fn members_of_every_space_cross_to_javascript_and_back() {
    let space = Space::dict([
        ("image", Space::Box(BoxSpace::uniform(0.0, 255.0, &[2, 2], DType::Uint8))),
        ("angle", Space::Box(BoxSpace::uniform(-9.0, 9.0, &[1], DType::Float32))),
        ("held", Space::optional(Space::text(9))),
        ("many", Space::sequence(Space::tuple([Space::discrete(3), Space::MultiBinary { n: 2 }]))),
    ]);
    let value = Value::Dict(vec![
        Value::Tensor(Tensor::U8(vec![1, 2, 3, 255])),
        Value::Tensor(Tensor::F32(vec![0.1])),
        Value::OneOf(0, Box::new(Value::None)),
        Value::Sequence(vec![Value::Tuple(vec![Value::Discrete(2), Value::MultiBinary(vec![0, 1])])]),
    ]);
    let codec = codec_of(&Spec::single("Test-v0", Space::discrete(2), space.clone()));
    let returns = returns_of(0.5, 2, &value);
    let step = codec.step(&returns).unwrap();
    assert_eq!(js::get(&step, "reward"), 0.5);
    assert_eq!([js::get(&step, "terminated"), js::get(&step, "truncated")], [JsValue::FALSE, JsValue::TRUE]);
    let crossed = js::get(&step, "observation");
    assert!(js::get(&crossed, "image").is_instance_of::<js_sys::Uint8Array>());
    assert!(js::get(&crossed, "angle").is_instance_of::<js_sys::Float32Array>());
    assert!(js::get(&crossed, "held").is_null());
    assert_eq!(values::from_js(&space, &crossed), Some(value));
}

#[wasm_bindgen_test]
fn returns_that_are_cut_or_go_on_are_errors_and_nothing_else() {
    let space = Space::tuple([Space::text(9), Space::sequence(Space::discrete(3)), Space::optional(Space::Bool)]);
    let value = Value::Tuple(vec![
        Value::Text("grün".into()),
        Value::Sequence(vec![Value::Discrete(-1), Value::Discrete(1 << 40)]),
        Value::OneOf(1, Box::new(Value::Bool(true))),
    ]);
    let codec = codec_of(&Spec::single("Test-v0", Space::discrete(2), space));
    let returns = returns_of(1.0, 1, &value);
    let observation = js::get(&codec.step(&returns).unwrap(), "observation");
    assert_eq!(js::json(&observation), format!("[\"grün\",[-1,{}],true]", 1_u64 << 40));
    for end in 0..returns.len() {
        assert!(codec.step(&returns[..end]).is_err(), "{end}");
    }
    assert!(codec.step(&[&returns[..], &[0]].concat()).is_err());
    for at in 9..returns.len() {
        for byte in [0, 2, 255] {
            let mut damaged = returns.clone();
            damaged[at] = byte;
            let _either = codec.step(&damaged);
        }
    }
}

#[wasm_bindgen_test]
fn a_shared_observation_is_everybodys_and_each_has_their_own() {
    let observation = Space::Box(BoxSpace::uniform(0.0, 9.0, &[2], DType::Uint8));
    let agents = vec!["agent_0".to_owned(), "agent_1".to_owned()];
    let single = Spec::single("Test-v0", Space::discrete(2), observation.clone());
    let spec =
        Spec { agents, action_spaces: vec![Space::discrete(2); 2], observation_spaces: vec![observation; 2], ..single };
    let mut returns = ValueWriter::new();
    (0..2).for_each(|_| returns.u8s(&[0; 9]));
    returns.u8s(&[3, 4]);
    let observed = js::get(&codec_of(&spec).step(returns.bytes()).unwrap(), "observation");
    let [one, other] = ["agent_0", "agent_1"].map(|agent| js::get(&observed, agent));
    assert_eq!([js::json(&one), js::json(&other)], ["{\"0\":3,\"1\":4}"; 2]);
    js::set(&one, "0", &9.into());
    assert_eq!(js::get(&other, "0"), 3.0);
}

#[wasm_bindgen_test]
fn actions_are_written_quickly_only_as_they_would_be_written_slowly() {
    let wide = Space::Discrete { n: 5, start: -2 };
    let pad = Space::Box(BoxSpace::vector(&[-1.0, 0.0], &[0.1, 1e30], DType::Float32));
    let spaces = [wide, Space::MultiBinary { n: 2 }, Space::MultiDiscrete { nvec: vec![2, 3] }, pad.clone()];
    let sources = [
        "-3",
        "-2",
        "-0",
        "2",
        "3",
        "0.5",
        "NaN",
        "'1'",
        "true",
        "null",
        "undefined",
        "1n",
        "({})",
        "[]",
        "[1]",
        "[0, 1]",
        "[1, 2]",
        "[-1, 0]",
        "[0.1, 1e30]",
        "[0.1000001, 0]",
        "[0, NaN]",
        "[0, 'x']",
        "[0, , 1]",
        "new Uint8Array([1, 0])",
        "new Float32Array([0.1, 3])",
        "new Float64Array([0.5, 0.5])",
        "new BigInt64Array([0n, 1n])",
        "({length: 2, 0: 1, 1: 1})",
        "({valueOf: () => 1})",
        "new Proxy({}, { get() { throw new Error('no') } })",
    ];
    for space in spaces {
        for clips_actions in [false, true] {
            let spec = Spec { clips_actions, ..Spec::single("Test-v0", space.clone(), Space::discrete(2)) };
            let codec = codec_of(&spec);
            let mut taken = 0;
            for source in sources {
                let action = eval(source);
                let mut slowly = ValueWriter::new();
                let slow = crate::asked::write_action(&spec, &action, &mut slowly).is_ok();
                let quick = codec.write(&action).map(|bytes| bytes.to_vec());
                let many = codec.write_many(&js_sys::Array::of1(&action)).map(|bytes| bytes.to_vec());
                assert_eq!(quick, many, "{space} {source}");
                if let Some(quick) = quick {
                    taken += 1;
                    assert!(slow, "{space} {source}");
                    assert_eq!(quick, slowly.bytes(), "{space} {source}");
                }
            }
            assert!(taken > 1, "{space}");
        }
    }
}

#[wasm_bindgen_test]
fn a_box_takes_a_number_a_flat_array_nested_arrays_and_a_typed_array() {
    let space = Space::Box(BoxSpace::uniform(-1.0, 1.0, &[2, 1], DType::Float32));
    let expected = Some(Value::Tensor(Tensor::F32(vec![0.5, -1.0])));
    for source in ["[0.5, -1]", "[[0.5], [-1]]", "new Float32Array([0.5, -1])", "new Float64Array([0.5, -1])"] {
        assert_eq!(values::from_js(&space, &eval(source)), expected, "{source}");
    }
    let one = Space::Box(BoxSpace::uniform(-1.0, 1.0, &[1], DType::Float32));
    assert_eq!(values::from_js(&one, &eval("0.5")), Some(Value::Tensor(Tensor::F32(vec![0.5]))));
}

#[wasm_bindgen_test]
fn what_is_no_action_is_refused_whatever_it_is() {
    let sources = [
        "undefined",
        "null",
        "NaN",
        "Infinity",
        "-1",
        "2",
        "0.5",
        "'1'",
        "true",
        "({})",
        "[]",
        "[1]",
        "(() => 1)",
        "1n",
        "new Proxy({}, { get() { throw new Error('no') } })",
        "Symbol('1')",
        "new Date(1)",
    ];
    for source in sources {
        let value = eval(source);
        assert_eq!(values::from_js(&Space::discrete(2), &value), None, "{source}");
        assert!(!js::shown(&value).is_empty());
    }
    let endless = eval("(() => { const a = []; a.push(a); return a; })()");
    let space = Space::Box(BoxSpace::uniform(0.0, 1.0, &[1], DType::Float32));
    assert_eq!(values::from_js(&space, &endless), None);
}

#[wasm_bindgen_test]
fn an_error_is_a_palaestra_error_with_its_code() {
    let error: JsValue = PageError::new(ErrorCode::BadAction, "expected this, found that").into();
    assert!(error.is_instance_of::<js_sys::Error>());
    assert_eq!(js::get(&error, "name").as_string().as_deref(), Some("PalaestraError"));
    assert_eq!(js::get(&error, "code").as_string().as_deref(), Some("bad_action"));
    let class: js_sys::Function = crate::error_class().unchecked_into();
    assert_eq!(js_sys::Reflect::get_prototype_of(&error).unwrap(), js::get(&class, "prototype").unchecked_into());
}

const REGISTRY: &str = r#"[{"id": "CartPole-v1", "family": "classic_control"}]"#;

#[wasm_bindgen_test]
async fn a_missing_worker_rejects_its_request_and_closes_with_a_report() {
    crate::registry::keep(REGISTRY);
    let heard: Rc<Cell<u32>> = Rc::default();
    let count = Rc::clone(&heard);
    let (settled, error) = futures_pair();
    let link = Link::open(
        "CartPole-v1",
        "{}",
        true,
        10_000.0,
        Box::new(move |answer: Result<Answer<'_>, PageError>| settled(answer.err())),
    );
    link.on_failure(move |_| count.set(count.get() + 1));
    assert_eq!(error.await.unwrap().code, ErrorCode::LoadFailed);
    let report = JsFuture::from(link.close(50)).await.unwrap();
    assert_eq!(Teardown::from_js(&report).rejected, 0);
    let again = JsFuture::from(link.close(50)).await.unwrap();
    assert!(js_sys::Object::is(&report, &again));
    assert_eq!(heard.get(), 1);
}

#[wasm_bindgen_test]
async fn closing_while_loading_rejects_the_request_as_closed() {
    crate::registry::keep(REGISTRY);
    let (settled, error) = futures_pair();
    let done = Box::new(move |answer: Result<Answer<'_>, PageError>| settled(answer.err()));
    let link = Link::open("CartPole-v1", "{}", true, 10_000.0, done);
    let report = JsFuture::from(link.close(50)).await.unwrap();
    assert_eq!(error.await.unwrap().code, ErrorCode::SessionClosed);
    assert_eq!(Teardown::from_js(&report).rejected, 1);
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
async fn an_alarm_rings_once_for_the_last_time_it_was_set_says_how_late_it_is_and_is_silent_once_dropped() {
    let rings: Rc<RefCell<Vec<f64>>> = Rc::default();
    let rang = Rc::clone(&rings);
    let alarm = Alarm::new(move |late| rang.borrow_mut().push(late));
    for ms in [Some(5.0), None, Some(60_000.0), Some(10.7)] {
        alarm.set(ms);
    }
    TimeoutFuture::new(300).await;
    let late = rings.borrow().clone();
    assert!(matches!(late[..], [late] if (-1.0..290.0).contains(&late)), "{late:?}");
    alarm.set(None);
    alarm.set(Some(5.0));
    drop(alarm);
    TimeoutFuture::new(100).await;
    assert_eq!(rings.borrow().len(), 1);
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
    assert_eq!(text_of(&eval(kwargs)).unwrap(), expected);
    for source in [
        "({f() {}})",
        "({a: Symbol('a')})",
        "({a: new Set()})",
        "({a: 2n ** 64n})",
        "(() => { const a = {}; a.a = a; return a; })()",
    ] {
        assert!(text_of(&eval(source)).is_err(), "{source}");
    }
}

#[wasm_bindgen_test]
fn a_spec_is_read_from_the_object_that_the_worker_sends() {
    let space = Space::dict([
        ("image", Space::Box(BoxSpace::uniform(0.0, 255.0, &[2, 2], DType::Uint8))),
        ("held", Space::optional(Space::text(9))),
        ("many", Space::sequence(Space::tuple([Space::Discrete { n: 3, start: -1 }, Space::MultiBinary { n: 2 }]))),
        ("rest", Space::tuple([Space::MultiDiscrete { nvec: vec![2, 7] }, Space::Bool])),
    ]);
    let mut spec = Spec::single("X-v0", Space::discrete(2), space);
    assert_eq!(spec_from(&js::parsed(&serde_json::to_string(&spec).unwrap())), Some(spec.clone()));
    spec.agents.push("agent_1".into());
    (spec.reward, spec.max_episode_steps) = (Sharing::PerAgent, Some(500));
    spec.atlas = Some(Atlas { image: "a.svg".into(), columns: 4, rows: 3 });
    let object = js::parsed(&serde_json::to_string(&spec).unwrap());
    assert_eq!(spec_from(&object), Some(spec));
    js::set(&object, "stepInfo", &eval("(() => { const s = {type: 'Sequence'}; s.space = s; return s; })()"));
    assert_eq!(spec_from(&object), None);
}
