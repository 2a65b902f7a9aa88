const { KNOWN_EVENT_NAMES } = require('xero-webhooks/webhook');

/** @type {import('xero-webhooks/handlers').Register} */
module.exports = (on) => {
  const paid = KNOWN_EVENT_NAMES.filter((name) => name.startsWith('payment.'));

  on(paid, async function notePayment(event, context) {
    const payment = await context.resource();
    context.log.info({ amount: payment.Amount, organisation: event.tenantId }, 'payment');
  });
};
