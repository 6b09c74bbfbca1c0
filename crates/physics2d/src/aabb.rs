//! Boxes along the axes: what the broad phase compares.
use crate::math::{Vec2, vec2};
use crate::settings::{AABB_EXTENSION, AABB_MULTIPLIER};

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Aabb {
    pub(crate) lower: Vec2,
    pub(crate) upper: Vec2,
}

impl Aabb {
    pub(crate) fn around(self, other: Self) -> Self {
        Self { lower: self.lower.min(other.lower), upper: self.upper.max(other.upper) }
    }

    pub(crate) fn contains(&self, other: &Self) -> bool {
        self.lower.x <= other.lower.x
            && self.lower.y <= other.lower.y
            && other.upper.x <= self.upper.x
            && other.upper.y <= self.upper.y
    }

    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let (after, before) = (other.lower - self.upper, self.lower - other.upper);
        !(after.x > 0.0 || after.y > 0.0 || before.x > 0.0 || before.y > 0.0)
    }

    /// Larger on every side.
    pub(crate) fn grown(self, by: f32) -> Self {
        let by = vec2(by, by);
        Self { lower: self.lower - by, upper: self.upper + by }
    }

    /// Large enough for some steps to come, if they are like the last one.
    pub(crate) fn fattened(self, displacement: Vec2) -> Self {
        let mut fat = self.grown(AABB_EXTENSION);
        let ahead = AABB_MULTIPLIER * displacement;
        let reached = |ahead: f32, lower: &mut f32, upper: &mut f32| {
            let side = if ahead < 0.0 { lower } else { upper };
            *side += ahead;
        };
        reached(ahead.x, &mut fat.lower.x, &mut fat.upper.x);
        reached(ahead.y, &mut fat.lower.y, &mut fat.upper.y);
        fat
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Aabb = Aabb { lower: vec2(0.0, 0.0), upper: vec2(1.0, 1.0) };

    #[test]
    fn boxes_that_share_an_edge_overlap_and_apart_they_do_not() {
        let beside = Aabb { lower: vec2(1.0, 0.5), upper: vec2(2.0, 2.0) };
        assert!(UNIT.overlaps(&beside) && beside.overlaps(&UNIT));
        let apart = Aabb { lower: vec2(1.01, 0.5), ..beside };
        assert!(!UNIT.overlaps(&apart) && !apart.overlaps(&UNIT));
    }

    #[test]
    fn a_fat_box_reaches_twice_the_displacement_ahead_and_nothing_behind() {
        let fat = UNIT.fattened(vec2(-1.0, 0.5));
        assert_eq!(fat, Aabb { lower: vec2(-2.1, -0.1), upper: vec2(1.1, 2.1) });
        assert!(fat.contains(&UNIT) && !UNIT.contains(&fat));
    }
}
