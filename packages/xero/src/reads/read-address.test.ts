import { describe, expect, it } from 'vitest';
import { apiPath, pageAddress, queryText, readPage } from './read-address.ts';

describe('the path of a handler’s own call', () => {
  it.each([
    ['Organisation', '/api.xro/2.0/Organisation'],
    ['/Invoices/44aa-55', '/api.xro/2.0/Invoices/44aa-55'],
    ['api.xro/2.0/Invoices', '/api.xro/2.0/Invoices'],
    ['Contacts/ACC%2F1', '/api.xro/2.0/Contacts/ACC%2F1'],
    ['Invoices/44aa/OnlineInvoice', '/api.xro/2.0/Invoices/44aa/OnlineInvoice'],
  ])('%s is %s', (path, expected) => {
    expect(apiPath(path)).toBe(expected);
  });

  it.each([
    '',
    '/',
    '..',
    '../connections',
    'Invoices/../../../connections',
    'Invoices/./1',
    'https://elsewhere.example/',
    '//elsewhere.example',
    'Invoices?page=1',
    'Invoices#x',
    'Invoices//1',
    'Invoices/',
    'Invoices 1',
    String.raw`Invoices\1`,
    '@elsewhere.example',
    undefined,
    null,
    5,
  ])('%j is none', (path) => {
    expect(() => apiPath(path)).toThrow(expect.objectContaining({ code: 'XW_XERO_PATH' }));
  });
});

describe('parameters', () => {
  it('are encoded, with spaces as Xero reads them', () => {
    expect(queryText({ where: 'Type=="ACCREC" AND AmountDue>0', page: 2, summaryOnly: true })).toBe(
      'where=Type%3D%3D%22ACCREC%22%20AND%20AmountDue%3E0&page=2&summaryOnly=true',
    );
  });
});

describe('a page of a list', () => {
  it('is asked for with what is wanted of it', () => {
    const modifiedSince = new Date('2026-11-23T10:20:30.456Z');
    const query = { Statuses: 'PAID' };
    expect(pageAddress(3, { modifiedSince, where: 'x', order: 'y', pageSize: 7, query })).toEqual({
      query: 'Statuses=PAID&where=x&order=y&pageSize=7&page=3',
      headers: { 'if-modified-since': '2026-11-23T10:20:30' },
    });
    expect(pageAddress(1, {})).toEqual({ query: 'page=1', headers: {} });
  });

  const items = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

  it('is followed by another as long as Xero says so', () => {
    const page = { pagination: { page: 1, pageCount: 2 }, Invoices: items(3) };
    expect(readPage('Invoices', page, 1, {})).toEqual({ items: items(3), more: true });
    expect(readPage('Invoices', page, 2, {}).more).toBe(false);
  });

  it('is followed by another where it is full and Xero says nothing', () => {
    expect(readPage('Invoices', { Invoices: items(100) }, 1, {}).more).toBe(true);
    expect(readPage('Invoices', { Invoices: items(99) }, 1, {}).more).toBe(false);
    expect(readPage('Invoices', { Invoices: items(7) }, 1, { pageSize: 7 }).more).toBe(true);
    expect(readPage('linkedtransactions', { LinkedTransactions: items(100) }, 1, {}).more).toBe(true);
  });

  it('is the only one of a list that has no pages, however long it is', () => {
    expect(readPage('Accounts', { Accounts: items(100) }, 1, {})).toEqual({ items: items(100), more: false });
  });

  it('is the last where it is empty', () => {
    expect(readPage('Invoices', { pagination: { pageCount: 5 }, Invoices: [] }, 1, {}).more).toBe(false);
    expect(readPage('Invoices', {}, 1, {})).toEqual({ items: [], more: false });
    expect(readPage('Invoices', null, 1, {})).toEqual({ items: [], more: false });
  });

  it('is found under whatever name it has', () => {
    const path = 'Invoices/1/History';
    expect(readPage(path, { HistoryRecords: items(2) }, 1, {})).toEqual({ items: items(2), more: false });
  });
});
