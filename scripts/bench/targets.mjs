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
      'An echo is two messages: each is cloned, queued as a task and wakes a thread. A step has the same two messages, and on top ' +
      'of them a promise, the reading of the action and the writing of the result as JavaScript objects, on the page.',
  },
  {
    number: 2,
    text:
      'From make to the first observation, with the module compiled, at most 1.5 times what an empty module Worker takes to its first ' +
      'message; after a step that hangs, its Worker is gone within 2.5 s.',
    unreached:
      'The floor is a thread, its JavaScript engine and the fetch of one script. Ours fetches two scripts, instantiates the module ' +
      'and crosses twice: to make and to reset.',
  },
  {
    number: 3,
    text:
      'Beside plain Python under Pyodide, CartPole starts at least 50 times as fast from cold, makes at least 100 times as many steps ' +
      'a second with stepMany, and is at least 25 times smaller to download.',
    unreached:
      'A cold start is the fetch and the compilation of two modules, and a Worker. stepMany is, for each step, an action turned from a ' +
      'JavaScript value into bytes on the page, the step, and the copies of what it returned on its way to the page.',
  },
  {
    number: 4,
    text: 'stepMany makes at least 0.6 times as many steps a second as the native build, as a geometric mean over the environments, and nowhere less than 0.4.',
    unreached:
      "Native steps are counted without a page: no actions are turned into bytes and no returns cross. The section says the page's share " +
      'of the time, and what the same environment does under WebAssembly alone.',
  },
  {
    number: 5,
    text: 'The whole runtime with every built-in environment is at most 200 kB with gzip; a page with one environment downloads at most 100 kB.',
    unreached:
      'Every page downloads one Worker with all environments, and the verifier after a game, which holds them once more. Optimising ' +
      'the page for size, flat spaces, no catalogue in the Worker and no paths of sources took off a quarter; wasm-opt 1 %. What is ' +
      "left: a module a family; a page that leaves writing the record's text to the verifier; no formatting of floating-point numbers.",
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
      'The page asks for a step when it has seen the reply to the one before: where that takes it longer than an interval, the next step ' +
      "is late. A Worker's timer shows what is left without the page, on the same machine at the same time.",
  },
];
