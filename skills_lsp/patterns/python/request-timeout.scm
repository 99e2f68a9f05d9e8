; requests waits for ever by default: one silent server hangs the program.
; Source: https://requests.readthedocs.io/en/latest/user/advanced/#timeouts
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "requests.get" "requests.post" "requests.put" "requests.patch" "requests.delete"
    "requests.head" "requests.options" "requests.request"
    "requests.api.get" "requests.api.post" "requests.api.put" "requests.api.patch"
    "requests.api.delete" "requests.api.head" "requests.api.options" "requests.api.request")
  (#not-has-keyword? @args "timeout")
  (#not-has-mapping-splat? @args)
  (#set! category "security")
  (#set! message "`{name}` without a timeout waits for ever when the server is silent"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "requests.get" "requests.post" "requests.put" "requests.patch" "requests.delete"
    "requests.head" "requests.options" "requests.request"
    "httpx.get" "httpx.post" "httpx.put" "httpx.patch" "httpx.delete" "httpx.head"
    "httpx.options" "httpx.request" "httpx.stream" "httpx.Client" "httpx.AsyncClient")
  (#has-keyword? @args "timeout" "None")
  (#set! category "security")
  (#set! message "`{name}` with timeout=None waits for ever when the server is silent"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "get" "post" "put" "patch" "delete" "head" "options" "request")
  (#made-by? @callee "requests.Session" "requests.session" "requests.sessions.Session")
  (#not-has-keyword? @args "timeout")
  (#not-has-mapping-splat? @args)
  (#set! category "security")
  (#set! message "`{name}` without a timeout waits for ever when the server is silent"))
