//! A smaller download of the same module: what only a reader of the generated JavaScript has a use for is left out.
//!
//! wasm-bindgen ends the name of every import of a module with 16 digits of a hash, in the JavaScript and in the module. They
//! are noise that does not compress, and six of them tell the imports of one program apart without the rest of the name.
//! Comments and indentation go, too.
use std::collections::BTreeMap;
use std::path::Path;
use std::{fmt, fs, io};

const MARK: &str = "__wbg_";
const HASH: usize = 16;
const KEPT: usize = 6;

/// Why a module was not made smaller.
#[derive(Debug)]
pub(crate) enum ShortenError {
    File(io::Error),
    /// Two names are the same but for the digits that would be left out.
    Alike(String),
    /// The module is not what it should be.
    Module(&'static str),
}

impl fmt::Display for ShortenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => write!(f, "{error}"),
            Self::Alike(name) => write!(f, "expected one import that is shortened to {name}, found two"),
            Self::Module(expected) => write!(f, "expected {expected} in the WebAssembly, found something else"),
        }
    }
}

impl std::error::Error for ShortenError {}

impl From<io::Error> for ShortenError {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

/// Makes the two files of a module smaller.
pub(crate) fn shorten_files(script: &Path, module: &Path) -> Result<(), ShortenError> {
    let text = fs::read_to_string(script)?;
    let names = short_names(&text)?;
    fs::write(module, shorten_module(&fs::read(module)?, &names)?)?;
    Ok(fs::write(script, shorten_script(&text, &names))?)
}

/// The imports that the script names, and what they are to be called.
fn short_names(script: &str) -> Result<BTreeMap<&str, String>, ShortenError> {
    let mut names = BTreeMap::new();
    let mut taken = BTreeMap::new();
    for (start, _) in script.match_indices(MARK) {
        let rest = script.get(start..).unwrap_or_default();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or_default();
        let Some((_, hash)) = name.rsplit_once('_') else { continue };
        if hash.len() != HASH || !hash.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
            continue;
        }
        let short = format!("_{}", hash.get(..KEPT).unwrap_or_default());
        if taken.insert(short.clone(), name).is_some_and(|other| other != name) {
            return Err(ShortenError::Alike(short));
        }
        names.insert(name, short);
    }
    Ok(names)
}

/// The script with short names, and without comments that fill a line, empty lines and indentation.
fn shorten_script(script: &str, names: &BTreeMap<&str, String>) -> String {
    let comment = |line: &&str| line.starts_with("/**") || line.starts_with('*') || line.starts_with("//");
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !comment(line));
    let mut text = lines.flat_map(|line| [line, "\n"]).collect::<String>();
    for (name, short) in names {
        text = text.replace(name, short);
    }
    text
}

/// The module with the fields of its imports under their short names; every other byte is as it was.
fn shorten_module(module: &[u8], names: &BTreeMap<&str, String>) -> Result<Vec<u8>, ShortenError> {
    const IMPORTS: u8 = 2;
    let mut reader = Reader(module);
    let mut out = reader.take(8)?.to_vec();
    while let Some((&id, rest)) = reader.0.split_first() {
        reader.0 = rest;
        let content = reader.bytes()?;
        let content = if id == IMPORTS { shorten_imports(content, names)? } else { content.to_vec() };
        out.push(id);
        put_bytes(&mut out, &content);
    }
    Ok(out)
}

fn shorten_imports(imports: &[u8], names: &BTreeMap<&str, String>) -> Result<Vec<u8>, ShortenError> {
    let mut reader = Reader(imports);
    let mut out = Vec::with_capacity(imports.len());
    let count = reader.number()?;
    put_number(&mut out, count);
    for _ in 0..count {
        put_bytes(&mut out, reader.bytes()?);
        let field = reader.bytes()?;
        let short = std::str::from_utf8(field).ok().and_then(|name| names.get(name));
        put_bytes(&mut out, short.map_or(field, |short| short.as_bytes()));
        let start = reader.0;
        reader.pass_description()?;
        out.extend_from_slice(start.get(..start.len() - reader.0.len()).unwrap_or_default());
    }
    if reader.0.is_empty() { Ok(out) } else { Err(ShortenError::Module("the end of the imports")) }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], ShortenError> {
        let (head, rest) = self.0.split_at_checked(len).ok_or(ShortenError::Module("more bytes"))?;
        self.0 = rest;
        Ok(head)
    }

    fn byte(&mut self) -> Result<u8, ShortenError> {
        Ok(self.take(1)?.first().copied().unwrap_or_default())
    }

    /// LEB128, as all of WebAssembly's numbers.
    fn number(&mut self) -> Result<u64, ShortenError> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(ShortenError::Module("a number of at most 64 bits"))
    }

    fn bytes(&mut self) -> Result<&'a [u8], ShortenError> {
        let len = self.number()?;
        self.take(usize::try_from(len).map_err(|_| ShortenError::Module("a length"))?)
    }

    fn pass_description(&mut self) -> Result<(), ShortenError> {
        const WITH_A_MOST: u64 = 1;
        match self.byte()? {
            // A function's type.
            0 => drop(self.number()?),
            // A table's or a memory's limits, a table's behind its type.
            kind @ (1 | 2) => {
                if kind == 1 {
                    self.byte()?;
                }
                let limits = self.number()?;
                self.number()?;
                if limits & WITH_A_MOST != 0 {
                    self.number()?;
                }
            }
            // A global's type and whether it changes.
            3 => drop(self.take(2)?),
            // A tag's attribute and type.
            4 => {
                self.byte()?;
                self.number()?;
            }
            _ => return Err(ShortenError::Module("a known kind of import")),
        }
        Ok(())
    }
}

fn put_number(out: &mut Vec<u8>, number: u64) {
    let mut rest = number;
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_number(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "/**\n * Text.\n */\nconst imports = {\n    __wbg_get_0123456789abcdef: 1, // kept\n    \
                          __wbg_get_fedcba9876543210: 2,\n    __wbg_recording_new: 3,\n};\n\n// more\n";

    #[test]
    fn a_script_keeps_its_code_and_loses_comments_indentation_and_most_of_the_hashes() {
        let names = short_names(SCRIPT).unwrap();
        let short = shorten_script(SCRIPT, &names);
        assert_eq!(short, "const imports = {\n_012345: 1, // kept\n_fedcba: 2,\n__wbg_recording_new: 3,\n};\n");
    }

    #[test]
    fn names_that_could_be_confused_are_refused() {
        let error = short_names("__wbg_get_0123456789abcdef __wbg_set_0123450000000000").unwrap_err();
        assert_eq!(error.to_string(), "expected one import that is shortened to _012345, found two");
    }

    /// `imports` behind a section that is no one's business and before another.
    fn module(imports: &[u8]) -> Vec<u8> {
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        for (id, content) in [(0, &b"\x01xyz"[..]), (2, imports), (10, &[1, 2, 0, 11])] {
            module.push(id);
            put_bytes(&mut module, content);
        }
        module
    }

    fn imports(fields: [&str; 5]) -> Vec<u8> {
        let descriptions: [&[u8]; 5] =
            [&[0, 0x80, 1], &[1, 0x6f, 0, 3], &[2, 1, 0x80, 1, 9], &[3, 0x7f, 1], &[4, 0, 2]];
        let mut out = vec![5];
        for (field, description) in fields.iter().zip(descriptions) {
            put_bytes(&mut out, b"./x.js");
            put_bytes(&mut out, field.as_bytes());
            out.extend_from_slice(description);
        }
        out
    }

    #[test]
    fn a_module_imports_the_same_under_short_names_and_is_otherwise_the_same() {
        let names = short_names(SCRIPT).unwrap();
        let long =
            imports(["__wbg_get_0123456789abcdef", "a", "__wbg_recording_new", "__wbg_get_fedcba9876543210", "b"]);
        let short = imports(["_012345", "a", "__wbg_recording_new", "_fedcba", "b"]);
        assert_eq!(shorten_module(&module(&long), &names).unwrap(), module(&short));
    }

    #[test]
    fn a_module_that_is_cut_short_is_refused() {
        let whole = module(&imports(["a", "b", "c", "d", "e"]));
        for len in [0, 7, 9, 20, whole.len() - 1] {
            assert!(shorten_module(&whole[..len], &BTreeMap::new()).is_err(), "{len}");
        }
    }
}
