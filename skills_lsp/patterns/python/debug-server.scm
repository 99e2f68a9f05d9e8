; The debugger of a web framework runs any code for whoever reaches the page it shows on an error.
; Source: https://flask.palletsprojects.com/en/stable/debugging/
((call function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "run")
  (#has-keyword? @args "debug" "True" "1")
  (#imports? "flask")
  (#set! category "security")
  (#set! message "`{name}` with debug=True lets whoever sees an error run code on the server"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "werkzeug.serving.run_simple" "werkzeug.run_simple")
  (#has-keyword? @args "use_debugger" "True")
  (#set! category "security")
  (#set! message "`{name}` with the debugger lets whoever sees an error run code on the server"))

((assignment left: (subscript value: (_) @callee subscript: (string) @name) right: (true)) @reach
  (#match? @name "^['\"]DEBUG['\"]$")
  (#match? @callee "\\.config$")
  (#imports? "flask")
  (#set! here "reach")
  (#set! category "security")
  (#set! message "debugging that is switched on in the source is on in production too"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#match? @callee "\\.config\\.update$")
  (#has-keyword? @args "DEBUG" "True")
  (#imports? "flask")
  (#set! category "security")
  (#set! message "debugging that is switched on in the source is on in production too"))
