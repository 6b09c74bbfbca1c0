// What models in seats and tables need beside palaestra/inline. It is imported for what it does: it adds its files to those within that script.
export {};
