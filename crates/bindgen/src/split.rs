//! Splits a module: what only some pages need goes to a module of its own, a *part*, which is loaded when it is needed.
//!
//! A part has no memory and no table: it takes those of its module, and puts its own functions into the module's table. Each calls the other
//! through that table. So the two are one program, whose addresses and data are those of the
//! whole; nothing in the sources says which function is where. A call of a function whose part has not been loaded is a trap, as any call
//! of an empty place of a table. So a part says by which of its functions it is entered, and whoever writes the page sees to it that each is
//! called only when the part is there: see `entrances.rs`.
use std::collections::BTreeSet;
use std::ops::Range;

use walrus::ir::Value;
use walrus::{
    ConstExpr, Data, DataKind, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind,
    GlobalKind, ImportKind, ImportedFunction, Module, ModuleConfig,
};

use crate::found::Found;
use crate::links::Links;
use crate::needs::{self, MODULE};
use crate::order::ordered;
use crate::part::{Part, SplitError};

/// A module without its parts, and each of these, in their order. Where a path of a part leads to nothing, that is an error.
pub(crate) fn split(module: &[u8], parts: &[Part], links: &Links) -> Result<(Vec<u8>, Vec<Vec<u8>>), SplitError> {
    let mut whole = module.to_vec();
    let mut split = Vec::new();
    for part in parts {
        let (rest, own) = split_off(&whole, part, links)?;
        whole = rest;
        split.push(own);
    }
    through_table(&whole, split)
}

/// The module and its parts without the exports that are there for these alone.
fn through_table(whole: &[u8], split: Vec<Vec<u8>>) -> Result<(Vec<u8>, Vec<Vec<u8>>), SplitError> {
    let ordered = ordered(&parsed(whole, false)?.emit_wasm()).map_err(SplitError::Module)?;
    let mut rest = parsed(whole, false)?;
    let places = needs::place(&mut rest, &ordered).map_err(SplitError::Module)?;
    let through = |bytes: Vec<u8>| {
        let mut own = parsed(&bytes, false)?;
        needs::call_there(&mut own, &places);
        Ok(own.emit_wasm())
    };
    let parts = split.into_iter().map(through).collect::<Result<Vec<_>, SplitError>>()?;
    Ok((rest.emit_wasm(), parts))
}

/// With the functions' names, or to be written without.
fn parsed(bytes: &[u8], names: bool) -> Result<Module, SplitError> {
    let module = ModuleConfig::new().generate_name_section(names).generate_producers_section(false).parse(bytes);
    module.map_err(|error| SplitError::Module(format!("{error:#}")))
}

/// The module, which still has names, and the part.
fn split_off(bytes: &[u8], part: &Part, links: &Links) -> Result<(Vec<u8>, Vec<u8>), SplitError> {
    // Read twice, of the same bytes: an id is of one of them, but what is found in both stands in the same order.
    let (mut rest, mut own) = (parsed(bytes, true)?, parsed(bytes, false)?);
    let found = Found::of(&rest, part, links)?;
    call_through(&mut rest, &found);
    give_up(&mut rest, &found);
    let names = export(&mut rest, &found);
    walrus::passes::gc::run(&mut rest);
    let found = Found::of(&own, part, links)?;
    keep_only(&mut own, &found, &names);
    walrus::passes::gc::run(&mut own);
    Ok((rest.emit_wasm(), own.emit_wasm()))
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

/// Takes out of the module what the part has: its places in the table, and its constants.
fn give_up(module: &mut Module, found: &Found) {
    if !found.placed.is_empty() {
        let nobody = nobody(module);
        let places: BTreeSet<i32> = found.placed.iter().map(|(place, _)| *place).collect();
        for element in module.elements.iter_mut() {
            let ElementKind::Active { table, offset: ConstExpr::Value(Value::I32(first)) } = element.kind else {
                continue;
            };
            if let (true, ElementItems::Functions(functions)) = (table == found.table, &mut element.items) {
                let own = (first..).zip(functions).filter(|(place, _)| places.contains(place));
                own.for_each(|(_, function)| *function = nobody);
            }
        }
    }
    let segments: Vec<_> = module.data.iter().map(|data| data.id()).collect();
    for segment in segments {
        let data = module.data.get_mut(segment);
        let Some(start) = start_of(data) else { continue };
        let end = start + data.value.len() as u32;
        for range in found.constants.iter().filter(|range| start <= range.start && range.end <= end) {
            // What is nothing but zeros packs to nothing.
            data.value[(range.start - start) as usize..(range.end - start) as usize].fill(0);
        }
    }
}

/// What stands in the table's places of a part that is not there.
fn nobody(module: &mut Module) -> FunctionId {
    const NAME: &str = "nobody";
    let known = module.funcs.iter().find(|function| function.name.as_deref() == Some(NAME)).map(|found| found.id());
    known.unwrap_or_else(|| {
        let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
        builder.name(NAME.to_owned()).func_body().unreachable();
        builder.finish(Vec::new(), &mut module.funcs)
    })
}

/// Where the bytes of a segment lie in memory.
fn start_of(data: &Data) -> Option<u32> {
    match data.kind {
        DataKind::Active { offset: ConstExpr::Value(Value::I32(start)), .. } => Some(start as u32),
        _ => None,
    }
}

/// The bytes of the part's constants, those that touch as one piece.
fn constants_of(module: &Module, found: &Found) -> Vec<(u32, Vec<u8>)> {
    let mut all: Vec<(u32, Vec<u8>)> = Vec::new();
    for data in module.data.iter() {
        let Some(start) = start_of(data) else { continue };
        let end = start + data.value.len() as u32;
        let mut own: Vec<Range<u32>> = Vec::new();
        for range in found.constants.iter().filter(|range| start <= range.start && range.end <= end) {
            match own.last_mut() {
                Some(last) if range.start <= last.end => last.end = range.end.max(last.end),
                _ => own.push(range.clone()),
            }
        }
        let bytes =
            |range: &Range<u32>| data.value[(range.start - start) as usize..(range.end - start) as usize].to_vec();
        all.extend(own.iter().map(|range| (range.start, bytes(range))));
    }
    all
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
    let constants = constants_of(module, found);
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
    for (start, bytes) in constants {
        let Some(memory) = found.memories.first() else { continue };
        let kind = DataKind::Active { memory: *memory, offset: ConstExpr::Value(Value::I32(start as i32)) };
        let data = module.data.add(kind, bytes);
        module.memories.get_mut(*memory).data_segments.insert(data);
    }
    module.tables.get_mut(found.table).initial += found.entrances.len() as u64;
    let mut runs = vec![(found.first, found.entrances.clone())];
    for (place, function) in &found.placed {
        match runs.last_mut() {
            Some((first, run)) if runs_on(*first, run.len(), *place) => run.push(*function),
            _ => runs.push((*place, vec![*function])),
        }
    }
    for (first, functions) in runs.into_iter().filter(|(_, functions)| !functions.is_empty()) {
        let kind = ElementKind::Active { table: found.table, offset: ConstExpr::Value(Value::I32(first)) };
        let element = module.elements.add(kind, ElementItems::Functions(functions));
        module.tables.get_mut(found.table).elem_segments.insert(element);
    }
}

/// Whether a place follows a run of so many.
fn runs_on(first: i32, length: usize, place: i32) -> bool {
    i32::try_from(length).is_ok_and(|length| first.checked_add(length) == Some(place))
}

#[cfg(test)]
#[path = "split_tests.rs"]
mod tests;
