; These readers call functions that the data names: untrusted data runs code.
; Source: https://cwe.mitre.org/data/definitions/502.html
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "node-serialize.unserialize" "serialize-to-js.deserialize" "funcster.deepDeserialize"
    "cryo.parse")
  (#set! category "security")
  (#set! message "`{name}` runs code that its data names; safe only for data you wrote"))
