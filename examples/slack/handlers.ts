import type { Register } from 'xero-webhooks/handlers';

const register: Register = (on) => {
  on('invoice.updated', async function announcePayment(_event, context) {
    const { InvoiceNumber, Status, Total, CurrencyCode, Contact } = await context.resource();
    if (Status !== 'PAID') return;

    const response = await fetch(process.env.SLACK_WEBHOOK_URL!, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        text: `${Contact?.Name ?? 'Somebody'} has paid ${InvoiceNumber}: ${Total} ${CurrencyCode}`,
      }),
      // Also aborted when the attempt times out or the worker stops.
      signal: context.signal,
    });
    // The webhook is gone: to try again would not help.
    if (response.status === 404) context.giveUp('Slack has no such webhook: check SLACK_WEBHOOK_URL');
    // Its Retry-After is kept.
    if (!response.ok) throw Object.assign(new Error(`Slack answered ${response.status}`), { response });
  });
};

export default register;
