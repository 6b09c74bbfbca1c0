//! A file that comes in pieces, for a reader that cannot wait.
use std::cell::RefCell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

/// Takes the pieces of a file as they come. Of a line that is not complete its reader hears nothing.
#[derive(Default)]
pub(crate) struct Feed {
    whole: Rc<RefCell<Vec<u8>>>,
    /// The beginning of the next line.
    rest: Vec<u8>,
}

impl Feed {
    /// What reads it. It must ask for no more lines than [`take`](Self::take) said there are: it would take that for the end.
    pub(crate) fn reader(&self) -> FeedReader {
        FeedReader { next: Rc::clone(&self.whole), bytes: Vec::new(), at: 0 }
    }

    /// Takes the next piece, and says how many lines are complete with it.
    pub(crate) fn take(&mut self, piece: &[u8]) -> usize {
        let Some(last) = piece.iter().rposition(|byte| *byte == b'\n') else {
            self.rest.extend_from_slice(piece);
            return 0;
        };
        let (lines, rest) = piece.split_at(last + 1);
        let mut whole = self.whole.borrow_mut();
        whole.append(&mut self.rest);
        whole.extend_from_slice(lines);
        self.rest.extend_from_slice(rest);
        lines.iter().filter(|byte| **byte == b'\n').count()
    }

    /// There are no more pieces: what there is of a line is the last one.
    pub(crate) fn finish(&mut self) {
        self.whole.borrow_mut().append(&mut self.rest);
    }
}

/// The complete lines of a [`Feed`].
pub(crate) struct FeedReader {
    next: Rc<RefCell<Vec<u8>>>,
    bytes: Vec<u8>,
    at: usize,
}

impl BufRead for FeedReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.bytes.len() {
            self.bytes = self.next.take();
            self.at = 0;
        }
        Ok(self.bytes.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = self.at.saturating_add(amount);
    }
}

impl Read for FeedReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(out)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_complete_wherever_the_pieces_end() {
        let text = b"{}\n{\"a\":1}\n\nlast";
        for size in 1..=text.len() {
            let mut feed = Feed::default();
            let mut reader = feed.reader();
            let mut found = Vec::new();
            for piece in text.chunks(size) {
                for _ in 0..feed.take(piece) {
                    let mut line = Vec::new();
                    reader.read_until(b'\n', &mut line).unwrap();
                    assert_eq!(line.last(), Some(&b'\n'), "{size}");
                    found.extend(line);
                }
                assert!(reader.fill_buf().unwrap().is_empty(), "{size}: there is more than was said");
            }
            feed.finish();
            reader.read_to_end(&mut found).unwrap();
            assert_eq!(found, text, "{size}");
        }
    }
}
