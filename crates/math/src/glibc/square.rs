//! `x**2` of NumPy's scalars, which is the C library's `powf(x, 2)` and `pow(x, 2)` and not always the nearest number: of
//! float32s in one case of 1,400 not.
//!
//! Constants and the order of the operations for float32 are those of glibc 2.36, `sysdeps/ieee754/flt-32/e_powf.c` and its two
//! tables. It has been compared with that library's for every float32 up to 4; its fused multiply-adds make no difference here.
use super::power::pow;

/// The library's `pow` is off by at most 0.53 units in the last place, half of one of which cannot be helped: up to here, also
/// in units, it gives the nearest double.
const CERTAIN: f64 = 0.5 - 1.0 / 24.0;
/// Where the error of a product can be computed.
const ORDINARY: std::ops::RangeInclusive<f64> = 1e-220..=1e220;
/// The bits of a double but for its fraction.
const EXPONENT: u64 = 0xfff << 52;

/// `pow(x, 2)`.
#[inline]
pub fn square(x: f64) -> f64 {
    let square = x * x;
    if ORDINARY.contains(&square) {
        // By T. J. Dekker's product, whose halves of 26 digits multiply exactly.
        const SPLITTER: f64 = (1_u64 << 27) as f64 + 1.0;
        let scaled = x * SPLITTER;
        let high = scaled - (scaled - x);
        let low = x - high;
        let error = ((high * high - square) + 2.0 * (high * low)) + low * low;
        // Below a power of two the units are half as large.
        let unit = f64::from_bits((square.to_bits() - 1) & EXPONENT) * f64::EPSILON;
        if error.abs() <= CERTAIN * unit {
            return square;
        }
    }
    pow(x, 2.0)
}

/// Mantissas are counted from here, so that those around 1 share a piece of the table.
const FIRST: u32 = 0x3f33_0000;
const SMALLEST_NORMAL: u32 = 0x0080_0000;
/// Below this power of two nothing is left of a float32.
const UNDERFLOW: f64 = -150.0;
/// Added and taken away again, it rounds to a multiple of 1/32.
const SHIFT: f64 = 1.5 * (1_u64 << 52) as f64 / 32.0;

/// `powf(x, 2)` up to |x| = 2⁶³.
pub fn square_f32(x: f32) -> f32 {
    let size = x.abs();
    if size == 0.0 || !size.is_finite() {
        return size * size;
    }
    let power = 2.0 * binary_logarithm(size);
    if power <= UNDERFLOW { 0.0 } else { power_of_two(power) as f32 }
}

fn binary_logarithm(x: f32) -> f64 {
    let mut bits = x.to_bits();
    if bits < SMALLEST_NORMAL {
        bits = (x * (1 << 23) as f32).to_bits().wrapping_sub(23 << 23);
    }
    let above = bits.wrapping_sub(FIRST);
    let exponent = (above & 0xff80_0000) as i32;
    let [inverse, logarithm] = LOGARITHMS[(above >> 19) as usize % LOGARITHMS.len()];
    let rest = f64::from(f32::from_bits(bits.wrapping_sub(exponent as u32))) * inverse - 1.0;
    let whole = logarithm + f64::from(exponent >> 23);
    let [e, d, c, b, a] = LOGARITHM;
    let square = rest * rest;
    (e * rest + d) * (square * square) + ((c * rest + b) * square + (a * rest + whole))
}

fn power_of_two(x: f64) -> f64 {
    let shifted = x + SHIFT;
    let steps = shifted.to_bits();
    let rest = x - (shifted - SHIFT);
    let scale = f64::from_bits(POWERS[steps as usize % POWERS.len()].wrapping_add(steps << 47));
    let [c, b, a] = POWER;
    ((c * rest + b) * (rest * rest) + (a * rest + 1.0)) * scale
}

/// Of a point in each sixteenth of the mantissas: 1/c and log₂ c.
const LOGARITHMS: [[f64; 2]; 16] = pairs([
    [0x3ff6_61ec_79f8_f3be, 0xbfde_fec6_5b96_3019],
    [0x3ff5_71ed_4aaf_883d, 0xbfdb_0b68_32d4_fca4],
    [0x3ff4_9539_f0f0_10b0, 0xbfd7_418b_0a1f_b77b],
    [0x3ff3_c995_b0b8_0385, 0xbfd3_9de9_1a6d_cf7b],
    [0x3ff3_0d19_0c88_64a5, 0xbfd0_1d9b_f3f2_b631],
    [0x3ff2_5e22_7b0b_8ea0, 0xbfc9_7c1d_1b3b_7af0],
    [0x3ff1_bb4a_4a1a_343f, 0xbfc2_f9e3_93af_3c9f],
    [0x3ff1_2358_f08a_e5ba, 0xbfb9_60cb_bf78_8d5c],
    [0x3ff0_953f_4199_00a7, 0xbfaa_6f9d_b647_5fce],
    [0x3ff0_0000_0000_0000, 0x0000_0000_0000_0000],
    [0x3fee_608c_fd9a_47ac, 0x3fb3_38ca_9f24_f53d],
    [0x3fec_a4b3_1f02_6aa0, 0x3fc4_76a9_5438_91ba],
    [0x3feb_2036_576a_fce6, 0x3fce_840b_4ac4_e4d2],
    [0x3fe9_c2d1_63a1_aa2d, 0x3fd4_0645_f0c6_651c],
    [0x3fe8_86e6_0378_41ed, 0x3fd8_8e9c_2c1b_9ff8],
    [0x3fe7_67dc_f553_4862, 0x3fdc_e0a4_4eb1_7bcc],
]);
/// Of r⁵ … r in log₂(1 + r).
const LOGARITHM: [f64; 5] = [
    f64::from_bits(0x3fd2_7616_c949_6e0b),
    f64::from_bits(0xbfd7_1969_a075_c67a),
    f64::from_bits(0x3fde_c70a_6ca7_badd),
    f64::from_bits(0xbfe7_1547_48be_f6c8),
    f64::from_bits(0x3ff7_1547_652a_b82b),
];
/// The bits of 2^(i/32), less i steps of the exponent's 32nd part.
const POWERS: [u64; 32] = [
    0x3ff0_0000_0000_0000,
    0x3fef_d9b0_d315_8574,
    0x3fef_b558_6cf9_890f,
    0x3fef_9301_d012_5b51,
    0x3fef_72b8_3c7d_517b,
    0x3fef_5487_3168_b9aa,
    0x3fef_387a_6e75_6238,
    0x3fef_1e9d_f51f_dee1,
    0x3fef_06fe_0a31_b715,
    0x3fee_f1a7_373a_a9cb,
    0x3fee_dea6_4c12_3422,
    0x3fee_ce08_6061_892d,
    0x3fee_bfda_d536_2a27,
    0x3fee_b42b_569d_4f82,
    0x3fee_ab07_dd48_5429,
    0x3fee_a47e_b03a_5585,
    0x3fee_a09e_667f_3bcd,
    0x3fee_9f75_e8ec_5f74,
    0x3fee_a114_73eb_0187,
    0x3fee_a589_994c_ce13,
    0x3fee_ace5_422a_a0db,
    0x3fee_b737_b0cd_c5e5,
    0x3fee_c491_82a3_f090,
    0x3fee_d503_b23e_255d,
    0x3fee_e89f_995a_d3ad,
    0x3fee_ff76_f2fb_5e47,
    0x3fef_199b_dd85_529c,
    0x3fef_3720_dcef_9069,
    0x3fef_5818_dcfb_a487,
    0x3fef_7c97_337b_9b5f,
    0x3fef_a4af_a2a4_90da,
    0x3fef_d076_5b6e_4540,
];
/// Of r³ … r in 2^r.
const POWER: [f64; 3] = [
    f64::from_bits(0x3fac_6af8_4b91_2394),
    f64::from_bits(0x3fce_bfce_50fa_c4f3),
    f64::from_bits(0x3fe6_2e42_ff0c_52d6),
];

const fn pairs(bits: [[u64; 2]; 16]) -> [[f64; 2]; 16] {
    let mut pairs = [[0.0; 2]; 16];
    let mut index = 0;
    while index < pairs.len() {
        pairs[index] = [f64::from_bits(bits[index][0]), f64::from_bits(bits[index][1])];
        index += 1;
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phases::spread;

    /// `numpy.float32(x)**2` of NumPy 2.4.6, as bits.
    #[test]
    fn squares_are_numpy_s_also_where_they_are_not_the_nearest() {
        for (x, expected) in CASES {
            assert_eq!(square_f32(f32::from_bits(x)).to_bits(), expected, "{x:#x}");
            assert_eq!(square_f32(-f32::from_bits(x)).to_bits(), expected, "-{x:#x}");
        }
        let off = CASES.iter().filter(|(x, expected)| (f32::from_bits(*x) * f32::from_bits(*x)).to_bits() != *expected);
        assert_eq!(off.count(), 8);
    }

    #[test]
    fn no_square_is_further_off_than_one_float32() {
        for bits in (0..=2.0_f32.to_bits()).step_by(9_973) {
            let x = f32::from_bits(bits);
            assert!((x * x).to_bits().abs_diff(square_f32(x).to_bits()) <= 1, "{x:e}");
        }
    }

    #[test]
    fn a_square_is_the_library_s_also_where_it_is_not_the_nearest_double() {
        let extremes = [0.0, -0.0, 1e-300, 5e-324, 1e200, -1e200, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
        let mut off = 0;
        for x in extremes.into_iter().chain(spread(-1.0, 1.0, 100_000)).chain(spread(-40.0, 40.0, 100_000)) {
            assert_eq!(square(x).to_bits(), pow(x, 2.0).to_bits(), "{x:e}");
            off += u32::from(square(x) != x * x && !x.is_nan());
        }
        assert!(off > 50, "{off} squares that are not the nearest");
    }

    const CASES: [(u32, u32); 15] = [
        (0x0000_0000, 0x0000_0000),
        (0x0000_0001, 0x0000_0000),
        (0x1af1_c901, 0x0000_0007),
        (0x3a83_126f, 0x3586_37be),
        (0x3f33_3333, 0x3efa_e147),
        (0x3f80_0000, 0x3f80_0000),
        (0x4000_0000, 0x4080_0000),
        (0x3ffb_559d, 0x4076_c0ff),
        (0x3f58_afba, 0x3f37_6903),
        (0x3acd_815a, 0x3624_f86c),
        (0x3ff1_c11b, 0x4064_4d27),
        (0x3fd6_dd04, 0x4034_5642),
        (0x3ff4_0e23, 0x4068_aaf4),
        (0x3f2b_14d5, 0x3ee4_a9ad),
        (0x3fbd_691c, 0x400c_245f),
    ];
}
