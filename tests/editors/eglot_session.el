;;; A session of eglot: menu, run, diagnostic, a command.  -*- lexical-binding: t -*-

(find-file (getenv "SESSION_FILE"))
(session-report
 (lambda ()
   (session-wait "the server" #'eglot-current-server)
   (session-goto-line "FAILING_LINE")
   (session-run-first-action #'eglot-code-actions)
   (let ((diagnostics (session-diagnostics))
         (history (eglot-execute-command (eglot-current-server) 'skills.history [])))
     (prog1 `((titles . ,(vconcat session-titles))
              (diagnostics . ,diagnostics)
              (history . ,(plist-get history :message))
              (project . ,(eglot--project-nickname (eglot-current-server))))
       (eglot-shutdown (eglot-current-server))))))
