import spatial as sp

i = sp.get_pid()
