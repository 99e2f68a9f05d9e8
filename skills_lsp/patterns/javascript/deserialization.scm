; These readers call functions that the data names: untrusted data runs code.
; Source: https://cwe.mitre.org/data/definitions/502.html
((call_expression function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "node-serialize.unserialize" "serialize-to-js.deserialize" "serialize-to-js.deserializeUnsafe"
    "funcster.deepDeserialize" "cryo.parse" "v8.deserialize" "serialijse.deserialize"
    "serialize-to-js.lib.deserialize")
  (#argument-computed? @args "0")
  (#set! category "security")
  (#set! message "`{name}` runs code that its data names; safe only for data you wrote"))
