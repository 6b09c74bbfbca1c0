//! An environment's names, spaces and limits.
use crate::space::Space;
use crate::value::Value;

/// Whether a quantity is one for all agents or one each. It decides how a record holds it: one value, or a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// One for all: a single agent's, or a whole team's.
    Shared,
    /// One an agent, in agent order.
    PerAgent,
}

/// A picture cut into a grid of sprites, numbered from 0 in reading order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Atlas {
    /// The picture's path below the site's `art/` folder.
    pub image: String,
    /// Cells across.
    pub columns: u16,
    /// Cells down.
    pub rows: u16,
}

/// An environment's names, spaces and limits, fixed when it is made.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// The registered id, such as `CartPole-v1`.
    pub id: String,
    /// The agents' ids, in order: `agent_0`, ….
    pub agents: Vec<String>,
    /// Each agent's actions.
    pub action_spaces: Vec<Space>,
    /// Whether numbers beyond the bounds of a Box of actions are played too: the environment clips them itself, as references do.
    pub clips_actions: bool,
    /// Each agent's observations.
    pub observation_spaces: Vec<Space>,
    /// What `info` holds after a reset: a Dict.
    pub reset_info: Space,
    /// What `info` holds after a step: a Dict.
    pub step_info: Space,
    /// Whether all agents see the same.
    pub observation: Sharing,
    /// Whether all agents earn the same.
    pub reward: Sharing,
    /// Whether an episode ends for all agents at once.
    pub ended: Sharing,
    /// Steps after which an episode is truncated.
    pub max_episode_steps: Option<u32>,
    /// The reference's own pace, in steps a second.
    pub render_fps: u32,
    /// The scene's width over its height.
    pub aspect: f32,
    /// The picture that the scene's sprites come from.
    pub atlas: Option<Atlas>,
}

impl Spec {
    /// The spec of a single-agent environment with an empty `info`, to be changed with struct update syntax.
    pub fn single(id: &str, action_space: Space, observation_space: Space) -> Self {
        Self {
            id: id.to_owned(),
            agents: vec!["agent_0".to_owned()],
            action_spaces: vec![action_space],
            clips_actions: false,
            observation_spaces: vec![observation_space],
            reset_info: Space::dict([]),
            step_info: Space::dict([]),
            observation: Sharing::Shared,
            reward: Sharing::Shared,
            ended: Sharing::Shared,
            max_episode_steps: None,
            render_fps: 30,
            aspect: 1.5,
            atlas: None,
        }
    }

    /// Whether a step takes `action` of an agent whose action space is `space`.
    pub fn takes(&self, space: &Space, action: &Value) -> bool {
        space.contains(action) || (self.clips_actions && space.contains_unbounded(action))
    }

    /// How many observations a step writes: one, or one per agent.
    pub fn observations(&self) -> usize {
        match self.observation {
            Sharing::Shared => 1,
            Sharing::PerAgent => self.agents.len(),
        }
    }
}
