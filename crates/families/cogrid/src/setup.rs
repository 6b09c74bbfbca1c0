//! What makes one environment of the family different from another.
use super::thing::Scope;

/// A registered environment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setup {
    pub(super) id: &'static str,
    /// The floor plan in the reference's letters; `+` where somebody starts, the first before the second in reading order.
    pub(super) layout: &'static [&'static str],
    pub(super) scope: Scope,
    pub(super) view: View,
    pub(super) rewards: Rewards,
    /// Steps in an episode, unless `make` is told otherwise.
    pub(super) max_steps: u32,
}

/// What an agent is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// Numbers about both cooks and the pots, and ten maps.
    Kitchen,
    /// The same and the orders.
    Orders,
    /// 35 maps: of all, or of what lies within a radius of the agent.
    Maps {
        /// In cells; absent: everything.
        radius: Option<u8>,
        /// The place of the one among seven zeros and ones that tell the layouts apart, if they are given.
        layout: Option<u8>,
    },
    /// Where the rescuers are, where they can go, and what they carry.
    Rescue,
}

/// What is rewarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rewards {
    /// Soups, onions in pots and soups on plates, to both.
    Team,
    /// Soups to both; the rest to whoever does it.
    Own,
    /// Ordered soups and what goes into them; unordered and late ones cost.
    Orders,
    /// The soup that is wanted, and what goes into it; any other costs.
    Target,
    /// Nothing.
    None,
}

const V0: Setup =
    Setup { id: "", layout: &[], scope: Scope::Kitchen, view: View::Kitchen, rewards: Rewards::Team, max_steps: 1000 };
const V2: Setup = Setup {
    scope: Scope::OpenKitchen,
    view: View::Maps { radius: Some(2), layout: None },
    rewards: Rewards::Target,
    max_steps: 400,
    ..V0
};

const CRAMPED_ROOM: &[&str] = &["CCUCC", "O   O", "C   C", "C=C@C"];
const ASYMMETRIC_ADVANTAGES: &[&str] = &["CCCCCCCCC", "O C@COC @", "C+  U  +C", "C   U   C", "CCC=C=CCC"];

/// All of them, in the catalog's order.
pub(super) const SETUPS: &[Setup] = &[
    Setup { id: "Overcooked-CrampedRoom-V0", layout: CRAMPED_ROOM, ..V0 },
    Setup { id: "Overcooked-AsymmetricAdvantages-V0", layout: ASYMMETRIC_ADVANTAGES, ..V0 },
    Setup { id: "Overcooked-CoordinationRing-V0", layout: &["CCCUC", "C   U", "= C C", "O   C", "CO@CC"], ..V0 },
    Setup { id: "Overcooked-ForcedCoordination-V0", layout: &["CCCUC", "O+C U", "O C C", "= C+C", "CCC@C"], ..V0 },
    Setup {
        id: "Overcooked-CounterCircuit-V0",
        layout: &["CCCUUCCC", "C      C", "= CCCC @", "C      C", "CCCOOCCC"],
        ..V0
    },
    Setup {
        id: "Overcooked-CrampedMixedKitchen-V0",
        layout: &["CUCUC", "O+ +T", "C   C", "C=@CC"],
        view: View::Orders,
        rewards: Rewards::Orders,
        max_steps: 4000,
        ..V0
    },
    Setup {
        id: "Overcooked-CrampedRoom-LocalView-V0",
        layout: CRAMPED_ROOM,
        view: View::Maps { radius: None, layout: None },
        rewards: Rewards::Own,
        ..V0
    },
    Setup {
        id: "Overcooked-AsymmetricAdvantages-PartialObs-V0",
        layout: ASYMMETRIC_ADVANTAGES,
        view: View::Maps { radius: Some(1), layout: Some(1) },
        rewards: Rewards::Own,
        ..V0
    },
    Setup {
        id: "OvercookedV2-CrampedRoomIndicator-V0",
        layout: &["CCuCC", "O   T", "=   R", "CCCXC"],
        view: View::Maps { radius: None, layout: None },
        ..V2
    },
    Setup {
        id: "OvercookedV2-GroundedCoordSimple-V0",
        layout: &["CCBCCCCC", "C  C=  O", "R +Lu+ X", "C  C=  T", "CCBCCCCC"],
        ..V2
    },
    Setup {
        id: "OvercookedV2-GroundedCoordRing-V0",
        layout: &[
            "CCCBRBCCC",
            "C       C",
            "C CCLCC C",
            "B O   = B",
            "R+X+u X R",
            "B T   = B",
            "C CCLCC C",
            "C       C",
            "CCCBRBCCC",
        ],
        ..V2
    },
    Setup {
        id: "OvercookedV2-TestTimeSimple-V0",
        layout: &["CCBCCCCC", "C  C=  O", "R +Cu+ X", "C  C=  T", "CCBCCCCC"],
        ..V2
    },
    Setup {
        id: "OvercookedV2-TestTimeWide-V0",
        layout: &["CCX=CC", "O +  O", "T    T", "CuCuCC", "M +  M", "C    C", "CCRCCC"],
        ..V2
    },
    Setup {
        id: "OvercookedV2-DemoCookSimple-V0",
        layout: &["CCCCCRBCOCC", "O      C  =", "C     +u+ X", "T      C  =", "CCCCCRBCTCC"],
        ..V2
    },
    Setup {
        id: "OvercookedV2-DemoCookWide-V0",
        layout: &["CCCC=X=CCCC", "CCCO + TCCC", "CCCCCuCCCCC", "C    +    C", "O  CMRMC  O", "CTCCCCCCCTC"],
        ..V2
    },
    Setup {
        id: "SearchRescue-Test-V0",
        layout: &[
            "##########",
            "#++      #",
            "#        #",
            "#        #",
            "#       G#",
            "#        #",
            "#T     K #",
            "#XX M ##D#",
            "#GX Y #GG#",
            "##########",
        ],
        scope: Scope::Rescue,
        view: View::Rescue,
        rewards: Rewards::None,
        ..V0
    },
];
