//! The spec that the Worker sends, read from its object.
use js_sys::{Array, Object};
use palaestra_env::{Atlas, BoxSpace, DType, Sharing, Space, Spec};
use wasm_bindgen::prelude::*;

use crate::js;

/// Spaces are made by hand and nowhere near this deep; an object can hold itself.
const DEEPEST: u32 = 60;

/// A spec; nothing where the object is none.
pub(crate) fn spec_from(object: &JsValue) -> Option<Spec> {
    let one = |name| space(&js::get(object, name), DEEPEST);
    Some(Spec {
        id: text(object, "id")?,
        agents: list(&js::get(object, "agents"), JsValue::as_string)?,
        action_spaces: spaces(&js::get(object, "actionSpaces"), DEEPEST)?,
        clips_actions: js::get(object, "clipsActions").is_truthy(),
        observation_spaces: spaces(&js::get(object, "observationSpaces"), DEEPEST)?,
        reset_info: one("resetInfo")?,
        step_info: one("stepInfo")?,
        observation: sharing(object, "observation")?,
        reward: sharing(object, "reward")?,
        ended: sharing(object, "ended")?,
        max_episode_steps: number(object, "maxEpisodeSteps").map(|steps| steps as u32),
        render_fps: number(object, "renderFps")? as u32,
        aspect: number(object, "aspect")? as f32,
        atlas: match js::given(object, "atlas") {
            Some(atlas) => Some(Atlas {
                image: text(&atlas, "image")?,
                columns: number(&atlas, "columns")? as u16,
                rows: number(&atlas, "rows")? as u16,
            }),
            None => None,
        },
    })
}

fn space(object: &JsValue, depth: u32) -> Option<Space> {
    let depth = depth.checked_sub(1)?;
    let own = |name| js::get(object, name);
    let count = |name| number(object, name);
    Some(match &text(object, "type")?[..] {
        "Discrete" => Space::Discrete { n: count("n")? as i64, start: count("start").unwrap_or_default() as i64 },
        "Box" => Space::Box(BoxSpace {
            low: list(&own("low"), JsValue::as_f64)?,
            high: list(&own("high"), JsValue::as_f64)?,
            shape: list(&own("shape"), |size| Some(size.as_f64()? as usize))?,
            dtype: dtype(&text(object, "dtype")?)?,
        }),
        "MultiDiscrete" => Space::MultiDiscrete { nvec: list(&own("nvec"), |n| Some(n.as_f64()? as i64))? },
        "MultiBinary" => Space::MultiBinary { n: count("n")? as usize },
        "Tuple" => Space::Tuple { spaces: spaces(&own("spaces"), depth)? },
        "OneOf" => Space::OneOf { spaces: spaces(&own("spaces"), depth)? },
        "Dict" => {
            let named = own("spaces");
            let entries = Object::entries(named.dyn_ref()?);
            let entry = |entry: &JsValue| {
                let entry: &Array = entry.dyn_ref()?;
                Some((entry.get(0).as_string()?, space(&entry.get(1), depth)?))
            };
            Space::Dict { spaces: list(&entries, entry)? }
        }
        "Text" => Space::Text {
            min_length: count("min_length").unwrap_or_default() as usize,
            max_length: count("max_length")? as usize,
            charset: own("charset").as_string(),
        },
        "Sequence" => Space::Sequence { space: Box::new(space(&own("space"), depth)?) },
        "None" => Space::None,
        "Bool" => Space::Bool,
        _ => return None,
    })
}

fn spaces(value: &JsValue, depth: u32) -> Option<Vec<Space>> {
    list(value, |item| space(item, depth))
}

fn dtype(name: &str) -> Option<DType> {
    let all = [DType::Float32, DType::Float64, DType::Uint8, DType::Int8, DType::Int32, DType::Int64];
    all.into_iter().find(|dtype| dtype.name() == name)
}

fn sharing(object: &JsValue, name: &str) -> Option<Sharing> {
    match &text(object, name)?[..] {
        "shared" => Some(Sharing::Shared),
        "per_agent" => Some(Sharing::PerAgent),
        _ => None,
    }
}

fn text(object: &JsValue, name: &str) -> Option<String> {
    js::get(object, name).as_string()
}

fn number(object: &JsValue, name: &str) -> Option<f64> {
    js::get(object, name).as_f64()
}

fn list<T>(value: &JsValue, read: impl Fn(&JsValue) -> Option<T>) -> Option<Vec<T>> {
    let items: &Array = value.dyn_ref()?;
    items.iter().map(|item| read(&item)).collect()
}
