; A shell reads ; | $() and quotes in what it is given, so data in a command line becomes commands.
; Source: https://cwe.mitre.org/data/definitions/78.html
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "os.system" "os.popen" "subprocess.getoutput" "subprocess.getstatusoutput"
    "asyncio.create_subprocess_shell" "commands.getoutput" "commands.getstatusoutput"
    "popen2.popen2" "popen2.popen3" "popen2.popen4")
  (#argument-dynamic? @args "0")
  (#set! category "security")
  (#set! message "`{name}` hands a command made at run time to a shell"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "subprocess.run" "subprocess.call" "subprocess.check_call" "subprocess.check_output"
    "subprocess.Popen")
  (#has-keyword? @args "shell" "True" "1")
  (#argument-dynamic? @args "0")
  (#set! category "security")
  (#set! message "`{name}` with shell=True hands a command made at run time to a shell"))
