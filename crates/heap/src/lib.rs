//! The allocator of the modules that a browser loads: `use palaestra_heap as _;` is all there is to it.
//!
//! The one that std brings for WebAssembly is compiled for speed, and was a thirtieth of each download. A page allocates little, and a
//! step of an environment nothing.
#![cfg(target_arch = "wasm32")]
use rlsf::{GlobalTlsf, GlobalTlsfOptions};

#[global_allocator]
static HEAP: GlobalTlsf<Small> = GlobalTlsf::new();

struct Small;

impl GlobalTlsfOptions for Small {
    /// Growing in place has code of its own.
    const ENABLE_REALLOCATION: bool = false;
    /// A log grows by doubling: memory that was asked for bit by bit has to become one piece again.
    const COALESCE_POOLS: bool = true;
}
