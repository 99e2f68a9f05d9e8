;;; What both clients of Emacs need to be driven without hands.  -*- lexical-binding: t -*-

(require 'json)
(require 'flymake)
(require 'seq)

(setq native-comp-jit-compilation nil) ; would compile in the background, for nothing

(defvar session-titles nil "What stood in the last menu.")

(defun session-wait (what condition)
  "Return what CONDITION returns once it is not nil; fail when WHAT does not come."
  (let ((looks 0) value) ; counted, not timed: a machine that stood still has looked once meanwhile
    (while (and (not (setq value (funcall condition))) (< (setq looks (1+ looks)) 3000))
      ;; Nobody types here, and both clients do much of their work after a command.
      (run-hooks 'post-command-hook)
      (accept-process-output nil 0.02))
    (or value (error "Waited in vain for %s" what))))

(defun session-choose-first (_prompt collection &rest _)
  "Choose the first entry of a menu, and keep all of them."
  (setq session-titles (all-completions "" collection))
  (car session-titles))

(defun session-goto-line (name)
  "Go to the line whose number is in the environment."
  (goto-char (point-min))
  (forward-line (1- (string-to-number (getenv name)))))

(defun session-run-first-action (command)
  "Call COMMAND, which shows a menu of code actions, and choose the first."
  (let ((completing-read-function #'session-choose-first)
        (last-nonmenu-event ?x)) ; as from the keyboard, not the mouse
    (call-interactively command)))

(defun session-diagnostics ()
  "Return what flymake shows, once it shows something."
  (session-wait "a diagnostic" #'flymake-diagnostics)
  (vconcat (mapcar (lambda (it)
                     `((line . ,(line-number-at-pos (flymake-diagnostic-beg it)))
                       (message . ,(flymake-diagnostic-text it))
                       (severity . ,(format "%s" (flymake-diagnostic-type it)))))
                   (flymake-diagnostics))))

(defun session-report (steps)
  "Run STEPS and write what they return, an alist, as JSON to $SESSION_REPORT."
  (let ((report (condition-case problem (funcall steps)
                  (error `((error . ,(error-message-string problem)))))))
    (with-temp-file (getenv "SESSION_REPORT")
      (set-buffer-file-coding-system 'utf-8)
      (insert (json-encode report)))
    (kill-emacs 0)))
