## a comment
"""${message}

Revises: ${down_revision | comma,n}
"""
${imports if imports else ""}
revision: str = ${repr(up_revision)}
% if branches:
x = 1
% endif
<%!
    import re
%>
<%def name="body()">pass</%def>
