//! `palaestra export`.
mod stopped;
mod target;
mod told;

use std::fs::File;
use std::io::{self, BufReader, BufWriter, IsTerminal, Write};
use std::path::Path;

use palaestra_env::catalog::Catalog;
use palaestra_export::{
    Arrow, Csv, ExportError, JsonLines, Minari, Parquet, Sink, Survey, Table, TableBuilder, export,
};
use palaestra_record::Limits;
use palaestra_text::Shown;
use rayon::prelude::*;

use crate::arguments::{ExportOptions, Format};
use crate::caught::caught;
use crate::export::stopped::Stopped;
use crate::export::target::{BUFFER, Datasets, Misplaced, TableFile, is_folder};
use crate::export::told::Told;
use crate::files::{Found, find};
use crate::output::{DEPARTED, Output, counted};

const FILES_PER_THREAD: usize = 4;

/// Exports every record that replays, and tells what became of each. Gives the exit status.
pub(crate) fn run(options: &ExportOptions, catalog: Catalog, out: &mut Output<impl Write>) -> io::Result<u8> {
    let destination = match Destination::of(options) {
        Ok(destination) => destination,
        Err(misplaced) => {
            Told::Stdout(out).line(&format!("FAIL  {misplaced}"))?;
            return Ok(1);
        }
    };
    // What is told must not get between the rows.
    let mut told = match destination {
        Destination::Stdout(_) => Told::Stderr,
        Destination::Table(..) | Destination::Datasets(_) => Told::Stdout(out),
    };
    match exported(options, catalog, &destination, &mut told) {
        Ok(code) => Ok(code),
        Err(Stopped::Told(error)) => Err(error),
        Err(Stopped::Export(ExportError::Write(error))) if error.kind() == io::ErrorKind::BrokenPipe => Err(error),
        Err(stopped) => {
            told.line(&format!("FAIL  {stopped}"))?;
            Ok(1)
        }
    }
}

/// Where the rows go.
enum Destination<'a> {
    Stdout(Format),
    Table(&'a Path, Format),
    Datasets(Option<&'a Path>),
}

impl<'a> Destination<'a> {
    fn of(options: &'a ExportOptions) -> Result<Self, Misplaced> {
        let out = options.out.as_deref().filter(|path| path.as_os_str() != "-");
        let ending = out.and_then(|path| Some((path, path.extension()?)));
        let format = match (options.format, ending) {
            (Some(format), _) => format,
            (None, None) => Format::Csv,
            (None, Some((path, ending))) => match ending.to_str().and_then(Format::of_extension) {
                Some(format) => format,
                // Nobody wants `steps.csv.gz` that is not compressed. A folder may have any name.
                None if is_folder(path) => Format::Csv,
                None => return Err(Misplaced::Ending(path.to_owned())),
            },
        };
        Ok(match (format, out) {
            (Format::Minari, out) => Destination::Datasets(out),
            (format, Some(path)) => Destination::Table(path, format),
            (format, None) => Destination::Stdout(format),
        })
    }
}

fn exported(
    options: &ExportOptions,
    catalog: Catalog,
    destination: &Destination<'_>,
    told: &mut Told<'_, impl Write>,
) -> Result<u8, Stopped> {
    // Before hours of replay.
    let (file, mut datasets) = match destination {
        Destination::Stdout(Format::Arrow | Format::Parquet) if io::stdout().is_terminal() => {
            return Err(Misplaced::Terminal.into());
        }
        Destination::Stdout(_) => (None, None),
        Destination::Table(path, format) => (Some(TableFile::create(path, format.extension(), options.force)?), None),
        Destination::Datasets(None) => return Err(Misplaced::NoFolder.into()),
        Destination::Datasets(Some(path)) => (None, Some(Datasets::create(path)?)),
    };
    let mut found = find(&options.paths, None);
    // A table that an earlier export put among its records is none of them.
    if let Some(table) = file.as_ref().and_then(TableFile::replaced) {
        found.retain(|found| found.path().canonicalize().ok().as_deref() != Some(table.as_path()));
    }
    let minari = datasets.is_some();
    let Surveyed { table, good, mut failed } = survey(&found, catalog, minari, told)?;
    if good.is_empty() {
        told.line(&format!("0 exported, {failed} failed"))?;
        return Ok(1);
    }
    let sink: Box<dyn Sink + '_> = match (destination, &file, &mut datasets) {
        (Destination::Table(_, format), Some(file), _) => sink(*format, table, file.writer()?)?,
        (Destination::Stdout(format), _, _) => sink(*format, table, BufWriter::with_capacity(BUFFER, io::stdout()))?,
        (_, _, Some(datasets)) => Box::new(Minari::new(|path: &str, bytes: &[u8]| datasets.write(path, bytes))),
        (Destination::Table(..) | Destination::Datasets(_), _, None) => return Err(Misplaced::NoFolder.into()),
    };
    // An episode that is under way where an error ends its record is in a table, and in no data set.
    let written = if minari { "of which the whole episodes are exported" } else { "which are exported" };
    let (count, bad) = write(&good, catalog, sink, written, told)?;
    failed += bad;
    if let Some(file) = file {
        file.commit()?;
    }
    if let Some(datasets) = datasets {
        for id in datasets.commit(options.force)? {
            told.line(&format!("set   {id}"))?;
        }
    }
    told.line(&format!("{count} exported, {failed} failed"))?;
    Ok(u8::from(failed > 0))
}

fn sink<'w>(format: Format, table: Table, out: impl Write + Send + 'w) -> Result<Box<dyn Sink + 'w>, ExportError> {
    Ok(match format {
        Format::JsonLines => Box::new(JsonLines::new(out)),
        Format::Arrow => Box::new(Arrow::new(table, out)?),
        Format::Parquet => Box::new(Parquet::new(table, out)?),
        Format::Csv | Format::Minari => Box::new(Csv::new(table, out)?),
    })
}

/// What all files hold.
struct Surveyed<'f> {
    table: Table,
    good: Vec<(&'f Path, Survey)>,
    failed: u64,
}

/// Verifies all files, on all cores, and tells of those that give no rows, or none that Minari takes, in their order.
fn survey<'f>(
    found: &'f [Found],
    catalog: Catalog,
    minari: bool,
    told: &mut Told<'_, impl Write>,
) -> Result<Surveyed<'f>, Stopped> {
    let (mut table, mut good, mut failed) = (TableBuilder::default(), Vec::new(), 0);
    // A few files a core at a time, as `verify` has them.
    for part in found.chunks(FILES_PER_THREAD * rayon::current_num_threads()) {
        let surveyed = |file| caught(|| surveyed(file, catalog, minari)).and_then(|survey| survey);
        let surveys: Vec<_> = part.par_iter().map(surveyed).collect();
        for (file, survey) in part.iter().zip(surveys) {
            let path = file.path();
            match survey.and_then(|survey| table.add(&survey).map(|()| survey).map_err(|error| error.to_string())) {
                Ok(survey) => {
                    for name in &survey.left_out {
                        let (path, name) = (path.display(), Shown(name));
                        told.line(&format!("note  {path}: header field `{name}` is too large to stand in every row"))?;
                    }
                    if let Some(difference) = &survey.replay_difference {
                        let path = path.display();
                        told.line(&format!("note  {path}: {DEPARTED}: {difference}"))?;
                    }
                    good.push((path, survey.without_columns()));
                }
                Err(reason) => {
                    failed += 1;
                    told.line(&format!("FAIL  {}: {reason}", path.display()))?;
                }
            }
        }
    }
    Ok(Surveyed { table: table.finish()?, good, failed })
}

fn surveyed(file: &Found, catalog: Catalog, minari: bool) -> Result<Survey, String> {
    let path = match file {
        Found::File(path) => path,
        Found::Problem { reason, .. } => return Err(reason.clone()),
    };
    let read = open(path)?;
    let survey = Survey::of(read, |id, kwargs| catalog.make(id, kwargs), Limits::default());
    let fits = survey.and_then(|survey| if minari { survey.fits_minari().map(|()| survey) } else { Ok(survey) });
    fits.map_err(|error| error.to_string())
}

fn open(path: &Path) -> Result<BufReader<File>, String> {
    File::open(path).map(BufReader::new).map_err(|error| format!("expected a readable file: {error}"))
}

/// Writes the steps of all files, one after another. Gives how many files' were written, and how many files' were not or not all.
fn write(
    good: &[(&Path, Survey)],
    catalog: Catalog,
    mut sink: Box<dyn Sink + '_>,
    written: &str,
    told: &mut Told<'_, impl Write>,
) -> Result<(u64, u64), Stopped> {
    let (mut count, mut failed) = (0, 0);
    for (path, survey) in good {
        let name = path.display().to_string();
        let given = open(path).map(|read| {
            let make = |id: &str, kwargs: &_| catalog.make(id, kwargs);
            export(&name, read, make, Limits::default(), sink.as_mut())
        });
        match given {
            Ok((_, Ok(()))) => {
                count += 1;
                let Survey { steps, episodes, .. } = survey;
                let (steps, episodes) = (counted(*steps, "step"), counted(*episodes, "episode"));
                told.line(&format!("ok    {name}: {steps} in {episodes}"))?;
            }
            // The disk is full, or whoever read has gone: that is no fault of this file.
            Ok((_, Err(error @ ExportError::Write(_)))) => return Err(error.into()),
            Ok((steps, Err(error))) => {
                failed += 1;
                told.line(&format!("FAIL  {name}: {error} (after {}, {written})", counted(steps, "step")))?;
            }
            Err(reason) => {
                failed += 1;
                told.line(&format!("FAIL  {name}: {reason}"))?;
            }
        }
    }
    sink.finish()?;
    Ok((count, failed))
}
