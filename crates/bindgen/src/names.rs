//! Short names for what a module imports from its JavaScript and exports to it: a smaller download of the same code.
//!
//! wasm-bindgen ends most of these names with the digits of a hash, in the JavaScript and in the module. They are noise that
//! does not compress. Here each becomes a letter or two, in the order in which they come. The names are those of a whole site: modules
//! that share a file of JavaScript have to call a thing by the same name.
use std::collections::{BTreeMap, BTreeSet};

/// Of an import, before its name and its hash.
const IMPORT: &str = "__wbg_";
const HASH: usize = 16;
/// Imports of one kind that are numbered, and the functions by which closures are called: nothing but JavaScript names either.
const NUMBERED: [&str; 2] = ["__wbindgen_generic_", "wasm_bindgen__convert__closures_"];
/// Exports that are the methods of classes: JavaScript calls them by the names of the classes.
const METHODS: [&str; 6] =
    ["envhandle_", "gamehandle_", "painterhandle_", "recordhandle_", "rollouthandle_", "recordfile_"];

/// The short names given so far, each as a value beside its long one.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeMap<String, String>);

impl Names {
    /// Goes on with the names that were given to other modules.
    pub(crate) fn from_text(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text).map(Self)
    }

    /// The names as [`from_text`](Self::from_text) takes them.
    pub(crate) fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&self.0)
    }

    /// Shortens the names that are noise, where they stand. A short name is never one that another of these has.
    pub(crate) fn shorten<'a>(&mut self, names: impl Iterator<Item = &'a mut String>) {
        let names: Vec<&mut String> = names.collect();
        let kept: BTreeSet<String> = names.iter().filter(|name| !is_noise(name)).map(|name| (**name).clone()).collect();
        for name in names.into_iter().filter(|name| is_noise(name)) {
            let short = match self.0.get(name.as_str()) {
                Some(short) => short.clone(),
                None => {
                    let taken: BTreeSet<&String> = self.0.values().chain(&kept).collect();
                    let free = (self.0.len()..).map(letters).find(|short| !taken.contains(short));
                    free.unwrap_or_else(|| name.clone())
                }
            };
            self.0.insert(std::mem::replace(name, short.clone()), short);
        }
    }
}

/// Whether nobody needs a name as it is.
fn is_noise(name: &str) -> bool {
    if NUMBERED.iter().chain(&METHODS).any(|start| name.starts_with(start)) {
        return true;
    }
    let Some((own, hash)) = name.strip_prefix(IMPORT).and_then(|rest| rest.rsplit_once('_')) else { return false };
    // What lets go of an object of such a class.
    if hash == "free" {
        return METHODS.iter().any(|start| start.strip_suffix('_') == Some(own));
    }
    hash.len() == HASH && hash.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// A number in letters: a, b, …, z, A, …, Z, aa, ….
fn letters(mut number: usize) -> String {
    const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut text = String::new();
    loop {
        text.insert(0, char::from(LETTERS[number % LETTERS.len()]));
        number /= LETTERS.len();
        if number == 0 {
            return text;
        }
        number -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortened(names: &mut Names, long: &[&str]) -> Vec<String> {
        let mut all: Vec<String> = long.iter().map(|name| (*name).to_owned()).collect();
        names.shorten(all.iter_mut());
        all
    }

    #[test]
    fn what_ends_with_a_hash_or_is_numbered_becomes_letters_and_the_rest_keeps_its_name() {
        let all = [
            "__wbg_get_0123456789abcdef",
            "__wbg_get_fedcba9876543210",
            "__wbg_recording_new",
            "__wbg_get_0123456789ABCDEF",
            "__wbindgen_init_externref_table",
            "__wbindgen_generic_0000000000000001",
            "wasm_bindgen__convert__closures_____invoke__h32d9ddf58366e293_4",
            "gamehandle_state",
            "__wbg_gamehandle_free",
            "__wbg_other_free",
        ];
        let mut names = Names::default();
        assert_eq!(shortened(&mut names, &all), ["a", "b", all[2], all[3], all[4], "c", "d", "e", "f", all[9]]);
        let text = names.to_text().unwrap();
        assert_eq!(Names::from_text(&text).unwrap().0, names.0);
        assert_eq!(names.0.get(all[1]), Some(&"b".to_owned()));
    }

    #[test]
    fn a_name_is_the_same_in_every_module_and_two_names_never_become_one() {
        let mut names = Names::default();
        let get = "__wbg_get_0123456789abcdef";
        assert_eq!(shortened(&mut names, &[get, get]), ["a", "a"]);
        assert_eq!(shortened(&mut names, &["__wbg_set_0123456789abcdef", get]), ["b", "a"]);
        // One of the module's own names is in the way.
        assert_eq!(shortened(&mut names, &["c", "__wbg_has_0123456789abcdef"]), ["c", "d"]);
    }

    #[test]
    fn there_are_as_many_names_as_are_needed() {
        let all: BTreeSet<String> = (0..5000).map(letters).collect();
        assert_eq!(all.len(), 5000);
        assert_eq!([letters(0), letters(51), letters(52), letters(52 + 52 * 52)], ["a", "Z", "aa", "aaa"]);
    }
}
