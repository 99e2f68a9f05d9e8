// Lets a test runner register the tests of files without running them, and prints what it took.
//
// node --enable-source-maps javascript_register.mjs <node_modules> <package> <runner> <interface> <result>
//
// Files (absolute, one a line) come on stdin; for each, one line of JSON goes to the file <result>:
// {file, problem, places: [{kind, file, line, titles}]}. The runner is the real one (mocha, jest's
// jest-circus, vitest's @vitest/runner); a module that is not there, or that does not load, is a stub
// which answers everything, so that files register without their own dependencies. `line` is that of
// the call on the stack that is the package's own and the nearest to the runner.

import { createRequire } from "node:module";
import { appendFileSync, existsSync, readFileSync, statSync } from "node:fs";
import Module from "node:module";
import path from "node:path";
import { pathToFileURL, fileURLToPath } from "node:url";

const [modules, root, runnerName, ui, result] = process.argv.slice(2);
const ours = createRequire(path.join(modules, "x.js"));
const esbuild = ours("esbuild");
const out = (text) => appendFileSync(result, text);
process.stdout.write = () => true;
process.stderr.write = () => true;
process.on("uncaughtException", () => {});
process.on("unhandledRejection", () => {});
const exit = process.exit.bind(process);
process.exit = () => {};
Error.stackTraceLimit = 60;

// --- stubs ---------------------------------------------------------------------------------

const CALLS_BACK = new Set(["forEach", "map", "filter", "some", "every", "find", "flatMap"]);

function stub(primitive = "stub") {
  const known = new Map();
  const target = function () {};
  const traps = {
    get(_, key) {
      if (key === Symbol.toPrimitive) return () => primitive;
      if (key === Symbol.iterator) return function* () { yield stub(); };
      if (typeof key === "symbol" || key === "then" || key === "toJSON") return undefined;
      if (key === "prototype") return target.prototype;
      if (key === "length") return stub(1);
      if (key === "toString" || key === "valueOf") return () => String(primitive);
      if (CALLS_BACK.has(key)) return (run) => (typeof run === "function" ? [run(stub(), 0)] : []);
      if (!known.has(key)) known.set(key, stub());
      return known.get(key);
    },
    set(_, key, value) { known.set(key, value); return true; },
    has: () => true,
    apply: () => stub(),
    construct: () => stub(),
    // `import * as name` copies a module's properties onto an object with its prototype.
    getPrototypeOf: () => answering,
    getOwnPropertyDescriptor: (_, key) => Reflect.getOwnPropertyDescriptor(target, key),
  };
  const answering = new Proxy(target, { get: traps.get, getPrototypeOf: () => null });
  return new Proxy(target, traps);
}

// --- loading -------------------------------------------------------------------------------

const ENDINGS = ["", ".js", ".ts", ".tsx", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".json"];
const INDEXES = ["/index.js", "/index.ts", "/index.tsx", "/index.mjs"];
const LOADERS = { ".ts": "ts", ".mts": "ts", ".cts": "ts", ".tsx": "tsx" };
const isFile = (name) => existsSync(name) && statSync(name).isFile();

function locate(request, from) {
  if (!/^[./]/.test(request)) return null;
  const base = path.resolve(path.dirname(from), request);
  const typed = base.replace(/\.([cm]?)js(x?)$/, ".$1ts$2");
  const names = [...ENDINGS.map((each) => base + each), ...INDEXES.map((each) => base + each), typed];
  return names.find(isFile) ?? null;
}

// The page that jest's usual environment makes; nothing of it matters before a test is run.
if (runnerName === "jest") {
  globalThis.window = globalThis.self = stub();
  globalThis.document = stub();
}

let provided = {};
let entry = "";
const load = Module._load;
Module._load = function (request, parent, isMain) {
  const from = parent?.filename ?? "";
  if (!from.startsWith(root)) return load.call(this, request, parent, isMain);
  if (Object.hasOwn(provided, request)) return provided[request];
  if (Module.isBuiltin(request)) return load.call(this, request, parent, isMain);
  const found = locate(request, from);
  if (found === null) return stub();
  try {
    return compiled(found);
  } catch {
    return stub();
  }
};

const cache = new Map();
function compiled(file) {
  if (cache.has(file)) return cache.get(file).exports;
  const module = new Module(file, null);
  module.filename = file;
  module.paths = [];
  cache.set(file, module);
  const text = readFileSync(file, "utf8");
  if (file.endsWith(".json")) {
    module.exports = JSON.parse(text);
    return module.exports;
  }
  const { code } = esbuild.transformSync(text, {
    loader: LOADERS[path.extname(file)] ?? "jsx",
    format: "cjs", target: "node20", sourcemap: "inline", sourcefile: file, jsx: "automatic",
    define: { "import.meta.url": JSON.stringify(pathToFileURL(file).href), "import.meta.env": "{}" },
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
  });
  try {
    module._compile(code, file);
  } catch (error) {
    if (file !== entry) cache.delete(file);
    throw error;
  }
  return module.exports;
}

// --- places --------------------------------------------------------------------------------

function place(error) {
  for (const line of error.stack.split("\n").slice(1)) {
    const found = /\(?((?:file:\/\/)?\/[^():]+):(\d+):(\d+)\)?$/.exec(line);
    if (found === null) continue;
    const file = found[1].startsWith("file:") ? fileURLToPath(found[1]) : found[1];
    if (file.startsWith(root) && !file.includes("/node_modules/")) {
      return { file: path.relative(root, file), line: Number(found[2]), column: Number(found[3]) };
    }
  }
  return null;
}

let taken = [];
function take(kind, titles) {
  const at = place(new Error("place"));
  if (at === null) return;
  const full = titles.map(String).join(" ");
  taken.push({ kind, title: String(titles.at(-1)), full, ...at });
}

// --- runners -------------------------------------------------------------------------------

async function mocha() {
  const Mocha = ours("mocha");
  const { addTest, addSuite } = Mocha.Suite.prototype;
  Mocha.Suite.prototype.addTest = function (test) {
    take("test", [...this.titlePath(), test.title]);
    return addTest.call(this, test);
  };
  Mocha.Suite.prototype.addSuite = function (suite) {
    take("suite", [...this.titlePath(), suite.title]);
    return addSuite.call(this, suite);
  };
  for (const name of ["beforeAll", "afterAll", "beforeEach", "afterEach"]) {
    const add = Mocha.Suite.prototype[name];
    Mocha.Suite.prototype[name] = function (...given) {
      take("hook", [name]);
      return add.apply(this, given);
    };
  }
  return async (file) => {
    const runner = new Mocha({ ui });
    runner.suite.emit("pre-require", globalThis, file, runner);
    provided = { mocha: { ...Mocha, ...globalThis } };
    compiled(file);
    runner.suite.emit("post-require", globalThis, file, runner);
  };
}

async function jest() {
  const circus = ours("jest-circus");
  const { addEventHandler } = ours(path.join(path.dirname(ours.resolve("jest-circus")), "state.js"));
  addEventHandler((event, state) => {
    const around = [];
    for (let at = state.currentDescribeBlock; at?.parent; at = at.parent) around.unshift(at.name);
    // The runner's own handler is first, and has entered the suite.
    if (event.name === "start_describe_definition") take("suite", around);
    if (event.name === "add_test") take("test", [...around, event.testName]);
    if (event.name === "add_hook") take("hook", [event.hookType]);
  });
  const names = ["describe", "it", "test", "beforeAll", "beforeEach", "afterAll", "afterEach"];
  const api = Object.fromEntries(names.map((name) => [name, circus[name]]));
  const more = {
    fit: api.it.only, xit: api.it.skip, xtest: api.test.skip,
    fdescribe: api.describe.only, xdescribe: api.describe.skip, jest: stub(), expect: stub(),
  };
  Object.assign(globalThis, api, more);
  provided = { "@jest/globals": { ...api, ...more } };
  return async (file) => {
    circus.resetState();
    compiled(file);
  };
}

async function vitest() {
  const url = (name) => pathToFileURL(path.join(modules, name)).href;
  const api = await import(url("@vitest/runner/dist/index.js"));
  const names = ["describe", "suite", "it", "test", "beforeAll", "beforeEach", "afterAll", "afterEach"];
  const own = Object.fromEntries(names.map((name) => [name, api[name]]));
  const more = { vi: stub(), vitest: stub(), expect: stub(), expectTypeOf: stub(), assertType: stub(), bench: stub() };
  more.vi.hoisted = (make) => make();
  provided = { vitest: { ...own, ...more } };
  Object.assign(globalThis, own, more);
  // The runner's own location is in the file that was given; what a file calls in another one has
  // none. So places are taken as tests and suites are made: tests when they are given their context,
  // suites when the runner asks whether it is to note a location.
  let isTest = false;
  let suites = [];
  const tests = new Map();
  const config = {
    root, setupFiles: [], name: "", passWithNoTests: true, testNamePattern: undefined,
    allowOnly: true, sequence: { seed: 1, hooks: "stack", setupFiles: "list", shuffle: false },
    chaiConfig: undefined, maxConcurrency: 5, testTimeout: 5000, hookTimeout: 5000, retry: 0,
    diffOptions: undefined, tags: [],
    get includeTaskLocation() {
      const at = isTest ? null : place(new Error("place"));
      if (at !== null) suites.push(at);
      isTest = false;
      return false;
    },
  };
  return async (file) => {
    const problems = [];
    suites = [];
    tests.clear();
    const runner = {
      config, pool: "forks",
      importFile: async (name) => { compiled(name); },
      onCollected: () => {},
      extendTaskContext: (context) => {
        isTest = true;
        tests.set(context.task, place(new Error("place")));
        return context;
      },
    };
    const [found] = await api.collectTests([file], runner);
    const take = (kind, task, titles, at) => {
      if (at) taken.push({ kind, title: String(task.name), full: titles.join(" "), ...at });
    };
    // A suite makes those in it, in order, before the first of them makes its own.
    const walk = (suite, titles) => {
      if (suite.result?.errors?.length) problems.push(suite.result.errors[0].message);
      for (const each of suite.tasks) {
        const own = [...titles, each.name];
        if (each.type === "suite") take("suite", each, own, suites.shift());
        else take("test", each, own, tests.get(each));
      }
      for (const each of suite.tasks) {
        if (each.type === "suite") walk(each, [...titles, each.name]);
      }
    };
    walk(found, []);
    if (problems.length) throw new Error(problems[0]);
  };
}

// --- main ----------------------------------------------------------------------------------

const register = await { mocha, jest, vitest }[runnerName]();
for (const file of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  taken = [];
  cache.clear();
  entry = file;
  let problem = "";
  try {
    await register(file);
  } catch (error) {
    problem = String(error?.message ?? error).split("\n")[0] || "it threw";
  }
  out(`${JSON.stringify({ file: path.relative(root, file), problem, places: taken })}\n`);
}
exit(0);
