// The least a module Worker can do: say that it is there.
postMessage(0);
export {};
