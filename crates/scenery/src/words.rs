//! Text for a scene.
use std::fmt;

/// A line of text that is put together without allocating, since a scene is drawn at every step. What does not fit is cut.
#[derive(Clone, Debug)]
pub struct Words {
    bytes: [u8; Self::CAPACITY],
    len: usize,
}

impl Words {
    const CAPACITY: usize = 48;

    /// What `format_args!` gives.
    pub fn new(words: fmt::Arguments<'_>) -> Self {
        let mut line = Self { bytes: [0; Self::CAPACITY], len: 0 };
        // The only failure is a full line, and that line is as good as it gets.
        let _ = fmt::write(&mut line, words);
        line
    }

    /// The line.
    pub fn as_str(&self) -> &str {
        self.bytes.get(..self.len).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

impl fmt::Write for Words {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_put_together_and_cut_before_the_piece_that_does_not_fit() {
        assert_eq!(Words::new(format_args!("angle {:+.1}°", -3.25)).as_str(), "angle -3.2°");
        assert_eq!(Words::new(format_args!("{} {}", "a", "b".repeat(80))).as_str(), "a ");
    }
}
