; The event loop keeps only weak references to tasks: one that nobody holds may vanish half-way.
; Source: https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee "asyncio.create_task" "asyncio.ensure_future")
  (#statement? @reach)
  (#set! category "async")
  (#set! here "reach")
  (#set! message "nobody keeps the task of `{name}`, so it may be collected before it is done"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "create_task")
  (#match? @callee "(?:^|[._])loop(?:\\(\\))?\\.create_task$")
  (#statement? @reach)
  (#set! category "async")
  (#set! here "reach")
  (#set! message "nobody keeps the task of `{name}`, so it may be collected before it is done"))
