; Without a check of the certificate anyone between the two ends can read and change what is sent.
; Source: https://cwe.mitre.org/data/definitions/295.html
((keyword_argument name: (identifier) @name value: (false)) @here
  (#any-of? @name "verify" "verify_ssl" "verify_certs" "ssl_verify")
  (#tls-call? @here)
  (#set! category "security")
  (#set! message "the server's certificate is not checked"))

((keyword_argument name: (identifier) @name value: (_) @value) @here
  (#any-of? @name "cert_reqs")
  (#unchecked? @value)
  (#set! category "security")
  (#set! message "the server's certificate is not required, so it is not checked"))

; aiohttp's way to say it.
((keyword_argument name: (identifier) @name value: (false)) @here
  (#eq? @name "ssl")
  (#imports? "aiohttp")
  (#set! category "security")
  (#set! message "the server's certificate is not checked"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "ssl._create_unverified_context")
  (#set! category "security")
  (#set! message "`{name}` checks no certificate"))

((assignment left: (_) @name right: (_) @value) @reach
  (#match? @name "\\.(?:verify_mode|_create_default_https_context)$")
  (#unchecked? @value)
  (#set! category "security")
  (#set! here "reach")
  (#set! message "`{name}` is set so that certificates are not checked"))

; It must be switched off before verify_mode can be, and is said of that line then.
((assignment left: (_) @name right: (false)) @reach
  (#match? @name "\\.check_hostname$")
  (#not-before-unchecked? @reach)
  (#set! category "security")
  (#set! here "reach")
  (#set! message "`{name}` is off, so any valid certificate will do, whoever it was made for"))

((assignment left: (attribute attribute: (identifier) @key) @name right: (false)) @reach
  (#eq? @key "verify")
  (#made-by? @name "requests.Session" "requests.session" "requests.sessions.Session" "httpx.Client")
  (#set! category "security")
  (#set! here "reach")
  (#set! message "`{name}` is off, so the server's certificate is not checked"))
