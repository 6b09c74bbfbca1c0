//! Where things are in the scene: a strip for words above, the field of cells below. The unit is a cell of the whole grid.

/// The proportions of a scene, fixed when the environment is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// The scene's width; the field has all of it.
    width: f32,
    /// The strip's height.
    strip: f32,
    /// The field's height.
    field: f32,
}

/// The strip's height as a part of the width.
const STRIP: f32 = 0.164;
/// What is small is not blown up beyond this: it would no longer look like the same game.
const MOST_ZOOM: f32 = 2.2;

impl Layout {
    pub(super) fn new(columns: i32, rows: i32) -> Self {
        let width = columns as f32;
        Self { width, strip: width * STRIP, field: rows as f32 }
    }

    fn height(&self) -> f32 {
        self.strip + self.field
    }

    pub(super) fn aspect(&self) -> f32 {
        self.width / self.height()
    }

    /// Where the field begins.
    pub(super) fn field_top(&self) -> f32 {
        self.strip / self.height()
    }

    /// A length in the strip, given as a part of the width, as the scene has lengths and text sizes.
    pub(super) fn length(&self, part: f32) -> f32 {
        part * self.width / self.height()
    }

    /// A camera on a part of the grid: left, top, columns and rows.
    pub(super) fn camera(&self, [left, top, columns, rows]: [i32; 4]) -> Camera {
        let (columns, rows) = (columns.max(1) as f32, rows.max(1) as f32);
        let zoom = (self.width / columns).min(self.field / rows).min(MOST_ZOOM);
        let origin_x = (self.width - columns * zoom) / 2.0 - left as f32 * zoom;
        let origin_y = self.strip + (self.field - rows * zoom) / 2.0 - top as f32 * zoom;
        Camera {
            origin: [origin_x / self.width, origin_y / self.height()],
            cell: [zoom / self.width, zoom / self.height()],
        }
    }
}

/// From columns and rows to the scene.
#[derive(Clone, Copy, Debug)]
pub(super) struct Camera {
    origin: [f32; 2],
    /// A cell's width and height.
    cell: [f32; 2],
}

impl Camera {
    pub(super) fn point(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        [self.origin[0] + x * self.cell[0], self.origin[1] + y * self.cell[1]]
    }

    /// A rectangle of cells: left, top, columns and rows.
    pub(super) fn rectangle(&self, [x, y, columns, rows]: [f32; 4]) -> [f32; 4] {
        let [left, top] = self.point([x, y]);
        [left, top, columns * self.cell[0], rows * self.cell[1]]
    }

    /// A length in cells, as the scene has lengths.
    pub(super) fn length(&self, cells: f32) -> f32 {
        cells * self.cell[1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_grid_fills_the_field_below_the_strip() {
        let layout = Layout::new(11, 6);
        let camera = layout.camera([0, 0, 11, 6]);
        assert_eq!(camera.point([0.0, 0.0]), [0.0, layout.field_top()]);
        let [right, bottom] = camera.point([11.0, 6.0]);
        assert!((right - 1.0).abs() < 1e-6 && (bottom - 1.0).abs() < 1e-6, "{right} {bottom}");
    }

    #[test]
    fn a_part_of_the_grid_is_shown_larger_and_in_the_middle() {
        let layout = Layout::new(20, 20);
        let camera = layout.camera([5, 2, 10, 5]);
        let [left, top, width, height] = camera.rectangle([5.0, 2.0, 10.0, 5.0]);
        assert!((left - 0.0).abs() < 1e-6 && (width - 1.0).abs() < 1e-6);
        let above = top - layout.field_top();
        assert!((above - (1.0 - top - height)).abs() < 1e-6, "{above}");
    }
}
