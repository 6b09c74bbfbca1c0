//! How many times as fast as its reference an environment has to be.

/// By family; `None` where nothing is promised.
pub(crate) fn ratio(family: &str) -> Option<f64> {
    match family {
        "toy_text" => Some(100.0),
        // Most of whose work is elementary functions.
        "classic_control" | "slime_volley" => Some(30.0),
        "minigrid" | "cogrid" => Some(300.0),
        _ => None,
    }
}
