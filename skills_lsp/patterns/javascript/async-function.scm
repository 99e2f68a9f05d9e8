; An async function: who calls it gets a promise, and must wait for it.
; Source: https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Statements/async_function
((function_declaration "async" name: (identifier) @name) @reach
  (#set! category "async")
  (#set! message "`{name}` is an async function"))

((variable_declarator name: (identifier) @name value: (_) @value) @reach
  (#async? @value)
  (#set! category "async")
  (#set! message "`{name}` is an async function"))

((method_definition) @reach
  (#async? @reach)
  (#set! category "async")
  (#set! message "`{name}` is an async function"))
