//! Turns a compiled module into the JavaScript and WebAssembly that a page loads.
//!
//! `palaestra-bindgen MODULE.wasm OUT_DIR NAME NAMES.json` writes `NAME.js` and `NAME_bg.wasm` to `OUT_DIR`, as
//! `wasm-bindgen --target web` does, but for the names of what `NAME_bg.wasm` imports and exports: these are short, and `NAMES.json` has
//! the short name of each as a value beside its long one, which the JavaScript still has. What is in that file already is
//! kept. With `PART=PATH,PATH;ENTRANCE,ENTRANCE` behind these, a part is split off into `NAME_PART.wasm`: the functions whose paths begin
//! so, which the rest may call by its entrances only; see `split.rs`. Linking the library instead of installing the command keeps its version in the one lock file and its build to a
//! fraction of the time.
#![forbid(unsafe_code)]

mod entrances;
mod found;
mod graph;
mod links;
mod names;
mod needs;
mod order;
mod part;
mod refers;
mod split;

use std::path::Path;
use std::process::ExitCode;
use std::{fmt, fs};

use wasm_bindgen_cli_support::Bindgen;

use crate::links::Links;
use crate::names::Names;
use crate::order::ordered;
use crate::part::Part;
use crate::split::split;

/// Why no output was written.
#[derive(Debug)]
enum BindgenError {
    Usage { got: usize },
    Part { got: String },
    Generate { module: String, cause: String },
}

impl fmt::Display for BindgenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage { got } => {
                write!(f, "expected MODULE.wasm, OUT_DIR, NAME, NAMES.json and perhaps parts, but {got} arguments came")
            }
            Self::Part { got } => write!(f, "expected PART=PATH,PATH;ENTRANCE,ENTRANCE, but {got} came"),
            Self::Generate { module, cause } => write!(f, "{module}: {cause}"),
        }
    }
}

impl std::error::Error for BindgenError {}

fn generate(module: &str, out_dir: &str, name: &str, names_file: &str, parts: &[Part]) -> Result<(), BindgenError> {
    let failed = |cause: String| BindgenError::Generate { module: module.to_owned(), cause };
    let mut names = match fs::read_to_string(names_file) {
        Ok(text) => Names::from_text(&text).map_err(|error| failed(format!("{names_file}: {error}")))?,
        Err(_) => Names::default(),
    };
    let mut bindgen = Bindgen::new();
    let mut output = bindgen
        .input_path(Path::new(module))
        .out_name(name)
        .web(true)
        .map_err(|error| failed(format!("{error:#}")))?
        // The package's types are written by hand, for the one entry point a researcher imports.
        .typescript(false)
        // Function names are a quarter of the download; a panic says its file and line by itself.
        // Parts are found by them.
        .remove_name_section(parts.is_empty())
        .remove_producers_section(true)
        .generate_output()
        .map_err(|error| failed(format!("{error:#}")))?;
    // Here the module is still in the hands of wasm-bindgen (as walrus has it): nothing has to be read or written again.
    let wasm = output.wasm_mut();
    // For linkers, of which none comes after.
    for name in ["target_features", "linking", "reloc.CODE", "reloc.DATA"] {
        wasm.customs.remove_raw(name);
    }
    names.shorten(wasm.imports.iter_mut().map(|import| &mut import.name));
    names.shorten(wasm.exports.iter_mut().map(|export| &mut export.name));
    output.emit(out_dir).map_err(|error| failed(format!("{error:#}")))?;
    if !parts.is_empty() {
        let file = |name: String| Path::new(out_dir).join(name);
        let whole = file(format!("{name}_bg.wasm"));
        let written = |result: std::io::Result<()>| result.map_err(|error| failed(format!("{out_dir}: {error}")));
        let bytes = fs::read(&whole).map_err(|error| failed(format!("{}: {error}", whole.display())))?;
        let linked = fs::read(module).map_err(|error| failed(error.to_string()))?;
        let links = Links::of(&linked).map_err(|error| failed(error.to_string()))?;
        let (rest, own) = split(&bytes, parts, &links).map_err(|error| failed(error.to_string()))?;
        let own = parts.iter().map(|part| file(format!("{name}_{}.wasm", part.name))).zip(own);
        for (file, bytes) in std::iter::once((whole, rest)).chain(own) {
            written(fs::write(file, ordered(&bytes).map_err(failed)?))?;
        }
    }
    let text = names.to_text().map_err(|error| failed(error.to_string()))?;
    fs::write(names_file, text).map_err(|error| failed(format!("{names_file}: {error}")))
}

fn run() -> Result<(), BindgenError> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [module, out_dir, name, names, parts @ ..] => {
            let part = |text: &String| Part::from_text(text).ok_or_else(|| BindgenError::Part { got: text.clone() });
            let parts = parts.iter().map(part).collect::<Result<Vec<Part>, BindgenError>>()?;
            generate(module, out_dir, name, names, &parts)
        }
        other => Err(BindgenError::Usage { got: other.len() }),
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("palaestra-bindgen: {error}");
            ExitCode::FAILURE
        }
    }
}
