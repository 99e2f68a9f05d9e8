; Telnet and FTP send passwords and data as they are, for all between the two ends to read.
; Source: https://cwe.mitre.org/data/definitions/319.html
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "telnetlib.Telnet" "ftplib.FTP")
  (#set! category "security")
  (#set! message "`{name}` sends passwords and data unencrypted"))
