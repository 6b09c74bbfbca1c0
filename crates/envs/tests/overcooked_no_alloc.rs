//! A step in a warm kitchen allocates nothing.
#![allow(unsafe_code, reason = "an allocator is unsafe by its trait; this one only counts")]
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use palaestra_env::{Kwargs, Scene, StateWriter, Value, ValueWriter};
use serde_json::json;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn allocations() -> usize {
    ALLOCATIONS.with(Cell::get)
}

#[test]
fn stepping_observing_saving_and_drawing_a_warm_kitchen_allocate_nothing() {
    for id in ["overcooked_ai/cramped_room", "overcooked_ai/counter_circuit"] {
        for observation in ["state", "lossless"] {
            let kwargs = json!({"observation": observation});
            let mut env = palaestra_envs::make(id, kwargs.as_object().unwrap()).unwrap();
            let (mut values, mut scene, mut state) = (ValueWriter::new(), Scene::new(), StateWriter::new());
            let mut episode = |counted: bool| {
                env.reset(Some(1), &Kwargs::new()).unwrap();
                for step in 0..400_i64 {
                    let actions = [step * 7 + step / 3, step * 5 + step / 4].map(|n| Value::Discrete(n * n % 6));
                    let before = allocations();
                    env.step(&actions).unwrap();
                    values.clear();
                    env.write_returns(&mut values);
                    env.draw(&mut scene);
                    state.clear();
                    env.save(&mut state);
                    assert!(!counted || allocations() == before, "{id}, {observation}: step {step} allocated");
                }
            };
            episode(false);
            episode(true);
        }
    }
}

#[test]
fn the_counter_counts() {
    let before = allocations();
    drop(std::hint::black_box(vec![1_u8; 100]));
    assert_eq!(allocations(), before + 1);
}
