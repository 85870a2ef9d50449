; The assignments at the top level of a revision file that have one plain name on their left:
;   revision = "ae1027a6acf"
;   down_revision: Union[str, None] = "1975ea83b712"
; `expression_statement` stands between module and assignment; two statements on one line are two
; matches. Which names matter is decided by who runs the query.
(module
  (expression_statement
    (assignment
      left: (identifier) @name) @assignment))

; Half typed: the name alone.
(module
  (expression_statement
    .
    (identifier) @name
    .) @bare)

; `revision += …`
(module
  (expression_statement
    (augmented_assignment
      left: (identifier) @name) @augmented))
