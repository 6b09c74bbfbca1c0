//! What somebody may have meant who misspelt a name.

/// The name with the fewest differences from `found`, if they are few.
pub fn nearest<'a>(found: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let found = found.to_ascii_lowercase();
    let distances = names.map(|name| (differences(&name.to_ascii_lowercase(), &found), name));
    let (distance, name) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= 1 + found.len() / 3).then_some(name)
}

/// Levenshtein's distance.
fn differences(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, to) in row.iter_mut().skip(1).zip(b.chars()) {
            let replaced = diagonal + usize::from(from != to);
            diagonal = *cell;
            *cell = replaced.min(left + 1).min(diagonal + 1);
            left = *cell;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_insertions_deletions_and_replacements() {
        for (a, b, expected) in [("", "", 0), ("abc", "abc", 0), ("abc", "abd", 1), ("abc", "ab", 1), ("", "xy", 2)] {
            assert_eq!(differences(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn of_several_names_the_nearest_is_meant_and_a_strange_one_means_none() {
        let names = ["CartPole-v1", "Acrobot-v1"];
        assert_eq!(nearest("cartpole-v0", names.into_iter()), Some("CartPole-v1"));
        assert_eq!(nearest("Chess", names.into_iter()), None);
        assert_eq!(nearest("CartPole-v1", std::iter::empty()), None);
    }
}
