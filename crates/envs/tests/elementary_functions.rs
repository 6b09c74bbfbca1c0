//! No environment asks the host for an elementary function: `clippy.toml` forbids them by name, in every crate, and nothing an
//! environment is made of may except itself from that or take them from another library.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use std::collections::BTreeMap;
use std::fs::{read_dir, read_to_string};
use std::path::{Path, PathBuf};

/// All of `std`'s whose last digit depends on the build. The square root and the roundings are exact everywhere.
const FUNCTIONS: &str = "sin cos tan sin_cos asin acos atan atan2 sinh cosh tanh asinh acosh atanh exp exp2 exp_m1 ln ln_1p log \
                         log2 log10 powf powi cbrt hypot mul_add";
/// Other ways to the same functions.
const OTHER_WAYS: [&str; 6] = ["disallowed_methods", "libm::", "num_traits", "intrinsics::", "js_sys", "extern \"C\""];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The folders of the project's crates, by their packages' names without `palaestra-`.
fn folders() -> BTreeMap<String, PathBuf> {
    let all = ["", "families"].into_iter().flat_map(|folder| read_dir(crates().join(folder)).unwrap());
    let manifests = all.map(|entry| entry.unwrap().path().join("Cargo.toml")).filter(|manifest| manifest.exists());
    let named = manifests.map(|manifest| {
        let text = read_to_string(&manifest).unwrap();
        let name = text.lines().find_map(|line| line.strip_prefix("name = \"palaestra-")).unwrap();
        (name.trim_end_matches('"').to_owned(), manifest.parent().unwrap().to_owned())
    });
    named.collect()
}

/// The project's crates that this one is made of, with their folders, but for the one that has the functions.
fn made_of() -> BTreeMap<String, PathBuf> {
    let folders = folders();
    let (mut found, mut next) = (BTreeMap::new(), vec!["envs".to_owned()]);
    while let Some(name) = next.pop() {
        let folder = &folders[&name];
        let manifest = read_to_string(folder.join("Cargo.toml")).unwrap();
        found.insert(name, folder.clone());
        let dependencies = manifest.split("\n[").find_map(|section| section.strip_prefix("dependencies]"));
        let names = dependencies.unwrap_or_default().lines().filter_map(|line| line.strip_prefix("palaestra-"));
        let names = names.filter_map(|line| line.split(['.', ' ', '=']).next()).filter(|name| *name != "math");
        next.extend(names.filter(|name| !found.contains_key(*name)).map(str::to_owned));
    }
    found
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_elementary_function_is_forbidden_by_name() {
    let rules = read_to_string(crates().join("../clippy.toml")).unwrap();
    for function in FUNCTIONS.split_whitespace() {
        for width in ["f32", "f64"] {
            assert!(
                rules.contains(&format!("path = \"{width}::{function}\"")),
                "clippy.toml allows {width}::{function}"
            );
        }
    }
}

#[test]
fn no_crate_an_environment_is_made_of_goes_another_way() {
    let crates_found = made_of();
    assert!(["env", "minigrid", "scenery"].iter().all(|name| crates_found.contains_key(*name)), "{crates_found:?}");
    let mut files = Vec::new();
    crates_found.values().for_each(|folder| sources(&folder.join("src"), &mut files));
    assert!(files.len() > 100, "{files:?}");
    for file in files {
        let text = read_to_string(&file).unwrap();
        for (number, line) in text.lines().enumerate() {
            let way = OTHER_WAYS.iter().find(|way| line.contains(*way));
            assert!(way.is_none(), "{}:{}: {line}", file.display(), number + 1);
        }
    }
}
