//! The family held to the contract of an environment, and to the records of its reference.
palaestra_env_tests::contract!(palaestra_slime_volley::FAMILY, palaestra_env_tests::Memory::OutlivesSeeds);
palaestra_env_tests::golden!(palaestra_slime_volley::FAMILY);
