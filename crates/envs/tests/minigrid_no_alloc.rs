//! A step of a warm grid world allocates nothing, nor does all that goes with it.
#![allow(unsafe_code, reason = "an allocator is unsafe by its trait; this one only counts")]
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use palaestra_env::{Kwargs, Scene, StateWriter, Value, ValueWriter};

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
    for entry in palaestra_envs::minigrid::ENTRIES {
        let id = entry.id;
        let mut env = palaestra_envs::make(id, &Kwargs::new()).unwrap();
        let (mut values, mut scene, mut state) = (ValueWriter::new(), Scene::new(), StateWriter::new());
        // Room for the largest of what follows; the environment itself has played nothing yet.
        values.u8s(&[0; 1 << 10]);
        state.rng(&palaestra_env::SeededRng::new(0));
        (0..1 << 14).for_each(|_| state.u8(0));
        (0..200)
            .for_each(|_| scene.polygon(&palaestra_env::scene::Style::fill(palaestra_env::Colour::WHITE), &[0.0; 16]));
        let mut count = 0;
        let mut episodes = 0;
        for number in 0..900_i64 {
            if number == 0 || env.outcome().over() {
                env.reset((number == 0).then_some(1), &Kwargs::new()).unwrap();
                episodes += 1;
            }
            // Turning, walking, and, where there is more to do, all of that.
            let actions = if id.contains("Obstacles") { 3 } else { 7 };
            let action = [Value::Discrete(number * number % 11 % actions)];
            let before = ALLOCATIONS.with(Cell::get);
            env.step(&action).unwrap();
            values.clear();
            env.write_returns(&mut values);
            env.draw(&mut scene);
            state.clear();
            env.save(&mut state);
            count += ALLOCATIONS.with(Cell::get) - before;
        }
        assert!(episodes > 1, "{id}: {episodes}");
        assert_eq!(count, 0, "{id}");
        assert!(ALLOCATIONS.with(Cell::get) > 0, "nothing is counted");
    }
}
