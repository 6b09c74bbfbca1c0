//! The policies that a command line names.
use std::fs;
use std::path::PathBuf;

use palaestra_env::catalog::Catalog;
use palaestra_env::expert::ExpertPolicy;
use palaestra_env::policy::{Policy, RandomPolicy};
use palaestra_env::{Env, Kwargs, Space, StateWriter};
use palaestra_policy::{Manifest, ModelPolicy};
use palaestra_rollout::Rollout;

use super::error::RolloutError;
use super::options::RolloutOptions;
use super::policy_argument::PolicyArgument;

/// A model's file, and what it does not say of itself.
pub(super) struct ModelFile {
    path: PathBuf,
    bytes: Vec<u8>,
    manifest: Manifest,
}

/// All that a rollout is made of, as often as there are threads.
pub(super) struct Given {
    catalog: Catalog,
    pub(super) id: String,
    pub(super) kwargs: Kwargs,
    pub(super) reset_options: Kwargs,
    pub(super) agents: Vec<String>,
    seats: Vec<PolicyArgument>,
    models: Vec<ModelFile>,
}

impl Given {
    /// Reads files, and makes a rollout to see that everything fits.
    pub(super) fn read(options: &RolloutOptions, catalog: Catalog) -> Result<Self, RolloutError> {
        let env = catalog.make(&options.id, &options.kwargs).map_err(RolloutError::Make)?;
        let agents = env.spec().agents.clone();
        if options.policies.len() > agents.len() {
            let (expected, found) = (agents.len(), options.policies.len());
            return Err(RolloutError::Policy(format!(
                "--policy: expected at most {expected}, one per agent, found {found}"
            )));
        }
        let last = options.policies.last().cloned().unwrap_or(PolicyArgument::Random);
        let seats: Vec<PolicyArgument> =
            options.policies.iter().cloned().chain(std::iter::repeat(last)).take(agents.len()).collect();
        if seats.iter().any(|seat| matches!(seat, PolicyArgument::Expert(_))) && !env.has_expert() {
            let have = catalog.entries().filter(|entry| entry.expert.is_some()).map(|entry| entry.id);
            let have = have.collect::<Vec<_>>().join(", ");
            let found = &options.id;
            return Err(RolloutError::Policy(format!(
                "--policy: expected an environment with an expert, found {found}; among those with one are {have}"
            )));
        }
        let mut models: Vec<ModelFile> = Vec::new();
        for seat in &seats {
            if let PolicyArgument::Model(path) = seat
                && !models.iter().any(|model| model.path == *path)
            {
                models.push(ModelFile::read(path.clone(), options.sample)?);
            }
        }
        let (id, kwargs, reset_options) = (options.id.clone(), options.kwargs.clone(), options.reset_options.clone());
        let given = Self { catalog, id, kwargs, reset_options, agents, seats, models };
        given.rollout()?;
        Ok(given)
    }

    /// The environment, new.
    pub(super) fn env(&self) -> Result<Env, RolloutError> {
        self.catalog.make(&self.id, &self.kwargs).map_err(RolloutError::Make)
    }

    /// The environment with its policies.
    pub(super) fn rollout(&self) -> Result<Rollout, RolloutError> {
        let env = self.env()?;
        let policy = |(agent, seat): (usize, &PolicyArgument)| -> Result<Box<dyn Policy>, RolloutError> {
            let space = || env.spec().action_spaces.get(agent).cloned().unwrap_or(Space::None);
            Ok(match seat {
                PolicyArgument::Random => Box::new(RandomPolicy::new(space())),
                PolicyArgument::Expert(skill) => Box::new(ExpertPolicy::new(space(), *skill)),
                PolicyArgument::Model(path) => {
                    let wrong = |error: String| RolloutError::Policy(format!("{}: {error}", path.display()));
                    let model = self.models.iter().find(|model| model.path == *path);
                    let ModelFile { bytes, manifest, .. } =
                        model.ok_or_else(|| wrong("expected a model".to_owned()))?;
                    let observation = self.kwargs.get("observation").and_then(serde_json::Value::as_str);
                    if let Some(expected) =
                        manifest.observation.as_deref().filter(|expected| Some(*expected) != observation)
                    {
                        let found = observation.unwrap_or("none");
                        return Err(wrong(format!(
                            "expected --kwargs with \"observation\": \"{expected}\", found {found}"
                        )));
                    }
                    let policy = ModelPolicy::new(env.spec(), agent, bytes, manifest);
                    Box::new(policy.map_err(|error| wrong(error.to_string()))?)
                }
            })
        };
        let policies = self.seats.iter().enumerate().map(policy).collect::<Result<_, _>>()?;
        Rollout::new(env, policies, self.reset_options.clone()).map_err(RolloutError::Env)
    }

    /// As a record's header names each policy.
    pub(super) fn names(&self) -> Vec<String> {
        let name = |seat: &PolicyArgument| match seat {
            PolicyArgument::Random => "random".to_owned(),
            PolicyArgument::Expert(skill) if *skill < 1.0 => format!("expert skill {skill}"),
            PolicyArgument::Expert(_) => "expert".to_owned(),
            PolicyArgument::Model(path) => {
                let hash = self.models.iter().find(|model| model.path == *path).map_or(0, ModelFile::hash);
                format!("onnx {} xxh64:{hash:016x}", path.display())
            }
        };
        self.seats.iter().map(name).collect()
    }
}

impl ModelFile {
    fn read(path: PathBuf, sample: bool) -> Result<Self, RolloutError> {
        let bytes = fs::read(&path).map_err(|error| RolloutError::File(path.clone(), error))?;
        let beside = path.with_extension("json");
        let text = match fs::read_to_string(&beside) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
            read => read.map_err(|error| RolloutError::File(beside.clone(), error)),
        };
        let manifest = Manifest::parse(&text?);
        let mut manifest = manifest.map_err(|error| RolloutError::Policy(format!("{}: {error}", beside.display())))?;
        manifest.sample |= sample;
        Ok(Self { path, bytes, manifest })
    }

    fn hash(&self) -> u64 {
        let mut hashed = StateWriter::new();
        self.bytes.iter().for_each(|byte| hashed.u8(*byte));
        hashed.hash()
    }
}
