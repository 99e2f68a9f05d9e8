// A panel on the page: title, sentence, chart, and its figures behind a button.
import { Chart } from './chart';
import { element, fill, sentence } from './dom';
import { csv, download, tableElement } from './table';
import type { Answers } from './answers';
import type { Context, Panel, Pick, View } from './panels/panel';

export interface Told {
  redraw(frame: Frame): void;
  picked(filter: Pick['filter'], value: string): void;
}

export class Frame {
  readonly element: HTMLElement;
  private readonly summary: HTMLElement;
  private readonly note: HTMLElement;
  private readonly picker: HTMLSelectElement | undefined;
  private readonly chartBox: HTMLElement;
  private readonly remarks: HTMLElement;
  private readonly figures: HTMLElement;
  private readonly buttons: HTMLElement;
  private chart: Chart | undefined;
  private view: View | undefined;
  private chosen: string;

  constructor(
    readonly panel: Panel,
    private readonly told: Told,
  ) {
    const { id, title, choice } = panel;
    this.chosen = choice?.options[0]?.[0] ?? '';
    this.summary = element('p', { class: 'summary', id: `${id}-summary` }, 'Reading…');
    this.note = element('p', { class: 'note', hidden: true });
    this.picker = this.pickerOf();
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
    const choices = choice ? [this.choices()] : [];
    const parts = [this.summary, this.note, ...choices, this.chartBox, this.remarks];
    const picker = this.picker
      ? [element('label', { hidden: true }, `${panel.pick?.label ?? ''} `, this.picker)]
      : [];
    this.element = element(
      'section',
      { id, class: panel.isWide ? 'panel wide' : 'panel', 'aria-labelledby': `${id}-title` },
      element('div', { class: 'head' }, heading, ...picker),
      ...parts,
      ...(panel.isList ? [this.figures, this.buttons] : [this.buttons, this.figures]),
    );
    this.element.setAttribute('aria-busy', 'true');
  }

  draw(answers: Answers, context: Omit<Context, 'width'>, note: string): void {
    const width = this.chartBox.clientWidth || this.element.clientWidth || 600;
    const view = this.panel.view(answers, { ...context, width }, this.chosen);
    this.view = view;
    const isEmpty = !(this.panel.isList ? view.table.rows.length : view.option);
    this.element.classList.toggle('empty', isEmpty);
    fill(this.summary, ...sentence(view.summary));
    this.note.textContent = note;
    this.note.hidden = !note;
    this.offer(answers);
    this.drawChart(view, context);
    fill(this.remarks, ...(view.remarks ?? []).map((it) => element('li', {}, ...sentence(it))));
    this.remarks.hidden = !view.remarks?.length;
    this.buttons.hidden = !view.table.rows.length;
    if (this.panel.isList) this.figures.hidden = !view.table.rows.length;
    if (!this.figures.hidden) this.fillFigures();
  }

  /** Says whether what is shown is not yet what was asked for. */
  wait(isWaiting: boolean): void {
    this.element.setAttribute('aria-busy', String(isWaiting));
  }

  isInSight(): boolean {
    const { top, bottom } = this.element.getBoundingClientRect();
    return top < innerHeight && bottom > 0;
  }

  fail(message: string): void {
    fill(this.summary, ...sentence(message));
    this.chartBox.hidden = true;
    this.remarks.hidden = true;
    this.buttons.hidden = true;
    this.note.hidden = true;
    if (!this.panel.isList) this.close();
    else this.figures.hidden = true;
  }

  private drawChart(view: View, { theme }: Omit<Context, 'width'>): void {
    this.chartBox.hidden = !view.option;
    if (!view.option) return;
    const height = (view.height ?? 17) * theme.size;
    this.chartBox.style.flexBasis = `${height}px`;
    this.chartBox.style.maxHeight = view.isList ? `${height * 1.4}px` : '';
    this.chartBox.setAttribute('aria-label', `Chart: ${this.panel.title}. ${view.summary}`);
    this.chart ??= new Chart(this.chartBox, () => {
      this.told.redraw(this);
    });
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
        this.told.redraw(this);
      });
      return element('label', {}, input, element('span', {}, label));
    });
    const name = element('legend', { class: 'unseen' }, `${title}: ${choice?.label ?? ''}`);
    return element('fieldset', { class: 'choice' }, name, ...inputs);
  }

  private pickerOf(): HTMLSelectElement | undefined {
    const { pick } = this.panel;
    if (!pick) return undefined;
    const box = element('select', {});
    box.addEventListener('change', () => {
      this.told.picked(pick.filter, box.value);
    });
    return box;
  }

  /** Offers what can be picked; where there is but one, there is nothing to pick. */
  private offer(answers: Answers): void {
    const { pick } = this.panel;
    const box = this.picker;
    if (!pick || !box) return;
    const options = pick.options(answers);
    const isSame =
      options.length === box.options.length &&
      options.every(([, title], n) => box.options[n]?.textContent === title);
    if (!isSame) {
      fill(box, ...options.map(([value, title]) => element('option', { value }, title)));
    }
    box.value = pick.chosen(answers);
    if (box.parentElement) box.parentElement.hidden = options.length < 2;
  }

  private tableButton(): HTMLElement {
    const { id, title } = this.panel;
    const hidden = element('span', { class: 'unseen' }, ` of ${title}`);
    const word = element('span', { class: 'word' }, 'Show table');
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
      const isOpen = this.figures.hidden;
      this.figures.hidden = !isOpen;
      button.setAttribute('aria-expanded', String(isOpen));
      word.textContent = isOpen ? 'Hide table' : 'Show table';
      if (isOpen) this.fillFigures();
    });
    return button;
  }

  private close(): void {
    if (!this.figures.hidden) this.buttons.querySelector<HTMLButtonElement>('.table')?.click();
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
