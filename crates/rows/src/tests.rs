//! Rows of several lengths, written, read, cut and damaged.
use super::*;
use crate::word::WORD;

/// Rows of several lengths, changing a little, much and not at all.
fn rows() -> Vec<Vec<u8>> {
    let mut random = 1_u64;
    let mut next = move || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        random >> 33
    };
    let mut row = vec![0_u8; 5003];
    (0..300)
        .map(|step| {
            let changes = [0, 1, 3, 40, 5003][step % 5];
            for _ in 0..changes {
                let at = next() as usize % row.len();
                row[at] = next() as u8;
            }
            if step % 17 == 16 {
                row.resize([0, 1, 7, 8, 9, 4999, 6000][next() as usize % 7].max(1), 3);
            }
            row.clone()
        })
        .chain([vec![], vec![1], vec![]])
        .collect()
}

#[test]
fn rows_read_back_as_they_were_written() {
    let (mut writer, mut bytes) = (RowWriter::default(), Vec::new());
    let rows = rows();
    for (index, row) in rows.iter().enumerate() {
        if index % RowWriter::BLOCK as usize == 0 {
            writer.start();
        }
        writer.write(row, &mut bytes);
    }
    let mut reader = RowReader::new(&bytes);
    for (index, row) in rows.iter().enumerate() {
        if index % RowWriter::BLOCK as usize == 0 {
            reader.start();
        }
        assert_eq!(reader.read().unwrap(), row, "{index}");
    }
    assert!(!reader.more());
}

/// A row word by word, as the format says.
fn plainly(row: &[u8], last: &[u8]) -> Vec<u8> {
    let word = |bytes: &[u8], at: usize| -> [u8; WORD] {
        std::array::from_fn(|byte| bytes.get(at * WORD + byte).copied().unwrap_or(0))
    };
    let end = row.len().div_ceil(WORD);
    let changed: Vec<bool> = (0..end).map(|at| word(row, at) != word(&last[..last.len().min(row.len())], at)).collect();
    let mut out = u32::try_from(row.len()).unwrap().to_le_bytes().to_vec();
    let mut at = 0;
    while at < end {
        let until = |from: usize| end.min(from + 255);
        let first = (at..until(at)).find(|at| changed[*at]).unwrap_or(until(at));
        let next = (first..until(first)).find(|at| !changed[*at]).unwrap_or(until(first));
        out.extend([(first - at) as u8, (next - first) as u8]);
        (first..next).for_each(|at| out.extend(word(row, at)));
        at = next;
    }
    out
}

#[test]
fn rows_are_written_as_the_format_says() {
    let mut writer = RowWriter::default();
    let mut last = Vec::new();
    for (index, row) in rows().iter().enumerate() {
        let mut bytes = Vec::new();
        writer.write(row, &mut bytes);
        assert_eq!(bytes, plainly(row, &last), "{index}");
        last.clone_from(row);
    }
}

#[test]
fn a_row_like_the_one_before_takes_next_to_nothing() {
    let (mut writer, mut bytes) = (RowWriter::default(), Vec::new());
    writer.write(&[7; 7000], &mut bytes);
    bytes.clear();
    writer.write(&[7; 7000], &mut bytes);
    assert!(bytes.len() <= 12, "{}", bytes.len());
}

#[test]
fn damaged_rows_are_errors_or_other_rows_and_never_more_memory_than_they_pay_for() {
    let (mut writer, mut bytes) = (RowWriter::default(), Vec::new());
    rows().iter().take(20).for_each(|row| writer.write(row, &mut bytes));
    for end in 0..bytes.len().min(3000) {
        let mut reader = RowReader::new(&bytes[..end]);
        while reader.more() && reader.read().is_ok() {}
    }
    for at in 0..bytes.len().min(3000) {
        for byte in [0, 1, 255] {
            let mut damaged = bytes.clone();
            damaged[at] = byte;
            let mut reader = RowReader::new(&damaged);
            while reader.more() && reader.read().is_ok_and(|row| row.len() <= 255 * 8 * bytes.len()) {}
        }
    }
    assert!(RowReader::new(&[255, 255, 255, 255, 0, 0]).read().is_err());
    assert!(RowReader::new(&[8, 0, 0, 0, 0, 0]).read().is_err());
}

/// Three blocks of rows that are alike but for a byte, and for a word that only the last row of a block has.
fn blocks() -> Vec<Vec<[u8; 100]>> {
    let block = RowWriter::BLOCK as usize;
    let row = |index: usize| {
        let mut row = [7; 100];
        row[index % 24] = 255 - index as u8;
        row[40..48].fill(if index % block == block - 1 { 9 } else { 0 });
        row
    };
    (0..3).map(|number| (number * block..(number + 1) * block).map(row).collect()).collect()
}

#[test]
fn each_block_is_read_by_itself_and_all_of_them_in_one_go() {
    let mut writer = RowWriter::default();
    let written = |rows: &Vec<[u8; 100]>| {
        let mut bytes = Vec::new();
        writer.start();
        rows.iter().for_each(|row| writer.write(row, &mut bytes));
        bytes
    };
    let (blocks, bytes): (_, Vec<Vec<u8>>) = (blocks(), blocks().iter().map(written).collect());
    for (rows, bytes) in blocks.iter().zip(&bytes) {
        let mut reader = RowReader::new(bytes);
        for row in rows {
            assert!(reader.more());
            assert_eq!(reader.read().unwrap(), row);
        }
        assert!(!reader.more());
    }
    let all = bytes.concat();
    let (mut reader, mut row, mut rest) = (RowReader::new(&all), Row::default(), &all[..]);
    for rows in &blocks {
        reader.start();
        row.start();
        for expected in rows {
            assert_eq!(reader.read().unwrap(), expected);
            row.read(&mut rest).unwrap();
            assert_eq!(row.bytes(), expected);
        }
    }
    assert!(!reader.more() && rest.is_empty());
}

#[test]
fn a_row_may_change_in_as_many_words_as_a_byte_counts_and_in_one_more_that_is_not_whole() {
    let mut writer = RowWriter::default();
    for length in [255 * WORD - 1, 255 * WORD, 255 * WORD + 3, 256 * WORD, 510 * WORD + 1] {
        let (row, mut bytes) = (vec![1; length], Vec::new());
        writer.start();
        writer.write(&row, &mut bytes);
        assert_eq!(bytes, plainly(&row, &[]), "{length}");
        assert_eq!(RowReader::new(&bytes).read(), Ok(&row[..]), "{length}");
        // And in none but the last byte.
        let mut other = row.clone();
        other[length - 1] = 2;
        bytes.clear();
        writer.write(&other, &mut bytes);
        assert_eq!(bytes, plainly(&other, &row), "{length}");
    }
}

#[test]
fn what_is_wrong_with_a_row_is_told_with_what_was_expected() {
    let three_words = |rest: &[u8]| [&[24, 0, 0, 0, 1, 1][..], &[5; WORD], rest].concat();
    for (bytes, error, text) in [
        (three_words(&[0, 0]), RowError::Words { expected: 1, found: 0 }, "expected 1 to 1 more words, found 0"),
        (
            three_words(&[&[1, 2][..], &[5; 2 * WORD]].concat()),
            RowError::Words { expected: 1, found: 3 },
            "the row does not fit its length: expected 1 to 1 more words, found 3",
        ),
        (
            three_words(&[0, 1, 5]),
            RowError::Truncated { needed: WORD, left: 1 },
            "the row is cut off: expected 8 more bytes, found 1",
        ),
    ] {
        let found = RowReader::new(&bytes).read().unwrap_err();
        assert_eq!(found, error);
        assert!(found.to_string().contains(text), "{found}");
    }
}

#[test]
fn a_row_that_says_it_is_longer_than_rows_may_be_takes_no_memory() {
    let mut bytes = Vec::new();
    RowWriter::default().write(&[7; 100], &mut bytes);
    assert!(Row::with_most(100).read(&mut &bytes[..]).is_ok());
    let mut row = Row::with_most(99);
    assert_eq!(row.read(&mut &bytes[..]), Err(RowError::TooLong { most: 99, found: 100 }));
    assert_eq!(row.bytes().len(), 0);
}
