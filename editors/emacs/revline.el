;;; revline.el --- Database migrations, checked as you type -*- lexical-binding: t; -*-

;; Package-Requires: ((emacs "28.1") (eglot "1.9"))

;;; Commentary:

;; Gives migrations a major mode of their own, derived from `python-mode', and Eglot the language
;; server `revline' for it.  Eglot runs one server for each major mode of a project: so the server that
;; checks your other Python files stays as it is.

;;; Code:

(require 'eglot)
(require 'python)

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

;;;###autoload
(define-derived-mode revline-migration-mode python-mode "Migration"
  "Python that migrates a database.")

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
