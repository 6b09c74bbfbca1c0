//! An allocator that counts, a thread apart from another: tests run side by side.
#![allow(unsafe_code, reason = "an allocator is unsafe by its trait; this one only counts")]
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

/// What a thread has asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// How often.
    pub times: u64,
    /// How many bytes in all.
    pub bytes: u64,
}

thread_local! {
    static ASKED: Cell<Asked> = const { Cell::new(Asked { times: 0, bytes: 0 }) };
    static IN_USE: Cell<i64> = const { Cell::new(0) };
}

fn hold(bytes: i64) {
    let _ = IN_USE.try_with(|in_use| in_use.set(in_use.get() + bytes));
}

fn count(bytes: usize) {
    // A thread that ends gives its memory back when its own storage is gone.
    let _ = ASKED.try_with(|asked| {
        let Asked { times, bytes: before } = asked.get();
        asked.set(Asked { times: times + 1, bytes: before + bytes as u64 });
    });
}

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        hold(layout.size() as i64);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        hold(-(layout.size() as i64));
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        hold(size as i64 - layout.size() as i64);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// What `body` asked for, and its result.
pub fn asked<T>(body: impl FnOnce() -> T) -> (Asked, T) {
    let before = ASKED.with(Cell::get);
    let result = body();
    let after = ASKED.with(Cell::get);
    (Asked { times: after.times - before.times, bytes: after.bytes - before.bytes }, result)
}

/// How many bytes this thread has asked for and not given back.
pub fn in_use() -> i64 {
    IN_USE.with(Cell::get)
}
