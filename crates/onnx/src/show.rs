//! Sizes as messages show them.

/// A list of sizes as messages show it.
pub(crate) fn show<T: Copy + TryInto<i64>>(list: &[T]) -> String {
    join(&mut list.iter().map(|size| (*size).try_into().unwrap_or(i64::MAX).to_string()))
}

/// Several shapes.
pub(crate) fn show_all(shapes: &[&[usize]]) -> String {
    join(&mut shapes.iter().map(|shape| show(shape)))
}

/// Not by `Debug`, which brings much code for every way in which a list could be printed.
fn join(items: &mut dyn Iterator<Item = String>) -> String {
    let mut text = String::from("[");
    for item in items {
        if text.len() > 1 {
            text.push_str(", ");
        }
        text.push_str(&item);
    }
    text.push(']');
    text
}
