// The configurations that documents show: taken by nginx and Apache themselves where these are installed, which then serve files by them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { eventually, within } from '../../scripts/browser/until.mjs';
import { blocksOf, documents } from '../../scripts/docs/shell.mjs';
import { root } from '../../scripts/lib/paths.mjs';

const all = await documents();
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
/** Every block of a language, with its place. */
const shown = (language) =>
  all.flatMap(({ path, text }) =>
    blocksOf(text).flatMap((block) =>
      block.language === language ? [{ ...block, place: `${path}:${block.line}` }] : [],
    ),
  );
/** The only block of a language that has these words. */
function blockWith(language, words) {
  const found = shown(language).filter(({ body }) => body.includes(words));
  assert.equal(found.length, 1, `expected one block of ${language} with ${words}, found ${found.length}`);
  return found[0];
}

/** Where a program is: people's search paths do without the folders of servers. */
const programOf = (name) =>
  [...process.env.PATH.split(delimiter), '/usr/sbin', '/usr/local/sbin']
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
/** A file of its package, wherever that was unpacked. */
const beside = (program, path) => join(dirname(program), '../..', path);

const nginx = programOf('nginx');
const apache = programOf('apache2');
const versioned = `palaestra-${version}`;

/** @type {string} */
let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palaestra-configurations-'));
  await mkdir(join(folder, 'site/study'), { recursive: true });
  await writeFile(join(folder, 'site/study/index.html'), '<!doctype html>\n');
  await cp(join(root, 'dist/worker'), join(folder, 'site', versioned, 'worker'), { recursive: true });
});
after(() => rm(folder, { recursive: true, force: true }));

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', () => done(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((done) => server.close(done));
  return port;
}

/** Runs a server until `look` has seen what it serves. */
async function serving(command, port, look) {
  const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((done) => child.once('exit', done));
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      output += data;
    });
  const get = (path, headers = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers, signal: AbortSignal.timeout(20_000) });
  try {
    await eventually(
      'the server to answer',
      async () => {
        assert.equal(child.exitCode, null, output);
        return get('/').catch(() => undefined);
      },
      { timeoutMs: 20_000 },
    );
    await look(get);
  } catch (error) {
    throw new Error(`${error.message}\n${output}`, { cause: error });
  } finally {
    child.kill('SIGTERM');
    await within('the end of the server', ended, 20_000);
  }
}

/** What an answer says of itself. */
const told = (response, name) => response.headers.get(name);

describe('nginx', { skip: nginx ? false : 'nginx is not installed' }, () => {
  /** Runs it with a block of a server's, and perhaps one beside it. */
  async function withBlock(block, look, before = '') {
    const brotli = beside(nginx, 'usr/lib/nginx/modules/ngx_http_brotli_static_module.so');
    // It is a module of its own, which need not be there.
    const inside = existsSync(brotli) ? block : block.replace(/^\s*brotli_static on;$/m, '');
    const port = await freePort();
    const own = await mkdtemp(join(folder, 'nginx-'));
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    await writeFile(
      join(own, 'nginx.conf'),
      [
        existsSync(brotli) ? `load_module ${brotli};` : '',
        `daemon off; master_process off; pid ${own}/pid; error_log stderr; events {}`,
        `http { access_log off; include ${beside(nginx, 'etc/nginx/mime.types')}; ${before}`,
        ...temporary.map((name) => `${name}_temp_path ${own}/${name};`),
        `server { listen 127.0.0.1:${port}; root ${folder}/site;\n${inside}\n} }`,
      ].join('\n'),
    );
    await serving([nginx, '-e', 'stderr', '-p', own, '-c', join(own, 'nginx.conf')], port, look);
  }

  test('serves files as the document on packages says', async () => {
    await withBlock(blockWith('nginx', 'gzip_static').body, async (get) => {
      const path = `/${versioned}/worker/boot.js`;
      const script = await get(path, { 'accept-encoding': 'gzip' });
      assert.equal(script.status, 200);
      assert.match(told(script, 'content-type'), /javascript/, 'a module script of another type is refused');
      assert.equal(told(script, 'content-encoding'), 'gzip');
      assert.match(told(script, 'cache-control'), /immutable/);
      const module = await get(`/${versioned}/worker/classic_control_bg.wasm`);
      assert.equal(told(module, 'content-type'), 'application/wasm');
      const page = await get('/study/index.html');
      assert.match(told(page, 'content-type'), /text\/html/);
      assert.equal(told(page, 'cache-control'), 'no-cache');
    });
  });

  test('passes requests on as the document on the server says', async () => {
    const heard = [];
    const behind = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (data) => {
        heard.push(String(data));
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok');
      });
    });
    await new Promise((done) => behind.listen(0, '127.0.0.1', () => done(undefined)));
    const { port } = /** @type {import('node:net').AddressInfo} */ (behind.address());
    const { body } = blockWith('nginx', 'proxy_pass');
    const several = blockWith('nginx', 'upstream palaestra');
    const addressed = body.replace('127.0.0.1:8080', 'palaestra');
    assert.notEqual(addressed, body);
    const upstream = several.body.replace('10.0.0.2:8080', `127.0.0.1:${port}`).replace(/^ *server 10.*\n/m, '');
    try {
      await withBlock(
        addressed,
        async (get) => assert.equal(await (await get('/play', { 'x-asked': 'yes' })).text(), 'ok'),
        upstream,
      );
      const request = heard.find((text) => text.startsWith('GET /play HTTP/1.1'));
      assert.ok(request, heard.join('\n'));
      assert.match(request, /^host: 127\.0\.0\.1/im, 'the address that the page has');
      assert.match(request, /^connection: upgrade/im);
    } finally {
      behind.close();
    }
  });
});

describe('Apache', { skip: apache ? false : 'apache2 is not installed' }, () => {
  test('serves files as the document on packages says', async () => {
    const { body } = blockWith('apache', 'AddOutputFilterByType');
    await writeFile(join(folder, 'site/.htaccess'), body);
    const port = await freePort();
    const modules = beside(apache, 'usr/lib/apache2/modules');
    const needed = ['mpm_event', 'authz_core', 'dir', 'mime', 'filter', 'deflate', 'headers'];
    const types = join(folder, 'mime.types');
    await writeFile(types, 'text/html html\ntext/javascript js\nimage/svg+xml svg\n');
    const configuration = join(folder, 'apache.conf');
    await writeFile(
      configuration,
      [
        `ServerRoot ${folder}`,
        'ServerName localhost',
        `Listen 127.0.0.1:${port}`,
        `PidFile ${folder}/apache.pid`,
        `DefaultRuntimeDir ${folder}`,
        `ErrorLog ${folder}/apache.log`,
        ...needed.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`),
        `TypesConfig ${types}`,
        `DocumentRoot ${folder}/site`,
        `<Directory ${folder}/site>`,
        'AllowOverride All',
        'Require all granted',
        '</Directory>',
        '',
      ].join('\n'),
    );
    await serving([apache, '-X', '-f', configuration], port, async (get) => {
      const module = await get(`/${versioned}/worker/classic_control_bg.wasm`, { 'accept-encoding': 'gzip' });
      assert.equal(module.status, 200, await readFile(join(folder, 'apache.log'), 'utf8'));
      assert.equal(told(module, 'content-type'), 'application/wasm');
      assert.equal(told(module, 'content-encoding'), 'gzip');
      assert.equal(told(module, 'cache-control'), 'no-cache');
      const page = await get('/study/index.html');
      assert.equal(told(page, 'cache-control'), null);
    });
  });
});

test('the headers of Netlify are paths, each with its headers', () => {
  const [block, ...more] = shown('netlify');
  assert.ok(block && more.length === 0);
  const lines = block.body.trimEnd().split('\n');
  assert.match(lines[0], /^\//);
  for (const line of lines) assert.match(line, /^(\/\S*| {2}[A-Za-z-]+: \S.*|\s*#.*)$/, line);
});

test('every configuration names the version that this is', () => {
  const named = [...shown('nginx'), ...shown('netlify'), ...shown('js')].flatMap(({ body, place }) =>
    [...body.matchAll(/palaestra-(\d+\.\d+\.\d+)/g)].map(([, found]) => ({ place, found })),
  );
  assert.ok(named.length >= 3, JSON.stringify(named));
  assert.deepEqual(
    named.filter(({ found }) => found !== version),
    [],
  );
});

test('there is no configuration that nothing here reads', () => {
  const read = ['gzip_static', 'proxy_pass', 'upstream palaestra', 'AddOutputFilterByType'];
  const others = [...shown('nginx'), ...shown('apache')].filter(
    ({ body }) => !read.some((words) => body.includes(words)),
  );
  assert.deepEqual(
    others.map(({ place }) => place),
    [],
  );
  for (const language of ['docker', 'dockerfile', 'systemd', 'yaml', 'yml', 'ini'])
    assert.deepEqual(shown(language), [], language);
});
