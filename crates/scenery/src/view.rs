//! From a world's places, in its own units with y upwards, to a scene's.

/// The part of a world that is seen. Both axes have the same scale when `width / height` is the scene's aspect.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// The world's x at the left edge.
    pub left: f64,
    /// The world's y at the top edge.
    pub top: f64,
    /// World units from left to right.
    pub width: f64,
    /// World units from top to bottom.
    pub height: f64,
}

impl View {
    /// A place.
    pub fn point(&self, [x, y]: [f64; 2]) -> [f32; 2] {
        [((x - self.left) / self.width) as f32, ((self.top - y) / self.height) as f32]
    }

    /// A radius or a line's width.
    pub fn length(&self, length: f64) -> f32 {
        (length / self.height) as f32
    }

    /// A rectangle about its middle.
    pub fn rectangle(&self, [x, y]: [f64; 2], [width, height]: [f64; 2]) -> [f32; 4] {
        let [left, top] = self.point([x - width / 2.0, y + height / 2.0]);
        [left, top, (width / self.width) as f32, self.length(height)]
    }

    /// Points for a polygon, as many as `N / 2`.
    pub fn points<const N: usize>(&self, place: impl Fn(usize) -> [f64; 2]) -> [f32; N] {
        std::array::from_fn(|index| {
            let [x, y] = self.point(place(index / 2));
            if index % 2 == 0 { x } else { y }
        })
    }
}

/// `value` between the bounds; NaN at the lower one, so that whatever the state a scene has a place for it.
pub fn within(value: f64, low: f64, high: f64) -> f64 {
    value.max(low).min(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: View = View { left: -2.0, top: 3.0, width: 8.0, height: 4.0 };

    #[test]
    fn places_are_fractions_from_the_upper_left() {
        assert_eq!(VIEW.point([-2.0, 3.0]), [0.0, 0.0]);
        assert_eq!(VIEW.point([6.0, -1.0]), [1.0, 1.0]);
        assert_eq!(VIEW.rectangle([2.0, 1.0], [4.0, 2.0]), [0.25, 0.25, 0.5, 0.5]);
        assert_eq!(VIEW.length(1.0), 0.25);
        assert_eq!(VIEW.points::<4>(|index| [index as f64 * 2.0, 1.0]), [0.25, 0.5, 0.5, 0.5]);
    }

    #[test]
    fn whatever_the_state_there_is_a_place_for_it() {
        for (value, place) in [(f64::NAN, -1.0), (f64::NEG_INFINITY, -1.0), (0.5, 0.5), (f64::INFINITY, 1.0)] {
            assert_eq!(within(value, -1.0, 1.0), place);
        }
    }
}
