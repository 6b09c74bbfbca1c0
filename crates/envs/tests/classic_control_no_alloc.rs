//! A step of a warm classic control environment allocates nothing, nor does all that goes with it.
#![allow(unsafe_code, reason = "an allocator is unsafe by its trait; this one only counts")]
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use palaestra_env::{Kwargs, Scene, SeededRng, StateWriter, Value, ValueWriter};

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
fn stepping_returning_saving_and_drawing_allocate_nothing_once_warm() {
    for id in ["CartPole-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Acrobot-v1", "Pendulum-v1"] {
        let mut env = palaestra_envs::make(id, &Kwargs::new()).unwrap();
        let (mut values, mut scene, mut state) = (ValueWriter::new(), Scene::new(), StateWriter::new());
        // One play of several episodes to warm up, and the same again to be counted.
        let counts = [(), ()].map(|()| {
            env.reset(Some(1), &Kwargs::new()).unwrap();
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
                count += ALLOCATIONS.with(Cell::get) - before;
                if env.outcome().over() {
                    env.reset(None, &Kwargs::new()).unwrap();
                }
            }
            count
        });
        assert!(counts[0] > 0, "{id}: a cold play must allocate, or nothing is counted");
        assert_eq!(counts[1], 0, "{id}");
    }
}
