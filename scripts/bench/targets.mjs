/**
 * What the measurements have to show, in Chromium. `unreached` is said where a figure does not reach its target: what the
 * floor is made of, what was tried and what is left.
 */
export const targets = [
  {
    number: 1,
    text:
      'A step to the Worker and back takes at most 1.25 times what an echo takes (median) and 1.5 times (99th percentile), back to ' +
      'back and at 60 Hz, for CartPole, DoorKey and Overcooked; through shared memory less than the echo.',
    unreached:
      'An echo is two messages: each is cloned, queued as a task and wakes a thread. A step has the same two, and on top of them, ' +
      'by the profiler, some 10 µs on the page (a promise, the bytes of the action, the objects of the result) and 5 in the Worker. In a ' +
      'game the reply waits for the page besides, which may be painting. What was done: results are made in JavaScript, not from ' +
      'WebAssembly (Overcooked: 20 µs before, 2 now), and small arrays without buffers. What was tried and left: to look at shared ' +
      'memory for a moment before going to sleep. That makes a round trip of 10 µs while both threads run, and one of 0.1 to 0.4 ms ' +
      'whenever one of them does not, which on two cores was more often. What is left: in shared memory nearly all of it is the ' +
      'waking of two threads by Atomics.notify.',
  },
  {
    number: 2,
    text:
      'From make to the first observation, with the module compiled, at most 1.5 times what an empty module Worker takes to its first ' +
      'message; after a step that hangs, its Worker is gone within 2.5 s.',
    unreached:
      'The floor is a thread, its JavaScript engine and the fetch of one script. Ours fetches one script, instantiates the module ' +
      'and crosses twice: to make and to reset.',
  },
  {
    number: 3,
    text:
      'Beside plain Python under Pyodide, CartPole starts at least 50 times as fast from cold, makes at least 100 times as many steps ' +
      'a second with stepMany, and is at least 25 times smaller to download.',
    unreached:
      'A cold start is the fetch and the compilation of two modules and a Worker: the files are fetched side by side, but for those ' +
      'that the generated JavaScript imports. Plain Python with nothing but floats makes some 800,000 steps a second under Pyodide; a ' +
      'hundred times that would be 12 ns a step, a tenth of what the native build takes: its sine and cosine are those of glibc, to the ' +
      'last bit. And our observations cross to the page, the peer sends back a sum.',
  },
  {
    number: 4,
    text: 'stepMany makes at least 0.6 times as many steps a second as the native build, as a geometric mean over the environments, and nowhere less than 0.4.',
    unreached:
      'Native steps write what they return into one buffer, again and again: nothing is sent anywhere. Through stepMany actions become ' +
      'bytes, each is checked, the returns are copied into memory that the browser has to fetch, and a crossing wakes two threads, some ' +
      '0.3 ms for 10,000 steps. What was done: typed arrays and objects of actions are written in JavaScript, returns are given away ' +
      'instead of copied, long ones cross as differences to the step before (kitchens of 7 kB a step: four times as fast). What is left: ' +
      'the rows of short returns could be columns; a Worker could send parts while it goes on.',
  },
  {
    number: 5,
    text: 'The whole runtime with every built-in environment is at most 200 kB with gzip; a page with one environment downloads at most 100 kB.',
    unreached:
      'Every page downloads the runtime of the page and one family. What was done: a module a family, a verifier that replays through ' +
      "the family's module, the registry as a file, no serde and no printing of fractions on the page, another allocator: a page with one " +
      'environment went from 490 kB to this. What is left: some 43 kB that each family carries anew, and on the page gloo-worker (5 kB), ' +
      'the reader of specs, futures and messages.',
  },
  {
    number: 6,
    text:
      'From the twentieth to the last of 200 sessions in one page nothing grows: at most 1 kB of heap a session, no Worker, listener, object ' +
      'URL, node or closure; the memory in RAM at the end is within 5 % of that after the twentieth.',
  },
  {
    number: 7,
    text: 'Ticks at 30 and 60 Hz come within 2 ms of their time (99th percentile) while the main thread is busy 8 ms in every 16, and no step is lost.',
    unreached:
      'The Worker plays the ticks by itself, with a timer and a sleep of two milliseconds. What is left is how late the system wakes it: the ' +
      "jitter of a bare Worker's timer, at the same time on the same machine, says how much that is.",
  },
  {
    number: 8,
    text:
      'Going 150 frames back and playing them again takes at most 2 ms for slime volleyball and Overcooked (overcooked_ai), 10 ms for ' +
      'cogrid, in the Worker.',
    unreached: 'Each frame is a step and a snapshot of its own.',
  },
];
