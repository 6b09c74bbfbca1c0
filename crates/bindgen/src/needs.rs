//! How parts reach what they need of their module: through its table of functions.
//!
//! A function that is exported for a part costs its module a name, a kind and a number; in the table it is a number, and where these stand in
//! order hardly that. A part calls it there.
use std::collections::BTreeMap;

use walrus::ir::{self, Instr, VisitorMut};
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportId, ExportItem, FunctionId, ImportKind, Module, TableId, TypeId,
};
use wasmparser::{ExternalKind, Parser, Payload};

use crate::found::{placed, table_of};

/// What a part calls its module by.
pub(crate) const MODULE: &str = "p";

/// The places of the module's table, by the names under which the functions were exported.
pub(crate) type Places = BTreeMap<String, i32>;

/// Puts what has been exported for parts alone into the module's table instead, in the order of `ordered`, the finished module.
/// Nothing happens to a module without a table.
pub(crate) fn place(module: &mut Module, ordered: &[u8]) -> Result<Places, String> {
    let Some(table) = table_of(module) else { return Ok(Places::new()) };
    let mut exports: Vec<(ExportId, String, FunctionId)> = Vec::new();
    for export in module.exports.iter() {
        if let (true, ExportItem::Function(id)) = (is_number(&export.name), export.item) {
            exports.push((export.id(), export.name.clone(), id));
        }
    }
    let numbers = numbers_of(ordered)?;
    exports.sort_by_key(|(_, name, _)| numbers.get(name).copied());
    let known = placed(module, table).into_iter().map(|(place, function)| (function, place));
    let mut known: BTreeMap<FunctionId, i32> = known.collect();
    let first = module.tables.get(table).initial;
    let mut new: Vec<FunctionId> = Vec::new();
    let mut places = Places::new();
    for (export, name, function) in exports {
        module.exports.delete(export);
        let next = i32::try_from(first).ok().and_then(|first| first.checked_add(i32::try_from(new.len()).ok()?));
        let next = next.ok_or_else(|| "expected a table of fewer functions".to_owned())?;
        let place = *known.entry(function).or_insert_with(|| {
            new.push(function);
            next
        });
        places.insert(name, place);
    }
    if let (false, Ok(offset)) = (new.is_empty(), i32::try_from(first)) {
        let own = module.tables.get_mut(table);
        own.initial += new.len() as u64;
        own.maximum = Some(own.initial);
        let kind = ElementKind::Active { table, offset: ConstExpr::Value(ir::Value::I32(offset)) };
        let element = module.elements.add(kind, ElementItems::Functions(new));
        module.tables.get_mut(table).elem_segments.insert(element);
    }
    Ok(places)
}

/// Has a part call there what it imports by these names.
pub(crate) fn call_there(part: &mut Module, places: &Places) {
    let Some(table) = part.tables.iter().find(|table| table.import.is_some() && !table.elem_segments.is_empty()) else {
        return;
    };
    let table = table.id();
    let mut calls: BTreeMap<FunctionId, (i32, TypeId)> = BTreeMap::new();
    for import in part.imports.iter().filter(|import| import.module == MODULE) {
        if let (ImportKind::Function(id), Some(place)) = (&import.kind, places.get(&import.name)) {
            calls.insert(*id, (*place, part.funcs.get(*id).ty()));
        }
    }
    let mut calls = Calls { calls, table };
    for (_, function) in part.funcs.iter_local_mut() {
        let entry = function.entry_block();
        ir::dfs_pre_order_mut(&mut calls, function, entry);
    }
    walrus::passes::gc::run(part);
}

struct Calls {
    calls: BTreeMap<FunctionId, (i32, TypeId)>,
    table: TableId,
}

impl VisitorMut for Calls {
    fn start_instr_seq_mut(&mut self, sequence: &mut ir::InstrSeq) {
        let before = std::mem::take(&mut sequence.instrs);
        for (instr, at) in before {
            let Instr::Call(call) = &instr else {
                sequence.instrs.push((instr, at));
                continue;
            };
            match self.calls.get(&call.func) {
                Some((place, ty)) => {
                    sequence.instrs.push((ir::Const { value: ir::Value::I32(*place) }.into(), at));
                    sequence.instrs.push((ir::CallIndirect { ty: *ty, table: self.table }.into(), at));
                }
                None => sequence.instrs.push((instr, at)),
            }
        }
    }
}

/// Whether a function was exported for parts: see `split::export`.
fn is_number(name: &str) -> bool {
    name.bytes().all(|digit| digit.is_ascii_digit())
}

/// The numbers of a module's exported functions, by their names.
fn numbers_of(module: &[u8]) -> Result<BTreeMap<String, u32>, String> {
    let mut numbers = BTreeMap::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ExportSection(exports) = payload.map_err(|error| error.to_string())? {
            for export in exports {
                let export = export.map_err(|error| error.to_string())?;
                if export.kind == ExternalKind::Func {
                    numbers.insert(export.name.to_owned(), export.index);
                }
            }
        }
    }
    Ok(numbers)
}
