// Which pages the documentation has, in which order.

/**
 * @typedef {object} Page
 * @property {string} file where it stands in the documentation
 * @property {string} title
 * @property {string} [source] the Markdown that it is made of, from the project's root; without one it is written by the build
 */

const markdown = (name, title, file = `${name}.html`) => ({ file, title, source: `docs/${name}.md` });

/** @type {{ title: string, pages: Page[] }[]} */
export const contents = [
  {
    title: 'Use it',
    pages: [
      markdown('start', 'Start here', 'index.html'),
      { file: 'gallery.html', title: 'All environments' },
      markdown('package', 'Put it on your page'),
      markdown('page-api', 'Talking to a game'),
      markdown('jspsych', 'In jsPsych'),
      markdown('together', 'With other people'),
      markdown('policies', 'With a trained partner'),
      markdown('saving', 'Nothing recorded is lost'),
      markdown('data', 'Your data'),
      markdown('rollouts', 'Experts and rollouts'),
      markdown('loop', 'From training to the page and back'),
      markdown('your-environment', 'Your environment'),
      markdown('guests', 'Environments in Python'),
      markdown('python', 'In Python'),
      markdown('server', 'Hosting the server'),
    ],
  },
  {
    title: 'Look it up',
    pages: [
      { file: 'reference.html', title: 'Every option and result' },
      markdown('errors', 'Error codes'),
      markdown('record-format', 'The record, field by field'),
      markdown('server-protocol', "The server's messages"),
    ],
  },
  {
    title: 'Understand it',
    pages: [
      markdown('determinism', 'How it stays deterministic'),
      markdown('parity', 'Compared with the references'),
      markdown('architecture', 'Architecture'),
      markdown('contributing', 'Contributing'),
      markdown('mutants', 'Mutants that survive'),
    ],
  },
];

/** Every page that is listed. */
export const listed = contents.flatMap(({ pages }) => pages);
