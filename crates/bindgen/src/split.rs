//! Splits a module: what only some pages need goes to a module of its own, a *part*, which is loaded when it is needed.
//!
//! A part has no memory and no table: it takes those of its module, with all functions of it that it calls, and puts its own into the
//! module's table. The module calls them through that table. So the two are one program, whose addresses and data are those of the
//! whole; nothing in the sources says which function is where. A call of a function whose part has not been loaded is a trap, as any call
//! of an empty place of a table. So a part says by which of its functions it is entered, and whoever writes the page sees to it that each is
//! called only when the part is there: see `entrances.rs`.
use std::collections::{HashMap, HashSet};
use std::fmt;

use walrus::ir::Visitor;
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind, GlobalId, GlobalKind,
    ImportKind, ImportedFunction, LocalFunction, MemoryId, Module, ModuleConfig, TableId,
};

use crate::entrances::Entrances;

/// What a part calls its module by.
const MODULE: &str = "p";

/// A part to be split off: the functions whose paths begin with one of `paths`, and all that only these lead to.
#[derive(Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) name: String,
    paths: Vec<String>,
    entrances: Entrances,
}

impl Part {
    /// From `NAME=PATH,PATH;ENTRANCE,ENTRANCE`.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let (name, rest) = text.split_once('=')?;
        let (paths, entrances) = rest.split_once(';')?;
        let list = |text: &str| -> Vec<String> { text.split(',').map(str::to_owned).collect() };
        let (paths, entrances) = (list(paths), list(entrances));
        let plain = !name.is_empty() && paths.iter().chain(&entrances).all(|path| !path.is_empty());
        plain.then(|| Self { name: name.to_owned(), paths, entrances: Entrances::new(entrances) })
    }

    /// Whether a function's name has a path of the part in it.
    fn mentions(&self, name: &str) -> bool {
        self.paths.iter().any(|own| name.contains(own.as_str()))
    }

    /// That nothing but its entrances is called by the rest, or by JavaScript.
    fn check(
        &self,
        module: &Module,
        calls: &HashMap<FunctionId, Needs>,
        stays: &HashSet<FunctionId>,
        own: &HashSet<FunctionId>,
    ) -> Result<(), SplitError> {
        let name_of = |id: &FunctionId| module.funcs.get(*id).name.as_deref().unwrap_or("a function without a name");
        let mut found: Vec<String> = Vec::new();
        for caller in stays {
            let called = calls.get(caller).into_iter().flat_map(|needs| &needs.functions).filter(|id| own.contains(id));
            let strange = called.filter(|id| !self.entrances.have(name_of(id)));
            found.extend(strange.map(|id| format!("`{}` (called by `{}`)", name_of(id), name_of(caller))));
        }
        for export in module.exports.iter() {
            let ExportItem::Function(id) = export.item else { continue };
            if own.contains(&id) && !self.entrances.have(name_of(&id)) {
                found.push(format!("`{}` (exported)", name_of(&id)));
            }
        }
        found.sort();
        if found.is_empty() {
            return Ok(());
        }
        Err(SplitError::Entered { part: self.name.clone(), found, expected: self.entrances.to_string() })
    }

    fn has(&self, name: &str) -> bool {
        // A trait's function of a type: `<path::Type as Trait>::function`.
        let path = name.trim_start_matches('<');
        self.paths.iter().any(|own| path.starts_with(own.as_str()))
    }
}

/// How the functions are called by which boxed closures are called: each is one closure's, but its name does not say whose. It is a part's
/// where it calls one of the part's functions, or drops what is the part's.
const CLOSURE: &str = "core::ops::function::FnOnce::call_once{{vtable.shim}}";

/// Why a module was not split.
#[derive(Debug)]
pub(crate) enum SplitError {
    Module(String),
    Empty(String),
    Table(String),
    Entered { part: String, found: Vec<String>, expected: String },
}

impl fmt::Display for SplitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Module(cause) => write!(f, "expected a module, found {cause}"),
            Self::Empty(part) => write!(f, "{part}: expected functions of these paths, found none"),
            Self::Table(part) => write!(f, "{part}: expected one table of functions, with its size, found another"),
            Self::Entered { part, found, expected } => write!(
                f,
                "{part}: expected a part that is entered by {expected} only, found {}: where the part has not been loaded, each of these is \
                 a trap. Name it among the entrances of the part if it is called only when the part is there, and keep what it was \
                 inlined from a function of its own (#[inline(never)]) if it is not",
                found.join(", ")
            ),
        }
    }
}

/// A module without its parts, and each of these, in their order. Where a path of a part leads to nothing, that is an error.
pub(crate) fn split(module: &[u8], parts: &[Part]) -> Result<(Vec<u8>, Vec<Vec<u8>>), SplitError> {
    let mut whole = module.to_vec();
    let mut split = Vec::new();
    for part in parts {
        let (rest, own) = split_off(&whole, part)?;
        whole = rest;
        split.push(own);
    }
    Ok((parsed(&whole, false)?.emit_wasm(), split))
}

/// With the functions' names, or to be written without.
fn parsed(bytes: &[u8], names: bool) -> Result<Module, SplitError> {
    let module = ModuleConfig::new().generate_name_section(names).generate_producers_section(false).parse(bytes);
    module.map_err(|error| SplitError::Module(format!("{error:#}")))
}

/// The module, which still has names, and the part.
fn split_off(bytes: &[u8], part: &Part) -> Result<(Vec<u8>, Vec<u8>), SplitError> {
    // Read twice, of the same bytes: an id is of one of them, but what is found in both stands in the same order.
    let (mut rest, mut own) = (parsed(bytes, true)?, parsed(bytes, false)?);
    let found = Found::of(&rest, part)?;
    call_through(&mut rest, &found);
    let names = export(&mut rest, &found);
    walrus::passes::gc::run(&mut rest);
    let found = Found::of(&own, part)?;
    keep_only(&mut own, &found, &names);
    walrus::passes::gc::run(&mut own);
    Ok((rest.emit_wasm(), own.emit_wasm()))
}

/// The table of functions: the one that elements are put into. There is another, of JavaScript's values.
fn table_of(module: &Module) -> Option<TableId> {
    let mut tables = module.elements.iter().filter_map(|element| match element.kind {
        ElementKind::Active { table, .. } => Some(table),
        ElementKind::Passive | ElementKind::Declared => None,
    });
    let table = tables.next()?;
    let fixed = module.tables.get(table).maximum == Some(module.tables.get(table).initial);
    (fixed && tables.all(|other| other == table)).then_some(table)
}

/// What a function refers to.
#[derive(Default)]
struct Needs {
    functions: HashSet<FunctionId>,
    globals: HashSet<GlobalId>,
    memories: HashSet<MemoryId>,
    tables: HashSet<TableId>,
}

impl<'instr> Visitor<'instr> for Needs {
    fn visit_function_id(&mut self, function: &FunctionId) {
        self.functions.insert(*function);
    }
    fn visit_global_id(&mut self, global: &GlobalId) {
        self.globals.insert(*global);
    }
    fn visit_memory_id(&mut self, memory: &MemoryId) {
        self.memories.insert(*memory);
    }
    fn visit_table_id(&mut self, table: &TableId) {
        self.tables.insert(*table);
    }
}

fn needs_of(function: &LocalFunction) -> Needs {
    let mut needs = Needs::default();
    walrus::ir::dfs_in_order(&mut needs, function, function.entry_block());
    needs
}

/// What belongs to a part, in order.
struct Found {
    /// Those of its functions that the rest calls.
    entrances: Vec<FunctionId>,
    /// What it needs of the rest.
    functions: Vec<FunctionId>,
    globals: Vec<GlobalId>,
    memories: Vec<MemoryId>,
    /// That of functions, which it puts its own into, is among them.
    tables: Vec<TableId>,
    table: TableId,
    /// Where the entrances stand in the table.
    first: i32,
}

impl Found {
    fn of(module: &Module, part: &Part) -> Result<Self, SplitError> {
        let no_table = || SplitError::Table(part.name.clone());
        let table = table_of(module).ok_or_else(no_table)?;
        let first = i32::try_from(module.tables.get(table).initial).map_err(|_| no_table())?;
        let mut calls: HashMap<FunctionId, Needs> = HashMap::new();
        let mut named = HashSet::new();
        let name_of = |id: &FunctionId| module.funcs.get(*id).name.as_deref().unwrap_or_default();
        for (id, function) in module.funcs.iter_local() {
            let needs = needs_of(function);
            let closure = name_of(&id).starts_with(CLOSURE);
            if part.has(name_of(&id)) || closure && needs.functions.iter().any(|called| part.mentions(name_of(called)))
            {
                named.insert(id);
            }
            calls.insert(id, needs);
        }
        let outside = roots_of(module);
        // Whatever is reached without the functions that are named stays.
        let mut stays: HashSet<FunctionId> = outside.difference(&named).copied().collect();
        let mut ahead: Vec<FunctionId> = stays.iter().copied().collect();
        while let Some(id) = ahead.pop() {
            let called = calls.get(&id).into_iter().flat_map(|needs| &needs.functions);
            ahead.extend(called.filter(|called| !named.contains(called) && stays.insert(**called)));
        }
        let own: HashSet<FunctionId> = calls.keys().filter(|id| !stays.contains(id)).copied().collect();
        part.check(module, &calls, &stays, &own)?;
        let called = stays.iter().filter_map(|id| calls.get(id)).flat_map(|needs| &needs.functions);
        let entrances: HashSet<FunctionId> = called.chain(&outside).filter(|id| own.contains(id)).copied().collect();
        if entrances.is_empty() {
            return Err(SplitError::Empty(part.name.clone()));
        }
        let mut all = Needs::default();
        for needs in own.iter().filter_map(|id| calls.get(id)) {
            all.functions.extend(needs.functions.iter().filter(|id| !own.contains(id)));
            all.globals.extend(&needs.globals);
            all.memories.extend(&needs.memories);
            all.tables.extend(&needs.tables);
        }
        all.tables.insert(table);
        Ok(Self {
            entrances: sorted(&entrances),
            functions: sorted(&all.functions),
            globals: sorted(&all.globals),
            memories: sorted(&all.memories),
            tables: sorted(&all.tables),
            table,
            first,
        })
    }
}

fn sorted<T: Copy + Ord>(ids: &HashSet<T>) -> Vec<T> {
    let mut ids: Vec<T> = ids.iter().copied().collect();
    ids.sort();
    ids
}

/// What is called from outside, or through the table.
fn roots_of(module: &Module) -> HashSet<FunctionId> {
    let exported = module.exports.iter().filter_map(|export| match export.item {
        ExportItem::Function(function) => Some(function),
        _ => None,
    });
    let placed = module.elements.iter().flat_map(|element| match &element.items {
        ElementItems::Functions(functions) => functions.clone(),
        ElementItems::Expressions(_, items) => items
            .iter()
            .filter_map(|item| match item {
                ConstExpr::RefFunc(function) => Some(*function),
                _ => None,
            })
            .collect(),
    });
    exported.chain(placed).chain(module.start).collect()
}

/// Makes each entrance a call of what stands in the table.
fn call_through(module: &mut Module, Found { entrances, table, first, .. }: &Found) {
    for (place, id) in (*first..).zip(entrances) {
        let ty = module.funcs.get(*id).ty();
        let (params, results) = {
            let ty = module.types.get(ty);
            (ty.params().to_vec(), ty.results().to_vec())
        };
        let args: Vec<_> = params.iter().map(|param| module.locals.add(*param)).collect();
        let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
        let mut body = builder.func_body();
        for arg in &args {
            body.local_get(*arg);
        }
        body.i32_const(place).call_indirect(ty, *table);
        let function = module.funcs.get_mut(*id);
        // No part's any more: another may have the same path.
        function.name = None;
        function.kind = FunctionKind::Local(builder.local_func(args));
    }
    let table = module.tables.get_mut(*table);
    table.initial += entrances.len() as u64;
    table.maximum = Some(table.initial);
}

/// By what names a part's needs are exported, in their order.
struct ExportNames {
    functions: Vec<String>,
    globals: Vec<String>,
    memories: Vec<String>,
    tables: Vec<String>,
}

/// Has the module give what a part needs.
fn export(module: &mut Module, found: &Found) -> ExportNames {
    ExportNames {
        functions: found.functions.iter().map(|id| name_of(module, ExportItem::Function(*id))).collect(),
        globals: found.globals.iter().map(|id| name_of(module, ExportItem::Global(*id))).collect(),
        memories: found.memories.iter().map(|id| name_of(module, ExportItem::Memory(*id))).collect(),
        tables: found.tables.iter().map(|id| name_of(module, ExportItem::Table(*id))).collect(),
    }
}

/// The name by which a thing is exported: one that it has, or a number.
fn name_of(module: &mut Module, item: ExportItem) -> String {
    let same = |other: ExportItem| match (item, other) {
        (ExportItem::Function(one), ExportItem::Function(other)) => one == other,
        (ExportItem::Global(one), ExportItem::Global(other)) => one == other,
        (ExportItem::Memory(one), ExportItem::Memory(other)) => one == other,
        (ExportItem::Table(one), ExportItem::Table(other)) => one == other,
        _ => false,
    };
    if let Some(export) = module.exports.iter().find(|export| same(export.item)) {
        return export.name.clone();
    }
    let name = module.exports.iter().count().to_string();
    module.exports.add(&name, item);
    name
}

/// Leaves only the part: what it needs of the rest is imported, and its functions are put into the table.
fn keep_only(module: &mut Module, found: &Found, names: &ExportNames) {
    module.start = None;
    let exports: Vec<_> = module.exports.iter().map(|export| export.id()).collect();
    exports.into_iter().for_each(|export| module.exports.delete(export));
    let elements: Vec<_> = module.elements.iter().map(|element| element.id()).collect();
    elements.into_iter().for_each(|element| module.elements.delete(element));
    let data: Vec<_> = module.data.iter().map(|data| data.id()).collect();
    data.into_iter().for_each(|data| module.data.delete(data));
    let customs: Vec<_> = module.customs.iter().map(|(id, _)| id).collect();
    customs.into_iter().for_each(|id| drop(module.customs.delete(id)));
    for (id, name) in found.functions.iter().zip(&names.functions) {
        let ty = module.funcs.get(*id).ty();
        if let FunctionKind::Import(ImportedFunction { import, .. }) = &module.funcs.get(*id).kind {
            let import = module.imports.get_mut(*import);
            (import.module, import.name) = (MODULE.to_owned(), name.clone());
        } else {
            let import = module.imports.add(MODULE, name, ImportKind::Function(*id));
            module.funcs.get_mut(*id).kind = FunctionKind::Import(ImportedFunction { import, ty });
        }
    }
    for (id, name) in found.globals.iter().zip(&names.globals) {
        let import = module.imports.add(MODULE, name, ImportKind::Global(*id));
        module.globals.get_mut(*id).kind = GlobalKind::Import(import);
    }
    for (id, name) in found.memories.iter().zip(&names.memories) {
        let import = module.imports.add(MODULE, name, ImportKind::Memory(*id));
        let memory = module.memories.get_mut(*id);
        memory.data_segments.clear();
        memory.import = Some(import);
    }
    for (id, name) in found.tables.iter().zip(&names.tables) {
        let import = module.imports.add(MODULE, name, ImportKind::Table(*id));
        let table = module.tables.get_mut(*id);
        table.import = Some(import);
        // It is longer than it is now, when other parts have been split off as well.
        table.maximum = None;
        table.elem_segments.clear();
    }
    let kind =
        ElementKind::Active { table: found.table, offset: ConstExpr::Value(walrus::ir::Value::I32(found.first)) };
    let element = module.elements.add(kind, ElementItems::Functions(found.entrances.clone()));
    let table = module.tables.get_mut(found.table);
    table.initial += found.entrances.len() as u64;
    table.elem_segments.insert(element);
}

#[cfg(test)]
#[path = "split_tests.rs"]
mod tests;
