//! What somebody may have meant who misspelt a name.

/// The name with the fewest differences from `found`, if they are few.
pub fn nearest<'a>(found: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // As much of it as one needs to see that it is longer than any name; comparing takes the product of the lengths.
    let found: String = found.chars().take(LONGEST + 1).collect::<String>().to_ascii_lowercase();
    if found.chars().count() > LONGEST {
        return None;
    }
    let distances = names.map(|name| (differences(&name.to_ascii_lowercase(), &found), name));
    let (distance, name) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= 1 + found.len() / 3).then_some(name)
}

/// No name that somebody misspelt is longer.
const LONGEST: usize = 128;

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
        for (a, b, expected) in [
            ("", "", 0),
            ("abc", "abc", 0),
            ("abc", "abd", 1),
            ("abc", "ab", 1),
            ("", "xy", 2),
            ("abcdef", "", 6),
            ("abcdef", "azced", 3),
            ("kitten", "sitting", 3),
        ] {
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

    #[test]
    fn a_name_of_15_megabytes_is_compared_with_none() {
        let endless = "CartPole-v1".repeat(15 << 20 >> 3);
        let started = std::time::Instant::now();
        assert_eq!(nearest(&endless, ["CartPole-v1"; 50].into_iter()), None);
        assert!(started.elapsed() < std::time::Duration::from_secs(2), "{:?}", started.elapsed());
        assert_eq!(nearest(&"é".repeat(130), ["CartPole-v1"].into_iter()), None);
        // A name of 128 characters is the longest that is compared.
        let long = "x".repeat(128);
        assert_eq!(nearest(&long, [long.as_str()].into_iter()), Some(long.as_str()));
        let longer = "x".repeat(129);
        assert_eq!(nearest(&longer, [longer.as_str()].into_iter()), None);
    }

    #[test]
    fn few_differences_are_one_and_a_third_of_the_name() {
        for (found, meant) in [("abcdef", true), ("abcxyz", true), ("abxxyz", false), ("x", true), ("xz", false)] {
            let name = if found.len() == 6 { "abcdef" } else { "y" };
            assert_eq!(nearest(found, [name].into_iter()), meant.then_some(name), "{found}");
        }
    }
}
