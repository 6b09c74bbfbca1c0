//! The family held to the contract of an environment, and to the records of its reference.
palaestra_env_tests::contract!(palaestra_mpe2::FAMILY);
palaestra_env_tests::golden!(palaestra_mpe2::FAMILY);
