//! A step of a warm toy text environment allocates nothing, nor does all that goes with it.
#![allow(unsafe_code, reason = "an allocator is unsafe by its trait; this one only counts")]
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use palaestra_env::{Kwargs, Scene, SeededRng, StateWriter, Value, ValueWriter};
use serde_json::json;

/// The system's allocator, with a count a thread: tests run side by side.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
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

#[test]
fn stepping_resetting_returning_saving_and_drawing_allocate_nothing_once_warm() {
    for (id, arguments) in [
        ("FrozenLake-v1", json!({})),
        ("FrozenLake8x8-v1", json!({})),
        ("CliffWalkingSlippery-v1", json!({})),
        ("Taxi-v4", json!({"is_rainy": true, "fickle_passenger": true})),
        ("Blackjack-v1", json!({})),
    ] {
        let mut env = palaestra_envs::make(id, arguments.as_object().unwrap()).unwrap();
        let (mut values, mut scene, mut state) = (ValueWriter::new(), Scene::new(), StateWriter::new());
        let options = Kwargs::new();
        // One play of several episodes to warm up, and the same again to be counted.
        let counts = [(), ()].map(|()| {
            env.reset(Some(1), &options).unwrap();
            let mut rng = SeededRng::new(2);
            let mut count = 0;
            for _ in 0..600 {
                let action = [Value::sample(&env.spec().action_spaces[0], &mut rng)];
                let before = ALLOCATIONS.with(Cell::get);
                env.step(&action).unwrap();
                values.clear();
                env.write_returns(&mut values);
                env.draw(&mut scene);
                state.clear();
                env.save(&mut state);
                if env.outcome().over() {
                    env.reset(None, &options).unwrap();
                }
                count += ALLOCATIONS.with(Cell::get) - before;
            }
            count
        });
        assert!(counts[0] > 0, "{id}: a cold play must allocate, or nothing is counted");
        assert_eq!(counts[1], 0, "{id}");
    }
}
