// Tables of records from the page, and where studies keep their data: stand-ins that behave as the documented services do.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { launchBrowser } from '../../scripts/browser/chromium.mjs';
import { sharedOwner } from '../../scripts/browser/owner.mjs';
import { linesOf } from './support/demo.mjs';
import { exported, exportedFiles, verify } from './support/native.mjs';
import { openTestSite } from './support/pages.mjs';
import { openReceiver } from './support/receiver.mjs';
import { unzipped } from './support/unzip.mjs';

const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };

describe('a record', () => {
  const owner = sharedOwner();
  let page;
  let site;
  let browser;
  before(async () => {
    site = await openTestSite(owner);
    browser = await launchBrowser(owner);
    page = await browser.openPage(`${site.url}bare.html`);
    await page.evaluate(async () => {
      await window.loading;
      window.data = await import(String('./data.js'));
      const options = { env: 'Overcooked-CrampedRoom-V0', seed: 3, maxSteps: 40, fps: 240 };
      const game = window.palaestra.play({ ...options, seats: { agent_0: 'random', agent_1: 'random' } });
      window.record = await game.finished;
    });
  });
  const kept = () =>
    page.evaluate(async () => {
      const request = indexedDB.open('palaestra');
      await new Promise((done) => {
        request.onsuccess = done;
      });
      const count = request.result.transaction('games').objectStore('games').count();
      await new Promise((done) => {
        count.onsuccess = done;
      });
      request.result.close();
      return count.result;
    });

  test('gives its steps as CSV and JSON Lines, byte for byte as `palaestra export` writes them', async () => {
    const { csv, jsonl, text, name } = await page.evaluate(async () => ({
      csv: await (await window.record.csv({ keep: true })).text(),
      jsonl: await (await window.record.jsonl({ keep: true })).text(),
      text: await window.record.text({ keep: true }),
      name: await window.record.filename(),
    }));
    assert.equal(csv.trimEnd().split('\n').length, 1 + 2 * 40);
    assert.equal(csv, await exported(text, name, 'csv'));
    assert.equal(jsonl, await exported(text, name, 'jsonl'));
    // The page has read it, and said that the browser is to keep it.
    assert.equal(await kept(), 1);
  });

  /** A record's table in columns and its data sets, its lines and its name. */
  const columnsOf = async (on, take) => {
    const { arrow, minari, types, text, name } = await on.evaluate(async (take) => {
      const record = await new Function('palaestra', `return (async () => { ${take} })()`)(window.palaestra);
      const keep = { keep: true };
      const blobs = [await record.arrow(keep), await record.minari(keep)];
      const bytes = blobs.map(async (blob) => Array.from(new Uint8Array(await blob.arrayBuffer())));
      const [arrow, minari] = await Promise.all(bytes);
      const types = blobs.map(({ type }) => type);
      return { arrow, minari, types, text: await record.text(keep), name: await record.filename() };
    }, take);
    assert.deepEqual(types, ['application/vnd.apache.arrow.file', 'application/zip']);
    return { arrow: Buffer.from(arrow), minari: unzipped(Buffer.from(minari)), text, name };
  };

  /** That they are, byte for byte, what the command makes of the record. */
  const asTheCommandHasThem = async ({ arrow, minari, text, name }, sets) => {
    const [[, table], ...others] = await exportedFiles(text, name, 'arrow');
    assert.deepEqual(others, []);
    assert.ok(arrow.equals(table), `${name}: ${arrow.length} and ${table.length} bytes`);
    const expected = await exportedFiles(text, name, 'minari');
    assert.deepEqual([...minari.keys()].sort(), [...expected.keys()].sort());
    for (const [path, content] of minari) assert.ok(content.equals(expected.get(path)), path);
    const ids = [...minari.keys()].filter((path) => path.endsWith('-v0/data/metadata.json'));
    assert.deepEqual(ids.map((path) => path.replace('/data/metadata.json', '')).sort(), sets);
  };

  test('gives them as Arrow and as data sets of Minari, byte for byte as `palaestra export` does, one for each agent', async () => {
    const { requests } = site;
    const loaded = (part) =>
      requests.filter(({ path }) => path.endsWith(`/palaestra_export_module_${part}.wasm`)).length;
    // Whoever asked for CSV has nothing of it.
    assert.deepEqual([loaded('columns') === 0, loaded('bg') > 0], [true, true]);
    const columns = await columnsOf(page, 'return window.record');
    const sets = ['agent_0', 'agent_1'].map((agent) => `palaestra/Overcooked-CrampedRoom-V0/${agent}-v0`);
    await asTheCommandHasThem(columns, sets);
    assert.deepEqual([loaded('columns') > 0, loaded('told')], [true, 0]);
    assert.equal(await kept(), 1);
  });

  test('that nobody ended, or that a page was left in, is in columns as far as it goes', async () => {
    const other = await browser.openPage(`${site.url}bare.html`);
    await other.evaluate(() => window.loading);
    const seats = "seats: { adversary_0: 'random', adversary_1: 'random', adversary_2: 'random', agent_0: 'random' }";
    const play = `palaestra.play({ env: 'mpe2/simple_tag_v3', seed: 5, fps: 240, maxSteps: 100000, ${seats} })`;
    const until = "await window.until('forty steps', () => game.frameNumber >= 40);";
    const sets = ['adversary_0', 'adversary_1', 'adversary_2', 'agent_0'].map(
      (agent) => `palaestra/mpe2/simple_tag_v3/${agent}-v0`,
    );
    const ended = await columnsOf(other, `const game = ${play}; ${until} return game.dispose('closed')`);
    assert.equal(linesOf(ended.text).at(-1).unfinished, undefined);
    await asTheCommandHasThem(ended, sets);
    await other.evaluate(
      ([play, until, kept]) =>
        new Function('palaestra', `return (async () => { const game = ${play}; ${until} ${kept} })()`)(
          window.palaestra,
        ),
      [play, until, "await window.until('forty steps to be kept', () => game.saving?.kept?.steps >= 40);"],
    );
    await other.reload();
    await other.evaluate(() => window.loading);
    const left = await columnsOf(
      other,
      "return (await palaestra.recover()).find(({ envId, unfinished }) => unfinished && envId === 'mpe2/simple_tag_v3')",
    );
    assert.equal(linesOf(left.text).at(-1).unfinished, true);
    await asTheCommandHasThem(left, sets);
    await other.evaluate(async () => {
      for (const left of await window.palaestra.recover()) {
        if (left.envId === 'mpe2/simple_tag_v3') await left.delete();
      }
    });
    await other.close();
  });

  /** What a stand-in has heard, as bodies; it answers as `answer` says. */
  const openService = async (t, answers) => {
    const receiver = await openReceiver(t);
    const heard = [];
    receiver.state.answer = (url, body, response, request) => {
      if (request.method === 'OPTIONS') return response.writeHead(204, cors).end();
      heard.push({ path: url.pathname, body, headers: request.headers });
      const [status, text, cut] = answers(heard.length, url, body);
      if (cut) return response.destroy();
      response.writeHead(status, { ...cors, 'content-type': 'application/json' }).end(text);
    };
    return { receiver, heard };
  };

  test('goes to DataPipe as a table, again where its answer is lost, and a refusal is told by its word', async (t) => {
    const files = new Map();
    // As functions/api-data.js does: 201, or 400 with a word.
    const answer = (attempt, url, body) => {
      const { experimentID, filename, data } = JSON.parse(body);
      if (!experimentID || !filename || !data) return [400, '{"error":"MISSING_PARAMETER","message":"…"}'];
      if (experimentID !== 'exp123') return [400, '{"error":"EXPERIMENT_NOT_FOUND","message":"…"}'];
      if (attempt === 1) return [503, '<html>busy</html>'];
      if (files.has(filename)) return [400, '{"error":"OSF_FILE_EXISTS","message":"…"}'];
      files.set(filename, { data, path: url.pathname });
      return [201, '{"message":"Success"}', attempt === 2];
    };
    const { receiver, heard } = await openService(t, answer);
    const { refused, csv, name, waits } = await page.evaluate(async (url) => {
      const waits = [];
      const csv = await (await window.record.csv({ keep: true })).text();
      const options = { url, firstWait: 20, onWait: (error) => waits.push(error.message) };
      const name = await window.data.toDataPipe(window.record, { experimentID: 'exp123', ...options });
      const { code, reason, status } = await window.data
        .toDataPipe(window.record, { experimentID: 'other', ...options })
        .catch((error) => error);
      return { refused: { code, reason, status }, csv, name, waits };
    }, receiver.origin);
    assert.deepEqual(files.get(name), { data: csv, path: '/api/data/' });
    assert.equal(files.size, 1);
    // A browser makes a request again by itself where a connection that it used before is cut.
    assert.ok(heard.length === 4 && waits.length >= 1, `${heard.length} requests, ${waits.length} waits`);
    assert.deepEqual(refused, { code: 'not_sent', reason: 'EXPERIMENT_NOT_FOUND', status: 400 });
    assert.equal(await kept(), 0);
  });

  /** What the record is in a binary format, as a page has it. */
  const bytesOf = async (format) => {
    const bytes = await page.evaluate(async (format) => {
      const blob = await window.record[format]({ keep: true });
      return Array.from(new Uint8Array(await blob.arrayBuffer()));
    }, format);
    return Buffer.from(bytes);
  };
  const tables = { arrow: /\.arrow$/, minari: /\.minari\.zip$/ };

  test('goes to DataPipe itself, and in columns, as base64, where the experiment allows that', async (t) => {
    const files = new Map();
    // As functions/api-base64.js does: an experiment has to allow it, and what is no base64 is refused; what is, is kept decoded.
    const answer = (_, url, body) => {
      if (url.pathname !== '/api/base64/') return [400, '{"error":"INVALID_DATA","message":"…"}'];
      const { experimentID, filename, data } = JSON.parse(body);
      if (!experimentID || !filename || !data) return [400, '{"error":"MISSING_PARAMETER","message":"…"}'];
      if (experimentID === 'closed') return [400, '{"error":"BASE64DATA_COLLECTION_NOT_ACTIVE","message":"…"}'];
      if (!/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(data))
        return [400, '{"error":"INVALID_BASE64_DATA","message":"…"}'];
      files.set(filename, Buffer.from(data, 'base64'));
      return [201, '{"message":"Success"}'];
    };
    const { receiver } = await openService(t, answer);
    const send = (format, experimentID = 'exp123') =>
      page.evaluate(
        (options) =>
          window.data.toDataPipe(window.record, options).catch(({ code, reason }) => ({ failed: [code, reason] })),
        { format, experimentID, url: receiver.origin },
      );
    const record = await send('record');
    assert.match(record, /\.jsonl\.gz$/);
    assert.match(await verify(files.get(record)), /: 40 steps in .* identical\n/);
    for (const [format, ending] of Object.entries(tables)) {
      const name = await send(format);
      assert.match(name, ending);
      assert.ok(files.get(name).equals(await bytesOf(format)), format);
      assert.deepEqual(await send(format, 'closed'), { failed: ['not_sent', 'BASE64DATA_COLLECTION_NOT_ACTIVE'] });
    }
    assert.equal(files.size, 3);
  });

  test('is posted in columns as it is, by its media type', async (t) => {
    const { receiver, heard } = await openService(t, () => [200, 'thanks']);
    const types = { arrow: 'application/vnd.apache.arrow.file', minari: 'application/zip' };
    for (const [format, ending] of Object.entries(tables)) {
      await page.evaluate((options) => window.data.post(window.record, options), {
        url: `${receiver.origin}/up`,
        format,
      });
      const { headers, body } = heard.pop();
      assert.equal(headers['content-type'], types[format]);
      assert.match(headers['content-disposition'].slice(0, -1), ending);
      assert.ok(body.equals(await bytesOf(format)), format);
    }
    // A zip that anybody's tools open.
    assert.ok(unzipped(await bytesOf('minari')).size > 4);
  });

  test('is posted to an address of one own, and what is refused for good is not tried again', async (t) => {
    const { receiver, heard } = await openService(t, (_, url) =>
      url.pathname === '/up' ? [200, 'thanks'] : [413, 'too much'],
    );
    const { answer, error } = await page.evaluate(async (origin) => {
      const answer = await window.data.post(window.record, { url: `${origin}/up`, filename: 'p-7.jsonl.gz' });
      const { status } = await window.data
        .post(window.record, { url: `${origin}/other`, firstWait: 20 })
        .catch((error) => error);
      return { answer, error: status };
    }, receiver.origin);
    assert.deepEqual([answer, error, heard.length], ['thanks', 413, 2]);
    assert.equal(heard[0].headers['content-disposition'], 'attachment; filename="p-7.jsonl.gz"');
    assert.match(await verify(heard[0].body), /: 40 steps in .* identical\n/);
  });

  test('is sent by options that are known, and to an address that is there', async () => {
    const told = await page.evaluate(async () => {
      const { post, toDataPipe, toJatos, toJsPsych } = window.data;
      const { record } = window;
      const attempts = [
        post(record, { url: '/up', fromat: 'csv' }),
        post(record, { URL: '/up' }),
        post(record, {}),
        post(record),
        toDataPipe(record, { experimentId: 'x' }),
        toDataPipe(record, {}),
        toJatos(record, { fromat: 'csv' }),
        toJsPsych(record, { jspsych: {} }),
      ];
      const refused = (attempt) => attempt.then(() => 'taken').catch(({ code, message }) => `${code}: ${message}`);
      return Promise.all(attempts.map(refused));
    });
    const insist = 'attempts, firstWait, onWait';
    assert.deepEqual(told, [
      `not_sent: post: expected an option among url, format, filename, headers, ${insist}; found \`fromat\` (did you mean \`format\`?)`,
      `not_sent: post: expected an option among url, format, filename, headers, ${insist}; found \`URL\` (did you mean \`url\`?)`,
      'not_sent: post: expected the address to post to as url, found none',
      'not_sent: post: expected an object, found undefined',
      `not_sent: toDataPipe: expected an option among experimentID, format, filename, url, ${insist}; found \`experimentId\` (did you mean \`experimentID\`?)`,
      "not_sent: toDataPipe: expected the experiment's id as experimentID, found none",
      'not_sent: toJatos: expected an option among jatos, as, format, filename; found `fromat` (did you mean `format`?)',
      'not_sent: toJsPsych: expected an option among jsPsych, format, data; found `jspsych` (did you mean `jsPsych`?)',
    ]);
  });

  test('goes to JATOS as a file or among the result data, and its group is told', async () => {
    const seen = await page.evaluate(async () => {
      const files = [];
      let data = '';
      const told = [];
      let open = true;
      // As jatos.js does: promises of its own, which reject with a text.
      const jatos = {
        uploadResultFile: async (file, name) => {
          if (!(file instanceof Blob) || !name) throw 'No filename specified';
          files.push({ name, size: file.size, type: file.type });
        },
        appendResultData: async (more) => {
          if (data.length > 0) throw 'POST to resultData failed: 413';
          data += more;
        },
        hasOpenGroupChannel: () => open,
        sendGroupMsg: (message) => told.push(JSON.parse(JSON.stringify(message))),
      };
      await window.data.toJatos(window.record, { jatos });
      for (const format of ['arrow', 'minari']) await window.data.toJatos(window.record, { jatos, format });
      const binary = [];
      for (const format of ['record', 'arrow', 'minari'])
        await window.data
          .toJatos(window.record, { jatos, as: 'data', format })
          .catch(({ code, message }) => binary.push(`${code}: ${message}`));
      const strange = await window.data.toJatos(window.record, { jatos, as: 'row' }).catch(({ message }) => message);
      await window.data.toJatos(window.record, { jatos, as: 'data' });
      const refused = await window.data
        .toJatos(window.record, { jatos, as: 'data' })
        .catch(({ code, reason }) => ({ code, reason }));
      await window.data.tellJatosGroup(window.record, { jatos, more: { member: 7 } });
      open = false;
      const closed = await window.data.tellJatosGroup(window.record, { jatos }).catch(({ code }) => code);
      const none = await window.data.toJatos(window.record).catch(({ message }) => message);
      return { files, rows: data.trimEnd().split('\n').length, told, refused, closed, none, binary, strange };
    });
    assert.equal(seen.files.length, 3);
    for (const [index, ending] of [/\.jsonl\.gz$/, tables.arrow, tables.minari].entries())
      assert.match(seen.files[index].name, ending);
    assert.deepEqual([seen.files[1].size, seen.files[2].type], [(await bytesOf('arrow')).length, 'application/zip']);
    assert.equal(seen.binary.length, 3);
    for (const said of seen.binary)
      assert.match(said, /^not_sent: JATOS: expected text for its result data, found format/);
    assert.equal(seen.strange, 'as: expected file or data, found row');
    assert.equal(seen.rows, 80);
    assert.deepEqual(seen.refused, { code: 'not_sent', reason: 'POST to resultData failed: 413' });
    assert.deepEqual(
      [seen.told[0].steps, seen.told[0].member, seen.told[0].env_id],
      [40, 7, 'Overcooked-CrampedRoom-V0'],
    );
    assert.equal(seen.closed, 'not_sent');
    assert.match(seen.none, /jatos\.js loaded, found none/);
  });

  test("stands among jsPsych's own data as a row", async () => {
    const { rows, wrong } = await page.evaluate(async () => {
      const rows = [];
      const jsPsych = { data: { write: (row) => rows.push(row) } };
      await window.data.toJsPsych(window.record, { jsPsych, format: 'jsonl', data: { task: 'soup' } });
      await window.data.toJsPsych(window.record, { jsPsych, format: 'arrow' });
      const wrong = await window.data
        .toJsPsych(window.record, { jsPsych, format: 'xlsx' })
        .catch(({ message }) => message);
      return { rows, wrong };
    });
    assert.equal(rows[0].task, 'soup');
    assert.equal(rows[0].data.trimEnd().split('\n').length, 80);
    assert.equal(rows[1].palaestra, 'arrow');
    assert.ok(Buffer.from(rows[1].data, 'base64').equals(await bytesOf('arrow')));
    assert.match(wrong, /expected one of record, text, csv, jsonl, arrow, minari, found xlsx/);
  });
});
