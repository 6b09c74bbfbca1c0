//! A panic of somebody's environment, which ends the work on one file and not on all others.
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What `work` on a file gives, or that it panicked, of which standard error has the words.
///
/// # Errors
/// Why there is nothing, for who reads what became of the file.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|_| "expected a replay, found a panic: standard error has what it says".to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::panic::resume_unwind;
    use std::path::{Path, PathBuf};

    use palaestra_env::catalog::{Catalog, Entry, Family};
    use palaestra_env::{ArgumentError, Environment, Kwargs};

    use crate::arguments::VerifyOptions;
    use crate::brief::{Brief, family};
    use crate::output::Output;

    /// Panics for action 1: without the words and the trace, which nobody wants to see among those of tests.
    fn touchy(action: i64, _: u32) -> f64 {
        if action == 1 { resume_unwind(Box::new("planted")) } else { 0.0 }
    }

    fn make(id: &str, _: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
        (id == "Touchy-v0").then(|| Ok(Brief::boxed(id, |_| (), touchy)))
    }

    const FAMILY: Family = family(&[Entry::new("Touchy-v0", "Touchy", "Do not touch.")], make);
    const CATALOG: Catalog = Catalog::new(&[&[FAMILY]]);
    const PANICS: &str = "expected a replay, found a panic: standard error has what it says";

    /// A folder that is gone when the test is over, with a record that brings the environment to a panic and one that does not.
    struct Folder(PathBuf);

    impl Folder {
        fn new(test: &str) -> Self {
            let path = std::env::temp_dir().join(format!("palaestra-{test}-{}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            for (name, action) in [("a.jsonl", 1), ("b.jsonl", 0)] {
                let record = format!(
                    "{{\"type\":\"header\",\"env_id\":\"Touchy-v0\"}}\n{{\"type\":\"reset\",\"t\":0,\"obs\":0}}\n\
                     {{\"type\":\"step\",\"t\":1,\"action\":{action},\"obs\":0,\"reward\":0.0,\"terminated\":true,\
                     \"truncated\":false}}\n{{\"type\":\"end\",\"steps\":1}}\n"
                );
                fs::write(path.join(name), record).unwrap();
            }
            Self(path)
        }

        /// What a run prints, without the folder's path, and its exit status.
        fn told(&self, run: impl FnOnce(&Path, &mut Output<Vec<u8>>) -> std::io::Result<u8>) -> (String, u8) {
            let mut out = Output::new(Vec::new());
            let status = run(&self.0, &mut out).unwrap();
            let told = String::from_utf8(std::mem::take(out.raw())).unwrap();
            (told.replace(&format!("{}/", self.0.display()), ""), status)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_record_that_makes_its_environment_panic_fails_and_the_others_are_verified() {
        let found = Folder::new("verify").told(|path, out| {
            let options = VerifyOptions { paths: vec![path.to_owned()], only: None, skip_unknown: false };
            crate::verify::run(&options, CATALOG, out)
        });
        let lines =
            format!("FAIL  a.jsonl: {PANICS}\nok    b.jsonl: 1 step in 1 episode, identical\n1 passed, 1 failed\n");
        assert_eq!(found, (lines, 1));
    }

    #[cfg(feature = "export")]
    #[test]
    fn a_record_that_makes_its_environment_panic_gives_no_row_and_the_others_are_exported() {
        let folder = Folder::new("export");
        let found = folder.told(|path, out| {
            let options = crate::arguments::ExportOptions {
                paths: vec![path.to_owned()],
                format: None,
                out: Some(path.join("steps.csv")),
                force: false,
            };
            crate::export::run(&options, CATALOG, out)
        });
        let lines = format!("FAIL  a.jsonl: {PANICS}\nok    b.jsonl: 1 step in 1 episode\n1 exported, 1 failed\n");
        assert_eq!(found, (lines, 1));
        assert_eq!(fs::read_to_string(folder.0.join("steps.csv")).unwrap().lines().count(), 2);
    }
}
