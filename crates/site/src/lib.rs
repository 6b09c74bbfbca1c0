//! What a site holds of its families besides their modules: `page/registry.json`, which tells every page what there is to play
//! and how, and `art/`, the pictures that sprites are cut from. The page's own module holds none of it.
#![forbid(unsafe_code)]

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use palaestra_env::Kwargs;
use palaestra_env::catalog::Catalog;

/// Why a site is without what its families need.
#[derive(Debug)]
pub enum SiteError {
    /// A family breaks a rule; see [`Catalog::check`].
    Family(String),
    /// A file cannot be written.
    Io(PathBuf, io::Error),
}

impl fmt::Display for SiteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SiteError::Family(rule) => f.write_str(rule),
            SiteError::Io(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for SiteError {}

/// Writes the registry and the artwork of these families into a folder.
///
/// # Errors
/// [`SiteError`]; nothing is written of families that break a rule.
pub fn write(catalog: Catalog, folder: &Path) -> Result<(), SiteError> {
    catalog.check().map_err(SiteError::Family)?;
    let unwritten = |error| SiteError::Io(folder.to_owned(), io::Error::from(error));
    let mut registry = serde_json::to_value(catalog.registry()).map_err(unwritten)?;
    for entry in registry.as_array_mut().into_iter().flatten() {
        let art = entry["id"].as_str().and_then(|id| art_of(catalog, id));
        art.into_iter().for_each(|art| entry["art"] = art.into());
    }
    let mut registry = serde_json::to_vec(&registry).map_err(unwritten)?;
    registry.push(b'\n');
    put(&folder.join("page/registry.json"), &registry)?;
    let mut artwork = catalog.families().flat_map(|family| family.artwork);
    artwork.try_for_each(|picture| put(&folder.join("art").join(picture.path), picture.bytes))
}

/// The picture that an environment's sprites are cut from, as it is without keyword arguments: pages load it before anybody plays.
fn art_of(catalog: Catalog, id: &str) -> Option<String> {
    let family = catalog.families().find(|family| family.entries.iter().any(|entry| entry.id == id))?;
    let env = family.make_env(id, &Kwargs::new()).ok()?;
    env.spec().atlas.as_ref().map(|atlas| atlas.image.to_string())
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), SiteError> {
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, bytes));
    written.map_err(|error| SiteError::Io(path.to_owned(), error))
}

/// The program: writes into the folder that its one argument names.
pub fn main(catalog: Catalog) -> ExitCode {
    let told = match std::env::args_os().nth(1) {
        Some(folder) => write(catalog, Path::new(&folder)).map_err(|error| error.to_string()),
        None => Err("expected a folder to write into, found none".to_owned()),
    };
    match told {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Standard error may be closed, and then there is nobody to tell.
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_has_the_registry_and_every_picture() {
        let folder = std::env::temp_dir().join(format!("palaestra-site-{}", std::process::id()));
        write(palaestra_envs::CATALOG, &folder).unwrap();
        let registry: serde_json::Value =
            serde_json::from_slice(&fs::read(folder.join("page/registry.json")).unwrap()).unwrap();
        let entries = registry.as_array().unwrap();
        assert_eq!(entries.len(), palaestra_envs::CATALOG.entries().count());
        let slimes = entries.iter().find(|entry| entry["id"] == "slimevb/SlimeVolleyEnv").unwrap();
        assert_eq!(slimes["family"], "slime_volley");
        assert_eq!(slimes["familyTitle"], "Slime volleyball");
        assert_eq!(slimes["keysGoWithSeats"], true);
        assert_eq!(slimes["agentNames"], serde_json::json!(["agent_0", "agent_1"]));
        let pack = entries.iter().find(|entry| entry["id"] == "mpe2/simple_world_comm_v3").unwrap();
        assert_eq!(pack["agentNames"][0], "leadadversary_0");
        assert_eq!(pack["agentsFrom"], serde_json::json!(["num_good", "num_adversaries"]));
        assert_eq!(pack["agentKinds"], serde_json::json!(["agent_", "adversary_"]));
        assert_eq!(slimes["observationSpaces"].as_array().unwrap().len(), 2);
        for entry in entries {
            let manual = &entry["manual"];
            let told = ["actions", "observation", "reward", "start", "ends", "info", "source"]
                .map(|part| manual[part].clone());
            assert!(told.iter().all(|part| *part != "" && *part != serde_json::json!([])), "{}: {manual}", entry["id"]);
        }
        assert_eq!(slimes["appearances"][0], serde_json::json!({"name": "Red slime", "colour": "#c4623f"}));
        let art = |id: &str| entries.iter().find(|entry| entry["id"] == id).map(|entry| entry["art"].clone());
        assert_eq!(art("overcooked_ai/cramped_room"), Some("overcooked.svg".into()));
        assert_eq!(art("CartPole-v1"), Some(serde_json::Value::Null), "it is drawn without");
        for family in palaestra_envs::FAMILIES {
            for picture in family.artwork {
                assert_eq!(fs::read(folder.join("art").join(picture.path)).unwrap(), picture.bytes, "{}", picture.path);
            }
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
