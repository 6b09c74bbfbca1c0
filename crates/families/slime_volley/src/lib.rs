//! Slime volleyball by D. Ha: two half-disks on wheels, a ball and a net.
//!
//! | id | after | agents | actions | observation | reward | ends |
//! |---|---|---|---|---|---|---|
//! | `SlimeVolley-v0` | slimevolleygym 0.1.0 | the right slime, against a policy that comes with it | MultiBinary(3): towards the net, away from it, up | 12 float64s | 1 a point won, −1 a point lost | terminated when either has lost 5 points, or after 3000 steps |
//! | `slimevb/SlimeVolleyEnv` | slimevb 0.1.1, NumPy back end | `agent_0` left, `agent_1` right | Discrete(6): rest, forward, forward and up, up, backward and up, backward; or MultiBinary(3); or `null` | 12 float32s each | as above, each its own | terminated at the first point, truncated after 3000 steps |
//!
//! An observation is the player's own place and speed, the ball's and the opponent's, each as x, y, vx, vy in tenths of the
//! court's units, with x away from the net on the player's own side. In `SlimeVolley-v0` the step that scores shows what the
//! step before it showed, as there.
//!
//! | argument | of | default |
//! |---|---|---|
//! | `survival_bonus` | `SlimeVolley-v0` | false; true: 0.01 more a step |
//! | `atari_mode` | `SlimeVolley-v0` | false; true: actions of Discrete(6) as well |
//! | `t_limit` | `SlimeVolley-v0` | 3000 |
//! | `survival_reward` | `slimevb/SlimeVolleyEnv` | false; true: 0.01 (a float32) more a step, to both |
//! | `max_steps` | `slimevb/SlimeVolleyEnv` | 3000 |
//! | `human_inputs` | `slimevb/SlimeVolleyEnv` | false; true: forward and backward change places for the left slime |
//! | `seed` | `slimevb/SlimeVolleyEnv` | 0: the generator's before any seeded reset |
//!
//! slimevb takes its arguments in an object named `config`; here they may come in one or as they are. The arguments of
//! `SlimeVolley-v0` are attributes there.
//!
//! An action that is `null` (Python's `None`) leaves the left slime of `slimevb/SlimeVolleyEnv` to the policy, and the right
//! one at rest. The policy is a recurrent network whose memory outlives the episode, and even a seed. Its memory is the
//! reference's to the last bit on a processor with fused multiply-add and the OpenBLAS of NumPy's wheels, for Intel's from
//! Haswell and AMD's from Zen on; elsewhere NumPy itself adds up in another order, which hardly ever makes it press another
//! button.
#![forbid(unsafe_code)]

mod buttons;
mod court;
mod entries;
mod expert;
mod manual;
mod pair;
mod pair_game;
mod policy;
mod scene;
mod single;
mod single_game;

use palaestra_env::catalog::Family;
use palaestra_env::{ArgumentError, Environment, Kwargs};

use pair::SlimeVolleyPair;
use single::SlimeVolley;

/// The family.
pub const FAMILY: Family =
    Family { name: "slime_volley", title: "Slime volleyball", entries: entries::ENTRIES, make, artwork: &[] };

/// Makes an environment; `None` for an id of another family.
fn make(id: &str, kwargs: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
    match id {
        "SlimeVolley-v0" => Some(SlimeVolley::new(id, kwargs).map(|made| Box::new(made) as Box<dyn Environment>)),
        "slimevb/SlimeVolleyEnv" => {
            Some(SlimeVolleyPair::new(id, kwargs).map(|made| Box::new(made) as Box<dyn Environment>))
        }
        _ => None,
    }
}
