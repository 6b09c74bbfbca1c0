// Bundlers, each without any configuration that says something of the package. What they give is a folder with an index.html.
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import * as esbuild from 'esbuild';
import { rollup } from 'rollup';
import { build, createServer } from 'vite';
import { createServer as createServer7 } from 'vite-7';
import webpack from 'webpack';
import { npx, pageWith, writeFiles } from './app.mjs';

const moduleTag = '<script type="module" src="bundle.js"></script>';
const scriptTag = '<script src="bundle.js"></script>';

/** Vite wants the page beside the study's script. */
async function vitePage(app, entry = 'main.js') {
  await writeFiles(app, { 'index.html': pageWith(`<script type="module" src="/${entry}"></script>`) });
}

/** Vite's development servers: up to its version 7 it puts a package's script elsewhere than its files. */
export const viteServers = { Vite: createServer, 'Vite 7': createServer7 };

/** Starts one of them; `owner` ends it. Gives its address. */
export async function viteServer(owner, app, name) {
  await vitePage(app);
  const server = await viteServers[name]({
    root: app,
    configFile: false,
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0 },
  });
  owner.after(() => server.close());
  await server.listen();
  return server.resolvedUrls.local[0];
}

export async function viteBuild(app, out, { entry, ...options } = {}) {
  await vitePage(app, entry);
  await build({
    root: app,
    configFile: false,
    logLevel: 'error',
    build: { outDir: out, emptyOutDir: true },
    ...options,
  });
  return out;
}

export async function webpackBuild(app, out) {
  const compiler = webpack({
    mode: 'production',
    context: app,
    entry: './main.js',
    output: { path: out, filename: 'bundle.js' },
    performance: { hints: false },
  });
  const stats = await new Promise((done, failed) =>
    compiler.run((error, result) => (error ? failed(error) : done(result))),
  );
  await new Promise((done) => compiler.close(done));
  const { errors, warnings } = stats.toJson({ errors: true, warnings: true });
  const said = [...errors, ...warnings].map(({ message }) => message);
  if (said.length > 0) throw new Error(said.join('\n'));
  return writeFiles(out, { 'index.html': pageWith(scriptTag) });
}

/** Of the package as it is, with its files copied beside the bundle, or of the one that has everything within it, by a script of its own. */
export async function esbuildBuild(app, out, { inline = false, entry = inline ? 'main-inline.js' : 'main.js' } = {}) {
  const { warnings } = await esbuild.build({
    absWorkingDir: app,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: inline ? 'iife' : 'esm',
    outfile: join(out, 'bundle.js'),
    logLevel: 'silent',
  });
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'));
  if (!inline) await npx(app, 'copy-assets', out);
  return writeFiles(out, { 'index.html': pageWith(inline ? scriptTag : moduleTag) });
}

/** Rollup finds packages with a plugin of its own only. */
export async function rollupBuild(app, out, { format }) {
  const said = [];
  const bundle = await rollup({
    input: join(app, 'main.js'),
    plugins: [nodeResolve()],
    onwarn: ({ message }) => said.push(message),
  });
  await mkdir(out, { recursive: true });
  await bundle.write({ file: join(out, 'bundle.js'), format });
  await bundle.close();
  if (said.length > 0) throw new Error(said.join('\n'));
  await npx(app, 'copy-assets', out);
  return writeFiles(out, { 'index.html': pageWith(format === 'es' ? moduleTag : scriptTag) });
}

/** The files of a folder, by their paths in it. */
export const filesIn = async (folder) => (await readdir(folder, { recursive: true })).sort();
