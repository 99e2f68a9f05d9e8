; A shell reads ; | $() and quotes in what it is given, so data in a command line becomes commands.
; Source: https://cwe.mitre.org/data/definitions/78.html
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "os.system" "os.popen" "os.popen2" "os.popen3" "os.popen4"
    "subprocess.getoutput" "subprocess.getstatusoutput"
    "asyncio.create_subprocess_shell" "asyncio.subprocess.create_subprocess_shell"
    "commands.getoutput" "commands.getstatusoutput"
    "popen2.popen2" "popen2.popen3" "popen2.popen4" "popen2.Popen3" "popen2.Popen4")
  (#argument-risky-command? @args "0")
  (#set! category "security")
  (#set! message "`{name}` hands a command made at run time to a shell"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "subprocess.run" "subprocess.call" "subprocess.check_call" "subprocess.check_output"
    "subprocess.Popen")
  (#shell? @args)
  (#argument-risky-command? @args "0")
  (#set! category "security")
  (#set! message "`{name}` with a shell hands it a command made at run time"))

; Wrappers around subprocess take shell=True as well.
((call function: (_) @callee arguments: (argument_list
    (keyword_argument name: (identifier) @key value: (_) @value)) @args) @reach
  (#eq? @key "shell")
  (#turns-shell-on? @value)
  (#not-process? @callee)
  (#argument-dynamic? @args "0")
  (#set! category "security")
  (#set! message "`{name}` with a shell hands it a command made at run time"))

((call function: (_) @callee arguments: (argument_list
    (keyword_argument name: (identifier) @key value: (string) @value)) @args) @reach
  (#eq? @key "shell")
  (#runs-command? @callee)
  (#not-process? @callee)
  (#argument-dynamic? @args "0")
  (#set! category "security")
  (#set! message "`{name}` hands this shell a command made at run time"))

; The shell is named itself: ["bash", "-c", command].
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "subprocess.run" "subprocess.call" "subprocess.check_call" "subprocess.check_output"
    "subprocess.Popen" "asyncio.create_subprocess_exec" "asyncio.subprocess.create_subprocess_exec"
    "os.execl" "os.execle" "os.execlp" "os.execlpe" "os.execv" "os.execve" "os.execvp" "os.execvpe"
    "os.posix_spawn" "os.posix_spawnp" "os.spawnl" "os.spawnle" "os.spawnlp" "os.spawnlpe"
    "os.spawnv" "os.spawnve" "os.spawnvp" "os.spawnvpe")
  (#names-shell? @args)
  (#not-shell? @args)
  (#set! category "security")
  (#set! message "`{name}` starts a shell with a command made at run time"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "subprocess_shell")
  (#argument-dynamic? @args "1")
  (#set! category "security")
  (#set! message "`{name}` hands a command made at run time to a shell"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "subprocess_exec")
  (#names-shell? @args)
  (#set! category "security")
  (#set! message "`{name}` starts a shell with a command made at run time"))

; Airflow's operator runs its text in bash.
((call function: (_) @callee arguments: (argument_list
    (keyword_argument name: (identifier) @key value: (_) @value)) @args) @reach
  (#eq? @key "bash_command")
  (#not-constant? @value)
  (#set! category "security")
  (#set! message "`{name}` hands a command made at run time to a shell"))

; On the other side of an SSH connection it is a shell that reads the command.
((call function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "exec_command")
  (#imports? "paramiko")
  (#argument-dynamic? @args "0")
  (#set! category "security")
  (#set! message "`{name}` hands a command made at run time to the other machine's shell"))
