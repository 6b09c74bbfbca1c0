// Ticks by a Worker's own timer.
self.onmessage = ({ data: { fps, steps } }) => {
  const called = [];
  const began = performance.now();
  const tick = () => {
    called.push(performance.now());
    if (called.length === steps) return self.postMessage(called);
    setTimeout(tick, Math.max(began + (called.length * 1000) / fps - performance.now(), 0));
  };
  tick();
};
