; yaml.load with any loader but the safe ones makes arbitrary Python objects from the document.
; Source: https://pyyaml.org/wiki/PyYAMLDocumentation
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "yaml.load" "yaml.load_all")
  (#not-argument-resolves-to? @args "1" "Loader"
    "yaml.SafeLoader" "yaml.CSafeLoader" "yaml.loader.SafeLoader" "yaml.cyaml.CSafeLoader"
    "yaml.BaseLoader" "yaml.CBaseLoader" "SafeLoader" "CSafeLoader")
  (#set! category "security")
  (#set! message "`{name}` without a safe loader makes any Python object that the document names"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "yaml.unsafe_load" "yaml.unsafe_load_all")
  (#set! category "security")
  (#set! message "`{name}` makes any Python object that the document names"))
