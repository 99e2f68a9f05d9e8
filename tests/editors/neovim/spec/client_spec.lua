local fake = require('fake_server')

local function names(found)
  return vim.tbl_map(function(it)
    return it.name
  end, found)
end

describe('the client', function()
  local said

  before_each(function()
    said = fake.listen()
    vim.g.skills_lsp = { lenses = false } -- they are asked for later than these buffers live
    vim.cmd('enew!')
    vim.fn.setline(1, { 'def test_a():', '    assert 1' })
    vim.api.nvim_buf_set_name(0, vim.fn.tempname() .. '.py')
    vim.bo.filetype = 'python'
  end)

  after_each(function()
    fake.stop()
    fake.settle() -- Neovim has something to do with the buffers yet
    vim.g.skills_lsp = nil
    local state = require('skills_lsp.state')
    state.last, state.last_invocation, state.running = nil, nil, {}
    vim.cmd('silent! only!')
    vim.cmd('silent! %bdelete!') -- 0.10 still asks for the names of wiped ones
  end)

  it('runs at the cursor, in the encoding of the session', function()
    local server = fake.start({ ['skills.run'] = { status = 'started' } })
    vim.fn.setline(2, "    assert 'ä😀' == 1")
    vim.api.nvim_win_set_cursor(0, { 2, #"    assert 'ä😀" })
    vim.cmd('Skills run pytest-run')
    local arguments = server.asked_for('skills.run')[1].arguments
    assert.same({ 'pytest-run', 1, 15 }, { arguments.skill, arguments.line, arguments.character })
    assert.equal(vim.uri_from_bufnr(0), arguments.uri)
  end)

  it('runs on a range of lines', function()
    local server = fake.start({})
    vim.cmd('1,2Skills run extract')
    local arguments = server.asked_for('skills.run')[1].arguments
    assert.same({ 0, 0, 1 }, { arguments.line, arguments.character, arguments.end_line })
  end)

  it('runs at the cursor of the code, from the window of a report', function()
    local server = fake.start({ ['skills.report.trend'] = { markdown = '# Trend' } })
    vim.api.nvim_win_set_cursor(0, { 2, 4 })
    local uri = vim.uri_from_bufnr(0)
    vim.cmd('Skills report trend')
    fake.settle()
    assert.equal('nofile', vim.bo.buftype)
    vim.cmd('Skills run pytest-run')
    local arguments = server.asked_for('skills.run')[1].arguments
    assert.same({ uri, 1, 4 }, { arguments.uri, arguments.line, arguments.character })
  end)

  it('runs nothing in a file that it is not for', function()
    local server = fake.start({})
    vim.cmd('new notes.txt')
    vim.cmd('Skills run pytest-run')
    assert.same({ 'skills-lsp: this is no file that it is for; go to one first.' }, said)
    assert.same({}, server.asked_for('skills.run'))
  end)

  -- What each key asks of the server; a list or a question is answered with its first entry.
  for key, expected in pairs({
    Pick = 'skills.choices',
    Lens = 'textDocument/codeLens',
    Rerun = 'skills.rerunLast',
    Next = 'skills.nextSteps',
    Cancel = 'skills.cancel',
    Search = 'skills.search',
    Explain = 'skills.explain',
    Report = 'skills.listReports',
    History = 'skills.history',
    Dashboard = 'skills.report.trend',
  }) do
    it(('has a key for it: <Plug>(Skills%s)'):format(key), function()
      vim.g.skills_lsp = { lenses = key == 'Lens', cmd = { 'no-such-program', 'serve' } }
      vim.ui.input = function(_, answer)
        answer('sort imports')
      end
      vim.ui.select = function() end
      local skill = { name = 'x', title = 'X', rank = 1, confidence = 0.5 }
      local commands = vim.list_extend({ 'skills.nextSteps', 'skills.listReports' }, fake.COMMANDS)
      local server = fake.start({
        ['skills.choices'] = { skills = { skill }, offer = 'o1', message = '' },
        ['skills.nextSteps'] = { suggestions = { { skill = 'x', title = 'X' } }, offer = 'o1', message = '' },
        ['skills.search'] = { skills = { skill }, message = '1 skill fits.' },
        ['skills.listReports'] = { reports = {} },
        ['skills.cancel'] = { cancelled = {}, message = '' },
        ['skills.report.trend'] = { markdown = '# Trend' },
        ['textDocument/codeLens'] = {},
      }, { commands = commands })
      local place = { uri = vim.uri_from_bufnr(0), line = 0, character = 0 }
      server.notify('skills/started', vim.tbl_extend('error', { run = 1, skill = 'x', title = 'X', folder = '/tmp' }, place))
      server.notify('skills/finished', { run = 1, skill = 'x', status = 'passed', summary = 's', problems = {} })
      vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(('<Plug>(Skills%s)'):format(key), true, true, true), 'mx', false)
      assert.truthy(#server.asked_for(expected) > 0, vim.inspect(server.asked))
    end)
  end

  it('shows the output of a run by its key', function()
    local server = fake.start({})
    server.notify('skills/started', { run = 1, skill = 'x', title = 'X', folder = '/tmp', uri = 'file:///a', line = 0, character = 0 })
    vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes('<Plug>(SkillsOutput)', true, true, true), 'mx', false)
    assert.equal(1, #vim.fn.win_findbuf(vim.fn.bufnr('skills://output/x')))
    server.notify('skills/finished', { run = 1, skill = 'x', status = 'passed', summary = 's', problems = {} })
  end)

  it('picks a report by its title', function()
    local shown
    vim.ui.select = function(items, options, choose)
      shown = vim.tbl_map(options.format_item, items)
      choose(items[2])
    end
    local reports = {
      { command = 'skills.history', title = 'History', summary = 'Show the latest runs.' },
      { command = 'skills.report.trend', title = 'Trend', summary = 'Say what gets better.\27[31m' },
    }
    local answers = { ['skills.listReports'] = { reports = reports }, ['skills.report.trend'] = { markdown = '# Trend' } }
    fake.start(answers, { commands = { 'skills.listReports', 'skills.report.trend' } })
    vim.cmd('Skills report')
    fake.settle()
    assert.same({ 'History  Show the latest runs.', 'Trend    Say what gets better.' }, shown)
    assert.same({ '# Trend' }, vim.api.nvim_buf_get_lines(0, 0, -1, false))
  end)

  it('shows keys that are mapped, and no others', function()
    local shown
    vim.ui.select = function(items, options)
      shown = vim.tbl_map(options.format_item, items)
    end
    local skills = {
      { name = 'x', title = 'X', rank = 1, confidence = 0.5, shortcut = 'ctrl+k x' },
      { name = 'y', title = 'Y', rank = 2, confidence = 0.5, shortcut = 'ctrl+k y' },
    }
    fake.start({ ['skills.choices'] = { skills = skills, offer = 'o1', message = '' } })
    require('skills_lsp.shortcuts').map_one(0, '<C-k>x', 'x')
    vim.cmd('Skills')
    fake.settle()
    assert.same({ 'X  x  0.50  <C-k>x', 'Y  y  0.50' }, shown)
  end)

  it('tells what an older server lacks, and asks nothing of it', function()
    local server = fake.start({}, { commands = { 'skills.run' } })
    vim.cmd('Skills search sort imports')
    assert.equal(1, #said)
    assert.truthy(said[1]:find('skills.search needs a newer server', 1, true), said[1])
    assert.same({}, server.asked_for('skills.search'))
    assert.same({}, vim.fn.getcompletion('Skills run ', 'cmdline'))
  end)

  it('tells an error of the server in one line', function()
    fake.start({ ['skills.rerunLast'] = 'Nothing was run\nin this session yet.' })
    vim.cmd('Skills rerun')
    fake.settle()
    assert.same({ 'skills-lsp: Nothing was run in this session yet.' }, said)
  end)

  it('shows titles as text, whatever they hold', function()
    local shown
    vim.ui.select = function(items, options)
      shown = vim.tbl_map(options.format_item, items)
    end
    local skill = { name = 'x', title = '**Run**\n\27[31m<b>it</b>\226\128\174', rank = 1, confidence = 0.5 }
    fake.start({ ['skills.choices'] = { skills = { skill }, offer = 'o1', message = '' } })
    vim.cmd('Skills')
    fake.settle()
    assert.same({ '**Run** <b>it</b>  x  0.50' }, shown)
  end)

  it('runs what is picked as a pick of its list', function()
    vim.ui.select = function(items, _, choose)
      choose(items[1], 1)
    end
    local skill = { name = 'x', title = 'X', rank = 1, confidence = 0.5 }
    local server = fake.start({ ['skills.choices'] = { skills = { skill }, offer = 'o1', message = '' } })
    vim.cmd('Skills')
    assert.equal('o1', server.asked_for('skills.run')[1].arguments.offer)
  end)

  it('opens a report of 10 MB without colours, and closes it', function()
    local line = ('x'):rep(99) .. '\n'
    fake.start({ ['skills.report.trend'] = { markdown = '# Trend\n' .. line:rep(100000) } })
    vim.cmd('Skills report trend')
    fake.settle()
    assert.equal(100001, vim.api.nvim_buf_line_count(0))
    assert.equal('text', vim.bo.filetype)
    assert.equal(false, vim.bo.modifiable)
    vim.api.nvim_feedkeys('q', 'x', false)
    assert.equal('python', vim.bo.filetype)
  end)

  it('takes control characters out of a report', function()
    fake.start({ ['skills.report.trend'] = { markdown = '# Trend\27[31m of\7 it\n' } })
    vim.cmd('Skills report trend')
    fake.settle()
    assert.same({ '# Trend of it' }, vim.api.nvim_buf_get_lines(0, 0, -1, false))
    assert.equal('markdown', vim.bo.filetype)
  end)

  it('asks for all reports where there is no dashboard', function()
    vim.g.skills_lsp = { lenses = false, cmd = { 'no-such-program', 'serve' } }
    local server = fake.start({ ['skills.report.trend'] = { markdown = '# Trend\n' } })
    vim.cmd('Skills dashboard')
    assert.equal(1, #server.asked_for('skills.report.trend'))
    assert.same({ '# Trend' }, vim.api.nvim_buf_get_lines(0, 0, -1, false))
  end)

  it('keeps output in whole lines, and the end in sight', function()
    vim.g.skills_lsp = { lenses = false, output_open = 'always' }
    local server = fake.start({})
    server.notify('skills/started', { run = 1, skill = 'x', title = 'Do it', folder = '/tmp', uri = 'file:///a', line = 0, character = 0 })
    server.notify('skills/output', { run = 1, skill = 'x', text = 'one\ntw' })
    server.notify('skills/output', { run = 1, skill = 'x', text = 'o\n\27[32mthree\27[0m\n' })
    assert.equal('▶ x', require('skills_lsp').status())
    server.notify('skills/finished', { run = 1, skill = 'x', status = 'passed', summary = 'all well', problems = {} })
    local window = vim.fn.win_findbuf(vim.fn.bufnr('skills://output/x'))[1]
    local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
    assert.same({ 'Do it  (x)', 'one', 'two', 'three', '', '[passed] all well' }, lines)
    assert.equal(#lines, vim.api.nvim_win_get_cursor(window)[1])
    assert.equal('', require('skills_lsp').status())
  end)

  it('rates the run that ended last', function()
    local server = fake.start({ ['skills.rate'] = { message = 'Rated 4 of 5.' } }, { commands = { 'skills.rate' } })
    vim.cmd('Skills rate')
    vim.cmd('Skills rate 4')
    server.notify('skills/finished', { run = 1, invocation = 7, skill = 'x', status = 'passed', summary = 's', problems = {} })
    vim.cmd('Skills rate 4')
    assert.same({ invocation = 7, rating = 4 }, server.asked_for('skills.rate')[1].arguments)
    assert.same({
      'skills-lsp: a rating is a number, 1 to 5: :Skills rate 4',
      'skills-lsp: nothing was run in this session yet.',
      'skills-lsp: Rated 4 of 5.',
    }, said)
  end)

  it('tells others of a run that has ended', function()
    local told
    vim.api.nvim_create_autocmd('User', {
      pattern = 'SkillsFinished',
      once = true,
      callback = function(event)
        told = event.data
      end,
    })
    local server = fake.start({})
    server.notify('skills/finished', { run = 1, skill = 'x', status = 'cancelled', summary = 'cancelled', problems = {} })
    assert.same({ skill = 'x', status = 'cancelled', summary = 'cancelled' }, told)
  end)

  it('is not started again when somebody stopped it', function()
    fake.start({})
    fake.stop()
    fake.settle()
    assert.same({}, vim.lsp.get_clients())
    assert.same({}, said)
  end)

  it('offers overseer what can run here', function()
    local skills = {
      { name = 'a', title = 'A', rank = 1 },
      { name = 'b', title = 'B', rank = vim.NIL, blocked = 'b was not found' },
      { name = 'c', title = 'C', rank = vim.NIL, is_agent_skill = true },
    }
    fake.start({ ['skills.choices'] = { skills = skills, offer = '', message = '' } })
    local template, templates = dofile(vim.env.PLUGIN_FOLDER .. '/lua/overseer/template/skills_lsp.lua'), nil
    assert.truthy(template.condition.callback({ filetype = 'python' }))
    template.generator({ dir = '/tmp' }, function(it)
      templates = it
    end)
    fake.settle()
    assert.same({ 'skills: a' }, names(templates))
    local task = templates[1].builder()
    assert.same({ 'skills-lsp', 'run', 'a', vim.api.nvim_buf_get_name(0) .. ':1' }, task.cmd)
  end)
end)
