// Asks ESLint: `node eslint_security.cjs cases <folder>` prints the cases of eslint-plugin-security's
// own rule tests, `… lint <modules> <folder>` what its rules (and those of its kin) say about files.
"use strict";

const fs = require("fs");
const Module = require("module");
const path = require("path");

function cases(folder) {
  const found = [];
  class RuleTester {
    run(rule, _module, { valid, invalid }) {
      const add = (each, isValid) => {
        const { code, errors = [] } = typeof each === "string" ? { code: each } : each;
        const messages = Array.isArray(errors) ? errors.map((error) => String(error.message || "")) : [];
        found.push({ rule, code, isValid, messages });
      };
      valid.forEach((each) => add(each, true));
      invalid.forEach((each) => add(each, false));
    }
  }
  const load = Module._load;
  Module._load = (name, ...rest) => (name === "eslint" ? { RuleTester } : load(name, ...rest));
  const tests = path.join(folder, "test", "rules");
  for (const name of fs.readdirSync(tests).sort()) {
    try {
      require(path.join(tests, name));
    } catch (error) {
      if (error.code !== "MODULE_NOT_FOUND") throw error; // A rule that needs what is not installed.
    }
  }
  return found;
}

function* files(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* files(name);
    else if (/\.(?:js|cjs|mjs)$/.test(entry.name) && !/\.min\./.test(entry.name)) yield name;
  }
}

function lint(modules, folder) {
  const from = Module.createRequire(path.join(modules, "package.json"));
  const { Linter } = from("eslint");
  const plugins = {
    security: from("eslint-plugin-security"),
    "no-unsanitized": from("eslint-plugin-no-unsanitized"),
  };
  const rules = {
    "security/detect-eval-with-expression": 2,
    "security/detect-child-process": 2,
    "no-unsanitized/method": 2,
    "no-unsanitized/property": 2,
    "no-implied-eval": 2,
    "no-new-func": 2,
  };
  const globals = { setTimeout: false, setInterval: false, window: false, Function: false };
  const linter = new Linter();
  const found = [];
  for (const name of files(folder)) {
    const code = fs.readFileSync(name, "utf8");
    if (code.split("\n").some((line) => line.length > 5000)) continue;
    let messages = [];
    for (const sourceType of ["module", "commonjs"]) {
      const languageOptions = { sourceType, ecmaVersion: "latest", globals };
      messages = linter.verify(code, [{ plugins, rules, languageOptions }], "code.js");
      if (!messages.some((message) => message.fatal)) break;
    }
    if (messages.some((message) => message.fatal)) continue;
    const said = messages
      .filter(({ ruleId }) => ruleId in rules)
      .map(({ ruleId, line, endLine, message }) => ({ rule: ruleId, line, endLine, message }));
    found.push({ path: path.relative(folder, name), said });
  }
  return found;
}

const [what, ...given] = process.argv.slice(2);
console.log(JSON.stringify(what === "cases" ? cases(...given) : lint(...given)));
