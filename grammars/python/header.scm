; The statements of a revision file that its header is read from. The server runs this on each
; statement of the top level by itself; which names matter is decided there.
;   revision = "ae1027a6acf"
;   down_revision: Union[str, None] = "1975ea83b712"
(expression_statement
  (assignment
    left: (identifier) @name) @assignment)

; Half typed: the name alone.
(expression_statement
  .
  (identifier) @name
  .)

; revision += "…"
(expression_statement
  (augmented_assignment
    left: (identifier) @name) @augmented)
