; A shell reads ; | $() and quotes in what it is given, so data in a command line becomes commands.
; Source: https://cwe.mitre.org/data/definitions/78.html
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "child_process.exec" "child_process.execSync" "child_process.promises.exec" "shelljs.exec"
    "shelljs/global.exec" "execa.execaCommand" "execa.execaCommandSync" "execa.command"
    "execa.commandSync" "child-process-promise.exec" "child-process-es6-promise.exec"
    "exec-sh" "shell-exec" "zx.$.raw")
  (#argument-command? @args "0")
  (#set! category "security")
  (#set! message "`{name}` hands a command made at run time to a shell"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "child_process.spawn" "child_process.spawnSync" "child_process.execFile"
    "child_process.execFileSync" "cross-spawn" "cross-spawn.sync" "cross-spawn.spawn" "execa"
    "execa.execa" "execa.sync" "execa.execaSync" "execa.default")
  (#option? @args "shell")
  (#not-option? @args "shell" "false" "undefined" "null")
  (#not-option-computed? @args "shell")
  (#any-argument-command? @args)
  (#set! category "security")
  (#set! message "`{name}` with a shell hands it a command made at run time"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "child_process.spawn" "child_process.spawnSync" "child_process.execFile"
    "child_process.execFileSync" "cross-spawn" "cross-spawn.sync" "cross-spawn.spawn" "execa"
    "execa.execa" "execa.sync" "execa.execaSync" "execa.default" "Bun.spawn" "Bun.spawnSync"
    "Deno.run")
  (#not-option? @args "shell")
  (#shell-run? @args)
  (#set! category "security")
  (#set! message "`{name}` runs a shell with a command made at run time"))
