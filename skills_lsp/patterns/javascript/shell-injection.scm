; A shell reads ; | $() and quotes in what it is given, so data in a command line becomes commands.
; Source: https://cwe.mitre.org/data/definitions/78.html
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "child_process.exec" "child_process.execSync" "child_process.promises.exec" "shelljs.exec"
    "execa.execaCommand" "execa.command")
  (#argument-dynamic? @args "0")
  (#set! category "security")
  (#set! message "`{name}` hands a command made at run time to a shell"))

((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "child_process.spawn" "child_process.spawnSync" "child_process.execFile"
    "child_process.execFileSync")
  (#property? @args "shell" "true")
  (#any-argument-dynamic? @args)
  (#set! category "security")
  (#set! message "`{name}` with a shell hands it a command made at run time"))
