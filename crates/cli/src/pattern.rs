//! File name patterns.

/// A prefix; or, with `*` (any characters) or `?` (any one) in it, a pattern for the whole name.
#[derive(Debug, PartialEq)]
pub(crate) struct Pattern {
    parts: Vec<char>,
    prefix: bool,
}

impl Pattern {
    pub(crate) fn new(text: &str) -> Self {
        Self { parts: text.chars().collect(), prefix: !text.contains(['*', '?']) }
    }

    pub(crate) fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        if self.prefix { name.starts_with(&self.parts) } else { whole(&self.parts, &name) }
    }
}

/// Goes through both at once; at a mismatch the last `*` takes one character more. No more than one step back is ever
/// needed, so the time is bounded by the product of the lengths.
fn whole(pattern: &[char], name: &[char]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(part) if *part == '?' || Some(part) == name.get(n) => {
                p += 1;
                n += 1;
            }
            _ => {
                let Some((at, taken)) = star else { return false };
                star = Some((at, taken + 1));
                (p, n) = (at + 1, taken + 1);
            }
        }
    }
    pattern.iter().skip(p).all(|part| *part == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_wildcards_is_a_prefix_and_one_with_them_the_whole_name() {
        for (pattern, name, expected) in [
            ("CartPole", "CartPole-v1.jsonl", true),
            ("artPole", "CartPole-v1.jsonl", false),
            ("", "anything", true),
            ("*.1.jsonl*", "CartPole-v1.random.1.jsonl.gz", true),
            ("*.1.jsonl", "CartPole-v1.random.1.jsonl.gz", false),
            ("Cart*", "CartPole", true),
            ("*a*b*c", "xxaxxbxxbc", true),
            ("*a*b*c", "xxaxxbxxb", false),
            ("?-v?", "é-v1", true),
            ("?", "", false),
            ("*", "", true),
        ] {
            assert_eq!(Pattern::new(pattern).matches(name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn many_stars_take_no_time() {
        let name = "a".repeat(2_000);
        assert!(!Pattern::new(&("a*".repeat(100) + "b")).matches(&name));
    }
}
