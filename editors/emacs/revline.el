;;; revline.el --- Database migrations, checked as you type -*- lexical-binding: t; -*-

;; Package-Requires: ((emacs "28.1") (eglot "1.9"))

;;; Commentary:

;; Gives migrations a major mode of their own, derived from `python-mode', and Eglot the language
;; server `revline' for it.  Eglot runs one server for each major mode of a project: so the server that
;; checks your other Python files stays as it is.

;;; Code:

(require 'eglot)
(require 'python)
(require 'sql)

(defgroup revline nil
  "Database migrations, checked as you type."
  :group 'tools)

(defcustom revline-program "revline"
  "The program: a name on `exec-path', or a whole path."
  :type 'string)

(defcustom revline-trusted nil
  "Whether the server may run what a command of yours needs in the projects you open.
Without it, migrations are read and nothing of a project is run."
  :type 'boolean)

(defcustom revline-settings nil
  "The keys of `revline.toml' as a property list; they win over the project's file.
For example: (:targets [\"postgresql\" \"sqlite\"])."
  :type 'plist)

(defcustom revline-fontify-sql t
  "Whether the SQL in strings that are executed has the colours of `sql-mode'."
  :type 'boolean)

;; The calls are those of grammars/python/injections.scm, which editors with tree-sitter load.
(defconst revline--executes
  (rx (or (seq symbol-start
               (or "op" "batch_op" "bind" "conn" "connection" "session" "cursor"
                   (seq (opt "op.") "get_bind" (* blank) "(" (* blank) ")"))
               "." (or "execute" "exec_driver_sql" "scalar" "scalars"))
          (seq symbol-start (or "sa" "sqlalchemy") "." (or "text" "DDL"))
          (seq (or bol (any " \t(,=[")) (or "text" "DDL")))
      (* blank) "(" (* (any " \t\n")) (opt symbol-start (+ (any "a-z_")) (* blank) "=" (* blank)))
  "What stands before a string of SQL.")

(defun revline--sql-faces (start end)
  "Give the text from START to END the faces that it has in `sql-mode'."
  (let ((text (buffer-substring-no-properties start end))
        (here (current-buffer)))
    (with-current-buffer (get-buffer-create " *revline-sql*")
      (unless (derived-mode-p 'sql-mode) (delay-mode-hooks (sql-mode)))
      (erase-buffer)
      (insert text)
      (font-lock-ensure)
      (let ((from (point-min)))
        (while (< from (point-max))
          (let ((to (next-single-property-change from 'face nil (point-max)))
                (face (get-text-property from 'face)))
            (when face
              (with-current-buffer here
                (put-text-property (+ start from -1) (+ start to -1) 'face face)))
            (setq from to)))))))

(defun revline--fontify-sql (limit)
  "Colour the SQL in the strings up to LIMIT; for `font-lock-keywords', which hears nil."
  (while (re-search-forward revline--executes limit t)
    (unless (nth 8 (save-match-data (save-excursion (syntax-ppss (match-beginning 0)))))
      ;; Literals side by side are one string.
      (while (looking-at "[a-zA-Z]\\{0,2\\}\\(\"\"\"\\|'''\\|\"\\|'\\)")
        (let* ((width (- (match-end 1) (match-beginning 1)))
               (start (match-end 1))
               (state (save-excursion (syntax-ppss start))))
          (goto-char start)
          (parse-partial-sexp start (point-max) nil nil state 'syntax-table)
          (revline--sql-faces start (max start (- (point) width)))
          (skip-chars-forward " \t\n")))))
  nil)

;;;###autoload
(define-derived-mode revline-migration-mode python-mode "Migration"
  "Python that migrates a database."
  (when revline-fontify-sql
    (font-lock-add-keywords nil '((revline--fontify-sql)) 'append)))

(put 'revline-migration-mode 'eglot-language-id "python")

(defun revline-contact (&rest _)
  "How Eglot starts the server, and what the server is told."
  (list revline-program "server"
        :initializationOptions
        `(:trusted ,(if revline-trusted t :json-false)
          :settings ,(or revline-settings (make-hash-table)))))

(add-to-list 'eglot-server-programs '(revline-migration-mode . revline-contact))

;;;###autoload
(add-to-list 'auto-mode-alist '("/versions/[^/]+\\.py\\'" . revline-migration-mode))

(add-hook 'revline-migration-mode-hook #'eglot-ensure)

(provide 'revline)
;;; revline.el ends here
