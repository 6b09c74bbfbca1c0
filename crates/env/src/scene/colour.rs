//! Colours of a scene.

/// Red, green, blue and opacity, a byte each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Colour(u32);

impl Colour {
    /// Nothing at all.
    pub const CLEAR: Self = Self(0);
    /// Black.
    pub const BLACK: Self = Self::rgb(0x000000);
    /// White.
    pub const WHITE: Self = Self::rgb(0xff_ff_ff);

    /// An opaque colour from `0xRRGGBB`.
    pub const fn rgb(rgb: u32) -> Self {
        Self(rgb << 8 | 0xff)
    }

    /// The same colour with another opacity, 0 to 255.
    pub const fn alpha(self, alpha: u8) -> Self {
        Self(self.0 & 0xffff_ff00 | alpha as u32)
    }

    /// From `0xRRGGBBAA`.
    pub const fn from_rgba(rgba: u32) -> Self {
        Self(rgba)
    }

    /// As `0xRRGGBBAA`.
    pub const fn rgba(self) -> u32 {
        self.0
    }

    /// Opacity, 0 to 255.
    pub const fn opacity(self) -> u8 {
        (self.0 & 0xff) as u8
    }
}
