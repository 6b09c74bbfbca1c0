//! What is still to happen, in the order of its time. Of two things at the same time the one that was noted down first comes
//! first.
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

pub(crate) struct Agenda<T> {
    items: BinaryHeap<Reverse<Item<T>>>,
    added: u64,
}

pub(crate) struct Item<T> {
    pub(crate) at: f64,
    order: u64,
    pub(crate) what: T,
}

impl<T> Agenda<T> {
    pub(crate) fn new() -> Self {
        Self { items: BinaryHeap::new(), added: 0 }
    }

    pub(crate) fn add(&mut self, at: f64, what: T) {
        self.added += 1;
        self.items.push(Reverse(Item { at, order: self.added, what }));
    }

    /// The next thing, if it happens by `until`.
    pub(crate) fn next(&mut self, until: f64) -> Option<Item<T>> {
        let due = self.items.peek().is_some_and(|Reverse(item)| item.at <= until);
        due.then(|| self.items.pop()).flatten().map(|Reverse(item)| item)
    }

    /// Whoever it concerns is busy until `at`: it happens then, before what was noted down later.
    pub(crate) fn put_off(&mut self, item: Item<T>, at: f64) {
        self.items.push(Reverse(Item { at, ..item }));
    }
}

impl<T> Item<T> {
    fn key(&self) -> (f64, u64) {
        (self.at, self.order)
    }
}

impl<T> Ord for Item<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.at.total_cmp(&other.at).then(self.order.cmp(&other.order))
    }
}

impl<T> PartialOrd for Item<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Item<T> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<T> Eq for Item<T> {}
