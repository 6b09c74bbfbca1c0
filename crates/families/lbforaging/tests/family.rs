//! The family held to the contract of an environment, and to the records of its reference. Where players stood in the last game
//! matters to the next, with a new seed as well: so it is there.
palaestra_env_tests::contract!(palaestra_lbforaging::FAMILY, palaestra_env_tests::Memory::OutlivesSeeds);
palaestra_env_tests::golden!(palaestra_lbforaging::FAMILY);
