import { programParts } from './families/split.mjs';

/**
 * What of the site is compiled, a cargo invocation each, with `profile` of Cargo.toml. Each of `modules` is compiled from its
 * `crate` to `<folder>/<name>_bg.wasm` of the site; one file of generated JavaScript, `<glue>.js`, serves them all. `entry` imports
 * it, and goes to the site as `script`, with everything that it imports in it, in `format`: what boots a Worker can be a module and a
 * classic script. `workspace`: where the crates are, if not here.
 *
 * `split`: what is taken out of a module, to be loaded by those pages that need it, as `<folder>/<name>_<part>.wasm`: by the part's name,
 * the `paths` of functions that go there, with all that only they lead to, and the `entrances`, by which alone the rest and JavaScript
 * call it: each is a trap until the part is there. A build that finds another one fails. Each is a function's name, the end of its path,
 * or with a `*` the beginning of names. `tests/browser/parts.test.mjs` says of each how a page that lacks the part comes to it. A part takes
 * what those before it have left. See crates/bindgen/src/split.rs.
 */
export const parts = [
  {
    id: 'page',
    folder: 'page',
    glue: 'palaestra_page',
    modules: [
      {
        name: 'palaestra_page',
        crate: 'palaestra-page',
        split: {
          // What few games are asked for: arguments, options of resets, seats, keys, a match, what is said of a participant; and actions that
          // are no plain numbers. What programs ask, and who watches, calls it too.
          options: {
            paths: [
              'palaestra_page::game::given::',
              'palaestra_page::game::match_options::',
              'palaestra_page::game::said::',
              'palaestra_page::game::preloading::',
              'modulesOf ',
              'palaestra_page::game::config::Config::fill_rest',
              'palaestra_page::game::seating::seats',
              'palaestra_page::registry::Entry::agents',
              'palaestra_page::options::said',
              'palaestra_page::options::kwargs_from',
              'palaestra_page::options::reset_options',
              'palaestra_page::options::plain_object',
              'palaestra_page::deadlines::',
              'palaestra_page::channel::teardown::<impl palaestra_page::channel::link::Link>::close_on_abort',
              'palaestra_env::codec::ValueWriter::value',
              'palaestra_page::options::milliseconds',
              'palaestra_page::options::mode',
              'palaestra_page::js::only_known',
              'palaestra_page::options::action_from',
              'palaestra_page::plain::',
              'palaestra_page::values::',
              'palaestra_page::options::refusal',
              'palaestra_env::spec::Spec::takes',
              'palaestra_env::space::Space::contains',
              'palaestra_env::space::display::<impl palaestra_env::space::Space>::describe',
              'palaestra_env::value::Value::blank',
            ],
            entrances: [
              'modulesOf *',
              'given::known',
              'Config::fill_rest',
              'given::action',
              'given::bytes',
              'given::blank',
              'given::taken',
              'plain::json_text',
              'options::said',
              'options::action_from',
              'options::milliseconds',
              'js::only_known',
              'Entry::agents',
              'plain::object_from',
              'plain::plain_from',
              'options::kwargs_from',
              'options::reset_options',
              'options::plain_object',
              'Deadlines::from_options',
              'Link>::close_on_abort',
              // Of what programs and policies give.
              'ValueWriter::value',
              'values::from_js',
              'values::read',
              'options::refusal',
              'Spec::takes',
              'Space::contains',
              'describe',
            ],
          },
          // Policies in seats: models and experts.
          policy: {
            paths: [
              'palaestra_page::game::policy::by_policy',
              'palaestra_page::game::policy::expert_from',
              'palaestra_page::channel::policies::',
            ],
            entrances: ['policy::by_policy', 'policy::expert_from', 'Link>::load_policies'],
          },
          // What watching a match needs beyond an environment that a program drives.
          watch: {
            paths: [
              'palaestra_page::following::',
              'envhandle_watch',
              'envhandle_returned',
              'painterhandle_',
              '__wbg_painterhandle_free',
            ],
            entrances: ['envhandle_watch *', 'envhandle_returned *', 'painterhandle_*', '__wbg_painterhandle_free'],
          },
          // An environment that a program drives.
          make: {
            paths: [
              'palaestra_page::env::make::',
              'palaestra_page::env::seeding::',
              // Not what wasm-bindgen makes of the type: the compiler has one function for it and for what other handles have.
              'palaestra_page::env::handle::EnvHandle::',
              'palaestra_page::env::handle::EnvHandle>::',
              'palaestra_page::env::handle::promised',
              'palaestra_page::env::handle::stepped',
              'makeEnv ',
              'envhandle_',
              '__wbg_envhandle_free',
              'palaestra_page::channel::shared::',
              'palaestra_page::channel::written::',
              // Errors in words, of what only it does: they are called through the table.
              'palaestra_record::steps::StepsError as core::fmt::Display',
              'palaestra_mailbox::mailbox::',
              'palaestra_mailbox::support::',
            ],
            entrances: [
              'makeEnv *',
              'envhandle_*',
              '__wbg_envhandle_free',
              // Of a Worker that was made with memory to share, which only `makeEnv` asks for.
              'Shared::new',
              'Shared::send',
              'Shared::next',
              'Shared::stop',
              'Mailbox::listen',
              'Mailbox::send',
            ],
          },
          // Episodes that policies play by themselves.
          rollout: {
            // One by one: what lets go of a handle is the same for several kinds of them.
            paths: [
              'palaestra_page::rollout::open',
              'palaestra_page::rollout::made',
              'palaestra_page::rollout::went',
              'palaestra_page::rollout::seat',
              'palaestra_page::rollout::policy',
              'palaestra_protocol::rollout::',
              'openRollout ',
              'rollouthandle_next',
              'rollouthandle_close',
            ],
            entrances: ['openRollout *', 'rollouthandle_*'],
          },
          // Games of a match.
          match: {
            paths: [
              'palaestra_play::game::in_match::',
              'palaestra_page::game::together::',
              'palaestra_page::game::record::rest_together',
              'gamehandle_together ',
              'gamehandle_worker',
            ],
            entrances: [
              'gamehandle_together *',
              'gamehandle_worker *',
              // What follows from these two: a match has no Worker, and no timers but that of loading, before the server was heard.
              'Game>::hear_server',
              'Game>::hear_match',
              'Game>::join',
              'Game>::begin_listening',
              'Game>::joined',
              'Game>::leave_match',
              'Game>::listened',
              'Game>::settled',
              'together::heard',
              'together::tell',
              'together::names',
              'record::rest_together',
            ],
          },
          // A record's file, where the page makes it by itself, and the record of a game that goes on. What lets go of a file stays: every
          // record that is packed has one.
          record: {
            paths: [
              'recordfile_',
              'palaestra_page::record::kept::RecordFile::',
              'gamehandle_snapshot ',
              'palaestra_record::line_error::LineError as core::fmt::Display',
            ],
            entrances: ['recordfile_*', 'gamehandle_snapshot *'],
          },
        },
      },
    ],
    profile: 'small',
    entry: 'www/palaestra.js',
    script: 'palaestra.js',
  },
  {
    id: 'verifier',
    folder: 'verifier',
    glue: 'palaestra_verifier',
    modules: [{ name: 'palaestra_verifier', crate: 'palaestra-verifier' }],
    profile: 'small',
    entry: 'worker/verifier/boot.js',
    script: 'verifier/boot.js',
    format: 'iife',
  },
  {
    id: 'export',
    folder: 'export',
    glue: 'palaestra_export_module',
    modules: [
      {
        name: 'palaestra_export_module',
        crate: 'palaestra-export-module',
        split: {
          // Arrow and Minari. `crates/page/src/save/table.js` knows it by this name, and the next.
          columns: {
            paths: ['palaestra_pack::columns::', 'palaestra_export::arrow::', 'palaestra_export::minari::'],
            entrances: ['columns::arrow', 'columns::minari'],
          },
          // The record of a guest.
          told: { paths: ['palaestra_pack::told::', 'palaestra_record::told::'], entrances: ['told::player'] },
        },
      },
    ],
    profile: 'small',
    entry: 'worker/export/boot.js',
    script: 'export/boot.js',
    format: 'iife',
  },
  {
    id: 'policy',
    folder: 'policy',
    glue: 'palaestra_policy_module',
    modules: [{ name: 'palaestra_policy_module', crate: 'palaestra-policy-module' }],
    profile: 'small',
    entry: 'worker/policy/seat.js',
    script: 'policy/seat.js',
  },
  {
    // Environments in Python: beside the families' modules, with parts as each of these has.
    id: 'guest',
    folder: 'worker',
    glue: 'palaestra_guest',
    modules: [{ name: 'guest', crate: 'palaestra-guest', split: programParts }],
    profile: 'worker',
    entry: 'worker/guest/index.js',
    script: 'worker/guest.js',
  },
];

/** Scripts that a page loads by itself when it needs them, beside those of the parts; they have no module. */
export const scripts = [
  { id: 'make', entry: 'crates/page/src/codec/make.js', script: 'page/make.js' },
  { id: 'match', entry: 'crates/page/src/match/index.js', script: 'page/match.js' },
  { id: 'save', entry: 'crates/page/src/save/index.js', script: 'page/save.js' },
  { id: 'rollout', entry: 'crates/page/src/rollout/index.js', script: 'page/rollout.js' },
  { id: 'watch', entry: 'crates/page/src/watch/index.js', script: 'page/watch.js' },
  { id: 'guestPage', entry: 'crates/page/src/guest/index.js', script: 'page/guest.js' },
  { id: 'preload', entry: 'crates/page/src/preload/index.js', script: 'page/preload.js' },
  { id: 'hands', entry: 'crates/page/src/hands/index.js', script: 'page/hands.js' },
  { id: 'controls', entry: 'crates/page/src/controls/index.js', script: 'page/controls.js' },
  { id: 'data', entry: 'www/data.js', script: 'data.js' },
];

/** The part that plays environments, with a module for each family: a page downloads the one it plays. */
export const player = {
  id: 'worker',
  folder: 'worker',
  glue: 'palaestra_worker',
  modules: [],
  profile: 'worker',
  entry: 'worker/environment/boot.js',
  script: 'worker/boot.js',
  format: 'iife',
};

/** The files of a module: the module itself, and what was split off. */
export const filesOf = ({ name, split = {} }) => [
  `${name}_bg.wasm`,
  ...Object.keys(split).map((part) => `${name}_${part}.wasm`),
];
