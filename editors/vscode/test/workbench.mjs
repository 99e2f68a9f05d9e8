// A real VS Code workbench and extension host for tests: the VS Code server of the npm package
// code-server (scripts/fetch_vscode.sh fetches it), and a page of headless Chromium.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';

export const EXTENSION = resolve(import.meta.dirname, '..');
export const ROOT = resolve(EXTENSION, '../..');
export const VSIX = join(EXTENSION, 'dist/skills-lsp.vsix');
export const SERVER = process.env.SKILLS_LSP ?? join(ROOT, '.venv/bin/skills-lsp');
export const PYTHON = process.env.SKILLS_LSP_PYTHON ?? join(ROOT, '.venv/bin/python');
const VSCODE = join(ROOT, '.cache/editors/vscode-1.100/node_modules/code-server/lib/vscode');
const START_MS = 60_000;

const ALL_SETTINGS = {
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'editor.minimap.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off',
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'terminal.integrated.gpuAcceleration': 'off', // or its text is in no element
  'typescript.tsserver.enabled': false,
  'update.mode': 'none',
  'window.restoreWindows': 'none',
  'workbench.editor.enablePreview': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'skillsLsp.path': [SERVER],
  'skillsLsp.python': PYTHON,
};

/** Copies the example project to a folder of its own; the caller may change it as it likes. */
export function project() {
  const folder = mkdtempSync(join(tmpdir(), 'skills-vscode-'));
  const isOurs = (source) => !/(^|\/)(\.(?!skills)|__pycache__)[^/]*$/.test(source);
  cpSync(join(ROOT, 'examples/bookshop'), join(folder, 'bookshop'), {
    recursive: true,
    filter: isOurs,
  });
  return { folder: join(folder, 'bookshop'), home: join(folder, 'home'), top: folder };
}

/**
 * Starts a workbench over a folder.
 *
 * `vsix` installs a packed extension, as a user would; `extension` loads a folder as one under
 * development, and only then tests can run inside the extension host. `window` is what the page of
 * Chromium is to be like, in Playwright's words.
 */
export async function start({
  folder,
  home,
  vsix,
  extension,
  settings = {},
  env = {},
  window = {},
}) {
  const scratch = mkdtempSync(join(tmpdir(), 'vscode-host-'));
  const set = (more) => {
    Object.assign(settings, more);
    for (const kind of ['Machine', 'User']) {
      // Machine-scoped settings are read from Machine, the rest from User.
      mkdirSync(join(scratch, 'data', kind), { recursive: true });
      const text = JSON.stringify({ ...ALL_SETTINGS, ...settings });
      writeFileSync(join(scratch, 'data', kind, 'settings.json'), text);
    }
  };
  set({});
  const args = ['out/server-main.js', '--accept-server-license-terms'];
  args.push('--server-data-dir', scratch, '--extensions-dir', join(scratch, 'extensions'));
  const options = {
    cwd: VSCODE,
    // Without a gallery nothing is asked of the network.
    env: {
      ...process.env,
      EXTENSIONS_GALLERY: '{}',
      PYTHONDONTWRITEBYTECODE: '1', // the list of files is to hold sources alone
      SKILLS_LSP_HOME: home,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  };
  if (vsix) {
    execFileSync(process.execPath, [...args, '--install-extension', vsix], {
      ...options,
      stdio: 'pipe',
    });
  }
  const port = await freePort();
  const listening = ['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'];
  const server = spawn(
    process.execPath,
    [
      ...args,
      ...listening,
      // The PATH of the test, and not that of a login shell.
      '--force-disable-user-env',
      '--telemetry-level',
      'off',
      ...(extension ? ['--enable-smoke-test-driver'] : []),
    ],
    options,
  );
  await said(server, 'Extension host agent listening');
  const context = await chromium.launchPersistentContext(join(scratch, 'profile'), {
    executablePath: process.env.CHROMIUM ?? which('chromium'),
    headless: true,
    viewport: { width: 1280, height: 800 },
    ...window,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const host = `127.0.0.1:${port}`;
  const remote = (path) => `vscode-remote://${host}${resolve(path)}`;
  const url = (more = []) => {
    const payload = extension ? [['extensionDevelopmentPath', remote(extension)], ...more] : more;
    return `http://${host}/?folder=${resolve(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
  };
  const opens = (window) => (file) =>
    window.goto(url(file ? [['openFile', remote(join(folder, file))]] : []));
  return {
    page,
    /** Changes settings while it runs. */
    set,
    open: opens(page),
    /** Opens a second window over the same folder, with an extension host and a server of its own. */
    async another() {
      const second = await context.newPage();
      return { page: second, open: opens(second) };
    },
    /** Runs a CommonJS module's `run()` inside the extension host; 0 when it did not fail. */
    async runInHost(module, timeout = 240_000) {
      let done;
      const finished = new Promise((settle) => (done = settle));
      const log = [];
      await page.exposeFunction('codeAutomationLog', (type, said) =>
        log.push(said.join(' ').slice(0, 500)),
      );
      await page.exposeFunction('codeAutomationExit', (code) => done(code));
      await page.goto(url([['extensionTestsPath', remote(module)]]));
      const timer = setTimeout(() => done('time-out'), timeout);
      const code = await finished;
      clearTimeout(timer);
      if (code !== 0) console.error(log.filter((it) => !/spdlog|watchdog/.test(it)).join('\n'));
      return code;
    },
    async stop() {
      await context.close();
      server.kill();
      if (server.exitCode === null) await new Promise((settle) => server.once('exit', settle));
      // The extension host may still be writing its last.
      rmSync(scratch, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

function freePort() {
  return new Promise((settle) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => settle(port));
    });
  });
}

function said(server, words) {
  return new Promise((settle, fail) => {
    const timer = setTimeout(() => fail(new Error('the VS Code server did not start')), START_MS);
    server.stdout.on('data', (data) => {
      if (String(data).includes(words)) {
        clearTimeout(timer);
        settle();
      }
    });
    server.once('exit', (code) => fail(new Error(`the VS Code server ended: ${code}`)));
  });
}

function which(program) {
  return execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
}
