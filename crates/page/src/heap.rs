//! The page's allocator. The one that std brings for WebAssembly is compiled for speed and was a thirtieth of the download;
//! the page allocates little.
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
