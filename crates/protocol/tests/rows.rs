//! Rows over the borders of their blocks.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is the failure's message")]
use palaestra_protocol::{RowReader, RowWriter};

const BLOCK: usize = RowWriter::BLOCK as usize;

/// Rows that change a little from one to the next, of lengths that change too.
fn row(index: usize) -> Vec<u8> {
    (0..40 + index % 7).map(|place| if place == index % 40 { index as u8 } else { place as u8 }).collect()
}

/// All rows in blocks, each of which starts anew; and where each block begins.
fn written(count: usize) -> (Vec<u8>, Vec<usize>) {
    let (mut writer, mut bytes, mut blocks) = (RowWriter::default(), Vec::new(), Vec::new());
    for index in 0..count {
        if index % BLOCK == 0 {
            writer.start();
            blocks.push(bytes.len());
        }
        writer.write(&row(index), &mut bytes);
    }
    (bytes, blocks)
}

#[test]
fn rows_read_on_over_the_border_of_a_block() {
    for count in [BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 3 * BLOCK + 5] {
        let (bytes, _) = written(count);
        let mut reader = RowReader::new(&bytes);
        for index in 0..count {
            assert!(reader.more(), "row {index} of {count}");
            if index % BLOCK == 0 {
                reader.start();
            }
            assert_eq!(reader.read().unwrap(), row(index), "row {index} of {count}");
        }
        assert!(!reader.more());
    }
}

#[test]
fn a_block_is_read_without_those_before_it() {
    let (bytes, blocks) = written(3 * BLOCK);
    assert_eq!(blocks.len(), 3);
    for (block, begin) in blocks.iter().enumerate() {
        let end = blocks.get(block + 1).copied().unwrap_or(bytes.len());
        let mut reader = RowReader::new(&bytes[*begin..end]);
        for index in block * BLOCK..(block + 1) * BLOCK {
            assert_eq!(reader.read().unwrap(), row(index), "row {index} in block {block}");
        }
        assert!(!reader.more());
    }
}

#[test]
fn the_first_row_of_a_block_owes_nothing_to_the_last_of_the_one_before() {
    let (mut writer, mut fresh) = (RowWriter::default(), RowWriter::default());
    let (mut before, mut after, mut alone) = (Vec::new(), Vec::new(), Vec::new());
    writer.write(&row(3), &mut before);
    writer.start();
    writer.write(&row(3), &mut after);
    fresh.write(&row(3), &mut alone);
    assert_eq!(after, alone);
    let mut reader = RowReader::new(&after);
    assert_eq!(reader.read().unwrap(), row(3));
    // Read on from another row, it must be forgotten first.
    let both = [before, after].concat();
    let mut reader = RowReader::new(&both);
    assert_eq!(reader.read().unwrap(), row(3));
    reader.start();
    assert_eq!(reader.read().unwrap(), row(3));
}
