//! Rows of differences.
use palaestra_protocol::{RowReader, RowWriter};

/// What all rows of some bytes may take together.
const MOST: usize = 1 << 26;

/// Reads the bytes as rows; then takes them for what rows are to hold, writes those, and reads them back.
pub fn run(bytes: &[u8]) {
    let mut reader = RowReader::new(bytes);
    let mut sum = 0;
    while reader.more() && sum < MOST {
        match reader.read() {
            Ok(row) => sum += row.len() + 1,
            Err(_) => break,
        }
    }
    let Some((length, rows)) = bytes.split_first() else { return };
    let rows: Vec<&[u8]> = rows.chunks(usize::from(*length) + 1).collect();
    let (mut writer, mut written) = (RowWriter::default(), Vec::new());
    for (index, row) in rows.iter().enumerate() {
        if index % RowWriter::BLOCK as usize == 0 {
            writer.start();
        }
        writer.write(row, &mut written);
    }
    let mut reader = RowReader::new(&written);
    for (index, row) in rows.iter().enumerate() {
        if index % RowWriter::BLOCK as usize == 0 {
            reader.start();
        }
        assert_eq!(reader.read(), Ok(*row), "row {index}");
    }
    assert!(!reader.more());
}
