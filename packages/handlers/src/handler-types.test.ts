import { describe, expectTypeOf, it } from 'vitest';
import type { AccessTokenProvider } from './access-token.ts';
import type { CheckedName, On, Register } from './handler.ts';
import type { Contact, Invoice, UnknownResource } from './resource.ts';

// The compiler tests these; nothing of it is run.
const on = ((): void => {}) as On;

describe('what a handler is written against', () => {
  it('types the event and its resource by name', () => {
    on('invoice.updated', async (event, context) => {
      expectTypeOf(event.name).toEqualTypeOf<'invoice.updated'>();
      expectTypeOf(event.resourceId).toEqualTypeOf<string>();
      expectTypeOf(await context.resource()).toEqualTypeOf<Invoice>();
    });
  });

  it('types them by a list of names', () => {
    on(['invoice.created', 'contact.updated'], async (event, context) => {
      expectTypeOf(event.name).toEqualTypeOf<'invoice.created' | 'contact.updated'>();
      expectTypeOf(await context.resource()).toEqualTypeOf<Invoice | Contact>();
    });
  });

  it('knows nothing of the resource of any event, and of those that are new', () => {
    on('*', async (event, context) => {
      expectTypeOf(event.name).toEqualTypeOf<string>();
      expectTypeOf(await context.resource()).toEqualTypeOf<UnknownResource>();
    });
    on(['payrun.approve' as string, 'invoice.updated'], async (_event, context) => {
      expectTypeOf(await context.resource()).toEqualTypeOf<UnknownResource>();
    });
  });

  it('knows that some events have no resource', () => {
    on('subscription.created', async (_event, context) => {
      expectTypeOf(context.resource).returns.resolves.toBeNever();
    });
  });

  it('refuses a name that Xero does not document, and says what to do', () => {
    expectTypeOf<
      CheckedName<'invoice.update'>
    >().toEqualTypeOf<'invoice.update is no event that Xero documents; if it is new, add: as string'>();
    // @ts-expect-error -- the type is in the past tense
    on('invoice.update', () => {});
    // @ts-expect-error -- one of the list is misspelt
    on(['invoice.updated', 'contcat.created'], () => {});
  });

  it('takes the options that there are', () => {
    on('payment.created', { name: 'note', latestOnly: true, timeoutMs: 5_000 }, () => {});
    // @ts-expect-error -- a misspelt option would be ignored
    on('payment.created', { latestOnyl: true }, () => {});
    // @ts-expect-error -- a number of milliseconds
    on('payment.created', { timeoutMs: '5s' }, () => {});
  });

  it('has fields that may be missing, and dates', () => {
    on('invoice.updated', async (_event, context) => {
      const { Total, DueDate, InvoiceID } = await context.resource();
      expectTypeOf(Total).toEqualTypeOf<number | undefined>();
      expectTypeOf(DueDate).toEqualTypeOf<Date | undefined>();
      expectTypeOf(InvoiceID).toEqualTypeOf<string>();
    });
  });

  it('types lists by their paths', () => {
    on('*', async (_event, context) => {
      for await (const contact of context.xero.list('Contacts')) expectTypeOf(contact).toEqualTypeOf<Contact>();
      for await (const user of context.xero.list('Users')) expectTypeOf(user).toEqualTypeOf<UnknownResource>();
    });
  });

  it('lets a module be asynchronous, and clean up', () => {
    expectTypeOf(async (register: On) => {
      register('*', () => {});
      return async () => {};
    }).toExtend<Register>();
    // @ts-expect-error -- what a module returns is a function
    expectTypeOf(() => 'done').toExtend<Register>();
  });

  it('takes tokens with their expiry, from anywhere', () => {
    expectTypeOf(async () => ({ accessToken: 'a', expiresAt: new Date() })).toExtend<AccessTokenProvider>();
    expectTypeOf(() => null).toExtend<AccessTokenProvider>();
    // @ts-expect-error -- without an expiry it cannot be renewed in time
    expectTypeOf(async () => ({ accessToken: 'a' })).toExtend<AccessTokenProvider>();
  });
});
