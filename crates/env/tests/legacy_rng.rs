//! `LegacyRng` against numbers that NumPy 2.4.6 gave: `numpy.random.seed(seed)`, then `numpy.random.randint(low, high)`.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is the failure's message")]
use palaestra_env::rng::LegacyRng;

fn drawn<const N: usize>(seed: u64, low: i64, high: i64) -> [i64; N] {
    let mut rng = LegacyRng::new(seed);
    std::array::from_fn(|_| rng.randint(low, high))
}

#[test]
fn words_are_numpys() {
    let words = |seed| drawn::<3>(seed, 0, 1 << 32);
    assert_eq!(words(0), [2_357_136_044, 2_546_248_239, 3_071_714_933]);
    assert_eq!(words(1), [1_791_095_845, 4_282_876_139, 3_093_770_124]);
    assert_eq!(words(42), [1_608_637_542, 3_421_126_067, 4_083_286_876]);
    assert_eq!(words(u64::from(u32::MAX)), [419_326_371, 479_346_978, 3_918_654_476]);
}

#[test]
fn a_seed_of_two_words_is_numpys_list_of_them() {
    assert_eq!(drawn::<3>((7 << 32) | 5, 0, 1 << 32), [1_425_139_611, 749_932_900, 1_614_503_843]);
}

#[test]
fn integers_of_every_range_are_numpys() {
    assert_eq!(drawn::<24>(1, 0, 2), [1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0]);
    assert_eq!(drawn::<6>(42, -5, 100), [97, 46, 87, 9, 66, 55]);
    assert_eq!(drawn::<3>(0, 0, 1 << 40), [741_280_623_151, 506_137_267_392, 291_447_657_211]);
}

#[test]
fn the_words_after_the_key_was_renewed_three_times_are_numpys() {
    for (seed, expected) in [(0, [2_546_401_361, 3_952_537_117]), (42, [795_139_886, 372_396_043])] {
        let mut rng = LegacyRng::new(seed);
        assert!((0..2000).all(|_| rng.randint(0, 2) < 2));
        assert_eq!([rng.next_u32(), rng.next_u32()], expected);
    }
}

#[test]
fn a_range_of_one_value_draws_nothing_and_an_empty_one_gives_its_lower_end() {
    let mut rng = LegacyRng::new(42);
    assert_eq!([rng.randint(3, 4), rng.randint(3, 3), rng.randint(3, i64::MIN)], [3, 3, 3]);
    assert_eq!(rng.next_u32(), 1_608_637_542);
}

#[test]
fn a_generator_goes_on_from_its_words_and_refuses_those_of_none() {
    let mut rng = LegacyRng::new(9);
    // Beyond the first renewal of the key.
    assert!((0..700).map(|_| u64::from(rng.next_u32())).sum::<u64>() > 0);
    let mut words: Vec<u32> = rng.words().collect();
    let mut copy = LegacyRng::from_words(words.first_chunk().unwrap()).unwrap();
    assert_eq!(copy, rng);
    assert!((0..700).all(|_| copy.next_u32() == rng.next_u32()));
    for position in [0, 625, u32::MAX] {
        words[0] = position;
        assert_eq!(LegacyRng::from_words(words.first_chunk().unwrap()), None);
    }
    // From a key of zeros nothing but zeros comes; the lower bits of its first word have no part in it.
    for (first, taken) in [(0, false), (0x7fff_ffff, false), (0x8000_0000, true)] {
        let mut words = [0; LegacyRng::WORDS];
        (words[0], words[1]) = (624, first);
        assert_eq!(LegacyRng::from_words(&words).is_some(), taken, "{first:x}");
    }
}
