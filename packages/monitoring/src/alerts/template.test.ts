import { loadConfig } from '@xero-webhooks/runtime';
import { describe, expect, it } from 'vitest';
import { alertVariables } from '../config.ts';
import { fillTemplate } from './template.ts';

describe('ALERT_TEMPLATE', () => {
  it('has the text wherever it says so, whatever the text is', () => {
    const template = '{"a": "{{text}}", "b": [{"c": "xw: {{text}}!"}]}';
    for (const text of ['plain', 'a "quoted"\nline\\', "$& $1 $'", '{{text}}', '\u0000']) {
      expect(fillTemplate(template, text)).toEqual({ a: text, b: [{ c: `xw: ${text}!` }] });
    }
  });

  it.each([
    ['no JSON', '{"text": {{text}'],
    ['without the text', '{"text": "hello"}'],
    ['a list', '["{{text}}"]'],
    ['the text outside of a text', '{"text": {{text}}}'],
  ])('is refused where it is %s, and not shown', (_what, ALERT_TEMPLATE) => {
    expect(() => loadConfig(alertVariables, { ALERT_TEMPLATE })).toThrow(
      /^ALERT_TEMPLATE is malformed: it must be JSON in which \{\{text\}\} stands inside a text$/,
    );
  });

  it('is what it is otherwise', () => {
    expect(loadConfig(alertVariables, { ALERT_TEMPLATE: '{"t": "{{text}}"}' }).ALERT_TEMPLATE).toBe(
      '{"t": "{{text}}"}',
    );
  });
});
