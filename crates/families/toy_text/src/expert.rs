//! Players who know the rules and the map: what a way is worth is worked out once for each environment, when it is first asked.
use palaestra_env::Advice;

use super::grid::{Grid, Heading};
use super::town::{Fare, IN_TAXI, STANDS, next};
use super::walk::Arrival;

/// How much a step that is yet to come is worth.
const PATIENCE: f64 = 0.99;
/// How often what every cell is worth is worked out, at most, and when it is known well enough.
const SWEEPS: usize = 600;
const EXACT: f64 = 1e-9;

/// What an action leads to: how likely, and where.
pub(super) type Outcomes = [(f64, Arrival); 3];

/// For each cell the actions that are worth most, a bit each.
#[inline(never)]
pub(super) fn ways(grid: Grid, is_end: impl Fn(usize) -> bool, outcomes: impl Fn(usize, usize) -> Outcomes) -> Vec<u8> {
    let mut worth = vec![0.0; grid.cells()];
    let value = |worth: &[f64], cell: usize, action: usize| -> f64 {
        let of = |(chance, arrival): (f64, Arrival)| {
            let later =
                if arrival.terminated { 0.0 } else { PATIENCE * worth.get(arrival.cell).copied().unwrap_or(0.0) };
            chance * (arrival.reward + later)
        };
        outcomes(cell, action).into_iter().map(of).sum()
    };
    let best =
        |worth: &[f64], cell: usize| (0..4).map(|action| value(worth, cell, action)).fold(f64::NEG_INFINITY, f64::max);
    for _ in 0..SWEEPS {
        let mut change: f64 = 0.0;
        for cell in (0..grid.cells()).filter(|cell| !is_end(*cell)) {
            let now = best(&worth, cell);
            change = change.max((now - worth[cell]).abs());
            worth[cell] = now;
        }
        if change < EXACT {
            break;
        }
    }
    let good = |cell: usize| {
        let most = best(&worth, cell);
        (0..4).filter(|action| value(&worth, cell, *action) > most - 1e-7).fold(0, |bits, action| bits | 1 << action)
    };
    (0..grid.cells()).map(good).collect()
}

/// Takes one of the actions that are worth most.
#[inline(never)]
pub(super) fn walk(ways: &[u8], cell: usize, advice: &mut Advice<'_>) {
    let good = ways.get(cell).copied().filter(|bits| *bits != 0).unwrap_or(0b1111);
    let chosen = advice.below(good.count_ones() as usize);
    let action = (0..4).filter(|action| good >> action & 1 == 1).nth(chosen);
    advice.discrete(action.unwrap_or(0));
}

/// Takes cards up to sixteen.
#[inline(never)]
pub(super) fn blackjack(sum: u32, advice: &mut Advice<'_>) {
    advice.discrete(i64::from(sum < 17));
}

/// Drives the shortest way to the passenger, and then to where that wants to go. `drives` are the four ways by their actions.
#[inline(never)]
pub(super) fn taxi(fare: Fare, drives: [Heading; 4], advice: &mut Advice<'_>) {
    let (stand, there) = if fare.passenger == IN_TAXI { (fare.destination, 5) } else { (fare.passenger, 4) };
    let target = STANDS.get(stand).copied().unwrap_or_default();
    if fare.taxi == target {
        return advice.discrete(there);
    }
    let far = distances(target);
    let here = far.get(fare.taxi).copied().unwrap_or_default();
    let closer = |action: &usize| {
        let to = drives.get(*action).map_or(fare.taxi, |heading| next(fare.taxi, *heading));
        far.get(to).is_some_and(|steps| *steps < here)
    };
    let good = (0..4).filter(closer).count();
    let chosen = advice.below(good);
    let action = (0..4).filter(closer).nth(chosen);
    advice.discrete(action.unwrap_or(0) as i64);
}

/// Steps from every cell of the town to one.
fn distances(target: usize) -> [u8; 25] {
    let mut far = [u8::MAX; 25];
    far.get_mut(target).into_iter().for_each(|slot| *slot = 0);
    // No way is longer than there are cells.
    for _ in 0..far.len() {
        for cell in 0..far.len() {
            let ways = [Heading::Left, Heading::Down, Heading::Right, Heading::Up];
            let nearest = ways.into_iter().filter_map(|way| far.get(next(cell, way)).copied()).min().unwrap_or(u8::MAX);
            far[cell] = far[cell].min(nearest.saturating_add(1));
        }
    }
    far
}
