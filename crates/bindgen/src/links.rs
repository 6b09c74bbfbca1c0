//! What a compiled module's functions and constants refer to, as its linker knows it: functions by their places in the table, constants by
//! their addresses. In the code both are numbers like any other.
//!
//! The linker says it where it is told to (`--emit-relocs`); where it was not, nothing is known.
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wasmparser::{
    BinaryReaderError, DataKind, ExternalKind, KnownCustom, Linking, Name, Operator, Parser, Payload, RelocationEntry,
    RelocationType, SymbolInfo, TypeRef,
};

/// In the names of functions that only tell wasm-bindgen of types: it asks them, and they go.
const DESCRIBE: [&str; 2] = ["describe", "breaks_if_inlined"];
/// The digits of a crate's hash.
const HASH: usize = 16;

/// What is referred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    /// A function, by its number in the list of names.
    Function(usize),
    /// A constant, by its number.
    Data(usize),
}

/// A constant, or a variable.
#[derive(Debug)]
pub(crate) struct Datum {
    /// Where it lies in memory.
    pub(crate) range: Range<u32>,
    /// Whether it never changes.
    pub(crate) constant: bool,
    pub(crate) refers: BTreeSet<Target>,
}

/// All that is known.
#[derive(Debug, Default)]
pub(crate) struct Links {
    numbers: BTreeMap<String, usize>,
    /// What the functions of each name refer to.
    functions: Vec<BTreeSet<Target>>,
    pub(crate) data: Vec<Datum>,
}

/// A symbol of the linker's table.
#[derive(Clone, Copy)]
enum Symbol {
    Function(u32),
    Data { segment: u32, offset: u32, size: u32 },
    Other,
}

/// A segment of data: where its bytes stand in the section, and in memory.
struct Segment {
    bytes: Range<usize>,
    start: u32,
    constant: bool,
}

/// What stands in the sections.
#[derive(Default)]
struct Sections<'a> {
    imported: u32,
    code: usize,
    data: usize,
    bodies: Vec<Range<usize>>,
    segments: Vec<Segment>,
    names: BTreeMap<u32, &'a str>,
    exports: Vec<(&'a str, u32)>,
    constant: BTreeSet<u32>,
    symbols: Vec<Symbol>,
    in_code: Vec<RelocationEntry>,
    in_data: Vec<RelocationEntry>,
}

impl Links {
    /// Of a module as the linker wrote it.
    pub(crate) fn of(module: &[u8]) -> Result<Self, BinaryReaderError> {
        let found = Sections::of(module)?;
        let mut links = Self::default();
        if found.symbols.is_empty() {
            return Ok(links);
        }
        let mut functions: BTreeMap<u32, usize> = BTreeMap::new();
        let mut described = BTreeSet::new();
        for (index, name) in &found.names {
            let name = rustc_demangle::demangle(name).to_string();
            let number = links.number(&name);
            if DESCRIBE.iter().any(|word| name.contains(word)) {
                described.insert(number);
            }
            functions.insert(*index, number);
        }
        // wasm-bindgen calls what is exported by the export's name, without the crate's hash.
        for (name, index) in &found.exports {
            if let (Some(number), Some((own, hash))) = (functions.get(index), name.rsplit_once('_'))
                && hash.len() == HASH
                && hash.bytes().all(|digit| digit.is_ascii_hexdigit())
            {
                links.numbers.entry(own.to_owned()).or_insert(*number);
            }
        }
        // Symbols at the same place are one constant, those of no size are none.
        let mut known: BTreeMap<(u32, u32), usize> = BTreeMap::new();
        let mut data: BTreeMap<usize, usize> = BTreeMap::new();
        for (number, symbol) in found.symbols.iter().enumerate() {
            let Symbol::Data { segment, offset, size } = *symbol else { continue };
            let Some(of) = found.segments.get(segment as usize) else { continue };
            let start = of.start + offset;
            let datum = *known.entry((start, size)).or_insert_with(|| {
                let constant = of.constant && size > 0;
                links.data.push(Datum { range: start..start + size, constant, refers: BTreeSet::new() });
                links.data.len() - 1
            });
            data.insert(number, datum);
        }
        let target = |entry: &RelocationEntry| match (entry.ty, found.symbols.get(entry.index as usize)?) {
            (RelocationType::TableIndexSleb | RelocationType::TableIndexI32, Symbol::Function(index)) => {
                functions.get(index).copied().map(Target::Function)
            }
            (
                RelocationType::MemoryAddrLeb | RelocationType::MemoryAddrSleb | RelocationType::MemoryAddrI32,
                Symbol::Data { .. },
            ) => data.get(&(entry.index as usize)).copied().map(Target::Data),
            _ => None,
        };
        for entry in &found.in_code {
            let at = found.code + entry.offset as usize;
            let body = found.bodies.partition_point(|body| body.end <= at);
            let function = functions.get(&(found.imported + body as u32));
            if let (Some(target), Some(function)) = (target(entry), function) {
                links.functions[*function].insert(target);
            }
        }
        for entry in &found.in_data {
            let at = found.data + entry.offset as usize;
            let Some(target) = target(entry) else { continue };
            let Some(segment) = found.segments.iter().find(|segment| segment.bytes.contains(&at)) else { continue };
            let place = segment.start + (at - segment.bytes.start) as u32;
            // Constants may lie within one another.
            for datum in &mut links.data {
                if datum.range.contains(&place) {
                    datum.refers.insert(target);
                }
            }
        }
        described.iter().for_each(|number| links.functions[*number].clear());
        Ok(links)
    }

    fn number(&mut self, name: &str) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        self.functions.push(BTreeSet::new());
        self.numbers.insert(name.to_owned(), self.functions.len() - 1);
        self.functions.len() - 1
    }

    /// The number of a function's name.
    pub(crate) fn function(&self, name: &str) -> Option<usize> {
        // Of several of one name wasm-bindgen numbers all but the first: `name[1]`.
        let plain = || {
            name.strip_suffix(']')?.rsplit_once('[').filter(|(_, number)| number.bytes().all(|b| b.is_ascii_digit()))
        };
        self.numbers.get(name).or_else(|| self.numbers.get(plain()?.0)).copied()
    }

    /// How many names there are.
    pub(crate) fn functions(&self) -> usize {
        self.functions.len()
    }

    /// What functions of a name refer to.
    pub(crate) fn refers(&self, function: usize) -> &BTreeSet<Target> {
        &self.functions[function]
    }
}

impl<'a> Sections<'a> {
    fn of(module: &'a [u8]) -> Result<Self, BinaryReaderError> {
        let mut found = Self::default();
        let (mut sections, mut code, mut data) = (0, None, None);
        let mut relocations = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            let payload = payload?;
            let is_section = payload.as_section().is_some();
            match &payload {
                Payload::CodeSectionStart { range, .. } => (found.code, code) = (range.start, Some(sections)),
                Payload::DataSection(reader) => (found.data, data) = (reader.range().start, Some(sections)),
                _ => {}
            }
            match payload {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        found.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        if export.kind == ExternalKind::Func {
                            found.exports.push((export.name, export.index));
                        }
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    found.bodies.push(body.range());
                }
                Payload::DataSection(segments) => {
                    for segment in segments {
                        let segment = segment?;
                        let bytes = segment.range.end - segment.data.len()..segment.range.end;
                        let start = match segment.kind {
                            DataKind::Active { offset_expr, .. } => match offset_expr.get_operators_reader().read()? {
                                Operator::I32Const { value } => value as u32,
                                _ => 0,
                            },
                            DataKind::Passive => 0,
                        };
                        found.segments.push(Segment { bytes, start, constant: false });
                    }
                }
                Payload::CustomSection(custom) => match custom.as_known() {
                    KnownCustom::Name(names) => {
                        for name in names {
                            found.named(name?)?;
                        }
                    }
                    KnownCustom::Linking(linking) => {
                        for part in linking.subsections() {
                            if let Linking::SymbolTable(symbols) = part? {
                                found.symbols = symbols
                                    .into_iter()
                                    .map(|symbol| symbol.map(symbol_of))
                                    .collect::<Result<_, _>>()?;
                            }
                        }
                    }
                    KnownCustom::Reloc(of) => {
                        relocations
                            .push((of.section_index(), of.entries().into_iter().collect::<Result<Vec<_>, _>>()?));
                    }
                    _ => {}
                },
                _ => {}
            }
            sections += u32::from(is_section);
        }
        for (section, entries) in relocations {
            if Some(section) == code {
                found.in_code = entries;
            } else if Some(section) == data {
                found.in_data = entries;
            }
        }
        let constant = std::mem::take(&mut found.constant);
        for (number, segment) in (0..).zip(&mut found.segments) {
            segment.constant = constant.contains(&number);
        }
        Ok(found)
    }

    fn named(&mut self, name: Name<'a>) -> Result<(), BinaryReaderError> {
        match name {
            Name::Function(names) => {
                for name in names {
                    let name = name?;
                    self.names.insert(name.index, name.name);
                }
            }
            Name::Data(names) => {
                for name in names {
                    let name = name?;
                    if name.name.starts_with(".rodata") {
                        self.constant.insert(name.index);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn symbol_of(symbol: SymbolInfo<'_>) -> Symbol {
    match symbol {
        SymbolInfo::Func { index, .. } => Symbol::Function(index),
        SymbolInfo::Data { symbol: Some(of), .. } => {
            Symbol::Data { segment: of.index, offset: of.offset, size: of.size }
        }
        _ => Symbol::Other,
    }
}

#[cfg(test)]
#[path = "links_tests.rs"]
mod tests;
