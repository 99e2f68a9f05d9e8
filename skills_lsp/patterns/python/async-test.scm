; A test that is a coroutine needs a plugin (pytest-asyncio, anyio) or unittest's async case to run;
; without one pytest skips or fails it.
; Source: https://docs.pytest.org/en/stable/how-to/failures.html
((function_definition "async" @here name: (identifier) @name) @reach
  (#pytest-function? @reach)
  (#set! category "tests")
  (#set! message "`{name}` is a coroutine, so the runner needs an event loop for it"))
