// The least a Worker can do: what a round trip costs at best.
self.onmessage = ({ data }) => self.postMessage(data);
