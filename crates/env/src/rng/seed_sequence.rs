//! NumPy's `SeedSequence`: entropy of any length spread over a pool of four words, and as many words out of it as wanted.

const POOL_WORDS: usize = 4;
const SHIFT: u32 = 16;

const ABSORB_START: u32 = 0x43b0_d7e5;
const ABSORB_STEP: u32 = 0x931e_8875;
const EMIT_START: u32 = 0x8b51_f9dd;
const EMIT_STEP: u32 = 0x58f3_8ded;
const MIX_LEFT: u32 = 0xca01_f9dd;
const MIX_RIGHT: u32 = 0x4973_f715;

/// A hash whose constant changes with every word it has hashed.
struct Hasher {
    constant: u32,
    step: u32,
}

impl Hasher {
    fn hash(&mut self, word: u32) -> u32 {
        let word = word ^ self.constant;
        self.constant = self.constant.wrapping_mul(self.step);
        let word = word.wrapping_mul(self.constant);
        word ^ (word >> SHIFT)
    }
}

fn mix(left: u32, right: u32) -> u32 {
    let word = left.wrapping_mul(MIX_LEFT).wrapping_sub(right.wrapping_mul(MIX_RIGHT));
    word ^ (word >> SHIFT)
}

/// The mixed pool of `SeedSequence(entropy)` with the default pool size and no spawn key.
pub(super) struct SeedSequence {
    pool: [u32; POOL_WORDS],
}

impl SeedSequence {
    /// `entropy`: the seed's 32-bit words, least significant first.
    pub(super) fn new(entropy: &[u32]) -> Self {
        let mut hasher = Hasher { constant: ABSORB_START, step: ABSORB_STEP };
        let mut words = entropy.iter().copied();
        let mut pool = [0; POOL_WORDS];
        for slot in &mut pool {
            *slot = hasher.hash(words.next().unwrap_or(0));
        }
        for source in 0..POOL_WORDS {
            for target in 0..POOL_WORDS {
                if source != target {
                    pool[target] = mix(pool[target], hasher.hash(pool[source]));
                }
            }
        }
        for word in words {
            for slot in &mut pool {
                *slot = mix(*slot, hasher.hash(word));
            }
        }
        Self { pool }
    }

    /// `generate_state(2 * N, uint64)` as N 128-bit numbers, each with its more significant half first, as PCG64 reads it.
    pub(super) fn generate_u128s<const N: usize>(&self) -> [u128; N] {
        let mut hasher = Hasher { constant: EMIT_START, step: EMIT_STEP };
        let mut words = self.pool.iter().cycle().map(|word| hasher.hash(*word));
        let mut next_u32 = || u128::from(words.next().unwrap_or(0));
        let mut next_u64 = || next_u32() | (next_u32() << 32);
        std::array::from_fn(|_| (next_u64() << 64) | next_u64())
    }
}
