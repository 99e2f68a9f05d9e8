std = 'luajit'
cache = false
max_line_length = 140
read_globals = {
  vim = {
    other_fields = true,
    fields = {
      b = { other_fields = true, read_only = false },
      bo = { other_fields = true, read_only = false },
      g = { other_fields = true, read_only = false },
      wo = { other_fields = true, read_only = false },
    },
  },
}
