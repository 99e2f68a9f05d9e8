// A panel on the page: title, sentence, chart, and its figures behind a button.
import { Chart } from './chart';
import { element, fill, sentence } from './dom';
import { csv, download, tableElement } from './table';
import type { Answers } from './answers';
import type { Context, Panel, View } from './panels/panel';

export class Frame {
  readonly element: HTMLElement;
  private readonly summary: HTMLElement;
  private readonly note: HTMLElement;
  private readonly chartBox: HTMLElement;
  private readonly remarks: HTMLElement;
  private readonly figures: HTMLElement;
  private readonly buttons: HTMLElement;
  private chart: Chart | undefined;
  private view: View | undefined;
  private chosen: string;

  constructor(
    readonly panel: Panel,
    private readonly redraw: (frame: Frame) => void,
  ) {
    const { id, title, choice } = panel;
    this.chosen = choice?.options[0]?.[0] ?? '';
    this.summary = element('p', { class: 'summary', id: `${id}-summary` }, 'Reading…');
    this.note = element('span', { class: 'note' });
    this.chartBox = element('div', { class: 'chart', role: 'img', hidden: true });
    this.remarks = element('ul', { class: 'remarks', hidden: true });
    this.figures = element('div', {
      class: 'figures',
      id: `${id}-figures`,
      role: 'region',
      'aria-label': `${title}: the figures`,
      tabindex: 0,
      hidden: !panel.isList,
    });
    this.buttons = element('div', { class: 'buttons', hidden: true });
    if (!panel.isList) this.buttons.append(this.tableButton());
    this.buttons.append(this.downloadButton());
    const heading = element('h2', { id: `${id}-title` }, title);
    const parts = [this.summary, ...(choice ? [this.choices()] : []), this.chartBox, this.remarks];
    this.element = element(
      'section',
      { id, class: panel.isWide ? 'panel wide' : 'panel', 'aria-labelledby': `${id}-title` },
      element('div', { class: 'head' }, heading, this.note),
      ...parts,
      ...(panel.isList ? [this.figures, this.buttons] : [this.buttons, this.figures]),
    );
    this.element.setAttribute('aria-busy', 'true');
  }

  draw(answers: Answers, context: Omit<Context, 'width'>, note: string): void {
    const width = this.element.clientWidth || 600;
    const view = this.panel.view(answers, { ...context, width }, this.chosen);
    this.view = view;
    this.element.setAttribute('aria-busy', 'false');
    this.element.classList.toggle('empty', !view.option && !this.panel.isList);
    fill(this.summary, ...sentence(view.summary));
    this.note.textContent = note;
    this.drawChart(view, context);
    fill(this.remarks, ...(view.remarks ?? []).map((it) => element('li', {}, ...sentence(it))));
    this.remarks.hidden = !view.remarks?.length;
    this.buttons.hidden = !view.table.rows.length;
    if (!this.figures.hidden) this.fillFigures();
  }

  isInSight(): boolean {
    const { top, bottom } = this.element.getBoundingClientRect();
    return top < innerHeight && bottom > 0;
  }

  fail(message: string): void {
    this.element.setAttribute('aria-busy', 'false');
    fill(this.summary, ...sentence(message));
    this.chartBox.hidden = true;
    this.remarks.hidden = true;
    this.buttons.hidden = true;
  }

  private drawChart(view: View, { theme }: Omit<Context, 'width'>): void {
    this.chartBox.hidden = !view.option;
    if (!view.option) return;
    this.chartBox.style.flexBasis = `${(view.height ?? 17) * theme.size}px`;
    this.chartBox.setAttribute('aria-label', `Chart: ${this.panel.title}. ${view.summary}`);
    this.chart ??= new Chart(this.chartBox);
    this.chart.draw(view.option, theme);
    // One picture for whoever cannot see it: its parts say nothing.
    for (const part of this.chartBox.children) part.setAttribute('aria-hidden', 'true');
  }

  private choices(): HTMLElement {
    const { choice, id, title } = this.panel;
    const inputs = (choice?.options ?? []).map(([value, label], n) => {
      const input = element('input', { type: 'radio', name: `${id}-choice`, value, checked: !n });
      input.addEventListener('change', () => {
        this.chosen = value;
        this.redraw(this);
      });
      return element('label', {}, input, element('span', {}, label));
    });
    const name = element('legend', { class: 'unseen' }, `${title}: ${choice?.label ?? ''}`);
    return element('fieldset', { class: 'choice' }, name, ...inputs);
  }

  private tableButton(): HTMLElement {
    const { id, title } = this.panel;
    const hidden = element('span', { class: 'unseen' }, ` of ${title}`);
    const word = element('span', {}, 'Show table');
    const button = element(
      'button',
      {
        type: 'button',
        class: 'table',
        'aria-expanded': 'false',
        'aria-controls': `${id}-figures`,
      },
      word,
      hidden,
    );
    button.addEventListener('click', () => {
      this.figures.hidden = !this.figures.hidden;
      button.setAttribute('aria-expanded', String(!this.figures.hidden));
      word.textContent = this.figures.hidden ? 'Show table' : 'Hide table';
      if (!this.figures.hidden) this.fillFigures();
    });
    return button;
  }

  private downloadButton(): HTMLElement {
    const { id, title } = this.panel;
    const hidden = element('span', { class: 'unseen' }, ` of ${title}`);
    const button = element('button', { type: 'button', class: 'csv' }, 'Download CSV', hidden);
    button.addEventListener('click', () => {
      if (this.view) download(`skills-${id}.csv`, csv(this.view.table));
    });
    return button;
  }

  private fillFigures(): void {
    if (this.view) fill(this.figures, tableElement(this.panel.title, this.view.table));
  }
}
