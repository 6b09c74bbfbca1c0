//! Unbiased integers below a bound, by the two methods NumPy uses.
use super::pcg64::Pcg64;

/// 0 ..= `last` by Lemire's multiplication: NumPy's `integers`. Draws nothing when `last` is 0, u32s when they suffice.
#[inline]
pub(super) fn lemire(pcg: &mut Pcg64, last: u64) -> u64 {
    match u32::try_from(last) {
        Ok(0) => 0,
        Ok(u32::MAX) => u64::from(pcg.next_u32()),
        Ok(last) => u64::from(lemire_u32(pcg, last)),
        Err(_) if last == u64::MAX => pcg.next_u64(),
        Err(_) => lemire_u64(pcg, last),
    }
}

/// 0 ..= `last`, `last` below `u32::MAX`.
fn lemire_u32(pcg: &mut Pcg64, last: u32) -> u32 {
    let count = last.wrapping_add(1);
    let mut product = u64::from(pcg.next_u32()) * u64::from(count);
    if (product as u32) < count {
        let threshold = (u32::MAX - last) % count;
        while (product as u32) < threshold {
            product = u64::from(pcg.next_u32()) * u64::from(count);
        }
    }
    (product >> 32) as u32
}

/// 0 ..= `last`, `last` below `u64::MAX`.
fn lemire_u64(pcg: &mut Pcg64, last: u64) -> u64 {
    let count = last.wrapping_add(1);
    let mut product = u128::from(pcg.next_u64()) * u128::from(count);
    if (product as u64) < count {
        let threshold = (u64::MAX - last) % count;
        while (product as u64) < threshold {
            product = u128::from(pcg.next_u64()) * u128::from(count);
        }
    }
    (product >> 64) as u64
}

/// 0 ..= `last` by drawing under a mask until the number fits: NumPy's `random_interval`, which `shuffle` uses.
pub(super) fn masked(pcg: &mut Pcg64, last: u64) -> u64 {
    let Some(mask) = u64::MAX.checked_shr(last.leading_zeros()) else {
        return 0;
    };
    loop {
        let drawn = if last <= u64::from(u32::MAX) { u64::from(pcg.next_u32()) } else { pcg.next_u64() };
        if drawn & mask <= last {
            return drawn & mask;
        }
    }
}
