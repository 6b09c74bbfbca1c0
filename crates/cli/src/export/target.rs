//! Where an export goes: all of it, or nothing, and never over what is there unless asked.
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use palaestra_text::Shown;

/// What is written at once.
pub(super) const BUFFER: usize = 1 << 16;

/// Why an export cannot go where it should.
#[derive(Debug)]
pub(crate) enum Misplaced {
    /// There is something already.
    Exists(PathBuf),
    /// What is there is no data set of Minari, and is not removed.
    NoDataset(PathBuf),
    /// Minari's data sets need a folder.
    NoFolder,
    /// Arrow and Parquet are nothing to look at.
    Terminal,
    /// The file's name ends as no format's does, and no option says which it is.
    Ending(PathBuf),
    /// It cannot be written.
    Io(PathBuf, io::Error),
}

impl fmt::Display for Misplaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Misplaced::Exists(path) => {
                write!(f, "{}: expected nothing there, found something: --force replaces it", path.display())
            }
            Misplaced::NoDataset(path) => {
                write!(f, "{}: expected a data set of Minari to replace, found something else", path.display())
            }
            Misplaced::NoFolder => f.write_str("expected --out with a folder for Minari's data sets, found none"),
            Misplaced::Terminal => f.write_str("expected --out with a file for Arrow and Parquet, found a terminal"),
            Misplaced::Ending(path) => write!(
                f,
                "{}: expected a name that ends in .csv, .jsonl, .arrow, .feather, .parquet or .minari, or --format, \
                 found .{}",
                path.display(),
                Shown(&path.extension().unwrap_or_default().to_string_lossy())
            ),
            Misplaced::Io(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

/// A name beside `path` that nobody else uses.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.part", std::process::id()))
}

/// Whether a path ends as only a folder's does, also of one that is not there yet.
fn ends_as_folder(path: &Path) -> bool {
    path.as_os_str().to_string_lossy().ends_with(std::path::is_separator)
}

/// Whether a path names a folder.
pub(super) fn is_folder(path: &Path) -> bool {
    ends_as_folder(path) || path.is_dir()
}

/// A file that has its name once all of it is written; one that is dropped before is gone.
pub(crate) struct TableFile {
    path: PathBuf,
    part: PathBuf,
    file: File,
    force: bool,
}

impl TableFile {
    /// The file `out`, or in the folder `out` the file `steps.EXTENSION`. A path that ends as only a folder's does is made one.
    pub(crate) fn create(out: &Path, extension: &str, force: bool) -> Result<Self, Misplaced> {
        if ends_as_folder(out) {
            fs::create_dir_all(out).map_err(|error| Misplaced::Io(out.to_owned(), error))?;
        }
        let path = if is_folder(out) { out.join(format!("steps.{extension}")) } else { out.to_owned() };
        if !force && path.symlink_metadata().is_ok() {
            return Err(Misplaced::Exists(path));
        }
        let part = beside(&path);
        let file = File::create_new(&part).map_err(|error| Misplaced::Io(path.clone(), error))?;
        Ok(Self { path, part, file, force })
    }

    /// The file that there is already, by its whole path.
    pub(crate) fn replaced(&self) -> Option<PathBuf> {
        self.path.canonicalize().ok()
    }

    pub(crate) fn writer(&self) -> Result<BufWriter<&File>, Misplaced> {
        Ok(BufWriter::with_capacity(BUFFER, &self.file))
    }

    pub(crate) fn commit(self) -> Result<(), Misplaced> {
        // Somebody may have been faster.
        if !self.force && self.path.symlink_metadata().is_ok() {
            return Err(Misplaced::Exists(self.path.clone()));
        }
        fs::rename(&self.part, &self.path).map_err(|error| Misplaced::Io(self.path.clone(), error))
    }
}

impl Drop for TableFile {
    fn drop(&mut self) {
        // Not there any more where all went well.
        let _ = fs::remove_file(&self.part);
    }
}

/// Minari's data sets in a folder of data sets, each in its place once all are written.
pub(crate) struct Datasets {
    root: PathBuf,
    part: PathBuf,
    /// Their ids, in the order of their last files.
    ids: Vec<String>,
}

impl Datasets {
    pub(crate) fn create(root: &Path) -> Result<Self, Misplaced> {
        // A hidden folder, which Minari passes over.
        let part = root.join(format!(".palaestra-export.{}.part", std::process::id()));
        fs::create_dir_all(&part).map_err(|error| Misplaced::Io(root.to_owned(), error))?;
        Ok(Self { root: root.to_owned(), part, ids: Vec::new() })
    }

    /// Writes one of the files, whose path is within the folder.
    pub(crate) fn write(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let file = self.part.join(path);
        file.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(file, bytes)?;
        // The last file of a data set, which names it.
        let id = path.strip_suffix("/data/metadata.json");
        self.ids.extend(id.map(str::to_owned));
        Ok(())
    }

    /// Puts every data set in its place, or none where one cannot be; gives their ids.
    pub(crate) fn commit(mut self, force: bool) -> Result<Vec<String>, Misplaced> {
        let ids = std::mem::take(&mut self.ids);
        let there: Vec<PathBuf> =
            ids.iter().map(|id| self.root.join(id)).filter(|path| path.symlink_metadata().is_ok()).collect();
        for path in &there {
            if !force {
                return Err(Misplaced::Exists(path.clone()));
            }
            if !path.join("data/metadata.json").is_file() {
                return Err(Misplaced::NoDataset(path.clone()));
            }
        }
        // What is replaced goes with the folder of parts, once all others have their places.
        let replaced = there.into_iter().enumerate();
        let replaced =
            replaced.map(|(number, path)| (path.clone(), self.part.join(format!(".replaced.{number}")), path));
        let new = ids.iter().map(|id| (self.part.join(id), self.root.join(id), self.root.join(id)));
        let mut moved = Vec::new();
        for (from, to, place) in replaced.chain(new) {
            let made = to.parent().map_or(Ok(()), fs::create_dir_all);
            if let Err(error) = made.and_then(|()| fs::rename(&from, &to)) {
                for (from, to) in moved.iter().rev() {
                    let _ = fs::rename(to, from);
                }
                return Err(Misplaced::Io(place, error));
            }
            moved.push((from, to));
        }
        Ok(ids)
    }
}

impl Drop for Datasets {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.part);
    }
}
