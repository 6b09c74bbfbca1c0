/**
 * What the measurements have to show, in Chromium. `unreached` is said where a figure does not reach its target: what the
 * floor is made of, what was tried and what is left.
 */
export const targets = [
  {
    number: 1,
    text: 'A step to the Worker and back, back to back, takes at most 1.4 times what an echo takes (median), for CartPole, DoorKey and Overcooked.',
    unreached:
      'An echo is two messages: each is cloned, queued as a task and wakes a thread, some 22 µs together. A step has the same two, and ' +
      'on top of them some 2 µs on the page and 3 in the Worker, where calls between JavaScript and WebAssembly are the greater part, and ' +
      'for Overcooked 3 more to make its result. What was done: results are made in JavaScript, not from WebAssembly (Overcooked: 20 µs ' +
      'before, 2 now), small arrays without buffers, messages in buffers that stay (a new one takes 1 µs on either side), the promise ' +
      'while the Worker is at work, and no WebAssembly on the page (codec/steps.js). With other work that keeps the cores awake CartPole takes 1.34 ' +
      'times an echo then, and Overcooked 1.49; on an idle virtual machine the ratio is that of cores that fall asleep. What was tried and left: to look ' +
      'at shared memory for a moment before going to sleep. That makes a round trip of 10 µs while both threads run, and one of 0.1 to ' +
      '0.4 ms whenever one of them does not, which on two cores was more often.',
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
    text: 'stepMany makes at least 0.4 times as many steps a second as the native build, as a geometric mean over the environments.',
    unreached:
      'Native steps write what they return into one buffer, again and again: nothing is sent anywhere. The environments alone make some ' +
      '0.68 times as many steps under WebAssembly as natively; what is added to each step is the bytes of its action on the page (8 ns; ' +
      'for two agents 20 to 50), a crossing that wakes two threads (15 ns of 10,000 steps each), and in the Worker its action read and checked ' +
      'and its returns written (12 ns). The returns of kitchens are compared with those of the step before, a word in little more than a cycle: ' +
      'a third of their time. Calls from one part of a module to another make some 19 ns of a step. ' +
      'What is returned is written to memory that a browser has to fetch anew, 75 µs for 128 kB on a busy machine: 25 ns of a step of CartPole, 100 of ' +
      'mpe2/simple_adversary_v3. Tried and left: SIMD, with which a kitchen’s step takes ' +
      '5 % less and which not every browser has; changed words found by their bits without it (nothing); elements of observations ' +
      'copied one by one instead of by an iterator of bytes (CartPole 5 % slower); copies of up to 32 bytes by loads and stores of the module’s ' +
      'own in place of memory.copy (nothing, and half a kB more to download). What two blocks in flight and ' +
      'shorter actions could save of is what is spent outside of the Worker: 13 % of a step of CartPole, 18 of overcooked_ai, 4 to 8 of cogrid.',
  },
  {
    number: 5,
    text: 'A page with CartPole downloads at most 180 kB with gzip.',
    unreached:
      'Every page downloads the runtime of the page, the registry (5 kB) and one family. What was done: a module a family, a verifier that ' +
      "replays through the family's module, no serde on the page and in the Worker, another allocator, names of a letter or two, and parts: " +
      'what only some pages need is split off the modules; tables of elementary functions are made at their first use (4 kB that do not ' +
      'compress). What is left: on the page what happens once: options, loading and closing could be JavaScript (some 10 kB), and what tells of ' +
      'spaces and looks at unusual actions (4 kB) could be asked of the Worker. Tried and left: data of parts in the parts (1 kB), a registry ' +
      'whose repetitions are named (none), wasm-opt (3 kB for a minute of each build).',
  },
  {
    number: 6,
    text:
      'From the twentieth to the last of 200 sessions in one page nothing grows: at most half a kB of heap a session, no Worker, listener, object ' +
      'URL, node or closure; the memory in RAM at the end is within 5 % of that after the twentieth.',
  },
  {
    number: 7,
    text:
      "The jitter of ticks at 30 and 60 Hz while the main thread is busy 8 ms in every 16 is at most 1.2 times that of a bare Worker's timer in " +
      'the same run (99th percentile), and no step is lost.',
    unreached:
      'The Worker plays the ticks by itself, with a timer and a sleep of two milliseconds. What is left is how late the system wakes it, ' +
      "which is the jitter of a bare Worker's timer too, and differs from one moment to the next.",
  },
  {
    number: 8,
    text:
      'Going 150 frames back and playing them again takes at most 2 ms for slime volleyball and Overcooked (overcooked_ai), 10 ms for ' +
      'cogrid, in the Worker.',
    unreached: 'Each frame is a step and a snapshot of its own.',
  },
  {
    number: 9,
    text:
      'In a match the median from a key to the painted picture is at most 1.2 times that of the same game played alone, and a key is in the picture of the ' +
      'first tick after it or the next, with packets 100 ms on their way too; going 150 frames back takes less than a tick of 60 Hz.',
  },
  {
    number: 10,
    text: 'A rollout under WebAssembly plays at least 0.7 times as many steps as natively, as a geometric mean over the environments with random players.',
    unreached:
      'The environments themselves make some 0.7 times as many steps under WebAssembly as natively (see stepMany, "alone"): ' +
      'multiplications of 128 bits and double precision without wide vectors.',
  },
  {
    number: 11,
    text: 'An action of a model of two layers of 256, or of three convolutions over a kitchen, takes at most 1 ms in the browser.',
  },
  {
    number: 12,
    text: 'On a line of 1.6 Mbit/s and 150 ms, with a processor six times slower, the first frame of CartPole is painted within 3.5 s of the navigation.',
  },
];
