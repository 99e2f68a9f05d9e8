; Without a check of the certificate anyone between the two ends can read and change what is sent.
; Source: https://cwe.mitre.org/data/definitions/295.html
((keyword_argument name: (identifier) @name value: (false)) @here
  (#any-of? @name "verify" "verify_ssl" "verify_certs" "ssl_verify")
  (#tls-call? @here)
  (#set! category "security")
  (#set! message "the server's certificate is not checked"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "ssl._create_unverified_context")
  (#set! category "security")
  (#set! message "`{name}` checks no certificate"))

((assignment left: (_) @name right: (_) @value) @reach
  (#match? @name "\\.(?:check_hostname|verify_mode|_create_default_https_context)$")
  (#unchecked? @value)
  (#set! category "security")
  (#set! here "reach")
  (#set! message "`{name}` is set so that certificates are not checked"))
