//! Windows that slide over pictures: sizes, steps, edges. A row of numbers is a picture of height 1.
use crate::error::Fault;
use crate::model::Planner;
use crate::show::{show, show_all};

/// How a window slides along one dimension.
#[derive(Clone, Copy)]
pub(crate) struct Slide {
    /// Elements of the input.
    pub(crate) size: usize,
    /// Elements of the window.
    pub(crate) window: usize,
    pub(crate) stride: usize,
    pub(crate) dilation: usize,
    /// Elements before the first and after the last, which are nothing.
    before: usize,
    after: usize,
    /// Places of the window.
    pub(crate) places: usize,
}

impl Slide {
    /// The element under number `at` of the window in place number `place`; none at an edge.
    #[inline]
    pub(crate) fn element(&self, place: usize, at: usize) -> Option<usize> {
        (place * self.stride + at * self.dilation).checked_sub(self.before).filter(|element| *element < self.size)
    }

    /// How many elements the window has in place number `place`, with the edges that were asked for.
    pub(crate) fn padded(&self, place: usize) -> usize {
        let end = self.before + self.size + self.after;
        (0..self.window).filter(|at| place * self.stride + at * self.dilation < end).count()
    }
}

/// Both dimensions of a picture, height first, and whether it has a height.
pub(crate) struct Windows {
    pub(crate) slides: [Slide; 2],
    pub(crate) flat: bool,
}

impl Windows {
    /// The windows of a node over a picture of the given sizes, without batch and channels.
    pub(crate) fn of(planner: &Planner<'_, '_>, picture: &[usize], window: &[usize]) -> Result<Self, Box<Fault>> {
        let rank = picture.len();
        if !(1..=2).contains(&rank) || window.len() != rank || [picture, window].concat().contains(&0) {
            let expected = "a row or a picture, and a window of as many dimensions".to_owned();
            return Err(Fault::Shape { expected, found: show_all(&[picture, window]) }.into());
        }
        let strides = list(planner, "strides", rank, 1)?;
        let dilations = list(planner, "dilations", rank, 1)?;
        let pads = list(planner, "pads", 2 * rank, 0)?;
        let auto = planner.node.text("auto_pad", "NOTSET");
        let up = planner.node.integer("ceil_mode", 0) != 0;
        let mut slides = [Slide { size: 1, window: 1, stride: 1, dilation: 1, before: 0, after: 0, places: 1 }; 2];
        for (axis, slide) in slides[2 - rank..].iter_mut().enumerate() {
            let (size, stride) = (picture[axis], strides[axis]);
            let reach = dilations[axis].saturating_mul(window[axis] - 1).saturating_add(1);
            if stride == 0 || dilations[axis] == 0 {
                return Err(Fault::shape("steps of at least 1", &[stride]));
            }
            let same = (size.div_ceil(stride) - 1).saturating_mul(stride).saturating_add(reach).saturating_sub(size);
            let (before, after) = match auto.as_str() {
                "NOTSET" => (pads[axis], pads[axis + rank]),
                "VALID" => (0, 0),
                "SAME_UPPER" => (same / 2, same - same / 2),
                "SAME_LOWER" => (same - same / 2, same / 2),
                _ => {
                    let expected = "NOTSET, VALID, SAME_UPPER or SAME_LOWER";
                    return Err(Fault::Attribute { attribute: "auto_pad", expected, found: auto }.into());
                }
            };
            // So that nothing below overflows.
            if reach > 1 << 24 || before > 1 << 24 || after > 1 << 24 || stride > 1 << 24 {
                return Err(Fault::TooLarge { what: "elements of a window", most: 1 << 24 }.into());
            }
            let Some(room) = (size + before + after).checked_sub(reach) else {
                let expected = format!("a window of at most {} elements", size + before + after);
                return Err(Fault::Shape { expected, found: reach.to_string() }.into());
            };
            let mut places = (if up { room.div_ceil(stride) } else { room / stride }) + 1;
            // A window that would begin behind the picture is left out.
            if up && (places - 1) * stride >= size + before {
                places -= 1;
            }
            *slide = Slide { size, window: window[axis], stride, dilation: dilations[axis], before, after, places };
        }
        Ok(Self { slides, flat: rank == 1 })
    }

    /// The sizes of the output's picture.
    pub(crate) fn places(&self) -> Vec<usize> {
        self.slides[usize::from(self.flat)..].iter().map(|slide| slide.places).collect()
    }

    /// How many elements a window has. A window that is no tensor's own may have more than memory has places.
    pub(crate) fn window(&self) -> u64 {
        self.slides.iter().map(|slide| slide.window as u64).product()
    }

    /// How many elements a picture has.
    pub(crate) fn picture(&self) -> usize {
        self.slides.iter().map(|slide| slide.size).product()
    }
}

/// A list of sizes, or all alike where it is left out.
pub(crate) fn list(
    planner: &Planner<'_, '_>,
    name: &'static str,
    len: usize,
    default: usize,
) -> Result<Vec<usize>, Box<Fault>> {
    let Some(found) = planner.node.integers(name) else { return Ok(vec![default; len]) };
    let sizes = found.iter().map(|size| usize::try_from(*size).ok()).collect::<Option<Vec<_>>>();
    sizes.filter(|sizes| sizes.len() == len).ok_or_else(|| {
        let expected = "a size of 0 and more for each dimension";
        Fault::Attribute { attribute: name, expected, found: show(found) }.into()
    })
}
