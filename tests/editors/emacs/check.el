;;; check.el --- A migration opened in Emacs shows its diagnostic and merges its heads  -*- lexical-binding: t; -*-

;; emacs -Q --batch -l check.el, with the environment variables that run.sh sets.

;;; Code:

;; Emacs 28 has Eglot from Debian's package, which -Q leaves out.
(let ((default-directory "/usr/share/emacs/site-lisp/elpa-src/"))
  (when (and (< emacs-major-version 29) (file-directory-p default-directory))
    (normal-top-level-add-subdirs-to-load-path)))
(add-to-list 'load-path (getenv "REVLINE_EMACS"))
(require 'revline)
(require 'flymake)

(defun check-wait (what condition)
  "Wait until CONDITION answers, or end with the name of WHAT was waited for."
  (let ((end (+ (float-time) 20)) answer)
    (while (and (not (setq answer (funcall condition))) (< (float-time) end))
      (accept-process-output nil 0.05))
    (or answer (error "Waited in vain for: %s" what))))

(setq revline-program (getenv "REVLINE_BIN")
      eglot-sync-connect 20
      eglot-confirm-server-initiated-edits nil
      project-find-functions (list (lambda (_) (cons 'transient (getenv "REVLINE_WORKSPACE")))))

;; Emacs shows what an edit would change and asks; the answer here is yes.
(fset 'y-or-n-p (lambda (&rest _) t))

;; SQL in strings, beside the faces of Python: each word in capitals with its face.
(with-temp-buffer
  (insert "def upgrade():\n"
          "    op.execute(\"UPDATE t SET a = 1 WHERE b = :b\")\n"
          "    op.get_bind().execute(sa.text('''\n        SELECT a FROM t\n    ''' r'WHERE b'))\n"
          "    conn.execute(statement=f\"DELETE FROM t\")\n"
          "    op.add_column('t', sa.Column('a', sa.Text(), comment='SELECT'))\n"
          "    print('SELECT')  # op.execute('SELECT')\n")
  (let ((revline-migration-mode-hook nil)) (revline-migration-mode))
  (font-lock-ensure)
  (let (found (case-fold-search nil))
    (goto-char (point-min))
    (while (re-search-forward "[A-Z]\\{3,\\}" nil t)
      (push (list (match-string 0) (get-text-property (match-beginning 0) 'face)) found))
    (let ((expected '(("UPDATE" font-lock-keyword-face) ("SET" font-lock-keyword-face) ("WHERE" font-lock-keyword-face)
                      ("SELECT" font-lock-keyword-face) ("FROM" font-lock-keyword-face) ("WHERE" font-lock-keyword-face)
                      ("DELETE" font-lock-keyword-face) ("FROM" font-lock-keyword-face)
                      ("SELECT" font-lock-string-face) ("SELECT" font-lock-string-face) ("SELECT" font-lock-comment-face))))
      (unless (equal (nreverse found) expected) (error "The faces are %S" found)))))

(find-file (getenv "REVLINE_HEAD"))
(unless (eq major-mode 'revline-migration-mode) (error "The mode is %s" major-mode))
(apply #'eglot (eglot--guess-contact))
(check-wait "the server" #'eglot-current-server)
(flymake-mode 1)
(flymake-start)
(check-wait "the diagnostic of the two heads"
            (lambda () (seq-some (lambda (found) (string-match-p (getenv "REVLINE_OTHER") (flymake-diagnostic-text found)))
                                 (flymake-diagnostics))))

(goto-char (point-min))
(re-search-forward "^def upgrade")
(let* ((hover (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams)))
       (text (format "%s" hover)))
  (unless (string-match-p "CREATE TABLE\\|ALTER TABLE" text) (error "No SQL in the hover: %s" text)))

(goto-char (point-min))
(re-search-forward "^revision\\b[^=]*= *[\"']")
(let* ((actions (append (eglot-code-actions (point) (line-end-position) nil nil) nil))
       (merge (seq-find (lambda (action) (string-prefix-p "Merge heads" (plist-get action :title))) actions)))
  (unless merge (error "No such action among: %S" (mapcar (lambda (action) (plist-get action :title)) actions)))
  ;; A newer Eglot asks for the edit once the action is chosen.
  (unless (plist-get merge :edit)
    (setq merge (jsonrpc-request (eglot-current-server) :codeAction/resolve merge)))
  (eglot--apply-workspace-edit (plist-get merge :edit)))
(save-some-buffers t)
;;; check.el ends here
