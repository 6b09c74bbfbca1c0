//! Members of spaces across the border to JavaScript: `wasm-pack test --headless --chrome crates/page`.
use palaestra_env::{BoxSpace, DType, Space, Spec, Tensor, Value, ValueWriter};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::codec::Codec;
use crate::options::write_action;
use crate::spec::spec_from;
use crate::{js, values};

fn eval(source: &str) -> JsValue {
    js_sys::eval(source).unwrap()
}

// What a page loads when a program needs it.
#[wasm_bindgen(module = "/src/codec/actions.js")]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = ActionWriter)]
    static ACTION_WRITER: JsValue;
}

#[wasm_bindgen(module = "/src/codec/returns.js")]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = ReturnsReader)]
    static RETURNS_READER: JsValue;
}

#[wasm_bindgen(module = "/src/codec/rows.js")]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = readMany)]
    static READ_MANY: JsValue;
}

#[wasm_bindgen(module = "/src/codec/programs.js")]
extern "C" {
    #[wasm_bindgen(js_name = takeCodec)]
    fn take_codec(codec: &JsValue);
}

fn codec_of(spec: &Spec) -> Codec {
    let [writer, reader, read_many] =
        [&ACTION_WRITER, &RETURNS_READER, &READ_MANY].map(|given| given.with(JsValue::clone));
    take_codec(&js::object(&[("ActionWriter", writer), ("ReturnsReader", reader), ("readMany", read_many)]));
    Codec::new(&spec_from(js_sys::Uint8Array::new_from_slice(&spec.to_bytes()).into()).unwrap().1.object)
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
    let one_of = Space::OneOf { spaces: vec![Space::discrete(2), Space::MultiBinary { n: 2 }, Space::None] };
    let alike = Space::OneOf { spaces: vec![Space::None, Space::MultiDiscrete { nvec: vec![2, 3] }, pad.clone()] };
    let (binary, discrete) = (Space::MultiBinary { n: 2 }, Space::MultiDiscrete { nvec: vec![2, 3] });
    let spaces = [wide, binary, discrete, pad.clone(), one_of, alike];
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
                let slow = write_action(&spec, &action, &mut slowly).is_ok();
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
fn a_number_beyond_a_boxs_type_is_not_its_nearest_one() {
    let byte = Space::Box(BoxSpace::uniform(0.0, 255.0, &[1], DType::Uint8));
    let int = Space::Box(BoxSpace::uniform(f64::NEG_INFINITY, f64::INFINITY, &[1], DType::Int32));
    for source in ["[255]", "[0]", "255", "new Uint8Array([7])"] {
        assert!(values::from_js(&byte, &eval(source)).is_some(), "{source}");
    }
    for source in ["[256]", "[300]", "[-1]", "[0.5]", "[Infinity]", "[NaN]"] {
        assert_eq!(values::from_js(&byte, &eval(source)), None, "{source}");
    }
    assert!(values::from_js(&int, &eval("[-(2 ** 31)]")).is_some());
    for source in ["[2 ** 31]", "[1e300]", "[-Infinity]"] {
        assert_eq!(values::from_js(&int, &eval(source)), None, "{source}");
    }
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
        "2n",
        "2n ** 70n",
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
