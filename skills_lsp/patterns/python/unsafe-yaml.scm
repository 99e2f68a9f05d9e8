; yaml.load with any loader but the safe ones makes arbitrary Python objects from the document.
; Source: https://pyyaml.org/wiki/PyYAMLDocumentation
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "yaml.load" "yaml.load_all" "ruamel.yaml.load" "ruamel.yaml.load_all"
    "ruamel_yaml.load" "ruamel_yaml.load_all")
  (#not-safe-loader? @args)
  (#set! category "security")
  (#set! message "`{name}` without a safe loader makes any Python object that the document names"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "yaml.unsafe_load" "yaml.unsafe_load_all")
  (#set! category "security")
  (#set! message "`{name}` makes any Python object that the document names"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "ruamel.yaml.YAML" "ruamel_yaml.YAML")
  (#argument-value? @args "" "typ" "unsafe" "base")
  (#set! category "security")
  (#set! message "`{name}` of this type makes any Python object that the document names"))
