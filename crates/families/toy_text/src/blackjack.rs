//! Blackjack: the rules of Gymnasium 1.4.0's `toy_text/blackjack.py`.
use palaestra_env::{
    Advice, ArgumentError, Arguments, Environment, JointAction, Kwargs, Outcome, RestoreError, Scene, SeededRng, Space,
    Spec, StateReader, StateWriter, StepError, ValueWriter,
};

use super::hand::Hand;
use super::table::{FACES, SUITS, Table};
use super::{arguments, blackjack_scene, expert};

const HIT: i64 = 1;
/// From here on the dealer draws no more.
const DEALER_STICKS: u32 = 17;
/// `Blackjack-v1`.
pub(super) struct Blackjack {
    spec: Spec,
    natural: bool,
    sab: bool,
    rng: SeededRng,
    table: Table,
}

impl Blackjack {
    /// # Errors
    /// [`ArgumentError`] for any argument but the bools `natural` and `sab`.
    pub(super) fn new(id: &str, kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        let mut arguments = Arguments::new(kwargs);
        let natural = arguments.bool("natural", false)?;
        // The class has false here; what is registered has true.
        let sab = arguments.bool("sab", true)?;
        arguments.finish()?;
        let observation = Space::tuple([Space::discrete(32), Space::discrete(11), Space::discrete(2)]);
        let spec = Spec {
            render_fps: 4,
            aspect: blackjack_scene::ASPECT,
            ..Spec::single(id, Space::discrete(2), observation)
        };
        let mut rng = SeededRng::new(0);
        let table = Table::dealt(&mut rng);
        Ok(Self { spec, natural, sab, rng, table })
    }

    fn reward(&self) -> f64 {
        let Table { player, dealer, .. } = &self.table;
        let compared = match player.score().cmp(&dealer.score()) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.0,
            std::cmp::Ordering::Less => -1.0,
        };
        if self.sab && player.is_natural() && !dealer.is_natural() {
            1.0
        } else if !self.sab && self.natural && player.is_natural() && compared == 1.0 {
            1.5
        } else {
            compared
        }
    }
}

impl Environment for Blackjack {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        arguments::none(options)?;
        if let Some(seed) = seed {
            self.rng = SeededRng::new(seed);
        }
        self.table = Table::dealt(&mut self.rng);
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        let (reward, terminated) = if action.discrete(0) == HIT {
            self.table.player.draw(&mut self.rng);
            if self.table.player.is_bust() { (-1.0, true) } else { (0.0, false) }
        } else {
            while self.table.dealer.sum() < DEALER_STICKS {
                self.table.dealer.draw(&mut self.rng);
            }
            self.table.open = true;
            (self.reward(), true)
        };
        self.table.result = terminated.then_some(reward);
        outcome.share(reward, terminated, false);
        Ok(())
    }

    fn observe(&self, _agent: usize, out: &mut ValueWriter) {
        let Table { player, dealer, .. } = &self.table;
        out.discrete(player.sum().into());
        out.discrete(dealer.first().into());
        out.discrete(player.usable_ace().into());
    }

    fn draw(&self, scene: &mut Scene) {
        blackjack_scene::draw(scene, &self.table);
    }

    fn has_expert(&self) -> bool {
        true
    }

    fn advise(&self, advice: &mut Advice<'_>) {
        expert::blackjack(self.table.player.sum(), advice);
    }

    fn save(&self, out: &mut StateWriter) {
        out.bool(self.natural);
        out.bool(self.sab);
        self.table.player.save(out);
        self.table.dealer.save(out);
        out.u32(self.table.suit as u32);
        out.u32(self.table.face as u32);
        out.bool(self.table.open);
        out.bool(self.table.result.is_some());
        out.f64(self.table.result.unwrap_or_default());
        out.rng(&self.rng);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        if (state.bool("natural")?, state.bool("sab")?) != (self.natural, self.sab) {
            return Err(RestoreError::Foreign);
        }
        let (player, dealer) = (Hand::restore(state)?, Hand::restore(state)?);
        if player.ranks().len() < 2 || dealer.ranks().len() < 2 {
            return Err(RestoreError::Invalid { field: "hand" });
        }
        let (suit, face) = (state.below(SUITS, "suit")?, state.below(FACES, "face")?);
        let (open, over, result) = (state.bool("open")?, state.bool("over")?, state.f64()?);
        // A bust ends the game.
        let ended = over || !player.is_bust();
        if ![-1.0, 0.0, 1.0, 1.5].contains(&result) || !ended {
            return Err(RestoreError::Invalid { field: "result" });
        }
        self.table = Table { player, dealer, suit, face, open, result: over.then_some(result) };
        self.rng = state.rng()?;
        Ok(())
    }
}
