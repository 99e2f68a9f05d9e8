; Who accepts any host's key cannot tell the host from somebody in between.
; Source: https://cwe.mitre.org/data/definitions/322.html
((call function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "set_missing_host_key_policy")
  (#argument-match? @args "0" "(?:^|\\.)(?:AutoAddPolicy|WarningPolicy)(?:\\(\\))?$")
  (#set! category "security")
  (#set! message "`{name}` takes any host's key, so it cannot tell who answers"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "asyncssh.connect" "asyncssh.create_connection")
  (#has-keyword? @args "known_hosts" "None")
  (#set! category "security")
  (#set! message "`{name}` with known_hosts=None takes any host's key, so it cannot tell who answers"))
