//! Pictures: whether their channels come first or last, for an observation and for a model.

/// What an input of the model needs instead, where its sizes say that it has a picture's numbers in another order than it is told
/// them. `picture` is the observation's shape, of which `stack` are told one after another.
pub(crate) fn misfit(picture: &[usize], stack: usize, channels_first: bool, input: &[usize]) -> Option<&'static str> {
    let (height, width, channels) = match *picture {
        [height, width] => (height, width, 1),
        [height, width, channels] => (height, width, channels),
        _ => return None,
    };
    let (outer, sizes) = input.split_last_chunk::<3>()?;
    // The pictures of a stack have a dimension of their own, or share that of the channels.
    let together = if outer.iter().all(|size| *size == 1) { stack } else { 1 };
    let depth = channels.saturating_mul(together);
    let (first, last) = (*sizes == [depth, height, width], *sizes == [height, width, depth]);
    // Where the sizes fit both ways they say nothing, and a single pixel has but one order.
    if first == last || (height, width) == (1, 1) {
        return None;
    }
    let turned = channels_first && channels > 1;
    match (first, turned) {
        (true, false) if channels > 1 => Some("`channels_first: true`, since the model has channels first"),
        (false, _) if together > 1 => Some("channels first, or a dimension of its own for the `stack`"),
        (false, true) => Some("`channels_first: false`, since the model has channels last"),
        _ => None,
    }
}
