std = 'luajit'
cache = false
max_line_length = 140
globals = { 'vim' } -- sessions stand in for what asks a person
files['spec'] = { std = '+busted' }
