//! What a function refers to.
use std::collections::HashSet;

use walrus::ir::Visitor;
use walrus::{FunctionId, GlobalId, LocalFunction, MemoryId, TableId};

/// What a function refers to.
#[derive(Default)]
pub(crate) struct Needs {
    pub(crate) functions: HashSet<FunctionId>,
    pub(crate) globals: HashSet<GlobalId>,
    pub(crate) memories: HashSet<MemoryId>,
    pub(crate) tables: HashSet<TableId>,
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

pub(crate) fn needs_of(function: &LocalFunction) -> Needs {
    let mut needs = Needs::default();
    walrus::ir::dfs_in_order(&mut needs, function, function.entry_block());
    needs
}
