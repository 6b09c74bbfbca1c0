//! What leads to what in a module: calls, functions whose places in the table are taken, and constants.
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

use walrus::{FunctionId, Module};

use crate::links::{Links, Target};
use crate::refers::Needs;

/// A module's functions, with all that they lead to.
pub(crate) struct Graph<'a> {
    calls: &'a HashMap<FunctionId, Needs>,
    links: &'a Links,
    /// By the numbers of their names.
    named: Vec<Vec<FunctionId>>,
    numbers: HashMap<FunctionId, usize>,
}

/// What was reached.
#[derive(Default)]
pub(crate) struct Reached {
    pub(crate) functions: HashSet<FunctionId>,
    data: BTreeSet<usize>,
}

impl<'a> Graph<'a> {
    pub(crate) fn new(module: &Module, calls: &'a HashMap<FunctionId, Needs>, links: &'a Links) -> Self {
        let mut named = vec![Vec::new(); links.functions()];
        let mut numbers = HashMap::new();
        for function in module.funcs.iter() {
            let number = function.name.as_deref().and_then(|name| links.function(name));
            if let Some(number) = number {
                named[number].push(function.id());
                numbers.insert(function.id(), number);
            }
        }
        Self { calls, links, named, numbers }
    }

    /// Of the functions in the table those that nothing is known to have put there: whoever calls them is outside.
    pub(crate) fn placed_by_nobody(&self, placed: &[(i32, FunctionId)]) -> Vec<FunctionId> {
        let functions = (0..self.links.functions()).flat_map(|function| self.links.refers(function));
        let all = functions.chain(self.links.data.iter().flat_map(|datum| &datum.refers));
        let referred: BTreeSet<usize> = all.filter_map(|target| function_of(*target)).collect();
        let known = |id: &FunctionId| self.numbers.get(id).is_some_and(|number| referred.contains(number));
        placed.iter().map(|(_, id)| *id).filter(|id| !known(id)).collect()
    }

    /// All that these functions lead to, by way of functions that may be entered; and what functions lead to that are not in the module any
    /// more: other parts have them.
    pub(crate) fn reached(&self, roots: Vec<FunctionId>, enter: impl Fn(FunctionId) -> bool) -> Reached {
        let gone = (0..self.named.len()).filter(|number| self.named[*number].is_empty());
        let mut targets: Vec<Target> = gone.flat_map(|number| self.links.refers(number)).copied().collect();
        let mut reached = Reached::default();
        let mut ahead = roots;
        loop {
            while let Some(target) = targets.pop() {
                match target {
                    Target::Function(number) => ahead.extend(&self.named[number]),
                    Target::Data(datum) if reached.data.insert(datum) => {
                        targets.extend(&self.links.data[datum].refers);
                    }
                    Target::Data(_) => {}
                }
            }
            let Some(id) = ahead.pop() else { return reached };
            if !enter(id) || !reached.functions.insert(id) {
                continue;
            }
            ahead.extend(self.calls.get(&id).into_iter().flat_map(|needs| &needs.functions));
            targets.extend(self.refers(id));
        }
    }

    fn refers(&self, id: FunctionId) -> impl Iterator<Item = Target> {
        self.numbers.get(&id).into_iter().flat_map(|number| self.links.refers(*number)).copied()
    }

    /// Where the constants lie to which only these functions lead.
    pub(crate) fn constants_of(&self, own: &HashSet<FunctionId>, stays: &Reached) -> Vec<Range<u32>> {
        let mut found: BTreeSet<usize> = BTreeSet::new();
        let mut targets: Vec<Target> = own.iter().flat_map(|id| self.refers(*id)).collect();
        while let Some(target) = targets.pop() {
            if let Target::Data(datum) = target
                && !stays.data.contains(&datum)
                && found.insert(datum)
            {
                targets.extend(&self.links.data[datum].refers);
            }
        }
        let data = &self.links.data;
        found.retain(|datum| data[*datum].constant);
        // What lies within another constant, which stays, stays as well.
        let others: Vec<&Range<u32>> = (0..data.len()).filter(|d| !found.contains(d)).map(|d| &data[d].range).collect();
        let overlaps = |a: &Range<u32>, b: &Range<u32>| a.start < b.end && b.start < a.end;
        let apart =
            found.iter().map(|d| &data[*d].range).filter(|own| !others.iter().any(|other| overlaps(own, other)));
        let mut ranges: BTreeMap<u32, u32> = BTreeMap::new();
        for range in apart {
            let end = ranges.entry(range.start).or_default();
            *end = range.end.max(*end);
        }
        ranges.into_iter().map(|(start, end)| start..end).collect()
    }
}

fn function_of(target: Target) -> Option<usize> {
    match target {
        Target::Function(number) => Some(number),
        Target::Data(_) => None,
    }
}
