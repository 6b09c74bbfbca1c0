//! NumPy's legacy generator, `numpy.random.seed` and `numpy.random.randint`: MT19937 (Matsumoto and Nishimura 1998).
//!
//! For references that draw from NumPy's global generator. Facts from NumPy 2.4's `_mt19937.pyx`, `mt19937.c` and
//! `distributions.c`.

const WORDS: usize = 624;
const SHIFTED: usize = 397;
const MATRIX: u32 = 0x9908_b0df;
const UPPER: u32 = 0x8000_0000;
const LOWER: u32 = 0x7fff_ffff;

/// `numpy.random.RandomState(seed)`, with the few draws that references make.
///
/// ```
/// # use palaestra_env::rng::LegacyRng;
/// let mut rng = LegacyRng::new(42);
/// assert_eq!(rng.next_u32(), 1_608_637_542);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyRng {
    key: [u32; WORDS],
    position: usize,
}

impl LegacyRng {
    /// How many words [`LegacyRng::words`] gives.
    pub const WORDS: usize = WORDS + 1;

    /// `numpy.random.seed(seed)`. NumPy refuses integers from 2³² on; here such a one is the list of its two 32-bit words, the
    /// lower first: `numpy.random.seed([low, high])`.
    pub fn new(seed: u64) -> Self {
        let (low, high) = (seed as u32, (seed >> 32) as u32);
        if high == 0 { Self::from_integer(low) } else { Self::from_list(&[low, high]) }
    }

    fn from_integer(seed: u32) -> Self {
        let mut key = [0; WORDS];
        let mut word = seed;
        for (index, slot) in key.iter_mut().enumerate() {
            *slot = word;
            word = 1_812_433_253_u32.wrapping_mul(word ^ (word >> 30)).wrapping_add(index as u32 + 1);
        }
        Self { key, position: WORDS }
    }

    fn from_list(seed: &[u32]) -> Self {
        let mut mt = Self::from_integer(19_650_218);
        let key = &mut mt.key;
        let mut index = 1;
        for round in 0..WORDS.max(seed.len()) {
            let place = round % seed.len();
            let before = key[index - 1];
            key[index] = (key[index] ^ (before ^ (before >> 30)).wrapping_mul(1_664_525))
                .wrapping_add(seed[place])
                .wrapping_add(place as u32);
            index = following(key, index);
        }
        for _ in 1..WORDS {
            let before = key[index - 1];
            key[index] =
                (key[index] ^ (before ^ (before >> 30)).wrapping_mul(1_566_083_941)).wrapping_sub(index as u32);
            index = following(key, index);
        }
        key[0] = UPPER;
        mt
    }

    /// The generator's next 32 bits.
    pub fn next_u32(&mut self) -> u32 {
        if self.position >= WORDS {
            self.renew();
        }
        let mut word = self.key[self.position];
        self.position += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }

    /// `randint(low, high)`: an integer in low ..< high, drawn under a mask until it fits. A range of one value draws nothing;
    /// where NumPy raises an error because the range is empty, the answer is `low` and nothing is drawn.
    pub fn randint(&mut self, low: i64, high: i64) -> i64 {
        let last = high.saturating_sub(1).saturating_sub(low).max(0) as u64;
        if last == 0 {
            return low;
        }
        let mask = u64::MAX >> last.leading_zeros();
        loop {
            let drawn = match u32::try_from(last) {
                Ok(_) => u64::from(self.next_u32()),
                // The upper half comes first.
                Err(_) => (u64::from(self.next_u32()) << 32) | u64::from(self.next_u32()),
            };
            if drawn & mask <= last {
                return low.wrapping_add_unsigned(drawn & mask);
            }
        }
    }

    /// The state: the position, 1 to 624, then the key.
    pub fn words(&self) -> impl Iterator<Item = u32> + '_ {
        std::iter::once(self.position as u32).chain(self.key)
    }

    /// Reads [`LegacyRng::words`]; `None` for what no seed and no draws lead to: a position that is none of 1 to 624, and a key
    /// of zeros, from which only zeros come.
    pub fn from_words(words: &[u32; Self::WORDS]) -> Option<Self> {
        let (position, key) = words.split_first()?;
        let key: [u32; WORDS] = *key.first_chunk()?;
        let position = *position as usize;
        // The lower bits of the first word have no part in what follows.
        let alive = key[0] & UPPER != 0 || key[1..].iter().any(|word| *word != 0);
        ((1..=WORDS).contains(&position) && alive).then_some(Self { key, position })
    }

    fn renew(&mut self) {
        for index in 0..WORDS {
            let joined = (self.key[index] & UPPER) | (self.key[(index + 1) % WORDS] & LOWER);
            let twisted = (joined >> 1) ^ if joined & 1 == 1 { MATRIX } else { 0 };
            self.key[index] = self.key[(index + SHIFTED) % WORDS] ^ twisted;
        }
        self.position = 0;
    }
}

/// The next index from 1 on; at the end the last word becomes the first one as well.
fn following(key: &mut [u32; WORDS], index: usize) -> usize {
    if index + 1 < WORDS {
        return index + 1;
    }
    key[0] = key[WORDS - 1];
    1
}
