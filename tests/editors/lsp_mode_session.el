;;; A session of lsp-mode: lenses, menu, run, diagnostic, a command.  -*- lexical-binding: t -*-

(require 'lsp-mode)
;; What else would ask a question, or look for what is not there.
(setq lsp-auto-guess-root t
      lsp-enable-snippet nil
      lsp-keep-workspace-alive nil
      lsp-restart 'ignore)

(defun session-lenses ()
  "Return the titles of the lenses that are drawn."
  (mapcar (lambda (it) (substring-no-properties (overlay-get it 'after-string)))
          (bound-and-true-p lsp-lens--overlays)))

(find-file (getenv "SESSION_FILE"))
(session-report
 (lambda ()
   (session-wait "the server"
                 (lambda () (seq-find (lambda (it) (eq 'initialized (lsp--workspace-status it)))
                                      (lsp-workspaces))))
   (lsp-lens-mode 1)
   (let ((lenses (session-wait "the lenses" #'session-lenses)))
     (session-goto-line "FAILING_LINE")
     (session-run-first-action #'lsp-execute-code-action)
     (let ((diagnostics (session-diagnostics))
           (history (lsp-send-execute-command "skills.history")))
       `((titles . ,(vconcat session-titles))
         (diagnostics . ,diagnostics)
         (lenses . ,(vconcat lenses))
         (history . ,(lsp-get history :message)))))))
