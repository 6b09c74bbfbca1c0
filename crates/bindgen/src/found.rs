//! Which functions of a module belong to a part, and what they need of the rest.
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use walrus::{ConstExpr, ElementItems, ElementKind, ExportItem, FunctionId, GlobalId, MemoryId, Module, TableId};

use crate::graph::Graph;
use crate::links::Links;
use crate::part::{Part, SplitError};
use crate::refers::{Needs, needs_of};

/// How the functions are called by which boxed closures are called: each is one closure's, but its name does not say whose. It is a part's
/// where it calls one of the part's functions, or drops what is the part's.
const CLOSURE: &str = "core::ops::function::FnOnce::call_once{{vtable.shim}}";

/// The table of functions: the one that elements are put into. There is another, of JavaScript's values.
pub(crate) fn table_of(module: &Module) -> Option<TableId> {
    let mut tables = module.elements.iter().filter_map(|element| match element.kind {
        ElementKind::Active { table, .. } => Some(table),
        ElementKind::Passive | ElementKind::Declared => None,
    });
    let table = tables.next()?;
    let fixed = module.tables.get(table).maximum == Some(module.tables.get(table).initial);
    (fixed && tables.all(|other| other == table)).then_some(table)
}

/// What belongs to a part, in order.
pub(crate) struct Found {
    /// Those of its functions that the rest calls.
    pub(crate) entrances: Vec<FunctionId>,
    /// What it needs of the rest.
    pub(crate) functions: Vec<FunctionId>,
    pub(crate) globals: Vec<GlobalId>,
    pub(crate) memories: Vec<MemoryId>,
    /// That of functions, which it puts its own into, is among them.
    pub(crate) tables: Vec<TableId>,
    pub(crate) table: TableId,
    /// Where the entrances stand in the table.
    pub(crate) first: i32,
    /// Those of its functions that stand in the table already, and where.
    pub(crate) placed: Vec<(i32, FunctionId)>,
    /// Where the constants lie that nobody else refers to.
    pub(crate) constants: Vec<Range<u32>>,
}

impl Found {
    pub(crate) fn of(module: &Module, part: &Part, links: &Links) -> Result<Self, SplitError> {
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
        let exported = exported(module);
        let in_table = placed(module, table);
        let graph = Graph::new(module, &calls, links);
        // Whatever is reached without the functions that are named stays.
        let roots = exported.iter().copied().chain(graph.placed_by_nobody(&in_table)).filter(|id| !named.contains(id));
        let stays = graph.reached(roots.collect(), |id| !named.contains(&id));
        let own: HashSet<FunctionId> = calls.keys().filter(|id| !stays.functions.contains(id)).copied().collect();
        let constants = graph.constants_of(&own, &stays);
        let stays = stays.functions;
        check(part, module, &calls, &stays, &own)?;
        let called = stays.iter().filter_map(|id| calls.get(id)).flat_map(|needs| &needs.functions);
        let entrances: HashSet<FunctionId> = called.chain(&exported).filter(|id| own.contains(id)).copied().collect();
        if own.is_empty() {
            return Err(SplitError::Empty(part.name.clone()));
        }
        let placed = in_table.into_iter().filter(|(_, id)| own.contains(id)).collect();
        let mut all = Needs::default();
        for needs in own.iter().filter_map(|id| calls.get(id)) {
            all.functions.extend(needs.functions.iter().filter(|id| !own.contains(id)));
            all.globals.extend(&needs.globals);
            all.memories.extend(&needs.memories);
            all.tables.extend(&needs.tables);
        }
        all.tables.insert(table);
        if !constants.is_empty() {
            all.memories.extend(module.memories.iter().map(|memory| memory.id()));
        }
        Ok(Self {
            entrances: sorted(&entrances),
            functions: sorted(&all.functions),
            globals: sorted(&all.globals),
            memories: sorted(&all.memories),
            tables: sorted(&all.tables),
            table,
            first,
            placed,
            constants,
        })
    }
}

fn sorted<T: Copy + Ord>(ids: &HashSet<T>) -> Vec<T> {
    let mut ids: Vec<T> = ids.iter().copied().collect();
    ids.sort();
    ids
}

/// What is called from outside.
fn exported(module: &Module) -> HashSet<FunctionId> {
    let exported = module.exports.iter().filter_map(|export| match export.item {
        ExportItem::Function(function) => Some(function),
        _ => None,
    });
    exported.chain(module.start).collect()
}

/// What stands in the table, and where.
pub(crate) fn placed(module: &Module, table: TableId) -> Vec<(i32, FunctionId)> {
    let mut placed = Vec::new();
    for element in module.elements.iter() {
        let ElementKind::Active { table: own, offset: ConstExpr::Value(walrus::ir::Value::I32(first)) } = element.kind
        else {
            continue;
        };
        if let (true, ElementItems::Functions(functions)) = (own == table, &element.items) {
            placed.extend((first..).zip(functions.iter().copied()));
        }
    }
    placed
}

/// That nothing but its entrances is called by the rest, or by JavaScript.
fn check(
    part: &Part,
    module: &Module,
    calls: &HashMap<FunctionId, Needs>,
    stays: &HashSet<FunctionId>,
    own: &HashSet<FunctionId>,
) -> Result<(), SplitError> {
    let name_of = |id: &FunctionId| module.funcs.get(*id).name.as_deref().unwrap_or("a function without a name");
    let mut found: Vec<String> = Vec::new();
    for caller in stays {
        let called = calls.get(caller).into_iter().flat_map(|needs| &needs.functions).filter(|id| own.contains(id));
        let strange = called.filter(|id| !part.entrances.have(name_of(id)));
        found.extend(strange.map(|id| format!("`{}` (called by `{}`)", name_of(id), name_of(caller))));
    }
    for export in module.exports.iter() {
        let ExportItem::Function(id) = export.item else { continue };
        if own.contains(&id) && !part.entrances.have(name_of(&id)) {
            found.push(format!("`{}` (exported)", name_of(&id)));
        }
    }
    found.sort();
    if found.is_empty() {
        return Ok(());
    }
    Err(SplitError::Entered { part: part.name.clone(), found, expected: part.entrances.to_string() })
}
