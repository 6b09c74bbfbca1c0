//! Short names for the imports of a module: a smaller download of the same code.
//!
//! wasm-bindgen ends the name of every import with 16 digits of a hash, in the JavaScript and in the module. They are noise that
//! does not compress, and six of them tell the imports of one site apart without the rest of the name.
use std::collections::BTreeMap;
use std::fmt;

const MARK: &str = "__wbg_";
const HASH: usize = 16;
const KEPT: usize = 6;

/// Two names are the same but for the digits that would be left out.
#[derive(Debug)]
pub(crate) struct NameCollision(String);

impl fmt::Display for NameCollision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected one import that is shortened to {}, found two", self.0)
    }
}

impl std::error::Error for NameCollision {}

/// Shortens the names of imports where they stand, and gives the long name of each beside its short one. The JavaScript has to be
/// told: scripts/build hands them to esbuild.
pub(crate) fn shorten<'a>(
    imports: impl Iterator<Item = &'a mut String>,
) -> Result<BTreeMap<String, String>, NameCollision> {
    let mut names = BTreeMap::new();
    let mut taken = BTreeMap::new();
    for import in imports {
        let Some(short) = short_name(import) else { continue };
        let long = std::mem::replace(import, short.clone());
        if taken.insert(short.clone(), long.clone()).is_some_and(|other| other != long) {
            return Err(NameCollision(short));
        }
        names.insert(long, short);
    }
    Ok(names)
}

fn short_name(name: &str) -> Option<String> {
    let (_, hash) = name.strip_prefix(MARK)?.rsplit_once('_')?;
    let hexadecimal = hash.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    (hash.len() == HASH && hexadecimal).then(|| format!("_{}", hash.get(..KEPT).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortened(names: &[&str]) -> (Vec<String>, Result<BTreeMap<String, String>, NameCollision>) {
        let mut imports: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let found = shorten(imports.iter_mut());
        (imports, found)
    }

    #[test]
    fn imports_lose_most_of_their_hashes_and_what_has_none_keeps_its_name() {
        let all = [
            "__wbg_get_0123456789abcdef",
            "__wbg_get_fedcba9876543210",
            "__wbg_recording_new",
            "__wbg_get_0123456789ABCDEF",
            "__wbindgen_init_externref_table",
        ];
        let (imports, names) = shortened(&all);
        assert_eq!(imports, ["_012345", "_fedcba", all[2], all[3], all[4]]);
        let names = names.unwrap();
        assert_eq!(
            names.into_iter().collect::<Vec<_>>(),
            [(all[0].to_owned(), "_012345".to_owned()), (all[1].to_owned(), "_fedcba".to_owned()),]
        );
    }

    #[test]
    fn an_import_that_stands_twice_is_the_same_twice() {
        let (imports, names) = shortened(&["__wbg_get_0123456789abcdef", "__wbg_get_0123456789abcdef"]);
        assert_eq!(imports, ["_012345", "_012345"]);
        assert_eq!(names.unwrap().len(), 1);
    }

    #[test]
    fn names_that_could_be_confused_are_refused() {
        let error = shortened(&["__wbg_get_0123456789abcdef", "__wbg_set_0123450000000000"]).1.unwrap_err();
        assert_eq!(error.to_string(), "expected one import that is shortened to _012345, found two");
    }
}
