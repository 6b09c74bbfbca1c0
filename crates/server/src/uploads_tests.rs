use super::*;

const ID: &str = "0123456789abcdef0123456789abcdef";
const SENDER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 7));

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("palaestra-uploads-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn send(uploads: &Uploads, id: &str, offset: u64, bytes: &[u8]) -> Result<u64, u16> {
    let piece = Piece { id, offset, length: bytes.len(), gzipped: false, bytes, from: SENDER };
    uploads.take(&piece).map_err(|refused| refused.status())
}

#[test]
fn pieces_are_joined_however_often_and_in_whatever_order_they_come() {
    let folder = Folder::new("joined");
    let uploads = Uploads::open(&folder.0, 1 << 20).unwrap();
    let record = b"PRS1 and whatever follows it in a record";
    assert_eq!(send(&uploads, ID, 10, &record[10..]), Ok(0));
    assert_eq!(send(&uploads, ID, 0, &record[..12]), Ok(12));
    assert_eq!(send(&uploads, ID, 0, &record[..12]), Ok(12));
    assert_eq!(send(&uploads, ID, 5, &record[5..20]), Ok(20));
    assert_eq!(send(&uploads, ID, 0, &record[..3]), Ok(20));
    assert_eq!(send(&uploads, ID, 20, &[]), Ok(20));
    let zipped = gzip::compress(&record[18..]).unwrap();
    let piece = Piece { id: ID, offset: 18, length: record.len() - 18, gzipped: true, bytes: &zipped, from: SENDER };
    assert_eq!(uploads.take(&piece).unwrap(), record.len() as u64);
    assert_eq!(std::fs::read(folder.0.join(FOLDER).join(format!("{ID}.prs"))).unwrap(), record);
}

/// A disk that fails at what is to fail next, in this order, and works otherwise.
#[derive(Clone, Default)]
struct Failing(std::sync::Arc<Mutex<Vec<&'static str>>>);

impl Failing {
    fn next(&self, what: &[&'static str]) {
        *lock(&self.0) = what.to_vec();
    }

    fn fails(&self, what: &'static str) -> io::Result<()> {
        let mut next = lock(&self.0);
        if next.first() != Some(&what) {
            return Ok(());
        }
        next.remove(0);
        Err(io::ErrorKind::Other.into())
    }
}

impl Disk for Failing {
    fn append(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        if let Err(error) = self.fails("append") {
            // Half of it is in the file then.
            System.append(file, &bytes[..bytes.len() / 2])?;
            return Err(error);
        }
        System.append(file, bytes)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        self.fails("sync")?;
        System.sync(file)
    }

    fn cut(&self, file: &File, len: u64) -> io::Result<()> {
        self.fails("cut")?;
        System.cut(file, len)
    }
}

#[test]
fn what_a_disk_did_not_take_is_not_acknowledged_and_is_taken_when_it_is_sent_again() {
    let record = b"PRS1 and whatever follows it in a record";
    for failures in
        [&["sync"][..], &["append"], &["sync", "cut"], &["append", "cut"], &["sync", "sync"], &["sync", "cut", "cut"]]
    {
        for first in [0, 12] {
            let folder = Folder::new(&format!("failing-{}-{first}", failures.join("-")));
            let disk = Failing::default();
            let mut uploads = Uploads::open(&folder.0, 1 << 20).unwrap();
            uploads.disk = Box::new(disk.clone());
            let file = folder.0.join(FOLDER).join(format!("{ID}.prs"));
            if first > 0 {
                assert_eq!(send(&uploads, ID, 0, &record[..first]), Ok(first as u64));
            }
            let before = uploads.used.load(Ordering::Relaxed);
            disk.next(failures);
            let mut refused = 0;
            // A page sends the same piece again until it is acknowledged, and asks with none at all.
            let saved = loop {
                match send(&uploads, ID, first as u64, &record[first..]) {
                    Ok(saved) => break saved,
                    Err(503) => refused += 1,
                    Err(other) => panic!("{failures:?}: {other}"),
                }
                assert!(refused < 10, "{failures:?}: never taken again");
                if lock(&disk.0).is_empty() {
                    assert_eq!(send(&uploads, ID, 0, b""), Ok(first as u64), "{failures:?}: what was refused counts");
                    assert_eq!(uploads.used.load(Ordering::Relaxed), before, "{failures:?}");
                    assert_eq!(file.exists(), first > 0, "{failures:?}");
                }
            };
            assert!(refused > 0 && lock(&disk.0).is_empty(), "{failures:?}: {refused}");
            assert_eq!(saved, record.len() as u64);
            assert_eq!(std::fs::read(&file).unwrap(), record, "{failures:?}");
            assert!(lock(&uploads.torn).is_empty());
            assert_eq!(uploads.used.load(Ordering::Relaxed), BLOCK);
        }
    }
}

#[test]
fn what_is_there_is_not_acknowledged_before_it_is_on_disk() {
    let folder = Folder::new("there");
    let disk = Failing::default();
    let mut uploads = Uploads::open(&folder.0, 1 << 20).unwrap();
    uploads.disk = Box::new(disk.clone());
    // As a program leaves it that was stopped between writing and syncing.
    std::fs::write(folder.0.join(FOLDER).join(format!("{ID}.prs")), b"PRS1 a record").unwrap();
    for (offset, bytes) in [(0, &b"PRS1 a record"[..]), (0, b""), (50, b"what lies between is missing")] {
        disk.next(&["sync"]);
        assert_eq!(send(&uploads, ID, offset, bytes), Err(503), "{offset}");
        assert_eq!(send(&uploads, ID, offset, bytes), Ok(13), "{offset}");
    }
}

#[test]
fn a_record_that_cannot_be_written_keeps_no_other_from_being_taken() {
    let folder = Folder::new("others");
    let disk = Failing::default();
    let mut uploads = Uploads::open(&folder.0, 2 * BLOCK).unwrap();
    uploads.disk = Box::new(disk.clone());
    disk.next(&["sync", "cut"]);
    assert_eq!(send(&uploads, ID, 0, b"PRS1 a record"), Err(503));
    let other = "f0000000000000000000000000000000";
    assert_eq!(send(&uploads, other, 0, b"PRS1 another"), Ok(12));
    assert_eq!(send(&uploads, ID, 0, b"PRS1 a record"), Ok(13));
}

#[test]
fn what_is_no_piece_of_a_record_is_refused_and_changes_nothing() {
    let folder = Folder::new("refused");
    // Room for two blocks of a disk.
    let uploads = Uploads::open(&folder.0, 2 * BLOCK).unwrap();
    for id in ["", "x", "../../../../../../../../etc/passwd", "0123456789ABCDEF0123456789ABCDEF"] {
        assert_eq!(send(&uploads, id, 0, b"PRS1"), Err(400), "{id}");
    }
    assert_eq!(send(&uploads, ID, 0, b"<html>"), Err(400));
    assert_eq!(send(&uploads, ID, 0, b"PRS1 a record"), Ok(13));
    assert_eq!(send(&uploads, ID, 4, b" another"), Err(409));
    let bomb = gzip::compress(&vec![0; MOST_PIECE + 1]).unwrap();
    for (bytes, gzipped, length) in [(&bomb[..], true, MOST_PIECE + 1), (b"no gzip", true, 7), (b"short", false, 6)] {
        let piece = Piece { id: ID, offset: 13, length, gzipped, bytes, from: SENDER };
        assert_eq!(uploads.take(&piece).unwrap_err().status(), 400);
    }
    // Not more than records may fill, also after a new start; the smallest takes a block.
    let full = 2 * BLOCK;
    let filled = vec![7; full as usize - 13];
    let (more, other) = ([&filled[..], &[7]].concat(), "00000000000000000000000000000000");
    assert_eq!(send(&uploads, ID, 13, &more), Err(507));
    let again = Uploads::open(&folder.0, full).unwrap();
    assert_eq!(send(&again, ID, 13, &more), Err(507));
    assert_eq!(send(&again, ID, 13, &filled), Ok(full));
    assert_eq!(send(&again, other, 0, b"P"), Err(507));
    assert_eq!(std::fs::read_dir(folder.0.join(FOLDER)).unwrap().count(), 1);
}
