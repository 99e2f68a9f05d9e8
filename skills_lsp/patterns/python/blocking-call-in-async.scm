; A blocking call in a coroutine stops the whole event loop: every other task waits for it.
; Source: https://docs.astral.sh/ruff/rules/#flake8-async-async
((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "time.sleep" "open" "io.open" "input"
    "requests.*" "requests.api.*"
    "httpx.get" "httpx.post" "httpx.put" "httpx.patch" "httpx.delete" "httpx.head" "httpx.options"
    "httpx.request" "httpx.stream"
    "urllib.request.urlopen" "urllib.request.urlretrieve" "urllib3.request"
    "subprocess.run" "subprocess.call" "subprocess.check_call" "subprocess.check_output"
    "subprocess.Popen" "subprocess.getoutput" "subprocess.getstatusoutput"
    "os.system" "os.popen" "os.wait" "os.waitpid" "os.wait3" "os.wait4" "os.waitid"
    "os.spawnl" "os.spawnle" "os.spawnlp" "os.spawnlpe" "os.spawnv" "os.spawnve" "os.spawnvp"
    "os.spawnvpe" "os.posix_spawn" "os.fdopen"
    "socket.create_connection" "socket.getaddrinfo" "socket.gethostbyname" "socket.gethostbyaddr"
    "shutil.copytree" "shutil.rmtree" "shutil.copyfile" "shutil.copy" "shutil.copy2" "shutil.move")
  (#inside-async? @callee)
  (#not-match? @callee "(?:^|\\.)(?:[A-Z]\\w*|session)$")
  (#set! category "async")
  (#set! message "`{name}` blocks, so every task of the event loop waits for it"))
