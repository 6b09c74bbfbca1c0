//! The family held to the contract of an environment, and to the records of its reference.
use palaestra_env_tests::{Bounds, Memory};

// With less gravity the main engine lifts a lander out of what is said to be seen, in the reference as well.
palaestra_env_tests::contract!(palaestra_box2d::FAMILY, Memory::None, Bounds::LeftWithArguments);
palaestra_env_tests::golden!(palaestra_box2d::FAMILY);
