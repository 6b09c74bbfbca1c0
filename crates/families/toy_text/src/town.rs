//! Taxi's town: where one can drive, where the stands are, and how a state is numbered. After `toy_text/taxi.py`.
use super::grid::{Grid, Heading};

pub(super) const GRID: Grid = Grid { rows: 5, columns: 5 };
/// Cells of the stands: red, green, yellow, blue.
pub(super) const STANDS: [usize; 4] = [0, 4, 20, 23];
/// The place of a passenger who rides along.
pub(super) const IN_TAXI: usize = 4;
/// How many states there are.
pub(super) const STATES: usize = 500;
/// Walls stand to the right of these cells; between the others one can drive.
pub(super) const WALLS: [usize; 6] = [1, 6, 15, 17, 20, 22];

/// Where the taxi and its passenger are, and where the passenger wants to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fare {
    /// The taxi's cell.
    pub(super) taxi: usize,
    /// A stand, or [`IN_TAXI`].
    pub(super) passenger: usize,
    /// A stand.
    pub(super) destination: usize,
}

impl Fare {
    /// The state's number: what is observed.
    pub(super) fn number(self) -> usize {
        (self.taxi * (STANDS.len() + 1) + self.passenger) * STANDS.len() + self.destination
    }

    /// The state of a number below [`STATES`].
    pub(super) fn numbered(number: usize) -> Self {
        let (rest, destination) = (number / STANDS.len(), number % STANDS.len());
        let (taxi, passenger) = (rest / (STANDS.len() + 1), rest % (STANDS.len() + 1));
        Self { taxi: taxi.min(GRID.cells() - 1), passenger, destination }
    }

    /// The stand where the taxi is.
    pub(super) fn stand(self) -> Option<usize> {
        STANDS.iter().position(|cell| *cell == self.taxi)
    }

    /// Whether an episode may begin so.
    pub(super) fn can_start(self) -> bool {
        self.passenger != IN_TAXI && self.passenger != self.destination
    }

    /// Which of the six actions would change something.
    pub(super) fn mask(self) -> [i8; 6] {
        let stand = self.stand();
        [
            next(self.taxi, Heading::Down) != self.taxi,
            next(self.taxi, Heading::Up) != self.taxi,
            next(self.taxi, Heading::Right) != self.taxi,
            next(self.taxi, Heading::Left) != self.taxi,
            stand == Some(self.passenger),
            stand.is_some() && self.passenger == IN_TAXI,
        ]
        .map(i8::from)
    }
}

/// Where a drive leads; against a wall or the town's edge nowhere.
pub(super) fn next(cell: usize, heading: Heading) -> usize {
    let to = GRID.next(cell, heading);
    let blocked = match heading {
        Heading::Right => WALLS.contains(&cell),
        Heading::Left => WALLS.contains(&to),
        Heading::Up | Heading::Down => false,
    };
    if blocked { cell } else { to }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The map as the reference prints it: `:` lets pass, `|` does not.
    const MAP: [&str; 5] = ["|R: | : :G|", "| : | : : |", "| : : : : |", "| | : | : |", "|Y| : |B: |"];

    #[test]
    fn walls_and_stands_are_those_of_the_reference_s_map() {
        for (row, line) in MAP.iter().enumerate() {
            let letters = line.as_bytes();
            for column in 0..GRID.columns {
                let cell = row * GRID.columns + column;
                assert_eq!(next(cell, Heading::Right) != cell, letters[2 * column + 2] == b':', "{cell}");
                assert_eq!(next(cell, Heading::Left) != cell, letters[2 * column] == b':', "{cell}");
                let stand = STANDS.iter().position(|stand| *stand == cell).map(|stand| b"RGYB"[stand]);
                assert_eq!(stand.unwrap_or(b' '), letters[2 * column + 1], "{cell}");
            }
        }
    }

    #[test]
    fn a_state_reads_back_from_its_number() {
        assert!((0..STATES).all(|number| Fare::numbered(number).number() == number));
        assert_eq!(Fare { taxi: 16, passenger: 2, destination: 0 }.number(), 328);
        assert_eq!((0..STATES).filter(|number| Fare::numbered(*number).can_start()).count(), 300);
    }
}
