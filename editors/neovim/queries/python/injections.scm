; extends

; SQL in the strings of migrations. The server runs this file itself (semantic tokens), and editors
; load it as their injection query: each hands the captured bytes to its parser of SQL.

;   op.execute("…"), connection.exec_driver_sql("…"), op.get_bind().execute("…")
(call
  function: (attribute
    object: [
      (identifier) @_object
      (call
        function: (attribute
          attribute: (identifier) @_object))
    ]
    attribute: (identifier) @_method)
  arguments: (argument_list
    .
    [
      (string
        (string_content) @injection.content)
      (concatenated_string
        (string
          (string_content) @injection.content))
      (keyword_argument
        value: (string
          (string_content) @injection.content))
    ])
  (#any-of? @_object "op" "batch_op" "get_bind" "bind" "conn" "connection" "session" "cursor")
  (#any-of? @_method "execute" "exec_driver_sql" "scalar" "scalars")
  (#set! injection.language "sql"))

;   sa.text("…"), sqlalchemy.DDL("…")
(call
  function: (attribute
    object: (identifier) @_object
    attribute: (identifier) @_method)
  arguments: (argument_list
    .
    [
      (string
        (string_content) @injection.content)
      (concatenated_string
        (string
          (string_content) @injection.content))
    ])
  (#any-of? @_object "sa" "sqlalchemy")
  (#any-of? @_method "text" "DDL")
  (#set! injection.language "sql"))

;   from sqlalchemy import text
(call
  function: (identifier) @_function
  arguments: (argument_list
    .
    [
      (string
        (string_content) @injection.content)
      (concatenated_string
        (string
          (string_content) @injection.content))
    ])
  (#any-of? @_function "text" "DDL")
  (#set! injection.language "sql"))
